/*
 * What has happened, laid over a plan: nodes reached, and what the reports that count say of the site. A plan drawn in an
 * office knows nothing of the site; reports and milestones do, and they come by themselves.
 *
 * NODES. A node that was reached makes its task complete.
 *
 * STAGES. A task may carry a stage word of the reports (形象进度: piling, structure). The first report that names a stage
 * begins its tasks: the day after the report before, the report's own day if there is none before, in any case after what
 * was complete before it, and not after the report. Tasks of one stage that wait for each other (FS) are one body of work that is
 * gone through in their order; one that waits for another of its stage through a third that is not complete has not begun.
 * How far the body of work is, is what the last report says if it says it: the share of the quantity planned in the
 * unit that it reports, else the share of all works (the tasks' quantities with the unit %) less what is done elsewhere; else
 * it is the working time since the stage began. While the last report that names a stage names this one, at least a day of it is
 * left; a stage no longer named is over when its time is, and not before the last report that named it.
 *
 * WHAT FOLLOWS. What only leads up to a task that is complete or has begun counts as complete with it (FS, FF), no later than that
 * task, or as begun with it (SS): people report the node, not the steps before it. (SAS/OR's CPM procedure assumes the same
 * unless told otherwise.) Nobody reported when such a task began: it is drawn with its planned duration, not before the plan's
 * start. A begun task keeps what remains.
 */
#ifndef SCHED_PROGRESS_H
#define SCHED_PROGRESS_H

#include "model/plan.h"

struct reached {
	int32_t task;
	struct date started, finished; /* DATE_NONE: not yet */
};

struct site_report {
	struct date until; /* the last day it covers */
	const char *stage; /* NULL: it names none */
	int32_t percent;  /* of all works since their start, in hundredths of a percent; -1: not said */
	int64_t quantity; /* since the start, in thousandths of `unit`; -1: not said */
	const char *unit; /* NULL: none */
};

struct site_facts {
	int32_t nreached, nreports;
	const struct reached *reached;
	const struct site_report *reports; /* by day */
};

/* A copy of the plan, in `a`, with the facts in it. The data date becomes the day after the last report or node reached, so
 * that what is left lies after all that has happened; it never goes back. */
struct plan plan_with_progress(
	struct arena *a, const struct plan *plan, const struct site_facts *facts);

#endif
