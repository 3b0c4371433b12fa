/* A draft is the file's bytes and what was chosen about it; every answer reads the ledger afresh from them, so a draft
 * cannot go stale. Confirming turns rows into drafts of records (draft.h), which pass the same checks as a form, and sends
 * all that passed as one batch. */
#include "app/importing.h"

#include <stdio.h>
#include <stdlib.h>

#include "app/access.h"
#include "app/draft.h"
#include "app/importing_drafts.h"
#include "app/lookup.h"
#include "app/registers.h"
#include "base/num.h"
#include "base/os.h"
#include "base/utf8.h"
#include "intake/ledger.h"

#define DRAFTS_MOST 8          /* of one account */
#define DRAFT_HOURS 24
#define PROBLEMS_SHOWN 1000
#define PREVIEW_ROWS 50
#define MISSING_MOST 5000

struct import {
	struct uuid id, account;
	struct instant made;
	bool busy, gone;
	const char *reg, *name;
	struct arena *a;           /* bytes and workbook */
	struct workbook book;
	/* what was chosen; in `chosen`, replaced by each mapping */
	struct arena *chosen;
	const char *sheet, *key, *child;
	int header_row;
	int64_t money_unit;
	bool keep_unknown, create_missing;
	struct ledger_choice *given;
	int ngiven;
	struct import *next;
};

struct drafts {
	pthread_mutex_t lock;
	struct import *all;
};

/* ---- keeping drafts ---- */

struct drafts *drafts_open(void)
{
	struct drafts *d = must_alloc(sizeof(*d));
	pthread_mutex_init(&d->lock, NULL);
	return d;
}

static void import_free(struct import *i)
{
	arena_close(i->a);
	arena_close(i->chosen);
	free(i);
}

void drafts_close(struct drafts *d)
{
	if (!d)
		return;
	for (struct import *i = d->all, *next; i; i = next) {
		next = i->next;
		import_free(i);
	}
	pthread_mutex_destroy(&d->lock);
	free(d);
}

/* Under the lock: takes it out; somebody who is busy with it frees it when done. */
static void drop(struct drafts *d, struct import *gone)
{
	struct import **at = &d->all;
	while (*at != gone)
		at = &(*at)->next;
	*at = gone->next;
	gone->gone = true;
	if (!gone->busy)
		import_free(gone);
}

void drafts_tidy(struct app *app, struct instant now)
{
	struct drafts *d = app->drafts;
	pthread_mutex_lock(&d->lock);
	for (struct import *i = d->all, *next; i; i = next) {
		next = i->next;
		if (now.ms - i->made.ms > DRAFT_HOURS * INT64_C(3600000))
			drop(d, i);
	}
	pthread_mutex_unlock(&d->lock);
}

static void keep(struct app *app, struct import *fresh)
{
	struct drafts *d = app->drafts;
	pthread_mutex_lock(&d->lock);
	int n = 0;
	struct import *oldest = NULL;
	for (struct import *i = d->all; i; i = i->next)
		if (uuid_equal(i->account, fresh->account)) {
			n++;
			oldest = i; /* the list is newest first */
		}
	if (n >= DRAFTS_MOST)
		drop(d, oldest);
	fresh->next = d->all;
	d->all = fresh;
	pthread_mutex_unlock(&d->lock);
}

static bool take(struct app *app, const struct person *person, const char *id, struct import **out, struct err *err)
{
	struct drafts *d = app->drafts;
	struct uuid wanted;
	bool busy = false;
	*out = NULL;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	pthread_mutex_lock(&d->lock);
	for (struct import *i = uuid_parse(slice_of(id), &wanted) ? d->all : NULL; i; i = i->next)
		if (uuid_equal(i->id, wanted) && uuid_equal(i->account, person->account)) {
			busy = i->busy;
			i->busy = true;
			*out = i;
		}
	pthread_mutex_unlock(&d->lock);
	if (!*out)
		return err_set(err, ERR_MISSING, NULL, "this import was confirmed, cancelled or is more than a day old");
	if (busy)
		return err_set(err, ERR_BUSY, NULL, "this import is being worked on: try again");
	return true;
}

static void give_back(struct app *app, struct import *i, bool done_with)
{
	struct drafts *d = app->drafts;
	pthread_mutex_lock(&d->lock);
	i->busy = false;
	if (i->gone)
		import_free(i);
	else if (done_with)
		drop(d, i);
	pthread_mutex_unlock(&d->lock);
}

/* ---- reading the ledger with the board at hand ---- */

struct missing {
	const char *reg, *name;
	struct uuid id;
	int rows;
};

struct finder {
	struct app *app;
	const struct import *import;
	struct arena *a;
	struct lookup *lookup;
	struct map *index;         /* "unit:name" -> missing */
	struct missing *missing;
	int nmissing, room;
};

static bool can_be_made(const char *reg)
{
	return strcmp(reg, "unit") == 0 || strcmp(reg, "area") == 0;
}

/* Notes a unit or area that is not there; the same name again is the same one. */
static struct missing *note_missing(struct finder *f, const char *reg, struct slice text)
{
	struct arena_mark mark = arena_mark(f->a);
	char *key = arena_printf(f->a, "%s:%.*s", reg, (int)text.n, text.s);
	int32_t at = map_get(f->index, slice_of(key));
	if (at >= 0) {
		arena_rewind(f->a, mark);
		f->missing[at].rows++;
		return &f->missing[at];
	}
	if (f->nmissing == MISSING_MOST)
		return NULL;
	map_put(f->index, slice_of(key), f->nmissing);
	if (f->nmissing == f->room) {
		int more = f->room * 2 + 32;
		f->missing = arena_grow(f->a, f->missing, (size_t)f->room, (size_t)more, sizeof(*f->missing));
		f->room = more;
	}
	uint8_t random[10];
	os_random(random, sizeof(random));
	f->missing[f->nmissing] = (struct missing){reg, arena_text(f->a, text), uuid_v7(app_now(f->app), random), 1};
	return &f->missing[f->nmissing++];
}

/* A cell that lists a dozen ministries is too long for a name: the beginning of it, and that it goes on. */
static struct slice fitting(struct finder *f, const char *reg, struct slice text)
{
	const struct register_def *def = catalogue_find(app_catalogue(f->app), reg);
	const struct field *name = def ? register_field(def, "name") : NULL;
	size_t most = name && name->max ? (size_t)name->max : 100;
	if (utf8_length(text) <= most)
		return text;
	size_t at = 0;
	for (size_t n = 0; n + 1 < most; n++)
		(void)utf8_next(text, &at);
	return slice_of(arena_printf(f->a, "%.*s…", (int)at, text.s));
}

static bool find_ref(void *self, struct arena *a, const struct field *field, struct slice text, struct uuid *out,
	const char **nearest)
{
	struct finder *f = self;
	text = utf8_trim(text);
	if (lookup_named(f->lookup, field->to, text, out))
		return true;
	if (can_be_made(field->to)) {
		text = fitting(f, field->to, text);
		const struct missing *m = note_missing(f, field->to, text);
		if (m && f->import->create_missing) {
			*out = m->id;
			return true;
		}
	}
	const char *like = lookup_nearest(f->lookup, a, field->to, text);
	if (like)
		*nearest = like;
	return false;
}

static bool find_record(void *self, const struct field *field, const struct value *key, struct uuid *out)
{
	struct finder *f = self;
	return lookup_value(f->lookup, f->import->reg, field ? field->name : NULL, key, out);
}

struct remembered {
	struct arena *a;
	const char *reg, *fingerprint;
	struct record *record;
	struct ledger_choice *choices;
	int n;
};

static bool remembered_row(void *self, const struct record *r)
{
	struct remembered *m = self;
	const struct value *reg = record_value(r, "target_register"), *print = record_value(r, "fingerprint");
	const struct value *mapping = record_value(r, "mapping");
	const struct json *parsed;
	struct err ignored; /* a mapping that cannot be read is as good as none */
	if (reg->kind != VALUE_TEXT || print->kind != VALUE_TEXT || !slice_is(reg->text, m->reg) ||
		!slice_is(print->text, m->fingerprint))
		return true;
	m->record = record_new(m->a, r->reg);
	m->record->id = r->id;
	m->record->version = r->version;
	if (mapping->kind != VALUE_TEXT || !json_parse(m->a, arena_slice(m->a, mapping->text), NULL, &parsed, &ignored))
		return false;
	m->choices = ARENA_ARRAY(m->a, struct ledger_choice, (size_t)json_count(parsed) + 1);
	for (int i = 0; parsed->type == JSON_IS_OBJECT && i < parsed->nmembers; i++)
		m->choices[m->n++] = (struct ledger_choice){-1, parsed->members[i].key.s, json_text(&parsed->members[i].value, "")};
	return false;
}

static int sheet_named(const struct import *i)
{
	for (int s = 0; i->sheet && s < i->book.nsheets; s++)
		if (strcmp(i->book.sheets[s].name, i->sheet) == 0)
			return s;
	return -1;
}

struct reading_run {
	struct finder finder;
	struct remembered remembered;
	struct ledger_result result;
};

/* Everything in `a`. The lookup is closed by reading_end(). */
static bool read_ledger(struct app *app, struct import *i, struct arena *a, struct reading_run *run, struct err *err)
{
	const struct register_def *reg, *child = NULL, *mapping;
	*run = (struct reading_run){.finder = {.app = app, .import = i, .a = a}};
	if (!app_register_find(app, i->reg, &reg, err) || (i->child && !app_register_find(app, i->child, &child, err)))
		return false;
	struct ledger_options options = {
		.reg = reg, .child = child, .today = app_today(app), .sheet = sheet_named(i), .header_row = i->header_row,
		.money_unit = i->money_unit, .keep_unknown = i->keep_unknown, .key = i->key, .given = i->given,
		.ngiven = i->ngiven, .find_ref = find_ref, .find_record = find_record, .self = &run->finder,
	};
	run->remembered = (struct remembered){.a = a, .reg = i->reg};
	if (!ledger_fingerprint(a, &i->book, &options, &run->remembered.fingerprint, err))
		return false;
	mapping = catalogue_find(app_catalogue(app), "mapping");
	if (mapping && !store_scan(app->store, mapping, remembered_row, &run->remembered, err))
		return false;
	options.remembered = run->remembered.choices;
	options.nremembered = run->remembered.n;
	run->finder.index = map_open();
	app_read_lock(app);
	run->finder.lookup = lookup_open(app->board);
	bool done = ledger_read(a, &i->book, &options, &run->result, err);
	app_unlock(app);
	return done;
}

static void reading_end(struct reading_run *run)
{
	lookup_close(run->finder.lookup);
	if (run->finder.index)
		map_close(run->finder.index);
}

/* ---- the answer ---- */

static void column_json(struct json_writer *w, const struct ledger_column *c)
{
	jw_object(w);
	jw_ki(w, "index", c->index);
	jw_kt(w, "heading", c->heading);
	jw_kt(w, "field", c->target);
	if (c->proposal)
		jw_kt(w, "proposal", c->proposal->name);
	jw_kt(w, "how", ledger_how_name(c->how));
	if (c->how == LEDGER_GUESSED)
		jw_ki(w, "similar", c->similar);
	if (c->money_unit)
		jw_ki(w, "money_unit", c->money_unit);
	if (c->currency)
		jw_kt(w, "currency", c->currency);
	jw_ki(w, "filled", (int64_t)c->filled);
	jw_ki(w, "refused", (int64_t)c->refused);
	jw_key(w, "sample");
	jw_array(w);
	for (int i = 0; i < c->nsamples; i++)
		jw_text(w, c->sample[i]);
	jw_array_end(w);
	jw_object_end(w);
}

static size_t data_rows(const struct ledger_result *r)
{
	return r->nrows - r->fates[LEDGER_SUM] - r->fates[LEDGER_NOTE];
}

static void sheets_json(struct json_writer *w, const struct import *i, const struct ledger_result *r)
{
	jw_key(w, "sheets");
	jw_array(w);
	for (int s = 0; s < i->book.nsheets; s++) {
		bool chosen = s == r->sheet;
		jw_object(w);
		jw_kt(w, "name", i->book.sheets[s].name);
		jw_ki(w, "rows", (int64_t)(chosen ? data_rows(r) : i->book.sheets[s].nrows));
		jw_kb(w, "chosen", chosen);
		if (chosen) {
			jw_ki(w, "header_row", (int64_t)r->header_row + 1);
			jw_kb(w, "turned", r->turned);
			jw_key(w, "columns");
			jw_array(w);
			for (int c = 0; c < r->ncolumns; c++)
				column_json(w, &r->columns[c]);
			jw_array_end(w);
		}
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void problem_json(struct json_writer *w, const struct ledger_result *r, const struct ledger_problem *p,
	enum lang lang)
{
	struct str text = STR_INIT;
	char letters[8];
	jw_object(w);
	jw_kt(w, "sheet", r->sheet_name);
	jw_key(w, "row");
	if (p->row == UINT32_MAX)
		jw_null(w);
	else
		jw_int(w, (int64_t)p->row + 1);
	jw_kt(w, "column", p->column < 0 ? NULL : column_letters(p->column, letters));
	jw_kt(w, "heading", p->heading);
	jw_ks(w, "value", utf8_cut(p->value, 200));
	jw_kt(w, "level", ledger_level_name(p->level));
	ledger_problem_text(&text, p, lang);
	jw_kt(w, "text", str_text(&text));
	str_clear(&text);
	ledger_problem_advice(&text, p, lang);
	jw_kt(w, "advice", text.n ? str_text(&text) : NULL);
	jw_object_end(w);
	str_free(&text);
}

static void preview_json(struct json_writer *w, const struct ledger_result *r, enum lang lang)
{
	struct str text = STR_INIT;
	size_t shown = 0;
	jw_key(w, "preview");
	jw_array(w);
	for (size_t i = 0; i < r->nrows && shown < PREVIEW_ROWS; i++) {
		if (r->rows[i].fate == LEDGER_SUM || r->rows[i].fate == LEDGER_NOTE || !r->rows[i].values)
			continue;
		jw_array(w);
		for (int f = 0; f < r->nfields; f++) {
			str_clear(&text);
			value_to_text(&text, r->fields[f], &r->rows[i].values[f], lang);
			jw_text(w, text.n ? str_text(&text) : NULL);
		}
		jw_array_end(w);
		shown++;
	}
	jw_array_end(w);
	jw_key(w, "preview_columns");
	jw_array(w);
	for (int f = 0; f < r->nfields; f++)
		jw_text(w, r->fields[f]->name);
	jw_array_end(w);
	str_free(&text);
}

static void totals_json(struct json_writer *w, const struct ledger_result *r)
{
	jw_key(w, "totals");
	jw_object(w);
	for (int c = 0; c < r->ncolumns; c++) {
		const struct field *f = r->columns[c].field;
		if (!f || !r->columns[c].filled ||
			(f->type != FIELD_MONEY && f->type != FIELD_QUANTITY && f->type != FIELD_INTEGER))
			continue;
		struct value total = {.kind = VALUE_INT, .i = r->columns[c].total};
		jw_key(w, f->name);
		value_to_json(w, f, &total);
	}
	jw_object_end(w);
}

static void missing_json(struct json_writer *w, const struct reading_run *run)
{
	jw_key(w, "missing");
	jw_array(w);
	for (int i = 0; i < run->finder.nmissing; i++) {
		jw_object(w);
		jw_kt(w, "register", run->finder.missing[i].reg);
		jw_kt(w, "name", run->finder.missing[i].name);
		jw_ki(w, "rows", run->finder.missing[i].rows);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void new_fields_json(struct json_writer *w, const struct ledger_result *r)
{
	jw_key(w, "new_fields");
	jw_array(w);
	for (int i = 0; i < r->nnew_fields; i++) {
		jw_object(w);
		jw_kt(w, "name", r->new_fields[i].name);
		jw_label(w, "label", r->new_fields[i].label);
		jw_kt(w, "type", field_type_name(r->new_fields[i].type));
		jw_object_end(w);
	}
	jw_array_end(w);
}

static bool answer(struct app *app, const struct person *person, struct import *i, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct reading_run run;
	bool done = read_ledger(app, i, a, &run, err);
	if (done) {
		const struct ledger_result *r = &run.result;
		char id[UUID_TEXT];
		uuid_format(i->id, id);
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kt(&w, "import", id);
		jw_kt(&w, "name", i->name);
		jw_kt(&w, "register", i->reg);
		sheets_json(&w, i, r);
		jw_ki(&w, "rows", (int64_t)data_rows(r));
		jw_ki(&w, "good", (int64_t)(data_rows(r) - r->fates[LEDGER_REFUSED]));
		jw_ki(&w, "create", (int64_t)r->fates[LEDGER_CREATE]);
		jw_ki(&w, "update", (int64_t)r->fates[LEDGER_UPDATE]);
		jw_ki(&w, "left_out", (int64_t)(r->fates[LEDGER_SUM] + r->fates[LEDGER_NOTE]));
		jw_ki(&w, "problem_count", (int64_t)r->nproblems);
		jw_key(&w, "problems");
		jw_array(&w);
		for (size_t p = 0; p < r->nproblems && p < PROBLEMS_SHOWN; p++)
			problem_json(&w, r, &r->problems[p], person->lang);
		jw_array_end(&w);
		preview_json(&w, r, person->lang);
		totals_json(&w, r);
		missing_json(&w, &run);
		new_fields_json(&w, r);
		jw_object_end(&w);
		jw_end(&w);
	}
	reading_end(&run);
	arena_close(a);
	return done;
}

/* ---- the calls before confirming ---- */

static bool may_import(struct app *app, const struct person *person, const char *reg, struct err *err)
{
	const struct register_def *def;
	if (!app_register_find(app, reg, &def, err))
		return false;
	app_read_lock(app);
	bool yes = may(app, person, VERB_IMPORT, def, NULL, NULL, NULL, err);
	app_unlock(app);
	return yes;
}

bool import_start(struct app *app, const struct person *person, const char *reg, const char *name,
	struct slice bytes, struct str *out, struct err *err)
{
	if (!may_import(app, person, reg, err))
		return false;
	struct import *i = must_alloc(sizeof(*i));
	uint8_t random[10];
	os_random(random, sizeof(random));
	i->id = uuid_v7(app_now(app), random);
	i->account = person->account;
	i->made = app_now(app);
	i->a = arena_open();
	i->chosen = arena_open();
	i->reg = arena_strdup(i->a, reg);
	i->name = arena_strdup(i->a, name ? name : "");
	i->header_row = -1;
	i->create_missing = person->system;
	if (!workbook_read(i->a, arena_slice(i->a, bytes), NULL, &i->book, err) || !answer(app, person, i, out, err)) {
		import_free(i);
		return false;
	}
	keep(app, i);
	return true;
}

static bool money_unit_of(const char *text, int64_t *out, struct err *err)
{
	static const struct { const char *name; int64_t unit; } units[] = {
		{"", 0}, {"auto", 0}, {"yuan", 100}, {"qian", 100000}, {"wan", 1000000}, {"baiwan", 100000000},
		{"yi", INT64_C(10000000000)},
	};
	for (size_t i = 0; i < countof(units); i++)
		if (strcmp(units[i].name, text) == 0) {
			*out = units[i].unit;
			return true;
		}
	return err_set(err, ERR_INPUT, "money_unit", "\"%s\" is not yuan, wan or yi", text);
}

static bool choose_columns(struct import *i, const struct json *columns, struct err *err)
{
	i->given = ARENA_ARRAY(i->chosen, struct ledger_choice, (size_t)json_count(columns) + 1);
	i->ngiven = 0;
	for (int k = 0; !json_absent(columns) && columns->type == JSON_IS_OBJECT && k < columns->nmembers; k++) {
		const struct json_member *m = &columns->members[k];
		int64_t column;
		if (!num_int(m->key, &column) || column < 0 || column >= LIMIT_IMPORT_COLUMNS)
			return err_set(err, ERR_INPUT, "columns", "\"%s\" is not a column number", m->key.s);
		i->given[i->ngiven++] = (struct ledger_choice){(int)column, NULL,
			arena_strdup(i->chosen, json_text(&m->value, ""))};
	}
	return true;
}

static bool choose(struct import *i, const struct json *body, struct err *err)
{
	const struct json *sheet = json_get(body, "sheet"), *header = json_get(body, "header_row");
	const char *key = json_text(json_get(body, "key"), NULL), *child = json_text(json_get(body, "child"), NULL);
	if (json_absent(body))
		return true;
	if (sheet)
		i->sheet = arena_strdup(i->chosen, json_text(sheet, NULL));
	if (i->sheet && sheet_named(i) < 0)
		return err_set(err, ERR_INPUT, "sheet", "there is no sheet \"%s\"", i->sheet);
	if (header)
		i->header_row = (int)json_int(header, 0) - 1;
	i->key = key ? arena_strdup(i->chosen, key) : i->key;
	i->child = child ? arena_strdup(i->chosen, child) : i->child;
	i->keep_unknown = json_bool(json_get(body, "keep_unknown"), i->keep_unknown);
	i->create_missing = json_bool(json_get(body, "create_missing"), i->create_missing);
	if (json_get(body, "money_unit") && !money_unit_of(json_text(json_get(body, "money_unit"), ""), &i->money_unit, err))
		return false;
	return !json_get(body, "columns") || choose_columns(i, json_get(body, "columns"), err);
}

bool import_map(struct app *app, const struct person *person, const char *import, const struct json *body,
	struct str *out, struct err *err)
{
	struct import *i;
	if (!take(app, person, import, &i, err))
		return false;
	bool done = choose(i, body, err) && answer(app, person, i, out, err);
	give_back(app, i, false);
	return done;
}

bool import_cancel(struct app *app, const struct person *person, const char *import, struct err *err)
{
	struct import *i;
	if (!take(app, person, import, &i, err))
		return false;
	give_back(app, i, true);
	return true;
}

/* ---- confirming ---- */

enum outcome { OUT_LEFT, OUT_CREATED, OUT_UPDATED, OUT_UNCHANGED, OUT_REFUSED, OUT_COUNT };
static const char *const outcome_names[OUT_COUNT] = {"left_out", "created", "updated", "unchanged", "refused"};

struct row_out {
	enum outcome outcome;
	struct uuid id;
	const char *text; /* why refused; in `a` */
};

struct confirming {
	struct app *app;
	const struct person *person;
	struct arena *a;
	struct work work;
	const struct ledger_result *r;
	struct row_out *rows;
	int64_t counts[OUT_COUNT];
};

static void refuse(struct confirming *c, size_t row, const struct err *err)
{
	struct str text = STR_INIT;
	err_say(err, c->person->lang, &text);
	c->rows[row] = (struct row_out){.outcome = OUT_REFUSED, .text = arena_strdup(c->a, str_text(&text))};
	str_free(&text);
}

static void refuse_by_problem(struct confirming *c, size_t row)
{
	struct str text = STR_INIT;
	c->rows[row] = (struct row_out){.outcome = OUT_REFUSED};
	for (size_t p = 0; p < c->r->nproblems; p++)
		if (c->r->problems[p].row == c->r->rows[row].row && c->r->problems[p].level == LEDGER_ERROR) {
			ledger_problem_place(&text, c->r, &c->r->problems[p], c->person->lang);
			str_puts(&text, ": ");
			ledger_problem_text(&text, &c->r->problems[p], c->person->lang);
			break;
		}
	c->rows[row].text = arena_strdup(c->a, str_text(&text));
	str_free(&text);
}

/* Checks the last draft; a refused one leaves the batch as if it had never been. */
static bool checked(struct confirming *c, const char *state, struct err *err)
{
	struct work *w = &c->work;
	int at = w->n - 1, clocks = w->nclocks, errors = w->nerrors;
	if (draft_check(w, at, state, err))
		return true;
	w->n = at;
	w->nclocks = clocks;
	w->nerrors = errors;
	return false;
}

static const char *state_of(const struct register_def *reg, const char *text)
{
	for (int i = 0; text && i < reg->nstates; i++) {
		const struct state *s = &reg->states[i];
		if (strcmp(s->name, text) == 0 || strcmp(s->label.zh, text) == 0 || strcmp(s->label.en, text) == 0)
			return s->name;
	}
	return NULL;
}

/* A list's order means nothing: the board and a spreadsheet have their own. */
static bool same_value(const struct value *a, const struct value *b)
{
	if (a->kind != VALUE_LIST || b->kind != VALUE_LIST || a->n != b->n)
		return value_equal(a, b);
	for (int i = 0; i < a->n; i++) {
		bool found = false;
		for (int k = 0; k < b->n; k++)
			found |= value_equal(&a->items[i], &b->items[k]);
		if (!found)
			return false;
	}
	return true;
}

static void set_values(struct confirming *c, struct draft *d, const struct field *const *fields, int n,
	const struct value *values)
{
	for (int f = 0; f < n; f++)
		if (values[f].kind != VALUE_NULL && field_is_stored(fields[f]) &&
			!same_value(&d->after->values[fields[f]->index], &values[f]))
			draft_set(&c->work, d, fields[f], values[f]);
}

static void take_row(struct confirming *c, size_t row)
{
	const struct ledger_row *from = &c->r->rows[row];
	struct record *before = NULL;
	struct err err;
	bool update = from->fate == LEDGER_UPDATE;
	if (update && !store_get(c->app->store, c->a, c->r->reg, from->id, &before, &err)) {
		refuse(c, row, &err);
		return;
	}
	struct draft *d = draft_new(&c->work, update ? WRITE_UPDATE : WRITE_CREATE, c->r->reg, before);
	set_values(c, d, c->r->fields, c->r->nfields, from->values);
	for (size_t k = row + 1; c->r->fates[LEDGER_SAME] && k < c->r->nrows; k++)
		if (c->r->rows[k].fate == LEDGER_SAME && c->r->rows[k].into == row)
			set_values(c, d, c->r->fields, c->r->nfields, c->r->rows[k].values);
	if (update && d->n == 0) {
		c->work.n--;
		c->rows[row] = (struct row_out){OUT_UNCHANGED, from->id, NULL};
		return;
	}
	d->number = update ? NULL : from->number;
	struct uuid id = d->id;
	if (!checked(c, update ? NULL : state_of(c->r->reg, from->state), &err)) {
		refuse(c, row, &err);
		return;
	}
	if (!update)
		idmap_put(c->work.fresh, id, 1);
	c->rows[row] = (struct row_out){update ? OUT_UPDATED : OUT_CREATED, id, NULL};
}

/* A row's child record, under the record that the row stands for. */
static void take_child(struct confirming *c, size_t row)
{
	const struct ledger_row *from = &c->r->rows[row];
	const struct row_out *main = &c->rows[from->fate == LEDGER_SAME ? from->into : row];
	const struct field *up = c->r->child && c->r->child->of ? register_field(c->r->child, c->r->child->of) : NULL;
	struct err err;
	bool any = false;
	for (int f = 0; from->child_values && f < c->r->nchild_fields; f++)
		any |= from->child_values[f].kind != VALUE_NULL;
	if (main->outcome == OUT_REFUSED) {
		c->rows[row] = *main;
		return;
	}
	if (any && up) {
		struct draft *d = draft_new(&c->work, WRITE_CREATE, c->r->child, NULL);
		struct uuid id = d->id;
		draft_set(&c->work, d, up, (struct value){.kind = VALUE_ID, .id = main->id});
		set_values(c, d, c->r->child_fields, c->r->nchild_fields, from->child_values);
		if (!checked(c, NULL, &err)) {
			refuse(c, row, &err);
			return;
		}
		idmap_put(c->work.fresh, id, 1);
	}
	if (from->fate == LEDGER_SAME)
		c->rows[row] = (struct row_out){any ? OUT_CREATED : OUT_UNCHANGED, main->id, NULL};
}

static bool take_missing(struct confirming *c, const struct finder *f, struct err *err)
{
	for (int i = 0; c->person && f->import->create_missing && i < f->nmissing; i++) {
		const struct register_def *reg;
		const struct missing *m = &f->missing[i];
		if (!app_register_find(c->app, m->reg, &reg, err))
			return false;
		struct draft *d = draft_new(&c->work, WRITE_CREATE, reg, NULL);
		d->id = d->after->id = m->id;
		draft_set(&c->work, d, register_field(reg, "name"), (struct value){.kind = VALUE_TEXT, .text = slice_of(m->name)});
		for (int k = 0; k < reg->nfields; k++) { /* a required choice: the first, to be put right later */
			const struct field *field = &reg->fields[k];
			if (field->required && field->type == FIELD_CHOICE && field->nchoices)
				draft_set(&c->work, d, field, (struct value){.kind = VALUE_TEXT,
					.text = slice_of(field->choices[field->nchoices - 1].name)});
		}
		if (!draft_check(&c->work, c->work.n - 1, NULL, err))
			return err_in(err, "%s", m->name);
		idmap_put(c->work.fresh, m->id, 1);
	}
	return true;
}

/* Under the read lock. */
static bool take_rows(struct confirming *c, const struct finder *finder, struct err *err)
{
	const struct ledger_result *r = c->r;
	if (!take_missing(c, finder, err))
		return false;
	for (size_t row = 0; row < r->nrows; row++) {
		switch (r->rows[row].fate) {
		case LEDGER_CREATE:
		case LEDGER_UPDATE:
			take_row(c, row);
			break;
		case LEDGER_REFUSED:
			refuse_by_problem(c, row);
			break;
		case LEDGER_SAME:
		case LEDGER_SUM:
		case LEDGER_NOTE:
			break;
		}
	}
	for (size_t row = 0; r->nchild_fields && row < r->nrows; row++)
		if (c->rows[row].outcome != OUT_REFUSED &&
			(r->rows[row].fate == LEDGER_CREATE || r->rows[row].fate == LEDGER_UPDATE || r->rows[row].fate == LEDGER_SAME))
			take_child(c, row);
	for (size_t row = 0; !r->nchild_fields && row < r->nrows; row++)
		if (r->rows[row].fate == LEDGER_SAME)
			c->rows[row] = c->rows[r->rows[row].into];
	for (size_t row = 0; row < r->nrows; row++)
		c->counts[c->rows[row].outcome]++;
	return true;
}

/* What was mapped is remembered by heading for the next ledger of this shape. */
static bool remember(struct confirming *c, const struct reading_run *run, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(c->app), "mapping");
	struct str text = STR_INIT;
	if (!reg || c->person->system)
		return true;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	for (int i = 0; i < run->result.ncolumns; i++)
		if (run->result.columns[i].heading && run->result.columns[i].heading[0])
			jw_kt(&w, run->result.columns[i].heading, run->result.columns[i].target ? run->result.columns[i].target : "");
	jw_object_end(&w);
	struct slice mapping = arena_slice(c->a, str_view(&text));
	str_free(&text);
	struct record *before = NULL;
	if (run->remembered.record && !store_get(c->app->store, c->a, reg, run->remembered.record->id, &before, err))
		return false;
	struct draft *d = draft_new(&c->work, before ? WRITE_UPDATE : WRITE_CREATE, reg, before);
	const struct { const char *field; struct slice value; } values[] = {
		{"name", slice_of(run->finder.import->name)}, {"target_register", slice_of(run->finder.import->reg)},
		{"fingerprint", slice_of(run->result.fingerprint)}, {"mapping", mapping},
	};
	for (size_t i = 0; i < countof(values); i++) {
		const struct field *f = register_field(reg, values[i].field);
		struct value v = {.kind = VALUE_TEXT, .text = utf8_cut(values[i].value, 60000)};
		if (!value_equal(&d->after->values[f->index], &v))
			draft_set(&c->work, d, f, v);
	}
	if (d->n == 0) {
		c->work.n--;
		return true;
	}
	struct err ignored; /* who may import but not keep mappings imports all the same */
	(void)!checked(c, NULL, &ignored);
	return true;
}

static void outcome_json(const struct confirming *c, struct str *out)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	for (int i = OUT_LEFT; i < OUT_COUNT; i++)
		jw_ki(&w, outcome_names[i], c->counts[i]);
	jw_key(&w, "rows");
	jw_array(&w);
	for (size_t row = 0; row < c->r->nrows; row++) {
		jw_object(&w);
		jw_ki(&w, "row", (int64_t)c->r->rows[row].row + 1);
		jw_kt(&w, "result", outcome_names[c->rows[row].outcome]);
		jw_key(&w, "record");
		if (uuid_is_nil(c->rows[row].id))
			jw_null(&w);
		else
			jw_uuid(&w, c->rows[row].id);
		jw_kt(&w, "text", c->rows[row].text);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
}

/* Own fields for the columns that were kept: added before the rows are read for good. */
static bool add_fields(struct app *app, const struct person *person, struct arena *a, const struct ledger_result *r,
	struct err *err)
{
	struct str text = STR_INIT, ignored = STR_INIT;
	struct json_writer w = jw_start(&text);
	const struct json *body;
	struct person office = *person;
	office.system = true; /* who may import into a register may keep his own columns there */
	ledger_extension(&w, r);
	bool done = json_parse(a, str_view(&text), NULL, &body, err) &&
		app_register_add(app, a, &office, body, &ignored, err);
	str_free(&text);
	str_free(&ignored);
	return done;
}

static bool confirm(struct app *app, const struct person *person, struct import *i, struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	struct reading_run run;
	struct batch_result result = {.failed = -1};
	bool done = false;
	struct confirming c = {.app = app, .person = person, .a = a};
	if (!read_ledger(app, i, a, &run, err))
		goto out;
	if (run.result.nnew_fields) {
		if (!add_fields(app, person, a, &run.result, err))
			goto out;
		reading_end(&run);
		if (!read_ledger(app, i, a, &run, err))
			goto out;
	}
	c.r = &run.result;
	c.work = work_begin(app, a, person);
	c.work.fresh = idmap_open();
	c.rows = ARENA_ARRAY(a, struct row_out, run.result.nrows + 1);
	app_read_lock(app);
	bool taken = take_rows(&c, &run.finder, err) && remember(&c, &run, err);
	app_unlock(app);
	if (taken)
		done = c.work.n == 0 || work_submit(&c.work, NULL, &result, err);
	idmap_close(c.work.fresh);
	if (done)
		outcome_json(&c, out);
out:
	reading_end(&run);
	arena_close(a);
	return done;
}

bool import_confirm(struct app *app, const struct person *person, const char *import, struct str *out,
	struct err *err)
{
	struct import *i;
	if (!take(app, person, import, &i, err))
		return false;
	bool done = may_import(app, person, i->reg, err) && confirm(app, person, i, out, err);
	give_back(app, i, done);
	return done;
}
