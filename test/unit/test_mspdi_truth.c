/*
 * MSPDI files that carry Microsoft Project's own dates, scheduled by us. A row counts as proved when a second engine
 * recomputed all four dates (mpxj_*): there we must be equal in every date. The rest is shown in a table.
 */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "base/os.h"
#include "intake/mspdi.h"
#include "sched/sched.h"
#include "truth.h"

enum { DATES = 4 };
static const char *const truths[] = {"early_start", "early_finish", "late_start", "late_finish"};
static const char *const flags[] = {"mpxj_es", "mpxj_ef", "mpxj_ls", "mpxj_lf"};

struct tally {
	int rows, proved, equal[DATES], same_instant[DATES], proved_equal[DATES];
};

static int32_t task_of(const struct plan *plan, const char *uid)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (strcmp(plan->tasks[i].id, uid) == 0)
			return i;
	return -1;
}

static struct moment date_of(const struct task_dates *d, int f)
{
	return f == 0 ? d->early_start
		: f == 1  ? d->early_finish
		: f == 2  ? d->late_start
				  : d->late_finish;
}

static void show(const struct schedule *s, int32_t task, const char *why)
{
	const struct plan_task *p = &s->plan->tasks[task];
	char b[8][20];
	printf("    %s %s \"%s\" (%s%s): %s / %s\n", why, p->id, p->name, task_type_name(p->type),
		p->manual ? ", manual" : "", reason_name((enum reason)s->tasks[task].early_reason),
		reason_name((enum reason)s->tasks[task].late_reason));
	printf("      stored %s %s %s %s\n      ours   %s %s %s %s\n",
		moment_text(p->stored.early_start, b[0]), moment_text(p->stored.early_finish, b[1]),
		moment_text(p->stored.late_start, b[2]), moment_text(p->stored.late_finish, b[3]),
		moment_text(date_of(&s->tasks[task], 0), b[4]),
		moment_text(date_of(&s->tasks[task], 1), b[5]),
		moment_text(date_of(&s->tasks[task], 2), b[6]),
		moment_text(date_of(&s->tasks[task], 3), b[7]));
}

static void run_file(const char *folder, const char *name, struct tally *sum)
{
	struct arena *a = arena_open();
	struct err err = {0};
	struct findings found = {.arena = a};
	struct slice bytes;
	struct plan plan;
	struct schedule s;
	struct truth t = truth_open(a, folder, arena_printf(a, "%s.truth.csv", name));
	struct tally y = {0};
	int shown = 0;
	const char *verbose = getenv("TRUTH_VERBOSE");

	assert_true(
		os_read_file(a, arena_printf(a, "%s/%s.xml", folder, name), 64 << 20, &bytes, &err));
	if (!mspdi_read(a, bytes, &plan, &found, &err) || !sched_run(a, &plan, NULL, &s, &err))
		fail_msg("%s: %s", name, err.fmt);
	const struct worktime **calendars = worktime_compile_all(a, &plan);
	for (int row = 0; row < t.nrows; row++) {
		int32_t task = task_of(&plan, truth_get(&t, row, "uid"));
		if (task < 0 || strcmp(truth_get(&t, row, "summary"), "1") == 0)
			continue;
		int32_t c = plan_task_calendar(&plan, &plan.tasks[task]);
		const struct worktime *w = calendars[c >= 0 ? c : plan.ncalendars];
		bool proved = true, all = true;
		for (int f = 0; f < DATES; f++)
			proved &= strcmp(truth_get(&t, row, flags[f]), "1") == 0;
		y.rows++;
		y.proved += proved;
		for (int f = 0; f < DATES; f++) {
			struct moment want = truth_moment(&t, row, truths[f]), got = date_of(&s.tasks[task], f);
			bool same = want.tick == got.tick;
			bool instant = same ||
				(!moment_is_none(want) && !moment_is_none(got) &&
					worktime_at(w, want.tick) == worktime_at(w, got.tick));
			all &= same;
			y.equal[f] += same;
			y.same_instant[f] += instant;
			y.proved_equal[f] += proved && same;
		}
		if (!all && shown < (verbose ? 12 : 1) && (proved || !verbose || verbose[0] == '2')) {
			show(&s, task, proved ? "PROVED" : "other");
			shown++;
		}
	}
	printf("%-46s %4d rows %4d proved |", name, y.rows, y.proved);
	for (int f = 0; f < DATES; f++) {
		printf(" %d (+%d)", y.equal[f], y.same_instant[f] - y.equal[f]);
		sum->proved_equal[f] += y.proved_equal[f];
	}
	printf(" | %d %d %d %d\n", y.proved_equal[0], y.proved_equal[1], y.proved_equal[2],
		y.proved_equal[3]);
	sum->proved += y.proved;
	arena_close(a);
}

static void proved_rows_are_equal(void **state)
{
	const char *folder = shared_folder("sched-mspdi"), *only = getenv("TRUTH_FILE");
	struct arena *a = arena_open();
	const char *const *files;
	struct tally sum = {0};
	struct err err = {0};
	int n;

	if (!folder) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	assert_true(os_list_folder(a, folder, ".truth.csv", &files, &n, &err));
	for (int i = 0; i < n; i++) {
		char *name = arena_strdup(a, files[i]);
		name[strlen(name) - strlen(".truth.csv")] = 0;
		if (!only || strstr(name, only))
			run_file(folder, name, &sum);
	}
	arena_close(a);
	for (int f = 0; f < DATES; f++)
		assert_int_equal(sum.proved_equal[f], sum.proved);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(proved_rows_are_equal)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
