/*
 * Counts, sums, lights and age of data per unit, area, headquarters, category and programme, kept while changes come in:
 * what a project added is taken out before it changes and put back after. board_settle() does this; here it is read.
 *
 * A project counts while its state is open, or when the year has a plan for it. Units and areas count what is below
 * them too. `none` is a group of its own in every dimension (row or code -1).
 */
#ifndef BOARD_ROLLUP_H
#define BOARD_ROLLUP_H

#include "board/board.h"
#include "board/query.h"

enum dimension {
	DIMENSION_ALL,          /* one group: the whole place */
	DIMENSION_UNIT,         /* lead unit and what is above it: row of `unit` */
	DIMENSION_AREA,         /* area and what is above it: row of `area` */
	DIMENSION_HEADQUARTERS, /* row of `unit` */
	DIMENSION_CATEGORY,     /* code of the choice */
	DIMENSION_PROGRAMME,    /* code of the tag; a project may have several */
	DIMENSION_COUNT,
};

struct rollup {
	int64_t count;
	int64_t lights[8]; /* by enum light_slot */
	int64_t total_investment, annual_plan_investment, completed_investment,
		cumulative_investment;  /* 分; missing counts 0 */
	int64_t completed_to_month; /* through the last month that ended */
	int64_t planned_to_month;   /* what the plans by month ask for until then */
	int64_t issues_open, issues_overdue, milestones_late,
		projects_late; /* projects_late: with a late milestone */
	/* months of the year before and of this year: [0..11], [12..23]; of the whole, units and areas, else 0 */
	int64_t done[24], planned[24];
};

/* Of projects in the states started and building. */
struct age_of_data {
	struct date oldest,
		newest; /* last report of the project that reported longest ago / latest; none: nobody did */
	int64_t silent; /* projects whose last report is older than silent_days */
	int64_t never;  /* projects that never reported; not in `silent` */
};

/* Number of groups of a dimension, empty ones included; keys are -1 .. n - 2. */
int32_t rollup_keys(const struct board *b, enum dimension d);
/* NULL: nothing counted there */
const struct rollup *rollup_get(const struct board *b, enum dimension d, int32_t key);
struct age_of_data rollup_age(const struct board *b, enum dimension d, int32_t key);
/* The field of the project the dimension goes by: for links and labels. NULL: DIMENSION_ALL or the register lacks it. */
const struct field *rollup_field(const struct board *b, enum dimension d);
/* What the key stands for: id of the unit or area, name of the choice. NULL for -1. In `a`. */
const char *rollup_key_text(const struct board *b, struct arena *a, enum dimension d, int32_t key);

/* done / plan in hundredths of a percent; NOTHING64 when the plan is 0 (shown as a dash). */
int64_t share_percent(int64_t done, int64_t plan);

/* The same figures over a part of the projects (what a reader may see, a subtree): one bit per project row. Its
 * months are taken from `months`: the kept group of exactly these projects, or an empty one when nobody asks for months;
 * NULL: added up. */
struct rollup_set;
const struct rollup_set *rollup_over(const struct board *b, const uint64_t *projects,
	const struct rollup *months);                    /* owned: rollup_set_close */
void rollup_set_close(const struct rollup_set *set); /* accepts NULL */
int32_t rollup_keys_in(const struct rollup_set *set, enum dimension d);
const struct rollup *rollup_in(
	const struct rollup_set *set, enum dimension d, int32_t key); /* NULL: nothing */
struct age_of_data rollup_age_in(const struct rollup_set *set, enum dimension d, int32_t key);

/* Sets a project's overall light and moves it in every group it counts in. */
void board_set_light(struct board *b, int32_t project, int32_t severity, struct date since);
/* After a relight of everything that wrote the light column itself: counts the lights of all groups anew. */
void rollup_recount_lights(struct board *b);

#endif
