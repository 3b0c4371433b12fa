/* What the files of levelling share. Not for others. */
#ifndef SCHED_LEVEL_PARTS_H
#define SCHED_LEVEL_PARTS_H

#include "sched/level.h"

/* What each task uses of the limited crews, in its own way. */
struct level_needs {
	int32_t *first; /* [ntasks + 1] */
	struct plan_need *items;
};

bool level_limited(const struct plan_resource *r);
/* An assignment that takes a limited crew. */
bool level_counts(const struct plan *plan, const struct plan_assignment *x);
struct level_needs level_find_needs(struct arena *a, const struct plan *plan);
/* The needs of a task in its own way (mode -1) or in another. Returns how many; *out is borrowed. */
int32_t level_needs_of(const struct plan *plan, const struct level_needs *own, int32_t task,
	int32_t mode, const struct plan_need **out);

/* Not stable: compare must tell all items apart, or their order must not matter. Items of 64 bytes at most. */
void level_sort(void *items, size_t n, size_t size, int (*compare)(const void *, const void *));

/* Its place is not ours to choose. */
static inline bool level_fixed(const struct level_problem *p, int32_t node)
{
	return p->cpm.pinned[node] || (p->net->nodes[node].flags & (NODE_ACTIVE | NODE_COMPLETE)) ||
		p->net->plan->tasks[p->net->nodes[node].task].manual;
}

#endif
