/*
 * Durable reports per second: each client sends one report, waits until it is synced, and sends the next.
 *
 * usage: bench_store [SECONDS]     seconds a measurement, default 2
 *
 * Three ways to keep the same report (record row, journal entry with its hash, the indexes of both):
 *   guatu       store_submit: the whole way with ids, numbers, JSON, SM3 chain and search, many
 * reports a commit
 *   sqlite      the same two rows, one transaction each on one connection under a lock, WAL, synchronous=FULL
 *   postgresql  the same two rows, one transaction each, one connection a client; GUATU_BENCH_PG
 * names the server
 *               (bench/bench_store.py starts a throw-away one)
 * The peers do less: their rows come ready made and their chain's hash is a constant. Each line is
 * the median of three runs.
 */
#include <fcntl.h>
#include <ftw.h>
#include <libpq-fe.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/os.h"
#include "base/uuid.h"
#include "store/store.h"

#define RUNS 3
#define CLIENTS_MOST 64
#define LATENCIES 200000

static double seconds = 2;

struct client;
typedef void work(struct client *c); /* one report */

struct run {
	const char *name;
	work *work;
	void *shared; /* the store, the connection or the lock */
	atomic_bool stop;
	atomic_int waiting;
};

struct client {
	struct run *run;
	pthread_t thread;
	void *own; /* a connection */
	int64_t n;
	struct uuid project; /* of its own, with a report for each day from 1970 on */
	uint64_t number;
	int32_t *latency_us;
};

NORETURN static void give_up(const char *doing, const char *why)
{
	fprintf(stderr, "%s: %s\n", doing, why);
	exit(1);
}

static void must(bool ok, const struct err *err)
{
	struct str said = STR_INIT;
	if (ok)
		return;
	err_say(err, LANG_EN, &said);
	give_up("guatu", str_text(&said));
}

/* ---- guatu ---- */

static const struct catalogue *catalogue;
static const struct field *fields[8];
static int nfields;

struct keeper {
	struct store *store;
};

static struct value report_value(const struct field *f, struct client *c)
{
	switch (f->type) {
	case FIELD_REF: return (struct value){.kind = VALUE_ID, .id = c->project};
	case FIELD_DATE: return (struct value){.kind = VALUE_INT, .i = (int64_t)c->number};
	case FIELD_CHOICE:
		return (struct value){.kind = VALUE_TEXT, .text = slice_of(f->choices[0].name)};
	case FIELD_MONEY: return (struct value){.kind = VALUE_INT, .i = 123456789};
	case FIELD_LONGTEXT:
		return (struct value){
			.kind = VALUE_TEXT, .text = SLICE("主体结构封顶，设备进场安装，室外管网完成过半")};
	default: return (struct value){.kind = VALUE_TEXT, .text = (struct slice){"2026-03", 7}};
	}
}

static void guatu_work(struct client *c)
{
	struct keeper *k = c->run->shared;
	struct value values[countof(fields)];
	struct batch_result out;
	struct err err;
	struct arena *a = c->own;
	struct arena_mark mark = arena_mark(a);
	for (int i = 0; i < nfields; i++)
		values[i] = report_value(fields[i], c);
	struct write w = {.verb = WRITE_CREATE,
		.reg = catalogue_find(catalogue, "report"),
		.n = nfields,
		.fields = fields,
		.values = values};
	w.state = w.reg->nstates ? w.reg->states[0].name : NULL;
	struct batch b = {.who = {{9}}, .via = "bench", .at = os_now(), .writes = &w, .n = 1};
	must(store_submit(k->store, a, &b, &out, &err), &err);
	arena_rewind(a, mark);
}

/* ---- the peers: the rows as they would lie in guatu.db ---- */

#define TABLES(blob, row)                                                                          \
	"CREATE TABLE r_report (row_no " row ", id " blob                                              \
	" NOT NULL UNIQUE, number TEXT, version INTEGER NOT NULL, state TEXT,"                         \
	" state_since TEXT NOT NULL, created_by " blob ", created_at TEXT NOT NULL, changed_by " blob  \
	", changed_at TEXT NOT NULL,"                                                                  \
	" deleted INTEGER NOT NULL DEFAULT 0, project " blob                                           \
	", kind TEXT, period TEXT, money BIGINT, text TEXT);"                                          \
	"CREATE UNIQUE INDEX n_report ON r_report(number); CREATE INDEX i_report ON "                  \
	"r_report(project, id);"                                                                       \
	"CREATE UNIQUE INDEX k_report ON r_report(project, period, kind) WHERE deleted = 0;"           \
	"CREATE TABLE journal (no " row ", at TEXT NOT NULL, who " blob                                \
	", via TEXT NOT NULL, register TEXT NOT NULL,"                                                 \
	" record " blob                                                                                \
	" NOT NULL, version INTEGER NOT NULL, step TEXT NOT NULL, change TEXT NOT NULL, reason TEXT,"  \
	" prev " blob " NOT NULL, hash " blob " NOT NULL);"                                            \
	"CREATE INDEX journal_record ON journal(record, no); CREATE INDEX journal_at ON journal(at);"
#define RECORD_COLUMNS                                                                             \
	"id, version, state, state_since, created_by, created_at, changed_by, changed_at, project, "   \
	"kind, period,"                                                                                \
	" money, text"
#define JOURNAL_COLUMNS "at, who, via, register, record, version, step, change, prev, hash"

static const char change[] = "{\"fields\":{\"project\":[null,\"01020300-0000-0000-0000-"
							 "000000000000\"],\"period_kind\":[null,"
							 "\"day\"],\"period\":[null,\"0x55d0c0ffee00-1234567\"],\"money\":["
							 "null,123456789],\"text\":[null,"
							 "\"主体结构封顶，设备进场安装，室外管网完成过半\"]}}";
static const char now[] = "2026-03-31T08:00:00.000Z";
static const char text[] = "主体结构封顶，设备进场安装，室外管网完成过半";
static const uint8_t hash[32], who[16] = {9};

static void new_id(uint8_t id[16])
{
	uint8_t random[10];
	os_random(random, sizeof random);
	struct uuid made = uuid_v7(os_now(), random);
	memcpy(id, made.b, 16);
}

struct lite {
	sqlite3 *db;
	sqlite3_stmt *begin, *record, *journal, *commit;
	pthread_mutex_t lock;
};

static void lite_do(struct lite *l, sqlite3_stmt *st)
{
	if (sqlite3_step(st) != SQLITE_DONE)
		give_up("sqlite", sqlite3_errmsg(l->db));
	sqlite3_reset(st);
}

static void lite_work(struct client *c)
{
	struct lite *l = c->run->shared;
	uint8_t id[16];
	char period[40];
	new_id(id);
	int n = snprintf(period, sizeof period, "%llu", (unsigned long long)c->number);
	pthread_mutex_lock(&l->lock);
	lite_do(l, l->begin);
	sqlite3_bind_blob(l->record, 1, id, 16, SQLITE_STATIC);
	sqlite3_bind_text(l->record, 2, period, n, SQLITE_STATIC);
	sqlite3_bind_blob(l->record, 5, c->project.b, 16, SQLITE_STATIC);
	lite_do(l, l->record);
	sqlite3_bind_blob(l->journal, 1, id, 16, SQLITE_STATIC);
	lite_do(l, l->journal);
	lite_do(l, l->commit);
	pthread_mutex_unlock(&l->lock);
}

static sqlite3_stmt *lite_prepare(struct lite *l, const char *sql)
{
	sqlite3_stmt *st;
	if (sqlite3_prepare_v2(l->db, sql, -1, &st, NULL) != SQLITE_OK)
		give_up(sql, sqlite3_errmsg(l->db));
	return st;
}

static void lite_open(struct lite *l, const char *path)
{
	if (sqlite3_open(path, &l->db) != SQLITE_OK ||
		sqlite3_exec(l->db,
			"PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA secure_delete=OFF;" TABLES(
				"BLOB", "INTEGER PRIMARY KEY"),
			NULL, NULL, NULL) != SQLITE_OK)
		give_up("sqlite", sqlite3_errmsg(l->db));
	pthread_mutex_init(&l->lock, NULL);
	l->begin = lite_prepare(l, "BEGIN IMMEDIATE");
	l->commit = lite_prepare(l, "COMMIT");
	l->record = lite_prepare(l,
		"INSERT INTO r_report (" RECORD_COLUMNS
		") VALUES (?1, 1, 'draft', ?3, ?4, ?3, ?4, ?3, ?5, 'day',"
		" ?2, 123456789, ?6)");
	l->journal = lite_prepare(l,
		"INSERT INTO journal (" JOURNAL_COLUMNS
		") VALUES (?2, ?3, 'bench', 'report', ?1, 1, 'create', ?4,"
		" ?5, ?5)");
	sqlite3_bind_text(l->record, 3, now, -1, SQLITE_STATIC);
	sqlite3_bind_blob(l->record, 4, who, 16, SQLITE_STATIC);
	sqlite3_bind_text(l->record, 6, text, -1, SQLITE_STATIC);
	sqlite3_bind_text(l->journal, 2, now, -1, SQLITE_STATIC);
	sqlite3_bind_blob(l->journal, 3, who, 16, SQLITE_STATIC);
	sqlite3_bind_text(l->journal, 4, change, -1, SQLITE_STATIC);
	sqlite3_bind_blob(l->journal, 5, hash, 32, SQLITE_STATIC);
}

static void pg_must(PGconn *c, PGresult *r, ExecStatusType want)
{
	if (PQresultStatus(r) != want)
		give_up("postgresql", PQerrorMessage(c));
	PQclear(r);
}

/* One round trip a report: the server runs both rows as one statement, hence one transaction. */
static void pg_work(struct client *c)
{
	uint8_t id[16];
	char period[40];
	new_id(id);
	int n = snprintf(period, sizeof period, "%llu", (unsigned long long)c->number);
	const char *values[] = {(const char *)id, period, now, (const char *)who,
		(const char *)c->project.b, text, change, (const char *)hash};
	const int lengths[] = {16, n, 0, 16, 16, 0, 0, 32}, formats[] = {1, 0, 0, 1, 1, 0, 0, 1};
	pg_must(c->own, PQexecPrepared(c->own, "r", 8, values, lengths, formats, 1), PGRES_COMMAND_OK);
}

static PGconn *pg_connect(const char *where)
{
	PGconn *c = PQconnectdb(where);
	if (PQstatus(c) != CONNECTION_OK)
		give_up("postgresql", PQerrorMessage(c));
	return c;
}

static void pg_prepare(PGconn *c)
{
	pg_must(c,
		PQprepare(c, "r",
			"WITH r AS (INSERT INTO r_report (" RECORD_COLUMNS
			") VALUES ($1::bytea, 1, 'draft', $3::text, $4::bytea, $3::text,"
			" $4::bytea, $3::text, $5::bytea, 'day', $2::text, 123456789, $6::text))"
			" INSERT INTO journal (" JOURNAL_COLUMNS
			") VALUES ($3::text, $4::bytea, 'bench', 'report', $1::bytea, 1, 'create',"
			" $7::text, $8::bytea, $8::bytea)",
			0, NULL),
		PGRES_COMMAND_OK);
}

/* ---- measuring ---- */

static void *client_run(void *self)
{
	struct client *c = self;
	atomic_fetch_add(&c->run->waiting, -1);
	while (atomic_load(&c->run->waiting) > 0)
		sched_yield();
	while (!atomic_load_explicit(&c->run->stop, memory_order_relaxed)) {
		int64_t began = os_monotonic_us();
		c->run->work(c);
		if (c->n < LATENCIES)
			c->latency_us[c->n] = (int32_t)(os_monotonic_us() - began);
		c->n++;
		c->number++;
	}
	return NULL;
}

static int by_value(const void *a, const void *b)
{
	const int32_t *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

static int by_rate(const void *a, const void *b)
{
	const double *x = a, *y = b;
	return (*x > *y) - (*x < *y);
}

struct figures {
	double rate, p50_ms, p99_ms;
};

static struct figures measure_once(struct run *run, int nclients, void *own[])
{
	static struct client clients[CLIENTS_MOST];
	static uint32_t measured;
	int64_t total = 0, kept = 0;
	atomic_store(&run->stop, false);
	atomic_store(&run->waiting, nclients);
	measured++;
	int64_t began = os_monotonic_us();
	for (int i = 0; i < nclients; i++) {
		int32_t *latency =
			clients[i].latency_us ? clients[i].latency_us : must_alloc(LATENCIES * sizeof(int32_t));
		clients[i] = (struct client){.run = run, .own = own[i], .latency_us = latency};
		memcpy(clients[i].project.b, &measured, sizeof measured);
		clients[i].project.b[8] = (uint8_t)i;
		clients[i].project.b[15] = 1;
		pthread_create(&clients[i].thread, NULL, client_run, &clients[i]);
	}
	usleep((useconds_t)(seconds * 1e6));
	atomic_store(&run->stop, true);
	for (int i = 0; i < nclients; i++) {
		pthread_join(clients[i].thread, NULL);
		total += clients[i].n;
		kept += clients[i].n < LATENCIES ? clients[i].n : LATENCIES;
	}
	double took = (double)(os_monotonic_us() - began) / 1e6;
	int32_t *all = must_alloc((size_t)kept * sizeof *all + 1);
	for (int64_t i = 0, at = 0; i < nclients; i++) {
		int64_t n = clients[i].n < LATENCIES ? clients[i].n : LATENCIES;
		memcpy(all + at, clients[i].latency_us, (size_t)n * sizeof *all);
		at += n;
	}
	qsort(all, (size_t)kept, sizeof *all, by_value);
	struct figures f = {(double)total / took, all[kept / 2] / 1e3, all[kept * 99 / 100] / 1e3};
	free(all);
	return f;
}

static double measure(struct run *run, int nclients, void *own[])
{
	double rates[RUNS], p50[RUNS], p99[RUNS];
	for (int i = 0; i < RUNS; i++) {
		struct figures f = measure_once(run, nclients, own);
		rates[i] = f.rate;
		p50[i] = f.p50_ms;
		p99[i] = f.p99_ms;
	}
	double low = rates[0], high = rates[0];
	for (int i = 1; i < RUNS; i++) {
		low = rates[i] < low ? rates[i] : low;
		high = rates[i] > high ? rates[i] : high;
	}
	qsort(rates, RUNS, sizeof *rates, by_rate);
	qsort(p50, RUNS, sizeof *p50, by_rate);
	qsort(p99, RUNS, sizeof *p99, by_rate);
	printf("%-12s %7d %10.0f %16.0f-%.0f %9.2f %9.2f\n", run->name, nclients, rates[RUNS / 2], low,
		high, p50[RUNS / 2], p99[RUNS / 2]);
	fflush(stdout);
	return rates[RUNS / 2];
}

/* What one sync costs here: a 4 KiB append and fdatasync, as a log does. */
static double sync_ms(const char *folder)
{
	char path[200];
	static char page[4096];
	double took[200];
	snprintf(path, sizeof path, "%s/sync", folder);
	int fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	for (size_t i = 0; i < countof(took); i++) {
		int64_t began = os_monotonic_us();
		if (fd < 0 || write(fd, page, sizeof page) != sizeof page || fdatasync(fd) != 0)
			give_up(path, "cannot write");
		took[i] = (double)(os_monotonic_us() - began) / 1e3;
	}
	close(fd);
	unlink(path);
	qsort(took, countof(took), sizeof *took, by_rate);
	return took[countof(took) / 2];
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

static void find_fields(void)
{
	const struct register_def *report = catalogue_find(catalogue, "report");
	static const char *const wanted[] = {"project", "period_kind", "period"};
	for (size_t i = 0; i < countof(wanted); i++)
		if (register_field(report, wanted[i]))
			fields[nfields++] = register_field(report, wanted[i]);
	for (int i = 0, money = 0, words = 0; i < report->nfields; i++) {
		const struct field *f = &report->fields[i];
		if ((f->type == FIELD_MONEY && !money++) || (f->type == FIELD_LONGTEXT && !words++))
			fields[nfields++] = f;
	}
}

int main(int argc, char **argv)
{
	static const int counts[] = {1, 8, 64};
	double rate[3][countof(counts)] = {0};
	char folder[100], path[200];
	void *own[CLIENTS_MOST];
	struct err err;
	const char *parent = getenv("TMPDIR"), *pg = getenv("GUATU_BENCH_PG");
	if (argc > 1)
		seconds = strtod(argv[1], NULL);
	snprintf(folder, sizeof folder, "%.60s/guatu-bench-XXXXXX", parent ? parent : "/tmp");
	if (!mkdtemp(folder))
		give_up(folder, "cannot make a folder");
	must(catalogue_builtin(NULL, 0, 1, &catalogue, &err), &err);
	find_fields();
	printf("one sync: %.3f ms (median of 200)\n", sync_ms(folder));
	printf("%-12s %7s %10s %17s %13s %9s\n", "", "clients", "reports/s", "least-most", "p50 ms",
		"p99 ms");

	struct keeper keeper;
	struct store_options options = {.folder = folder};
	must(store_open(&options, &keeper.store, &err), &err);
	must(store_migrate(keeper.store, catalogue, &err), &err);
	for (int i = 0; i < CLIENTS_MOST; i++)
		own[i] = arena_open();
	struct run guatu = {.name = "guatu", .work = guatu_work, .shared = &keeper};
	for (size_t i = 0; i < countof(counts); i++)
		rate[0][i] = measure(&guatu, counts[i], own);
	struct store_figures figures;
	store_figures(keeper.store, &figures);
	printf("             %.1f reports a commit on average, log %lld MB\n",
		(double)figures.entries / (double)(figures.commits ? figures.commits : 1),
		(long long)(figures.wal_bytes >> 20));
	store_close(keeper.store);

	struct lite lite = {0};
	snprintf(path, sizeof path, "%s/peer.db", folder);
	lite_open(&lite, path);
	struct run single = {.name = "sqlite", .work = lite_work, .shared = &lite};
	for (size_t i = 0; i < countof(counts); i++)
		rate[1][i] = measure(&single, counts[i], own);
	sqlite3_finalize(lite.begin);
	sqlite3_finalize(lite.record);
	sqlite3_finalize(lite.journal);
	sqlite3_finalize(lite.commit);
	sqlite3_close(lite.db);

	if (pg) {
		for (int i = 0; i < CLIENTS_MOST; i++)
			own[i] = pg_connect(pg);
		pg_must(own[0],
			PQexec(own[0], TABLES("BYTEA", "BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY")),
			PGRES_COMMAND_OK);
		for (int i = 0; i < CLIENTS_MOST; i++)
			pg_prepare(own[i]);
		struct run server = {.name = "postgresql", .work = pg_work};
		for (size_t i = 0; i < countof(counts); i++)
			rate[2][i] = measure(&server, counts[i], own);
		for (int i = 0; i < CLIENTS_MOST; i++)
			PQfinish(own[i]);
	} else {
		printf("postgresql   skipped: GUATU_BENCH_PG is not set\n");
	}
	for (size_t i = 0; i < countof(counts); i++) {
		printf("%d clients: guatu is %.1f times sqlite", counts[i], rate[0][i] / rate[1][i]);
		printf(pg ? ", %.1f times postgresql\n" : "\n", pg ? rate[0][i] / rate[2][i] : 0.0);
	}
	nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
	return 0;
}
