/*
 * Lights over time: how many projects stood in which light at the end of each of the last eleven months, for the whole
 * place and for every unit, area, headquarters, category and programme. Past days never change, so an answer is found
 * once by walking one copy of the board back through the journal and then kept until the month is over or rule sets or
 * definitions change. Today is not in it: a wall has it at hand.
 */
#ifndef APP_TREND_H
#define APP_TREND_H

#include "app/app.h"
#include "app/person.h"
#include "app/wall.h"

struct trend;
struct trend *trend_open(void);    /* owned: trend_close */
void trend_close(struct trend *t); /* accepts NULL */

/* query->as_of is not looked at. */
MUST_USE bool app_trend_json(struct app *app, const struct person *person,
	const struct wall_query *query, struct str *out, struct err *err);

#endif
