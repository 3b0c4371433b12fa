/*
 * Since when a light stands. Beside its severity a project keeps since when, and what stood before, so that what comes
 * back on the day it went, or because the change that ended it is taken back, stands since it began first.
 */
#ifndef ASSESS_STANDING_H
#define ASSESS_STANDING_H

#include "board/board.h"

/* As it stands, and as it stood before: severity, since when, until when. NOTHING32: nothing. */
struct standing {
	int32_t severity, since, before, before_since, before_until;
};
/* Its columns in the project table; -1: there are none. */
struct standing_columns {
	int severity, since, before, before_since, before_until;
};
/* Their cells, borrowed: for a pass over all projects. */
struct standing_cells {
	int32_t *severity, *since, *before, *before_since, *before_until;
};

/* Of "light", "light_<rule set>_<light>" or "light_<rule set>_<light>_run". */
struct standing_columns standing_columns_named(const struct board *b, const char *name);
/* Adds what is missing of them; `label` is the light's. */
struct standing_columns standing_attach(
	struct arena *a, struct board *b, const char *name, struct label label);
bool standing_has(const struct standing_columns *c, int column);

struct standing standing_read(const struct board *b, const struct standing_columns *c, int32_t row);
/* The overall light's severity counts in the rollups: it is set by board_set_light(). */
void standing_write(
	struct board *b, const struct standing_columns *c, int32_t row, struct standing s);

struct standing_cells standing_cells_of(struct board *b, const struct standing_columns *c);
struct standing standing_get(const struct standing_cells *c, int32_t row);
void standing_put(const struct standing_cells *c, int32_t row, struct standing s);
/* With another severity than it has. What stood this morning is kept as before, whatever comes and goes during the day.
 * `back`: what ended on that day or later may come back as if it had never gone. */
struct standing standing_turned(struct standing s, int32_t severity, int32_t today, int32_t back);
/* The same in place, if it is another. */
static inline void standing_turn(
	const struct standing_cells *c, int32_t row, int32_t severity, int32_t today, int32_t back)
{
	if (c->severity[row] != severity)
		standing_put(c, row, standing_turned(standing_get(c, row), severity, today, back));
}

#endif
