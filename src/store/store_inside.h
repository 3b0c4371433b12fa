/* What the files of this room share: the store itself, its reading connections and its writer. */
#ifndef STORE_STORE_INSIDE_H
#define STORE_STORE_INSIDE_H

#include <pthread.h>
#include <stdatomic.h>

#include "store/apply.h"
#include "store/care.h"
#include "store/db.h"
#include "store/file_rows.h"
#include "store/store.h"
#include "store/tables.h"
#include "store/writer.h"

#define READERS_MAX 64

struct store {
	char *folder, *path; /* the folder, and guatu.db in it */
	bool read_only;
	int lock; /* descriptor of guatu.lock, or -1 */
	enum digest digest;
	struct schema *_Atomic schema; /* the newest; the older ones hang behind it */
	struct writer *writer;         /* NULL: read only */

	pthread_mutex_t pool_lock;
	pthread_cond_t pool_free;
	struct db *idle[READERS_MAX]; /* last given back, first taken: its cache is warm */
	int nidle, nreaders;
};

/* A connection for reading, until it is given back. A caller that reads while it reads takes a second one. */
MUST_USE bool reader_take(struct store *s, struct db **out, struct err *err);
void reader_give(struct store *s, struct db *db);

/* Something small that is written in a commit of its own or along with others; runs in the writer's
 * thread. */
typedef bool write_call(struct db *db, void *self, struct err *err);
MUST_USE bool store_write(struct store *s, write_call *call, void *self, struct err *err);

/* Indexes for the search what entries say since the last time, at most `limit` of them. In the
 * writer's transaction. *more: there is more. */
MUST_USE bool search_follow(
	struct db *db, const struct schema *schema, int limit, bool *more, struct err *err);

/* Every record's history, record by record, each oldest first: the change, the record as it stood
 * after it, and whether that was its last. Borrowed for the call; false stops. What fsck compares
 * with the tables. */
typedef bool replay_each(
	void *self, const struct change *change, const struct record *after, bool last);
MUST_USE bool replay_on(struct db *db, const struct schema *schema, const struct progress *progress,
	replay_each *each, void *self, struct err *err);

/* The searchable words of a record as it is now. */
MUST_USE bool search_words(
	struct db *db, const struct table *t, struct uuid id, struct str *out, struct err *err);

/* Every file row, borrowed for the call; and the id its columns should give. */
MUST_USE bool file_each(struct db *db, struct arena *a,
	bool (*each)(void *self, const struct file_row *row), void *self, struct err *err);
struct uuid file_row_id(const struct file_row *row);

/* Where the journal ended at the last commit, as the table says. */
MUST_USE bool head_read(struct db *db, struct journal_head *out, struct err *err);
MUST_USE bool head_write(struct db *db, const struct journal_head *head, struct err *err);

#endif
