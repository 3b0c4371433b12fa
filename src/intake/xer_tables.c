#include "intake/xer_tables.h"

#include "base/utf8.h"

static const char *charset_word(enum charset set)
{
	return charset_name(set);
}

/* Splits one line into fields in place: tabs become NULs. Returns the count, at most `room`. */
static int32_t split(char *line, char *end, const char **fields, int32_t room)
{
	int32_t n = 0;

	*end = 0;
	for (char *at = line; n < room; at++) {
		char *tab = memchr(at, '\t', (size_t)(end - at));
		fields[n++] = at;
		if (!tab)
			break;
		*tab = 0;
		at = tab;
	}
	return n;
}

static bool add_table(
	struct arena *a, struct xer_file *f, int32_t *room, const char *name, int32_t line)
{
	if (f->ntables == *room) {
		int32_t more = *room ? *room * 2 : 32;
		f->tables = arena_grow(a, f->tables, (size_t)*room, (size_t)more, sizeof(*f->tables));
		*room = more;
	}
	f->current = f->ntables;
	f->tables[f->ntables++] = (struct xer_table){.columns = {.table = name}, .line = line};
	return true;
}

static const char *const *copy_fields(
	struct arena *a, const char *const *fields, int32_t n, int32_t want)
{
	const char **out = arena_array(a, (size_t)(want ? want : 1), sizeof(*out));
	for (int32_t i = 0; i < n && i < want; i++)
		out[i] = fields[i];
	return out;
}

static bool add_row(struct arena *a, struct xer_table *t, const char *const *fields, int32_t n,
	int32_t line, struct err *err)
{
	if (t->columns.n == 0)
		return err_set(
			err, ERR_INPUT, NULL, "a row of table %s before its columns", t->columns.table);
	if (t->nrows == LIMIT_IMPORT_ROWS)
		return err_set(err, ERR_LIMIT, NULL, "table %s has more than %d rows", t->columns.table,
			LIMIT_IMPORT_ROWS);
	if (t->nrows == t->rows_room) {
		int32_t room = t->rows_room ? t->rows_room * 2 : 64;
		t->rows = arena_grow(a, t->rows, (size_t)t->rows_room, (size_t)room, sizeof(*t->rows));
		t->rows_room = room;
	}
	t->rows[t->nrows++] = (struct xer_row){copy_fields(a, fields, n, t->columns.n), line};
	return true;
}

static const char *trimmed(const char *s)
{
	char *end;
	while (*s == ' ')
		s++;
	end = (char *)s + strlen(s); /* the text is ours */
	while (end > s && (end[-1] == ' ' || end[-1] == '\r'))
		*--end = 0;
	return s;
}

/* Files put together from several name a table again: its rows go on with the first one's. */
static bool join_table(struct xer_file *f, struct err *err)
{
	const struct keep_columns *again = &f->tables[f->current].columns;

	for (int32_t i = 0; i < f->current; i++) {
		const struct keep_columns *first = &f->tables[i].columns;
		if (strcmp(first->table, again->table) != 0)
			continue;
		bool same = first->n == again->n;
		for (int32_t c = 0; c < first->n && same; c++)
			same = strcmp(first->names[c], again->names[c]) == 0;
		if (!same)
			return err_set(
				err, ERR_INPUT, NULL, "table %s stands twice, with other columns", again->table);
		f->ntables--;
		f->current = i;
		return true;
	}
	return true;
}

static bool parse_line(struct arena *a, struct xer_file *f, int32_t *room, const char **fields,
	int32_t n, int32_t line, struct err *err)
{
	const char *mark = fields[0];
	struct xer_table *table = f->ntables ? &f->tables[f->current] : NULL;

	if (strcmp(mark, "%R") == 0) {
		if (!table)
			return err_set(err, ERR_INPUT, NULL, "a row before any table");
		return add_row(a, table, fields + 1, n - 1, line, err);
	}
	if (strcmp(mark, "%T") == 0) {
		if (n < 2 || !fields[1][0])
			return err_set(err, ERR_INPUT, NULL, "a table without a name");
		return add_table(a, f, room, trimmed(fields[1]), line);
	}
	if (strcmp(mark, "%F") == 0) {
		if (!table || table->columns.n)
			return err_set(err, ERR_INPUT, NULL, "columns without a table");
		for (int32_t i = 1; i < n; i++)
			fields[i] = trimmed(fields[i]);
		table->columns.n = n - 1;
		table->columns.names = copy_fields(a, fields + 1, n - 1, n - 1);
		return join_table(f, err);
	}
	if (strncmp(mark, "%E", 2) == 0)
		return f->ended = true;
	if (mark[0] == 0 || strncmp(mark, "ERMTAIL", 7) == 0)
		return true;
	/* A text field with a line break in it, or rubbish: we cannot tell which field it belongs to. */
	return err_set(
		err, ERR_INPUT, NULL, "\"%.40s\" is not the start of a line of an XER file", mark);
}

bool xer_parse(struct arena *a, struct slice bytes, struct xer_file *out, struct err *err)
{
	enum charset set = charset_guess(bytes);
	struct xer_file f = {.encoding = charset_word(set)};
	const char **fields = arena_array(a, LIMIT_IMPORT_COLUMNS + 1, sizeof(*fields));
	struct slice text;
	size_t bad = 0;
	int32_t room = 0, line = 0;

	if (!charset_decode(a, set, bytes, &text, &bad, err))
		return false;
	if (memchr(text.s, 0, text.n))
		return err_set(err, ERR_INPUT, NULL, "this is not a text file: it contains zero bytes");
	char *s = arena_text(a, text), *end = s + text.n;
	for (char *at = s; at < end; line++) {
		char *stop = memchr(at, '\n', (size_t)(end - at)), *next;
		next = stop ? stop + 1 : end;
		stop = stop ? stop : end;
		if (stop > at && stop[-1] == '\r')
			stop--;
		int32_t n = split(at, stop, fields, LIMIT_IMPORT_COLUMNS + 1);
		if (n > LIMIT_IMPORT_COLUMNS) {
			err_set(err, ERR_LIMIT, NULL, "more than %d fields", LIMIT_IMPORT_COLUMNS);
			return err_in(err, "line %d", line + 1);
		}
		if (line == 0) {
			if (strcmp(fields[0], "ERMHDR") != 0)
				return err_set(err, ERR_INPUT, NULL,
					"line 1 does not start with ERMHDR: this is not an XER file");
			f.nhead = n - 1;
			f.head = copy_fields(a, fields + 1, n - 1, n - 1);
		} else if (!parse_line(a, &f, &room, fields, n, line + 1, err)) {
			return err_in(err, "line %d", line + 1);
		}
		at = next;
	}
	if (line == 0)
		return err_set(err, ERR_INPUT, NULL, "the file is empty");
	f.nlines = line;
	*out = f;
	return true;
}

const struct xer_table *xer_table(const struct xer_file *file, const char *name)
{
	for (int32_t i = 0; i < file->ntables; i++)
		if (strcmp(file->tables[i].columns.table, name) == 0)
			return &file->tables[i];
	return NULL;
}

int32_t xer_column(const struct xer_table *table, const char *name)
{
	for (int32_t i = 0; table && i < table->columns.n; i++)
		if (strcmp(table->columns.names[i], name) == 0)
			return i;
	return -1;
}
