/* See json_schema.h. One function a keyword would be many: a table of them, each with its idea in a line. */
#include "test/unit/json_schema.h"

#include <math.h>
#include <regex.h>

#include "base/utf8.h"
#include "test/unit/cmocka_all.h"

struct fit {
	const struct json *root;
	const struct json *schema, *value;
	const struct json *demand; /* the keyword's value */
	struct str *where;
};

static bool fits(
	const struct fit *f, const struct json *schema, const struct json *value, struct str *where)
{
	return json_fits(f->root, schema, value, where);
}

static bool same(const struct json *a, const struct json *b)
{
	if (a->type != b->type)
		return false;
	if (a->type == JSON_IS_INT)
		return a->i == b->i;
	return a->type != JSON_IS_TEXT || slice_equal(a->text, b->text);
}

static bool is_type(const struct json *v, const char *name)
{
	static const struct {
		const char *name;
		unsigned types;
	} names[] = {{"object", 1 << JSON_IS_OBJECT}, {"array", 1 << JSON_IS_ARRAY},
		{"string", 1 << JSON_IS_TEXT}, {"integer", 1 << JSON_IS_INT},
		{"number", 1 << JSON_IS_INT | 1 << JSON_IS_REAL},
		{"boolean", 1 << JSON_IS_TRUE | 1 << JSON_IS_FALSE}, {"null", 1 << JSON_IS_NULL}};
	for (size_t i = 0; i < countof(names); i++)
		if (strcmp(names[i].name, name) == 0)
			return names[i].types >> v->type & 1;
	fail_msg("type %s is unknown", name);
	return false;
}

static bool type(const struct fit *f)
{
	if (f->demand->type == JSON_IS_TEXT)
		return is_type(f->value, f->demand->text.s);
	for (int i = 0; i < json_count(f->demand); i++)
		if (is_type(f->value, json_text(json_at(f->demand, i), "")))
			return true;
	return false;
}

static bool required(const struct fit *f)
{
	for (int i = 0; f->value->type == JSON_IS_OBJECT && i < json_count(f->demand); i++)
		if (!json_get(f->value, json_text(json_at(f->demand, i), "")))
			return false;
	return true;
}

static bool properties(const struct fit *f)
{
	for (int i = 0; f->value->type == JSON_IS_OBJECT && i < f->value->nmembers; i++) {
		const struct json_member *m = &f->value->members[i];
		const struct json *schema = json_get(f->demand, m->key.s);
		if (schema && !fits(f, schema, &m->value, f->where)) {
			if (f->where)
				str_printf(f->where, " in %s", m->key.s);
			return false;
		}
	}
	return true;
}

static bool additional(const struct fit *f)
{
	assert_int_equal(f->demand->type, JSON_IS_FALSE);
	for (int i = 0; f->value->type == JSON_IS_OBJECT && i < f->value->nmembers; i++)
		if (!json_get(json_get(f->schema, "properties"), f->value->members[i].key.s))
			return false;
	return true;
}

static bool items(const struct fit *f)
{
	for (int i = 0; f->value->type == JSON_IS_ARRAY && i < f->value->n; i++)
		if (!fits(f, f->demand, &f->value->items[i], f->where)) {
			if (f->where)
				str_printf(f->where, " in %d", i);
			return false;
		}
	return true;
}

static bool unique_items(const struct fit *f)
{
	for (int i = 0; f->value->type == JSON_IS_ARRAY && i < f->value->n; i++)
		for (int k = 0; k < i; k++)
			if (same(&f->value->items[i], &f->value->items[k]))
				return false;
	return true;
}

static bool one_of_values(const struct fit *f)
{
	for (int i = 0; i < json_count(f->demand); i++)
		if (same(json_at(f->demand, i), f->value))
			return true;
	return false;
}

static bool constant(const struct fit *f)
{
	return same(f->demand, f->value);
}

static bool pattern(const struct fit *f)
{
	regex_t expression;
	if (f->value->type != JSON_IS_TEXT)
		return true;
	assert_int_equal(regcomp(&expression, f->demand->text.s, REG_EXTENDED | REG_NOSUB), 0);
	bool good = regexec(&expression, f->value->text.s, 0, NULL, 0) == 0;
	regfree(&expression);
	return good;
}

/* How much of it there is: characters, items, members, or the number itself. NAN: the keyword is not about such a value. */
static double size(const struct json *v, char kind)
{
	if (kind == 'n')
		return v->type == JSON_IS_INT || v->type == JSON_IS_REAL ? json_double(v, 0) : NAN;
	if (kind == 'L')
		return v->type == JSON_IS_TEXT ? (double)utf8_length(v->text) : NAN;
	return v->type == (kind == 'I' ? JSON_IS_ARRAY : JSON_IS_OBJECT) ? json_count(v) : NAN;
}

static bool not_less(const struct fit *f, char kind)
{
	double n = size(f->value, kind);
	return isnan(n) || n >= json_double(f->demand, 0);
}

static bool not_more(const struct fit *f, char kind)
{
	double n = size(f->value, kind);
	return isnan(n) || n <= json_double(f->demand, 0);
}

static bool minimum(const struct fit *f)
{
	return not_less(f, 'n');
}

static bool maximum(const struct fit *f)
{
	return not_more(f, 'n');
}

static bool min_length(const struct fit *f)
{
	return not_less(f, 'L');
}

static bool max_length(const struct fit *f)
{
	return not_more(f, 'L');
}

static bool min_items(const struct fit *f)
{
	return not_less(f, 'I');
}

static bool max_items(const struct fit *f)
{
	return not_more(f, 'I');
}

static bool min_properties(const struct fit *f)
{
	return not_less(f, 'P');
}

static int how_many(const struct fit *f)
{
	int n = 0;
	for (int i = 0; i < json_count(f->demand); i++)
		n += fits(f, json_at(f->demand, i), f->value, NULL);
	return n;
}

static bool one_of(const struct fit *f)
{
	return how_many(f) == 1;
}

static bool any_of(const struct fit *f)
{
	return how_many(f) > 0;
}

static bool all_of(const struct fit *f)
{
	for (int i = 0; i < json_count(f->demand); i++)
		if (!fits(f, json_at(f->demand, i), f->value, f->where))
			return false;
	return true;
}

static bool none(const struct fit *f)
{
	return !fits(f, f->demand, f->value, NULL);
}

static bool when(const struct fit *f)
{
	const struct json *then =
		json_get(f->schema, fits(f, f->demand, f->value, NULL) ? "then" : "else");
	return !then || fits(f, then, f->value, f->where);
}

static bool reference(const struct fit *f)
{
	assert_int_equal(strncmp(f->demand->text.s, "#/$defs/", 8), 0);
	const struct json *schema = json_get(json_get(f->root, "$defs"), f->demand->text.s + 8);
	assert_non_null(schema);
	return fits(f, schema, f->value, f->where);
}

static bool remark(const struct fit *f)
{
	return true;
}

static const struct {
	const char *name;
	bool (*holds)(const struct fit *f);
} keywords[] = {{"type", type}, {"required", required}, {"properties", properties},
	{"additionalProperties", additional}, {"items", items}, {"uniqueItems", unique_items},
	{"enum", one_of_values}, {"const", constant}, {"pattern", pattern}, {"minimum", minimum},
	{"maximum", maximum}, {"minLength", min_length}, {"maxLength", max_length},
	{"maxItems", max_items}, {"minItems", min_items}, {"minProperties", min_properties},
	{"oneOf", one_of}, {"anyOf", any_of}, {"allOf", all_of}, {"not", none}, {"if", when},
	{"$ref", reference}, {"then", remark}, {"else", remark}, {"description", remark},
	{"title", remark}, {"$schema", remark}, {"$defs", remark}};

bool json_fits(
	const struct json *root, const struct json *schema, const struct json *value, struct str *where)
{
	for (int i = 0; i < schema->nmembers; i++) {
		const struct json_member *m = &schema->members[i];
		struct fit f = {root, schema, value, &m->value, where};
		size_t k = 0;
		while (k < countof(keywords) && strcmp(keywords[k].name, m->key.s) != 0)
			k++;
		if (k == countof(keywords))
			fail_msg("the schema's keyword %s is unknown to this test", m->key.s);
		if (!keywords[k].holds(&f)) {
			if (where && where->n == 0)
				str_printf(where, "%s", m->key.s);
			return false;
		}
	}
	return true;
}
