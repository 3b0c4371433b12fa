/*
 * A step taken by mistake, or a deletion, taken back. Nothing is erased: a further journal entry names the one it takes
 * back and brings the record to what it was ahead of it: fields, state, since when it stands in it, deadlines. The lights
 * and dates that follow from it follow again.
 *
 * It is for the record's newest entry only, and for whoever may take that step or delete that record. What an approved
 * change request wrote goes back with it while nobody wrote it anew. Left out on purpose: approving a plan, which keeps a
 * baseline, and what happened by itself; and changes of fields, which another change of fields takes back.
 */
#include "app/undo.h"

#include "app/access.h"
#include "app/detail.h"
#include "app/draft.h"
#include "app/relive.h"
#include "store/clock_rows.h"

struct newest {
	struct arena *a;
	struct change change;
	bool found;
};

static bool take_newest(void *self, const struct change *c)
{
	struct newest *newest = self;
	struct value *before = ARENA_ARRAY(newest->a, struct value, (size_t)c->n + 1);
	const struct field **fields = ARENA_ARRAY(newest->a, const struct field *, (size_t)c->n + 1);
	for (int i = 0; i < c->n; i++) {
		fields[i] = c->fields[i];
		before[i] = value_copy(newest->a, &c->before[i]);
	}
	newest->change = *c;
	newest->change.fields = fields;
	newest->change.before = before;
	newest->change.step = arena_strdup(newest->a, c->step);
	newest->change.state_before = arena_strdup(newest->a, c->state_before);
	newest->found = true;
	return false;
}

/* What whoever did it needed to be allowed: of what is neither a step nor the deletion, to change the record. */
static enum verb verb_of(const struct change *c, const struct step *step)
{
	return change_is(c, "delete") ? VERB_DELETE : step ? VERB_STEP : VERB_UPDATE;
}

/* Is it an entry that can be taken back at all? */
static bool can_go_back(const struct register_def *def, const struct change *c,
	const struct step *step, struct err *err)
{
	if (change_is(c, "delete"))
		return true;
	if (c->undoes)
		return err_set(err, ERR_CONFLICT, NULL, "the last thing done here was to undo something");
	if (!step)
		return err_set(err, ERR_CONFLICT, NULL,
			"the last change here is no step: change the record back instead");
	if (uuid_is_nil(c->who))
		return err_set(
			err, ERR_CONFLICT, NULL, "this step was taken by a deadline, not by a person");
	if (strcmp(def->name, "plan") == 0 && change_is(c, "approve"))
		return err_set(err, ERR_CONFLICT, NULL,
			"a baseline was kept when the plan was approved: revise the plan instead");
	return true;
}

static bool same_clock(const struct clock_row *a, const struct clock_row *b)
{
	return a->run == b->run && a->started.ms == b->started.ms && a->due.ms == b->due.ms &&
		a->stopped.ms == b->stopped.ms && a->paused_at.ms == b->paused_at.ms &&
		a->paused_ms == b->paused_ms && a->extensions == b->extensions &&
		uuid_equal(a->holder, b->holder) && a->handed_on == b->handed_on;
}

/* The rows that the step moved, as they were ahead of it. That is told by the journal; where it does not tell the rows of
 * now, the calendar or the definition was changed meanwhile, and nobody can say how they were. */
static bool old_clocks(struct work *w, const struct register_def *def, struct uuid id,
	struct undone *undone, struct err *err)
{
	struct clock_row *now, *told, *before;
	struct record_past past;
	int n;
	if (!relive_clock_rows(w->app, w->a, def, id, undone->no, &told, &before, &past, err) ||
		!clock_rows_of(w->app->store, w->a, id, &now, &n, err))
		return false;
	undone->since = past.since_before;
	undone->by = past.by_before;
	struct clock_row *moved = ARENA_ARRAY(w->a, struct clock_row, (size_t)def->nclocks + 1);
	for (int i = 0; i < def->nclocks; i++) {
		if (same_clock(&told[i], &before[i]))
			continue;
		bool known = false;
		for (int k = 0; k < n; k++)
			known |= strcmp(now[k].clock, told[i].clock) == 0 && same_clock(&now[k], &told[i]);
		if (!known)
			return err_set(err, ERR_CONFLICT, NULL,
				"working days or deadlines were changed since: how \"%s\" ran before is not known",
				def->clocks[i].name);
		moved[undone->nclocks++] = before[i];
	}
	undone->clocks = moved;
	return true;
}

/* What it belongs to and points at must still be there. */
static bool refs_alive(
	struct app *app, const struct register_def *def, const struct record *record, struct err *err)
{
	for (int i = 0; i < def->nfields; i++) {
		const struct field *f = &def->fields[i];
		const struct value *v = &record->values[i];
		int table = f->type == FIELD_REF ? board_table_named(app->board, f->to) : -1;
		if (table < 0 || v->kind != VALUE_ID)
			continue;
		const struct board_table *t = board_table(app->board, table);
		int32_t row = board_row(t, v->id);
		if (row < 0 || !board_alive(t, row))
			return err_set(err, ERR_CONFLICT, f->name,
				"what this record belongs to was deleted too: bring that back first");
	}
	return true;
}

struct undo {
	const struct register_def *def;
	struct record *record;
	struct newest newest;
	struct undone undone;
};

/* The record and what was done last, if this person may take it back. */
static bool find(struct work *w, const char *reg, struct uuid id, struct undo *u, struct err *err)
{
	struct app *app = w->app;
	u->newest.a = w->a;
	if (!app_register_find(app, reg, &u->def, err))
		return false;
	if (!w->person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!store_get_any(app->store, w->a, u->def, id, &u->record, err))
		return false;
	app_read_lock(app);
	bool seen = may(app, w->person, VERB_READ, u->def, u->record, NULL, NULL, err);
	app_unlock(app);
	if (!seen || !journal_of(app->store, id, 0, 1, take_newest, &u->newest, err))
		return false;
	const struct change *c = &u->newest.change;
	if (!u->newest.found || c->version != u->record->version)
		return err_set(err, ERR_CONFLICT, NULL, "somebody is just changing this: try again");
	u->undone.step = register_step(u->def, c->step);
	u->undone.no = c->no;
	u->undone.state = c->state_before;
	app_read_lock(app);
	bool allowed = may(
		app, w->person, verb_of(c, u->undone.step), u->def, u->record, NULL, u->undone.step, err);
	app_unlock(app);
	return allowed && can_go_back(u->def, c, u->undone.step, err);
}

bool undo_open(
	struct app *app, struct arena *a, const struct person *person, const char *reg, struct uuid id)
{
	struct work w = work_begin(app, a, person);
	struct undo u = {0};
	struct err ignored;
	return find(&w, reg, id, &u, &ignored);
}

bool app_undo(struct app *app, struct arena *a, const struct person *person, const char *reg,
	struct uuid id, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err)
{
	struct work w = work_begin(app, a, person);
	struct undo u = {0};
	bool seen;
	*out = (struct submitted){0};
	if (!seen_before(&w, once, &seen, out, err))
		return false;
	if (seen)
		return true;
	if (!find(&w, reg, id, &u, err))
		return false;
	enum write_verb verb = u.undone.step ? WRITE_UNDO : WRITE_UNDELETE;
	struct draft *d = draft_new(&w, verb, u.def, u.record);
	if (version && u.record->version != version)
		return submit_stale(&w, d, u.record, out, err);
	if (!old_clocks(&w, u.def, id, &u.undone, err))
		return false;
	d->undone = &u.undone;
	d->reason = submit_reason(a, body);
	for (int i = 0; verb == WRITE_UNDO && i < u.newest.change.n; i++)
		draft_set(&w, d, u.newest.change.fields[i], u.newest.change.before[i]);
	app_read_lock(app);
	bool there = refs_alive(app, u.def, d->after, err);
	app_unlock(app);
	return there && submit_send(&w, once, out, err);
}
