/* One walk over the fields of a plan serves both ways: `number` writes what it is shown, or fills it from the row. */
#include "sched/flat.h"

struct tape {
	struct arena *a;
	struct flat *out; /* NULL: reading */
	const int32_t *in;
	int32_t at, n;
	bool bad;
};

static void put(struct arena *a, struct flat *f, int32_t x)
{
	if (f->n == f->room) {
		int32_t room = f->room ? f->room * 2 : 1024;
		f->words = arena_grow(a, f->words, (size_t)f->room, (size_t)room, sizeof(*f->words));
		f->room = room;
	}
	f->words[f->n++] = x;
}

static int32_t number(struct tape *t, int32_t x)
{
	if (t->out) {
		put(t->a, t->out, x);
		return x;
	}
	if (t->at >= t->n) {
		t->bad = true;
		return 0;
	}
	return t->in[t->at++];
}

/* A count of things that take at least one word each. */
static int32_t count(struct tape *t, int32_t x)
{
	int32_t n = number(t, x);
	if (!t->out && (n < 0 || n > t->n - t->at)) {
		t->bad = true;
		return 0;
	}
	return n;
}

/* What is written is never written to: a plan may be constant. */
#define WALK_BY(take, t, field)                                                                    \
	do {                                                                                           \
		int32_t word_ = take(t, (int32_t)(field));                                                 \
		if (!(t)->out)                                                                             \
			(field) = (__typeof__(field))word_;                                                    \
	} while (0)
#define WALK(t, field) WALK_BY(number, t, field)
#define WALK_COUNT(t, field) WALK_BY(count, t, field)

static void inside(struct tape *t, int32_t x, int32_t low, int32_t end)
{
	t->bad |= x < low || x >= end;
}

static void walk_shifts(struct tape *t, struct day_shifts *d)
{
	struct shift *shifts = (struct shift *)d->shifts;

	WALK_COUNT(t, d->n);
	if (!t->out)
		d->shifts = shifts = ARENA_ARRAY(t->a, struct shift, (size_t)d->n + 1);
	for (int32_t i = 0; i < d->n; i++) {
		WALK(t, shifts[i].from);
		WALK(t, shifts[i].to);
		t->bad |= shifts[i].from < 0 || shifts[i].to <= shifts[i].from ||
			shifts[i].to > 2 * MINUTES_PER_DAY || (i > 0 && shifts[i].from < shifts[i - 1].to);
	}
}

static void walk_calendar(struct tape *t, struct plan_calendar *c)
{
	WALK(t, c->base);
	WALK(t, c->stated);
	for (int k = 0; k < 7; k++)
		walk_shifts(t, &c->week[k]);
	WALK_COUNT(t, c->nexceptions);
	if (!t->out)
		c->exceptions = ARENA_ARRAY(t->a, struct calendar_exception, (size_t)c->nexceptions + 1);
	for (int32_t i = 0; i < c->nexceptions; i++) {
		WALK(t, c->exceptions[i].from.day);
		WALK(t, c->exceptions[i].to.day);
		walk_shifts(t, &c->exceptions[i].day);
	}
	WALK_COUNT(t, c->nweeks);
	if (!t->out)
		c->weeks = ARENA_ARRAY(t->a, struct calendar_week, (size_t)c->nweeks + 1);
	for (int32_t i = 0; i < c->nweeks; i++) {
		WALK(t, c->weeks[i].from.day);
		WALK(t, c->weeks[i].to.day);
		WALK(t, c->weeks[i].stated);
		for (int k = 0; k < 7; k++)
			walk_shifts(t, &c->weeks[i].days[k]);
	}
	WALK(t, c->day_minutes);
	WALK(t, c->week_minutes);
	WALK(t, c->month_minutes);
	WALK(t, c->year_minutes);
	WALK(t, c->provisional_from.day);
}

static void walk_options(struct tape *t, struct plan_options *o)
{
	WALK(t, o->profile);
	WALK(t, o->progress);
	WALK(t, o->lag_calendar);
	WALK(t, o->float_type);
	WALK(t, o->critical_rule);
	WALK(t, o->outside_links);
	WALK(t, o->critical_float_work);
	WALK(t, o->near_critical_work);
	WALK(t, o->start_lag_from_early_start);
	WALK(t, o->use_expected_finish);
	WALK(t, o->float_to_project_finish);
	WALK(t, o->open_ends_critical);
	WALK(t, o->honour_constraints);
	WALK(t, o->split_in_progress);
	WALK(t, o->multiple_critical_paths);
	WALK(t, o->float_paths_by_total_float);
	WALK(t, o->float_paths);
	WALK(t, o->float_path_task);
}

static void walk_project(struct tape *t, struct plan_project *p)
{
	WALK(t, p->calendar);
	WALK(t, p->start.tick);
	WALK(t, p->data_date.tick);
	WALK(t, p->status_date.tick);
	WALK(t, p->must_finish.tick);
	WALK(t, p->from_finish);
	walk_options(t, &p->options);
	WALK(t, p->options_stated);
}

static void walk_task(struct tape *t, struct plan_task *x)
{
	WALK(t, x->project);
	WALK(t, x->parent);
	WALK(t, x->wbs);
	WALK(t, x->calendar);
	WALK(t, x->crew_calendar);
	WALK(t, x->type);
	WALK(t, x->state);
	WALK(t, x->percent_type);
	WALK(t, x->duration_elapsed);
	WALK(t, x->manual);
	WALK(t, x->inactive);
	WALK(t, x->ignore_resource_calendar);
	WALK(t, x->estimated);
	WALK(t, x->duration_work);
	WALK(t, x->remaining_work);
	WALK(t, x->actual_work);
	WALK(t, x->percent);
	WALK(t, x->physical_percent);
	struct moment *const moments[] = {&x->planned_start, &x->planned_finish, &x->actual_start,
		&x->actual_finish, &x->suspend, &x->resume, &x->expected_finish, &x->external_early_start,
		&x->external_late_finish, &x->manual_start, &x->manual_finish, &x->deadline};
	for (size_t k = 0; k < countof(moments); k++)
		WALK(t, moments[k]->tick);
	for (int k = 0; k < 2; k++) {
		WALK(t, x->constraint[k].kind);
		WALK(t, x->constraint[k].date.tick);
	}
	WALK(t, x->priority);
	WALK(t, x->levelling_delay_span);
}

static void walk_link(struct tape *t, struct plan_link *l)
{
	WALK(t, l->from);
	WALK(t, l->to);
	WALK(t, l->type);
	WALK(t, l->lag_unit);
	WALK(t, l->lag);
}

static void walk_assignment(struct tape *t, struct plan_assignment *x)
{
	int32_t remaining = x->remaining_work > INT32_MAX ? INT32_MAX : (int32_t)x->remaining_work;

	WALK(t, x->task);
	WALK(t, x->resource);
	WALK(t, x->units_permille);
	WALK(t, remaining);
	if (!t->out)
		x->remaining_work = remaining;
	WALK(t, x->remaining_duration_work);
	WALK(t, x->lag_work);
	WALK(t, x->drives);
}

static void walk_sizes(struct tape *t, struct plan *p)
{
	t->bad |= number(t, FLAT_VERSION) != FLAT_VERSION;
	WALK_COUNT(t, p->nprojects);
	WALK_COUNT(t, p->nwbs);
	WALK_COUNT(t, p->ncalendars);
	WALK_COUNT(t, p->ntasks);
	WALK_COUNT(t, p->nlinks);
	WALK_COUNT(t, p->nresources);
	WALK_COUNT(t, p->nassignments);
	if (t->out)
		return;
	p->projects = ARENA_ARRAY(t->a, struct plan_project, (size_t)p->nprojects + 1);
	p->wbs = ARENA_ARRAY(t->a, struct plan_wbs, (size_t)p->nwbs + 1);
	p->calendars = ARENA_ARRAY(t->a, struct plan_calendar, (size_t)p->ncalendars + 1);
	p->tasks = ARENA_ARRAY(t->a, struct plan_task, (size_t)p->ntasks + 1);
	p->links = ARENA_ARRAY(t->a, struct plan_link, (size_t)p->nlinks + 1);
	p->resources = ARENA_ARRAY(t->a, struct plan_resource, (size_t)p->nresources + 1);
	p->assignments = ARENA_ARRAY(t->a, struct plan_assignment, (size_t)p->nassignments + 1);
}

static void walk(struct tape *t, struct plan *p)
{
	walk_sizes(t, p);
	for (int32_t i = 0; i < p->nprojects; i++)
		walk_project(t, &p->projects[i]);
	for (int32_t i = 0; i < p->nwbs; i++) {
		WALK(t, p->wbs[i].project);
		WALK(t, p->wbs[i].parent);
	}
	for (int32_t i = 0; i < p->ncalendars; i++)
		walk_calendar(t, &p->calendars[i]);
	for (int32_t i = 0; i < p->ntasks; i++)
		walk_task(t, &p->tasks[i]);
	for (int32_t i = 0; i < p->nlinks; i++)
		walk_link(t, &p->links[i]);
	for (int32_t i = 0; i < p->nresources; i++) {
		WALK(t, p->resources[i].kind);
		WALK(t, p->resources[i].calendar);
		WALK(t, p->resources[i].capacity_permille);
	}
	for (int32_t i = 0; i < p->nassignments; i++)
		walk_assignment(t, &p->assignments[i]);
}

void flat_write(struct arena *a, const struct plan *plan, struct flat *out)
{
	struct plan copy = *plan;
	struct tape t = {.a = a, .out = out};

	walk(&t, &copy);
}

static const char *position_text(struct arena *a, int32_t x)
{
	char digits[12];
	int at = (int)sizeof(digits);

	digits[--at] = '\0';
	do
		digits[--at] = (char)('0' + x % 10);
	while ((x /= 10) > 0);
	return arena_strdup(a, &digits[at]);
}

static void check_task(struct tape *t, const struct plan *p, const struct plan_task *x)
{
	inside(t, x->project, 0, p->nprojects);
	inside(t, x->parent, -1, p->ntasks);
	inside(t, x->wbs, -1, p->nwbs);
	inside(t, x->calendar, -1, p->ncalendars);
	inside(t, x->crew_calendar, -1, p->ncalendars);
	inside(t, x->duration_work, 0, INT32_MAX);
	inside(t, x->remaining_work, 0, INT32_MAX);
}

static void check_references(struct tape *t, const struct plan *p)
{
	for (int32_t i = 0; i < p->ncalendars; i++)
		inside(t, p->calendars[i].base, -1, p->ncalendars);
	for (int32_t i = 0; i < p->ncalendars && !t->bad; i++) { /* no calendar stands on itself */
		int32_t steps = 0;
		for (int32_t at = i; at >= 0 && steps <= p->ncalendars; steps++)
			at = p->calendars[at].base;
		t->bad |= steps > p->ncalendars;
	}
	for (int32_t i = 0; i < p->nprojects; i++) {
		inside(t, p->projects[i].calendar, -1, p->ncalendars);
		inside(t, p->projects[i].options.float_path_task, -1, p->ntasks);
	}
	for (int32_t i = 0; i < p->nwbs; i++) {
		inside(t, p->wbs[i].project, -1, p->nprojects);
		inside(t, p->wbs[i].parent, -1, p->nwbs);
	}
	for (int32_t i = 0; i < p->ntasks; i++)
		check_task(t, p, &p->tasks[i]);
	for (int32_t i = 0; i < p->nlinks; i++) {
		inside(t, p->links[i].from, -1, p->ntasks);
		inside(t, p->links[i].to, -1, p->ntasks);
		inside(t, (int32_t)p->links[i].type, 0, LINK_SF + 1);
	}
	for (int32_t i = 0; i < p->nresources; i++)
		inside(t, p->resources[i].calendar, -1, p->ncalendars);
	for (int32_t i = 0; i < p->nassignments; i++) {
		inside(t, p->assignments[i].task, -1, p->ntasks);
		inside(t, p->assignments[i].resource, -1, p->nresources);
	}
}

static void name_by_position(struct arena *a, struct plan *p)
{
	for (int32_t i = 0; i < p->nprojects; i++)
		p->projects[i].id = p->projects[i].code = p->projects[i].name = position_text(a, i);
	for (int32_t i = 0; i < p->nwbs; i++)
		p->wbs[i].id = p->wbs[i].code = p->wbs[i].name = position_text(a, i);
	for (int32_t i = 0; i < p->ncalendars; i++)
		p->calendars[i].id = p->calendars[i].name = position_text(a, i);
	for (int32_t i = 0; i < p->ntasks; i++)
		p->tasks[i].id = p->tasks[i].code = p->tasks[i].name = position_text(a, i);
	for (int32_t i = 0; i < p->nlinks; i++)
		p->links[i].from_id = p->links[i].to_id = "";
	for (int32_t i = 0; i < p->nresources; i++)
		p->resources[i].id = p->resources[i].code = p->resources[i].name = position_text(a, i);
}

bool flat_read(struct arena *a, const int32_t *words, int32_t n, struct plan *out)
{
	struct plan p = {.source = "flat", .source_version = "1", .encoding = ""};
	struct tape t = {.a = a, .in = words, .n = n};

	walk(&t, &p);
	t.bad |= t.at != n;
	if (!t.bad)
		check_references(&t, &p);
	if (t.bad)
		return false;
	name_by_position(a, &p);
	*out = p;
	return true;
}

void flat_write_task(struct arena *a, const struct plan_task *task, struct flat *out)
{
	struct plan_task copy = *task;
	struct tape t = {.a = a, .out = out};

	walk_task(&t, &copy);
}

bool flat_read_task(
	const int32_t *words, int32_t n, const struct plan *plan, struct plan_task *task)
{
	struct tape t = {.in = words, .n = n};
	struct plan_task x = *task;

	walk_task(&t, &x);
	check_task(&t, plan, &x);
	if (t.bad || t.at != n)
		return false;
	*task = x;
	return true;
}

void flat_schedule(struct arena *a, const struct schedule *s, struct flat *out)
{
	put(a, out, s->plan->ntasks);
	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		const struct task_dates *d = &s->tasks[i];
		const int32_t words[FLAT_TASK_WORDS] = {d->early_start.tick, d->early_finish.tick,
			d->late_start.tick, d->late_finish.tick, d->start.tick, d->finish.tick, d->total_float,
			d->free_float, d->start_float, d->finish_float, d->early_reason | d->late_reason << 8,
			d->early_reason_link, d->late_reason_link, 0,
			d->critical | d->longest_path << 1 | d->near_critical << 2 | d->driving << 3 |
				d->provisional << 4,
			d->float_path};
		for (int k = 0; k < FLAT_TASK_WORDS; k++)
			put(a, out, words[k]);
	}
	put(a, out, s->findings.n);
}

void flat_changes(
	struct arena *a, const struct flat *before, const struct flat *after, struct flat *out)
{
	for (int32_t i = 0; i < after->words[0]; i++) {
		const int32_t *now = &after->words[1 + i * FLAT_TASK_WORDS];
		if (memcmp(now, &before->words[1 + i * FLAT_TASK_WORDS], sizeof(*now) * FLAT_TASK_WORDS) ==
			0)
			continue;
		put(a, out, i);
		for (int k = 0; k < FLAT_TASK_WORDS; k++)
			put(a, out, now[k]);
	}
}
