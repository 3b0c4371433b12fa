/*
 * The passes over plain nodes: nothing of their own but a duration, links within one calendar, none of them special. Most
 * tasks of most plans are. Their dates are sums and maxima, computed without a branch that depends on the data; which
 * link gave a date is found afterwards, from the dates, by the same comparisons cpm.c makes on the way.
 */
#include "sched/cpm.h"

/* Which end of the predecessor the link comes from and which of the successor it holds, without a branch. */
_Static_assert(LINK_FS == 0 && LINK_SS == 1 && LINK_FF == 2 && LINK_SF == 3, "bits of a type");
#define FROM_FINISH(type) (~(int32_t)(type)&1)
#define TO_FINISH(type) ((int32_t)(type) >> 1)

/* The start an in-edge asks for. */
static inline int32_t asked_start(const struct network *net, const struct extent *early,
	int32_t node, int32_t k, int32_t duration)
{
	const struct edge e = network_edge(net, node, k);
	const int32_t *at = &early[e.node].start; /* start, finish */
	return at[FROM_FINISH(e.type)] + e.lag - (duration & -TO_FINISH(e.type));
}

/* The finish an out-edge allows. */
static inline int32_t allowed_finish(
	const struct network *net, const struct extent *late, int32_t node, int32_t k, int32_t duration)
{
	const struct edge e = network_edge(net, node, net->out[k]);
	const int32_t *at = &late[e.node].start;
	return at[TO_FINISH(e.type)] - e.lag + (duration & (FROM_FINISH(e.type) - 1));
}

int32_t cpm_plain_forward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct extent *early = c->early;
	int32_t i = from, k = net->in_first[from];

	while (i < net->n && (nodes[i].flags & NODE_PLAIN)) {
		struct run run = {nodes[i].project, nodes[i].calendar, cpm_floor(c, i)};
		int32_t first = INT32_MAX, last = INT32_MIN;
		for (; i < net->n && (nodes[i].flags & NODE_PLAIN) && run_is_of(&run, &nodes[i]); i++) {
			const int32_t duration = nodes[i].duration;
			int32_t start = run.bound;
			const int32_t end = net->in_first[i + 1];
			if (k < end) { /* one link or two, and no telling which: the first one is asked again */
				start = larger(start, asked_start(net, early, i, k, duration));
				start = larger(start, asked_start(net, early, i, k + (k + 1 < end), duration));
			}
			for (k += 2; k < end; k++)
				start = larger(start, asked_start(net, early, i, k, duration));
			k = end;
			early[i].start = cpm_within(start);
			early[i].finish = cpm_within(start + duration);
			first = smaller(first, early[i].start);
			last = larger(last, early[i].finish);
		}
		run.first = first;
		run.last = last;
		cpm_tell_ends(c, &run);
	}
	return i;
}

int32_t cpm_plain_backward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct extent *late = c->late;
	int32_t i = from, k = net->out_first[from + 1] - 1;

	while (i >= 0 && (nodes[i].flags & NODE_PLAIN)) {
		const struct run run = {nodes[i].project, nodes[i].calendar, cpm_target(c, i)};
		for (; i >= 0 && (nodes[i].flags & NODE_PLAIN) && run_is_of(&run, &nodes[i]); i--) {
			const int32_t duration = nodes[i].duration;
			int32_t finish = run.bound;
			const int32_t first = net->out_first[i];
			if (k >= first) {
				finish = smaller(finish, allowed_finish(net, late, i, k, duration));
				finish = smaller(finish, allowed_finish(net, late, i, k - (k > first), duration));
			}
			for (k -= 2; k >= first; k--)
				finish = smaller(finish, allowed_finish(net, late, i, k, duration));
			k = first - 1;
			late[i].finish = cpm_within(finish);
			late[i].start = cpm_within(finish - duration);
		}
	}
	return i;
}

int32_t cpm_plain_early_reasons(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct run run = {.project = -1};
	int32_t i = from, k = net->in_first[from];

	for (; i < net->n && (nodes[i].flags & NODE_PLAIN); i++) {
		int32_t duration = nodes[i].duration, start = c->early[i].start;
		if (!run_is_of(&run, &nodes[i]))
			run = (struct run){nodes[i].project, nodes[i].calendar, cpm_floor(c, i)};
		bool to_name = start > run.bound;
		c->outcome[i].early_reason = to_name ? REASON_LINK : cpm_floor_reason(c, i);
		for (const int32_t end = net->in_first[i + 1]; k < end; k++) {
			bool drives = asked_start(net, c->early, i, k, duration) == start;
			c->edge[k] = (uint8_t)(drives * EDGE_DRIVES | (drives & to_name) * EDGE_GAVE_EARLY);
			to_name &= !drives;
		}
	}
	return i;
}

int32_t cpm_plain_late_reasons(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct run run = {.project = -1};
	int32_t i = from;

	for (; i >= 0 && (nodes[i].flags & NODE_PLAIN);
		 i--) { /* back: what follows was at hand just now */
		int32_t duration = nodes[i].duration, finish = c->late[i].finish, gave = -1;
		if (!run_is_of(&run, &nodes[i]))
			run = (struct run){nodes[i].project, nodes[i].calendar, cpm_target(c, i)};
		for (int32_t k = net->out_first[i];
			 gave < 0 && finish < run.bound && k < net->out_first[i + 1]; k++)
			if (allowed_finish(net, c->late, i, k, duration) == finish)
				gave = net->out[k];
		if (gave >= 0)
			c->edge[gave] |= EDGE_GAVE_LATE;
		c->outcome[i].late_reason = gave >= 0 ? REASON_LINK : cpm_target_reason(c, i);
	}
	return i;
}
