/* Calendars of our own plan format. */
#include "intake/plan_json_parts.h"

#include "base/num.h"
#include "base/utf8.h"

static bool clock_minute(struct slice s, int32_t *out)
{
	if (s.n != 5 || s.s[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.s[i] < '0' || s.s[i] > '9'))
			return false;
	*out = ((s.s[0] - '0') * 10 + s.s[1] - '0') * 60 + (s.s[3] - '0') * 10 + s.s[4] - '0';
	return *out <= MINUTES_PER_DAY && (s.s[3] - '0') < 6;
}

/* "08:00-12:00 13:00-17:00"; "20:00-06:00" runs past midnight; "" is a free day. */
static bool take_shifts(struct pj_reader *r, struct slice text, struct day_shifts *out)
{
	struct shift shifts[16];
	int32_t n = 0, last = -1;

	for (size_t at = 0; at < text.n;) {
		int32_t from, to;
		if (text.s[at] == ' ') {
			at++;
			continue;
		}
		if (n == (int32_t)countof(shifts) || at + 11 > text.n || text.s[at + 5] != '-' ||
			!clock_minute((struct slice){text.s + at, 5}, &from) ||
			!clock_minute((struct slice){text.s + at + 6, 5}, &to) || from < last)
			return false;
		if (to <= from)
			to += MINUTES_PER_DAY;
		shifts[n++] = (struct shift){(int16_t)from, (int16_t)to};
		last = to;
		at += 11;
	}
	struct shift *copy = ARENA_ARRAY(r->a, struct shift, (size_t)(n ? n : 1));
	memcpy(copy, shifts, (size_t)n * sizeof(*copy));
	*out = (struct day_shifts){n, copy};
	return true;
}

static int weekday(struct slice name)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	for (int i = 0; i < 7; i++)
		if (slice_is(name, days[i]))
			return i;
	return -1;
}

/* {"mon-fri": "...", "sat": "..."} */
static bool take_week(struct pj_reader *r, const struct json *week, struct plan_calendar *c)
{
	if (json_absent(week))
		return true;
	if (week->type != JSON_IS_OBJECT)
		return pj_bad(r, "week", "week", "\"%s\" should be an object");
	for (int i = 0; i < week->nmembers; i++) {
		struct slice name = week->members[i].key;
		int from, to;
		struct day_shifts day;
		from = to = weekday(name);
		if (name.n == 7 && name.s[3] == '-') {
			from = weekday((struct slice){name.s, 3});
			to = weekday((struct slice){name.s + 4, 3});
		}
		if (from < 0 || to < from)
			return pj_bad(r, "week", name.s, "\"%s\" is not a weekday such as mon or mon-fri");
		if (!take_shifts(r, json_slice(&week->members[i].value), &day))
			return pj_bad(r, "week", json_text(&week->members[i].value, "?"),
				"\"%s\" is not working time such as 08:00-12:00");
		for (int d = from; d <= to; d++) {
			c->week[d] = day;
			c->stated |= (uint8_t)(1 << d);
		}
	}
	return true;
}

static bool take_exception(struct pj_reader *r, const struct json *o, struct calendar_exception *e)
{
	static const char *const keys[] = {"from", "to", "hours", "name", "office"};

	*e = (struct calendar_exception){.from = DATE_NONE,
		.to = DATE_NONE,
		.name = pj_text(o, "name", NULL),
		.office = pj_text(o, "office", NULL)};
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_date(r, o, "from", &e->from) ||
		!pj_date(r, o, "to", &e->to))
		return false;
	if (date_is_none(e->from))
		return pj_bad(r, "exceptions", "from", "an exception has no \"%s\"");
	if (date_is_none(e->to))
		e->to = e->from;
	if (!take_shifts(r, json_slice(json_get(o, "hours")), &e->day))
		return pj_bad(r, "exceptions", pj_text(o, "hours", "?"),
			"\"%s\" is not working time such as 08:00-12:00");
	return true;
}

/* Another week between two dates. */
static bool take_work_week(struct pj_reader *r, const struct json *o, struct calendar_week *out)
{
	static const char *const keys[] = {"from", "to", "week", "name"};
	struct plan_calendar c = {0};

	*out = (struct calendar_week){
		.from = DATE_NONE, .to = DATE_NONE, .name = pj_text(o, "name", NULL)};
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_date(r, o, "from", &out->from) ||
		!pj_date(r, o, "to", &out->to) || !take_week(r, json_get(o, "week"), &c))
		return false;
	if (date_is_none(out->from) || date_is_none(out->to))
		return pj_bad(r, "weeks", "from", "an exception has no \"%s\"");
	out->stated = c.stated;
	memcpy(out->days, c.week, sizeof(out->days));
	return true;
}

static bool take_follows(struct pj_reader *r, const char *word, enum plan_follows *out)
{
	for (int i = FOLLOWS_OFFICE; word && i <= FOLLOWS_SITE; i++)
		if (strcmp(word, plan_follows_name((enum plan_follows)i)) == 0)
			*out = (enum plan_follows)i;
	return !word || *out != FOLLOWS_NOBODY ||
		pj_bad(r, "follows", word, "\"%s\" is not followed: office or site");
}

bool pj_base(struct pj_reader *r, const struct json *o)
{
	struct plan_calendar *c = &r->plan.calendars[r->index];
	if (!pj_reference(r, o, "base", r->calendars, &c->base))
		return false;
	if (c->base < 0)
		c->stated = 0x7f;
	return true;
}

bool pj_calendar(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "base", "follows", "week", "weeks",
		"exceptions", "day_minutes", "week_minutes", "provisional_from"};
	struct plan_calendar *c = &r->plan.calendars[r->index];
	const struct json *list;

	if (!pj_known_keys(r, o, keys, countof(keys)))
		return false;
	*c = (struct plan_calendar){.base = -1,
		.provisional_from = DATE_NONE,
		.day_minutes = (int32_t)json_int(json_get(o, "day_minutes"), 0),
		.week_minutes = (int32_t)json_int(json_get(o, "week_minutes"), 0)};
	if (c->day_minutes < 0 || c->day_minutes > MINUTES_PER_DAY || c->week_minutes < 0 ||
		c->week_minutes > 7 * MINUTES_PER_DAY)
		return pj_missing(
			r, "day_minutes", "a day has 0 to 1440 minutes, a week at most seven days");
	if (!take_follows(r, pj_text(o, "follows", NULL), &c->follows))
		return false;
	if (!pj_id(r, o, r->calendars, r->index, &c->id) || !take_week(r, json_get(o, "week"), c) ||
		!pj_date(r, o, "provisional_from", &c->provisional_from))
		return false;
	c->name = pj_text(o, "name", c->id);
	list = json_get(o, "weeks");
	c->weeks = ARENA_ARRAY(r->a, struct calendar_week, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++)
		if (!take_work_week(r, json_at(list, i), &c->weeks[c->nweeks++]))
			return false;
	list = json_get(o, "exceptions");
	c->exceptions = ARENA_ARRAY(r->a, struct calendar_exception, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++)
		if (!take_exception(r, json_at(list, i), &c->exceptions[c->nexceptions++]))
			return false;
	return true;
}
