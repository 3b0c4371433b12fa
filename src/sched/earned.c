#include "sched/earned.h"

#include <string.h>

struct spread { /* one task's plan */
	const struct worktime *w;
	int32_t from, work; /* position on its calendar, and length */
	int32_t at;         /* its moment, when it has no length */
	int64_t value;
};

struct curve {
	int32_t n;
	struct spread *tasks;
	int64_t total, earned;
	int32_t start, finish; /* ticks: the plan's first and last moment */
};

/* What the task was promised as; NULL: no baseline knows it. */
static const struct baseline *promised(const struct plan_task *t)
{
	for (int32_t i = 0; i < t->nbaselines; i++)
		if (t->baselines[i].number == 0)
			return &t->baselines[i];
	return NULL;
}

static int64_t value_of(const struct plan_task *t, enum series series)
{
	const struct baseline *b = promised(t);

	switch (series) {
	case SERIES_INVESTMENT: return b && b->cost_cents ? b->cost_cents : t->cost_cents;
	case SERIES_WORK: return b && b->duration_work ? b->duration_work : t->duration_work;
	case SERIES_QUANTITY: return t->quantity_planned;
	case SERIES_COUNT: break;
	}
	return 0;
}

/* a * b / c without overflow for b <= c, both below 2^31. */
static int64_t part(int64_t a, int64_t b, int64_t c)
{
	return a / c * b + a % c * b / c;
}

static int64_t earned_of(const struct plan_task *t, enum series series, int64_t value)
{
	if (series == SERIES_QUANTITY && t->quantity_done > 0) /* else as much as of the task is done */
		return t->quantity_done < value ? t->quantity_done : value;
	if (t->state == TASK_COMPLETE)
		return value;
	if (t->percent_type == PERCENT_PHYSICAL || t->percent > 0)
		return part(value, t->percent < 10000 ? t->percent : 10000, 10000);
	if (t->duration_work <= 0 || t->state == TASK_NOT_STARTED)
		return 0;
	int32_t done = t->duration_work - t->remaining_work;
	return done > 0 ? part(value, done, t->duration_work) : 0;
}

static void planned_dates(
	const struct schedule *s, int32_t task, struct moment *start, struct moment *finish)
{
	const struct plan_task *t = &s->plan->tasks[task];
	const struct baseline *b = promised(t);

	*start = s->tasks[task].start;
	*finish = s->tasks[task].finish;
	if (!moment_is_none(t->planned_start) && !moment_is_none(t->planned_finish)) {
		*start = t->planned_start;
		*finish = t->planned_finish;
	}
	if (b && !moment_is_none(b->start) && !moment_is_none(b->finish)) {
		*start = b->start;
		*finish = b->finish;
	}
}

static struct curve curve_of(
	struct arena *a, const struct schedule *s, int32_t project, enum series series)
{
	const struct plan *plan = s->plan;
	const struct worktime **calendars = worktime_compile_all(a, plan);
	struct curve c = {.tasks = ARENA_ARRAY(a, struct spread, (size_t)plan->ntasks),
		.start = INT32_MAX,
		.finish = INT32_MIN};

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		struct moment start, finish;
		if (t->project != project || t->inactive || t->type == TASK_SUMMARY ||
			t->type == TASK_LEVEL_OF_EFFORT)
			continue;
		planned_dates(s, i, &start, &finish);
		if (moment_is_none(start) || moment_is_none(finish))
			continue;
		int32_t calendar = plan_task_calendar(plan, t);
		const struct worktime *w = calendars[calendar >= 0 ? calendar : plan->ncalendars];
		int64_t value = value_of(t, series);
		c.start = start.tick < c.start ? start.tick : c.start;
		c.finish = finish.tick > c.finish ? finish.tick : c.finish;
		c.tasks[c.n++] = (struct spread){w, worktime_at(w, start.tick),
			worktime_between(w, start.tick, finish.tick), finish.tick, value};
		c.total += value;
		c.earned += earned_of(t, series, value);
	}
	return c;
}

/* The unit of all quantities of the project, NULL when it has none; false: they are of several. */
static bool unit_of(const struct plan *plan, int32_t project, const char **unit, struct err *err)
{
	*unit = NULL;
	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		const char *own = t->quantity_unit ? t->quantity_unit : "";
		if (t->project != project || t->inactive || !t->quantity_planned)
			continue;
		if (*unit && strcmp(*unit, own) != 0)
			return err_set(err, ERR_INPUT, NULL,
				"quantities in \"%s\" and in \"%s\" are not added up", *unit, own);
		*unit = own;
	}
	return true;
}

static int64_t value_at(const struct curve *c, int32_t tick)
{
	int64_t sum = 0;

	for (int32_t i = 0; i < c->n; i++) {
		const struct spread *t = &c->tasks[i];
		int32_t done = worktime_at(t->w, tick) - t->from;
		if (t->work <= 0)
			sum += tick >= t->at ? t->value : 0;
		else if (done >= t->work)
			sum += t->value;
		else if (done > 0)
			sum += part(t->value, done, t->work);
	}
	return sum;
}

/* The first moment at which the plan has earned that much. */
static int32_t moment_of_value(const struct curve *c, int64_t value)
{
	int32_t low = c->start, high = c->finish;

	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		if (value_at(c, middle) >= value)
			high = middle;
		else
			low = middle + 1;
	}
	return low;
}

static int64_t index_of(int64_t part_value, int64_t whole)
{
	return whole ? (part_value * 1000 + (part_value < 0 ? -whole / 2 : whole / 2)) / whole
				 : INDEX_NONE;
}

bool plan_earned(struct arena *a, const struct schedule *s, int32_t project, enum series series,
	struct moment now, struct earned *out, struct err *err)
{
	const struct plan_project *p = &s->plan->projects[project];
	const struct worktime **calendars = worktime_compile_all(a, s->plan);
	const struct worktime *w = calendars[p->calendar >= 0 ? p->calendar : s->plan->ncalendars];
	struct curve c = curve_of(a, s, project, series);
	struct earned e = {
		.series = series, .tspi_permille = INDEX_NONE, .forecast_finish = MOMENT_NONE};

	if (series == SERIES_QUANTITY && !unit_of(s->plan, project, &e.unit, err))
		return false;
	if (moment_is_none(now))
		now = !moment_is_none(p->data_date)   ? p->data_date
			: !moment_is_none(p->status_date) ? p->status_date
											  : p->start;
	if (c.n == 0 || moment_is_none(now))
		return err_set(err, ERR_INPUT, NULL, "nothing in this project has a date");
	e.planned_total = c.total;
	e.planned = value_at(&c, now.tick);
	e.earned = c.earned;
	e.spi_permille = index_of(e.earned, e.planned);
	e.earned_until.tick = moment_of_value(&c, e.earned);
	e.earned_work = worktime_between(w, c.start, e.earned_until.tick);
	e.actual_work = worktime_between(w, c.start, now.tick);
	e.planned_duration_work = worktime_between(w, c.start, c.finish);
	e.spi_time_permille = index_of(e.earned_work, e.actual_work);
	if (e.actual_work < e.planned_duration_work)
		e.tspi_permille = index_of(
			e.planned_duration_work - e.earned_work, e.planned_duration_work - e.actual_work);
	if (e.earned_work > 0 && e.actual_work > 0) {
		int64_t forecast = (int64_t)e.planned_duration_work * e.actual_work / e.earned_work;
		e.forecast_duration_work = forecast > WORK_FAR ? WORK_FAR : (int32_t)forecast;
		e.forecast_finish.tick =
			worktime_finish(w, worktime_at(w, c.start) + e.forecast_duration_work);
	}
	*out = e;
	return true;
}

int plan_earned_series(
	struct arena *a, const struct schedule *s, int32_t project, struct earned out[SERIES_COUNT])
{
	struct err none; /* without dates there is no plan, in several units no sum: not listed */
	int n = 0;

	for (int series = 0; series < SERIES_COUNT; series++)
		if (plan_earned(a, s, project, (enum series)series, MOMENT_NONE, &out[n], &none) &&
			out[n].planned_total != 0)
			n++;
	return n;
}
