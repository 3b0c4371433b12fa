/* The thread wakes at every full minute and whenever somebody calls. What it does is app_tick(), which takes the present
 * from the app's clock, so a test can walk through a year without waiting. */
#include "app/tick.h"

#include <errno.h>
#include <time.h>

#include "app/access.h"
#include "app/calendars.h"
#include "app/draft.h"
#include "app/feed_hub.h"
#include "app/importing_drafts.h"
#include "app/since.h"
#include "base/log.h"
#include "store/clock_rows.h"
#include "store/settings.h"

#define DUE_AT_ONCE 20000 /* each look sorts all that is due at one instant */
#define HOUR_MS INT64_C(3600000)

/* ---- clocks ---- */

struct due_rows {
	struct arena *a;
	struct clock_row *rows;
	int n, room;
};

static bool collect_due(void *self, const struct clock_row *row)
{
	struct due_rows *d = self;
	if (d->n == d->room) {
		int more = d->room * 2 + 64;
		d->rows = arena_grow(d->a, d->rows, (size_t)d->room, (size_t)more, sizeof(*d->rows));
		d->room = more;
	}
	d->rows[d->n] = *row;
	d->rows[d->n].reg = arena_strdup(d->a, row->reg);
	d->rows[d->n].clock = arena_strdup(d->a, row->clock);
	return ++d->n < DUE_AT_ONCE;
}

static const struct clock_def *clock_of(const struct register_def *reg, const char *name)
{
	for (int i = 0; i < reg->nclocks; i++)
		if (strcmp(reg->clocks[i].name, name) == 0)
			return &reg->clocks[i];
	return NULL;
}

/* "level" of the record: one of level_1.. by how high the ladder was climbed. False: it stands there already. */
static bool raise_level(struct work *w, struct draft *d, int level)
{
	const struct field *f = register_field(d->reg, "level");
	if (!f || f->type != FIELD_CHOICE || f->nchoices == 0)
		return true;
	int wanted = level + 1 < f->nchoices ? level : f->nchoices - 1;
	const struct value *now = &d->after->values[f->index];
	for (int i = wanted; i < f->nchoices; i++)
		if (now->kind == VALUE_TEXT && slice_is(now->text, f->choices[i].name))
			return false;
	draft_set(
		w, d, f, (struct value){.kind = VALUE_TEXT, .text = slice_of(f->choices[wanted].name)});
	return true;
}

/* The rung's action as a step of the record ("urge", "escalate"): so it stands in the journal and everybody sees it. */
static bool draft_rung(struct work *w, const struct clock_row *row, const struct register_def *reg,
	const struct clock_event *event, bool *stepped, struct err *err)
{
	bool slip = strcmp(event->rung->action, "slip") == 0;
	const struct step *step = register_step(reg, slip ? "escalate" : event->rung->action);
	struct record *record;
	*stepped = false;
	if (!step)
		return true;
	if (!store_get(w->app->store, w->a, reg, row->record, &record, err))
		return err->code == ERR_MISSING;
	bool open = step->nfrom == 0;
	for (int i = 0; i < step->nfrom; i++)
		open |= record->state && strcmp(step->from[i], record->state) == 0;
	if (!open)
		return true;
	struct draft *d = draft_new(w, WRITE_STEP, reg, record);
	d->step = step;
	d->reason = arena_printf(
		w->a, "%s", event->rung->label.zh ? event->rung->label.zh : event->rung->action);
	if (strcmp(step->name, "escalate") == 0 && !raise_level(w, d, event->level_after)) {
		w->n--;
		return true;
	}
	w->ticked = row;
	*stepped = true;
	return true;
}

/* The supervision slip that the ladder asks for: drafted for the unit on whose desk it lies; the office issues it. */
static bool draft_slip(struct work *w, const struct clock_row *row, const struct register_def *reg,
	const struct clock_event *event, struct err *err)
{
	const struct register_def *slip = catalogue_find(app_catalogue(w->app), "slip");
	const struct board *b = w->app->board;
	int table = board_table_named(b, reg->name);
	int32_t at = table < 0 ? -1 : board_row(board_table(b, table), row->record);
	int32_t project = at < 0 ? -1 : board_project_of(b, table, at);
	if (strcmp(event->rung->action, "slip") != 0 || !slip || project < 0 ||
		uuid_is_nil(row->holder))
		return true;
	struct draft *d = draft_new(w, WRITE_CREATE, slip, NULL);
	struct slice title = board_title(board_table(b, table), at);
	const struct field *level = register_field(slip, "level");
	draft_set(w, d, register_field(slip, "project"),
		(struct value){.kind = VALUE_ID, .id = board_id(board_projects(b), project)});
	draft_set(w, d, register_field(slip, "title"),
		(struct value){.kind = VALUE_TEXT,
			.text = slice_of(arena_printf(w->a, "%.*s", (int)title.n, title.s ? title.s : ""))});
	draft_set(
		w, d, level, (struct value){.kind = VALUE_TEXT, .text = slice_of(level->choices[0].name)});
	draft_set(w, d, register_field(slip, "responsible_unit"),
		(struct value){.kind = VALUE_ID, .id = row->holder});
	d->reason = arena_strdup(w->a, event->rung->label.zh);
	return draft_check(w, w->n - 1, NULL, err);
}

/* `quiet` gathers the rows that moved without anything else to write: they are stored together. */
static bool fire(struct app *app, const struct clock_row *due, struct work *quiet, struct err *err)
{
	struct arena *a = arena_open();
	struct person system = person_system("tick");
	struct work w = work_begin(app, a, &system);
	struct clock_row row = *due;
	struct clock_events events = {.n = 0};
	const struct clock_event *raised = NULL;
	struct batch_result result = {.failed = -1};
	const struct register_def *reg = catalogue_find(app_catalogue(app), due->reg);
	const struct clock_def *def = reg ? clock_of(reg, due->clock) : NULL;
	bool done = false, stepped = false;
	app_read_lock(app);
	struct clock_context ctx = app_clocks_of(app, due->reg, due->record);
	if (def && !clock_tick(&ctx, def, w.now, &row, &events))
		row.next_at = INSTANT_NONE; /* nothing to do for it any more */
	if (!def)
		row.next_at = INSTANT_NONE; /* the definition lost this clock */
	for (int i = 0; i < events.n; i++)
		if (events.event[i].kind == CLOCK_RAISED && events.event[i].rung)
			raised = &events.event[i];
	if (raised && !draft_rung(&w, &row, reg, raised, &stepped, err))
		goto locked;
	if (stepped && !draft_check(&w, 0, NULL, err))
		goto locked;
	w.ticked = NULL;
	if (raised && !draft_slip(&w, &row, reg, raised, err))
		goto locked;
	app_unlock(app);
	if (!stepped)
		work_keep_clock(w.n ? &w : quiet, row);
	done = w.n == 0 || work_submit(&w, NULL, &result, err);
	goto out;
locked:
	app_unlock(app);
out:
	arena_close(a);
	return done;
}

static bool store_quiet(struct work *quiet, struct err *err)
{
	struct batch_result result = {.failed = -1};
	return quiet->nclocks == 0 || work_submit(quiet, NULL, &result, err);
}

static bool fire_due(struct app *app, struct err *err)
{
	struct person system = person_system("tick");
	for (;;) {
		struct arena *a = arena_open();
		struct due_rows *due = ARENA_NEW(a, struct due_rows);
		due->a = a;
		bool done = clock_rows_due(app->store, app_now(app), collect_due, due, err);
		struct work quiet = work_begin(app, a, &system);
		int fired = 0;
		for (int i = 0; done && i < due->n; i++) {
			struct err one;
			if (fire(app, &due->rows[i], &quiet, &one)) {
				fired++;
			} else if (one.code == ERR_BUSY || one.code == ERR_SYSTEM) {
				*err = one;
				done = false;
			} else {
				log_err("a clock that is due",
					&one); /* somebody changed the record meanwhile: the next tick sees */
			}
		}
		done = done && store_quiet(&quiet, err);
		int n = due->n;
		arena_close(a);
		if (!done || n < DUE_AT_ONCE || fired == 0)
			return done;
	}
}

/* ---- the rest ---- */

static void new_day(struct app *app)
{
	const struct light_change *changes;
	int n;
	app_write_lock(app);
	bool changed = app_today(app).day != app->settled_day.day;
	if (changed) {
		app_settle(app, &changes, &n);
		since_note(app);
	}
	app_unlock(app);
	if (changed) {
		feed_publish_reset(app);
		feed_wake_all(app);
	}
}

static bool reload_stale(struct app *app, struct err *err)
{
	app_read_lock(app);
	bool rules = app->rules_stale;
	app_unlock(app);
	return !rules || app_reload_rules(app, err);
}

bool app_tick(struct app *app, struct err *err)
{
	struct instant now = app_now(app);
	if (!reload_stale(app, err))
		return false;
	new_day(app);
	if (!fire_due(app, err))
		return false;
	if ((app->since_unknown && !since_recompute(app, err)) ||
		(app->since_behind && !since_catch_up(app, err)))
		return false;
	if (now.ms / 60000 != app->ticked_minute) {
		app->ticked_minute = now.ms / 60000;
		feed_publish_tick(app);
		if (!since_save(app, err))
			return false;
	}
	if (now.ms - app->tidied.ms < HOUR_MS && now.ms >= app->tidied.ms)
		return true;
	app->tidied = now;
	drafts_tidy(app, now);
	return store_tidy(app->store, now, err);
}

static void *tick_main(void *self)
{
	struct app *app = self;
	pthread_mutex_lock(&app->tick_lock);
	while (!app->closing) {
		pthread_mutex_unlock(&app->tick_lock);
		struct err err;
		if (!app_tick(app, &err))
			log_err("what happens by itself, trying again in a minute", &err);
		pthread_mutex_lock(&app->tick_lock);
		struct timespec until;
		clock_gettime(CLOCK_MONOTONIC, &until);
		until.tv_sec += 60 - app_now(app).ms / 1000 % 60;
		int waited = 0;
		while (!app->closing && !app->tick_called && waited != ETIMEDOUT)
			waited = pthread_cond_timedwait(&app->tick_wake, &app->tick_lock, &until);
		app->tick_called = false;
	}
	pthread_mutex_unlock(&app->tick_lock);
	return NULL;
}

void tick_init(struct app *app)
{
	pthread_condattr_t attr;
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&app->tick_wake, &attr);
	pthread_condattr_destroy(&attr);
}

bool tick_start(struct app *app, struct err *err)
{
	if (pthread_create(&app->tick, NULL, tick_main, app) != 0)
		return err_set(err, ERR_SYSTEM, NULL, "could not start a thread");
	app->ticking = true;
	return true;
}

void tick_stop(struct app *app)
{
	if (!app->ticking)
		return;
	pthread_mutex_lock(&app->tick_lock);
	app->closing = true;
	pthread_cond_signal(&app->tick_wake);
	pthread_mutex_unlock(&app->tick_lock);
	pthread_join(app->tick, NULL);
	app->ticking = false;
}

void tick_wake(struct app *app)
{
	pthread_mutex_lock(&app->tick_lock);
	app->tick_called = true;
	pthread_cond_signal(&app->tick_wake);
	pthread_mutex_unlock(&app->tick_lock);
}
