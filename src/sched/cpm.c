/*
 * Forward and backward pass, rules of Primavera P6 and of our own profile, after Oracle's help and, where that is silent,
 * what P6 did in the captured cases of test_p6_micro.
 */
#include "sched/cpm.h"

static void forget(struct on_calendar *remembered)
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
		.work = ARENA_ARRAY(a, struct four, n),
		.at = ARENA_ARRAY(a, struct four, n),
		.duration = ARENA_ARRAY(a, int32_t, n),
		.early_edge = ARENA_ARRAY(a, int32_t, n),
		.late_edge = ARENA_ARRAY(a, int32_t, n),
		.early_reason = ARENA_ARRAY(a, uint8_t, n),
		.late_reason = ARENA_ARRAY(a, uint8_t, n),
		.candidate = ARENA_ARRAY(a, int32_t, nedges),
		.driving = ARENA_ARRAY(a, bool, nedges),
		.late_unknown = ARENA_ARRAY(a, bool, n),
		.project_finish = ARENA_ARRAY(a, int32_t, nprojects),
		.project_start = ARENA_ARRAY(a, int32_t, nprojects),
		.late_target = ARENA_ARRAY(a, int32_t, nprojects),
		.pinned = ARENA_ARRAY(a, bool, n),
	};
	forget(c->floor);
	forget(c->target);
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
		c->first[net->in[k].link] = INT32_MAX;
	for (int32_t k = from; k < to; k++)
		if (c->candidate[k] < c->first[net->in[k].link])
			c->first[net->in[k].link] = c->candidate[k];
	for (int32_t k = from; k < to; k++)
		if ((net->in[k].flags & EDGE_FIRST) && c->candidate[k] > c->first[net->in[k].link])
			c->candidate[k] = CANDIDATE_NONE;
}

int32_t cpm_moved(const struct worktime *w, int32_t tick, int32_t lag)
{
	int32_t work = worktime_at(w, tick) + lag;
	return lag > 0 ? worktime_finish(w, work) : lag < 0 ? worktime_start(w, work) : tick;
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
	int32_t tick = edge_from_finish(e) ? c->at[e->node].ef : c->at[e->node].es;

	if (e->flags & EDGE_FIXED)
		return e->lag > c->at[e->node].es ? e->lag : c->at[e->node].es;
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
	return (edge_from_finish(e) ? c->work[e->node].ef : c->work[e->node].es) + e->lag;
}

/* The successor's end that the link holds, at the latest; when it has happened and the option says so, as it was. */
static int32_t late_end(const struct cpm *c, const struct edge *e)
{
	if (e->flags & EDGE_ACTUAL) {
		const struct plan_task *t = &c->net->plan->tasks[c->net->nodes[e->node].task];
		struct moment actual = edge_to_finish(e) ? t->actual_finish : t->actual_start;
		if (!moment_is_none(actual))
			return actual.tick;
	}
	if (c->net->nodes[e->node].flags & NODE_BY_RESOURCE) /* shown are its crews' late dates */
		return worktime_start(cpm_calendar(c, e->node),
			edge_to_finish(e) ? c->work[e->node].lf : c->work[e->node].ls);
	return edge_to_finish(e) ? c->at[e->node].lf : c->at[e->node].ls;
}

static int32_t edge_late_tick(const struct cpm *c, const struct edge *e)
{
	int32_t tick = late_end(c, e);

	if (e->flags &
		EDGE_FIXED) /* what the predecessor's start asked for has happened: no lag is left */
		return tick;
	return e->lag != 0 ? cpm_moved(c->net->calendars[e->lag_calendar], tick, -e->lag) : tick;
}

/* The room between the actual start and what the successor needs is room for the work that remains. */
static int32_t late_from_actual_start(
	const struct cpm *c, const struct edge *e, int32_t predecessor)
{
	const struct worktime *w = cpm_calendar(c, predecessor),
						  *own = cpm_float_calendar(c, predecessor);
	const struct plan *plan = c->net->plan;
	int32_t tick = edge_to_finish(e) ? c->at[e->node].lf : c->at[e->node].ls;

	tick = cpm_moved(c->net->calendars[e->lag_calendar], tick, -plan->links[e->link].lag);
	int32_t room =
		worktime_between(own, plan->tasks[c->net->nodes[predecessor].task].actual_start.tick, tick);
	return own == w ? c->work[predecessor].es + room
					: worktime_at(w, cpm_moved(own, c->at[predecessor].es, room));
}

/* The latest the predecessor's end may be, on its calendar. e->node is the successor. */
int32_t cpm_edge_late(const struct cpm *c, const struct edge *e, int32_t predecessor)
{
	if ((e->flags & EDGE_FIXED) && (c->net->nodes[predecessor].flags & NODE_ACTIVE))
		return late_from_actual_start(c, e, predecessor);
	if (e->flags & EDGE_FOREIGN)
		return worktime_at(cpm_calendar(c, predecessor), edge_late_tick(c, e));
	return (edge_to_finish(e) ? c->work[e->node].lf : c->work[e->node].ls) - e->lag;
}

/* ---- Forward ------------------------------------------------------------------------------------------------- */

void cpm_stamp_early(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	struct four *at = &c->at[node];
	uint16_t flags = c->net->nodes[node].flags;

	if (flags & NODE_FINISH_MILESTONE) {
		at->es = at->ef = worktime_finish(w, c->work[node].ef);
		return;
	}
	at->es = worktime_start(w, c->work[node].es);
	at->ef = c->duration[node] > 0 ? worktime_finish(w, c->work[node].ef) : at->es;
}

struct early {
	int32_t start;
	uint8_t reason;
	bool pinned;
};

/* Whether work stops or starts or goes on at this moment, as against lying between two working periods. */
static bool at_work(const struct worktime *w, int32_t tick)
{
	int32_t work = worktime_at(w, tick);
	return worktime_start(w, work) == tick || worktime_finish(w, work) == tick;
}

/*
 * A finish milestone shows the very moment that holds it, be it the end of a period or the start of the next; so does
 * the finish of a task that a finish-to-finish link holds.
 */
static void stamp_early_finish(struct cpm *c, int32_t node, const struct early *e)
{
	const struct network *net = c->net;
	const struct worktime *w = cpm_calendar(c, node);
	bool milestone = net->nodes[node].flags & NODE_FINISH_MILESTONE;
	int32_t tick = INT32_MIN;

	if (e->reason == REASON_LINK) {
		for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
			int32_t asked;
			if (!c->driving[k] || (!milestone && !edge_to_finish(&net->in[k])))
				continue;
			asked = edge_early_tick(c, &net->in[k]);
			tick = asked > tick ? asked : tick;
		}
	} else if (milestone && (e->reason == REASON_PROJECT_START || e->reason == REASON_DATA_DATE)) {
		tick = net->floor[net->nodes[node].project];
	}
	if ((net->nodes[node].flags & NODE_BY_RESOURCE) && tick > c->at[node].ef) {
		c->at[node].ef = tick; /* its crews rest there: it waits for its predecessor's finish */
		c->work[node].ef = worktime_at(w, tick);
		return;
	}
	if (tick == INT32_MIN || worktime_at(w, tick) != c->work[node].ef)
		return;
	c->at[node].ef = at_work(w, tick) ? tick : worktime_start(w, c->work[node].ef);
	if (milestone)
		c->at[node].es = c->at[node].ef;
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
	int32_t now = net->data_date[nd->project], tick = now;
	bool waits = rule == PROGRESS_RETAINED_LOGIC;

	c->early_reason[node] = REASON_ACTUAL;
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		c->candidate[k] = edge_early_tick(c, &net->in[k]);
		c->driving[k] = false;
	}
	cpm_keep_first(c, node);
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		if (waits && c->candidate[k] > tick) {
			tick = c->candidate[k];
			c->early_edge[node] = k;
			c->early_reason[node] = REASON_LINK;
		}
	}
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++)
		c->driving[k] = waits && c->candidate[k] == tick;
	c->at[node].es = c->at[node].ef = tick;
	if (rule == PROGRESS_ACTUAL_DATES) {
		c->at[node].es = no_earlier(t->actual_start, now);
		c->at[node].ef = no_earlier(t->actual_finish, now);
	}
	c->work[node].es = worktime_at(cpm_calendar(c, node), c->at[node].es);
	c->work[node].ef = worktime_at(cpm_calendar(c, node), c->at[node].ef);
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

static bool mandatory(enum constraint_kind kind)
{
	return kind == CONSTRAINT_MANDATORY_START || kind == CONSTRAINT_MANDATORY_FINISH;
}

static bool waits_for_finish(const struct network *net, int32_t node)
{
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++)
		if (edge_to_finish(&net->in[k]))
			return true;
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
	if (!mandatory(t->constraint[0].kind))
		early_constraint(c, node, &t->constraint[1], REASON_SECOND_CONSTRAINT, now, e);
	if (!moment_is_none(t->expected_finish) && net->options[nd->project]->use_expected_finish &&
		t->type != TASK_START_MILESTONE && t->type != TASK_FINISH_MILESTONE &&
		!(nd->flags & NODE_ALAP) && !waits_for_finish(net, node)) {
		int32_t finish = worktime_at(w, t->expected_finish.tick);
		if (finish >= now && finish > e->start && !(nd->flags & NODE_BY_RESOURCE))
			c->duration[node] = finish - e->start;
	}
}

static int32_t within(int32_t work)
{
	return work > WORK_FAR ? WORK_FAR : work < -WORK_FAR ? -WORK_FAR : work;
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
	c->work[node].es = within(start);
	c->work[node].ef = within(start + c->duration[node]);
}

bool cpm_forward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	struct four before = c->work[node];
	int32_t before_tick = c->at[node].ef;

	if (net->options[nd->project]->profile == PROFILE_MSPROJECT)
		return cpm_ms_forward_node(c, node);
	c->early_edge[node] = -1;
	c->pinned[node] = false;
	c->duration[node] = nd->duration;
	if (nd->flags & NODE_COMPLETE) {
		forward_complete(c, node);
		return c->at[node].ef != before_tick;
	}
	struct early e = {cpm_floor(c, node),
		net->from_start[nd->project] ? REASON_PROJECT_START : REASON_DATA_DATE, false};
	bool override = nd->flags & NODE_OVERRIDE;
	if (nd->flags & NODE_ACTIVE)
		e.start = worktime_at(cpm_calendar(c, node), net->data_date[nd->project]);
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		int32_t end = cpm_edge_early(c, &net->in[k], node);
		c->candidate[k] = edge_to_finish(&net->in[k]) ? cpm_start_for(c, node, end) : end;
	}
	cpm_keep_first(c, node);
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		if (c->candidate[k] > e.start && !(override && !edge_to_finish(&net->in[k]))) {
			e.start = c->candidate[k];
			e.reason = REASON_LINK;
			c->early_edge[node] = k;
		}
	}
	if (nd->flags & NODE_RULES)
		early_rules(c, node, &e);
	if (e.reason != REASON_LINK)
		c->early_edge[node] = -1;
	c->early_reason[node] = e.reason;
	c->pinned[node] = e.pinned;
	cpm_put_early(c, node, e.start);
	bool finish_held = nd->flags & NODE_FINISH_MILESTONE;
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		c->driving[k] =
			c->candidate[k] == e.start && !e.pinned && !(override && !edge_to_finish(&net->in[k]));
		finish_held |= c->driving[k] && edge_to_finish(&net->in[k]) && c->duration[node] > 0;
	}
	if (!(nd->flags & NODE_STAMPED))
		return c->work[node].es != before.es || c->work[node].ef != before.ef;
	cpm_stamp_early(c, node);
	if (finish_held)
		stamp_early_finish(c, node, &e);
	return c->work[node].es != before.es || c->work[node].ef != before.ef ||
		c->at[node].ef != before_tick;
}

void cpm_stamp(struct cpm *c, bool late)
{
	for (int32_t i = 0; i < c->net->n; i++) {
		if (c->net->nodes[i].flags & NODE_STAMPED)
			continue;
		cpm_stamp_early(c, i);
		if (late)
			cpm_stamp_late(c, i);
	}
}

static int32_t finish_tick(const struct cpm *c, int32_t node)
{
	return c->net->nodes[node].flags & NODE_STAMPED
		? c->at[node].ef
		: worktime_finish(cpm_calendar(c, node), c->work[node].ef);
}

static int32_t start_tick(const struct cpm *c, int32_t node)
{
	return c->net->nodes[node].flags & NODE_STAMPED
		? c->at[node].es
		: worktime_start(cpm_calendar(c, node), c->work[node].es);
}

/* Both without moments and on one calendar: work can be compared as it is. */
static bool comparable(const struct network *net, int32_t a, int32_t b)
{
	return a >= 0 && net->nodes[a].calendar == net->nodes[b].calendar &&
		!((net->nodes[a].flags | net->nodes[b].flags) & NODE_STAMPED);
}

void cpm_project_ends(struct cpm *c)
{
	const struct network *net = c->net;
	int32_t project = -1, last = -1, first = -1; /* tasks of one project mostly stand together */

	for (int32_t p = 0; p < net->plan->nprojects; p++) {
		c->project_finish[p] = INT32_MIN;
		c->project_start[p] = INT32_MAX;
	}
	for (int32_t i = 0; i < net->n; i++) {
		const struct node *nd = &net->nodes[i];
		if (nd->project != project)
			last = first = -1;
		project = nd->project;
		if (!comparable(net, last, i) || c->work[i].ef > c->work[last].ef) {
			int32_t tick = finish_tick(c, i);
			if (tick > c->project_finish[project])
				c->project_finish[project] = tick;
			last = i;
		}
		if (nd->flags & NODE_COMPLETE)
			continue;
		if (!comparable(net, first, i) || c->work[i].es < c->work[first].es) {
			int32_t tick = start_tick(c, i);
			if (tick < c->project_start[project])
				c->project_start[project] = tick;
			first = i;
		}
	}
}

void cpm_forward_dates(struct cpm *c)
{
	for (int32_t i = 0; i < c->net->n;)
		if (c->net->nodes[i].flags & NODE_PLAIN)
			i = cpm_plain_forward(c, i);
		else
			cpm_forward_node(c, i++);
	cpm_project_ends(c);
}

void cpm_forward(struct cpm *c)
{
	cpm_forward_dates(c);
	for (int32_t i = 0; i < c->net->n; i++)
		if (c->net->nodes[i].flags & NODE_PLAIN)
			cpm_plain_early_reason(c, i);
}

/* ---- As late as possible ------------------------------------------------------------------------------------- */

void cpm_as_late(struct cpm *c)
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
				? worktime_at(
					  cpm_calendar(c, i), cpm_moved(cpm_float_calendar(c, i), c->at[i].es, room))
				: c->work[i].es + room);
		c->early_reason[i] = REASON_AS_LATE_AS_POSSIBLE;
		c->early_edge[i] = -1;
		cpm_stamp_early(c, i);
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
			c->driving[k] = false;
	}
}

/* ---- Backward ------------------------------------------------------------------------------------------------ */

void cpm_stamp_late(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	struct four *at = &c->at[node];
	uint16_t flags = c->net->nodes[node].flags;

	if (flags & NODE_FINISH_MILESTONE) {
		at->ls = at->lf = worktime_finish(w, c->work[node].lf);
		return;
	}
	at->ls = worktime_start(w, c->work[node].ls);
	if (flags & NODE_BY_RESOURCE) {
		int32_t bound = worktime_start(w, c->work[node].lf), last;
		last = drivers_until(&c->net->drivers, c->net->nodes[node].task, bound).finish;
		at->lf = last < at->ef && at->ef <= bound ? at->ef : last;
		return;
	}
	at->lf = c->duration[node] > 0 ? worktime_finish(w, c->work[node].lf) : at->ls;
}

static void backward_complete(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	int32_t tick = c->late_target[net->nodes[node].project];

	c->late_reason[node] = REASON_PROJECT_FINISH;
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		int32_t asked = edge_late_tick(c, &net->out[k]);
		if (cpm_holds_late(c, k) && asked < tick) {
			tick = asked;
			c->late_edge[node] = k;
			c->late_reason[node] = REASON_LINK;
		}
	}
	c->at[node].ls = c->at[node].lf = tick;
	c->work[node].ls = c->work[node].lf = worktime_at(cpm_calendar(c, node), tick);
}

struct late {
	int32_t finish;
	uint8_t reason;
};

static void not_after(struct late *l, int32_t finish, enum reason reason)
{
	if (finish < l->finish) {
		l->finish = finish;
		l->reason = (uint8_t)reason;
	}
}

static void late_constraint(
	struct cpm *c, int32_t node, const struct constraint *rule, enum reason reason, struct late *l)
{
	bool started = c->net->nodes[node].flags & NODE_ACTIVE;
	int32_t date;

	if (moment_is_none(rule->date))
		return;
	date = worktime_at(cpm_calendar(c, node), rule->date.tick);
	switch (rule->kind) {
	case CONSTRAINT_START_NOT_LATER:
	case CONSTRAINT_START_ON:
		if (!started)
			not_after(l, cpm_finish_for(c, node, date), reason);
		return;
	case CONSTRAINT_FINISH_NOT_LATER:
	case CONSTRAINT_FINISH_ON: not_after(l, date, reason); return;
	case CONSTRAINT_MANDATORY_START:
		date = cpm_finish_for(c, node, date);
		/* fall through */
	case CONSTRAINT_MANDATORY_FINISH:
		if (started)
			return;
		l->finish = date;
		l->reason = (uint8_t)reason;
		return;
	default: return;
	}
}

static void late_rules(struct cpm *c, int32_t node, struct late *l)
{
	const struct plan_task *t = &c->net->plan->tasks[c->net->nodes[node].task];
	const struct worktime *w = cpm_calendar(c, node);

	if (!moment_is_none(t->external_late_finish))
		not_after(l, worktime_at(w, t->external_late_finish.tick), REASON_EXTERNAL);
	if (!moment_is_none(t->deadline))
		not_after(l, worktime_at(w, t->deadline.tick), REASON_DEADLINE);
	late_constraint(c, node, &t->constraint[0], REASON_CONSTRAINT, l);
	if (!mandatory(t->constraint[0].kind))
		late_constraint(c, node, &t->constraint[1], REASON_SECOND_CONSTRAINT, l);
}

/* A start milestone shows the very moment that bounds it, be it the end of a period or the start of the next. */
static void stamp_late_milestone(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	int32_t tick = INT32_MAX;

	if (c->late_reason[node] == REASON_LINK) {
		for (int32_t k = c->net->out_first[node]; k < c->net->out_first[node + 1]; k++) {
			int32_t asked = edge_late_tick(c, &c->net->out[k]);
			if (cpm_holds_late(c, k) && asked < tick)
				tick = asked;
		}
	} else if (c->late_reason[node] == REASON_PROJECT_FINISH ||
		c->late_reason[node] == REASON_MUST_FINISH) {
		tick = c->late_target[c->net->nodes[node].project];
	}
	if (tick != INT32_MAX && worktime_at(w, tick) == c->work[node].lf)
		c->at[node].ls = c->at[node].lf =
			at_work(w, tick) ? tick : worktime_finish(w, c->work[node].lf);
}

bool cpm_backward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	struct four before = c->work[node];
	int32_t before_tick = c->at[node].ls;

	if (net->options[nd->project]->profile == PROFILE_MSPROJECT)
		return cpm_ms_backward_node(c, node);
	c->late_edge[node] = -1;
	c->late_unknown[node] = nd->flags & NODE_LATE_UNKNOWN;
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++)
		c->late_unknown[node] |= c->late_unknown[net->out[k].node];
	if (nd->flags & NODE_COMPLETE) {
		backward_complete(c, node);
		return c->at[node].ls != before_tick;
	}
	struct late l = {cpm_target(c, node), REASON_PROJECT_FINISH};
	if (!moment_is_none(net->plan->projects[nd->project].must_finish))
		l.reason = REASON_MUST_FINISH;
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		const struct edge *e = &net->out[k];
		if (!cpm_holds_late(c, k))
			continue;
		int32_t finish = cpm_edge_late(c, e, node);
		if (!edge_from_finish(e))
			finish = cpm_finish_for(c, node, finish);
		if (finish < l.finish) {
			l.finish = finish;
			l.reason = REASON_LINK;
			c->late_edge[node] = k;
		}
	}
	if (nd->flags & NODE_RULES)
		late_rules(c, node, &l);
	if (l.reason != REASON_LINK)
		c->late_edge[node] = -1;
	c->late_reason[node] = l.reason;
	c->work[node].lf = within(l.finish);
	c->work[node].ls = within(cpm_start_for(c, node, l.finish));
	if (!(nd->flags & NODE_STAMPED))
		return c->work[node].ls != before.ls || c->work[node].lf != before.lf;
	cpm_stamp_late(c, node);
	if ((nd->flags & NODE_START_MILESTONE) && c->duration[node] == 0)
		stamp_late_milestone(c, node);
	return c->work[node].ls != before.ls || c->work[node].lf != before.lf ||
		c->at[node].ls != before_tick;
}

/* Late dates that lead to a task without dates are unknown, all the way back. */
static void spread_unknown(struct cpm *c)
{
	const struct network *net = c->net;

	for (int32_t i = net->n - 1; i >= 0; i--) {
		c->late_unknown[i] = net->nodes[i].flags & NODE_LATE_UNKNOWN;
		for (int32_t k = net->out_first[i]; k < net->out_first[i + 1]; k++)
			c->late_unknown[i] |= c->late_unknown[net->out[k].node];
	}
}

void cpm_backward(struct cpm *c)
{
	cpm_backward_dates(c);
	for (int32_t i = 0; i < c->net->n; i++)
		if (c->net->nodes[i].flags & NODE_PLAIN)
			cpm_plain_late_reason(c, i);
	if (c->net->some_undated)
		spread_unknown(c);
}

void cpm_backward_dates(struct cpm *c)
{
	const struct plan *plan = c->net->plan;
	int32_t latest = INT32_MIN;

	forget(c->target);
	for (int32_t p = 0; p < plan->nprojects; p++)
		if (c->project_finish[p] > latest)
			latest = c->project_finish[p];
	for (int32_t p = 0; p < plan->nprojects; p++) {
		c->late_target[p] =
			c->net->options[p]->float_to_project_finish ? c->project_finish[p] : latest;
		if (!moment_is_none(plan->projects[p].must_finish))
			c->late_target[p] = plan->projects[p].must_finish.tick;
	}
	for (int32_t i = c->net->n - 1; i >= 0;)
		if (c->net->nodes[i].flags & NODE_PLAIN)
			i = cpm_plain_backward(c, i);
		else
			cpm_backward_node(c, i--);
}
