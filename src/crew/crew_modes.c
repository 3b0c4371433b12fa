/*
 * Several ways to do an activity: with two crews in half the time, by night, by machine. While few ways can be combined each
 * combination is solved, and proved not to be better than the best; else one activity after the other, and random pairs,
 * take another way and the plan is searched again, with more patience each round. What is left of the budget improves the
 * plan with the ways that were chosen.
 */
#include "crew/inside.h"

enum { MOST_COMBINATIONS = 64, MOST_PATIENCE = 20000 };

struct ways {
	struct arena *a;
	const struct crew_modes *m;
	const struct crew_options *options;
	struct crew_problem now; /* with arrays of its own for what a way changes */
	int32_t *duration, *demand;
	struct crew_link *links;
	int32_t *chosen; /* [n] of `now` */
	struct crew_schedule best;
	int32_t *best_chosen;
};

static int32_t duration_of(const struct ways *w, int32_t i)
{
	return w->chosen[i] < 0 ? w->m->base->duration[i] : w->m->modes[w->chosen[i]].duration;
}

static void rebuild(struct ways *w)
{
	const struct crew_problem *base = w->m->base;
	size_t row = sizeof(*w->demand) * (size_t)base->nresources;
	for (int32_t i = 0; i < base->n; i++) {
		w->duration[i] = duration_of(w, i);
		memcpy(&w->demand[i * base->nresources],
			w->chosen[i] < 0 ? &base->demand[i * base->nresources]
							 : w->m->modes[w->chosen[i]].demand,
			row);
	}
	for (int32_t l = 0; l < base->nlinks; l++) {
		struct crew_link link = base->links[l];
		if (base->ends[l] & CREW_FROM_END)
			link.lag += w->duration[link.from] - base->duration[link.from];
		if (base->ends[l] & CREW_TO_END)
			link.lag -= w->duration[link.to] - base->duration[link.to];
		w->links[l] = link;
	}
}

static bool may_go_on(const struct ways *w)
{
	const struct crew_options *o = w->options;
	return (!o->schedules || w->best.schedules < o->schedules) &&
		(!o->go_on || o->go_on(o->self, w->best.start ? w->best.finish : -1, w->best.bound));
}

/* Solves with the ways as they are; keeps the schedule if it is better. *settled: no better one exists with them. */
static bool attempt(struct ways *w, int64_t schedules, bool *settled, struct err *err)
{
	struct arena *scratch = arena_open();
	struct crew_options turn = *w->options;
	struct crew_schedule got;
	bool better = false;
	turn.schedules = schedules;
	if (w->best.start && !w->m->base->due)
		turn.enough = w->best.finish - 1;
	rebuild(w);
	bool done = crew_solve(scratch, &w->now, &turn, &got, err);
	if (done) {
		w->best.schedules += got.schedules;
		w->best.failures += got.failures;
		better = got.start &&
			(!w->best.start ||
				crew_worth(got.lateness, got.finish) <
					crew_worth(w->best.lateness, w->best.finish));
		/* the best is known to be best for these ways when a shorter one was proved impossible */
		*settled = got.status == CREW_IMPOSSIBLE || got.status == CREW_PROVED ||
			(w->best.start && !w->m->base->due && got.bound >= w->best.finish);
	}
	if (better) {
		size_t bytes = sizeof(*got.start) * (size_t)w->now.n;
		if (!w->best.start)
			w->best.start = ARENA_ARRAY(w->a, int32_t, (size_t)w->now.n);
		memcpy(w->best.start, got.start, bytes);
		memcpy(w->best_chosen, w->chosen, bytes);
		w->best.finish = got.finish;
		w->best.lateness = got.lateness;
		*settled &= got.status == CREW_PROVED;
	}
	arena_close(scratch);
	return done;
}

/* The next combination, like a counter; false after the last. */
static bool next_combination(struct ways *w)
{
	for (int32_t i = 0; i < w->now.n; i++) {
		int32_t first = w->m->first[i], end = w->m->first[i + 1];
		if (first == end)
			continue;
		w->chosen[i] = w->chosen[i] < 0 ? first : w->chosen[i] + 1;
		if (w->chosen[i] < end)
			return true;
		w->chosen[i] = -1;
	}
	return false;
}

static bool all_combinations(struct ways *w, struct err *err)
{
	bool proved = false;
	for (int64_t patience = 500;
		 may_go_on(w) && !proved && patience <= 1000 * (int64_t)MOST_PATIENCE; patience *= 4) {
		proved = true;
		for (int32_t i = 0; i < w->now.n; i++)
			w->chosen[i] = -1;
		do {
			bool settled = false;
			if (!attempt(w, patience, &settled, err))
				return false;
			/* a proof for one combination stands only against what was best then, which can but get better */
			proved &= settled;
		} while (may_go_on(w) && next_combination(w));
		for (int32_t i = 0; i < w->now.n; i++) /* stopped in the middle: the rest is not known */
			proved &= w->chosen[i] < 0;
	}
	w->best.status = proved && w->best.start ? CREW_PROVED
		: proved                             ? CREW_IMPOSSIBLE
		: w->best.start                      ? CREW_FOUND
											 : CREW_UNKNOWN;
	return true;
}

static void change(struct ways *w, struct dice *dice, int32_t i)
{
	int32_t first = w->m->first[i], n = w->m->first[i + 1] - first;
	int32_t now = w->chosen[i] < 0 ? n : w->chosen[i] - first;
	int32_t next = (now + 1 + dice_below(dice, n)) % (n + 1); /* another one than now; n: its own */
	w->chosen[i] = next == n ? -1 : first + next;
}

static bool one_by_one(struct ways *w, struct err *err)
{
	int32_t n = w->now.n, nopen = 0;
	int32_t *open = ARENA_ARRAY(w->a, int32_t, (size_t)n + 1);
	size_t bytes = sizeof(*w->chosen) * (size_t)n;
	struct dice dice;
	bool settled;
	dice_seed(&dice, w->options->seed);
	for (int32_t i = 0; i < n; i++)
		if (w->m->first[i + 1] > w->m->first[i])
			open[nopen++] = i;
	if (!attempt(w, 500, &settled, err))
		return false;
	for (int64_t patience = 100; patience <= MOST_PATIENCE && may_go_on(w);) {
		int64_t before = crew_worth(w->best.lateness, w->best.finish);
		for (int32_t k = 0; k < 2 * nopen && may_go_on(w); k++) {
			memcpy(w->chosen, w->best_chosen, bytes);
			change(w, &dice, open[k % nopen]);
			if (k >= nopen)
				change(w, &dice, open[dice_below(&dice, nopen)]);
			if (!attempt(w, patience, &settled, err))
				return false;
		}
		if (crew_worth(w->best.lateness, w->best.finish) >= before)
			patience *= 4;
	}
	memcpy(w->chosen, w->best_chosen, bytes);
	int64_t left = w->options->schedules ? w->options->schedules - w->best.schedules : 0;
	if (left >= 0 && may_go_on(w) && !attempt(w, left, &settled, err))
		return false;
	w->best.status = w->best.start ? CREW_FOUND : CREW_UNKNOWN;
	return true;
}

/* No way takes less time or fewer hands than the least of all: a bound for every combination. */
static int32_t least_bound(struct ways *w)
{
	const struct crew_modes *m = w->m;
	for (int32_t i = 0; i < w->now.n; i++) {
		w->chosen[i] = -1;
		for (int32_t k = m->first[i]; k < m->first[i + 1]; k++)
			if (m->modes[k].duration < duration_of(w, i))
				w->chosen[i] = k;
	}
	rebuild(w);
	struct crew_problem loose = w->now;
	loose.nresources = 0;
	for (int32_t l = 0; l < loose.nlinks;
		 l++) /* ends of what may take longer must not bind more than they would */
		if (m->base->ends[l] & CREW_TO_END)
			w->links[l].lag = -1000000;
	bool impossible;
	int32_t bound = crew_lower_bound(w->a, &loose, &impossible);
	return impossible ? 0 : bound;
}

bool crew_solve_modes(struct arena *a, const struct crew_modes *modes,
	const struct crew_options *options, struct crew_schedule *out, int32_t *chosen, struct err *err)
{
	const struct crew_problem *base = modes->base;
	size_t n = (size_t)base->n + 1;
	struct ways w = {.a = a,
		.m = modes,
		.options = options,
		.now = *base,
		.duration = ARENA_ARRAY(a, int32_t, n),
		.demand = ARENA_ARRAY(a, int32_t, n * (size_t)base->nresources + 1),
		.links = ARENA_ARRAY(a, struct crew_link, (size_t)base->nlinks + 1),
		.chosen = ARENA_ARRAY(a, int32_t, n),
		.best_chosen = ARENA_ARRAY(a, int32_t, n)};
	int64_t combinations = 1;
	w.now.duration = w.duration;
	w.now.demand = w.demand;
	w.now.links = w.links;
	for (int32_t i = 0; i < base->n; i++) {
		combinations *= 1 + modes->first[i + 1] - modes->first[i];
		combinations = combinations > MOST_COMBINATIONS ? MOST_COMBINATIONS + 1 : combinations;
	}
	w.best.bound = least_bound(&w);
	for (int32_t i = 0; i < base->n; i++)
		w.chosen[i] = w.best_chosen[i] = -1;
	if (combinations <= MOST_COMBINATIONS && options->prove && !base->due
			? !all_combinations(&w, err)
			: !one_by_one(&w, err))
		return false;
	if (!w.best.start)
		w.best.finish = -1;
	else if (w.best.lateness == 0 && w.best.finish <= w.best.bound)
		w.best.status = CREW_PROVED;
	if (w.best.status == CREW_PROVED)
		w.best.bound = w.best.finish;
	if (w.best.status == CREW_IMPOSSIBLE)
		w.best.why = (struct label){
			"哪种做法都无解（已证明）", "no combination of ways leaves a schedule (proved)"};
	*out = w.best;
	memcpy(chosen, w.best_chosen, sizeof(*chosen) * (size_t)base->n);
	return true;
}
