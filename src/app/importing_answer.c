/* What was read, as the import page and the command line show it. */
#include "app/importing_drafts.h"

#include "base/json.h"
#include "base/utf8.h"

#define PROBLEMS_SHOWN 1000
#define GROUPS_MOST 500
#define GROUP_ROWS 5
#define PREVIEW_ROWS 50

static void column_json(struct json_writer *w, const struct ledger_column *c)
{
	jw_object(w);
	jw_ki(w, "index", c->index);
	jw_kt(w, "heading", c->heading);
	jw_kt(w, "field", c->target);
	if (c->outside)
		jw_kb(w, "outside", true);
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

static void sheets_json(
	struct json_writer *w, const struct import *i, const struct ledger_result *r)
{
	jw_key(w, "sheets");
	jw_array(w);
	for (int s = 0; s < i->book.nsheets; s++) {
		const struct ledger_sheet *read = NULL;
		for (int k = 0; k < r->nsheets; k++)
			if (r->sheets[k].sheet == s)
				read = &r->sheets[k];
		jw_object(w);
		jw_kt(w, "name", i->book.sheets[s].name);
		jw_ki(w, "rows", (int64_t)(read ? read->rows : i->book.sheets[s].nrows));
		jw_kb(w, "chosen", read != NULL);
		if (read)
			jw_ki(w, "header_row", (int64_t)read->header_row + 1);
		if (s == r->sheet) {
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

/* The same trouble in four thousand rows is one thing to a person. */
struct trouble {
	const struct ledger_problem *first;
	int64_t count;
	uint32_t rows[GROUP_ROWS];
	int nrows;
};

struct troubles {
	struct trouble *groups; /* at most GROUPS_MOST: what comes after that is in none */
	int n;
	int *of; /* [nproblems] its group; -1: none */
};

/* texts are literals: one text, one address */
static bool same_trouble(const struct ledger_problem *a, const struct ledger_problem *b)
{
	return a->text == b->text && a->level == b->level && a->column == b->column &&
		a->sheet == b->sheet;
}

static struct troubles group_problems(struct arena *a, const struct ledger_result *r)
{
	struct troubles t = {.groups = ARENA_ARRAY(a, struct trouble, GROUPS_MOST),
		.of = ARENA_ARRAY(a, int, r->nproblems)};
	for (size_t i = 0; i < r->nproblems; i++) {
		const struct ledger_problem *p = &r->problems[i];
		int g = 0;
		while (g < t.n && !same_trouble(t.groups[g].first, p))
			g++;
		t.of[i] = g < GROUPS_MOST ? g : -1;
		if (g == GROUPS_MOST)
			continue;
		if (g == t.n)
			t.groups[t.n++].first = p;
		t.groups[g].count++;
		if (p->row != UINT32_MAX && t.groups[g].nrows < GROUP_ROWS)
			t.groups[g].rows[t.groups[g].nrows++] = p->row + 1;
	}
	return t;
}

static void problem_json(struct json_writer *w, const struct ledger_result *r,
	const struct ledger_problem *p, int group, enum lang lang)
{
	struct str text = STR_INIT;
	char letters[8];
	jw_object(w);
	jw_key(w, "group");
	if (group < 0)
		jw_null(w);
	else
		jw_int(w, group);
	jw_kt(w, "sheet", r->all_sheets[p->sheet].name);
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

static void groups_json(
	struct json_writer *w, const struct ledger_result *r, const struct troubles *t, enum lang lang)
{
	struct str text = STR_INIT;
	char letters[8];
	jw_key(w, "groups");
	jw_array(w);
	for (int g = 0; g < t->n; g++) {
		const struct ledger_problem *p = t->groups[g].first;
		jw_object(w);
		jw_kt(w, "level", ledger_level_name(p->level));
		jw_kt(w, "sheet", r->all_sheets[p->sheet].name);
		jw_kt(w, "column", p->column < 0 ? NULL : column_letters(p->column, letters));
		jw_kt(w, "heading", p->heading);
		str_clear(&text);
		ledger_problem_text(&text, p, lang);
		jw_kt(w, "text", str_text(&text));
		str_clear(&text);
		ledger_problem_advice(&text, p, lang);
		jw_kt(w, "advice", text.n ? str_text(&text) : NULL);
		jw_ki(w, "count", t->groups[g].count);
		jw_key(w, "rows");
		jw_array(w);
		for (int k = 0; k < t->groups[g].nrows; k++)
			jw_int(w, t->groups[g].rows[k]);
		jw_array_end(w);
		jw_object_end(w);
	}
	jw_array_end(w);
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

static void choices_json(
	struct json_writer *w, const struct import *i, const struct ledger_result *r)
{
	jw_kt(w, "key", r->key);
	jw_kt(w, "child", r->child ? r->child->name : NULL);
	jw_kt(w, "suggested_key", r->suggested_key);
	jw_key(w, "constants");
	jw_object(w);
	for (int k = 0; k < i->chose.nconstants; k++)
		jw_kt(w, i->chose.constants[k].target, i->chose.constants[k].text);
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
		jw_kt(w, "nearest", run->finder.missing[i].nearest);
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

bool import_answer(struct app *app, const struct person *person, struct import *i, struct str *out,
	struct err *err)
{
	const struct reading_run *run;
	if (!import_read(app, i, &run, err))
		return false;
	const struct ledger_result *r = &run->result;
	struct arena *a = arena_open();
	char id[UUID_TEXT];
	uuid_format(i->id, id);
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_kt(&w, "import", id);
	jw_kt(&w, "name", i->name);
	jw_kt(&w, "register", i->reg);
	sheets_json(&w, i, r);
	choices_json(&w, i, r);
	jw_ki(&w, "rows", (int64_t)data_rows(r));
	jw_ki(&w, "good", (int64_t)(data_rows(r) - r->fates[LEDGER_REFUSED]));
	jw_ki(&w, "create", (int64_t)r->fates[LEDGER_CREATE]);
	jw_ki(&w, "update", (int64_t)r->fates[LEDGER_UPDATE]);
	jw_ki(&w, "left_out", (int64_t)(r->fates[LEDGER_SUM] + r->fates[LEDGER_NOTE]));
	jw_ki(&w, "problem_count", (int64_t)r->nproblems);
	struct troubles troubles = group_problems(a, r);
	jw_key(&w, "problems");
	jw_array(&w);
	for (size_t p = 0; p < r->nproblems && p < PROBLEMS_SHOWN; p++)
		problem_json(&w, r, &r->problems[p], troubles.of[p], person->lang);
	jw_array_end(&w);
	groups_json(&w, r, &troubles, person->lang);
	preview_json(&w, r, person->lang);
	totals_json(&w, r);
	missing_json(&w, run);
	new_fields_json(&w, r);
	jw_object_end(&w);
	jw_end(&w);
	arena_close(a);
	return true;
}
