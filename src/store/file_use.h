/* Which records name an uploaded file, or once did. Follows the journal in the same transaction; grows only. */
#ifndef STORE_FILE_USE_H
#define STORE_FILE_USE_H

#include "store/db.h"
#include "store/store.h"

/* On the writer's connection, with the change's own transaction. */
MUST_USE bool file_use_note(struct db *db, const struct change *change, struct err *err);

typedef bool file_use_each(
	void *self, const char *reg, struct uuid record); /* borrowed for the call; false stops */
MUST_USE bool file_users(
	struct store *s, struct uuid file, file_use_each *each, void *self, struct err *err);

/* For fsck: is every file that the change names noted? *missing: the first that is not, or nil. */
MUST_USE bool file_use_check(
	struct db *db, const struct change *change, struct uuid *missing, struct err *err);

#endif
