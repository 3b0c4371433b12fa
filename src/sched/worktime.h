/*
 * Calendars compiled for arithmetic. Every moment has a position on a calendar: the working ticks that lie before it. On
 * one calendar a schedule is then plain integer arithmetic, and "Friday 17:00" and "Monday 08:00" are one number.
 *
 * How: days from the first to the last that anything is stated for are tabled (work before the day, its pattern of
 * periods), and so are the stretches of work without a break, in which time and work run side by side; beyond both ends
 * the week repeats and is computed. Both directions are O(1): buckets of time and of work lead to their stretch. Calendars
 * with the same content are compiled once.
 * Units: ticks of 6 s (model/plan.h). Memory: in the arena given.
 */
#ifndef SCHED_WORKTIME_H
#define SCHED_WORKTIME_H

#include "model/plan.h"

enum { WORKTIME_PERIODS = 32 }; /* working periods of one day, at most */

struct worktime_pattern {
	int32_t n;
	int32_t work; /* ticks of the whole day */
	struct {
		int32_t from, to, before;
	} periods[WORKTIME_PERIODS]; /* ticks of the day; work before the period */
};

struct worktime {
	int32_t first_day, ndays; /* the tabled days */
	const struct worktime_day {
		int32_t before; /* work before the day */
		int32_t pattern;
	} * days; /* [ndays + 1] */
	const struct worktime_pattern *patterns;
	int32_t npatterns;
	uint16_t week[7];       /* pattern of each weekday beyond the ends, 0 Monday */
	int32_t week_before[8]; /* work before each weekday; [7]: of the week */
	int32_t first_tick;
	uint32_t nticks; /* of the tabled days */
	const struct work_stretch {
		int32_t before; /* work before it */
		int32_t from;   /* tick */
	} * stretches;      /* without a break, over midnight too: from the table's start to its end */
	/* The last stretch that starts no later than the bucket does: [work >> work_shift], [tick less the first >> tick_shift]. */
	const int32_t *of_work, *of_tick;
	int32_t work_shift, tick_shift;
	int32_t provisional_from; /* tick; INT32_MAX: never */
	bool never_works; /* no work in any week and no day with work: dates on it do not exist */
	bool around_the_clock;
};

/* Compiles calendar number `calendar` of the plan (-1: around the clock). The table reaches at least over from..to. */
const struct worktime *worktime_compile(
	struct arena *a, const struct plan *plan, int32_t calendar, struct date from, struct date to);
/* All calendars of the plan at [0..ncalendars-1] and the 24-hour calendar at [ncalendars]; equal ones share. */
const struct worktime **worktime_compile_all(struct arena *a, const struct plan *plan);

/* Farther than any plan goes (the years of model/plan.h); positions and moments stop there, so nothing overflows. */
#define TICK_FAR 1400000000
#define WORK_FAR 1300000000

int32_t worktime_at_outside(const struct worktime *w, int32_t tick);
int32_t worktime_start_outside(const struct worktime *w, int32_t work);

/* Working ticks before the moment. */
static inline int32_t worktime_at(const struct worktime *w, int32_t tick)
{
	uint32_t since = (uint32_t)tick - (uint32_t)w->first_tick;

	if (since >= w->nticks)
		return worktime_at_outside(w, tick);
	const struct work_stretch *s = &w->stretches[w->of_tick[since >> w->tick_shift]];
	s += s[1].from <= tick; /* mostly at most one step, and no telling which */
	while (s[1].from <= tick)
		s++;
	int32_t work = s->before + (tick - s->from);
	return work < s[1].before ? work : s[1].before;
}

/* The last moment with that much work before it: where work that comes next starts. */
static inline int32_t worktime_start(const struct worktime *w, int32_t work)
{
	if ((uint32_t)work >= (uint32_t)w->days[w->ndays].before)
		return worktime_start_outside(w, work);
	const struct work_stretch *s = &w->stretches[w->of_work[work >> w->work_shift]];
	s += s[1].before <= work;
	while (s[1].before <= work)
		s++;
	return s->from + (work - s->before);
}

/* The first moment with that much work before it: where work that is done finishes. */
static inline int32_t worktime_finish(const struct worktime *w, int32_t work)
{
	return worktime_start(w, work - 1) + 1;
}

/* The moment itself if work may start (finish) there, else the next working moment (the previous one). */
static inline int32_t worktime_next(const struct worktime *w, int32_t tick)
{
	return worktime_start(w, worktime_at(w, tick));
}
static inline int32_t worktime_previous(const struct worktime *w, int32_t tick)
{
	return worktime_finish(w, worktime_at(w, tick));
}
/* Is that moment worked? `until` is pulled forward to where that may change: the end of the day at the latest. */
bool worktime_works(const struct worktime *w, int32_t tick, int32_t *until);

static inline int32_t worktime_between(const struct worktime *w, int32_t from, int32_t to)
{
	return worktime_at(w, to) - worktime_at(w, from);
}

#endif
