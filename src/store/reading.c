/* Records by id, parent, value; and all of them. Each call is one statement on one connection, so
 * it sees one state. */
#include "store/spelling.h"
#include "store/store_inside.h"

struct look {
	struct store *s;
	struct db *db;
	struct db_statement *st;
	const struct table *t;
};

static bool look_open(
	struct store *s, const struct register_def *reg, struct look *r, struct err *err)
{
	*r = (struct look){.s = s, .t = schema_table(atomic_load(&s->schema), reg)};
	return reader_take(s, &r->db, err);
}

static void look_close(struct look *r)
{
	if (r->st)
		db_done(r->st);
	reader_give(r->s, r->db);
}

bool store_get_any(struct store *s, struct arena *a, const struct register_def *reg, struct uuid id,
	struct record **out, struct err *err)
{
	struct look r;
	bool row = false;
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, r.t->get, &r.st, err);
	if (ok) {
		db_blob(r.st, 1, id.b, sizeof id.b);
		ok = db_step(r.st, &row, err);
	}
	if (ok && !row)
		ok = err_set(err, ERR_MISSING, reg->name, "there is no such record");
	if (ok)
		*out = table_record(a, r.t, r.st);
	look_close(&r);
	return ok;
}

bool store_get(struct store *s, struct arena *a, const struct register_def *reg, struct uuid id,
	struct record **out, struct err *err)
{
	struct record *record;
	if (!store_get_any(s, a, reg, id, &record, err))
		return false;
	if (record->deleted)
		return err_set(err, ERR_MISSING, reg->name, "there is no such record");
	*out = record;
	return true;
}

static bool collect(struct look *r, struct arena *a, struct record ***out, int *n, struct err *err)
{
	struct record **rows = NULL;
	int count = 0, room = 0;
	bool row;
	for (;;) {
		if (!db_step(r->st, &row, err))
			return false;
		if (!row)
			break;
		if (count == room) {
			room = room ? room * 2 : 16;
			rows = arena_grow(a, rows, (size_t)count, (size_t)room, sizeof *rows);
		}
		rows[count++] = table_record(a, r->t, r->st);
	}
	*out = rows;
	*n = count;
	return true;
}

bool store_children(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *ref, struct uuid parent, struct uuid after, int limit, struct record ***out,
	int *n, struct err *err)
{
	static const struct uuid last = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
	struct look r;
	assert(ref->type == FIELD_REF);
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, r.t->children[ref->index], &r.st, err);
	if (ok) {
		db_blob(r.st, 1, parent.b, sizeof parent.b);
		db_uuid(r.st, 2, uuid_is_nil(after) ? last : after);
		db_int(r.st, 3, limit);
		ok = collect(&r, a, out, n, err);
	}
	look_close(&r);
	return ok;
}

bool store_deleted(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *ref, struct uuid parent, struct record ***out, int *n, struct err *err)
{
	struct look r;
	assert(ref->type == FIELD_REF);
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, r.t->deleted[ref->index], &r.st, err);
	if (ok) {
		db_blob(r.st, 1, parent.b, sizeof parent.b);
		ok = collect(&r, a, out, n, err);
	}
	look_close(&r);
	return ok;
}

bool store_find(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *field, const struct value *value, struct record ***out, int *n,
	struct err *err)
{
	struct look r;
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, r.t->find[field->index], &r.st, err);
	if (ok) {
		bind_value(a, r.st, 1, field, value);
		ok = collect(&r, a, out, n, err);
	}
	look_close(&r);
	return ok;
}

bool store_find_number(struct store *s, struct arena *a, const struct register_def *reg,
	const char *number, struct record **out, struct err *err)
{
	struct look r;
	bool row = false;
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, r.t->find_number, &r.st, err);
	if (ok) {
		db_text(r.st, 1, number);
		ok = db_step(r.st, &row, err);
	}
	if (ok && (!row || db_get_int(r.st, COLUMN_DELETED)))
		ok = err_set(err, ERR_MISSING, reg->name, "there is no record with number \"%s\"", number);
	if (ok)
		*out = table_record(a, r.t, r.st);
	look_close(&r);
	return ok;
}

static bool scan(struct store *s, const struct register_def *reg, bool deleted, record_each *each,
	void *self, struct err *err)
{
	struct look r;
	bool row = true;
	if (!look_open(s, reg, &r, err))
		return false;
	bool ok = db_prepare(r.db, deleted ? r.t->scan_all : r.t->scan, &r.st, err);
	struct arena *a = arena_open();
	struct arena_mark mark = arena_mark(a);
	while (ok && (ok = db_step(r.st, &row, err)) && row) {
		if (!each(self, table_record(a, r.t, r.st)))
			break;
		arena_rewind(a, mark);
	}
	arena_close(a);
	look_close(&r);
	return ok;
}

bool store_scan(
	struct store *s, const struct register_def *reg, record_each *each, void *self, struct err *err)
{
	return scan(s, reg, false, each, self, err);
}

bool store_scan_all(
	struct store *s, const struct register_def *reg, record_each *each, void *self, struct err *err)
{
	return scan(s, reg, true, each, self, err);
}
