/*
 * One batch inside the writer's transaction: records, journal entries, clock rows, idempotency. It
 * ends at the first write that fails; the writer then undoes what it did, in the database and
 * (applier_undo) here.
 */
#ifndef STORE_APPLY_H
#define STORE_APPLY_H

#include "base/hash.h"
#include "store/chain.h"
#include "store/numbering.h"
#include "store/store.h"
#include "store/tables.h"

/* What a submitter's thread makes ready before it queues: ids of new records, the JSON of their fields. */
struct prepared {
	const struct batch *batch;
	struct arena *a;         /* the submitter's, who waits; results go there */
	struct written *results; /* ids are set */
	struct slice *created;   /* by write: "fields" of a create */
	char at[25];
};
MUST_USE bool apply_prepare(struct arena *a, const struct batch *batch, struct prepared *out,
	struct batch_result *result, struct err *err);

struct applier {
	struct db *db;
	struct digest_run *run;
	const struct schema *schema; /* the newest */
	struct numbering *numbering;
	struct arena *lasting; /* what the changes of this commit point to */
	struct arena *scratch; /* of one write */
	struct str json, encoding;
	struct journal_head head; /* after the entries applied so far */
	struct change *changes;   /* of this commit, in `lasting` */
	int n, room;
};

struct applier_mark {
	struct journal_head head;
	int n;
};

struct applier_mark applier_mark(struct applier *ap);
void applier_undo(struct applier *ap, struct applier_mark mark);
MUST_USE bool apply_batch(
	struct applier *ap, const struct prepared *prepared, struct batch_result *out, struct err *err);
/* Whether a half-done batch leaves something behind: if not, it needs no savepoint. */
bool batch_leaves_traces(const struct batch *batch);

/* The answer kept for this key, with out->repeated; else there is none. */
MUST_USE bool idempotency_find(struct db *db, struct arena *a, struct uuid who, struct slice key,
	struct slice body, struct batch_result *out, struct err *err);
MUST_USE bool idempotency_keep(
	struct db *db, struct arena *scratch, const struct prepared *p, struct err *err);

/* Inserts or replaces. */
MUST_USE bool clock_row_put(
	struct db *db, struct arena *scratch, const struct clock_row *row, struct err *err);

#endif
