/*
 * The passes over crossing nodes: like plain ones (cpm_plain.c), but their links join calendars. Most tasks of plans with
 * several calendars are. The dates are those of cpm_forward_node() and cpm_backward_node() without the questions that such
 * nodes answer with no.
 */
#include "sched/cpm.h"

static inline struct run *run_of(struct run *all, const struct node *nd)
{
	return &all[nd->calendar % CPM_RUNS];
}

static inline int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static inline int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* The bound that an end of the other task, `moment` and `work`, and `lag` give on the calendar `w`. */
static inline __attribute__((always_inline)) int32_t bound(const struct network *net,
	const struct edge *e, const struct worktime *w, int32_t moment, int32_t work, int32_t lag)
{
	if (!(e->flags & EDGE_FOREIGN))
		return work + lag;
	if (lag != 0)
		moment = cpm_moved(net->calendars[e->lag_calendar], moment, lag);
	return worktime_at(w, moment);
}

/* The start that an in-edge asks for; *held: by the finish. */
static inline __attribute__((always_inline)) int32_t asked_start(const struct network *net,
	const struct cpm *c, int32_t node, int32_t k, const struct worktime *w, int32_t *held)
{
	const struct edge e = network_edge(net, node, k);
	const int32_t from = edge_from_finish(&e); /* start, finish */
	const int32_t asked = bound(
		net, &e, w, (&c->early_at[e.node].start)[from], (&c->early[e.node].start)[from], e.lag);

	*held = edge_to_finish(&e);
	return asked - (net->nodes[node].duration & -*held);
}

int32_t cpm_crossing_forward(struct cpm *c, int32_t from)
{
	const struct network net =
		*c->net; /* at hand: what is written below are bytes, which might be anything */
	const struct cpm at = *c;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	for (int r = 0; r < CPM_RUNS; r++)
		runs[r].project = -1;
	for (; i < net.n && (net.nodes[i].flags & NODE_CROSSING); i++) {
		const struct node *nd = &net.nodes[i];
		const struct worktime *w = net.calendars[nd->calendar];
		struct run *run = run_of(runs, nd);
		if (!run_is_of(run, nd)) {
			cpm_tell_ends(c, run);
			*run = (struct run){nd->project, nd->calendar, cpm_floor(c, i), INT32_MAX, INT32_MIN};
		}
		const int32_t first = net.in_first[i], end = net.in_first[i + 1],
					  next = first + (first + 1 < end);
		int32_t start = run->bound, a = INT32_MIN, b = a, a_held = 0, b_held = 0, held = 0;
		if (first < end) { /* one link or two, and no telling which: an only one is asked twice */
			a = asked_start(&net, &at, i, first, w, &a_held);
			b = asked_start(&net, &at, i, next, w, &b_held);
			start = larger(larger(start, a), b);
		}
		for (int32_t k = first + 2; k < end; k++) {
			at.candidate[k - first] = asked_start(&net, &at, i, k, w, &held);
			start = larger(start, at.candidate[k - first]);
		}
		int32_t gave = -1;
		held = 0;
		for (int32_t k = end - 1; k >= first + 2; k--) {
			const bool drives = at.candidate[k - first] == start;
			at.edge[k] = drives; /* EDGE_DRIVES */
			gave = drives ? k : gave;
			held |= drives;
		}
		if (first < end) {
			at.edge[next] = b == start;
			at.edge[first] = a == start;
			gave = b == start ? next : gave;
			gave = a == start ? first : gave;
			held |= (a_held & (a == start)) | (b_held & (b == start));
		}
		const struct extent early = {cpm_within(start), cpm_within(start + nd->duration)};
		at.early[i] = early;
		at.early_at[i] =
			(struct extent){worktime_start(w, early.start), worktime_finish(w, early.finish)};
		run->first = smaller(run->first, early.start);
		if (start > run->bound) {
			at.edge[gave] |= EDGE_GAVE_EARLY;
			at.outcome[i].early_reason = REASON_LINK;
			if (held)
				cpm_stamp_held(c, i, REASON_LINK);
		} else {
			at.outcome[i].early_reason = cpm_floor_reason(c, i);
		}
		int32_t *finish = &at.project_finish[nd->project];
		*finish = larger(*finish, at.early_at[i].finish);
	}
	for (int r = 0; r < CPM_RUNS; r++)
		cpm_tell_ends(c, &runs[r]);
	return i;
}

int32_t cpm_crossing_backward(struct cpm *c, int32_t from)
{
	const struct network net = *c->net;
	const struct cpm at = *c;
	struct run runs[CPM_RUNS];
	int32_t i = from;

	for (int r = 0; r < CPM_RUNS; r++)
		runs[r].project = -1;
	for (; i >= 0 && (net.nodes[i].flags & NODE_CROSSING); i--) {
		const struct node *nd = &net.nodes[i];
		const struct worktime *w = net.calendars[nd->calendar];
		struct run *run = run_of(runs, nd);
		if (!run_is_of(run, nd))
			*run = (struct run){nd->project, nd->calendar, cpm_target(c, i)};
		int32_t finish = run->bound, gave = -1;
		for (int32_t k = net.out_first[i], end = net.out_first[i + 1]; k < end; k++) {
			const struct edge e = network_edge(&net, i, net.out[k]);
			const int32_t to = edge_to_finish(&e); /* start, finish */
			const int32_t may = bound(&net, &e, w, (&at.late_at[e.node].start)[to],
									(&at.late[e.node].start)[to], -e.lag) +
				(nd->duration & (edge_from_finish(&e) - 1));
			gave = may < finish ? e.at : gave;
			finish = may < finish ? may : finish;
		}
		const struct extent late = {cpm_within(finish - nd->duration), cpm_within(finish)};
		at.late[i] = late;
		at.late_at[i] =
			(struct extent){worktime_start(w, late.start), worktime_finish(w, late.finish)};
		if (gave >= 0)
			at.edge[gave] |= EDGE_GAVE_LATE;
		at.outcome[i].late_reason = gave >= 0 ? REASON_LINK : cpm_target_reason(c, i);
	}
	return i;
}
