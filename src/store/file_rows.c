/* Bytes first, row second: a row never points at nothing. Bytes without a row (a crash between the
 * two) are harmless and are found by fsck. */
#include "store/file_rows.h"

#include "base/os.h"
#include "store/spelling.h"
#include "store/store_inside.h"

#define COLUMNS "id, sha256, name, type, bytes, account, at, taken_at, longitude_e7, latitude_e7"

static const char sql_put[] =
	"INSERT INTO file (" COLUMNS ") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
	" ON CONFLICT (id) DO NOTHING";
static const char sql_get[] = "SELECT " COLUMNS " FROM file WHERE id = $1";
static const char sql_same[] =
	"SELECT id, at FROM file WHERE account = $1 AND sha256 = $2 AND name = $3 ORDER BY at LIMIT 1";
static const char sql_find[] =
	"SELECT " COLUMNS " FROM file WHERE account = $1 AND sha256 = $2 ORDER BY at LIMIT 1";
static const char sql_all[] = "SELECT " COLUMNS " FROM file ORDER BY id";

const char *file_path(struct store *s, struct arena *a, const struct file_row *row)
{
	char hex[2 * DIGEST_BYTES + 1];
	hex_encode(row->sha256, sizeof row->sha256, hex);
	return arena_printf(a, "%s/files/%.2s/%s", s->folder, hex, hex + 2);
}

struct uuid file_row_id(const struct file_row *row)
{
	struct str text = STR_INIT;
	char hex[2 * DIGEST_BYTES + 1], by[UUID_TEXT];
	hex_encode(row->sha256, sizeof row->sha256, hex);
	uuid_format(row->by, by);
	str_printf(&text, "%s %lld %s %lld %lld", hex, (long long)row->bytes, by, (long long)row->at.ms,
		(long long)row->taken_at.ms);
	if (row->has_point)
		str_printf(&text, " %d,%d", row->longitude_e7, row->latitude_e7);
	str_printf(&text, " %s %s", row->type, row->name);
	struct uuid id = uuid_named("file", str_view(&text));
	str_free(&text);
	return id;
}

static bool same_row(struct db *db, struct file_row *row, bool *same, struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(db, sql_same, &st, err))
		return false;
	db_uuid(st, 1, row->by);
	db_blob(st, 2, row->sha256, sizeof row->sha256);
	db_text(st, 3, row->name);
	if (!db_step(st, same, err))
		return false;
	if (*same) {
		row->id = db_get_uuid(st, 0);
		row->at = read_instant(db_get_text(st, 1));
		db_done(st);
	}
	return true;
}

static bool put_row(struct db *db, void *self, struct err *err)
{
	struct file_row *row = self;
	struct db_statement *st;
	bool same;
	if (!same_row(db, row, &same, err))
		return false;
	if (same)
		return true;
	if (!db_prepare(db, sql_put, &st, err))
		return false;
	struct arena *a = arena_open();
	db_blob(st, 1, row->id.b, sizeof row->id.b);
	db_blob(st, 2, row->sha256, sizeof row->sha256);
	db_text(st, 3, row->name);
	db_text(st, 4, row->type);
	db_int(st, 5, row->bytes);
	db_uuid(st, 6, row->by);
	bind_instant(a, st, 7, row->at);
	bind_instant(a, st, 8, row->taken_at);
	db_null(st, 9);
	db_null(st, 10);
	if (row->has_point) {
		db_int(st, 9, row->longitude_e7);
		db_int(st, 10, row->latitude_e7);
	}
	bool ok = db_run(st, err);
	arena_close(a);
	return ok;
}

bool file_put(struct store *s, struct slice bytes, struct file_row *row, struct err *err)
{
	digest_of(DIGEST_SHA256, bytes.s, bytes.n, row->sha256);
	row->bytes = (int64_t)bytes.n;
	row->id = file_row_id(row);
	struct arena *a = arena_open();
	const char *path = file_path(s, a, row);
	char *folder = arena_strdup(a, path);
	*strrchr(folder, '/') = '\0';
	/* os_write_file syncs the file and its folder before it returns. */
	bool ok = os_exists(path) || (os_make_folder(folder, err) && os_write_file(path, bytes, err));
	arena_close(a);
	return ok && store_write(s, put_row, row, err);
}

static struct file_row row_of(struct arena *a, struct db_statement *st)
{
	struct file_row row = {
		.id = db_get_uuid(st, 0), .bytes = db_get_int(st, 4), .by = db_get_uuid(st, 5)};
	struct slice hash = db_get_blob(st, 1);
	memcpy(
		row.sha256, hash.s ? hash.s : "", hash.n < sizeof row.sha256 ? hash.n : sizeof row.sha256);
	row.name = arena_text(a, db_get_text(st, 2));
	row.type = arena_text(a, db_get_text(st, 3));
	row.at = read_instant(db_get_text(st, 6));
	row.taken_at = read_instant(db_get_text(st, 7));
	row.has_point = db_kind(st, 8) != DB_NULL;
	row.longitude_e7 = (int32_t)db_get_int(st, 8);
	row.latitude_e7 = (int32_t)db_get_int(st, 9);
	return row;
}

static bool find_row(
	struct arena *a, struct db_statement *st, bool *found, struct file_row *out, struct err *err)
{
	if (!db_step(st, found, err))
		return false;
	if (*found) {
		*out = row_of(a, st);
		db_done(st);
	}
	return true;
}

bool file_find(struct store *s, struct arena *a, struct uuid account,
	const uint8_t sha256[DIGEST_BYTES], bool *found, struct file_row *out, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_find, &st, err);
	if (ok) {
		db_uuid(st, 1, account);
		db_blob(st, 2, sha256, DIGEST_BYTES);
		ok = find_row(a, st, found, out, err);
	}
	reader_give(s, db);
	return ok;
}

bool file_get(
	struct store *s, struct arena *a, struct uuid id, struct file_row *out, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool found = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_get, &st, err);
	if (ok) {
		db_blob(st, 1, id.b, sizeof id.b);
		ok = find_row(a, st, &found, out, err);
	}
	reader_give(s, db);
	return ok && (found || err_set(err, ERR_MISSING, "file", "there is no such file"));
}

bool file_read(struct store *s, struct arena *a, const struct file_row *row, struct slice *out,
	struct err *err)
{
	uint8_t hash[DIGEST_BYTES];
	const char *path = file_path(s, a, row);
	if (!os_read_file(a, path, LIMIT_UPLOAD_BYTES, out, err))
		return false;
	digest_of(DIGEST_SHA256, out->s, out->n, hash);
	return memcmp(hash, row->sha256, sizeof hash) == 0 ||
		err_set(err, ERR_SYSTEM, path, "the bytes of file \"%s\" are not those that were uploaded",
			row->name);
}

bool file_each(struct db *db, struct arena *a, bool (*each)(void *self, const struct file_row *row),
	void *self, struct err *err)
{
	struct db_statement *st;
	bool row = true, ok;
	if (!db_prepare(db, sql_all, &st, err))
		return false;
	while ((ok = db_step(st, &row, err)) && row) {
		struct arena_mark mark = arena_mark(a);
		struct file_row file = row_of(a, st);
		bool more = each(self, &file);
		arena_rewind(a, mark);
		if (!more) {
			db_done(st);
			break;
		}
	}
	return ok;
}
