/* What the office is called: in the bar of every page, in titles, on prints and charts. */
#ifndef APP_OFFICE_H
#define APP_OFFICE_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"

/* In both languages, in `a`; a side that the office left empty is the program's own. */
struct label office_name(struct app *app, struct arena *a);
/* For whoever administers accounts. "": the program's own name again. */
MUST_USE bool app_office_rename(
	struct app *app, const struct person *person, struct label name, struct err *err);

#endif
