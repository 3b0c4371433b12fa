/* Sixteen projects an instruction against the engine, project by project. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "random_plan.h"
#include "sched/portfolio.h"
#include "sched/sched.h"

static void equals_the_engine(void **state)
{
	for (uint64_t k = 0; k < 120; k++) {
		struct arena *a = arena_open();
		uint64_t seed = k + 99;
		struct portfolio_link links[64];
		struct portfolio p;
		struct plan plan;
		struct err err = {0};
		int projects = 1 + (int)(k % 40);
		random_plan(a, k * 8, 20, RANDOM_PLAIN, &plan);
		for (int i = 0; i < plan.ntasks; i++) {
			plan.tasks[i].type = TASK_WORK;
			plan.tasks[i].calendar = 0;
		}
		int nlinks = 0;
		for (int i = 0; i < plan.nlinks;
			 i++) { /* one link between two tasks, so that its place is plain */
			bool seen = false;
			for (int j = 0; j < nlinks; j++)
				seen |= links[j].from == plan.links[i].from && links[j].to == plan.links[i].to;
			if (seen)
				continue;
			plan.links[nlinks] = plan.links[i];
			links[nlinks++] = (struct portfolio_link){(uint8_t)plan.links[i].from,
				(uint8_t)plan.links[i].to, (uint8_t)plan.links[i].type};
		}
		plan.nlinks = nlinks;
		assert_true(portfolio_open(a, plan.ntasks, links, nlinks, projects, &p));
		for (int project = 0; project < projects; project++) {
			for (int i = 0; i < plan.ntasks; i++)
				p.duration[portfolio_at(&p, project, i)] =
					(1 + random_below(&seed, 40)) * TICKS_PER_HOUR;
			for (int i = 0; i < nlinks; i++)
				p.lag[portfolio_lag_at(&p, project, portfolio_link_place(&p, links[i]))] =
					(random_below(&seed, 40) - 10) * TICKS_PER_HOUR;
		}
		portfolio_run(&p, 0, p.nblocks);
		const struct worktime *w = worktime_compile_all(a, &plan)[0];
		for (int project = 0; project < projects; project++) {
			struct schedule s;
			for (int i = 0; i < plan.ntasks; i++)
				plan.tasks[i].duration_work = plan.tasks[i].remaining_work =
					p.duration[portfolio_at(&p, project, i)];
			for (int i = 0; i < nlinks; i++)
				plan.links[i].lag =
					p.lag[portfolio_lag_at(&p, project, portfolio_link_place(&p, links[i]))];
			assert_true(sched_run(a, &plan, NULL, &s, &err));
			struct portfolio_dates dates[PORTFOLIO_MOST_TASKS];
			portfolio_dates(&p, project, w, plan.projects[0].start, dates);
			for (int i = 0; i < plan.ntasks; i++) {
				const struct portfolio_dates *d = &dates[i];
				assert_int_equal(d->early_start.tick, s.tasks[i].early_start.tick);
				assert_int_equal(worktime_at(w, d->early_finish.tick),
					worktime_at(w, s.tasks[i].early_finish.tick));
				assert_int_equal(d->late_start.tick, s.tasks[i].late_start.tick);
				assert_int_equal(d->late_finish.tick, s.tasks[i].late_finish.tick);
			}
		}
		arena_close(a);
	}
}

static void loops_are_refused(void **state)
{
	struct arena *a = arena_open();
	struct portfolio_link loop[] = {{0, 1, LINK_FS}, {1, 2, LINK_FS}, {2, 0, LINK_FS}};
	struct portfolio p;
	assert_false(portfolio_open(a, 3, loop, 3, 1, &p));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(equals_the_engine), cmocka_unit_test(loops_are_refused)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
