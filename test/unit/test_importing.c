/* A ledger comes in: preview, mapping, confirmation, and back out and in again without loss. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/importing.h"
#include "app/reading.h"
#include "app/registers.h"
#include "app_help.h"

static const char ledger[] = "2026年重点项目台账,,,,\n"
							 "序号,项目名称,总投资（万元）,责任单位,备用列甲\n"
							 "1,一号厂房,12000,甲局,东侧\n"
							 "2,二号厂房,3600,乙局,西侧\n"
							 "3,三号厂房,abc,甲局,\n"
							 "4,,500,甲局,\n"
							 "合计,,15600,,\n";

static const struct json *start(struct world *w, const struct person *person, const char *text)
{
	struct str out = STR_INIT, said = STR_INIT;
	struct err err;
	if (!import_start(w->app, person, "project", "台账.csv", slice_of(text), NULL, &out, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	return world_parse(w, &out);
}

static const struct json *map(
	struct world *w, const struct person *person, const struct json *draft, const char *body)
{
	struct str out = STR_INIT;
	struct err err;
	const struct json *parsed;
	assert_true(json_parse(w->a, slice_of(body), NULL, &parsed, &err));
	assert_true(
		import_map(w->app, person, json_text(json_get(draft, "import"), ""), parsed, &out, &err));
	return world_parse(w, &out);
}

static const struct json *confirm(
	struct world *w, const struct person *person, const struct json *draft)
{
	struct str out = STR_INIT, said = STR_INIT;
	struct err err;
	if (!import_confirm(w->app, person, json_text(json_get(draft, "import"), ""), &out, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	return world_parse(w, &out);
}

static int64_t projects(struct world *w, const struct person *person)
{
	struct str out = STR_INIT;
	struct err err;
	struct query_text query = {.count = "only"};
	assert_true(app_query_json(w->app, person, "project", &query, &out, &err));
	return json_int(json_get(world_parse(w, &out), "total"), -1);
}

static void nothing_is_stored_before_it_is_confirmed(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	const struct json *draft = start(w, &office, ledger);
	assert_int_equal(json_int(json_get(draft, "rows"), 0), 4);
	assert_int_equal(json_int(json_get(draft, "good"), 0), 3);
	const struct json *problem = NULL, *problems = json_get(draft, "problems");
	for (int i = 0; i < json_count(problems); i++)
		if (strcmp(json_text(json_get(json_at(problems, i), "value"), ""), "abc") == 0)
			problem = json_at(problems, i);
	assert_non_null(problem);
	assert_int_equal(json_int(json_get(problem, "row"), 0), 5);
	assert_string_equal(json_text(json_get(problem, "column"), ""), "C");
	assert_int_equal(projects(w, &office), 0);
	const struct json *outcome = confirm(w, &office, draft);
	assert_int_equal(json_int(json_get(outcome, "created"), 0), 3);
	assert_int_equal(json_int(json_get(outcome, "refused"), 0), 1);
	assert_int_equal(projects(w, &office), 3);
	struct str out = STR_INIT;
	struct err err;
	assert_false(import_confirm(
		w->app, &office, json_text(json_get(draft, "import"), ""), &out, &err)); /* once */
	assert_int_equal(err.code, ERR_MISSING);
	struct query_text query = {.columns = "title,total_investment,lead_unit", .sort = "title"};
	assert_true(app_query_json(w->app, &office, "project", &query, &out, &err));
	const struct json *row = json_at(json_get(world_parse(w, &out), "rows"), 0);
	assert_string_equal(json_text(json_at(row, 1), ""), "一号厂房");
	assert_int_equal(json_int(json_at(row, 2), 0), INT64_C(12000000000)); /* 12,000 万元 */
	assert_string_equal(json_text(json_at(row, 3), ""), world_id(w, w->bureau_a));
	world_close(w);
	(void)state;
}

/* What was read for the preview does not count any more when somebody has stored a record since. */
static void what_was_stored_since_the_preview_is_seen(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	const char *text = "项目名称,外部编号,总投资（万元）\n甲项目,A-1,100\n乙项目,A-2,200\n";
	const struct json *first = start(w, &office, text), *second = start(w, &office, text);
	assert_int_equal(json_int(json_get(first, "create"), 0), 2);
	assert_int_equal(json_int(json_get(confirm(w, &office, second), "created"), 0), 2);
	const struct json *outcome = confirm(w, &office, first);
	assert_int_equal(json_int(json_get(outcome, "created"), -1), 0);
	assert_int_equal(json_int(json_get(outcome, "unchanged"), 0), 2);
	assert_int_equal(projects(w, &office), 2);
	world_close(w);
	(void)state;
}

static void own_columns_can_be_kept(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	const struct json *draft =
		map(w, &office, start(w, &office, ledger), "{\"keep_unknown\":true}");
	assert_true(json_count(json_get(draft, "new_fields")) >= 1);
	const struct json *outcome = confirm(w, &office, draft);
	assert_int_equal(json_int(json_get(outcome, "created"), 0), 3);
	world_reopen(w); /* the new field survives */
	struct str out = STR_INIT;
	struct err err;
	struct query_text query = {.filter = "title:eq:一号厂房"};
	assert_true(app_export(w->app, &office, "project", &query, EXPORT_CSV, &out, &err));
	assert_non_null(strstr(str_text(&out), "东侧"));
	assert_non_null(strstr(str_text(&out), "备用列甲"));
	str_free(&out);
	world_close(w);
	(void)state;
}

static void missing_units_are_offered_and_made(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	const char *text = "项目名称,责任单位\n甲项目,丙局\n乙项目,丙局\n";
	const struct json *draft = start(w, &office, text);
	const struct json *missing = json_get(draft, "missing");
	assert_int_equal(json_count(missing), 1);
	assert_string_equal(json_text(json_get(json_at(missing, 0), "name"), ""), "丙局");
	draft = map(w, &office, draft, "{\"create_missing\":true}");
	assert_int_equal(json_int(json_get(draft, "good"), 0), 2);
	assert_int_equal(json_int(json_get(confirm(w, &office, draft), "created"), 0), 2);
	struct str out = STR_INIT;
	struct err err;
	struct query_text query = {.filter = "name:eq:丙局"};
	assert_true(app_query_json(w->app, &office, "unit", &query, &out, &err));
	assert_int_equal(json_int(json_get(world_parse(w, &out), "total"), 0), 1);
	world_close(w);
	(void)state;
}

static void what_goes_out_comes_in_unchanged(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	world_create(w, &office, "project",
		"\"title\":\"厂房, \\\"甲\\\"\",\"category\":\"industry\",\"total_investment\":123456789,"
		"\"programmes\":[\"municipal\",\"county\"],\"planned_start\":\"2026-04-01\",\"lead_unit\":"
		"\"%s\",\"area\":\"%s\","
		"\"note\":\"第一行\\n第二行\"",
		world_id(w, w->bureau_a), world_id(w, w->north));
	world_project(w, "二号厂房", w->bureau_b, w->south);
	for (int format = EXPORT_XLSX; format <= EXPORT_CSV; format++) {
		struct str out = STR_INIT, answer = STR_INIT;
		struct err err;
		struct query_text query = {0};
		assert_true(
			app_export(w->app, &office, "project", &query, (enum export_format)format, &out, &err));
		assert_true(
			import_start(w->app, &office, "project", "out", str_view(&out), NULL, &answer, &err));
		const struct json *outcome = confirm(w, &office, world_parse(w, &answer));
		assert_int_equal(json_int(json_get(outcome, "unchanged"), 0), 2);
		assert_int_equal(json_int(json_get(outcome, "updated"), 0), 0);
		assert_int_equal(json_int(json_get(outcome, "refused"), 0), 0);
		str_free(&out);
	}
	world_close(w);
	(void)state;
}

static void a_draft_is_its_makers_and_expires(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person other =
		world_person(w, "other", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct str out = STR_INIT;
	struct err err;
	const struct json *draft = start(w, &office, ledger);
	const char *id = json_text(json_get(draft, "import"), "");
	assert_false(import_map(w->app, &other, id, NULL, &out, &err));
	assert_int_equal(err.code, ERR_MISSING);
	assert_false(
		import_start(w->app, &town, "project", "x.csv", slice_of(ledger), NULL, &out, &err));
	assert_int_equal(err.code, ERR_DENIED);
	w->now_ms += 2 * MS_PER_DAY;
	assert_true(app_tick(w->app, &err));
	assert_false(import_map(w->app, &office, id, NULL, &out, &err));
	assert_int_equal(err.code, ERR_MISSING);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_is_stored_before_it_is_confirmed),
		cmocka_unit_test(what_was_stored_since_the_preview_is_seen),
		cmocka_unit_test(own_columns_can_be_kept),
		cmocka_unit_test(missing_units_are_offered_and_made),
		cmocka_unit_test(what_goes_out_comes_in_unchanged),
		cmocka_unit_test(a_draft_is_its_makers_and_expires),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
