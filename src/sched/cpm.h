/*
 * The passes of the critical path method over a compiled network. Dates are kept twice: as work on the task's own
 * calendar, where all arithmetic happens, and as moments, which links between calendars and the results need. A task
 * that has no such link gets its moments only from cpm_stamp(), after the passes.
 * Nothing is allocated by a pass; cpm_open() makes room once.
 */
#ifndef SCHED_CPM_H
#define SCHED_CPM_H

#include "sched/graph.h"

struct extent {
	int32_t start, finish;
};

/* Moments of projects as work on calendars, remembered because other tasks ask for the same. */
enum { CPM_REMEMBERED = 64 };
struct on_calendar {
	int32_t project, calendar, work;
};

/* Of a project's tasks on one calendar, while a pass goes by: before what none starts or after what none ends, and the ends
 * met so far. Tasks that follow each other mostly share both, so it is asked and said once for many. */
struct run {
	int32_t project, calendar; /* project -1: none yet */
	int32_t bound;             /* work */
	int32_t first, last;       /* earliest start, latest finish: work */
};
enum { CPM_RUNS = 8 }; /* calendars that take turns */

/* What the passes say of a node beside its dates. */
struct outcome {
	uint8_t early_reason : 7, pinned : 1; /* a hard date beat the logic */
	uint8_t late_reason : 7, late_unknown : 1;
};

/* What they say of an edge. */
enum edge_outcome {
	EDGE_DRIVES = 1,
	EDGE_SILENT = 2,     /* another part of the summary starts earlier: it asks for nothing */
	EDGE_GAVE_EARLY = 4, /* of those that ask for its successor's early date the one named */
	EDGE_GAVE_LATE = 8,  /* the same of its predecessor's late date */
};

struct cpm {
	const struct network *net;
	struct extent *early, *late;       /* [n] work on the node's calendar */
	struct extent *early_at, *late_at; /* [n] ticks */
	int32_t *duration; /* [n] as the passes find out; NULL: as the nodes say (some_flexible) */
	struct outcome *outcome; /* [n] */
	uint8_t *edge;           /* [nedges] of in[]: enum edge_outcome */
	int32_t *candidate; /* [most_in] the start each in-edge of a node asks for, on its calendar */
	int32_t *first;     /* [nlinks] the least start its parts ask for; NULL: no EDGE_FIRST */
	int32_t *project_finish; /* [nprojects] latest early finish, a tick; INT32_MIN: nothing dated */
	int32_t *project_start;
	struct run ends[CPM_RUNS]; /* what those two know already */
	int32_t *late_target;      /* [nprojects] */
	struct on_calendar floor[CPM_REMEMBERED],
		target[CPM_REMEMBERED]; /* of floors and late targets; project -1: empty */
};

void cpm_open(struct arena *a, const struct network *net, struct cpm *c);
void cpm_forward(struct cpm *c);
void cpm_backward(struct cpm *c);
/* All passes in their order; `late` false: without late dates. */
void cpm_run(struct cpm *c, bool late);
/* The dates alone; cpm_forward() and cpm_backward() do this first, then find what gave each date. */
void cpm_forward_dates(struct cpm *c);
void cpm_backward_dates(struct cpm *c);
/* One node of each pass, from its neighbours as they stand. True: its dates changed. For incremental runs. */
bool cpm_forward_node(struct cpm *c, int32_t node);
bool cpm_backward_node(struct cpm *c, int32_t node);
/* Starts and finishes of projects anew, from the dates as they stand. */
void cpm_project_ends(struct cpm *c);
/* The moments of the tasks that the passes left without. */
void cpm_stamp(struct cpm *c, bool late);
void cpm_stamp_node(struct cpm *c, int32_t node, bool late);

/* What the passes mean (fill.c): room for a schedule of the plan, and all of it but the order from passes that have run,
 * whose moments need not be stamped. May be done again after a change; findings are added to. */
void sched_open(struct arena *a, const struct plan *plan, struct schedule *out);
void sched_fill(struct arena *a, struct cpm *c, bool late, struct schedule *s);

/* Working ticks on the predecessor's calendar by which its out-edge could be longer without moving its successor; INT32_MAX:
 * it does not hold it. */
int32_t cpm_link_float(const struct cpm *c, int32_t predecessor, const struct edge *e);
/* The same against the successor's late date. */
int32_t cpm_link_total_float(const struct cpm *c, int32_t predecessor, const struct edge *e);
int32_t cpm_free_float(const struct cpm *c, int32_t node);
/* The same where the least of its links' floats is known already; INT32_MAX: no link bounds it. */
int32_t cpm_free_float_within(const struct cpm *c, int32_t node, int32_t least);

/* Rules of Microsoft Project, where they differ (cpm_ms.c). */
bool cpm_ms_forward_node(struct cpm *c, int32_t node);
bool cpm_ms_backward_node(struct cpm *c, int32_t node);
void cpm_ms_as_late(struct cpm *c);

/* Plain nodes (cpm_plain.c): dates for a run of them, from `from` on or back; gives the first node that is not plain. */
int32_t cpm_plain_forward(struct cpm *c, int32_t from);
int32_t cpm_plain_backward(struct cpm *c, int32_t from);
/* What gave those dates, for a run as well. */
int32_t cpm_plain_early_reasons(struct cpm *c, int32_t from);
int32_t cpm_plain_late_reasons(struct cpm *c, int32_t from);
/* Crossing nodes (cpm_crossing.c), likewise; what gave a date is found on the way. */
int32_t cpm_crossing_forward(struct cpm *c, int32_t from);
int32_t cpm_crossing_backward(struct cpm *c, int32_t from);
/* Before what and after what nothing of the node's project is, on the node's calendar. */
int32_t cpm_floor(struct cpm *c, int32_t node);
int32_t cpm_target(struct cpm *c, int32_t node);
/* Tells the project where a run begins and ends. */
void cpm_tell_ends(struct cpm *c, const struct run *run);
static inline struct run *run_of(struct run *all, const struct node *nd)
{
	return &all[nd->calendar % CPM_RUNS];
}
static inline void cpm_forget_runs(struct run *all)
{
	for (int i = 0; i < CPM_RUNS; i++)
		all[i].project = -1;
}
static inline bool run_is_of(const struct run *r, const struct node *nd)
{
	return r->project == nd->project && r->calendar == nd->calendar;
}

/* Shared by the two passes and the two sets of rules. */
void cpm_forget(struct on_calendar *remembered);
void cpm_keep_first(struct cpm *c, int32_t node);
/* Where work stands that was moved by a lag: later it ends there, earlier it begins there. */
static inline int32_t cpm_moment_of(const struct worktime *w, int32_t work, int32_t lag)
{
	return lag > 0 ? worktime_finish(w, work) : worktime_start(w, work);
}
int32_t cpm_moved(const struct worktime *w, int32_t tick, int32_t lag);
void cpm_stamp_early(struct cpm *c, int32_t node);
void cpm_stamp_held(
	struct cpm *c, int32_t node, enum reason reason); /* after what drives it is known */
void cpm_stamp_late(struct cpm *c, int32_t node);
int32_t cpm_edge_early(const struct cpm *c, const struct edge *e, int32_t successor);
int32_t cpm_edge_late(const struct cpm *c, const struct edge *e, int32_t predecessor);
/* Late dates that lead to a task without dates are unknown, all the way back. */
void cpm_late_unknown(struct cpm *c, int32_t node);

static inline int32_t larger(int32_t a, int32_t b)
{
	return a > b ? a : b;
}
static inline int32_t smaller(int32_t a, int32_t b)
{
	return a < b ? a : b;
}
/* Which end of the predecessor the link comes from, and which end of the successor it holds. */
static inline bool edge_from_finish(const struct edge *e)
{
	return e->type == LINK_FS || e->type == LINK_FF;
}
static inline bool edge_to_finish(const struct edge *e)
{
	return e->type == LINK_FF || e->type == LINK_SF;
}

#define CANDIDATE_NONE INT32_MIN /* of a silent edge */
static inline bool cpm_asks(const struct cpm *c, int32_t in_edge)
{
	return !(c->edge[in_edge] & EDGE_SILENT);
}
static inline bool cpm_holds_late(const struct cpm *c, const struct edge *e)
{
	return !(e->flags & EDGE_NO_LATE) && cpm_asks(c, e->at);
}
/* Says of an in-edge whether it drives and whether it is the one named; of all out-edges that `gave` is: -1, none. */
static inline void cpm_say_early(struct cpm *c, int32_t in_edge, bool drives, bool gave)
{
	c->edge[in_edge] = (uint8_t)((c->edge[in_edge] & (EDGE_SILENT | EDGE_GAVE_LATE)) |
		(drives ? EDGE_DRIVES : 0) | (gave ? EDGE_GAVE_EARLY : 0));
}
static inline void cpm_say_late(struct cpm *c, int32_t node, int32_t gave)
{
	const struct network *net = c->net;
	for (int32_t k = net->out_first[node]; k < net->out_first[node + 1]; k++) {
		uint8_t *edge = &c->edge[net->out[k]];
		*edge = (uint8_t)((*edge & ~EDGE_GAVE_LATE) | (net->out[k] == gave ? EDGE_GAVE_LATE : 0));
	}
}
/* The edges named, of in[]; -1: something else gave the date. */
static inline int32_t cpm_early_edge(const struct cpm *c, int32_t node)
{
	for (int32_t k = c->net->in_first[node]; k < c->net->in_first[node + 1]; k++)
		if (c->edge[k] & EDGE_GAVE_EARLY)
			return k;
	return -1;
}
static inline int32_t cpm_late_edge(const struct cpm *c, int32_t node)
{
	for (int32_t k = c->net->out_first[node]; k < c->net->out_first[node + 1]; k++)
		if (c->edge[c->net->out[k]] & EDGE_GAVE_LATE)
			return c->net->out[k];
	return -1;
}

static inline const struct worktime *cpm_calendar(const struct cpm *c, int32_t node)
{
	return c->net->calendars[c->net->nodes[node].calendar];
}
/* Floats are counted on it. */
static inline const struct worktime *cpm_float_calendar(const struct cpm *c, int32_t node)
{
	const struct node *nd = &c->net->nodes[node];
	return nd->flags & NODE_BY_RESOURCE ? c->net->calendars[network_calendar(c->net, nd->task)]
										: cpm_calendar(c, node);
}
static inline int32_t cpm_duration(const struct cpm *c, int32_t node)
{
	return c->duration ? c->duration[node] : c->net->nodes[node].duration;
}
/* Where the work of a node ends when it starts there, and where it starts to end there. */
static inline int32_t cpm_finish_for(const struct cpm *c, int32_t node, int32_t start)
{
	const struct worktime *w = cpm_calendar(c, node);
	if (!(c->net->nodes[node].flags & NODE_BY_RESOURCE))
		return start + cpm_duration(c, node);
	return worktime_at(w,
		drivers_from(&c->net->drivers, c->net->nodes[node].task, worktime_start(w, start)).finish);
}
static inline int32_t cpm_start_for(const struct cpm *c, int32_t node, int32_t finish)
{
	const struct worktime *w = cpm_calendar(c, node);
	if (!(c->net->nodes[node].flags & NODE_BY_RESOURCE))
		return finish - cpm_duration(c, node);
	return worktime_at(w,
		drivers_until(&c->net->drivers, c->net->nodes[node].task, worktime_start(w, finish)).start);
}
/* What gave those where no link does. */
static inline enum reason cpm_floor_reason(const struct cpm *c, int32_t node)
{
	return c->net->from_start[c->net->nodes[node].project] ? REASON_PROJECT_START
														   : REASON_DATA_DATE;
}
static inline enum reason cpm_target_reason(const struct cpm *c, int32_t node)
{
	return moment_is_none(c->net->plan->projects[c->net->nodes[node].project].must_finish)
		? REASON_PROJECT_FINISH
		: REASON_MUST_FINISH;
}
/* Puts a node where it may start: work alone, without moments. */
void cpm_put_early(struct cpm *c, int32_t node, int32_t start);
/* Whether work stops or starts or goes on at this moment, as against lying between two working periods. */
static inline bool cpm_at_work(const struct worktime *w, int32_t tick)
{
	int32_t work = worktime_at(w, tick);
	return worktime_start(w, work) == tick || worktime_finish(w, work) == tick;
}
static inline bool cpm_mandatory(enum constraint_kind kind)
{
	return kind == CONSTRAINT_MANDATORY_START || kind == CONSTRAINT_MANDATORY_FINISH;
}
/* Dates past what a moment holds stop there. */
static inline int32_t cpm_within(int32_t work)
{
	if (__builtin_expect((uint32_t)work + WORK_FAR <= 2u * WORK_FAR, true))
		return work;
	return work > 0 ? WORK_FAR : -WORK_FAR;
}

#endif
