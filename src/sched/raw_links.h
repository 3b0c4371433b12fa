/*
 * Which links of a plan bind which tasks: a link on a summary (Microsoft Project) stands for links of its parts; one that
 * dangles, points at itself or at its own parts, or that an option leaves out binds nothing.
 */
#ifndef SCHED_RAW_LINKS_H
#define SCHED_RAW_LINKS_H

#include "sched/sched.h"

struct raw_edge {
	int32_t from, to; /* tasks that take part */
	int32_t link;     /* in the plan; several edges where it is on a summary */
};

struct raw_links {
	struct raw_edge *edges; /* [n], in the plan's order */
	int32_t n;
};

/* takes_part[ntasks]: has logic of its own. options[nprojects]. Starts links[nlinks]: what is ignored, nothing else known.
 * Findings about dangling, circular and duplicate links go to `found`. False: summaries stand for too many. */
MUST_USE bool raw_links_collect(struct arena *a, const struct plan *plan,
	const struct plan_options **options, const bool *takes_part, struct findings *found,
	struct link_dates *links, struct raw_links *out, struct err *err);

#endif
