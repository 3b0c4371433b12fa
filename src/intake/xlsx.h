/*
 * Excel workbooks (.xlsx, .xlsm; ECMA-376 SpreadsheetML), read in one pass over each sheet without a tree.
 * Values only: cached results of formulas, rich text without its looks, phonetic guides dropped; a number is a date
 * when its format says so (1900 and 1904 systems). Old .xls and encrypted files are refused by name.
 */
#ifndef INTAKE_XLSX_H
#define INTAKE_XLSX_H

#include "intake/workbook.h"

MUST_USE bool xlsx_read(struct arena *a, struct slice bytes, struct workbook *out, struct err *err);

#endif
