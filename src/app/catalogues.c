/* The definitions in force: the built-in ones, and the office's own, which are records themselves. */
#include "app/inside.h"

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
	assert(app->nshelf < APP_SHELF);
	app->shelf[app->nshelf++] = catalogue;
	__atomic_store_n(&app->catalogue, catalogue, __ATOMIC_RELEASE);
}

bool app_open_catalogue(struct app *app, struct err *err)
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
