/*
 * Levelling a plan: a crew problem out of its network, and dates out of the order that the crew search found. The idea is
 * in level.h. The use of each crew is kept as a list of steps over time; placing asks it for the first free stretch.
 */
#include "sched/level.h"

#include "sched/span.h"

#define MOST_SLOTS 100000 /* of all durations together; the search need not be finer */

struct need {
	int32_t resource, permille;
};

/* What each task uses of the limited crews. */
struct needs {
	int32_t *first; /* [ntasks + 1] */
	struct need *items;
};

struct step {
	int32_t tick;
	int64_t used;
}; /* from this tick on */
struct usage {
	struct step *steps;
	int32_t n, room;
};

static bool limited(const struct plan_resource *r)
{
	return (r->kind == RESOURCE_LABOUR || r->kind == RESOURCE_EQUIPMENT) &&
		r->capacity_permille > 0;
}

static bool counts(const struct plan *plan, const struct plan_assignment *x)
{
	return x->task >= 0 && x->resource >= 0 && x->units_permille > 0 &&
		limited(&plan->resources[x->resource]);
}

static struct needs find_needs(struct arena *a, const struct plan *plan)
{
	struct needs n = {ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 2),
		ARENA_ARRAY(a, struct need, (size_t)plan->nassignments + 1)};

	for (int32_t i = 0; i < plan->nassignments; i++)
		if (counts(plan, &plan->assignments[i]))
			n.first[plan->assignments[i].task + 2]++;
	for (int32_t i = 0; i < plan->ntasks; i++)
		n.first[i + 2] += n.first[i + 1];
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		if (counts(plan, x))
			n.items[n.first[x->task + 1]++] = (struct need){x->resource, x->units_permille};
	}
	return n;
}

/* Its place is not ours to choose. */
static bool fixed(const struct level_problem *p, int32_t node)
{
	return p->cpm.pinned[node] || (p->net->nodes[node].flags & (NODE_ACTIVE | NODE_COMPLETE)) ||
		p->net->plan->tasks[p->net->nodes[node].task].manual;
}

/* ---- A crew problem out of the network ------------------------------------------------------------------------- */

static int32_t common(int32_t a, int32_t b)
{
	a = a < 0 ? -a : a;
	b = b < 0 ? -b : b;
	while (b) {
		int32_t rest = a % b;
		a = b;
		b = rest;
	}
	return a;
}

static int32_t slots(const struct level_problem *p, int32_t work)
{
	return work >= 0 ? (work + p->slot_work - 1) / p->slot_work : -(-work / p->slot_work);
}

static void choose_slot(struct level_problem *p)
{
	const struct network *net = p->net;
	int64_t total = 0;
	int32_t slot = 0, origin = INT32_MIN;

	p->exact = true;
	for (int32_t i = 0; i < net->n; i++) {
		if (net->nodes[i].flags & NODE_COMPLETE)
			continue;
		slot = common(slot, p->cpm.duration[i]);
		total += p->cpm.duration[i];
		origin = origin == INT32_MIN ? p->cpm.work[i].es : origin;
		slot = common(slot, p->cpm.work[i].es - origin);
		if (net->nodes[i].calendar != net->nodes[0].calendar || fixed(p, i))
			p->exact = false;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++) {
			slot = common(slot, net->in[k].flags & EDGE_FIXED ? 0 : net->in[k].lag);
			if (net->in[k].flags & (EDGE_FOREIGN | EDGE_FIXED | EDGE_MS_FF))
				p->exact = false;
		}
	}
	p->slot_work = slot > 0 ? slot : TICKS_PER_HOUR;
	if (total / p->slot_work > MOST_SLOTS) {
		p->slot_work = (int32_t)(total / MOST_SLOTS) + 1;
		p->exact = false;
	}
}

static int32_t start_lag(
	const struct level_problem *p, const struct edge *e, int32_t from, int32_t to)
{
	int32_t d = p->crew.duration[from], own = p->crew.duration[to], lag = slots(p, e->lag);

	switch ((enum link_type)e->type) {
	case LINK_FS: return d + lag;
	case LINK_SS: return lag;
	case LINK_FF: return d + lag - own;
	case LINK_SF: return lag - own;
	}
	return lag;
}

static void make_links(struct arena *a, struct level_problem *p, const int32_t *activity)
{
	const struct network *net = p->net;
	struct crew_link *links = ARENA_ARRAY(a, struct crew_link, (size_t)(net->nedges + net->n) + 1);
	int32_t n = 0, origin = INT32_MAX;

	for (int32_t i = 0; i < net->n; i++)
		if (activity[i] >= 0 && p->cpm.at[i].es < origin)
			origin = p->cpm.at[i].es;
	for (int32_t i = 0; i < net->n; i++) {
		if (activity[i] < 0)
			continue;
		bool free = true;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++) {
			const struct edge *e = &net->in[k];
			if (activity[e->node] < 0 || (e->flags & EDGE_FIXED) || e->node == i)
				continue;
			links[n++] = (struct crew_link){
				activity[e->node], activity[i], start_lag(p, e, activity[e->node], activity[i])};
			free &= k != p->cpm.early_edge[i];
		}
		int32_t wait = free
			? worktime_between(net->calendars[net->nodes[i].calendar], origin, p->cpm.at[i].es)
			: 0;
		links[n++] = (struct crew_link){0, activity[i], wait > 0 ? wait / p->slot_work : 0};
	}
	p->crew.links = links;
	p->crew.nlinks = n;
}

static int32_t scale_of(const struct plan *plan, const struct needs *needs)
{
	int32_t scale = 0, most = 1;

	for (int32_t r = 0; r < plan->nresources; r++)
		if (limited(&plan->resources[r])) {
			scale = common(scale, plan->resources[r].capacity_permille);
			most = plan->resources[r].capacity_permille > most
				? plan->resources[r].capacity_permille
				: most;
		}
	for (int32_t i = 0; i < needs->first[plan->ntasks]; i++)
		scale = common(scale, needs->items[i].permille);
	scale = scale > 0 ? scale : 1;
	return most / scale > CREW_MOST_DEMAND ? most / CREW_MOST_DEMAND + 1 : scale;
}

static void make_demands(struct arena *a, struct level_problem *p, const int32_t *activity)
{
	const struct plan *plan = p->net->plan;
	struct needs needs = find_needs(a, plan);
	int32_t nresources = 0, scale = scale_of(plan, &needs);
	int32_t *crew_of = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 1);
	int32_t *capacity = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 1);

	for (int32_t i = 0; i < needs.first[plan->ntasks]; i++)
		crew_of[needs.items[i].resource] = 1;
	for (int32_t r = 0; r < plan->nresources; r++) {
		if (crew_of[r])
			capacity[nresources] = plan->resources[r].capacity_permille / scale;
		crew_of[r] = crew_of[r] ? nresources++ : -1;
	}
	int32_t *demand = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n * (size_t)nresources + 1);
	for (int32_t i = 0; i < p->net->n; i++) {
		int32_t task = p->net->nodes[i].task;
		if (activity[i] < 0)
			continue;
		int32_t *row = &demand[(size_t)activity[i] * (size_t)nresources];
		for (int32_t k = needs.first[task]; k < needs.first[task + 1]; k++) {
			int32_t r = crew_of[needs.items[k].resource];
			int64_t sum = row[r] + ((int64_t)needs.items[k].permille + scale - 1) / scale;
			if (sum > capacity[r]) {
				finding_add(p->found, "L001", ON_TASK, task, plan->tasks[task].code,
					plan->resources[needs.items[k].resource].name, NULL);
				p->exact = false;
			}
			row[r] = (int32_t)(sum > capacity[r] ? capacity[r] : sum);
		}
	}
	p->crew.nresources = nresources;
	p->crew.capacity = capacity;
	p->crew.demand = demand;
}

bool level_prepare(struct arena *a, const struct plan *plan, struct findings *found,
	struct level_problem *out, struct err *err)
{
	static const struct sched_options nothing = {0};
	struct level_problem p = {.net = ARENA_NEW(a, struct network), .found = found};
	struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)plan->nlinks + 1);

	if (!network_build(a, plan, &nothing, found, links, p.net, err))
		return false;
	cpm_open(a, p.net, &p.cpm);
	cpm_forward(&p.cpm);
	cpm_backward(&p.cpm);
	cpm_stamp(&p.cpm, true);
	choose_slot(&p);
	int32_t *activity = ARENA_ARRAY(a, int32_t, (size_t)p.net->n + 1),
			*node = ARENA_ARRAY(a, int32_t, (size_t)p.net->n + 1);
	int32_t *duration = ARENA_ARRAY(a, int32_t, (size_t)p.net->n + 1);
	node[0] = -1;
	p.crew.n = 1;
	for (int32_t i = 0; i < p.net->n; i++) {
		activity[i] = -1;
		if (p.net->nodes[i].flags & NODE_COMPLETE)
			continue;
		activity[i] = p.crew.n;
		node[p.crew.n] = i;
		duration[p.crew.n++] = slots(&p, p.cpm.duration[i]);
	}
	p.node = node;
	p.crew.duration = duration;
	make_links(a, &p, activity);
	make_demands(a, &p, activity);
	*out = p;
	return true;
}

/* ---- Dates out of an order ------------------------------------------------------------------------------------- */

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
	struct needs needs;
	struct usage *usage;         /* [nresources] */
	const struct four *own_work; /* the plan's own dates */
	bool within_float;
	struct levelled *out;
};

static int64_t needed(const struct placing *s, int32_t k)
{
	int64_t capacity = s->p->net->plan->resources[s->needs.items[k].resource].capacity_permille;
	return s->needs.items[k].permille < capacity ? s->needs.items[k].permille : capacity;
}

/* Where the node's crews are next free if they are not at its dates as they stand; INT32_MIN: they are. */
static int32_t busy_until(const struct placing *s, int32_t node)
{
	int32_t task = s->p->net->nodes[node].task, latest = INT32_MIN;
	const struct four *at = &s->p->cpm.at[node];

	if (at->ef <= at->es)
		return INT32_MIN;
	for (int32_t k = s->needs.first[task]; k < s->needs.first[task + 1]; k++) {
		int32_t r = s->needs.items[k].resource;
		int32_t after = clash(&s->usage[r], at->es, at->ef, needed(s, k),
			s->p->net->plan->resources[r].capacity_permille);
		latest = after > latest ? after : latest;
	}
	return latest;
}

static void move(struct placing *s, int32_t node, int32_t work)
{
	struct cpm *c = &s->p->cpm;

	c->work[node].es = work;
	c->work[node].ef = work + c->duration[node];
	cpm_stamp_early(c, node);
}

static void place(struct placing *s, int32_t node)
{
	struct cpm *c = &s->p->cpm;
	const struct network *net = s->p->net;
	int32_t task = net->nodes[node].task, first;
	struct levelled_task *t = &s->out->tasks[task];

	cpm_forward_node(c, node);
	if (!(net->nodes[node].flags & NODE_STAMPED))
		cpm_stamp_early(c, node);
	first = c->work[node].es;
	for (int32_t after = busy_until(s, node); after != INT32_MIN; after = busy_until(s, node)) {
		int32_t work = worktime_at(cpm_calendar(c, node), after);
		if (fixed(s->p, node) || after == INT32_MAX ||
			(s->within_float && work > s->own_work[node].ls)) {
			t->over = true;
			move(s, node, first);
			finding_add(
				s->p->found, "L002", ON_TASK, task, net->plan->tasks[task].code, NULL, NULL);
			break;
		}
		move(s, node, work > c->work[node].es ? work : c->work[node].es + 1);
	}
	for (int32_t k = s->needs.first[task]; k < s->needs.first[task + 1]; k++)
		use(s->a, &s->usage[s->needs.items[k].resource], c->at[node].es, c->at[node].ef,
			needed(s, k));
	t->delay_work = c->work[node].es - s->own_work[node].es;
}

/* What must stand before it comes first, whatever the order says. Links have no circles here. */
static void place_after(struct placing *s, int32_t node, bool *placed)
{
	const struct network *net = s->p->net;

	if (placed[node])
		return;
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++)
		place_after(s, net->in[k].node, placed);
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
		int64_t key = fixed(p, i) ? INT64_MIN / 4 : start ? start[k] : p->cpm.at[i].ls;
		turns[k - 1] = (struct turn){key * 1024 + (1000 - priority), i};
	}
	return turns;
}

/* Insertion sort would do for small plans; shell sort keeps large ones quick without a library. */
static void sort_turns(struct turn *turns, int32_t n)
{
	int32_t gap = 1;

	while (gap < n / 3)
		gap = gap * 3 + 1;
	for (; gap > 0; gap /= 3)
		for (int32_t i = gap; i < n; i++) {
			struct turn t = turns[i];
			int32_t k = i;
			for (; k >= gap && by_key(&turns[k - gap], &t) > 0; k -= gap)
				turns[k] = turns[k - gap];
			turns[k] = t;
		}
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
		d->early_start.tick = p->cpm.at[i].es;
		d->early_finish.tick = p->cpm.at[i].ef;
		if (d->early_finish.tick > out->finish.tick)
			out->finish = d->early_finish;
	}
	span_dates(a, net, dates);
	for (int32_t i = 0; i < net->plan->ntasks; i++) {
		struct levelled_task *t = &out->tasks[i];
		const struct plan_task *task = &net->plan->tasks[i];
		t->start = moment_is_none(task->actual_start) ? dates[i].early_start : task->actual_start;
		t->finish = task->state == TASK_COMPLETE && !moment_is_none(task->actual_finish)
			? task->actual_finish
			: dates[i].early_finish;
		out->ndelayed += t->delay_work > 0;
		out->nover += t->over;
	}
}

void level_apply(struct arena *a, struct level_problem *p, const int32_t *start, bool within_float,
	struct levelled *out)
{
	size_t n = (size_t)p->net->n + 1;
	struct four *own_work = ARENA_ARRAY(a, struct four, n),
				*own_at = ARENA_ARRAY(a, struct four, n);
	bool *placed = ARENA_ARRAY(a, bool, n);
	struct turn *turns = make_turns(a, p, start);

	memcpy(own_work, p->cpm.work, sizeof(*own_work) * (n - 1));
	memcpy(own_at, p->cpm.at, sizeof(*own_at) * (n - 1));
	*out = (struct levelled){
		.tasks = ARENA_ARRAY(a, struct levelled_task, (size_t)p->net->plan->ntasks + 1),
		.unlimited = MOMENT_NONE};
	for (int32_t i = 0; i < p->net->n; i++) {
		placed[i] = p->net->nodes[i].flags & NODE_COMPLETE;
		if (own_at[i].ef > out->unlimited.tick)
			out->unlimited.tick = own_at[i].ef;
	}
	struct placing s = {a, p, find_needs(a, p->net->plan),
		ARENA_ARRAY(a, struct usage, (size_t)p->net->plan->nresources + 1), own_work, within_float,
		out};
	sort_turns(turns, p->crew.n - 1);
	for (int32_t k = 0; k + 1 < p->crew.n; k++)
		place_after(&s, turns[k].node, placed);
	fill_dates(a, p, out);
	memcpy(
		p->cpm.work, own_work, sizeof(*own_work) * (n - 1)); /* so that it can be applied again */
	memcpy(p->cpm.at, own_at, sizeof(*own_at) * (n - 1));
}

const char *level_check(struct arena *a, const struct plan *plan, const struct levelled *levelled)
{
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		if (!counts(plan, x) || plan->tasks[x->task].state == TASK_COMPLETE ||
			levelled->tasks[x->task].over)
			continue;
		struct moment at =
			levelled->tasks[x->task].start; /* use is highest where some task starts */
		int64_t used = 0, capacity = plan->resources[x->resource].capacity_permille;
		for (int32_t k = 0; k < plan->nassignments; k++) {
			const struct plan_assignment *y = &plan->assignments[k];
			const struct levelled_task *t = y->task >= 0 ? &levelled->tasks[y->task] : NULL;
			if (counts(plan, y) && y->resource == x->resource &&
				plan->tasks[y->task].state != TASK_COMPLETE && !t->over &&
				t->start.tick <= at.tick && at.tick < t->finish.tick)
				used += y->units_permille < capacity ? y->units_permille : capacity;
		}
		if (used > capacity)
			return arena_printf(a, "resource %s has %d but uses %d permille when task %s starts",
				plan->resources[x->resource].name, (int)capacity, (int)used,
				plan->tasks[x->task].code);
	}
	return NULL;
}
