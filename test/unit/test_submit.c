/* Changes: typed by definition, stepped, clocked, governed; refused with the right reason. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/reading.h"
#include "app_help.h"

static const struct json *field(const struct json *record, const char *name)
{
	return json_get(json_get(record, "fields"), name);
}

static void creates_updates_and_reads_back(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct submitted made = world_create(w, &office, "project",
		"\"title\":\"一号厂房\",\"category\":\"industry\",\"total_investment\":123450000,\"planned_"
		"start\":\"2026-04-01\"");
	assert_int_equal(made.version, 1);
	const struct json *record = world_record(w, &office, "project", made.id);
	assert_string_equal(json_text(json_get(record, "state"), ""), "idea");
	assert_int_equal(json_int(field(record, "total_investment"), 0), 123450000);
	assert_string_equal(json_text(field(record, "planned_start"), ""), "2026-04-01");
	assert_true(json_bool(json_get(json_get(record, "allow"), "update"), false));
	struct submitted changed =
		world_update(w, &office, "project", made.id, "\"title\":\"一号厂房（一期）\"");
	assert_int_equal(changed.version, 2);
	record = world_record(w, &office, "project", made.id);
	assert_string_equal(json_text(field(record, "title"), ""), "一号厂房（一期）");
	world_reopen(w);
	record = world_record(w, &office, "project", made.id);
	assert_int_equal(json_int(json_get(record, "version"), 0), 2);
	world_close(w);
	(void)state;
}

static void refuses_with_place_and_value(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	const char *said = world_create_refused(
		w, &office, ERR_INPUT, "project", "\"title\":\"x\",\"categori\":\"industry\"");
	assert_non_null(strstr(said, "categori"));
	said = world_create_refused(w, &office, ERR_INPUT, "project", "\"category\":\"industry\"");
	assert_non_null(strstr(said, "title"));
	said = world_create_refused(w, &office, ERR_INPUT, "project",
		"\"title\":\"x\",\"lead_unit\":\"01890a5d-ac96-774b-bcce-b302099a8057\"");
	assert_non_null(strstr(said, "lead_unit"));
	said = world_create_refused(w, &office, ERR_INPUT, "project", "\"title\":\"x\",\"light\":1");
	assert_non_null(strstr(said, "computed"));
	world_create_refused(w, NULL, ERR_LOGIN, "project", "\"title\":\"x\"");
	world_create_refused(w, &office, ERR_MISSING, "projekt", "\"title\":\"x\"");

	struct submitted out;
	struct err err;
	const struct json *body;
	assert_true(json_parse(w->a,
		SLICE("{\"fields\":{\"category\":\"nonsense\",\"planned_start\":\"soon\"}}"), NULL, &body,
		&err));
	assert_false(app_create(w->app, w->a, &office, "project", body, NULL, &out, &err));
	assert_int_equal(out.nerrors, 2);
	world_close(w);
	(void)state;
}

static void a_stale_version_gets_both(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	world_update(w, &office, "project", id, "\"address\":\"一路\"");
	struct submitted out;
	struct err err;
	const struct json *body, *current, *yours;
	assert_true(json_parse(w->a, SLICE("{\"fields\":{\"address\":\"二路\"}}"), NULL, &body, &err));
	assert_false(app_update(w->app, w->a, &office, "project", id, 1, body, NULL, &out, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	assert_true(json_parse(w->a, out.current, NULL, &current, &err));
	assert_true(json_parse(w->a, out.yours, NULL, &yours, &err));
	assert_int_equal(json_int(json_get(current, "version"), 0), 2);
	assert_string_equal(json_text(json_get(yours, "address"), ""), "二路");
	world_close(w);
	(void)state;
}

static void the_same_key_gives_the_first_answer(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct once once = {SLICE("5f2b7c1e-0000-4000-8000-000000000001"), SLICE("digest-a")};
	struct once other = {once.key, SLICE("digest-b")};
	struct submitted first, second;
	struct err err;
	const struct json *body;
	assert_true(json_parse(w->a,
		SLICE("{\"fields\":{\"title\":\"厂房\",\"category\":\"industry\"}}"), NULL, &body, &err));
	assert_true(app_create(w->app, w->a, &office, "project", body, &once, &first, &err));
	assert_false(first.repeated);
	assert_true(app_create(w->app, w->a, &office, "project", body, &once, &second, &err));
	assert_true(second.repeated);
	assert_true(uuid_equal(first.id, second.id));
	assert_false(app_create(w->app, w->a, &office, "project", body, &other, &second, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	/* a step repeated is answered too, although the state has moved on */
	assert_true(
		json_parse(w->a, SLICE("{\"fields\":{\"total_investment\":100}}"), NULL, &body, &err));
	once.key = SLICE("5f2b7c1e-0000-4000-8000-000000000002");
	assert_true(app_step(w->app, w->a, &office, "project", first.id, "enter_reserve", 1, body,
		&once, &second, &err));
	assert_true(app_step(w->app, w->a, &office, "project", first.id, "enter_reserve", 1, body,
		&once, &second, &err));
	assert_true(second.repeated);
	world_close(w);
	(void)state;
}

static void the_key_of_a_report_is_unique(void **state)
{
	struct world *w = world_open();
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	const char *project = world_id(w, id);
	world_create(w, &town, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\"", project);
	const char *said = world_create_refused(w, &town, ERR_CONFLICT, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\"", project);
	assert_non_null(strstr(said, "period_kind"));
	world_create(w, &town, "report",
		"\"project\":\"%s\",\"period_kind\":\"week\",\"period\":\"2026-02-28\"", project);
	world_close(w);
	(void)state;
}

static void steps_ask_and_check(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person other =
		world_person(w, "other", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct submitted report = world_create(w, &office, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"investment\":500",
		world_id(w, id));
	world_step_refused(w, &other, ERR_CONFLICT, "report", report.id, "verify", " ");
	world_step(w, &office, "report", report.id, "submit", " ");
	world_step_refused(
		w, &office, ERR_DENIED, "report", report.id, "verify", " "); /* maker is not checker */
	world_step_refused(w, &town, ERR_DENIED, "report", report.id, "verify", " ");
	world_step_refused(w, &other, ERR_INPUT, "report", report.id, "return", " ");
	world_step(w, &other, "report", report.id, "verify", " ");
	const struct json *record = world_record(w, &office, "report", report.id);
	assert_string_equal(json_text(json_get(record, "state"), ""), "verified");
	/* closed now: the town may not write into it, the office may */
	world_update_refused(w, &town, ERR_DENIED, "report", report.id, "\"investment\":900");
	world_update(w, &office, "report", report.id, "\"investment\":600");
	world_close(w);
	(void)state;
}

static void governed_dates_move_by_request_only(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person leader =
		world_person(w, "leader", "leader", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct submitted m = world_create(w, &office, "milestone",
		"\"project\":\"%s\",\"name\":\"封顶\",\"planned\":\"2026-06-30\"", world_id(w, id));
	const struct json *record = world_record(w, &office, "milestone", m.id);
	assert_string_equal(json_text(field(record, "first_approved"), ""), "2026-06-30");
	world_update_refused(w, &office, ERR_INPUT, "milestone", m.id, "\"planned\":\"2026-07-31\"");
	world_update_refused(
		w, &office, ERR_INPUT, "milestone", m.id, "\"first_approved\":\"2026-07-31\"");
	struct submitted request = world_create(w, &office, "change_request",
		"\"project\":\"%s\",\"target_register\":\"milestone\",\"target_record\":\"%s\",\"target_"
		"field\":\"planned\","
		"\"new_date\":\"2026-07-31\",\"reason\":\"冬季停工\"",
		world_id(w, id), world_id(w, m.id));
	record = world_record(w, &office, "change_request", request.id);
	assert_string_equal(json_text(field(record, "old_date"), ""), "2026-06-30");
	world_step_refused(w, &office, ERR_DENIED, "change_request", request.id, "approve", " ");
	world_step(w, &leader, "change_request", request.id, "approve", " ");
	record = world_record(w, &office, "milestone", m.id);
	assert_string_equal(json_text(field(record, "planned"), ""), "2026-07-31");
	assert_string_equal(json_text(field(record, "first_approved"), ""), "2026-06-30");
	world_create_refused(w, &office, ERR_INPUT, "change_request",
		"\"project\":\"%s\",\"target_register\":\"milestone\",\"target_record\":\"%s\",\"target_"
		"field\":\"forecast\","
		"\"new_date\":\"2026-07-31\",\"reason\":\"x\"",
		world_id(w, id), world_id(w, m.id));
	world_close(w);
	(void)state;
}

static void a_projects_first_dates_are_set_when_it_is_approved(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	world_update(w, &office, "project", id,
		"\"planned_start\":\"2026-04-01\",\"planned_finish\":\"2027-04-01\"");
	world_update(w, &office, "project", id, "\"planned_start\":\"2026-05-01\""); /* still free */
	world_step(w, &office, "project", id, "prepare", " ");
	world_step(w, &office, "project", id, "make_ready", " ");
	const struct json *record = world_record(w, &office, "project", id);
	assert_string_equal(json_text(field(record, "first_start"), ""), "2026-05-01");
	assert_string_equal(json_text(field(record, "first_finish"), ""), "2027-04-01");
	world_update_refused(w, &office, ERR_INPUT, "project", id, "\"planned_start\":\"2026-06-01\"");
	world_close(w);
	(void)state;
}

static void an_issue_runs_its_clocks(void **state)
{
	struct world *w = world_open();
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person bureau = world_person(w, "bureau", "department", w->bureau_b, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct submitted issue = world_create(w, &office, "issue",
		"\"project\":\"%s\",\"title\":\"缺电\",\"kind\":\"utilities\"", world_id(w, id));
	world_step(w, &office, "issue", issue.id, "accept", " ");
	world_step(
		w, &office, "issue", issue.id, "assign", "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	const struct json *record =
		world_record(w, &bureau, "issue", issue.id); /* seen because it is on its desk */
	const struct json *clocks = json_get(record, "clocks");
	bool answering = false;
	for (int i = 0; i < json_count(clocks); i++) {
		const struct json *c = json_at(clocks, i);
		if (strcmp(json_text(json_get(c, "clock"), ""), "answer") == 0) {
			answering = json_absent(json_get(c, "stopped"));
			/* seven working days after Tuesday 10 March */
			assert_int_equal(strncmp(json_text(json_get(c, "due"), ""), "2026-03-19", 10), 0);
			assert_string_equal(json_text(json_get(json_get(c, "holder"), "title"), ""), "乙局");
		}
	}
	assert_true(answering);
	struct str out = STR_INIT;
	struct err err;
	assert_true(app_work_json(w->app, &bureau, NULL, 0, &out, &err));
	const struct json *work = world_parse(w, &out);
	assert_int_equal(json_int(json_get(work, "total"), 0), 2); /* objection and answer */
	world_step(w, &bureau, "issue", issue.id, "answer", "\"answer\":\"已接入\"");
	assert_true(app_work_json(w->app, &bureau, NULL, 0, &out, &err));
	assert_int_equal(json_int(json_get(world_parse(w, &out), "total"), -1), 0);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(creates_updates_and_reads_back),
		cmocka_unit_test(refuses_with_place_and_value),
		cmocka_unit_test(a_stale_version_gets_both),
		cmocka_unit_test(the_same_key_gives_the_first_answer),
		cmocka_unit_test(the_key_of_a_report_is_unique),
		cmocka_unit_test(steps_ask_and_check),
		cmocka_unit_test(governed_dates_move_by_request_only),
		cmocka_unit_test(a_projects_first_dates_are_set_when_it_is_approved),
		cmocka_unit_test(an_issue_runs_its_clocks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
