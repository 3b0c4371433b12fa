/*
 * JSON from strangers: request bodies, definitions, tables. What is read must print as JSON that reads as the same again,
 * and may stand as a table.
 */
#include <stdlib.h>

#include "base/json.h"
#include "intake/workbook.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void print(struct str *out, const struct json *j)
{
	struct json_writer w = jw_start(out);
	jw_json(&w, j);
	jw_end(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *a = arena_open();
	struct slice text = {(const char *)bytes, n};
	const struct json *once, *twice;
	struct workbook book;
	struct err err;
	if (json_parse(a, text, "fuzz", &once, &err)) {
		struct str first = STR_INIT, second = STR_INIT;
		print(&first, once);
		if (!json_parse(a, str_view(&first), "printed", &twice, &err))
			abort();
		print(&second, twice);
		if (!slice_equal(str_view(&first), str_view(&second)))
			abort();
		str_free(&first);
		str_free(&second);
	}
	if (n && (bytes[0] == '[' || bytes[0] == '{') && workbook_read(a, text, NULL, &book, &err) &&
		book.nsheets != 1)
		abort();
	arena_close(a);
	return 0;
}
