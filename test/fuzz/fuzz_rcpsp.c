/*
 * Public crew problems (PSPLIB, Patterson, ProGen/max): what is read stays within what the solver takes, and small ones are
 * solved without a crash, to a schedule that an independent look finds sound.
 */
#include <stdlib.h>

#include "intake/rcpsp.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void solve(struct arena *a, const struct crew_problem *p)
{
	struct crew_options options = {.seed = 1, .schedules = 20};
	struct crew_schedule s;
	struct err err = {0};

	for (int32_t i = 0; i < p->nlinks; i++)
		if (p->links[i].from < 0 || p->links[i].from >= p->n || p->links[i].to < 0 ||
			p->links[i].to >= p->n)
			abort();
	if (p->n > 40 || p->nresources > 8 || p->nlinks > 400)
		return;
	if (crew_solve(a, p, &options, &s, &err) && s.start && crew_check(a, p, s.start))
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct crew_problem problem;
	struct err err = {0};

	if (rcpsp_read(a, (struct slice){(const char *)bytes, n}, &problem, &err))
		solve(a, &problem);
	arena_close(a);
	return 0;
}
