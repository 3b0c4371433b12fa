/*
 * One sheet, in one pass: rows, cells, merged ranges. The <dimension> is not believed (it is often wrong and can claim
 * a billion rows); places come from the cells themselves, and a place that goes backwards is refused.
 */
#include "intake/xlsx_parts.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { LAST_ROW = 1048576, LAST_COLUMN = 16384 };

enum value_type { TYPE_NUMBER, TYPE_SHARED, TYPE_TEXT, TYPE_BOOL, TYPE_ERROR };

struct reading_sheet {
	struct xlsx_parts *parts;
	const char *name;
	struct builder b;
	int64_t row; /* 0-based, -1 before the first */
	int column;  /* of the last cell in this row, -1 before the first */
	bool row_hidden, in_data;
	enum value_type type;
	uint32_t style;
	bool formula, in_cell, in_value, in_inline;
	int phonetic;
	struct str text;
};

bool xlsx_reference(const char *s, size_t n, int *column, uint32_t *row)
{
	size_t i = 0;
	int c = 0;
	for (; i < n && ((s[i] >= 'A' && s[i] <= 'Z') || (s[i] >= 'a' && s[i] <= 'z')); i++) {
		c = c * 26 + ((s[i] | 32) - 'a' + 1);
		if (c > LAST_COLUMN)
			return false;
	}
	if (i == 0 || i == n)
		return false;
	uint32_t r = 0;
	for (; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		r = r * 10 + (uint32_t)(s[i] - '0');
		if (r > LAST_ROW)
			return false;
	}
	if (r == 0)
		return false;
	*column = c - 1;
	*row = r - 1;
	return true;
}

/* The place as Excel itself writes it, which needs no translation: data!B7, or data!7:7 for a row. */
static bool at_cell(struct reading_sheet *s, struct err *err)
{
	char letters[8];
	uint32_t row = (uint32_t)(s->row < 0 ? 0 : s->row) + 1;
	if (s->column < 0)
		return err_in(err, "%s!%u:%u", s->name, row, row);
	return err_in(err, "%s!%s%u", s->name, column_letters(s->column, letters), row);
}

static bool start_row(struct reading_sheet *s, const char *const *attributes, struct err *err)
{
	const char *r = xml_attribute(attributes, "r"), *hidden = xml_attribute(attributes, "hidden");
	int64_t row = s->row + 1;
	if (r) {
		char *end;
		row = strtoll(r, &end, 10) - 1;
		if (*end || end == r || row < 0 || row >= LAST_ROW)
			return err_set(
				err, ERR_INPUT, s->name, "row number \"%s\" is not between 1 and %d", r, LAST_ROW);
		if (row <= s->row)
			return err_set(
				err, ERR_INPUT, s->name, "row %s stands after row %lld", r, (long long)s->row + 1);
	}
	if (row >= LAST_ROW)
		return err_set(err, ERR_INPUT, s->name, "more than %d rows", LAST_ROW);
	s->row = row;
	s->column = -1;
	s->row_hidden = hidden && (strcmp(hidden, "1") == 0 || strcmp(hidden, "true") == 0);
	return true;
}

static bool place_cell(struct reading_sheet *s, const char *reference, struct err *err)
{
	int column = s->column + 1;
	if (reference) {
		uint32_t row;
		if (!xlsx_reference(reference, strlen(reference), &column, &row)) {
			err_set(err, ERR_INPUT, NULL, "cell reference \"%s\" is not one", reference);
			return at_cell(s, err);
		}
		if (row != s->row) {
			err_set(err, ERR_INPUT, NULL, "cell \"%s\" stands in row %lld", reference,
				(long long)s->row + 1);
			return at_cell(s, err);
		}
	}
	if (column <= s->column || column >= LAST_COLUMN) {
		err_set(err, ERR_INPUT, NULL, "cell \"%s\" is out of order", reference ? reference : "");
		return at_cell(s, err);
	}
	s->column = column;
	return true;
}

static bool start_cell(struct reading_sheet *s, const char *const *attributes, struct err *err)
{
	const char *reference = NULL, *type = NULL, *style = NULL;
	for (int i = 0; attributes[i]; i += 2) {
		if (attributes[i][0] == '\0' || attributes[i][1] != '\0')
			continue;
		if (attributes[i][0] == 'r')
			reference = attributes[i + 1];
		else if (attributes[i][0] == 't')
			type = attributes[i + 1];
		else if (attributes[i][0] == 's')
			style = attributes[i + 1];
	}
	if (!place_cell(s, reference, err))
		return false;
	s->type = TYPE_NUMBER;
	if (type)
		s->type = strcmp(type, "s") == 0 ? TYPE_SHARED
			: strcmp(type, "str") == 0 || strcmp(type, "inlineStr") == 0 || strcmp(type, "d") == 0
			? TYPE_TEXT
			: strcmp(type, "b") == 0 ? TYPE_BOOL
			: strcmp(type, "e") == 0 ? TYPE_ERROR
									 : TYPE_NUMBER;
	s->style = style ? (uint32_t)strtoul(style, NULL, 10) : 0;
	s->formula = false;
	s->in_cell = true;
	s->phonetic = 0;
	str_clear(&s->text);
	return true;
}

/* Most cells hold few digits: those are exact in a double after one division, without strtod. */
static bool plain_number(const char *s, size_t n, double *out)
{
	static const double tens[] = {
		1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};
	size_t i = n && s[0] == '-';
	if (n - i == 0 || n - i > 16)
		return false;
	int64_t value = 0;
	int digits = 0, after = -1;
	for (; i < n; i++) {
		if (s[i] == '.' && after < 0) {
			after = 0;
			continue;
		}
		if (s[i] < '0' || s[i] > '9' || ++digits > 15)
			return false;
		value = value * 10 + (s[i] - '0');
		after += after >= 0;
	}
	if (digits == 0)
		return false;
	double number = (double)value / tens[after > 0 ? after : 0];
	*out = s[0] == '-' ? -number : number;
	return true;
}

static bool number_cell(struct reading_sheet *s, struct cell *cell, struct err *err)
{
	struct slice text = utf8_trim((struct slice){s->text.s, s->text.n});
	if (!plain_number(text.s, text.n, &cell->number)) {
		char *end, copy[64];
		if (text.n == 0 || text.n >= sizeof copy) {
			err_set(err, ERR_INPUT, NULL, "number of %zu characters", text.n);
			return at_cell(s, err);
		}
		memcpy(copy, text.s, text.n);
		copy[text.n] = '\0';
		cell->number = strtod(copy, &end);
		if (*end || !isfinite(cell->number)) {
			err_set(err, ERR_INPUT, NULL, "\"%s\" is not a number", copy);
			return at_cell(s, err);
		}
	}
	enum format_kind format =
		s->style < s->parts->nformats ? s->parts->formats[s->style] : FORMAT_NUMBER;
	cell->kind = format == FORMAT_PERCENT ? CELL_PERCENT : CELL_NUMBER;
	if (format == FORMAT_DATE && cell->number >= (s->parts->from_1904 ? 0 : 1) &&
		cell->number < 2958466) {
		/* Excel believes in 29 February 1900: days before it are one off. */
		double zero = s->parts->from_1904 ? 24107 : cell->number < 60 ? 25568 : 25569;
		cell->number -= zero;
		cell->kind = CELL_DATE;
	}
	return true;
}

static bool shared_cell(struct reading_sheet *s, struct cell *cell, struct err *err)
{
	char *end;
	const char *text = str_text(&s->text);
	unsigned long index = strtoul(text, &end, 10);
	if (end == text || *end || text[0] == '-' || index >= s->parts->nstrings) {
		err_set(err, ERR_INPUT, NULL, "shared string \"%s\" does not exist; there are %zu", text,
			s->parts->nstrings);
		return at_cell(s, err);
	}
	*cell = (struct cell){.kind = CELL_TEXT,
		.text = s->parts->strings[index].s,
		.n = (uint32_t)s->parts->strings[index].n};
	return true;
}

static bool end_cell(struct reading_sheet *s, struct err *err)
{
	struct cell cell = {.kind = CELL_EMPTY};
	s->in_cell = false;
	if (s->text.full) {
		err_set(err, ERR_LIMIT, NULL, "cell of more than %d bytes", LIMIT_IMPORT_CELL_BYTES);
		return at_cell(s, err);
	}
	if (s->text.n == 0)
		return true;
	switch (s->type) {
	case TYPE_NUMBER:
		if (!number_cell(s, &cell, err))
			return false;
		break;
	case TYPE_BOOL:
		cell.kind = CELL_BOOL;
		cell.number = s->text.s[0] == '1' || s->text.s[0] == 't';
		break;
	case TYPE_SHARED:
		if (!shared_cell(s, &cell, err))
			return false;
		break;
	case TYPE_TEXT:
	case TYPE_ERROR:
		cell.kind = s->type == TYPE_TEXT ? CELL_TEXT : CELL_ERROR;
		cell.n = (uint32_t)xlsx_unescape(s->text.s, s->text.n);
		cell.text = builder_text(&s->b, s->text.s, cell.n);
		break;
	}
	if (cell.kind == CELL_TEXT && cell.n == 0)
		return true;
	cell.formula = s->formula;
	return builder_cell(&s->b, s->column, cell, err) || at_cell(s, err);
}

static bool merge_cell(struct reading_sheet *s, const char *reference, struct err *err)
{
	if (!reference)
		return true;
	const char *colon = strchr(reference, ':');
	int left, right;
	uint32_t top, bottom;
	if (!colon || !xlsx_reference(reference, (size_t)(colon - reference), &left, &top) ||
		!xlsx_reference(colon + 1, strlen(colon + 1), &right, &bottom) || right < left ||
		bottom < top)
		return err_set(err, ERR_INPUT, s->name, "merged range \"%s\" is not one", reference);
	return builder_merge(
			   &s->b, (struct merged){top, bottom, (uint16_t)left, (uint16_t)right}, err) ||
		err_in(err, "%s", s->name);
}

static bool sheet_start(
	void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct reading_sheet *s = self;
	if (s->in_data && name[0] == 'c' && name[1] == '\0')
		return start_cell(s, attributes, err);
	if (s->in_cell) {
		if (name[0] == 'v' && name[1] == '\0')
			s->in_value = true;
		else if (name[0] == 'f' && name[1] == '\0')
			s->formula = true;
		else if (name[0] == 't' && name[1] == '\0')
			s->in_value = s->phonetic == 0;
		else if (strcmp(name, "rPh") == 0)
			s->phonetic++;
		return true;
	}
	if (strcmp(name, "row") == 0)
		return !s->in_data || start_row(s, attributes, err);
	if (strcmp(name, "sheetData") == 0)
		s->in_data = true;
	else if (strcmp(name, "mergeCell") == 0)
		return merge_cell(s, xml_attribute(attributes, "ref"), err);
	return true;
}

static bool sheet_end(void *self, const char *name, struct err *err)
{
	struct reading_sheet *s = self;
	if ((name[0] == 'v' || name[0] == 't') && name[1] == '\0') {
		s->in_value = false;
		return true;
	}
	if (s->in_cell) {
		if (name[0] == 'c' && name[1] == '\0')
			return end_cell(s, err);
		if (strcmp(name, "rPh") == 0)
			s->phonetic--;
		return true;
	}
	if (strcmp(name, "row") == 0 && s->in_data)
		return builder_row(&s->b, (uint32_t)(s->row < 0 ? 0 : s->row), s->row_hidden, err) ||
			err_in(err, "%s", s->name);
	if (strcmp(name, "sheetData") == 0)
		s->in_data = false;
	return true;
}

static bool sheet_text(void *self, const char *text, size_t n, struct err *err)
{
	struct reading_sheet *s = self;
	if (s->in_value)
		str_add(&s->text, text, n);
	return true;
}

bool xlsx_sheet(struct xlsx_parts *parts, const char *entry, const char *name, bool hidden,
	struct sheet *out, struct err *err)
{
	static const struct xml_handlers handlers = {sheet_start, sheet_end, sheet_text};
	struct reading_sheet s = {.parts = parts,
		.name = name,
		.row = -1,
		.column = -1,
		.text = {.limit = LIMIT_IMPORT_CELL_BYTES}};
	builder_start(&s.b, parts->a);
	s.b.ncells = parts->ncells; /* the limit is for all sheets together */
	bool ok = xlsx_parse(parts->zip, entry, &handlers, &s, err);
	str_free(&s.text);
	if (!ok) {
		builder_drop(&s.b);
		return false;
	}
	size_t before = parts->ncells;
	parts->ncells = s.b.ncells;
	builder_end(&s.b, name, hidden, out);
	out->ncells -= before;
	return true;
}
