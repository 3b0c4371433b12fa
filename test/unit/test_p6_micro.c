/* Textbook cases captured from P6 23.12 (data/sched-p6-micro): every stamp and float of cases-import.xer must be P6's. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/num.h"
#include "base/os.h"
#include "intake/xer.h"
#include "sched/sched.h"
#include "truth.h"

static bool same_stamp(const char *want, struct moment got)
{
	char text[20];
	return strlen(want) >= 16 && strncmp(want, moment_text(got, text), 10) == 0 &&
		strncmp(want + 11, text + 11, 5) == 0;
}

static int32_t find_task(const struct plan *plan, const char *project_name, const char *code)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (strcmp(plan->tasks[i].code, code) == 0 &&
			strcmp(plan->projects[plan->tasks[i].project].name, project_name) == 0)
			return i;
	return -1;
}

static int days_of(const char *text)
{
	int64_t days = -1;
	assert_true(num_int(slice_of(text), &days));
	return (int)days;
}

static int check_row(
	const struct truth *t, int row, const struct schedule *s, int32_t task, const char *name)
{
	const struct task_dates *d = &s->tasks[task];
	bool started = !moment_is_none(s->plan->tasks[task].actual_start);
	bool early_start =
		same_stamp(truth_get(t, row, "ES_p6"), d->start); /* P6 shows the actual start, marked A */
	bool early_finish = same_stamp(truth_get(t, row, "EF_p6"), d->finish);
	bool late_start = started || same_stamp(truth_get(t, row, "LS_p6"), d->late_start);
	bool late_finish = same_stamp(truth_get(t, row, "LF_p6"), d->late_finish);
	bool total = days_of(truth_get(t, row, "TF_days_p6")) * 8 * TICKS_PER_HOUR == d->total_float;
	bool free = days_of(truth_get(t, row, "FF_days_p6")) * 8 * TICKS_PER_HOUR == d->free_float;

	if (early_start && early_finish && late_start && late_finish && total && free)
		return 0;
	char b[4][20];
	printf("%s %s: ES %d EF %d LS %d LF %d TF %d FF %d, ours %s %s %s %s\n", name,
		truth_get(t, row, "activity_code"), early_start, early_finish, late_start, late_finish,
		total, free, moment_text(d->start, b[0]), moment_text(d->finish, b[1]),
		moment_text(d->late_start, b[2]), moment_text(d->late_finish, b[3]));
	return 1;
}

static void every_stamp_is_p6s(void **state)
{
	static const char *const cases[] = {"01-fs-chain", "02-ss-with-lag", "03-ff-with-lag",
		"06-multiple-calendars", "07-ontario-holidays", "08-in-progress-retained-logic",
		"10-out-of-sequence-progress", "11-mandatory-start-finish", "13-alap"};
	const char *folder = shared_folder("sched-p6-micro");
	struct arena *a = arena_open();
	struct err err = {0};
	struct findings found = {.arena = a};
	struct slice bytes;
	struct plan plan;
	struct schedule s;
	int rows = 0, wrong = 0;

	if (!folder) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	folder = arena_strdup(a, folder);
	assert_true(
		os_read_file(a, arena_printf(a, "%s/cases-import.xer", folder), 1 << 20, &bytes, &err));
	assert_true(xer_read(a, bytes, &plan, &found, &err));
	assert_true(sched_run(a, &plan, NULL, &s, &err));
	for (size_t i = 0; i < countof(cases); i++) {
		struct truth t = truth_open(a, arena_printf(a, "%s/%s", folder, cases[i]), "p6.csv");
		for (int row = 0; row < t.nrows; row++, rows++) {
			int32_t task = find_task(&plan, cases[i], truth_get(&t, row, "activity_code"));
			assert_true(task >= 0);
			wrong += check_row(&t, row, &s, task, cases[i]);
		}
	}
	print_message("%d rows, %d differ\n", rows, wrong);
	assert_int_equal(wrong, 0);
	assert_true(rows >= 18);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(every_stamp_is_p6s)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
