/*
 * Tables out: .xlsx (libxlsxwriter; this is its door) and .csv, row by row in constant memory.
 *
 * What goes out comes in again without loss (intake/ledger.h): a column's heading is the field's label, with
 * the unit in brackets where there is one, and " [name]" after it where two columns would read alike; money
 * stands in 万元 with up to 6 decimals, percent as an Excel percentage, dates and months as real dates, instants
 * as ISO text with offset, yes/no and choices by label, lists joined with "；", refs by the text the caller
 * gives, geometry and JSON as they are stored.
 *
 * The workbook has the table on the first sheet (frozen, filtered header; drop-downs for choices) and what each column
 * means on the second. CSV is UTF-8, CRLF, quoted where needed; text that a spreadsheet would run as a formula gets a
 * leading apostrophe, which intake/ takes off again.
 *
 * The library can only write to a file: `path` is the caller's, and so is removing it. Its temporary files go to `scratch`.
 */
#ifndef REPORT_SHEET_H
#define REPORT_SHEET_H

#include "base/err.h"
#include "base/str.h"
#include "model/record.h"
#include "model/value.h"

struct sheet_column {
	const struct field *field; /* NULL: plain text under `label` (number, state, a derived text) */
	struct label label;        /* used when field is NULL */
	const char *name; /* when field is NULL: "@id", "@number", "@state" or a word for the notes */
	bool hidden;
	const struct label *choices; /* when field is NULL: a drop-down of these, or NULL */
	int nchoices;
};

struct sheet_table {
	struct label title; /* name of the first sheet */
	const struct sheet_column *columns;
	int ncolumns;
	enum lang lang;
};

/* The text of a ref; borrowed until the next call. NULL: the id is written. */
typedef const char *sheet_title_of(void *self, const struct field *field, struct uuid id);

struct sheet_file;
MUST_USE bool sheet_open(const char *path, const char *scratch, const struct sheet_table *table,
	sheet_title_of *title_of, void *self, struct sheet_file **out,
	struct err *err); /* owned: sheet_close or sheet_drop */
/* One value a column; for a column without field VALUE_TEXT is written as it is. */
MUST_USE bool sheet_add(struct sheet_file *file, const struct value *values, struct err *err);
MUST_USE bool sheet_close(
	struct sheet_file *file, struct err *err); /* finishes the file and frees */
void sheet_drop(struct sheet_file *file);      /* gives up; accepts NULL */

/* The empty form of a register: headings with required ones marked, drop-downs, notes with limits. refs: the names on
 * offer for a ref field (n 0: none); borrowed until the next call; may be NULL. */
typedef const char *const *sheet_names_of(void *self, const struct field *field, int *n);
MUST_USE bool sheet_template(const char *path, const char *scratch, const struct register_def *reg,
	enum lang lang, sheet_names_of *names_of, void *self, struct err *err);

/* CSV, into a buffer that the caller empties as he likes. */
void sheet_csv_header(struct str *out, const struct sheet_table *table, bool bom);
void sheet_csv_row(struct str *out, const struct sheet_table *table, const struct value *values,
	sheet_title_of *title_of, void *self);

/* The heading of column i, as both writers print it. */
void sheet_heading(struct str *out, const struct sheet_table *table, int i);

#endif
