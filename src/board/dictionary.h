/*
 * Words numbered by first appearance: what text, choice and set columns hold instead of bytes. A word is never removed, so
 * a number stays good for the dictionary's life and in copies. The bytes of a word start at a multiple of 4, so that a word
 * may be an array of int32_t.
 */
#ifndef BOARD_DICTIONARY_H
#define BOARD_DICTIONARY_H

#include "base/base.h"

struct dictionary;

struct dictionary *dictionary_open(void); /* owned: dictionary_close */
void dictionary_close(struct dictionary *d); /* accepts NULL */
struct dictionary *dictionary_copy(const struct dictionary *d);
int32_t dictionary_put(struct dictionary *d, struct slice word); /* its number, new or old */
int32_t dictionary_find(const struct dictionary *d, struct slice word); /* -1: not there */
struct slice dictionary_word(const struct dictionary *d, int32_t number); /* borrowed until the next put */
int32_t dictionary_count(const struct dictionary *d);
size_t dictionary_bytes(const struct dictionary *d);

#endif
