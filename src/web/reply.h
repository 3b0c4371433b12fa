/*
 * An answer being written. Handlers fill the body and set a status; errors become RFC 9457 problem documents in the
 * reader's language. Lives as long as its request; text given to it must live in the request's arena or be static.
 */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include "base/err.h"
#include "base/str.h"
#include "web/route.h"

struct stream;

struct reply_header {
	const char *name, *value;
};

#define REPLY_HEADERS 16

struct reply {
	int status;         /* 0: not answered yet; 200 when the body is written without one */
	const char *type;   /* media type; NULL: application/json */
	struct str body;    /* owned */
	struct slice fixed; /* instead of body: static bytes (assets), never copied */
	int file;           /* instead of body: a descriptor the server closes; -1: none */
	int64_t file_bytes;
	struct stream *stream; /* instead of body: events, owned */
	bool close;            /* end the connection after it */
	bool packed;           /* body is compressed already, or not worth it */
	struct reply_header headers[REPLY_HEADERS];
	int nheaders;
};

#define REPLY_INIT ((struct reply){.file = -1})

void reply_header(struct reply *rep, const char *name, const char *value);   /* value borrowed */
void reply_version(struct request *req, struct reply *rep, int64_t version); /* ETag: "7" */
/* Failure as a problem document with the status of the error's code; logs what is our own fault. */
void reply_err(struct request *req, struct reply *rep, const struct err *err);
/* The same with a status that has no code of its own: 400, 405, 415, 428 ... */
void reply_status(struct request *req, struct reply *rep, int status, const struct err *err);

/* A failure with all there is to say. */
struct problem {
	int status; /* 0: of the error's code */
	const struct err *err;
	const struct err *errors; /* several wrong fields */
	int nerrors;
	struct slice yours, current; /* a stale version: JSON objects; n 0: none */
	int wait_seconds;
};
void reply_problem(struct request *req, struct reply *rep, const struct problem *problem);
/* A write that was refused, with every wrong field or both versions. */
void reply_refused(
	struct request *req, struct reply *rep, const struct submitted *what, const struct err *err);

/* Compresses the body when that pays and the client takes it. */
void reply_pack(struct reply *rep, unsigned encodings);
void reply_free(struct reply *rep); /* all but the stream */

#endif
