/* What happened: the history of one record, and the journal as a whole for those who see all of it. */
#include "app/access.h"
#include "app/account.h"
#include "app/detail.h"
#include "app/journal.h"
#include "app/reading.h"
#include "app/titles.h"
#include "app/undo.h"
#include "base/hash.h"
#include "model/calendar.h"

#define PAGE 50
#define PAGE_MOST 500

/* ---- one entry ---- */

struct history {
	struct app *app;
	struct arena *a;
	struct json_writer *w;
	struct titles titles;
	int64_t last;
	int n;
};

static void who_json(struct history *h, const struct change *c)
{
	jw_key(h->w, "who");
	jw_object(h->w);
	jw_kid(h->w, "id", c->who);
	jw_kt(h->w, "name", account_name(h->app->board, h->a, c->who));
	jw_object_end(h->w);
}

/* Within an object. */
static void entry_members(struct history *h, const struct change *c)
{
	struct json_writer *w = h->w;
	jw_ki(w, "no", c->no);
	instant_key(h->app, w, "at", c->at);
	who_json(h, c);
	jw_kt(w, "via", c->via);
	jw_kt(w, "step", c->step);
	jw_ki(w, "version", c->version);
	jw_key(w, "state");
	jw_array(w);
	jw_text(w, c->state_before);
	jw_text(w, c->state_after);
	jw_array_end(w);
	jw_key(w, "changes");
	jw_array(w);
	for (int i = 0; i < c->n; i++) {
		jw_object(w);
		jw_kt(w, "field", c->fields[i]->name);
		jw_key(w, "before");
		value_to_json(w, c->fields[i], &c->before[i]);
		jw_key(w, "after");
		value_to_json(w, c->fields[i], &c->after[i]);
		jw_object_end(w);
		titles_value(&h->titles, c->fields[i], &c->before[i]);
		titles_value(&h->titles, c->fields[i], &c->after[i]);
	}
	jw_array_end(w);
	if (c->undoes)
		jw_ki(w, "undoes", c->undoes);
	jw_kt(w, "reason", c->reason);
	char hash[DIGEST_BYTES * 2 + 1];
	hex_encode(c->hash, DIGEST_BYTES, hash);
	jw_kt(w, "hash", hash);
}

/* ---- of one record ---- */

static bool history_entry(void *self, const struct change *c)
{
	struct history *h = self;
	jw_object(h->w);
	entry_members(h, c);
	jw_object_end(h->w);
	h->last = c->no;
	h->n++;
	return true;
}

bool app_history_json(struct app *app, const struct person *person, const char *reg, struct uuid id,
	int64_t before, int limit, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	const struct register_def *def;
	struct record *record;
	limit = limit <= 0 ? PAGE : limit > PAGE_MOST ? PAGE_MOST : limit;
	bool done = record_to_read(app, a, person, reg, id, &def, &record, err);
	if (done) {
		struct json_writer w = jw_start(out);
		app_read_lock(app);
		struct history h = {.app = app, .a = a, .w = &w, .titles = titles_begin(app->board, a)};
		jw_object(&w);
		jw_key(&w, "entries");
		jw_array(&w);
		done = journal_of(app->store, id, before, limit, history_entry, &h, err);
		jw_array_end(&w);
		titles_end(&h.titles, &w);
		app_unlock(app);
		jw_key(&w, "next");
		if (h.n == limit && h.last > 1)
			jw_int(&w, h.last);
		else
			jw_null(&w);
		jw_kb(&w, "undo", before == 0 && done && undo_open(app, a, person, reg, id));
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

/* ---- the whole journal ---- */

struct found {
	const struct person *person;
	struct app *app;
	const char *reg;
	int64_t *no;
	int n, limit;
};

/* Of a register that none of the person's roles may read, nothing is told, not even that there was something. */
static bool note_number(void *self, const struct change *c)
{
	struct found *f = self;
	if (f->person->system || access_roles(f->person, c->reg, VERB_READ, NULL))
		f->no[f->n++] = c->no;
	return f->n < f->limit;
}

static bool journal_entry(void *self, const struct change *c)
{
	struct history *h = self;
	const struct board *b = h->app->board;
	int table = board_table_named(b, c->reg->name);
	int32_t row = table >= 0 ? board_row(board_table(b, table), c->id) : -1;
	jw_object(h->w);
	entry_members(h, c);
	jw_kt(h->w, "register", c->reg->name);
	jw_kid(h->w, "id", c->id);
	jw_kb(h->w, "there", row >= 0 && board_alive(board_table(b, table), row));
	jw_ks(h->w, "title", row >= 0 ? board_title(board_table(b, table), row) : (struct slice){0});
	jw_object_end(h->w);
	return true;
}

/* The journal tells of everything, so it is for those who see everything. */
static bool may_read_journal(struct app *app, const struct person *person, struct err *err)
{
	const struct register_def *def;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (person->system)
		return true;
	if (!app_register_find(app, "account", &def, err))
		return false;
	struct arena *a = arena_open();
	app_read_lock(app);
	bool yes = may(app, person, VERB_READ, def, NULL, NULL, NULL, err);
	if (yes && !sight_of(a, app->board, person, person->roles).all)
		yes = err_set(err, ERR_DENIED, NULL, "the journal is for those who see the whole office");
	app_unlock(app);
	arena_close(a);
	return yes;
}

static bool read_day(struct app *app, const char *name, const char *text, bool after,
	struct instant *out, struct err *err)
{
	struct date day;
	if (!text)
		return true;
	if (!date_parse_iso(slice_of(text), &day))
		return err_set(err, ERR_INPUT, name, "\"%s\" is not a date like 2026-03-31", text);
	day.day -= !after;
	out->ms = day_end(day, app_offset_minutes(app)).ms + 1;
	return true;
}

bool app_journal_json(struct app *app, const struct person *person, const struct journal_text *text,
	struct str *out, struct err *err)
{
	struct journal_query query = {.reg = text->reg,
		.record = text->record,
		.who = text->who,
		.from = INSTANT_NONE,
		.until = INSTANT_NONE,
		.before = text->before};
	const struct register_def *def;
	if (!may_read_journal(app, person, err) ||
		(text->reg && !app_register_find(app, text->reg, &def, err)) ||
		!read_day(app, "from", text->from, false, &query.from, err) ||
		!read_day(app, "until", text->until, true, &query.until, err))
		return false;
	struct arena *a = arena_open();
	int limit = text->limit <= 0 ? PAGE : text->limit > PAGE_MOST ? PAGE_MOST : text->limit;
	struct found found = {
		.person = person, .app = app, .no = ARENA_ARRAY(a, int64_t, (size_t)limit), .limit = limit};
	/* the search may be long and runs without the lock; the page is read under it */
	bool done = journal_search(app->store, &query, note_number, &found, err);
	if (done) {
		struct json_writer w = jw_start(out);
		app_read_lock(app);
		struct history h = {.app = app, .a = a, .w = &w, .titles = titles_begin(app->board, a)};
		jw_object(&w);
		jw_key(&w, "entries");
		jw_array(&w);
		for (int i = 0; done && i < found.n; i++)
			done = journal_read(app->store, found.no[i], found.no[i], journal_entry, &h, err);
		jw_array_end(&w);
		titles_end(&h.titles, &w);
		app_unlock(app);
		jw_key(&w, "next");
		if (found.n == limit && found.no[limit - 1] > 1)
			jw_int(&w, found.no[limit - 1]);
		else
			jw_null(&w);
		jw_object_end(&w);
		if (done)
			jw_end(&w);
	}
	arena_close(a);
	return done;
}
