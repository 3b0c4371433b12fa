#include "edit_check.h"

#include "sched/flat.h"

static const char *difference(
	struct arena *a, const struct plan *p, const struct schedule *full, const struct schedule *kept)
{
	struct flat want = {0}, got = {0};

	flat_schedule(a, full, &want);
	flat_schedule(a, kept, &got);
	if (want.n != got.n || memcmp(want.words, got.words, sizeof(*want.words) * (size_t)want.n) != 0)
		return "tasks, projects or findings";
	if (memcmp(full->links, kept->links, sizeof(*full->links) * (size_t)p->nlinks) != 0)
		return "links";
	for (int32_t i = 0; i < p->nprojects; i++)
		if (full->projects[i].finish.tick != kept->projects[i].finish.tick)
			return "the finish of a project";
	return NULL;
}

const char *edit_difference(struct incremental *inc, const struct plan *p)
{
	struct arena *a = arena_open();
	struct schedule full, kept;
	struct err err = {0};
	const char *what = "a full run is refused";

	if (sched_run(a, p, NULL, &full, &err)) {
		inc_schedule(inc, a, &kept);
		what = difference(a, p, &full, &kept);
	}
	arena_close(a);
	return what;
}
