/* A user's value inside an error message: the beginning of a slice, NUL-terminated, cut at a character's edge. */
#ifndef MODEL_QUOTE_H
#define MODEL_QUOTE_H

#include "base/utf8.h"

struct quote {
	char s[84];
};

static inline struct quote quote(struct slice text)
{
	struct quote q = {{0}};
	struct slice cut = utf8_cut(text, sizeof(q.s) - 1);
	if (cut.n)
		memcpy(q.s, cut.s, cut.n);
	return q;
}

#endif
