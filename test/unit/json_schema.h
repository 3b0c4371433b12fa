/* A JSON value against a JSON Schema: the part of draft 2020-12 that registers/schema.json uses. A keyword that is not
 * among it fails the test, so that a schema cannot demand in vain. */
#ifndef TEST_UNIT_JSON_SCHEMA_H
#define TEST_UNIT_JSON_SCHEMA_H

#include "base/json.h"

/* Whether `value` fits `schema`; `root` resolves $ref. When not, `where` (may be NULL) gets the place and the keyword. */
bool json_fits(const struct json *root, const struct json *schema, const struct json *value,
	struct str *where);

#endif
