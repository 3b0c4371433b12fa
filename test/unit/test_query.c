/* Queries: the answers of random questions equal those of a slow, obvious reading of the same rows; pages put together
 * equal the whole; errors name the term. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "board/query.h"
#include "test/unit/board_help.h"

#define PROJECTS 700

static struct uuid units[8], areas[5];

static struct office *make_office(void)
{
	static const char *const categories[] = {"industry", "transport", "water", "social"};
	static const char *const tags[] = {
		"null", "[\"national\"]", "[\"county\",\"special_bond\"]", "[\"special_bond\"]"};
	static const char *const states[] = {"idea", "ready", "building", "completed"};
	struct office *o = office_open(NULL);
	for (int i = 0; i < 8; i++)
		units[i] = office_create(o, "unit", NULL,
			i < 2 ? arena_printf(o->a, "{\"name\":\"单位%d\",\"kind\":\"town\"}", i)
				  : arena_printf(o->a, "{\"name\":\"单位%d\",\"kind\":\"town\",\"parent\":\"%s\"}",
						i, office_id(o, units[i / 3])));
	for (int i = 0; i < 5; i++)
		areas[i] = office_create(o, "area", NULL, arena_printf(o->a, "{\"name\":\"镇%d\"}", i));
	for (int i = 0; i < PROJECTS; i++) {
		uint32_t money = office_random(o, 40);
		struct uuid id = office_create(o, "project", states[office_random(o, 4)],
			arena_printf(o->a,
				"{\"title\":\"%s项目%u\",\"category\":\"%s\",\"programmes\":%s,\"lead_unit\":%s,"
				"\"area\":%s,\"total_investment\":%s%s}",
				office_random(o, 2) ? "河东" : "Hedong ", office_random(o, 60),
				categories[office_random(o, 4)], tags[office_random(o, 4)],
				office_random(o, 9)
					? arena_printf(o->a, "\"%s\"", office_id(o, units[office_random(o, 8)]))
					: "null",
				office_random(o, 9)
					? arena_printf(o->a, "\"%s\"", office_id(o, areas[office_random(o, 5)]))
					: "null",
				money ? arena_printf(o->a, "%u", money) : "null",
				office_random(o, 3) ? ",\"planned_start\":\"2026-03-05\""
									: ",\"planned_start\":\"2025-11-30\""));
		if (office_random(o, 20) == 0)
			office_delete(o, id);
		else if (office_random(o, 2))
			office_create(o, "report", "submitted",
				arena_printf(o->a,
					"{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-0%u-28\","
					"\"investment\":%u}",
					office_id(o, id), 1 + office_random(o, 5), office_random(o, 9)));
	}
	board_settle(o->board, date_from_ymd(2026, 6, 1));
	return o;
}

static struct query *parse(
	struct office *o, const char *filter, const char *sort, const char *after, int limit)
{
	struct query *q;
	struct err err;
	struct query_params params = {
		.filter = filter, .sort = sort, .after = after, .limit = limit, .sums = "total_investment"};
	if (!query_parse(o->a, o->board, board_table_named(o->board, "project"), &params, &q, &err)) {
		struct str said = STR_INIT;
		err_say(&err, LANG_EN, &said);
		fail_msg("%s: %s", filter, str_text(&said));
	}
	return q;
}

/* ---- the slow reading: one term at a time, one row at a time, from what the board shows ---- */

static const struct value *shown(struct office *o, const char *name, int32_t row, struct value *out)
{
	const struct board_table *t = board_projects(o->board);
	*out = board_value(o->board, o->a, t, board_column_named(t, name), row);
	return out;
}

static bool below(struct office *o, struct uuid id, struct uuid top)
{
	const struct board_table *t = board_table(o->board, board_table_named(o->board, "unit"));
	for (int32_t at = board_row(t, id); at >= 0; at = board_tree_parent(t, at))
		if (uuid_equal(board_id(t, at), top))
			return true;
	return false;
}

struct asked {
	const char *text;
	int kind;
	int64_t number;
	const char *word;
	int unit;
};

static bool naive(struct office *o, const struct asked *asked, int32_t row)
{
	struct value v;
	switch (asked->kind) {
	case 0:
		shown(o, "total_investment", row, &v);
		return v.kind == VALUE_INT && v.i >= asked->number;
	case 1:
		shown(o, "total_investment", row, &v);
		return v.kind == VALUE_INT && v.i < asked->number;
	case 2:
		shown(o, "category", row, &v);
		return v.kind == VALUE_TEXT && slice_is(v.text, asked->word);
	case 3:
		shown(o, "category", row, &v);
		return !(v.kind == VALUE_TEXT && slice_is(v.text, asked->word));
	case 4:
		shown(o, "lead_unit", row, &v);
		return v.kind == VALUE_ID && below(o, v.id, units[asked->unit]);
	case 5: shown(o, "lead_unit", row, &v); return v.kind == VALUE_NULL;
	case 6:
		shown(o, "programmes", row, &v);
		for (int i = 0; v.kind == VALUE_LIST && i < v.n; i++)
			if (slice_is(v.items[i].text, asked->word))
				return true;
		return false;
	case 7:
		shown(o, "completed_investment", row, &v);
		return v.kind == VALUE_INT && v.i > asked->number;
	case 8:
		shown(o, "title", row, &v);
		for (size_t i = 0; i + 6 <= v.text.n; i++)
			if (strncasecmp(v.text.s + i, "hedong", 6) == 0)
				return true;
		return false;
	case 9: shown(o, "planned_start", row, &v); return v.i == date_from_ymd(2025, 11, 30).day;
	case 10: shown(o, "last_report", row, &v); return v.kind == VALUE_NULL;
	case 11:
		shown(o, "state", row, &v);
		return slice_is(v.text, "idea") || slice_is(v.text, "building");
	case 13:
		shown(o, "title", row, &v);
		return strcasestr(arena_text(o->a, v.text), "hedong") ||
			strstr(arena_text(o->a, v.text), "河东");
	default:
		shown(o, "total_investment", row, &v);
		return v.kind != VALUE_INT || v.i != asked->number;
	}
}

static struct asked ask(struct office *o)
{
	static const char *const words[] = {"industry", "transport", "water"};
	struct asked q = {.kind = (int)office_random(o, 14),
		.number = office_random(o, 40),
		.unit = (int)office_random(o, 8)};
	q.word = q.kind == 6 ? "special_bond" : words[office_random(o, 3)];
	const char *const texts[] = {
		arena_printf(o->a, "total_investment:ge:%d", (int)q.number),
		arena_printf(o->a, "total_investment:lt:%d", (int)q.number),
		arena_printf(o->a, "category:eq:%s", q.word),
		arena_printf(o->a, "category:ne:%s", q.word),
		arena_printf(o->a, "lead_unit:under:%s", office_id(o, units[q.unit])),
		"lead_unit:empty",
		arena_printf(o->a, "programmes:has:%s", q.word),
		arena_printf(o->a, "completed_investment:gt:%d", (int)q.number),
		"title:text:HEDONG",
		"planned_start:eq:2025-11-30",
		"last_report:empty:",
		"state:in:idea,building",
		arena_printf(o->a, "total_investment:ne:%d", (int)q.number),
		"title:sounds:hedong",
	};
	q.text = texts[q.kind];
	return q;
}

static int compare_values(const struct value *x, const struct value *y, bool descending)
{
	if (x->kind == VALUE_NULL || y->kind == VALUE_NULL)
		return (y->kind == VALUE_NULL) - (x->kind == VALUE_NULL);
	int c;
	if (x->kind == VALUE_TEXT) {
		size_t n = x->text.n < y->text.n ? x->text.n : y->text.n;
		c = memcmp(x->text.s, y->text.s, n);
		c = c ? c : (x->text.n > y->text.n) - (x->text.n < y->text.n);
	} else {
		c = (x->i > y->i) - (x->i < y->i);
	}
	return descending ? -c : c;
}

/* {"-total_investment", "title"} and so on, checked pair by pair. */
static void check_order(struct office *o, const int32_t *rows, int n, const char *first,
	bool descending, const char *second)
{
	const struct board_table *t = board_projects(o->board);
	for (int i = 1; i < n; i++) {
		struct value x, y;
		int c = compare_values(
			shown(o, first, rows[i - 1], &x), shown(o, first, rows[i], &y), descending);
		if (c == 0)
			c = compare_values(
				shown(o, second, rows[i - 1], &x), shown(o, second, rows[i], &y), false);
		if (c == 0)
			c = uuid_compare(board_id(t, rows[i - 1]), board_id(t, rows[i]));
		if (c >= 0)
			fail_msg("rows %d and %d are in the wrong order", i - 1, i);
	}
}

/* New words come after the order of the old ones was made. */
static void rename_some(struct office *o)
{
	static const char *const names[] = {"Hedong", "Hexi", "A", "Zhang", "河", "\xf0\x9f\x8f\x97"};
	const struct board_table *t = board_projects(o->board);
	for (int i = 0; i < 6; i++) {
		int32_t row = (int32_t)office_random(o, (uint32_t)board_rows(t));
		if (board_alive(t, row))
			office_update(o, board_id(t, row), NULL,
				arena_printf(o->a, "{\"title\":\"%s works %u\"}",
					names[office_random(o, countof(names))], office_random(o, 100000)));
	}
	board_settle(o->board, board_today(o->board));
}

static void test_random(void **state)
{
	static const char *const firsts[] = {
		"total_investment", "title", "last_report", "completed_investment"};
	static const char *const seconds[] = {"title", "total_investment", "planned_start"};
	struct office *o = make_office();
	const struct board_table *t = board_projects(o->board);
	for (int round = 0; round < 300; round++) {
		rename_some(o);
		int n = (int)office_random(o, 4);
		struct asked asked[3];
		struct str filter = STR_INIT;
		for (int i = 0; i < n; i++) {
			asked[i < 3 ? i : 2] = ask(o);
			str_printf(&filter, "%s%s", i ? ";" : "", asked[i < 3 ? i : 2].text);
			if (i == 2)
				n = 3;
		}
		const char *first = firsts[office_random(o, 4)], *second = seconds[office_random(o, 3)];
		bool descending = office_random(o, 2);
		int limit = 1 + (int)office_random(o, 200);
		const char *sort = arena_printf(o->a, "%s%s,%s", descending ? "-" : "", first, second);
		int64_t total = 0, sum = 0;
		for (int32_t row = 0; row < board_rows(t); row++) {
			bool passes = board_alive(t, row);
			for (int i = 0; i < n; i++)
				passes = passes && naive(o, &asked[i], row);
			struct value v;
			total += passes;
			sum += passes && shown(o, "total_investment", row, &v)->kind == VALUE_INT ? v.i : 0;
		}
		struct query_answer page,
			whole = query_run(
				o->a, o->board, parse(o, str_text(&filter), sort, NULL, 1000), NULL, false);
		if (whole.total != total)
			fail_msg("\"%s\": %lld instead of %lld", str_text(&filter), (long long)whole.total,
				(long long)total);
		assert_int_equal(whole.nrows, total);
		assert_int_equal(whole.sums[0] == NOTHING64 ? 0 : whole.sums[0], sum);
		check_order(o, whole.rows, whole.nrows, first, descending, second);
		/* the pages put together are the whole */
		const char *after = NULL;
		int at = 0;
		do {
			page = query_run(
				o->a, o->board, parse(o, str_text(&filter), sort, after, limit), NULL, false);
			assert_int_equal(page.total, total);
			for (int i = 0; i < page.nrows; i++)
				assert_int_equal(page.rows[i], whole.rows[at++]);
			after = page.next;
		} while (after);
		assert_int_equal(at, total);
		str_free(&filter);
	}
	office_close(o);
}

static void test_groups(void **state)
{
	static const char *const by[] = {
		"category", "lead_unit", "programmes", "planned_start", "state", "total_investment"};
	struct office *o = make_office();
	const struct board_table *t = board_projects(o->board);
	for (size_t g = 0; g < countof(by); g++) {
		struct query *q;
		struct err err;
		struct query_params params = {.group = by[g], .sums = "total_investment"};
		assert_true(
			query_parse(o->a, o->board, board_table_named(o->board, "project"), &params, &q, &err));
		struct query_answer answer = query_run(o->a, o->board, q, NULL, false);
		int64_t counted = 0;
		for (int i = 0; i < answer.ngroups; i++) {
			int64_t count = 0, sum = 0;
			for (int32_t row = 0; row < board_rows(t); row++) {
				struct value v, money;
				if (!board_alive(t, row))
					continue;
				shown(o, by[g], row, &v);
				shown(o, "total_investment", row, &money);
				int times = v.kind == VALUE_NULL ? answer.groups[i].text == NULL : 0;
				int items = v.kind == VALUE_LIST ? v.n : v.kind != VALUE_NULL;
				for (int k = 0; k < items && answer.groups[i].text; k++) {
					const struct value *item = v.kind == VALUE_LIST ? &v.items[k] : &v;
					struct str s = STR_INIT;
					if (item->kind == VALUE_ID)
						str_puts(&s, office_id(o, item->id));
					else if (item->kind == VALUE_TEXT)
						str_slice(&s, item->text);
					else if (strcmp(by[g], "planned_start") == 0)
						date_format(&s, (struct date){(int32_t)item->i});
					else
						str_int(&s, item->i);
					times += strcmp(str_text(&s), answer.groups[i].text) == 0;
					str_free(&s);
				}
				count += times;
				sum += times && money.kind == VALUE_INT ? money.i : 0;
			}
			assert_int_equal(answer.groups[i].count, count);
			assert_int_equal(
				answer.groups[i].sums[0] == NOTHING64 ? 0 : answer.groups[i].sums[0], sum);
			counted += count;
			if (i > 1 || (i == 1 && answer.groups[0].text))
				assert_true(answer.groups[i - 1].count >= answer.groups[i].count);
		}
		assert_true(counted >= answer.total);
	}
	office_close(o);
}

/* What a person of one unit and one area sees, in the project list and in the lists below it. */
static void test_scope(void **state)
{
	struct office *o = make_office();
	const struct board_table *t = board_projects(o->board),
							 *u = board_table(o->board, board_table_named(o->board, "unit")),
							 *a = board_table(o->board, board_table_named(o->board, "area"));
	uint64_t unit_bits[4] = {0}, area_bits[4] = {0}, project_bits[32] = {0};
	board_subtree(u, board_row(u, units[1]), unit_bits);
	int32_t area = board_row(a, areas[2]);
	area_bits[area >> 6] |= UINT64_C(1) << (area & 63);
	project_bits[0] = 1;
	struct query_scope scope = {.units = unit_bits, .areas = area_bits, .projects = project_bits};
	struct err err;
	struct query_answer answer =
		query_run(o->a, o->board, parse(o, "", NULL, NULL, 1000), &scope, false);
	int64_t seen = 0;
	for (int32_t row = 0; row < board_rows(t); row++) {
		struct value unit, place;
		if (!board_alive(t, row))
			continue;
		shown(o, "lead_unit", row, &unit);
		shown(o, "area", row, &place);
		bool sees = row == 0 || (unit.kind == VALUE_ID && below(o, unit.id, units[1])) ||
			(place.kind == VALUE_ID && uuid_equal(place.id, areas[2]));
		seen += sees;
		assert_int_equal(
			scope_sees(o->board, board_table_named(o->board, "project"), row, &scope), sees);
	}
	assert_int_equal(answer.total, seen);
	assert_true(seen > 0 && seen < board_count(t));
	int reports = board_table_named(o->board, "report");
	const struct board_table *r = board_table(o->board, reports);
	struct query *q;
	assert_true(query_parse_filter(o->a, o->board, reports, "", &q, &err));
	answer = query_run(o->a, o->board, q, &scope, true);
	seen = 0;
	for (int32_t row = 0; row < board_rows(r); row++)
		seen += board_alive(r, row) &&
			scope_sees(o->board, board_table_named(o->board, "project"),
				board_project_of(o->board, reports, row), &scope);
	assert_int_equal(answer.total, seen);
	office_close(o);
}

static void refused(struct office *o, struct query_params params, const char *text)
{
	struct query *q;
	struct err err;
	struct str said = STR_INIT;
	assert_false(
		query_parse(o->a, o->board, board_table_named(o->board, "project"), &params, &q, &err));
	err_say(&err, LANG_EN, &said);
	assert_string_equal(str_text(&said), text);
	str_free(&said);
}

static void test_errors(void **state)
{
	struct office *o = office_open(NULL);
	board_settle(o->board, date_from_ymd(2026, 6, 1));
	refused(o, (struct query_params){.filter = "lite:ge:2"},
		"filter.1: there is no column \"lite\" in \"project\"");
	refused(
		o, (struct query_params){.filter = "light"}, "filter.1: \"light\" is not field:op:value");
	refused(o, (struct query_params){.filter = "light:above:2"},
		"filter.1: \"light:above:2\": there is no comparison \"above\"");
	refused(o, (struct query_params){.filter = "light:ge:red"},
		"filter.1: \"light:ge:red\": the value \"red\" does not fit the column");
	refused(o, (struct query_params){.filter = "category:under:x"},
		"filter.1: \"category:under:x\": the comparison \"under\" does not fit the column");
	refused(o, (struct query_params){.filter = "lead_unit:eq:x"},
		"filter.1: \"lead_unit:eq:x\": the value \"x\" does not fit the column");
	refused(o, (struct query_params){.sort = "-lite"},
		"sort: there is no column \"lite\" in \"project\"");
	refused(o, (struct query_params){.sort = "programmes"}, "sort: cannot sort by \"programmes\"");
	refused(o, (struct query_params){.sums = "title"}, "sums: cannot add up \"title\"");
	refused(o, (struct query_params){.columns = "title,colour"},
		"columns: there is no column \"colour\" in \"project\"");
	refused(o, (struct query_params){.sort = "title", .after = "n12.x"},
		"after: \"n12.x\" is not the \"next\" of this query");
	refused(
		o, (struct query_params){.limit = 1000001}, "limit: 1000001 is not between 1 and 100000");
	/* a value that holds what separates terms */
	office_create(o, "project", "idea", "{\"title\":\"甲;乙,丙:丁 100%\"}");
	board_settle(o->board, date_from_ymd(2026, 6, 1));
	struct query_answer answer = query_run(
		o->a, o->board, parse(o, "title:eq:甲%3B乙,丙:丁 100%", NULL, NULL, 0), NULL, false);
	assert_int_equal(answer.total, 1);
	answer = query_run(o->a, o->board, parse(o, "text:text:乙,丙", NULL, NULL, 0), NULL, false);
	assert_int_equal(answer.total, 1);
	office_close(o);
}

static const char *severity_word(int severity, enum lang lang)
{
	return severity < 0 ? NULL : lang == LANG_EN ? "red" : "红灯";
}

static void a_filter_is_said_in_words(void **state)
{
	struct office *o = make_office();
	const char *filter = arena_printf(o->a,
		"state:eq:building;category:in:industry,transport;lead_unit:under:%s;planned_start:ge:2026-"
		"01-01;"
		"total_investment:gt:250000000;light:ge:2;forecast_finish:empty:;title:text:河",
		office_id(o, units[0]));
	struct query *q = parse(o, filter, "", "", 10);
	struct str zh = STR_INIT, en = STR_INIT;
	(void)state;

	query_say(o->a, o->board, q, LANG_ZH, severity_word, &zh);
	query_say(o->a, o->board, q, LANG_EN, severity_word, &en);
	assert_string_equal(str_text(&zh),
		"状态为在建；项目类别为工业、交通；牵头单位属于单位0；计划开工时间不早于2026-01-"
		"01；总投资大于250 万元；"
		"亮灯不小于红灯；最新预计竣工未填写；名称或编号包含河");
	assert_string_equal(str_text(&en),
		"State is Building; Category is Industry or Transport; Lead unit is within 单位0; Planned "
		"start is no "
		"earlier than 2026-01-01; Total investment is more than 2500000 yuan; Light is at least "
		"red; Forecast "
		"finish is not given; name or number contains 河");
	str_free(&zh);
	str_free(&en);
	office_close(o);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_groups),
		cmocka_unit_test(test_scope),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(a_filter_is_said_in_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
