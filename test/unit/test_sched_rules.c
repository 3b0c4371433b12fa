/* What must hold for every plan: calendars there and back, bounds kept and tight, more logic
 * never earlier, the reversed network, inputs untouched, the same answer every time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "intake/plan_json.h"
#include "random_plan.h"
#include "sched/cpm.h"
#include "sched/sched.h"

static struct plan read_plan(struct arena *a, const char *json)
{
	struct plan p;
	struct err err = {0};
	assert_true(plan_json_read(a, slice_of(json), &p, &err));
	return p;
}

static struct schedule run(struct arena *a, const struct plan *p)
{
	struct schedule s;
	struct err err = {0};
	assert_true(sched_run(a, p, NULL, &s, &err));
	return s;
}

/* Shifts at odd minutes, up to six a day, some into the next day, some touching. */
static struct day_shifts odd_shifts(struct arena *a, uint64_t *seed)
{
	struct shift *shifts = ARENA_ARRAY(a, struct shift, 6);
	int32_t n = random_below(seed, 7), at = 0, used = 0;

	for (int32_t i = 0; i < n && at < MINUTES_PER_DAY; i++) {
		int32_t from = at + random_below(seed, 3) * random_below(seed, 200),
				to = from + 1 + random_below(seed, 8) * random_below(seed, 100);
		if (from >= MINUTES_PER_DAY)
			break;
		shifts[used++] = (struct shift){from, to};
		at = to;
	}
	return (struct day_shifts){used, shifts};
}

/* Each minute of ten weeks, of which the middle ones are in the table, is worked or not as the shifts say. */
static void every_minute_counts(void **state)
{
	enum { DAYS = 70, FIRST_DAY = 20503 };
	static bool worked[(DAYS + 2) * MINUTES_PER_DAY];

	for (uint64_t seed = 1; seed <= 12; seed++) {
		struct arena *a = arena_open();
		uint64_t dice = seed;
		struct calendar_exception exceptions[3];
		struct plan_calendar calendar = {
			.base = -1, .stated = 127, .nexceptions = 3, .exceptions = exceptions};
		struct plan p = {.ncalendars = 1, .calendars = &calendar};
		for (int d = 0; d < 7; d++)
			calendar.week[d] = odd_shifts(a, &dice);
		for (int i = 0; i < 3; i++)
			exceptions[i] = (struct calendar_exception){{FIRST_DAY + 30 + 4 * i},
				{FIRST_DAY + 31 + 5 * i}, odd_shifts(a, &dice), NULL, NULL};
		memset(worked, 0, sizeof(worked));
		for (int32_t d = 0; d < DAYS; d++) {
			const struct day_shifts *day =
				&calendar.week[date_weekday((struct date){FIRST_DAY + d}) - 1];
			for (int i = 0; i < 3; i++)
				if (FIRST_DAY + d >= exceptions[i].from.day &&
					FIRST_DAY + d <= exceptions[i].to.day)
					day = &exceptions[i].day;
			for (int32_t i = 0; i < day->n; i++)
				for (int32_t m = day->shifts[i].from; m < day->shifts[i].to; m++)
					worked[d * MINUTES_PER_DAY + m] = true;
		}
		const struct worktime *w = worktime_compile(
			a, &p, 0, (struct date){FIRST_DAY + 25}, (struct date){FIRST_DAY + 40});
		int32_t tick = (FIRST_DAY + 2) * TICKS_PER_DAY, work = worktime_at(w, tick);
		for (int32_t m = 2 * MINUTES_PER_DAY; m < DAYS * MINUTES_PER_DAY; m++) {
			assert_int_equal(worktime_at(w, tick), work);
			if (worked[m]) {
				assert_int_equal(worktime_at(w, tick + 3), work + 3);
				assert_int_equal(worktime_start(w, work), tick);
				assert_int_equal(worktime_start(w, work + 3), tick + 3);
				work += TICKS_PER_MINUTE;
				assert_int_equal(worktime_finish(w, work), tick + TICKS_PER_MINUTE);
			}
			tick += TICKS_PER_MINUTE;
		}
		arena_close(a);
	}
}

static void there_and_back(void **state)
{
	for (uint64_t seed = 1; seed <= 60; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		random_plan(a, seed * 8 + 1, 4, RANDOM_CALENDARS, &p);
		for (int c = -1; c < p.ncalendars; c++) {
			struct date from = moment_date(p.projects[0].start), to = {from.day + 30};
			const struct worktime *w = worktime_compile(a, &p, c, from, to);
			int32_t first = (from.day - 400) * TICKS_PER_DAY, work = worktime_at(w, first);
			for (int i = 0; i < 3000; i++) {
				int32_t at = work + i * 1111;
				int32_t start = worktime_start(w, at), finish = worktime_finish(w, at);
				assert_int_equal(worktime_at(w, start), at);
				assert_int_equal(worktime_at(w, finish), at);
				assert_true(finish <= start);
				assert_int_equal(
					worktime_at(w, start + 1), at + 1); /* work goes on after a start */
				assert_int_equal(worktime_at(w, finish - 1), at - 1); /* and up to a finish */
			}
		}
		arena_close(a);
	}
}

static void leap_days_midnight_and_make_up(void **state)
{
	struct arena *a = arena_open();
	struct plan p = read_plan(a,
		"{\"guatu_plan\":1,\"projects\":[{\"id\":\"P\",\"start\":\"2028-02-28\"}],\"calendars\":["
		"{\"id\":\"all\",\"week\":{\"mon-sun\":\"00:00-24:00\"}},"
		"{\"id\":\"night\",\"week\":{\"mon-fri\":\"22:00-06:00\"},\"exceptions\":[{\"from\":\"2028-"
		"03-01\"}]}"
		","
		"{\"id\":\"five\",\"week\":{\"mon-fri\":\"08:00-16:00\"},\"exceptions\":[{\"from\":\"2028-"
		"03-04\","
		"\"hours\":\"08:00-16:00\"}]}]}");
	const struct worktime **all = worktime_compile_all(a, &p);
	int32_t day = p.projects[0].start.tick;

	assert_int_equal(worktime_between(all[0], day, day + 3 * TICKS_PER_DAY),
		3 * TICKS_PER_DAY); /* 28, 29 Feb, 1 Mar */
	assert_true(all[0]->around_the_clock);
	/* Wednesday 1 March is free: Tuesday's shift still runs into it, Wednesday's does not start. */
	assert_int_equal(worktime_between(all[1], day + 2 * TICKS_PER_DAY, day + 3 * TICKS_PER_DAY),
		6 * TICKS_PER_HOUR);
	assert_int_equal(worktime_between(all[1], day + 3 * TICKS_PER_DAY, day + 4 * TICKS_PER_DAY),
		2 * TICKS_PER_HOUR);
	/* Saturday 4 March is worked instead of nothing. */
	assert_int_equal(worktime_between(all[2], day, day + 7 * TICKS_PER_DAY), 48 * TICKS_PER_HOUR);
	/* Far outside the table the week goes on: 52 weeks later, and 100 years. */
	assert_int_equal(worktime_between(all[2], day + 364 * TICKS_PER_DAY, day + 371 * TICKS_PER_DAY),
		40 * TICKS_PER_HOUR);
	assert_int_equal(
		worktime_between(all[2], day + 36400 * TICKS_PER_DAY, day + 36407 * TICKS_PER_DAY),
		40 * TICKS_PER_HOUR);
	arena_close(a);
}

static void equal_calendars_are_compiled_once(void **state)
{
	struct arena *a = arena_open();
	struct plan p = read_plan(a,
		"{\"guatu_plan\":1,\"projects\":[{\"id\":\"P\",\"start\":\"2026-03-02\"}],\"calendars\":["
		"{\"id\":\"a\",\"week\":{\"mon-fri\":\"08:00-16:00\"}},{\"id\":\"b\",\"week\":{\"mon-fri\":"
		"\"08:00-16:00\"}},"
		"{\"id\":\"c\",\"week\":{\"mon-sat\":\"08:00-16:00\"}},{\"id\":\"never\",\"week\":{}}]}");
	const struct worktime **all = worktime_compile_all(a, &p);

	assert_ptr_equal(all[0], all[1]);
	assert_ptr_not_equal(all[0], all[2]);
	assert_true(all[3]->never_works);
	arena_close(a);
}

/* Every open task starts no earlier than each link asks, and something holds it unless a hard date does. */
static void bounds_are_kept_and_tight(void **state)
{
	for (uint64_t seed = 0; seed < 3000; seed++) {
		struct arena *a = arena_open();
		struct findings found = {.arena = a};
		struct network net;
		struct cpm c;
		struct plan p;
		struct err err = {0};
		struct sched_options none = {0};
		random_plan(a, seed, 14, RANDOM_ALL & ~(unsigned)RANDOM_PROGRESS, &p);
		struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)p.nlinks + 1);
		assert_true(network_build(a, &p, &none, &found, links, &net, &err));
		cpm_open(a, &net, &c);
		cpm_forward(&c);
		for (int i = 0; i < net.n; i++) {
			bool tight = c.outcome[i].early_reason != REASON_LINK;
			for (int k = net.in_first[i]; k < net.in_first[i + 1]; k++) {
				struct edge e = network_edge(&net, i, k);
				int32_t end = cpm_edge_early(&c, &e, i);
				if (!c.outcome[i].pinned)
					assert_true(
						(edge_to_finish(&e) ? cpm_start_for(&c, i, end) : end) <= c.early[i].start);
				tight |= (c.edge[k] & EDGE_DRIVES) != 0;
			}
			assert_true(tight);
			assert_true(c.early_at[i].start <= c.early_at[i].finish);
		}
		arena_close(a);
	}
}

static void floats_without_dates_of_their_own(void **state)
{
	for (uint64_t seed = 0; seed < 3000; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		random_plan(a, seed, 14, RANDOM_PLAIN, &p);
		for (int i = 0; i < p.nlinks; i++)
			p.links[i].lag = p.links[i].lag < 0 ? 0 : p.links[i].lag;
		for (int i = 0; i < p.nlinks; i++)
			p.links[i].type =
				LINK_FS; /* on one calendar, finish to start: total float >= free float >= 0 */
		struct schedule s = run(a, &p);
		bool critical = false;
		for (int i = 0; i < p.ntasks; i++) {
			assert_true(s.tasks[i].free_float >= 0);
			assert_true(s.tasks[i].total_float >= s.tasks[i].free_float);
			critical |= s.tasks[i].critical && s.tasks[i].longest_path;
		}
		assert_true(critical);
		arena_close(a);
	}
}

static void more_logic_is_never_earlier(void **state)
{
	for (uint64_t seed = 0; seed < 3000; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		random_plan(a, seed, 14, RANDOM_CALENDARS | RANDOM_CONSTRAINTS, &p);
		if (p.nlinks == 0) {
			arena_close(a);
			continue;
		}
		for (int i = 0; i < p.ntasks; i++) /* a finish that is only expected is not logic */
			p.tasks[i].expected_finish = MOMENT_NONE;
		struct schedule with = run(a, &p);
		p.nlinks--;
		struct schedule without = run(a, &p);
		const struct worktime **calendars = worktime_compile_all(a, &p);
		for (int i = 0; i < p.ntasks; i++)
			assert_true(
				worktime_between(calendars[plan_task_calendar(&p, &p.tasks[i])],
					without.tasks[i].early_start.tick, with.tasks[i].early_start.tick) >= 0);
		arena_close(a);
	}
}

/* One crew on the task's own calendar that works for as long as the task would: the same plan. */
static void a_crew_like_the_task_changes_nothing(void **state)
{
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct arena *a = arena_open();
		struct plan p, q;
		random_plan(a, seed, 14, RANDOM_PLAIN | RANDOM_PROGRESS, &p);
		q = p;
		q.resources = ARENA_ARRAY(a, struct plan_resource, (size_t)p.ntasks);
		q.assignments = ARENA_ARRAY(a, struct plan_assignment, (size_t)p.ntasks);
		q.tasks = ARENA_ARRAY(a, struct plan_task, (size_t)p.ntasks);
		for (int i = 0; i < p.ntasks; i++) {
			q.tasks[i] = p.tasks[i];
			if (p.tasks[i].type != TASK_WORK || p.tasks[i].remaining_work == 0)
				continue;
			q.tasks[i].type = TASK_BY_RESOURCE;
			q.resources[q.nresources] =
				(struct plan_resource){.calendar = plan_task_calendar(&p, &p.tasks[i])};
			q.assignments[q.nassignments++] = (struct plan_assignment){.task = i,
				.resource = q.nresources++,
				.remaining_duration_work = p.tasks[i].remaining_work,
				.drives = true};
		}
		struct schedule s = run(a, &p), t = run(a, &q);
		const struct worktime **calendars = worktime_compile_all(a, &p);
		for (int i = 0; i < p.ntasks; i++) {
			const struct worktime *w = calendars[plan_task_calendar(&p, &p.tasks[i])];
			const struct task_dates *x = &s.tasks[i], *y = &t.tasks[i];
			assert_int_equal(worktime_between(w, x->early_start.tick, y->early_start.tick), 0);
			assert_int_equal(worktime_between(w, x->early_finish.tick, y->early_finish.tick), 0);
			assert_int_equal(worktime_between(w, x->late_start.tick, y->late_start.tick), 0);
			assert_int_equal(worktime_between(w, x->late_finish.tick, y->late_finish.tick), 0);
			assert_int_equal(x->total_float, y->total_float);
			assert_int_equal(x->free_float, y->free_float);
		}
		arena_close(a);
	}
}

/* The plan with link number `link` from each of the tasks in `from` instead of from the summary. */
static struct plan from_parts(
	struct arena *a, const struct plan *p, int link, const int *from, int n)
{
	struct plan q = *p;

	q.links = ARENA_ARRAY(a, struct plan_link, (size_t)(p->nlinks + n));
	memcpy(q.links, p->links, (size_t)p->nlinks * sizeof(*q.links));
	for (int i = 0; i < n; i++) {
		int at = i ? q.nlinks++ : link;
		q.links[at] = p->links[link];
		q.links[at].from = from[i];
	}
	return q;
}

static void same_dates(const struct task_dates *x, const struct task_dates *y)
{
	assert_int_equal(x->early_start.tick, y->early_start.tick);
	assert_int_equal(x->early_finish.tick, y->early_finish.tick);
	assert_int_equal(x->late_start.tick, y->late_start.tick);
	assert_int_equal(x->late_finish.tick, y->late_finish.tick);
	assert_int_equal(x->total_float, y->total_float);
	assert_int_equal(x->free_float, y->free_float);
	assert_int_equal(x->longest_path, y->longest_path);
}

/* A link from the start of a summary asks what the least of links from its parts would ask; where it decides, the plan is
 * the one with links from just those parts, forward and backward, in every profile. */
static void a_summary_starts_with_its_first_part(void **state)
{
	int decided = 0;

	for (uint64_t seed = 0; seed < 3000; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		int first[16], nfirst = 0;
		random_plan(a, seed, 14, RANDOM_CALENDARS | RANDOM_PROGRESS, &p);
		int n = p.ntasks, parts = n / 2, link = p.nlinks, least = INT32_MAX;
		p.projects[0].options.profile = (enum profile)(seed % 3);
		p.tasks = arena_grow(a, p.tasks, (size_t)n, (size_t)n + 1, sizeof(*p.tasks));
		p.tasks[p.ntasks++] = plan_task_default();
		p.tasks[n].id = p.tasks[n].code = p.tasks[n].name = "S";
		p.tasks[n].type = TASK_SUMMARY;
		for (int i = 0; i < parts; i++)
			p.tasks[i].parent = n;
		p.links = arena_grow(a, p.links, (size_t)link, (size_t)link + 1, sizeof(*p.links));
		p.links[p.nlinks++] = (struct plan_link){.from = n,
			.to = n - 1,
			.type = seed % 2 ? LINK_SS : LINK_SF,
			.lag = (int32_t)(seed / 6 % 40) * TICKS_PER_HOUR,
			.from_id = "S",
			.to_id = "t"};
		struct schedule s = run(a, &p);
		for (int i = 0; i < parts; i++) {
			struct plan q = from_parts(a, &p, link, &i, 1);
			int start = run(a, &q).tasks[n - 1].early_start.tick;
			nfirst = start < least ? 0 : nfirst;
			least = start < least ? start : least;
			if (start == least)
				first[nfirst++] = i;
		}
		if (parts > 0)
			assert_int_equal(s.tasks[n - 1].early_start.tick, least);
		if (nfirst > 0 && s.tasks[n - 1].early_reason == REASON_LINK &&
			s.tasks[n - 1].early_reason_link == link) {
			struct plan q = from_parts(a, &p, link, first, nfirst);
			struct schedule t = run(a, &q);
			for (int i = 0; i < n; i++)
				same_dates(&s.tasks[i], &t.tasks[i]);
			decided++;
		}
		arena_close(a);
	}
	assert_true(decided > 300);
}

/* On a calendar that never rests, the late dates of a plan are the early dates of its mirror image. */
static void reversed_network(void **state)
{
	for (uint64_t seed = 0; seed < 3000; seed++) {
		struct arena *a = arena_open();
		struct plan p, q;
		random_plan(a, seed, 14, RANDOM_PLAIN, &p);
		for (int i = 0; i < p.ntasks; i++) {
			p.tasks[i].type = TASK_WORK;
			p.tasks[i].calendar = 0;
		}
		static const struct shift all_day = {0, MINUTES_PER_DAY};
		for (int d = 0; d < 7; d++)
			p.calendars[0].week[d] = (struct day_shifts){1, &all_day};
		for (int i = 0; i < p.nlinks; i++) {
			p.links[i].type = i % 2 ? LINK_FS : LINK_FF;
			p.links[i].lag = p.links[i].lag < 0 ? 0 : p.links[i].lag;
		}
		struct schedule s = run(a, &p);
		q = p;
		q.links = ARENA_ARRAY(a, struct plan_link, (size_t)p.nlinks + 1);
		for (int i = 0; i < p.nlinks; i++) {
			q.links[i] = p.links[i];
			q.links[i].from = p.links[i].to;
			q.links[i].to = p.links[i].from;
			q.links[i].type = p.links[i].type == LINK_FF ? LINK_SS : p.links[i].type;
		}
		struct schedule mirror = run(a, &q);
		int64_t start = p.projects[0].start.tick, sum = start + s.projects[0].finish.tick;
		if (s.projects[0].finish.tick == mirror.projects[0].finish.tick)
			for (int i = 0; i < p.ntasks; i++) {
				assert_int_equal(
					s.tasks[i].late_start.tick, sum - mirror.tasks[i].early_finish.tick);
				assert_int_equal(
					s.tasks[i].late_finish.tick, sum - mirror.tasks[i].early_start.tick);
			}
		arena_close(a);
	}
}

static void a_plan_moved_by_weeks_moves_its_dates(void **state)
{
	const int32_t shift = 5 * 7 * TICKS_PER_DAY;
	for (uint64_t seed = 0; seed < 2000; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		random_plan(a, seed * 8, 14, RANDOM_PLAIN, &p);
		struct schedule s = run(a, &p);
		p.projects[0].start.tick += shift;
		p.projects[0].data_date.tick += shift;
		struct schedule moved = run(a, &p);
		for (int i = 0; i < p.ntasks; i++) {
			assert_int_equal(moved.tasks[i].early_start.tick, s.tasks[i].early_start.tick + shift);
			assert_int_equal(moved.tasks[i].late_finish.tick, s.tasks[i].late_finish.tick + shift);
			assert_int_equal(moved.tasks[i].total_float, s.tasks[i].total_float);
		}
		arena_close(a);
	}
}

static void inputs_stay_and_answers_repeat(void **state)
{
	for (uint64_t seed = 0; seed < 500; seed++) {
		struct arena *a = arena_open();
		struct plan p;
		struct str before = STR_INIT, after = STR_INIT;
		random_plan(a, seed, 14, RANDOM_ALL, &p);
		plan_json_write(&p, &before);
		struct schedule one = run(a, &p), two = run(a, &p);
		plan_json_write(&p, &after);
		assert_string_equal(str_text(&before), str_text(&after));
		assert_memory_equal(one.tasks, two.tasks, (size_t)p.ntasks * sizeof(*one.tasks));
		str_free(&before);
		str_free(&after);
		arena_close(a);
	}
}

/* What is written is read back as the same plan: it writes the same text and has the same dates. */
static void json_there_and_back(void **state)
{
	for (uint64_t seed = 0; seed < 1000; seed++) {
		struct arena *a = arena_open();
		struct plan p, q;
		struct err err = {0};
		struct str text = STR_INIT, again = STR_INIT;
		random_plan(a, seed, 14, RANDOM_ALL, &p);
		plan_json_write(&p, &text);
		if (!plan_json_read(a, str_view(&text), &q, &err)) {
			struct str why = STR_INIT;
			err_say(&err, LANG_EN, &why);
			fail_msg("%s\n%s", str_text(&why), str_text(&text));
		}
		plan_json_write(&q, &again);
		assert_string_equal(str_text(&text), str_text(&again));
		struct schedule one = run(a, &p), two = run(a, &q);
		for (int i = 0; i < p.ntasks; i++)
			assert_memory_equal(&one.tasks[i], &two.tasks[i], sizeof(*one.tasks));
		str_free(&text);
		str_free(&again);
		arena_close(a);
	}
}

/* The same plan many thousand times, as projects of one: each must get what it gets alone. So many rows are written in another
 * way than a few (fill.c), and links as many as here have their terms elsewhere (graph.c). */
static void a_large_plan_is_many_small_ones(void **state)
{
	enum { TASKS = 220000 };
	for (uint64_t seed = 0; seed < 4; seed++) {
		struct arena *a = arena_open();
		struct plan small, large;
		random_plan(a, seed + 100, 40,
			RANDOM_PLAIN | RANDOM_CALENDARS | (seed == 3 ? RANDOM_ALL : 0), &small);
		small.projects[0].options.float_to_project_finish = true;
		const bool far = seed % 2;
		const int32_t copies = TASKS / small.ntasks + 1;
		large = small;
		large.nprojects = copies;
		large.ntasks = copies * small.ntasks;
		large.nlinks = copies * small.nlinks;
		large.projects = ARENA_ARRAY(a, struct plan_project, (size_t)large.nprojects);
		large.tasks = ARENA_ARRAY(a, struct plan_task, (size_t)large.ntasks);
		large.links = ARENA_ARRAY(a, struct plan_link, (size_t)large.nlinks);
		for (int32_t c = 0; c < copies; c++) {
			large.projects[c] = small.projects[0];
			for (int32_t i = 0; i < small.ntasks; i++) {
				struct plan_task *t = &large.tasks[c * small.ntasks + i];
				*t = small.tasks[i];
				t->project = c;
				t->parent += t->parent < 0 ? 0 : c * small.ntasks;
			}
			for (int32_t i = 0; i < small.nlinks; i++) {
				struct plan_link *l = &large.links[c * small.nlinks + i];
				*l = small.links[i];
				l->from += c * small.ntasks;
				l->to += c * small.ntasks;
			}
		}
		const int32_t first_link = far ? large.nlinks - small.nlinks : 0,
					  first_task = far ? large.ntasks - small.ntasks : 0;
		const struct schedule one = run(a, &small);
		for (int32_t i = 0; i < first_link; i++) /* lags nobody else has, before the last copy */
			large.links[i].lag += i;
		const struct schedule all = run(a, &large);
		for (int32_t i = first_task; i < large.ntasks; i++) {
			struct task_dates d = all.tasks[i];
			const int32_t first = i / small.ntasks * small.nlinks;
			d.early_reason_link -= d.early_reason_link < 0 ? 0 : first;
			d.late_reason_link -= d.late_reason_link < 0 ? 0 : first;
			assert_memory_equal(&d, &one.tasks[i % small.ntasks], sizeof(d));
		}
		for (int32_t i = first_link; i < large.nlinks; i++)
			assert_memory_equal(&all.links[i], &one.links[i % small.nlinks], sizeof(*one.links));
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_minute_counts),
		cmocka_unit_test(there_and_back),
		cmocka_unit_test(leap_days_midnight_and_make_up),
		cmocka_unit_test(equal_calendars_are_compiled_once),
		cmocka_unit_test(bounds_are_kept_and_tight),
		cmocka_unit_test(floats_without_dates_of_their_own),
		cmocka_unit_test(more_logic_is_never_earlier),
		cmocka_unit_test(a_crew_like_the_task_changes_nothing),
		cmocka_unit_test(a_summary_starts_with_its_first_part),
		cmocka_unit_test(reversed_network),
		cmocka_unit_test(a_plan_moved_by_weeks_moves_its_dates),
		cmocka_unit_test(inputs_stay_and_answers_repeat),
		cmocka_unit_test(json_there_and_back),
		cmocka_unit_test(a_large_plan_is_many_small_ones),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
