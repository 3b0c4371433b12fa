/* The wall, its lights and its past: one report changes the figures; a narrower reader sees his part of the same sums. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/admin.h"
#include "app/inside.h"
#include "app/past.h"
#include "app/lights.h"
#include "app/registers.h"
#include "app/trend.h"
#include "app/wall.h"
#include "app_help.h"
#include "store/clock_rows.h"

static const struct json *wall(
	struct world *w, const struct person *person, const char *as_of, const char *unit)
{
	struct str out = STR_INIT;
	struct err err;
	struct wall_query query = {.as_of = as_of, .unit = unit};
	if (!app_wall_json(w->app, person, &query, &out, &err))
		fail_msg("the wall is refused");
	return world_parse(w, &out);
}

static int64_t figure(const struct json *answer, const char *name)
{
	const struct json *figures = json_get(answer, "figures");
	for (int i = 0; i < json_count(figures); i++)
		if (strcmp(json_text(json_get(json_at(figures, i), "name"), ""), name) == 0)
			return json_int(json_get(json_at(figures, i), "value"), -1);
	fail_msg("no figure %s", name);
	return -1;
}

static const struct json *unit_of(const struct json *answer, const char *title)
{
	const struct json *units = json_get(answer, "by_unit");
	for (int i = 0; i < json_count(units); i++)
		if (strcmp(json_text(json_get(json_at(units, i), "title"), ""), title) == 0)
			return json_at(units, i);
	return NULL;
}

struct county {
	struct world *w;
	struct person office, town;
	struct uuid first, second;
};

/* Two projects with plans of 1,000 and 2,000 万 for 2026; the first reported 300 万 for January. */
static void open_county(struct county *c)
{
	c->w = world_open();
	c->office = world_person(c->w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	c->town = world_person(c->w, "town", "town", c->w->bureau_a, c->w->north);
	world_day(c->w, 2026, 1, 5);
	c->first = world_project(c->w, "一号", c->w->office_a, c->w->north);
	c->second = world_project(c->w, "二号", c->w->bureau_b, c->w->south);
	const struct uuid ids[] = {c->first, c->second};
	for (int i = 0; i < 2; i++) {
		world_step(c->w, &c->office, "project", ids[i], "prepare", " ");
		world_step(c->w, &c->office, "project", ids[i], "make_ready",
			"\"planned_start\":\"2026-01-05\",\"planned_finish\":\"2027-12-31\"");
		world_step(c->w, &c->office, "project", ids[i], "start", "\"actual_start\":\"2026-01-05\"");
		struct uuid plan = world_create(c->w, &c->office, "year_plan",
			"\"project\":\"%s\",\"year\":2026,"
			"\"annual_plan_investment\":%d",
			world_id(c->w, ids[i]), (i + 1) * 1000000000)
							   .id;
		world_step(c->w, &c->office, "year_plan", plan, "issue", " ");
	}
	world_day(c->w, 2026, 2, 3);
	struct uuid report = world_create(c->w, &c->town, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-01-31\",\"investment\":"
		"300000000",
		world_id(c->w, c->first))
							 .id;
	world_step(c->w, &c->town, "report", report, "submit", " ");
	world_day(c->w, 2026, 3, 10);
	struct err err;
	assert_true(app_tick(c->w->app, &err));
}

static void a_report_changes_figures_units_and_what_changed(void **state)
{
	struct county c;
	open_county(&c);
	const struct json *now = wall(c.w, &c.office, NULL, NULL);
	assert_int_equal(figure(now, "projects"), 2);
	assert_int_equal(figure(now, "annual_plan_investment"), 3000000000);
	assert_int_equal(figure(now, "completed_investment"), 300000000);
	const struct json *above = unit_of(now, "甲局"), *own = unit_of(now, "甲局一科");
	assert_non_null(above);
	assert_non_null(own);
	assert_int_equal(
		json_int(json_get(json_get(above, "sums"), "completed_investment"), 0), 300000000);
	assert_true(json_double(json_get(own, "plan_completion"), 0) == 30.0);
	struct uuid report = world_create(c.w, &c.town, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"investment\":"
		"100000000",
		world_id(c.w, c.first))
							 .id;
	world_step(c.w, &c.town, "report", report, "submit", " ");
	now = wall(c.w, &c.office, NULL, NULL);
	assert_int_equal(figure(now, "completed_investment"), 400000000);
	const struct json *last = json_at(json_get(now, "changed"), 0);
	assert_string_equal(json_text(json_get(last, "step"), ""), "submit");
	assert_string_equal(json_text(json_get(last, "who"), ""), "town");
	world_close(c.w);
	(void)state;
}

static void a_past_day_shows_what_stood_then(void **state)
{
	struct county c;
	open_county(&c);
	const struct json *then = wall(c.w, &c.office, "2026-01-31", NULL);
	assert_int_equal(figure(then, "projects"), 2);
	assert_int_equal(figure(then, "completed_investment"), 0);
	assert_string_equal(json_text(json_get(then, "as_of"), ""), "2026-01-31");
	assert_int_equal(figure(wall(c.w, &c.office, "2025-12-31", NULL), "projects"), 0);
	assert_int_equal(figure(wall(c.w, &c.office, NULL, NULL), "completed_investment"), 300000000);
	struct str out = STR_INIT;
	struct err err;
	struct wall_query tomorrow = {.as_of = "2026-03-11"};
	assert_false(app_wall_json(c.w->app, &c.office, &tomorrow, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	world_close(c.w);
	(void)state;
}

static const struct json *trend(struct county *c, const struct person *person)
{
	struct str out = STR_INIT;
	struct err err;
	struct wall_query query = {0};
	if (!app_trend_json(c->w->app, person, &query, &out, &err))
		fail_msg("the trend is refused");
	return world_parse(c->w, &out);
}

static int64_t point(const struct json *group, int day, int series)
{
	return json_int(json_at(json_at(json_get(group, "points"), day), series), -1);
}

/* Each month of the trend says what the wall of its last day says, to each reader in his own sight. */
static void the_trend_agrees_with_the_walls_of_its_days(void **state)
{
	struct county c;
	open_county(&c);
	const struct person *readers[] = {&c.office, &c.town, &c.office};
	for (int k = 0; k < 3; k++) {
		const struct json *answer = trend(&c, readers[k]), *days = json_get(answer, "days");
		const struct json *series = json_get(answer, "series");
		assert_int_equal(json_count(days), 2); /* nothing had been entered before January */
		for (int i = 0; i < json_count(days); i++) {
			const struct json *then = wall(c.w, readers[k], json_text(json_at(days, i), ""), NULL);
			const struct json *lights = json_get(then, "lights"),
							  *whole = json_get(answer, "whole");
			assert_int_equal(point(whole, i, 0), figure(then, "projects"));
			for (int s = 1; s + 1 < json_count(series); s++)
				assert_int_equal(point(whole, i, s),
					json_int(json_get(lights, json_text(json_at(series, s), "")), -2));
		}
	}
	/* what is kept does not outlive the month */
	struct err err;
	world_day(c.w, 2026, 4, 2);
	assert_true(app_tick(c.w->app, &err));
	assert_int_equal(json_count(json_get(trend(&c, &c.office), "days")), 3);
	world_close(c.w);
	(void)state;
}

static int64_t stage_count(const struct json *answer, const char *state)
{
	const struct json *stages = json_get(answer, "stages");
	for (int i = 0; i < json_count(stages); i++)
		if (strcmp(json_text(json_get(json_at(stages, i), "state"), ""), state) == 0)
			return json_int(json_get(json_at(stages, i), "count"), -1);
	return -1;
}

static void the_wall_has_the_year_by_month_and_the_stages(void **state)
{
	struct county c;
	open_county(&c);
	const struct json *now = wall(c.w, &c.office, NULL, NULL), *curve = json_get(now, "curve");
	int64_t planned = 0;
	for (int m = 0; m < 12; m++)
		planned += json_int(json_at(json_get(curve, "planned"), m), -1);
	assert_int_equal(planned, figure(now, "annual_plan_investment"));
	assert_int_equal(json_int(json_at(json_get(curve, "done"), 0), -1), 300000000);
	assert_int_equal(json_int(json_at(json_get(curve, "done"), 1), -1), 0);
	assert_int_equal(json_int(json_get(curve, "months"), -1), 2);
	assert_int_equal(stage_count(now, "started"), 2);
	assert_int_equal(stage_count(now, "building"), 0);
	const struct json *starts = json_at(json_get(now, "targets"), 0);
	assert_int_equal(json_int(json_get(starts, "planned"), -1), 2);
	assert_int_equal(json_int(json_get(starts, "done"), -1), 2);
	assert_int_equal(stage_count(wall(c.w, &c.town, NULL, NULL), "started"), 1);
	assert_int_equal(stage_count(wall(c.w, &c.office, "2025-12-31", NULL), "started"), 0);
	world_close(c.w);
	(void)state;
}

static void who_sees_less_gets_the_sums_of_it(void **state)
{
	struct county c;
	open_county(&c);
	const struct json *mine = wall(c.w, &c.town, NULL, NULL);
	assert_int_equal(figure(mine, "projects"), 1);
	assert_int_equal(figure(mine, "annual_plan_investment"), 1000000000);
	assert_null(unit_of(mine, "乙局"));
	/* the same unit's wall for the office: the two ways of adding up agree */
	const struct json *unit = wall(c.w, &c.office, NULL, world_id(c.w, c.w->bureau_a));
	assert_int_equal(figure(unit, "completed_investment"), figure(mine, "completed_investment"));
	const struct json *whole = unit_of(wall(c.w, &c.office, NULL, NULL), "甲局"),
					  *part = unit_of(unit, "甲局");
	assert_int_equal(json_int(json_get(whole, "count"), 0), json_int(json_get(part, "count"), 1));
	assert_int_equal(json_int(json_get(json_get(whole, "lights"), "serious"), -1),
		json_int(json_get(json_get(part, "lights"), "serious"), -2));
	assert_string_equal(json_text(json_get(whole, "newest_report"), "a"),
		json_text(json_get(part, "newest_report"), "b"));
	world_close(c.w);
	(void)state;
}

static void nobody_reads_what_another_role_may(void **state)
{
	struct county c;
	struct str out = STR_INIT;
	struct err err;
	const struct json *body;
	open_county(&c);
	struct person admin =
		world_person(c.w, "admin2", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
	struct person leader =
		world_person(c.w, "leader", "leader", (struct uuid){{0}}, (struct uuid){{0}});
	static const char text[] =
		"{\"register\":\"note\",\"label\":{\"zh\":\"便笺\",\"en\":\"Note\"},\"of\":\"project\","
		"\"title\":\"note\","
		"\"fields\":[{\"name\":\"project\",\"type\":\"ref\",\"to\":\"project\",\"required\":true,"
		"\"label\":{\"zh\":\"项目\",\"en\":\"P\"}},"
		"{\"name\":\"note\",\"type\":\"text\",\"required\":true,\"label\":{\"zh\":\"记录\",\"en\":"
		"\"Note\"}}],"
		"\"allow\":{\"read\":[\"office\"],\"create\":[\"office\"]}}";
	assert_true(json_parse(c.w->a, SLICE(text), NULL, &body, &err));
	assert_true(app_register_add(c.w->app, c.w->a, &admin, body, &out, &err));
	str_free(&out);
	world_create(
		c.w, &c.office, "note", "\"project\":\"%s\",\"note\":\"内部\"", world_id(c.w, c.first));
	const struct json *own = json_at(json_get(wall(c.w, &c.office, NULL, NULL), "changed"), 0);
	const struct json *other = json_at(json_get(wall(c.w, &leader, NULL, NULL), "changed"), 0);
	assert_string_equal(json_text(json_get(own, "register"), ""), "note");
	assert_string_not_equal(json_text(json_get(other, "register"), ""), "note");
	world_close(c.w);
	(void)state;
}

static void a_light_names_who_entered_what(void **state)
{
	struct county c;
	struct str out = STR_INIT;
	struct err err;
	open_county(&c);
	assert_true(app_lights_json(c.w->app, &c.office, c.first, NULL, &out, &err));
	const struct json *answer = world_parse(c.w, &out), *lights = json_get(answer, "lights");
	bool named = false;
	for (int i = 0; i < json_count(lights); i++) {
		const struct json *inputs = json_get(json_at(lights, i), "inputs");
		for (int k = 0; k < json_count(inputs); k++)
			if (strcmp(json_text(json_get(json_at(inputs, k), "register"), ""), "report") == 0) {
				named |= strcmp(json_text(json_get(json_at(inputs, k), "who"), ""),
							 world_id(c.w, c.town.account)) == 0;
				assert_true(json_int(json_get(json_at(inputs, k), "journal"), 0) > 0);
			}
	}
	assert_true(named);
	assert_false(app_lights_json(c.w->app, &c.town, c.second, NULL, &out, &err)); /* not his */
	assert_int_equal(err.code, ERR_MISSING);
	world_close(c.w);
	(void)state;
}

static void since_survives_a_restart(void **state)
{
	struct county c;
	struct str out = STR_INIT;
	struct err err;
	open_county(&c);
	assert_true(app_lights_json(c.w->app, &c.office, c.second, NULL, &out, &err));
	const char *before = json_text(json_get(world_parse(c.w, &out), "since"), "none");
	world_day(c.w, 2026, 3, 12);
	world_reopen(c.w);
	assert_true(app_tick(c.w->app, &err));
	assert_true(app_lights_json(c.w->app, &c.office, c.second, NULL, &out, &err));
	assert_string_equal(json_text(json_get(world_parse(c.w, &out), "since"), "nothing"), before);
	world_close(c.w);
	(void)state;
}

/* "since" of every light of the second project, in order. */
static const char *sinces(struct county *c)
{
	struct str out = STR_INIT, text = STR_INIT;
	struct err err;
	assert_true(app_lights_json(c->w->app, &c->office, c->second, NULL, &out, &err));
	const struct json *report = world_parse(c->w, &out), *lights = json_get(report, "lights");
	str_printf(&text, "%s", json_text(json_get(report, "since"), "none"));
	for (int i = 0; i < json_count(lights); i++)
		str_printf(&text, " %s", json_text(json_get(json_at(lights, i), "since"), "none"));
	const char *kept = arena_strdup(c->w->a, str_text(&text));
	str_free(&text);
	return kept;
}

static int64_t overall(struct county *c)
{
	struct str out = STR_INIT;
	struct err err;
	assert_true(app_lights_json(c->w->app, &c->office, c->second, NULL, &out, &err));
	return json_int(json_get(world_parse(c->w, &out), "overall"), -99);
}

static void days_without_a_server_are_looked_up(void **state)
{
	struct county watched, slept;
	struct err err;
	open_county(&watched);
	open_county(&slept);
	struct county *both[] = {&watched, &slept};
	for (int i = 0; i < 2; i++) {
		world_day(both[i]->w, 2026, 3, 11);
		world_update(
			both[i]->w, &both[i]->office, "project", both[i]->second, "\"address\":\"新址\"");
		assert_true(app_tick(both[i]->w->app, &err));
	}
	struct date last = date_from_ymd(2026, 9, 20); /* half a year */
	for (struct date day = date_from_ymd(2026, 3, 12); day.day <= last.day; day.day++) {
		watched.w->now_ms = date_instant(day, 9 * 60, OFFSET_CHINA).ms;
		assert_true(app_tick(watched.w->app, &err));
	}
	world_day(slept.w, 2026, 9, 20);
	world_reopen(slept.w);
	assert_true(app_tick(slept.w->app, &err));
	const char *wanted = sinces(&watched);
	assert_non_null(strstr(wanted, "2026-0")); /* something did change in between */
	assert_null(strstr(wanted, "2026-09-20"));
	assert_string_equal(sinces(&slept), wanted);
	world_reopen(slept.w);
	assert_true(app_tick(slept.w->app, &err));
	assert_string_equal(sinces(&slept), wanted);
	world_close(watched.w);
	world_close(slept.w);
	(void)state;
}

/* A rule set of the office that escalates after three months: its memory of how long goes over a restart and over months
 * without a server. */
static void an_escalation_survives_a_restart(void **state)
{
	static const char body[] = "{\"ruleset\":{\"ruleset\":\"ours\",\"label\":{\"zh\":\"本县\","
							   "\"en\":\"Ours\"},\"combine\":\"worst\","
							   "\"source\":{\"text\":{\"zh\":\"x\",\"en\":\"x\"},\"grade\":\"D\"},"
							   "\"lights\":[{\"light\":\"progress\",\"label\":{\"zh\":"
							   "\"进度\",\"en\":\"Progress\"},\"subject\":\"project\","
							   "\"indicator\":\"progress_ratio\",\"bands\":["
							   "{\"at_least\":100,\"severity\":0,\"label\":{\"zh\":\"绿\",\"en\":"
							   "\"green\"},\"colour\":\"green\"},"
							   "{\"below\":100,\"severity\":1,\"label\":{\"zh\":\"黄\",\"en\":"
							   "\"yellow\"},\"colour\":\"yellow\"}],"
							   "\"escalate\":[{\"from\":1,\"periods\":3,\"severity\":3,\"label\":{"
							   "\"zh\":\"红\",\"en\":\"red\"},\"colour\":"
							   "\"red\"}]}]}}";
	struct county watched, slept;
	struct err err;
	open_county(&watched);
	open_county(&slept);
	struct county *both[] = {&watched, &slept};
	for (int i = 0; i < 2; i++) {
		struct person admin = world_person(
			both[i]->w, "boss", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
		const struct json *parsed;
		struct str out = STR_INIT;
		world_day(both[i]->w, 2026, 3, 11);
		assert_true(json_parse(both[i]->w->a, slice_of(body), "test", &parsed, &err));
		if (!app_ruleset_set(both[i]->w->app, both[i]->w->a, &admin, parsed, &out, &err)) {
			err_say(&err, LANG_EN, &out);
			fail_msg("%s", str_text(&out));
		}
		str_free(&out);
		assert_true(app_tick(both[i]->w->app, &err));
	}
	struct date last = date_from_ymd(2026, 6, 10);
	for (struct date day = date_from_ymd(2026, 3, 12); day.day <= last.day; day.day++) {
		watched.w->now_ms = date_instant(day, 9 * 60, OFFSET_CHINA).ms;
		assert_true(app_tick(watched.w->app, &err));
	}
	const char *wanted = sinces(&watched);
	assert_int_equal(overall(&watched), 3);
	assert_non_null(strstr(wanted, "2026-05-01")); /* March, April, May */
	world_reopen(watched.w);
	assert_int_equal(overall(&watched), 3); /* before any tick */
	assert_string_equal(sinces(&watched), wanted);
	world_day(slept.w, 2026, 6, 10);
	world_reopen(slept.w);
	assert_true(app_tick(slept.w->app, &err));
	assert_int_equal(overall(&slept), 3);
	assert_string_equal(sinces(&slept), wanted);
	world_close(watched.w);
	world_close(slept.w);
	(void)state;
}

static void everything_derived_can_be_recomputed(void **state)
{
	struct county c;
	struct str out = STR_INIT;
	struct err err;
	bool whole;
	open_county(&c);
	assert_true(app_fsck_json(c.w->app, &c.office, NULL, NULL, &out, &whole, &err));
	if (!whole)
		print_error("%s\n", str_text(&out));
	assert_true(whole);
	str_clear(&out);
	assert_true(app_verify_json(c.w->app, &c.office, NULL, NULL, &out, &whole, &err));
	assert_true(whole);
	assert_false(app_verify_json(c.w->app, &c.town, NULL, NULL, &out, &whole, &err));
	assert_int_equal(err.code, ERR_DENIED);
	str_free(&out);
	world_close(c.w);
	(void)state;
}

/* Findings of the recomputation, as one text. */
static const char *findings(struct county *c)
{
	struct str out = STR_INIT;
	struct err err;
	bool whole;
	if (!app_fsck_json(c->w->app, &c->office, NULL, NULL, &out, &whole, &err)) {
		err_say(&err, LANG_EN, &out);
		fail_msg("%s", str_text(&out));
	}
	const char *text = arena_strdup(c->w->a, whole ? "" : str_text(&out));
	str_free(&out);
	return text;
}

/* Clocks that ran, paused, were handed on, overdue and stopped, over closures that came and went, some of one area. */
static void clocks_follow_from_the_journal(void **state)
{
	struct county c;
	struct err err;
	struct clock_row *rows;
	int n;
	open_county(&c);
	world_day(c.w, 2026, 3, 11);
	struct uuid issue = world_create(c.w, &c.office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(c.w, c.first))
							.id;
	world_create(c.w, &c.office, "calendar_day",
		"\"day\":\"2026-03-12\",\"until\":\"2026-03-20\",\"kind\":\"closure\",\"reason\":\"雪\","
		"\"area\":\"%s\"",
		world_id(c.w, c.w->north));
	world_step(c.w, &c.office, "issue", issue, "accept", " ");
	world_day(c.w, 2026, 3, 13);
	assert_true(app_tick(c.w->app, &err));
	world_step(c.w, &c.office, "issue", issue, "assign", "\"lead_unit\":\"%s\"",
		world_id(c.w, c.w->bureau_b));
	world_day(c.w, 2026, 5, 13);
	assert_true(app_tick(c.w->app, &err));
	world_create(c.w, &c.office, "calendar_day",
		"\"day\":\"2026-03-12\",\"until\":\"2026-06-20\",\"kind\":\"closure\",\"reason\":\"疫情\"");
	world_create(c.w, &c.office, "issue",
		"\"project\":\"%s\",\"title\":\"缺水\",\"kind\":\"utilities\"", world_id(c.w, c.second));
	world_day(c.w, 2026, 7, 1);
	world_reopen(c.w);
	assert_true(app_tick(c.w->app, &err));
	assert_string_equal(findings(&c), "");
	assert_true(clock_rows_of(c.w->app->store, c.w->a, issue, &rows, &n, &err));
	assert_true(n > 1);
	struct clock_row bad = rows[0];
	bad.due.ms += MS_PER_DAY;
	bad.handed_on++;
	struct batch_result out = {.failed = -1};
	struct batch batch = {.via = "test", .at = app_now(c.w->app), .clocks = &bad, .nclocks = 1};
	assert_true(store_submit(c.w->app->store, c.w->a, &batch, &out, &err));
	const char *said = findings(&c);
	assert_non_null(strstr(said, ".due: "));
	assert_non_null(strstr(said, ".handed_on: "));
	batch.clocks = &rows[0];
	assert_true(store_submit(c.w->app->store, c.w->a, &batch, &out, &err));
	assert_string_equal(findings(&c), "");
	struct clock_row stray = rows[0];
	stray.record.b[15] ^= 1;
	batch.clocks = &stray;
	assert_true(store_submit(c.w->app->store, c.w->a, &batch, &out, &err));
	assert_non_null(strstr(findings(&c), "no change of the record started it"));
	world_close(c.w);
	(void)state;
}

static void a_wrong_since_is_found(void **state)
{
	struct county c;
	struct err err;
	open_county(&c);
	world_day(c.w, 2026, 8, 1);
	world_reopen(c.w);
	assert_true(app_tick(c.w->app, &err));
	assert_string_equal(findings(&c), "");
	struct board *b = c.w->app->board;
	const struct board_table *t = board_projects(b);
	int column = board_column_named(t, "light_standard_progress_since");
	int32_t row = board_row(t, c.second);
	int32_t since = (int32_t)column_number(board_column(t, column), row);
	board_set_int32(b, board_table_named(b, "project"), column, row, since + 1);
	assert_non_null(strstr(findings(&c), "standard/progress"));
	world_close(c.w);
	(void)state;
}

/* changed_at, state_since and the earliest deadline of a record, as its board has them. */
static const char *common(struct county *c, const struct board *b, const char *reg, struct uuid id)
{
	static const char *const names[] = {"changed_at", "state_since", "due", "version"};
	const struct board_table *t = board_table(b, board_table_named(b, reg));
	int32_t row = board_row(t, id);
	const char *text = "";
	for (size_t i = 0; i < countof(names); i++)
		text = arena_printf(c->w->a, "%s %s=%lld", text, names[i],
			(long long)column_number(board_column(t, board_column_named(t, names[i])), row));
	return arena_printf(
		c->w->a, "%s journal=%lld", text, (long long)board_origin(b, t, row).journal);
}

static void a_past_day_knows_its_deadlines(void **state)
{
	struct county c;
	struct err err;
	struct view view;
	open_county(&c);
	world_day(c.w, 2026, 3, 11);
	struct uuid issue = world_create(c.w, &c.office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(c.w, c.first))
							.id;
	world_step(c.w, &c.office, "issue", issue, "accept", " ");
	world_update(c.w, &c.office, "issue", issue, "\"description\":\"一期\"");
	const char *issue_then = common(&c, c.w->app->board, "issue", issue);
	const char *project_then = common(&c, c.w->app->board, "project", c.first);
	world_day(c.w, 2026, 3, 13);
	world_step(c.w, &c.office, "issue", issue, "assign", "\"lead_unit\":\"%s\"",
		world_id(c.w, c.w->bureau_b));
	world_update(c.w, &c.office, "project", c.first, "\"address\":\"新址\"");
	assert_string_not_equal(common(&c, c.w->app->board, "issue", issue), issue_then);
	assert_true(view_open(c.w->app, "2026-03-11", &view, &err));
	assert_string_equal(common(&c, view.board, "issue", issue), issue_then);
	assert_string_equal(common(&c, view.board, "project", c.first), project_then);
	view_close(c.w->app, &view);
	world_close(c.w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_report_changes_figures_units_and_what_changed),
		cmocka_unit_test(a_past_day_shows_what_stood_then),
		cmocka_unit_test(the_trend_agrees_with_the_walls_of_its_days),
		cmocka_unit_test(the_wall_has_the_year_by_month_and_the_stages),
		cmocka_unit_test(who_sees_less_gets_the_sums_of_it),
		cmocka_unit_test(nobody_reads_what_another_role_may),
		cmocka_unit_test(a_light_names_who_entered_what),
		cmocka_unit_test(since_survives_a_restart),
		cmocka_unit_test(a_past_day_knows_its_deadlines),
		cmocka_unit_test(clocks_follow_from_the_journal),
		cmocka_unit_test(a_wrong_since_is_found),
		cmocka_unit_test(an_escalation_survives_a_restart),
		cmocka_unit_test(days_without_a_server_are_looked_up),
		cmocka_unit_test(everything_derived_can_be_recomputed),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
