/*
 * The backward pass, rules of Primavera P6 and of our own profile: from the project's finish, or the date it must finish
 * by, to the latest each task may end. Sources as in cpm.c.
 */
#include "sched/cpm.h"

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
			edge_to_finish(e) ? c->late[e->node].finish : c->late[e->node].start);
	return edge_to_finish(e) ? c->late_at[e->node].finish : c->late_at[e->node].start;
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
	int32_t tick = edge_to_finish(e) ? c->late_at[e->node].finish : c->late_at[e->node].start;

	tick =
		cpm_moved(c->net->calendars[e->lag_calendar], tick, -plan->links[c->net->link[e->at]].lag);
	int32_t room =
		worktime_between(own, plan->tasks[c->net->nodes[predecessor].task].actual_start.tick, tick);
	return own == w ? c->early[predecessor].start + room
					: worktime_at(w, cpm_moved(own, c->early_at[predecessor].start, room));
}

/* The latest the predecessor's end may be, on its calendar. e->node is the successor. */
int32_t cpm_edge_late(const struct cpm *c, const struct edge *e, int32_t predecessor)
{
	if ((e->flags & EDGE_FIXED) && (c->net->nodes[predecessor].flags & NODE_ACTIVE))
		return late_from_actual_start(c, e, predecessor);
	if (e->flags & EDGE_FOREIGN)
		return worktime_at(cpm_calendar(c, predecessor), edge_late_tick(c, e));
	return (edge_to_finish(e) ? c->late[e->node].finish : c->late[e->node].start) - e->lag;
}

void cpm_stamp_late(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	struct extent *at = &c->late_at[node];
	uint16_t flags = c->net->nodes[node].flags;

	if (flags & NODE_FINISH_MILESTONE) {
		at->start = at->finish = worktime_finish(w, c->late[node].finish);
		return;
	}
	at->start = worktime_start(w, c->late[node].start);
	if (flags & NODE_BY_RESOURCE) {
		int32_t bound = worktime_start(w, c->late[node].finish), last;
		const int32_t early = c->early_at[node].finish;
		last = drivers_until(&c->net->drivers, c->net->nodes[node].task, bound).finish;
		at->finish = last < early && early <= bound ? early : last;
		return;
	}
	at->finish = cpm_duration(c, node) > 0 ? worktime_finish(w, c->late[node].finish) : at->start;
}

static void backward_complete(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	int32_t tick = c->late_target[net->nodes[node].project], gave = -1;

	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		int32_t asked = edge_late_tick(c, &e);
		if (cpm_holds_late(c, &e) && asked < tick) {
			tick = asked;
			gave = e.at;
		}
	}
	c->outcome[node].late_reason = gave >= 0 ? REASON_LINK : REASON_PROJECT_FINISH;
	cpm_say_late(c, node, gave);
	c->late_at[node].start = c->late_at[node].finish = tick;
	c->late[node].start = c->late[node].finish = worktime_at(cpm_calendar(c, node), tick);
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
	if (!cpm_mandatory(t->constraint[0].kind))
		late_constraint(c, node, &t->constraint[1], REASON_SECOND_CONSTRAINT, l);
}

/* A start milestone shows the very moment that bounds it, be it the end of a period or the start of the next. */
static void stamp_late_milestone(struct cpm *c, int32_t node)
{
	const struct worktime *w = cpm_calendar(c, node);
	int32_t tick = INT32_MAX;

	const enum reason reason = c->outcome[node].late_reason;

	if (reason == REASON_LINK) {
		for (int32_t k = c->net->out_first[node]; k < c->net->out_first[node + 1]; k++) {
			struct edge e = network_edge(c->net, node, c->net->out[k]);
			int32_t asked = edge_late_tick(c, &e);
			if (cpm_holds_late(c, &e) && asked < tick)
				tick = asked;
		}
	} else if (reason == REASON_PROJECT_FINISH || reason == REASON_MUST_FINISH) {
		tick = c->late_target[c->net->nodes[node].project];
	}
	if (tick != INT32_MAX && worktime_at(w, tick) == c->late[node].finish)
		c->late_at[node].start = c->late_at[node].finish =
			cpm_at_work(w, tick) ? tick : worktime_finish(w, c->late[node].finish);
}

bool cpm_backward_node(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	struct extent before = c->late[node];
	int32_t before_tick = c->late_at[node].start;

	if (net->options[nd->project]->profile == PROFILE_MSPROJECT)
		return cpm_ms_backward_node(c, node);
	if (net->some_undated)
		cpm_late_unknown(c, node);
	if (nd->flags & NODE_COMPLETE) {
		backward_complete(c, node);
		return c->late_at[node].start != before_tick;
	}
	struct late l = {cpm_target(c, node), (uint8_t)cpm_target_reason(c, node)};
	int32_t gave = -1;
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		if (!cpm_holds_late(c, &e))
			continue;
		int32_t finish = cpm_edge_late(c, &e, node);
		if (!edge_from_finish(&e))
			finish = cpm_finish_for(c, node, finish);
		if (finish < l.finish) {
			l.finish = finish;
			l.reason = REASON_LINK;
			gave = e.at;
		}
	}
	if (nd->flags & NODE_RULES)
		late_rules(c, node, &l);
	c->outcome[node].late_reason = l.reason;
	cpm_say_late(c, node, l.reason == REASON_LINK ? gave : -1);
	c->late[node].finish = cpm_within(l.finish);
	c->late[node].start = cpm_within(cpm_start_for(c, node, l.finish));
	if (!(nd->flags & NODE_STAMPED))
		return c->late[node].start != before.start || c->late[node].finish != before.finish;
	cpm_stamp_late(c, node);
	if ((nd->flags & NODE_START_MILESTONE) && cpm_duration(c, node) == 0)
		stamp_late_milestone(c, node);
	return c->late[node].start != before.start || c->late[node].finish != before.finish ||
		c->late_at[node].start != before_tick;
}

void cpm_late_unknown(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	bool unknown = net->nodes[node].flags & NODE_LATE_UNKNOWN;

	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++)
		unknown |= c->outcome[network_other(net, node, net->out[k])].late_unknown;
	c->outcome[node].late_unknown = unknown;
}

void cpm_backward(struct cpm *c)
{
	cpm_backward_dates(c);
	for (int32_t i = c->net->n - 1; i >= 0;)
		i = c->net->nodes[i].flags & NODE_PLAIN ? cpm_plain_late_reasons(c, i) : i - 1;
	for (int32_t i = c->net->some_undated ? c->net->n - 1 : -1; i >= 0; i--)
		cpm_late_unknown(c, i);
}

/* Eight at a time: there are more edges than nodes. */
static void forget_late_edges(struct cpm *c)
{
	const uint64_t others = ~(UINT64_C(0x0101010101010101) * EDGE_GAVE_LATE);
	uint64_t eight;
	int32_t k = 0;

	for (; k + 8 <= c->net->nedges; k += 8) {
		memcpy(&eight, &c->edge[k], sizeof(eight));
		eight &= others;
		memcpy(&c->edge[k], &eight, sizeof(eight));
	}
	for (; k < c->net->nedges; k++)
		c->edge[k] &= (uint8_t)~EDGE_GAVE_LATE;
}

void cpm_backward_dates(struct cpm *c)
{
	const struct plan *plan = c->net->plan;
	int32_t latest = INT32_MIN;

	cpm_forget(c->target);
	forget_late_edges(c);
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
		else if (c->net->nodes[i].flags & NODE_CROSSING)
			i = cpm_crossing_backward(c, i);
		else
			cpm_backward_node(c, i--);
}
