/* say_table (made by tools/say_table.py) is sorted by the English key. */
#include "base/say.h"

extern const char *const say_table[][2];
extern const size_t say_count;

const char *say(enum lang lang, const char *english)
{
	if (lang == LANG_EN)
		return english;
	size_t low = 0, high = say_count;
	while (low < high) {
		size_t mid = (low + high) / 2;
		int order = strcmp(say_table[mid][0], english);
		if (order == 0)
			return say_table[mid][1];
		if (order < 0)
			low = mid + 1;
		else
			high = mid;
	}
	return english;
}

/* A conversion at p ("%2$s", "%lld"): its length; *which is its argument, or the next one. */
static size_t placeholder(const char *p, int *which, int *next)
{
	size_t n = 1;
	if (p[1] >= '1' && p[1] <= '9' && p[2] == '$') {
		*which = p[1] - '1';
		n = 3;
	} else {
		*which = (*next)++;
	}
	n += strspn(p + n, "-+ #0123456789.hlzjt");
	return p[n] ? n + 1 : n;
}

void say_args(struct str *out, const char *text, int nargs, const char *const args[])
{
	int next = 0;
	for (const char *p = text; *p;) {
		size_t plain = strcspn(p, "%");
		str_add(out, p, plain);
		p += plain;
		if (!*p)
			break;
		if (p[1] == '%') {
			str_putc(out, '%');
			p += 2;
			continue;
		}
		int which;
		p += placeholder(p, &which, &next);
		if (which < nargs)
			str_puts(out, args[which]);
	}
}
