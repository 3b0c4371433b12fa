/* Levelling plans of ours: small plans a planner can follow, and random ones looked at independently. */
#include "test/unit/cmocka_all.h"

#include "intake/plan_json.h"
#include "sched/level.h"
#include "test/unit/random_plan.h"

#define WEEK                                                                                       \
	"\"calendars\": [{\"id\": \"five\", \"week\": {\"mon-fri\": \"08:00-12:00 13:00-17:00\"}}],"   \
	"\"projects\": [{\"id\": \"P\", \"start\": \"2026-03-02\", \"calendar\": \"five\"}],"

static void read_plan(struct arena *a, const char *rest, struct plan *plan)
{
	struct err err;
	assert_true(plan_json_read(
		a, slice_of(arena_printf(a, "{\"guatu_plan\": 1, %s %s}", WEEK, rest)), plan, &err));
}

static void level(struct arena *a, const struct plan *plan, bool within_float,
	struct findings *found, struct levelled *out, struct crew_schedule *s)
{
	struct level_problem p;
	struct err err;
	struct crew_options options = {.seed = 1, .schedules = 2000, .prove = true};
	*found = (struct findings){.arena = a};
	assert_true(level_prepare(a, plan, found, &p, &err));
	assert_true(crew_solve(a, &p.crew, &options, s, &err));
	level_apply(a, &p, s->start, within_float, out);
	assert_true(!s->start || p.exact == false || within_float || s->status != CREW_PROVED ||
		out->nover == 0);
}

static const char *text(struct arena *a, struct moment m)
{
	char out[20];
	return arena_strdup(a, moment_text(m, out));
}

static const char three_tasks[] =
	"\"tasks\": [{\"id\": \"A\", \"duration\": \"2d\"}, {\"id\": \"B\", \"duration\": \"1d\"},"
	"{\"id\": \"C\", \"duration\": \"3d\"}], \"links\": [{\"from\": \"B\", \"to\": \"C\"}],"
	"\"resources\": [{\"id\": \"crane\", \"name\": \"crane\", \"kind\": \"equipment\"}],"
	"\"assignments\": [{\"task\": \"A\", \"resource\": \"crane\"}, {\"task\": \"B\", \"resource\": "
	"\"crane\"}]";

static void one_crane_goes_first_where_it_matters(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
	read_plan(a, three_tasks, &plan);
	level(a, &plan, false, &found, &l, &s);
	assert_int_equal(s.status, CREW_PROVED);
	assert_string_equal(text(a, l.tasks[1].start), "2026-03-02T08:00");
	assert_string_equal(text(a, l.tasks[0].start), "2026-03-03T08:00");
	assert_string_equal(
		text(a, l.finish), "2026-03-05T17:00"); /* A waits within its float: nothing is lost */
	assert_string_equal(text(a, l.unlimited), "2026-03-05T17:00");
	assert_int_equal(l.tasks[0].delay_work, 8 * TICKS_PER_HOUR);
	assert_int_equal(l.ndelayed, 1);
	assert_null(level_check(a, &plan, &l));
	arena_close(a);
}

static void within_float_nothing_is_late(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
	read_plan(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"3d\"}, {\"id\": \"B\", \"duration\": \"4d\"}],"
		"\"resources\": [{\"id\": \"crew\", \"name\": \"crew\", \"kind\": \"labour\", "
		"\"capacity\": 1.5}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\"}, {\"task\": \"B\", "
		"\"resource\": \"crew\"}]",
		&plan);
	level(a, &plan, true, &found, &l, &s);
	assert_string_equal(text(a, l.finish), text(a, l.unlimited));
	assert_int_equal(l.nover, 1);
	assert_true(finding_has(&found, "L002"));
	level(a, &plan, false, &found, &l, &s);
	assert_string_equal(
		text(a, l.finish), "2026-03-10T17:00"); /* seven working days one after the other */
	assert_int_equal(l.nover, 0);
	arena_close(a);
}

static void asking_for_more_than_there_is_is_said(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
	read_plan(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"1d\"}],"
		"\"resources\": [{\"id\": \"crew\", \"name\": \"crew\", \"kind\": \"labour\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\", \"units\": 2}]",
		&plan);
	level(a, &plan, false, &found, &l, &s);
	assert_true(finding_has(&found, "L001"));
	assert_string_equal(text(a, l.finish), "2026-03-02T17:00");
	arena_close(a);
}

static void give_crews(
	struct arena *a, uint64_t *seed, int32_t capacity_permille, struct plan *plan)
{
	plan->nresources = 2;
	plan->resources = ARENA_ARRAY(a, struct plan_resource, 2);
	plan->nassignments = plan->ntasks;
	plan->assignments = ARENA_ARRAY(a, struct plan_assignment, (size_t)plan->ntasks + 1);
	for (int32_t r = 0; r < 2; r++)
		plan->resources[r] = (struct plan_resource){.id = "R",
			.code = "R",
			.name = "R",
			.calendar = -1,
			.capacity_permille = capacity_permille};
	for (int32_t i = 0; i < plan->ntasks; i++)
		plan->assignments[i] = (struct plan_assignment){.task = i,
			.resource = random_below(seed, 2),
			.units_permille = 500 + 500 * random_below(seed, 2),
			.remaining_duration_work = -1};
}

/* Random plans: crews fit, links hold (no task starts before its own early date), and with crews enough nothing moves. */
static void random_plans_fit_their_crews(void **state)
{
	int delayed = 0;
	for (uint64_t round = 1; round <= 300; round++) {
		struct arena *a = arena_open();
		struct plan plan;
		struct findings found;
		struct levelled l;
		struct crew_schedule s;
		uint64_t seed = round;
		random_plan(a, round, 12,
			RANDOM_PLAIN | (round % 2 ? RANDOM_CALENDARS | RANDOM_CONSTRAINTS : 0), &plan);
		give_crews(a, &seed, 1000, &plan);
		level(a, &plan, false, &found, &l, &s);
		const char *fault = level_check(a, &plan, &l);
		if (fault)
			fail_msg("round %d: %s", (int)round, fault);
		for (int32_t i = 0; i < plan.ntasks; i++)
			assert_true(l.tasks[i].delay_work >= 0);
		assert_true(l.finish.tick >= l.unlimited.tick);
		delayed += l.ndelayed;
		give_crews(a, &seed, 1000 * (plan.ntasks + 1), &plan);
		level(a, &plan, false, &found, &l, &s);
		assert_int_equal(l.ndelayed, 0);
		assert_int_equal(l.finish.tick, l.unlimited.tick);
		arena_close(a);
	}
	assert_true(delayed > 300);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_crane_goes_first_where_it_matters),
		cmocka_unit_test(within_float_nothing_is_late),
		cmocka_unit_test(asking_for_more_than_there_is_is_said),
		cmocka_unit_test(random_plans_fit_their_crews),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
