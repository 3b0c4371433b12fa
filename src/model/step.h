/* Steps (环节): is this move permitted, and what comes of it. Pure; whether the person's scope covers the record is
 * asked elsewhere. */
#ifndef MODEL_STEP_H
#define MODEL_STEP_H

#include "model/clock.h"
#include "model/record.h"
#include "model/register.h"

struct step_request {
	const struct register_def *reg;
	const struct record *record; /* as it is */
	const struct step *step;
	const char *const *roles; /* of who asks */
	int nroles;
	bool maker;                        /* he made the record or its last step: see step_maker() */
	const struct field *const *fields; /* given with the step */
	const struct value *values;
	int n;
	struct instant now;
	const struct clock_row
		*clocks; /* of the record; for steps that are only open while a clock runs */
	int nclocks;
	const struct clock_context *ctx; /* may be NULL when the register has no clocks */
	int offset_minutes;
};

struct step_outcome {
	const char *state;         /* afterwards; NULL: the register has none */
	const struct field *stamp; /* field to set ... */
	struct value stamp_value;  /* ... to this; stamp NULL: none */
};

/* ERR_CONFLICT: not from this state. ERR_DENIED: not by these roles, or not by the maker. ERR_INPUT: something asked for
 * is missing (where: the field). */
MUST_USE bool step_take(
	const struct step_request *request, struct step_outcome *out, struct err *err);
/* The same without looking at the given fields: may the button be shown? */
MUST_USE bool step_open(const struct step_request *request, struct err *err);
/* Did this account make the record or change it last? */
bool step_maker(const struct record *record, struct uuid who);
/* The state a new record begins in: the first one; NULL: no states. */
const char *step_first_state(const struct register_def *reg);

#endif
