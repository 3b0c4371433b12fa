/*
 * Working days as Monday to Friday plus exceptions. For each count the exceptions are a sorted list of days
 * with the running sum of what they add or take, so "how many working days up to day d" is a division and a
 * binary search, and every other question is asked in terms of that one.
 */
#include "model/calendar.h"

#include <stdlib.h>

#include "base/embed.h"
#include "base/json.h"

struct exceptions {
	const int32_t *day; /* rising */
	const int32_t
		*sum; /* working days more (less) than Monday to Friday, up to and with this day */
	int n;
};

struct calendar {
	struct exceptions count[2];         /* by enum day_count */
	struct exceptions winter, building; /* days of the seasons; sums not used */
	int first_year, last_year;          /* of the notices */
};

/* ---- building ---- */

/* What one entry says of one day; a later entry wins. */
struct said {
	int32_t day;
	int32_t order;
	bool work;
	bool winter;
	bool building; /* says nothing of work */
};
struct sayings {
	struct arena *a;
	struct said *list;
	size_t n, room;
};

static void say(struct sayings *s, struct said said)
{
	if (s->n == s->room) {
		size_t room = s->room ? s->room * 2 : 1024;
		s->list = arena_grow(s->a, s->list, s->room, room, sizeof(*s->list));
		s->room = room;
	}
	said.order = (int32_t)s->n;
	s->list[s->n++] = said;
}

static void say_rule(struct sayings *s, enum day_kind kind, struct date from, struct date until)
{
	struct said said = {.work = kind == DAY_WORKDAY || kind == DAY_MAKE_UP,
		.winter = kind == DAY_WINTER_STOP,
		.building = kind == DAY_BUILDING_SEASON};
	for (said.day = from.day; said.day <= until.day; said.day++)
		say(s, said);
}

static bool read_days(
	struct sayings *s, const struct json *by_name, const char *where, bool work, struct err *err)
{
	for (int i = 0; i < json_count(by_name); i++) {
		const struct json *days = &by_name->members[i].value;
		for (int k = 0; k < json_count(days); k++) {
			struct date d;
			if (!date_parse_iso(json_slice(json_at(days, k)), &d))
				return err_set(err, ERR_INPUT, where, "\"%s\" is not a date like 2026-03-31",
					json_text(json_at(days, k), ""));
			say(s, (struct said){.day = d.day, .work = work});
		}
	}
	return true;
}

static bool read_notices(
	struct sayings *s, struct slice holidays, struct calendar *c, struct err *err)
{
	static const char where[] = "facts/holidays.json";
	const struct json *top, *years;
	if (!json_parse(s->a, holidays, where, &top, err))
		return false;
	years = json_get(top, "years");
	for (int i = 0; i < json_count(years); i++) {
		const struct json *year = json_at(years, i);
		int number = (int)json_int(json_get(year, "year"), 0);
		if (number < 1949 || number > 9999 || (i && number != c->last_year + 1))
			return err_set(
				err, ERR_INPUT, where, "year %d does not follow the one before it", number);
		if (i == 0)
			c->first_year = number;
		c->last_year = number;
		if (!read_days(s, json_get(year, "off"), where, false, err) ||
			!read_days(s, json_get(year, "work"), where, true, err))
			return false;
	}
	return true;
}

static int by_day(const void *left, const void *right)
{
	const struct said *a = left, *b = right;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	return (a->order > b->order) - (a->order < b->order);
}

/* Keeps of each day the last word that this count listens to, and only where it differs from Monday to Friday. */
static struct exceptions settle(struct arena *a, const struct said *list, size_t n, bool site)
{
	int32_t *days = ARENA_ARRAY(a, int32_t, n), *sums = ARENA_ARRAY(a, int32_t, n);
	int count = 0, sum = 0;
	for (size_t i = 0; i < n;) {
		int32_t day = list[i].day;
		bool weekday = date_weekday((struct date){day}) <= 5, work = weekday;
		for (; i < n && list[i].day == day; i++)
			if (!list[i].building && (site || !list[i].winter))
				work = list[i].work;
		if (work == weekday)
			continue;
		sum += work ? 1 : -1;
		days[count] = day;
		sums[count++] = sum;
	}
	return (struct exceptions){days, sums, count};
}

static struct exceptions season_days(
	struct arena *a, const struct said *list, size_t n, bool building)
{
	int32_t *days = ARENA_ARRAY(a, int32_t, n);
	int count = 0;
	for (size_t i = 0; i < n; i++)
		if ((building ? list[i].building : list[i].winter) &&
			(count == 0 || days[count - 1] != list[i].day))
			days[count++] = list[i].day;
	return (struct exceptions){days, NULL, count};
}

static struct date last_of(const struct day_rule *rule)
{
	return date_is_none(rule->until) ? rule->from : rule->until;
}

static bool check_rules(const struct day_rule *rules, int n, struct err *err)
{
	for (int i = 0; i < n; i++) {
		int most = rules[i].yearly ? CALENDAR_YEARLY_DAYS : CALENDAR_RULE_DAYS;
		int32_t days = last_of(&rules[i]).day - rules[i].from.day + 1;
		if (days < 1 || days > most)
			return err_set(err, ERR_INPUT, "calendar_day",
				"entry %d ends before it begins or covers more than %d days", i + 1, most);
	}
	return true;
}

/* The notices of years after the program's own, as far as the office entered them. */
static void follow_notices(struct calendar *c, const struct day_rule *rules, int n)
{
	for (int i = 0; i < n && c->last_year < 9999;) {
		int32_t day = date_from_ymd(c->last_year + 1, 10, 1).day;
		bool entered = rules[i].kind == DAY_HOLIDAY && rules[i].from.day <= day &&
			last_of(&rules[i]).day >= day;
		i = entered ? 0 : i + 1;
		c->last_year += entered;
	}
}

/* The same day of another year; 29 February gives way to the 28th. */
static struct date in_year(struct date d, int year)
{
	return date_add_months(d, (year - date_year(d)) * 12);
}

/* A season of each year is that of the last rule that began by then. */
static void say_yearly(struct sayings *s, const struct calendar *c, enum day_kind kind,
	const struct day_rule *rules, int n)
{
	for (int year = c->first_year - 1; year <= c->last_year + CALENDAR_YEARS_AHEAD; year++) {
		const struct day_rule *own = NULL;
		for (int i = 0; i < n; i++)
			if (rules[i].yearly && rules[i].kind == kind && date_year(rules[i].from) <= year)
				own = &rules[i];
		if (own)
			say_rule(s, kind, in_year(own->from, year),
				in_year(last_of(own), year + date_year(last_of(own)) - date_year(own->from)));
	}
}

/* `holidays` is the text of facts/holidays.json. */
static bool calendar_build(struct arena *a, struct slice holidays, const struct day_rule *rules,
	int n, const struct calendar **out, struct err *err)
{
	struct calendar *c = ARENA_NEW(a, struct calendar);
	struct arena *scratch = arena_open();
	struct sayings s = {.a = scratch};
	bool good = read_notices(&s, holidays, c, err) && check_rules(rules, n, err);
	if (good) {
		follow_notices(c, rules, n);
		say_yearly(&s, c, DAY_WINTER_STOP, rules, n);
		say_yearly(&s, c, DAY_BUILDING_SEASON, rules, n);
		for (int i = 0; i < n; i++)
			if (!rules[i].yearly)
				say_rule(&s, rules[i].kind, rules[i].from, last_of(&rules[i]));
		if (s.n)
			qsort(s.list, s.n, sizeof(*s.list), by_day);
		c->count[COUNT_OFFICE] = settle(a, s.list, s.n, false);
		c->count[COUNT_SITE] = settle(a, s.list, s.n, true);
		c->winter = season_days(a, s.list, s.n, false);
		c->building = season_days(a, s.list, s.n, true);
		*out = c;
	}
	arena_close(scratch);
	return good;
}

bool calendar_builtin(struct arena *a, const struct day_rule *rules, int n,
	const struct calendar **out, struct err *err)
{
	const struct embedded *file = embed_find("facts/holidays.json");
	if (!file)
		return err_set(err, ERR_SYSTEM, "facts/holidays.json", "is not in this program");
	return calendar_build(a, embed_text(file), rules, n, out, err);
}

bool day_kind_parse(const char *name, enum day_kind *out)
{
	static const char *const names[] = {
		"closure", "workday", "winter_stop", "holiday", "make_up", "building_season"};
	for (int i = 0; i < (int)countof(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum day_kind)i;
			return true;
		}
	return false;
}

bool day_kind_yearly(enum day_kind kind)
{
	return kind == DAY_WINTER_STOP || kind == DAY_BUILDING_SEASON;
}

/* ---- counting ---- */

/* How many exceptions lie on or before that day. */
static int exceptions_upto(const struct exceptions *e, int64_t day)
{
	int low = 0, high = e->n;
	while (low < high) {
		int mid = low + (high - low) / 2;
		if (e->day[mid] <= day)
			low = mid + 1;
		else
			high = mid;
	}
	return low;
}

/* Working days up to and with `day`, counted from a Monday long ago; only differences mean anything. */
static int64_t upto(const struct calendar *c, enum day_count count, int64_t day)
{
	int64_t since_monday = day + 3; /* 1969-12-29 was one */
	int64_t weeks = since_monday >= 0 ? since_monday / 7 : -((-since_monday + 6) / 7);
	int64_t rest = since_monday - weeks * 7;
	int i = exceptions_upto(&c->count[count], day);
	return weeks * 5 + (rest >= 4 ? 5 : rest + 1) + (i ? c->count[count].sum[i - 1] : 0);
}

/* The first day up to which there are `target` working days. */
static struct date day_with(
	const struct calendar *c, enum day_count count, int64_t near, int64_t target)
{
	int64_t low = near, high = near, step = 7;
	for (; upto(c, count, high) < target; step *= 2)
		high += step;
	for (step = 7; upto(c, count, low) >= target; step *= 2)
		low -= step;
	while (high - low > 1) { /* upto(low) < target <= upto(high) */
		int64_t mid = low + (high - low) / 2;
		if (upto(c, count, mid) < target)
			low = mid;
		else
			high = mid;
	}
	return (struct date){(int32_t)high};
}

bool calendar_is_workday(const struct calendar *c, enum day_count count, struct date d)
{
	return upto(c, count, d.day) > upto(c, count, (int64_t)d.day - 1);
}

static bool among(const struct exceptions *e, struct date d)
{
	int i = exceptions_upto(e, d.day);
	return i > 0 && e->day[i - 1] == d.day;
}

bool calendar_in_winter_stop(const struct calendar *c, struct date d)
{
	return among(&c->winter, d);
}

bool calendar_in_building_season(const struct calendar *c, struct date d)
{
	return among(&c->building, d);
}

void calendar_days(const struct calendar *c, struct date from, int n, uint8_t *out)
{
	const struct exceptions *office = &c->count[COUNT_OFFICE], *site = &c->count[COUNT_SITE];
	int32_t before = from.day - 1;
	int o = exceptions_upto(office, before), s = exceptions_upto(site, before),
		w = exceptions_upto(&c->winter, before), weekday = date_weekday(from);
	for (int i = 0; i < n; i++, weekday = weekday % 7 + 1) {
		int32_t day = from.day + i;
		bool usual = weekday <= 5, odd = o < office->n && office->day[o] == day,
			 site_odd = s < site->n && site->day[s] == day,
			 winter = w < c->winter.n && c->winter.day[w] == day;
		out[i] = (uint8_t)((usual != odd ? DAY_OFFICE_WORKS : 0) |
			(usual != site_odd ? DAY_SITE_WORKS : 0) | (winter ? DAY_IN_WINTER_STOP : 0));
		o += odd;
		s += site_odd;
		w += winter;
	}
}

/* The first day from d on that is one of those (or is none of them); false: not within what one rule covers. */
static bool first_that(const struct exceptions *e, struct date d, bool wanted, struct date *out)
{
	for (*out = d; among(e, *out) != wanted; out->day++)
		if (out->day - d.day > CALENDAR_RULE_DAYS)
			return false;
	return true;
}

static int site_days(const struct calendar *c, struct date from, struct date until)
{
	return calendar_count(c, COUNT_SITE, (struct date){from.day - 1}, until);
}

bool calendar_season(const struct calendar *c, struct date d, struct season *out)
{
	bool resting = calendar_in_winter_stop(c, d);
	struct date end;

	if (!first_that(&c->winter, d, !resting, &end))
		return false;
	*out = (struct season){.resting = resting, .until = {end.day - 1}};
	if (!resting) {
		out->days = end.day - d.day;
		out->workdays = site_days(c, d, out->until);
	}
	return true;
}

bool calendar_building_season(const struct calendar *c, struct date d, struct building_season *out)
{
	struct building_season s = {.now = calendar_in_building_season(c, d)};
	struct date end;

	if (!first_that(&c->building, d, true, &s.from) ||
		!first_that(&c->building, s.from, false, &end))
		return false;
	s.until.day = end.day - 1;
	s.days = end.day - s.from.day;
	s.workdays = site_days(c, s.from, s.until);
	while (s.now && among(&c->building, (struct date){s.from.day - 1}))
		s.from.day--;
	*out = s;
	return true;
}

bool calendar_provisional(const struct calendar *c, struct date d)
{
	int year = date_year(d);
	return year < c->first_year || year > c->last_year;
}

int calendar_first_year(const struct calendar *c)
{
	return c->first_year;
}
int calendar_last_year(const struct calendar *c)
{
	return c->last_year;
}

struct date calendar_next(const struct calendar *c, enum day_count count, struct date d)
{
	return day_with(c, count, d.day, upto(c, count, (int64_t)d.day - 1) + 1);
}

struct date calendar_add(const struct calendar *c, enum day_count count, struct date d, int n)
{
	if (n > 0)
		return day_with(c, count, d.day, upto(c, count, d.day) + n);
	return day_with(c, count, d.day, upto(c, count, (int64_t)d.day - 1) + n + 1);
}

int calendar_count(const struct calendar *c, enum day_count count, struct date from, struct date to)
{
	return (int)(upto(c, count, to.day) - upto(c, count, from.day));
}

/* ---- deadlines ---- */

struct instant day_end(struct date d, int offset_minutes)
{
	return (struct instant){date_instant((struct date){d.day + 1}, 0, offset_minutes).ms - 1};
}

struct instant calendar_deadline(const struct calendar *c, enum day_count count,
	struct instant start, struct span limit, int offset_minutes)
{
	struct date day = instant_date(start, offset_minutes);
	switch (limit.unit) {
	case SPAN_HOURS: return (struct instant){start.ms + limit.n * (MS_PER_DAY / 24)};
	case SPAN_WORKDAYS:
		day = limit.n ? calendar_add(c, count, day, limit.n) : calendar_next(c, count, day);
		break;
	case SPAN_DAYS: day = calendar_next(c, count, (struct date){day.day + limit.n}); break;
	case SPAN_MONTHS: day = calendar_next(c, count, date_add_months(day, limit.n)); break;
	}
	return day_end(day, offset_minutes);
}

struct instant calendar_before(const struct calendar *c, enum day_count count,
	struct instant deadline, struct span before, int offset_minutes)
{
	struct date day = instant_date(deadline, offset_minutes);
	switch (before.unit) {
	case SPAN_HOURS: return (struct instant){deadline.ms - before.n * (MS_PER_DAY / 24)};
	case SPAN_WORKDAYS: day = before.n ? calendar_add(c, count, day, -before.n) : day; break;
	case SPAN_DAYS: day.day -= before.n; break;
	case SPAN_MONTHS: day = date_add_months(day, -before.n); break;
	}
	return day_end(day, offset_minutes);
}
