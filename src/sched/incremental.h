/*
 * A schedule that stays current while one task after the other changes, as when a bar is dragged. The network is kept, and an
 * edit touches only what it must: forward over what follows the edited task, backward over what precedes it, in
 * topological order through a bitmap of waiting nodes, and stops where nothing changes. When the project's finish
 * moves, every late date moves and the backward pass runs whole.
 * The answer equals a full run, always and in every bit; test_sched_incremental and test/wasm compare them.
 *
 * Plans in which a date may hang on what comes after it (as late as possible, the profile msproject, links from the start of
 * a summary) run all passes on the kept network.
 */
#ifndef SCHED_INCREMENTAL_H
#define SCHED_INCREMENTAL_H

#include "sched/cpm.h"

enum { INC_AHEAD = 8 };

struct incremental {
	struct plan *plan; /* borrowed, written by inc_change() */
	struct network net;
	struct cpm cpm;
	struct schedule schedule;
	bool whole;           /* every edit runs all passes */
	uint64_t *waiting[4]; /* a bit per node, a bit per word of the level below, ... */
	int levels;
	int32_t *changed; /* nodes whose dates the last edit changed */
	int32_t nchanged;
	bool *is_changed;           /* [net.n] */
	int32_t fetched[INC_AHEAD]; /* the last nodes marked */
	uint32_t nfetched;
	int64_t touched; /* nodes recomputed by the last edit, both directions */
	bool swept;      /* the last edit ran the whole backward pass */
};

/* The network is built and scheduled; *out must stay where it is. */
MUST_USE bool inc_open(
	struct arena *a, struct plan *plan, struct incremental *out, struct err *err);
/* The task is now *now: written into the plan and scheduled. False: what differs changes the network (state, calendar, a first
 * constraint, a milestone that becomes work, ...) and nothing was done; write it yourself and open anew. Allocates nothing. */
bool inc_change(struct incremental *inc, int32_t task, const struct plan_task *now);
/* What sched_run() says of the plan as it is now, but for the order (NULL). The next call writes over its tasks, links and
 * projects; `a` holds the rest. */
void inc_schedule(struct incremental *inc, struct arena *a, struct schedule *out);

#endif
