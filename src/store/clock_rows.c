#include "store/clock_rows.h"

#include "store/spelling.h"
#include "store/store_inside.h"

enum clock_column {
	CLOCK_RECORD,
	CLOCK_CLOCK,
	CLOCK_REGISTER,
	CLOCK_RUN,
	CLOCK_START,
	CLOCK_DUE,
	CLOCK_WARN_AT,
	CLOCK_STOP,
	CLOCK_PAUSED_AT,
	CLOCK_PAUSED_MS,
	CLOCK_LEVEL,
	CLOCK_NEXT_LEVEL_AT,
	CLOCK_NEXT_AT,
	CLOCK_WARNED_YET,
	CLOCK_OVERDUE_YET,
	CLOCK_EXTENSIONS,
	CLOCK_HOLDER,
	CLOCK_HELD_SINCE,
	CLOCK_HANDED_ON
};

#define COLUMNS                                                                                    \
	"record, clock, register, run, started, due, warn_at, stopped, paused_at, paused_ms, level, "  \
	"next_level_at,"                                                                               \
	" next_at, warned, overdue, extensions, holder, held_since, handed_on"

static const char sql_put[] =
	"INSERT INTO clock (" COLUMNS
	") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,"
	" $19) ON CONFLICT (record, clock) DO UPDATE SET run = excluded.run, started = "
	"excluded.started, due = excluded.due,"
	" warn_at = excluded.warn_at, stopped = excluded.stopped, paused_at = excluded.paused_at, "
	"paused_ms = excluded.paused_ms,"
	" level = excluded.level, next_level_at = excluded.next_level_at, next_at = excluded.next_at, "
	"warned = excluded.warned,"
	" overdue = excluded.overdue, extensions = excluded.extensions, holder = excluded.holder,"
	" held_since = excluded.held_since, handed_on = excluded.handed_on";
static const char sql_due[] =
	"SELECT " COLUMNS " FROM clock WHERE next_at <= $1 ORDER BY next_at, record, clock";
static const char sql_running[] =
	"SELECT " COLUMNS " FROM clock WHERE stopped IS NULL AND started IS NOT NULL"
	" ORDER BY due, record, clock";
static const char sql_held[] =
	"SELECT " COLUMNS " FROM clock WHERE holder = $1 AND stopped IS NULL AND started IS NOT NULL"
	" ORDER BY due, record, clock";
static const char sql_of[] = "SELECT " COLUMNS " FROM clock WHERE record = $1 ORDER BY clock";
static const char sql_all[] = "SELECT " COLUMNS " FROM clock ORDER BY record, clock";

bool clock_row_put(
	struct db *db, struct arena *scratch, const struct clock_row *row, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(db, sql_put, &st, err))
		return false;
	db_blob(st, 1 + CLOCK_RECORD, row->record.b, sizeof row->record.b);
	db_text(st, 1 + CLOCK_CLOCK, row->clock);
	db_text(st, 1 + CLOCK_REGISTER, row->reg);
	db_int(st, 1 + CLOCK_RUN, row->run);
	bind_instant(scratch, st, 1 + CLOCK_START, row->started);
	bind_instant(scratch, st, 1 + CLOCK_DUE, row->due);
	bind_instant(scratch, st, 1 + CLOCK_WARN_AT, row->warn_at);
	bind_instant(scratch, st, 1 + CLOCK_STOP, row->stopped);
	bind_instant(scratch, st, 1 + CLOCK_PAUSED_AT, row->paused_at);
	db_int(st, 1 + CLOCK_PAUSED_MS, row->paused_ms);
	db_int(st, 1 + CLOCK_LEVEL, row->level);
	bind_instant(scratch, st, 1 + CLOCK_NEXT_LEVEL_AT, row->next_level_at);
	bind_instant(scratch, st, 1 + CLOCK_NEXT_AT, row->next_at);
	db_int(st, 1 + CLOCK_WARNED_YET, row->warned);
	db_int(st, 1 + CLOCK_OVERDUE_YET, row->overdue);
	db_int(st, 1 + CLOCK_EXTENSIONS, row->extensions);
	db_uuid(st, 1 + CLOCK_HOLDER, row->holder);
	bind_instant(scratch, st, 1 + CLOCK_HELD_SINCE, row->held_since);
	db_int(st, 1 + CLOCK_HANDED_ON, row->handed_on);
	return db_run(st, err);
}

static struct instant instant_in(struct db_statement *st, int column)
{
	return read_instant(db_get_text(st, column));
}

static struct clock_row row_of(struct arena *a, struct db_statement *st)
{
	return (struct clock_row){
		.record = db_get_uuid(st, CLOCK_RECORD),
		.clock = arena_text(a, db_get_text(st, CLOCK_CLOCK)),
		.reg = arena_text(a, db_get_text(st, CLOCK_REGISTER)),
		.run = (int32_t)db_get_int(st, CLOCK_RUN),
		.started = instant_in(st, CLOCK_START),
		.due = instant_in(st, CLOCK_DUE),
		.warn_at = instant_in(st, CLOCK_WARN_AT),
		.stopped = instant_in(st, CLOCK_STOP),
		.paused_at = instant_in(st, CLOCK_PAUSED_AT),
		.paused_ms = db_get_int(st, CLOCK_PAUSED_MS),
		.level = (int32_t)db_get_int(st, CLOCK_LEVEL),
		.next_level_at = instant_in(st, CLOCK_NEXT_LEVEL_AT),
		.next_at = instant_in(st, CLOCK_NEXT_AT),
		.warned = db_get_int(st, CLOCK_WARNED_YET) != 0,
		.overdue = db_get_int(st, CLOCK_OVERDUE_YET) != 0,
		.extensions = (int32_t)db_get_int(st, CLOCK_EXTENSIONS),
		.holder = db_get_uuid(st, CLOCK_HOLDER),
		.held_since = instant_in(st, CLOCK_HELD_SINCE),
		.handed_on = (int32_t)db_get_int(st, CLOCK_HANDED_ON),
	};
}

/* Rows of a statement with at most one parameter: an id or a text. */
static bool each_row(struct store *s, const char *sql, const void *blob, const char *text,
	clock_each *each, void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool row = true;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql, &st, err);
	if (ok) {
		struct arena *a = arena_open();
		struct arena_mark mark = arena_mark(a);
		if (blob)
			db_blob(st, 1, blob, sizeof(struct uuid));
		else if (text)
			db_text(st, 1, text);
		while ((ok = db_step(st, &row, err)) && row) {
			struct clock_row clock = row_of(a, st);
			if (!each(self, &clock))
				break;
			arena_rewind(a, mark);
		}
		db_done(st);
		arena_close(a);
	}
	reader_give(s, db);
	return ok;
}

bool clock_rows_due(
	struct store *s, struct instant now, clock_each *each, void *self, struct err *err)
{
	char text[INSTANT_TEXT];
	spell_instant(now, text);
	return each_row(s, sql_due, NULL, text, each, self, err);
}

bool clock_rows_running(
	struct store *s, struct uuid holder, clock_each *each, void *self, struct err *err)
{
	return uuid_is_nil(holder) ? each_row(s, sql_running, NULL, NULL, each, self, err)
							   : each_row(s, sql_held, holder.b, NULL, each, self, err);
}

bool clock_rows_all(struct store *s, clock_each *each, void *self, struct err *err)
{
	return each_row(s, sql_all, NULL, NULL, each, self, err);
}

struct gathering {
	struct arena *a;
	struct clock_row *rows;
	int n, room;
};

static bool gather(void *self, const struct clock_row *row)
{
	struct gathering *g = self;
	if (g->n == g->room) {
		g->room = g->room ? g->room * 2 : 4;
		g->rows = arena_grow(g->a, g->rows, (size_t)g->n, (size_t)g->room, sizeof *g->rows);
	}
	g->rows[g->n] = *row;
	g->rows[g->n].reg = arena_strdup(g->a, row->reg);
	g->rows[g->n++].clock = arena_strdup(g->a, row->clock);
	return true;
}

bool clock_rows_of(struct store *s, struct arena *a, struct uuid record, struct clock_row **out,
	int *n, struct err *err)
{
	struct gathering g = {.a = a};
	if (!each_row(s, sql_of, record.b, NULL, gather, &g, err))
		return false;
	*out = g.rows;
	*n = g.n;
	return true;
}
