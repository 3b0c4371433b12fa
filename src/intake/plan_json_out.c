/* Writing our own plan format. A field that has its default is left out, so a plan stays readable. */
#include "intake/plan_json.h"

#include "base/num.h"

static const char *const weekdays[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
static const char *const profiles[] = {"own", "p6", "msproject"};
static const char *const progress_rules[] = {"retained_logic", "progress_override", "actual_dates"};
static const char *const lag_calendars[] = {"predecessor", "successor", "24h", "project"};
static const char *const float_types[] = {"finish", "start", "smallest"};
static const char *const critical_rules[] = {"float", "longest_path"};
static const char *const outside[] = {"both", "predecessors", "successors", "none"};
static const char *const resource_kinds[] = {"labour", "equipment", "material", "cost"};

static void put_moment(struct json_writer *w, const char *key, struct moment m)
{
	char text[20];
	if (!moment_is_none(m))
		jw_kt(w, key, moment_text(m, text));
}

static void put_date(struct json_writer *w, const char *key, struct date d)
{
	if (date_is_none(d))
		return;
	struct str s = STR_INIT;
	date_format(&s, d);
	jw_kt(w, key, str_text(&s));
	str_free(&s);
}

static const char *const states[] = {"not_started", "active", "complete"};
static const char *const percent_types[] = {"duration", "physical", "units", "scope"};

/* Hours when whole minutes allow it to stay short, else minutes: exact either way, whatever the calendar. */
static void put_ticks(struct json_writer *w, const char *key, int64_t ticks, bool elapsed)
{
	struct str s = STR_INIT;

	if (ticks % (TICKS_PER_HOUR / 20) == 0)
		str_decimal(&s, ticks * 100 / TICKS_PER_HOUR, 2);
	else
		str_decimal(&s, ticks, 1);
	str_puts(&s, elapsed ? "e" : "");
	str_puts(&s, ticks % (TICKS_PER_HOUR / 20) == 0 ? "h" : "m");
	jw_kt(w, key, str_text(&s));
	str_free(&s);
}

static void put_shifts(struct json_writer *w, const char *key, const struct day_shifts *day)
{
	struct str s = STR_INIT;

	for (int32_t i = 0; i < day->n; i++) {
		int from = day->shifts[i].from, to = day->shifts[i].to;
		to = to > MINUTES_PER_DAY ? to - MINUTES_PER_DAY : to;
		str_printf(
			&s, "%s%02d:%02d-%02d:%02d", i ? " " : "", from / 60, from % 60, to / 60, to % 60);
	}
	jw_kt(w, key, str_text(&s));
	str_free(&s);
}

/* Free days are said only where another week would show through. */
static void put_week(
	struct json_writer *w, uint8_t stated, const struct day_shifts week[7], bool free_days)
{
	jw_key(w, "week");
	jw_object(w);
	for (int d = 0; d < 7; d++)
		if (stated >> d & 1 && (free_days || week[d].n > 0))
			put_shifts(w, weekdays[d], &week[d]);
	jw_object_end(w);
}

static void put_calendar(
	struct json_writer *w, const struct plan *plan, const struct plan_calendar *c)
{
	jw_object(w);
	jw_kt(w, "id", c->id);
	if (c->name && strcmp(c->name, c->id) != 0)
		jw_kt(w, "name", c->name);
	if (c->base >= 0)
		jw_kt(w, "base", plan->calendars[c->base].id);
	if (c->follows)
		jw_kt(w, "follows", plan_follows_name(c->follows));
	if (c->day_minutes)
		jw_ki(w, "day_minutes", c->day_minutes);
	if (c->week_minutes)
		jw_ki(w, "week_minutes", c->week_minutes);
	put_week(w, c->stated, c->week, c->base >= 0);
	if (c->nweeks) {
		jw_key(w, "weeks");
		jw_array(w);
		for (int32_t i = 0; i < c->nweeks; i++) {
			jw_object(w);
			put_date(w, "from", c->weeks[i].from);
			put_date(w, "to", c->weeks[i].to);
			if (c->weeks[i].name && c->weeks[i].name[0])
				jw_kt(w, "name", c->weeks[i].name);
			put_week(w, c->weeks[i].stated, c->weeks[i].days, true);
			jw_object_end(w);
		}
		jw_array_end(w);
	}
	if (c->nexceptions) {
		jw_key(w, "exceptions");
		jw_array(w);
		for (int32_t i = 0; i < c->nexceptions; i++) {
			const struct calendar_exception *e = &c->exceptions[i];
			jw_object(w);
			put_date(w, "from", e->from);
			if (e->to.day != e->from.day)
				put_date(w, "to", e->to);
			if (e->day.n)
				put_shifts(w, "hours", &e->day);
			if (e->name)
				jw_kt(w, "name", e->name);
			if (e->office)
				jw_kt(w, "office", e->office);
			jw_object_end(w);
		}
		jw_array_end(w);
	}
	put_date(w, "provisional_from", c->provisional_from);
	jw_object_end(w);
}

static void put_options(
	struct json_writer *w, const struct plan *plan, const struct plan_options *o)
{
	struct plan_options usual = plan_options_default(o->profile);

	jw_key(w, "options");
	jw_object(w);
	jw_kt(w, "profile", profiles[o->profile]);
	if (o->progress != usual.progress)
		jw_kt(w, "progress", progress_rules[o->progress]);
	if (o->lag_calendar != usual.lag_calendar)
		jw_kt(w, "lag_calendar", lag_calendars[o->lag_calendar]);
	if (o->float_type != usual.float_type)
		jw_kt(w, "float_type", float_types[o->float_type]);
	if (o->critical_rule != usual.critical_rule)
		jw_kt(w, "critical_by", critical_rules[o->critical_rule]);
	if (o->outside_links != usual.outside_links)
		jw_kt(w, "outside_links", outside[o->outside_links]);
	if (o->critical_float_work)
		put_ticks(w, "critical_float", o->critical_float_work, false);
	if (o->near_critical_work)
		put_ticks(w, "near_critical", o->near_critical_work, false);
	if (o->start_lag_from_early_start != usual.start_lag_from_early_start)
		jw_kb(w, "start_lag_from_early_start", o->start_lag_from_early_start);
	if (o->use_expected_finish != usual.use_expected_finish)
		jw_kb(w, "use_expected_finish", o->use_expected_finish);
	if (o->float_to_project_finish != usual.float_to_project_finish)
		jw_kb(w, "float_to_project_finish", o->float_to_project_finish);
	if (o->open_ends_critical != usual.open_ends_critical)
		jw_kb(w, "open_ends_critical", o->open_ends_critical);
	if (o->honour_constraints != usual.honour_constraints)
		jw_kb(w, "honour_constraints", o->honour_constraints);
	if (o->split_in_progress != usual.split_in_progress)
		jw_kb(w, "split_in_progress", o->split_in_progress);
	if (o->multiple_critical_paths != usual.multiple_critical_paths)
		jw_kb(w, "multiple_critical_paths", o->multiple_critical_paths);
	if (o->float_paths)
		jw_ki(w, "float_paths", o->float_paths);
	if (o->float_paths_by_total_float != usual.float_paths_by_total_float)
		jw_kb(w, "float_paths_by_total_float", o->float_paths_by_total_float);
	if (o->float_path_task >= 0)
		jw_kt(w, "float_path_task", plan->tasks[o->float_path_task].id);
	jw_object_end(w);
}

static void put_project(
	struct json_writer *w, const struct plan *plan, const struct plan_project *p)
{
	jw_object(w);
	jw_kt(w, "id", p->id[0] ? p->id : "P");
	if (p->code[0] && strcmp(p->code, p->id) != 0)
		jw_kt(w, "code", p->code);
	if (p->name && strcmp(p->name, p->code) != 0)
		jw_kt(w, "name", p->name);
	if (p->calendar >= 0)
		jw_kt(w, "calendar", plan->calendars[p->calendar].id);
	put_moment(w, "start", p->start);
	put_moment(w, "data_date", p->data_date);
	put_moment(w, "status_date", p->status_date);
	put_moment(w, "must_finish", p->must_finish);
	put_options(w, plan, &p->options);
	jw_object_end(w);
}

static void put_constraint(struct json_writer *w, const char *key, const struct constraint *c)
{
	if (c->kind == CONSTRAINT_NONE && moment_is_none(c->date))
		return;
	jw_key(w, key);
	jw_object(w);
	jw_kt(w, "kind", constraint_name(c->kind));
	put_moment(w, "date", c->date);
	jw_object_end(w);
}

static void put_task_dates(struct json_writer *w, const struct plan_task *t)
{
	put_constraint(w, "constraint", &t->constraint[0]);
	put_constraint(w, "constraint2", &t->constraint[1]);
	put_moment(w, "planned_start", t->planned_start);
	put_moment(w, "planned_finish", t->planned_finish);
	put_moment(w, "actual_start", t->actual_start);
	put_moment(w, "actual_finish", t->actual_finish);
	put_moment(w, "suspend", t->suspend);
	put_moment(w, "resume", t->resume);
	put_moment(w, "expected_finish", t->expected_finish);
	put_moment(w, "external_early_start", t->external_early_start);
	put_moment(w, "external_late_finish", t->external_late_finish);
	if (t->manual != !moment_is_none(t->manual_start))
		jw_kb(w, "manual", t->manual);
	put_moment(w, "manual_start", t->manual_start);
	put_moment(w, "manual_finish", t->manual_finish);
	put_moment(w, "deadline", t->deadline);
}

static void put_progress(struct json_writer *w, const struct plan *plan, const struct plan_task *t)
{
	enum task_state by_dates = !moment_is_none(t->actual_finish) ? TASK_COMPLETE
		: !moment_is_none(t->actual_start)                       ? TASK_ACTIVE
																 : TASK_NOT_STARTED;
	int64_t rest =
		t->state == TASK_COMPLETE ? 0 : num_muldiv(t->duration_work, 10000 - t->percent, 10000);

	if (t->state != by_dates)
		jw_kt(w, "state", states[t->state]);
	if (t->remaining_work != rest)
		put_ticks(w, "remaining", t->remaining_work, false);
	if (t->actual_work >= 0)
		put_ticks(w, "actual", t->actual_work, false);
	if (t->percent) {
		jw_key(w, "percent");
		jw_decimal(w, t->percent, 2);
	}
	if (t->physical_percent >= 0) {
		jw_key(w, "physical_percent");
		jw_decimal(w, t->physical_percent, 2);
	}
	if (t->percent_type != PERCENT_DURATION)
		jw_kt(w, "percent_type", percent_types[t->percent_type]);
	if (t->crew_calendar >= 0)
		jw_kt(w, "crew_calendar", plan->calendars[t->crew_calendar].id);
	if (t->ignore_resource_calendar)
		jw_kb(w, "ignore_resource_calendar", true);
	if (t->estimated)
		jw_kb(w, "estimated", true);
	if (t->levelling_delay_span)
		put_ticks(w, "levelling_delay", t->levelling_delay_span, false);
}

static void put_task(struct json_writer *w, const struct plan *plan, const struct plan_task *t)
{
	jw_object(w);
	jw_kt(w, "id", t->id);
	if (strcmp(t->code, t->id) != 0)
		jw_kt(w, "code", t->code);
	if (strcmp(t->name, t->code) != 0)
		jw_kt(w, "name", t->name);
	if (t->project > 0)
		jw_kt(w, "project", plan->projects[t->project].id);
	if (t->calendar >= 0)
		jw_kt(w, "calendar", plan->calendars[t->calendar].id);
	if (t->wbs >= 0)
		jw_kt(w, "wbs", plan->wbs[t->wbs].id);
	if (t->parent >= 0)
		jw_kt(w, "parent", plan->tasks[t->parent].id);
	if (t->milestone)
		jw_kt(w, "milestone", t->milestone);
	if (t->stage)
		jw_kt(w, "stage", t->stage);
	if (t->unit)
		jw_kt(w, "unit", t->unit);
	if (t->type != TASK_WORK)
		jw_kt(w, "type", task_type_name(t->type));
	put_ticks(w, "duration", t->duration_work, t->duration_elapsed);
	put_progress(w, plan, t);
	put_task_dates(w, t);
	if (t->priority != 500)
		jw_ki(w, "priority", t->priority);
	if (t->inactive)
		jw_kb(w, "inactive", true);
	if (t->cost_cents)
		jw_ki(w, "cost_cents", t->cost_cents);
	if (t->quantity_unit) {
		jw_ki(w, "quantity", t->quantity_planned / 1000);
		jw_ki(w, "quantity_done", t->quantity_done / 1000);
		jw_kt(w, "quantity_unit", t->quantity_unit);
	}
	if (t->range_high) {
		jw_key(w, "range");
		jw_object(w);
		jw_key(w, "low");
		jw_decimal(w, t->range_low, 1);
		jw_key(w, "high");
		jw_decimal(w, t->range_high, 1);
		jw_object_end(w);
	}
	if (t->nbaselines) {
		jw_key(w, "baselines");
		jw_array(w);
		for (int32_t i = 0; i < t->nbaselines; i++) {
			jw_object(w);
			jw_ki(w, "number", t->baselines[i].number);
			put_moment(w, "start", t->baselines[i].start);
			put_moment(w, "finish", t->baselines[i].finish);
			if (t->baselines[i].duration_work)
				put_ticks(w, "duration", t->baselines[i].duration_work, false);
			if (t->baselines[i].cost_cents)
				jw_ki(w, "cost_cents", t->baselines[i].cost_cents);
			if (t->baselines[i].work)
				put_ticks(w, "work", t->baselines[i].work, false);
			jw_object_end(w);
		}
		jw_array_end(w);
	}
	jw_object_end(w);
}

static void put_link(struct json_writer *w, const struct plan *plan, const struct plan_link *l)
{
	jw_object(w);
	jw_kt(w, "from", l->from >= 0 ? plan->tasks[l->from].id : l->from_id);
	jw_kt(w, "to", l->to >= 0 ? plan->tasks[l->to].id : l->to_id);
	jw_kt(w, "type", link_type_name(l->type));
	if (l->lag && (l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED)) {
		struct str s = STR_INIT;
		str_decimal(&s, l->lag, 2);
		str_puts(&s, l->lag_unit == LAG_PERCENT_ELAPSED ? "e%" : "%");
		jw_kt(w, "lag", str_text(&s));
		str_free(&s);
	} else if (l->lag) {
		put_ticks(w, "lag", l->lag, l->lag_unit == LAG_ELAPSED);
	}
	jw_object_end(w);
}

static void put_absences(struct json_writer *w, const struct plan_resource *r)
{
	if (r->nabsences == 0)
		return;
	jw_key(w, "unavailable");
	jw_array(w);
	for (int32_t k = 0; k < r->nabsences; k++) {
		jw_object(w);
		put_moment(w, "from", r->absences[k].from);
		put_moment(w, "to", r->absences[k].to);
		if (r->absences[k].units_permille != r->capacity_permille) {
			jw_key(w, "units");
			jw_decimal(w, r->absences[k].units_permille, 3);
		}
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void put_mode(struct json_writer *w, const struct plan *plan, const struct plan_mode *m)
{
	jw_object(w);
	jw_kt(w, "id", m->id);
	if (strcmp(m->name, m->id) != 0)
		jw_kt(w, "name", m->name);
	jw_kt(w, "task", plan->tasks[m->task].id);
	put_ticks(w, "duration", m->duration_work, false);
	jw_key(w, "assignments");
	jw_array(w);
	for (int32_t k = 0; k < m->nneeds; k++) {
		jw_object(w);
		jw_kt(w, "resource", plan->resources[m->needs[k].resource].id);
		jw_key(w, "units");
		jw_decimal(w, m->needs[k].units_permille, 3);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}

static void put_resources(struct json_writer *w, const struct plan *plan)
{
	jw_key(w, "resources");
	jw_array(w);
	for (int32_t i = 0; i < plan->nresources; i++) {
		const struct plan_resource *r = &plan->resources[i];
		jw_object(w);
		jw_kt(w, "id", r->id);
		if (strcmp(r->code, r->id) != 0)
			jw_kt(w, "code", r->code);
		if (strcmp(r->name, r->code) != 0)
			jw_kt(w, "name", r->name);
		jw_kt(w, "kind", resource_kinds[r->kind]);
		if (r->calendar >= 0)
			jw_kt(w, "calendar", plan->calendars[r->calendar].id);
		jw_key(w, "capacity");
		jw_decimal(w, r->capacity_permille, 3);
		put_absences(w, r);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "assignments");
	jw_array(w);
	for (int32_t i = 0; i < plan->nassignments; i++) {
		const struct plan_assignment *x = &plan->assignments[i];
		jw_object(w);
		jw_kt(w, "task", plan->tasks[x->task].id);
		if (x->resource >= 0)
			jw_kt(w, "resource", plan->resources[x->resource].id);
		jw_key(w, "units");
		jw_decimal(w, x->units_permille, 3);
		if (x->planned_work)
			put_ticks(w, "planned", x->planned_work, false);
		if (x->remaining_work)
			put_ticks(w, "remaining", x->remaining_work, false);
		if (x->actual_work)
			put_ticks(w, "actual", x->actual_work, false);
		if (x->remaining_duration_work >= 0)
			put_ticks(w, "duration", x->remaining_duration_work, false);
		if (x->lag_work)
			put_ticks(w, "lag", x->lag_work, false);
		if (!x->drives)
			jw_kb(w, "drives", false);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void put_relaxation(
	struct json_writer *w, const struct plan *plan, const struct plan_relaxation *x)
{
	static const char *const kinds[] = {"duration", "link", "calendar", "finish"};

	jw_object(w);
	jw_kt(w, "id", x->id);
	if (strcmp(x->name, x->id) != 0)
		jw_kt(w, "name", x->name);
	jw_kt(w, "kind", kinds[x->kind]);
	switch (x->kind) {
	case RELAX_DURATION:
		jw_kt(w, "task", plan->tasks[x->subject].id);
		put_ticks(w, "duration", x->work, false);
		break;
	case RELAX_LINK:
		jw_kt(w, "from", plan->links[x->subject].from_id);
		jw_kt(w, "to", plan->links[x->subject].to_id);
		jw_kt(w, "type", link_type_name(x->type));
		put_ticks(w, "lag", x->lag, false);
		break;
	case RELAX_CALENDAR:
		jw_kt(w, "calendar", plan->calendars[x->subject].id);
		jw_kt(w, "instead", plan->calendars[x->calendar].id);
		break;
	case RELAX_FINISH:
		jw_kt(w, "project", plan->projects[x->subject].id);
		put_moment(w, "date", x->date);
		break;
	}
	jw_object_end(w);
}

void plan_json_write(const struct plan *plan, struct str *out)
{
	struct json_writer w = jw_start(out);

	w.pretty = true;
	jw_object(&w);
	jw_ki(&w, "guatu_plan", 1);
	jw_key(&w, "calendars");
	jw_array(&w);
	for (int32_t i = 0; i < plan->ncalendars; i++)
		put_calendar(&w, plan, &plan->calendars[i]);
	jw_array_end(&w);
	jw_key(&w, "projects");
	jw_array(&w);
	for (int32_t i = 0; i < plan->nprojects; i++)
		put_project(&w, plan, &plan->projects[i]);
	jw_array_end(&w);
	if (plan->nwbs) {
		jw_key(&w, "wbs");
		jw_array(&w);
		for (int32_t i = 0; i < plan->nwbs; i++) {
			const struct plan_wbs *x = &plan->wbs[i];
			jw_object(&w);
			jw_kt(&w, "id", x->id);
			jw_kt(&w, "code", x->code);
			jw_kt(&w, "name", x->name);
			if (x->project > 0)
				jw_kt(&w, "project", plan->projects[x->project].id);
			if (x->parent >= 0)
				jw_kt(&w, "parent", plan->wbs[x->parent].id);
			jw_object_end(&w);
		}
		jw_array_end(&w);
	}
	jw_key(&w, "tasks");
	jw_array(&w);
	for (int32_t i = 0; i < plan->ntasks; i++)
		put_task(&w, plan, &plan->tasks[i]);
	jw_array_end(&w);
	jw_key(&w, "links");
	jw_array(&w);
	for (int32_t i = 0; i < plan->nlinks; i++)
		put_link(&w, plan, &plan->links[i]);
	jw_array_end(&w);
	if (plan->nresources || plan->nassignments)
		put_resources(&w, plan);
	if (plan->nmodes) {
		jw_key(&w, "modes");
		jw_array(&w);
		for (int32_t i = 0; i < plan->nmodes; i++)
			put_mode(&w, plan, &plan->modes[i]);
		jw_array_end(&w);
	}
	if (plan->nrelaxations) {
		jw_key(&w, "relaxations");
		jw_array(&w);
		for (int32_t i = 0; i < plan->nrelaxations; i++)
			put_relaxation(&w, plan, &plan->relaxations[i]);
		jw_array_end(&w);
	}
	jw_object_end(&w);
	jw_end(&w);
	str_putc(out, '\n');
}
