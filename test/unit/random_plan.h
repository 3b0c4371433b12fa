/* Small random plans in whole hours for differential tests: every link type, lags and leads, calendars with night shifts
 * and exceptions, constraints, progress, milestones, options. The same seed gives the same plan. */
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

uint64_t random_next(uint64_t *seed);
int random_below(uint64_t *seed, int n);
/* Up to `most` tasks; starts about day 20500 (2026). */
void random_plan(struct arena *a, uint64_t seed, int most, unsigned kinds, struct plan *out);

#endif
