/* See lookup.h. Names are compared without spaces; likeness is the share of character pairs two names have in common. */
#include "app/lookup.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/utf8.h"

#define INDEXES 64
#define NEAREST_ROWS 20000 /* past that many rows no likeness is searched for */
#define LIKE_PERCENT 40

struct index {
	int table, column;
	struct map *rows; /* plain text -> row; an ambiguous one -> AMBIGUOUS */
};
#define AMBIGUOUS INT32_MAX

struct lookup {
	const struct board *b;
	struct index indexes[INDEXES];
	int n;
	struct str plain;
};

struct lookup *lookup_open(const struct board *b)
{
	struct lookup *l = must_alloc(sizeof(*l));
	l->b = b;
	return l;
}

void lookup_close(struct lookup *l)
{
	if (!l)
		return;
	for (int i = 0; i < l->n; i++)
		map_close(l->indexes[i].rows);
	str_free(&l->plain);
	free(l);
}

/* Without any white space, so that "住 建 局" is found; borrowed until the next call. */
static struct slice plain(struct lookup *l, struct slice text)
{
	str_clear(&l->plain);
	for (size_t at = 0; at < text.n;) {
		size_t from = at;
		uint32_t c = utf8_next(text, &at);
		if (c > 32 && c != 0x3000 && c != 0xa0)
			str_add(&l->plain, text.s + from, at - from);
	}
	return str_view(&l->plain);
}

static struct map *index_of(struct lookup *l, int table, int column)
{
	for (int i = 0; i < l->n; i++)
		if (l->indexes[i].table == table && l->indexes[i].column == column)
			return l->indexes[i].rows;
	if (l->n == INDEXES)
		return NULL;
	struct map *rows = map_open();
	const struct board_table *t = board_table(l->b, table);
	const struct column *c = board_column(t, column);
	for (int32_t row = 0; row < board_rows(t); row++) {
		struct slice word = board_alive(t, row) ? column_word(c, row) : (struct slice){0};
		if (!word.s || word.n == 0)
			continue;
		word = plain(l, word);
		map_put(rows, word, map_get(rows, word) >= 0 ? AMBIGUOUS : row);
	}
	l->indexes[l->n++] = (struct index){table, column, rows};
	return rows;
}

static bool find_in(
	struct lookup *l, int table, const char *column_name, struct slice text, struct uuid *out)
{
	const struct board_table *t = board_table(l->b, table);
	int column = board_column_named(t, column_name);
	if (column < 0)
		return false;
	enum column_kind kind = board_column(t, column)->kind;
	struct map *rows =
		kind == COLUMN_TEXT || kind == COLUMN_CHOICE ? index_of(l, table, column) : NULL;
	int32_t row = rows ? map_get(rows, plain(l, text)) : -1;
	if (row < 0 || row == AMBIGUOUS)
		return false;
	*out = board_id(t, row);
	return true;
}

bool lookup_named(struct lookup *l, const char *reg, struct slice text, struct uuid *out)
{
	static const char *const telling[] = {
		"number", "short_name", "code", "uscc", "project_code", "external_id", "login"};
	int table = board_table_named(l->b, reg);
	if (table < 0 || text.n == 0)
		return false;
	const struct register_def *def = board_register(board_table(l->b, table));
	struct uuid id;
	if (uuid_parse(text, &id) && board_row(board_table(l->b, table), id) >= 0) {
		*out = id;
		return true;
	}
	if (def->title && find_in(l, table, def->title, text, out))
		return true;
	for (size_t i = 0; i < countof(telling); i++)
		if (find_in(l, table, telling[i], text, out))
			return true;
	return false;
}

bool lookup_value(struct lookup *l, const char *reg, const char *field, const struct value *value,
	struct uuid *out)
{
	int table = board_table_named(l->b, reg);
	if (table < 0)
		return false;
	const struct board_table *t = board_table(l->b, table);
	if (value->kind == VALUE_TEXT)
		return find_in(l, table, field ? field : "number", value->text, out);
	int column = field ? board_column_named(t, field) : -1;
	if (column < 0 || value->kind != VALUE_INT)
		return false;
	for (int32_t row = 0; row < board_rows(t); row++)
		if (board_alive(t, row) && column_number(board_column(t, column), row) == value->i) {
			*out = board_id(t, row);
			return true;
		}
	return false;
}

/* ---- likeness ---- */

#define PAIRS 64

static int pairs_of(struct slice text, uint32_t pairs[PAIRS])
{
	int n = 0;
	uint32_t before = 0;
	for (size_t at = 0; at < text.n && n < PAIRS;) {
		uint32_t c = utf8_next(text, &at);
		if (c <= 32)
			continue;
		pairs[n++] = before * 31 + c;
		before = c;
	}
	return n;
}

static int likeness(const uint32_t *a, int na, const uint32_t *b, int nb)
{
	int common = 0;
	for (int i = 0; i < na; i++)
		for (int k = 0; k < nb; k++)
			if (a[i] == b[k]) {
				common++;
				break;
			}
	return na + nb ? common * 200 / (na + nb) : 0;
}

const char *lookup_nearest(struct lookup *l, struct arena *a, const char *reg, struct slice text)
{
	struct {
		int like;
		int32_t row;
	} best[3] = {{0, -1}, {0, -1}, {0, -1}};
	uint32_t wanted[PAIRS], have[PAIRS];
	int table = board_table_named(l->b, reg), nwanted = pairs_of(text, wanted);
	if (table < 0 || board_rows(board_table(l->b, table)) > NEAREST_ROWS)
		return NULL;
	const struct board_table *t = board_table(l->b, table);
	for (int32_t row = 0; row < board_rows(t); row++) {
		struct slice title = board_alive(t, row) ? board_title(t, row) : (struct slice){0};
		int like = title.s ? likeness(wanted, nwanted, have, pairs_of(title, have)) : 0;
		if (like < LIKE_PERCENT || like <= best[2].like)
			continue;
		int at = 2;
		for (; at > 0 && like > best[at - 1].like; at--)
			best[at] = best[at - 1];
		best[at].like = like;
		best[at].row = row;
	}
	struct str out = STR_INIT;
	for (int i = 0; i < 3 && best[i].row >= 0; i++) {
		if (i)
			str_puts(&out, ", ");
		str_slice(&out, board_title(t, best[i].row));
	}
	const char *names = out.n ? arena_text(a, str_view(&out)) : NULL;
	str_free(&out);
	return names;
}
