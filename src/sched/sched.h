/*
 * The schedule engine: a plan in; dates, floats, drivers and reasons out.
 *
 * How: the critical path method on working-time coordinates (worktime.h), forward and backward over the network in
 * topological order (graph.h, cpm.c). Three profiles of rules: `p6` follows Primavera P6 and the schedule options of
 * the file, `msproject` follows Microsoft Project, `own` is retained logic, lags on the predecessor's calendar and
 * finish float. docs/adr/0007 says where the rules come from.
 *
 * Pure: no clock, no globals, no SQL; the same input gives the same bits. Results never overwrite inputs. A bad plan is
 * not a failure: cycles, dangling or duplicate links and calendars without work become findings, and the tasks they
 * concern (and what depends on them) get no date rather than an invented one.
 * Units: moments and working ticks of model/plan.h. Floats are counted on the task's own calendar.
 */
#ifndef SCHED_SCHED_H
#define SCHED_SCHED_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"
#include "sched/worktime.h"

#define FLOAT_NONE INT32_MIN

/* Why a date is what it is. `reason_link` names the link for the LINK reasons. */
enum reason {
	REASON_NONE,
	REASON_PROJECT_START,
	REASON_DATA_DATE, /* nothing open starts before it */
	REASON_LINK,
	REASON_CONSTRAINT, /* the primary one */
	REASON_SECOND_CONSTRAINT,
	REASON_ACTUAL,   /* it happened */
	REASON_EXTERNAL, /* a date given for a link out of the file */
	REASON_EXPECTED_FINISH,
	REASON_RESUME,
	REASON_AS_LATE_AS_POSSIBLE,
	REASON_MANUAL,
	REASON_SPAN,           /* level of effort, summary: what it spans */
	REASON_PROJECT_FINISH, /* late dates: the end of the plan */
	REASON_MUST_FINISH,
	REASON_DEADLINE,
	REASON_RESOURCE, /* an assignment's calendar or delay */
};

struct task_dates {
	/* Of the work that remains; MOMENT_NONE when there is no date. Profile msproject: of the whole task. */
	struct moment early_start, early_finish, late_start, late_finish;
	struct moment start, finish;     /* to show: actual where there is one, else early */
	int32_t total_float, free_float; /* FLOAT_NONE: none (complete, spanning, undated) */
	int32_t start_float, finish_float;
	int32_t early_reason_link, late_reason_link; /* -1 */
	uint8_t early_reason, late_reason;           /* enum reason */
	bool critical, longest_path, near_critical;
	bool driving;             /* drives the date of some other task, or ends the project */
	bool provisional;         /* a date lies past the last official calendar notice */
	int32_t float_path;       /* 1 is the most critical; 0: not on a numbered path */
	int32_t float_path_order; /* along the path, from 1 at its start */
};

struct link_dates {
	bool driving;       /* holds the early date of its successor */
	bool ignored;       /* dangling, self, outside by option, into or out of an inactive task */
	int32_t float_work; /* relationship free float on the predecessor's calendar; FLOAT_NONE */
};

struct project_dates {
	struct moment start, finish; /* earliest early start, latest early finish of its open tasks */
	struct moment late_target;   /* where the late dates are counted from */
	int32_t ntasks, ndated, ncritical;
};

struct schedule {
	const struct plan *plan;        /* borrowed */
	struct task_dates *tasks;       /* [plan->ntasks] */
	struct link_dates *links;       /* [plan->nlinks] */
	struct project_dates *projects; /* [plan->nprojects] */
	struct findings findings;
	int32_t *order; /* tasks in topological order, undated ones last */
};

/* Overrides of what the plan says; all zero: nothing. */
struct sched_options {
	const struct plan_options *options; /* instead of each project's own */
	struct moment data_date;            /* used when `has_data_date` */
	bool has_data_date;
	bool early_only; /* skip the backward pass: late dates and floats stay NONE */
};

MUST_USE bool sched_run(struct arena *a, const struct plan *plan, const struct sched_options *opt,
	struct schedule *out, struct err *err);

const char *reason_name(enum reason reason); /* "data_date" */

#endif
