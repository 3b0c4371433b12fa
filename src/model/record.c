/* A record as JSON, and an empty one. */
#include "model/record.h"

struct record *record_new(struct arena *a, const struct register_def *reg)
{
	struct record *r = ARENA_NEW(a, struct record);
	r->reg = reg;
	r->created_at = r->changed_at = r->state_since = INSTANT_NONE;
	r->values = ARENA_ARRAY(a, struct value, (size_t)reg->nfields); /* zeroed: VALUE_NULL */
	return r;
}

static void put_instant(struct json_writer *w, const char *key, struct instant t)
{
	struct str text = STR_INIT;
	jw_key(w, key);
	if (t.ms == INSTANT_NONE.ms) {
		jw_null(w);
		return;
	}
	instant_format(&text, t, OFFSET_CHINA);
	jw_text(w, str_text(&text));
	str_free(&text);
}

void record_to_json(struct json_writer *w, const struct record *r)
{
	jw_object(w);
	jw_kid(w, "id", r->id);
	jw_kt(w, "register", r->reg->name);
	jw_kt(w, "number", r->number);
	jw_ki(w, "version", r->version);
	jw_kt(w, "state", r->state);
	put_instant(w, "state_since", r->state_since);
	jw_kid(w, "created_by", r->created_by);
	put_instant(w, "created_at", r->created_at);
	jw_kid(w, "changed_by", r->changed_by);
	put_instant(w, "changed_at", r->changed_at);
	jw_key(w, "fields");
	jw_object(w);
	for (int i = 0; i < r->reg->nfields; i++)
		if (field_is_stored(&r->reg->fields[i])) {
			jw_key(w, r->reg->fields[i].name);
			value_to_json(w, &r->reg->fields[i], &r->values[i]);
		}
	jw_object_end(w);
	jw_object_end(w);
}
