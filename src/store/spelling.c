#include "store/spelling.h"

#include "base/date.h"

/* ---- instants ---- */

static char *two(char *at, int n)
{
	*at++ = (char)('0' + n / 10);
	*at++ = (char)('0' + n % 10);
	return at;
}

void spell_instant(struct instant t, char out[INSTANT_TEXT])
{
	struct ymd d = date_ymd(instant_date(t, 0));
	int64_t ms = ((t.ms % MS_PER_DAY) + MS_PER_DAY) % MS_PER_DAY;
	char *at = two(two(out, d.year / 100), d.year % 100);
	*at++ = '-';
	at = two(at, d.month);
	*at++ = '-';
	at = two(at, d.day);
	*at++ = 'T';
	at = two(at, (int)(ms / 3600000));
	*at++ = ':';
	at = two(at, (int)(ms / 60000 % 60));
	*at++ = ':';
	at = two(at, (int)(ms / 1000 % 60));
	*at++ = '.';
	*at++ = (char)('0' + ms % 1000 / 100);
	at = two(at, (int)(ms % 100));
	*at++ = 'Z';
	*at = '\0';
}

struct instant read_instant(struct slice text)
{
	struct instant t;
	return text.n && instant_parse_iso(text, 0, &t) ? t : INSTANT_NONE;
}

void bind_instant(struct arena *a, struct db_statement *st, int i, struct instant t)
{
	if (t.ms == INSTANT_NONE.ms) {
		db_null(st, i);
		return;
	}
	char *text = arena_alloc(a, INSTANT_TEXT);
	spell_instant(t, text);
	db_text(st, i, text);
}

/* ---- integers that are spelled as ISO text ---- */

#define ISO_ROOM 32

static bool is_iso(enum field_type type)
{
	return type == FIELD_DATE || type == FIELD_MONTH || type == FIELD_INSTANT;
}

static void spell_iso(enum field_type type, int64_t i, char out[ISO_ROOM])
{
	if (type == FIELD_INSTANT) {
		spell_instant((struct instant){i}, out);
		return;
	}
	struct date d =
		type == FIELD_DATE ? (struct date){(int32_t)i} : month_first((struct month){(int32_t)i});
	spell_instant((struct instant){d.day * MS_PER_DAY}, out);
	out[type == FIELD_DATE ? 10 : 7] = '\0';
}

static struct value read_iso(enum field_type type, struct slice text)
{
	struct date d;
	struct month m;
	struct instant t;
	if (type == FIELD_DATE && date_parse_iso(text, &d))
		return (struct value){.kind = VALUE_INT, .i = d.day};
	if (type == FIELD_MONTH && month_parse_iso(text, &m))
		return (struct value){.kind = VALUE_INT, .i = m.index};
	if (type == FIELD_INSTANT && instant_parse_iso(text, 0, &t))
		return (struct value){.kind = VALUE_INT, .i = t.ms};
	return VALUE_NONE;
}

static enum value_kind kind_of(enum field_type type)
{
	switch (type) {
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_MONEY:
	case FIELD_PERCENT:
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_INSTANT:
	case FIELD_YESNO: return VALUE_INT;
	case FIELD_REF: return VALUE_ID;
	case FIELD_CHOICES:
	case FIELD_REFS:
	case FIELD_FILES: return VALUE_LIST;
	case FIELD_DERIVED: return VALUE_NULL;
	default: return VALUE_TEXT;
	}
}

/* ---- the journal's JSON ---- */

void spell_value(struct json_writer *w, const struct field *field, const struct value *v)
{
	char iso[ISO_ROOM];
	switch (v->kind) {
	case VALUE_NULL: jw_null(w); return;
	case VALUE_INT:
		if (!is_iso(field->type)) {
			jw_int(w, v->i);
			return;
		}
		spell_iso(field->type, v->i, iso);
		jw_text(w, iso);
		return;
	case VALUE_TEXT: jw_slice(w, v->text); return;
	case VALUE_ID: jw_uuid(w, v->id); return;
	case VALUE_LIST:
		jw_array(w);
		for (int i = 0; i < v->n; i++)
			spell_value(w, field, &v->items[i]);
		jw_array_end(w);
		return;
	}
}

static struct value item_of(const struct field *field, const struct json *json)
{
	struct uuid id;
	if (!json || json->type != JSON_IS_TEXT)
		return VALUE_NONE;
	if (field->type != FIELD_REFS && field->type != FIELD_REF)
		return (struct value){.kind = VALUE_TEXT, .text = json->text};
	return uuid_parse(json->text, &id) ? (struct value){.kind = VALUE_ID, .id = id} : VALUE_NONE;
}

static struct value list_of(struct arena *a, const struct field *field, const struct json *json)
{
	struct value list = {.kind = VALUE_LIST};
	if (json->type != JSON_IS_ARRAY)
		return VALUE_NONE;
	struct value *items = ARENA_ARRAY(a, struct value, (size_t)json->n);
	for (int i = 0; i < json->n; i++) {
		items[list.n] = item_of(field, &json->items[i]);
		list.n += items[list.n].kind != VALUE_NULL;
	}
	list.items = items;
	return list;
}

struct value unspell_value(struct arena *a, const struct field *field, const struct json *json)
{
	if (json_absent(json))
		return VALUE_NONE;
	switch (kind_of(field->type)) {
	case VALUE_INT:
		if (is_iso(field->type) && json->type == JSON_IS_TEXT)
			return read_iso(field->type, json->text);
		return !is_iso(field->type) && json->type == JSON_IS_INT
			? (struct value){.kind = VALUE_INT, .i = json->i}
			: VALUE_NONE;
	case VALUE_TEXT:
	case VALUE_ID: return item_of(field, json);
	case VALUE_LIST: return list_of(a, field, json);
	default: return VALUE_NONE;
	}
}

/* ---- SQL ---- */

enum db_type column_type(const struct field *field)
{
	switch (kind_of(field->type)) {
	case VALUE_INT: return is_iso(field->type) ? DB_TYPE_TEXT : DB_TYPE_INTEGER;
	case VALUE_ID: return DB_TYPE_BYTES;
	default: return DB_TYPE_TEXT;
	}
}

void bind_value(struct arena *a, struct db_statement *st, int i, const struct field *field,
	const struct value *v)
{
	switch (v->kind) {
	case VALUE_NULL: db_null(st, i); return;
	case VALUE_INT:
		if (is_iso(field->type)) {
			char *iso = arena_alloc(a, ISO_ROOM);
			spell_iso(field->type, v->i, iso);
			db_text(st, i, iso);
		} else {
			db_int(st, i, v->i);
		}
		return;
	case VALUE_TEXT: db_slice(st, i, v->text.s ? v->text : SLICE("")); return;
	case VALUE_ID: db_uuid(st, i, v->id); return;
	case VALUE_LIST: {
		struct str text = STR_INIT;
		struct json_writer w = jw_start(&text);
		spell_value(&w, field, v);
		db_slice(st, i, arena_slice(a, str_view(&text)));
		str_free(&text);
		return;
	}
	}
}

/* ["a","b"] without escapes is nearly every list there is, and a scan of all records reads many. */
static bool plain_list(
	struct arena *a, const struct field *field, struct slice text, struct value *out)
{
	if (text.n < 2 || text.s[0] != '[' || memchr(text.s, '\\', text.n))
		return false;
	size_t quotes = 0;
	for (size_t i = 0; i < text.n; i++)
		quotes += text.s[i] == '"';
	char *copy = arena_text(a, text);
	struct value *items = ARENA_ARRAY(a, struct value, quotes / 2);
	int n = 0;
	for (char *at = memchr(copy, '"', text.n); at; at = strchr(at, '"')) {
		char *start = at + 1, *end = strchr(start, '"');
		if (!end)
			return false;
		*end = '\0';
		struct json word = {.type = JSON_IS_TEXT, .text = {start, (size_t)(end - start)}};
		items[n] = item_of(field, &word);
		n += items[n].kind != VALUE_NULL;
		at = end + 1;
	}
	*out = (struct value){.kind = VALUE_LIST};
	out->items = items;
	out->n = n;
	return true;
}

static struct value list_value(struct arena *a, const struct field *field, struct slice text)
{
	struct value list;
	if (plain_list(a, field, text, &list))
		return list;
	const struct json *json;
	struct err ignored; /* a list that is no JSON fits no field: none, as said in the header */
	return json_parse(a, text, NULL, &json, &ignored) ? unspell_value(a, field, json) : VALUE_NONE;
}

struct value column_value(
	struct arena *a, struct db_statement *st, int i, const struct field *field)
{
	enum db_kind kind = db_kind(st, i);
	if (kind == DB_NULL)
		return VALUE_NONE;
	switch (kind_of(field->type)) {
	case VALUE_INT:
		if (is_iso(field->type))
			return read_iso(field->type, db_get_text(st, i));
		return kind == DB_INT ? (struct value){.kind = VALUE_INT, .i = db_get_int(st, i)}
							  : VALUE_NONE;
	case VALUE_TEXT:
		return (struct value){.kind = VALUE_TEXT, .text = arena_slice(a, db_get_text(st, i))};
	case VALUE_ID: return (struct value){.kind = VALUE_ID, .id = db_get_uuid(st, i)};
	case VALUE_LIST: return list_value(a, field, db_get_text(st, i));
	default: return VALUE_NONE;
	}
}
