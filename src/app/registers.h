/* Definitions: what registers there are, for forms, templates and clients; and adding to them while running. */
#ifndef APP_REGISTERS_H
#define APP_REGISTERS_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/json.h"

/* {"edition","registers":[...]} with only what the person may read, each with `allow`. */
MUST_USE bool app_registers_json(
	struct app *app, const struct person *person, struct str *out, struct err *err);
/* Adds a register or extends one; durable, then used by everything at once. Answers {"edition"}. */
MUST_USE bool app_register_add(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err);
/* The Excel form of a register with drop-downs. */
MUST_USE bool app_template_xlsx(struct app *app, const struct person *person, const char *reg,
	struct str *out, struct err *err);
/* The JSON Schema of the definition language. */
void app_register_schema(struct str *out);
/* The reference page of this office's registers, in Markdown; for who keeps the data folder. */
void app_reference(struct app *app, enum lang lang, struct str *out);
/* For OpenAPI: "name":{schema},... of every register's record and fields, members only, without the braces. */
void app_schemas_json(struct app *app, struct str *out);

#endif
