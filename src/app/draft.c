/* See draft.h. The order of checks is the order in which people can do something about them: who, what, how it fits. */
#include "app/draft.h"

#include <stdio.h>

#include "app/access.h"
#include "app/calendars.h"
#include "app/upload.h"
#include "base/os.h"
#include "model/step.h"
#include "store/clock_rows.h"
#include "store/file_rows.h"

#define ERRORS_MOST 50

struct work work_begin(struct app *app, struct arena *a, const struct person *person)
{
	struct instant now = app_now(app);
	int64_t last = __atomic_load_n(&app->last_ms, __ATOMIC_RELAXED);
	/* a machine's clock that was set back: what the journal will say, so that clocks reckon with the same instant */
	if (!app->id_seed && last > now.ms && last - now.ms <= JOURNAL_BACK_MS)
		now.ms = last;
	return (struct work){.app = app, .a = a, .person = person, .now = now};
}

/* Random, except where the same seed must give the same records again. */
static struct uuid fresh_id(struct work *w)
{
	struct app *app = w->app;
	uint8_t random[10];
	if (!app->id_seed)
		os_random(random, sizeof(random));
	for (size_t i = 0; app->id_seed && i < sizeof(random); i++) {
		app->id_seed = app->id_seed * UINT64_C(6364136223846793005) +
			UINT64_C(1442695040888963407); /* Knuth's MMIX */
		random[i] = (uint8_t)(app->id_seed >> 56);
	}
	w->latest = uuid_is_nil(w->latest) ? uuid_v7(w->now, random) : uuid_v7_after(w->latest, random);
	return w->latest;
}

struct draft *draft_new(
	struct work *w, enum write_verb verb, const struct register_def *reg, struct record *before)
{
	if (w->n == w->room) {
		int more = w->room * 2 + 4;
		w->drafts = arena_grow(w->a, w->drafts, (size_t)w->room, (size_t)more, sizeof(*w->drafts));
		w->room = more;
	}
	struct draft *d = &w->drafts[w->n++];
	*d = (struct draft){.verb = verb, .reg = reg, .before = before, .after = record_new(w->a, reg)};
	if (before) {
		struct value *values = d->after->values;
		*d->after = *before;
		d->after->values = values;
		memcpy(values, before->values, sizeof(*values) * (size_t)before->reg->nfields);
		d->id = before->id;
	} else {
		d->id = fresh_id(w);
		d->after->id = d->id;
	}
	d->after->reg = reg;
	return d;
}

void draft_expect(struct work *w, struct draft *d, int n)
{
	size_t old = (size_t)d->room, room = (size_t)(d->n + n);
	if (room <= old)
		return;
	d->fields = arena_grow(w->a, d->fields, old, room, sizeof(*d->fields));
	d->values = arena_grow(w->a, d->values, old, room, sizeof(*d->values));
	d->room = (int)room;
}

void draft_set(struct work *w, struct draft *d, const struct field *field, struct value value)
{
	for (int i = 0; i < d->n; i++)
		if (d->fields[i] == field) {
			d->values[i] = value;
			d->after->values[field->index] = value;
			return;
		}
	if (d->n == d->room)
		draft_expect(w, d, d->n + 8);
	d->fields[d->n] = field;
	d->values[d->n++] = value;
	d->after->values[field->index] = value;
}

/* ---- errors, one a field ---- */

static void collect(struct work *w, const struct err *err)
{
	if (w->nerrors == ERRORS_MOST)
		return;
	if (w->nerrors == w->errors_room) {
		int more = w->errors_room * 2 + 4;
		w->errors =
			arena_grow(w->a, w->errors, (size_t)w->errors_room, (size_t)more, sizeof(*w->errors));
		w->errors_room = more;
	}
	w->errors[w->nerrors++] = *err;
}

/* The first of those collected since `from` becomes the error. */
static bool no_errors_since(const struct work *w, int from, struct err *err)
{
	if (w->nerrors == from)
		return true;
	*err = w->errors[from];
	return false;
}

bool draft_set_json(struct work *w, struct draft *d, const struct json *fields, struct err *err)
{
	int from = w->nerrors;
	if (!json_absent(fields) && fields->type != JSON_IS_OBJECT)
		return err_set(err, ERR_INPUT, "fields", "fields must be an object");
	for (int i = 0; !json_absent(fields) && i < fields->nmembers; i++) {
		const struct json_member *m = &fields->members[i];
		const struct field *field = register_field(d->reg, m->key.s);
		struct value value;
		struct err one;
		if (!field) {
			err_set(&one, ERR_INPUT, m->key.s, "register %s has no field \"%s\"", d->reg->name,
				m->key.s);
			collect(w, &one);
		} else if (!field_is_stored(field)) {
			err_set(
				&one, ERR_INPUT, m->key.s, "\"%s\" is computed and cannot be entered", m->key.s);
			collect(w, &one);
		} else if (!value_from_json(w->a, field, &m->value, &value, &one)) {
			collect(w, &one);
		} else if (!d->before || !value_equal(&d->before->values[field->index], &value)) {
			draft_set(w, d, field, value);
		}
	}
	return no_errors_since(w, from, err);
}

/* ---- what needs other records ---- */

static bool check_ref(struct work *w, const struct field *f, const struct value *v, struct err *err)
{
	const struct board *b = w->app->board;
	int table = board_table_named(b, f->to);
	int32_t row = table < 0 ? -1 : board_row(board_table(b, table), v->id);
	char text[UUID_TEXT];
	if ((row >= 0 && board_alive(board_table(b, table), row)) ||
		(w->fresh && idmap_get(w->fresh, v->id) >= 0))
		return true;
	uuid_format(v->id, text);
	return err_set(err, ERR_INPUT, f->name, "there is no %s with the id \"%s\"", f->to, text);
}

static bool check_file(
	struct work *w, const struct field *f, const struct value *v, struct err *err)
{
	struct uuid id;
	struct file_row row;
	/* naming a file makes it readable to all who read the record: only whoever sees it may do so */
	if (!uuid_parse(v->text, &id) || !file_get(w->app->store, w->a, id, &row, err) ||
		!upload_may_see(w->app, w->person, &row, err))
		return err_set(
			err, ERR_INPUT, f->name, "there is no uploaded file \"%s\"", arena_text(w->a, v->text));
	bool image = strncmp(row.type, "image/", 6) == 0 && strcmp(row.type, "image/vnd.dwg") != 0;
	if (f->accept && strcmp(f->accept, "image") == 0 && !image)
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a picture", row.name);
	if (f->accept && strcmp(f->accept, "document") == 0 && image)
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a document", row.name);
	return true;
}

static bool check_links(
	struct work *w, const struct field *f, const struct value *v, struct err *err)
{
	const struct value *items = v->kind == VALUE_LIST ? v->items : v;
	int n = v->kind == VALUE_LIST ? v->n : v->kind != VALUE_NULL;
	bool ref = f->type == FIELD_REF || f->type == FIELD_REFS,
		 file = f->type == FIELD_FILE || f->type == FIELD_FILES;
	for (int i = 0; i < n; i++)
		if ((ref && !check_ref(w, f, &items[i], err)) ||
			(file && !check_file(w, f, &items[i], err)))
			return false;
	return true;
}

static bool same_key(const struct board *b, struct arena *a, const struct board_table *t,
	int32_t row, const struct draft *d)
{
	for (int k = 0; k < d->reg->nkey; k++) {
		const struct field *f = register_field(d->reg, d->reg->key[k]);
		int column = board_column_named(t, d->reg->key[k]);
		if (!f || column < 0 || (k == 0 && d->after->values[f->index].kind == VALUE_NULL))
			return false; /* a record without the first part has no key */
		struct value have = board_value(b, a, t, column, row);
		if (!value_equal(&have, &d->after->values[f->index]))
			return false;
	}
	return true;
}

static bool key_touched(const struct draft *d)
{
	if (!d->before || d->undone)
		return true;
	for (int i = 0; i < d->n; i++)
		for (int k = 0; k < d->reg->nkey; k++)
			if (strcmp(d->fields[i]->name, d->reg->key[k]) == 0)
				return true;
	return false;
}

static bool key_taken(struct draft *d, struct err *err)
{
	return err_set(err, ERR_CONFLICT, d->reg->key[0],
		"there is already a record of %s with the same %s", d->reg->name, d->reg->key[0]);
}

/* The key is unique among the records of one parent; without a parent among all. */
static bool check_key(struct work *w, struct draft *d, struct err *err)
{
	const struct board *b = w->app->board;
	int table = board_table_named(b, d->reg->name);
	if (d->reg->nkey == 0 || table < 0 || !key_touched(d))
		return true;
	const struct board_table *t = board_table(b, table);
	if (!d->reg->of) {
		for (int32_t row = 0; row < board_rows(t); row++)
			if (board_alive(t, row) && !uuid_equal(board_id(t, row), d->id) &&
				same_key(b, w->a, t, row, d))
				return key_taken(d, err);
		return true;
	}
	const struct field *up = register_field(d->reg, d->reg->of);
	int parents = board_table_named(b, d->reg->of);
	if (!up || parents < 0 || d->after->values[up->index].kind != VALUE_ID)
		return true;
	int32_t parent = board_row(board_table(b, parents), d->after->values[up->index].id);
	for (int32_t row = parent < 0 ? -1 : board_first_child(b, parents, parent, table); row >= 0;
		 row = board_next_child(b, table, row))
		if (board_alive(t, row) && !uuid_equal(board_id(t, row), d->id) &&
			same_key(b, w->a, t, row, d))
			return key_taken(d, err);
	return true;
}

/* ---- governed fields ---- */

/* Has the record come so far that its governed fields no longer move freely? */
static bool governed_locked(const struct register_def *reg, const char *state)
{
	int approved = register_state_index(reg, "approved");
	if (approved < 0)
		approved = register_state_index(reg, "in_force");
	return approved < 0 || (state && register_state_index(reg, state) >= approved);
}

/* "planned_start" -> first_start, "planned" -> first_approved; NULL: none */
static const struct field *governed_first(const struct register_def *reg, const struct field *field)
{
	char name[80];
	if (!field->governed || strncmp(field->name, "planned", 7) != 0 || strlen(field->name) > 60)
		return NULL;
	snprintf(name, sizeof(name), "first%s", field->name[7] ? field->name + 7 : "_approved");
	return register_field(reg, name);
}

bool governed_fixed(const struct record *record, const struct field *field)
{
	if (record->values[field->index].kind == VALUE_NULL)
		return false;
	if (field->governed)
		return governed_locked(record->reg, record->state);
	for (int i = 0; i < record->reg->nfields; i++)
		if (governed_first(record->reg, &record->reg->fields[i]) == field)
			return true;
	return false;
}

static bool check_governed(
	struct work *w, const struct draft *d, const struct field *f, struct err *err)
{
	if (!d->before || w->person->system || d->ruled || d->undone || !governed_fixed(d->before, f))
		return true;
	return err_set(err, ERR_INPUT, f->name,
		f->governed ? "this is approved: it is changed by a change request with its reason"
					: "the first approved date stays as it is");
}

static void stamp_first(struct work *w, struct draft *d)
{
	if (!governed_locked(d->reg, d->after->state))
		return;
	for (int i = 0; i < d->reg->nfields; i++) {
		const struct field *first = governed_first(d->reg, &d->reg->fields[i]);
		if (first && d->after->values[first->index].kind == VALUE_NULL &&
			d->after->values[i].kind != VALUE_NULL)
			draft_set(w, d, first, d->after->values[i]);
	}
}

/* ---- the whole check ---- */

static bool check_fields(struct work *w, struct draft *d, struct err *err)
{
	int from = w->nerrors, given = d->n;
	for (int i = 0; i < given; i++) {
		struct err one;
		if (!value_check(d->fields[i], &d->values[i], &one) ||
			!check_links(w, d->fields[i], &d->values[i], &one) ||
			!check_governed(w, d, d->fields[i], &one))
			collect(w, &one);
	}
	for (int i = 0; d->verb == WRITE_CREATE && i < d->reg->nfields; i++) {
		const struct field *f = &d->reg->fields[i];
		struct err one;
		if (f->required && field_is_stored(f) && d->after->values[i].kind == VALUE_NULL) {
			bool set = false;
			for (int k = 0; k < given; k++)
				set |= d->fields[k] == f;
			if (!set && !value_check(f, &d->after->values[i], &one))
				collect(w, &one);
		}
	}
	return no_errors_since(w, from, err);
}

static int role_names(
	const struct work *w, const struct step *step, const char *names[ROLE_COUNT + 16])
{
	int n = 0;
	if (w->person->system) { /* the program may do what anybody may */
		for (int i = 0; i < step->nby && n < 16; i++)
			names[n++] = step->by[i];
		return n;
	}
	for (int i = 0; i < ROLE_COUNT; i++)
		if (person_is(w->person, (enum role)i))
			names[n++] = role_words[i].name;
	return n;
}

static bool take_step(
	struct work *w, struct draft *d, const struct clock_row *rows, int nrows, struct err *err)
{
	const char *roles[ROLE_COUNT + 16];
	struct clock_context ctx = app_clocks_of_draft(w, d);
	struct step_request request = {
		.reg = d->reg,
		.record = d->before,
		.step = d->step,
		.roles = roles,
		.nroles = role_names(w, d->step, roles),
		.maker = !w->person->system && step_maker(d->before, w->person->account),
		.fields = d->fields,
		.values = d->values,
		.n = d->n,
		.now = w->now,
		.clocks = rows,
		.nclocks = nrows,
		.ctx = &ctx,
		.offset_minutes = w->app->offset_minutes,
	};
	struct step_outcome outcome;
	if (!step_take(&request, &outcome, err))
		return false;
	if (outcome.state && (!d->before->state || strcmp(outcome.state, d->before->state) != 0))
		d->after->state_since = w->now;
	d->after->state = outcome.state;
	if (outcome.stamp)
		draft_set(w, d, outcome.stamp, outcome.stamp_value);
	return true;
}

void work_keep_clock(struct work *w, struct clock_row row)
{
	if (w->nclocks == w->clocks_room) {
		int more = w->clocks_room * 2 + 8;
		w->clocks =
			arena_grow(w->a, w->clocks, (size_t)w->clocks_room, (size_t)more, sizeof(*w->clocks));
		w->clocks_room = more;
	}
	w->clocks[w->nclocks++] = row;
}

static void keep_due(struct work *w, const struct draft *d, struct instant due)
{
	if (w->ndues == w->dues_room) {
		int more = w->dues_room * 2 + 8;
		w->dues = arena_grow(w->a, w->dues, (size_t)w->dues_room, (size_t)more, sizeof(*w->dues));
		w->dues_room = more;
	}
	w->dues[w->ndues++] = (struct record_due){d->reg->name, d->id, d->after->version, due};
}

/* What came due before it happened is said of the row, whether the tick was there in time or not. */
static bool move_clock(struct work *w, const struct draft *d, const struct clock_context *ctx,
	const struct clock_def *def, struct clock_row *row)
{
	for (int i = 0; d->undone && i < d->undone->nclocks; i++)
		if (strcmp(d->undone->clocks[i].clock, def->name) == 0) {
			*row = d->undone->clocks[i];
			return true;
		}
	if (d->undone)
		return false;
	if (d->verb != WRITE_DELETE)
		return clock_change(ctx, def, d->after, d->before ? d->before->state : NULL,
			d->step ? d->step->name : NULL, w->now, row, NULL);
	bool ticked = clock_tick(ctx, def, w->now, row, NULL);
	return clock_drop(row, w->now) || ticked;
}

static void move_clocks(struct work *w, struct draft *d, const struct clock_row *rows, int nrows)
{
	struct instant due = INSTANT_NONE;
	bool moved = false;
	struct clock_context ctx = app_clocks_of_draft(w, d);
	for (int i = 0; i < d->reg->nclocks; i++) {
		const struct clock_def *def = &d->reg->clocks[i];
		struct clock_row row = clock_row_new(d->reg, def, d->id);
		for (int k = 0; k < nrows; k++)
			if (strcmp(rows[k].clock, def->name) == 0)
				row = rows[k];
		bool ticked = w->ticked && strcmp(w->ticked->clock, def->name) == 0 &&
			uuid_equal(w->ticked->record, d->id);
		if (ticked)
			row = *w->ticked;
		bool changed = move_clock(w, d, &ctx, def, &row);
		if (changed || ticked)
			work_keep_clock(w, row);
		moved |= changed || ticked;
		due = dues_earliest(due, &row);
	}
	if (moved)
		keep_due(w, d, due);
}

static enum verb verb_of(const struct work *w, const struct draft *d)
{
	if (w->importing && (d->verb == WRITE_CREATE || d->verb == WRITE_UPDATE))
		return VERB_IMPORT;
	switch (d->verb) {
	case WRITE_CREATE: return VERB_CREATE;
	case WRITE_UPDATE: return VERB_UPDATE;
	case WRITE_STEP:
	case WRITE_UNDO: return VERB_STEP;
	case WRITE_DELETE:
	case WRITE_UNDELETE: break;
	}
	return VERB_DELETE;
}

/* New, or handed to another parent, unit or area: that too must be in sight. */
static bool moves_scope(const struct draft *d)
{
	const char *const bearing[] = {d->reg->of, d->reg->owner, d->reg->place, d->reg->keeper};
	if (d->verb == WRITE_CREATE)
		return true;
	for (int i = 0; d->verb == WRITE_UPDATE && i < d->n; i++)
		for (size_t k = 0; k < countof(bearing); k++)
			if (bearing[k] && strcmp(d->fields[i]->name, bearing[k]) == 0)
				return true;
	return false;
}

/* Who answers for one area and names none means his own. */
static void default_place(struct work *w, struct draft *d)
{
	const struct field *place = d->reg->place ? register_field(d->reg, d->reg->place) : NULL;
	if (d->verb == WRITE_CREATE && place && !uuid_is_nil(w->person->area) &&
		d->after->values[place->index].kind == VALUE_NULL)
		draft_set(w, d, place, (struct value){.kind = VALUE_ID, .id = w->person->area});
}

/* The calendar must be able to read what is entered. */
static bool check_day(const struct draft *d, struct err *err)
{
	return strcmp(d->reg->name, "calendar_day") != 0 || d->verb == WRITE_DELETE ||
		calendars_check_day(d->after, err);
}

/* Whoever makes it keeps it. */
static void default_keeper(struct work *w, struct draft *d)
{
	const struct field *keeper = d->reg->keeper ? register_field(d->reg, d->reg->keeper) : NULL;
	if (d->verb == WRITE_CREATE && keeper && !uuid_is_nil(w->person->account) &&
		d->after->values[keeper->index].kind == VALUE_NULL)
		draft_set(w, d, keeper, (struct value){.kind = VALUE_ID, .id = w->person->account});
}

bool draft_check(struct work *w, int i, const char *state, struct err *err)
{
	struct draft *d = &w->drafts[i];
	default_place(w, d);
	default_keeper(w, d);
	struct clock_row *rows = NULL;
	int nrows = 0;
	if (!d->ruled &&
		!may(w->app, w->person, verb_of(w, d), d->reg, d->before,
			moves_scope(d) ? d->after->values : NULL, d->undone ? d->undone->step : d->step, err))
		return false;
	if (!effects_before(w, i, err))
		return false;
	d = &w->drafts[i];
	if (d->before && d->reg->nclocks &&
		!clock_rows_of(w->app->store, w->a, d->id, &rows, &nrows, err))
		return false;
	d->after->version = d->before ? d->before->version + 1 : 1;
	d->after->changed_at = w->now;
	d->after->changed_by = w->person->account;
	if (d->verb == WRITE_CREATE) {
		d->after->state = state ? state : step_first_state(d->reg);
		d->after->state_since = d->after->created_at = w->now;
		d->after->created_by = w->person->account;
	}
	if (!check_fields(w, d, err) || !check_day(d, err))
		return false;
	if (d->step && !take_step(w, d, rows, nrows, err))
		return false;
	if (d->undone) {
		d->after->state = d->undone->state;
		d->after->state_since = d->undone->since;
		d->after->deleted = false;
	} else if (d->verb != WRITE_DELETE) {
		stamp_first(w, d);
	}
	if (!check_key(w, d, err))
		return false;
	move_clocks(w, d, rows, nrows);
	return effects_after(w, i, err);
}

bool work_submit(
	struct work *w, const struct once *once, struct batch_result *result, struct err *err)
{
	if (!work_settle(w, err))
		return false;
	struct write *writes = ARENA_ARRAY(w->a, struct write, (size_t)w->n + 1);
	for (int i = 0; i < w->n; i++) {
		const struct draft *d = &w->drafts[i];
		bool moves = d->verb == WRITE_CREATE || d->verb == WRITE_STEP || d->verb == WRITE_UNDO;
		writes[i] = (struct write){
			.verb = d->verb,
			.reg = d->reg,
			.id = d->id,
			.expect_version = d->before ? d->before->version : 0,
			.step = d->step ? d->step->name : NULL,
			.state = moves ? d->after->state : NULL,
			.undoes = d->undone ? d->undone->no : 0,
			.since = d->undone ? d->undone->since : INSTANT_NONE,
			.by = d->undone ? d->undone->by : (struct uuid){{0}},
			.number = d->number,
			.n = d->n,
			.fields = d->fields,
			.values = d->values,
			.reason = d->reason,
		};
	}
	struct batch batch = {
		.who = w->person->account,
		.via = w->person->via,
		.at = w->now,
		.told = w->app->id_seed != 0,
		.writes = writes,
		.n = w->n,
		.clocks = w->clocks,
		.nclocks = w->nclocks,
	};
	if (once) {
		batch.idempotency_key = once->key;
		batch.idempotency_body = once->body;
	}
	if (!store_submit(w->app->store, w->a, &batch, result, err))
		return false;
	if (!result->repeated)
		dues_note(w->app, w->dues, w->ndues);
	return true;
}
