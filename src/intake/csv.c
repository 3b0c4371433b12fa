/*
 * A cell that needs no unescaping points into the file; only "" inside quotes makes a copy. A quote opens a cell only
 * at its beginning; elsewhere it is a character like any other, and what follows a closing quote is kept.
 */
#include "intake/csv.h"

#include <stdlib.h>

#include "intake/builder.h"

struct scan {
	struct slice text;
	size_t at;
	uint32_t line; /* of `at`, 0-based */
	char delimiter;
};

struct piece {
	struct slice raw;  /* without the outer quotes */
	bool doubled;      /* has "" inside */
	struct slice rest; /* what stood between the closing quote and the delimiter */
	bool ends_row, ends_file;
};

/* The end of a cell without quotes: delimiter, line end or end of file. */
static size_t plain_end(const struct scan *s, size_t from)
{
	const char *p = s->text.s;
	size_t i = from, n = s->text.n;
	while (i < n && p[i] != s->delimiter && p[i] != '\n' && p[i] != '\r')
		i++;
	return i;
}

static bool quoted(struct scan *s, struct piece *out, struct err *err)
{
	const char *p = s->text.s;
	size_t start = ++s->at, n = s->text.n;
	uint32_t opened = s->line;
	for (size_t i = start;; i++) {
		const char *q = i < n ? memchr(p + i, '"', n - i) : NULL;
		size_t end = q ? (size_t)(q - p) : n;
		for (const char *l = p + i; (l = memchr(l, '\n', (size_t)(p + end - l))); l++)
			s->line++;
		if (!q || end - start > LIMIT_IMPORT_CELL_BYTES) {
			if (q)
				err_set(err, ERR_LIMIT, NULL,
					"a quoted cell opens here and is longer than %d bytes",
					LIMIT_IMPORT_CELL_BYTES);
			else
				err_set(err, ERR_INPUT, NULL, "a quote opens here and never closes");
			return err_in(err, "line %u", opened + 1);
		}
		i = end;
		if (i + 1 < n && p[i + 1] == '"') {
			out->doubled = true;
			i++;
			continue;
		}
		out->raw = (struct slice){p + start, i - start};
		s->at = i + 1;
		return true;
	}
}

static bool next_piece(struct scan *s, struct piece *out, struct err *err)
{
	const char *p = s->text.s;
	*out = (struct piece){0};
	size_t start = s->at;
	if (s->at < s->text.n && p[s->at] == '"') {
		if (!quoted(s, out, err))
			return false;
		start = s->at;
		s->at = plain_end(s, start);
		out->rest = (struct slice){p + start, s->at - start};
	} else {
		s->at = plain_end(s, start);
		out->raw = (struct slice){p + start, s->at - start};
	}
	if (s->at >= s->text.n) {
		out->ends_row = out->ends_file = true;
	} else if (p[s->at] == s->delimiter) {
		s->at++;
	} else {
		out->ends_row = true;
		s->at += p[s->at] == '\r' && s->at + 1 < s->text.n && p[s->at + 1] == '\n' ? 2 : 1;
		s->line++;
		out->ends_file = s->at >= s->text.n;
	}
	return true;
}

static struct slice piece_text(struct builder *b, struct str *scratch, const struct piece *piece)
{
	if (!piece->doubled && piece->rest.n == 0)
		return piece->raw;
	str_clear(scratch);
	for (size_t i = 0; i < piece->raw.n; i++) {
		str_putc(scratch, piece->raw.s[i]);
		if (piece->doubled && piece->raw.s[i] == '"')
			i++;
	}
	str_slice(scratch, piece->rest);
	return (struct slice){builder_text(b, scratch->s, scratch->n), scratch->n};
}

/* A spreadsheet would run text that begins with these; report/sheet.c puts an apostrophe before it. */
static struct slice without_guard(struct slice text)
{
	if (text.n >= 2 && text.s[0] == '\'' && strchr("=+-@'\t\r", text.s[1])) {
		text.s++;
		text.n--;
	}
	return text;
}

static bool read_rows(struct builder *b, struct scan *s, struct err *err)
{
	struct str scratch = STR_INIT;
	bool ok = true, more = s->text.n > 0;
	uint32_t began = 0, record = 0;
	for (int column = 0; ok && more; column++) {
		struct piece piece;
		if (column == 0)
			began = s->line;
		ok = next_piece(s, &piece, err);
		if (!ok)
			break;
		struct slice text = without_guard(piece_text(b, &scratch, &piece));
		if (text.n) {
			struct cell cell = {.kind = CELL_TEXT, .text = text.s, .n = (uint32_t)text.n};
			if (text.n > LIMIT_IMPORT_CELL_BYTES)
				ok = err_set(
					err, ERR_LIMIT, NULL, "cell of more than %d bytes", LIMIT_IMPORT_CELL_BYTES);
			else
				ok = builder_cell(b, column, cell, err);
		}
		if (ok && piece.ends_row) {
			ok = builder_row(b, record++, false, err);
			column = -1;
		}
		if (!ok)
			err_in(err, "line %u", began + 1);
		more = !piece.ends_file;
	}
	str_free(&scratch);
	return ok;
}

/* ---- guessing the delimiter ---- */

enum { SAMPLE_BYTES = 256 * 1024, SAMPLE_ROWS = 200, COUNTED = 256 };

/* How many of the sampled rows agree on one number of columns (more than one), and on which. */
static int agreement(struct slice text, char delimiter, int *columns, int *rows)
{
	struct scan s = {.text = text, .delimiter = delimiter};
	int times[COUNTED] = {0}, n = 0, count = 0;
	struct err ignored;
	for (bool more = text.n > 0; more && n < SAMPLE_ROWS && s.at < SAMPLE_BYTES;) {
		struct piece piece;
		if (!next_piece(&s, &piece, &ignored))
			break; /* reading it in earnest will complain */
		count++;
		if (piece.ends_row) {
			if (count > 1 || piece.raw.n) {
				times[count < COUNTED ? count : COUNTED - 1]++;
				n++;
			}
			count = 0;
		}
		more = !piece.ends_file;
	}
	int best = 1;
	for (int i = 2; i < COUNTED; i++)
		if (times[i] > 0 && (best == 1 || times[i] >= times[best]))
			best = i;
	*columns = best;
	*rows = n;
	return best == 1 ? 0 : times[best];
}

static char guess_delimiter(struct slice text, int *share)
{
	static const char candidates[] = {',', '\t', ';', '|'};
	char best = ',';
	int best_share = 0, best_columns = 1;
	for (size_t i = 0; i < countof(candidates); i++) {
		int columns, rows, agree = agreement(text, candidates[i], &columns, &rows);
		int percent = rows ? agree * 100 / rows : 0;
		/* a tenth better, or as good with more columns: prose full of commas must not win by chance */
		if (percent > best_share + 10 ||
			(percent + 10 >= best_share && percent > 0 && columns > best_columns)) {
			best = candidates[i];
			best_share = percent;
			best_columns = columns;
		}
	}
	*share = best_share;
	return best;
}

/* Some programs quote each whole line: then every row is one cell that is itself a row. */
static bool unwrap_lines(struct arena *a, const struct sheet *sheet, struct slice *out)
{
	if (sheet->ncolumns != 1 || sheet->nrows < 2)
		return false;
	struct str joined = STR_INIT;
	for (size_t i = 0; i < sheet->nrows; i++) {
		str_add(&joined, sheet->rows[i].cells[0].text, sheet->rows[i].cells[0].n);
		str_putc(&joined, '\n');
	}
	int share;
	guess_delimiter(str_view(&joined), &share);
	bool wrapped = share >= 90;
	if (wrapped)
		*out = arena_slice(a, str_view(&joined));
	str_free(&joined);
	return wrapped;
}

static bool read_text(struct arena *a, struct slice text, char delimiter, struct workbook *out,
	struct sheet *sheet, struct err *err)
{
	int share;
	struct builder b;
	builder_start(&b, a);
	out->delimiter = delimiter ? delimiter : guess_delimiter(text, &share);
	struct scan s = {.text = text, .delimiter = out->delimiter};
	if (!read_rows(&b, &s, err)) {
		builder_drop(&b);
		return false;
	}
	builder_end(&b, "csv", false, sheet);
	return true;
}

bool csv_read(struct arena *a, struct slice bytes, const struct workbook_options *options,
	struct workbook *out, struct err *err)
{
	struct workbook book = {.format = WORKBOOK_CSV, .nsheets = 1};
	book.charset = options && options->force_charset ? options->charset : charset_guess(bytes);
	struct slice text, inner;
	if (!charset_decode(a, book.charset, bytes, &text, &book.bad_bytes, err))
		return false;
	const char *nul = text.n ? memchr(text.s, '\0', text.n) : NULL;
	if (nul) {
		uint32_t line = 1;
		for (const char *p = text.s; p < nul; p++)
			line += *p == '\n';
		err_set(err, ERR_INPUT, NULL, "NUL byte in a text file");
		return err_in(err, "line %u", line);
	}
	struct sheet *sheet = ARENA_NEW(a, struct sheet);
	if (!read_text(a, text, options ? options->delimiter : 0, &book, sheet, err))
		return false;
	if (!(options && options->delimiter) && unwrap_lines(a, sheet, &inner) &&
		!read_text(a, inner, 0, &book, sheet, err))
		return false;
	book.sheets = sheet;
	*out = book;
	return true;
}
