/* Is the chain whole? One pass over the journal in order, on one snapshot; each entry's hash is
 * made again from its columns as they lie there, so any changed bit of any column shows at its
 * entry. */
#include "store/care.h"
#include "store/store_inside.h"

#define TELL_EVERY 10000

static const char sql_all[] = "SELECT " ENTRY_SELECT " FROM journal ORDER BY no";

static const char *const names[] = {[CHAIN_WHOLE] = "whole",
	[CHAIN_ALTERED] = "altered",
	[CHAIN_PREVIOUS] = "previous",
	[CHAIN_GAP] = "gap",
	[CHAIN_HEAD] = "head"};

const char *chain_fault_name(enum chain_fault fault)
{
	return names[fault];
}

struct walk {
	struct digest_run *run;
	struct str room;
	struct chain_report *report;
};

static bool broken(struct walk *w, enum chain_fault fault, int64_t no, const char *why)
{
	w->report->fault = fault;
	w->report->bad = no;
	w->report->why = why;
	return false;
}

static bool holds(struct slice bytes, const uint8_t digest[DIGEST_BYTES])
{
	return bytes.n == DIGEST_BYTES && memcmp(bytes.s, digest, DIGEST_BYTES) == 0;
}

/* False at the first entry that is not right. */
static bool check_entry(struct walk *w, struct db_statement *st)
{
	struct journal_head *head = &w->report->head;
	int64_t no = db_get_int(st, ENTRY_NO);
	uint8_t hash[DIGEST_BYTES];
	if (no != head->no + 1)
		return broken(w, CHAIN_GAP, head->no + 1, "the entry is missing");
	row_hash(w->run, &w->room, st, hash);
	bool links =
		db_kind(st, ENTRY_PREV) == DB_BLOB && holds(db_get_blob(st, ENTRY_PREV), head->hash);
	if (db_kind(st, ENTRY_HASH) != DB_BLOB || !holds(db_get_blob(st, ENTRY_HASH), hash))
		return broken(w, CHAIN_ALTERED, no, "the entry's hash is not that of its content");
	if (!links)
		return broken(w, CHAIN_PREVIOUS, no, "the entry does not follow from the one before");
	head->no = no;
	memcpy(head->hash, hash, sizeof hash);
	w->report->entries++;
	return true;
}

static bool walk_all(struct db *db, struct walk *w, const struct journal_head *end,
	const struct progress *progress, struct err *err)
{
	struct db_statement *st;
	bool row;
	if (!db_prepare(db, sql_all, &st, err))
		return false;
	for (;;) {
		if (!db_step(st, &row, err))
			return false;
		if (!row)
			break;
		if (!check_entry(w, st)) {
			db_done(st);
			return true;
		}
		if (progress && w->report->entries % TELL_EVERY == 0)
			progress->step(progress->self, "verifying the journal", w->report->entries, end->no);
	}
	const struct journal_head *head = &w->report->head;
	if (head->no != end->no || memcmp(head->hash, end->hash, DIGEST_BYTES) != 0)
		broken(w, CHAIN_HEAD, head->no < end->no ? head->no + 1 : head->no,
			"the journal does not end where the last commit recorded");
	if (progress)
		progress->step(
			progress->self, "verifying the journal", w->report->entries, w->report->entries);
	return true;
}

bool store_verify(
	struct store *s, const struct progress *progress, struct chain_report *out, struct err *err)
{
	struct db *db;
	struct journal_head end;
	struct chain_report report = {0};
	struct walk w = {.report = &report};
	if (!reader_take(s, &db, err))
		return false;
	bool ok = db_begin_read(db, err);
	if (ok) {
		ok = head_read(db, &end, err);
		if (ok) {
			report.head.digest = end.digest;
			w.run = digest_open(end.digest);
			ok = walk_all(db, &w, &end, progress, err);
			digest_close(w.run);
		}
		db_rollback(db);
	}
	str_free(&w.room);
	reader_give(s, db);
	if (ok)
		*out = report;
	return ok;
}
