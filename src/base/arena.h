/*
 * Memory with a lifetime. An arena hands out zeroed memory that is freed all at once.
 * Running out of memory aborts: there is nothing left to answer with.
 * Not thread-safe: an arena belongs to one request, job or object.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include "base/base.h"

struct arena;

/* A place to return to; everything allocated after it is given back by arena_rewind(). */
struct arena_mark {
	void *block;
	size_t used;
};

struct arena *arena_open(void);    /* owned: free with arena_close */
void arena_close(struct arena *a); /* accepts NULL */

void *arena_alloc(struct arena *a, size_t bytes);          /* zeroed, aligned to 16 */
void *arena_array(struct arena *a, size_t n, size_t size); /* checks n * size for overflow */
/* Grows an array from old_n to new_n elements; the new part is zeroed. In place when it is the last one. */
void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t size);
char *arena_text(struct arena *a, struct slice text); /* NUL-terminated copy in `a` */
char *arena_strdup(struct arena *a, const char *s);   /* NULL stays NULL */
struct slice arena_slice(struct arena *a, struct slice text);
PRINTF_LIKE(2, 3) char *arena_printf(struct arena *a, const char *fmt, ...);

struct arena_mark arena_mark(struct arena *a);
void arena_rewind(struct arena *a, struct arena_mark mark);
size_t arena_bytes(const struct arena *a); /* held from the system */

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, type, n) ((type *)arena_array((a), (n), sizeof(type)))

/* malloc that aborts instead of returning NULL, for the few things that outlive every arena. */
void *must_alloc(size_t bytes); /* zeroed; owned: free() */
void *must_realloc(void *old, size_t bytes);

#endif
