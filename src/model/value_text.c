/* Values as people write and read them: cells of ledgers, Excel, CSV. Dates are in value_date.c. */
#include "model/value.h"

#include <strings.h>

#include "base/num.h"
#include "base/utf8.h"
#include "model/code.h"
#include "model/quote.h"

/* Half-width, without spaces inside numbers: what the number readers want. In `a`. */
static struct slice half_width(struct arena *a, struct slice text, bool spaces)
{
	struct str out = STR_INIT;
	text = utf8_trim(text);
	for (size_t at = 0; at < text.n;) {
		uint32_t c = utf8_next(text, &at);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0;
		if (c == 0x2212)
			c = '-';
		if (!spaces && (c == ' ' || c == 0x00A0 || c == 0x3000 || c == 0x2009 || c == 0x202F))
			continue;
		char bytes[4];
		str_add(&out, bytes, (size_t)utf8_encode(c, bytes));
	}
	struct slice plain = arena_slice(a, str_view(&out));
	str_free(&out);
	return plain;
}

static bool same_word(struct slice text, const char *word)
{
	return text.n == strlen(word) && strncasecmp(text.s, word, text.n) == 0;
}

static bool is_one_of(struct slice text, const char *const *words)
{
	for (int i = 0; words[i]; i++)
		if (same_word(text, words[i]))
			return true;
	return false;
}

static bool ends_with(struct slice *text, const char *word)
{
	size_t n = strlen(word);
	if (text->n < n || memcmp(text->s + text->n - n, word, n) != 0)
		return false;
	text->n -= n;
	return true;
}

static bool begins_with(struct slice *text, const char *word)
{
	size_t n = strlen(word);
	if (text->n < n || memcmp(text->s, word, n) != 0)
		return false;
	text->s += n;
	text->n -= n;
	return true;
}

/* What people put where there is nothing to say. */
static const char *const nothing[] = {"-", "--", "—", "——", "–", "/", "\\", "n/a", "na", "null",
	"none", "nil", "无", "暂无", "空", "#n/a", NULL};

/* ---- money ---- */

static const struct {
	const char *word;
	int log10_fen;
} money_words[] = {{"亿元", 10}, {"亿", 10}, {"千万元", 9}, {"千万", 9}, {"百万元", 8}, {"百万", 8},
	{"万元", 6}, {"万", 6}, {"千元", 5}, {"元", 2}, {"分", 0}};

/* 12.5 with a unit worth 10^log10_fen 分. */
static bool money_part(struct slice number, int log10_fen, int64_t *out)
{
	bool minus = false;
	/* (1,234.5): an accountant's minus */
	if (number.n > 2 && number.s[0] == '(' && number.s[number.n - 1] == ')') {
		minus = true;
		number = (struct slice){number.s + 1, number.n - 2};
	}
	if (!num_decimal(number, log10_fen, out, NULL))
		return false;
	if (minus)
		*out = -*out;
	return true;
}

static bool bare_money(struct slice number, int64_t unit, int64_t *out)
{
	for (int log10 = 0; log10 <= 18; log10++)
		if (num_pow10[log10] == unit)
			return money_part(number, log10, out);
	int64_t millionths;
	if (!money_part(number, 6, &millionths))
		return false;
	*out = num_muldiv(millionths, unit, 1000000);
	return true;
}

/* 3亿5000万: the second part belongs to a smaller unit. */
static bool two_parts(struct slice text, int64_t *out)
{
	static const char mark[] = "亿";
	const size_t n = sizeof(mark) - 1;
	const char *at = memmem(text.s, text.n, mark, n);
	struct slice rest =
		at ? (struct slice){at + n, (size_t)(text.s + text.n - at) - n} : (struct slice){NULL, 0};
	int64_t high, low;
	if (!at || !money_part((struct slice){text.s, (size_t)(at - text.s)}, 10, &high))
		return false;
	for (size_t i = 0; i < countof(money_words); i++)
		if (ends_with(&rest, money_words[i].word))
			return money_words[i].log10_fen < 10 &&
				money_part(rest, money_words[i].log10_fen, &low) && low >= 0 &&
				num_add(high, high < 0 ? -low : low, out);
	return false;
}

static bool money_from_text(struct slice text, int64_t unit, int64_t *out)
{
	static const char *const signs[] = {"￥", "¥", "RMB", "CNY", "人民币", "US$", "$", "£", "€"};
	bool minus = begins_with(&text, "-");
	for (size_t i = 0; i < countof(signs); i++)
		if (begins_with(&text, signs[i]))
			break;
	/* a second minus is a mistake, not a plus */
	if (minus && text.n && text.s[0] == '-')
		return false;
	int64_t value;
	bool good = false, worded = false;
	struct slice number = text;
	for (size_t i = 0; i < countof(money_words) && !worded; i++)
		if ((worded = ends_with(&number, money_words[i].word)))
			good = money_part(number, money_words[i].log10_fen, &value);
	if (!worded)
		good = bare_money(text, unit, &value);
	if (!good && !two_parts(text, &value))
		return false;
	*out = minus ? -value : value;
	return true;
}

/* ---- other numbers ---- */

static bool percent_from_text(struct slice text, bool fraction, int64_t *out)
{
	if (ends_with(&text, "%") || ends_with(&text, "个百分点") || ends_with(&text, "百分点"))
		return num_decimal(text, 2, out, NULL);
	return num_decimal(text, fraction ? 4 : 2, out, NULL);
}

static bool number_from_text(const struct field *f, struct slice text, int64_t *out)
{
	static const char *const counters[] = {
		"人", "名", "个", "台套", "台", "套", "户", "天", "日", "处", "项", "辆", "件"};
	bool exact;
	if (f->unit.zh && !ends_with(&text, f->unit.zh))
		ends_with(&text, f->unit.en);
	for (size_t i = 0; i < countof(counters) && f->type == FIELD_INTEGER; i++)
		if (ends_with(&text, counters[i]))
			break;
	if (f->type == FIELD_QUANTITY)
		return num_decimal(text, f->scale, out, NULL);
	return num_decimal(text, 0, out, &exact) && exact;
}

static bool yesno_from_text(struct slice text, int64_t *out)
{
	static const char *const yes[] = {
		"是", "有", "对", "已", "√", "✓", "✔", "yes", "y", "true", "1", "t", NULL};
	static const char *const no[] = {
		"否", "无", "没有", "未", "错", "×", "✗", "no", "n", "false", "0", "f", "x", NULL};
	*out = is_one_of(text, yes);
	return *out || is_one_of(text, no);
}

/* ---- instants ---- */

/* The time of day at the end: 17:00, 17:00:30, 5:00:00 PM. */
static bool time_of_day(struct slice text, int *seconds)
{
	int v[3] = {0}, n = 0;
	size_t colon = 0, at;
	while (colon < text.n && text.s[colon] != ':')
		colon++;
	for (at = colon; at > 0 && text.s[at - 1] >= '0' && text.s[at - 1] <= '9'; at--)
		;
	while (at < text.n && n < 3) {
		size_t from = at;
		while (at < text.n && at - from < 2 && text.s[at] >= '0' && text.s[at] <= '9')
			v[n] = v[n] * 10 + (text.s[at++] - '0');
		if (at == from)
			return false;
		n++;
		if (at == text.n || text.s[at] != ':')
			break;
		at++;
	}
	while (at < text.n && text.s[at] == ' ')
		at++;
	struct slice tail = {text.s + at, text.n - at};
	bool am = same_word(tail, "am"), pm = same_word(tail, "pm");
	if (n < 2 || (tail.n && !am && !pm) || v[0] > 23 || v[1] > 59 || v[2] > 59 ||
		((am || pm) && (v[0] < 1 || v[0] > 12)))
		return false;
	if (am || pm)
		v[0] = v[0] % 12 + (pm ? 12 : 0);
	*seconds = (v[0] * 60 + v[1]) * 60 + v[2];
	return true;
}

static bool instant_from_text(struct slice text, const struct reading *how, int64_t *out)
{
	struct instant instant;
	struct date date;
	enum date_precision precision;
	int seconds = 0;
	if (instant_parse_iso(text, OFFSET_CHINA, &instant)) {
		*out = instant.ms;
		return true;
	}
	if (!date_from_text(text, how, &date, &precision) || precision != DATE_TO_DAY)
		return false;
	if (memchr(text.s, ':', text.n) && !time_of_day(text, &seconds))
		return false;
	*out = date_instant(date, 0, OFFSET_CHINA).ms + (int64_t)seconds * 1000;
	return true;
}

static bool time_from_text(
	const struct field *f, struct slice text, const struct reading *how, int64_t *out)
{
	struct date date;
	enum date_precision precision;
	if (f->type == FIELD_INSTANT)
		return instant_from_text(text, how, out);
	if (!date_from_text(text, how, &date, &precision))
		return false;
	/* a whole year is no month */
	if (f->type == FIELD_MONTH && precision > DATE_TO_MONTH)
		return false;
	*out = f->type == FIELD_MONTH ? month_of(date).index : date.day;
	return true;
}

/* ---- choices and lists ---- */

static const struct choice *choice_from_text(const struct field *f, struct slice text)
{
	for (int i = 0; i < f->nchoices; i++) {
		const struct choice *c = &f->choices[i];
		if (same_word(text, c->name) || same_word(text, c->label.zh) ||
			same_word(text, c->label.en))
			return c;
	}
	for (int i = 0; i < f->nchoices; i++)
		for (int k = 0; k < f->choices[i].nsynonyms; k++)
			if (same_word(text, f->choices[i].synonyms[k]))
				return &f->choices[i];
	return NULL;
}

/* The length of a mark between items at the start of `text`; 、and , only when `weak`. */
static size_t mark_length(struct slice text, bool weak)
{
	static const char *const strong[] = {";", "；", "|", "\n"},
							 *const soft[] = {"、", ",", "，", "/"};
	for (size_t i = 0; i < countof(strong); i++)
		if (text.n >= strlen(strong[i]) && memcmp(text.s, strong[i], strlen(strong[i])) == 0)
			return strlen(strong[i]);
	for (size_t i = 0; weak && i < countof(soft); i++)
		if (text.n >= strlen(soft[i]) && memcmp(text.s, soft[i], strlen(soft[i])) == 0)
			return strlen(soft[i]);
	return 0;
}

/* The next item of a list; moves `text` past it. */
static struct slice next_item(struct slice *text, bool weak)
{
	size_t at = 0, mark = 0;
	while (
		at < text->n && (mark = mark_length((struct slice){text->s + at, text->n - at}, weak)) == 0)
		at++;
	struct slice one = utf8_trim((struct slice){text->s, at});
	text->s += at + mark;
	text->n -= at + mark;
	return one;
}

static bool list_item(struct arena *a, const struct field *f, struct slice text, struct value *out)
{
	const struct choice *c = f->type == FIELD_CHOICES ? choice_from_text(f, text) : NULL;
	if (f->type == FIELD_CHOICES && !c)
		return false;
	*out = (struct value){.kind = VALUE_TEXT, .text = c ? slice_of(c->name) : arena_slice(a, text)};
	if (f->type == FIELD_REFS && uuid_parse(text, &out->id))
		out->kind = VALUE_ID;
	return true;
}

/* Strong marks first; what is no item as a whole is split again at weak ones. */
static bool list_from_text(
	struct arena *a, const struct field *f, struct slice text, struct value *out, struct err *err)
{
	struct value *items = ARENA_ARRAY(a, struct value, text.n + 1);
	int n = 0;
	while (text.n) {
		struct slice part = next_item(&text, false);
		if (part.n == 0)
			continue;
		if (f->type == FIELD_CHOICES && list_item(a, f, part, &items[n])) {
			n++;
			continue;
		}
		while (part.n) {
			struct slice one = next_item(&part, true);
			if (one.n && !list_item(a, f, one, &items[n++]))
				return err_set(
					err, ERR_INPUT, f->name, "\"%s\" is none of the choices", quote(one).s);
		}
	}
	*out = value_list(a, f, items, n);
	return true;
}

/* ---- geometry ---- */

/* GeoJSON, or for a point "117.28,31.86": east first, as in GeoJSON. */
static bool geometry_from_text(
	struct arena *a, const struct field *f, struct slice text, struct value *out, struct err *err)
{
	const struct json *j;
	if (text.n && text.s[0] != '{' && f->type == FIELD_POINT) {
		struct slice rest = text;
		struct slice east = next_item(&rest, true);
		int64_t checked;
		if (num_decimal(east, 9, &checked, NULL) && num_decimal(utf8_trim(rest), 9, &checked, NULL))
			text = slice_of(arena_printf(a, "{\"type\":\"Point\",\"coordinates\":[%.*s,%.*s]}",
				(int)east.n, east.s, (int)utf8_trim(rest).n, utf8_trim(rest).s));
	}
	if (!json_parse(a, text, f->name, &j, err))
		return err_set(err, ERR_INPUT, f->name,
			"\"%s\" is not a place: east,north in degrees, or GeoJSON", quote(text).s);
	return value_from_json(a, f, j, out, err);
}

/* ---- all types ---- */

static bool refuse(const struct field *f, struct slice text, struct err *err)
{
	struct quote q = quote(text);
	switch (f->type) {
	case FIELD_MONEY:
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not an amount of money", q.s);
	case FIELD_PERCENT: return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a percentage", q.s);
	case FIELD_INTEGER:
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a whole number", q.s);
	case FIELD_QUANTITY: return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a number", q.s);
	case FIELD_DATE: return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a date", q.s);
	case FIELD_MONTH: return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a month", q.s);
	case FIELD_INSTANT:
		return err_set(err, ERR_INPUT, f->name, "\"%s\" is not a date and time", q.s);
	case FIELD_YESNO: return err_set(err, ERR_INPUT, f->name, "\"%s\" is neither yes nor no", q.s);
	default: return err_set(err, ERR_INPUT, f->name, "\"%s\" is none of the choices", q.s);
	}
}

static bool integer_from_text(struct arena *a, const struct field *f, struct slice text,
	const struct reading *how, int64_t *out)
{
	struct slice plain = half_width(
		a, text, f->type == FIELD_DATE || f->type == FIELD_MONTH || f->type == FIELD_INSTANT);
	switch (f->type) {
	case FIELD_MONEY: return money_from_text(plain, how->money_unit, out);
	case FIELD_PERCENT: return percent_from_text(plain, how->percent_fraction, out);
	case FIELD_YESNO: return yesno_from_text(plain, out);
	case FIELD_DATE:
	case FIELD_MONTH:
	case FIELD_INSTANT: return time_from_text(f, plain, how, out);
	default: return number_from_text(f, plain, out);
	}
}

bool value_from_text(struct arena *a, const struct field *f, struct slice text,
	const struct reading *how, struct value *out, struct err *err)
{
	struct value v = {.kind = VALUE_TEXT, .text = utf8_trim(text)};
	const struct choice *c;
	bool words = f->type == FIELD_TEXT || f->type == FIELD_LONGTEXT || f->type == FIELD_CHOICE ||
		f->type == FIELD_CHOICES;
	if (f->type == FIELD_DERIVED)
		return err_set(err, ERR_INPUT, f->name, "is computed and cannot be entered");
	if (v.text.n == 0 || (!words && f->type != FIELD_YESNO && is_one_of(v.text, nothing))) {
		*out = VALUE_NONE;
		return true;
	}
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_LONGTEXT:
	case FIELD_FILE: v.text = arena_slice(a, v.text); break;
	case FIELD_CODE: v.text = code_normal(a, f->code, v.text); break;
	case FIELD_REF:
		v.text = arena_slice(a, v.text);
		if (uuid_parse(v.text, &v.id))
			v.kind = VALUE_ID;
		break;
	case FIELD_CHOICE:
		c = choice_from_text(f, v.text);
		c = c ? c : choice_from_text(f, half_width(a, v.text, true));
		if (!c && is_one_of(v.text, nothing)) {
			v = VALUE_NONE;
			break;
		}
		if (!c)
			return refuse(f, v.text, err);
		v.text = slice_of(c->name);
		break;
	case FIELD_CHOICES:
	case FIELD_REFS:
	case FIELD_FILES:
		if (is_one_of(v.text, nothing)) {
			v = VALUE_NONE;
			break;
		}
		if (!list_from_text(a, f, v.text, &v, err))
			return false;
		break;
	case FIELD_POINT:
	case FIELD_LINE:
	case FIELD_AREA: return geometry_from_text(a, f, v.text, out, err);
	case FIELD_JSON: {
		const struct json *j;
		return json_parse(a, v.text, f->name, &j, err) && value_from_json(a, f, j, out, err);
	}
	default: {
		int64_t i;
		if (!integer_from_text(a, f, v.text, how, &i))
			return refuse(f, v.text, err);
		v = (struct value){.kind = VALUE_INT, .i = i};
		break;
	}
	}
	*out = v;
	return true;
}

/* ---- to people ---- */

static void integer_to_text(
	struct str *out, const struct field *f, enum field_type type, int64_t i, enum lang lang)
{
	switch (type) {
	case FIELD_MONEY: str_decimal(out, i, 6); break;
	case FIELD_PERCENT:
		str_decimal(out, i, 2);
		str_putc(out, '%');
		break;
	case FIELD_QUANTITY: str_decimal(out, i, f->scale); break;
	case FIELD_DATE: date_format(out, (struct date){(int32_t)i}); break;
	case FIELD_MONTH: month_format(out, (struct month){(int32_t)i}); break;
	case FIELD_INSTANT: instant_format(out, (struct instant){i}, OFFSET_CHINA); break;
	case FIELD_YESNO:
		str_puts(out, lang == LANG_EN ? (i ? "yes" : "no") : (i ? "是" : "否"));
		break;
	default: str_int(out, i); break;
	}
}

static void item_to_text(
	struct str *out, const struct field *f, const struct value *v, enum lang lang)
{
	char id[UUID_TEXT];
	const struct choice *choice = NULL;
	for (int i = 0; v->kind == VALUE_TEXT && i < f->nchoices && !choice; i++)
		if (slice_is(v->text, f->choices[i].name))
			choice = &f->choices[i];
	if (v->kind == VALUE_ID) {
		uuid_format(v->id, id);
		str_puts(out, id);
	} else if (choice) {
		str_puts(out, label_in(choice->label, lang));
	} else {
		str_slice(out, v->text);
	}
}

void value_to_text(struct str *out, const struct field *f, const struct value *v, enum lang lang)
{
	switch (v->kind) {
	case VALUE_NULL: break;
	case VALUE_INT:
		integer_to_text(out, f, f->type == FIELD_DERIVED ? f->derived_type : f->type, v->i, lang);
		break;
	case VALUE_TEXT:
	case VALUE_ID: item_to_text(out, f, v, lang); break;
	case VALUE_LIST:
		for (int i = 0; i < v->n; i++) {
			if (i)
				str_puts(out, lang == LANG_EN ? "; " : "；");
			item_to_text(out, f, &v->items[i], lang);
		}
		break;
	}
}
