#include "store/numbering.h"

#include <stdlib.h>

#include "base/map.h"
#include "base/num.h"

#define PREFIX_BYTES 100

struct numbering {
	struct map *map; /* "register\0prefix" -> place in last */
	int64_t *last, *marked;
	int n, nmarked, room;
};

struct numbering *numbering_open(void)
{
	struct numbering *n = must_alloc(sizeof *n);
	n->map = map_open();
	return n;
}

void numbering_close(struct numbering *n)
{
	if (!n)
		return;
	map_close(n->map);
	free(n->last);
	free(n->marked);
	free(n);
}

void numbering_forget(struct numbering *n)
{
	map_close(n->map);
	n->map = map_open();
	n->n = 0;
}

void numbering_mark(struct numbering *n)
{
	if (n->n)
		memcpy(n->marked, n->last, (size_t)n->n * sizeof *n->last);
	n->nmarked = n->n;
}

void numbering_undo(struct numbering *n)
{
	if (n->nmarked == n->n) {
		if (n->n)
			memcpy(n->last, n->marked, (size_t)n->n * sizeof *n->last);
		return;
	}
	/* A count that began since the mark may have seen what is undone. */
	numbering_forget(n);
}

/* The pattern with everything but {seq} filled in. */
struct shape {
	struct str prefix, suffix;
	int digits;
};

static bool shape_of(const char *pattern, struct instant at, struct shape *out)
{
	*out = (struct shape){0};
	struct ymd today = date_ymd(instant_date(at, OFFSET_CHINA));
	bool counts = false;
	for (const char *p = pattern; *p; p++) {
		struct str *to = counts ? &out->suffix : &out->prefix;
		if (strncmp(p, "{yyyy}", 6) == 0) {
			str_printf(to, "%04d", today.year);
			p += 5;
		} else if (strncmp(p, "{mm}", 4) == 0) {
			str_printf(to, "%02d", today.month);
			p += 3;
		} else if (strncmp(p, "{seq", 4) == 0 && strchr(p, '}')) {
			counts = true;
			out->digits = p[4] == ':' && p[5] >= '1' && p[5] <= '9' ? p[5] - '0' : 1;
			p = strchr(p, '}');
		} else {
			str_putc(to, *p);
		}
	}
	return counts && out->prefix.n < PREFIX_BYTES;
}

static void shape_free(struct shape *shape)
{
	str_free(&shape->prefix);
	str_free(&shape->suffix);
}

/* The count in a number of this shape; -1: another shape. */
static int64_t count_in(const struct shape *shape, struct slice number)
{
	size_t around = shape->prefix.n + shape->suffix.n;
	int64_t count;
	if (number.n <= around ||
		memcmp(number.s, shape->prefix.s ? shape->prefix.s : "", shape->prefix.n) != 0 ||
		memcmp(number.s + number.n - shape->suffix.n, shape->suffix.s ? shape->suffix.s : "",
			shape->suffix.n) != 0)
		return -1;
	struct slice digits = {number.s + shape->prefix.n, number.n - around};
	return digits.s[0] >= '0' && digits.s[0] <= '9' && num_int(digits, &count) ? count : -1;
}

/* The largest count in the table. Numbers of other shapes with the same prefix are passed over. */
static bool count_table(
	struct db *db, const struct table *t, const struct shape *shape, int64_t *last, struct err *err)
{
	struct db_statement *st;
	char end[PREFIX_BYTES + 8];
	if (!db_prepare(db, t->last_number, &st, err))
		return false;
	struct slice prefix = {shape->prefix.s ? shape->prefix.s : "", shape->prefix.n};
	memcpy(end, prefix.s, prefix.n);
	memcpy(end + prefix.n, "\xf4\x8f\xbf\xbf", 5); /* the last character there is */
	db_slice(st, 1, prefix);
	db_text(st, 2, end);
	bool row;
	*last = 0;
	for (;;) {
		if (!db_step(st, &row, err))
			return false;
		if (!row)
			return true;
		int64_t count = count_in(shape, db_get_text(st, 0));
		if (count >= 0) {
			*last = count;
			db_done(st);
			return true;
		}
	}
}

static struct slice key_of(
	const struct table *t, const struct shape *shape, char room[2 * PREFIX_BYTES])
{
	size_t n = strlen(t->reg->name);
	n = n < PREFIX_BYTES ? n : PREFIX_BYTES - 1;
	memcpy(room, t->reg->name, n);
	room[n] = '\0';
	if (shape->prefix.n)
		memcpy(room + n + 1, shape->prefix.s, shape->prefix.n);
	return (struct slice){room, n + 1 + shape->prefix.n};
}

static void remember(struct numbering *n, struct slice key, int64_t last)
{
	if (n->n == n->room) {
		n->room = n->room ? n->room * 2 : 16;
		n->last = must_realloc(n->last, (size_t)n->room * sizeof *n->last);
		n->marked = must_realloc(n->marked, (size_t)n->room * sizeof *n->marked);
	}
	n->last[n->n] = last;
	map_put(n->map, key, n->n++);
}

bool numbering_next(struct numbering *n, struct arena *a, struct db *db, const struct table *t,
	struct instant at, const char **out, struct err *err)
{
	struct shape shape = {0};
	char room[2 * PREFIX_BYTES];
	*out = NULL;
	bool ok = true;
	if (t->reg->number && shape_of(t->reg->number, at, &shape)) {
		struct slice key = key_of(t, &shape, room);
		int32_t place = map_get(n->map, key);
		int64_t last;
		if (place < 0) {
			ok = count_table(db, t, &shape, &last, err);
			if (ok)
				remember(n, key, last);
			place = n->n - 1;
		}
		if (ok)
			*out = arena_printf(a, "%s%0*lld%s", str_text(&shape.prefix), shape.digits,
				(long long)++n->last[place], str_text(&shape.suffix));
	}
	shape_free(&shape);
	return ok;
}

void numbering_seen(
	struct numbering *n, const struct table *t, struct instant at, const char *number)
{
	struct shape shape = {0};
	char room[2 * PREFIX_BYTES];
	if (t->reg->number && shape_of(t->reg->number, at, &shape)) {
		int32_t place = map_get(n->map, key_of(t, &shape, room));
		int64_t count = count_in(&shape, slice_of(number));
		if (place >= 0 && count > n->last[place])
			n->last[place] = count;
	}
	shape_free(&shape);
}
