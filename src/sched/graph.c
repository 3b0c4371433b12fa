/*
 * Compiling the network. Kahn's algorithm gives the order (ties by the plan's own order, so the same plan gives the
 * same order); what it cannot reach is searched for loops.
 */
#include "sched/graph.h"

#include "sched/loops.h"
#include "sched/raw_links.h"

#define CALENDARS_MAX 32000
#define LOOP_TEXT_TASKS 20 /* of a loop, in its finding, beside the one it is told at */

struct builder {
	struct arena *a;
	const struct plan *plan;
	struct network *net;
	struct findings *found;
	struct link_dates *links;
	bool *takes_part, *can_be_dated; /* [ntasks] */
	struct node *nodes;              /* [ntasks] of those that take part */
	struct raw_links raw;
	const struct arrow {
		int32_t to, link; /* a task, in the plan */
		int32_t terms;
	} * arrows;              /* [raw.n] by predecessor, */
	const int32_t *first;    /* [ntasks + 1] where a task's begin */
	const int32_t *in_count; /* [ntasks] */
	int32_t terms_room,
		terms_known[1024]; /* terms met lately, by what they are; 0: none, else 1 + where */
};

static bool spans(const struct plan_task *t)
{
	return t->type == TASK_SUMMARY || t->type == TASK_LEVEL_OF_EFFORT;
}

/* ---- What an edge means -------------------------------------------------------------------------------------- */

static int32_t lag_ticks(const struct plan_task *from, const struct plan_link *l)
{
	if (l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED)
		return (int32_t)((int64_t)from->duration_work * l->lag / 10000);
	return l->lag;
}

int32_t network_calendar(const struct network *net, int32_t task)
{
	const struct plan_task *t = &net->plan->tasks[task];
	int32_t calendar = plan_task_calendar(net->plan, t);

	return calendar < 0 || t->duration_elapsed ? net->shared[net->plan->ncalendars]
											   : net->shared[calendar];
}

static void share_calendars(struct arena *a, struct network *net)
{
	const int32_t n = net->plan->ncalendars + 1;

	net->shared = ARENA_ARRAY(a, int32_t, (size_t)n);
	for (int32_t i = 0; i < n; i++)
		while (net->calendars[net->shared[i]] != net->calendars[i])
			net->shared[i]++;
}

/* Its own, also where its resources' calendars give its dates. */
static int16_t own_calendar(const struct network *net, const struct node *nd)
{
	return nd->flags & NODE_BY_RESOURCE ? (int16_t)network_calendar(net, nd->task) : nd->calendar;
}

static int16_t lag_calendar(const struct network *net, const struct plan_options *o,
	const struct plan_link *l, const struct node *from, const struct node *to)
{
	int32_t project_calendar = net->plan->projects[to->project].calendar;

	if (l->lag_unit == LAG_ELAPSED || l->lag_unit == LAG_PERCENT_ELAPSED)
		return (int16_t)net->plan->ncalendars;
	switch (o->lag_calendar) {
	case LAG_CALENDAR_PREDECESSOR: return own_calendar(net, from);
	case LAG_CALENDAR_SUCCESSOR: return own_calendar(net, to);
	case LAG_CALENDAR_24_HOURS: return (int16_t)net->plan->ncalendars;
	case LAG_CALENDAR_PROJECT: break;
	}
	return project_calendar >= 0 ? (int16_t)project_calendar : (int16_t)net->plan->ncalendars;
}

static int32_t moved(const struct worktime *w, int32_t tick, int32_t lag)
{
	int32_t work = worktime_at(w, tick) + lag;
	return lag > 0 ? worktime_finish(w, work) : lag < 0 ? worktime_start(w, work) : tick;
}

/* What remains of the lag when the predecessor has progress (P6). */
static void progress_lag(const struct network *net, const struct plan_options *o,
	const struct node *from, struct terms *e)
{
	const struct plan_task *t = &net->plan->tasks[from->task];
	const struct worktime *w = net->calendars[e->lag_calendar];
	int32_t now = net->data_date[from->project], done;
	bool starts = e->type == LINK_SS || e->type == LINK_SF;

	if (starts && !moment_is_none(t->actual_start) &&
		((from->flags & NODE_COMPLETE) || !o->start_lag_from_early_start)) {
		e->flags |= EDGE_FIXED | EDGE_FOREIGN;
		e->lag = moved(w, t->actual_start.tick, e->lag);
		return;
	}
	if (e->lag <= 0)
		return;
	if (starts && (from->flags & NODE_ACTIVE) && !moment_is_none(t->actual_start))
		done = t->actual_work >= 0
			? t->actual_work
			: worktime_between(
				  net->calendars[network_calendar(net, from->task)], t->actual_start.tick, now);
	else if (!starts && (from->flags & NODE_COMPLETE) && !moment_is_none(t->actual_finish))
		done = worktime_between(w, t->actual_finish.tick, now);
	else
		return;
	if (done > 0)
		e->lag = e->lag > done ? e->lag - done : 0;
}

/* The end of the successor that the link holds. */
static bool has_happened(const struct node *to, const struct terms *e)
{
	return (to->flags & NODE_COMPLETE) ||
		((to->flags & NODE_ACTIVE) && (e->type == LINK_FS || e->type == LINK_SS));
}

/* The end of the predecessor that the link comes from is still to come. */
static bool is_ahead(const struct node *from, const struct terms *e)
{
	return !(from->flags & (NODE_COMPLETE | NODE_ACTIVE)) ||
		((from->flags & NODE_ACTIVE) && (e->type == LINK_FS || e->type == LINK_FF));
}

static struct terms make_terms(
	const struct network *net, const struct node *from, const struct node *to, int32_t link)
{
	const struct plan_link *l = &net->plan->links[link];
	const struct plan_options *o = net->options[to->project];
	struct terms e = {
		.lag = lag_ticks(&net->plan->tasks[l->from], l),
		.lag_calendar = lag_calendar(net, o, l, from, to),
		.type = (uint8_t)l->type,
	};
	const struct worktime *lag_time = net->calendars[e.lag_calendar];

	if (o->profile != PROFILE_MSPROJECT && (from->flags & (NODE_ACTIVE | NODE_COMPLETE)))
		progress_lag(net, o, from, &e);
	/* Under retained logic a completed task still waits, and so bounds free float. */
	if ((to->flags & NODE_COMPLETE) && o->profile == PROFILE_MSPROJECT)
		e.flags |= EDGE_NO_FREE;
	if (o->progress != PROGRESS_RETAINED_LOGIC && o->profile != PROFILE_MSPROJECT &&
		has_happened(to, &e))
		e.flags |= EDGE_NO_FREE |
			(o->progress == PROGRESS_ACTUAL_DATES && is_ahead(from, &e)
					? EDGE_ACTUAL | EDGE_FOREIGN
					: EDGE_NO_LATE); /* what has started no longer waits, so it hurries nobody */
	if (from->calendar != to->calendar || ((from->flags | to->flags) & NODE_COMPLETE) ||
		(e.lag != 0 && lag_time != net->calendars[from->calendar]))
		e.flags |= EDGE_FOREIGN;
	if (o->profile != PROFILE_MSPROJECT && e.lag == 0 && l->type == LINK_SS &&
		(lag_time != net->calendars[from->calendar] || (from->flags & NODE_FINISH_MILESTONE)))
		e.flags |= EDGE_SNAP | EDGE_FOREIGN;
	if (o->profile == PROFILE_MSPROJECT && l->type == LINK_FF && e.lag != 0)
		e.flags |= EDGE_MS_FF | EDGE_FOREIGN;
	if (l->from != from->task && (l->type == LINK_SS || l->type == LINK_SF))
		e.flags |= EDGE_FIRST;
	return e;
}

/* ---- Order --------------------------------------------------------------------------------------------------- */

static int32_t calendar_of(const struct builder *b, int32_t task)
{
	int32_t calendar = plan_task_calendar(b->plan, &b->plan->tasks[task]);
	return calendar >= 0 ? calendar : b->plan->ncalendars;
}

/* Asked of every task once, in the plan's order: what follows goes from link to link, all over the memory. */
static void look_at_tasks(struct builder *b)
{
	const struct plan *plan = b->plan;

	b->takes_part = ARENA_ARRAY(b->a, bool, (size_t)plan->ntasks);
	b->can_be_dated = ARENA_ARRAY(b->a, bool, (size_t)plan->ntasks);
	b->nodes = ARENA_ARRAY(b->a, struct node, (size_t)plan->ntasks);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		b->takes_part[i] = !t->inactive && !spans(t);
		b->net->some_span |= spans(t);
		b->can_be_dated[i] = b->net->floor[t->project] != INT32_MIN &&
			!b->net->calendars[calendar_of(b, i)]->never_works;
		if (!b->takes_part[i])
			continue;
		b->nodes[i] = network_node(b->net, i);
		b->net->some_flexible |= network_is_flexible(b->net, &b->nodes[i]);
	}
}

static int32_t keep_terms(struct builder *b, const struct terms *t)
{
	struct network *net = b->net;
	uint64_t key;

	memcpy(&key, t, sizeof(key));
	int32_t *known = &b->terms_known[key * UINT64_C(0x9E3779B97F4A7C15) >> 54];
	if (*known > 0 && memcmp(&net->terms[*known - 1], t, sizeof(*t)) == 0)
		return *known - 1;
	if (net->nterms == b->terms_room) {
		int32_t room = b->terms_room ? b->terms_room * 2 : 16;
		net->terms =
			arena_grow(b->a, net->terms, (size_t)b->terms_room, (size_t)room, sizeof(*net->terms));
		b->terms_room = room;
	}
	net->terms[net->nterms++] = *t;
	*known = net->nterms;
	return net->nterms - 1;
}

/* The plan's links are gone through once, in its own order; what follows asks the arrows, task by task. */
static void group_links(struct builder *b)
{
	const size_t ntasks = (size_t)b->plan->ntasks;
	int32_t *first = ARENA_ARRAY(b->a, int32_t, ntasks + 2);
	int32_t *in_count = ARENA_ARRAY(b->a, int32_t, ntasks);
	struct arrow *arrows = ARENA_ARRAY(b->a, struct arrow, (size_t)b->raw.n);

	for (int32_t i = 0; i < b->raw.n; i++) {
		in_count[b->raw.edges[i].to]++;
		first[b->raw.edges[i].from + 2]++;
	}
	for (size_t i = 0; i < ntasks; i++)
		first[i + 2] += first[i + 1];
	for (int32_t i = 0; i < b->raw.n; i++) {
		const struct raw_edge *e = &b->raw.edges[i];
		const struct plan_link *l = &b->plan->links[e->link];
		int32_t terms = -1; /* of what leads nowhere */
		b->net->some_shared |= l->from != e->from || l->to != e->to;
		if (b->can_be_dated[e->from] && b->can_be_dated[e->to]) {
			const struct terms t =
				make_terms(b->net, &b->nodes[e->from], &b->nodes[e->to], e->link);
			terms = keep_terms(b, &t);
		}
		arrows[first[e->from + 1]++] = (struct arrow){e->to, e->link, terms};
	}
	b->arrows = arrows;
	b->first = first;
	b->in_count = in_count;
}

/* The tasks that get dates, each after all it waits for. */
static int32_t *order_tasks(struct builder *b, int32_t *n)
{
	const int32_t ntasks = b->plan->ntasks;
	int32_t *waits = ARENA_ARRAY(b->a, int32_t, (size_t)ntasks);
	int32_t *order = ARENA_ARRAY(b->a, int32_t, (size_t)ntasks);

	*n = 0;
	for (int32_t i = 0; i < ntasks; i++) {
		waits[i] = b->in_count[i];
		if (b->takes_part[i] && waits[i] == 0 && b->can_be_dated[i])
			order[(*n)++] = i;
	}
	for (int32_t at = 0; at < *n; at++)
		for (int32_t k = b->first[order[at]]; k < b->first[order[at] + 1]; k++) {
			int32_t to = b->arrows[k].to;
			if (--waits[to] == 0 && b->can_be_dated[to])
				order[(*n)++] = to;
		}
	return order;
}

/* "A > B > A"; of a long loop its start and the tasks that lead back to it. */
static const char *loop_text(
	struct builder *b, const struct arrows *g, const int32_t *loop, int32_t start)
{
	int32_t *path = ARENA_ARRAY(b->a, int32_t, (size_t)g->n);
	int32_t length = loop_through(b->a, g, loop, start, path);
	struct str text = STR_INIT;

	str_puts(&text, plan_task_code(b->plan, start));
	int32_t from = length - 1 > LOOP_TEXT_TASKS ? length - LOOP_TEXT_TASKS : 1;
	if (from > 1)
		str_puts(&text, " > ...");
	for (int32_t k = from; k < length; k++) {
		str_puts(&text, " > ");
		str_puts(&text, plan_task_code(b->plan, path[k]));
	}
	str_puts(&text, " > ");
	str_puts(&text, plan_task_code(b->plan, start));
	char *out = arena_strdup(b->a, str_text(&text));
	str_free(&text);
	return out;
}

/* Each loop at the first of its tasks. */
static void report_loops(
	struct builder *b, const bool *ordered, const struct arrows *g, int32_t *loop)
{
	bool *skip = ARENA_ARRAY(b->a, bool, (size_t)g->n);

	for (int32_t i = 0; i < g->n; i++)
		skip[i] = ordered[i] || !b->takes_part[i];
	int32_t nloops = loops_find(b->a, g, skip, loop);
	bool *told = ARENA_ARRAY(b->a, bool, (size_t)nloops + 1);
	for (int32_t i = 0; i < g->n; i++) {
		if (!loop[i] || told[loop[i]])
			continue;
		told[loop[i]] = true;
		finding_add(b->found, "P001", ON_TASK, i, plan_task_code(b->plan, i),
			loop_text(b, g, loop, i), NULL);
	}
}

static void report_undated(struct builder *b, const int32_t *order, int32_t n)
{
	const struct plan *plan = b->plan;
	bool *ordered = ARENA_ARRAY(b->a, bool, (size_t)plan->ntasks);
	int32_t *loop = ARENA_ARRAY(b->a, int32_t, (size_t)plan->ntasks);
	int32_t *to = ARENA_ARRAY(b->a, int32_t, (size_t)b->raw.n);

	for (int32_t i = 0; i < n; i++)
		ordered[order[i]] = true;
	for (int32_t k = 0; k < b->raw.n; k++)
		to[k] = b->arrows[k].to;
	report_loops(b, ordered, &(struct arrows){plan->ntasks, b->first, to}, loop);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		if (ordered[i] || !b->takes_part[i] || loop[i])
			continue;
		if (b->net->calendars[calendar_of(b, i)]->never_works)
			finding_add(b->found, "P017", ON_TASK, i, plan_task_code(plan, i),
				plan->calendars[calendar_of(b, i)].name, NULL);
		else if (b->net->floor[plan->tasks[i].project] != INT32_MIN) /* P013 said the rest */
			finding_add(b->found, "P006", ON_TASK, i, plan_task_code(plan, i), NULL, NULL);
	}
}

/* ---- Nodes --------------------------------------------------------------------------------------------------- */

static bool has_rules(const struct plan_task *t)
{
	return t->constraint[0].kind != CONSTRAINT_NONE || t->constraint[1].kind != CONSTRAINT_NONE ||
		!moment_is_none(t->actual_start) || !moment_is_none(t->resume) ||
		!moment_is_none(t->expected_finish) || !moment_is_none(t->external_early_start) ||
		!moment_is_none(t->external_late_finish) || !moment_is_none(t->deadline) || t->manual ||
		t->levelling_delay_span > 0;
}

struct node network_node(const struct network *net, int32_t task)
{
	const struct plan_task *t = &net->plan->tasks[task];
	const struct plan_options *o = net->options[t->project];
	bool by_resource = drivers_any(&net->drivers, task) && o->profile != PROFILE_MSPROJECT;
	struct node node = {.task = task,
		.project = t->project,
		.calendar = (int16_t)(by_resource ? net->shared[net->plan->ncalendars]
										  : network_calendar(net, task))};

	node.duration = t->state == TASK_NOT_STARTED ? t->duration_work : t->remaining_work;
	if (o->profile != PROFILE_MSPROJECT && t->state == TASK_NOT_STARTED)
		node.duration = t->remaining_work;
	if (t->state == TASK_COMPLETE) {
		node.flags |= NODE_COMPLETE;
		node.duration = 0;
	} else if (t->state == TASK_ACTIVE) {
		node.flags |= NODE_ACTIVE;
		if (o->progress != PROGRESS_RETAINED_LOGIC && o->profile != PROFILE_MSPROJECT)
			node.flags |= NODE_OVERRIDE;
	}
	if (t->type == TASK_FINISH_MILESTONE)
		node.flags |= NODE_FINISH_MILESTONE;
	if (t->type == TASK_FINISH_MILESTONE || t->type == TASK_START_MILESTONE)
		node.duration = 0;
	if (node.duration == 0 && !by_resource && !(node.flags & NODE_FINISH_MILESTONE))
		node.flags |= NODE_START_MILESTONE;
	if (by_resource)
		node.flags |= NODE_BY_RESOURCE;
	if (has_rules(t))
		node.flags |= NODE_RULES;
	for (int i = 0; i < 2; i++)
		if (t->constraint[i].kind == CONSTRAINT_AS_LATE_AS_POSSIBLE && t->state == TASK_NOT_STARTED)
			node.flags |= NODE_ALAP;
	return node;
}

bool network_is_flexible(const struct network *net, const struct node *node)
{
	const struct plan_options *o = net->options[node->project];

	return o->profile == PROFILE_MSPROJECT || (node->flags & NODE_BY_RESOURCE) ||
		((node->flags & NODE_RULES) && o->use_expected_finish &&
			!moment_is_none(net->plan->tasks[node->task].expected_finish));
}

static void keep_ends(struct network *net, int32_t at, int32_t both, int32_t terms)
{
	struct edge_ends *ends = &net->in[at];

	memcpy(ends->both, &both, sizeof(both));
	ends->terms = terms < TERMS_FAR ? (uint16_t)terms : TERMS_FAR;
	if (net->terms_far)
		net->terms_far[at] = terms;
}

/* Links by successor, each with its place in the plan; then the same by predecessor, in that order. */
static void compile_edges(struct builder *b)
{
	struct network *net = b->net;
	const int32_t n = net->n;

	net->in_first = ARENA_ARRAY(b->a, int32_t, (size_t)n + 2);
	net->out_first = ARENA_ARRAY(b->a, int32_t, (size_t)n + 2);
	for (int32_t i = 0; i < n; i++) { /* what leads to a task with dates has dates too */
		int32_t count = b->in_count[net->nodes[i].task];
		net->in_first[i + 2] = net->in_first[i + 1] + count;
		net->most_in = count > net->most_in ? count : net->most_in;
	}
	net->nedges = net->in_first[n + 1];
	net->in = ARENA_ARRAY(b->a, struct edge_ends, (size_t)net->nedges);
	if (net->nterms > TERMS_FAR)
		net->terms_far = ARENA_ARRAY(b->a, int32_t, (size_t)net->nedges);
	net->out = ARENA_ARRAY(b->a, int32_t, (size_t)net->nedges);
	net->link = ARENA_ARRAY(b->a, int32_t, (size_t)net->nedges);
	for (int32_t i = 0; i < n; i++) {
		int32_t task = net->nodes[i].task, out = 0;
		for (int32_t k = b->first[task]; k < b->first[task + 1]; k++) {
			const struct arrow *arrow = &b->arrows[k];
			int32_t to = net->node_of[arrow->to];
			if (to < 0) {
				net->nodes[i].flags |= NODE_LATE_UNKNOWN;
				net->some_undated = true;
				continue;
			}
			int32_t at = net->in_first[to + 1]++;
			keep_ends(net, at, i ^ to, arrow->terms);
			net->link[at] = arrow->link;
			out++;
			const uint8_t flags = net->terms[arrow->terms].flags;
			net->some_first |= flags & EDGE_FIRST;
			if (flags & EDGE_FOREIGN) {
				net->nodes[i].flags |= NODE_FOREIGN;
				net->nodes[to].flags |= NODE_FOREIGN;
			}
		}
		net->out_first[i + 2] = net->out_first[i + 1] + out;
	}
	for (int32_t i = 0; i < n; i++)
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
			net->out[net->out_first[network_other(net, i, k) + 1]++] = k;
}

/* A link that can hand on a moment that is not simply where work ends: from there on finishes show that very moment. */
static bool hands_on_moment(const struct network *net, int32_t node, int32_t k)
{
	struct edge e = network_edge(net, node, k);
	return e.flags || e.type == LINK_SF ||
		(e.type == LINK_FF && (e.lag < 0 || (net->nodes[e.node].flags & NODE_SHOWS)));
}

/* Milestones, rules and progress show moments of their own, taken from their neighbours. */
static void choose_stamped(struct network *net)
{
	for (int32_t i = 0; i < net->n; i++) {
		struct node *nd = &net->nodes[i];
		if ((nd->flags & ~(NODE_LATE_UNKNOWN | NODE_STAMPED)) ||
			net->options[nd->project]->profile == PROFILE_MSPROJECT)
			nd->flags |= NODE_SHOWS;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1] && !(nd->flags & NODE_SHOWS);
			 k++)
			if (hands_on_moment(net, i, k))
				nd->flags |= NODE_SHOWS;
		if (!(nd->flags & NODE_SHOWS))
			continue;
		nd->flags |= NODE_STAMPED;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
			net->nodes[network_other(net, i, k)].flags |= NODE_STAMPED;
		for (int32_t k = net->out_first[i]; k < net->out_first[i + 1]; k++)
			net->nodes[network_other(net, i, net->out[k])].flags |= NODE_STAMPED;
	}
}

/* How the passes may go over a node: a flag, or 0 for one with rules. */
static int kind_of_pass(const struct network *net, int32_t node)
{
	const struct node *nd = &net->nodes[node];
	int own = nd->flags & ~NODE_LATE_UNKNOWN, edges = 0;
	bool crosses = !(own & ~(NODE_FOREIGN | NODE_STAMPED | NODE_SHOWS)) && (own & NODE_STAMPED) &&
		net->options[nd->project]->profile != PROFILE_MSPROJECT;

	for (int32_t k = net->in_first[node]; k < net->in_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, k);
		edges |= e.flags;
		crosses &= e.type != LINK_SF &&
			!(net->nodes[e.node].flags & NODE_ALAP); /* whose room is seen before the moments */
	}
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		struct edge e = network_edge(net, node, net->out[k]);
		edges |= e.flags;
		crosses &= !(net->nodes[e.node].flags & NODE_BY_RESOURCE);
	}
	return own == 0 && edges == 0             ? NODE_PLAIN
		: crosses && !(edges & ~EDGE_FOREIGN) ? NODE_CROSSING
											  : 0;
}

static void set_projects(struct builder *b, const struct sched_options *opt)
{
	const struct plan *plan = b->plan;
	struct network *net = b->net;

	net->options = arena_array(b->a, (size_t)plan->nprojects + 1, sizeof(*net->options));
	net->floor = ARENA_ARRAY(b->a, int32_t, (size_t)plan->nprojects + 1);
	net->data_date = ARENA_ARRAY(b->a, int32_t, (size_t)plan->nprojects + 1);
	net->from_start = ARENA_ARRAY(b->a, bool, (size_t)plan->nprojects + 1);
	for (int32_t i = 0; i < plan->nprojects; i++) {
		const struct plan_project *p = &plan->projects[i];
		struct moment now = opt->has_data_date ? opt->data_date : p->data_date;
		net->options[i] = opt->options ? opt->options : &p->options;
		bool ms = net->options[i]->profile == PROFILE_MSPROJECT;
		if (moment_is_none(now) || ms)
			now = p->start;
		net->floor[i] = moment_is_none(p->start) || (!ms && now.tick > p->start.tick)
			? now.tick
			: p->start.tick;
		if (moment_is_none(now)) {
			finding_add(b->found, "P013", ON_PROJECT, i, plan_project_code(p), NULL, NULL);
			net->floor[i] = INT32_MIN;
		}
		net->from_start[i] = net->floor[i] > now.tick || moment_is_none(p->data_date);
		net->data_date[i] = now.tick;
	}
}

bool network_build(struct arena *a, const struct plan *plan, const struct sched_options *opt,
	struct findings *found, struct link_dates *links, struct network *out, struct err *err)
{
	struct builder b = {.a = a, .plan = plan, .net = out, .found = found, .links = links};
	int32_t *order;

	if (plan->ncalendars > CALENDARS_MAX)
		return err_set(err, ERR_LIMIT, NULL, "plan has more than %d calendars", CALENDARS_MAX);
	*out = (struct network){.plan = plan};
	out->calendars = worktime_compile_all(a, plan);
	share_calendars(a, out);
	out->drivers = drivers_find(a, plan, out->calendars);
	for (int32_t i = 0; i < plan->ncalendars; i++)
		if (out->calendars[i]->never_works)
			finding_add(found, "P005", ON_CALENDAR, i, plan->calendars[i].name, NULL, NULL);
	set_projects(&b, opt);
	look_at_tasks(&b);
	if (!raw_links_collect(a, plan, out->options, b.takes_part, found, links, &b.raw, err))
		return false;
	group_links(&b);
	order = order_tasks(&b, &out->n);
	out->nodes = ARENA_ARRAY(a, struct node, (size_t)out->n);
	out->node_of = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks);
	for (int32_t i = 0; i < plan->ntasks; i++)
		out->node_of[i] = -1;
	int32_t nparts = 0;
	for (int32_t i = 0; i < plan->ntasks; i++)
		nparts += b.takes_part[i];
	if (out->n < nparts)
		report_undated(&b, order, out->n);
	for (int32_t i = 0; i < out->n; i++) {
		out->nodes[i] = b.nodes[order[i]];
		out->node_of[order[i]] = i;
	}
	compile_edges(&b);
	choose_stamped(out);
	for (int32_t i = 0; i < out->n; i++)
		out->nodes[i].flags |= (uint16_t)kind_of_pass(out, i);
	return true;
}
