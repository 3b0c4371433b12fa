/*
 * The working calendar. What: which days are working days, and deadlines counted on them. How: Monday to Friday,
 * corrected by the State Council's yearly notice (days off and make-up days, facts/holidays.json) and by the office's own
 * days: those of a notice newer than this program (holiday, make-up day), closures, extra working days, winter stops. Kept
 * as the sorted list of days that differ from Monday-Friday, so counting and adding take logarithmic time over any range.
 *
 * Two counts: the office's (letters, answers, permits) and the site's, which also rests during the winter stop.
 * Deadlines follow the Civil Code of China, articles 201 and 203: the first day is not counted, the last day ends at
 * midnight, and a last day that is no working day gives way to the next one (hours are exact).
 * Years after the last notice are provisional: Monday to Friday alone. A year follows the notices when the office has
 * entered National Day of it, 1 October, as a holiday: every notice has it, and none is entered by halves.
 *
 * Seasons. A winter stop or building season (施工黄金期) that is yearly counts each year from its first one on, for
 * CALENDAR_YEARS_AHEAD years past the notices, until a later rule of its kind takes over from the year that begins in.
 */
#ifndef MODEL_CALENDAR_H
#define MODEL_CALENDAR_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "model/register.h"

enum day_kind {
	DAY_CLOSURE,
	DAY_WORKDAY,
	DAY_WINTER_STOP,
	DAY_HOLIDAY,
	DAY_MAKE_UP,
	DAY_BUILDING_SEASON
};
enum day_count { COUNT_OFFICE, COUNT_SITE };

enum {
	CALENDAR_RULE_DAYS = 400,   /* the most that one rule covers */
	CALENDAR_YEARLY_DAYS = 365, /* and one that comes back each year */
	CALENDAR_YEARS_AHEAD = 30
};

/* The office's own days, both ends included. A later one wins over an earlier one and over the notice; a dated one wins
 * over a yearly one. A building season changes no day's work. */
struct day_rule {
	enum day_kind kind;
	struct date from, until;
	bool yearly; /* on these days of every year from that of `from` on; seasons alone */
};

struct
	calendar; /* never changes once built; lives in the arena it was built in; safe to share between threads */

/* The State Council's days from facts/holidays.json, then the office's own rules, in their order. In `a`. */
MUST_USE bool calendar_builtin(struct arena *a, const struct day_rule *rules, int n,
	const struct calendar **out, struct err *err);
MUST_USE bool day_kind_parse(
	const char *name, enum day_kind *out); /* "closure", "workday", "winter_stop" ... */
bool day_kind_yearly(enum day_kind kind);  /* may it come back each year? */

bool calendar_is_workday(const struct calendar *c, enum day_count count, struct date d);
bool calendar_in_winter_stop(const struct calendar *c, struct date d);
bool calendar_provisional(const struct calendar *c, struct date d); /* no notice covers that year */
int calendar_first_year(const struct calendar *c), calendar_last_year(const struct calendar *c);
struct date calendar_next(
	const struct calendar *c, enum day_count count, struct date d); /* first working day >= d */
/* The n-th working day after d (before it when n < 0); n 0 gives calendar_next(d). */
struct date calendar_add(const struct calendar *c, enum day_count count, struct date d, int n);
/* Working days after `from` up to and with `to`; negative when `to` is earlier. */
int calendar_count(
	const struct calendar *c, enum day_count count, struct date from, struct date to);

bool calendar_in_building_season(const struct calendar *c, struct date d);

/* What each of n days from `from` on is: one walk instead of n questions. */
enum { DAY_OFFICE_WORKS = 1, DAY_SITE_WORKS = 2, DAY_IN_WINTER_STOP = 4 };
void calendar_days(const struct calendar *c, struct date from, int n, uint8_t *out);

/* The days between two winter stops. */
struct season {
	bool resting;       /* in a winter stop on that day; until: its last day, days and workdays 0 */
	struct date until;  /* else the last day before the next winter stop */
	int days, workdays; /* left with that day, of the calendar and of the site's count */
};
/* False: no winter stop covers that day or begins within CALENDAR_RULE_DAYS after it. */
bool calendar_season(const struct calendar *c, struct date d, struct season *out);

/* The building season (施工黄金期) that day lies in, or the next one. */
struct building_season {
	bool now;
	struct date from, until;
	int days,
		workdays; /* now: left with that day; else all of it. Of the calendar and of the site's count */
};
/* False: none covers that day or begins within CALENDAR_RULE_DAYS after it. */
bool calendar_building_season(const struct calendar *c, struct date d, struct building_season *out);

/* The last millisecond of a local day. */
struct instant day_end(struct date d, int offset_minutes);
/* When a limit that starts at `start` runs out. */
struct instant calendar_deadline(const struct calendar *c, enum day_count count,
	struct instant start, struct span limit, int offset_minutes);
/* `before` ahead of a deadline: 1wd before Friday's end is Thursday's end. */
struct instant calendar_before(const struct calendar *c, enum day_count count,
	struct instant deadline, struct span before, int offset_minutes);

#endif
