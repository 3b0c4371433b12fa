/* The board's `due` column: the earliest deadline among a record's running clocks, kept as clock rows are written. */
#ifndef APP_DUES_H
#define APP_DUES_H

#include "app/inside.h"

/* Of every running clock, when the board is made. Under the write lock, or before anybody else is there. */
MUST_USE bool dues_load(struct app *app, struct err *err);
/* What a change means for its record: the earliest deadline of its clocks that run, none: no clock of it runs. */
struct record_due {
	const char *reg;
	struct uuid id;
	int64_t version; /* of the record with that change */
	struct instant due;
};
struct instant dues_earliest(struct instant so_far, const struct clock_row *row);
/* After a batch with these changes was stored. A record that has moved on meanwhile is left to whoever moved it. Takes
 * the write lock itself. */
void dues_note(struct app *app, const struct record_due *dues, int n);

#endif
