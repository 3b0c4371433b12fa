/* See relive.h. A transaction is a run of entries of one person at one instant: that is how the server settled them. */
#include "app/relive.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/calendars.h"
#include "app/dues.h"
#include "base/map.h"
#include "board/rollup.h"

#define TELL_EVERY 10000

struct relive {
	struct app *app;
	struct board *board;
	struct lights *lights;
	const struct ruleset **sets;
	int nsets;
	struct arena *a;       /* as long as it */
	struct arena *scratch; /* of one entry */
	bool clocks;           /* they follow */
	struct calendars *calendars;
	struct idmap *first;             /* record: its first row in `rows` */
	struct clock_row *rows, *before; /* before: as they were ahead of their record's last change */
	int32_t nrows, rows_room;
	struct date day; /* settled and lit for; none: nothing happened yet */
	struct date rules_day;
	int64_t no, head;
	struct instant at; /* of the transaction being told */
	struct uuid who;
	char via[80];
	bool unsettled, failed;
	const struct progress *progress;
	struct err err;
};

/* ---- light columns ---- */

struct lit_set lit_columns(
	struct arena *a, const struct board *b, const struct ruleset *const *sets, int n)
{
	int room = 1;
	for (int i = 0; i < n; i++)
		room += 2 * sets[i]->nlights;
	struct lit_set out = {ARENA_ARRAY(a, struct lit, (size_t)room), 0};
	out.lits[out.n++] = (struct lit){"overall", false, standing_columns_named(b, "light")};
	for (int i = 0; i < n; i++)
		for (int k = 0; k < sets[i]->nlights; k++) {
			const char *light = sets[i]->lights[k].name;
			const char *column = arena_printf(a, "light_%s_%s", sets[i]->name, light);
			struct standing_columns own = standing_columns_named(b, column),
									run = standing_columns_named(
										b, arena_printf(a, "%s_run", column));
			if (own.since >= 0)
				out.lits[out.n++] =
					(struct lit){arena_printf(a, "%s/%s", sets[i]->name, light), false, own};
			if (run.since >= 0)
				out.lits[out.n++] =
					(struct lit){arena_printf(a, "%s/%s#run", sets[i]->name, light), true, run};
		}
	return out;
}

struct standing standing_stored(const struct light_row *r)
{
	return (struct standing){
		r->severity, r->since.day, r->before, r->before_since.day, r->before_until.day};
}

/* ---- clocks ---- */

/* As much of the record as clocks look at. */
static struct record *record_of(struct relive *r, int table, int32_t row)
{
	const struct board_table *t = board_table(r->board, table);
	const struct register_def *reg = board_register(t);
	struct record *out = record_new(r->scratch, reg);
	out->id = board_id(t, row);
	struct slice state = column_word(board_column(t, board_column_named(t, "state")), row);
	out->state = state.s ? arena_text(r->scratch, state) : NULL;
	for (int i = 0; i < reg->nclocks; i++) {
		const char *const names[] = {
			reg->clocks[i].holder, reg->clocks[i].due, reg->clocks[i].extend_to};
		for (size_t k = 0; k < countof(names); k++) {
			const struct field *f = names[k] ? register_field(reg, names[k]) : NULL;
			int column = f ? board_column_named(t, f->name) : -1;
			if (column >= 0)
				out->values[f->index] = board_value(r->board, r->scratch, t, column, row);
		}
	}
	return out;
}

static struct clock_row *rows_of(struct relive *r, const struct register_def *reg, struct uuid id)
{
	int32_t at = idmap_get(r->first, id);
	if (at >= 0)
		return &r->rows[at];
	if (r->nrows + reg->nclocks > r->rows_room) {
		r->rows_room = (r->nrows + reg->nclocks) * 2;
		r->rows = must_realloc(r->rows, (size_t)r->rows_room * sizeof(*r->rows));
		r->before = must_realloc(r->before, (size_t)r->rows_room * sizeof(*r->before));
	}
	at = r->nrows;
	idmap_put(r->first, id, at);
	for (int i = 0; i < reg->nclocks; i++, r->nrows++)
		r->before[r->nrows] = r->rows[r->nrows] = clock_row_new(reg, &reg->clocks[i], id);
	return &r->rows[at];
}

/* One change on the clocks of its record; returns the earliest deadline of those that run. What took the change before
 * it back, brings the rows of before that one back. */
static struct instant follow(const struct clock_context *ctx, const struct record *record,
	const struct change *c, struct clock_row *rows, struct clock_row *before)
{
	struct instant due = INSTANT_NONE;
	bool created = change_is(c, "create"), updated = change_is(c, "update");
	for (int i = 0; i < record->reg->nclocks; i++) {
		const struct clock_def *def = &record->reg->clocks[i];
		if (!c->undoes)
			clock_tick(ctx, def, c->at, &rows[i], NULL);
		struct clock_row ahead = rows[i];
		if (c->undoes)
			rows[i] = before[i];
		else if (change_is(c, "delete"))
			clock_drop(&rows[i], c->at);
		else
			clock_change(ctx, def, record, created ? NULL : c->state_before,
				created || updated ? NULL : c->step, c->at, &rows[i], NULL);
		before[i] = ahead;
		due = dues_earliest(due, &rows[i]);
	}
	return due;
}

static void follow_clocks(struct relive *r, const struct change *c)
{
	int table = board_table_named(r->board, c->reg->name);
	if (table < 0)
		return;
	const struct register_def *reg = board_register(board_table(r->board, table));
	if (reg->nclocks == 0)
		return;
	int32_t row = board_row(board_table(r->board, table), c->id);
	struct clock_context ctx = {calendars_of_row(r->calendars, r->board, table, row),
		&r->app->ladders, r->app->offset_minutes};
	struct clock_row *rows = rows_of(r, reg, c->id);
	board_set_due(r->board, table, row,
		follow(&ctx, record_of(r, table, row), c, rows, r->before + (rows - r->rows)));
}

/* The rungs that were reached by then were reached on the old days. */
static void tick_all(struct relive *r, struct instant at)
{
	for (int32_t i = 0; i < r->nrows; i++) {
		int table = board_table_named(r->board, r->rows[i].reg);
		const struct board_table *t = board_table(r->board, table);
		const struct register_def *reg = board_register(t);
		struct clock_context ctx = {
			calendars_of_row(r->calendars, r->board, table, board_row(t, r->rows[i].record)),
			&r->app->ladders, r->app->offset_minutes};
		for (int k = 0; k < reg->nclocks; k++)
			if (strcmp(reg->clocks[k].name, r->rows[i].clock) == 0)
				clock_tick(&ctx, &reg->clocks[k], at, &r->rows[i], NULL);
	}
}

/* Before the change of a day or an area comes onto the board, then after it. */
static bool follow_days(struct relive *r)
{
	struct calendars *fresh;
	if (!calendars_build(r->board, NULL, &fresh, &r->err))
		return false;
	calendars_close(r->calendars);
	r->calendars = fresh;
	return true;
}

/* ---- days ---- */

static void settle(struct relive *r, struct date day)
{
	const struct light_change *changes;
	int n;
	r->day = day;
	r->unsettled = false;
	struct touched touched = board_settle(r->board, day);
	lights_refresh(r->lights, r->board, touched, &changes, &n);
}

/* The transaction told so far is over; the midnights up to that day pass. */
static void pass_to(struct relive *r, struct date day)
{
	if (r->unsettled)
		settle(r, instant_date(r->at, r->app->offset_minutes));
	while (!date_is_none(r->day) && r->day.day < day.day)
		settle(r, (struct date){r->day.day + 1});
}

static bool tell(void *self, const struct change *c)
{
	struct relive *r = self;
	bool same = r->unsettled && c->at.ms == r->at.ms && uuid_equal(c->who, r->who) &&
		strcmp(c->via ? c->via : "", r->via) == 0;
	if (!same)
		pass_to(r, instant_date(c->at, r->app->offset_minutes));
	r->at = c->at;
	r->who = c->who;
	snprintf(r->via, sizeof(r->via), "%s", c->via ? c->via : "");
	if (strcmp(c->reg->name, "ruleset") == 0 || strcmp(c->reg->name, "definition") == 0)
		r->rules_day = instant_date(c->at, r->app->offset_minutes);
	bool days = r->clocks && calendars_touched(r->calendars, c);
	if (days)
		tick_all(r, c->at);
	board_apply(r->board, c);
	r->unsettled = true;
	r->no = c->no;
	if (days && !follow_days(r)) {
		r->failed = true;
		return false;
	}
	if (r->clocks)
		follow_clocks(r, c);
	arena_rewind(r->scratch, (struct arena_mark){0});
	if (r->progress && c->no % TELL_EVERY == 0)
		r->progress->step(r->progress->self, "living through the journal again", c->no, r->head);
	return true;
}

bool relive_until(
	struct relive *r, struct date day, const struct progress *progress, struct err *err)
{
	r->progress = progress;
	if (r->head > r->no && !journal_read(r->app->store, r->no + 1, r->head, tell, r, err))
		return false;
	if (r->failed) {
		*err = r->err;
		return false;
	}
	pass_to(r, day);
	if (!date_is_none(r->day) && r->day.day != day.day)
		settle(r, day); /* the clock went back */
	return true;
}

/* ---- beginning ---- */

static struct relive *begin(struct app *app, struct board *board, int64_t head)
{
	struct relive *r = must_alloc(sizeof(*r));
	r->app = app;
	r->board = board;
	r->head = head;
	r->day = DATE_NONE;
	r->a = arena_open();
	r->scratch = arena_open();
	r->first = idmap_open();
	return r;
}

/* Under the read lock. */
static bool light_up(struct relive *r, struct err *err)
{
	struct app *app = r->app;
	r->nsets = app->rules.nbound;
	r->sets = ARENA_ARRAY(r->a, const struct ruleset *, (size_t)r->nsets + 1);
	memcpy(r->sets, app->rules.bound, (size_t)r->nsets * sizeof(*r->sets));
	if (!lights_open(r->board, r->sets, r->nsets, &r->lights, err))
		return false;
	lights_attach(r->lights, r->board);
	return true;
}

bool relive_open(struct app *app, struct relive **out, struct err *err)
{
	app_read_lock(app);
	struct relive *r = begin(
		app, board_open(app_catalogue(app), board_options(app->board)), board_journal(app->board));
	r->clocks = true;
	bool done = light_up(r, err) && calendars_build(r->board, NULL, &r->calendars, err);
	app_unlock(app);
	if (done)
		*out = r;
	else
		relive_close(r);
	return done;
}

struct taking_back {
	struct relive *r;
	struct undone_record {
		const struct register_def *reg;
		struct uuid id;
	} * undone; /* whose last change by then was taken back later */
	int n, room;
};

static bool take_back(void *self, const struct change *c)
{
	struct taking_back *t = self;
	board_rewind(t->r->board, c);
	if (!c->undoes || c->undoes > t->r->no)
		return true;
	if (t->n == t->room) {
		int more = t->room * 2 + 16;
		t->undone =
			arena_grow(t->r->a, t->undone, (size_t)t->room, (size_t)more, sizeof(*t->undone));
		t->room = more;
	}
	t->undone[t->n++] = (struct undone_record){c->reg, c->id};
	return true;
}

/* Back to the day from which on it is told again. Of what will be taken back it must be known when it was done. */
static bool rewind_to_begin(struct relive *r, struct err *err)
{
	struct taking_back t = {.r = r};
	if (r->head > r->no && !journal_read(r->app->store, r->head, r->no + 1, take_back, &t, err))
		return false;
	for (int i = 0; i < t.n; i++) {
		struct record_past past;
		int table = board_table_named(r->board, t.undone[i].reg->name);
		int32_t row = table < 0 ? -1 : board_row(board_table(r->board, table), t.undone[i].id);
		if (row < 0)
			continue;
		if (!relive_record(r->app, board_register(board_table(r->board, table)), t.undone[i].id,
				r->no, &past, err))
			return false;
		board_complete(r->board, table, row, &past.origin, past.state_since);
	}
	return true;
}

struct remembering {
	struct relive *r;
	struct lit_set set;
};

static bool remember_row(void *self, const struct light_row *light)
{
	struct remembering *m = self;
	struct board *b = m->r->board;
	int32_t row = board_row(board_projects(b), light->record);
	for (int i = 0; row >= 0 && i < m->set.n; i++)
		if (strcmp(m->set.lits[i].name, light->light) == 0)
			standing_write(b, &m->set.lits[i].columns, row, standing_stored(light));
	return true;
}

static bool remember(struct relive *r, struct err *err)
{
	struct board *b = r->board;
	const struct board_table *t = board_projects(b);
	struct standing nothing = {NOTHING32, NOTHING32, NOTHING32, NOTHING32, NOTHING32};
	struct remembering m = {r, lit_columns(r->a, b, r->sets, r->nsets)};
	for (int i = 0; i < m.set.n; i++)
		for (int32_t row = 0; row < board_rows(t); row++)
			standing_write(b, &m.set.lits[i].columns, row, nothing);
	return light_scan(r->app->store, remember_row, &m, err);
}

bool relive_resume(struct app *app, struct date day, struct relive **out, struct err *err)
{
	app_read_lock(app);
	struct relive *r = begin(app, board_copy(app->board), board_journal(app->board));
	bool done = light_up(r, err);
	app_unlock(app);
	done = done && journal_at(app->store, day_end(day, app->offset_minutes), &r->no, err) &&
		rewind_to_begin(r, err) && remember(r, err);
	if (!done) {
		relive_close(r);
		return false;
	}
	settle(r, day);
	*out = r;
	return true;
}

void relive_close(struct relive *r)
{
	if (!r)
		return;
	lights_close(r->lights);
	board_close(r->board);
	calendars_close(r->calendars);
	idmap_close(r->first);
	free(r->rows);
	free(r->before);
	arena_close(r->a);
	arena_close(r->scratch);
	free(r);
}

struct board *relive_board(struct relive *r)
{
	return r->board;
}

int64_t relive_journal(const struct relive *r)
{
	return r->no;
}

void relive_further(struct relive *r)
{
	r->head = board_journal(r->app->board);
}

struct date relive_rules_day(const struct relive *r)
{
	return r->rules_day;
}

const struct clock_row *relive_clocks(const struct relive *r, int *n)
{
	*n = r->nrows;
	return r->rows;
}

int32_t relive_clocks_of(const struct relive *r, struct uuid record)
{
	return idmap_get(r->first, record);
}

/* ---- one record ---- */

struct entries {
	struct arena *a;
	bool state_only;     /* no clock wants to know more than how it came to its state */
	struct change *list; /* newest first */
	int n, room;
};

/* Did the record come into its state by it? */
static bool moved(const struct change *c)
{
	return strcmp(c->step, "create") == 0 || !c->state_before || !c->state_after ||
		strcmp(c->state_before, c->state_after) != 0;
}

static bool gather(void *self, const struct change *c)
{
	struct entries *e = self;
	if (e->n == e->room) {
		int more = e->room * 2 + 16;
		e->list = arena_grow(e->a, e->list, (size_t)e->room, (size_t)more, sizeof(*e->list));
		e->room = more;
	}
	struct change *own = &e->list[e->n++];
	struct value *after = ARENA_ARRAY(e->a, struct value, (size_t)c->n + 1);
	const struct field **fields = ARENA_ARRAY(e->a, const struct field *, (size_t)c->n + 1);
	*own = *c;
	for (int i = 0; i < c->n; i++) {
		fields[i] = c->fields[i];
		after[i] = value_copy(e->a, &c->after[i]);
	}
	own->fields = fields;
	own->after = after;
	own->step = arena_strdup(e->a, c->step);
	own->state_before = arena_strdup(e->a, c->state_before);
	own->state_after = arena_strdup(e->a, c->state_after);
	return !e->state_only || !moved(own);
}

/* The whole of it, oldest first. `rows` and `before` have room for the register's clocks. */
static void live_through(struct app *app, const struct register_def *reg, struct uuid id,
	const struct entries *e, struct clock_row *rows, struct clock_row *before,
	struct record_past *out)
{
	struct record *record = record_new(e->a, reg);
	record->id = id;
	for (int i = 0; i < reg->nclocks; i++)
		before[i] = rows[i] = clock_row_new(reg, &reg->clocks[i], id);
	app_read_lock(app);
	struct clock_context ctx = app_clocks_of(app, reg->name, id);
	for (int i = e->n - 1; i >= 0; i--) {
		const struct change *c = &e->list[i];
		out->since_before = out->state_since;
		out->by_before = out->origin.who;
		if (moved(c))
			out->state_since = change_state_since(c);
		record->state = c->state_after;
		for (int k = 0; k < c->n; k++)
			record->values[c->fields[k]->index] = c->after[k];
		out->due = follow(&ctx, record, c, rows, before);
		out->origin = (struct origin){change_by(c), c->at, c->no};
	}
	app_unlock(app);
}

static struct record_past nothing_yet(void)
{
	struct record_past none = {
		.state_since = INSTANT_NONE, .since_before = INSTANT_NONE, .due = INSTANT_NONE};
	none.origin.at = INSTANT_NONE;
	return none;
}

bool relive_record(struct app *app, const struct register_def *reg, struct uuid id, int64_t no,
	struct record_past *out, struct err *err)
{
	struct entries e = {.a = arena_open(), .state_only = reg->nclocks == 0};
	struct clock_row *rows = ARENA_ARRAY(e.a, struct clock_row, 2 * (size_t)reg->nclocks + 1);
	*out = nothing_yet();
	bool done = journal_of(app->store, id, no + 1, INT32_MAX, gather, &e, err);
	if (done && e.n)
		live_through(app, reg, id, &e, rows, rows + reg->nclocks, out);
	arena_close(e.a);
	return done;
}

bool relive_clock_rows(struct app *app, struct arena *a, const struct register_def *reg,
	struct uuid id, int64_t no, struct clock_row **rows, struct clock_row **before,
	struct record_past *out, struct err *err)
{
	struct entries e = {.a = a};
	*rows = ARENA_ARRAY(a, struct clock_row, (size_t)reg->nclocks + 1);
	*before = ARENA_ARRAY(a, struct clock_row, (size_t)reg->nclocks + 1);
	*out = nothing_yet();
	if (!journal_of(app->store, id, no + 1, INT32_MAX, gather, &e, err))
		return false;
	live_through(app, reg, id, &e, *rows, *before, out);
	return true;
}
