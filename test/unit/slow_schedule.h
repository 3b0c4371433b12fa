/*
 * The slow, obvious scheduler: the rules of sched/cpm.c written down for whole hours, without work
 * coordinates, topological order, prefix tables or shared code. Calendars are rows of worked hours; dates are found by
 * looking at one hour after the other; everything is computed again and again until nothing changes any more.
 */
#ifndef TEST_SLOW_SCHEDULE_H
#define TEST_SLOW_SCHEDULE_H

#include "model/plan.h"

enum { SLOW_DAYS = 100, SLOW_HOURS = SLOW_DAYS * 24, SLOW_TASKS = 16 };
#define SLOW_NONE INT32_MIN

struct slow_task {
	int es, ef, ls, lf;          /* hours since the horizon's first day */
	int total_float, free_float; /* worked hours; SLOW_NONE */
	bool on_longest_path;
};

/* False: the network does not settle (a loop) or leaves the horizon. first_day: the horizon's. */
bool slow_schedule(const struct plan *plan, int first_day, struct slow_task *out);

#endif
