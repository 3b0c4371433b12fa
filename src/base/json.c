/*
 * jansson parses (and refuses duplicate keys, deep nesting, bad UTF-8); its tree is then copied into plain structs in the
 * caller's arena, so that nobody counts references.
 */
#include "base/json.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>

struct copying {
	struct arena *a;
	int64_t nodes, most;
};

static bool copy(struct copying *to, const json_t *from, int depth, struct json *out);

static bool copy_array(struct copying *to, const json_t *from, int depth, struct json *out)
{
	size_t n = json_array_size(from);
	struct json *items = ARENA_ARRAY(to->a, struct json, n);
	for (size_t i = 0; i < n; i++)
		if (!copy(to, json_array_get(from, i), depth, &items[i]))
			return false;
	out->type = JSON_IS_ARRAY;
	out->items = items;
	out->n = (int)n;
	return true;
}

static bool copy_object(struct copying *to, const json_t *from, int depth, struct json *out)
{
	size_t n = json_object_size(from), i = 0;
	struct json_member *members = ARENA_ARRAY(to->a, struct json_member, n);
	const char *key;
	json_t *value;
	json_object_foreach((json_t *)from, key, value)
	{
		members[i].key = arena_slice(to->a, slice_of(key));
		if (!copy(to, value, depth, &members[i].value))
			return false;
		i++;
	}
	out->type = JSON_IS_OBJECT;
	out->members = members;
	out->nmembers = (int)n;
	return true;
}

static bool copy(struct copying *to, const json_t *from, int depth, struct json *out)
{
	if (depth > LIMIT_JSON_DEPTH || ++to->nodes > to->most)
		return false;
	if (json_is_object(from))
		return copy_object(to, from, depth + 1, out);
	if (json_is_array(from))
		return copy_array(to, from, depth + 1, out);
	if (json_is_string(from)) {
		out->type = JSON_IS_TEXT;
		out->text =
			arena_slice(to->a, (struct slice){json_string_value(from), json_string_length(from)});
	} else if (json_is_integer(from)) {
		out->type = JSON_IS_INT;
		out->i = json_integer_value(from);
	} else if (json_is_real(from)) {
		out->type = JSON_IS_REAL;
		out->r = json_real_value(from);
	} else {
		out->type = json_is_true(from) ? JSON_IS_TRUE
			: json_is_false(from)      ? JSON_IS_FALSE
									   : JSON_IS_NULL;
	}
	return true;
}

/* No more than the values of the text, no less than half of them: counted before anything is made of them. */
static int64_t half_values(struct slice text)
{
	int64_t marks = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		const char c = text.s[i];
		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == ',' || c == ':' || c == '['))
			marks++; /* before each value one, before a member with a name two */
	}
	return marks / 2;
}

static bool too_many(const char *where, int64_t most_nodes, struct err *err)
{
	return err_set(err, ERR_LIMIT, where,
		"JSON is nested deeper than %d or has more than %lld values", LIMIT_JSON_DEPTH,
		(long long)most_nodes);
}

/* What is wrong with it, in both languages; what is rare only in the parser's words. */
static const char *damage(const json_error_t *why, char out[ERR_BOTH_ROOM])
{
	static const struct {
		enum json_error_code code;
		const char *zh;
	} known[] = {
		{json_error_stack_overflow, "嵌套过深"},
		{json_error_invalid_utf8, "此处的字节不是 UTF-8 文字"},
		{json_error_premature_end_of_input, "没有写完"},
		{json_error_end_of_input_expected, "结尾之后还有内容"},
		{json_error_invalid_syntax, "此处不合 JSON 的写法"},
		{json_error_null_character, "文字中有空字符（\\u0000）"},
		{json_error_null_byte_in_key, "键中有空字符（\\u0000）"},
		{json_error_duplicate_key, "同一个键出现两次"},
		{json_error_numeric_overflow, "数字过大"},
	};
	const char *zh = why->text;

	for (size_t i = 0; i < countof(known); i++)
		if (known[i].code == json_error_code(why))
			zh = known[i].zh;
	return err_both(out, (struct label){zh, why->text});
}

static bool parse(struct arena *a, struct slice text, const char *where, int64_t most_bytes,
	int64_t most_nodes, const struct json **out, struct err *err)
{
	json_error_t why;

	if ((int64_t)text.n > most_bytes)
		return err_set(err, ERR_LIMIT, where, "JSON of %zu bytes is larger than %lld bytes", text.n,
			(long long)most_bytes);
	if (half_values(text) > most_nodes)
		return too_many(where, most_nodes, err);
	json_t *tree =
		json_loadb(text.n ? text.s : "", text.n, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, &why);
	if (!tree) {
		char word[ERR_BOTH_ROOM];
		err_set(err, ERR_INPUT, NULL, "this is not JSON: %s", damage(&why, word));
		err_in(err, "line %d, column %d", why.line, why.column);
		return where ? err_in(err, "%s", where) : false;
	}
	struct json *root = ARENA_NEW(a, struct json);
	struct copying to = {a, 0, most_nodes};
	bool done = copy(&to, tree, 0, root);
	json_decref(tree);
	if (!done)
		return too_many(where, most_nodes, err);
	*out = root;
	return true;
}

bool json_parse(
	struct arena *a, struct slice text, const char *where, const struct json **out, struct err *err)
{
	return parse(a, text, where, LIMIT_JSON_BYTES, LIMIT_JSON_NODES, out, err);
}

bool json_parse_file(struct arena *a, struct slice text, const struct json **out, struct err *err)
{
	return parse(a, text, NULL, LIMIT_UPLOAD_BYTES, LIMIT_JSON_FILE_NODES, out, err);
}

bool json_parse_own(struct arena *a, struct slice text, const struct json **out, struct err *err)
{
	return parse(a, text, NULL, INT64_MAX, INT64_MAX, out, err);
}

const struct json *json_get(const struct json *object, const char *key)
{
	if (!object || object->type != JSON_IS_OBJECT)
		return NULL;
	for (int i = 0; i < object->nmembers; i++)
		if (slice_is(object->members[i].key, key))
			return &object->members[i].value;
	return NULL;
}

const struct json *json_at(const struct json *array, int i)
{
	return array && array->type == JSON_IS_ARRAY && i >= 0 && i < array->n ? &array->items[i]
																		   : NULL;
}

int json_count(const struct json *j)
{
	if (!j)
		return 0;
	return j->type == JSON_IS_ARRAY ? j->n : j->type == JSON_IS_OBJECT ? j->nmembers : 0;
}

bool json_absent(const struct json *j)
{
	return !j || j->type == JSON_IS_NULL;
}

const char *json_text(const struct json *j, const char *otherwise)
{
	return j && j->type == JSON_IS_TEXT ? j->text.s : otherwise;
}

struct slice json_slice(const struct json *j)
{
	return j && j->type == JSON_IS_TEXT ? j->text : (struct slice){0};
}

int64_t json_int(const struct json *j, int64_t otherwise)
{
	if (j && j->type == JSON_IS_INT)
		return j->i;
	if (j && j->type == JSON_IS_REAL && j->r == floor(j->r) && fabs(j->r) < 9e15)
		return (int64_t)j->r;
	return otherwise;
}

double json_double(const struct json *j, double otherwise)
{
	if (j && j->type == JSON_IS_REAL)
		return j->r;
	return j && j->type == JSON_IS_INT ? (double)j->i : otherwise;
}

bool json_bool(const struct json *j, bool otherwise)
{
	if (j && (j->type == JSON_IS_TRUE || j->type == JSON_IS_FALSE))
		return j->type == JSON_IS_TRUE;
	return otherwise;
}
