#include "intake/calendar_days.h"

#include <stdlib.h>

#define DEPTH_MAX 32 /* of base calendars; a loop of them ends here */

void calendar_week_of(const struct plan *plan, int32_t calendar, struct day_shifts week[7])
{
	uint8_t open = 0x7f;

	for (int d = 0; d < 7; d++)
		week[d] = (struct day_shifts){0};
	for (int depth = 0; calendar >= 0 && open && depth < DEPTH_MAX; depth++) {
		const struct plan_calendar *c = &plan->calendars[calendar];
		for (int d = 0; d < 7; d++)
			if (open & c->stated & 1 << d)
				week[d] = c->week[d];
		open &= (uint8_t)~c->stated;
		calendar = c->base;
	}
}

static const struct day_shifts *exception_on(const struct plan_calendar *c, struct date at)
{
	for (int32_t i = c->nexceptions - 1; i >= 0; i--)
		if (at.day >= c->exceptions[i].from.day && at.day <= c->exceptions[i].to.day)
			return &c->exceptions[i].day;
	return NULL;
}

static const struct day_shifts *work_week_on(
	const struct plan_calendar *c, struct date at, int weekday)
{
	for (int32_t i = c->nweeks - 1; i >= 0; i--)
		if (at.day >= c->weeks[i].from.day && at.day <= c->weeks[i].to.day &&
			c->weeks[i].stated >> weekday & 1)
			return &c->weeks[i].days[weekday];
	return NULL;
}

struct day_shifts calendar_day(
	const struct plan *plan, int32_t calendar, struct date at, int weekday)
{
	const struct day_shifts *found = NULL;
	struct day_shifts week[7];

	for (int32_t c = calendar, depth = 0; c >= 0 && !found && depth < DEPTH_MAX;
		 c = plan->calendars[c].base, depth++)
		found = exception_on(&plan->calendars[c], at);
	for (int32_t c = calendar, depth = 0; c >= 0 && !found && depth < DEPTH_MAX;
		 c = plan->calendars[c].base, depth++)
		found = work_week_on(&plan->calendars[c], at, weekday);
	if (found)
		return *found;
	calendar_week_of(plan, calendar, week);
	return week[weekday];
}

/* Where a span begins (+1) or is over (-1). */
struct edge {
	int32_t day, step;
};

static int by_day(const void *x, const void *y)
{
	const struct edge *a = x, *b = y;
	return a->day < b->day ? -1 : a->day > b->day;
}

static int32_t add_edges(const struct plan_calendar *c, struct edge *edges, int32_t n)
{
	for (int32_t i = 0; i < c->nexceptions; i++) {
		edges[n++] = (struct edge){c->exceptions[i].from.day, 1};
		edges[n++] = (struct edge){c->exceptions[i].to.day + 1, -1};
	}
	for (int32_t i = 0; i < c->nweeks; i++) {
		edges[n++] = (struct edge){c->weeks[i].from.day, 1};
		edges[n++] = (struct edge){c->weeks[i].to.day + 1, -1};
	}
	return n;
}

struct day_span *calendar_spans(struct arena *a, const struct plan *plan, const int32_t *calendars,
	int32_t ncalendars, int32_t *n)
{
	int32_t most = 0, nedges = 0, covered = 0;

	for (int32_t i = 0; i < ncalendars; i++)
		for (int32_t c = calendars[i], depth = 0; c >= 0 && depth < DEPTH_MAX;
			 c = plan->calendars[c].base, depth++)
			most += 2 * (plan->calendars[c].nexceptions + plan->calendars[c].nweeks);
	struct edge *edges = ARENA_ARRAY(a, struct edge, (size_t)most + 1);
	struct day_span *spans = ARENA_ARRAY(a, struct day_span, (size_t)most + 1);
	for (int32_t i = 0; i < ncalendars; i++)
		for (int32_t c = calendars[i], depth = 0; c >= 0 && depth < DEPTH_MAX;
			 c = plan->calendars[c].base, depth++)
			nedges = add_edges(&plan->calendars[c], edges, nedges);
	qsort(edges, (size_t)nedges, sizeof(*edges), by_day);
	*n = 0;
	for (int32_t i = 0; i < nedges;) {
		int32_t day = edges[i].day;
		while (i < nedges && edges[i].day == day)
			covered += edges[i++].step;
		if (covered > 0 && i < nedges)
			spans[(*n)++] = (struct day_span){{day}, {edges[i].day - 1}};
	}
	return spans;
}

struct day_shifts day_union(struct arena *a, const struct day_shifts *x, const struct day_shifts *y)
{
	struct shift *all = ARENA_ARRAY(a, struct shift, (size_t)(x->n + y->n) + 1);
	int32_t n = 0, i = 0, j = 0;

	while (i < x->n || j < y->n) {
		bool first = j == y->n || (i < x->n && x->shifts[i].from <= y->shifts[j].from);
		struct shift s = first ? x->shifts[i++] : y->shifts[j++];
		if (n && s.from <= all[n - 1].to) {
			if (s.to > all[n - 1].to)
				all[n - 1].to = s.to;
		} else {
			all[n++] = s;
		}
	}
	return (struct day_shifts){n, all};
}

bool day_shifts_equal(const struct day_shifts *x, const struct day_shifts *y)
{
	if (x->n != y->n)
		return false;
	for (int32_t i = 0; i < x->n; i++)
		if (x->shifts[i].from != y->shifts[i].from || x->shifts[i].to != y->shifts[i].to)
			return false;
	return true;
}

void calendar_assume_week(struct plan_calendar *c, struct findings *found, int32_t subject)
{
	static const struct shift day[] = {{480, 960}};

	memset(c->week, 0, sizeof(c->week));
	c->stated = 0x7f;
	c->nexceptions = 0;
	for (int d = 0; d < 5; d++)
		c->week[d] = (struct day_shifts){1, day};
	finding_add(found, "X001", ON_CALENDAR, subject, c->name, NULL, NULL);
}
