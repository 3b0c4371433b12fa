/* What the files of the risk room share. Not for others. */
#ifndef RISK_INSIDE_H
#define RISK_INSIDE_H

#include <stdalign.h>

#include "risk/risk.h"
#include "sched/cpm.h"

enum { CELLS = 64 }; /* of a table; 62 are used */

/* An inverse distribution function of factors, 65536 is 1, straight within each cell: base + (step * fraction >> shift), fraction 12 bits. */
struct table {
	alignas(16) int32_t base[CELLS]; /* read 16 bytes at a time and more */
	int32_t step[CELLS];
	int32_t pair[2 * CELLS]; /* base and step once more, side by side */
	int32_t shift, median, unused[2];
};

struct key {
	uint32_t one, two;
};

enum arc_flag { ARC_FROM_FINISH = 1, ARC_TO_FINISH = 2, ARC_FOREIGN = 4, ARC_SNAP = 8 };

struct arc {
	int32_t from; /* node */
	int32_t lag;
	int16_t lag_calendar;
	uint16_t flags;
};

enum point_flag {
	POINT_PINNED = 1,
	POINT_FINISH_MILESTONE = 2,
	POINT_WINDOW = 4,
	POINT_ENDS = 8,
	POINT_AT_START = 16
}; /* shown where the next work starts: a milestone of the start kind */

/* A task in a sample. Its position is work on its calendar, or ticks if a window may change that calendar. */
struct point {
	int32_t first_arc, narcs;
	int32_t table;    /* -1: the duration is fixed */
	int32_t duration; /* fixed, or in units of 1 << coarse what the table's factor multiplies */
	int32_t coarse;
	int32_t median; /* of what the table gives: longer is long */
	int32_t first_strike, nstrikes;
	int32_t earliest, earliest_finish; /* in its positions; INT32_MIN: none */
	int32_t project, task;
	struct key key;
	int16_t calendar;
	uint16_t flags;
	int32_t row;   /* of risk_samples; -1: not asked for */
	int32_t group; /* POINT_ENDS: its group */
};

/* Points that may end a project and whose positions can be compared: one conversion to a moment serves all of them. */
struct group {
	int32_t project;
	int16_t calendar;
	uint16_t flags; /* POINT_WINDOW: positions are moments; POINT_AT_START */
};

struct driver {
	struct key strikes, how_much;
	uint32_t below; /* comes true when the random number is smaller */
	int32_t table;
};

struct window {
	struct key strikes;
	uint32_t below;
	int32_t calendar, instead;
};

struct risk_engine {
	const struct plan *plan;
	struct network net;
	struct cpm cpm; /* with nothing uncertain */
	int32_t n, ndrivers, nwindows, ntables, nrows, ngroups;
	struct point *points; /* [n] in topological order; completed tasks are not among them */
	struct arc *arcs;
	int32_t *strikes;         /* drivers of each point */
	int32_t nenders, *enders; /* points that may end a project */
	struct table *tables;
	struct group *groups;
	int32_t *
		done_until; /* [nprojects] tick of the latest finish of what is complete; INT32_MIN: none */
	struct driver *drivers;
	struct window *windows;
	int32_t *row_task; /* [nrows] -1: project */
	int32_t *row_project;
};

/* Arrays of 16 numbers an item, one for each sample of the block. */
struct risk_tally {
	int32_t *start, *finish; /* [n] scratch of the block: positions */
	int32_t *on; /* [n] scratch: -1 where on a chain that holds the finish; empty between blocks */
	int32_t *factor, *struck; /* [ndrivers], [nwindows after them] scratch */
	int32_t *late_sum; /* [n + ndrivers + nwindows] of samples with a long duration, or struck */
	int32_t *drawn;    /* [n] scratch: durations of window points */
	int32_t *group_latest, *group_ends; /* [ngroups] scratch: positions, moments */
	int32_t *ends;                      /* [nprojects] scratch: latest finish, a moment */
	int32_t since_harvest;
	int64_t nsamples;
	int64_t *critical_total, *late_sum_total, *late_count_total;
	int64_t all_sum_total;
	int32_t all_sum[RISK_LANES];
};

void table_make(struct arena *a, const struct risk_spread *spread, struct table *out);
bool spread_is_sound(const struct risk_spread *s, const char *what, struct err *err);

struct key key_of(uint64_t seed);

/* Positions through moments, for the arcs, points and groups that need it (scalar on every machine). */
void foreign_arc(const struct risk_engine *e, const struct arc *arc, const struct point *to,
	const struct risk_tally *t, int32_t out[RISK_LANES]);
void window_point(const struct risk_engine *e, int32_t point, struct risk_tally *t);
/* -1 in the samples where the arc gives the window point its place. */
void window_held(const struct risk_engine *e, int32_t point, const struct arc *arc,
	const struct risk_tally *t, int32_t out[RISK_LANES]);
void group_moments(const struct risk_engine *e, int32_t group, struct risk_tally *t);

enum { HARVEST_EVERY = 64 }; /* blocks; the sums of a lane stay below 2^31 */
enum { SWING_SHIFT = 3 };    /* ticks are summed in units of eight: 48 s */
void harvest(const struct risk_engine *e, struct risk_tally *t);

void block_scalar(const struct risk_engine *e, uint64_t seed, int64_t block, bool causes,
	struct risk_samples *s, struct risk_tally *t);
void block_avx2(const struct risk_engine *e, uint64_t seed, int64_t block, bool causes,
	struct risk_samples *s, struct risk_tally *t);
void block_avx512(const struct risk_engine *e, uint64_t seed, int64_t block, bool causes,
	struct risk_samples *s, struct risk_tally *t);

#endif
