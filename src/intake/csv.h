/*
 * Comma-separated text (RFC 4180 and what people make of it): charset and delimiter guessed, quoted cells over several
 * lines, "" inside quotes, any line end. One sheet named "csv"; every cell is text. A quote that never closes is
 * an error naming the line where it opened; a NUL byte is an error naming its line.
 */
#ifndef INTAKE_CSV_H
#define INTAKE_CSV_H

#include "intake/workbook.h"

MUST_USE bool csv_read(struct arena *a, struct slice bytes, const struct workbook_options *options,
	struct workbook *out, struct err *err);

#endif
