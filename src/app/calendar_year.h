/* A year of the working calendar for people: which days differ from Monday to Friday, why, and by whose word. */
#ifndef APP_CALENDAR_YEAR_H
#define APP_CALENDAR_YEAR_H

#include "app/app.h"
#include "app/person.h"
#include "base/uuid.h"

/* area nil: everywhere. {"year","area","covered","first_year","last_year","notices":[...],"working_days":n,
 * "days":[{"day","work","site","kind","name","area","record"}]}: kind holiday, make_up (the State Council's), closure,
 * workday, winter_stop (the office's, with its record). `covered`: a notice covers the year. */
MUST_USE bool app_calendar_json(struct app *app, const struct person *person, int year,
	struct uuid area, struct str *out, struct err *err);

#endif
