/*
 * How sure the dates of one plan are. A task's own range counts, else the usual one; what is complete is certain. A plan has
 * the samples of its project, so that two plans from one template do not draw the same luck.
 */
#include <stdlib.h>

#include "app/planning_inside.h"
#include "intake/plan_results.h"

enum { SAMPLES = 2048, MOST_BARS = 2000, SHOWN_CAUSES = 15 };

/* Of tasks without a range; the same as of `guatu plan risk`. */
static const struct risk_spread usual = {
	.shape = RISK_TRIANGULAR, .low = 900, .likely = 1000, .high = 1300};

static struct risk_model model_of(struct arena *a, const struct plan *plan, bool every_task)
{
	struct risk_range *ranges = ARENA_ARRAY(a, struct risk_range, (size_t)plan->ntasks + 1);
	struct risk_model m = {.otherwise = usual, .ranges = ranges, .every_task = every_task};

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		if (t->range_high)
			ranges[m.nranges++] = (struct risk_range){i,
				{.shape = t->range_low == 1000 && t->range_high == 1000 ? RISK_FIXED
																		: RISK_TRIANGULAR,
					.low = t->range_low,
					.likely = 1000,
					.high = t->range_high}};
	}
	return m;
}

/* The random half of the id. */
static uint64_t seed_of(struct uuid project)
{
	uint64_t seed = 0;
	for (int i = 8; i < 16; i++)
		seed = seed << 8 | project.b[i];
	return seed;
}

bool plan_draw(struct arena *a, const struct plan *plan, struct uuid project, int64_t samples,
	bool every_task, struct plan_drawn *out, struct err *err)
{
	struct risk_model m = model_of(a, plan, every_task);
	struct findings found = {.arena = a};

	if (!risk_compile(a, plan, &m, &found, &out->engine, err) ||
		!risk_samples_new(a, out->engine, samples, &out->samples, err))
		return false;
	out->tally = risk_tally_new(a, out->engine);
	risk_run(out->engine, seed_of(project), 0, out->samples.nsamples / RISK_LANES, true,
		risk_best_machine(), &out->samples, out->tally);
	return true;
}

static int by_tick(const void *left, const void *right)
{
	int32_t l = *(const int32_t *)left, r = *(const int32_t *)right;
	return (l > r) - (l < r);
}

/* When the whole plan finishes, over all its projects, in ascending order. */
static const int32_t *finishes(struct arena *a, const struct plan *plan, const struct plan_drawn *d)
{
	const struct risk_samples *s = &d->samples;
	int32_t *out = ARENA_ARRAY(a, int32_t, (size_t)s->nsamples + 1);

	for (int64_t k = 0; k < s->nsamples; k++)
		for (int32_t p = 0; p < plan->nprojects; p++) {
			int32_t at = risk_moment(d->engine, p, s->finish[p * s->nsamples + k]).tick;
			out[k] = p && out[k] > at ? out[k] : at;
		}
	qsort(out, (size_t)s->nsamples, sizeof(*out), by_tick);
	return out;
}

/* In hundredths of a percent. */
static int64_t chance_by(const int32_t *sorted, int64_t n, struct moment by)
{
	int64_t in_time = 0;
	while (in_time < n && sorted[in_time] <= by.tick)
		in_time++;
	return in_time * 10000 / n;
}

static void chance_key(
	struct json_writer *w, const char *key, const int32_t *sorted, int64_t n, struct moment by)
{
	jw_key(w, key);
	if (moment_is_none(by))
		jw_null(w);
	else
		jw_decimal(w, chance_by(sorted, n, by), 2);
}

static void put_finish(
	struct json_writer *w, const int32_t *sorted, int64_t n, struct moment planned)
{
	static const struct {
		const char *key;
		int permille;
	} ranks[] = {{"p10", 100}, {"p50", 500}, {"p80", 800}, {"p90", 900}};

	jw_key(w, "finish");
	jw_object(w);
	plan_json_moment(w, "planned", planned);
	for (size_t i = 0; i < countof(ranks); i++)
		plan_json_moment(
			w, ranks[i].key, (struct moment){sorted[(n * ranks[i].permille + 999) / 1000 - 1]});
	chance_key(w, "planned_chance_pct", sorted, n, planned);
	jw_object_end(w);
}

static void put_bars(struct json_writer *w, const struct plan *plan, const struct risk_result *r)
{
	jw_key(w, "tasks");
	jw_array(w);
	for (int32_t i = 0; i < r->ndates; i++) {
		const struct risk_dates *d = &r->dates[i];
		if (d->task < 0)
			continue;
		jw_object(w);
		jw_kt(w, "task", plan->tasks[d->task].id);
		plan_json_moment(w, "planned", d->planned);
		plan_json_moment(w, "p50", d->p50);
		plan_json_moment(w, "p80", d->p80);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void put_causes(struct json_writer *w, const struct plan *plan, const struct risk_result *r)
{
	jw_key(w, "causes");
	jw_array(w);
	for (int32_t i = 0; i < r->ncauses && i < SHOWN_CAUSES; i++) {
		const struct risk_cause *c = &r->causes[i];
		if (c->swing == 0)
			continue;
		jw_object(w);
		jw_kt(w, "task", plan->tasks[c->task].id);
		jw_kt(w, "name", plan->tasks[c->task].name);
		jw_key(w, "critical_pct");
		jw_decimal(w, c->critical_permille, 1);
		jw_key(w, "swing_days");
		jw_decimal(w, c->swing * 10 / TICKS_PER_DAY, 1);
		jw_object_end(w);
	}
	jw_array_end(w);
}

bool planning_risk(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct str *out, struct err *err)
{
	struct moment required = MOMENT_NONE, planned = MOMENT_NONE;
	struct risk_result result;
	struct record *record;
	struct plan_drawn d;
	struct planned p;

	if (!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err) ||
		!plan_draw(a, &p.plan, project, SAMPLES, p.plan.ntasks <= MOST_BARS, &d, err))
		return false;
	risk_summarise(a, d.engine, &d.samples, d.samples.nsamples, d.tally, &result);
	const int32_t *sorted = finishes(a, &p.plan, &d);
	struct date wanted = named_date(record, "required_finish");
	if (!date_is_none(wanted))
		required = moment_of((struct date){wanted.day + 1}, 0);
	for (int32_t i = 0; i < p.plan.nprojects; i++)
		if (!moment_is_none(p.schedule.projects[i].finish) &&
			p.schedule.projects[i].finish.tick > planned.tick)
			planned = p.schedule.projects[i].finish;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "version", record->version);
	jw_ki(&w, "samples", d.samples.nsamples);
	jw_kd(&w, "required", wanted);
	chance_key(&w, "required_chance_pct", sorted, d.samples.nsamples, required);
	put_finish(&w, sorted, d.samples.nsamples, planned);
	put_bars(&w, &p.plan, &result);
	put_causes(&w, &p.plan, &result);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}
