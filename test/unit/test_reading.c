/* Records out: children, by value and number, all of them, by their words; the indexes that serve this. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "store/db.h"
#include "test/unit/store_help.h"

static void test_children_find_scan(void **state)
{
	struct help *h = *state;
	struct uuid project = {{5}}, ids[25];
	struct record **rows;
	struct err err;
	int n, count = 0;
	for (int i = 0; i < 25; i++) {
		struct help_write w = help_create(h, i % 2 ? "odd" : "even");
		help_set(h, &w, "project", help_id(project));
		w.write.id = (struct uuid){{1, (uint8_t)i}};
		ids[i] = help_one(h, &w).id;
	}
	const int gone[] = {20, 3};                /* the newest record first */
	for (size_t i = countof(gone); i-- > 0;) { /* deleted the other way round */
		struct help_write w = {
			.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = ids[gone[i]]}};
		help_one(h, &w);
	}
	const struct field *ref = help_field(h, "project");
	help_must(store_deleted(h->store, h->a, h->thing, ref, project, &rows, &n, &err), &err);
	assert_int_equal(n, 2);
	for (int i = 0; i < n; i++)
		assert_true(uuid_equal(rows[i]->id, ids[gone[i]]));
	help_must(store_children(
				  h->store, h->a, h->thing, ref, project, (struct uuid){{0}}, 10, &rows, &n, &err),
		&err);
	assert_int_equal(n, 10);
	assert_true(uuid_equal(rows[0]->id, ids[24]));
	assert_true(uuid_equal(rows[9]->id, ids[14]));
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, rows[9]->id, 100, &rows, &n, &err),
		&err);
	assert_int_equal(n, 13);
	assert_true(uuid_equal(rows[12]->id, ids[0]));
	struct value odd = help_text("odd");
	help_must(
		store_find(h->store, h->a, h->thing, help_field(h, "title"), &odd, &rows, &n, &err), &err);
	assert_int_equal(n, 11);
	help_must(store_scan(h->store, h->thing, help_count, &count, &err), &err);
	assert_int_equal(count, 23);
	struct record *r;
	help_must(store_find_number(h->store, h->a, h->thing, "DX2026-0003", &r, &err), &err);
	assert_true(uuid_equal(r->id, ids[2]));
	assert_false(store_find_number(h->store, h->a, h->thing, "DX2026-0021", &r, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

/* An index that an earlier version made and that nothing asks for goes away, and those that are asked for are used. */
static void test_indexes(void **state)
{
	static const char old[] =
		"CREATE INDEX i_milestone_responsible_unit ON r_milestone(responsible_unit, id)";
	static const char number[] = "EXPLAIN QUERY PLAN SELECT id FROM r_thing WHERE number = $1";
	static const char parent[] = "EXPLAIN QUERY PLAN SELECT id FROM r_thing WHERE project = $1 AND "
								 "id < $2 AND deleted = 0 ORDER BY id DESC LIMIT 5";
	static const char left[] =
		"SELECT name FROM sqlite_schema WHERE name = 'i_milestone_responsible_unit' UNION ALL "
		"SELECT name FROM schema_index WHERE name = 'i_milestone_responsible_unit'";
	struct help *h = *state;
	struct db *db;
	struct db_statement *st;
	struct err err;
	bool row;
	char path[120];
	snprintf(path, sizeof(path), "%s/guatu.db", h->folder);
	store_close(h->store);
	help_must(db_open(path, DB_WRITE, &db, &err), &err);
	help_must(db_exec(db, old, &err), &err);
	help_must(
		db_exec(db, "INSERT INTO schema_index VALUES ('i_milestone_responsible_unit', 'as it was')",
			&err),
		&err);
	db_close(db);
	h->store = NULL;
	help_reopen(h);
	help_must(db_open(path, DB_READ, &db, &err), &err);
	help_must(db_prepare(db, left, &st, &err), &err);
	help_must(db_step(st, &row, &err), &err);
	assert_false(row);
	const char *const asked[] = {number, parent};
	for (size_t i = 0; i < countof(asked); i++) {
		help_must(db_prepare(db, asked[i], &st, &err), &err);
		help_must(db_step(st, &row, &err), &err);
		assert_non_null(strstr(db_get_text(st, 3).s, i ? "i_thing_project" : "n_thing"));
		db_done(st);
	}
	db_close(db);
}

static void test_search(void **state)
{
	struct help *h = *state;
	struct help_write w = help_create(h, "青山县高端装备产业园 ABC-12 项目");
	help_set(h, &w, "note", help_text("污水处理厂二期验收"));
	struct written made = help_one(h, &w);
	struct help_write other = help_create(h, "产业扶持资金");
	help_one(h, &other);
	assert_int_equal(help_found(h, "产业"), 2);
	assert_int_equal(help_found(h, "产业园"), 1);
	assert_int_equal(help_found(h, "验收"), 1);
	assert_int_equal(help_found(h, "园"), 1);
	assert_int_equal(help_found(h, "收"), 1); /* the last character of a run */
	assert_int_equal(help_found(h, "业产"), 0);
	assert_int_equal(help_found(h, "abc"), 1);
	assert_int_equal(help_found(h, "ABC-1"), 1); /* the beginning of a word */
	assert_int_equal(help_found(h, "ＡＢＣ"), 1);
	assert_int_equal(help_found(h, "产业 污水"), 1);
	assert_int_equal(help_found(h, made.number), 1);
	assert_int_equal(help_found(h, "\"  ( * AND"), 0);
	assert_int_equal(help_found(h, "，。"), 0);
	struct help_write u = {.write = {.verb = WRITE_UPDATE, .reg = h->thing, .id = made.id}};
	help_set(h, &u, "note", help_text("道路改造"));
	help_one(h, &u);
	assert_int_equal(help_found(h, "验收"), 0);
	assert_int_equal(help_found(h, "道路"), 1);
	help_reopen(h);
	assert_int_equal(help_found(h, "道路"), 1);
	struct help_write gone = {.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = made.id}};
	help_one(h, &gone);
	assert_int_equal(help_found(h, "道路"), 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, help_begin, help_end)
	const struct CMUnitTest tests[] = {
		TEST(test_children_find_scan),
		TEST(test_indexes),
		TEST(test_search),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
