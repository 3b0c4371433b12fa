/* Single records, what hangs under them, their history, what is due, and search: from the store, with the gate asked for
 * every record that is named. */
#include "app/reading.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/account.h"
#include "app/calendars.h"
#include "app/detail.h"
#include "app/draft.h"
#include "app/titles.h"
#include "base/num.h"
#include "model/step.h"
#include "store/clock_rows.h"

#define PAGE 50
#define PAGE_MOST 500

void instant_key(const struct app *app, struct json_writer *w, const char *key, struct instant t)
{
	struct str text = STR_INIT;
	if (t.ms != INSTANT_NONE.ms)
		instant_format(&text, t, app->offset_minutes);
	jw_kt(w, key, text.n ? str_text(&text) : NULL);
	str_free(&text);
}

/* A JSON object written elsewhere, left open for further members. */
static struct json_writer reopen(struct str *out)
{
	assert(out->n && out->s[out->n - 1] == '}');
	out->s[--out->n] = 0;
	return (struct json_writer){.out = out, .depth = 1, .comma = true};
}

bool record_to_read(struct app *app, struct arena *a, const struct person *person, const char *reg,
	struct uuid id, const struct register_def **def, struct record **record, struct err *err)
{
	if (!app_register_find(app, reg, def, err))
		return false;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!store_get(app->store, a, *def, id, record, err))
		return false;
	app_read_lock(app);
	bool allowed = may(app, person, VERB_READ, *def, *record, NULL, NULL, err);
	app_unlock(app);
	return allowed;
}

void light_counts_json(struct json_writer *w, const char *key, const int64_t lights[8])
{
	static const struct {
		const char *name;
		enum light_slot slot;
	} slots[] = {
		{"none", SLOT_NONE},
		{"green", SLOT_GREEN},
		{"watch", SLOT_WATCH},
		{"warn", SLOT_WARN},
		{"serious", SLOT_SERIOUS},
		{"exempt", SLOT_EXEMPT},
		{"undefined", SLOT_UNDEFINED},
		{"outside", SLOT_OUTSIDE},
	};
	jw_key(w, key);
	jw_object(w);
	for (size_t i = 0; i < countof(slots); i++)
		jw_ki(w, slots[i].name, lights[slots[i].slot]);
	jw_object_end(w);
}

/* ---- one record ---- */

static bool step_offered(struct app *app, const struct person *person, const struct record *record,
	const struct step *step, const struct clock_row *rows, int nrows)
{
	const char *roles[ROLE_COUNT];
	int n = 0;
	struct err ignored;
	if (!may(app, person, VERB_STEP, record->reg, record, NULL, step, &ignored))
		return false;
	for (int i = 0; i < ROLE_COUNT; i++)
		if (person_is(person, (enum role)i))
			roles[n++] = role_words[i].name;
	struct clock_context ctx = app_clocks_of(app, record->reg->name, record->id);
	struct step_request request = {
		.reg = record->reg,
		.record = record,
		.step = step,
		.roles = person->system ? step->by : roles,
		.nroles = person->system ? step->nby : n,
		.maker = !person->system && step_maker(record, person->account),
		.now = app_now(app),
		.clocks = rows,
		.nclocks = nrows,
		.ctx = &ctx,
		.offset_minutes = app->offset_minutes,
	};
	return step_open(&request, &ignored);
}

static void allow_json(struct app *app, struct json_writer *w, const struct person *person,
	const struct record *record, const struct clock_row *rows, int nrows)
{
	struct err ignored;
	jw_key(w, "allow");
	jw_object(w);
	jw_kb(w, "update", may(app, person, VERB_UPDATE, record->reg, record, NULL, NULL, &ignored));
	jw_kb(w, "delete", may(app, person, VERB_DELETE, record->reg, record, NULL, NULL, &ignored));
	jw_key(w, "steps");
	jw_array(w);
	for (int i = 0; i < record->reg->nsteps; i++)
		if (step_offered(app, person, record, &record->reg->steps[i], rows, nrows))
			jw_text(w, record->reg->steps[i].name);
	jw_array_end(w);
	jw_key(w, "fixed");
	jw_array(w);
	for (int i = 0; i < record->reg->nfields; i++)
		if (governed_fixed(record, &record->reg->fields[i]))
			jw_text(w, record->reg->fields[i].name);
	jw_array_end(w);
	jw_object_end(w);
}

static const struct clock_def *clock_named(const struct register_def *reg, const char *name)
{
	for (int i = 0; i < reg->nclocks; i++)
		if (strcmp(reg->clocks[i].name, name) == 0)
			return &reg->clocks[i];
	return NULL;
}

static void clock_json(struct app *app, struct json_writer *w, const struct clock_def *def,
	const struct clock_row *row)
{
	struct clock_context ctx = app_clocks_of(app, row->reg, row->record);
	jw_kt(w, "clock", def->name);
	jw_label(w, "label", def->label);
	jw_key(w, "holder");
	ref_json(w, app->board, "unit", row->holder);
	instant_key(app, w, "started", row->started);
	instant_key(app, w, "due", row->due);
	instant_key(app, w, "stopped", row->stopped);
	instant_key(app, w, "paused", row->paused_at);
	instant_key(app, w, "next_level_at", row->next_level_at);
	instant_key(app, w, "held_since", row->held_since);
	jw_key(w, "left");
	if (row->due.ms != INSTANT_NONE.ms && clock_running(row))
		jw_int(w, clock_days_left(&ctx, def, row, app_now(app)));
	else
		jw_null(w);
	jw_ki(w, "level", row->level);
	jw_kb(w, "overdue", row->overdue);
	jw_ki(w, "handed_on", row->handed_on);
}

bool app_record_json(struct app *app, const struct person *person, const char *reg, struct uuid id,
	struct str *out, int64_t *version, struct err *err)
{
	struct arena *a = arena_open();
	const struct register_def *def;
	struct record *record;
	struct clock_row *rows = NULL;
	int nrows = 0;
	bool done = record_to_read(app, a, person, reg, id, &def, &record, err) &&
		(!def->nclocks || clock_rows_of(app->store, a, id, &rows, &nrows, err));
	if (!done) {
		arena_close(a);
		return false;
	}
	struct json_writer first = jw_start(out);
	record_to_json(&first, record);
	struct json_writer w = reopen(out);
	app_read_lock(app);
	allow_json(app, &w, person, record, rows, nrows);
	struct titles titles = titles_begin(app->board, a);
	for (int i = 0; i < def->nfields; i++)
		if (field_is_stored(&def->fields[i]))
			titles_value(&titles, &def->fields[i], &record->values[i]);
	int accounts = board_table_named(app->board, "account");
	if (accounts >= 0) {
		titles_row(
			&titles, accounts, board_row(board_table(app->board, accounts), record->created_by));
		titles_row(
			&titles, accounts, board_row(board_table(app->board, accounts), record->changed_by));
	}
	titles_end(&titles, &w);
	jw_key(&w, "clocks");
	jw_array(&w);
	for (int i = 0; i < nrows; i++) {
		const struct clock_def *clock = clock_named(def, rows[i].clock);
		if (!clock || rows[i].run == 0)
			continue; /* its start was taken back */
		jw_object(&w);
		clock_json(app, &w, clock, &rows[i]);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	app_unlock(app);
	jw_object_end(&w);
	*version = record->version;
	arena_close(a);
	return true;
}

/* ---- children ---- */

bool app_children_json(struct app *app, const struct person *person, const char *reg,
	struct uuid id, const char *child, struct uuid after, int limit, struct str *out,
	struct err *err)
{
	struct arena *a = arena_open();
	const struct register_def *def, *under;
	struct record *parent, **rows;
	int n;
	bool done = false;
	limit = limit <= 0 ? PAGE : limit > PAGE_MOST ? PAGE_MOST : limit;
	if (!record_to_read(app, a, person, reg, id, &def, &parent, err) ||
		!app_register_find(app, child, &under, err))
		goto out;
	if (!under->of || strcmp(under->of, reg) != 0) {
		err_set(err, ERR_MISSING, NULL, "records of %s do not hang under %s", child, reg);
		goto out;
	}
	if (!store_children(app->store, a, under, register_field(under, under->of), id, after, limit,
			&rows, &n, err))
		goto out;
	struct json_writer w = jw_start(out);
	app_read_lock(app);
	struct titles titles = titles_begin(app->board, a);
	jw_object(&w);
	jw_key(&w, "records");
	jw_array(&w);
	for (int i = 0; i < n; i++) {
		struct err ignored;
		if (!may(app, person, VERB_READ, under, rows[i], NULL, NULL, &ignored))
			continue;
		record_to_json(&w, rows[i]);
		for (int f = 0; f < under->nfields; f++)
			if (field_is_stored(&under->fields[f]))
				titles_value(&titles, &under->fields[f], &rows[i]->values[f]);
	}
	jw_array_end(&w);
	titles_end(&titles, &w);
	app_unlock(app);
	jw_key(&w, "next");
	if (n == limit)
		jw_uuid(&w, rows[n - 1]->id);
	else
		jw_null(&w);
	jw_object_end(&w);
	jw_end(&w);
	done = true;
out:
	arena_close(a);
	return done;
}

/* ---- what is due ---- */

struct due {
	struct clock_row row;
	const struct register_def *reg;
	const struct clock_def *clock;
	int table;
	int32_t at;
};

struct work_list {
	struct app *app;
	struct arena *a;
	const struct person *person;
	struct sight sight;
	struct due *due;
	int n, room;
};

static bool starts_here(const struct board *b, const struct due *d, const struct step *step)
{
	const struct board_table *t = board_table(b, d->table);
	int column = board_column_named(t, "state");
	struct slice state =
		column < 0 ? (struct slice){0} : column_word(board_column(t, column), d->at);
	for (int i = 0; state.s && i < step->nfrom; i++)
		if (slice_is(state, step->from[i]))
			return true;
	return step->nfrom == 0;
}

/* Mine: it lies on a desk of my unit; without a desk, when I may see it and take one of the steps that would end it. */
static bool is_mine(struct work_list *list, const struct due *d)
{
	const struct board *b = list->app->board;
	const struct person *person = list->person;
	if (!sight_sees(b, &list->sight, d->table, d->at))
		return false;
	if (person->system || person_is(person, ROLE_OFFICE))
		return true;
	int units = board_table_named(b, "unit");
	int32_t holder = units >= 0 && !uuid_is_nil(d->row.holder)
		? board_row(board_table(b, units), d->row.holder)
		: -1;
	if (holder >= 0)
		return marks_have(&list->sight.units, holder);
	for (int i = 0; i < d->reg->nsteps; i++) {
		const struct step *step = &d->reg->steps[i];
		for (int k = 0; step->to && starts_here(b, d, step) && k < d->clock->nstop; k++)
			if (strcmp(step->to, d->clock->stop[k]) == 0 &&
				access_roles(person, d->reg, VERB_STEP, step))
				return true;
	}
	return false;
}

static bool running_clock(void *self, const struct clock_row *row)
{
	struct work_list *list = self;
	const struct board *b = list->app->board;
	struct due d = {.row = *row, .table = board_table_named(b, row->reg)};
	if (d.table < 0 || row->due.ms == INSTANT_NONE.ms)
		return true;
	d.at = board_row(board_table(b, d.table), row->record);
	d.reg = board_register(board_table(b, d.table));
	d.clock = clock_named(d.reg, row->clock);
	if (d.at < 0 || !d.clock || !access_roles(list->person, d.reg, VERB_READ, NULL) ||
		!is_mine(list, &d))
		return true;
	d.row.reg = d.reg->name; /* the reader's own words go with its next row */
	d.row.clock = d.clock->name;
	if (list->n == list->room) {
		int more = list->room * 2 + 64;
		list->due =
			arena_grow(list->a, list->due, (size_t)list->room, (size_t)more, sizeof(*list->due));
		list->room = more;
	}
	list->due[list->n++] = d;
	return true;
}

static int by_due(const void *left, const void *right)
{
	const struct due *l = left, *r = right;
	if (l->row.due.ms != r->row.due.ms)
		return l->row.due.ms < r->row.due.ms ? -1 : 1;
	int same = uuid_compare(l->row.record, r->row.record);
	return same ? same : strcmp(l->clock->name, r->clock->name);
}

static void due_json(struct app *app, struct json_writer *w, const struct due *d)
{
	const struct board *b = app->board;
	int32_t project = board_project_of(b, d->table, d->at);
	jw_object(w);
	jw_kid(w, "record", d->row.record);
	jw_kt(w, "register", d->reg->name);
	jw_ks(w, "title", board_title(board_table(b, d->table), d->at));
	jw_key(w, "project");
	if (project >= 0)
		ref_json(w, b, "project", board_id(board_projects(b), project));
	else
		jw_null(w);
	clock_json(app, w, d->clock, &d->row);
	jw_object_end(w);
}

/* "<ms of the deadline>/<record>/<clock>": where the page before ended, also when that one is done meanwhile. */
static bool parse_after(struct arena *a, const char *after, struct due *out, struct err *err)
{
	struct clock_def *clock = ARENA_NEW(a, struct clock_def);
	const char *first = after ? strchr(after, '/') : NULL,
			   *second = first ? strchr(first + 1, '/') : NULL;
	if (second && num_int((struct slice){after, (size_t)(first - after)}, &out->row.due.ms) &&
		uuid_parse((struct slice){first + 1, (size_t)(second - first - 1)}, &out->row.record)) {
		clock->name = second + 1;
		out->clock = clock;
		return true;
	}
	return err_set(err, ERR_INPUT, "after", "\"%s\" is not where a page ended", after);
}

static void page_json(struct app *app, struct json_writer *w, const struct work_list *list,
	const struct due *after, int limit)
{
	int from = 0;
	while (after && from < list->n && by_due(&list->due[from], after) <= 0)
		from++;
	int until = list->n - from > limit ? from + limit : list->n;
	jw_key(w, "clocks");
	jw_array(w);
	for (int i = from; i < until; i++)
		due_json(app, w, &list->due[i]);
	jw_array_end(w);
	jw_key(w, "next");
	if (until < list->n && until > from) {
		const struct due *last = &list->due[until - 1];
		char id[UUID_TEXT];
		uuid_format(last->row.record, id);
		jw_text(w,
			arena_printf(
				list->a, "%lld/%s/%s", (long long)last->row.due.ms, id, last->clock->name));
	} else {
		jw_null(w);
	}
}

bool app_work_json(struct app *app, const struct person *person, const char *after, int limit,
	struct str *out, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	struct arena *a = arena_open();
	struct due ended;
	if (after && !parse_after(a, after, &ended, err)) {
		arena_close(a);
		return false;
	}
	app_read_lock(app);
	struct work_list list = {.app = app,
		.a = a,
		.person = person,
		.sight = sight_of(a, app->board, person, person->roles)};
	bool done = clock_rows_running(app->store, (struct uuid){{0}}, running_clock, &list, err);
	if (done) {
		if (list.n)
			qsort(list.due, (size_t)list.n, sizeof(*list.due), by_due);
		int overdue = 0;
		for (int i = 0; i < list.n; i++)
			overdue += list.due[i].row.overdue;
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_ki(&w, "total", list.n);
		jw_ki(&w, "overdue", overdue);
		page_json(app, &w, &list, after ? &ended : NULL,
			limit <= 0 || limit > PAGE_MOST ? PAGE_MOST : limit);
		jw_object_end(&w);
		jw_end(&w);
	}
	app_unlock(app);
	arena_close(a);
	return done;
}

/* ---- search ---- */

bool app_search_json(struct app *app, const struct person *person, const char *reg,
	const char *words, int limit, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	const struct register_def *def;
	struct query_scope scope;
	struct uuid *ids;
	int n;
	bool done = false;
	limit = limit <= 0 ? 20 : limit > PAGE_MOST ? PAGE_MOST : limit;
	if (!app_register_find(app, reg, &def, err))
		goto out;
	app_read_lock(app);
	bool allowed = may_list(app->board, a, person, VERB_READ, def, &scope, err);
	app_unlock(app);
	if (!allowed || !store_search(app->store, a, def, slice_of(words), limit * 4, &ids, &n, err))
		goto out;
	app_read_lock(app);
	int table = board_table_named(app->board, reg);
	const struct board_table *t = board_table(app->board, table);
	int column = board_column_named(t, "number"), written = 0;
	struct sight sight =
		sight_of(a, app->board, person, access_roles(person, def, VERB_READ, NULL));
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "found");
	jw_array(&w);
	for (int i = 0; i < n && written < limit; i++) {
		int32_t row = board_row(t, ids[i]);
		if (row < 0 || !board_alive(t, row) || !sight_sees(app->board, &sight, table, row))
			continue;
		jw_object(&w);
		jw_kid(&w, "id", ids[i]);
		jw_ks(&w, "title", board_title(t, row));
		if (column >= 0)
			jw_ks(&w, "number", column_word(board_column(t, column), row));
		jw_object_end(&w);
		written++;
	}
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	app_unlock(app);
	done = true;
out:
	arena_close(a);
	return done;
}
