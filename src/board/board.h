/*
 * The board (全景板): every register of an office in columns in memory. Lists, counts, lights, ranks and charts are
 * computed from it; detail pages read the store.
 *
 * What: one table per register, one column per field (long text, documents and geometry only as "is there"; of a point
 * also where), one row per
 * record, found by id. A removed record leaves its row behind as not alive. References are row numbers of the table they
 * point to; a record that is pointed to before it arrives has a row that is not alive yet. Records that hang
 * under another (`of` in the definition) are chained to it, so what follows from them is recomputed for the touched
 * project only. On top of the fields the project table has derived columns (derived_columns.c): completed investment, days late...
 *
 * How it is fed: board_put() every stored record at the start, then board_apply() each committed change. board_rewind()
 * is the inverse, so "as of day D" is board_copy(), board_rewind() over the journal backwards, board_settle(copy, D).
 * After a run of any of these call board_settle(): it brings derived columns and rollups up to date and tells which
 * projects were touched.
 *
 * Memory: owns everything; values handed out are borrowed until the next put, apply, rewind or settle.
 * Threads: none inside. Many may read at once; whoever changes must be alone.
 */
#ifndef BOARD_BOARD_H
#define BOARD_BOARD_H

#include "base/arena.h"
#include "base/base.h"
#include "base/date.h"
#include "base/err.h"
#include "base/uuid.h"
#include "model/record.h"
#include "model/register.h"
#include "model/value.h"

struct board;
struct board_table;

/* How the expected share of the year is counted. */
enum time_basis {
	TIME_BY_MONTH, /* whole months that have ended / 12: what the published rules use */
	TIME_BY_DAY,   /* days of the year up to and with today / 365 or 366 */
};

struct board_options {
	int offset_minutes; /* local time; OFFSET_CHINA */
	enum time_basis basis;
	/* a month counts from this day of the next one on, when its reports are in; 0: from its last day */
	int close_day;
	int silent_days; /* a project without report for longer is silent; 0: 31 */
};

struct board *board_open(const struct catalogue *catalogue,
	const struct board_options *options);        /* owned: board_close */
void board_close(struct board *b);               /* accepts NULL */
struct board *board_copy(const struct board *b); /* owned: board_close; shares nothing */
/* The catalogue grew: adds tables and columns. The old catalogue must stay until this returns. */
void board_use_catalogue(struct board *b, const struct catalogue *catalogue);
const struct catalogue *board_catalogue(const struct board *b);
const struct board_options *board_options(const struct board *b);

/* ---- feeding ---- */

void board_put(struct board *b, const struct record *r);
void board_apply(struct board *b, const struct change *c);
/* Takes back a change that was applied last. Who changed a row before, and when, is not known afterwards (changed_at is
 * nothing): the journal knows. A "delete" must carry the values before of all fields for a board
 * that never saw the record. */
void board_rewind(struct board *b, const struct change *c);
/* What rewinding cannot know of a row: who changed it last before, and since when it stood in its state. */
struct origin;
void board_complete(struct board *b, int table, int32_t row, const struct origin *origin,
	struct instant state_since);
/* Number of the last change applied (or rewound to); 0: none. For the `journal` of answers. */
int64_t board_journal(const struct board *b);
void board_set_journal(struct board *b, int64_t no); /* after loading from the store */

/* The deadline of the clock that runs on a record, earliest first; INSTANT_NONE: none runs. The store keeps clocks, so the
 * application says it: for every running clock after loading, and with each change of one. Feeds issues_overdue. A
 * rewound board keeps the deadlines of today, until whoever knows better says so. */
void board_set_due(struct board *b, int table, int32_t row, struct instant due);

/* Rows of the project table whose derived columns may have changed. Borrowed until the next settle. */
struct touched {
	const int32_t *rows;
	int n;
	bool all;
	struct date back; /* day of the oldest change that was taken back; none: nothing was */
};
/* Recomputes what was touched; everything when `today` is another day than at the last settle. */
struct touched board_settle(struct board *b, struct date today);
struct date board_today(const struct board *b);
int64_t board_bytes(const struct board *b); /* memory held */

/* ---- tables and columns ---- */

enum column_kind {
	COLUMN_INT64,  /* integer, quantity, money, percent, instant; missing: INT64_MIN */
	COLUMN_INT32,  /* date, month, yes/no, derived small numbers; missing: INT32_MIN */
	COLUMN_TEXT,   /* text, code: number in the column's dictionary; missing: -1 */
	COLUMN_CHOICE, /* the same with the choices first, in the order of the definition */
	COLUMN_SET,    /* choices, refs: number of a set of the above; missing: -1 */
	COLUMN_REF,    /* row in `target`; missing: -1 */
	COLUMN_FILLED, /* what the board does not hold: 1 there, 0 not */
};

#define NOTHING64 INT64_MIN
#define NOTHING32 INT32_MIN

/* Where a point is, in millionths of a degree, WGS-84; missing: both NOTHING32. */
#define POSITION_DIGITS 6
struct position {
	int32_t east, north;
};

struct dictionary;

struct column {
	/* name, label, type; derived and common columns have one too. Type of a derived one is derived_type */
	const struct field *field;
	enum column_kind kind;
	bool derived;
	void *cells;                /* int64_t[] or int32_t[], one a row */
	struct dictionary *words;   /* TEXT, CHOICE; SET of choices: the choices */
	struct dictionary *sets;    /* SET: each entry is an int32_t[] */
	int target;                 /* REF, SET of refs: table; else -1 */
	struct position *positions; /* FILLED, of points: one a row; else NULL */
	struct field *own; /* `field`, when the column was added and nobody else keeps it; else NULL */
};

/* -1: no such register */
int board_table_named(const struct board *b, const char *reg);
const struct board_table *board_table(const struct board *b, int table);
const struct register_def *board_register(const struct board_table *t);
int32_t board_rows(const struct board_table *t);  /* rows, alive or not */
int32_t board_count(const struct board_table *t); /* alive */
bool board_alive(const struct board_table *t, int32_t row);
int32_t board_row(const struct board_table *t, struct uuid id); /* -1: never seen */
struct uuid board_id(const struct board_table *t, int32_t row);
int64_t board_version(const struct board_table *t, int32_t row);
/* Columns: the common ones (number, version, state, state_since, created_at, changed_at, due),
 * then fields, then derived ones. */
int board_columns(const struct board_table *t);
int board_column_named(const struct board_table *t, const char *name); /* -1: none */
const struct column *board_column(const struct board_table *t, int column);
/* A column of numbers that somebody above the board computes (lights): INT32 or INT64, missing at first. There already:
 * that one. Of `field` name, type and label are copied. */
int board_add_column(struct board *b, int table, const struct field *field, enum column_kind kind);
/* To write a column that was added so, whole; borrowed until the next put, apply or rewind. */
int32_t *board_cells32(struct board *b, int table, int column);
void board_set_int32(struct board *b, int table, int column, int32_t row, int32_t value);

/* INT64 and INT32 alike; NOTHING64: missing */
static inline int64_t column_number(const struct column *c, int32_t row)
{
	if (c->kind == COLUMN_INT64)
		return ((const int64_t *)c->cells)[row];
	int32_t cell = ((const int32_t *)c->cells)[row];
	return cell == NOTHING32 ? NOTHING64 : cell;
}
struct slice column_word(const struct column *c, int32_t row); /* TEXT, CHOICE; s NULL: missing */
struct uuid board_ref(
	const struct board *b, const struct column *c, int32_t row); /* REF; nil: missing */
/* The cell as a value of column->field, for value_to_json() and value_to_text(); lists in `a`. */
struct value board_value(
	const struct board *b, struct arena *a, const struct board_table *t, int column, int32_t row);
/* Writes it as the API shows it; a derived column by its derived type. */
void board_value_json(const struct board *b, struct json_writer *w, const struct board_table *t,
	int column, int32_t row);
/* The register's title field of that row; s NULL: none */
struct slice board_title(const struct board_table *t, int32_t row);

/* Who wrote the row last and when, as far as the board saw it. */
struct origin {
	struct uuid who;   /* nil: not known */
	struct instant at; /* INSTANT_NONE: not known */
	int64_t journal;   /* 0: not known, ask journal_of() */
};
struct origin board_origin(const struct board *b, const struct board_table *t, int32_t row);

/* Children of a row in another register that hang under it, in no particular order; alive or not. */
int32_t board_first_child(
	const struct board *b, int parent_table, int32_t parent, int child_table);   /* -1: none */
int32_t board_next_child(const struct board *b, int child_table, int32_t child); /* -1: last */
/* The tree parent (unit in unit, area in area); -1: a root. */
int32_t board_tree_parent(const struct board_table *t, int32_t row);
/* Sets bit `row` for it and everything below it in its tree. bits: (board_rows + 63) / 64 words. */
void board_subtree(const struct board_table *t, int32_t row, uint64_t *bits);

/* ---- projects ---- */

/* Shorthand for the register "project"; NULL when the catalogue has none. */
const struct board_table *board_projects(const struct board *b);
/* Does a report in this state count, for money and for plans? Submitted and verified ones do. */
bool report_counts_in(const struct register_def *reg, const char *state);
/* Row of the project a row of any table belongs to (through `of`); itself for a project; -1: none. */
int32_t board_project_of(const struct board *b, int table, int32_t row);

/* Share of the year that should be done, in hundredths of a percent, rounded half up (time progress, 时序进度). */
int64_t time_progress(struct date today, const struct board_options *options);
/* The same as a fraction: 8 of 12, 327 of 365. */
void time_fraction(struct date today, const struct board_options *options, int *part, int *parts);
/* Whole months of today's year that count as ended: 0..12. */
int months_ended(struct date today, const struct board_options *options);

/* Recomputes every derived column and rollup beside the kept ones. Findings name table, row id, column and both values;
 * at most `most` of them, in `a`. Returns how many differences there are. */
int64_t board_check(
	const struct board *b, struct arena *a, int most, const char ***findings, int *n);

#endif
