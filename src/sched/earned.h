/*
 * Earned value and earned schedule for three series that are never mixed: investment (money), work (durations, or what
 * assignments say) and physical quantity. Each task's plan is spread over its baseline (number 0, else its planned dates,
 * else its schedule) in the working time of its calendar; what is earned is its percent of that plan.
 *
 * Earned schedule (Lipke): the moment at which the plan had meant to earn what is earned now, found by interpolation in
 * the project's working time. SPI(t) = earned schedule / actual time, IEAC(t) = planned duration / SPI(t),
 * TSPI = (planned duration - earned) / (planned duration - actual). Plain SPI goes back to 1 at completion; SPI(t) does not.
 * Indices are in thousandths; INT64_MIN where a denominator is zero, and for TSPI once the planned finish has passed: no pace
 * meets it any more. Shown as a dash.
 */
#ifndef SCHED_EARNED_H
#define SCHED_EARNED_H

#include "sched/sched.h"

enum series { SERIES_INVESTMENT, SERIES_WORK, SERIES_QUANTITY, SERIES_COUNT };

#define INDEX_NONE INT64_MIN

struct earned {
	enum series series;
	const char *unit;        /* of a quantity, as its tasks name it; else NULL */
	int64_t planned_total;   /* BAC: cents, working ticks, thousandths of the unit */
	int64_t planned, earned; /* by the data date: PV, EV */
	int64_t spi_permille;    /* EV / PV */
	int32_t earned_work, actual_work,
		planned_duration_work; /* ES, AT, PD in the project's working ticks from its start */
	int64_t spi_time_permille, tspi_permille;
	int32_t forecast_duration_work; /* IEAC(t); 0 when there is no index */
	struct moment forecast_finish;  /* NONE when there is no index */
	struct moment earned_until;     /* the moment earned schedule stands for */
};

/* One project as of a moment; `now` NONE: its data date, else its status date. False when the project has no dates, and for
 * quantities of several units: nobody may add them up. */
MUST_USE bool plan_earned(struct arena *a, const struct schedule *s, int32_t project,
	enum series series, struct moment now, struct earned *out, struct err *err);
/* Those of the three that somebody planned, as of the data date; returns how many. */
int plan_earned_series(
	struct arena *a, const struct schedule *s, int32_t project, struct earned out[SERIES_COUNT]);

#endif
