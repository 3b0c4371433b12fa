/*
 * Loops among tasks: the strongly connected parts of a directed graph that have more than one node, and one short way
 * round each of them. Method: R. E. Tarjan, "Depth-first search and linear graph algorithms", SIAM J. Comput. 1 (1972),
 * with a stack of its own instead of recursion, so that a chain of a million tasks is no danger.
 */
#ifndef SCHED_LOOPS_H
#define SCHED_LOOPS_H

#include "base/arena.h"

/* Node i leads to to[first[i]] ... to[first[i + 1] - 1]. */
struct arrows {
	int32_t n;
	const int32_t *first; /* [n + 1] */
	const int32_t *to;
};

/* loop[n] (zeroed by the caller) gets the number of the loop that each node is in, from 1; 0: in none. Nodes with skip[i]
 * are as if they were not there. Returns how many loops there are. */
int32_t loops_find(struct arena *a, const struct arrows *g, const bool *skip, int32_t *loop);

/* The shortest way from `start` round its loop: path[0] is start, the last one leads back to it. Returns its length. path
 * has room for n. */
int32_t loop_through(
	struct arena *a, const struct arrows *g, const int32_t *loop, int32_t start, int32_t *path);

#endif
