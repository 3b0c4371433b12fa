/* What the two writers of tables share: headings and the text of a value. */
#ifndef REPORT_SHEET_PARTS_H
#define REPORT_SHEET_PARTS_H

#include "report/sheet.h"

/* How a value is spelled for a spreadsheet; refs through title_of. */
void sheet_text(struct str *out, const struct sheet_column *column, const struct value *v,
	enum lang lang, sheet_title_of *title_of, void *self);
/* Terminal columns a text takes: Chinese characters count two. */
int sheet_width(const char *text);

#endif
