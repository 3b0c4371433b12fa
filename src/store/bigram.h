/*
 * Text to search tokens: every two neighbouring Han characters (工业园区: 工业 业园 园区), a Han character
 * that stands alone, and runs of other letters and digits in lower case. So any word of two
 * characters is found, and a longer one as a phrase.
 */
#ifndef STORE_BIGRAM_H
#define STORE_BIGRAM_H

#include "base/str.h"

/* start and end: the bytes of `text` it came from. Non-zero stops and is returned. */
typedef int bigram_each(void *self, const char *token, int n, int start, int end);
/* Tokens of a stored text: also the last Han character of each run alone, so that one character
 * finds it wherever it stands. */
int bigram_index(struct slice text, bigram_each *each, void *self);
/* Tokens of a phrase to look for. */
int bigram_phrase(struct slice text, bigram_each *each, void *self);
/* What a person typed as an FTS5 query: each run between spaces is a phrase whose last token may go
 * on, all are wanted. False: there is nothing to search for. */
MUST_USE bool bigram_query(struct slice words, struct str *out);

#endif
