/* One edit after the other on the same state, each compared with a full run of the edited plan: every word of the answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "edit_check.h"
#include "random_plan.h"

static void check_equal(struct incremental *inc, const struct plan *p)
{
	assert_null(edit_difference(inc, p));
}

static void edits_equal_full_runs(void **state)
{
	int64_t touched = 0, nodes = 0, swept = 0, edits = 0, anew = 0;

	for (uint64_t k = 0; k < 1200; k++) {
		struct arena *a = arena_open();
		struct dice dice = {.seed = k * 31 + 7};
		struct incremental inc;
		struct plan p;
		struct err err = {0};
		random_plan(a, k, k % 3 ? 16 : 40, k % 8 == 7 ? RANDOM_ALL : (unsigned)(k % 32), &p);
		if (k % 5 == 4)
			p.projects[0].options.profile = PROFILE_MSPROJECT;
		assert_true(inc_open(a, &p, &inc, &err));
		check_equal(&inc, &p);
		for (int i = 0; i < 8; i++) {
			int task = roll(&dice, p.ntasks);
			struct plan_task now = p.tasks[task];
			rolled_edit(&dice, &p, &now);
			edits++;
			if (inc_change(&inc, task, &now)) {
				touched += inc.touched;
				nodes += inc.whole ? 0 : inc.net.n;
				swept += inc.swept;
			} else {
				anew++;
				p.tasks[task] = now;
				assert_true(inc_open(a, &p, &inc, &err));
			}
			check_equal(&inc, &p);
		}
		arena_close(a);
	}
	print_message(
		"%lld edits, %lld moved the finish, %lld changed the network, %.0f %% of the others' nodes "
		"touched\n",
		(long long)edits, (long long)swept, (long long)anew,
		100.0 * (double)touched / (double)nodes);
	assert_true(touched < 2 * nodes);
	assert_true(swept < edits);
	assert_true(anew < edits / 2);
}

/* A bar that is dragged: the first movement sets a constraint, those that follow move it. */
static void a_drag_changes_the_network_once(void **state)
{
	for (uint64_t k = 0; k < 100; k++) {
		struct arena *a = arena_open();
		struct incremental inc;
		struct plan p;
		struct err err = {0};
		random_plan(a, k, 30, RANDOM_PLAIN | RANDOM_CALENDARS, &p);
		int task = (int)(k % (uint64_t)p.ntasks);
		struct plan_task now = p.tasks[task];
		now.constraint[0] = (struct constraint){CONSTRAINT_START_NOT_EARLIER, p.projects[0].start};
		p.tasks[task] = now;
		assert_true(inc_open(a, &p, &inc, &err));
		for (int day = 1; day < 20 && now.type == TASK_WORK; day++) {
			now.constraint[0].date.tick += TICKS_PER_DAY;
			assert_true(inc_change(&inc, task, &now));
			check_equal(&inc, &p);
		}
		arena_close(a);
	}
}

/* What an edit reports as changed is all that differs from before. */
static void changed_nodes_are_named(void **state)
{
	for (uint64_t k = 0; k < 300; k++) {
		struct arena *a = arena_open();
		struct incremental inc;
		struct plan p;
		struct err err = {0};
		struct extent early[40], late[40];
		random_plan(a, k, 20, RANDOM_CALENDARS, &p);
		assert_true(inc_open(a, &p, &inc, &err));
		memcpy(early, inc.cpm.early, sizeof(*early) * (size_t)inc.net.n);
		memcpy(late, inc.cpm.late, sizeof(*late) * (size_t)inc.net.n);
		int task = (int)(k % (uint64_t)p.ntasks);
		struct plan_task now = p.tasks[task];
		now.remaining_work += 5 * TICKS_PER_HOUR;
		if (inc_change(&inc, task, &now))
			for (int i = 0; i < inc.net.n && !inc.swept; i++)
				if (memcmp(&inc.cpm.early[i], &early[i], sizeof(*early)) != 0 ||
					memcmp(&inc.cpm.late[i], &late[i], sizeof(*late)) != 0)
					assert_true(inc.is_changed[i]);
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(edits_equal_full_runs),
		cmocka_unit_test(a_drag_changes_the_network_once),
		cmocka_unit_test(changed_nodes_are_named)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
