/* Free float, and how far each link could grow: what the passes left between the dates of two tasks. */
#include "sched/cpm.h"

static int32_t room(const struct cpm *c, int32_t predecessor, const struct edge *e, bool late)
{
	int32_t from = edge_from_finish(e) ? c->early[predecessor].finish : c->early[predecessor].start;
	const struct worktime *w = cpm_float_calendar(c, predecessor);
	const bool own = w == cpm_calendar(c, predecessor);

	if (e->flags & EDGE_FIXED)
		return INT32_MAX;
	if (!(e->flags & EDGE_FOREIGN) && own) {
		const struct extent *work = late ? &c->late[e->node] : &c->early[e->node];
		return (edge_to_finish(e) ? work->finish : work->start) - from - e->lag;
	}
	const struct extent *at = late ? &c->late_at[e->node] : &c->early_at[e->node];
	int32_t to = edge_to_finish(e) ? at->finish : at->start;
	if (e->lag != 0)
		to = cpm_moved(c->net->calendars[e->lag_calendar], to, -e->lag);
	if (!own)
		from = worktime_at(w,
			edge_from_finish(e) ? c->early_at[predecessor].finish : c->early_at[predecessor].start);
	return worktime_at(w, to) - from;
}

int32_t cpm_link_float(const struct cpm *c, int32_t predecessor, const struct edge *e)
{
	return cpm_asks(c, e->at) ? room(c, predecessor, e, false) : INT32_MAX;
}

int32_t cpm_link_total_float(const struct cpm *c, int32_t predecessor, const struct edge *e)
{
	return room(c, predecessor, e, true);
}

int32_t cpm_free_float_within(const struct cpm *c, int32_t node, int32_t least)
{
	const struct node *nd = &c->net->nodes[node];
	const struct worktime *w = cpm_float_calendar(c, node);

	if (least == INT32_MAX)
		least = nd->flags & NODE_BY_RESOURCE
			? worktime_between(w, c->early_at[node].finish, c->project_finish[nd->project])
			: worktime_at(w, c->project_finish[nd->project]) - c->early[node].finish;
	return least > 0 ? least : 0;
}

int32_t cpm_free_float(const struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	int32_t least = INT32_MAX;

	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		int32_t f = e.flags & EDGE_NO_FREE ? INT32_MAX : cpm_link_float(c, node, &e);
		least = f < least ? f : least;
	}
	return cpm_free_float_within(c, node, least);
}
