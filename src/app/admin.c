/* Proof, backup and numbers. What the store can check of itself it checks (store/care.h); here the board is recomputed from
 * the tables and taken back over the whole journal, which must leave nothing. */
#include "app/admin.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/access.h"
#include "app/feed.h"
#include "app/detail.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/os.h"
#include "base/say.h"
#include "store/care.h"

#define FINDINGS_SHOWN 200

struct relay {
	app_progress *progress;
	void *self;
};

static void relay_step(void *self, const char *doing, int64_t done, int64_t total)
{
	const struct relay *r = self;
	(void)doing;
	if (r->progress)
		(void)r->progress(r->self, done, total);
}

/* Who may read accounts may look whether all is well; who may administer them may take copies. */
bool app_may_look_after(
	struct app *app, const struct person *person, enum verb verb, struct err *err)
{
	const struct register_def *def;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (person->system)
		return true;
	if (!app_register_find(app, "account", &def, err))
		return false;
	app_read_lock(app);
	bool yes = may(app, person, verb, def, NULL, NULL, NULL, err);
	app_unlock(app);
	return yes;
}

/* ---- the chain ---- */

static void head_json(struct json_writer *w, const struct journal_head *head)
{
	char hex[DIGEST_BYTES * 2 + 1];
	hex_encode(head->hash, DIGEST_BYTES, hex);
	jw_key(w, "head");
	jw_object(w);
	jw_ki(w, "no", head->no);
	jw_kt(w, "hash", hex);
	jw_kt(w, "digest", digest_name(head->digest));
	jw_object_end(w);
}

bool app_verify_json(struct app *app, const struct person *person, app_progress *progress,
	void *self, struct str *out, bool *whole, struct err *err)
{
	struct relay relay = {progress, self};
	struct progress steps = {relay_step, &relay};
	struct chain_report report;
	if (!app_may_look_after(app, person, VERB_READ, err) ||
		!store_verify(app->store, &steps, &report, err))
		return false;
	*whole = report.fault == CHAIN_WHOLE;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_kb(&w, "ok", *whole);
	jw_ki(&w, "entries", report.entries);
	head_json(&w, &report.head);
	jw_key(&w, "broken");
	if (*whole) {
		jw_null(&w);
	} else {
		jw_object(&w);
		jw_ki(&w, "no", report.bad);
		jw_kt(&w, "fault", chain_fault_name(report.fault));
		jw_kt(&w, "text", report.why ? say(person->lang, report.why) : NULL);
		jw_object_end(&w);
	}
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- fsck ---- */

struct fsck {
	struct app *app;
	struct arena *a;
	struct json_writer *w;
	int64_t findings;
};

static void finding(
	struct fsck *f, const char *kind, const char *reg, const char *id, const char *text)
{
	if (f->findings++ >= FINDINGS_SHOWN)
		return;
	jw_object(f->w);
	jw_kt(f->w, "kind", kind);
	jw_kt(f->w, "register", reg);
	jw_kt(f->w, "record", id);
	jw_kt(f->w, "text", text);
	jw_object_end(f->w);
}

static bool store_finding(void *self, const struct finding_row *row)
{
	struct fsck *f = self;
	char id[UUID_TEXT];
	uuid_format(row->id, id);
	finding(f, row->kind, row->reg, uuid_is_nil(row->id) ? NULL : id,
		arena_printf(f->a, "%s: %s, should be %s", row->field ? row->field : "",
			row->stored ? row->stored : "—", row->expected ? row->expected : "—"));
	return true;
}

static bool put(void *self, const struct record *r)
{
	board_put(self, r);
	return true;
}

/* The live board's rows are those of the tables. */
static bool check_rows(struct fsck *f, struct err *err)
{
	struct board *fresh = board_open(app_catalogue(f->app), board_options(f->app->board));
	const struct catalogue *catalogue = app_catalogue(f->app);
	bool done = true;
	for (int i = 0; done && i < catalogue->n; i++)
		done = store_scan(f->app->store, &catalogue->registers[i], put, fresh, err);
	app_read_lock(f->app);
	for (int i = 0; done && i < catalogue->n; i++) {
		const struct board_table *kept = board_table(f->app->board, i),
								 *stored = board_table(fresh, i);
		if (board_count(kept) != board_count(stored))
			finding(f, "board", catalogue->registers[i].name, NULL,
				arena_printf(f->a, "%d rows, should be %d", (int)board_count(kept),
					(int)board_count(stored)));
		for (int32_t row = 0; row < board_rows(stored); row++) {
			struct uuid id = board_id(stored, row);
			int32_t at = board_alive(stored, row) ? board_row(kept, id) : -1;
			char text[UUID_TEXT];
			uuid_format(id, text);
			if (board_alive(stored, row) &&
				(at < 0 || board_version(kept, at) != board_version(stored, row)))
				finding(f, "board", catalogue->registers[i].name, text,
					"another version than in the tables");
		}
	}
	app_unlock(f->app);
	board_close(fresh);
	return done;
}

static bool take_back(void *self, const struct change *c)
{
	board_rewind(self, c);
	return true;
}

/* Taken back to the beginning, nothing is left. */
static bool check_rewind(struct fsck *f, struct err *err)
{
	app_read_lock(f->app);
	struct board *copy = board_copy(f->app->board);
	app_unlock(f->app);
	int64_t head = board_journal(copy);
	bool done = head == 0 || journal_read(f->app->store, head, 1, take_back, copy, err);
	const struct catalogue *catalogue = app_catalogue(f->app);
	for (int i = 0; done && i < catalogue->n; i++)
		if (board_count(board_table(copy, i)) != 0)
			finding(f, "journal", catalogue->registers[i].name, NULL,
				arena_printf(f->a, "%d rows are left after taking back the whole journal",
					(int)board_count(board_table(copy, i))));
	board_close(copy);
	return done;
}

static void check_derived(struct fsck *f)
{
	const char **texts;
	int n;
	app_read_lock(f->app);
	int64_t differ = board_check(f->app->board, f->a, FINDINGS_SHOWN, &texts, &n);
	for (int i = 0; i < n; i++)
		finding(f, "derived", NULL, NULL, texts[i]);
	f->findings += differ - n;
	app_unlock(f->app);
}

bool app_fsck_json(struct app *app, const struct person *person, app_progress *progress, void *self,
	struct str *out, bool *whole, struct err *err)
{
	struct relay relay = {progress, self};
	struct progress steps = {relay_step, &relay};
	if (!app_may_look_after(app, person, VERB_READ, err))
		return false;
	struct arena *a = arena_open();
	struct str list = STR_INIT;
	struct json_writer inner = jw_start(&list);
	struct fsck f = {app, a, &inner, 0};
	int64_t stored = 0;
	jw_array(&inner);
	bool done = store_fsck(app->store, &steps, store_finding, &f, &stored, err) &&
		check_rows(&f, err) && check_rewind(&f, err);
	if (done)
		check_derived(&f);
	jw_array_end(&inner);
	if (done) {
		struct app_numbers numbers;
		app_numbers(app, &numbers);
		*whole = f.findings == 0;
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kb(&w, "ok", *whole);
		jw_key(&w, "checked");
		jw_object(&w);
		jw_ki(&w, "journal", numbers.journal);
		jw_ki(&w, "records", numbers.records);
		jw_object_end(&w);
		jw_ki(&w, "count", f.findings);
		jw_key(&w, "findings");
		jw_raw(&w, str_view(&list));
		jw_object_end(&w);
		jw_end(&w);
	}
	str_free(&list);
	arena_close(a);
	return done;
}

/* ---- copies and numbers ---- */

bool app_backup(struct app *app, const struct person *person, const char *to, struct err *err)
{
	return app_may_look_after(app, person, VERB_ADMIN, err) &&
		store_backup(app->store, to, NULL, err);
}

/* Only what a folder lists can be asked for: a name, no path, and nothing that hides or leads elsewhere. */
bool app_backup_named(const char *name)
{
	size_t n = strlen(name);
	if (n == 0 || n > 100 || name[0] == '.')
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isalnum((unsigned char)name[i]) && !strchr("._-", name[i]))
			return false;
	return true;
}

bool app_backup_open(struct app *app, const struct person *person, const char *folder,
	const char *name, int *file, int64_t *bytes, struct err *err)
{
	struct stat found;
	struct arena *a = arena_open();
	bool done = app_may_look_after(app, person, VERB_ADMIN, err);
	if (done && !app_backup_named(name))
		done = err_set(err, ERR_MISSING, "name", "there is no backup \"%s\"", name);
	if (done) {
		*file = open(arena_printf(a, "%s/%s", folder, name), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		done = *file >= 0 && fstat(*file, &found) == 0 && S_ISREG(found.st_mode);
		if (!done && *file >= 0)
			close(*file);
		if (done)
			*bytes = found.st_size;
		else
			err_set(err, ERR_MISSING, "name", "there is no backup \"%s\"", name);
	}
	arena_close(a);
	return done;
}

bool app_backups_json(struct app *app, const struct person *person, const char *folder,
	struct str *out, struct err *err)
{
	struct arena *a = arena_open();
	const char *const *names = NULL;
	int n = 0;
	bool done = app_may_look_after(app, person, VERB_ADMIN, err) &&
		(!os_exists(folder) || os_list_folder(a, folder, NULL, &names, &n, err));
	if (done) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_kt(&w, "folder", folder);
		jw_key(&w, "backups");
		jw_array(&w);
		for (int i = n - 1; i >= 0; i--) { /* the newest first: the name is the time */
			struct stat found;
			if (!app_backup_named(names[i]) ||
				lstat(arena_printf(a, "%s/%s", folder, names[i]), &found) != 0 ||
				!S_ISREG(found.st_mode))
				continue;
			jw_object(&w);
			jw_kt(&w, "name", names[i]);
			jw_ki(&w, "bytes", found.st_size);
			instant_key(app, &w, "at", (struct instant){(int64_t)found.st_mtime * 1000});
			jw_object_end(&w);
		}
		jw_array_end(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

void app_numbers(struct app *app, struct app_numbers *out)
{
	struct store_figures figures;
	*out = (struct app_numbers){.streams = feed_count(app),
		.memory_bytes = os_memory_bytes(),
		.load_ms = app->load_ms,
		.started_ms = app->opened_ms};
	store_figures(app->store, &figures);
	out->commits = figures.commits;
	out->writes = figures.entries;
	if (!app->board)
		return;
	app_read_lock(app);
	out->journal = board_journal(app->board);
	out->projects = board_count(board_projects(app->board));
	out->board_bytes = board_bytes(app->board);
	const struct catalogue *catalogue = app_catalogue(app);
	for (int i = 0; i < catalogue->n; i++)
		out->records += board_count(
			board_table(app->board, board_table_named(app->board, catalogue->registers[i].name)));
	app_unlock(app);
}

bool app_healthy(struct app *app)
{
	struct journal_head head;
	struct err err;
	return journal_head(app->store, &head, &err);
}
