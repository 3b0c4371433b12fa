/*
 * Uploaded files. The bytes lie in files/ab/cdef... by their SHA-256, written and synced before the
 * row commits. A row's id is a digest of its columns, so the id in a record's journal entry also
 * vouches for the bytes; fsck recomputes it.
 */
#ifndef STORE_FILE_ROWS_H
#define STORE_FILE_ROWS_H

#include "store/store.h"

struct file_row {
	struct uuid id;               /* file_put fills it */
	uint8_t sha256[DIGEST_BYTES]; /* file_put fills it */
	const char *name, *type;      /* as uploaded; sniffed media type */
	int64_t bytes;                /* file_put fills it */
	struct uuid by;               /* account */
	struct instant at;
	struct instant taken_at; /* INSTANT_NONE: not known */
	bool has_point;
	int32_t longitude_e7, latitude_e7; /* WGS-84 degrees times 10^7 */
};

/* The same bytes under the same name from the same account are one row, the first: an upload sent again after a cut stores
 * nothing twice. *row becomes that row's id and instant. */
MUST_USE bool file_put(struct store *s, struct slice bytes, struct file_row *row, struct err *err);
/* The first row of these bytes from this account, whatever its name. *found: there is one. */
MUST_USE bool file_find(struct store *s, struct arena *a, struct uuid account,
	const uint8_t sha256[DIGEST_BYTES], bool *found, struct file_row *out, struct err *err);
MUST_USE bool file_get(
	struct store *s, struct arena *a, struct uuid id, struct file_row *out, struct err *err);
MUST_USE bool file_read(struct store *s, struct arena *a, const struct file_row *row,
	struct slice *out, struct err *err);
/* Path of the bytes, in `a`, for a server that sends files by itself. */
const char *file_path(struct store *s, struct arena *a, const struct file_row *row);

#endif
