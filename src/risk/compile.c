/*
 * A plan and a model made ready for sampling: the open tasks in topological order with their arcs, bounds and tables.
 * What is complete or fixed by dates is worked out once, by the forward pass, and becomes a bound.
 */
#include "risk/inside.h"

static uint64_t mixed(uint64_t x)
{
	x += UINT64_C(0x9E3779B97F4A7C15); /* splitmix64 (Steele, Lea, Flood 2014) */
	x = (x ^ x >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	x = (x ^ x >> 27) * UINT64_C(0x94D049BB133111EB);
	return x ^ x >> 31;
}

struct key key_of(uint64_t seed)
{
	uint64_t x = mixed(seed);
	return (struct key){(uint32_t)x, (uint32_t)(x >> 32)};
}

/* By its id, so that it draws the same numbers when other tasks come and go. `salt` tells uses apart. */
static struct key named_key(const char *id, uint64_t salt)
{
	uint64_t x = UINT64_C(0xCBF29CE484222325); /* FNV-1a */

	for (; *id; id++)
		x = (x ^ (uint8_t)*id) * UINT64_C(0x100000001B3);
	return key_of(x + salt * UINT64_C(0xD1B54A32D192ED03));
}

static bool model_is_sound(const struct plan *plan, const struct risk_model *m, struct err *err)
{
	if (!spread_is_sound(&m->otherwise, "other tasks", err))
		return false;
	for (int32_t k = 0; k < m->nranges; k++) {
		if (m->ranges[k].task < 0 || m->ranges[k].task >= plan->ntasks)
			return err_set(
				err, ERR_INPUT, NULL, "range %d names a task that is not in the plan", k + 1);
		if (!spread_is_sound(&m->ranges[k].spread, plan->tasks[m->ranges[k].task].code, err))
			return false;
	}
	for (int32_t k = 0; k < m->ndrivers; k++) {
		const struct risk_driver *d = &m->drivers[k];
		if (d->probability < 0 || d->probability > 1000)
			return err_set(err, ERR_INPUT, NULL, "%s: a probability is from 0 to 100 %%", d->name);
		if (!spread_is_sound(&d->factor, d->name, err))
			return false;
		for (int32_t i = 0; i < d->ntasks; i++)
			if (d->tasks[i] < 0 || d->tasks[i] >= plan->ntasks)
				return err_set(
					err, ERR_INPUT, NULL, "%s names a task that is not in the plan", d->name);
	}
	for (int32_t k = 0; k < m->nwindows; k++) {
		const struct risk_window *w = &m->windows[k];
		if (w->probability < 0 || w->probability > 1000)
			return err_set(err, ERR_INPUT, NULL, "%s: a probability is from 0 to 100 %%", w->name);
		if (w->calendar < 0 || w->calendar >= plan->ncalendars || w->instead < 0 ||
			w->instead >= plan->ncalendars)
			return err_set(
				err, ERR_INPUT, NULL, "%s names a calendar that is not in the plan", w->name);
	}
	return true;
}

static uint32_t threshold(int32_t permille)
{
	return permille >= 1000 ? UINT32_MAX : (uint32_t)(((uint64_t)permille << 32) / 1000);
}

/* Equal ranges share a table, so that the tables in use stay near the processor. */
static int32_t table_for(struct arena *a, struct risk_engine *e, const struct risk_spread *spread)
{
	struct table *t = &e->tables[e->ntables];

	table_make(a, spread, t);
	for (int32_t k = e->ntables - 1; k >= 0 && k >= e->ntables - 64; k--)
		if (memcmp(&e->tables[k], t, sizeof(*t)) == 0)
			return k;
	return e->ntables++;
}

static void make_risks(struct arena *a, struct risk_engine *e, const struct risk_model *m)
{
	e->ndrivers = m->ndrivers;
	e->nwindows = m->nwindows;
	e->drivers = ARENA_ARRAY(a, struct driver, (size_t)m->ndrivers + 1);
	e->windows = ARENA_ARRAY(a, struct window, (size_t)m->nwindows + 1);
	for (int32_t k = 0; k < m->ndrivers; k++) {
		const struct risk_driver *d = &m->drivers[k];
		e->drivers[k] = (struct driver){named_key(d->id, 1), named_key(d->id, 2),
			threshold(d->probability), table_for(a, e, &d->factor)};
	}
	for (int32_t k = 0; k < m->nwindows; k++)
		e->windows[k] = (struct window){named_key(m->windows[k].id, 3),
			threshold(m->windows[k].probability), m->windows[k].calendar, m->windows[k].instead};
}

static bool may_change(const struct risk_engine *e, int32_t calendar)
{
	for (int32_t k = 0; k < e->nwindows; k++)
		if (e->windows[k].calendar == calendar)
			return true;
	return false;
}

/* A position of the point that is known beforehand, from a moment. */
static int32_t position(const struct risk_engine *e, const struct point *p, int32_t tick)
{
	return p->flags & POINT_WINDOW ? tick : worktime_at(e->net.calendars[p->calendar], tick);
}

static void not_before(struct risk_engine *e, struct point *p, bool finish, int32_t tick)
{
	int32_t *bound = finish ? &p->earliest_finish : &p->earliest, at = position(e, p, tick);
	*bound = at > *bound ? at : *bound;
}

static void take_constraint(struct risk_engine *e, struct point *p, const struct constraint *rule,
	bool started, int32_t now)
{
	int32_t tick = rule->date.tick;

	if (moment_is_none(rule->date))
		return;
	switch (rule->kind) {
	case CONSTRAINT_START_NOT_EARLIER:
	case CONSTRAINT_START_ON:
		if (!started)
			not_before(e, p, false, tick);
		return;
	case CONSTRAINT_FINISH_NOT_EARLIER:
	case CONSTRAINT_FINISH_ON: not_before(e, p, true, tick); return;
	case CONSTRAINT_MANDATORY_START:
		if (started)
			return;
		p->flags |= POINT_PINNED;
		p->earliest = position(e, p, tick > now ? tick : now);
		p->earliest_finish = INT32_MIN;
		return;
	case CONSTRAINT_MANDATORY_FINISH:
		if (started)
			return;
		p->flags |= POINT_PINNED;
		p->earliest = position(e, p, now);
		p->earliest_finish = position(e, p, tick);
		return;
	default: return;
	}
}

static bool mandatory(enum constraint_kind kind)
{
	return kind == CONSTRAINT_MANDATORY_START || kind == CONSTRAINT_MANDATORY_FINISH;
}

static void take_dates(struct risk_engine *e, struct point *p, int32_t node)
{
	const struct node *nd = &e->net.nodes[node];
	const struct plan_task *t = &e->plan->tasks[nd->task];
	bool started = nd->flags & NODE_ACTIVE;
	int32_t now = e->net.data_date[nd->project], floor = started ? now : e->net.floor[nd->project];

	p->earliest =
		floor == INT32_MIN && (p->flags & POINT_WINDOW) ? INT32_MIN : position(e, p, floor);
	p->earliest_finish = INT32_MIN;
	if (!moment_is_none(t->external_early_start))
		not_before(e, p, false, t->external_early_start.tick);
	if (started && !moment_is_none(t->resume))
		not_before(e, p, false, t->resume.tick);
	take_constraint(e, p, &t->constraint[0], started, now);
	if (!mandatory(t->constraint[0].kind))
		take_constraint(e, p, &t->constraint[1], started, now);
}

static bool binds_finish(const struct edge *e)
{
	return e->type == LINK_FF || e->type == LINK_SF;
}
static bool from_finish(const struct edge *e)
{
	return e->type == LINK_FS || e->type == LINK_FF;
}

/* Links from what is settled become bounds, the others arcs. */
static void take_links(
	struct risk_engine *e, struct point *p, int32_t node, const int32_t *point_of, int32_t *narcs)
{
	const struct network *net = &e->net;
	bool override = net->nodes[node].flags & NODE_OVERRIDE;

	p->first_arc = *narcs;
	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		const struct edge link = network_edge(net, node, k), *edge = &link;
		bool to_finish = binds_finish(edge);
		if ((override && !to_finish) || (p->flags & POINT_PINNED) || !cpm_asks(&e->cpm, k))
			continue;
		if (point_of[edge->node] < 0 || (edge->flags & EDGE_FIXED)) {
			int32_t work = cpm_edge_early(&e->cpm, edge, node);
			not_before(e, p, to_finish, worktime_start(net->calendars[p->calendar], work));
			continue;
		}
		const struct point *from = &e->points[point_of[edge->node]];
		bool foreign = (edge->flags & EDGE_FOREIGN) || ((from->flags | p->flags) & POINT_WINDOW) ||
			(edge->lag != 0 && may_change(e, edge->lag_calendar));
		e->arcs[(*narcs)++] = (struct arc){point_of[edge->node], edge->lag, edge->lag_calendar,
			(uint16_t)((from_finish(edge) ? ARC_FROM_FINISH : 0) | (to_finish ? ARC_TO_FINISH : 0) |
				(foreign ? ARC_FOREIGN : 0) | (edge->flags & EDGE_SNAP ? ARC_SNAP : 0))};
	}
	p->narcs = *narcs - p->first_arc;
}

static void make_points(struct arena *a, struct risk_engine *e, const struct risk_model *m)
{
	const struct network *net = &e->net;
	int32_t *point_of = ARENA_ARRAY(a, int32_t, (size_t)net->n + 1), narcs = 0, total = 0,
			otherwise = -1;
	const struct risk_spread **spread_of =
		ARENA_ARRAY(a, const struct risk_spread *, (size_t)e->plan->ntasks + 1);
	int32_t *struck = ARENA_ARRAY(a, int32_t, (size_t)e->plan->ntasks + 2);

	for (int32_t k = 0; k < m->nranges; k++)
		spread_of[m->ranges[k].task] = &m->ranges[k].spread;
	for (int32_t k = 0; k < m->ndrivers; k++) {
		total += m->drivers[k].ntasks;
		for (int32_t i = 0; i < m->drivers[k].ntasks; i++)
			struck[m->drivers[k].tasks[i] + 2]++;
	}
	for (int32_t i = 0; i < e->plan->ntasks; i++)
		struck[i + 2] += struck[i + 1];
	e->strikes = ARENA_ARRAY(a, int32_t, (size_t)total + 1);
	for (int32_t k = 0; k < m->ndrivers; k++)
		for (int32_t i = 0; i < m->drivers[k].ntasks; i++)
			e->strikes[struck[m->drivers[k].tasks[i] + 1]++] = k;
	for (int32_t i = 0; i < net->n; i++) {
		const struct node *nd = &net->nodes[i];
		const struct plan_task *task = &e->plan->tasks[nd->task];
		int32_t *until = &e->done_until[nd->project];
		point_of[i] = -1;
		if (nd->flags & NODE_COMPLETE) {
			*until = e->cpm.early_at[i].finish > *until ? e->cpm.early_at[i].finish : *until;
			continue;
		}
		struct point *p = &e->points[e->n];
		point_of[i] = e->n++;
		*p = (struct point){.table = -1,
			.duration = cpm_duration(&e->cpm, i),
			.project = nd->project,
			.task = nd->task,
			.key = named_key(task->id, 0),
			.calendar = nd->calendar,
			.row = -1,
			.first_strike = struck[nd->task],
			.nstrikes = struck[nd->task + 1] - struck[nd->task]};
		p->flags = (uint16_t)((nd->flags & NODE_FINISH_MILESTONE ? POINT_FINISH_MILESTONE : 0) |
			(may_change(e, nd->calendar) ? POINT_WINDOW : 0));
		take_dates(e, p, i);
		take_links(e, p, i, point_of, &narcs);
		const struct risk_spread *spread =
			spread_of[nd->task] ? spread_of[nd->task] : &m->otherwise;
		if (spread->shape != RISK_FIXED && p->duration > 0 && !task->manual) {
			p->table =
				spread == &m->otherwise && otherwise >= 0 ? otherwise : table_for(a, e, spread);
			otherwise = spread == &m->otherwise ? p->table : otherwise;
			while (p->duration >> p->coarse >= 1 << 19)
				p->coarse++;
			p->duration >>= p->coarse;
			p->median =
				(int32_t)((int64_t)p->duration * e->tables[p->table].median >> 16 << p->coarse);
		}
	}
}

/* A project ends with a point unless something that waits for its finish ends later anyway. */
static void find_ends(struct arena *a, struct risk_engine *e)
{
	for (int32_t i = 0; i < e->n; i++)
		e->points[i].flags |= POINT_ENDS;
	for (int32_t i = 0; i < e->n; i++)
		for (int32_t k = e->points[i].first_arc; k < e->points[i].first_arc + e->points[i].narcs;
			 k++) {
			struct point *from = &e->points[e->arcs[k].from];
			if ((e->arcs[k].flags & ARC_FROM_FINISH) && e->arcs[k].lag >= 0 &&
				from->project == e->points[i].project)
				from->flags &= (uint16_t)~POINT_ENDS;
		}
	e->groups = ARENA_ARRAY(a, struct group, (size_t)e->n + 1);
	e->enders = ARENA_ARRAY(a, int32_t, (size_t)e->n + 1);
	for (int32_t i = 0; i < e->n; i++) {
		struct point *p = &e->points[i];
		if (!(p->flags & POINT_ENDS))
			continue;
		e->enders[e->nenders++] = i;
		if (p->duration == 0 && !(p->flags & POINT_FINISH_MILESTONE))
			p->flags |= POINT_AT_START;
		uint16_t flags = p->flags & (POINT_AT_START | POINT_WINDOW);
		int32_t g = 0;
		while (g < e->ngroups &&
			(e->groups[g].project != p->project || e->groups[g].calendar != p->calendar ||
				e->groups[g].flags != flags))
			g++;
		if (g == e->ngroups)
			e->groups[e->ngroups++] = (struct group){p->project, p->calendar, flags};
		p->group = g;
	}
}

static void make_rows(struct arena *a, struct risk_engine *e, bool every_task)
{
	e->row_task = ARENA_ARRAY(a, int32_t, (size_t)(e->plan->nprojects + e->n) + 1);
	e->row_project = ARENA_ARRAY(a, int32_t, (size_t)(e->plan->nprojects + e->n) + 1);
	for (int32_t p = 0; p < e->plan->nprojects; p++) {
		e->row_task[e->nrows] = -1;
		e->row_project[e->nrows++] = p;
	}
	for (int32_t i = 0; i < e->n; i++) {
		enum task_type type = e->plan->tasks[e->points[i].task].type;
		if (!every_task && type != TASK_START_MILESTONE && type != TASK_FINISH_MILESTONE)
			continue;
		e->row_task[e->nrows] = i;
		e->row_project[e->nrows] = e->points[i].project;
		e->points[i].row = e->nrows++;
	}
}

bool risk_compile(struct arena *a, const struct plan *plan, const struct risk_model *model,
	struct findings *found, struct risk_engine **out, struct err *err)
{
	static const struct sched_options nothing = {0};
	struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)plan->nlinks + 1);
	struct risk_engine *e = ARENA_NEW(a, struct risk_engine);

	if (!model_is_sound(plan, model, err))
		return false;
	e->plan = plan;
	if (!network_build(a, plan, &nothing, found, links, &e->net, err))
		return false;
	cpm_open(a, &e->net, &e->cpm);
	cpm_forward(&e->cpm);
	cpm_stamp(&e->cpm, false);
	e->points = ARENA_ARRAY(a, struct point, (size_t)e->net.n + 1);
	e->arcs = ARENA_ARRAY(a, struct arc, (size_t)e->net.nedges + 1);
	e->tables = ARENA_ARRAY(a, struct table, (size_t)(e->net.n + model->ndrivers) + 2);
	e->done_until = ARENA_ARRAY(a, int32_t, (size_t)plan->nprojects + 1);
	for (int32_t p = 0; p < plan->nprojects; p++)
		e->done_until[p] = INT32_MIN;
	make_risks(a, e, model);
	make_points(a, e, model);
	find_ends(a, e);
	make_rows(a, e, model->every_task);
	*out = e;
	return true;
}
