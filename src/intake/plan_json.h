/*
 * Our own plan format: JSON a planner can read and write by hand. docs/plan-format.md is its reference.
 *
 *	{"guatu_plan": 1,
 *	 "calendars": [{"id": "five_day", "week": {"mon-fri": "08:00-12:00 13:00-17:00"},
 *	                "exceptions": [{"from": "2026-10-01", "to": "2026-10-07", "name": "国庆"}]}],
 *	 "projects": [{"id": "P", "start": "2026-03-02", "calendar": "five_day", "options": {"profile": "p6"}}],
 *	 "tasks": [{"id": "A", "name": "earthworks", "duration": "3d"}],
 *	 "links": [{"from": "A", "to": "B", "type": "FS", "lag": "1d"}]}
 *
 * Durations are text: a number and m, h, d or w (days and weeks of the task's calendar), with e before the unit for time
 * around the clock ("2ed"); lags also % of the predecessor's duration. A key nobody knows is an error with its place,
 * except under "notes" and "expect", which are kept for people and tests.
 */
#ifndef INTAKE_PLAN_JSON_H
#define INTAKE_PLAN_JSON_H

#include "base/json.h"
#include "model/finding.h"
#include "model/plan.h"

bool plan_json_looks_like(struct slice bytes);
MUST_USE bool plan_json_read(
	struct arena *a, struct slice bytes, struct plan *out, struct err *err);
/* The same from a tree that is already parsed. */
MUST_USE bool plan_json_from(
	struct arena *a, const struct json *root, struct plan *out, struct err *err);
/* Everything of the plan that is ours; what other formats keep for themselves is not written. */
void plan_json_write(const struct plan *plan, struct str *out);
/* "3d" to working ticks; day_minutes and week_minutes say how long a day and a week are. */
MUST_USE bool duration_parse(
	struct slice text, int32_t day_minutes, int32_t week_minutes, int32_t *ticks, bool *elapsed);

#endif
