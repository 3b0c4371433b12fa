/* What was worked out about a plan as JSON: moments and hours, loads of crews, levelling proposals, earned value. */
#ifndef INTAKE_PLAN_RESULTS_H
#define INTAKE_PLAN_RESULTS_H

#include "base/json.h"
#include "sched/crew_load.h"
#include "sched/earned.h"
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

/* A value of the series with its decimals: yuan, hours, the quantity's own unit. */
int64_t earned_value(enum series series, int64_t value, int *decimals);
/* The members of one series: "series":"investment|work|quantity","unit","planned_total","planned","earned","spi",
 * "earned_schedule_h","actual_time_h","planned_duration_h","spi_t","tspi","earned_until","forecast_finish" */
void earned_members_json(struct json_writer *w, const struct earned *e);

#endif
