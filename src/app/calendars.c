/* See calendars.h. All calendars are built anew whenever a day changes: there are few areas with days of their own, and
 * they change a few times a year. Each generation has its own arena. */
#include "app/calendars.h"

#include <stdlib.h>

#include "app/draft.h"

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
	int64_t entered;
	struct uuid id;
};

struct days {
	struct arena *a;
	struct area_day *list; /* oldest first */
	int n;
};

static bool day_from(int64_t from, int64_t until, struct slice kind, bool yearly, struct uuid area,
	struct area_day *out)
{
	char word[24];
	if (from == NOTHING64 || !kind.s || kind.n >= sizeof(word))
		return false;
	memcpy(word, kind.s, kind.n);
	word[kind.n] = 0;
	if (!day_kind_parse(word, &out->rule.kind))
		return false; /* a kind that the office added: for people to read */
	out->area = area;
	out->rule.yearly = yearly;
	out->rule.from.day = (int32_t)from;
	out->rule.until.day = (int32_t)(until == NOTHING64 ? from : until);
	return true;
}

static int64_t number_in(const struct board_table *t, const char *field, int32_t row)
{
	int column = board_column_named(t, field);
	return column < 0 ? NOTHING64 : column_number(board_column(t, column), row);
}

static bool day_of_row(
	const struct board *b, const struct board_table *t, int32_t row, struct area_day *out)
{
	int kind = board_column_named(t, "kind"), area = board_column_named(t, "area");
	return board_alive(t, row) && kind >= 0 &&
		day_from(number_in(t, "day", row), number_in(t, "until", row),
			column_word(board_column(t, kind), row), number_in(t, "yearly", row) == 1,
			area < 0 ? (struct uuid){{0}} : board_ref(b, board_column(t, area), row), out);
}

static int by_entry(const void *left, const void *right)
{
	const struct area_day *l = left, *r = right;
	if (l->entered != r->entered)
		return l->entered < r->entered ? -1 : 1;
	return uuid_compare(l->id, r->id);
}

static bool is_day(const struct draft *d)
{
	return strcmp(d->reg->name, "calendar_day") == 0;
}

static bool on_its_way(const struct work *w, struct uuid id)
{
	for (int i = 0; w && i < w->n; i++)
		if (is_day(&w->drafts[i]) && uuid_equal(w->drafts[i].id, id))
			return true;
	return false;
}

static int64_t number_of(const struct record *r, const char *field)
{
	const struct value *v = record_value(r, field);
	return v && v->kind == VALUE_INT ? v->i : NOTHING64;
}

static bool day_of_record(const struct record *r, struct area_day *out)
{
	const struct value *kind = record_value(r, "kind"), *area = record_value(r, "area");
	return kind && kind->kind == VALUE_TEXT &&
		day_from(number_of(r, "day"), number_of(r, "until"), kind->text,
			number_of(r, "yearly") == 1,
			area && area->kind == VALUE_ID ? area->id : (struct uuid){{0}}, out);
}

static struct days read_days(struct arena *a, const struct board *b, const struct work *w)
{
	int table = b ? board_table_named(b, "calendar_day") : -1;
	struct days out = {.a = a};
	if (table < 0)
		return out;
	const struct board_table *t = board_table(b, table);
	out.list = ARENA_ARRAY(a, struct area_day, (size_t)(board_rows(t) + (w ? w->n : 0)) + 1);
	for (int i = 0; w && i < w->n; i++) {
		const struct draft *d = &w->drafts[i];
		if (is_day(d) && d->verb != WRITE_DELETE && day_of_record(d->after, &out.list[out.n])) {
			out.list[out.n].id = d->id;
			out.list[out.n++].entered = d->after->created_at.ms;
		}
	}
	for (int32_t row = 0; row < board_rows(t); row++)
		if (!on_its_way(w, board_id(t, row)) && day_of_row(b, t, row, &out.list[out.n])) {
			out.list[out.n].id = board_id(t, row);
			out.list[out.n++].entered = number_in(t, "created_at", row);
		}
	qsort(out.list, (size_t)out.n, sizeof(*out.list), by_entry);
	return out;
}

bool calendars_check_day(const struct record *r, struct err *err)
{
	struct area_day day;
	if (!day_of_record(r, &day))
		return true;
	if (day.rule.yearly && !day_kind_yearly(day.rule.kind))
		return err_set(err, ERR_INPUT, "yearly",
			"only winter stops and building seasons come back every year");
	int32_t days = day.rule.until.day - day.rule.from.day + 1,
			most = day.rule.yearly ? CALENDAR_YEARLY_DAYS : CALENDAR_RULE_DAYS;
	return (days >= 1 && days <= most) ||
		err_set(err, ERR_INPUT, "until",
			"the last day lies before the first, or more than %d days on", most);
}

/* ---- building ---- */

/* The area and those above it, nearest first. */
static int chain_of(const struct board *b, struct uuid area, struct uuid chain[TREE_DEPTH])
{
	int n = 0;
	chain[n++] = area;
	const struct board_table *t = board_table(b, board_table_named(b, "area"));
	int32_t row = board_row(t, area);
	while (row >= 0 && n < TREE_DEPTH && (row = board_tree_parent(t, row)) >= 0)
		chain[n++] = board_id(t, row);
	return n;
}

/* Of one area: the dated ones as they were entered, the yearly ones as they begin, so that the later beginning wins. */
static int add_days(const struct days *days, struct uuid area, struct day_rule *rules, int n)
{
	for (int i = 0; i < days->n; i++)
		if (uuid_equal(days->list[i].area, area) && !days->list[i].rule.yearly)
			rules[n++] = days->list[i].rule;
	int first = n;
	for (int i = 0; i < days->n; i++) {
		struct day_rule rule = days->list[i].rule;
		if (!uuid_equal(days->list[i].area, area) || !rule.yearly)
			continue;
		int at = n++;
		for (; at > first && rules[at - 1].from.day > rule.from.day; at--)
			rules[at] = rules[at - 1];
		rules[at] = rule;
	}
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

static bool build_area(const struct board *b, struct calendars *c, const struct days *days,
	struct uuid area, struct err *err)
{
	struct uuid chain[TREE_DEPTH];
	struct day_rule *rules = ARENA_ARRAY(days->a, struct day_rule, (size_t)days->n + 1);
	int n = add_days(days, (struct uuid){{0}}, rules, 0);
	for (int i = chain_of(b, area, chain) - 1; i >= 0; i--)
		n = add_days(days, chain[i], rules, n);
	struct area_calendar *own = &c->areas[c->n++];
	own->area = area;
	return calendar_builtin(c->a, rules, n, &own->calendar, err);
}

static bool build(
	const struct board *b, struct calendars *c, const struct days *days, struct err *err)
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
		if (!built && !build_area(b, c, days, area, err))
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

bool calendars_build(
	const struct board *b, const struct work *w, struct calendars **out, struct err *err)
{
	struct arena *a = arena_open(), *scratch = arena_open();
	struct calendars *c = ARENA_NEW(a, struct calendars);
	c->a = a;
	struct days days = read_days(scratch, b, w);
	bool done = build(b, c, &days, err);
	arena_close(scratch);
	if (done)
		*out = c;
	else
		arena_close(a);
	return done;
}

bool calendars_touched(const struct calendars *c, const struct change *change)
{
	return strcmp(change->reg->name, "calendar_day") == 0 ||
		(c->n && strcmp(change->reg->name, "area") == 0);
}

/* ---- whose calendar ---- */

const struct calendar *calendars_of_area(
	const struct calendars *c, const struct board *b, int32_t area)
{
	if (c->n == 0)
		return c->everywhere;
	const struct board_table *t = board_table(b, board_table_named(b, "area"));
	for (int depth = 0; area >= 0 && depth < TREE_DEPTH;
		 depth++, area = board_tree_parent(t, area)) {
		const struct calendar *own = own_calendar(c, board_id(t, area));
		if (own)
			return own;
	}
	return c->everywhere;
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

int32_t calendars_place_of_row(const struct board *b, int table, int32_t row)
{
	int32_t area = place_of_row(b, table, row);
	return area >= 0 ? area : seat_of_row(b, table, row);
}

const struct calendar *calendars_of_row(
	const struct calendars *c, const struct board *b, int table, int32_t row)
{
	return c->n == 0 ? c->everywhere
					 : calendars_of_area(c, b, calendars_place_of_row(b, table, row));
}

struct clock_context app_clocks_of(struct app *app, const char *reg, struct uuid record)
{
	int table = board_table_named(app->board, reg);
	int32_t row = table < 0 ? -1 : board_row(board_table(app->board, table), record);
	return (struct clock_context){calendars_of_row(app->calendars, app->board, table, row),
		&app->ladders, app->offset_minutes};
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

struct clock_context app_clocks_of_draft(const struct work *w, const struct draft *d)
{
	struct app *app = w->app;
	const struct calendars *c = w->calendars ? w->calendars : app->calendars;
	int32_t area = c->n ? area_of_draft(w, d, false) : -1;
	if (c->n && area < 0)
		area = area_of_draft(w, d, true);
	return (struct clock_context){
		calendars_of_area(c, app->board, area), &app->ladders, app->offset_minutes};
}
