/* See pinyin.h. The letters that are spent after each character are a set of bits, so that every way to take them to pieces
 * is followed at once and the text is read once. The tables are made by tools/pinyin_table.py. */
#include "base/pinyin.h"

#include "base/utf8.h"

extern const char pinyin_readings[][8];
extern const uint16_t pinyin_sets[], pinyin_set_of[];

struct typed {
	char letters[PINYIN_LETTERS + 1];
	size_t n;
};

static char small(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + 32) : c;
}

static bool typed_of(struct slice text, struct typed *out)
{
	bool letter = false;
	out->n = 0;
	for (size_t i = 0; i < text.n; i++) {
		char c = small(text.s[i]);
		if (c == ' ' || c == '\'')
			continue;
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) || out->n == PINYIN_LETTERS)
			return false;
		letter |= c >= 'a';
		out->letters[out->n++] = c;
	}
	out->letters[out->n] = 0;
	return letter && out->n >= 2;
}

bool pinyin_typed(struct slice text)
{
	struct typed typed;
	return typed_of(text, &typed);
}

/* How many letters from `at` on the reading spends at most: 0, all of it, or what is left of what was typed. */
static size_t spends(const struct typed *typed, size_t at, const char *reading)
{
	size_t n = 0;
	while (reading[n] && at + n < typed->n && typed->letters[at + n] == reading[n])
		n++;
	return !reading[n] || at + n == typed->n ? n : 0;
}

/* Where one may stand after character c, coming from the places in `from`. */
static uint64_t after(const struct typed *typed, uint64_t from, uint32_t c)
{
	uint64_t to = 0;
	const uint16_t *set = &pinyin_sets[c >= 0x4e00 && c <= 0x9fff ? pinyin_set_of[c - 0x4e00] : 0];
	for (size_t at = 0; at < typed->n; at++) {
		if (!(from >> at & 1))
			continue;
		if (c < 128 && small((char)c) == typed->letters[at])
			to |= UINT64_C(2) << at;
		for (int i = 1; i <= set[0]; i++) {
			const char *reading = pinyin_readings[set[i]];
			size_t n = spends(typed, at, reading);
			if (reading[0] == typed->letters[at])
				to |= UINT64_C(2) << at;
			if (n)
				to |= UINT64_C(1) << (at + n);
		}
	}
	return to;
}

bool pinyin_matches(struct slice text, struct slice letters)
{
	struct typed typed;
	if (!typed_of(letters, &typed))
		return false;
	uint64_t places = 0, all = UINT64_C(1) << typed.n;
	for (size_t at = 0; at < text.n;) {
		uint32_t c = utf8_next(text, &at);
		if (c <= 32 || c == 0x3000)
			continue;
		places = after(&typed, places | 1, c);
		if (places & all)
			return true;
	}
	return false;
}
