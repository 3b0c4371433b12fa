/*
 * Days of the working calendar changed together: a notice of the State Council has some fifteen entries, and plans are to
 * move once. First as a preview that stores nothing and says which projects' forecast finish would move; then for good,
 * in one transaction with the dates that follow. The same checks as a form's.
 */
#ifndef APP_CALENDAR_CHANGE_H
#define APP_CALENDAR_CHANGE_H

#include "app/submit.h"

enum { CALENDAR_CHANGES = 200, CALENDAR_MOVED_SHOWN = 100 };

/* body: {"changes":[{"fields":{}} | {"id","version","fields":{}} | {"id","version","delete":true}],"reason","preview"}.
 * Answer: {"stored":[{"id","version"}],"using":n,"moves":n,"worst_days":n,"moved":[{"project":{id,title},"before","after",
 * "days"}]}: `using` plans follow a calendar that changes, `moves` forecasts differ; `moved` are those in sight, the worst
 * first, at most CALENDAR_MOVED_SHOWN. A request that was answered before gets "repeated":true and what it stored. */
MUST_USE bool app_calendar_change(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, const struct once *once, struct str *out, struct err *err);

/* What the text of a notice says (intake/notice.h): {"text","year"} to {"year","days":[{"day","until","kind","reason"}],
 * "unread":[line]}. Stores nothing. */
MUST_USE bool app_calendar_notice(struct app *app, struct arena *a, const struct person *person,
	const struct json *body, struct str *out, struct err *err);

#endif
