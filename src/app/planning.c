/* Plans for people: read, kept, imported, planned backwards, handed out. What follows from a change is in planning_facts.c. */
#include "app/access.h"
#include "app/calendar_year.h"
#include "app/calendars.h"
#include "app/detail.h"
#include "app/planning_inside.h"
#include "app/reading.h"
#include "intake/office_days.h"
#include "intake/plan_file.h"
#include "intake/plan_json.h"
#include "intake/plan_results.h"
#include "sched/backward.h"
#include "sched/quality.h"
#include "sched/why.h"

static bool may_see(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct err *err)
{
	const struct register_def *def;
	struct record *record;
	return record_to_read(app, a, person, "project", project, &def, &record, err);
}

bool planned_of(struct app *app, struct arena *a, const struct person *person, struct uuid project,
	struct record **record, struct planned *out, struct err *err)
{
	struct plan body;

	*out = (struct planned){.start = DATE_NONE, .finish = DATE_NONE, .data_date = DATE_NONE};
	*record = NULL;
	if (!may_see(app, a, person, project, err))
		return false;
	app_read_lock(app);
	bool fine = plan_record_of(app, a, project, record, err);
	if (fine && *record)
		fine = planned_body(app, a, named_value(*record, "body")->text, &body, err) &&
			planned_make(app, a, NULL, project, &body, out, err);
	app_unlock(app);
	return fine;
}

bool plan_needed(const struct record *record, struct err *err)
{
	return record || err_set(err, ERR_MISSING, NULL, "this project has no plan yet");
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

static void put_dates(struct json_writer *w, const struct schedule *s, int32_t task)
{
	const struct task_dates *d = &s->tasks[task];
	const struct plan_link *l =
		d->early_reason_link >= 0 ? &s->plan->links[d->early_reason_link] : NULL;

	jw_object(w);
	jw_kt(w, "task", s->plan->tasks[task].id);
	plan_json_moment(w, "start", d->start);
	plan_json_moment(w, "finish", d->finish);
	plan_json_moment(w, "late_start", d->late_start);
	plan_json_moment(w, "late_finish", d->late_finish);
	plan_json_hours(w, "total_float_h", d->total_float);
	plan_json_hours(w, "free_float_h", d->free_float);
	jw_kb(w, "critical", d->critical);
	jw_kb(w, "longest_path", d->longest_path);
	jw_kb(w, "near_critical", d->near_critical);
	jw_kb(w, "provisional", d->provisional);
	jw_kt(w, "state",
		s->plan->tasks[task].state == TASK_COMPLETE     ? "complete"
			: s->plan->tasks[task].state == TASK_ACTIVE ? "active"
														: "not_started");
	jw_kt(w, "reason", reason_name((enum reason)d->early_reason));
	jw_kt(w, "held_by", l && l->from >= 0 ? s->plan->tasks[l->from].id : NULL);
	jw_object_end(w);
}

static void add_findings(struct findings *into, const struct findings *from)
{
	for (int32_t i = 0; i < from->n; i++) {
		const struct finding *f = &from->items[i];
		const char *args[3] = {NULL, NULL, NULL};
		for (int32_t k = 0; k < f->nargs; k++)
			args[k] = f->args[k];
		finding_add(into, f->kind->id, f->on, f->subject, args[0], args[1], args[2]);
	}
}

/* The task that a finding is about, of a link the one it leads to, if that is in the plan; NULL: none. */
static const char *task_of(const struct plan *plan, const struct finding *f)
{
	int32_t task = f->on == ON_TASK ? f->subject : -1;
	if (f->on == ON_LINK && f->subject >= 0) {
		const struct plan_link *l = &plan->links[f->subject];
		task = l->to >= 0 ? l->to : l->from;
	}
	return task >= 0 ? plan->tasks[task].id : NULL;
}

static void put_findings(
	struct json_writer *w, const struct plan *plan, const struct findings *f, enum lang lang)
{
	jw_key(w, "findings");
	jw_array(w);
	for (int32_t i = 0; i < f->n; i++) {
		struct str text = STR_INIT;
		finding_say(&f->items[i], lang, &text);
		jw_object(w);
		jw_kt(w, "id", f->items[i].kind->id);
		jw_kt(w, "weight", finding_weight_name(f->items[i].kind->weight));
		jw_kt(w, "says", str_text(&text));
		jw_kt(w, "source", f->items[i].kind->source);
		jw_kt(w, "task", task_of(plan, &f->items[i]));
		jw_object_end(w);
		str_free(&text);
	}
	jw_array_end(w);
}

static void put_body(struct json_writer *w, const char *key, const struct plan *plan)
{
	struct str text = STR_INIT;
	plan_json_write(plan, &text);
	jw_key(w, key);
	jw_raw(w, str_view(&text));
	str_free(&text);
}

static void put_schedule(struct json_writer *w, const struct planned *p)
{
	jw_key(w, "schedule");
	jw_object(w);
	jw_kd(w, "start", p->start);
	jw_kd(w, "finish", p->finish);
	jw_kd(w, "data_date", p->data_date);
	jw_key(w, "tasks");
	jw_array(w);
	for (int32_t i = 0; i < p->plan.ntasks; i++)
		put_dates(w, &p->schedule, i);
	jw_array_end(w);
	jw_object_end(w);
}

static void put_tied(struct json_writer *w, const struct planned *p)
{
	jw_key(w, "nodes");
	jw_array(w);
	for (int i = 0; i < p->ntied; i++) {
		jw_object(w);
		jw_kt(w, "task", p->plan.tasks[p->tied[i].task].id);
		jw_kid(w, "milestone", p->tied[i].milestone);
		jw_object_end(w);
	}
	jw_array_end(w);
}

/* The seasons where the project lies: what is left of them, and those from a year before the plan to two years after. */
static void put_season(
	struct json_writer *w, struct app *app, struct uuid project, const struct planned *p)
{
	struct date today = instant_date(app_now(app), app->offset_minutes),
				from = p && !date_is_none(p->start) ? p->start : today,
				until = p && !date_is_none(p->finish) ? p->finish : today;

	app_read_lock(app);
	const struct calendar *c = app_clocks_of(app, "project", project).calendar;
	season_json(w, c, today);
	seasons_json(w, c, date_add_months(from, -12), date_add_months(until, 24));
	app_unlock(app);
}

static bool baseline_of(struct app *app, struct arena *a, struct uuid project,
	struct planned_before *out, struct err *err)
{
	app_read_lock(app);
	bool done = planned_before(app, a, project, out, err);
	app_unlock(app);
	return done;
}

bool planning_read(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct str *out, struct err *err)
{
	struct record *record;
	struct planned p;
	struct planned_before then;
	struct quality quality;
	struct findings found = {.arena = a};
	struct str text = STR_INIT;
	int64_t version;
	bool fine = planned_of(app, a, person, project, &record, &p, err);

	if (fine && record)
		fine = app_record_json(app, person, "plan", record->id, &text, &version, err) &&
			plan_quality(a, &p.schedule, &quality, err) && baseline_of(app, a, project, &then, err);
	if (fine) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_key(&w, "plan");
		if (record) {
			jw_raw(&w, str_view(&text));
			put_body(&w, "body", &p.bare);
			put_schedule(&w, &p);
			put_tied(&w, &p);
			add_findings(&found, &p.schedule.findings);
			add_findings(&found, &quality.findings);
			put_findings(&w, p.schedule.plan, &found, person->lang);
			planning_put_earned(&w, a, &p, &then);
		} else {
			jw_null(&w);
		}
		put_season(&w, app, project, record ? &p : NULL);
		jw_object_end(&w);
		jw_end(&w);
	}
	str_free(&text);
	return fine;
}

bool planning_try(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct json *body, struct str *out, struct err *err)
{
	struct planned p = {.start = DATE_NONE, .finish = DATE_NONE, .data_date = DATE_NONE};

	if (!may_see(app, a, person, project, err))
		return false;
	if (json_absent(json_get(body, "body")))
		return err_set(err, ERR_INPUT, "body", "the plan itself is missing");
	if (!plan_json_from(a, json_get(body, "body"), &p.plan, err))
		return err_in(err, "body");
	if (p.plan.ntasks > PLAN_MOST_TASKS || p.plan.nlinks > PLAN_MOST_LINKS)
		return err_set(err, ERR_LIMIT, "body", "a plan has at most %d tasks and %d links",
			PLAN_MOST_TASKS, PLAN_MOST_LINKS);
	app_read_lock(app);
	plan_follow_office(a, &p.plan, app_clocks_of(app, "project", project).calendar, person->lang);
	app_unlock(app);
	if (!sched_run(a, &p.plan, NULL, &p.schedule, err))
		return err_in(err, "body");
	struct json_writer w = jw_start(out);
	jw_object(&w);
	put_body(&w, "body", &p.plan);
	put_schedule(&w, &p);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- Keeping ------------------------------------------------------------------------------------------------- */

/* The same as a form would send: what is not said stays. */
static const struct json *fields_body(struct arena *a, struct uuid project, const struct json *said,
	const char *title, const struct value *file, struct err *err)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	const struct json *out = NULL;
	const char *name = json_text(json_get(said, "title"), title);

	jw_object(&w);
	jw_key(&w, "fields");
	jw_object(&w);
	jw_kid(&w, "project", project);
	if (name)
		jw_kt(&w, "title", name);
	if (json_get(said, "required_finish")) {
		jw_key(&w, "required_finish");
		jw_json(&w, json_get(said, "required_finish"));
	}
	jw_ks(&w, "body", file->text);
	jw_object_end(&w);
	jw_kt(&w, "reason", json_text(json_get(said, "reason"), ""));
	jw_object_end(&w);
	jw_end(&w);
	bool fine = json_parse(a, arena_slice(a, str_view(&text)), NULL, &out, err);
	str_free(&text);
	return fine ? out : NULL;
}

/* May this person write the plan that is there, or begin one? Asked before anything is read of what was sent. */
bool plan_may_write(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(app), "plan");
	struct value *given = ARENA_ARRAY(a, struct value, (size_t)reg->nfields);
	struct record *record;

	if (!may_see(app, a, person, project, err))
		return false;
	given[register_field(reg, "project")->index] = (struct value){.kind = VALUE_ID, .id = project};
	app_read_lock(app);
	bool fine = plan_record_of(app, a, project, &record, err) &&
		may(app, person, record ? VERB_UPDATE : VERB_CREATE, reg, record, record ? NULL : given,
			NULL, err);
	app_unlock(app);
	return fine;
}

static bool keep_plan(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *said, const char *title,
	const struct plan *plan, const struct once *once, struct submitted *out, struct err *err)
{
	struct str text = STR_INIT;
	struct record *record;
	struct value file;

	app_read_lock(app);
	bool fine = plan_record_of(app, a, project, &record, err);
	app_unlock(app);
	if (!fine)
		return false;
	plan_json_write(plan, &text);
	fine = plan_keep_body(app, a, person, str_view(&text), &file, err);
	str_free(&text);
	const struct json *body =
		fine ? fields_body(a, project, said, record ? NULL : title, &file, err) : NULL;
	if (!body)
		return false;
	return record ? app_update(app, a, person, "plan", record->id, version, body, once, out, err)
				  : app_create(app, a, person, "plan", body, once, out, err);
}

bool planning_save(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err)
{
	const struct json *drawn = json_get(body, "body");
	struct plan plan;

	if (!plan_may_write(app, a, person, project, err))
		return false;
	if (json_absent(drawn))
		return err_set(err, ERR_INPUT, "body", "the plan itself is missing");
	if (!plan_json_from(a, drawn, &plan, err))
		return err_in(err, "body");
	return keep_plan(
		app, a, person, project, version, body, plan.projects[0].name, &plan, once, out, err);
}

static bool tie_imported(
	struct app *app, struct arena *a, struct uuid project, struct plan *plan, struct err *err)
{
	struct record *record;
	struct plan before;

	app_read_lock(app);
	bool fine = plan_record_of(app, a, project, &record, err) &&
		(!record || planned_body(app, a, named_value(record, "body")->text, &before, err));
	if (fine)
		plan_tie_file(app, a, project, record ? &before : NULL, plan);
	app_unlock(app);
	return fine;
}

bool planning_import(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const char *name, struct slice bytes, struct slice key,
	struct str *said, struct submitted *out, struct err *err)
{
	const struct once once = {key, bytes}; /* a form's own borders differ each time */
	struct findings found = {.arena = a};
	struct schedule schedule;
	struct quality quality;
	struct plan plan;

	if (!plan_may_write(app, a, person, project, err) ||
		!plan_file_read(a, bytes, &plan, &found, err))
		return false;
	if (plan.nprojects == 0)
		return err_set(err, ERR_INPUT, "file", "\"%s\" holds no project", name);
	if (!tie_imported(app, a, project, &plan, err) || !sched_run(a, &plan, NULL, &schedule, err) ||
		!plan_quality(a, &schedule, &quality, err))
		return false;
	const char *title =
		plan.projects[0].name && *plan.projects[0].name ? plan.projects[0].name : name;
	if (!keep_plan(app, a, person, project, version, NULL, title, &plan, &once, out, err))
		return false;
	add_findings(&found, &schedule.findings);
	add_findings(&found, &quality.findings);
	struct json_writer w = jw_start(said);
	jw_object(&w);
	jw_kid(&w, "id", out->id);
	jw_ki(&w, "version", out->version);
	jw_ki(&w, "tasks", plan.ntasks);
	jw_ki(&w, "links", plan.nlinks);
	put_findings(&w, &plan, &found, person->lang);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- Milestones of the plan ---------------------------------------------------------------------------------- */

/* A start that nothing leads up to and no date holds is where the plan begins, no node of the project. */
static bool is_beginning(const struct plan *p, int32_t task)
{
	if (p->tasks[task].type != TASK_START_MILESTONE ||
		p->tasks[task].constraint[0].kind != CONSTRAINT_NONE)
		return false;
	for (int32_t i = 0; i < p->nlinks; i++)
		if (p->links[i].to == task)
			return false;
	return true;
}

/* What a template knows of the node besides its name. */
static void set_kind(struct work *w, struct draft *d, const struct template_task *of, int place)
{
	const struct field *kind = register_field(d->reg, "kind"),
					   *weight = register_field(d->reg, "weight"),
					   *sequence = register_field(d->reg, "sequence");

	if (!of || !of->node)
		return;
	if (kind)
		draft_set(w, d, kind, (struct value){.kind = VALUE_TEXT, .text = slice_of(of->node)});
	if (weight)
		draft_set(w, d, weight, (struct value){.kind = VALUE_INT, .i = of->node_weight});
	if (sequence)
		draft_set(w, d, sequence, (struct value){.kind = VALUE_INT, .i = place});
}

/* The milestone of this name that was approved and deleted; NULL: there is none. */
static struct record *approved_once(struct record **deleted, int n, const char *name)
{
	for (int i = 0; i < n; i++)
		if (slice_is(named_value(deleted[i], "name")->text, name) &&
			!date_is_none(named_date(deleted[i], "first_approved")))
			return deleted[i];
	return NULL;
}

static void set_dates(struct work *w, struct draft *d, struct record *once, struct moment finish)
{
	const struct field *planned = register_field(d->reg, "planned");

	if (once) {
		draft_set(w, d, planned, *named_value(once, "planned"));
		draft_set(
			w, d, register_field(d->reg, "first_approved"), *named_value(once, "first_approved"));
	} else if (!moment_is_none(finish)) {
		draft_set(w, d, planned, date_value(moment_date(finish)));
	}
}

bool plan_draft_nodes(struct work *w, struct uuid project, struct planned *p,
	const struct template_task *tasks, int *made, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(w->app), "milestone");
	bool *tied = ARENA_ARRAY(w->a, bool, (size_t)p->bare.ntasks);
	struct record **deleted;
	int place = 0, ndeleted;

	*made = 0;
	if (!store_deleted(w->app->store, w->a, reg, register_field(reg, "project"), project, &deleted,
			&ndeleted, err))
		return false;
	for (int i = 0; i < p->ntied; i++)
		tied[p->tied[i].task] = true;
	for (int32_t t = 0; t < p->bare.ntasks; t++) {
		struct plan_task *task = &p->bare.tasks[t];
		struct moment finish = p->schedule.tasks[t].finish;
		if (!plan_is_node(task) || task->inactive || (tasks && !tasks[t].node) ||
			is_beginning(&p->bare, t))
			continue;
		place++;
		if (tied[t])
			continue;
		struct draft *d = draft_new(w, WRITE_CREATE, reg, NULL);
		char *id = arena_alloc(w->a, UUID_TEXT);
		uuid_format(d->id, id);
		task->milestone = id;
		draft_set(
			w, d, register_field(reg, "project"), (struct value){.kind = VALUE_ID, .id = project});
		draft_set(w, d, register_field(reg, "name"),
			(struct value){.kind = VALUE_TEXT, .text = slice_of(task->name)});
		set_dates(w, d, approved_once(deleted, ndeleted, task->name), finish);
		set_kind(w, d, tasks ? &tasks[t] : NULL, place);
		*made += 1;
	}
	return true;
}

bool plan_not_stale(const struct record *record, int64_t version, struct err *err)
{
	return (record ? record->version : 0) == version || err_stale(record, NULL, err);
}

bool plan_submit(struct work *w, const struct once *once, struct submitted *out, struct err *err)
{
	struct batch_result result = {.failed = -1};
	int made = w->n;
	bool fine = true;

	app_read_lock(w->app);
	for (int i = 1; fine && i < made; i++) /* the plan last: it knows the milestones by then */
		fine = draft_check(w, i, NULL, err);
	fine = fine && draft_check(w, 0, NULL, err);
	app_unlock(w->app);
	if (!fine || !work_submit(w, once, &result, err))
		return false;
	out->id = w->drafts[0].id;
	out->version = result.results[0].version;
	out->journal = result.results[0].no;
	return true;
}

bool planning_nodes(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct once *once, struct submitted *out,
	struct err *err)
{
	struct work w = work_begin(app, a, person);
	struct str text = STR_INIT;
	struct record *record;
	struct planned p;
	struct value file;
	bool seen;
	int made;

	if (!seen_before(&w, once, &seen, out, err))
		return false;
	if (seen)
		return true;
	if (!plan_may_write(app, a, person, project, err) ||
		!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err) ||
		!plan_not_stale(record, version, err))
		return false;
	draft_new(&w, WRITE_UPDATE, record->reg, record)->reason = "nodes";
	if (!plan_draft_nodes(&w, project, &p, NULL, &made, err))
		return false;
	if (!made)
		return err_set(err, ERR_INPUT, NULL, "every milestone of this plan has its record already");
	plan_json_write(&p.bare, &text);
	bool fine = plan_keep_body(app, a, person, str_view(&text), &file, err);
	str_free(&text);
	if (!fine)
		return false;
	draft_set(&w, &w.drafts[0], register_field(record->reg, "body"), file);
	return plan_submit(&w, once, out, err);
}

/* ---- Backwards ----------------------------------------------------------------------------------------------- */

static void put_set(
	struct json_writer *w, const struct plan *plan, const struct relaxation_set *set)
{
	jw_object(w);
	jw_key(w, "take");
	jw_array(w);
	for (int32_t k = 0; k < set->n; k++) {
		jw_object(w);
		jw_kt(w, "id", plan->relaxations[set->items[k]].id);
		jw_kt(w, "name", plan->relaxations[set->items[k]].name);
		plan_json_hours(w, "gain_h", set->gain_work[k]);
		jw_object_end(w);
	}
	jw_array_end(w);
	plan_json_moment(w, "finish", set->finish);
	jw_object_end(w);
}

static void put_backward(
	struct json_writer *w, const struct plan *plan, const struct backward_plan *b)
{
	jw_object(w);
	plan_json_moment(w, "required", b->required);
	plan_json_moment(w, "finish", b->finish);
	plan_json_hours(w, "shortage_h", b->shortage_work);
	jw_key(w, "shortage_days");
	jw_decimal(w,
		(int64_t)b->shortage_work * 10 / plan_day_work(plan, plan->projects[b->project].calendar),
		1);
	jw_key(w, "latest");
	jw_array(w);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		jw_object(w);
		jw_kt(w, "task", plan->tasks[i].id);
		plan_json_moment(w, "start", b->late.tasks[i].late_start);
		plan_json_moment(w, "finish", b->late.tasks[i].late_finish);
		plan_json_hours(w, "float_h", b->late.tasks[i].total_float);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "offers");
	jw_array(w);
	for (int32_t i = 0; i < b->nalone; i++) {
		if (b->alone_work[i] < 0)
			continue;
		jw_object(w);
		jw_kt(w, "id", plan->relaxations[i].id);
		jw_kt(w, "name", plan->relaxations[i].name);
		plan_json_hours(w, "gain_h", b->alone_work[i]);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "sets");
	jw_array(w);
	for (int32_t i = 0; i < b->nsets; i++)
		put_set(w, plan, &b->sets[i]);
	jw_array_end(w);
	jw_kb(w, "complete", b->complete);
	jw_object_end(w);
}

/* The relaxations that are named, by position. */
static bool taken(struct arena *a, const struct plan *plan, const struct json *take, int32_t **out,
	int32_t *n, struct err *err)
{
	*out = ARENA_ARRAY(a, int32_t, (size_t)json_count(take));
	*n = 0;
	for (int i = 0; i < json_count(take); i++) {
		const char *id = json_text(json_at(take, i), "");
		int32_t r = 0;
		while (r < plan->nrelaxations && strcmp(plan->relaxations[r].id, id) != 0)
			r++;
		if (r == plan->nrelaxations)
			return err_set(err, ERR_INPUT, "take", "\"%s\" is not offered by the plan", id);
		(*out)[(*n)++] = r;
	}
	return true;
}

bool planning_back(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct json *body, struct str *out, struct err *err)
{
	struct moment required = MOMENT_NONE;
	const char *finish = json_text(json_get(body, "finish"), NULL);
	struct backward_plan b;
	struct record *record;
	struct planned p;
	int32_t *items, n;

	if (!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err))
		return false;
	if (finish && !moment_parse(slice_of(finish), &required))
		return err_set(
			err, ERR_INPUT, "finish", "\"%s\" is not a date between 1900 and 2199", finish);
	if (finish && required.tick % TICKS_PER_DAY == 0) /* a day, not an hour: its end */
		required.tick += TICKS_PER_DAY;
	if (!finish && !date_is_none(named_date(record, "required_finish")))
		required = moment_of((struct date){named_date(record, "required_finish").day + 1}, 0);
	if (!taken(a, &p.plan, json_get(body, "take"), &items, &n, err))
		return false;
	struct plan plan = n ? plan_relaxed(a, &p.plan, items, n) : p.plan;
	if (!plan_backward(a, &plan, -1, required, &b, err))
		return false;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_key(&w, "back");
	put_backward(&w, &plan, &b);
	if (n)
		put_body(&w, "body", &plan);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- Handing out --------------------------------------------------------------------------------------------- */

/* MS Project begins open work on the day its predecessors leave free, past or not. What the data date holds back here says
 * so there by a constraint, so that the file opens with the same dates. */
static void say_data_date(struct arena *a, struct planned *p)
{
	struct plan *plan = &p->plan;
	struct plan_task *tasks = ARENA_ARRAY(a, struct plan_task, (size_t)plan->ntasks + 1);

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct task_dates *d = &p->schedule.tasks[i];
		tasks[i] = plan->tasks[i];
		if (d->early_reason == REASON_DATA_DATE && tasks[i].state == TASK_NOT_STARTED &&
			tasks[i].constraint[0].kind == CONSTRAINT_NONE)
			tasks[i].constraint[0] =
				(struct constraint){CONSTRAINT_START_NOT_EARLIER, d->early_start};
	}
	plan->tasks = tasks;
}

bool planning_file(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const char *format, struct str *out, const char **type, struct err *err)
{
	struct findings found = {.arena = a};
	enum plan_format as;
	struct record *record;
	struct planned p;

	if (!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err) ||
		!plan_format_of(arena_printf(a, "plan.%s", format), &as, err))
		return false;
	*type = as == PLAN_AS_JSON ? "application/json"
		: as == PLAN_AS_XER    ? "application/octet-stream"
							   : "application/xml";
	if (as == PLAN_AS_MSPDI)
		say_data_date(a, &p);
	return plan_file_write(a, &p.plan, as, out, &found, err);
}
