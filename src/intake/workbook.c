/* What a file is, by its first bytes; JSON tables; and the words for places and cells. */
#include "intake/workbook.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/date.h"
#include "base/json.h"
#include "base/map.h"
#include "intake/builder.h"
#include "intake/csv.h"
#include "intake/xlsx.h"

const struct cell *row_cell(const struct sheet_row *row, int column)
{
	if (column < 0)
		return NULL;
	/* Most rows are full from the left, so the cell is usually at its own number. */
	if ((uint32_t)column < row->n && row->cells[column].column == column)
		return &row->cells[column];
	uint32_t low = 0, high = row->n;
	while (low < high) {
		uint32_t mid = (low + high) / 2;
		if (row->cells[mid].column == column)
			return &row->cells[mid];
		if (row->cells[mid].column < column)
			low = mid + 1;
		else
			high = mid;
	}
	return NULL;
}

static struct slice date_text(struct arena *a, double serial)
{
	double day = floor(serial);
	int64_t seconds = llround((serial - day) * 86400);
	if (seconds == 86400) {
		day += 1;
		seconds = 0;
	}
	struct str text = STR_INIT;
	date_format(&text, (struct date){(int32_t)day});
	if (seconds)
		str_printf(&text, " %02d:%02d:%02d", (int)(seconds / 3600), (int)(seconds / 60 % 60),
			(int)(seconds % 60));
	struct slice out = arena_slice(a, str_view(&text));
	str_free(&text);
	return out;
}

struct slice cell_text(struct arena *a, const struct cell *cell)
{
	char digits[40];
	int n;
	if (!cell)
		return SLICE("");
	switch ((enum cell_kind)cell->kind) {
	case CELL_EMPTY: return SLICE("");
	case CELL_TEXT:
	case CELL_ERROR: return (struct slice){cell->text, cell->n};
	case CELL_BOOL: return cell->number != 0 ? SLICE("TRUE") : SLICE("FALSE");
	case CELL_DATE: return date_text(a, cell->number);
	case CELL_PERCENT:
		n = snprintf(digits, sizeof digits, "%.13g%%", cell->number * 100);
		return arena_slice(a, (struct slice){digits, (size_t)n});
	case CELL_NUMBER:
		n = snprintf(digits, sizeof digits, "%.15g", cell->number);
		return arena_slice(a, (struct slice){digits, (size_t)n});
	}
	return SLICE("");
}

const char *column_letters(int column, char out[8])
{
	char back[8];
	int n = 0, i = 0;
	for (int c = column + 1; c > 0 && n < 7; c = (c - 1) / 26)
		back[n++] = (char)('A' + (c - 1) % 26);
	while (n > 0)
		out[i++] = back[--n];
	out[i] = '\0';
	return out;
}

/* ---- JSON ---- */

/* The array of objects: the document itself, or the first such member of it. */
static const struct json *table_of(const struct json *document)
{
	if (document->type == JSON_IS_ARRAY)
		return document;
	for (int i = 0; document->type == JSON_IS_OBJECT && i < document->nmembers; i++) {
		const struct json *value = &document->members[i].value;
		if (value->type == JSON_IS_ARRAY && value->n > 0 && value->items[0].type == JSON_IS_OBJECT)
			return value;
	}
	return NULL;
}

static struct cell json_cell(struct builder *b, const struct json *value, struct str *scratch)
{
	struct cell cell = {.kind = CELL_EMPTY};
	struct slice text = {0};
	switch (value->type) {
	case JSON_IS_NULL: return cell;
	case JSON_IS_FALSE:
	case JSON_IS_TRUE:
		return (struct cell){.kind = CELL_BOOL, .number = value->type == JSON_IS_TRUE};
	case JSON_IS_REAL: return (struct cell){.kind = CELL_NUMBER, .number = value->r};
	case JSON_IS_INT:
		if (llabs(value->i) < INT64_C(1) << 53)
			return (struct cell){.kind = CELL_NUMBER, .number = (double)value->i};
		str_clear(scratch);
		str_int(scratch, value->i);
		text = (struct slice){builder_text(b, scratch->s, scratch->n), scratch->n};
		break;
	case JSON_IS_TEXT: text = value->text; break;
	case JSON_IS_ARRAY:
	case JSON_IS_OBJECT: {
		str_clear(scratch);
		struct json_writer w = jw_start(scratch);
		jw_json(&w, value);
		text = (struct slice){builder_text(b, scratch->s, scratch->n), scratch->n};
		break;
	}
	}
	return text.n ? (struct cell){.kind = CELL_TEXT, .text = text.s, .n = (uint32_t)text.n} : cell;
}

static int by_column(const void *x, const void *y)
{
	const struct cell *a = x, *b = y;
	return a->column < b->column ? -1 : a->column > b->column;
}

struct json_table {
	struct builder b;
	struct map *columns;
	struct str scratch;
	struct cell line[LIMIT_IMPORT_COLUMNS];
	struct slice keys[LIMIT_IMPORT_COLUMNS];
	int nkeys;
};

/* Collects one object's cells in column order; a key seen for the first time makes a column. */
static bool json_line(struct json_table *t, const struct json *object, int *n, struct err *err)
{
	*n = 0;
	for (int i = 0; i < object->nmembers; i++) {
		int column = map_get(t->columns, object->members[i].key);
		if (column < 0) {
			if (t->nkeys == LIMIT_IMPORT_COLUMNS)
				return err_set(err, ERR_LIMIT, NULL, "more than %d columns", LIMIT_IMPORT_COLUMNS);
			column = t->nkeys;
			t->keys[t->nkeys++] = object->members[i].key;
			map_put(t->columns, object->members[i].key, column);
		}
		struct cell cell = json_cell(&t->b, &object->members[i].value, &t->scratch);
		cell.column = (uint16_t)column;
		if (cell.kind != CELL_EMPTY)
			t->line[(*n)++] = cell;
	}
	qsort(t->line, (size_t)*n, sizeof t->line[0], by_column);
	return true;
}

static bool json_rows(struct json_table *t, const struct json *table, struct err *err)
{
	int n;
	/* the keys first: they are the header, and all of them are known only at the end */
	for (int i = 0; i < table->n; i++) {
		if (table->items[i].type != JSON_IS_OBJECT)
			return err_set(err, ERR_INPUT, NULL, "item %d of the table is not an object", i + 1);
		if (!json_line(t, &table->items[i], &n, err))
			return false;
	}
	for (int k = 0; k < t->nkeys; k++) {
		struct cell cell = {.kind = CELL_TEXT, .text = t->keys[k].s, .n = (uint32_t)t->keys[k].n};
		if (cell.n && !builder_cell(&t->b, k, cell, err))
			return false;
	}
	if (!builder_row(&t->b, 0, false, err))
		return false;
	for (int i = 0; i < table->n; i++) {
		if (!json_line(t, &table->items[i], &n, err))
			return false;
		for (int k = 0; k < n; k++)
			if (!builder_cell(&t->b, t->line[k].column, t->line[k], err))
				return err_in(err, "item %d", i + 1);
		if (!builder_row(&t->b, (uint32_t)i + 1, false, err))
			return false;
	}
	return true;
}

static bool json_table_read(
	struct arena *a, struct slice bytes, struct workbook *out, struct err *err)
{
	const struct json *document, *table;
	if (!json_parse(a, bytes, NULL, &document, err))
		return false;
	table = table_of(document);
	if (!table)
		return err_set(err, ERR_INPUT, NULL, "JSON without a list of objects");
	struct json_table *t = must_alloc(sizeof *t);
	builder_start(&t->b, a);
	t->columns = map_open();
	bool ok = json_rows(t, table, err);
	if (ok) {
		struct sheet *sheet = ARENA_NEW(a, struct sheet);
		builder_end(&t->b, "json", false, sheet);
		*out = (struct workbook){.format = WORKBOOK_JSON, .sheets = sheet, .nsheets = 1};
	} else {
		builder_drop(&t->b);
	}
	map_close(t->columns);
	str_free(&t->scratch);
	free(t);
	return ok;
}

/* ---- what it is ---- */

static bool begins(struct slice bytes, const char *with, size_t n)
{
	return bytes.n >= n && memcmp(bytes.s, with, n) == 0;
}

/* The old Office container: an .xls, or an .xlsx behind a password. Its directory names are UTF-16. */
static bool refuse_old_office(struct slice bytes, struct err *err)
{
	static const char encrypted[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";
	if (memmem(bytes.s, bytes.n, encrypted, sizeof encrypted))
		return err_set(
			err, ERR_INPUT, NULL, "the workbook is protected by a password; save it without one");
	return err_set(err, ERR_INPUT, NULL, "an old Excel file (.xls); open it and save it as .xlsx");
}

bool workbook_read(struct arena *a, struct slice bytes, const struct workbook_options *options,
	struct workbook *out, struct err *err)
{
	if (bytes.n > LIMIT_UPLOAD_BYTES)
		return err_set(err, ERR_LIMIT, NULL, "file of %zu bytes; at most %d are read", bytes.n,
			LIMIT_UPLOAD_BYTES);
	if (begins(bytes, "PK\3\4", 4) || begins(bytes, "PK\5\6", 4))
		return xlsx_read(a, bytes, out, err);
	if (begins(bytes, "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8))
		return refuse_old_office(bytes, err);
	if (begins(bytes, "%PDF-", 5))
		return err_set(err, ERR_INPUT, NULL, "a PDF, not a table; ask for the .xlsx behind it");
	struct slice start = utf8_trim((struct slice){bytes.s, bytes.n < 4096 ? bytes.n : 4096});
	if (begins(start, "[", 1) || begins(start, "{", 1))
		return json_table_read(a, bytes, out, err);
	if (begins(start, "<", 1))
		return err_set(err, ERR_INPUT, NULL,
			"a web page or XML, whatever its name says; open it and save it as .xlsx");
	if (start.n == 0 && bytes.n < 4096)
		return err_set(err, ERR_INPUT, NULL, "the file is empty");
	return csv_read(a, bytes, options, out, err);
}
