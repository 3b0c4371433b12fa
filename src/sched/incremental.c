#include "sched/incremental.h"

static void mark(struct incremental *inc, int32_t node)
{
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
	int32_t task = inc->net.nodes[node].task;
	if (inc->is_changed[task])
		return;
	inc->is_changed[task] = true;
	inc->changed[inc->nchanged++] = task;
}

bool inc_open(struct arena *a, const struct plan *plan, struct incremental *out, struct err *err)
{
	struct findings found = {.arena = a};
	struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)plan->nlinks);
	struct sched_options none = {0};
	struct incremental inc = {0};

	for (int32_t i = 0; i < plan->nprojects; i++)
		if (plan->projects[i].options.profile == PROFILE_MSPROJECT)
			return err_set(err, ERR_INPUT, NULL,
				"plans by the rules of Microsoft Project are scheduled as a whole");
	if (!network_build(a, plan, &none, &found, links, &inc.net, err))
		return false;
	if (inc.net.some_first)
		return err_set(err, ERR_INPUT, NULL,
			"plans with links from the start of a summary are scheduled as a whole");
	for (int32_t i = 0; i < inc.net.n; i++)
		if (inc.net.nodes[i].flags & NODE_ALAP)
			return err_set(err, ERR_INPUT, NULL,
				"plans with tasks as late as possible are scheduled as a whole");
	inc.changed = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks);
	inc.is_changed = ARENA_ARRAY(a, bool, (size_t)plan->ntasks);
	int32_t words = inc.net.n;
	do {
		words = (words + 63) / 64;
		words = words ? words : 1;
		inc.words[inc.levels] = words;
		inc.waiting[inc.levels++] = ARENA_ARRAY(a, uint64_t, (size_t)words);
	} while (words > 1 && inc.levels < (int)countof(inc.waiting));
	*out = inc;
	cpm_open(a, &out->net, &out->cpm);
	cpm_forward(&out->cpm);
	cpm_backward(&out->cpm);
	return true;
}

static int32_t finish_of(const struct incremental *inc, int32_t node)
{
	const struct cpm *c = &inc->cpm;
	return inc->net.nodes[node].flags & NODE_STAMPED
		? c->at[node].ef
		: worktime_finish(cpm_calendar(c, node), c->work[node].ef);
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
			mark(inc, inc->net.out[k].node);
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
			mark(inc, inc->net.in[k].node);
	}
}

void inc_set_duration(struct incremental *inc, int32_t task, int32_t work)
{
	int32_t node = inc->net.node_of[task];

	for (int32_t i = 0; i < inc->nchanged; i++)
		inc->is_changed[inc->changed[i]] = false;
	inc->nchanged = 0;
	inc->touched = 0;
	inc->swept = false;
	if (node < 0 || inc->net.nodes[node].flags & (NODE_COMPLETE | NODE_FINISH_MILESTONE) ||
		inc->net.nodes[node].duration == work || inc->net.nodes[node].duration == 0)
		return; /* what has no duration keeps none: it is a milestone, whose rules differ */
	inc->net.nodes[node].duration = work;
	bool ends_moved = follow(inc, node);
	if (ends_moved && late_targets_moved(inc)) {
		cpm_backward(&inc->cpm);
		inc->touched += inc->net.n;
		inc->swept = true;
		for (int32_t i = 0; i < inc->net.n; i++)
			note_change(inc, i);
		return;
	}
	trace_back(inc, node);
	/* Room counted from an actual start and durations that follow an expected finish lean on early dates: those too. */
	int32_t early_changed = inc->nchanged;
	for (int32_t i = 0; i < early_changed; i++) {
		int32_t changed = inc->net.node_of[inc->changed[i]];
		if (inc->net.nodes[changed].flags & (NODE_ACTIVE | NODE_RULES))
			trace_back(inc, changed);
	}
}

struct four inc_dates(const struct incremental *inc, int32_t task)
{
	int32_t node = inc->net.node_of[task];
	struct four at = inc->cpm.at[node];

	if (!(inc->net.nodes[node].flags & NODE_STAMPED)) {
		const struct worktime *w = cpm_calendar(&inc->cpm, node);
		const struct four *work = &inc->cpm.work[node];
		at = (struct four){worktime_start(w, work->es), worktime_finish(w, work->ef),
			worktime_start(w, work->ls), worktime_finish(w, work->lf)};
	}
	return at;
}

int32_t inc_total_float(const struct incremental *inc, int32_t task)
{
	int32_t node = inc->net.node_of[task];
	const struct four *work = &inc->cpm.work[node];
	return inc->net.nodes[node].flags & NODE_COMPLETE ? FLOAT_NONE : work->lf - work->ef;
}

struct moment inc_finish(const struct incremental *inc, int32_t project)
{
	int32_t tick = inc->cpm.project_finish[project];
	return tick == INT32_MIN ? MOMENT_NONE : (struct moment){tick};
}
