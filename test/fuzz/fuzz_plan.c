/* Our own plan format: what is read is written, read again and written the same, and schedules without a crash. */
#include <stdlib.h>

#include "intake/plan_json.h"
#include "sched/backward.h"
#include "sched/sched.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void there_and_back(struct arena *a, const struct plan *plan)
{
	struct str once = STR_INIT, twice = STR_INIT;
	struct plan again;
	struct err err = {0};

	plan_json_write(plan, &once);
	if (!plan_json_read(a, str_view(&once), &again, &err))
		abort();
	plan_json_write(&again, &twice);
	if (!slice_equal(str_view(&once), str_view(&twice)))
		abort();
	str_free(&once);
	str_free(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct schedule s;
	struct backward_plan b;
	struct err err = {0};

	if (plan_json_read(a, (struct slice){(const char *)bytes, n}, &plan, &err) &&
		plan.ntasks <= 500 && plan.ncalendars <= 50) {
		there_and_back(a, &plan);
		if (!sched_run(a, &plan, NULL, &s, &err))
			abort();
		if (plan.ntasks <= 20 && plan.nrelaxations <= 6 && plan.ncalendars <= 4 &&
			!plan_backward(a, &plan, 0, MOMENT_NONE, &b, &err) && err.code != ERR_INPUT)
			abort();
	}
	arena_close(a);
	return 0;
}
