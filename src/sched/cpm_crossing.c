/*
 * The passes over crossing nodes: like plain ones (cpm_plain.c), but their links join calendars. Most tasks of plans with
 * several calendars are. The dates are those of cpm_forward_node() and cpm_backward_node() without the questions that such
 * nodes answer with no.
 */
#include "sched/cpm.h"

/* The bound that an end of the other task, `moment` and `work`, gives on the calendar `w`, `lag` later. */
static inline int32_t bound(const struct network *net, const struct edge *e,
	const struct worktime *w, int32_t moment, int32_t work, int32_t lag)
{
	if (!(e->flags & EDGE_FOREIGN))
		return work + lag;
	const struct worktime *lag_time = net->calendars[e->lag_calendar];
	if (lag == 0 || lag_time == w)
		return worktime_at(w, moment) + lag;
	if (lag_time == net->calendars[net->nodes[e->node].calendar])
		return worktime_at(w, cpm_moment_of(lag_time, work + lag, lag));
	return worktime_at(w, cpm_moved(lag_time, moment, lag));
}

/* Both keep what they read at hand: they write bytes, which to the compiler might be anything. */
int32_t cpm_crossing_forward(struct cpm *c, int32_t from)
{
	const struct network net = *c->net;
	struct extent *const early = c->early, *const early_at = c->early_at;
	struct outcome *const outcome = c->outcome;
	int32_t *const candidate = c->candidate;
	uint8_t *const edge = c->edge;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	cpm_forget_runs(runs);
	for (; i < net.n && (net.nodes[i].flags & NODE_CROSSING); i++) {
		const struct node *nd = &net.nodes[i];
		const struct worktime *w = net.calendars[nd->calendar];
		struct run *run = run_of(runs, nd);
		if (!run_is_of(run, nd)) {
			cpm_tell_ends(c, run);
			*run = (struct run){nd->project, nd->calendar, cpm_floor(c, i), INT32_MAX, INT32_MIN};
		}
		const int32_t first = net.in_first[i], end = net.in_first[i + 1];
		int32_t start = run->bound, gave = -1, held = INT32_MIN;
		for (int32_t k = first; k < end; k++) {
			const struct edge e = network_edge(&net, i, k);
			const int32_t end_of = edge_from_finish(&e), to_finish = edge_to_finish(&e);
			const int32_t asked = bound(&net, &e, w, (&early_at[e.node].start)[end_of],
									  (&early[e.node].start)[end_of], e.lag) -
				(nd->duration & -to_finish);
			candidate[k - first] = asked;
			held = to_finish ? larger(held, asked) : held;
			gave = asked > start ? k : gave;
			start = larger(start, asked);
		}
		for (int32_t k = first; k < end; k++)
			edge[k] = candidate[k - first] == start; /* EDGE_DRIVES */
		if (gave >= 0)
			edge[gave] |= EDGE_GAVE_EARLY;
		outcome[i].early_reason = gave >= 0 ? REASON_LINK : cpm_floor_reason(c, i);
		early[i] = (struct extent){cpm_within(start), cpm_within(start + nd->duration)};
		early_at[i] =
			(struct extent){worktime_start(w, early[i].start), worktime_finish(w, early[i].finish)};
		if (gave >= 0 &&
			held == start && /* and work rests there: else it shows that moment already */
			early_at[i].finish != worktime_start(w, early[i].finish))
			cpm_stamp_held(c, i, REASON_LINK);
		run->first = smaller(run->first, early[i].start);
		int32_t *finish = &c->project_finish[nd->project];
		*finish = larger(*finish, early_at[i].finish);
	}
	for (int r = 0; r < CPM_RUNS; r++)
		cpm_tell_ends(c, &runs[r]);
	return i;
}

int32_t cpm_crossing_backward(struct cpm *c, int32_t from)
{
	const struct network net = *c->net;
	struct extent *const late = c->late, *const late_at = c->late_at;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	cpm_forget_runs(runs);
	for (; i >= 0 && (net.nodes[i].flags & NODE_CROSSING); i--) {
		const struct node *nd = &net.nodes[i];
		const struct worktime *w = net.calendars[nd->calendar];
		struct run *run = run_of(runs, nd);
		if (!run_is_of(run, nd))
			*run = (struct run){nd->project, nd->calendar, cpm_target(c, i)};
		int32_t finish = run->bound, gave = -1;
		for (int32_t k = net.out_first[i], end = net.out_first[i + 1]; k < end; k++) {
			const struct edge e = network_edge(&net, i, net.out[k]);
			const int32_t end_of = edge_to_finish(&e), from_start = !edge_from_finish(&e);
			const int32_t may = bound(&net, &e, w, (&late_at[e.node].start)[end_of],
									(&late[e.node].start)[end_of], -e.lag) +
				(nd->duration & -from_start);
			gave = may < finish ? e.at : gave;
			finish = smaller(finish, may);
		}
		if (gave >= 0)
			c->edge[gave] |= EDGE_GAVE_LATE;
		c->outcome[i].late_reason = gave >= 0 ? REASON_LINK : cpm_target_reason(c, i);
		late[i] = (struct extent){cpm_within(finish - nd->duration), cpm_within(finish)};
		late_at[i] =
			(struct extent){worktime_start(w, late[i].start), worktime_finish(w, late[i].finish)};
	}
	return i;
}
