/*
 * Linear probing, at most 70 % full. Removing shifts the following entries back, so there are no tombstones.
 */
#include "base/map.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define SEED UINT64_C(0x51ED270B7A5F3C19)

struct entry {
	char *key; /* owned; NULL: free slot */
	uint32_t n;
	int32_t value;
};

struct map {
	struct entry *slots;
	size_t room, count; /* room is a power of two */
};

struct map *map_open(void)
{
	struct map *m = must_alloc(sizeof(*m));
	m->room = 16;
	m->slots = must_alloc(m->room * sizeof(*m->slots));
	return m;
}

void map_close(struct map *m)
{
	if (!m)
		return;
	for (size_t i = 0; i < m->room; i++)
		free(m->slots[i].key);
	free(m->slots);
	free(m);
}

static size_t map_slot(const struct map *m, const char *key, size_t n)
{
	size_t at = hash_bytes(key, n, SEED) & (m->room - 1);
	while (m->slots[at].key && !(m->slots[at].n == n && memcmp(m->slots[at].key, key, n) == 0))
		at = (at + 1) & (m->room - 1);
	return at;
}

int32_t map_get(const struct map *m, struct slice key)
{
	const struct entry *e = &m->slots[map_slot(m, key.s, key.n)];
	return e->key ? e->value : -1;
}

static void map_double(struct map *m)
{
	struct entry *old = m->slots;
	size_t old_room = m->room;
	m->room *= 2;
	m->slots = must_alloc(m->room * sizeof(*m->slots));
	for (size_t i = 0; i < old_room; i++)
		if (old[i].key)
			m->slots[map_slot(m, old[i].key, old[i].n)] = old[i];
	free(old);
}

void map_put(struct map *m, struct slice key, int32_t value)
{
	assert(value >= 0 && key.n <= UINT32_MAX);
	struct entry *e = &m->slots[map_slot(m, key.s, key.n)];
	if (e->key) {
		e->value = value;
		return;
	}
	if ((m->count + 1) * 10 > m->room * 7) {
		map_double(m);
		e = &m->slots[map_slot(m, key.s, key.n)];
	}
	e->key = must_alloc(key.n + 1);
	if (key.n)
		memcpy(e->key, key.s, key.n);
	e->n = (uint32_t)key.n;
	e->value = value;
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
