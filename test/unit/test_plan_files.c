/*
 * Plan files from everywhere, each with what must become of it: read, with so many projects, tasks and links and these
 * findings, or refused with this sentence. The folder import-edge-xer must be in the table to the last file.
 */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/os.h"
#include "base/utf8.h"
#include "intake/plan_file.h"
#include "sched/sched.h"
#include "truth.h"

struct expectation {
	const char *file;
	const char *refused; /* NULL: it is read */
	const char *encoding;
	int projects, tasks, links, calendars;
	const char *findings; /* of the reader, in order of their first */
};

/* clang-format off */
static const struct expectation edges[] = {
	{"cp1251_cyrillic.xer", NULL, "windows-1251", 1, 2, 0, 5, ""},
	{"four_empty_projects_schedoptions.xer", NULL, "windows-1252", 4, 0, 0, 1, ""},
	{"generated_01-small-clean-baseline.xer", NULL, "utf-8", 1, 5, 4, 1, "X001"},
	{"generated_02-large-1000-activities.xer", NULL, "utf-8", 1, 1000, 999, 1, "X001"},
	{"generated_04-constraints-heavy.xer", NULL, "utf-8", 1, 8, 0, 1, "X001"},
	{"generated_06-fully-completed.xer", NULL, "utf-8", 1, 5, 4, 1, "X001"},
	{"generated_08-disconnected-fragments.xer", NULL, "utf-8", 1, 9, 6, 1, "X001"},
	{"generated_09-corrupt-xer.xer", "table TASKPRED, line 14, column lag_hr_cnt: \"NotANumber\" is not a number, or is out of range", NULL, 0, 0, 0, 0, NULL},
	{"generated_11-no-logic.xer", NULL, "utf-8", 1, 10, 0, 1, "X001"},
	{"generated_12-milestone-heavy.xer", NULL, "utf-8", 1, 8, 7, 1, "X001"},
	{"generated_13-large-1000-dag-branching.xer", NULL, "utf-8", 1, 1020, 1059, 1, "X001"},
	{"generated_asbuilt_dcp03.xer", NULL, "utf-8", 1, 61, 79, 3, "X001"},
	{"generated_baseline_dcp03.xer", NULL, "utf-8", 1, 60, 78, 3, "X001"},
	{"hand_written_no_calendar_63col.xer", NULL, "utf-8", 1, 64, 52, 0, ""},
	{"hand_written_pseudo_xer.xer", NULL, "utf-8", 1, 11, 10, 1, "X001 X005"},
	{"invalid_calendar_8.4.xer", NULL, "windows-1252", 1, 12, 0, 3, "X001"},
	{"lag_calendar_PredecessorCalendar.xer", NULL, "utf-8", 1, 1, 0, 1, ""},
	{"lag_calendar_ProjectDefaultCalendar.xer", NULL, "utf-8", 1, 1, 0, 1, ""},
	{"lag_calendar_SuccessorCalendar.xer", NULL, "utf-8", 1, 1, 0, 1, ""},
	{"lag_calendar_TwentyFourHourCalendar.xer", NULL, "utf-8", 1, 1, 0, 1, ""},
	{"p6_v5_unscheduled.xer", NULL, "windows-1252", 1, 2, 0, 1, ""},
	{"percent_complete_types_8.4.xer", NULL, "windows-1252", 1, 12, 0, 1, ""},
	{"resource_rates.xer", NULL, "windows-1252", 1, 1, 0, 1, ""},
};
/* clang-format on */

static const char *finding_ids(struct arena *a, const struct findings *found)
{
	struct str ids = STR_INIT;
	for (int32_t i = 0; i < found->n; i++)
		if (!strstr(str_text(&ids), found->items[i].kind->id))
			str_printf(&ids, "%s%s", ids.n ? " " : "", found->items[i].kind->id);
	char *text = arena_strdup(a, str_text(&ids));
	str_free(&ids);
	return text;
}

static const char *said(struct arena *a, const struct err *err)
{
	struct str s = STR_INIT;
	err_say(err, LANG_EN, &s);
	char *text = arena_text(a, str_view(&s));
	str_free(&s);
	return text;
}

/* One row of the table as C, so that a new file can be judged and pasted in. */
static void print_row(struct arena *a, const char *name, bool read, const struct plan *p,
	const struct findings *found, const struct err *err)
{
	if (read)
		printf("\t{\"%s\", NULL, \"%s\", %d, %d, %d, %d, \"%s\"},\n", name, p->encoding,
			(int)p->nprojects, (int)p->ntasks, (int)p->nlinks, (int)p->ncalendars,
			finding_ids(a, found));
	else
		printf("\t{\"%s\", \"%s\", NULL, 0, 0, 0, 0, NULL},\n", name, said(a, err));
}

static void check_file(const char *name, struct slice bytes, const struct expectation *x)
{
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct err err = {0};
	struct plan plan = {0};
	struct schedule s;

	bool read = plan_file_read(a, bytes, &plan, &found, &err);
	if (!x || getenv("PRINT_FILES"))
		print_row(a, name, read, &plan, &found, &err);
	assert_non_null(x);
	if (!read) {
		assert_non_null(x->refused);
		assert_string_equal(said(a, &err), x->refused);
	} else {
		assert_null(x->refused);
		assert_string_equal(plan.encoding, x->encoding);
		assert_int_equal(plan.nprojects, x->projects);
		assert_int_equal(plan.ntasks, x->tasks);
		assert_int_equal(plan.nlinks, x->links);
		assert_int_equal(plan.ncalendars, x->calendars);
		assert_string_equal(finding_ids(a, &found), x->findings);
		assert_true(sched_run(a, &plan, NULL, &s, &err));
	}
	arena_close(a);
}

static void every_edge_file_is_read_or_says_why(void **state)
{
	struct arena *a = arena_open();
	const char *folder = shared_folder("import-edge-xer"), *const * files;
	struct err err = {0};
	int n, missing = 0;

	if (!folder) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	folder = arena_strdup(a, folder);
	assert_true(os_list_folder(a, folder, ".xer", &files, &n, &err));
	for (int i = 0; i < n; i++) {
		const struct expectation *x = NULL;
		struct slice bytes;
		for (size_t k = 0; k < countof(edges); k++)
			if (strcmp(edges[k].file, files[i]) == 0)
				x = &edges[k];
		assert_true(
			os_read_file(a, arena_printf(a, "%s/%s", folder, files[i]), 64 << 20, &bytes, &err));
		check_file(files[i], bytes, x);
		missing += !x;
	}
	assert_int_equal(missing, 0);
	assert_int_equal(n, (int)countof(edges));
	arena_close(a);
}

/* The same small plan in every encoding reads as the same plan, and says which one it was. */
static void encodings_make_no_difference(void **state)
{
	static const char text[] =
		"ERMHDR\t22.12\n%T\tPROJECT\n%F\tproj_id\tproj_short_name\tplan_start_date\n"
		"%R\t1\t设备安装工程项目\t2026-03-02 "
		"08:00\n%T\tTASK\n%F\ttask_id\tproj_id\ttask_code\ttask_name\ttarget_drtn_hr_cnt\n"
		"%R\t7\t1\tA\t钢结构厂房主体施工\t13,333333\n%E\n";
	static const char xml[] = "<?xml version=\"1.0\" encoding=\"%s\"?>\n<Project "
							  "xmlns=\"http://schemas.microsoft.com/project\">"
							  "<StartDate>2026-03-02T08:00:00</StartDate><Tasks><Task><UID>7</"
							  "UID><Name>钢结构厂房主体施工</Name>"
							  "<Duration>PT13H20M0S</Duration></Task></Tasks></Project>";
	static const enum charset sets[] = {
		CHARSET_UTF8, CHARSET_GB18030, CHARSET_UTF16LE, CHARSET_UTF16BE};

	for (size_t i = 0; i < countof(sets) * 2; i++) {
		struct arena *a = arena_open();
		struct findings found = {.arena = a};
		struct err err = {0};
		struct plan plan;
		struct str bytes = STR_INIT;
		enum charset set = sets[i / 2];
		bool as_xml = i % 2;
		const char *name =
			set == CHARSET_UTF16LE || set == CHARSET_UTF16BE ? "UTF-16" : charset_name(set);
		const char *source = as_xml ? arena_printf(a, xml, name) : text;
		assert_true(charset_encode(set, slice_of(source), true, &bytes, NULL, &err));
		if (!plan_file_read(a, str_view(&bytes), &plan, &found, &err))
			fail_msg("%s: %s", charset_name(set), said(a, &err));
		assert_int_equal(plan.ntasks, 1);
		assert_string_equal(plan.tasks[0].name, "钢结构厂房主体施工");
		assert_int_equal(plan.tasks[0].duration_work, 8000);
		if (!as_xml)
			assert_string_equal(plan.encoding, charset_name(set));
		str_free(&bytes);
		arena_close(a);
	}
}

/* Two exports pasted together: rows go on where they began; other columns are refused. */
static void a_table_that_stands_twice_goes_on(void **state)
{
	static const char pasted[] =
		"ERMHDR\t22.12\n%T\tTASK\n%F\ttask_id\ttask_code\n%R\t1\tA\n%T\tTASKPRED\n"
		"%F\ttask_id\tpred_task_id\n%R\t2\t1\n%T\tTASK\n%F\ttask_id\ttask_code\n%R\t2\tB\n%E\n";
	static const char odd[] =
		"ERMHDR\t22.12\n%T\tTASK\n%F\ttask_id\n%R\t1\n%T\tTASK\n%F\ttask_code\n%R\tB\n%E\n";
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct err err = {0};
	struct plan plan;

	assert_true(plan_file_read(a, slice_of(pasted), &plan, &found, &err));
	assert_int_equal(plan.ntasks, 2);
	assert_int_equal(plan.links[0].to, 1);
	assert_false(plan_file_read(a, slice_of(odd), &plan, &found, &err));
	assert_string_equal(said(a, &err), "line 6: table TASK stands twice, with other columns");
	arena_close(a);
}

static struct slice sample(struct arena *a, const char *name)
{
	const char *source = getenv("GUATU_SOURCE");
	struct slice bytes;
	struct err err = {0};
	assert_true(os_read_file(a,
		arena_printf(a, "%s/test/golden/plans/files/%s", source ? source : ".", name), 1 << 20,
		&bytes, &err));
	return bytes;
}

static void gantt_project_days_become_dates(void **state)
{
	static const char *const starts[] = {"2026-09-14T08:00", "2026-09-14T08:00", "2026-09-20T08:00",
		"2026-10-05T08:00", "2026-10-12T08:00"};
	static const char *const finishes[] = {"2026-09-29T17:00", "2026-09-18T17:00",
		"2026-09-29T17:00", "2026-10-07T17:00", "2026-10-12T08:00"};
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct err err = {0};
	struct plan plan;
	struct schedule s;
	char b[20];

	assert_true(plan_file_read(a, sample(a, "canteen.gan"), &plan, &found, &err));
	assert_int_equal(plan.ntasks, 5);
	assert_int_equal(plan.nlinks, 3);
	assert_int_equal(plan.tasks[0].type, TASK_SUMMARY);
	assert_int_equal(plan.tasks[1].state, TASK_COMPLETE);
	assert_int_equal(plan.tasks[1].priority, 700);
	assert_int_equal(plan.assignments[0].units_permille, 500);
	assert_string_equal(keep_get(&plan.tasks[3].keep, "notes"), "厂家到场");
	assert_true(sched_run(a, &plan, NULL, &s, &err));
	for (int32_t i = 0; i < plan.ntasks; i++) {
		assert_string_equal(moment_text(s.tasks[i].start, b), starts[i]);
		assert_string_equal(moment_text(s.tasks[i].finish, b), finishes[i]);
	}
	assert_false(plan_file_read(a, sample(a, "bad_duration.gan"), &plan, &found, &err));
	assert_string_equal(said(a, &err),
		"line 20, element task, attribute duration: \"eight\" is not a number, or is out of range");
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_edge_file_is_read_or_says_why),
		cmocka_unit_test(encodings_make_no_difference),
		cmocka_unit_test(a_table_that_stands_twice_goes_on),
		cmocka_unit_test(gantt_project_days_become_dates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
