/*
 * One open event stream: a feed of the app written out as Server-Sent Events. It owns no thread and no buffer: the
 * line of the event at hand is borrowed from the feed and copied out as the socket takes it. When nothing waits the
 * stream parks its connection (the server suspends it) and the feed's wake sets it going again.
 */
#ifndef WEB_SSE_H
#define WEB_SSE_H

#include "app/app.h"
#include "app/feed.h"
#include "base/err.h"

struct stream;

/* How the server stops and restarts a connection. Neither may call back into the stream. */
struct stream_door {
	void (*park)(void *connection);
	void (*wake)(void *connection);
};

MUST_USE bool stream_open(struct app *app, const struct person *person, int64_t from,
	struct stream **out, struct err *err); /* owned: stream_close */
void stream_attach(struct stream *stream, const struct stream_door *door, void *connection);
void stream_close(struct stream *stream); /* accepts NULL */

/* Copies what is due. 0: parked; -1: the stream is over. */
long stream_read(struct stream *stream, char *to, size_t room);
/* A comment soon, so that proxies and dead peers notice. */
void stream_ping(struct stream *stream);
/* Ends at the next read. */
void stream_stop(struct stream *stream);

#endif
