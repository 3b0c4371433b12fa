/* Compression of answers while they are made (zlib, brotli encoder; this is their door). Fast levels: an answer is read
 * once. */
#ifndef WEB_COMPRESS_H
#define WEB_COMPRESS_H

#include "base/str.h"

/* Replaces nothing and returns false when the result is not smaller. */
MUST_USE bool compress_gzip(struct slice bytes, struct str *out);
MUST_USE bool compress_brotli(struct slice bytes, struct str *out);
/* The other way, for bytes that we compressed ourselves; false: damaged, or longer than most. */
MUST_USE bool compress_gunzip(struct slice bytes, size_t most, struct str *out);

#endif
