#include "test/unit/board_help.h"

#include <stdio.h>

#include "base/json.h"
#include "test/unit/cmocka_all.h"

static void stop_on(const struct err *err)
{
	struct str said = STR_INIT;
	err_say(err, LANG_EN, &said);
	fail_msg("%s", str_text(&said));
}

struct board_options office_options(void)
{
	return (struct board_options){.offset_minutes = OFFSET_CHINA, .basis = TIME_BY_MONTH};
}

struct office *office_open(const char *own_definition)
{
	struct arena *a = arena_open();
	struct office *o = ARENA_NEW(a, struct office);
	struct err err;
	struct definition_source own = {"definition 1", slice_of(own_definition), false};
	o->a = a;
	if (!catalogue_builtin(&own, own_definition != NULL, 1, &o->catalogue, &err))
		stop_on(&err);
	struct board_options options = office_options();
	o->board = board_open(o->catalogue, &options);
	o->seed = 20260331;
	return o;
}

void office_close(struct office *o)
{
	board_close(o->board);
	catalogue_close(o->catalogue);
	arena_close(o->a);
}

uint32_t office_random(struct office *o, uint32_t below)
{
	o->seed = o->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((o->seed >> 33) % below);
}

struct record *office_find(const struct office *o, struct uuid id)
{
	for (int i = o->n - 1; i >= 0; i--)
		if (uuid_equal(o->records[i]->id, id))
			return o->records[i];
	return NULL;
}

char *office_id(struct office *o, struct uuid id)
{
	char *text = arena_alloc(o->a, UUID_TEXT);
	uuid_format(id, text);
	return text;
}

static struct change *new_change(struct office *o, struct record *r, const char *step)
{
	if (o->nchanges == o->changes_room) {
		int room = o->changes_room * 2 + 64;
		o->changes = arena_grow(
			o->a, o->changes, (size_t)o->changes_room, (size_t)room, sizeof(*o->changes));
		o->changes_room = room;
	}
	struct change *c = &o->changes[o->nchanges++];
	*c = (struct change){.no = o->nchanges,
		.at = {1700000000000 + (int64_t)o->nchanges * 1000},
		.who = {{7, 7}},
		.via = "test",
		.reg = r->reg,
		.id = r->id,
		.number = r->number,
		.version = ++r->version,
		.step = step};
	r->changed_at = c->at;
	r->changed_by = c->who;
	return c;
}

/* Takes the values of a JSON object into the record and notes them in the change. */
static void take_fields(struct office *o, struct record *r, struct change *c, const char *fields)
{
	const struct json *j;
	struct err err;
	if (!json_parse(o->a, slice_of(fields), "fields", &j, &err))
		stop_on(&err);
	const struct field **list = ARENA_ARRAY(o->a, const struct field *, (size_t)j->nmembers + 1);
	struct value *before = ARENA_ARRAY(o->a, struct value, (size_t)j->nmembers + 1);
	struct value *after = ARENA_ARRAY(o->a, struct value, (size_t)j->nmembers + 1);
	for (int i = 0; i < j->nmembers; i++) {
		const struct field *f = register_field(r->reg, j->members[i].key.s);
		if (!f)
			fail_msg("there is no field %s in %s", j->members[i].key.s, r->reg->name);
		if (!value_from_json(o->a, f, &j->members[i].value, &after[i], &err))
			stop_on(&err);
		before[i] = r->values[f->index];
		r->values[f->index] = after[i];
		list[i] = f;
	}
	c->n = j->nmembers;
	c->fields = list;
	c->before = before;
	c->after = after;
}

struct uuid office_create(struct office *o, const char *reg, const char *state, const char *fields)
{
	const struct register_def *def = catalogue_find(o->catalogue, reg);
	if (!def)
		fail_msg("there is no register %s", reg);
	if (o->n == o->room) {
		int room = o->room * 2 + 64;
		o->records =
			arena_grow(o->a, o->records, (size_t)o->room, (size_t)room, sizeof(struct record *));
		o->room = room;
	}
	struct record *r = o->records[o->n++] = record_new(o->a, def);
	uint8_t random[10];
	for (int i = 0; i < 10; i++)
		random[i] = (uint8_t)office_random(o, 256);
	r->id = uuid_v7((struct instant){1700000000000 + o->nchanges}, random);
	r->number = def->number ? arena_printf(o->a, "N-%d", o->n) : NULL;
	r->state = state ? state : def->nstates ? def->states[0].name : NULL;
	struct change *c = new_change(o, r, "create");
	c->state_after = r->state;
	r->created_at = r->state_since = c->at;
	take_fields(o, r, c, fields);
	board_apply(o->board, c);
	return r->id;
}

void office_update(struct office *o, struct uuid id, const char *state, const char *fields)
{
	struct record *r = office_find(o, id);
	struct change *c = new_change(o, r, state ? "step" : "update");
	c->state_before = r->state;
	if (state && strcmp(state, r->state) != 0) {
		r->state = state;
		r->state_since = c->at;
	}
	c->state_after = r->state;
	take_fields(o, r, c, fields);
	board_apply(o->board, c);
}

void office_delete(struct office *o, struct uuid id)
{
	struct record *r = office_find(o, id);
	struct change *c = new_change(o, r, "delete");
	struct value *before = ARENA_ARRAY(o->a, struct value, (size_t)r->reg->nfields);
	const struct field **fields = ARENA_ARRAY(o->a, const struct field *, (size_t)r->reg->nfields);
	c->state_before = c->state_after = r->state;
	for (int i = 0; i < r->reg->nfields; i++)
		if (field_is_stored(&r->reg->fields[i])) {
			before[c->n] = r->values[i];
			fields[c->n++] = &r->reg->fields[i];
		}
	c->fields = fields;
	c->before = c->after = before;
	r->deleted = true;
	board_apply(o->board, c);
}

struct board *office_load(const struct office *o)
{
	struct board_options options = office_options();
	struct board *b = board_open(o->catalogue, &options);
	for (int i = 0; i < o->n; i++)
		if (!o->records[i]->deleted)
			board_put(b, o->records[i]);
	board_set_journal(b, o->nchanges);
	return b;
}
