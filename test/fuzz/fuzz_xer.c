/* An XER file from anywhere: read, schedule, judge. A date is either absent or within the plan's years. */
#include <stdlib.h>

#include "intake/plan_json.h"
#include "intake/xer.h"
#include "sched/quality.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void check_dates(const struct schedule *s)
{
	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		const struct task_dates *d = &s->tasks[i];
		if (moment_is_none(d->early_start))
			continue;
		int32_t day = moment_date(d->early_finish).day;
		if (day < PLAN_FIRST_DAY || day > PLAN_LAST_DAY + 1)
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct plan plan;
	struct schedule s;
	struct quality q;
	struct err err = {0};

	if (xer_read(a, (struct slice){(const char *)bytes, n}, &plan, &found, &err) &&
		plan.ntasks <= 2000 && plan.ncalendars <= 200 && sched_run(a, &plan, NULL, &s, &err)) {
		check_dates(&s);
		if (!plan_quality(a, &s, &q, &err))
			abort();
		struct str text = STR_INIT;
		plan_json_write(&plan, &text);
		str_free(&text);
	}
	arena_close(a);
	return 0;
}
