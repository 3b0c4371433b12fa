/* Values: comparing, the API's spelling, and what a definition asks of them. People's spelling is in value_text.c. */
#include "model/value.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/utf8.h"
#include "model/code.h"
#include "model/quote.h"

/* The longest text in characters, or the most items, where a definition does not say. */
enum { MAX_TEXT = 500, MAX_LONGTEXT = 20000, MAX_ITEMS = 500, MAX_DOCUMENT = 1024 * 1024 };

bool value_equal(const struct value *a, const struct value *b)
{
	if (a->kind != b->kind)
		return false;
	switch (a->kind) {
	case VALUE_NULL: return true;
	case VALUE_INT: return a->i == b->i;
	case VALUE_TEXT: return slice_equal(a->text, b->text);
	case VALUE_ID: return uuid_equal(a->id, b->id);
	case VALUE_LIST:
		for (int i = 0; a->n == b->n && i < a->n; i++)
			if (!value_equal(&a->items[i], &b->items[i]))
				return false;
		return a->n == b->n;
	}
	return false;
}

struct value value_copy(struct arena *a, const struct value *v)
{
	struct value copy = *v;
	if (v->kind == VALUE_TEXT)
		copy.text = arena_slice(a, v->text);
	if (v->kind == VALUE_LIST) {
		struct value *items = ARENA_ARRAY(a, struct value, (size_t)v->n);
		for (int i = 0; i < v->n; i++)
			items[i] = value_copy(a, &v->items[i]);
		copy.items = items;
	}
	return copy;
}

/* ---- from the API ---- */

static int decimals(const struct field *f)
{
	return f->type == FIELD_PERCENT ? 2 : f->type == FIELD_QUANTITY ? f->scale : 0;
}

/* A JSON number as the stored integer, without losing a digit: 36.1 at scale 2 is 3610. */
static bool number_from_json(
	const struct field *f, const struct json *j, int64_t *out, struct err *err)
{
	int scale = decimals(f);
	if (j->type == JSON_IS_INT && num_mul(j->i, num_pow10[scale], out))
		return true;
	if (j->type != JSON_IS_INT && j->type != JSON_IS_REAL)
		return err_set(err, ERR_INPUT, f->name, "must be a number");
	char text[40];
	bool exact = false;
	/* 15 digits: what a double surely holds; the noise behind them is not what was written */
	snprintf(text, sizeof(text), "%.15g", json_double(j, 0));
	if (!num_decimal(slice_of(text), scale, out, &exact))
		return err_set(err, ERR_INPUT, f->name, "the number %s is too large", text);
	if (!exact)
		return err_set(
			err, ERR_INPUT, f->name, "the number %s has more than %d decimals", text, scale);
	return true;
}

static bool id_from_json(
	const struct field *f, const struct json *j, struct value *out, struct err *err)
{
	out->kind = VALUE_ID;
	if (j->type != JSON_IS_TEXT || !uuid_parse(j->text, &out->id))
		return err_set(
			err, ERR_INPUT, f->name, "\"%s\" is not the id of a record", quote(json_slice(j)).s);
	return true;
}

static bool choice_from_json(
	const struct field *f, const struct json *j, struct value *out, struct err *err)
{
	const struct choice *c = j->type == JSON_IS_TEXT ? field_choice(f, j->text.s) : NULL;
	if (!c)
		return err_set(
			err, ERR_INPUT, f->name, "\"%s\" is none of the choices", quote(json_slice(j)).s);
	*out = (struct value){.kind = VALUE_TEXT, .text = slice_of(c->name)};
	return true;
}

/* A file is named by the id under which it was uploaded. */
static bool file_from_json(struct arena *a, const struct field *f, const struct json *j,
	struct value *out, struct err *err)
{
	bool good = j->type == JSON_IS_TEXT && j->text.n > 0 && j->text.n <= 80;
	for (size_t i = 0; good && i < j->text.n; i++) {
		char c = j->text.s[i];
		good = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
			c == '-' || c == '_';
	}
	if (!good)
		return err_set(
			err, ERR_INPUT, f->name, "\"%s\" is not the id of a file", quote(json_slice(j)).s);
	*out = (struct value){.kind = VALUE_TEXT, .text = arena_slice(a, j->text)};
	return true;
}

static int place_of_choice(const struct field *f, struct slice name)
{
	for (int i = 0; i < f->nchoices; i++)
		if (slice_is(name, f->choices[i].name))
			return i;
	return -1;
}

static int order_of_items(const struct field *f, const struct value *a, const struct value *b)
{
	return place_of_choice(f, a->text) - place_of_choice(f, b->text);
}

/* Adds an item unless it is there. Choices stand in the order of the definition, so that equal sets are equal lists. */
static void add_item(const struct field *f, struct value *items, int *n, struct value item)
{
	int at = *n;
	for (int i = 0; i < *n; i++)
		if (value_equal(&items[i], &item))
			return;
	if (f->type == FIELD_CHOICES)
		for (; at > 0 && order_of_items(f, &items[at - 1], &item) > 0; at--)
			items[at] = items[at - 1];
	items[at] = item;
	(*n)++;
}

struct value value_list(struct arena *a, const struct field *f, const struct value *items, int n)
{
	struct value *all = ARENA_ARRAY(a, struct value, (size_t)n);
	int count = 0;
	for (int i = 0; i < n; i++)
		add_item(f, all, &count, items[i]);
	return count ? (struct value){.kind = VALUE_LIST, .items = all, .n = count} : VALUE_NONE;
}

static bool list_from_json(struct arena *a, const struct field *f, const struct json *j,
	struct value *out, struct err *err)
{
	if (j->type != JSON_IS_ARRAY)
		return err_set(err, ERR_INPUT, f->name, "must be a list");
	struct value *items = ARENA_ARRAY(a, struct value, (size_t)j->n);
	for (int i = 0; i < j->n; i++) {
		const struct json *one = json_at(j, i);
		if (f->type == FIELD_REFS          ? !id_from_json(f, one, &items[i], err)
				: f->type == FIELD_CHOICES ? !choice_from_json(f, one, &items[i], err)
										   : !file_from_json(a, f, one, &items[i], err))
			return false;
	}
	*out = value_list(a, f, items, j->n);
	return true;
}

static bool is_position(const struct json *j)
{
	if (!j || j->type != JSON_IS_ARRAY || j->n < 2 || j->n > 3)
		return false;
	for (int i = 0; i < j->n; i++)
		if (json_at(j, i)->type != JSON_IS_INT && json_at(j, i)->type != JSON_IS_REAL)
			return false;
	double east = json_double(json_at(j, 0), 999), north = json_double(json_at(j, 1), 999);
	return east >= -180 && east <= 180 && north >= -90 && north <= 90;
}

static bool is_nested(const struct json *j, int depth, int least)
{
	if (depth == 0)
		return is_position(j);
	if (!j || j->type != JSON_IS_ARRAY || j->n < least)
		return false;
	for (int i = 0; i < j->n; i++)
		if (!is_nested(json_at(j, i), depth - 1, depth == 2 ? 4 : 1))
			return false;
	return true;
}

/* A GeoJSON geometry in WGS-84; "entered_in" names the datum it was measured in, if it was another. */
static bool geometry_from_json(struct arena *a, const struct field *f, const struct json *j,
	struct value *out, struct err *err)
{
	static const char *const datums[] = {"wgs84", "cgcs2000", "gcj02", "bd09"};
	const char *type = json_text(json_get(j, "type"), ""),
			   *datum = json_text(json_get(j, "entered_in"), "wgs84");
	const struct json *coordinates = json_get(j, "coordinates");
	bool good = f->type == FIELD_POINT ? strcmp(type, "Point") == 0 && is_position(coordinates)
		: f->type == FIELD_LINE ? strcmp(type, "LineString") == 0 && is_nested(coordinates, 1, 2)
								: (strcmp(type, "Polygon") == 0 && is_nested(coordinates, 2, 1)) ||
			(strcmp(type, "MultiPolygon") == 0 && is_nested(coordinates, 3, 1));
	bool known = false;
	for (size_t i = 0; i < countof(datums); i++)
		known = known || strcmp(datum, datums[i]) == 0;
	if (!good)
		return err_set(
			err, ERR_INPUT, f->name, "is not a GeoJSON geometry of this field's type in WGS-84");
	if (!known)
		return err_set(err, ERR_INPUT, f->name, "unknown datum \"%s\"", datum);
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_kt(&w, "type", type);
	jw_key(&w, "coordinates");
	jw_json(&w, coordinates);
	if (strcmp(datum, "wgs84") != 0)
		jw_kt(&w, "entered_in", datum);
	jw_object_end(&w);
	*out = (struct value){.kind = VALUE_TEXT, .text = arena_slice(a, str_view(&text))};
	str_free(&text);
	return true;
}

static bool document_from_json(struct arena *a, const struct json *j, struct value *out)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_json(&w, j);
	*out = (struct value){.kind = VALUE_TEXT, .text = arena_slice(a, str_view(&text))};
	str_free(&text);
	return true;
}

static bool time_from_json(
	const struct field *f, const struct json *j, int64_t *out, struct err *err)
{
	struct date date;
	struct month month;
	struct instant instant;
	struct quote text = quote(json_slice(j));
	if (f->type == FIELD_DATE) {
		if (!date_parse_iso(json_slice(j), &date))
			return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a date like 2026-03-31", text.s);
		*out = date.day;
	} else if (f->type == FIELD_MONTH) {
		if (!month_parse_iso(json_slice(j), &month))
			return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a month like 2026-03", text.s);
		*out = month.index;
	} else {
		if (!instant_parse_iso(json_slice(j), OFFSET_CHINA, &instant))
			return err_set(err, ERR_INPUT, f->name,
				"\"%s\" is not an instant like 2026-03-31T08:00:00+08:00", text.s);
		*out = instant.ms;
	}
	return true;
}

bool value_from_json(struct arena *a, const struct field *f, const struct json *j,
	struct value *out, struct err *err)
{
	struct value v = VALUE_NONE;
	bool good = true;
	if (f->type == FIELD_DERIVED)
		return err_set(err, ERR_INPUT, f->name, "is computed and cannot be entered");
	if (json_absent(j) || (j->type == JSON_IS_TEXT && j->text.n == 0)) {
		*out = VALUE_NONE;
		return true;
	}
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_LONGTEXT:
	case FIELD_CODE:
		if (j->type != JSON_IS_TEXT)
			return err_set(err, ERR_INPUT, f->name, "must be a text");
		v = (struct value){.kind = VALUE_TEXT,
			.text = f->type == FIELD_CODE ? code_normal(a, f->code, j->text)
										  : arena_slice(a, utf8_trim(j->text))};
		if (v.text.n == 0)
			v = VALUE_NONE;
		break;
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_MONEY:
	case FIELD_PERCENT:
		v.kind = VALUE_INT;
		good = number_from_json(f, j, &v.i, err);
		break;
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_INSTANT:
		v.kind = VALUE_INT;
		good = time_from_json(f, j, &v.i, err);
		break;
	case FIELD_YESNO:
		v = (struct value){.kind = VALUE_INT, .i = j->type == JSON_IS_TRUE};
		if (j->type != JSON_IS_TRUE && j->type != JSON_IS_FALSE)
			return err_set(err, ERR_INPUT, f->name, "must be true or false");
		break;
	case FIELD_CHOICE: good = choice_from_json(f, j, &v, err); break;
	case FIELD_REF: good = id_from_json(f, j, &v, err); break;
	case FIELD_FILE: good = file_from_json(a, f, j, &v, err); break;
	case FIELD_CHOICES:
	case FIELD_REFS:
	case FIELD_FILES: good = list_from_json(a, f, j, &v, err); break;
	case FIELD_POINT:
	case FIELD_LINE:
	case FIELD_AREA: good = geometry_from_json(a, f, j, &v, err); break;
	case FIELD_JSON: good = document_from_json(a, j, &v); break;
	case FIELD_DERIVED: break;
	}
	if (good)
		*out = v;
	return good;
}

/* ---- to the API ---- */

static void item_to_json(struct json_writer *w, const struct value *v)
{
	if (v->kind == VALUE_ID)
		jw_uuid(w, v->id);
	else
		jw_slice(w, v->text);
}

static void integer_to_json(
	struct json_writer *w, const struct field *f, enum field_type type, int64_t i)
{
	struct str text = STR_INIT;
	switch (type) {
	case FIELD_PERCENT: jw_decimal(w, i, 2); return;
	case FIELD_QUANTITY: jw_decimal(w, i, f->scale); return;
	case FIELD_YESNO: jw_bool(w, i != 0); return;
	case FIELD_DATE: date_format(&text, (struct date){(int32_t)i}); break;
	case FIELD_MONTH: month_format(&text, (struct month){(int32_t)i}); break;
	case FIELD_INSTANT: instant_format(&text, (struct instant){i}, OFFSET_CHINA); break;
	default: jw_int(w, i); return;
	}
	jw_text(w, str_text(&text));
	str_free(&text);
}

void value_to_json(struct json_writer *w, const struct field *f, const struct value *v)
{
	enum field_type type = f->type == FIELD_DERIVED ? f->derived_type : f->type;
	bool raw =
		type == FIELD_JSON || type == FIELD_POINT || type == FIELD_LINE || type == FIELD_AREA;
	switch (v->kind) {
	case VALUE_NULL: jw_null(w); break;
	case VALUE_INT: integer_to_json(w, f, type, v->i); break;
	case VALUE_ID: jw_uuid(w, v->id); break;
	case VALUE_TEXT:
		if (raw)
			jw_raw(w, v->text);
		else
			jw_slice(w, v->text);
		break;
	case VALUE_LIST:
		jw_array(w);
		for (int i = 0; i < v->n; i++)
			item_to_json(w, &v->items[i]);
		jw_array_end(w);
		break;
	}
}

/* ---- what a definition asks ---- */

static bool check_bounds(const struct field *f, const struct value *v, struct err *err)
{
	bool low = f->has_least && v->i < f->least, high = f->has_most && v->i > f->most;
	if (!low && !high)
		return true;
	struct str got = STR_INIT, bound = STR_INIT;
	struct value edge = {.kind = VALUE_INT, .i = low ? f->least : f->most};
	value_to_text(&got, f, v, LANG_ZH);
	value_to_text(&bound, f, &edge, LANG_ZH);
	if (low)
		err_set(err, ERR_INPUT, f->name, "%s is less than %s", str_text(&got), str_text(&bound));
	else
		err_set(err, ERR_INPUT, f->name, "%s is more than %s", str_text(&got), str_text(&bound));
	str_free(&got);
	str_free(&bound);
	return false;
}

static bool check_text(const struct field *f, struct slice text, struct err *err)
{
	int most = f->max ? f->max : f->type == FIELD_LONGTEXT ? MAX_LONGTEXT : MAX_TEXT;
	if (f->type == FIELD_JSON || f->type == FIELD_POINT || f->type == FIELD_LINE ||
		f->type == FIELD_AREA) {
		if (text.n > MAX_DOCUMENT)
			return err_set(err, ERR_INPUT, f->name, "is larger than %d bytes", MAX_DOCUMENT);
		return true;
	}
	if (f->type == FIELD_CHOICE && place_of_choice(f, text) < 0)
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is none of the choices", quote(text).s);
	if (f->type == FIELD_REF)
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not the id of a record", quote(text).s);
	if (text.n > (size_t)most && utf8_length(text) > (size_t)most)
		return err_set(err, ERR_INPUT, f->name, "is %zu characters long, more than %d",
			utf8_length(text), most);
	if (f->type == FIELD_CODE && !code_check(f->code, text, err))
		return err_in(err, "%s", f->name);
	return true;
}

bool value_check(const struct field *f, const struct value *v, struct err *err)
{
	switch (v->kind) {
	case VALUE_NULL: return !f->required || err_set(err, ERR_INPUT, f->name, "must not be empty");
	case VALUE_INT: return check_bounds(f, v, err);
	case VALUE_TEXT: return check_text(f, v->text, err);
	case VALUE_ID: return true;
	case VALUE_LIST:
		if (v->n > (f->max ? f->max : MAX_ITEMS))
			return err_set(err, ERR_INPUT, f->name, "has %d items, more than %d", v->n,
				f->max ? f->max : MAX_ITEMS);
		for (int i = 0; f->type == FIELD_CHOICES && i < v->n; i++)
			if (place_of_choice(f, v->items[i].text) < 0)
				return err_set(err, ERR_INPUT, f->name, "\"%s\" is none of the choices",
					quote(v->items[i].text).s);
		return true;
	}
	return true;
}
