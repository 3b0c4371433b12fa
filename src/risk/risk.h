/*
 * How sure is a date? Monte Carlo over a compiled network: durations drawn from ranges, risks that strike several tasks
 * at once, calendars that may turn out differently (a wet season, a permit window); then the dates that are kept with
 * 10, 50, 80, 90 of 100 chances, how often a task is critical, and which tasks and risks move the finish most.
 *
 * How: forward passes over 16 samples at a time in whole ticks (lanes.inc), the same source compiled for scalar, AVX2
 * and AVX-512 machines with the same bits. A random number is a hash of (seed, the task's id, the sample's number): no state,
 * so any number of threads gives the same answer, and the same task draws the same numbers after an edit of the plan.
 * Durations come from inverse distribution tables of 62 cells, finer at both ends (table.c). Correlation comes from
 * shared risks, as AACE 57R-09 recommends, not from a matrix.
 *
 * The links and dates are those of sched/cpm.h: with nothing uncertain a sample equals the forward pass. Left out: as late as
 * possible, expected finish, the rules by which MS Project pulls early dates to late constraints; a finish milestone, and
 * a finish held by a finish-to-finish link, count as the end of a working period also for links to other calendars.
 *
 * Pure. Units: ticks of model/plan.h; shares and probabilities in permille. Memory: in the arena given; running allocates nothing.
 */
#ifndef RISK_RISK_H
#define RISK_RISK_H

#include "base/err.h"
#include "model/finding.h"
#include "model/plan.h"

enum { RISK_LANES = 16 }; /* samples of a block */
enum { RISK_MOST_SAMPLES = 10000000, RISK_MOST_CELLS = 1 << 28 };

enum risk_shape {
	RISK_FIXED,
	RISK_TRIANGULAR, /* low, likely, high are its ends and its peak */
	RISK_PERT,       /* the same, as the beta distribution of PERT */
	RISK_LOGNORMAL,  /* low and high are its P10 and P90 */
	RISK_POINTS,     /* own history: values as they came, equally likely, straight lines between */
};

struct risk_spread {
	enum risk_shape shape;
	int32_t low, likely,
		high; /* permille of the remaining duration; of a driver: of what it strikes */
	int32_t npoints;
	const int32_t *points; /* permille, ascending */
};

struct risk_range {
	int32_t task;
	struct risk_spread spread;
};

/* A risk with a chance; when it comes true the durations of all its tasks are multiplied by one factor. */
struct risk_driver {
	const char *id, *name;
	int32_t probability; /* permille */
	struct risk_spread factor;
	int32_t ntasks;
	const int32_t *tasks;
};

/* With that chance everything on one calendar works by another one instead: a hard winter, a late permit. */
struct risk_window {
	const char *id, *name;
	int32_t probability;
	int32_t calendar, instead; /* of the plan */
};

struct risk_model {
	struct risk_spread otherwise; /* for tasks without a range of their own */
	int32_t nranges, ndrivers, nwindows;
	const struct risk_range *ranges;
	const struct risk_driver *drivers;
	const struct risk_window *windows;
	bool
		every_task; /* dates of all tasks that are not complete, not of projects and milestones alone */
};

struct risk_engine; /* a plan and a model made ready; read only, so threads may share it */
struct risk_tally;  /* what one thread counts */

/* ERR_INPUT: a range, driver or window that cannot be. Findings of the plan go to `found`. */
MUST_USE bool risk_compile(struct arena *a, const struct plan *plan, const struct risk_model *model,
	struct findings *found, struct risk_engine **out, struct err *err);

/* The finishes of all samples: one row a project, then one row a milestone (or task). Threads write different columns. */
struct risk_samples {
	int32_t nrows;
	int64_t nsamples; /* a multiple of RISK_LANES */
	int32_t *finish;  /* [nrows * nsamples] ticks */
};
MUST_USE bool risk_samples_new(struct arena *a, const struct risk_engine *engine, int64_t nsamples,
	struct risk_samples *out, struct err *err);

/* The row of a task's dates; -1: it has none. */
int32_t risk_row(const struct risk_engine *engine, int32_t task);
/* The moment that a number in that row of the samples stands for. */
struct moment risk_moment(const struct risk_engine *engine, int32_t row, int32_t finish);

enum risk_machine { RISK_SCALAR, RISK_AVX2, RISK_AVX512 };
enum risk_machine risk_best_machine(void); /* the widest that this processor has */

struct risk_tally *risk_tally_new(struct arena *a, const struct risk_engine *engine);
/* Samples first_block * 16 .. of the given number of blocks. `causes`: count criticality and the tornado as well. */
void risk_run(const struct risk_engine *engine, uint64_t seed, int64_t first_block, int64_t nblocks,
	bool causes, enum risk_machine machine, struct risk_samples *samples, struct risk_tally *tally);
void risk_tally_add(
	struct risk_tally *into, const struct risk_tally *from, const struct risk_engine *engine);

/* ---- What comes out ---- */

struct risk_dates {
	int32_t task; /* the milestone or task; -1: a project's finish */
	int32_t project;
	struct moment planned; /* with nothing uncertain */
	struct moment p10, p50, p80, p90, mean;
	int32_t planned_permille; /* chance to finish no later than planned */
	int32_t p80_error;        /* standard error of P80 in ticks */
};

struct risk_cause {
	int32_t task, driver, window; /* one of them; the others -1 */
	int32_t critical_permille;    /* task: how often it is on a chain that holds the finish */
	int64_t
		swing; /* mean finish if long (or struck) less the mean otherwise, ticks; 0: never critical */
};

struct risk_result {
	int64_t nsamples;
	int32_t ndates, ncauses;
	struct risk_dates *dates;  /* projects first */
	struct risk_cause *causes; /* widest swing first */
};

/* Over the first `nsamples` samples. */
void risk_summarise(struct arena *a, const struct risk_engine *engine,
	const struct risk_samples *samples, int64_t nsamples, const struct risk_tally *tally,
	struct risk_result *out);
/* Chance in permille that a row of dates[] is done by that moment. */
int32_t risk_chance(const struct risk_engine *engine, const struct risk_samples *samples,
	int64_t nsamples, int32_t row, struct moment by);
/* The largest standard error of P80 among the projects, in ticks: the stop rule. */
int32_t risk_p80_error(struct arena *a, const struct risk_engine *engine,
	const struct risk_samples *samples, int64_t nsamples);

#endif
