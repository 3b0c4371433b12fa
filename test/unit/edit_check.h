/* Is what the kept network says after an edit what a full run of the plan says? Every word of the answer. */
#ifndef TEST_EDIT_CHECK_H
#define TEST_EDIT_CHECK_H

#include "sched/incremental.h"

/* NULL: it is; else what differs. */
const char *edit_difference(struct incremental *inc, const struct plan *p);

#endif
