/*
 * Risk: with nothing uncertain a sample is the forward pass; simple networks have the distributions that probability
 * theory gives them; every machine and any number of threads gets the same bits; a slow double reference agrees.
 */
#include "test/unit/cmocka_all.h"

#include <math.h>
#include <stdio.h>

#include "intake/plan_json.h"
#include "risk/risk.h"
#include "sched/sched.h"
#include "test/unit/random_plan.h"

enum { SAMPLES = 16384, HOUR = TICKS_PER_HOUR };

struct run {
	struct arena *a;
	struct plan plan;
	struct findings found;
	struct risk_engine *engine;
	struct risk_samples samples;
	struct risk_tally *tally;
	struct risk_result result;
};

static void sample(struct run *r, const struct risk_model *model, int64_t nsamples, uint64_t seed)
{
	struct err err;

	r->found = (struct findings){.arena = r->a};
	assert_true(risk_compile(r->a, &r->plan, model, &r->found, &r->engine, &err));
	assert_true(risk_samples_new(r->a, r->engine, nsamples, &r->samples, &err));
	r->tally = risk_tally_new(r->a, r->engine);
	risk_run(r->engine, seed, 0, r->samples.nsamples / RISK_LANES, true, risk_best_machine(),
		&r->samples, r->tally);
	risk_summarise(r->a, r->engine, &r->samples, r->samples.nsamples, r->tally, &r->result);
	for (int32_t k = 0; k < r->result.ndates; k++) {
		const struct risk_dates *d = &r->result.dates[k];
		int64_t n = r->samples.nsamples;
		assert_int_equal(
			risk_chance(r->engine, &r->samples, n, k, d->planned), d->planned_permille);
		assert_true(risk_chance(r->engine, &r->samples, n, k, d->p80) >= 800);
		assert_true(
			risk_chance(r->engine, &r->samples, n, k, (struct moment){d->p80.tick - 1}) < 800);
	}
}

/* A plan around the clock, so that ticks are work. */
static void read_plan(struct run *r, const char *rest)
{
	struct err err;

	*r = (struct run){.a = arena_open()};
	if (!plan_json_read(r->a,
			slice_of(arena_printf(r->a,
				"{\"guatu_plan\": 1, \"calendars\": [{\"id\": \"all\", \"week\":"
				" {\"mon-sun\": \"00:00-24:00\"}}], \"projects\": [{\"id\": \"P\", \"start\": "
				"\"2026-03-02\","
				" \"calendar\": \"all\"}], %s}",
				rest)),
			&r->plan, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		fail_msg("%s", str_text(&why));
	}
}

static double hours(const struct run *r, struct moment m)
{
	return (m.tick - r->plan.projects[0].start.tick) / (double)HOUR;
}

/* The same working instant on the calendar of a task that ends the project: 17:00, or 08:00 when work goes on. */
static bool same_instant(
	struct run *r, const struct schedule *s, int32_t project, struct moment got)
{
	struct moment want = s->projects[project].finish;

	for (int32_t i = 0; i < r->plan.ntasks; i++) {
		const struct worktime *w =
			worktime_compile(r->a, &r->plan, plan_task_calendar(&r->plan, &r->plan.tasks[i]),
				(struct date){20000}, (struct date){22000});
		if (r->plan.tasks[i].project == project && s->tasks[i].early_finish.tick == want.tick &&
			worktime_at(w, want.tick) == worktime_at(w, got.tick))
			return true;
	}
	return false;
}

static void nothing_uncertain_is_the_forward_pass(void **state)
{
	static const unsigned kinds[] = {RANDOM_PLAIN, RANDOM_PLAIN | RANDOM_CALENDARS,
		RANDOM_PLAIN | RANDOM_CONSTRAINTS, RANDOM_PLAIN | RANDOM_PROGRESS};
	int checked = 0;

	for (uint64_t round = 0; round < 2000; round++) {
		struct run r = {.a = arena_open()};
		struct err err;
		struct schedule s;
		struct risk_model fixed = {0};
		random_plan(r.a, round, 10, kinds[round % countof(kinds)], &r.plan);
		bool out = false; /* what risk.h leaves out */
		for (int32_t i = 0; i < r.plan.ntasks; i++) {
			struct plan_task *t = &r.plan.tasks[i];
			out |= t->constraint[0].kind == CONSTRAINT_AS_LATE_AS_POSSIBLE ||
				t->constraint[1].kind == CONSTRAINT_AS_LATE_AS_POSSIBLE ||
				!moment_is_none(t->expected_finish);
			if (round % countof(kinds) == 1 && t->type == TASK_FINISH_MILESTONE)
				t->type = TASK_START_MILESTONE;
		}
		for (int32_t i = 0; i < r.plan.nlinks && round % countof(kinds) == 1; i++)
			r.plan.links[i].type = i % 2 ? LINK_SS : LINK_FS;
		if (!out) {
			assert_true(sched_run(r.a, &r.plan, NULL, &s, &err));
			sample(&r, &fixed, RISK_LANES, 1);
			for (int32_t p = 0; p < r.plan.nprojects; p++)
				if (!moment_is_none(s.projects[p].finish) &&
					!same_instant(&r, &s, p, r.result.dates[p].p50)) {
					char x[20], y[20];
					fail_msg("round %d: project %d ends %s, not %s", (int)round, p,
						moment_text(r.result.dates[p].p50, x),
						moment_text(s.projects[p].finish, y));
				}
			checked++;
		}
		arena_close(r.a);
	}
	assert_true(checked > 1000);
}

/* The largest distance between the samples' distribution of the finish and the one given, by Kolmogorov and Smirnov. */
static double distance(const struct run *r, double (*share)(double hours))
{
	int64_t n = r->samples.nsamples;
	double most = 0;
	int32_t *sorted = ARENA_ARRAY(r->a, int32_t, (size_t)n);

	memcpy(sorted, r->samples.finish, sizeof(*sorted) * (size_t)n);
	for (int64_t gap = n / 2; gap > 0; gap /= 2)
		for (int64_t i = gap; i < n; i++) {
			int32_t v = sorted[i];
			int64_t k = i;
			for (; k >= gap && sorted[k - gap] > v; k -= gap)
				sorted[k] = sorted[k - gap];
			sorted[k] = v;
		}
	for (int64_t i = 0; i < n; i++) {
		double f = share(hours(r, (struct moment){sorted[i]})), below = fabs(f - i / (double)n);
		double above = fabs(f - (i + 1) / (double)n);
		most = below > most ? below : most;
		most = above > most ? above : most;
	}
	return most;
}

#define KS_LIMIT (1.95 / sqrt(SAMPLES)) /* one chance in a thousand for a true one */

/* P(x) of a triangle from 90 with peak 100 to 130 */
static double triangle_share(double x)
{
	return x <= 90 ? 0
		: x <= 100 ? (x - 90) * (x - 90) / (40 * 10)
		: x < 130  ? 1 - (130 - x) * (130 - x) / (40.0 * 30)
				   : 1;
}

static void one_triangle_is_a_triangle(void **state)
{
	struct run r;
	struct risk_model m = {
		.otherwise = {.shape = RISK_TRIANGULAR, .low = 900, .likely = 1000, .high = 1300}};

	read_plan(&r, "\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}]");
	sample(&r, &m, SAMPLES, 1);
	assert_true(distance(&r, triangle_share) < KS_LIMIT);
	assert_int_equal(r.result.causes[0].critical_permille, 1000);
	arena_close(r.a);
}

/* A uniform of 0 .. 100 hours as own history of two values */
static const int32_t zero_to_all[] = {0, 1000};
static const struct risk_spread uniform = {
	.shape = RISK_POINTS, .npoints = 2, .points = zero_to_all};

static double largest_of_four(double x)
{
	return x <= 0 ? 0 : x >= 100 ? 1 : pow(x / 100, 4);
}

static void parallel_ways_merge_late(void **state)
{
	struct run r;
	struct risk_model m = {.otherwise = uniform};

	read_plan(&r,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}, {\"id\": \"B\", \"duration\": "
		"\"100h\"},"
		"{\"id\": \"C\", \"duration\": \"100h\"}, {\"id\": \"D\", \"duration\": \"100h\"},"
		"{\"id\": \"M\", \"type\": \"finish_milestone\"}],"
		"\"links\": [{\"from\": \"A\", \"to\": \"M\"}, {\"from\": \"B\", \"to\": \"M\"}, "
		"{\"from\": \"C\", \"to\": \"M\"},"
		"{\"from\": \"D\", \"to\": \"M\"}]");
	sample(&r, &m, SAMPLES, 2);
	assert_true(distance(&r, largest_of_four) < KS_LIMIT);
	assert_true(fabs(hours(&r, r.result.dates[0].mean) - 80) <
		1); /* each alone: 50. That is the merge bias */
	int32_t shares = 0;
	for (int32_t k = 0; k < r.result.ncauses; k++)
		if (r.result.causes[k].task < 4) {
			assert_true(abs(r.result.causes[k].critical_permille - 250) < 20);
			shares += r.result.causes[k].critical_permille;
		}
	assert_true(abs(shares - 1000) < 10);
	assert_int_equal(r.result.ndates, 2);
	assert_int_equal(
		r.result.dates[1].p80.tick, r.result.dates[0].p80.tick); /* the milestone is the end */
	arena_close(r.a);
}

static double sum_of_two(double x)
{
	x /= 100;
	return x <= 0 ? 0 : x <= 1 ? x * x / 2 : x < 2 ? 1 - (2 - x) * (2 - x) / 2 : 1;
}

static void a_series_adds_up(void **state)
{
	struct run r;
	struct risk_model m = {.otherwise = uniform};

	read_plan(&r,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}, {\"id\": \"B\", \"duration\": "
		"\"100h\"}],"
		"\"links\": [{\"from\": \"A\", \"to\": \"B\"}]");
	sample(&r, &m, SAMPLES, 3);
	assert_true(distance(&r, sum_of_two) < KS_LIMIT);
	/* long against short: 75 - 25 hours each */
	assert_true(fabs(r.result.causes[0].swing / (double)HOUR - 50) < 2);
	assert_true(fabs(r.result.causes[1].swing / (double)HOUR - 50) < 2);
	arena_close(r.a);
}

static double normal_share(double x)
{
	return 0.5 * erfc(-x / sqrt(2));
}
/* P10 at 80 %, P90 at 125 % of 100 hours; cut off at one in a thousand */
static double lognormal_share(double x)
{
	return x <= 0 ? 0 : normal_share(log(x / 100) / (log(1.25) / 1.2815516));
}

/* PERT from 80 by 100 to 140: a beta distribution with 1 + 4/3 and 1 + 8/3, summed up in strips */
static double pert_share(double x)
{
	enum { STRIPS = 20000 };
	double below = 0, all = 0;

	for (int k = 0; k < STRIPS; k++) {
		double u = (k + 0.5) / STRIPS, p = pow(u, 4 / 3.0) * pow(1 - u, 8 / 3.0);
		all += p;
		below += 80 + 60 * u < x ? p : 0;
	}
	return below / all;
}

static double share_table[601];
static double pert_quick(double x)
{
	return x <= 80 ? 0 : x >= 140 ? 1 : share_table[(int)((x - 80) * 10)];
}

static void lognormal_and_pert_have_their_shapes(void **state)
{
	struct run r;
	struct risk_model log_normal = {
		.otherwise = {.shape = RISK_LOGNORMAL, .low = 800, .likely = 1000, .high = 1250}};
	struct risk_model pert = {
		.otherwise = {.shape = RISK_PERT, .low = 800, .likely = 1000, .high = 1400}};

	for (int k = 0; k <= 600; k++)
		share_table[k] = pert_share(80 + k / 10.0 + 0.05);
	read_plan(&r, "\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}]");
	sample(&r, &log_normal, SAMPLES, 4);
	assert_true(distance(&r, lognormal_share) < KS_LIMIT);
	sample(&r, &pert, SAMPLES, 5);
	assert_true(
		distance(&r, pert_quick) < KS_LIMIT + 0.003); /* the table of the test is this coarse */
	arena_close(r.a);
}

static void shared_risks_move_their_tasks_together(void **state)
{
	struct run r;
	const int32_t both[] = {0, 1};
	struct risk_driver flood = {"flood", "flood", 300,
		{.shape = RISK_FIXED, .low = 2000, .likely = 2000, .high = 2000}, 2, both};
	struct risk_model m = {.ndrivers = 1, .drivers = &flood};
	int64_t struck = 0;

	read_plan(&r,
		"\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}, {\"id\": \"B\", \"duration\": "
		"\"50h\"}],"
		"\"links\": [{\"from\": \"A\", \"to\": \"B\"}]");
	sample(&r, &m, SAMPLES, 6);
	for (int64_t k = 0; k < SAMPLES; k++) {
		double h = hours(&r, (struct moment){r.samples.finish[k]});
		assert_true(h == 150 || h == 300); /* never one without the other */
		struck += h == 300;
	}
	assert_true(fabs(struck / (double)SAMPLES - 0.3) < 0.015);
	assert_int_equal(r.result.causes[0].driver, 0);
	assert_int_equal(r.result.causes[0].swing, 150 * HOUR);
	assert_true(abs(r.result.dates[0].planned_permille - 700) < 15);
	arena_close(r.a);
}

static void a_window_may_move_a_task_past_the_winter(void **state)
{
	struct run r = {.a = arena_open()};
	struct err err;
	struct risk_window winter = {"winter", "hard winter", 400, 0, 1};
	struct risk_model m = {.nwindows = 1, .windows = &winter};
	int64_t late = 0;

	assert_true(plan_json_read(r.a,
		slice_of(
			"{\"guatu_plan\": 1, \"calendars\": ["
			"{\"id\": \"mild\", \"week\": {\"mon-fri\": \"08:00-12:00 13:00-17:00\"}},"
			"{\"id\": \"hard\", \"week\": {\"mon-fri\": \"08:00-12:00 13:00-17:00\"}, "
			"\"exceptions\":"
			" [{\"from\": \"2026-11-15\", \"to\": \"2027-03-15\", \"name\": \"winter\"}]}],"
			"\"projects\": [{\"id\": \"P\", \"start\": \"2026-11-09\", \"calendar\": \"mild\"}],"
			"\"tasks\": [{\"id\": \"A\", \"duration\": \"5d\"}, {\"id\": \"B\", \"duration\": "
			"\"2d\"}],"
			"\"links\": [{\"from\": \"A\", \"to\": \"B\"}]}"),
		&r.plan, &err));
	sample(&r, &m, SAMPLES, 7);
	for (int64_t k = 0; k < SAMPLES; k++) {
		char text[20];
		moment_text((struct moment){r.samples.finish[k]}, text);
		bool mild = strcmp(text, "2026-11-17T17:00") == 0;
		assert_true(mild || strcmp(text, "2027-03-17T17:00") == 0);
		late += !mild;
	}
	assert_true(fabs(late / (double)SAMPLES - 0.4) < 0.015);
	for (int32_t k = 0; k < r.result.ncauses; k++)
		if (r.result.causes[k].task >= 0)
			assert_int_equal(r.result.causes[k].critical_permille, 1000);
	assert_int_equal(r.result.causes[0].window, 0);
	assert_int_equal(r.result.causes[0].swing, 120 * TICKS_PER_DAY);
	arena_close(r.a);
}

static struct risk_model rich_model(struct arena *a, const struct plan *plan)
{
	struct risk_driver *d = ARENA_ARRAY(a, struct risk_driver, 1);
	struct risk_window *w = ARENA_ARRAY(a, struct risk_window, 1);
	int32_t *all = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 1);

	for (int32_t i = 0; i < plan->ntasks; i++)
		all[i] = i;
	*d = (struct risk_driver){"D", "D", 400,
		{.shape = RISK_PERT, .low = 900, .likely = 1200, .high = 2000}, plan->ntasks, all};
	*w = (struct risk_window){"W", "W", 300, 0, plan->ncalendars - 1};
	return (struct risk_model){
		.otherwise = {.shape = RISK_TRIANGULAR, .low = 500, .likely = 1000, .high = 2500},
		.ndrivers = 1,
		.drivers = d,
		.nwindows = plan->ncalendars > 1,
		.windows = w};
}

/* Blocks in any order and any number of tallies, on every kind of machine: the same bits. */
static void machines_and_threads_agree(void **state)
{
	for (uint64_t round = 0; round < 60; round++) {
		struct run r = {.a = arena_open()};
		struct err err;
		random_plan(r.a, round, 30, RANDOM_ALL & ~(round % 2 ? 0U : RANDOM_OPTIONS), &r.plan);
		struct risk_model m = rich_model(r.a, &r.plan);
		sample(&r, &m, 320, round);
		for (enum risk_machine machine = RISK_SCALAR; machine <= risk_best_machine(); machine++) {
			struct risk_samples other;
			struct risk_tally *odd = risk_tally_new(r.a, r.engine),
							  *even = risk_tally_new(r.a, r.engine);
			struct risk_result result;
			assert_true(risk_samples_new(r.a, r.engine, 320, &other, &err));
			for (int64_t block = 19; block >= 0; block--)
				risk_run(r.engine, round, block, 1, true, machine, &other, block % 2 ? odd : even);
			assert_memory_equal(other.finish, r.samples.finish,
				sizeof(*other.finish) * (size_t)(other.nrows * 320));
			risk_tally_add(even, odd, r.engine);
			risk_summarise(r.a, r.engine, &other, 320, even, &result);
			assert_int_equal(result.ncauses, r.result.ncauses);
			for (int32_t k = 0; k < result.ncauses; k++) {
				assert_int_equal(result.causes[k].task, r.result.causes[k].task);
				assert_int_equal(
					result.causes[k].critical_permille, r.result.causes[k].critical_permille);
				assert_int_equal(result.causes[k].swing, r.result.causes[k].swing);
			}
		}
		arena_close(r.a);
	}
}

/* Another seed draws other numbers, and not the same ones in another order. */
static void seeds_differ(void **state)
{
	struct run r, other;
	struct risk_model m = {.otherwise = uniform};
	const char *tasks = "\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}, {\"id\": \"B\", "
						"\"duration\": \"100h\"}],"
						"\"links\": [{\"from\": \"A\", \"to\": \"B\"}]";
	int64_t one = 0, two = 0;

	read_plan(&r, tasks);
	read_plan(&other, tasks);
	sample(&r, &m, 4096, 1);
	sample(&other, &m, 4096, 2);
	for (int64_t k = 0; k < 4096; k++) {
		one += r.samples.finish[k];
		two += other.samples.finish[k];
	}
	assert_true(one != two);
	arena_close(r.a);
	arena_close(other.a);
}

/* The same network in doubles with a library's generator: means and P80 agree within their errors. */
static void a_slow_reference_agrees(void **state)
{
	enum { N = 12 };
	struct run r;
	struct risk_model m = {
		.otherwise = {.shape = RISK_TRIANGULAR, .low = 700, .likely = 1000, .high = 1800}};
	struct str text = STR_INIT;
	uint64_t dice = 99;
	int from[2 * N], to[2 * N], nlinks = 0;
	double *finish = calloc(SAMPLES, sizeof(*finish)), mean = 0;

	str_puts(&text, "\"tasks\": [");
	for (int i = 0; i < N; i++)
		str_printf(
			&text, "%s{\"id\": \"T%d\", \"duration\": \"%dh\"}", i ? ", " : "", i, 20 + 7 * i % 30);
	str_puts(&text, "], \"links\": [");
	for (int i = 1; i < N; i++)
		for (int k = 0; k < 2; k++) {
			from[nlinks] = random_below(&dice, i);
			to[nlinks] = i;
			if (nlinks > 0 && from[nlinks - 1] == from[nlinks] && to[nlinks - 1] == i)
				continue;
			str_printf(&text, "%s{\"from\": \"T%d\", \"to\": \"T%d\"}", nlinks ? ", " : "",
				from[nlinks], i);
			nlinks++;
		}
	str_puts(&text, "]");
	read_plan(&r, str_text(&text));
	sample(&r, &m, SAMPLES, 8);
	for (int k = 0; k < SAMPLES; k++) {
		double end[N] = {0};
		for (int i = 0; i < N; i++) {
			double u = (random_next(&dice) >> 11) * 0x1p-53, start = 0, f;
			for (int l = 0; l < nlinks; l++)
				if (to[l] == i && end[from[l]] > start)
					start = end[from[l]];
			f = u < 3 / 11.0 ? 0.7 + sqrt(u * 1.1 * 0.3) : 1.8 - sqrt((1 - u) * 1.1 * 0.8);
			end[i] = start + f * (20 + 7 * i % 30);
			finish[k] = end[i] > finish[k] ? end[i] : finish[k];
		}
		mean += finish[k] / SAMPLES;
	}
	int64_t below = 0;
	for (int k = 0; k < SAMPLES; k++)
		below += finish[k] <= hours(&r, r.result.dates[0].p80);
	assert_true(fabs(hours(&r, r.result.dates[0].mean) - mean) < 0.5);
	assert_true(fabs(below / (double)SAMPLES - 0.8) < 0.015);
	assert_true(r.result.dates[0].p80_error > 0 && r.result.dates[0].p80_error < HOUR);
	free(finish);
	str_free(&text);
	arena_close(r.a);
}

static void what_cannot_be_is_said(void **state)
{
	struct run r;
	struct err err;
	struct risk_model models[] = {
		{.otherwise = {.shape = RISK_TRIANGULAR, .low = 1200, .likely = 1000, .high = 1300}},
		{.otherwise = {.shape = RISK_LOGNORMAL, .low = 0, .likely = 1000, .high = 1300}},
		{.otherwise = {.shape = RISK_POINTS, .npoints = 1, .points = zero_to_all}},
	};
	struct risk_samples samples;
	struct risk_model fixed = {0};

	read_plan(&r, "\"tasks\": [{\"id\": \"A\", \"duration\": \"100h\"}]");
	r.found.arena = r.a;
	for (size_t k = 0; k < countof(models); k++) {
		assert_false(risk_compile(r.a, &r.plan, &models[k], &r.found, &r.engine, &err));
		assert_int_equal(err.code, ERR_INPUT);
	}
	assert_true(risk_compile(r.a, &r.plan, &fixed, &r.found, &r.engine, &err));
	assert_false(risk_samples_new(r.a, r.engine, 0, &samples, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	arena_close(r.a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(nothing_uncertain_is_the_forward_pass),
		cmocka_unit_test(one_triangle_is_a_triangle),
		cmocka_unit_test(parallel_ways_merge_late),
		cmocka_unit_test(a_series_adds_up),
		cmocka_unit_test(lognormal_and_pert_have_their_shapes),
		cmocka_unit_test(shared_risks_move_their_tasks_together),
		cmocka_unit_test(a_window_may_move_a_task_past_the_winter),
		cmocka_unit_test(machines_and_threads_agree),
		cmocka_unit_test(seeds_differ),
		cmocka_unit_test(a_slow_reference_agrees),
		cmocka_unit_test(what_cannot_be_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
