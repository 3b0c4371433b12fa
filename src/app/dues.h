/* The board's `due` column: the earliest deadline among a record's running clocks, kept as clock rows are written. */
#ifndef APP_DUES_H
#define APP_DUES_H

#include "app/inside.h"

/* Of every running clock, when the board is made. Under the write lock, or before anybody else is there. */
MUST_USE bool dues_load(struct app *app, struct err *err);
/* After a batch with these rows was stored. Takes the write lock itself. */
MUST_USE bool dues_note(struct app *app, const struct clock_row *rows, int n, struct err *err);

#endif
