/* Backwards from a required finish: the smallest sets against brute force over every subset; why and compare. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "intake/plan_json.h"
#include "random_plan.h"
#include "sched/backward.h"
#include "sched/compare.h"
#include "sched/why.h"

static void give(struct arena *a, uint64_t *seed, struct plan *p)
{
	static const struct shift all_day = {0, MINUTES_PER_DAY};
	struct plan_calendar *calendars =
		ARENA_ARRAY(a, struct plan_calendar, (size_t)p->ncalendars + 1);

	memcpy(calendars, p->calendars, (size_t)p->ncalendars * sizeof(*calendars));
	p->calendars = calendars;
	p->calendars[p->ncalendars] = (struct plan_calendar){
		.id = "round", .name = "round", .base = -1, .stated = 0x7f, .provisional_from = DATE_NONE};
	for (int d = 0; d < 7; d++)
		p->calendars[p->ncalendars].week[d] = (struct day_shifts){1, &all_day};
	p->nrelaxations = 1 + random_below(seed, 8);
	p->relaxations = ARENA_ARRAY(a, struct plan_relaxation, (size_t)p->nrelaxations);
	for (int i = 0; i < p->nrelaxations; i++) {
		struct plan_relaxation *x = &p->relaxations[i];
		*x = (struct plan_relaxation){.id = "r",
			.name = "r",
			.kind = (enum relaxation_kind)random_below(seed, 4),
			.date = MOMENT_NONE};
		if (x->kind == RELAX_LINK && p->nlinks == 0)
			x->kind = RELAX_DURATION;
		if (x->kind == RELAX_DURATION) {
			x->subject = random_below(seed, p->ntasks);
			x->work = p->tasks[x->subject].duration_work / (1 + random_below(seed, 3)) /
				TICKS_PER_HOUR * TICKS_PER_HOUR;
		} else if (x->kind == RELAX_LINK) {
			x->subject = random_below(seed, p->nlinks);
			x->type = p->links[x->subject].type;
			x->lag = 0;
		} else if (x->kind == RELAX_CALENDAR) {
			x->subject = random_below(seed, p->ncalendars);
			x->calendar = p->ncalendars;
		} else {
			x->date.tick =
				p->projects[0].must_finish.tick + random_below(seed, 60) * TICKS_PER_HOUR;
		}
	}
	p->ncalendars++;
}

static bool fits(const struct plan *p, unsigned set, struct moment required)
{
	struct arena *a = arena_open();
	struct schedule s;
	struct err err = {0};
	int32_t items[16], n = 0;

	for (int i = 0; i < p->nrelaxations; i++)
		if (set >> i & 1) {
			items[n++] = i;
			if (p->relaxations[i].kind == RELAX_FINISH &&
				p->relaxations[i].date.tick > required.tick)
				required = p->relaxations[i].date;
		}
	struct plan relaxed = plan_relaxed(a, p, items, n);
	assert_true(sched_run(a, &relaxed, NULL, &s, &err));
	bool good = s.projects[0].finish.tick <= required.tick;
	arena_close(a);
	return good;
}

static void smallest_sets_are_all_found(void **state)
{
	int late = 0, solved = 0, together = 0;

	for (uint64_t k = 0; k < 300; k++) {
		struct arena *a = arena_open();
		uint64_t seed = k * 977 + 5;
		struct plan p;
		struct backward_plan b;
		struct err err = {0};
		random_plan(a, k, 8, k % 2 ? RANDOM_CALENDARS : RANDOM_PLAIN, &p);
		for (int i = 0; i < p.nlinks; i++)
			p.links[i].lag = p.links[i].lag < 0
				? -p.links[i].lag
				: p.links[i].lag; /* a lead on a longer day is shorter */
		struct schedule s;
		assert_true(sched_run(a, &p, NULL, &s, &err));
		p.projects[0].must_finish.tick =
			s.projects[0].finish.tick - random_below(&seed, 90) * TICKS_PER_HOUR;
		give(a, &seed, &p);
		assert_true(plan_backward(a, &p, 0, MOMENT_NONE, &b, &err));
		assert_true(b.complete);
		int smallest = 99, count = 0;
		for (unsigned set = 0; set < 1u << p.nrelaxations; set++) {
			int size = __builtin_popcount(set);
			if (size > smallest || !fits(&p, set, b.required))
				continue;
			count = size < smallest ? 1 : count + 1;
			smallest = size;
		}
		if (smallest == 0) {
			assert_int_equal(b.nsets, 0);
			assert_true(b.finish.tick <= b.required.tick);
		} else if (smallest > BACKWARD_MOST_TOGETHER) {
			assert_int_equal(b.nsets, 0);
			late++;
		} else {
			assert_int_equal(b.nsets, count);
			for (int i = 0; i < b.nsets; i++) {
				unsigned set = 0;
				assert_int_equal(b.sets[i].n, smallest);
				for (int j = 0; j < b.sets[i].n; j++)
					set |= 1u << b.sets[i].items[j];
				assert_true(fits(&p, set, b.required));
			}
			late++;
			solved++;
			together += smallest > 1;
		}
		arena_close(a);
	}
	print_message(
		"%d plans late, %d with a way out, %d need more than one thing\n", late, solved, together);
	assert_true(solved > 100 && together > 10);
}

static const char dam[] =
	"{\"guatu_plan\":1,\"calendars\":[{\"id\":\"five\",\"week\":{\"mon-fri\":\"08:00-12:00 "
	"13:00-17:00\"}},"
	"{\"id\":\"six\",\"week\":{\"mon-sat\":\"08:00-12:00 13:00-17:00\"}}],"
	"\"projects\":[{\"id\":\"P\",\"start\":\"2026-03-02\",\"calendar\":\"five\",\"must_finish\":"
	"\"2026-03-"
	"27T17:00\"}],"
	"\"tasks\":[{\"id\":\"permit\",\"duration\":\"10d\"},{\"id\":\"land\",\"duration\":\"5d\"},{"
	"\"id\":"
	"\"dig\",\"duration\":\"6d\"},"
	"{\"id\":\"pour\",\"duration\":\"4d\"}],"
	"\"links\":[{\"from\":\"permit\",\"to\":\"land\"},{\"from\":\"land\",\"to\":\"dig\"},{\"from\":"
	"\"dig\","
	"\"to\":\"pour\"}],"
	"\"relaxations\":[{\"id\":\"parallel\",\"name\":\"land with "
	"permit\",\"kind\":\"link\",\"from\":\"permit\",\"to\":\"land\",\"type\":\"SS\",\"lag\":\"5d\"}"
	","
	"{\"id\":\"crew\",\"kind\":\"duration\",\"task\":\"dig\",\"duration\":\"3d\"},"
	"{\"id\":\"saturday\",\"kind\":\"calendar\",\"calendar\":\"five\",\"instead\":\"six\"}]}";

static void a_late_start_and_what_could_give(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	struct backward_plan b;
	struct err err = {0};
	char text[20];

	assert_true(plan_json_read(a, slice_of(dam), &p, &err));
	assert_true(plan_backward(a, &p, 0, MOMENT_NONE, &b, &err));
	/* 25 working days from Monday 2 March end on Friday 3 April, five days late. */
	assert_string_equal(moment_text(b.finish, text), "2026-04-03T17:00");
	assert_int_equal(b.shortage_work, 40 * TICKS_PER_HOUR);
	assert_string_equal(moment_text(b.late.tasks[0].late_start, text), "2026-02-23T08:00");
	assert_int_equal(b.alone_work[0],
		5 * 8 * TICKS_PER_HOUR); /* land five days after permits begin: 5 d gained */
	assert_int_equal(b.alone_work[1], 3 * 8 * TICKS_PER_HOUR);
	assert_int_equal(b.nsets, 1); /* parallel permits alone; Saturdays alone gain four days */
	assert_int_equal(b.sets[0].n, 1);
	assert_string_equal(p.relaxations[b.sets[0].items[0]].id, "parallel");
	arena_close(a);
}

/* Land seventeen days after permits begin is worse than waiting for them: it helps in no set, nor does a finish before the
 * one that is asked for. */
static void what_makes_it_worse_is_no_offer(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	struct backward_plan b;
	struct err err = {0};
	struct plan_relaxation earlier = {.id = "earlier", .kind = RELAX_FINISH, .calendar = -1};

	assert_true(plan_json_read(a, slice_of(dam), &p, &err));
	p.relaxations[0].lag = 17 * 8 * TICKS_PER_HOUR;
	earlier.date.tick = p.projects[0].must_finish.tick - TICKS_PER_DAY;
	p.relaxations[1] = earlier;
	assert_true(plan_backward(a, &p, 0, MOMENT_NONE, &b, &err));
	assert_int_equal(b.alone_work[0], -7 * 8 * TICKS_PER_HOUR);
	assert_int_equal(b.alone_work[1], -8 * TICKS_PER_HOUR);
	assert_int_equal(b.alone_work[2], 4 * 8 * TICKS_PER_HOUR);
	assert_int_equal(b.nsets, 0);
	arena_close(a);
}

static void nobody_named_a_project(void **state)
{
	static const char two[] =
		"{\"guatu_plan\":1,\"projects\":[{\"id\":\"none\"},{\"id\":\"short\",\"start\":\"2026-03-"
		"02\","
		"\"must_finish\":\"2026-03-31\"},{\"id\":\"long\",\"start\":\"2026-03-02\"}],\"tasks\":[{"
		"\"id\":\"a\",\"project\":\"short\",\"duration\":\"2d\"},{\"id\":\"b\",\"project\":"
		"\"long\",\"duration\":\"9d\"}]}";
	struct arena *a = arena_open();
	struct plan p;
	struct backward_plan b;
	struct err err = {0};
	struct moment required = moment_of((struct date){20540}, 0);

	assert_true(plan_json_read(a, slice_of(two), &p, &err));
	assert_true(plan_backward(a, &p, -1, required, &b, &err));
	assert_int_equal(b.project, 2); /* finishes last */
	assert_int_equal(b.finish.tick, b.late.projects[2].finish.tick);
	assert_true(plan_backward(a, &p, -1, MOMENT_NONE, &b, &err));
	assert_int_equal(b.project, 1); /* must finish */
	arena_close(a);
}

static void why_says_it_in_one_sentence(void **state)
{
	struct arena *a = arena_open();
	struct plan p;
	struct schedule s;
	struct err err = {0};
	struct str en = STR_INIT, zh = STR_INIT, late = STR_INIT;

	assert_true(plan_json_read(a, slice_of(dam), &p, &err));
	assert_true(sched_run(a, &p, NULL, &s, &err));
	why_say(a, &s, 2, false, LANG_EN, &en);
	assert_string_equal(str_text(&en),
		"dig starts 2026-03-23T08:00, because land finishes 2026-03-20T17:00, because permit "
		"finishes 2026-03-13T17:00, because the project starts 2026-03-02T00:00");
	why_say(a, &s, 2, false, LANG_ZH, &zh);
	assert_non_null(
		strstr(str_text(&zh), "“dig”于 2026-03-23T08:00 开始，因为“land”于 2026-03-20T17:00 完成"));
	why_say(a, &s, 2, true, LANG_EN, &late);
	assert_string_equal(str_text(&late),
		"dig must finish by 2026-03-23T17:00, because pour must start by 2026-03-24T08:00, "
		"because the project must finish by 2026-03-27T17:00");
	str_free(&en);
	str_free(&zh);
	str_free(&late);
	arena_close(a);
}

static void every_date_has_its_sentence(void **state)
{
	for (uint64_t seed = 0; seed < 800; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		struct schedule s;
		struct err err = {0};
		random_plan(a, seed, 12, RANDOM_ALL, &p);
		assert_true(sched_run(a, &p, NULL, &s, &err));
		for (int i = 0; i < p.ntasks; i++) {
			int32_t n;
			const struct why_step *steps = why_steps(a, &s, i, false, &n);
			assert_true(
				n > 0 && steps[n - 1].reason != REASON_LINK && steps[n - 1].reason != REASON_NONE);
			steps = why_steps(a, &s, i, true, &n);
			assert_true(
				n > 0 && steps[n - 1].reason != REASON_LINK && steps[n - 1].reason != REASON_NONE);
		}
		arena_close(a);
	}
}

static void compare_finds_what_changed(void **state)
{
	struct arena *a = arena_open();
	struct plan p, q;
	struct schedule before, after;
	struct plan_changes c;
	struct err err = {0};

	assert_true(plan_json_read(a, slice_of(dam), &p, &err));
	q = plan_relaxed(a, &p, NULL, 0);
	q.tasks[1].duration_work = q.tasks[1].remaining_work = 7 * 8 * TICKS_PER_HOUR;
	q.tasks[3].code = "fill"; /* pour went, fill came */
	assert_true(sched_run(a, &p, NULL, &before, &err));
	assert_true(sched_run(a, &q, NULL, &after, &err));
	plans_compare(a, &before, &before, &c);
	assert_int_equal(c.n, 0);
	assert_int_equal(c.nsame, 4);
	plans_compare(a, &before, &after, &c);
	assert_int_equal(c.n, 5); /* permit (float), land, dig, fill added, pour removed */
	assert_int_equal(c.items[1].differs, DIFFERS_DURATION);
	assert_int_equal(c.items[1].finish_shift_work, 2 * 8 * TICKS_PER_HOUR);
	assert_int_equal(c.items[2].start_shift_work, 2 * 8 * TICKS_PER_HOUR);
	assert_int_equal(c.items[3].kind, CHANGE_ADDED);
	assert_int_equal(c.items[4].kind, CHANGE_REMOVED);
	arena_close(a);
}

/* Promised from Monday 2 March: dig three days, pour two days after it. Digging takes five; the crane was never promised. */
static void compare_finds_what_left_the_baseline(void **state)
{
	static const char plan[] =
		"{\"guatu_plan\":1,\"calendars\":[{\"id\":\"five\",\"week\":{\"mon-fri\":\"08:00-12:00 "
		"13:00-17:00\"}}],"
		"\"projects\":[{\"id\":\"P\",\"calendar\":\"five\",\"start\":\"2026-03-02\"}],\"tasks\":["
		"{\"id\":\"walls\",\"duration\":\"1d\",\"baselines\":[{\"number\":0,\"start\":\"2026-03-"
		"02\","
		"\"finish\":\"2026-03-02T17:00\",\"duration\":\"1d\"}]},"
		"{\"id\":\"dig\",\"duration\":\"5d\",\"baselines\":[{\"number\":0,\"start\":\"2026-03-02\","
		"\"finish\":\"2026-03-04T17:00\",\"duration\":\"3d\"},{\"number\":1,\"start\":\"2026-03-"
		"02\","
		"\"finish\":\"2026-03-06T17:00\",\"duration\":\"5d\"}]},"
		"{\"id\":\"pour\",\"duration\":\"2d\",\"baselines\":[{\"number\":0,\"start\":\"2026-03-"
		"05\","
		"\"finish\":\"2026-03-06T17:00\",\"duration\":\"2d\"}]},"
		"{\"id\":\"crane\",\"duration\":\"1d\"}],\"links\":[{\"from\":\"dig\",\"to\":\"pour\"}]}";
	struct arena *a = arena_open();
	struct plan p;
	struct schedule s;
	struct plan_changes c;
	struct err err = {0};
	const int32_t day = 8 * TICKS_PER_HOUR;

	assert_true(plan_json_read(a, slice_of(plan), &p, &err));
	assert_true(sched_run(a, &p, NULL, &s, &err));
	assert_true(baseline_compare(a, &s, &c));
	assert_int_equal(c.nsame, 1);
	assert_int_equal(c.n, 3);
	assert_int_equal(c.items[0].kind, CHANGE_MOVED);
	assert_int_equal(c.items[0].start_shift_work, 0);
	assert_int_equal(c.items[0].finish_shift_work, 2 * day);
	assert_int_equal(c.items[0].differs, DIFFERS_DURATION);
	assert_int_equal(c.items[1].start_shift_work, 2 * day);
	assert_int_equal(c.items[1].finish_shift_work, 2 * day);
	assert_int_equal(c.items[1].differs, 0);
	assert_int_equal(c.items[2].kind, CHANGE_ADDED);
	for (int32_t i = 0; i < p.ntasks; i++)
		p.tasks[i].nbaselines = 0;
	assert_false(baseline_compare(a, &s, &c));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(smallest_sets_are_all_found),
		cmocka_unit_test(a_late_start_and_what_could_give),
		cmocka_unit_test(what_makes_it_worse_is_no_offer),
		cmocka_unit_test(nobody_named_a_project),
		cmocka_unit_test(why_says_it_in_one_sentence),
		cmocka_unit_test(every_date_has_its_sentence),
		cmocka_unit_test(compare_finds_what_changed),
		cmocka_unit_test(compare_finds_what_left_the_baseline),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
