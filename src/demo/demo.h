/*
 * An invented county, so that a newcomer sees a living wall in a minute: seven headquarters, four task forces, twenty
 * towns and parks, departments, enterprises and projects with eighteen months of reports, milestones, plans, issues and
 * changes. Every name is made up. Same seed and same end date, same county, entered through the same calls as people
 * use, each at the instant it would have happened.
 */
#ifndef DEMO_DEMO_H
#define DEMO_DEMO_H

#include "app/admin.h"
#include "app/app.h"
#include "base/date.h"

struct demo_options {
	uint64_t seed;
	struct date until; /* the county's last day; none: today */
	int projects;      /* 0: 320 */
	int months;        /* of history; 0: 18 */
};
struct demo_result {
	int projects, reports, milestones, issues, accounts;
	int64_t journal;
	const char *password; /* of every demo account */
};

/* ERR_CONFLICT when there are projects already. */
MUST_USE bool demo_make(struct app *app, const struct demo_options *options, app_progress *progress,
	void *self, struct demo_result *out, struct err *err);

#endif
