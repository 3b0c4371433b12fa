/*
 * What happens by itself: clocks warn and climb their ladders, a new day relights everything, changed rule sets and office
 * days come into force, dead drafts and sessions go. One thread sleeps until the next of these or until woken.
 */
#ifndef APP_TICK_H
#define APP_TICK_H

#include "app/inside.h"

void tick_init(struct app *app);
MUST_USE bool tick_start(struct app *app, struct err *err);
void tick_stop(struct app *app); /* also when it was never started */
void tick_wake(struct app *app); /* from any thread, without locks held */

#endif
