/*
 * Many records of one register in one go: what a spreadsheet's paste or "set all of these to" means. First as a preview:
 * every change passes the same checks as a form (definition, gate, versions, governed dates, keys) and is told as old and
 * new value or as refused and why. Then for good: what passed is stored in one transaction, each record with its own
 * journal entry, and what was refused is told again.
 */
#ifndef APP_BULK_H
#define APP_BULK_H

#include "app/app.h"
#include "app/person.h"
#include "app/submit.h"
#include "base/arena.h"
#include "base/json.h"

#define BULK_CHANGES 1000

/* body: {"changes":[{"id","version","fields":{}}],"reason":"","preview":true}; a change without version takes the record
 * as it is. Answer: docs/http.md, "Many records in one go". */
MUST_USE bool app_bulk(struct app *app, struct arena *a, const struct person *person,
	const char *reg, const struct json *body, const struct once *once, struct str *out,
	struct err *err);

#endif
