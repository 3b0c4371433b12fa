/* The sending side of the live feed (feed.h): what the app itself calls. */
#ifndef APP_FEED_HUB_H
#define APP_FEED_HUB_H

#include "app/inside.h"

struct feed_hub *feed_hub_open(void);      /* owned: feed_hub_close */
void feed_hub_end(struct feed_hub *hub);   /* tells every subscriber that it is over */
void feed_hub_close(struct feed_hub *hub); /* every feed was closed before; accepts NULL */

/* Under the write lock, after the board was settled. Queues only; feed_wake_all() wakes, without the lock. */
void feed_publish(struct app *app, struct arena *a, const struct change *changes, int n,
	const struct light_change *lights, int nlights);
void feed_wake_all(struct app *app);
/* Once a minute: {"now","today"} to everybody. */
void feed_publish_tick(struct app *app);
/* Lights changed without a change of records (midnight, rules): everybody loads afresh. */
void feed_publish_reset(struct app *app);

#endif
