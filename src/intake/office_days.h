/*
 * The office's working calendar in a plan. A calendar of a plan that follows it (`follows` in docs/plan-format.md) takes
 * its days off and make-up days as exceptions marked as the office's; one that follows the site rests in its winter stops
 * too. They are worked out anew whenever the plan is scheduled, so a day entered later moves the plans it touches; the
 * plan's own exceptions come after them and win.
 *
 * A day of the weekend that the calendar's week works although the office does not is free beside a free Friday or Monday:
 * it lies within the holiday. A make-up day is worked with the hours of the first day of the week that has any.
 */
#ifndef INTAKE_OFFICE_DAYS_H
#define INTAKE_OFFICE_DAYS_H

#include "base/say.h"
#include "model/calendar.h"
#include "model/plan.h"

enum { OFFICE_DAYS_YEARS = 8 }; /* so far past the plan's start and data date */

bool plan_follows_office(const struct plan *p); /* does any calendar of it? */
/* p->calendars becomes a copy in `a`; the arrays it had are left as they were. */
void plan_follow_office(
	struct arena *a, struct plan *p, const struct calendar *office, enum lang lang);

#endif
