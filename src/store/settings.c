#include "store/settings.h"

#include "store/spelling.h"
#include "store/store_inside.h"

static const char sql_get[] = "SELECT value FROM setting WHERE key = $1";
static const char sql_put[] = "INSERT INTO setting (key, value) VALUES ($1, $2)"
							  " ON CONFLICT (key) DO UPDATE SET value = excluded.value";
static const char sql_light_put[] =
	"INSERT OR REPLACE INTO light_since (record, light, severity, since, before, before_since,"
	" before_until) VALUES ($1, $2, $3, $4, $5, $6, $7)";
static const char sql_light_all[] =
	"SELECT record, light, severity, since, before, before_since, before_until FROM light_since";

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

/* "" is none: a light that does not stand, or never stood otherwise. The text is bound, not copied. */
static void put_day(struct db_statement *st, int place, struct date day, char text[INSTANT_TEXT])
{
	text[0] = '\0';
	if (!date_is_none(day)) {
		spell_instant(date_instant(day, 0, 0), text);
		text[10] = '\0';
	}
	db_text(st, place, text);
}

static struct date get_day(struct db_statement *st, int place)
{
	struct date day;
	return date_parse_iso(db_get_text(st, place), &day) ? day : DATE_NONE;
}

static bool put_lights(struct db *db, void *self, struct err *err)
{
	const struct light_rows *lights = self;
	struct db_statement *st;
	char since[INSTANT_TEXT], before[INSTANT_TEXT], until[INSTANT_TEXT];
	if (!db_prepare(db, sql_light_put, &st, err))
		return false;
	for (int i = 0; i < lights->n; i++) {
		/* what stays as it is in the row before is bound still: a project's lights follow each other, most of one day */
		const struct light_row *row = &lights->rows[i], *last = i ? row - 1 : NULL;
		if (!last || !uuid_equal(last->record, row->record))
			db_blob(st, 1, row->record.b, sizeof row->record.b);
		db_text(st, 2, row->light);
		db_int(st, 3, row->severity);
		if (!last || last->since.day != row->since.day)
			put_day(st, 4, row->since, since);
		db_int(st, 5, row->before);
		if (!last || last->before_since.day != row->before_since.day)
			put_day(st, 6, row->before_since, before);
		if (!last || last->before_until.day != row->before_until.day)
			put_day(st, 7, row->before_until, until);
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
		struct light_row light = {db_get_uuid(st, 0), db_get_text(st, 1).s,
			(int32_t)db_get_int(st, 2), get_day(st, 3), (int32_t)db_get_int(st, 4), get_day(st, 5),
			get_day(st, 6)};
		if (!each(self, &light)) {
			db_done(st);
			break;
		}
	}
	reader_give(s, db);
	return ok;
}
