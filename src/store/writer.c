/*
 * Group commit. Submitters push their job on a stack without a lock and sleep on a word of their
 * own; the writer takes the whole stack. While it syncs, the next group gathers by itself, so the
 * busier the office, the larger the groups.
 *
 * Answers spread like a rumour: the writer wakes the first submitter, and each one woken wakes two
 * more before it goes on. So 64 answers cost the writer one system call.
 *
 * When the engine fails (disk full, broken), the whole commit is rolled back and everybody in it
 * hears why; nothing of it is kept in memory either, so the next commit starts from what is on the
 * disk.
 */
#include "store/writer.h"

#include <linux/futex.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "base/log.h"
#include "store/store_inside.h"

#define GROUP_WRITES 20000           /* a group stops growing here: answers would wait too long */
#define LOG_RESTART_BYTES (64 << 20) /* then the writer begins the log anew */
#define LOG_RETRY_BYTES (16 << 20)   /* a reader was in the way: again after so much more */
#define LOG_COPY_BYTES (4 << 20)     /* then the keeper copies it back */
#define KEEPER_MS 250
#define INDEX_AFTER_MS 50 /* quiet for so long: time for the search index */
#define INDEX_BEHIND 5000 /* entries the index may be behind while it is not quiet */
#define ARENA_KEPT_BYTES (8 << 20)
#define INDEX_AT_ONCE 1000 /* entries per commit */
#define BULK_INDEX_AT_ONCE 100000
#define CACHE_MIB 32
#define BULK_CACHE_MIB 384
#define BULK_LOG_BYTES (INT64_C(256) << 20)

enum job_kind { JOB_BATCH, JOB_CALL, JOB_SCHEMA, JOB_INDEX, JOB_BULK };

struct job {
	enum job_kind kind;
	struct job *next;         /* on the stack */
	struct job *left, *right; /* whom to wake */
	_Atomic uint32_t answered;
	bool ok;
	struct err *err;
	const struct prepared *prepared;
	struct batch_result *out;
	bool (*call)(struct db *db, void *self, struct err *err);
	void *self;
	const struct schema *schema;
	bool bulk;
};

struct writer {
	struct db *db;
	struct applier ap;
	committed_hook *hook;
	void *hook_self;
	pthread_t thread, keeper;
	struct job *_Atomic stack;
	_Atomic uint32_t bell; /* rung for each push on an empty stack */
	atomic_bool closing;

	struct job **group; /* in order of arrival */
	int n, room;
	int64_t indexed_behind; /* entries since the search index followed */
	int64_t restart_at;     /* log bytes */
	atomic_bool bulk;       /* nothing is synced; the keeper rests */
	struct db *keeper_db;
	pthread_mutex_t keeper_lock;
	pthread_cond_t keeper_wake;

	_Atomic int64_t commits, batches, entries, refused, failed, log_bytes, queued;
};

/* ---- sleeping and waking ---- */

static void word_wait(_Atomic uint32_t *word, uint32_t seen, const struct timespec *timeout)
{
	syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, seen, timeout, NULL, 0);
}

/* The word may be gone by the time the kernel looks at it; then nobody sleeps there, or somebody
 * looks again for nothing. */
static void word_wake(_Atomic uint32_t *word)
{
	syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

static void answer(struct job *job)
{
	if (!job)
		return;
	atomic_store_explicit(&job->answered, 1, memory_order_release);
	word_wake(&job->answered);
}

static bool submit(struct writer *w, struct job *job)
{
	struct job *top = atomic_load(&w->stack);
	do
		job->next = top;
	while (!atomic_compare_exchange_weak(&w->stack, &top, job));
	atomic_fetch_add(&w->queued, 1);
	if (!top) {
		atomic_fetch_add(&w->bell, 1);
		word_wake(&w->bell);
	}
	while (!atomic_load_explicit(&job->answered, memory_order_acquire))
		word_wait(&job->answered, 0, NULL);
	answer(job->left);
	answer(job->right);
	return job->ok;
}

/* ---- one job ---- */

/* One slice along with the group; whoever asked asks again for the rest. */
static bool index_slice(struct writer *w, bool *more, struct err *err)
{
	int limit = atomic_load(&w->bulk) ? BULK_INDEX_AT_ONCE : INDEX_AT_ONCE;
	return search_follow(w->db, w->ap.schema, limit, more, err);
}

static bool run_job(struct writer *w, struct job *job)
{
	switch (job->kind) {
	case JOB_BATCH: return apply_batch(&w->ap, job->prepared, job->out, job->err);
	case JOB_CALL: return job->call(w->db, job->self, job->err);
	case JOB_SCHEMA: return schema_apply(w->db, job->schema, job->err);
	case JOB_INDEX: return index_slice(w, job->self, job->err);
	case JOB_BULK: break; /* change_bulk: no transaction may be open */
	}
	return false;
}

/* The engine's failures take the whole commit with them; a refusal is the job's own matter. */
static bool is_fatal(const struct err *err)
{
	return err->code == ERR_BUSY || err->code == ERR_SYSTEM;
}

/* False: the commit cannot go on; the job's err says why. */
static bool run_in_savepoint(struct writer *w, struct job *job)
{
	struct applier_mark mark = applier_mark(&w->ap);
	bool traces = job->kind != JOB_BATCH || batch_leaves_traces(job->prepared->batch);
	job->ok = (!traces || db_savepoint(w->db, job->err)) && run_job(w, job);
	if (job->ok) {
		job->ok = !traces || db_release(w->db, job->err);
		return job->ok;
	}
	if (is_fatal(job->err))
		return false;
	applier_undo(&w->ap, mark);
	struct err undo;
	if (!traces || db_undo(w->db, &undo))
		return true;
	*job->err = undo;
	return false;
}

/* ---- one commit ---- */

static void begin_arena(struct arena **a)
{
	if (arena_bytes(*a) > ARENA_KEPT_BYTES) {
		arena_close(*a);
		*a = arena_open();
	}
	arena_rewind(*a, (struct arena_mark){0});
}

static void begin_group(struct writer *w)
{
	begin_arena(&w->ap.lasting);
	begin_arena(&w->ap.scratch);
	w->ap.changes = NULL;
	w->ap.n = w->ap.room = 0;
}

static bool begin(struct writer *w, enum db_wait wait, struct err *err)
{
	return db_wait(w->db, wait, err) && db_begin(w->db, err);
}

static bool commit_group(struct writer *w, struct err *err)
{
	begin_group(w);
	if (!begin(w, atomic_load(&w->bulk) ? DB_WAIT_NEVER : DB_WAIT_COMMITS, err))
		return false;
	for (int i = 0; i < w->n; i++)
		if (!run_in_savepoint(w, w->group[i])) {
			*err = *w->group[i]->err;
			return false;
		}
	return (w->ap.n == 0 || head_write(w->db, &w->ap.head, err)) && db_commit(w->db, err);
}

/* Everybody whose job was not refused for its own reason hears of the failure. */
static void fail_group(struct writer *w, const struct err *err, struct applier_mark mark)
{
	db_rollback(w->db);
	applier_undo(&w->ap, mark);
	numbering_forget(w->ap.numbering); /* the marks since are those of single jobs */
	atomic_fetch_add(&w->failed, 1);
	for (int i = 0; i < w->n; i++) {
		struct job *job = w->group[i];
		if (!job->ok && job->err->code != ERR_NONE && !is_fatal(job->err))
			continue;
		job->ok = false;
		*job->err = *err;
	}
}

static void after_commit(struct writer *w)
{
	atomic_fetch_add(&w->commits, 1);
	atomic_fetch_add(&w->entries, w->ap.n);
	w->indexed_behind += w->ap.n;
	for (int i = 0; i < w->n; i++)
		if (w->group[i]->kind == JOB_SCHEMA && w->group[i]->ok)
			w->ap.schema = w->group[i]->schema;
	if (w->hook && w->ap.n)
		w->hook(w->hook_self, w->ap.changes, w->ap.n);
}

static void answer_group(struct writer *w)
{
	int refused = 0;
	for (int i = 0; i < w->n; i++) {
		struct job *job = w->group[i];
		refused += !job->ok;
		job->left = 2 * i + 1 < w->n ? w->group[2 * i + 1] : NULL;
		job->right = 2 * i + 2 < w->n ? w->group[2 * i + 2] : NULL;
	}
	atomic_fetch_add(&w->batches, w->n);
	atomic_fetch_add(&w->refused, refused);
	atomic_fetch_sub(&w->queued, w->n);
	if (w->n)
		answer(w->group[0]);
	w->n = 0;
}

static bool begin_bulk(struct writer *w, struct err *err)
{
	if (!begin(w, DB_WAIT_COMMITS, err))
		return false;
	if (!schema_bare(w->db, w->ap.schema, err) || !db_commit(w->db, err)) {
		db_rollback(w->db);
		return false;
	}
	atomic_store(&w->bulk, true);
	return db_cache(w->db, BULK_CACHE_MIB, err);
}

static bool index_all(struct writer *w, struct err *err)
{
	bool more = true;
	bool done = begin(w, DB_WAIT_NEVER, err) && schema_apply(w->db, w->ap.schema, err) &&
		db_commit(w->db, err);
	while (done && more) {
		done = begin(w, DB_WAIT_NEVER, err) && index_slice(w, &more, err) && db_commit(w->db, err);
		if (done && db_log_bytes(w->db) > BULK_LOG_BYTES)
			done = db_checkpoint(w->db, true, err);
	}
	if (!done)
		db_rollback(w->db);
	w->indexed_behind = !done;
	return done;
}

/* Out of bulk mode even when it fails: what follows is to be durable. */
static bool end_bulk(struct writer *w, struct err *err)
{
	struct err other;
	bool done = index_all(w, err);
	atomic_store(&w->bulk, false);
	return db_wait(w->db, DB_WAIT_COMMITS, done ? err : &other) &&
		db_cache(w->db, CACHE_MIB, done ? err : &other) && db_sync(w->db, done ? err : &other) &&
		done;
}

static bool change_bulk(struct writer *w, bool on, struct err *err)
{
	if (on == atomic_load(&w->bulk))
		return true;
	return on ? begin_bulk(w, err) : end_bulk(w, err);
}

static void run_group(struct writer *w)
{
	if (w->group[0]->kind == JOB_BULK) {
		w->group[0]->ok = change_bulk(w, w->group[0]->bulk, w->group[0]->err);
		answer_group(w);
		return;
	}
	struct applier_mark mark = {w->ap.head, 0};
	struct err err = {0};
	numbering_mark(w->ap.numbering);
	for (int i = 0; i < w->n; i++)
		w->group[i]->err->code = ERR_NONE;
	if (commit_group(w, &err))
		after_commit(w);
	else
		fail_group(w, &err, mark);
	answer_group(w);
}

/* ---- the log ---- */

static void mind_the_log(struct writer *w)
{
	int64_t bytes = db_log_bytes(w->db);
	struct err err;
	atomic_store(&w->log_bytes, bytes);
	if (atomic_load(&w->bulk) ? bytes < BULK_LOG_BYTES : bytes < w->restart_at) {
		if (bytes < LOG_RESTART_BYTES)
			w->restart_at = LOG_RESTART_BYTES;
		return;
	}
	if (!db_checkpoint(w->db, true, &err))
		log_err("beginning the log anew", &err);
	w->restart_at = bytes + LOG_RETRY_BYTES;
}

static void *keep(void *self)
{
	struct writer *w = self;
	int64_t last = 0;
	pthread_mutex_lock(&w->keeper_lock);
	while (!atomic_load(&w->closing)) {
		struct timespec until;
		struct err err;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_nsec += KEEPER_MS * 1000000L;
		until.tv_sec += until.tv_nsec / 1000000000L;
		until.tv_nsec %= 1000000000L;
		pthread_cond_timedwait(&w->keeper_wake, &w->keeper_lock, &until);
		int64_t bytes = atomic_load(&w->log_bytes);
		if (bytes < LOG_COPY_BYTES || bytes == last || atomic_load(&w->bulk))
			continue;
		last = bytes;
		if (!db_checkpoint(w->keeper_db, false, &err))
			log_err("copying the log back", &err);
	}
	pthread_mutex_unlock(&w->keeper_lock);
	return NULL;
}

/* ---- the thread ---- */

/* Jobs as they came: the stack turned over. */
static void take_waiting(struct writer *w, struct job **waiting)
{
	struct job *top = atomic_exchange(&w->stack, NULL);
	struct job *in_order = NULL;
	while (top) {
		struct job *next = top->next;
		top->next = in_order;
		in_order = top;
		top = next;
	}
	if (!*waiting) {
		*waiting = in_order;
		return;
	}
	struct job *last = *waiting;
	while (last->next)
		last = last->next;
	last->next = in_order;
}

static void add_to_group(struct writer *w, struct job *job)
{
	if (w->n == w->room) {
		w->room = w->room ? w->room * 2 : 128;
		w->group = must_realloc(w->group, (size_t)w->room * sizeof *w->group);
	}
	w->group[w->n++] = job;
}

/* They go alone: every job in a group sees one schema, and is durable or not like the others. */
static bool goes_alone(const struct job *job)
{
	return job->kind == JOB_SCHEMA || job->kind == JOB_BULK;
}

static void fill_group(struct writer *w, struct job **waiting)
{
	int64_t writes = 0;
	while (*waiting && writes < GROUP_WRITES) {
		struct job *job = *waiting;
		if (goes_alone(job) && w->n)
			return;
		*waiting = job->next;
		add_to_group(w, job);
		writes += job->kind == JOB_BATCH ? job->prepared->batch->n : 1;
		if (goes_alone(job))
			return;
	}
}

/* Follows the journal with the search index, a slice a commit. A failure is tried again after the
 * next commit. Nobody waits for the disk: a slice that a crash takes is indexed again, because up to where the index
 * follows stands in the same commit. */
static void catch_up(struct writer *w)
{
	struct err err = {0};
	bool more = false;
	if (!begin(w, DB_WAIT_CHECKPOINTS, &err) || !index_slice(w, &more, &err) ||
		!db_commit(w->db, &err)) {
		db_rollback(w->db);
		log_err("indexing for the search", &err);
	}
	if (!more)
		w->indexed_behind = 0;
}

static void wait_for_work(struct writer *w)
{
	static const struct timespec quiet = {0, INDEX_AFTER_MS * 1000000L};
	uint32_t bell = atomic_load(&w->bell);
	if (atomic_load(&w->stack) || atomic_load(&w->closing))
		return;
	bool behind = w->indexed_behind && !atomic_load(&w->bulk);
	word_wait(&w->bell, bell, behind ? &quiet : NULL);
	if (!atomic_load(&w->stack) && behind && !atomic_load(&w->closing))
		catch_up(w);
}

static void *write_on(void *self)
{
	struct writer *w = self;
	struct job *waiting = NULL;
	for (;;) {
		take_waiting(w, &waiting);
		if (!waiting) {
			if (atomic_load(&w->closing) && !atomic_load(&w->stack))
				return NULL;
			wait_for_work(w);
			continue;
		}
		fill_group(w, &waiting);
		run_group(w);
		mind_the_log(w);
		if (w->indexed_behind > INDEX_BEHIND && !atomic_load(&w->bulk))
			catch_up(w);
	}
}

/* ---- opening and closing ---- */

bool writer_open(const struct writer_options *options, struct writer **out, struct err *err)
{
	struct writer *w = must_alloc(sizeof *w);
	w->ap.numbering = numbering_open();
	w->ap.lasting = arena_open();
	w->ap.scratch = arena_open();
	w->ap.run = digest_open(options->head.digest);
	w->ap.head = options->head;
	w->ap.schema = options->schema;
	w->restart_at = LOG_RESTART_BYTES;
	w->indexed_behind = 1; /* perhaps: the last process may have ended before it followed */
	pthread_mutex_init(&w->keeper_lock, NULL);
	pthread_condattr_t steady; /* a clock set back does not put the keeper to sleep */
	pthread_condattr_init(&steady);
	pthread_condattr_setclock(&steady, CLOCK_MONOTONIC);
	pthread_cond_init(&w->keeper_wake, &steady);
	pthread_condattr_destroy(&steady);
	if (!db_open(options->path, DB_WRITE, &w->db, err) ||
		!db_open(options->path, DB_WRITE, &w->keeper_db, err)) {
		writer_close(w);
		return false;
	}
	w->ap.db = w->db;
	if (pthread_create(&w->thread, NULL, write_on, w) != 0 ||
		pthread_create(&w->keeper, NULL, keep, w) != 0)
		abort(); /* as for memory: nothing works without threads */
	*out = w;
	return true;
}

void writer_close(struct writer *w)
{
	if (!w)
		return;
	if (w->ap.db) {
		pthread_mutex_lock(&w->keeper_lock);
		atomic_store(&w->closing, true);
		pthread_cond_signal(&w->keeper_wake);
		pthread_mutex_unlock(&w->keeper_lock);
		atomic_fetch_add(&w->bell, 1);
		word_wake(&w->bell);
		pthread_join(w->thread, NULL);
		pthread_join(w->keeper, NULL);
	}
	db_close(w->keeper_db);
	db_close(w->db);
	numbering_close(w->ap.numbering);
	digest_close(w->ap.run);
	arena_close(w->ap.lasting);
	arena_close(w->ap.scratch);
	str_free(&w->ap.json);
	str_free(&w->ap.encoding);
	pthread_mutex_destroy(&w->keeper_lock);
	pthread_cond_destroy(&w->keeper_wake);
	free(w->group);
	free(w);
}

void writer_on_commit(struct writer *w, committed_hook *hook, void *self)
{
	w->hook_self = self;
	w->hook = hook;
}

/* ---- what others ask for ---- */

bool writer_submit(
	struct writer *w, const struct prepared *prepared, struct batch_result *out, struct err *err)
{
	struct job job = {.kind = JOB_BATCH, .err = err, .prepared = prepared, .out = out};
	return submit(w, &job);
}

bool writer_call(struct writer *w, bool (*call)(struct db *db, void *self, struct err *err),
	void *self, struct err *err)
{
	struct job job = {.kind = JOB_CALL, .err = err, .call = call, .self = self};
	return submit(w, &job);
}

bool writer_use_schema(struct writer *w, const struct schema *schema, struct err *err)
{
	struct job job = {.kind = JOB_SCHEMA, .err = err, .schema = schema};
	return submit(w, &job);
}

bool writer_bulk(struct writer *w, bool on, struct err *err)
{
	struct job job = {.kind = JOB_BULK, .err = err, .bulk = on};
	return submit(w, &job);
}

bool writer_index(struct writer *w, struct err *err)
{
	bool more = true;
	while (more) {
		struct job job = {.kind = JOB_INDEX, .err = err, .self = &more};
		if (!submit(w, &job))
			return false;
	}
	return true;
}

void writer_figures(struct writer *w, struct store_figures *out)
{
	out->commits = atomic_load(&w->commits);
	out->batches = atomic_load(&w->batches);
	out->entries = atomic_load(&w->entries);
	out->refused = atomic_load(&w->refused);
	out->failed_commits = atomic_load(&w->failed);
	out->wal_bytes = atomic_load(&w->log_bytes);
	out->queued = atomic_load(&w->queued);
}
