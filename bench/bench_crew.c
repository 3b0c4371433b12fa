/*
 * Crew scheduling on the public sets: mean gap to the best known finish and how many are proved.
 * usage: bench_crew SECONDS|-SCHEDULES EVERY best_known.csv FILE...   (EVERY k: each k-th file)
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/os.h"
#include "intake/rcpsp.h"
#include "crew/crew.h"

static int64_t deadline_us;

static bool before_deadline(void *self, int32_t best, int32_t bound)
{
	(void)self, (void)best, (void)bound;
	return os_monotonic_us() < deadline_us;
}

/* The row of `name` in best_known.csv: instance,lb,ub,optimal,cpm_length,... or instance,optimum */
static bool best_known(struct slice csv, const char *name, long *low, long *high, long *cpm)
{
	size_t n = strlen(name);
	for (size_t at = 0; at < csv.n;) {
		size_t end = at;
		while (end < csv.n && csv.s[end] != '\n')
			end++;
		if (end - at > n && memcmp(csv.s + at, name, n) == 0 && csv.s[at + n] == ',') {
			char line[256];
			snprintf(line, sizeof(line), "%.*s", (int)(end - at - n - 1), csv.s + at + n + 1);
			long optimal = 0;
			*cpm = 0;
			if (strncmp(line, "unsat", 5) == 0)
				*low = *high = -1;
			else if (sscanf(line, "%ld..%ld", low, high) == 2)
				;
			else if (sscanf(line, "%ld,%ld,%ld,%ld", low, high, &optimal, cpm) < 2)
				*high = *low = strtol(line, NULL, 10);
			return true;
		}
		at = end + 1;
	}
	return false;
}

int main(int argc, char **argv)
{
	if (argc < 5)
		return 2;
	double seconds = strtod(argv[1], NULL);
	long every = strtol(argv[2], NULL, 10);
	struct arena *known_arena = arena_open();
	struct err err;
	struct slice csv;
	if (!os_read_file(known_arena, argv[3], 1 << 24, &csv, &err))
		return 2;
	int n = 0, proved = 0, at_best = 0, invalid = 0, wrong = 0, none = 0;
	int found = 0;
	double gap = 0, above_cpm = 0;
	int64_t schedules = 0, spent = 0, failures = 0;
	for (int f = 4; f < argc; f++) {
		if ((f - 4) % every)
			continue;
		struct arena *a = arena_open();
		struct slice text;
		struct crew_problem problem;
		struct crew_schedule s;
		char name[128];
		const char *slash = strrchr(argv[f], '/');
		snprintf(name, sizeof(name), "%s", slash ? slash + 1 : argv[f]);
		long low, high, cpm;
		if (!os_read_file(a, argv[f], 1 << 24, &text, &err) ||
			!rcpsp_read(a, text, &problem, &err)) {
			struct str why = STR_INIT;
			err_say(&err, LANG_EN, &why);
			printf("%s: %s\n", name, str_text(&why));
			return 1;
		}
		if (!best_known(csv, name, &low, &high, &cpm)) {
			char *dot = strrchr(name, '.');
			if (dot)
				*dot = '\0';
			if (!best_known(csv, name, &low, &high, &cpm)) {
				printf("%s: no best known value\n", name);
				return 1;
			}
		}
		int64_t began = os_monotonic_us();
		deadline_us = began + (int64_t)(seconds * 1e6);
		struct crew_options options = {.seed = 1,
			.prove = seconds > 0,
			.go_on = seconds > 0 ? before_deadline : NULL,
			.schedules = seconds < 0 ? (int64_t)-seconds : 0};
		if (!crew_solve(a, &problem, &options, &s, &err)) {
			struct str why = STR_INIT;
			err_say(&err, LANG_EN, &why);
			printf("%s: %s\n", name, str_text(&why));
			return 1;
		}
		spent += os_monotonic_us() - began;
		schedules += s.schedules;
		failures += s.failures;
		n++;
		const char *fault = s.start ? crew_check(a, &problem, s.start) : NULL;
		if (fault) {
			printf("%s: %s\n", name, fault);
			invalid++;
		}
		bool says_proved = s.status == CREW_PROVED || s.status == CREW_IMPOSSIBLE;
		proved += says_proved;
		if (s.status == CREW_PROVED && (s.finish < low || (s.finish > high)))
			wrong++, printf("%s: proved %d, known %ld..%ld\n", name, s.finish, low, high);
		if ((s.status == CREW_IMPOSSIBLE) != (low == -1) && says_proved)
			wrong++,
				printf("%s: impossible %d, known %ld\n", name, s.status == CREW_IMPOSSIBLE, low);
		if (s.start && s.bound > high && high > 0)
			wrong++, printf("%s: bound %d above best known %ld\n", name, s.bound, high);
		if (!s.start) {
			none += low != -1;
			arena_close(a);
			continue;
		}
		found++;
		at_best += s.finish <= high;
		gap += 100.0 * (s.finish - high) / high;
		above_cpm += cpm ? 100.0 * (s.finish - cpm) / cpm : 0;
		if (getenv("EACH"))
			printf("%s %d (%ld..%ld) bound %d %s\n", name, s.finish, low, high, s.bound,
				says_proved ? "proved" : "");
		arena_close(a);
	}
	printf("%d problems: gap %.3f %%, above critical path %.2f %%, at best known %d, proved %d, "
		   "none found %d, invalid %d,"
		   " wrong %d; %.0f k schedules/s, %lld failures, %.2f s each\n",
		n, gap / (found ? found : 1), above_cpm / (found ? found : 1), at_best, proved, none,
		invalid, wrong, schedules / (spent / 1e6) / 1e3, (long long)failures, spent / 1e6 / n);
	arena_close(known_arena);
	return invalid || wrong;
}
