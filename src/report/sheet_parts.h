/* What the two writers of tables share: headings and the text of a value. */
#ifndef REPORT_SHEET_PARTS_H
#define REPORT_SHEET_PARTS_H

#include "report/sheet.h"

/* How a value is spelled for a spreadsheet; refs through title_of. */
void sheet_text(struct str *out, const struct sheet_column *column, const struct value *v,
	enum lang lang, sheet_title_of *title_of, void *self);
/* True when people typed it, so that a spreadsheet might take it for a formula. */
bool sheet_is_free_text(const struct field *field);
/* Terminal columns a text takes: Chinese characters count two. */
int sheet_width(const char *text);
/* "万元" for money, the unit of a quantity, NULL otherwise. */
const char *sheet_unit(const struct field *field, enum lang lang);

#endif
