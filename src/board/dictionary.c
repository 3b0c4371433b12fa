/* All bytes in one run, starts and lengths beside it, and an open-addressing table of numbers over them. */
#include "board/dictionary.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define SEED UINT64_C(0x0DA0F1E3C5B79A2D)

struct word {
	size_t start;
	uint32_t n, hash;
};

/* Words in order, at odd ranks; what was put later stands at the even ones between. */
struct ranking {
	int32_t *order, *ranks;
	int32_t ordered, count, room; /* words in `order`; words with a rank */
};

struct dictionary {
	char *bytes;
	size_t used, room;
	struct word *words;
	int32_t count, words_room;
	int32_t *slots;                  /* number, or -1 */
	uint32_t slots_room;             /* a power of two */
	struct ranking *_Atomic ranking; /* NULL: nobody has asked yet */
	pthread_mutex_t ranking_lock;
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
	pthread_mutex_init(&d->ranking_lock, NULL);
	return d;
}

static void drop_ranking(struct dictionary *d)
{
	struct ranking *r = atomic_load(&d->ranking);
	if (!r)
		return;
	free(r->order);
	free(r->ranks);
	free(r);
	atomic_store(&d->ranking, NULL);
}

void dictionary_close(struct dictionary *d)
{
	if (!d)
		return;
	drop_ranking(d);
	pthread_mutex_destroy(&d->ranking_lock);
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
	pthread_mutex_init(&copy->ranking_lock, NULL);
	copy->bytes = copy_of(d->bytes, d->used);
	copy->used = copy->room = d->used;
	copy->count = d->count;
	copy->slots_room = d->slots_room;
	copy->words = copy_of(d->words, (size_t)d->count * sizeof(*d->words));
	copy->words_room = d->count;
	copy->slots = copy_of(d->slots, d->slots_room * sizeof(*d->slots));
	return copy;
}

static uint32_t hash_of(struct slice word)
{
	return (uint32_t)hash_bytes(word.s, word.n, SEED);
}

/* The bytes of a word are looked at only where the hash is the same. */
static uint32_t slot_of(const struct dictionary *d, uint32_t hash, struct slice word)
{
	uint32_t at = hash & (d->slots_room - 1);
	while (d->slots[at] >= 0 &&
		!(d->words[d->slots[at]].hash == hash &&
			slice_equal(dictionary_word(d, d->slots[at]), word)))
		at = (at + 1) & (d->slots_room - 1);
	return at;
}

static void grow_slots(struct dictionary *d)
{
	make_slots(d, d->slots_room * 2);
	for (int32_t i = 0; i < d->count; i++) {
		uint32_t at = d->words[i].hash & (d->slots_room - 1);
		while (d->slots[at] >= 0)
			at = (at + 1) & (d->slots_room - 1);
		d->slots[at] = i;
	}
}

static size_t more(size_t room, size_t least)
{
	size_t grown = room + room / 2;
	return grown > least ? grown : least;
}

/* ---- order ---- */

static int compare_words(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = n ? memcmp(a.s, b.s, n) : 0;
	return c ? c : (a.n > b.n) - (a.n < b.n);
}

static int by_bytes(const void *x, const void *y, void *d)
{
	return compare_words(
		dictionary_word(d, *(const int32_t *)x), dictionary_word(d, *(const int32_t *)y));
}

static int32_t rank_among(const struct dictionary *d, const struct ranking *r, struct slice word)
{
	int32_t low = 0, high = r->ordered;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		int c = compare_words(dictionary_word(d, r->order[middle]), word);
		if (c == 0)
			return 2 * middle + 1;
		if (c < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return 2 * low;
}

static struct ranking *make_ranking(const struct dictionary *d)
{
	struct ranking *r = must_alloc(sizeof(*r));
	r->ordered = r->count = d->count;
	r->room = d->count + 64;
	r->order = must_alloc((size_t)d->count * sizeof(*r->order) + 1);
	r->ranks = must_alloc((size_t)r->room * sizeof(*r->ranks));
	for (int32_t i = 0; i < d->count; i++)
		r->order[i] = i;
	qsort_r(r->order, (size_t)d->count, sizeof(*r->order), by_bytes, (void *)(uintptr_t)d);
	for (int32_t i = 0; i < d->count; i++)
		r->ranks[r->order[i]] = 2 * i + 1;
	return r;
}

/* The newest word gets its place; when too many share the places between, the order is made anew at the next question. */
static void rank_new(struct dictionary *d)
{
	struct ranking *r = atomic_load_explicit(&d->ranking, memory_order_relaxed);
	if (!r)
		return;
	if (r->count - r->ordered > r->ordered / 4 + 1000) {
		drop_ranking(d);
		return;
	}
	if (r->count == r->room) {
		r->room += r->room / 2;
		r->ranks = must_realloc(r->ranks, (size_t)r->room * sizeof(*r->ranks));
	}
	r->ranks[r->count++] = rank_among(d, r, dictionary_word(d, d->count - 1));
}

static const struct ranking *ranking_of(const struct dictionary *d)
{
	struct dictionary *own = (void *)(uintptr_t)d; /* what is remembered is not what is said */
	struct ranking *r = atomic_load_explicit(&own->ranking, memory_order_acquire);
	if (r)
		return r;
	pthread_mutex_lock(&own->ranking_lock);
	r = atomic_load(&own->ranking);
	if (!r) {
		r = make_ranking(d);
		atomic_store_explicit(&own->ranking, r, memory_order_release);
	}
	pthread_mutex_unlock(&own->ranking_lock);
	return r;
}

const int32_t *dictionary_ranks(const struct dictionary *d)
{
	return ranking_of(d)->ranks;
}

int32_t dictionary_rank_of(const struct dictionary *d, struct slice word)
{
	return rank_among(d, ranking_of(d), word);
}

/* ---- words ---- */

int32_t dictionary_put(struct dictionary *d, struct slice word)
{
	uint32_t hash = hash_of(word), at = slot_of(d, hash, word);
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
	d->words[d->count] = (struct word){start, (uint32_t)word.n, hash};
	d->slots[at] = d->count++;
	rank_new(d);
	if ((uint64_t)d->count * 10 > (uint64_t)d->slots_room * 7)
		grow_slots(d);
	return d->count - 1;
}

int32_t dictionary_find(const struct dictionary *d, struct slice word)
{
	return d->slots[slot_of(d, hash_of(word), word)];
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
	const struct ranking *r = atomic_load((struct ranking * _Atomic *)(uintptr_t)&d->ranking);
	size_t ranking = r ? ((size_t)r->ordered + (size_t)r->room) * sizeof(int32_t) : 0;
	return ranking + d->room + (size_t)d->words_room * sizeof(*d->words) +
		d->slots_room * sizeof(*d->slots);
}
