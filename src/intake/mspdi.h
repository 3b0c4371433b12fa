/*
 * Reads and writes Microsoft Project's XML (MSPDI). The plan gets the profile `msproject`; what the program stored as its own
 * dates goes into task.stored. Elements we do not use travel along in `keep`, as XML, in their order.
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
MUST_USE bool mspdi_read(struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

#endif
