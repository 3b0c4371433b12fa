/* See office_days.h. */
#include "intake/office_days.h"

#include "intake/calendar_days.h"

/* The days of the office from `from` on, two before and two after for what stands beside a weekend. */
struct office_days {
	struct date from;
	int n;
	const uint8_t *days; /* days[2] is `from` */
	struct calendar_exception *room;
	enum lang lang;
};

static const struct {
	const char *name;
	struct label label;
} kinds[] = {{"make_up", {"调休上班", "make-up day"}}, {"winter_stop", {"冬歇停工", "winter stop"}},
	{"holiday", {"放假", "holiday"}}};

static bool works(const struct plan_calendar *c, const uint8_t *day, int weekday, bool usual)
{
	if (c->follows == FOLLOWS_SITE && *day & DAY_IN_WINTER_STOP && !(*day & DAY_SITE_WORKS))
		return false;
	if (*day & DAY_OFFICE_WORKS)
		return true;
	if (weekday <= 5 || !usual)
		return false;
	return day[5 - weekday] & DAY_OFFICE_WORKS && day[8 - weekday] & DAY_OFFICE_WORKS;
}

static int kind_of(const struct plan_calendar *c, uint8_t day, bool work)
{
	if (work)
		return 0;
	return c->follows == FOLLOWS_SITE && day & DAY_IN_WINTER_STOP ? 1 : 2;
}

static struct day_shifts make_up_hours(const struct day_shifts week[7])
{
	for (int d = 0; d < 7; d++)
		if (week[d].n)
			return week[d];
	return (struct day_shifts){0};
}

/* Runs of days that differ from the week; days between that would be free anyway join their run. Returns how many. */
static int32_t add_days(
	const struct plan_calendar *c, const struct day_shifts week[7], const struct office_days *o)
{
	struct day_shifts hours = make_up_hours(week);
	struct calendar_exception *last = NULL;
	int32_t n = 0;

	for (int i = 0; i < o->n; i++) {
		struct date d = {o->from.day + i};
		int weekday = date_weekday(d);
		bool usual = week[weekday - 1].n > 0, work = works(c, &o->days[i + 2], weekday, usual);
		int kind = kind_of(c, o->days[i + 2], work);
		if (last && work != (last->day.n > 0))
			last = NULL;
		if (work == usual)
			continue;
		if (last && last->office == kinds[kind].name && (!work || last->to.day == d.day - 1)) {
			last->to = d;
			continue;
		}
		last = &o->room[n++];
		*last = (struct calendar_exception){.from = d,
			.to = d,
			.name = label_in(kinds[kind].label, o->lang),
			.office = kinds[kind].name,
			.day = work ? hours : (struct day_shifts){0}};
	}
	return n;
}

static void follow(
	struct arena *a, const struct plan *p, struct plan_calendar *c, const struct office_days *o)
{
	struct day_shifts week[7];

	calendar_week_of(p, (int32_t)(c - p->calendars), week);
	int32_t n = add_days(c, week, o);
	struct calendar_exception *list =
		ARENA_ARRAY(a, struct calendar_exception, (size_t)n + (size_t)c->nexceptions + 1);
	memcpy(list, o->room, (size_t)n * sizeof(*list));
	for (int32_t i = 0; i < c->nexceptions; i++)
		if (!c->exceptions[i].office)
			list[n++] = c->exceptions[i];
	c->exceptions = list;
	c->nexceptions = n;
}

bool plan_follows_office(const struct plan *p)
{
	for (int32_t i = 0; i < p->ncalendars; i++)
		if (p->calendars[i].follows != FOLLOWS_NOBODY)
			return true;
	return false;
}

/* From the first start of a project to some years past the last start and data date. */
static void stretch_of(const struct plan *p, struct date *from, struct date *to)
{
	*from = *to = DATE_NONE;
	for (int32_t i = 0; i < p->nprojects; i++) {
		struct moment said[] = {p->projects[i].start, p->projects[i].data_date};
		for (size_t k = 0; k < countof(said); k++) {
			if (moment_is_none(said[k]))
				continue;
			struct date d = moment_date(said[k]);
			*from = date_is_none(*from) || d.day < from->day ? d : *from;
			*to = date_is_none(*to) || d.day > to->day ? d : *to;
		}
	}
	if (!date_is_none(*to))
		*to = date_add_months(*to, OFFICE_DAYS_YEARS * 12);
}

void plan_follow_office(
	struct arena *a, struct plan *p, const struct calendar *office, enum lang lang)
{
	struct office_days o = {.lang = lang};
	struct date to;

	stretch_of(p, &o.from, &to);
	if (date_is_none(o.from) || !plan_follows_office(p))
		return;
	o.n = to.day - o.from.day + 1;
	uint8_t *days = ARENA_ARRAY(a, uint8_t, (size_t)o.n + 4);
	calendar_days(office, (struct date){o.from.day - 2}, o.n + 4, days);
	o.days = days;
	o.room = ARENA_ARRAY(a, struct calendar_exception, (size_t)o.n);
	struct plan_calendar *calendars = ARENA_ARRAY(a, struct plan_calendar, (size_t)p->ncalendars);
	memcpy(calendars, p->calendars, (size_t)p->ncalendars * sizeof(*calendars));
	p->calendars = calendars;
	for (int32_t i = 0; i < p->ncalendars; i++) {
		if (calendars[i].follows == FOLLOWS_NOBODY)
			continue;
		follow(a, p, &calendars[i], &o);
		calendars[i].provisional_from = date_from_ymd(calendar_last_year(office) + 1, 1, 1);
	}
}
