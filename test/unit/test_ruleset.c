/* Rule sets as data: what is shipped, what is doubtful in it, what is refused, and that docs/rules.md says what runs.
 * GUATU_REWRITE=1 writes docs/rules.md anew. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "assess/indicator.h"
#include "assess/light.h"
#include "assess/ruleset.h"
#include "base/os.h"
#include "test/unit/board_help.h"

static struct ruleset *builtin(struct arena *a, int *n)
{
	struct ruleset *sets;
	struct err err;
	struct str said = STR_INIT;
	if (!ruleset_builtin(a, &sets, n, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	return sets;
}

/* Every preset, its doubts, and that its filters and columns fit the shipped registers. */
static void test_presets(void **state)
{
	static const struct {
		const char *name, *row;
		int doubts;
	} presets[] = {
		{"days_late", "L16", 0},
		{"huating", "L7", 0},
		{"jinxiang", "L6", 0},
		{"mianyang", "L10", 0},
		{"sanya", "L3", 0},
		{"standard", NULL, 0},
		{"tianjin", "L4", 1},
		{"wuhan", "L1", 0},
		{"xinhuang", "L5", 0},
		{"yinchuan", "L2", 1},
		{"yongfeng", "L11", 0},
	};
	struct office *o = office_open(NULL);
	int n;
	struct ruleset *sets = builtin(o->a, &n);
	assert_int_equal(n, countof(presets));
	board_settle(o->board, date_from_ymd(2026, 6, 1));
	for (int i = 0; i < n; i++) {
		const struct rule_finding *findings;
		int found;
		assert_string_equal(sets[i].name, presets[i].name);
		assert_true(presets[i].row
				? strcmp(sets[i].source.row, presets[i].row) == 0 && sets[i].source.url != NULL
				: !sets[i].source.row);
		assert_int_equal(sets[i].active, strcmp(sets[i].name, "standard") == 0);
		ruleset_findings(o->a, &sets[i], &findings, &found);
		assert_int_equal(found, presets[i].doubts);
		const struct ruleset *one = &sets[i];
		struct lights *l;
		struct err err;
		struct str said = STR_INIT;
		if (!lights_open(o->board, &one, 1, &l, &err)) {
			err_say(&err, LANG_EN, &said);
			fail_msg("%s", str_text(&said));
		}
		lights_close(l);
	}
	office_close(o);
}

static void test_published_gaps(void **state)
{
	struct arena *a = arena_open();
	int n, found;
	struct ruleset *sets = builtin(a, &n);
	const struct rule_finding *findings;
	for (int i = 0; i < n; i++) {
		ruleset_findings(a, &sets[i], &findings, &found);
		if (strcmp(sets[i].name, "yinchuan") == 0) {
			assert_int_equal(findings[0].kind, RULE_GAP);
			assert_string_equal(findings[0].light, "progress");
			assert_string_equal(findings[0].text.en, "> 0 points and < 10 points has no band");
			assert_string_equal(findings[0].text.zh, "> 0 个百分点 且 < 10 个百分点没有规定");
		}
		if (strcmp(sets[i].name, "tianjin") == 0)
			assert_string_equal(findings[0].text.en, "= 0 has no band");
	}
	arena_close(a);
}

static const char head[] =
	"{\"ruleset\":\"own\",\"label\":{\"zh\":\"甲\",\"en\":\"A\"},\"combine\":\"worst\","
	"\"source\":{\"text\":{\"zh\":\"甲\",\"en\":\"A\"},\"grade\":\"D\"},\"lights\":[{\"light\":"
	"\"x\",\"label\":{\"zh\":\"甲\",\"en\":\"A\"},"
	"\"subject\":\"project\",\"indicator\":\"";
#define BAND(bounds, severity)                                                                     \
	"{" bounds "\"severity\":" severity                                                            \
	",\"label\":{\"zh\":\"甲\",\"en\":\"A\"},\"colour\":\"red\"}"

static const char *doubts_of(struct arena *a, const char *indicator, const char *bands)
{
	struct ruleset rs;
	struct err err;
	struct str said = STR_INIT;
	if (!ruleset_load(a,
			slice_of(arena_printf(a, "%s%s\",\"bands\":[%s]}]}", head, indicator, bands)),
			"own.json", &rs, &err)) {
		err_say(&err, LANG_EN, &said);
		const char *refusal = arena_strdup(a, str_text(&said));
		str_free(&said);
		return refusal;
	}
	const struct rule_finding *findings;
	int n;
	ruleset_findings(a, &rs, &findings, &n);
	for (int i = 0; i < n; i++)
		str_printf(&said, "%s%s", i ? "; " : "", findings[i].text.en);
	const char *text = arena_strdup(a, str_text(&said));
	str_free(&said);
	return text;
}

static void test_doubts(void **state)
{
	static const struct {
		const char *indicator, *bands, *doubts;
	} cases[] = {
		{"progress_ratio", BAND("\"below\":80,", "2") "," BAND("\"at_least\":80,", "0"), ""},
		{"progress_ratio", BAND("\"below\":80,", "2") "," BAND("\"above\":80,", "0"),
			"= 80 % has no band"},
		{"progress_ratio", BAND("\"at_most\":80,", "2") "," BAND("\"at_least\":80,", "0"),
			"= 80 % has two bands; the first one counts"},
		{"progress_ratio", BAND("\"at_least\":80,", "0") "," BAND("\"below\":60,", "3"),
			"≥ 60 % and < 80 % has no band"},
		{"progress_ratio", BAND("\"at_most\":80.5,", "2") "," BAND("\"at_least\":80,", "0"),
			"≥ 80 % and ≤ 80.5 % has two bands; the first one counts"},
		{"days_late", BAND("\"at_most\":7,", "0") "," BAND("\"at_least\":8,", "3"),
			""}, /* between 7 and 8 days there is none */
		{"days_late", BAND("\"below\":7,", "0") "," BAND("\"above\":7,", "3"),
			"= 7 days has no band"},
		{"days_late", BAND("\"at_least\":1,", "3"), "= 0 days has no band; no value is green"},
		{"days_late", BAND("", "0"), ""},
		{"days_late", BAND("", "0") "," BAND("\"above\":9,", "3"),
			"≥ 10 days has two bands; the first one counts"},
	};
	struct arena *a = arena_open();
	for (size_t i = 0; i < countof(cases); i++) {
		const char *got = doubts_of(a, cases[i].indicator, cases[i].bands);
		if (strcmp(got, cases[i].doubts) != 0)
			fail_msg("case %d: \"%s\" instead of \"%s\"", (int)i, got, cases[i].doubts);
	}
	arena_close(a);
}

static void test_refused(void **state)
{
	static const struct {
		const char *indicator, *bands, *text;
	} cases[] = {
		{"progres", BAND("", "0"), "own.json, lights[0]: there is no indicator \"progres\""},
		{"unit_growth", BAND("", "0"),
			"own.json, lights[0]: the indicator \"unit_growth\" does not judge this subject"},
		{"days_late", "", "own.json, lights[0]: \"bands\" must be a list of 1 to 16 bands"},
		{"days_late", BAND("\"above\":7,\"below\":7,", "0"),
			"own.json, lights[0].bands[0]: the band holds no value"},
		{"days_late", BAND("\"above\":7,\"at_least\":8,", "0"),
			"own.json, lights[0].bands[0]: a band has at most one lower and one upper bound"},
		{"days_late", BAND("\"above\":7.5,", "0"),
			"own.json, lights[0].bands[0]: \"above\" has more than 0 digits after the point"},
		{"progress_ratio", BAND("\"above\":7.12345,", "0"),
			"own.json, lights[0].bands[0]: \"above\" has more than 4 digits after the point"},
		{"days_late", BAND("\"above\":\"7\",", "0"),
			"own.json, lights[0].bands[0]: \"above\" must be a number"},
		{"days_late", BAND("\"over\":7,", "0"),
			"own.json, lights[0].bands[0]: there is no key \"over\""},
		{"days_late", BAND("", "4"),
			"own.json, lights[0].bands[0]: \"severity\" must be 0, 1, 2 or 3"},
	};
	struct arena *a = arena_open();
	for (size_t i = 0; i < countof(cases); i++) {
		const char *got = doubts_of(a, cases[i].indicator, cases[i].bands);
		if (strcmp(got, cases[i].text) != 0)
			fail_msg("case %d: \"%s\" instead of \"%s\"", (int)i, got, cases[i].text);
	}
	struct ruleset rs;
	struct err err;
	assert_false(ruleset_load(a, SLICE("[]"), "own.json", &rs, &err));
	assert_false(ruleset_load(a, SLICE("{"), "own.json", &rs, &err));
	/* a filter that does not fit the registers is refused when it is bound */
	struct office *o = office_open(NULL);
	int n;
	struct ruleset *sets = builtin(a, &n), bad = sets[7];
	struct light_rule rule = bad.lights[0];
	rule.where = "annual_plan:gt:0";
	bad.lights = &rule;
	const struct ruleset *one = &bad;
	struct lights *l;
	struct str said = STR_INIT;
	assert_false(lights_open(o->board, &one, 1, &l, &err));
	err_say(&err, LANG_EN, &said);
	assert_string_equal(str_text(&said),
		"wuhan, progress, filter.1: there is no column \"annual_plan\" in \"project\"");
	str_free(&said);
	office_close(o);
	arena_close(a);
}

/* 1 % of 3 is exactly a third: neither 0.3333 nor 0.3334, and compared as such. */
static void test_exact(void **state)
{
	assert_int_equal(exact_percent(1, 2), 50 * EXACT_PERCENT);
	assert_int_equal(exact_percent(1, 3), 2 * 333333 + 1);
	assert_int_equal(exact_percent(-1, 3), 2 * -333334 + 1);
	assert_int_equal(exact_percent(-1, 2), -50 * EXACT_PERCENT);
	assert_int_equal(exact_percent(0, 7), 0);
	/* 100 trillion yuan in 分, times twelve: past 64 bits on the way */
	assert_int_equal(exact_percent(INT64_C(120000000000000000), INT64_C(240000000000000000)),
		50 * EXACT_PERCENT);
	assert_int_equal(exact_percent(INT64_C(119999999999999999), INT64_C(200000000000000000)),
		60 * EXACT_PERCENT - 1);
	struct str s = STR_INIT;
	indicator_format(&s, indicator_named("progress_ratio"), exact_percent(2, 3), LANG_EN);
	assert_string_equal(str_text(&s), "66.67 %");
	str_clear(&s);
	money_format(&s, INT64_C(123456789012), LANG_ZH);
	str_puts(&s, " | ");
	money_format(&s, INT64_C(123456789012), LANG_EN);
	assert_string_equal(str_text(&s), "123,456.79 万元 | 1,234,567,890 yuan");
	str_free(&s);
}

static void test_document(void **state)
{
	struct arena *a = arena_open();
	struct str made = STR_INIT;
	struct slice committed;
	struct err err;
	int n;
	struct ruleset *sets = builtin(a, &n);
	const char *path = arena_printf(a, "%s/docs/rules.md", getenv("GUATU_SOURCE"));
	rules_document(a, sets, n, &made);
	if (getenv("GUATU_REWRITE"))
		assert_true(os_write_file(path, str_view(&made), &err));
	assert_true(os_read_file(a, path, 1 << 20, &committed, &err));
	if (!slice_equal(committed, str_view(&made)))
		fail_msg("docs/rules.md is not what the program runs: GUATU_REWRITE=1 writes it anew");
	str_free(&made);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_presets),
		cmocka_unit_test(test_published_gaps),
		cmocka_unit_test(test_doubts),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_exact),
		cmocka_unit_test(test_document),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
