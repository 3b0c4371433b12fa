/*
 * Crews limited, in a plan of ours: tasks wait until the labour and equipment they are assigned is free.
 *
 * How: the open tasks become a crew problem (crew/crew.h) in slots of the largest common length of durations and lags.
 * Its answer is an order. level_apply() then places the tasks in that order on the real calendars, each at the earliest
 * moment that its links allow and at which its crews are free, by the same forward rules as sched_run(). So the dates
 * are exact even where the slots only come near: several calendars, lags on foreign calendars, durations without a
 * common length. A crew stays with its task from start to finish, nights and holidays between included. Started and
 * pinned tasks (mandatory dates, manual ones) stay where they are and take their crews with them.
 *
 * Results are delays on top of the plan's own dates; nothing of the plan is written. Pure; memory in the arena given.
 * Crews may be away (plan_resource.absences): what they work on waits, or is done before. A task may have other modes. Several
 * projects of one plan share their crews. Besides the finish, the lateness after deadlines weighted by priority can be made
 * least, or the crews themselves as few as still finish in time.
 * Crews with calendars of their own (a shift, a winter stop): their tasks work only when both do, and rest in between; the
 * dates without limits already count that. In files of P6 ordinary tasks do not, by its rules. A mode is offered where its
 * crews are there whenever the task works.
 * Left out: material and cost resources, resources of capacity 0 (not stated).
 */
#ifndef SCHED_LEVEL_H
#define SCHED_LEVEL_H

#include "crew/crew.h"
#include "sched/cpm.h"
#include "sched/crew_load.h"

/* A plan made ready for levelling. Activity 0 of `crew` is the start of the plan; activity k stands for node[k]. */
struct level_problem {
	struct crew_problem crew;
	int32_t slot_work;   /* ticks of a slot, working time of `line` */
	bool exact;          /* one calendar and no rounding: a proof about slots holds for the plan */
	const int32_t *node; /* [crew.n]; [0] is -1 */
	struct crew_modes modes;    /* first is NULL: no task has other modes */
	const int32_t *plan_mode;   /* for each of modes.modes its number in the plan */
	int32_t *mode;              /* [plan->ntasks] as chosen, -1: its own */
	int32_t *capacity_permille; /* [plan->nresources] for the dates */
	int32_t *crew_of, scale;    /* [plan->nresources] crew or -1; permille of one unit of a crew */
	int32_t nabsences;
	struct level_absence {
		int32_t resource, from, to, units_permille; /* ticks, first and last working ones */
	} * absences;
	int32_t origin; /* the tick of slot 0 */
	const struct worktime *line;
	const struct plan
		*given; /* as it came; that of `net` has the calendars of crews met with those of tasks */
	struct network *net;
	struct cpm cpm;         /* the plan's own dates, early and late */
	struct findings *found; /* borrowed */
};

struct levelled_task {
	struct moment start, finish; /* MOMENT_NONE: undated */
	int32_t delay_work;          /* working ticks after its own early start, on its calendar */
	int32_t waits_work; /* of that, what it waits for a crew itself; the rest follows others */
	int32_t waits_for;  /* the resource that was free last; -1 */
	int32_t float_work; /* what is left until it holds up the finish; negative: it does */
	int32_t mode;       /* the plan's, -1: its own */
	bool over;          /* its crews are not free then: it could wait no longer, or may not move */
};

struct levelled {
	struct levelled_task *tasks; /* [plan->ntasks] */
	struct moment finish;        /* of the whole plan */
	struct moment unlimited; /* the same if crews were not limited: no answer can be before it */
	int32_t ndelayed, nover;
};

/* Tasks that need more of a crew than there is at all become finding L001 and are taken as needing all of it. */
MUST_USE bool level_prepare(struct arena *a, const struct plan *plan, struct findings *found,
	struct level_problem *out, struct err *err);
/* Makes lateness after deadlines, late constraints and the finishes that projects must keep the first thing to minimise. */
void level_by_lateness(struct arena *a, struct level_problem *problem);
/* Takes the modes that crew_solve_modes() chose, [crew.n]. */
void level_choose(struct level_problem *problem, const int32_t *chosen);
/* Takes the crews that crew_smallest() found, [crew.nresources], instead of what there is. */
void level_limit(struct level_problem *problem, const int32_t *peak);
/* `start` as crew_solve() gave it, in slots; NULL: by latest start. within_float: nothing moves past its late dates; what
 * would have to is left over-allocated (L002). */
void level_apply(struct arena *a, struct level_problem *problem, const int32_t *start,
	bool within_float, struct levelled *out);

/* Of all tasks still to do, [plan->ntasks] in `a`: the dates without limits, and as levelled. */
struct crew_dates *level_dates_now(struct arena *a, const struct level_problem *problem);
struct crew_dates *level_dates_then(
	struct arena *a, const struct level_problem *problem, const struct levelled *levelled);

/* A proposal to take or refuse: this task moves. */
struct level_move {
	int32_t task;
	struct crew_dates from, to;
	int32_t waits_work, waits_for; /* 0 and -1: it only follows moves of tasks before it */
	int32_t float_work;
	bool over; /* and its crews are not free there either */
};
/* What changes against the dates as they stand ([plan->ntasks], crew_load.h), by new start. Taking a move means: the task
 * starts no earlier than to.start; what only follows then follows by the logic. Gives their number, *out in `a`. */
int32_t level_moves(struct arena *a, const struct level_problem *problem,
	const struct levelled *levelled, const struct crew_dates *now, struct level_move **out);

/* An independent look: NULL when no crew is used beyond its capacity, or outside its calendar, by tasks that are not `over`,
 * else what is wrong. */
const char *level_check(
	struct arena *a, const struct level_problem *problem, const struct levelled *levelled);

#endif
