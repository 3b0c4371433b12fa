/*
 * Indicators: what lights are judged by. Each is one row of a table: name, label, unit, formula in words, source. A kernel
 * computes it for a run of project rows (or for a unit) into integers; NOTHING64 where there is no data.
 *
 * Precision: percent and points in hundredths (36.1 % is 3610); days and months whole; money 分. Quotients are rounded half
 * away from zero to the last digit kept, except against a band: a light compares the exact quotient by cutting towards
 * the side that keeps `<` true (59.999 % is below 60 %), so rounding never lifts anybody over a bound.
 */
#ifndef ASSESS_INDICATOR_H
#define ASSESS_INDICATOR_H

#include "assess/ruleset.h"
#include "board/board.h"
#include "board/rollup.h"

enum indicator_unit { UNIT_PERCENT, UNIT_POINTS, UNIT_DAYS, UNIT_MONTHS, UNIT_COUNT, UNIT_RANK, UNIT_LEVEL };

struct indicator_param {
	const char *name;
	struct label label;
	bool is_field;           /* names a column of the project; else a number */
	int64_t otherwise;       /* when not given */
	const char *otherwise_text;
};

#define INDICATOR_COLUMNS 8

/* Columns an indicator reads, bound to a board once. */
struct indicator_bound {
	const struct indicator *indicator;
	const struct light_rule *rule;
	int columns[INDICATOR_COLUMNS]; /* -1: the catalogue lacks it */
};

typedef void indicator_kernel(const struct board *b, const struct indicator_bound *bound, int32_t from, int32_t n,
	int64_t *out);
/* Value of one unit `back` months before the last ended one; only for SUBJECT_UNIT. */
struct unit_view;
typedef int64_t indicator_of_unit(const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back);
/* "再完成投资 1,234 万元": what moves the value to `goal` (stored integer). False: nothing the project can do. */
typedef bool indicator_remedy(const struct board *b, const struct indicator_bound *bound, int32_t row, int64_t goal,
	struct str *zh, struct str *en);

struct indicator {
	const char *name;
	struct label label;
	enum subject subject;
	enum indicator_unit unit;
	int scale;                   /* digits after the point of the stored integer */
	int64_t least, most;         /* values it can take; INT64_MIN + 1, INT64_MAX: any */
	struct label formula;
	const char *source;          /* rows of docs/rules.md: "L1, L3, L5" */
	const char *columns[INDICATOR_COLUMNS]; /* project columns it reads, NULL ends */
	struct indicator_param params[LIGHT_PARAMS];
	indicator_kernel *kernel;
	indicator_of_unit *of_unit;
	indicator_remedy *remedy;
};

extern const struct indicator indicators[];
extern const int indicators_count;
const struct indicator *indicator_named(const char *name); /* NULL: none */
struct indicator_bound indicator_bind(const struct board *b, const struct light_rule *rule);
/* "61.2 %", "11 天" / "11 days"; NOTHING64: "—". */
void indicator_format(struct str *out, const struct indicator *indicator, int64_t value, enum lang lang);

#endif
