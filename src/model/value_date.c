/*
 * Dates as people write them. The text is first made plain: full-width characters to ASCII, Chinese numerals before 年月日季旬
 * to digits, the time of day cut off. Then one of the forms must take all of it:
 *
 *	2024-5-3  2024/5/3  2024.5.3  2024年5月3日  20240503       a day
 *	2024年5月  2024.5  2024-05  202405  5/2024                 a month: its last day
 *	5月底  5月上旬  5月中旬  明年5月  本月底                      the 10th, the 20th or the last day
 *	2024年三季度  2024Q3  Q3 2024                               a quarter: its last day
 *	2024年上半年  2024年底  今年年底  2024年  2024                 a half or a year: its last day
 *	3/25/24  25/3/2024  30.06.08 (day first)                   month first unless told otherwise or impossible
 *	5-Mar-24  March 5, 2024  1 April 2024  Mar-24              English months
 *	45413  45413.5                                             Excel's day number (20000 to 80000)
 *
 * A period gives its last day, because what is written is nearly always "by". Ranges (2023-2025年) are no date.
 */
#include "model/value.h"

#include "base/num.h"
#include "base/utf8.h"

enum { PLAIN = 96 };

/* ---- making it plain ---- */

static int chinese_digit(uint32_t c)
{
	static const uint32_t words[] = {
		0x96F6, 0x4E00, 0x4E8C, 0x4E09, 0x56DB, 0x4E94, 0x516D, 0x4E03, 0x516B, 0x4E5D};
	if (c == 0x3007)
		return 0; /* 〇 */
	for (int i = 0; i < 10; i++)
		if (words[i] == c)
			return i;
	return -1;
}

#define TEN 0x5341 /* 十 */

/* A run of Chinese numerals: 二〇二四 by position, 十二 and 二十五 with 十. */
static int chinese_number(const uint32_t *c, int n)
{
	int value = 0, last = -1;
	for (int i = 0; i < n; i++) {
		if (c[i] == TEN) {
			value = (last < 0 ? 1 : last) * 10;
			last = -1;
			if (i + 1 < n)
				return value + chinese_digit(c[i + 1]);
			return value;
		}
		last = chinese_digit(c[i]);
		value = value * 10 + last;
	}
	return value;
}

static bool is_numeral(uint32_t c)
{
	return c == TEN || chinese_digit(c) >= 0;
}

static uint32_t plain_character(uint32_t c)
{
	if (c >= 0xFF01 && c <= 0xFF5E)
		return c - 0xFEE0;
	if (c == 0x3000 || c == 0x00A0 || c == '\t' || c == '\n' || c == '\r')
		return ' ';
	if (c == 0x2013 || c == 0x2014 || c == 0x2212)
		return '-';
	if (c == 0x53F7)
		return 0x65E5; /* 号 is 日 */
	return c;
}

/* False: too long to be a date. */
static bool make_plain(struct slice text, char out[PLAIN])
{
	uint32_t c[PLAIN / 3];
	int n = 0;
	text = utf8_trim(text);
	for (size_t at = 0; at < text.n;) {
		if (n == (int)countof(c))
			return false;
		uint32_t one = plain_character(utf8_next(text, &at));
		/* 2024 年 5 月: spaces beside Chinese mean nothing */
		if (one > 127 && n && c[n - 1] == ' ')
			n--;
		if (one != ' ' || n == 0 || c[n - 1] < 128)
			c[n++] = one;
	}
	size_t used = 0;
	for (int i = 0; i < n;) {
		int run = 0;
		while (i + run < n && is_numeral(c[i + run]))
			run++;
		char bytes[16];
		size_t add;
		if (run) {
			struct str digits = STR_INIT;
			str_int(&digits, chinese_number(c + i, run > 4 ? 4 : run));
			add = digits.n < sizeof(bytes) ? digits.n : sizeof(bytes);
			memcpy(bytes, str_text(&digits), add);
			str_free(&digits);
			if (run > 4)
				return false;
			i += run;
		} else {
			add = (size_t)utf8_encode(c[i++], bytes);
		}
		if (used + add >= PLAIN)
			return false;
		memcpy(out + used, bytes, add);
		used += add;
	}
	out[used] = '\0';
	return true;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}
static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "2016-05-25 17:00:00", "12/31/2024 12:00:00 AM", "2018-06-29T00:00:00Z": only the day is wanted. */
static void cut_time(char *text)
{
	char *colon = strchr(text, ':');
	if (!colon)
		return;
	char *p = colon;
	while (p > text && is_digit(p[-1]))
		p--;
	for (const char *tail = colon; *tail; tail++)
		if (!is_digit(*tail) && !strchr(":. +-ZAPMapm", *tail))
			return;
	if (p > text && (p[-1] == ' ' || p[-1] == 'T'))
		p[-1] = '\0';
	else if (p > text && (unsigned char)p[-1] > 127)
		*p = '\0'; /* 3日17:00 */
	for (size_t n = strlen(text); n && text[n - 1] == ' '; n--)
		text[n - 1] = '\0';
}

/* ---- a cursor over the plain text ---- */

struct cursor {
	const char *p;
	const struct reading *how;
};

static bool take(struct cursor *c, const char *word)
{
	size_t n = strlen(word);
	if (strncmp(c->p, word, n) != 0)
		return false;
	c->p += n;
	return true;
}

static void spaces(struct cursor *c)
{
	while (*c->p == ' ')
		c->p++;
}

/* Up to `most` digits; returns how many there were. */
static int take_number(struct cursor *c, int most, int *out)
{
	int n = 0, value = 0;
	while (n < most && is_digit(c->p[n]))
		value = value * 10 + (c->p[n++] - '0');
	if (n)
		*out = value;
	c->p += n;
	return n;
}

static int full_year(int year, int digits)
{
	return digits > 2 ? year : year < 70 ? 2000 + year : 1900 + year;
}

static bool day_of(int year, int month, int day, struct date *out)
{
	if (!date_valid_ymd(year, month, day) || year < 1900 || year > 2200)
		return false;
	*out = date_from_ymd(year, month, day);
	return true;
}

static bool end_of_month(int year, int month, struct date *out)
{
	return month >= 1 && month <= 12 && year >= 1900 && year <= 2200 &&
		day_of(year, month, month_days(year, month), out);
}

/* ---- Chinese ---- */

/* 今年, 2024年 ...; without one it is this year. False only for a year that cannot be. */
static bool chinese_year(struct cursor *c, int *year, bool *named)
{
	static const struct {
		const char *word;
		int add;
	} words[] = {{"今年", 0}, {"本年度", 0}, {"本年", 0}, {"当年", 0}, {"明年", 1}, {"次年", 1},
		{"后年", 2}, {"去年", -1}, {"上年", -1}};
	*year = date_year(c->how->today);
	*named = true;
	for (size_t i = 0; i < countof(words); i++)
		if (take(c, words[i].word)) {
			*year += words[i].add;
			return true;
		}
	struct cursor ahead = *c;
	int value = 0, n = take_number(&ahead, 4, &value);
	spaces(&ahead);
	*named = (n == 4 || n == 2) && take(&ahead, "年");
	if (*named) {
		*year = full_year(value, n);
		take(&ahead, "度");
		*c = ahead;
	}
	return true;
}

static bool finished(struct cursor *c)
{
	spaces(c);
	return *c->p == '\0';
}

/* After an end that is meant as one, 前 adds nothing. */
static bool finished_before(struct cursor *c)
{
	if (!take(c, "之前") && !take(c, "以前"))
		take(c, "前");
	return finished(c);
}

static bool chinese_month(
	struct cursor *c, int year, int month, struct date *out, enum date_precision *precision)
{
	int day = 0;
	*precision = DATE_TO_MONTH;
	if (!end_of_month(year, month, out))
		return false;
	if (!take(c, "份"))
		spaces(c);
	if (finished(c))
		return true;
	if (take(c, "底") || take(c, "末") || take(c, "下旬"))
		return finished_before(c);
	if (take(c, "上旬") || take(c, "初"))
		return day_of(year, month, 10, out) && finished_before(c);
	if (take(c, "中旬") || take(c, "中"))
		return day_of(year, month, 20, out) && finished_before(c);
	if (take_number(c, 2, &day) == 0)
		return false;
	*precision = DATE_TO_DAY;
	take(c, "日");
	return day_of(year, month, day, out) && finished_before(c);
}

static bool chinese_quarter(struct cursor *c, int year, struct date *out)
{
	int quarter = 0;
	take(c, "第");
	if (take_number(c, 1, &quarter) == 0 || (!take(c, "季度") && !take(c, "季")))
		return false;
	if (quarter < 1 || quarter > 4)
		return false;
	if (!take(c, "末"))
		take(c, "底");
	return end_of_month(year, quarter * 3, out) && finished_before(c);
}

/* What follows a year: nothing, a part of it, a month. */
static bool chinese(
	const char *text, const struct reading *how, struct date *out, enum date_precision *precision)
{
	struct cursor c = {text, how}, try;
	struct ymd today = date_ymd(how->today);
	int year, month = 0;
	bool named;
	if (take(&c, "本月"))
		return chinese_month(&c, today.year, today.month, out, precision);
	if (take(&c, "下月") || take(&c, "下个月"))
		return chinese_month(&c, today.month == 12 ? today.year + 1 : today.year,
			today.month % 12 + 1, out, precision);
	chinese_year(&c, &year, &named);
	spaces(&c);
	*precision = DATE_TO_YEAR;
	if (named && finished(&c))
		return end_of_month(year, 12, out);
	take(&c, "年"); /* 今年年底 */
	if (take(&c, "底") || take(&c, "末"))
		return end_of_month(year, 12, out) && finished_before(&c);
	*precision = DATE_TO_HALF;
	if (take(&c, "上半年") || take(&c, "中"))
		return end_of_month(year, 6, out) && finished_before(&c);
	if (take(&c, "下半年"))
		return end_of_month(year, 12, out) && finished_before(&c);
	*precision = DATE_TO_QUARTER;
	try = c;
	if (chinese_quarter(&try, year, out))
		return true;
	if (take_number(&c, 2, &month) == 0)
		return false;
	spaces(&c);
	return take(&c, "月") && chinese_month(&c, year, month, out, precision);
}

/* ---- numbers with marks between ---- */

/* a-b-c with one kind of mark. Returns how many numbers there were; 0 when that is not all there is. */
static int split_numbers(const char *text, int numbers[3], int widths[3], char *mark)
{
	struct cursor c = {text, NULL};
	int n = 0;
	*mark = '\0';
	for (;;) {
		if (n == 3 || (widths[n] = take_number(&c, 9, &numbers[n])) == 0)
			return 0;
		n++;
		if (finished(&c))
			return n;
		spaces(&c);
		if (!strchr("-/.", *c.p) || (*mark && *c.p != *mark))
			return 0;
		*mark = *c.p++;
		spaces(&c);
	}
}

static bool one_number(int value, int width, struct date *out, enum date_precision *precision)
{
	if (width == 8) {
		*precision = DATE_TO_DAY;
		return day_of(value / 10000, value / 100 % 100, value % 100, out);
	}
	*precision = width == 6 ? DATE_TO_MONTH : DATE_TO_YEAR;
	if (width == 6)
		return end_of_month(value / 100, value % 100, out);
	if (width == 4 && value >= 1950 && value <= 2150)
		return end_of_month(value, 12, out);
	*precision = DATE_TO_DAY;
	if (width != 5 || value < 20000 || value > 80000)
		return false;
	out->day = value - 25569; /* Excel's day of 1970-01-01, after its 29 February 1900 */
	return true;
}

static bool three_numbers(
	const int v[3], const int widths[3], char mark, const struct reading *how, struct date *out)
{
	if (widths[0] == 4)
		return widths[1] <= 2 && widths[2] <= 2 && day_of(v[0], v[1], v[2], out);
	if (widths[0] > 2 || widths[1] > 2 || (widths[2] != 4 && widths[2] > 2))
		return false;
	int year = full_year(v[2], widths[2]);
	/* 24.5.3: with points and two-digit ends the year comes first, as in Chinese ledgers, unless told otherwise */
	if (mark == '.' && widths[2] != 4 && !how->day_first)
		return day_of(full_year(v[0], 2), v[1], v[2], out);
	bool day_first = how->day_first || v[0] > 12 || (mark == '.' && widths[2] == 4);
	if (day_first && v[1] > 12)
		day_first = false;
	return day_first ? day_of(year, v[1], v[0], out) : day_of(year, v[0], v[1], out);
}

static bool numbers(
	const char *text, const struct reading *how, struct date *out, enum date_precision *precision)
{
	int v[3] = {0}, widths[3] = {0};
	char mark;
	int n = split_numbers(text, v, widths, &mark);
	*precision = DATE_TO_DAY;
	if (n == 1)
		return one_number(v[0], widths[0], out, precision);
	if (n == 3)
		return three_numbers(v, widths, mark, how, out);
	if (n != 2)
		return false;
	/* a day number with a time of day behind the point */
	if (mark == '.' && widths[0] == 5)
		return one_number(v[0], 5, out, precision);
	*precision = DATE_TO_MONTH;
	if (widths[0] == 4 && widths[1] <= 2)
		return end_of_month(v[0], v[1], out);
	return widths[1] == 4 && widths[0] <= 2 && mark != '.' && end_of_month(v[1], v[0], out);
}

/* ---- quarters and English ---- */

static bool quarter(const char *text, struct date *out)
{
	struct cursor c = {text, NULL};
	int year = 0, q = 0;
	bool year_first = take_number(&c, 4, &year) == 4;
	while (*c.p == ' ' || *c.p == '-' || *c.p == '/')
		c.p++;
	if ((!take(&c, "Q") && !take(&c, "q")) || take_number(&c, 1, &q) != 1)
		return false;
	while (!year_first && (*c.p == ' ' || *c.p == '-' || *c.p == '/'))
		c.p++;
	if (!year_first && take_number(&c, 4, &year) != 4)
		return false;
	return q >= 1 && q <= 4 && finished(&c) && end_of_month(year, q * 3, out);
}

static int english_month(const char *word, size_t n)
{
	static const char *const months[] = {"january", "february", "march", "april", "may", "june",
		"july", "august", "september", "october", "november", "december"};
	for (int m = 0; m < 12; m++) {
		size_t full = strlen(months[m]);
		bool same = n == 3 || n == full || (m == 8 && n == 4);
		for (size_t i = 0; same && i < n; i++)
			same = (word[i] | 0x20) == months[m][i];
		if (same && n >= 3)
			return m + 1;
	}
	return 0;
}

/* One month's name and one or two numbers in any order that can be read. */
static bool english(const char *text, struct date *out, enum date_precision *precision)
{
	int month = 0, v[2] = {0}, widths[2] = {0}, n = 0;
	for (const char *p = text; *p;) {
		size_t letters = 0;
		while (is_letter(p[letters]))
			letters++;
		struct cursor c = {p, NULL};
		if (letters) {
			bool ordinal = n > 0 && !month && letters == 2; /* 5th */
			if (!ordinal && (month || !(month = english_month(p, letters))))
				return false;
			p += letters;
		} else if (is_digit(*p)) {
			if (n == 2 || (widths[n] = take_number(&c, 5, &v[n])) > 4)
				return false;
			n++;
			p = c.p;
		} else if (strchr(" ,-/.'", *p)) {
			p++;
		} else {
			return false;
		}
	}
	*precision = n == 2 ? DATE_TO_DAY : DATE_TO_MONTH;
	if (!month || n == 0)
		return false;
	if (n == 1)
		return widths[0] != 1 && end_of_month(full_year(v[0], widths[0]), month, out);
	int year = widths[0] == 4 ? 0 : 1; /* which of them is the year */
	return widths[!year] <= 2 && (widths[year] == 4 || widths[year] == 2) &&
		day_of(full_year(v[year], widths[year]), month, v[!year], out);
}

bool date_from_text(
	struct slice text, const struct reading *how, struct date *out, enum date_precision *precision)
{
	char plain[PLAIN];
	enum date_precision got = DATE_TO_DAY;
	struct date date;
	if (!make_plain(text, plain))
		return false;
	cut_time(plain);
	bool good = numbers(plain, how, &date, &got);
	if (!good && (good = quarter(plain, &date)))
		got = DATE_TO_QUARTER;
	good = good || chinese(plain, how, &date, &got) || english(plain, &date, &got);
	if (!good)
		return false;
	*out = date;
	if (precision)
		*precision = got;
	return true;
}
