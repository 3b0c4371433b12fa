/* Days of the working calendar move the plans that follow it: those of where the days count, at once and in one change. */
#include "test/unit/cmocka_all.h"

#include "app/calendar_change.h"
#include "app/draft.h"
#include "app/planning.h"
#include "test/unit/app_help.h"

/* Outdoors 40 days from Monday 2026-11-02, then indoors 5 days; a node at the end. */
static const char drawn[] =
	"{\"title\":\"p\",\"body\":{\"guatu_plan\":1,\"calendars\":["
	"{\"id\":\"site\",\"follows\":\"site\",\"week\":{\"mon-fri\":\"08:00-12:00 13:00-17:00\"}},"
	"{\"id\":\"inside\",\"follows\":\"office\",\"week\":{\"mon-fri\":\"08:00-12:00 "
	"13:00-17:00\"}}],"
	"\"projects\":[{\"id\":\"P\",\"start\":\"2026-11-02\",\"calendar\":\"inside\"}],"
	"\"tasks\":[{\"id\":\"A\",\"duration\":\"40d\",\"calendar\":\"site\"},"
	"{\"id\":\"B\",\"duration\":\"5d\",\"calendar\":\"inside\"},"
	"{\"id\":\"F\",\"type\":\"finish_milestone\",\"milestone\":\"%s\"}],"
	"\"links\":[{\"from\":\"A\",\"to\":\"B\"},{\"from\":\"B\",\"to\":\"F\"}]}}";

struct county {
	struct world *w;
	struct person office;
	struct uuid north, south, node;
};

static void fail_err(const struct err *err)
{
	struct str text = STR_INIT;
	err_say(err, LANG_EN, &text);
	fail_msg("%s", str_text(&text));
}

static const char *finish_of(struct county *c, struct uuid project)
{
	const struct json *fields =
		json_get(world_record(c->w, &c->office, "project", project), "fields");
	return json_text(json_get(fields, "computed_finish"), "");
}

static void plan(struct county *c, struct uuid project, struct uuid node)
{
	struct submitted done;
	struct err err = {0};
	const struct json *body;
	const char *text = arena_printf(c->w->a, drawn, world_id(c->w, node));
	assert_true(json_parse(c->w->a, slice_of(text), NULL, &body, &err));
	if (!planning_save(c->w->app, c->w->a, &c->office, project, 0, body, NULL, &done, &err))
		fail_err(&err);
}

static struct county county_open(void)
{
	struct county c = {.w = world_open()};
	c.office = world_person(c.w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	c.north = world_project(c.w, "north road", c.w->bureau_a, c.w->north);
	c.south = world_project(c.w, "south road", c.w->bureau_b, c.w->south);
	c.node = world_create(c.w, &c.office, "milestone",
		"\"project\":\"%s\",\"name\":\"finish\",\"planned\":\"2026-12-31\"", world_id(c.w, c.north))
				 .id;
	plan(&c, c.north, c.node);
	plan(&c, c.south, c.north); /* tied to no node of its own */
	return c;
}

static const struct json *change(struct county *c, const char *body)
{
	struct err err = {0};
	struct str out = STR_INIT;
	const struct json *j;
	assert_true(json_parse(c->w->a, slice_of(body), NULL, &j, &err));
	if (!app_calendar_change(c->w->app, c->w->a, &c->office, j, NULL, &out, &err))
		fail_err(&err);
	return world_parse(c->w, &out);
}

static void a_winter_stop_moves_the_plans_of_its_area(void **state)
{
	struct county c = county_open();
	assert_string_equal(finish_of(&c, c.north), "2027-01-01"); /* nine weeks, 2027 unannounced */
	assert_string_equal(finish_of(&c, c.south), "2027-01-01");
	struct uuid stop = world_create(c.w, &c.office, "calendar_day",
		"\"kind\":\"winter_stop\",\"yearly\":true,\"day\":\"2025-11-16\",\"until\":\"2026-03-14\","
		"\"area\":\"%s\",\"reason\":\"frost\"",
		world_id(c.w, c.w->north))
						   .id;
	/* ten days of outdoor work before it; the other thirty from Monday 15 March 2027, then indoors */
	assert_string_equal(finish_of(&c, c.north), "2027-04-30");
	assert_string_equal(finish_of(&c, c.south), "2027-01-01");
	const struct json *node = json_get(world_record(c.w, &c.office, "milestone", c.node), "fields");
	assert_string_equal(json_text(json_get(node, "computed"), ""), "2027-04-30");
	/* kept when the office's program starts anew */
	world_reopen(c.w);
	world_update(c.w, &c.office, "calendar_day", stop, "\"until\":\"2026-03-07\"");
	assert_string_equal(finish_of(&c, c.north), "2027-04-23");
	/* a project that moves there rests there */
	world_update(c.w, &c.office, "project", c.south, "\"area\":\"%s\"", world_id(c.w, c.w->north));
	assert_string_equal(finish_of(&c, c.south), "2027-04-23");
	world_close(c.w);
	(void)state;
}

static void a_smaller_area_has_its_own_winter(void **state)
{
	struct county c = county_open();
	world_create(c.w, &c.office, "calendar_day",
		"\"kind\":\"winter_stop\",\"yearly\":true,\"day\":\"2025-11-16\",\"until\":\"2026-03-14\","
		"\"area\":\"%s\",\"reason\":\"the county's\"",
		world_id(c.w, c.w->root_area));
	assert_string_equal(finish_of(&c, c.north), "2027-04-30");
	assert_string_equal(finish_of(&c, c.south), "2027-04-30");
	world_create(c.w, &c.office, "calendar_day",
		"\"kind\":\"winter_stop\",\"yearly\":true,\"day\":\"2025-12-21\",\"until\":\"2026-02-13\","
		"\"area\":\"%s\",\"reason\":\"in the valley\"",
		world_id(c.w, c.w->south));
	assert_string_equal(finish_of(&c, c.north), "2027-04-30");
	assert_string_equal(
		finish_of(&c, c.south), "2027-02-26"); /* 35 days before, 5 and 5 from 15 Feb */
	assert_non_null(strstr(world_create_refused(c.w, &c.office, ERR_INPUT, "calendar_day",
							   "\"kind\":\"closure\",\"yearly\":true,\"day\":\"2026-05-20\","
							   "\"reason\":\"each year\""),
		"every year"));
	world_close(c.w);
	(void)state;
}

static void a_preview_says_who_moves_and_stores_nothing(void **state)
{
	struct county c = county_open();
	const char *body = arena_printf(c.w->a,
		"{\"preview\":%s,\"changes\":[{\"fields\":{\"kind\":\"closure\",\"day\":"
		"\"2026-11-23\",\"until\":\"2026-11-27\",\"area\":\"%s\",\"reason\":\"fair\"}}"
		",{\"fields\":{\"kind\":\"holiday\",\"day\":\"2027-01-01\",\"area\":\"%s\","
		"\"reason\":\"New Year\"}}]}",
		"%s", world_id(c.w, c.w->south), world_id(c.w, c.w->south));
	const struct json *said = change(&c, arena_printf(c.w->a, body, "true"));
	assert_int_equal(json_int(json_get(said, "using"), -1), 1);
	assert_int_equal(json_int(json_get(said, "moves"), -1), 1);
	assert_int_equal(json_int(json_get(said, "worst_days"), -1), 10);
	const struct json *moved = json_at(json_get(said, "moved"), 0);
	assert_string_equal(json_text(json_get(moved, "before"), ""), "2027-01-01");
	assert_string_equal(json_text(json_get(moved, "after"), ""), "2027-01-11");
	assert_int_equal(json_count(json_get(said, "stored")), 0);
	assert_string_equal(finish_of(&c, c.south), "2027-01-01");
	said = change(&c, arena_printf(c.w->a, body, "false"));
	assert_int_equal(json_count(json_get(said, "stored")), 2);
	assert_string_equal(finish_of(&c, c.south), "2027-01-11");
	assert_string_equal(finish_of(&c, c.north), "2027-01-01");
	/* taken back: both go in one change */
	const struct json *one = json_at(json_get(said, "stored"), 0),
					  *two = json_at(json_get(said, "stored"), 1);
	said = change(&c,
		arena_printf(c.w->a,
			"{\"changes\":[{\"id\":\"%s\",\"version\":1,\"delete\":true},{\"id\":\"%s\","
			"\"version\":1,"
			"\"delete\":true}]}",
			json_text(json_get(one, "id"), ""), json_text(json_get(two, "id"), "")));
	assert_int_equal(json_int(json_get(said, "worst_days"), 0), -10);
	assert_string_equal(finish_of(&c, c.south), "2027-01-01");
	world_close(c.w);
	(void)state;
}

static void draft_day(struct county *c, struct work *w, const char *fields)
{
	const struct register_def *def;
	const struct json *j;
	struct err err = {0};
	if (!app_register_find(c->w->app, "calendar_day", &def, &err) ||
		!json_parse(w->a, slice_of(fields), NULL, &j, &err) ||
		!draft_set_json(w, draft_new(w, WRITE_CREATE, def, NULL), j, &err))
		fail_err(&err);
	app_read_lock(c->w->app);
	bool fine = draft_check(w, w->n - 1, NULL, &err);
	app_unlock(c->w->app);
	if (!fine)
		fail_err(&err);
}

/* A batch however made, an import's, a bulk edit's: each plan is scheduled once, when all days are known. */
static void days_of_one_batch_move_each_plan_once(void **state)
{
	struct county c = county_open();
	struct work w = work_begin(c.w->app, c.w->a, &c.office);
	struct batch_result result = {.failed = -1};
	struct err err = {0};
	draft_day(&c, &w,
		"{\"kind\":\"closure\",\"day\":\"2026-11-23\",\"until\":\"2026-11-27\",\"reason\":"
		"\"fair\"}");
	draft_day(&c, &w, "{\"kind\":\"closure\",\"day\":\"2026-11-30\",\"reason\":\"fair\"}");
	draft_day(&c, &w, "{\"kind\":\"closure\",\"day\":\"2026-12-01\",\"reason\":\"fair\"}");
	assert_int_equal(w.n, 3); /* nothing follows before the last is known */
	if (!work_submit(&w, NULL, &result, &err))
		fail_err(&err);
	assert_int_equal(w.replanned, 2);
	assert_string_equal(finish_of(&c, c.north), "2027-01-12"); /* seven working days */
	assert_string_equal(finish_of(&c, c.south), "2027-01-12");
	world_close(c.w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_winter_stop_moves_the_plans_of_its_area),
		cmocka_unit_test(a_smaller_area_has_its_own_winter),
		cmocka_unit_test(a_preview_says_who_moves_and_stores_nothing),
		cmocka_unit_test(days_of_one_batch_move_each_plan_once),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
