/* The parts of a workbook that its sheets refer to: shared strings, number formats; and the reader of one sheet. */
#ifndef INTAKE_XLSX_PARTS_H
#define INTAKE_XLSX_PARTS_H

#include "intake/builder.h"
#include "base/zip.h"
#include "intake/xml.h"

enum format_kind { FORMAT_NUMBER, FORMAT_PERCENT, FORMAT_DATE };

struct xlsx_parts {
	struct arena *a;
	struct unzip *zip;
	bool from_1904; /* days count from 1904-01-01 */
	struct slice *strings;
	size_t nstrings;
	uint8_t *formats; /* enum format_kind by cell style */
	size_t nformats;
	size_t ncells; /* of the sheets read so far */
};

/* Runs an entry through a set of handlers. */
MUST_USE bool xlsx_parse(struct unzip *zip, const char *entry, const struct xml_handlers *handlers,
	void *self, struct err *err);
MUST_USE bool xlsx_strings(struct xlsx_parts *parts, const char *entry, struct err *err);
MUST_USE bool xlsx_styles(struct xlsx_parts *parts, const char *entry, struct err *err);
MUST_USE bool xlsx_sheet(struct xlsx_parts *parts, const char *entry, const char *name, bool hidden,
	struct sheet *out, struct err *err);

/* What a number format shows: letters of dates, or a percent sign, outside quotes and brackets. */
enum format_kind xlsx_format_kind(const char *code);
/* _x000D_ is how the format writes characters that XML cannot hold. In place; the new length. */
size_t xlsx_unescape(char *s, size_t n);
/* "AB12" to column 27, row 11. False: not a reference. */
MUST_USE bool xlsx_reference(const char *s, size_t n, int *column, uint32_t *row);

#endif
