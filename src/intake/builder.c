#include "intake/builder.h"

#include <stdlib.h>

enum { POOL_BYTES = 256 * 1024 };

void builder_start(struct builder *b, struct arena *a)
{
	*b = (struct builder){.a = a};
}

const char *builder_text(struct builder *b, const char *s, size_t n)
{
	if (n == 0)
		return "";
	if (n > POOL_BYTES / 4)
		return arena_text(b->a, (struct slice){s, n});
	if (n > b->pool_left) {
		b->pool = arena_alloc(b->a, POOL_BYTES);
		b->pool_left = POOL_BYTES;
	}
	char *p = b->pool;
	memcpy(p, s, n);
	b->pool += n;
	b->pool_left -= n;
	return p;
}

bool builder_cell(struct builder *b, int column, struct cell cell, struct err *err)
{
	char letters[8];
	assert(b->nline == 0 || b->line[b->nline - 1].column < column);
	if (column >= LIMIT_IMPORT_COLUMNS)
		return err_set(err, ERR_LIMIT, NULL, "column %s lies past the limit of %d columns",
			column_letters(column, letters), LIMIT_IMPORT_COLUMNS);
	if (++b->ncells > LIMIT_IMPORT_CELLS)
		return err_set(err, ERR_LIMIT, NULL, "more than %d filled cells", LIMIT_IMPORT_CELLS);
	if (cell.kind == CELL_TEXT && cell.n > LIMIT_IMPORT_CELL_BYTES)
		return err_set(err, ERR_LIMIT, NULL, "cell of %u bytes; at most %d are read", cell.n,
			LIMIT_IMPORT_CELL_BYTES);
	if (b->nline == b->line_room) {
		b->line_room = b->line_room ? b->line_room * 2 : 64;
		b->line = must_realloc(b->line, b->line_room * sizeof *b->line);
	}
	cell.column = (uint16_t)column;
	b->line[b->nline++] = cell;
	if (column >= b->ncolumns)
		b->ncolumns = column + 1;
	return true;
}

bool builder_row(struct builder *b, uint32_t at, bool hidden, struct err *err)
{
	if (b->nline == 0)
		return true;
	if (b->nrows >= LIMIT_IMPORT_ROWS)
		return err_set(err, ERR_LIMIT, NULL, "more than %d rows", LIMIT_IMPORT_ROWS);
	if (b->nrows == b->rows_room) {
		size_t room = b->rows_room ? b->rows_room * 2 : 64;
		b->rows = must_realloc(b->rows, room * sizeof *b->rows);
		b->rows_room = room;
	}
	struct cell *cells = arena_alloc(b->a, b->nline * sizeof *cells);
	memcpy(cells, b->line, b->nline * sizeof *cells);
	b->rows[b->nrows++] = (struct sheet_row){cells, b->nline, at, hidden};
	b->nline = 0;
	return true;
}

bool builder_merge(struct builder *b, struct merged merged, struct err *err)
{
	if (b->nmerges >= LIMIT_IMPORT_MERGES)
		return err_set(err, ERR_LIMIT, NULL, "more than %d merged ranges", LIMIT_IMPORT_MERGES);
	if (b->nmerges == b->merges_room) {
		b->merges_room = b->merges_room ? b->merges_room * 2 : 16;
		b->merges = must_realloc(b->merges, b->merges_room * sizeof *b->merges);
	}
	b->merges[b->nmerges++] = merged;
	return true;
}

void builder_end(struct builder *b, const char *name, bool hidden, struct sheet *out)
{
	struct sheet_row *rows = ARENA_ARRAY(b->a, struct sheet_row, b->nrows);
	if (b->nrows)
		memcpy(rows, b->rows, b->nrows * sizeof *rows);
	struct merged *merges = ARENA_ARRAY(b->a, struct merged, b->nmerges);
	if (b->nmerges)
		memcpy(merges, b->merges, b->nmerges * sizeof *merges);
	*out = (struct sheet){.name = name,
		.hidden = hidden,
		.rows = rows,
		.nrows = b->nrows,
		.ncolumns = b->ncolumns,
		.merges = merges,
		.nmerges = b->nmerges,
		.ncells = b->ncells};
	builder_drop(b);
}

void builder_drop(struct builder *b)
{
	free(b->line);
	free(b->rows);
	free(b->merges);
	*b = (struct builder){.a = b->a};
}
