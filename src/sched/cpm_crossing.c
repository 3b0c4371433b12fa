/*
 * The passes over crossing nodes: like plain ones (cpm_plain.c), but their links join calendars. Most tasks of plans with several
 * calendars are. Of their moments only those are kept that a link may ask for; cpm_stamp() gives the others. The dates are those of cpm_forward_node() and cpm_backward_node() without the questions that such
 * nodes answer with no; which link gave an early date is found afterwards.
 */
#include "sched/cpm.h"

/* Projects' moments on the calendars that take turns in a run. */
enum { SHARED = 8 };
struct shared {
	int32_t project, calendar, value;
};

static inline struct shared *shared_of(struct shared *all, const struct node *nd)
{
	return &all[nd->calendar % SHARED];
}

static inline bool is_of(const struct shared *s, const struct node *nd)
{
	return s->project == nd->project && s->calendar == nd->calendar;
}

static inline int32_t asked(const struct cpm *c, const struct edge *e, const struct worktime *w)
{
	const int32_t from_finish = edge_from_finish(e); /* es, ef, ls, lf */
	int32_t tick = (&c->at[e->node].es)[from_finish];

	if (!(e->flags & EDGE_FOREIGN))
		return (&c->work[e->node].es)[from_finish] + e->lag;
	if (e->lag != 0)
		tick = cpm_moved(c->net->calendars[e->lag_calendar], tick, e->lag);
	return worktime_at(w, tick);
}

static void find_driving(struct cpm *c, int32_t node)
{
	for (int32_t k = c->net->in_first[node]; k < c->net->in_first[node + 1]; k++)
		c->driving[k] = c->candidate[k] == c->work[node].es;
}

int32_t cpm_crossing_forward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct shared floors[SHARED] = {{.project = -1}};
	int32_t i = from, k = net->in_first[from];

	for (; i < net->n && (nodes[i].flags & NODE_CROSSING); i++) {
		const struct worktime *w = net->calendars[nodes[i].calendar];
		struct shared *floor = shared_of(floors, &nodes[i]);
		if (!is_of(floor, &nodes[i]))
			*floor = (struct shared){nodes[i].project, nodes[i].calendar, cpm_floor(c, i)};
		int32_t start = floor->value, edge = -1, duration = nodes[i].duration;
		for (const int32_t end = net->in_first[i + 1]; k < end; k++) {
			int32_t candidate =
				asked(c, &net->in[k], w) - (duration & -(net->in[k].type == LINK_FF));
			c->candidate[k] = candidate;
			edge = candidate > start ? k : edge;
			start = candidate > start ? candidate : start;
		}
		c->duration[i] = duration;
		c->early_edge[i] = edge;
		c->work[i].es = cpm_within(start);
		c->work[i].ef = cpm_within(start + duration);
		if (nodes[i].flags & NODE_START_ASKED)
			c->at[i].es = worktime_start(w, c->work[i].es);
		c->at[i].ef = worktime_finish(w, c->work[i].ef);
		if ((nodes[i].flags & NODE_FINISH_ASKED) && edge >= 0) {
			find_driving(c, i);
			cpm_stamp_held(c, i, REASON_LINK);
		}
	}
	return i;
}

static inline int32_t allowed(const struct cpm *c, const struct edge *e, const struct worktime *w)
{
	const int32_t to_finish = edge_to_finish(e);
	int32_t tick = (&c->at[e->node].ls)[to_finish];

	if (!(e->flags & EDGE_FOREIGN))
		return (&c->work[e->node].ls)[to_finish] - e->lag;
	if (e->lag != 0)
		tick = cpm_moved(c->net->calendars[e->lag_calendar], tick, -e->lag);
	return worktime_at(w, tick);
}

int32_t cpm_crossing_backward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct shared targets[SHARED] = {{.project = -1}};
	int32_t i = from;

	for (; i >= 0 && (nodes[i].flags & NODE_CROSSING); i--) {
		const struct worktime *w = net->calendars[nodes[i].calendar];
		struct shared *target = shared_of(targets, &nodes[i]);
		if (!is_of(target, &nodes[i]))
			*target = (struct shared){nodes[i].project, nodes[i].calendar, cpm_target(c, i)};
		int32_t finish = target->value, edge = -1, duration = c->duration[i];
		for (int32_t k = net->out_first[i]; k < net->out_first[i + 1]; k++) {
			const struct edge *e = &net->out[k];
			int32_t may = allowed(c, e, w) + (edge_from_finish(e) ? 0 : duration);
			edge = may < finish ? k : edge;
			finish = may < finish ? may : finish;
		}
		c->late_edge[i] = edge;
		c->late_reason[i] = edge >= 0 ? REASON_LINK
			: moment_is_none(net->plan->projects[nodes[i].project].must_finish)
			? REASON_PROJECT_FINISH
			: REASON_MUST_FINISH;
		c->work[i].lf = cpm_within(finish);
		c->work[i].ls = cpm_within(finish - duration);
		c->at[i].ls = worktime_start(w, c->work[i].ls);
		if (nodes[i].flags & NODE_FINISH_ASKED)
			c->at[i].lf = worktime_finish(w, c->work[i].lf);
	}
	return i;
}

void cpm_crossing_early_reason(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;

	find_driving(c, node);
	c->early_reason[node] = c->early_edge[node] >= 0 ? REASON_LINK
		: net->from_start[net->nodes[node].project]  ? REASON_PROJECT_START
													 : REASON_DATA_DATE;
}
