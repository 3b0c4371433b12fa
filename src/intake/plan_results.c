#include "intake/plan_results.h"

void plan_json_moment(struct json_writer *w, const char *key, struct moment m)
{
	char text[20];
	jw_kt(w, key, moment_is_none(m) ? NULL : moment_text(m, text));
}

void plan_json_hours(struct json_writer *w, const char *key, int32_t work)
{
	jw_key(w, key);
	if (work == FLOAT_NONE)
		jw_null(w);
	else
		jw_decimal(w, ((int64_t)work * 1000000 + (work < 0 ? -300 : 300)) / TICKS_PER_HOUR, 6);
}

static void units(struct json_writer *w, const char *key, int32_t permille)
{
	jw_key(w, key);
	jw_decimal(w, permille, 3);
}

static void span(
	struct json_writer *w, struct moment from, struct moment to, int32_t used, int32_t has)
{
	plan_json_moment(w, "from", from);
	plan_json_moment(w, "to", to);
	units(w, "used", used);
	units(w, "has", has);
}

static void overuse(struct json_writer *w, const struct plan *plan, const struct crew_overuse *x)
{
	jw_object(w);
	span(w, x->from, x->to, x->used_permille, x->has_permille);
	jw_key(w, "tasks");
	jw_array(w);
	for (int32_t i = 0; i < x->ntasks; i++)
		jw_text(w, plan->tasks[x->tasks[i]].id);
	jw_array_end(w);
	jw_object_end(w);
}

static void crew(struct json_writer *w, const struct plan *plan, const struct crew_load *c)
{
	jw_object(w);
	jw_kt(w, "id", plan->resources[c->resource].id);
	jw_kt(w, "name", plan->resources[c->resource].name);
	units(w, "capacity", c->capacity_permille);
	units(w, "peak", c->peak_permille);
	jw_key(w, "spans");
	jw_array(w);
	for (int32_t k = 0; k < c->nspans; k++) {
		const struct crew_span *s = &c->spans[k];
		jw_object(w);
		span(w, s->from, s->to, s->used_permille, s->has_permille);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "overuses");
	jw_array(w);
	for (int32_t k = 0; k < c->noveruses; k++)
		overuse(w, plan, &c->overuses[k]);
	jw_array_end(w);
	jw_key(w, "days");
	jw_array(w);
	for (int32_t k = 0; k < c->ndays; k++) {
		char text[20];
		(void)moment_text(moment_of(c->days[k].day, 0), text);
		jw_object(w);
		jw_ks(w, "day", (struct slice){text, 10});
		units(w, "used", c->days[k].used_permille);
		units(w, "has", c->days[k].has_permille);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}

void crew_loads_json(struct json_writer *w, const struct plan *plan, const struct crew_loads *loads)
{
	jw_array(w);
	for (int32_t k = 0; k < loads->n; k++)
		crew(w, plan, &loads->crews[k]);
	jw_array_end(w);
}

void level_moves_json(
	struct json_writer *w, const struct plan *plan, const struct level_move *moves, int32_t n)
{
	jw_array(w);
	for (int32_t k = 0; k < n; k++) {
		const struct level_move *m = &moves[k];
		jw_object(w);
		jw_kt(w, "task", plan->tasks[m->task].id);
		plan_json_moment(w, "start", m->from.start);
		plan_json_moment(w, "finish", m->from.finish);
		plan_json_moment(w, "new_start", m->to.start);
		plan_json_moment(w, "new_finish", m->to.finish);
		plan_json_hours(w, "waits_h", m->waits_work);
		jw_kt(w, "waits_for", m->waits_for >= 0 ? plan->resources[m->waits_for].id : NULL);
		plan_json_hours(w, "float_h", m->float_work);
		jw_kb(w, "over_allocated", m->over);
		jw_object_end(w);
	}
	jw_array_end(w);
}

int64_t earned_value(enum series series, int64_t value, int *decimals)
{
	*decimals = series == SERIES_INVESTMENT ? 2 : series == SERIES_WORK ? 6 : 3;
	return series == SERIES_WORK
		? value / TICKS_PER_HOUR * 1000000 + value % TICKS_PER_HOUR * 1000000 / TICKS_PER_HOUR
		: value;
}

static void earned_value_json(
	struct json_writer *w, const char *key, enum series series, int64_t value)
{
	int decimals;
	int64_t shown = earned_value(series, value, &decimals);

	jw_key(w, key);
	jw_decimal(w, shown, decimals);
}

static void index_json(struct json_writer *w, const char *key, int64_t permille)
{
	jw_key(w, key);
	if (permille == INDEX_NONE)
		jw_null(w);
	else
		jw_decimal(w, permille, 3);
}

void earned_members_json(struct json_writer *w, const struct earned *e)
{
	static const char *const names[SERIES_COUNT] = {"investment", "work", "quantity"};

	jw_kt(w, "series", names[e->series]);
	jw_kt(w, "unit", e->unit);
	earned_value_json(w, "planned_total", e->series, e->planned_total);
	earned_value_json(w, "planned", e->series, e->planned);
	earned_value_json(w, "earned", e->series, e->earned);
	index_json(w, "spi", e->spi_permille);
	plan_json_hours(w, "earned_schedule_h", e->earned_work);
	plan_json_hours(w, "actual_time_h", e->actual_work);
	plan_json_hours(w, "planned_duration_h", e->planned_duration_work);
	index_json(w, "spi_t", e->spi_time_permille);
	index_json(w, "tspi", e->tspi_permille);
	plan_json_moment(w, "earned_until", e->earned_until);
	plan_json_moment(w, "forecast_finish", e->forecast_finish);
}
