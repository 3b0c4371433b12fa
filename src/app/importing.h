/*
 * A ledger comes in: read and mapped into a draft (nothing stored), mapped anew as often as wanted, then confirmed in one
 * transaction with an outcome per row. A draft belongs to the account that made it and expires after a day.
 */
#ifndef APP_IMPORTING_H
#define APP_IMPORTING_H

#include "app/admin.h"
#include "app/app.h"
#include "app/person.h"
#include "base/json.h"

/* Answers of import_start and import_map: docs/http.md, "Import, export, files". name: the file's name.
 * body {"sheet","header_row","columns":{"3":"field"},"constants":{"field":"text"},"money_unit","keep_unknown",
 * "create_missing","key","child"}, each as it was when left out; NULL or {}: as it stands. sheet "": what fits best. */
MUST_USE bool import_start(struct app *app, const struct person *person, const char *reg,
	const char *name, struct slice bytes, const struct json *body, struct str *out,
	struct err *err);
MUST_USE bool import_map(struct app *app, const struct person *person, const char *import,
	const struct json *body, struct str *out, struct err *err);
MUST_USE bool import_confirm(struct app *app, const struct person *person, const char *import,
	struct str *out, struct err *err);
struct import_watch {
	app_progress
		*progress; /* how many rows have been checked; false stops, with nothing stored. Or NULL */
	void *self;
	bool refused_only; /* the answer lists only the rows that were not taken */
	int64_t refused;   /* told: how many those are */
};
/* The same, watched. */
MUST_USE bool import_confirm_watched(struct app *app, const struct person *person,
	const char *import, struct import_watch *watch, struct str *out, struct err *err);
/* Throws the draft away. */
MUST_USE bool import_cancel(
	struct app *app, const struct person *person, const char *import, struct err *err);

#endif
