/* A draft is the file's bytes and what was chosen about it; every answer reads the ledger afresh from them, so a draft
 * cannot go stale. Here: keeping the drafts, and what was chosen. */
#include "app/importing.h"

#include <stdlib.h>

#include "app/access.h"
#include "app/importing_drafts.h"
#include "app/registers.h"
#include "base/num.h"
#include "base/os.h"

#define DRAFTS_MOST 8          /* of one account */
#define DRAFT_HOURS 24

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

bool import_take(struct app *app, const struct person *person, const char *id, struct import **out, struct err *err)
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

void import_give_back(struct app *app, struct import *i, bool done_with)
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
/* ---- the calls before confirming ---- */

bool import_may(struct app *app, const struct person *person, const char *reg, struct err *err)
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
	if (!import_may(app, person, reg, err))
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
	if (!workbook_read(i->a, arena_slice(i->a, bytes), NULL, &i->book, err) || !import_answer(app, person, i, out, err)) {
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

static void choose_constants(struct import *i, const struct json *constants)
{
	i->constants = ARENA_ARRAY(i->chosen, struct ledger_constant, (size_t)json_count(constants) + 1);
	i->nconstants = 0;
	for (int k = 0; constants->type == JSON_IS_OBJECT && k < constants->nmembers; k++) {
		const char *text = json_text(&constants->members[k].value, "");
		if (text[0])
			i->constants[i->nconstants++] = (struct ledger_constant){
				arena_strdup(i->chosen, constants->members[k].key.s), arena_strdup(i->chosen, text)};
	}
}

static bool choose(struct import *i, const struct json *body, struct err *err)
{
	const struct json *sheet = json_get(body, "sheet"), *header = json_get(body, "header_row");
	const char *key = json_text(json_get(body, "key"), NULL), *child = json_text(json_get(body, "child"), NULL);
	if (json_absent(body))
		return true;
	if (sheet)
		i->sheet = arena_strdup(i->chosen, json_text(sheet, NULL));
	if (i->sheet && !i->sheet[0])
		i->sheet = NULL;
	if (i->sheet && import_sheet(i) < 0)
		return err_set(err, ERR_INPUT, "sheet", "there is no sheet \"%s\"", i->sheet);
	if (header)
		i->header_row = (int)json_int(header, 0) - 1;
	i->key = key ? arena_strdup(i->chosen, key) : i->key;
	i->child = child ? arena_strdup(i->chosen, child) : i->child;
	if (json_get(body, "constants"))
		choose_constants(i, json_get(body, "constants"));
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
	if (!import_take(app, person, import, &i, err))
		return false;
	bool done = choose(i, body, err) && import_answer(app, person, i, out, err);
	import_give_back(app, i, false);
	return done;
}

bool import_cancel(struct app *app, const struct person *person, const char *import, struct err *err)
{
	struct import *i;
	if (!import_take(app, person, import, &i, err))
		return false;
	import_give_back(app, i, true);
	return true;
}
<<<<<<< HEAD
=======

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
	c.work.importing = true;
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
>>>>>>> 9dd637a (registers: administrators bring ledgers in and have no other say in projects)
