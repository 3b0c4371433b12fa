/* Workbooks: what cells hold, and every hostile file that has a name. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>

#include "base/os.h"
#include "intake/workbook.h"
#include "intake/xlsx_parts.h"
#include "test/unit/zip_make.h"

#define ROW(cells) "<sheetData><row r=\"1\">" cells "</row></sheetData>"

static struct workbook must_read(struct arena *a, struct slice bytes)
{
	struct workbook book;
	struct err err;
	if (!workbook_read(a, bytes, NULL, &book, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		fail_msg("%s", str_text(&why));
	}
	return book;
}

static const struct cell *cell_at(const struct workbook *book, size_t row, int column)
{
	assert_true(row < book->sheets[0].nrows);
	return row_cell(&book->sheets[0].rows[row], column);
}

static void cell_is(struct arena *a, const struct cell *cell, enum cell_kind kind, const char *text)
{
	assert_non_null(cell);
	assert_int_equal(cell->kind, kind);
	struct slice got = cell_text(a, cell);
	assert_int_equal(got.n, strlen(text));
	assert_memory_equal(got.s, text, got.n);
}

static void every_kind_of_cell(void **state)
{
	struct arena *a = arena_open();
	struct workbook book = must_read(a,
		xlsx_make(a,
			ROW("<c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\"><v>12.5</v></c><c r=\"C1\" "
				"t=\"b\"><v>1</v></c>"
				"<c r=\"D1\" t=\"e\"><v>#N/A</v></c><c r=\"E1\" "
				"t=\"str\"><f>A1&amp;1</f><v>x&lt;y</v></c>"
				"<c r=\"F1\" "
				"t=\"inlineStr\"><is><r><t>in</t></r><r><t>line</t></r><rPh><t>gloss</t></rPh></"
				"is></c>"
				"<c r=\"G1\" s=\"1\"><v>45292</v></c><c r=\"H1\" s=\"2\"><v>0.361</v></c><c "
				"r=\"I1\" s=\"3\"><v>45292.5</v></c>"
				"<c r=\"J1\" s=\"1\"><v>59</v></c><c r=\"K1\" s=\"1\"><v>61</v></c><c r=\"L1\" "
				"s=\"4\"><v>7</v></c>"
				"<c r=\"M1\"><v>-1.5E-3</v></c><c r=\"O1\" s=\"1\"/>") "<mergeCells><mergeCell "
																	   "ref=\"A1:C2\"/></"
																	   "mergeCells>",
			"<sst><si><t>zero</t></si><si><r><t>ri</t></r><r><t>ch_x000D_</t></r><rPh sb=\"0\" "
			"eb=\"1\"><t>no</t></rPh></si></sst>",
			"<styleSheet><numFmts><numFmt numFmtId=\"164\" "
			"formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;\"/>"
			"<numFmt numFmtId=\"165\" "
			"formatCode=\"0.00&quot;days&quot;\"/></numFmts><cellStyleXfs><xf "
			"numFmtId=\"14\"/></cellStyleXfs>"
			"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"10\"/><xf "
			"numFmtId=\"164\"/><xf numFmtId=\"165\"/>"
			"</cellXfs></styleSheet>",
			NULL));
	cell_is(a, cell_at(&book, 0, 0), CELL_TEXT, "rich\r");
	cell_is(a, cell_at(&book, 0, 1), CELL_NUMBER, "12.5");
	cell_is(a, cell_at(&book, 0, 2), CELL_BOOL, "TRUE");
	cell_is(a, cell_at(&book, 0, 3), CELL_ERROR, "#N/A");
	cell_is(a, cell_at(&book, 0, 4), CELL_TEXT, "x<y");
	assert_true(cell_at(&book, 0, 4)->formula);
	cell_is(a, cell_at(&book, 0, 5), CELL_TEXT, "inline");
	cell_is(a, cell_at(&book, 0, 6), CELL_DATE, "2024-01-01");
	cell_is(a, cell_at(&book, 0, 7), CELL_PERCENT, "36.1%");
	cell_is(a, cell_at(&book, 0, 8), CELL_DATE, "2024-01-01 12:00:00");
	cell_is(a, cell_at(&book, 0, 9), CELL_DATE, "1900-02-28");
	cell_is(a, cell_at(&book, 0, 10), CELL_DATE, "1900-03-01");
	cell_is(a, cell_at(&book, 0, 11), CELL_NUMBER, "7");
	cell_is(a, cell_at(&book, 0, 12), CELL_NUMBER, "-0.0015");
	assert_null(cell_at(&book, 0, 13));
	assert_null(cell_at(&book, 0, 14));
	assert_int_equal(book.sheets[0].nmerges, 1);
	assert_int_equal(book.sheets[0].merges[0].bottom, 1);
	arena_close(a);
}

static void the_1904_system_and_gaps(void **state)
{
	struct arena *a = arena_open();
	struct workbook book = must_read(a,
		xlsx_make(a,
			"<dimension ref=\"A1:XFD1048576\"/><sheetData><row><c><v>1</v></c><c "
			"r=\"D1\"><v>2</v></c><c><v>3</v></c></row>"
			"<row r=\"1000000\" hidden=\"1\"><c r=\"B1000000\" "
			"s=\"1\"><v>43830</v></c></row></sheetData>",
			NULL,
			"<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>",
			"<workbookPr date1904=\"1\"/>"));
	assert_int_equal(book.sheets[0].nrows, 2);
	cell_is(a, cell_at(&book, 0, 4), CELL_NUMBER, "3");
	assert_int_equal(book.sheets[0].rows[1].at, 999999);
	assert_true(book.sheets[0].rows[1].hidden);
	cell_is(a, cell_at(&book, 1, 1), CELL_DATE, "2024-01-01");
	arena_close(a);
}

static void formats_tell_dates(void **state)
{
	static const struct {
		const char *code;
		enum format_kind kind;
	} cases[] = {
		{"General", FORMAT_NUMBER},
		{"0.00", FORMAT_NUMBER},
		{"#,##0.00_ ;[Red]\\-#,##0.00\\ ", FORMAT_NUMBER},
		{"0.00E+00", FORMAT_NUMBER},
		{"0%", FORMAT_PERCENT},
		{"yyyy/m/d", FORMAT_DATE},
		{"[$-804]yyyy\"年\"m\"月\"", FORMAT_DATE},
		{"\"days \"0", FORMAT_NUMBER},
		{"\\d0", FORMAT_NUMBER},
		{"[h]:mm", FORMAT_DATE},
		{"0.0\"万元\"", FORMAT_NUMBER},
	};
	for (size_t i = 0; i < countof(cases); i++)
		assert_int_equal(xlsx_format_kind(cases[i].code), cases[i].kind);
	int column;
	uint32_t row;
	assert_true(xlsx_reference("XFD1048576", 10, &column, &row));
	assert_int_equal(column, 16383);
	assert_false(xlsx_reference("XFE1", 4, &column, &row));
	assert_false(xlsx_reference("A0", 2, &column, &row));
	assert_false(xlsx_reference("A-1", 3, &column, &row));
	assert_false(xlsx_reference("A1048577", 8, &column, &row));
	assert_false(xlsx_reference("A", 1, &column, &row));
	assert_false(xlsx_reference("12", 2, &column, &row));
}

static void refused(
	struct arena *a, struct slice bytes, enum err_code code, const char *where, const char *fmt)
{
	struct workbook book;
	struct err err;
	assert_false(workbook_read(a, bytes, NULL, &book, &err));
	assert_string_equal(err.fmt, fmt);
	assert_int_equal(err.code, code);
	const char *line = strstr(where, ", line 1");
	assert_place(
		&err, where, line ? arena_printf(a, "%.*s，第 1 行", (int)(line - where), where) : NULL);
}

static void bad_sheets_name_the_place(void **state)
{
	static const struct {
		const char *sheet, *where, *fmt;
	} cases[] = {
		{ROW("<c r=\"B1\" t=\"s\"><v>7</v></c>"), "data!B1",
			"shared string \"%s\" does not exist; there are %zu"},
		{ROW("<c r=\"B1\" t=\"s\"><v>-1</v></c>"), "data!B1",
			"shared string \"%s\" does not exist; there are %zu"},
		{ROW("<c r=\"-1\"><v>1</v></c>"), "data!1:1", "cell reference \"%s\" is not one"},
		{ROW("<c r=\"A-5\"><v>1</v></c>"), "data!1:1", "cell reference \"%s\" is not one"},
		{ROW("<c r=\"A2\"><v>1</v></c>"), "data!1:1", "cell \"%s\" stands in row %lld"},
		{ROW("<c r=\"B1\"><v>1</v></c><c r=\"A1\"><v>1</v></c>"), "data!B1",
			"cell \"%s\" is out of order"},
		{ROW("<c r=\"A1\"><v>twelve</v></c>"), "data!A1", "\"%s\" is not a number"},
		{ROW("<c r=\"A1\"><v>1e999</v></c>"), "data!A1", "\"%s\" is not a number"},
		{"<sheetData><row r=\"1000000000\"/></sheetData>", "data",
			"row number \"%s\" is not between 1 and %d"},
		{"<sheetData><row r=\"-4\"/></sheetData>", "data",
			"row number \"%s\" is not between 1 and %d"},
		{"<sheetData><row r=\"5\"/><row r=\"5\"/></sheetData>", "data",
			"row %s stands after row %lld"},
		{"<mergeCells><mergeCell ref=\"B2:A1\"/></mergeCells>", "data",
			"merged range \"%s\" is not one"},
	};
	struct arena *a = arena_open();
	for (size_t i = 0; i < countof(cases); i++)
		refused(a, xlsx_make(a, cases[i].sheet, NULL, NULL, NULL), ERR_INPUT, cases[i].where,
			cases[i].fmt);
	refused(a, xlsx_make(a, ROW("<c r=\"DDD1\"><v>1</v></c>"), NULL, NULL, NULL), ERR_LIMIT,
		"data!DDD1", "column %s lies past the limit of %d columns");
	arena_close(a);
}

static void bombs_do_not_go_off(void **state)
{
	struct arena *a = arena_open();
	/* entities: the DOCTYPE alone is refused */
	refused(a,
		xlsx_make(a, ROW(""),
			"<!DOCTYPE x [<!ENTITY a \"b\"><!ENTITY c \"&a;&a;\">]><sst>&c;</sst>", NULL, NULL),
		ERR_INPUT, "xl/sharedStrings.xml, line 1",
		"document type declarations are not read (entities could be hostile)");
	/* a zip bomb: 64 MiB of spaces deflate about 1000 times */
	size_t n = 64u << 20;
	char *spaces = malloc(n);
	memset(spaces, ' ', n);
	const struct zip_part parts[] = {{"xl/worksheets/sheet1.xml", spaces, n}};
	refused(a, zip_make(a, parts, 1), ERR_LIMIT, "xl/worksheets/sheet1.xml",
		"zip entry inflates more than %d times");
	free(spaces);
	struct str deep = STR_INIT;
	for (int i = 0; i < 100; i++)
		str_puts(&deep, "<a>");
	for (int i = 0; i < 100; i++)
		str_puts(&deep, "</a>");
	refused(a, xlsx_make(a, str_text(&deep), NULL, NULL, NULL), ERR_LIMIT,
		"xl/worksheets/sheet1.xml, line 1", "elements nested more than %d deep");
	str_free(&deep);
	arena_close(a);
}

static void other_files_are_named(void **state)
{
	struct arena *a = arena_open();
	refused(a, SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 W\0o\0r\0k\0b\0o\0o\0k"), ERR_INPUT, "",
		"an old Excel file (.xls); open it and save it as .xlsx");
	refused(a,
		SLICE("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"
			  "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e\0"),
		ERR_INPUT, "", "the workbook is protected by a password; save it without one");
	refused(a, SLICE("%PDF-1.4"), ERR_INPUT, "", "a PDF, not a table; ask for the .xlsx behind it");
	refused(a, SLICE(" <html><table>"), ERR_INPUT, "",
		"a web page or XML, whatever its name says; open it and save it as .xlsx");
	refused(a, SLICE(""), ERR_INPUT, "", "the file is empty");
	const struct zip_part ods[] = {{"content.xml", "<x/>", 0}}, zip[] = {{"a.txt", "x", 0}},
						  word[] = {{"word/document.xml", "x", 0}};
	refused(a, zip_make(a, ods, 1), ERR_INPUT, "", "an OpenDocument file; save it as .xlsx");
	refused(a, zip_make(a, zip, 1), ERR_INPUT, "", "a zip file, but not a workbook");
	refused(a, zip_make(a, word, 1), ERR_INPUT, "", "a text document (.docx), not a workbook");
	arena_close(a);
}

/* A workbook cut off at any byte is refused, never misread and never a crash. */
static void truncated_files_are_refused(void **state)
{
	struct arena *a = arena_open();
	struct slice whole = xlsx_make(
		a, ROW("<c r=\"A1\" t=\"s\"><v>0</v></c>"), "<sst><si><t>x</t></si></sst>", NULL, NULL);
	for (size_t n = 4; n < whole.n; n++) {
		struct arena *scratch = arena_open();
		struct workbook book;
		struct err err;
		assert_false(workbook_read(scratch, (struct slice){whole.s, n}, NULL, &book, &err));
		assert_true(err.code == ERR_INPUT || err.code == ERR_LIMIT);
		arena_close(scratch);
	}
	/* and one with a flipped bit anywhere ends somehow, with the sanitizers watching */
	for (size_t i = 0; i < whole.n; i++) {
		struct arena *scratch = arena_open();
		char *copy = arena_text(scratch, whole);
		copy[i] ^= 0x40;
		struct workbook book;
		struct err err;
		if (!workbook_read(scratch, (struct slice){copy, whole.n}, NULL, &book, &err))
			assert_true(err.code != ERR_NONE);
		arena_close(scratch);
	}
	arena_close(a);
}

static void json_tables(void **state)
{
	struct arena *a = arena_open();
	struct workbook book = must_read(
		a, SLICE("[{\"a\":1,\"b\":\"x\"},{\"b\":null,\"c\":true,\"a\":2.5},{\"c\":[1,2]}]"));
	assert_int_equal(book.sheets[0].nrows, 4);
	cell_is(a, cell_at(&book, 0, 2), CELL_TEXT, "c");
	cell_is(a, cell_at(&book, 2, 0), CELL_NUMBER, "2.5");
	assert_null(cell_at(&book, 2, 1));
	cell_is(a, cell_at(&book, 2, 2), CELL_BOOL, "TRUE");
	cell_is(a, cell_at(&book, 3, 2), CELL_TEXT, "[1,2]");
	refused(a, SLICE("[1,2]"), ERR_INPUT, "", "item %d of the table is not an object");
	refused(a, SLICE("{\"x\":1}"), ERR_INPUT, "", "JSON without a list of objects");
	arena_close(a);
}

static void real_workbooks(void **state)
{
	static const struct {
		const char *path;
		int sheets;
		size_t rows;
		int columns;
	} files[] = {
		{"portfolio-worldbank-xlsx/2010_WB_Projects_500_1000.xlsx", 1, 0, 27},
		{"portfolio-worldbank-xlsx/2018_WB_Projects_1_500.xlsx", 1, 501, 27},
		{"portfolio-worldbank-xlsx/2012_WB_Projects_1_500.xlsx", 1, 502, 27},
		{"import-xlsx/tst00_baseline_xer_tables.xlsx", 14, 0, 0},
		{"import-xlsx/tst00_update04_xer_tables.xlsx", 14, 0, 0},
	};
	const char *shared = getenv("GUATU_SHARED");
	struct arena *a = arena_open();
	if (!shared || !os_exists(arena_printf(a, "%s/data/import-xlsx", shared))) {
		print_message("no shared data at GUATU_SHARED\n");
		arena_close(a);
		skip();
	}
	for (size_t i = 0; i < countof(files); i++) {
		struct slice bytes;
		struct err err;
		assert_true(os_read_file(a, arena_printf(a, "%s/data/%s", shared, files[i].path),
			LIMIT_UPLOAD_BYTES, &bytes, &err));
		struct workbook book = must_read(a, bytes);
		assert_int_equal(book.nsheets, files[i].sheets);
		if (files[i].rows)
			assert_int_equal(book.sheets[0].nrows, files[i].rows);
		if (files[i].columns)
			assert_int_equal(book.sheets[0].ncolumns, files[i].columns);
		if (files[i].sheets == 14) {
			assert_string_equal(book.sheets[4].name, "PROJECT");
			cell_is(
				a, cell_at(&(struct workbook){.sheets = &book.sheets[4]}, 0, 0), CELL_TEXT, "%F");
		}
	}
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_cell),
		cmocka_unit_test(the_1904_system_and_gaps),
		cmocka_unit_test(formats_tell_dates),
		cmocka_unit_test(bad_sheets_name_the_place),
		cmocka_unit_test(bombs_do_not_go_off),
		cmocka_unit_test(other_files_are_named),
		cmocka_unit_test(truncated_files_are_refused),
		cmocka_unit_test(json_tables),
		cmocka_unit_test(real_workbooks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
