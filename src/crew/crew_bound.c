/*
 * Lower bounds that need no search: the longest way through the links; the work of each crew over its capacity; and per crew, the
 * work that must be done between the earliest start and the latest end of any set of activities that share it (after
 * the head-body-tail bounds of Mingozzi, Maniezzo, Ricciardelli, Bianco 1998, without their enumeration).
 */
#include "crew/inside.h"

/* Longest distances from the start by Bellman and Ford; false when a circle of links is longer than nothing. */
static bool longest(struct arena *a, const struct crew_problem *p, int32_t *head)
{
	(void)a;
	for (int32_t round = 0; round <= p->n; round++) {
		bool moved = false;
		for (int32_t l = 0; l < p->nlinks; l++) {
			const struct crew_link *link = &p->links[l];
			if (head[link->from] + link->lag > head[link->to]) {
				head[link->to] = head[link->from] + link->lag;
				moved = true;
			}
		}
		if (!moved)
			return true;
	}
	return false;
}

/* Work of crew r that must lie in a window that starts at least `head` after the start and ends `tail` before the end. */
static int32_t window_bound(
	const struct crew_problem *p, int32_t r, const int32_t *head, const int32_t *tail)
{
	int32_t best = 0;
	for (int32_t x = 0; x < p->n; x++) {
		if (p->demand[x * p->nresources + r] == 0)
			continue;
		for (int32_t y = 0; y < p->n; y++) {
			if (p->demand[y * p->nresources + r] == 0)
				continue;
			int64_t work = 0;
			for (int32_t i = 0; i < p->n; i++)
				if (head[i] >= head[x] && tail[i] >= tail[y])
					work += (int64_t)p->duration[i] * p->demand[i * p->nresources + r];
			int32_t length =
				head[x] + tail[y] + (int32_t)((work + p->capacity[r] - 1) / p->capacity[r]);
			best = work && length > best ? length : best;
		}
	}
	return best;
}

/* What rests may start before its end says: links to such ends bind no start. */
static const struct crew_problem *without_rests(struct arena *a, const struct crew_problem *p)
{
	struct crew_problem *loose = ARENA_NEW(a, struct crew_problem);
	struct crew_link *links = ARENA_ARRAY(a, struct crew_link, (size_t)p->nlinks + 1);

	*loose = *p;
	loose->calendar = NULL;
	loose->links = links;
	loose->nlinks = 0;
	for (int32_t l = 0; l < p->nlinks; l++)
		if (!(p->ends[l] & CREW_TO_END) || p->calendar[p->links[l].to] < 0)
			links[loose->nlinks++] = p->links[l];
	return loose;
}

int32_t crew_lower_bound(struct arena *a, const struct crew_problem *given, bool *impossible)
{
	const struct crew_problem *p = given->calendar ? without_rests(a, given) : given;
	int32_t *head = ARENA_ARRAY(a, int32_t, (size_t)p->n),
			*tail = ARENA_ARRAY(a, int32_t, (size_t)p->n);
	const struct crew_problem *back = crew_reversed(a, p);
	*impossible = !longest(a, p, head) || !longest(a, back, tail);
	if (*impossible)
		return INT32_MAX;
	int32_t bound = 0;
	for (int32_t i = 0; i < p->n; i++)
		bound = head[i] + p->duration[i] > bound ? head[i] + p->duration[i] : bound;
	for (int32_t r = 0; r < p->nresources; r++) {
		if (p->capacity[r] == 0)
			continue;
		int32_t by_work = p->n <= 400 ? window_bound(p, r, head, tail) : 0;
		int64_t work = 0;
		for (int32_t i = 0; i < p->n; i++)
			work += (int64_t)p->duration[i] * p->demand[i * p->nresources + r];
		int32_t plain = (int32_t)((work + p->capacity[r] - 1) / p->capacity[r]);
		bound = by_work > bound ? by_work : bound;
		bound = plain > bound ? plain : bound;
	}
	return bound;
}
