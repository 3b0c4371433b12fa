/*
 * Where the header is. Every one of the first rows is scored: a matched heading counts most, a different text in each cell
 * counts a little, figures count against. Then the rows that belong to it are added: those a merged cell reaches
 * into, and a row below that fills exactly the gaps of the one above.
 */
#include <stdio.h>
#include <stdlib.h>

#include "intake/builder.h"
#include "intake/ledger_parts.h"

enum { LOOK_ROWS = 30, LOOK_COLUMNS = 80, MOST_HEADER_ROWS = 5, LONGEST_HEADING = 400 };

static struct slice trimmed(const struct cell *cell)
{
	if (!cell || cell->kind != CELL_TEXT)
		return (struct slice){0};
	return utf8_trim((struct slice){cell->text, cell->n});
}

static bool looks_like_figure(struct slice text)
{
	size_t digits = 0;
	for (size_t i = 0; i < text.n; i++)
		digits += text.s[i] >= '0' && text.s[i] <= '9';
	return text.n > 0 && digits * 2 > text.n;
}

struct score {
	int matched, texts, figures;
	bool title;
};

static int points(struct score s)
{
	return s.matched * 10 + (s.texts < 40 ? s.texts : 40) - s.figures * 2;
}

static void score_cell(const struct ledger *l, const struct cell *cell, struct score *s)
{
	struct slice text = trimmed(cell);
	if (!cell || (cell->kind == CELL_TEXT && text.n == 0))
		return;
	if (cell->kind != CELL_TEXT || looks_like_figure(text)) {
		s->figures++;
		return;
	}
	if (text.n > LONGEST_HEADING)
		return;
	s->texts++;
	struct match m = words_match(l->words, text, false);
	const char *line = memrchr(text.s, '\n', text.n);
	if (!m.target && line)
		m = words_match(
			l->words, (struct slice){line + 1, (size_t)(text.s + text.n - line - 1)}, false);
	if (m.target) {
		s->matched += m.how == LEDGER_SYNONYM ? 1 : 2;
		if (m.field && l->options->reg->title && strcmp(m.field->name, l->options->reg->title) == 0)
			s->title = true;
	}
}

static struct score score_row(const struct ledger *l, const struct sheet *sheet, size_t r)
{
	struct score s = {0};
	const struct sheet_row *row = &sheet->rows[r];
	for (uint32_t i = 0; i < row->n && i < LOOK_COLUMNS; i++)
		score_cell(l, &row->cells[i], &s);
	return s;
}

static struct score score_column(
	const struct ledger *l, const struct sheet *sheet, int column, size_t from)
{
	struct score s = {0};
	for (size_t r = from; r < sheet->nrows && r < from + LOOK_COLUMNS; r++)
		score_cell(l, row_cell(&sheet->rows[r], column), &s);
	return s;
}

/* ---- turning ---- */

/* Rows become columns. The row's number in the file of each new column is kept in *lines. */
static const struct sheet *turn(
	struct arena *a, const struct sheet *sheet, size_t from, const uint32_t **lines)
{
	size_t height = sheet->nrows - from;
	struct builder b;
	struct err err;
	builder_start(&b, a);
	uint32_t *at = ARENA_ARRAY(a, uint32_t, height);
	for (size_t r = 0; r < height; r++)
		at[r] = sheet->rows[from + r].at;
	for (int c = 0; c < sheet->ncolumns; c++) {
		for (size_t r = 0; r < height; r++) {
			const struct cell *cell = row_cell(&sheet->rows[from + r], c);
			if (cell && !builder_cell(&b, (int)r, *cell, &err)) {
				builder_drop(&b);
				return NULL;
			}
		}
		if (!builder_row(&b, (uint32_t)c, false, &err)) {
			builder_drop(&b);
			return NULL;
		}
	}
	struct sheet *out = ARENA_NEW(a, struct sheet);
	builder_end(&b, sheet->name, sheet->hidden, out);
	*lines = at;
	return out;
}

/* ---- the rows that belong to a header ---- */

static bool merge_crosses(const struct sheet *sheet, uint32_t upper)
{
	for (size_t i = 0; i < sheet->nmerges; i++) {
		const struct merged *m = &sheet->merges[i];
		if (m->top <= upper && m->bottom > upper && m->bottom - m->top < MOST_HEADER_ROWS)
			return true;
	}
	return false;
}

static bool merge_spreads(const struct sheet *sheet, uint32_t at)
{
	for (size_t i = 0; i < sheet->nmerges; i++) {
		const struct merged *m = &sheet->merges[i];
		if (m->top == at && m->bottom == at && m->right > m->left &&
			m->right - m->left + 1 < sheet->ncolumns)
			return true;
	}
	return false;
}

/* All texts, and every gap of `upper` between its first and last cell is filled. */
static bool fills_gaps(
	const struct ledger *l, const struct sheet_row *upper, const struct sheet_row *lower)
{
	int gaps = 0, matched = 0;
	for (uint32_t i = 0; i < lower->n; i++) {
		struct slice text = trimmed(&lower->cells[i]);
		if (text.n == 0 || text.n > 60 || looks_like_figure(text))
			return false;
		gaps += !row_cell(upper, lower->cells[i].column);
		matched += words_match(l->words, text, false).target != NULL;
	}
	if (gaps == 0 || upper->n < 2)
		return false;
	for (int c = upper->cells[0].column; c <= lower->cells[lower->n - 1].column; c++)
		if (!row_cell(upper, c) && !row_cell(lower, c))
			return false;
	/* A first data row that fills gaps is told from a header row by having no heading in it. */
	return matched > 0 || lower->n < upper->n;
}

/* 填报单位：…  单位：万元 above a table is about the table, not a part of its header. */
static bool speaks_of_table(const struct sheet_row *row)
{
	for (uint32_t i = 0; i < row->n; i++) {
		struct slice text = trimmed(&row->cells[i]);
		if (text.n && (memmem(text.s, text.n, "：", 3) || memchr(text.s, ':', text.n)))
			return true;
	}
	return false;
}

static void extend(struct ledger *l)
{
	const struct sheet *sheet = l->sheet;
	while (l->header > 0 && l->nheader < MOST_HEADER_ROWS) {
		const struct sheet_row *above = &sheet->rows[l->header - 1], *top = &sheet->rows[l->header];
		bool joined = above->at + 1 == top->at && above->n >= 2 &&
			(merge_crosses(sheet, above->at) || merge_spreads(sheet, above->at) ||
				(sheet->nmerges == 0 && fills_gaps(l, above, top)));
		if (!joined || speaks_of_table(above) || score_row(l, sheet, l->header - 1).figures > 0)
			break;
		l->header--;
		l->nheader++;
	}
	while (l->header + l->nheader < sheet->nrows && l->nheader < MOST_HEADER_ROWS) {
		const struct sheet_row *last = &sheet->rows[l->header + l->nheader - 1], *below = last + 1;
		bool joined = below->at == last->at + 1 &&
			(merge_crosses(sheet, last->at) || merge_spreads(sheet, last->at) ||
				(sheet->nmerges == 0 && fills_gaps(l, last, below)));
		if (!joined || score_row(l, sheet, l->header + l->nheader).figures > 0)
			break;
		l->nheader++;
	}
}

/* The best row; but when a row above it is as wide and as wordy, that one is the header and the other is data that
 * happens to speak of the same things. A title row is narrow. */
static int best_row(
	const struct ledger *l, const struct sheet *sheet, size_t *out, struct score *found)
{
	int best = 0;
	for (size_t r = 0; r < sheet->nrows && r < LOOK_ROWS; r++) {
		struct score s = score_row(l, sheet, r);
		if (s.texts < 2 && sheet->ncolumns > 1 && s.matched == 0)
			continue;
		if (points(s) > best) {
			best = points(s);
			*out = r;
			*found = s;
		}
	}
	for (size_t r = 0; r < *out; r++) {
		struct score s = score_row(l, sheet, r);
		if (s.figures == 0 && s.texts * 5 >= found->texts * 4 &&
			(s.matched > 0 || sheet->nmerges == 0) && s.texts >= 2) {
			*out = r;
			*found = s;
		}
	}
	return best;
}

int ledger_find_header(struct ledger *l, int index)
{
	const struct sheet *sheet = &l->book->sheets[index];
	l->sheet = sheet;
	l->sheet_index = index;
	l->turned = false;
	l->lines = NULL;
	l->nheader = 1;
	l->header = 0;
	if (sheet->nrows == 0)
		return 0;
	if (l->options->header_row >= 0) {
		while (l->header + 1 < sheet->nrows &&
			sheet->rows[l->header].at < (uint32_t)l->options->header_row)
			l->header++;
		extend(l);
		return 1;
	}
	struct score upright = {0};
	int best = best_row(l, sheet, &l->header, &upright);
	/* Headings down the first column, one record per column: more of them, and the record's name among them. */
	struct score lying = score_column(l, sheet, 0, 0);
	if (lying.title && lying.matched >= 4 && lying.matched > upright.matched &&
		lying.figures == 0) {
		const struct sheet *turned = turn(l->a, sheet, 0, &l->lines);
		if (turned && turned->nrows > 1) {
			l->sheet = turned;
			l->turned = true;
			l->header = 0;
			return points(lying);
		}
	}
	if (best > 0)
		extend(l);
	return best > 0 ? best : 1;
}

/* ---- headings ---- */

/* The text of a header cell; a merged range lends its first cell to all of it. */
static struct slice header_text(const struct ledger *l, size_t r, int column)
{
	const struct sheet *sheet = l->sheet;
	const struct sheet_row *row = &sheet->rows[r];
	const struct cell *cell = row_cell(row, column);
	for (size_t i = 0; !cell && i < sheet->nmerges; i++) {
		const struct merged *m = &sheet->merges[i];
		if (row->at < m->top || row->at > m->bottom || column < m->left || column > m->right)
			continue;
		for (size_t k = l->header; k < l->header + l->nheader; k++)
			if (sheet->rows[k].at == m->top)
				cell = row_cell(&sheet->rows[k], m->left);
	}
	/* Without merged ranges (CSV) a group's name stands over its first column only. */
	for (int c = column - 1;
		 !cell && sheet->nmerges == 0 && r + 1 < l->header + l->nheader && c >= 0; c--)
		if (row_cell(&sheet->rows[r + 1], column))
			cell = row_cell(row, c);
		else
			break;
	return cell ? utf8_trim(cell_text(l->a, cell)) : (struct slice){0};
}

static const char *join_heading(const struct ledger *l, int column)
{
	struct str text = STR_INIT;
	struct slice before = {0};
	for (size_t r = l->header; r < l->header + l->nheader; r++) {
		struct slice part = utf8_cut(header_text(l, r, column), LONGEST_HEADING);
		if (part.n == 0 || slice_equal(part, before))
			continue;
		if (text.n)
			str_putc(&text, '\n');
		str_slice(&text, part);
		before = part;
	}
	char *out = arena_text(l->a, str_view(&text));
	str_free(&text);
	return out;
}

void ledger_headings(struct ledger *l)
{
	l->ncolumns = l->sheet->ncolumns;
	l->columns = ARENA_ARRAY(l->a, struct ledger_column, l->ncolumns + 1); /* one for constants */
	l->work = ARENA_ARRAY(l->a, struct column_work, l->ncolumns + 1);
	for (int c = 0; c < l->ncolumns; c++) {
		l->columns[c].index = l->turned ? (int)l->lines[c] : c;
		l->columns[c].outside = !l->turned && c >= l->own_columns;
		l->columns[c].heading = join_heading(l, c);
		l->work[c].slot = l->work[c].child_slot = -1;
	}
}
