/* How the readers put a sheet together: rows in file order, cells in column order, limits kept in one place. */
#ifndef INTAKE_BUILDER_H
#define INTAKE_BUILDER_H

#include "intake/workbook.h"

struct builder {
	struct arena *a;
	struct sheet_row *rows;
	size_t nrows, rows_room;
	struct cell *line; /* cells of the row in hand; owned until builder_end */
	uint32_t nline, line_room;
	struct merged *merges;
	size_t nmerges, merges_room;
	size_t ncells;
	int ncolumns;
	char *pool; /* texts are packed here instead of one allocation each */
	size_t pool_left;
};

void builder_start(struct builder *b, struct arena *a);
/* A cell with a value at `column`; columns must rise (asserted: the readers check and complain in their own words). */
MUST_USE bool builder_cell(struct builder *b, int column, struct cell cell, struct err *err);
/* A lasting copy of a text. */
const char *builder_text(struct builder *b, const char *s, size_t n);
MUST_USE bool builder_row(
	struct builder *b, uint32_t at, bool hidden, struct err *err); /* ends the row in hand */
MUST_USE bool builder_merge(struct builder *b, struct merged merged, struct err *err);
void builder_end(struct builder *b, const char *name, bool hidden, struct sheet *out);
void builder_drop(struct builder *b);

#endif
