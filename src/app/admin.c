/* Proof of the chain, backup and numbers. What is derived is recomputed in recheck.c. */
#include "app/admin.h"

#include <ctype.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/access.h"
#include "app/feed.h"
#include "app/detail.h"
#include "app/recheck.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/os.h"
#include "base/say.h"
#include "store/care.h"

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
