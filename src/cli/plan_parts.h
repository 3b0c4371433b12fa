/* What the plan commands share: loading a plan, printing findings, columns and moments. */
#ifndef CLI_PLAN_PARTS_H
#define CLI_PLAN_PARTS_H

#include <stdio.h>

#include "base/json.h"
#include "cli/command.h"
#include "cli/text_table.h"
#include "model/finding.h"
#include "model/plan.h"
#include "sched/sched.h"
#include "intake/plan_results.h"

struct loaded {
	struct arena *a; /* owned: arena_close, also after a failure */
	struct plan plan;
	struct findings found;
};

bool plan_load(const char *path, struct loaded *l, struct err *err);
void plan_print_findings(const struct plan *plan, const struct findings *f, FILE *to);
void plan_json_findings(struct json_writer *w, const struct plan *plan, const struct findings *f);
/* Tables for people: the first two columns are the task's code and name, the others have these heads. */
struct table plan_table(const struct label *heads, int n);
void plan_add_task(struct table *t, const struct plan *plan, int32_t task);
void plan_add_moment(struct table *t, struct arena *a, struct moment m);
void plan_add_hours(struct table *t, struct arena *a, int32_t work); /* nothing for FLOAT_NONE */
void plan_print_json(struct str *out, struct json_writer *w); /* ends the document and prints it */

/* The verbs that answer questions (plan_answers.c). */
int plan_back(void);
int plan_why(void);
int plan_compare(void);
int plan_check(void);
int plan_convert(void);

/* Plans to begin with (plan_templates.c). */
int plan_template_list(void);
int plan_template_print(void);

/* What was earned of what was planned (plan_earned.c). */
int plan_earned_value(void);

/* With limited crews (plan_level.c); with chance (plan_risk.c). */
int plan_level(void);
int plan_risk(void);

#endif
