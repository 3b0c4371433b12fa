/*
 * P6 XML files scheduled by us, beside the dates that stand in them. 03 and 04 were written by P6 and must be equal in every
 * date it stated. 02 is a template P6 calculated before its calendar got holidays (its first activity works on one): it must
 * be equal in every date once they are left out. 01 was made by a converter from a Microsoft Project plan whose weekends
 * worked, while its calendars do not say so: it is shown with its first cause, and what is equal must stay so.
 * External links: P6 keeps what they gave in the file's own dates, which is why 02 and 03 need no second project.
 */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "base/os.h"
#include "intake/pmxml.h"
#include "sched/sched.h"
#include "truth.h"

enum field { ES, EF, LS, LF, TF, NFIELDS };
static const char *const names[] = {"ES", "EF", "LS", "LF", "TF"};

/* What must be equal, of what the file states. A field that P6 did not write has no rows. */
static const struct expectation {
	const char *file;
	bool no_holidays;
	int projects, tasks, links;
	int rows[NFIELDS], equal[NFIELDS];
} expectations[] = {
	{"01_primavera_137act_498rel.xml", false, 1, 137, 498, {137, 137, 137, 137, 137},
		{94, 41, 45, 13, 94}},
	{"02_eppm_4projects_28act.xml", true, 2, 26, 26, {26, 26, 26, 26, 0}, {26, 26, 26, 26, 0}},
	{"03_multiproject_external.xml", false, 1, 2, 1, {2, 2, 2, 2, 0}, {2, 2, 2, 2, 0}},
	{"04_percent_complete_types_12act.xml", false, 1, 12, 0, {12, 12, 0, 0, 0}, {12, 12, 0, 0, 0}},
};

static int32_t value_of(const struct task_dates *d, int field)
{
	return field == ES ? d->early_start.tick
		: field == EF  ? d->early_finish.tick
		: field == LS  ? d->late_start.tick
		: field == LF  ? d->late_finish.tick
					   : d->total_float;
}

static int32_t stored_of(const struct task_stored *s, int field)
{
	return field == ES ? s->early_start.tick
		: field == EF  ? s->early_finish.tick
		: field == LS  ? s->late_start.tick
		: field == LF  ? s->late_finish.tick
					   : s->total_float;
}

static void show(const struct schedule *s, int32_t task, const char *field)
{
	const struct plan_task *p = &s->plan->tasks[task];
	const struct task_dates *d = &s->tasks[task];
	char b[8][20];

	printf("    first difference in %s at %s \"%s\" (%s): %s / %s\n", field, p->code, p->name,
		task_type_name(p->type), reason_name((enum reason)d->early_reason),
		reason_name((enum reason)d->late_reason));
	printf("      stored %s %s %s %s tf %.2f\n      ours   %s %s %s %s tf %.2f\n",
		moment_text(p->stored.early_start, b[0]), moment_text(p->stored.early_finish, b[1]),
		moment_text(p->stored.late_start, b[2]), moment_text(p->stored.late_finish, b[3]),
		p->stored.total_float / 600.0, moment_text(d->early_start, b[4]),
		moment_text(d->early_finish, b[5]), moment_text(d->late_start, b[6]),
		moment_text(d->late_finish, b[7]), d->total_float / 600.0);
}

static void run_file(const char *folder, const struct expectation *x)
{
	struct arena *a = arena_open();
	struct err err = {0};
	struct findings found = {.arena = a};
	struct slice bytes;
	struct plan plan;
	struct schedule s;
	int rows[NFIELDS] = {0}, equal[NFIELDS] = {0};
	bool shown = false;

	assert_true(os_read_file(a, arena_printf(a, "%s/%s", folder, x->file), 64 << 20, &bytes, &err));
	bool read = pmxml_read(a, bytes, &plan, &found, &err);
	for (int32_t i = 0; read && x->no_holidays && i < plan.ncalendars; i++)
		plan.calendars[i].nexceptions = 0;
	if (!read || !sched_run(a, &plan, NULL, &s, &err)) {
		struct str said = STR_INIT;
		err_say(&err, LANG_EN, &said);
		fail_msg("%s: %s", x->file, str_text(&said));
	}
	for (int32_t i = 0; i < plan.ntasks; i++) {
		int32_t task = s.order[i];
		for (int f = 0; f < NFIELDS; f++) {
			int32_t stored = stored_of(&plan.tasks[task].stored, f);
			if (stored == INT32_MIN)
				continue;
			bool same = stored == value_of(&s.tasks[task], f);
			rows[f]++;
			equal[f] += same;
			if (!same && !shown)
				show(&s, task, names[f]);
			shown |= !same;
		}
	}
	printf("%-40s %2d projects %4d tasks %4d links |", x->file, (int)plan.nprojects,
		(int)plan.ntasks, (int)plan.nlinks);
	for (int f = 0; f < NFIELDS; f++)
		printf(" %s %d/%d", names[f], equal[f], rows[f]);
	printf("\n");
	assert_int_equal(plan.nprojects, x->projects);
	assert_int_equal(plan.ntasks, x->tasks);
	assert_int_equal(plan.nlinks, x->links);
	for (int f = 0; f < NFIELDS; f++) {
		assert_int_equal(rows[f], x->rows[f]);
		assert_true(equal[f] >= x->equal[f]);
	}
	arena_close(a);
}

static void stated_dates_are_equal(void **state)
{
	const char *folder = shared_folder("sched-pmxml");

	if (!folder) {
		print_message("no shared data: skipped\n");
		skip();
	}
	for (size_t i = 0; i < countof(expectations); i++)
		run_file(folder, &expectations[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(stated_dates_are_equal)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
