/* Small things the office keeps: settings by key, since when each light stands, and what to throw
 * away in time. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include "store/store.h"

/* *out has n 0 and s NULL when the key is not set. */
MUST_USE bool setting_get(
	struct store *s, struct arena *a, const char *key, struct slice *out, struct err *err);
MUST_USE bool setting_put(struct store *s, const char *key, struct slice value, struct err *err);

/* Since when a light of a project has its severity. Derived: the board can compute it afresh from
 * the journal. */
struct light_row {
	struct uuid record;
	const char *light; /* "<rule set>/<light>" */
	int32_t severity;
	struct date since;
	int32_t before; /* as it stood before, since when, until when; none: not known */
	struct date before_since, before_until;
};
MUST_USE bool light_put(struct store *s, const struct light_row *rows, int n,
	struct err *err); /* insert or replace, one commit */
typedef bool light_each(void *self, const struct light_row *row);
MUST_USE bool light_scan(struct store *s, light_each *each, void *self, struct err *err);

/* Removes expired sessions, links and tokens, and idempotency keys older than seven days. */
MUST_USE bool store_tidy(struct store *s, struct instant now, struct err *err);

#endif
