/* Small random plans in whole hours for differential tests: every link type, lags and leads, calendars with night shifts
 * and exceptions, constraints, progress, milestones, options. The same seed, or the same bytes, give the same plan. */
#ifndef TEST_RANDOM_PLAN_H
#define TEST_RANDOM_PLAN_H

#include "model/plan.h"

enum random_kind {
	RANDOM_PLAIN = 1,
	RANDOM_CALENDARS = 2,
	RANDOM_CONSTRAINTS = 4,
	RANDOM_PROGRESS = 8,
	RANDOM_OPTIONS = 16,
	RANDOM_ALL = 31
};

/* Where numbers come from: bytes, one a number and 0 after the last, as a fuzzer hands them; without bytes, the seed. */
struct dice {
	uint64_t seed;
	const uint8_t *bytes, *end;
};

uint64_t random_next(uint64_t *seed);
int random_below(uint64_t *seed, int n);
int roll(struct dice *dice, int n); /* below n; n is at most 256 where bytes are the source */

/* Up to `most` tasks; starts about day 20500 (2026). */
void random_plan(struct arena *a, uint64_t seed, int most, unsigned kinds, struct plan *out);
void rolled_plan(struct arena *a, struct dice *dice, int most, unsigned kinds, struct plan *out);
/* What a planner does to a task: longer, shorter, not before a day, ordered to a day, reported on, another calendar. */
void rolled_edit(struct dice *dice, const struct plan *p, struct plan_task *t);

#endif
