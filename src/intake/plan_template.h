/*
 * Plans to begin with: one template per type of project under templates/, embedded in the program. A template is a plan
 * in our own format (docs/plan-format.md) whose `notes` say what the format has no word for: labels in both languages,
 * the kind and weight of each milestone, legal and promised days of each permit with their source, and which durations
 * are only our defaults. A task's `quantity` with the unit % is its share of the visible progress (形象进度); over a
 * template they make 100.
 *
 * Fitting a template to a project: its dates move to the given start, the office's working calendar (State Council days,
 * closures, winter stops) becomes exceptions of the plan's calendars, the works are stretched or pressed as a whole, and
 * the required finish becomes the plan's. Offers that name a later date count from the required finish and go without one.
 * Memory: in `a`.
 */
#ifndef INTAKE_PLAN_TEMPLATE_H
#define INTAKE_PLAN_TEMPLATE_H

#include "model/calendar.h"
#include "model/plan.h"

enum { TEMPLATE_LEAST_PERCENT = 10, TEMPLATE_MOST_PERCENT = 1000 };

struct template_task {
	const char *node; /* kind of the register `milestone`; NULL: no milestone of the project */
	int node_weight;  /* of the milestone */
	bool permit, is_default;
	struct label legal_days,
		promised_days;  /* of a permit, as published: "7 working days"; NULL: none known */
	const char *source; /* where they are published; NULL: nowhere */
};

struct plan_template {
	const char *name; /* "road" */
	struct label label;
	int ntypes;
	const char **types;        /* categories of projects it suits */
	const char *stages_source; /* where the four stages of permits are published */
	struct plan plan;          /* named in the language that was asked for */
	const struct template_task *tasks;
};

struct template_wish {
	struct date start, required_finish; /* required_finish may be DATE_NONE */
	int works_percent;                  /* durations of the works in percent of the usual; 100 */
	const struct calendar *calendar;    /* the office's */
};

/* Names of all templates, in order; *n of them. */
const char **plan_template_names(struct arena *a, int *n);
/* ERR_MISSING: there is none of that name. */
MUST_USE bool plan_template_load(
	struct arena *a, const char *name, enum lang lang, struct plan_template *out, struct err *err);
/* How long a task takes, in its own working days. */
int32_t plan_template_days(const struct plan_template *t, int32_t task);
/* The plan for one project. */
MUST_USE bool plan_template_fit(struct arena *a, const struct plan_template *t,
	const struct template_wish *wish, struct plan *out, struct err *err);

#endif
