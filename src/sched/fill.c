/*
 * What the passes mean, as rows of tasks, links and projects. One way back over the nodes: a node's floats, what it drives
 * and whether it lies on the longest path follow from its out-edges and from the nodes they lead to.
 */
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "sched/cpm.h"
#include "sched/float_paths.h"
#include "sched/span.h"

enum {
	AHEAD = 16,          /* so many rows before they are written they are fetched */
	PAST_CACHE = 200000, /* from so many on they are not */
};

/* What its out-edges say of a node. */
struct ahead {
	int32_t free_float;      /* INT32_MAX: none bounds it */
	int32_t late_link;       /* -1 */
	bool drives, is_on_path; /* the longest path */
};

static const struct task_dates no_dates = {
	.start = MOMENT_NONE,
	.finish = MOMENT_NONE,
	.early_start = MOMENT_NONE,
	.early_finish = MOMENT_NONE,
	.late_start = MOMENT_NONE,
	.late_finish = MOMENT_NONE,
	.total_float = FLOAT_NONE,
	.free_float = FLOAT_NONE,
	.start_float = FLOAT_NONE,
	.finish_float = FLOAT_NONE,
	.early_reason_link = -1,
	.late_reason_link = -1,
};

/* Working ticks between the ends that a link joins beyond what it asks for; INT32_MAX: it holds nothing. */
static inline int32_t link_room(const struct cpm *c, const struct network *net,
	const struct worktime *w, int32_t node, const struct edge *e)
{
	const int32_t from = edge_from_finish(e), to = edge_to_finish(e); /* start, finish */

	if ((e->flags & ~EDGE_FOREIGN) || (net->nodes[node].flags & NODE_BY_RESOURCE))
		return cpm_link_float(c, node, e);
	const int32_t ends = (&c->early[node].start)[from];
	if (!(e->flags & EDGE_FOREIGN))
		return (&c->early[e->node].start)[to] - ends - e->lag;
	const int32_t moment = (&c->early_at[e->node].start)[to];
	const struct worktime *lag_time = net->calendars[e->lag_calendar];
	if (e->lag == 0 || lag_time == w)
		return worktime_at(w, moment) - ends - e->lag;
	return worktime_at(w, cpm_moved(lag_time, moment, -e->lag)) - ends;
}

/* Fills the rows of a node's out-edges on the way. */
static inline struct ahead look_ahead(const struct cpm *c, const struct network *net, int32_t node,
	const bool *on_path, struct link_dates *links)
{
	const struct worktime *w = net->calendars[net->nodes[node].calendar];
	struct ahead ahead = {.free_float = INT32_MAX, .late_link = -1};

	for (int32_t k = net->out_first[node], end = net->out_first[node + 1]; k < end; k++) {
		const struct edge e = network_edge(net, node, net->out[k]);
		const uint8_t said = c->edge[e.at];
		const bool drives = said & EDGE_DRIVES;
		const int32_t link = net->link[e.at];
		struct link_dates *l = &links[link];
		const int32_t room = link_room(c, net, w, node, &e);
		if (!net->some_shared)
			*l = (struct link_dates){
				.driving = drives, .float_work = room == INT32_MAX ? FLOAT_NONE : room};
		else if (room != INT32_MAX && (l->float_work == FLOAT_NONE || room < l->float_work))
			l->float_work = room;
		const int32_t free_float = e.flags & EDGE_NO_FREE ? INT32_MAX : room;
		ahead.free_float = free_float < ahead.free_float ? free_float : ahead.free_float;
		l->driving |= drives; /* what drives and what gave a date nobody foretells: no branches */
		ahead.drives |= drives;
		ahead.is_on_path |= drives & on_path[e.node];
		ahead.late_link = said & EDGE_GAVE_LATE ? link : ahead.late_link;
	}
	return ahead;
}

/* The link that gave a node's early date. What its predecessors will ask for lies beside: it is fetched for them. */
static inline int32_t look_back(
	const struct cpm *c, const struct network *net, int32_t node, const struct link_dates *links)
{
	int32_t link = -1;

	for (int32_t k = net->in_first[node], end = net->in_first[node + 1]; k < end; k++) {
		__builtin_prefetch(&net->in[k]);
		__builtin_prefetch(&links[net->link[k]], 1);
		link = c->edge[k] & EDGE_GAVE_EARLY ? net->link[k] : link;
	}
	return link;
}

static int32_t total_float(
	const struct plan_options *o, const struct node *nd, int32_t start, int32_t finish)
{
	if (nd->flags & NODE_ACTIVE)
		return finish;
	switch (o->float_type) {
	case FLOAT_FINISH: return finish;
	case FLOAT_START: return start;
	case FLOAT_SMALLEST: break;
	}
	return start < finish ? start : finish;
}

static bool finish_is_set(const struct plan_options *o, const struct plan_task *t)
{
	return t->constraint[0].kind == CONSTRAINT_MANDATORY_FINISH ||
		(o->use_expected_finish && !moment_is_none(t->expected_finish));
}

static void fill_floats(
	const struct cpm *c, int32_t node, const struct ahead *ahead, struct task_dates *d)
{
	const struct node *nd = &c->net->nodes[node];
	const struct plan_options *o = c->net->options[nd->project];
	const struct extent *early = &c->early[node], *late = &c->late[node];
	bool complete = nd->flags & NODE_COMPLETE;

	int32_t start = late->start - early->start, finish = late->finish - early->finish;
	if (nd->flags & NODE_BY_RESOURCE) {
		const struct worktime *own = cpm_float_calendar(c, node), *clock = cpm_calendar(c, node);
		start = worktime_between(own, c->early_at[node].start, c->late_at[node].start);
		finish =
			worktime_between(own, c->early_at[node].finish, worktime_start(clock, late->finish));
	}
	d->start_float = start;
	d->finish_float = finish;
	if (complete && o->profile != PROFILE_MSPROJECT)
		return;
	int32_t total = total_float(o, nd, start, finish);
	if (o->profile == PROFILE_MSPROJECT && (nd->flags & NODE_ALAP))
		total = 0;
	d->total_float = total;
	d->free_float = (nd->flags & NODE_RULES) && finish_is_set(o, &c->net->plan->tasks[nd->task])
		? 0
		: cpm_free_float_within(c, node, ahead->free_float);
	if (complete)
		return;
	d->critical = total <= o->critical_float_work ||
		(o->open_ends_critical && c->net->out_first[node] == c->net->out_first[node + 1]);
	d->near_critical =
		total > o->critical_float_work && total <= o->critical_float_work + o->near_critical_work;
}

static void fill_dates(
	const struct cpm *c, int32_t node, bool late, const struct ahead *ahead, struct task_dates *d)
{
	const struct node *nd = &c->net->nodes[node];
	const struct extent *early = &c->early_at[node], *late_at = &c->late_at[node];
	const struct outcome *outcome = &c->outcome[node];
	int32_t provisional = cpm_calendar(c, node)->provisional_from;

	d->early_start.tick = d->start.tick = early->start;
	d->early_finish.tick = d->finish.tick = early->finish;
	d->early_reason = outcome->early_reason;
	d->provisional = early->finish > provisional;
	if (!late || outcome->late_unknown)
		return;
	bool started =
		(nd->flags & NODE_ACTIVE) && c->net->options[nd->project]->profile == PROFILE_MSPROJECT;
	d->late_start.tick = started ? early->start : late_at->start;
	d->late_finish.tick = late_at->finish;
	d->late_reason = outcome->late_reason;
	d->late_reason_link = ahead->late_link;
	d->provisional |= late_at->finish > provisional;
	fill_floats(c, node, ahead, d);
}

static bool outside_years(const struct extent *early)
{
	const int32_t low = PLAN_FIRST_DAY * TICKS_PER_DAY, high = (PLAN_LAST_DAY + 1) * TICKS_PER_DAY;
	return early->start < low || early->finish > high;
}

/* The project's finish as work on the node's calendar. */
static inline int32_t project_end(const struct cpm *c, struct run *ends, const struct node *nd)
{
	struct run *run = run_of(ends, nd);

	if (!run_is_of(run, nd))
		*run = (struct run){nd->project, nd->calendar,
			worktime_at(c->net->calendars[nd->calendar], c->project_finish[nd->project])};
	return run->bound;
}

/* The same as fill_dates() and what follows it for plain and crossing nodes: they have not started and no rules, and that is
 * most of them. */
static inline struct task_dates ordinary_row(const struct cpm *c, int32_t node,
	const struct ahead *ahead, int32_t early_link, struct run *ends)
{
	const struct node *nd = &c->net->nodes[node];
	const struct plan_options *o = c->net->options[nd->project];
	const struct extent early = c->early[node], late = c->late[node], early_at = c->early_at[node],
						late_at = c->late_at[node];
	const int32_t provisional = c->net->calendars[nd->calendar]->provisional_from;
	const int32_t start = late.start - early.start, finish = late.finish - early.finish;
	const int32_t total = total_float(o, nd, start, finish);
	const int32_t room = ahead->free_float == INT32_MAX ? project_end(c, ends, nd) - early.finish
														: ahead->free_float;
	const bool is_open = c->net->out_first[node] == c->net->out_first[node + 1];
	const bool critical = (total <= o->critical_float_work) | (o->open_ends_critical & is_open);

	return (struct task_dates){
		.early_start = {early_at.start},
		.early_finish = {early_at.finish},
		.late_start = {late_at.start},
		.late_finish = {late_at.finish},
		.start = {early_at.start},
		.finish = {early_at.finish},
		.total_float = total,
		.free_float = room > 0 ? room : 0,
		.start_float = start,
		.finish_float = finish,
		.early_reason_link = early_link,
		.late_reason_link = ahead->late_link,
		.early_reason = c->outcome[node].early_reason,
		.late_reason = c->outcome[node].late_reason,
		.critical = o->critical_rule == CRITICAL_BY_LONGEST_PATH ? ahead->is_on_path : critical,
		.longest_path = ahead->is_on_path,
		.near_critical = (total > o->critical_float_work) &
			(total <= o->critical_float_work + o->near_critical_work),
		.driving = ahead->drives,
		.provisional = (early_at.finish > provisional) | (late_at.finish > provisional),
	};
}

/* Of a large plan the rows go past the cache: nobody reads one before all are written, and then the first are out of it. */
static inline void put_row(struct task_dates *d, const struct task_dates *row, bool past_cache)
{
#ifdef __SSE2__
	_Static_assert(sizeof(*row) == 64, "four parts");
	if (past_cache) {
		for (size_t i = 0; i < 4; i++)
			_mm_stream_si128((__m128i *)d + i, _mm_loadu_si128((const __m128i *)row + i));
		return;
	}
#endif
	(void)past_cache;
	*d = *row;
}

static void count(struct project_dates *p, const struct task_dates *d)
{
	p->ntasks++;
	p->ndated += !moment_is_none(d->early_start);
	p->ncritical += d->critical;
}

/* From the tasks that end last, back through the links that hold them, goes the longest path. */
TIGHT_LOOP static void fill_nodes(struct arena *a, struct cpm *c, bool late, struct schedule *s)
{
	const struct network at_hand = *c->net,
						 *net = &at_hand; /* bytes that are written might be anything */
	const struct cpm now = *c;
	bool *on_path = ARENA_ARRAY(a, bool, (size_t)net->n), some_outside = false;
	const bool past_cache = net->n >= PAST_CACHE && (uintptr_t)s->tasks % sizeof(*s->tasks) == 0;
	struct run ends_at[CPM_RUNS];

	cpm_forget_runs(ends_at);
	for (int32_t i = net->n - 1; i >= 0; i--) {
		const struct node *nd = &net->nodes[i];
		struct task_dates *d = &s->tasks[nd->task];
		if (!past_cache)
			__builtin_prefetch(&s->tasks[net->nodes[i > AHEAD ? i - AHEAD : 0].task], 1);
		if (!(nd->flags & NODE_STAMPED))
			cpm_stamp_node(c, i, late);
		struct ahead ahead = look_ahead(&now, net, i, on_path, s->links);
		const int32_t early_link = look_back(&now, net, i, s->links);
		const bool ends = now.early_at[i].finish == now.project_finish[nd->project];
		ahead.is_on_path |= ends && !(nd->flags & NODE_COMPLETE);
		ahead.drives |= ahead.is_on_path & ends;
		on_path[i] = ahead.is_on_path;
		const bool outside = outside_years(&now.early_at[i]);
		some_outside |= outside;
		if ((nd->flags & (NODE_PLAIN | NODE_CROSSING)) && late && !net->some_undated && !outside) {
			const struct task_dates row = ordinary_row(&now, i, &ahead, early_link, ends_at);
			put_row(d, &row, past_cache);
			count(&s->projects[nd->project], &row);
			continue;
		}
		*d = no_dates;
		if (!outside) {
			d->early_reason_link = early_link;
			fill_dates(c, i, late, &ahead, d);
		}
		d->longest_path = ahead.is_on_path;
		d->driving = ahead.drives;
		if (net->options[nd->project]->critical_rule == CRITICAL_BY_LONGEST_PATH)
			d->critical = ahead.is_on_path;
		if (nd->flags & (NODE_COMPLETE | NODE_ACTIVE | NODE_RULES))
			span_show(&net->plan->tasks[nd->task], d);
		count(&s->projects[nd->project], d);
	}
#ifdef __SSE2__
	_mm_sfence(); /* whoever is told of the schedule sees all of it */
#endif
	for (int32_t i = 0; some_outside && i < net->n; i++)
		if (outside_years(&c->early_at[i]))
			finding_add(&s->findings, "P018", ON_TASK, net->nodes[i].task,
				net->plan->tasks[net->nodes[i].task].code, NULL, NULL);
}

/* Tasks without logic of their own: those that span others, and those without dates. */
static void fill_others(struct arena *a, const struct network *net, struct schedule *s)
{
	if (net->n == net->plan->ntasks)
		return;
	for (int32_t i = 0; i < net->plan->ntasks; i++)
		if (net->node_of[i] < 0) {
			s->tasks[i] = no_dates;
			span_show(&net->plan->tasks[i], &s->tasks[i]);
		}
	span_dates(a, net, s->tasks);
	for (int32_t i = 0; i < net->plan->ntasks; i++)
		if (net->node_of[i] < 0)
			count(&s->projects[net->plan->tasks[i].project], &s->tasks[i]);
}

static struct moment moment_or_none(int32_t tick, int32_t none)
{
	return tick == none ? MOMENT_NONE : (struct moment){tick};
}

static void forget_links(struct schedule *s)
{
	for (int32_t i = 0; i < s->plan->nlinks; i++)
		s->links[i] = (struct link_dates){.ignored = s->links[i].ignored, .float_work = FLOAT_NONE};
}

void sched_open(struct arena *a, const struct plan *plan, struct schedule *out)
{
	*out = (struct schedule){.plan = plan, .findings = {.arena = a}};
	out->links = ARENA_ARRAY(a, struct link_dates, (size_t)plan->nlinks);
	out->tasks = ARENA_ARRAY(a, struct task_dates, (size_t)plan->ntasks);
	out->projects = ARENA_ARRAY(a, struct project_dates, (size_t)plan->nprojects);
	forget_links(out);
}

void sched_fill(struct arena *a, struct cpm *c, bool late, struct schedule *s)
{
	if (c->net->some_shared)
		forget_links(s);
	for (int32_t p = 0; p < s->plan->nprojects; p++) {
		struct moment finish = moment_or_none(c->project_finish[p], INT32_MIN);
		s->projects[p] = (struct project_dates){
			.start = moment_or_none(c->project_start[p], INT32_MAX),
			.finish = finish,
			.late_target = moment_is_none(finish) ? finish : (struct moment){c->late_target[p]},
		};
	}
	fill_nodes(a, c, late, s);
	fill_others(a, c->net, s);
	if (late)
		float_paths(a, c, s->tasks);
}
