/*
 * Growing waits after wrong passwords, per key (a login, an address). In memory: a restart forgives, which costs a
 * guesser more than it gives. The table is bounded; the key whose last failure is oldest gives way.
 */
#ifndef APP_LOCKOUT_H
#define APP_LOCKOUT_H

#include "base/base.h"
#include "base/date.h"

#define LOCKOUT_MOST_SECONDS 900
#define LOCKOUT_FORGET_HOURS 12

struct lockout;
/* free_tries: wrong tries that cost nothing. */
struct lockout *lockout_open(int free_tries); /* owned: lockout_close */
void lockout_close(struct lockout *l);        /* accepts NULL */
/* Seconds that this key still has to wait; 0: may try. Thread-safe, as all here. */
int lockout_wait(struct lockout *l, const char *key, struct instant now);
void lockout_failed(struct lockout *l, const char *key, struct instant now);
void lockout_passed(struct lockout *l, const char *key);

#endif
