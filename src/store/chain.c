#include "store/chain.h"

#include "base/json.h"
#include "store/spelling.h"

/* ---- the hash ---- */

static void add_head(struct str *s, char type, uint64_t n)
{
	char head[9] = {type};
	for (int i = 0; i < 8; i++)
		head[1 + i] = (char)(n >> (56 - 8 * i));
	str_add(s, head, sizeof head);
}

static void add_bytes(struct str *s, char type, const void *bytes, size_t n)
{
	if (!bytes) {
		add_head(s, 'N', 0);
		return;
	}
	add_head(s, type, n);
	str_add(s, bytes, n);
}

static void add_text(struct str *s, const char *text)
{
	add_bytes(s, 'T', text, text ? strlen(text) : 0);
}

static void add_id(struct str *s, const struct uuid *id)
{
	add_bytes(s, 'B', uuid_is_nil(*id) ? NULL : id->b, sizeof id->b);
}

void entry_hash(
	struct digest_run *run, struct str *room, const struct entry *e, uint8_t out[DIGEST_BYTES])
{
	str_clear(room);
	add_head(room, 'I', (uint64_t)e->no);
	add_text(room, e->at);
	add_id(room, &e->who);
	add_text(room, e->via);
	add_text(room, e->reg);
	add_id(room, &e->record);
	add_head(room, 'I', (uint64_t)e->version);
	add_text(room, e->step);
	add_bytes(room, 'T', e->change.s, e->change.n);
	add_text(room, e->reason);
	add_bytes(room, 'B', e->prev, sizeof e->prev);
	digest_add(run, room->s, room->n);
	digest_end(run, out);
}

void row_hash(
	struct digest_run *run, struct str *room, struct db_statement *st, uint8_t out[DIGEST_BYTES])
{
	str_clear(room);
	for (int i = 0; i < ENTRY_HASH; i++) {
		struct slice s;
		switch (db_kind(st, i)) {
		case DB_NULL: add_head(room, 'N', 0); break;
		case DB_INT: add_head(room, 'I', (uint64_t)db_get_int(st, i)); break;
		case DB_TEXT:
			s = db_get_text(st, i);
			add_bytes(room, 'T', s.s, s.n);
			break;
		case DB_BLOB:
			s = db_get_blob(st, i);
			add_bytes(room, 'B', s.s, s.n);
			break;
		case DB_REAL:
			s = db_get_text(st, i);
			add_bytes(room, 'R', s.s, s.n);
			break; /* never written by us */
		}
	}
	digest_add(run, room->s, room->n);
	digest_end(run, out);
}

/* ---- writing ---- */

static const char sql_insert[] = "INSERT INTO journal (" ENTRY_SELECT ")"
								 " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

bool entry_insert(
	struct db *db, const struct entry *e, const uint8_t hash[DIGEST_BYTES], struct err *err)
{
	struct db_statement *st;
	if (!db_prepare(db, sql_insert, &st, err))
		return false;
	db_int(st, 1 + ENTRY_NO, e->no);
	db_text(st, 1 + ENTRY_AT, e->at);
	db_uuid(st, 1 + ENTRY_WHO, e->who);
	db_text(st, 1 + ENTRY_VIA, e->via);
	db_text(st, 1 + ENTRY_REGISTER, e->reg);
	db_uuid(st, 1 + ENTRY_RECORD, e->record);
	db_int(st, 1 + ENTRY_VERSION, e->version);
	db_text(st, 1 + ENTRY_STEP, e->step);
	db_slice(st, 1 + ENTRY_CHANGE, e->change);
	db_text(st, 1 + ENTRY_REASON, e->reason);
	db_blob(st, 1 + ENTRY_PREV, e->prev, sizeof e->prev);
	db_blob(st, 1 + ENTRY_HASH, hash, DIGEST_BYTES);
	return db_run(st, err);
}

/* ---- the change as JSON ---- */

static const struct value none = {.kind = VALUE_NULL};

static void spell_state(struct json_writer *w, const char *before, const char *after)
{
	jw_key(w, "state");
	jw_array(w);
	jw_text(w, before);
	jw_text(w, after);
	jw_array_end(w);
}

void spell_created_fields(
	struct str *out, int n, const struct field *const *fields, const struct value *values)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	for (int i = 0; i < n; i++) {
		if (values[i].kind == VALUE_NULL)
			continue;
		jw_key(&w, fields[i]->name);
		jw_array(&w);
		jw_null(&w);
		spell_value(&w, fields[i], &values[i]);
		jw_array_end(&w);
	}
	jw_object_end(&w);
}

void spell_created(struct str *out, const char *number, const char *state, struct slice fields)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	if (number)
		jw_kt(&w, "number", number);
	if (state)
		spell_state(&w, NULL, state);
	jw_key(&w, "fields");
	jw_raw(&w, fields);
	jw_object_end(&w);
}

void spell_change(struct str *out, const struct change *c)
{
	struct json_writer w = jw_start(out);
	jw_object(&w);
	if (c->number)
		jw_kt(&w, "number", c->number);
	if (c->state_before || c->state_after)
		spell_state(&w, c->state_before, c->state_after);
	if (c->undoes) {
		char since[INSTANT_TEXT];
		jw_ki(&w, "undoes", c->undoes);
		spell_instant(c->since, since);
		jw_kt(&w, "since", since);
		jw_kid(&w, "by", c->by);
	}
	jw_key(&w, "fields");
	jw_object(&w);
	for (int i = 0; i < c->n; i++) {
		jw_key(&w, c->fields[i]->name);
		jw_array(&w);
		spell_value(&w, c->fields[i], c->before ? &c->before[i] : &none);
		spell_value(&w, c->fields[i], &c->after[i]);
		jw_array_end(&w);
	}
	jw_object_end(&w);
	jw_object_end(&w);
}

/* ---- reading ---- */

static void read_fields(struct arena *a, const struct json *fields, struct change *c)
{
	int n = json_count(fields);
	const struct field **known = ARENA_ARRAY(a, const struct field *, (size_t)n);
	struct value *before = ARENA_ARRAY(a, struct value, (size_t)n);
	struct value *after = ARENA_ARRAY(a, struct value, (size_t)n);
	for (int i = 0; i < n; i++) {
		const struct json_member *m = &fields->members[i];
		const struct field *f = register_field(c->reg, m->key.s);
		if (!f || !field_is_stored(f))
			continue;
		known[c->n] = f;
		before[c->n] = unspell_value(a, f, json_at(&m->value, 0));
		after[c->n] = unspell_value(a, f, json_at(&m->value, 1));
		c->n++;
	}
	c->fields = known;
	c->before = before;
	c->after = after;
}

static const char *text_in(struct arena *a, struct db_statement *st, int column)
{
	struct slice s = db_get_text(st, column);
	return s.s ? arena_text(a, s) : NULL;
}

bool row_change(struct arena *a, const struct schema *schema, struct db_statement *st,
	struct change **out, struct err *err)
{
	const char *name = text_in(a, st, ENTRY_REGISTER);
	const struct table *t = name ? schema_named(schema, name) : NULL;
	const struct json *json;
	*out = NULL;
	if (!t)
		return true;
	int64_t no = db_get_int(st, ENTRY_NO);
	if (!json_parse(a, arena_slice(a, db_get_text(st, ENTRY_CHANGE)), NULL, &json, err))
		return err_in(err, "journal entry %lld", (long long)no);
	struct change *c = ARENA_NEW(a, struct change);
	c->no = no;
	c->at = read_instant(db_get_text(st, ENTRY_AT));
	c->who = db_get_uuid(st, ENTRY_WHO);
	c->via = text_in(a, st, ENTRY_VIA);
	c->reg = t->reg;
	c->id = db_get_uuid(st, ENTRY_RECORD);
	c->number = json_text(json_get(json, "number"), NULL);
	c->version = db_get_int(st, ENTRY_VERSION);
	c->step = text_in(a, st, ENTRY_STEP);
	c->state_before = json_text(json_at(json_get(json, "state"), 0), NULL);
	c->state_after = json_text(json_at(json_get(json, "state"), 1), NULL);
	c->undoes = json_int(json_get(json, "undoes"), 0);
	c->since = read_instant(slice_of(json_text(json_get(json, "since"), "")));
	if (!uuid_parse(slice_of(json_text(json_get(json, "by"), "")), &c->by))
		c->by = (struct uuid){{0}};
	c->reason = text_in(a, st, ENTRY_REASON);
	struct slice hash = db_get_blob(st, ENTRY_HASH);
	uint8_t *kept = arena_alloc(a, DIGEST_BYTES);
	memcpy(kept, hash.s ? hash.s : "", hash.n < DIGEST_BYTES ? hash.n : DIGEST_BYTES);
	c->hash = kept;
	read_fields(a, json_get(json, "fields"), c);
	*out = c;
	return true;
}
