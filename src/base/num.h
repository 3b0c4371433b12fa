/* Numbers from text, exactly: no locale, no rounding, no silent overflow. */
#ifndef BASE_NUM_H
#define BASE_NUM_H

#include "base/base.h"

/* The whole of `text` (no spaces) as a decimal integer. False: not a number or out of range. */
MUST_USE bool num_int(struct slice text, int64_t *out);
/* The whole of `text` as a decimal times 10^scale, "12.5" at scale 3 -> 12500. Digits past the scale are rounded half
 * away from zero and *exact becomes false (NULL: not asked). Accepts 1,234.5, leading + or -, and 1.2E7. */
MUST_USE bool num_decimal(struct slice text, int scale, int64_t *out, bool *exact);
/* The same as programs write it: no grouping, and the decimal sign may be a comma (exports of some languages). */
MUST_USE bool num_plain(struct slice text, int scale, int64_t *out);
/* a * b / c with 128-bit middle, rounded half away from zero; c != 0. Saturates. */
int64_t num_muldiv(int64_t a, int64_t b, int64_t c);
bool num_add(int64_t a, int64_t b, int64_t *out); /* false on overflow */
bool num_mul(int64_t a, int64_t b, int64_t *out);
extern const int64_t num_pow10[19];

#endif
