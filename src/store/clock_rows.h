/* Clock rows as the store keeps them; they are written with a batch (struct batch, store.h). One a
 * record and clock. */
#ifndef STORE_CLOCK_ROWS_H
#define STORE_CLOCK_ROWS_H

#include "model/clock.h"
#include "store/store.h"

typedef bool clock_each(
	void *self, const struct clock_row *row); /* borrowed for the call; false stops */
/* Rows whose next_at is at or before that instant, the earliest first. */
MUST_USE bool clock_rows_due(
	struct store *s, struct instant now, clock_each *each, void *self, struct err *err);
/* Rows that run or are paused, of one holder (nil: of everybody), the earliest deadline first. */
MUST_USE bool clock_rows_running(
	struct store *s, struct uuid holder, clock_each *each, void *self, struct err *err);
/* All rows of one record, in `a`. */
MUST_USE bool clock_rows_of(struct store *s, struct arena *a, struct uuid record,
	struct clock_row **out, int *n, struct err *err);
MUST_USE bool clock_rows_all(struct store *s, clock_each *each, void *self, struct err *err);

#endif
