/*
 * Since when a light stands. Beside its severity a project keeps since when, and what stood before, so that what comes
 * back on the day it went, or because the change that ended it is taken back, stands since it began first.
 */
#ifndef ASSESS_SPELL_H
#define ASSESS_SPELL_H

#include "board/board.h"

/* As it stands, and as it stood before: severity, since when, until when. NOTHING32: nothing. */
struct spell {
	int32_t severity, since, before, before_since, before_until;
};
/* Its columns in the project table; -1: there are none. */
struct spell_columns {
	int severity, since, before, before_since, before_until;
};
/* Their cells, borrowed: for a pass over all projects. */
struct spell_cells {
	int32_t *severity, *since, *before, *before_since, *before_until;
};

/* Of "light", "light_<rule set>_<light>" or "light_<rule set>_<light>_run". */
struct spell_columns spell_columns_named(const struct board *b, const char *name);
/* Adds what is missing of them; `label` is the light's. */
struct spell_columns spell_attach(
	struct arena *a, struct board *b, const char *name, struct label label);
bool spell_has(const struct spell_columns *c, int column);

struct spell spell_read(const struct board *b, const struct spell_columns *c, int32_t row);
/* The overall light's severity counts in the rollups: it is set by board_set_light(). */
void spell_write(struct board *b, const struct spell_columns *c, int32_t row, struct spell s);

struct spell_cells spell_cells_of(struct board *b, const struct spell_columns *c);
struct spell spell_get(const struct spell_cells *c, int32_t row);
void spell_put(const struct spell_cells *c, int32_t row, struct spell s);
/* With another severity than it has. What stood this morning is kept as before, whatever comes and goes during the day.
 * `back`: what ended on that day or later may come back as if it had never gone. */
struct spell spell_turned(struct spell s, int32_t severity, int32_t today, int32_t back);
/* The same in place, if it is another. */
static inline void spell_turn(
	const struct spell_cells *c, int32_t row, int32_t severity, int32_t today, int32_t back)
{
	if (c->severity[row] != severity)
		spell_put(c, row, spell_turned(spell_get(c, row), severity, today, back));
}

#endif
