/* Tasks that only span others: summaries by outline or by WBS, and levels of effort. They drive nothing. */
#ifndef SCHED_SPAN_H
#define SCHED_SPAN_H

#include "sched/cpm.h"

/* Fills the spanning tasks in dates[ntasks], where the others are filled already. */
void span_dates(struct arena *a, const struct network *net, struct task_dates *dates);
/* The dates of a task to show: the actual ones of what has happened, else the early ones. */
void span_show(const struct plan_task *t, struct task_dates *d);

#endif
