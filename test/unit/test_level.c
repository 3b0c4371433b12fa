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

static struct level_problem p; /* of the last level(), for level_check() */

static void level(struct arena *a, const struct plan *plan, bool within_float,
	struct findings *found, struct levelled *out, struct crew_schedule *s)
{
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
	assert_null(level_check(a, &p, &l));
	struct level_move *moves;
	struct crew_loads loads;
	struct crew_dates *now = level_dates_now(a, &p);
	assert_int_equal(level_moves(a, &p, &l, now, &moves), 1);
	assert_int_equal(moves[0].task, 0);
	assert_string_equal(text(a, moves[0].from.start), "2026-03-02T08:00");
	assert_string_equal(text(a, moves[0].to.start), "2026-03-03T08:00");
	assert_string_equal(text(a, moves[0].to.finish), "2026-03-04T17:00");
	assert_int_equal(moves[0].waits_work, 8 * TICKS_PER_HOUR);
	assert_int_equal(moves[0].waits_for, 0);
	assert_int_equal(moves[0].float_work, 8 * TICKS_PER_HOUR); /* it had two days */
	crew_load(a, &plan, now, &loads);
	assert_int_equal(loads.crews[0].noveruses, 1);
	crew_load(a, &plan, level_dates_then(a, &p, &l), &loads);
	assert_int_equal(loads.crews[0].noveruses, 0);
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

static void a_crew_on_leave_is_waited_for(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
	/* the crane is in repair on Tuesday; the weekend that is named too is nobody's working time */
	read_plan(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"2d\"}, {\"id\": \"B\", \"duration\": \"1d\"}],"
		"\"resources\": [{\"id\": \"crane\", \"kind\": \"equipment\", \"unavailable\": ["
		"{\"from\": \"2026-03-03\", \"to\": \"2026-03-04\"},"
		"{\"from\": \"2026-03-07\", \"to\": \"2026-03-09\"}]}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crane\"}, {\"task\": \"B\", "
		"\"resource\": \"crane\"}]",
		&plan);
	level(a, &plan, false, &found, &l, &s);
	assert_int_equal(s.status, CREW_PROVED);
	assert_string_equal(text(a, l.tasks[1].start), "2026-03-02T08:00");
	assert_string_equal(text(a, l.tasks[0].start), "2026-03-04T08:00");
	assert_string_equal(text(a, l.finish), "2026-03-05T17:00");
	assert_null(level_check(a, &p, &l));
	arena_close(a);
}

#define CREW_CALENDARS                                                                             \
	"{\"guatu_plan\": 1, \"calendars\": ["                                                         \
	"{\"id\": \"five\", \"week\": {\"mon-fri\": \"08:00-12:00 13:00-17:00\"}},"                    \
	"{\"id\": \"morning\", \"week\": {\"mon-sat\": \"06:00-12:00\"}},"                             \
	"{\"id\": \"night\", \"week\": {\"mon-fri\": \"20:00-04:00\"}},"                               \
	"{\"id\": \"warm\", \"base\": \"five\", \"exceptions\": [{\"from\": \"2026-03-04\", "          \
	"\"to\": \"2026-03-08\"}]}],"                                                                  \
	"\"projects\": [{\"id\": \"P\", \"start\": \"2026-03-02\", \"calendar\": \"five\"}], %s}"

struct with_crews {
	struct plan plan;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
};

static void level_with_crews(struct arena *a, const char *rest, struct with_crews *w)
{
	struct err err;
	assert_true(plan_json_read(a, slice_of(arena_printf(a, CREW_CALENDARS, rest)), &w->plan, &err));
	level(a, &w->plan, false, &w->found, &w->l, &w->s);
	assert_null(level_check(a, &p, &w->l));
	if (w->s.start)
		assert_null(crew_check(a, &p.crew, w->s.start));
}

static void a_winter_stop_of_the_crew_holds_its_tasks(void **state)
{
	struct arena *a = arena_open();
	struct with_crews w;
	/* The crew rests from Wednesday to Sunday, the plan does not. A: Mon, Tue, then Mon. B needs nobody. C follows A. */
	level_with_crews(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"3d\"}, {\"id\": \"B\", \"duration\": \"3d\"},"
		"{\"id\": \"C\", \"duration\": \"1d\"}], \"links\": [{\"from\": \"A\", \"to\": \"C\"}],"
		"\"resources\": [{\"id\": \"pavers\", \"calendar\": \"warm\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"pavers\"}]",
		&w);
	assert_string_equal(text(a, w.l.tasks[0].start), "2026-03-02T08:00");
	assert_string_equal(text(a, w.l.tasks[0].finish), "2026-03-09T17:00");
	assert_string_equal(text(a, w.l.tasks[1].finish), "2026-03-04T17:00");
	assert_string_equal(text(a, w.l.tasks[2].start), "2026-03-10T08:00");
	assert_int_equal(w.s.finish, 7);                /* days: the search saw the rest as well */
	assert_int_equal(w.plan.tasks[0].calendar, -1); /* nothing of the plan is written */
	arena_close(a);
}

static void two_tasks_share_a_crew_that_rests(void **state)
{
	struct arena *a = arena_open();
	struct with_crews w;
	/* A (2d) before D (4d, nobody) is the longer way: A first, B after the rest */
	level_with_crews(a,
		"\"tasks\": [{\"id\": \"B\", \"duration\": \"2d\"}, {\"id\": \"A\", \"duration\": \"2d\"},"
		"{\"id\": \"D\", \"duration\": \"6d\"}], \"links\": [{\"from\": \"A\", \"to\": \"D\"}],"
		"\"resources\": [{\"id\": \"pavers\", \"calendar\": \"warm\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"pavers\"}, {\"task\": \"B\", "
		"\"resource\": \"pavers\"}]",
		&w);
	assert_string_equal(text(a, w.l.tasks[1].start), "2026-03-02T08:00");
	assert_string_equal(text(a, w.l.tasks[0].start), "2026-03-09T08:00");
	assert_string_equal(text(a, w.l.tasks[0].finish), "2026-03-10T17:00");
	assert_string_equal(text(a, w.l.finish), "2026-03-11T17:00");
	assert_int_equal(w.l.nover, 0);
	struct level_move *moves;
	assert_int_equal(level_moves(a, &p, &w.l, level_dates_now(a, &p), &moves), 1);
	assert_int_equal(moves[0].task, 0);
	assert_int_equal(moves[0].float_work, 8 * TICKS_PER_HOUR);
	arena_close(a);
}

static void shifts_meet(void **state)
{
	struct arena *a = arena_open();
	struct with_crews w;
	/* The task works 08-12 and 13-17, its crew 06-12: four hours a day. The night crew's task keeps its own calendar. */
	level_with_crews(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"10h\"}, {\"id\": \"N\", \"duration\": "
		"\"12h\", "
		"\"calendar\": \"night\"}], \"links\": [{\"from\": \"A\", \"to\": \"N\"}],"
		"\"resources\": [{\"id\": \"early\", \"calendar\": \"morning\"}, {\"id\": \"owls\", "
		"\"calendar\": \"night\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"early\"}, {\"task\": \"N\", "
		"\"resource\": \"owls\"}]",
		&w);
	assert_string_equal(text(a, w.l.tasks[0].finish), "2026-03-04T10:00");
	assert_string_equal(text(a, w.l.tasks[1].start), "2026-03-04T20:00");
	assert_string_equal(text(a, w.l.tasks[1].finish), "2026-03-06T00:00");
	arena_close(a);
}

static void who_never_meets_is_said(void **state)
{
	struct arena *a = arena_open();
	struct with_crews w;
	level_with_crews(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"1d\"}],"
		"\"resources\": [{\"id\": \"owls\", \"calendar\": \"night\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"owls\"}]",
		&w);
	assert_true(finding_has(&w.found, "L003"));
	assert_true(w.l.tasks[0].over);
	assert_string_equal(text(a, w.l.tasks[0].finish), "2026-03-02T17:00");
	arena_close(a);
}

static void two_projects_share_a_crew(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct err err;
	struct findings found;
	struct levelled l;
	struct crew_schedule s;
	assert_true(plan_json_read(a,
		slice_of(
			"{\"guatu_plan\": 1, \"calendars\": [{\"id\": \"five\", \"week\": {\"mon-fri\": "
			"\"08:00-12:00 13:00-17:00\"}}], \"projects\": [{\"id\": \"P\", \"start\": "
			"\"2026-03-02\", \"calendar\": \"five\"}, {\"id\": \"Q\", \"start\": \"2026-03-02\", "
			"\"calendar\": \"five\", \"must_finish\": \"2026-03-03T17:00\"}],"
			"\"tasks\": [{\"id\": \"A\", \"project\": \"P\", \"duration\": \"2d\"}, {\"id\": "
			"\"B\", \"project\": \"Q\", \"duration\": \"2d\"}], \"resources\": [{\"id\": "
			"\"crew\", \"kind\": \"labour\"}], \"assignments\": [{\"task\": \"A\", \"resource\": "
			"\"crew\"}, {\"task\": \"B\", \"resource\": \"crew\"}]}"),
		&plan, &err));
	found = (struct findings){.arena = a};
	struct crew_options options = {.seed = 1, .schedules = 500};
	assert_true(level_prepare(a, &plan, &found, &p, &err));
	level_by_lateness(a, &p);
	assert_true(crew_solve(a, &p.crew, &options, &s, &err));
	assert_int_equal(s.lateness, 0);
	level_apply(a, &p, s.start, false, &l);
	assert_string_equal(text(a, l.tasks[1].finish), "2026-03-03T17:00"); /* Q must finish by then */
	assert_string_equal(text(a, l.tasks[0].start), "2026-03-04T08:00");
	assert_null(level_check(a, &p, &l));
	arena_close(a);
}

static void another_mode_is_taken_where_it_helps(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct err err;
	struct findings found = {.arena = a};
	struct levelled l;
	struct crew_schedule s;
	read_plan(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"4d\"}, {\"id\": \"B\", \"duration\": \"3d\"}],"
		"\"links\": [{\"from\": \"A\", \"to\": \"B\"}], \"resources\": [{\"id\": \"crew\", "
		"\"kind\": "
		"\"labour\", \"capacity\": 2}], \"assignments\": [{\"task\": \"A\", \"resource\": "
		"\"crew\"}],"
		"\"modes\": [{\"id\": \"both\", \"task\": \"A\", \"duration\": \"2d\", \"assignments\": "
		"[{\"resource\": \"crew\", \"units\": 2}]}, {\"id\": \"all\", \"task\": \"A\", "
		"\"duration\": "
		"\"1d\", \"assignments\": [{\"resource\": \"crew\", \"units\": 3}]}]",
		&plan);
	assert_true(level_prepare(a, &plan, &found, &p, &err));
	assert_non_null(p.modes.first);
	int32_t chosen[3];
	struct crew_options options = {.seed = 1, .prove = true, .schedules = 5000};
	assert_true(crew_solve_modes(a, &p.modes, &options, &s, chosen, &err));
	assert_int_equal(s.status, CREW_PROVED);
	level_choose(&p, chosen);
	level_apply(a, &p, s.start, false, &l);
	assert_int_equal(l.tasks[0].mode, 0); /* three crews are not there */
	assert_string_equal(text(a, l.finish), "2026-03-06T17:00");
	assert_null(level_check(a, &p, &l));
	struct str out = STR_INIT; /* and the plan is written as it was read */
	struct plan again;
	plan_json_write(&plan, &out);
	assert_true(plan_json_read(a, slice_of(str_text(&out)), &again, &err));
	assert_int_equal(again.nmodes, 2);
	assert_int_equal(again.modes[0].duration_work, plan.modes[0].duration_work);
	assert_int_equal(again.modes[1].needs[0].units_permille, 3000);
	str_free(&out);
	arena_close(a);
}

static void as_few_crews_as_finish_in_time(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct err err;
	struct findings found = {.arena = a};
	struct levelled l;
	struct crew_schedule s;
	read_plan(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"4d\"}, {\"id\": \"B\", \"duration\": \"2d\"},"
		"{\"id\": \"C\", \"duration\": \"2d\"}], \"resources\": [{\"id\": \"crew\", \"kind\": "
		"\"labour\", \"capacity\": 9}], \"assignments\": [{\"task\": \"A\", \"resource\": "
		"\"crew\"},"
		"{\"task\": \"B\", \"resource\": \"crew\"}, {\"task\": \"C\", \"resource\": \"crew\"}]",
		&plan);
	assert_true(level_prepare(a, &plan, &found, &p, &err));
	struct crew_options options = {.seed = 1, .prove = true};
	int32_t peak[1];
	assert_true(crew_smallest(a, &p.crew, 0, &options, &s, peak, &err));
	assert_int_equal(s.status, CREW_PROVED);
	level_limit(&p, peak);
	assert_int_equal(p.capacity_permille[0], 2000); /* one for A, one for B and then C */
	level_apply(a, &p, s.start, false, &l);
	assert_string_equal(text(a, l.finish), text(a, l.unlimited));
	assert_null(level_check(a, &p, &l));
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
			.calendar = random_below(seed, 3) && plan->ncalendars > 1 ? r % plan->ncalendars : -1,
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
		const char *fault = level_check(a, &p, &l);
		if (fault)
			fail_msg("round %d: %s", (int)round, fault);
		for (int32_t i = 0; i < plan.ntasks; i++)
			assert_true(
				l.tasks[i].delay_work >= l.tasks[i].waits_work && l.tasks[i].waits_work >= 0);
		struct crew_loads loads;
		crew_load(a, &plan, level_dates_then(a, &p, &l), &loads);
		for (int32_t k = 0; k < loads.n && l.nover == 0; k++)
			assert_int_equal(loads.crews[k].noveruses, 0);
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
		cmocka_unit_test(a_crew_on_leave_is_waited_for),
		cmocka_unit_test(a_winter_stop_of_the_crew_holds_its_tasks),
		cmocka_unit_test(two_tasks_share_a_crew_that_rests),
		cmocka_unit_test(shifts_meet),
		cmocka_unit_test(who_never_meets_is_said),
		cmocka_unit_test(two_projects_share_a_crew),
		cmocka_unit_test(another_mode_is_taken_where_it_helps),
		cmocka_unit_test(as_few_crews_as_finish_in_time),
		cmocka_unit_test(random_plans_fit_their_crews),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
