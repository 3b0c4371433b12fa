/* Steps: the state it may be taken from, who, what it asks for, what it leaves behind. */
#include "model/step.h"

static bool has_role(const struct step_request *q)
{
	for (int i = 0; i < q->step->nby; i++) {
		if (strcmp(q->step->by[i], "anyone") == 0)
			return true;
		for (int k = 0; k < q->nroles; k++)
			if (strcmp(q->step->by[i], q->roles[k]) == 0)
				return true;
	}
	return false;
}

static bool from_here(const struct step_request *q)
{
	if (q->step->nfrom == 0)
		return true;
	for (int i = 0; q->record->state && i < q->step->nfrom; i++)
		if (strcmp(q->step->from[i], q->record->state) == 0)
			return true;
	return false;
}

static const struct clock_row *row_of(const struct step_request *q, const char *clock)
{
	for (int i = 0; i < q->nclocks; i++)
		if (strcmp(q->clocks[i].clock, clock) == 0)
			return &q->clocks[i];
	return NULL;
}

/* An objection is heard only within its period; an extension only while it may still be asked for. */
static bool in_time(const struct step_request *q, struct err *err)
{
	const char *within = q->step->within;
	const struct clock_row *row = within ? row_of(q, within) : NULL;
	if (within &&
		(!row || !clock_running(row) ||
			(row->due.ms != INSTANT_NONE.ms && q->now.ms > row->due.ms)))
		return err_set(err, ERR_CONFLICT, q->step->name, "the time for this step has passed");
	for (int i = 0; i < q->reg->nclocks; i++) {
		const struct clock_def *clock = &q->reg->clocks[i];
		if (!clock->extend_ask || strcmp(clock->extend_ask, q->step->name) != 0)
			continue;
		assert(q->ctx);
		row = row_of(q, clock->name);
		if (!row || !clock_extension_open(q->ctx, clock, row, q->now))
			return err_set(err, ERR_CONFLICT, q->step->name,
				"an extension must be asked for before the deadline comes near");
	}
	return true;
}

bool step_open(const struct step_request *q, struct err *err)
{
	char words[ERR_BOTH_ROOM];
	const struct state *state = register_state(q->reg, q->record->state ? q->record->state : "");
	if (!from_here(q))
		return err_set(err, ERR_CONFLICT, q->step->name, "this step is not open from state \"%s\"",
			state ? err_both(words, state->label) : q->record->state);
	if (!has_role(q))
		return err_set(err, ERR_DENIED, q->step->name, "none of your roles may take this step");
	if (q->step->checker && q->maker)
		return err_set(err, ERR_DENIED, q->step->name, "somebody else must check what you made");
	return in_time(q, err);
}

static const struct value *value_after(const struct step_request *q, const struct field *field)
{
	for (int i = 0; i < q->n; i++)
		if (q->fields[i] == field)
			return &q->values[i];
	return &q->record->values[field->index];
}

bool step_take(const struct step_request *q, struct step_outcome *out, struct err *err)
{
	if (!step_open(q, err))
		return false;
	for (int i = 0; i < q->step->nasks; i++)
		if (value_after(q, q->step->asks[i])->kind == VALUE_NULL)
			return err_set(err, ERR_INPUT, q->step->asks[i]->name, "is needed for this step");
	struct step_outcome done = {.state = q->step->to ? q->step->to : q->record->state};
	if (q->step->stamps) {
		done.stamp = register_field(q->reg, q->step->stamps);
		done.stamp_value = (struct value){.kind = VALUE_INT,
			.i = done.stamp->type == FIELD_DATE ? instant_date(q->now, q->offset_minutes).day
												: q->now.ms};
		/* who gives the date himself knows better */
		for (int i = 0; i < q->n; i++)
			if (q->fields[i] == done.stamp && q->values[i].kind != VALUE_NULL)
				done.stamp = NULL;
	}
	*out = done;
	return true;
}

bool step_maker(const struct record *record, struct uuid who)
{
	return uuid_equal(record->created_by, who) || uuid_equal(record->changed_by, who);
}

const char *step_first_state(const struct register_def *reg)
{
	return reg->nstates ? reg->states[0].name : NULL;
}
