/* The last changes, kept in memory for the wall; filled from the journal at the start. */
#ifndef APP_RECENT_H
#define APP_RECENT_H

#include "app/inside.h"

#define RECENT_KEPT 256

struct recent_change {
	int64_t no, version;
	struct instant at;
	struct uuid who, id;
	const struct register_def *reg; /* stays valid until the app closes */
	const char *step; /* of the definition, or "create", "update", "delete", "undo", "undelete" */
	bool lit;
	int32_t light_before, light_after;
};

struct recent {
	struct recent_change kept[RECENT_KEPT];
	int64_t n; /* ever noted; the newest is kept[(n - 1) % RECENT_KEPT] */
};

/* Under the write lock. light NULL: the project's light did not change. */
void recent_note(struct recent *r, const struct change *c, const struct light_change *light);
/* At the start, from the journal's end; also for a past board's last entries: up to and with entry `no`. */
MUST_USE bool recent_load(struct recent *r, struct store *s, int64_t no, struct err *err);
/* "changed":[...] of what the person may see, newest first. */
void recent_json(struct app *app, const struct board *b, const struct recent *r,
	const struct person *person, struct json_writer *w, int most);

#endif
