/* Opening and closing. Order of opening: data file, definitions (built-in, then the office's own, which are records and
 * need the built-in tables first), office days, board, rules, then the jobs. Nothing answers before all of it stands. */
#include <stdlib.h>

#include "app/calendars.h"
#include "app/dues.h"
#include "app/feed_hub.h"
#include "app/importing_drafts.h"
#include "app/inside.h"
#include "app/lockout.h"
#include "app/past.h"
#include "app/proofs.h"
#include "app/recent.h"
#include "app/since.h"
#include "app/tick.h"
#include "app/trend.h"
#include "base/log.h"
#include "base/os.h"

static bool put_row(void *self, const struct record *r)
{
	board_put(self, r);
	return true;
}

static bool open_board(struct app *app, struct err *err)
{
	struct journal_head head;
	if (!journal_head(app->store, &head, err))
		return false;
	const struct catalogue *catalogue = app_catalogue(app);
	struct board_options options = {.offset_minutes = app->offset_minutes, .basis = TIME_BY_MONTH};
	app->board = board_open(catalogue, &options);
	for (int i = 0; i < catalogue->n; i++)
		/* what was deleted too: it may be brought back, with all that it was */
		if (!store_scan_all(app->store, &catalogue->registers[i], put_row, app->board, err))
			return false;
	board_set_journal(app->board, head.no);
	app->last_ms = head.at.ms;
	if (!dues_load(app, err))
		return false;
	app->settled_day = app_today(app);
	(void)board_settle(app->board, app->settled_day);
	if (!recent_load(app->recent, app->store, head.no, err) || !app_reload_rules(app, err))
		return false;
	return since_restore(app, err);
}

/* A data file keeps the digest it began with. */
static bool digest_fits(struct app *app, struct err *err)
{
	struct journal_head head;
	const char *wanted = app->options.digest;
	if (!wanted)
		return true;
	if (!journal_head(app->store, &head, err))
		return false;
	return strcmp(digest_name(head.digest), wanted) == 0 ||
		err_set(err, ERR_CONFLICT, "digest",
			"the journal in this folder is chained with %s, and stays so: \"%s\" is for a new one",
			digest_name(head.digest), wanted);
}

static bool open_parts(struct app *app, struct err *err)
{
	struct store_options so = {.folder = app->folder, .read_only = app->options.read_only};
	if (app->options.digest && !digest_parse(app->options.digest, &so.digest))
		return err_set(
			err, ERR_INPUT, "digest", "\"%s\" is not sm3 or sha256", app->options.digest);
	if (!store_open(&so, &app->store, err) || !app_open_catalogue(app, err) ||
		!digest_fits(app, err))
		return false;
	if (!ladder_builtin(app->a, &app->ladders, err) ||
		!ladder_check(&app->ladders, app_catalogue(app), err))
		return false;
	if (!app->options.no_board && !open_board(app, err))
		return false;
	if (!calendars_build(app->board, NULL, &app->calendars, err))
		return false;
	if (!app->options.read_only)
		store_on_commit(app->store, app_committed, app);
	return app->options.no_tick || app->options.no_board || app->options.read_only ||
		tick_start(app, err);
}

bool app_open(const struct app_options *options, struct app **out, struct err *err)
{
	int64_t begun = os_monotonic_us();
	struct app *app = must_alloc(sizeof(*app));
	app->options = *options;
	app->a = arena_open();
	app->folder = arena_strdup(app->a, options->folder);
	app->offset_minutes = OFFSET_CHINA;
	app->shelf = ARENA_ARRAY(app->a, const struct catalogue *, APP_SHELF);
	pthread_rwlock_init(&app->lock, NULL);
	pthread_mutex_init(&app->definitions, NULL);
	pthread_mutex_init(&app->tick_lock, NULL);
	tick_init(app);
	app->feed = feed_hub_open();
	app->drafts = drafts_open();
	app->lockout = lockout_open(5);
	app->lockout_from = lockout_open(40); /* a whole office may sit behind one address */
	app->past = past_open();
	app->trend = trend_open();
	app->proofs = proofs_open();
	app->recent = ARENA_NEW(app->a, struct recent);
	pthread_mutex_init(&app->wall_lock, NULL);
	app->opened_ms = app_now(app).ms;
	if (!open_parts(app, err)) {
		app_close(app);
		return false;
	}
	app->load_ms = (os_monotonic_us() - begun) / 1000;
	*out = app;
	return true;
}

void app_close(struct app *app)
{
	if (!app)
		return;
	tick_stop(app);
	proofs_close(app->proofs);
	feed_hub_end(app->feed);
	if (app->store && app->board && app->lights && !app->options.read_only) {
		struct err err;
		if (!since_save(app, &err))
			log_err("remembering since when lights stand", &err);
	}
	store_close(app->store); /* the writer thread ends here: no hook runs after it */
	past_close(app->past);
	trend_close(app->trend);
	drafts_close(app->drafts);
	lockout_close(app->lockout);
	lockout_close(app->lockout_from);
	lights_close(app->lights);
	board_close(app->board);
	calendars_close(app->calendars);
	feed_hub_close(app->feed);
	for (int i = 0; i < app->nshelf; i++)
		catalogue_close(app->shelf[i]);
	pthread_mutex_destroy(&app->tick_lock);
	pthread_mutex_destroy(&app->definitions);
	pthread_mutex_destroy(&app->wall_lock);
	str_free(&app->wall);
	pthread_rwlock_destroy(&app->lock);
	pthread_cond_destroy(&app->tick_wake);
	free(app->saved);
	arena_close(app->a);
	free(app);
}
