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

/* Its crews' own calendars count, besides its own. P6 says of ordinary tasks that they do not. */
bool level_heeds_calendars(const struct plan *plan, int32_t task);
/* The plan itself, or in `a` one whose tasks work only when their crews do as well. L003: they never meet. */
const struct plan *level_meet_calendars(struct arena *a, const struct plan *given,
	const struct level_needs *needs, struct findings *found);
/* Whatever works on `part` works on `whole` too. */
bool level_part_of(const struct worktime *part, const struct worktime *whole);
/* The crews are there whenever the node works. */
bool level_meets(
	const struct level_problem *p, int32_t node, const struct plan_need *needs, int32_t n);
/* What the search has to know of several calendars; nothing where all tasks share one. */
void level_make_rests(struct arena *a, struct level_problem *p);

/* Ticks between the two in which both work. */
int32_t level_done_with(
	const struct worktime *own, const struct worktime *crew, int32_t from, int32_t to);

/* Not stable: compare must tell all items apart, or their order must not matter. Items of 64 bytes at most. */
void level_sort(void *items, size_t n, size_t size, int (*compare)(const void *, const void *));

/* Its place is not ours to choose. */
static inline bool level_fixed(const struct level_problem *p, int32_t node)
{
	return p->cpm.outcome[node].pinned ||
		(p->net->nodes[node].flags & (NODE_ACTIVE | NODE_COMPLETE)) ||
		p->net->plan->tasks[p->net->nodes[node].task].manual;
}

#endif
