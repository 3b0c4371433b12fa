#include "app/dues.h"

#include "base/map.h"
#include "store/clock_rows.h"

struct loading {
	struct board *board;
	struct idmap *seen; /* rows come earliest deadline first: the first of a record counts */
	int32_t n;
};

static void set_due(struct board *b, const char *reg, struct uuid id, struct instant due)
{
	int table = board_table_named(b, reg);
	int32_t row = table < 0 ? -1 : board_row(board_table(b, table), id);
	if (row >= 0)
		board_set_due(b, table, row, due);
}

static bool load_row(void *self, const struct clock_row *row)
{
	struct loading *l = self;
	if (idmap_get(l->seen, row->record) >= 0 || row->due.ms == INSTANT_NONE.ms)
		return true;
	idmap_put(l->seen, row->record, l->n++);
	set_due(l->board, row->reg, row->record, row->due);
	return true;
}

bool dues_load(struct app *app, struct err *err)
{
	struct loading l = {.board = app->board, .seen = idmap_open()};
	bool done = clock_rows_running(app->store, (struct uuid){{0}}, load_row, &l, err);
	idmap_close(l.seen);
	return done;
}

/* The earliest deadline among the rows that still run; none: no clock of it runs. */
static struct instant earliest(const struct clock_row *rows, int n)
{
	struct instant due = INSTANT_NONE;
	for (int i = 0; i < n; i++)
		if (rows[i].stopped.ms == INSTANT_NONE.ms && rows[i].started.ms != INSTANT_NONE.ms &&
			rows[i].due.ms != INSTANT_NONE.ms && (due.ms == INSTANT_NONE.ms || rows[i].due.ms < due.ms))
			due = rows[i].due;
	return due;
}

bool dues_note(struct app *app, const struct clock_row *rows, int n, struct err *err)
{
	struct arena *a = arena_open();
	struct instant *dues = ARENA_ARRAY(a, struct instant, (size_t)n + 1);
	bool done = true;
	for (int i = 0; i < n && done; i++) {
		struct clock_row *all;
		int nall;
		done = clock_rows_of(app->store, a, rows[i].record, &all, &nall, err);
		if (done)
			dues[i] = earliest(all, nall);
	}
	if (done && app->board) {
		const struct light_change *changes;
		int nchanges;
		app_write_lock(app);
		for (int i = 0; i < n; i++)
			set_due(app->board, rows[i].reg, rows[i].record, dues[i]);
		app_settle(app, &changes, &nchanges);
		app_unlock(app);
	}
	arena_close(a);
	return done;
}
