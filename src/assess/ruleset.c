/* From JSON to rule sets, each complaint with its path; and the doubts that are no errors: gaps, overlaps, never green. */
#include "assess/ruleset.h"

#include <math.h>
#include <stdlib.h>

#include "assess/indicator.h"
#include "base/embed.h"

#define RULE_LIGHTS 32
#define RULE_BANDS 16
#define RULE_ESCALATIONS 8

struct loading {
	struct arena *a;
	const char *file;
	struct err *err;
};

#define FAIL(l, path, ...)                                                                         \
	(err_set((l)->err, ERR_INPUT, (path), __VA_ARGS__), err_in((l)->err, "%s", (l)->file))

static bool known_keys(
	const struct loading *l, const struct json *o, const char *path, const char *const *keys)
{
	if (!o || o->type != JSON_IS_OBJECT)
		return FAIL(l, path, "an object is wanted");
	for (int i = 0; i < o->nmembers; i++) {
		bool known = false;
		for (int k = 0; keys[k] && !known; k++)
			known = slice_is(o->members[i].key, keys[k]);
		if (!known)
			return FAIL(l, path, "there is no key \"%s\"", o->members[i].key.s);
	}
	return true;
}

static bool read_name(const struct loading *l, const struct json *o, const char *path,
	const char *key, const char **out)
{
	*out = json_text(json_get(o, key), NULL);
	bool good = *out && **out;
	for (const char *c = *out; good && *c; c++)
		good = (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9') || *c == '_';
	return good || FAIL(l, path, "\"%s\" must be a name of small letters, digits and _", key);
}

static bool read_label(const struct loading *l, const struct json *o, const char *path,
	const char *key, bool required, struct label *out)
{
	const struct json *label = json_get(o, key);
	if (!label && !required)
		return true;
	out->zh = json_text(json_get(label, "zh"), NULL);
	out->en = json_text(json_get(label, "en"), NULL);
	return (out->zh && out->en) || FAIL(l, path, "\"%s\" must have zh and en", key);
}

static bool read_severity(const struct loading *l, const struct json *o, const char *path, int *out)
{
	int64_t severity = json_int(json_get(o, "severity"), -1);
	if (severity < 0 || severity > 3)
		return FAIL(l, path, "\"severity\" must be 0, 1, 2 or 3");
	*out = (int)severity;
	return true;
}

static bool read_colour(
	const struct loading *l, const struct json *o, const char *path, const char **out)
{
	static const char *const colours[] = {
		"green", "blue", "yellow", "orange", "red", "grey", "black"};
	const char *colour = json_text(json_get(o, "colour"), NULL);
	for (size_t i = 0; colour && i < countof(colours); i++)
		if (strcmp(colours[i], colour) == 0) {
			*out = colours[i];
			return true;
		}
	return FAIL(l, path, "\"colour\" must be green, blue, yellow, orange, red, grey or black");
}

static bool read_bound(const struct loading *l, const struct json *o, const char *path,
	const char *key, const struct indicator *indicator, bool *has, int64_t *out)
{
	const struct json *j = json_get(o, key);
	*has = j != NULL;
	if (!j)
		return true;
	if (j->type != JSON_IS_INT && j->type != JSON_IS_REAL)
		return FAIL(l, path, "\"%s\" must be a number", key);
	double value = json_double(j, 0), step = pow(10, -indicator_scale(indicator));
	if (fabs(value) > 1e9)
		return FAIL(l, path, "\"%s\" is too large", key);
	if (fabs(value - (double)llround(value / step) * step) > step * 1e-3)
		return FAIL(l, path, "\"%s\" has more than %d digits after the point", key,
			indicator_scale(indicator));
	*out = exact_of(indicator, value);
	return true;
}

static bool read_band(const struct loading *l, const struct json *o, const char *path,
	const struct indicator *indicator, struct band *out)
{
	static const char *const keys[] = {
		"at_least", "above", "at_most", "below", "severity", "label", "colour", "action", NULL};
	bool at_least, above, at_most, below;
	int64_t low = 0, low_open = 0, high = 0, high_open = 0;
	*out = (struct band){.low = EXACT_LEAST, .high = EXACT_MOST};
	if (!known_keys(l, o, path, keys) ||
		!read_bound(l, o, path, "at_least", indicator, &at_least, &low) ||
		!read_bound(l, o, path, "above", indicator, &above, &low_open) ||
		!read_bound(l, o, path, "at_most", indicator, &at_most, &high) ||
		!read_bound(l, o, path, "below", indicator, &below, &high_open))
		return false;
	if ((at_least && above) || (at_most && below))
		return FAIL(l, path, "a band has at most one lower and one upper bound");
	out->low = at_least ? low : above ? low_open + 1 : EXACT_LEAST;
	out->high = at_most ? high : below ? high_open - 1 : EXACT_MOST;
	if (out->low > out->high)
		return FAIL(l, path, "the band holds no value");
	return read_severity(l, o, path, &out->severity) &&
		read_label(l, o, path, "label", true, &out->label) &&
		read_colour(l, o, path, &out->colour) &&
		read_label(l, o, path, "action", false, &out->action);
}

static bool read_bands(
	const struct loading *l, const struct json *o, const char *path, struct light_rule *out)
{
	const struct json *bands = json_get(o, "bands");
	int n = json_count(bands);
	if (!bands || bands->type != JSON_IS_ARRAY || n == 0 || n > RULE_BANDS)
		return FAIL(l, path, "\"bands\" must be a list of 1 to %d bands", RULE_BANDS);
	struct band *list = ARENA_ARRAY(l->a, struct band, (size_t)n);
	for (int i = 0; i < n; i++)
		if (!read_band(l, json_at(bands, i), arena_printf(l->a, "%s.bands[%d]", path, i),
				out->indicator, &list[i]))
			return false;
	out->bands = list;
	out->nbands = n;
	return true;
}

static bool read_escalation(
	const struct loading *l, const struct json *o, const char *path, struct escalation *out)
{
	static const char *const keys[] = {
		"from", "periods", "severity", "label", "colour", "action", NULL};
	if (!known_keys(l, o, path, keys) || !read_severity(l, o, path, &out->severity) ||
		!read_label(l, o, path, "label", true, &out->label) ||
		!read_colour(l, o, path, &out->colour) ||
		!read_label(l, o, path, "action", false, &out->action))
		return false;
	int64_t from = json_int(json_get(o, "from"), -1),
			periods = json_int(json_get(o, "periods"), -1);
	if (from < 1 || from > 3)
		return FAIL(l, path, "\"from\" must be 1, 2 or 3");
	if (periods < 2 || periods > 24)
		return FAIL(l, path, "\"periods\" must be 2 to 24 months");
	out->from = (int)from;
	out->periods = (int)periods;
	return true;
}

static bool read_escalations(
	const struct loading *l, const struct json *o, const char *path, struct light_rule *out)
{
	const struct json *list = json_get(o, "escalate");
	int n = json_count(list);
	if (n > RULE_ESCALATIONS)
		return FAIL(l, path, "more than %d steps in \"escalate\"", RULE_ESCALATIONS);
	struct escalation *steps = ARENA_ARRAY(l->a, struct escalation, (size_t)n + 1);
	for (int i = 0; i < n; i++)
		if (!read_escalation(
				l, json_at(list, i), arena_printf(l->a, "%s.escalate[%d]", path, i), &steps[i]))
			return false;
	out->escalations = steps;
	out->nescalations = n;
	return true;
}

static int param_named(const struct indicator *indicator, struct slice name)
{
	for (int i = 0; i < LIGHT_PARAMS; i++)
		if (indicator->params[i].name && slice_is(name, indicator->params[i].name))
			return i;
	return -1;
}

static bool read_params(
	const struct loading *l, const struct json *o, const char *path, struct light_rule *out)
{
	const struct indicator *indicator = out->indicator;
	for (int i = 0; i < LIGHT_PARAMS && indicator->params[i].name; i++) {
		out->params[i] = indicator->params[i].otherwise;
		out->param_text[i] = indicator->params[i].otherwise_name;
	}
	const struct json *params = json_get(o, "params");
	if (params && params->type != JSON_IS_OBJECT)
		return FAIL(l, path, "\"params\" must be an object");
	for (int i = 0; params && i < params->nmembers; i++) {
		const struct json_member *m = &params->members[i];
		int at = param_named(indicator, m->key);
		if (at < 0)
			return FAIL(
				l, path, "the indicator \"%s\" has no parameter \"%s\"", indicator->name, m->key.s);
		if (indicator->params[at].is_name != (m->value.type == JSON_IS_TEXT))
			return FAIL(l, path, "the parameter \"%s\" has the wrong type", m->key.s);
		if (indicator->params[at].is_name)
			out->param_text[at] = json_text(&m->value, "");
		else
			out->params[at] = json_int(&m->value, 0);
	}
	return true;
}

static bool read_light(
	const struct loading *l, const struct json *o, const char *path, struct light_rule *out)
{
	static const char *const keys[] = {"light", "label", "subject", "where", "indicator", "params",
		"exemptible", "bands", "escalate", NULL};
	if (!known_keys(l, o, path, keys) || !read_name(l, o, path, "light", &out->name) ||
		!read_label(l, o, path, "label", true, &out->label))
		return false;
	const char *subject = json_text(json_get(o, "subject"), ""),
			   *indicator = json_text(json_get(o, "indicator"), "");
	if (strcmp(subject, "project") != 0 && strcmp(subject, "unit") != 0)
		return FAIL(l, path, "\"subject\" must be project or unit");
	out->subject = strcmp(subject, "unit") == 0 ? SUBJECT_UNIT : SUBJECT_PROJECT;
	out->indicator = indicator_named(indicator);
	if (!out->indicator)
		return FAIL(l, path, "there is no indicator \"%s\"", indicator);
	if (out->indicator->subject != out->subject)
		return FAIL(l, path, "the indicator \"%s\" does not judge this subject", indicator);
	out->where = json_text(json_get(o, "where"), NULL);
	out->exemptible = json_bool(json_get(o, "exemptible"), false);
	return read_params(l, o, path, out) && read_bands(l, o, path, out) &&
		read_escalations(l, o, path, out);
}

static bool read_source(const struct loading *l, const struct json *o, struct rule_source *out)
{
	static const char *const keys[] = {"row", "text", "url", "grade", NULL};
	const struct json *source = json_get(o, "source");
	if (!known_keys(l, source, "source", keys) ||
		!read_label(l, source, "source", "text", true, &out->text))
		return false;
	out->row = json_text(json_get(source, "row"), NULL);
	out->url = json_text(json_get(source, "url"), NULL);
	out->grade = json_text(json_get(source, "grade"), "");
	if (strlen(out->grade) != 1 || !strchr("ABCD", out->grade[0]))
		return FAIL(l, "source", "\"grade\" must be A, B, C or D");
	return true;
}

static bool read_lights(const struct loading *l, const struct json *o, struct ruleset *out)
{
	const struct json *lights = json_get(o, "lights");
	int n = json_count(lights);
	if (!lights || lights->type != JSON_IS_ARRAY || n == 0 || n > RULE_LIGHTS)
		return FAIL(l, "", "\"lights\" must be a list of 1 to %d lights", RULE_LIGHTS);
	struct light_rule *rules = ARENA_ARRAY(l->a, struct light_rule, (size_t)n);
	for (int i = 0; i < n; i++) {
		const char *path = arena_printf(l->a, "lights[%d]", i);
		if (!read_light(l, json_at(lights, i), path, &rules[i]))
			return false;
		for (int k = 0; k < i; k++)
			if (strcmp(rules[k].name, rules[i].name) == 0)
				return FAIL(l, path, "there are two lights \"%s\"", rules[i].name);
	}
	out->lights = rules;
	out->nlights = n;
	return true;
}

bool ruleset_load(
	struct arena *a, struct slice text, const char *file, struct ruleset *out, struct err *err)
{
	static const char *const keys[] = {
		"ruleset", "label", "combine", "source", "active", "lights", NULL};
	struct loading l = {a, file, err};
	const struct json *o;
	struct ruleset rs = {.file = arena_strdup(a, file)};
	if (!json_parse(a, text, file, &o, err) || !known_keys(&l, o, "", keys) ||
		!read_name(&l, o, "", "ruleset", &rs.name) ||
		!read_label(&l, o, "", "label", true, &rs.label) || !read_source(&l, o, &rs.source))
		return false;
	const char *combine = json_text(json_get(o, "combine"), "");
	if (strcmp(combine, "worst") != 0 && strcmp(combine, "list") != 0)
		return FAIL(&l, "", "\"combine\" must be worst or list");
	rs.combine = strcmp(combine, "list") == 0 ? COMBINE_LIST : COMBINE_WORST;
	rs.active = json_bool(json_get(o, "active"), false);
	if (!read_lights(&l, o, &rs))
		return false;
	*out = rs;
	return true;
}

bool ruleset_builtin(struct arena *a, struct ruleset **out, int *n, struct err *err)
{
	int files;
	const struct embedded *e = embed_under("rules/lights/", &files);
	struct ruleset *list = ARENA_ARRAY(a, struct ruleset, (size_t)files + 1);
	for (int i = 0; i < files; i++)
		if (!ruleset_load(a, embed_text(&e[i]), e[i].path, &list[i], err))
			return false;
	*out = list;
	*n = files;
	return true;
}

int light_rule_band(const struct light_rule *rule, int64_t value)
{
	for (int i = 0; i < rule->nbands; i++)
		if (value >= rule->bands[i].low && value <= rule->bands[i].high)
			return i;
	return -1;
}

/* ---- words ---- */

static void write_number(struct str *out, const struct indicator *indicator, int64_t exact)
{
	str_decimal(out, exact / 2, indicator_scale(indicator));
}

/* ">= 60 and < 80", from exact integers: an odd one is a bound that is not included. */
static void write_range(
	struct str *out, const struct indicator *indicator, int64_t low, int64_t high, enum lang lang)
{
	const char *unit = indicator_unit(indicator, lang);
	bool whole = indicator_scale(indicator) == 0;
	if (whole && low != EXACT_LEAST)
		low += low & 1; /* the next whole number that is inside */
	if (whole && high != EXACT_MOST)
		high -= high & 1;
	if (low == high) {
		str_puts(out, "= ");
		write_number(out, indicator, low);
		str_puts(out, unit);
		return;
	}
	if (low != EXACT_LEAST) {
		str_puts(out, low & 1 ? "> " : "≥ ");
		write_number(out, indicator, low & 1 ? low - 1 : low);
		str_puts(out, unit);
	}
	if (low != EXACT_LEAST && high != EXACT_MOST)
		str_puts(out, lang == LANG_EN ? " and " : " 且 ");
	if (high != EXACT_MOST) {
		str_puts(out, high & 1 ? "< " : "≤ ");
		write_number(out, indicator, high & 1 ? high + 1 : high);
		str_puts(out, unit);
	}
	if (low == EXACT_LEAST && high == EXACT_MOST)
		str_puts(out, lang == LANG_EN ? "any value" : "任何值");
}

static const char *take(struct arena *a, struct str *s)
{
	const char *text = arena_strdup(a, str_text(s));
	str_free(s);
	return text;
}

static const char *words_in(struct arena *a, const struct light_rule *rule, enum lang lang)
{
	struct str s = STR_INIT;
	str_puts(&s, label_in(rule->indicator->label, lang));
	str_puts(&s, lang == LANG_EN ? ": " : "：");
	for (int i = 0; i < rule->nbands; i++) {
		if (i)
			str_puts(&s, lang == LANG_EN ? "; " : "；");
		str_puts(&s, label_in(rule->bands[i].label, lang));
		str_puts(&s, lang == LANG_EN ? " (" : "（");
		write_range(&s, rule->indicator, rule->bands[i].low, rule->bands[i].high, lang);
		str_puts(&s, lang == LANG_EN ? ")" : "）");
	}
	for (int i = 0; i < rule->nescalations; i++) {
		const struct escalation *e = &rule->escalations[i];
		if (lang == LANG_EN)
			str_printf(&s, "; %s (%d months running)", e->label.en, e->periods);
		else
			str_printf(&s, "；%s（连续 %d 个月）", e->label.zh, e->periods);
	}
	return take(a, &s);
}

struct label light_rule_words(struct arena *a, const struct light_rule *rule)
{
	return (struct label){words_in(a, rule, LANG_ZH), words_in(a, rule, LANG_EN)};
}

struct label range_words(
	struct arena *a, const struct indicator *indicator, int64_t low, int64_t high)
{
	struct str zh = STR_INIT, en = STR_INIT;
	write_range(&zh, indicator, low, high, LANG_ZH);
	write_range(&en, indicator, low, high, LANG_EN);
	const char *zh_text = take(a, &zh);
	return (struct label){zh_text, take(a, &en)};
}

/* ---- doubts ---- */

struct doubts {
	struct arena *a;
	const struct ruleset *rs;
	struct rule_finding *list;
	int n;
};

static void doubt(struct doubts *d, const struct light_rule *rule, enum rule_finding_kind kind,
	int64_t low, int64_t high)
{
	struct label range = range_words(d->a, rule->indicator, low, high), text = {0};
	switch (kind) {
	case RULE_GAP:
		text = (struct label){arena_printf(d->a, "%s没有规定", range.zh),
			arena_printf(d->a, "%s has no band", range.en)};
		break;
	case RULE_OVERLAP:
		text = (struct label){arena_printf(d->a, "%s有两种规定，以前一种为准", range.zh),
			arena_printf(d->a, "%s has two bands; the first one counts", range.en)};
		break;
	case RULE_NEVER_GREEN: text = (struct label){"没有任何数值亮绿灯", "no value is green"};
	}
	d->list[d->n++] = (struct rule_finding){kind, d->rs->name, rule->name, text};
}

static int compare_bands(const void *x, const void *y)
{
	const struct band *a = x, *b = y;
	return a->low != b->low ? (a->low > b->low) - (a->low < b->low)
							: (a->high > b->high) - (a->high < b->high);
}

/* Between two whole numbers there is nothing: only a stretch with a value in it counts. */
static bool holds_value(const struct indicator *indicator, int64_t low, int64_t high)
{
	if (low > high)
		return false;
	return indicator_scale(indicator) > 0 || low != high || (low & 1) == 0;
}

static void doubt_bands(struct doubts *d, const struct light_rule *rule)
{
	struct band *sorted = ARENA_ARRAY(d->a, struct band, (size_t)rule->nbands);
	memcpy(sorted, rule->bands, (size_t)rule->nbands * sizeof(*sorted));
	qsort(sorted, (size_t)rule->nbands, sizeof(*sorted), compare_bands);
	int64_t covered =
		rule->indicator->least - 1; /* everything up to here has a band, or is reported */
	bool green = false;
	for (int i = 0; i < rule->nbands; i++) {
		const struct band *band = &sorted[i];
		if (band->low > covered && holds_value(rule->indicator, covered + 1, band->low - 1))
			doubt(d, rule, RULE_GAP, covered + 1, band->low - 1);
		int64_t high = band->high < covered ? band->high : covered;
		if (i > 0 && holds_value(rule->indicator, band->low, high))
			doubt(d, rule, RULE_OVERLAP, band->low, high);
		if (band->high > covered)
			covered = band->high;
	}
	if (covered != EXACT_MOST)
		doubt(d, rule, RULE_GAP, covered + 1, EXACT_MOST);
	for (int i = 0; i < rule->nbands; i++)
		green |= rule->bands[i].severity == SEVERITY_GREEN;
	if (!green)
		doubt(d, rule, RULE_NEVER_GREEN, 0, 0);
}

void ruleset_findings(
	struct arena *a, const struct ruleset *rs, const struct rule_finding **out, int *n)
{
	struct doubts d = {.a = a, .rs = rs};
	d.list = ARENA_ARRAY(a, struct rule_finding, (size_t)rs->nlights * (RULE_BANDS * 2 + 2));
	for (int i = 0; i < rs->nlights; i++)
		doubt_bands(&d, &rs->lights[i]);
	*out = d.list;
	*n = d.n;
}
