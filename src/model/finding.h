/*
 * Findings: what is wrong or noteworthy in somebody's plan, register or figures. A bad plan is not an error of the
 * program; it is a list of findings, each with a stable id, a subject and the source of the rule.
 *
 * The kinds are a table (finding.c): the id never changes its meaning, the message is English with %s for the
 * arguments and has its Chinese in lang/. Numbers travel as text the maker has already rendered.
 */
#ifndef MODEL_FINDING_H
#define MODEL_FINDING_H

#include "base/arena.h"
#include "base/base.h"
#include "base/str.h"

enum finding_weight { FINDING_NOTE, FINDING_WARNING, FINDING_ERROR };

enum finding_subject { ON_PLAN, ON_PROJECT, ON_TASK, ON_LINK, ON_CALENDAR, ON_RESOURCE };

struct finding_kind {
	const char *id; /* "P001": stable for ever */
	enum finding_weight weight;
	const char *message; /* English, lower case, %s for each argument; at most 3 */
	const char *source;  /* who says so: a standard, a guide, a section of ours */
};

struct finding {
	const struct finding_kind *kind;
	enum finding_subject on;
	int32_t subject; /* position in the plan's array, -1 for the plan */
	int32_t nargs;
	const char *args[3];
};

struct findings {
	struct arena *arena; /* the findings and their texts live here */
	int32_t n, room;
	struct finding *items;
};

/* Adds one; args are copied, and may be in both languages (err_both()). The id must exist. */
void finding_add(struct findings *f, const char *id, enum finding_subject on, int32_t subject,
	const char *arg0, const char *arg1, const char *arg2);
bool finding_has(const struct findings *f, const char *id);
void finding_say(const struct finding *finding, enum lang lang, struct str *out);
const char *finding_weight_name(enum finding_weight weight); /* "note", "warning", "error" */

#endif
