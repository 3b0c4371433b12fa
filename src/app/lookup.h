/* Finding records by what people write in a ledger: a unit by its name or short name, a project by title, number or code,
 * an account by name or login. One index per column that is asked for, built when first asked. */
#ifndef APP_LOOKUP_H
#define APP_LOOKUP_H

#include "app/inside.h"

struct lookup;
/* Valid while the board does not change; the caller holds the read lock while asking. */
struct lookup *lookup_open(const struct board *b); /* owned: lookup_close */
void lookup_close(struct lookup *l);               /* accepts NULL */
/* By any of the register's telling columns. Ambiguous: not found. */
bool lookup_named(struct lookup *l, const char *reg, struct slice text, struct uuid *out);
/* By one field's value (NULL: the human number). */
bool lookup_value(struct lookup *l, const char *reg, const char *field, const struct value *value,
	struct uuid *out);
/* Up to 3 names that look like it, "a, b, c" in `a`; NULL: none does. */
const char *lookup_nearest(struct lookup *l, struct arena *a, const char *reg, struct slice text);

#endif
