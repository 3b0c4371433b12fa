/*
 * Codes with real validation: 统一社会信用代码 (GB 32100-2015, its organisation part GB 11714), 投资项目统一代码 (before and
 * after GB/T 40058-2021), 行政区划代码 (GB/T 2260), 国民经济行业代码 (GB/T 4754-2017). A refusal names the reason and the place.
 *
 * Facts (facts/gb2260.csv, facts/gbt4754.csv) are searched in place: sorted text, binary search, no set-up.
 */
#ifndef MODEL_CODE_H
#define MODEL_CODE_H

#include "base/err.h"
#include "model/register.h"

/* Full-width and lower case made plain, spaces dropped, a project code's hyphens put in. In `a`. */
struct slice code_normal(struct arena *a, enum code_kind kind, struct slice text);
/* `text` must be normal. CODE_NONE accepts all. */
MUST_USE bool code_check(enum code_kind kind, struct slice text, struct err *err);
const char *code_kind_name(
	enum code_kind kind); /* "uscc", "organisation", "project", "area", "industry" */
MUST_USE bool code_kind_parse(const char *name, enum code_kind *out);

/* The parts of a 投资项目统一代码. */
struct project_code {
	bool old; /* YYYY-RRRRRR-II-TT-NNNNNN, before August 2021 (in provinces before November 2020) */
	int year, month; /* month 0 in an old one */
	char area[7];
	char department[3]; /* old: GB/T 4754 division */
	char type[3];
	char serial[7]; /* new: five random digits and the check character */
};
MUST_USE bool code_project_parse(struct slice text, struct project_code *out, struct err *err);

/* GB/T 2260 over its published revisions (yyyymm). `until` 0: still valid in the newest one here. */
struct area_fact {
	struct slice code, name;
	int from, until;
};
/* How many rows the code has, oldest first; at most `most` of them are filled in. 0: never was a code. */
int fact_area(struct slice code, struct area_fact *out, int most);
/* All of them in code order: row i of fact_area_count(). For filling the area register. */
bool fact_area_next(size_t *at, struct area_fact *out); /* *at starts at 0; false at the end */

struct industry_fact {
	struct slice code, name, parent;
	int level; /* 1 section .. 4 class */
};
bool fact_industry(struct slice code, struct industry_fact *out);

#endif
