/* Human numbers: "WT{yyyy}-{seq:4}" -> WT2026-0007. Counted per register and prefix, from the
 * largest there is (deleted records keep theirs), so a number never comes twice and no counter can
 * be lost or altered. */
#ifndef STORE_NUMBERING_H
#define STORE_NUMBERING_H

#include "base/date.h"
#include "store/db.h"
#include "store/tables.h"

struct numbering;
struct numbering *numbering_open(void); /* owned: numbering_close */
void numbering_close(struct numbering *n);
/* The next number, in `a`. *out NULL: the register has none. */
MUST_USE bool numbering_next(struct numbering *n, struct arena *a, struct db *db,
	const struct table *t, struct instant at, const char **out, struct err *err);
/* A number that was given from outside: the count goes on behind it. */
void numbering_seen(
	struct numbering *n, const struct table *t, struct instant at, const char *number);
/* What was counted since the mark was undone in the database: count on from there. */
void numbering_mark(struct numbering *n);
void numbering_undo(struct numbering *n);
/* All begin again from the tables. */
void numbering_forget(struct numbering *n);

#endif
