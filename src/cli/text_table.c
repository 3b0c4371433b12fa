#include "cli/text_table.h"

#include <stdio.h>
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

static uint32_t shown(uint32_t c)
{
	return c < 32 ? ' ' : c;
}

static int width_of(const char *cell)
{
	struct slice text = slice_of(cell);
	int width = 0;
	for (size_t at = 0; at < text.n;)
		width += utf8_width(shown(utf8_next(text, &at)));
	return width;
}

/* At most `most` wide (0: all of it); returns the width printed. */
static int put_cell(const char *cell, int most)
{
	struct slice text = slice_of(cell);
	bool cut = most > 0 && width_of(cell) > most;
	int width = 0;
	for (size_t at = 0; at < text.n;) {
		char bytes[4];
		uint32_t c = shown(utf8_next(text, &at));
		if (cut && width + utf8_width(c) > most - 1)
			break;
		fwrite(bytes, 1, (size_t)utf8_encode(c, bytes), stdout);
		width += utf8_width(c);
	}
	if (cut)
		fputs("…", stdout);
	return width + cut;
}

static void pad(int n)
{
	for (; n > 0; n--)
		putchar(' ');
}

void table_print(struct table *t)
{
	int widths[TABLE_COLUMNS] = {0};
	for (int i = 0; i < t->n; i++) {
		int c = i % t->ncolumns, width = width_of(t->cells[i]);
		width = t->widest[c] && width > t->widest[c] ? t->widest[c] : width;
		widths[c] = width > widths[c] ? width : widths[c];
	}
	for (int i = 0; i < t->n; i++) {
		int c = i % t->ncolumns;
		bool last = c == t->ncolumns - 1;
		int width = width_of(t->cells[i]);
		width = t->widest[c] && width > t->widest[c] ? t->widest[c] : width;
		pad(2);
		if (t->right[c])
			pad(widths[c] - width);
		width = put_cell(t->cells[i], t->widest[c]);
		if (!t->right[c] && !last)
			pad(widths[c] - width);
		if (last)
			putchar('\n');
	}
	free(t->cells);
	t->cells = NULL;
	t->n = t->room = 0;
}
