/*
 * What crews have to do, and what there is of them: the load of each limited crew over time, and where it is used beyond
 * what there is. For any dates: of the schedule, of a levelled plan, of bars being dragged.
 *
 * A crew is bound to a task from its start to its finish, nights and holidays between included, as levelling counts it
 * (level.h). A crew with a calendar of its own is there only in its working time: outside it there is none of it, and
 * only tasks whose dates leave too little time to rest with it ask for it, while they work. Absences take away from what there is. Material, cost and resources without a
 * stated capacity have no load. Assignments count as planned; other modes of a task do not.
 *
 * Pure; the same dates give the same answer; memory in the arena given. A flat plan (flat.h) carries all that is read
 * here but absences, so the page can ask it too.
 */
#ifndef SCHED_CREW_LOAD_H
#define SCHED_CREW_LOAD_H

#include "sched/sched.h"

struct crew_dates {
	struct moment start, finish; /* MOMENT_NONE: asks for nobody */
};

/* From one moment to the next nothing changes. In order and without gaps from the crew's first task to its last. */
struct crew_span {
	struct moment from, to;
	int32_t used_permille, has_permille; /* 1000: one unit */
};

/* A stretch in which more is used than there is. */
struct crew_overuse {
	struct moment from, to;
	int32_t used_permille, has_permille; /* where most is missing */
	int32_t ntasks;
	const int32_t *tasks; /* that use the crew somewhere in it, by start, then by number */
};

/* A day on which some task of the crew works; its worst moment. */
struct crew_day {
	struct date day;
	int32_t used_permille, has_permille;
};

struct crew_load {
	int32_t resource, capacity_permille, peak_permille;
	int32_t nspans, noveruses, ndays;
	const struct crew_span *spans;
	const struct crew_overuse *overuses;
	const struct crew_day *days;
};

struct crew_loads {
	int32_t n; /* limited resources with tasks that have dates, in the order of the plan */
	const struct crew_load *crews;
};

/* What is still to do, by the schedule's early dates. [plan->ntasks], in `a`. */
struct crew_dates *crew_dates_of(struct arena *a, const struct schedule *s);
/* `dates` is [plan->ntasks]. */
void crew_load(struct arena *a, const struct plan *plan, const struct crew_dates *dates,
	struct crew_loads *out);

#endif
