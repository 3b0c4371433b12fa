/* UTF-8, and the way into it from GB18030, Windows-1252, Windows-1251 (Cyrillic) and UTF-16 (glibc iconv; this is its door). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"

bool utf8_valid(struct slice text);
size_t utf8_length(struct slice text);    /* characters */
int utf8_encode(uint32_t c, char out[4]); /* bytes written */
int utf8_width(uint32_t c);               /* columns on a terminal: 0, 1 or 2 */
/* At most `bytes` of it, cut at a character's edge. */
struct slice utf8_cut(struct slice text, size_t bytes);
struct slice utf8_trim(
	struct slice text); /* spaces, tabs, line ends, U+3000, U+00A0, U+FEFF at both ends */

/* Bytes of the character that begins at s, where n > 0 bytes stand; 0: none that is valid. Overlong forms, surrogates and
 * what lies beyond U+10FFFF are not. The rest of the work is elsewhere: nearly all characters are ASCII or Chinese, of three
 * bytes whose first is none of the two that have rules of their own. */
size_t utf8_bytes_rare(const unsigned char *s, size_t n);
static inline size_t utf8_bytes(const unsigned char *s, size_t n)
{
	if (s[0] < 0x80)
		return 1;
	if (n >= 3 && s[0] > 0xE0 && s[0] < 0xED && (s[1] & 0xC0) == 0x80 && (s[2] & 0xC0) == 0x80)
		return 3;
	return utf8_bytes_rare(s, n);
}

/* Decodes one character at *at and moves on; 0xFFFD for a bad byte. *at < text.n. */
static inline uint32_t utf8_next(struct slice text, size_t *at)
{
	const unsigned char *s = (const unsigned char *)text.s + *at;
	size_t n = utf8_bytes(s, text.n - *at);
	*at += n ? n : 1;
	switch (n) {
	case 1: return s[0];
	case 2: return (uint32_t)(s[0] & 0x1F) << 6 | (s[1] & 0x3F);
	case 3: return (uint32_t)(s[0] & 0x0F) << 12 | (uint32_t)(s[1] & 0x3F) << 6 | (s[2] & 0x3F);
	case 4:
		return (uint32_t)(s[0] & 0x07) << 18 | (uint32_t)(s[1] & 0x3F) << 12 |
			(uint32_t)(s[2] & 0x3F) << 6 | (s[3] & 0x3F);
	default: return 0xFFFD;
	}
}

enum charset {
	CHARSET_UTF8,
	CHARSET_GB18030,
	CHARSET_CP1252,
	CHARSET_UTF16LE,
	CHARSET_UTF16BE,
	CHARSET_CP1251
};
/* Guesses from a byte order mark, then validity, then which reading gives plausible text. */
enum charset charset_guess(struct slice bytes);
MUST_USE bool charset_parse(
	const char *name, enum charset *out); /* "utf-8", "gbk", "gb18030", "windows-1252" ... */
const char *charset_name(enum charset set);
/* To UTF-8 in `a`, without byte order mark. A byte the set does not define is counted in *bad and becomes
 * U+FFFD, or in sets of one byte the control character of its number, which charset_encode() turns back. */
MUST_USE bool charset_decode(struct arena *a, enum charset set, struct slice bytes,
	struct slice *out, size_t *bad, struct err *err);

/* Back from UTF-8. A character the set does not have becomes '?' and is counted in *bad (may be NULL). With `mark`, a byte
 * order mark goes before UTF-16, and before UTF-8 that is not plain ASCII. */
MUST_USE bool charset_encode(
	enum charset set, struct slice text, bool mark, struct str *out, size_t *bad, struct err *err);

#endif
