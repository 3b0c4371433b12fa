/* One edit after the other on the same state, each compared with a full run of the edited plan. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "random_plan.h"
#include "sched/incremental.h"

static void check_equal(const struct incremental *inc, const struct plan *p, struct arena *a)
{
	struct schedule s;
	struct err err = {0};

	assert_true(sched_run(a, p, NULL, &s, &err));
	for (int i = 0; i < p->ntasks; i++) {
		struct four at = inc_dates(inc, i);
		assert_int_equal(at.es, s.tasks[i].early_start.tick);
		assert_int_equal(at.ef, s.tasks[i].early_finish.tick);
		assert_int_equal(at.ls, s.tasks[i].late_start.tick);
		assert_int_equal(at.lf, s.tasks[i].late_finish.tick);
		if (p->tasks[i].state != TASK_COMPLETE)
			assert_int_equal(inc_total_float(inc, i), s.tasks[i].finish_float);
	}
	assert_int_equal(inc_finish(inc, 0).tick, s.projects[0].finish.tick);
}

static void edits_equal_full_runs(void **state)
{
	int64_t touched = 0, nodes = 0, swept = 0, edits = 0;

	for (uint64_t k = 0; k < 1200; k++) {
		struct arena *a = arena_open();
		uint64_t seed = k * 31 + 7;
		struct incremental inc;
		struct plan p;
		struct err err = {0};
		random_plan(a, k, k % 3 ? 16 : 40, k % 8 == 7 ? RANDOM_ALL : (unsigned)(k % 32), &p);
		assert_true(inc_open(a, &p, &inc, &err));
		check_equal(&inc, &p, a);
		for (int edit = 0; edit < 8; edit++) {
			int task = random_below(&seed, p.ntasks);
			int32_t work = (1 + random_below(&seed, 60)) * TICKS_PER_HOUR;
			if (p.tasks[task].remaining_work == 0 || p.tasks[task].type != TASK_WORK)
				continue;
			p.tasks[task].remaining_work = work;
			inc_set_duration(&inc, task, work);
			check_equal(&inc, &p, a);
			touched += inc.touched;
			nodes += inc.net.n;
			swept += inc.swept;
			edits++;
		}
		arena_close(a);
	}
	print_message("%lld edits, %lld moved the finish, %.0f %% of the nodes touched\n",
		(long long)edits, (long long)swept, 100.0 * (double)touched / (double)nodes);
	assert_true(touched < 2 * nodes);
	assert_true(swept < edits);
}

/* What an edit reports as changed is exactly what differs from before. */
static void changed_tasks_are_named(void **state)
{
	for (uint64_t k = 0; k < 300; k++) {
		struct arena *a = arena_open();
		struct incremental inc;
		struct plan p;
		struct err err = {0};
		struct four before[40];
		random_plan(a, k, 20, RANDOM_CALENDARS, &p);
		assert_true(inc_open(a, &p, &inc, &err));
		for (int i = 0; i < p.ntasks; i++)
			before[i] = inc_dates(&inc, i);
		int task = (int)(k % (uint64_t)p.ntasks);
		inc_set_duration(&inc, task, p.tasks[task].duration_work + 5 * TICKS_PER_HOUR);
		for (int i = 0; i < p.ntasks; i++) {
			struct four now = inc_dates(&inc, i);
			if (memcmp(&now, &before[i], sizeof(now)) != 0)
				assert_true(inc.is_changed[i]);
		}
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(edits_equal_full_runs), cmocka_unit_test(changed_tasks_are_named)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
