/* A definition as JSON, in the shape of docs/http.md: what the UI draws forms, lists and buttons from. */
#include "base/num.h"
#include "model/code.h"
#include "model/register.h"
#include "model/value.h"

static void put_texts(struct json_writer *w, const char *key, const char *const *list, int n)
{
	jw_key(w, key);
	jw_array(w);
	for (int i = 0; i < n; i++)
		jw_text(w, list[i]);
	jw_array_end(w);
}

static void put_optional(struct json_writer *w, const char *key, const char *text)
{
	if (text)
		jw_kt(w, key, text);
}

static void put_flag(struct json_writer *w, const char *key, bool flag)
{
	if (flag)
		jw_kb(w, key, true);
}

static void put_span(struct json_writer *w, const char *key, struct span span)
{
	struct str text = STR_INIT;
	if (span.n == 0)
		return;
	span_format(&text, span);
	jw_kt(w, key, str_text(&text));
	str_free(&text);
}

/* A bound reads as the API spells a value of this field. */
static void put_bound(
	struct json_writer *w, const char *key, const struct field *f, bool has, int64_t bound)
{
	if (!has)
		return;
	struct value v = {.kind = VALUE_INT, .i = bound};
	jw_key(w, key);
	value_to_json(w, f, &v);
}

static void put_choices(struct json_writer *w, const struct field *f)
{
	jw_key(w, "choices");
	jw_array(w);
	for (int i = 0; i < f->nchoices; i++) {
		jw_object(w);
		jw_kt(w, "name", f->choices[i].name);
		jw_label(w, "label", f->choices[i].label);
		put_flag(w, "retired", f->choices[i].retired);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void put_field(struct json_writer *w, const struct field *f)
{
	jw_object(w);
	jw_kt(w, "name", f->name);
	jw_kt(w, "type", field_type_name(f->type));
	jw_label(w, "label", f->label);
	if (f->help.zh)
		jw_label(w, "help", f->help);
	put_flag(w, "required", f->required);
	put_flag(w, "unique", f->unique);
	put_flag(w, "listed", f->listed);
	put_flag(w, "evidence", f->evidence);
	put_flag(w, "governed", f->governed);
	put_flag(w, "sensitive", f->sensitive);
	put_flag(w, "retired", f->retired);
	put_flag(w, "builtin", f->builtin);
	if (f->max)
		jw_ki(w, "max", f->max);
	put_bound(w, "least", f, f->has_least, f->least);
	put_bound(w, "most", f, f->has_most, f->most);
	if (f->type == FIELD_QUANTITY)
		jw_ki(w, "scale", f->scale);
	if (f->unit.zh)
		jw_label(w, "unit", f->unit);
	if (f->nchoices)
		put_choices(w, f);
	put_optional(w, "to", f->to);
	put_optional(w, "accept", f->accept);
	if (f->code)
		jw_kt(w, "code", code_kind_name(f->code));
	put_optional(w, "group", f->group);
	if (f->type == FIELD_DERIVED) {
		jw_kt(w, "derive", f->derive);
		jw_kt(w, "derived_type", field_type_name(f->derived_type));
		put_optional(w, "feeds", f->feeds);
	}
	jw_object_end(w);
}

static void put_step(struct json_writer *w, const struct step *s)
{
	jw_object(w);
	jw_kt(w, "name", s->name);
	jw_label(w, "label", s->label);
	put_texts(w, "from", s->from, s->nfrom);
	jw_kt(w, "to", s->to);
	put_texts(w, "by", s->by, s->nby);
	jw_key(w, "asks");
	jw_array(w);
	for (int i = 0; i < s->nasks; i++)
		jw_text(w, s->asks[i]->name);
	jw_array_end(w);
	jw_kb(w, "checker", s->checker);
	put_optional(w, "stamps", s->stamps);
	put_optional(w, "within", s->within);
	jw_object_end(w);
}

static void put_clock(struct json_writer *w, const struct clock_def *c)
{
	jw_object(w);
	jw_kt(w, "name", c->name);
	jw_label(w, "label", c->label);
	put_texts(w, "start", c->start, c->nstart);
	put_texts(w, "stop", c->stop, c->nstop);
	put_texts(w, "pause", c->pause, c->npause);
	put_span(w, "limit", c->limit);
	put_optional(w, "due", c->due);
	put_span(w, "warn", c->warn);
	put_optional(w, "ladder", c->ladder);
	put_optional(w, "holder", c->holder);
	put_flag(w, "site", c->site);
	if (c->extend_ask) {
		jw_key(w, "extend");
		jw_object(w);
		jw_kt(w, "ask", c->extend_ask);
		jw_kt(w, "grant", c->extend_grant);
		jw_kt(w, "until", c->extend_to);
		put_span(w, "before", c->extend_before);
		jw_object_end(w);
	}
	jw_object_end(w);
}

static void put_lists(struct json_writer *w, const struct register_def *reg)
{
	jw_key(w, "groups");
	jw_array(w);
	for (int i = 0; i < reg->ngroups; i++) {
		jw_object(w);
		jw_kt(w, "name", reg->groups[i].name);
		jw_label(w, "label", reg->groups[i].label);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "fields");
	jw_array(w);
	for (int i = 0; i < reg->nfields; i++)
		put_field(w, &reg->fields[i]);
	jw_array_end(w);
	jw_key(w, "states");
	jw_array(w);
	for (int i = 0; i < reg->nstates; i++) {
		jw_object(w);
		jw_kt(w, "name", reg->states[i].name);
		jw_label(w, "label", reg->states[i].label);
		jw_kb(w, "open", reg->states[i].open);
		jw_kb(w, "side", reg->states[i].side);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "steps");
	jw_array(w);
	for (int i = 0; i < reg->nsteps; i++)
		put_step(w, &reg->steps[i]);
	jw_array_end(w);
	jw_key(w, "clocks");
	jw_array(w);
	for (int i = 0; i < reg->nclocks; i++)
		put_clock(w, &reg->clocks[i]);
	jw_array_end(w);
}

void register_to_json(struct json_writer *w, const struct register_def *reg)
{
	jw_object(w);
	jw_kt(w, "register", reg->name);
	jw_label(w, "label", reg->label);
	if (reg->help.zh)
		jw_label(w, "help", reg->help);
	jw_kt(w, "of", reg->of);
	jw_kt(w, "number", reg->number);
	jw_kt(w, "title", reg->title);
	jw_kt(w, "tree", reg->tree);
	jw_kt(w, "owner", reg->owner);
	jw_kt(w, "place", reg->place);
	jw_kt(w, "keeper", reg->keeper);
	jw_ki(w, "order", reg->order);
	jw_kb(w, "builtin", reg->builtin);
	jw_kb(w, "internal", reg->internal);
	put_texts(w, "key", reg->key, reg->nkey);
	put_lists(w, reg);
	jw_object_end(w);
}
