/*
 * Since when each light stands. The board keeps it per light while it runs; the store remembers it over a restart
 * (light rows, written now and then and at the end). What changed between the last writing and a crash is found again by
 * living through the days again (relive.h), and so is everything when there are no rows at all.
 */
#ifndef APP_SINCE_H
#define APP_SINCE_H

#include "app/inside.h"

/* After the first relight of a start. */
MUST_USE bool since_restore(struct app *app, struct err *err);
/* Days went by without a server, after a stop or a crash, however many: finds on which of them a light changed. Takes the
 * locks itself. */
MUST_USE bool since_catch_up(struct app *app, struct err *err);
/* Lights changed: they are to be written. Under the write lock. */
void since_note(struct app *app);
/* Writes all rows when something changed. Takes the read lock itself. */
MUST_USE bool since_save(struct app *app, struct err *err);
/* Finds all of it anew from the journal. Takes the locks itself. */
MUST_USE bool since_recompute(struct app *app, struct err *err);

#endif
