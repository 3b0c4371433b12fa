#include "store/file_use.h"

#include "store/store_inside.h"

static const char sql_note[] = "INSERT INTO file_use (file, record, register) VALUES ($1, $2, $3)"
							   " ON CONFLICT (file, record) DO NOTHING";
static const char sql_users[] =
	"SELECT register, record FROM file_use WHERE file = $1 ORDER BY record DESC";
static const char sql_noted[] = "SELECT 1 FROM file_use WHERE file = $1 AND record = $2";

typedef bool file_named(
	struct db *db, const struct change *c, struct uuid file, void *self, struct err *err);

static bool each_file(
	struct db *db, const struct change *c, file_named *call, void *self, struct err *err)
{
	for (int i = 0; i < c->n; i++) {
		enum field_type type = c->fields[i]->type;
		const struct value *v = &c->after[i];
		if (type != FIELD_FILE && type != FIELD_FILES)
			continue;
		const struct value *items = v->kind == VALUE_LIST ? v->items : v;
		int n = v->kind == VALUE_LIST ? v->n : 1;
		for (int k = 0; k < n; k++) {
			struct uuid file;
			if (items[k].kind == VALUE_TEXT && uuid_parse(items[k].text, &file) &&
				!call(db, c, file, self, err))
				return false;
		}
	}
	return true;
}

static bool note(
	struct db *db, const struct change *c, struct uuid file, void *self, struct err *err)
{
	struct db_statement *st;
	(void)self;
	if (!db_prepare(db, sql_note, &st, err))
		return false;
	db_blob(st, 1, file.b, sizeof file.b);
	db_blob(st, 2, c->id.b, sizeof c->id.b);
	db_text(st, 3, c->reg->name);
	return db_run(st, err);
}

bool file_use_note(struct db *db, const struct change *change, struct err *err)
{
	return each_file(db, change, note, NULL, err);
}

static bool look(
	struct db *db, const struct change *c, struct uuid file, void *self, struct err *err)
{
	struct uuid *missing = self;
	struct db_statement *st;
	bool row;
	if (!uuid_is_nil(*missing))
		return true;
	if (!db_prepare(db, sql_noted, &st, err))
		return false;
	db_blob(st, 1, file.b, sizeof file.b);
	db_blob(st, 2, c->id.b, sizeof c->id.b);
	if (!db_step(st, &row, err))
		return false;
	if (row)
		db_done(st);
	else
		*missing = file;
	return true;
}

bool file_use_check(
	struct db *db, const struct change *change, struct uuid *missing, struct err *err)
{
	*missing = (struct uuid){{0}};
	return each_file(db, change, look, missing, err);
}

bool file_users(struct store *s, struct uuid file, file_use_each *each, void *self, struct err *err)
{
	struct db *db;
	struct db_statement *st;
	bool row = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_prepare(db, sql_users, &st, err);
	if (ok) {
		db_blob(st, 1, file.b, sizeof file.b);
		while ((ok = db_step(st, &row, err)) && row)
			if (!each(self, db_get_text(st, 0).s, db_get_uuid(st, 1))) {
				db_done(st);
				break;
			}
	}
	reader_give(s, db);
	return ok;
}
