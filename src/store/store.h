/*
 * The only SQL. One data folder: guatu.db (SQLite, WAL, synchronous=FULL), files/ (uploads by hash).
 *
 * Writes go through one writer thread: it takes every waiting batch, runs each in its own
 * savepoint, commits once, syncs once, calls the `committed` hook in journal order, and only then
 * answers (group commit). A batch is all or nothing. Reads use connections of their own and see
 * committed state only.
 *
 * The interface names no SQLite: db_sqlite.c is the one file that does, and a second engine
 * implements db.h beside it.
 */
#ifndef STORE_STORE_H
#define STORE_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/hash.h"
#include "model/record.h"
#include "model/register.h"

struct store;

struct store_options {
	const char *folder;
	enum digest digest; /* for a new data file; an old one keeps its own */
	bool read_only;     /* no writer, no lock: beside a running server */
};

/* Makes the folder and the data file when they are missing. One process at a time may write:
 * ERR_BUSY for the second. */
MUST_USE bool store_open(const struct store_options *options, struct store **out,
	struct err *err);              /* owned: store_close */
void store_close(struct store *s); /* finishes what was accepted; accepts NULL */
/* Brings the fixed tables to the newest migration and every register's table to its definition.
 * First call after open. The catalogue is borrowed until store_close. Read only: checks instead
 * that nothing is left to do. */
MUST_USE bool store_migrate(struct store *s, const struct catalogue *catalogue, struct err *err);
/* The same for a catalogue that grew at run time: adds tables, columns and indexes between two
 * commits. Nothing is ever dropped, and a field keeps its storage type: ERR_CONFLICT otherwise.
 * Older catalogues stay usable in every call. */
MUST_USE bool store_use_catalogue(
	struct store *s, const struct catalogue *catalogue, struct err *err);

/* ---- writing ---- */

enum write_verb {
	WRITE_CREATE,
	WRITE_UPDATE,
	WRITE_STEP,
	WRITE_DELETE,
	WRITE_UNDO,     /* takes the record's newest entry, a step, back */
	WRITE_UNDELETE, /* brings a deleted record back */
};

struct write {
	enum write_verb verb;
	const struct register_def *reg;
	struct uuid id;         /* CREATE: nil for a new one */
	int64_t expect_version; /* all but CREATE; 0: whatever it is now */
	const char *step;       /* STEP: its name */
	const char *state;      /* CREATE, STEP, UNDO: the state afterwards; NULL: unchanged or none */
	int64_t undoes;         /* UNDO, UNDELETE: number of the entry that is taken back */
	struct instant since;   /* UNDO, UNDELETE: since when it stood in that state */
	struct uuid by;         /* UNDO, UNDELETE: who had changed it ahead of that entry */
	const char *number;     /* CREATE: given human number (import); NULL: the next one */
	int n;
	const struct field *const
		*fields; /* stored ones; UPDATE and STEP drop those that already have the value */
	const struct value *values;
	const char *reason;
};

struct clock_row; /* model/clock.h */

struct batch {
	struct uuid who;
	const char *via;
	struct instant at;
	const struct write *writes;
	int n;
	const struct clock_row
		*clocks; /* inserted or replaced in the same transaction, by record and clock */
	int nclocks;
	bool
		told; /* a history that is told after the fact (the demo): `at` goes into the journal as it is */
	struct slice idempotency_key; /* n 0: none; scope is `who` */
	struct slice
		idempotency_body; /* digest of the request: the same key with another body is refused */
};

struct written {
	struct uuid id;
	int64_t version, no; /* journal number; 0: the update changed nothing and wrote nothing */
	const char *number;  /* in `a` */
};

struct batch_result {
	bool
		repeated; /* the key was seen before: `results` are those of the first time, nothing was done */
	const struct written *results; /* one a write, in `a` */
	int n;                         /* of results, on success */
	/* On failure too (the one `out` that is): */
	const struct record
		*current; /* ERR_CONFLICT by version: the record as it is now, in `a`; else NULL */
	int failed;   /* index of the write that failed, or -1 */
};

/* Blocks until durable or refused. Thread-safe.
 * ERR_CONFLICT: stale version, a unique value taken, a key used with another body. ERR_MISSING: no
 * such record, or deleted. ERR_BUSY: disk full or file locked, nothing of it is stored, may be
 * tried again. ERR_SYSTEM: the disk failed. */
MUST_USE bool store_submit(struct store *s, struct arena *a, const struct batch *batch,
	struct batch_result *out, struct err *err);

/* Was this key of this account seen before? Then out->repeated, and `out` is as store_submit() would
 * answer: asked before a request is checked against a state that it itself has changed.
 * ERR_CONFLICT: with another body. */
MUST_USE bool store_repeated(struct store *s, struct arena *a, struct uuid who, struct slice key,
	struct slice body, struct batch_result *out, struct err *err);

/* Called by the writer thread for all changes of one commit, in order, before the submitters are
 * answered. Borrowed for the call; it must not call store_submit. `reg` is the newest catalogue's.
 * One hook; set before the first submit. */
typedef void committed_hook(void *self, const struct change *changes, int n);
void store_on_commit(struct store *s, committed_hook *hook, void *self);

/* For filling a NEW data folder, where all of it can be made again: between store_bulk(s, true) and
 * store_bulk(s, false) batches are atomic and answered when they are committed, but nothing is
 * synced, and the indexes for reading and searching rest: reads by parent scan. The second call indexes, copies the log back and syncs once:
 * when it returns, everything is durable. A process that dies in between leaves whole batches; a
 * machine that loses power may leave a damaged file. */
MUST_USE bool store_bulk(struct store *s, bool on, struct err *err);

/* ---- reading ---- */

MUST_USE bool store_get(struct store *s, struct arena *a, const struct register_def *reg,
	struct uuid id, struct record **out, struct err *err); /* ERR_MISSING */
/* The same, deleted or not: record->deleted says. */
MUST_USE bool store_get_any(struct store *s, struct arena *a, const struct register_def *reg,
	struct uuid id, struct record **out, struct err *err);
/* Records whose ref field has that id, newest first; `after` is the last id of the page before
 * (nil: first page). */
MUST_USE bool store_children(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *ref, struct uuid parent, struct uuid after, int limit, struct record ***out,
	int *n, struct err *err);
/* Deleted records whose ref field had that id, newest first. */
MUST_USE bool store_deleted(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *ref, struct uuid parent, struct record ***out, int *n, struct err *err);
/* Live records with that value, in id order: by an index for refs and unique fields, else by
 * looking at all. */
MUST_USE bool store_find(struct store *s, struct arena *a, const struct register_def *reg,
	const struct field *field, const struct value *value, struct record ***out, int *n,
	struct err *err);
MUST_USE bool store_find_number(struct store *s, struct arena *a, const struct register_def *reg,
	const char *number, struct record **out, struct err *err); /* ERR_MISSING */
/* Every live record in id order; the record is borrowed for the call. Stops when `each` returns false. */
typedef bool record_each(void *self, const struct record *record);
MUST_USE bool store_scan(struct store *s, const struct register_def *reg, record_each *each,
	void *self, struct err *err);
/* Those that were deleted among them. */
MUST_USE bool store_scan_all(struct store *s, const struct register_def *reg, record_each *each,
	void *self, struct err *err);
/* Full-text over title, text and longtext fields (Chinese bigrams). Ids best first. */
MUST_USE bool store_search(struct store *s, struct arena *a, const struct register_def *reg,
	struct slice words, int limit, struct uuid **ids, int *n,
	struct err *err); /* sees everything that was answered before the call */

/* ---- how it does ---- */

struct store_figures {
	int64_t commits, batches, entries, refused, failed_commits, wal_bytes, file_bytes, queued;
};
void store_figures(struct store *s, struct store_figures *out); /* for /metrics; since the start */

/* ---- journal ---- */

struct journal_head {
	int64_t no;
	uint8_t hash[DIGEST_BYTES];
	enum digest digest;
	struct instant at; /* of that entry; NONE: there is none yet */
};
MUST_USE bool journal_head(struct store *s, struct journal_head *out, struct err *err);
typedef bool change_each(void *self, const struct change *change); /* false stops */
/* Entries from..to in order, or from..to backwards when to < from. Borrowed for the call. Decoded
 * with the newest catalogue: fields and registers it does not know are left out, a value that no
 * longer fits its field's type is none. */
MUST_USE bool journal_read(
	struct store *s, int64_t from, int64_t to, change_each *each, void *self, struct err *err);
/* One record's history, newest first; `before` is the last number of the page before (0: first page). */
MUST_USE bool journal_of(struct store *s, struct uuid id, int64_t before, int limit,
	change_each *each, void *self, struct err *err);
/* Which entries of the whole journal: of one register, one record, one account, of instants from <= at < until. NULL, nil
 * and INSTANT_NONE: not asked; `before` 0: from the newest. */
struct journal_query {
	const char *reg;
	struct uuid record, who;
	struct instant from, until;
	int64_t before;
};
/* Those, newest first. Borrowed for the call, decoded as journal_read does. */
MUST_USE bool journal_search(struct store *s, const struct journal_query *query, change_each *each,
	void *self, struct err *err);
/* The entry with the latest instant at or before that one (of several, the last); 0: none. That is the last entry up to
 * then, because instants do not go back: one that would lie up to JOURNAL_BACK_MS before the entry ahead of it, because
 * writers met or a machine's clock was set back, is written with that entry's instant, its clock rows too. A clock that
 * goes back further was wrong before: then the true time is written, and entries from the time it was wrong count as
 * later than they were. */
#define JOURNAL_BACK_MS MS_PER_DAY
MUST_USE bool journal_at(struct store *s, struct instant at, int64_t *no, struct err *err);

#endif
