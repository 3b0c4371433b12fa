/*
 * SQL made from definitions. Names of registers and fields are identifiers, and none is a column of
 * `common` (the loader sees to both); they are quoted all the same. Values are bound, never written
 * into a text.
 */
#include "store/tables.h"

#include "store/spelling.h"

/* clang-format off */
static const struct { const char *name; enum db_type type; const char *more; } common[COLUMN_FIELDS] = {
	[COLUMN_ID]          = {"id", DB_TYPE_BYTES, " NOT NULL UNIQUE"},
	[COLUMN_NUMBER]      = {"number", DB_TYPE_TEXT, ""},
	[COLUMN_VERSION]     = {"version", DB_TYPE_INTEGER, " NOT NULL"},
	[COLUMN_STATE]       = {"state", DB_TYPE_TEXT, ""},
	[COLUMN_STATE_SINCE] = {"state_since", DB_TYPE_TEXT, " NOT NULL"},
	[COLUMN_CREATED_BY]  = {"created_by", DB_TYPE_BYTES, ""},
	[COLUMN_CREATED_AT]  = {"created_at", DB_TYPE_TEXT, " NOT NULL"},
	[COLUMN_CHANGED_BY]  = {"changed_by", DB_TYPE_BYTES, ""},
	[COLUMN_CHANGED_AT]  = {"changed_at", DB_TYPE_TEXT, " NOT NULL"},
	[COLUMN_DELETED]     = {"deleted", DB_TYPE_INTEGER, " NOT NULL DEFAULT 0"},
};
/* clang-format on */

/* ---- the statements ---- */

static const char *keep(struct arena *a, struct str *sql)
{
	const char *text = arena_text(a, str_view(sql));
	str_clear(sql);
	return text;
}

static void add_columns(struct str *sql, const struct table *t)
{
	for (int i = 0; i < COLUMN_FIELDS; i++)
		str_printf(sql, "%s%s", i ? ", " : "", common[i].name);
	for (int i = 0; i < t->nstored; i++)
		str_printf(sql, ", \"%s\"", t->stored[i]->name);
}

static void add_select(struct str *sql, const struct table *t)
{
	str_puts(sql, "SELECT ");
	add_columns(sql, t);
	str_printf(sql, " FROM r_%s WHERE ", t->reg->name);
}

static void make_selects(struct arena *a, struct table *t, struct str *sql)
{
	add_select(sql, t);
	str_puts(sql, "id = $1");
	t->get = keep(a, sql);
	add_select(sql, t);
	str_puts(sql, "deleted = 0 ORDER BY row_no");
	t->scan = keep(a, sql);
	add_select(sql, t);
	str_puts(sql, "1 ORDER BY row_no");
	t->scan_all = keep(a, sql);
	add_select(sql, t);
	str_puts(sql, "number = $1");
	t->find_number = keep(a, sql);
	str_printf(sql,
		"SELECT number FROM r_%s WHERE number >= $1 AND number < $2 ORDER BY length(number) DESC, "
		"number DESC",
		t->reg->name);
	t->last_number = keep(a, sql);

	t->find = ARENA_ARRAY(a, const char *, (size_t)t->reg->nfields);
	t->children = ARENA_ARRAY(a, const char *, (size_t)t->reg->nfields);
	t->deleted = ARENA_ARRAY(a, const char *, (size_t)t->reg->nfields);
	for (int i = 0; i < t->nstored; i++) {
		const struct field *f = t->stored[i];
		add_select(sql, t);
		str_printf(sql, "\"%s\" = $1 AND deleted = 0 ORDER BY id", f->name);
		t->find[f->index] = keep(a, sql);
		if (f->type != FIELD_REF)
			continue;
		add_select(sql, t);
		str_printf(
			sql, "\"%s\" = $1 AND id < $2 AND deleted = 0 ORDER BY id DESC LIMIT $3", f->name);
		t->children[f->index] = keep(a, sql);
		add_select(sql, t);
		str_printf(sql, "\"%s\" = $1 AND deleted = 1 ORDER BY id DESC", f->name);
		t->deleted[f->index] = keep(a, sql);
	}
	if (!t->nkey)
		return;
	add_select(sql, t);
	for (int i = 0; i < t->nkey; i++)
		str_printf(sql, "\"%s\" = $%d AND ", t->key[i]->name, i + 1);
	str_puts(sql, "deleted = 0");
	t->find_key = keep(a, sql);
}

static void make_update(struct table *t, bool all, struct str *sql)
{
	int n = 7;
	str_printf(sql,
		"UPDATE r_%s SET version = $2, state = $3, state_since = $4, changed_by = $5, changed_at = "
		"$6, deleted = $7",
		t->reg->name);
	for (int i = 0; i < t->nstored; i++)
		if (all || !t->indexed[t->stored[i]->index])
			str_printf(sql, ", \"%s\" = $%d", t->stored[i]->name, ++n);
	str_puts(sql, " WHERE id = $1");
}

static void make_writes(struct arena *a, struct table *t, struct str *sql)
{
	str_printf(sql, "INSERT INTO r_%s (", t->reg->name);
	add_columns(sql, t);
	str_puts(sql, ") VALUES (");
	for (int i = 0; i < COLUMN_FIELDS + t->nstored; i++)
		str_printf(sql, "%s$%d", i ? ", " : "", i + 1);
	str_puts(sql, ")");
	t->insert = keep(a, sql);
	make_update(t, true, sql);
	t->update = keep(a, sql);
	make_update(t, false, sql);
	t->update_plain = keep(a, sql);
}

/* What people look for by words. Personal data and the program's own registers are not among it. */
static bool is_searched(const struct table *t, const struct field *f)
{
	bool titles = t->reg->title && strcmp(t->reg->title, f->name) == 0;
	return !t->reg->internal && !f->sensitive &&
		(f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT || f->type == FIELD_CODE ||
			(titles && column_type(f) == DB_TYPE_TEXT));
}

static void make_words(struct arena *a, struct table *t, struct str *sql)
{
	str_puts(sql, "SELECT deleted, number");
	for (int i = 0; i < t->nstored; i++)
		if (is_searched(t, t->stored[i])) {
			str_printf(sql, ", \"%s\"", t->stored[i]->name);
			t->nwords++;
		}
	str_printf(sql, " FROM r_%s WHERE id = $1", t->reg->name);
	t->words = t->nwords ? keep(a, sql) : NULL;
	t->nwords++;
	str_clear(sql);
}

static void make_key(struct arena *a, struct table *t)
{
	const struct register_def *reg = t->reg;
	t->key = ARENA_ARRAY(a, const struct field *, (size_t)reg->nkey + 1);
	if (!reg->nkey)
		return;
	const struct field *parent = reg->of ? register_field(reg, reg->of) : NULL;
	if (parent && field_is_stored(parent))
		t->key[t->nkey++] = parent;
	for (int i = 0; i < reg->nkey; i++) {
		const struct field *f = register_field(reg, reg->key[i]);
		if (f && f != parent && field_is_stored(f))
			t->key[t->nkey++] = f;
	}
}

/* Every index costs each new record a place in a tree, so there is one only for what is asked of the tables: a number, a
 * value that is unique, the records under a parent. Who leads which project is asked of the board. Empty values are left out. */
static bool is_indexed(const struct table *t, const struct field *f)
{
	return f->unique || (f->type == FIELD_REF && t->reg->of && strcmp(t->reg->of, f->name) == 0);
}

static void make_table(struct arena *a, const struct register_def *reg, struct table *t)
{
	*t = (struct table){.reg = reg};
	t->stored = ARENA_ARRAY(a, const struct field *, (size_t)reg->nfields);
	t->column = ARENA_ARRAY(a, int, (size_t)reg->nfields);
	t->indexed = ARENA_ARRAY(a, bool, (size_t)reg->nfields);
	make_key(a, t);
	for (int i = 0; i < reg->nfields; i++) {
		const struct field *f = &reg->fields[i];
		if (!field_is_stored(f))
			continue;
		t->column[i] = COLUMN_FIELDS + t->nstored;
		t->stored[t->nstored++] = f;
		t->indexed[i] = is_indexed(t, f);
	}
	for (int i = 0; i < t->nkey; i++)
		t->indexed[t->key[i]->index] = true;
	for (int i = 0; i < t->nstored; i++)
		t->nplain += !t->indexed[t->stored[i]->index];
	struct str sql = STR_INIT;
	make_selects(a, t, &sql);
	make_writes(a, t, &sql);
	make_words(a, t, &sql);
	str_free(&sql);
}

struct schema *schema_open(const struct catalogue *catalogue, struct schema *older)
{
	struct arena *a = arena_open();
	struct schema *schema = ARENA_NEW(a, struct schema);
	*schema =
		(struct schema){catalogue, a, ARENA_ARRAY(a, struct table, (size_t)catalogue->n), older};
	for (int i = 0; i < catalogue->n; i++)
		make_table(a, &catalogue->registers[i], &schema->tables[i]);
	return schema;
}

void schema_close(struct schema *schema)
{
	while (schema) {
		struct schema *older = schema->older;
		arena_close(schema->a);
		schema = older;
	}
}

const struct table *schema_table(const struct schema *schema, const struct register_def *reg)
{
	for (; schema; schema = schema->older)
		if (reg->index < schema->catalogue->n && &schema->catalogue->registers[reg->index] == reg)
			return &schema->tables[reg->index];
	assert(!"a definition of a catalogue that this store was never given");
	return NULL;
}

const struct table *schema_named(const struct schema *schema, const char *name)
{
	const struct register_def *reg = catalogue_find(schema->catalogue, name);
	return reg ? &schema->tables[reg->index] : NULL;
}

/* ---- the tables in the data file ---- */

/* Calls `each` for every index a table should have, and with NULL for those that earlier versions made. */
typedef bool index_each(void *self, const char *name, const char *sql, struct err *err);

static bool key_index(const struct table *t, index_each *each, void *self, struct err *err)
{
	struct str name = STR_INIT, sql = STR_INIT;
	str_printf(&name, "k_%s", t->reg->name);
	str_printf(&sql, "CREATE UNIQUE INDEX k_%s ON r_%s(", t->reg->name, t->reg->name);
	for (int i = 0; i < t->nkey; i++)
		str_printf(&sql, "%s\"%s\"", i ? ", " : "", t->key[i]->name);
	str_puts(&sql, ") WHERE deleted = 0");
	bool ok = each(self, str_text(&name), str_text(&sql), err);
	str_free(&name);
	str_free(&sql);
	return ok;
}

static bool table_indexes(const struct table *t, index_each *each, void *self, struct err *err)
{
	struct str name = STR_INIT, sql = STR_INIT;
	const char *reg = t->reg->name;
	bool ok = true;
	str_printf(&name, "n_%s", reg);
	str_printf(&sql, "CREATE UNIQUE INDEX n_%s ON r_%s(number) WHERE number IS NOT NULL", reg, reg);
	ok = each(self, str_text(&name), str_text(&sql), err);
	for (int i = 0; ok && i < t->nstored; i++) {
		const struct field *f = t->stored[i];
		bool wanted = is_indexed(t, f);
		if (!wanted && f->type != FIELD_REF)
			continue;
		str_clear(&name);
		str_clear(&sql);
		str_printf(&name, "%s_%s_%s", f->unique ? "u" : "i", reg, f->name);
		if (f->unique)
			str_printf(&sql,
				"CREATE UNIQUE INDEX \"%s\" ON r_%s(\"%s\") WHERE deleted = 0 AND \"%s\" IS NOT "
				"NULL",
				str_text(&name), reg, f->name, f->name);
		else
			str_printf(&sql, "CREATE INDEX \"%s\" ON r_%s(\"%s\", id) WHERE \"%s\" IS NOT NULL",
				str_text(&name), reg, f->name, f->name);
		ok = each(self, str_text(&name), wanted ? str_text(&sql) : NULL, err);
	}
	str_free(&name);
	str_free(&sql);
	return ok && (!t->nkey || key_index(t, each, self, err));
}

/* What an index was made from stands in schema_index, so that a changed key is seen without asking
 * the engine. */
static const char sql_index_get[] = "SELECT made FROM schema_index WHERE name = $1";
static const char sql_index_put[] = "INSERT INTO schema_index (name, made) VALUES ($1, $2)"
									" ON CONFLICT (name) DO UPDATE SET made = excluded.made";

enum index_now { INDEX_RIGHT, INDEX_OTHER, INDEX_NONE };

static bool index_now(
	struct db *db, const char *name, const char *sql, enum index_now *out, struct err *err)
{
	struct db_statement *st;
	bool row;
	if (!db_prepare(db, sql_index_get, &st, err))
		return false;
	db_text(st, 1, name);
	if (!db_step(st, &row, err))
		return false;
	*out = !row ? INDEX_NONE : sql && slice_is(db_get_text(st, 0), sql) ? INDEX_RIGHT : INDEX_OTHER;
	db_done(st);
	return true;
}

static const char sql_index_forget[] = "DELETE FROM schema_index WHERE name = $1";

static bool drop_index(struct db *db, const char *name, struct err *err)
{
	struct str drop = STR_INIT;
	struct db_statement *st;
	str_printf(&drop, "DROP INDEX IF EXISTS \"%s\"", name);
	bool ok = db_exec(db, str_text(&drop), err) && db_prepare(db, sql_index_forget, &st, err);
	str_free(&drop);
	if (!ok)
		return false;
	db_text(st, 1, name);
	return db_run(st, err);
}

static bool make_index(void *self, const char *name, const char *sql, struct err *err)
{
	struct db *db = self;
	enum index_now now;
	struct db_statement *st;
	if (!index_now(db, name, sql, &now, err))
		return false;
	if (now == (sql ? INDEX_RIGHT : INDEX_NONE))
		return true;
	if (now == INDEX_OTHER && !drop_index(db, name, err))
		return false;
	if (!sql)
		return true;
	if (!db_exec(db, sql, err)) {
		if (db_fault(db) == DB_UNIQUE)
			return err_set(
				err, ERR_CONFLICT, name + 2, "existing records share a value that is to be unique");
		return false;
	}
	if (!db_prepare(db, sql_index_put, &st, err))
		return false;
	db_text(st, 1, name);
	db_text(st, 2, sql);
	return db_run(st, err);
}

static bool create_table(struct db *db, const struct table *t, struct err *err)
{
	struct str sql = STR_INIT;
	str_printf(&sql, "CREATE TABLE r_%s (row_no %s", t->reg->name, db_type_name(DB_TYPE_ROW));
	for (int i = 0; i < COLUMN_FIELDS; i++)
		str_printf(&sql, ", %s %s%s", common[i].name, db_type_name(common[i].type), common[i].more);
	for (int i = 0; i < t->nstored; i++)
		str_printf(
			&sql, ", \"%s\" %s", t->stored[i]->name, db_type_name(column_type(t->stored[i])));
	str_puts(&sql, ")");
	bool ok = db_exec(db, str_text(&sql), err);
	str_free(&sql);
	return ok;
}

/* NULL in *type: the column is missing. A column of another type is refused: its values would be lost. */
static bool column_now(
	struct db *db, const struct table *t, const struct field *f, const char **type, struct err *err)
{
	struct str name = STR_INIT;
	str_printf(&name, "r_%s", t->reg->name);
	bool ok = db_column_type(db, str_text(&name), f->name, type, err);
	str_free(&name);
	const char *wanted = db_type_name(column_type(f));
	if (ok && *type && strcmp(*type, wanted) != 0)
		return err_set(err, ERR_CONFLICT, t->reg->name,
			"field \"%s\" cannot become %s, its values are stored as %s", f->name,
			field_type_name(f->type), *type);
	return ok;
}

static bool add_missing_columns(struct db *db, const struct table *t, struct err *err)
{
	for (int i = 0; i < t->nstored; i++) {
		const char *type;
		if (!column_now(db, t, t->stored[i], &type, err))
			return false;
		if (type)
			continue;
		struct str sql = STR_INIT;
		str_printf(&sql, "ALTER TABLE r_%s ADD COLUMN \"%s\" %s", t->reg->name, t->stored[i]->name,
			db_type_name(column_type(t->stored[i])));
		bool ok = db_exec(db, str_text(&sql), err);
		str_free(&sql);
		if (!ok)
			return false;
	}
	return true;
}

static bool table_exists(struct db *db, const struct table *t, bool *exists, struct err *err)
{
	struct str name = STR_INIT;
	const char *type = NULL;
	str_printf(&name, "r_%s", t->reg->name);
	bool ok = db_column_type(db, str_text(&name), "id", &type, err);
	str_free(&name);
	*exists = type;
	return ok;
}

bool schema_apply(struct db *db, const struct schema *schema, struct err *err)
{
	for (int i = 0; i < schema->catalogue->n; i++) {
		const struct table *t = &schema->tables[i];
		bool exists;
		if (!table_exists(db, t, &exists, err))
			return false;
		if (!(exists ? add_missing_columns(db, t, err) : create_table(db, t, err)))
			return false;
		if (!table_indexes(t, make_index, db, err))
			return false;
	}
	return true;
}

static bool drop_plain(void *self, const char *name, const char *sql, struct err *err)
{
	return !sql || strncmp(sql, "CREATE INDEX", 12) != 0 || drop_index(self, name, err);
}

bool schema_bare(struct db *db, const struct schema *schema, struct err *err)
{
	for (int i = 0; i < schema->catalogue->n; i++)
		if (!table_indexes(&schema->tables[i], drop_plain, db, err))
			return false;
	return true;
}

struct completeness {
	struct db *db;
	bool complete;
};

static bool index_is_there(void *self, const char *name, const char *sql, struct err *err)
{
	struct completeness *c = self;
	enum index_now now;
	if (!index_now(c->db, name, sql, &now, err))
		return false;
	c->complete &= now == (sql ? INDEX_RIGHT : INDEX_NONE);
	return true;
}

bool schema_complete(struct db *db, const struct schema *schema, bool *complete, struct err *err)
{
	struct completeness c = {db, true};
	for (int i = 0; c.complete && i < schema->catalogue->n; i++) {
		const struct table *t = &schema->tables[i];
		const char *type;
		if (!table_exists(db, t, &c.complete, err))
			return false;
		for (int j = 0; c.complete && j < t->nstored; j++) {
			if (!column_now(db, t, t->stored[j], &type, err))
				return false;
			c.complete = type;
		}
		if (c.complete && !table_indexes(t, index_is_there, &c, err))
			return false;
	}
	*complete = c.complete;
	return true;
}

/* ---- a row ---- */

/* A state's name as the definition has it; one that is defined no more is copied. */
static const char *state_name(struct arena *a, const struct register_def *reg, struct slice name)
{
	for (int i = 0; i < reg->nstates; i++)
		if (slice_is(name, reg->states[i].name))
			return reg->states[i].name;
	return name.s ? arena_text(a, name) : NULL;
}

struct record *table_record(struct arena *a, const struct table *t, struct db_statement *st)
{
	struct record *r = record_new(a, t->reg);
	struct slice number = db_get_text(st, COLUMN_NUMBER);
	r->id = db_get_uuid(st, COLUMN_ID);
	r->number = number.s ? arena_text(a, number) : NULL;
	r->version = db_get_int(st, COLUMN_VERSION);
	r->state = state_name(a, t->reg, db_get_text(st, COLUMN_STATE));
	r->state_since = read_instant(db_get_text(st, COLUMN_STATE_SINCE));
	r->created_by = db_get_uuid(st, COLUMN_CREATED_BY);
	r->created_at = read_instant(db_get_text(st, COLUMN_CREATED_AT));
	r->changed_by = db_get_uuid(st, COLUMN_CHANGED_BY);
	r->changed_at = read_instant(db_get_text(st, COLUMN_CHANGED_AT));
	r->deleted = db_get_int(st, COLUMN_DELETED) != 0;
	for (int i = 0; i < t->nstored; i++)
		r->values[t->stored[i]->index] = column_value(a, st, COLUMN_FIELDS + i, t->stored[i]);
	return r;
}
