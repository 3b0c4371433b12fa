/* P6 XML from anywhere: what is read schedules and can be written. */
#include "intake/pmxml.h"
#include "test/fuzz/plan_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct plan plan;
	struct err err = {0};

	if (pmxml_read(a, (struct slice){(const char *)bytes, n}, &plan, &found, &err))
		check_plan(a, &plan, PLAN_AS_XER);
	arena_close(a);
	return 0;
}
