/*
 * The one thread that writes. It takes everything that waits, runs each job in its own savepoint,
 * commits once, tells the hook, answers. A second thread, the keeper, copies the log back into the
 * main file meanwhile, so that no commit pays for it.
 */
#ifndef STORE_WRITER_H
#define STORE_WRITER_H

#include "store/apply.h"
#include "store/store.h"

struct writer;

struct writer_options {
	const char *path;
	struct journal_head head; /* as the data file has it now */
	const struct schema *schema;
};

MUST_USE bool writer_open(const struct writer_options *options, struct writer **out,
	struct err *err);                /* owned: writer_close */
void writer_close(struct writer *w); /* after the jobs that wait; accepts NULL */
void writer_on_commit(struct writer *w, committed_hook *hook, void *self);

/* All block until durable or refused. */
MUST_USE bool writer_submit(
	struct writer *w, const struct prepared *prepared, struct batch_result *out, struct err *err);
MUST_USE bool writer_call(struct writer *w,
	bool (*call)(struct db *db, void *self, struct err *err), void *self, struct err *err);
/* Makes the data file follow the schema and uses it from then on. */
MUST_USE bool writer_use_schema(struct writer *w, const struct schema *schema, struct err *err);
/* Until the search index holds what was committed before the call. */
MUST_USE bool writer_index(struct writer *w, struct err *err);

/* store_bulk(), between two commits. */
MUST_USE bool writer_bulk(struct writer *w, bool on, struct err *err);

void writer_figures(struct writer *w, struct store_figures *out);

#endif
