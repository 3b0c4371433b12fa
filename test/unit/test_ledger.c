/* Ledgers as offices keep them, each case a few rows; and every real one of the shared data against golden figures. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "base/json.h"
#include "base/os.h"
#include "intake/csv.h"
#include "intake/ledger.h"
#include "intake/ledger_parts.h"
#include "test/unit/zip_make.h"

static const struct catalogue *catalogue;

static int load_catalogue(void **state)
{
	struct err err;
	return catalogue_builtin(NULL, 0, 1, &catalogue, &err) ? 0 : -1;
}

static int drop_catalogue(void **state)
{
	catalogue_close(catalogue);
	return 0;
}

/* Two units and a town are known. */
static bool find_ref(void *self, struct arena *a, const struct field *field, struct slice text,
	struct uuid *out, const char **nearest)
{
	static const char *const known[] = {"发改局", "住建局", "城关镇"};
	for (size_t i = 0; i < countof(known); i++)
		if (slice_is(text, known[i])) {
			*out = uuid_named("test", text);
			return true;
		}
	if (nearest && slice_is(text, "发改委"))
		*nearest = "发改局";
	return false;
}

static struct ledger_options plain_options(void)
{
	return (struct ledger_options){.reg = catalogue_find(catalogue, "project"),
		.today = date_from_ymd(2026, 3, 31),
		.sheet = -1,
		.header_row = -1,
		.find_ref = find_ref};
}

static struct ledger_result read_book(
	struct arena *a, const struct workbook *book, const struct ledger_options *options)
{
	struct ledger_result result;
	struct err err;
	if (!ledger_read(a, book, options, &result, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		fail_msg("%s", str_text(&why));
	}
	return result;
}

static struct ledger_result read_csv(
	struct arena *a, const char *text, const struct ledger_options *options)
{
	struct workbook book;
	struct err err;
	assert_true(csv_read(a, slice_of(text), NULL, &book, &err));
	return read_book(a, &book, options);
}

static int field_at(const struct ledger_result *r, const char *name)
{
	for (int i = 0; i < r->nfields; i++)
		if (strcmp(r->fields[i]->name, name) == 0)
			return i;
	fail_msg("no column goes to %s", name);
	return -1;
}

static const struct value *value_at(const struct ledger_result *r, size_t row, const char *name)
{
	assert_true(row < r->nrows);
	return &r->rows[row].values[field_at(r, name)];
}

static const struct ledger_problem *problem_with(const struct ledger_result *r, const char *text)
{
	for (size_t i = 0; i < r->nproblems; i++)
		if (strcmp(r->problems[i].text, text) == 0)
			return &r->problems[i];
	return NULL;
}

static void text_is(const struct value *v, const char *want)
{
	assert_int_equal(v->kind, VALUE_TEXT);
	assert_int_equal(v->text.n, strlen(want));
	assert_memory_equal(v->text.s, want, v->text.n);
}

static void a_county_ledger_with_title_unit_and_sums(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct ledger_result r = read_csv(a,
		"某县2026年重点项目台账,,,,,\n"
		"填报单位：项目办,,,,,单位：亿元\n"
		"序号,项目名称,总投资,开工时间,牵头单位,项目类别\n"
		"合计,,18.2,,,\n"
		"一、工业项目,,,,,\n"
		"1,东环路改造,1.2,2024年5月,住建局,交通\n"
		"2,轴承二期,17,2024.5.1,发改委,工业\n"
		"注：数据截至三月底,,,,,\n",
		&o);
	assert_int_equal(r.header_row, 2);
	assert_int_equal(r.fates[LEDGER_CREATE], 2);
	assert_int_equal(r.fates[LEDGER_SUM], 1);
	assert_int_equal(r.fates[LEDGER_NOTE], 2);
	text_is(value_at(&r, 2, "title"), "东环路改造");
	assert_int_equal(value_at(&r, 2, "total_investment")->i, INT64_C(12000000000));
	assert_int_equal(value_at(&r, 2, "planned_start")->i, date_from_ymd(2024, 5, 31).day);
	assert_int_equal(value_at(&r, 3, "planned_start")->i, date_from_ymd(2024, 5, 1).day);
	assert_int_equal(value_at(&r, 2, "lead_unit")->kind, VALUE_ID);
	text_is(value_at(&r, 2, "category"), "transport");
	/* the sum adds up, the unit nobody knows is named with the one that is near */
	assert_null(problem_with(&r, "the row of sums does not add up: the rows come to %s"));
	const struct ledger_problem *p = problem_with(&r, "\"%s\" is not known; did you mean %s");
	assert_non_null(p);
	assert_int_equal(p->row, 6);
	assert_int_equal(p->column, 4);
	assert_string_equal(p->heading, "牵头单位");
	struct str said = STR_INIT;
	ledger_problem_text(&said, p, LANG_ZH);
	assert_string_equal(str_text(&said), "没有登记“发改委”，是否指：发改局");
	str_free(&said);
	arena_close(a);
}

static void sums_that_do_not_add_up_are_named(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct ledger_result r =
		read_csv(a, "项目名称,总投资（万元）,地址\n甲,100,x\n乙,200,y\n合计,350,\n", &o);
	const struct ledger_problem *p =
		problem_with(&r, "the row of sums does not add up: the rows come to %s");
	assert_non_null(p);
	assert_string_equal(p->args, "300");
	assert_int_equal(p->row, 3);
	assert_int_equal(r.columns[1].total, 300000000);
	arena_close(a);
}

static void merged_header_rows_are_joined(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct workbook book;
	struct err err;
	struct slice bytes = xlsx_make(a,
		"<sheetData>"
		"<row r=\"1\"><c r=\"A1\" t=\"str\"><v>2026年项目表</v></c></row>"
		"<row r=\"2\"><c r=\"A2\" t=\"str\"><v>项目名称</v></c><c r=\"B2\" "
		"t=\"str\"><v>投资（万元）</v></c><c r=\"D2\" t=\"str\"><v>计划</v></c></row>"
		"<row r=\"3\"><c r=\"B3\" t=\"str\"><v>总投资</v></c><c r=\"C3\" "
		"t=\"str\"><v>银行贷款</v></c><c r=\"D3\" t=\"str\"><v>开工时间</v></c>"
		"<c r=\"E3\" t=\"str\"><v>竣工时间</v></c></row>"
		"<row r=\"4\"><c r=\"A4\" t=\"str\"><v>甲</v></c><c r=\"B4\"><v>100.5</v></c><c "
		"r=\"C4\"><v>60</v></c><c r=\"D4\" s=\"1\"><v>45292</v></c></row>"
		"<row r=\"5\"><c r=\"B5\"><v>7</v></c><c r=\"E5\" t=\"str\"><v>2026年底</v></c></row>"
		"</sheetData><mergeCells><mergeCell ref=\"A1:E1\"/><mergeCell ref=\"A2:A3\"/><mergeCell "
		"ref=\"B2:C2\"/><mergeCell ref=\"D2:E2\"/>"
		"<mergeCell ref=\"A4:A5\"/></mergeCells>",
		NULL,
		"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
		NULL);
	assert_true(workbook_read(a, bytes, NULL, &book, &err));
	struct ledger_result r = read_book(a, &book, &o);
	assert_int_equal(r.header_row, 1);
	assert_int_equal(r.header_rows, 2);
	assert_string_equal(r.columns[1].heading, "投资（万元）\n总投资");
	assert_string_equal(r.columns[4].target, "planned_finish");
	assert_int_equal(value_at(&r, 0, "total_investment")->i, 100500000);
	assert_int_equal(value_at(&r, 0, "funds_loan")->i, 60000000);
	assert_int_equal(value_at(&r, 0, "planned_start")->i, date_from_ymd(2024, 1, 1).day);
	/* the merged name stands for both its rows, the amount does not */
	text_is(value_at(&r, 1, "title"), "甲");
	assert_int_equal(value_at(&r, 1, "total_investment")->i, 7000000);
	assert_non_null(problem_with(&r, "the same name stands in row %s"));
	arena_close(a);
}

static void units_and_mix_ups(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct ledger_result r = read_csv(a,
		"项目名称,总投资（万元）\n甲,12000\n乙,1.2亿\n丙,15000\n丁,9000\n戊,21000\n己,18000\n庚,"
		"110000000\n辛,1.5\n壬,13000\n癸,11000\n",
		&o);
	assert_int_equal(value_at(&r, 1, "total_investment")->i, INT64_C(12000000000));
	const struct ledger_problem *own =
		problem_with(&r, "the cell names its own unit; it was used instead of the column's");
	assert_non_null(own);
	assert_int_equal(own->level, LEDGER_REPAIRED);
	assert_int_equal(own->row, 2);
	const struct ledger_problem *large =
		problem_with(&r, "about 10,000 times the other amounts in this column");
	assert_non_null(large);
	assert_int_equal(large->row, 7);
	const struct ledger_problem *small =
		problem_with(&r, "about a ten-thousandth of the other amounts in this column");
	assert_non_null(small);
	assert_int_equal(small->row, 8);
	/* pointed out, not changed */
	assert_int_equal(value_at(&r, 6, "total_investment")->i, INT64_C(110000000000000));
	static const struct {
		const char *heading;
		int64_t unit;
		const char *currency;
	} units[] = {
		{"总投资（万元）", 1000000, NULL},
		{"总投资(亿元)", INT64_C(10000000000), NULL},
		{"总投资（元）", 100, NULL},
		{"total_invest_wan", 1000000, NULL},
		{"Budget (£million)", 100000000, "£"},
		{"approved_amount_usd_m", 100000000, "US$"},
		{"Cost (thousand US$)", 100000, "US$"},
		{"总投资", 0, NULL},
	};
	for (size_t i = 0; i < countof(units); i++) {
		const char *currency;
		assert_int_equal(
			heading_money_unit(slice_of(units[i].heading), a, &currency), units[i].unit);
		assert_true(
			units[i].currency ? currency && strcmp(currency, units[i].currency) == 0 : !currency);
	}
	arena_close(a);
}

static void day_and_month_are_proved_by_the_column(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct ledger_result r = read_csv(a,
		"name,start date,end date,actual start\n"
		"a,5/02/2016 5:00:00 PM,30.06.08,3/16/05\nb,24/10/2016,01.02.09,5/6/05\nc,2016-05-25 "
		"17:00:00,31.12.40,PNS\n",
		&o);
	assert_int_equal(value_at(&r, 0, "planned_start")->i, date_from_ymd(2016, 2, 5).day);
	assert_int_equal(value_at(&r, 2, "planned_start")->i, date_from_ymd(2016, 5, 25).day);
	assert_int_equal(value_at(&r, 0, "planned_finish")->i, date_from_ymd(2008, 6, 30).day);
	assert_int_equal(value_at(&r, 1, "planned_finish")->i, date_from_ymd(2009, 2, 1).day);
	assert_int_equal(value_at(&r, 2, "planned_finish")->i, date_from_ymd(2040, 12, 31).day);
	assert_int_equal(value_at(&r, 0, "actual_start")->i, date_from_ymd(2005, 3, 16).day);
	assert_int_equal(value_at(&r, 1, "actual_start")->i, date_from_ymd(2005, 5, 6).day);
	assert_int_equal(value_at(&r, 2, "actual_start")->kind, VALUE_NULL);
	assert_int_equal(r.columns[3].refused, 1);
	assert_int_equal(r.rows[2].fate, LEDGER_CREATE);
	/* both ways proved: what could be either is pointed out */
	r = read_csv(a, "name,start date\na,24/10/2016\nb,10/24/2016\nc,3/4/2016\n", &o);
	const struct ledger_problem *p =
		problem_with(&r, "day and month could be meant either way; read as month first");
	assert_non_null(p);
	assert_int_equal(p->row, 3);
	/* nothing proved: said once for the column */
	r = read_csv(a, "name,start date\na,3/4/2016\nb,5/6/2016\n", &o);
	assert_non_null(problem_with(&r,
		"no date in this column shows whether day or month comes first; month first was taken"));
	arena_close(a);
}

static void english_dates(void **state)
{
	static const struct {
		const char *text;
		int year, month, day;
	} good[] = {
		{"20 Feb 2024", 2024, 2, 20},
		{"11 June 2025", 2025, 6, 11},
		{"June 11, 2025", 2025, 6, 11},
		{"20-Feb-24", 2024, 2, 20},
		{"1st Sept 2023", 2023, 9, 1},
		{"2018-06-29T00:00:00Z", 2018, 6, 29},
		{"20240501", 2024, 5, 1},
		{"9/30/2022 12:00:00 AM", 2022, 9, 30},
		{"11/25/99", 1999, 11, 25},
		{"2024/5/1 8:30", 2024, 5, 1},
	};
	static const char *const bad[] = {"PNS", "30/02/2024", "2024-13-01", "1/012/2014", "2024-5",
		"5/6/7", "12.5", "20 Foo 2024", "2024-01-01x", "2024-01-01 25:00", ""};
	struct date date;
	int seconds;
	enum date_order order;
	for (size_t i = 0; i < countof(good); i++) {
		assert_true(text_date(
			slice_of(good[i].text), false, date_from_ymd(2026, 1, 1), &date, &seconds, &order));
		assert_int_equal(date.day, date_from_ymd(good[i].year, good[i].month, good[i].day).day);
	}
	for (size_t i = 0; i < countof(bad); i++)
		assert_false(
			text_date(slice_of(bad[i]), false, date_from_ymd(2026, 1, 1), &date, &seconds, &order));
}

static void headings_are_matched_and_unknown_ones_proposed(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	o.keep_unknown = true;
	struct ledger_result r = read_csv(a,
		"项 目 名 "
		"称*,计划总投资额(万元),开工日期,联系电话号码,考核分值,备用\n甲,5,2024-5-1,0551-123,92.5,"
		"\n",
		&o);
	assert_string_equal(r.columns[0].target, "title");
	assert_string_equal(r.columns[1].target, "total_investment");
	assert_string_equal(r.columns[2].target, "planned_start");
	const struct ledger_column *score = &r.columns[4];
	assert_null(score->target);
	assert_non_null(score->proposal);
	assert_int_equal(score->proposal->type, FIELD_QUANTITY);
	assert_int_equal(score->proposal->scale, 1);
	assert_null(r.columns[5].proposal);

	/* what is proposed is a definition that loads, and then the column goes home */
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	ledger_extension(&w, &r);
	const struct definition_source own = {"own", str_view(&text), false};
	const struct catalogue *larger;
	struct err err;
	if (!catalogue_builtin(&own, 1, 2, &larger, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		fail_msg("%s in %s", str_text(&why), str_text(&text));
	}
	o.reg = catalogue_find(larger, "project");
	r = read_csv(a,
		"项 目 名 "
		"称*,计划总投资额(万元),开工日期,联系电话号码,考核分值,备用\n甲,5,2024-5-1,0551-123,92.5,"
		"\n",
		&o);
	assert_int_equal(r.columns[4].how, LEDGER_LABEL);
	assert_int_equal(value_at(&r, 0, r.columns[4].target)->i, 925);
	assert_int_equal(r.nnew_fields, 0);
	catalogue_close(larger);
	str_free(&text);
	arena_close(a);
}

static void given_and_remembered_mappings_win(void **state)
{
	struct arena *a = arena_open();
	static const char text[] = "A栏,B栏,项目名称\n改建,7,甲\n";
	const struct ledger_choice given[] = {{0, NULL, "nature"}, {2, NULL, ""}, {1, NULL, "title"}};
	const struct ledger_choice remembered[] = {{-1, "B栏", "address"}, {-1, "A 栏", "zone"}};
	struct ledger_options o = plain_options();
	o.remembered = remembered;
	o.nremembered = countof(remembered);
	struct ledger_result r = read_csv(a, text, &o);
	assert_string_equal(r.columns[0].target, "zone");
	assert_int_equal(r.columns[0].how, LEDGER_REMEMBERED);
	text_is(value_at(&r, 0, "address"), "7");
	o.given = given;
	o.ngiven = countof(given);
	r = read_csv(a, text, &o);
	text_is(value_at(&r, 0, "nature"), "rebuild");
	text_is(value_at(&r, 0, "title"), "7");
	assert_null(r.columns[2].target);

	struct workbook book;
	struct err err;
	const char *one, *two;
	assert_true(csv_read(a, SLICE("A 栏 ,Ｂ栏,项目名称\n1,2,3\n"), NULL, &book, &err));
	assert_true(ledger_fingerprint(a, &book, &o, &one, &err));
	assert_true(csv_read(a, slice_of(text), NULL, &book, &err));
	assert_true(ledger_fingerprint(a, &book, &o, &two, &err));
	assert_string_equal(one, two);

	const struct ledger_choice wrong = {0, NULL, "nonsense"};
	struct ledger_result none;
	o.given = &wrong;
	o.ngiven = 1;
	assert_false(ledger_read(a, &book, &o, &none, &err));
	assert_string_equal(err.fmt, "there is no field \"%s\" to import into");
	o.ngiven = 0;
	o.sheet = 5;
	assert_false(ledger_read(a, &book, &o, &none, &err));
	assert_string_equal(err.fmt, "there is no sheet %d; the file has %d");
	arena_close(a);
}

static bool find_record(
	void *self, const struct field *field, const struct value *key, struct uuid *out)
{
	if (!field || strcmp(field->name, self) != 0 || key->kind != VALUE_TEXT ||
		!slice_is(key->text, "X1"))
		return false;
	*out = uuid_named("stored", key->text);
	return true;
}

static void rows_find_their_records(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	o.find_record = find_record;
	o.self = (void *)(uintptr_t) "external_id";
	struct ledger_result r = read_csv(a, "编号,项目名称\nX1,甲\nX2,乙\nX3,\nX2,丁\n", &o);
	assert_int_equal(r.rows[0].fate, LEDGER_UPDATE);
	assert_true(uuid_equal(r.rows[0].id, uuid_named("stored", SLICE("X1"))));
	assert_int_equal(r.rows[1].fate, LEDGER_CREATE);
	/* a row without its name is not taken, and says so */
	assert_int_equal(r.rows[2].fate, LEDGER_REFUSED);
	assert_int_equal(r.rows[3].fate, LEDGER_CREATE);
	assert_non_null(problem_with(&r, "the same code stands in row %s"));

	r = read_csv(a, "项目名称,项目代码\n甲,2305-310115-04-01-123456\n,x\n", &o);
	assert_int_equal(r.rows[1].fate, LEDGER_REFUSED);
	assert_non_null(problem_with(&r, "%s must not be empty"));
	arena_close(a);
}

static void rows_of_one_key_are_one_record_with_children(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	static const char text[] = "编号,项目名称,报告期,本月完成投资（万元）,预计竣工时间\n1,甲,2026-"
							   "01-31,5,2026-12-01\n2,乙,2026-01-31,6,\n"
							   "1,甲,2026-02-28,7,2027-01-31\n1,甲,2026-03-31,8,\n";
	struct ledger_result r = read_csv(a, text, &o);
	assert_int_equal(r.fates[LEDGER_CREATE], 4);
	assert_int_equal(r.nchild_fields, 0);
	o.child = catalogue_find(catalogue, "report");
	r = read_csv(a, text, &o);
	/* a report needs to be of a month or a week, which no column says: one problem, every row refused */
	assert_int_equal(r.fates[LEDGER_REFUSED], 4);
	assert_int_equal(r.levels[LEDGER_ERROR], 1);
	const struct ledger_constant month = {"report.period_kind", "月报"};
	o.constants = &month;
	o.nconstants = 1;
	r = read_csv(a, text, &o);
	assert_string_equal(r.key, "external_id");
	assert_int_equal(r.fates[LEDGER_CREATE], 2);
	assert_int_equal(r.fates[LEDGER_SAME], 2);
	assert_int_equal(r.rows[2].into, 0);
	assert_int_equal(value_at(&r, 0, "stated_finish")->i, date_from_ymd(2027, 1, 31).day);
	for (int i = 0; i < r.nchild_fields; i++)
		if (strcmp(r.child_fields[i]->name, "investment") == 0)
			assert_int_equal(r.rows[3].child_values[i].i, 8000000);
	arena_close(a);
}

static void wholly_unreadable_columns_are_let_go(void **state)
{
	struct arena *a = arena_open();
	struct ledger_options o = plain_options();
	struct ledger_result r =
		read_csv(a, "name,sector,start date\na,Zoology,soon\nb,Botany,later\nc,Geology,PNS\n", &o);
	assert_null(r.columns[1].target);
	assert_null(r.columns[2].target);
	assert_non_null(problem_with(
		&r, "hardly any cell in this column can be read as %s; the column was left out"));
	arena_close(a);
}

/* ---- the real ones ---- */

static bool no_ref(void *self, struct arena *a, const struct field *field, struct slice text,
	struct uuid *out, const char **nearest)
{
	return false;
}

static void check_file(const char *shared, const struct json *want)
{
	struct arena *a = arena_open();
	const char *file = json_text(json_get(want, "file"), "");
	struct slice bytes;
	struct workbook book;
	struct err err;
	assert_true(os_read_file(
		a, arena_printf(a, "%s/data/%s", shared, file), LIMIT_UPLOAD_BYTES, &bytes, &err));
	assert_true(workbook_read(a, bytes, NULL, &book, &err));
	struct ledger_options o = plain_options();
	o.find_ref = no_ref;
	o.keep_unknown = true;
	const char *child = json_text(json_get(want, "child"), NULL);
	o.child = child ? catalogue_find(catalogue, child) : NULL;
	const struct ledger_constant month = {"report.period_kind", "month"};
	o.constants = child ? &month : NULL;
	o.nconstants = child != NULL;
	struct ledger_result r = read_book(a, &book, &o);
	print_message("%s: %zu rows\n", file, r.fates[LEDGER_CREATE]);
	assert_int_equal(r.fates[LEDGER_CREATE], json_int(json_get(want, "rows"), -1));
	assert_int_equal(r.fates[LEDGER_SUM], json_int(json_get(want, "sums"), 0));
	assert_int_equal(r.fates[LEDGER_REFUSED], 0);
	assert_int_equal(r.turned, json_bool(json_get(want, "turned"), false));
	int64_t children = 0;
	for (size_t i = 0; i < r.nrows; i++)
		children += r.rows[i].child_values != NULL;
	assert_int_equal(children, json_int(json_get(want, "children"), 0));
	bool total = false, day_first = false;
	for (int c = 0; c < r.ncolumns; c++) {
		const struct ledger_column *column = &r.columns[c];
		if (column->target && strcmp(column->target, "total_investment") == 0) {
			total = true;
			assert_int_equal(column->total, json_int(json_get(want, "total"), column->total + 1));
			assert_int_equal(column->refused, json_int(json_get(want, "unread"), -1));
		}
		if (column->target &&
			strcmp(column->target, json_text(json_get(want, "day_first"), "")) == 0)
			day_first = column->day_first;
	}
	assert_int_equal(total, json_get(want, "total") != NULL);
	assert_int_equal(day_first, json_get(want, "day_first") != NULL);
	arena_close(a);
}

static void every_shared_ledger_comes_in(void **state)
{
	const char *shared = getenv("GUATU_SHARED"), *source = getenv("GUATU_SOURCE");
	struct arena *a = arena_open();
	struct slice text;
	const struct json *expected;
	struct err err;
	if (!shared || !source || !os_exists(arena_printf(a, "%s/data/portfolio-gmpp", shared))) {
		print_message("no shared data at GUATU_SHARED\n");
		arena_close(a);
		skip();
	}
	assert_true(os_read_file(
		a, arena_printf(a, "%s/test/golden/import/expected.json", source), 1 << 20, &text, &err));
	assert_true(json_parse(a, text, NULL, &expected, &err));
	const struct json *files = json_get(expected, "files");
	assert_true(json_count(files) > 20);
	for (int i = 0; i < json_count(files); i++)
		check_file(shared, json_at(files, i));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_county_ledger_with_title_unit_and_sums),
		cmocka_unit_test(sums_that_do_not_add_up_are_named),
		cmocka_unit_test(merged_header_rows_are_joined),
		cmocka_unit_test(units_and_mix_ups),
		cmocka_unit_test(day_and_month_are_proved_by_the_column),
		cmocka_unit_test(english_dates),
		cmocka_unit_test(headings_are_matched_and_unknown_ones_proposed),
		cmocka_unit_test(given_and_remembered_mappings_win),
		cmocka_unit_test(rows_find_their_records),
		cmocka_unit_test(rows_of_one_key_are_one_record_with_children),
		cmocka_unit_test(wholly_unreadable_columns_are_let_go),
		cmocka_unit_test(every_shared_ledger_comes_in),
	};
	return cmocka_run_group_tests(tests, load_catalogue, drop_catalogue);
}
