/* Lights with their reasons, and the rule sets that make them. */
#ifndef APP_LIGHTS_H
#define APP_LIGHTS_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/uuid.h"

/* as_of: a past day or NULL */
MUST_USE bool app_lights_json(struct app *app, const struct person *person, struct uuid project,
	const char *as_of, struct str *out, struct err *err);
/* Lights of units (places, lists, growth), of those units the person answers for or, with everything in sight, of all. */
MUST_USE bool app_unit_lights_json(struct app *app, const struct person *person, const char *as_of,
	struct str *out, struct err *err);
MUST_USE bool app_rulesets_json(
	struct app *app, const struct person *person, struct str *out, struct err *err);
/* One rule set as it is written, to be edited: {"ruleset":{document},"shown":{as app_rulesets_json},"own","shipped",
 * "indicators":[{"name","label","unit","scale","subject","formula","params"}]} */
MUST_USE bool app_ruleset_json(struct app *app, const struct person *person, const char *name,
	struct str *out, struct err *err);
/* body {"ruleset":{...}}: how it would be shown, with its findings; stores nothing. */
MUST_USE bool app_ruleset_check(struct app *app, const struct person *person,
	const struct json *body, struct str *out, struct err *err);
/* body {"ruleset":{...}} or {"name":"..."}: the last 24 months under that rule beside the active ones. */
MUST_USE bool app_ruleset_preview_json(struct app *app, const struct person *person,
	const struct json *body, struct str *out, struct err *err);
/* body {"ruleset":{...}} adds or replaces one of the office; {"name","active":bool} switches one on or off. The change
 * is a journaled record and relights everything. */
MUST_USE bool app_ruleset_set(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err);
/* Checks the text of a rule set and writes its findings (gaps, overlaps); false when it cannot be loaded. */
MUST_USE bool app_ruleset_check_json(
	struct slice text, const char *name, struct str *out, struct err *err);

#endif
