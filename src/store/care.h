/*
 * Looking after the data: is the journal whole, do the tables follow from it, backups.
 *
 * All of it runs beside a working server, on a connection of its own, on one consistent snapshot.
 */
#ifndef STORE_CARE_H
#define STORE_CARE_H

#include "store/store.h"

/* Told now and then how far a long job is; `doing` is an English word list for say(). May be NULL. */
struct progress {
	void (*step)(void *self, const char *doing, int64_t done, int64_t total);
	void *self;
};

/* Why the chain is broken, by what was found at the first bad entry. */
enum chain_fault {
	CHAIN_WHOLE,
	CHAIN_ALTERED,  /* the entry's own hash is not that of its columns */
	CHAIN_PREVIOUS, /* `prev` is not the hash of the entry before */
	CHAIN_GAP,      /* a number is missing */
	CHAIN_HEAD, /* the journal does not end where the last commit said: entries were cut off or added */
};

struct chain_report {
	int64_t entries; /* read and found whole, from 1 */
	enum chain_fault fault;
	int64_t bad;              /* number of the first bad entry; 0: none */
	const char *why;          /* English for say(); NULL when whole */
	struct journal_head head; /* of the entries found whole */
};
const char *chain_fault_name(enum chain_fault fault); /* "whole", "altered", ... */

/* Walks the whole chain. A broken chain is a report, not an error; an error means it could not be read. */
MUST_USE bool store_verify(
	struct store *s, const struct progress *progress, struct chain_report *out, struct err *err);

/* One thing that does not follow from the journal. */
struct finding_row {
	const char *kind; /* "record", "missing record", "extra record", "file", "search", "database" */
	const char *reg;  /* register or table; NULL: none */
	struct uuid id;   /* nil: none */
	const char *field;             /* or NULL */
	const char *stored, *expected; /* as text, or NULL */
};
typedef bool finding_each(
	void *self, const struct finding_row *finding); /* borrowed; false stops */
/* Recomputes what the store derives (record tables, search, files' hashes) and compares; has the
 * engine check its pages and indexes. *n: findings. Clocks, lights and the board are the app's to
 * compare. */
MUST_USE bool store_fsck(struct store *s, const struct progress *progress, finding_each *each,
	void *self, int64_t *n, struct err *err);

/* Writes one file (a tar archive: guatu.json, guatu.db, files/...), complete or not at all; refuses
 * to overwrite. */
MUST_USE bool store_backup(
	struct store *s, const char *path, const struct progress *progress, struct err *err);
/* Unpacks it into a folder that must not hold data yet and verifies journal and files before it is
 * called data. */
MUST_USE bool store_restore(const char *backup, const char *folder, const struct progress *progress,
	struct chain_report *out, struct err *err);
/* The same for its own sake: unpacks it into `scratch`, a folder that does not exist yet, verifies, and takes all of it
 * away again. */
MUST_USE bool store_check_backup(const char *backup, const char *scratch,
	const struct progress *progress, struct chain_report *out, struct err *err);

#endif
