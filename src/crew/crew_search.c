/*
 * The genetic search. Two populations of schedules face each other: one built from the left, one from the right. Each
 * generation builds the children of one side in the other direction of time, so that building a child is also a
 * justification of its parents (the idea of Debels and Vanhoucke 2005). A schedule is kept as one key an activity: its
 * place in the order of the other direction. A child has its father's keys where the two of them on average lie in a window
 * of time, elsewhere its mother's. A schedule is good that finishes early and does its work early: that leaves the most
 * room to move in when time is turned round.
 *
 * A large population that shrinks while parents are chosen more and more strictly looks around first and brings one thing
 * to its end last; both follow the share of the schedules that were built, of those that there will be.
 *
 * Where time cannot be turned round (crews are away for a while, activities rest, ends are due) both are built from the left.
 * Deterministic for a seed.
 */
#include "crew/inside.h"

#define MOST_STALE 200 /* generations without a better schedule before a fresh start */
#define MOST_POPULATION 1000
#define SMALLEST_POPULATION 6
#define ASK_EVERY 64 /* schedules between two questions to the caller */

/* What a schedule is like: less is better. */
struct built {
	double value; /* its worth (crew_worth), and twice the mean start of its work */
	int32_t finish;
};

struct side {
	struct crew_line *line;           /* the direction its schedules are built in */
	int32_t *keys, *next_keys;        /* [population * n], in the time of the other side */
	struct built *built, *next_built; /* [population] */
};

struct crew_search {
	struct crew_best *best;
	struct side sides[2];
	int32_t n, population, largest; /* schedules on each side: now, and at first */
	int64_t expected;               /* schedules that there will be; 0: nobody knows */
	int32_t progress;               /* how many of them were built, of a thousand */
	struct dice dice;
	double
		*work; /* [n] crews' time it takes, each crew's whole time counted as one; all together 2 */
	struct crew_draft drafts[2]; /* two children of the same parents are built side by side */
	int32_t *child, *buckets;
	int64_t since_asked, until;      /* until: count of schedules at which this run ends */
	bool one_way;                    /* both sides are built from the left */
	const struct crew_line *reverse; /* the links backwards, to rank by */
	struct crew_clock *clock;
	bool populated;
	int32_t filled; /* of the populations, while they are made */
	int32_t stale;  /* generations without a better one */
	int64_t worth;  /* what they could not better */
};

static bool better(const struct built *x, const struct built *y)
{
	return x->value < y->value;
}

/* Starts in real time of what was built on that side. */
static int32_t real_start(
	const struct crew_search *s, const struct side *side, const struct crew_draft *d, int32_t i)
{
	return s->one_way || side == &s->sides[0] ? d->start[i]
											  : d->finish - d->start[i] - side->line->duration[i];
}

static int64_t lateness(
	const struct crew_search *s, const struct side *side, const struct crew_draft *d)
{
	const struct crew_problem *p = s->best->problem;
	int64_t sum = 0;
	for (int32_t i = 0; p->due && i < s->n; i++) {
		int32_t end = side->line->rests ? d->end[i] : real_start(s, side, d, i) + p->duration[i];
		int32_t late = end - p->due[i];
		sum += p->due[i] >= 0 && late > 0 ? (int64_t)late * p->weight[i] : 0;
	}
	return sum;
}

static void remember(
	struct crew_search *s, const struct side *side, const struct crew_draft *d, int64_t late)
{
	struct crew_best *best = s->best;
	if (best->finish != INT32_MAX &&
		crew_worth(late, d->finish) >= crew_worth(best->lateness, best->finish))
		return;
	best->finish = d->finish;
	best->lateness = late;
	for (int32_t i = 0; i < s->n; i++)
		best->start[i] = real_start(s, side, d, i);
}

static bool go_on(struct crew_search *s)
{
	struct crew_best *best = s->best;
	if (crew_good_enough(best) || best->stopped)
		return false;
	if (best->schedules >= s->until)
		return false;
	if (++s->since_asked < ASK_EVERY)
		return true;
	s->since_asked = 0;
	return crew_may_go_on(best);
}

/* Keeps what was built on that side: its keys for the other one, and itself if it is the best. */
static struct built keep(
	struct crew_search *s, const struct side *side, const struct crew_draft *d, int32_t *keys)
{
	double mean = 0;
	s->best->schedules++;
	int64_t late = lateness(s, side, d);
	remember(s, side, d, late);
	for (int32_t i = 0; i < s->n; i++) {
		keys[i] = s->one_way ? d->start[i] : d->finish - d->start[i] - side->line->duration[i];
		mean += s->work[i] * d->start[i];
	}
	return (struct built){(double)crew_worth(late, d->finish) + mean, d->finish};
}

/* Builds the schedule that goes by `key` on that side and writes its own keys. */
static struct built build(
	struct crew_search *s, const struct side *side, const int32_t *key, int32_t *keys)
{
	struct crew_draft *d = &s->drafts[0];
	crew_sort(side->line, key, d->list, s->buckets);
	crew_place(side->line, d, 1);
	return keep(s, side, d, keys);
}

/* The child of two of that side, in s->child; `mutation` neighbours in time change places. */
static void cross(struct crew_search *s, const struct side *from, int32_t father_at,
	int32_t mother_at, int32_t mutation)
{
	const int32_t *father = &from->keys[father_at * s->n], *mother = &from->keys[mother_at * s->n];
	int32_t finish = from->built[father_at].finish;
	int32_t length = finish / 6 + dice_below(&s->dice, finish / 3 + 1);
	int32_t low = dice_below(&s->dice, finish - length + 1);
	int32_t *child = s->child;
	for (int32_t i = 0; i < s->n; i++) {
		uint32_t into = (uint32_t)(father[i] + mother[i] - 2 * low);
		child[i] = into <= 2 * (uint32_t)length ? father[i] : mother[i];
	}
	for (int32_t m = 0; m < mutation; m++) {
		int32_t i = dice_below(&s->dice, s->n), j = dice_below(&s->dice, s->n);
		int32_t gap = s->child[i] - s->child[j];
		if (gap < finish / 3 && gap > -finish / 3) {
			int32_t key = s->child[i];
			s->child[i] = s->child[j];
			s->child[j] = key;
		}
	}
}

/* The best of two at first, of four at last. */
static int32_t tournament(struct crew_search *s, const struct side *side)
{
	int32_t best = dice_below(&s->dice, s->population);
	int32_t rivals = (1000 + 2 * s->progress + dice_below(&s->dice, 1000)) / 1000;
	for (; rivals > 0; rivals--) {
		int32_t rival = dice_below(&s->dice, s->population);
		best = better(&side->built[rival], &side->built[best]) ? rival : best;
	}
	return best;
}

/* Two schedules that order everything nearly alike give no new child. */
static bool too_alike(const struct crew_search *s, const int32_t *x, const int32_t *y)
{
	int64_t apart = 0, alike = 2 * (int64_t)s->n;
	for (int32_t i = 0; i < s->n && apart < alike; i++)
		apart += x[i] > y[i] ? x[i] - y[i] : y[i] - x[i];
	return apart < alike;
}

/* One generation: children of side `from`, built on the other side. False when it is time to stop. */
static bool generation(struct crew_search *s, int from)
{
	struct side *parents = &s->sides[from], *children = &s->sides[1 - from];
	int32_t best_at = 0;
	for (int32_t k = 1; k < s->population; k++)
		if (better(&children->built[k], &children->built[best_at]))
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
		crew_sort(children->line, s->child, s->drafts[0].list, s->buckets);
		cross(s, parents, mother, k, mutation);
		crew_sort(children->line, s->child, s->drafts[1].list, s->buckets);
		crew_place(children->line, s->drafts, 2);
		struct built child = keep(s, children, &s->drafts[0], keys);
		if (!go_on(s))
			return false;
		struct built second = keep(s, children, &s->drafts[1], other);
		if (better(&second, &child)) {
			memcpy(keys, other, sizeof(*keys) * (size_t)s->n);
			child = second;
		}
		if (k == best_at && better(&children->built[k], &child)) { /* the best of a side stays */
			memcpy(keys, &children->keys[k * s->n], sizeof(*keys) * (size_t)s->n);
			child = children->built[k];
		}
		children->next_built[k] = child;
	}
	int32_t *swap = children->keys;
	children->keys = children->next_keys;
	children->next_keys = swap;
	struct built *swap_built = children->built;
	children->built = children->next_built;
	children->next_built = swap_built;
	return true;
}

static void drop_worst(const struct crew_search *s, struct side *side)
{
	int32_t worst = 0, last = s->population - 1;
	for (int32_t k = 1; k <= last; k++)
		worst = better(&side->built[worst], &side->built[k]) ? k : worst;
	if (worst == last)
		return;
	memcpy(&side->keys[worst * s->n], &side->keys[last * s->n], sizeof(*side->keys) * (size_t)s->n);
	side->built[worst] = side->built[last];
}

/* Evenly down to a fifth. */
static void shrink(struct crew_search *s)
{
	if (s->expected == 0)
		return;
	int64_t built = s->best->schedules;
	s->progress = built >= s->expected ? 1000 : (int32_t)(1000 * built / s->expected);
	int64_t want = (int64_t)s->largest * (1250 - s->progress) / 1250;
	for (; s->population > SMALLEST_POPULATION && s->population > want; s->population--)
		for (int side = 0; side < 2; side++)
			drop_worst(s, &s->sides[side]);
}

/* How long before the end of `span` each must have started, by what follows it and by its due end. Returns the span needed. */
static int32_t find_tails(const struct crew_search *s, int32_t span, int32_t *tail)
{
	const struct crew_line *reverse = s->reverse;
	const int32_t *due = s->best->problem->due;
	int32_t longest = 1;
	for (int32_t at = 0; at < s->n; at++) {
		int32_t i = reverse->order[at], t = due && due[i] >= 0 && due[i] < span ? span - due[i] : 0;
		for (int32_t k = reverse->first_before[i]; k < reverse->first_before[i + 1]; k++) {
			int32_t earliest = tail[reverse->before[k]] + reverse->before_lag[k];
			t = earliest > t ? earliest : t;
		}
		tail[i] = t;
		longest = t + reverse->duration[i] > longest ? t + reverse->duration[i] : longest;
	}
	return longest;
}

/*
 * The first population: random orders with a leaning to the latest start, scheduled from the left and back. The leaning is
 * slight: generations find the way soon enough from anywhere, but not what none of the first ones had. Every other one
 * is scheduled by the clock, which wastes no crew's time early on, where time can be turned round.
 */
static bool populate(struct crew_search *s)
{
	struct side *left = &s->sides[0], *right = &s->sides[1];
	int32_t *tail = s->child + s->n, span = find_tails(s, 0, tail);
	if (s->best->problem->due)
		span = find_tails(s, span, tail);
	for (; s->filled < s->population; s->filled++) {
		int32_t k = s->filled, noise = k == 0 ? 0 : span + 1, lean = 1 + k % 8;
		for (int32_t i = 0; i < s->n; i++) {
			int32_t latest = span - tail[i] - left->line->duration[i];
			s->child[i] =
				(latest > 0 ? latest : 0) / lean + (noise ? dice_below(&s->dice, noise) : 0);
		}
		if (!go_on(s) && s->best->finish != INT32_MAX)
			return false;
		if (k % 2 && !s->one_way) {
			struct crew_draft *d = &s->drafts[0];
			crew_sort(left->line, s->child, d->list, s->buckets);
			crew_clock_place(s->clock, left->line, s->reverse, d);
			left->built[k] = keep(s, left, d, &left->keys[k * s->n]);
		} else {
			left->built[k] = build(s, left, s->child, &left->keys[k * s->n]);
		}
		if (s->one_way) /* another order on the other side */
			for (int32_t i = 0; i < s->n && noise; i++)
				s->child[i] = left->keys[k * s->n + i] + dice_below(&s->dice, noise);
		if (!go_on(s))
			return false;
		right->built[k] = build(s, right, s->one_way && noise ? s->child : &left->keys[k * s->n],
			&right->keys[k * s->n]);
	}
	return true;
}

/* Before they shrank: at 5,000 schedules 50 come nearest to the best known, at 50,000 200, at 300,000 300 to 400; smaller ones agree too soon. */
static int32_t population_for(int64_t expected)
{
	int64_t budget = expected ? expected : 300000;
	int64_t want = budget / 100;
	int64_t most = budget < 100000 ? 200 : budget < 1000000 ? 300 : MOST_POPULATION;
	return want < 8 ? 8 : want > most ? (int32_t)most : (int32_t)want;
}

static double work_of(const struct crew_problem *p, int32_t i)
{
	double work = 0;
	for (int32_t r = 0; r < p->nresources; r++)
		work += p->capacity[r] ? (double)p->demand[i * p->nresources + r] / p->capacity[r] : 0;
	return work * p->duration[i];
}

struct crew_search *crew_search_new(
	struct arena *a, struct crew_best *best, struct crew_line *forward, struct crew_line *backward)
{
	int32_t n = best->problem->n;
	struct crew_search *s = ARENA_NEW(a, struct crew_search);
	int64_t expected = best->options->schedules ? best->options->schedules : best->options->likely;
	*s = (struct crew_search){
		.best = best, .n = n, .expected = expected, .population = population_for(expected)};
	s->largest = s->population;
	dice_seed(&s->dice, best->options->seed);
	s->sides[0].line = forward;
	s->one_way = best->problem->due || forward->away || forward->rests;
	s->reverse = backward;
	s->clock = crew_clock_new(a, forward);
	s->sides[1].line = s->one_way ? forward : backward;
	for (int i = 0; i < 2; i++) {
		struct side *side = &s->sides[i];
		size_t cells = (size_t)s->population * (size_t)n;
		side->keys = ARENA_ARRAY(a, int32_t, cells);
		side->next_keys = ARENA_ARRAY(a, int32_t, cells);
		side->built = ARENA_ARRAY(a, struct built, (size_t)s->population);
		side->next_built = ARENA_ARRAY(a, struct built, (size_t)s->population);
	}
	s->work = ARENA_ARRAY(a, double, (size_t)n);
	double all = 0;
	for (int32_t i = 0; i < n; i++)
		all += s->work[i] = work_of(best->problem, i);
	for (int32_t i = 0; i < n && all > 0; i++)
		s->work[i] *= 2 / all;
	for (int k = 0; k < 2; k++)
		s->drafts[k] = crew_draft_new(a, forward);
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
			if (s->populated)
				s->filled = 0;
			continue;
		}
		if (!generation(s, 0) || !generation(s, 1))
			continue;
		shrink(s);
		int64_t worth = crew_worth(s->best->lateness, s->best->finish);
		s->stale = worth < s->worth ? 0 : s->stale + 1;
		s->worth = worth;
	}
	return !s->best->stopped && !crew_good_enough(s->best);
}
