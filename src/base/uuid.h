/* UUIDv7 (RFC 9562): 48 bits of milliseconds, then a counter and random bits, so ids sort by birth. */
#ifndef BASE_UUID_H
#define BASE_UUID_H

#include "base/base.h"
#include "base/date.h"

struct uuid {
	uint8_t b[16];
};
#define UUID_TEXT 37 /* with NUL */

static inline bool uuid_equal(struct uuid a, struct uuid b)
{
	return memcmp(a.b, b.b, 16) == 0;
}
static inline bool uuid_is_nil(struct uuid a)
{
	return uuid_equal(a, (struct uuid){{0}});
}
static inline int uuid_compare(struct uuid a, struct uuid b)
{
	return memcmp(a.b, b.b, 16);
}

struct uuid uuid_v7(struct instant now, const uint8_t random[10]);
/* For the next record of the same instant: more than `last`, by a step that nobody can guess. So what is made together
 * sorts as it was made, and lies together in every index. */
struct uuid uuid_v7_after(struct uuid last, const uint8_t random[10]);
/* A stable id from a name (SHA-256 of space + name, version 8): built-in records have the same id everywhere. */
struct uuid uuid_named(const char *space, struct slice name);
MUST_USE bool uuid_parse(struct slice text, struct uuid *out); /* 8-4-4-4-12 hex */
void uuid_format(struct uuid id, char out[UUID_TEXT]);

#endif
