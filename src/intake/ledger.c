/* The order of work, and the result put together. */
#include "intake/ledger.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/hash.h"
#include "intake/ledger_parts.h"

static void open_ledger(struct ledger *l, struct arena *a, const struct workbook *book,
	const struct ledger_options *options, struct ledger_result *result)
{
	*l = (struct ledger){.a = a,
		.options = options,
		.book = book,
		.result = result,
		.title_column = -1,
		.title_slot = -1,
		.key_column = -1};
	l->words = words_open(a, options->reg, options->child);
}

static void close_ledger(struct ledger *l)
{
	for (int c = 0; l->work && c <= l->ncolumns; c++) { /* one more for constants */
		map_close(l->work[c].refs);
		free(l->work[c].known);
	}
	words_close(l->words);
	free(l->problems);
	free(l->rows);
}

/* 填表说明 and its like, ours among them, list the headings without being the table. */
bool ledger_explains(const char *name)
{
	static const char *const words[] = {
		"说明", "须知", "what the columns mean", "nstruction", "README", "Readme", "Notes"};
	for (size_t i = 0; i < countof(words); i++)
		if (strstr(name, words[i]))
			return true;
	return false;
}

/* The sheet asked for, or the visible one whose header says most. */
static bool choose_sheet(struct ledger *l, struct err *err)
{
	const struct workbook *book = l->book;
	int best = 0, found = -1;
	if (l->options->sheet >= 0) {
		if (l->options->sheet >= book->nsheets)
			return err_set(err, ERR_INPUT, NULL, "there is no sheet %d; the file has %d",
				l->options->sheet + 1, book->nsheets);
		found = l->options->sheet;
	}
	for (int i = 0; i < book->nsheets && l->options->sheet < 0; i++) {
		int score = book->sheets[i].hidden && book->nsheets > 1 ? 0 : ledger_find_header(l, i);
		score = ledger_explains(book->sheets[i].name) && score > 1 ? 1 : score;
		if (score > best) {
			best = score;
			found = i;
		}
	}
	if (found < 0 || ledger_find_header(l, found) == 0)
		return err_set(err, ERR_INPUT, found >= 0 ? book->sheets[found].name : NULL,
			"no table was found: all cells are empty");
	l->own_columns = l->sheet->ncolumns;
	l->parts = ARENA_NEW(l->a, struct ledger_part);
	l->nparts = 1;
	if (!ledger_stack(l, err))
		return false;
	if (l->nparts == 1)
		l->parts[0] = (struct ledger_part){.sheet = l->sheet_index,
			.header_row = l->sheet->rows[l->header].at,
			.header_rows =
				l->sheet->rows[l->header + l->nheader - 1].at - l->sheet->rows[l->header].at + 1};
	ledger_headings(l);
	return true;
}

static const char *fingerprint(struct ledger *l)
{
	struct str all = STR_INIT;
	for (int c = 0; c < l->ncolumns; c++) {
		heading_key(&all, slice_of(l->columns[c].heading), true);
		str_putc(&all, '|');
	}
	const char *out =
		arena_printf(l->a, "%016llx", (unsigned long long)hash_bytes(all.s, all.n, 1));
	str_free(&all);
	return out;
}

static void mark_identity(struct ledger *l)
{
	for (int c = 0; c < l->ncolumns; c++) {
		const struct ledger_column *column = &l->columns[c];
		l->work[c].identity = column->target &&
			(strcmp(column->target, LEDGER_NUMBER) == 0 ||
				(column->field &&
					(column->field->unique || strcmp(column->field->name, "external_id") == 0)));
	}
}

/* A code that repeats beside a date of the child: the table is a history, not a list. */
static void guess_key(struct ledger *l)
{
	bool dated = false;
	int code = -1;
	for (int c = l->ncolumns - 1; c >= 0; c--) {
		const struct field *f = l->columns[c].child_field;
		dated |= f && f->required && f->type == FIELD_DATE;
		if (l->work[c].identity)
			code = c;
	}
	if (!dated || code < 0)
		return;
	struct map *seen = map_open();
	size_t rows = 0;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], code);
		if (cell) {
			map_put(seen, utf8_trim(cell_text(l->a, cell)), 1);
			rows++;
		}
	}
	if (map_count(seen) * 10 < rows * 9)
		l->key_column = code;
	map_close(seen);
}

/* A ledger of projects whose rows also give a year's plan: the code says which project, else its name. */
static void key_for_child(struct ledger *l)
{
	const char *title = l->options->reg->title;
	for (int c = l->ncolumns - 1; c >= 0; c--)
		if (l->work[c].identity)
			l->key_column = c;
	for (int c = 0; c < l->ncolumns && l->key_column < 0; c++)
		if (title && l->columns[c].target && strcmp(l->columns[c].target, title) == 0)
			l->key_column = c;
}

/* Codes that come back on most rows under more or less the same names: reports over time, not projects. */
static void suggest_key(struct ledger *l)
{
	int code = -1;
	for (int c = l->ncolumns - 1; c >= 0; c--)
		if (l->work[c].identity)
			code = c;
	if (code < 0)
		return;
	struct map *seen = map_open();
	size_t rows = 0;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], code);
		if (cell) {
			map_put(seen, utf8_trim(cell_text(l->a, cell)), 1);
			rows++;
		}
	}
	if (rows >= 10 && map_count(seen) * 2 <= rows) {
		char count[24];
		snprintf(count, sizeof(count), "%zu", (size_t)map_count(seen));
		l->result->suggested_key = l->columns[code].target;
		ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, code, (struct slice){0},
			"the codes repeat: %s different ones; each row was taken as a record of its own",
			"if the rows are reports of the same projects over time, import with this column as "
			"the key and reports as what "
			"each row gives",
			(const char *const[]){count, NULL});
	}
	map_close(seen);
}

static bool choose_key(struct ledger *l, struct err *err)
{
	const char *key = l->options->key;
	if (!key && l->options->child)
		guess_key(l);
	if (!key && l->options->child && l->key_column < 0)
		key_for_child(l);
	for (int c = 0; key && c < l->ncolumns; c++)
		if (l->columns[c].target && strcmp(l->columns[c].target, key) == 0)
			l->key_column = c;
	if (key && l->key_column < 0)
		return err_set(
			err, ERR_INPUT, NULL, "no column goes to \"%s\", which is to be the key", key);
	if (l->key_column >= 0)
		return true;
	if (!key && !l->options->child && l->options->reg->title)
		suggest_key(l);
	/* Every row is a record of its own: columns that only a child could take go nowhere. */
	for (int c = 0; c < l->ncolumns; c++) {
		struct ledger_column *column = &l->columns[c];
		column->child_field = NULL;
		if (column->target && !column->field && column->target[0] != '@') {
			column->target = NULL;
			column->how = LEDGER_NONE;
		}
	}
	return true;
}

static void give_slots(struct ledger *l)
{
	struct ledger_result *out = l->result;
	const struct register_def *reg = l->options->reg;
	const struct field **fields = ARENA_ARRAY(l->a, const struct field *, l->ncolumns + 1);
	const struct field **child = ARENA_ARRAY(l->a, const struct field *, l->ncolumns);
	for (int c = 0; c < l->ncolumns; c++) {
		if (l->columns[c].field) {
			if (reg->title && strcmp(l->columns[c].field->name, reg->title) == 0)
				l->title_slot = out->nfields;
			l->work[c].slot = out->nfields;
			fields[out->nfields++] = l->columns[c].field;
		}
		if (l->columns[c].child_field) {
			l->work[c].child_slot = out->nchild_fields;
			child[out->nchild_fields++] = l->columns[c].child_field;
		}
	}
	if (l->title_column >= 0) {
		l->title_slot = out->nfields;
		fields[out->nfields++] = register_field(reg, reg->title);
	}
	out->fields = fields;
	out->child_fields = child;
}

/* A constant is read like a cell of a column of its own. */
static bool read_constant(struct ledger *l, const struct ledger_constant *constant,
	struct value *values, struct value *child, struct err *err)
{
	struct match m;
	struct cell cell = {
		.text = constant->text, .n = (uint32_t)strlen(constant->text), .kind = CELL_TEXT};
	if (!ledger_target(l, constant->target, &m) || (!m.field && !m.child_field))
		return err_set(
			err, ERR_INPUT, NULL, "there is no field \"%s\" to import into", constant->target);
	const struct field *field = m.field ? m.field : m.child_field;
	const struct field *const *fields = m.field ? l->result->fields : l->result->child_fields;
	int n = m.field ? l->result->nfields : l->result->nchild_fields, slot = 0, column = l->ncolumns;
	struct value value;
	while (slot < n && fields[slot] != field)
		slot++;
	struct err why;
	l->quiet = true;
	bool done = ledger_cell(l, column, field, &cell, 0, &value, &why);
	l->quiet = false;
	if (!done) {
		*err = why;
		return err_in(err, "%s", constant->target);
	}
	(m.field ? values : child)[slot] = value;
	return true;
}

/* Slots for constants of fields that have no column, and their values. */
static bool read_constants(struct ledger *l, struct err *err)
{
	const struct ledger_options *o = l->options;
	struct ledger_result *out = l->result;
	if (o->nconstants == 0)
		return true;
	for (int i = 0; i < o->nconstants; i++) {
		struct match m;
		if (!ledger_target(l, o->constants[i].target, &m))
			continue; /* refused below */
		const struct field ***fields = m.field ? (const struct field ***)&out->fields
											   : (const struct field ***)&out->child_fields;
		int *n = m.field ? &out->nfields : &out->nchild_fields;
		bool there = !m.field && !m.child_field;
		for (int k = 0; k < *n; k++)
			there |= (*fields)[k] == (m.field ? m.field : m.child_field);
		if (there || (!m.field && l->key_column < 0))
			continue;
		const struct field **longer = ARENA_ARRAY(l->a, const struct field *, (size_t)*n + 1);
		memcpy(longer, *fields, (size_t)*n * sizeof(*longer));
		longer[*n] = m.field ? m.field : m.child_field;
		*fields = longer;
		++*n;
	}
	struct value *values = ARENA_ARRAY(l->a, struct value, (size_t)out->nfields + 1);
	struct value *child = ARENA_ARRAY(l->a, struct value, (size_t)out->nchild_fields + 1);
	l->columns[l->ncolumns] = (struct ledger_column){
		.heading = "", .money_unit = o->money_unit ? o->money_unit : 1000000};
	for (int i = 0; i < o->nconstants; i++) {
		map_close(l->work[l->ncolumns].refs); /* another field: what a name means may differ */
		l->work[l->ncolumns].refs = NULL;
		if (!read_constant(l, &o->constants[i], values, child, err))
			return false;
	}
	l->constants = values;
	l->child_constants = child;
	return true;
}

/* What each row gives besides its record has required fields too; the record itself is the parent. */
static void miss_required_of_child(struct ledger *l)
{
	const struct register_def *child = l->key_column >= 0 ? l->options->child : NULL;
	for (int i = 0; child && i < child->nfields; i++) {
		const struct field *f = &child->fields[i];
		bool there =
			!f->required || !field_is_stored(f) || (child->of && strcmp(f->name, child->of) == 0);
		for (int k = 0; k < l->result->nchild_fields; k++)
			there |= l->result->child_fields[k] == f;
		l->lacks_column |= !there;
		if (!there)
			ledger_trouble(l, LEDGER_ERROR, UINT32_MAX, -1, (struct slice){0},
				"no column was found for %s, which must not be empty; no row can be taken as a new "
				"record",
				"choose a column for it, or give one value for the whole ledger",
				(const char *const[]){
					arena_printf(l->a, "%s (%s.%s)", both_labels(l, f), child->name, f->name),
					NULL});
	}
}

static void miss_required(struct ledger *l)
{
	const struct register_def *reg = l->options->reg;
	for (int i = 0; i < reg->nfields; i++) {
		bool there = !reg->fields[i].required || !field_is_stored(&reg->fields[i]);
		for (int k = 0; k < l->result->nfields; k++)
			there |= l->result->fields[k] == &reg->fields[i];
		l->lacks_column |= !there;
		if (!there)
			ledger_trouble(l, LEDGER_ERROR, UINT32_MAX, -1, (struct slice){0},
				"no column was found for %s, which must not be empty; no row can be taken as a new "
				"record",
				"choose a column for it, or give one value for the whole ledger",
				(const char *const[]){both_labels(l, &reg->fields[i]), NULL});
	}
}

/* ---- the result ---- */

struct ordered {
	struct ledger_problem problem;
	size_t at;
};

static int by_place(const void *x, const void *y)
{
	const struct ordered *a = x, *b = y;
	uint32_t ra = a->problem.row + 1,
			 rb = b->problem.row + 1; /* whole columns (UINT32_MAX) become 0 */
	if ((ra == 0) != (rb == 0))
		return ra == 0 ? -1 : 1;
	if (a->problem.sheet != b->problem.sheet)
		return a->problem.sheet < b->problem.sheet ? -1 : 1;
	if (ra != rb)
		return ra < rb ? -1 : 1;
	if (a->problem.column != b->problem.column)
		return a->problem.column < b->problem.column ? -1 : 1;
	return a->at < b->at ? -1 : 1;
}

/* Places as the file has them: a turned table is turned back. */
static void place_in_file(const struct ledger *l, struct ledger_problem *p)
{
	const struct ledger_part *part =
		p->row == UINT32_MAX ? &l->parts[0] : ledger_part_at(l, p->row);
	p->sheet = part->sheet;
	if (p->column >= l->own_columns && !l->turned)
		p->column = -1;
	if (!l->turned) {
		p->row -= p->row == UINT32_MAX ? 0 : part->shift;
		return;
	}
	uint32_t row = p->row;
	p->row = p->column >= 0 ? l->lines[p->column] : UINT32_MAX;
	p->column = row == UINT32_MAX ? -1 : (int)row;
}

static void hand_over_problems(struct ledger *l)
{
	struct ledger_result *out = l->result;
	struct ordered *ordered = must_alloc((l->nproblems + 1) * sizeof *ordered);
	for (size_t i = 0; i < l->nproblems; i++) {
		place_in_file(l, &l->problems[i]);
		ordered[i] = (struct ordered){l->problems[i], i};
		out->levels[l->problems[i].level]++;
	}
	qsort(ordered, l->nproblems, sizeof *ordered, by_place);
	struct ledger_problem *problems = ARENA_ARRAY(l->a, struct ledger_problem, l->nproblems);
	for (size_t i = 0; i < l->nproblems; i++)
		problems[i] = ordered[i].problem;
	free(ordered);
	out->problems = problems;
	out->nproblems = l->nproblems;
}

static void hand_over(struct ledger *l)
{
	struct ledger_result *out = l->result;
	out->reg = l->options->reg;
	out->child = l->key_column >= 0 ? l->options->child : NULL;
	out->key = l->key_column >= 0 ? l->columns[l->key_column].target : NULL;
	out->sheet = l->sheet_index;
	out->sheet_name = l->book->sheets[l->sheet_index].name;
	out->all_sheets = l->book->sheets;
	out->turned = l->turned;
	out->header_row = l->sheet->rows[l->header].at;
	out->header_rows =
		(uint32_t)(l->sheet->rows[l->header + l->nheader - 1].at - out->header_row + 1);
	out->columns = l->columns;
	out->ncolumns = l->ncolumns;
	struct ledger_sheet *sheets = ARENA_ARRAY(l->a, struct ledger_sheet, (size_t)l->nparts);
	struct ledger_row *rows = ARENA_ARRAY(l->a, struct ledger_row, l->nrows);
	for (size_t i = 0; i < l->nrows; i++) {
		rows[i] = l->rows[i];
		uint32_t at = l->sheet->rows[l->rows[i].row].at;
		const struct ledger_part *part = ledger_part_at(l, at);
		rows[i].sheet = part->sheet;
		rows[i].row = at - part->shift;
		if (rows[i].fate != LEDGER_SUM && rows[i].fate != LEDGER_NOTE)
			sheets[part - l->parts].rows++;
	}
	for (int i = 0; i < l->nparts; i++) {
		sheets[i].sheet = l->parts[i].sheet;
		sheets[i].name = l->book->sheets[l->parts[i].sheet].name;
		sheets[i].header_row = l->parts[i].header_row;
		sheets[i].header_rows = l->parts[i].header_rows;
	}
	out->sheets = sheets;
	out->nsheets = l->nparts;
	out->rows = rows;
	out->nrows = l->nrows;
	hand_over_problems(l);
}

static bool read_ledger(struct ledger *l, struct err *err)
{
	if (!choose_sheet(l, err) || !ledger_apply_choices(l, err))
		return false;
	l->result->fingerprint = fingerprint(l);
	ledger_map_columns(l);
	ledger_adopt(l);
	ledger_take_own(l);
	ledger_choose_units(l);
	ledger_prove_dates(l);
	ledger_release_unreadable(l);
	ledger_take_own(l);
	mark_identity(l);
	if (!choose_key(l, err))
		return false;
	ledger_find_title(l);
	give_slots(l);
	if (!read_constants(l, err))
		return false;
	miss_required(l);
	miss_required_of_child(l);
	ledger_read_rows(l);
	ledger_point_out_left(l);
	if (l->sheets_left)
		ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, -1, (struct slice){0},
			"other sheets of the file were not read: %s",
			"choose the sheet to read it, and import the file once per sheet",
			(const char *const[]){l->sheets_left, NULL});
	ledger_check_amounts(l);
	ledger_check_sums(l);
	if (l->options->keep_unknown)
		ledger_propose(l);
	hand_over(l);
	return true;
}

bool ledger_read(struct arena *a, const struct workbook *book, const struct ledger_options *options,
	struct ledger_result *out, struct err *err)
{
	struct ledger l;
	struct ledger_result result = {0};
	open_ledger(&l, a, book, options, &result);
	bool ok = read_ledger(&l, err);
	close_ledger(&l);
	if (ok)
		*out = result;
	return ok;
}

bool ledger_fingerprint(struct arena *a, const struct workbook *book,
	const struct ledger_options *options, const char **out, struct err *err)
{
	struct ledger l;
	struct ledger_result result = {0};
	open_ledger(&l, a, book, options, &result);
	bool ok = choose_sheet(&l, err);
	if (ok)
		*out = fingerprint(&l);
	close_ledger(&l);
	return ok;
}
