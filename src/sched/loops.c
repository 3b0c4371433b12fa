/* See loops.h. */
#include "sched/loops.h"

struct search {
	const struct arrows *g;
	const bool *skip;
	int32_t *loop;
	int32_t *index, *low; /* [n]: when it was first met, from 1; the oldest it leads back to */
	int32_t *next;        /* [n]: the arrow to follow next */
	int32_t *call;        /* [n]: the nodes on the way down */
	int32_t *open;        /* [n]: met, and not yet known to be in a loop or in none */
	bool *is_open;
	int32_t met, depth, nopen, nloops;
};

static void meet(struct search *s, int32_t at)
{
	s->call[s->depth++] = at;
	s->index[at] = s->low[at] = ++s->met;
	s->next[at] = s->g->first[at];
	s->open[s->nopen++] = at;
	s->is_open[at] = true;
}

/* Follows the arrows of `at` until one leads to a node that was not met: that one, or -1. */
static int32_t follow(struct search *s, int32_t at)
{
	while (s->next[at] < s->g->first[at + 1]) {
		int32_t to = s->g->to[s->next[at]++];
		if (s->skip[to])
			continue;
		if (!s->index[to])
			return to;
		if (s->is_open[to] && s->index[to] < s->low[at])
			s->low[at] = s->index[to];
	}
	return -1;
}

/* All that was met since `at` and is still open goes round with it. */
static void take_off(struct search *s, int32_t at)
{
	bool alone = s->open[s->nopen - 1] == at;
	int32_t node;

	s->nloops += !alone;
	do {
		node = s->open[--s->nopen];
		s->is_open[node] = false;
		s->loop[node] = alone ? 0 : s->nloops;
	} while (node != at);
}

static void search_from(struct search *s, int32_t root)
{
	meet(s, root);
	while (s->depth > 0) {
		int32_t at = s->call[s->depth - 1], into = follow(s, at);
		if (into >= 0) {
			meet(s, into);
			continue;
		}
		s->depth--;
		if (s->low[at] == s->index[at])
			take_off(s, at);
		else if (s->low[at] < s->low[s->call[s->depth - 1]])
			s->low[s->call[s->depth - 1]] = s->low[at];
	}
}

int32_t loops_find(struct arena *a, const struct arrows *g, const bool *skip, int32_t *loop)
{
	size_t n = (size_t)g->n;
	struct search s = {.g = g,
		.skip = skip,
		.loop = loop,
		.index = ARENA_ARRAY(a, int32_t, n),
		.low = ARENA_ARRAY(a, int32_t, n),
		.next = ARENA_ARRAY(a, int32_t, n),
		.call = ARENA_ARRAY(a, int32_t, n),
		.open = ARENA_ARRAY(a, int32_t, n),
		.is_open = ARENA_ARRAY(a, bool, n)};

	for (int32_t root = 0; root < g->n; root++)
		if (!s.index[root] && !skip[root])
			search_from(&s, root);
	return s.nloops;
}

int32_t loop_through(
	struct arena *a, const struct arrows *g, const int32_t *loop, int32_t start, int32_t *path)
{
	int32_t *from = ARENA_ARRAY(a, int32_t, (size_t)g->n); /* + 1; 0: not reached */
	int32_t *queue = ARENA_ARRAY(a, int32_t, (size_t)g->n);
	int32_t head = 0, tail = 0, length = 1;

	queue[tail++] = start;
	while (!from[start]) {
		int32_t at = queue[head++];
		for (int32_t k = g->first[at]; k < g->first[at + 1]; k++) {
			int32_t to = g->to[k];
			if (loop[to] != loop[start] || from[to])
				continue;
			from[to] = at + 1;
			if (to != start)
				queue[tail++] = to;
		}
	}
	for (int32_t at = from[start] - 1; at != start; at = from[at] - 1)
		length++;
	path[0] = start;
	for (int32_t at = from[start] - 1, k = length; at != start; at = from[at] - 1)
		path[--k] = at;
	return length;
}
