/*
 * Dates in figures, with or without a time: 2024-05-01, 2024/5/1, 2024.5.1, 5/02/2016 5:00:00 PM, 30.06.08, 20240501,
 * 2018-06-29T00:00:00Z, 20 Feb 2024, June 11, 2025. Which of two small numbers is the day is the caller's to say
 * and this file's to tell. Chinese spellings are read by model/value.
 */
#include "intake/ledger_parts.h"

#include <strings.h>

struct cursor {
	const char *s;
	size_t n, at;
};

static bool number(struct cursor *c, int most_digits, int *value, int *digits)
{
	*value = *digits = 0;
	while (c->at < c->n && c->s[c->at] >= '0' && c->s[c->at] <= '9') {
		if (++*digits > most_digits)
			return false;
		*value = *value * 10 + (c->s[c->at++] - '0');
	}
	return *digits > 0;
}

static void blanks(struct cursor *c)
{
	while (c->at < c->n && (c->s[c->at] == ' ' || c->s[c->at] == ',' || c->s[c->at] == '\t'))
		c->at++;
}

static bool mark(struct cursor *c, char *out)
{
	if (c->at >= c->n || !memchr("-/.", c->s[c->at], 3))
		return false;
	*out = c->s[c->at++];
	return true;
}

/* English month names, whole or by their first three letters (and "Sept"). 0: none. */
static int month_word(struct cursor *c)
{
	static const char *const names[] = {"january", "february", "march", "april", "may", "june",
		"july", "august", "september", "october", "november", "december"};
	size_t n = 0;
	while (c->at + n < c->n && ((c->s[c->at + n] | 32) >= 'a' && (c->s[c->at + n] | 32) <= 'z'))
		n++;
	for (int m = 0; n >= 3 && m < 12; m++)
		if (n <= strlen(names[m]) && strncasecmp(c->s + c->at, names[m], n) == 0) {
			c->at += n;
			if (c->at < c->n && c->s[c->at] == '.')
				c->at++;
			return m + 1;
		}
	return 0;
}

/* Two digits mean the century that puts the year nearest to today, but not more than 30 years ahead of it. */
static int full_year(int year, int digits, struct date today)
{
	if (digits > 2)
		return year;
	int now = date_is_none(today) ? 2026 : date_year(today), full = now - now % 100 + year;
	return full > now + 30 ? full - 100 : full;
}

/* "T17:00:00Z", " 5:00:00 PM", " 08:30:00.000+08:00": seconds of the day. False: something else follows. */
static bool time_tail(struct cursor *c, int *seconds)
{
	int hour = 0, minute = 0, second = 0, digits;
	*seconds = 0;
	if (c->at < c->n && (c->s[c->at] == 'T' || c->s[c->at] == 't'))
		c->at++;
	blanks(c);
	if (c->at == c->n)
		return true;
	if (!number(c, 2, &hour, &digits) || c->at >= c->n || c->s[c->at++] != ':' ||
		!number(c, 2, &minute, &digits))
		return false;
	if (c->at < c->n && c->s[c->at] == ':') {
		c->at++;
		if (!number(c, 2, &second, &digits))
			return false;
		if (c->at < c->n && c->s[c->at] == '.') {
			c->at++;
			if (!number(c, 9, &digits, &digits))
				return false;
		}
	}
	blanks(c);
	if (c->n - c->at >= 2 && (c->s[c->at + 1] | 32) == 'm' &&
		((c->s[c->at] | 32) == 'a' || (c->s[c->at] | 32) == 'p')) {
		if (hour < 1 || hour > 12)
			return false;
		hour = hour % 12 + ((c->s[c->at] | 32) == 'p' ? 12 : 0);
		c->at += 2;
	} else if (c->at < c->n && (c->s[c->at] == 'Z' || c->s[c->at] == 'z')) {
		c->at++;
	} else if (c->at < c->n && (c->s[c->at] == '+' || c->s[c->at] == '-')) {
		int zone;
		c->at++;
		if (!number(c, 4, &zone, &digits))
			return false;
		if (c->at < c->n && c->s[c->at] == ':') {
			c->at++;
			if (!number(c, 2, &zone, &digits))
				return false;
		}
	}
	blanks(c);
	*seconds = hour * 3600 + minute * 60 + second;
	return c->at == c->n && hour < 24 && minute < 60 && second < 61;
}

static bool finish(struct cursor *c, int year, int month, int day, struct date *out, int *seconds)
{
	if (!time_tail(c, seconds) || !date_valid_ymd(year, month, day))
		return false;
	*out = date_from_ymd(year, month, day);
	return true;
}

static bool with_words(struct cursor *c, struct date today, struct date *out, int *seconds)
{
	int day = 0, digits, year, month = month_word(c);
	if (!month) { /* 20 Feb 2024, 20-Feb-24 */
		if (!number(c, 2, &day, &digits))
			return false;
		while (c->at < c->n && memchr(" -/thsndr", c->s[c->at], 9))
			c->at++;
		month = month_word(c);
		if (!month)
			return false;
		while (c->at < c->n && memchr(" -/,", c->s[c->at], 4))
			c->at++;
	} else { /* June 11, 2025 */
		blanks(c);
		if (!number(c, 2, &day, &digits))
			return false;
		blanks(c);
	}
	if (!number(c, 4, &year, &digits) || digits == 1 || digits == 3)
		return false;
	return finish(c, full_year(year, digits, today), month, day, out, seconds);
}

bool text_date(struct slice text, bool day_first, struct date today, struct date *out, int *seconds,
	enum date_order *order)
{
	struct cursor c = {text.s, text.n, 0}, start = c;
	int a, b, third, da, db, dc;
	char first, second;
	*order = DATE_SURE;
	if (text.n > 64)
		return false;
	if (!number(&c, 8, &a, &da) || !mark(&c, &first)) {
		if (da == 8 && a >= 10000101) /* 20240501 */
			return finish(&c, a / 10000, a / 100 % 100, a % 100, out, seconds);
		return with_words(&start, today, out, seconds);
	}
	if (!number(&c, 4, &b, &db) || db > 2 || !mark(&c, &second) || second != first)
		return with_words(&start, today, out, seconds);
	if (!number(&c, 4, &third, &dc))
		return false;
	if (da == 4)
		return dc <= 2 && finish(&c, a, b, third, out, seconds);
	if (da > 2 || (dc != 4 && dc != 2))
		return false;
	*order = a > 12 ? DATE_DAY_FIRST : b > 12 ? DATE_MONTH_FIRST : DATE_EITHER;
	bool day = *order == DATE_DAY_FIRST || (*order == DATE_EITHER && day_first);
	if (*order == DATE_EITHER && a == b)
		*order = DATE_SURE;
	return finish(&c, full_year(third, dc, today), day ? b : a, day ? a : b, out, seconds);
}
