/*
 * Plans of projects: drawn here or read from a schedule file, checked, scheduled, tied to the project's milestones. One
 * plan a project (register `plan`), its content a file in our JSON format; approving it keeps a baseline.
 *
 * What is shown is the plan with the facts laid over it (sched/progress.h): milestones that were reached, the day of the
 * last report. Whenever plan, milestone or report changes, the same transaction writes the dates that follow: `computed`
 * of each tied milestone, `computed_finish` of the project, start and finish of the plan. Nobody enters these.
 */
#ifndef APP_PLANNING_H
#define APP_PLANNING_H

#include "app/submit.h"

enum { PLAN_MOST_TASKS = 20000, PLAN_MOST_LINKS = 80000 };

/* {"plan":{record}|null,"body":{...},"schedule":{...},"baselines":[...],"nodes":[...]}; docs/http.md has it in full. */
MUST_USE bool planning_read(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct str *out, struct err *err);

/* A plan on the project's working calendar, without the project's facts; nothing is stored: body {"body":{plan format}} to
 * {"body","schedule"}. What its calendars follow is laid into them: for who changes a calendar and wants to see. */
MUST_USE bool planning_try(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct json *body, struct str *out, struct err *err);

/* Keeps a plan: body {"title","required_finish","reason","body":{plan format}}. version 0: there is none yet. */
MUST_USE bool planning_save(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err);

/* The same from a schedule file (XER, P6 XML, MSPDI, .gan, JSON); the first project in it. `said` gets {"id","version",
 * "findings":[...]}. */
MUST_USE bool planning_import(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const char *name, struct slice bytes, struct slice key,
	struct str *said, struct submitted *out, struct err *err);

/* {"templates":[{"name","label","types","tasks","days"}]}: what there is to begin with, in the person's language; days are
 * calendar days from start to finish as the template stands. */
MUST_USE bool planning_templates(
	struct arena *a, const struct person *person, struct str *out, struct err *err);

/* One of them as a matrix of permits and works, in the template's order: {"name","label","stages_source","tasks":[{"name",
 * "of":stage,"days","share_pct","after":[names],"permit","default","legal_days","promised_days","source","node",
 * "node_weight"}]}. ERR_MISSING: there is none of that name. */
MUST_USE bool planning_template(struct arena *a, const struct person *person, const char *name,
	struct str *out, struct err *err);
/* The project's plan from a template (intake/plan_template.h), on the working calendar of the project's area:
 * {"template":"road","start":"2026-03-02","required_finish":null,"works_percent":100,"nodes":false,"title","reason"}.
 * Milestones the project has are tied to the template's: those of the same name, then those of the same kind where there
 * are as many of it. nodes: records for the others. version 0: there is no plan yet. */
MUST_USE bool planning_from_template(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err);

/* 倒排: {"finish":"2026-12-31","take":["id",...]}; take: relaxations of the plan to try. Nothing is stored. */
MUST_USE bool planning_back(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct json *body, struct str *out, struct err *err);

/* How sure the dates are, by Monte Carlo over each task's range (risk/risk.h); the seed is the project's, so the same plan
 * gives the same answer. docs/http.md has it in full. */
MUST_USE bool planning_risk(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct str *out, struct err *err);
/* The chance of the year's nodes over all plans in sight: of `share` percent of the milestones planned in `year`, and the
 * five projects that move it most. */
MUST_USE bool planning_year_risk(struct app *app, struct arena *a, const struct person *person,
	int year, int share, struct str *out, struct err *err);
/* The load of each crew, and which tasks would wait if crews are to be enough (sched/level.h); within_float: only as far
 * as their float lets them. Nothing is stored: what is accepted of it is an edit of the plan. */
MUST_USE bool planning_crews(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, bool within_float, struct str *out, struct err *err);

/* Records of the register `milestone` for the plan's milestones that have none, tied to it; in one transaction. */
MUST_USE bool planning_nodes(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct once *once, struct submitted *out,
	struct err *err);

/* The plan with the facts as a file: "json", "xer" or "xml". */
MUST_USE bool planning_file(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const char *format, struct str *out, const char **type, struct err *err);

/* Milestones with dates as an iCalendar feed (RFC 5545): of a project, or of a unit's projects. address: "http://host". */
MUST_USE bool planning_calendar(struct app *app, struct arena *a, const struct person *person,
	const char *reg, struct uuid id, const char *address, struct str *out, struct err *err);

#endif
