/* Which rule sets are in force: the shipped ones and the office's own records of register `ruleset` (a body of its own, or
 * a switch for a shipped set of that name). Reading them anew relights everything. */
#include "app/inside.h"

#include <stdlib.h>

#include "app/feed_hub.h"
#include "app/past.h"
#include "app/since.h"
#include "base/log.h"

struct own_rules {
	struct app *app;
	const struct ruleset **sets;
	bool *active, *own;
	int n, room;
};

static void add_set(struct own_rules *o, const struct ruleset *set, bool active, bool own)
{
	struct arena *a = o->app->a;
	for (int i = 0; i < o->n; i++)
		if (strcmp(o->sets[i]->name, set->name) == 0) {
			o->sets[i] = set;
			o->active[i] = active;
			o->own[i] = own;
			return;
		}
	if (o->n == o->room) {
		size_t old = (size_t)o->room, more = old * 2 + 16;
		o->sets = arena_grow(a, o->sets, old, more, sizeof(*o->sets));
		o->active = arena_grow(a, o->active, old, more, sizeof(*o->active));
		o->own = arena_grow(a, o->own, old, more, sizeof(*o->own));
		o->room = (int)more;
	}
	o->sets[o->n] = set;
	o->active[o->n] = active;
	o->own[o->n++] = own;
}

static bool own_set(void *self, const struct record *r)
{
	struct own_rules *o = self;
	const struct value *name = record_value(r, "name"), *body = record_value(r, "body");
	const struct value *active = record_value(r, "active");
	bool on = active && active->kind == VALUE_INT && active->i != 0;
	if (name->kind != VALUE_TEXT)
		return true;
	if (!body || body->kind != VALUE_TEXT) {
		for (int i = 0; i < o->n; i++)
			if (slice_is(name->text, o->sets[i]->name))
				o->active[i] = on;
		return true;
	}
	struct ruleset *set = ARENA_NEW(o->app->a, struct ruleset);
	struct err err;
	const char *file = arena_printf(o->app->a, "ruleset %.*s", (int)name->text.n, name->text.s);
	if (ruleset_load(o->app->a, arena_slice(o->app->a, body->text), file, set, &err))
		add_set(o, set, on, true);
	else
		log_err("reading a rule set of the office, ignoring it", &err);
	return true;
}

static int by_name(const void *left, const void *right)
{
	const struct ruleset *const *l = left, *const *r = right;
	return strcmp((*l)->name, (*r)->name);
}

/* Under the write lock. */
static bool read_rules(struct app *app, struct err *err)
{
	struct own_rules o = {.app = app};
	struct ruleset *builtin;
	int n;
	if (!ruleset_builtin(app->a, &builtin, &n, err))
		return false;
	for (int i = 0; i < n; i++)
		add_set(&o, &builtin[i], builtin[i].active, false);
	const struct register_def *reg = catalogue_find(app_catalogue(app), "ruleset");
	if (reg && !store_scan(app->store, reg, own_set, &o, err))
		return false;
	struct rules rules = {.sets = o.sets, .active = o.active, .own = o.own, .n = o.n};
	rules.bound = ARENA_ARRAY(app->a, const struct ruleset *, (size_t)o.n + 1);
	for (int i = 0; i < o.n; i++)
		if (o.active[i])
			rules.bound[rules.nbound++] = o.sets[i];
	qsort(rules.bound, (size_t)rules.nbound, sizeof(*rules.bound), by_name);
	struct lights *lights;
	if (!lights_open(app->board, rules.bound, rules.nbound, &lights, err))
		return false;
	lights_close(app->lights);
	app->lights = lights;
	app->rules = rules;
	return true;
}

bool app_reload_rules(struct app *app, struct err *err)
{
	const struct light_change *changes;
	int n;
	app_write_lock(app);
	app->rules_stale = false;
	bool done = read_rules(app, err);
	if (done) {
		lights_attach(app->lights, app->board);
		lights_refresh(app->lights, app->board, (struct touched){.all = true, .back = DATE_NONE},
			&changes, &n);
		app->board_edition++;
		since_note(app);
	}
	app_unlock(app);
	if (done) {
		past_forget(app);
		feed_publish_reset(app);
		feed_wake_all(app);
	}
	return done;
}
