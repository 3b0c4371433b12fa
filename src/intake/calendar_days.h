/*
 * What a calendar says day by day, for readers that unite calendars and writers of formats that know fewer ways to say it.
 * Order of strength as in sched/worktime.h: the week, then work weeks, then exceptions; each from the base calendar up.
 */
#ifndef INTAKE_CALENDAR_DAYS_H
#define INTAKE_CALENDAR_DAYS_H

#include "model/finding.h"
#include "model/plan.h"

/* The week where nothing else is stated. */
void calendar_week_of(const struct plan *plan, int32_t calendar, struct day_shifts week[7]);
/* The day `at`, as if it were weekday `weekday` (0 Monday): inside a span of calendar_spans() only the weekday matters. */
struct day_shifts calendar_day(
	const struct plan *plan, int32_t calendar, struct date at, int weekday);

/* Days from..to, both included, of which exceptions and work weeks of the calendars say all or nothing. */
struct day_span {
	struct date from, to;
};
/* All spans in which any of these calendars states more than its week; in order, not overlapping. In `a`. */
struct day_span *calendar_spans(struct arena *a, const struct plan *plan, const int32_t *calendars,
	int32_t ncalendars, int32_t *n);
/* Working time of either, in order and merged. In `a`. */
struct day_shifts day_union(
	struct arena *a, const struct day_shifts *x, const struct day_shifts *y);

bool day_shifts_equal(const struct day_shifts *x, const struct day_shifts *y);

/* A calendar whose working time is missing or damaged works the week P6 gives a new one, and finding X001 says so. */
void calendar_assume_week(struct plan_calendar *c, struct findings *found, int32_t subject);

#endif
