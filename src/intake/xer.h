/*
 * Reads Primavera P6 exchange files (XER) into a plan: every project of the file with its own schedule options. Columns we
 * do not use stay with their rows, tables we do not use stay as tables. What P6 itself computed goes into task.stored.
 *
 * A number or date the schedule needs and that cannot be read refuses the file with its line and column. References to
 * things the file does not hold are findings of the schedule; calendars that cannot be read are findings here.
 */
#ifndef INTAKE_XER_H
#define INTAKE_XER_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"

bool xer_looks_like(struct slice bytes);
MUST_USE bool xer_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

/* P6's calendar text, "(0||CalendarData()( ...". Sets week, stated, exceptions. False: it cannot be read; *out is as
 * far as it got. */
MUST_USE bool xer_calendar_parse(struct arena *a, struct slice text, struct plan_calendar *out);

#endif
