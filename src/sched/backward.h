/*
 * Backwards from a required finish (倒排工期): the latest start of every task, the shortage if the plan cannot make it,
 * and then the smallest sets of what the plan's owner is ready to give (plan.relaxations) that make it fit, each with the
 * days it gains.
 *
 * How: the late dates of a backward pass from the required date. The sets: as long as the plan is late, something on
 * one chain that holds its finish must give, so only relaxations that touch this chain are tried, by increasing size;
 * that leaves out no smallest set as long as a relaxation can only help (Reiter's hitting sets). Sizes are proved
 * smallest because every smaller one has been refuted.
 * Units: working ticks on the project's calendar. Memory: in `a`.
 */
#ifndef SCHED_BACKWARD_H
#define SCHED_BACKWARD_H

#include "sched/sched.h"

enum { BACKWARD_MOST_TOGETHER = 6 }; /* relaxations in one set; larger sets are not looked for */

struct relaxation_set {
	int32_t n;
	const int32_t *items;     /* relaxations of the plan, ascending */
	const int32_t *gain_work; /* [n] what the finish would lose again without this one */
	struct moment finish;     /* of the project with the set */
};

struct backward_plan {
	int32_t project;
	struct moment required, finish; /* asked for; what the plan makes as it stands */
	int32_t shortage_work;          /* <= 0: it fits, with that much to spare */
	struct schedule
		late;       /* late dates against the required finish: late_start is the latest start */
	int32_t nalone; /* plan->nrelaxations */
	const int32_t *alone_work; /* what each relaxation gains by itself; < 0: it makes things worse
								  (facts or dates overtook it), is no offer and in no set */
	int32_t nsets;
	const struct relaxation_set
		*sets; /* all of the smallest size, most gain first; none: not even all of them suffice */
	bool complete; /* false: the search was cut off at its limit of runs */
	int64_t runs;
};

/* required NONE: the project's must_finish. project -1: the one that finishes last, as the finish is that of the whole;
 * without `required` the first that must finish. */
MUST_USE bool plan_backward(struct arena *a, const struct plan *plan, int32_t project,
	struct moment required, struct backward_plan *out, struct err *err);

/* The plan with some relaxations taken, for showing; a copy in `a` where it differs. */
struct plan plan_relaxed(struct arena *a, const struct plan *plan, const int32_t *items, int32_t n);

#endif
