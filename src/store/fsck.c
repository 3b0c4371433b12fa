/* Everything the store derives, made again and compared. Each difference is a finding with
 * register, id and field. */
#include <stdio.h>

#include "base/json.h"
#include "store/care.h"
#include "store/file_use.h"
#include "store/spelling.h"
#include "store/store_inside.h"

struct check {
	struct store *s;
	struct db *db;
	const struct schema *schema;
	const struct progress *progress;
	finding_each *each;
	void *self;
	int64_t n;
	bool stopped, ok;
	struct err *err;
};

static void report(struct check *c, const struct finding_row *finding)
{
	c->n++;
	if (!c->stopped)
		c->stopped = !c->each(c->self, finding);
}

/* ---- records ---- */

static void differs(struct check *c, const struct record *r, const char *field, const char *stored,
	const char *expected)
{
	report(c, &(struct finding_row){"record", r->reg->name, r->id, field, stored, expected});
}

static void compare_text(struct check *c, const struct record *r, const char *field,
	const char *stored, const char *expected)
{
	if (stored != expected && (!stored || !expected || strcmp(stored, expected) != 0))
		differs(c, r, field, stored, expected);
}

static void compare_instant(struct check *c, const struct record *r, const char *field,
	struct instant stored, struct instant expected)
{
	char a[INSTANT_TEXT] = "", b[INSTANT_TEXT] = "";
	if (stored.ms == expected.ms)
		return;
	if (stored.ms != INSTANT_NONE.ms)
		spell_instant(stored, a);
	spell_instant(expected, b);
	differs(c, r, field, a, b);
}

static void compare_id(struct check *c, const struct record *r, const char *field,
	struct uuid stored, struct uuid expected)
{
	char a[UUID_TEXT], b[UUID_TEXT];
	if (uuid_equal(stored, expected))
		return;
	uuid_format(stored, a);
	uuid_format(expected, b);
	differs(c, r, field, a, b);
}

static void compare_value(struct check *c, const struct record *r, const struct field *f,
	const struct value *stored, const struct value *expected)
{
	struct str a = STR_INIT, b = STR_INIT;
	if (value_equal(stored, expected))
		return;
	struct json_writer w = jw_start(&a);
	spell_value(&w, f, stored);
	w = jw_start(&b);
	spell_value(&w, f, expected);
	differs(c, r, f->name, str_text(&a), str_text(&b));
	str_free(&a);
	str_free(&b);
}

static void compare_records(
	struct check *c, const struct record *stored, const struct record *expected)
{
	char a[32], b[32];
	compare_text(c, expected, "number", stored->number, expected->number);
	compare_text(c, expected, "state", stored->state, expected->state);
	compare_instant(c, expected, "state_since", stored->state_since, expected->state_since);
	compare_id(c, expected, "created_by", stored->created_by, expected->created_by);
	compare_instant(c, expected, "created_at", stored->created_at, expected->created_at);
	compare_id(c, expected, "changed_by", stored->changed_by, expected->changed_by);
	compare_instant(c, expected, "changed_at", stored->changed_at, expected->changed_at);
	if (stored->version != expected->version) {
		snprintf(a, sizeof a, "%lld", (long long)stored->version);
		snprintf(b, sizeof b, "%lld", (long long)expected->version);
		differs(c, expected, "version", a, b);
	}
	if (stored->deleted != expected->deleted)
		differs(c, expected, "deleted", stored->deleted ? "1" : "0", expected->deleted ? "1" : "0");
	for (int i = 0; i < expected->reg->nfields; i++)
		if (field_is_stored(&expected->reg->fields[i]))
			compare_value(
				c, expected, &expected->reg->fields[i], &stored->values[i], &expected->values[i]);
}

static bool check_record(
	void *self, const struct change *change, const struct record *expected, bool last)
{
	struct check *c = self;
	struct db_statement *st;
	bool row;
	struct uuid file;
	c->ok = file_use_check(c->db, change, &file, c->err);
	if (!c->ok)
		return false;
	if (!uuid_is_nil(file)) {
		char text[UUID_TEXT];
		uuid_format(file, text);
		report(
			c, &(struct finding_row){"file use", change->reg->name, change->id, NULL, NULL, text});
	}
	if (!last)
		return true;
	const struct table *t = schema_table(c->schema, expected->reg);
	c->ok = db_prepare(c->db, t->get, &st, c->err);
	if (!c->ok)
		return false;
	db_blob(st, 1, expected->id.b, sizeof expected->id.b);
	c->ok = db_step(st, &row, c->err);
	if (!c->ok)
		return false;
	if (!row) {
		report(c,
			&(struct finding_row){
				.kind = "missing record", .reg = t->reg->name, .id = expected->id});
		return !c->stopped;
	}
	struct arena *a = arena_open();
	compare_records(c, table_record(a, t, st), expected);
	arena_close(a);
	db_done(st);
	return !c->stopped;
}

/* Rows that no journal entry ever made. */
static bool check_extra(struct check *c, const struct table *t)
{
	struct db_statement *st;
	struct str sql = STR_INIT;
	bool row, ok;
	str_printf(&sql,
		"SELECT id FROM r_%s WHERE NOT EXISTS (SELECT 1 FROM journal WHERE journal.record = "
		"r_%s.id)",
		t->reg->name, t->reg->name);
	ok = db_prepare_once(c->db, str_text(&sql), &st, c->err);
	str_free(&sql);
	if (!ok)
		return false;
	while (!c->stopped && (ok = db_step(st, &row, c->err)) && row)
		report(c,
			&(struct finding_row){
				.kind = "extra record", .reg = t->reg->name, .id = db_get_uuid(st, 0)});
	db_finalize(st);
	return ok;
}

/* ---- files ---- */

static bool check_file(void *self, const struct file_row *row)
{
	struct check *c = self;
	struct finding_row finding = {.kind = "file", .reg = "file", .id = row->id};
	struct arena *a = arena_open();
	struct slice bytes;
	struct str said = STR_INIT;
	struct err err;
	if (!uuid_equal(file_row_id(row), row->id)) {
		finding.field = "id";
		report(c, &finding);
	}
	if (!file_read(c->s, a, row, &bytes, &err)) {
		err_say(&err, LANG_EN, &said);
		finding.field = "bytes";
		finding.stored = str_text(&said);
		report(c, &finding);
	}
	str_free(&said);
	arena_close(a);
	return !c->stopped;
}

/* ---- search ---- */

static const char sql_search_rows[] = "SELECT id, register, words FROM search_row ORDER BY no";
static const char sql_later[] =
	"SELECT 1 FROM journal WHERE record = $1 AND no > (SELECT no FROM search_state WHERE one = 1)";
static const char sql_integrity[] = "INSERT INTO search (search) VALUES ('integrity-check')";

/* The index follows: a record that changed since it last did is not wrong yet. */
static bool changed_since(struct check *c, struct uuid id, bool *later)
{
	struct db_statement *st;
	if (!db_prepare(c->db, sql_later, &st, c->err))
		return false;
	db_blob(st, 1, id.b, sizeof id.b);
	if (!db_step(st, later, c->err))
		return false;
	db_done(st);
	return true;
}

static bool check_search_row(struct check *c, struct db_statement *st, struct str *words)
{
	struct slice name = db_get_text(st, 1);
	const struct table *t = name.s ? schema_named(c->schema, name.s) : NULL;
	struct uuid id = db_get_uuid(st, 0);
	bool later = false;
	if (!t || !t->words)
		return true;
	if (!search_words(c->db, t, id, words, c->err))
		return false;
	struct slice stored = db_get_text(st, 2);
	if (slice_equal(stored, str_view(words)))
		return true;
	if (!changed_since(c, id, &later))
		return false;
	if (!later)
		report(
			c, &(struct finding_row){"search", t->reg->name, id, NULL, stored.s, str_text(words)});
	return true;
}

static bool check_search(struct check *c)
{
	struct db_statement *st;
	struct str words = STR_INIT;
	bool row, ok = db_prepare(c->db, sql_search_rows, &st, c->err);
	if (!ok)
		return false;
	while (!c->stopped && (ok = db_step(st, &row, c->err)) && row)
		ok = check_search_row(c, st, &words);
	db_done(st);
	str_free(&words);
	return ok;
}

static bool check_index(struct db *db, void *self, struct err *err)
{
	struct db_statement *st;
	bool *whole = self;
	*whole = db_prepare(db, sql_integrity, &st, err) && db_run(st, err);
	return *whole ||
		err_set(err, ERR_CONFLICT, "search", "the search index does not hold what search_row says");
}

/* ---- the engine ---- */

static void check_page(void *self, const char *text)
{
	report(self, &(struct finding_row){.kind = "database", .stored = text});
}

static bool check_snapshot(struct check *c)
{
	struct arena *a = arena_open();
	bool ok = replay_on(c->db, c->schema, c->progress, check_record, c, c->err) && c->ok;
	for (int i = 0; ok && !c->stopped && i < c->schema->catalogue->n; i++)
		ok = check_extra(c, &c->schema->tables[i]);
	ok = ok && (c->stopped || check_search(c));
	ok = ok && (c->stopped || file_each(c->db, a, check_file, c, c->err));
	ok = ok && (c->stopped || db_check(c->db, check_page, c, c->err));
	arena_close(a);
	return ok;
}

bool store_fsck(struct store *s, const struct progress *progress, finding_each *each, void *self,
	int64_t *n, struct err *err)
{
	struct check c = {.s = s,
		.schema = atomic_load(&s->schema),
		.progress = progress,
		.each = each,
		.self = self,
		.ok = true,
		.err = err};
	struct err why;
	bool whole = true;
	if (s->writer && !store_write(s, check_index, &whole, &why)) {
		if (whole || why.code != ERR_CONFLICT) {
			*err = why;
			return false;
		}
		report(&c, &(struct finding_row){.kind = "search", .reg = "search"});
	}
	if (!reader_take(s, &c.db, err))
		return false;
	bool ok = db_begin_read(c.db, err) && check_snapshot(&c);
	db_rollback(c.db);
	reader_give(s, c.db);
	*n = c.n;
	return ok;
}
