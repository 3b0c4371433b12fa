/*
 * Flat plans and what the native engine makes of them, for the WebAssembly build to repeat: the golden plans, random ones with
 * everything in them, large random ones. usage: make_cases GOLDEN_FOLDER OUT
 * The file: per case the number of words and the plan, the number of words and the schedule.
 */
#include <stdio.h>

#include "base/os.h"
#include "intake/plan_json.h"
#include "sched/flat.h"
#include "test/unit/random_plan.h"

static int cases;

static bool add(struct arena *a, const struct plan *plan, struct str *out)
{
	struct flat flat = {0}, dates = {0};
	struct plan again;
	struct schedule s;
	struct err err;

	flat_write(a, plan, &flat);
	if (!flat_read(a, flat.words, flat.n, &again)) {
		fprintf(stderr, "case %d: its own flat form is refused\n", cases);
		return false;
	}
	if (!sched_run(a, plan, NULL, &s, &err))
		return false;
	flat_schedule(a, &s, &dates);
	str_add(out, (const char *)&flat.n, sizeof(flat.n));
	str_add(out, (const char *)flat.words, sizeof(*flat.words) * (size_t)flat.n);
	str_add(out, (const char *)&dates.n, sizeof(dates.n));
	str_add(out, (const char *)dates.words, sizeof(*dates.words) * (size_t)dates.n);
	cases++;
	return true;
}

/* A layered network on the calendars of a small random plan: each task waits for one or two of the layer before. */
static void large_plan(struct arena *a, uint64_t seed, int32_t n, struct plan *plan)
{
	const int wide = 40;

	random_plan(a, seed, 40, RANDOM_PLAIN | RANDOM_CALENDARS, plan);
	plan->ntasks = n;
	plan->nlinks = 0;
	plan->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)n);
	plan->links = ARENA_ARRAY(a, struct plan_link, 2 * (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		struct plan_task *t = &plan->tasks[i];
		*t = plan_task_default();
		t->id = t->code = t->name = "";
		t->calendar = random_below(&seed, plan->ncalendars);
		t->duration_work = t->remaining_work = (1 + random_below(&seed, 40)) * TICKS_PER_HOUR;
		for (int k = random_below(&seed, 2); k < 2 && i >= wide; k++)
			plan->links[plan->nlinks++] = (struct plan_link){.from_id = "",
				.to_id = "",
				.to = i,
				.from = i / wide * wide - wide + random_below(&seed, wide),
				.type = (enum link_type)random_below(&seed, 4),
				.lag = random_below(&seed, 5) ? 0 : random_below(&seed, 30) * TICKS_PER_HOUR};
	}
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	struct str out = STR_INIT;
	struct err err;
	const char *const *names;
	int n, golden = 0;

	if (argc != 3 || !os_list_folder(a, argv[1], ".json", &names, &n, &err))
		return 2;
	for (int i = 0; i < n; i++) {
		struct slice bytes;
		struct plan plan;
		if (!os_read_file(a, arena_printf(a, "%s/%s", argv[1], names[i]), 1 << 20, &bytes, &err) ||
			!plan_json_read(a, bytes, &plan, &err) || !add(a, &plan, &out))
			return 1;
		golden++;
	}
	for (uint64_t seed = 0; seed < 800; seed++) {
		struct arena *one = arena_open();
		struct plan plan;
		if (seed % 100 == 0)
			large_plan(one, seed, 3000, &plan);
		else
			random_plan(one, seed, 25, RANDOM_ALL, &plan);
		if (!add(one, &plan, &out))
			return 1;
		arena_close(one);
	}
	struct slice bytes = str_view(&out);
	if (golden == 0 || !os_write_file(argv[2], bytes, &err))
		return 1;
	str_free(&out);
	arena_close(a);
	return 0;
}
