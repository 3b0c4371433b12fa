/*
 * Crews with calendars of their own. A task that uses them works when its own calendar and all of theirs do: here such
 * calendars are met into one, so that dates come out exact by the rules every task follows; and for the search they
 * become tables of slots that count (crew/crew.h).
 */
#include "sched/level_parts.h"

struct meeting {
	struct arena *a;
	struct plan *plan;             /* ours to add to */
	const struct worktime **works; /* of its calendars */
	int32_t nbefore;               /* calendars it had */
	int32_t *of, *with;            /* [ncalendars - nbefore] what met */
};

static const struct worktime_pattern *pattern_of(const struct worktime *w, int32_t day)
{
	uint32_t row = (uint32_t)day - (uint32_t)w->first_day;
	int32_t weekday = (day + 3) % 7; /* 1970-01-01 was a Thursday */

	return &w->patterns[row < (uint32_t)w->ndays ? w->days[row].pattern
												 : w->week[weekday < 0 ? weekday + 7 : weekday]];
}

/* When both work, in minutes. */
static struct day_shifts meet_day(
	struct arena *a, const struct worktime_pattern *x, const struct worktime_pattern *y)
{
	struct shift *shifts = ARENA_ARRAY(a, struct shift, (size_t)(x->n + y->n) + 1);
	int32_t n = 0;

	for (int32_t i = 0, k = 0; i < x->n && k < y->n;) {
		int32_t from = x->periods[i].from > y->periods[k].from ? x->periods[i].from
															   : y->periods[k].from,
				to = x->periods[i].to < y->periods[k].to ? x->periods[i].to : y->periods[k].to;
		if (from < to)
			shifts[n++] = (struct shift){
				(int16_t)(from / TICKS_PER_MINUTE), (int16_t)(to / TICKS_PER_MINUTE)};
		if (x->periods[i].to < y->periods[k].to)
			i++;
		else
			k++;
	}
	return (struct day_shifts){n, shifts};
}

static bool same_day(const struct day_shifts *x, const struct day_shifts *y)
{
	return x->n == y->n &&
		(x->n == 0 || memcmp(x->shifts, y->shifts, sizeof(*x->shifts) * (size_t)x->n) == 0);
}

static struct plan_calendar meet(
	struct arena *a, const struct plan *plan, const struct worktime **works, int32_t x, int32_t y)
{
	const struct worktime *w = works[x], *v = works[y];
	int32_t first = w->first_day < v->first_day ? w->first_day : v->first_day,
			end = w->first_day + w->ndays > v->first_day + v->ndays ? w->first_day + w->ndays
																	: v->first_day + v->ndays;
	struct plan_calendar c = {
		.id = arena_printf(a, "%s+%s", plan->calendars[x].id, plan->calendars[y].id),
		.name = arena_printf(a, "%s + %s", plan->calendars[x].name, plan->calendars[y].name),
		.base = -1,
		.stated = 127,
		.day_minutes = plan->calendars[x].day_minutes,
		.week_minutes = plan->calendars[x].week_minutes,
		.provisional_from = plan->calendars[x].provisional_from,
		.exceptions = ARENA_ARRAY(a, struct calendar_exception, (size_t)(end - first) + 1)};

	for (int d = 0; d < 7; d++)
		c.week[d] = meet_day(a, &w->patterns[w->week[d]], &v->patterns[v->week[d]]);
	for (int32_t day = first; day < end; day++) {
		struct day_shifts shifts = meet_day(a, pattern_of(w, day), pattern_of(v, day));
		struct calendar_exception *last =
			c.nexceptions > 0 ? &c.exceptions[c.nexceptions - 1] : NULL;
		if (same_day(&shifts, &c.week[((day + 3) % 7 + 7) % 7]))
			continue;
		if (last && last->to.day == day - 1 && same_day(&last->day, &shifts))
			last->to.day = day;
		else
			c.exceptions[c.nexceptions++] = (struct calendar_exception){{day}, {day}, shifts, ""};
	}
	return c;
}

/* The number of the calendar on which both work; that of one of them if it is the other's part. */
static int32_t met(struct meeting *m, int32_t x, int32_t y)
{
	struct plan *plan = m->plan;

	if (m->works[x] == m->works[y])
		return x;
	for (int32_t k = m->nbefore; k < plan->ncalendars; k++)
		if (m->of[k - m->nbefore] == x && m->with[k - m->nbefore] == y)
			return k;
	int32_t k = plan->ncalendars;
	plan->calendars[k] = meet(m->a, plan, m->works, x, y);
	m->works[k] = worktime_compile(m->a, plan, k, (struct date){m->works[x]->first_day},
		(struct date){m->works[x]->first_day + m->works[x]->ndays - 3});
	m->of[k - m->nbefore] = x;
	m->with[k - m->nbefore] = y;
	plan->ncalendars++;
	return k;
}

const struct plan *level_meet_calendars(struct arena *a, const struct plan *given,
	const struct level_needs *needs, struct findings *found)
{
	struct plan *plan = ARENA_NEW(a, struct plan);
	int32_t wanted = 0, room;

	for (int32_t i = 0; i < needs->first[given->ntasks]; i++)
		wanted += given->resources[needs->items[i].resource].calendar >= 0;
	if (wanted == 0)
		return given;
	room = given->ncalendars + wanted;
	*plan = *given;
	plan->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)plan->ntasks);
	memcpy(plan->tasks, given->tasks, sizeof(*plan->tasks) * (size_t)plan->ntasks);
	plan->calendars = ARENA_ARRAY(a, struct plan_calendar, (size_t)room);
	memcpy(plan->calendars, given->calendars, sizeof(*plan->calendars) * (size_t)plan->ncalendars);
	struct meeting m = {a, plan, arena_array(a, (size_t)room + 1, sizeof(*m.works)),
		plan->ncalendars, ARENA_ARRAY(a, int32_t, (size_t)wanted),
		ARENA_ARRAY(a, int32_t, (size_t)wanted)};
	memcpy(m.works, worktime_compile_all(a, given), sizeof(*m.works) * (size_t)given->ncalendars);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		int32_t own = level_heeds_calendars(given, i) ? plan_task_calendar(given, &given->tasks[i])
													  : -1,
				now = own;
		for (int32_t k = needs->first[i]; own >= 0 && k < needs->first[i + 1]; k++) {
			int32_t c = plan->resources[needs->items[k].resource].calendar;
			int32_t next = c >= 0 ? met(&m, now, c) : now;
			if (m.works[next]->never_works && !m.works[now]->never_works) {
				finding_add(found, "L003", ON_TASK, i, plan->tasks[i].code,
					plan->resources[needs->items[k].resource].name, NULL);
				continue; /* planned without regard to that one */
			}
			now = next;
		}
		if (now != own)
			plan->tasks[i].calendar = now;
	}
	return plan;
}

bool level_part_of(const struct worktime *part, const struct worktime *whole)
{
	if (part == whole || whole->around_the_clock)
		return true;
	int32_t first = part->first_day < whole->first_day ? part->first_day : whole->first_day,
			end = part->first_day + part->ndays > whole->first_day + whole->ndays
		? part->first_day + part->ndays
		: whole->first_day + whole->ndays;
	for (int32_t day = first; day < end + 7; day++) { /* a plain week after the tables */
		const struct worktime_pattern *x = pattern_of(part, day), *y = pattern_of(whole, day);
		int32_t k = 0;
		for (int32_t i = 0; i < x->n; i++) {
			while (k < y->n && y->periods[k].to < x->periods[i].to)
				k++;
			if (k == y->n || y->periods[k].from > x->periods[i].from)
				return false;
		}
	}
	return true;
}

bool level_meets(
	const struct level_problem *p, int32_t node, const struct plan_need *needs, int32_t n)
{
	bool meets = true;

	for (int32_t k = 0; k < n && level_heeds_calendars(p->given, p->net->nodes[node].task); k++) {
		int32_t c = p->given->resources[needs[k].resource].calendar;
		meets &= c < 0 || level_part_of(cpm_calendar(&p->cpm, node), p->net->calendars[c]);
	}
	return meets;
}

enum { MOST_TABLED = 1000000 }; /* slots; past them everybody is taken to work */

/* As far as work one after the other may reach. */
static struct crew_calendar tabled(
	struct arena *a, const struct level_problem *p, const struct worktime *w, int64_t work)
{
	int32_t room = 1024, n = 0, start = worktime_at(p->line, p->origin),
			*before = ARENA_ARRAY(a, int32_t, 1024);

	while (n + 1 < MOST_TABLED && before[n] < work) {
		int64_t at = start + (int64_t)(n + 1) * p->slot_work;
		if (at > WORK_FAR)
			break;
		if (n + 1 == room) {
			before = arena_grow(a, before, (size_t)room, (size_t)room * 2, sizeof(*before));
			room *= 2;
		}
		before[++n] =
			worktime_between(w, p->origin, worktime_finish(p->line, (int32_t)at)) / p->slot_work;
	}
	return (struct crew_calendar){n, before};
}

void level_make_rests(struct arena *a, struct level_problem *p)
{
	const struct network *net = p->net;
	int32_t *calendar = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n), n = 0;
	int32_t *number = ARENA_ARRAY(a, int32_t, (size_t)net->plan->ncalendars + 1);
	struct crew_calendar *all =
		ARENA_ARRAY(a, struct crew_calendar, (size_t)net->plan->ncalendars + 1);
	int64_t work = 0;

	for (int32_t k = 0; k < p->crew.n; k++)
		work += p->crew.duration[k];
	for (int32_t l = 0; l < p->crew.nlinks; l++)
		work += p->crew.links[l].lag > 0 ? p->crew.links[l].lag : 0;
	calendar[0] = -1;
	for (int32_t k = 1; k < p->crew.n; k++) {
		int32_t c = net->nodes[p->node[k]].calendar;
		calendar[k] = -1;
		if (net->calendars[c] == p->line)
			continue;
		if (number[c] == 0) {
			all[n] = tabled(a, p, net->calendars[c], work);
			number[c] = ++n;
		}
		calendar[k] = number[c] - 1;
	}
	if (n == 0)
		return;
	p->crew.calendar = calendar;
	p->crew.ncalendars = n;
	p->crew.calendars = all;
}
