/*
 * Monte Carlo on layered networks (layers as wide as the root of n, one or two predecessors, a tenth SS and FF each, a
 * fifth with lags, as in the scheduling bench): sample-activities a second on one core, each kind of machine, against a
 * loop in doubles. usage: bench_risk [ACTIVITIES [SAMPLES]]
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/os.h"
#include "risk/risk.h"

static uint64_t dice = 1;

static uint32_t below(uint32_t n)
{
	dice = dice * UINT64_C(6364136223846793005) + 1442695040888963407U;
	return (uint32_t)((dice >> 33) * n >> 31);
}

static void make_plan(struct arena *a, int32_t n, struct plan *plan)
{
	int32_t wide = (int32_t)sqrt(n);
	static const struct shift hours[] = {{480, 720}, {780, 1020}};

	*plan = (struct plan){.source = "bench", .nprojects = 1, .ncalendars = 1, .ntasks = n};
	plan->calendars = ARENA_ARRAY(a, struct plan_calendar, 1);
	plan->calendars[0] =
		(struct plan_calendar){.id = "five", .name = "five", .base = -1, .stated = 127};
	for (int day = 0; day < 5; day++)
		plan->calendars[0].week[day] = (struct day_shifts){2, hours};
	plan->projects = ARENA_ARRAY(a, struct plan_project, 1);
	plan->projects[0] = plan_project_default(PROFILE_OWN);
	plan->projects[0].id = plan->projects[0].code = plan->projects[0].name = "P";
	plan->projects[0].calendar = 0;
	plan->projects[0].start = moment_of((struct date){20500}, 480);
	plan->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)n);
	plan->links = ARENA_ARRAY(a, struct plan_link, (size_t)n * 2);
	for (int32_t i = 0; i < n; i++) {
		struct plan_task *t = &plan->tasks[i];
		*t = plan_task_default();
		t->id = t->code = t->name = arena_printf(a, "T%d", i);
		t->remaining_work = t->duration_work = (int32_t)(1 + below(20)) * 8 * TICKS_PER_HOUR;
		if (i < wide)
			continue;
		int32_t layer = i / wide * wide, links = 1 + (below(4) < 3);
		for (int32_t k = 0; k < links; k++) {
			uint32_t type = below(10);
			plan->links[plan->nlinks++] =
				(struct plan_link){.from = layer - wide + (int32_t)below((uint32_t)wide),
					.to = i,
					.from_id = "",
					.to_id = "",
					.type = type == 0 ? LINK_SS
						: type == 1   ? LINK_FF
									  : LINK_FS,
					.lag = below(5) == 0 ? (int32_t)below(5) * 8 * TICKS_PER_HOUR : 0};
		}
	}
}

/* The same in doubles, one sample after the other, as such programs are usually written. */
static double slow_loop(const struct plan *plan, int64_t samples, double *sum)
{
	double *start = calloc((size_t)plan->ntasks, sizeof(*start)),
		   *finish = calloc((size_t)plan->ntasks, sizeof(*finish));
	int64_t began = os_monotonic_us();

	for (int64_t s = 0; s < samples; s++) {
		double end = 0;
		int32_t l = 0;
		for (int32_t i = 0; i < plan->ntasks; i++) {
			double u = rand() / (RAND_MAX + 1.0), low = 0.9, peak = 1, high = 1.3,
				   width = high - low, at = 0;
			double f = u < (peak - low) / width ? low + sqrt(u * width * (peak - low))
												: high - sqrt((1 - u) * width * (high - peak));
			double d = plan->tasks[i].remaining_work * f;
			for (; l < plan->nlinks && plan->links[l].to == i; l++) {
				const struct plan_link *k = &plan->links[l];
				double from = k->type == LINK_SS ? start[k->from] : finish[k->from];
				from += k->lag - (k->type == LINK_FF ? d : 0);
				at = from > at ? from : at;
			}
			start[i] = at;
			finish[i] = at + d;
			end = finish[i] > end ? finish[i] : end;
		}
		*sum += end;
	}
	free(start);
	free(finish);
	return (double)(os_monotonic_us() - began) / 1e6;
}

static double run(const struct risk_engine *e, struct arena *a, int64_t samples, bool causes,
	enum risk_machine machine)
{
	struct risk_samples s;
	struct err err;
	double best = 1e9;

	if (!risk_samples_new(a, e, samples, &s, &err))
		return 0;
	struct risk_tally *t = risk_tally_new(a, e);
	for (int round = 0; round < 5; round++) {
		int64_t began = os_monotonic_us();
		risk_run(e, 1, 0, s.nsamples / RISK_LANES, causes, machine, &s, t);
		double spent = (double)(os_monotonic_us() - began) / 1e6;
		best = spent < best ? spent : best;
	}
	return best;
}

int main(int argc, char **argv)
{
	static const char *const machines[] = {"scalar", "AVX2", "AVX-512"};
	int32_t n = argc > 1 ? (int32_t)strtol(argv[1], NULL, 10) : 1000;
	int64_t samples = argc > 2 ? strtol(argv[2], NULL, 10) : 10000;
	struct arena *a = arena_open();
	struct plan plan;
	struct findings found = {.arena = a};
	struct err err;
	struct risk_engine *plain, *rich;

	make_plan(a, n, &plan);
	int32_t *all = ARENA_ARRAY(a, int32_t, (size_t)n);
	for (int32_t i = 0; i < n; i++)
		all[i] = i;
	const struct risk_spread some = {
		.shape = RISK_TRIANGULAR, .low = 900, .likely = 1000, .high = 1300};
	const struct risk_driver drivers[] = {
		{"D1", "D1", 300, {.shape = RISK_TRIANGULAR, .low = 1000, .likely = 1100, .high = 1500},
			n / 2, all},
		{"D2", "D2", 500, {.shape = RISK_PERT, .low = 900, .likely = 1050, .high = 1400}, n / 4,
			all}};
	struct risk_model model = {.otherwise = some},
					  with = {.otherwise = some, .ndrivers = 2, .drivers = drivers};
	if (!risk_compile(a, &plan, &model, &found, &plain, &err) ||
		!risk_compile(a, &plan, &with, &found, &rich, &err))
		return 1;
	double cells = (double)n * (double)samples, sum = 0;
	double slow =
		slow_loop(&plan, samples / 20 + 1, &sum) * (double)samples / (double)(samples / 20 + 1);
	printf("%d activities, %d links, %lld samples, one core\n", n, plan.nlinks, (long long)samples);
	printf("%-8s %8.1f ms %7.3f G sample-activities/s (a loop in doubles)\n", "slow", slow * 1e3,
		cells / slow / 1e9);
	for (enum risk_machine m = RISK_SCALAR; m <= risk_best_machine(); m++) {
		double forward = run(plain, a, samples, false, m), full = run(rich, a, samples, true, m);
		printf("%-8s %8.1f ms %7.3f G/s forward, %5.1f x; %8.1f ms %7.3f G/s with criticality, "
			   "tornado and 2 drivers\n",
			machines[m], forward * 1e3, cells / forward / 1e9, slow / forward, full * 1e3,
			cells / full / 1e9);
	}
	arena_close(a);
	return sum < 0;
}
