/* Float paths against a plan one can follow by eye, and against what P6 stored in the two files that asked for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/os.h"
#include "intake/xer.h"
#include "sched/sched.h"
#include "truth.h"

static struct plan_link link_of(int32_t from, int32_t to)
{
	return (struct plan_link){.from = from, .to = to};
}

/* A(5) > B(5) > E(2); C(3) > B; D(4) > E; F(1) > D; G(1) is on its own and on no path. */
static void paths_by_hand(void **state)
{
	enum { A, B, C, D, E, F, G, N };
	static const int days[N] = {5, 5, 3, 4, 2, 1, 1}, want[N] = {1, 1, 2, 3, 1, 3, 0},
					 order[N] = {1, 2, 1, 2, 3, 1, 0};
	static const char *const names[N] = {"A", "B", "C", "D", "E", "F", "G"};
	struct arena *a = arena_open();
	struct plan_project project = plan_project_default(PROFILE_P6);
	struct plan_task tasks[N];
	struct plan_link links[] = {
		link_of(A, B), link_of(B, E), link_of(C, B), link_of(D, E), link_of(F, D)};
	struct plan plan = {.nprojects = 1,
		.projects = &project,
		.ntasks = N,
		.tasks = tasks,
		.nlinks = countof(links),
		.links = links};
	struct schedule s;
	struct err err;

	project.id = project.code = "P";
	project.start = moment_of(date_from_ymd(2026, 3, 2), 0);
	for (int i = 0; i < N; i++) {
		tasks[i] = plan_task_default();
		tasks[i].id = tasks[i].code = tasks[i].name = names[i];
		tasks[i].duration_work = tasks[i].remaining_work = days[i] * TICKS_PER_DAY;
	}
	for (int total = 0; total < 2; total++) {
		project.options.float_paths = 3;
		project.options.float_paths_by_total_float = total;
		project.options.float_path_task = E;
		assert_true(sched_run(a, &plan, NULL, &s, &err));
		for (int i = 0; i < N; i++) {
			assert_int_equal(s.tasks[i].float_path, want[i]);
			assert_int_equal(s.tasks[i].float_path_order, order[i]);
		}
	}
	project.options.float_paths = 1; /* no more than asked for */
	assert_true(sched_run(a, &plan, NULL, &s, &err));
	assert_int_equal(s.tasks[C].float_path, 0);
	arena_close(a);
}

/* File 08 counts by total float, 10 by free float; there P6 goes other ways from its 17th path on, for a reason not found. */
static void paths_of_p6(void **state)
{
	static const struct {
		const char *name;
		int paths, tasks;
	} files[] = {{"08_harbour_pointe_update_131.xer", 10, 47},
		{"10_two_projects_progress_override_695.xer", 16, 92}};
	const char *folder = shared_folder("sched-xer");
	struct arena *a = arena_open();
	struct err err = {0};

	if (!folder) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	for (size_t f = 0; f < countof(files); f++) {
		struct findings found = {.arena = a};
		struct slice bytes;
		struct plan plan;
		struct schedule s;
		int equal = 0;
		assert_true(os_read_file(
			a, arena_printf(a, "%s/%s", folder, files[f].name), 64 << 20, &bytes, &err));
		assert_true(xer_read(a, bytes, &plan, &found, &err));
		assert_true(sched_run(a, &plan, NULL, &s, &err));
		for (int32_t i = 0; i < plan.ntasks; i++) {
			const char *path = keep_get(&plan.tasks[i].keep, "float_path"),
					   *order = keep_get(&plan.tasks[i].keep, "float_path_order");
			if (!path || atoi(path) < 1 || atoi(path) > files[f].paths)
				continue;
			assert_int_equal(s.tasks[i].float_path, atoi(path));
			assert_int_equal(s.tasks[i].float_path_order, atoi(order));
			equal++;
		}
		assert_int_equal(equal, files[f].tasks);
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(paths_by_hand),
		cmocka_unit_test(paths_of_p6),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
