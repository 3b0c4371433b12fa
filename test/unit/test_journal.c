/* Nothing in the journal can be changed unseen: every byte of every column of an entry, cut ends, gaps, and tables that say
 * something else. Then backup and restore. The data file is altered with SQLite itself, as a wrongdoer would. */
#include "test/unit/cmocka_all.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <unistd.h>

#include "store/care.h"
#include "store/file_rows.h"
#include "test/unit/store_help.h"

static int open_help(void **state)
{
	help_begin(state);
	struct help *h = *state;
	for (int i = 0; i < 5; i++) {
		struct help_write w = help_create(h, "项目");
		w.write.reason = "因为";
		struct written made = help_one(h, &w);
		struct help_write u = {.write = {.verb = WRITE_UPDATE, .reg = h->thing, .id = made.id}};
		help_set(h, &u, "cost", help_int(i + 1));
		help_one(h, &u);
	}
	return 0;
}

/* Alters the closed data file and opens the store again. */
static void meddle(struct help *h, const char *sql)
{
	char path[128], *why = NULL;
	sqlite3 *db;
	store_close(h->store);
	h->store = NULL;
	snprintf(path, sizeof path, "%s/guatu.db", h->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	if (sqlite3_exec(db, sql, NULL, NULL, &why) != SQLITE_OK)
		fail_msg("%s: %s", sql, why);
	sqlite3_close(db);
	help_reopen(h);
}

static struct chain_report verify(struct help *h)
{
	struct chain_report report;
	struct err err;
	help_must(store_verify(h->store, NULL, &report, &err), &err);
	return report;
}

static void expect(struct help *h, enum chain_fault fault, int64_t bad)
{
	struct chain_report report = verify(h);
	if (report.fault != fault || report.bad != bad)
		fail_msg("found %s at %lld", chain_fault_name(report.fault), (long long)report.bad);
}

static void test_whole(void **state)
{
	struct help *h = *state;
	struct chain_report report = verify(h);
	struct journal_head head;
	struct err err;
	help_must(journal_head(h->store, &head, &err), &err);
	assert_int_equal(report.fault, CHAIN_WHOLE);
	assert_int_equal(report.entries, 10);
	assert_memory_equal(report.head.hash, head.hash, DIGEST_BYTES);
}

/* Each column of entry 6 with one thing changed, and put right again. */
static void test_columns(void **state)
{
	struct help *h = *state;
	static const char *const changes[] = {
		"at = '2026-03-31T08:00:00.001Z'",
		"who = x'aa020000000000000000000000000000'",
		"who = NULL",
		"via = 'tesT'",
		"register = 'thinG'",
		"record = x'00'",
		"version = 3",
		"step = 'updatE'",
		"change = change || ' '",
		"change = replace(change, '3', '4')",
		"change = CAST(change AS BLOB)",
		"reason = 'x'",
		"reason = ''",
		"prev = hash",
		"hash = prev",
		"hash = zeroblob(32)",
		"hash = substr(hash, 1, 31)",
		"hash = hex(hash)",
		"prev = hex(prev)",
		"via = CAST(via AS BLOB)",
		"version = 2.5",
	};
	meddle(h, "CREATE TABLE kept AS SELECT * FROM journal WHERE no = 6");
	for (size_t i = 0; i < countof(changes); i++) {
		char sql[256];
		snprintf(sql, sizeof sql, "UPDATE journal SET %s WHERE no = 6", changes[i]);
		meddle(h, sql);
		struct chain_report report = verify(h);
		if (report.bad != 6)
			fail_msg("%s was found at %lld", changes[i], (long long)report.bad);
		meddle(h, "DELETE FROM journal WHERE no = 6; INSERT INTO journal SELECT * FROM kept");
		expect(h, CHAIN_WHOLE, 0);
	}
}

/* A bit of every byte of the JSON, the hashes and the words of one entry, turned over in the file itself. */
static void test_bits(void **state)
{
	struct help *h = *state;
	char path[128];
	sqlite3 *db;
	sqlite3_blob *blob;
	/* the indexed ones (record, at) may not be written this way: test_columns has them */
	static const char *const columns[] = {
		"change", "hash", "prev", "via", "register", "reason", "step"};
	snprintf(path, sizeof path, "%s/guatu.db", h->folder);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	sqlite3_exec(db, "PRAGMA synchronous=OFF", NULL, NULL, NULL);
	int tried = 0;
	for (size_t c = 0; c < countof(columns); c++) {
		assert_int_equal(
			sqlite3_blob_open(db, "main", "journal", columns[c], 5, 1, &blob), SQLITE_OK);
		int n = sqlite3_blob_bytes(blob);
		for (int i = 0; i < n; i++) {
			unsigned char byte, bad;
			assert_int_equal(sqlite3_blob_read(blob, &byte, 1, i), SQLITE_OK);
			bad = byte ^ (unsigned char)(1 << (i % 8));
			assert_int_equal(sqlite3_blob_write(blob, &bad, 1, i), SQLITE_OK);
			sqlite3_blob_close(blob);
			struct chain_report report = verify(h);
			if (report.bad != 5)
				fail_msg("a changed bit of byte %d of %s was found at %lld", i, columns[c],
					(long long)report.bad);
			assert_int_equal(
				sqlite3_blob_open(db, "main", "journal", columns[c], 5, 1, &blob), SQLITE_OK);
			assert_int_equal(sqlite3_blob_write(blob, &byte, 1, i), SQLITE_OK);
			tried++;
		}
		sqlite3_blob_close(blob);
	}
	sqlite3_close(db);
	assert_true(tried > 100);
	expect(h, CHAIN_WHOLE, 0);
}

static void test_ends_and_gaps(void **state)
{
	struct help *h = *state;
	meddle(h, "CREATE TABLE kept AS SELECT * FROM journal");
	meddle(h, "DELETE FROM journal WHERE no = 10");
	expect(h, CHAIN_HEAD, 10);
	meddle(h,
		"INSERT INTO journal SELECT * FROM kept WHERE no = 10; DELETE FROM journal WHERE no = 4");
	expect(h, CHAIN_GAP, 4);
	meddle(
		h, "INSERT INTO journal SELECT * FROM kept WHERE no = 4; DELETE FROM journal WHERE no = 1");
	expect(h, CHAIN_GAP, 1);
	meddle(h, "INSERT INTO journal SELECT * FROM kept WHERE no = 1");
	expect(h, CHAIN_WHOLE, 0);
	/* An entry with a hash that is right in itself, but of another chain. */
	meddle(h, "UPDATE journal_head SET no = 11");
	expect(h, CHAIN_HEAD, 11);
	meddle(h, "UPDATE journal_head SET no = 10, hash = zeroblob(32)");
	expect(h, CHAIN_HEAD, 10);
}

/* ---- fsck ---- */

struct found {
	char kind[24], reg[24], field[24];
	struct uuid id;
	int n;
};

static bool keep_finding(void *self, const struct finding_row *f)
{
	struct found *found = self;
	snprintf(found->kind, sizeof found->kind, "%s", f->kind);
	snprintf(found->reg, sizeof found->reg, "%s", f->reg ? f->reg : "");
	snprintf(found->field, sizeof found->field, "%s", f->field ? f->field : "");
	found->id = f->id;
	found->n++;
	return true;
}

static struct found fsck(struct help *h)
{
	struct found found = {0};
	int64_t n;
	struct err err;
	help_must(store_fsck(h->store, NULL, keep_finding, &found, &n, &err), &err);
	assert_int_equal(n, found.n);
	return found;
}

static void expect_finding(struct help *h, const char *kind, const char *reg, const char *field)
{
	struct found found = fsck(h);
	assert_int_equal(found.n, 1);
	assert_string_equal(found.kind, kind);
	assert_string_equal(found.reg, reg);
	assert_string_equal(found.field, field);
}

static void test_fsck(void **state)
{
	struct help *h = *state;
	assert_int_equal(fsck(h).n, 0);
	meddle(h, "CREATE TABLE kept AS SELECT * FROM r_thing");
	static const struct {
		const char *change, *kind, *field;
	} cases[] = {
		{"UPDATE r_thing SET cost = 99 WHERE number = 'DX2026-0002'", "record", "cost"},
		{"UPDATE r_thing SET day = '2026-01-01' WHERE number = 'DX2026-0002'", "record", "day"},
		{"UPDATE r_thing SET state = 'done' WHERE number = 'DX2026-0002'", "record", "state"},
		{"UPDATE r_thing SET version = 7 WHERE number = 'DX2026-0002'", "record", "version"},
		{"UPDATE r_thing SET changed_by = NULL WHERE number = 'DX2026-0002'", "record",
			"changed_by"},
		{"UPDATE r_thing SET created_at = '2020-01-01T00:00:00.000Z' WHERE number = 'DX2026-0002'",
			"record", "created_at"},
		{"UPDATE r_thing SET tags = '[\"a\"]' WHERE number = 'DX2026-0002'", "record", "tags"},
		{"UPDATE r_thing SET deleted = 1 WHERE number = 'DX2026-0002'", "record", "deleted"},
		{"DELETE FROM r_thing WHERE number = 'DX2026-0002'", "missing record", ""},
		{"INSERT INTO r_thing (id, version, state_since, created_at, changed_at) VALUES"
		 " (x'01020000000000000000000000000000', 1, '2020-01-01T00:00:00.000Z', "
		 "'2020-01-01T00:00:00.000Z',"
		 " '2020-01-01T00:00:00.000Z')",
			"extra record", ""},
	};
	for (size_t i = 0; i < countof(cases); i++) {
		meddle(h, cases[i].change);
		/* a search row may disagree as well once a record is gone: look at the first kind alone */
		struct found found = {0};
		int64_t n;
		struct err err;
		help_must(store_fsck(h->store, NULL, keep_finding, &found, &n, &err), &err);
		if (n < 1)
			fail_msg("not found: %s", cases[i].change);
		if (n == 1) {
			assert_string_equal(found.kind, cases[i].kind);
			assert_string_equal(found.reg, "thing");
			assert_string_equal(found.field, cases[i].field);
		}
		meddle(h, "DELETE FROM r_thing; INSERT INTO r_thing SELECT * FROM kept");
		assert_int_equal(fsck(h).n, 0);
	}
	meddle(h, "UPDATE r_thing SET cost = 99 WHERE number = 'DX2026-0002'");
	expect_finding(h, "record", "thing", "cost");
}

static void test_fsck_of_files_and_search(void **state)
{
	struct help *h = *state;
	struct file_row row = {.name = "a.txt",
		.type = "text/plain",
		.by = HELP_WHO,
		.at = help_at(),
		.taken_at = INSTANT_NONE};
	struct err err;
	struct uuid *ids;
	int n;
	help_must(file_put(h->store, SLICE("abc"), &row, &err), &err);
	help_must(store_search(h->store, h->a, h->thing, SLICE("项目"), 10, &ids, &n, &err), &err);
	assert_int_equal(n, 5);
	assert_int_equal(fsck(h).n, 0);
	meddle(h, "UPDATE file SET name = 'b.txt'");
	expect_finding(h, "file", "file", "id");
	meddle(h, "UPDATE file SET name = 'a.txt'");
	unlink(file_path(h->store, h->a, &row));
	expect_finding(h, "file", "file", "bytes");
	help_must(file_put(h->store, SLICE("abc"), &row, &err), &err);
	meddle(h, "UPDATE search_row SET words = 'x' WHERE no = 2");
	assert_true(fsck(h).n >= 1);
	assert_string_equal(fsck(h).kind, "search");
}

/* ---- backup ---- */

static void test_backup(void **state)
{
	struct help *h = *state;
	struct file_row row = {.name = "a.txt",
		.type = "text/plain",
		.by = HELP_WHO,
		.at = help_at(),
		.taken_at = INSTANT_NONE};
	struct chain_report report;
	struct journal_head head;
	struct err err;
	const char *backup = arena_printf(h->a, "%s/one.guatu", h->folder),
			   *folder = arena_printf(h->a, "%s/back", h->folder);
	help_must(file_put(h->store, SLICE("abc"), &row, &err), &err);
	help_must(store_backup(h->store, backup, NULL, &err), &err);
	assert_false(store_backup(h->store, backup, NULL, &err));
	assert_int_equal(err.code, ERR_CONFLICT);
	struct help_write w = help_create(h, "after the backup");
	help_one(h, &w);

	help_must(store_restore(backup, folder, NULL, &report, &err), &err);
	assert_int_equal(report.fault, CHAIN_WHOLE);
	assert_int_equal(report.entries, 10);
	assert_false(store_restore(backup, folder, NULL, &report, &err));
	assert_int_equal(err.code, ERR_CONFLICT);

	struct help restored = {.catalogue = h->catalogue, .thing = h->thing, .a = h->a};
	snprintf(restored.folder, sizeof restored.folder, "%.70s/back", h->folder);
	help_reopen(&restored);
	help_must(journal_head(restored.store, &head, &err), &err);
	assert_int_equal(head.no, 10);
	struct slice bytes;
	struct file_row got;
	help_must(file_get(restored.store, h->a, row.id, &got, &err), &err);
	help_must(file_read(restored.store, h->a, &got, &bytes, &err), &err);
	assert_true(slice_is(bytes, "abc"));
	assert_int_equal(fsck(&restored).n, 0);
	struct help_write more = help_create(&restored, "goes on");
	assert_string_equal(help_one(&restored, &more).number, "DX2026-0006");
	store_close(restored.store);
}

/* A backup with any damage is refused, and nothing of it stays behind. */
static void test_damaged_backup(void **state)
{
	struct help *h = *state;
	struct chain_report report;
	struct err err;
	const char *backup = arena_printf(h->a, "%s/one.guatu", h->folder),
			   *folder = arena_printf(h->a, "%s/back", h->folder);
	help_must(store_backup(h->store, backup, NULL, &err), &err);
	FILE *f = fopen(backup, "r+");
	assert_non_null(f);
	fseek(f, 0, SEEK_END);
	long size = ftell(f);
	/* headers, the note, and each page of the data file where the journal's text lies */
	static const char needle[] = "create";
	char *bytes = malloc((size_t)size);
	rewind(f);
	assert_int_equal(fread(bytes, 1, (size_t)size, f), (size_t)size);
	char *text = memmem(bytes + 4096, (size_t)size - 4096, needle, sizeof needle - 1);
	assert_non_null(text);
	const long places[] = {3, 130, 257, 700, 1024 + 1, 1024 + 124, text - bytes};
	for (size_t i = 0; i < countof(places); i++) {
		long at = places[i];
		bool in_padding = at > 512 && at < 1024 && bytes[at] == '\0';
		if (in_padding)
			continue;
		fseek(f, at, SEEK_SET);
		fputc(bytes[at] ^ 1, f);
		fflush(f);
		if (store_restore(backup, folder, NULL, &report, &err))
			fail_msg("a changed bit at %ld was not seen", at);
		assert_int_equal(access(folder, F_OK), -1);
		fseek(f, at, SEEK_SET);
		fputc(bytes[at], f);
		fflush(f);
	}
	fclose(f);
	assert_int_equal(truncate(backup, size - 2048), 0);
	assert_false(store_restore(backup, folder, NULL, &report, &err));
	assert_false(store_restore("/nonexistent.guatu", folder, NULL, &report, &err));
	assert_int_equal(err.code, ERR_MISSING);
	free(bytes);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_help, help_end)
	const struct CMUnitTest tests[] = {
		TEST(test_whole),
		TEST(test_columns),
		TEST(test_bits),
		TEST(test_ends_and_gaps),
		TEST(test_fsck),
		TEST(test_fsck_of_files_and_search),
		TEST(test_backup),
		TEST(test_damaged_backup),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
