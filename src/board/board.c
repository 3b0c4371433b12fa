/* Tables and columns: how they are made, grown, copied and read. What goes into them is in board_feed.c. */
#include "board/table.h"

#include <stdlib.h>

#include "base/json.h"

static const struct field common_fields[COMMON_COUNT] = {
	[COMMON_NUMBER] = {.name = "number",
		.label = {"编号", "Number"},
		.type = FIELD_TEXT,
		.builtin = true},
	[COMMON_VERSION] = {.name = "version",
		.label = {"版本", "Version"},
		.type = FIELD_INTEGER,
		.builtin = true},
	[COMMON_STATE] = {.name = "state",
		.label = {"状态", "State"},
		.type = FIELD_CHOICE,
		.builtin = true},
	[COMMON_STATE_SINCE] = {.name = "state_since",
		.label = {"进入状态时间", "In this state since"},
		.type = FIELD_INSTANT,
		.builtin = true},
	[COMMON_CREATED_AT] = {.name = "created_at",
		.label = {"建立时间", "Created"},
		.type = FIELD_INSTANT,
		.builtin = true},
	[COMMON_DUE] = {.name = "due",
		.label = {"时限", "Due"},
		.type = FIELD_INSTANT,
		.builtin = true},
	[COMMON_CHANGED_AT] = {.name = "changed_at",
		.label = {"更新时间", "Changed"},
		.type = FIELD_INSTANT,
		.builtin = true},
};

static enum column_kind kind_of(const struct field *f)
{
	switch (f->type) {
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_MONEY:
	case FIELD_PERCENT:
	case FIELD_INSTANT: return COLUMN_INT64;
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_YESNO: return COLUMN_INT32;
	case FIELD_TEXT:
	case FIELD_CODE: return COLUMN_TEXT;
	case FIELD_CHOICE: return COLUMN_CHOICE;
	case FIELD_CHOICES:
	case FIELD_REFS: return COLUMN_SET;
	case FIELD_REF: return COLUMN_REF;
	default: return COLUMN_FILLED;
	}
}

void *copy_bytes(const void *bytes, size_t n)
{
	void *copy = must_alloc(n ? n : 1);
	if (n)
		memcpy(copy, bytes, n);
	return copy;
}

static void fill_missing(struct column *c, int32_t from, int32_t to)
{
	for (int32_t i = from; c->positions && i < to; i++)
		c->positions[i] = (struct position){NOTHING32, NOTHING32};
	if (c->kind == COLUMN_INT64) {
		for (int32_t i = from; i < to; i++)
			cells64(c)[i] = NOTHING64;
		return;
	}
	int32_t missing = c->kind == COLUMN_INT32 ? NOTHING32 : c->kind == COLUMN_FILLED ? 0 : -1;
	for (int32_t i = from; i < to; i++)
		cells32(c)[i] = missing;
}

int table_add_column(
	struct board_table *t, const struct field *field, enum column_kind kind, bool derived)
{
	t->columns = must_realloc(t->columns, (size_t)(t->ncolumns + 1) * sizeof(*t->columns));
	struct column *c = &t->columns[t->ncolumns];
	*c = (struct column){.field = field, .kind = kind, .derived = derived, .target = -1};
	c->cells = must_alloc((size_t)(t->room ? t->room : 1) * (kind_is_wide(kind) ? 8 : 4));
	if (kind == COLUMN_FILLED && field->type == FIELD_POINT)
		c->positions = must_alloc((size_t)(t->room ? t->room : 1) * sizeof(*c->positions));
	fill_missing(c, 0, t->room);
	if (kind == COLUMN_TEXT || kind == COLUMN_CHOICE ||
		(kind == COLUMN_SET && field->type == FIELD_CHOICES))
		c->words = dictionary_open();
	if (kind == COLUMN_SET)
		c->sets = dictionary_open();
	return t->ncolumns++;
}

/* The choices of the definition come first, so that their numbers are its order. */
static void seed_words(struct column *c, const struct board_table *t)
{
	if (c->field == &common_fields[COMMON_STATE])
		for (int i = 0; i < t->reg->nstates; i++)
			dictionary_put(c->words, slice_of(t->reg->states[i].name));
	for (int i = 0; c->words && i < c->field->nchoices; i++)
		dictionary_put(c->words, slice_of(c->field->choices[i].name));
}

static void table_make(struct board_table *t, const struct register_def *reg, int index)
{
	*t = (struct board_table){.reg = reg,
		.index = index,
		.of_table = -1,
		.of_column = -1,
		.tree_column = -1,
		.owner_column = -1,
		.place_column = -1,
		.title_column = -1};
	t->by_id = idmap_open();
	for (int i = 0; i < COMMON_COUNT; i++)
		table_add_column(t, &common_fields[i],
			i == COMMON_NUMBER      ? COLUMN_TEXT
				: i == COMMON_STATE ? COLUMN_CHOICE
									: COLUMN_INT64,
			false);
	seed_words(&t->columns[COMMON_STATE], t);
}

static void know_open_states(struct board_table *t)
{
	t->open_states = 0;
	for (int i = 0; i < t->reg->nstates; i++) {
		int32_t state =
			dictionary_find(t->columns[COMMON_STATE].words, slice_of(t->reg->states[i].name));
		if (t->reg->states[i].open && state < 64)
			t->open_states |= UINT64_C(1) << state;
	}
}

/* Points the columns to the newest definition and adds the new ones. */
static void table_use(struct board_table *t, const struct register_def *reg)
{
	t->reg = reg;
	seed_words(&t->columns[COMMON_STATE], t);
	know_open_states(t);
	t->field_columns = must_realloc(t->field_columns, (size_t)(reg->nfields + 1) * sizeof(int));
	for (int i = 0; i < reg->nfields; i++) {
		const struct field *f = &reg->fields[i];
		t->field_columns[f->index] = -1;
		if (!field_is_stored(f))
			continue;
		int at = -1;
		for (int c = COMMON_COUNT; at < 0 && c < t->ncolumns; c++)
			if (!t->columns[c].derived && strcmp(t->columns[c].field->name, f->name) == 0)
				at = c;
		if (at < 0)
			at = table_add_column(t, f, kind_of(f), false);
		t->columns[at].field = f;
		seed_words(&t->columns[at], t);
		t->field_columns[f->index] = at;
	}
}

static int table_field(const struct board_table *t, const char *field)
{
	const struct field *f = field ? register_field(t->reg, field) : NULL;
	return f ? t->field_columns[f->index] : -1;
}

static void child_of(struct board_table *parent, int child)
{
	for (int i = 0; i < parent->nchildren; i++)
		if (parent->child_tables[i] == child)
			return;
	assert(parent->nchildren < CHILD_TABLES);
	int32_t *first = must_alloc((size_t)(parent->room ? parent->room : 1) * sizeof(*first));
	memset(first, 0xFF, (size_t)parent->room * sizeof(*first));
	parent->child_tables[parent->nchildren] = child;
	parent->first[parent->nchildren++] = first;
}

static void table_link(struct board *b, struct board_table *t)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (t->columns[i].field->to)
			t->columns[i].target = board_table_named(b, t->columns[i].field->to);
	t->tree_column = table_field(t, t->reg->tree);
	t->owner_column = table_field(t, t->reg->owner);
	t->place_column = table_field(t, t->reg->place);
	t->title_column = table_field(t, t->reg->title);
	if (!t->reg->of)
		return;
	t->of_table = board_table_named(b, t->reg->of);
	t->of_column = table_field(t, t->reg->of);
	if (t->of_table < 0 || t->of_column < 0) {
		t->of_table = t->of_column = -1;
		return;
	}
	if (!t->next) {
		t->next = must_alloc((size_t)(t->room ? t->room : 1) * sizeof(*t->next));
		memset(t->next, 0xFF, (size_t)t->room * sizeof(*t->next));
	}
	child_of(&b->tables[t->of_table], t->index);
}

void board_use_catalogue(struct board *b, const struct catalogue *catalogue)
{
	b->catalogue = catalogue;
	for (int i = 0; i < catalogue->n; i++) {
		const struct register_def *reg = &catalogue->registers[i];
		int at = board_table_named(b, reg->name);
		if (at < 0) {
			b->tables = must_realloc(b->tables, (size_t)(b->ntables + 1) * sizeof(*b->tables));
			at = b->ntables++;
			table_make(&b->tables[at], reg, at);
		}
		table_use(&b->tables[at], reg);
	}
	for (int i = 0; i < b->ntables; i++)
		table_link(b, &b->tables[i]);
	derive_add_columns(b);
	derive_bind(b);
	b->all_dirty = true;
}

struct board *board_open(const struct catalogue *catalogue, const struct board_options *options)
{
	struct board *b = must_alloc(sizeof(*b));
	b->options = *options;
	if (b->options.silent_days <= 0)
		b->options.silent_days = 31;
	b->today = b->back = DATE_NONE;
	b->people = dictionary_open();
	board_use_catalogue(b, catalogue);
	return b;
}

static void table_free(struct board_table *t)
{
	for (int i = 0; i < t->ncolumns; i++) {
		free(t->columns[i].own);
		free(t->columns[i].cells);
		free(t->columns[i].positions);
		dictionary_close(t->columns[i].words);
		dictionary_close(t->columns[i].sets);
	}
	for (int i = 0; i < t->nchildren; i++)
		free(t->first[i]);
	free(t->columns);
	free(t->ids);
	free(t->alive);
	idmap_close(t->by_id);
	free(t->field_columns);
	free(t->next);
	free(t->changed_by);
	free(t->journal);
}

void board_close(struct board *b)
{
	if (!b)
		return;
	for (int i = 0; i < b->ntables; i++)
		table_free(&b->tables[i]);
	free(b->tables);
	dictionary_close(b->people);
	free(b->dirty);
	free(b->touched);
	free(b->settled);
	rollup_free(&b->rollups);
	free(b);
}

/* One block: the field, then its words. */
static struct field *field_copy(const struct field *field)
{
	size_t name = strlen(field->name) + 1, zh = strlen(field->label.zh) + 1,
		   en = strlen(field->label.en) + 1;
	struct field *own = must_alloc(sizeof(*own) + name + zh + en);
	char *words = (char *)(own + 1);
	own->type = field->type;
	own->name = memcpy(words, field->name, name);
	own->label.zh = memcpy(words + name, field->label.zh, zh);
	own->label.en = memcpy(words + name + zh, field->label.en, en);
	return own;
}

static size_t alive_words(int32_t rows)
{
	return ((size_t)rows + 63) / 64;
}

static void table_copy(struct board_table *t, const struct board_table *from)
{
	size_t n = (size_t)from->rows;
	*t = *from;
	t->room = from->rows;
	t->ids = copy_bytes(from->ids, n * sizeof(*t->ids));
	t->alive = copy_bytes(from->alive, alive_words(from->rows) * sizeof(*t->alive));
	t->by_id = idmap_copy(from->by_id);
	t->columns = copy_bytes(from->columns, (size_t)from->ncolumns * sizeof(*t->columns));
	for (int i = 0; i < t->ncolumns; i++) {
		struct column *c = &t->columns[i];
		c->cells = copy_bytes(c->cells, n * (kind_is_wide(c->kind) ? 8 : 4));
		c->positions = c->positions ? copy_bytes(c->positions, n * sizeof(*c->positions)) : NULL;
		c->words = c->words ? dictionary_copy(c->words) : NULL;
		c->sets = c->sets ? dictionary_copy(c->sets) : NULL;
		if (c->own)
			c->field = c->own = field_copy(c->own);
	}
	t->field_columns =
		copy_bytes(from->field_columns, (size_t)(from->reg->nfields + 1) * sizeof(int));
	t->next = from->next ? copy_bytes(from->next, n * sizeof(*t->next)) : NULL;
	for (int i = 0; i < t->nchildren; i++)
		t->first[i] = copy_bytes(from->first[i], n * sizeof(**t->first));
	t->changed_by = copy_bytes(from->changed_by, n * sizeof(*t->changed_by));
	t->journal = copy_bytes(from->journal, n * sizeof(*t->journal));
}

struct board *board_copy(const struct board *b)
{
	struct board *copy = must_alloc(sizeof(*copy));
	*copy = *b;
	copy->tables = must_alloc((size_t)b->ntables * sizeof(*copy->tables));
	for (int i = 0; i < b->ntables; i++)
		table_copy(&copy->tables[i], &b->tables[i]);
	copy->people = dictionary_copy(b->people);
	copy->dirty = copy_bytes(b->dirty, (size_t)b->dirty_room * sizeof(*b->dirty));
	copy->touched = copy_bytes(b->touched, (size_t)b->ntouched * sizeof(*b->touched));
	copy->touched_room = b->ntouched;
	copy->settled = NULL;
	copy->settled_room = 0;
	copy->rollups = rollup_copy(&b->rollups);
	return copy;
}

static void *grow(void *old, int32_t room, size_t size)
{
	return must_realloc(old, (size_t)room * size);
}

static void table_grow(struct board_table *t)
{
	int32_t old = t->room;
	assert(old < INT32_MAX / 2);
	t->room = old + old / 2 + 16;
	t->ids = grow(t->ids, t->room, sizeof(*t->ids));
	t->alive = grow(t->alive, (int32_t)alive_words(t->room), sizeof(*t->alive));
	memset(t->alive + alive_words(old), 0,
		(alive_words(t->room) - alive_words(old)) * sizeof(*t->alive));
	for (int i = 0; i < t->ncolumns; i++) {
		struct column *c = &t->columns[i];
		c->cells = grow(c->cells, t->room, kind_is_wide(c->kind) ? 8 : 4);
		if (c->positions)
			c->positions = grow(c->positions, t->room, sizeof(*c->positions));
		fill_missing(c, old, t->room);
	}
	size_t fresh = (size_t)(t->room - old) * sizeof(int32_t);
	if (t->next) {
		t->next = grow(t->next, t->room, sizeof(*t->next));
		memset(t->next + old, 0xFF, fresh);
	}
	for (int i = 0; i < t->nchildren; i++) {
		t->first[i] = grow(t->first[i], t->room, sizeof(**t->first));
		memset(t->first[i] + old, 0xFF, fresh);
	}
	t->changed_by = grow(t->changed_by, t->room, sizeof(*t->changed_by));
	memset(t->changed_by + old, 0xFF, fresh);
	t->journal = grow(t->journal, t->room, sizeof(*t->journal));
	memset(t->journal + old, 0, (size_t)(t->room - old) * sizeof(*t->journal));
}

int32_t table_row(struct board_table *t, struct uuid id)
{
	int32_t row = idmap_get(t->by_id, id);
	if (row >= 0)
		return row;
	if (t->rows == t->room)
		table_grow(t);
	row = t->rows++;
	t->ids[row] = id;
	idmap_put(t->by_id, id, row);
	return row;
}

/* ---- reading ---- */

const struct catalogue *board_catalogue(const struct board *b)
{
	return b->catalogue;
}

const struct board_options *board_options(const struct board *b)
{
	return &b->options;
}

int64_t board_journal(const struct board *b)
{
	return b->journal;
}

void board_set_journal(struct board *b, int64_t no)
{
	b->journal = no;
}

struct date board_today(const struct board *b)
{
	return b->today;
}

int64_t board_bytes(const struct board *b)
{
	size_t n = sizeof(*b) + dictionary_bytes(b->people) + rollup_bytes(&b->rollups);
	for (int i = 0; i < b->ntables; i++) {
		const struct board_table *t = &b->tables[i];
		size_t room = (size_t)t->room;
		n += room * (sizeof(struct uuid) + sizeof(int32_t) + sizeof(int64_t)) + room / 8 +
			idmap_bytes(t->by_id);
		n += room * sizeof(int32_t) * (size_t)(t->nchildren + (t->next != NULL));
		for (int c = 0; c < t->ncolumns; c++) {
			n += room * (kind_is_wide(t->columns[c].kind) ? 8 : 4);
			n += t->columns[c].positions ? room * sizeof(struct position) : 0;
			n += t->columns[c].words ? dictionary_bytes(t->columns[c].words) : 0;
			n += t->columns[c].sets ? dictionary_bytes(t->columns[c].sets) : 0;
		}
	}
	return (int64_t)n;
}

int board_table_named(const struct board *b, const char *reg)
{
	for (int i = 0; i < b->ntables; i++)
		if (strcmp(b->tables[i].reg->name, reg) == 0)
			return i;
	return -1;
}

const struct board_table *board_table(const struct board *b, int table)
{
	return &b->tables[table];
}

const struct register_def *board_register(const struct board_table *t)
{
	return t->reg;
}

int32_t board_rows(const struct board_table *t)
{
	return t->rows;
}

int32_t board_count(const struct board_table *t)
{
	return t->alive_count;
}

bool board_alive(const struct board_table *t, int32_t row)
{
	return row_alive(t, row);
}

int32_t board_row(const struct board_table *t, struct uuid id)
{
	return idmap_get(t->by_id, id);
}

struct uuid board_id(const struct board_table *t, int32_t row)
{
	return t->ids[row];
}

int64_t board_version(const struct board_table *t, int32_t row)
{
	int64_t version = cells64(&t->columns[COMMON_VERSION])[row];
	return version == NOTHING64 ? 0 : version;
}

int board_columns(const struct board_table *t)
{
	return t->ncolumns;
}

static int column_called(const struct board_table *t, const char *name)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i].field->name, name) == 0)
			return i;
	return -1;
}

int board_column_named(const struct board_table *t, const char *name)
{
	int at = column_called(t, name);
	if (at >= 0)
		return at;
	const struct field *f =
		register_field(t->reg, name); /* a derived field under a name of its own */
	return f && f->type == FIELD_DERIVED && f->derive ? column_called(t, f->derive) : -1;
}

const struct column *board_column(const struct board_table *t, int column)
{
	return &t->columns[column];
}

int board_add_column(struct board *b, int table, const struct field *field, enum column_kind kind)
{
	struct board_table *t = &b->tables[table];
	int at = column_called(t, field->name);
	if (at >= 0)
		return at;
	struct field *own = field_copy(field);
	at = table_add_column(t, own, kind, true);
	t->columns[at].own = own;
	return at;
}

int32_t *board_cells32(struct board *b, int table, int column)
{
	return cells32(&b->tables[table].columns[column]);
}

void board_set_int32(struct board *b, int table, int column, int32_t row, int32_t value)
{
	cells32(&b->tables[table].columns[column])[row] = value;
}

struct slice column_word(const struct column *c, int32_t row)
{
	int32_t word = cells32(c)[row];
	return word < 0 ? (struct slice){0} : dictionary_word(c->words, word);
}

struct uuid board_ref(const struct board *b, const struct column *c, int32_t row)
{
	int32_t target = cells32(c)[row];
	return target < 0 || c->target < 0 ? (struct uuid){{0}} : b->tables[c->target].ids[target];
}

static struct value set_value(
	const struct board *b, struct arena *a, const struct column *c, int32_t set)
{
	struct slice bytes = dictionary_word(c->sets, set);
	int n = (int)(bytes.n / sizeof(int32_t));
	struct value *items = ARENA_ARRAY(a, struct value, n ? n : 1);
	for (int i = 0; i < n; i++) {
		int32_t item;
		memcpy(&item, bytes.s + (size_t)i * sizeof(item), sizeof(item));
		items[i] = c->words
			? (struct value){.kind = VALUE_TEXT, .text = dictionary_word(c->words, item)}
			: (struct value){.kind = VALUE_ID, .id = b->tables[c->target].ids[item]};
	}
	return (struct value){.kind = VALUE_LIST, .items = items, .n = n};
}

struct value board_value(
	const struct board *b, struct arena *a, const struct board_table *t, int column, int32_t row)
{
	const struct column *c = &t->columns[column];
	if (c->kind == COLUMN_INT64 || c->kind == COLUMN_INT32) {
		int64_t number = column_number(c, row);
		return number == NOTHING64 ? VALUE_NONE : (struct value){.kind = VALUE_INT, .i = number};
	}
	int32_t cell = cells32(c)[row];
	if (c->kind == COLUMN_FILLED)
		return (struct value){.kind = VALUE_INT, .i = cell};
	if (cell < 0)
		return VALUE_NONE;
	if (c->kind == COLUMN_SET)
		return set_value(b, a, c, cell);
	if (c->kind == COLUMN_REF)
		return (struct value){.kind = VALUE_ID, .id = board_ref(b, c, row)};
	return (struct value){.kind = VALUE_TEXT, .text = dictionary_word(c->words, cell)};
}

void board_value_json(const struct board *b, struct json_writer *w, const struct board_table *t,
	int column, int32_t row)
{
	const struct column *c = &t->columns[column];
	if (c->kind == COLUMN_FILLED) {
		jw_bool(w, cells32(c)[row] != 0);
		return;
	}
	if (c->kind == COLUMN_SET && cells32(c)[row] >= 0) {
		struct arena *a = arena_open();
		struct value v = board_value(b, a, t, column, row);
		value_to_json(w, c->field, &v);
		arena_close(a);
		return;
	}
	struct value v = board_value(b, NULL, t, column, row);
	if (v.kind == VALUE_NULL)
		jw_null(w);
	else
		value_to_json(w, c->field, &v);
}

struct slice board_title(const struct board_table *t, int32_t row)
{
	if (t->title_column < 0)
		return (struct slice){0};
	const struct column *c = &t->columns[t->title_column];
	return c->kind == COLUMN_TEXT || c->kind == COLUMN_CHOICE ? column_word(c, row)
															  : (struct slice){0};
}

struct origin board_origin(const struct board *b, const struct board_table *t, int32_t row)
{
	struct origin o = {.at = INSTANT_NONE, .journal = t->journal[row]};
	if (t->changed_by[row] >= 0)
		memcpy(o.who.b, dictionary_word(b->people, t->changed_by[row]).s, sizeof(o.who.b));
	o.at.ms = cells64(&t->columns[COMMON_CHANGED_AT])[row];
	return o;
}

int32_t board_first_child(const struct board *b, int parent_table, int32_t parent, int child_table)
{
	const struct board_table *t = &b->tables[parent_table];
	for (int i = 0; i < t->nchildren; i++)
		if (t->child_tables[i] == child_table)
			return t->first[i][parent];
	return -1;
}

int32_t board_next_child(const struct board *b, int child_table, int32_t child)
{
	return b->tables[child_table].next[child];
}

int32_t board_tree_parent(const struct board_table *t, int32_t row)
{
	return t->tree_column < 0 ? -1 : cells32(&t->columns[t->tree_column])[row];
}

#define TREE_DEPTH 32 /* deeper is a circle */

void board_subtree(const struct board_table *t, int32_t row, uint64_t *bits)
{
	for (int32_t i = 0; i < t->rows; i++) {
		int32_t at = i;
		for (int depth = 0; at >= 0 && at != row && depth < TREE_DEPTH; depth++)
			at = board_tree_parent(t, at);
		if (at == row)
			bits[i >> 6] |= UINT64_C(1) << (i & 63);
	}
}

const struct board_table *board_projects(const struct board *b)
{
	return b->at.project < 0 ? NULL : &b->tables[b->at.project];
}

int32_t board_project_of(const struct board *b, int table, int32_t row)
{
	for (int depth = 0; row >= 0 && depth < 8; depth++) {
		const struct board_table *t = &b->tables[table];
		if (table == b->at.project)
			return row;
		if (t->of_table < 0)
			return -1;
		row = cells32(&t->columns[t->of_column])[row];
		table = t->of_table;
	}
	return -1;
}
