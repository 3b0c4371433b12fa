/*
 * What tasks ask of limited crews, and sorting: what levelling and loads share. Also in the WebAssembly build, which has no
 * library to sort with.
 */
#include "sched/level_parts.h"

bool level_limited(const struct plan_resource *r)
{
	return (r->kind == RESOURCE_LABOUR || r->kind == RESOURCE_EQUIPMENT) &&
		r->capacity_permille > 0;
}

bool level_counts(const struct plan *plan, const struct plan_assignment *x)
{
	return x->task >= 0 && x->resource >= 0 && x->units_permille > 0 &&
		level_limited(&plan->resources[x->resource]);
}

struct level_needs level_find_needs(struct arena *a, const struct plan *plan)
{
	struct level_needs n = {ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 2),
		ARENA_ARRAY(a, struct plan_need, (size_t)plan->nassignments + 1)};

	for (int32_t i = 0; i < plan->nassignments; i++)
		if (level_counts(plan, &plan->assignments[i]))
			n.first[plan->assignments[i].task + 2]++;
	for (int32_t i = 0; i < plan->ntasks; i++)
		n.first[i + 2] += n.first[i + 1];
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		if (level_counts(plan, x))
			n.items[n.first[x->task + 1]++] = (struct plan_need){x->resource, x->units_permille};
	}
	return n;
}

int32_t level_needs_of(const struct plan *plan, const struct level_needs *own, int32_t task,
	int32_t mode, const struct plan_need **out)
{
	*out = mode < 0 ? &own->items[own->first[task]] : plan->modes[mode].needs;
	return mode < 0 ? own->first[task + 1] - own->first[task] : plan->modes[mode].nneeds;
}

bool level_heeds_calendars(const struct plan *plan, int32_t task)
{
	const struct plan_task *t = &plan->tasks[task];
	bool by_crew = t->calendar < 0 && t->crew_calendar >= 0;

	return t->type == TASK_WORK && t->state != TASK_COMPLETE && !t->ignore_resource_calendar &&
		!t->duration_elapsed && !by_crew && plan_task_calendar(plan, t) >= 0 &&
		plan->projects[t->project].options.profile != PROFILE_P6;
}

int32_t level_done_with(
	const struct worktime *own, const struct worktime *crew, int32_t from, int32_t to)
{
	int32_t done = 0;

	for (int32_t tick = from; tick < to;) {
		int32_t until = to;
		bool works = worktime_works(own, tick, &until);
		works &= worktime_works(crew, tick, &until);
		done += works ? until - tick : 0;
		tick = until;
	}
	return done;
}

/* Shell's. */
void level_sort(void *items, size_t n, size_t size, int (*compare)(const void *, const void *))
{
	unsigned char *at = items, hold[64];
	size_t gap = 1;

	assert(size <= sizeof(hold));
	while (gap < n / 3)
		gap = gap * 3 + 1;
	for (; gap > 0; gap /= 3)
		for (size_t i = gap; i < n; i++) {
			size_t k = i;
			memcpy(hold, at + i * size, size);
			for (; k >= gap && compare(at + (k - gap) * size, hold) > 0; k -= gap)
				memcpy(at + k * size, at + (k - gap) * size, size);
			memcpy(at + k * size, hold, size);
		}
}
