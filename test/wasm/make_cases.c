/*
 * Flat plans and what the native engine makes of them, for the WebAssembly build to repeat: the golden plans, random ones with
 * everything in them, large random ones, the real plans of other folders. usage: make_cases GOLDEN_FOLDER OUT [FOLDER...]
 * The file: per case the number of words and the plan, the number of words and the schedule, the number of edits; per edit the
 * task, the number of its words and these, 1 if the kept network takes it and then the schedule as before.
 */
#include <stdio.h>

#include "base/os.h"
#include "intake/plan_file.h"
#include "intake/plan_json.h"
#include "sched/flat.h"
#include "sched/incremental.h"
#include "test/unit/random_plan.h"

static int cases;

static void put_words(struct str *out, const struct flat *f)
{
	str_add(out, (const char *)&f->n, sizeof(f->n));
	str_add(out, (const char *)f->words, sizeof(*f->words) * (size_t)f->n);
}

/* A bar dragged and made longer: what it says of itself, and what a full run makes of that. */
static bool add_edits(struct arena *a, struct plan *plan, struct str *out)
{
	const int32_t edits = plan->ntasks > 1000 ? 6 : 4;
	uint64_t seed = (uint64_t)cases;
	struct incremental inc;
	struct err err;

	str_add(out, (const char *)&edits, sizeof(edits));
	if (!inc_open(a, plan, &inc, &err))
		return false;
	for (int32_t i = 0, task = random_below(&seed, plan->ntasks); i < edits; i++) {
		struct plan_task now = plan->tasks[task];
		struct flat words = {0}, dates = {0};
		struct schedule s;
		if (i % 2)
			now.duration_work = now.remaining_work += 8 * TICKS_PER_HOUR;
		else
			now.constraint[0] = (struct constraint){CONSTRAINT_START_NOT_EARLIER,
				{plan->projects[0].start.tick + random_below(&seed, 60) * TICKS_PER_DAY}};
		flat_write_task(a, &now, &words);
		const int32_t taken = inc_change(&inc, task, &now);
		str_add(out, (const char *)&task, sizeof(task));
		put_words(out, &words);
		str_add(out, (const char *)&taken, sizeof(taken));
		if (!taken) /* the next one meets a plan that has it */
			plan->tasks[task] = now;
		if (!sched_run(a, plan, NULL, &s, &err) || (!taken && !inc_open(a, plan, &inc, &err)))
			return false;
		flat_schedule(a, &s, &dates);
		put_words(out, &dates);
		if (random_below(&seed, 2))
			task = random_below(&seed, plan->ntasks);
	}
	return true;
}

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
	put_words(out, &flat);
	put_words(out, &dates);
	cases++;
	return add_edits(a, &again, out);
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

/* The plans in a folder of other people's files; what cannot be read is not a plan and is left out. */
static bool add_folder(const char *folder, struct str *out)
{
	struct arena *a = arena_open();
	const char *const *names;
	struct err err;
	bool ok = true;
	int n;

	if (!os_list_folder(a, folder, NULL, &names, &n, &err))
		return false;
	for (int i = 0; i < n && ok; i++) {
		struct arena *one = arena_open();
		struct findings found = {.arena = one};
		struct slice bytes;
		struct plan plan;
		if (os_read_file(one, arena_printf(a, "%s/%s", folder, names[i]), 64 << 20, &bytes, &err) &&
			plan_file_read(one, bytes, &plan, &found, &err) && plan.ntasks > 0)
			ok = add(one, &plan, out);
		arena_close(one);
	}
	arena_close(a);
	return ok;
}

int main(int argc, char **argv)
{
	struct arena *a = arena_open();
	struct str out = STR_INIT;
	struct err err;
	const char *const *names;
	int n, golden = 0;

	if (argc < 3 || !os_list_folder(a, argv[1], ".json", &names, &n, &err))
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
	for (int i = 3; i < argc; i++)
		if (!add_folder(argv[i], &out))
			return 1;
	struct slice bytes = str_view(&out);
	if (golden == 0 || !os_write_file(argv[2], bytes, &err))
		return 1;
	str_free(&out);
	arena_close(a);
	return 0;
}
