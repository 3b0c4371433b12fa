/* See since.h. Rows are written only where they differ from what was written before, so the usual minute writes nothing. */
#include "app/since.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/feed_hub.h"
#include "app/relive.h"
#include "base/num.h"
#include "board/rollup.h"
#include "store/settings.h"

#define ROWS_AT_ONCE 5000
#define SETTING_DAY "lights_day"

static uint32_t mark_of(struct standing s)
{
	const int32_t parts[] = {s.severity, s.since, s.before, s.before_since, s.before_until};
	uint64_t mark = 0;
	for (size_t i = 0; i < countof(parts); i++)
		mark = (mark ^ (uint32_t)parts[i]) * UINT64_C(0x9e3779b97f4a7c15);
	return (uint32_t)(mark >> 32) | 1;
}

/* Nothing stands, and nothing stood. */
static bool is_empty(struct standing s)
{
	return s.since == NOTHING32 && s.before_until == NOTHING32;
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
		for (; *light < set->n; *light += 1) { /* deleted ones too: they may come back */
			const struct lit *l = &set->lits[*light];
			struct standing now = standing_read(s->app->board, &l->columns, *row);
			if (is_empty(now))
				continue;
			uint32_t mark = mark_of(now);
			size_t at = (size_t)*row * (size_t)set->n + (size_t)*light;
			if (s->app->saved[at] == mark)
				continue;
			if (s->n == ROWS_AT_ONCE)
				return true;
			s->app->saved[at] = mark;
			s->rows[s->n++] = (struct light_row){board_id(t, *row), l->name, now.severity,
				{now.since}, now.before, {now.before_since}, {now.before_until}};
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
	struct lit_set set = lit_columns(a, app->board, app->rules.bound, app->rules.nbound);
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

/* Where the light stands as it did then, it stands since then. */
static bool restore(struct board *b, const struct lit *l, int32_t row, struct standing then)
{
	if (standing_read(b, &l->columns, row).severity != then.severity)
		return false;
	standing_write(b, &l->columns, row, then);
	return true;
}

struct restoring {
	struct app *app;
	struct lit_set set;
	bool runs; /* of escalations; else lights */
	int64_t rows;
	struct uuid last; /* a project's lights lie together */
	int32_t last_row;
};

static bool restore_row(void *self, const struct light_row *r)
{
	struct restoring *restoring = self;
	struct board *b = restoring->app->board;
	if (restoring->rows == 0 || !uuid_equal(restoring->last, r->record))
		restoring->last_row = board_row(board_projects(b), r->record);
	restoring->last = r->record;
	int32_t row = restoring->last_row;
	restoring->rows++;
	for (int i = 0; row >= 0 && i < restoring->set.n; i++) {
		const struct lit *l = &restoring->set.lits[i];
		if (l->run == restoring->runs && strcmp(l->name, r->light) == 0 &&
			restore(b, l, row, standing_stored(r)))
			restoring->app->saved[(size_t)row * (size_t)restoring->set.n + (size_t)i] =
				mark_of(standing_stored(r));
	}
	return true;
}

static void relight(struct app *app)
{
	const struct light_change *changes;
	int n;
	lights_refresh(
		app->lights, app->board, (struct touched){.all = true, .back = DATE_NONE}, &changes, &n);
}

/* How long a severity runs decides what it escalates to: so the runs come back before the lights. */
static bool restore_runs(struct restoring *r, struct err *err)
{
	bool any = false;
	for (int i = 0; i < r->set.n; i++)
		any |= r->set.lits[i].run;
	if (!any)
		return true;
	r->runs = true;
	bool done = light_scan(r->app->store, restore_row, r, err);
	r->runs = false;
	r->rows = 0;
	if (done)
		relight(r->app);
	return done;
}

bool since_restore(struct app *app, struct err *err)
{
	struct arena *a = arena_open();
	struct restoring r = {
		.app = app, .set = lit_columns(a, app->board, app->rules.bound, app->rules.nbound)};
	struct slice text;
	int64_t day = 0;
	make_room(app, r.set.n);
	bool done = restore_runs(&r, err) && light_scan(app->store, restore_row, &r, err) &&
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

/* ---- living through days again ---- */

static void transfer(struct app *app, struct relive *r, const struct lit_set *here, bool runs)
{
	struct arena *a = arena_open();
	struct board *b = relive_board(r);
	const struct board_table *t = board_projects(b), *live = board_projects(app->board);
	struct lit_set there = lit_columns(a, b, app->rules.bound, app->rules.nbound);
	for (int i = 0; i < here->n && i < there.n; i++) {
		const struct lit *l = &there.lits[i];
		if (l->run != runs || strcmp(l->name, here->lits[i].name) != 0)
			continue; /* the rule sets changed meanwhile: their lights are new */
		for (int32_t row = 0; row < board_rows(t); row++) {
			int32_t at = board_row(live, board_id(t, row));
			struct standing then = standing_read(b, &l->columns, row);
			if (at >= 0 && !is_empty(then))
				restore(app->board, &here->lits[i], at, then);
		}
	}
	arena_close(a);
}

static bool adopt(struct app *app, struct relive *r, struct err *err)
{
	bool done = relive_until(r, app_today(app), NULL, err);
	if (done) {
		struct arena *a = arena_open();
		app_write_lock(app);
		struct lit_set here = lit_columns(a, app->board, app->rules.bound, app->rules.nbound);
		transfer(app, r, &here, true);
		relight(app);
		transfer(app, r, &here, false);
		app->board_edition++;
		app->since_behind = app->since_unknown = false;
		since_note(app);
		app_unlock(app);
		arena_close(a);
		feed_publish_reset(app);
		feed_wake_all(app);
	}
	relive_close(r);
	return done;
}

bool since_catch_up(struct app *app, struct err *err)
{
	struct relive *r;
	return relive_resume(app, app->since_saved, &r, err) && adopt(app, r, err);
}

bool since_recompute(struct app *app, struct err *err)
{
	struct relive *r;
	return relive_open(app, &r, err) && adopt(app, r, err);
}
