/* Records in: every type, versions, batches, unique values and numbers, requests sent twice, growth of the catalogue. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include "store/settings.h"
#include "store/store.h"
#include "test/unit/store_help.h"

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
		struct record *r = help_get(h, out.results[0].id);
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
	assert_place(&err, "title", NULL);
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
	assert_place(&err, "version", NULL);
	assert_int_equal(out.failed, 0);
	assert_non_null(out.current);
	assert_int_equal(out.current->version, 2);
	assert_true(slice_is(help_value(h, out.current, "title")->text, "two"));

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
	r = help_get(h, made.id);
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
	assert_place(&err, "code", NULL);
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
	assert_place(&err, "place", NULL);
	w.values[1] = help_id(other);
	assert_string_equal(help_one(h, &w).number, "DX2026-0042");
	w.values[3] = help_int(2);
	w.write.number = "DX2026-0042";
	assert_false(help_submit(h, &w.write, 1, &out, &err));
	assert_place(&err, "number", NULL);
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
	assert_place(&err, "id", NULL);
}

static void test_idempotency(void **state)
{
	struct help *h = *state;
	struct batch_result first, again;
	struct err err;
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
	help_must(
		store_repeated(h->store, h->a, b.who, b.idempotency_key, b.idempotency_body, &again, &err),
		&err);
	assert_false(again.repeated);
	help_must(store_submit(h->store, h->a, &b, &first, &err), &err);
	assert_false(first.repeated);
	help_must(store_submit(h->store, h->a, &b, &again, &err), &err);
	assert_true(again.repeated);
	assert_true(uuid_equal(first.results[0].id, again.results[0].id));
	assert_int_equal(first.results[0].no, again.results[0].no);
	assert_string_equal(first.results[0].number, again.results[0].number);
	help_must(
		store_repeated(h->store, h->a, b.who, b.idempotency_key, b.idempotency_body, &again, &err),
		&err);
	assert_true(again.repeated);
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
	assert_true(slice_is(help_value(h, help_get(h, made.id), "title")->text, "late"));
	assert_true(slice_is(help_value(h, help_get(h, before.id), "title")->text, "old"));
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, help_begin, help_end)
	const struct CMUnitTest tests[] = {
		TEST(test_every_type),
		TEST(test_bad_text_is_refused),
		TEST(test_update),
		TEST(test_step_and_delete),
		TEST(test_batch_is_all_or_nothing),
		TEST(test_key_and_number),
		TEST(test_idempotency),
		TEST(test_catalogue_grows),
		TEST(test_retyped_field_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
