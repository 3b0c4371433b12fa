/*
 * Questions to one table of the board: filter, group, sort, sums, pages. The grammar is in docs/http.md, "Board queries".
 *
 * How: every filter term runs over its column in blocks and clears bits of a row map; what is left is counted, summed or
 * grouped; the first `limit` rows in sort order are kept in a heap, so a page never sorts the table. Nothing allocates per
 * row. Missing values sort first, whatever the direction; ties go by id.
 *
 * A parsed query belongs to the board and table it was parsed for; it is valid until that board changes.
 */
#ifndef BOARD_QUERY_H
#define BOARD_QUERY_H

#include "base/arena.h"
#include "base/err.h"
#include "board/board.h"

/* The parameters as they stand in a link, URL-decoded once as a whole. NULL: not given. */
struct query_params {
	const char *filter, *sort, *columns, *group, *sums, *after;
	int limit; /* 0: 100; at most LIMIT_QUERY_ROWS */
	int skip; /* rows left out before the page: a jump far down, where no page before it is known */
};

/* What the reader may see, by rows. A row passes when its owner unit, its area or its project is in a set (a record that
 * hangs under a project: the project's). NULL sets are empty. */
struct query_scope {
	bool all;
	const uint64_t *units;    /* bit per row of register unit */
	const uint64_t *areas;    /* bit per row of register area */
	const uint64_t *projects; /* bit per row of register project */
	const uint64_t
		*rows; /* bit per row of the table itself: then only these, whatever the sets above say */
	int32_t nrows;
};

struct query;

/* An error names the parameter and the term: `filter "lite:ge:2": there is no column "lite"`. Result in `a`. */
MUST_USE bool query_parse(struct arena *a, const struct board *b, int table,
	const struct query_params *params, struct query **out, struct err *err);
/* Only the filter; for rule sets and scopes of rules. */
MUST_USE bool query_parse_filter(struct arena *a, const struct board *b, int table,
	const char *filter, struct query **out, struct err *err);

/* The filter in words: "状态为在建；亮灯不小于预警"; nothing when there is none. light: what a severity is called, NULL if it
 * is none. */
typedef const char *light_word(int severity, enum lang lang);
void query_say(struct arena *a, const struct board *b, const struct query *q, enum lang lang,
	light_word *light, struct str *out);

struct query_group {
	/* the column's cell: dictionary number, row of the target, date ...; missing: its missing value */
	int64_t key;
	const char *text;   /* as the API spells it: choice name, id, "2026-03"; NULL: missing */
	struct slice title; /* a ref's title; else empty */
	int64_t count;
	int64_t *sums;     /* one per q->sums; NOTHING64: no row had a value */
	int64_t lights[8]; /* by enum light_slot; all 0 when the table has no light */
};

/* Where a light's severity is counted. */
enum light_slot {
	SLOT_NONE,
	SLOT_GREEN,
	SLOT_WATCH,
	SLOT_WARN,
	SLOT_SERIOUS,
	SLOT_UNDEFINED,
	SLOT_EXEMPT,
	SLOT_OUTSIDE
};
/* of a cell of column `light`; missing: SLOT_OUTSIDE */
static inline enum light_slot light_slot(int32_t severity)
{
	switch (severity) {
	case -3: return SLOT_EXEMPT;
	case -2: return SLOT_UNDEFINED;
	case -1: return SLOT_NONE;
	case 0: return SLOT_GREEN;
	case 1: return SLOT_WATCH;
	case 2: return SLOT_WARN;
	case 3: return SLOT_SERIOUS;
	default: return SLOT_OUTSIDE;
	}
}

struct query_answer {
	int64_t total;       /* rows that pass, before paging */
	int64_t lights[8];   /* of all that pass */
	const int64_t *sums; /* of all that pass, one per sum column */
	const int32_t *rows; /* the page, in order */
	int nrows;
	const char *next; /* NULL: no further page */
	const struct query_group
		*groups; /* when grouped: by count, largest first; missing first of all */
	int ngroups;
};

/* columns[i] of the answer are columns of the table; -1 is the id. The first is always the id. */
const int *query_columns(const struct query *q, int *n);
const int *query_sums(const struct query *q, int *n);
int query_group_column(const struct query *q); /* -1: not grouped */
/* count_only: total, lights and sums without rows. In `a`. */
struct query_answer query_run(struct arena *a, const struct board *b, const struct query *q,
	const struct query_scope *scope, bool count_only);
/* One bit per row that passes filter and scope, in `a`; *count of them. */
uint64_t *query_bits(struct arena *a, const struct board *b, const struct query *q,
	const struct query_scope *scope, int64_t *count);
/* Which rows pass, a block at a time, for whoever runs over all of them: pass[i] is 1 or 0. `from` is a multiple of
 * QUERY_BLOCK, n at most that; returns how many pass. The filter lives in `a`. */
#define QUERY_BLOCK 2048
struct filter;
struct filter *filter_prepare(
	struct arena *a, const struct board *b, const struct query *q, const struct query_scope *scope);
int32_t filter_block(const struct filter *f, int32_t from, int32_t n, uint8_t *pass);
bool filter_passes(const struct filter *f, int32_t row); /* one row */
/* The same for a filter that is not made ready. */
bool query_passes(const struct board *b, const struct query *q, int32_t row);
/* The column's name for answers: "id" for -1. */
const char *query_column_name(const struct board_table *t, int column);

/* Does this reader see this row? (stream, detail) */
bool scope_sees(const struct board *b, int table, int32_t row, const struct query_scope *scope);

#endif
