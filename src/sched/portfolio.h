/*
 * A whole county's plans at once: many projects of one template (the same tasks and links), each with its own durations, lags
 * and start, on calendars of its own. Projects stand side by side in blocks of sixteen, task after task, so one
 * instruction schedules sixteen of them; what differs between machines is only the speed, the arithmetic is whole
 * numbers.
 *
 * Rules: those of the profile `own` for plans without progress and constraints, one calendar per project. Anything richer
 * goes through sched_run().
 * Units: working ticks from the project's start. Memory: in the arena; a run allocates nothing.
 */
#ifndef SCHED_PORTFOLIO_H
#define SCHED_PORTFOLIO_H

#include "sched/worktime.h"

enum { PORTFOLIO_LANES = 16, PORTFOLIO_MOST_TASKS = 256 };

struct portfolio_link {
	uint8_t from, to, type;
}; /* enum link_type */

struct portfolio {
	int32_t ntasks, nlinks;
	const struct portfolio_link *links; /* ordered so that no link follows one that needs it */
	const uint8_t *order;               /* tasks in topological order */
	const uint16_t *in_first;           /* [ntasks + 1] of links, grouped by `to` in that order */
	int32_t nprojects, nblocks;
	int32_t *duration; /* [nblocks][ntasks][16] */
	int32_t *lag;      /* [nblocks][nlinks][16] in the order of links */
	int32_t *early_start,
		*late_start; /* [nblocks][ntasks][16]; finishes are these plus the durations */
	int32_t *finish; /* [nblocks][16] */
};

/* False: the links make a loop, or there are more than 256 tasks. Durations and lags start at zero. */
MUST_USE bool portfolio_open(struct arena *a, int32_t ntasks, const struct portfolio_link *links,
	int32_t nlinks, int32_t nprojects, struct portfolio *out);
/* Position of link i of portfolio_open() among the ordered ones. */
int32_t portfolio_link_place(const struct portfolio *p, struct portfolio_link link);

static inline size_t portfolio_at(const struct portfolio *p, int32_t project, int32_t task)
{
	return ((size_t)(project / PORTFOLIO_LANES) * (size_t)p->ntasks + (size_t)task) *
		PORTFOLIO_LANES +
		(size_t)(project % PORTFOLIO_LANES);
}
static inline size_t portfolio_lag_at(const struct portfolio *p, int32_t project, int32_t link)
{
	return ((size_t)(project / PORTFOLIO_LANES) * (size_t)p->nlinks + (size_t)link) *
		PORTFOLIO_LANES +
		(size_t)(project % PORTFOLIO_LANES);
}

/* Schedules blocks first..last-1; ranges may run on several threads at once. */
void portfolio_run(const struct portfolio *p, int32_t first_block, int32_t last_block);
/* The four moments of each task of one project on its calendar: out[ntasks]. A finish is where its work ends; sched_run()
   shows the moment of the link where a link to the finish holds it, with the same work before it. */
struct portfolio_dates {
	struct moment early_start, early_finish, late_start, late_finish;
};
void portfolio_dates(const struct portfolio *p, int32_t project, const struct worktime *w,
	struct moment start, struct portfolio_dates *out);

#endif
