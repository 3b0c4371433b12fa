/*
 * Indicators: what lights are judged by. Each is one row of a table: name, label, unit, formula in words, source. A kernel
 * computes it for a run of project rows (or for a unit) into exact integers; NOTHING64 where there is no data.
 *
 * Precision: a value x is kept as 2 * floor(x * 10^scale), plus 1 when something was cut off. Percent and points have
 * scale 4 (a ten-thousandth of a percent), days, months and counts scale 0. So every comparison with a bound of at most
 * `scale` digits is exact: 59.99999 % is below 60 %, and 10.00001 points are above 10, whatever is
 * shown. Shown are two digits,
 * rounded half away from zero.
 */
#ifndef ASSESS_INDICATOR_H
#define ASSESS_INDICATOR_H

#include "assess/ruleset.h"
#include "board/board.h"
#include "board/rollup.h"

enum indicator_unit {
	UNIT_PERCENT,
	UNIT_POINTS,
	UNIT_DAYS,
	UNIT_MONTHS,
	UNIT_COUNT,
	UNIT_PLACE,
	UNIT_LEVEL
};

#define EXACT_SCALE 4
#define EXACT_PERCENT 20000 /* one percent or point */
#define EXACT_WHOLE 2       /* one day, month, thing */
#define EXACT_LEAST (INT64_MIN + 1)
#define EXACT_MOST INT64_MAX

/* a / b * 100 as an exact percent, b > 0. */
int64_t exact_percent(int64_t a, int64_t b);

struct indicator_param {
	const char *name;
	struct label label;
	bool is_name;      /* the name of a field; else a number in the indicator's unit */
	int64_t otherwise; /* when not given, in that unit */
	const char *otherwise_name;
};

/* Whose entry an input is. */
enum input_of { INPUT_PROJECT, INPUT_PLAN, INPUT_REPORT, INPUT_MILESTONE, INPUT_COMPUTED };
struct indicator_input {
	const char *column; /* of the project table */
	enum input_of of;
	bool needed; /* without it there is no value */
};

#define INDICATOR_INPUTS 8

/* An indicator with its parameters, bound to a board's columns once. */
struct indicator_bound {
	const struct indicator *indicator;
	const struct light_rule *rule;
	int columns[INDICATOR_INPUTS]; /* -1: the catalogue lacks it */
	int parts;                     /* time: `part` of `parts` of the year are gone; set per run */
	int part;
};

typedef void indicator_kernel(const struct board *b, const struct indicator_bound *bound,
	int32_t from, int32_t n, int64_t *out);
/* A unit at the end of the month `back` months before the last ended one; only for SUBJECT_UNIT. */
struct unit_view;
typedef int64_t indicator_of_unit(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back);
/* "再完成投资 1,234 万元": what moves the value to `goal` (exact). False: nothing the project can do. */
typedef bool indicator_remedy(const struct board *b, const struct indicator_bound *bound,
	int32_t row, int64_t goal, struct str *zh, struct str *en);

struct indicator {
	const char *name;
	struct label label;
	enum subject subject;
	enum indicator_unit unit;
	int64_t least; /* exact: the least value it can take; EXACT_LEAST: any */
	struct label formula;
	const char *source; /* rows of docs/rules.md: "L1, L3" */
	struct indicator_input inputs[INDICATOR_INPUTS];
	struct indicator_param params[LIGHT_PARAMS];
	indicator_kernel *kernel;
	indicator_of_unit *of_unit;
	indicator_remedy *remedy;
};

extern const struct indicator indicators[];
extern const int indicators_count;
const struct indicator *indicator_named(const char *name); /* NULL: none */
int indicator_scale(const struct indicator *indicator);
struct indicator_bound indicator_bind(const struct board *b, const struct light_rule *rule);
/* To be called before kernels run: what depends on the board's day. */
void indicator_set_day(const struct board *b, struct indicator_bound *bound);
/* "61.2 %", "11 天" / "11 days"; NOTHING64: "—". */
void indicator_format(
	struct str *out, const struct indicator *indicator, int64_t value, enum lang lang);
struct label indicator_said(
	struct arena *a, const struct indicator *indicator, int64_t value); /* in both, in `a` */
/* What stands behind a number of this indicator: " %", " 天" / " days", or nothing. */
const char *indicator_unit(const struct indicator *indicator, enum lang lang);
/* Money for sentences: "1,234.5 万元" / "12,345,000 yuan". */
void money_format(struct str *out, int64_t money, enum lang lang);

/* ---- units ---- */

/* The figures of one unit at one month: built once per run for all units. */
struct unit_view {
	const struct board *b;
	const uint64_t *eligible; /* bit per row of unit: takes part (the rule's `where`) */
	int32_t units;            /* rows of the table */
	int ended;                /* months of this year that ended */
	const int32_t *groups;    /* per unit row: number of its group; -1: none. Or NULL: all in one */
	const int64_t *bond_paid, *bond_expected; /* per unit row, or NULL */
};
int64_t exact_of(const struct indicator *indicator, double value); /* for parsing bounds */

#endif
