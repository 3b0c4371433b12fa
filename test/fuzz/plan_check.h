/* What every plan that was read must bear: it schedules, and what is written of it in any format reads again. */
#ifndef TEST_FUZZ_PLAN_CHECK_H
#define TEST_FUZZ_PLAN_CHECK_H

#include <stdlib.h>

#include "intake/plan_file.h"
#include "sched/sched.h"

static inline void check_written(struct arena *a, const struct plan *plan, enum plan_format format)
{
	struct findings found = {.arena = a};
	struct str out = STR_INIT;
	struct plan again;
	struct err err = {0};

	if (!plan_file_write(a, plan, format, &out, &found, &err))
		abort();
	/* JSON wants ids, and its own limits of sizes; the other two are their own readers' business. */
	bool read = plan_file_read(a, str_view(&out), &again, &found, &err);
	if (!read && format != PLAN_AS_JSON)
		abort();
	str_free(&out);
}

static inline void check_plan(struct arena *a, const struct plan *plan, enum plan_format own)
{
	struct schedule s;
	struct err err = {0};

	if (plan->ntasks > 500 || plan->ncalendars > 50)
		return;
	if (!sched_run(a, plan, NULL, &s, &err))
		abort();
	for (int32_t i = 0; i < plan->ntasks; i++) {
		struct moment m = s.tasks[i].early_start;
		if (!moment_is_none(m) &&
			(moment_date(m).day < PLAN_FIRST_DAY - 1 || moment_date(m).day > PLAN_LAST_DAY + 1))
			abort();
	}
	check_written(a, plan, own);
	check_written(a, plan, PLAN_AS_JSON);
}

#endif
