/* Which projects a wall is about: what wall.c and trend.c share. */
#ifndef APP_WALL_SIGHT_H
#define APP_WALL_SIGHT_H

#include "app/wall.h"
#include "base/arena.h"
#include "board/query.h"

/* One bit a project row, in `a`: what the scope shows of the unit and area asked for. NULL in *out: everything. */
MUST_USE bool wall_rows_in_sight(const struct board *b, struct arena *a,
	const struct query_scope *scope, const struct wall_query *query, const uint64_t **out,
	struct err *err);

#endif
