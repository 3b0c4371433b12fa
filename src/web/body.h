/*
 * The body of one request as it comes in, piece by piece: in memory, or, when it is an upload and grows large, in a file
 * without a name, so that many uploads at once do not fill the memory.
 *
 * MEMORY. What body_read() hands out is borrowed until body_free().
 */
#ifndef WEB_BODY_H
#define WEB_BODY_H

#include "base/err.h"
#include "base/str.h"

struct body {
	const char *folder; /* where a large one goes; NULL: it stays in memory */
	struct str text;
	int file; /* -1: in memory */
	int64_t bytes;
	void *map;
};

#define BODY_INIT ((struct body){.file = -1})

/* The next piece. ERR_BUSY: the disk is full, or cannot be written. */
MUST_USE bool body_add(struct body *b, const char *bytes, size_t n, struct err *err);
/* All of it, when it is there. ERR_SYSTEM. */
MUST_USE bool body_read(struct body *b, struct slice *out, struct err *err);
void body_free(struct body *b);

#endif
