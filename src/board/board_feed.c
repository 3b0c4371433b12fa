/*
 * What goes into the board: records, changes, and changes taken back. A project that is about to change is first taken
 * out of the rollups as it stands (touch), then changed; board_settle() recomputes it and puts it back.
 */
#include <stdlib.h>

#include "base/arena.h"
#include "base/num.h"
#include "board/table.h"

static bool dirty(const struct board *b, int32_t project)
{
	return project >> 6 < b->dirty_room && (b->dirty[project >> 6] >> (project & 63) & 1);
}

static void mark_dirty(struct board *b, int32_t project)
{
	if (project >> 6 >= b->dirty_room) {
		int32_t room = (b->tables[b->at.project].room >> 6) + 1;
		b->dirty = must_realloc(b->dirty, (size_t)room * sizeof(*b->dirty));
		memset(b->dirty + b->dirty_room, 0, (size_t)(room - b->dirty_room) * sizeof(*b->dirty));
		b->dirty_room = room;
	}
	b->dirty[project >> 6] |= UINT64_C(1) << (project & 63);
	if (b->ntouched == b->touched_room) {
		b->touched_room = b->touched_room * 2 + 16;
		b->touched = must_realloc(b->touched, (size_t)b->touched_room * sizeof(*b->touched));
	}
	b->touched[b->ntouched++] = project;
}

/* Before a row changes, so that what it added to its project is taken out as it was put in. */
static void touch(struct board *b, int table, int32_t row)
{
	if (b->all_dirty)
		return;
	int32_t project = board_project_of(b, table, row);
	if (project < 0 || dirty(b, project))
		return;
	rollup_add(b, &b->rollups, project, -1);
	mark_dirty(b, project);
}

static void unlink_child(struct board *b, struct board_table *t, int32_t row)
{
	int32_t parent = cells32(&t->columns[t->of_column])[row];
	if (parent < 0)
		return;
	struct board_table *p = &b->tables[t->of_table];
	int place = 0;
	while (p->child_tables[place] != t->index)
		place++;
	int32_t *at = &p->first[place][parent];
	while (*at != row)
		at = &t->next[*at];
	*at = t->next[row];
}

static void link_child(struct board *b, struct board_table *t, int32_t row)
{
	int32_t parent = cells32(&t->columns[t->of_column])[row];
	if (parent < 0)
		return;
	struct board_table *p = &b->tables[t->of_table];
	int place = 0;
	while (p->child_tables[place] != t->index)
		place++;
	t->next[row] = p->first[place][parent];
	p->first[place][parent] = row;
}

#define SET_MOST 256 /* items of one set; more are cut: a list of tags, not a document */

static int32_t set_of(struct board *b, struct column *c, const struct value *v)
{
	int32_t items[SET_MOST];
	int n = 0;
	for (int i = 0; i < v->n && n < SET_MOST; i++) {
		const struct value *item = &v->items[i];
		if (c->words && item->kind == VALUE_TEXT)
			items[n++] = dictionary_put(c->words, item->text);
		else if (!c->words && item->kind == VALUE_ID && c->target >= 0)
			items[n++] = table_row(&b->tables[c->target], item->id);
	}
	return n
		? dictionary_put(c->sets, (struct slice){(const char *)items, (size_t)n * sizeof(items[0])})
		: -1;
}

static int32_t narrow(int64_t i)
{
	return i > INT32_MAX ? INT32_MAX : i <= INT32_MIN ? INT32_MIN + 1 : (int32_t)i;
}

static int32_t cell_of(struct board *b, struct column *c, const struct value *v)
{
	switch (c->kind) {
	case COLUMN_INT32: return v->kind == VALUE_INT ? narrow(v->i) : NOTHING32;
	case COLUMN_FILLED: return v->kind != VALUE_NULL && !(v->kind == VALUE_LIST && v->n == 0);
	case COLUMN_REF:
		return v->kind == VALUE_ID && c->target >= 0 ? table_row(&b->tables[c->target], v->id) : -1;
	case COLUMN_SET: return v->kind == VALUE_LIST ? set_of(b, c, v) : -1;
	default: return v->kind == VALUE_TEXT ? dictionary_put(c->words, v->text) : -1;
	}
}

/* The number that text begins with, up to a comma or the end of the list; text goes on behind it. */
static bool take_number(struct slice *text, int32_t *out)
{
	size_t n = 0;
	int64_t number;
	while (n < text->n && text->s[n] != ',' && text->s[n] != ']')
		n++;
	if (n == text->n || !num_decimal((struct slice){text->s, n}, POSITION_DIGITS, &number, NULL))
		return false;
	*out = (int32_t)number;
	*text = (struct slice){text->s + n + 1, text->n - n - 1};
	return true;
}

/* Of a point as model/value.c writes it: its bounds were checked there. */
static struct position position_of(const struct value *v)
{
	struct position position;
	const char *list = v->kind == VALUE_TEXT ? memchr(v->text.s, '[', v->text.n) : NULL;
	struct slice text = {0};
	if (list)
		text = (struct slice){list + 1, v->text.n - (size_t)(list + 1 - v->text.s)};
	return list && take_number(&text, &position.east) && take_number(&text, &position.north)
		? position
		: (struct position){NOTHING32, NOTHING32};
}

static void set_cell(
	struct board *b, struct board_table *t, int column, int32_t row, const struct value *v)
{
	struct column *c = &t->columns[column];
	if (c->kind == COLUMN_INT64) {
		cells64(c)[row] = v->kind == VALUE_INT ? v->i : NOTHING64;
		return;
	}
	if (c->positions)
		c->positions[row] = position_of(v);
	int32_t cell = cell_of(b, c, v); /* may grow this very table: read cells only now */
	if (cells32(c)[row] == cell)
		return;
	if (column == t->of_column) {
		if (cell >= 0)
			touch(b, t->of_table, cell); /* before it hangs there */
		unlink_child(b, t, row);
	}
	if (column == t->tree_column && (t->index == b->at.unit || t->index == b->at.area))
		b->all_dirty = true; /* what is above what has changed: every group may */
	cells32(c)[row] = cell;
	if (column == t->of_column)
		link_child(b, t, row);
}

static int column_of(
	const struct board_table *t, const struct register_def *reg, const struct field *f)
{
	if (reg == t->reg)
		return t->field_columns[f->index];
	const struct field *own =
		register_field(t->reg, f->name); /* another edition of the catalogue */
	return own ? t->field_columns[own->index] : -1;
}

static void set_state(struct board_table *t, int32_t row, const char *state)
{
	struct column *c = &t->columns[COMMON_STATE];
	cells32(c)[row] = state ? dictionary_put(c->words, slice_of(state)) : -1;
}

static void set_alive(struct board_table *t, int32_t row, bool alive)
{
	if (row_alive(t, row) == alive)
		return;
	t->alive[row >> 6] ^= UINT64_C(1) << (row & 63);
	t->alive_count += alive ? 1 : -1;
}

static void set_number(struct board_table *t, int32_t row, const char *number)
{
	struct column *c = &t->columns[COMMON_NUMBER];
	cells32(c)[row] = number ? dictionary_put(c->words, slice_of(number)) : -1;
}

static void set_common(struct board_table *t, enum common_column column, int32_t row, int64_t value)
{
	cells64(&t->columns[column])[row] = value;
}

static int32_t person(struct board *b, struct uuid who)
{
	return uuid_is_nil(who)
		? -1
		: dictionary_put(b->people, (struct slice){(const char *)who.b, sizeof(who.b)});
}

void board_put(struct board *b, const struct record *r)
{
	int table = board_table_named(b, r->reg->name);
	if (table < 0)
		return;
	struct board_table *t = &b->tables[table];
	int32_t row = table_row(t, r->id);
	b->all_dirty = true;
	for (int i = 0; i < r->reg->nfields; i++) {
		const struct field *f = &r->reg->fields[i];
		int column = column_of(t, r->reg, f);
		if (column >= 0)
			set_cell(b, t, column, row, &r->values[f->index]);
	}
	set_number(t, row, r->number);
	set_state(t, row, r->state);
	set_common(t, COMMON_VERSION, row, r->version);
	set_common(t, COMMON_STATE_SINCE, row, r->state_since.ms);
	set_common(t, COMMON_CREATED_AT, row, r->created_at.ms);
	set_common(t, COMMON_CHANGED_AT, row, r->changed_at.ms);
	t->changed_by[row] = person(b, r->changed_by);
	t->journal[row] = 0;
	set_alive(t, row, !r->deleted);
}

static void set_fields(struct board *b, struct board_table *t, int32_t row, const struct change *c,
	const struct value *values)
{
	for (int i = 0; i < c->n; i++) {
		int column = column_of(t, c->reg, c->fields[i]);
		if (column >= 0)
			set_cell(b, t, column, row, &values[i]);
	}
}

static bool same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* What is taken back is the row's last change. */
static void note_back(struct board *b, const struct board_table *t, int32_t row)
{
	struct instant at = {cells64(&t->columns[COMMON_CHANGED_AT])[row]};
	if (at.ms == NOTHING64)
		return;
	struct date day = instant_date(at, b->options.offset_minutes);
	if (date_is_none(b->back) || day.day < b->back.day)
		b->back = day;
}

void board_apply(struct board *b, const struct change *c)
{
	b->journal = c->no;
	int table = board_table_named(b, c->reg->name);
	if (table < 0)
		return;
	struct board_table *t = &b->tables[table];
	int32_t row = table_row(t, c->id);
	touch(b, table, row);
	if (c->undoes)
		note_back(b, t, row);
	bool created = strcmp(c->step, "create") == 0;
	set_fields(b, t, row, c, c->after);
	if (created) {
		set_number(t, row, c->number);
		set_common(t, COMMON_CREATED_AT, row, c->at.ms);
	}
	if (created || !same_text(c->state_before, c->state_after)) {
		set_state(t, row, c->state_after);
		set_common(t, COMMON_STATE_SINCE, row, change_state_since(c).ms);
	}
	set_common(t, COMMON_VERSION, row, c->version);
	set_common(t, COMMON_CHANGED_AT, row, c->at.ms);
	t->changed_by[row] = person(b, change_by(c));
	t->journal[row] = c->no;
	set_alive(t, row, strcmp(c->step, "delete") != 0);
}

void board_rewind(struct board *b, const struct change *c)
{
	b->journal = c->no - 1;
	int table = board_table_named(b, c->reg->name);
	if (table < 0)
		return;
	struct board_table *t = &b->tables[table];
	int32_t row = table_row(t, c->id);
	touch(b, table, row);
	bool created = strcmp(c->step, "create") == 0;
	set_fields(b, t, row, c, c->before);
	if (!same_text(c->state_before, c->state_after)) {
		set_state(t, row, c->state_before);
		set_common(t, COMMON_STATE_SINCE, row, NOTHING64);
	}
	set_common(t, COMMON_VERSION, row, c->version - 1);
	set_common(t, COMMON_CHANGED_AT, row, NOTHING64);
	t->changed_by[row] = -1;
	t->journal[row] = 0;
	set_alive(t, row, !created && !change_is(c, "undelete"));
}

void board_complete(struct board *b, int table, int32_t row, const struct origin *origin,
	struct instant state_since)
{
	struct board_table *t = &b->tables[table];
	set_common(t, COMMON_STATE_SINCE, row, state_since.ms);
	set_common(t, COMMON_CHANGED_AT, row, origin->at.ms);
	t->changed_by[row] = person(b, origin->who);
	t->journal[row] = origin->journal;
}

void board_set_due(struct board *b, int table, int32_t row, struct instant due)
{
	struct board_table *t = &b->tables[table];
	if (cells64(&t->columns[COMMON_DUE])[row] == due.ms)
		return;
	touch(b, table, row);
	set_common(t, COMMON_DUE, row, due.ms);
}

static void settle_all(struct board *b)
{
	if (b->dirty)
		memset(b->dirty, 0, (size_t)b->dirty_room * sizeof(*b->dirty));
	b->ntouched = 0;
	const struct board_table *p = board_projects(b);
	for (int32_t row = 0; p && row < p->rows; row++)
		derive_project(b, row);
	b->all_dirty = false;
	rollup_rebuild(b);
}

struct touched board_settle(struct board *b, struct date today)
{
	struct touched out = {.back = b->back};
	b->back = DATE_NONE;
	if (b->all_dirty || today.day != b->today.day) {
		b->today = today;
		settle_all(b);
		out.all = true;
		out.n = board_projects(b) ? board_projects(b)->rows : 0;
		return out;
	}
	for (int i = 0; i < b->ntouched; i++) {
		int32_t row = b->touched[i];
		b->dirty[row >> 6] &= ~(UINT64_C(1) << (row & 63));
		derive_project(b, row);
		rollup_add(b, &b->rollups, row, 1);
	}
	int32_t *settled = b->settled, room = b->settled_room;
	out.rows = b->touched;
	out.n = b->ntouched;
	b->settled = b->touched;
	b->settled_room = b->touched_room;
	b->touched = settled;
	b->touched_room = room;
	b->ntouched = 0;
	return out;
}
