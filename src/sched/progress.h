/*
 * What has happened, laid over a plan: nodes reached and the day the news reaches to. A plan drawn in an office knows
 * nothing of the site; reports and milestones do, and they come by themselves.
 *
 * A node that was reached makes its task complete. What only leads up to a complete task counts as complete with it, no
 * later than that task: people report the node, not the steps before it. (SAS/OR's CPM procedure assumes the same unless told
 * otherwise.) A started task keeps what remains: its duration less the working time since its start.
 */
#ifndef SCHED_PROGRESS_H
#define SCHED_PROGRESS_H

#include "model/plan.h"

struct reached {
	int32_t task;
	struct date started, finished; /* DATE_NONE: not yet */
};

/* A copy of the plan, in `a`, with the facts in it. `until`: the last day the facts reach to; DATE_NONE: the plan's own data
 * date stays. It never goes back. Facts from after it are taken as they are. */
struct plan plan_with_progress(struct arena *a, const struct plan *plan,
	const struct reached *reached, int32_t n, struct date until);

#endif
