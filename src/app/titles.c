/* See titles.h. */
#include "app/titles.h"

#include "board/dictionary.h"

struct titles titles_begin(const struct board *b, struct arena *a)
{
	return (struct titles){.b = b, .a = a, .seen = idmap_open()};
}

void titles_row(struct titles *t, int table, int32_t row)
{
	if (row < 0)
		return;
	struct uuid id = board_id(board_table(t->b, table), row);
	if (idmap_get(t->seen, id) >= 0)
		return;
	if (t->n == t->room) {
		int more = t->room * 2 + 32;
		t->rows = arena_grow(t->a, t->rows, (size_t)t->room, (size_t)more, sizeof(*t->rows));
		t->room = more;
	}
	idmap_put(t->seen, id, t->n);
	t->rows[t->n].table = table;
	t->rows[t->n++].row = row;
}

void titles_value(struct titles *t, const struct field *field, const struct value *v)
{
	if (field->type != FIELD_REF && field->type != FIELD_REFS)
		return;
	int table = board_table_named(t->b, field->to);
	const struct value *items = v->kind == VALUE_LIST ? v->items : v;
	int n = v->kind == VALUE_LIST ? v->n : v->kind == VALUE_ID;
	for (int i = 0; table >= 0 && i < n; i++)
		titles_row(t, table, board_row(board_table(t->b, table), items[i].id));
}

void titles_cell(struct titles *t, const struct column *c, int32_t row)
{
	if (c->target < 0)
		return;
	int32_t cell = ((const int32_t *)c->cells)[row];
	if (cell < 0)
		return;
	if (c->kind == COLUMN_REF) {
		titles_row(t, c->target, cell);
	} else if (c->kind == COLUMN_SET) {
		struct slice members = dictionary_word(c->sets, cell);
		for (size_t i = 0; i < members.n / sizeof(int32_t); i++)
			titles_row(t, c->target, ((const int32_t *)(const void *)members.s)[i]);
	}
}

void titles_end(struct titles *t, struct json_writer *w)
{
	jw_key(w, "titles");
	jw_object(w);
	for (int i = 0; i < t->n; i++) {
		const struct board_table *table = board_table(t->b, t->rows[i].table);
		char id[UUID_TEXT];
		uuid_format(board_id(table, t->rows[i].row), id);
		struct slice title = board_title(table, t->rows[i].row);
		if (title.s)
			jw_ks(w, id, title);
	}
	jw_object_end(w);
	idmap_close(t->seen);
	t->seen = NULL;
}

void ref_json(struct json_writer *w, const struct board *b, const char *reg, struct uuid id)
{
	int table = board_table_named(b, reg);
	int32_t row = table >= 0 && !uuid_is_nil(id) ? board_row(board_table(b, table), id) : -1;
	if (row < 0) {
		jw_null(w);
		return;
	}
	jw_object(w);
	jw_kid(w, "id", id);
	jw_ks(w, "title", board_title(board_table(b, table), row));
	jw_object_end(w);
}
