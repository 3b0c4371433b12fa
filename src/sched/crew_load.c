/*
 * The load of a crew is a sum of steps: up where a task takes it, down where it lets go. The same goes for what there is
 * of it. Sorted by time they give the spans, and spans give stretches and days.
 */
#include "sched/crew_load.h"

#include "sched/level_parts.h"

struct step {
	int32_t tick, used, has; /* what changes here */
};

struct steps {
	struct arena *a;
	struct step *items;
	int32_t n, room;
};

/* One assignment of the crew that has dates. */
struct taking {
	int32_t task, units, from, to, work;
	const struct worktime *works;
	bool heeds; /* the crew's calendar */
};

static void step(struct steps *s, int32_t tick, int32_t used, int32_t has)
{
	if (s->n == s->room) {
		int32_t room = s->room * 2 + 64;
		s->items = arena_grow(s->a, s->items, (size_t)s->room, (size_t)room, sizeof(*s->items));
		s->room = room;
	}
	s->items[s->n++] = (struct step){tick, used, has};
}

static int32_t earlier(int32_t a, int32_t b)
{
	return a < b ? a : b;
}

/* The stretches in which the crew works, or else the task, if it does not rest with the crew. */
static void take(struct steps *s, const struct taking *t, const struct worktime *crew)
{
	bool taken = false,
		 rests = crew && (!t->heeds || level_done_with(t->works, crew, t->from, t->to) >= t->work);

	for (int32_t tick = t->from; tick < t->to;) {
		int32_t crew_until = t->to, task_until = t->to;
		bool now = !crew || worktime_works(crew, tick, &crew_until);
		if (!now && !rests)
			now = worktime_works(t->works, tick, &task_until);
		if (now != taken)
			step(s, tick, now ? t->units : -t->units, 0);
		taken = now;
		tick = earlier(t->to, earlier(crew_until, task_until));
	}
	if (taken)
		step(s, t->to, -t->units, 0);
}

static void have(struct steps *s, const struct plan_resource *r, const struct worktime *crew,
	int32_t from, int32_t to)
{
	bool there = false;

	for (int32_t tick = from; tick < to;) {
		int32_t until = to;
		bool now = !crew || worktime_works(crew, tick, &until);
		if (now != there)
			step(s, tick, 0, now ? r->capacity_permille : -r->capacity_permille);
		there = now;
		tick = earlier(to, until);
	}
	if (there)
		step(s, to, 0, -r->capacity_permille);
}

/* Who is away is subtracted afterwards: there is never less than nobody. */
static int32_t away_at(const struct plan_resource *r, int32_t tick)
{
	int64_t away = 0;

	for (int32_t k = 0; k < r->nabsences; k++)
		if (r->absences[k].from.tick <= tick && tick < r->absences[k].to.tick)
			away += r->absences[k].units_permille;
	return away < r->capacity_permille ? (int32_t)away : r->capacity_permille;
}

static int by_tick(const void *x, const void *y)
{
	const struct step *a = x, *b = y;
	return (a->tick > b->tick) - (a->tick < b->tick);
}

static int by_start(const void *x, const void *y)
{
	const struct taking *a = x, *b = y;
	return a->from != b->from ? (a->from < b->from ? -1 : 1)
							  : (a->task > b->task) - (a->task < b->task);
}

static void make_spans(struct arena *a, const struct plan_resource *r, struct steps *s, int32_t end,
	struct crew_load *out)
{
	struct crew_span *spans = ARENA_ARRAY(a, struct crew_span, (size_t)s->n + 1);
	int32_t used = 0, has = 0, n = 0;

	level_sort(s->items, (size_t)s->n, sizeof(*s->items), by_tick);
	for (int32_t k = 0; k < s->n;) {
		int32_t tick = s->items[k].tick;
		for (; k < s->n && s->items[k].tick == tick; k++) {
			used += s->items[k].used;
			has += s->items[k].has;
		}
		int32_t left = has - away_at(r, tick) > 0 ? has - away_at(r, tick) : 0;
		if (tick >= end ||
			(n > 0 && spans[n - 1].used_permille == used && spans[n - 1].has_permille == left))
			continue;
		spans[n++] =
			(struct crew_span){.from = {tick}, .used_permille = used, .has_permille = left};
		out->peak_permille = used > out->peak_permille ? used : out->peak_permille;
	}
	for (int32_t k = 0; k < n; k++)
		spans[k].to.tick = k + 1 < n ? spans[k + 1].from.tick : end;
	out->spans = spans;
	out->nspans = n;
}

static void make_overuses(
	struct arena *a, const struct taking *takings, int32_t ntakings, struct crew_load *out)
{
	struct crew_overuse *all = ARENA_ARRAY(a, struct crew_overuse, (size_t)out->nspans + 1),
						*x = NULL;

	for (int32_t k = 0; k < out->nspans; k++) {
		const struct crew_span *s = &out->spans[k];
		if (s->used_permille <= s->has_permille) {
			x = NULL;
			continue;
		}
		if (!x) {
			x = &all[out->noveruses++];
			x->from = s->from;
		}
		x->to = s->to;
		if (s->used_permille - s->has_permille > x->used_permille - x->has_permille) {
			x->used_permille = s->used_permille;
			x->has_permille = s->has_permille;
		}
	}
	for (int32_t k = 0; k < out->noveruses; k++) {
		int32_t *tasks = ARENA_ARRAY(a, int32_t, (size_t)ntakings);
		x = &all[k];
		for (int32_t i = 0; i < ntakings; i++)
			if (takings[i].from < x->to.tick && x->from.tick < takings[i].to &&
				(x->ntasks == 0 || tasks[x->ntasks - 1] != takings[i].task))
				tasks[x->ntasks++] = takings[i].task;
		x->tasks = tasks;
	}
	out->overuses = all;
}

static int32_t day_of(int32_t tick)
{
	return moment_date((struct moment){tick}).day;
}

/* Nobody counts hands on a Sunday when nobody works. */
static void make_days(
	struct arena *a, const struct taking *takings, int32_t ntakings, struct crew_load *out)
{
	int32_t first = day_of(out->spans[0].from.tick),
			last = day_of(out->spans[out->nspans - 1].to.tick - 1);
	bool *works = ARENA_ARRAY(a, bool, (size_t)(last - first) + 1);
	struct crew_day *days = ARENA_ARRAY(a, struct crew_day, (size_t)(last - first) + 1);

	for (int32_t i = 0; i < ntakings; i++)
		for (int32_t d = day_of(takings[i].from); d <= day_of(takings[i].to - 1); d++) {
			int32_t from = d * TICKS_PER_DAY, to = from + TICKS_PER_DAY;
			from = takings[i].from > from ? takings[i].from : from;
			works[d - first] |=
				worktime_between(takings[i].works, from, earlier(to, takings[i].to)) > 0;
		}
	for (int32_t d = first, k = 0; d <= last; d++) {
		struct crew_day day = {.day = {d}};
		while (out->spans[k].to.tick <= d * TICKS_PER_DAY)
			k++;
		for (int32_t j = k; j < out->nspans && out->spans[j].from.tick < (d + 1) * TICKS_PER_DAY;
			 j++) {
			const struct crew_span *s = &out->spans[j];
			int32_t more =
				s->used_permille - s->has_permille - day.used_permille + day.has_permille;
			if (s->used_permille > 0 &&
				(day.used_permille == 0 || more > 0 ||
					(more == 0 && s->used_permille > day.used_permille))) {
				day.used_permille = s->used_permille;
				day.has_permille = s->has_permille;
			}
		}
		if (works[d - first] && day.used_permille > 0)
			days[out->ndays++] = day;
	}
	out->days = days;
}

static const struct worktime *calendar_of(
	const struct plan *plan, const struct worktime **calendars, const struct plan_task *t)
{
	int32_t c = t->duration_elapsed ? -1 : plan_task_calendar(plan, t);
	return calendars[c >= 0 ? c : plan->ncalendars];
}

static void load_of(struct arena *a, const struct plan *plan, const struct worktime **calendars,
	int32_t resource, struct taking *takings, int32_t n, struct crew_load *out)
{
	const struct plan_resource *r = &plan->resources[resource];
	const struct worktime *crew = r->calendar >= 0 ? calendars[r->calendar] : NULL;
	struct steps s = {.a = a};
	int32_t first = INT32_MAX, end = INT32_MIN;

	*out = (struct crew_load){.resource = resource, .capacity_permille = r->capacity_permille};
	level_sort(takings, (size_t)n, sizeof(*takings), by_start);
	for (int32_t i = 0; i < n; i++) {
		take(&s, &takings[i], crew);
		first = earlier(first, takings[i].from);
		end = takings[i].to > end ? takings[i].to : end;
	}
	have(&s, r, crew, first, end);
	for (int32_t k = 0; k < r->nabsences; k++) { /* a step of nothing, where it may change */
		int32_t from = r->absences[k].from.tick, to = r->absences[k].to.tick;
		step(&s, from > first ? from : first, 0, 0);
		if (to > first)
			step(&s, to, 0, 0);
	}
	step(&s, first, 0, 0);
	make_spans(a, r, &s, end, out);
	make_overuses(a, takings, n, out);
	make_days(a, takings, n, out);
}

struct crew_dates *crew_dates_of(struct arena *a, const struct schedule *s)
{
	struct crew_dates *dates = ARENA_ARRAY(a, struct crew_dates, (size_t)s->plan->ntasks + 1);

	for (int32_t i = 0; i < s->plan->ntasks; i++)
		dates[i] = s->plan->tasks[i].state == TASK_COMPLETE
			? (struct crew_dates){MOMENT_NONE, MOMENT_NONE}
			: (struct crew_dates){s->tasks[i].early_start, s->tasks[i].early_finish};
	return dates;
}

void crew_load(struct arena *a, const struct plan *plan, const struct crew_dates *dates,
	struct crew_loads *out)
{
	const struct worktime **calendars = worktime_compile_all(a, plan);
	struct crew_load *crews = ARENA_ARRAY(a, struct crew_load, (size_t)plan->nresources + 1);
	struct taking *takings = ARENA_ARRAY(a, struct taking, (size_t)plan->nassignments + 1);
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 2);

	*out = (struct crew_loads){.crews = crews};
	for (int pass = 0; pass < 2; pass++) { /* count, then fill */
		for (int32_t i = 0; i < plan->nassignments; i++) {
			const struct plan_assignment *x = &plan->assignments[i];
			if (!level_counts(plan, x) || moment_is_none(dates[x->task].start) ||
				moment_is_none(dates[x->task].finish) ||
				dates[x->task].finish.tick <= dates[x->task].start.tick)
				continue;
			if (pass == 0)
				first[x->resource + 2]++;
			else
				takings[first[x->resource + 1]++] =
					(struct taking){x->task, x->units_permille, dates[x->task].start.tick,
						dates[x->task].finish.tick, plan->tasks[x->task].remaining_work,
						calendar_of(plan, calendars, &plan->tasks[x->task]),
						level_heeds_calendars(plan, x->task)};
		}
		for (int32_t r = 0; r < plan->nresources && pass == 0; r++)
			first[r + 2] += first[r + 1];
	}
	for (int32_t r = 0; r < plan->nresources; r++)
		if (first[r + 1] > first[r])
			load_of(a, plan, calendars, r, &takings[first[r]], first[r + 1] - first[r],
				&crews[out->n++]);
}
