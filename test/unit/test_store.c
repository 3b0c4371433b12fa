/* Records in and out: every type, versions, unique values, batches, numbers, search, growth of the catalogue. */
#include "test/unit/cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <unistd.h>

#include "store/care.h"
#include "store/clock_rows.h"
#include "store/db.h"
#include "store/file_rows.h"
#include "store/secrets.h"
#include "store/settings.h"
#include "test/unit/store_help.h"

static int open_help(void **state)
{
	struct help *h = calloc(1, sizeof *h);
	help_open(h);
	*state = h;
	return 0;
}

static int close_help(void **state)
{
	help_close(*state);
	free(*state);
	return 0;
}

static struct record *get(struct help *h, struct uuid id)
{
	struct record *r = NULL;
	struct err err;
	help_must(store_get(h->store, h->a, h->thing, id, &r, &err), &err);
	return r;
}

static const struct value *value_in(struct help *h, const struct record *r, const char *field)
{
	return &r->values[help_field(h, field)->index];
}

/* ---- values ---- */

static void every_value(struct help *h, const struct field **fields, struct value *values, int *n)
{
	static const struct uuid unit = {{1, 2, 3, 4}};
	static struct value units[2], tags[2];
	units[0] = help_id(unit);
	units[1] = help_id(HELP_WHO);
	tags[0] = help_text("b");
	tags[1] = help_text("a");
	const struct {
		const char *name;
		struct value value;
	} all[] = {
		{"title", help_text("引号\" 反斜\\ 换行\n 与 😀")},
		{"note", help_text("")},
		{"code", help_text("C1")},
		{"project", help_id(unit)},
		{"helpers", {.kind = VALUE_LIST, .items = units, .n = 2}},
		{"count", help_int(INT64_MIN)},
		{"length", help_int(12345)},
		{"cost", help_int(INT64_MAX)},
		{"share", help_int(-3610)},
		{"day", help_int(date_from_ymd(1, 1, 1).day)},
		{"month", help_int(month_of(date_from_ymd(9999, 12, 1)).index)},
		{"moment", help_int(-1)},
		{"good", help_int(0)},
		{"kind", help_text("a")},
		{"tags", {.kind = VALUE_LIST, .items = tags, .n = 2}},
		{"spot", help_text("{\"type\":\"Point\",\"coordinates\":[120.1,30.2]}")},
		{"place", help_int(7)},
	};
	*n = (int)countof(all);
	for (int i = 0; i < *n; i++) {
		fields[i] = help_field(h, all[i].name);
		values[i] = all[i].value;
	}
}

struct seen {
	struct help *h;
	int n;
	struct change last;
};

static bool see_change(void *self, const struct change *c)
{
	struct seen *seen = self;
	seen->n++;
	seen->last = *c;
	struct value *before = ARENA_ARRAY(seen->h->a, struct value, (size_t)c->n);
	struct value *after = ARENA_ARRAY(seen->h->a, struct value, (size_t)c->n);
	const struct field **fields = ARENA_ARRAY(seen->h->a, const struct field *, (size_t)c->n);
	for (int i = 0; i < c->n; i++) {
		before[i] = value_copy(seen->h->a, &c->before[i]);
		after[i] = value_copy(seen->h->a, &c->after[i]);
		fields[i] = c->fields[i];
	}
	seen->last.before = before;
	seen->last.after = after;
	seen->last.fields = fields;
	seen->last.step = arena_strdup(seen->h->a, c->step);
	seen->last.number = arena_strdup(seen->h->a, c->number);
	seen->last.state_before = arena_strdup(seen->h->a, c->state_before);
	seen->last.state_after = arena_strdup(seen->h->a, c->state_after);
	seen->last.reason = arena_strdup(seen->h->a, c->reason);
	return true;
}

static void test_every_type(void **state)
{
	struct help *h = *state;
	const struct field *fields[32];
	struct value values[32];
	struct batch_result out;
	struct err err;
	int n;
	every_value(h, fields, values, &n);
	struct write w = {.verb = WRITE_CREATE,
		.reg = h->thing,
		.state = "fresh",
		.n = n,
		.fields = fields,
		.values = values};
	help_must(help_submit(h, &w, 1, &out, &err), &err);
	assert_int_equal(out.results[0].version, 1);
	assert_string_equal(out.results[0].number, "DX2026-0001");
	for (int round = 0; round < 2; round++) {
		struct record *r = get(h, out.results[0].id);
		assert_string_equal(r->number, "DX2026-0001");
		assert_string_equal(r->state, "fresh");
		assert_int_equal(r->created_at.ms, help_at().ms);
		assert_true(uuid_equal(r->created_by, HELP_WHO));
		for (int i = 0; i < n; i++)
			if (!value_equal(&r->values[fields[i]->index], &values[i]))
				fail_msg("field %s came back otherwise", fields[i]->name);
		struct seen seen = {.h = h};
		help_must(journal_of(h->store, out.results[0].id, 0, 10, see_change, &seen, &err), &err);
		assert_int_equal(seen.n, 1);
		assert_int_equal(seen.last.n, n);
		assert_string_equal(seen.last.number, "DX2026-0001");
		assert_string_equal(seen.last.state_after, "fresh");
		assert_null(seen.last.state_before);
		for (int i = 0; i < n; i++) {
			assert_ptr_equal(seen.last.fields[i], fields[i]);
			assert_int_equal(seen.last.before[i].kind, VALUE_NULL);
			if (!value_equal(&seen.last.after[i], &values[i]))
				fail_msg("the journal has field %s otherwise", fields[i]->name);
		}
		help_reopen(h);
	}
}

static void test_bad_text_is_refused(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct err err;
	struct help_write w = help_create(h, "\xff\xfe");
	w.write.fields = w.fields;
	w.write.values = w.values;
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_string_equal(err.where, "title");
	w.values[0].text = SLICE("a\0b");
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
}

/* ---- versions ---- */

static void test_update(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct err err;
	struct help_write w = help_create(h, "one");
	help_set(h, &w, "cost", help_int(100));
	struct written made = help_one(h, &w);

	struct help_write u = {.write = {.verb = WRITE_UPDATE,
							   .reg = h->thing,
							   .id = made.id,
							   .expect_version = 1,
							   .reason = "typing error"}};
	help_set(h, &u, "cost", help_int(100)); /* as it was: not a change */
	help_set(h, &u, "title", help_text("two"));
	help_set(h, &u, "day", help_int(20000));
	struct written second = help_one(h, &u);
	assert_int_equal(second.version, 2);
	assert_int_equal(second.no, made.no + 1);
	assert_string_equal(second.number, made.number);

	struct seen seen = {.h = h};
	help_must(journal_of(h->store, made.id, 0, 1, see_change, &seen, &err), &err);
	assert_int_equal(seen.last.n, 2);
	assert_string_equal(seen.last.reason, "typing error");
	assert_string_equal(seen.last.step, "update");
	assert_true(slice_is(seen.last.before[0].text, "one"));
	assert_true(slice_is(seen.last.after[0].text, "two"));

	u.write.expect_version = 0;
	struct written same = help_one(h, &u);
	assert_int_equal(same.version, 2);
	assert_int_equal(same.no, 0);

	u.write.expect_version = 1;
	assert_false(help_submit(h, &u.write, 1, &out, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.where, "version");
	assert_int_equal(out.failed, 0);
	assert_non_null(out.current);
	assert_int_equal(out.current->version, 2);
	assert_true(slice_is(value_in(h, out.current, "title")->text, "two"));

	struct write missing = {.verb = WRITE_UPDATE, .reg = h->thing, .id = {{9}}};
	assert_false(help_submit(h, &missing, 1, &out, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

static void test_step_and_delete(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct record *r;
	struct err err;
	struct help_write w = help_create(h, "one");
	struct written made = help_one(h, &w);
	struct help_write step = {
		.write = {
			.verb = WRITE_STEP, .reg = h->thing, .id = made.id, .step = "finish", .state = "done"}};
	assert_int_equal(help_one(h, &step).version, 2);
	r = get(h, made.id);
	assert_string_equal(r->state, "done");
	struct seen seen = {.h = h};
	help_must(journal_of(h->store, made.id, 0, 1, see_change, &seen, &err), &err);
	assert_string_equal(seen.last.step, "finish");
	assert_string_equal(seen.last.state_before, "fresh");
	assert_string_equal(seen.last.state_after, "done");

	struct help_write gone = {
		.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = made.id, .expect_version = 2}};
	assert_int_equal(help_one(h, &gone).version, 3);
	assert_false(store_get(h->store, h->a, h->thing, made.id, &r, &err));
	assert_int_equal(err.code, ERR_MISSING);
	gone.write.expect_version = 0;
	assert_false(help_submit(h, &gone.write, 1, &out, &err));
	assert_int_equal(err.code, ERR_MISSING);
}

/* ---- batches ---- */

static void test_batch_is_all_or_nothing(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct journal_head before, after;
	struct err err;
	struct help_write w[3] = {help_create(h, "a"), help_create(h, "b"), help_create(h, "c")};
	struct write writes[3];
	help_set(h, &w[0], "code", help_text("same"));
	help_set(h, &w[2], "code", help_text("same"));
	for (int i = 0; i < 3; i++) {
		w[i].write.fields = w[i].fields;
		w[i].write.values = w[i].values;
		writes[i] = w[i].write;
	}
	help_must(journal_head(h->store, &before, &err), &err);
	assert_false(help_submit(h, writes, 3, &out, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.where, "code");
	assert_int_equal(out.failed, 2);
	help_must(journal_head(h->store, &after, &err), &err);
	assert_int_equal(before.no, after.no);
	/* The number of the failed batch was given back. */
	assert_string_equal(help_one(h, &w[1]).number, "DX2026-0001");
	assert_string_equal(help_one(h, &w[0]).number, "DX2026-0002");
	assert_false(help_submit(h, &w[2].write, 1, &out, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
}

static void test_key_and_number(void **state)
{
	struct help *h = *state;
	struct batch_result out;
	struct err err;
	struct uuid project = {{5}}, other = {{6}};
	struct help_write w = help_create(h, "a");
	help_set(h, &w, "project", help_id(project));
	help_set(h, &w, "day", help_int(100));
	help_set(h, &w, "place", help_int(1));
	w.write.number = "DX2026-0041";
	struct written first = help_one(h, &w);
	w.write.number = NULL;
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_string_equal(err.where, "place");
	w.values[1] = help_id(other);
	assert_string_equal(help_one(h, &w).number, "DX2026-0042");
	w.values[3] = help_int(2);
	w.write.number = "DX2026-0042";
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_string_equal(err.where, "number");
	/* A deleted record gives its key back but never its number. */
	struct help_write gone = {.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = first.id}};
	help_one(h, &gone);
	w.values[1] = help_id(project);
	w.values[3] = help_int(1);
	w.write.number = NULL;
	help_reopen(h);
	assert_string_equal(help_one(h, &w).number, "DX2026-0043");
	w.write.id = first.id;
	w.values[3] = help_int(9);
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_string_equal(err.where, "id");
}

static void test_idempotency(void **state)
{
	struct help *h = *state;
	struct batch_result first, again;
	struct err err;
	bool seen;
	struct help_write w = help_create(h, "once");
	w.write.fields = w.fields;
	w.write.values = w.values;
	struct batch b = {.who = HELP_WHO,
		.via = "test",
		.at = help_at(),
		.writes = &w.write,
		.n = 1,
		.idempotency_key = SLICE("key-1"),
		.idempotency_body = SLICE("body")};
	help_must(store_repeated(h->store, h->a, b.who, b.idempotency_key, b.idempotency_body, &seen,
				  &again, &err),
		&err);
	assert_false(seen);
	help_must(store_submit(h->store, h->a, &b, &first, &err), &err);
	assert_false(first.repeated);
	help_must(store_submit(h->store, h->a, &b, &again, &err), &err);
	assert_true(again.repeated);
	assert_true(uuid_equal(first.results[0].id, again.results[0].id));
	assert_int_equal(first.results[0].no, again.results[0].no);
	assert_string_equal(first.results[0].number, again.results[0].number);
	help_must(store_repeated(h->store, h->a, b.who, b.idempotency_key, b.idempotency_body, &seen,
				  &again, &err),
		&err);
	assert_true(seen && again.repeated);
	b.idempotency_body = SLICE("other");
	assert_false(store_submit(h->store, h->a, &b, &again, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	b.who = (struct uuid){{7}};
	help_must(store_submit(h->store, h->a, &b, &again, &err), &err);
	assert_false(again.repeated);
	/* Eight days later the keys are gone, six days later not. */
	b.who = HELP_WHO;
	b.idempotency_body = SLICE("body");
	help_must(store_tidy(h->store, (struct instant){help_at().ms + 6 * MS_PER_DAY}, &err), &err);
	help_must(store_submit(h->store, h->a, &b, &again, &err), &err);
	assert_true(again.repeated);
	help_must(store_tidy(h->store, (struct instant){help_at().ms + 8 * MS_PER_DAY}, &err), &err);
	help_must(store_submit(h->store, h->a, &b, &again, &err), &err);
	assert_false(again.repeated);
}

/* ---- reading ---- */

static bool count_record(void *self, const struct record *r)
{
	++*(int *)self;
	return true;
}

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
	struct help_write gone = {.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = ids[20]}};
	help_one(h, &gone);
	const struct field *ref = help_field(h, "project");
	help_must(store_children(
				  h->store, h->a, h->thing, ref, project, (struct uuid){{0}}, 10, &rows, &n, &err),
		&err);
	assert_int_equal(n, 10);
	assert_true(uuid_equal(rows[0]->id, ids[24]));
	assert_true(uuid_equal(rows[9]->id, ids[14]));
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, rows[9]->id, 100, &rows, &n, &err),
		&err);
	assert_int_equal(n, 14);
	assert_true(uuid_equal(rows[13]->id, ids[0]));
	struct value odd = help_text("odd");
	help_must(
		store_find(h->store, h->a, h->thing, help_field(h, "title"), &odd, &rows, &n, &err), &err);
	assert_int_equal(n, 12);
	help_must(store_scan(h->store, h->thing, count_record, &count, &err), &err);
	assert_int_equal(count, 24);
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

static int found(struct help *h, const char *words)
{
	struct uuid *ids;
	struct err err;
	int n;
	help_must(store_search(h->store, h->a, h->thing, slice_of(words), 100, &ids, &n, &err), &err);
	return n;
}

static void test_search(void **state)
{
	struct help *h = *state;
	struct help_write w = help_create(h, "青山县高端装备产业园 ABC-12 项目");
	help_set(h, &w, "note", help_text("污水处理厂二期验收"));
	struct written made = help_one(h, &w);
	struct help_write other = help_create(h, "产业扶持资金");
	help_one(h, &other);
	assert_int_equal(found(h, "产业"), 2);
	assert_int_equal(found(h, "产业园"), 1);
	assert_int_equal(found(h, "验收"), 1);
	assert_int_equal(found(h, "园"), 1);
	assert_int_equal(found(h, "收"), 1); /* the last character of a run */
	assert_int_equal(found(h, "业产"), 0);
	assert_int_equal(found(h, "abc"), 1);
	assert_int_equal(found(h, "ABC-1"), 1); /* the beginning of a word */
	assert_int_equal(found(h, "ＡＢＣ"), 1);
	assert_int_equal(found(h, "产业 污水"), 1);
	assert_int_equal(found(h, made.number), 1);
	assert_int_equal(found(h, "\"  ( * AND"), 0);
	assert_int_equal(found(h, "，。"), 0);
	struct help_write u = {.write = {.verb = WRITE_UPDATE, .reg = h->thing, .id = made.id}};
	help_set(h, &u, "note", help_text("道路改造"));
	help_one(h, &u);
	assert_int_equal(found(h, "验收"), 0);
	assert_int_equal(found(h, "道路"), 1);
	help_reopen(h);
	assert_int_equal(found(h, "道路"), 1);
	struct help_write gone = {.write = {.verb = WRITE_DELETE, .reg = h->thing, .id = made.id}};
	help_one(h, &gone);
	assert_int_equal(found(h, "道路"), 0);
}

static bool no_finding(void *self, const struct finding_row *finding)
{
	fail_msg("%s", finding->kind);
	return false;
}

static void test_bulk(void **state)
{
	struct help *h = *state;
	struct uuid project = {{5}};
	struct record **rows;
	struct err err;
	int n;
	help_must(store_bulk(h->store, true, &err), &err);
	for (int i = 0; i < 12; i++) {
		struct help_write w = help_create(h, "大批量");
		help_set(h, &w, "project", help_id(project));
		help_one(h, &w);
	}
	const struct field *ref = help_field(h, "project");
	struct uuid first = {{0}};
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, first, 100, &rows, &n, &err), &err);
	assert_int_equal(n, 12); /* committed, though no index leads there */
	help_must(store_bulk(h->store, false, &err), &err);
	assert_int_equal(found(h, "批量"), 12);
	struct help_write more = help_create(h, "之后");
	help_one(h, &more);
	help_reopen(h); /* nothing is left to be done */
	assert_int_equal(found(h, "批量"), 12);
	assert_int_equal(found(h, "之后"), 1);
	help_must(store_bulk(h->store, true, &err), &err);
	struct help_write last = help_create(h, "中途");
	help_one(h, &last);
	help_reopen(h); /* ended in the middle: the indexes come back, the search follows */
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, first, 100, &rows, &n, &err), &err);
	assert_int_equal(n, 12);
	assert_int_equal(found(h, "中途"), 1);
	int64_t findings = -1;
	help_must(store_fsck(h->store, NULL, no_finding, NULL, &findings, &err), &err);
	assert_int_equal(findings, 0);
}

/* ---- many at once ---- */

struct client {
	struct help *h;
	int n;
	atomic_int *conflicts;
};

static void *client_run(void *self)
{
	struct client *c = self;
	struct arena *a = arena_open();
	for (int i = 0; i < c->n; i++) {
		struct err err;
		struct batch_result out;
		struct help_write w = help_create(c->h, "client");
		char code[32];
		snprintf(code, sizeof code, "%d", i); /* every client tries every code: one wins */
		help_set(c->h, &w, "code", help_text(code));
		w.write.fields = w.fields;
		w.write.values = w.values;
		struct batch b = {
			.who = HELP_WHO, .via = "test", .at = help_at(), .writes = &w.write, .n = 1};
		if (!store_submit(c->h->store, a, &b, &out, &err)) {
			assert_int_equal(err.code, ERR_CONFLICT);
			atomic_fetch_add(c->conflicts, 1);
		}
	}
	arena_close(a);
	return NULL;
}

struct order {
	int64_t last;
	int n;
	bool bad;
};

static void hook(void *self, const struct change *changes, int n)
{
	struct order *o = self;
	for (int i = 0; i < n; i++) {
		o->bad |= changes[i].no != o->last + 1;
		o->last = changes[i].no;
	}
	o->n += n;
}

static void test_concurrent(void **state)
{
	struct help *h = *state;
	pthread_t threads[8];
	atomic_int conflicts = 0;
	struct order order = {0};
	struct client c = {h, 50, &conflicts};
	int count = 0;
	struct err err;
	struct journal_head head;
	store_on_commit(h->store, hook, &order);
	for (size_t i = 0; i < countof(threads); i++)
		pthread_create(&threads[i], NULL, client_run, &c);
	for (size_t i = 0; i < countof(threads); i++)
		pthread_join(threads[i], NULL);
	help_must(store_scan(h->store, h->thing, count_record, &count, &err), &err);
	assert_int_equal(count, 50);
	assert_int_equal(conflicts, 7 * 50);
	help_must(journal_head(h->store, &head, &err), &err);
	assert_int_equal(head.no, 50);
	assert_int_equal(order.n, 50);
	assert_false(order.bad);
}

static void test_large_batch(void **state)
{
	struct help *h = *state;
	enum { N = 20000 };
	struct write *writes = ARENA_ARRAY(h->a, struct write, N);
	const struct field *title = help_field(h, "title");
	struct value *values = ARENA_ARRAY(h->a, struct value, N);
	struct batch_result out;
	struct err err;
	int count = 0;
	for (int i = 0; i < N; i++) {
		values[i] = help_text(arena_printf(h->a, "项目 %d", i));
		writes[i] = (struct write){.verb = WRITE_CREATE,
			.reg = h->thing,
			.state = "fresh",
			.n = 1,
			.fields = &title,
			.values = &values[i]};
	}
	help_must(help_submit(h, writes, N, &out, &err), &err);
	assert_string_equal(out.results[N - 1].number, "DX2026-20000");
	help_must(store_scan(h->store, h->thing, count_record, &count, &err), &err);
	assert_int_equal(count, N);
	assert_int_equal(found(h, "19999"), 2); /* a title and a number */
}

/* ---- the catalogue grows ---- */

static void test_catalogue_grows(void **state)
{
	struct help *h = *state;
	static const char more[] = "{\"register\":\"thing\",\"extends\":true,\"fields\":[{\"name\":"
							   "\"extra\",\"type\":\"money\","
							   "\"label\":{\"zh\":\"x\",\"en\":\"x\"}}]}";
	struct definition_source own[] = {
		{"definition 1", slice_of(thing_json), false}, {"definition 2", slice_of(more), false}};
	const struct catalogue *grown;
	struct err err;
	struct help_write w = help_create(h, "old");
	struct written before = help_one(h, &w);
	help_must(catalogue_builtin(own, 2, 3, &grown, &err), &err);
	help_must(store_use_catalogue(h->store, grown, &err), &err);
	const struct register_def *thing = catalogue_find(grown, "thing");
	const struct field *extra = register_field(thing, "extra");
	struct value v = help_int(5);
	struct write u = {.verb = WRITE_UPDATE,
		.reg = thing,
		.id = before.id,
		.n = 1,
		.fields = &extra,
		.values = &v};
	struct batch_result out;
	help_must(help_submit(h, &u, 1, &out, &err), &err);
	struct record *r;
	help_must(store_get(h->store, h->a, thing, before.id, &r, &err), &err);
	assert_int_equal(r->values[extra->index].i, 5);
	/* Whoever still holds the older definition reads and writes as before. */
	struct help_write late = help_create(h, "late");
	struct written made = help_one(h, &late);
	assert_true(slice_is(value_in(h, get(h, made.id), "title")->text, "late"));
	assert_true(slice_is(value_in(h, get(h, before.id), "title")->text, "old"));
	struct seen seen = {.h = h};
	help_must(journal_of(h->store, before.id, 0, 1, see_change, &seen, &err), &err);
	assert_ptr_equal(seen.last.fields[0], extra);

	store_close(h->store);
	h->store = NULL;
	catalogue_close(grown);
	/* The older program does not know the field: it stays in the table and in the journal. */
	help_reopen(h);
	seen.n = 0;
	help_must(journal_of(h->store, before.id, 0, 1, see_change, &seen, &err), &err);
	assert_int_equal(seen.last.n, 0);
}

static void test_retyped_field_is_refused(void **state)
{
	struct help *h = *state;
	struct str text = STR_INIT;
	const struct catalogue *other;
	struct err err;
	str_puts(&text, thing_json);
	char *at = strstr(text.s, "\"name\":\"count\",\"type\":\"integer\"");
	assert_non_null(at);
	memcpy(at, "\"name\":\"count\",\"type\":\"text\"   ", 31);
	struct definition_source own = {"definition 1", str_view(&text), false};
	help_must(catalogue_builtin(&own, 1, 3, &other, &err), &err);
	assert_false(store_use_catalogue(h->store, other, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	catalogue_close(other);
	str_free(&text);
	struct help_write w = help_create(h, "still works");
	help_one(h, &w);
}

/* ---- one writer ---- */

static void test_one_process_writes(void **state)
{
	struct help *h = *state;
	struct store *second = NULL;
	struct err err;
	struct store_options options = {.folder = h->folder};
	struct help_write w = help_create(h, "seen");
	struct written made = help_one(h, &w);
	assert_false(store_open(&options, &second, &err));
	assert_int_equal(err.code, ERR_BUSY);
	options.read_only = true;
	help_must(store_open(&options, &second, &err), &err);
	help_must(store_migrate(second, h->catalogue, &err), &err);
	struct record *r;
	help_must(store_get(second, h->a, h->thing, made.id, &r, &err), &err);
	struct batch_result out;
	struct batch b = {.who = HELP_WHO, .via = "test", .at = help_at(), .writes = &w.write, .n = 1};
	assert_false(store_submit(second, h->a, &b, &out, &err));
	store_close(second);
}

/* ---- the small tables ---- */

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

static void submit_at(struct help *h, struct instant at, bool told)
{
	struct help_write w = help_create(h, "时");
	struct clock_row row = {.record = {{9}},
		.reg = "thing",
		.clock = "answer",
		.run = 1,
		.started = at,
		.due = {at.ms + 1},
		.warn_at = INSTANT_NONE,
		.stopped = INSTANT_NONE,
		.paused_at = INSTANT_NONE,
		.next_level_at = INSTANT_NONE,
		.next_at = INSTANT_NONE,
		.held_since = INSTANT_NONE};
	struct batch b = {.who = HELP_WHO,
		.via = "test",
		.at = at,
		.writes = &w.write,
		.n = 1,
		.clocks = &row,
		.nclocks = 1,
		.told = told};
	struct batch_result out;
	struct err err;
	w.write.fields = w.fields;
	w.write.values = w.values;
	help_must(store_submit(h->store, h->a, &b, &out, &err), &err);
}

static struct instant last_at(struct help *h)
{
	struct journal_head head;
	struct err err;
	help_must(journal_head(h->store, &head, &err), &err);
	return head.at;
}

static int64_t no_at(struct help *h, struct instant at)
{
	int64_t no;
	struct err err;
	help_must(journal_at(h->store, at, &no, &err), &err);
	return no;
}

/* A machine's clock that is set back a little: the journal does not go back, and neither do clocks that began with it. */
static void test_instants_do_not_go_back(void **state)
{
	struct help *h = *state;
	struct err err;
	struct clock_row *rows;
	int n;
	struct instant noon = help_at(), early = {noon.ms - 3600000},
				   wrong = {noon.ms - 3 * MS_PER_DAY};
	submit_at(h, noon, false);
	submit_at(h, early, false);
	assert_int_equal(last_at(h).ms, noon.ms);
	help_must(clock_rows_of(h->store, h->a, (struct uuid){{9}}, &rows, &n, &err), &err);
	assert_int_equal(rows[0].started.ms, noon.ms);
	assert_int_equal(no_at(h, noon), 2);
	assert_int_equal(no_at(h, (struct instant){noon.ms - 1}), 0);
	help_reopen(h); /* it is the journal that knows, not this run */
	submit_at(h, early, false);
	assert_int_equal(last_at(h).ms, noon.ms);
	submit_at(h, early, true); /* the demo tells of the past */
	assert_int_equal(last_at(h).ms, early.ms);
	submit_at(h, wrong, false); /* days back: it was wrong before */
	assert_int_equal(last_at(h).ms, wrong.ms);
	assert_int_equal(no_at(h, wrong), 5);
	assert_int_equal(no_at(h, early), 4);
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
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_help, close_help)
	const struct CMUnitTest tests[] = {
		TEST(test_every_type),
		TEST(test_bad_text_is_refused),
		TEST(test_update),
		TEST(test_step_and_delete),
		TEST(test_batch_is_all_or_nothing),
		TEST(test_key_and_number),
		TEST(test_idempotency),
		TEST(test_children_find_scan),
		TEST(test_indexes),
		TEST(test_search),
		TEST(test_bulk),
		TEST(test_concurrent),
		TEST(test_large_batch),
		TEST(test_catalogue_grows),
		TEST(test_retyped_field_is_refused),
		TEST(test_one_process_writes),
		TEST(test_instants_do_not_go_back),
		TEST(test_clocks),
		TEST(test_secrets),
		TEST(test_files),
		TEST(test_settings),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
