#include "store/bigram.h"

#include "base/utf8.h"

enum letter { LETTER_NONE, LETTER_WORD, LETTER_HAN };

static enum letter letter_of(uint32_t c)
{
	if ((c >= 0x3400 && c <= 0x9fff) || (c >= 0xf900 && c <= 0xfaff) ||
		(c >= 0x20000 && c <= 0x3ffff) || c == 0x3007)
		return LETTER_HAN;
	if (c < 0x80)
		return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
			? LETTER_WORD
			: LETTER_NONE;
	if ((c >= 0xff10 && c <= 0xff19) || (c >= 0xff21 && c <= 0xff3a) ||
		(c >= 0xff41 && c <= 0xff5a))
		return LETTER_WORD;
	/* Punctuation and symbols of Latin-1, general and CJK punctuation, other full-width forms. */
	if (c < 0xc0 || c == 0xd7 || c == 0xf7 || (c >= 0x2000 && c <= 0x2fff) ||
		(c >= 0x3000 && c <= 0x303f) || (c >= 0xfe00 && c <= 0xffff))
		return LETTER_NONE;
	return LETTER_WORD;
}

/* Lower case of Latin letters; full-width letters and digits become narrow. Other scripts stay as
 * they are. */
static uint32_t fold(uint32_t c)
{
	if (c >= 0xff01 && c <= 0xff5e)
		c -= 0xfee0;
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

#define WORD_BYTES 64 /* a longer word is cut into pieces, in texts and in queries alike */

struct splitter {
	struct slice text;
	bigram_each *each;
	void *self;
	bool last_alone;
};

/* One run of word letters from *at on. */
static int split_word(const struct splitter *s, size_t *at)
{
	char token[WORD_BYTES + 4];
	int n = 0;
	size_t start = *at, end = *at;
	while (end < s->text.n && n < WORD_BYTES) {
		size_t next = end;
		uint32_t c = utf8_next(s->text, &next);
		if (letter_of(c) != LETTER_WORD)
			break;
		n += utf8_encode(fold(c), token + n);
		end = next;
	}
	*at = end;
	return s->each(s->self, token, n, (int)start, (int)end);
}

/* One run of Han characters: pairs, and what remains alone. */
static int split_han(const struct splitter *s, size_t *at)
{
	size_t first = *at, second = first;
	utf8_next(s->text, &second);
	bool paired = false;
	for (;;) {
		size_t end = second;
		bool more = second < s->text.n && letter_of(utf8_next(s->text, &end)) == LETTER_HAN;
		if (!more)
			break;
		int stop = s->each(s->self, s->text.s + first, (int)(end - first), (int)first, (int)end);
		if (stop)
			return stop;
		paired = true;
		first = second;
		second = end;
	}
	*at = second;
	if (paired && !s->last_alone)
		return 0;
	return s->each(s->self, s->text.s + first, (int)(second - first), (int)first, (int)second);
}

static int split(const struct splitter *s)
{
	int stop = 0;
	for (size_t at = 0; at < s->text.n && !stop;) {
		size_t next = at;
		switch (letter_of(utf8_next(s->text, &next))) {
		case LETTER_HAN: stop = split_han(s, &at); break;
		case LETTER_WORD: stop = split_word(s, &at); break;
		default: at = next;
		}
	}
	return stop;
}

int bigram_index(struct slice text, bigram_each *each, void *self)
{
	return split(&(struct splitter){text, each, self, true});
}

int bigram_phrase(struct slice text, bigram_each *each, void *self)
{
	return split(&(struct splitter){text, each, self, false});
}

static int any_token(void *self, const char *token, int n, int start, int end)
{
	return 1;
}

bool bigram_query(struct slice words, struct str *out)
{
	bool some = false;
	size_t at = 0;
	while (at < words.n) {
		size_t start = at, next = at;
		uint32_t c = 0;
		while (at < words.n && (next = at, c = utf8_next(words, &next), c > ' ' && c != 0x3000))
			at = next;
		struct slice run = {words.s + start, at - start};
		if (at < words.n)
			at = next;
		if (!bigram_phrase(run, any_token, NULL))
			continue; /* only punctuation */
		str_puts(out, some ? " AND \"" : "\"");
		for (size_t i = 0; i < run.n; i++)
			str_putc(out, run.s[i] == '"' || run.s[i] == '\0' ? ' ' : run.s[i]);
		str_puts(out, "\"*");
		some = true;
	}
	return some;
}
