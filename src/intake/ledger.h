/*
 * A ledger as an office keeps it, turned into values for a register: finds the header, matches headings to
 * fields, reads and checks every cell, and says for each row what will become of it and for each trouble where it stands
 * and what to do. It stores nothing and knows no record: app answers the two callbacks and writes what comes out.
 *
 * HOW.
 *  - Header: the run of rows with the best matched and most distinct headings among the first rows; merged and stacked
 *    header rows are joined with a line break, title rows above are skipped. A table whose first column holds the
 *    headings (one project per column) is turned first.
 *  - Mapping, strongest first: given by the caller; remembered for this header; `@` targets and field names; labels zh/en;
 *    synonyms; similarity (Dice over character pairs, at least LEDGER_SIMILAR) when unit and type fit. One column
 *    per field: the strongest, then the leftmost. If nothing names the record, the most telling text column is taken
 *    and said.
 *  - Units: 万元, 亿元, 元, million and so on in the heading; else 万元 under Chinese headings and 元 under others.
 *    A value 10,000 times off the middle of its column is pointed out and, only with a unit in
 *    the cell that proves it, repaired.
 *  - Day before month: proved per column by a part over 12; a column that proves both ways is read cell by cell and
 *    the undecidable cells are pointed out.
 *  - A column whose cells can hardly be read as its field (fewer than LEDGER_READABLE) is left out with one warning,
 *    unless a person chose it.
 *  - Sheets: those with the headings of the best one are read together with it, unless their names are the same again.
 *    Sheet names and headings between rows (一、工业项目) become columns of their own; one whose every word a choice
 *    understands gives that choice.
 *  - Rows: sums (合计, 小计, total) and notes are left out and reported; a sum that does not add up is pointed out. Without
 *    `key` every other row is one record. With `key` rows of equal key become one record: later rows fill and
 *    replace, and each row also gives a record of `child` from the columns that match the child's fields. When `child` is
 *    given and `key` is not, a code that repeats beside a date of the child makes that code the key.
 *
 * MEMORY. The result lives in `a` and borrows the workbook and the catalogue.
 * FAILURE. False only when there is no table to read at all, or a caller's mapping names something that is not there.
 * All else is a problem in the result.
 */
#ifndef INTAKE_LEDGER_H
#define INTAKE_LEDGER_H

#include "intake/workbook.h"
#include "model/value.h"

#define LEDGER_SIMILAR 78  /* percent */
#define LEDGER_READABLE 20 /* percent of a column's filled cells */

/* A column's target besides the register's own fields. */
#define LEDGER_ID "@id"         /* a record's id: the row updates it */
#define LEDGER_NUMBER "@number" /* the human number */
#define LEDGER_STATE "@state"

enum ledger_how {
	LEDGER_NONE,
	LEDGER_GIVEN,
	LEDGER_REMEMBERED,
	LEDGER_NAME,
	LEDGER_LABEL,
	LEDGER_SYNONYM,
	LEDGER_GUESSED
};
const char *ledger_how_name(
	enum ledger_how how); /* "none", "given", "remembered", "name", "label", "synonym", "guessed" */

/* Which column goes where: what a person chose, or what was remembered. */
struct ledger_choice {
	int column;          /* -1: by heading */
	const char *heading; /* when column is -1: normalised or as it stands */
	const char *target;  /* field name, "@..." or "child.field"; "" for nowhere */
};

/* Finds the record a cell names. nearest: up to 3 names that look like it, in `a`, or left alone; NULL: only whether it is
 * there, nothing is to be noted or made. */
typedef bool ledger_find_ref(void *self, struct arena *a, const struct field *field,
	struct slice text, struct uuid *out, const char **nearest);
/* A cell's name was asked for once more: find_ref is asked once for each name of a column. */
typedef void ledger_count_ref(void *self, const struct field *field, struct slice text);
/* Finds the stored record that a row is about, by the key field's value (NULL field: by human number, or by id
 * when the value is one). */
typedef bool ledger_find_record(
	void *self, const struct field *field, const struct value *key, struct uuid *out);

/* What rows leave empty: "category" is "transport" in the whole ledger. */
struct ledger_constant {
	const char *target; /* field name or "child.field" */
	const char *text;   /* as it would stand in a cell */
};

struct ledger_options {
	const struct register_def *reg;
	const struct register_def *child; /* with `key`: register for "child.field" targets, or NULL */
	struct date today;
	int sheet; /* -1: the one that fits best, with those of the same headings that tell of other records */
	int header_row;     /* 0-based row of the sheet (sheet_row.at); -1: found */
	int64_t money_unit; /* 分 per unit of a bare amount; 0: by heading */
	bool keep_unknown;  /* propose own fields for columns without a field (new_fields) */
	const char *key;    /* target whose equal values mean one record, or NULL */
	const struct ledger_choice *given;
	int ngiven;
	const struct ledger_choice *remembered; /* for this fingerprint; see ledger_fingerprint */
	int nremembered;
	const struct ledger_constant *constants;
	int nconstants;
	const char *const *kept; /* fields that the program works out itself: no cell gives them */
	int nkept;
	ledger_find_ref *find_ref;       /* NULL: refs stay unresolved and are problems */
	ledger_count_ref *count_ref;     /* or NULL */
	ledger_find_record *find_record; /* NULL: every row is new */
	void *self;
};

struct ledger_column {
	int index;    /* column of the sheet (row, when the table was turned) */
	bool outside; /* no column of the file: the sheets' names, or the headings between rows */
	const char *heading;       /* header rows joined with line breaks */
	const char *target;        /* field name or "@..." ; NULL: nowhere */
	const struct field *field; /* of the register; NULL: none, or an "@" target */
	const struct field
		*child_field; /* of the child record each row gives, beside or instead of `field` */
	enum ledger_how how;
	int similar;          /* percent, of LEDGER_GUESSED */
	int64_t money_unit;   /* 分 per unit; 0 when no money */
	const char *currency; /* "£", "US$" as written, or NULL */
	bool day_first;
	const char *sample[3];
	int nsamples;
	size_t filled;                /* cells with something in them */
	size_t refused;               /* of those, not understood */
	int64_t total;                /* of money, quantity, integer: in the stored unit */
	const struct field *proposal; /* keep_unknown: the field to add, with type and label; or NULL */
	const struct field
		*left; /* the field it names takes no cells: files, and what is kept; or NULL */
};

enum ledger_level { LEDGER_ERROR, LEDGER_WARNING, LEDGER_REPAIRED };
const char *ledger_level_name(enum ledger_level level);

/* text and advice are English keys with %s for args; say them with ledger_problem_text(). */
struct ledger_problem {
	enum ledger_level level;
	int sheet;
	uint32_t row;              /* of the sheet, 0-based; UINT32_MAX: the whole column or sheet */
	int column;                /* of the sheet; -1: the whole row, or no column of the file */
	const char *heading;       /* or NULL */
	struct slice value;        /* as it stands in the file */
	const char *text, *advice; /* advice may be NULL */
	const char *args;          /* of text, one after the other, each NUL-terminated */
	int nargs;
};

enum ledger_fate {
	LEDGER_CREATE,
	LEDGER_UPDATE,  /* id is the stored record */
	LEDGER_SAME,    /* belongs to the record of row `into` (same key) */
	LEDGER_SUM,     /* a row of sums: left out */
	LEDGER_NOTE,    /* text under or between the table: left out */
	LEDGER_REFUSED, /* has a problem of level error */
};

struct ledger_row {
	int sheet;
	uint32_t row; /* of the sheet, 0-based */
	enum ledger_fate fate;
	struct uuid id;                   /* UPDATE; CREATE: the id that the row gives, or nil */
	uint32_t into;                    /* SAME: index into rows */
	const char *number, *state;       /* or NULL */
	const struct value *values;       /* ledger_result.nfields of them; VALUE_NULL: nothing given */
	const struct value *child_values; /* nchild_fields; NULL: no child from this row */
};

struct ledger_sheet {
	int sheet; /* of the workbook */
	const char *name;
	uint32_t header_row, header_rows;
	size_t rows; /* records and refused rows, without sums and notes */
};

struct ledger_result {
	const struct register_def *reg, *child;
	int sheet;
	const char *sheet_name;
	const struct sheet *all_sheets;    /* of the workbook */
	const char *key;                   /* target that joins rows to one record, or NULL */
	uint32_t header_row, header_rows;  /* first row and how many */
	const struct ledger_sheet *sheets; /* all that were read together; `sheet` is the first */
	int nsheets;
	const char *
		suggested_key; /* codes repeat and no child was asked for: import with this key and a child; or NULL */
	bool turned; /* one record per column; rows and columns are those of the file all the same */
	const char *fingerprint; /* 16 hex digits of the normalised headings */
	const struct ledger_column *columns;
	int ncolumns;
	const struct field *const *fields; /* the main record's mapped fields, in column order */
	int nfields;
	const struct field *const *child_fields;
	int nchild_fields;
	const struct ledger_row *rows;
	size_t nrows;
	size_t fates[LEDGER_REFUSED + 1];      /* how many rows of each fate */
	const struct ledger_problem *problems; /* by row, then column; whole columns first */
	size_t nproblems;
	size_t levels[LEDGER_REPAIRED + 1];
	const struct field *new_fields; /* keep_unknown: to add to the register before reading again */
	int nnew_fields;
};

MUST_USE bool ledger_read(struct arena *a, const struct workbook *book,
	const struct ledger_options *options, struct ledger_result *out, struct err *err);

/* The header's fingerprint alone, to look up what was remembered before ledger_read(). Options as for ledger_read. */
MUST_USE bool ledger_fingerprint(struct arena *a, const struct workbook *book,
	const struct ledger_options *options, const char **out, struct err *err);

/* "the text" and "the advice" (may be empty) in the reader's language. */
void ledger_problem_text(struct str *out, const struct ledger_problem *problem, enum lang lang);
void ledger_problem_advice(struct str *out, const struct ledger_problem *problem, enum lang lang);

/* {"register":"project","extends":true,"fields":[...]}: the definition that adds result->new_fields. */
void ledger_extension(struct json_writer *w, const struct ledger_result *result);

#endif
