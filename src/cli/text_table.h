/* A table for people on a terminal: columns as wide as what stands in them, Han counted as two, long cells cut with an
 * ellipsis. Memory: cells are borrowed until table_print(). */
#ifndef CLI_TEXT_TABLE_H
#define CLI_TEXT_TABLE_H

#include <stdio.h>

#include "base/str.h"

#define TABLE_COLUMNS 8

struct table {
	int ncolumns;
	int widest[TABLE_COLUMNS]; /* 0: no limit */
	bool right[TABLE_COLUMNS]; /* figures */
	const char **cells;        /* owned: table_print() frees */
	int n, room;
};

/* The next cell, line by line; control characters become spaces. NULL: empty. */
void table_add(struct table *t, const char *cell);
/* Prints it, indented by two spaces, and empties it. */
void table_print(struct table *t);

/* A line for people: what a file brings does not move the cursor or colour the window. */
void say_line(FILE *to, const char *text);

#endif
