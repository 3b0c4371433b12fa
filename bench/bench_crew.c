/*
 * Crew scheduling on the public problems: solves each file and prints what came out as one line of JSON, with every start,
 * for bench_crew.py, which checks it without any of our code and compares it with the best known.
 * usage: bench_crew BUDGET FILE...   BUDGET: 1s of the clock, 1c of this thread's processor, or 5000n schedules;
 *	1c@7: with seed 7
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/os.h"
#include "crew/crew.h"
#include "intake/rcpsp.h"

struct budget {
	clockid_t clock;
	double seconds, until;
	int64_t schedules;
	long seed;
};

static double now(const struct budget *b)
{
	struct timespec t;
	clock_gettime(b->clock, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static bool go_on(void *self, int32_t best, int32_t bound)
{
	const struct budget *b = self;
	(void)best, (void)bound;
	return b->schedules || now(b) < b->until;
}

static bool budget_parse(const char *text, struct budget *b)
{
	char *end;
	double amount = strtod(text, &end);
	*b = (struct budget){.clock = *end == 's' ? CLOCK_MONOTONIC : CLOCK_THREAD_CPUTIME_ID};
	if (*end == 'n')
		b->schedules = (int64_t)amount;
	else
		b->seconds = amount;
	bool sound = amount > 0 && (*end == 's' || *end == 'c' || *end == 'n');
	b->seed = sound && end[1] == '@' ? strtol(end + 2, &end, 10) : 1;
	return sound && (end[0] == '\0' || end[1] == '\0');
}

static bool bench(struct arena *a, struct budget *b, const char *path, struct err *err)
{
	static const char *const names[] = {"found", "proved", "impossible", "unknown"};
	struct slice text;
	struct crew_problem problem;
	struct crew_schedule s;
	struct crew_options options = {.seed = (uint64_t)b->seed,
		.schedules = b->schedules,
		.prove = !b->schedules,
		.go_on = go_on,
		.self = b};

	if (!os_read_file(a, path, 1 << 24, &text, err) || !rcpsp_read(a, text, &problem, err))
		return false;
	double began = now(b);
	if (b->seconds > 0)
		options.likely = crew_likely(&problem, b->seconds);
	b->until = began + b->seconds;
	if (!crew_solve(a, &problem, &options, &s, err))
		return false;
	printf(
		"{\"file\": \"%s\", \"status\": \"%s\", \"finish\": %d, \"bound\": %d, \"schedules\": %lld,"
		" \"failures\": %lld, \"seconds\": %.3f, \"start\": [",
		path, names[s.status], s.finish, s.bound, (long long)s.schedules, (long long)s.failures,
		now(b) - began);
	for (int32_t i = 0; s.start && i < problem.n; i++)
		printf(i ? ",%d" : "%d", s.start[i]);
	printf("]}\n");
	fflush(stdout);
	return true;
}

int main(int argc, char **argv)
{
	struct budget budget;
	if (argc < 3 || !budget_parse(argv[1], &budget)) {
		fputs("usage: bench_crew BUDGET FILE...\n", stderr);
		return 2;
	}
	for (int f = 2; f < argc; f++) {
		struct arena *a = arena_open();
		struct err err = {0};
		bool good = bench(a, &budget, argv[f], &err);
		if (!good) {
			struct str why = STR_INIT;
			err_say(&err, LANG_EN, &why);
			fprintf(stderr, "%s: %s\n", argv[f], str_text(&why));
			str_free(&why);
		}
		arena_close(a);
		if (!good)
			return 1;
	}
	return 0;
}
