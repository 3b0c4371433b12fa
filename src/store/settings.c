#include "store/settings.h"

#include "store/spelling.h"
#include "store/store_inside.h"

static const char sql_get[] = "SELECT value FROM setting WHERE key = $1";
static const char sql_put[] = "INSERT INTO setting (key, value) VALUES ($1, $2)"
							  " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char sql_light_put[] =
	"INSERT INTO light_since (record, light, severity, since) VALUES ($1, $2, $3, $4)"
	" ON CONFLICT (record, light) DO UPDATE SET severity = excluded.severity, since = "
	"excluded.since";
static const char sql_light_all[] = "SELECT record, light, severity, since FROM light_since";

bool setting_get(
	struct store *s, struct arena *a, const char *key, struct slice *out, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool row = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_get, &st, err);
	if (ok) {
		db_text(st, 1, key);
		ok = db_step(st, &row, err);
	}
	if (ok) {
		*out = row ? arena_slice(a, db_get_text(st, 0)) : (struct slice){0};
		if (row)
			db_done(st);
	}
	reader_give(s, db);
	return ok;
}

struct setting {
	const char *key;
	struct slice value;
};

static bool put_setting(struct db *db, void *self, struct err *err)
{
	const struct setting *setting = self;
	struct db_statement *st;
	if (!db_prepare(db, sql_put, &st, err))
		return false;
	db_text(st, 1, setting->key);
	db_slice(st, 2, setting->value.s ? setting->value : SLICE(""));
	return db_run(st, err);
}

bool setting_put(struct store *s, const char *key, struct slice value, struct err *err)
{
	struct setting setting = {key, value};
	return store_write(s, put_setting, &setting, err);
}

/* ---- lights ---- */

struct light_rows {
	const struct light_row *rows;
	int n;
};

static bool put_lights(struct db *db, void *self, struct err *err)
{
	const struct light_rows *lights = self;
	struct db_statement *st;
	char since[INSTANT_TEXT];
	if (!db_prepare(db, sql_light_put, &st, err))
		return false;
	for (int i = 0; i < lights->n; i++) {
		const struct light_row *row = &lights->rows[i];
		spell_instant(date_instant(row->since, 0, 0), since);
		since[10] = '\0';
		db_blob(st, 1, row->record.b, sizeof row->record.b);
		db_text(st, 2, row->light);
		db_int(st, 3, row->severity);
		db_text(st, 4, since);
		if (!db_run(st, err))
			return false;
	}
	return true;
}

bool light_put(struct store *s, const struct light_row *rows, int n, struct err *err)
{
	struct light_rows lights = {rows, n};
	return n == 0 || store_write(s, put_lights, &lights, err);
}

bool light_scan(struct store *s, light_each *each, void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool row = true;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_light_all, &st, err);
	while (ok && (ok = db_step(st, &row, err)) && row) {
		struct light_row light = {
			db_get_uuid(st, 0), db_get_text(st, 1).s, (int32_t)db_get_int(st, 2), DATE_NONE};
		if (!date_parse_iso(db_get_text(st, 3), &light.since))
			light.since = DATE_NONE;
		if (!each(self, &light)) {
			db_done(st);
			break;
		}
	}
	reader_give(s, db);
	return ok;
}
