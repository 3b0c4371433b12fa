#include "intake/xer_cells.h"

#include "base/num.h"

static int32_t column_of(const struct table *t, const char *name)
{
	for (int32_t i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i], name) == 0)
			return i;
	return -1;
}

void cells_open_table(struct cells *x, const char *name, const struct keep_columns *source,
	const char *const *wanted, int32_t nwanted, int32_t nrows)
{
	struct table *t = x->t = &x->tables[x->ntables++];
	int32_t nsource = x->own && source ? source->n : 0;

	*t = (struct table){.name = name,
		.columns = ARENA_ARRAY(x->a, const char *, (size_t)(nsource + nwanted)),
		.rows = ARENA_ARRAY(x->a, const char **, (size_t)nrows + 1)};
	for (int32_t i = 0; i < nsource; i++)
		t->columns[t->ncolumns++] = source->names[i];
	t->nsource = nsource;
	for (int32_t i = 0; i < nwanted; i++)
		if (column_of(t, wanted[i]) < 0)
			t->columns[t->ncolumns++] = wanted[i];
}

void cells_open_row(struct cells *x, const struct keep *keep)
{
	x->row = ARENA_ARRAY(x->a, const char *, (size_t)x->t->ncolumns);
	x->t->rows[x->t->nrows++] = x->row;
	for (int32_t i = 0; x->own && keep->columns && i < keep->columns->n; i++) {
		int32_t c = keep->values[i] ? column_of(x->t, keep->columns->names[i]) : -1;
		if (c >= 0)
			x->row[c] = keep->values[i];
	}
}

const char *cells_kept(const struct cells *x, const char *column)
{
	int32_t c = column_of(x->t, column);
	return c >= 0 && x->row[c] ? x->row[c] : "";
}

/* Tabs and line ends would break the table. */
void cells_set(struct cells *x, const char *column, const char *text)
{
	int32_t c = column_of(x->t, column);
	char *copy;

	if (c < 0 || strcmp(cells_kept(x, column), text) == 0)
		return;
	copy = arena_strdup(x->a, text);
	for (char *s = copy; *s; s++)
		if (*s == '\t' || *s == '\n' || *s == '\r')
			*s = ' ';
	x->row[c] = copy;
}

void cells_fill(struct cells *x, const char *column, const char *text)
{
	if (!x->own)
		cells_set(x, column, text);
}

void cells_set_moment(struct cells *x, const char *column, struct moment m)
{
	struct moment was = MOMENT_NONE;
	char text[20];

	if (!moment_parse(slice_of(cells_kept(x, column)), &was))
		was = MOMENT_NONE;
	if (was.tick == m.tick)
		return;
	moment_text(m, text);
	if (text[0])
		text[10] = ' ';
	cells_set(x, column, text);
}

const char *cells_decimal(struct cells *x, int64_t value, int scale)
{
	struct str s = STR_INIT;
	str_decimal(&s, value, scale);
	char *text = arena_text(x->a, str_view(&s));
	str_free(&s);
	return text;
}

void cells_set_hours(struct cells *x, const char *column, int64_t ticks, int64_t otherwise)
{
	const char *was = cells_kept(x, column);
	int64_t millionths = 0;

	if (!was[0] ? ticks == otherwise && x->own
				: num_plain(slice_of(was), 6, &millionths) &&
				num_muldiv(millionths, TICKS_PER_HOUR, 1000000) == ticks)
		return;
	cells_set(x, column, cells_decimal(x, num_muldiv(ticks, 1000000, TICKS_PER_HOUR), 6));
}

void cells_set_decimal(
	struct cells *x, const char *column, int64_t value, int scale, int64_t otherwise)
{
	const char *was = cells_kept(x, column);
	int64_t before = 0;

	if (!was[0] ? value == otherwise && x->own
				: num_plain(slice_of(was), scale, &before) && before == value)
		return;
	cells_set(x, column, cells_decimal(x, value, scale));
}

void cells_set_word(
	struct cells *x, const char *column, struct xer_words words, int value, int otherwise)
{
	if (!x->own || xer_word_value(words, slice_of(cells_kept(x, column)), otherwise) != value)
		cells_set(x, column, xer_word_text(words, value));
}

void cells_set_flag(struct cells *x, const char *column, bool value, bool otherwise)
{
	const char *was = cells_kept(x, column);
	bool before = was[0] ? strcmp(was, "Y") == 0 : otherwise;

	if (x->own && before == value)
		return;
	cells_set(x, column, value ? "Y" : "N");
}

void cells_refer(struct cells *x, const char *column, const char *id)
{
	if (id && id[0])
		cells_set(x, column, id);
}

void cells_print_row(
	struct str *s, const char *mark, const char *const *values, int32_t n, const bool *shown)
{
	str_puts(s, mark);
	for (int32_t i = 0; i < n; i++)
		if (!shown || shown[i]) {
			str_putc(s, '\t');
			str_puts(s, values[i] ? values[i] : "");
		}
	str_puts(s, "\r\n");
}

void cells_print_table(struct cells *x, struct str *s, const struct table *t)
{
	bool *shown = ARENA_ARRAY(x->a, bool, (size_t)t->ncolumns);

	if (t->nrows == 0)
		return;
	for (int32_t c = 0; c < t->ncolumns; c++) {
		shown[c] = c < t->nsource || !x->own;
		for (int32_t i = 0; i < t->nrows && !shown[c]; i++)
			shown[c] = t->rows[i][c] && t->rows[i][c][0];
	}
	str_printf(s, "%%T\t%s\r\n", t->name);
	cells_print_row(s, "%F", t->columns, t->ncolumns, shown);
	for (int32_t i = 0; i < t->nrows; i++)
		cells_print_row(s, "%R", t->rows[i], t->ncolumns, shown);
}
