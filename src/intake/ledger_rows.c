/*
 * Row by row: what kind of row it is, its values, and which record it belongs to. l->rows[i].row is the index into the
 * sheet's rows until ledger.c turns it into the file's row at the end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/num.h"
#include "intake/ledger_parts.h"

/* A merged cell that reaches down: its text stands for all its rows, but never its amount. */
struct lent {
	const struct cell *cell;
	uint32_t until;
};

struct rows_work {
	struct lent *lent;     /* by column */
	struct merged *merges; /* by top */
	size_t nmerges, next_merge;
	struct map *seen_codes, *seen_titles, *keys;
	struct map *code_counts; /* text -> times */
	int code_column;         /* the strongest identity column; -1: none */
	int title_from;          /* column that gives the title; -1: none */
	int id_column;           /* of our own exports; -1: none */
};

/* ---- kinds of rows ---- */

static struct slice first_text(const struct sheet_row *row, uint32_t *n)
{
	struct slice text = {0};
	*n = 0;
	for (uint32_t i = 0; i < row->n; i++) {
		const struct cell *cell = &row->cells[i];
		struct slice t = cell->kind == CELL_TEXT ? utf8_trim((struct slice){cell->text, cell->n})
												 : (struct slice){"#", 1};
		if (t.n == 0)
			continue;
		if (cell->kind == CELL_TEXT && !text.n)
			text = t;
		++*n;
	}
	return text;
}

static bool starts_with(struct slice text, const char *with)
{
	size_t n = strlen(with);
	return text.n >= n && strncasecmp(text.s, with, n) == 0;
}

/* 合 计, 小计：, 总计(12个), Total, Grand total: in any of the first cells. */
static bool says_sum(struct slice text)
{
	static const char *const words[] = {"合计", "总计", "小计", "共计", "汇总", "总合计", "total",
		"grandtotal", "subtotal", "sum", "totals", "全县合计", "全市合计", "全区合计"};
	if (text.n == 0 || text.n > 60)
		return false;
	struct str key = STR_INIT;
	heading_key(&key, text, false);
	bool found = false;
	for (size_t i = 0; i < countof(words) && !found; i++)
		found = key.n && strcmp(str_text(&key), words[i]) == 0;
	/* "合计12个项目", "合计（372个）" */
	found = found ||
		(key.n && (starts_with(str_view(&key), "合计") || starts_with(str_view(&key), "总计")) &&
			key.n <= 30);
	str_free(&key);
	return found;
}

static bool is_sum(const struct sheet_row *row)
{
	for (uint32_t i = 0; i < row->n && i < 4; i++)
		if (row->cells[i].kind == CELL_TEXT &&
			says_sum(utf8_trim((struct slice){row->cells[i].text, row->cells[i].n})))
			return true;
	return false;
}

/* A row of our own export is a record, whatever it is called. */
static bool has_id(const struct rows_work *w, const struct sheet_row *row)
{
	const struct cell *cell = w->id_column < 0 ? NULL : row_cell(row, w->id_column);
	struct uuid id;
	return cell && cell->kind == CELL_TEXT &&
		uuid_parse(utf8_trim((struct slice){cell->text, cell->n}), &id);
}

static bool repeats_header(const struct ledger *l, const struct sheet_row *row)
{
	int same = 0, mapped = 0;
	for (int c = 0; c < l->ncolumns; c++) {
		const struct cell *cell = row_cell(row, c);
		if (!l->columns[c].target)
			continue;
		mapped++;
		if (cell && cell->kind == CELL_TEXT)
			same += slice_is(utf8_trim((struct slice){cell->text, cell->n}), l->columns[c].heading);
	}
	return mapped >= 2 && same == mapped;
}

/* 注：…, 填表人, Note: and headings of sections ("一、工业项目") that stand alone in their row. */
static bool is_note(const struct ledger *l, const struct rows_work *w, const struct sheet_row *row)
{
	static const char *const starts[] = {"注：", "注:", "注 ", "备注：", "备注:", "说明：",
		"说明:", "填表", "填报", "审核", "单位负责人", "制表", "note:", "notes:", "source:", "一、",
		"二、", "三、", "四、", "五、", "六、", "七、", "八、", "九、", "十、", "十一、", "十二、",
		"（一）", "（二）", "（三）", "（四）", "（五）", "（六）", "（七）", "（八）", "（九）",
		"（十）", "(一)", "(二)", "(三)", "(四)", "(五)"};
	uint32_t n;
	struct slice text = first_text(row, &n);
	if (n == 0)
		return true;
	if (ledger_is_section(l, row))
		return true;
	if (n > 2 || text.n == 0)
		return false;
	for (size_t i = 0; i < countof(starts); i++)
		if (starts_with(text, starts[i]))
			return true;
	if (n > 1 || l->ncolumns < 3)
		return false;
	/* alone in its row: a name when it stands in the name's column, else a remark */
	return w->title_from < 0 || !row_cell(row, w->title_from);
}

/* ---- merged cells ---- */

static int by_top(const void *x, const void *y)
{
	const struct merged *a = x, *b = y;
	return a->top < b->top ? -1 : a->top > b->top;
}

static void sort_merges(struct ledger *l, struct rows_work *w)
{
	uint32_t body = l->sheet->rows[l->header + l->nheader - 1].at;
	w->merges = ARENA_ARRAY(l->a, struct merged, l->sheet->nmerges);
	for (size_t i = 0; i < l->sheet->nmerges; i++)
		if (l->sheet->merges[i].top > body && l->sheet->merges[i].bottom > l->sheet->merges[i].top)
			w->merges[w->nmerges++] = l->sheet->merges[i];
	qsort(w->merges, w->nmerges, sizeof *w->merges, by_top);
}

static void lend(struct ledger *l, struct rows_work *w, const struct sheet_row *row)
{
	for (; w->next_merge < w->nmerges && w->merges[w->next_merge].top <= row->at; w->next_merge++) {
		const struct merged *m = &w->merges[w->next_merge];
		if (m->top == row->at && m->left < l->ncolumns)
			w->lent[m->left] = (struct lent){row_cell(row, m->left), m->bottom};
	}
}

static const struct cell *cell_or_lent(
	const struct rows_work *w, const struct sheet_row *row, int column, const struct field *field)
{
	const struct cell *cell = row_cell(row, column);
	if (cell || !w->lent || row->at > w->lent[column].until || !w->lent[column].cell)
		return cell;
	bool amount = field &&
		(field->type == FIELD_MONEY || field->type == FIELD_INTEGER ||
			field->type == FIELD_QUANTITY || field->type == FIELD_PERCENT);
	return amount ? NULL : w->lent[column].cell;
}

/* ---- values ---- */

static const char *advice_for(const struct field *field)
{
	switch (field->type) {
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_INSTANT:
		return "left empty; write a date like 2026-03-31, 2026年3月 or 2026.3, or leave the cell "
			   "empty";
	case FIELD_MONEY:
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_PERCENT: return "left empty; write a number, or leave the cell empty";
	case FIELD_CHOICE:
	case FIELD_CHOICES:
		return "left empty; choose from the list, or add the word to the field's choices";
	case FIELD_REF:
	case FIELD_REFS: return "left empty; correct the name, or enter that record first";
	case FIELD_CODE: return "left empty; compare it with the document it was copied from";
	default: return "left empty; correct the cell";
	}
}

static void read_into(struct ledger *l, const struct rows_work *w, const struct sheet_row *row,
	int column, const struct field *field, struct value *out, bool main)
{
	struct ledger_column *c = &l->columns[column];
	const struct cell *cell = cell_or_lent(w, row, column, field);
	struct err err;
	if (ledger_cell(l, column, field, cell, row->at, out, &err))
		return;
	*out = VALUE_NONE;
	if (!main && c->field)
		return; /* the same cell was complained about already */
	c->refused++;
	ledger_trouble_err(l, LEDGER_WARNING, row->at, column,
		utf8_cut(utf8_trim(cell_text(l->a, cell)), 200), &err, advice_for(field));
}

static bool has_total(const struct field *f)
{
	return f->type == FIELD_MONEY || f->type == FIELD_INTEGER || f->type == FIELD_QUANTITY;
}

static void count_cell(struct ledger *l, const struct sheet_row *row, int column,
	const struct value *value, const struct field *field)
{
	struct ledger_column *c = &l->columns[column];
	const struct cell *cell = row_cell(row, column);
	if (!cell || (cell->kind == CELL_TEXT && utf8_trim((struct slice){cell->text, cell->n}).n == 0))
		return;
	c->filled++;
	if (c->nsamples < 3)
		c->sample[c->nsamples++] = arena_text(l->a, utf8_cut(utf8_trim(cell_text(l->a, cell)), 80));
	if (value && value->kind == VALUE_INT && has_total(field) &&
		!num_add(c->total, value->i, &c->total))
		c->total = INT64_MAX;
}

static void special(
	struct ledger *l, struct ledger_row *out, const struct cell *cell, int column, uint32_t row)
{
	const char *target = l->columns[column].target;
	struct slice text = utf8_trim(cell_text(l->a, cell));
	if (text.n == 0)
		return;
	if (strcmp(target, LEDGER_ID) == 0) {
		if (!uuid_parse(text, &out->id))
			ledger_trouble(l, LEDGER_WARNING, row, column, text, "this is not the id of a record",
				"leave the column out", NULL);
	} else if (strcmp(target, LEDGER_NUMBER) == 0) {
		out->number = arena_text(l->a, utf8_cut(text, 100));
	} else {
		const struct register_def *reg = l->options->reg;
		for (int i = 0; i < reg->nstates && !out->state; i++)
			if (slice_is(text, reg->states[i].name) || slice_is(text, reg->states[i].label.zh) ||
				slice_is(text, reg->states[i].label.en))
				out->state = reg->states[i].name;
		if (!out->state)
			ledger_trouble(l, LEDGER_WARNING, row, column, text,
				"this is not a state of the register", "left as the first state; correct the word",
				NULL);
	}
}

static void read_values(struct ledger *l, const struct rows_work *w, const struct sheet_row *row,
	struct ledger_row *out)
{
	struct value *values = ARENA_ARRAY(l->a, struct value, l->result->nfields);
	struct value *child =
		l->result->nchild_fields ? ARENA_ARRAY(l->a, struct value, l->result->nchild_fields) : NULL;
	bool any_child = false;
	for (int c = 0; c < l->ncolumns; c++) {
		const struct ledger_column *column = &l->columns[c];
		const struct column_work *work = &l->work[c];
		const struct value *counted = NULL;
		if (work->slot >= 0) {
			read_into(l, w, row, c, column->field, &values[work->slot], true);
			counted = &values[work->slot];
		}
		if (work->child_slot >= 0) {
			read_into(l, w, row, c, column->child_field, &child[work->child_slot], false);
			any_child |= child[work->child_slot].kind != VALUE_NULL;
			counted = counted ? counted : &child[work->child_slot];
		}
		if (column->target && column->target[0] == '@' && row_cell(row, c))
			special(l, out, row_cell(row, c), c, row->at);
		count_cell(l, row, c, counted, column->field ? column->field : column->child_field);
	}
	out->values = values;
	out->child_values = any_child ? child : NULL;
}

/* ---- whose record it is ---- */

static struct slice key_text(
	struct ledger *l, const struct rows_work *w, const struct sheet_row *row, int column)
{
	return column < 0 ? (struct slice){0}
					  : utf8_trim(cell_text(l->a, cell_or_lent(w, row, column, NULL)));
}

static void give_title(struct ledger *l, const struct rows_work *w, const struct sheet_row *row,
	struct ledger_row *out)
{
	if (l->title_slot < 0)
		return;
	struct value *title = (struct value *)&out->values[l->title_slot];
	struct err err;
	if (title->kind != VALUE_NULL)
		return;
	if (l->title_column >= 0) {
		const struct field *f = l->result->fields[l->title_slot];
		const struct cell *cell = cell_or_lent(w, row, l->title_column, f);
		if (cell && !ledger_cell(l, l->title_column, f, cell, row->at, title, &err))
			*title = VALUE_NONE;
	}
	struct slice code = key_text(l, w, row, w->code_column);
	bool guessed = l->title_column >= 0 ||
		(w->title_from >= 0 && l->columns[w->title_from].how == LEDGER_GUESSED);
	if (title->kind == VALUE_NULL && code.n && guessed) {
		*title = (struct value){.kind = VALUE_TEXT, .text = code};
		ledger_trouble(l, LEDGER_REPAIRED, row->at,
			w->title_from >= 0 ? w->title_from : w->code_column, (struct slice){0},
			"there is no name; the code \"%s\" was taken", "enter a name",
			(const char *const[]){arena_text(l->a, utf8_cut(code, 80)), NULL});
	}
}

/* True when something that must be there is not. */
static bool lacks_required(
	struct ledger *l, const struct sheet_row *row, const struct ledger_row *out)
{
	bool lacks = false;
	for (int i = 0; i < l->result->nfields; i++) {
		const struct field *f = l->result->fields[i];
		if (!f->required || out->values[i].kind != VALUE_NULL ||
			(l->constants && l->constants[i].kind != VALUE_NULL))
			continue;
		int column = -1;
		for (int c = 0; c < l->ncolumns; c++)
			if (l->work[c].slot == i)
				column = c;
		ledger_trouble(l, LEDGER_ERROR, row->at, column, (struct slice){0}, "%s must not be empty",
			"fill the cell; the row was not taken", (const char *const[]){both_labels(l, f), NULL});
		lacks = true;
	}
	return lacks;
}

static const char *row_said(struct ledger *l, uint32_t at)
{
	char letters[8];
	if (l->turned)
		return arena_strdup(l->a, column_letters((int)at, letters));
	const struct ledger_part *part = ledger_part_at(l, at);
	if (l->nparts > 1)
		return arena_printf(l->a, "%s!%u", l->book->sheets[part->sheet].name, at - part->shift + 1);
	return arena_printf(l->a, "%u", at + 1);
}

static void note_duplicate(struct ledger *l, struct map *seen, struct slice text,
	const struct sheet_row *row, int column, bool code, struct ledger_row *out)
{
	int32_t before = map_get(seen, text);
	if (before < 0) {
		map_put(seen, text, (int32_t)l->nrows);
		return;
	}
	const char *first = row_said(l, l->sheet->rows[l->rows[before].row].at);
	const struct field *f = l->columns[column].field;
	bool refuse = code && f && f->unique;
	ledger_trouble(l, refuse ? LEDGER_ERROR : LEDGER_WARNING, row->at, column, utf8_cut(text, 120),
		code ? "the same code stands in row %s" : "the same name stands in row %s",
		refuse ? "the row was not taken; correct the code or take out one of the rows"
			   : "both were taken; if they are one project, take out a row or import with a key",
		(const char *const[]){first, NULL});
	if (refuse)
		out->fate = LEDGER_REFUSED;
}

/* The row's code, unless it cannot be one: Excel makes 2.3E+23 of two different ones. */
static struct slice readable_code(struct ledger *l, const struct rows_work *w,
	const struct sheet_row *row, const struct ledger_row *out)
{
	struct slice code = key_text(l, w, row, w->code_column);
	int slot = w->code_column < 0 ? -1 : l->work[w->code_column].slot;
	bool unreadable = slot >= 0 && out->values[slot].kind == VALUE_NULL;
	return says_nothing(code) || unreadable ? (struct slice){0} : code;
}

static bool find_stored(struct ledger *l, const struct rows_work *w, const struct sheet_row *row,
	struct ledger_row *out)
{
	const struct ledger_options *o = l->options;
	if (!o->find_record)
		return !uuid_is_nil(out->id);
	if (!uuid_is_nil(out->id)) {
		struct value id = {.kind = VALUE_ID, .id = out->id};
		return o->find_record(
			o->self, NULL, &id, &out->id); /* not there: a new record under that id */
	}
	for (int c = 0; c < l->ncolumns; c++) {
		const struct ledger_column *column = &l->columns[c];
		if (!l->work[c].identity)
			continue;
		struct slice text = key_text(l, w, row, c);
		if (text.n == 0 ||
			(l->key_column < 0 && c == w->code_column && map_get(w->code_counts, text) > 1))
			continue;
		struct value value = {.kind = VALUE_TEXT, .text = text};
		if (l->work[c].slot >= 0)
			value = out->values[l->work[c].slot];
		if (value.kind != VALUE_NULL && o->find_record(o->self, column->field, &value, &out->id))
			return true;
	}
	/* A row without a code is known by its name. */
	if (readable_code(l, w, row, out).n || l->title_slot < 0 ||
		out->values[l->title_slot].kind != VALUE_TEXT)
		return false;
	struct slice title = out->values[l->title_slot].text;
	return map_get(w->seen_titles, title) == (int32_t)l->nrows &&
		o->find_record(
			o->self, l->result->fields[l->title_slot], &out->values[l->title_slot], &out->id);
}

/* Later rows fill and replace; what a later row leaves empty stays. */
static void join(struct ledger *l, struct ledger_row *out, int32_t into)
{
	struct value *values = (struct value *)l->rows[into].values;
	for (int i = 0; i < l->result->nfields; i++)
		if (out->values[i].kind != VALUE_NULL)
			values[i] = out->values[i];
	if (out->state)
		l->rows[into].state = out->state;
	out->fate = LEDGER_SAME;
	out->into = (uint32_t)into;
}

static void decide(
	struct ledger *l, struct rows_work *w, const struct sheet_row *row, struct ledger_row *out)
{
	struct slice key = key_text(l, w, row, l->key_column);
	int32_t into = key.n ? map_get(w->keys, key) : -1;
	if (into >= 0) {
		join(l, out, into);
		return;
	}
	if (lacks_required(l, row, out)) {
		out->fate = LEDGER_REFUSED;
		return;
	}
	struct slice code = readable_code(l, w, row, out);
	if (code.n && l->key_column < 0)
		note_duplicate(l, w->seen_codes, code, row, w->code_column, true, out);
	else if (l->title_slot >= 0 && out->values[l->title_slot].kind == VALUE_TEXT &&
		w->title_from >= 0)
		note_duplicate(
			l, w->seen_titles, out->values[l->title_slot].text, row, w->title_from, false, out);
	if (out->fate == LEDGER_CREATE && find_stored(l, w, row, out))
		out->fate = LEDGER_UPDATE;
	if (out->fate == LEDGER_CREATE && l->lacks_column)
		out->fate = LEDGER_REFUSED; /* said once, of the whole table */
	if (key.n && out->fate != LEDGER_REFUSED)
		map_put(w->keys, key, (int32_t)l->nrows);
}

static void add_row(struct ledger *l, const struct ledger_row *row)
{
	if (l->nrows == l->rows_room) {
		l->rows_room = l->rows_room ? l->rows_room * 2 : 256;
		l->rows = must_realloc(l->rows, l->rows_room * sizeof *l->rows);
	}
	l->rows[l->nrows++] = *row;
	l->result->fates[row->fate]++;
}

static void count_codes(struct ledger *l, struct rows_work *w)
{
	for (size_t r = l->header + l->nheader; w->code_column >= 0 && r < l->sheet->nrows; r++) {
		struct slice text =
			utf8_trim(cell_text(l->a, row_cell(&l->sheet->rows[r], w->code_column)));
		int32_t times = text.n ? map_get(w->code_counts, text) : 0;
		if (text.n)
			map_put(w->code_counts, text, times < 0 ? 1 : times + 1);
	}
}

static void fill(struct value *values, const struct value *constants, int n)
{
	for (int i = 0; values && i < n; i++)
		if (values[i].kind == VALUE_NULL)
			values[i] = constants[i];
}

/* Constants come last: what any row of a record says is stronger. */
static void fill_constants(struct ledger *l)
{
	for (size_t r = 0; r < l->nrows; r++) {
		if (l->constants && (l->rows[r].fate == LEDGER_CREATE || l->rows[r].fate == LEDGER_UPDATE))
			fill((struct value *)l->rows[r].values, l->constants, l->result->nfields);
		if (l->child_constants)
			fill((struct value *)l->rows[r].child_values, l->child_constants,
				l->result->nchild_fields);
	}
}

void ledger_read_rows(struct ledger *l)
{
	struct rows_work w = {.code_column = -1, .title_from = l->title_column, .id_column = -1};
	w.seen_codes = map_open();
	w.seen_titles = map_open();
	w.keys = map_open();
	w.code_counts = map_open();
	for (int c = l->ncolumns - 1; c >= 0; c--) {
		if (l->work[c].identity)
			w.code_column = c;
		if (l->title_slot >= 0 && l->work[c].slot == l->title_slot)
			w.title_from = c;
		if (l->columns[c].target && strcmp(l->columns[c].target, LEDGER_ID) == 0)
			w.id_column = c;
	}
	if (l->sheet->nmerges && !l->turned) {
		sort_merges(l, &w);
		w.lent = ARENA_ARRAY(l->a, struct lent, l->ncolumns);
	}
	count_codes(l, &w);
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		const struct sheet_row *row = &l->sheet->rows[r];
		struct ledger_row out = {.row = (uint32_t)r, .fate = LEDGER_CREATE};
		if (w.lent)
			lend(l, &w, row);
		bool record = has_id(&w, row);
		if (!record && is_sum(row)) {
			out.fate = LEDGER_SUM;
		} else if (!record && (is_note(l, &w, row) || repeats_header(l, row))) {
			out.fate = LEDGER_NOTE;
		} else {
			read_values(l, &w, row, &out);
			give_title(l, &w, row, &out);
			decide(l, &w, row, &out);
		}
		add_row(l, &out);
	}
	fill_constants(l);
	map_close(w.seen_codes);
	map_close(w.seen_titles);
	map_close(w.keys);
	map_close(w.code_counts);
}
