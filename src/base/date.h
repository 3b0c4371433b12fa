/*
 * Civil dates and instants. A date counts days since 1970-01-01 (proleptic Gregorian); an instant counts
 * milliseconds since 1970-01-01T00:00Z. The office's local time is a fixed offset from UTC (default +08:00): it
 * is an argument wherever it matters, never the process's TZ. Nothing here reads a clock (see os.h).
 */
#ifndef BASE_DATE_H
#define BASE_DATE_H

#include "base/base.h"
#include "base/str.h"

struct date {
	int32_t day;
}; /* DATE_NONE: no date */
struct month {
	int32_t index;
}; /* year * 12 + (month - 1) */
struct instant {
	int64_t ms;
}; /* INSTANT_NONE: none */
struct ymd {
	int year, month, day;
};

#define DATE_NONE ((struct date){INT32_MIN})
#define INSTANT_NONE ((struct instant){INT64_MIN})
#define MS_PER_DAY INT64_C(86400000)

static inline bool date_is_none(struct date d)
{
	return d.day == INT32_MIN;
}

bool date_valid_ymd(int year, int month, int day);       /* years 1 to 9999 */
struct date date_from_ymd(int year, int month, int day); /* must be valid */
struct ymd date_ymd(struct date d);
int date_weekday(struct date d); /* 1 Monday .. 7 Sunday */
int date_year(struct date d);
int month_days(int year, int month);
struct date date_add_months(struct date d, int months); /* 31 Jan + 1 -> 28 or 29 Feb */
struct month month_of(struct date d);
struct date month_first(struct month m);
struct date month_last(struct month m);
int month_year(struct month m);
int month_number(struct month m); /* 1..12 */

MUST_USE bool date_parse_iso(struct slice text, struct date *out);   /* 2026-03-31 */
MUST_USE bool month_parse_iso(struct slice text, struct month *out); /* 2026-03 */
MUST_USE bool instant_parse_iso(
	struct slice text, int offset_minutes, struct instant *out); /* RFC 3339, offset optional */
void date_format(struct str *out, struct date d);                /* 2026-03-31 */
void month_format(struct str *out, struct month m);              /* 2026-03 */
void instant_format(struct str *out, struct instant t,
	int offset_minutes); /* 2026-03-31T08:00:00+08:00, with .mmm if any */

struct date instant_date(struct instant t, int offset_minutes); /* the local day */
int instant_minute_of_day(struct instant t, int offset_minutes);
struct instant date_instant(struct date d, int minute_of_day, int offset_minutes);

#define OFFSET_CHINA 480

#endif
