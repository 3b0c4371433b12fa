/* Tasks that only span others: summaries by outline or by WBS, and levels of effort. They drive nothing. */
#ifndef SCHED_SPAN_H
#define SCHED_SPAN_H

#include "sched/cpm.h"

/* Fills early and late moments of the spanning tasks in dates[ntasks], where the others are filled already; and of all the
 * dates to show, which are the actual ones of what has happened. */
void span_dates(struct arena *a, const struct network *net, struct task_dates *dates);

#endif
