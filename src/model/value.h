/*
 * One typed value of one field, and its four spellings: JSON (the API), text (Excel, CSV, people), SQL (store), board.
 *
 * Units in memory and in SQL: money 分; percent hundredths of a percent; quantity 10^-scale; date days since
 * 1970-01-01; month year * 12 + month - 1; instant ms since 1970 UTC; yes/no 0 or 1. (In SQL, dates, months and
 * instants are ISO text, so that any tool reads them.)
 * JSON: money is an integer in 分; percent and quantity are numbers (36.1); date "2026-03-31"; month "2026-03";
 * instant RFC 3339; yes/no true/false; choice its name; ref an id or null; choices, refs, files arrays;
 * geometry GeoJSON.
 */
#ifndef MODEL_VALUE_H
#define MODEL_VALUE_H

#include "base/date.h"
#include "base/uuid.h"
#include "model/register.h"

enum value_kind {
	VALUE_NULL,
	VALUE_INT,  /* integer, quantity, money, percent, date, month, instant, yesno: in .i */
	VALUE_TEXT, /* text, longtext, choice (name), code, file (id), geometry (GeoJSON), json */
	VALUE_ID,   /* ref */
	VALUE_LIST, /* choices, refs, files: in .items, each VALUE_TEXT or VALUE_ID */
};

struct value {
	enum value_kind kind;
	union {
		int64_t i;
		struct slice text;
		struct uuid id;
		struct {
			const struct value *items;
			int n;
		};
	};
};

#define VALUE_NONE ((struct value){.kind = VALUE_NULL})

bool value_equal(const struct value *a, const struct value *b);
struct value value_copy(struct arena *a, const struct value *v);

/* From the API. `where` of an error is the field's name. */
MUST_USE bool value_from_json(struct arena *a, const struct field *field, const struct json *json,
	struct value *out, struct err *err);
void value_to_json(struct json_writer *w, const struct field *field, const struct value *v);

/* From a cell that a person typed, in the field's type: dates as people write them, 1.2亿, 360万, 是/否, a choice by either
 * label. Refs stay text here (VALUE_TEXT): whoever knows the records looks them up. `now` settles 五月底 and 今年. */
struct reading {
	struct date today;
	int64_t money_unit; /* 分 per unit of a bare number: 1e6 for 万元, 1e10 for 亿元, 100 for 元 */
	bool day_first; /* 5/02/2016 is 5 February */
	bool
		percent_fraction; /* a bare number in a percent field is a share: 0.361 is 36.1 % (a cell that Excel formats as
	                           * percent); else it is in percent: 36.1 is 36.1 %. With a % sign it always is what it says */
};

/* How exactly a date was named. Less than a day gives the last day of what was named: 2024年5月 is 2024-05-31. */
enum date_precision { DATE_TO_DAY, DATE_TO_MONTH, DATE_TO_QUARTER, DATE_TO_HALF, DATE_TO_YEAR };
/* A date as people write it (value_date.c lists the forms). False: not a date. precision may be NULL. */
MUST_USE bool date_from_text(
	struct slice text, const struct reading *how, struct date *out, enum date_precision *precision);
MUST_USE bool value_from_text(struct arena *a, const struct field *field, struct slice text,
	const struct reading *how, struct value *out, struct err *err);
/* For people and for Excel: money in 万元 with up to 6 decimals (lossless), choices by label. Refs print the id. */
void value_to_text(
	struct str *out, const struct field *field, const struct value *v, enum lang lang);

/* A list value without doubles, choices in the order of the definition; nothing when it is empty. In `a`. */
struct value value_list(
	struct arena *a, const struct field *field, const struct value *items, int n);

/* Required, bounds, length, choice, code: everything that needs no other record. */
MUST_USE bool value_check(const struct field *field, const struct value *v, struct err *err);

#endif
