#include "store/apply.h"

#include "base/os.h"
#include "base/utf8.h"
#include "model/clock.h"
#include "store/file_use.h"
#include "store/spelling.h"

static const struct value none[LIMIT_FIELDS]; /* all VALUE_NULL: what a new record had before */

/* ---- before the queue, in the submitter's thread ---- */

/* NUL ends texts in C and in JSON libraries, and broken UTF-8 would be altered on its way through
 * the journal. */
static bool text_is_storable(const struct value *v)
{
	if (v->kind == VALUE_TEXT)
		return utf8_valid(v->text) && (v->text.n == 0 || !memchr(v->text.s, '\0', v->text.n));
	for (int i = 0; v->kind == VALUE_LIST && i < v->n; i++)
		if (!text_is_storable(&v->items[i]))
			return false;
	return true;
}

static bool check_write(const struct write *w, struct err *err)
{
	for (int i = 0; i < w->n; i++) {
		if (!field_is_stored(w->fields[i]))
			return err_set(err, ERR_INPUT, w->fields[i]->name,
				"a derived field is computed and cannot be entered");
		if (!text_is_storable(&w->values[i]))
			return err_set(err, ERR_INPUT, w->fields[i]->name,
				"text that is not UTF-8 or holds a NUL cannot be stored");
	}
	return true;
}

bool apply_prepare(struct arena *a, const struct batch *batch, struct prepared *out,
	struct batch_result *result, struct err *err)
{
	struct str json = STR_INIT;
	struct uuid latest = {{0}};
	*out = (struct prepared){batch, a, ARENA_ARRAY(a, struct written, (size_t)batch->n),
		ARENA_ARRAY(a, struct slice, (size_t)batch->n), {0}};
	spell_instant(batch->at, out->at);
	for (int i = 0; i < batch->n; i++) {
		const struct write *w = &batch->writes[i];
		if (!check_write(w, err)) {
			result->failed = i;
			str_free(&json);
			return false;
		}
		out->results[i].id = w->id;
		if (w->verb != WRITE_CREATE)
			continue;
		if (uuid_is_nil(w->id)) {
			uint8_t random[10];
			os_random(random, sizeof random);
			latest =
				uuid_is_nil(latest) ? uuid_v7(batch->at, random) : uuid_v7_after(latest, random);
			out->results[i].id = latest;
		}
		str_clear(&json);
		spell_created_fields(&json, w->n, w->fields, w->values);
		out->created[i] = arena_slice(a, str_view(&json));
	}
	str_free(&json);
	return true;
}

/* ---- the state that goes with the transaction ---- */

struct applier_mark applier_mark(struct applier *ap)
{
	numbering_mark(ap->numbering);
	return (struct applier_mark){ap->head, ap->n};
}

void applier_undo(struct applier *ap, struct applier_mark mark)
{
	numbering_undo(ap->numbering);
	ap->head = mark.head;
	ap->n = mark.n;
}

bool batch_leaves_traces(const struct batch *batch)
{
	/* One write is one INSERT or UPDATE that the engine undoes itself when it is refused; the
	 * journal's INSERT after it fails only with the disk, and then the whole commit goes. */
	return batch->n > 1 || batch->nclocks || batch->idempotency_key.n;
}

/* ---- one write ---- */

struct work {
	struct applier *ap;
	const struct prepared *p;
	const struct write *w;
	const struct table *t;             /* of the newest schema */
	const struct field *const *fields; /* of it too */
	struct written *result;
	struct batch_result *out;
	struct instant at;
	const char *at_text;
};

/* A write made from an older catalogue: the same names in the newest. Built-in and own fields never
 * go away. */
static void renew(struct work *k)
{
	k->t = schema_named(k->ap->schema, k->w->reg->name);
	assert(k->t);
	k->fields = k->w->fields;
	if (k->t->reg == k->w->reg)
		return;
	const struct field **fields =
		ARENA_ARRAY(k->ap->lasting, const struct field *, (size_t)k->w->n);
	for (int i = 0; i < k->w->n; i++) {
		fields[i] = register_field(k->t->reg, k->w->fields[i]->name);
		assert(fields[i]);
	}
	k->fields = fields;
}

static struct change *new_change(struct applier *ap)
{
	if (ap->n == ap->room) {
		int room = ap->room ? ap->room * 2 : 64;
		ap->changes = arena_grow(
			ap->lasting, ap->changes, (size_t)ap->room, (size_t)room, sizeof *ap->changes);
		ap->room = room;
	}
	struct change *c = &ap->changes[ap->n++];
	*c = (struct change){0};
	return c;
}

/* Writes the change's entry behind the chain; its JSON is in ap->json. */
static bool add_entry(struct work *k, struct change *c, struct err *err)
{
	struct applier *ap = k->ap;
	const struct batch *b = k->p->batch;
	uint8_t *hash = arena_alloc(ap->lasting, DIGEST_BYTES);
	struct entry e = {.no = ap->head.no + 1,
		.version = c->version,
		.at = k->at_text,
		.via = b->via,
		.reg = c->reg->name,
		.step = c->step,
		.reason = c->reason,
		.who = b->who,
		.record = c->id,
		.change = str_view(&ap->json)};
	memcpy(e.prev, ap->head.hash, sizeof e.prev);
	entry_hash(ap->run, &ap->encoding, &e, hash);
	if (!entry_insert(ap->db, &e, hash, err))
		return false;
	ap->head.no = e.no;
	memcpy(ap->head.hash, hash, DIGEST_BYTES);
	c->no = e.no;
	c->at = ap->head.at = k->at;
	c->who = b->who;
	c->via = b->via;
	c->hash = hash;
	k->result->version = c->version;
	k->result->no = e.no;
	return file_use_note(ap->db, c, err);
}

/* Which unique value it was that the engine refused. */
static bool taken(struct work *k, const char *where, const char *sql, int n,
	const struct field *const *fields, const struct value *const *values, bool *found,
	struct err *err)
{
	struct applier *ap = k->ap;
	struct db_statement *st;
	bool row;
	for (int i = 0; i < n; i++)
		if (values[i]->kind == VALUE_NULL)
			return true;
	if (!db_prepare(ap->db, sql, &st, err))
		return false;
	for (int i = 0; i < n; i++)
		bind_value(ap->scratch, st, i + 1, fields[i], values[i]);
	while (!*found) {
		if (!db_step(st, &row, err))
			return false;
		if (!row)
			return true;
		if (uuid_equal(db_get_uuid(st, COLUMN_ID), k->result->id))
			continue;
		*found = true;
		struct str text = STR_INIT;
		struct slice number = db_get_text(st, COLUMN_NUMBER);
		for (int i = 0; i < n; i++) {
			if (i)
				str_puts(&text, ", ");
			value_to_text(&text, fields[i], values[i], LANG_ZH);
		}
		err_set(err, ERR_CONFLICT, where, "\"%s\" is taken by another record (%s)", str_text(&text),
			number.s ? number.s : "-");
		str_free(&text);
	}
	db_done(st);
	return true;
}

/* Turns the engine's refusal into the field's name and the value. `values`: by field.index, as they
 * were to become. */
static bool explain_conflict(
	struct work *k, const struct value *const *values, const char *number, struct err *err)
{
	struct applier *ap = k->ap;
	const struct table *t = k->t;
	bool found = false;
	struct value id = {.kind = VALUE_ID, .id = k->result->id};
	struct err why;
	for (int i = 0; !found && i < t->nstored; i++) {
		const struct field *f = t->stored[i];
		if (f->unique &&
			!taken(k, f->name, t->find[f->index], 1, &f, &values[f->index], &found, &why)) {
			*err = why;
			return false;
		}
	}
	if (!found && t->nkey) {
		const struct value **key = ARENA_ARRAY(ap->scratch, const struct value *, (size_t)t->nkey);
		for (int i = 0; i < t->nkey; i++)
			key[i] = values[t->key[i]->index];
		if (!taken(k, t->key[t->nkey - 1]->name, t->find_key, t->nkey, t->key, key, &found, &why)) {
			*err = why;
			return false;
		}
	}
	if (found) {
		*err = why;
		return false;
	}
	struct db_statement *st;
	bool row = false;
	if (k->w->verb == WRITE_CREATE && db_prepare(ap->db, t->get, &st, &why)) {
		db_uuid(st, 1, id.id);
		if (db_step(st, &row, &why) && row) {
			db_done(st);
			return err_set(err, ERR_CONFLICT, "id", "a record with this id exists already");
		}
	}
	if (number)
		return err_set(
			err, ERR_CONFLICT, "number", "number \"%s\" is taken by another record", number);
	return false; /* as the engine said it */
}

/* Why the engine refused a new record. */
static bool explain_created(struct work *k, const struct change *c, struct err *err)
{
	const struct value **values =
		ARENA_ARRAY(k->ap->scratch, const struct value *, (size_t)k->t->reg->nfields);
	for (int i = 0; i < k->t->reg->nfields; i++)
		values[i] = none;
	for (int i = 0; i < c->n; i++)
		values[c->fields[i]->index] = &c->after[i];
	return explain_conflict(k, values, c->number, err);
}

static bool insert_record(struct work *k, const struct change *c, struct err *err)
{
	struct applier *ap = k->ap;
	const struct batch *b = k->p->batch;
	struct db_statement *st;
	if (!db_prepare(ap->db, k->t->insert, &st, err))
		return false;
	db_nulls(st);
	db_uuid(st, 1 + COLUMN_ID, c->id);
	db_text(st, 1 + COLUMN_NUMBER, c->number);
	db_int(st, 1 + COLUMN_VERSION, 1);
	db_text(st, 1 + COLUMN_STATE, c->state_after);
	db_text(st, 1 + COLUMN_STATE_SINCE, k->at_text);
	db_uuid(st, 1 + COLUMN_CREATED_BY, b->who);
	db_text(st, 1 + COLUMN_CREATED_AT, k->at_text);
	db_uuid(st, 1 + COLUMN_CHANGED_BY, b->who);
	db_text(st, 1 + COLUMN_CHANGED_AT, k->at_text);
	db_int(st, 1 + COLUMN_DELETED, 0);
	for (int i = 0; i < c->n; i++)
		bind_value(
			ap->scratch, st, 1 + k->t->column[c->fields[i]->index], c->fields[i], &c->after[i]);
	if (db_run(st, err))
		return true;
	return db_fault(ap->db) == DB_UNIQUE ? explain_created(k, c, err) : false;
}

/* A create's change without the fields that stay empty. */
static void created_values(struct work *k, struct change *c)
{
	const struct write *w = k->w;
	int n = 0;
	for (int i = 0; i < w->n; i++)
		n += w->values[i].kind != VALUE_NULL;
	c->n = n;
	c->before = none;
	c->fields = k->fields;
	c->after = w->values;
	if (n == w->n)
		return;
	const struct field **fields = ARENA_ARRAY(k->ap->lasting, const struct field *, (size_t)n);
	struct value *after = ARENA_ARRAY(k->ap->lasting, struct value, (size_t)n);
	for (int i = 0, j = 0; i < w->n; i++)
		if (w->values[i].kind != VALUE_NULL) {
			fields[j] = k->fields[i];
			after[j++] = w->values[i];
		}
	c->fields = fields;
	c->after = after;
}

static bool apply_create(struct work *k, struct err *err)
{
	struct applier *ap = k->ap;
	const struct write *w = k->w;
	const char *number = arena_strdup(k->p->a, w->number);
	if (number)
		numbering_seen(ap->numbering, k->t, k->p->batch->at, number);
	else if (!numbering_next(ap->numbering, k->p->a, ap->db, k->t, k->p->batch->at, &number, err))
		return false;
	k->result->number = number;
	struct change *c = new_change(ap);
	c->reg = k->t->reg;
	c->id = k->result->id;
	c->number = number;
	c->version = 1;
	c->step = "create";
	c->state_after = w->state;
	c->reason = w->reason;
	created_values(k, c);
	if (!insert_record(k, c, err))
		return false;
	str_clear(&ap->json);
	spell_created(&ap->json, number, w->state, k->p->created[k->result - k->p->results]);
	return add_entry(k, c, err);
}

/* The record as it stands, in scratch, checked against what the writer saw. */
static bool current(struct work *k, struct record **out, struct err *err)
{
	struct applier *ap = k->ap;
	struct db_statement *st;
	bool row;
	if (!db_prepare(ap->db, k->t->get, &st, err))
		return false;
	db_uuid(st, 1, k->w->id);
	if (!db_step(st, &row, err))
		return false;
	if (!row || (db_get_int(st, COLUMN_DELETED) != 0) != (k->w->verb == WRITE_UNDELETE)) {
		if (row)
			db_done(st);
		return err_set(err, ERR_MISSING, k->t->reg->name, "there is no such record");
	}
	int64_t version = db_get_int(st, COLUMN_VERSION);
	if (k->w->expect_version && version != k->w->expect_version) {
		k->out->current = table_record(k->p->a, k->t, st);
		db_done(st);
		return err_set(err, ERR_CONFLICT, "version",
			"the record was changed meanwhile: it is at version %lld, not %lld", (long long)version,
			(long long)k->w->expect_version);
	}
	*out = table_record(ap->scratch, k->t, st);
	db_done(st);
	return true;
}

/* Fills the change with the fields that get another value and puts them into `now`. Whether an
 * index depends on one. */
static bool changed_values(struct work *k, struct record *now, struct change *c)
{
	struct arena *a = k->ap->lasting;
	const struct field **fields = ARENA_ARRAY(a, const struct field *, (size_t)k->w->n);
	struct value *before = ARENA_ARRAY(a, struct value, (size_t)k->w->n);
	struct value *after = ARENA_ARRAY(a, struct value, (size_t)k->w->n);
	bool indexed = false;
	for (int i = 0; i < k->w->n; i++) {
		const struct field *f = k->fields[i];
		struct value *v = &now->values[f->index];
		if (value_equal(v, &k->w->values[i]))
			continue;
		fields[c->n] = f;
		before[c->n] = value_copy(a, v);
		after[c->n] = *v = k->w->values[i];
		indexed |= k->t->indexed[f->index];
		c->n++;
	}
	c->fields = fields;
	c->before = before;
	c->after = after;
	return indexed;
}

static bool update_record(
	struct work *k, const struct record *now, const struct change *c, bool indexed, struct err *err)
{
	struct applier *ap = k->ap;
	struct db_statement *st;
	int n = 7;
	bool moved = (c->state_before == NULL) != (c->state_after == NULL) ||
		(c->state_before && strcmp(c->state_before, c->state_after) != 0);
	if (!db_prepare(ap->db, indexed ? k->t->update : k->t->update_plain, &st, err))
		return false;
	db_uuid(st, 1, now->id);
	db_int(st, 2, c->version);
	db_text(st, 3, c->state_after);
	if (moved && !c->undoes)
		db_text(st, 4, k->at_text);
	else
		bind_instant(ap->scratch, st, 4, moved ? c->since : now->state_since);
	db_uuid(st, 5, c->undoes ? c->by : k->p->batch->who);
	db_text(st, 6, k->at_text);
	db_int(st, 7, k->w->verb == WRITE_DELETE);
	for (int i = 0; i < k->t->nstored; i++) {
		const struct field *f = k->t->stored[i];
		if (indexed || !k->t->indexed[f->index])
			bind_value(ap->scratch, st, ++n, f, &now->values[f->index]);
	}
	if (db_run(st, err))
		return true;
	if (db_fault(ap->db) != DB_UNIQUE)
		return false;
	const struct value **values =
		ARENA_ARRAY(ap->scratch, const struct value *, (size_t)k->t->reg->nfields);
	for (int i = 0; i < k->t->reg->nfields; i++)
		values[i] = &now->values[i];
	return explain_conflict(k, values, NULL, err);
}

static bool apply_change(struct work *k, struct err *err)
{
	static const char *const words[] = {[WRITE_UPDATE] = "update",
		[WRITE_DELETE] = "delete",
		[WRITE_UNDO] = "undo",
		[WRITE_UNDELETE] = "undelete"};
	struct applier *ap = k->ap;
	const struct write *w = k->w;
	struct record *now = NULL;
	if (!current(k, &now, err))
		return false;
	k->result->number = arena_strdup(k->p->a, now->number);
	struct change *c = new_change(ap);
	c->reg = k->t->reg;
	c->id = w->id;
	c->version = now->version + 1;
	c->step = w->verb == WRITE_STEP ? w->step : words[w->verb];
	c->state_before = arena_strdup(ap->lasting, now->state);
	bool moves = w->verb == WRITE_STEP || w->verb == WRITE_UNDO;
	c->state_after = moves && w->state ? w->state : c->state_before;
	c->undoes = w->undoes;
	c->since = w->since;
	c->by = w->by;
	c->reason = w->reason;
	bool indexed = changed_values(k, now, c);
	if (w->verb == WRITE_UPDATE && c->n == 0) {
		ap->n--;
		k->result->version = now->version;
		return true;
	}
	if (!update_record(k, now, c, indexed, err))
		return false;
	str_clear(&ap->json);
	spell_change(&ap->json, c);
	return add_entry(k, c, err);
}

/* ---- the batch ---- */

/* The instant that goes into the journal: not before that of the entry ahead, see journal_at(). */
static struct instant in_order(const struct applier *ap, const struct batch *b)
{
	int64_t back = ap->head.at.ms == INSTANT_NONE.ms ? 0 : ap->head.at.ms - b->at.ms;
	return b->told || back <= 0 || back > JOURNAL_BACK_MS ? b->at : ap->head.at;
}

/* What began or ended with the batch did so at the instant that the journal says. */
static struct clock_row clock_moved(struct clock_row row, struct instant from, struct instant to)
{
	struct instant *const parts[] = {&row.started, &row.stopped, &row.paused_at, &row.held_since};
	for (size_t i = 0; i < countof(parts); i++)
		if (parts[i]->ms == from.ms)
			*parts[i] = to;
	return row;
}

bool apply_batch(
	struct applier *ap, const struct prepared *p, struct batch_result *out, struct err *err)
{
	const struct batch *b = p->batch;
	if (b->idempotency_key.n) {
		if (!idempotency_find(
				ap->db, p->a, b->who, b->idempotency_key, b->idempotency_body, out, err))
			return false;
		if (out->repeated)
			return true;
	}
	struct instant at = in_order(ap, b);
	char at_text[sizeof(p->at)];
	spell_instant(at, at_text);
	for (int i = 0; i < b->n; i++) {
		struct arena_mark mark = arena_mark(ap->scratch);
		struct work k = {ap, p, &b->writes[i], NULL, NULL, &p->results[i], out, at, at_text};
		renew(&k);
		bool ok = k.w->verb == WRITE_CREATE ? apply_create(&k, err) : apply_change(&k, err);
		arena_rewind(ap->scratch, mark);
		if (!ok) {
			out->failed = i;
			return false;
		}
	}
	for (int i = 0; i < b->nclocks; i++) {
		struct arena_mark mark = arena_mark(ap->scratch);
		struct clock_row row = clock_moved(b->clocks[i], b->at, at);
		bool ok = clock_row_put(ap->db, ap->scratch, &row, err);
		arena_rewind(ap->scratch, mark);
		if (!ok)
			return false;
	}
	out->results = p->results;
	out->n = b->n;
	return !b->idempotency_key.n || idempotency_keep(ap->db, ap->scratch, p, err);
}
