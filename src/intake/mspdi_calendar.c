/*
 * Calendars of MSPDI. A week day that is not stated comes from the base calendar. Recurring exceptions ("every second
 * Friday of the month") are spelled out day by day within their period. Before 2007 exceptions stood among the week
 * days with type 0; newer files hold both, and then only the newer ones count.
 */
#include "intake/mspdi_inside.h"

#include "base/num.h"

#define MOST_OCCURRENCES 4000

static bool minutes_of(const char *text, int16_t *out)
{
	struct slice t = slice_of(text);
	int64_t hour, minute;
	if (t.n < 5 || t.s[2] != ':' || !num_int((struct slice){t.s, 2}, &hour) ||
		!num_int((struct slice){t.s + 3, 2}, &minute) || hour > 24 || minute > 59)
		return false;
	*out = (int16_t)(hour * 60 + minute);
	return true;
}

/* The working times below `node`; midnight at the end of a period is the end of the day. */
static struct day_shifts shifts_of(struct mspdi *m, const struct xml_node *node)
{
	const struct xml_node *times = xml_child(node, "WorkingTimes");
	int32_t n = 0;
	struct shift *shifts =
		ARENA_ARRAY(m->f.a, struct shift, (size_t)xml_count(times, "WorkingTime") + 1);
	if (!xml_flag(node, "DayWorking", true))
		return (struct day_shifts){0};
	for (const struct xml_node *t = xml_child(times, "WorkingTime"); t; t = xml_again(t)) {
		struct shift s;
		if (!minutes_of(xml_text(t, "FromTime"), &s.from) ||
			!minutes_of(xml_text(t, "ToTime"), &s.to))
			continue;
		if (s.to <= s.from) /* past midnight, or until it */
			s.to = (int16_t)(s.to + MINUTES_PER_DAY);
		if (s.to > s.from && (n == 0 || s.from >= shifts[n - 1].to))
			shifts[n++] = s;
	}
	return (struct day_shifts){n, shifts};
}

/* MSPDI counts Sunday 1 .. Saturday 7; we count Monday 0 .. Sunday 6. */
static int weekday_of(int64_t day_type)
{
	return (int)((day_type + 5) % 7);
}

static void read_week(
	struct mspdi *m, const struct xml_node *days, uint8_t *stated, struct day_shifts week[7])
{
	for (const struct xml_node *d = xml_child(days, "WeekDay"); d; d = xml_again(d)) {
		int64_t type = xml_int(&m->f, d, "DayType", -1);
		if (type < 1 || type > 7)
			continue;
		int weekday = weekday_of(type);
		*stated |= (uint8_t)(1 << weekday);
		week[weekday] = shifts_of(m, d);
	}
}

static bool period_of(
	struct mspdi *m, const struct xml_node *node, struct date *from, struct date *to)
{
	const struct xml_node *period = xml_child(node, "TimePeriod");
	struct moment start = xml_moment(&m->f, period, "FromDate"),
				  end = xml_moment(&m->f, period, "ToDate");
	if (moment_is_none(start) || moment_is_none(end) || end.tick < start.tick)
		return false;
	*from = moment_date(start);
	*to = moment_date(end);
	return true;
}

struct recurrence {
	int64_t type, period, days, item, position, month, day;
	struct date from, to;
};

/* The day of `month_start`'s month that rule item/position names; none when there is not. */
static struct date by_position(struct date month_start, int64_t item, int64_t position)
{
	struct ymd at = date_ymd(month_start);
	int length = month_days(at.year, at.month), count = 0;
	struct date found = DATE_NONE;
	for (int day = 0; day < length; day++) {
		struct date d = {month_start.day + day};
		int weekday = date_weekday(d); /* 1 Monday .. 7 Sunday */
		bool fits = item == 0 || (item == 1 && weekday <= 5) || (item == 2 && weekday > 5) ||
			(item >= 3 && weekday == (item == 3 ? 7 : (int)item - 3));
		if (!fits)
			continue;
		found = d;
		if (position < 4 && count++ == position)
			return d;
	}
	return position >= 4 ? found : DATE_NONE;
}

static bool monthly(const struct recurrence *r)
{
	return r->type == 2 || r->type == 3 || r->type == 4 || r->type == 5;
}

/* Does the exception fall on d? */
static bool recurs_on(const struct recurrence *r, struct date d)
{
	struct ymd at = date_ymd(d), first = date_ymd(r->from);
	int64_t period = r->period > 0 ? r->period : 1;
	if (monthly(r)) {
		bool yearly = r->type <= 3;
		if (yearly && at.month != r->month + 1)
			return false;
		if (!yearly && ((at.year - first.year) * 12 + at.month - first.month) % period)
			return false;
		if (r->type == 2 || r->type == 4)
			return at.day == r->day;
		return by_position((struct date){d.day - at.day + 1}, r->item, r->position).day == d.day;
	}
	if (r->type == 6) {
		int weekday = date_weekday(d) % 7; /* 0 Sunday, as the bits count */
		struct date sunday = {r->from.day - date_weekday(r->from) % 7};
		return r->days >> weekday & 1 && (d.day - sunday.day) / 7 % period == 0;
	}
	return (d.day - r->from.day) % period == 0;
}

static void read_exception(
	struct mspdi *m, struct plan_calendar *c, int32_t *room, const struct xml_node *e)
{
	struct recurrence r = {.type = xml_int(&m->f, e, "Type", 1),
		.period = xml_int(&m->f, e, "Period", 1),
		.days = xml_int(&m->f, e, "DaysOfWeek", 0),
		.item = xml_int(&m->f, e, "MonthItem", 0),
		.position = xml_int(&m->f, e, "MonthPosition", 0),
		.month = xml_int(&m->f, e, "Month", 0),
		.day = xml_int(&m->f, e, "MonthDay", 0)};
	if (!period_of(m, e, &r.from, &r.to))
		return;
	struct calendar_exception made = {.day = shifts_of(m, e), .name = xml_text(e, "Name")};
	if (!xml_child(e, "DayWorking") && !xml_child(e, "WorkingTimes"))
		made.day = (struct day_shifts){0};
	bool run = (r.type == 1 || r.type == 7 || r.type == 9) && r.period <= 1;
	int64_t occurrences = xml_flag(e, "EnteredByOccurrences", false)
		? xml_int(&m->f, e, "Occurrences", MOST_OCCURRENCES)
		: MOST_OCCURRENCES;
	for (struct date d = r.from; d.day <= r.to.day && occurrences > 0; d.day++) {
		if (!run && !recurs_on(&r, d))
			continue;
		if (c->nexceptions == *room) {
			int32_t more = *room * 2 + 8;
			c->exceptions = arena_grow(
				m->f.a, c->exceptions, (size_t)*room, (size_t)more, sizeof(*c->exceptions));
			*room = more;
		}
		made.from = made.to = d;
		if (run)
			made.to = r.to;
		c->exceptions[c->nexceptions++] = made;
		if (run)
			break;
		occurrences--;
	}
}

static void read_exceptions(struct mspdi *m, struct plan_calendar *c, const struct xml_node *node)
{
	int32_t room = 0;
	const struct xml_node *exceptions = xml_child(node, "Exceptions");
	for (const struct xml_node *e = xml_child(exceptions, "Exception"); e; e = xml_again(e))
		read_exception(m, c, &room, e);
	if (xml_child(exceptions, "Exception"))
		return;
	for (const struct xml_node *d = xml_child(xml_child(node, "WeekDays"), "WeekDay"); d;
		 d = xml_again(d))
		if (xml_int(&m->f, d, "DayType", -1) == 0)
			read_exception(m, c, &room, d);
}

static void read_work_weeks(struct mspdi *m, struct plan_calendar *c, const struct xml_node *node)
{
	const struct xml_node *weeks = xml_child(node, "WorkWeeks");
	c->weeks = ARENA_ARRAY(m->f.a, struct calendar_week, (size_t)xml_count(weeks, "WorkWeek") + 1);
	for (const struct xml_node *w = xml_child(weeks, "WorkWeek"); w; w = xml_again(w)) {
		struct calendar_week *week = &c->weeks[c->nweeks];
		if (!period_of(m, w, &week->from, &week->to))
			continue;
		week->name = xml_text(w, "Name");
		read_week(m, xml_child(w, "WeekDays"), &week->stated, week->days);
		c->nweeks++;
	}
}

void mspdi_read_working_time(struct mspdi *m, struct plan_calendar *c, const struct xml_node *node)
{
	read_week(m, xml_child(node, "WeekDays"), &c->stated, c->week);
	read_exceptions(m, c, node);
	read_work_weeks(m, c, node);
}

void mspdi_read_calendars(struct mspdi *m, const struct xml_node *root)
{
	static const char *const used[] = {NULL};
	const struct xml_node *calendars = xml_child(root, "Calendars");
	int32_t n = xml_count(calendars, "Calendar");
	m->plan.calendars = ARENA_ARRAY(m->f.a, struct plan_calendar, (size_t)n);
	m->plan.ncalendars = n;
	int32_t i = 0;
	for (const struct xml_node *node = xml_child(calendars, "Calendar"); node;
		 node = xml_again(node), i++) {
		struct plan_calendar *c = &m->plan.calendars[i];
		*c = (struct plan_calendar){.id = xml_text(node, "UID"),
			.name = xml_text(node, "Name"),
			.base = -1,
			.provisional_from = DATE_NONE};
		mspdi_read_working_time(m, c, node);
		c->keep = xml_keep(m->f.a, "Calendar", node, used);
		map_put(m->calendars, slice_of(c->id), i);
	}
	i = 0;
	for (const struct xml_node *node = xml_child(calendars, "Calendar"); node;
		 node = xml_again(node), i++) {
		int32_t base = map_get(m->calendars, slice_of(xml_text(node, "BaseCalendarUID")));
		m->plan.calendars[i].base = base == i ? -1 : base;
	}
}
