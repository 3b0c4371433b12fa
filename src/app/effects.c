/*
 * What a change brings along. Plans move dates (planning_facts.c). Change requests: a governed field (an approved date or amount) moves only
 * by a request that states where from, where to and why, and that somebody else approves; approving writes the field in
 * the same transaction. The first approved date is never touched. Nothing is copied between investment series.
 */
#include "app/draft.h"
#include "app/planning_inside.h"

struct target {
	const struct register_def *reg;
	const struct field *field;
	struct record *record;
};

static const struct value *value_named(const struct draft *d, const char *field)
{
	const struct field *f = register_field(d->reg, field);
	static const struct value none = VALUE_NONE;
	return f ? &d->after->values[f->index] : &none;
}

static const char *text_named(struct work *w, const struct draft *d, const char *field)
{
	const struct value *v = value_named(d, field);
	return v->kind == VALUE_TEXT ? arena_text(w->a, v->text) : "";
}

static bool find_target(struct work *w, const struct draft *d, struct target *out, struct err *err)
{
	const char *reg = text_named(w, d, "target_register"),
			   *field = text_named(w, d, "target_field");
	const char *record = text_named(w, d, "target_record");
	struct uuid id;
	out->reg = catalogue_find(app_catalogue(w->app), reg);
	if (!out->reg)
		return err_set(err, ERR_INPUT, "target_register", "register \"%s\" does not exist", reg);
	out->field = register_field(out->reg, field);
	if (!out->field || !out->field->governed)
		return err_set(
			err, ERR_INPUT, "target_field", "\"%s\" is not a governed field of %s", field, reg);
	if (!uuid_parse(slice_of(record), &id) ||
		!store_get(w->app->store, w->a, out->reg, id, &out->record, err))
		return err_set(
			err, ERR_INPUT, "target_record", "there is no %s with the id \"%s\"", reg, record);
	const struct value *project = value_named(d, "project");
	const struct board *b = w->app->board;
	int table = board_table_named(b, reg);
	int32_t row = table < 0 ? -1 : board_row(board_table(b, table), id);
	int32_t owner = row < 0 ? -1 : board_project_of(b, table, row);
	if (project->kind != VALUE_ID || owner < 0 ||
		!uuid_equal(board_id(board_projects(b), owner), project->id))
		return err_set(err, ERR_INPUT, "target_record",
			"the record does not belong to the project of the request");
	return true;
}

static bool is_date(const struct field *field)
{
	return field->type == FIELD_DATE;
}

/* What the tick would otherwise only log: a rule set that nobody can read, or a switch for one that is not there. */
static bool check_ruleset(struct work *w, const struct draft *d, struct err *err)
{
	const char *name = text_named(w, d, "name");
	const struct value *body = value_named(d, "body");
	if (body->kind == VALUE_TEXT) {
		struct ruleset set;
		if (!ruleset_load(w->a, body->text, "body", &set, err))
			return false;
		return strcmp(set.name, name) == 0 ||
			err_set(err, ERR_INPUT, "name", "the rules call themselves \"%s\", not \"%s\"",
				set.name, name);
	}
	struct ruleset *shipped;
	int n;
	if (!ruleset_builtin(w->a, &shipped, &n, err))
		return false;
	for (int i = 0; i < n; i++)
		if (strcmp(shipped[i].name, name) == 0)
			return true;
	return err_set(err, ERR_INPUT, "name",
		"there is no shipped rule set \"%s\": one of your own needs its rules in body", name);
}

bool effects_before(struct work *w, int i, struct err *err)
{
	struct draft *d = &w->drafts[i];
	if (strcmp(d->reg->name, "ruleset") == 0 && d->verb != WRITE_DELETE)
		return check_ruleset(w, d, err);
	if (d->undone)
		return true; /* it stood so before */
	if (!planning_before(w, i, err))
		return false;
	if (strcmp(d->reg->name, "change_request") != 0 || d->verb == WRITE_DELETE ||
		d->verb == WRITE_STEP)
		return true;
	struct target target;
	if (!find_target(w, d, &target, err))
		return false;
	const char *given = is_date(target.field) ? "new_date" : "new_amount";
	if (value_named(d, given)->kind == VALUE_NULL)
		return err_set(err, ERR_INPUT, given, "say what \"%s\" shall become", target.field->name);
	const struct field *old =
		register_field(d->reg, is_date(target.field) ? "old_date" : "old_amount");
	const struct value *now = &target.record->values[target.field->index];
	bool told = w->importing && old && d->after->values[old->index].kind != VALUE_NULL;
	if (old && !told && !value_equal(&d->after->values[old->index], now))
		draft_set(w, d, old, *now);
	return true;
}

bool effects_after(struct work *w, int i, struct err *err)
{
	const struct draft *d = &w->drafts[i];
	const struct step *step = d->undone ? d->undone->step : d->step;
	if (strcmp(d->reg->name, "change_request") != 0 || !step || strcmp(step->name, "approve") != 0)
		return planning_after(w, i, err);
	struct target target;
	if (!find_target(w, d, &target, err))
		return false;
	const struct value *asked = value_named(d, is_date(target.field) ? "old_date" : "old_amount");
	const struct value *granted = value_named(d, is_date(target.field) ? "new_date" : "new_amount");
	const struct value *old = d->undone ? granted : asked, *wanted = d->undone ? asked : granted;
	const char *reason = text_named(w, d, "reason");
	if (!value_equal(&target.record->values[target.field->index], old))
		return err_set(err, ERR_CONFLICT, target.field->name,
			d->undone ? "\"%s\" was changed again since: ask for another change"
					  : "\"%s\" was changed after this was asked for",
			target.field->name);
	struct value value = *wanted;
	struct draft *change = draft_new(w, WRITE_UPDATE, target.reg, target.record);
	change->ruled = true;
	change->reason = reason;
	draft_set(w, change, target.field, value);
	return draft_check(w, w->n - 1, NULL, err);
}

bool work_settle(struct work *w, struct err *err)
{
	if (!w->days_moved)
		return true;
	app_read_lock(w->app);
	w->days_moved = false;
	bool done = planning_new_days(w, err);
	app_unlock(w->app);
	return done;
}
