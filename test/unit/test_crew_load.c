/* The load of crews over time: small plans a planner can follow. 2026-03-02 is a Monday. */
#include "test/unit/cmocka_all.h"

#include "intake/plan_json.h"
#include "sched/crew_load.h"

static void load(struct arena *a, const char *rest, struct plan *plan, struct crew_loads *out)
{
	struct err err;
	struct schedule s;

	assert_true(plan_json_read(a,
		slice_of(arena_printf(a,
			"{\"guatu_plan\": 1, \"calendars\": ["
			"{\"id\": \"five\", \"week\": {\"mon-fri\": \"08:00-12:00 13:00-17:00\"}},"
			"{\"id\": \"night\", \"week\": {\"mon-fri\": \"20:00-04:00\"}},"
			"{\"id\": \"warm\", \"base\": \"five\", \"exceptions\": [{\"from\": \"2026-03-04\", "
			"\"to\": \"2026-03-05\"}]}],"
			"\"projects\": [{\"id\": \"P\", \"start\": \"2026-03-02\", \"calendar\": \"five\"}], "
			"%s}",
			rest)),
		plan, &err));
	assert_true(sched_run(a, plan, &(struct sched_options){0}, &s, &err));
	crew_load(a, plan, crew_dates_of(a, &s), out);
}

static const char *said(
	struct arena *a, struct moment from, struct moment to, int32_t used, int32_t has)
{
	char x[20], y[20];
	return arena_printf(a, "%s %s %d/%d", moment_text(from, x), moment_text(to, y), used, has);
}

static const char *span(struct arena *a, const struct crew_load *c, int32_t k)
{
	assert_true(k < c->nspans);
	return said(
		a, c->spans[k].from, c->spans[k].to, c->spans[k].used_permille, c->spans[k].has_permille);
}

static const char *day(struct arena *a, const struct crew_load *c, int32_t k)
{
	assert_true(k < c->ndays);
	struct moment m = moment_of(c->days[k].day, 0);
	return arena_printf(
		a, "%.10s %d/%d", said(a, m, m, 0, 0), c->days[k].used_permille, c->days[k].has_permille);
}

static void two_tasks_want_one_crane(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct crew_loads l;
	load(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"2d\"}, {\"id\": \"B\", \"duration\": \"6d\"}],"
		"\"resources\": [{\"id\": \"idle\"}, {\"id\": \"crane\", \"kind\": \"equipment\", "
		"\"capacity\": 1}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crane\"}, {\"task\": \"B\", "
		"\"resource\": \"crane\"}]",
		&plan, &l);
	assert_int_equal(l.n, 1);
	const struct crew_load *c = &l.crews[0];
	assert_string_equal(plan.resources[c->resource].id, "crane");
	assert_int_equal(c->peak_permille, 2000);
	assert_int_equal(c->nspans, 2);
	assert_string_equal(span(a, c, 0), "2026-03-02T08:00 2026-03-03T17:00 2000/1000");
	assert_string_equal(span(a, c, 1), "2026-03-03T17:00 2026-03-09T17:00 1000/1000");
	assert_int_equal(c->noveruses, 1);
	assert_string_equal(said(a, c->overuses[0].from, c->overuses[0].to,
							c->overuses[0].used_permille, c->overuses[0].has_permille),
		"2026-03-02T08:00 2026-03-03T17:00 2000/1000");
	assert_int_equal(c->overuses[0].ntasks, 2);
	assert_int_equal(c->overuses[0].tasks[0], 0);
	assert_int_equal(c->overuses[0].tasks[1], 1);
	assert_int_equal(c->ndays, 6); /* the weekend is nobody's */
	assert_string_equal(day(a, c, 1), "2026-03-03 2000/1000");
	assert_string_equal(day(a, c, 4), "2026-03-06 1000/1000");
	assert_string_equal(day(a, c, 5), "2026-03-09 1000/1000");
	arena_close(a);
}

static void who_is_away_is_missing(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct crew_loads l;
	load(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"3d\"}],"
		"\"resources\": [{\"id\": \"crew\", \"capacity\": 3, \"unavailable\": [{\"from\": "
		"\"2026-03-03\", "
		"\"to\": \"2026-03-04\", \"units\": 2}, {\"from\": \"2026-01-01\", \"to\": "
		"\"2026-01-09\"}]}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\", \"units\": 2}]",
		&plan, &l);
	const struct crew_load *c = &l.crews[0];
	assert_int_equal(c->nspans, 3);
	assert_string_equal(span(a, c, 0), "2026-03-02T08:00 2026-03-03T00:00 2000/3000");
	assert_string_equal(span(a, c, 1), "2026-03-03T00:00 2026-03-04T00:00 2000/1000");
	assert_string_equal(span(a, c, 2), "2026-03-04T00:00 2026-03-04T17:00 2000/3000");
	assert_int_equal(c->noveruses, 1);
	assert_string_equal(day(a, c, 1), "2026-03-03 2000/1000");
	arena_close(a);
}

static void a_crew_is_there_in_its_own_time_only(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct crew_loads l;
	/* the crew rests on Wednesday and Thursday, the task does not */
	load(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"5d\"}],"
		"\"resources\": [{\"id\": \"crew\", \"capacity\": 1, \"calendar\": \"warm\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\"}]",
		&plan, &l);
	const struct crew_load *c = &l.crews[0];
	assert_string_equal(span(a, c, 0), "2026-03-02T08:00 2026-03-02T12:00 1000/1000");
	assert_string_equal(span(a, c, 1), "2026-03-02T12:00 2026-03-02T13:00 0/0");
	assert_int_equal(c->noveruses, 4); /* mornings and afternoons of both days */
	assert_string_equal(said(a, c->overuses[0].from, c->overuses[0].to,
							c->overuses[0].used_permille, c->overuses[0].has_permille),
		"2026-03-04T08:00 2026-03-04T12:00 1000/0");
	assert_int_equal(c->ndays, 5);
	assert_string_equal(day(a, c, 1), "2026-03-03 1000/1000");
	assert_string_equal(day(a, c, 2), "2026-03-04 1000/0");
	arena_close(a);
}

static void a_night_runs_past_midnight(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct crew_loads l;
	load(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"8h\", \"calendar\": \"night\"}],"
		"\"resources\": [{\"id\": \"crew\", \"capacity\": 2, \"calendar\": \"night\"}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\"}]",
		&plan, &l);
	assert_int_equal(l.crews[0].nspans, 1);
	assert_string_equal(span(a, &l.crews[0], 0), "2026-03-02T20:00 2026-03-03T04:00 1000/2000");
	assert_int_equal(l.crews[0].noveruses, 0);
	assert_int_equal(l.crews[0].ndays, 2);
	arena_close(a);
}

static void what_is_done_asks_for_nobody(void **state)
{
	struct arena *a = arena_open();
	struct plan plan;
	struct crew_loads l;
	load(a,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"1d\", \"actual_start\": \"2026-02-20\", "
		"\"actual_finish\": \"2026-02-20T17:00\", \"remaining\": \"0d\"}],"
		"\"resources\": [{\"id\": \"crew\", \"capacity\": 1}],"
		"\"assignments\": [{\"task\": \"A\", \"resource\": \"crew\"}]",
		&plan, &l);
	assert_int_equal(l.n, 0);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(two_tasks_want_one_crane),
		cmocka_unit_test(who_is_away_is_missing),
		cmocka_unit_test(a_crew_is_there_in_its_own_time_only),
		cmocka_unit_test(a_night_runs_past_midnight),
		cmocka_unit_test(what_is_done_asks_for_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
