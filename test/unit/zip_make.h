/* Small zip files in memory, for tests of readers. Entries are stored or deflated by libzip. */
#ifndef TEST_UNIT_ZIP_MAKE_H
#define TEST_UNIT_ZIP_MAKE_H

#include <assert.h>
#include <string.h>
#include <zip.h>

#include "base/arena.h"

struct zip_part {
	const char *name;
	const char *text;
	size_t n; /* 0: strlen(text) */
};

static inline struct slice zip_make(struct arena *a, const struct zip_part *parts, size_t nparts)
{
	zip_error_t why;
	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
	zip_t *zip = zip_open_from_source(source, ZIP_CREATE | ZIP_TRUNCATE, &why);
	assert(zip);
	zip_source_keep(source);
	for (size_t i = 0; i < nparts; i++) {
		size_t n = parts[i].n ? parts[i].n : strlen(parts[i].text);
		zip_source_t *part = zip_source_buffer(zip, parts[i].text, n, 0);
		zip_int64_t at = zip_file_add(zip, parts[i].name, part, 0);
		assert(at >= 0);
		(void)at;
	}
	int closed = zip_close(zip);
	assert(closed == 0);
	(void)closed;
	zip_stat_t stat;
	zip_source_stat(source, &stat);
	zip_source_open(source);
	char *bytes = arena_alloc(a, stat.size);
	zip_source_read(source, bytes, stat.size);
	zip_source_close(source);
	zip_source_free(source);
	return (struct slice){bytes, stat.size};
}

/* A workbook of one sheet named "data" around its <sheetData> and what follows it. */
static inline struct slice xlsx_make(struct arena *a, const char *sheet, const char *strings,
	const char *styles, const char *workbook_pr)
{
	const struct zip_part parts[] = {
		{"_rels/.rels",
			"<Relationships><Relationship Id=\"rId1\" "
			"Type=\"http://x/relationships/officeDocument\" "
			"Target=\"xl/workbook.xml\"/></Relationships>",
			0},
		{"xl/workbook.xml",
			arena_printf(a,
				"<workbook xmlns:r=\"http://r\">%s<sheets><sheet name=\"data\" "
				"sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
				workbook_pr ? workbook_pr : ""),
			0},
		{"xl/_rels/workbook.xml.rels",
			"<Relationships>"
			"<Relationship Id=\"rId1\" Type=\"http://x/worksheet\" "
			"Target=\"worksheets/sheet1.xml\"/>"
			"<Relationship Id=\"rId2\" Type=\"http://x/sharedStrings\" "
			"Target=\"/xl/sharedStrings.xml\"/>"
			"<Relationship Id=\"rId3\" Type=\"http://x/styles\" "
			"Target=\"styles.xml\"/></Relationships>",
			0},
		{"xl/worksheets/sheet1.xml", arena_printf(a, "<worksheet>%s</worksheet>", sheet), 0},
		{"xl/sharedStrings.xml", strings ? strings : "<sst/>", 0},
		{"xl/styles.xml", styles ? styles : "<styleSheet/>", 0},
	};
	return zip_make(a, parts, sizeof parts / sizeof parts[0]);
}

#endif
