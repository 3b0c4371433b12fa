/* A definition that an administrator sends, on top of two small ones. What loads must print as JSON and as a page. */
#include <stdlib.h>

#include "model/register.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const char unit[] =
	"{\"register\":\"unit\",\"tree\":\"parent\",\"fields\":[{\"name\":\"name\",\"type\":\"text\"},"
	"{\"name\":\"parent\",\"type\":\"ref\",\"to\":\"unit\"}]}";
static const char project[] =
	"{\"register\":\"project\",\"fields\":[{\"name\":\"title\",\"type\":\"text\"},"
	"{\"name\":\"category\",\"type\":\"choice\",\"choices\":[{\"name\":\"works\"}]},"
	"{\"name\":\"total_investment\",\"type\":\"money\"}],\"states\":[\"idea\",\"built\"],"
	"\"steps\":[{\"name\":\"start\",\"from\":[\"idea\"],\"to\":\"built\",\"by\":[\"office\"]}],"
	"\"clocks\":[{\"name\":\"answer\",\"start\":\"idea\",\"stop\":\"built\",\"limit\":\"7wd\"}]}";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const struct definition_source sources[] = {{"unit", slice_of(unit), true},
		{"project", slice_of(project), true}, {"definition 1", {(const char *)bytes, n}, false}};
	const struct catalogue *c = NULL;
	struct err err;
	if (n > 64 * 1024 || !catalogue_load(sources, countof(sources), 2, &c, &err))
		return 0;
	struct arena *a = arena_open();
	struct str page = STR_INIT;
	register_reference(&page, c, LANG_ZH);
	str_clear(&page);
	for (int i = 0; i < c->n; i++) {
		struct json_writer w = jw_start(&page);
		const struct json *j;
		str_clear(&page);
		register_to_json(&w, &c->registers[i]);
		jw_end(&w);
		if (!json_parse(a, str_view(&page), NULL, &j, &err))
			abort();
	}
	str_free(&page);
	arena_close(a);
	catalogue_close(c);
	return 0;
}
