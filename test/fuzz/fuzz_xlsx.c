/*
 * Workbooks. Input that begins with PK is a whole file; else its first byte chooses the part of a sound workbook that the
 * rest stands for, because random changes to a deflated entry seldom get past its checksum.
 */
#include "test/fuzz/table_check.h"
#include "test/unit/zip_make.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static struct slice around(struct arena *a, const uint8_t *bytes, size_t n)
{
	static const char strings[] =
		"<sst><si><t>项目名称</t></si><si><t>总投资（万元）</t></si><si><t>开工时间</t></si></sst>";
	static const char styles[] = "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf "
								 "numFmtId=\"14\"/><xf numFmtId=\"10\"/></cellXfs></styleSheet>";
	static const char sheet[] = "<sheetData><row r=\"1\"><c r=\"A1\" t=\"s\"><v>0</v></c><c "
								"r=\"B1\" t=\"s\"><v>1</v></c><c r=\"C1\" s=\"1\"><v>45000</v></c>"
								"</row></sheetData>";
	char *text = arena_alloc(a, n + 1);
	for (size_t i = 1; i < n; i++)
		text[i - 1] = bytes[i] ? (char)bytes[i] : ' ';
	switch (bytes[0] % 4) {
	case 0: return xlsx_make(a, text, strings, styles, NULL);
	case 1: return xlsx_make(a, sheet, n > 1 ? text : NULL, styles, NULL);
	case 2: return xlsx_make(a, sheet, strings, n > 1 ? text : NULL, NULL);
	default: return xlsx_make(a, sheet, strings, styles, text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct slice file = {(const char *)bytes, n};
	struct workbook book;
	struct err err;
	if (n && !(n > 1 && bytes[0] == 'P' && bytes[1] == 'K'))
		file = around(a, bytes, n);
	if (n && workbook_read(a, file, NULL, &book, &err)) {
		check_table(a, &book);
		check_ledger(a, &book);
	}
	arena_close(a);
	return 0;
}
