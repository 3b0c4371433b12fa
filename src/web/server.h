/*
 * The web door: HTTP in, one app call, HTTP out (docs/http.md).
 *
 * libmicrohttpd parses; we check again what it takes too lightly (http.h). Event threads read and write sockets and answer
 * what is quick; everything that may wait (a durable write, a password, an import) runs on worker threads while its
 * connection is suspended. Streams cost a suspended connection and a feed, no thread.
 */
#ifndef WEB_SERVER_H
#define WEB_SERVER_H

#include "app/app.h"
#include "base/err.h"

struct web;

struct web_options {
	const char *address; /* "127.0.0.1" (NULL), "0.0.0.0", "::" ... */
	int port;            /* 0: any free one, see web_port */
	int event_threads;   /* 0: 2 */
	int workers; /* 0: 96; more than the durable writers expected at once, so that they share one sync */
	int connections;         /* 0: 8192 */
	int timeout_seconds;     /* of a silent connection; 0: 30. Streams send a comment every 15 s */
	const char *certificate; /* files in PEM; both or none. Then HTTPS only */
	const char *key;
	const char
		*spool; /* folder for uploads on their way in (deleted at once); NULL: the system's */
	const char *backups; /* folder for backups asked for over HTTP; NULL: refused */
	bool behind_https;   /* a proxy speaks HTTPS for us: cookies get Secure */
	const char *
		metrics_token; /* NULL: /metrics answers only to loopback addresses; else to this bearer token too */
	bool log_requests; /* a line a request; otherwise only failures of our own */
};

/* Listens and answers from then on, on its own threads. */
MUST_USE bool web_serve(
	struct app *app, const struct web_options *options, struct web **out, struct err *err);
int web_port(const struct web *web);
/* Stops listening, lets running requests finish, ends streams. Call before app_close. Accepts NULL. */
void web_stop(struct web *web);

#endif
