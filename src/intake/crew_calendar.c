#include "intake/crew_calendar.h"

#include <stdlib.h>

#include "base/map.h"
#include "intake/calendar_days.h"

/* A task's crews: a list of the calendars of its labour. */
struct crew {
	int32_t calendar, next;
};

static void unite(struct arena *a, const struct plan *plan, const int32_t *calendars, int32_t n,
	struct plan_calendar *out)
{
	struct day_shifts week[7];
	struct str name = STR_INIT;
	int32_t nspans;

	out->stated = 0x7f;
	for (int32_t i = 0; i < n; i++) {
		calendar_week_of(plan, calendars[i], week);
		for (int d = 0; d < 7; d++)
			out->week[d] = day_union(a, &out->week[d], &week[d]);
		str_printf(&name, "%s%s", i ? " + " : "", plan->calendars[calendars[i]].name);
	}
	const struct day_span *spans = calendar_spans(a, plan, calendars, n, &nspans);
	out->weeks = ARENA_ARRAY(a, struct calendar_week, (size_t)nspans + 1);
	for (; out->nweeks < nspans; out->nweeks++) {
		struct calendar_week *w = &out->weeks[out->nweeks];
		*w = (struct calendar_week){.from = spans[out->nweeks].from,
			.to = spans[out->nweeks].to,
			.stated = 0x7f,
			.name = ""};
		for (int32_t i = 0; i < n; i++)
			for (int d = 0; d < 7; d++) {
				struct day_shifts day = calendar_day(plan, calendars[i], w->from, d);
				w->days[d] = day_union(a, &w->days[d], &day);
			}
	}
	out->name = arena_text(a, str_view(&name));
	str_free(&name);
}

static int by_number(const void *x, const void *y)
{
	int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
	return a < b ? -1 : a > b;
}

/* The united calendar of this set, made the first time it is met; -1: too many of them. */
static int32_t united(struct arena *a, struct plan *plan, struct map *made, int32_t *room,
	const int32_t *set, int32_t n)
{
	struct slice key = {(const char *)set, (size_t)n * sizeof(*set)};
	int32_t found = map_get(made, key);

	if (found >= 0)
		return found;
	if (map_count(made) == LIMIT_UNITED_CALENDARS)
		return -1;
	if (plan->ncalendars == *room) {
		int32_t more = *room + *room / 2 + 8;
		plan->calendars =
			arena_grow(a, plan->calendars, (size_t)*room, (size_t)more, sizeof(*plan->calendars));
		*room = more;
	}
	found = plan->ncalendars;
	struct plan_calendar c = {.id = arena_printf(a, "united-%zu", map_count(made) + 1),
		.base = -1,
		.united = true,
		.provisional_from = DATE_NONE,
		.day_minutes = plan->calendars[set[0]].day_minutes,
		.week_minutes = plan->calendars[set[0]].week_minutes};
	unite(a, plan, set, n, &c);
	plan->calendars[plan->ncalendars++] = c;
	map_put(made, key, found);
	return found;
}

/* The different calendars of the task's labour, in ascending order. */
static int32_t set_of(const struct crew *crews, int32_t first, int32_t *set)
{
	int32_t n = 0, kept = 0;

	for (int32_t i = first; i >= 0; i = crews[i].next)
		set[n++] = crews[i].calendar;
	qsort(set, (size_t)n, sizeof(*set), by_number);
	for (int32_t i = 0; i < n; i++)
		if (i == 0 || set[i] != set[i - 1])
			set[kept++] = set[i];
	return kept;
}

bool plan_find_crew_calendars(struct arena *a, struct plan *plan, struct err *err)
{
	struct crew *crews = ARENA_ARRAY(a, struct crew, (size_t)plan->nassignments + 1);
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 1);
	int32_t *set = ARENA_ARRAY(a, int32_t, (size_t)plan->nassignments + 1);
	int32_t ncrews = 0, room = plan->ncalendars;
	struct map *made = map_open();
	bool fine = true;

	for (int32_t i = 0; i < plan->ntasks; i++)
		first[i] = -1;
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		const struct plan_resource *r = x->resource >= 0 ? &plan->resources[x->resource] : NULL;
		/* A crew without a calendar works by the project's. */
		int32_t calendar = r && r->calendar >= 0
			? r->calendar
			: plan->projects[plan->tasks[x->task].project].calendar;
		if (!r || r->kind != RESOURCE_LABOUR || calendar < 0)
			continue;
		crews[ncrews] = (struct crew){calendar, first[x->task]};
		first[x->task] = ncrews++;
	}
	for (int32_t i = 0; i < plan->ntasks && fine; i++) {
		struct plan_task *t = &plan->tasks[i];
		int32_t n = t->ignore_resource_calendar ? 0 : set_of(crews, first[i], set);
		t->crew_calendar = n == 0        ? -1
			: n == 1 || t->calendar >= 0 ? set[0]
										 : united(a, plan, made, &room, set, n);
		if (n > 1 && t->crew_calendar < 0)
			fine = err_set(err, ERR_LIMIT, NULL,
				"more than %d different mixtures of crews' calendars", LIMIT_UNITED_CALENDARS);
	}
	map_close(made);
	return fine;
}
