/* Plans begun from a template: the list, and the plan of one project with its milestones tied. */
#include "app/access.h"
#include "app/calendars.h"
#include "app/planning_inside.h"
#include "intake/plan_json.h"

/* ---- The list ------------------------------------------------------------------------------------------------ */

static bool put_template(
	struct arena *a, struct json_writer *w, const char *name, enum lang lang, struct err *err)
{
	struct plan_template t;
	struct schedule s;

	if (!plan_template_load(a, name, lang, &t, err) || !sched_run(a, &t.plan, NULL, &s, err))
		return false;
	jw_object(w);
	jw_kt(w, "name", t.name);
	jw_kt(w, "label", label_in(t.label, lang));
	jw_key(w, "types");
	jw_array(w);
	for (int i = 0; i < t.ntypes; i++)
		jw_text(w, t.types[i]);
	jw_array_end(w);
	jw_ki(w, "tasks", t.plan.ntasks);
	jw_ki(w, "days",
		moment_date(s.projects[0].finish).day - moment_date(s.projects[0].start).day + 1);
	jw_object_end(w);
	return true;
}

bool planning_templates(
	struct arena *a, const struct person *person, struct str *out, struct err *err)
{
	int n;
	const char **names = plan_template_names(a, &n);
	struct json_writer w = jw_start(out);

	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	jw_object(&w);
	jw_key(&w, "templates");
	jw_array(&w);
	for (int i = 0; i < n; i++)
		if (!put_template(a, &w, names[i], person->lang, err))
			return false;
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- One, looked at before it is taken ------------------------------------------------------------------------ */

static void put_after(struct json_writer *w, const struct plan *p, int32_t task)
{
	jw_key(w, "after");
	jw_array(w);
	for (int32_t i = 0; i < p->nlinks; i++)
		if (p->links[i].to == task)
			jw_text(w, p->tasks[p->links[i].from].name);
	jw_array_end(w);
}

static void put_permit(struct json_writer *w, const struct template_task *t, enum lang lang)
{
	jw_kb(w, "permit", t->permit);
	jw_kb(w, "default", t->is_default);
	jw_kt(w, "legal_days", label_in(t->legal_days, lang));
	jw_kt(w, "promised_days", label_in(t->promised_days, lang));
	jw_kt(w, "source", t->source);
	jw_kt(w, "node", t->node);
	jw_ki(w, "node_weight", t->node_weight);
}

static void put_task(
	struct json_writer *w, const struct plan_template *t, int32_t task, enum lang lang)
{
	const struct plan *p = &t->plan;
	const struct plan_task *own = &p->tasks[task];

	jw_object(w);
	jw_kt(w, "name", own->name);
	jw_kt(w, "of", own->parent < 0 ? NULL : p->tasks[own->parent].name);
	jw_ki(w, "days", plan_template_days(t, task));
	jw_ki(w, "share_pct", own->quantity_unit ? own->quantity_planned / 1000 : 0);
	put_after(w, p, task);
	put_permit(w, &t->tasks[task], lang);
	jw_object_end(w);
}

bool planning_template(struct arena *a, const struct person *person, const char *name,
	struct str *out, struct err *err)
{
	struct json_writer w = jw_start(out);
	struct plan_template t;

	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!plan_template_load(a, name, person->lang, &t, err))
		return false;
	jw_object(&w);
	jw_kt(&w, "name", t.name);
	jw_kt(&w, "label", label_in(t.label, person->lang));
	jw_kt(&w, "stages_source", t.stages_source);
	jw_key(&w, "tasks");
	jw_array(&w);
	for (int32_t i = 0; i < t.plan.ntasks; i++)
		if (t.plan.tasks[i].type != TASK_SUMMARY)
			put_task(&w, &t, i, person->lang);
	jw_array_end(&w);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}

/* ---- The plan ------------------------------------------------------------------------------------------------ */

static bool read_day(const struct json *body, const char *key, struct date *out, struct err *err)
{
	const struct json *j = json_get(body, key);

	*out = DATE_NONE;
	return json_absent(j) || date_parse_iso(json_slice(j), out) ||
		err_set(err, ERR_INPUT, key, "\"%s\" is not a date such as 2026-03-31", json_text(j, "?"));
}

static bool read_wish(const struct json *body, struct template_wish *out, struct err *err)
{
	*out = (struct template_wish){
		.works_percent = (int)json_int(json_get(body, "works_percent"), 100)};
	if (!read_day(body, "start", &out->start, err) ||
		!read_day(body, "required_finish", &out->required_finish, err))
		return false;
	return !date_is_none(out->start) ||
		err_set(err, ERR_INPUT, "start", "the day the plan starts is missing");
}

/* The record that is there is changed, or one made. */
static bool fill_plan(struct work *w, struct uuid project, struct draft *d, const struct json *said,
	const struct planned *p, const struct template_wish *wish, struct err *err)
{
	const struct register_def *reg = d->reg;
	const char *title = json_text(json_get(said, "title"), p->bare.projects[0].name);
	struct str text = STR_INIT;
	struct value file;

	plan_json_write(&p->bare, &text);
	bool fine = plan_keep_body(w->app, w->a, w->person, str_view(&text), &file, err);
	str_free(&text);
	if (!fine)
		return false;
	d->reason = json_text(json_get(said, "reason"), NULL);
	if (!d->before)
		draft_set(
			w, d, register_field(reg, "project"), (struct value){.kind = VALUE_ID, .id = project});
	draft_set(w, d, register_field(reg, "title"),
		(struct value){.kind = VALUE_TEXT, .text = slice_of(title)});
	draft_set(w, d, register_field(reg, "required_finish"), date_value(wish->required_finish));
	draft_set(w, d, register_field(reg, "body"), file);
	return true;
}

/* The template on the project's calendar, with its milestones tied and dated. Under the read lock. */
static bool fit_project(struct app *app, struct arena *a, struct uuid project,
	const struct plan_template *t, struct template_wish *wish, struct planned *out, struct err *err)
{
	struct plan plan;

	wish->calendar = app_clocks_of(app, "project", project).calendar;
	if (!plan_template_fit(a, t, wish, &plan, err))
		return false;
	plan_tie_template(app, a, project, t, &plan);
	return planned_make(app, a, NULL, project, &plan, out, err);
}

bool planning_from_template(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err)
{
	struct work w = work_begin(app, a, person);
	struct record *record;
	struct template_wish wish;
	struct plan_template t;
	struct planned p;
	bool seen;

	if (!seen_before(&w, once, &seen, out, err))
		return false;
	if (seen)
		return true;
	if (!plan_may_write(app, a, person, project, err) || !read_wish(body, &wish, err) ||
		!plan_template_load(a, json_text(json_get(body, "template"), ""), person->lang, &t, err))
		return false;
	app_read_lock(app);
	bool fine = plan_record_of(app, a, project, &record, err) &&
		plan_not_stale(record, version, err) && fit_project(app, a, project, &t, &wish, &p, err);
	app_unlock(app);
	if (!fine)
		return false;
	draft_new(&w, record ? WRITE_UPDATE : WRITE_CREATE, catalogue_find(app_catalogue(app), "plan"),
		record);
	int made;
	if (json_bool(json_get(body, "nodes"), false) &&
		!plan_draft_nodes(&w, project, &p, t.tasks, &made, err))
		return false;
	return fill_plan(&w, project, &w.drafts[0], body, &p, &wish, err) &&
		plan_submit(&w, once, out, err);
}
