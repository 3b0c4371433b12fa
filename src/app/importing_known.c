/* What a ledger tells once more: rows that nothing but all their values tell from a stored record, and what rows gave besides
 * their record, known by its parent and the register's key. So that the same file can come in twice. */
#include "app/importing_drafts.h"

#include <stdlib.h>

struct known {
	struct app *app;
	struct arena *a;
	const struct ledger_result *r;
	struct map *children; /* parent, key and occurrence -> row of the board */
	struct map *given;    /* parent and key -> how often this ledger has given them */
	struct map *same;     /* what stored records hold in the ledger's fields -> how many */
};

/* ---- rows that nothing tells from a stored record ---- */

static bool on_board(const struct board_table *t, const struct field *f, int *column)
{
	*column = board_column_named(t, f->name);
	return *column >= 0 && board_column(t, *column)->kind != COLUMN_FILLED &&
		board_column(t, *column)->kind != COLUMN_SET;
}

/* Codes or names that repeat tell no record; but a row that says what a stored record says is that record. */
static void index_same(struct known *c)
{
	int table = board_table_named(c->app->board, c->r->reg->name), column;
	const struct board_table *t = table < 0 ? NULL : board_table(c->app->board, table);
	struct str key = STR_INIT;
	for (int32_t row = 0; t && row < board_rows(t); row++) {
		if (!board_alive(t, row))
			continue;
		str_clear(&key);
		for (int f = 0; f < c->r->nfields; f++)
			if (on_board(t, c->r->fields[f], &column)) {
				struct value v = board_value(c->app->board, c->a, t, column, row);
				value_to_text(&key, c->r->fields[f], &v, LANG_EN);
				str_putc(&key, '\x1f');
			}
		int32_t n = map_get(c->same, str_view(&key));
		map_put(c->same, str_view(&key), n < 0 ? 1 : n + 1);
	}
	str_free(&key);
}

bool known_row(struct known *c, const struct ledger_row *row)
{
	int table = board_table_named(c->app->board, c->r->reg->name), column;
	if (c->r->key || table < 0 || map_count(c->same) == 0 || !uuid_is_nil(row->id))
		return false;
	struct str key = STR_INIT;
	for (int f = 0; f < c->r->nfields; f++)
		if (on_board(board_table(c->app->board, table), c->r->fields[f], &column)) {
			value_to_text(&key, c->r->fields[f], &row->values[f], LANG_EN);
			str_putc(&key, '\x1f');
		}
	int32_t n = map_get(c->same, str_view(&key));
	if (n > 0)
		map_put(c->same, str_view(&key), n - 1);
	str_free(&key);
	return n > 0;
}

/* ---- child records ---- */

/* What tells children of one record apart: the register's key, a report's kind and date; else its required fields. */
static bool tells_apart(const struct register_def *child, const struct field *f)
{
	for (int i = 0; i < child->nkey; i++)
		if (strcmp(child->key[i], f->name) == 0)
			return true;
	return child->nkey == 0 && f->required && field_is_stored(f) && strcmp(f->name, child->of) != 0;
}

static void child_key(
	struct str *key, struct uuid parent, const struct field *f, const struct value *value)
{
	char id[UUID_TEXT];
	if (key->n == 0) {
		uuid_format(parent, id);
		str_puts(key, id);
	}
	str_putc(key, '|');
	value_to_text(key, f, value, LANG_EN);
}

/* The children that are there already, so that the same ledger can come in again. */
static void index_children(struct known *c)
{
	const struct register_def *child = c->r->child;
	int at = child && child->of ? board_table_named(c->app->board, child->name) : -1;
	const struct board_table *t = at < 0 ? NULL : board_table(c->app->board, at);
	const struct column *up = t ? board_column(t, board_column_named(t, child->of)) : NULL;
	struct map *times = map_open();
	struct str key = STR_INIT;
	for (int32_t row = 0; t && row < board_rows(t); row++) {
		if (!board_alive(t, row))
			continue;
		str_clear(&key);
		for (int f = 0; f < c->r->nchild_fields; f++)
			if (tells_apart(child, c->r->child_fields[f])) {
				struct value v = board_value(c->app->board, c->a, t,
					board_column_named(t, c->r->child_fields[f]->name), row);
				child_key(&key, board_ref(c->app->board, up, row), c->r->child_fields[f], &v);
			}
		int32_t n = map_get(times, str_view(&key)) + 1;
		map_put(times, str_view(&key), n);
		str_printf(&key, "#%d", n);
		map_put(c->children, str_view(&key), row);
	}
	map_close(times);
	str_free(&key);
}

/* The stored child that a row tells of once more; false: a new one. */
bool known_child(struct known *c, struct uuid parent, const struct value *values, struct uuid *out)
{
	struct str key = STR_INIT;
	for (int f = 0; f < c->r->nchild_fields; f++)
		if (tells_apart(c->r->child, c->r->child_fields[f]))
			child_key(&key, parent, c->r->child_fields[f], &values[f]);
	int32_t row = -1;
	if (key.n) {
		int32_t n = map_get(c->given, str_view(&key)) + 1;
		map_put(c->given, str_view(&key), n);
		str_printf(&key, "#%d", n);
		row = map_get(c->children, str_view(&key));
	}
	if (row >= 0)
		*out = board_id(
			board_table(c->app->board, board_table_named(c->app->board, c->r->child->name)), row);
	str_free(&key);
	return row >= 0;
}

struct known *known_open(struct app *app, struct arena *a, const struct ledger_result *r)
{
	struct known *c = must_alloc(sizeof(*c));
	*c = (struct known){app, a, r, map_open(), map_open(), map_open()};
	if (!r->key)
		index_same(c);
	if (r->nchild_fields)
		index_children(c);
	return c;
}

void known_close(struct known *c)
{
	if (!c)
		return;
	map_close(c->children);
	map_close(c->given);
	map_close(c->same);
	free(c);
}
