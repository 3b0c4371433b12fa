/*
 * Placing activities: the serial schedule generation scheme on a packed profile of free capacity. This is the inner loop
 * of everything: one subtraction and one mask test up to four crews at a time.
 */
#include "crew/inside.h"

#define LANES 4
#define LANE_BITS 16

void dice_seed(struct dice *d, uint64_t seed)
{
	for (int i = 0; i < 4; i++) { /* splitmix64 (Steele, Lea, Flood 2014) */
		seed += UINT64_C(0x9E3779B97F4A7C15);
		uint64_t z = seed;
		z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
		z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
		d->s[i] = z ^ z >> 31;
	}
}

/* xoshiro256** (Blackman, Vigna 2018) */
uint64_t dice_next(struct dice *d)
{
	uint64_t *s = d->s, x = s[1] * 5, result = (x << 7 | x >> 57) * 9, t = s[1] << 17;
	s[2] ^= s[0];
	s[3] ^= s[1];
	s[1] ^= s[2];
	s[0] ^= s[3];
	s[2] ^= t;
	s[3] = s[3] << 45 | s[3] >> 19;
	return result;
}

/* Kahn's algorithm; false when a circle is left. Ties by number, so the order is the same everywhere. */
static bool topological(
	struct arena *a, const struct crew_problem *p, int32_t *order, int32_t *rank)
{
	int32_t *open = ARENA_ARRAY(a, int32_t, (size_t)p->n);
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)p->n + 2),
			*next = ARENA_ARRAY(a, int32_t, (size_t)p->nlinks + 1);
	for (int32_t l = 0; l < p->nlinks; l++) {
		open[p->links[l].to]++;
		first[p->links[l].from + 2]++;
	}
	for (int32_t i = 0; i < p->n; i++)
		first[i + 2] += first[i + 1];
	for (int32_t l = 0; l < p->nlinks; l++)
		next[first[p->links[l].from + 1]++] = p->links[l].to;
	int32_t count = 0;
	for (int32_t i = 0; i < p->n; i++)
		if (open[i] == 0)
			order[count++] = i;
	for (int32_t at = 0; at < count; at++) {
		rank[order[at]] = at;
		for (int32_t k = first[order[at]]; k < first[order[at] + 1]; k++)
			if (--open[next[k]] == 0)
				order[count++] = next[k];
	}
	return count == p->n;
}

static void pack(struct arena *a, const struct crew_problem *p, struct crew_line *line)
{
	uint64_t *demand = ARENA_ARRAY(a, uint64_t, (size_t)(p->n * line->words));
	line->capacity = ARENA_ARRAY(a, uint64_t, (size_t)line->words);
	line->guard = UINT64_C(0x8000800080008000);
	for (int32_t w = 0; w < line->words; w++)
		line->capacity[w] = line->guard;
	for (int32_t r = 0; r < p->nresources; r++) {
		int shift = r % LANES * LANE_BITS;
		line->capacity[r / LANES] += (uint64_t)p->capacity[r] << shift;
		for (int32_t i = 0; i < p->n; i++)
			demand[i * line->words + r / LANES] |= (uint64_t)p->demand[i * p->nresources + r]
				<< shift;
	}
	line->demand = demand;
}

struct crew_line *crew_line_new(struct arena *a, const struct crew_problem *p, int32_t horizon)
{
	struct crew_line *line = ARENA_NEW(a, struct crew_line);
	int32_t *order = ARENA_ARRAY(a, int32_t, (size_t)p->n),
			*rank = ARENA_ARRAY(a, int32_t, (size_t)p->n);
	if (!topological(a, p, order, rank))
		return NULL;
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)p->n + 2);
	int32_t *before = ARENA_ARRAY(a, int32_t, (size_t)p->nlinks + 1),
			*lag = ARENA_ARRAY(a, int32_t, (size_t)p->nlinks + 1);
	line->plain = true;
	for (int32_t l = 0; l < p->nlinks; l++) {
		first[p->links[l].to + 2]++;
		if (p->links[l].lag < p->duration[p->links[l].from])
			line->plain = false;
	}
	for (int32_t i = 0; i < p->n; i++)
		first[i + 2] += first[i + 1];
	for (int32_t l = 0; l < p->nlinks; l++) {
		int32_t k = first[p->links[l].to + 1]++;
		before[k] = p->links[l].from;
		lag[k] = p->links[l].lag;
	}
	line->n = p->n;
	line->words = (p->nresources + LANES - 1) / LANES;
	if (line->words == 0)
		line->words = 1;
	line->horizon = horizon;
	line->duration = p->duration;
	line->first_before = first;
	line->before = before;
	line->before_lag = lag;
	line->rank = rank;
	line->order = order;
	pack(a, p, line);
	line->free = ARENA_ARRAY(a, uint64_t, (size_t)(horizon * line->words) + 1);
	line->done = ARENA_ARRAY(a, int32_t, (size_t)p->n);
	line->used = horizon;
	return line;
}

struct crew_problem *crew_reversed(struct arena *a, const struct crew_problem *p)
{
	struct crew_problem *back = ARENA_NEW(a, struct crew_problem);
	struct crew_link *links = ARENA_ARRAY(a, struct crew_link, (size_t)p->nlinks + 1);
	*back = *p;
	for (int32_t l = 0; l < p->nlinks; l++) {
		const struct crew_link *link = &p->links[l];
		/* s = T - s' - duration on both sides */
		links[l] = (struct crew_link){
			link->to, link->from, link->lag + p->duration[link->to] - p->duration[link->from]};
	}
	back->links = links;
	return back;
}

/* The first slot from `t` on where i fits for its whole duration; takes the capacity. One word: four crews. */
static inline int32_t fit_one(struct crew_line *line, int32_t i, int32_t t)
{
	uint64_t demand = line->demand[i], guard = line->guard, *slot = line->free;
	int32_t duration = line->duration[i];
	if (demand == 0 || duration == 0)
		return t;
	for (int32_t k = t + duration - 1; k >= t;
		 k--) /* from the back: a conflict moves the start past it */
		if (((slot[k] - demand) & guard) != guard) {
			t = k + 1;
			k = t + duration;
		}
	for (int32_t k = t; k < t + duration; k++)
		slot[k] -= demand;
	return t;
}

static int32_t fit_many(struct crew_line *line, int32_t i, int32_t t)
{
	const uint64_t *demand = &line->demand[i * line->words];
	int32_t duration = line->duration[i], words = line->words;
	for (int32_t k = t + duration - 1; k >= t; k--)
		for (int32_t w = 0; w < words; w++)
			if (((line->free[k * words + w] - demand[w]) & line->guard) != line->guard) {
				t = k + 1;
				k = t + duration;
				break;
			}
	for (int32_t k = t; k < t + duration; k++)
		for (int32_t w = 0; w < words; w++)
			line->free[k * words + w] -= demand[w];
	return t;
}

static inline int32_t place_one(struct crew_line *line, int32_t i, int32_t *start)
{
	int32_t t = 0;
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++) {
		int32_t earliest = start[line->before[k]] + line->before_lag[k];
		if (earliest > t)
			t = earliest;
	}
	t = line->words == 1 ? fit_one(line, i, t) : fit_many(line, i, t);
	start[i] = t;
	line->done[i] = line->round;
	return t + line->duration[i];
}

/* i and whatever must stand before it, in order. The way back is short: lists nearly respect the links. */
static int32_t place_after(struct crew_line *line, int32_t i, int32_t *start)
{
	int32_t finish = 0;
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++)
		if (line->done[line->before[k]] != line->round) {
			int32_t f = place_after(line, line->before[k], start);
			if (f > finish)
				finish = f;
		}
	int32_t f = place_one(line, i, start);
	return f > finish ? f : finish;
}

int32_t crew_place(struct crew_line *line, const int32_t *list, int32_t *start)
{
	if (line->words == 1)
		for (int32_t k = 0; k < line->used; k++)
			line->free[k] = line->capacity[0];
	for (int32_t k = 0; k < line->used && line->words > 1; k++)
		memcpy(&line->free[k * line->words], line->capacity,
			sizeof(*line->capacity) * (size_t)line->words);
	line->round++;
	int32_t finish = 0;
	for (int32_t at = 0; at < line->n; at++) {
		int32_t i = list[at];
		if (line->done[i] == line->round)
			continue;
		int32_t f = place_after(line, i, start);
		if (f > finish)
			finish = f;
	}
	line->used = finish;
	return finish;
}
