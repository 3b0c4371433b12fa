/* Words every file uses: attributes, slices, array sizes. Includes nothing of ours. */
#ifndef BASE_BASE_H
#define BASE_BASE_H

#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define MUST_USE __attribute__((warn_unused_result))
#define PRINTF_LIKE(fmt, first) __attribute__((format(printf, fmt, first)))
#define NORETURN __attribute__((noreturn))
/* Before a function that is one loop over whole columns: compiled for speed, whatever the rest is compiled for. */
#if defined(__clang__)
#define TIGHT_LOOP /* knows no such order for one function */
#else
#define TIGHT_LOOP __attribute__((optimize("O3")))
#endif
#define countof(array) (sizeof(array) / sizeof((array)[0]))

/* A borrowed run of bytes, not NUL-terminated. s may be NULL when n is 0. */
struct slice {
	const char *s;
	size_t n;
};

#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})

static inline struct slice slice_of(const char *s)
{
	return (struct slice){s, s ? strlen(s) : 0};
}

static inline bool slice_is(struct slice a, const char *b)
{
	return a.n == strlen(b) && (a.n == 0 || memcmp(a.s, b, a.n) == 0);
}

static inline bool slice_equal(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}

/* The two languages of every label and message; Chinese is the default. */
enum lang { LANG_ZH, LANG_EN };

/* A word in both languages, UTF-8. Both are set wherever a label exists. */
struct label {
	const char *zh, *en;
};

static inline const char *label_in(struct label label, enum lang lang)
{
	return lang == LANG_EN ? label.en : label.zh;
}

#endif
