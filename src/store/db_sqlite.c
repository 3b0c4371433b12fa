/*
 * SQLite behind db.h; the only file that knows it. WAL with synchronous=FULL: a commit is on the
 * disk when it returns, unless db_wait() asks for less. The log is copied back by db_checkpoint alone, so that no commit pays for
 * it by surprise.
 *
 * Statements are kept per connection by the address of their text: a look-up costs a
 * multiplication, not a strcmp. $1 is spelled ?1 on the way in, because SQLite numbers $-names by
 * first appearance.
 */
#include "store/db.h"

#include <errno.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"
#include "store/bigram.h"

#define BUSY_MS 10000
#define CHECKPOINT_BUSY_MS 20 /* a long reader is not worth a pause of all writers */
#define PAGE_BYTES INT64_C(4096)
#define COPY_PAGES 1024

struct db_statement {
	struct db *db;
	sqlite3_stmt *st;
	const char *sql; /* the key */
};

struct db {
	sqlite3 *handle;
	enum db_fault fault;
	struct db_statement **kept; /* open addressing, a power of two */
	size_t room, n;
	int64_t log_pages;
	enum db_wait wait;
};

/* ---- failing ---- */

static enum db_fault fault_of(sqlite3 *handle, int rc)
{
	int system = handle ? sqlite3_system_errno(handle) : errno;
	if (system == 0) /* a commit does not tell SQLite's own; the call before us set this one */
		system = errno;
	switch (rc & 0xff) {
	case SQLITE_CONSTRAINT: return DB_UNIQUE;
	case SQLITE_FULL: return DB_FULL;
	case SQLITE_BUSY:
	case SQLITE_LOCKED: return DB_LOCKED;
	case SQLITE_IOERR:
	case SQLITE_CANTOPEN:
		return system == ENOSPC || system == EDQUOT || system == EFBIG ? DB_FULL : DB_BROKEN;
	default: return DB_BROKEN;
	}
}

static bool fail(struct db *db, int rc, struct err *err)
{
	const char *text = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(rc);
	db->fault = fault_of(db->handle, rc);
	switch (db->fault) {
	case DB_UNIQUE: return err_set(err, ERR_CONFLICT, NULL, "such a row exists already: %s", text);
	case DB_FULL: return err_set(err, ERR_BUSY, NULL, "the disk is full, nothing was stored");
	case DB_LOCKED:
		return err_set(err, ERR_BUSY, NULL, "the data file is locked by another program");
	default: break;
	}
	if ((rc & 0xff) == SQLITE_CORRUPT || (rc & 0xff) == SQLITE_NOTADB)
		return err_set(err, ERR_SYSTEM, NULL, "the data file is damaged: %s", text);
	if ((rc & 0xff) == SQLITE_READONLY)
		return err_set(err, ERR_SYSTEM, NULL, "the data file may not be written: %s", text);
	return err_set(err, ERR_SYSTEM, NULL, "the data file could not be used: %s", text);
}

enum db_fault db_fault(const struct db *db)
{
	return db->fault;
}

/* ---- the search tokenizer, as FTS5 wants it ---- */

static int tokenizer_create(void *context, const char **args, int n, Fts5Tokenizer **out)
{
	static char one;
	*out = (Fts5Tokenizer *)&one; /* it has no state */
	return SQLITE_OK;
}

static void tokenizer_delete(Fts5Tokenizer *t)
{
}

struct token_sink {
	void *context;
	int (*token)(void *, int, const char *, int, int, int);
};

static int pass_token(void *self, const char *token, int n, int start, int end)
{
	const struct token_sink *sink = self;
	return sink->token(sink->context, 0, token, n, start, end);
}

static int tokenizer_run(Fts5Tokenizer *t, void *context, int flags, const char *text, int n,
	int (*token)(void *, int, const char *, int, int, int))
{
	struct token_sink sink = {context, token};
	struct slice slice = {text, (size_t)n};
	return flags & FTS5_TOKENIZE_QUERY ? bigram_phrase(slice, pass_token, &sink)
									   : bigram_index(slice, pass_token, &sink);
}

static int add_tokenizer(sqlite3 *handle)
{
	static fts5_tokenizer tokenizer = {tokenizer_create, tokenizer_delete, tokenizer_run};
	fts5_api *api = NULL;
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v2(handle, "SELECT fts5(?1)", -1, &st, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_bind_pointer(st, 1, &api, "fts5_api_ptr", NULL);
		sqlite3_step(st);
		rc = sqlite3_finalize(st);
	}
	if (rc == SQLITE_OK && api)
		rc = api->xCreateTokenizer(api, "bigram", NULL, &tokenizer, NULL);
	return rc;
}

/* ---- opening ---- */

static const char sql_set_up_writer[] =
	"PRAGMA page_size=4096; PRAGMA journal_mode=WAL; PRAGMA journal_size_limit=67108864; PRAGMA "
	"synchronous=FULL; PRAGMA wal_autocheckpoint=0; PRAGMA secure_delete=OFF;"
	"PRAGMA temp_store=MEMORY; PRAGMA cache_size=-32768; PRAGMA trusted_schema=OFF;";
static const char sql_set_up_reader[] = "PRAGMA query_only=ON; PRAGMA temp_store=MEMORY; PRAGMA "
										"cache_size=-8192; PRAGMA trusted_schema=OFF;";

static int log_grew(void *self, sqlite3 *handle, const char *name, int pages)
{
	struct db *db = self;
	db->log_pages = pages;
	return SQLITE_OK;
}

/* Nobody asks the engine how much memory it holds; counting takes a lock at each allocation. */
static void count_nothing(void)
{
	bool done = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0) == SQLITE_OK;
	assert(done);
}

bool db_open(const char *path, enum db_mode mode, struct db **out, struct err *err)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, count_nothing);
	struct db *db = must_alloc(sizeof *db);
	int flags =
		mode == DB_WRITE ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	int rc = sqlite3_open_v2(
		path, &db->handle, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_PRIVATECACHE, NULL);
	if (rc == SQLITE_OK) {
		sqlite3_extended_result_codes(db->handle, 1);
		sqlite3_busy_timeout(db->handle, BUSY_MS);
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
		sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
		rc = add_tokenizer(db->handle);
	}
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(
			db->handle, mode == DB_WRITE ? sql_set_up_writer : sql_set_up_reader, NULL, NULL, NULL);
	if (rc != SQLITE_OK) {
		fail(db, rc, err);
		db_close(db);
		return err_in(err, "%s", path);
	}
	sqlite3_wal_hook(db->handle, log_grew, db);
	*out = db;
	return true;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	for (size_t i = 0; i < db->room; i++)
		db_finalize(db->kept[i]);
	free(db->kept);
	sqlite3_close(db->handle);
	free(db);
}

/* ---- statements ---- */

bool db_exec(struct db *db, const char *sql, struct err *err)
{
	errno = 0;
	int rc = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);
	return rc == SQLITE_OK || fail(db, rc, err);
}

static bool compile(
	struct db *db, const char *sql, unsigned flags, struct db_statement **out, struct err *err)
{
	size_t n = strlen(sql);
	char *text = must_alloc(n + 1);
	bool quoted = false;
	for (size_t i = 0; i < n; i++) {
		quoted ^= sql[i] == '\'';
		text[i] = sql[i] == '$' && !quoted ? '?' : sql[i];
	}
	sqlite3_stmt *st = NULL;
	int rc = sqlite3_prepare_v3(db->handle, text, (int)n + 1, flags, &st, NULL);
	free(text);
	if (rc != SQLITE_OK)
		return fail(db, rc, err);
	struct db_statement *made = must_alloc(sizeof *made);
	*made = (struct db_statement){db, st, sql};
	*out = made;
	return true;
}

static struct db_statement **place_of(struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 32;
	while (db->kept[at & (db->room - 1)] && db->kept[at & (db->room - 1)]->sql != sql)
		at++;
	return &db->kept[at & (db->room - 1)];
}

static void grow(struct db *db)
{
	struct db_statement **old = db->kept;
	size_t old_room = db->room;
	db->room = old_room ? old_room * 2 : 64;
	db->kept = must_alloc(db->room * sizeof *db->kept);
	for (size_t i = 0; i < old_room; i++)
		if (old[i])
			*place_of(db, old[i]->sql) = old[i];
	free(old);
}

bool db_prepare(struct db *db, const char *sql, struct db_statement **out, struct err *err)
{
	if (db->n * 2 >= db->room)
		grow(db);
	struct db_statement **place = place_of(db, sql);
	if (!*place) {
		if (!compile(db, sql, SQLITE_PREPARE_PERSISTENT, place, err))
			return false;
		db->n++;
	} else {
		sqlite3_reset((*place)->st);
	}
	*out = *place;
	return true;
}

bool db_prepare_once(struct db *db, const char *sql, struct db_statement **out, struct err *err)
{
	return compile(db, sql, 0, out, err);
}

void db_finalize(struct db_statement *st)
{
	if (!st)
		return;
	sqlite3_finalize(st->st);
	free(st);
}

/* A parameter that does not exist is a mistake of ours, and running out of memory aborts: neither
 * can be handled. */
static void bound(int rc)
{
	assert(rc == SQLITE_OK);
}

void db_null(struct db_statement *st, int i)
{
	bound(sqlite3_bind_null(st->st, i));
}

void db_nulls(struct db_statement *st)
{
	bound(sqlite3_clear_bindings(st->st));
}

void db_int(struct db_statement *st, int i, int64_t value)
{
	bound(sqlite3_bind_int64(st->st, i, value));
}

void db_text(struct db_statement *st, int i, const char *text)
{
	bound(sqlite3_bind_text(st->st, i, text, -1, SQLITE_STATIC));
}

void db_slice(struct db_statement *st, int i, struct slice text)
{
	bound(sqlite3_bind_text64(st->st, i, text.s, text.n, SQLITE_STATIC, SQLITE_UTF8));
}

void db_blob(struct db_statement *st, int i, const void *bytes, size_t n)
{
	bound(n == 0 && bytes ? sqlite3_bind_zeroblob(st->st, i, 0)
						  : sqlite3_bind_blob64(st->st, i, bytes, n, SQLITE_STATIC));
}

void db_uuid(struct db_statement *st, int i, struct uuid id)
{
	bound(uuid_is_nil(id) ? sqlite3_bind_null(st->st, i)
						  : sqlite3_bind_blob(st->st, i, id.b, sizeof id.b, SQLITE_TRANSIENT));
}

bool db_step(struct db_statement *st, bool *row, struct err *err)
{
	errno = 0;
	int rc = sqlite3_step(st->st);
	if (rc == SQLITE_ROW || rc == SQLITE_DONE) {
		*row = rc == SQLITE_ROW;
		if (!*row)
			sqlite3_reset(st->st);
		return true;
	}
	fail(st->db, rc, err);
	sqlite3_reset(st->st);
	return false;
}

void db_done(struct db_statement *st)
{
	sqlite3_reset(st->st);
}

bool db_run(struct db_statement *st, struct err *err)
{
	bool row = true;
	while (row)
		if (!db_step(st, &row, err))
			return false;
	return true;
}

int64_t db_changes(const struct db *db)
{
	return sqlite3_changes64(db->handle);
}

enum db_kind db_kind(struct db_statement *st, int i)
{
	switch (sqlite3_column_type(st->st, i)) {
	case SQLITE_INTEGER: return DB_INT;
	case SQLITE_FLOAT: return DB_REAL;
	case SQLITE_TEXT: return DB_TEXT;
	case SQLITE_BLOB: return DB_BLOB;
	default: return DB_NULL;
	}
}

int64_t db_get_int(struct db_statement *st, int i)
{
	return sqlite3_column_int64(st->st, i);
}

struct slice db_get_text(struct db_statement *st, int i)
{
	const char *s = (const char *)sqlite3_column_text(st->st, i);
	return (struct slice){s, s ? (size_t)sqlite3_column_bytes(st->st, i) : 0};
}

struct slice db_get_blob(struct db_statement *st, int i)
{
	if (sqlite3_column_type(st->st, i) == SQLITE_NULL)
		return (struct slice){0};
	const char *s = sqlite3_column_blob(st->st, i);
	return (struct slice){s ? s : "", (size_t)sqlite3_column_bytes(st->st, i)};
}

struct uuid db_get_uuid(struct db_statement *st, int i)
{
	struct uuid id = {{0}};
	const void *b = sqlite3_column_blob(st->st, i);
	if (b && sqlite3_column_bytes(st->st, i) == (int)sizeof id.b)
		memcpy(id.b, b, sizeof id.b);
	return id;
}

/* ---- transactions ---- */

static bool simple(struct db *db, const char *sql, struct err *err)
{
	struct db_statement *st;
	return db_prepare(db, sql, &st, err) && db_run(st, err);
}

static const char sql_begin[] = "BEGIN IMMEDIATE";
static const char sql_begin_read[] = "BEGIN";
static const char sql_commit[] = "COMMIT";
static const char sql_savepoint[] = "SAVEPOINT b";
static const char sql_release[] = "RELEASE b";
static const char sql_undo[] = "ROLLBACK TO b";

bool db_begin(struct db *db, struct err *err)
{
	return simple(db, sql_begin, err);
}

bool db_begin_read(struct db *db, struct err *err)
{
	return simple(db, sql_begin_read, err);
}

bool db_commit(struct db *db, struct err *err)
{
	if (simple(db, sql_commit, err))
		return true;
	enum db_fault fault = db->fault;
	db_rollback(db);
	db->fault = fault;
	return false;
}

void db_rollback(struct db *db)
{
	if (!sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

bool db_savepoint(struct db *db, struct err *err)
{
	return simple(db, sql_savepoint, err);
}

bool db_release(struct db *db, struct err *err)
{
	return simple(db, sql_release, err);
}

bool db_undo(struct db *db, struct err *err)
{
	return simple(db, sql_undo, err) && simple(db, sql_release, err);
}

/* ---- what engines do differently ---- */

const char *db_type_name(enum db_type type)
{
	switch (type) {
	case DB_TYPE_INTEGER: return "INTEGER";
	case DB_TYPE_TEXT: return "TEXT";
	case DB_TYPE_BYTES: return "BLOB";
	default: return "INTEGER PRIMARY KEY";
	}
}

bool db_column_type(
	struct db *db, const char *table, const char *column, const char **type, struct err *err)
{
	const char *declared = NULL;
	/* Fails with SQLITE_ERROR when there is none; damage would show in the next statement as well. */
	int rc = sqlite3_table_column_metadata(
		db->handle, NULL, table, column, &declared, NULL, NULL, NULL, NULL);
	if (rc != SQLITE_OK && (rc & 0xff) != SQLITE_ERROR)
		return fail(db, rc, err);
	*type = rc == SQLITE_OK ? declared : NULL;
	return true;
}

int64_t db_log_bytes(const struct db *db)
{
	return db->log_pages * PAGE_BYTES;
}

bool db_checkpoint(struct db *db, bool restart, struct err *err)
{
	sqlite3_busy_timeout(db->handle, CHECKPOINT_BUSY_MS);
	int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL,
		restart ? SQLITE_CHECKPOINT_RESTART : SQLITE_CHECKPOINT_PASSIVE, NULL, NULL);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	return rc == SQLITE_OK || (rc & 0xff) == SQLITE_BUSY || fail(db, rc, err);
}

bool db_wait(struct db *db, enum db_wait wait, struct err *err)
{
	static const char *const levels[] = {[DB_WAIT_COMMITS] = "PRAGMA synchronous=FULL",
		[DB_WAIT_CHECKPOINTS] = "PRAGMA synchronous=NORMAL",
		[DB_WAIT_NEVER] = "PRAGMA synchronous=OFF"};
	if (db->wait != wait && !db_exec(db, levels[wait], err))
		return false;
	db->wait = wait;
	return true;
}

bool db_cache(struct db *db, int mebibytes, struct err *err)
{
	char sql[48];
	snprintf(sql, sizeof sql, "PRAGMA cache_size=-%d", mebibytes * 1024);
	return db_exec(db, sql, err);
}

bool db_sync(struct db *db, struct err *err)
{
	sqlite3_file *file = NULL;
	if (!db_checkpoint(db, true, err))
		return false;
	/* The checkpoint syncs what it copies itself; earlier ones may have copied without. */
	int rc = sqlite3_file_control(db->handle, "main", SQLITE_FCNTL_FILE_POINTER, &file);
	if (rc == SQLITE_OK)
		rc = file->pMethods->xSync(file, SQLITE_SYNC_FULL);
	return rc == SQLITE_OK || fail(db, rc, err);
}

bool db_copy(struct db *db, const char *path, void (*step)(void *self, int64_t done, int64_t total),
	void *self, struct err *err)
{
	struct db to = {0};
	int rc = sqlite3_open_v2(
		path, &to.handle, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK) {
		fail(&to, rc, err);
		sqlite3_close(to.handle);
		return err_in(err, "%s", path);
	}
	sqlite3_backup *copy = sqlite3_backup_init(to.handle, "main", db->handle, "main");
	rc = copy ? SQLITE_OK : sqlite3_errcode(to.handle);
	while (rc == SQLITE_OK) {
		rc = sqlite3_backup_step(copy, COPY_PAGES);
		int64_t total = sqlite3_backup_pagecount(copy);
		if (step)
			step(self, total - sqlite3_backup_remaining(copy), total);
	}
	if (copy)
		sqlite3_backup_finish(copy);
	/* A copy is one file: out of WAL, so that nothing of it lies beside. */
	bool ok = rc == SQLITE_DONE || fail(&to, rc, err);
	if (ok) {
		rc = sqlite3_exec(to.handle, "PRAGMA journal_mode=DELETE", NULL, NULL, NULL);
		ok = rc == SQLITE_OK || fail(&to, rc, err);
	}
	sqlite3_close(to.handle);
	return ok || err_in(err, "%s", path);
}

bool db_check(
	struct db *db, void (*each)(void *self, const char *text), void *self, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare_once(db, "PRAGMA integrity_check(1000)", &st, err))
		return false;
	bool row = true, ok = true;
	while ((ok = db_step(st, &row, err)) && row) {
		struct slice text = db_get_text(st, 0);
		if (!slice_is(text, "ok"))
			each(self, text.s);
	}
	db_finalize(st);
	return ok;
}
