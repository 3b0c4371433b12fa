/* Confirming turns rows into drafts of records (draft.h), which pass the same checks as a form, and sends all that passed as
 * one batch. */
#include "app/importing.h"

#include <stdio.h>

#include "app/access.h"
#include "app/draft.h"
#include "app/importing_drafts.h"
#include "app/registers.h"
#include "base/say.h"
#include "base/utf8.h"

enum outcome { OUT_LEFT, OUT_CREATED, OUT_UPDATED, OUT_UNCHANGED, OUT_REFUSED, OUT_COUNT };
static const char *const outcome_names[OUT_COUNT] = {
	"left_out", "created", "updated", "unchanged", "refused"};

#define FOLLOWING                                                                                  \
	4 /* fields that a row's check adds, usually: its place, its first approved dates */

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
	struct import_watch *watch;
	size_t seen_problems;
	struct known *known;
	int64_t child_counts[OUT_COUNT];
};

static void refuse(struct confirming *c, size_t row, const struct err *err)
{
	struct str text = STR_INIT;
	err_say(err, c->person->lang, &text);
	c->rows[row] =
		(struct row_out){.outcome = OUT_REFUSED, .text = arena_strdup(c->a, str_text(&text))};
	str_free(&text);
}

static bool is_about(
	const struct ledger_result *r, const struct ledger_problem *p, const struct ledger_row *row)
{
	if (r->turned)
		return p->column == (int)row->row && p->row != UINT32_MAX;
	return p->row == row->row && p->sheet == row->sheet;
}

/* Does it stand behind the row? */
static bool past(const struct ledger_problem *p, const struct ledger_row *row)
{
	return p->row != UINT32_MAX &&
		(p->sheet > row->sheet || (p->sheet == row->sheet && p->row > row->row));
}

/* What stands beside the text already, the sheet and the row (of a table that is turned, the column), is not said again. */
static void say_place(
	struct str *out, enum lang lang, const struct ledger_problem *problem, bool turned)
{
	char letters[8], number[16];
	const char *which = column_letters(problem->column < 0 ? 0 : problem->column, letters);
	if (!turned && problem->column < 0)
		return;
	if (turned) {
		snprintf(number, sizeof(number), "%u", problem->row + 1);
		which = number;
	}
	say_args(out, say(lang, turned ? "row %s" : "column %s"), 1, &which);
	str_puts(out, lang == LANG_ZH ? "：" : ": ");
}

static void refuse_by_problem(struct confirming *c, size_t row)
{
	struct str text = STR_INIT;
	const struct ledger_problem *why = NULL;
	c->rows[row] = (struct row_out){.outcome = OUT_REFUSED};
	/* the row's own, else the whole table's; both stand in order, so no row looks at all problems again */
	size_t p = c->r->turned ? 0 : c->seen_problems;
	for (; p < c->r->nproblems && !why &&
		 (c->r->turned || !past(&c->r->problems[p], &c->r->rows[row]));
		 p++)
		if (c->r->problems[p].level == LEDGER_ERROR &&
			is_about(c->r, &c->r->problems[p], &c->r->rows[row]))
			why = &c->r->problems[p];
	c->seen_problems = p;
	for (p = 0; p < c->r->nproblems && !why && c->r->problems[p].row == UINT32_MAX; p++)
		if (c->r->problems[p].level == LEDGER_ERROR)
			why = &c->r->problems[p];
	if (why && why->row != UINT32_MAX)
		say_place(&text, c->person->lang, why, c->r->turned);
	if (why)
		ledger_problem_text(&text, why, c->person->lang);
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
		if (strcmp(s->name, text) == 0 || strcmp(s->label.zh, text) == 0 ||
			strcmp(s->label.en, text) == 0)
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

static void set_values(struct confirming *c, struct draft *d, const struct field *const *fields,
	int n, const struct value *values)
{
	draft_expect(&c->work, d, n + FOLLOWING);
	for (int f = 0; f < n; f++)
		if (values[f].kind != VALUE_NULL && field_is_stored(fields[f]) &&
			!same_value(&d->after->values[fields[f]->index], &values[f]))
			draft_set(&c->work, d, fields[f], values[f]);
}

static bool one_entry(void *self, const struct change *change)
{
	(void)change;
	*(bool *)self = true;
	return false;
}

/* An id that this office never saw, from another office's export: the record keeps it. One that was deleted stays so. */
static bool never_seen(struct confirming *c, struct uuid id)
{
	bool seen = idmap_get(c->work.fresh, id) >= 0;
	struct err err;
	return !seen && journal_of(c->app->store, id, 0, 1, one_entry, &seen, &err) && !seen;
}

static void take_row(struct confirming *c, size_t row)
{
	const struct ledger_row *from = &c->r->rows[row];
	struct record *before = NULL;
	struct err err;
	bool update = from->fate == LEDGER_UPDATE;
	bool brought = !update && !uuid_is_nil(from->id);
	if (brought && !never_seen(c, from->id)) {
		(void)err_set(
			&err, ERR_MISSING, NULL, "this record was deleted here; its id cannot come back");
		refuse(c, row, &err);
		return;
	}
	if (update && !store_get(c->app->store, c->a, c->r->reg, from->id, &before, &err)) {
		refuse(c, row, &err);
		return;
	}
	if (!update && known_row(c->known, from)) {
		c->rows[row].outcome = OUT_UNCHANGED;
		return;
	}
	struct draft *d = draft_new(&c->work, update ? WRITE_UPDATE : WRITE_CREATE, c->r->reg, before);
	if (brought)
		d->id = d->after->id = from->id;
	set_values(c, d, c->r->fields, c->r->nfields,
		from->values); /* later rows of the same key are joined in */
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
		idmap_put(c->work.fresh, id, c->work.n - 1);
	c->rows[row] = (struct row_out){update ? OUT_UPDATED : OUT_CREATED, id, NULL};
}

/* ---- child records ---- */

static enum outcome put_child(struct confirming *c, size_t row, struct uuid parent, struct err *err)
{
	const struct ledger_row *from = &c->r->rows[row];
	struct record *before = NULL;
	struct uuid id;
	if (known_child(c->known, parent, from->child_values, &id) &&
		!store_get(c->app->store, c->a, c->r->child, id, &before, err))
		return OUT_REFUSED;
	struct draft *d =
		draft_new(&c->work, before ? WRITE_UPDATE : WRITE_CREATE, c->r->child, before);
	id = d->id;
	if (!before)
		draft_set(&c->work, d, register_field(c->r->child, c->r->child->of),
			(struct value){.kind = VALUE_ID, .id = parent});
	set_values(c, d, c->r->child_fields, c->r->nchild_fields, from->child_values);
	if (before && d->n == 0) {
		c->work.n--;
		return OUT_UNCHANGED;
	}
	if (!checked(c, NULL, err))
		return OUT_REFUSED;
	if (!before)
		idmap_put(c->work.fresh, id, c->work.n - 1);
	return before ? OUT_UPDATED : OUT_CREATED;
}

/* A row's child record, under the record that the row stands for. */
static void take_child(struct confirming *c, size_t row)
{
	const struct ledger_row *from = &c->r->rows[row];
	const struct row_out *main = &c->rows[from->fate == LEDGER_SAME ? from->into : row];
	const struct field *up =
		c->r->child && c->r->child->of ? register_field(c->r->child, c->r->child->of) : NULL;
	struct err err;
	bool any = false;
	for (int f = 0; from->child_values && f < c->r->nchild_fields; f++)
		any |= from->child_values[f].kind != VALUE_NULL;
	if (main->outcome == OUT_REFUSED) {
		c->rows[row] = *main;
		return;
	}
	enum outcome child = any && up ? put_child(c, row, main->id, &err) : OUT_UNCHANGED;
	c->child_counts[child] += any && up;
	if (child == OUT_REFUSED) {
		struct row_out kept = c->rows[row];
		refuse(c, row, &err);
		if (from->fate != LEDGER_SAME) { /* its record was taken all the same */
			kept.text = c->rows[row].text;
			c->rows[row] = kept;
		}
		return;
	}
	if (from->fate == LEDGER_SAME || main->outcome == OUT_UNCHANGED)
		c->rows[row] = (struct row_out){child, main->id, NULL};
}

static bool take_missing(struct confirming *c, const struct finder *f, struct err *err)
{
	for (int i = 0; c->person && f->import->chose.create_missing && i < f->nmissing; i++) {
		const struct register_def *reg;
		const struct missing *m = &f->missing[i];
		if (!app_register_find(c->app, m->reg, &reg, err))
			return false;
		struct draft *d = draft_new(&c->work, WRITE_CREATE, reg, NULL);
		d->id = d->after->id = m->id;
		draft_set(&c->work, d, register_field(reg, "name"),
			(struct value){.kind = VALUE_TEXT, .text = slice_of(m->name)});
		for (int k = 0; k < reg->nfields;
			 k++) { /* a required choice: the first, to be put right later */
			const struct field *field = &reg->fields[k];
			if (field->required && field->type == FIELD_CHOICE && field->nchoices)
				draft_set(&c->work, d, field,
					(struct value){.kind = VALUE_TEXT,
						.text = slice_of(field->choices[field->nchoices - 1].name)});
		}
		if (!draft_check(&c->work, c->work.n - 1, NULL, err))
			return err_in(err, "%s", m->name);
		idmap_put(c->work.fresh, m->id, c->work.n - 1);
	}
	return true;
}

static bool tell(const struct confirming *c, size_t row)
{
	return !c->watch->progress ||
		c->watch->progress(c->watch->self, (int64_t)row, (int64_t)c->r->nrows);
}

/* Under the read lock. */
static bool take_rows(struct confirming *c, const struct finder *finder, struct err *err)
{
	const struct ledger_result *r = c->r;
	if (!take_missing(c, finder, err))
		return false;
	for (size_t row = 0; row < r->nrows; row++) {
		if (row % 256 == 0 && !tell(c, row))
			return err_set(err, ERR_BUSY, NULL, "the import was stopped; nothing was stored");
		switch (r->rows[row].fate) {
		case LEDGER_CREATE:
		case LEDGER_UPDATE: take_row(c, row); break;
		case LEDGER_REFUSED: refuse_by_problem(c, row); break;
		case LEDGER_SAME:
		case LEDGER_SUM:
		case LEDGER_NOTE: break;
		}
	}
	for (size_t row = 0; r->nchild_fields && row < r->nrows; row++)
		if (c->rows[row].outcome != OUT_REFUSED &&
			(r->rows[row].fate == LEDGER_CREATE || r->rows[row].fate == LEDGER_UPDATE ||
				r->rows[row].fate == LEDGER_SAME))
			take_child(c, row);
	for (size_t row = 0; !r->nchild_fields && row < r->nrows; row++)
		if (r->rows[row].fate == LEDGER_SAME)
			c->rows[row] = c->rows[r->rows[row].into];
	for (size_t row = 0; row < r->nrows;
		 row++) /* records; what later rows of one add is counted as its children */
		if (r->rows[row].fate != LEDGER_SAME || c->rows[row].outcome == OUT_REFUSED)
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
			jw_kt(&w, run->result.columns[i].heading,
				run->result.columns[i].target ? run->result.columns[i].target : "");
	jw_object_end(&w);
	struct slice mapping = arena_slice(c->a, str_view(&text));
	str_free(&text);
	struct record *before = NULL;
	if (run->remembered.record &&
		!store_get(c->app->store, c->a, reg, run->remembered.record->id, &before, err))
		return false;
	struct draft *d = draft_new(&c->work, before ? WRITE_UPDATE : WRITE_CREATE, reg, before);
	const struct {
		const char *field;
		struct slice value;
	} values[] = {
		{"name", slice_of(run->finder.import->name)},
		{"target_register", slice_of(run->finder.import->reg)},
		{"fingerprint", slice_of(run->result.fingerprint)},
		{"mapping", mapping},
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
	if (c->r->child) {
		jw_key(&w, "child");
		jw_object(&w);
		jw_kt(&w, "register", c->r->child->name);
		for (int i = OUT_CREATED; i < OUT_COUNT; i++)
			jw_ki(&w, outcome_names[i], c->child_counts[i]);
		jw_object_end(&w);
	}
	jw_key(&w, "rows");
	jw_array(&w);
	for (size_t row = 0; row < c->r->nrows; row++) {
		if (c->watch->refused_only && c->rows[row].outcome != OUT_REFUSED)
			continue;
		jw_object(&w);
		jw_kt(&w, "sheet", c->r->all_sheets[c->r->rows[row].sheet].name);
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
static bool add_fields(struct app *app, const struct person *person, struct arena *a,
	const struct ledger_result *r, struct err *err)
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

/* The rows as they are to be taken: read afresh when the columns that were kept have become fields. */
static bool read_rows(struct app *app, const struct person *person, struct import *i,
	struct arena *a, const struct reading_run **run, struct err *err)
{
	return import_read(app, i, run, err) &&
		((*run)->result.nnew_fields == 0 ||
			(add_fields(app, person, a, &(*run)->result, err) && import_read(app, i, run, err)));
}

static bool store_rows(struct confirming *c, const struct reading_run *run, struct err *err)
{
	struct batch_result result = {.failed = -1};
	c->r = &run->result;
	c->work = work_begin(c->app, c->a, c->person);
	c->work.importing = true;
	c->work.fresh = idmap_open();
	c->rows = ARENA_ARRAY(c->a, struct row_out, c->r->nrows + 1);
	app_read_lock(c->app);
	c->known = known_open(c->app, c->a, c->r);
	bool done = take_rows(c, &run->finder, err) && remember(c, run, err);
	app_unlock(c->app);
	if (done)
		done = c->work.n == 0 || work_submit(&c->work, NULL, &result, err);
	idmap_close(c->work.fresh);
	known_close(c->known);
	return done;
}

bool import_confirm(struct app *app, const struct person *person, const char *import,
	struct str *out, struct err *err)
{
	struct import_watch nobody = {0};
	return import_confirm_watched(app, person, import, &nobody, out, err);
}

static bool confirm(struct app *app, const struct person *person, struct import *i,
	struct import_watch *watch, struct str *out, struct err *err)
{
	struct confirming c = {.app = app, .person = person, .a = arena_open(), .watch = watch};
	const struct reading_run *run;
	bool done = read_rows(app, person, i, c.a, &run, err) && store_rows(&c, run, err);
	if (done) {
		(void)tell(&c, c.r->nrows);
		watch->refused = c.counts[OUT_REFUSED];
		outcome_json(&c, out);
	}
	arena_close(c.a);
	return done;
}

bool import_confirm_watched(struct app *app, const struct person *person, const char *import,
	struct import_watch *watch, struct str *out, struct err *err)
{
	struct import *i;
	if (!import_take(app, person, import, &i, err))
		return false;
	bool done = import_may(app, person, i->reg, err) && confirm(app, person, i, watch, out, err);
	import_give_back(app, i, done);
	return done;
}
