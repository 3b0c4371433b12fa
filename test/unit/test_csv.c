/* CSV: what people write, and what must be refused with its place. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>

#include "base/os.h"
#include "intake/csv.h"

static struct workbook read_text(struct arena *a, struct slice text)
{
	struct workbook book;
	struct err err;
	if (!csv_read(a, text, NULL, &book, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		fail_msg("%s", str_text(&why));
	}
	return book;
}

/* The sheet as "cell|cell/cell|cell", so that a case is one line. */
static const char *flat(struct arena *a, struct slice text)
{
	struct workbook book = read_text(a, text);
	struct str out = STR_INIT;
	for (size_t r = 0; r < book.sheets[0].nrows; r++) {
		const struct sheet_row *row = &book.sheets[0].rows[r];
		str_puts(&out, r ? "/" : "");
		for (int c = 0; c <= row->cells[row->n - 1].column; c++) {
			str_puts(&out, c ? "|" : "");
			str_slice(&out, cell_text(a, row_cell(row, c)));
		}
	}
	char *result = arena_text(a, str_view(&out));
	str_free(&out);
	return result;
}

static void cells_are_read_as_written(void **state)
{
	static const struct {
		const char *text, *want;
	} cases[] = {
		{"a,b\n1,2\n", "a|b/1|2"},
		{"a,b\r\n1,2", "a|b/1|2"},
		{"a,b\r1,2\r", "a|b/1|2"},
		{"\xEF\xBB\xBF"
		 "a,b\n1,2\n",
			"a|b/1|2"},
		{"a;b;c\n1,5;2,5;3\n", "a|b|c/1,5|2,5|3"},
		{"a\tb\n1\t2\n", "a|b/1|2"},
		{"a|b\n1|2\n", "a|b/1|2"},
		{"a,b\n\"x,y\",\"two\nlines\"\n", "a|b/x,y|two\nlines"},
		{"a,b\n\"say \"\"so\"\"\",\"\"\n", "a|b/say \"so\""},
		{"a,b\n5\" pipe,\"quoted\" tail\n", "a|b/5\" pipe|quoted tail"},
		{"a,b\n\n,\n1,2\n", "a|b/1|2"},
		{"a,b\n'=1+1,'-3\n", "a|b/=1+1|-3"},
		{"a,b\n'tis,''x\n", "a|b/'tis|'x"},
		{"\"a\tb\"\n\"1\t2\"\n\"3\t4\"\n", "a|b/1|2/3|4"},
		{"one\ntwo\n", "one/two"},
	};
	struct arena *a = arena_open();
	for (size_t i = 0; i < countof(cases); i++)
		assert_string_equal(flat(a, slice_of(cases[i].text)), cases[i].want);
	arena_close(a);
}

static void charsets_come_out_as_utf8(void **state)
{
	struct arena *a = arena_open();
	/* 项目,总投资 / 东环路,12 in GB18030; the pound sign in Windows-1252; a,b/é,1 in UTF-16 with its mark */
	assert_string_equal(
		flat(a, SLICE("\xCF\xEE\xC4\xBF,\xD7\xDC\xCD\xB6\xD7\xCA\n\xB6\xAB\xBB\xB7\xC2\xB7,12\n")),
		"项目|总投资/东环路|12");
	assert_string_equal(flat(a,
							SLICE("name,cost\nbridge,\xA3"
								  "12.5 \x96 maybe\n")),
		"name|cost/bridge|£12.5 – maybe");
	assert_string_equal(flat(a,
							SLICE("\xFF\xFE"
								  "a\0,\0b\0\n\0\xE9\0,\0001\0\n\0")),
		"a|b/é|1");
	arena_close(a);
}

static void rows_are_numbered_as_a_spreadsheet_does(void **state)
{
	struct arena *a = arena_open();
	struct workbook book = read_text(a, SLICE("a,b\n\"1\n2\n3\",x\n\ny,z\n"));
	assert_int_equal(book.sheets[0].nrows, 3);
	assert_int_equal(book.sheets[0].rows[1].at, 1);
	assert_int_equal(book.sheets[0].rows[2].at, 3);
	arena_close(a);
}

static void refusals_name_the_line(void **state)
{
	struct arena *a = arena_open();
	struct workbook book;
	struct err err;
	assert_false(csv_read(a, SLICE("a,b\n1,2\n3,\"open\n5,6\n"), NULL, &book, &err));
	assert_place(&err, "line 3", "第 3 行");
	assert_string_equal(err.fmt, "a quote opens here and never closes");
	assert_false(csv_read(a, SLICE("a,b\n1,\0002\n"), NULL, &book, &err));
	assert_place(&err, "line 2", "第 2 行");

	size_t n = LIMIT_IMPORT_CELL_BYTES + 100;
	char *large = arena_alloc(a, n);
	memset(large, 'x', n);
	memcpy(large, "a\n\"", 3);
	large[n - 1] = '"';
	assert_false(csv_read(a, (struct slice){large, n}, NULL, &book, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_place(&err, "line 2", "第 2 行");
	large[2] = 'x';
	assert_false(csv_read(a, (struct slice){large, n}, NULL, &book, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	memset(large, ',', n);
	large[n - 1] = 'x';
	assert_false(csv_read(a, (struct slice){large, n}, NULL, &book, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_place(&err, "line 1", "第 1 行");
	arena_close(a);
}

/* One deterministic storm of hostile bytes: reading ends, with a table or with a reason. */
static void any_bytes_end_well(void **state)
{
	static const char alphabet[] = "\",;\n\r\t'|a\xA3\xE4\xB8";
	uint32_t seed = 1;
	for (int round = 0; round < 3000; round++) {
		char text[64];
		size_t n = (size_t)round % sizeof text;
		for (size_t i = 0; i < n; i++) {
			seed = seed * 1664525 + 1013904223;
			text[i] = alphabet[(seed >> 16) % (sizeof alphabet - 1)];
		}
		struct arena *a = arena_open();
		struct workbook book;
		struct err err;
		if (csv_read(a, (struct slice){text, n}, NULL, &book, &err))
			for (size_t r = 0; r < book.sheets[0].nrows; r++)
				assert_true(book.sheets[0].rows[r].n > 0);
		else
			assert_true(err.code == ERR_INPUT || err.code == ERR_LIMIT);
		arena_close(a);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(cells_are_read_as_written),
		cmocka_unit_test(charsets_come_out_as_utf8),
		cmocka_unit_test(rows_are_numbered_as_a_spreadsheet_does),
		cmocka_unit_test(refusals_name_the_line),
		cmocka_unit_test(any_bytes_end_well),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
