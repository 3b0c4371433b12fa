#include "sched/incremental.h"

/*
 * In a large network an edit meets its nodes all over the memory, and the next address is known only when the last one has
 * come. But a node's turn comes a while after it is marked: until then what it will ask for is fetched in three steps,
 * each of which needs the one before it, for nodes marked just now, a few marks ago, and twice as many.
 */
static void fetch_ahead(struct incremental *inc, int32_t node)
{
	const struct network *net = &inc->net;
	const struct cpm *c = &inc->cpm;
	const int32_t at = inc->nfetched++ % INC_AHEAD;
	const int32_t before = inc->fetched[(at + INC_AHEAD / 2) % INC_AHEAD], first = inc->fetched[at];

	inc->fetched[at] = node;
	__builtin_prefetch(&net->nodes[node]);
	__builtin_prefetch(&net->in_first[node]);
	__builtin_prefetch(&net->out_first[node]);
	__builtin_prefetch(&c->early[node]);
	__builtin_prefetch(&c->late[node]);
	__builtin_prefetch(&c->outcome[node]);
	__builtin_prefetch(&inc->is_changed[node]);
	__builtin_prefetch(&net->in[net->in_first[before]]);
	__builtin_prefetch(&c->edge[net->in_first[before]]);
	__builtin_prefetch(&net->out[net->out_first[before]]);
	for (int32_t k = net->out_first[first]; k < net->out_first[first + 1]; k++)
		__builtin_prefetch(&net->in[net->out[k]]);
}

static void mark(struct incremental *inc, int32_t node)
{
	fetch_ahead(inc, node);
	for (int level = 0; level < inc->levels; level++, node >>= 6) {
		uint64_t *word = &inc->waiting[level][node >> 6], was = *word;
		*word |= UINT64_C(1) << (node & 63);
		if (was)
			return; /* the levels above know already */
	}
}

static void unmark(struct incremental *inc, int32_t node)
{
	for (int level = 0; level < inc->levels; level++, node >>= 6) {
		uint64_t *word = &inc->waiting[level][node >> 6];
		*word &= ~(UINT64_C(1) << (node & 63));
		if (*word)
			return;
	}
}

static int32_t take_first(struct incremental *inc)
{
	int32_t at = 0;
	if (!inc->waiting[inc->levels - 1][0])
		return -1;
	for (int level = inc->levels - 1; level >= 0; level--)
		at = at << 6 | __builtin_ctzll(inc->waiting[level][at]);
	unmark(inc, at);
	return at;
}

static int32_t take_last(struct incremental *inc)
{
	int32_t at = 0;
	if (!inc->waiting[inc->levels - 1][0])
		return -1;
	for (int level = inc->levels - 1; level >= 0; level--)
		at = at << 6 | (63 - __builtin_clzll(inc->waiting[level][at]));
	unmark(inc, at);
	return at;
}

static void note_change(struct incremental *inc, int32_t node)
{
	if (inc->is_changed[node])
		return;
	inc->is_changed[node] = true;
	inc->changed[inc->nchanged++] = node;
}

static bool goes_back(const struct network *net)
{
	for (int32_t i = 0; i < net->n; i++)
		if ((net->nodes[i].flags & NODE_ALAP) ||
			net->options[net->nodes[i].project]->profile == PROFILE_MSPROJECT)
			return true;
	return net->some_first;
}

bool inc_open(struct arena *a, struct plan *plan, struct incremental *out, struct err *err)
{
	struct sched_options none = {0};

	*out = (struct incremental){.plan = plan};
	sched_open(a, plan, &out->schedule);
	if (!network_build(
			a, plan, &none, &out->schedule.findings, out->schedule.links, &out->net, err))
		return false;
	out->whole = goes_back(&out->net);
	out->changed = ARENA_ARRAY(a, int32_t, (size_t)out->net.n);
	out->is_changed = ARENA_ARRAY(a, bool, (size_t)out->net.n);
	int32_t words = out->net.n;
	do {
		words = (words + 63) / 64;
		words = words ? words : 1;
		out->waiting[out->levels++] = ARENA_ARRAY(a, uint64_t, (size_t)words);
	} while (words > 1 && out->levels < (int)countof(out->waiting));
	cpm_open(a, &out->net, &out->cpm);
	cpm_run(&out->cpm, true);
	return true;
}

/* The moment a node ends; INT32_MIN where that is before its project does. */
static int32_t finish_of(const struct incremental *inc, int32_t node)
{
	const struct cpm *c = &inc->cpm;
	const struct node *nd = &inc->net.nodes[node];

	if (nd->flags & NODE_STAMPED)
		return c->early_at[node].finish;
	const struct worktime *w = cpm_calendar(c, node);
	return c->early[node].finish < worktime_at(w, c->project_finish[nd->project])
		? INT32_MIN
		: worktime_finish(w, c->early[node].finish);
}

/* Follows the change forward. True: some project's finish has moved. */
static bool follow(struct incremental *inc, int32_t from)
{
	struct cpm *c = &inc->cpm;
	bool ends_moved = false, search_again = false;
	int32_t node;

	mark(inc, from);
	while ((node = take_first(inc)) >= 0) {
		int32_t project = inc->net.nodes[node].project, before = finish_of(inc, node);
		inc->touched++;
		if (!cpm_forward_node(c, node) && node != from)
			continue;
		int32_t now = finish_of(inc, node);
		note_change(inc, node);
		if (now > c->project_finish[project]) {
			c->project_finish[project] = now;
			ends_moved = true;
		} else if (before == c->project_finish[project] && now < before) {
			search_again = true;
		}
		for (int32_t k = inc->net.out_first[node]; k < inc->net.out_first[node + 1]; k++)
			mark(inc, network_other(&inc->net, node, inc->net.out[k]));
	}
	if (!search_again)
		return ends_moved;
	int32_t nprojects = inc->net.plan->nprojects;
	int64_t sum = 0, sum_after = 0; /* a finish can only have fallen now: the sum tells */
	for (int32_t p = 0; p < nprojects; p++)
		sum += c->project_finish[p];
	cpm_project_ends(c);
	for (int32_t p = 0; p < nprojects; p++)
		sum_after += c->project_finish[p];
	return ends_moved || sum != sum_after;
}

static bool late_targets_moved(struct incremental *inc)
{
	struct cpm *c = &inc->cpm;
	const struct plan *plan = inc->net.plan;
	int32_t latest = INT32_MIN;
	bool moved = false;

	for (int32_t p = 0; p < plan->nprojects; p++)
		latest = c->project_finish[p] > latest ? c->project_finish[p] : latest;
	for (int32_t p = 0; p < plan->nprojects; p++) {
		int32_t target =
			inc->net.options[p]->float_to_project_finish ? c->project_finish[p] : latest;
		if (!moment_is_none(plan->projects[p].must_finish))
			target = plan->projects[p].must_finish.tick;
		moved |= target != c->late_target[p];
	}
	return moved;
}

static void trace_back(struct incremental *inc, int32_t from)
{
	int32_t node;

	mark(inc, from);
	while ((node = take_last(inc)) >= 0) {
		inc->touched++;
		if (!cpm_backward_node(&inc->cpm, node) && node != from)
			continue;
		note_change(inc, node);
		for (int32_t k = inc->net.in_first[node]; k < inc->net.in_first[node + 1]; k++)
			mark(inc, network_other(&inc->net, node, k));
	}
}

static void forget_changes(struct incremental *inc)
{
	for (int32_t i = 0; i < inc->nchanged; i++)
		inc->is_changed[inc->changed[i]] = false;
	inc->nchanged = 0;
	inc->touched = 0;
	inc->swept = false;
}

static void reschedule(struct incremental *inc, int32_t node)
{
	bool ends_moved = follow(inc, node);

	if (ends_moved && late_targets_moved(inc)) {
		cpm_backward(&inc->cpm);
		inc->touched += inc->net.n;
		inc->swept = true;
		return;
	}
	trace_back(inc, node);
	/* Room counted from an actual start, durations that follow an expected finish and crews that run from a start lean on
	 * early dates: those too. */
	int32_t early_changed = inc->nchanged;
	for (int32_t i = 0; i < early_changed; i++) {
		int32_t changed = inc->changed[i];
		if (inc->net.nodes[changed].flags & (NODE_ACTIVE | NODE_RULES | NODE_BY_RESOURCE))
			trace_back(inc, changed);
	}
}

/* What links, their lags and the outline read of a task; the rest only its own node reads. */
static bool same_in_links(const struct plan_task *a, const struct plan_task *b)
{
	return a->project == b->project && a->parent == b->parent && a->type == b->type &&
		a->inactive == b->inactive && a->state == b->state &&
		a->actual_start.tick == b->actual_start.tick &&
		a->actual_finish.tick == b->actual_finish.tick && a->actual_work == b->actual_work &&
		a->calendar == b->calendar && a->crew_calendar == b->crew_calendar &&
		a->duration_elapsed == b->duration_elapsed &&
		a->ignore_resource_calendar == b->ignore_resource_calendar;
}

static bool lags_follow_duration(const struct network *net, int32_t node)
{
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		enum lag_unit unit = net->plan->links[net->link[net->out[k]]].lag_unit;
		if (unit == LAG_PERCENT || unit == LAG_PERCENT_ELAPSED)
			return true;
	}
	return false;
}

bool inc_change(struct incremental *inc, int32_t task, const struct plan_task *now)
{
	enum {
		BY_LINKS = NODE_FOREIGN | NODE_LATE_UNKNOWN | NODE_STAMPED | NODE_SHOWS | NODE_PLAIN |
			NODE_CROSSING
	};
	struct plan_task *at = &inc->plan->tasks[task], before = *at;
	int32_t node = inc->net.node_of[task];

	if (node < 0 || !same_in_links(at, now) || (inc->net.nodes[node].flags & NODE_BY_RESOURCE) ||
		(at->duration_work != now->duration_work && lags_follow_duration(&inc->net, node)))
		return false;
	*at = *now;
	struct node *nd = &inc->net.nodes[node], made = network_node(&inc->net, task);
	if (made.flags != (nd->flags & ~BY_LINKS) ||
		(network_is_flexible(&inc->net, &made) && !inc->net.some_flexible)) {
		*at = before;
		return false;
	}
	nd->duration = made.duration;
	if (inc->cpm.duration) /* passes over plain nodes do not say it anew */
		inc->cpm.duration[node] = made.duration;
	forget_changes(inc);
	if (inc->whole)
		cpm_run(&inc->cpm, true);
	else
		reschedule(inc, node);
	return true;
}

void inc_schedule(struct incremental *inc, struct arena *a, struct schedule *out)
{
	*out = inc->schedule;
	out->findings.arena = a; /* what is found is found anew each time */
	sched_fill(a, &inc->cpm, true, out);
}
