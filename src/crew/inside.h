/* What the files of the crew search share. Not for others. */
#ifndef CREW_INSIDE_H
#define CREW_INSIDE_H

#include "crew/crew.h"

struct crew_line;
struct crew_rests;

enum {
	CREW_LOOK_AHEAD = 64, /* words past the horizon that may be read, and written as they were */
	CREW_FEW = 3,         /* links that are looked at without counting them */
};

/* What placing asks of an activity, close together. */
struct crew_activity {
	uint64_t demand; /* of the first four crews */
	int32_t duration;
	bool busy;        /* takes crews for a time */
	uint8_t steps[4]; /* shifts that find a run as long, of at most 16, in bits */
	int32_t before[CREW_FEW],
		lag[CREW_FEW]; /* the first links into it; number n, which starts at 0, for want of more */
	int32_t more, end; /* the others, of the line's: [more .. end) */
};

/* A schedule as it is built. */
struct crew_draft {
	int32_t *list;  /* [n] what is placed one after the other */
	int32_t *start; /* [n + 1] -1: not placed yet; the last one is 0 */
	int32_t *end;   /* [n] with rests only */
	uint64_t *use;  /* [horizon * words] empty between two placings */
	int32_t finish;
};
typedef void crew_place_function(
	const struct crew_line *line, struct crew_draft *drafts, int32_t count);

/* A problem made ready for building schedules in one direction of time. Capacities are packed four to a word (crew_place.c). */
struct crew_line {
	int32_t n, words; /* words of packed capacity per slot */
	int32_t horizon;  /* slots of the profile */
	const int32_t *duration;
	const uint64_t *demand; /* [n * words] */
	const struct crew_activity *activity;
	uint64_t *empty; /* [horizon * words] before anything is placed */
	bool away;       /* crews are, for a while: not every slot is as the first */
	const int32_t *first_before, *before,
		*before_lag;            /* links into i: [first_before[i] .. first_before[i + 1]) */
	const uint8_t *before_ends; /* of each; NULL without rests */
	const int32_t
		*rank; /* place in topological order: breaks ties so that lists respect the links */
	const int32_t *order;           /* activities in that order */
	const struct crew_rests *rests; /* NULL: nothing rests */
	crew_place_function *place;     /* by what this machine can */
};
void crew_place_prepare(struct arena *a, struct crew_line *line); /* finds activity[] and place */
/* Places i, which may rest, if all before it are placed; false if not. */
bool crew_place_resting(const struct crew_line *line, struct crew_draft *draft, int32_t i);
struct crew_rests *crew_rests_new(struct arena *a, const struct crew_problem *p);
/* The finish if only calendars and links held it. */
int32_t crew_resting_bound(struct arena *a, const struct crew_line *line);
static inline size_t crew_profile_words(const struct crew_line *line)
{
	return (size_t)line->horizon * (size_t)line->words + CREW_LOOK_AHEAD;
}

/* Absences make a line one-way: time cannot be turned round. NULL when links make a circle (maximum distances). */
struct crew_line *crew_line_new(struct arena *a, const struct crew_problem *p, int32_t horizon);
/* The same problem with time running backwards. */
struct crew_problem *crew_reversed(struct arena *a, const struct crew_problem *p);
struct crew_draft crew_draft_new(struct arena *a, const struct crew_line *line);
/* Builds schedules that place the activities of their lists one after the other, each as early as it fits. A list need not
 * respect the links: what must go before is placed before. Two at once are faster than one after the other (crew_place.c). */
void crew_place(const struct crew_line *line, struct crew_draft *drafts, int32_t count);

struct crew_clock; /* scratch for placing by the clock */
struct crew_clock *crew_clock_new(struct arena *a, const struct crew_line *line);
/* The schedule that goes through time and at each moment starts, in the order of `list`, whatever has crews. `reverse` has the
 * links backwards. Only where nobody is away and nothing rests. */
void crew_clock_place(struct crew_clock *clock, const struct crew_line *line,
	const struct crew_line *reverse, struct crew_draft *draft);

/* Lists activities by key (>= 0), ties in topological order. `count`, of the largest key + 1, is all 0 before and after. */
void crew_sort(const struct crew_line *line, const int32_t *key, int32_t *list, int32_t *count);

#define CREW_GUARD UINT64_C(0x8000800080008000) /* set where a sum of demands is too much */

struct dice {
	uint64_t s[4];
};
void dice_seed(struct dice *d, uint64_t seed);
uint64_t dice_next(struct dice *d);
static inline int32_t dice_below(struct dice *d, int32_t n) /* 0 .. n - 1 */
{
	return (int32_t)(((dice_next(d) >> 32) * (uint64_t)n) >> 32);
}

/* What every part may use and improve. */
struct crew_best {
	const struct crew_problem *problem;
	const struct crew_options *options;
	int32_t *start;        /* [n] */
	int32_t finish, bound; /* finish INT32_MAX: none yet */
	int64_t lateness;
	int64_t schedules, failures;
	bool stopped;
};
/* One number to compare schedules by: lateness first, then the finish. */
static inline int64_t crew_worth(int64_t lateness, int32_t finish)
{
	return lateness * (INT64_C(1) << 27) + finish;
}
/* Nothing better is wanted, or possible. */
static inline bool crew_good_enough(const struct crew_best *b)
{
	return b->finish != INT32_MAX && b->lateness == 0 &&
		(b->finish <= b->bound || b->finish <= b->options->enough);
}
bool crew_may_go_on(struct crew_best *best); /* asks the caller; remembers a no */

int32_t crew_lower_bound(struct arena *a, const struct crew_problem *p, bool *impossible);
/* The genetic search; keeps its population between runs. */
struct crew_search *crew_search_new(
	struct arena *a, struct crew_best *best, struct crew_line *forward, struct crew_line *backward);
/* Builds up to `schedules` more. False: the caller wants an end, or the best equals the bound. */
bool crew_search_run(struct crew_search *search, int64_t schedules);

enum crew_proof { PROOF_NONE, PROOF_BEST, PROOF_IMPOSSIBLE };
struct learner;
/* The solver that learns; keeps its rules between runs. Beside the arena it holds memory of its own. */
struct learner *crew_learner_new(
	struct arena *a, struct crew_best *best); /* owned: crew_learner_free */
/* Looks for a better schedule until it is proved that there is none, or the caller wants an end, or so many failures. */
enum crew_proof crew_learner_run(struct learner *learner, int64_t failures);
void crew_learner_free(struct learner *learner); /* accepts NULL */

#endif
