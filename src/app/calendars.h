/*
 * The working calendars of the office: one for everywhere, and one for each area that has days of its own (closures,
 * working days, winter stops). An area's calendar holds the days of everywhere, then those of the areas above it in the
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

/* Reads the days anew and replaces the calendars. Takes the locks itself. */
MUST_USE bool calendars_reload(struct app *app, struct err *err);
void calendars_close(struct calendars *c); /* accepts NULL */
/* The same when a committed change touched days or areas; a failure is logged and tried again by the next tick. */
void calendars_refresh(struct app *app);

/* What follows here: under `lock`, and what it gives is good as long as the lock is held. */

/* On the calendar of that area; row -1: everywhere's. */
struct clock_context calendars_context(struct app *app, int32_t area);
/* For a record that the board knows; row -1: everywhere. */
struct clock_context calendars_of_row(struct app *app, int table, int32_t row);
/* For a record on its way, perhaps under one that is as new. */
struct clock_context calendars_of_draft(const struct work *w, const struct draft *d);

/* A day that is entered: not longer than the calendar takes, not ending before it begins. */
MUST_USE bool calendars_check_day(const struct record *day, struct err *err);

#endif
