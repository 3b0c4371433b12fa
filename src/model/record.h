/* One row of a register, as everybody passes it around. Lives in the arena it was read into. */
#ifndef MODEL_RECORD_H
#define MODEL_RECORD_H

#include "base/date.h"
#include "base/uuid.h"
#include "model/register.h"
#include "model/value.h"

struct record {
	const struct register_def *reg;
	struct uuid id;
	const char *number; /* human number or NULL */
	int64_t version;    /* 1 when created */
	const char *state;  /* NULL when the register has no states */
	struct uuid created_by, changed_by;
	struct instant created_at, changed_at;
	struct instant state_since;
	bool deleted;
	struct value *values; /* reg->nfields of them, by field.index */
};

/* One committed change: what the journal holds and what the board and the streams are fed. */
struct change {
	int64_t no; /* journal number, from 1 without gaps */
	struct instant at;
	struct uuid who; /* account; nil: the system */
	const char *via; /* "web", "import", "demo", "tick", "cli", "token <name>" */
	const struct register_def *reg;
	struct uuid id;
	const char *number; /* "create": the human number it was given, or NULL */
	int64_t version;    /* after the change */
	/* "create", "update", "delete", the step's name, or what took the entry before it back: "undo" a step, "undelete" */
	const char *step;
	const char *state_before, *state_after; /* NULL: none */
	int64_t undoes;       /* "undo", "undelete": number of the entry taken back; else 0 */
	struct instant since; /* of those: since when the record stands in state_after */
	struct uuid by;       /* and whose work it is again: who changed it ahead of that entry */
	int n;                /* fields that changed */
	const struct field *const *fields;
	const struct value *before, *after;
	const char *reason;  /* or NULL */
	const uint8_t *hash; /* DIGEST_BYTES of the journal entry */
};

static inline bool change_is(const struct change *c, const char *step)
{
	return strcmp(c->step, step) == 0;
}

/* Since when the record stands in the state that the change brought it to. */
static inline struct instant change_state_since(const struct change *c)
{
	return c->undoes ? c->since : c->at;
}

/* Whose work the record is after it: whoever takes his step back did not make what stood there before. */
static inline struct uuid change_by(const struct change *c)
{
	return c->undoes ? c->by : c->who;
}

static inline const struct value *record_value(const struct record *r, const char *field)
{
	const struct field *f = register_field(r->reg, field);
	return f ? &r->values[f->index] : NULL;
}

void record_to_json(struct json_writer *w,
	const struct record *r); /* {"id","number","version","state",...,"fields":{}} */
struct record *record_new(struct arena *a, const struct register_def *reg);

#endif
