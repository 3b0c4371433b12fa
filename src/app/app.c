/* Opening, closing, and the one place where committed changes enter memory. Order of opening: data file, definitions
 * (built-in, then the office's own, which are records and need the built-in tables first), office days, board, rules,
 * then the jobs. Nothing answers before all of it stands. */
#include "app/app.h"

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
#include "store/settings.h"

#define SHELF 1024 /* catalogues of one run */

struct instant app_now(struct app *app)
{
	return app->options.clock ? app->options.clock(app->options.clock_self) : os_now();
}

struct date app_today(struct app *app)
{
	return instant_date(app_now(app), app->offset_minutes);
}

int app_offset_minutes(const struct app *app)
{
	return app->offset_minutes;
}

const struct catalogue *app_catalogue(struct app *app)
{
	return __atomic_load_n(&app->catalogue, __ATOMIC_ACQUIRE);
}

bool app_register_find(
	struct app *app, const char *name, const struct register_def **out, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(app), name);
	if (!reg)
		return err_set(err, ERR_MISSING, NULL, "register \"%s\" does not exist", name);
	*out = reg;
	return true;
}

/* ---- definitions ---- */

struct definitions {
	struct arena *a;
	struct definition_source *sources;
	int n, room;
};

static bool definition_row(void *self, const struct record *r)
{
	struct definitions *d = self;
	const struct value *active = record_value(r, "active"), *text = record_value(r, "text");
	const struct value *name = record_value(r, "name");
	if (active && active->kind == VALUE_INT && active->i == 0)
		return true;
	if (!text || text->kind != VALUE_TEXT)
		return true;
	if (d->n == d->room) {
		d->sources = arena_grow(
			d->a, d->sources, (size_t)d->room, (size_t)d->room * 2 + 8, sizeof(*d->sources));
		d->room = d->room * 2 + 8;
	}
	d->sources[d->n++] = (struct definition_source){
		.name = arena_printf(d->a, "definition %.*s",
			name && name->kind == VALUE_TEXT ? (int)name->text.n : 0,
			name && name->kind == VALUE_TEXT ? name->text.s : ""),
		.text = arena_slice(d->a, text->text),
	};
	return true;
}

bool app_own_definitions(
	struct app *app, struct arena *a, struct definition_source **out, int *n, struct err *err)
{
	struct definitions own = {.a = a};
	if (!store_scan(app->store, catalogue_find(app_catalogue(app), "definition"), definition_row,
			&own, err))
		return false;
	*out = arena_grow(a, own.sources, (size_t)own.n, (size_t)own.n + 1, sizeof(*own.sources));
	*n = own.n;
	return true;
}

static void shelve(struct app *app, const struct catalogue *catalogue)
{
	assert(app->nshelf < SHELF);
	app->shelf[app->nshelf++] = catalogue;
	__atomic_store_n(&app->catalogue, catalogue, __ATOMIC_RELEASE);
}

static bool open_definitions(struct app *app, struct err *err)
{
	const struct catalogue *catalogue;
	if (!catalogue_builtin(NULL, 0, 1, &catalogue, err))
		return false;
	shelve(app, catalogue);
	if (!store_migrate(app->store, catalogue, err))
		return false;
	struct arena *a = arena_open();
	struct definition_source *own;
	int n;
	bool done = app_own_definitions(app, a, &own, &n, err);
	if (done && n) {
		done = catalogue_builtin(own, n, 1 + n, &catalogue, err);
		if (done) {
			shelve(app, catalogue);
			done = store_use_catalogue(app->store, catalogue, err);
		}
	}
	arena_close(a);
	return done;
}

bool app_use_catalogue(struct app *app, const struct catalogue *catalogue, struct err *err)
{
	app_write_lock(app);
	shelve(app, catalogue);
	board_use_catalogue(app->board, catalogue);
	app->scope_edition++;
	app_unlock(app);
	return app_reload_rules(app, err);
}

/* ---- board ---- */

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
		if (!store_scan(app->store, &catalogue->registers[i], put_row, app->board, err))
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

void app_settle(struct app *app, const struct light_change **changes, int *n)
{
	/* nobody looked at the midnights between (the machine slept): lights that changed then did so then */
	struct date today = app_today(app);
	while (app->settled_day.day < today.day - 1) {
		app->settled_day.day++;
		lights_refresh(
			app->lights, app->board, board_settle(app->board, app->settled_day), changes, n);
	}
	app->settled_day = today;
	lights_refresh(app->lights, app->board, board_settle(app->board, today), changes, n);
	app->board_edition++;
}

/* What a change may mean for things that are kept besides the board. */
static void note_change(struct app *app, const struct change *c)
{
	const char *reg = c->reg->name;
	if (strcmp(reg, "ruleset") == 0)
		app->rules_stale = true;
	else if (strcmp(reg, "unit") == 0 || strcmp(reg, "area") == 0 || strcmp(reg, "account") == 0)
		app->scope_edition++;
}

static const struct light_change *light_of(
	struct app *app, const struct change *c, const struct light_change *lit, int nlit)
{
	int table = board_table_named(app->board, c->reg->name);
	int32_t row = table < 0 ? -1 : board_row(board_table(app->board, table), c->id);
	int32_t project = row < 0 ? -1 : board_project_of(app->board, table, row);
	for (int i = 0; project >= 0 && i < nlit; i++)
		if (lit[i].project == project)
			return &lit[i];
	return NULL;
}

static void note_recent(
	struct app *app, const struct change *changes, int n, const struct light_change *lit, int nlit)
{
	for (int i = n > RECENT_KEPT ? n - RECENT_KEPT : 0; i < n; i++)
		recent_note(app->recent, &changes[i], light_of(app, &changes[i], lit, nlit));
}

/* Whoever enters a day finds it in force when he is answered. */
static void follow_days(struct app *app, const struct change *changes, int n)
{
	struct calendars *fresh;
	struct err err;
	bool touched = false;
	for (int i = 0; i < n && !touched; i++)
		touched = calendars_touched(app->calendars, &changes[i]);
	if (!touched)
		return;
	if (!calendars_build(app->board, &fresh, &err)) {
		log_err("reading the calendar days anew", &err);
		return;
	}
	calendars_close(app->calendars);
	app->calendars = fresh;
}

/* On the writer thread: every committed change comes by here once, in order. */
static void committed(void *self, const struct change *changes, int n)
{
	struct app *app = self;
	if (!app->board)
		return;
	struct arena *a = arena_open();
	app_write_lock(app);
	/* midnight comes before what is done after it, though this is the first to notice */
	const struct light_change *lit;
	int nlit;
	bool new_day = app->settled_day.day < app_today(app).day;
	if (new_day)
		app_settle(app, &lit, &nlit);
	__atomic_store_n(&app->last_ms, changes[n - 1].at.ms, __ATOMIC_RELAXED);
	for (int i = 0; i < n; i++) {
		board_apply(app->board, &changes[i]);
		note_change(app, &changes[i]);
	}
	follow_days(app, changes, n);
	app_settle(app, &lit, &nlit);
	since_note(app);
	note_recent(app, changes, n, lit, nlit);
	feed_publish(app, a, changes, n, lit, nlit);
	bool wake = app->rules_stale;
	app_unlock(app);
	arena_close(a);
	if (new_day)
		feed_publish_reset(app);
	feed_wake_all(app);
	if (wake)
		tick_wake(app);
}

/* ---- open and close ---- */

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
	if (!store_open(&so, &app->store, err) || !open_definitions(app, err) || !digest_fits(app, err))
		return false;
	if (!ladder_builtin(app->a, &app->ladders, err) ||
		!ladder_check(&app->ladders, app_catalogue(app), err))
		return false;
	if (!app->options.no_board && !open_board(app, err))
		return false;
	if (!calendars_build(app->board, &app->calendars, err))
		return false;
	if (!app->options.read_only)
		store_on_commit(app->store, committed, app);
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
	app->shelf = ARENA_ARRAY(app->a, const struct catalogue *, SHELF);
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
