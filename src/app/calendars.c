/* See calendars.h. All calendars are built anew whenever a day changes: there are few areas with days of their own, and
 * they change a few times a year. Each generation has its own arena; the lock decides who may still look at an old one. */
#include "app/calendars.h"

#include <stdlib.h>

#include "app/draft.h"
#include "base/log.h"

#define TREE_DEPTH 32 /* of areas; a ring in the tree ends here */

struct area_calendar {
	struct uuid area;
	const struct calendar *calendar;
};

struct calendars {
	struct arena *a;
	const struct calendar *everywhere;
	struct area_calendar *areas; /* by id */
	int n;
};

/* ---- reading ---- */

struct area_day {
	struct uuid area; /* nil: everywhere */
	struct day_rule rule;
};

struct days {
	struct arena *a;
	struct area_day *list; /* oldest first */
	int n, room;
};

static bool read_day(const struct record *r, struct area_day *out)
{
	const struct value *from = record_value(r, "day"), *until = record_value(r, "until");
	const struct value *kind = record_value(r, "kind"), *area = record_value(r, "area");
	char word[24];
	if (from->kind != VALUE_INT || kind->kind != VALUE_TEXT || kind->text.n >= sizeof(word))
		return false;
	memcpy(word, kind->text.s, kind->text.n);
	word[kind->text.n] = 0;
	if (!day_kind_parse(word, &out->rule.kind))
		return false; /* a kind that the office added: for people to read */
	out->area = area && area->kind == VALUE_ID ? area->id : (struct uuid){{0}};
	out->rule.from.day = (int32_t)from->i;
	out->rule.until.day = until && until->kind == VALUE_INT ? (int32_t)until->i : (int32_t)from->i;
	return true;
}

static bool take_day(void *self, const struct record *r)
{
	struct days *d = self;
	struct area_day day;
	if (!read_day(r, &day))
		return true;
	if (d->n == d->room) {
		int more = d->room * 2 + 16;
		d->list = arena_grow(d->a, d->list, (size_t)d->room, (size_t)more, sizeof(*d->list));
		d->room = more;
	}
	d->list[d->n++] = day;
	return true;
}

bool calendars_check_day(const struct record *r, struct err *err)
{
	struct area_day day;
	if (!read_day(r, &day))
		return true;
	int32_t days = day.rule.until.day - day.rule.from.day + 1;
	return (days >= 1 && days <= CALENDAR_RULE_DAYS) ||
		err_set(err, ERR_INPUT, "until",
			"the last day lies before the first, or more than %d days on", CALENDAR_RULE_DAYS);
}

/* ---- building ---- */

/* The area and those above it, nearest first. Without a board nobody stands above anybody. */
static int chain_of(const struct app *app, struct uuid area, struct uuid chain[TREE_DEPTH])
{
	int n = 0;
	chain[n++] = area;
	int table = app->board ? board_table_named(app->board, "area") : -1;
	if (table < 0)
		return n;
	const struct board_table *t = board_table(app->board, table);
	int32_t row = board_row(t, area);
	while (row >= 0 && n < TREE_DEPTH && (row = board_tree_parent(t, row)) >= 0)
		chain[n++] = board_id(t, row);
	return n;
}

static int add_days(const struct days *days, struct uuid area, struct day_rule *rules, int n)
{
	for (int i = 0; i < days->n; i++)
		if (uuid_equal(days->list[i].area, area))
			rules[n++] = days->list[i].rule;
	return n;
}

static int by_area(const void *left, const void *right)
{
	const struct area_calendar *l = left, *r = right;
	return uuid_compare(l->area, r->area);
}

static const struct calendar *own_calendar(const struct calendars *c, struct uuid area)
{
	struct area_calendar wanted = {.area = area};
	const struct area_calendar *found =
		c->n ? bsearch(&wanted, c->areas, (size_t)c->n, sizeof(wanted), by_area) : NULL;
	return found ? found->calendar : NULL;
}

static bool build_area(struct app *app, struct calendars *c, const struct days *days,
	struct uuid area, struct err *err)
{
	struct uuid chain[TREE_DEPTH];
	struct day_rule *rules = ARENA_ARRAY(days->a, struct day_rule, (size_t)days->n + 1);
	int n = add_days(days, (struct uuid){{0}}, rules, 0);
	for (int i = chain_of(app, area, chain) - 1; i >= 0; i--)
		n = add_days(days, chain[i], rules, n);
	struct area_calendar *own = &c->areas[c->n++];
	own->area = area;
	return calendar_builtin(c->a, rules, n, &own->calendar, err);
}

static bool build(struct app *app, struct calendars *c, const struct days *days, struct err *err)
{
	struct day_rule *rules = ARENA_ARRAY(days->a, struct day_rule, (size_t)days->n + 1);
	int n = add_days(days, (struct uuid){{0}}, rules, 0);
	if (!calendar_builtin(c->a, rules, n, &c->everywhere, err))
		return false;
	c->areas = ARENA_ARRAY(c->a, struct area_calendar, (size_t)days->n + 1);
	for (int i = 0; i < days->n; i++) {
		struct uuid area = days->list[i].area;
		bool built = uuid_is_nil(area);
		for (int k = 0; k < c->n && !built; k++)
			built = uuid_equal(c->areas[k].area, area);
		if (!built && !build_area(app, c, days, area, err))
			return false;
	}
	qsort(c->areas, (size_t)c->n, sizeof(*c->areas), by_area);
	return true;
}

void calendars_close(struct calendars *c)
{
	if (c)
		arena_close(c->a);
}

static bool reload(struct app *app, struct err *err)
{
	struct arena *a = arena_open();
	struct days days = {.a = arena_open()};
	struct calendars *fresh = ARENA_NEW(a, struct calendars), *old = NULL;
	fresh->a = a;
	app_write_lock(app);
	app->calendar_stale = false; /* what is committed from here on is not in what is read now */
	app_unlock(app);
	const struct register_def *reg = catalogue_find(app_catalogue(app), "calendar_day");
	bool done = !reg || store_scan(app->store, reg, take_day, &days, err);
	app_read_lock(app);
	done = done && build(app, fresh, &days, err);
	app_unlock(app);
	app_write_lock(app);
	old = done ? app->calendars : fresh;
	if (done)
		app->calendars = fresh;
	else
		app->calendar_stale = true;
	app_unlock(app);
	calendars_close(old);
	arena_close(days.a);
	return done;
}

bool calendars_reload(struct app *app, struct err *err)
{
	pthread_mutex_lock(&app->calendars_lock); /* whoever read last also replaces last */
	bool done = reload(app, err);
	pthread_mutex_unlock(&app->calendars_lock);
	return done;
}

void calendars_refresh(struct app *app)
{
	struct err err;
	app_read_lock(app);
	bool stale = app->calendar_stale;
	app_unlock(app);
	if (stale && !calendars_reload(app, &err))
		log_err("reading the calendar days anew", &err);
}

/* ---- whose calendar ---- */

struct clock_context calendars_context(struct app *app, int32_t area)
{
	const struct calendars *c = app->calendars;
	struct clock_context ctx = {c->everywhere, &app->ladders, app->offset_minutes};
	int table = c->n && app->board ? board_table_named(app->board, "area") : -1;
	if (table < 0)
		return ctx;
	const struct board_table *t = board_table(app->board, table);
	for (int depth = 0; area >= 0 && depth < TREE_DEPTH;
		 depth++, area = board_tree_parent(t, area)) {
		const struct calendar *own = own_calendar(c, board_id(t, area));
		if (own) {
			ctx.calendar = own;
			break;
		}
	}
	return ctx;
}

static int32_t ref_cell(const struct board_table *t, const char *field, int32_t row)
{
	int column = field ? board_column_named(t, field) : -1;
	return column < 0 ? -1 : ((const int32_t *)board_column(t, column)->cells)[row];
}

static int32_t row_named(const struct board *b, const char *reg, const struct value *v)
{
	int table = v && v->kind == VALUE_ID ? board_table_named(b, reg) : -1;
	return table < 0 ? -1 : board_row(board_table(b, table), v->id);
}

static int32_t area_of_unit(const struct board *b, int32_t unit)
{
	int table = unit < 0 ? -1 : board_table_named(b, "unit");
	if (table < 0)
		return -1;
	const struct board_table *t = board_table(b, table);
	return ref_cell(t, board_register(t)->place, unit);
}

/* Where a row lies by its own word, or by that of what it hangs under. -1: nobody says. */
static int32_t place_of_row(const struct board *b, int table, int32_t row)
{
	for (int depth = 0; table >= 0 && row >= 0 && depth < TREE_DEPTH; depth++) {
		const struct board_table *t = board_table(b, table);
		const struct register_def *reg = board_register(t);
		int32_t area = ref_cell(t, reg->place, row);
		if (area >= 0 || !reg->of)
			return area;
		row = ref_cell(t, reg->of, row);
		table = board_table_named(b, reg->of);
	}
	return -1;
}

/* By its owner unit, or by that of what it hangs under. */
static int32_t seat_of_row(const struct board *b, int table, int32_t row)
{
	for (int depth = 0; table >= 0 && row >= 0 && depth < TREE_DEPTH; depth++) {
		const struct board_table *t = board_table(b, table);
		const struct register_def *reg = board_register(t);
		int32_t area = area_of_unit(b, ref_cell(t, reg->owner, row));
		if (area >= 0 || !reg->of)
			return area;
		row = ref_cell(t, reg->of, row);
		table = board_table_named(b, reg->of);
	}
	return -1;
}

struct clock_context calendars_of_row(struct app *app, int table, int32_t row)
{
	if (app->calendars->n == 0)
		return calendars_context(app, -1);
	int32_t area = place_of_row(app->board, table, row);
	return calendars_context(app, area >= 0 ? area : seat_of_row(app->board, table, row));
}

/* What a draft hangs under, when that is in the same batch. NULL: it is not. */
static const struct draft *fresh_parent(const struct work *w, const struct value *up)
{
	int32_t at = w->fresh && up && up->kind == VALUE_ID ? idmap_get(w->fresh, up->id) : -1;
	return at >= 0 && at < w->n && uuid_equal(w->drafts[at].id, up->id) ? &w->drafts[at] : NULL;
}

/* By place when `seat` is false, by owner unit when it is true. */
static int32_t area_of_draft(const struct work *w, const struct draft *d, bool seat)
{
	const struct board *b = w->app->board;
	for (int depth = 0; d && depth < TREE_DEPTH; depth++) {
		const struct register_def *reg = d->reg;
		const char *name = seat ? reg->owner : reg->place;
		const struct value *own = name ? record_value(d->after, name) : NULL;
		int32_t area =
			seat ? area_of_unit(b, row_named(b, "unit", own)) : row_named(b, "area", own);
		const struct value *up = reg->of ? record_value(d->after, reg->of) : NULL;
		if (area >= 0 || !up)
			return area;
		d = fresh_parent(w, up);
		if (!d) {
			int table = board_table_named(b, reg->of);
			int32_t row = row_named(b, reg->of, up);
			return seat ? seat_of_row(b, table, row) : place_of_row(b, table, row);
		}
	}
	return -1;
}

struct clock_context calendars_of_draft(const struct work *w, const struct draft *d)
{
	if (w->app->calendars->n == 0)
		return calendars_context(w->app, -1);
	int32_t area = area_of_draft(w, d, false);
	return calendars_context(w->app, area >= 0 ? area : area_of_draft(w, d, true));
}
