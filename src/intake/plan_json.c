/* Reading our own plan format. Every object's keys are checked against its list, so a misspelt key is found. */
#include "intake/plan_json_parts.h"

#include "base/num.h"
#include "base/utf8.h"

/* ---- Projects ------------------------------------------------------------------------------------------------ */

static const char *const profiles[] = {"own", "p6", "msproject"};
static const char *const progress_rules[] = {"retained_logic", "progress_override", "actual_dates"};
static const char *const lag_calendars[] = {"predecessor", "successor", "24h", "project"};
static const char *const float_types[] = {"finish", "start", "smallest"};
static const char *const critical_rules[] = {"float", "longest_path"};
static const char *const outside[] = {"both", "predecessors", "successors", "none"};

static bool take_options(
	struct pj_reader *r, const struct json *o, int32_t calendar, struct plan_options *out)
{
	static const char *const keys[] = {"profile", "progress", "lag_calendar", "float_type",
		"critical_by", "critical_float", "near_critical", "start_lag_from_early_start",
		"use_expected_finish", "float_to_project_finish", "open_ends_critical",
		"honour_constraints", "split_in_progress", "multiple_critical_paths", "outside_links",
		"float_paths", "float_paths_by_total_float", "float_path_task"};
	int profile = out->profile, progress, lag, type, rule, links;

	if (json_absent(o))
		return true;
	if (!pj_known_keys(r, o, keys, countof(keys)) ||
		!pj_choice(r, o, "profile", profiles, 3, &profile))
		return false;
	*out = plan_options_default((enum profile)profile);
	progress = out->progress, lag = out->lag_calendar, type = out->float_type,
	rule = out->critical_rule, links = out->outside_links;
	if (!pj_choice(r, o, "progress", progress_rules, 3, &progress) ||
		!pj_choice(r, o, "lag_calendar", lag_calendars, 4, &lag) ||
		!pj_choice(r, o, "float_type", float_types, 3, &type) ||
		!pj_choice(r, o, "critical_by", critical_rules, 2, &rule) ||
		!pj_choice(r, o, "outside_links", outside, 4, &links) ||
		!pj_duration(r, o, "critical_float", calendar, &out->critical_float_work, NULL) ||
		!pj_duration(r, o, "near_critical", calendar, &out->near_critical_work, NULL))
		return false;
	out->progress = (enum progress_rule)progress;
	out->lag_calendar = (enum lag_calendar)lag;
	out->float_type = (enum float_type)type;
	out->critical_rule = (enum critical_rule)rule;
	out->outside_links = (enum outside_links)links;
	out->start_lag_from_early_start =
		json_bool(json_get(o, "start_lag_from_early_start"), out->start_lag_from_early_start);
	out->use_expected_finish =
		json_bool(json_get(o, "use_expected_finish"), out->use_expected_finish);
	out->float_to_project_finish =
		json_bool(json_get(o, "float_to_project_finish"), out->float_to_project_finish);
	out->open_ends_critical = json_bool(json_get(o, "open_ends_critical"), out->open_ends_critical);
	out->honour_constraints = json_bool(json_get(o, "honour_constraints"), out->honour_constraints);
	out->split_in_progress = json_bool(json_get(o, "split_in_progress"), out->split_in_progress);
	out->multiple_critical_paths =
		json_bool(json_get(o, "multiple_critical_paths"), out->multiple_critical_paths);
	out->float_paths_by_total_float =
		json_bool(json_get(o, "float_paths_by_total_float"), out->float_paths_by_total_float);
	return pj_number(r, o, "float_paths", 1, &out->float_paths);
}

/* Once the tasks are known. */
static bool take_path_task(struct pj_reader *r, const struct json *o)
{
	const struct json *options = json_get(o, "options");
	return json_absent(options) ||
		pj_reference(r, options, "float_path_task", r->tasks,
			&r->plan.projects[r->index].options.float_path_task);
}

static bool take_project(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "calendar", "start", "data_date",
		"must_finish", "status_date", "options"};
	struct plan_project *p = &r->plan.projects[r->index];

	*p = plan_project_default(PROFILE_OWN);
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_id(r, o, r->projects, r->index, &p->id) ||
		!pj_reference(r, o, "calendar", r->calendars, &p->calendar) ||
		!pj_moment(r, o, "start", &p->start) || !pj_moment(r, o, "data_date", &p->data_date) ||
		!pj_moment(r, o, "must_finish", &p->must_finish) ||
		!pj_moment(r, o, "status_date", &p->status_date) ||
		!take_options(r, json_get(o, "options"), p->calendar, &p->options))
		return false;
	p->options_stated = !json_absent(json_get(o, "options"));
	p->code = pj_text(o, "code", p->id);
	p->name = pj_text(o, "name", p->code);
	return true;
}

/* ---- Tasks and links ----------------------------------------------------------------------------------------- */

static bool take_constraint(
	struct pj_reader *r, const struct json *o, const char *key, struct constraint *out)
{
	static const char *const keys[] = {"kind", "date"};
	const struct json *c = json_get(o, key);

	if (json_absent(c))
		return true;
	if (!pj_known_keys(r, c, keys, countof(keys)) || !pj_moment(r, c, "date", &out->date))
		return false;
	if (!constraint_parse(json_slice(json_get(c, "kind")), &out->kind))
		return pj_bad(r, key, pj_text(c, "kind", "?"), "\"%s\" is not a kind of constraint");
	if (moment_is_none(out->date) && out->kind != CONSTRAINT_AS_LATE_AS_POSSIBLE &&
		out->kind != CONSTRAINT_NONE)
		return pj_bad(r, key, pj_text(c, "kind", "?"), "constraint \"%s\" wants a date");
	return true;
}

static bool take_baselines(
	struct pj_reader *r, const struct json *o, int32_t calendar, struct plan_task *t)
{
	static const char *const keys[] = {
		"number", "start", "finish", "duration", "cost_cents", "work"};
	const struct json *list = json_get(o, "baselines");

	t->baselines = ARENA_ARRAY(r->a, struct baseline, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++) {
		const struct json *b = json_at(list, i);
		struct baseline *out = &t->baselines[t->nbaselines++];
		*out = (struct baseline){.number = (int8_t)json_int(json_get(b, "number"), 0),
			.start = MOMENT_NONE,
			.finish = MOMENT_NONE,
			.cost_cents = json_int(json_get(b, "cost_cents"), 0)};
		if (!pj_known_keys(r, b, keys, countof(keys)) || !pj_moment(r, b, "start", &out->start) ||
			!pj_moment(r, b, "finish", &out->finish) ||
			!pj_duration(r, b, "duration", calendar, &out->duration_work, NULL) ||
			!pj_work(r, b, "work", &out->work))
			return false;
	}
	return true;
}

static bool take_dates(struct pj_reader *r, const struct json *o, struct plan_task *t)
{
	return pj_moment(r, o, "planned_start", &t->planned_start) &&
		pj_moment(r, o, "planned_finish", &t->planned_finish) &&
		pj_moment(r, o, "actual_start", &t->actual_start) &&
		pj_moment(r, o, "actual_finish", &t->actual_finish) &&
		pj_moment(r, o, "suspend", &t->suspend) && pj_moment(r, o, "resume", &t->resume) &&
		pj_moment(r, o, "expected_finish", &t->expected_finish) &&
		pj_moment(r, o, "external_early_start", &t->external_early_start) &&
		pj_moment(r, o, "external_late_finish", &t->external_late_finish) &&
		pj_moment(r, o, "manual_start", &t->manual_start) &&
		pj_moment(r, o, "manual_finish", &t->manual_finish) &&
		pj_moment(r, o, "deadline", &t->deadline);
}

/* {"low": 90, "high": 130}: percent of the duration, which is the likely one */
static bool take_range(struct pj_reader *r, const struct json *o, struct plan_task *t)
{
	static const char *const keys[] = {"low", "high"};
	const struct json *range = json_get(o, "range");

	if (json_absent(range))
		return true;
	if (!pj_known_keys(r, range, keys, countof(keys)) ||
		!pj_number(r, range, "low", 10, &t->range_low) ||
		!pj_number(r, range, "high", 10, &t->range_high))
		return false;
	if (t->range_low < 10 || t->range_low > 1000 || t->range_high < 1000 || t->range_high > 10000)
		return pj_bad(r, "range", "range", "\"%s\" wants low from 1 to 100, high from 100 to 1000");
	return true;
}

static const char *const states[] = {"not_started", "active", "complete"};
static const char *const percent_types[] = {"duration", "physical", "units", "scope"};

static bool take_task(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "project", "calendar", "type",
		"duration", "remaining", "percent", "parent", "wbs", "constraint", "constraint2",
		"planned_start", "planned_finish", "actual_start", "actual_finish", "suspend", "resume",
		"expected_finish", "external_early_start", "external_late_finish", "manual", "manual_start",
		"manual_finish", "deadline", "priority", "inactive", "baselines", "cost_cents", "quantity",
		"quantity_done", "quantity_unit", "state", "percent_type", "physical_percent", "actual",
		"estimated", "crew_calendar", "ignore_resource_calendar", "levelling_delay", "milestone",
		"stage", "unit", "range", "notes"};
	struct plan_task *t = &r->plan.tasks[r->index];
	const char *type = pj_text(o, "type", NULL);

	*t = plan_task_default();
	t->project = 0;
	t->remaining_work = -1;
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_id(r, o, r->tasks, r->index, &t->id) ||
		!pj_reference(r, o, "project", r->projects, &t->project) ||
		!pj_reference(r, o, "calendar", r->calendars, &t->calendar) ||
		!pj_reference(r, o, "wbs", r->wbs, &t->wbs) || !take_dates(r, o, t) ||
		!take_constraint(r, o, "constraint", &t->constraint[0]) ||
		!take_constraint(r, o, "constraint2", &t->constraint[1]))
		return false;
	if (type && !task_type_parse(slice_of(type), &t->type))
		return pj_bad(r, "type", type, "\"%s\" is not a type of task");
	if (!pj_reference(r, o, "crew_calendar", r->calendars, &t->crew_calendar) ||
		!pj_number(r, o, "percent", 100, &t->percent) ||
		!pj_number(r, o, "physical_percent", 100, &t->physical_percent) ||
		!pj_number(r, o, "priority", 1, &t->priority))
		return false;
	int32_t calendar = plan_task_calendar(&r->plan, t);
	if (!pj_duration(r, o, "duration", calendar, &t->duration_work, &t->duration_elapsed) ||
		!pj_duration(r, o, "remaining", calendar, &t->remaining_work, NULL) ||
		!pj_duration(r, o, "actual", calendar, &t->actual_work, NULL) ||
		!pj_duration(r, o, "levelling_delay", calendar, &t->levelling_delay_span, NULL) ||
		!take_baselines(r, o, calendar, t) || !take_range(r, o, t))
		return false;
	if (t->duration_work < 0)
		return pj_bad(r, "duration", pj_text(o, "duration", ""), "\"%s\" is negative");
	t->code = pj_text(o, "code", t->id);
	t->name = pj_text(o, "name", t->code);
	t->milestone = pj_text(o, "milestone", NULL);
	t->stage = pj_text(o, "stage", NULL);
	t->unit = pj_text(o, "unit", NULL);
	int state = !moment_is_none(t->actual_finish) ? TASK_COMPLETE
		: !moment_is_none(t->actual_start)        ? TASK_ACTIVE
												  : TASK_NOT_STARTED,
		percent_type = PERCENT_DURATION;
	if (!pj_choice(r, o, "state", states, 3, &state) ||
		!pj_choice(r, o, "percent_type", percent_types, 4, &percent_type))
		return false;
	t->state = (enum task_state)state;
	t->percent_type = (enum percent_type)percent_type;
	if (t->remaining_work < 0)
		t->remaining_work = t->state == TASK_COMPLETE
			? 0
			: (int32_t)num_muldiv(t->duration_work, 10000 - t->percent, 10000);
	t->inactive = json_bool(json_get(o, "inactive"), false);
	t->manual = json_bool(json_get(o, "manual"), !moment_is_none(t->manual_start));
	t->estimated = json_bool(json_get(o, "estimated"), false);
	t->ignore_resource_calendar = json_bool(json_get(o, "ignore_resource_calendar"), false);
	t->cost_cents = json_int(json_get(o, "cost_cents"), 0);
	t->quantity_planned = json_int(json_get(o, "quantity"), 0) * 1000;
	t->quantity_done = json_int(json_get(o, "quantity_done"), 0) * 1000;
	t->quantity_unit = pj_text(o, "quantity_unit", NULL);
	return true;
}

static bool take_parent(struct pj_reader *r, const struct json *o)
{
	return pj_reference(r, o, "parent", r->tasks, &r->plan.tasks[r->index].parent);
}

static bool take_lag(struct pj_reader *r, const struct json *o, struct plan_link *l)
{
	const struct json *j = json_get(o, "lag");
	int32_t day, week;
	bool elapsed = false;
	int64_t percent;
	size_t n = j && j->type == JSON_IS_TEXT ? j->text.n : 0;

	if (json_absent(j))
		return true;
	bool around = n > 2 && j->text.s[n - 2] == 'e';
	if (n > 1 && j->text.s[n - 1] == '%' &&
		num_decimal((struct slice){j->text.s, n - 1 - around}, 2, &percent, NULL) &&
		percent < 1000000 && percent > -1000000) {
		l->lag = (int32_t)percent;
		l->lag_unit = around ? LAG_PERCENT_ELAPSED : LAG_PERCENT;
		return true;
	}
	pj_calendar_lengths(
		r, l->from >= 0 ? plan_task_calendar(&r->plan, &r->plan.tasks[l->from]) : -1, &day, &week);
	if (j->type != JSON_IS_TEXT || !duration_parse(j->text, day, week, &l->lag, &elapsed))
		return pj_bad(
			r, "lag", json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	l->lag_unit = elapsed ? LAG_ELAPSED : LAG_WORK;
	return true;
}

static bool take_link(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "from", "to", "type", "lag"};
	struct plan_link *l = &r->plan.links[r->index];
	const char *type = pj_text(o, "type", "FS");

	if (!pj_known_keys(r, o, keys, countof(keys)))
		return false;
	*l = (struct plan_link){.id = pj_text(o, "id", NULL),
		.from_id = pj_text(o, "from", ""),
		.to_id = pj_text(o, "to", "")};
	l->from = map_get(r->tasks, slice_of(l->from_id));
	l->to = map_get(r->tasks, slice_of(l->to_id));
	if (!link_type_parse(slice_of(type), &l->type))
		return pj_bad(r, "type", type, "\"%s\" is not a link type: FS, SS, FF or SF");
	return take_lag(r, o, l);
}

static bool take_wbs(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "project", "parent"};
	struct plan_wbs *w = &r->plan.wbs[r->index];

	*w = (struct plan_wbs){.parent = -1};
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_id(r, o, r->wbs, r->index, &w->id) ||
		!pj_reference(r, o, "project", r->projects, &w->project))
		return false;
	w->code = pj_text(o, "code", w->id);
	w->name = pj_text(o, "name", w->code);
	return true;
}

static bool take_wbs_parent(struct pj_reader *r, const struct json *o)
{
	return pj_reference(r, o, "parent", r->wbs, &r->plan.wbs[r->index].parent);
}

static bool take_absences(struct pj_reader *r, const struct json *o, struct plan_resource *x)
{
	static const char *const keys[] = {"from", "to", "units"};
	const struct json *list = json_get(o, "unavailable");
	struct plan_absence *absences =
		ARENA_ARRAY(r->a, struct plan_absence, (size_t)json_count(list));

	for (int i = 0; i < json_count(list); i++) {
		const struct json *away = json_at(list, i);
		struct plan_absence *out = &absences[x->nabsences++];
		*out = (struct plan_absence){MOMENT_NONE, MOMENT_NONE, x->capacity_permille};
		if (!pj_known_keys(r, away, keys, countof(keys)) ||
			!pj_moment(r, away, "from", &out->from) || !pj_moment(r, away, "to", &out->to) ||
			!pj_number(r, away, "units", 1000, &out->units_permille))
			return false;
		if (moment_is_none(out->from) || moment_is_none(out->to) || out->to.tick < out->from.tick)
			return pj_bad(r, "unavailable", pj_text(away, "from", "?"),
				"\"%s\" does not begin a time from ... to");
	}
	x->absences = absences;
	return true;
}

static bool take_resource(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {
		"id", "code", "name", "kind", "calendar", "capacity", "unavailable"};
	static const char *const kinds[] = {"labour", "equipment", "material", "cost"};
	struct plan_resource *x = &r->plan.resources[r->index];
	int kind = 0;

	*x = (struct plan_resource){.calendar = -1};
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_id(r, o, r->resources, r->index, &x->id) ||
		!pj_reference(r, o, "calendar", r->calendars, &x->calendar) ||
		!pj_choice(r, o, "kind", kinds, 4, &kind))
		return false;
	x->kind = (enum resource_kind)kind;
	x->code = pj_text(o, "code", x->id);
	x->name = pj_text(o, "name", x->code);
	x->capacity_permille = 1000;
	return pj_number(r, o, "capacity", 1000, &x->capacity_permille) && take_absences(r, o, x);
}

static bool take_assignment(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {
		"task", "resource", "units", "planned", "remaining", "actual", "duration", "lag", "drives"};
	struct plan_assignment *x = &r->plan.assignments[r->index];

	*x = (struct plan_assignment){
		.task = -1, .resource = -1, .remaining_duration_work = -1, .drives = true};
	if (!pj_known_keys(r, o, keys, countof(keys)) ||
		!pj_reference(r, o, "task", r->tasks, &x->task) ||
		!pj_reference(r, o, "resource", r->resources, &x->resource))
		return false;
	if (x->task < 0)
		return pj_missing(r, "task", "an assignment wants a task");
	x->units_permille = 1000;
	x->drives = json_bool(json_get(o, "drives"), true);
	return pj_number(r, o, "units", 1000, &x->units_permille) &&
		pj_work(r, o, "planned", &x->planned_work) &&
		pj_work(r, o, "remaining", &x->remaining_work) &&
		pj_work(r, o, "actual", &x->actual_work) &&
		pj_duration(r, o, "duration",
			x->resource >= 0 ? r->plan.resources[x->resource].calendar : -1,
			&x->remaining_duration_work, NULL) &&
		pj_duration(r, o, "lag", x->resource >= 0 ? r->plan.resources[x->resource].calendar : -1,
			&x->lag_work, NULL);
}

static int32_t find_link(const struct plan *p, const struct json *o)
{
	const char *from = pj_text(o, "from", ""), *to = pj_text(o, "to", "");
	for (int32_t i = 0; i < p->nlinks; i++)
		if (strcmp(p->links[i].from_id, from) == 0 && strcmp(p->links[i].to_id, to) == 0)
			return i;
	return -1;
}

/* {"id": "six_day", "kind": "calendar", "calendar": "five_day", "instead": "six_day"} and its like */
static bool take_relaxation(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "kind", "task", "duration", "from", "to",
		"type", "lag", "calendar", "instead", "project", "date"};
	static const char *const kinds[] = {"duration", "link", "calendar", "finish"};
	struct plan_relaxation *x = &r->plan.relaxations[r->index];
	struct plan_link link = {.from = -1};
	int kind = -1;

	*x = (struct plan_relaxation){
		.subject = -1, .calendar = -1, .date = MOMENT_NONE, .id = pj_text(o, "id", "")};
	x->name = pj_text(o, "name", x->id);
	if (!pj_known_keys(r, o, keys, countof(keys)) || !pj_choice(r, o, "kind", kinds, 4, &kind))
		return false;
	if (kind < 0)
		return pj_missing(r, "kind", "a relaxation wants a kind");
	x->kind = (enum relaxation_kind)kind;
	switch (x->kind) {
	case RELAX_DURATION:
		if (!pj_reference(r, o, "task", r->tasks, &x->subject))
			return false;
		if (x->subject < 0)
			return pj_missing(r, "task", "this relaxation names nothing it changes");
		return pj_duration(r, o, "duration",
			plan_task_calendar(&r->plan, &r->plan.tasks[x->subject]), &x->work, NULL);
	case RELAX_LINK:
		x->subject = find_link(&r->plan, o);
		if (x->subject < 0)
			return pj_missing(r, "from", "this relaxation names nothing it changes");
		link = r->plan.links[x->subject];
		if (!link_type_parse(slice_of(pj_text(o, "type", link_type_name(link.type))), &x->type))
			return pj_bad(
				r, "type", pj_text(o, "type", ""), "\"%s\" is not a link type: FS, SS, FF or SF");
		link.lag = 0;
		if (!take_lag(r, o, &link))
			return false;
		x->lag = link.lag;
		return true;
	case RELAX_CALENDAR:
		if (!pj_reference(r, o, "calendar", r->calendars, &x->subject) ||
			!pj_reference(r, o, "instead", r->calendars, &x->calendar))
			return false;
		return (x->subject >= 0 && x->calendar >= 0) ||
			pj_missing(r, "calendar", "this relaxation names nothing it changes");
	case RELAX_FINISH:
		x->subject = 0;
		return pj_reference(r, o, "project", r->projects, &x->subject) &&
			pj_moment(r, o, "date", &x->date);
	}
	return true;
}

static bool take_mode(struct pj_reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "task", "duration", "assignments"};
	static const char *const need_keys[] = {"resource", "units"};
	const struct json *list = json_get(o, "assignments");
	struct plan_mode *x = &r->plan.modes[r->index];
	struct plan_need *needs = ARENA_ARRAY(r->a, struct plan_need, (size_t)json_count(list) + 1);

	*x = (struct plan_mode){.task = -1, .id = pj_text(o, "id", ""), .needs = needs};
	x->name = pj_text(o, "name", x->id);
	if (!pj_known_keys(r, o, keys, countof(keys)) ||
		!pj_reference(r, o, "task", r->tasks, &x->task))
		return false;
	if (x->task < 0)
		return pj_missing(r, "task", "a mode wants a task");
	const struct plan_task *task = &r->plan.tasks[x->task];
	x->duration_work = task->duration_work;
	for (int i = 0; i < json_count(list); i++) {
		struct plan_need *need = &needs[x->nneeds++];
		*need = (struct plan_need){-1, 1000};
		if (!pj_known_keys(r, json_at(list, i), need_keys, countof(need_keys)) ||
			!pj_reference(r, json_at(list, i), "resource", r->resources, &need->resource) ||
			!pj_number(r, json_at(list, i), "units", 1000, &need->units_permille))
			return false;
		if (need->resource < 0)
			return pj_missing(r, "resource", "an assignment wants a resource");
	}
	return pj_duration(
		r, o, "duration", plan_task_calendar(&r->plan, task), &x->duration_work, NULL);
}

static void size_lists(struct pj_reader *r, const struct json *root)
{
	struct plan *p = &r->plan;

	p->ncalendars = json_count(json_get(root, "calendars"));
	p->calendars = ARENA_ARRAY(r->a, struct plan_calendar, (size_t)p->ncalendars);
	p->nprojects = json_count(json_get(root, "projects"));
	p->projects = ARENA_ARRAY(r->a, struct plan_project, (size_t)p->nprojects);
	p->nwbs = json_count(json_get(root, "wbs"));
	p->wbs = ARENA_ARRAY(r->a, struct plan_wbs, (size_t)p->nwbs);
	p->ntasks = json_count(json_get(root, "tasks"));
	p->tasks = ARENA_ARRAY(r->a, struct plan_task, (size_t)p->ntasks);
	p->nlinks = json_count(json_get(root, "links"));
	p->links = ARENA_ARRAY(r->a, struct plan_link, (size_t)p->nlinks);
	p->nresources = json_count(json_get(root, "resources"));
	p->resources = ARENA_ARRAY(r->a, struct plan_resource, (size_t)p->nresources);
	p->nrelaxations = json_count(json_get(root, "relaxations"));
	p->relaxations = ARENA_ARRAY(r->a, struct plan_relaxation, (size_t)p->nrelaxations);
	p->nmodes = json_count(json_get(root, "modes"));
	p->modes = ARENA_ARRAY(r->a, struct plan_mode, (size_t)p->nmodes);
	p->nassignments = json_count(json_get(root, "assignments"));
	p->assignments = ARENA_ARRAY(r->a, struct plan_assignment, (size_t)p->nassignments);
}

static bool take_all(struct pj_reader *r, const struct json *root)
{
	static const char *const keys[] = {"guatu_plan", "name", "notes", "expect", "calendars",
		"projects", "wbs", "tasks", "links", "resources", "assignments", "modes", "relaxations"};

	if (!pj_known_keys(r, root, keys, countof(keys)))
		return false;
	if (json_int(json_get(root, "guatu_plan"), 0) != 1)
		return pj_bad(
			r, "guatu_plan", "guatu_plan", "\"%s\" should be 1, the version of the format");
	size_lists(r, root);
	if (r->plan.nprojects == 0)
		return pj_bad(r, "projects", "projects", "\"%s\" should name at least one project");
	return pj_each(r, root, "calendars", pj_calendar) && pj_each(r, root, "calendars", pj_base) &&
		pj_each(r, root, "projects", take_project) && pj_each(r, root, "wbs", take_wbs) &&
		pj_each(r, root, "wbs", take_wbs_parent) && pj_each(r, root, "tasks", take_task) &&
		pj_each(r, root, "tasks", take_parent) && pj_each(r, root, "projects", take_path_task) &&
		pj_each(r, root, "links", take_link) && pj_each(r, root, "resources", take_resource) &&
		pj_each(r, root, "assignments", take_assignment) && pj_each(r, root, "modes", take_mode) &&
		pj_each(r, root, "relaxations", take_relaxation);
}

bool plan_json_from(struct arena *a, const struct json *root, struct plan *out, struct err *err)
{
	struct pj_reader r = {.a = a, .err = err};
	bool fine;

	r.plan.source = "json";
	r.plan.encoding = "utf-8";
	r.projects = map_open();
	r.calendars = map_open();
	r.tasks = map_open();
	r.resources = map_open();
	r.wbs = map_open();
	fine = take_all(&r, root);
	map_close(r.projects);
	map_close(r.calendars);
	map_close(r.tasks);
	map_close(r.resources);
	map_close(r.wbs);
	if (fine)
		*out = r.plan;
	return fine;
}

bool plan_json_looks_like(struct slice bytes)
{
	struct slice text = utf8_trim(bytes);
	return text.n > 0 && text.s[0] == '{';
}

bool plan_json_read(struct arena *a, struct slice bytes, struct plan *out, struct err *err)
{
	const struct json *root;

	return json_parse_file(a, bytes, &root, err) && plan_json_from(a, root, out, err);
}
