/* A plan that passes all fourteen points, and for each point the same plan with just enough wrong to fail it alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "sched/earned.h"
#include "sched/quality.h"

enum { N = 40 };
#define DAY (8 * TICKS_PER_HOUR)

static const struct shift office[] = {{480, 720}, {780, 1020}};

/* Forty tasks of two days in a row; the first ten are done as the baseline has it. */
static void sound_plan(struct arena *a, struct plan *p)
{
	*p = (struct plan){.source = "test",
		.nprojects = 1,
		.ncalendars = 1,
		.ntasks = N,
		.nlinks = N - 1,
		.nresources = 1,
		.nassignments = N};
	p->calendars = ARENA_NEW(a, struct plan_calendar);
	p->calendars[0] = (struct plan_calendar){.id = "c",
		.name = "c",
		.base = -1,
		.stated = 0x7f,
		.day_minutes = 480,
		.provisional_from = DATE_NONE};
	for (int d = 0; d < 5; d++)
		p->calendars[0].week[d] = (struct day_shifts){2, office};
	p->projects = ARENA_NEW(a, struct plan_project);
	p->projects[0] = plan_project_default(PROFILE_OWN);
	p->projects[0].id = p->projects[0].name = "P";
	p->projects[0].calendar = 0;
	p->projects[0].start = moment_of(date_from_ymd(2026, 3, 2), 480);
	p->projects[0].data_date = moment_of(date_from_ymd(2026, 3, 27), 1020);
	p->tasks = ARENA_ARRAY(a, struct plan_task, N);
	p->links = ARENA_ARRAY(a, struct plan_link, 2 * N);
	p->resources = ARENA_NEW(a, struct plan_resource);
	p->assignments = ARENA_ARRAY(a, struct plan_assignment, N);
	p->resources[0] = (struct plan_resource){
		.id = "crew", .name = "crew", .calendar = -1, .capacity_permille = 1000};
	const struct worktime *w =
		worktime_compile(a, p, 0, moment_date(p->projects[0].start), date_from_ymd(2027, 1, 1));
	int32_t zero = worktime_at(w, p->projects[0].start.tick);
	for (int i = 0; i < N; i++) {
		struct plan_task *t = &p->tasks[i];
		*t = plan_task_default();
		t->id = t->code = t->name = arena_printf(a, "T%02d", i);
		t->duration_work = t->remaining_work = 2 * DAY;
		t->cost_cents = 100000;
		t->baselines = ARENA_NEW(a, struct baseline);
		t->nbaselines = 1;
		t->baselines[0] = (struct baseline){.start = {worktime_start(w, zero + i * 2 * DAY)},
			.finish = {worktime_finish(w, zero + (i + 1) * 2 * DAY)},
			.duration_work = 2 * DAY};
		if (i < 10) {
			t->state = TASK_COMPLETE;
			t->remaining_work = 0;
			t->actual_start = t->baselines[0].start;
			t->actual_finish = t->baselines[0].finish;
		}
		p->assignments[i] =
			(struct plan_assignment){.task = i, .resource = 0, .units_permille = 1000};
		if (i > 0)
			p->links[i - 1] =
				(struct plan_link){.from = i - 1, .to = i, .from_id = "", .to_id = ""};
	}
}

static struct quality judge(struct arena *a, const struct plan *p)
{
	struct schedule s;
	struct quality q;
	struct err err = {0};
	assert_true(sched_run(a, p, NULL, &s, &err));
	assert_true(plan_quality(a, &s, &q, &err));
	return q;
}

static void the_sound_plan_passes(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	struct quality q = judge(a, &p);
	for (int i = 0; i < 14; i++)
		if (q.dcma[i].answer != QUALITY_PASSED)
			fail_msg("%s: %lld of %lld", q.dcma[i].id, (long long)q.dcma[i].bad,
				(long long)q.dcma[i].of);
	assert_int_equal(q.findings.n, 0);
	arena_close(a);
}

static void spoil(struct arena *a, struct plan *p, int point)
{
	struct plan_task *t = &p->tasks[20];
	switch (point) {
	case 1: /* a second open end: 2 of 30 */ p->links[19 - 1 + 1] = p->links[--p->nlinks]; break;
	case 2: p->links[25].lag = -DAY; break;
	case 3: /* two lags of 30 */ p->links[25].lag = p->links[26].lag = DAY; break;
	case 4: /* four of 30; start to start with the whole of the predecessor in between keeps the dates */
		for (int i = 30; i < 34; i++)
			p->links[i].type = LINK_FF;
		break;
	case 5: /* two of 30 */
		for (int i = 20; i < 22; i++) {
			p->tasks[i].constraint[0].kind = CONSTRAINT_FINISH_NOT_LATER;
			p->tasks[i].constraint[0].date = moment_of(date_from_ymd(2026, 12, 1), 1020);
		}
		break;
	case 6: /* two tasks that nothing but the end waits for: 50 days of float */
		for (int i = 0; i < 2; i++) {
			p->links[p->nlinks++] =
				(struct plan_link){.from = 9, .to = 12 + i, .from_id = "", .to_id = ""};
			p->links[p->nlinks++] =
				(struct plan_link){.from = 12 + i, .to = N - 1, .from_id = "", .to_id = ""};
		}
		p->links[13].from = 11; /* 13 -> 14 becomes 11 -> 14 */
		p->links[12].from = 9;  /* 12 -> 13 becomes 9 -> 13 */
		p->links[11].from = 9;  /* 11 -> 12 becomes 9 -> 12 */
		break;
	case 7: p->projects[0].must_finish = moment_of(date_from_ymd(2026, 6, 18), 1020); break;
	case 8: /* two of 30 take 45 days */
		for (int i = 20; i < 22; i++)
			p->tasks[i].duration_work = p->tasks[i].remaining_work = 45 * DAY;
		break;
	case 9: p->tasks[9].actual_finish = moment_of(date_from_ymd(2026, 3, 30), 1020); break;
	case 10: p->nassignments--; break;
	case 11: /* one of ten done a day late */
		p->tasks[8].actual_finish.tick += TICKS_PER_DAY;
		break;
	case 12: /* an expected finish swallows the push */
		p->tasks[10].expected_finish = p->tasks[10].baselines[0].finish;
		break;
	case 13: /* five days late on a path of eight weeks and a half */
		for (int i = 20; i < 30; i++)
			p->tasks[i].remaining_work = p->tasks[i].duration_work = 2 * DAY + DAY / 2;
		break;
	case 14: /* nine of ten */
		p->tasks[9].state = TASK_NOT_STARTED;
		p->tasks[9].remaining_work = p->tasks[9].duration_work;
		p->tasks[9].actual_start = p->tasks[9].actual_finish = MOMENT_NONE;
		break;
	}
	(void)a;
	(void)t;
}

static void each_point_fails_on_its_own_fault(void **state)
{
	/* A fault may drag another point along: these, and no others. */
	static const char *const with[15] = {[7] = "D13 ", [8] = "D13 ", [9] = "D11 ", [14] = "D11 "};

	for (int point = 1; point <= 14; point++) {
		struct arena *a = arena_open();
		struct plan p;
		const char *failed = "";
		sound_plan(a, &p);
		spoil(a, &p, point);
		struct quality q = judge(a, &p);
		for (int i = 0; i < 14; i++)
			if (q.dcma[i].answer == QUALITY_FAILED && i != point - 1)
				failed = arena_printf(a, "%s%s ", failed, q.dcma[i].id);
		if (q.dcma[point - 1].answer != QUALITY_FAILED)
			fail_msg("point %d did not fail: %lld of %lld", point, (long long)q.dcma[point - 1].bad,
				(long long)q.dcma[point - 1].of);
		if (!strstr(with[point] ? with[point] : "", failed))
			fail_msg("fault %d: %s failed as well", point, failed);
		assert_true(finding_has(&q.findings, q.dcma[point - 1].id));
		arena_close(a);
	}
}

static void habits_are_named(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	p.tasks[12].code = p.tasks[13].code;
	p.links[20].type = LINK_SF;
	p.links[25].lag = 25 * DAY;
	p.tasks[15].state = TASK_ACTIVE;
	p.tasks[15].actual_start = p.tasks[9].actual_start;
	p.tasks[3].actual_finish = MOMENT_NONE;
	struct quality q = judge(a, &p);
	assert_true(finding_has(&q.findings, "G06"));
	assert_true(finding_has(&q.findings, "G03"));
	assert_true(finding_has(&q.findings, "G05"));
	assert_true(finding_has(&q.findings, "G04"));
	assert_true(finding_has(&q.findings, "P011"));
	arena_close(a);
}

/* ---- Earned value and schedule ------------------------------------------------------------------------------- */

static struct earned earn(struct arena *a, const struct plan *p, enum series series)
{
	struct schedule s;
	struct earned e;
	struct err err = {0};
	assert_true(sched_run(a, p, NULL, &s, &err));
	assert_true(plan_earned(a, &s, 0, series, MOMENT_NONE, &e, &err));
	return e;
}

/* Ten of forty equal tasks done after twenty of eighty days: everything stands at one. */
static void on_plan_is_one(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	struct earned e = earn(a, &p, SERIES_INVESTMENT);
	assert_int_equal(e.planned_total, 40 * 100000);
	assert_int_equal(e.planned, 10 * 100000);
	assert_int_equal(e.earned, 10 * 100000);
	assert_int_equal(e.spi_permille, 1000);
	assert_int_equal(e.earned_work, 20 * DAY);
	assert_int_equal(e.actual_work, 20 * DAY);
	assert_int_equal(e.planned_duration_work, 80 * DAY);
	assert_int_equal(e.spi_time_permille, 1000);
	assert_int_equal(e.tspi_permille, 1000);
	assert_int_equal(e.forecast_duration_work, 80 * DAY);
	arena_close(a);
}

/* Eight and a quarter tasks done: 16.5 of 20 days earned, inside a task, on a part of a period. */
static void partial_periods(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	for (int i = 8; i < 10; i++) {
		p.tasks[i].state = i == 8 ? TASK_ACTIVE : TASK_NOT_STARTED;
		p.tasks[i].actual_finish = MOMENT_NONE;
		p.tasks[i].remaining_work = i == 8 ? 2 * DAY * 3 / 4 : 2 * DAY;
		if (i == 9)
			p.tasks[i].actual_start = MOMENT_NONE;
	}
	p.tasks[8].percent = 2500;
	struct earned e = earn(a, &p, SERIES_INVESTMENT);
	assert_int_equal(e.earned, 825000);
	assert_int_equal(e.spi_permille, 825);
	assert_int_equal(e.earned_work, 16 * DAY + DAY / 2);
	assert_int_equal(e.spi_time_permille, 825);
	assert_int_equal(e.tspi_permille, 1058); /* 63.5 / 60 */
	assert_int_equal(e.forecast_duration_work, (int64_t)80 * DAY * 20 * DAY / (16 * DAY + DAY / 2));
	/* The three series are apart: work says the same here, physical quantity has no plan and so no index. */
	e = earn(a, &p, SERIES_WORK);
	assert_int_equal(e.planned_total, 40 * 2 * DAY);
	assert_int_equal(e.earned, 16 * DAY + DAY / 2);
	e = earn(a, &p, SERIES_QUANTITY);
	assert_int_equal(e.planned_total, 0);
	assert_true(e.spi_permille == INDEX_NONE);
	arena_close(a);
}

/* Finished late: plain SPI is back at one, SPI(t) still tells. */
static void late_completion(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	for (int i = 10; i < N; i++) {
		p.tasks[i].state = TASK_COMPLETE;
		p.tasks[i].remaining_work = 0;
		p.tasks[i].actual_start = p.tasks[i].baselines[0].start;
		p.tasks[i].actual_finish = p.tasks[i].baselines[0].finish;
	}
	p.projects[0].data_date =
		moment_of(date_from_ymd(2026, 7, 17), 1020); /* 100 days instead of 80 */
	struct earned e = earn(a, &p, SERIES_INVESTMENT);
	assert_int_equal(e.spi_permille, 1000);
	assert_int_equal(e.actual_work, 100 * DAY);
	assert_int_equal(e.earned_work, 80 * DAY);
	assert_int_equal(e.spi_time_permille, 800);
	assert_int_equal(e.forecast_duration_work, 100 * DAY);
	assert_true(e.tspi_permille == INDEX_NONE); /* the planned finish has passed */
	arena_close(a);
}

/* A new baseline changes the plan the past is measured by, nothing that was earned. */
static void a_new_baseline(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	sound_plan(a, &p);
	int64_t before = earn(a, &p, SERIES_INVESTMENT).earned;
	for (int i = 0; i < N; i++) {
		p.tasks[i].baselines[0].start.tick += 7 * TICKS_PER_DAY;
		p.tasks[i].baselines[0].finish.tick += 7 * TICKS_PER_DAY;
	}
	struct earned e = earn(a, &p, SERIES_INVESTMENT);
	assert_int_equal(e.earned, before);
	assert_int_equal(e.planned, 750000); /* 15 of 20 days, 7.5 tasks */
	assert_int_equal(e.spi_permille, 1333);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_sound_plan_passes),
		cmocka_unit_test(each_point_fails_on_its_own_fault),
		cmocka_unit_test(habits_are_named),
		cmocka_unit_test(on_plan_is_one),
		cmocka_unit_test(partial_periods),
		cmocka_unit_test(late_completion),
		cmocka_unit_test(a_new_baseline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
