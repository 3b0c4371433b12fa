/* The invented county: the same seed and end date give the same journal, and everything in it holds together. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/admin.h"
#include "demo/demo.h"
#include "app/inside.h"
#include "app/session.h"
#include "app/wall.h"
#include "app_help.h"

static const struct json *made(struct world *w, uint64_t seed, struct demo_result *result)
{
	struct demo_options options = {
		.seed = seed, .until = date_from_ymd(2026, 3, 9), .projects = 24, .months = 6};
	struct str out = STR_INIT;
	struct err err;
	bool whole;
	if (!demo_make(w->app, &options, NULL, NULL, result, &err)) {
		err_say(&err, LANG_EN, &out);
		fail_msg("%s", str_text(&out));
	}
	struct person system = person_system("cli");
	assert_true(app_verify_json(w->app, &system, NULL, NULL, &out, &whole, &err));
	assert_true(whole);
	return world_parse(w, &out);
}

static void one_seed_one_county(void **state)
{
	const char *hashes[3] = {"", "", ""};
	struct world *worlds[3];
	for (int i = 0; i < 3; i++) {
		struct demo_result result;
		struct world *w = worlds[i] = world_open_empty();
		const struct json *head = json_get(made(w, i < 2 ? 5 : 6, &result), "head");
		assert_int_equal(result.projects, 24);
		assert_true(result.reports > 24);
		assert_true(result.accounts > 30);
		hashes[i] = json_text(json_get(head, "hash"), "");
	}
	assert_string_equal(hashes[0], hashes[1]);
	assert_string_not_equal(hashes[0], hashes[2]);
	for (int i = 0; i < 3; i++)
		world_close(worlds[i]);
	(void)state;
}

static int records_of(struct world *w, const char *reg)
{
	app_read_lock(w->app);
	int n = board_count(board_table(w->app->board, board_table_named(w->app->board, reg)));
	app_unlock(w->app);
	return n;
}

/* Plans of tasks from templates, some approved, and the milestones they are tied to have their dates from them. */
static void some_projects_are_planned(struct world *w)
{
	const struct board *b = w->app->board;
	const struct board_table *t = board_table(b, board_table_named(b, "milestone"));
	const struct column *computed = board_column(t, board_column_named(t, "computed"));
	int plans = records_of(w, "plan"), baselines = records_of(w, "baseline"), dated = 0;

	for (int32_t row = 0; row < board_rows(t); row++)
		dated += column_number(computed, row) != NOTHING64;
	assert_true(plans > 1);
	assert_true(baselines >= 1);
	assert_true(baselines < plans);
	assert_true(dated > 4 * plans);
}

static void the_county_holds_together(void **state)
{
	struct world *w = world_open_empty();
	struct person system = person_system("cli"), *office;
	struct demo_result result;
	struct session session;
	struct str out = STR_INIT;
	struct err err;
	bool whole;
	int wait;
	made(w, 7, &result);
	assert_true(app_fsck_json(w->app, &system, NULL, NULL, &out, &whole, &err));
	if (!whole)
		print_error("%s\n", str_text(&out));
	assert_true(whole);
	str_free(&out);
	assert_true(session_login(
		w->app, w->a, "xiangmuban", result.password, "10.0.0.1", &session, &office, &wait, &err));
	some_projects_are_planned(w);
	struct wall_query query = {0};
	assert_true(app_wall_json(w->app, office, &query, &out, &err));
	const struct json *lights = json_get(world_parse(w, &out), "lights");
	assert_true(json_int(json_get(lights, "green"), 0) > 0); /* early ones and late ones */
	assert_true(
		json_int(json_get(lights, "warn"), 0) + json_int(json_get(lights, "serious"), 0) > 0);
	struct demo_options again = {.seed = 1, .until = DATE_NONE};
	assert_false(demo_make(w->app, &again, NULL, NULL, &result, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(one_seed_one_county),
		cmocka_unit_test(the_county_holds_together),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
