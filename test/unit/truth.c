#include "truth.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/os.h"
#include "intake/csv.h"

static void stop(const struct err *err)
{
	struct str s = STR_INIT;
	err_say(err, LANG_EN, &s);
	fprintf(stderr, "%s\n", str_text(&s));
	abort();
}

struct truth truth_open(struct arena *a, const char *folder, const char *name)
{
	struct err err = {0};
	struct slice bytes;
	struct workbook book;
	struct truth t = {.a = a};

	if (!os_read_file(a, arena_printf(a, "%s/%s", folder, name), 64 << 20, &bytes, &err) ||
		!csv_read(a, bytes, &(struct workbook_options){.delimiter = ','}, &book, &err))
		stop(&err);
	const struct sheet *sheet = &book.sheets[0];
	t.ncolumns = sheet->ncolumns;
	t.rows = arena_array(a, sheet->nrows, sizeof(*t.rows));
	for (size_t i = 0; i < sheet->nrows; i++) {
		const char **row = arena_array(a, (size_t)t.ncolumns, sizeof(*row));
		for (int c = 0; c < t.ncolumns; c++) {
			const struct cell *cell = row_cell(&sheet->rows[i], c);
			row[c] = cell ? arena_text(a, cell_text(a, cell)) : "";
		}
		if (i == 0)
			t.columns = row;
		else
			t.rows[t.nrows++] = row;
	}
	return t;
}

int truth_column(const struct truth *t, const char *name)
{
	for (int i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i], name) == 0)
			return i;
	fprintf(stderr, "no column %s\n", name);
	abort();
}

const char *truth_get(const struct truth *t, int row, const char *column)
{
	return t->rows[row][truth_column(t, column)];
}

struct moment truth_moment(const struct truth *t, int row, const char *column)
{
	const char *text = truth_get(t, row, column);
	struct moment m = MOMENT_NONE;
	if (text[0] && !moment_parse(slice_of(text), &m)) {
		fprintf(stderr, "%s: bad date %s\n", column, text);
		abort();
	}
	return m;
}

const char *shared_folder(const char *name)
{
	static char path[4096];
	const char *shared = getenv("GUATU_SHARED");

	snprintf(path, sizeof(path), "%s/data/%s", shared && *shared ? shared : "../shared", name);
	return os_exists(path) ? path : NULL;
}
