/*
 * A schedule that stays current under edits. An edit touches only what it must: forward over what follows the edited task,
 * backward over what precedes it, in topological order through a bitmap of waiting nodes, and stops where nothing
 * changes. When the project's finish moves, every late date moves and the backward pass runs whole.
 * The answer equals a full run, always; test_sched_incremental compares them.
 *
 * Left out: edits of links and calendars, as-late-as-possible and the profile msproject. inc_open() refuses plans with
 * those; the caller runs sched_run() instead.
 */
#ifndef SCHED_INCREMENTAL_H
#define SCHED_INCREMENTAL_H

#include "sched/cpm.h"

struct incremental {
	struct network net;
	struct cpm cpm;
	uint64_t *waiting[4]; /* a bit per node, a bit per word of the level below, ... */
	int32_t words[4];
	int levels;
	int64_t touched;  /* nodes recomputed by the last edit, both directions */
	bool swept;       /* the last edit ran the whole backward pass */
	int32_t nchanged; /* tasks whose dates the last edit changed: changed[] */
	int32_t *changed;
	bool *is_changed;
};

/* False: the plan has something only a full run knows (err says what), or the network cannot be built. */
MUST_USE bool inc_open(
	struct arena *a, const struct plan *plan, struct incremental *out, struct err *err);
/* The remaining (for unstarted tasks the whole) duration of a task becomes `work` > 0. The plan itself is not written. *out
 * of inc_open() must stay where it is. Tasks without duration are milestones and keep none. */
void inc_set_duration(struct incremental *inc, int32_t task, int32_t work);

static inline bool inc_dated(const struct incremental *inc, int32_t task)
{
	return inc->net.node_of[task] >= 0;
}
/* Early and late moments of a task that has a node. */
struct four inc_dates(const struct incremental *inc, int32_t task);
int32_t inc_total_float(
	const struct incremental *inc, int32_t task); /* finish float; FLOAT_NONE when complete */
struct moment inc_finish(const struct incremental *inc, int32_t project);

#endif
