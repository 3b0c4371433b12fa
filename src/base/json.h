/*
 * JSON in: text to a tree of plain structs in an arena (jansson parses; this is its door, with limits on depth, size
 * and count). JSON out: a writer straight into a struct str.
 *
 * Reading never fails half-way: json_get() of a missing key gives NULL and every json_... accepts NULL.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include "base/arena.h"
#include "base/base.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"
#include "base/uuid.h"

enum json_type {
	JSON_IS_NULL,
	JSON_IS_FALSE,
	JSON_IS_TRUE,
	JSON_IS_INT,
	JSON_IS_REAL,
	JSON_IS_TEXT,
	JSON_IS_ARRAY,
	JSON_IS_OBJECT
};

struct json {
	enum json_type type;
	union {
		int64_t i;
		double r;
		struct slice text; /* NUL-terminated as well */
		struct {
			const struct json *items;
			int n;
		}; /* array */
		struct {
			const struct json_member *members;
			int nmembers;
		};
	};
};

struct json_member {
	struct slice key; /* NUL-terminated as well */
	struct json value;
};

/* Duplicate keys, NUL in text, bytes after the end and anything past a limit are errors with line and column.
 * `where` is put before the place (a file name); may be NULL. Result in `a`. */
MUST_USE bool json_parse(struct arena *a, struct slice text, const char *where,
	const struct json **out, struct err *err);
/* The same for a file of its own: as large as an upload. */
MUST_USE bool json_parse_file(
	struct arena *a, struct slice text, const struct json **out, struct err *err);
/* The same for what this program wrote itself: as long and as full as it likes. */
MUST_USE bool json_parse_own(
	struct arena *a, struct slice text, const struct json **out, struct err *err);

const struct json *json_get(
	const struct json *object, const char *key); /* NULL: missing, or not an object */
const struct json *json_at(const struct json *array, int i);
int json_count(const struct json *array_or_object);
bool json_absent(const struct json *j);                             /* NULL, or JSON null */
const char *json_text(const struct json *j, const char *otherwise); /* NUL-terminated, borrowed */
struct slice json_slice(const struct json *j);
int64_t json_int(const struct json *j, int64_t otherwise); /* reals with no fraction count */
double json_double(const struct json *j, double otherwise);
bool json_bool(const struct json *j, bool otherwise);

/* The writer keeps commas and nesting; the caller keeps begin and end in pairs (asserted by jw_end). */
struct json_writer {
	struct str *out;
	int depth;
	bool comma; /* the next value needs a comma first */
	bool key;   /* a key was just written */
	bool pretty;
};

struct json_writer jw_start(struct str *out);
void jw_object(struct json_writer *w);
void jw_object_end(struct json_writer *w);
void jw_array(struct json_writer *w);
void jw_array_end(struct json_writer *w);
void jw_key(struct json_writer *w, const char *key);
void jw_text(struct json_writer *w, const char *text);   /* NULL: null */
void jw_slice(struct json_writer *w, struct slice text); /* bad UTF-8 becomes U+FFFD */
void jw_int(struct json_writer *w, int64_t i);
void jw_decimal(struct json_writer *w, int64_t value, int scale); /* value / 10^scale as a number */
void jw_bool(struct json_writer *w, bool b);
void jw_null(struct json_writer *w);
void jw_uuid(struct json_writer *w, struct uuid id);
void jw_json(struct json_writer *w, const struct json *j);
void jw_raw(struct json_writer *w, struct slice json); /* already JSON */
void jw_label(
	struct json_writer *w, const char *key, struct label label); /* "key":{"zh":..,"en":..} */
/* key and value in one call */
void jw_kt(struct json_writer *w, const char *key, const char *text);
void jw_ks(struct json_writer *w, const char *key, struct slice text);
void jw_ki(struct json_writer *w, const char *key, int64_t i);
void jw_kb(struct json_writer *w, const char *key, bool b);
void jw_kid(struct json_writer *w, const char *key, struct uuid id);
void jw_kd(struct json_writer *w, const char *key, struct date d); /* "2026-03-31"; none: null */
void jw_end(const struct json_writer *w);

#endif
