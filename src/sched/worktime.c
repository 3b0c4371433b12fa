/*
 * Compiling calendars. Each day of the table is resolved to a set of shifts (week, then work weeks, then exceptions;
 * those of the base calendar first), each pair of yesterday's overflow and today's shifts to a pattern of periods.
 * Left out: recurrences. Readers expand them into exceptions.
 */
#include "sched/worktime.h"

#define CALENDAR_DEPTH 16 /* base calendars of base calendars; more is a loop */

struct compiler {
	struct arena *a;
	const struct plan *plan;
	int32_t first, n;     /* days of the table */
	uint16_t *set_of_day; /* per tabled day: which shift set */
	int32_t nsets, set_room;
	struct day_shifts *sets;
	struct worktime_pattern *patterns;
	int32_t npatterns, pattern_room;
};

static bool shifts_equal(const struct day_shifts *a, const struct day_shifts *b)
{
	if (a->n != b->n)
		return false;
	for (int32_t i = 0; i < a->n; i++)
		if (a->shifts[i].from != b->shifts[i].from || a->shifts[i].to != b->shifts[i].to)
			return false;
	return true;
}

static uint16_t intern_shifts(struct compiler *c, const struct day_shifts *day)
{
	for (int32_t i = c->nsets - 1; i >= 0; i--)
		if (shifts_equal(&c->sets[i], day))
			return (uint16_t)i;
	if (c->nsets == c->set_room) {
		int32_t room = c->set_room ? c->set_room * 2 : 16;
		c->sets = arena_grow(c->a, c->sets, (size_t)c->set_room, (size_t)room, sizeof(*c->sets));
		c->set_room = room;
	}
	c->sets[c->nsets] = *day;
	return (uint16_t)c->nsets++;
}

static void resolve_week(
	const struct plan *plan, int32_t calendar, int depth, struct day_shifts week[7])
{
	const struct plan_calendar *cal = &plan->calendars[calendar];

	if (cal->base >= 0 && depth < CALENDAR_DEPTH)
		resolve_week(plan, cal->base, depth + 1, week);
	for (int d = 0; d < 7; d++)
		if (cal->stated >> d & 1)
			week[d] = cal->week[d];
}

static int weekday_of(int32_t day)
{
	int32_t d = (day + 3) % 7; /* 1970-01-01 was a Thursday */
	return d < 0 ? d + 7 : d;
}

static void apply_weeks(struct compiler *c, int32_t calendar, int depth)
{
	const struct plan_calendar *cal = &c->plan->calendars[calendar];

	if (cal->base >= 0 && depth < CALENDAR_DEPTH)
		apply_weeks(c, cal->base, depth + 1);
	for (int32_t i = 0; i < cal->nweeks; i++) {
		const struct calendar_week *week = &cal->weeks[i];
		uint16_t sets[7] = {0};
		for (int d = 0; d < 7; d++)
			if (week->stated >> d & 1)
				sets[d] = intern_shifts(c, &week->days[d]);
		for (int32_t day = week->from.day > c->first ? week->from.day : c->first;
			 day <= week->to.day && day < c->first + c->n; day++)
			if (week->stated >> weekday_of(day) & 1)
				c->set_of_day[day - c->first] = sets[weekday_of(day)];
	}
}

static void apply_exceptions(struct compiler *c, int32_t calendar, int depth)
{
	const struct plan_calendar *cal = &c->plan->calendars[calendar];

	if (cal->base >= 0 && depth < CALENDAR_DEPTH)
		apply_exceptions(c, cal->base, depth + 1);
	for (int32_t i = 0; i < cal->nexceptions; i++) {
		const struct calendar_exception *e = &cal->exceptions[i];
		uint16_t set = intern_shifts(c, &e->day);
		for (int32_t day = e->from.day > c->first ? e->from.day : c->first;
			 day <= e->to.day && day < c->first + c->n; day++)
			c->set_of_day[day - c->first] = set;
	}
}

static void widen(
	const struct plan *plan, int32_t calendar, int depth, int32_t *first, int32_t *last)
{
	const struct plan_calendar *cal = &plan->calendars[calendar];

	if (cal->base >= 0 && depth < CALENDAR_DEPTH)
		widen(plan, cal->base, depth + 1, first, last);
	for (int32_t i = 0; i < cal->nexceptions; i++) {
		if (cal->exceptions[i].from.day < *first)
			*first = cal->exceptions[i].from.day;
		if (cal->exceptions[i].to.day > *last)
			*last = cal->exceptions[i].to.day;
	}
	for (int32_t i = 0; i < cal->nweeks; i++) {
		if (cal->weeks[i].from.day < *first)
			*first = cal->weeks[i].from.day;
		if (cal->weeks[i].to.day > *last)
			*last = cal->weeks[i].to.day;
	}
}

/* Adds minutes from..to of the day, keeping the periods in order and merged. */
static void add_period(struct worktime_pattern *p, int32_t from, int32_t to)
{
	int32_t i = 0, j;

	from *= TICKS_PER_MINUTE;
	to *= TICKS_PER_MINUTE;
	if (from >= to)
		return;
	while (i < p->n && p->periods[i].to < from)
		i++;
	for (j = i; j < p->n && p->periods[j].from <= to; j++) {
		if (p->periods[j].from < from)
			from = p->periods[j].from;
		if (p->periods[j].to > to)
			to = p->periods[j].to;
	}
	if (j == i && p->n == WORKTIME_PERIODS)
		return; /* readers refuse days with more shifts than this */
	memmove(&p->periods[i + 1], &p->periods[j], (size_t)(p->n - j) * sizeof(p->periods[0]));
	p->n += 1 - (j - i);
	p->periods[i].from = from;
	p->periods[i].to = to;
}

static uint16_t intern_pattern(
	struct compiler *c, const struct day_shifts *yesterday, const struct day_shifts *today)
{
	struct worktime_pattern p = {0};

	for (int32_t i = 0; i < yesterday->n; i++)
		if (yesterday->shifts[i].to > MINUTES_PER_DAY)
			add_period(&p,
				yesterday->shifts[i].from > MINUTES_PER_DAY
					? yesterday->shifts[i].from - MINUTES_PER_DAY
					: 0,
				yesterday->shifts[i].to - MINUTES_PER_DAY);
	for (int32_t i = 0; i < today->n; i++)
		add_period(&p, today->shifts[i].from,
			today->shifts[i].to < MINUTES_PER_DAY ? today->shifts[i].to : MINUTES_PER_DAY);
	for (int32_t i = 0; i < p.n; i++) {
		p.periods[i].before = p.work;
		p.work += p.periods[i].to - p.periods[i].from;
	}
	for (int32_t i = c->npatterns - 1; i >= 0; i--)
		if (memcmp(&c->patterns[i], &p, sizeof(p)) == 0)
			return (uint16_t)i;
	if (c->npatterns == c->pattern_room) {
		int32_t room = c->pattern_room ? c->pattern_room * 2 : 8;
		c->patterns = arena_grow(
			c->a, c->patterns, (size_t)c->pattern_room, (size_t)room, sizeof(*c->patterns));
		c->pattern_room = room;
	}
	c->patterns[c->npatterns] = p;
	return (uint16_t)c->npatterns++;
}

/* For each bucket of 1 << shift the last stretch that starts no later than it does; `starts` are those of n of them. */
static const int32_t *index_starts(
	struct arena *a, const int32_t *starts, int32_t n, int32_t length, int32_t *shift)
{
	while (*shift < 14 && (2 << *shift) <= length / n)
		++*shift;
	int32_t nbuckets = (length >> *shift) + 1, b = 0;
	int32_t *of = ARENA_ARRAY(a, int32_t, (size_t)nbuckets);
	for (int32_t k = 0; k < n; k++)
		for (int32_t end = k + 1 < n ? ((starts[k + 1] - 1) >> *shift) + 1 : nbuckets; b < end; b++)
			of[b] = k;
	return of;
}

/* The first stretch begins with the table, whether it works there or not; after the last one stands the table's end. */
static void index_work(struct arena *a, struct worktime *w)
{
	int32_t total = w->days[w->ndays].before, room = 2, n = 1;

	for (int32_t d = 0; d < w->ndays; d++)
		room += w->patterns[w->days[d].pattern].n;
	struct work_stretch *stretches = ARENA_ARRAY(a, struct work_stretch, (size_t)room);
	int32_t *starts = ARENA_ARRAY(a, int32_t, (size_t)room);
	w->first_tick = w->first_day * TICKS_PER_DAY;
	w->nticks = (uint32_t)w->ndays * TICKS_PER_DAY;
	stretches[0].from = w->first_tick;
	for (int32_t d = 0; d < w->ndays; d++) {
		const struct worktime_pattern *p = &w->patterns[w->days[d].pattern];
		for (int32_t i = 0; i < p->n; i++) {
			int32_t before = w->days[d].before + p->periods[i].before,
					from = w->first_tick + d * TICKS_PER_DAY + p->periods[i].from;
			if (from - before != stretches[n - 1].from - stretches[n - 1].before)
				stretches[n++] = (struct work_stretch){before, from};
		}
	}
	stretches[n] = (struct work_stretch){total, w->first_tick + (int32_t)w->nticks};
	w->stretches = stretches;
	for (int32_t k = 0; k < n; k++)
		starts[k] = stretches[k].before;
	w->of_work = index_starts(a, starts, n, total, &w->work_shift);
	for (int32_t k = 0; k < n; k++)
		starts[k] = stretches[k].from - w->first_tick;
	w->of_tick = index_starts(a, starts, n, (int32_t)w->nticks, &w->tick_shift);
}

static void table_days(
	struct compiler *c, struct worktime *w, int32_t calendar, const uint16_t week_set[7])
{
	struct worktime_day *days = ARENA_ARRAY(c->a, struct worktime_day, (size_t)c->n + 1);
	struct {
		int32_t pair;
		uint16_t pattern;
	} known[64]; /* of a few kinds of days only a few stand side by side, again and again */

	for (size_t i = 0; i < countof(known); i++)
		known[i].pair = -1;
	for (int32_t i = 0; i < c->n; i++)
		c->set_of_day[i] = week_set[i % 7]; /* the table starts on a Monday */
	if (calendar >= 0) {
		apply_weeks(c, calendar, 0);
		apply_exceptions(c, calendar, 0);
	}
	for (int32_t i = 0; i < c->n; i++) {
		uint16_t yesterday = i > 0 ? c->set_of_day[i - 1] : week_set[6], today = c->set_of_day[i];
		int32_t pair = yesterday << 16 | today;
		size_t slot = (size_t)(yesterday * 7 + today) % countof(known);
		if (known[slot].pair != pair) {
			known[slot].pair = pair;
			known[slot].pattern = intern_pattern(c, &c->sets[yesterday], &c->sets[today]);
		}
		days[i].pattern = known[slot].pattern;
		days[i + 1].before = days[i].before + c->patterns[known[slot].pattern].work;
	}
	w->days = days;
}

const struct worktime *worktime_compile(
	struct arena *a, const struct plan *plan, int32_t calendar, struct date from, struct date to)
{
	static const struct shift all_day = {0, MINUTES_PER_DAY};
	struct compiler c = {.a = a, .plan = plan};
	struct worktime *w = ARENA_NEW(a, struct worktime);
	struct day_shifts week[7] = {{0}};
	uint16_t week_set[7];
	int32_t first = from.day, last = to.day;

	w->provisional_from = INT32_MAX;
	if (calendar >= 0) {
		resolve_week(plan, calendar, 0, week);
		widen(plan, calendar, 0, &first, &last);
		if (!date_is_none(plan->calendars[calendar].provisional_from))
			w->provisional_from = moment_of(plan->calendars[calendar].provisional_from, 0).tick;
	} else {
		for (int d = 0; d < 7; d++)
			week[d] = (struct day_shifts){1, &all_day};
	}
	if (first < PLAN_FIRST_DAY)
		first = PLAN_FIRST_DAY;
	if (last > PLAN_LAST_DAY)
		last = PLAN_LAST_DAY;
	if (last < first)
		last = first;
	first -= weekday_of(first);
	c.first = w->first_day = first;
	c.n = w->ndays =
		(last + 2 - first + 6) / 7 * 7; /* whole weeks, and a day for a night shift's end */
	c.set_of_day = ARENA_ARRAY(a, uint16_t, (size_t)c.n);
	for (int d = 0; d < 7; d++)
		week_set[d] = intern_shifts(&c, &week[d]);
	table_days(&c, w, calendar, week_set);
	w->around_the_clock = true;
	for (int d = 0; d < 7; d++) {
		w->week[d] = intern_pattern(&c, &week[(d + 6) % 7], &week[d]);
		w->week_before[d + 1] = w->week_before[d] + c.patterns[w->week[d]].work;
	}
	for (int32_t i = 0; i < c.npatterns; i++)
		w->around_the_clock &= c.patterns[i].work == TICKS_PER_DAY;
	w->patterns = c.patterns;
	w->npatterns = c.npatterns;
	w->never_works = w->days[w->ndays].before == 0 && w->week_before[7] == 0;
	index_work(a, w);
	return w;
}

static bool same_calendar(const struct plan_calendar *a, const struct plan_calendar *b)
{
	if (a->base != b->base || a->stated != b->stated || a->nexceptions != b->nexceptions ||
		a->nweeks || b->nweeks || a->provisional_from.day != b->provisional_from.day)
		return false;
	for (int d = 0; d < 7; d++)
		if (a->stated >> d & 1 && !shifts_equal(&a->week[d], &b->week[d]))
			return false;
	for (int32_t i = 0; i < a->nexceptions; i++)
		if (a->exceptions[i].from.day != b->exceptions[i].from.day ||
			a->exceptions[i].to.day != b->exceptions[i].to.day ||
			!shifts_equal(&a->exceptions[i].day, &b->exceptions[i].day))
			return false;
	return true;
}

static void reach(struct moment m, int32_t *first, int32_t *last)
{
	if (moment_is_none(m))
		return;
	int32_t day = moment_date(m).day;
	if (day < *first)
		*first = day;
	if (day > *last)
		*last = day;
}

const struct worktime **worktime_compile_all(struct arena *a, const struct plan *plan)
{
	const struct worktime **all = arena_array(a, (size_t)plan->ncalendars + 1, sizeof(*all));
	int32_t first = INT32_MAX, last = INT32_MIN;

	for (int32_t i = 0; i < plan->nprojects; i++) {
		reach(plan->projects[i].start, &first, &last);
		reach(plan->projects[i].data_date, &first, &last);
		reach(plan->projects[i].must_finish, &first, &last);
	}
	if (first > last)
		first = last = 0;
	/* Most dates fall into the years after the start; what lies beyond is computed from the week. */
	struct date from = {first - 366},
				to = {last + 4 * 366 + (plan->ntasks / 64 < 20000 ? plan->ntasks / 64 : 20000)};
	for (int32_t i = 0; i < plan->ncalendars; i++) {
		for (int32_t j = 0; j < i && j < 64 && !all[i]; j++)
			if (same_calendar(&plan->calendars[i], &plan->calendars[j]))
				all[i] = all[j];
		if (!all[i])
			all[i] = worktime_compile(a, plan, i, from, to);
	}
	all[plan->ncalendars] = worktime_compile(a, plan, -1, from, to);
	return all;
}

/* ---- Beyond the table the week repeats ----------------------------------------------------------------------- */

static int32_t floor_div(int32_t a, int32_t b)
{
	return a / b - (a % b < 0);
}

/* Work of one day before a tick of that day, and back. */
static int32_t work_in_day(const struct worktime_pattern *p, int32_t tick)
{
	int32_t work = 0;

	for (int32_t i = 0; i < p->n && p->periods[i].from < tick; i++)
		work = p->periods[i].before + (tick < p->periods[i].to ? tick : p->periods[i].to) -
			p->periods[i].from;
	return work;
}
static int32_t tick_in_day(const struct worktime_pattern *p, int32_t work)
{
	int32_t i = 0;

	while (i + 1 < p->n && p->periods[i + 1].before <= work)
		i++;
	return p->periods[i].from + work - p->periods[i].before;
}

int32_t worktime_at_outside(const struct worktime *w, int32_t tick)
{
	int32_t day = floor_div(tick, TICKS_PER_DAY), in_day = tick - day * TICKS_PER_DAY;
	bool after = day >= w->first_day + w->ndays;
	int32_t from_edge = day - w->first_day - (after ? w->ndays : 0);
	int32_t week = floor_div(from_edge, 7), weekday = from_edge - week * 7;
	int64_t work = (int64_t)week * w->week_before[7] + w->week_before[weekday] +
		(after ? w->days[w->ndays].before : 0) +
		work_in_day(&w->patterns[w->week[weekday]], in_day);

	return work > WORK_FAR ? WORK_FAR : work < -WORK_FAR ? -WORK_FAR : (int32_t)work;
}

int32_t worktime_start_outside(const struct worktime *w, int32_t work)
{
	bool after = work >= w->days[w->ndays].before;
	int32_t rest = work - (after ? w->days[w->ndays].before : 0);
	int32_t edge = w->first_day + (after ? w->ndays : 0), week, weekday = 0;

	if (w->week_before[7] == 0)
		return after ? TICK_FAR : -TICK_FAR;
	week = floor_div(rest, w->week_before[7]);
	rest -= week * w->week_before[7];
	while (w->week_before[weekday + 1] <= rest)
		weekday++;
	int64_t tick = ((int64_t)edge + (int64_t)week * 7 + weekday) * TICKS_PER_DAY +
		tick_in_day(&w->patterns[w->week[weekday]], rest - w->week_before[weekday]);
	return tick > TICK_FAR ? TICK_FAR : tick < -TICK_FAR ? -TICK_FAR : (int32_t)tick;
}

bool worktime_works(const struct worktime *w, int32_t tick, int32_t *until)
{
	int32_t day = moment_date((struct moment){tick}).day, at = tick - day * TICKS_PER_DAY,
			change = TICKS_PER_DAY;
	uint32_t row = (uint32_t)day - (uint32_t)w->first_day;
	const struct worktime_pattern *p =
		&w->patterns[row < (uint32_t)w->ndays ? w->days[row].pattern : w->week[weekday_of(day)]];
	bool works = false;

	for (int32_t i = p->n - 1; i >= 0; i--) {
		if (at < p->periods[i].from)
			change = p->periods[i].from;
		else if (at < p->periods[i].to) {
			works = true;
			change = p->periods[i].to;
			break;
		} else
			break;
	}
	change += day * TICKS_PER_DAY;
	*until = change < *until ? change : *until;
	return works;
}
