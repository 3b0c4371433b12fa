/* Uploads, stored by SHA-256 in the data folder; the type is what the bytes are, not what the name says. */
#ifndef APP_UPLOAD_H
#define APP_UPLOAD_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"

/* accept: "image", "document" or NULL for both. Answers {"id","name","type","bytes","sha256","taken_at","point"}. */
MUST_USE bool upload_store(struct app *app, const struct person *person, const char *name,
	const char *accept, struct slice bytes, struct str *out, struct err *err);

/* Whether this account uploaded bytes of this SHA-256 (64 hex digits) before: {"file":{…}|null}. A phone asks before it sends
 * a photo again after a cut. */
MUST_USE bool upload_known(struct app *app, const struct person *person, const char *sha256,
	struct str *out, struct err *err);

struct upload_found {
	const char *path;   /* on disk, immutable */
	const char *name;   /* as uploaded */
	const char *type;   /* "image/jpeg" */
	const char *sha256; /* for an ETag */
	int64_t bytes;
};
/* ERR_MISSING too for a file that upload_may_see() does not let him see. */
MUST_USE bool upload_find(struct app *app, struct arena *a, const struct person *person,
	const char *id, struct upload_found *out, struct err *err);

struct file_row; /* store/file_rows.h */
/* Who uploaded a file may read it, and so may whoever reads a record that names it or once did. Under the app's lock. */
MUST_USE bool upload_may_see(
	struct app *app, const struct person *person, const struct file_row *row, struct err *err);

#endif
