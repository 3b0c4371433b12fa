/*
 * A chain of blocks; each is twice the one before, up to 1 MiB. A request larger than that gets a block of its own.
 * Rewinding frees the blocks opened since the mark, but for the largest usual one: whoever rewinds for each row or each
 * commit opens it again at once. Under the address sanitizer all are freed, so that what is kept too long is found.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define FIRST_BLOCK 4096
#define LARGEST_BLOCK (1024 * 1024)

struct block {
	struct block *before;
	size_t room; /* bytes after the header */
	/* 48 bytes with these and 16 of the allocator's: what is large begins on a line of the cache */
	size_t padding[4];
};

struct arena {
	struct block *last;
	size_t used;         /* of the last block */
	size_t bytes;        /* of all blocks */
	char *latest;        /* the newest allocation, which may grow in place */
	struct block *spare; /* zeroed, at most LARGEST_BLOCK; or NULL */
};

static void out_of_memory(size_t bytes)
{
	fprintf(stderr, "<2>guatu: out of memory for %zu bytes\n", bytes);
	abort();
}

void *must_alloc(size_t bytes)
{
	void *p = calloc(1, bytes ? bytes : 1);
	if (!p)
		out_of_memory(bytes);
	return p;
}

void *must_realloc(void *old, size_t bytes)
{
	void *p = realloc(old, bytes ? bytes : 1);
	if (!p)
		out_of_memory(bytes);
	return p;
}

static void add_block(struct arena *a, size_t at_least)
{
	size_t room = a->last ? a->last->room * 2 : FIRST_BLOCK;
	if (room > LARGEST_BLOCK)
		room = LARGEST_BLOCK;
	if (room < at_least)
		room = at_least;
	struct block *block = a->spare && a->spare->room >= at_least ? a->spare : NULL;
	if (block) {
		a->spare = NULL;
		room = block->room;
	} else {
		block = must_alloc(sizeof(*block) + room);
		block->room = room;
	}
	block->before = a->last;
	a->last = block;
	a->used = 0;
	a->bytes += sizeof(*block) + room;
}

struct arena *arena_open(void)
{
	return must_alloc(sizeof(struct arena));
}

/* `used` bytes of the block are not zero. */
static void drop_block(struct arena *a, struct block *block, size_t used)
{
#ifndef __SANITIZE_ADDRESS__
	if (block->room <= LARGEST_BLOCK && (!a->spare || a->spare->room < block->room)) {
		memset(block + 1, 0, used);
		free(a->spare);
		a->spare = block;
		return;
	}
#endif
	free(block);
}

static void drop_until(struct arena *a, const struct block *end)
{
	for (size_t used = a->used; a->last != end; used = a->last ? a->last->room : 0) {
		struct block *block = a->last;
		a->last = block->before;
		a->bytes -= sizeof(*block) + block->room;
		drop_block(a, block, used);
	}
}

void arena_close(struct arena *a)
{
	if (!a)
		return;
	while (a->last) {
		struct block *block = a->last;
		a->last = block->before;
		free(block);
	}
	free(a->spare);
	free(a);
}

void *arena_alloc(struct arena *a, size_t bytes)
{
	if (bytes > SIZE_MAX - 4096)
		out_of_memory(bytes);
	bytes = (bytes + 15) & ~(size_t)15;
	if (!a->last || a->last->room - a->used < bytes)
		add_block(a, bytes);
	char *p = (char *)(a->last + 1) + a->used;
	a->used += bytes;
	a->latest = p;
	return p;
}

void *arena_array(struct arena *a, size_t n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(n, size, &bytes))
		out_of_memory(SIZE_MAX);
	return arena_alloc(a, bytes);
}

void *arena_grow(struct arena *a, void *old, size_t old_n, size_t new_n, size_t size)
{
	size_t bytes;
	if (__builtin_mul_overflow(new_n, size, &bytes))
		out_of_memory(SIZE_MAX);
	if (old && old == a->latest && bytes <= SIZE_MAX - 4096) {
		size_t start = (size_t)((char *)old - (char *)(a->last + 1));
		size_t rounded = (bytes + 15) & ~(size_t)15;
		if (a->last->room - start >= rounded) {
			if (start + rounded > a->used)
				a->used = start + rounded;
			return old;
		}
	}
	void *p = arena_alloc(a, bytes);
	if (old_n)
		memcpy(p, old, old_n * size);
	return p;
}

char *arena_text(struct arena *a, struct slice text)
{
	char *p = arena_alloc(a, text.n + 1);
	if (text.n)
		memcpy(p, text.s, text.n);
	return p;
}

char *arena_strdup(struct arena *a, const char *s)
{
	return s ? arena_text(a, slice_of(s)) : NULL;
}

struct slice arena_slice(struct arena *a, struct slice text)
{
	return (struct slice){arena_text(a, text), text.n};
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
	va_list args, again;
	va_start(args, fmt);
	va_copy(again, args);
	int n = vsnprintf(NULL, 0, fmt, args);
	va_end(args);
	assert(n >= 0);
	char *p = arena_alloc(a, (size_t)n + 1);
	vsnprintf(p, (size_t)n + 1, fmt, again);
	va_end(again);
	return p;
}

struct arena_mark arena_mark(struct arena *a)
{
	return (struct arena_mark){a->last, a->used};
}

void arena_rewind(struct arena *a, struct arena_mark mark)
{
	bool same_block = a->last == mark.block;
	drop_until(a, mark.block);
	/* what is handed out again must be zero again */
	if (a->last)
		memset((char *)(a->last + 1) + mark.used, 0,
			(same_block ? a->used : a->last->room) - mark.used);
	a->used = mark.used;
	a->latest = NULL;
}

size_t arena_bytes(const struct arena *a)
{
	return a->bytes + (a->spare ? sizeof(*a->spare) + a->spare->room : 0) + sizeof(*a);
}
