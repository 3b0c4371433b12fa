/*
 * XER files that carry P6's own results, scheduled by us with the file's options. A row counts as proved when a second,
 * independent engine recomputed all its dates (indep_*): there we must be equal in every field. The table shows the
 * rest with the first activity, in topological order, that differs: that is where a difference begins.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "base/os.h"
#include "intake/xer.h"
#include "sched/quality.h"
#include "truth.h"

enum field { ES, EF, LS, LF, TF, NFIELDS };
static const char *const names[] = {"ES", "EF", "LS", "LF", "TF"};
static const char *const truths[] = {
	"early_start_date", "early_end_date", "late_start_date", "late_end_date"};
static const char *const flags[] = {"indep_es", "indep_ef", "indep_ls", "indep_lf", "indep_tf"};

struct tally {
	int rows, proved, equal[NFIELDS], proved_equal[NFIELDS], same_instant[NFIELDS], free_equal,
		free_rows, driving_equal;
	int first_task, first_field;
	int projects, projects_equal;
};

static int32_t row_of(const struct plan *plan, const char *task_id)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (strcmp(plan->tasks[i].id, task_id) == 0)
			return i;
	return -1;
}

static struct moment ours(const struct task_dates *d, int field)
{
	return field == ES ? d->early_start
		: field == EF  ? d->early_finish
		: field == LS  ? d->late_start
					   : d->late_finish;
}

static const struct worktime *calendar_of(
	const struct worktime **all, const struct plan *plan, int32_t task)
{
	int32_t c = plan_task_calendar(plan, &plan->tasks[task]);
	return all[c >= 0 ? c : plan->ncalendars];
}

static void compare_row(const struct truth *t, int row, const struct schedule *s, int32_t task,
	const struct worktime *w, bool same[NFIELDS], bool same_work[NFIELDS])
{
	const struct plan_task *p = &s->plan->tasks[task];
	const struct task_dates *d = &s->tasks[task];

	for (int f = 0; f < TF; f++) {
		struct moment want = truth_moment(t, row, truths[f]), got = ours(d, f);
		same[f] = want.tick == got.tick;
		same_work[f] = !moment_is_none(want) && !moment_is_none(got) &&
			worktime_at(w, want.tick) == worktime_at(w, got.tick);
	}
	same[TF] = p->stored.total_float == d->total_float;
	same_work[TF] = same[TF];
}

static void explain(const struct schedule *s, int32_t task, const char *why)
{
	const struct plan_task *p = &s->plan->tasks[task];
	const struct task_dates *d = &s->tasks[task];
	char b[8][20];

	printf("    %s %s (%s %s): %s\n", why, p->code, task_type_name(p->type),
		p->state == TASK_COMPLETE     ? "complete"
			: p->state == TASK_ACTIVE ? "active"
									  : "open",
		reason_name((enum reason)d->early_reason));
	printf("      stored %s %s %s %s tf %.2f ff %.2f\n      ours   %s %s %s %s tf %.2f ff %.2f\n",
		moment_text(p->stored.early_start, b[0]), moment_text(p->stored.early_finish, b[1]),
		moment_text(p->stored.late_start, b[2]), moment_text(p->stored.late_finish, b[3]),
		p->stored.total_float / 600.0, p->stored.free_float / 600.0,
		moment_text(d->early_start, b[4]), moment_text(d->early_finish, b[5]),
		moment_text(d->late_start, b[6]), moment_text(d->late_finish, b[7]), d->total_float / 600.0,
		d->free_float / 600.0);
}

/* What the file itself says against its stored dates: it was edited after P6 calculated it (findings P014 and P016). */
static void print_staleness(struct arena *a, const struct schedule *s)
{
	struct quality q;
	struct err err = {0};
	int stale = 0;

	assert_true(plan_quality(a, s, &q, &err));
	for (int32_t i = 0; i < q.findings.n; i++) {
		const struct finding *f = &q.findings.items[i];
		struct str said = STR_INIT;
		if (strcmp(f->kind->id, "P014") != 0 && strcmp(f->kind->id, "P016") != 0)
			continue;
		finding_say(f, LANG_EN, &said);
		if (stale++ == 0)
			printf("    the file is stale: %s\n", str_text(&said));
		str_free(&said);
	}
	if (stale > 1)
		printf("    and %d more such tasks\n", stale - 1);
}

/* A project of the file is equal when each of its rows is, in every field. */
static void count_projects(
	const struct schedule *s, const bool *has_rows, const bool *differs, struct tally *sum)
{
	for (int32_t p = 0; p < s->plan->nprojects; p++) {
		sum->projects += has_rows[p];
		sum->projects_equal += has_rows[p] && !differs[p];
	}
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
	struct tally y = {.first_task = -1};
	const char *verbose = getenv("TRUTH_VERBOSE");
	bool *has_rows, *differs; /* [nprojects] */
	int shown = 0;

	assert_true(
		os_read_file(a, arena_printf(a, "%s/%s.xer", folder, name), 64 << 20, &bytes, &err));
	assert_true(xer_read(a, bytes, &plan, &found, &err));
	assert_true(sched_run(a, &plan, NULL, &s, &err));
	const struct worktime **calendars = worktime_compile_all(a, &plan);
	int32_t *rank = ARENA_ARRAY(a, int32_t, (size_t)plan.ntasks);
	for (int32_t i = 0; i < plan.ntasks; i++)
		rank[s.order[i]] = i;
	has_rows = ARENA_ARRAY(a, bool, (size_t)plan.nprojects);
	differs = ARENA_ARRAY(a, bool, (size_t)plan.nprojects);
	for (int row = 0; row < t.nrows; row++) {
		int32_t task = row_of(&plan, truth_get(&t, row, "task_id"));
		assert_true(task >= 0);
		if (!truth_get(&t, row, "early_start_date")[0])
			continue;
		bool same[NFIELDS], same_work[NFIELDS], proved = true;
		compare_row(&t, row, &s, task, calendar_of(calendars, &plan, task), same, same_work);
		for (int f = 0; f < NFIELDS; f++)
			proved &= strcmp(truth_get(&t, row, flags[f]), "1") == 0;
		y.rows++;
		y.proved += proved;
		has_rows[plan.tasks[task].project] = true;
		for (int f = 0; f < NFIELDS; f++)
			differs[plan.tasks[task].project] |= !same[f];
		for (int f = 0; f < NFIELDS; f++) {
			y.equal[f] += same[f];
			y.same_instant[f] += same[f] || same_work[f];
			y.proved_equal[f] += proved && same[f];
			/* Early dates go wrong from the front, late dates from the back. */
			bool earlier = y.first_task < 0 || (f < LS && y.first_field >= LS) ||
				(f < LS ? rank[task] < rank[y.first_task]
						: y.first_field >= LS && rank[task] > rank[y.first_task]);
			if (!same[f] && earlier) {
				y.first_task = task;
				y.first_field = f;
			}
			if (!same[f] && verbose && (proved || verbose[0] == '2') && shown < 12) {
				shown++;
				explain(&s, task, proved ? "PROVED" : "other");
				break;
			}
		}
		if (plan.tasks[task].stored.free_float != INT32_MIN) {
			y.free_rows++;
			y.free_equal += plan.tasks[task].stored.free_float == s.tasks[task].free_float;
			if (plan.tasks[task].stored.free_float != s.tasks[task].free_float && verbose &&
				verbose[0] == '3' && shown++ < 12)
				explain(&s, task, "FF");
		}
		y.driving_equal += plan.tasks[task].stored.driving == s.tasks[task].longest_path;
	}
	printf("%-42s %5d rows %5d proved |", name, y.rows, y.proved);
	for (int f = 0; f < NFIELDS; f++)
		printf(" %s %d (+%d)", names[f], y.equal[f], y.same_instant[f] - y.equal[f]);
	printf(" | FF %d/%d path %d |", y.free_equal, y.free_rows, y.driving_equal);
	for (int f = 0; f < NFIELDS; f++) {
		printf(" %d", y.proved_equal[f]);
		sum->proved_equal[f] += y.proved_equal[f];
	}
	printf("\n");
	if (y.first_task >= 0)
		explain(
			&s, y.first_task, arena_printf(a, "first difference in %s at", names[y.first_field]));
	if (y.first_task >= 0)
		print_staleness(a, &s);
	count_projects(&s, has_rows, differs, sum);
	sum->proved += y.proved;
	arena_close(a);
}

static void proved_rows_are_equal(void **state)
{
	const char *folder = shared_folder("sched-xer");
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
		const char *only = getenv("TRUTH_FILE");
		char *name = arena_strdup(a, files[i]);
		name[strlen(name) - strlen(".truth.csv")] = 0;
		if (!only || strstr(name, only))
			run_file(folder, name, &sum);
	}
	printf("%d of %d projects equal in every row and field\n", sum.projects_equal, sum.projects);
	for (int f = 0; f < NFIELDS; f++)
		assert_int_equal(sum.proved_equal[f], sum.proved);
	if (!getenv("TRUTH_FILE"))
		assert_true(sum.projects_equal >= 15);
	arena_close(a);
}

/*
 * P6 calculated this one before its calendars got holidays: its first task works over Labor Day. Without them every row is
 * equal but EC1420, a milestone that has 40 hours of work left, which P6 takes off and adds again.
 */
static void equal_without_holidays(void **state)
{
	const char *folder = shared_folder("sched-xer"), *name = "08_harbour_pointe_baseline_132";
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct err err = {0};
	struct slice bytes;
	struct plan plan;
	struct schedule s;

	if (!folder) {
		arena_close(a);
		skip();
	}
	struct truth t = truth_open(a, folder, arena_printf(a, "%s.truth.csv", name));
	assert_true(
		os_read_file(a, arena_printf(a, "%s/%s.xer", folder, name), 64 << 20, &bytes, &err));
	assert_true(xer_read(a, bytes, &plan, &found, &err));
	for (int32_t i = 0; i < plan.ncalendars; i++)
		plan.calendars[i].nexceptions = 0;
	assert_true(sched_run(a, &plan, NULL, &s, &err));
	const struct worktime **calendars = worktime_compile_all(a, &plan);
	assert_int_equal(t.nrows, 132);
	for (int row = 0; row < t.nrows; row++) {
		int32_t task = row_of(&plan, truth_get(&t, row, "task_id"));
		bool same[NFIELDS], same_work[NFIELDS], all = true;
		compare_row(&t, row, &s, task, calendar_of(calendars, &plan, task), same, same_work);
		for (int f = 0; f < NFIELDS; f++)
			all &= same[f];
		assert_true(all != (strcmp(plan.tasks[task].code, "EC1420") == 0));
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(proved_rows_are_equal), cmocka_unit_test(equal_without_holidays)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
