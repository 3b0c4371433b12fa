/*
 * A register's table: r_<register> with real typed columns, and the statements made from its definition.
 *
 * A schema is the tables of one catalogue; a catalogue that grew makes a new one, and the old ones
 * stay for whoever still holds their definitions. Everything lives until the store closes.
 */
#ifndef STORE_TABLES_H
#define STORE_TABLES_H

#include "model/record.h"
#include "model/register.h"
#include "store/db.h"

/* Columns that every record has, in this order, before its fields; the row number first. */
enum record_column {
	COLUMN_ID,
	COLUMN_NUMBER,
	COLUMN_VERSION,
	COLUMN_STATE,
	COLUMN_STATE_SINCE,
	COLUMN_CREATED_BY,
	COLUMN_CREATED_AT,
	COLUMN_CHANGED_BY,
	COLUMN_CHANGED_AT,
	COLUMN_DELETED,
	COLUMN_FIELDS
};

struct table {
	const struct register_def *reg;
	const struct field **stored; /* the fields that have a column, in column order */
	int nstored;
	int *column;   /* by field.index: the stored ones' place among all columns */
	bool *indexed; /* by field.index: an index depends on it */
	/* SQL. The selects give COLUMN_ID.. and then the stored fields. */
	const char *get;         /* $1 id */
	const char *scan;        /* all live ones as they lie in the file */
	const char *scan_all;    /* with those that were deleted */
	const char *find_number; /* $1 number, live or not */
	const char **find;       /* by field.index; $1 value */
	const char **deleted;    /* by field.index, of refs; $1 id */
	const char **
		children; /* by field.index, refs only, indexed for the parent's: $1 parent, $2 id of the last one before, $3 limit */
	const char *insert; /* COLUMN_ID.. and stored fields */
	const char *
		update; /* $1 id, $2 version, $3 state, $4 state_since, $5 who, $6 at, $7 deleted, then the */
	const char *update_plain; /* stored fields: all; and those no index depends on (cheaper) */
	int nplain;
	const char *last_number; /* $1 prefix, $2 the first text after all with this prefix */
	const char
		*words; /* $1 id: deleted and the searchable text columns; NULL: nothing to search in */
	int nwords;
	const struct field **key; /* the parent's ref and the register's key fields */
	int nkey;
	const char *find_key; /* $1.. the key's values; NULL: no key */
};

struct schema {
	const struct catalogue *catalogue;
	struct arena *a;
	struct table *tables; /* by register index */
	struct schema *older; /* owned */
};

struct schema *schema_open(
	const struct catalogue *catalogue, struct schema *older); /* owned: schema_close */
void schema_close(struct schema *schema);                     /* and the older ones; accepts NULL */
/* The table made for exactly this definition, old or new; an assertion fails for a definition of
 * another catalogue. */
const struct table *schema_table(const struct schema *schema, const struct register_def *reg);
const struct table *schema_named(
	const struct schema *schema, const char *name); /* of the newest; NULL: none */

/* Creates what is missing in the data file and drops indexes that no longer belong. In the caller's transaction. */
MUST_USE bool schema_apply(struct db *db, const struct schema *schema, struct err *err);
/* Takes away the indexes that only reading is faster for; schema_apply() makes them again, all at once and so cheaper. */
MUST_USE bool schema_bare(struct db *db, const struct schema *schema, struct err *err);
/* Whether nothing is missing and no index is too many. */
MUST_USE bool schema_complete(
	struct db *db, const struct schema *schema, bool *complete, struct err *err);

/* Reads the row a statement stands on, in `a`. */
struct record *table_record(struct arena *a, const struct table *t, struct db_statement *st);

#endif
