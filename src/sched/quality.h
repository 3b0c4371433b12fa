/*
 * Is this plan worth trusting? The fourteen points of the Defense Contract Management Agency, counted on open tasks
 * (summaries, levels of effort and milestones apart) unless a point says otherwise, and our own checks on arrival. Every
 * check that fails becomes a finding with id and source; D.. are the fourteen, G.. and P.. ours.
 *
 * Points 11, 13 and 14 need a baseline (number 0) or a required finish; without one they are not answered, which is not
 * a pass. Point 12 schedules the plan again with one critical task 600 working days longer.
 */
#ifndef SCHED_QUALITY_H
#define SCHED_QUALITY_H

#include "sched/sched.h"

enum quality_answer { QUALITY_PASSED, QUALITY_FAILED, QUALITY_UNANSWERED };

struct quality_check {
	const char *id; /* "D01" */
	enum quality_answer answer;
	int64_t bad, of; /* counts; indices: thousandths in `bad`, 1000 in `of` */
	int32_t limit;   /* percent, count, or thousandths of an index */
	int32_t nsubjects;
	const int32_t *subjects; /* the tasks or links that count as bad */
	enum finding_subject on;
};

struct quality {
	struct quality_check dcma[14];
	struct findings findings; /* all failures and our own checks */
};

MUST_USE bool plan_quality(
	struct arena *a, const struct schedule *s, struct quality *out, struct err *err);

#endif
