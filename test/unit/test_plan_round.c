/*
 * Round trips: read, write, read again. The plan must be the same, with everything the source held that we do not use, and
 * the same schedule must come out of it. XER and MSPDI go back to their own format; every plan goes to JSON and back.
 */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "base/os.h"
#include "base/utf8.h"
#include "intake/mspdi.h"
#include "intake/plan_file.h"
#include "intake/plan_json.h"
#include "intake/xer_out.h"
#include "plan_same.h"
#include "sched/sched.h"
#include "truth.h"

static void say(const char *name, const struct err *err)
{
	struct str said = STR_INIT;
	err_say(err, LANG_EN, &said);
	fail_msg("%s: %s", name, str_text(&said));
}

/* The reasons may differ: P6 wants a data date where another program had a start. */
static bool same_dates(const struct task_dates *x, const struct task_dates *y)
{
	return x->early_start.tick == y->early_start.tick &&
		x->early_finish.tick == y->early_finish.tick && x->late_start.tick == y->late_start.tick &&
		x->late_finish.tick == y->late_finish.tick && x->start.tick == y->start.tick &&
		x->finish.tick == y->finish.tick && x->total_float == y->total_float &&
		x->free_float == y->free_float && x->critical == y->critical &&
		x->longest_path == y->longest_path;
}

static void same_schedule(
	struct arena *a, const char *name, const struct plan *x, const struct plan *y)
{
	struct schedule s, t;
	struct err err = {0};

	if (!sched_run(a, x, NULL, &s, &err) || !sched_run(a, y, NULL, &t, &err))
		say(name, &err);
	for (int32_t i = 0; i < x->ntasks; i++)
		if (!same_dates(&s.tasks[i], &t.tasks[i]))
			fail_msg("%s: task %s has other dates after the round trip", name, x->tasks[i].id);
}

enum form { AS_XER, AS_MSPDI, AS_JSON };

static void round_trip(
	const char *name, struct slice bytes, enum form form, struct sameness how, int *done)
{
	struct arena *a = arena_open();
	struct findings found = {.arena = a};
	struct err err = {0};
	struct plan once, twice;
	struct str out = STR_INIT;

	if (!plan_file_read(a, bytes, &once, &found, &err)) {
		arena_close(a);
		return; /* test_plan_files says which ones */
	}
	bool written = form == AS_XER ? xer_write(a, &once, &out, &found, &err)
		: form == AS_MSPDI        ? mspdi_write(a, &once, &out, &found, &err)
								  : (plan_json_write(&once, &out), true);
	if (!written || !plan_file_read(a, str_view(&out), &twice, &found, &err))
		say(name, &err);
	const char *difference = plan_difference(a, &once, &twice, how);
	if (difference)
		fail_msg("%s: %s", name, difference);
	if (form != AS_JSON)
		assert_string_equal(once.encoding, twice.encoding);
	same_schedule(a, name, &once, &twice);
	str_free(&out);
	arena_close(a);
	(*done)++;
}

static void folder_trip(
	const char *folder, const char *ending, enum form form, struct sameness how, int *done)
{
	struct arena *a = arena_open();
	const char *path = shared_folder(folder), *const * files;
	struct err err = {0};
	int n;

	if (!path) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	path = arena_strdup(a, path);
	assert_true(os_list_folder(a, path, ending, &files, &n, &err));
	for (int i = 0; i < n; i++) {
		struct slice bytes;
		assert_true(
			os_read_file(a, arena_printf(a, "%s/%s", path, files[i]), 64 << 20, &bytes, &err));
		round_trip(files[i], bytes, form, how, done);
	}
	arena_close(a);
}

static const struct sameness all = {.ids = true, .keeps = true}, ours = {.ids = true, .days = true};

static void xer_goes_back(void **state)
{
	int done = 0;
	folder_trip("sched-xer", ".xer", AS_XER, all, &done);
	folder_trip("import-edge-xer", ".xer", AS_XER, all, &done);
	printf("%d XER files went round\n", done);
	assert_true(done > 30);
}

static void mspdi_goes_back(void **state)
{
	int done = 0;
	folder_trip("sched-mspdi", ".xml", AS_MSPDI, all, &done);
	folder_trip("sched-asbuilt-schependomlaan", ".xml", AS_MSPDI, all, &done);
	printf("%d MSPDI files went round\n", done);
	assert_true(done > 25);
}

static void json_holds_every_plan(void **state)
{
	int done = 0;
	folder_trip("sched-xer", ".xer", AS_JSON, ours, &done);
	folder_trip("sched-mspdi", ".xml", AS_JSON, ours, &done);
	folder_trip("sched-pmxml", ".xml", AS_JSON, ours, &done);
	printf("%d plans went through JSON\n", done);
	assert_true(done > 45);
}

/* P6 XML and XER state the same plans: the dates must be the same after the change of format. */
static void p6_xml_becomes_xer(void **state)
{
	struct arena *a = arena_open();
	const char *path = shared_folder("sched-pmxml"), *const * files;
	struct err err = {0};
	int n;

	if (!path) {
		print_message("no shared data: skipped\n");
		arena_close(a);
		skip();
	}
	path = arena_strdup(a, path);
	assert_true(os_list_folder(a, path, ".xml", &files, &n, &err));
	for (int i = 0; i < n; i++) {
		struct findings found = {.arena = a};
		struct plan before, after;
		struct slice bytes;
		struct str out = STR_INIT;
		assert_true(
			os_read_file(a, arena_printf(a, "%s/%s", path, files[i]), 64 << 20, &bytes, &err));
		if (!plan_file_read(a, bytes, &before, &found, &err) ||
			!plan_file_write(a, &before, PLAN_AS_XER, &out, &found, &err) ||
			!plan_file_read(a, str_view(&out), &after, &found, &err))
			say(files[i], &err);
		assert_string_equal(after.source, "xer");
		assert_int_equal(before.ntasks, after.ntasks);
		same_schedule(a, files[i], &before, &after);
		str_free(&out);
	}
	assert_int_equal(n, 4);
	arena_close(a);
}

/* Every task of a P6 plan stands in the outline once: work is neither lost nor doubled, and links hold between the same. */
static void p6_plans_become_outlines(void **state)
{
	static const char *const names[] = {
		"09_johnstown_3projects_134", "06_office_baseline_95", "12_hotel_4236"};
	const char *path = shared_folder("sched-xer");

	if (!path) {
		print_message("no shared data: skipped\n");
		skip();
	}
	for (size_t i = 0; i < countof(names); i++) {
		struct arena *a = arena_open();
		struct findings found = {.arena = a};
		struct err err = {0};
		struct plan before, after;
		struct slice bytes;
		struct str out = STR_INIT;
		int64_t work[2] = {0};
		int32_t leaves = 0, open_links = 0;
		assert_true(
			os_read_file(a, arena_printf(a, "%s/%s.xer", path, names[i]), 64 << 20, &bytes, &err));
		if (!plan_file_read(a, bytes, &before, &found, &err) ||
			!plan_file_write(a, &before, PLAN_AS_MSPDI, &out, &found, &err) ||
			!plan_file_read(a, str_view(&out), &after, &found, &err))
			say(names[i], &err);
		for (int32_t t = 0; t < before.ntasks; t++)
			work[0] += before.tasks[t].type == TASK_SUMMARY ? 0 : before.tasks[t].duration_work;
		for (int32_t t = 0; t < after.ntasks; t++)
			if (after.tasks[t].type != TASK_SUMMARY) {
				work[1] += after.tasks[t].duration_work;
				leaves++;
			}
		for (int32_t l = 0; l < before.nlinks; l++)
			open_links += before.links[l].to < 0;
		assert_true(work[0] == work[1]);
		assert_int_equal(after.ntasks - leaves,
			before.nwbs + (before.nprojects > 1 ? before.nprojects : 0) + (before.ntasks - leaves));
		assert_int_equal(after.nlinks, before.nlinks - open_links);
		str_free(&out);
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(xer_goes_back),
		cmocka_unit_test(mspdi_goes_back),
		cmocka_unit_test(json_holds_every_plan),
		cmocka_unit_test(p6_xml_becomes_xer),
		cmocka_unit_test(p6_plans_become_outlines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
