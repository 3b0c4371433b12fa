/*
 * What may go otherwise than planned: JSON beside a plan of any format, shares in percent of the remaining duration.
 *
 *	{"guatu_risk": 1,
 *	 "otherwise": {"shape": "triangular", "low": 90, "likely": 100, "high": 130},
 *	 "ranges": [{"task": "A", "shape": "pert", "low": 80, "likely": 100, "high": 200},
 *	            {"task": "B", "shape": "points", "points": [95, 100, 104, 140]}],
 *	 "drivers": [{"id": "flood", "name": "洪水", "probability": 30, "low": 110, "likely": 130, "high": 180, "tasks": ["A"]}],
 *	 "windows": [{"id": "winter", "name": "寒冬", "probability": 40, "calendar": "mild", "instead": "hard"}]}
 *
 * Shapes: fixed, triangular (default), pert, lognormal (low and high are P10 and P90), points. Tasks and calendars by id or
 * code. A key nobody knows is an error with its place; "notes" is kept for people.
 */
#ifndef INTAKE_RISK_FILE_H
#define INTAKE_RISK_FILE_H

#include "base/err.h"
#include "risk/risk.h"

MUST_USE bool risk_file_read(struct arena *a, struct slice bytes, const struct plan *plan,
	struct risk_model *out, struct err *err);

#endif
