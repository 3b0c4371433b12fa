#include "cli/text_table.h"

#include <stdlib.h>

#include "base/base.h"
#include "base/utf8.h"

void table_add(struct table *t, const char *cell)
{
	if (t->n == t->room) {
		t->room = t->room ? t->room * 2 : 64;
		t->cells = must_realloc(t->cells, (size_t)t->room * sizeof(*t->cells));
	}
	t->cells[t->n++] = cell ? cell : "";
}

/* What a file brings must not move the cursor or colour the window. */
static uint32_t shown(uint32_t c)
{
	return c < 32 || (c >= 0x7F && c < 0xA0) ? ' ' : c;
}

static void add_shown(struct str *line, uint32_t c)
{
	char bytes[4];
	str_add(line, bytes, (size_t)utf8_encode(shown(c), bytes));
}

void say_line(FILE *to, const char *text)
{
	struct slice s = slice_of(text);
	struct str line = STR_INIT;
	for (size_t at = 0; at < s.n;)
		add_shown(&line, utf8_next(s, &at));
	str_putc(&line, '\n');
	fwrite(line.s, 1, line.n, to);
	str_free(&line);
}

static int width_of(const char *cell)
{
	struct slice text = slice_of(cell);
	int width = 0;
	for (size_t at = 0; at < text.n;)
		width += utf8_width(shown(utf8_next(text, &at)));
	return width;
}

/* At most `most` wide (0: all of it); returns the width written. */
static int put_cell(struct str *line, const char *cell, int most)
{
	struct slice text = slice_of(cell);
	bool cut = most > 0 && width_of(cell) > most;
	int width = 0;
	for (size_t at = 0; at < text.n;) {
		uint32_t c = shown(utf8_next(text, &at));
		if (cut && width + utf8_width(c) > most - 1)
			break;
		add_shown(line, c);
		width += utf8_width(c);
	}
	if (cut)
		str_puts(line, "…");
	return width + cut;
}

static void pad(struct str *line, int n)
{
	for (; n > 0; n--)
		str_putc(line, ' ');
}

/* Figures stand right; what stands left is padded only if something follows it. */
static void put_row(const struct table *t, const int *widths, const char **cells)
{
	struct str line = STR_INIT;
	int last = t->ncolumns - 1;
	while (last > 0 && !cells[last][0])
		last--;
	for (int c = 0; c <= last; c++) {
		int width = width_of(cells[c]);
		width = t->widest[c] && width > t->widest[c] ? t->widest[c] : width;
		pad(&line, 2);
		if (t->right[c])
			pad(&line, widths[c] - width);
		width = put_cell(&line, cells[c], t->widest[c]);
		if (!t->right[c] && c < last)
			pad(&line, widths[c] - width);
	}
	str_putc(&line, '\n');
	fwrite(line.s, 1, line.n, stdout);
	str_free(&line);
}

void table_print(struct table *t)
{
	int widths[TABLE_COLUMNS] = {0};
	for (int i = 0; i < t->n; i++) {
		int c = i % t->ncolumns, width = width_of(t->cells[i]);
		width = t->widest[c] && width > t->widest[c] ? t->widest[c] : width;
		widths[c] = width > widths[c] ? width : widths[c];
	}
	for (int i = 0; i < t->n; i += t->ncolumns)
		put_row(t, widths, t->cells + i);
	free(t->cells);
	t->cells = NULL;
	t->n = t->room = 0;
}
