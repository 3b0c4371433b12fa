/* A small world for the tests of app/: a data folder in /tmp, a clock that stands still until it is moved, units, areas,
 * accounts and projects. Every helper fails the test when it cannot do its work. */
#ifndef TEST_UNIT_APP_HELP_H
#define TEST_UNIT_APP_HELP_H

#include "app/app.h"
#include "app/person.h"
#include "app/submit.h"
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

struct world {
	struct app *app;
	struct arena *a;
	char folder[64];
	int64_t now_ms;
	struct uuid root_area, north, south;      /* areas: county; two towns */
	struct uuid bureau_a, bureau_b, office_a; /* units; office_a stands under bureau_a */
};

/* 2026-03-10 09:00 local, empty but for areas and units. */
struct world *world_open(void);
struct world *world_open_empty(void); /* without areas and units */
void world_close(struct world *w);
void world_reopen(struct world *w); /* closes the app and opens the same folder again */
void world_day(
	struct world *w, int year, int month, int day); /* moves the clock to 09:00 of that day */

/* fields: the members of the JSON object, '"title":"x"'. */
PRINTF_LIKE(4, 5)
struct submitted world_create(
	struct world *w, const struct person *person, const char *reg, const char *fields, ...);
PRINTF_LIKE(6, 7)
struct submitted world_step(struct world *w, const struct person *person, const char *reg,
	struct uuid id, const char *step, const char *fields, ...);
PRINTF_LIKE(5, 6)
struct submitted world_update(struct world *w, const struct person *person, const char *reg,
	struct uuid id, const char *fields, ...);
/* The same, and must be refused with this code; the message for looking at. */
PRINTF_LIKE(5, 6)
const char *world_create_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, const char *fields, ...);
PRINTF_LIKE(6, 7)
const char *world_update_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, struct uuid id, const char *fields, ...);
PRINTF_LIKE(7, 8)
const char *world_step_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, struct uuid id, const char *step, const char *fields, ...);

/* An account with one role, and the person it is. unit and area may be nil. */
struct person world_person(
	struct world *w, const char *login, const char *role, struct uuid unit, struct uuid area);
const char *world_id(struct world *w, struct uuid id); /* as text */
struct uuid world_project(struct world *w, const char *title, struct uuid unit, struct uuid area);

/* The record as GET answers it. */
const struct json *world_record(
	struct world *w, const struct person *person, const char *reg, struct uuid id);
const struct json *world_parse(struct world *w, struct str *text); /* and frees it */

#endif
