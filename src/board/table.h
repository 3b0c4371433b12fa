/* Inside the board: what its files share. Nobody outside src/board includes this. */
#ifndef BOARD_TABLE_H
#define BOARD_TABLE_H

#include "base/map.h"
#include "board/board.h"
#include "board/dictionary.h"
#include "board/rollup.h"

enum common_column {
	COMMON_NUMBER,
	COMMON_VERSION,
	COMMON_STATE,
	COMMON_STATE_SINCE,
	COMMON_CREATED_AT,
	COMMON_CHANGED_AT,
	COMMON_DUE,
	COMMON_COUNT
};
#define CHILD_TABLES 32 /* registers that hang under one register */

struct board_table {
	const struct register_def *reg;
	int index;
	int32_t rows, room, alive_count;
	struct uuid *ids;
	uint64_t *alive;
	struct idmap *by_id;
	struct column *columns;
	int ncolumns;
	int *field_columns;                                        /* by field.index; -1: none */
	int of_table, of_column;                                   /* what its rows hang under; -1 */
	int tree_column, owner_column, place_column, title_column; /* -1 */
	int32_t *next; /* the next row under the same parent; of_table >= 0 */
	int nchildren;
	int child_tables[CHILD_TABLES];
	int32_t *first[CHILD_TABLES]; /* by place in child_tables: the first row under each row */
	int32_t *changed_by;          /* number in board.people; -1 */
	int64_t *journal;
	uint64_t
		open_states; /* bit per number of the state's dictionary (below 64): the state is open */
};

struct day_count {
	int32_t day, n;
};

/* One group of a rollup, with the age of its data as a histogram of last report days. */
struct rollup_cell {
	struct rollup sums;
	struct day_count *days; /* by day; INT32_MIN: never reported */
	int32_t ndays, days_room;
};

struct rollup_dimension {
	struct rollup_cell *cells; /* by key + 1 */
	int32_t n, room;
};

struct rollup_set {
	struct rollup_dimension dimensions[DIMENSION_COUNT];
	struct date silent_before;
};

/* What is derived for each project. The order is that of the columns. */
enum fact {
	FACT_PLAN,
	FACT_DONE,
	FACT_COMPLETION,
	FACT_TIME,
	FACT_VARIANCE,
	FACT_EXPECTED_PARTS,
	FACT_CUMULATIVE,
	FACT_MONTH_PLAN,
	FACT_MONTH_DONE,
	FACT_MONTHS_MISSED,
	FACT_DONE_TO_MONTH,
	FACT_PLANNED_TO_MONTH,
	FACT_PAYMENT_PLAN,
	FACT_PAID,
	FACT_LAST_REPORT,
	FACT_SILENCE,
	FACT_NEXT_MILESTONE,
	FACT_NEXT_DUE,
	FACT_DAYS_LATE,
	FACT_DAYS_LATE_FINISHED,
	FACT_LATE_MILESTONE,
	FACT_MILESTONES,
	FACT_MILESTONES_DONE,
	FACT_MILESTONES_LATE,
	FACT_ISSUES_OPEN,
	FACT_ISSUES_OVERDUE,
	FACT_CLASS,
	FACT_FORECAST_FINISH,
	FACT_FORECAST_PRODUCTION,
	FACT_EXEMPTIONS,
	FACT_SLIP_LEVEL,
	FACT_REPORT_ROW,
	FACT_PLAN_ROW,
	FACT_LIGHT,
	FACT_LIGHT_SINCE,
	FACT_COUNT,
};

/* Tables and columns that derivations and rollups read, found by name; -1 where the catalogue lacks them. */
struct bindings {
	int unit, area, project, year_plan, report, milestone, issue, exemption, slip; /* tables */
	int p_unit, p_area, p_headquarters, p_category, p_programmes, p_total, p_prior, p_planned_start,
		p_planned_finish, p_actual_start, p_actual_finish, p_stated_finish, p_stated_production;
	int y_year, y_plan, y_payment, y_month[12];
	int r_kind, r_period, r_investment, r_year, r_total, r_paid, r_paid_year, r_forecast_finish,
		r_forecast_production;
	int m_planned, m_actual;
	int e_from, e_until, s_due;
	int facts[FACT_COUNT]; /* columns of the project table */
	/* numbers of states in their dictionaries; -1 */
	int report_submitted, report_verified, milestone_done, milestone_verified, milestone_cancelled,
		exemption_approved, slip_issued, slip_signed;
	int kinds[3]; /* report cadence: month, week, day */
};

struct board {
	const struct catalogue *catalogue;
	struct board_options options;
	struct board_table *tables;
	int ntables;
	struct dictionary *people; /* 16 bytes each */
	struct date today;         /* none: never settled */
	int64_t journal;
	struct bindings at;
	uint64_t *dirty;    /* bit per project row: taken out of the rollups, facts to be recomputed */
	int32_t dirty_room; /* words */
	int32_t *touched;
	int32_t ntouched, touched_room;
	int32_t *settled; /* what the last settle handed out */
	int32_t settled_room;
	struct date back; /* of the oldest change taken back since the last settle; none */
	bool all_dirty;   /* everything is recomputed at the next settle; rollups are void until then */
	struct rollup_set rollups;
};

/* board.c */
static inline int32_t *cells32(const struct column *c)
{
	return c->cells;
}
static inline int64_t *cells64(const struct column *c)
{
	return c->cells;
}
static inline bool kind_is_wide(enum column_kind kind)
{
	return kind == COLUMN_INT64;
}
static inline bool row_alive(const struct board_table *t, int32_t row)
{
	return t->alive[row >> 6] >> (row & 63) & 1;
}
int32_t table_row(struct board_table *t, struct uuid id); /* made when never seen */
int table_add_column(
	struct board_table *t, const struct field *field, enum column_kind kind, bool derived);
void *copy_bytes(const void *bytes, size_t n);

static inline bool row_open(const struct board_table *t, int32_t row)
{
	int32_t state = cells32(&t->columns[COMMON_STATE])[row];
	return t->reg->nstates == 0 || (state >= 0 && state < 64 && (t->open_states >> state & 1));
}

/* The choices of FACT_CLASS. */
enum project_class { CLASS_CARRYOVER, CLASS_NEW_START, CLASS_COMPLETION, CLASS_PREPARATORY };

/* derived_columns.c */
void derive_add_columns(struct board *b); /* the project's derived columns */
void derive_bind(struct board *b);        /* finds what they are reckoned from */

/* derive.c */
void derive_project(struct board *b,
	int32_t row); /* facts of one project at b->today; missing when it is not alive */
bool project_counts(const struct board *b, int32_t row);
/* done and planned by month: the year before and this one, as in struct rollup */
void derive_months(const struct board *b, int32_t row, int64_t done[24], int64_t planned[24]);
static inline struct column *fact_column(const struct board *b, enum fact fact)
{
	return &b->tables[b->at.project].columns[b->at.facts[fact]];
}
static inline int64_t fact_number(const struct board *b, enum fact fact, int32_t row)
{
	return column_number(fact_column(b, fact), row);
}

/* rollup.c */
void rollup_reset(struct board *b);
void rollup_free(struct rollup_set *set);
struct rollup_set rollup_copy(const struct rollup_set *set);
void rollup_add(const struct board *b, struct rollup_set *set, int32_t row, int sign);
void rollup_rebuild(struct board *b);
size_t rollup_bytes(const struct rollup_set *set);

#endif
