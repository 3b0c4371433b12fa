/* Codes: the vectors of the standards, valid and invalid, each refusal with its reason; and the fact tables. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/code.h"

struct refusal {
	const char *code, *why;
};

static void accepts(enum code_kind kind, const char *const *codes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err err;
		struct str said = STR_INIT;
		if (!code_check(kind, slice_of(codes[i]), &err)) {
			err_say(&err, LANG_EN, &said);
			fail_msg("%s", str_text(&said));
		}
	}
}

static void refuses(enum code_kind kind, const struct refusal *codes, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct err err;
		struct str said = STR_INIT;
		if (code_check(kind, slice_of(codes[i].code), &err))
			fail_msg("%s was accepted", codes[i].code);
		err_say(&err, LANG_EN, &said);
		if (!strstr(str_text(&said), codes[i].why))
			fail_msg(
				"%s: says \"%s\", wanted \"%s\"", codes[i].code, str_text(&said), codes[i].why);
		str_free(&said);
	}
}

static void credit_codes(void **state)
{
	static const char *const good[] = {"91350100M000100Y43", "91110105771583283D",
		"91110000802100433B", "91110108735106340Y", "911101077776591113", "51610700305332460K",
		"112302070019030687", "12341700686863395A", "11220200795219742W", "11440700007062431G"};
	static const struct refusal bad[] = {
		{"91350100M000100Y4Z",
			"ends in Z, its check character is 3"}, /* the standard's own bad example */
		{"91350200M000000510", "ends in 0, its check character is D"},
		{"91350128M00000019A", "ends in A, its check character is F"},
		{"91350100M000100Y4", "has 17 characters, not 18"}, {"", "has 0 characters, not 18"},
		{"91350100O000100Y43", "character 9 is not among"}, /* O is no letter of the alphabet */
		{"Z1350100M000100Y43", "character 1 is not among"},
		{"B1350100M000100Y43", "begins with B, which is no registration authority"},
		{"95350100M000100Y43", "authority 9 has no category 5"},
		{"9135A100M000100Y43", "characters 3 to 8 are not an area code"},
		{"91350100M000200Y43", "character 17 is 4, the organisation code needs"},
		{"一二三四五六", "has 6 characters, not 18"}};
	accepts(CODE_USCC, good, countof(good));
	refuses(CODE_USCC, bad, countof(bad));
}

/* Every authority with every category: what the standard lists passes the head, nothing else does. */
static void credit_pairs(void **state)
{
	static const char alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";
	int allowed = 0;
	for (const char *authority = alphabet; *authority; authority++)
		for (const char *category = alphabet; *category; category++) {
			char code[] = "91350100M000100Y43";
			struct err err;
			struct str said = STR_INIT;
			code[0] = *authority;
			code[1] = *category;
			bool good = code_check(CODE_USCC, slice_of(code), &err);
			if (!good)
				err_say(&err, LANG_EN, &said);
			if (good || strstr(str_text(&said), "its check character is"))
				allowed++;
			str_free(&said);
		}
	/* 4+2+6+2+4+3+3+2+3+2+4+1 */
	assert_int_equal(allowed, 36);
}

static void organisation_codes(void **state)
{
	static const char *const good[] = {
		"M000100Y4", "M000100Y-4", "771583283", "802100433", "735106340", "00706243-1"};
	static const struct refusal bad[] = {{"771583280", "ends in 0, its check character is 3"},
		{"77158328", "has not nine characters"}, {"7715832-83", "has not nine characters"},
		{"77158_283", "a character that is no digit or letter"}};
	accepts(CODE_ORGANISATION, good, countof(good));
	refuses(CODE_ORGANISATION, bad, countof(bad));
}

static void area_codes(void **state)
{
	static const char *const good[] = {"110000", "110101", "320922", "429004", "469001", "659001",
		"320922101", "500230", "810000", "542100"};
	static const struct refusal bad[] = {{"32092", "has not six digits"},
		{"3209220", "has not six digits"}, {"32O922", "has not six digits"},
		{"190101", "no province has 19"}, {"990000", "no province has 99"},
		{"328101", "digits 3 and 4 are no city's"}, {"320001", "a county without a city"},
		{"320900101", "a town without a county"}};
	accepts(CODE_AREA, good, countof(good));
	refuses(CODE_AREA, bad, countof(bad));
}

/* Every code that ever stood in GB/T 2260 keeps its rules. */
static void all_areas(void **state)
{
	size_t at = 0;
	struct area_fact fact;
	struct err err;
	int n = 0, codes = 0, gone = 0;
	struct slice last = {NULL, 0};
	while (fact_area_next(&at, &fact)) {
		if (!code_check(CODE_AREA, fact.code, &err))
			fail_msg("%.6s", fact.code.s);
		assert_true(fact.from >= 200212 && (fact.until == 0 || fact.until >= fact.from));
		codes += !slice_equal(fact.code, last);
		gone += fact.until != 0;
		last = fact.code;
		n++;
	}
	assert_int_equal(n, 4164);
	assert_int_equal(codes, 4099);
	assert_int_equal(gone, 505);
}

static void area_history(void **state)
{
	struct area_fact f[4];
	assert_int_equal(fact_area(SLICE("320922"), f, 4), 1);
	assert_true(slice_is(f[0].name, "滨海县"));
	assert_int_equal(f[0].until, 0);
	/* 通州 was a city of its own, then a district under another code */
	assert_int_equal(fact_area(SLICE("320683"), f, 4), 1);
	assert_true(slice_is(f[0].name, "通州市"));
	assert_int_equal(f[0].from, 200212);
	assert_int_equal(f[0].until, 200512);
	assert_int_equal(fact_area(SLICE("320612"), f, 4), 1);
	assert_true(slice_is(f[0].name, "通州区"));
	assert_int_equal(fact_area(SLICE("320699"), f, 4), 0);
	assert_int_equal(fact_area(SLICE(""), f, 4), 0);
	assert_int_equal(fact_area(SLICE("999999"), f, 4), 0);
}

static void project_codes(void **state)
{
	static const char *const good[] = {"2020-320000-44-01-123456", "2011-320922-04-01-123456",
		"2012-320922-04-01-123456", "2305-510322-04-01-45678X", "2018-000052-55-01-000001"};
	static const struct refusal bad[] = {
		{"2313-320922-04-01-123456", "2313 is neither a year nor a year and month"},
		{"2300-320922-04-01-123456", "2300 is neither a year"},
		{"2014-320922-04-01-123456", "2014 is neither a year"},
		{"2305-990922-04-01-123456", "990922 is no area code"},
		{"2305-320922-04-01-12345", "is not like"}, {"2305320922040112345", "is not like"},
		{"2305-320922-04-01-1X3456", "is not like"}, {"2020-320000-44-01-12345X", "is not like"},
		{"2305-320922-04-01-1234567", "is not like"}};
	struct project_code code;
	struct err err;
	accepts(CODE_PROJECT, good, countof(good));
	refuses(CODE_PROJECT, bad, countof(bad));
	assert_true(code_project_parse(SLICE("2020-320000-44-01-123456"), &code, &err));
	assert_true(code.old);
	assert_int_equal(code.year, 2020);
	assert_int_equal(code.month, 0);
	assert_string_equal(code.department, "44");
	assert_true(code_project_parse(SLICE("2011-320922-04-01-123456"), &code, &err));
	assert_false(code.old); /* November 2020, never the year 2011 */
	assert_int_equal(code.year, 2020);
	assert_int_equal(code.month, 11);
	assert_string_equal(code.area, "320922");
	assert_string_equal(code.serial, "123456");
}

static void industry_codes(void **state)
{
	static const char *const good[] = {
		"A", "01", "011", "0111", "C", "C3012", "3012", "T", "97", "9700"};
	static const struct refusal bad[] = {{"0110", "is not in GB/T 4754-2017"},
		{"U", "is not in GB/T 4754-2017"}, {"98", "is not in GB/T 4754-2017"},
		{"A3012", "3012 is not in section A"}, {"01111", "is not in GB/T 4754-2017"},
		{"", "is not in GB/T 4754-2017"}};
	struct industry_fact f;
	accepts(CODE_INDUSTRY, good, countof(good));
	refuses(CODE_INDUSTRY, bad, countof(bad));
	assert_true(fact_industry(SLICE("0111"), &f));
	assert_true(slice_is(f.name, "稻谷种植"));
	assert_true(slice_is(f.parent, "011"));
	assert_int_equal(f.level, 4);
}

static void made_normal(void **state)
{
	static const struct {
		enum code_kind kind;
		const char *text, *want;
	} cases[] = {{CODE_USCC, " ９１３５０１００ｍ０００１００ｙ４３ ", "91350100M000100Y43"},
		{CODE_USCC, "91350100 M000100Y 43", "91350100M000100Y43"},
		{CODE_PROJECT, "23053209220401123456", "2305-320922-04-01-123456"},
		{CODE_PROJECT, "2305－320922－04－01－123456", "2305-320922-04-01-123456"},
		{CODE_PROJECT, "2305—320922—04—01—12345x", "2305-320922-04-01-12345X"},
		{CODE_PROJECT, "230532092204011234", "230532092204011234"},
		{CODE_INDUSTRY, "c3012", "C3012"}};
	struct arena *a = arena_open();
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(
			arena_text(a, code_normal(a, cases[i].kind, slice_of(cases[i].text))), cases[i].want);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(credit_codes),
		cmocka_unit_test(credit_pairs),
		cmocka_unit_test(organisation_codes),
		cmocka_unit_test(area_codes),
		cmocka_unit_test(all_areas),
		cmocka_unit_test(area_history),
		cmocka_unit_test(project_codes),
		cmocka_unit_test(industry_codes),
		cmocka_unit_test(made_normal),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
