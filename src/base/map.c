/*
 * Linear probing, at most 70 % full. Removing shifts the following entries back, so there are no tombstones.
 */
#include "base/map.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define SEED UINT64_C(0x51ED270B7A5F3C19)

struct key {
	uint32_t n;
	char bytes[];
};

struct entry {
	const struct key *key; /* NULL: free slot */
	uint32_t hash;         /* a key that is another one is told by it alone, nearly always */
	int32_t value;
};

struct map {
	struct arena *keys;
	struct entry *slots;
	size_t room, count; /* room is a power of two, at most 2^32 */
};

struct map *map_open(void)
{
	struct map *m = must_alloc(sizeof(*m));
	m->keys = arena_open();
	m->room = 16;
	m->slots = must_alloc(m->room * sizeof(*m->slots));
	return m;
}

void map_close(struct map *m)
{
	if (!m)
		return;
	arena_close(m->keys);
	free(m->slots);
	free(m);
}

static uint32_t hash_of(struct slice key)
{
	return (uint32_t)hash_bytes(key.s, key.n, SEED);
}

static bool is_key(const struct entry *e, uint32_t hash, struct slice key)
{
	return e->hash == hash && e->key->n == key.n &&
		(key.n == 0 || memcmp(e->key->bytes, key.s, key.n) == 0);
}

static struct entry *map_slot(const struct map *m, uint32_t hash, struct slice key)
{
	size_t at = hash & (m->room - 1);
	while (m->slots[at].key && !is_key(&m->slots[at], hash, key))
		at = (at + 1) & (m->room - 1);
	return &m->slots[at];
}

int32_t map_get(const struct map *m, struct slice key)
{
	const struct entry *e = map_slot(m, hash_of(key), key);
	return e->key ? e->value : -1;
}

/* All keys differ, so none is looked at. */
static void map_double(struct map *m)
{
	struct entry *old = m->slots;
	size_t old_room = m->room;
	m->room *= 2;
	m->slots = must_alloc(m->room * sizeof(*m->slots));
	for (size_t i = 0; i < old_room; i++) {
		size_t at = old[i].hash & (m->room - 1);
		if (!old[i].key)
			continue;
		while (m->slots[at].key)
			at = (at + 1) & (m->room - 1);
		m->slots[at] = old[i];
	}
	free(old);
}

void map_put(struct map *m, struct slice key, int32_t value)
{
	assert(value >= 0 && key.n <= UINT32_MAX);
	uint32_t hash = hash_of(key);
	struct entry *e = map_slot(m, hash, key);
	if (e->key) {
		e->value = value;
		return;
	}
	if ((m->count + 1) * 10 > m->room * 7) {
		map_double(m);
		e = map_slot(m, hash, key);
	}
	struct key *copy = arena_alloc(m->keys, sizeof(*copy) + key.n);
	copy->n = (uint32_t)key.n;
	if (key.n)
		memcpy(copy->bytes, key.s, key.n);
	*e = (struct entry){copy, hash, value};
	m->count++;
}

size_t map_count(const struct map *m)
{
	return m->count;
}

struct idmap {
	struct uuid *keys;
	int32_t *values; /* -1: free slot */
	size_t room, count;
};

static void idmap_make(struct idmap *m, size_t room)
{
	m->room = room;
	m->keys = must_alloc(room * sizeof(*m->keys));
	m->values = must_alloc(room * sizeof(*m->values));
	memset(m->values, 0xFF, room * sizeof(*m->values));
}

struct idmap *idmap_open(void)
{
	struct idmap *m = must_alloc(sizeof(*m));
	idmap_make(m, 16);
	return m;
}

void idmap_close(struct idmap *m)
{
	if (!m)
		return;
	free(m->keys);
	free(m->values);
	free(m);
}

struct idmap *idmap_copy(const struct idmap *m)
{
	struct idmap *copy = must_alloc(sizeof(*copy));
	idmap_make(copy, m->room);
	copy->count = m->count;
	memcpy(copy->keys, m->keys, m->room * sizeof(*m->keys));
	memcpy(copy->values, m->values, m->room * sizeof(*m->values));
	return copy;
}

static size_t idmap_home(const struct idmap *m, struct uuid key)
{
	uint64_t high, low;
	memcpy(&high, key.b, 8);
	memcpy(&low, key.b + 8, 8);
	unsigned __int128 product =
		(unsigned __int128)(high ^ SEED) * (low ^ UINT64_C(0xA0761D6478BD642F));
	return (size_t)((uint64_t)product ^ (uint64_t)(product >> 64)) & (m->room - 1);
}

static size_t idmap_slot(const struct idmap *m, struct uuid key)
{
	size_t at = idmap_home(m, key);
	while (m->values[at] >= 0 && !uuid_equal(m->keys[at], key))
		at = (at + 1) & (m->room - 1);
	return at;
}

int32_t idmap_get(const struct idmap *m, struct uuid key)
{
	return m->values[idmap_slot(m, key)];
}

void idmap_put(struct idmap *m, struct uuid key, int32_t value)
{
	assert(value >= 0);
	size_t at = idmap_slot(m, key);
	if (m->values[at] < 0) {
		if ((m->count + 1) * 10 > m->room * 7) {
			struct idmap old = *m;
			idmap_make(m, old.room * 2);
			for (size_t i = 0; i < old.room; i++)
				if (old.values[i] >= 0) {
					size_t to = idmap_slot(m, old.keys[i]);
					m->keys[to] = old.keys[i];
					m->values[to] = old.values[i];
				}
			free(old.keys);
			free(old.values);
			at = idmap_slot(m, key);
		}
		m->keys[at] = key;
		m->count++;
	}
	m->values[at] = value;
}

size_t idmap_bytes(const struct idmap *m)
{
	return m->room * (sizeof(*m->keys) + sizeof(*m->values)) + sizeof(*m);
}
