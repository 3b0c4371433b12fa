/* A step or a deletion taken back: fields, state, since when, deadlines, what followed; and why not, where not. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/inside.h"
#include "app/reading.h"
#include "app/admin.h"
#include "app/lights.h"
#include "app/undo.h"
#include "app_help.h"

static struct person office_of(struct world *w)
{
	return world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
}

static int64_t version_of(
	struct world *w, const struct person *person, const char *reg, struct uuid id)
{
	return json_int(json_get(world_record(w, person, reg, id), "version"), 0);
}

static bool undo(struct world *w, const struct person *person, const char *reg, struct uuid id,
	int64_t version, struct submitted *out, struct err *err)
{
	return app_undo(w->app, w->a, person, reg, id, version, NULL, NULL, out, err);
}

static void undone(struct world *w, const struct person *person, const char *reg, struct uuid id)
{
	struct submitted out;
	struct err err;
	struct str text = STR_INIT;
	if (!undo(w, person, reg, id, 0, &out, &err)) {
		err_say(&err, LANG_EN, &text);
		fail_msg("%s", str_text(&text));
	}
}

static void refused(struct world *w, const struct person *person, const char *reg, struct uuid id,
	enum err_code code, const char *why)
{
	struct submitted out;
	struct err err;
	struct str text = STR_INIT;
	assert_false(undo(w, person, reg, id, 0, &out, &err));
	assert_int_equal(err.code, code);
	err_say(&err, LANG_EN, &text);
	if (!strstr(str_text(&text), why))
		fail_msg("\"%s\" does not say \"%s\"", str_text(&text), why);
	str_free(&text);
}

/* What must be as before, as text: the record without version and last change. */
static const char *seen(
	struct world *w, const struct person *person, const char *reg, struct uuid id)
{
	static const char *const parts[] = {"state", "state_since", "fields", "clocks", "allow"};
	const struct json *record = world_record(w, person, reg, id);
	struct str text = STR_INIT;
	for (size_t i = 0; i < countof(parts); i++) {
		struct json_writer writer = jw_start(&text);
		jw_json(&writer, json_get(record, parts[i]));
		str_putc(&text, '\n');
	}
	const char *out = arena_strdup(w->a, str_text(&text));
	str_free(&text);
	return out;
}

static void all_is_well(struct world *w)
{
	struct person system = person_system("cli");
	struct str out = STR_INIT;
	struct err err;
	bool whole = false;
	assert_true(app_fsck_json(w->app, &system, NULL, NULL, &out, &whole, &err));
	if (!whole)
		fail_msg("%s", str_text(&out));
	str_free(&out);
}

static struct uuid issue_at_the_bureau(struct world *w, const struct person *office)
{
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	struct uuid issue = world_create(w, office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(w, project))
							.id;
	world_step(w, office, "issue", issue, "accept", " ");
	return issue;
}

static void a_step_goes_back_with_its_clocks(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct uuid issue = issue_at_the_bureau(w, &office);
	world_day(w, 2026, 3, 11);
	const char *accepted = seen(w, &office, "issue", issue);
	world_step(
		w, &office, "issue", issue, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	assert_string_not_equal(seen(w, &office, "issue", issue), accepted);
	undone(w, &office, "issue", issue);
	assert_string_equal(seen(w, &office, "issue", issue), accepted);

	/* the clock that an answer stopped runs on, with the deadline it had */
	world_step(
		w, &office, "issue", issue, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	world_day(w, 2026, 3, 12);
	const char *assigned = seen(w, &office, "issue", issue);
	world_step(w, &office, "issue", issue, "answer", "\"answer\":\"已通电\"");
	undone(w, &office, "issue", issue);
	assert_string_equal(seen(w, &office, "issue", issue), assigned);
	all_is_well(w);
	world_reopen(w);
	assert_string_equal(seen(w, &office, "issue", issue), assigned);
	all_is_well(w);
	world_close(w);
	(void)state;
}

static int level_of(struct world *w, const struct person *office, struct uuid issue)
{
	const struct json *clocks = json_get(world_record(w, office, "issue", issue), "clocks");
	for (int i = 0; i < json_count(clocks); i++)
		if (strcmp(json_text(json_get(json_at(clocks, i), "clock"), ""), "answer") == 0)
			return (int)json_int(json_get(json_at(clocks, i), "level"), -1);
	return -1;
}

/* What would have come due while the answer stood comes due when it is taken back: nothing is slept through. */
static void a_deadline_that_passed_meanwhile_is_told(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct err err;
	struct uuid issue = issue_at_the_bureau(w, &office);
	world_step(
		w, &office, "issue", issue, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	world_step(w, &office, "issue", issue, "answer", "\"answer\":\"已通电\"");
	world_day(w, 2026, 4, 20);
	assert_true(app_tick(w->app, &err));
	undone(w, &office, "issue", issue);
	assert_int_equal(level_of(w, &office, issue), 0);
	assert_true(app_tick(w->app, &err));
	assert_true(level_of(w, &office, issue) > 0);
	all_is_well(w);
	world_close(w);
	(void)state;
}

static void a_deleted_record_comes_back(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct submitted out;
	struct err err;
	struct uuid issue = issue_at_the_bureau(w, &office);
	const char *before = seen(w, &office, "issue", issue);
	struct uuid project = {{0}};
	assert_true(uuid_parse(
		slice_of(json_text(
			json_get(json_get(world_record(w, &office, "issue", issue), "fields"), "project"), "")),
		&project));
	int64_t version = version_of(w, &office, "issue", issue);
	assert_true(app_delete(w->app, w->a, &office, "issue", issue, 0, NULL, &out, &err));
	assert_int_equal(out.version, version + 1);
	struct person auditor =
		world_person(w, "auditor", "auditor", (struct uuid){{0}}, (struct uuid){{0}});
	refused(w, &auditor, "issue", issue, ERR_DENIED, "do not allow");
	assert_false(undo(w, &office, "issue", issue, version, &out, &err)); /* an older version */
	assert_int_equal(err.code, ERR_CONFLICT);
	undone(w, &office, "issue", issue);
	assert_string_equal(seen(w, &office, "issue", issue), before);
	refused(w, &office, "issue", issue, ERR_CONFLICT, "was to undo");
	refused(w, &auditor, "issue", issue, ERR_DENIED,
		"do not allow"); /* before it is said why it cannot be */

	/* not without what it hangs under */
	assert_true(app_delete(w->app, w->a, &office, "issue", issue, 0, NULL, &out, &err));
	assert_true(app_delete(w->app, w->a, &office, "project", project, 0, NULL, &out, &err));
	refused(w, &office, "issue", issue, ERR_CONFLICT, "bring that back first");
	undone(w, &office, "project", project);
	undone(w, &office, "issue", issue);
	assert_string_equal(seen(w, &office, "issue", issue), before);
	all_is_well(w);

	/* nor is anything of it lost by a restart between */
	assert_true(app_delete(w->app, w->a, &office, "issue", issue, 0, NULL, &out, &err));
	world_reopen(w);
	undone(w, &office, "issue", issue);
	assert_string_equal(seen(w, &office, "issue", issue), before);
	const struct board *b = w->app->board;
	const struct board_table *t = board_table(b, board_table_named(b, "issue"));
	int32_t row = board_row(t, issue);
	assert_true(slice_is(board_title(t, row), "缺电"));
	assert_true(
		slice_is(column_word(board_column(t, board_column_named(t, "state")), row), "accepted"));
	all_is_well(w);
	world_close(w);
	(void)state;
}

/* Another record took its key meanwhile: two months of the same report cannot stand side by side. */
/* Since when the light about starting stands, and the worst of all. */
static const char *start_since(struct world *w, const struct person *person, struct uuid project)
{
	struct str out = STR_INIT;
	struct err err;
	assert_true(app_lights_json(w->app, person, project, NULL, &out, &err));
	const struct json *report = world_parse(w, &out), *lights = json_get(report, "lights");
	const char *since = "none";
	for (int i = 0; i < json_count(lights); i++)
		if (strcmp(json_text(json_get(json_at(lights, i), "light"), ""), "start") == 0)
			since = json_text(json_get(json_at(lights, i), "since"), "none");
	return arena_printf(w->a, "%s %s", since, json_text(json_get(report, "since"), "none"));
}

/* A light that an undo brings back never went: on the same day, on a later one, and over a restart between. */
static void a_light_comes_back_with_its_day(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct err err;
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	world_step(w, &office, "project", project, "prepare", " ");
	world_step(w, &office, "project", project, "make_ready",
		"\"planned_start\":\"2026-01-10\",\"planned_finish\":\"2027-12-31\"");
	const char *red = start_since(w, &office, project);
	assert_string_equal(red, "2026-03-10 2026-03-10");

	world_day(w, 2026, 3, 20);
	assert_true(app_tick(w->app, &err));
	world_step(w, &office, "project", project, "start", "\"actual_start\":\"2026-03-18\"");
	assert_string_equal(start_since(w, &office, project), "2026-03-20 2026-03-20");
	undone(w, &office, "project", project);
	assert_string_equal(start_since(w, &office, project), red);
	all_is_well(w);

	world_step(w, &office, "project", project, "start", "\"actual_start\":\"2026-03-18\"");
	for (int day = 21; day <= 24; day++) {
		world_day(w, 2026, 3, day);
		assert_true(app_tick(w->app, &err));
	}
	assert_string_equal(start_since(w, &office, project), "2026-03-20 2026-03-20");
	world_reopen(w);
	undone(w, &office, "project", project);
	assert_string_equal(start_since(w, &office, project), red);
	all_is_well(w);
	world_reopen(w);
	assert_string_equal(start_since(w, &office, project), red);

	struct submitted out;
	world_day(w, 2026, 3, 26);
	assert_true(app_tick(w->app, &err));
	assert_true(app_delete(w->app, w->a, &office, "project", project, 0, NULL, &out, &err));
	world_day(w, 2026, 3, 28);
	world_reopen(w);
	undone(w, &office, "project", project);
	assert_string_equal(start_since(w, &office, project), red);
	all_is_well(w);
	world_close(w);
	(void)state;
}

static void a_taken_key_is_a_conflict(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct submitted out;
	struct err err;
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	static const char report[] =
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\"";
	struct uuid first = world_create(w, &office, "report", report, world_id(w, project)).id;
	assert_true(app_delete(w->app, w->a, &office, "report", first, 0, NULL, &out, &err));
	struct uuid second = world_create(w, &office, "report", report, world_id(w, project)).id;
	refused(w, &office, "report", first, ERR_CONFLICT, "already a record");
	assert_true(app_delete(w->app, w->a, &office, "report", second, 0, NULL, &out, &err));
	undone(w, &office, "report", first);
	all_is_well(w);
	world_close(w);
	(void)state;
}

static void what_an_approved_request_wrote_goes_back(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct person leader =
		world_person(w, "leader", "leader", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	world_update(w, &office, "project", project,
		"\"planned_start\":\"2026-04-01\",\"planned_finish\":\"2027-04-01\"");
	world_step(w, &office, "project", project, "prepare", " ");
	const char *loose = seen(w, &office, "project", project);
	world_step(w, &office, "project", project, "make_ready", " ");
	undone(w, &office, "project", project); /* the first approved dates go with it */
	assert_string_equal(seen(w, &office, "project", project), loose);
	world_step(w, &office, "project", project, "make_ready", " ");
	const char *ready = seen(w, &office, "project", project);
	struct uuid request = world_create(w, &office, "change_request",
		"\"project\":\"%s\",\"target_register\":\"project\",\"target_record\":\"%s\",\"target_"
		"field\":\"planned_finish\",\"new_date\":\"2027-06-30\",\"reason\":\"征地\"",
		world_id(w, project), world_id(w, project))
							  .id;
	world_step(w, &leader, "change_request", request, "approve", " ");
	assert_string_not_equal(seen(w, &office, "project", project), ready);
	undone(w, &leader, "change_request", request);
	assert_string_equal(seen(w, &office, "project", project), ready);

	/* a second request was granted on top of it: the first cannot go alone */
	world_step(w, &leader, "change_request", request, "approve", " ");
	struct uuid later = world_create(w, &office, "change_request",
		"\"project\":\"%s\",\"target_register\":\"project\",\"target_record\":\"%s\",\"target_"
		"field\":\"planned_finish\",\"new_date\":\"2027-09-30\",\"reason\":\"汛期\"",
		world_id(w, project), world_id(w, project))
							.id;
	world_step(w, &leader, "change_request", later, "approve", " ");
	refused(w, &leader, "change_request", request, ERR_CONFLICT, "changed again since");
	undone(w, &leader, "change_request", later);
	undone(w, &leader, "change_request", request);
	assert_string_equal(seen(w, &office, "project", project), ready);
	all_is_well(w);
	world_close(w);
	(void)state;
}

static void only_the_last_thing_done_by_a_person(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct submitted out;
	struct err err;
	struct uuid issue = issue_at_the_bureau(w, &office);
	struct once once = {SLICE("key-1"), SLICE("body")};
	int64_t version = version_of(w, &office, "issue", issue);
	assert_true(undo_open(w->app, w->a, &office, "issue", issue));
	assert_true(app_undo(w->app, w->a, &office, "issue", issue, version, NULL, &once, &out, &err));
	assert_true(app_undo(w->app, w->a, &office, "issue", issue, version, NULL, &once, &out, &err));
	assert_true(out.repeated);
	assert_int_equal(out.version, version + 1);
	refused(w, &office, "issue", issue, ERR_CONFLICT, "was to undo");
	world_update(w, &office, "issue", issue, "\"title\":\"缺水\"");
	refused(w, &office, "issue", issue, ERR_CONFLICT, "is no step");
	assert_false(undo_open(w->app, w->a, &office, "issue", issue));
	world_step(w, &office, "issue", issue, "accept", " ");
	world_step(
		w, &office, "issue", issue, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	struct person bureau = world_person(w, "bureau", "department", w->bureau_b, (struct uuid){{0}});
	refused(w, &bureau, "issue", issue, ERR_DENIED, "do not allow");
	refused(w, NULL, "issue", issue, ERR_LOGIN, "sign in");
	world_day(w, 2026, 4, 20);
	assert_true(app_tick(w->app, &err));
	refused(w, &office, "issue", issue, ERR_CONFLICT, "by a deadline");
	world_close(w);
	(void)state;
}

/* As of the days between, the step stands; the journal keeps both. */
static void the_past_stays_as_it_was(void **state)
{
	struct world *w = world_open();
	struct person office = office_of(w);
	struct submitted out;
	struct err err;
	struct uuid project = world_project(w, "厂房", w->bureau_a, w->north);
	world_step(w, &office, "project", project, "prepare", " ");
	world_day(w, 2026, 3, 11);
	assert_true(app_delete(w->app, w->a, &office, "project", project, 0, NULL, &out, &err));
	world_day(w, 2026, 3, 12);
	undone(w, &office, "project", project);
	world_day(w, 2026, 3, 13);
	static const struct {
		const char *day;
		int64_t total;
	} days[] = {{"2026-03-10", 1}, {"2026-03-11", 0}, {"2026-03-12", 1}, {NULL, 1}};
	for (size_t i = 0; i < countof(days); i++) {
		struct str text = STR_INIT;
		struct query_text list = {.columns = "state", .as_of = days[i].day};
		assert_true(app_query_json(w->app, &office, "project", &list, &text, &err));
		const struct json *answer = world_parse(w, &text);
		assert_int_equal(json_int(json_get(answer, "total"), -1), days[i].total);
	}
	all_is_well(w);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_step_goes_back_with_its_clocks),
		cmocka_unit_test(a_deadline_that_passed_meanwhile_is_told),
		cmocka_unit_test(a_deleted_record_comes_back),
		cmocka_unit_test(a_light_comes_back_with_its_day),
		cmocka_unit_test(a_taken_key_is_a_conflict),
		cmocka_unit_test(what_an_approved_request_wrote_goes_back),
		cmocka_unit_test(only_the_last_thing_done_by_a_person),
		cmocka_unit_test(the_past_stays_as_it_was),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
