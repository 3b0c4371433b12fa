/* The words of base: each test is an invariant or a table of cases. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/map.h"
#include "base/num.h"
#include "base/os.h"
#include "base/pinyin.h"
#include "base/say.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/uuid.h"

static void arena_gives_zeroed_memory_again_after_rewind(void **state)
{
	struct arena *a = arena_open();
	struct arena_mark mark = arena_mark(a);
	char *p = arena_alloc(a, 5000);
	memset(p, 7, 5000);
	char *small = arena_alloc(a, 10);
	memset(small, 7, 10);
	arena_rewind(a, mark);
	for (int round = 0; round < 50; round++) {
		char *q = arena_alloc(a, 200);
		for (int i = 0; i < 200; i++)
			assert_int_equal(q[i], 0);
		memset(q, 9, 200);
	}
	int *numbers = ARENA_ARRAY(a, int, 3);
	numbers[2] = 42;
	numbers = arena_grow(a, numbers, 3, 30000, sizeof(*numbers));
	assert_int_equal(numbers[2], 42);
	assert_int_equal(numbers[29999], 0);
	arena_close(a);
}

static void str_stops_at_its_ceiling(void **state)
{
	struct str s = {.limit = 5};
	str_puts(&s, "abc");
	assert_false(s.full);
	str_puts(&s, "def");
	assert_true(s.full);
	assert_string_equal(str_text(&s), "abc");
	str_free(&s);
	str_printf(&s, "%d", 7);
	assert_string_equal(str_text(&s), "7");
	str_free(&s);
	struct {
		int64_t value;
		int scale;
		const char *text;
	} cases[] = {
		{12345, 3, "12.345"},
		{12000, 3, "12"},
		{-5, 2, "-0.05"},
		{0, 4, "0"},
		{INT64_MIN, 0, "-9223372036854775808"},
		{-3610, 2, "-36.1"},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct str d = STR_INIT;
		str_decimal(&d, cases[i].value, cases[i].scale);
		assert_string_equal(str_text(&d), cases[i].text);
		str_free(&d);
	}
}

static void numbers_are_exact_or_refused(void **state)
{
	static const struct {
		const char *text;
		int scale;
		bool good;
		int64_t value;
		bool exact;
	} cases[] = {
		{"12.5", 3, true, 12500, true},
		{"1,234.5", 2, true, 123450, true},
		{"-0.005", 2, true, -1, false},
		{"0.004", 2, true, 0, false},
		{"1.2E7", 2, true, 1200000000, true},
		{"1e-3", 2, true, 0, false},
		{"", 2, false, 0, false},
		{"abc", 2, false, 0, false},
		{"1.2.3", 2, false, 0, false},
		{"+7", 0, true, 7, true},
		{"9223372036854775807", 0, true, INT64_MAX, true},
		{"9223372036854775808", 0, false, 0, false},
		{"92233720368547758.08", 2, false, 0, false},
		{".5", 1, true, 5, true},
		{"5.", 1, true, 50, true},
		{"2359288.6200000001", 2, true, 235928862, false},
		{",5", 0, false, 0, false},
		{"0.00000000000000000000000000000000000000000000001", 2, true, 0, false},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		int64_t value = 0;
		bool exact = false;
		bool good = num_decimal(slice_of(cases[i].text), cases[i].scale, &value, &exact);
		if (good != cases[i].good || (good && (value != cases[i].value || exact != cases[i].exact)))
			fail_msg("%s: %d %lld exact %d", cases[i].text, good, (long long)value, exact);
	}
	int64_t n;
	assert_true(num_int(slice_of("-9223372036854775808"), &n) && n == INT64_MIN);
	assert_false(num_int(slice_of("9223372036854775808"), &n));
	assert_false(num_int(slice_of(" 1"), &n));
	assert_false(num_int(slice_of("-"), &n));
	assert_int_equal(num_muldiv(7, 5, 2), 18); /* 17.5 */
	assert_int_equal(num_muldiv(-7, 5, 2), -18);
	assert_true(num_muldiv(INT64_MAX, 3, 2) == INT64_MAX);
}

static void dates_count_without_a_gap_for_9999_years(void **state)
{
	struct date d = date_from_ymd(1, 1, 1);
	int last_weekday = date_weekday(d) - 1;
	for (int year = 1; year <= 9999; year++)
		for (int month = 1; month <= 12; month++)
			for (int day = 1; day <= month_days(year, month); day++, d.day++) {
				struct date made = date_from_ymd(year, month, day);
				struct ymd back = date_ymd(d);
				if (made.day != d.day || back.year != year || back.month != month ||
					back.day != day)
					fail_msg("%d-%d-%d", year, month, day);
				int weekday = date_weekday(d);
				if (weekday != last_weekday % 7 + 1)
					fail_msg("weekday of %d-%d-%d", year, month, day);
				last_weekday = weekday;
			}
	assert_int_equal(date_from_ymd(1970, 1, 1).day, 0);
	assert_int_equal(date_weekday(date_from_ymd(2026, 3, 31)), 2);
	assert_int_equal(
		date_add_months(date_from_ymd(2024, 1, 31), 1).day, date_from_ymd(2024, 2, 29).day);
	assert_int_equal(
		date_add_months(date_from_ymd(2024, 3, 31), -1).day, date_from_ymd(2024, 2, 29).day);
	assert_false(date_valid_ymd(2023, 2, 29));
}

static void instants_keep_their_offset(void **state)
{
	struct instant t;
	assert_true(instant_parse_iso(slice_of("2026-03-31T07:30:00+08:00"), 0, &t));
	struct str s = STR_INIT;
	instant_format(&s, t, OFFSET_CHINA);
	str_putc(&s, ' ');
	instant_format(&s, t, 0);
	assert_string_equal(str_text(&s), "2026-03-31T07:30:00+08:00 2026-03-30T23:30:00Z");
	str_free(&s);
	struct str day = STR_INIT;
	date_format(&day, instant_date(t, OFFSET_CHINA));
	assert_string_equal(str_text(&day), "2026-03-31");
	str_free(&day);
	assert_int_equal(instant_minute_of_day(t, OFFSET_CHINA), 450);
	struct instant local;
	assert_true(
		instant_parse_iso(slice_of("2026-03-31 07:30"), OFFSET_CHINA, &local) && local.ms == t.ms);
	static const char *const bad[] = {"2026-02-30T00:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01",
		"2026-01-01T10:00:00+8", "2026-01-01T10:00:00Zx", ""};
	for (size_t i = 0; i < countof(bad); i++)
		assert_false(instant_parse_iso(slice_of(bad[i]), 0, &t));
	struct date d;
	assert_false(date_parse_iso(slice_of("2026-3-31"), &d));
	assert_false(date_parse_iso(slice_of("2026-03-31 "), &d));
}

static void digests_are_the_published_ones(void **state)
{
	uint8_t d[DIGEST_BYTES];
	char hex[65];
	digest_of(DIGEST_SM3, "abc", 3, d); /* GB/T 32905-2016, example 1 */
	hex_encode(d, 32, hex);
	assert_string_equal(hex, "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	digest_of(DIGEST_SHA256, "abc", 3, d);
	hex_encode(d, 32, hex);
	assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	struct digest_run *run = digest_open(DIGEST_SM3);
	for (int round = 0; round < 2; round++) {
		uint8_t piecewise[DIGEST_BYTES], whole[DIGEST_BYTES];
		digest_add(run, "a", 1);
		digest_add(run, "bc", 2);
		digest_end(run, piecewise);
		digest_of(DIGEST_SM3, "abc", 3, whole);
		assert_memory_equal(piecewise, whole, DIGEST_BYTES);
	}
	digest_close(run);
	assert_false(hex_decode(slice_of("0g"), d, 1));
	assert_false(hex_decode(slice_of("0"), d, 1));
}

static void maps_agree_with_a_plain_list(void **state)
{
	enum { N = 3000 };
	static int32_t truth[N];
	struct map *m = map_open();
	struct idmap *ids = idmap_open();
	for (int i = 0; i < N; i++)
		truth[i] = -1;
	uint32_t seed = 12345;
	for (int round = 0; round < 60000; round++) {
		seed = seed * 1664525 + 1013904223;
		int key = (int)(seed >> 8) % (N / 2); /* the other half is not there */
		char name[16];
		int n = snprintf(name, sizeof(name), "key %d", key);
		struct uuid id = uuid_named("test", (struct slice){name, (size_t)n});
		truth[key] = round;
		map_put(m, (struct slice){name, (size_t)n}, round);
		idmap_put(ids, id, round);
	}
	size_t count = 0;
	struct idmap *copy = idmap_copy(ids);
	for (int i = 0; i < N; i++) {
		char name[16];
		int n = snprintf(name, sizeof(name), "key %d", i);
		struct slice key = {name, (size_t)n};
		assert_int_equal(map_get(m, key), truth[i]);
		assert_int_equal(idmap_get(ids, uuid_named("test", key)), truth[i]);
		assert_int_equal(idmap_get(copy, uuid_named("test", key)), truth[i]);
		count += truth[i] >= 0;
	}
	assert_int_equal(map_count(m), count);
	map_close(m);
	idmap_close(ids);
	idmap_close(copy);
}

static void uuids_sort_by_birth_and_read_back(void **state)
{
	uint8_t random[10];
	os_random(random, sizeof(random));
	struct uuid early = uuid_v7((struct instant){1000}, random),
				late = uuid_v7((struct instant){1001}, random), back;
	assert_true(uuid_compare(early, late) < 0);
	char text[UUID_TEXT];
	uuid_format(late, text);
	assert_true(uuid_parse(slice_of(text), &back) && uuid_equal(back, late));
	assert_int_equal(text[14], '7');
	assert_non_null(strchr("89ab", text[19]));
	assert_false(uuid_parse(slice_of("00000000-0000-0000-0000-00000000000"), &back));
	assert_false(uuid_parse(slice_of("00000000x0000-0000-0000-000000000000"), &back));
}

static void ids_made_together_sort_as_they_were_made(void **state)
{
	static const uint8_t most[10] = {255, 255, 255, 255, 255, 255, 255, 255, 255, 255};
	uint8_t random[10];
	char text[UUID_TEXT];
	os_random(random, sizeof(random));
	struct uuid last = uuid_v7((struct instant){1000}, random);
	for (int i = 0; i < 10000; i++) {
		os_random(random, sizeof(random));
		if (i % 10 == 0)
			memset(random, 0, sizeof(random)); /* a step of nothing is one of 1 */
		struct uuid next = uuid_v7_after(last, random);
		assert_true(uuid_compare(last, next) < 0);
		last = next;
	}
	struct uuid full = uuid_v7_after(uuid_v7((struct instant){1000}, most), most);
	uuid_format(full, text);
	assert_string_equal(text, "00000000-03e9-7000-8000-0000ffffffff");
}

static void utf8_refuses_what_is_not(void **state)
{
	static const struct {
		const char *bytes;
		size_t n;
		bool good;
	} cases[] = {
		{"abc", 3, true},
		{"\xE6\x8C\x82", 3, true},
		{"\xC0\x80", 2, false},
		{"\xED\xA0\x80", 3, false},
		{"\xF4\x90\x80\x80", 4, false},
		{"\xE6\x8C", 2, false},
		{"\x80", 1, false},
		{"\xF0\x9F\x98\x80", 4, true},
		{"\xE0\x80\x80", 3, false},
		{"\xF0\x80\x80\x80", 4, false},
	};
	for (size_t i = 0; i < countof(cases); i++)
		assert_int_equal(utf8_valid((struct slice){cases[i].bytes, cases[i].n}), cases[i].good);
	for (uint32_t c = 1; c < 0x110000; c++) {
		if (c >= 0xD800 && c < 0xE000)
			continue;
		char out[4];
		struct slice text = {out, (size_t)utf8_encode(c, out)};
		size_t at = 0;
		if (utf8_next(text, &at) != c || at != text.n || !utf8_valid(text))
			fail_msg("U+%04X", c);
	}
	assert_int_equal(utf8_length(slice_of("挂图guatu")), 7);
	assert_true(slice_is(utf8_trim(slice_of("\xE3\x80\x80 挂图\t\xC2\xA0")), "挂图"));
	assert_true(slice_is(utf8_cut(slice_of("挂图"), 5), "挂"));
}

static void charsets_are_guessed_and_read(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	struct slice out;
	size_t bad;
	struct slice gb = {
		"\xCF\xEE\xC4\xBF\xC3\xFB\xB3\xC6,\xD7\xDC\xCD\xB6\xD7\xCA", 15}; /* 项目名称,总投资 */
	assert_int_equal(charset_guess(gb), CHARSET_GB18030);
	assert_true(charset_decode(a, CHARSET_GB18030, gb, &out, &bad, &err));
	assert_true(slice_is(out, "项目名称,总投资"));
	assert_int_equal(bad, 0);
	struct slice western = slice_of("Whole Life Cost (\xA3m) \x96 caf\xE9");
	assert_int_equal(charset_guess(western), CHARSET_CP1252);
	assert_true(charset_decode(a, CHARSET_CP1252, western, &out, &bad, &err));
	assert_true(slice_is(out, "Whole Life Cost (£m) – café"));
	assert_true(charset_decode(a, CHARSET_CP1252,
		slice_of("a\x9D"
				 "b"),
		&out, &bad, &err));
	assert_true(slice_is(out,
		"a\xC2\x9D"
		"b")); /* undefined there: kept as a control character, and counted */
	assert_int_equal(bad, 1);
	struct str back = STR_INIT;
	assert_true(charset_encode(CHARSET_CP1252, out, true, &back, &bad, &err));
	assert_string_equal(str_text(&back),
		"a\x9D"
		"b");
	assert_int_equal(bad, 0);
	str_clear(&back);
	struct slice russian =
		slice_of("\xCD\xEE\xE2\xFB\xE9 \xEF\xF0\xEE\xE5\xEA\xF2"); /* Новый проект */
	assert_int_equal(charset_guess(russian), CHARSET_CP1251);
	assert_true(charset_decode(a, CHARSET_CP1251, russian, &out, &bad, &err));
	assert_true(slice_is(out, "Новый проект"));
	assert_true(charset_encode(CHARSET_GB18030, slice_of("项目"), true, &back, &bad, &err));
	assert_string_equal(str_text(&back), "\xCF\xEE\xC4\xBF");
	str_clear(&back);
	assert_true(charset_encode(CHARSET_CP1251, slice_of("项x"), true, &back, &bad, &err));
	assert_string_equal(str_text(&back), "?x");
	assert_int_equal(bad, 1);
	str_clear(&back);
	assert_true(charset_encode(CHARSET_UTF16LE, slice_of("x"), true, &back, &bad, &err));
	assert_memory_equal(back.s, "\xFF\xFEx\0", 4);
	str_free(&back);
	assert_int_equal(charset_guess((struct slice){"\xFF\xFE\x02\x63", 4}), CHARSET_UTF16LE);
	assert_true(charset_decode(
		a, CHARSET_UTF16LE, (struct slice){"\xFF\xFE\x02\x63", 4}, &out, &bad, &err));
	assert_true(slice_is(out, "挂"));
	assert_true(charset_decode(a, CHARSET_UTF8, slice_of("\xEF\xBB\xBFx\x80y"), &out, &bad, &err));
	assert_true(slice_is(out, "x\xEF\xBF\xBDy"));
	arena_close(a);
}

static void json_goes_out_and_comes_back(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const struct json *j;
	static const char text[] = "{\"name\":\"挂\\n\\\"图\\u0001\",\"n\":-12,\"r\":36.1,\"list\":["
							   "true,false,null,{}],\"o\":{\"x\":[]}}";
	assert_true(json_parse(a, slice_of(text), NULL, &j, &err));
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);
	jw_json(&w, j);
	jw_end(&w);
	assert_string_equal(str_text(&out), text);
	assert_int_equal(json_int(json_get(j, "n"), 0), -12);
	assert_int_equal(json_count(json_get(j, "list")), 4);
	assert_true(json_absent(json_get(json_get(j, "missing"), "deeper")));
	str_free(&out);
	w = jw_start(&out);
	jw_array(&w);
	jw_slice(&w, slice_of("a\xFF"));
	jw_decimal(&w, 3610, 2);
	jw_array_end(&w);
	assert_string_equal(str_text(&out), "[\"a\xEF\xBF\xBD\",36.1]");
	str_free(&out);
	arena_close(a);
}

static void json_refusals_name_the_place(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const struct json *j;
	static const char *const bad[] = {
		"", "{", "{\"a\":1,\"a\":2}", "[1,]", "\"\\u0000\"", "nul", "1 2", "\"\xFF\""};
	for (size_t i = 0; i < countof(bad); i++) {
		assert_false(json_parse(a, slice_of(bad[i]), "x.json", &j, &err));
		assert_int_equal(err.code, ERR_INPUT);
		assert_int_equal(err.nplaces, 2);
		assert_string_equal(err.places[0].fmt, "line %d, column %d");
	}
	assert_false(json_parse(a, slice_of("[1,\n 2 3]"), "x.json", &j, &err));
	assert_place(&err, "x.json, line 2, column 4", "x.json，第 2 行第 4 列");
	struct str deep = STR_INIT;
	for (int i = 0; i < 100; i++)
		str_putc(&deep, '[');
	for (int i = 0; i < 100; i++)
		str_putc(&deep, ']');
	assert_false(json_parse(a, str_view(&deep), NULL, &j, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	str_free(&deep);
	/* too many values: refused before they are made, and commas in a text are none */
	struct str many = STR_INIT;
	str_puts(&many, "[\"");
	for (int i = 0; i < 2 * LIMIT_JSON_NODES + 100; i++)
		str_puts(&many, ",:");
	str_puts(&many, "\\\"\"]");
	assert_true(json_parse(a, str_view(&many), NULL, &j, &err));
	str_free(&many);
	str_puts(&many, "[1");
	for (int i = 0; i < LIMIT_JSON_NODES; i++)
		str_puts(&many, ",1");
	str_puts(&many, "]");
	assert_false(json_parse(a, str_view(&many), NULL, &j, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	str_free(&many);
	arena_close(a);
}

static void errors_are_said_in_both_languages(void **state)
{
	struct err err;
	assert_false(err_set(&err, ERR_LIMIT, "upload", "JSON of %zu bytes is larger than %lld bytes",
		(size_t)12, 10LL));
	struct str s = STR_INIT;
	char both[ERR_BOTH_ROOM];
	err_in(&err, "line %d", 7);
	err_in(&err, "%s", err_both(both, (struct label){"月报", "report"}));
	err_say(&err, LANG_EN, &s);
	assert_string_equal(
		str_text(&s), "report, line 7, upload: JSON of 12 bytes is larger than 10 bytes");
	str_clear(&s);
	err_say(&err, LANG_ZH, &s);
	assert_string_equal(str_text(&s), "月报，第 7 行，upload：JSON 有 12 字节，超过上限 10 字节");
	str_clear(&s);
	for (int i = 0; i < 10; i++) /* more than there is room for: the outermost go */
		err_in(&err, "%s[%d]", "x", i);
	assert_int_equal(err.nplaces, ERR_PLACES);
	assert_place(&err, "x[0], report, line 7, upload", "x[0]，月报，第 7 行，upload");
	const char *args[] = {"甲", "乙"};
	say_args(&s, "%2$s 先于 %1$s，100%%", 2, args);
	assert_string_equal(str_text(&s), "乙 先于 甲，100%");
	str_clear(&s);
	char longest[2000];
	memset(longest, 'x', sizeof(longest));
	for (size_t i = 0; i + 3 < sizeof(longest); i += 3)
		memcpy(longest + i, "挂", 3);
	longest[1998] = '\0';
	err_set(&err, ERR_INPUT, NULL, "could not open: %s", longest);
	err_in(&err, "%s", longest);
	err_say(&err, LANG_EN, &s);
	assert_true(utf8_valid(str_view(&s)));
	assert_int_equal(strlen(err.places[0].args), 198); /* 199 would cut a character */
	str_free(&s);
}

static void files_are_written_whole(void **state)
{
	char folder[] = "/tmp/guatu-test-XXXXXX";
	assert_non_null(mkdtemp(folder));
	struct arena *a = arena_open();
	struct err err;
	char *path = arena_printf(a, "%s/deep/er/file.txt", folder);
	assert_false(os_write_file(path, SLICE("x"), &err));
	assert_int_equal(err.code, ERR_MISSING);
	assert_true(os_make_folder(arena_printf(a, "%s/deep/er", folder), &err));
	assert_true(os_write_file(path, SLICE("挂图"), &err));
	struct slice back;
	assert_true(os_read_file(a, path, 100, &back, &err));
	assert_true(slice_is(back, "挂图"));
	assert_false(os_read_file(a, path, 5, &back, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_false(os_read_file(a, folder, 5, &back, &err));
	const char *const *names;
	int n;
	assert_true(os_list_folder(a, arena_printf(a, "%s/deep/er", folder), ".txt", &names, &n, &err));
	assert_int_equal(n, 1);
	unlink(path);
	rmdir(arena_printf(a, "%s/deep/er", folder));
	rmdir(arena_printf(a, "%s/deep", folder));
	rmdir(folder);
	arena_close(a);
}

/* The same table holds for the search in the pages (ui/test/search.test.mjs). */
static void chinese_is_found_by_its_pinyin(void **state)
{
	struct arena *a = arena_open();
	struct slice text;
	struct err err = {0};
	const char *path = arena_printf(a, "%s/test/golden/pinyin.tsv", getenv("GUATU_SOURCE"));
	assert_true(os_read_file(a, path, 1 << 16, &text, &err));
	char *rest = arena_text(a, text), *line = strsep(&rest, "\n");
	int n = 0;
	while ((line = strsep(&rest, "\n")) && *line) {
		const char *name = strsep(&line, "\t"), *typed = strsep(&line, "\t");
		bool found = pinyin_matches(slice_of(name), slice_of(typed));
		if (found != (strcmp(line, "yes") == 0))
			fail_msg("%s in %s", typed, name);
		n++;
	}
	assert_true(n > 10);
	assert_false(pinyin_typed(slice_of("\xe7\x9b\x9b"
									   "dian")));
	assert_false(pinyin_typed(slice_of("2026")));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(arena_gives_zeroed_memory_again_after_rewind),
		cmocka_unit_test(str_stops_at_its_ceiling),
		cmocka_unit_test(numbers_are_exact_or_refused),
		cmocka_unit_test(dates_count_without_a_gap_for_9999_years),
		cmocka_unit_test(instants_keep_their_offset),
		cmocka_unit_test(digests_are_the_published_ones),
		cmocka_unit_test(maps_agree_with_a_plain_list),
		cmocka_unit_test(uuids_sort_by_birth_and_read_back),
		cmocka_unit_test(ids_made_together_sort_as_they_were_made),
		cmocka_unit_test(utf8_refuses_what_is_not),
		cmocka_unit_test(charsets_are_guessed_and_read),
		cmocka_unit_test(json_goes_out_and_comes_back),
		cmocka_unit_test(json_refusals_name_the_place),
		cmocka_unit_test(errors_are_said_in_both_languages),
		cmocka_unit_test(files_are_written_whole),
		cmocka_unit_test(chinese_is_found_by_its_pinyin),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
