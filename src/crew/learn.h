/*
 * What the files of the learning solver share: its state. Not for others. The idea is in crew_learn.c; rules are in
 * learn_rules.c, crews in learn_crews.c.
 */
#ifndef CREW_LEARN_H
#define CREW_LEARN_H

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
	const int32_t
		*taken; /* [nresources * (taken_slots + 1)] units that are not there; NULL: all are */
	int32_t taken_slots; /* from here on all are there */
	int32_t horizon;
	bool by_start;           /* this run decides by earliest start */
	bool hopeless;           /* the links alone leave no room */
	int32_t runs, keep;      /* restarts so far; rules to keep */
	struct literal *learned; /* variables of the conflict, then the rule made of it */
	int32_t nlearned, learned_room;
};

#define NO_NEED INT32_MIN
/* Room for one more in a growing array. */
static inline void *more(void *items, int32_t n, int32_t *room, size_t size)
{
	if (n < *room)
		return items;
	*room = *room ? *room * 2 : 64;
	return must_realloc(items, (size_t)*room * size);
}

static inline struct literal negated(struct literal l)
{
	return (struct literal){l.v ^ 1, 1 - l.bound};
}

static inline bool holds(const struct learner *s, struct literal l)
{
	return s->low[l.v] >= l.bound;
}
static inline bool fails(const struct learner *s, struct literal l)
{
	return s->low[l.v ^ 1] >= 1 - l.bound;
}

static inline int32_t demand_of(const struct learner *s, int32_t i, int32_t r)
{
	return s->p->demand[i * s->p->nresources + r];
}

/* Raises x[v] to at least `bound`. False: no value is left, and `conflict` says why. */
bool learn_raise(
	struct learner *s, int32_t v, int32_t bound, enum reason_kind why, int32_t ref, int32_t n);
void learn_undo_to(struct learner *s, int32_t level);
void learn_conflict(struct learner *s, struct literal l); /* adds to the conflict */

/* x[v] rose: rules that watch a literal which now fails look for another, or imply their last one. */
bool learn_follow_rules(struct learner *s, int32_t v);
/* Turns the conflict into a rule, steps back and applies it. False: there is no schedule at all. */
bool learn_rule(struct learner *s);
void learn_forget(struct learner *s); /* at the root: throws away the less useful rules */

/* Pushes whatever crew r has no room for; false: a conflict. */
bool learn_crew_fits(struct learner *s, int32_t r);

#endif
