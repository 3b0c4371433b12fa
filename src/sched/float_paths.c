/* The links that wait for their turn stand in a binary heap, least float first; equal ones in the order of the plan. */
#include "sched/float_paths.h"

struct branch {
	int32_t room, edge, node; /* edge: of in[]; node: its predecessor */
};

struct paths {
	const struct cpm *c;
	const struct plan_options *o;
	struct task_dates *dates;
	struct branch *heap;
	int32_t nheap;
};

static bool before(const struct paths *p, const struct branch *x, const struct branch *y)
{
	const int32_t *link = p->c->net->link;
	return x->room != y->room ? x->room < y->room : link[x->edge] < link[y->edge];
}

static void push(struct paths *p, struct branch b)
{
	int32_t at = p->nheap++;

	for (; at > 0 && before(p, &b, &p->heap[(at - 1) / 2]); at = (at - 1) / 2)
		p->heap[at] = p->heap[(at - 1) / 2];
	p->heap[at] = b;
}

static struct branch pop(struct paths *p)
{
	struct branch first = p->heap[0], last = p->heap[--p->nheap];
	int32_t at = 0;

	for (int32_t child; (child = at * 2 + 1) < p->nheap; at = child) {
		if (child + 1 < p->nheap && before(p, &p->heap[child + 1], &p->heap[child]))
			child++;
		if (!before(p, &p->heap[child], &last))
			break;
		p->heap[at] = p->heap[child];
	}
	p->heap[at] = last;
	return first;
}

static bool is_open(const struct paths *p, int32_t node)
{
	return !(p->c->net->nodes[node].flags & NODE_COMPLETE);
}

static int32_t *path_of(const struct paths *p, int32_t node)
{
	return &p->dates[p->c->net->nodes[node].task].float_path;
}

static bool follows(const struct network *net, int32_t node, int32_t predecessor)
{
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++)
		if (network_other(net, node, k) == predecessor)
			return true;
	return false;
}

/* Numbers `node` and what holds it, back to the start or to a task that has a number. */
static void trace(struct paths *p, int32_t node, int32_t number)
{
	const struct network *net = p->c->net;

	for (;;) {
		struct branch least = {.edge = -1};
		bool ends = true; /* the least leads to a numbered task, or there is none */
		*path_of(p, node) = number;
		for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
			struct branch b = {.edge = k, .node = network_other(net, node, k)};
			if (!is_open(p, b.node) || !cpm_asks(p->c, k))
				continue;
			struct edge e = network_edge(net, b.node, k);
			b.room = p->o->float_paths_by_total_float ? cpm_link_total_float(p->c, b.node, &e)
													  : cpm_link_float(p->c, b.node, &e);
			bool numbered = *path_of(p, b.node) != 0;
			if (!numbered)
				push(p, b);
			if (least.edge < 0 || b.room < least.room ||
				(b.room == least.room && follows(net, b.node, least.node))) {
				least = b;
				ends = numbered;
			}
		}
		if (ends)
			return;
		node = least.node;
	}
}

/* The task the options name, else the open one of the project that finishes last. */
static int32_t key_node(const struct paths *p, int32_t project)
{
	const struct network *net = p->c->net;
	int32_t named = p->o->float_path_task, key = -1;

	if (named >= 0)
		return net->node_of[named];
	for (int32_t i = 0; i < net->n; i++)
		if (net->nodes[i].project == project && is_open(p, i) &&
			(key < 0 || p->c->early_at[i].finish >= p->c->early_at[key].finish))
			key = i;
	return key;
}

/* The order within each path, from its start: the nodes stand in topological order. */
static void number_orders(struct arena *a, struct paths *p, int32_t project, int32_t npaths)
{
	const struct network *net = p->c->net;
	int32_t *count = ARENA_ARRAY(a, int32_t, (size_t)npaths + 1);

	for (int32_t i = 0; i < net->n; i++) {
		struct task_dates *d = &p->dates[net->nodes[i].task];
		if (net->nodes[i].project == project && d->float_path > 0)
			d->float_path_order = ++count[d->float_path];
	}
}

void float_paths(struct arena *a, const struct cpm *c, struct task_dates *dates)
{
	const struct network *net = c->net;
	struct paths p = {.c = c, .dates = dates};

	for (int32_t project = 0; project < net->plan->nprojects; project++) {
		int32_t number = 1, node;
		p.o = net->options[project];
		if (p.o->float_paths <= 0 || (node = key_node(&p, project)) < 0 || !is_open(&p, node))
			continue;
		if (!p.heap)
			p.heap = ARENA_ARRAY(a, struct branch, (size_t)net->nedges);
		p.nheap = 0;
		trace(&p, node, number++);
		while (number <= p.o->float_paths && p.nheap > 0) {
			node = pop(&p).node;
			if (*path_of(&p, node) == 0)
				trace(&p, node, number++);
		}
		number_orders(a, &p, project, number);
	}
}
