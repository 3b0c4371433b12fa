/*
 * Writes a plan as Primavera's exchange file (XER). A plan that came from an XER file goes back as it was: a kept column is
 * written letter by letter unless the plan now says something else, tables we do not model follow in their places, and the
 * file has the encoding it had. Other plans get the columns P6 wants, ids of numbers, and UTF-8 with a byte order mark.
 *
 * What XER has no place for is named by finding X004: percentages and elapsed time as lags or durations, manual and
 * inactive tasks, deadlines. Summary tasks of an outline become WBS nodes; links to them are left out.
 */
#ifndef INTAKE_XER_OUT_H
#define INTAKE_XER_OUT_H

#include "base/err.h"
#include "base/str.h"
#include "model/finding.h"
#include "model/plan.h"

MUST_USE bool xer_write(struct arena *a, const struct plan *plan, struct str *out,
	struct findings *found, struct err *err);

/* A calendar as P6's text; what comes from its base is spelled out. */
char *xer_calendar_text(struct arena *a, const struct plan *plan, int32_t calendar);

#endif
