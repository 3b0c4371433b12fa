/*
 * What the files of the ledger reader share. One `struct ledger` lives for one ledger_read(); see ledger.h for
 * what is done. Order of work: header (ledger_header.c), mapping (ledger_match.c), cells (ledger_cell.c,
 * ledger_date.c), rows (ledger_rows.c); troubles are collected by ledger_say.c.
 */
#ifndef INTAKE_LEDGER_PARTS_H
#define INTAKE_LEDGER_PARTS_H

#include "base/map.h"
#include "intake/ledger.h"

struct column_work {
	int slot, child_slot; /* place in row values; -1: none */
	bool identity;        /* names the record: a code, a number */
	bool dates_both;      /* the column proves day-first and month-first */
	struct map *refs;     /* text -> index into known */
	struct known_ref {
		struct uuid id;
		bool found;
		struct slice
			first; /* name of a cell that has several in a field that takes one; else empty */
		const char *nearest;
	} * known;
	int nknown, known_room;
};

/* A sheet of the file in the table that is read: rows from `from` on, moved down by `shift`. */
struct ledger_part {
	int sheet;
	uint32_t from, shift, header_row, header_rows;
};

struct ledger {
	struct arena *a;
	const struct ledger_options *options;
	const struct workbook *book;
	const struct sheet *sheet; /* the one in hand, turned upright */
	int sheet_index;
	bool turned;
	struct ledger_part *parts; /* nparts of them, at least one */
	int nparts;
	int own_columns;               /* columns from here on were added by ledger_stack() */
	bool sectioned;                /* rows like 一、工业项目 are headings, not records */
	const char *sheets_left;       /* names of other sheets with tables; or NULL */
	const struct value *constants; /* by slot; NULL: none given */
	const struct value *child_constants;
	bool
		lacks_column; /* no column and no constant for a required field: no row can be a new record */
	const uint32_t *lines;  /* turned: the file's row of each column */
	size_t header, nheader; /* index into sheet->rows, how many of them */
	int64_t sheet_unit;     /* 单位：万元 above the header; 0: not said */
	bool quiet;             /* trial reading: troubles are not noted */
	bool counting;          /* names are counted all the same */
	int title_column;       /* lends its text to the title besides its own field; -1: none */
	int title_slot;
	int key_column; /* joins rows; -1: none */
	struct ledger_column *columns;
	struct column_work *work;
	int ncolumns;
	struct words *words;             /* what headings mean */
	struct ledger_problem *problems; /* owned until the end */
	size_t nproblems, problems_room;
	struct ledger_row *rows; /* owned until the end */
	size_t nrows, rows_room;
	struct ledger_result *result;
};

/* ---- ledger.c ---- */

bool ledger_explains(const char *sheet_name);

/* ---- ledger_stack.c ---- */

/* Puts sheets of the same headings under each other and gives rows what stands outside their columns. */
MUST_USE bool ledger_stack(struct ledger *l, struct err *err);
bool ledger_is_section(const struct ledger *l, const struct sheet_row *row);
/* Fields for the columns that ledger_stack() added. */
void ledger_adopt(struct ledger *l);
const struct ledger_part *ledger_part_at(const struct ledger *l, uint32_t at);

/* ---- ledger_match.c ---- */

/* A heading without case, width, spaces, punctuation and what stands in brackets; into `out`. */
void heading_key(struct str *out, struct slice heading, bool keep_brackets);

struct match {
	const struct field *field; /* or NULL */
	const struct field *child_field;
	const char *target; /* "@..." or the field's name; NULL: nothing matches */
	enum ledger_how how;
	int similar;
};

struct words *words_open(
	struct arena *a, const struct register_def *reg, const struct register_def *child); /* owned */
void words_close(struct words *words);
/* Exact: by name, label or synonym. Otherwise by similarity, when `guess`. */
struct match words_match(const struct words *words, struct slice heading, bool guess);
void ledger_map_columns(struct ledger *l);
/* What "field", "child.field" or "@..." names; false: nothing. */
bool ledger_target(const struct ledger *l, const char *target, struct match *out);
MUST_USE bool ledger_apply_choices(struct ledger *l, struct err *err);
/* The unit of amounts that a heading names, in 分 (0: none), and its currency sign. */
int64_t heading_money_unit(struct slice heading, struct arena *a, const char **currency);

/* ---- ledger_header.c ---- */

/* Finds the header of a sheet, turning the table if it lies on its side; fills sheet, turned, header. The score tells
 * sheets apart; 0: no table. */
int ledger_find_header(struct ledger *l, int sheet);
/* The joined headings of the header found, by column. */
void ledger_headings(struct ledger *l);

/* ---- ledger_cell.c ---- */

/* The value of a cell for a field. False with *err: it cannot be read. VALUE_NULL: the cell says "nothing". */
MUST_USE bool ledger_cell(struct ledger *l, int column, const struct field *field,
	const struct cell *cell, uint32_t row, struct value *out, struct err *err);
/* True for "-", "无", "n/a" and their like. */
bool says_nothing(struct slice text);
/* Day or month first, and the unit of amounts, for every column; then lets go of columns that cannot be read. */
void ledger_prove_dates(struct ledger *l);
void ledger_choose_units(struct ledger *l);
/* 单位：万元 in a row above the header; 0: not said. */
int64_t ledger_unit_above(const struct ledger *l);

/* ---- ledger_date.c ---- */

enum date_order { DATE_SURE, DATE_DAY_FIRST, DATE_MONTH_FIRST, DATE_EITHER };
/* A date with or without time in figures or English months. order tells how the text can be read. */
MUST_USE bool text_date(struct slice text, bool day_first, struct date today, struct date *out,
	int *seconds, enum date_order *order);

/* ---- ledger_rows.c ---- */

void ledger_read_rows(struct ledger *l);

/* ---- ledger_check.c ---- */

/* After the rows: columns that name a field which takes no cells. */
void ledger_point_out_left(struct ledger *l);
/* Columns that cannot be read as their field are let go. */
void ledger_release_unreadable(struct ledger *l);
/* Finds a column for the title when no heading named one. */
void ledger_find_title(struct ledger *l);
/* Amounts 10,000 times off the others; sums that do not add up. */
void ledger_check_amounts(struct ledger *l);
void ledger_check_sums(struct ledger *l);
/* "项目名称 / Project name", for arguments of troubles. */
const char *both_labels(struct ledger *l, const struct field *field);

/* ---- ledger_say.c ---- */

/* args: up to 3, NULL ends. row and column are those of l->sheet; UINT32_MAX / -1 for the whole. */
void ledger_trouble(struct ledger *l, enum ledger_level level, uint32_t row, int column,
	struct slice value, const char *text, const char *advice, const char *const *args);
void ledger_trouble_err(struct ledger *l, enum ledger_level level, uint32_t row, int column,
	struct slice value, const struct err *err, const char *advice);
/* Gives columns that lost their heading's field to a stronger one, or could not be read as it, the field that was made for
 * them when such a ledger came in before. */
void ledger_take_own(struct ledger *l);
void ledger_propose(struct ledger *l);

#endif
