/*
 * multipart/form-data (RFC 7578) over a body that is wholly there (in memory, or a spooled upload mapped into it), so
 * parts are slices of it and nothing is copied.
 */
#ifndef WEB_MULTIPART_H
#define WEB_MULTIPART_H

#include "base/arena.h"
#include "base/err.h"

struct part {
	struct slice name;     /* decoded, in `a` */
	struct slice filename; /* last path part only; .s NULL: not a file */
	struct slice type;     /* as sent; may be empty. Never trusted */
	struct slice bytes;    /* borrowed from the body */
};

#define LIMIT_MULTIPART_PARTS 16
#define LIMIT_MULTIPART_HEADER_BYTES 4096

/* content_type: the request's field with its boundary. Parts in `a`. ERR_INPUT, ERR_LIMIT. */
MUST_USE bool multipart_parse(struct arena *a, struct slice content_type, struct slice body,
	struct part **out, int *n, struct err *err);

#endif
