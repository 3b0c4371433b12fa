/* A plan as numbers, as a page hands it to the engine: whatever the numbers are, it is refused or it schedules. */
#include <stdlib.h>
#include <string.h>

#include "sched/flat.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	int32_t nwords = (int32_t)(n / 4), *words = ARENA_ARRAY(a, int32_t, (size_t)nwords + 1);
	struct flat once = {0}, twice = {0};
	struct plan plan, again;
	struct schedule s;
	struct err err = {0};

	memcpy(words, bytes, (size_t)nwords * 4);
	if (flat_read(a, words, nwords, &plan) && plan.ntasks <= 500 && plan.ncalendars <= 50) {
		flat_write(a, &plan, &once);
		if (!flat_read(a, once.words, once.n, &again))
			abort();
		flat_write(a, &again, &twice);
		if (once.n != twice.n || memcmp(once.words, twice.words, (size_t)once.n * 4) != 0)
			abort();
		if (!sched_run(a, &plan, NULL, &s, &err))
			abort();
		flat_schedule(a, &s, &once);
	}
	arena_close(a);
	return 0;
}
