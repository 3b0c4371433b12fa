/* Registers and fields that an office adds while the server runs. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/lights.h"
#include "app/reading.h"
#include "app/registers.h"
#include "app_help.h"

static bool add(struct world *w, const struct person *person, const char *text, struct err *err)
{
	struct str out = STR_INIT;
	const struct json *body;
	assert_true(json_parse(w->a, slice_of(text), NULL, &body, err));
	bool done = app_register_add(w->app, w->a, person, body, &out, err);
	str_free(&out);
	return done;
}

static void a_field_is_there_at_once_and_after_a_restart(void **state)
{
	struct world *w = world_open();
	struct err err;
	struct person admin =
		world_person(w, "admin2", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid old = world_project(w, "老项目", w->bureau_a, w->north);
	static const char text[] = "{\"register\":\"project\",\"extends\":true,\"fields\":[{\"name\":"
							   "\"power_kva\",\"type\":\"integer\","
							   "\"least\":0,\"label\":{\"zh\":\"用电容量\",\"en\":\"Power\"}}]}";
	assert_false(add(w, &office, text, &err)); /* administrators only */
	assert_int_equal(err.code, ERR_DENIED);
	assert_true(add(w, &admin, text, &err));
	world_update(w, &office, "project", old, "\"power_kva\":630");
	world_update_refused(w, &office, ERR_INPUT, "project", old, "\"power_kva\":-1");
	world_reopen(w);
	const struct json *record = world_record(w, &office, "project", old);
	assert_int_equal(json_int(json_get(json_get(record, "fields"), "power_kva"), 0), 630);
	struct str out = STR_INIT;
	struct query_text query = {.filter = "power_kva:ge:600", .columns = "title,power_kva"};
	assert_true(app_query_json(w->app, &office, "project", &query, &out, &err));
	assert_int_equal(json_int(json_get(world_parse(w, &out), "total"), 0), 1);
	query = (struct query_text){.as_of = "2026-03-09", .count = "only"};
	assert_true(app_query_json(w->app, &office, "project", &query, &out, &err));
	assert_int_equal(json_int(json_get(world_parse(w, &out), "total"), -1), 0);
	world_close(w);
	(void)state;
}

static void a_register_is_there_with_its_steps(void **state)
{
	struct world *w = world_open();
	struct err err;
	struct person admin =
		world_person(w, "admin2", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	static const char text[] =
		"{\"register\":\"visit\",\"label\":{\"zh\":\"踏查\",\"en\":\"Visit\"},\"of\":\"project\","
		"\"title\":\"note\","
		"\"fields\":[{\"name\":\"project\",\"type\":\"ref\",\"to\":\"project\",\"required\":true,"
		"\"label\":{\"zh\":\"项目\",\"en\":\"Project\"}},"
		"{\"name\":\"note\",\"type\":\"text\",\"required\":true,\"label\":{\"zh\":\"记录\",\"en\":"
		"\"Note\"}}],"
		"\"states\":[{\"name\":\"noted\",\"label\":{\"zh\":\"已记\",\"en\":\"Noted\"},\"open\":"
		"true},"
		"{\"name\":\"read\",\"label\":{\"zh\":\"已阅\",\"en\":\"Read\"}}],"
		"\"steps\":[{\"name\":\"read\",\"label\":{\"zh\":\"阅\",\"en\":\"Read\"},\"from\":["
		"\"noted\"],\"to\":\"read\",\"by\":[\"town\"]}],"
		"\"allow\":{\"read\":[\"anyone\"],\"create\":[\"town\"],\"update\":[\"town\"]}}";
	assert_true(add(w, &admin, text, &err));
	struct submitted made = world_create(
		w, &town, "visit", "\"project\":\"%s\",\"note\":\"已进场\"", world_id(w, project));
	world_step(w, &town, "visit", made.id, "read", " ");
	world_reopen(w);
	assert_string_equal(
		json_text(json_get(world_record(w, &town, "visit", made.id), "state"), ""), "read");
	world_close(w);
	(void)state;
}

static void a_bad_definition_leaves_everything_as_it_was(void **state)
{
	struct world *w = world_open();
	struct err err;
	struct person admin =
		world_person(w, "admin2", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
	assert_false(add(w, &admin,
		"{\"register\":\"project\",\"extends\":true,\"fields\":[{\"name\":\"title\",\"type\":"
		"\"integer\","
		"\"label\":{\"zh\":\"a\",\"en\":\"a\"}}]}",
		&err));
	assert_false(add(w, &admin,
		"{\"register\":\"x\",\"label\":{\"zh\":\"x\",\"en\":\"x\"},\"fields\":[{\"name\":\"a\","
		"\"type\":\"text\","
		"\"label\":{\"zh\":\"a\",\"en\":\"a\"}}],\"title\":\"a\",\"allow\":{\"read\":[\"king\"]}}",
		&err));
	world_project(w, "厂房", w->bureau_a, w->north);
	world_reopen(w); /* nothing of it was kept that would stop the start */
	world_close(w);
	(void)state;
}

static void a_rule_set_of_the_office_relights(void **state)
{
	struct world *w = world_open();
	struct err err;
	struct str out = STR_INIT;
	const struct json *body;
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(app_rulesets_json(w->app, &office, &out, &err));
	const struct json *sets = json_get(world_parse(w, &out), "rulesets");
	const char *name = NULL;
	for (int i = 0; i < json_count(sets); i++)
		if (!json_bool(json_get(json_at(sets, i), "active"), true))
			name = json_text(json_get(json_at(sets, i), "ruleset"), NULL);
	assert_non_null(name);
	assert_true(
		json_parse(w->a, slice_of(arena_printf(w->a, "{\"name\":\"%s\",\"active\":true}", name)),
			NULL, &body, &err));
	assert_true(app_ruleset_preview_json(w->app, &office, body, &out, &err));
	assert_true(json_count(json_get(world_parse(w, &out), "months")) >= 1);
	assert_true(app_ruleset_set(w->app, w->a, &office, body, &out, &err));
	str_clear(&out);
	world_reopen(w);
	assert_true(app_rulesets_json(w->app, &office, &out, &err));
	sets = json_get(world_parse(w, &out), "rulesets");
	bool on = false;
	for (int i = 0; i < json_count(sets); i++)
		if (strcmp(json_text(json_get(json_at(sets, i), "ruleset"), ""), name) == 0)
			on = json_bool(json_get(json_at(sets, i), "active"), false);
	assert_true(on);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_field_is_there_at_once_and_after_a_restart),
		cmocka_unit_test(a_register_is_there_with_its_steps),
		cmocka_unit_test(a_bad_definition_leaves_everything_as_it_was),
		cmocka_unit_test(a_rule_set_of_the_office_relights),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
