/* The fixed tables: frozen steps, one transaction each, and an upgraded file like a fresh one. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include "store/migrate.h"
#include "test/unit/store_help.h"

static int open_db(void **state)
{
	struct db *db;
	struct err err;
	help_must(db_open(":memory:", DB_WRITE, &db, &err), &err);
	*state = db;
	return 0;
}

static int close_db(void **state)
{
	db_close(*state);
	return 0;
}

/* Every table and index with its definition, in one text. */
static char *shape(struct db *db)
{
	struct db_statement *st;
	struct str out = STR_INIT;
	struct err err;
	bool row;
	help_must(db_prepare_once(
				  db, "SELECT type, name, sql FROM sqlite_schema ORDER BY type, name", &st, &err),
		&err);
	for (;;) {
		help_must(db_step(st, &row, &err), &err);
		if (!row)
			break;
		for (int i = 0; i < 3; i++) {
			str_slice(&out, db_get_text(st, i));
			str_putc(&out, '\n');
		}
	}
	db_finalize(st);
	return str_take(&out);
}

/* The builtin steps and two more. */
static struct migrations longer(struct migration steps[], const char *second, const char *third)
{
	struct migrations all = migrate_builtin();
	memcpy(steps, all.steps, (size_t)all.n * sizeof *steps);
	steps[all.n] = (struct migration){all.n + 1, "next.sql", slice_of(second)};
	steps[all.n + 1] = (struct migration){all.n + 2, "last.sql", slice_of(third)};
	return (struct migrations){steps, all.n + 2};
}

static void test_upgraded_is_fresh(void **state)
{
	struct db *db = *state, *fresh;
	struct migration steps[64];
	struct err err;
	void *other = NULL;
	struct migrations all =
		longer(steps, "CREATE TABLE two (a INTEGER);", "ALTER TABLE two ADD COLUMN b TEXT;");
	for (int n = 1; n <= all.n; n++) { /* one released step after the other */
		struct migrations some = {steps, n};
		help_must(migrate_run(db, some, DIGEST_SM3, &err), &err);
		help_must(migrate_check(db, some, &err), &err);
		if (n < all.n) {
			assert_false(migrate_check(db, all, &err));
			assert_int_equal(err.code, ERR_CONFLICT);
		}
	}
	char *upgraded = shape(db);
	open_db(&other);
	fresh = other;
	help_must(migrate_run(fresh, all, DIGEST_SM3, &err), &err);
	char *made = shape(fresh);
	assert_string_equal(upgraded, made);
	free(upgraded);
	free(made);
	close_db(&other);
}

static void test_changed_step_is_refused(void **state)
{
	struct db *db = *state;
	struct migration steps[64];
	struct err err;
	struct migrations all =
		longer(steps, "CREATE TABLE two (a INTEGER);", "CREATE TABLE three (a INTEGER);");
	help_must(migrate_run(db, all, DIGEST_SM3, &err), &err);
	all = longer(steps, "CREATE TABLE two (a TEXT);", "CREATE TABLE three (a INTEGER);");
	assert_false(migrate_run(db, all, DIGEST_SM3, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	/* A file of a newer program. */
	assert_false(migrate_run(db, migrate_builtin(), DIGEST_SM3, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
}

static void test_failed_step_leaves_nothing(void **state)
{
	struct db *db = *state;
	struct migration steps[64];
	struct err err;
	help_must(migrate_run(db, migrate_builtin(), DIGEST_SHA256, &err), &err);
	char *before = shape(db);
	struct migrations all =
		longer(steps, "CREATE TABLE two (a INTEGER); CREATE TABLE two (a INTEGER);", "");
	assert_false(migrate_run(db, all, DIGEST_SM3, &err));
	assert_place(&err, "sql/next.sql", NULL);
	char *after = shape(db);
	assert_string_equal(before, after);
	free(before);
	free(after);
	help_must(migrate_check(db, migrate_builtin(), &err), &err);
}

static void run_sql(struct db *db, const char *sql)
{
	struct err err;
	help_must(db_exec(db, sql, &err), &err);
}

/* A journal written by a program that knew only the first step: who names a file, or once did, is noted afterwards. */
static void test_file_use_of_old_data(void **state)
{
	struct db *db = *state;
	struct err err;
	struct migrations all = migrate_builtin(), first = {all.steps, 1};
	struct db_statement *st;
	bool row;
	struct str got = STR_INIT;
	help_must(migrate_run(db, first, DIGEST_SM3, &err), &err);
	run_sql(db,
		"INSERT INTO file (id, sha256, name, type, bytes, at) VALUES "
		"(x'0197d2f0111170008000000000000001', x'00', 'a', 'image/png', 1, 't'), "
		"(x'0197d2f0111170008000000000000002', x'00', 'b', 'image/png', 1, 't'), "
		"(x'0197d2f0111170008000000000000003', x'00', 'c', 'image/png', 1, 't'), "
		"(x'0197d2f0111170008000000000000004', x'00', 'd', 'image/png', 1, 't');");
	/* named in a list; replaced by another; taken away again; the third only mentioned in a text; the fourth nowhere */
	run_sql(db,
		"INSERT INTO journal (no, at, via, register, record, version, step, change, prev, hash) "
		"VALUES "
		"(1, 't', 'web', 'report', x'11', 1, 'create', '{\"fields\":{\"photos\":[null,"
		"[\"0197d2f0-1111-7000-8000-000000000001\"]]}}', x'00', x'00'), "
		"(2, 't', 'web', 'issue', x'22', 1, 'create', '{\"fields\":{\"evidence\":[null,"
		"[\"0197D2F0-1111-7000-8000-000000000002\",\"0197d2f0-1111-7000-8000-000000000001\"]]}}', "
		"x'00', x'00'), "
		"(3, 't', 'web', 'issue', x'22', 2, 'update', '{\"fields\":{\"evidence\":[["
		"\"0197d2f0-1111-7000-8000-000000000002\"],null]}}', x'00', x'00'), "
		"(4, 't', 'web', 'issue', x'33', 1, 'create', '{\"fields\":{\"title\":[null,"
		"\"see 0197d2f0-1111-7000-8000-000000000003\"]}}', x'00', x'00');");
	help_must(migrate_run(db, all, DIGEST_SM3, &err), &err);
	help_must(migrate_check(db, all, &err), &err);
	help_must(db_prepare_once(db,
				  "SELECT substr(hex(file), 31), hex(record), register FROM file_use ORDER BY "
				  "file, record",
				  &st, &err),
		&err);
	for (;;) {
		help_must(db_step(st, &row, &err), &err);
		if (!row)
			break;
		for (int i = 0; i < 3; i++) {
			str_slice(&got, db_get_text(st, i));
			str_putc(&got, i < 2 ? ' ' : '\n');
		}
	}
	db_finalize(st);
	assert_string_equal(str_text(&got), "01 11 report\n01 22 issue\n02 22 issue\n");
	str_free(&got);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_db, close_db)
	const struct CMUnitTest tests[] = {
		TEST(test_upgraded_is_fresh),
		TEST(test_changed_step_is_refused),
		TEST(test_failed_step_leaves_nothing),
		TEST(test_file_use_of_old_data),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
