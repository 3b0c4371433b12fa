/* A year of the working calendar for people: which days differ from Monday to Friday, why, and by whose word; the seasons
 * of an area and how much is left of them. */
#ifndef APP_CALENDAR_YEAR_H
#define APP_CALENDAR_YEAR_H

#include "app/app.h"
#include "app/person.h"
#include "base/json.h"
#include "base/uuid.h"
#include "model/calendar.h"

struct calendar_wish {
	int year;
	struct uuid area; /* nil: everywhere */
	struct date from; /* and where `days` working days from it on end; DATE_NONE: not asked */
	int days;
};

/* {"year","area","covered","first_year","last_year","notices":[...],"working_days":n,"days":[{"day","work","site","kind",
 * "name","area","record"}],"seasons":[...],"season","building_season","counted"}; docs/http.md has it in full. `covered`:
 * a notice covers the year, the program's or one that the office entered. */
MUST_USE bool app_calendar_json(struct app *app, const struct person *person,
	const struct calendar_wish *wish, struct str *out, struct err *err);

/* The members "season" and "building_season" of an object: what is left of them on that day; null where none is known. */
void season_json(struct json_writer *w, const struct calendar *c, struct date day);
/* The member "seasons": [{"kind","from","until"}] of those days, cut to them; at most 20 years. */
void seasons_json(
	struct json_writer *w, const struct calendar *c, struct date from, struct date until);

#endif
