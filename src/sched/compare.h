/*
 * Two plans, or a plan and its baseline, task by task: what came, what went, what moved and by how much. Tasks are matched
 * by project and code, then by id. Shifts are counted in work on the later plan's calendar of the task, so a shift of one
 * day is one working day whatever lies between.
 */
#ifndef SCHED_COMPARE_H
#define SCHED_COMPARE_H

#include "sched/sched.h"

enum change_kind { CHANGE_ADDED, CHANGE_REMOVED, CHANGE_MOVED };

enum { /* what else differs, as bits */
	DIFFERS_DURATION = 1,
	DIFFERS_LOGIC = 2, /* other predecessors, types or lags */
	DIFFERS_CONSTRAINT = 4,
	DIFFERS_CALENDAR = 8,
	DIFFERS_PROGRESS = 16,
	DIFFERS_NAME = 32,
	DIFFERS_CRITICAL = 64,
};

struct plan_change {
	enum change_kind kind;
	int32_t before, after; /* tasks, -1 when not there */
	int32_t start_shift_work, finish_shift_work,
		float_change_work; /* later, more: positive; 0 when unknown */
	uint32_t differs;
};

struct plan_changes {
	int32_t n;
	struct plan_change
		*items; /* in the later plan's order, removed ones last; unchanged tasks are left out */
	int32_t nsame;
};

void plans_compare(struct arena *a, const struct schedule *before, const struct schedule *after,
	struct plan_changes *out);
/* Against the baseline kept in the plan itself (number 0): shifts and durations only, tasks without one are added. False:
 * no task has one. */
bool baseline_compare(struct arena *a, const struct schedule *now, struct plan_changes *out);

#endif
