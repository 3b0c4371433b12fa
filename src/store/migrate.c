#include "store/migrate.h"

#include <pthread.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/embed.h"
#include "base/num.h"

#define MIGRATIONS_MAX 500

static struct migration builtin[MIGRATIONS_MAX];
static int nbuiltin;
static pthread_once_t once = PTHREAD_ONCE_INIT;

/* "sql/001_base.sql" -> 1, "base"; a second dot is another engine's. */
static void find_builtin(void)
{
	int n;
	const struct embedded *files = embed_under("sql/", &n);
	for (int i = 0; i < n; i++) {
		const char *name = files[i].path + 4, *dot = strchr(name, '.');
		int64_t no;
		if (strlen(name) < 5 || !dot || strcmp(dot, ".sql") != 0 ||
			!num_int((struct slice){name, 3}, &no))
			continue;
		assert(no == nbuiltin + 1 && nbuiltin < MIGRATIONS_MAX);
		builtin[nbuiltin++] = (struct migration){(int)no, name, embed_text(&files[i])};
	}
}

struct migrations migrate_builtin(void)
{
	pthread_once(&once, find_builtin);
	return (struct migrations){builtin, nbuiltin};
}

static const char sql_table[] =
	"CREATE TABLE IF NOT EXISTS migration (no INTEGER PRIMARY KEY, name TEXT NOT NULL,"
	" sha256 TEXT NOT NULL)";
static const char sql_applied[] = "SELECT no, name, sha256 FROM migration ORDER BY no";
static const char sql_record[] = "INSERT INTO migration (no, name, sha256) VALUES ($1, $2, $3)";
static const char sql_head[] =
	"INSERT INTO journal_head (one, no, hash, digest) VALUES (1, 0, $1, $2)";

static void checksum(struct slice sql, char out[2 * DIGEST_BYTES + 1])
{
	uint8_t digest[DIGEST_BYTES];
	digest_of(DIGEST_SHA256, sql.s, sql.n, digest);
	hex_encode(digest, sizeof digest, out);
}

/* How many of them are applied, all unchanged. */
static bool count_applied(struct db *db, struct migrations all, int *applied, struct err *err)
{
	struct db_statement *st;
	bool row;
	char sum[2 * DIGEST_BYTES + 1];
	*applied = 0;
	if (!db_prepare(db, sql_applied, &st, err))
		return false;
	for (;;) {
		if (!db_step(st, &row, err))
			return false;
		if (!row)
			return true;
		int64_t no = db_get_int(st, 0);
		if (no > all.n || no != *applied + 1) {
			db_done(st);
			return err_set(err, ERR_CONFLICT, NULL,
				"the data file was made by a newer guatu (step %lld)", (long long)no);
		}
		const struct migration *m = &all.steps[*applied];
		checksum(m->sql, sum);
		if (!slice_is(db_get_text(st, 1), m->name) || !slice_is(db_get_text(st, 2), sum)) {
			db_done(st);
			return err_set(err, ERR_CONFLICT, NULL,
				"step %s was applied in another form than this program has it", m->name);
		}
		++*applied;
	}
}

static bool apply(struct db *db, const struct migration *m, enum digest digest, struct err *err)
{
	struct db_statement *st;
	static const uint8_t zeros[DIGEST_BYTES];
	char sum[2 * DIGEST_BYTES + 1];
	checksum(m->sql, sum);
	char *text = must_alloc(m->sql.n + 1);
	memcpy(text, m->sql.s, m->sql.n);
	bool ok = db_exec(db, text, err);
	free(text);
	if (!ok || !db_prepare(db, sql_record, &st, err))
		return false;
	db_int(st, 1, m->no);
	db_text(st, 2, m->name);
	db_text(st, 3, sum);
	if (!db_run(st, err))
		return false;
	if (m->no != 1)
		return true;
	if (!db_prepare(db, sql_head, &st, err))
		return false;
	db_blob(st, 1, zeros, sizeof zeros);
	db_text(st, 2, digest_name(digest));
	return db_run(st, err);
}

bool migrate_run(struct db *db, struct migrations all, enum digest digest, struct err *err)
{
	int applied;
	if (!db_exec(db, sql_table, err) || !count_applied(db, all, &applied, err))
		return false;
	for (; applied < all.n; applied++) {
		const struct migration *m = &all.steps[applied];
		if (!db_begin(db, err))
			return false;
		if (!apply(db, m, digest, err) || !db_commit(db, err)) {
			db_rollback(db);
			return err_in(err, "sql/%s", m->name);
		}
	}
	return true;
}

bool migrate_check(struct db *db, struct migrations all, struct err *err)
{
	int applied;
	if (!count_applied(db, all, &applied, err))
		return false;
	return applied == all.n ||
		err_set(err, ERR_CONFLICT, NULL,
			"the data file is older than this program and was opened to be"
			" read only");
}
