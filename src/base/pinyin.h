/* Finding Chinese by what a Latin keyboard types: "sdcc" and "shengdian" are both 盛电仓储.
 *
 * What is typed is taken to pieces along the characters of the text: each character may give its first letter or a whole
 * reading, the last one the beginning of a reading; a Latin letter or digit gives itself. A character with several
 * readings may be read in any of them (重: chong, zhong); tones are not typed, ü is typed v. The match may begin anywhere.
 * Readings: facts/pinyin.txt. */
#ifndef BASE_PINYIN_H
#define BASE_PINYIN_H

#include "base/str.h"

#define PINYIN_LETTERS 63

/* Could be pinyin: 2 to PINYIN_LETTERS Latin letters and digits, at least one letter; blanks and apostrophes do not
 * count. */
bool pinyin_typed(struct slice typed);
/* False too for what is not pinyin_typed. */
bool pinyin_matches(struct slice text, struct slice typed);

#endif
