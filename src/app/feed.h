/*
 * The live feed. A subscriber has a bounded queue; the writer thread only copies a line into it and wakes it. When the
 * queue overflows the subscriber gets one FEED_RESET and must load afresh.
 */
#ifndef APP_FEED_H
#define APP_FEED_H

#include "app/app.h"
#include "app/person.h"

struct feed; /* one subscription */

/* FEED_GONE: a change took the record, with all that hangs under it, out of the person's sight: {"no","register","id"}. */
enum feed_kind { FEED_CHANGE, FEED_TICK, FEED_RESET, FEED_GONE };
struct feed_event {
	enum feed_kind kind;
	int64_t no;       /* journal number; 0 on a tick */
	const char *data; /* one line of JSON; borrowed until the next feed_take on this feed */
};
/* Called, from any thread and without locks held on the feed, when an empty queue got something. Must only wake. */
typedef void feed_wake(void *self);

/* from: resume after this journal number; -1: from now. A number too far back starts with FEED_RESET. The person is
 * copied. ERR_LIMIT past LIMIT_STREAMS. */
MUST_USE bool feed_open(struct app *app, const struct person *person, int64_t from, feed_wake *wake,
	void *self, struct feed **out, struct err *err); /* owned: feed_close */
void feed_close(
	struct feed *feed); /* accepts NULL; no wake is running or comes after it returned */
/* The last entry of the journal when it opened: a page that shows what stood before asks again. */
int64_t feed_begun(const struct feed *feed);
bool feed_take(struct feed *feed, struct feed_event *out); /* false: nothing waits */
/* The app is closing: end the stream. */
bool feed_ended(const struct feed *feed);
int feed_count(struct app *app);

#endif
