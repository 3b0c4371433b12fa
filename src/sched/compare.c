#include "sched/compare.h"

/* FNV-1a over the pieces that say what a task waits for; order does not matter, so links are summed. */
static uint64_t hash_text(uint64_t h, const char *text)
{
	for (; text && *text; text++)
		h = (h ^ (uint8_t)*text) * UINT64_C(1099511628211);
	return h;
}

static uint64_t hash_int(uint64_t h, int64_t value)
{
	for (int i = 0; i < 8; i++)
		h = (h ^ (uint8_t)(value >> i * 8)) * UINT64_C(1099511628211);
	return h;
}

static uint64_t task_hash(const struct plan *plan, int32_t task)
{
	const struct plan_task *t = &plan->tasks[task];
	const struct plan_project *p = &plan->projects[t->project];
	uint64_t h = plan->nprojects > 1
		? hash_text(UINT64_C(1469598103934665603), plan_project_code(p))
		: UINT64_C(1469598103934665603);
	return hash_text(h, plan_task_code(plan, task));
}

static uint64_t *logic_hashes(struct arena *a, const struct plan *plan)
{
	uint64_t *h = ARENA_ARRAY(a, uint64_t, (size_t)plan->ntasks);

	for (int32_t i = 0; i < plan->nlinks; i++) {
		const struct plan_link *l = &plan->links[i];
		if (l->from < 0 || l->to < 0)
			continue;
		uint64_t one = hash_text(UINT64_C(1469598103934665603), plan_task_code(plan, l->from));
		one = hash_int(hash_int(hash_int(one, l->type), l->lag), l->lag_unit);
		h[l->to] += one ^ one >> 29;
	}
	return h;
}

/* An open table from task hash to task + 1; collisions are settled by comparing the texts. */
struct index {
	int32_t mask, *slots;
};

static struct index index_tasks(struct arena *a, const struct plan *plan)
{
	int32_t size = 16;
	while (size < plan->ntasks * 2)
		size *= 2;
	struct index x = {size - 1, ARENA_ARRAY(a, int32_t, (size_t)size)};
	for (int32_t i = 0; i < plan->ntasks; i++) {
		uint32_t at = (uint32_t)task_hash(plan, i) & (uint32_t)x.mask;
		while (x.slots[at])
			at = (at + 1) & (uint32_t)x.mask;
		x.slots[at] = i + 1;
	}
	return x;
}

static int32_t find(const struct index *x, const struct plan *in, const struct plan *of,
	int32_t task, const bool *taken)
{
	uint32_t at = (uint32_t)task_hash(of, task) & (uint32_t)x->mask;
	for (; x->slots[at]; at = (at + 1) & (uint32_t)x->mask) {
		int32_t i = x->slots[at] - 1;
		if (!taken[i] && strcmp(plan_task_code(in, i), plan_task_code(of, task)) == 0)
			return i;
	}
	return -1;
}

static const char *calendar_name(const struct plan *plan, const struct plan_task *t)
{
	int32_t c = plan_task_calendar(plan, t);
	return c >= 0 ? plan->calendars[c].name : "";
}

static uint32_t differences(const struct plan *p, int32_t i, const struct plan *q, int32_t j)
{
	const struct plan_task *x = &p->tasks[i], *y = &q->tasks[j];
	uint32_t d = 0;

	if (x->duration_work != y->duration_work)
		d |= DIFFERS_DURATION;
	for (int k = 0; k < 2; k++)
		if (x->constraint[k].kind != y->constraint[k].kind ||
			x->constraint[k].date.tick != y->constraint[k].date.tick)
			d |= DIFFERS_CONSTRAINT;
	if (strcmp(calendar_name(p, x), calendar_name(q, y)) != 0)
		d |= DIFFERS_CALENDAR;
	if (x->state != y->state || x->actual_start.tick != y->actual_start.tick ||
		x->actual_finish.tick != y->actual_finish.tick ||
		x->remaining_work - x->duration_work != y->remaining_work - y->duration_work)
		d |= DIFFERS_PROGRESS;
	if (strcmp(x->name, y->name) != 0)
		d |= DIFFERS_NAME;
	return d;
}

static int32_t shift(const struct worktime *w, struct moment from, struct moment to)
{
	return moment_is_none(from) || moment_is_none(to) ? 0 : worktime_between(w, from.tick, to.tick);
}

static const struct worktime *calendar_of(
	const struct worktime **all, const struct plan *plan, int32_t task)
{
	int32_t c = plan_task_calendar(plan, &plan->tasks[task]);
	return all[c >= 0 ? c : plan->ncalendars];
}

static bool is_change(const struct plan_change *c)
{
	return c->differs || c->start_shift_work || c->finish_shift_work || c->float_change_work;
}

void plans_compare(struct arena *a, const struct schedule *before, const struct schedule *after,
	struct plan_changes *out)
{
	const struct plan *p = before->plan, *q = after->plan;
	const struct worktime **calendars = worktime_compile_all(a, q);
	uint64_t *old_logic = logic_hashes(a, p), *new_logic = logic_hashes(a, q);
	bool *taken = ARENA_ARRAY(a, bool, (size_t)p->ntasks);
	struct index index = index_tasks(a, p);
	struct plan_changes all = {
		.items = ARENA_ARRAY(a, struct plan_change, (size_t)(p->ntasks + q->ntasks))};

	for (int32_t j = 0; j < q->ntasks; j++) {
		int32_t i = find(&index, p, q, j, taken);
		struct plan_change c = {i < 0 ? CHANGE_ADDED : CHANGE_MOVED, i, j, 0, 0, 0, 0};
		if (i >= 0) {
			const struct task_dates *x = &before->tasks[i], *y = &after->tasks[j];
			const struct worktime *w = calendar_of(calendars, q, j);
			taken[i] = true;
			c.differs = differences(p, i, q, j) |
				(old_logic[i] != new_logic[j] ? DIFFERS_LOGIC : 0) |
				(x->critical != y->critical ? DIFFERS_CRITICAL : 0);
			c.start_shift_work = shift(w, x->start, y->start);
			c.finish_shift_work = shift(w, x->finish, y->finish);
			if (x->total_float != FLOAT_NONE && y->total_float != FLOAT_NONE)
				c.float_change_work = y->total_float - x->total_float;
			if (!is_change(&c)) {
				all.nsame++;
				continue;
			}
		}
		all.items[all.n++] = c;
	}
	for (int32_t i = 0; i < p->ntasks; i++)
		if (!taken[i])
			all.items[all.n++] = (struct plan_change){CHANGE_REMOVED, i, -1, 0, 0, 0, 0};
	*out = all;
}

bool baseline_compare(struct arena *a, const struct schedule *now, struct plan_changes *out)
{
	const struct plan *p = now->plan;
	const struct worktime **calendars = worktime_compile_all(a, p);
	struct plan_changes all = {.items = ARENA_ARRAY(a, struct plan_change, (size_t)p->ntasks)};
	bool any = false;

	for (int32_t i = 0; i < p->ntasks; i++) {
		const struct plan_task *t = &p->tasks[i];
		struct plan_change c = {CHANGE_ADDED, -1, i, 0, 0, 0, 0};
		for (int32_t k = 0; k < t->nbaselines; k++) {
			if (t->baselines[k].number != 0)
				continue;
			any = true;
			const struct worktime *w = calendar_of(calendars, p, i);
			c.kind = CHANGE_MOVED;
			c.before = i;
			c.start_shift_work = shift(w, t->baselines[k].start, now->tasks[i].start);
			c.finish_shift_work = shift(w, t->baselines[k].finish, now->tasks[i].finish);
			if (t->baselines[k].duration_work && t->baselines[k].duration_work != t->duration_work)
				c.differs |= DIFFERS_DURATION;
		}
		if (c.kind == CHANGE_MOVED && !is_change(&c))
			all.nsame++;
		else
			all.items[all.n++] = c;
	}
	*out = all;
	return any;
}
