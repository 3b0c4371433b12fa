/*
 * Days from civil and back by counting 400-year eras that start on 1 March, so that the leap day is the last day of
 * a year (the well-known shifted-year method). All integer.
 */
#include "base/date.h"

#include "base/num.h"

#define DAYS_PER_ERA 146097  /* 400 years */
#define DAYS_TO_EPOCH 719468 /* 0000-03-01 to 1970-01-01 */

static bool leap(int year)
{
	return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int month_days(int year, int month)
{
	static const uint8_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	return days[month - 1] + (month == 2 && leap(year));
}

bool date_valid_ymd(int year, int month, int day)
{
	return year >= 1 && year <= 9999 && month >= 1 && month <= 12 && day >= 1 &&
		day <= month_days(year, month);
}

struct date date_from_ymd(int year, int month, int day)
{
	assert(date_valid_ymd(year, month, day));
	int shifted = year - (month <= 2);
	int era = shifted / 400;
	int year_of_era = shifted - era * 400;
	int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
	int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return (struct date){era * DAYS_PER_ERA + day_of_era - DAYS_TO_EPOCH};
}

struct ymd date_ymd(struct date d)
{
	int64_t shifted = (int64_t)d.day + DAYS_TO_EPOCH;
	int64_t era = (shifted >= 0 ? shifted : shifted - DAYS_PER_ERA + 1) / DAYS_PER_ERA;
	int day_of_era = (int)(shifted - era * DAYS_PER_ERA);
	int year_of_era =
		(day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int month_index = (5 * day_of_year + 2) / 153; /* 0 is March */
	struct ymd out = {
		.day = day_of_year - (153 * month_index + 2) / 5 + 1,
		.month = month_index < 10 ? month_index + 3 : month_index - 9,
	};
	out.year = year_of_era + (int)era * 400 + (out.month <= 2);
	return out;
}

int date_weekday(struct date d)
{
	int64_t since_monday = (int64_t)d.day + 3; /* 1970-01-01 was a Thursday */
	return (int)((since_monday % 7 + 7) % 7) + 1;
}

int date_year(struct date d)
{
	return date_ymd(d).year;
}

struct month month_of(struct date d)
{
	struct ymd at = date_ymd(d);
	return (struct month){at.year * 12 + at.month - 1};
}

int month_year(struct month m)
{
	return m.index / 12;
}
int month_number(struct month m)
{
	return m.index % 12 + 1;
}

struct date month_first(struct month m)
{
	return date_from_ymd(month_year(m), month_number(m), 1);
}

struct date month_last(struct month m)
{
	return date_from_ymd(
		month_year(m), month_number(m), month_days(month_year(m), month_number(m)));
}

struct date date_add_months(struct date d, int months)
{
	struct ymd at = date_ymd(d);
	struct month m = {at.year * 12 + at.month - 1 + months};
	int last = month_days(month_year(m), month_number(m));
	return date_from_ymd(month_year(m), month_number(m), at.day < last ? at.day : last);
}

/* n digits at the start of *text; moves on. */
static bool take_digits(struct slice *text, int n, int *out)
{
	int value = 0;
	if (text->n < (size_t)n)
		return false;
	for (int i = 0; i < n; i++) {
		if (text->s[i] < '0' || text->s[i] > '9')
			return false;
		value = value * 10 + (text->s[i] - '0');
	}
	text->s += n;
	text->n -= (size_t)n;
	*out = value;
	return true;
}

static bool take_char(struct slice *text, char c)
{
	if (text->n == 0 || text->s[0] != c)
		return false;
	text->s++;
	text->n--;
	return true;
}

static bool take_date(struct slice *text, struct date *out)
{
	int year, month, day;
	if (!take_digits(text, 4, &year) || !take_char(text, '-') || !take_digits(text, 2, &month) ||
		!take_char(text, '-') || !take_digits(text, 2, &day) || !date_valid_ymd(year, month, day))
		return false;
	*out = date_from_ymd(year, month, day);
	return true;
}

bool date_parse_iso(struct slice text, struct date *out)
{
	struct date d;
	if (!take_date(&text, &d) || text.n)
		return false;
	*out = d;
	return true;
}

bool month_parse_iso(struct slice text, struct month *out)
{
	int year, month;
	if (!take_digits(&text, 4, &year) || !take_char(&text, '-') || !take_digits(&text, 2, &month) ||
		text.n || year < 1 || month < 1 || month > 12)
		return false;
	*out = (struct month){year * 12 + month - 1};
	return true;
}

bool instant_parse_iso(struct slice text, int offset_minutes, struct instant *out)
{
	struct date d;
	int hour, minute, second = 0, ms = 0, offset_hour, offset_minute;
	if (!take_date(&text, &d) || !(take_char(&text, 'T') || take_char(&text, ' ')) ||
		!take_digits(&text, 2, &hour) || !take_char(&text, ':') || !take_digits(&text, 2, &minute))
		return false;
	if (take_char(&text, ':') && !take_digits(&text, 2, &second))
		return false;
	if (take_char(&text, '.')) {
		int digit, place = 100;
		if (!take_digits(&text, 1, &digit))
			return false;
		do {
			ms += digit * place;
			place /= 10;
		} while (take_digits(&text, 1, &digit));
	}
	if (hour > 23 || minute > 59 || second > 59)
		return false;
	if (take_char(&text, 'Z')) {
		offset_minutes = 0;
	} else if (text.n) {
		bool west = text.s[0] == '-';
		if (!(take_char(&text, '+') || take_char(&text, '-')) ||
			!take_digits(&text, 2, &offset_hour) || !take_char(&text, ':') ||
			!take_digits(&text, 2, &offset_minute) || offset_hour > 23 || offset_minute > 59)
			return false;
		offset_minutes = (offset_hour * 60 + offset_minute) * (west ? -1 : 1);
	}
	if (text.n)
		return false;
	*out = (struct instant){d.day * MS_PER_DAY +
		((hour * 60 + minute - offset_minutes) * INT64_C(60) + second) * 1000 + ms};
	return true;
}

void date_format(struct str *out, struct date d)
{
	struct ymd at = date_ymd(d);
	char text[11] = {(char)('0' + at.year / 1000), (char)('0' + at.year / 100 % 10),
		(char)('0' + at.year / 10 % 10), (char)('0' + at.year % 10), '-',
		(char)('0' + at.month / 10), (char)('0' + at.month % 10), '-', (char)('0' + at.day / 10),
		(char)('0' + at.day % 10)};
	str_add(out, text, 10);
}

void month_format(struct str *out, struct month m)
{
	str_printf(out, "%04d-%02d", month_year(m), month_number(m));
}

static int64_t floor_div(int64_t a, int64_t b)
{
	return a / b - (a % b < 0);
}

struct date instant_date(struct instant t, int offset_minutes)
{
	return (struct date){(int32_t)floor_div(t.ms + offset_minutes * INT64_C(60000), MS_PER_DAY)};
}

static int64_t ms_of_day(struct instant t, int offset_minutes)
{
	int64_t local = t.ms + offset_minutes * INT64_C(60000);
	return local - floor_div(local, MS_PER_DAY) * MS_PER_DAY;
}

int instant_minute_of_day(struct instant t, int offset_minutes)
{
	return (int)(ms_of_day(t, offset_minutes) / 60000);
}

struct instant date_instant(struct date d, int minute_of_day, int offset_minutes)
{
	return (struct instant){d.day * MS_PER_DAY + (minute_of_day - offset_minutes) * INT64_C(60000)};
}

void instant_format(struct str *out, struct instant t, int offset_minutes)
{
	date_format(out, instant_date(t, offset_minutes));
	int ms = (int)ms_of_day(t, offset_minutes);
	str_printf(out, "T%02d:%02d:%02d", ms / 3600000, ms / 60000 % 60, ms / 1000 % 60);
	if (ms % 1000)
		str_printf(out, ".%03d", ms % 1000);
	if (offset_minutes == 0)
		str_putc(out, 'Z');
	else
		str_printf(out, "%c%02d:%02d", offset_minutes < 0 ? '-' : '+',
			(offset_minutes < 0 ? -offset_minutes : offset_minutes) / 60,
			(offset_minutes < 0 ? -offset_minutes : offset_minutes) % 60);
}
