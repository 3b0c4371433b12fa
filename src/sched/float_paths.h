/*
 * Float paths: the tasks that lead to one task, numbered by how soon they would hold it up (P6 calls it multiple float
 * paths). Path 1 goes back from the key task, always to the predecessor whose link has the least float; each further path
 * begins at the link into a numbered task that has the least float of those left, and goes back until the least float
 * leads to a task that is numbered already.
 *
 * A link's float is that of a task of its lag's length (Boyle, "P6 multiple float path analysis"): free float against the
 * early date of the successor, total float against its late date, counted on the predecessor's calendar. Complete tasks
 * are on no path. Proved against the paths that P6 itself stored in two files (test_float_paths.c).
 */
#ifndef SCHED_FLOAT_PATHS_H
#define SCHED_FLOAT_PATHS_H

#include "sched/cpm.h"

/* Fills dates[].float_path and float_path_order for the projects whose options ask for it, after both passes. */
void float_paths(struct arena *a, const struct cpm *c, struct task_dates *dates);

#endif
