/* Plans begun from a template: the list, and the plan of one project with its milestones tied. */
#include <stdlib.h>

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
	struct app *app, struct arena *a, const struct person *person, struct str *out, struct err *err)
{
	int n;
	const char **names = plan_template_names(a, &n);
	struct json_writer w = jw_start(out);

	(void)app;
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

/* ---- Milestones there are ------------------------------------------------------------------------------------ */

struct mark {
	struct uuid id;
	struct slice name, kind;
	int64_t planned;
	bool taken;
};

static int by_date(const void *left, const void *right)
{
	const struct mark *l = left, *r = right;
	if (l->planned != r->planned)
		return l->planned < r->planned ? -1 : 1;
	return uuid_compare(l->id, r->id);
}

/* The project's milestones, by planned date. Under the read lock. */
static struct mark *marks_of(struct app *app, struct arena *a, struct uuid project, int *n)
{
	const struct board *b = app->board;
	int projects = board_table_named(b, "project"), table = board_table_named(b, "milestone");
	const struct board_table *t = board_table(b, table);
	int name = board_column_named(t, "name"), kind = board_column_named(t, "kind"),
		planned = board_column_named(t, "planned");
	int32_t row = board_row(board_table(b, projects), project);
	int room = 0;

	for (int32_t r = row < 0 ? -1 : board_first_child(b, projects, row, table); r >= 0;
		 r = board_next_child(b, table, r))
		room++;
	struct mark *list = ARENA_ARRAY(a, struct mark, (size_t)room + 1);
	*n = 0;
	for (int32_t r = row < 0 ? -1 : board_first_child(b, projects, row, table); r >= 0;
		 r = board_next_child(b, table, r))
		if (board_alive(t, r))
			list[(*n)++] = (struct mark){.id = board_id(t, r),
				.name = arena_slice(a, column_word(board_column(t, name), r)),
				.kind = arena_slice(a, column_word(board_column(t, kind), r)),
				.planned = column_number(board_column(t, planned), r)};
	qsort(list, (size_t)*n, sizeof(*list), by_date);
	return list;
}

static void tie(struct arena *a, struct plan_task *task, struct mark *mark)
{
	char *id = arena_alloc(a, UUID_TEXT);
	uuid_format(mark->id, id);
	task->milestone = id;
	mark->taken = true;
}

static bool is_open(
	const struct plan_template *t, const struct plan *plan, int32_t task, const char *kind)
{
	return t->tasks[task].node && !plan->tasks[task].milestone &&
		(!kind || strcmp(t->tasks[task].node, kind) == 0);
}

/* Those of one kind that are left, in their order, if there are as many on both sides. */
static void tie_kind(struct arena *a, const struct plan_template *t, struct plan *plan,
	const char *kind, struct mark *marks, int n)
{
	int wanted = 0, there = 0;
	int32_t task = 0;

	for (int32_t i = 0; i < plan->ntasks; i++)
		wanted += is_open(t, plan, i, kind);
	for (int i = 0; i < n; i++)
		there += !marks[i].taken && slice_is(marks[i].kind, kind);
	for (int i = 0; wanted == there && i < n; i++) {
		if (marks[i].taken || !slice_is(marks[i].kind, kind))
			continue;
		while (!is_open(t, plan, task, kind))
			task++;
		tie(a, &plan->tasks[task], &marks[i]);
	}
}

static void tie_nodes(
	struct arena *a, const struct plan_template *t, struct plan *plan, struct mark *marks, int n)
{
	for (int32_t i = 0; i < plan->ntasks; i++)
		for (int k = 0; k < n && is_open(t, plan, i, NULL); k++)
			if (!marks[k].taken && slice_is(marks[k].name, plan->tasks[i].name))
				tie(a, &plan->tasks[i], &marks[k]);
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (is_open(t, plan, i, NULL))
			tie_kind(a, t, plan, t->tasks[i].node, marks, n);
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
	struct mark *marks;
	int n;

	wish->calendar = app_clocks_of(app, "project", project).calendar;
	if (!plan_template_fit(a, t, wish, &plan, err))
		return false;
	marks = marks_of(app, a, project, &n);
	tie_nodes(a, t, &plan, marks, n);
	return planned_make(app, a, NULL, project, &plan, out, err);
}

static bool not_stale(const struct record *record, int64_t version, struct err *err)
{
	if ((record ? record->version : 0) == version)
		return true;
	return err_set(err, ERR_CONFLICT, NULL,
		"somebody changed this meanwhile: it is at version %lld now",
		(long long)(record ? record->version : 0));
}

/* The plan is the first draft, which answers for the batch, and is checked last: it knows the milestones by then. */
static bool check_all(struct work *w, struct err *err)
{
	int made = w->n;
	bool fine = true;

	app_read_lock(w->app);
	for (int i = 1; fine && i < made; i++)
		fine = draft_check(w, i, NULL, err);
	fine = fine && draft_check(w, 0, NULL, err);
	app_unlock(w->app);
	return fine;
}

bool planning_from_template(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, int64_t version, const struct json *body, const struct once *once,
	struct submitted *out, struct err *err)
{
	struct work w = work_begin(app, a, person);
	struct batch_result result = {.failed = -1};
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
	bool fine = plan_record_of(app, a, project, &record, err) && not_stale(record, version, err) &&
		fit_project(app, a, project, &t, &wish, &p, err);
	app_unlock(app);
	if (!fine)
		return false;
	draft_new(&w, record ? WRITE_UPDATE : WRITE_CREATE, catalogue_find(app_catalogue(app), "plan"),
		record);
	if (json_bool(json_get(body, "nodes"), false))
		plan_draft_nodes(&w, project, &p, t.tasks);
	if (!fill_plan(&w, project, &w.drafts[0], body, &p, &wish, err) || !check_all(&w, err) ||
		!work_submit(&w, once, &result, err))
		return false;
	out->id = w.drafts[0].id;
	out->version = result.results[0].version;
	out->journal = result.results[0].no;
	return true;
}
