/*
 * Names of the invented county. None is meant to be of a real place, firm or person: the county's code (137022) was never
 * given out, surnames are rare double ones with made-up given names.
 */
#ifndef DEMO_DEMO_WORDS_H
#define DEMO_DEMO_WORDS_H

#include "base/base.h"

#define DEMO_CITY_CODE "137000"
#define DEMO_CITY "澜州市（虚构）"
#define DEMO_COUNTY_CODE "137022"
#define DEMO_COUNTY "澜川县（虚构）"

struct demo_unit {
	const char *name, *short_name, *kind, *login;
};

enum {
	DEMO_TOWNS = 16,
	DEMO_PARKS = 4,
	DEMO_HILLS = 10, /* the town in the hills */
	DEMO_HEADQUARTERS = 7,
	DEMO_TASK_FORCES = 4,
	DEMO_DEPARTMENTS = 14
};
extern const char *const demo_towns[DEMO_TOWNS];
extern const char *const demo_parks[DEMO_PARKS];
extern const struct demo_unit demo_headquarters[DEMO_HEADQUARTERS];
extern const struct demo_unit demo_task_forces[DEMO_TASK_FORCES];
extern const struct demo_unit demo_departments[DEMO_DEPARTMENTS];

/* A kind of project: what it is called, who leads it, how long and how much, what its nodes are. */
struct demo_kind {
	const char *category, *nature, *investor, *approval;
	const char *industry;          /* GB/T 4754 class */
	int headquarters, department;  /* index above */
	int share;                     /* of all projects, in percent */
	int least_wan, most_wan;       /* total investment */
	int least_months, most_months; /* of building */
	bool produces;                 /* has production after completion */
	const char *const *titles;     /* with %s for the place or firm, %d for a number; NULL-ended */
	const char *const *stages;     /* of reports, in order; NULL-ended */
	const char *plan;              /* the template its plan begins with */
};
extern const struct demo_kind demo_kinds[];
extern const int ndemo_kinds;

extern const char *const demo_surnames[], *const demo_given[];
extern const int ndemo_surnames, ndemo_given;
extern const char *const demo_firms[]; /* two characters each */
extern const int ndemo_firms;

struct demo_issue {
	const char *kind, *title, *cause, *arrangement, *answer;
	int department;
};
extern const struct demo_issue demo_issues[];
extern const int ndemo_issues;

#endif
