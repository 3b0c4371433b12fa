/*
 * Learning from failures: a solver over bounds of start times that explains every step, so that each dead end becomes a
 * rule that is never run into again (lazy clause generation; Ohrimenko, Stuckey, Codish 2009).
 *
 * Every activity i has two variables, x[2i] = start and x[2i + 1] = -start, of which only lower bounds are kept. A literal
 * (v, b) says x[v] >= b; its negation is (v ^ 1, 1 - b). Links are then x[w] >= x[v] + lag for both variables alike.
 * Crews are propagated by their time table: where activities must run whatever happens. A step is explained at one slot
 * (the pointwise explanation of Schutt, Feydy, Stuckey, Wallace 2011). Conflicts are resolved to the first unique
 * implication point; decisions alternate between earliest start and what caused recent failures.
 *
 * Rules are in learn_rules.c, crews in learn_crews.c. Left out on purpose: edge finding and energetic reasoning; they prove
 * more per step and cost more than they gain here.
 */
#include "crew/learn.h"

void learn_conflict(struct learner *s, struct literal l)
{
	s->conflict = more(s->conflict, s->nconflict, &s->conflict_room, sizeof(*s->conflict));
	s->conflict[s->nconflict++] = l;
}

/* Raises x[v] to at least `bound`. False: no value is left, and `conflict` says why. */
bool learn_raise(
	struct learner *s, int32_t v, int32_t bound, enum reason_kind why, int32_t ref, int32_t n)
{
	s->trail = more(s->trail, s->ntrail, &s->trail_room, sizeof(*s->trail));
	s->trail[s->ntrail] = (struct entry){v, s->low[v], bound, s->latest[v], why, ref, n};
	s->latest[v] = s->ntrail++;
	s->low[v] = bound;
	int32_t i = v / 2;
	for (int32_t r = 0; r < s->p->nresources; r++)
		if (s->p->demand[i * s->p->nresources + r])
			s->crew_dirty[r] = true;
	if (bound <= -s->low[v ^ 1])
		return true;
	s->nconflict = 0;
	learn_conflict(s, (struct literal){v, bound});
	learn_conflict(s, (struct literal){v ^ 1, 1 - bound});
	return false;
}

void learn_undo_to(struct learner *s, int32_t level)
{
	if (s->level <= level)
		return;
	int32_t keep = s->level_start[level + 1];
	while (s->ntrail > keep) {
		const struct entry *e = &s->trail[--s->ntrail];
		if (e->why == BECAUSE_LITERALS)
			s->nreasons = e->ref;
		s->low[e->v] = e->before;
		s->latest[e->v] = e->previous;
	}
	s->done = s->ntrail;
	s->level = level;
	for (int32_t r = 0; r < s->p->nresources; r++)
		s->crew_dirty[r] = true;
}

/* ---- links ---- */

static bool follow_edges(struct learner *s, int32_t v)
{
	for (int32_t k = s->first_edge[v]; k < s->first_edge[v + 1]; k++) {
		const struct edge *e = &s->edges[k];
		int32_t bound = s->low[v] + e->lag;
		if (bound > s->low[e->to] && !learn_raise(s, e->to, bound, BECAUSE_LINK, k, 0))
			return false;
	}
	return true;
}
static bool propagate(struct learner *s)
{
	for (;;) {
		while (s->done < s->ntrail) {
			int32_t v = s->trail[s->done++].v;
			if (!follow_edges(s, v) || !learn_follow_rules(s, v))
				return false;
		}
		int32_t r = 0;
		while (r < s->p->nresources && !s->crew_dirty[r])
			r++;
		if (r == s->p->nresources)
			return true;
		if (!learn_crew_fits(s, r))
			return false;
	}
}

/* ---- deciding ---- */

/* The activity to settle next, or -1 when all are. */
static int32_t choose(const struct learner *s)
{
	int32_t pick = -1;
	for (int32_t i = 0; i < s->n; i++) {
		if (s->low[2 * i] == -s->low[2 * i + 1])
			continue;
		if (pick < 0) {
			pick = i;
		} else if (s->by_start) {
			int32_t x = s->low[2 * i], y = s->low[2 * pick];
			if (x < y || (x == y && s->low[2 * i + 1] > s->low[2 * pick + 1]))
				pick = i;
		} else {
			double x = s->activity[2 * i] + s->activity[2 * i + 1],
				   y = s->activity[2 * pick] + s->activity[2 * pick + 1];
			if (x > y)
				pick = i;
		}
	}
	return pick;
}

static bool decide(struct learner *s, int32_t i)
{
	struct literal l = {2 * i + 1, -s->low[2 * i]}; /* start at the earliest */
	if (!s->by_start) {
		/* the bound that recent failures turned on, tried the way that leaves the activity earlier */
		int32_t v = s->activity[2 * i] > s->activity[2 * i + 1] ? 2 * i : 2 * i + 1;
		struct literal wish = {v, s->favourite[v]};
		if (s->favourite[v] != NO_NEED && !holds(s, wish) && !fails(s, wish))
			l = v & 1 ? wish : negated(wish);
	}
	s->level++;
	if (s->level + 2 > s->level_room) {
		s->level_room = 2 * s->level + 64;
		s->level_start =
			must_realloc(s->level_start, sizeof(*s->level_start) * (size_t)s->level_room);
	}
	s->level_start[s->level] = s->ntrail;
	return learn_raise(s, l.v, l.bound, BECAUSE_DECIDED, 0, 0);
}

/* ---- the search ---- */

/* From now on everything must end before the best finish. At the root. */
static bool tighten(struct learner *s)
{
	int32_t last = s->best->finish == INT32_MAX ? s->horizon : s->best->finish - 1;
	if (s->best->options->enough > 0 && last > s->best->options->enough)
		last = s->best->options->enough;
	for (int32_t i = 0; i < s->n; i++) {
		int32_t bound = s->p->duration[i] - last;
		if (bound > s->low[2 * i + 1] && !learn_raise(s, 2 * i + 1, bound, BECAUSE_DECIDED, 0, 0))
			return false;
	}
	return true;
}

static void keep_solution(struct learner *s)
{
	struct crew_best *best = s->best;
	int32_t finish = 0;
	for (int32_t i = 0; i < s->n; i++) {
		best->start[i] = s->low[2 * i];
		int32_t end = s->low[2 * i] + s->p->duration[i];
		finish = end > finish ? end : finish;
	}
	best->finish = finish;
	best->lateness = crew_lateness(s->p, best->start);
}

static int32_t luby(int32_t i)
{
	for (int32_t k = 1;; k++) {
		if (i == (1 << k) - 1)
			return 1 << (k - 1);
		if (i < (1 << k) - 1)
			return luby(i - (1 << (k - 1)) + 1);
	}
}

static void settle_root(struct learner *s)
{
	/* what holds at level 0 needs no reason: level 1 starts after it */
	s->level_start[0] = 0;
	s->level_start[1] = s->ntrail;
}

static enum crew_proof search(struct learner *s, int64_t most)
{
	int64_t until = most ? s->best->failures + most : INT64_MAX;
	for (;;) {
		int32_t run = ++s->runs;
		learn_undo_to(s, 0);
		if (!tighten(s) || !propagate(s))
			return s->best->finish == INT32_MAX ? PROOF_IMPOSSIBLE : PROOF_BEST;
		settle_root(s);
		if (s->alive > s->keep) {
			learn_forget(s);
			s->keep += s->keep / 10;
		}
		s->by_start = run % 2 == 1;
		int64_t end = s->best->failures + 100 * (int64_t)luby((run + 1) / 2);
		for (;;) {
			if (!propagate(s)) {
				if (!learn_rule(s))
					return s->best->finish == INT32_MAX ? PROOF_IMPOSSIBLE : PROOF_BEST;
				if (s->best->failures % 64 == 0 && !crew_may_go_on(s->best))
					return PROOF_NONE;
				continue;
			}
			if (s->best->failures >= until)
				return PROOF_NONE;
			if (s->best->failures >= end)
				break;
			int32_t i = choose(s);
			if (i < 0) {
				keep_solution(s);
				if (crew_good_enough(s->best))
					return PROOF_BEST;
				if (!crew_may_go_on(s->best))
					return PROOF_NONE;
				break;
			}
			(void)decide(s, i);
		}
	}
}

static void make_edges(struct arena *a, struct learner *s)
{
	const struct crew_problem *p = s->p;
	s->edges = ARENA_ARRAY(a, struct edge, 2 * (size_t)p->nlinks + 1);
	s->first_edge = ARENA_ARRAY(a, int32_t, (size_t)s->nv + 2);
	int32_t *count = ARENA_ARRAY(a, int32_t, (size_t)s->nv + 1);
	for (int32_t l = 0; l < p->nlinks; l++) {
		count[2 * p->links[l].from]++;
		count[2 * p->links[l].to + 1]++;
	}
	for (int32_t v = 0; v < s->nv; v++)
		s->first_edge[v + 1] = s->first_edge[v] + count[v];
	memset(count, 0, sizeof(*count) * ((size_t)s->nv + 1));
	for (int32_t l = 0; l < p->nlinks; l++) {
		int32_t from = p->links[l].from, to = p->links[l].to, lag = p->links[l].lag;
		s->edges[s->first_edge[2 * from] + count[2 * from]++] =
			(struct edge){2 * from, 2 * to, lag};
		s->edges[s->first_edge[2 * to + 1] + count[2 * to + 1]++] =
			(struct edge){2 * to + 1, 2 * from + 1, lag};
	}
}

static void make_members(struct arena *a, struct learner *s)
{
	const struct crew_problem *p = s->p;
	s->members = ARENA_ARRAY(a, int32_t, (size_t)(p->n * p->nresources) + 1);
	s->first_member = ARENA_ARRAY(a, int32_t, (size_t)p->nresources + 1);
	int32_t at = 0;
	for (int32_t r = 0; r < p->nresources; r++) {
		s->first_member[r] = at;
		for (int32_t i = 0; i < p->n; i++)
			if (demand_of(s, i, r) && p->duration[i])
				s->members[at++] = i;
	}
	s->first_member[p->nresources] = at;
}

/* No best schedule is longer: every activity waits for at most the longest way out of each one before it. */
static int32_t longest_horizon(const struct crew_problem *p)
{
	int64_t horizon = 0;
	for (int32_t i = 0; i < p->n; i++) {
		int32_t most = p->duration[i];
		for (int32_t l = 0; l < p->nlinks; l++)
			if (p->links[l].from == i && p->links[l].lag > most)
				most = p->links[l].lag;
		horizon += most;
	}
	int32_t away = 0; /* after the last absence all crews are there */
	for (int32_t k = 0; k < p->nabsences; k++)
		away = p->absences[k].to > away ? p->absences[k].to : away;
	horizon += away;
	return (int32_t)(horizon > 100000000 ? 100000000 : horizon);
}

static void note_absences(struct arena *a, struct learner *s)
{
	const struct crew_problem *p = s->p;
	for (int32_t k = 0; k < p->nabsences; k++)
		s->taken_slots = p->absences[k].to > s->taken_slots ? p->absences[k].to : s->taken_slots;
	int32_t row = s->taken_slots + 1,
			*taken = ARENA_ARRAY(a, int32_t, (size_t)row * (size_t)p->nresources + 1);
	for (int32_t k = 0; k < p->nabsences; k++)
		for (int32_t t = p->absences[k].from; t < p->absences[k].to; t++)
			taken[p->absences[k].crew * row + t] += p->absences[k].units;
	for (int32_t r = 0; r < p->nresources; r++)
		for (int32_t t = 0; t < s->taken_slots; t++)
			taken[r * row + t] =
				taken[r * row + t] < p->capacity[r] ? taken[r * row + t] : p->capacity[r];
	s->taken = taken;
	s->horizon = s->horizon > s->taken_slots ? s->horizon : s->taken_slots;
}

struct learner *crew_learner_new(struct arena *a, struct crew_best *best)
{
	const struct crew_problem *p = best->problem;
	struct learner *s = ARENA_NEW(a, struct learner);
	*s = (struct learner){.best = best, .p = p, .n = p->n, .nv = 2 * p->n, .bump = 1, .keep = 4000};
	s->horizon = best->finish == INT32_MAX ? longest_horizon(p) : best->finish;
	note_absences(a, s);
	s->low = ARENA_ARRAY(a, int32_t, (size_t)s->nv);
	s->latest = ARENA_ARRAY(a, int32_t, (size_t)s->nv);
	s->need = ARENA_ARRAY(a, int32_t, (size_t)s->nv);
	s->maker = ARENA_ARRAY(a, int32_t, (size_t)s->nv);
	s->favourite = ARENA_ARRAY(a, int32_t, (size_t)s->nv);
	s->activity = ARENA_ARRAY(a, double, (size_t)s->nv);
	s->watches = ARENA_ARRAY(a, struct watches, (size_t)s->nv);
	s->crew_dirty = ARENA_ARRAY(a, bool, (size_t)p->nresources + 1);
	s->profile = ARENA_ARRAY(a, int32_t, (size_t)(s->horizon > s->nv ? s->horizon : s->nv) + 2);
	for (int32_t i = 0; i < p->n; i++) {
		s->low[2 * i + 1] = p->duration[i] - s->horizon;
		for (int32_t v = 2 * i; v <= 2 * i + 1; v++) {
			s->latest[v] = -1;
			s->need[v] = s->favourite[v] = NO_NEED;
		}
	}
	make_edges(a, s);
	make_members(a, s);
	s->level_room = 64;
	s->level_start = must_alloc(sizeof(*s->level_start) * (size_t)s->level_room);
	for (int32_t v = 0; v < s->nv && !s->hopeless;
		 v++) /* the first propagation starts from every bound */
		s->hopeless = !follow_edges(s, v);
	for (int32_t r = 0; r < p->nresources; r++)
		s->crew_dirty[r] = true;
	settle_root(s);
	return s;
}

enum crew_proof crew_learner_run(struct learner *s, int64_t failures)
{
	if (s->hopeless)
		return s->best->finish == INT32_MAX ? PROOF_IMPOSSIBLE : PROOF_BEST;
	return search(s, failures);
}

void crew_learner_free(struct learner *s)
{
	if (!s)
		return;
	for (int32_t v = 0; v < s->nv; v++)
		free(s->watches[v].items);
	free(s->learned);
	free(s->level_start);
	free(s->trail);
	free(s->reasons);
	free(s->literals);
	free(s->rules);
	free(s->conflict);
}
