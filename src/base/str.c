#include "base/str.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

/* Room for `more` bytes and the NUL; false when the ceiling is in the way. */
static bool grow(struct str *s, size_t more)
{
	if (s->limit && (more > s->limit || s->n > s->limit - more)) {
		s->full = true;
		return false;
	}
	if (s->room > s->n + more)
		return true;
	size_t room = s->room ? s->room : 64;
	while (room <= s->n + more)
		room *= 2;
	s->s = must_realloc(s->s, room);
	s->room = room;
	return true;
}

void str_reserve(struct str *s, size_t more)
{
	(void)grow(s, more);
}

void str_add(struct str *s, const void *bytes, size_t n)
{
	if (n == 0 || !grow(s, n))
		return;
	memcpy(s->s + s->n, bytes, n);
	s->n += n;
	s->s[s->n] = '\0';
}

void str_puts(struct str *s, const char *text)
{
	str_add(s, text, strlen(text));
}

void str_slice(struct str *s, struct slice text)
{
	str_add(s, text.s, text.n);
}

void str_vprintf(struct str *s, const char *fmt, va_list args)
{
	va_list again;
	va_copy(again, args);
	char small[256];
	int n = vsnprintf(small, sizeof(small), fmt, args);
	assert(n >= 0);
	if ((size_t)n < sizeof(small)) {
		str_add(s, small, (size_t)n);
	} else if (grow(s, (size_t)n)) {
		vsnprintf(s->s + s->n, (size_t)n + 1, fmt, again);
		s->n += (size_t)n;
	}
	va_end(again);
}

void str_printf(struct str *s, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	str_vprintf(s, fmt, args);
	va_end(args);
}

static void add_digits(struct str *s, bool minus, uint64_t rest)
{
	char digits[24];
	char *p = digits + sizeof(digits);
	do
		*--p = (char)('0' + rest % 10);
	while (rest /= 10);
	if (minus)
		*--p = '-';
	str_add(s, p, (size_t)(digits + sizeof(digits) - p));
}

static uint64_t magnitude(int64_t number)
{
	return number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
}

void str_int(struct str *s, int64_t number)
{
	add_digits(s, number < 0, magnitude(number));
}

void str_decimal(struct str *s, int64_t value, int scale)
{
	uint64_t rest = magnitude(value);
	char fraction[24];
	int n = 0;
	for (int i = scale; i > 0; i--) {
		fraction[i - 1] = (char)('0' + rest % 10);
		rest /= 10;
		if (n == 0 && fraction[i - 1] != '0')
			n = i;
	}
	add_digits(s, value < 0, rest);
	if (n) {
		str_putc(s, '.');
		str_add(s, fraction, (size_t)n);
	}
}

void str_clear(struct str *s)
{
	s->n = 0;
	s->full = false;
	if (s->s)
		s->s[0] = '\0';
}

void str_free(struct str *s)
{
	free(s->s);
	*s = (struct str){.limit = s->limit};
}

char *str_take(struct str *s)
{
	char *text = s->s ? s->s : must_alloc(1);
	*s = (struct str){.limit = s->limit};
	return text;
}

const char *str_text(struct str *s)
{
	return s->s ? s->s : "";
}

struct slice str_view(const struct str *s)
{
	return (struct slice){s->s, s->n};
}

void str_xml(struct str *s, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '&': str_puts(s, "&amp;"); break;
		case '<': str_puts(s, "&lt;"); break;
		case '>': str_puts(s, "&gt;"); break;
		case '"': str_puts(s, "&quot;"); break;
		case '\r': str_puts(s, "&#13;"); break; /* a bare one would be read as a line feed */
		default: {
			bool control = (unsigned char)*text < ' ' && *text != '\n' && *text != '\t';
			str_putc(s, control ? ' ' : *text);
		}
		}
}
