/*
 * A cell of a ledger, as somebody typed it. The first byte chooses the field's type and the way of reading, the rest is the
 * cell. What is read must read the same again after it was shown, and its JSON must be JSON.
 */
#include <stdlib.h>

#include "base/utf8.h"
#include "model/value.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static const struct choice choices[] = {
	{"new", {"新建", "New"}, NULL, 0, false}, {"old", {"续建、扩建", "Old, wide"}, NULL, 0, false}};

static struct field field_of(uint8_t choice)
{
	struct field f = {.name = "cell",
		.label = {"单元格", "cell"},
		.type = (enum field_type)(choice % FIELD_DERIVED),
		.scale = 3,
		.code = CODE_NONE};
	if (f.type == FIELD_CHOICE || f.type == FIELD_CHOICES) {
		f.choices = choices;
		f.nchoices = countof(choices);
	}
	if (f.type == FIELD_CODE)
		f.code = (enum code_kind)(CODE_USCC + choice / FIELD_DERIVED % 5);
	return f;
}

static void read_again(
	struct arena *a, const struct field *f, const struct value *v, const struct reading *how)
{
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct str text = STR_INIT;
		struct value back = VALUE_NONE;
		struct err err;
		value_to_text(&text, f, v, (enum lang)lang);
		/* a share is shown in percent, which its reader takes for what it says */
		if (!value_from_text(a, f, str_view(&text), how, &back, &err) || !value_equal(v, &back))
			abort();
		str_free(&text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	if (n == 0 || n > 4096)
		return 0;
	struct arena *a = arena_open();
	struct field f = field_of(bytes[0]);
	struct reading how = {.today = {19950},
		.money_unit = 1000000,
		.day_first = bytes[0] & 128,
		.percent_fraction = bytes[0] & 64};
	struct slice cell = {(const char *)bytes + 1, n - 1};
	struct value v = VALUE_NONE;
	struct err err;
	/* whoever reads files makes UTF-8 without NUL of them first */
	if (utf8_valid(cell) && (cell.n == 0 || !memchr(cell.s, 0, cell.n)) &&
		value_from_text(a, &f, cell, &how, &v, &err)) {
		struct str text = STR_INIT;
		struct json_writer w = jw_start(&text);
		const struct json *j;
		value_to_json(&w, &f, &v);
		jw_end(&w);
		/* a bare text is no document for json_parse: it stands in a list */
		struct str list = STR_INIT;
		str_printf(&list, "[%s]", str_text(&text));
		if (!json_parse(a, str_view(&list), NULL, &j, &err))
			abort();
		bool looked_up = f.type == FIELD_REF || f.type == FIELD_REFS || f.type == FIELD_FILE ||
			f.type == FIELD_FILES;
		if (!looked_up && value_check(&f, &v, &err))
			read_again(a, &f, &v, &how);
		str_free(&list);
		str_free(&text);
	}
	arena_close(a);
	return 0;
}
