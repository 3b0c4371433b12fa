/* What the files about plans share. Not for others. */
#ifndef APP_PLANNING_INSIDE_H
#define APP_PLANNING_INSIDE_H

#include "app/draft.h"
#include "app/planning.h"
#include "intake/plan_template.h"
#include "risk/risk.h"
#include "sched/sched.h"

/* A plan with the facts in it, and its dates. */
struct planned {
	struct plan bare, plan; /* as drawn, with the facts */
	struct schedule schedule;
	struct date start, finish, data_date;
	int ntied;
	struct tied {
		int32_t task;
		struct uuid milestone;
	} * tied;
};

/* The newest approved baseline of a project. plan NULL: it has none. */
struct planned_before {
	struct record *record;
	const struct plan *plan;
	const struct schedule *schedule;
};
/* Under the read lock. */
MUST_USE bool planned_before(struct app *app, struct arena *a, struct uuid project,
	struct planned_before *out, struct err *err);
/* "earned":{"baseline":title|null,"until","series":[...]}: what is earned as of the plan's data date of what the baseline
 * promised, of the plan itself where there is none. Series as in intake/plan_results.h. */
void planning_put_earned(struct json_writer *w, struct arena *a, const struct planned *now,
	const struct planned_before *then);

/* A plan file, read and found fit to keep: ours, within the limits. */
MUST_USE bool planned_body(
	struct app *app, struct arena *a, struct slice file_id, struct plan *out, struct err *err);
/* With what the board knows of the project and, over it, what is on its way in `w` (NULL: nothing). Under the read lock. */
MUST_USE bool planned_make(struct app *app, struct arena *a, const struct work *w,
	struct uuid project, const struct plan *body, struct planned *out, struct err *err);
/* The project's plan; *out NULL: it has none. Under the read lock. */
MUST_USE bool plan_record_of(
	struct app *app, struct arena *a, struct uuid project, struct record **out, struct err *err);
/* The project's plan with the facts, for whoever may see the project; *record NULL when it has none. Takes the read lock. */
MUST_USE bool planned_of(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct record **record, struct planned *out, struct err *err);
MUST_USE bool plan_needed(const struct record *record, struct err *err); /* ERR_MISSING: NULL */
/* Keeps `bytes` as a file of the person's. */
MUST_USE bool plan_keep_body(struct app *app, struct arena *a, const struct person *person,
	struct slice bytes, struct value *out, struct err *err);

/* May this person write the plan that is there, or begin one? */
MUST_USE bool plan_may_write(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct err *err);
/* Whether a task is a milestone. */
static inline bool plan_is_node(const struct plan_task *t)
{
	return t->type == TASK_START_MILESTONE || t->type == TASK_FINISH_MILESTONE;
}
/* Ties the template's nodes to the project's milestones: of one name, then of one kind. Under the read lock. */
void plan_tie_template(struct app *app, struct arena *a, struct uuid project,
	const struct plan_template *t, struct plan *plan);
/* What came from a file: tasks of one code keep what the plan before (NULL: none) knew of them, milestones of one name are
 * tied. Under the read lock. */
void plan_tie_file(struct app *app, struct arena *a, struct uuid project, const struct plan *before,
	struct plan *plan);
/* ERR_CONFLICT: it is not at that version (0: there is none). */
MUST_USE bool plan_not_stale(const struct record *record, int64_t version, struct err *err);
/* Sends a batch whose first draft is the plan, which answers for it, and the others its milestones. */
MUST_USE bool plan_submit(
	struct work *w, const struct once *once, struct submitted *out, struct err *err);
/* Drafts for the milestones of p->bare that have no record; their ids go into it. With `tasks` of a template: for its nodes
 * alone, with their kind and weight. One that was deleted comes with the dates it was approved with: deleting it and making it
 * anew is no way around a change request. *made: how many. */
MUST_USE bool plan_draft_nodes(struct work *w, struct uuid project, struct planned *p,
	const struct template_task *tasks, int *made, struct err *err);

struct value *named_value(struct record *r, const char *field);
struct date named_date(const struct record *r, const char *field);
struct value date_value(struct date d); /* DATE_NONE: nothing */

#define PLANNING_KEPT_MOST 8 /* of one register */
/* The fields of a register that only the program writes; returns how many. */
int planning_kept(const char *reg, const char *out[PLANNING_KEPT_MOST]);

/* Samples of a plan, by the ranges of its tasks. */
struct plan_drawn {
	struct risk_engine *engine;
	struct risk_samples samples;
	struct risk_tally *tally;
};
MUST_USE bool plan_draw(struct arena *a, const struct plan *plan, struct uuid project,
	int64_t samples, bool every_task, struct plan_drawn *out, struct err *err);

/* Writes the dates that follow to the plan, its project and its tied milestones, in the same batch. */
MUST_USE bool planning_follow(struct work *w, struct uuid project, struct record *plan,
	const struct planned *p, struct err *err);
/* Days of the working calendar are on their way in `w`: the plans that follow it are scheduled anew. Under the read
 * lock. */
MUST_USE bool planning_new_days(struct work *w, struct err *err);

/* Called by effects.c for every draft. */
MUST_USE bool planning_before(struct work *w, int i, struct err *err);
MUST_USE bool planning_after(struct work *w, int i, struct err *err);

#endif
