/*
 * Dates out of the order that the crew search found. The use of each crew is kept as a list of steps over time; placing asks it
 * for the first free stretch.
 */
#include "sched/level_parts.h"

#include "sched/span.h"

struct step {
	int32_t tick;
	int64_t used;
}; /* from this tick on */
struct usage {
	struct step *steps;
	int32_t n, room;
};

/* The step that holds at `tick`, -1: before the first. */
static int32_t step_at(const struct usage *u, int32_t tick)
{
	int32_t low = -1, high = u->n - 1;

	while (low < high) {
		int32_t mid = (low + high + 1) / 2;
		if (u->steps[mid].tick <= tick)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* The first tick after the last step in [from, to) that leaves less than `need` of `capacity`; INT32_MIN: it fits. */
static int32_t clash(
	const struct usage *u, int32_t from, int32_t to, int64_t need, int64_t capacity)
{
	int32_t after = INT32_MIN;

	for (int32_t k = step_at(u, from); k < u->n && (k < 0 || u->steps[k].tick < to); k++)
		if (k >= 0 && u->steps[k].used + need > capacity)
			after = k + 1 < u->n ? u->steps[k + 1].tick : INT32_MAX;
	return after;
}

static void split(struct arena *a, struct usage *u, int32_t tick)
{
	int32_t at = step_at(u, tick);

	if (at >= 0 && u->steps[at].tick == tick)
		return;
	if (u->n == u->room) {
		u->steps =
			arena_grow(a, u->steps, (size_t)u->room, (size_t)u->room * 2 + 16, sizeof(*u->steps));
		u->room = u->room * 2 + 16;
	}
	memmove(&u->steps[at + 2], &u->steps[at + 1], sizeof(*u->steps) * (size_t)(u->n - at - 1));
	u->steps[at + 1] = (struct step){tick, at >= 0 ? u->steps[at].used : 0};
	u->n++;
}

static void use(struct arena *a, struct usage *u, int32_t from, int32_t to, int64_t need)
{
	if (from >= to)
		return;
	split(a, u, from);
	split(a, u, to);
	for (int32_t k = step_at(u, from); u->steps[k].tick < to; k++)
		u->steps[k].used += need;
}

struct placing {
	struct arena *a;
	struct level_problem *p;
	struct level_needs needs;
	struct usage *usage;      /* [nresources] */
	const struct extent *own; /* the plan's own early dates, as work */
	bool within_float;
	struct levelled *out;
};

static int64_t needed(const struct placing *s, const struct plan_need *need)
{
	int64_t capacity = s->p->capacity_permille[need->resource];
	return need->units_permille < capacity ? need->units_permille : capacity;
}

static int32_t needs_of(const struct placing *s, int32_t task, const struct plan_need **out)
{
	return level_needs_of(s->p->net->plan, &s->needs, task, s->p->mode[task], out);
}

/* Where the node's crews are next free if they are not at its dates as they stand; INT32_MIN: they are. *who: the last one. */
static int32_t busy_until(const struct placing *s, int32_t node, int32_t *who)
{
	const struct plan_need *needs;
	int32_t n = needs_of(s, s->p->net->nodes[node].task, &needs), latest = INT32_MIN;
	const struct extent *at = &s->p->cpm.early_at[node];

	if (at->finish <= at->start)
		return INT32_MIN;
	for (int32_t k = 0; k < n; k++) {
		int32_t r = needs[k].resource;
		if (s->p->crew_of[r] < 0)
			continue;
		int32_t after = clash(
			&s->usage[r], at->start, at->finish, needed(s, &needs[k]), s->p->capacity_permille[r]);
		if (after > latest) {
			latest = after;
			*who = r;
		}
	}
	return latest;
}

static void move(struct placing *s, int32_t node, int32_t work)
{
	struct cpm *c = &s->p->cpm;

	cpm_put_early(c, node, work);
	cpm_stamp_early(c, node);
}

static void place(struct placing *s, int32_t node)
{
	struct cpm *c = &s->p->cpm;
	const struct network *net = s->p->net;
	int32_t task = net->nodes[node].task, first;
	struct levelled_task *t = &s->out->tasks[task];
	int32_t who = -1;

	cpm_forward_node(c, node);
	if (!(net->nodes[node].flags & NODE_STAMPED))
		cpm_stamp_early(c, node);
	first = c->early[node].start;
	for (int32_t after = busy_until(s, node, &who); after != INT32_MIN;
		 after = busy_until(s, node, &who)) {
		int32_t work = worktime_at(cpm_calendar(c, node), after);
		if (level_fixed(s->p, node) || after == INT32_MAX ||
			(s->within_float && work > s->p->cpm.late[node].start)) {
			t->over = true;
			move(s, node, first);
			finding_add(
				s->p->found, "L002", ON_TASK, task, net->plan->tasks[task].code, NULL, NULL);
			break;
		}
		move(s, node, work > c->early[node].start ? work : c->early[node].start + 1);
	}
	const struct plan_need *needs;
	int32_t n = needs_of(s, task, &needs);
	t->over |= !level_meets(s->p, node, needs, n);
	for (int32_t k = 0; k < n; k++)
		if (s->p->crew_of[needs[k].resource] >= 0)
			use(s->a, &s->usage[needs[k].resource], c->early_at[node].start,
				c->early_at[node].finish, needed(s, &needs[k]));
	t->delay_work = c->early[node].start - s->own[node].start;
	t->waits_work = c->early[node].start - first;
	t->waits_for = t->waits_work > 0 ? who : -1;
	t->float_work = s->p->cpm.late[node].start - c->early[node].start;
}

/* What must stand before it comes first, whatever the order says. Links have no circles here. */
static void place_after(struct placing *s, int32_t node, bool *placed)
{
	const struct network *net = s->p->net;

	if (placed[node])
		return;
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++)
		place_after(s, network_other(net, node, k), placed);
	placed[node] = true;
	place(s, node);
}

struct turn {
	int64_t key;
	int32_t node;
};

static int by_key(const void *x, const void *y)
{
	const struct turn *a = x, *b = y;
	return a->key != b->key ? (a->key < b->key ? -1 : 1)
							: (a->node > b->node) - (a->node < b->node);
}

static struct turn *make_turns(struct arena *a, const struct level_problem *p, const int32_t *start)
{
	struct turn *turns = ARENA_ARRAY(a, struct turn, (size_t)p->crew.n + 1);

	for (int32_t k = 1; k < p->crew.n; k++) {
		int32_t i = p->node[k], priority = p->net->plan->tasks[p->net->nodes[i].task].priority;
		int64_t key = level_fixed(p, i) ? INT64_MIN / 4
			: start                     ? start[k]
										: p->cpm.late_at[i].start;
		turns[k - 1] = (struct turn){key * 1024 + (1000 - priority), i};
	}
	return turns;
}

static void fill_dates(struct arena *a, const struct level_problem *p, struct levelled *out)
{
	const struct network *net = p->net;
	struct task_dates *dates = ARENA_ARRAY(a, struct task_dates, (size_t)net->plan->ntasks + 1);

	for (int32_t i = 0; i < net->plan->ntasks; i++)
		dates[i] = (struct task_dates){.early_start = MOMENT_NONE,
			.early_finish = MOMENT_NONE,
			.late_start = MOMENT_NONE,
			.late_finish = MOMENT_NONE,
			.total_float = FLOAT_NONE,
			.free_float = FLOAT_NONE};
	out->finish = MOMENT_NONE;
	for (int32_t i = 0; i < net->n; i++) {
		struct task_dates *d = &dates[net->nodes[i].task];
		d->early_start.tick = p->cpm.early_at[i].start;
		d->early_finish.tick = p->cpm.early_at[i].finish;
		if (d->early_finish.tick > out->finish.tick)
			out->finish = d->early_finish;
	}
	for (int32_t i = 0; i < net->plan->ntasks; i++)
		span_show(&net->plan->tasks[i], &dates[i]);
	span_dates(a, net, dates);
	for (int32_t i = 0; i < net->plan->ntasks; i++) {
		struct levelled_task *t = &out->tasks[i];
		t->mode = p->mode[i];
		t->waits_for = p->net->node_of[i] < 0 ? -1 : t->waits_for;
		t->start = dates[i].start;
		t->finish = dates[i].finish;
		out->ndelayed += t->delay_work > 0;
		out->nover += t->over;
	}
}

void level_apply(struct arena *a, struct level_problem *p, const int32_t *start, bool within_float,
	struct levelled *out)
{
	size_t n = (size_t)p->net->n + 1;
	struct extent *own = ARENA_ARRAY(a, struct extent, n),
				  *own_at = ARENA_ARRAY(a, struct extent, n);
	bool *placed = ARENA_ARRAY(a, bool, n);
	struct turn *turns = make_turns(a, p, start);

	memcpy(own, p->cpm.early, sizeof(*own) * (n - 1));
	memcpy(own_at, p->cpm.early_at, sizeof(*own_at) * (n - 1));
	*out = (struct levelled){
		.tasks = ARENA_ARRAY(a, struct levelled_task, (size_t)p->net->plan->ntasks + 1),
		.unlimited = MOMENT_NONE};
	for (int32_t i = 0; i < p->net->n; i++) {
		placed[i] = p->net->nodes[i].flags & NODE_COMPLETE;
		if (own_at[i].finish > out->unlimited.tick)
			out->unlimited.tick = own_at[i].finish;
	}
	struct placing s = {a, p, level_find_needs(a, p->net->plan),
		ARENA_ARRAY(a, struct usage, (size_t)p->net->plan->nresources + 1), own, within_float, out};
	for (int32_t k = 0; k < p->nabsences; k++) {
		const struct level_absence *x = &p->absences[k];
		use(a, &s.usage[x->resource], x->from, x->to, x->units_permille);
	}
	level_sort(turns, (size_t)p->crew.n - 1, sizeof(*turns), by_key);
	for (int32_t k = 0; k + 1 < p->crew.n; k++)
		place_after(&s, turns[k].node, placed);
	fill_dates(a, p, out);
	memcpy(p->cpm.early, own, sizeof(*own) * (n - 1)); /* so that it can be applied again */
	memcpy(p->cpm.early_at, own_at, sizeof(*own_at) * (n - 1));
}

struct crew_dates *level_dates_now(struct arena *a, const struct level_problem *p)
{
	struct crew_dates *dates = ARENA_ARRAY(a, struct crew_dates, (size_t)p->net->plan->ntasks + 1);

	for (int32_t i = 0; i < p->net->plan->ntasks; i++) {
		int32_t node = p->net->node_of[i];
		bool open = node >= 0 && !(p->net->nodes[node].flags & NODE_COMPLETE);
		dates[i] = open
			? (struct crew_dates){{p->cpm.early_at[node].start}, {p->cpm.early_at[node].finish}}
			: (struct crew_dates){MOMENT_NONE, MOMENT_NONE};
	}
	return dates;
}

struct crew_dates *level_dates_then(
	struct arena *a, const struct level_problem *p, const struct levelled *levelled)
{
	struct crew_dates *dates = level_dates_now(a, p);

	for (int32_t i = 0; i < p->net->plan->ntasks; i++)
		if (!moment_is_none(dates[i].start))
			dates[i] = (struct crew_dates){levelled->tasks[i].start, levelled->tasks[i].finish};
	return dates;
}

static int by_new_start(const void *x, const void *y)
{
	const struct level_move *a = x, *b = y;
	return a->to.start.tick != b->to.start.tick ? (a->to.start.tick < b->to.start.tick ? -1 : 1)
												: (a->task > b->task) - (a->task < b->task);
}

int32_t level_moves(struct arena *a, const struct level_problem *p, const struct levelled *levelled,
	const struct crew_dates *now, struct level_move **out)
{
	struct level_move *moves = ARENA_ARRAY(a, struct level_move, (size_t)p->net->n + 1);
	int32_t n = 0;

	for (int32_t i = 0; i < p->net->n; i++) {
		int32_t task = p->net->nodes[i].task;
		const struct levelled_task *t = &levelled->tasks[task];
		if ((p->net->nodes[i].flags & NODE_COMPLETE) || t->start.tick == now[task].start.tick)
			continue;
		moves[n++] = (struct level_move){task, now[task], {t->start, t->finish}, t->waits_work,
			t->waits_for, t->float_work, t->over};
	}
	level_sort(moves, (size_t)n, sizeof(*moves), by_new_start);
	*out = moves;
	return n;
}

/* What tasks that are not `over` use of a resource at a moment, and who is away then. */
static int64_t used_at(const struct level_problem *p, const struct level_needs *own,
	const struct levelled *levelled, int32_t resource, int32_t tick)
{
	const struct plan *plan = p->net->plan;
	int64_t used = 0, capacity = p->capacity_permille[resource];

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct levelled_task *t = &levelled->tasks[i];
		const struct plan_need *needs;
		int32_t n = level_needs_of(plan, own, i, t->mode, &needs);
		if (plan->tasks[i].state == TASK_COMPLETE || t->over || t->start.tick > tick ||
			tick >= t->finish.tick)
			continue;
		for (int32_t k = 0; k < n; k++)
			if (needs[k].resource == resource)
				used += needs[k].units_permille < capacity ? needs[k].units_permille : capacity;
	}
	int64_t away = 0;
	for (int32_t k = 0; k < p->nabsences; k++)
		if (p->absences[k].resource == resource && p->absences[k].from <= tick &&
			tick < p->absences[k].to)
			away += p->absences[k].units_permille;
	return used > 0 ? used + away : 0;
}

static const char *check_calendars(
	struct arena *a, const struct level_problem *p, const struct levelled *levelled)
{
	const struct plan *plan = p->given;
	struct level_needs own = level_find_needs(a, plan);

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct levelled_task *t = &levelled->tasks[i];
		const struct plan_need *needs;
		int32_t n = level_needs_of(plan, &own, i, t->mode, &needs), node = p->net->node_of[i];
		for (int32_t k = 0; k < n && node >= 0 && !t->over && level_heeds_calendars(plan, i); k++) {
			int32_t c = plan->resources[needs[k].resource].calendar;
			int32_t duration =
				t->mode < 0 ? cpm_duration(&p->cpm, node) : plan->modes[t->mode].duration_work;
			if (c < 0 || plan->tasks[i].state == TASK_ACTIVE)
				continue;
			if (level_done_with(p->net->calendars[plan_task_calendar(plan, &plan->tasks[i])],
					p->net->calendars[c], t->start.tick, t->finish.tick) < duration)
				return arena_printf(a, "task %s works while %s does not", plan->tasks[i].code,
					plan->resources[needs[k].resource].name);
		}
	}
	return NULL;
}

const char *level_check(
	struct arena *a, const struct level_problem *p, const struct levelled *levelled)
{
	const struct plan *plan = p->net->plan;
	struct level_needs own = level_find_needs(a, plan);

	for (int32_t r = 0; r < plan->nresources; r++)
		for (int32_t i = 0; i < plan->ntasks + p->nabsences && p->crew_of[r] >= 0; i++) {
			/* use is highest where some task or absence starts */
			int32_t tick = i < plan->ntasks ? levelled->tasks[i].start.tick
											: p->absences[i - plan->ntasks].from;
			int64_t used = used_at(p, &own, levelled, r, tick);
			if (used > p->capacity_permille[r])
				return arena_printf(a, "resource %s has %d but uses %d permille when %s starts",
					plan->resources[r].name, (int)p->capacity_permille[r], (int)used,
					i < plan->ntasks ? plan->tasks[i].code : "an absence");
		}
	return check_calendars(a, p, levelled);
}
