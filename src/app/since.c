/* See since.h. Rows are written only where they differ from what was written before, so the usual minute writes nothing. */
#include "app/since.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/past.h"
#include "base/num.h"
#include "board/rollup.h"
#include "store/settings.h"

#define ROWS_AT_ONCE 5000
#define MONTHS_BACK 24
#define DAYS_BACK 62 /* by days; what stood still for longer is found by months */
#define SETTING_DAY "lights_day"
#define OVERALL "overall"

/* The columns of one light: severity and since. */
struct lit {
	const char *name; /* "<rule set>/<light>", "overall" */
	int severity,
		since; /* columns; severity -1: the run of months that an escalation counts, which has none */
};

struct lit_set {
	struct lit *lits;
	int n;
};

static struct lit_set lit_columns(struct arena *a, const struct app *app)
{
	const struct board_table *t = board_projects(app->board);
	int room = 1;
	for (int i = 0; i < app->rules.nbound; i++)
		room += 2 * app->rules.bound[i]->nlights;
	struct lit_set out = {ARENA_ARRAY(a, struct lit, (size_t)room), 0};
	out.lits[out.n++] =
		(struct lit){OVERALL, board_column_named(t, "light"), board_column_named(t, "light_since")};
	for (int i = 0; i < app->rules.nbound; i++) {
		const struct ruleset *set = app->rules.bound[i];
		for (int k = 0; k < set->nlights; k++) {
			const char *column = arena_printf(a, "light_%s_%s", set->name, set->lights[k].name);
			int severity = board_column_named(t, column);
			int since = board_column_named(t, arena_printf(a, "%s_since", column));
			int run = board_column_named(t, arena_printf(a, "%s_run", column));
			if (severity >= 0 && since >= 0)
				out.lits[out.n++] = (struct lit){
					arena_printf(a, "%s/%s", set->name, set->lights[k].name), severity, since};
			if (run >= 0)
				out.lits[out.n++] = (struct lit){
					arena_printf(a, "%s/%s#run", set->name, set->lights[k].name), -1, run};
		}
	}
	return out;
}

static int64_t severity_of(const struct board_table *t, const struct lit *l, int32_t row)
{
	return l->severity < 0 ? 0 : column_number(board_column(t, l->severity), row);
}

static uint32_t mark_of(int32_t severity, int32_t since)
{
	uint64_t both = (uint64_t)(uint32_t)severity << 32 | (uint32_t)since;
	return (uint32_t)(both * UINT64_C(0x9e3779b97f4a7c15) >> 32) | 1;
}

/* ---- writing ---- */

void since_note(struct app *app)
{
	app->since_dirty = true;
}

struct saving {
	struct app *app;
	struct light_row *rows;
	int n;
};

/* A mark for each light of each project; 0: not written. */
static void make_room(struct app *app, int lights)
{
	size_t need = (size_t)board_rows(board_projects(app->board)) * (size_t)lights;
	if (app->saved_lights != lights) { /* other lights: what was marked means nothing now */
		free(app->saved);
		app->saved = NULL;
		app->nsaved = 0;
		app->saved_lights = lights;
	}
	if (app->nsaved >= need)
		return;
	app->saved = must_realloc(app->saved, need * sizeof(uint32_t));
	memset(app->saved + app->nsaved, 0, (need - app->nsaved) * sizeof(uint32_t));
	app->nsaved = need;
}

static bool flush(struct saving *s, struct err *err)
{
	if (s->n && !light_put(s->app->store, s->rows, s->n, err))
		return false;
	s->n = 0;
	return true;
}

/* The next rows that differ from what was written; false when there are none left. Under the read lock. */
static bool gather(struct saving *s, const struct lit_set *set, int *light, int32_t *row)
{
	const struct board_table *t = board_projects(s->app->board);
	int32_t rows = board_rows(t);
	make_room(s->app, set->n);
	for (; *row < rows; *row += 1, *light = 0)
		for (; board_alive(t, *row) && *light < set->n; *light += 1) {
			const struct lit *l = &set->lits[*light];
			int64_t severity = severity_of(t, l, *row);
			int64_t since = column_number(board_column(t, l->since), *row);
			if (severity == NOTHING64 || since == NOTHING64)
				continue;
			uint32_t mark = mark_of((int32_t)severity, (int32_t)since);
			size_t at = (size_t)*row * (size_t)set->n + (size_t)*light;
			if (s->app->saved[at] == mark)
				continue;
			if (s->n == ROWS_AT_ONCE)
				return true;
			s->app->saved[at] = mark;
			s->rows[s->n++] =
				(struct light_row){board_id(t, *row), l->name, (int32_t)severity, {(int32_t)since}};
		}
	return false;
}

/* Once a day: up to which the written rows are true. */
static bool save_day(struct app *app, struct date day, struct err *err)
{
	char text[16];
	if (day.day == app->since_saved.day)
		return true;
	snprintf(text, sizeof(text), "%d", (int)day.day);
	if (!setting_put(app->store, SETTING_DAY, slice_of(text), err))
		return false;
	app->since_saved = day;
	return true;
}

bool since_save(struct app *app, struct err *err)
{
	struct arena *a = arena_open();
	struct saving s = {.app = app, .rows = ARENA_ARRAY(a, struct light_row, ROWS_AT_ONCE)};
	int light = 0;
	int32_t row = 0;
	bool more = true, done = true;
	app_read_lock(app);
	bool wanted = app->since_dirty;
	struct lit_set set = lit_columns(a, app);
	app->since_dirty = false;
	struct date day = app->settled_day;
	app_unlock(app);
	while (wanted && more && done) {
		app_read_lock(app);
		more = app->rules.nbound && gather(&s, &set, &light, &row);
		app_unlock(app);
		done = flush(&s, err);
	}
	arena_close(a);
	return done && (!wanted || app->since_behind || save_day(app, day, err));
}

/* ---- reading ---- */

struct restoring {
	struct app *app;
	struct lit_set set;
	int64_t rows;
	struct uuid last; /* a project's lights lie together */
	int32_t last_row;
};

static bool restore_row(void *self, const struct light_row *r)
{
	struct restoring *restoring = self;
	struct board *b = restoring->app->board;
	const struct board_table *t = board_projects(b);
	int table = board_table_named(b, "project");
	if (restoring->rows == 0 || !uuid_equal(restoring->last, r->record))
		restoring->last_row = board_row(t, r->record);
	restoring->last = r->record;
	int32_t row = restoring->last_row;
	restoring->rows++;
	for (int i = 0; row >= 0 && i < restoring->set.n; i++) {
		const struct lit *l = &restoring->set.lits[i];
		if (strcmp(l->name, r->light) != 0 || severity_of(t, l, row) != r->severity ||
			column_number(board_column(t, l->since), row) == NOTHING64)
			continue;
		if (strcmp(l->name, OVERALL) == 0)
			board_set_light(b, row, r->severity, r->since);
		else
			board_set_int32(b, table, l->since, row, r->since.day);
		restoring->app->saved[(size_t)row * (size_t)restoring->set.n + (size_t)i] =
			mark_of(r->severity, r->since.day);
	}
	return true;
}

bool since_restore(struct app *app, struct err *err)
{
	struct arena *a = arena_open();
	struct restoring r = {.app = app, .set = lit_columns(a, app)};
	struct slice text;
	int64_t day = 0;
	make_room(app, r.set.n);
	bool done = light_scan(app->store, restore_row, &r, err) &&
		setting_get(app->store, a, SETTING_DAY, &text, err);
	if (done) {
		app->since_unknown = r.rows == 0 && board_count(board_projects(app->board)) > 0;
		if (num_int(text, &day))
			app->since_saved.day = (int32_t)day;
		app->since_behind = day && day < app_today(app).day;
	}
	arena_close(a);
	return done;
}

/* Lights that stand since the day after `day` and stood at its end already began then or earlier: exact, day by day. */
bool since_catch_up(struct app *app, struct err *err)
{
	struct date today = app_today(app);
	bool done = true;
	for (int32_t day = today.day - 1;
		 done && day >= app->since_saved.day && day > today.day - DAYS_BACK; day--) {
		struct past_board *past;
		done = past_get(app, (struct date){day}, &past, err);
		if (!done)
			break;
		app_write_lock(app);
		if (past->journal > 0)
			lights_since(app->lights, app->board, past->board, (struct date){day + 1});
		app_unlock(app);
		past_release(app, past);
	}
	app_write_lock(app);
	app->since_behind = app->since_behind && !done;
	app->board_edition++;
	since_note(app);
	app_unlock(app);
	return done;
}

bool since_recompute(struct app *app, struct err *err)
{
	struct date today = app_today(app), frontier = today;
	bool done = true;
	int64_t standing = 1;
	for (int back = 1; done && standing && back <= MONTHS_BACK; back++) {
		struct past_board *past;
		done = past_get(app, month_last((struct month){month_of(today).index - back}), &past, err);
		if (!done)
			break;
		if (past->journal > 0) {
			app_write_lock(app);
			standing = lights_since(app->lights, app->board, past->board, frontier);
			frontier = board_today(past->board);
			app_unlock(app);
		} else {
			standing = 0;
		}
		past_release(app, past);
	}
	app_write_lock(app);
	app->since_unknown = app->since_unknown && !done;
	app->board_edition++;
	since_note(app);
	app_unlock(app);
	return done;
}
