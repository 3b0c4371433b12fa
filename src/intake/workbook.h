/*
 * A foreign table in one neutral shape: a workbook of sheets of rows of cells, whatever the file was (.xlsx, .csv,
 * .json). It says what stands in the file and nothing about what it means; that is ledger.h.
 *
 * UNITS. Rows and columns count from 0 here and are said from 1 (A for columns) in every message. A date is days since
 * 1970-01-01 with the time of day as a fraction, local to whoever wrote the file.
 * MEMORY. Everything lives in the arena passed in; CSV cells point into `bytes` where they can, so keep those as long.
 * A cell is 16 bytes and empty cells are not stored.
 * FAILURE. Text that is no table of ours, damaged or hostile files and anything past base/limits.h: one error that
 * names the place (entry, sheet, row, line) and the value.
 */
#ifndef INTAKE_WORKBOOK_H
#define INTAKE_WORKBOOK_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"

enum cell_kind {
	CELL_EMPTY,
	CELL_TEXT,
	CELL_NUMBER,  /* shown as a number */
	CELL_PERCENT, /* shown as a percentage: 0.361 is 36.1 % */
	CELL_DATE,    /* shown as a date or time */
	CELL_BOOL,    /* number is 0 or 1 */
	CELL_ERROR,   /* #N/A and its like, in text */
};

struct cell {
	union {
		double number;
		const char *text; /* not NUL-terminated, UTF-8 */
	};
	uint32_t n; /* bytes of text */
	uint16_t column;
	uint8_t kind; /* enum cell_kind */
	bool formula; /* a computed value */
};

struct sheet_row {
	const struct cell *cells; /* by column, without the empty ones */
	uint32_t n;
	uint32_t at; /* row as a spreadsheet would number it, empty ones counted */
	bool hidden;
};

struct merged {
	uint32_t top, bottom;
	uint16_t left, right;
}; /* inclusive; rows as in sheet_row.at */

struct sheet {
	const char *name;
	bool hidden;
	const struct sheet_row *rows; /* by `at`; rows without any cell are left out */
	size_t nrows;
	int ncolumns; /* one past the last used column */
	const struct merged *merges;
	size_t nmerges;
	size_t ncells;
};

enum workbook_format { WORKBOOK_XLSX, WORKBOOK_CSV, WORKBOOK_JSON };

struct workbook {
	enum workbook_format format;
	const struct sheet *sheets;
	int nsheets;
	enum charset charset; /* .csv: what it was read as */
	char delimiter;       /* .csv */
	size_t bad_bytes;     /* .csv: bytes the charset does not define, now U+FFFD */
};

struct workbook_options {
	bool force_charset; /* .csv: read as `charset` instead of guessing */
	enum charset charset;
	char delimiter; /* .csv: 0 to guess */
};

/* Looks at the first bytes to tell what it is; `options` may be NULL. */
MUST_USE bool workbook_read(struct arena *a, struct slice bytes,
	const struct workbook_options *options, struct workbook *out, struct err *err);

/* The cell, or NULL when it is empty. */
const struct cell *row_cell(const struct sheet_row *row, int column);
/* What a person sees in it, near enough: numbers with up to 15 digits, dates ISO. In `a` unless it is text. */
struct slice cell_text(struct arena *a, const struct cell *cell);
/* "A" .. "XFD" for 0 .. */
const char *column_letters(int column, char out[8]);

#endif
