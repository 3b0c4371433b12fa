/*
 * Changing records: what came as JSON is typed by the definition, asked at the gate (access.h), checked, completed
 * (state, stamps, clocks, governed dates) and handed to the store as one batch. All or nothing; durable when it returns.
 */
#ifndef APP_SUBMIT_H
#define APP_SUBMIT_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/uuid.h"

/* What came back, in the request's arena; filled on success and, as far as it says, on failure. */
struct submitted {
	struct uuid id;
	int64_t version, journal;
	const char *number; /* or NULL */
	bool repeated;      /* the idempotency key was seen before; this is the first answer */
	/* failure ERR_INPUT: every field that is wrong; err holds the first */
	const struct err *errors;
	int nerrors;
	/* failure ERR_CONFLICT by version: both sides as JSON objects; else n 0 */
	struct slice yours, current;
};

/* Same key, same account, same body within 7 days: the first answer again. n 0: no key. */
struct once {
	struct slice key, body;
};

/* body: {"fields":{...},"reason":"..."} */
MUST_USE bool app_create(struct app *app, struct arena *a, const struct person *person,
	const char *reg, const struct json *body, const struct once *once, struct submitted *out,
	struct err *err);
/* version: what the caller saw (If-Match) */
MUST_USE bool app_update(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, int64_t version, const struct json *body,
	const struct once *once, struct submitted *out, struct err *err);
MUST_USE bool app_step(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, const char *step, int64_t version, const struct json *body,
	const struct once *once, struct submitted *out, struct err *err);
MUST_USE bool app_delete(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, int64_t version, const struct json *body,
	struct submitted *out, struct err *err);

#endif
