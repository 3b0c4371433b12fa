/*
 * One door for plan files: reading looks at the bytes, not at the name, and calls the reader of that format; writing goes by
 * the ending of the name. docs/plans.md says what is read, written and left out.
 */
#ifndef INTAKE_PLAN_FILE_H
#define INTAKE_PLAN_FILE_H

#include "base/err.h"
#include "base/str.h"
#include "model/finding.h"
#include "model/plan.h"

MUST_USE bool plan_file_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

enum plan_format { PLAN_AS_JSON, PLAN_AS_XER, PLAN_AS_MSPDI };

/* By the ending: .json, .xer, .xml. */
MUST_USE bool plan_format_of(const char *path, enum plan_format *out, struct err *err);
/* What the format has no place for is added to `found`. */
MUST_USE bool plan_file_write(struct arena *a, const struct plan *plan, enum plan_format format,
	struct str *out, struct findings *found, struct err *err);

#endif
