/* What happens by itself: clocks warn and climb once, a new day relights, office days come into force. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/inside.h"
#include "app/reading.h"
#include "app_help.h"

static void tick(struct world *w)
{
	struct err err;
	struct str text = STR_INIT;
	if (!app_tick(w->app, &err)) {
		err_say(&err, LANG_EN, &text);
		print_error("%s\n", str_text(&text));
		fail();
	}
}

static const struct json *clock_of(
	struct world *w, const struct person *person, struct uuid issue, const char *name)
{
	const struct json *clocks = json_get(world_record(w, person, "issue", issue), "clocks");
	for (int i = 0; i < json_count(clocks); i++)
		if (strcmp(json_text(json_get(json_at(clocks, i), "clock"), ""), name) == 0)
			return json_at(clocks, i);
	fail_msg("no clock %s", name);
	return NULL;
}

static int entries(struct world *w, const struct person *person, struct uuid issue, const char *via)
{
	struct str out = STR_INIT;
	struct err err;
	int n = 0;
	assert_true(app_history_json(w->app, person, "issue", issue, 0, 100, &out, &err));
	const struct json *list = json_get(world_parse(w, &out), "entries");
	for (int i = 0; i < json_count(list); i++)
		n += strcmp(json_text(json_get(json_at(list, i), "via"), ""), via) == 0;
	return n;
}

static void overdue_climbs_its_ladder_once(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	struct uuid issue = world_create(w, &office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(w, project))
							.id;
	world_step(w, &office, "issue", issue, "accept", " ");
	world_step(
		w, &office, "issue", issue, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	tick(w);
	assert_int_equal(entries(w, &office, issue, "tick"), 0);
	assert_false(json_bool(json_get(clock_of(w, &office, issue, "answer"), "overdue"), true));
	world_day(w, 2026, 4, 20); /* far past the seventh working day, as after a long standstill */
	world_reopen(w);
	tick(w);
	const struct json *c = clock_of(w, &office, issue, "answer");
	assert_true(json_bool(json_get(c, "overdue"), false));
	int level = (int)json_int(json_get(c, "level"), 0), told = entries(w, &office, issue, "tick");
	assert_true(level > 0);
	assert_true(told > 0);
	tick(w);
	tick(w);
	assert_int_equal(entries(w, &office, issue, "tick"), told); /* once */
	world_close(w);
	(void)state;
}

static void a_new_day_is_settled(void **state)
{
	struct world *w = world_open();
	tick(w);
	struct date before = board_today(w->app->board);
	world_day(w, 2026, 3, 11);
	tick(w);
	assert_int_equal(board_today(w->app->board).day, before.day + 1);
	world_close(w);
	(void)state;
}

static void a_closure_moves_later_deadlines(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	world_create(w, &office, "calendar_day",
		"\"day\":\"2026-03-11\",\"kind\":\"closure\",\"reason\":\"大雪\"");
	tick(w);
	struct uuid issue = world_create(w, &office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(w, project))
							.id;
	/* one working day from Tuesday the 10th; Wednesday is closed */
	const char *due = json_text(json_get(clock_of(w, &office, issue, "accept"), "due"), "");
	assert_int_equal(strncmp(due, "2026-03-12", 10), 0);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(overdue_climbs_its_ladder_once),
		cmocka_unit_test(a_new_day_is_settled),
		cmocka_unit_test(a_closure_moves_later_deadlines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
