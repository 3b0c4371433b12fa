/*
 * Crews limited: when can each activity start if crews, cranes and plants are only so many?
 *
 * The resource-constrained project scheduling problem in its general form (RCPSP/max): starts s[i] >= 0 in whole slots, so that
 *   s[to] - s[from] >= lag for every link (a negative lag on a link back is a maximum distance), and
 *   the demands of the activities running in a slot never exceed a crew's capacity.
 * The finish (the latest s[i] + duration[i]) is minimised; where activities have due ends, first the weighted lateness.
 * Crews may be away for a while (absences): what they work on waits or is done before. Activities may be on calendars: they
 * start in a slot that counts, in the others they rest and keep their crews, and so end later.
 *
 * How: lower bounds; priority rules with justification (Valls, Ballestin, Quintanilla 2005); a genetic search over two
 * populations, one scheduled from the left and one from the right (after Debels, Vanhoucke 2005), which keeps improving;
 * and a solver that learns from its failures (lazy clause generation after Ohrimenko, Stuckey, Codish 2009 with the
 * time-table explanations of Schutt, Feydy, Stuckey, Wallace 2011), which proves an answer best where it can and is the
 * only way when links go back.
 *
 * Any-time: `stop` is asked now and then; what is found by then is the answer. Pure: the same problem, seed and count
 * of schedules give the same answer. Memory: everything lives in the arena.
 */
#ifndef CREW_CREW_H
#define CREW_CREW_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"

#define CREW_MOST_DEMAND 32767

struct crew_link {
	int32_t from, to, lag; /* s[to] - s[from] >= lag */
};

struct crew_absence {
	int32_t crew, from, to,
		units; /* that many are away in slots from .. to - 1; absences of a crew add up */
};

/* When the activities on it get on. From slot n on every slot counts. */
struct crew_calendar {
	int32_t n;
	const int32_t *before; /* [n + 1] slots that count before each: from 0 on, up by 0 or 1 */
};

enum {
	CREW_FROM_END = 1,
	CREW_TO_END = 2
}; /* a lag of starts that holds an end of `from`, of `to` */

struct crew_problem {
	int32_t n, nresources, nlinks;
	const int32_t *duration; /* [n] slots, >= 0 */
	const int32_t *demand;   /* [n * nresources], 0..CREW_MOST_DEMAND */
	const int32_t *capacity; /* [nresources] */
	const struct crew_link *links;
	int32_t nabsences;
	const struct crew_absence *absences;
	const int32_t *due,
		*weight; /* [n] slot by which it should have ended, -1: any; cost of a slot after it. NULL: none */
	const uint8_t *
		ends; /* [nlinks] what of a lag is the duration of its ends; for calendars and modes, else NULL */
	int32_t ncalendars;
	const struct crew_calendar *calendars;
	const int32_t *calendar; /* [n] -1: gets on in every slot. NULL: all do */
};

/* Asked about every millisecond of work: false ends the search. `best` is the finish so far, -1 for none. */
typedef bool crew_go_on(void *self, int32_t best, int32_t bound);

struct crew_options {
	uint64_t seed;
	int64_t
		schedules; /* stop after so many, or, where a link says "no later than", so many conflicts; 0: no count */
	int64_t likely; /* schedules there will be time for, if known: sizes the population */
	int32_t
		enough; /* a finish that is good enough: ends there, or when it is proved out of reach. 0: the shortest */
	bool prove; /* try to prove (or improve by) learning as well; needs go_on or schedules to end */
	crew_go_on *go_on; /* NULL: only the counts stop it */
	void *self;
};

enum crew_status {
	CREW_FOUND,      /* a schedule */
	CREW_PROVED,     /* and no better one exists */
	CREW_IMPOSSIBLE, /* proved that none exists */
	CREW_UNKNOWN,    /* stopped before one was found */
};

struct crew_schedule {
	enum crew_status status;
	int32_t finish, bound; /* finish >= bound always */
	int64_t lateness;      /* weighted, of all that have a due end */
	int32_t *start;        /* [n]; NULL when none was found */
	struct label why;      /* IMPOSSIBLE: what makes it so, in `a` or static */
	int64_t schedules,
		failures; /* work done: schedules built (or conflicts, as above), conflicts learned from */
};

/* ERR_INPUT: a duration, demand, link or capacity that cannot be. */
MUST_USE bool crew_solve(struct arena *a, const struct crew_problem *problem,
	const struct crew_options *options, struct crew_schedule *out, struct err *err);

/*
 * The smallest crews that finish by slot `last` (0: as early as with plenty of them), whatever the problem's capacities: `peak` [nresources] and a schedule with
 * them. PROVED: no crew can do with one less unless another gets one more. Not even plenty is in time: out->start is NULL
 * or finishes later, and peak is not written.
 */
MUST_USE bool crew_smallest(struct arena *a, const struct crew_problem *problem, int32_t last,
	const struct crew_options *options, struct crew_schedule *out, int32_t *peak, struct err *err);

/* Other ways to do activities. */
struct crew_mode {
	int32_t duration;
	const int32_t *demand; /* [nresources] */
};
struct crew_modes {
	const struct crew_problem *base; /* every activity in its own way; with `ends` */
	const int32_t *first;            /* [n + 1] modes of i: first[i] .. first[i + 1] - 1 */
	const struct crew_mode *modes;
};
/* As crew_solve(); `chosen` [n] is -1 for an activity's own way, else the mode. Proved only where combinations are few. */
MUST_USE bool crew_solve_modes(struct arena *a, const struct crew_modes *modes,
	const struct crew_options *options, struct crew_schedule *out, int32_t *chosen,
	struct err *err);

/* How many schedules there is about time for. */
int64_t crew_likely(const struct crew_problem *problem, double seconds);

/* Where an activity ends that starts there: later than its duration if it rests. */
int32_t crew_end(const struct crew_problem *problem, int32_t i, int32_t start);
int64_t crew_lateness(const struct crew_problem *problem, const int32_t *start);

/* An independent look: NULL when `start` respects every link and capacity, else a sentence in `a` that says what it breaks. */
const char *crew_check(struct arena *a, const struct crew_problem *problem, const int32_t *start);

#endif
