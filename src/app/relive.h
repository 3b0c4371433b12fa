/*
 * The days once more: the journal told forward onto a board of its own, which is settled and lit after every transaction
 * and at the end of every day between, as the server did while it happened; clocks follow their records and the calendars
 * of then. What comes out is since when each light stands and how each clock stands, from the journal alone: exact over
 * any span, with or without a server running. Rule sets and definitions are those of now.
 *
 * Used after days without a server, when the remembered days are lost, and by fsck to compare. Takes the read lock while
 * it begins; holds no lock while it works.
 */
#ifndef APP_RELIVE_H
#define APP_RELIVE_H

#include "app/inside.h"
#include "assess/standing.h"
#include "store/care.h"
#include "store/settings.h"

struct relive;

/* From before the first entry, clocks included. */
MUST_USE bool relive_open(struct app *app, struct relive **out, struct err *err);
/* From the end of a past day on, when the lights stood as the store remembers; where the board of that day says otherwise,
 * they changed on that day. Without clocks: deadlines are those of now. */
MUST_USE bool relive_resume(struct app *app, struct date day, struct relive **out, struct err *err);
void relive_close(struct relive *r); /* accepts NULL */

/* Goes on to the end of the journal as it was at the beginning, and to that day. progress may be NULL. */
MUST_USE bool relive_until(
	struct relive *r, struct date day, const struct progress *progress, struct err *err);

/* The journal as it is now becomes the end to go on to. Under the read lock. */
void relive_further(struct relive *r);

struct board *relive_board(struct relive *r);
int64_t relive_journal(const struct relive *r); /* last entry in it */
/* The day of the last change of rule sets or definitions in it; day 0: none. */
struct date relive_rules_day(const struct relive *r);
/* All clock rows; those of one record stand together, one a clock of its register in their order. run 0: never started. Not
 * counted on to any instant. */
const struct clock_row *relive_clocks(const struct relive *r, int *n);
int32_t relive_clocks_of(const struct relive *r, struct uuid record); /* its first; -1: none */

/* One record alone, as it stood after entry `no`: its last change, since when it stood in its state, and the earliest
 * deadline of its clocks, reckoned on the calendars of now. */
struct record_past {
	struct origin origin;
	struct instant state_since, due;
	struct instant since_before; /* what state_since was ahead of that entry, and */
	struct uuid by_before;       /* who had changed it */
};
MUST_USE bool relive_record(struct app *app, const struct register_def *reg, struct uuid id,
	int64_t no, struct record_past *out, struct err *err);

/* The same with its clock rows after that entry and ahead of it, in `a`, in the order of the register's clocks. */
MUST_USE bool relive_clock_rows(struct app *app, struct arena *a, const struct register_def *reg,
	struct uuid id, int64_t no, struct clock_row **rows, struct clock_row **before,
	struct record_past *out, struct err *err);

/* The light columns of a board, by the name under which the store remembers them. */
struct lit {
	const char *name; /* "<rule set>/<light>", "overall", "<rule set>/<light>#run" */
	bool run;         /* of the months that an escalation counts */
	struct standing_columns columns;
};
struct lit_set {
	struct lit *lits;
	int n;
};
struct standing standing_stored(const struct light_row *r);
struct lit_set lit_columns(
	struct arena *a, const struct board *b, const struct ruleset *const *sets, int n);

#endif
