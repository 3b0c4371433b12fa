/* The working calendar: against the State Council's days, against slow counting, and deadlines known by hand. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/os.h"
#include "model/calendar.h"

static struct date day(const char *iso)
{
	struct date d;
	assert_true(date_parse_iso(slice_of(iso), &d));
	return d;
}

static struct instant at(const char *iso)
{
	struct instant t;
	assert_true(instant_parse_iso(slice_of(iso), OFFSET_CHINA, &t));
	return t;
}

static const struct calendar *build(struct arena *a, const struct day_rule *rules, int n)
{
	const struct calendar *c = NULL;
	struct err err;
	assert_true(calendar_builtin(a, rules, n, &c, &err));
	return c;
}

static void check_day(struct date got, const char *want)
{
	struct str text = STR_INIT;
	date_format(&text, got);
	assert_string_equal(str_text(&text), want);
	str_free(&text);
}

static void known_days(void **state)
{
	static const struct {
		const char *day;
		bool work;
	} days[] = {{"2026-02-14", true}, {"2026-02-15", false}, {"2026-02-23", false},
		{"2026-02-24", true}, {"2026-02-28", true}, {"2026-10-01", false}, {"2026-10-10", true},
		{"2026-03-07", false}, {"2026-03-09", true}, {"2018-12-29", true}, {"2018-12-31", false},
		{"2024-02-09", true}, {"2024-02-10", false}, {"2013-01-05", true}};
	struct arena *a = arena_open();
	const struct calendar *c = build(a, NULL, 0);
	for (size_t i = 0; i < countof(days); i++)
		if (calendar_is_workday(c, COUNT_OFFICE, day(days[i].day)) != days[i].work)
			fail_msg("%s", days[i].day);
	assert_int_equal(calendar_first_year(c), 2013);
	assert_int_equal(calendar_last_year(c), 2026);
	assert_false(calendar_provisional(c, day("2026-12-31")));
	assert_true(calendar_provisional(c, day("2027-01-01")));
	/* a year without notice is Monday to Friday */
	assert_true(calendar_is_workday(c, COUNT_OFFICE, day("2027-10-01")));
	assert_false(calendar_is_workday(c, COUNT_OFFICE, day("2027-10-02")));
	arena_close(a);
}

/* The embedded facts say of every day what the collection they came from says. */
static void same_as_the_source(void **state)
{
	struct arena *a = arena_open();
	const struct calendar *c = build(a, NULL, 0);
	struct err err;
	int seen = 0;
	for (int year = 2013; year <= 2026; year++) {
		const char *path =
			arena_printf(a, "%s/data/ref-holidays-cn/%d.json", getenv("GUATU_SHARED"), year);
		struct slice text;
		const struct json *j;
		if (!os_exists(path)) {
			print_message("skipped: %s is not there\n", path);
			arena_close(a);
			skip();
		}
		assert_true(os_read_file(a, path, 1 << 20, &text, &err));
		assert_true(json_parse(a, text, path, &j, &err));
		const struct json *days = json_get(j, "days");
		for (int i = 0; i < json_count(days); i++, seen++) {
			const struct json *d = json_at(days, i);
			bool off = json_bool(json_get(d, "isOffDay"), false);
			if (calendar_is_workday(c, COUNT_OFFICE, day(json_text(json_get(d, "date"), ""))) ==
				off)
				fail_msg("%s", json_text(json_get(d, "date"), ""));
		}
	}
	assert_int_equal(seen, 473);
	arena_close(a);
}

/* Counting by formula is counting day by day, for both counts, with an office's own days in it. */
static void slow_and_fast_agree(void **state)
{
	struct arena *a = arena_open();
	const struct day_rule rules[] = {{DAY_WINTER_STOP, day("2024-11-20"), day("2025-03-10")},
		{DAY_CLOSURE, day("2025-06-12"), day("2025-06-12")},
		{DAY_WORKDAY, day("2025-06-14"), day("2025-06-15")},
		{DAY_WORKDAY, day("2025-03-08"), day("2025-03-08")}};
	const struct calendar *c = build(a, rules, countof(rules));
	for (int count = COUNT_OFFICE; count <= COUNT_SITE; count++)
		for (int32_t from = day("2024-09-01").day; from < day("2025-07-01").day; from += 13) {
			int n = 0;
			for (int32_t to = from + 1; to < from + 200; to++) {
				bool work = calendar_is_workday(c, (enum day_count)count, (struct date){to});
				n += work;
				assert_int_equal(calendar_count(c, (enum day_count)count, (struct date){from},
									 (struct date){to}),
					n);
				assert_int_equal(calendar_count(c, (enum day_count)count, (struct date){to},
									 (struct date){from}),
					-n);
				if (work)
					assert_int_equal(
						calendar_add(c, (enum day_count)count, (struct date){from}, n).day, to);
			}
		}
	arena_close(a);
}

static void own_days(void **state)
{
	struct arena *a = arena_open();
	const struct day_rule rules[] = {{DAY_WINTER_STOP, day("2024-11-20"), day("2025-03-10")},
		{DAY_CLOSURE, day("2025-06-12"), DATE_NONE},
		{DAY_WORKDAY, day("2025-06-14"), day("2025-06-14")}};
	const struct calendar *c = build(a, rules, countof(rules));
	assert_true(calendar_is_workday(c, COUNT_OFFICE, day("2024-12-02")));
	assert_false(calendar_is_workday(c, COUNT_SITE, day("2024-12-02")));
	assert_true(calendar_in_winter_stop(c, day("2025-03-10")));
	assert_false(calendar_in_winter_stop(c, day("2025-03-11")));
	assert_false(calendar_is_workday(c, COUNT_OFFICE, day("2025-06-12")));
	assert_true(calendar_is_workday(c, COUNT_OFFICE, day("2025-06-14")));
	check_day(calendar_next(c, COUNT_SITE, day("2024-11-20")), "2025-03-11");
	struct err err;
	const struct day_rule bad = {DAY_CLOSURE, day("2025-06-12"), day("2025-06-11")};
	const struct calendar *none = NULL;
	assert_false(calendar_builtin(a, &bad, 1, &none, &err));
	assert_null(none);
	arena_close(a);
}

static void adding(void **state)
{
	static const struct {
		const char *from;
		int n;
		const char *to;
	} cases[] = {{"2026-03-02", 1, "2026-03-03"}, {"2026-03-06", 1, "2026-03-09"},
		{"2026-03-07", 1, "2026-03-09"}, {"2026-03-07", 0, "2026-03-09"},
		{"2026-03-09", 0, "2026-03-09"}, {"2026-03-09", -1, "2026-03-06"},
		{"2026-03-08", -1, "2026-03-06"}, {"2026-02-13", 1, "2026-02-14"},
		{"2026-02-13", 2, "2026-02-24"}, {"2026-02-24", -1, "2026-02-14"},
		{"2026-09-30", 3, "2026-10-10"}};
	struct arena *a = arena_open();
	const struct calendar *c = build(a, NULL, 0);
	for (size_t i = 0; i < countof(cases); i++)
		check_day(calendar_add(c, COUNT_OFFICE, day(cases[i].from), cases[i].n), cases[i].to);
	arena_close(a);
}

static void deadlines(void **state)
{
	static const struct {
		const char *start, *span, *due;
	} cases[] = {{"2026-03-02T09:00:00+08:00", "7wd", "2026-03-11T23:59:59.999+08:00"},
		{"2026-02-12T09:00:00+08:00", "7wd",
			"2026-02-28T23:59:59.999+08:00"}, /* over the Spring Festival */
		{"2026-03-02T23:59:00+08:00", "1wd", "2026-03-03T23:59:59.999+08:00"},
		{"2026-03-02T00:30:00+08:00", "1wd",
			"2026-03-03T23:59:59.999+08:00"}, /* the first day does not count */
		{"2026-03-01T10:00:00+08:00", "0wd",
			"2026-03-02T23:59:59.999+08:00"}, /* same day; a Sunday gives Monday */
		{"2026-03-02T09:00:00+08:00", "24h", "2026-03-03T09:00:00+08:00"},
		{"2026-03-02T09:00:00+08:00", "5d",
			"2026-03-09T23:59:59.999+08:00"}, /* a Saturday gives way to Monday */
		{"2026-01-31T09:00:00+08:00", "1mo", "2026-02-28T23:59:59.999+08:00"}};
	struct arena *a = arena_open();
	const struct calendar *c = build(a, NULL, 0);
	for (size_t i = 0; i < countof(cases); i++) {
		struct span span;
		struct str text = STR_INIT;
		assert_true(span_parse(slice_of(cases[i].span), &span));
		instant_format(&text,
			calendar_deadline(c, COUNT_OFFICE, at(cases[i].start), span, OFFSET_CHINA),
			OFFSET_CHINA);
		assert_string_equal(str_text(&text), cases[i].due);
		str_free(&text);
	}
	struct str text = STR_INIT;
	instant_format(&text,
		calendar_before(c, COUNT_OFFICE, at("2026-03-09T23:59:59.999+08:00"),
			(struct span){1, SPAN_WORKDAYS}, OFFSET_CHINA),
		OFFSET_CHINA);
	assert_string_equal(str_text(&text), "2026-03-06T23:59:59.999+08:00");
	str_free(&text);
	arena_close(a);
}

static void the_season_ends_with_the_winter_stop(void **state)
{
	struct arena *a = arena_open();
	struct day_rule winter = {
		DAY_WINTER_STOP, date_from_ymd(2026, 11, 16), date_from_ymd(2027, 3, 14)};
	const struct calendar *c, *plain;
	struct season season;
	struct err err;
	assert_true(calendar_builtin(a, &winter, 1, &c, &err));
	assert_true(calendar_builtin(a, NULL, 0, &plain, &err));
	assert_false(calendar_season(plain, date_from_ymd(2026, 11, 9), &season));
	assert_true(calendar_season(c, date_from_ymd(2026, 11, 9), &season)); /* a Monday */
	assert_false(season.resting);
	assert_int_equal(season.until.day, date_from_ymd(2026, 11, 15).day);
	assert_int_equal(season.days, 7);
	assert_int_equal(season.workdays, 5);
	assert_true(calendar_season(c, date_from_ymd(2026, 11, 15), &season));
	assert_int_equal(season.days, 1);
	assert_int_equal(season.workdays, 0);
	assert_true(calendar_season(c, date_from_ymd(2027, 1, 20), &season));
	assert_true(season.resting);
	assert_int_equal(season.until.day, date_from_ymd(2027, 3, 14).day);
	assert_int_equal(season.days, 0);
	assert_false(calendar_season(c, date_from_ymd(2027, 3, 15), &season));
	arena_close(a);
	(void)state;
}

static void a_season_comes_back_each_year(void **state)
{
	struct arena *a = arena_open();
	const struct day_rule rules[] = {
		{DAY_WINTER_STOP, day("2020-11-15"), day("2021-03-15"), true}, /* the county's */
		{DAY_BUILDING_SEASON, day("2020-04-01"), day("2020-10-31"), true},
		{DAY_WINTER_STOP, day("2025-12-01"), day("2026-02-28"),
			true}, /* the town's, from 2025 on */
		{DAY_WORKDAY, day("2027-01-05"), day("2027-01-05")}};
	const struct calendar *c = build(a, rules, countof(rules));
	struct season season;
	struct building_season building;

	assert_false(calendar_in_winter_stop(c, day("2020-11-14")));
	assert_false(calendar_in_winter_stop(c, day("2019-12-20"))); /* before it began */
	assert_true(calendar_in_winter_stop(c, day("2024-11-15")));
	assert_true(calendar_in_winter_stop(c, day("2025-03-15")));
	assert_false(calendar_in_winter_stop(c, day("2025-11-20"))); /* the town's took over */
	assert_true(calendar_in_winter_stop(c, day("2031-12-01")));
	assert_false(calendar_in_winter_stop(c, day("2032-03-01")));
	assert_true(calendar_is_workday(c, COUNT_SITE, day("2027-01-05"))); /* a dated word wins */
	assert_true(calendar_season(c, day("2026-11-24"), &season));
	assert_int_equal(season.days, 7);
	assert_true(calendar_building_season(c, day("2026-10-30"), &building));
	assert_true(building.now);
	assert_int_equal(building.from.day, day("2026-04-01").day);
	assert_int_equal(building.until.day, day("2026-10-31").day);
	assert_int_equal(building.days, 2);
	assert_int_equal(building.workdays, 1); /* a Friday and a Saturday */
	assert_true(calendar_building_season(c, day("2026-11-22"), &building));
	assert_false(building.now);
	assert_int_equal(building.from.day, day("2027-04-01").day);
	assert_int_equal(building.days, 214);
	/* a building season changes no day's work */
	assert_true(calendar_is_workday(c, COUNT_SITE, day("2026-05-06")));
	assert_false(calendar_is_workday(c, COUNT_SITE, day("2026-05-09") /* make-up */) ==
		calendar_is_workday(c, COUNT_SITE, day("2026-05-10")));
	assert_false(calendar_building_season(build(a, NULL, 0), day("2026-05-06"), &building));
	arena_close(a);
	(void)state;
}

static void the_office_enters_a_notice(void **state)
{
	struct arena *a = arena_open();
	const struct day_rule half[] = {{DAY_HOLIDAY, day("2027-02-05"), day("2027-02-11")}},
						  whole[] = {{DAY_HOLIDAY, day("2027-10-01"), day("2027-10-07")},
							  {DAY_MAKE_UP, day("2027-10-09"), day("2027-10-09")},
							  {DAY_HOLIDAY, day("2029-10-01"), day("2029-10-07")}};
	const struct calendar *c = build(a, half, 1);
	assert_false(calendar_is_workday(c, COUNT_OFFICE, day("2027-02-08")));
	assert_true(calendar_provisional(c, day("2027-02-08"))); /* not up to National Day */
	c = build(a, whole, countof(whole));
	assert_int_equal(calendar_last_year(c), 2027); /* 2028 is missing between */
	assert_false(calendar_is_workday(c, COUNT_OFFICE, day("2027-10-04")));
	assert_true(calendar_is_workday(c, COUNT_OFFICE, day("2027-10-09")));
	arena_close(a);
	(void)state;
}

static void a_walk_says_what_questions_say(void **state)
{
	struct arena *a = arena_open();
	const struct day_rule rules[] = {{DAY_WINTER_STOP, day("2024-11-15"), day("2025-03-15"), true},
		{DAY_WORKDAY, day("2026-01-11"), day("2026-01-12")},
		{DAY_CLOSURE, day("2026-05-20"), day("2026-05-22")}};
	const struct calendar *c = build(a, rules, countof(rules));
	uint8_t days[900];
	struct date from = day("2025-02-09");
	calendar_days(c, from, countof(days), days);
	for (int i = 0; i < (int)countof(days); i++) {
		struct date d = {from.day + i};
		int want = (calendar_is_workday(c, COUNT_OFFICE, d) ? DAY_OFFICE_WORKS : 0) |
			(calendar_is_workday(c, COUNT_SITE, d) ? DAY_SITE_WORKS : 0) |
			(calendar_in_winter_stop(c, d) ? DAY_IN_WINTER_STOP : 0);
		assert_int_equal(days[i], want);
	}
	arena_close(a);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_days),
		cmocka_unit_test(same_as_the_source),
		cmocka_unit_test(slow_and_fast_agree),
		cmocka_unit_test(own_days),
		cmocka_unit_test(adding),
		cmocka_unit_test(deadlines),
		cmocka_unit_test(the_season_ends_with_the_winter_stop),
		cmocka_unit_test(a_season_comes_back_each_year),
		cmocka_unit_test(the_office_enters_a_notice),
		cmocka_unit_test(a_walk_says_what_questions_say),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
