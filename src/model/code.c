/*
 * Codes. Alphabets and weights: GB 32100-2015 (统一社会信用代码) and GB 11714-1997 (组织机构代码). Positions of area codes:
 * GB/T 2260. The layout of project codes: 发改投资〔2020〕1439号 and GB/T 40058-2021 for the new one; how its check character
 * is computed is not published where we could read it, so it is not enforced (see check_character).
 */
#include "model/code.h"

#include "base/embed.h"
#include "base/num.h"
#include "model/quote.h"

static const char *const kind_names[] = {
	"none", "uscc", "organisation", "project", "area", "industry"};

const char *code_kind_name(enum code_kind kind)
{
	return kind_names[kind];
}

bool code_kind_parse(const char *name, enum code_kind *out)
{
	for (int i = CODE_USCC; i <= CODE_INDUSTRY; i++)
		if (strcmp(name, kind_names[i]) == 0) {
			*out = (enum code_kind)i;
			return true;
		}
	return false;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* How many digits stand at the beginning. */
static size_t digits(struct slice text)
{
	size_t n = 0;
	while (n < text.n && is_digit(text.s[n]))
		n++;
	return n;
}

static int number(struct slice text, size_t from, size_t n)
{
	int value = 0;
	for (size_t i = from; i < from + n; i++)
		value = value * 10 + (text.s[i] - '0');
	return value;
}

struct slice code_normal(struct arena *a, enum code_kind kind, struct slice text)
{
	struct str out = STR_INIT;
	text = utf8_trim(text);
	for (size_t at = 0; at < text.n;) {
		uint32_t c = utf8_next(text, &at);
		if (c >= 0xFF01 && c <= 0xFF5E)
			c -= 0xFEE0; /* full-width */
		if (c == 0x2013 || c == 0x2014 || c == 0x2212)
			c = '-';
		if (c == ' ' || c == 0x3000 || c == 0x00A0 || c == '\t')
			continue;
		if (c >= 'a' && c <= 'z')
			c -= 'a' - 'A';
		char bytes[4];
		str_add(&out, bytes, (size_t)utf8_encode(c, bytes));
	}
	struct slice plain = arena_slice(a, str_view(&out));
	str_free(&out);
	if (kind == CODE_PROJECT && plain.n == 20 && digits(plain) >= 19)
		return slice_of(arena_printf(a, "%.4s-%.6s-%.2s-%.2s-%.6s", plain.s, plain.s + 4,
			plain.s + 10, plain.s + 12, plain.s + 14));
	return plain;
}

/* ---- organisation and unified credit code ---- */

static int organisation_value(char c)
{
	return is_digit(c) ? c - '0' : c >= 'A' && c <= 'Z' ? c - 'A' + 10 : -1;
}

/* The ninth character of an organisation code; 0 when one of the eight is not allowed. */
static char organisation_check(const char *eight)
{
	static const int weights[8] = {3, 7, 9, 10, 5, 8, 4, 2};
	int sum = 0;
	for (int i = 0; i < 8; i++) {
		int value = organisation_value(eight[i]);
		if (value < 0)
			return 0;
		sum += value * weights[i];
	}
	int check = 11 - sum % 11;
	return check == 10 ? 'X' : check == 11 ? '0' : (char)('0' + check);
}

/* 123456789, or 12345678-9. */
static bool check_organisation(struct slice text, struct err *err)
{
	char code[9];
	if (text.n == 10 && text.s[8] == '-') {
		memcpy(code, text.s, 8);
		code[8] = text.s[9];
	} else if (text.n == 9) {
		memcpy(code, text.s, 9);
	} else {
		return err_set(err, ERR_INPUT, NULL, "organisation code \"%s\" has not nine characters",
			quote(text).s);
	}
	char check = organisation_check(code);
	if (!check)
		return err_set(err, ERR_INPUT, NULL,
			"organisation code \"%s\" has a character that is no digit or letter", quote(text).s);
	if (check != code[8])
		return err_set(err, ERR_INPUT, NULL,
			"organisation code \"%s\" ends in %c, its check character is %c", quote(text).s,
			code[8], check);
	return true;
}

static const char credit_alphabet[] = "0123456789ABCDEFGHJKLMNPQRTUWXY";

static int credit_value(char c)
{
	const char *at = c ? strchr(credit_alphabet, c) : NULL;
	return at ? (int)(at - credit_alphabet) : -1;
}

/* Which categories (second character) each registration authority (first) has. */
static const struct {
	char authority;
	const char *categories;
} credit_pairs[] = {{'1', "1239"}, {'2', "19"}, {'3', "123459"}, {'4', "19"}, {'5', "1239"},
	{'6', "129"}, {'7', "129"}, {'8', "19"}, {'9', "123"}, {'A', "19"}, {'N', "1239"}, {'Y', "1"}};

static bool check_credit_head(struct slice text, struct err *err)
{
	for (size_t i = 0; i < 17; i++)
		if (credit_value(text.s[i]) < 0)
			return err_set(err, ERR_INPUT, NULL, "credit code \"%s\": character %d is not among %s",
				quote(text).s, (int)i + 1, credit_alphabet);
	const char *categories = NULL;
	for (size_t i = 0; i < countof(credit_pairs); i++)
		if (credit_pairs[i].authority == text.s[0])
			categories = credit_pairs[i].categories;
	if (!categories)
		return err_set(err, ERR_INPUT, NULL,
			"credit code \"%s\" begins with %c, which is no registration authority", quote(text).s,
			text.s[0]);
	if (!strchr(categories, text.s[1]))
		return err_set(err, ERR_INPUT, NULL, "credit code \"%s\": authority %c has no category %c",
			quote(text).s, text.s[0], text.s[1]);
	if (digits((struct slice){text.s + 2, 6}) < 6)
		return err_set(err, ERR_INPUT, NULL,
			"credit code \"%s\": characters 3 to 8 are not an area code", quote(text).s);
	return true;
}

static bool check_credit(struct slice text, struct err *err)
{
	static const int weights[17] = {1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28};
	if (text.n != 18 || utf8_length(text) != 18)
		return err_set(err, ERR_INPUT, NULL, "credit code \"%s\" has %zu characters, not 18",
			quote(text).s, utf8_length(text));
	if (!check_credit_head(text, err))
		return false;
	char organisation = organisation_check(text.s + 8);
	if (organisation != text.s[16])
		return err_set(err, ERR_INPUT, NULL,
			"credit code \"%s\": character 17 is %c, the organisation code needs %c", quote(text).s,
			text.s[16], organisation);
	int sum = 0;
	for (int i = 0; i < 17; i++)
		sum += credit_value(text.s[i]) * weights[i];
	/* the outer remainder makes 31 a 0 */
	char check = credit_alphabet[(31 - sum % 31) % 31];
	if (check != text.s[17])
		return err_set(err, ERR_INPUT, NULL,
			"credit code \"%s\" ends in %c, its check character is %c", quote(text).s, text.s[17],
			check);
	return true;
}

/* ---- areas ---- */

static bool is_province(int two)
{
	static const signed char provinces[] = {11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36,
		37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63, 64, 65, 71, 81, 82};
	for (size_t i = 0; i < countof(provinces); i++)
		if (provinces[i] == two)
			return true;
	return false;
}

/* 01-20 and 51-70 cities, 21-50 prefectures, 90 directly governed counties; 00 the province itself. */
static bool is_city_part(int two)
{
	return two <= 70 || two == 90;
}

static bool check_area(struct slice text, struct err *err)
{
	struct quote q = quote(text);
	if ((text.n != 6 && text.n != 9) || digits(text) != text.n)
		return err_set(
			err, ERR_INPUT, NULL, "area code \"%s\" has not six digits (nine for a town)", q.s);
	if (!is_province(number(text, 0, 2)))
		return err_set(err, ERR_INPUT, NULL, "area code \"%s\": no province has %.2s", q.s, q.s);
	int city = number(text, 2, 2), county = number(text, 4, 2);
	if (!is_city_part(city))
		return err_set(err, ERR_INPUT, NULL, "area code \"%s\": digits 3 and 4 are no city's", q.s);
	if (city == 0 && county != 0)
		return err_set(err, ERR_INPUT, NULL, "area code \"%s\" has a county without a city", q.s);
	if (text.n == 9 && county == 0)
		return err_set(err, ERR_INPUT, NULL, "area code \"%s\" has a town without a county", q.s);
	return true;
}

/* ---- projects ---- */

/* Hyphens after 4, 10, 12 and 14 digits. */
static bool project_layout(struct slice text)
{
	static const int groups[] = {4, 6, 2, 2, 6};
	size_t at = 0;
	for (size_t g = 0; g < countof(groups); g++) {
		for (int i = 0; i < groups[g]; i++, at++)
			if (at >= text.n || (!is_digit(text.s[at]) && !(text.s[at] == 'X' && at == 23)))
				return false;
		if (g + 1 < countof(groups) && (at >= text.n || text.s[at++] != '-'))
			return false;
	}
	return at == text.n;
}

/* The hook for the check character of GB/T 40058-2021, clause 4.7. The clause's text was not available: 0 says "not
 * known", and nothing is refused for it. */
static char check_character(const struct project_code *code)
{
	(void)code;
	return 0;
}

/* The first group tells the layouts apart: 2015-2020 read as YYMM would need month 15 to 20. */
static bool project_time(int first, struct project_code *out)
{
	out->old = first >= 2015 && first <= 2020;
	out->year = out->old ? first : 2000 + first / 100;
	out->month = out->old ? 0 : first % 100;
	return out->old || (out->month >= 1 && out->month <= 12);
}

bool code_project_parse(struct slice text, struct project_code *out, struct err *err)
{
	struct quote q = quote(text);
	struct project_code code = {0};
	if (!project_layout(text))
		return err_set(
			err, ERR_INPUT, NULL, "project code \"%s\" is not like 2301-320922-04-01-123456", q.s);
	if (!project_time(number(text, 0, 4), &code))
		return err_set(err, ERR_INPUT, NULL,
			"project code \"%s\": %.4s is neither a year nor a year and month", q.s, q.s);
	memcpy(code.area, text.s + 5, 6);
	memcpy(code.department, text.s + 12, 2);
	memcpy(code.type, text.s + 15, 2);
	memcpy(code.serial, text.s + 18, 6);
	/* 00 is the centre's own */
	if (!is_province(number(text, 5, 2)) && number(text, 5, 2) != 0)
		return err_set(
			err, ERR_INPUT, NULL, "project code \"%s\": %s is no area code", q.s, code.area);
	if (code.old && code.serial[5] == 'X')
		return err_set(
			err, ERR_INPUT, NULL, "project code \"%s\" is not like 2301-320922-04-01-123456", q.s);
	char check = code.old ? 0 : check_character(&code);
	if (check && check != code.serial[5])
		return err_set(err, ERR_INPUT, NULL,
			"project code \"%s\" ends in %c, its check character is %c", q.s, code.serial[5],
			check);
	*out = code;
	return true;
}

/* ---- all of them ---- */

static bool check_industry(struct slice text, struct err *err)
{
	struct industry_fact fact;
	struct slice code = text;
	/* C3012 is written as often as 3012; the letter must then be the section's */
	if (text.n > 1 && text.s[0] >= 'A' && text.s[0] <= 'T')
		code = (struct slice){text.s + 1, text.n - 1};
	if (!fact_industry(code, &fact))
		return err_set(
			err, ERR_INPUT, NULL, "industry code \"%s\" is not in GB/T 4754-2017", quote(text).s);
	while (code.n != text.n && fact.level > 1)
		if (!fact_industry(fact.parent, &fact))
			break;
	if (code.n != text.n && (fact.level != 1 || fact.code.s[0] != text.s[0]))
		return err_set(err, ERR_INPUT, NULL, "industry code \"%s\": %s is not in section %c",
			quote(text).s, quote(code).s, text.s[0]);
	return true;
}

bool code_check(enum code_kind kind, struct slice text, struct err *err)
{
	struct project_code code;
	switch (kind) {
	case CODE_NONE: return true;
	case CODE_USCC: return check_credit(text, err);
	case CODE_ORGANISATION: return check_organisation(text, err);
	case CODE_PROJECT: return code_project_parse(text, &code, err);
	case CODE_AREA: return check_area(text, err);
	case CODE_INDUSTRY: return check_industry(text, err);
	}
	return false;
}
