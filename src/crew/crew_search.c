/*
 * The genetic search. Two populations of schedules face each other: one built from the left, one from the right. Each
 * generation builds the children of one side in the other direction of time, so that building a child is also a
 * justification of its parents (the idea of Debels and Vanhoucke 2005). A schedule is kept as one key an activity: its
 * place in the order of the other direction. A child takes a window of time whole from its father and the order before
 * and after it from its mother.
 * Deterministic for a seed.
 */
#include "crew/inside.h"

#define MOST_STALE 200 /* generations without a better schedule before a fresh start */
#define MOST_POPULATION 1000
#define ASK_EVERY 64 /* schedules between two questions to the caller */

struct side {
	struct crew_line *line; /* the direction its schedules are built in */
	int32_t *keys;          /* [population * n], in the time of the other side */
	int32_t *finish;        /* [population] */
	int32_t *next_keys, *next_finish;
};

struct crew_search {
	struct crew_best *best;
	struct side sides[2];
	int32_t n, population;
	struct dice dice;
	int32_t *start, *list, *child, *buckets;
	int64_t since_asked, until; /* until: count of schedules at which this run ends */
	bool populated;
	int32_t stale, finish; /* generations without a better one; the finish they could not better */
};

/* A schedule of either side as starts in real time. */
static void remember(
	struct crew_search *s, const struct side *side, const int32_t *start, int32_t finish)
{
	struct crew_best *best = s->best;
	if (finish >= best->finish)
		return;
	best->finish = finish;
	for (int32_t i = 0; i < s->n; i++)
		best->start[i] =
			side == &s->sides[0] ? start[i] : finish - start[i] - side->line->duration[i];
}

static bool go_on(struct crew_search *s)
{
	struct crew_best *best = s->best;
	if (best->finish <= best->bound || best->stopped)
		return false;
	if (best->schedules >= s->until)
		return false;
	if (++s->since_asked < ASK_EVERY)
		return true;
	s->since_asked = 0;
	return crew_may_go_on(best);
}

/* Builds s->child on that side and writes its keys. Returns the finish. */
static int32_t build(struct crew_search *s, struct side *side, const int32_t *key, int32_t *keys)
{
	crew_sort(side->line, key, s->list, s->buckets);
	int32_t finish = crew_place(side->line, s->list, s->start);
	s->best->schedules++;
	remember(s, side, s->start, finish);
	for (int32_t i = 0; i < s->n; i++)
		keys[i] = finish - s->start[i] - side->line->duration[i];
	return finish;
}

static void cross(struct crew_search *s, const struct side *from, int32_t father_at,
	int32_t mother_at, int32_t mutation)
{
	const int32_t *father = &from->keys[father_at * s->n], *mother = &from->keys[mother_at * s->n];
	int32_t finish = from->finish[father_at], low, high;
	int32_t shift = (finish > from->finish[mother_at] ? finish : from->finish[mother_at]) + 1;
	/* short windows keep the population apart; where they lie is best left to chance */
	int32_t length = finish / 10 + dice_below(&s->dice, finish / 5 + 1);
	low = dice_below(&s->dice, finish - length + 1);
	high = low + length;
	for (int32_t i = 0; i < s->n; i++) {
		if (father[i] < low)
			s->child[i] = mother[i];
		else if (father[i] > high)
			s->child[i] = mother[i] + 2 * shift;
		else
			s->child[i] = father[i] + shift;
	}
	for (int32_t m = 0; m < mutation; m++) { /* neighbours in time change places */
		int32_t i = dice_below(&s->dice, s->n), j = dice_below(&s->dice, s->n);
		int32_t gap = s->child[i] - s->child[j];
		if (gap < finish / 3 && gap > -finish / 3) {
			int32_t key = s->child[i];
			s->child[i] = s->child[j];
			s->child[j] = key;
		}
	}
}

static int32_t tournament(struct crew_search *s, const struct side *side)
{
	int32_t i = dice_below(&s->dice, s->population), j = dice_below(&s->dice, s->population);
	return side->finish[i] <= side->finish[j] ? i : j;
}

/* Two schedules that order everything nearly alike give no new child. */
static bool too_alike(const struct crew_search *s, const int32_t *x, const int32_t *y)
{
	int64_t apart = 0;
	for (int32_t i = 0; i < s->n; i++)
		apart += x[i] > y[i] ? x[i] - y[i] : y[i] - x[i];
	return apart < 2 * (int64_t)s->n;
}

/* One generation: children of side `from`, built on the other side. False when it is time to stop. */
static bool generation(struct crew_search *s, int from)
{
	struct side *parents = &s->sides[from], *children = &s->sides[1 - from];
	int32_t best_at = 0;
	for (int32_t k = 1; k < s->population; k++)
		if (children->finish[k] < children->finish[best_at])
			best_at = k;
	for (int32_t k = 0; k < s->population; k++) {
		int32_t mother = tournament(s, parents);
		if (mother == k)
			mother = (mother + 1) % s->population;
		int32_t mutation = too_alike(s, &parents->keys[k * s->n], &parents->keys[mother * s->n])
			? s->n / 8 + 1
			: dice_below(&s->dice, 4) == 0;
		int32_t *keys = &children->next_keys[k * s->n], *other = s->child + s->n;
		if (!go_on(s))
			return false;
		cross(s, parents, k, mother, mutation);
		int32_t finish = build(s, children, s->child, keys);
		if (!go_on(s))
			return false;
		cross(s, parents, mother, k, mutation);
		int32_t second = build(s, children, s->child, other);
		if (second < finish) {
			memcpy(keys, other, sizeof(*keys) * (size_t)s->n);
			finish = second;
		}
		children->next_finish[k] = finish;
		if (k == best_at && finish > children->finish[k]) { /* the best of a side stays */
			memcpy(keys, &children->keys[k * s->n], sizeof(*keys) * (size_t)s->n);
			children->next_finish[k] = children->finish[k];
		}
	}
	int32_t *swap = children->keys;
	children->keys = children->next_keys;
	children->next_keys = swap;
	swap = children->finish;
	children->finish = children->next_finish;
	children->next_finish = swap;
	return true;
}

/* The first population: random orders biased to the latest finish by the critical path, scheduled from the left and back. */
static bool populate(struct crew_search *s)
{
	struct side *left = &s->sides[0], *right = &s->sides[1];
	int32_t span = 1;
	for (int32_t at = s->n - 1; at >= 0;
		 at--) { /* tails: how long the way to the end is, on the reversed line */
		int32_t i = right->line->order[s->n - 1 - at], t = 0;
		for (int32_t k = right->line->first_before[i]; k < right->line->first_before[i + 1]; k++) {
			int32_t earliest = s->start[right->line->before[k]] + right->line->before_lag[k];
			t = earliest > t ? earliest : t;
		}
		s->start[i] = t;
		span = t + right->line->duration[i] > span ? t + right->line->duration[i] : span;
	}
	int32_t *tail = s->child + s->n;
	memcpy(tail, s->start, sizeof(*tail) * (size_t)s->n);
	for (int32_t k = 0; k < s->population; k++) {
		int32_t noise = k == 0 ? 0 : 1 + (int32_t)((int64_t)span * (1 + k % 8) / 8);
		for (int32_t i = 0; i < s->n; i++) {
			int32_t latest = span - tail[i] - left->line->duration[i];
			s->child[i] = (latest > 0 ? latest : 0) + (noise ? dice_below(&s->dice, noise) : 0);
		}
		if (!go_on(s) && k > 0)
			return false;
		left->finish[k] = build(s, left, s->child, &left->keys[k * s->n]);
		if (!go_on(s))
			return false;
		right->finish[k] = build(s, right, &left->keys[k * s->n], &right->keys[k * s->n]);
	}
	return true;
}

/* At 50,000 schedules of J120 200 come nearest to the best known, at 300,000 300 to 400; smaller ones agree too soon. */
static int32_t population_for(const struct crew_best *best)
{
	const struct crew_options *options = best->options;
	int64_t budget = options->schedules ? options->schedules
		: options->likely               ? options->likely
										: 300000;
	int64_t want = budget / 140;
	int64_t most = budget < 100000 ? 200 : budget < 1000000 ? 300 : MOST_POPULATION;
	return want < 8 ? 8 : want > most ? (int32_t)most : (int32_t)want;
}

struct crew_search *crew_search_new(
	struct arena *a, struct crew_best *best, struct crew_line *forward, struct crew_line *backward)
{
	int32_t n = best->problem->n;
	struct crew_search *s = ARENA_NEW(a, struct crew_search);
	*s = (struct crew_search){.best = best, .n = n, .population = population_for(best)};
	dice_seed(&s->dice, best->options->seed);
	s->sides[0].line = forward;
	s->sides[1].line = backward;
	for (int i = 0; i < 2; i++) {
		struct side *side = &s->sides[i];
		size_t cells = (size_t)s->population * (size_t)n;
		side->keys = ARENA_ARRAY(a, int32_t, cells);
		side->next_keys = ARENA_ARRAY(a, int32_t, cells);
		side->finish = ARENA_ARRAY(a, int32_t, (size_t)s->population);
		side->next_finish = ARENA_ARRAY(a, int32_t, (size_t)s->population);
	}
	s->start = ARENA_ARRAY(a, int32_t, (size_t)n);
	s->list = ARENA_ARRAY(a, int32_t, (size_t)n);
	s->child = ARENA_ARRAY(a, int32_t, 2 * (size_t)n);
	s->buckets = ARENA_ARRAY(a, int32_t, 4 * (size_t)forward->horizon + 8);
	return s;
}

bool crew_search_run(struct crew_search *s, int64_t schedules)
{
	s->until = s->best->schedules + schedules;
	while (go_on(s)) {
		if (!s->populated ||
			s->stale >= MOST_STALE) { /* at first, and when nothing new comes any more */
			s->populated = populate(s);
			s->stale = 0;
			continue;
		}
		if (!generation(s, 0) || !generation(s, 1))
			continue;
		s->stale = s->best->finish < s->finish ? 0 : s->stale + 1;
		s->finish = s->best->finish;
	}
	return !s->best->stopped && s->best->finish > s->best->bound;
}
