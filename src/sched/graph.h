/*
 * A plan compiled for calculation: nodes in topological order, links as compressed rows in both directions, lags and
 * progress folded into numbers. Compiled once; forward and backward passes then allocate nothing.
 *
 * Nodes are the tasks that take part in logic. Summaries and levels of effort only span others: they are not nodes and
 * get their dates at the end (span.c). Tasks in or behind a loop, or on a calendar that never works, are not nodes either
 * and have no dates.
 */
#ifndef SCHED_GRAPH_H
#define SCHED_GRAPH_H

#include "sched/by_resource.h"
#include "sched/sched.h"

enum node_flag {
	NODE_COMPLETE = 1,
	NODE_ACTIVE = 2,
	NODE_FINISH_MILESTONE = 4, /* shown at the end of the working period before it */
	NODE_START_MILESTONE = 8, /* ... at the start of the next one; also any task without duration */
	NODE_RULES = 16,          /* has a constraint or another date of its own: see cpm.c */
	NODE_ALAP = 32,
	NODE_OVERRIDE =
		64, /* progress override, actual dates: started work no longer waits for its predecessors */
	NODE_FOREIGN = 128,      /* some link of it needs absolute moments */
	NODE_LATE_UNKNOWN = 256, /* leads to a task without dates, so its late dates are unknown too */
	NODE_BY_RESOURCE = 512,  /* its assignments say how long it takes: see by_resource.h */
	NODE_STAMPED = 1024,     /* the passes keep its moments as well as its work */
	NODE_SHOWS = 2048,       /* its moments are not only where its work starts and ends */
	NODE_PLAIN = 4096, /* no flag but LATE_UNKNOWN, no flag on any of its edges: see cpm_plain.c */
	NODE_CROSSING =
		8192, /* the same but for FOREIGN and STAMPED, and none from a start to its finish: see cpm_crossing.c */
};

enum edge_flag {
	EDGE_FOREIGN = 1, /* the two calendars or the lag's differ: go through absolute moments */
	EDGE_FIXED =
		2, /* the bound is a constant: `lag` is a tick (predecessor's actual start + lag) */
	EDGE_NO_FREE = 4,  /* takes no part in free float */
	EDGE_SNAP = 8,     /* SS without lag: the moment first moves to the lag calendar's next work */
	EDGE_NO_LATE = 16, /* does not bound late dates */
	EDGE_MS_FF = 32,   /* MS Project: the lag is added to the start that FF gives */
	EDGE_ACTUAL = 64,  /* actual dates: what the successor really did bounds the late dates */
	EDGE_FIRST = 128,  /* from the start of a summary: of its parts only what starts first counts */
};

/* What a link asks for. Links that ask for the same mostly share one: a million have a few hundred. */
struct terms {
	int32_t lag; /* working ticks on lag_calendar, what remains of it */
	int16_t lag_calendar;
	uint8_t type; /* enum link_type */
	uint8_t flags;
};

/* A link as it is kept, once for both directions: ten bytes with its place in out[]. */
struct edge_ends {
	uint16_t both[2]; /* predecessor ^ successor: from either node the other */
	uint16_t terms;   /* TERMS_FAR: in terms_far[] */
};
enum { TERMS_FAR = UINT16_MAX };

/* A link as one of its nodes sees it. */
struct edge {
	int32_t node; /* the other end */
	int32_t at;   /* in in[] and link[] */
	int32_t lag;
	int16_t lag_calendar;
	uint8_t type, flags;
};

struct node {
	int32_t task;
	int32_t duration; /* working ticks still to do */
	int32_t project;
	int16_t calendar; /* into calendars; */
	uint16_t flags;
};

struct network {
	const struct plan *plan;
	const struct worktime **calendars; /* [plan->ncalendars + 1], the last one around the clock */
	int32_t n, nedges, nterms;
	int32_t most_in;               /* in-edges of one node */
	bool some_undated;             /* some node is NODE_LATE_UNKNOWN */
	bool some_first;               /* some edge is EDGE_FIRST */
	bool some_shared;              /* some link joins more than two nodes: parts of summaries */
	bool some_span;                /* some task only spans others */
	bool some_flexible;            /* how long some node takes the passes find out */
	struct node *nodes;            /* [n] */
	int32_t *node_of;              /* [plan->ntasks], -1: not a node */
	int32_t *in_first, *out_first; /* [n + 1] */
	struct edge_ends *in;          /* [nedges] by successor */
	int32_t *out;                  /* [nedges] by predecessor: where in in[] */
	int32_t *link;                 /* [nedges] of in[]: in the plan */
	struct terms *terms;           /* [nterms] */
	int32_t *terms_far;            /* [nedges] of in[]; NULL: fewer terms than TERMS_FAR */
	int32_t *shared;               /* [ncalendars + 1] the first equal calendar's number */
	struct drivers drivers;        /* of resource-dependent tasks */
	const struct plan_options **options; /* [nprojects] */
	int32_t *
		floor; /* [nprojects]: nothing open starts before this tick; INT32_MIN: no start is known */
	bool *from_start;   /* [nprojects]: the floor is the planned start, not the data date */
	int32_t *data_date; /* [nprojects] */
};

/* Of edge `k` of in[] the end that is not `node`. */
static inline int32_t network_other(const struct network *net, int32_t node, int32_t k)
{
	int32_t both;
	memcpy(&both, net->in[k].both, sizeof(both));
	return both ^ node;
}
static inline const struct terms *network_terms(const struct network *net, int32_t k)
{
	int32_t terms = net->in[k].terms;
	if (__builtin_expect(terms == TERMS_FAR, false))
		terms = net->terms_far[k];
	return &net->terms[terms];
}
/* Edge `k` of in[] as `node`, either end of it, sees it. */
static inline struct edge network_edge(const struct network *net, int32_t node, int32_t k)
{
	const struct terms *t = network_terms(net, k);
	return (struct edge){
		network_other(net, node, k), k, t->lag, t->lag_calendar, t->type, t->flags};
}

/* The task's own calendar, as a number in calendars; that of its node but for resource-dependent tasks. */
int32_t network_calendar(const struct network *net, int32_t task);

/* A task's node by what the task itself says; what its links add to the flags is missing. */
struct node network_node(const struct network *net, int32_t task);
/* Whether the passes find out how long such a node takes. */
bool network_is_flexible(const struct network *net, const struct node *node);

/* Findings about loops, dangling and duplicate links and calendars go to `found`. */
MUST_USE bool network_build(struct arena *a, const struct plan *plan,
	const struct sched_options *opt, struct findings *found, struct link_dates *links,
	struct network *out, struct err *err);

#endif
