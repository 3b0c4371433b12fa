/*
 * How values are spelled in SQL and in the journal. Both are canonical: a value has one spelling,
 * whoever wrote it.
 *
 * SQL: integers, 分 and yes/no as INTEGER; dates, months and instants as ISO text; texts as TEXT; a
 * ref as 16 bytes; lists as a JSON array of texts. The journal's JSON is the same, with ids as
 * text.
 */
#ifndef STORE_SPELLING_H
#define STORE_SPELLING_H

#include "base/arena.h"
#include "base/json.h"
#include "model/value.h"
#include "store/db.h"

#define INSTANT_TEXT 25 /* "2026-03-31T08:00:00.000Z" with NUL */

void spell_instant(struct instant t, char out[INSTANT_TEXT]);
struct instant read_instant(struct slice text); /* INSTANT_NONE when it is none */
/* Binds INSTANT_NONE as null; the text lives in `a`. */
void bind_instant(struct arena *a, struct db_statement *st, int i, struct instant t);

enum db_type column_type(const struct field *field);
/* Text made for it lives in `a` and must do so until the statement is done. */
void bind_value(struct arena *a, struct db_statement *st, int i, const struct field *field,
	const struct value *v);
/* In `a`. A value that does not fit the field is none. */
struct value column_value(
	struct arena *a, struct db_statement *st, int i, const struct field *field);

/* For the journal. */
void spell_value(struct json_writer *w, const struct field *field, const struct value *v);
/* What does not fit the field's type any more becomes none. Texts are borrowed from `json`. */
struct value unspell_value(struct arena *a, const struct field *field, const struct json *json);

#endif
