/*
 * Rule sets (亮灯规则) as data: rules/lights/<name>.json. Which indicator, which bands, which severity and which word.
 *
 *	{"ruleset": "wuhan", "label": {"zh","en"}, "combine": "worst" or "list",
 *	 "source": {"row": "L1", "text": {"zh","en"}, "url": "...", "grade": "A" to "D"},
 *	 "lights": [{"light": "progress", "label": {"zh","en"}, "subject": "project" or "unit",
 *	   "where": "annual_plan_investment:gt:0",          which projects it looks at (a board filter); others are outside
 *	   "indicator": "progress_ratio", "params": {...},  see indicator.h
 *	   "exemptible": true,                               an approved exemption suppresses it, visibly
 *	   "bands": [{"at_least": 60, "below": 80, "severity": 2, "label": {"zh": "黄牌", "en": "yellow card"}, "colour": "yellow",
 *	              "action": {"zh","en"}}, ...],
 *	   "escalate": [{"from": 2, "periods": 2, "severity": 3, "label", "colour", "action"}]}]}
 *
 * Bounds: `at_least` and `at_most` include the number, `above` and `below` do not; a side without
 * bound is open. They are in
 * the indicator's unit (60 is 60 %). Severity is 0 green, 1 watch, 2 warn, 3 serious: how bad it is. The colour is only
 * what the place paints it: red is praise in some.
 * combine: `worst` goes into the project's overall light, `list` stands beside it.
 *
 * A text that cannot be used is an error with file, path and reason. What is doubtful is a finding: a stretch of values
 * without band (gap), one with two (overlap; the first one counts), a light that nothing can turn green.
 */
#ifndef ASSESS_RULESET_H
#define ASSESS_RULESET_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/json.h"

struct indicator;

enum severity {
	SEVERITY_OUTSIDE = INT32_MIN, /* the light does not look at this project */
	SEVERITY_EXEMPT = -3,
	SEVERITY_UNDEFINED = -2,
	SEVERITY_NO_DATA = -1,
	SEVERITY_GREEN = 0,
	SEVERITY_WATCH,
	SEVERITY_WARN,
	SEVERITY_SERIOUS,
};

enum subject { SUBJECT_PROJECT, SUBJECT_UNIT };
enum combine { COMBINE_WORST, COMBINE_LIST };

/* Bounds in the indicator's exact integers (indicator.h), both included: "below 60" is 2 * 60 * 10^4 - 1. */
struct band {
	int64_t low, high; /* EXACT_LEAST and EXACT_MOST: open */
	int severity;
	struct label label, action; /* action.zh NULL: none */
	const char *colour;         /* "red", "yellow", "green", "blue", "orange", "grey", "black" */
};

struct escalation {
	int from;     /* a band of this severity or worse ... */
	int periods;  /* ... at the end of so many months running (the present one counts) ... */
	int severity; /* ... becomes this */
	struct label label, action;
	const char *colour;
};

#define LIGHT_PARAMS 6

struct light_rule {
	const char *name;
	struct label label;
	enum subject subject;
	const char *where; /* or NULL: all */
	const struct indicator *indicator;
	int64_t params[LIGHT_PARAMS];         /* by the indicator's table of parameters, in its unit */
	const char *param_text[LIGHT_PARAMS]; /* the ones that are names of fields */
	bool exemptible;
	const struct band *bands;
	int nbands;
	const struct escalation *escalations;
	int nescalations;
};

struct rule_source {
	const char *row; /* "L1" in docs/rules.md, or NULL */
	struct label text;
	const char *url; /* or NULL */
	const char
		*grade; /* A government text, B press, C mirror or document site, D the house's own */
};

struct ruleset {
	const char *name, *file;
	struct label label;
	enum combine combine;
	struct rule_source source;
	bool active; /* in a fresh office */
	const struct light_rule *lights;
	int nlights;
};

enum rule_finding_kind { RULE_GAP, RULE_OVERLAP, RULE_NEVER_GREEN };
struct rule_finding {
	enum rule_finding_kind kind;
	const char *ruleset, *light;
	struct label text; /* "0 to 10 points has no band" */
};

/* `file` names the text in errors. Results in `a`. */
MUST_USE bool ruleset_load(
	struct arena *a, struct slice text, const char *file, struct ruleset *out, struct err *err);
/* Every embedded rules/lights/ file, by name. */
MUST_USE bool ruleset_builtin(struct arena *a, struct ruleset **out, int *n, struct err *err);
void ruleset_findings(
	struct arena *a, const struct ruleset *rs, const struct rule_finding **out, int *n);
/* The band a value falls into: the first that holds it; -1: none (undefined range). */
int light_rule_band(const struct light_rule *rule, int64_t value);
/* "> 0 and < 10 points" */
struct label range_words(
	struct arena *a, const struct indicator *indicator, int64_t low, int64_t high);
/* The rule as one line of words: "投资完成率÷时序进度：< 60 % 红牌；≥ 60 % 且 < 80 % 黄牌". In `a`. */
struct label light_rule_words(struct arena *a, const struct light_rule *rule);
/* {"ruleset","label","source","active","lights":[...],"findings":[...]} as GET /api/rulesets shows it. */
void ruleset_to_json(struct json_writer *w, struct arena *a, const struct ruleset *rs);
/* docs/rules.md: every indicator and every preset with its source. */
void rules_document(struct arena *a, const struct ruleset *rulesets, int n, struct str *out);

#endif
