/* Inside the query: what parsing hands to running. Nobody outside src/board includes this. */
#ifndef BOARD_QUERY_TERMS_H
#define BOARD_QUERY_TERMS_H

#include "board/query.h"
#include "board/table.h"

enum query_op {
	OP_EQ,
	OP_NE,
	OP_LT,
	OP_LE,
	OP_GT,
	OP_GE,
	OP_IN,
	OP_HAS,
	OP_UNDER,
	OP_EMPTY,
	OP_FILLED,
	OP_TEXT,
	OP_SOUNDS, /* OP_TEXT, or typed in pinyin */
	OP_COUNT
};

struct term {
	int column; /* -1: the id */
	enum query_op op;
	int n;                     /* values */
	const int64_t *numbers;    /* columns of numbers: in the column's unit */
	const struct slice *words; /* columns of words and searches */
	const struct uuid *ids;    /* refs and the id */
	bool anywhere;             /* OP_TEXT, OP_SOUNDS: in title and number */
};

struct sort_key {
	int column;
	bool descending;
};
#define SORT_KEYS 6

struct query {
	int table;
	const struct term *terms;
	int nterms;
	struct sort_key sort[SORT_KEYS];
	int nsort;
	const int *columns, *sums;
	int ncolumns, nsums;
	int group; /* -1: none */
	int limit, skip;
	/* the place to go on from: per sort key a number or a word, then the id */
	bool has_after;
	struct {
		bool missing;
		int64_t number;
		struct slice word;
	} after[SORT_KEYS];
	struct uuid after_id;
};

static inline bool column_is_number(const struct column *c)
{
	return c->kind == COLUMN_INT64 || c->kind == COLUMN_INT32 || c->kind == COLUMN_FILLED;
}

#endif
