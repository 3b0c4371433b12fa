/*
 * Tables of XER while they are written: rows of texts over the source's columns, followed by the ones P6 wants. A setter
 * leaves a kept text alone when it already says what the plan says; `otherwise` is what an empty column means. Added columns
 * that stay empty are not printed. Texts live in the arena.
 */
#ifndef INTAKE_XER_CELLS_H
#define INTAKE_XER_CELLS_H

#include "base/str.h"
#include "intake/xer_words.h"

struct table {
	const char *name;
	int32_t ncolumns, nsource; /* the first nsource stood in the source */
	const char **columns;
	int32_t nrows;
	const char ***rows;
};

enum { CELLS_TABLES = 8 };

struct cells {
	struct arena *a;
	bool own; /* the plan came from an XER file: what is kept counts */
	struct table tables[CELLS_TABLES];
	int ntables;
	struct table *t; /* the one in hand */
	const char **row;
};

void cells_open_table(struct cells *x, const char *name, const struct keep_columns *source,
	const char *const *wanted, int32_t nwanted, int32_t nrows);
#define CELLS_OPEN_TABLE(x, name, source, wanted, nrows)                                           \
	cells_open_table(x, name, source, wanted, (int32_t)countof(wanted), nrows)
void cells_open_row(struct cells *x, const struct keep *keep);
const char *cells_kept(const struct cells *x, const char *column); /* "" when there is none */

void cells_set(struct cells *x, const char *column, const char *text);
/* For columns P6 wants filled but that mean nothing here. */
void cells_fill(struct cells *x, const char *column, const char *text);
void cells_set_moment(struct cells *x, const char *column, struct moment m);
void cells_set_hours(struct cells *x, const char *column, int64_t ticks, int64_t otherwise);
void cells_set_decimal(
	struct cells *x, const char *column, int64_t value, int scale, int64_t otherwise);
void cells_set_word(
	struct cells *x, const char *column, struct xer_words words, int value, int otherwise);
void cells_set_flag(struct cells *x, const char *column, bool value, bool otherwise);
/* A reference the plan could not follow (NULL) keeps the text it had. */
void cells_refer(struct cells *x, const char *column, const char *id);
const char *cells_decimal(struct cells *x, int64_t value, int scale);

void cells_print_row(
	struct str *s, const char *mark, const char *const *values, int32_t n, const bool *shown);
void cells_print_table(struct cells *x, struct str *s, const struct table *t);

#endif
