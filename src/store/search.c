/*
 * Full-text search. The index follows the journal: the writer brings it up to date when nobody
 * waits, or when somebody searches. What it holds of a record stands in search_row, because FTS5
 * wants the old text back to forget it.
 */
#include "base/map.h"
#include "store/bigram.h"
#include "store/spelling.h"
#include "store/store_inside.h"

static const char sql_state[] = "SELECT no FROM search_state WHERE one = 1";
static const char sql_state_write[] = "UPDATE search_state SET no = $1 WHERE one = 1";
static const char sql_entries[] =
	"SELECT no, register, record FROM journal WHERE no > $1 ORDER BY no LIMIT $2";
static const char sql_row[] = "SELECT no, words FROM search_row WHERE id = $1";
static const char sql_last[] = "SELECT max(no) FROM search_row";
static const char sql_row_insert[] =
	"INSERT INTO search_row (no, id, register, words) VALUES ($1, $2, $3, $4)";
static const char sql_row_update[] = "UPDATE search_row SET words = $2 WHERE no = $1";
static const char sql_row_delete[] = "DELETE FROM search_row WHERE no = $1";
static const char sql_forget[] =
	"INSERT INTO search (search, rowid, words) VALUES ('delete', $1, $2)";
/* Plain values, here and for search_row: a statement that selects or returns takes a savepoint, and at each savepoint FTS5
 * writes out what it gathered. */
static const char sql_learn[] = "INSERT INTO search (rowid, words) VALUES ($1, $2)";
static const char sql_find[] =
	"SELECT search_row.id FROM search JOIN search_row ON search_row.no = search.rowid"
	" WHERE search MATCH $1 AND search_row.register = $2 ORDER BY search.rank, search_row.id LIMIT "
	"$3";

/* The words of a record as they are now. *out n 0: deleted, or without any. */
bool search_words(
	struct db *db, const struct table *t, struct uuid id, struct str *out, struct err *err)
{
	struct db_statement *st;
	bool row;
	str_clear(out);
	if (!db_prepare(db, t->words, &st, err))
		return false;
	db_blob(st, 1, id.b, sizeof id.b);
	if (!db_step(st, &row, err))
		return false;
	if (!row)
		return true;
	int n = db_get_int(st, 0) ? 0 : t->nwords;
	for (int i = 1; i <= n; i++) {
		struct slice text = db_get_text(st, i);
		if (!text.n)
			continue;
		if (out->n)
			str_putc(out, '\n');
		str_slice(out, text);
	}
	db_done(st);
	return true;
}

static bool run_with(
	struct db *db, const char *sql, int64_t no, const struct str *words, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(db, sql, &st, err))
		return false;
	db_int(st, 1, no);
	if (words)
		db_slice(st, 2, str_view(words));
	return db_run(st, err);
}

/* What the entries of one call changed, every record once. */
struct touched {
	const struct table *t;
	struct uuid id;
};

struct following {
	struct db *db;
	struct str words, old;
	int64_t last; /* row of search_row */
};

static bool insert_row(struct following *f, const struct touched *record, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(f->db, sql_row_insert, &st, err))
		return false;
	db_int(st, 1, ++f->last);
	db_blob(st, 2, record->id.b, sizeof record->id.b);
	db_text(st, 3, record->t->reg->name);
	db_slice(st, 4, str_view(&f->words));
	return db_run(st, err) && run_with(f->db, sql_learn, f->last, &f->words, err);
}

static bool index_record(struct following *f, const struct touched *record, struct err *err)
{
	struct db *db = f->db;
	struct db_statement *st;
	bool row;
	if (!search_words(db, record->t, record->id, &f->words, err) ||
		!db_prepare(db, sql_row, &st, err))
		return false;
	db_blob(st, 1, record->id.b, sizeof record->id.b);
	if (!db_step(st, &row, err))
		return false;
	if (!row)
		return f->words.n == 0 || insert_row(f, record, err);
	int64_t no = db_get_int(st, 0);
	str_clear(&f->old);
	str_slice(&f->old, db_get_text(st, 1));
	db_done(st);
	if (slice_equal(str_view(&f->old), str_view(&f->words)))
		return true;
	if (!run_with(db, sql_forget, no, &f->old, err))
		return false;
	if (!f->words.n)
		return run_with(db, sql_row_delete, no, NULL, err);
	return run_with(db, sql_row_update, no, &f->words, err) &&
		run_with(db, sql_learn, no, &f->words, err);
}

static bool touched_since(struct db *db, const struct schema *schema, struct arena *a,
	int64_t *from, int limit, struct touched **out, int *n, int *entries, struct err *err)
{
	struct db_statement *st;
	bool row, ok;
	struct touched *touched = ARENA_ARRAY(a, struct touched, (size_t)limit);
	struct idmap *seen = idmap_open();
	*n = *entries = 0;
	ok = db_prepare(db, sql_entries, &st, err);
	if (ok) {
		db_int(st, 1, *from);
		db_int(st, 2, limit);
	}
	while (ok && (ok = db_step(st, &row, err)) && row) {
		struct slice name = db_get_text(st, 1);
		const struct table *t = name.s ? schema_named(schema, name.s) : NULL;
		struct uuid id = db_get_uuid(st, 2);
		*from = db_get_int(st, 0);
		++*entries;
		if (!t || !t->words || idmap_get(seen, id) >= 0)
			continue;
		idmap_put(seen, id, 0);
		touched[(*n)++] = (struct touched){t, id};
	}
	idmap_close(seen);
	*out = touched;
	return ok;
}

/* The number that a statement without parameters tells; 0: none. */
static bool one_number(struct db *db, const char *sql, int64_t *out, struct err *err)
{
	struct db_statement *st;
	bool row;
	if (!db_prepare(db, sql, &st, err) || !db_step(st, &row, err))
		return false;
	*out = row ? db_get_int(st, 0) : 0;
	db_done(st);
	return true;
}

bool search_follow(
	struct db *db, const struct schema *schema, int limit, bool *more, struct err *err)
{
	struct following f = {.db = db, .words = STR_INIT, .old = STR_INIT};
	int64_t before, no;
	int n = 0, entries = 0;
	struct touched *touched = NULL;
	if (!one_number(db, sql_state, &before, err) || !one_number(db, sql_last, &f.last, err))
		return false;
	no = before;
	struct arena *a = arena_open();
	bool ok = touched_since(db, schema, a, &no, limit, &touched, &n, &entries, err);
	for (int i = 0; ok && i < n; i++)
		ok = index_record(&f, &touched[i], err);
	*more = entries == limit;
	if (ok && no != before)
		ok = run_with(db, sql_state_write, no, NULL, err);
	arena_close(a);
	str_free(&f.words);
	str_free(&f.old);
	return ok;
}

static bool find(struct db *db, struct arena *a, const char *query, const struct register_def *reg,
	int limit, struct uuid **ids, int *n, struct err *err)
{
	struct db_statement *st;
	struct uuid *found = NULL;
	int count = 0, room = 0;
	bool row;
	if (!db_prepare(db, sql_find, &st, err))
		return false;
	db_text(st, 1, query);
	db_text(st, 2, reg->name);
	db_int(st, 3, limit);
	for (;;) {
		if (!db_step(st, &row, err))
			return false;
		if (!row)
			break;
		if (count == room) {
			room = room ? room * 2 : 32;
			found = arena_grow(a, found, (size_t)count, (size_t)room, sizeof *found);
		}
		found[count++] = db_get_uuid(st, 0);
	}
	*ids = found;
	*n = count;
	return true;
}

bool store_search(struct store *s, struct arena *a, const struct register_def *reg,
	struct slice words, int limit, struct uuid **ids, int *n, struct err *err)
{
	struct str query = STR_INIT;
	struct db *db;
	*ids = NULL;
	*n = 0;
	bool ok = true;
	if (bigram_query(words, &query)) {
		ok = !s->writer || writer_index(s->writer, err);
		if (ok && (ok = reader_take(s, &db, err))) {
			ok = find(db, a, str_text(&query), reg, limit, ids, n, err);
			reader_give(s, db);
		}
	}
	str_free(&query);
	return ok;
}
