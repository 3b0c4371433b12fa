/* The four spellings of a value: as people write it, as the API spells it, and back again without loss. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/record.h"
#include "model/value.h"

static struct arena *a;
static const struct catalogue *catalogue;
static const struct register_def *probe; /* one field of each type */

static const char probe_text[] =
	"{\"register\":\"probe\",\"title\":\"text\",\"fields\":["
	"{\"name\":\"text\",\"type\":\"text\",\"max\":10,\"required\":true},{\"name\":\"longtext\","
	"\"type\":\"longtext\"},"
	"{\"name\":\"integer\",\"type\":\"integer\",\"least\":-5,\"most\":1000000},"
	"{\"name\":\"quantity\",\"type\":\"quantity\",\"scale\":3,\"unit\":{\"zh\":\"吨\",\"en\":\"t\"}"
	"},"
	"{\"name\":\"money\",\"type\":\"money\"},{\"name\":\"percent\",\"type\":\"percent\"},{\"name\":"
	"\"date\",\"type\":\"date\"},"
	"{\"name\":\"month\",\"type\":\"month\"},{\"name\":\"instant\",\"type\":\"instant\"},{\"name\":"
	"\"yesno\",\"type\":\"yesno\"},"
	"{\"name\":\"choice\",\"type\":\"choice\",\"choices\":[{\"name\":\"new\",\"label\":{\"zh\":"
	"\"新建\",\"en\":\"New\"},"
	"\"synonyms\":[\"新开工\"]},{\"name\":\"old\",\"label\":{\"zh\":\"续建\",\"en\":\"Carried "
	"over\"}}]},"
	"{\"name\":\"choices\",\"type\":\"choices\",\"choices\":[{\"name\":\"a\",\"label\":{\"zh\":"
	"\"省重点\",\"en\":\"Province, key\"}},"
	"{\"name\":\"b\",\"label\":{\"zh\":\"部门、专班\",\"en\":\"Department\"}},{\"name\":\"c\","
	"\"label\":{\"zh\":\"其他\",\"en\":\"Other\"}}]},"
	"{\"name\":\"ref\",\"type\":\"ref\",\"to\":\"unit\"},{\"name\":\"refs\",\"type\":\"refs\","
	"\"to\":\"unit\"},"
	"{\"name\":\"point\",\"type\":\"point\"},{\"name\":\"line\",\"type\":\"line\"},{\"name\":"
	"\"site\",\"type\":\"area\"},"
	"{\"name\":\"file\",\"type\":\"file\"},{\"name\":\"files\",\"type\":\"files\"},"
	"{\"name\":\"uscc\",\"type\":\"code\",\"code\":\"uscc\"},{\"name\":\"json\",\"type\":\"json\"},"
	"{\"name\":\"speed\",\"type\":\"derived\",\"derived_type\":\"percent\",\"derive\":\"speed\"}]}";

static int setup(void **state)
{
	struct err err;
	struct definition_source own = {"probe", slice_of(probe_text), false};
	a = arena_open();
	assert_true(catalogue_builtin(&own, 1, 1, &catalogue, &err));
	probe = catalogue_find(catalogue, "probe");
	return 0;
}

static int teardown(void **state)
{
	catalogue_close(catalogue);
	arena_close(a);
	return 0;
}

static const struct field *field(const char *name)
{
	const struct field *f = register_field(probe, name);
	assert_non_null(f);
	return f;
}

static struct reading reading(void)
{
	struct reading how = {.money_unit = 1000000};
	assert_true(date_parse_iso(SLICE("2024-08-15"), &how.today));
	return how;
}

static const char *spelt(const struct field *f, const struct value *v)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	value_to_json(&w, f, v);
	const char *copy = arena_text(a, str_view(&text));
	str_free(&text);
	return copy;
}

/* text -> value -> JSON; want NULL: refused */
static void reads_as(
	const char *name, const char *text, const struct reading *how, const char *want)
{
	struct value v = VALUE_NONE;
	struct err err;
	bool good = value_from_text(a, field(name), slice_of(text), how, &v, &err);
	if (good && !want)
		fail_msg("%s \"%s\" was read as %s", name, text, spelt(field(name), &v));
	if (!good && want)
		fail_msg("%s \"%s\" was refused", name, text);
	if (want && strcmp(spelt(field(name), &v), want) != 0)
		fail_msg("%s \"%s\" was read as %s, not %s", name, text, spelt(field(name), &v), want);
	if (!want)
		assert_int_equal(err.code, ERR_INPUT);
}

struct reads {
	const char *text, *want;
};

static void dates(void **state)
{
	static const struct reads cases[] = {{"2024-05-03", "\"2024-05-03\""},
		{"2024-5-3", "\"2024-05-03\""}, {"2024/5/3", "\"2024-05-03\""},
		{"2024.5.3", "\"2024-05-03\""}, {"2024年5月3日", "\"2024-05-03\""},
		{"2024 年 5 月 3 日", "\"2024-05-03\""}, {"2024年5月3日 17:00", "\"2024-05-03\""},
		{"２０２４年５月３日", "\"2024-05-03\""}, {"2024年5月3号", "\"2024-05-03\""},
		{"20240503", "\"2024-05-03\""}, {"二〇二四年五月三日", "\"2024-05-03\""},
		{"二零二四年十二月三十一日", "\"2024-12-31\""}, {"24年5月", "\"2024-05-31\""},
		{"2024年5月", "\"2024-05-31\""}, {"2024年5月份", "\"2024-05-31\""},
		{"2024.5", "\"2024-05-31\""}, {"2024.12", "\"2024-12-31\""}, {"2024-05", "\"2024-05-31\""},
		{"202405", "\"2024-05-31\""}, {"5/2024", "\"2024-05-31\""}, {"五月底", "\"2024-05-31\""},
		{"5月", "\"2024-05-31\""}, {"5月底前", "\"2024-05-31\""}, {"5月上旬", "\"2024-05-10\""},
		{"五月中旬", "\"2024-05-20\""}, {"五月下旬", "\"2024-05-31\""},
		{"5月3日", "\"2024-05-03\""}, {"十月一日", "\"2024-10-01\""}, {"二十五日", NULL},
		{"明年5月", "\"2025-05-31\""}, {"去年十二月", "\"2023-12-31\""},
		{"本月底", "\"2024-08-31\""}, {"下月", "\"2024-09-30\""}, {"年底", "\"2024-12-31\""},
		{"2024年底", "\"2024-12-31\""}, {"2024年底前", "\"2024-12-31\""},
		{"今年年底", "\"2024-12-31\""}, {"明年底", "\"2025-12-31\""},
		{"2024年上半年", "\"2024-06-30\""}, {"上半年", "\"2024-06-30\""},
		{"2025年下半年", "\"2025-12-31\""}, {"2024年", "\"2024-12-31\""},
		{"2024年度", "\"2024-12-31\""}, {"2024", "\"2024-12-31\""}, {"2024Q3", "\"2024-09-30\""},
		{"2024-Q1", "\"2024-03-31\""}, {"Q3 2024", "\"2024-09-30\""}, {"三季度", "\"2024-09-30\""},
		{"2024年三季度", "\"2024-09-30\""}, {"2024年第三季度", "\"2024-09-30\""},
		{"2024年第4季度末", "\"2024-12-31\""}, {"45415", "\"2024-05-03\""},
		{"45415.5", "\"2024-05-03\""}, {"3/16/05", "\"2005-03-16\""},
		{"12/18/96", "\"1996-12-18\""}, {"05/01/2014 12:00:00 AM", "\"2014-05-01\""},
		{"12/31/2024 12:00:00 AM", "\"2024-12-31\""}, {"6/28/2024", "\"2024-06-28\""},
		{"24/10/2016", "\"2016-10-24\""}, {"2016-05-25 17:00:00", "\"2016-05-25\""},
		{"2018-06-29T00:00:00Z", "\"2018-06-29\""},
		{"2018-06-29T00:00:00.000+08:00", "\"2018-06-29\""}, {"5-Mar-24", "\"2024-03-05\""},
		{"March 5, 2024", "\"2024-03-05\""}, {"01 April  2024", "\"2024-04-01\""},
		{"1st April 2024", "\"2024-04-01\""}, {"Sept 2024", "\"2024-09-30\""},
		{"Mar-24", "\"2024-03-31\""}, {"24.5.3", "\"2024-05-03\""},
		{"2024-02-29", "\"2024-02-29\""}, {"—", "null"}, {"", "null"}, {"  ", "null"},
		{"n/a", "null"},
		/* not dates */
		{"2023-02-29", NULL}, {"2024年13月", NULL}, {"2024-5-32", NULL}, {"2023-2025年", NULL},
		{"2023年5月-2025年6月", NULL}, {"PNS", NULL}, {"待定", NULL}, {"TBC", NULL},
		{"13/13/2024", NULL}, {"2024年5季度", NULL}, {"12345", NULL}, {"99999", NULL},
		{"2024-", NULL}, {"5", NULL}, {"2024年5月竣工", NULL}, {"31 Foo 2024", NULL},
		{"Q5 2024", NULL}, {"0000-01-01", NULL},
		{"Exempt under Section 43 of the Freedom of Information Act 2000 (Commercial Interests) "
		 "and so on",
			NULL}};
	struct reading how = reading();
	for (size_t i = 0; i < countof(cases); i++)
		reads_as("date", cases[i].text, &how, cases[i].want);
	how.day_first = true;
	reads_as("date", "5/02/2016 5:00:00 PM", &how, "\"2016-02-05\"");
	reads_as("date", "30.06.08", &how, "\"2008-06-30\"");
	reads_as("date", "2/25/2016", &how, "\"2016-02-25\""); /* there is no month 25 */
	reads_as("date", "2016-02-05", &how, "\"2016-02-05\"");
}

static void how_exact(void **state)
{
	static const struct {
		const char *text;
		enum date_precision want;
	} cases[] = {{"2024-05-03", DATE_TO_DAY}, {"2024年5月3日", DATE_TO_DAY}, {"45415", DATE_TO_DAY},
		{"2024年5月", DATE_TO_MONTH}, {"2024.5", DATE_TO_MONTH}, {"5月底", DATE_TO_MONTH},
		{"三季度", DATE_TO_QUARTER}, {"2024Q3", DATE_TO_QUARTER}, {"上半年", DATE_TO_HALF},
		{"2024年底", DATE_TO_YEAR}, {"2024", DATE_TO_YEAR}, {"Mar-24", DATE_TO_MONTH}};
	struct reading how = reading();
	for (size_t i = 0; i < countof(cases); i++) {
		struct date d;
		enum date_precision precision;
		assert_true(date_from_text(slice_of(cases[i].text), &how, &d, &precision));
		if (precision != cases[i].want)
			fail_msg("%s: %d", cases[i].text, precision);
	}
}

static void months_and_instants(void **state)
{
	struct reading how = reading();
	reads_as("month", "2024年5月", &how, "\"2024-05\"");
	reads_as("month", "2024-05-03", &how, "\"2024-05\"");
	reads_as("month", "2024", &how, NULL);
	reads_as("month", "三季度", &how, NULL);
	reads_as("instant", "2016-05-25 17:00:00", &how, "\"2016-05-25T17:00:00+08:00\"");
	reads_as("instant", "5/25/2016 5:00:00 PM", &how, "\"2016-05-25T17:00:00+08:00\"");
	reads_as("instant", "2016-05-25 12:05 AM", &how, "\"2016-05-25T00:05:00+08:00\"");
	reads_as("instant", "2016-05-25T09:00:00Z", &how, "\"2016-05-25T17:00:00+08:00\"");
	reads_as("instant", "2016年5月25日", &how, "\"2016-05-25T00:00:00+08:00\"");
	reads_as("instant", "2016-05-25 25:00", &how, NULL);
	reads_as("instant", "2016年5月", &how, NULL);
}

static void money(void **state)
{
	static const struct reads cases[] = {{"1200", "1200000000"}, {"1.2亿", "12000000000"},
		{"1.2亿元", "12000000000"}, {"3600万", "3600000000"}, {"36,000万元", "36000000000"},
		{"３６００", "3600000000"}, {"￥3600", "3600000000"}, {"¥1,234.56元", "123456"},
		{"-12.5", "-12500000"}, {"-¥12.5", "-12500000"}, {"(12.5)", "-12500000"},
		{"1.2e4", "12000000000"}, {"0", "0"}, {"3亿5000万", "35000000000"},
		{"3亿5千万", "35000000000"}, {"5千万元", "5000000000"}, {"0.000001", "1"},
		{"1 200", "1200000000"}, {"12345678.123456", "12345678123456"}, {"-", "null"},
		{"无", "null"}, {"约1亿", NULL}, {"1.2亿美元", NULL}, {"DOER", NULL}, {"1200-1500", NULL},
		{"--5", NULL}, {"1.2.3", NULL}, {"99999999999999999999", NULL}};
	struct reading how = reading();
	for (size_t i = 0; i < countof(cases); i++)
		reads_as("money", cases[i].text, &how, cases[i].want);
	how.money_unit = 10000000000;
	reads_as("money", "1.2", &how, "12000000000");
	reads_as("money", "3600万", &how, "3600000000");
	how.money_unit = 100;
	reads_as("money", "182980960", &how, "18298096000");
	reads_as("money", "$1,200.50", &how, "120050");
	how.money_unit = 700; /* a currency at 7 元 */
	reads_as("money", "2.5", &how, "1750");
}

/* A bare number is in percent, unless the caller says that the cell holds a share. */
static void percents(void **state)
{
	struct reading how = reading();
	reads_as("percent", "36.1%", &how, "36.1");
	reads_as("percent", "36.1％", &how, "36.1");
	reads_as("percent", "36.1", &how, "36.1");
	reads_as("percent", "0.361", &how, "0.36");
	reads_as("percent", "-3.5个百分点", &how, "-3.5");
	how.percent_fraction = true;
	reads_as("percent", "0.361", &how, "36.1");
	reads_as("percent", "1", &how, "100");
	reads_as("percent", "36.1%", &how, "36.1");
	reads_as("percent", "x%", &how, NULL);
}

static void other_words(void **state)
{
	struct reading how = reading();
	reads_as("integer", "1,200人", &how, "1200");
	reads_as("integer", "12.0", &how, "12");
	reads_as("integer", "12.5", &how, NULL);
	reads_as("quantity", "12.3456吨", &how, "12.346");
	reads_as("quantity", "12 t", &how, "12");
	reads_as("yesno", "是", &how, "true");
	reads_as("yesno", "√", &how, "true");
	reads_as("yesno", "No", &how, "false");
	reads_as("yesno", "无", &how, "false");
	reads_as("yesno", "也许", &how, NULL);
	reads_as("choice", "新建", &how, "\"new\"");
	reads_as("choice", "carried OVER", &how, "\"old\"");
	reads_as("choice", "新开工", &how, "\"new\"");
	reads_as("choice", "停建", &how, NULL);
	reads_as("choices", "其他、省重点", &how, "[\"a\",\"c\"]");
	reads_as("choices", "部门、专班；省重点；省重点", &how, "[\"a\",\"b\"]");
	reads_as("choices", "Province, key; Other", &how, "[\"a\",\"c\"]");
	reads_as("choices", "省重点、国重点", &how, NULL);
	reads_as("uscc", " 91350100m000100y43", &how, "\"91350100M000100Y43\"");
	reads_as("ref", "住建局", &how, "\"住建局\"");
	reads_as("refs", "住建局、水利局", &how, "[\"住建局\",\"水利局\"]");
	reads_as("point", "117.28,31.86", &how, "{\"type\":\"Point\",\"coordinates\":[117.28,31.86]}");
	reads_as("point", "31.86,117.28", &how, NULL); /* no place has 117 degrees north */
	reads_as("point", "县城东", &how, NULL);
	reads_as("text", "  城东 ", &how, "\"城东\"");
	reads_as("text", "-", &how, "\"-\"");
	reads_as("speed", "3", &how, NULL);
}

/* ---- the API ---- */

static bool from_json(const char *name, const char *json, struct value *out, struct err *err)
{
	const struct json *j;
	if (!json_parse(a, slice_of(json), NULL, &j, err))
		fail_msg("%s is no JSON", json);
	return value_from_json(a, field(name), j, out, err);
}

/* One or more values of every type, as the API spells them. */
static const struct {
	const char *field, *json;
} samples[] = {{"text", "\"城东大道\""}, {"longtext", "\"一\\n二\""}, {"integer", "-3"},
	{"integer", "0"}, {"quantity", "12.345"}, {"quantity", "-0.5"}, {"money", "123456789012"},
	{"money", "-1"}, {"money", "1"}, {"percent", "36.1"}, {"percent", "-0.05"}, {"percent", "100"},
	{"date", "\"2026-03-31\""}, {"date", "\"1969-12-31\""}, {"month", "\"2026-03\""},
	{"instant", "\"2026-03-31T08:00:00+08:00\""}, {"instant", "\"2026-03-31T08:00:00.123+08:00\""},
	{"yesno", "true"}, {"yesno", "false"}, {"choice", "\"old\""},
	{"choices", "[\"a\",\"b\",\"c\"]"}, {"choices", "[\"b\"]"},
	{"ref", "\"01890000-0000-7000-8000-000000000001\""},
	{"refs", "[\"01890000-0000-7000-8000-000000000001\",\"01890000-0000-7000-8000-000000000002\"]"},
	{"point", "{\"type\":\"Point\",\"coordinates\":[117.28,31.86]}"},
	{"point", "{\"type\":\"Point\",\"coordinates\":[117.28,31.86],\"entered_in\":\"gcj02\"}"},
	{"line", "{\"type\":\"LineString\",\"coordinates\":[[117,31],[118,32]]}"},
	{"site", "{\"type\":\"Polygon\",\"coordinates\":[[[117,31],[118,31],[118,32],[117,31]]]}"},
	{"file", "\"01890000-0000-7000-8000-000000000003\""},
	{"files",
		"[\"01890000-0000-7000-8000-000000000003\",\"01890000-0000-7000-8000-000000000004\"]"},
	{"uscc", "\"91350100M000100Y43\""}, {"json", "{\"a\":[1,2.5,null]}"}, {"text", "null"}};

static void json_and_back(void **state)
{
	bool seen[FIELD_DERIVED] = {0};
	for (size_t i = 0; i < countof(samples); i++) {
		struct value v, copy;
		struct err err;
		const struct field *f = field(samples[i].field);
		assert_true(from_json(f->name, samples[i].json, &v, &err));
		assert_string_equal(spelt(f, &v), samples[i].json);
		copy = value_copy(a, &v);
		assert_true(value_equal(&v, &copy));
		seen[f->type] = true;
		if (v.kind != VALUE_NULL)
			assert_true(value_check(f, &v, &err));
	}
	for (int t = 0; t < FIELD_DERIVED; t++)
		if (!seen[t])
			fail_msg("no sample of type %s", field_type_name((enum field_type)t));
}

/* What Excel and CSV show can be read again, in both languages, without losing anything. */
static void text_and_back(void **state)
{
	struct reading how = reading();
	for (size_t i = 0; i < countof(samples); i++)
		for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
			struct value v, back;
			struct err err;
			struct str text = STR_INIT;
			const struct field *f = field(samples[i].field);
			assert_true(from_json(f->name, samples[i].json, &v, &err));
			value_to_text(&text, f, &v, (enum lang)lang);
			if (!value_from_text(a, f, str_view(&text), &how, &back, &err) ||
				!value_equal(&v, &back))
				fail_msg("%s: %s became \"%s\" became %s", f->name, samples[i].json,
					str_text(&text), spelt(f, &back));
			str_free(&text);
		}
}

static void money_is_lossless(void **state)
{
	struct reading how = reading();
	const struct field *f = field("money");
	uint64_t seed = 88172645463325252u;
	for (int i = 0; i < 20000; i++) {
		seed ^= seed << 13, seed ^= seed >> 7, seed ^= seed << 17;
		struct value v = {.kind = VALUE_INT, .i = (int64_t)(seed >> (i % 40 + 12))}, back;
		struct str text = STR_INIT;
		struct err err;
		if (i % 2)
			v.i = -v.i;
		value_to_text(&text, f, &v, LANG_ZH);
		assert_true(value_from_text(a, f, str_view(&text), &how, &back, &err));
		assert_true(value_equal(&v, &back));
		str_free(&text);
	}
}

static void json_refused(void **state)
{
	static const struct {
		const char *field, *json, *why;
	} bad[] = {{"text", "5", "text: must be a text"},
		{"integer", "\"5\"", "integer: must be a number"},
		{"integer", "5.5", "integer: the number 5.5 has more than 0 decimals"},
		{"money", "0.5", "money: the number 0.5 has more than 0 decimals"},
		{"quantity", "1.2345", "quantity: the number 1.2345 has more than 3 decimals"},
		{"money", "1e30", "money: the number 1e+30 is too large"},
		{"date", "\"2026-02-30\"", "date: \"2026-02-30\" is not a date like 2026-03-31"},
		{"month", "\"2026-13\"", "month: \"2026-13\" is not a month like 2026-03"},
		{"instant", "\"now\"", "instant: \"now\" is not an instant like 2026-03-31T08:00:00+08:00"},
		{"yesno", "1", "yesno: must be true or false"},
		{"choice", "\"新建\"", "choice: \"新建\" is none of the choices"},
		{"choices", "\"a\"", "choices: must be a list"},
		{"choices", "[\"a\",\"z\"]", "choices: \"z\" is none of the choices"},
		{"ref", "\"住建局\"", "ref: \"住建局\" is not the id of a record"},
		{"file", "\"../x\"", "file: \"../x\" is not the id of a file"},
		{"point", "{\"type\":\"Point\",\"coordinates\":[200,31]}", "point: is not a GeoJSON"},
		{"point", "{\"type\":\"LineString\",\"coordinates\":[[117,31],[118,32]]}",
			"point: is not a GeoJSON"},
		{"point", "[117,31]", "point: is not a GeoJSON"},
		{"site", "{\"type\":\"Polygon\",\"coordinates\":[[[117,31],[118,31],[117,31]]]}",
			"site: is not a GeoJSON"},
		{"point", "{\"type\":\"Point\",\"coordinates\":[117,31],\"entered_in\":\"mars\"}",
			"point: unknown datum \"mars\""},
		{"speed", "1", "speed: is computed and cannot be entered"}};
	for (size_t i = 0; i < countof(bad); i++) {
		struct value v;
		struct err err;
		struct str said = STR_INIT;
		if (from_json(bad[i].field, bad[i].json, &v, &err))
			fail_msg("%s took %s", bad[i].field, bad[i].json);
		err_say(&err, LANG_EN, &said);
		if (strncmp(str_text(&said), bad[i].why, strlen(bad[i].why)) != 0)
			fail_msg("%s %s says \"%s\"", bad[i].field, bad[i].json, str_text(&said));
		str_free(&said);
	}
}

static void checks(void **state)
{
	static const struct {
		const char *field, *json, *why;
	} bad[] = {{"text", "null", "text: must not be empty"},
		{"text", "\"一二三四五六七八九十一\"", "text: is 11 characters long, more than 10"},
		{"integer", "-6", "integer: -6 is less than -5"},
		{"integer", "1000001", "integer: 1000001 is more than 1000000"},
		{"uscc", "\"91350100M000100Y44\"",
			"uscc: credit code \"91350100M000100Y44\" ends in 4, its check character is 3"}};
	for (size_t i = 0; i < countof(bad); i++) {
		struct value v;
		struct err err;
		struct str said = STR_INIT;
		assert_true(from_json(bad[i].field, bad[i].json, &v, &err));
		assert_false(value_check(field(bad[i].field), &v, &err));
		err_say(&err, LANG_EN, &said);
		assert_string_equal(str_text(&said), bad[i].why);
		str_free(&said);
	}
}

static void record_spelt(void **state)
{
	struct record *r = record_new(a, probe);
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	const struct json *j;
	struct err err;
	r->version = 3;
	r->changed_at = (struct instant){0};
	r->values[field("money")->index] = (struct value){.kind = VALUE_INT, .i = 500};
	record_to_json(&w, r);
	jw_end(&w);
	assert_true(json_parse(a, str_view(&text), NULL, &j, &err));
	assert_int_equal(json_int(json_get(j, "version"), 0), 3);
	assert_true(json_absent(json_get(j, "state")));
	assert_string_equal(json_text(json_get(j, "changed_at"), ""), "1970-01-01T08:00:00+08:00");
	assert_int_equal(json_int(json_get(json_get(j, "fields"), "money"), 0), 500);
	/* computed fields are the board's */
	assert_null(json_get(json_get(j, "fields"), "speed"));
	assert_int_equal(json_count(json_get(j, "fields")), probe->nfields - 1);
	str_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(dates),
		cmocka_unit_test(how_exact),
		cmocka_unit_test(months_and_instants),
		cmocka_unit_test(money),
		cmocka_unit_test(percents),
		cmocka_unit_test(other_words),
		cmocka_unit_test(json_and_back),
		cmocka_unit_test(text_and_back),
		cmocka_unit_test(money_is_lossless),
		cmocka_unit_test(json_refused),
		cmocka_unit_test(checks),
		cmocka_unit_test(record_spelt),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
