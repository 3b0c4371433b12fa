/* Are two plans the same? For round trips: everything the engine uses, and what was kept of the source. */
#ifndef TEST_PLAN_SAME_H
#define TEST_PLAN_SAME_H

#include "model/plan.h"

struct sameness {
	bool ids;   /* the sources' keys are the same */
	bool keeps; /* kept columns and tables are the same, value by value */
	bool days;  /* calendars are compared day by day, not by how they are stated */
};

/* NULL: they are; else the first difference, in `a`. */
const char *plan_difference(
	struct arena *a, const struct plan *x, const struct plan *y, struct sameness how);

#endif
