#include "sched/by_resource.h"

#define SPAN_MOST (WORK_FAR / 2) /* of lag and duration together: no sum of moments overflows */

static bool drives(const struct plan *plan, const struct plan_assignment *x)
{
	if (x->task < 0 || !x->drives || plan->tasks[x->task].type != TASK_BY_RESOURCE ||
		plan->tasks[x->task].state == TASK_COMPLETE)
		return false;
	return x->resource < 0 || plan->resources[x->resource].kind == RESOURCE_LABOUR ||
		plan->resources[x->resource].kind == RESOURCE_EQUIPMENT;
}

/* What the file states, else what is left to do at its pace in whole minutes, else what is left of the task. */
static int64_t duration_of(const struct plan *plan, const struct plan_assignment *x)
{
	if (x->remaining_duration_work >= 0)
		return x->remaining_duration_work;
	if (x->remaining_work > 0 && x->units_permille > 0) {
		if (x->remaining_work > INT64_MAX / 1000)
			return SPAN_MOST; /* at any pace of 32 bits */
		int64_t work = x->remaining_work * 1000,
				pace = (int64_t)x->units_permille * TICKS_PER_MINUTE, rest = work % pace,
				minutes = work / pace + (rest >= pace - rest);
		return minutes < SPAN_MOST ? minutes * TICKS_PER_MINUTE : SPAN_MOST;
	}
	return plan->tasks[x->task].remaining_work;
}

static int32_t at_most(int64_t work, int32_t most)
{
	return work < most ? (int32_t)work : most;
}

struct drivers drivers_find(
	struct arena *a, const struct plan *plan, const struct worktime *const *calendars)
{
	struct drivers d = {.calendars = calendars};
	bool some = false;

	for (int32_t i = 0; i < plan->nassignments && !some; i++)
		some = drives(plan, &plan->assignments[i]);
	if (!some)
		return d;
	d.first = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 2);
	d.items = ARENA_ARRAY(a, struct driving_crew, (size_t)plan->nassignments);
	for (int32_t i = 0; i < plan->nassignments; i++)
		if (drives(plan, &plan->assignments[i]))
			d.first[plan->assignments[i].task + 2]++;
	for (int32_t i = 0; i < plan->ntasks; i++)
		d.first[i + 2] += d.first[i + 1];
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		if (!drives(plan, x))
			continue;
		int32_t calendar = x->resource >= 0 ? plan->resources[x->resource].calendar : -1;
		if (calendar < 0 || calendars[calendar]->never_works)
			calendar = plan_task_calendar(plan, &plan->tasks[x->task]);
		int32_t duration = at_most(duration_of(plan, x), SPAN_MOST);
		d.items[d.first[x->task + 1]++] =
			(struct driving_crew){calendar < 0 ? plan->ncalendars : calendar, duration,
				x->lag_work > 0 ? at_most(x->lag_work, SPAN_MOST - duration) : 0};
	}
	return d;
}

struct crew_run drivers_from(const struct drivers *d, int32_t task, int32_t tick)
{
	struct crew_run run = {INT32_MAX, INT32_MIN};

	for (int32_t i = d->first[task]; i < d->first[task + 1]; i++) {
		const struct driving_crew *x = &d->items[i];
		const struct worktime *w = d->calendars[x->calendar];
		int32_t work = worktime_at(w, tick), span = x->lag + x->duration;
		int32_t start = worktime_start(w, work),
				finish = span > 0 ? worktime_finish(w, work + span) : start;
		run.start = start < run.start ? start : run.start;
		run.finish = finish > run.finish ? finish : run.finish;
	}
	return run;
}

struct crew_run drivers_until(const struct drivers *d, int32_t task, int32_t tick)
{
	struct crew_run run = {INT32_MAX, INT32_MIN};

	for (int32_t i = d->first[task]; i < d->first[task + 1]; i++) {
		const struct driving_crew *x = &d->items[i];
		const struct worktime *w = d->calendars[x->calendar];
		int32_t work = worktime_at(w, tick), span = x->lag + x->duration;
		int32_t start = worktime_start(w, work - span),
				finish = span > 0 ? worktime_finish(w, work) : start;
		run.start = start < run.start ? start : run.start;
		run.finish = finish > run.finish ? finish : run.finish;
	}
	return run;
}
