/*
 * Clocks (时限): what happens to the deadlines of a record when it changes, and when time passes.
 *
 * Pure: a clock row goes in with the change or the present instant, and comes out changed. The store keeps the rows, the
 * app calls clock_change() for every committed change and clock_tick() for every row whose `next_at` has come. One row a
 * record and clock; a second start (a reopened issue) is the next `run` of the same row. The same changes in the
 * same order give the same row, so rows can be recomputed from the journal.
 *
 * A clock starts when its record enters a start state, stops in a stop state, and does not run in a pause state: the
 * deadline moves by the working days (or hours) of the pause. A granted extension replaces the deadline; it is to be asked
 * for before expiry (clock_extension_open). Overdue climbs a ladder: rules/clocks/<name>.json.
 */
#ifndef MODEL_CLOCK_H
#define MODEL_CLOCK_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/uuid.h"
#include "model/calendar.h"
#include "model/record.h"
#include "model/register.h"

/* What the store keeps. INSTANT_NONE where there is nothing. */
struct clock_row {
	struct uuid record;
	const char *reg, *clock; /* names; borrowed from the definition or the reader's arena */
	int32_t run;             /* 1 for the first start, 2 after it was started again ... */
	struct instant started,
		due;                /* due: the last millisecond in time; NONE: no deadline is set (yet) */
	struct instant warn_at; /* NONE: no warning wanted, or it was given */
	struct instant stopped; /* NONE: still running or paused */
	struct instant paused_at; /* NONE: not paused now */
	int64_t paused_ms;        /* all pauses of this run that ended */
	int32_t level; /* rungs of the ladder reached; 0: not overdue, or only the holder knows */
	struct instant
		next_level_at; /* when the next rung is reached; NONE: no further one, or not running */
	struct instant next_at; /* the earliest of these still to come: when to tick. NONE: never */
	bool warned, overdue; /* the warning was given; the deadline passed (stays after a late stop) */
	int32_t extensions;   /* granted in this run */
	struct uuid holder;   /* unit on whose desk it is; nil: nobody */
	struct instant held_since; /* since when it is on that desk */
	int32_t handed_on;         /* how often the holder changed in this run */
};

/* One rung: who learns of an overdue clock, and how long after the deadline. */
struct rung {
	struct span after;
	const char *to;     /* "holder", "head", "leader", "top": who is told; see docs/registers.md */
	const char *action; /* "urge", "escalate", "slip", "interview" */
	struct label label;
};

struct ladder {
	const char *name;
	struct label label;
	const char *source;       /* where the rule is published */
	const struct rung *rungs; /* in rising order of `after` */
	int n;
};

struct ladder_set {
	const struct ladder *ladders;
	int n;
};

/* Reads one ladder file; an error names file and JSON path. Results in `a`. */
MUST_USE bool ladder_load(
	struct arena *a, struct slice text, const char *file, struct ladder *out, struct err *err);
/* Every embedded rules/clocks/ file. */
MUST_USE bool ladder_builtin(struct arena *a, struct ladder_set *out, struct err *err);
const struct ladder *ladder_find(const struct ladder_set *set, const char *name); /* NULL: none */
/* Checks that every clock of the catalogue names a ladder that exists. */
MUST_USE bool ladder_check(
	const struct ladder_set *set, const struct catalogue *catalogue, struct err *err);

struct clock_context {
	const struct calendar *calendar;
	const struct ladder_set *ladders;
	int offset_minutes;
};

/* What the caller should tell people about. */
enum clock_event_kind {
	CLOCK_STARTED,
	CLOCK_STOPPED,
	CLOCK_PAUSED,
	CLOCK_RESUMED,
	CLOCK_MOVED,
	CLOCK_HANDED,
	CLOCK_WARNED,
	CLOCK_OVERDUE,
	CLOCK_RAISED,
	CLOCK_EVENTS
};
struct clock_event {
	enum clock_event_kind kind;
	int32_t level_before, level_after; /* CLOCK_RAISED */
	const struct rung *rung;           /* CLOCK_RAISED: the highest one reached now */
};
struct clock_events {
	struct clock_event event[CLOCK_EVENTS];
	int n;
};

/* A row that never ran: the one to begin with when the store has none. */
struct clock_row clock_row_new(
	const struct register_def *reg, const struct clock_def *clock, struct uuid record);
bool clock_running(const struct clock_row *row); /* started, not stopped (perhaps paused) */

/* After a change of its record: `before` is its state before (NULL: it is new), `step` the step taken (NULL: an update),
 * `record` as it is now. Returns whether the row changed. `events` may be NULL. */
bool clock_change(const struct clock_context *ctx, const struct clock_def *clock,
	const struct record *record, const char *before, const char *step, struct instant at,
	struct clock_row *row, struct clock_events *events);
/* When time passes: gives the warning, marks the lapse, climbs the ladder to where it stands now. What fell due while
 * nobody looked comes out once, at its highest rung. Returns whether the row changed. */
bool clock_tick(const struct clock_context *ctx, const struct clock_def *clock, struct instant now,
	struct clock_row *row, struct clock_events *events);
/* The record was taken out of sight: stops it. */
bool clock_drop(struct clock_row *row, struct instant at);

/* May an extension still be asked for? */
bool clock_extension_open(const struct clock_context *ctx, const struct clock_def *clock,
	const struct clock_row *row, struct instant now);
/* Working days left (negative: overdue by so many) on the clock's own count. 0: the last day. */
int clock_days_left(const struct clock_context *ctx, const struct clock_def *clock,
	const struct clock_row *row, struct instant now);

#endif
