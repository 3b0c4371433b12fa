/*
 * MS Project schedules a task without a calendar of its own by its labour: it works whenever one of the crews does. Sets
 * crew_calendar of every task from its assignments. Crews on one calendar: that one. On several: a calendar of their
 * united working time is added to the plan (plan_calendar.united), one for each set of calendars, resolved here into a
 * week and work weeks, so that the engine knows nothing of it and writers of other programs' files leave it out.
 */
#ifndef INTAKE_CREW_CALENDAR_H
#define INTAKE_CREW_CALENDAR_H

#include "base/err.h"
#include "model/plan.h"

MUST_USE bool plan_find_crew_calendars(struct arena *a, struct plan *plan, struct err *err);

#endif
