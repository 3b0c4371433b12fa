/*
 * Calendars compiled for arithmetic. Every moment has a position on a calendar: the working ticks that lie before it. On
 * one calendar a schedule is then plain integer arithmetic, and "Friday 17:00" and "Monday 08:00" are one number.
 *
 * How: days from the first to the last that anything is stated for are tabled (work before the day, its pattern of
 * periods); beyond both ends the week repeats and is computed. Both directions are O(1): the way back goes through a
 * bucket table over the working days. Calendars with the same content are compiled once.
 * Units: ticks of 6 s (model/plan.h). Memory: in the arena given.
 */
#ifndef SCHED_WORKTIME_H
#define SCHED_WORKTIME_H

#include "model/plan.h"

enum { WORKTIME_PERIODS = 32 }; /* working periods of one day, at most */

struct worktime_pattern {
	int32_t n;
	int32_t work;                  /* ticks of the whole day */
	struct { int32_t from, to, before; } periods[WORKTIME_PERIODS]; /* ticks of the day; work before the period */
};

struct worktime {
	int32_t first_day, ndays;      /* the tabled days */
	const int32_t *before;         /* [ndays + 1] work before each day */
	const uint16_t *pattern;       /* [ndays] */
	const struct worktime_pattern *patterns;
	int32_t npatterns;
	uint16_t week[7];              /* pattern of each weekday beyond the ends, 0 Monday */
	int32_t week_before[8];        /* work before each weekday; [7]: of the week */
	int32_t nworking;              /* working days among the tabled ones */
	const int32_t *working_day;    /* [nworking + 1] offset from first_day; the last one is ndays */
	const int32_t *working_before; /* [nworking + 1] */
	const int32_t *bucket;         /* [total >> shift + 2]: first working day whose end lies past the bucket's start */
	int32_t shift;
	int32_t provisional_from;      /* tick; INT32_MAX: never */
	bool never_works;              /* no work in any week and no day with work: dates on it do not exist */
	bool around_the_clock;
};

/* Compiles calendar number `calendar` of the plan (-1: around the clock). The table reaches at least over from..to. */
const struct worktime *worktime_compile(struct arena *a, const struct plan *plan, int32_t calendar, struct date from,
	struct date to);
/* All calendars of the plan at [0..ncalendars-1] and the 24-hour calendar at [ncalendars]; equal ones share. */
const struct worktime **worktime_compile_all(struct arena *a, const struct plan *plan);

/* Working ticks before the moment. */
int32_t worktime_at(const struct worktime *w, int32_t tick);
/* The first moment with that much work before it: where work that is done finishes. */
int32_t worktime_finish(const struct worktime *w, int32_t work);
/* The last moment with that much work before it: where work that comes next starts. */
int32_t worktime_start(const struct worktime *w, int32_t work);

/* The moment itself if work may start (finish) there, else the next working moment (the previous one). */
static inline int32_t worktime_next(const struct worktime *w, int32_t tick)
{
	return worktime_start(w, worktime_at(w, tick));
}
static inline int32_t worktime_previous(const struct worktime *w, int32_t tick)
{
	return worktime_finish(w, worktime_at(w, tick));
}
static inline int32_t worktime_between(const struct worktime *w, int32_t from, int32_t to)
{
	return worktime_at(w, to) - worktime_at(w, from);
}

#endif
