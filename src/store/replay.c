/* The journal told once more, record by record, into records that are compared with the tables. */
#include "store/care.h"
#include "store/store_inside.h"

#define TELL_EVERY 10000

static const char sql_by_record[] = "SELECT " ENTRY_SELECT " FROM journal ORDER BY record, no";

struct telling {
	const struct schema *schema;
	struct arena *now; /* of the record being told */
	struct record *record;
	struct change *change; /* not yet told: it may be its record's last */
	replay_each *each;
	void *self;
	bool stopped;
};

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* The record after a change. Values live in the arena of the record. */
static void apply_to(struct telling *t, const struct change *c)
{
	struct record *r = t->record;
	if (strcmp(c->step, "create") == 0) {
		r->id = c->id;
		r->number = c->number;
		r->created_by = c->who;
		r->created_at = r->state_since = c->at;
	} else if (!same_text(c->state_before, c->state_after)) {
		r->state_since = change_state_since(c);
	}
	r->state = c->state_after;
	r->version = c->version;
	r->changed_by = change_by(c);
	r->changed_at = c->at;
	r->deleted = strcmp(c->step, "delete") == 0;
	for (int i = 0; i < c->n; i++)
		r->values[c->fields[i]->index] = c->after[i];
}

static void tell(struct telling *t, bool last)
{
	if (t->change && !t->stopped)
		t->stopped = !t->each(t->self, t->change, t->record, last);
	t->change = NULL;
}

/* One row of the journal: tells the one before it, now that it is known whether it was the last of
 * its record. */
static bool take_row(struct telling *t, struct db_statement *st, struct err *err)
{
	bool same = t->record && uuid_equal(t->record->id, db_get_uuid(st, ENTRY_RECORD));
	tell(t, !same);
	if (!same) {
		arena_rewind(t->now, (struct arena_mark){0});
		t->record = NULL;
	}
	struct change *c;
	if (!row_change(t->now, t->schema, st, &c, err))
		return false;
	if (!c)
		return true;
	if (!t->record) {
		t->record = record_new(t->now, c->reg);
		t->record->id = c->id;
	}
	apply_to(t, c);
	t->change = c;
	return true;
}

bool replay_on(struct db *db, const struct schema *schema, const struct progress *progress,
	replay_each *each, void *self, struct err *err)
{
	struct telling t = {.schema = schema, .each = each, .self = self};
	struct db_statement *st;
	struct journal_head head;
	bool row = true, ok = true;
	int64_t done = 0;
	if (!head_read(db, &head, err) || !db_prepare(db, sql_by_record, &st, err))
		return false;
	t.now = arena_open();
	while (ok && !t.stopped && (ok = db_step(st, &row, err)) && row) {
		ok = take_row(&t, st, err);
		if (progress && ++done % TELL_EVERY == 0)
			progress->step(progress->self, "replaying the journal", done, head.no);
	}
	if (ok)
		tell(&t, true);
	if (ok && progress)
		progress->step(progress->self, "replaying the journal", done, done);
	db_done(st);
	arena_close(t.now);
	return ok;
}
