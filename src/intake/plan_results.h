/* What was worked out about a plan as JSON: moments and hours, loads of crews, levelling proposals. */
#ifndef INTAKE_PLAN_RESULTS_H
#define INTAKE_PLAN_RESULTS_H

#include "base/json.h"
#include "sched/crew_load.h"
#include "sched/level.h"

void plan_json_moment(struct json_writer *w, const char *key, struct moment m); /* NONE: null */
void plan_json_hours(struct json_writer *w, const char *key, int32_t work); /* FLOAT_NONE: null */

/* [{"id":"crane","name","capacity":1,"peak":2,
 *   "spans":[{"from","to","used":2,"has":1}],
 *   "overuses":[{"from","to","used":2,"has":1,"tasks":["A","B"]}],
 *   "days":[{"day":"2026-03-02","used":2,"has":1}]}] */
void crew_loads_json(
	struct json_writer *w, const struct plan *plan, const struct crew_loads *loads);
/* [{"task":"A","start","finish","new_start","new_finish","waits_h":8,"waits_for":"crane"|null,"float_h":0,"over_allocated":false}] */
void level_moves_json(
	struct json_writer *w, const struct plan *plan, const struct level_move *moves, int32_t n);

#endif
