/*
 * Words numbered by first appearance: what text, choice and set columns hold instead of bytes. A word is never removed, so
 * a number stays good for the dictionary's life and in copies. The bytes of a word start at a multiple of 4, so that a word
 * may be an array of int32_t.
 */
#ifndef BOARD_DICTIONARY_H
#define BOARD_DICTIONARY_H

#include "base/base.h"

struct dictionary;

struct dictionary *dictionary_open(void);    /* owned: dictionary_close */
void dictionary_close(struct dictionary *d); /* accepts NULL */
struct dictionary *dictionary_copy(const struct dictionary *d);
int32_t dictionary_put(struct dictionary *d, struct slice word);        /* its number, new or old */
int32_t dictionary_find(const struct dictionary *d, struct slice word); /* -1: not there */
struct slice dictionary_word(
	const struct dictionary *d, int32_t number); /* borrowed until the next put */
/*
 * The words' places in the order of their bytes, for sorting: a smaller rank is a smaller word. Two words that came after the
 * order was made may share a rank; then their bytes decide. Made at the first call and then kept up by dictionary_put().
 * Threads that only read may call it at the same time. Borrowed until the next put.
 */
const int32_t *dictionary_ranks(const struct dictionary *d);
/* Where a word stands or would stand among them. */
int32_t dictionary_rank_of(const struct dictionary *d, struct slice word);
int32_t dictionary_count(const struct dictionary *d);
size_t dictionary_bytes(const struct dictionary *d);

#endif
