/* What every table that was read must keep, and a ledger read from it. */
#ifndef TEST_FUZZ_TABLE_CHECK_H
#define TEST_FUZZ_TABLE_CHECK_H

#include <stdlib.h>

#include "intake/ledger.h"

static inline const struct catalogue *fuzz_catalogue(void)
{
	static const struct catalogue *catalogue;
	struct err err;
	if (!catalogue && !catalogue_builtin(NULL, 0, 1, &catalogue, &err))
		abort();
	return catalogue;
}

static inline void check_table(struct arena *a, const struct workbook *book)
{
	for (int s = 0; s < book->nsheets; s++)
		for (size_t r = 0; r < book->sheets[s].nrows; r++) {
			const struct sheet_row *row = &book->sheets[s].rows[r];
			if (row->n == 0 || (r && row->at <= row[-1].at))
				abort();
			for (uint32_t c = 0; c < row->n; c++) {
				if (row->cells[c].column >= book->sheets[s].ncolumns ||
					(c && row->cells[c].column <= row->cells[c - 1].column))
					abort();
				if (row_cell(row, row->cells[c].column) != &row->cells[c])
					abort();
				cell_text(a, &row->cells[c]);
			}
		}
}

static inline void check_ledger(struct arena *a, const struct workbook *book)
{
	struct ledger_options options = {.reg = catalogue_find(fuzz_catalogue(), "project"),
		.child = catalogue_find(fuzz_catalogue(), "report"),
		.today = date_from_ymd(2026, 3, 31),
		.sheet = -1,
		.header_row = -1,
		.keep_unknown = true};
	struct ledger_result result;
	struct str said = STR_INIT;
	struct err err;
	if (!ledger_read(a, book, &options, &result, &err))
		return;
	size_t fates = 0;
	for (int i = 0; i <= LEDGER_REFUSED; i++)
		fates += result.fates[i];
	if (fates != result.nrows)
		abort();
	for (size_t i = 0; i < result.nproblems; i++) {
		ledger_problem_text(&said, &result.problems[i], LANG_ZH);
		ledger_problem_advice(&said, &result.problems[i], LANG_EN);
		str_clear(&said);
	}
	struct json_writer w = jw_start(&said);
	ledger_extension(&w, &result);
	str_free(&said);
}

#endif
