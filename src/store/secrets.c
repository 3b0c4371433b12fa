#include "store/secrets.h"

#include "store/spelling.h"
#include "store/store_inside.h"

#define COLUMNS "key, kind, id, account, created_at, used_at, expires_at, name, data"

static const char sql_put[] =
	"INSERT INTO session (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"
	" ON CONFLICT (key) DO UPDATE SET kind = excluded.kind, id = excluded.id, account = "
	"excluded.account,"
	" created_at = excluded.created_at, used_at = excluded.used_at, expires_at = "
	"excluded.expires_at, name = excluded.name,"
	" data = excluded.data";
static const char sql_get[] =
	"SELECT " COLUMNS " FROM session WHERE key = $1 AND (expires_at IS NULL OR expires_at >= $2)";
static const char sql_touch[] = "UPDATE session SET used_at = $2, expires_at = $3 WHERE key = $1";
static const char sql_remove[] = "DELETE FROM session WHERE key = $1";
static const char sql_list[] =
	"SELECT " COLUMNS " FROM session WHERE account = $1 AND kind = $2 ORDER BY created_at, id";
static const char sql_remove_all[] = "DELETE FROM session WHERE account = $1 AND kind = $2";
static const char sql_credential_get[] = "SELECT data FROM credential WHERE account = $1";
static const char sql_credential_put[] =
	"INSERT INTO credential (account, data) VALUES ($1, $2)"
	" ON CONFLICT (account) DO UPDATE SET data = excluded.data";

static const char *const kinds[] = {
	[SESSION_WEB] = "web", [SESSION_LINK] = "link", [SESSION_TOKEN] = "token"};

static struct slice copy(struct arena *a, struct slice s)
{
	return s.s ? arena_slice(a, s) : s;
}

static struct session_row row_of(struct arena *a, struct db_statement *st)
{
	struct session_row row = {.id = db_get_uuid(st, 2), .account = db_get_uuid(st, 3)};
	struct slice key = db_get_blob(st, 0), kind = db_get_text(st, 1);
	memcpy(row.key, key.s ? key.s : "", key.n < sizeof row.key ? key.n : sizeof row.key);
	for (size_t i = 0; i < countof(kinds); i++)
		if (slice_is(kind, kinds[i]))
			row.kind = (enum session_kind)i;
	row.created_at = read_instant(db_get_text(st, 4));
	row.used_at = read_instant(db_get_text(st, 5));
	row.expires_at = read_instant(db_get_text(st, 6));
	row.name = copy(a, db_get_text(st, 7)).s;
	row.data = copy(a, db_get_blob(st, 8));
	return row;
}

/* ---- writing ---- */

static bool put(struct db *db, void *self, struct err *err)
{
	const struct session_row *row = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_put, &st, err))
		return false;
	struct arena *a = arena_open();
	db_blob(st, 1, row->key, sizeof row->key);
	db_text(st, 2, kinds[row->kind]);
	db_blob(st, 3, row->id.b, sizeof row->id.b);
	db_blob(st, 4, row->account.b, sizeof row->account.b);
	bind_instant(a, st, 5, row->created_at);
	bind_instant(a, st, 6, row->used_at);
	bind_instant(a, st, 7, row->expires_at);
	db_text(st, 8, row->name);
	db_blob(st, 9, row->data.s, row->data.n);
	bool ok = db_run(st, err);
	arena_close(a);
	return ok;
}

bool session_put(struct store *s, const struct session_row *row, struct err *err)
{
	struct session_row copied = *row;
	return store_write(s, put, &copied, err);
}

struct touch {
	const uint8_t *key;
	struct instant used_at, expires_at;
};

static bool touch(struct db *db, void *self, struct err *err)
{
	const struct touch *t = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_touch, &st, err))
		return false;
	struct arena *a = arena_open();
	db_blob(st, 1, t->key, DIGEST_BYTES);
	bind_instant(a, st, 2, t->used_at);
	bind_instant(a, st, 3, t->expires_at);
	bool ok = db_run(st, err);
	arena_close(a);
	return ok;
}

bool session_touch(struct store *s, const uint8_t key[DIGEST_BYTES], struct instant used_at,
	struct instant expires_at, struct err *err)
{
	struct touch t = {key, used_at, expires_at};
	return store_write(s, touch, &t, err);
}

struct removal {
	const uint8_t *key;
};

static bool take_away(struct db *db, void *self, struct err *err)
{
	const struct removal *r = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_remove, &st, err))
		return false;
	db_blob(st, 1, r->key, DIGEST_BYTES);
	return db_run(st, err) &&
		(db_changes(db) > 0 ||
			err_set(err, ERR_MISSING, NULL, "the session or link is not valid any more"));
}

bool session_remove(struct store *s, const uint8_t key[DIGEST_BYTES], struct err *err)
{
	struct removal r = {key};
	return store_write(s, take_away, &r, err);
}

struct all_of {
	struct uuid account;
	enum session_kind kind;
};

static bool take_all_away(struct db *db, void *self, struct err *err)
{
	const struct all_of *all = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_remove_all, &st, err))
		return false;
	db_blob(st, 1, all->account.b, sizeof all->account.b);
	db_text(st, 2, kinds[all->kind]);
	return db_run(st, err);
}

bool session_remove_all(
	struct store *s, struct uuid account, enum session_kind kind, struct err *err)
{
	struct all_of all = {account, kind};
	return store_write(s, take_all_away, &all, err);
}

/* ---- reading ---- */

bool session_get(struct store *s, struct arena *a, const uint8_t key[DIGEST_BYTES],
	struct instant now, struct session_row *out, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	char text[INSTANT_TEXT];
	bool row = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_get, &st, err);
	if (ok) {
		spell_instant(now, text);
		db_blob(st, 1, key, DIGEST_BYTES);
		db_text(st, 2, text);
		ok = db_step(st, &row, err);
	}
	if (ok && row) {
		*out = row_of(a, st);
		db_done(st);
	}
	reader_give(s, db);
	return ok &&
		(row || err_set(err, ERR_MISSING, NULL, "the session or link is not valid any more"));
}

bool session_list(struct store *s, struct arena *a, struct uuid account, enum session_kind kind,
	struct session_row **out, int *n, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	struct session_row *rows = NULL;
	int count = 0, room = 0;
	bool row = true;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_list, &st, err);
	if (ok) {
		db_blob(st, 1, account.b, sizeof account.b);
		db_text(st, 2, kinds[kind]);
	}
	while (ok && (ok = db_step(st, &row, err)) && row) {
		if (count == room) {
			room = room ? room * 2 : 8;
			rows = arena_grow(a, rows, (size_t)count, (size_t)room, sizeof *rows);
		}
		rows[count++] = row_of(a, st);
	}
	reader_give(s, db);
	if (ok) {
		*out = rows;
		*n = count;
	}
	return ok;
}

/* ---- credentials ---- */

struct credential {
	struct uuid account;
	struct slice data;
};

static bool put_credential(struct db *db, void *self, struct err *err)
{
	const struct credential *c = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_credential_put, &st, err))
		return false;
	db_blob(st, 1, c->account.b, sizeof c->account.b);
	db_blob(st, 2, c->data.s ? c->data.s : "", c->data.n);
	return db_run(st, err);
}

bool credential_put(struct store *s, struct uuid account, struct slice data, struct err *err)
{
	struct credential c = {account, data};
	return store_write(s, put_credential, &c, err);
}

bool credential_get(
	struct store *s, struct arena *a, struct uuid account, struct slice *out, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool row = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_credential_get, &st, err);
	if (ok) {
		db_blob(st, 1, account.b, sizeof account.b);
		ok = db_step(st, &row, err);
	}
	if (ok) {
		*out = row ? arena_slice(a, db_get_blob(st, 0)) : (struct slice){0};
		if (row)
			db_done(st);
	}
	reader_give(s, db);
	return ok;
}
