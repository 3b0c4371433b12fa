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
 * Left out on purpose: edge finding and energetic reasoning; they prove more per step and cost more than they gain here.
 */
#include <stdlib.h>

#include "crew/inside.h"

struct literal {
	int32_t v, bound;
};

enum reason_kind { BECAUSE_DECIDED, BECAUSE_LINK, BECAUSE_LITERALS, BECAUSE_RULE };

struct entry { /* one raised bound */
	int32_t v, before, bound;
	int32_t previous; /* the entry that raised v before, -1: none */
	enum reason_kind why;
	int32_t ref; /* LINK: edge; LITERALS: first in reasons; RULE: rule */
	int32_t n;   /* LITERALS: how many */
};

struct rule {         /* at least one of its literals holds */
	int32_t first, n; /* in `literals`; the first two are watched */
	int32_t levels;   /* distinct levels when learned: fewer is better */
	float activity;
	bool dead;
};

struct edge {
	int32_t from, to, lag;
};
struct watch {
	int32_t rule, threshold;
	struct literal other;
};
struct watches {
	struct watch *items;
	int32_t n, room;
};

struct learner {
	struct crew_best *best;
	const struct crew_problem *p;
	int32_t n, nv;
	int32_t *low;    /* [nv] bounds now */
	int32_t *latest; /* [nv] newest entry of v, -1 */
	struct edge *edges;
	int32_t *first_edge; /* [nv + 1] */
	struct entry *trail;
	int32_t ntrail, trail_room, done; /* done: entries already propagated through edges and rules */
	int32_t *level_start;             /* first entry of each level */
	int32_t level, level_room;
	struct literal *reasons;
	int32_t nreasons, reasons_room;
	struct literal *literals;
	int32_t nliterals, literals_room;
	struct rule *rules;
	int32_t nrules, rules_room, alive;
	struct watches *watches; /* [nv] */
	struct literal *conflict;
	int32_t nconflict, conflict_room;
	int32_t *need,
		*maker; /* [nv] conflict analysis: needed bound (NO_NEED) and the entry that made it */
	double *activity, bump;
	int32_t *favourite;              /* [nv] bound of v in the newest rule that has it */
	bool *crew_dirty;                /* [nresources] */
	int32_t *profile;                /* scratch [horizon + 1] */
	int32_t *members, *first_member; /* activities of each crew */
	int32_t horizon;
	bool by_start;           /* this run decides by earliest start */
	bool hopeless;           /* the links alone leave no room */
	int32_t runs, keep;      /* restarts so far; rules to keep */
	struct literal *learned; /* variables of the conflict, then the rule made of it */
	int32_t nlearned, learned_room;
};

#define NO_NEED INT32_MIN

/* Room for one more in a growing array. */
static void *more(void *items, int32_t n, int32_t *room, size_t size)
{
	if (n < *room)
		return items;
	*room = *room ? *room * 2 : 64;
	return must_realloc(items, (size_t)*room * size);
}

static struct literal negated(struct literal l)
{
	return (struct literal){l.v ^ 1, 1 - l.bound};
}

static bool holds(const struct learner *s, struct literal l)
{
	return s->low[l.v] >= l.bound;
}
static bool fails(const struct learner *s, struct literal l)
{
	return s->low[l.v ^ 1] >= 1 - l.bound;
}

static void add_conflict(struct learner *s, struct literal l)
{
	s->conflict = more(s->conflict, s->nconflict, &s->conflict_room, sizeof(*s->conflict));
	s->conflict[s->nconflict++] = l;
}

/* Raises x[v] to at least `bound`. False: no value is left, and `conflict` says why. */
static bool raise(
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
	add_conflict(s, (struct literal){v, bound});
	add_conflict(s, (struct literal){v ^ 1, 1 - bound});
	return false;
}

static void undo_to(struct learner *s, int32_t level)
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
		if (bound > s->low[e->to] && !raise(s, e->to, bound, BECAUSE_LINK, k, 0))
			return false;
	}
	return true;
}

/* ---- rules ---- */

static void watch(struct learner *s, struct literal l, int32_t rule, struct literal other)
{
	struct watches *w = &s->watches[l.v ^ 1];
	w->items = more(w->items, w->n, &w->room, sizeof(*w->items));
	w->items[w->n++] = (struct watch){rule, 1 - l.bound, other};
}

static bool rule_fails(struct learner *s, const struct rule *rule)
{
	s->nconflict = 0;
	for (int32_t k = 0; k < rule->n; k++)
		add_conflict(s, negated(s->literals[rule->first + k]));
	return false;
}

/* x[v] rose: rules that watch a literal which now fails look for another, or imply their last one. */
static bool follow_rules(struct learner *s, int32_t v)
{
	struct watches *w = &s->watches[v];
	int32_t kept = 0, at = 0;
	bool good = true;
	for (; at < w->n && good; at++) {
		struct watch item = w->items[at];
		if (s->low[v] < item.threshold || holds(s, item.other)) {
			w->items[kept++] = item;
			continue;
		}
		struct rule *rule = &s->rules[item.rule];
		if (rule->dead)
			continue;
		struct literal *c = &s->literals[rule->first];
		struct literal failed = {v ^ 1, 1 - item.threshold};
		if (c[0].v == failed.v && c[0].bound == failed.bound) {
			c[0] = c[1];
			c[1] = failed;
		}
		if (holds(s, c[0])) {
			item.other = c[0];
			w->items[kept++] = item;
			continue;
		}
		bool moved = false;
		for (int32_t k = 2; k < rule->n && !moved; k++)
			if (!fails(s, c[k])) {
				c[1] = c[k];
				c[k] = failed;
				watch(
					s, c[1], item.rule, c[0]); /* never the list we walk: c[1] does not fail yet */
				w = &s->watches[v];
				moved = true;
			}
		if (moved)
			continue;
		item.other = c[0];
		w->items[kept++] = item;
		good = fails(s, c[0]) ? rule_fails(s, rule)
							  : raise(s, c[0].v, c[0].bound, BECAUSE_RULE, item.rule, 0);
		w = &s->watches[v];
	}
	for (; at < w->n; at++)
		w->items[kept++] = w->items[at];
	w->n = kept;
	return good;
}

/* ---- crews ---- */

static int32_t demand_of(const struct learner *s, int32_t i, int32_t r)
{
	return s->p->demand[i * s->p->nresources + r];
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
	int32_t spare = -room - 1; /* how much less use would still be too much */
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
		use[t] = running;
		if (running > most) {
			most = running;
			worst = t;
		}
	}
	if (most <= s->p->capacity[r])
		return true;
	int32_t first = s->nreasons;
	explain_use(s, r, worst, -1, s->p->capacity[r]);
	s->nconflict = 0;
	for (int32_t k = first; k < s->nreasons; k++)
		add_conflict(s, s->reasons[k]);
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
		if (!raise(s, v, side == 0 ? t + 1 : d - t, BECAUSE_LITERALS, first, s->nreasons - first))
			return false;
	}
}

static bool crew_fits(struct learner *s, int32_t r)
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

static bool propagate(struct learner *s)
{
	for (;;) {
		while (s->done < s->ntrail) {
			int32_t v = s->trail[s->done++].v;
			if (!follow_edges(s, v) || !follow_rules(s, v))
				return false;
		}
		int32_t r = 0;
		while (r < s->p->nresources && !s->crew_dirty[r])
			r++;
		if (r == s->p->nresources)
			return true;
		if (!crew_fits(s, r))
			return false;
	}
}

/* ---- learning ---- */

static int32_t maker_of(const struct learner *s, struct literal l)
{
	int32_t at = s->latest[l.v];
	while (at >= 0 && s->trail[at].before >= l.bound)
		at = s->trail[at].previous;
	return at;
}

static int32_t level_of(const struct learner *s, int32_t entry)
{
	int32_t low = 0, high = s->level; /* the last level that starts at or before it */
	while (low < high) {
		int32_t mid = (low + high + 1) / 2;
		if (s->level_start[mid] <= entry)
			low = mid;
		else
			high = mid - 1;
	}
	return low;
}

/* Asks for a literal in the conflict; *open counts those made on the present level. */
static void ask(struct learner *s, struct literal l, int32_t *open)
{
	if (s->need[l.v] != NO_NEED && s->need[l.v] >= l.bound)
		return;
	int32_t at = maker_of(s, l), start = s->level_start[s->level];
	if (at < 0 || at < s->level_start[1])
		return; /* holds for ever */
	bool was_open = s->need[l.v] != NO_NEED && s->maker[l.v] >= start;
	if (s->need[l.v] == NO_NEED) {
		s->learned = more(s->learned, s->nlearned, &s->learned_room, sizeof(*s->learned));
		s->learned[s->nlearned++] = l; /* only the variable matters here */
		s->activity[l.v] += s->bump;
	}
	s->need[l.v] = l.bound;
	s->maker[l.v] = at;
	*open += (at >= start) - was_open;
}

/* The reasons of entry `e` for bound `bound` of its variable. */
static void ask_reasons(struct learner *s, const struct entry *e, int32_t bound, int32_t *open)
{
	switch (e->why) {
	case BECAUSE_DECIDED: break;
	case BECAUSE_LINK:
		ask(s, (struct literal){s->edges[e->ref].from, bound - s->edges[e->ref].lag}, open);
		break;
	case BECAUSE_LITERALS:
		for (int32_t k = 0; k < e->n; k++)
			ask(s, s->reasons[e->ref + k], open);
		break;
	case BECAUSE_RULE: {
		struct rule *rule = &s->rules[e->ref];
		rule->activity += (float)s->bump;
		for (int32_t k = 1; k < rule->n; k++)
			ask(s, negated(s->literals[rule->first + k]), open);
		break;
	}
	}
}

/* Is this needed literal implied by the other needed ones in one step? */
static bool spare(const struct learner *s, int32_t v)
{
	const struct entry *e = &s->trail[s->maker[v]];
	int32_t n = e->why == BECAUSE_LINK ? 1
		: e->why == BECAUSE_LITERALS   ? e->n
		: e->why == BECAUSE_RULE       ? s->rules[e->ref].n - 1
									   : 0;
	if (n == 0)
		return false;
	for (int32_t k = 0; k < n; k++) {
		struct literal l = e->why == BECAUSE_LITERALS ? s->reasons[e->ref + k]
			: e->why == BECAUSE_LINK
			? (struct literal){s->edges[e->ref].from, s->need[v] - s->edges[e->ref].lag}
			: negated(s->literals[s->rules[e->ref].first + 1 + k]);
		int32_t at = maker_of(s, l);
		if (at >= s->level_start[1] &&
			!(l.v != v && s->need[l.v] != NO_NEED && s->need[l.v] >= l.bound &&
				s->maker[l.v] < s->maker[v]))
			return false;
	}
	return true;
}

/* Adds a rule whose first literal is to be implied now. */
static int32_t add_rule(struct learner *s, const struct literal *c, int32_t n, int32_t levels)
{
	int32_t first = s->nliterals;
	for (int32_t k = 0; k < n; k++) {
		s->literals = more(s->literals, s->nliterals, &s->literals_room, sizeof(*s->literals));
		s->literals[s->nliterals++] = c[k];
	}
	s->rules = more(s->rules, s->nrules, &s->rules_room, sizeof(*s->rules));
	s->rules[s->nrules] = (struct rule){first, n, levels, (float)s->bump, false};
	if (n > 1) {
		watch(s, c[0], s->nrules, c[1]);
		watch(s, c[1], s->nrules, c[0]);
	}
	s->alive++;
	return s->nrules++;
}

/* Turns the conflict into a rule, steps back and applies it. False: there is no schedule at all. */
static bool learn(struct learner *s)
{
	s->best->failures++;
	if (s->level == 0)
		return false;
	/* the conflict may lie wholly below the present level: go to the level where it arose */
	int32_t highest = -1;
	for (int32_t k = 0; k < s->nconflict; k++) {
		int32_t at = maker_of(s, s->conflict[k]);
		highest = at > highest ? at : highest;
	}
	if (highest < s->level_start[1])
		return false;
	undo_to(s, level_of(s, highest));
	int32_t open = 0;
	s->nlearned = 0;
	for (int32_t k = 0; k < s->nconflict; k++)
		ask(s, s->conflict[k], &open);
	int32_t at = s->ntrail - 1;
	for (;;
		 at--) { /* back along the trail to the one entry of this level that implies the conflict */
		const struct entry *e = &s->trail[at];
		if (s->need[e->v] == NO_NEED || s->maker[e->v] != at)
			continue;
		if (open == 1)
			break;
		int32_t bound = s->need[e->v];
		s->need[e->v] = NO_NEED;
		open--;
		ask_reasons(s, e, bound, &open);
	}
	int32_t tip = s->trail[at].v;
	/* each variable once; those that others imply are left out */
	struct literal *c = s->learned;
	int32_t n = 0, total = s->nlearned;
	int32_t *seen = s->profile; /* scratch: variables of the rule */
	int32_t nseen = 0;
	for (int32_t k = 0; k < total; k++) {
		int32_t v = c[k].v;
		bool twice = false;
		for (int32_t j = 0; j < nseen && !twice; j++)
			twice = seen[j] == v;
		if (!twice && s->need[v] != NO_NEED)
			seen[nseen++] = v;
	}
	c[n++] = negated((struct literal){tip, s->need[tip]});
	s->favourite[tip] = s->need[tip];
	int32_t back = 0, second = -1;
	for (int32_t k = 0; k < nseen; k++) {
		int32_t v = seen[k];
		if (v == tip || spare(s, v))
			continue;
		int32_t level = level_of(s, s->maker[v]);
		s->favourite[v] = s->need[v];
		c[n] = negated((struct literal){v, s->need[v]});
		if (level > back) {
			back = level;
			second = n;
		}
		n++;
	}
	int32_t levels = 1 + (back > 0);
	for (int32_t k = 0; k < nseen; k++)
		s->need[seen[k]] = NO_NEED;
	if (second > 1) {
		struct literal swap = c[1];
		c[1] = c[second];
		c[second] = swap;
	}
	undo_to(s, back);
	int32_t added = add_rule(s, c, n, n + levels);
	if (fails(s, c[0]))
		return false;
	s->bump *= 1.0 / 0.95;
	if (s->bump > 1e30) {
		for (int32_t v = 0; v < s->nv; v++)
			s->activity[v] *= 1e-30;
		for (int32_t k = 0; k < s->nrules; k++)
			s->rules[k].activity *= 1e-30f;
		s->bump *= 1e-30;
	}
	(void)raise(s, c[0].v, c[0].bound, BECAUSE_RULE, added, 0); /* does not fail: checked above */
	return true;
}

/* ---- forgetting ---- */

static int by_worth(const void *x, const void *y)
{
	const struct rule *a = *(const struct rule *const *)x, *b = *(const struct rule *const *)y;
	return a->activity < b->activity ? -1 : a->activity > b->activity;
}

/* At the root: throws away the less useful half of the long rules and packs the rest. */
static void forget(struct learner *s)
{
	struct rule **list = must_alloc(sizeof(*list) * (size_t)(s->nrules + 1));
	int32_t n = 0;
	for (int32_t k = 0; k < s->nrules; k++)
		if (s->rules[k].n > 3)
			list[n++] = &s->rules[k];
	qsort(list, (size_t)n, sizeof(*list), by_worth);
	for (int32_t k = 0; k < n / 2; k++)
		list[k]->dead = true;
	free(list);
	for (int32_t v = 0; v < s->nv; v++)
		s->watches[v].n = 0;
	int32_t kept = 0, nliterals = 0;
	for (int32_t k = 0; k < s->nrules; k++) {
		struct rule rule = s->rules[k];
		if (rule.dead)
			continue;
		memmove(&s->literals[nliterals], &s->literals[rule.first],
			sizeof(*s->literals) * (size_t)rule.n);
		rule.first = nliterals;
		nliterals += rule.n;
		s->rules[kept] = rule;
		if (rule.n > 1) {
			watch(s, s->literals[rule.first], kept, s->literals[rule.first + 1]);
			watch(s, s->literals[rule.first + 1], kept, s->literals[rule.first]);
		}
		kept++;
	}
	s->nrules = s->alive = kept;
	s->nliterals = nliterals;
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
	return raise(s, l.v, l.bound, BECAUSE_DECIDED, 0, 0);
}

/* ---- the search ---- */

/* From now on everything must end before the best finish. At the root. */
static bool tighten(struct learner *s)
{
	int32_t last = s->best->finish == INT32_MAX ? s->horizon : s->best->finish - 1;
	for (int32_t i = 0; i < s->n; i++) {
		int32_t bound = s->p->duration[i] - last;
		if (bound > s->low[2 * i + 1] && !raise(s, 2 * i + 1, bound, BECAUSE_DECIDED, 0, 0))
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
		undo_to(s, 0);
		if (!tighten(s) || !propagate(s))
			return s->best->finish == INT32_MAX ? PROOF_IMPOSSIBLE : PROOF_BEST;
		settle_root(s);
		if (s->alive > s->keep) {
			forget(s);
			s->keep += s->keep / 10;
		}
		s->by_start = run % 2 == 1;
		int64_t end = s->best->failures + 100 * (int64_t)luby((run + 1) / 2);
		for (;;) {
			if (!propagate(s)) {
				if (!learn(s))
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
				if (s->best->finish <= s->best->bound)
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
	return (int32_t)(horizon > 100000000 ? 100000000 : horizon);
}

struct learner *crew_learner_new(struct arena *a, struct crew_best *best)
{
	const struct crew_problem *p = best->problem;
	struct learner *s = ARENA_NEW(a, struct learner);
	*s = (struct learner){.best = best, .p = p, .n = p->n, .nv = 2 * p->n, .bump = 1, .keep = 4000};
	s->horizon = best->finish == INT32_MAX ? longest_horizon(p) : best->finish;
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
	s->hopeless = false;
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
