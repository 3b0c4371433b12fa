/*
 * A growing byte buffer with a ceiling. The text is always NUL-terminated. Past the ceiling nothing more
 * is added and `full` stays set, so a writer checks once at its end.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdarg.h>

#include "base/base.h"

struct str {
	char *s;  /* owned; never NULL after the first read through str_text() */
	size_t n; /* bytes without the final NUL */
	size_t room;
	size_t limit; /* ceiling in bytes; 0: none */
	bool full;    /* something did not fit */
};

#define STR_INIT ((struct str){0})

void str_add(struct str *s, const void *bytes, size_t n);
void str_puts(struct str *s, const char *text);
void str_slice(struct str *s, struct slice text);
PRINTF_LIKE(2, 3) void str_printf(struct str *s, const char *fmt, ...);
void str_vprintf(struct str *s, const char *fmt, va_list args);
void str_int(struct str *s, int64_t number);
/* value / 10^scale as a decimal, without trailing zeros: (12345, 3) -> 12.345, (12000, 3) -> 12 */
void str_decimal(struct str *s, int64_t value, int scale);
/* As text or attribute of XML 1.0; control characters, which it cannot hold, become spaces. */
void str_xml(struct str *s, const char *text);
void str_reserve(struct str *s, size_t more);
void str_clear(struct str *s); /* keeps the memory */
void str_free(struct str *s);
char *str_take(struct str *s);       /* moves ownership to the caller: free() */
const char *str_text(struct str *s); /* borrowed until the next change */
struct slice str_view(const struct str *s);

/* Here because texts are made of more single characters than of anything else. */
static inline void str_putc(struct str *s, char c)
{
	if (s->limit || s->n + 1 >= s->room) {
		str_add(s, &c, 1);
		return;
	}
	s->s[s->n++] = c;
	s->s[s->n] = '\0';
}

#endif
