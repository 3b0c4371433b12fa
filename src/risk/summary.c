/* What the samples say: counts gathered from lanes and threads, dates by their chances, causes by their weight. */
#include <stdlib.h>

#include "risk/inside.h"

struct risk_tally *risk_tally_new(struct arena *a, const struct risk_engine *e)
{
	struct risk_tally *t = ARENA_NEW(a, struct risk_tally);
	size_t n = (size_t)e->n + 1, causes = n + (size_t)(e->ndrivers + e->nwindows);

	*t = (struct risk_tally){
		.start = ARENA_ARRAY(a, int32_t, RISK_LANES * n),
		.finish = ARENA_ARRAY(a, int32_t, RISK_LANES * n),
		.drawn = ARENA_ARRAY(a, int32_t, RISK_LANES * (e->nwindows ? n : 1)),
		.on = ARENA_ARRAY(a, int32_t, RISK_LANES * n),
		.factor = ARENA_ARRAY(a, int32_t, RISK_LANES * ((size_t)e->ndrivers + 1)),
		.struck = ARENA_ARRAY(a, int32_t, RISK_LANES * ((size_t)(e->ndrivers + e->nwindows) + 1)),
		.late_sum = ARENA_ARRAY(a, int32_t, RISK_LANES * causes),
		.group_latest = ARENA_ARRAY(a, int32_t, RISK_LANES * ((size_t)e->ngroups + 1)),
		.group_ends = ARENA_ARRAY(a, int32_t, RISK_LANES * ((size_t)e->ngroups + 1)),
		.ends = ARENA_ARRAY(a, int32_t, RISK_LANES * ((size_t)e->plan->nprojects + 1)),
		.critical_total = ARENA_ARRAY(a, int64_t, n),
		.late_sum_total = ARENA_ARRAY(a, int64_t, causes),
		.late_count_total = ARENA_ARRAY(a, int64_t, causes),
	};
	return t;
}

static void take(int64_t *total, int32_t from[RISK_LANES])
{
	for (int lane = 0; lane < RISK_LANES; lane++)
		*total += from[lane];
	memset(from, 0, sizeof(*from) * RISK_LANES);
}

void harvest(const struct risk_engine *e, struct risk_tally *t)
{
	t->nsamples += (int64_t)t->since_harvest * RISK_LANES;
	t->since_harvest = 0;
	for (int32_t i = 0; i < e->n + e->ndrivers + e->nwindows; i++)
		take(&t->late_sum_total[i], &t->late_sum[RISK_LANES * i]);
	take(&t->all_sum_total, t->all_sum);
}

void risk_tally_add(
	struct risk_tally *into, const struct risk_tally *from, const struct risk_engine *e)
{
	into->nsamples += from->nsamples;
	into->all_sum_total += from->all_sum_total;
	for (int32_t i = 0; i < e->n; i++)
		into->critical_total[i] += from->critical_total[i];
	for (int32_t i = 0; i < e->n + e->ndrivers + e->nwindows; i++) {
		into->late_sum_total[i] += from->late_sum_total[i];
		into->late_count_total[i] += from->late_count_total[i];
	}
}

bool risk_samples_new(struct arena *a, const struct risk_engine *e, int64_t nsamples,
	struct risk_samples *out, struct err *err)
{
	if (nsamples < RISK_LANES || nsamples > RISK_MOST_SAMPLES)
		return err_set(
			err, ERR_LIMIT, NULL, "samples are from %d to %d", RISK_LANES, RISK_MOST_SAMPLES);
	nsamples = (nsamples + RISK_LANES - 1) / RISK_LANES * RISK_LANES;
	if (nsamples * e->nrows > RISK_MOST_CELLS)
		return err_set(err, ERR_LIMIT, NULL,
			"%d milestones and projects are too many for so many samples", e->nrows);
	*out = (struct risk_samples){
		e->nrows, nsamples, ARENA_ARRAY(a, int32_t, (size_t)(nsamples * e->nrows) + 1)};
	return true;
}

static int by_value(const void *x, const void *y)
{
	int32_t a = *(const int32_t *)x, b = *(const int32_t *)y;
	return (a > b) - (a < b);
}

static int64_t whole_root(int64_t x)
{
	int64_t root = 0;

	while ((root + 1) * (root + 1) <= x)
		root++;
	return root;
}

/* The sample below which a share of all lies. */
static int64_t rank_of(int64_t n, int32_t permille)
{
	int64_t k = (n * permille + 999) / 1000 - 1;
	return k < 0 ? 0 : k >= n ? n - 1 : k;
}

/* Half the width between the ranks one standard deviation of the binomial around the rank of P80. */
static void p80_ranks(int64_t n, int64_t *low, int64_t *high)
{
	int64_t k = rank_of(n, 800), wide = whole_root(n * 16 / 100) + 1;

	*low = k > wide ? k - wide : 0;
	*high = k + wide < n ? k + wide : n - 1;
}

static const int32_t *sorted_row(
	struct arena *a, const struct risk_samples *s, int32_t row, int64_t nsamples)
{
	int32_t *sorted = ARENA_ARRAY(a, int32_t, (size_t)nsamples + 1);

	memcpy(sorted, &s->finish[row * s->nsamples], sizeof(*sorted) * (size_t)nsamples);
	qsort(sorted, (size_t)nsamples, sizeof(*sorted), by_value);
	return sorted;
}

struct moment risk_moment(const struct risk_engine *e, int32_t row, int32_t position)
{ /* projects and window points are moments already */
	if (e->row_task[row] < 0)
		return (struct moment){position};
	const struct point *p = &e->points[e->row_task[row]];
	const struct worktime *w = e->net.calendars[p->calendar];
	if (p->flags & POINT_WINDOW)
		return (struct moment){position};
	bool at_start = p->duration == 0 && !(p->flags & POINT_FINISH_MILESTONE);
	return (struct moment){at_start ? worktime_start(w, position) : worktime_finish(w, position)};
}

int32_t risk_row(const struct risk_engine *e, int32_t task)
{
	for (int32_t row = 0; row < e->nrows; row++)
		if (e->row_task[row] >= 0 && e->points[e->row_task[row]].task == task)
			return row;
	return -1;
}

static struct moment planned_moment(const struct risk_engine *e, int32_t row)
{
	if (e->row_task[row] < 0)
		return (struct moment){e->cpm.project_finish[e->row_project[row]]};
	return (struct moment){
		e->cpm.early_at[e->net.node_of[e->points[e->row_task[row]].task]].finish};
}

static void fill_row(struct arena *a, const struct risk_engine *e, const struct risk_samples *s,
	int32_t row, int64_t n, struct risk_dates *d)
{
	struct arena_mark mark = arena_mark(a);
	const int32_t *sorted = sorted_row(a, s, row, n);
	int64_t sum = 0, low, high;

	*d = (struct risk_dates){.task = e->row_task[row] < 0 ? -1 : e->points[e->row_task[row]].task,
		.project = e->row_project[row],
		.planned = planned_moment(e, row),
		.p10 = risk_moment(e, row, sorted[rank_of(n, 100)]),
		.p50 = risk_moment(e, row, sorted[rank_of(n, 500)]),
		.p80 = risk_moment(e, row, sorted[rank_of(n, 800)]),
		.p90 = risk_moment(e, row, sorted[rank_of(n, 900)])};
	for (int64_t k = 0; k < n; k++)
		sum += sorted[k];
	d->mean = risk_moment(e, row, (int32_t)(sum / n));
	d->planned_permille = risk_chance(e, s, n, row, d->planned);
	p80_ranks(n, &low, &high);
	d->p80_error =
		(risk_moment(e, row, sorted[high]).tick - risk_moment(e, row, sorted[low]).tick) / 2;
	arena_rewind(a, mark);
}

int32_t risk_p80_error(
	struct arena *a, const struct risk_engine *e, const struct risk_samples *s, int64_t nsamples)
{
	int32_t most = 0;

	for (int32_t row = 0; row < e->plan->nprojects; row++) {
		struct risk_dates d;
		fill_row(a, e, s, row, nsamples, &d);
		most = d.p80_error > most ? d.p80_error : most;
	}
	return most;
}

int32_t risk_chance(const struct risk_engine *e, const struct risk_samples *s, int64_t nsamples,
	int32_t row, struct moment by)
{
	int64_t kept = 0;

	for (int64_t k = 0; k < nsamples; k++)
		kept += risk_moment(e, row, s->finish[row * s->nsamples + k]).tick <= by.tick;
	return (int32_t)(kept * 1000 / nsamples);
}

static int by_swing(const void *x, const void *y)
{
	const struct risk_cause *a = x, *b = y;
	int64_t p = a->swing < 0 ? -a->swing : a->swing, q = b->swing < 0 ? -b->swing : b->swing;

	if (p != q)
		return p > q ? -1 : 1;
	if (a->critical_permille != b->critical_permille)
		return a->critical_permille > b->critical_permille ? -1 : 1;
	if (a->task != b->task)
		return a->task < b->task ? -1 : 1;
	return a->driver != b->driver ? (a->driver < b->driver ? -1 : 1)
								  : (a->window > b->window) - (a->window < b->window);
}

void risk_summarise(struct arena *a, const struct risk_engine *e, const struct risk_samples *s,
	int64_t nsamples, const struct risk_tally *t, struct risk_result *out)
{
	*out = (struct risk_result){.nsamples = nsamples,
		.ndates = e->nrows,
		.dates = ARENA_ARRAY(a, struct risk_dates, (size_t)e->nrows + 1),
		.causes =
			ARENA_ARRAY(a, struct risk_cause, (size_t)(e->n + e->ndrivers + e->nwindows) + 1)};
	for (int32_t row = 0; row < e->nrows; row++)
		fill_row(a, e, s, row, nsamples, &out->dates[row]);
	for (int32_t i = 0; i < e->n + e->ndrivers + e->nwindows && t->nsamples > 0; i++) {
		struct risk_cause *c = &out->causes[out->ncauses++];
		int64_t late = t->late_count_total[i], others = t->nsamples - late;
		*c = (struct risk_cause){.task = i < e->n ? e->points[i].task : -1,
			.driver = i >= e->n && i < e->n + e->ndrivers ? i - e->n : -1,
			.window = i >= e->n + e->ndrivers ? i - e->n - e->ndrivers : -1,
			.critical_permille =
				i < e->n ? (int32_t)(t->critical_total[i] * 1000 / t->nsamples) : 0};
		/* a task that is never critical moves no finish: what is left of its means is chance */
		if (late > 0 && others > 0 && (i >= e->n || t->critical_total[i] > 0))
			c->swing =
				(t->late_sum_total[i] / late - (t->all_sum_total - t->late_sum_total[i]) / others) *
				(1 << SWING_SHIFT);
	}
	qsort(out->causes, (size_t)out->ncauses, sizeof(*out->causes), by_swing);
}
