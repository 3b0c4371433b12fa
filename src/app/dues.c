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

struct instant dues_earliest(struct instant so_far, const struct clock_row *row)
{
	bool counts = row->stopped.ms == INSTANT_NONE.ms && row->started.ms != INSTANT_NONE.ms &&
		row->due.ms != INSTANT_NONE.ms;
	return counts && (so_far.ms == INSTANT_NONE.ms || row->due.ms < so_far.ms) ? row->due : so_far;
}

void dues_note(struct app *app, const struct record_due *dues, int n)
{
	const struct light_change *changes;
	int nchanges;
	if (!app->board || n == 0)
		return;
	app_write_lock(app);
	for (int i = 0; i < n; i++) {
		int table = board_table_named(app->board, dues[i].reg);
		int32_t row = table < 0 ? -1 : board_row(board_table(app->board, table), dues[i].id);
		if (row >= 0 && board_version(board_table(app->board, table), row) <= dues[i].version)
			board_set_due(app->board, table, row, dues[i].due);
	}
	app_settle(app, &changes, &nchanges);
	app_unlock(app);
}
