/*
 * A plan: projects with their tasks, links, calendars, resources and options, as a planner states them. One plan holds
 * every project of a file. Nothing here is computed: the engine (sched/sched.h) reads a plan and never writes it.
 *
 * Time. One tick is 6 seconds, a tenth of a minute (the unit of MS Project; P6 counts whole minutes). A moment is an
 * instant in the plan's own local time, in ticks since 1970-01-01 00:00; it has no zone. Names say what a number is:
 * `_work` are working ticks on a calendar, `_span` elapsed ticks.
 *
 * References between parts are positions in the arrays of the same plan, -1 for none.
 * Memory: everything lives in the arena the reader was given.
 *
 * Fields of the source that the engine has no use for stay in a `struct keep`, so that what we write back loses nothing:
 * the writer takes the kept row and overrides the columns it knows.
 */
#ifndef MODEL_PLAN_H
#define MODEL_PLAN_H

#include "base/arena.h"
#include "base/base.h"
#include "base/date.h"

enum {
	TICKS_PER_MINUTE = 10,
	TICKS_PER_HOUR = 600,
	TICKS_PER_DAY = 14400,
	MINUTES_PER_DAY = 1440,
};

struct moment {
	int32_t tick;
};
#define MOMENT_NONE ((struct moment){INT32_MIN})

static inline bool moment_is_none(struct moment m)
{
	return m.tick == INT32_MIN;
}
static inline struct moment moment_of(struct date d, int minute)
{
	return (struct moment){d.day * TICKS_PER_DAY + minute * TICKS_PER_MINUTE};
}
static inline struct date moment_date(struct moment m)
{
	int32_t day = m.tick / TICKS_PER_DAY;
	return (struct date){day - (m.tick % TICKS_PER_DAY < 0)};
}
static inline int32_t moment_tick_of_day(struct moment m)
{
	return m.tick - moment_date(m).day * TICKS_PER_DAY;
}

/* The years a plan may speak of. Outside, a reader reports the date instead of carrying it on. */
#define PLAN_FIRST_DAY (-25567) /* 1900-01-01 */
#define PLAN_LAST_DAY 84005     /* 2199-12-31 */

/* ---- What we keep of the source ------------------------------------------------------------------------------ */

struct keep_columns {
	const char *table; /* the source's name: "TASK", "Task" */
	int32_t n;
	const char *const *names;
};

struct keep {
	const struct keep_columns *columns; /* NULL: nothing kept */
	const char *const *values;          /* columns->n of them; NULL: the source had no such field */
};

/* A table of the source that is not modelled at all. */
struct keep_table {
	struct keep_columns columns;
	int32_t nrows;
	const char *const *const *rows;
	int32_t place; /* its position among the source's tables */
};

const char *keep_get(const struct keep *keep, const char *name); /* NULL: not there */

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

/* A working period in minutes from midnight; `to` beyond 1440 runs into the next day. from < to. */
struct shift {
	int16_t from, to;
};

struct day_shifts {
	int32_t n;
	const struct shift *shifts; /* in order, not overlapping; n 0: no work */
};

/* Days from..to (both included) follow `day` whatever the week says: a holiday, a make-up Saturday, a winter stop. */
struct calendar_exception {
	struct date from, to;
	struct day_shifts day;
	const char *name;
	const char *
		office; /* it is the office calendar's: "holiday", "make_up", "winter_stop"; NULL: the plan's own */
};

/* Another week between two dates (MS Project's work weeks). Days whose bit is not in `stated` keep the plain week. */
struct calendar_week {
	struct date from, to;
	uint8_t stated;
	struct day_shifts days[7];
	const char *name;
};

/* Whose days off and make-up days it takes besides its own exceptions (intake/office_days.h). */
enum plan_follows {
	FOLLOWS_NOBODY,
	FOLLOWS_OFFICE, /* the office's working calendar where the project lies */
	FOLLOWS_SITE    /* that, and its winter stops */
};

struct plan_calendar {
	const char *id, *name;
	enum plan_follows follows;
	int32_t base;              /* days not stated come from there; -1: they are free of work */
	uint8_t stated;            /* bit 0 Monday .. bit 6 Sunday */
	struct day_shifts week[7]; /* 0 Monday .. 6 Sunday */
	int32_t
		nexceptions; /* the last one that covers a day wins; they beat weeks, weeks beat the week */
	struct calendar_exception *exceptions;
	int32_t nweeks;
	struct calendar_week *weeks;
	int32_t day_minutes, week_minutes, month_minutes,
		year_minutes;             /* how durations are shown; 0: not stated */
	struct date provisional_from; /* first day without an official notice; DATE_NONE: all final */
	bool united; /* not in the source: the working time of several crews (intake/crew_calendar.h) */
	struct keep keep;
};

/* ---- Tasks --------------------------------------------------------------------------------------------------- */

enum task_type {
	TASK_WORK,
	TASK_BY_RESOURCE, /* its assignments' calendars decide (P6 resource dependent) */
	TASK_START_MILESTONE,
	TASK_FINISH_MILESTONE,
	TASK_LEVEL_OF_EFFORT, /* spans what it is linked to, drives nothing */
	TASK_SUMMARY,         /* spans its children: by WBS (P6), by outline (MS Project) */
};

enum task_state { TASK_NOT_STARTED, TASK_ACTIVE, TASK_COMPLETE };

enum percent_type { PERCENT_DURATION, PERCENT_PHYSICAL, PERCENT_UNITS, PERCENT_SCOPE };

enum constraint_kind {
	CONSTRAINT_NONE,
	CONSTRAINT_START_NOT_EARLIER, /* SNET; P6 start on or after */
	CONSTRAINT_START_NOT_LATER,   /* SNLT; P6 start on or before */
	CONSTRAINT_FINISH_NOT_EARLIER,
	CONSTRAINT_FINISH_NOT_LATER,
	CONSTRAINT_START_ON, /* P6, gives way to logic */
	CONSTRAINT_FINISH_ON,
	CONSTRAINT_MANDATORY_START, /* beats logic; MS Project must start on */
	CONSTRAINT_MANDATORY_FINISH,
	CONSTRAINT_AS_LATE_AS_POSSIBLE,
};

struct constraint {
	enum constraint_kind kind;
	struct moment date; /* MOMENT_NONE for as late as possible */
};

/* Dates the source computed, for comparison only. */
struct task_stored {
	struct moment early_start, early_finish, late_start, late_finish, start, finish;
	int32_t total_float, free_float; /* working ticks; INT32_MIN: not stated */
	int8_t critical, driving;        /* 0, 1; -1: not stated */
};

struct baseline {
	int8_t number;
	struct moment start, finish;
	int32_t duration_work;
	int64_t cost_cents, work;
	struct keep keep;
};

struct plan_task {
	const char *id;          /* unique in the plan: the source's key */
	const char *code, *name; /* what a planner calls it; never NULL */
	const char *milestone;   /* the record of the register `milestone` it stands for; NULL: none */
	const char *stage; /* the stage word of reports (形象进度) it belongs to; NULL: none */
	const char *unit;  /* who answers for it, by name; NULL: not stated */
	int32_t project;
	int32_t parent;   /* the summary task above (MS Project outline); -1 */
	int32_t wbs;      /* -1 */
	int32_t calendar; /* -1: the crew's, if there is one, else the project's */
	int32_t
		crew_calendar; /* of the labour it is assigned (MS Project), several united to one; -1: none */
	enum task_type type;
	enum task_state state;
	enum percent_type percent_type;
	bool duration_elapsed; /* the duration runs around the clock */
	bool manual;           /* keeps manual_start/finish whatever the logic says */
	bool inactive;         /* takes no part */
	bool ignore_resource_calendar;
	bool estimated;
	int32_t duration_work;  /* planned; >= 0 */
	int32_t remaining_work; /* what is left at the data date; 0 when complete */
	int32_t actual_work;    /* done so far, -1: not stated */
	int32_t range_low,
		range_high;           /* how short, how long it may turn out, in permille; 0: not stated */
	int32_t percent;          /* of the stated type, in hundredths of a percent */
	int32_t physical_percent; /* same unit, -1: not stated */
	struct moment planned_start, planned_finish;
	struct moment actual_start, actual_finish;
	struct moment suspend, resume;
	struct moment expected_finish;
	struct moment external_early_start, external_late_finish;
	struct moment manual_start, manual_finish;
	struct moment deadline;
	struct constraint constraint[2]; /* primary, secondary */
	int32_t priority;                /* 0..1000, 500 normal; for levelling */
	int32_t levelling_delay_span;
	int64_t cost_cents; /* planned investment, in hundredths of the currency unit */
	int64_t quantity_planned, quantity_done; /* physical quantity in thousandths of quantity_unit */
	const char *quantity_unit;
	int32_t nbaselines;
	struct baseline *baselines;
	struct task_stored stored;
	struct keep keep;
};

/* ---- Links --------------------------------------------------------------------------------------------------- */

enum link_type { LINK_FS, LINK_SS, LINK_FF, LINK_SF };

enum lag_unit {
	LAG_WORK,    /* ticks on the lag calendar of the project's options */
	LAG_ELAPSED, /* ticks around the clock */
	LAG_PERCENT, /* hundredths of a percent of the predecessor's duration */
	LAG_PERCENT_ELAPSED,
};

struct plan_link {
	const char *id;              /* may be NULL */
	int32_t from, to;            /* tasks; -1: the file names a task it does not hold (see *_id) */
	const char *from_id, *to_id; /* as the file names them, for findings */
	enum link_type type;
	enum lag_unit lag_unit;
	int32_t lag; /* negative: a lead */
	struct keep keep;
};

/* ---- Resources ----------------------------------------------------------------------------------------------- */

enum resource_kind { RESOURCE_LABOUR, RESOURCE_EQUIPMENT, RESOURCE_MATERIAL, RESOURCE_COST };

/* Away: on leave, at another county's works, a machine in repair. */
struct plan_absence {
	struct moment from, to;
	int32_t units_permille;
};

struct plan_resource {
	const char *id, *code, *name;
	enum resource_kind kind;
	int32_t calendar;          /* -1: none of its own */
	int32_t capacity_permille; /* 1000: one unit at a time */
	int32_t nabsences;
	const struct plan_absence *absences; /* for levelling only: dates without limits ignore them */
	struct keep keep;
};

struct plan_assignment {
	int32_t task, resource;                            /* resource -1: a role, or unknown */
	int32_t units_permille;                            /* of one unit while working */
	int64_t planned_work, remaining_work, actual_work; /* unit-ticks */
	int32_t remaining_duration_work; /* on the resource's calendar, -1: not stated */
	int32_t lag_work;                /* after the task's (remaining) start */
	bool drives;                     /* takes part in the dates of a TASK_BY_RESOURCE */
	struct keep keep;
};

/* Another way to do a task: with more or other hands and in another time. For levelling, which may choose it. */
struct plan_mode {
	int32_t task;
	const char *id, *name;
	int32_t duration_work;
	int32_t nneeds;
	const struct plan_need {
		int32_t resource, units_permille;
	} * needs; /* instead of the task's assignments of labour and equipment */
};

struct plan_wbs {
	const char *id, *code, *name;
	int32_t project, parent; /* parent -1: the project itself */
	struct keep keep;
};

/* ---- Options and projects ------------------------------------------------------------------------------------ */

enum profile { PROFILE_OWN, PROFILE_P6, PROFILE_MSPROJECT };
enum progress_rule { PROGRESS_RETAINED_LOGIC, PROGRESS_OVERRIDE, PROGRESS_ACTUAL_DATES };
enum lag_calendar {
	LAG_CALENDAR_PREDECESSOR,
	LAG_CALENDAR_SUCCESSOR,
	LAG_CALENDAR_24_HOURS,
	LAG_CALENDAR_PROJECT
};
enum float_type { FLOAT_FINISH, FLOAT_START, FLOAT_SMALLEST };
enum critical_rule { CRITICAL_BY_FLOAT, CRITICAL_BY_LONGEST_PATH };
enum outside_links {
	OUTSIDE_BOTH,
	OUTSIDE_ONLY_PREDECESSORS,
	OUTSIDE_ONLY_SUCCESSORS,
	OUTSIDE_NONE
};

struct plan_options {
	enum profile profile;
	enum progress_rule progress;
	enum lag_calendar lag_calendar;
	enum float_type float_type;
	enum critical_rule critical_rule;
	enum outside_links outside_links; /* links with other projects of the plan */
	int32_t critical_float_work;      /* critical when the total float is not above this */
	int32_t near_critical_work;       /* width of the near-critical band above it; 0: none */
	bool start_lag_from_early_start;  /* SS lag: from the early (true) or the actual start */
	bool use_expected_finish;
	bool float_to_project_finish; /* each project's own finish, or the latest of the run */
	bool open_ends_critical;
	bool honour_constraints; /* MS Project: late constraints pull early dates too */
	bool split_in_progress;  /* MS Project, for a command that moves dates; kept for the file */
	bool multiple_critical_paths;    /* MS Project: what has no successor ends a path of its own */
	bool float_paths_by_total_float; /* else by free float from the key task */
	int32_t float_paths;             /* how many to number; 0: none */
	int32_t float_path_task;         /* -1: the last one to finish */
	struct {
		bool all_resources, within_float, keep_dates, outside_assignments;
		int32_t float_threshold_work, outside_priority, over_allocation_percent;
		const char *priorities;
	} level;
};

struct plan_project {
	const char *id, *code, *name; /* code: the short name */
	int32_t calendar;             /* default calendar; -1: none */
	struct moment start;          /* planned start */
	struct moment data_date;      /* NONE: not progressed, counts as the start */
	struct moment status_date;    /* MS Project; NONE */
	struct moment must_finish;    /* NONE */
	bool from_finish;             /* scheduled backwards from must_finish (MS Project) */
	struct plan_options options;
	bool options_stated; /* false: the file has none and these are defaults */
	struct keep keep, keep_options;
};

/* ---- What may give when a plan does not fit ------------------------------------------------------------------- */

enum relaxation_kind {
	RELAX_DURATION, /* a task takes `work` instead: second crew, fast lane, a commitment in writing */
	RELAX_LINK,     /* a link becomes `type` with `lag`: permits in parallel, overlap with a lead */
	RELAX_CALENDAR, /* `subject` (a calendar) gives way to `calendar`: six-day week, through the winter */
	RELAX_FINISH, /* the required date itself moves to `date` */
};

/* One thing the plan's owner is ready to give; each can only help. */
struct plan_relaxation {
	const char *id, *name;
	enum relaxation_kind kind;
	int32_t subject; /* task, link, calendar or project */
	int32_t calendar, work, lag;
	enum link_type type;
	struct moment date;
};

struct plan {
	const char *source; /* "xer", "pmxml", "mspdi", "gan", "json" */
	const char *source_version;
	const char *encoding;
	int32_t nprojects, nwbs, ncalendars, ntasks, nlinks, nresources, nassignments;
	struct plan_project *projects;
	struct plan_wbs *wbs;
	struct plan_calendar *calendars;
	struct plan_task *tasks;
	struct plan_link *links;
	struct plan_resource *resources;
	struct plan_assignment *assignments;
	int32_t nmodes;
	struct plan_mode *modes;
	int32_t nrelaxations;
	struct plan_relaxation *relaxations;
	int32_t nkept;
	struct keep_table *kept; /* tables we do not model */
	struct keep keep;        /* the head of the file */
};

/* ---- Defaults ------------------------------------------------------------------------------------------------ */

struct plan_options plan_options_default(enum profile profile);
/* A task with every "none" filled in: not started, no dates, calendar of the project, percent 0. */
/* What a planner calls it: its code, else its key. */
static inline const char *plan_task_code(const struct plan *plan, int32_t task)
{
	const struct plan_task *t = &plan->tasks[task];
	return t->code[0] ? t->code : t->id;
}
static inline const char *plan_project_code(const struct plan_project *p)
{
	return p->code[0] ? p->code : p->id;
}
struct plan_task plan_task_default(void);
struct plan_project plan_project_default(enum profile profile);
int32_t plan_task_calendar(
	const struct plan *plan, const struct plan_task *task); /* -1: there is none */

/* What a calendar's day is when durations are shown in days, in ticks: as stated, else eight hours; without a calendar 24. */
int32_t plan_day_work(const struct plan *plan, int32_t calendar);

bool plan_task_below(const struct plan *plan, int32_t task,
	int32_t summary); /* it, or above it in the outline, is `summary` */

const char *plan_follows_name(enum plan_follows follows); /* "office", "site"; NULL: nobody */
const char *link_type_name(enum link_type type);          /* "FS" */
const char *constraint_name(enum constraint_kind kind);   /* "start_not_earlier", "none" */
const char *task_type_name(enum task_type type);          /* "work", "start_milestone" */
bool constraint_parse(struct slice name, enum constraint_kind *out);
bool task_type_parse(struct slice name, enum task_type *out);
bool link_type_parse(struct slice name, enum link_type *out);
/* 2026-03-02T08:00; seconds only when there are any. 19 bytes and NUL at most. */
char *moment_text(struct moment m, char out[20]);
/* 2026-03-02, 2026-03-02T08:00, 2026-03-02 08:00:30; false: not one, or outside the plan's years. */
MUST_USE bool moment_parse(struct slice text, struct moment *out);

#endif
