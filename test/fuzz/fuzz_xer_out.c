/* XER files that are written back: the second copy must read as the first one did, finding by finding. */
#include "intake/xer.h"
#include "test/fuzz/plan_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct plan plan;
	struct err err = {0};

	if (xer_read(a, (struct slice){(const char *)bytes, n}, &plan, &found, &err)) {
		check_plan(a, &plan, PLAN_AS_XER);
		if (plan.ntasks <= 500)
			check_written(a, &plan, PLAN_AS_MSPDI);
	}
	arena_close(a);
	return 0;
}
