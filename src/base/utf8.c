#include "base/utf8.h"

#include <errno.h>
#include <iconv.h>
#include <strings.h>

#include "base/str.h"

size_t utf8_bytes_rare(const unsigned char *s, size_t n)
{
	size_t want = s[0] >= 0xF0 ? 4 : s[0] >= 0xE0 ? 3 : 2;
	if (s[0] < 0xC2 || s[0] > 0xF4 || n < want)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((s[i] & 0xC0) != 0x80)
			return 0;
	if ((s[0] == 0xE0 && s[1] < 0xA0) || (s[0] == 0xED && s[1] > 0x9F) ||
		(s[0] == 0xF0 && s[1] < 0x90) || (s[0] == 0xF4 && s[1] > 0x8F))
		return 0;
	return want;
}

bool utf8_valid(struct slice text)
{
	const unsigned char *s = (const unsigned char *)text.s;
	for (size_t i = 0; i < text.n;) {
		size_t n = utf8_bytes(s + i, text.n - i);
		if (n == 0)
			return false;
		i += n;
	}
	return true;
}

size_t utf8_length(struct slice text)
{
	size_t n = 0;
	for (size_t at = 0; at < text.n; n++)
		utf8_next(text, &at);
	return n;
}

int utf8_encode(uint32_t c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xC0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3F));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xE0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3F));
		out[2] = (char)(0x80 | (c & 0x3F));
		return 3;
	}
	out[0] = (char)(0xF0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3F));
	out[2] = (char)(0x80 | (c >> 6 & 0x3F));
	out[3] = (char)(0x80 | (c & 0x3F));
	return 4;
}

int utf8_width(uint32_t c)
{
	if (c < 32 || (c >= 0x7F && c < 0xA0) || (c >= 0x300 && c < 0x370) ||
		(c >= 0x200B && c <= 0x200F) || c == 0xFEFF)
		return 0;
	return (c >= 0x1100 && c <= 0x115F) || (c >= 0x2E80 && c <= 0xA4CF) ||
			(c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
			(c >= 0xFE30 && c <= 0xFE6F) || (c >= 0xFF00 && c <= 0xFF60) ||
			(c >= 0xFFE0 && c <= 0xFFE6) || (c >= 0x1F300 && c <= 0x1FAFF) ||
			(c >= 0x20000 && c <= 0x3FFFD)
		? 2
		: 1;
}

struct slice utf8_cut(struct slice text, size_t bytes)
{
	if (text.n <= bytes)
		return text;
	while (bytes > 0 && ((unsigned char)text.s[bytes] & 0xC0) == 0x80)
		bytes--;
	return (struct slice){text.s, bytes};
}

static bool is_blank(uint32_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r') || c == 0xA0 || c == 0x3000 || c == 0xFEFF;
}

/* Bytes that no blank begins or ends with: most texts are trimmed already. */
static bool begins_no_blank(unsigned char c)
{
	return c > ' ' && c != 0xC2 && c != 0xE3 && c != 0xEF;
}

static bool ends_no_blank(unsigned char c)
{
	return c > ' ' && c != 0x80 && c != 0xA0 && c != 0xBF;
}

struct slice utf8_trim(struct slice text)
{
	while (text.n && !begins_no_blank((unsigned char)text.s[0])) {
		size_t at = 0;
		if (!is_blank(utf8_next(text, &at)))
			break;
		text.s += at;
		text.n -= at;
	}
	while (text.n && !ends_no_blank((unsigned char)text.s[text.n - 1])) {
		size_t start = text.n - 1;
		while (start > 0 && ((unsigned char)text.s[start] & 0xC0) == 0x80)
			start--;
		size_t at = start;
		if (!is_blank(utf8_next(text, &at)))
			break;
		text.n = start;
	}
	return text;
}

static const struct {
	const char *name, *iconv;
} charsets[] = {
	[CHARSET_UTF8] = {"utf-8", "UTF-8"},
	[CHARSET_GB18030] = {"gb18030", "GB18030"},
	[CHARSET_CP1252] = {"windows-1252", "CP1252"},
	[CHARSET_UTF16LE] = {"utf-16le", "UTF-16LE"},
	[CHARSET_UTF16BE] = {"utf-16be", "UTF-16BE"},
	[CHARSET_CP1251] = {"windows-1251", "CP1251"},
};

const char *charset_name(enum charset set)
{
	return charsets[set].name;
}

bool charset_parse(const char *name, enum charset *out)
{
	static const struct {
		const char *name;
		enum charset set;
	} others[] = {
		{"utf8", CHARSET_UTF8},
		{"gbk", CHARSET_GB18030},
		{"gb2312", CHARSET_GB18030},
		{"cp936", CHARSET_GB18030},
		{"cp1252", CHARSET_CP1252},
		{"latin1", CHARSET_CP1252},
		{"iso-8859-1", CHARSET_CP1252},
		{"utf-16", CHARSET_UTF16LE},
		{"cp1251", CHARSET_CP1251},
	};
	for (size_t i = 0; i < countof(charsets); i++)
		if (strcasecmp(name, charsets[i].name) == 0) {
			*out = (enum charset)i;
			return true;
		}
	for (size_t i = 0; i < countof(others); i++)
		if (strcasecmp(name, others[i].name) == 0) {
			*out = others[i].set;
			return true;
		}
	return false;
}

/*
 * GB18030 or Windows-1252? In GB text every high byte is the first of a pair (second byte 0x40..0xFE but 0x7F) or of four
 * (digit second). In western text high bytes mostly stand alone between ASCII letters, so pairs of two high bytes are rare.
 */
static bool looks_like_gb(struct slice bytes)
{
	const unsigned char *s = (const unsigned char *)bytes.s;
	size_t both_high = 0, lone = 0, bad = 0;
	size_t end = bytes.n < (1 << 20) ? bytes.n : (1 << 20);
	for (size_t i = 0; i < end; i++) {
		if (s[i] < 0x80)
			continue;
		if (i + 1 >= end)
			break;
		if (s[i] >= 0x81 && s[i] <= 0xFE && s[i + 1] >= 0xA1 && s[i + 1] <= 0xFE)
			both_high++, i++;
		else if (s[i] >= 0x81 && s[i] <= 0xFE && s[i + 1] >= 0x40 && s[i + 1] != 0x7F &&
			s[i + 1] != 0xFF)
			lone++, i++;
		else if (s[i] >= 0x81 && i + 3 < end && s[i + 1] >= '0' && s[i + 1] <= '9' &&
			s[i + 2] >= 0x81 && s[i + 3] >= '0' && s[i + 3] <= '9')
			i += 3;
		else
			bad++;
	}
	return both_high > 2 * (bad + lone / 4);
}

/*
 * Cyrillic text has its high bytes in words, most of them small letters (0xE0 and up, and 0xB8). In GB text the first bytes
 * of common characters lie below 0xD8 and the second ones are spread evenly, so barely a fifth of all is that high.
 */
static bool looks_like_cyrillic(struct slice bytes)
{
	const unsigned char *s = (const unsigned char *)bytes.s;
	size_t high = 0, small = 0, in_words = 0;
	size_t end = bytes.n < (1 << 20) ? bytes.n : (1 << 20);

	for (size_t i = 0; i < end; i++) {
		if (s[i] < 0x80)
			continue;
		high++;
		small += s[i] >= 0xE0 || s[i] == 0xB8;
		in_words += (i && s[i - 1] >= 0xC0) || (i + 1 < end && s[i + 1] >= 0xC0);
	}
	return small * 10 > high * 6 && in_words * 10 > high * 7;
}

enum charset charset_guess(struct slice bytes)
{
	const unsigned char *s = (const unsigned char *)bytes.s;
	if (bytes.n >= 2 && s[0] == 0xFF && s[1] == 0xFE)
		return CHARSET_UTF16LE;
	if (bytes.n >= 2 && s[0] == 0xFE && s[1] == 0xFF)
		return CHARSET_UTF16BE;
	if (utf8_valid(bytes))
		return CHARSET_UTF8;
	if (looks_like_cyrillic(bytes))
		return CHARSET_CP1251;
	return looks_like_gb(bytes) ? CHARSET_GB18030 : CHARSET_CP1252;
}

static const struct slice replacement = {"\xEF\xBF\xBD", 3};

static void decode_utf8(struct slice bytes, struct str *out, size_t *bad)
{
	size_t start = 0;
	for (size_t at = 0; at < bytes.n;) {
		size_t n = utf8_bytes((const unsigned char *)bytes.s + at, bytes.n - at);
		if (n) {
			at += n;
			continue;
		}
		str_add(out, bytes.s + start, at - start);
		str_slice(out, replacement);
		(*bad)++;
		start = ++at;
	}
	str_add(out, bytes.s + start, bytes.n - start);
}

/* The few bytes that a set of one byte leaves undefined lie in 0x80..0x9F; as control characters of the same number they
 * find their way back. */
static bool keeps_controls(enum charset set)
{
	return set == CHARSET_CP1252 || set == CHARSET_CP1251;
}

static bool decode_iconv(
	enum charset set, struct slice bytes, struct str *out, size_t *bad, struct err *err)
{
	const char *from = charsets[set].iconv;
	iconv_t conversion = iconv_open("UTF-8", from);
	if (conversion == (iconv_t)-1)
		return err_set(err, ERR_SYSTEM, NULL, "this machine cannot convert from %s", from);
	char *in = (char *)bytes.s, buffer[8192];
	size_t left = bytes.n;
	while (left) {
		char *to = buffer;
		size_t room = sizeof(buffer);
		size_t done = iconv(conversion, &in, &left, &to, &room);
		str_add(out, buffer, (size_t)(to - buffer));
		if (done == (size_t)-1 && errno != E2BIG && left) {
			char control[4];
			if (keeps_controls(set))
				str_add(out, control, (size_t)utf8_encode((unsigned char)*in, control));
			else
				str_slice(out, replacement);
			(*bad)++;
			in++;
			left--;
		}
	}
	iconv_close(conversion);
	return true;
}

bool charset_decode(struct arena *a, enum charset set, struct slice bytes, struct slice *out,
	size_t *bad, struct err *err)
{
	size_t ignored = 0;
	if (!bad)
		bad = &ignored;
	*bad = 0;
	if (set == CHARSET_UTF8 && bytes.n >= 3 && memcmp(bytes.s, "\xEF\xBB\xBF", 3) == 0)
		bytes.s += 3, bytes.n -= 3;
	if ((set == CHARSET_UTF16LE || set == CHARSET_UTF16BE) && bytes.n >= 2 &&
		(memcmp(bytes.s, "\xFF\xFE", 2) == 0 || memcmp(bytes.s, "\xFE\xFF", 2) == 0))
		bytes.s += 2, bytes.n -= 2;
	if (set == CHARSET_UTF8 && utf8_valid(bytes)) {
		*out = bytes;
		return true;
	}
	struct str text = STR_INIT;
	str_reserve(&text, bytes.n + bytes.n / 2);
	if (set == CHARSET_UTF8)
		decode_utf8(bytes, &text, bad);
	else if (!decode_iconv(set, bytes, &text, bad, err)) {
		str_free(&text);
		return false;
	}
	*out = arena_slice(a, str_view(&text));
	str_free(&text);
	return true;
}

static size_t character_bytes(const char *s, size_t left)
{
	size_t n = utf8_bytes((const unsigned char *)s, left);
	return n ? n : 1;
}

bool charset_encode(
	enum charset set, struct slice text, bool mark, struct str *out, size_t *bad, struct err *err)
{
	bool plain = true;
	size_t ignored = 0;

	if (!bad)
		bad = &ignored;
	*bad = 0;
	for (size_t i = 0; i < text.n && plain; i++)
		plain = (unsigned char)text.s[i] < 0x80;
	if (mark && set == CHARSET_UTF8 && !plain)
		str_puts(out, "\xEF\xBB\xBF");
	if (set == CHARSET_UTF8) {
		str_slice(out, text);
		return true;
	}
	iconv_t conversion = iconv_open(charsets[set].iconv, "UTF-8");
	if (conversion == (iconv_t)-1)
		return err_set(
			err, ERR_SYSTEM, NULL, "this machine cannot convert to %s", charsets[set].iconv);
	if (mark && (set == CHARSET_UTF16LE || set == CHARSET_UTF16BE))
		str_add(out, set == CHARSET_UTF16LE ? "\xFF\xFE" : "\xFE\xFF", 2);
	char *in = (char *)text.s, buffer[8192];
	size_t left = text.n;
	while (left) {
		char *to = buffer;
		size_t room = sizeof(buffer);
		size_t done = iconv(conversion, &in, &left, &to, &room);
		str_add(out, buffer, (size_t)(to - buffer));
		if (done == (size_t)-1 && errno != E2BIG && left) {
			size_t n = character_bytes(in, left);
			bool control = keeps_controls(set) && n == 2 && (unsigned char)in[0] == 0xC2 &&
				(unsigned char)in[1] < 0xA0;
			str_putc(out, control ? in[1] : '?'); /* only the sets of one byte lack characters */
			*bad += !control;
			in += n;
			left -= n;
		}
	}
	iconv_close(conversion);
	return true;
}
