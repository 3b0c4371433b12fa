/* The engine against the slow, obvious scheduler on random networks: 10,000, or as many as the first argument says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "intake/plan_json.h"
#include "random_plan.h"
#include "sched/sched.h"
#include "slow_schedule.h"

static long rounds = 10000;

static struct moment at(int first_day, int hour)
{
	return (struct moment){first_day * TICKS_PER_DAY + hour * TICKS_PER_HOUR};
}

static int32_t work(int hours)
{
	return hours == SLOW_NONE ? FLOAT_NONE : hours * TICKS_PER_HOUR;
}

/* The field that differs, or NULL. */
static const char *differs(const struct task_dates *d, const struct slow_task *t, int first_day)
{
	return d->early_start.tick != at(first_day, t->es).tick ? "early start"
		: d->early_finish.tick != at(first_day, t->ef).tick ? "early finish"
		: d->late_start.tick != at(first_day, t->ls).tick   ? "late start"
		: d->late_finish.tick != at(first_day, t->lf).tick  ? "late finish"
		: d->total_float != work(t->total_float)            ? "total float"
		: d->free_float != work(t->free_float)              ? "free float"
															: NULL;
}

/* 0 equal, 1 different, -1 the slow one gave up (a date left its horizon). */
static int compare(const struct plan *plan, int *task, const char **field)
{
	struct arena *a = arena_open();
	struct slow_task slow[SLOW_TASKS];
	int first_day = moment_date(plan->projects[0].start).day - 45, result = 0;
	struct schedule s;
	struct err err = {0};

	if (!slow_schedule(plan, first_day, slow)) {
		result = -1;
	} else {
		assert_true(sched_run(a, plan, NULL, &s, &err));
		for (int i = 0; i < plan->ntasks && result == 0; i++) {
			*field = differs(&s.tasks[i], &slow[i], first_day);
			*task = i;
			result = *field != NULL;
		}
	}
	arena_close(a);
	return result;
}

static void drop_link(struct plan *p, int i)
{
	memmove(&p->links[i], &p->links[i + 1], (size_t)(--p->nlinks - i) * sizeof(*p->links));
}

/* Takes away what is not needed for the difference, so that a person can read the rest. */
static void shrink(struct plan *p)
{
	int task;
	const char *field;

	for (int i = p->nlinks - 1; i >= 0; i--) {
		struct plan_link links[64];
		int n = p->nlinks;
		memcpy(links, p->links, (size_t)n * sizeof(*links));
		drop_link(p, i);
		if (compare(p, &task, &field) != 1) {
			p->nlinks = n;
			memcpy(p->links, links, (size_t)n * sizeof(*links));
		}
	}
	for (int i = 0; i < p->ntasks; i++)
		for (int k = 0; k < 7; k++) {
			struct plan_task old = p->tasks[i];
			struct plan_task *t = &p->tasks[i];
			switch (k) {
			case 0: t->constraint[0].kind = CONSTRAINT_NONE; break;
			case 1: t->constraint[1].kind = CONSTRAINT_NONE; break;
			case 2: t->expected_finish = MOMENT_NONE; break;
			case 3: t->resume = MOMENT_NONE; break;
			case 4:
				t->state = TASK_NOT_STARTED;
				t->actual_start = t->actual_finish = MOMENT_NONE;
				t->remaining_work = t->duration_work;
				break;
			case 5: t->calendar = 0; break;
			case 6: t->type = TASK_WORK; break;
			}
			if (compare(p, &task, &field) != 1)
				p->tasks[i] = old;
		}
	for (int i = 0; i < p->nlinks; i++) {
		int32_t lag = p->links[i].lag;
		p->links[i].lag = 0;
		if (compare(p, &task, &field) != 1)
			p->links[i].lag = lag;
	}
	for (int i = 0; i < p->ncalendars; i++) {
		int32_t n = p->calendars[i].nexceptions;
		p->calendars[i].nexceptions = 0;
		if (compare(p, &task, &field) != 1)
			p->calendars[i].nexceptions = n;
	}
}

static void show(const struct plan *p, uint64_t seed)
{
	struct arena *a = arena_open();
	struct slow_task slow[SLOW_TASKS];
	struct schedule s;
	struct err err = {0};
	struct str text = STR_INIT;
	int first_day = moment_date(p->projects[0].start).day - 45, task;
	const char *field = "";

	compare(p, &task, &field);
	plan_json_write(p, &text);
	printf("seed %llu: %s of %s differs\n%s", (unsigned long long)seed, field, p->tasks[task].id,
		str_text(&text));
	if (slow_schedule(p, first_day, slow) && sched_run(a, p, NULL, &s, &err))
		for (int i = 0; i < p->ntasks; i++) {
			char b[8][20];
			const struct task_dates *d = &s.tasks[i];
			printf("%s slow %s %s %s %s %d %d\n  fast %s %s %s %s %g %g\n", p->tasks[i].id,
				moment_text(at(first_day, slow[i].es), b[0]),
				moment_text(at(first_day, slow[i].ef), b[1]),
				moment_text(at(first_day, slow[i].ls), b[2]),
				moment_text(at(first_day, slow[i].lf), b[3]), slow[i].total_float,
				slow[i].free_float, moment_text(d->early_start, b[4]),
				moment_text(d->early_finish, b[5]), moment_text(d->late_start, b[6]),
				moment_text(d->late_finish, b[7]), d->total_float / 600.0, d->free_float / 600.0);
		}
	str_free(&text);
	arena_close(a);
}

static void fast_equals_slow(void **state)
{
	static const unsigned kinds[] = {RANDOM_PLAIN, RANDOM_CALENDARS, RANDOM_CONSTRAINTS,
		RANDOM_CALENDARS | RANDOM_CONSTRAINTS, RANDOM_PROGRESS, RANDOM_CALENDARS | RANDOM_PROGRESS,
		RANDOM_CALENDARS | RANDOM_OPTIONS, RANDOM_ALL};
	long done = 0, given_up = 0, wrong = 0;

	for (long i = 0; i < rounds; i++) {
		struct arena *a = arena_open();
		struct plan p;
		int task;
		const char *field;
		uint64_t seed = (uint64_t)i;
		random_plan(a, seed, 10, kinds[i % (long)countof(kinds)], &p);
		int result = compare(&p, &task, &field);
		done++;
		given_up += result < 0;
		if (result > 0 && wrong++ < 1) {
			shrink(&p);
			show(&p, seed);
		}
		arena_close(a);
	}
	print_message(
		"%ld networks, %ld left the slow scheduler's horizon, %ld differ\n", done, given_up, wrong);
	assert_int_equal(wrong, 0);
	assert_true(given_up < done / 10);
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(fast_equals_slow)};

	if (argc > 1)
		rounds = atol(argv[1]);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
