/* Free float, and how far each link could grow: what the passes left between the dates of two tasks. */
#include "sched/cpm.h"

static int32_t link_float(const struct cpm *c, const struct edge *e, const struct four *work,
	const struct four *at, bool late)
{
	int32_t from = edge_from_finish(e) ? c->work[e->node].ef : c->work[e->node].es, to;
	const struct worktime *w = cpm_float_calendar(c, e->node);

	if (e->flags & EDGE_FIXED)
		return INT32_MAX;
	if (!(e->flags & EDGE_FOREIGN) && w == cpm_calendar(c, e->node)) {
		to = late ? (edge_to_finish(e) ? work->lf : work->ls)
				  : (edge_to_finish(e) ? work->ef : work->es);
		return to - from - e->lag;
	}
	to = late ? (edge_to_finish(e) ? at->lf : at->ls) : (edge_to_finish(e) ? at->ef : at->es);
	if (e->lag != 0)
		to = cpm_moved(c->net->calendars[e->lag_calendar], to, -e->lag);
	if (w != cpm_calendar(c, e->node))
		from = worktime_at(w, edge_from_finish(e) ? c->at[e->node].ef : c->at[e->node].es);
	return worktime_at(w, to) - from;
}

int32_t cpm_link_float(const struct cpm *c, int32_t in_edge, int32_t successor)
{
	if (!cpm_asks(c, in_edge))
		return INT32_MAX;
	struct edge e = network_edge(c->net, successor, in_edge);
	return link_float(c, &e, &c->work[successor], &c->at[successor], false);
}

int32_t cpm_link_total_float(const struct cpm *c, int32_t in_edge, int32_t successor)
{
	struct edge e = network_edge(c->net, successor, in_edge);
	return link_float(c, &e, &c->work[successor], &c->at[successor], true);
}

int32_t cpm_free_float(const struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	const struct node *nd = &net->nodes[node];
	int32_t least = INT32_MAX;

	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		if (e.flags & EDGE_NO_FREE)
			continue;
		int32_t f = cpm_link_float(c, e.at, e.node);
		if (f < least)
			least = f;
	}
	if (least == INT32_MAX)
		least = nd->flags & NODE_BY_RESOURCE
			? worktime_between(
				  cpm_float_calendar(c, node), c->at[node].ef, c->project_finish[nd->project])
			: worktime_at(cpm_calendar(c, node), c->project_finish[nd->project]) - c->work[node].ef;
	return least > 0 ? least : 0;
}
