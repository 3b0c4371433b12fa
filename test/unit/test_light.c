/* Published rules against the cases of test/golden/lights/, which a planner can read; then since,
 * exemptions, escalation. */
#include "test/unit/cmocka_all.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "assess/indicator.h"
#include "assess/light.h"
#include "base/json.h"
#include "base/os.h"
#include "test/unit/board_help.h"

static const char *const severities[] = {
	"exempt", "undefined", "no_data", "green", "watch", "warn", "serious"};

static const char *severity_name(int severity)
{
	return severity == SEVERITY_OUTSIDE ? "outside" : severities[severity + 3];
}

static void stop_on(const char *what, const struct err *err)
{
	struct str said = STR_INIT;
	err_say(err, LANG_EN, &said);
	fail_msg("%s: %s", what, str_text(&said));
}

static struct ruleset *builtin_named(struct arena *a, const char *name)
{
	struct ruleset *sets;
	int n;
	struct err err;
	if (!ruleset_builtin(a, &sets, &n, &err))
		stop_on("rule sets", &err);
	for (int i = 0; i < n; i++)
		if (strcmp(sets[i].name, name) == 0)
			return &sets[i];
	fail_msg("there is no rule set %s", name);
	return NULL;
}

static struct lights *bind(struct board *b, const struct ruleset *set)
{
	struct lights *l;
	struct err err;
	if (!lights_open(b, &set, 1, &l, &err))
		stop_on(set->name, &err);
	lights_attach(l, b);
	return l;
}

static void refresh(struct lights *l, struct board *b, struct date today)
{
	const struct light_change *changes;
	int n;
	lights_refresh(l, b, board_settle(b, today), &changes, &n);
}

/* ---- a case as it is written ---- */

static long long fen(const struct json *wan)
{
	return llround(json_double(wan, 0) * 1000000);
}

static const char *fields_text(struct office *o, const struct json *fields, const char *first)
{
	struct str s = STR_INIT;
	str_puts(&s, first);
	for (int i = 0; fields && i < fields->nmembers; i++) {
		struct json_writer w = jw_start(&s);
		str_puts(&s, s.n > 1 ? "," : "");
		jw_text(&w, fields->members[i].key.s);
		str_putc(&s, ':');
		w = jw_start(&s);
		jw_json(&w, &fields->members[i].value);
	}
	str_puts(&s, "}");
	const char *text = arena_strdup(o->a, str_text(&s));
	str_free(&s);
	return text;
}

static void add_children(struct office *o, const struct json *c, const char *key, const char *reg,
	const char *state, const char *project)
{
	const struct json *list = json_get(c, key);
	for (int i = 0; i < json_count(list); i++)
		office_create(o, reg, json_get(json_at(list, i), "answered_on") ? "answered" : state,
			fields_text(o, json_at(list, i), arena_printf(o->a, "{\"project\":\"%s\"", project)));
}

static void add_plan(struct office *o, const struct json *c, int year, const char *project)
{
	const struct json *plan = json_get(c, "plan_wan"), *months = json_get(c, "months_wan");
	if (!plan)
		return;
	struct str s = STR_INIT;
	str_printf(&s, "{\"project\":\"%s\",\"year\":%d,\"annual_plan_investment\":%lld", project, year,
		fen(plan));
	for (int m = 0; m < json_count(months); m++)
		str_printf(&s, ",\"month_%02d\":%lld", m + 1, fen(json_at(months, m)));
	if (json_get(c, "payment_plan_wan"))
		str_printf(&s, ",\"payment_plan\":%lld", fen(json_get(c, "payment_plan_wan")));
	str_puts(&s, "}");
	office_create(o, "year_plan", "in_force", str_text(&s));
	str_free(&s);
}

static void add_report(
	struct office *o, const char *project, const char *month, const char *field, long long money)
{
	struct month m;
	assert_true(month_parse_iso(slice_of(month), &m));
	struct str s = STR_INIT;
	str_printf(&s, "{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"", project);
	date_format(&s, month_last(m));
	str_printf(&s, "\",\"%s\":%lld}", field, money);
	office_create(o, "report", "submitted", str_text(&s));
	str_free(&s);
}

static struct uuid add_project(struct office *o, const struct json *c, int year, const char *unit)
{
	const char *first = unit ? arena_printf(o->a, "{\"title\":\"项目\",\"lead_unit\":\"%s\"", unit)
							 : "{\"title\":\"项目\"";
	struct uuid id = office_create(o, "project", json_text(json_get(c, "state"), "building"),
		fields_text(o, json_get(c, "project"), first));
	const char *text = office_id(o, id);
	add_plan(o, c, year, text);
	const struct json *done = json_get(c, "done_wan"), *paid = json_get(c, "paid_wan");
	for (int i = 0; done && i < done->nmembers; i++)
		add_report(o, text, done->members[i].key.s, "investment", fen(&done->members[i].value));
	for (int i = 0; paid && i < paid->nmembers; i++)
		add_report(o, text, paid->members[i].key.s, "paid", fen(&paid->members[i].value));
	add_children(o, c, "milestones", "milestone", "planned", text);
	add_children(o, c, "exemptions", "exemption", "approved", text);
	add_children(o, c, "slips", "slip", "issued", text);
	return id;
}

static struct date day_of(const struct json *golden, const struct json *c)
{
	struct date today;
	const struct json *own = json_get(c, "today");
	assert_true(date_parse_iso(json_slice(own ? own : json_get(golden, "today")), &today));
	return today;
}

static void check_project(const struct json *golden, const struct json *c, const char *file)
{
	struct office *o = office_open(NULL);
	const char *name = json_text(json_get(c, "case"), "?");
	struct date today = day_of(golden, c);
	struct uuid project = add_project(o, c, date_year(today), NULL);
	const struct ruleset *set = builtin_named(o->a, json_text(json_get(golden, "ruleset"), ""));
	struct lights *l = bind(o->board, set);
	refresh(l, o->board, today);
	struct light_report report;
	int32_t row = board_row(board_projects(o->board), project);
	lights_explain(o->a, l, o->board, row, &report);
	const char *light = json_text(json_get(golden, "light"), "");
	const struct light_reason *r = NULL;
	for (int i = 0; i < report.n; i++)
		if (strcmp(report.reasons[i].rule->name, light) == 0)
			r = &report.reasons[i];
	const struct json *expect = json_get(c, "expect");
	const char *want = json_text(json_get(expect, "severity"), ""),
			   *got = severity_name(r ? r->severity : (int)SEVERITY_OUTSIDE);
	if (strcmp(want, got) != 0)
		fail_msg(
			"%s, \"%s\": %s instead of %s (%s)", file, name, got, want, r ? r->value_text.en : "");
	const char *column = arena_printf(o->a, "light_%s_%s", set->name, light);
	int64_t kept = column_number(board_column(board_projects(o->board),
									 board_column_named(board_projects(o->board), column)),
		row);
	assert_int_equal(
		kept == NOTHING64 ? SEVERITY_OUTSIDE : kept, r ? r->severity : (int)SEVERITY_OUTSIDE);
	const struct {
		const char *key, *text;
	} texts[] = {{"label", r ? r->label.zh : ""}, {"to_green", r ? r->to_green.zh : ""},
		{"finding", r ? r->finding.zh : ""}, {"value", r ? r->value_text.zh : ""},
		{"action", r ? r->action.zh : ""}};
	for (size_t i = 0; i < countof(texts); i++) {
		const char *wanted = json_text(json_get(expect, texts[i].key), NULL);
		if (wanted && strcmp(wanted, texts[i].text ? texts[i].text : "") != 0)
			fail_msg("%s, \"%s\": %s is \"%s\" instead of \"%s\"", file, name, texts[i].key,
				texts[i].text, wanted);
	}
	lights_close(l);
	office_close(o);
}

/* "exempt" of a unit: the members of an approved exemption of it. */
static void add_unit_exemption(struct office *o, const struct json *u, struct uuid unit)
{
	const struct json *e = json_get(u, "exempt");
	if (!e)
		return;
	const char *first = arena_printf(o->a, "{\"unit\":\"%s\"", office_id(o, unit));
	office_create(o, "unit_exemption", json_text(json_get(u, "exempt_state"), "approved"),
		fields_text(o, e, first));
}

static void check_units(const struct json *golden, const struct json *c, const char *file)
{
	struct office *o = office_open("{\"register\":\"project\",\"extends\":true,\"fields\":["
								   "{\"name\":\"bond_issued\",\"type\":\"money\",\"label\":{\"zh\":"
								   "\"债券发行额\",\"en\":\"Bond issued\"}},"
								   "{\"name\":\"bond_issued_on\",\"type\":\"date\",\"label\":{"
								   "\"zh\":\"债券发行日期\",\"en\":\"Bond issued on\"}},"
								   "{\"name\":\"bond_paid\",\"type\":\"money\",\"label\":{\"zh\":"
								   "\"债券支出\",\"en\":\"Bond spent\"}}]}");
	struct date today = day_of(golden, c);
	const struct json *units = json_get(c, "units");
	int n = json_count(units);
	struct uuid *ids = ARENA_ARRAY(o->a, struct uuid, (size_t)n);
	for (int i = 0; i < n; i++) {
		const struct json *u = json_at(units, i);
		ids[i] = office_create(o, "unit", NULL,
			arena_printf(o->a, "{\"name\":\"%s\",\"kind\":\"%s\"%s}",
				json_text(json_get(u, "unit"), ""), json_text(json_get(u, "kind"), "town"),
				json_get(u, "group") ? arena_printf(o->a, ",\"race_group\":\"%s\"",
										   json_text(json_get(u, "group"), ""))
									 : ""));
		add_project(o, u, date_year(today), office_id(o, ids[i]));
		add_unit_exemption(o, u, ids[i]);
	}
	struct lights *l =
		bind(o->board, builtin_named(o->a, json_text(json_get(golden, "ruleset"), "")));
	refresh(l, o->board, today);
	const struct unit_light *lights;
	int nlights;
	lights_of_units(o->a, l, o->board, &lights, &nlights);
	const struct board_table *t = board_table(o->board, board_table_named(o->board, "unit"));
	for (int i = 0; i < n; i++) {
		const char *want = json_text(json_get(json_at(units, i), "expect"), NULL), *got = "outside";
		for (int k = 0; k < nlights; k++)
			if (uuid_equal(board_id(t, lights[k].unit), ids[i]) &&
				strcmp(lights[k].reason.rule->name, json_text(json_get(golden, "light"), "")) == 0)
				got = lights[k].reason.label.zh;
		if (want && strcmp(want, got) != 0)
			fail_msg("%s, \"%s\", %s: %s instead of %s", file, json_text(json_get(c, "case"), "?"),
				json_text(json_get(json_at(units, i), "unit"), "?"), got, want);
	}
	lights_close(l);
	office_close(o);
}

static void test_golden(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const char *folder = arena_printf(a, "%s/test/golden/lights", getenv("GUATU_SOURCE"));
	const char *const *names;
	int n, cases = 0;
	if (!os_list_folder(a, folder, ".json", &names, &n, &err))
		stop_on(folder, &err);
	for (int i = 0; i < n; i++) {
		struct slice text;
		const struct json *golden;
		if (!os_read_file(a, arena_printf(a, "%s/%s", folder, names[i]), 1 << 20, &text, &err) ||
			!json_parse(a, text, names[i], &golden, &err))
			stop_on(names[i], &err);
		const struct json *list = json_get(golden, "cases");
		for (int k = 0; k < json_count(list); k++, cases++) {
			if (json_get(json_at(list, k), "units"))
				check_units(golden, json_at(list, k), names[i]);
			else
				check_project(golden, json_at(list, k), names[i]);
		}
	}
	assert_true(cases >= 60);
	arena_close(a);
}

static struct date d(int year, int month, int day)
{
	return date_from_ymd(year, month, day);
}

/* One project with an even plan of 12,000 and what was done by month (万元). */
static struct uuid simple_project(struct office *o, const int *done, int months)
{
	struct uuid id = office_create(o, "project", "building",
		"{\"title\":\"河东水厂\",\"planned_start\":\"2025-03-01\",\"actual_start\":\"2025-03-"
		"05\"}");
	const char *text = office_id(o, id);
	office_create(o, "year_plan", "in_force",
		arena_printf(o->a,
			"{\"project\":\"%s\",\"year\":2026,\"annual_plan_investment\":12000000000}", text));
	for (int m = 0; m < months; m++)
		add_report(
			o, text, arena_printf(o->a, "2026-%02d", m + 1), "investment", done[m] * 1000000LL);
	return id;
}

/* A light moves at once when a report comes, only for the touched project, and says so. */
static void test_incremental(void **state)
{
	static const int done[] = {1000, 1000, 1000, 300, 0, 0};
	struct office *o = office_open(NULL);
	struct uuid id = simple_project(o, done, 6), other = simple_project(o, done, 6);
	struct lights *l = bind(o->board, builtin_named(o->a, "wuhan"));
	refresh(l, o->board, d(2026, 6, 30));
	int32_t row = board_row(board_projects(o->board), id);
	add_report(o, office_id(o, id), "2026-06", "investment", 300 * 1000000LL);
	struct touched touched = board_settle(o->board, d(2026, 6, 30));
	assert_false(touched.all);
	assert_int_equal(touched.n, 1);
	const struct light_change *changes;
	int n;
	lights_refresh(l, o->board, touched, &changes, &n);
	assert_int_equal(n, 1);
	assert_int_equal(changes[0].project, row);
	assert_int_equal(changes[0].before, SEVERITY_SERIOUS); /* 3300 of 6000 */
	assert_int_equal(changes[0].after, SEVERITY_WARN);     /* 3600 of 6000 */
	const struct rollup *all = rollup_get(o->board, DIMENSION_ALL, -1);
	assert_int_equal(all->lights[SLOT_WARN], 1);
	assert_int_equal(all->lights[SLOT_SERIOUS], 1);
	/* full judging agrees */
	int32_t judged[2];
	lights_judge(l, o->board, judged);
	assert_int_equal(judged[row], SEVERITY_WARN);
	assert_int_equal(judged[board_row(board_projects(o->board), other)], SEVERITY_SERIOUS);
	lights_close(l);
	office_close(o);
}

static void test_inputs_and_exemption(void **state)
{
	static const int done[] = {100, 100};
	struct office *o = office_open(NULL);
	struct uuid id = simple_project(o, done, 2);
	struct lights *l = bind(o->board, builtin_named(o->a, "standard"));
	refresh(l, o->board, d(2026, 6, 30));
	struct light_report report;
	int32_t row = board_row(board_projects(o->board), id);
	lights_explain(o->a, l, o->board, row, &report);
	const struct light_reason *progress = NULL;
	for (int i = 0; i < report.n; i++)
		if (strcmp(report.reasons[i].rule->name, "progress") == 0)
			progress = &report.reasons[i];
	assert_non_null(progress);
	assert_int_equal(progress->severity, SEVERITY_SERIOUS);
	/* the report's row says who and when, and which journal entry */
	bool found = false;
	for (int i = 0; i < progress->ninputs; i++)
		if (strcmp(progress->inputs[i].name, "completed_investment") == 0) {
			found = true;
			assert_string_equal(progress->inputs[i].reg, "report");
			assert_string_equal(progress->inputs[i].text.zh, "200 万元");
			assert_int_equal(progress->inputs[i].origin.who.b[0], 7);
			assert_int_equal(progress->inputs[i].origin.journal, o->nchanges);
		}
	assert_true(found);
	/* 12000 × 6/12 − 5 points = 5400 needed, 200 done */
	assert_string_equal(progress->to_green.zh, "再完成投资 5,200 万元");
	office_create(o, "exemption", "approved",
		arena_printf(o->a,
			"{\"project\":\"%s\",\"ruleset\":\"standard\",\"rule_light\":\"progress\","
			"\"reason_kind\":\"force_majeure\",\"reason\":\"洪水\",\"approver\":\"项目办主任\","
			"\"valid_from\":\"2026-06-01\",\"valid_until\":\"2026-06-30\"}",
			office_id(o, id)));
	refresh(l, o->board, d(2026, 6, 30));
	lights_explain(o->a, l, o->board, row, &report);
	for (int i = 0; i < report.n; i++)
		if (strcmp(report.reasons[i].rule->name, "progress") == 0)
			progress = &report.reasons[i];
	assert_int_equal(progress->severity, SEVERITY_EXEMPT);
	assert_int_equal(progress->exemption.would_be, SEVERITY_SERIOUS);
	assert_true(slice_is(progress->exemption.approver, "项目办主任"));
	assert_int_equal(progress->exemption.until.day, d(2026, 6, 30).day);
	refresh(l, o->board, d(2026, 7, 1)); /* the day after, it shines again */
	lights_explain(o->a, l, o->board, row, &report);
	for (int i = 0; i < report.n; i++)
		if (strcmp(report.reasons[i].rule->name, "progress") == 0)
			assert_int_equal(report.reasons[i].severity, SEVERITY_SERIOUS);
	lights_close(l);
	office_close(o);
}

/* Sanya: yellow at two month ends running has another consequence. */
static void test_escalation(void **state)
{
	static const int done[] = {1000, 1000, 800};
	struct office *o = office_open(NULL);
	struct uuid id = simple_project(o, done, 3);
	struct lights *l = bind(o->board, builtin_named(o->a, "sanya"));
	int32_t row = board_row(board_projects(o->board), id);
	struct light_report report;
	refresh(l, o->board, d(2026, 3, 31));
	lights_explain(o->a, l, o->board, row, &report);
	assert_string_equal(report.reasons[0].label.zh, "黄灯");
	assert_string_equal(report.reasons[0].action.zh, "约谈项目负责人");
	refresh(l, o->board, d(2026, 4, 30));
	lights_explain(o->a, l, o->board, row, &report);
	assert_string_equal(report.reasons[0].label.zh, "连续两次黄灯");
	assert_string_equal(report.reasons[0].action.zh, "分管副市长约谈业主和部门负责人");
	assert_int_equal(report.reasons[0].since.day, d(2026, 3, 31).day);
	lights_close(l);
	office_close(o);
}

static void test_preview(void **state)
{
	static const int ahead[] = {1000, 1000, 1000}, slow[] = {700, 700, 700};
	struct office *o = office_open(NULL);
	simple_project(o, ahead, 3);
	struct uuid id = simple_project(o, slow, 3);
	board_settle(o->board, d(2026, 3, 31));
	const struct ruleset *wuhan = builtin_named(o->a, "wuhan"),
						 *sanya = builtin_named(o->a, "sanya");
	struct lights *before, *after;
	struct err err;
	assert_true(lights_open(o->board, &wuhan, 1, &before, &err));
	assert_true(lights_open(o->board, &sanya, 1, &after, &err));
	struct preview_month month;
	const struct light_change *changed;
	int n;
	lights_preview(o->a, before, after, o->board, &month, &changed, &n);
	assert_int_equal(month.day.day, d(2026, 3, 31).day);
	assert_int_equal(month.before[SLOT_WARN], 1);
	assert_int_equal(month.after[SLOT_WARN], 1);
	assert_int_equal(n, 0); /* 70 %: yellow card there, yellow light here */
	office_update(o, id, NULL, "{\"prior_investment\":1}");
	add_report(o, office_id(o, id), "2026-02", "investment", 500 * 1000000LL);
	board_settle(o->board, d(2026, 3, 31)); /* 2600 of 3000: 86.7 % */
	lights_preview(o->a, before, after, o->board, &month, &changed, &n);
	assert_int_equal(n, 1);
	assert_int_equal(changed[0].before, SEVERITY_GREEN);
	assert_int_equal(changed[0].after, SEVERITY_WARN);
	lights_close(before);
	lights_close(after);
	office_close(o);
}

/* 南通 2019-03: 36.1 % of the year's plan is 11.1 points ahead. 三明 2010-08: 74 % is 7.33. 江门 October: 97.2 % is 13.8. */
static void test_time_progress(void **state)
{
	static const struct {
		int month;
		int done_tenths;
		const char *variance;
	} published[] = {
		{3, 361, "11.1"},
		{8, 740, "7.33"},
		{10, 972, "13.87"},
		{9, 933, "18.3"},
	};
	for (size_t i = 0; i < countof(published); i++) {
		struct office *o = office_open(NULL);
		struct uuid id = simple_project(o, NULL, 0);
		add_report(o, office_id(o, id), arena_printf(o->a, "2026-%02d", published[i].month),
			"investment", published[i].done_tenths * 12000000LL);
		board_settle(o->board, month_last((struct month){2026 * 12 + published[i].month - 1}));
		const struct board_table *t = board_projects(o->board);
		struct str s = STR_INIT;
		str_decimal(&s,
			column_number(
				board_column(t, board_column_named(t, "time_variance")), board_row(t, id)),
			2);
		assert_string_equal(str_text(&s), published[i].variance);
		str_free(&s);
		office_close(o);
	}
	struct board_options options = {.basis = TIME_BY_DAY};
	assert_int_equal(time_progress(d(2026, 11, 23), &options), 8959);
	options.basis = TIME_BY_MONTH;
	assert_int_equal(time_progress(d(2026, 6, 30), &options), 5000);
	assert_int_equal(time_progress(d(2026, 6, 29), &options), 4167);
	assert_int_equal(time_progress(d(2026, 1, 1), &options), 0);
	options.close_day = 5;
	assert_int_equal(months_ended(d(2026, 7, 4), &options), 5);
	assert_int_equal(months_ended(d(2026, 7, 5), &options), 6);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_incremental),
		cmocka_unit_test(test_inputs_and_exemption),
		cmocka_unit_test(test_escalation),
		cmocka_unit_test(test_preview),
		cmocka_unit_test(test_time_progress),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
