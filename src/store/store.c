/* Opening and closing, the catalogue in use, and submitting. */
#include "store/store.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/os.h"
#include "store/migrate.h"
#include "store/store_inside.h"

/* ---- opening ---- */

/* The kernel drops the lock with the process, however it ends. */
static bool take_lock(struct store *s, struct err *err)
{
	struct str path = STR_INIT;
	str_printf(&path, "%s/guatu.lock", s->folder);
	s->lock = open(str_text(&path), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	str_free(&path);
	if (s->lock < 0)
		return err_set(
			err, ERR_SYSTEM, s->folder, "the data folder cannot be written: %s", strerror(errno));
	if (flock(s->lock, LOCK_EX | LOCK_NB) != 0)
		return err_set(err, ERR_BUSY, s->folder, "the data folder is in use by another guatu");
	return true;
}

static bool prepare_folder(struct store *s, struct err *err)
{
	struct arena *a = arena_open();
	bool ok = os_make_folder(arena_printf(a, "%s/files", s->folder), err) && take_lock(s, err);
	arena_close(a);
	return ok;
}

static bool open_file(struct store *s, struct err *err)
{
	struct db *db;
	if (!s->read_only) {
		if (!db_open(s->path, DB_WRITE, &db, err))
			return false;
		bool ok = migrate_run(db, migrate_builtin(), s->digest, err);
		db_close(db);
		if (!ok)
			return err_in(err, "%s", s->path);
	}
	struct journal_head head;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = migrate_check(db, migrate_builtin(), err) && head_read(db, &head, err);
	reader_give(s, db);
	s->digest = head.digest;
	return ok || err_in(err, "%s", s->path);
}

bool store_open(const struct store_options *options, struct store **out, struct err *err)
{
	struct store *s = must_alloc(sizeof *s);
	size_t n = strlen(options->folder);
	s->folder = must_alloc(n + 1);
	memcpy(s->folder, options->folder, n);
	s->path = must_alloc(n + 10);
	memcpy(s->path, options->folder, n);
	memcpy(s->path + n, "/guatu.db", 10);
	s->digest = options->digest;
	s->read_only = options->read_only;
	s->lock = -1;
	pthread_mutex_init(&s->pool_lock, NULL);
	pthread_cond_init(&s->pool_free, NULL);
	if (s->read_only && !os_exists(s->path)) {
		err_set(err, ERR_MISSING, s->path, "there is no data file");
		store_close(s);
		return false;
	}
	if ((!s->read_only && !prepare_folder(s, err)) || !open_file(s, err)) {
		store_close(s);
		return false;
	}
	*out = s;
	return true;
}

void store_close(struct store *s)
{
	if (!s)
		return;
	writer_close(s->writer);
	assert(s->nidle == s->nreaders); /* nobody reads any more */
	for (int i = 0; i < s->nidle; i++)
		db_close(s->idle[i]);
	schema_close(atomic_load(&s->schema));
	if (s->lock >= 0)
		close(s->lock);
	pthread_mutex_destroy(&s->pool_lock);
	pthread_cond_destroy(&s->pool_free);
	free(s->folder);
	free(s->path);
	free(s);
}

/* ---- reading connections ---- */

bool reader_take(struct store *s, struct db **out, struct err *err)
{
	pthread_mutex_lock(&s->pool_lock);
	while (!s->nidle && s->nreaders == READERS_MAX)
		pthread_cond_wait(&s->pool_free, &s->pool_lock);
	if (s->nidle) {
		*out = s->idle[--s->nidle];
		pthread_mutex_unlock(&s->pool_lock);
		return true;
	}
	s->nreaders++;
	pthread_mutex_unlock(&s->pool_lock);
	if (db_open(s->path, DB_READ, out, err))
		return true;
	pthread_mutex_lock(&s->pool_lock);
	s->nreaders--;
	pthread_cond_signal(&s->pool_free);
	pthread_mutex_unlock(&s->pool_lock);
	return false;
}

void reader_give(struct store *s, struct db *db)
{
	pthread_mutex_lock(&s->pool_lock);
	s->idle[s->nidle++] = db;
	pthread_cond_signal(&s->pool_free);
	pthread_mutex_unlock(&s->pool_lock);
}

/* ---- the catalogue ---- */

static bool start_writer(struct store *s, const struct schema *schema, struct err *err)
{
	struct writer_options options = {.path = s->path, .schema = schema};
	struct db *db;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = head_read(db, &options.head, err);
	reader_give(s, db);
	return ok && writer_open(&options, &s->writer, err);
}

static bool check_complete(struct store *s, const struct schema *schema, struct err *err)
{
	struct db *db;
	bool complete = false;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = schema_complete(db, schema, &complete, err);
	reader_give(s, db);
	if (ok && !complete)
		return err_set(err, ERR_CONFLICT, s->path,
			"the data file is older than the registers and was opened to be read only");
	return ok;
}

bool store_use_catalogue(struct store *s, const struct catalogue *catalogue, struct err *err)
{
	struct schema *schema = schema_open(catalogue, atomic_load(&s->schema));
	bool ok = s->read_only
		? check_complete(s, schema, err)
		: (s->writer || start_writer(s, schema, err)) && writer_use_schema(s->writer, schema, err);
	if (!ok) {
		schema->older = NULL;
		schema_close(schema);
		return false;
	}
	atomic_store(&s->schema, schema);
	return true;
}

bool store_migrate(struct store *s, const struct catalogue *catalogue, struct err *err)
{
	return store_use_catalogue(s, catalogue, err);
}

/* ---- writing ---- */

static bool check_writable(struct store *s, struct err *err)
{
	return s->writer || err_set(err, ERR_SYSTEM, s->folder, "the data was opened to be read only");
}

bool store_submit(struct store *s, struct arena *a, const struct batch *batch,
	struct batch_result *out, struct err *err)
{
	struct prepared prepared;
	*out = (struct batch_result){.failed = -1};
	return check_writable(s, err) && apply_prepare(a, batch, &prepared, out, err) &&
		writer_submit(s->writer, &prepared, out, err);
}

bool store_write(struct store *s, write_call *call, void *self, struct err *err)
{
	return check_writable(s, err) && writer_call(s->writer, call, self, err);
}

bool store_bulk(struct store *s, bool on, struct err *err)
{
	return check_writable(s, err) && writer_bulk(s->writer, on, err);
}

bool store_repeated(struct store *s, struct arena *a, struct uuid who, struct slice key,
	struct slice body, struct batch_result *out, struct err *err)
{
	struct db *db;
	*out = (struct batch_result){.failed = -1};
	if (!key.n)
		return true;
	if (!reader_take(s, &db, err))
		return false;
	bool ok = idempotency_find(db, a, who, key, body, out, err);
	reader_give(s, db);
	return ok;
}

void store_on_commit(struct store *s, committed_hook *hook, void *self)
{
	assert(s->writer);
	writer_on_commit(s->writer, hook, self);
}

void store_figures(struct store *s, struct store_figures *out)
{
	struct stat file;
	*out = (struct store_figures){0};
	if (s->writer)
		writer_figures(s->writer, out);
	out->file_bytes = stat(s->path, &file) == 0 ? file.st_size : 0;
}
