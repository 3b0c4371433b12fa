/*
 * The passes over plain nodes: nothing of their own but a duration, links within one calendar, none of them special. Most
 * tasks of most plans are. Their dates are sums and maxima, computed without a branch that depends on the data; which
 * link gave a date is found afterwards, from the dates, by the same comparisons cpm.c makes on the way.
 */
#include "sched/cpm.h"

#define BIT_OF_TYPE(set, type) ((int32_t)((uint32_t)(set) >> (type)&1u))
#define FINISHES_FROM (1u << LINK_FS | 1u << LINK_FF)
#define FINISHES_TO (1u << LINK_FF | 1u << LINK_SF)

static inline int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}

static inline int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* The start an in-edge asks for. */
static inline int32_t asked_start(const struct four *work, const struct edge *e, int32_t duration)
{
	const int32_t *at = &work[e->node].es; /* es, ef, ls, lf */
	return at[BIT_OF_TYPE(FINISHES_FROM, e->type)] + e->lag -
		(duration & -BIT_OF_TYPE(FINISHES_TO, e->type));
}

/* The finish an out-edge allows. */
static inline int32_t allowed_finish(
	const struct four *work, const struct edge *e, int32_t duration)
{
	const int32_t *at = &work[e->node].ls;
	return at[BIT_OF_TYPE(FINISHES_TO, e->type)] - e->lag +
		(duration & (BIT_OF_TYPE(FINISHES_FROM, e->type) - 1));
}

/* One project's number on one calendar is fetched once for the run of tasks that share both. */
struct shared {
	int32_t project, calendar, value;
};

int32_t cpm_plain_forward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct four *work = c->work;
	struct shared floor = {-1, -1, 0};
	int32_t i = from, k = net->in_first[from];

	for (; i < net->n && (nodes[i].flags & NODE_PLAIN); i++) {
		int32_t duration = nodes[i].duration, start, end = net->in_first[i + 1];
		if (nodes[i].project != floor.project || nodes[i].calendar != floor.calendar)
			floor = (struct shared){nodes[i].project, nodes[i].calendar, cpm_floor(c, i)};
		start = floor.value;
		for (; k < end; k++)
			start = larger(start, asked_start(work, &net->in[k], duration));
		c->duration[i] = duration;
		work[i].es = cpm_within(start);
		work[i].ef = cpm_within(start + duration);
	}
	return i;
}

int32_t cpm_plain_backward(struct cpm *c, int32_t from)
{
	const struct network *net = c->net;
	const struct node *nodes = net->nodes;
	struct four *work = c->work;
	struct shared target = {-1, -1, 0};
	int32_t i = from, k = net->out_first[from + 1] - 1;

	for (; i >= 0 && (nodes[i].flags & NODE_PLAIN); i--) {
		int32_t duration = c->duration[i], finish, first = net->out_first[i];
		if (nodes[i].project != target.project || nodes[i].calendar != target.calendar)
			target = (struct shared){nodes[i].project, nodes[i].calendar, cpm_target(c, i)};
		finish = target.value;
		for (; k >= first; k--)
			finish = smaller(finish, allowed_finish(work, &net->out[k], duration));
		work[i].lf = cpm_within(finish);
		work[i].ls = cpm_within(finish - duration);
	}
	return i;
}

void cpm_plain_early_reason(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	int32_t duration = c->duration[node], start = c->work[node].es, floor = cpm_floor(c, node);

	c->early_edge[node] = -1;
	for (int32_t k = net->in_first[node], end = net->in_first[node + 1]; k < end; k++) {
		int32_t asked = asked_start(c->work, &net->in[k], duration);
		c->candidate[k] = asked;
		c->driving[k] = asked == start;
		if (asked == start && start > floor && c->early_edge[node] < 0)
			c->early_edge[node] = k;
	}
	c->early_reason[node] = c->early_edge[node] >= 0 ? REASON_LINK
		: net->from_start[net->nodes[node].project]  ? REASON_PROJECT_START
													 : REASON_DATA_DATE;
}

void cpm_plain_late_reason(struct cpm *c, int32_t node)
{
	const struct network *net = c->net;
	int32_t duration = c->duration[node], finish = c->work[node].lf, target = cpm_target(c, node);
	const struct plan_project *project = &net->plan->projects[net->nodes[node].project];

	c->late_edge[node] = -1;
	for (int32_t k = net->out_first[node], end = net->out_first[node + 1]; k < end; k++)
		if (c->late_edge[node] < 0 && finish < target &&
			allowed_finish(c->work, &net->out[k], duration) == finish)
			c->late_edge[node] = k;
	c->late_reason[node] = c->late_edge[node] >= 0 ? REASON_LINK
		: moment_is_none(project->must_finish)     ? REASON_PROJECT_FINISH
												   : REASON_MUST_FINISH;
}
