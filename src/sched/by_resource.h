/*
 * Resource-dependent tasks (P6): each driving assignment works on its resource's own calendar, for its own remaining duration,
 * its lag after the task's start; the task starts when the first resource could and finishes with the last. How long it takes therefore depends on
 * when it starts. Material and cost drive nothing; a task without a driving assignment is an ordinary one.
 *
 * Such a node stands on the calendar around the clock, where a moment and its position are the same to all resources. Its
 * floats are counted on the task's own calendar (cpm.h).
 */
#ifndef SCHED_BY_RESOURCE_H
#define SCHED_BY_RESOURCE_H

#include "sched/worktime.h"

struct driving_crew {
	int32_t calendar; /* into network.calendars */
	int32_t duration, lag;
};

struct drivers {
	int32_t *first; /* [ntasks + 1]; NULL: no task of the plan is one */
	struct driving_crew *items;
	const struct worktime *const *calendars;
};

struct crew_run {
	int32_t start, finish; /* ticks */
};

struct drivers drivers_find(
	struct arena *a, const struct plan *plan, const struct worktime *const *calendars);
static inline bool drivers_any(const struct drivers *d, int32_t task)
{
	return d->first && d->first[task] < d->first[task + 1];
}
/* When it runs if it may start at the tick; if it must finish by it. */
struct crew_run drivers_from(const struct drivers *d, int32_t task, int32_t tick);
struct crew_run drivers_until(const struct drivers *d, int32_t task, int32_t tick);

#endif
