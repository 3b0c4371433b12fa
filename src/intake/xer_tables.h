/*
 * The table layer of Primavera's XER exchange file: lines of tab-separated fields; %T names a table, %F its columns,
 * %R is a row, %E the end. Fields are NUL-terminated texts in `a`, UTF-8 whatever the file's encoding was.
 */
#ifndef INTAKE_XER_TABLES_H
#define INTAKE_XER_TABLES_H

#include "base/err.h"
#include "model/plan.h"

struct xer_row {
	const char *const *values; /* one per column; NULL: the row is shorter */
	int32_t line;              /* in the file, from 1 */
};

struct xer_table {
	struct keep_columns columns; /* columns.table is the name */
	int32_t line;
	int32_t nrows, rows_room;
	struct xer_row *rows;
};

struct xer_file {
	const char *encoding;
	struct keep_columns head_columns;
	const char *const *head; /* the fields of ERMHDR, without the word itself */
	int32_t nhead;
	int32_t ntables;
	struct xer_table *tables;
	int32_t current; /* while reading: where rows go */
	int32_t nlines;
	bool ended; /* by %E; else it may have been cut off */
};

MUST_USE bool xer_parse(struct arena *a, struct slice bytes, struct xer_file *out, struct err *err);
const struct xer_table *xer_table(
	const struct xer_file *file, const char *name);                  /* NULL: not there */
int32_t xer_column(const struct xer_table *table, const char *name); /* -1 */

#endif
