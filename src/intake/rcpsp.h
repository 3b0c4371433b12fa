/*
 * The public formats of crew problems: PSPLIB .sm (single mode), Patterson .rcp, ProGen/max .SCH. The kind is known by the
 * text itself. Errors name the line.
 */
#ifndef INTAKE_RCPSP_H
#define INTAKE_RCPSP_H

#include "base/arena.h"
#include "base/err.h"
#include "crew/crew.h"

MUST_USE bool rcpsp_read(
	struct arena *a, struct slice text, struct crew_problem *out, struct err *err);

#endif
