/* Taking back the last thing that was done to a record: a step, or its deletion. See undo.c for what that means. */
#ifndef APP_UNDO_H
#define APP_UNDO_H

#include "app/submit.h"

/* version: what the caller saw (If-Match). Writes a journal entry of its own, "undo" or "undelete", that names the one it
 * takes back. ERR_CONFLICT where it cannot be taken back any more, and why. */
MUST_USE bool app_undo(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, int64_t version, const struct json *body,
	const struct once *once, struct submitted *out, struct err *err);
/* Is there something to take back for this person, as far as can be told before trying? */
bool undo_open(
	struct app *app, struct arena *a, const struct person *person, const char *reg, struct uuid id);

#endif
