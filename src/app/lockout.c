/* See lockout.h. Keys are hashed, so the table has a fixed size whatever is tried. */
#include "app/lockout.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/hash.h"

#define SLOTS 4096 /* keys remembered at once */

struct slot {
	uint64_t key; /* 0: empty */
	int failures;
	struct instant last;
};

struct lockout {
	int free;
	pthread_mutex_t lock;
	struct slot slots[SLOTS];
};

struct lockout *lockout_open(int free_tries)
{
	struct lockout *l = must_alloc(sizeof(*l));
	l->free = free_tries;
	pthread_mutex_init(&l->lock, NULL);
	return l;
}

void lockout_close(struct lockout *l)
{
	if (!l)
		return;
	pthread_mutex_destroy(&l->lock);
	free(l);
}

static uint64_t key_hash(const char *key)
{
	uint64_t h = hash_bytes(key, strlen(key), 0x10cc);
	return h ? h : 1;
}

static struct slot *slot_of(struct lockout *l, uint64_t key, struct instant now)
{
	/* a few places to look at; the oldest of them gives way */
	struct slot *oldest = NULL;
	for (int i = 0; i < 8; i++) {
		struct slot *s = &l->slots[(key + (uint64_t)i) % SLOTS];
		if (s->key == key) {
			if (now.ms - s->last.ms > LOCKOUT_FORGET_HOURS * INT64_C(3600000))
				s->failures = 0;
			return s;
		}
		if (!oldest || !s->key || (oldest->key && s->last.ms < oldest->last.ms))
			oldest = s;
	}
	*oldest = (struct slot){.key = key, .last = now};
	return oldest;
}

static int64_t wait_ms(const struct lockout *l, int failures)
{
	if (failures < l->free)
		return 0;
	int doublings = failures - l->free;
	int64_t seconds = doublings >= 10 ? LOCKOUT_MOST_SECONDS : INT64_C(2) << doublings;
	return (seconds < LOCKOUT_MOST_SECONDS ? seconds : LOCKOUT_MOST_SECONDS) * 1000;
}

int lockout_wait(struct lockout *l, const char *key, struct instant now)
{
	pthread_mutex_lock(&l->lock);
	const struct slot *s = slot_of(l, key_hash(key), now);
	int64_t left = s->last.ms + wait_ms(l, s->failures) - now.ms;
	pthread_mutex_unlock(&l->lock);
	return left > 0 ? (int)((left + 999) / 1000) : 0;
}

void lockout_failed(struct lockout *l, const char *key, struct instant now)
{
	pthread_mutex_lock(&l->lock);
	struct slot *s = slot_of(l, key_hash(key), now);
	s->failures++;
	s->last = now;
	pthread_mutex_unlock(&l->lock);
}

void lockout_passed(struct lockout *l, const char *key)
{
	pthread_mutex_lock(&l->lock);
	uint64_t hash = key_hash(key);
	for (int i = 0; i < 8; i++) {
		struct slot *s = &l->slots[(hash + (uint64_t)i) % SLOTS];
		if (s->key == hash)
			*s = (struct slot){0};
	}
	pthread_mutex_unlock(&l->lock);
}
