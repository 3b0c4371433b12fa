/* What the answers about single records have in common. */
#ifndef APP_DETAIL_H
#define APP_DETAIL_H

#include "app/access.h"
#include "app/inside.h"

/* "key": the local instant, or null */
void instant_key(const struct app *app, struct json_writer *w, const char *key, struct instant t);
/* "key": {"none":n,"green":n,...}, from the slots of a rollup */
void light_counts_json(struct json_writer *w, const char *key, const int64_t lights[8]);
/* A record that the person may read; ERR_LOGIN, ERR_MISSING. */
MUST_USE bool record_to_read(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, const struct register_def **def, struct record **record,
	struct err *err);
/* Who may read accounts may look whether all is well; who may administer them may take copies. */
MUST_USE bool app_may_look_after(
	struct app *app, const struct person *person, enum verb verb, struct err *err);

#endif
