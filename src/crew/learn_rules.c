/*
 * Rules of the learning solver: what was learned from dead ends, watched by two of their literals each; conflict analysis to
 * the first unique implication point; forgetting.
 */
#include "crew/learn.h"

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
		learn_conflict(s, negated(s->literals[rule->first + k]));
	return false;
}

/* x[v] rose: rules that watch a literal which now fails look for another, or imply their last one. */
bool learn_follow_rules(struct learner *s, int32_t v)
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
							  : learn_raise(s, c[0].v, c[0].bound, BECAUSE_RULE, item.rule, 0);
		w = &s->watches[v];
	}
	for (; at < w->n; at++)
		w->items[kept++] = w->items[at];
	w->n = kept;
	return good;
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

/* The conflict may lie wholly below the present level: back to the level where it arose. False: it holds at the root. */
static bool step_to_conflict(struct learner *s)
{
	int32_t highest = -1;

	for (int32_t k = 0; k < s->nconflict; k++) {
		int32_t at = maker_of(s, s->conflict[k]);
		highest = at > highest ? at : highest;
	}
	if (highest < s->level_start[1])
		return false;
	learn_undo_to(s, level_of(s, highest));
	return true;
}

/* Back along the trail to the one entry of this level that implies the conflict: its variable. What else implies it, below
 * this level, is left in s->learned and s->need. */
static int32_t find_tip(struct learner *s)
{
	int32_t open = 0;

	s->nlearned = 0;
	for (int32_t k = 0; k < s->nconflict; k++)
		ask(s, s->conflict[k], &open);
	for (int32_t at = s->ntrail - 1;; at--) {
		const struct entry *e = &s->trail[at];
		if (s->need[e->v] == NO_NEED || s->maker[e->v] != at)
			continue;
		if (open == 1)
			return e->v;
		int32_t bound = s->need[e->v];
		s->need[e->v] = NO_NEED;
		open--;
		ask_reasons(s, e, bound, &open);
	}
}

/* The variables of s->learned that are needed, each once. */
static int32_t needed(const struct learner *s, int32_t *seen)
{
	int32_t n = 0;

	for (int32_t k = 0; k < s->nlearned; k++) {
		int32_t v = s->learned[k].v;
		bool twice = false;
		for (int32_t j = 0; j < n && !twice; j++)
			twice = seen[j] == v;
		if (!twice && s->need[v] != NO_NEED)
			seen[n++] = v;
	}
	return n;
}

/* What was learned lately counts more; numbers that grew too large are made small all at once. */
static void count_for_more(struct learner *s)
{
	s->bump *= 1.0 / 0.95;
	if (s->bump <= 1e30)
		return;
	for (int32_t v = 0; v < s->nv; v++)
		s->activity[v] *= 1e-30;
	for (int32_t k = 0; k < s->nrules; k++)
		s->rules[k].activity *= 1e-30f;
	s->bump *= 1e-30;
}

/* Turns the conflict into a rule, steps back and applies it. False: there is no schedule at all. */
bool learn_rule(struct learner *s)
{
	s->best->failures++;
	if (s->level == 0 || !step_to_conflict(s))
		return false;
	int32_t tip = find_tip(s);
	int32_t *seen = s->profile; /* scratch */
	int32_t nseen = needed(s, seen);
	struct literal *c = s->learned;
	int32_t n = 0, back = 0, second = -1;
	c[n++] = negated((struct literal){tip, s->need[tip]});
	s->favourite[tip] = s->need[tip];
	for (int32_t k = 0; k < nseen; k++) {
		int32_t v = seen[k];
		if (v == tip || spare(s, v)) /* others imply it */
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
	learn_undo_to(s, back);
	int32_t added = add_rule(s, c, n, n + levels);
	if (fails(s, c[0]))
		return false;
	count_for_more(s);
	(void)learn_raise(
		s, c[0].v, c[0].bound, BECAUSE_RULE, added, 0); /* does not fail: checked above */
	return true;
}

/* ---- forgetting ---- */

static int by_worth(const void *x, const void *y)
{
	const struct rule *a = *(const struct rule *const *)x, *b = *(const struct rule *const *)y;
	return a->activity < b->activity ? -1 : a->activity > b->activity;
}

/* At the root: throws away the less useful half of the long rules and packs the rest. */
void learn_forget(struct learner *s)
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
