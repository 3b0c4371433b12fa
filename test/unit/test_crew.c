/* Crews limited: small problems against brute force, public problems against what is known of them. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>

#include "base/os.h"
#include "intake/rcpsp.h"
#include "crew/crew.h"

enum { MOST = 6, HORIZON = 20 };

struct small {
	struct crew_problem p;
	int32_t duration[MOST], demand[MOST * 2], capacity[2];
	struct crew_link links[16];
	struct crew_absence absences[2];
	int32_t due[MOST], weight[MOST];
	uint8_t ends[16];
	int32_t before[2][HORIZON / 2 + 1], calendar[MOST];
	struct crew_calendar calendars[2];
};

static uint32_t seed = 20260101;

static int32_t below(int32_t n)
{
	seed = seed * 1664525 + 1013904223;
	return (int32_t)((uint64_t)(seed >> 4) * (uint64_t)n >> 28);
}

static void make_small(struct small *s, bool circles)
{
	s->p = (struct crew_problem){.n = 3 + below(MOST - 2),
		.nresources = 1 + below(2),
		.duration = s->duration,
		.demand = s->demand,
		.capacity = s->capacity,
		.links = s->links};
	for (int32_t r = 0; r < s->p.nresources; r++)
		s->capacity[r] = 2 + below(3);
	for (int32_t i = 0; i < s->p.n; i++) {
		s->duration[i] = below(4);
		for (int32_t r = 0; r < s->p.nresources; r++)
			s->demand[i * s->p.nresources + r] = below(s->capacity[r] + 1);
	}
	for (int32_t l = 0; l < 4; l++) {
		int32_t from = below(s->p.n), to = below(s->p.n);
		if (from == to)
			continue;
		if (from > to) {
			int32_t swap = from;
			from = to;
			to = swap;
		}
		s->links[s->p.nlinks++] =
			(struct crew_link){from, to, below(3) ? s->duration[from] : below(4)};
		if (circles && below(2)) /* at most so far apart */
			s->links[s->p.nlinks++] = (struct crew_link){to, from, -(1 + below(5))};
	}
}

static void send_some_away(struct small *s)
{
	for (s->p.nabsences = 0; s->p.nabsences < 2; s->p.nabsences++) {
		int32_t from = below(4), crew = below(s->p.nresources);
		s->absences[s->p.nabsences] =
			(struct crew_absence){crew, from, from + below(3), 1 + below(s->capacity[crew])};
	}
	s->p.absences = s->absences;
}

/* Activities rest in some of the first slots; links are of all four kinds. */
static void let_some_rest(struct small *s)
{
	for (int32_t c = 0; c < 2; c++) {
		s->calendars[c] = (struct crew_calendar){HORIZON / 2, s->before[c]};
		for (int32_t t = 0; t < HORIZON / 2; t++)
			s->before[c][t + 1] = s->before[c][t] + (below(3) > 0);
	}
	for (int32_t i = 0; i < s->p.n; i++)
		s->calendar[i] = below(3) - 1;
	for (int32_t l = 0; l < s->p.nlinks; l++) {
		struct crew_link *k = &s->links[l];
		s->ends[l] = (uint8_t)below(4);
		k->lag = below(3) + (s->ends[l] & CREW_FROM_END ? s->duration[k->from] : 0) -
			(s->ends[l] & CREW_TO_END ? s->duration[k->to] : 0);
	}
	s->p.ends = s->ends;
	s->p.ncalendars = 2;
	s->p.calendars = s->calendars;
	s->p.calendar = s->calendar;
}

static int32_t end_of(const struct small *s, int32_t i, int32_t t)
{
	for (int32_t left = s->duration[i]; left > 0; t++) {
		bool rests = s->p.calendar && s->calendar[i] >= 0 && t < HORIZON / 2 &&
			s->before[s->calendar[i]][t] == s->before[s->calendar[i]][t + 1];
		left -= !rests;
	}
	return t;
}

/* Where a link takes hold: a start, or what an end would be without rests. */
static int32_t hold(const struct small *s, int32_t l, int which, int32_t i, const int32_t *start)
{
	return s->ends[l] & which ? end_of(s, i, start[i]) - s->duration[i] : start[i];
}

/* The shortest finish by trying every start up to the horizon; -1: none. */
static int32_t brute_force(
	struct arena *a, const struct small *s, int32_t i, int32_t *start, int32_t finish, int32_t best)
{
	if (i == s->p.n)
		return crew_check(a, &s->p, start) ? best : finish;
	for (int32_t t = 0; t + s->duration[i] <= HORIZON; t++) {
		int32_t end = end_of(s, i, t) > finish ? end_of(s, i, t) : finish;
		if (best >= 0 && end >= best)
			break;
		start[i] = t;
		bool sound = true;
		for (int32_t l = 0; l < s->p.nlinks && sound; l++) {
			const struct crew_link *k = &s->links[l];
			sound = k->from > i || k->to > i ||
				hold(s, l, CREW_TO_END, k->to, start) - hold(s, l, CREW_FROM_END, k->from, start) >=
					k->lag;
		}
		if (sound)
			best = brute_force(a, s, i + 1, start, end, best);
	}
	return best;
}

static void small_problems_agree_with_brute_force(void **state)
{
	int impossible = 0;
	for (int round = 0; round < 1500; round++) {
		struct arena *a = arena_open();
		struct small s = {0};
		struct err err;
		struct crew_schedule out;
		int32_t start[MOST];
		make_small(&s, round % 2);
		if (round % 3 == 0)
			send_some_away(&s);
		int32_t truth = brute_force(a, &s, 0, start, 0, -1);
		struct crew_options options = {.seed = (uint64_t)round, .prove = true, .schedules = 4000};
		assert_true(crew_solve(a, &s.p, &options, &out, &err));
		if (truth < 0) {
			assert_int_equal(out.status, CREW_IMPOSSIBLE);
			assert_non_null(out.why.zh);
			impossible++;
		} else {
			assert_int_equal(out.status, CREW_PROVED);
			assert_int_equal(out.finish, truth);
			assert_null(crew_check(a, &s.p, out.start));
		}
		arena_close(a);
	}
	assert_true(impossible > 20);
}

/* No proof but by the bound: the search nearly always finds the best, and never what is better. */
static void rests_agree_with_brute_force(void **state)
{
	int rested = 0, proved = 0, nmissed = 0;
	for (int round = 0; round < 400; round++) {
		struct arena *a = arena_open();
		struct small s = {0};
		struct err err;
		struct crew_schedule out;
		int32_t start[MOST];
		make_small(&s, false);
		let_some_rest(&s);
		if (round % 3 == 0)
			send_some_away(&s);
		int32_t truth = brute_force(a, &s, 0, start, 0, -1);
		struct crew_options options = {.seed = (uint64_t)round, .prove = true, .schedules = 2000};
		assert_true(crew_solve(a, &s.p, &options, &out, &err));
		assert_null(crew_check(a, &s.p, out.start));
		/* a link whose `to` may start first is out of the search's reach: it places `from` first */
		bool in_order = true;
		for (int32_t l = 0; l < s.p.nlinks; l++)
			in_order &= !(s.ends[l] & CREW_TO_END) && s.links[l].lag >= 0;
		assert_true(out.finish >= truth);
		nmissed += in_order && out.finish > truth;
		assert_true(out.bound <= truth);
		proved += out.status == CREW_PROVED;
		for (int32_t i = 0; i < s.p.n; i++) {
			assert_int_equal(crew_end(&s.p, i, out.start[i]), end_of(&s, i, out.start[i]));
			rested += crew_end(&s.p, i, out.start[i]) > out.start[i] + s.duration[i];
		}
		arena_close(a);
	}
	assert_true(rested > 50);
	assert_true(proved > 100);
	assert_true(nmissed < 8);
}

/* The least lateness, then finish, by trying every start before slot 12. */
static int64_t least_late(const struct small *s, int32_t i, int32_t *start, int64_t best)
{
	if (i == s->p.n) {
		int32_t finish = 0;
		for (int32_t k = 0; k < i; k++)
			finish = start[k] + s->duration[k] > finish ? start[k] + s->duration[k] : finish;
		int64_t worth = crew_lateness(&s->p, start) * 1000 + finish;
		if (worth >= best)
			return best;
		struct arena *a = arena_open();
		best = crew_check(a, &s->p, start) ? best : worth;
		arena_close(a);
		return best;
	}
	for (int32_t t = 0; t + s->duration[i] <= 12; t++) {
		start[i] = t;
		best = least_late(s, i + 1, start, best);
	}
	return best;
}

static void lateness_agrees_with_brute_force(void **state)
{
	int late = 0;
	for (int round = 0; round < 400; round++) {
		struct arena *a = arena_open();
		struct small s = {0};
		struct err err;
		struct crew_schedule out;
		int32_t start[MOST];
		make_small(&s, false);
		if (s.p.n == 3) {
			s.p.due = s.due;
			s.p.weight = s.weight;
			for (int32_t i = 0; i < s.p.n; i++) {
				s.due[i] = below(6) - 1;
				s.weight[i] = 1 + below(3);
			}
			if (round % 2)
				send_some_away(&s);
			int64_t truth = least_late(&s, 0, start, INT64_MAX);
			struct crew_options options = {.seed = (uint64_t)round, .schedules = 2000};
			assert_true(crew_solve(a, &s.p, &options, &out, &err));
			assert_null(crew_check(a, &s.p, out.start));
			assert_int_equal(out.lateness * 1000 + out.finish, truth);
			late += out.lateness > 0;
		}
		arena_close(a);
	}
	assert_true(late > 20);
}

/* Whatever smaller crews the proof excludes do not finish in time, and the answer does. */
static void smallest_crews_are_enough_and_least(void **state)
{
	int reduced = 0;
	for (int round = 0; round < 200; round++) {
		struct arena *a = arena_open();
		struct small s = {0};
		struct err err;
		struct crew_schedule out, less;
		int32_t peak[2] = {0};
		make_small(&s, false);
		int32_t last = 4 + below(6);
		struct crew_options options = {.seed = 1, .prove = true};
		assert_true(crew_smallest(a, &s.p, last, &options, &out, peak, &err));
		if (out.start && out.finish <= last) {
			assert_int_equal(out.status, CREW_PROVED);
			s.p.capacity = peak;
			assert_null(crew_check(a, &s.p, out.start));
			for (int32_t r = 0; r < s.p.nresources; r++) {
				peak[r]--;
				if (peak[r] >= 0) {
					assert_true(crew_solve(a, &s.p, &options, &less, &err));
					assert_true(less.status == CREW_IMPOSSIBLE || less.finish > last);
					reduced += peak[r] > 0;
				}
				peak[r]++;
			}
		}
		arena_close(a);
	}
	assert_true(reduced > 50);
}

/* Every combination of ways, solved one by one, against the search over them. */
static void modes_agree_with_every_combination(void **state)
{
	int moved = 0;
	for (int round = 0; round < 120; round++) {
		struct arena *a = arena_open();
		struct small s = {0};
		struct err err;
		struct crew_schedule out, one;
		int32_t first[MOST + 1] = {0}, demand[2 * 2], chosen[MOST], own[MOST];
		uint8_t ends[16];
		make_small(&s, false);
		for (int32_t l = 0; l < s.p.nlinks; l++) {
			s.links[l].lag = s.duration[s.links[l].from];
			ends[l] = CREW_FROM_END;
		}
		struct crew_mode modes[2] = {{below(4), &demand[0]}, {below(4), &demand[s.p.nresources]}};
		for (int32_t k = 0; k < 2 * s.p.nresources; k++)
			demand[k] = below(s.capacity[k % s.p.nresources] + 1);
		for (int32_t i = 1; i <= s.p.n; i++) /* one more way for the first two activities */
			first[i] = i < 2 ? i : 2;
		struct crew_modes m = {&s.p, first, modes};
		s.p.ends = ends;
		struct crew_options options = {.seed = 1, .prove = true, .schedules = 100000};
		assert_true(crew_solve_modes(a, &m, &options, &out, chosen, &err));
		assert_int_equal(out.status, CREW_PROVED);
		int32_t best = INT32_MAX;
		memcpy(own, s.duration, sizeof(own));
		int32_t own_demand[MOST * 2];
		memcpy(own_demand, s.demand, sizeof(own_demand));
		for (int32_t way = 3; way >= 0; way--) {
			for (int32_t i = 0; i < 2; i++) {
				bool other = way >> i & 1;
				s.duration[i] = other ? modes[i].duration : own[i];
				for (int32_t r = 0; r < s.p.nresources; r++)
					s.demand[i * s.p.nresources + r] =
						other ? modes[i].demand[r] : own_demand[i * s.p.nresources + r];
			}
			for (int32_t l = 0; l < s.p.nlinks; l++)
				s.links[l].lag = s.duration[s.links[l].from];
			assert_true(
				crew_solve(a, &s.p, &(struct crew_options){.seed = 1, .prove = true}, &one, &err));
			best = one.finish < best ? one.finish : best;
			if ((chosen[0] >= 0) == (way & 1) && (chosen[1] >= 0) == (way >> 1 & 1))
				assert_null(crew_check(a, &s.p, out.start));
		}
		assert_int_equal(out.finish, best);
		moved += chosen[0] >= 0 || chosen[1] >= 0;
		arena_close(a);
	}
	assert_true(moved > 20);
}

static void the_same_seed_gives_the_same_answer(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	struct small s = {0};
	make_small(&s, false);
	struct crew_schedule one, two;
	struct crew_options options = {.seed = 7, .schedules = 500};
	assert_true(crew_solve(a, &s.p, &options, &one, &err));
	assert_true(crew_solve(a, &s.p, &options, &two, &err));
	assert_memory_equal(one.start, two.start, sizeof(*one.start) * (size_t)s.p.n);
	arena_close(a);
}

static void what_cannot_be_is_said(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	struct crew_schedule out;
	int32_t duration[] = {2, -1}, demand[] = {1, 1}, capacity[] = {1};
	struct crew_problem p = {
		.n = 2, .nresources = 1, .duration = duration, .demand = demand, .capacity = capacity};
	struct crew_options options = {.schedules = 10};
	assert_false(crew_solve(a, &p, &options, &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	duration[1] = 1;
	demand[1] = 5;
	assert_true(crew_solve(a, &p, &options, &out, &err));
	assert_int_equal(out.status, CREW_IMPOSSIBLE);
	assert_string_equal(out.why.en, "activity 2 needs 5 of crew 1, which has 1");
	assert_null(out.start);
	arena_close(a);
}

static bool stop_at_once(void *self, int32_t best, int32_t bound)
{
	return false;
}

/* Reads a public problem, or skips the test. */
static void public_problem(struct arena *a, const char *name, struct crew_problem *p)
{
	const char *shared = getenv("GUATU_SHARED");
	struct err err;
	struct slice text = {0};
	if (!shared ||
		!os_read_file(a, arena_printf(a, "%s/data/%s", shared, name), 1 << 20, &text, &err)) {
		print_message("skipped: the public crew problems are not here\n");
		skip();
	}
	assert_true(rcpsp_read(a, text, p, &err));
}

static void public_problems_are_proved(void **state)
{
	static const struct {
		const char *name;
		int32_t finish;
	} cases[] = {
		{"rcpsp-psplib/j30/j301_1.sm", 43},
		{"rcpsp-patterson/pat3.rcp", 20},
		{"rcpsp-max/j10/PSP1.SCH", 26},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct arena *a = arena_open();
		struct crew_problem p;
		struct crew_schedule out;
		struct err err;
		public_problem(a, cases[i].name, &p);
		struct crew_options options = {.seed = 1, .prove = true, .schedules = 200000};
		assert_true(crew_solve(a, &p, &options, &out, &err));
		assert_int_equal(out.status, CREW_PROVED);
		assert_int_equal(out.finish, cases[i].finish);
		assert_null(crew_check(a, &p, out.start));
		arena_close(a);
	}
}

static void a_stop_gives_what_was_found(void **state)
{
	struct arena *a = arena_open();
	struct crew_problem p;
	struct crew_schedule out;
	struct err err;
	public_problem(a, "rcpsp-psplib/j120/j12011_1.sm", &p);
	struct crew_options options = {.seed = 1, .prove = true, .go_on = stop_at_once};
	assert_true(crew_solve(a, &p, &options, &out, &err));
	assert_int_equal(out.status, CREW_FOUND);
	assert_null(crew_check(a, &p, out.start));
	arena_close(a);
}

/* "No later than" leaves nothing to build: the count is of conflicts, and ends what would go on for hours. */
static void a_count_ends_what_only_learns(void **state)
{
	enum { N = 60 };
	struct arena *a = arena_open();
	int32_t duration[N], demand[2 * N], capacity[] = {10, 10};
	struct crew_link links[N];
	struct crew_problem p = {.n = N,
		.nresources = 2,
		.nlinks = N / 2,
		.duration = duration,
		.demand = demand,
		.capacity = capacity,
		.links = links};
	struct crew_schedule out;
	struct err err;
	for (int32_t i = 0; i < N; i++) {
		duration[i] = 1 + below(9);
		demand[2 * i] = 1 + below(7);
		demand[2 * i + 1] = 1 + below(7);
	}
	for (int32_t l = 0; l < N / 2; l += 2) { /* one starts five to thirty slots after another */
		links[l] = (struct crew_link){l, N - 1 - l, 5};
		links[l + 1] = (struct crew_link){N - 1 - l, l, -30};
	}
	struct crew_options options = {.seed = 1, .schedules = 300};
	assert_true(crew_solve(a, &p, &options, &out, &err));
	assert_int_equal(out.status, CREW_FOUND);
	assert_null(crew_check(a, &p, out.start));
	assert_int_equal(out.schedules, out.failures);
	assert_in_range(out.failures, 300, 310);
	arena_close(a);
}

static void readers_name_the_line(void **state)
{
	static const struct {
		const char *text, *en, *zh;
	} cases[] = {
		{"", "line 1", "第 1 行"},
		{"3 1\n4\n1 1 0\n2 x 0\n", "line 4", "第 4 行"},
		{"2 1 0 0\n0 1 1 9 [0]\n", "line 2", "第 2 行"},
		{"2 1\n4\n1 99999 0\n0 0 0\n", "line 3", "第 3 行"},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		struct arena *a = arena_open();
		struct crew_problem p;
		struct err err;
		assert_false(rcpsp_read(a, slice_of(cases[i].text), &p, &err));
		assert_place(&err, cases[i].en, cases[i].zh);
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(small_problems_agree_with_brute_force),
		cmocka_unit_test(lateness_agrees_with_brute_force),
		cmocka_unit_test(smallest_crews_are_enough_and_least),
		cmocka_unit_test(modes_agree_with_every_combination),
		cmocka_unit_test(the_same_seed_gives_the_same_answer),
		cmocka_unit_test(what_cannot_be_is_said),
		cmocka_unit_test(public_problems_are_proved),
		cmocka_unit_test(a_stop_gives_what_was_found),
		cmocka_unit_test(a_count_ends_what_only_learns),
		cmocka_unit_test(readers_name_the_line),
		cmocka_unit_test(rests_agree_with_brute_force),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
