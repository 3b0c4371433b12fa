/* Reading the journal, and where it ends. chain.c says how an entry is stored. */
#include "store/spelling.h"
#include "store/store_inside.h"

static const char sql_head[] = "SELECT no, hash, digest FROM journal_head WHERE one = 1";
static const char sql_head_write[] = "UPDATE journal_head SET no = $1, hash = $2 WHERE one = 1";
static const char sql_instant[] = "SELECT at FROM journal WHERE no = $1";
static const char sql_forward[] =
	"SELECT " ENTRY_SELECT " FROM journal WHERE no >= $1 AND no <= $2 ORDER BY no";
static const char sql_backward[] =
	"SELECT " ENTRY_SELECT " FROM journal WHERE no <= $1 AND no >= $2 ORDER BY no DESC";
static const char sql_of[] =
	"SELECT " ENTRY_SELECT " FROM journal WHERE record = $1 AND no < $2 ORDER BY no DESC LIMIT $3";
#define ASKED                                                                                      \
	" AND ($2 IS NULL OR register = $2) AND ($3 IS NULL OR who = $3)"                              \
	" AND ($4 IS NULL OR at >= $4) AND ($5 IS NULL OR at < $5) ORDER BY no DESC"
static const char sql_search[] = "SELECT " ENTRY_SELECT " FROM journal WHERE no < $1" ASKED;
static const char sql_search_of[] =
	"SELECT " ENTRY_SELECT " FROM journal WHERE record = $6 AND no < $1" ASKED;
static const char sql_at[] =
	"SELECT no FROM journal WHERE at <= $1 ORDER BY at DESC, no DESC LIMIT 1";

bool head_read(struct db *db, struct journal_head *out, struct err *err)
{
	struct db_statement *st;
	bool row;
	if (!db_prepare(db, sql_head, &st, err) || !db_step(st, &row, err))
		return false;
	*out = (struct journal_head){0};
	struct slice hash = row ? db_get_blob(st, 1) : (struct slice){0},
				 digest = row ? db_get_text(st, 2) : (struct slice){0};
	bool ok = hash.n == DIGEST_BYTES && digest.s && digest_parse(digest.s, &out->digest);
	if (ok) {
		out->no = db_get_int(st, 0);
		memcpy(out->hash, hash.s, DIGEST_BYTES);
	}
	db_done(st);
	out->at = INSTANT_NONE;
	if (!ok)
		return err_set(err, ERR_SYSTEM, "journal_head", "the journal's end is not recorded");
	if (!db_prepare(db, sql_instant, &st, err))
		return false;
	db_int(st, 1, out->no);
	if (!db_step(st, &row, err))
		return false;
	if (row) {
		out->at = read_instant(db_get_text(st, 0));
		db_done(st);
	}
	return true;
}

bool head_write(struct db *db, const struct journal_head *head, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(db, sql_head_write, &st, err))
		return false;
	db_int(st, 1, head->no);
	db_blob(st, 2, head->hash, DIGEST_BYTES);
	return db_run(st, err);
}

bool journal_head(struct store *s, struct journal_head *out, struct err *err)
{
	struct db *db;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = head_read(db, out, err);
	reader_give(s, db);
	return ok;
}

/* Hands on the statement's rows as changes. */
static bool each_row(
	struct store *s, struct db_statement *st, change_each *each, void *self, struct err *err)
{
	const struct schema *schema = atomic_load(&s->schema);
	struct arena *a = arena_open();
	struct arena_mark mark = arena_mark(a);
	bool ok = true, row = true, more = true;
	while (more && (ok = db_step(st, &row, err)) && row) {
		struct change *change;
		ok = row_change(a, schema, st, &change, err);
		if (!ok)
			break;
		more = !change || each(self, change);
		arena_rewind(a, mark);
	}
	arena_close(a);
	db_done(st);
	return ok;
}

bool journal_read(
	struct store *s, int64_t from, int64_t to, change_each *each, void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, to >= from ? sql_forward : sql_backward, &st, err);
	if (ok) {
		db_int(st, 1, from);
		db_int(st, 2, to);
		ok = each_row(s, st, each, self, err);
	}
	reader_give(s, db);
	return ok;
}

bool journal_of(struct store *s, struct uuid id, int64_t before, int limit, change_each *each,
	void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_of, &st, err);
	if (ok) {
		db_blob(st, 1, id.b, sizeof id.b);
		db_int(st, 2, before ? before : INT64_MAX);
		db_int(st, 3, limit);
		ok = each_row(s, st, each, self, err);
	}
	reader_give(s, db);
	return ok;
}

bool journal_search(struct store *s, const struct journal_query *query, change_each *each,
	void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	struct arena *a = arena_open();
	bool one = !uuid_is_nil(query->record);
	bool taken = reader_take(s, &db, err);
	bool ok = taken && db_prepare(db, one ? sql_search_of : sql_search, &st, err);
	if (ok) {
		db_int(st, 1, query->before ? query->before : INT64_MAX);
		if (query->reg)
			db_text(st, 2, query->reg);
		else
			db_null(st, 2);
		if (uuid_is_nil(query->who))
			db_null(st, 3);
		else
			db_blob(st, 3, query->who.b, sizeof query->who.b);
		bind_instant(a, st, 4, query->from);
		bind_instant(a, st, 5, query->until);
		if (one)
			db_blob(st, 6, query->record.b, sizeof query->record.b);
		ok = each_row(s, st, each, self, err);
	}
	if (taken)
		reader_give(s, db);
	arena_close(a);
	return ok;
}

bool journal_at(struct store *s, struct instant at, int64_t *no, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	char text[INSTANT_TEXT];
	bool row = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_at, &st, err);
	if (ok) {
		spell_instant(at, text);
		db_text(st, 1, text);
		ok = db_step(st, &row, err);
	}
	if (ok) {
		*no = row ? db_get_int(st, 0) : 0;
		if (row)
			db_done(st);
	}
	reader_give(s, db);
	return ok;
}
