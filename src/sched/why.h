/*
 * Why a date is what it is: one sentence for each date, back to something a person chose (a start, a constraint, an
 * actual date, a duration's owner). The chain follows what holds each date; where several things hold it equally, the
 * first link in the plan's order is named.
 */
#ifndef SCHED_WHY_H
#define SCHED_WHY_H

#include "base/str.h"
#include "sched/sched.h"

struct why_step {
	int32_t task;
	struct moment start, finish; /* of the task, early or late as asked */
	enum reason reason; /* what holds it; REASON_LINK leads to the next step, and REASON_SPAN of a
						   linked summary to the part that gives it that date */
	int32_t link;       /* for REASON_LINK, else -1 */
};

/* From the task back (early) or on (late) to the root. In `a`; *n is 0 when the task has no such date. */
const struct why_step *why_steps(
	struct arena *a, const struct schedule *s, int32_t task, bool late, int32_t *n);
/* The sentence in the reader's language; "" without a date. */
void why_say(struct arena *a, const struct schedule *s, int32_t task, bool late, enum lang lang,
	struct str *out);

#endif
