/* The wall: key figures beside time progress, lights by unit, area, category and programme, what changed last. */
#ifndef APP_WALL_H
#define APP_WALL_H

#include "app/app.h"
#include "app/person.h"

struct wall_query {
	const char *as_of;       /* "2026-03-31" or NULL */
	const char *area, *unit; /* ids: only this subtree; NULL: all that the person may see */
};

MUST_USE bool app_wall_json(struct app *app, const struct person *person,
	const struct wall_query *query, struct str *out, struct err *err);

#endif
