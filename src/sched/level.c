/*
 * Levelling a plan: a crew problem out of its network. The idea is in level.h; dates come out of its answer in level_dates.c.
 */
#include "sched/level_parts.h"

#define MOST_SLOTS 100000 /* of all durations together; the search need not be finer */

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

/* Absences that begin or end within a slot would be rounded. */
static int32_t common_with_absences(const struct level_problem *p, int32_t slot)
{
	const struct plan *plan = p->net->plan;

	for (int32_t r = 0; r < plan->nresources; r++)
		for (int32_t k = 0; level_limited(&plan->resources[r]) && k < plan->resources[r].nabsences;
			 k++) {
			const struct plan_absence *x = &plan->resources[r].absences[k];
			int32_t from = worktime_between(p->line, p->origin, x->from.tick),
					to = worktime_between(p->line, p->origin, x->to.tick);
			slot = common(common(slot, from > 0 ? from : 0), to > 0 ? to : 0);
		}
	return slot;
}

/* Slots are working time of the calendar that all others are part of, else time around the clock. */
static void choose_line(struct level_problem *p)
{
	const struct network *net = p->net;

	p->origin = INT32_MAX;
	for (int32_t i = 0; i < net->n; i++) {
		if (net->nodes[i].flags & NODE_COMPLETE)
			continue;
		const struct worktime *w = net->calendars[net->nodes[i].calendar];
		p->origin = p->cpm.early_at[i].start < p->origin ? p->cpm.early_at[i].start : p->origin;
		if (!p->line || level_part_of(p->line, w))
			p->line = w;
		else if (!level_part_of(w, p->line))
			p->line = net->calendars[net->plan->ncalendars];
	}
	if (!p->line) { /* nothing is left to do */
		p->line = net->calendars[net->plan->ncalendars];
		p->origin = 0;
	}
}

static void choose_slot(struct level_problem *p)
{
	const struct network *net = p->net;
	int64_t total = 0;
	int32_t slot = 0;

	p->exact = true;
	for (int32_t i = 0; i < net->n; i++) {
		if (net->nodes[i].flags & NODE_COMPLETE)
			continue;
		slot = common(slot, cpm_duration(&p->cpm, i));
		for (int32_t k = 0; k < net->plan->nmodes; k++)
			if (net->plan->modes[k].task == net->nodes[i].task)
				slot = common(slot, net->plan->modes[k].duration_work);
		total += cpm_duration(&p->cpm, i);
		slot = common(slot, worktime_between(p->line, p->origin, p->cpm.early_at[i].start));
		if (net->calendars[net->nodes[i].calendar] != p->line || level_fixed(p, i))
			p->exact = false;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++) {
			struct edge e = network_edge(net, i, k);
			slot = common(slot, e.flags & EDGE_FIXED ? 0 : e.lag);
			if (e.flags & (EDGE_FOREIGN | EDGE_FIXED | EDGE_MS_FF | EDGE_FIRST))
				p->exact = false;
		}
	}
	slot = common_with_absences(p, slot);
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

static uint8_t ends_of(enum link_type type)
{
	return (uint8_t)((type == LINK_FS || type == LINK_FF ? CREW_FROM_END : 0) |
		(type == LINK_FF || type == LINK_SF ? CREW_TO_END : 0));
}

static void make_links(struct arena *a, struct level_problem *p, const int32_t *activity)
{
	const struct network *net = p->net;
	struct crew_link *links = ARENA_ARRAY(a, struct crew_link, (size_t)(net->nedges + net->n) + 1);
	uint8_t *ends = ARENA_ARRAY(a, uint8_t, (size_t)(net->nedges + net->n) + 1);
	int32_t n = 0;

	for (int32_t i = 0; i < net->n; i++) {
		if (activity[i] < 0)
			continue;
		bool free = true;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++) {
			struct edge e = network_edge(net, i, k);
			if (activity[e.node] < 0 || (e.flags & EDGE_FIXED) || e.node == i ||
				!cpm_asks(&p->cpm, k))
				continue;
			ends[n] = ends_of((enum link_type)e.type);
			links[n++] = (struct crew_link){
				activity[e.node], activity[i], start_lag(p, &e, activity[e.node], activity[i])};
			free &= !(p->cpm.edge[k] & EDGE_GAVE_EARLY);
		}
		int32_t wait = free ? worktime_between(p->line, p->origin, p->cpm.early_at[i].start) : 0;
		links[n++] = (struct crew_link){0, activity[i], wait > 0 ? wait / p->slot_work : 0};
	}
	p->crew.links = links;
	p->crew.nlinks = n;
	p->crew.ends = ends;
}

static int32_t scale_of(const struct plan *plan, const struct level_needs *needs)
{
	int32_t scale = 0, most = 1;

	for (int32_t r = 0; r < plan->nresources; r++)
		if (level_limited(&plan->resources[r])) {
			scale = common(scale, plan->resources[r].capacity_permille);
			most = plan->resources[r].capacity_permille > most
				? plan->resources[r].capacity_permille
				: most;
		}
	for (int32_t i = 0; i < needs->first[plan->ntasks]; i++)
		scale = common(scale, needs->items[i].units_permille);
	for (int32_t m = 0; m < plan->nmodes; m++)
		for (int32_t k = 0; k < plan->modes[m].nneeds; k++)
			scale = common(scale, plan->modes[m].needs[k].units_permille);
	scale = scale > 0 ? scale : 1;
	return most / scale > CREW_MOST_DEMAND ? most / CREW_MOST_DEMAND + 1 : scale;
}

/* What a task asks of each crew, in units of the scale; the first resource that has not so much, -1: all have. */
static int32_t fill_row(
	const struct level_problem *p, const struct plan_need *needs, int32_t n, int32_t *row)
{
	int32_t short_of = -1;

	for (int32_t k = 0; k < n; k++) {
		int32_t r = p->crew_of[needs[k].resource];
		if (r < 0)
			continue;
		int64_t sum = row[r] + ((int64_t)needs[k].units_permille + p->scale - 1) / p->scale;
		if (sum > p->crew.capacity[r] && short_of < 0)
			short_of = needs[k].resource;
		row[r] = (int32_t)(sum > p->crew.capacity[r] ? p->crew.capacity[r] : sum);
	}
	return short_of;
}

static void make_crews(struct arena *a, struct level_problem *p, const struct level_needs *needs)
{
	const struct plan *plan = p->net->plan;
	int32_t *capacity = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 1);

	p->scale = scale_of(plan, needs);
	p->crew_of = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 1);
	p->capacity_permille = ARENA_ARRAY(a, int32_t, (size_t)plan->nresources + 1);
	for (int32_t i = 0; i < needs->first[plan->ntasks]; i++)
		p->crew_of[needs->items[i].resource] = 1;
	for (int32_t m = 0; m < plan->nmodes; m++)
		for (int32_t k = 0; k < plan->modes[m].nneeds; k++)
			p->crew_of[plan->modes[m].needs[k].resource] |=
				level_limited(&plan->resources[plan->modes[m].needs[k].resource]);
	for (int32_t r = 0; r < plan->nresources; r++) {
		p->capacity_permille[r] = plan->resources[r].capacity_permille;
		if (p->crew_of[r])
			capacity[p->crew.nresources] = plan->resources[r].capacity_permille / p->scale;
		p->crew_of[r] = p->crew_of[r] ? p->crew.nresources++ : -1;
	}
	p->crew.capacity = capacity;
}

static void make_demands(struct arena *a, struct level_problem *p, const int32_t *activity,
	const struct level_needs *needs)
{
	const struct plan *plan = p->net->plan;
	int32_t *demand = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n * (size_t)p->crew.nresources + 1);

	for (int32_t i = 0; i < p->net->n; i++) {
		int32_t task = p->net->nodes[i].task;
		if (activity[i] < 0)
			continue;
		const struct plan_need *own;
		int32_t n = level_needs_of(plan, needs, task, -1, &own);
		int32_t short_of =
			fill_row(p, own, n, &demand[(size_t)activity[i] * (size_t)p->crew.nresources]);
		p->exact &= level_meets(p, i, own, n);
		if (short_of >= 0) {
			finding_add(p->found, "L001", ON_TASK, task, plan->tasks[task].code,
				plan->resources[short_of].name, NULL);
			p->exact = false;
		}
	}
	p->crew.demand = demand;
}

/* Modes that ask for more than there is are none; started tasks keep the way they have. */
static void make_modes(struct arena *a, struct level_problem *p)
{
	const struct plan *plan = p->net->plan;
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n + 1), n = 0;
	struct crew_mode *modes = ARENA_ARRAY(a, struct crew_mode, (size_t)plan->nmodes + 1);
	int32_t *plan_mode = ARENA_ARRAY(a, int32_t, (size_t)plan->nmodes + 1);

	for (int32_t k = 1; k < p->crew.n; k++) {
		first[k] = n;
		for (int32_t m = 0; m < plan->nmodes && !level_fixed(p, p->node[k]); m++) {
			int32_t *row = ARENA_ARRAY(a, int32_t, (size_t)p->crew.nresources + 1);
			if (plan->modes[m].task != p->net->nodes[p->node[k]].task ||
				fill_row(p, plan->modes[m].needs, plan->modes[m].nneeds, row) >= 0 ||
				!level_meets(p, p->node[k], plan->modes[m].needs, plan->modes[m].nneeds))
				continue;
			plan_mode[n] = m;
			modes[n++] = (struct crew_mode){slots(p, plan->modes[m].duration_work), row};
		}
	}
	first[p->crew.n] = n;
	p->modes.first = n > 0 ? first : NULL;
	p->modes.modes = modes;
	p->plan_mode = plan_mode;
	p->mode = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 1);
	for (int32_t i = 0; i < plan->ntasks; i++)
		p->mode[i] = -1;
}

/* In ticks from the first to the last working moment, and in slots. */
static void make_absences(struct arena *a, struct level_problem *p)
{
	const struct plan *plan = p->net->plan;
	int32_t most = 0;

	for (int32_t r = 0; r < plan->nresources; r++)
		most += p->crew_of[r] >= 0 ? plan->resources[r].nabsences : 0;
	if (most == 0 || p->net->n == 0)
		return;
	struct crew_absence *away = ARENA_ARRAY(a, struct crew_absence, (size_t)most);
	p->absences = ARENA_ARRAY(a, struct level_absence, (size_t)most);
	const struct worktime *w = p->line;
	for (int32_t r = 0; r < plan->nresources; r++)
		for (int32_t k = 0; p->crew_of[r] >= 0 && k < plan->resources[r].nabsences; k++) {
			const struct plan_absence *x = &plan->resources[r].absences[k];
			int32_t from = worktime_between(w, p->origin, x->from.tick),
					to = worktime_between(w, p->origin, x->to.tick);
			from = from > 0 ? from : 0;
			if (to <= from)
				continue; /* over, or outside working time */
			p->absences[p->nabsences] = (struct level_absence){r, worktime_next(w, x->from.tick),
				worktime_previous(w, x->to.tick), x->units_permille};
			away[p->nabsences++] = (struct crew_absence){p->crew_of[r], from / p->slot_work,
				slots(p, to), (x->units_permille + p->scale - 1) / p->scale};
			p->exact &= from % p->slot_work == 0 && to % p->slot_work == 0;
		}
	p->crew.absences = away;
	p->crew.nabsences = p->nabsences;
}

bool level_prepare(struct arena *a, const struct plan *given, struct findings *found,
	struct level_problem *out, struct err *err)
{
	static const struct sched_options nothing = {0};
	struct level_problem p = {.net = ARENA_NEW(a, struct network), .given = given, .found = found};
	struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)given->nlinks + 1);
	struct level_needs needs = level_find_needs(a, given);
	const struct plan *plan = level_meet_calendars(a, given, &needs, found);

	if (!network_build(a, plan, &nothing, found, links, p.net, err))
		return false;
	cpm_open(a, p.net, &p.cpm);
	cpm_forward(&p.cpm);
	cpm_backward(&p.cpm);
	cpm_stamp(&p.cpm, true);
	choose_line(&p);
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
		duration[p.crew.n++] = slots(&p, cpm_duration(&p.cpm, i));
	}
	p.node = node;
	p.crew.duration = duration;
	make_links(a, &p, activity);
	make_crews(a, &p, &needs);
	make_demands(a, &p, activity, &needs);
	make_modes(a, &p);
	make_absences(a, &p);
	level_make_rests(a, &p);
	*out = p;
	out->modes.base = &out->crew;
	return true;
}

static struct moment due_of(const struct plan *plan, int32_t task, bool last)
{
	const struct plan_task *t = &plan->tasks[task];
	struct moment due = t->deadline, must = plan->projects[t->project].must_finish;

	for (int k = 0; k < 2; k++)
		if (t->constraint[k].kind == CONSTRAINT_FINISH_NOT_LATER &&
			(moment_is_none(due) || t->constraint[k].date.tick < due.tick))
			due = t->constraint[k].date;
	if (last && !moment_is_none(must) && (moment_is_none(due) || must.tick < due.tick))
		due = must;
	return due;
}

void level_by_lateness(struct arena *a, struct level_problem *p)
{
	const struct network *net = p->net;
	int32_t *due = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n),
			*weight = ARENA_ARRAY(a, int32_t, (size_t)p->crew.n);
	bool *followed = ARENA_ARRAY(a, bool, (size_t)net->n + 1);

	for (int32_t i = 0; i < net->n; i++)
		followed[i] = net->out_first[i] < net->out_first[i + 1];
	due[0] = -1;
	for (int32_t k = 1; k < p->crew.n; k++) {
		int32_t i = p->node[k], task = net->nodes[i].task;
		struct moment m = due_of(net->plan, task, !followed[i]);
		int32_t work = moment_is_none(m) ? -1 : worktime_between(p->line, p->origin, m.tick);
		due[k] = moment_is_none(m) ? -1 : work > 0 ? work / p->slot_work : 0;
		weight[k] = net->plan->tasks[task].priority > 0 ? net->plan->tasks[task].priority : 1;
	}
	p->crew.due = due;
	p->crew.weight = weight;
}

void level_choose(struct level_problem *p, const int32_t *chosen)
{
	for (int32_t k = 1; k < p->crew.n; k++)
		if (chosen[k] >= 0) {
			int32_t mode = p->plan_mode[chosen[k]];
			p->mode[p->net->nodes[p->node[k]].task] = mode;
			p->net->nodes[p->node[k]].duration = p->net->plan->modes[mode].duration_work;
		}
}

void level_limit(struct level_problem *p, const int32_t *peak)
{
	for (int32_t r = 0; r < p->net->plan->nresources; r++)
		if (p->crew_of[r] >= 0)
			p->capacity_permille[r] = peak[p->crew_of[r]] * p->scale;
}
