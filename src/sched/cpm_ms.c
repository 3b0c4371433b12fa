/*
 * Rules of Microsoft Project where they differ from P6: no data date; started tasks
 * keep their actual start; late constraints pull early dates when constraints are honoured; must start and must
 * finish are pins in both passes; completed successors bind nothing; started work keeps its start as the late one.
 * Left out: version differences of the stored late stamps (17:00 or the next 08:00 is the same working instant).
 */
#include "sched/cpm.h"

struct window {
	int32_t start, finish;
	uint8_t reason;
	bool pinned;
};

static bool pinned_by(const struct constraint *rule)
{
	return rule->kind == CONSTRAINT_MANDATORY_START || rule->kind == CONSTRAINT_MANDATORY_FINISH;
}

static void early_date_rules(
	const struct cpm *c, int32_t node, const struct plan_task *t, bool has_logic, struct window *x)
{
	const struct plan_options *o = c->net->options[c->net->nodes[node].project];
	int32_t duration = c->duration[node], date, start;

	if (moment_is_none(t->constraint[0].date))
		return;
	date = worktime_at(cpm_calendar(c, node), t->constraint[0].date.tick);
	start = date;
	switch (t->constraint[0].kind) {
	case CONSTRAINT_FINISH_NOT_EARLIER:
		start -= duration;
		/* fall through */
	case CONSTRAINT_START_NOT_EARLIER:
		if (start <= x->start && has_logic)
			return;
		if (t->constraint[0].kind == CONSTRAINT_FINISH_NOT_EARLIER && start <= x->start)
			return;
		break;
	case CONSTRAINT_FINISH_NOT_LATER:
	case CONSTRAINT_FINISH_ON:
		start -= duration;
		/* fall through */
	case CONSTRAINT_START_NOT_LATER:
	case CONSTRAINT_START_ON:
		if (!o->honour_constraints || start >= x->start)
			return;
		break;
	case CONSTRAINT_MANDATORY_FINISH:
		start -= duration;
		/* fall through */
	case CONSTRAINT_MANDATORY_START:
		if (!o->honour_constraints && start <= x->start && has_logic)
			return;
		x->pinned = true;
		break;
	default: return;
	}
	x->start = start;
	x->reason = REASON_CONSTRAINT;
}

static void keep_dates(
	struct cpm *c, int32_t node, int32_t start_tick, int32_t finish_tick, enum reason reason)
{
	const struct worktime *w = cpm_calendar(c, node);

	c->early_at[node].start = start_tick;
	c->early_at[node].finish = finish_tick;
	c->early[node].start = worktime_at(w, start_tick);
	c->early[node].finish = worktime_at(w, finish_tick);
	c->duration[node] = c->early[node].finish - c->early[node].start;
	c->outcome[node].early_reason = (uint8_t)reason;
	c->outcome[node].pinned = true;
	for (int32_t k = c->net->in_first[node]; k < c->net->in_first[node + 1]; k++)
		cpm_say_early(c, k, false, false);
}

static int32_t edge_start(const struct cpm *c, const struct edge *e, int32_t node)
{
	int32_t start;

	if (e->flags & EDGE_MS_FF) {
		struct edge bare = *e;
		const struct worktime *w = cpm_calendar(c, node);
		bare.lag = 0;
		bare.flags = EDGE_FOREIGN;
		start = cpm_edge_early(c, &bare, node) - c->duration[node];
		int32_t moved =
			cpm_moved(c->net->calendars[e->lag_calendar], worktime_start(w, start), e->lag);
		int32_t floor = c->net->floor[c->net->nodes[node].project];
		return worktime_at(w, moved > floor ? moved : floor);
	}
	start = cpm_edge_early(c, e, node);
	if (e->type == LINK_FF || e->type == LINK_SF)
		start -= c->duration[node];
	if (e->type == LINK_FF) {
		int32_t floor =
			worktime_at(cpm_calendar(c, node), c->net->floor[c->net->nodes[node].project]);
		if (start < floor)
			start = floor;
	}
	return start;
}

/* Finish of started work: from the actual start, or from where the remainder resumes. */
static void started(struct cpm *c, int32_t node, const struct plan_task *t)
{
	const struct worktime *w = cpm_calendar(c, node);
	int32_t finish;

	if (t->state == TASK_COMPLETE && !moment_is_none(t->actual_finish)) {
		keep_dates(c, node, t->actual_start.tick, t->actual_finish.tick, REASON_ACTUAL);
		return;
	}
	if (!moment_is_none(t->resume) && t->resume.tick > t->actual_start.tick &&
		t->remaining_work > 0 && !moment_is_none(t->suspend) &&
		worktime_between(w, t->suspend.tick, t->resume.tick) > 0)
		finish = worktime_finish(w, worktime_at(w, t->resume.tick) + t->remaining_work);
	else if (t->duration_work > 0)
		finish = worktime_finish(w, worktime_at(w, t->actual_start.tick) + t->duration_work);
	else
		finish = t->actual_start.tick;
	keep_dates(c, node, t->actual_start.tick, finish, REASON_ACTUAL);
}

bool cpm_ms_forward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	const struct plan_task *t = &net->plan->tasks[nd->task];
	const struct worktime *w = cpm_calendar(c, node);
	struct extent before = c->early[node];
	const int32_t from = net->in_first[node], to = net->in_first[node + 1];
	bool has_logic = from < to;
	struct window x = {
		.start = worktime_at(w, net->floor[nd->project]), .reason = REASON_PROJECT_START};

	c->duration[node] = t->duration_work;
	for (int32_t k = from; k < to; k++) {
		struct edge e = network_edge(net, node, k);
		c->candidate[k - from] = edge_start(c, &e, node);
	}
	cpm_keep_first(c, node);
	if (t->manual && !moment_is_none(t->manual_start) && !moment_is_none(t->manual_finish)) {
		keep_dates(c, node, t->manual_start.tick, t->manual_finish.tick, REASON_MANUAL);
		return true;
	}
	if (!moment_is_none(t->actual_start)) {
		started(c, node, t);
		return true;
	}
	int32_t gave = -1;
	for (int32_t k = from; k < to; k++) {
		if (cpm_asks(c, k) && (gave < 0 || c->candidate[k - from] > x.start)) {
			x.start = c->candidate[k - from];
			x.reason = REASON_LINK;
			gave = k;
		}
	}
	if (nd->flags & NODE_RULES)
		early_date_rules(c, node, t, has_logic, &x);
	if (t->levelling_delay_span > 0)
		x.start = worktime_at(w, worktime_start(w, x.start) + t->levelling_delay_span);
	if (x.reason != REASON_LINK)
		gave = -1;
	c->outcome[node].early_reason = x.reason;
	c->outcome[node].pinned = x.pinned;
	c->early[node].start = x.start;
	c->early[node].finish = x.start + c->duration[node];
	for (int32_t k = from; k < to; k++)
		cpm_say_early(c, k, c->candidate[k - from] == x.start && !x.pinned, k == gave);
	cpm_stamp_early(c, node);
	/* A milestone without work of its own stays at the end of the period that leads to it. */
	if (c->duration[node] == 0 && gave >= 0) {
		struct edge e = network_edge(net, node, gave);
		if (!(e.flags & EDGE_MS_FF) && edge_from_finish(&e))
			c->early_at[node].start = c->early_at[node].finish = worktime_finish(w, x.start);
	}
	return c->early[node].start != before.start || c->early[node].finish != before.finish;
}

/* "Calculate multiple critical paths": what has neither successors nor constraints ends a path of its own, and may not end
 * later than it does. */
static bool ends_own_path(const struct network *net, int32_t node)
{
	const struct node *nd = &net->nodes[node];
	return net->options[nd->project]->multiple_critical_paths &&
		net->out_first[node] == net->out_first[node + 1] &&
		moment_is_none(net->plan->tasks[nd->task].constraint[0].date);
}

struct latest {
	int32_t finish, gave; /* the edge, -1: none */
	uint8_t reason;
};

static void no_later_than(struct latest *l, int32_t finish, enum reason reason, int32_t gave)
{
	if (finish < l->finish)
		*l = (struct latest){finish, gave, (uint8_t)reason};
}

static struct latest latest_by_links(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	const struct plan_task *t = &net->plan->tasks[nd->task];
	struct latest l = {ends_own_path(net, node)
			? c->early[node].finish
			: worktime_at(cpm_calendar(c, node), c->late_target[nd->project]),
		-1, REASON_PROJECT_FINISH};

	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		bool starts = !edge_from_finish(&e);
		if ((net->nodes[e.node].flags & NODE_COMPLETE) || (starts && (nd->flags & NODE_ACTIVE)) ||
			(starts && t->manual) || !cpm_holds_late(c, &e))
			continue;
		no_later_than(
			&l, cpm_edge_late(c, &e, node) + (starts ? c->duration[node] : 0), REASON_LINK, e.at);
	}
	return l;
}

static void latest_by_dates(const struct cpm *c, int32_t node, struct latest *l)
{
	const struct node *nd = &c->net->nodes[node];
	const struct plan_task *t = &c->net->plan->tasks[nd->task];
	const struct constraint *by = &t->constraint[0];
	const struct worktime *w = cpm_calendar(c, node);

	if (!moment_is_none(t->deadline))
		no_later_than(l, worktime_at(w, t->deadline.tick), REASON_DEADLINE, -1);
	if (moment_is_none(by->date) || (nd->flags & NODE_COMPLETE))
		return;
	int32_t finish = worktime_at(w, by->date.tick);
	if (by->kind == CONSTRAINT_START_NOT_LATER || by->kind == CONSTRAINT_MANDATORY_START ||
		by->kind == CONSTRAINT_START_ON)
		finish += c->duration[node];
	if (pinned_by(by))
		*l = (struct latest){finish, -1, REASON_CONSTRAINT};
	else if (by->kind == CONSTRAINT_START_NOT_LATER || by->kind == CONSTRAINT_FINISH_NOT_LATER ||
		by->kind == CONSTRAINT_START_ON || by->kind == CONSTRAINT_FINISH_ON)
		no_later_than(l, finish, REASON_CONSTRAINT, -1);
}

bool cpm_ms_backward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	const struct plan_task *t = &net->plan->tasks[nd->task];
	const struct worktime *w = cpm_calendar(c, node);
	const struct extent before = c->late[node];
	const int32_t duration = c->duration[node];

	if (net->some_undated)
		cpm_late_unknown(c, node);
	struct latest l = latest_by_links(c, node);
	latest_by_dates(c, node, &l);
	c->outcome[node].late_reason = l.reason;
	cpm_say_late(c, node, l.gave);
	c->late[node].finish = l.finish;
	c->late[node].start = l.finish - duration;
	if (nd->flags & NODE_COMPLETE) {
		c->late[node] = c->early[node];
		c->late_at[node] = c->early_at[node];
		c->outcome[node].late_reason = REASON_ACTUAL;
		return false;
	}
	cpm_stamp_late(c, node);
	if (nd->flags & NODE_ACTIVE) {
		/* It has started: only its finish can still be late, and what leads to it is held to where it stopped. */
		int32_t done =
			t->duration_work > t->remaining_work ? t->duration_work - t->remaining_work : 0;
		c->late[node].start = c->early[node].start + done;
		c->late_at[node].start =
			worktime_start(w, c->late[node].start); /* shown is the actual start: sched.c */
	}
	if (duration == 0) { /* a milestone at the end of its period when a finish bounds it */
		if (l.gave < 0 || network_edge(net, node, l.gave).type == LINK_FF)
			c->late_at[node].start = c->late_at[node].finish = worktime_finish(w, l.finish);
	}
	return c->late[node].start != before.start || c->late[node].finish != before.finish;
}

/* As late as possible uses up total float: early dates become the late ones, and what follows is computed again. */
void cpm_ms_as_late(struct cpm *c)
{
	const struct network *net = c->net;
	bool moved = false;

	for (int32_t i = 0; i < net->n; i++) {
		const struct node *nd = &net->nodes[i];
		if (net->options[nd->project]->profile != PROFILE_MSPROJECT)
			continue;
		if ((nd->flags & NODE_ALAP) && !c->outcome[i].pinned &&
			c->late[i].start > c->early[i].start) {
			c->early[i].start = c->late[i].start;
			c->early[i].finish = c->late[i].finish;
			c->early_at[i].start = c->late_at[i].start;
			c->early_at[i].finish = c->late_at[i].finish;
			c->outcome[i].early_reason = REASON_AS_LATE_AS_POSSIBLE;
			for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
				cpm_say_early(c, k, c->edge[k] & EDGE_DRIVES, false);
			moved = true;
		} else if (moved && !(nd->flags & NODE_ALAP)) {
			cpm_ms_forward_node(c, i);
		}
	}
	if (moved)
		cpm_project_ends(c);
}
