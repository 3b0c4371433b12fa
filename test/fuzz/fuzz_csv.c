/* A ledger as CSV: read, then mapped to the project register with everything switched on. */
#include "intake/csv.h"
#include "test/fuzz/table_check.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct workbook book;
	struct err err;
	if (csv_read(a, (struct slice){(const char *)bytes, n}, NULL, &book, &err)) {
		check_table(a, &book);
		check_ledger(a, &book);
	}
	arena_close(a);
	return 0;
}
