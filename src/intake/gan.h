/*
 * Reads GanttProject's files (.gan) into a plan. GanttProject plans in whole working days and every task states its start:
 * days become 08:00-12:00 and 13:00-17:00, and the plan gets the profile `msproject`, whose started tasks stay where they
 * are. A strong link pulls its successor; a task without one starts no earlier than it states (a rubber link only pushes).
 * Colours, views, roles, vacations and custom columns stay in `keep`. Bad numbers and dates refuse the file with the line.
 */
#ifndef INTAKE_GAN_H
#define INTAKE_GAN_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"

bool gan_looks_like(struct slice head);
MUST_USE bool gan_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

#endif
