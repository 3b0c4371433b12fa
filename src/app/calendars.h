/*
 * The working calendars of the office: one for everywhere, and one for each area that has days of its own (closures,
 * working days, seasons). An area's calendar holds the days of everywhere, then those of the areas above it in the
 * area tree, then its own: the narrower word wins over the wider, the later entry over the earlier. An area without days
 * of its own counts on the calendar of the nearest area above it that has some.
 *
 * A clock counts on the calendar of its record's area: the record's own (the field its definition calls `place`), else
 * that of what it hangs under (its project), else that of its owner unit, else that of its project's. Days that are
 * entered later count for what is reckoned later: a deadline that was set stays.
 */
#ifndef APP_CALENDARS_H
#define APP_CALENDARS_H

#include "app/inside.h"

struct draft;
struct work;

/* From the days and areas of that board (NULL: none, the State Council's days alone) and the days on their way in `w`
 * (NULL: none). */
MUST_USE bool calendars_build(const struct board *b, const struct work *w, struct calendars **out,
	struct err *err);                      /* owned: calendars_close */
void calendars_close(struct calendars *c); /* accepts NULL */
/* Are they to be built anew after this change? */
bool calendars_touched(const struct calendars *c, const struct change *change);

/* Of the record in that row of the same board; row -1: everywhere's. */
const struct calendar *calendars_of_row(
	const struct calendars *c, const struct board *b, int table, int32_t row);

/* The area whose calendar the record counts on, as a row of register area; -1: everywhere's. */
int32_t calendars_place_of_row(const struct board *b, int table, int32_t row);

/* Of that row of register area; -1: everywhere's. */
const struct calendar *calendars_of_area(
	const struct calendars *c, const struct board *b, int32_t area);

/* With the app's own calendars and board, under `lock` and good as long as it is held: of a record that the board knows,
 * and of one on its way, perhaps under one that is as new. */
struct clock_context app_clocks_of(struct app *app, const char *reg, struct uuid record);
struct clock_context app_clocks_of_draft(const struct work *w, const struct draft *d);

/* A day that is entered: not longer than the calendar takes, not ending before it begins, yearly only if it is a season. */
MUST_USE bool calendars_check_day(const struct record *day, struct err *err);

#endif
