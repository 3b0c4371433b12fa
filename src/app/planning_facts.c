/*
 * The dates that follow from a plan and its project's facts, and who must be told of them. A change of plan, milestone or
 * report adds the records that it moves to the same batch.
 */
#include "app/planning_inside.h"

#include <stdlib.h>

#include "app/calendars.h"
#include "intake/office_days.h"
#include "intake/plan_json.h"
#include "sched/progress.h"
#include "store/file_rows.h"

/* What the program keeps: nobody enters it. */
static const struct {
	const char *reg, *field;
} kept[] = {{"plan", "plan_start"}, {"plan", "plan_finish"}, {"plan", "data_date"},
	{"plan", "tasks"}, {"plan", "findings"}, {"baseline", "plan_start"},
	{"baseline", "plan_finish"}, {"baseline", "approved"}, {"milestone", "computed"},
	{"project", "computed_finish"}};

int planning_kept(const char *reg, const char *out[PLANNING_KEPT_MOST])
{
	int n = 0;
	for (size_t k = 0; k < countof(kept); k++)
		if (strcmp(kept[k].reg, reg) == 0) {
			assert(n < PLANNING_KEPT_MOST);
			out[n++] = kept[k].field;
		}
	return n;
}

struct value *named_value(struct record *r, const char *field)
{
	const struct field *f = register_field(r->reg, field);
	static struct value none = VALUE_NONE;
	return f ? &r->values[f->index] : &none;
}

struct date named_date(const struct record *r, const char *field)
{
	const struct field *f = register_field(r->reg, field);
	return f && r->values[f->index].kind == VALUE_INT
		? (struct date){(int32_t)r->values[f->index].i}
		: DATE_NONE;
}

struct value date_value(struct date d)
{
	return date_is_none(d) ? VALUE_NONE : (struct value){.kind = VALUE_INT, .i = d.day};
}

static struct value count_value(int64_t n)
{
	return (struct value){.kind = VALUE_INT, .i = n};
}

static bool is(const struct draft *d, const char *reg)
{
	return strcmp(d->reg->name, reg) == 0;
}

static struct uuid project_of(const struct draft *d)
{
	const struct value *v = named_value(d->after, "project");
	return v->kind == VALUE_ID ? v->id : (struct uuid){{0}};
}

/* ---- Reading ------------------------------------------------------------------------------------------------- */

bool planned_body(
	struct app *app, struct arena *a, struct slice file_id, struct plan *out, struct err *err)
{
	struct uuid id;
	struct file_row row;
	struct slice bytes;

	if (!uuid_parse(file_id, &id) || !file_get(app->store, a, id, &row, err))
		return err_set(
			err, ERR_INPUT, "body", "there is no uploaded file \"%s\"", arena_text(a, file_id));
	if (!file_read(app->store, a, &row, &bytes, err))
		return false;
	if (!plan_json_read(a, bytes, out, err))
		return err_in(err, "body");
	if (out->ntasks > PLAN_MOST_TASKS || out->nlinks > PLAN_MOST_LINKS)
		return err_set(err, ERR_LIMIT, "body", "a plan has at most %d tasks and %d links",
			PLAN_MOST_TASKS, PLAN_MOST_LINKS);
	return true;
}

bool plan_record_of(
	struct app *app, struct arena *a, struct uuid project, struct record **out, struct err *err)
{
	const struct board *b = app->board;
	int projects = board_table_named(b, "project"), plans = board_table_named(b, "plan");
	int32_t row = board_row(board_table(b, projects), project);

	*out = NULL;
	for (int32_t child = row < 0 ? -1 : board_first_child(b, projects, row, plans); child >= 0;
		 child = board_next_child(b, plans, child))
		if (board_alive(board_table(b, plans), child))
			return store_get(app->store, a, catalogue_find(app_catalogue(app), "plan"),
				board_id(board_table(b, plans), child), out, err);
	return true;
}

static struct date cell_date(const struct board_table *t, const char *column, int32_t row)
{
	int c = board_column_named(t, column);
	int64_t day = c < 0 ? NOTHING64 : column_number(board_column(t, c), row);
	return day == NOTHING64 ? DATE_NONE : (struct date){(int32_t)day};
}

/* The draft that writes this record in this batch, or NULL. */
static const struct draft *on_its_way(const struct work *w, struct uuid id)
{
	for (int i = w ? w->n - 1 : -1; i >= 0; i--)
		if (uuid_equal(w->drafts[i].id, id))
			return &w->drafts[i];
	return NULL;
}

static bool node_of(struct app *app, const struct work *w, struct uuid id, struct reached *out)
{
	const struct board_table *t =
		board_table(app->board, board_table_named(app->board, "milestone"));
	const struct draft *d = on_its_way(w, id);
	int32_t row = board_row(t, id);

	if (d) {
		out->started = named_date(d->after, "actual_start");
		out->finished = named_date(d->after, "actual");
		return d->verb != WRITE_DELETE;
	}
	if (row < 0 || !board_alive(t, row))
		return false;
	out->started = cell_date(t, "actual_start", row);
	out->finished = cell_date(t, "actual", row);
	return true;
}

static int by_day(const void *left, const void *right)
{
	const struct site_report *l = left, *r = right;
	if (l->until.day != r->until.day)
		return l->until.day - r->until.day;
	if (l->percent != r->percent)
		return l->percent - r->percent;
	return strcmp(l->stage ? l->stage : "", r->stage ? r->stage : "");
}

static struct site_report said_in(struct arena *a, struct record *r)
{
	const struct value *stage = named_value(r, "stage"), *unit = named_value(r, "physical_unit"),
					   *percent = named_value(r, "work_completed"),
					   *quantity = named_value(r, "physical_total");
	return (struct site_report){.until = named_date(r, "period"),
		.stage = stage->kind == VALUE_TEXT ? arena_text(a, stage->text) : NULL,
		.percent = percent->kind == VALUE_INT ? (int32_t)percent->i : -1,
		.quantity = quantity->kind == VALUE_INT ? quantity->i : -1,
		.unit = unit->kind == VALUE_TEXT ? arena_text(a, unit->text) : NULL};
}

static int64_t cell_number(const struct board_table *t, const char *column, int32_t row)
{
	int c = board_column_named(t, column);
	int64_t n = c < 0 ? NOTHING64 : column_number(board_column(t, c), row);
	return n == NOTHING64 ? -1 : n;
}

static const char *cell_word(
	struct arena *a, const struct board_table *t, const char *column, int32_t row)
{
	int c = board_column_named(t, column);
	struct slice word = c < 0 ? (struct slice){0} : column_word(board_column(t, c), row);
	return word.s ? arena_text(a, word) : NULL;
}

static struct site_report said_on_board(struct arena *a, const struct board_table *t, int32_t row)
{
	return (struct site_report){.until = cell_date(t, "period", row),
		.stage = cell_word(a, t, "stage", row),
		.percent = (int32_t)cell_number(t, "work_completed", row),
		.quantity = cell_number(t, "physical_total", row),
		.unit = cell_word(a, t, "physical_unit", row)};
}

static bool counts_on_board(struct arena *a, const struct board_table *t, int32_t row)
{
	return board_alive(t, row) &&
		report_counts_in(board_register(t), cell_word(a, t, "state", row));
}

/* The project's reports that count, by day: those on the board, and over them what is on its way. */
static struct site_report *reports_of(
	struct app *app, struct arena *a, const struct work *w, struct uuid project, int32_t *n)
{
	const struct board *b = app->board;
	int projects = board_table_named(b, "project"), reports = board_table_named(b, "report");
	const struct board_table *t = board_table(b, reports);
	int32_t row = board_row(board_table(b, projects), project),
			first = row < 0 ? -1 : board_first_child(b, projects, row, reports);
	size_t room = w ? (size_t)w->n : 0;

	for (int32_t r = first; r >= 0; r = board_next_child(b, reports, r))
		room++;
	struct site_report *list = ARENA_ARRAY(a, struct site_report, room + 1);
	*n = 0;
	for (int32_t r = first; r >= 0; r = board_next_child(b, reports, r))
		if (counts_on_board(a, t, r) && !on_its_way(w, board_id(t, r)))
			list[(*n)++] = said_on_board(a, t, r);
	for (int i = 0; w && i < w->n; i++) {
		const struct draft *d = &w->drafts[i];
		if (is(d, "report") && d->verb != WRITE_DELETE && uuid_equal(project_of(d), project) &&
			report_counts_in(d->reg, d->after->state))
			list[(*n)++] = said_in(a, d->after);
	}
	int32_t dated = 0;
	for (int32_t i = 0; i < *n; i++)
		if (!date_is_none(list[i].until))
			list[dated++] = list[i];
	*n = dated;
	qsort(list, (size_t)dated, sizeof(*list), by_day);
	return list;
}

/* The calendar that the project's plan follows, with what is on its way. */
static const struct calendar *calendar_for(
	struct app *app, const struct work *w, struct uuid project)
{
	const struct draft *d = on_its_way(w, project);
	if (d)
		return app_clocks_of_draft(w, d).calendar;
	int table = board_table_named(app->board, "project");
	return calendars_of_row(w && w->calendars ? w->calendars : app->calendars, app->board, table,
		board_row(board_table(app->board, table), project));
}

static struct date day_of(struct moment m)
{
	return moment_is_none(m) ? DATE_NONE : moment_date(m);
}

bool planned_make(struct app *app, struct arena *a, const struct work *w, struct uuid project,
	const struct plan *body, struct planned *out, struct err *err)
{
	struct reached *reached = ARENA_ARRAY(a, struct reached, (size_t)body->ntasks);
	struct moment first = MOMENT_NONE, last = MOMENT_NONE;
	int32_t n = 0;

	*out =
		(struct planned){.bare = *body, .tied = ARENA_ARRAY(a, struct tied, (size_t)body->ntasks)};
	plan_follow_office(a, &out->bare, calendar_for(app, w, project), LANG_ZH);
	for (int32_t i = 0; i < body->ntasks; i++) {
		struct uuid id;
		reached[n] = (struct reached){.task = i};
		if (body->tasks[i].milestone && uuid_parse(slice_of(body->tasks[i].milestone), &id) &&
			node_of(app, w, id, &reached[n])) {
			out->tied[out->ntied++] = (struct tied){i, id};
			n++;
		}
	}
	struct site_facts facts = {.nreached = n, .reached = reached};
	facts.reports = reports_of(app, a, w, project, &facts.nreports);
	out->plan = plan_with_progress(a, &out->bare, &facts);
	if (!sched_run(a, &out->plan, NULL, &out->schedule, err))
		return err_in(err, "body");
	for (int32_t i = 0; i < body->ntasks; i++) {
		const struct task_dates *d = &out->schedule.tasks[i];
		if (!moment_is_none(d->start) && (moment_is_none(first) || d->start.tick < first.tick))
			first = d->start;
		if (!moment_is_none(d->finish) && (moment_is_none(last) || d->finish.tick > last.tick))
			last = d->finish;
	}
	out->start = day_of(first);
	out->finish = day_of(last);
	if (body->nprojects && !moment_is_none(out->plan.projects[0].data_date))
		out->data_date = (struct date){moment_date(out->plan.projects[0].data_date).day - 1};
	else
		out->data_date = DATE_NONE;
	return true;
}

bool plan_keep_body(struct app *app, struct arena *a, const struct person *person,
	struct slice bytes, struct value *out, struct err *err)
{
	struct file_row row = {.name = "plan.json",
		.type = "application/json",
		.by = person->account,
		.at = app_now(app),
		.taken_at = INSTANT_NONE};
	char *text = arena_alloc(a, UUID_TEXT);

	if (!file_put(app->store, bytes, &row, err))
		return false;
	uuid_format(row.id, text);
	*out = (struct value){.kind = VALUE_TEXT, .text = slice_of(text)};
	return true;
}

/* ---- What follows -------------------------------------------------------------------------------------------- */

/* A value the program keeps, on the draft that changes the record already or on one of its own. */
static bool keep(
	struct work *w, struct record *record, const char *field, struct value value, struct err *err)
{
	const struct field *f = register_field(record->reg, field);
	struct draft *d = NULL;

	for (int i = 0; i < w->n && !d; i++)
		if (uuid_equal(w->drafts[i].id, record->id))
			d = &w->drafts[i];
	if (!f || value_equal(d ? &d->after->values[f->index] : &record->values[f->index], &value))
		return true;
	if (d) {
		d->kept = true;
		draft_set(w, d, f, value);
		return true;
	}
	d = draft_new(w, WRITE_UPDATE, record->reg, record);
	d->ruled = true;
	draft_set(w, d, f, value);
	return draft_check(w, w->n - 1, NULL, err);
}

static bool keep_of(struct work *w, const char *reg, struct uuid id, const char *field,
	struct value value, struct err *err)
{
	const struct register_def *def = catalogue_find(app_catalogue(w->app), reg);
	const struct draft *d = on_its_way(w, id);
	struct record *record = d ? d->after : NULL;

	if (d && d->verb == WRITE_DELETE)
		return true;
	if (!record && !store_get(w->app->store, w->a, def, id, &record, err))
		return false;
	return keep(w, record, field, value, err);
}

static void set_own(struct work *w, struct draft *d, const struct planned *p)
{
	const struct {
		const char *field;
		struct value value;
	} own[] = {{"plan_start", date_value(p->start)}, {"plan_finish", date_value(p->finish)},
		{"data_date", date_value(p->data_date)}, {"tasks", count_value(p->plan.ntasks)},
		{"findings", count_value(p->schedule.findings.n)}};
	for (size_t i = 0; i < countof(own); i++) {
		const struct field *f = register_field(d->reg, own[i].field);
		if (f && !value_equal(&d->after->values[f->index], &own[i].value))
			draft_set(w, d, f, own[i].value);
	}
}

bool planning_before(struct work *w, int i, struct err *err)
{
	struct draft *d = &w->drafts[i];
	struct planned planned;
	struct plan body;

	for (size_t k = 0; !d->ruled && !d->kept && d->verb != WRITE_DELETE && k < countof(kept); k++)
		for (int f = 0; is(d, kept[k].reg) && f < d->n; f++)
			if (strcmp(d->fields[f]->name, kept[k].field) == 0)
				return err_set(err, ERR_INPUT, kept[k].field,
					"\"%s\" is computed and cannot be entered", kept[k].field);
	if ((!is(d, "plan") && !is(d, "baseline")) || d->ruled || d->verb == WRITE_DELETE)
		return true;
	const struct value *file = named_value(d->after, "body");
	if (file->kind != VALUE_TEXT)
		return true; /* the check of required fields says so */
	if (d->before && value_equal(named_value(d->before, "body"), file))
		return true;
	if (d->before && is(d, "plan") && strcmp(d->before->state, "in_force") == 0 &&
		(!d->reason || !*d->reason))
		return err_set(
			err, ERR_INPUT, "reason", "a plan in force is changed with a reason, or revised first");
	if (!planned_body(w->app, w->a, file->text, &body, err) ||
		!planned_make(w->app, w->a, w, project_of(d), &body, &planned, err))
		return false;
	set_own(w, d, &planned);
	return true;
}

static bool keep_baseline(struct work *w, int i, const struct planned *p, struct err *err)
{
	const struct register_def *reg = catalogue_find(app_catalogue(w->app), "baseline");
	struct record *plan = w->drafts[i].after;
	struct draft *d = draft_new(w, WRITE_CREATE, reg, NULL);
	struct str title = STR_INIT;

	d->ruled = true;
	str_puts(&title, "批准 ");
	date_format(&title, instant_date(w->now, w->app->offset_minutes));
	draft_set(w, d, register_field(reg, "project"), *named_value(plan, "project"));
	draft_set(w, d, register_field(reg, "title"),
		(struct value){.kind = VALUE_TEXT, .text = arena_slice(w->a, str_view(&title))});
	draft_set(w, d, register_field(reg, "body"), *named_value(plan, "body"));
	draft_set(w, d, register_field(reg, "plan_start"), date_value(p->start));
	draft_set(w, d, register_field(reg, "plan_finish"), date_value(p->finish));
	draft_set(w, d, register_field(reg, "approved"), count_value(1));
	str_free(&title);
	return draft_check(w, w->n - 1, NULL, err);
}

/* The plan went: nothing is worked out any more. */
static bool forget(struct work *w, struct uuid project, const struct plan *body, struct err *err)
{
	for (int32_t t = 0; t < body->ntasks; t++) {
		struct uuid id;
		struct reached ignored;
		if (body->tasks[t].milestone && uuid_parse(slice_of(body->tasks[t].milestone), &id) &&
			node_of(w->app, w, id, &ignored) &&
			!keep_of(w, "milestone", id, "computed", VALUE_NONE, err))
			return false;
	}
	return keep_of(w, "project", project, "computed_finish", VALUE_NONE, err);
}

bool planning_follow(struct work *w, struct uuid project, struct record *plan,
	const struct planned *p, struct err *err)
{
	for (int t = 0; t < p->ntied; t++)
		if (!keep_of(w, "milestone", p->tied[t].milestone, "computed",
				date_value(day_of(p->schedule.tasks[p->tied[t].task].finish)), err))
			return false;
	return keep_of(w, "project", project, "computed_finish", date_value(p->finish), err) &&
		keep(w, plan, "plan_start", date_value(p->start), err) &&
		keep(w, plan, "plan_finish", date_value(p->finish), err) &&
		keep(w, plan, "data_date", date_value(p->data_date), err);
}

static bool counts(const struct draft *d, const struct record *r)
{
	return r && report_counts_in(d->reg, r->state);
}

static bool sets_one_of(const struct draft *d, const char *const *fields, size_t n)
{
	for (int f = 0; f < d->n; f++)
		for (size_t k = 0; k < n; k++)
			if (strcmp(d->fields[f]->name, fields[k]) == 0)
				return true;
	return false;
}

/* A milestone or report whose news can move dates, or a project that comes to lie under another calendar. */
static bool is_news(const struct draft *d)
{
	static const char *const fields[] = {"actual", "actual_start", "period", "stage",
		"work_completed", "physical_total", "physical_unit"};
	static const char *const places[] = {"area", "lead_unit"};
	bool before = d->verb != WRITE_UNDELETE && counts(d, d->before),
		 now = d->verb != WRITE_DELETE && counts(d, d->after);

	if (is(d, "project"))
		return d->verb == WRITE_UPDATE && sets_one_of(d, places, countof(places));
	if (!is(d, "milestone") && (!is(d, "report") || (!before && !now)))
		return false;
	if (d->verb == WRITE_DELETE || d->verb == WRITE_UNDELETE || (is(d, "report") && before != now))
		return true;
	return sets_one_of(d, fields, countof(fields));
}

bool planning_after(struct work *w, int i, struct err *err)
{
	const struct draft *d = &w->drafts[i];
	bool is_plan = is(d, "plan"), gone = d->verb == WRITE_DELETE,
		 approved = is_plan && d->step && strcmp(d->step->name, "approve") == 0;
	struct uuid project = is(d, "project") ? d->id : project_of(d);
	struct record *plan = d->after;
	struct planned planned;
	struct plan body;

	if (is(d, "calendar_day")) {
		w->days_moved = true; /* work_settle() lets the plans follow */
		return true;
	}
	if (d->ruled || uuid_is_nil(project) || (!is_plan && !is_news(d)))
		return true;
	if (!is_plan && !plan_record_of(w->app, w->a, project, &plan, err))
		return false;
	if (!plan || named_value(plan, "body")->kind != VALUE_TEXT)
		return true;
	if (!planned_body(w->app, w->a, named_value(plan, "body")->text, &body, err))
		return false;
	if (is_plan && gone)
		return forget(w, project, &body, err);
	return planned_make(w->app, w->a, w, project, &body, &planned, err) &&
		(!approved || keep_baseline(w, i, &planned, err)) &&
		planning_follow(w, project, plan, &planned, err);
}
