/*
 * Reads Primavera P6's XML (PMXML, APIBusinessObjects) into a plan: every project of the file with its schedule options,
 * profile `p6`. What P6 computed goes into task.stored; elements we do not use stay in `keep`, as XML.
 *
 * Projects that stand in the file only as the other end of a link (no dates, no durations) are not read; their links name
 * the activity as PROJECT.ACTIVITY. Left out: baseline projects, codes, risks, documents.
 * A number or date the schedule needs and that cannot be read refuses the file with its line and element.
 */
#ifndef INTAKE_PMXML_H
#define INTAKE_PMXML_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"

bool pmxml_looks_like(struct slice head);
MUST_USE bool pmxml_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

#endif
