/*
 * guatu plan risk FILE: how sure are the dates? Rounds of samples are shared out among threads by block, so the answer is the
 * same for any number of them. With --precision it stops after the first round whose standard error of P80 is small enough.
 */
#include <pthread.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/plan_parts.h"
#include "intake/risk_file.h"
#include "risk/risk.h"

enum { MOST_THREADS = 64, ROUND_BLOCKS = 128, SHOWN_CAUSES = 20 };

struct share {
	const struct risk_engine *engine;
	struct risk_samples *samples;
	struct risk_tally *tally;
	uint64_t seed;
	int64_t first, n;
};

static void *run_share(void *self)
{
	struct share *s = self;
	risk_run(s->engine, s->seed, s->first, s->n, true, risk_best_machine(), s->samples, s->tally);
	return NULL;
}

static void run_round(struct share *shares, int64_t threads, int64_t first, int64_t n)
{
	pthread_t thread[MOST_THREADS];
	bool started[MOST_THREADS] = {0};

	for (int64_t k = threads - 1; k >= 0; k--) {
		shares[k].first = first + n * k / threads;
		shares[k].n = first + n * (k + 1) / threads - shares[k].first;
		if (k > 0)
			started[k] = pthread_create(&thread[k], NULL, run_share, &shares[k]) == 0;
		if (!started[k])
			run_share(&shares[k]);
	}
	for (int64_t k = 1; k < threads; k++)
		if (started[k])
			pthread_join(thread[k], NULL);
}

struct question {
	int64_t samples, seed, threads, precision_hours;
};

/* Samples drawn; fewer than asked for when precise enough, or stopped. */
static int64_t draw(struct arena *a, const struct question *q, struct share *shares)
{
	static const struct label drawing = {"正在抽样", "drawing samples"};
	int64_t blocks = shares[0].samples->nsamples / RISK_LANES, at = 0;

	while (at < blocks) {
		int64_t n = blocks - at < ROUND_BLOCKS ? blocks - at : ROUND_BLOCKS;
		run_round(shares, q->threads, at, n);
		at += n;
		if (!progress_bar((void *)&drawing, at * RISK_LANES, blocks * RISK_LANES))
			break;
		if (q->precision_hours &&
			risk_p80_error(a, shares[0].engine, shares[0].samples, at * RISK_LANES) <=
				q->precision_hours * TICKS_PER_HOUR)
			break;
	}
	return at * RISK_LANES;
}

static const char *cause_name(
	const struct plan *plan, const struct risk_model *m, const struct risk_cause *c)
{
	return c->task >= 0  ? plan_task_code(plan, c->task)
		: c->driver >= 0 ? m->drivers[c->driver].name
						 : m->windows[c->window].name;
}

static void print_json(
	const struct plan *plan, const struct risk_model *m, const struct risk_result *r)
{
	static const char *const names[] = {"planned", "p10", "p50", "p80", "p90", "mean"};
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	jw_ki(&w, "samples", r->nsamples);
	jw_key(&w, "dates");
	jw_array(&w);
	for (int32_t i = 0; i < r->ndates; i++) {
		const struct risk_dates *d = &r->dates[i];
		const struct moment moments[] = {d->planned, d->p10, d->p50, d->p80, d->p90, d->mean};
		jw_object(&w);
		jw_kt(&w, "project", plan->projects[d->project].id);
		jw_kt(&w, "task", d->task >= 0 ? plan->tasks[d->task].id : NULL);
		for (size_t k = 0; k < countof(names); k++)
			plan_json_moment(&w, names[k], moments[k]);
		jw_key(&w, "planned_chance_pct");
		if (moment_is_none(d->planned))
			jw_null(&w);
		else
			jw_decimal(&w, d->planned_permille, 1);
		plan_json_hours(&w, "p80_error_h", d->p80_error);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_key(&w, "causes");
	jw_array(&w);
	for (int32_t i = 0; i < r->ncauses; i++) {
		const struct risk_cause *c = &r->causes[i];
		jw_object(&w);
		jw_kt(&w,
			c->task >= 0         ? "task"
				: c->driver >= 0 ? "driver"
								 : "window",
			c->task >= 0         ? plan->tasks[c->task].id
				: c->driver >= 0 ? m->drivers[c->driver].id
								 : m->windows[c->window].id);
		jw_key(&w, "critical_pct");
		if (c->task >= 0)
			jw_decimal(&w, c->critical_permille, 1);
		else
			jw_null(&w);
		plan_json_hours(&w, "swing_h", (int32_t)c->swing);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

/* A drawn moment is no truer than to the minute. */
static const char *minute_text(struct moment m, char text[20])
{
	if (!moment_is_none(m))
		m.tick -= moment_tick_of_day(m) % TICKS_PER_MINUTE;
	return moment_text(m, text);
}

static const char *chance_text(struct arena *a, int32_t permille)
{
	return arena_printf(a, "%d%%", permille / 10);
}

static void print_dates(struct arena *a, const struct plan *plan, const struct risk_result *r)
{
	static const struct label heads[] = {{"项目或里程碑", "project or milestone"}, {"名称", "name"},
		{"计划", "planned"}, {"把握", "chance"}, {"P10", "P10"}, {"P50", "P50"}, {"P80", "P80"},
		{"P90", "P90"}};
	struct table t = {.ncolumns = countof(heads), .widest = {40, 30}, .right = {[3] = true}};
	char text[20];

	for (size_t k = 0; k < countof(heads); k++)
		table_add(&t, label_in(heads[k], cli_lang()));
	for (int32_t i = 0; i < r->ndates; i++) {
		const struct risk_dates *d = &r->dates[i];
		const struct moment moments[] = {d->p10, d->p50, d->p80, d->p90};
		const struct plan_project *p = &plan->projects[d->project];
		table_add(&t, d->task >= 0 ? plan_task_code(plan, d->task) : plan_project_code(p));
		table_add(&t, d->task >= 0 ? plan->tasks[d->task].name : p->name);
		table_add(&t, arena_strdup(a, minute_text(d->planned, text)));
		table_add(&t, moment_is_none(d->planned) ? NULL : chance_text(a, d->planned_permille));
		for (size_t k = 0; k < countof(moments); k++)
			table_add(&t, arena_strdup(a, minute_text(moments[k], text)));
	}
	table_print(&t);
}

static void print_causes(struct arena *a, const struct plan *plan, const struct risk_model *m,
	const struct risk_result *r)
{
	static const struct label heads[] = {
		{"因素", "cause"}, {"名称", "name"}, {"影响(天)", "swing (d)"}, {"关键", "critical"}};
	struct table t = {
		.ncolumns = countof(heads), .widest = {40, 30}, .right = {[2] = true, [3] = true}};

	for (size_t k = 0; k < countof(heads); k++)
		table_add(&t, label_in(heads[k], cli_lang()));
	for (int32_t i = 0; i < r->ncauses && i < SHOWN_CAUSES && r->causes[i].swing != 0; i++) {
		const struct risk_cause *c = &r->causes[i];
		int64_t half = c->swing < 0 ? -TICKS_PER_DAY / 2 : TICKS_PER_DAY / 2;
		int64_t tenths = (c->swing * 10 + half) / TICKS_PER_DAY; /* no minus before a nought */
		table_add(&t, cause_name(plan, m, c));
		table_add(&t, c->task >= 0 ? plan->tasks[c->task].name : NULL);
		table_add(&t, arena_printf(a, "%.1f", (double)tenths / 10));
		table_add(&t, c->task >= 0 ? chance_text(a, c->critical_permille) : NULL);
	}
	table_print(&t);
}

static void print_tables(struct arena *a, const struct plan *plan, const struct risk_model *m,
	const struct risk_result *r)
{
	bool zh = cli_lang() == LANG_ZH;

	printf(zh ? "样本 %lld 个\n" : "%lld samples\n", (long long)r->nsamples);
	print_dates(a, plan, r);
	if (r->ncauses == 0 || r->causes[0].swing == 0)
		return;
	printf(zh ? "\n影响最大的因素（长短之差对完工的影响；关键的机会）\n"
			  : "\nwhat moves the finish most (between long and short; how often critical)\n");
	print_causes(a, plan, m, r);
}

static bool read_question(struct question *q)
{
	int64_t threads = sysconf(_SC_NPROCESSORS_ONLN);

	*q = (struct question){.samples = 10000,
		.seed = 1,
		.threads = threads < 1       ? 1
			: threads > MOST_THREADS ? MOST_THREADS
									 : threads};
	return given_number("--samples", RISK_LANES, RISK_MOST_SAMPLES, &q->samples) &&
		given_number("--seed", 0, INT32_MAX, &q->seed) &&
		given_number("--threads", 1, MOST_THREADS, &q->threads) &&
		given_number("--precision", 1, 1000000, &q->precision_hours);
}

static bool read_model(
	struct arena *a, const struct plan *plan, struct risk_model *m, struct err *err)
{
	struct slice bytes;

	*m = (struct risk_model){
		.otherwise = {.shape = RISK_TRIANGULAR, .low = 900, .likely = 1000, .high = 1300}};
	if (!given("--risks"))
		return true;
	return os_read_file(a, given("--risks"), LIMIT_UPLOAD_BYTES, &bytes, err) &&
		(risk_file_read(a, bytes, plan, m, err) || err_in(err, "%s", given("--risks")));
}

int plan_risk(void)
{
	struct loaded l;
	struct question q;
	struct risk_model m;
	struct risk_engine *engine;
	struct risk_samples samples;
	struct risk_result result;
	struct share shares[MOST_THREADS];
	struct err err = {0};
	int code = EXIT_DONE;

	if (!read_question(&q))
		return EXIT_USAGE;
	if (!plan_load(argument(1), &l, &err) || !read_model(l.a, &l.plan, &m, &err) ||
		!risk_compile(l.a, &l.plan, &m, &l.found, &engine, &err) ||
		!risk_samples_new(l.a, engine, q.samples, &samples, &err)) {
		arena_close(l.a);
		return fail(&err);
	}
	for (int64_t k = 0; k < q.threads; k++)
		shares[k] =
			(struct share){engine, &samples, risk_tally_new(l.a, engine), (uint64_t)q.seed, 0, 0};
	int64_t drawn = draw(l.a, &q, shares);
	progress_end();
	for (int64_t k = 1; k < q.threads; k++)
		risk_tally_add(shares[0].tally, shares[k].tally, engine);
	risk_summarise(l.a, engine, &samples, drawn, shares[0].tally, &result);
	if (as_json())
		print_json(&l.plan, &m, &result);
	else
		print_tables(l.a, &l.plan, &m, &result);
	plan_print_findings(&l.plan, &l.found, stderr);
	code = stopped() ? EXIT_STOPPED : EXIT_DONE;
	arena_close(l.a);
	return code;
}
