/* Digests (OpenSSL's libcrypto; this is its door) and a fast keyed hash for tables in memory. */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/base.h"

enum digest { DIGEST_SM3, DIGEST_SHA256 };
#define DIGEST_BYTES 32

void digest_of(enum digest kind, const void *bytes, size_t n, uint8_t out[DIGEST_BYTES]);
struct digest_run;                                /* a digest over pieces; not thread-safe */
struct digest_run *digest_open(enum digest kind); /* owned: free with digest_close */
void digest_add(struct digest_run *run, const void *bytes, size_t n);
void digest_end(struct digest_run *run, uint8_t out[DIGEST_BYTES]); /* and starts afresh */
void digest_close(struct digest_run *run);
MUST_USE bool digest_parse(const char *name, enum digest *out); /* "sm3", "sha256" */
const char *digest_name(enum digest kind);

void hex_encode(const uint8_t *bytes, size_t n, char *out);          /* 2n + 1 bytes */
MUST_USE bool hex_decode(struct slice text, uint8_t *out, size_t n); /* exactly n bytes */
uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed);     /* not for secrets */

#endif
