/* One door for plan files: looks at the bytes, not at the name, and calls the reader of that format. */
#ifndef INTAKE_PLAN_FILE_H
#define INTAKE_PLAN_FILE_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"

MUST_USE bool plan_file_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err);

#endif
