/* The tables beside the registers: clocks, sessions and credentials, files, settings. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "store/clock_rows.h"
#include "store/file_rows.h"
#include "store/secrets.h"
#include "store/settings.h"
#include "test/unit/store_help.h"

static bool count_clock(void *self, const struct clock_row *row)
{
	++*(int *)self;
	return true;
}

static void test_clocks(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct err err;
	struct clock_row rows[2], *read;
	struct uuid record = {{3}}, unit = {{4}};
	int n, count = 0;
	struct instant none = INSTANT_NONE, at = help_at();
	rows[0] = (struct clock_row){.record = record,
		.reg = "thing",
		.clock = "answer",
		.run = 1,
		.started = at,
		.due = {at.ms + 1000},
		.warn_at = none,
		.stopped = none,
		.paused_at = none,
		.next_level_at = none,
		.next_at = {at.ms + 1000},
		.holder = unit,
		.held_since = at,
		.handed_on = 2,
		.paused_ms = 7,
		.level = 3};
	rows[1] = rows[0];
	rows[1].clock = "close";
	rows[1].next_at = none;
	rows[1].stopped = at;
	struct batch b = {.who = HELP_WHO, .via = "tick", .at = at, .clocks = rows, .nclocks = 2};
	help_must(store_submit(h->store, h->a, &b, &out, &err), &err);
	help_must(clock_rows_of(h->store, h->a, record, &read, &n, &err), &err);
	assert_int_equal(n, 2);
	assert_string_equal(read[0].clock, "answer");
	assert_int_equal(read[0].due.ms, at.ms + 1000);
	assert_int_equal(read[0].warn_at.ms, none.ms);
	assert_int_equal(read[0].paused_ms, 7);
	assert_int_equal(read[0].level, 3);
	assert_int_equal(read[0].handed_on, 2);
	assert_true(uuid_equal(read[0].holder, unit));
	help_must(
		clock_rows_due(h->store, (struct instant){at.ms + 999}, count_clock, &count, &err), &err);
	assert_int_equal(count, 0);
	help_must(
		clock_rows_due(h->store, (struct instant){at.ms + 1000}, count_clock, &count, &err), &err);
	assert_int_equal(count, 1);
	count = 0;
	help_must(clock_rows_running(h->store, unit, count_clock, &count, &err), &err);
	assert_int_equal(count, 1);
	rows[0].next_at = none;
	rows[0].overdue = true;
	b.nclocks = 1;
	help_must(store_submit(h->store, h->a, &b, &out, &err), &err);
	count = 0;
	help_must(
		clock_rows_due(h->store, (struct instant){at.ms + 5000}, count_clock, &count, &err), &err);
	assert_int_equal(count, 0);
	help_must(clock_rows_all(h->store, count_clock, &count, &err), &err);
	assert_int_equal(count, 2);
}

static void test_secrets(void **state)
{
	struct help *h = *state;
	struct session_row row = {.key = {1},
						   .kind = SESSION_LINK,
						   .id = {{2}},
						   .account = {{3}},
						   .created_at = help_at(),
						   .used_at = help_at(),
						   .expires_at = {help_at().ms + 1000},
						   .name = NULL,
						   .data = SLICE("csrf")},
					   got, *list;
	struct slice data;
	struct err err;
	int n;
	help_must(session_put(h->store, &row, &err), &err);
	help_must(session_get(h->store, h->a, row.key, help_at(), &got, &err), &err);
	assert_int_equal(got.kind, SESSION_LINK);
	assert_true(slice_is(got.data, "csrf"));
	assert_true(uuid_equal(got.account, row.account));
	assert_false(
		session_get(h->store, h->a, row.key, (struct instant){help_at().ms + 1001}, &got, &err));
	assert_int_equal(err.code, ERR_MISSING);
	help_must(session_touch(h->store, row.key, help_at(), INSTANT_NONE, &err), &err);
	help_must(
		session_get(h->store, h->a, row.key, (struct instant){help_at().ms + 1001}, &got, &err),
		&err);
	help_must(session_list(h->store, h->a, row.account, SESSION_LINK, &list, &n, &err), &err);
	assert_int_equal(n, 1);
	help_must(session_remove(h->store, row.key, &err), &err);
	assert_false(session_remove(h->store, row.key, &err));
	assert_int_equal(err.code, ERR_MISSING);
	help_must(credential_get(h->store, h->a, row.account, &data, &err), &err);
	assert_int_equal(data.n, 0);
	help_must(credential_put(h->store, row.account, SLICE("$argon2id$"), &err), &err);
	help_must(credential_get(h->store, h->a, row.account, &data, &err), &err);
	assert_true(slice_is(data, "$argon2id$"));
}

static void test_files(void **state)
{
	struct help *h = *state;
	struct file_row row = {.name = "照片.jpg",
						.type = "image/jpeg",
						.by = HELP_WHO,
						.at = help_at(),
						.taken_at = INSTANT_NONE,
						.has_point = true,
						.longitude_e7 = 1200000001,
						.latitude_e7 = -5},
					got;
	struct slice bytes;
	struct err err;
	help_must(file_put(h->store, SLICE("abc"), &row, &err), &err);
	help_must(file_get(h->store, h->a, row.id, &got, &err), &err);
	assert_string_equal(got.name, "照片.jpg");
	assert_int_equal(got.bytes, 3);
	assert_int_equal(got.longitude_e7, 1200000001);
	assert_int_equal(got.latitude_e7, -5);
	assert_int_equal(got.taken_at.ms, INSTANT_NONE.ms);
	help_must(file_read(h->store, h->a, &got, &bytes, &err), &err);
	assert_true(slice_is(bytes, "abc"));
	/* sent again after a cut: the first row stands; another name or another account is another row */
	struct file_row again = row;
	again.at.ms += 5000;
	help_must(file_put(h->store, SLICE("abc"), &again, &err), &err);
	assert_true(uuid_equal(again.id, row.id));
	assert_int_equal(again.at.ms, row.at.ms);
	again.name = "另一张.jpg";
	help_must(file_put(h->store, SLICE("abc"), &again, &err), &err);
	assert_false(uuid_equal(again.id, row.id));
	bool found;
	help_must(file_find(h->store, h->a, row.by, row.sha256, &found, &got, &err), &err);
	assert_true(found);
	help_must(file_find(h->store, h->a, (struct uuid){{1}}, row.sha256, &found, &got, &err), &err);
	assert_false(found);
	help_must(file_get(h->store, h->a, row.id, &got, &err), &err);
	FILE *f = fopen(file_path(h->store, h->a, &got), "w");
	assert_non_null(f);
	fputs("abd", f);
	fclose(f);
	assert_false(file_read(h->store, h->a, &got, &bytes, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	assert_false(file_get(h->store, h->a, (struct uuid){{1}}, &got, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

static void test_settings(void **state)
{
	struct help *h = *state;
	struct slice value;
	struct err err;
	help_must(setting_get(h->store, h->a, "office", &value, &err), &err);
	assert_null(value.s);
	help_must(setting_put(h->store, "office", SLICE("青山县"), &err), &err);
	help_must(setting_put(h->store, "office", SLICE("绿水县"), &err), &err);
	help_must(setting_get(h->store, h->a, "office", &value, &err), &err);
	assert_true(slice_is(value, "绿水县"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, help_begin, help_end)
	const struct CMUnitTest tests[] = {
		TEST(test_clocks),
		TEST(test_secrets),
		TEST(test_files),
		TEST(test_settings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
