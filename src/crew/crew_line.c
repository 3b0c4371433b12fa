/* A problem made ready for placing in one direction of time, and dice. */
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
	size_t words = crew_profile_words(line);
	uint64_t *demand = ARENA_ARRAY(a, uint64_t, (size_t)(p->n * line->words));
	line->empty = ARENA_ARRAY(a, uint64_t, words);
	for (size_t k = 0; k < words; k++)
		line->empty[k] = UINT64_C(0x7FFF7FFF7FFF7FFF);
	for (int32_t r = 0; r < p->nresources; r++) {
		int shift = r % LANES * LANE_BITS;
		for (size_t k = (size_t)(r / LANES); k < words; k += (size_t)line->words)
			line->empty[k] -= (uint64_t)p->capacity[r] << shift;
		for (int32_t i = 0; i < p->n; i++)
			demand[i * line->words + r / LANES] |= (uint64_t)p->demand[i * p->nresources + r]
				<< shift;
	}
	line->demand = demand;
}

static void send_away(struct arena *a, const struct crew_problem *p, struct crew_line *line)
{
	int32_t slots = 0;
	for (int32_t k = 0; k < p->nabsences; k++)
		slots = p->absences[k].to > slots ? p->absences[k].to : slots;
	line->away = slots > 0;
	for (int32_t r = 0; r < p->nresources && slots; r++) {
		int shift = r % LANES * LANE_BITS;
		int32_t *units = ARENA_ARRAY(a, int32_t, (size_t)slots);
		for (int32_t k = 0; k < p->nabsences; k++)
			for (int32_t t = p->absences[k].from; p->absences[k].crew == r && t < p->absences[k].to;
				 t++)
				units[t] += p->absences[k].units;
		for (int32_t t = 0; t < slots; t++)
			line->empty[t * line->words + r / LANES] +=
				(uint64_t)(units[t] < p->capacity[r] ? units[t] : p->capacity[r]) << shift;
	}
}

/* Drops links that longer ways make needless: plans name many, and placing looks at each. */
static void thin(
	struct arena *a, struct crew_line *line, int32_t *first, int32_t *before, int32_t *lag)
{
	int32_t n = line->n, *far = ARENA_ARRAY(a, int32_t, (size_t)n);
	bool *needless = ARENA_ARRAY(a, bool, (size_t)first[n] + 1);
	if ((int64_t)n * first[n] > 50000000)
		return;
	for (int32_t i = 0; i < n; i++) { /* the longest way from i to each, if there is one */
		memset(far, 0x80, sizeof(*far) * (size_t)n);
		far[i] = 0;
		for (int32_t at = line->rank[i] + 1; at < n; at++) {
			int32_t j = line->order[at], direct = -1;
			for (int32_t k = first[j]; k < first[j + 1]; k++) {
				int32_t way = far[before[k]] + lag[k];
				if (before[k] == i && direct < 0)
					direct = k;
				else if (far[before[k]] >= 0 && way > far[j])
					far[j] = way;
			}
			if (direct < 0)
				continue;
			needless[direct] = far[j] >= lag[direct];
			far[j] = far[j] > lag[direct] ? far[j] : lag[direct];
		}
	}
	int32_t kept = 0, k = 0;
	for (int32_t i = 0; i < n; i++) {
		int32_t end = first[i + 1];
		first[i] = kept;
		for (; k < end; k++)
			if (!needless[k]) {
				before[kept] = before[k];
				lag[kept++] = lag[k];
			}
	}
	first[n] = kept;
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
	uint8_t *ends = ARENA_ARRAY(a, uint8_t, (size_t)p->nlinks + 1);
	for (int32_t l = 0; l < p->nlinks; l++)
		first[p->links[l].to + 2]++;
	for (int32_t i = 0; i < p->n; i++)
		first[i + 2] += first[i + 1];
	for (int32_t l = 0; l < p->nlinks; l++) {
		int32_t k = first[p->links[l].to + 1]++;
		before[k] = p->links[l].from;
		lag[k] = p->links[l].lag;
		ends[k] = p->ends ? p->ends[l] : 0;
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
	if (p->calendar) {
		line->rests = crew_rests_new(a, p);
		line->before_ends = ends;
	} else {
		thin(a, line, first, before, lag);
	}
	pack(a, p, line);
	send_away(a, p, line);
	crew_place_prepare(a, line);
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
	back->calendar = NULL; /* its rests are not turned round: for ranks and bounds */
	return back;
}

void crew_sort(const struct crew_line *line, const int32_t *key, int32_t *list, int32_t *count)
{
	int32_t n = line->n, most = 0, before = 0;
	const int32_t *order = line->order;
	for (int32_t i = 0; i < n; i++) {
		count[key[i]]++;
		most = key[i] > most ? key[i] : most;
	}
	for (int32_t k = 0; k <= most; k++) {
		int32_t here = count[k];
		count[k] = before;
		before += here;
	}
	for (int32_t at = 0; at < n; at++)
		list[count[key[order[at]]]++] = order[at];
	memset(count, 0, sizeof(*count) * ((size_t)most + 1));
}
