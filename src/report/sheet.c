/*
 * Workbooks, through libxlsxwriter in constant memory: rows go to a temporary file as they come, widths and drop-downs are
 * settled when the last row is known. Choices stand on a hidden third sheet, because a drop-down written into
 * the cell rule itself may not be longer than 255 characters.
 */
#include "report/sheet.h"

#include <stdlib.h>
#include <xlsxwriter.h>

#include "base/num.h"
#include "base/say.h"
#include "base/utf8.h"
#include "report/sheet_parts.h"

enum { WIDEST = 48, NARROWEST = 8, SPARE_ROWS = 1000, LONGEST_CELL = 32767, EXACT_DIGITS = 15 };

struct sheet_file {
	lxw_workbook *workbook;
	lxw_worksheet *table_sheet, *notes_sheet, *lists_sheet;
	lxw_format *head, *required, *text, *money, *percent, *date, *month, *whole, *bold,
		*quantity[7];
	struct sheet_table table;
	struct sheet_column *columns; /* owned copy */
	int *widths;
	sheet_title_of *title_of;
	void *self;
	lxw_row_t row;
	struct str scratch;
};

static lxw_format *format_of(lxw_workbook *workbook, const char *number)
{
	lxw_format *f = workbook_add_format(workbook);
	if (number)
		format_set_num_format(f, number);
	format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
	return f;
}

static void make_formats(struct sheet_file *s)
{
	static const char *const decimals[] = {
		"#,##0", "#,##0.#", "#,##0.##", "#,##0.###", "#,##0.####", "#,##0.#####", "#,##0.######"};
	s->head = format_of(s->workbook, NULL);
	format_set_bold(s->head);
	format_set_text_wrap(s->head);
	format_set_bg_color(s->head, 0xE8EEF4);
	format_set_bottom(s->head, LXW_BORDER_THIN);
	s->required = format_of(s->workbook, NULL);
	format_set_bold(s->required);
	format_set_text_wrap(s->required);
	format_set_bg_color(s->required, 0xFBE3C8);
	format_set_bottom(s->required, LXW_BORDER_THIN);
	s->bold = format_of(s->workbook, NULL);
	format_set_bold(s->bold);
	s->text = format_of(s->workbook, "@");
	format_set_text_wrap(s->text);
	s->money = format_of(s->workbook, "#,##0.00####");
	s->percent = format_of(s->workbook, "0.00%");
	s->date = format_of(s->workbook, "yyyy-mm-dd");
	s->month = format_of(s->workbook, "yyyy-mm");
	s->whole = format_of(s->workbook, "0");
	for (int i = 0; i < 7; i++)
		s->quantity[i] = format_of(s->workbook, decimals[i]);
}

/* At most 31 characters and none that Excel forbids. */
static lxw_worksheet *add_sheet(struct sheet_file *s, const char *name)
{
	struct str clean = STR_INIT;
	struct slice text = slice_of(name);
	int n = 0;
	for (size_t at = 0; at < text.n && n < 31; n++) {
		char bytes[4];
		uint32_t c = utf8_next(text, &at);
		str_add(&clean, bytes,
			(size_t)utf8_encode(c < 0x80 && strchr("[]:*?/\\'", (int)c) ? '-' : c, bytes));
	}
	lxw_worksheet *sheet = workbook_add_worksheet(s->workbook, clean.n ? str_text(&clean) : NULL);
	str_free(&clean);
	return sheet;
}

static void widen(struct sheet_file *s, int column, const char *text)
{
	int width = sheet_width(text) + 2;
	width = width > WIDEST ? WIDEST : width;
	if (width > s->widths[column])
		s->widths[column] = width;
}

/* ---- drop-downs ---- */

struct offer {
	const struct label *choices;
	const char *const *names;
	int n;
};

static void list_cell(struct sheet_file *s, int row, int column, const char *text)
{
	worksheet_write_string(s->lists_sheet, (lxw_row_t)row, (lxw_col_t)column, text, NULL);
}

static const char *offered(const struct sheet_file *s, const struct offer *offer, int i)
{
	return offer->names ? offer->names[i] : label_in(offer->choices[i], s->table.lang);
}

/* Writes all lists side by side, then points each column's rule at its own. */
static void write_offers(struct sheet_file *s, struct offer *offers)
{
	int most = 0;
	for (int c = 0; c < s->table.ncolumns; c++)
		most = offers[c].n > most ? offers[c].n : most;
	if (most == 0)
		return;
	s->lists_sheet = add_sheet(s, say(s->table.lang, "lists"));
	worksheet_hide(s->lists_sheet);
	for (int i = 0; i < most; i++)
		for (int c = 0; c < s->table.ncolumns; c++)
			if (i < offers[c].n)
				list_cell(s, i, c, offered(s, &offers[c], i));
	for (int c = 0; c < s->table.ncolumns; c++) {
		char range[64], column[LXW_MAX_COL_NAME_LENGTH];
		if (offers[c].n == 0)
			continue;
		struct str formula = STR_INIT;
		lxw_col_to_name(column, (lxw_col_t)c, 1);
		snprintf(range, sizeof range, "$%s$1:$%s$%d", column[0] == '$' ? column + 1 : column,
			column[0] == '$' ? column + 1 : column, offers[c].n);
		str_printf(&formula, "='%s'!%s", say(s->table.lang, "lists"), range);
		lxw_data_validation rule = {.validate = LXW_VALIDATION_TYPE_LIST_FORMULA,
			.value_formula = (char *)(uintptr_t)str_text(&formula),
			.error_type = LXW_VALIDATION_ERROR_TYPE_WARNING,
			.ignore_blank = LXW_VALIDATION_ON,
			.dropdown = LXW_VALIDATION_ON,
			.show_error = LXW_VALIDATION_ON};
		worksheet_data_validation_range(
			s->table_sheet, 1, (lxw_col_t)c, s->row + SPARE_ROWS, (lxw_col_t)c, &rule);
		str_free(&formula);
	}
}

static const struct label yes_no[] = {{"是", "Yes"}, {"否", "No"}};

static struct offer offer_of(const struct sheet_column *c, struct label **scratch)
{
	if (!c->field)
		return (struct offer){c->choices, NULL, c->nchoices};
	if (c->field->type == FIELD_YESNO)
		return (struct offer){yes_no, NULL, countof(yes_no)};
	if (c->field->type != FIELD_CHOICE)
		return (struct offer){0};
	struct label *labels = must_alloc((size_t)(c->field->nchoices + 1) * sizeof *labels);
	int n = 0;
	for (int i = 0; i < c->field->nchoices; i++)
		if (!c->field->choices[i].retired)
			labels[n++] = c->field->choices[i].label;
	*scratch = labels;
	return (struct offer){labels, NULL, n};
}

/* ---- what each column means ---- */

static void add_limits(struct str *out, const struct field *f, enum lang lang)
{
	struct value v = {.kind = VALUE_INT};
	struct sheet_column column = {.field = f};
	if (f->has_least) {
		v.i = f->least;
		str_printf(out, "≥ ");
		sheet_text(out, &column, &v, lang, NULL, NULL);
		str_puts(out, "  ");
	}
	if (f->has_most) {
		v.i = f->most;
		str_printf(out, "≤ ");
		sheet_text(out, &column, &v, lang, NULL, NULL);
		str_puts(out, "  ");
	}
	if (f->max) {
		char number[16];
		snprintf(number, sizeof number, "%d", f->max);
		say_args(out,
			say(lang,
				f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT ? "at most %s characters"
																   : "at most %s"),
			1, (const char *const[]){number});
	}
	for (int i = 0; i < f->nchoices; i++)
		if (!f->choices[i].retired)
			str_printf(out, "%s%s", i ? " / " : "", label_in(f->choices[i].label, lang));
}

static void write_notes(struct sheet_file *s, const char *const *headings)
{
	static const char *const titles[] = {
		"column", "field", "kind of value", "required", "limits", "explanation"};
	enum lang lang = s->table.lang;
	s->notes_sheet = add_sheet(s, say(lang, "what the columns mean"));
	for (int i = 0; i < (int)countof(titles); i++)
		worksheet_write_string(s->notes_sheet, 0, (lxw_col_t)i, say(lang, titles[i]), s->head);
	worksheet_set_column(s->notes_sheet, 0, 0, 28, NULL);
	worksheet_set_column(s->notes_sheet, 1, 3, 16, NULL);
	worksheet_set_column(s->notes_sheet, 4, 5, 48, NULL);
	worksheet_freeze_panes(s->notes_sheet, 1, 0);
	for (int c = 0; c < s->table.ncolumns; c++) {
		const struct sheet_column *column = &s->columns[c];
		lxw_row_t row = (lxw_row_t)c + 1;
		struct str limits = STR_INIT;
		worksheet_write_string(s->notes_sheet, row, 0, headings[c], s->text);
		worksheet_write_string(s->notes_sheet, row, 1,
			column->field      ? column->field->name
				: column->name ? column->name
							   : "",
			s->text);
		if (column->field) {
			enum field_type type = column->field->type == FIELD_DERIVED
				? column->field->derived_type
				: column->field->type;
			const char *help = label_in(column->field->help, lang);
			add_limits(&limits, column->field, lang);
			worksheet_write_string(
				s->notes_sheet, row, 2, say(lang, field_type_name(type)), s->text);
			worksheet_write_string(s->notes_sheet, row, 3,
				column->field->required ? say(lang, "required") : "", s->text);
			struct slice cut = utf8_cut(str_view(&limits), LONGEST_CELL / 4);
			str_text(&limits);
			if (cut.n < limits.n)
				limits.s[cut.n] = '\0';
			worksheet_write_string(s->notes_sheet, row, 4, str_text(&limits), s->text);
			worksheet_write_string(s->notes_sheet, row, 5, help ? help : "", s->text);
		}
		str_free(&limits);
	}
}

/* ---- opening ---- */

static void write_head(struct sheet_file *s, bool mark_required)
{
	const char **headings = must_alloc((size_t)(s->table.ncolumns + 1) * sizeof *headings);
	for (int c = 0; c < s->table.ncolumns; c++) {
		struct str heading = STR_INIT;
		bool required = mark_required && s->columns[c].field && s->columns[c].field->required;
		sheet_heading(&heading, &s->table, c);
		str_puts(&heading, required ? "*" : "");
		headings[c] = str_take(&heading);
		worksheet_write_string(
			s->table_sheet, 0, (lxw_col_t)c, headings[c], required ? s->required : s->head);
		s->widths[c] = NARROWEST;
		widen(s, c, headings[c]);
	}
	write_notes(s, headings);
	for (int c = 0; c < s->table.ncolumns; c++)
		free((char *)(uintptr_t)headings[c]);
	free(headings);
	s->row = 1;
}

static struct sheet_file *start(
	const char *path, const char *scratch, const struct sheet_table *table, bool mark_required)
{
	lxw_workbook_options options = {
		.constant_memory = LXW_TRUE, .tmpdir = (char *)(uintptr_t)scratch};
	/* A fixed birth date: the same table gives the same bytes, and no clock is read here. */
	lxw_doc_properties properties = {.created = 946684800};
	struct sheet_file *s = must_alloc(sizeof *s);
	s->workbook = workbook_new_opt(path, &options);
	workbook_set_properties(s->workbook, &properties);
	s->table = *table;
	s->columns = must_alloc((size_t)(table->ncolumns + 1) * sizeof *s->columns);
	memcpy(s->columns, table->columns, (size_t)table->ncolumns * sizeof *s->columns);
	s->table.columns = s->columns;
	s->widths = must_alloc((size_t)(table->ncolumns + 1) * sizeof *s->widths);
	make_formats(s);
	s->table_sheet = add_sheet(s, label_in(table->title, table->lang));
	write_head(s, mark_required);
	return s;
}

bool sheet_open(const char *path, const char *scratch, const struct sheet_table *table,
	sheet_title_of *title_of, void *self, struct sheet_file **out, struct err *err)
{
	if (table->ncolumns < 1 || table->ncolumns > LXW_COL_MAX)
		return err_set(err, ERR_LIMIT, path, "a sheet has between 1 and %d columns", LXW_COL_MAX);
	struct sheet_file *s = start(path, scratch, table, false);
	s->title_of = title_of;
	s->self = self;
	*out = s;
	return true;
}

/* ---- rows ---- */

static bool is_exact(int64_t i)
{
	return i < num_pow10[EXACT_DIGITS] && i > -num_pow10[EXACT_DIGITS];
}

static lxw_format *number_format_of(
	const struct sheet_file *s, const struct field *f, double *divisor)
{
	*divisor = 1;
	switch (f->type) {
	case FIELD_MONEY: *divisor = 1e6; return s->money;
	case FIELD_PERCENT: *divisor = 1e4; return s->percent;
	case FIELD_QUANTITY: *divisor = (double)num_pow10[f->scale]; return s->quantity[f->scale];
	case FIELD_INTEGER: return s->whole;
	default: return NULL;
	}
}

/* Days before March 1900 count differently in Excel; they go out as text. */
static bool day_number(const struct field *f, int64_t i, double *out)
{
	struct date day = {(int32_t)i};
	if (f->type == FIELD_MONTH)
		day = month_first((struct month){(int32_t)i});
	*out = day.day + 25569.0;
	return (f->type == FIELD_DATE || f->type == FIELD_MONTH) && *out >= 61;
}

static bool is_escape(const char *s)
{
	return s[0] == '_' && s[1] == 'x' && strspn(s + 2, "0123456789abcdefABCDEF") >= 4 &&
		s[6] == '_';
}

/* Text that looks like an escape of the format (_x0041_) would be read as one: its underscore is escaped itself. */
static lxw_error write_text(struct sheet_file *s, lxw_col_t at, const char *text)
{
	struct str safe = STR_INIT;
	const char *plain = text;
	for (const char *p = text; (p = strstr(p, "_x")); p++)
		if (is_escape(p)) {
			str_add(&safe, plain, (size_t)(p - plain));
			str_puts(&safe, "_x005F");
			plain = p;
		}
	str_puts(&safe, plain);
	lxw_error failed = worksheet_write_string(s->table_sheet, s->row, at, str_text(&safe), s->text);
	str_free(&safe);
	return failed;
}

static lxw_error write_value(struct sheet_file *s, int c, const struct value *v)
{
	const struct sheet_column *column = &s->columns[c];
	struct field as;
	const struct field *f = column->field;
	lxw_col_t at = (lxw_col_t)c;
	double divisor, day;
	if (f && f->type == FIELD_DERIVED) {
		as = *f;
		as.type = f->derived_type;
		f = &as;
	}
	if (v->kind == VALUE_NULL)
		return LXW_NO_ERROR;
	struct sheet_column spelled = {.field = f};
	str_clear(&s->scratch);
	sheet_text(&s->scratch, &spelled, v, s->table.lang, s->title_of, s->self);
	const char *text = str_text(&s->scratch);
	widen(s, c, text);
	if (f && v->kind == VALUE_INT) {
		lxw_format *format = number_format_of(s, f, &divisor);
		if (format && is_exact(v->i))
			return worksheet_write_number(
				s->table_sheet, s->row, at, (double)v->i / divisor, format);
		if (day_number(f, v->i, &day))
			return worksheet_write_number(
				s->table_sheet, s->row, at, day, f->type == FIELD_MONTH ? s->month : s->date);
	}
	return write_text(s, at, text);
}

bool sheet_add(struct sheet_file *s, const struct value *values, struct err *err)
{
	if (s->row >= LXW_ROW_MAX)
		return err_set(
			err, ERR_LIMIT, NULL, "a sheet has at most %d rows; export as CSV", LXW_ROW_MAX);
	for (int c = 0; c < s->table.ncolumns; c++) {
		lxw_error failed = write_value(s, c, &values[c]);
		if (failed == LXW_ERROR_MAX_STRING_LENGTH_EXCEEDED) {
			const struct sheet_column *column = &s->columns[c];
			char heading[ERR_BOTH_ROOM];
			err_set(err, ERR_LIMIT, NULL, "a cell holds at most %d characters; export as CSV",
				LONGEST_CELL);
			return err_in(err, "row %u, column %s", s->row + 1,
				err_both(heading, column->field ? column->field->label : column->label));
		}
		if (failed != LXW_NO_ERROR)
			return err_set(
				err, ERR_SYSTEM, NULL, "could not write the workbook: %s", lxw_strerror(failed));
	}
	s->row++;
	return true;
}

/* ---- closing ---- */

static void free_file(struct sheet_file *s)
{
	str_free(&s->scratch);
	free(s->columns);
	free(s->widths);
	free(s);
}

static bool finish(struct sheet_file *s, struct offer *offers, struct err *err)
{
	write_offers(s, offers);
	for (int c = 0; c < s->table.ncolumns; c++) {
		lxw_row_col_options hidden = {.hidden = s->columns[c].hidden};
		worksheet_set_column_opt(
			s->table_sheet, (lxw_col_t)c, (lxw_col_t)c, s->widths[c], NULL, &hidden);
	}
	worksheet_freeze_panes(s->table_sheet, 1, 0);
	worksheet_autofilter(
		s->table_sheet, 0, 0, s->row > 1 ? s->row - 1 : 1, (lxw_col_t)(s->table.ncolumns - 1));
	lxw_error failed = workbook_close(s->workbook);
	free_file(s);
	if (failed != LXW_NO_ERROR)
		return err_set(
			err, ERR_SYSTEM, NULL, "could not write the workbook: %s", lxw_strerror(failed));
	return true;
}

bool sheet_close(struct sheet_file *s, struct err *err)
{
	int n = s->table.ncolumns;
	struct offer *offers = must_alloc((size_t)(n + 1) * sizeof *offers);
	struct label **scratch = must_alloc((size_t)(n + 1) * sizeof(struct label *));
	for (int c = 0; c < n; c++)
		offers[c] = offer_of(&s->columns[c], &scratch[c]);
	bool ok = finish(s, offers, err);
	for (int c = 0; c < n; c++)
		free(scratch[c]);
	free(scratch);
	free(offers);
	return ok;
}

void sheet_drop(struct sheet_file *s)
{
	if (!s)
		return;
	lxw_workbook_free(s->workbook);
	free_file(s);
}

/* ---- the empty form ---- */

static bool is_entered(const struct field *f)
{
	return field_is_stored(f) && !f->retired && f->type != FIELD_FILE && f->type != FIELD_FILES &&
		f->type != FIELD_JSON;
}

bool sheet_template(const char *path, const char *scratch, const struct register_def *reg,
	enum lang lang, sheet_names_of *names_of, void *self, struct err *err)
{
	struct sheet_column *columns = must_alloc((size_t)(reg->nfields + 1) * sizeof *columns);
	struct sheet_table table = {.title = reg->label, .columns = columns, .lang = lang};
	for (int i = 0; i < reg->nfields; i++)
		if (is_entered(&reg->fields[i]))
			columns[table.ncolumns++].field = &reg->fields[i];
	struct sheet_file *s = start(path, scratch, &table, true);
	struct offer *offers = must_alloc((size_t)(table.ncolumns + 1) * sizeof *offers);
	struct label **labels = must_alloc((size_t)(table.ncolumns + 1) * sizeof(struct label *));
	/* names_of lends its list only until the next call: keep copies */
	struct arena *a = arena_open();
	for (int c = 0; c < table.ncolumns; c++) {
		const struct field *f = columns[c].field;
		offers[c] = offer_of(&columns[c], &labels[c]);
		int n = 0;
		const char *const *names = f->type == FIELD_REF && names_of ? names_of(self, f, &n) : NULL;
		if (n > LIMIT_CHOICES)
			n = LIMIT_CHOICES;
		const char **copy = ARENA_ARRAY(a, const char *, n);
		for (int i = 0; i < n; i++)
			copy[i] = arena_strdup(a, names[i]);
		if (n)
			offers[c] = (struct offer){NULL, copy, n};
		s->widths[c] = s->widths[c] < 12 ? 12 : s->widths[c];
	}
	bool ok = finish(s, offers, err);
	for (int c = 0; c < table.ncolumns; c++)
		free(labels[c]);
	free(labels);
	free(offers);
	free(columns);
	arena_close(a);
	return ok;
}
