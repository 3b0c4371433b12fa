/*
 * Reads and writes Microsoft Project's XML (MSPDI). The plan gets the profile `msproject`; what the program stored as its own
 * dates goes into task.stored. Every element stays in `keep`, as XML, in its order; the writer changes those whose value the
 * plan states otherwise. What MSPDI has no place for is named by finding X004.
 *
 * A duration, date or number the schedule needs and that cannot be read refuses the file with its line and element.
 */
#ifndef INTAKE_MSPDI_H
#define INTAKE_MSPDI_H

#include "base/err.h"
#include "base/str.h"
#include "model/finding.h"
#include "model/plan.h"

bool mspdi_looks_like(struct slice head);
MUST_USE bool mspdi_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

MUST_USE bool mspdi_write(struct arena *a, const struct plan *plan, struct str *out,
	struct findings *found, struct err *err);

#endif
