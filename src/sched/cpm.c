/*
 * The forward pass, rules of Primavera P6 and of our own profile, after Oracle's help and, where that is silent,
 * what P6 did in the captured cases of test_p6_micro.
 */
#include "sched/cpm.h"

void cpm_forget(struct on_calendar *remembered)
{
	for (int i = 0; i < CPM_REMEMBERED; i++)
		remembered[i].project = -1;
}

void cpm_open(struct arena *a, const struct network *net, struct cpm *c)
{
	size_t n = (size_t)net->n, nprojects = (size_t)net->plan->nprojects + 1,
		   nedges = (size_t)net->nedges;

	*c = (struct cpm){
		.net = net,
		.early = ARENA_ARRAY(a, struct extent, n),
		.late = ARENA_ARRAY(a, struct extent, n),
		.early_at = ARENA_ARRAY(a, struct extent, n),
		.late_at = ARENA_ARRAY(a, struct extent, n),
		.outcome = ARENA_ARRAY(a, struct outcome, n),
		.edge = ARENA_ARRAY(a, uint8_t, nedges),
		.candidate = ARENA_ARRAY(a, int32_t, (size_t)net->most_in),
		.project_finish = ARENA_ARRAY(a, int32_t, nprojects),
		.project_start = ARENA_ARRAY(a, int32_t, nprojects),
		.late_target = ARENA_ARRAY(a, int32_t, nprojects),
	};
	if (net->some_flexible)
		c->duration = ARENA_ARRAY(a, int32_t, n);
	for (int32_t i = 0; c->duration && i < net->n; i++)
		c->duration[i] = net->nodes[i].duration;
	cpm_forget(c->floor);
	cpm_forget(c->target);
	if (net->some_first)
		c->first = ARENA_ARRAY(a, int32_t, (size_t)net->plan->nlinks);
}

/* Once a node's candidates are known: of the parts of a summary those that start first ask, the others do not. */
void cpm_keep_first(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const int32_t from = net->in_first[node], to = net->in_first[node + 1];

	if (!net->some_first)
		return;
	for (int32_t k = from; k < to; k++)
		c->first[net->link[k]] = INT32_MAX;
	for (int32_t k = from; k < to; k++)
		if (c->candidate[k - from] < c->first[net->link[k]])
			c->first[net->link[k]] = c->candidate[k - from];
	for (int32_t k = from; k < to; k++) {
		bool silent = (network_terms(net, k)->flags & EDGE_FIRST) &&
			c->candidate[k - from] > c->first[net->link[k]];
		c->edge[k] = (uint8_t)((c->edge[k] & ~EDGE_SILENT) | (silent ? EDGE_SILENT : 0));
		if (silent)
			c->candidate[k - from] = CANDIDATE_NONE;
	}
}

int32_t cpm_moved(const struct worktime *w, int32_t tick, int32_t lag)
{
	return lag == 0 ? tick : cpm_moment_of(w, worktime_at(w, tick) + lag, lag);
}

static int32_t on_calendar(
	const struct cpm *c, struct on_calendar *remembered, int32_t node, const int32_t *ticks)
{
	const struct node *nd = &c->net->nodes[node];
	struct on_calendar *x = &remembered[(nd->project * 7 + nd->calendar) % CPM_REMEMBERED];

	if (x->project != nd->project || x->calendar != nd->calendar)
		*x = (struct on_calendar){
			nd->project, nd->calendar, worktime_at(cpm_calendar(c, node), ticks[nd->project])};
	return x->work;
}

int32_t cpm_floor(struct cpm *c, int32_t node)
{
	return on_calendar(c, c->floor, node, c->net->floor);
}

int32_t cpm_target(struct cpm *c, int32_t node)
{
	return on_calendar(c, c->target, node, c->late_target);
}

/* The moment a link gives its successor. */
static int32_t edge_early_tick(const struct cpm *c, const struct edge *e)
{
	int32_t tick = edge_from_finish(e) ? c->early_at[e->node].finish : c->early_at[e->node].start;

	if (e->flags & EDGE_FIXED)
		return e->lag > c->early_at[e->node].start ? e->lag : c->early_at[e->node].start;
	if (e->lag != 0)
		return cpm_moved(c->net->calendars[e->lag_calendar], tick, e->lag);
	if (e->flags & EDGE_SNAP)
		return worktime_next(c->net->calendars[e->lag_calendar], tick);
	return tick;
}

/* The same on the successor's calendar. e->node is the predecessor. */
int32_t cpm_edge_early(const struct cpm *c, const struct edge *e, int32_t successor)
{
	if (e->flags & EDGE_FOREIGN)
		return worktime_at(cpm_calendar(c, successor), edge_early_tick(c, e));
	return (edge_from_finish(e) ? c->early[e->node].finish : c->early[e->node].start) + e->lag;
}

void cpm_stamp_early(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	struct extent *at = &c->early_at[node];
	uint16_t flags = c->net->nodes[node].flags;

	if (flags & NODE_FINISH_MILESTONE) {
		at->start = at->finish = worktime_finish(w, c->early[node].finish);
		return;
	}
	at->start = worktime_start(w, c->early[node].start);
	at->finish = cpm_duration(c, node) > 0 ? worktime_finish(w, c->early[node].finish) : at->start;
}

struct early {
	int32_t start;
	uint8_t reason;
	bool pinned;
};

/*
 * A finish milestone shows the very moment that holds it, be it the end of a period or the start of the next; so does
 * the finish of a task that a finish-to-finish link holds.
 */
void cpm_stamp_held(struct cpm *c, int32_t node, enum reason reason)
{
	const struct network *net = c->net;
	const struct worktime *w = cpm_calendar(c, node);
	bool milestone = net->nodes[node].flags & NODE_FINISH_MILESTONE;
	int32_t tick = INT32_MIN;

	if (reason == REASON_LINK) {
		for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
			struct edge e = network_edge(net, node, k);
			if (!(c->edge[k] & EDGE_DRIVES) || (!milestone && !edge_to_finish(&e)))
				continue;
			int32_t asked = edge_early_tick(c, &e);
			tick = asked > tick ? asked : tick;
		}
	} else if (milestone && (reason == REASON_PROJECT_START || reason == REASON_DATA_DATE)) {
		tick = net->floor[net->nodes[node].project];
	}
	if ((net->nodes[node].flags & NODE_BY_RESOURCE) && tick > c->early_at[node].finish) {
		c->early_at[node].finish =
			tick; /* its crews rest there: it waits for its predecessor's finish */
		c->early[node].finish = worktime_at(w, tick);
		return;
	}
	if (tick == INT32_MIN || worktime_at(w, tick) != c->early[node].finish)
		return;
	c->early_at[node].finish = tick == worktime_finish(w, c->early[node].finish)
		? tick
		: worktime_start(w, c->early[node].finish);
	if (milestone)
		c->early_at[node].start = c->early_at[node].finish;
}

static int32_t no_earlier(struct moment actual, int32_t tick)
{
	return moment_is_none(actual) || actual.tick < tick ? tick : actual.tick;
}

/*
 * A completed task passes on what its predecessors still ask for (retained logic), as a bare moment. Under actual dates
 * it passes on when it happened, even past the data date (E. Harris, "Understanding the P6 Scheduling Options").
 */
static void forward_complete(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	const struct plan_task *t = &net->plan->tasks[nd->task];
	enum progress_rule rule = net->options[nd->project]->progress;
	int32_t now = net->data_date[nd->project], tick = now, gave = -1;
	const int32_t from = net->in_first[node], to = net->in_first[node + 1];
	bool waits = rule == PROGRESS_RETAINED_LOGIC;

	for (int32_t k = from; k < to; k++) {
		struct edge e = network_edge(net, node, k);
		c->candidate[k - from] = edge_early_tick(c, &e);
	}
	cpm_keep_first(c, node);
	for (int32_t k = from; k < to; k++) {
		if (waits && c->candidate[k - from] > tick) {
			tick = c->candidate[k - from];
			gave = k;
		}
	}
	c->outcome[node].early_reason = gave >= 0 ? REASON_LINK : REASON_ACTUAL;
	for (int32_t k = from; k < to; k++)
		cpm_say_early(c, k, waits && c->candidate[k - from] == tick, k == gave);
	c->early_at[node].start = c->early_at[node].finish = tick;
	if (rule == PROGRESS_ACTUAL_DATES) {
		c->early_at[node].start = no_earlier(t->actual_start, now);
		c->early_at[node].finish = no_earlier(t->actual_finish, now);
	}
	c->early[node].start = worktime_at(cpm_calendar(c, node), c->early_at[node].start);
	c->early[node].finish = worktime_at(cpm_calendar(c, node), c->early_at[node].finish);
}

static void not_before(struct early *e, int32_t start, enum reason reason)
{
	if (start > e->start) {
		e->start = start;
		e->reason = (uint8_t)reason;
	}
}

static void early_constraint(struct cpm *c, int32_t node, const struct constraint *rule,
	enum reason reason, int32_t now, struct early *e)
{
	bool started = c->net->nodes[node].flags & NODE_ACTIVE;
	int32_t date;

	if (moment_is_none(rule->date))
		return;
	date = worktime_at(cpm_calendar(c, node), rule->date.tick);
	switch (rule->kind) {
	case CONSTRAINT_START_NOT_EARLIER:
	case CONSTRAINT_START_ON:
		if (!started)
			not_before(e, date, reason);
		return;
	case CONSTRAINT_FINISH_NOT_EARLIER:
	case CONSTRAINT_FINISH_ON: not_before(e, cpm_start_for(c, node, date), reason); return;
	case CONSTRAINT_MANDATORY_FINISH:
		date = cpm_start_for(c, node, date);
		/* fall through */
	case CONSTRAINT_MANDATORY_START:
		if (started)
			return;
		e->start = date > now ? date : now;
		e->reason = date > now ? (uint8_t)reason : REASON_DATA_DATE;
		e->pinned = true;
		return;
	default: return;
	}
}

static bool waits_for_finish(const struct network *net, int32_t node)
{
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, k);
		if (edge_to_finish(&e))
			return true;
	}
	return false;
}

static void early_rules(struct cpm *c, int32_t node, struct early *e)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	const struct plan_task *t = &net->plan->tasks[nd->task];
	const struct worktime *w = cpm_calendar(c, node);
	int32_t now = worktime_at(w, net->data_date[nd->project]);

	if (!moment_is_none(t->external_early_start))
		not_before(e, worktime_at(w, t->external_early_start.tick), REASON_EXTERNAL);
	if ((nd->flags & NODE_ACTIVE) && !moment_is_none(t->resume))
		not_before(e, worktime_at(w, t->resume.tick), REASON_RESUME);
	early_constraint(c, node, &t->constraint[0], REASON_CONSTRAINT, now, e);
	if (!cpm_mandatory(t->constraint[0].kind))
		early_constraint(c, node, &t->constraint[1], REASON_SECOND_CONSTRAINT, now, e);
	if (!moment_is_none(t->expected_finish) && net->options[nd->project]->use_expected_finish &&
		t->type != TASK_START_MILESTONE && t->type != TASK_FINISH_MILESTONE &&
		!(nd->flags & NODE_ALAP) && !waits_for_finish(net, node)) {
		int32_t finish = worktime_at(w, t->expected_finish.tick);
		if (finish >= now && finish > e->start && !(nd->flags & NODE_BY_RESOURCE))
			c->duration[node] = finish - e->start;
	}
}

void cpm_put_early(struct cpm *c, int32_t node, int32_t start)
{
	const struct node *nd = &c->net->nodes[node];

	if (nd->flags & NODE_BY_RESOURCE) { /* around the clock work and moments differ by a constant */
		const struct worktime *w = cpm_calendar(c, node);
		struct crew_run run = drivers_from(&c->net->drivers, nd->task, worktime_start(w, start));
		start = worktime_at(w, run.start);
		c->duration[node] = run.finish - run.start;
	}
	c->early[node].start = cpm_within(start);
	c->early[node].finish = cpm_within(start + cpm_duration(c, node));
}

bool cpm_forward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	struct extent before = c->early[node];
	int32_t before_tick = c->early_at[node].finish;

	if (net->options[nd->project]->profile == PROFILE_MSPROJECT)
		return cpm_ms_forward_node(c, node);
	struct outcome *outcome = &c->outcome[node];
	outcome->pinned = false;
	if (c->duration)
		c->duration[node] = nd->duration;
	if (nd->flags & NODE_COMPLETE) {
		forward_complete(c, node);
		return c->early_at[node].finish != before_tick;
	}
	struct early e = {cpm_floor(c, node), (uint8_t)cpm_floor_reason(c, node), false};
	const int32_t from = net->in_first[node], to = net->in_first[node + 1];
	bool override = nd->flags & NODE_OVERRIDE;
	int32_t gave = -1;
	if (nd->flags & NODE_ACTIVE)
		e.start = worktime_at(cpm_calendar(c, node), net->data_date[nd->project]);
	for (int32_t k = from; k < to; k++) {
		struct edge edge = network_edge(net, node, k);
		int32_t end = cpm_edge_early(c, &edge, node);
		c->candidate[k - from] = edge_to_finish(&edge) ? cpm_start_for(c, node, end) : end;
	}
	cpm_keep_first(c, node);
	for (int32_t k = from; k < to; k++) {
		struct edge edge = network_edge(net, node, k);
		if (c->candidate[k - from] > e.start && !(override && !edge_to_finish(&edge))) {
			e.start = c->candidate[k - from];
			e.reason = REASON_LINK;
			gave = k;
		}
	}
	if (nd->flags & NODE_RULES)
		early_rules(c, node, &e);
	outcome->early_reason = e.reason;
	outcome->pinned = e.pinned;
	cpm_put_early(c, node, e.start);
	bool finish_held = nd->flags & NODE_FINISH_MILESTONE;
	for (int32_t k = from; k < to; k++) {
		struct edge edge = network_edge(net, node, k);
		bool drives =
			c->candidate[k - from] == e.start && !e.pinned && !(override && !edge_to_finish(&edge));
		cpm_say_early(c, k, drives, k == gave && e.reason == REASON_LINK);
		finish_held |= drives && edge_to_finish(&edge) && cpm_duration(c, node) > 0;
	}
	if (!(nd->flags & NODE_STAMPED))
		return c->early[node].start != before.start || c->early[node].finish != before.finish;
	cpm_stamp_early(c, node);
	if (finish_held)
		cpm_stamp_held(c, node, (enum reason)e.reason);
	return c->early[node].start != before.start || c->early[node].finish != before.finish ||
		c->early_at[node].finish != before_tick;
}

void cpm_stamp_node(struct cpm *c, int32_t node, bool late)
{
	if (c->net->nodes[node].flags & NODE_STAMPED)
		return;
	cpm_stamp_early(c, node);
	if (late)
		cpm_stamp_late(c, node);
}

void cpm_stamp(struct cpm *c, bool late)
{
	for (int32_t i = 0; i < c->net->n; i++)
		cpm_stamp_node(c, i, late);
}

static struct run *ends_of(struct cpm *c, int32_t project, int32_t calendar)
{
	struct run *r = &c->ends[calendar % CPM_RUNS];

	if (r->project != project || r->calendar != calendar)
		*r = (struct run){project, calendar, 0, INT32_MAX, INT32_MIN};
	return r;
}

/* Only what beats the calendar's ends so far needs a moment. */
void cpm_tell_ends(struct cpm *c, const struct run *run)
{
	if (run->project < 0)
		return;
	const struct worktime *w = c->net->calendars[run->calendar];
	struct run *known = ends_of(c, run->project, run->calendar);
	int32_t *first = &c->project_start[run->project], *last = &c->project_finish[run->project];

	if (run->first < known->first) {
		known->first = run->first;
		int32_t tick = worktime_start(w, run->first);
		*first = tick < *first ? tick : *first;
	}
	if (run->last > known->last) {
		known->last = run->last;
		int32_t tick = worktime_finish(w, run->last);
		*last = tick > *last ? tick : *last;
	}
}

/* Nodes that have moments of their own say those. */
static void tell_ends_of_node(struct cpm *c, int32_t node)
{
	const struct node *nd = &c->net->nodes[node];
	struct run run = {nd->project, nd->calendar, 0, c->early[node].start, c->early[node].finish};

	if (nd->flags & NODE_STAMPED) {
		int32_t *last = &c->project_finish[nd->project], *first = &c->project_start[nd->project];
		*last = c->early_at[node].finish > *last ? c->early_at[node].finish : *last;
		run.last = INT32_MIN;
		if (!(nd->flags & NODE_COMPLETE)) {
			*first = c->early_at[node].start < *first ? c->early_at[node].start : *first;
			run.first = INT32_MAX;
		}
	}
	if (nd->flags & NODE_COMPLETE)
		run.first = INT32_MAX;
	cpm_tell_ends(c, &run);
}

static void forget_ends(struct cpm *c)
{
	cpm_forget_runs(c->ends);
	for (int32_t p = 0; p < c->net->plan->nprojects; p++) {
		c->project_finish[p] = INT32_MIN;
		c->project_start[p] = INT32_MAX;
	}
}

void cpm_project_ends(struct cpm *c)
{
	forget_ends(c);
	for (int32_t i = 0; i < c->net->n; i++)
		tell_ends_of_node(c, i);
}

void cpm_forward_dates(struct cpm *c)
{
	forget_ends(c);
	for (int32_t i = 0; i < c->net->n;) {
		if (c->net->nodes[i].flags & NODE_PLAIN) {
			i = cpm_plain_forward(c, i);
		} else if (c->net->nodes[i].flags & NODE_CROSSING) {
			i = cpm_crossing_forward(c, i);
		} else {
			cpm_forward_node(c, i);
			tell_ends_of_node(c, i++);
		}
	}
}

void cpm_forward(struct cpm *c)
{
	cpm_forward_dates(c);
	for (int32_t i = 0; i < c->net->n;)
		i = c->net->nodes[i].flags & NODE_PLAIN ? cpm_plain_early_reasons(c, i) : i + 1;
}

/* ---- As late as possible ------------------------------------------------------------------------------------- */

/* After the forward pass, before the backward one. */
static void cpm_as_late(struct cpm *c)
{
	const struct network *net = c->net;

	for (int32_t i = net->n - 1; i >= 0; i--) {
		if (!(net->nodes[i].flags & NODE_ALAP) ||
			net->options[net->nodes[i].project]->profile == PROFILE_MSPROJECT)
			continue;
		int32_t room = cpm_free_float(c, i);
		if (room <= 0)
			continue;
		/* Room is counted on the task's own calendar. */
		cpm_put_early(c, i,
			net->nodes[i].flags & NODE_BY_RESOURCE
				? worktime_at(cpm_calendar(c, i),
					  cpm_moved(cpm_float_calendar(c, i), c->early_at[i].start, room))
				: c->early[i].start + room);
		c->outcome[i].early_reason = REASON_AS_LATE_AS_POSSIBLE;
		cpm_stamp_early(c, i);
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
			cpm_say_early(c, k, false, false);
	}
}

/* ---- All passes ---------------------------------------------------------------------------------------------- */

void cpm_run(struct cpm *c, bool late)
{
	cpm_forward(c);
	cpm_as_late(c);
	if (!late)
		return;
	cpm_backward(c);
	cpm_ms_as_late(c);
}
