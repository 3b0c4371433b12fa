/*
 * From a cell to a value of a field. Figures that Excel holds as numbers are taken without going through text; everything
 * a person typed goes through model/value, after what only foreign ledgers have was taken off: currency signs, times of
 * day, words for "nothing".
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/num.h"
#include "intake/ledger_parts.h"
#include "model/quote.h"

bool says_nothing(struct slice text)
{
	static const char *const words[] = {"-", "--", "—", "——", "/", "\\", "无", "n/a", "na", "#n/a",
		"none", "null", "nil", "暂无", "未定", "不详", "空", ".", "*", "?", "？"};
	if (text.n == 0)
		return true;
	for (size_t i = 0; text.n < 8 && i < countof(words); i++)
		if (strlen(words[i]) == text.n && strncasecmp(words[i], text.s, text.n) == 0)
			return true;
	return false;
}

static bool is_number_kind(const struct cell *cell)
{
	return cell->kind == CELL_NUMBER || cell->kind == CELL_PERCENT;
}

/* ---- amounts ---- */

/* Takes "£", "US$", "元" and the like off both ends; *negative for (123). */
static struct slice bare_amount(struct slice text, bool *negative)
{
	static const char *const signs[] = {
		"US$", "USD", "A$", "AUD", "GBP", "EUR", "RMB", "CNY", "£", "$", "€", "¥", "￥"};
	*negative = false;
	text = utf8_trim(text);
	/* what careless conversion leaves of a pound or euro sign before the figures: Ł, Â£, U+0081 */
	for (size_t at = 0; at < text.n;) {
		uint32_t c = utf8_next(text, &at);
		if (c < 0x80 || c > 0x17F || c == 0xA3 || c == 0xA5)
			break;
		text.s += at;
		text.n -= at;
		at = 0;
	}
	if (text.n > 2 && text.s[0] == '(' && text.s[text.n - 1] == ')') {
		*negative = true;
		text = (struct slice){text.s + 1, text.n - 2};
	}
	if (text.n > 1 && text.s[0] == '-' && !(text.s[1] >= '0' && text.s[1] <= '9')) {
		*negative = true;
		text = (struct slice){text.s + 1, text.n - 1};
	}
	for (size_t i = 0; i < countof(signs); i++) {
		size_t n = strlen(signs[i]);
		if (text.n > n && strncasecmp(text.s, signs[i], n) == 0) {
			text = utf8_trim((struct slice){text.s + n, text.n - n});
			i = (size_t)-1;
		}
	}
	return text;
}

/* English tails of amounts: "1.5bn", "30 million", "12k". In 1/100 of the unit named; 0: none. */
static int64_t english_tail(struct slice *text)
{
	static const struct {
		const char *tail;
		int64_t unit;
	} tails[] = {{"billion", INT64_C(100000000000)}, {"million", 100000000}, {"thousand", 100000},
		{"bn", INT64_C(100000000000)}, {"mn", 100000000}, {"m", 100000000}, {"k", 100000}};
	for (size_t i = 0; i < countof(tails); i++) {
		size_t n = strlen(tails[i].tail);
		if (text->n > n && strncasecmp(text->s + text->n - n, tails[i].tail, n) == 0) {
			*text = utf8_trim((struct slice){text->s, text->n - n});
			return tails[i].unit;
		}
	}
	return 0;
}

/* A plain decimal in units of `unit` 分. The scale gives way to size: 8 decimals, or 6, or 2. */
static bool plain_amount(struct slice text, int64_t unit, int64_t *out)
{
	static const int scales[] = {8, 6, 2};
	for (size_t i = 0; i < countof(scales); i++) {
		int64_t value;
		if (num_decimal(text, scales[i], &value, NULL)) {
			*out = num_muldiv(value, unit, num_pow10[scales[i]]);
			return *out != INT64_MAX && *out != INT64_MIN;
		}
	}
	return false;
}

/* A double that is exactly value / 10^scale, as nearly all figures typed by people are: no digits need printing. */
static bool exact_decimal(double number, int scale, int64_t *out)
{
	double power = (double)num_pow10[scale], scaled = number * power;
	if (fabs(scaled) > 9e15)
		return false;
	*out = llround(scaled);
	return (double)*out / power == number;
}

static bool number_amount(double number, int64_t unit, int64_t *out)
{
	char digits[40];
	int64_t value;
	if (number == floor(number) && fabs(number) < 9e15)
		return num_mul((int64_t)number, unit, out);
	if (exact_decimal(number, 6, &value)) {
		*out = num_muldiv(value, unit, 1000000);
		return true;
	}
	snprintf(digits, sizeof digits, "%.15g", number);
	return plain_amount(slice_of(digits), unit, out);
}

static const char own_unit_text[] =
	"the cell names its own unit; it was used instead of the column's";
static const char own_unit_advice[] = "check that the amount is right";

static bool own_unit(struct slice text)
{
	return memmem(text.s, text.n, "亿", 3) || memmem(text.s, text.n, "万", 3) ||
		memmem(text.s, text.n, "元", 3);
}

static bool money(struct ledger *l, int column, const struct field *field, const struct cell *cell,
	uint32_t row, struct value *out, struct err *err)
{
	int64_t unit = l->columns[column].money_unit;
	out->kind = VALUE_INT;
	if (is_number_kind(cell)) {
		if (number_amount(cell->number, unit, &out->i))
			return true;
		return err_set(err, ERR_INPUT, field->name, "amount \"%s\" is too large",
			quote(cell_text(l->a, cell)).s);
	}
	bool negative;
	struct slice raw = utf8_trim(cell_text(l->a, cell));
	struct slice text = bare_amount(raw, &negative);
	int64_t tail = english_tail(&text);
	if (plain_amount(text, tail ? tail : unit, &out->i)) {
		out->i = negative ? -out->i : out->i;
		if (tail && tail != unit)
			ledger_trouble(
				l, LEDGER_REPAIRED, row, column, raw, own_unit_text, own_unit_advice, NULL);
		return true;
	}
	struct reading how = {.today = l->options->today, .money_unit = unit};
	if (!value_from_text(l->a, field, text, &how, out, err))
		return false;
	if (out->kind == VALUE_INT && negative)
		out->i = -out->i;
	int64_t said = heading_money_unit(text, l->a, NULL);
	if (own_unit(text) && said != unit)
		ledger_trouble(l, LEDGER_REPAIRED, row, column, raw, own_unit_text, own_unit_advice, NULL);
	return true;
}

static bool figure(struct ledger *l, const struct field *field, const struct cell *cell,
	struct value *out, struct err *err)
{
	int scale = field->type == FIELD_QUANTITY ? field->scale : field->type == FIELD_PERCENT ? 2 : 0;
	out->kind = VALUE_INT;
	if (field->type == FIELD_PERCENT && is_number_kind(cell)) {
		double hundredths = cell->number * (cell->kind == CELL_PERCENT ? 10000 : 100);
		if (fabs(hundredths) < 9e15) {
			out->i = llround(hundredths);
			return true;
		}
	} else if (cell->kind == CELL_NUMBER && exact_decimal(cell->number, scale, &out->i)) {
		return true;
	}
	struct slice text = utf8_trim(cell_text(l->a, cell));
	if (cell->kind == CELL_NUMBER) {
		bool exact = true;
		if (cell->number == floor(cell->number) && fabs(cell->number) < 9e15 &&
			num_mul((int64_t)cell->number, num_pow10[scale], &out->i))
			return true;
		if (num_decimal(text, scale, &out->i, &exact) && (exact || field->type != FIELD_INTEGER))
			return true;
	}
	bool negative;
	struct reading how = {.today = l->options->today, .money_unit = 100};
	struct slice bare = bare_amount(text, &negative);
	if (!value_from_text(l->a, field, bare, &how, out, err))
		return false;
	if (negative && out->kind == VALUE_INT)
		out->i = -out->i;
	return true;
}

/* ---- dates ---- */

static bool serial_day(const struct cell *cell, struct slice text, struct date *out)
{
	double number = 0;
	if (cell->kind == CELL_DATE)
		number = floor(cell->number) + 25569;
	else if (cell->kind == CELL_NUMBER && cell->number >= 20000 && cell->number < 80000)
		number = floor(cell->number); /* a date whose format was lost */
	else if (cell->kind == CELL_TEXT && text.n == 5) {
		int64_t days;
		if (num_int(text, &days) && days >= 20000 && days < 80000)
			number = (double)days;
	}
	if (number < 1)
		return false;
	*out = (struct date){(int32_t)number - 25569};
	return true;
}

static int64_t in_type(const struct field *field, struct date date, int seconds)
{
	switch (field->type) {
	case FIELD_MONTH: return month_of(date).index;
	case FIELD_INSTANT: return date_instant(date, 0, OFFSET_CHINA).ms + (int64_t)seconds * 1000;
	default: return date.day;
	}
}

static bool day_or_time(struct ledger *l, int column, const struct field *field,
	const struct cell *cell, uint32_t row, struct value *out, struct err *err)
{
	struct slice text =
		cell->kind == CELL_DATE ? (struct slice){0} : utf8_trim(cell_text(l->a, cell));
	struct date date;
	struct instant instant;
	struct month month;
	enum date_order order;
	int seconds = 0;
	out->kind = VALUE_INT;
	if (field->type == FIELD_INSTANT && cell->kind == CELL_TEXT &&
		instant_parse_iso(text, OFFSET_CHINA, &instant)) {
		out->i = instant.ms;
		return true;
	}
	if (field->type == FIELD_MONTH && cell->kind == CELL_TEXT && month_parse_iso(text, &month)) {
		out->i = month.index;
		return true;
	}
	if (serial_day(cell, text, &date)) {
		if (cell->kind == CELL_DATE)
			seconds = (int)llround((cell->number - floor(cell->number)) * 86400);
		out->i = in_type(field, date, seconds);
		return true;
	}
	bool day_first = l->columns[column].day_first;
	if (text_date(text, day_first, l->options->today, &date, &seconds, &order)) {
		out->i = in_type(field, date, seconds);
		if (order == DATE_EITHER && l->work[column].dates_both)
			ledger_trouble(l, LEDGER_WARNING, row, column, text,
				day_first ? "day and month could be meant either way; read as day first"
						  : "day and month could be meant either way; read as month first",
				"write the date as 2026-03-31", NULL);
		return true;
	}
	struct reading how = {.today = l->options->today, .money_unit = 100, .day_first = day_first};
	return value_from_text(l->a, field, text, &how, out, err);
}

/* A column's order is what its own cells prove; a column without proof follows the others of the table. */
void ledger_prove_dates(struct ledger *l)
{
	size_t days = 0, months = 0;
	size_t *undecided = ARENA_ARRAY(l->a, size_t, l->ncolumns);
	bool *proven = ARENA_ARRAY(l->a, bool, l->ncolumns);
	for (int c = 0; c < l->ncolumns; c++) {
		const struct field *f =
			l->columns[c].field ? l->columns[c].field : l->columns[c].child_field;
		size_t day = 0, month = 0;
		if (!f || (f->type != FIELD_DATE && f->type != FIELD_MONTH && f->type != FIELD_INSTANT))
			continue;
		for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
			const struct cell *cell = row_cell(&l->sheet->rows[r], c);
			struct date date;
			enum date_order order;
			int seconds;
			if (!cell || cell->kind != CELL_TEXT)
				continue;
			if (!text_date(utf8_trim((struct slice){cell->text, cell->n}), false, l->options->today,
					&date, &seconds, &order))
				continue;
			day += order == DATE_DAY_FIRST;
			month += order == DATE_MONTH_FIRST;
			undecided[c] += order == DATE_EITHER;
		}
		l->columns[c].day_first = day > month;
		l->work[c].dates_both = day > 0 && month > 0;
		proven[c] = day + month > 0;
		days += day;
		months += month;
	}
	for (int c = 0; c < l->ncolumns; c++) {
		if (proven[c] || undecided[c] == 0)
			continue;
		l->columns[c].day_first = days > months;
		if (days == 0 && months == 0)
			ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, c, (struct slice){0},
				"no date in this column shows whether day or month comes first; month first was "
				"taken",
				"look at one date you know, and write dates as 2026-03-31", NULL);
	}
}

/* ---- refs ---- */

static bool is_there(const struct ledger *l, const struct field *field, struct slice text)
{
	struct uuid id;
	return l->options->find_ref &&
		l->options->find_ref(l->options->self, l->a, field, text, &id, NULL);
}

static struct slice up_to(struct slice text, const char *const marks[], size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const char *at = memmem(text.s, text.n, marks[i], strlen(marks[i]));
		text.n = at ? (size_t)(at - text.s) : text.n;
	}
	return utf8_trim(text);
}

/* 牵头单位 "交通局、水利局" in a field that takes one: the first name. Units are listed so; a comma, a stroke or a space says
 * it only where the first name is there. text itself: it is one name. */
static struct slice first_of_several(
	const struct ledger *l, const struct field *field, struct slice text)
{
	static const char *const strong[] = {"；", ";", "\n", "|", "、"};
	static const char *const weak[] = {"，", ",", "/", "／", " ", "　"};
	struct slice first = up_to(text, strong, countof(strong));
	if (field->type != FIELD_REF || is_there(l, field, text))
		return text;
	if (first.n && first.n < text.n &&
		(strcmp(field->to, "unit") == 0 || is_there(l, field, first)))
		return first;
	first = up_to(text, weak, countof(weak));
	return first.n && first.n < text.n && is_there(l, field, first) ? first : text;
}

/* Its place in w->known. */
static int ask_ref(
	struct ledger *l, struct column_work *w, const struct field *field, struct slice text)
{
	if (w->nknown == w->known_room) {
		w->known_room = w->known_room ? w->known_room * 2 : 32;
		w->known = must_realloc(w->known, (size_t)w->known_room * sizeof *w->known);
	}
	struct slice first = first_of_several(l, field, text);
	struct known_ref ref = {0};
	if (first.n < text.n)
		ref.first = arena_slice(l->a, first);
	if (uuid_parse(text, &ref.id))
		ref.found = true; /* our own exports without a title; store checks that it exists */
	else if (l->options->find_ref)
		ref.found =
			l->options->find_ref(l->options->self, l->a, field, first, &ref.id, &ref.nearest);
	map_put(w->refs, text, w->nknown);
	w->known[w->nknown] = ref;
	return w->nknown++;
}

static struct known_ref *look_up_ref(
	struct ledger *l, int column, const struct field *field, struct slice text)
{
	struct column_work *w = &l->work[column];
	if (!w->refs)
		w->refs = map_open();
	int32_t at = map_get(w->refs, text);
	if (at < 0)
		at = (int32_t)ask_ref(l, w, field, text);
	if ((!l->quiet || l->counting) && l->options->count_ref)
		l->options->count_ref(
			l->options->self, field, w->known[at].first.n ? w->known[at].first : text);
	return &w->known[at];
}

static bool unknown_ref(
	const struct field *field, struct slice text, const struct known_ref *ref, struct err *err)
{
	if (ref->nearest)
		return err_set(err, ERR_INPUT, field->name, "\"%s\" is not known; did you mean %s",
			quote(text).s, ref->nearest);
	return err_set(err, ERR_INPUT, field->name, "\"%s\" is not known", quote(text).s);
}

static bool one_ref(struct ledger *l, int column, const struct field *field, struct slice text,
	uint32_t row, struct value *out, struct err *err)
{
	const struct known_ref *ref = look_up_ref(l, column, field, text);
	if (!ref->found)
		return unknown_ref(field, ref->first.n ? ref->first : text, ref, err);
	if (ref->first.n)
		ledger_trouble(l, LEDGER_WARNING, row, column, text,
			"the cell names several, the field takes one: the first was taken",
			"keep the one in the lead here, and the others in a column for those that support it",
			NULL);
	*out = (struct value){.kind = VALUE_ID, .id = ref->id};
	return true;
}

/* The length of a mark between names; 、 and commas may also be inside one. */
static size_t separator(struct slice text, size_t at, bool weak)
{
	static const char *const marks[] = {"；", ";", "\n", "|", "、", "，", ","};
	for (size_t i = 0; i < (weak ? countof(marks) : 4); i++)
		if (text.n - at >= strlen(marks[i]) && memcmp(text.s + at, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

enum { MOST_REFS = 100 };

/* Is it several names? 、 says so, unless there is one of that very name; a comma does where one of its parts is there. */
static bool several(struct ledger *l, const struct field *field, struct slice text)
{
	bool marked = false, known = false;
	for (size_t at = 0, start = 0; at <= text.n;) {
		size_t mark = at < text.n ? separator(text, at, true) : 1;
		if (mark == 0) {
			at++;
			continue;
		}
		struct slice one = utf8_trim((struct slice){text.s + start, at - start});
		marked |= mark == 3 && memcmp(text.s + at, "、", 3) == 0;
		known = known || (one.n < text.n && one.n && is_there(l, field, one));
		at += mark;
		start = at;
	}
	return (marked || known) && !is_there(l, field, text);
}

/* Splits at strong marks; what is not known as a whole is split again at weak ones. */
static bool add_refs(struct ledger *l, int column, const struct field *field, struct slice text,
	uint32_t row, bool weak, struct value *items, int *n, struct err *err)
{
	for (size_t at = 0, start = 0; at <= text.n;) {
		size_t mark = at < text.n ? separator(text, at, weak) : 1;
		if (mark == 0) {
			at++;
			continue;
		}
		struct slice one = utf8_trim((struct slice){text.s + start, at - start});
		at += mark;
		start = at;
		if (one.n == 0)
			continue;
		if (*n == MOST_REFS)
			return err_set(
				err, ERR_LIMIT, field->name, "more than %d names in one cell", MOST_REFS);
		if (weak || !several(l, field, one)) {
			if (!one_ref(l, column, field, one, row, &items[(*n)++], err))
				return false;
		} else if (!add_refs(l, column, field, one, row, true, items, n, err)) {
			return false;
		}
	}
	return true;
}

static bool many_refs(struct ledger *l, int column, const struct field *field, struct slice text,
	uint32_t row, struct value *out, struct err *err)
{
	struct value items[MOST_REFS];
	int n = 0;
	if (!add_refs(l, column, field, text, row, false, items, &n, err))
		return false;
	*out = value_list(l->a, field, items, n);
	return true;
}

/* ---- all of them ---- */

static bool words_field(struct ledger *l, int column, const struct field *field, struct slice text,
	uint32_t row, struct value *out)
{
	size_t most = field->max > 0 ? (size_t)field->max : field->type == FIELD_TEXT ? 500 : 20000;
	if (text.n > most && utf8_length(text) > most) {
		size_t at = 0;
		struct slice whole = text;
		char limit[16];
		for (size_t i = 0; i < most; i++)
			utf8_next(text, &at);
		text.n = at;
		snprintf(limit, sizeof limit, "%zu", most);
		ledger_trouble(l, LEDGER_REPAIRED, row, column, utf8_cut(whole, 60),
			"longer than %s characters; the rest was cut off",
			"shorten it, or move it to a field for long text", (const char *const[]){limit, NULL});
	}
	*out = (struct value){.kind = VALUE_TEXT, .text = text};
	return true;
}

/* 2.30911E+23: a long code that Excel took for a number. */
static bool rounded_code(const struct cell *cell, struct slice text)
{
	if (cell->kind == CELL_NUMBER)
		return fabs(cell->number) >= 1e15;
	bool digits = text.n > 4 && text.n < 30;
	for (size_t i = 0; i < text.n && digits; i++)
		digits = (text.s[i] >= '0' && text.s[i] <= '9') || strchr(".+eE", text.s[i]);
	return digits && (memmem(text.s, text.n, "E+", 2) || memmem(text.s, text.n, "e+", 2));
}

static bool by_type(struct ledger *l, int column, const struct field *field,
	const struct cell *cell, uint32_t row, struct value *out, struct err *err)
{
	/* these three look at the cell's number first: its text costs more than all the rest */
	if (field->type == FIELD_MONEY)
		return money(l, column, field, cell, row, out, err);
	if (field->type == FIELD_INTEGER || field->type == FIELD_QUANTITY ||
		field->type == FIELD_PERCENT)
		return figure(l, field, cell, out, err);
	if (field->type == FIELD_DATE || field->type == FIELD_MONTH || field->type == FIELD_INSTANT)
		return day_or_time(l, column, field, cell, row, out, err);
	struct slice text = utf8_trim(cell_text(l->a, cell));
	struct reading how = {
		.today = l->options->today, .money_unit = 100, .day_first = l->columns[column].day_first};
	switch (field->type) {
	case FIELD_TEXT:
	case FIELD_LONGTEXT: return words_field(l, column, field, text, row, out);
	case FIELD_YESNO:
		if (cell->kind == CELL_BOOL) {
			*out = (struct value){.kind = VALUE_INT, .i = cell->number != 0};
			return true;
		}
		break;
	case FIELD_CODE:
		if (rounded_code(cell, text))
			return err_set(err, ERR_INPUT, field->name,
				"Excel has rounded the code to %s; its last digits are lost", quote(text).s);
		break;
	case FIELD_REF: return one_ref(l, column, field, text, row, out, err);
	case FIELD_REFS: return many_refs(l, column, field, text, row, out, err);
	default: break;
	}
	return value_from_text(l->a, field, text, &how, out, err);
}

bool ledger_cell(struct ledger *l, int column, const struct field *field, const struct cell *cell,
	uint32_t row, struct value *out, struct err *err)
{
	struct value value = VALUE_NONE;
	*out = VALUE_NONE;
	if (!cell || cell->kind == CELL_EMPTY)
		return true;
	if (cell->kind == CELL_ERROR)
		return err_set(err, ERR_INPUT, field->name, "the cell shows the error %s",
			quote((struct slice){cell->text, cell->n}).s);
	if (cell->kind == CELL_TEXT) {
		struct slice text = utf8_trim((struct slice){cell->text, cell->n});
		bool words = field->type == FIELD_TEXT || field->type == FIELD_LONGTEXT ||
			field->type == FIELD_CHOICE || field->type == FIELD_CHOICES; /* one may be called 无 */
		if (text.n == 0 || (!words && field->type != FIELD_YESNO && says_nothing(text)))
			return true;
	}
	if (!by_type(l, column, field, cell, row, &value, err))
		return false;
	if (value.kind == VALUE_NULL)
		return true;
	if (!value_check(field, &value, err))
		return false;
	*out = value;
	return true;
}

/* ---- units ---- */

static bool has_han(const char *s)
{
	struct slice text = slice_of(s);
	for (size_t at = 0; at < text.n;) {
		uint32_t c = utf8_next(text, &at);
		if (c >= 0x3400 && c <= 0x9FFF)
			return true;
	}
	return false;
}

int64_t ledger_unit_above(const struct ledger *l)
{
	for (size_t r = 0; r < l->header; r++)
		for (uint32_t i = 0; i < l->sheet->rows[r].n; i++) {
			const struct cell *cell = &l->sheet->rows[r].cells[i];
			struct slice text = {cell->text, cell->n};
			if (cell->kind != CELL_TEXT || text.n > 300 || !memmem(text.s, text.n, "单位", 6))
				continue;
			int64_t unit = heading_money_unit(text, l->a, NULL);
			if (!unit && memmem(text.s, text.n, "元", 3))
				unit = 100;
			if (unit)
				return unit;
		}
	return 0;
}

static const char *currency_of_cells(const struct ledger *l, int column)
{
	int looked = 0;
	const char *currency = NULL;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows && looked < 20 && !currency; r++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], column);
		if (!cell || cell->kind != CELL_TEXT || cell->n > 40)
			continue;
		looked++;
		heading_money_unit((struct slice){cell->text, cell->n}, l->a, &currency);
	}
	return currency;
}

/* The unit that cells of a column without one in its heading name themselves: "183.98m" beside "45.01" means millions. */
static int64_t unit_of_cells(const struct ledger *l, int column)
{
	size_t filled = 0, named = 0;
	int64_t unit = 0;
	for (size_t r = l->header + l->nheader; r < l->sheet->nrows; r++) {
		const struct cell *cell = row_cell(&l->sheet->rows[r], column);
		if (!cell)
			continue;
		filled++;
		if (cell->kind != CELL_TEXT || cell->n > 40)
			continue;
		bool negative;
		int64_t amount;
		struct slice text = bare_amount((struct slice){cell->text, cell->n}, &negative);
		int64_t tail = english_tail(&text);
		if (tail && plain_amount(text, tail, &amount)) {
			if (unit && tail != unit)
				return 0;
			unit = tail;
			named++;
		}
	}
	return named >= 3 && named * 50 >= filled ? unit : 0;
}

void ledger_choose_units(struct ledger *l)
{
	l->sheet_unit = ledger_unit_above(l);
	for (int i = 0; i < l->ncolumns; i++) {
		struct ledger_column *c = &l->columns[i];
		const struct field *f = c->field ? c->field : c->child_field;
		if (!f || f->type != FIELD_MONEY)
			continue;
		int64_t said = heading_money_unit(slice_of(c->heading), l->a, &c->currency);
		if (!c->currency)
			c->currency = currency_of_cells(l, i);
		int64_t shown = said || l->sheet_unit || l->options->money_unit ? 0 : unit_of_cells(l, i);
		if (shown)
			ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, i, (struct slice){0},
				"some amounts name their unit, others do not; all were read in the same unit",
				"write the unit into the heading: 总投资（万元）", NULL);
		said = said ? said : shown;
		c->money_unit = l->options->money_unit ? l->options->money_unit
			: said                             ? said
			: l->sheet_unit                    ? l->sheet_unit
			: has_han(c->heading)              ? 1000000
											   : 100;
		if (c->currency)
			ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, i, (struct slice){0},
				"the amounts are in %s; the figures were taken as they stand, not converted",
				"convert them before import if the register is kept in yuan",
				(const char *const[]){c->currency, NULL});
		else if (!said && !l->sheet_unit && !l->options->money_unit)
			ledger_trouble(l, LEDGER_WARNING, UINT32_MAX, i, (struct slice){0},
				"the heading does not name a unit; %s was taken",
				"write the unit into the heading: 总投资（万元）",
				(const char *const[]){has_han(c->heading) ? "万元" : "元", NULL});
	}
}
