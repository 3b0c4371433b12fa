/* What a person would notice looking down a column: it is something else, it names the records, a figure is off. */
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "intake/ledger_parts.h"

enum { TRIAL_CELLS = 400 };

const char *both_labels(struct ledger *l, const struct field *field)
{
	if (strcmp(field->label.zh, field->label.en) == 0)
		return field->label.zh;
	return arena_printf(l->a, "%s / %s", field->label.zh, field->label.en);
}

/* ---- columns that are something else ---- */

/* Reads up to TRIAL_CELLS filled cells spread over the column. */
static void trial(
	struct ledger *l, int column, const struct field *field, size_t *filled, size_t *readable)
{
	size_t first = l->header + l->nheader, n = l->sheet->nrows - first, step = n / TRIAL_CELLS + 1;
	l->quiet = true;
	for (size_t r = first; r < l->sheet->nrows; r += step) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], column);
		struct value value;
		struct err err;
		if (!cell ||
			(cell->kind == CELL_TEXT &&
				says_nothing(utf8_trim((struct slice){cell->text, cell->n}))))
			continue;
		++*filled;
		*readable += ledger_cell(l, column, field, cell, l->sheet->rows[r].at, &value, &err);
	}
	l->quiet = false;
}

static bool hardly_readable(struct ledger *l, int column, const struct field *field)
{
	size_t filled = 0, readable = 0;
	trial(l, column, field, &filled, &readable);
	return filled > 0 && readable * 100 < filled * LEDGER_READABLE;
}

/* The names of a column that is let go are still what could be entered. */
static void count_names(struct ledger *l, int column, const struct field *field)
{
	l->quiet = l->counting = true;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		struct value value;
		struct err ignored;
		(void)!ledger_cell(l, column, field, row_cell(&l->sheet->rows[r], column),
			l->sheet->rows[r].at, &value, &ignored);
	}
	l->quiet = l->counting = false;
}

void ledger_release_unreadable(struct ledger *l)
{
	for (int i = 0; i < l->ncolumns; i++) {
		struct ledger_column *c = &l->columns[i];
		if (c->how == LEDGER_GIVEN || c->how == LEDGER_NONE)
			continue;
		const struct field *lost = NULL;
		if (c->field && hardly_readable(l, i, c->field)) {
			lost = c->field;
			c->field = NULL;
		}
		if (c->child_field && hardly_readable(l, i, c->child_field)) {
			lost = lost ? lost : c->child_field;
			c->child_field = NULL;
		}
		if (!lost)
			continue;
		if (lost->type == FIELD_REF || lost->type == FIELD_REFS)
			count_names(l, i, lost);
		if (!c->field) {
			c->target = c->child_field
				? arena_printf(l->a, "%s.%s", l->options->child->name, c->child_field->name)
				: NULL;
			c->how = c->target ? c->how : LEDGER_NONE;
		}
		ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, i, (struct slice){0},
			lost->type == FIELD_REF || lost->type == FIELD_REFS
				? "hardly any name in this column is known as %s; the column was left out"
				: "hardly any cell in this column can be read as %s; the column was left out",
			lost->type == FIELD_REF || lost->type == FIELD_REFS
				? "enter these records first, or keep the column as a field of its own"
				: "choose another field for it, or keep it as a field of its own",
			(const char *const[]){both_labels(l, lost), NULL});
	}
}

void ledger_point_out_left(struct ledger *l)
{
	for (int i = 0; i < l->ncolumns; i++) {
		const struct field *f = l->columns[i].left;
		if (f && l->columns[i].filled)
			ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, i, (struct slice){0},
				f->type == FIELD_FILE || f->type == FIELD_FILES
					? "%s holds files, which do not travel in a table; the column was left out"
					: "%s is worked out by the program; the column was left out",
				f->type == FIELD_FILE || f->type == FIELD_FILES
					? "add the files where the record is shown"
					: "leave the column out",
				(const char *const[]){both_labels(l, f), NULL});
	}
}

/* ---- what the record is called ---- */

/* How well a column would do as the name of the records: filled, distinct, of a name's length. 0: not at all. */
static int as_title(struct ledger *l, int column)
{
	size_t first = l->header + l->nheader, filled = 0, characters = 0, rows = 0, letters = 0;
	struct map *seen = map_open();
	for (size_t r = first; r < l->sheet->nrows && rows < 2000; r++, rows++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], column);
		if (!cell || cell->kind != CELL_TEXT)
			continue;
		struct slice text = utf8_trim((struct slice){cell->text, cell->n});
		if (says_nothing(text))
			continue;
		filled++;
		characters += utf8_length(text);
		size_t at = 0;
		uint32_t c = utf8_next(text, &at);
		letters += c > 0x7F || (c | 32) >= 'a';
		map_put(seen, text, 1);
	}
	size_t distinct = map_count(seen);
	map_close(seen);
	if (rows == 0 || filled * 10 < rows * 7 || letters * 2 < filled)
		return 0;
	size_t mean = characters / filled;
	if (mean > 120)
		return 0;
	const char *heading = l->columns[column].heading;
	int hint = strstr(heading, "name") || strstr(heading, "Name") || strstr(heading, "名") ||
			strstr(heading, "title")
		? 60
		: strstr(heading, "escription") ? 40
										: 0;
	return (int)(distinct * 100 / filled) + (mean >= 4 ? 20 : 0) + hint;
}

/* Besides the column that was guessed, at most one heading of a sheet means anything here: a list of columns, a dictionary. */
static bool looks_foreign(const struct ledger *l, int guessed)
{
	int meant = 0;
	for (int i = 0; i < l->ncolumns; i++)
		meant += i != guessed && l->columns[i].target && l->columns[i].field &&
			l->columns[i].how != LEDGER_NONE;
	return meant <= 1 && meant * 3 <= l->ncolumns;
}

void ledger_find_title(struct ledger *l)
{
	const struct register_def *reg = l->options->reg;
	const struct field *title = reg->title ? register_field(reg, reg->title) : NULL;
	int best = 0, found = -1;
	l->title_column = -1;
	if (!title || (title->type != FIELD_TEXT && title->type != FIELD_LONGTEXT))
		return;
	for (int i = 0; i < l->ncolumns; i++)
		if (l->columns[i].field == title)
			return;
	for (int i = 0; i < l->ncolumns; i++) {
		const struct ledger_column *c = &l->columns[i];
		bool words = !c->target ||
			(c->field && (c->field->type == FIELD_TEXT || c->field->type == FIELD_LONGTEXT));
		int good = words && c->how != LEDGER_GIVEN ? as_title(l, i) : 0;
		good -= l->work[i].identity ? 90 : 0;
		if (good > best) {
			best = good;
			found = i;
		}
	}
	for (int i = 0; i < l->ncolumns && found < 0; i++)
		if (l->work[i].identity)
			found = i;
	if (found < 0)
		return;
	struct ledger_column *c = &l->columns[found];
	if (c->target) {
		l->title_column = found;
	} else {
		c->target = title->name;
		c->field = title;
		c->how = LEDGER_GUESSED;
		c->similar = 0;
	}
	const char *const said[] = {both_labels(l, title), NULL};
	if (looks_foreign(l, found))
		ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, found, (struct slice){0},
			"no heading says %s, and hardly any is one of such a ledger: this looks like another "
			"kind of table",
			"look at the preview before it is stored, or choose the columns by hand", said);
	else
		ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, found, (struct slice){0},
			"no heading says %s; this column was taken for it",
			"choose another column if this is not the name", said);
}

/* ---- figures ---- */

/* The n-th smallest of positive amounts, byte by byte from the highest: those that begin like it are counted by their next
 * byte. It takes as long for every order, where sorting all of them would take most of a check. */
static int64_t nth_smallest(const int64_t *amounts, size_t count, size_t nth)
{
	int64_t found = 0, known = 0; /* bits that are told already */
	for (int shift = 56; shift >= 0; shift -= 8) {
		size_t with[256] = {0}, byte = 0;
		for (size_t i = 0; i < count; i++)
			if ((amounts[i] & known) == found)
				with[amounts[i] >> shift & 255]++;
		for (; nth >= with[byte]; byte++)
			nth -= with[byte];
		found |= (int64_t)byte << shift;
		known |= (int64_t)(UINT64_C(255) << shift);
	}
	return found;
}

static const struct value *row_amount(const struct ledger *l, size_t row, int column)
{
	const struct column_work *w = &l->work[column];
	const struct ledger_row *r = &l->rows[row];
	const struct value *v = w->slot >= 0 && r->values ? &r->values[w->slot]
		: w->child_slot >= 0 && r->child_values       ? &r->child_values[w->child_slot]
													  : NULL;
	return v && v->kind == VALUE_INT ? v : NULL;
}

static bool is_data(const struct ledger_row *row)
{
	return row->fate != LEDGER_SUM && row->fate != LEDGER_NOTE;
}

/* 万 and 亿 mixed up: ten thousand times larger or smaller than all the others, and at home among them when put right. */
static void check_column(struct ledger *l, int column)
{
	enum { LEAST = 6, TIMES = 10000 };
	int64_t *amounts = must_alloc((l->nrows + 1) * sizeof *amounts);
	size_t n = 0;
	for (size_t r = 0; r < l->nrows; r++) {
		const struct value *v = is_data(&l->rows[r]) ? row_amount(l, r, column) : NULL;
		if (v && v->i > 0)
			amounts[n++] = v->i;
	}
	if (n < LEAST) {
		free(amounts);
		return;
	}
	size_t edge = n >= 10 ? n / 10 : 1; /* what is off is not what the others are measured by */
	int64_t low = nth_smallest(amounts, n, edge), middle = nth_smallest(amounts, n, n / 2),
			high = nth_smallest(amounts, n, n - 1 - edge);
	free(amounts);
	for (size_t r = 0; r < l->nrows; r++) {
		const struct value *v = is_data(&l->rows[r]) ? row_amount(l, r, column) : NULL;
		if (!v || v->i <= 0)
			continue;
		bool large = v->i / 100 > high && v->i / TIMES >= low / 3 && v->i / TIMES <= high * 3 &&
			v->i / 1000 > middle;
		bool small = v->i < low / 100 && v->i * TIMES >= low / 3 && v->i * TIMES <= high * 3 &&
			v->i < middle / 1000;
		const struct cell *cell = row_cell(&l->sheet->rows[l->rows[r].row], column);
		if (large || small)
			ledger_trouble(l, LEDGER_WARNING, l->sheet->rows[l->rows[r].row].at, column,
				utf8_trim(cell_text(l->a, cell)),
				large ? "about 10,000 times the other amounts in this column"
					  : "about a ten-thousandth of the other amounts in this column",
				large ? "was it written in yuan under a heading in 万元? divide it by 10,000"
					  : "was it written in 亿元 under a heading in 万元? multiply it by 10,000",
				NULL);
	}
}

void ledger_check_amounts(struct ledger *l)
{
	for (int c = 0; c < l->ncolumns; c++) {
		const struct field *f =
			l->columns[c].field ? l->columns[c].field : l->columns[c].child_field;
		if (f && f->type == FIELD_MONEY)
			check_column(l, c);
	}
}

static bool adds_up(const int64_t *before, size_t nrows, size_t at, size_t last, size_t next,
	int64_t said, int64_t slack)
{
	const int64_t candidates[] = {before[nrows], before[at], before[next] - before[at]};
	for (size_t i = 0; i < countof(candidates); i++)
		if (llabs(candidates[i] - said) <= slack)
			return true;
	for (size_t from = last; from < at; from++)
		if (llabs(before[at] - before[from] - said) <= slack)
			return true;
	return false;
}

/* A sum may count everything, what stands above it or the last part of that, or the section below it (合计 comes first in
 * many ledgers). It is pointed out only when it is none of these. */
static void check_sum_column(struct ledger *l, int column, const struct field *field)
{
	int64_t *before = must_alloc((l->nrows + 1) * sizeof *before);
	for (size_t r = 0; r < l->nrows; r++) {
		const struct value *v = is_data(&l->rows[r]) ? row_amount(l, r, column) : NULL;
		if (!num_add(before[r], v ? v->i : 0, &before[r + 1]))
			goto out;
	}
	size_t last = 0;
	for (size_t r = 0; r < l->nrows; r++) {
		if (l->rows[r].fate != LEDGER_SUM)
			continue;
		size_t next = r + 1;
		while (next < l->nrows && l->rows[next].fate != LEDGER_SUM)
			next++;
		const struct sheet_row *row = &l->sheet->rows[l->rows[r].row];
		const struct cell *cell = row_cell(row, column);
		struct value said;
		struct err err;
		l->quiet = true;
		bool read = cell && ledger_cell(l, column, field, cell, row->at, &said, &err) &&
			said.kind == VALUE_INT;
		l->quiet = false;
		int64_t slack = field->type == FIELD_MONEY ? l->columns[column].money_unit / 2 +
				(int64_t)l->nrows * l->columns[column].money_unit / 100
												   : 0;
		if (read && !adds_up(before, l->nrows, r, last, next, said.i, slack)) {
			struct str sum = STR_INIT;
			struct value total = {.kind = VALUE_INT,
				.i = before[r] - before[last] ? before[r] - before[last] : before[l->nrows]};
			str_decimal(&sum,
				field->type == FIELD_MONEY
					? total.i / (l->columns[column].money_unit ? l->columns[column].money_unit : 1)
					: total.i,
				field->type == FIELD_QUANTITY ? field->scale : 0);
			ledger_trouble(l, LEDGER_WARNING, row->at, column, utf8_trim(cell_text(l->a, cell)),
				"the row of sums does not add up: the rows come to %s",
				"look for a row left out or counted twice",
				(const char *const[]){str_text(&sum), NULL});
			str_free(&sum);
		}
		last = r + 1;
	}
out:
	free(before);
}

void ledger_check_sums(struct ledger *l)
{
	if (l->result->fates[LEDGER_SUM] == 0)
		return;
	for (int c = 0; c < l->ncolumns; c++) {
		const struct field *f = l->columns[c].field;
		if (f && (f->type == FIELD_MONEY || f->type == FIELD_INTEGER || f->type == FIELD_QUANTITY))
			check_sum_column(l, c, f);
	}
}
