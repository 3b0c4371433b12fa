/*
 * Crews in the learning solver: propagated by their time table, that is by where activities must run whatever happens. A
 * step is explained at one slot (the pointwise explanation of Schutt, Feydy, Stuckey, Wallace 2011).
 */
#include "crew/learn.h"

static int32_t taken_at(const struct learner *s, int32_t r, int32_t t)
{
	return t < s->taken_slots ? s->taken[r * (s->taken_slots + 1) + t] : 0;
}

static bool must_run_at(const struct learner *s, int32_t i, int32_t t)
{
	return -s->low[2 * i + 1] <= t && t < s->low[2 * i] + s->p->duration[i];
}

static void add_reason(struct learner *s, struct literal l)
{
	s->reasons = more(s->reasons, s->nreasons, &s->reasons_room, sizeof(*s->reasons));
	s->reasons[s->nreasons++] = l;
}

/* Why crew r has less than `room` left at slot t without `except`: the fewest large activities that must run there. */
static void explain_use(struct learner *s, int32_t r, int32_t t, int32_t except, int32_t room)
{
	int32_t spare = taken_at(s, r, t) - room - 1; /* how much less use would still be too much */
	for (int32_t k = s->first_member[r]; k < s->first_member[r + 1]; k++) {
		int32_t i = s->members[k];
		if (i != except && must_run_at(s, i, t))
			spare += demand_of(s, i, r);
	}
	for (int32_t k = s->first_member[r]; k < s->first_member[r + 1]; k++) {
		int32_t i = s->members[k];
		if (i == except || !must_run_at(s, i, t))
			continue;
		if (demand_of(s, i, r) <= spare) {
			spare -= demand_of(s, i, r);
			continue;
		}
		add_reason(s, (struct literal){2 * i, t - s->p->duration[i] + 1});
		add_reason(s, (struct literal){2 * i + 1, -t});
	}
}

/* The use of crew r by what must run; false: more than there is. */
static bool make_profile(struct learner *s, int32_t r, int32_t *from, int32_t *to)
{
	int32_t *use = s->profile, low = INT32_MAX, high = 0;
	for (int32_t k = s->first_member[r]; k < s->first_member[r + 1]; k++) {
		int32_t i = s->members[k], begin = -s->low[2 * i + 1],
				end = s->low[2 * i] + s->p->duration[i];
		if (begin < end) {
			low = begin < low ? begin : low;
			high = end > high ? end : high;
		}
	}
	if (s->taken_slots > 0) {
		low = 0;
		high = high > s->taken_slots ? high : s->taken_slots;
	}
	*from = low;
	*to = high;
	if (low >= high)
		return true;
	memset(&use[low], 0, sizeof(*use) * (size_t)(high - low + 1));
	for (int32_t k = s->first_member[r]; k < s->first_member[r + 1]; k++) {
		int32_t i = s->members[k], begin = -s->low[2 * i + 1],
				end = s->low[2 * i] + s->p->duration[i];
		if (begin < end) {
			use[begin] += demand_of(s, i, r);
			use[end] -= demand_of(s, i, r);
		}
	}
	int32_t running = 0, worst = low, most = 0;
	for (int32_t t = low; t < high; t++) {
		running += use[t];
		use[t] = running + taken_at(s, r, t);
		if (use[t] > most) {
			most = use[t];
			worst = t;
		}
	}
	if (most <= s->p->capacity[r])
		return true;
	int32_t first = s->nreasons;
	explain_use(s, r, worst, -1, s->p->capacity[r]);
	s->nconflict = 0;
	for (int32_t k = first; k < s->nreasons; k++)
		learn_conflict(s, s->reasons[k]);
	s->nreasons = first;
	return false;
}

/* The last slot of [from, to) where i does not fit beside what must run; -1: none. */
static int32_t last_clash(const struct learner *s, int32_t r, int32_t i, int32_t from, int32_t to,
	int32_t low, int32_t high)
{
	int32_t room = s->p->capacity[r] - demand_of(s, i, r);
	int32_t own_from = -s->low[2 * i + 1], own_to = s->low[2 * i] + s->p->duration[i];
	for (int32_t t = (to < high ? to : high) - 1; t >= from && t >= low; t--)
		if (s->profile[t] > room && !(own_from <= t && t < own_to))
			return t;
	return -1;
}

static int32_t first_clash(const struct learner *s, int32_t r, int32_t i, int32_t from, int32_t to,
	int32_t low, int32_t high)
{
	int32_t room = s->p->capacity[r] - demand_of(s, i, r);
	int32_t own_from = -s->low[2 * i + 1], own_to = s->low[2 * i] + s->p->duration[i];
	for (int32_t t = from > low ? from : low; t < to && t < high; t++)
		if (s->profile[t] > room && !(own_from <= t && t < own_to))
			return t;
	return -1;
}

/* Pushes i past what must run, from the left (side 0) or the right (side 1). */
static bool push(struct learner *s, int32_t r, int32_t i, int side, int32_t low, int32_t high)
{
	int32_t v = 2 * i + side, d = s->p->duration[i];
	for (;;) {
		int32_t t = side == 0 ? last_clash(s, r, i, s->low[v], s->low[v] + d, low, high)
							  : first_clash(s, r, i, -s->low[v], -s->low[v] + d, low, high);
		if (t < 0)
			return true;
		int32_t first = s->nreasons;
		/* it would overlap t from either side: starts after t - d, or starts at t at the latest */
		add_reason(s, side == 0 ? (struct literal){v, t - d + 1} : (struct literal){v, -t});
		explain_use(s, r, t, i, s->p->capacity[r] - demand_of(s, i, r));
		if (!learn_raise(
				s, v, side == 0 ? t + 1 : d - t, BECAUSE_LITERALS, first, s->nreasons - first))
			return false;
	}
}

bool learn_crew_fits(struct learner *s, int32_t r)
{
	int32_t low, high;
	s->crew_dirty[r] = false;
	if (!make_profile(s, r, &low, &high))
		return false;
	if (low >= high)
		return true;
	for (int32_t k = s->first_member[r]; k < s->first_member[r + 1]; k++) {
		int32_t i = s->members[k];
		if (s->low[2 * i] == -s->low[2 * i + 1])
			continue;
		if (!push(s, r, i, 0, low, high) || !push(s, r, i, 1, low, high))
			return false;
	}
	return true;
}
