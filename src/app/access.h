/*
 * The one gate. may() alone decides whether a person may do something; lists, sums and streams get the same decision as a
 * set of rows (sight). Two questions, both must be answered with yes:
 *
 *  1. Role: does the definition name one of the person's roles for this verb or step? "anyone" is everybody signed in.
 *  2. Sight: is the record in what those roles reach? A role reaches everything (office, leader, auditor, administrator;
 *     with an area on the account that is not the top of its tree: that area), or the person's unit and what is below it
 *     (any unit field of the project), or his area (towns), or the projects that name him (commander, pledge leader,
 *     service officer) or that are listed on his account. What hangs under a project is seen with the project; besides,
 *     a record is seen by its owner unit. Registers that have nothing to do with projects (units, areas, holidays) are
 *     in everybody's sight; those of them that belong to a unit are written only by whoever sees that unit.
 *
 * A register with a keeper (saved views) is a drawer of one's own: in its first state a record is in its keeper's sight
 * alone, later in everybody's; but for reading it needs the keeper, or, past the first state, the office.
 *
 * Further: a token for reading only reads; who came by a link sets a password first; a record in a closed state is
 * changed by the office alone; steps add their own conditions (state, maker and checker: model/step.h).
 * The whole table, per role, as people read it: test/golden/access.tsv.
 */
#ifndef APP_ACCESS_H
#define APP_ACCESS_H

#include "app/inside.h"
#include "app/person.h"
#include "base/arena.h"
#include "board/query.h"
#include "model/record.h"

struct marks {
	const uint64_t *bits;
	int32_t n;
}; /* rows of a table; later rows are not marked */
static inline bool marks_have(const struct marks *marks, int32_t row)
{
	return row >= 0 && row < marks->n && (marks->bits[row / 64] >> (row % 64) & 1);
}

/* What some roles of a person reach, on one board. Lives in the arena; valid until that board changes. */
struct sight {
	bool all;
	struct marks units, areas;
	bool named;            /* projects that name the person count */
	int32_t account;       /* row of register account, -1: none */
	bool system;           /* the program itself */
	const int32_t *listed; /* project rows on the account */
	int nlisted;
};

/* Bits of the person's roles that the definition allows for this verb (VERB_STEP: for this step). */
uint32_t access_roles(const struct person *person, const struct register_def *reg, enum verb verb,
	const struct step *step);
struct sight sight_of(
	struct arena *a, const struct board *b, const struct person *person, uint32_t roles);
bool sight_sees(const struct board *b, const struct sight *sight, int table, int32_t row);
/* Did a value that the change replaced give sight of its record? What is not seen now and was by it has just left. */
bool sight_saw(const struct board *b, const struct sight *sight, const struct change *change);

/* record NULL: the verb in general (is there a button?), or VERB_CREATE with `given`: the new values by field index.
 * Under the read lock. ERR_LOGIN, ERR_DENIED; ERR_MISSING when the record may not even be read. */
MUST_USE bool may(struct app *app, const struct person *person, enum verb verb,
	const struct register_def *reg, const struct record *record, const struct value *given,
	const struct step *step, struct err *err);
/* The same on another board (a past day). */
MUST_USE bool may_on(const struct board *b, const struct person *person, enum verb verb,
	const struct register_def *reg, const struct record *record, const struct value *given,
	const struct step *step, struct err *err);
/* The read scope of a register, for lists. ERR_DENIED when no role may read it at all. */
MUST_USE bool may_list(const struct board *b, struct arena *a, const struct person *person,
	enum verb verb, const struct register_def *reg, struct query_scope *out, struct err *err);

#endif
