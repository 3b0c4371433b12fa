/* All bytes in one run, starts and lengths beside it, and an open-addressing table of numbers over them. */
#include "board/dictionary.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define SEED UINT64_C(0x0DA0F1E3C5B79A2D)

struct word {
	size_t start;
	uint32_t n;
};

struct dictionary {
	char *bytes;
	size_t used, room;
	struct word *words;
	int32_t count, words_room;
	int32_t *slots;      /* number, or -1 */
	uint32_t slots_room; /* a power of two */
};

static void make_slots(struct dictionary *d, uint32_t room)
{
	free(d->slots);
	d->slots_room = room;
	d->slots = must_alloc(room * sizeof(*d->slots));
	memset(d->slots, 0xFF, room * sizeof(*d->slots));
}

struct dictionary *dictionary_open(void)
{
	struct dictionary *d = must_alloc(sizeof(*d));
	make_slots(d, 16);
	return d;
}

void dictionary_close(struct dictionary *d)
{
	if (!d)
		return;
	free(d->bytes);
	free(d->words);
	free(d->slots);
	free(d);
}

static void *copy_of(const void *bytes, size_t n)
{
	void *copy = must_alloc(n ? n : 1);
	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

struct dictionary *dictionary_copy(const struct dictionary *d)
{
	struct dictionary *copy = must_alloc(sizeof(*copy));
	*copy = *d;
	copy->bytes = copy_of(d->bytes, d->used);
	copy->room = d->used;
	copy->words = copy_of(d->words, (size_t)d->count * sizeof(*d->words));
	copy->words_room = d->count;
	copy->slots = copy_of(d->slots, d->slots_room * sizeof(*d->slots));
	return copy;
}

static uint32_t slot_of(const struct dictionary *d, struct slice word)
{
	uint32_t at = (uint32_t)hash_bytes(word.s, word.n, SEED) & (d->slots_room - 1);
	while (d->slots[at] >= 0 && !slice_equal(dictionary_word(d, d->slots[at]), word))
		at = (at + 1) & (d->slots_room - 1);
	return at;
}

static void grow_slots(struct dictionary *d)
{
	make_slots(d, d->slots_room * 2);
	for (int32_t i = 0; i < d->count; i++)
		d->slots[slot_of(d, dictionary_word(d, i))] = i;
}

static size_t more(size_t room, size_t least)
{
	size_t grown = room + room / 2;
	return grown > least ? grown : least;
}

int32_t dictionary_put(struct dictionary *d, struct slice word)
{
	uint32_t at = slot_of(d, word);
	if (d->slots[at] >= 0)
		return d->slots[at];
	assert(d->count < INT32_MAX && word.n <= UINT32_MAX);
	size_t start = (d->used + 3) & ~(size_t)3;
	if (start + word.n >= d->room) {
		d->room = more(d->room, start + word.n + 64);
		d->bytes = must_realloc(d->bytes, d->room);
	}
	if (d->count == d->words_room) {
		d->words_room = (int32_t)more((size_t)d->words_room, (size_t)d->count + 8);
		d->words = must_realloc(d->words, (size_t)d->words_room * sizeof(*d->words));
	}
	if (word.n)
		memcpy(d->bytes + start, word.s, word.n);
	d->used = start + word.n;
	d->words[d->count] = (struct word){start, (uint32_t)word.n};
	d->slots[at] = d->count++;
	if ((uint64_t)d->count * 10 > (uint64_t)d->slots_room * 7)
		grow_slots(d);
	return d->count - 1;
}

int32_t dictionary_find(const struct dictionary *d, struct slice word)
{
	return d->slots[slot_of(d, word)];
}

struct slice dictionary_word(const struct dictionary *d, int32_t number)
{
	const struct word *w = &d->words[number];
	return (struct slice){d->bytes + w->start, w->n};
}

int32_t dictionary_count(const struct dictionary *d)
{
	return d->count;
}

size_t dictionary_bytes(const struct dictionary *d)
{
	return d->room + (size_t)d->words_room * sizeof(*d->words) + d->slots_room * sizeof(*d->slots);
}
