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

static void closed(struct world *w, const struct person *office, const char *kind, const char *from,
	const char *until, struct uuid area)
{
	world_create(w, office, "calendar_day",
		"\"day\":\"%s\",\"until\":\"%s\",\"kind\":\"%s\",\"reason\":\"x\",\"area\":\"%s\"", from,
		until, kind, world_id(w, area));
}

/* When an issue of this project that is reported now is to be accepted: one working day. */
static const char *accept_due(struct world *w, const struct person *office, struct uuid project)
{
	struct uuid issue = world_create(w, office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(w, project))
							.id;
	const char *due = json_text(json_get(clock_of(w, office, issue, "accept"), "due"), "");
	return arena_printf(w->a, "%.10s", due);
}

/* From Tuesday, 10 March 2026. No tick in between: a day counts as soon as it is entered. */
static void days_of_an_area_count_there_and_below(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid north = world_project(w, "北厂", w->bureau_a, w->north);
	struct uuid south = world_project(w, "南厂", w->bureau_a, w->south);
	closed(w, &office, "closure", "2026-03-11", "2026-03-12", w->north);
	assert_string_equal(accept_due(w, &office, north), "2026-03-13");
	assert_string_equal(accept_due(w, &office, south), "2026-03-11");
	closed(w, &office, "closure", "2026-03-11", "2026-03-15", w->root_area);
	assert_string_equal(accept_due(w, &office, north), "2026-03-16");
	assert_string_equal(accept_due(w, &office, south), "2026-03-16");
	closed(w, &office, "workday", "2026-03-14", "2026-03-14", w->south); /* the narrower wins */
	assert_string_equal(accept_due(w, &office, south), "2026-03-14");
	assert_string_equal(accept_due(w, &office, north), "2026-03-16");
	world_reopen(w);
	assert_string_equal(accept_due(w, &office, south), "2026-03-14");
	/* the town comes to lie in another county */
	struct uuid other = world_create(
		w, &office, "area", "\"code\":\"220200\",\"name\":\"邻县\",\"level\":\"county\"")
							.id;
	world_update(w, &office, "area", w->north, "\"parent\":\"%s\"", world_id(w, other));
	assert_string_equal(accept_due(w, &office, north), "2026-03-13");
	world_close(w);
	(void)state;
}

/* A project that names no area counts where its unit sits; the issue's own lead unit goes before the project's. */
static void without_an_area_the_unit_says(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid project = world_create(w, &office, "project",
		"\"title\":\"散厂\",\"category\":\"industry\",\"lead_unit\":\"%s\"",
		world_id(w, w->bureau_a))
							  .id;
	world_update(w, &office, "unit", w->bureau_a, "\"area\":\"%s\"", world_id(w, w->north));
	world_update(w, &office, "unit", w->bureau_b, "\"area\":\"%s\"", world_id(w, w->south));
	closed(w, &office, "closure", "2026-03-11", "2026-03-11", w->north);
	closed(w, &office, "closure", "2026-03-11", "2026-03-20", w->south);
	assert_string_equal(accept_due(w, &office, project), "2026-03-12");
	struct uuid issue = world_create(w, &office, "issue",
		"\"project\":\"%s\",\"title\":\"缺水\",\"kind\":\"utilities\",\"lead_unit\":\"%s\"",
		world_id(w, project), world_id(w, w->bureau_b))
							.id;
	const char *due = json_text(json_get(clock_of(w, &office, issue, "accept"), "due"), "");
	assert_int_equal(strncmp(due, "2026-03-23", 10), 0);
	world_close(w);
	(void)state;
}

static void a_day_must_be_a_span(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	world_create_refused(w, &office, ERR_INPUT, "calendar_day",
		"\"day\":\"2026-03-11\",\"until\":\"2026-03-10\",\"kind\":\"closure\",\"reason\":\"x\"");
	world_create_refused(w, &office, ERR_INPUT, "calendar_day",
		"\"day\":\"2026-03-11\",\"until\":\"2036-03-10\",\"kind\":\"closure\",\"reason\":\"x\"");
	world_reopen(w);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(days_of_an_area_count_there_and_below),
		cmocka_unit_test(without_an_area_the_unit_says),
		cmocka_unit_test(a_day_must_be_a_span),
		cmocka_unit_test(overdue_climbs_its_ladder_once),
		cmocka_unit_test(a_new_day_is_settled),
		cmocka_unit_test(a_closure_moves_later_deadlines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
