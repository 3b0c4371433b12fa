/*
 * What the store asks of an SQL engine: one connection, prepared statements, transactions with savepoints.
 *
 * SQL is the subset that SQLite and PostgreSQL share, with $1 parameters that are always bound.
 * Where the engines differ, the engine gives the word (db_type) or the whole file
 * (NNN_name.pg.sql). db_sqlite.c is the one implementation today.
 *
 * A connection is used by one thread at a time. Failures: ERR_BUSY (disk full, locked), ERR_SYSTEM
 * (disk, damaged file), ERR_CONFLICT (a unique index refused); db_fault() tells them apart for the
 * writer.
 */
#ifndef STORE_DB_H
#define STORE_DB_H

#include "base/base.h"
#include "base/err.h"
#include "base/uuid.h"

struct db;
struct db_statement;

enum db_mode { DB_WRITE, DB_READ };
enum db_fault { DB_FINE, DB_UNIQUE, DB_FULL, DB_LOCKED, DB_BROKEN };

MUST_USE bool db_open(
	const char *path, enum db_mode mode, struct db **out, struct err *err); /* owned: db_close */
void db_close(struct db *db);                                               /* accepts NULL */
enum db_fault db_fault(const struct db *db); /* of the last call that failed */

/* ---- statements ---- */

/* Runs statements without parameters or rows, one after the other. */
MUST_USE bool db_exec(struct db *db, const char *sql, struct err *err);
/* A prepared statement. It is kept by the address of `sql`, which must stay as it is until db_close;
 * ready to be bound afresh each time. One use at a time: while its rows are read it must not be asked
 * for again. */
MUST_USE bool db_prepare(
	struct db *db, const char *sql, struct db_statement **out, struct err *err);
/* The same, but kept nowhere, for SQL made on the spot. Owned: db_finalize. */
MUST_USE bool db_prepare_once(
	struct db *db, const char *sql, struct db_statement **out, struct err *err);
void db_finalize(struct db_statement *st); /* accepts NULL */

/* Parameters from 1. Text and bytes are borrowed until the statement is done; s NULL binds null. */
void db_null(struct db_statement *st, int i);
void db_nulls(struct db_statement *st); /* all of them, where few are bound to anything else */
void db_int(struct db_statement *st, int i, int64_t value);
void db_text(struct db_statement *st, int i, const char *text);
void db_slice(struct db_statement *st, int i, struct slice text);
void db_blob(struct db_statement *st, int i, const void *bytes, size_t n);
void db_uuid(struct db_statement *st, int i, struct uuid id); /* nil binds null; copied */

/* The next row: *row false at the end. The caller calls db_done when he stops. */
MUST_USE bool db_step(struct db_statement *st, bool *row, struct err *err);
void db_done(struct db_statement *st);
/* Runs it to its end. db_changes: rows it touched. */
MUST_USE bool db_run(struct db_statement *st, struct err *err);
int64_t db_changes(const struct db *db);

/* Columns from 0, borrowed until the next step. */
enum db_kind { DB_NULL, DB_INT, DB_REAL, DB_TEXT, DB_BLOB };
enum db_kind db_kind(struct db_statement *st, int i);
int64_t db_get_int(struct db_statement *st, int i);
struct slice db_get_text(struct db_statement *st, int i); /* s NULL: null; NUL-terminated */
struct slice db_get_blob(struct db_statement *st, int i);
struct uuid db_get_uuid(struct db_statement *st, int i); /* nil: null or not 16 bytes */

/* ---- transactions ---- */

MUST_USE bool db_begin(struct db *db, struct err *err);      /* takes the write lock */
MUST_USE bool db_begin_read(struct db *db, struct err *err); /* one snapshot for several reads */
MUST_USE bool db_commit(
	struct db *db, struct err *err); /* durable when it returns; on failure: rolled back */
void db_rollback(struct db *db);     /* of a transaction that may be gone already */
MUST_USE bool db_savepoint(struct db *db, struct err *err); /* one level */
MUST_USE bool db_release(struct db *db, struct err *err);
MUST_USE bool db_undo(
	struct db *db, struct err *err); /* back to the savepoint, which is released */

/* ---- what engines do differently ---- */

enum db_type {
	DB_TYPE_INTEGER,
	DB_TYPE_TEXT,
	DB_TYPE_BYTES,
	DB_TYPE_ROW
}; /* ROW: the automatic primary key */
const char *db_type_name(enum db_type type);
/* The column's type as given when it was made; *type NULL: no such column (or table). */
MUST_USE bool db_column_type(
	struct db *db, const char *table, const char *column, const char **type, struct err *err);

/* Bytes written ahead and not yet begun anew, after the last commit of this connection. */
int64_t db_log_bytes(const struct db *db);
/* Copies what is written ahead into the main file as far as readers allow. restart: and lets the
 * next commit begin the log anew. Readers or another copier in the way are no failure. */
MUST_USE bool db_checkpoint(struct db *db, bool restart, struct err *err);
/* What the disk is waited for. Commits are atomic and seen by readers however it is. */
enum db_wait {
	DB_WAIT_COMMITS,     /* each is durable when it returns, and all before it */
	DB_WAIT_CHECKPOINTS, /* a crash may take the last commits, but leaves those before them whole */
	DB_WAIT_NEVER,       /* until db_sync a crash of the machine may leave anything */
};
/* From the next commit on. Not in a transaction. */
MUST_USE bool db_wait(struct db *db, enum db_wait wait, struct err *err);
/* How much of the file the connection keeps in memory at most. */
MUST_USE bool db_cache(struct db *db, int mebibytes, struct err *err);
/* Copies all that is written ahead into the main file and has the disk keep it. */
MUST_USE bool db_sync(struct db *db, struct err *err);
/* A consistent copy of the whole database at `path`, while others write. */
MUST_USE bool db_copy(struct db *db, const char *path,
	void (*step)(void *self, int64_t done, int64_t total), void *self, struct err *err);
/* The engine's own check of its pages and indexes: calls `each` per fault. */
MUST_USE bool db_check(
	struct db *db, void (*each)(void *self, const char *text), void *self, struct err *err);

#endif
