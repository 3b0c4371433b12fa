/* Headings, the spelling of values, and CSV. */
#include "base/say.h"
#include "base/utf8.h"
#include "report/sheet_parts.h"

int sheet_width(const char *text)
{
	struct slice rest = slice_of(text);
	int width = 0, widest = 0;
	for (size_t at = 0; at < rest.n;) {
		uint32_t c = utf8_next(rest, &at);
		width = c == '\n' ? 0 : width + utf8_width(c);
		widest = width > widest ? width : widest;
	}
	return widest;
}

/* "万元" for money, the unit of a quantity, NULL otherwise. */
static const char *sheet_unit(const struct field *field, enum lang lang)
{
	if (field->type == FIELD_MONEY)
		return say(lang, "10,000 yuan");
	const char *unit = field->type == FIELD_QUANTITY ? label_in(field->unit, lang) : NULL;
	return unit && unit[0] ? unit : NULL;
}

static struct label column_label(const struct sheet_column *c)
{
	static const struct {
		const char *name;
		struct label label;
	} specials[] = {
		{"@id", {"记录标识", "Record id"}},
		{"@number", {"系统编号", "Record number"}},
		{"@state", {"当前状态", "Current state"}},
	};
	if (c->field)
		return c->field->label;
	for (size_t i = 0; c->name && i < countof(specials); i++)
		if (strcmp(c->name, specials[i].name) == 0)
			return specials[i].label;
	return c->label;
}

void sheet_heading(struct str *out, const struct sheet_table *table, int i)
{
	const struct sheet_column *c = &table->columns[i];
	const char *label = label_in(column_label(c), table->lang);
	bool shared = false;
	for (int k = 0; k < table->ncolumns; k++)
		shared |=
			k != i && strcmp(label_in(column_label(&table->columns[k]), table->lang), label) == 0;
	str_puts(out, label);
	if (shared && c->field)
		str_printf(out, " [%s]", c->field->name);
	const char *unit = c->field ? sheet_unit(c->field, table->lang) : NULL;
	if (unit)
		str_printf(out, table->lang == LANG_ZH ? "（%s）" : " (%s)", unit);
}

/* True when people typed it, so that a spreadsheet might take it for a formula. */
static bool sheet_is_free_text(const struct field *field)
{
	if (!field)
		return true;
	switch (field->type) {
	case FIELD_INTEGER:
	case FIELD_QUANTITY:
	case FIELD_MONEY:
	case FIELD_PERCENT:
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_INSTANT: return false;
	default: return true;
	}
}

static void one_id(struct str *out, const struct field *field, struct uuid id,
	sheet_title_of *title_of, void *self)
{
	const char *title = title_of ? title_of(self, field, id) : NULL;
	char text[UUID_TEXT];
	if (!title)
		uuid_format(id, text);
	str_puts(out, title ? title : text);
}

void sheet_text(struct str *out, const struct sheet_column *column, const struct value *v,
	enum lang lang, sheet_title_of *title_of, void *self)
{
	const struct field *f = column->field;
	if (v->kind == VALUE_NULL)
		return;
	if (v->kind == VALUE_ID) {
		one_id(out, f, v->id, title_of, self);
	} else if (v->kind == VALUE_LIST && v->n > 0 && v->items[0].kind == VALUE_ID) {
		for (int i = 0; i < v->n; i++) {
			str_puts(out, i ? "；" : "");
			one_id(out, f, v->items[i].id, title_of, self);
		}
	} else if (!f) {
		if (v->kind == VALUE_TEXT)
			str_slice(out, v->text);
		else if (v->kind == VALUE_INT)
			str_int(out, v->i);
	} else if (f->type == FIELD_MONEY && v->kind == VALUE_INT) {
		str_decimal(out, v->i, 6);
	} else if (f->type == FIELD_QUANTITY && v->kind == VALUE_INT) {
		str_decimal(out, v->i, f->scale);
	} else if (f->type == FIELD_PERCENT && v->kind == VALUE_INT) {
		str_decimal(out, v->i, 2);
		str_putc(out, '%');
	} else {
		value_to_text(out, f, v, lang);
	}
}

/* ---- CSV ---- */

static bool is_guarded(char c)
{
	return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

/* An apostrophe before what a spreadsheet would run, and before an apostrophe that would be taken for ours. */
static bool needs_guard(struct slice text)
{
	return text.n > 0 &&
		(is_guarded(text.s[0]) ||
			(text.s[0] == '\'' && text.n > 1 && (is_guarded(text.s[1]) || text.s[1] == '\'')));
}

static void put_cell(struct str *out, struct slice text, bool free_text)
{
	bool guard = free_text && needs_guard(text), quote = guard;
	for (size_t i = 0; i < text.n && !quote; i++)
		quote = text.s[i] == ',' || text.s[i] == '"' || text.s[i] == '\n' || text.s[i] == '\r' ||
			text.s[i] == ';' || text.s[i] == '\t';
	quote = quote || (text.n && (text.s[0] == ' ' || text.s[text.n - 1] == ' '));
	if (!quote) {
		str_slice(out, text);
		return;
	}
	str_puts(out, guard ? "\"'" : "\"");
	for (size_t i = 0; i < text.n; i++) {
		str_putc(out, text.s[i]);
		if (text.s[i] == '"')
			str_putc(out, '"');
	}
	str_putc(out, '"');
}

void sheet_csv_header(struct str *out, const struct sheet_table *table, bool bom)
{
	struct str heading = STR_INIT;
	if (bom)
		str_puts(out, "\xEF\xBB\xBF");
	for (int i = 0; i < table->ncolumns; i++) {
		str_clear(&heading);
		sheet_heading(&heading, table, i);
		str_puts(out, i ? "," : "");
		put_cell(out, str_view(&heading), true);
	}
	str_puts(out, "\r\n");
	str_free(&heading);
}

void sheet_csv_row(struct str *out, const struct sheet_table *table, const struct value *values,
	sheet_title_of *title_of, void *self)
{
	struct str text = STR_INIT;
	for (int i = 0; i < table->ncolumns; i++) {
		str_clear(&text);
		sheet_text(&text, &table->columns[i], &values[i], table->lang, title_of, self);
		str_puts(out, i ? "," : "");
		put_cell(out, str_view(&text), sheet_is_free_text(table->columns[i].field));
	}
	str_puts(out, "\r\n");
	str_free(&text);
}
