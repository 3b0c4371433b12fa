/*
 * The chance of the year's target over the portfolio: of the milestones planned in a year, tied to plans, a share is to
 * be reached by its end. Sample by sample the plans are counted together, so nodes of one plan stand and fall together
 * and projects do not. A project moves the chance by what it would rise if all its nodes were certain.
 */
#include <stdlib.h>

#include "app/access.h"
#include "app/planning_inside.h"

enum { SAMPLES = 1024, MOVERS = 5 };

struct node {
	int32_t task;
	int kind; /* in the choices of the register's kind */
	bool reached;
};

struct member {
	struct uuid project;
	const char *title;
	int32_t nnodes;
	struct node *nodes;
	int16_t *in_time; /* [SAMPLES] nodes reached within the year */
	int64_t expected, gain;
};

struct year {
	struct app *app;
	struct arena *a;
	int year;
	struct moment end;
	int32_t n;
	struct member *members;
	int32_t total, reached, without_plan;
	int32_t *in_time; /* [SAMPLES] over all */
	const struct field *kind;
	int32_t *kind_total, *kind_reached, *kind_all; /* by choice; kind_all: samples with all of it */
	int64_t *kind_expected;
	int32_t *kind_now; /* [choices * SAMPLES] */
};

static int64_t cell(const struct board_table *t, const char *name, int32_t row)
{
	int c = board_column_named(t, name);
	return c < 0 ? NOTHING64 : column_number(board_column(t, c), row);
}

static int kind_of(const struct year *y, const struct board_table *t, int32_t row)
{
	struct slice word = column_word(board_column(t, board_column_named(t, "kind")), row);
	for (int i = 0; word.s && i < y->kind->nchoices; i++)
		if (slice_is(word, y->kind->choices[i].name))
			return i;
	return -1;
}

/* Is it a node of the year that counts? */
static bool of_year(const struct year *y, const struct board_table *t, int32_t row)
{
	int64_t planned = cell(t, "planned", row);
	struct slice state = column_word(board_column(t, board_column_named(t, "state")), row);
	return board_alive(t, row) && planned != NOTHING64 &&
		date_year((struct date){(int32_t)planned}) == y->year && kind_of(y, t, row) >= 0 &&
		!slice_is(state, "cancelled");
}

/* Projects with a plan in sight, under the read lock. */
static bool find_members(struct year *y, const struct person *person, struct err *err)
{
	const struct board *b = y->app->board;
	int plans = board_table_named(b, "plan");
	const struct board_table *t = board_table(b, plans), *projects = board_projects(b);
	struct query_scope scope;

	if (!may_list(b, y->a, person, VERB_READ, board_register(t), &scope, err))
		return false;
	y->members = ARENA_ARRAY(y->a, struct member, (size_t)board_rows(t) + 1);
	for (int32_t row = 0; row < board_rows(t); row++) {
		int32_t project = board_project_of(b, plans, row);
		if (!board_alive(t, row) || project < 0 || !board_alive(projects, project) ||
			!scope_sees(b, plans, row, &scope))
			continue;
		y->members[y->n++] = (struct member){.project = board_id(projects, project),
			.title = arena_text(y->a, board_title(projects, project))};
	}
	return true;
}

/* Nodes of the year in sight whose project has no plan. */
static bool count_without(struct year *y, const struct person *person, struct err *err)
{
	const struct board *b = y->app->board;
	int table = board_table_named(b, "milestone"), plans = board_table_named(b, "plan"),
		projects = board_table_named(b, "project");
	const struct board_table *t = board_table(b, table);
	struct query_scope scope;

	if (!may_list(b, y->a, person, VERB_READ, board_register(t), &scope, err))
		return false;
	for (int32_t row = 0; row < board_rows(t); row++) {
		int32_t project = board_project_of(b, table, row), plan = -1;
		if (project < 0 || !of_year(y, t, row) || !scope_sees(b, table, row, &scope))
			continue;
		for (plan = board_first_child(b, projects, project, plans);
			 plan >= 0 && !board_alive(board_table(b, plans), plan);
			 plan = board_next_child(b, plans, plan))
			;
		y->without_plan += plan < 0;
	}
	return true;
}

/* The member's plan and its nodes of the year. Under the read lock. */
static bool read_member(struct year *y, struct member *m, struct planned *p, struct err *err)
{
	const struct board *b = y->app->board;
	const struct board_table *t = board_table(b, board_table_named(b, "milestone"));
	struct record *record;
	struct plan body;

	*p = (struct planned){.data_date = DATE_NONE};
	if (!plan_record_of(y->app, y->a, m->project, &record, err))
		return false;
	if (!record)
		return true; /* it went meanwhile */
	if (!planned_body(y->app, y->a, named_value(record, "body")->text, &body, err) ||
		!planned_make(y->app, y->a, NULL, m->project, &body, p, err))
		return false;
	m->nodes = ARENA_ARRAY(y->a, struct node, (size_t)p->ntied + 1);
	for (int i = 0; i < p->ntied; i++) {
		int32_t row = board_row(t, p->tied[i].milestone);
		if (row >= 0 && of_year(y, t, row))
			m->nodes[m->nnodes++] = (struct node){
				p->tied[i].task, kind_of(y, t, row), cell(t, "actual", row) != NOTHING64};
	}
	return true;
}

/* Counts the member's nodes in every sample. */
static bool count_member(struct year *y, struct member *m, const struct planned *p, struct err *err)
{
	struct plan_drawn d;

	m->in_time = ARENA_ARRAY(y->a, int16_t, SAMPLES);
	if (!plan_draw(y->a, &p->plan, m->project, SAMPLES, false, &d, err))
		return false;
	for (int32_t i = 0; i < m->nnodes; i++) {
		const struct node *n = &m->nodes[i];
		int32_t row = risk_row(d.engine, n->task);
		bool by_dates = row < 0 && p->schedule.tasks[n->task].finish.tick <= y->end.tick;
		y->kind_total[n->kind]++;
		y->kind_reached[n->kind] += n->reached;
		y->reached += n->reached;
		for (int64_t k = 0; k < SAMPLES; k++) {
			bool in_time = n->reached || by_dates ||
				(row >= 0 &&
					risk_moment(d.engine, row, d.samples.finish[row * d.samples.nsamples + k])
							.tick <= y->end.tick);
			m->in_time[k] = (int16_t)(m->in_time[k] + in_time);
			y->in_time[k] += in_time;
			m->expected += in_time;
			y->kind_expected[n->kind] += in_time;
			y->kind_now[n->kind * SAMPLES + k] += in_time;
		}
	}
	y->total += m->nnodes;
	return true;
}

static int64_t chance_of(const struct year *y, int32_t need, const struct member *certain)
{
	int64_t fine = 0;
	for (int k = 0; k < SAMPLES; k++)
		fine += y->in_time[k] + (certain ? certain->nnodes - certain->in_time[k] : 0) >= need;
	return fine * 10000 / SAMPLES;
}

static int by_gain(const void *left, const void *right)
{
	const struct member *l = left, *r = right;
	int64_t lost = l->nnodes * (int64_t)SAMPLES - l->expected,
			other = r->nnodes * (int64_t)SAMPLES - r->expected;
	if (l->gain != r->gain)
		return l->gain > r->gain ? -1 : 1;
	if (lost != other)
		return lost > other ? -1 : 1;
	return uuid_compare(l->project, r->project);
}

static void put_kinds(struct json_writer *w, const struct year *y, enum lang lang)
{
	jw_key(w, "kinds");
	jw_array(w);
	for (int i = 0; i < y->kind->nchoices; i++) {
		int64_t all = 0;
		if (!y->kind_total[i])
			continue;
		for (int k = 0; k < SAMPLES; k++)
			all += y->kind_now[i * SAMPLES + k] == y->kind_total[i];
		jw_object(w);
		jw_kt(w, "kind", y->kind->choices[i].name);
		jw_kt(w, "label", label_in(y->kind->choices[i].label, lang));
		jw_ki(w, "total", y->kind_total[i]);
		jw_ki(w, "reached", y->kind_reached[i]);
		jw_key(w, "expected");
		jw_decimal(w, y->kind_expected[i] * 10 / SAMPLES, 1);
		jw_key(w, "all_chance_pct");
		jw_decimal(w, all * 10000 / SAMPLES, 2);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void put_movers(struct json_writer *w, struct year *y, int32_t need)
{
	int64_t now = chance_of(y, need, NULL);

	for (int32_t i = 0; i < y->n; i++)
		y->members[i].gain = y->members[i].in_time ? chance_of(y, need, &y->members[i]) - now : 0;
	qsort(y->members, (size_t)y->n, sizeof(*y->members), by_gain);
	jw_key(w, "movers");
	jw_array(w);
	for (int32_t i = 0; i < y->n && i < MOVERS; i++) {
		const struct member *m = &y->members[i];
		int64_t lost = m->nnodes * (int64_t)SAMPLES - m->expected;
		if (lost == 0)
			break;
		jw_object(w);
		jw_kid(w, "project", m->project);
		jw_kt(w, "title", m->title);
		jw_ki(w, "nodes", m->nnodes);
		jw_key(w, "expected");
		jw_decimal(w, m->expected * 10 / SAMPLES, 1);
		jw_key(w, "gain_points");
		jw_decimal(w, m->gain, 2);
		jw_object_end(w);
	}
	jw_array_end(w);
}

/* The chance of at least so many, from the fewest there were in a sample to all. */
static void put_at_least(struct json_writer *w, const struct year *y)
{
	int32_t fewest = y->total;

	for (int k = 0; k < SAMPLES; k++)
		fewest = y->in_time[k] < fewest ? y->in_time[k] : fewest;
	jw_key(w, "at_least");
	jw_array(w);
	for (int32_t n = fewest; n <= y->total; n++) {
		jw_array(w);
		jw_int(w, n);
		jw_decimal(w, chance_of(y, n, NULL), 2);
		jw_array_end(w);
	}
	jw_array_end(w);
}

static void put_year(struct json_writer *w, struct year *y, int share, enum lang lang)
{
	int32_t need = (y->total * share + 99) / 100;
	int64_t expected = 0;

	for (int k = 0; k < SAMPLES; k++)
		expected += y->in_time[k];
	jw_object(w);
	jw_ki(w, "year", y->year);
	jw_ki(w, "samples", SAMPLES);
	jw_ki(w, "plans", y->n);
	jw_ki(w, "share", share);
	jw_ki(w, "total", y->total);
	jw_ki(w, "need", need);
	jw_ki(w, "reached", y->reached);
	jw_ki(w, "without_plan", y->without_plan);
	jw_key(w, "expected");
	jw_decimal(w, expected * 10 / SAMPLES, 1);
	jw_key(w, "chance_pct");
	if (y->total)
		jw_decimal(w, chance_of(y, need, NULL), 2);
	else
		jw_null(w);
	put_kinds(w, y, lang);
	put_at_least(w, y);
	put_movers(w, y, need);
	jw_object_end(w);
}

static bool begin_year(struct year *y, const struct person *person, struct err *err)
{
	struct app *app = y->app;
	const struct register_def *reg = catalogue_find(app_catalogue(app), "milestone");

	if (!y->year)
		y->year = date_year(app_today(app));
	y->end = moment_of(date_from_ymd(y->year + 1, 1, 1), 0);
	y->kind = register_field(reg, "kind");
	size_t n = (size_t)y->kind->nchoices + 1;
	y->in_time = ARENA_ARRAY(y->a, int32_t, SAMPLES);
	y->kind_total = ARENA_ARRAY(y->a, int32_t, n);
	y->kind_reached = ARENA_ARRAY(y->a, int32_t, n);
	y->kind_expected = ARENA_ARRAY(y->a, int64_t, n);
	y->kind_now = ARENA_ARRAY(y->a, int32_t, n * SAMPLES);
	app_read_lock(app);
	bool fine = find_members(y, person, err) && count_without(y, person, err);
	app_unlock(app);
	return fine;
}

bool planning_year_risk(struct app *app, struct arena *a, const struct person *person, int year,
	int share, struct str *out, struct err *err)
{
	struct year y = {.app = app, .a = a, .year = year};

	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!begin_year(&y, person, err))
		return false;
	for (int32_t i = 0; i < y.n; i++) {
		struct planned p;
		app_read_lock(app);
		bool fine = read_member(&y, &y.members[i], &p, err);
		app_unlock(app);
		if (!fine || (y.members[i].nnodes && !count_member(&y, &y.members[i], &p, err)))
			return false;
	}
	struct json_writer w = jw_start(out);
	put_year(&w, &y, share, person->lang);
	jw_end(&w);
	return true;
}
