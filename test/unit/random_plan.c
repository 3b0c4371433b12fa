#include "random_plan.h"

#define DAY 20514 /* Monday 2026-03-02 */

uint64_t random_next(uint64_t *seed) /* splitmix64 */
{
	uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

int random_below(uint64_t *seed, int n)
{
	return (int)(random_next(seed) % (uint64_t)n);
}

int roll(struct dice *dice, int n)
{
	if (!dice->bytes)
		return random_below(&dice->seed, n);
	return dice->bytes < dice->end ? *dice->bytes++ % n : 0;
}

static const struct shift office[] = {{480, 720}, {780, 1020}};
static const struct shift early[] = {{420, 900}};
static const struct shift whole_day[] = {{0, 1440}};
static const struct shift night[] = {{1200, 1800}};
static const struct shift short_day[] = {{540, 780}};

static void make_calendars(struct arena *a, struct dice *dice, unsigned kinds, struct plan *p)
{
	static const struct {
		const struct shift *shifts;
		int n, days;
	} kind[] = {{office, 2, 5}, {early, 1, 6}, {whole_day, 1, 7}, {night, 1, 5}};

	p->ncalendars = kinds & RANDOM_CALENDARS ? 1 + roll(dice, 4) : 1;
	p->calendars = ARENA_ARRAY(a, struct plan_calendar, (size_t)p->ncalendars);
	for (int i = 0; i < p->ncalendars; i++) {
		struct plan_calendar *c = &p->calendars[i];
		*c = (struct plan_calendar){.id = arena_printf(a, "c%d", i),
			.base = -1,
			.stated = 0x7f,
			.provisional_from = DATE_NONE};
		c->name = c->id;
		for (int d = 0; d < kind[i].days; d++)
			c->week[d] = (struct day_shifts){kind[i].n, kind[i].shifts};
		if (!(kinds & RANDOM_CALENDARS))
			continue;
		c->nexceptions = roll(dice, 4);
		c->exceptions = ARENA_ARRAY(a, struct calendar_exception, 4);
		for (int e = 0; e < c->nexceptions; e++) {
			int from = DAY - 5 + roll(dice, 40), extra = roll(dice, 4);
			struct day_shifts day = {0, NULL};
			if (roll(dice, 3) == 0)
				day = (struct day_shifts){1, short_day};
			c->exceptions[e] = (struct calendar_exception){{from}, {from + extra}, day, NULL};
		}
	}
}

static struct moment some_moment(struct dice *dice, int days)
{
	return (struct moment){
		(DAY + roll(dice, days)) * TICKS_PER_DAY + roll(dice, 24) * TICKS_PER_HOUR};
}

static void make_progress(struct dice *dice, const struct plan *p, struct plan_task *t)
{
	int32_t now = p->projects[0].data_date.tick;
	int kind = roll(dice, 4);

	if (kind > 1)
		return;
	t->actual_start.tick = now - roll(dice, 150) * TICKS_PER_HOUR;
	if (kind == 0) {
		t->state = TASK_COMPLETE;
		t->actual_finish.tick = t->actual_start.tick +
			(now - t->actual_start.tick) / 2 / TICKS_PER_HOUR * TICKS_PER_HOUR;
		t->remaining_work = 0;
		return;
	}
	t->state = TASK_ACTIVE;
	t->remaining_work = t->duration_work ? (1 + roll(dice, 20)) * TICKS_PER_HOUR : 0;
	if (roll(dice, 8) == 0)
		t->resume.tick = now + roll(dice, 100) * TICKS_PER_HOUR;
}

static void make_tasks(struct arena *a, struct dice *dice, int most, unsigned kinds, struct plan *p)
{
	p->ntasks = 2 + roll(dice, most - 1);
	p->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)p->ntasks);
	for (int i = 0; i < p->ntasks; i++) {
		struct plan_task *t = &p->tasks[i];
		*t = plan_task_default();
		t->id = t->code = t->name = arena_printf(a, "%c", 'A' + i);
		t->calendar = roll(dice, p->ncalendars + 1) - 1;
		t->duration_work = roll(dice, 40) * TICKS_PER_HOUR;
		int type = roll(dice, 8);
		if (type < 2)
			t->type = type ? TASK_START_MILESTONE : TASK_FINISH_MILESTONE;
		if (type < 2)
			t->duration_work = 0;
		t->remaining_work = t->duration_work;
		for (int k = 0; k < 2 && kinds & RANDOM_CONSTRAINTS; k++)
			if (roll(dice, 6) == 0)
				t->constraint[k] = (struct constraint){
					(enum constraint_kind)(1 + roll(dice, CONSTRAINT_MANDATORY_FINISH)),
					some_moment(dice, 25)};
		if (kinds & RANDOM_CONSTRAINTS && roll(dice, 12) == 0)
			t->expected_finish = some_moment(dice, 25);
		if (kinds & RANDOM_PROGRESS)
			make_progress(dice, p, t);
	}
}

static void make_links(struct arena *a, struct dice *dice, struct plan *p)
{
	int32_t order[64];

	for (int i = 0; i < p->ntasks; i++) { /* the order of the logic is not the order of the tasks */
		int j = roll(dice, i + 1);
		order[i] = order[j];
		order[j] = i;
	}
	p->nlinks = roll(dice, 2 * p->ntasks + 1);
	p->links = ARENA_ARRAY(a, struct plan_link, (size_t)p->nlinks + 1);
	for (int i = 0; i < p->nlinks; i++) {
		int from = roll(dice, p->ntasks - 1), to = from + 1 + roll(dice, p->ntasks - from - 1);
		int lag = roll(dice, 3);
		struct plan_link *l = &p->links[i];
		*l = (struct plan_link){.from = order[from],
			.to = order[to],
			.type = (enum link_type)roll(dice, 4),
			.lag = (lag == 0          ? 0
						   : lag == 1 ? roll(dice, 30)
									  : -roll(dice, 20)) *
				TICKS_PER_HOUR};
		l->from_id = p->tasks[l->from].id;
		l->to_id = p->tasks[l->to].id;
	}
}

void rolled_plan(struct arena *a, struct dice *dice, int most, unsigned kinds, struct plan *out)
{
	struct plan p = {.source = "json", .nprojects = 1};
	struct plan_project *project = p.projects = ARENA_NEW(a, struct plan_project);

	*project = plan_project_default(PROFILE_P6);
	project->id = project->code = project->name = "P";
	project->start = (struct moment){DAY * TICKS_PER_DAY + roll(dice, 24) * TICKS_PER_HOUR};
	make_calendars(a, dice, kinds, &p);
	project->calendar = 0;
	project->data_date = kinds & RANDOM_PROGRESS ? some_moment(dice, 8) : project->start;
	if (kinds & RANDOM_OPTIONS) {
		struct plan_options *o = &project->options;
		o->progress = (enum progress_rule)roll(dice, 3);
		o->lag_calendar = (enum lag_calendar)roll(dice, 4);
		o->float_type = (enum float_type)roll(dice, 3);
		o->start_lag_from_early_start = roll(dice, 3) > 0;
		o->use_expected_finish = roll(dice, 3) > 0;
		if (roll(dice, 4) == 0)
			project->must_finish = some_moment(dice, 30);
	}
	make_tasks(a, dice, most, kinds, &p);
	make_links(a, dice, &p);
	*out = p;
}

void random_plan(struct arena *a, uint64_t seed, int most, unsigned kinds, struct plan *out)
{
	rolled_plan(a, &(struct dice){.seed = seed}, most, kinds, out);
}

void rolled_edit(struct dice *dice, const struct plan *p, struct plan_task *t)
{
	struct moment day = {
		p->projects[0].start.tick + roll(dice, 60) * TICKS_PER_DAY + 8 * TICKS_PER_HOUR};

	switch (roll(dice, 11)) {
	case 0:
	case 1:
	case 2: t->duration_work = t->remaining_work = roll(dice, 60) * TICKS_PER_HOUR; break;
	case 3:
	case 4: t->constraint[0] = (struct constraint){CONSTRAINT_START_NOT_EARLIER, day}; break;
	case 5:
		t->constraint[0] = (struct constraint){(enum constraint_kind)roll(dice, 10), day};
		break;
	case 6: t->remaining_work = t->remaining_work / 2; break;
	case 7:
		t->constraint[1] = (struct constraint){(enum constraint_kind)roll(dice, 10), day};
		break;
	case 8: *(roll(dice, 2) ? &t->expected_finish : &t->resume) = day; break;
	case 9:
		if (t->state == TASK_NOT_STARTED)
			make_progress(dice, p, t);
		else
			t->calendar = roll(dice, p->ncalendars + 1) - 1;
		break;
	default: t->deadline = day;
	}
}
