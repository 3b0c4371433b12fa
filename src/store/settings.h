/* Small things the office keeps: settings by key, since when each light stands, and what to throw away in time. */
#ifndef STORE_SETTINGS_H
#define STORE_SETTINGS_H

#include "store/store.h"

/* *out has n 0 and s NULL when the key is not set. */
MUST_USE bool setting_get(struct store *s, struct arena *a, const char *key, struct slice *out, struct err *err);
MUST_USE bool setting_put(struct store *s, const char *key, struct slice value, struct err *err);

/* Clock rows, written with a batch. Results in `a`, register and clock names borrowed from the definitions or in `a`. */
MUST_USE bool clock_rows_of(struct store *s, struct arena *a, struct uuid record, struct clock_row **out, int *n,
	struct err *err);
/* Those whose next_at is at or before `now`, earliest first, at most `limit`. */
MUST_USE bool clock_rows_due(struct store *s, struct arena *a, struct instant now, int limit, struct clock_row **out,
	int *n, struct err *err);
typedef bool clock_row_each(void *self, const struct clock_row *row); /* borrowed; false stops */
/* Every clock that was started and not stopped. */
MUST_USE bool clock_rows_running(struct store *s, clock_row_each *each, void *self, struct err *err);

/* Since when a light of a project has its severity. Derived: the board can compute it afresh from the journal. */
struct light_row {
	struct uuid record;
	const char *light;           /* "<rule set>/<light>" */
	int32_t severity;
	struct date since;
};
MUST_USE bool light_put(struct store *s, const struct light_row *rows, int n, struct err *err); /* insert or replace, one commit */
typedef bool light_each(void *self, const struct light_row *row);
MUST_USE bool light_scan(struct store *s, light_each *each, void *self, struct err *err);
MUST_USE bool light_clear(struct store *s, struct err *err);

/* Removes expired sessions, links and tokens, and idempotency keys older than seven days. */
MUST_USE bool store_tidy(struct store *s, struct instant now, struct err *err);

#endif
