/* The JSON writer: no tree, straight into the buffer. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/utf8.h"

struct json_writer jw_start(struct str *out)
{
	return (struct json_writer){.out = out};
}

/* What stands before a value or a key. */
static void before(struct json_writer *w)
{
	if (w->key) {
		w->key = false;
		return;
	}
	if (w->comma)
		str_putc(w->out, ',');
	if (w->pretty && w->depth) {
		str_putc(w->out, '\n');
		for (int i = 0; i < w->depth; i++)
			str_putc(w->out, '\t');
	}
}

static void open_level(struct json_writer *w, char c)
{
	before(w);
	str_putc(w->out, c);
	w->depth++;
	w->comma = false;
}

static void close_level(struct json_writer *w, char c)
{
	assert(w->depth > 0 && !w->key);
	w->depth--;
	if (w->pretty && w->comma) {
		str_putc(w->out, '\n');
		for (int i = 0; i < w->depth; i++)
			str_putc(w->out, '\t');
	}
	str_putc(w->out, c);
	w->comma = true;
}

void jw_object(struct json_writer *w)
{
	open_level(w, '{');
}
void jw_object_end(struct json_writer *w)
{
	close_level(w, '}');
}
void jw_array(struct json_writer *w)
{
	open_level(w, '[');
}
void jw_array_end(struct json_writer *w)
{
	close_level(w, ']');
}

static void quoted(struct str *out, struct slice text)
{
	static const char digits[] = "0123456789abcdef";
	str_putc(out, '"');
	size_t start = 0;
	for (size_t at = 0; at < text.n;) {
		unsigned char c = (unsigned char)text.s[at];
		if (c >= 0x80) {
			size_t n = utf8_bytes((const unsigned char *)text.s + at, text.n - at);
			if (n == 0) {
				str_add(out, text.s + start, at - start);
				str_puts(out, "\xEF\xBF\xBD");
				start = at + 1;
			}
			at += n ? n : 1;
			continue;
		}
		if (c >= 0x20 && c != '"' && c != '\\') {
			at++;
			continue;
		}
		str_add(out, text.s + start, at - start);
		char escape[] = {'\\', 'u', '0', '0', digits[c >> 4], digits[c & 15]};
		static const char shorts[] = "\"\"\\\\\bb\ff\nn\rr\tt";
		size_t n = 6;
		for (size_t i = 0; i + 1 < sizeof(shorts); i += 2)
			if (shorts[i] == (char)c) {
				escape[1] = shorts[i + 1];
				n = 2;
				break;
			}
		str_add(out, escape, n);
		start = ++at;
	}
	str_add(out, text.s + start, text.n - start);
	str_putc(out, '"');
}

void jw_key(struct json_writer *w, const char *key)
{
	assert(!w->key);
	before(w);
	quoted(w->out, slice_of(key));
	str_putc(w->out, ':');
	if (w->pretty)
		str_putc(w->out, ' ');
	w->key = true;
	w->comma = false;
}

void jw_slice(struct json_writer *w, struct slice text)
{
	before(w);
	quoted(w->out, text);
	w->comma = true;
}

void jw_text(struct json_writer *w, const char *text)
{
	if (text)
		jw_slice(w, slice_of(text));
	else
		jw_null(w);
}

void jw_raw(struct json_writer *w, struct slice json)
{
	before(w);
	str_slice(w->out, json);
	w->comma = true;
}

void jw_int(struct json_writer *w, int64_t i)
{
	before(w);
	str_int(w->out, i);
	w->comma = true;
}

void jw_decimal(struct json_writer *w, int64_t value, int scale)
{
	before(w);
	str_decimal(w->out, value, scale);
	w->comma = true;
}

/* The shortest that reads back; not finite: null. */
static void jw_real(struct json_writer *w, double r)
{
	if (!isfinite(r)) {
		jw_null(w);
		return;
	}
	char text[32];
	r = r == 0 ? 0 : r; /* "-0" would be read again as the integer 0 */
	for (int digits = 15; digits <= 17; digits++) {
		snprintf(text, sizeof(text), "%.*g", digits, r);
		if (strtod(text, NULL) == r)
			break;
	}
	jw_raw(w, slice_of(text));
}

void jw_bool(struct json_writer *w, bool b)
{
	jw_raw(w, slice_of(b ? "true" : "false"));
}
void jw_null(struct json_writer *w)
{
	jw_raw(w, SLICE("null"));
}

void jw_uuid(struct json_writer *w, struct uuid id)
{
	char text[UUID_TEXT + 2];
	text[0] = '"';
	uuid_format(id, text + 1);
	text[37] = '"';
	jw_raw(w, (struct slice){text, 38});
}

void jw_json(struct json_writer *w, const struct json *j)
{
	switch (j ? j->type : JSON_IS_NULL) {
	case JSON_IS_NULL: jw_null(w); break;
	case JSON_IS_FALSE: jw_bool(w, false); break;
	case JSON_IS_TRUE: jw_bool(w, true); break;
	case JSON_IS_INT: jw_int(w, j->i); break;
	case JSON_IS_REAL: jw_real(w, j->r); break;
	case JSON_IS_TEXT: jw_slice(w, j->text); break;
	case JSON_IS_ARRAY:
		jw_array(w);
		for (int i = 0; i < j->n; i++)
			jw_json(w, &j->items[i]);
		jw_array_end(w);
		break;
	case JSON_IS_OBJECT:
		jw_object(w);
		for (int i = 0; i < j->nmembers; i++) {
			jw_key(w, j->members[i].key.s);
			jw_json(w, &j->members[i].value);
		}
		jw_object_end(w);
		break;
	}
}

void jw_label(struct json_writer *w, const char *key, struct label label)
{
	jw_key(w, key);
	jw_object(w);
	jw_kt(w, "zh", label.zh);
	jw_kt(w, "en", label.en);
	jw_object_end(w);
}

void jw_kt(struct json_writer *w, const char *key, const char *text)
{
	jw_key(w, key);
	jw_text(w, text);
}

void jw_ks(struct json_writer *w, const char *key, struct slice text)
{
	jw_key(w, key);
	jw_slice(w, text);
}

void jw_ki(struct json_writer *w, const char *key, int64_t i)
{
	jw_key(w, key);
	jw_int(w, i);
}

void jw_kb(struct json_writer *w, const char *key, bool b)
{
	jw_key(w, key);
	jw_bool(w, b);
}

void jw_kid(struct json_writer *w, const char *key, struct uuid id)
{
	jw_key(w, key);
	jw_uuid(w, id);
}

void jw_kd(struct json_writer *w, const char *key, struct date d)
{
	struct str text = STR_INIT;
	if (!date_is_none(d))
		date_format(&text, d);
	jw_kt(w, key, text.n ? str_text(&text) : NULL);
	str_free(&text);
}

void jw_end(const struct json_writer *w)
{
	assert(w->depth == 0 && !w->key);
	(void)w;
}
