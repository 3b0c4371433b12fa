/* The board: rewinding equals loading afresh at every point of a random walk, kept facts equal recomputed ones, and what
 * follows from reports of several cadences. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "board/board.h"
#include "board/rollup.h"
#include "test/unit/board_help.h"

#define STEPS 3000

static struct date d(int year, int month, int day)
{
	return date_from_ymd(year, month, day);
}

static int64_t fact(const struct board *b, struct uuid project, const char *name)
{
	const struct board_table *t = board_projects(b);
	int column = board_column_named(t, name);
	if (column < 0)
		fail_msg("there is no column %s", name);
	return column_number(board_column(t, column), board_row(t, project));
}

/* ---- a random walk ---- */

static struct uuid any(struct office *o, const char *reg)
{
	for (int tries = 0; o->n && tries < 200; tries++) {
		struct record *r = o->records[office_random(o, (uint32_t)o->n)];
		if (strcmp(r->reg->name, reg) == 0 && !r->deleted)
			return r->id;
	}
	return (struct uuid){{0}};
}

static const char *ref(struct office *o, const char *reg)
{
	struct uuid id = any(o, reg);
	return uuid_is_nil(id) ? "null" : arena_printf(o->a, "\"%s\"", office_id(o, id));
}

static const char *some_day(struct office *o)
{
	struct str s = STR_INIT;
	date_format(&s, (struct date){d(2024, 1, 1).day + (int32_t)office_random(o, 1000)});
	const char *text = arena_strdup(o->a, str_text(&s));
	str_free(&s);
	return text;
}

static const char *somewhere(struct office *o)
{
	return office_random(o, 3) == 0
		? "null"
		: arena_printf(o->a, "{\"type\":\"Point\",\"coordinates\":[-%u.%06u,%u.5e1]}",
			  office_random(o, 180), office_random(o, 1000000), office_random(o, 9));
}

static const char *const categories[] = {"industry", "transport", "water", "social"};
static const char *const tags[] = {"[]", "[\"national\"]", "[\"county\",\"special_bond\"]", "null"};
static const char *const states[] = {
	"idea", "ready", "building", "completed", "archived", "suspended"};

static void walk_project(struct office *o)
{
	struct uuid old = any(o, "project");
	bool fresh = uuid_is_nil(old) || office_random(o, 3) == 0;
	const char *fields = arena_printf(o->a,
		"{\"title\":\"项目%u\",\"category\":\"%s\",\"programmes\":%s,\"lead_unit\":%s,\"area\":%s,"
		"\"headquarters\":%s,\"planned_start\":\"%s\",\"total_investment\":%u,\"planned_finish\":"
		"\"%s\",\"place\":%s}",
		office_random(o, 50), categories[office_random(o, 4)], tags[office_random(o, 4)],
		ref(o, "unit"), ref(o, "area"), ref(o, "unit"), some_day(o), office_random(o, 100000),
		some_day(o), somewhere(o));
	const char *state = states[office_random(o, 6)];
	if (fresh)
		office_create(o, "project", state, fields);
	else
		office_update(o, old, office_random(o, 2) ? state : NULL, fields);
}

static void walk_child(struct office *o)
{
	static const char *const kinds[] = {"day", "week", "month"};
	static const char *const report_states[] = {"draft", "submitted", "verified", "returned"};
	const char *project = ref(o, "project");
	switch (office_random(o, 5)) {
	case 0:
		office_create(o, "year_plan", "in_force",
			arena_printf(o->a, "{\"project\":%s,\"year\":%u,\"annual_plan_investment\":%u%s}",
				project, 2024 + office_random(o, 3), office_random(o, 100000),
				office_random(o, 2) ? ",\"month_03\":5000" : ""));
		break;
	case 1:
	case 2:
		office_create(o, "report", report_states[office_random(o, 4)],
			arena_printf(o->a,
				"{\"project\":%s,\"period_kind\":\"%s\",\"period\":\"%s\",\"%s\":%u,\"forecast_"
				"finish\":\"%s\"}",
				project, kinds[office_random(o, 3)], some_day(o),
				office_random(o, 4) ? "investment" : "investment_year", office_random(o, 9000),
				some_day(o)));
		break;
	case 3:
		office_create(o, "milestone", "planned",
			arena_printf(o->a, "{\"project\":%s,\"name\":\"节点%u\",\"planned\":\"%s\"}", project,
				office_random(o, 9), some_day(o)));
		break;
	default:
		office_create(o, "issue", office_random(o, 2) ? "handling" : "closed",
			arena_printf(o->a, "{\"project\":%s,\"title\":\"问题\"}", project));
	}
}

static void walk_change(struct office *o)
{
	switch (office_random(o, 5)) {
	case 0: {
		struct uuid id = any(o, "report");
		if (!uuid_is_nil(id)) /* also to another project */
			office_update(o, id, "verified",
				arena_printf(o->a, "{\"investment\":%u,\"project\":%s}", office_random(o, 9000),
					ref(o, "project")));
		break;
	}
	case 1: {
		struct uuid id = any(o, "milestone");
		if (!uuid_is_nil(id))
			office_update(o, id, "done", arena_printf(o->a, "{\"actual\":\"%s\"}", some_day(o)));
		break;
	}
	case 2: {
		static const char *const regs[] = {
			"report", "milestone", "issue", "year_plan", "project", "unit"};
		struct uuid id = any(o, regs[office_random(o, 6)]);
		if (!uuid_is_nil(id))
			office_delete(o, id);
		break;
	}
	case 3: {
		struct uuid id = any(o, "unit");
		if (!uuid_is_nil(id) && office_random(o, 8) == 0) /* what is above it changes */
			office_update(o, id, NULL, arena_printf(o->a, "{\"parent\":%s}", ref(o, "unit")));
		break;
	}
	default:
		office_create(o, office_random(o, 2) ? "unit" : "area", NULL,
			office_random(o, 2) ? "{\"name\":\"甲\"}" : "{\"name\":\"乙\"}");
	}
}

static void walk(struct office *o)
{
	uint32_t which = office_random(o, 10);
	if (which < 3 || o->n < 6)
		walk_project(o);
	else if (which < 7)
		walk_child(o);
	else
		walk_change(o);
}

static void compare_position(
	const struct column *x, int32_t row, const struct column *y, int32_t other)
{
	assert_int_equal(x->positions != NULL, y->positions != NULL);
	if (x->positions)
		assert_memory_equal(&x->positions[row], &y->positions[other], sizeof(struct position));
}

/* Every living record the same in both, by id, with every value and every derived fact. */
static void compare_table(
	const struct board *x, const struct board *y, int table, struct arena *a, int at)
{
	const struct board_table *t = board_table(x, table), *u = board_table(y, table);
	assert_int_equal(board_count(t), board_count(u));
	for (int32_t row = 0; row < board_rows(t); row++) {
		if (!board_alive(t, row))
			continue;
		int32_t other = board_row(u, board_id(t, row));
		if (other < 0 || !board_alive(u, other))
			fail_msg("step %d: a record of %s is missing", at, board_register(t)->name);
		for (int c = 0; c < board_columns(t); c++) {
			const char *name = board_column(t, c)->field->name;
			if (strcmp(name, "changed_at") == 0 || strcmp(name, "state_since") == 0)
				continue; /* not known after rewinding */
			struct str p = STR_INIT, q = STR_INIT;
			struct json_writer w = jw_start(&p), v = jw_start(&q);
			board_value_json(x, &w, t, c, row);
			board_value_json(y, &v, u, board_column_named(u, name), other);
			if (strcmp(str_text(&p), str_text(&q)) != 0)
				fail_msg("step %d: %s.%s is %s, should be %s", at, board_register(t)->name, name,
					str_text(&p), str_text(&q));
			str_free(&p);
			str_free(&q);
			compare_position(
				board_column(t, c), row, board_column(u, board_column_named(u, name)), other);
		}
	}
}

static void compare_boards(const struct board *x, const struct board *y, struct arena *a, int at)
{
	for (int i = 0; i < board_catalogue(x)->n; i++)
		compare_table(x, y, board_table_named(x, board_catalogue(x)->registers[i].name), a, at);
	assert_memory_equal(rollup_get(x, DIMENSION_ALL, -1) ? rollup_get(x, DIMENSION_ALL, -1)->done
														 : (int64_t[24]){0},
		rollup_get(y, DIMENSION_ALL, -1) ? rollup_get(y, DIMENSION_ALL, -1)->done
										 : (int64_t[24]){0},
		24 * sizeof(int64_t));
	assert_int_equal(board_journal(x), board_journal(y));
}

static void check_kept(const struct office *o, int at)
{
	struct arena *a = arena_open();
	const char **findings;
	int n;
	if (board_check(o->board, a, 5, &findings, &n) != 0)
		fail_msg("step %d: %s", at, findings[0]);
	arena_close(a);
}

#define POINTS 30

static void test_rewind(void **state)
{
	struct office *o = office_open(NULL);
	struct date today = d(2026, 5, 20);
	struct board *fresh[POINTS];
	int at[POINTS];
	board_settle(o->board, today);
	for (int point = 0; point < POINTS; point++) {
		for (int i = 0; i < STEPS / POINTS; i++)
			walk(o);
		board_settle(o->board, today);
		check_kept(o, point);
		fresh[point] = office_load(o);
		board_settle(fresh[point], today);
		at[point] = o->nchanges;
		compare_boards(o->board, fresh[point], o->a, point);
	}
	/* backwards, on the board itself and on a copy */
	struct board *back = board_copy(o->board);
	int no = o->nchanges;
	for (int point = POINTS - 1; point >= 0; point--) {
		for (; no > at[point]; no--)
			board_rewind(back, &o->changes[no - 1]);
		board_settle(back, today);
		compare_boards(back, fresh[point], o->a, point);
		board_close(fresh[point]);
	}
	compare_boards(o->board, o->board, o->a, -1); /* the original is untouched by its copy */
	for (; no > 0; no--)
		board_rewind(back, &o->changes[no - 1]);
	board_settle(back, today);
	for (int i = 0; i < board_catalogue(back)->n; i++)
		assert_int_equal(board_count(board_table(back, i)), 0);
	/* and forwards again */
	for (; no < o->nchanges; no++)
		board_apply(back, &o->changes[no]);
	board_settle(back, today);
	compare_boards(back, o->board, o->a, -2);
	board_close(back);
	office_close(o);
}

/* Another day: everything that counts days moves. */
static void test_days(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid id = office_create(o, "project", "building",
		"{\"title\":\"路\",\"planned_start\":\"2025-01-01\",\"actual_start\":\"2025-02-01\","
		"\"planned_finish\":\"2027-01-01\"}");
	const char *text = office_id(o, id);
	office_create(o, "report", "submitted",
		arena_printf(o->a,
			"{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-04-30\","
			"\"investment\":100}",
			text));
	struct uuid m = office_create(o, "milestone", "planned",
		arena_printf(
			o->a, "{\"project\":\"%s\",\"name\":\"封顶\",\"planned\":\"2026-05-10\"}", text));
	struct uuid issue = office_create(o, "issue", "handling",
		arena_printf(o->a, "{\"project\":\"%s\",\"title\":\"用电\"}", text));
	int issues = board_table_named(o->board, "issue");
	board_set_due(o->board, issues, board_row(board_table(o->board, issues), issue),
		date_instant(d(2026, 5, 15), 1439, OFFSET_CHINA));
	board_settle(o->board, d(2026, 5, 15));
	assert_int_equal(fact(o->board, id, "days_without_report"), 15);
	assert_int_equal(fact(o->board, id, "days_late"), 5);
	assert_int_equal(fact(o->board, id, "issues_open"), 1);
	assert_int_equal(fact(o->board, id, "issues_overdue"), 0);
	const struct board_table *t = board_projects(o->board);
	assert_true(
		slice_is(column_word(board_column(t, board_column_named(t, "class")), board_row(t, id)),
			"carryover"));
	assert_true(slice_is(
		column_word(board_column(t, board_column_named(t, "next_milestone")), board_row(t, id)),
		"封顶"));
	board_settle(o->board, d(2026, 5, 16));
	assert_int_equal(fact(o->board, id, "days_late"), 6);
	assert_int_equal(fact(o->board, id, "issues_overdue"), 1);
	office_update(o, m, "done", "{\"actual\":\"2026-05-16\"}");
	struct touched touched = board_settle(o->board, d(2026, 5, 16));
	assert_int_equal(touched.n, 1);
	assert_int_equal(fact(o->board, id, "days_late"), 0);
	assert_int_equal(fact(o->board, id, "days_late_finished"), 6);
	assert_int_equal(fact(o->board, id, "milestones_done"), 1);
	assert_int_equal(fact(o->board, id, "next_milestone_due"), NOTHING64);
	check_kept(o, 0);
	office_close(o);
}

/* The same money is never counted twice, whatever the cadence, and drafts do not count. */
static void test_cadences(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid id =
		office_create(o, "project", "building", "{\"title\":\"路\",\"prior_investment\":5000}");
	static const char *const reports[][4] = {
		{"submitted", "month", "2026-01-31", "\"investment\":1000"},
		{"submitted", "week", "2026-01-10", "\"investment\":400"}, /* in the month report already */
		{"submitted", "week", "2026-02-06", "\"investment\":200"},
		{"verified", "week", "2026-02-13", "\"investment\":300"},
		{"submitted", "day", "2026-02-14", "\"investment\":70"}, /* weeks come first */
		{"submitted", "day", "2026-03-02", "\"investment\":7"},
		{"submitted", "day", "2026-03-03", "\"investment\":8"},
		{"draft", "month", "2026-03-31", "\"investment\":9999"},
		{"returned", "month", "2026-02-28", "\"investment\":9999"},
		{"submitted", "month", "2026-04-30",
			"\"investment_year\":2000"}, /* 2000 - 1000 - 500 - 15 in April */
	};
	for (size_t i = 0; i < countof(reports); i++)
		office_create(o, "report", reports[i][0],
			arena_printf(o->a, "{\"project\":\"%s\",\"period_kind\":\"%s\",\"period\":\"%s\",%s}",
				office_id(o, id), reports[i][1], reports[i][2], reports[i][3]));
	board_settle(o->board, d(2026, 5, 15));
	assert_int_equal(fact(o->board, id, "completed_investment"), 2000);
	assert_int_equal(fact(o->board, id, "month_completed"), 485);
	assert_int_equal(fact(o->board, id, "cumulative_investment"), 7000);
	assert_int_equal(
		fact(o->board, id, "plan_completion"), NOTHING64); /* no plan: a dash, not 0 or 100 */
	assert_int_equal(fact(o->board, id, "last_report"), d(2026, 4, 30).day);
	board_settle(o->board, d(2026, 3, 15));
	assert_int_equal(fact(o->board, id, "completed_to_month"), 1500);
	office_create(o, "report", "submitted",
		arena_printf(o->a,
			"{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"investment_"
			"total\":9000,\"investment\":600}",
			office_id(o, id)));
	board_settle(o->board, d(2026, 5, 15));
	assert_int_equal(fact(o->board, id, "cumulative_investment"), 9000 + 15 + 385);
	office_close(o);
}

/* Whatever day a report speaks of: one from before the months that are kept apart counts in the first of them. */
static void test_very_old_reports(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid id = office_create(o, "project", "building", "{\"title\":\"路\"}");
	static const char *const periods[] = {"1949-10-31", "2006-12-31", "2007-01-31", "2026-12-31"};
	for (size_t i = 0; i < countof(periods); i++)
		office_create(o, "report", "submitted",
			arena_printf(o->a,
				"{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"%s\",\"investment\":%"
				"d}",
				office_id(o, id), periods[i], 1 << i));
	board_settle(o->board, d(2026, 12, 31));
	assert_int_equal(fact(o->board, id, "cumulative_investment"), 15);
	assert_int_equal(fact(o->board, id, "completed_investment"), 8);
	office_close(o);
}

/* Of points the board knows also where. */
static void test_positions(void **state)
{
	static const struct {
		const char *place;
		struct position at;
	} cases[] = {
		{"{\"type\":\"Point\",\"coordinates\":[121.5006344,-31.2]}", {121500634, -31200000}},
		{"{\"type\":\"Point\",\"coordinates\":[-180,90,12.5]}", {-180000000, 90000000}},
		{"{\"coordinates\":[1e-6,2.5e1],\"type\":\"Point\",\"entered_in\":\"gcj02\"}",
			{1, 25000000}},
		{"null", {NOTHING32, NOTHING32}},
	};
	struct office *o = office_open(NULL);
	const struct board_table *t = board_projects(o->board);
	int place = board_column_named(t, "place");
	for (size_t i = 0; i < countof(cases); i++) {
		struct uuid id = office_create(o, "project", "idea",
			arena_printf(o->a, "{\"title\":\"甲\",\"place\":%s}", cases[i].place));
		int32_t row = board_row(t, id);
		assert_memory_equal(
			&board_column(t, place)->positions[row], &cases[i].at, sizeof(cases[i].at));
		assert_int_equal(column_number(board_column(t, place), row), cases[i].at.east != NOTHING32);
	}
	assert_null(board_column(t, board_column_named(t, "title"))->positions);
	office_close(o);
}

/* A catalogue that grew at run time: new columns and tables, old rows kept. */
static void test_growing(void **state)
{
	struct office *o = office_open(NULL),
				  *grown = office_open("{\"register\":\"project\",\"extends\":true,\"fields\":[{"
									   "\"name\":\"tree_count\",\"type\":\"integer\","
									   "\"label\":{\"zh\":\"树木\",\"en\":\"Trees\"}}]}");
	struct uuid id =
		office_create(o, "project", "building", "{\"title\":\"路\",\"category\":\"water\"}");
	board_settle(o->board, d(2026, 5, 15));
	board_use_catalogue(o->board, grown->catalogue);
	const struct board_table *t = board_projects(o->board);
	int column = board_column_named(t, "tree_count");
	assert_true(column > 0);
	assert_int_equal(column_number(board_column(t, column), board_row(t, id)), NOTHING64);
	assert_true(
		slice_is(column_word(board_column(t, board_column_named(t, "category")), board_row(t, id)),
			"water"));
	const struct catalogue *small = o->catalogue;
	o->catalogue = grown->catalogue;
	struct record *r = office_find(o, id);
	struct record *wider = record_new(o->a, catalogue_find(grown->catalogue, "project"));
	for (int i = 0; i < r->reg->nfields; i++)
		wider->values[register_field(wider->reg, r->reg->fields[i].name)->index] = r->values[i];
	wider->id = r->id;
	wider->state = r->state;
	wider->version = r->version;
	*r = *wider;
	office_update(o, id, NULL, "{\"tree_count\":12}");
	struct touched touched = board_settle(o->board, d(2026, 5, 15));
	assert_true(touched.all); /* new columns: everything anew */
	assert_int_equal(fact(o->board, id, "tree_count"), 12);
	board_close(o->board);
	catalogue_close(small);
	arena_close(o->a);
	office_close(grown);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rewind),
		cmocka_unit_test(test_days),
		cmocka_unit_test(test_cadences),
		cmocka_unit_test(test_very_old_reports),
		cmocka_unit_test(test_growing),
		cmocka_unit_test(test_positions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
