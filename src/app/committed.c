/* The one place where committed changes enter memory: board, lights, calendar, what changed last, and everybody who listens. */
#include "app/calendars.h"
#include "app/feed_hub.h"
#include "app/inside.h"
#include "app/recent.h"
#include "app/since.h"
#include "app/tick.h"
#include "base/log.h"

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
	if (!calendars_build(app->board, NULL, &fresh, &err)) {
		log_err("reading the calendar days anew", &err);
		return;
	}
	calendars_close(app->calendars);
	app->calendars = fresh;
}

void app_committed(void *self, const struct change *changes, int n)
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
