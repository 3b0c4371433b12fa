/*
 * The passes over crossing nodes: like plain ones (cpm_plain.c), but their links join calendars. Most tasks of plans with
 * several calendars are. Of their moments only those are kept that a link may ask for; cpm_stamp() gives the others. The
 * dates are those of cpm_forward_node() and cpm_backward_node() without the questions that such nodes answer with no.
 */
#include "sched/cpm.h"

static inline struct run *run_of(struct run *all, const struct node *nd)
{
	return &all[nd->calendar % CPM_RUNS];
}

/* The bound that an end of the other task, `moment` and `work`, and `lag` give on the calendar `w`. */
static inline int32_t bound(const struct cpm *c, const struct edge *e, const struct worktime *w,
	int32_t moment, int32_t work, int32_t lag)
{
	if (!(e->flags & EDGE_FOREIGN))
		return work + lag;
	if (lag != 0)
		moment = cpm_moved(c->net->calendars[e->lag_calendar], moment, lag);
	return worktime_at(w, moment);
}

int32_t cpm_crossing_forward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct extent *const early = c->early, *const early_at = c->early_at;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	for (int r = 0; r < CPM_RUNS; r++)
		runs[r].project = -1;
	for (; i < net->n && (nodes[i].flags & NODE_CROSSING); i++) {
		const struct worktime *w = net->calendars[nodes[i].calendar];
		struct run *run = run_of(runs, &nodes[i]);
		if (!run_is_of(run, &nodes[i])) {
			cpm_tell_ends(c, run);
			*run = (struct run){
				nodes[i].project, nodes[i].calendar, cpm_floor(c, i), INT32_MAX, INT32_MIN};
		}
		const int32_t first = net->in_first[i], end = net->in_first[i + 1];
		int32_t start = run->bound, gave = -1;
		for (int32_t k = first; k < end; k++) {
			const struct edge e = network_edge(net, i, k);
			const int32_t end_of = edge_from_finish(&e); /* start, finish */
			int32_t asked = bound(c, &e, w, (&early_at[e.node].start)[end_of],
								(&early[e.node].start)[end_of], e.lag) -
				(nodes[i].duration & -(e.type == LINK_FF));
			c->candidate[k - first] = asked;
			gave = asked > start ? k : gave;
			start = asked > start ? asked : start;
		}
		for (int32_t k = first; k < end; k++)
			c->edge[k] = c->candidate[k - first] == start; /* EDGE_DRIVES */
		if (gave >= 0)
			c->edge[gave] |= EDGE_GAVE_EARLY;
		c->outcome[i].early_reason = gave >= 0 ? REASON_LINK : cpm_floor_reason(c, i);
		early[i].start = cpm_within(start);
		early[i].finish = cpm_within(start + nodes[i].duration);
		if (nodes[i].flags & NODE_START_ASKED)
			early_at[i].start = worktime_start(w, early[i].start);
		early_at[i].finish = worktime_finish(w, early[i].finish);
		if (gave >= 0 && (nodes[i].flags & NODE_FINISH_ASKED))
			cpm_stamp_held(c, i, REASON_LINK);
		int32_t *finish = &c->project_finish[nodes[i].project];
		*finish = early_at[i].finish > *finish ? early_at[i].finish : *finish;
		run->first = early[i].start < run->first ? early[i].start : run->first;
	}
	for (int r = 0; r < CPM_RUNS; r++)
		cpm_tell_ends(c, &runs[r]);
	return i;
}

int32_t cpm_crossing_backward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct extent *const late = c->late, *const late_at = c->late_at;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	for (int r = 0; r < CPM_RUNS; r++)
		runs[r].project = -1;
	for (; i >= 0 && (nodes[i].flags & NODE_CROSSING); i--) {
		const struct worktime *w = net->calendars[nodes[i].calendar];
		struct run *run = run_of(runs, &nodes[i]);
		if (!run_is_of(run, &nodes[i]))
			*run = (struct run){nodes[i].project, nodes[i].calendar, cpm_target(c, i)};
		int32_t finish = run->bound, gave = -1;
		for (int32_t k = net->out_first[i], end = net->out_first[i + 1]; k < end; k++) {
			const struct edge e = network_edge(net, i, net->out[k]);
			const int32_t end_of = edge_to_finish(&e);
			int32_t may = bound(c, &e, w, (&late_at[e.node].start)[end_of],
							  (&late[e.node].start)[end_of], -e.lag) +
				(nodes[i].duration & -(int32_t)!edge_from_finish(&e));
			gave = may < finish ? e.at : gave;
			finish = may < finish ? may : finish;
		}
		if (gave >= 0)
			c->edge[gave] |= EDGE_GAVE_LATE;
		c->outcome[i].late_reason = gave >= 0 ? REASON_LINK : cpm_target_reason(c, i);
		late[i].finish = cpm_within(finish);
		late[i].start = cpm_within(finish - nodes[i].duration);
		late_at[i].start = worktime_start(w, late[i].start);
		if (nodes[i].flags & NODE_FINISH_ASKED)
			late_at[i].finish = worktime_finish(w, late[i].finish);
	}
	return i;
}
