/*
 * The wall in one answer. Whoever sees everything gets it from the rollups that the board keeps, and the text is kept until
 * the next change, so a thousand screens cost one. Everybody else's wall, and a wall of one unit or area, is added up from
 * the rows in sight.
 */
#include "app/wall.h"

#include "app/access.h"
#include "app/detail.h"
#include "app/past.h"
#include "app/recent.h"
#include "app/wall_sight.h"
#include "board/query.h"
#include "board/rollup.h"

#include <stdio.h>

#define CHANGES_SHOWN 30
#define STATES_MOST 64

struct tally {
	const struct rollup *sums; /* valid while its set or board is; NULL: nothing counted */
	int64_t count, lights[8], annual, completed, total, cumulative, issues_open, issues_overdue,
		projects_late, silent, never;
	struct date oldest, newest;
};

struct tallies {
	int32_t n;            /* keys -1 .. n - 2 */
	struct tally *by_key; /* at key + 1 */
};

static void from_rollup(struct tally *g, const struct rollup *r, struct age_of_data age)
{
	*g = (struct tally){
		.sums = r,
		.count = r->count,
		.annual = r->annual_plan_investment,
		.completed = r->completed_investment,
		.total = r->total_investment,
		.cumulative = r->cumulative_investment,
		.issues_open = r->issues_open,
		.issues_overdue = r->issues_overdue,
		.projects_late = r->projects_late,
		.silent = age.silent,
		.never = age.never,
		.oldest = age.oldest,
		.newest = age.newest,
	};
	memcpy(g->lights, r->lights, sizeof(g->lights));
}

/* set NULL: what the board keeps of all projects. */
static struct tallies groups_of(
	const struct board *b, const struct rollup_set *set, struct arena *a, enum dimension d)
{
	struct tallies out = {.n = set ? rollup_keys_in(set, d) : rollup_keys(b, d)};
	out.by_key = ARENA_ARRAY(a, struct tally, (size_t)out.n + 1);
	for (int32_t key = -1; key < out.n - 1; key++) {
		const struct rollup *r = set ? rollup_in(set, d, key) : rollup_get(b, d, key);
		if (r)
			from_rollup(
				&out.by_key[key + 1], r, set ? rollup_age_in(set, d, key) : rollup_age(b, d, key));
	}
	return out;
}

/* ---- writing ---- */

static void percent_key(struct json_writer *w, const char *key, int64_t hundredths)
{
	jw_key(w, key);
	if (hundredths == NOTHING64)
		jw_null(w);
	else
		jw_decimal(w, hundredths, 2);
}

static void group_members(struct json_writer *w, const struct tally *g, int64_t progress)
{
	int64_t share = share_percent(g->completed, g->annual);
	jw_ki(w, "count", g->count);
	light_counts_json(w, "lights", g->lights);
	jw_key(w, "sums");
	jw_object(w);
	jw_ki(w, "total_investment", g->total);
	jw_ki(w, "annual_plan_investment", g->annual);
	jw_ki(w, "completed_investment", g->completed);
	jw_object_end(w);
	percent_key(w, "plan_completion", share);
	percent_key(w, "variance", share == NOTHING64 ? NOTHING64 : share - progress);
	bool reported = g->count > g->never;
	jw_kd(w, "oldest_report", reported ? g->oldest : DATE_NONE);
	jw_kd(w, "newest_report", reported ? g->newest : DATE_NONE);
	jw_ki(w, "silent", g->silent);
	jw_ki(w, "never", g->never);
	jw_ki(w, "issues_open", g->issues_open);
	jw_ki(w, "issues_overdue", g->issues_overdue);
}

static void tree_key(
	struct json_writer *w, const struct board *b, const struct board_table *t, int32_t row)
{
	struct arena *a = arena_open();
	jw_kid(w, "id", board_id(t, row));
	jw_ks(w, "title", board_title(t, row));
	static const char *const kinds[] = {"kind", "level"};
	for (size_t i = 0; i < countof(kinds); i++) {
		int column = board_column_named(t, kinds[i]);
		if (column < 0)
			continue;
		jw_key(w, "kind");
		board_value_json(b, w, t, column, row);
		break;
	}
	int32_t parent = board_tree_parent(t, row);
	jw_key(w, "parent");
	if (parent >= 0)
		jw_uuid(w, board_id(t, parent));
	else
		jw_null(w);
	arena_close(a);
}

static void choice_key(struct json_writer *w, const struct board *b, enum dimension d, int32_t key)
{
	struct arena *a = arena_open();
	const struct field *field = rollup_field(b, d);
	const char *name = rollup_key_text(b, a, d, key);
	const struct choice *choice = field && name ? field_choice(field, name) : NULL;
	jw_kt(w, "key", name);
	jw_label(w, "label",
		choice ? choice->label : (struct label){name ? name : "未分类", name ? name : "none"});
	arena_close(a);
}

static void dimension_json(struct json_writer *w, const struct board *b, const char *name,
	enum dimension d, const struct tallies *groups, int64_t progress)
{
	const struct field *field = rollup_field(b, d);
	bool tree = d != DIMENSION_CATEGORY && d != DIMENSION_PROGRAMME;
	int table = tree && field && field->to ? board_table_named(b, field->to) : -1;
	jw_key(w, name);
	jw_array(w);
	for (int32_t key = -1; key < groups->n - 1; key++) {
		const struct tally *g = &groups->by_key[key + 1];
		if (g->count == 0)
			continue;
		jw_object(w);
		if (tree && key >= 0 && table >= 0) {
			tree_key(w, b, board_table(b, table), key);
		} else if (tree) {
			jw_kt(w, "id", NULL);
			jw_kt(w, "title", NULL);
			jw_kt(w, "kind", NULL);
			jw_kt(w, "parent", NULL);
		} else {
			choice_key(w, b, d, key);
		}
		group_members(w, g, progress);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static void figure(struct json_writer *w, const char *name, struct label label, int64_t value,
	const char *unit, const char *query)
{
	jw_object(w);
	jw_kt(w, "name", name);
	jw_label(w, "label", label);
	jw_ki(w, "value", value);
	jw_kt(w, "unit", unit);
	if (query)
		jw_kt(w, "query", query);
}

static void figures_json(
	struct json_writer *w, const struct tally *all, int64_t progress, int silent_days)
{
	int64_t share = share_percent(all->completed, all->annual);
	jw_key(w, "figures");
	jw_array(w);
	figure(w, "projects", (struct label){"项目", "Projects"}, all->count, "count", "");
	jw_object_end(w);
	figure(w, "total_investment", (struct label){"总投资", "Total investment"}, all->total, "money",
		"sort=-total_investment");
	jw_object_end(w);
	figure(w, "annual_plan_investment", (struct label){"年度计划投资", "Planned this year"},
		all->annual, "money", "filter=annual_plan_investment:gt:0");
	jw_object_end(w);
	figure(w, "completed_investment", (struct label){"本年完成投资", "Done this year"},
		all->completed, "money", "sort=plan_completion");
	percent_key(w, "percent", share);
	jw_kt(w, "beside", "time_progress");
	percent_key(w, "variance", share == NOTHING64 ? NOTHING64 : share - progress);
	jw_object_end(w);
	figure(w, "milestones_late", (struct label){"节点逾期项目", "With late milestones"},
		all->projects_late, "count", "filter=days_late:gt:0");
	jw_object_end(w);
	figure(w, "issues_open", (struct label){"未办结问题", "Open issues"}, all->issues_open, "count",
		"filter=issues_open:gt:0");
	jw_object_end(w);
	figure(w, "issues_overdue", (struct label){"逾期问题", "Overdue issues"}, all->issues_overdue,
		"count", "filter=issues_overdue:gt:0");
	jw_object_end(w);
	char silence[96];
	snprintf(silence, sizeof(silence), "filter=state:in:started,building;days_without_report:gt:%d",
		silent_days);
	figure(w, "silent", (struct label){"久未填报", "Silent"}, all->silent, "count", silence);
	jw_object_end(w);
	figure(w, "never", (struct label){"从未填报", "Never reported"}, all->never, "count",
		"filter=state:in:started,building;last_report:empty");
	jw_object_end(w);
	jw_array_end(w);
}

static void months_json(struct json_writer *w, const char *key, const int64_t *months)
{
	jw_key(w, key);
	jw_array(w);
	for (int m = 0; m < 12; m++)
		jw_int(w, months ? months[m] : 0);
	jw_array_end(w);
}

/* What was planned and done in each month of this year and of the year before. */
static void curve_json(
	struct json_writer *w, const struct rollup *sums, struct date day, int months_told)
{
	jw_key(w, "curve");
	jw_object(w);
	jw_ki(w, "year", date_year(day));
	jw_ki(w, "months", months_told);
	months_json(w, "planned", sums ? sums->planned + 12 : NULL);
	months_json(w, "done", sums ? sums->done + 12 : NULL);
	months_json(w, "planned_before", sums ? sums->planned : NULL);
	months_json(w, "done_before", sums ? sums->done : NULL);
	jw_object_end(w);
}

/* Projects by state, and how many of the year's starts and completions have come about. */
struct stages {
	int64_t count[STATES_MOST], total[STATES_MOST];
	int64_t starts, started, completions, completed;
};

static const struct column *column_or_null(const struct board_table *t, const char *name)
{
	int at = board_column_named(t, name);
	return at < 0 ? NULL : board_column(t, at);
}

static bool is_filled(const struct column *c, int32_t row)
{
	return c && column_number(c, row) != NOTHING64;
}

static int64_t number_or_zero(const struct column *c, int32_t row)
{
	return is_filled(c, row) ? column_number(c, row) : 0;
}

/* The choices of a column are numbered in the order of their definition. */
static int32_t choice_code(const struct column *c, const char *name)
{
	for (int i = 0; i < c->field->nchoices; i++)
		if (strcmp(c->field->choices[i].name, name) == 0)
			return i;
	return -2;
}

static void count_stages(const struct board *b, const uint64_t *bits, struct stages *out)
{
	const struct board_table *t = board_projects(b);
	int nstates = board_register(t)->nstates;
	const int32_t *states = board_column(t, board_column_named(t, "state"))->cells;
	const struct column *class = board_column(t, board_column_named(t, "class"));
	const struct column *total = column_or_null(t, "total_investment");
	const struct column *start = column_or_null(t, "actual_start");
	const struct column *finish = column_or_null(t, "actual_finish");
	int32_t new_start = choice_code(class, "new_start");
	int32_t completion = choice_code(class, "completion");
	for (int32_t row = 0; row < board_rows(t); row++) {
		if (bits && !bits[row / 64]) {
			row |= 63;
			continue;
		}
		if (!board_alive(t, row) || (bits && !(bits[row / 64] >> (row % 64) & 1)))
			continue;
		int32_t state = states[row], of_year = ((const int32_t *)class->cells)[row];
		if (state >= 0 && state < nstates && state < STATES_MOST) {
			out->count[state]++;
			out->total[state] += number_or_zero(total, row);
		}
		out->starts += of_year == new_start;
		out->started += of_year == new_start && is_filled(start, row);
		out->completions += of_year == completion;
		out->completed += of_year == completion && is_filled(finish, row);
	}
}

static void target(struct json_writer *w, const char *name, struct label label, int64_t planned,
	int64_t done, const char *query, const char *query_done)
{
	jw_object(w);
	jw_kt(w, "name", name);
	jw_label(w, "label", label);
	jw_ki(w, "planned", planned);
	jw_ki(w, "done", done);
	jw_kt(w, "query", query);
	jw_kt(w, "query_done", query_done);
	jw_object_end(w);
}

static void stages_json(struct json_writer *w, const struct board *b, const uint64_t *bits)
{
	const struct register_def *def = board_register(board_projects(b));
	struct stages all = {0};
	count_stages(b, bits, &all);
	jw_key(w, "stages");
	jw_array(w);
	for (int s = 0; s < def->nstates && s < STATES_MOST; s++) {
		jw_object(w);
		jw_kt(w, "state", def->states[s].name);
		jw_kb(w, "side", def->states[s].side);
		jw_ki(w, "count", all.count[s]);
		jw_ki(w, "total_investment", all.total[s]);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_key(w, "targets");
	jw_array(w);
	target(w, "starts", (struct label){"本年新开工", "To start this year"}, all.starts, all.started,
		"filter=class:eq:new_start", "filter=class:eq:new_start;actual_start:filled");
	target(w, "completions", (struct label){"本年竣工投产", "To finish this year"}, all.completions,
		all.completed, "filter=class:eq:completion",
		"filter=class:eq:completion;actual_finish:filled");
	jw_array_end(w);
}

struct wall {
	struct app *app;
	const struct person *person;
	struct view *view;
	const struct recent *recent;
	const uint64_t *bits;      /* NULL: everything */
	const struct rollup *kept; /* of just these, or NULL */
};

static void wall_json(const struct wall *wall, struct str *out)
{
	static const struct {
		const char *name;
		enum dimension d;
	} dimensions[] = {
		{"by_unit", DIMENSION_UNIT},
		{"by_area", DIMENSION_AREA},
		{"by_headquarters", DIMENSION_HEADQUARTERS},
		{"by_category", DIMENSION_CATEGORY},
		{"by_programme", DIMENSION_PROGRAMME},
	};
	const struct board *b = wall->view->board;
	struct arena *a = arena_open();
	int64_t progress = time_progress(wall->view->day, board_options(b));
	const struct rollup_set *set = wall->bits ? rollup_over(b, wall->bits, wall->kept) : NULL;
	struct tallies all = groups_of(b, set, a, DIMENSION_ALL);
	struct tally none = {0};
	/* one group: whichever key it has */
	const struct tally *whole = &none;
	for (int32_t i = 0; i < all.n; i++)
		if (all.by_key[i].count)
			whole = &all.by_key[i];
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_kd(&w, "as_of", wall->view->day);
	jw_ki(&w, "journal", board_journal(b));
	jw_kd(&w, "today", app_today(wall->app));
	jw_key(&w, "time_progress");
	jw_decimal(&w, progress, 4);
	jw_ki(&w, "silent_days", board_options(b)->silent_days);
	figures_json(&w, whole, progress, board_options(b)->silent_days);
	light_counts_json(&w, "lights", whole->lights);
	curve_json(&w, whole->sums, wall->view->day, months_ended(wall->view->day, board_options(b)));
	stages_json(&w, b, wall->bits);
	for (size_t i = 0; i < countof(dimensions); i++) {
		struct tallies g = groups_of(b, set, a, dimensions[i].d);
		dimension_json(&w, b, dimensions[i].name, dimensions[i].d, &g, progress);
	}
	recent_json(wall->app, b, wall->recent, wall->person, &w, CHANGES_SHOWN);
	jw_object_end(&w);
	jw_end(&w);
	rollup_set_close(set);
	arena_close(a);
}

/* ---- which rows ---- */

static bool is_asked(const char *id)
{
	return id && *id;
}

/* The row of the unit or area that a wall is narrowed to. */
static bool narrowed_to(
	const struct board *b, const char *reg, const char *id, int32_t *row, struct err *err)
{
	struct uuid wanted;
	int table = board_table_named(b, reg);
	*row = table >= 0 && uuid_parse(slice_of(id), &wanted)
		? board_row(board_table(b, table), wanted)
		: -1;
	return *row >= 0 || err_set(err, ERR_INPUT, reg, "there is no %s with the id \"%s\"", reg, id);
}

/* NULL in *out: everything. */
bool wall_rows_in_sight(const struct board *b, struct arena *a, const struct query_scope *scope,
	const struct wall_query *query, const uint64_t **out, struct err *err)
{
	const struct board_table *t = board_projects(b);
	bool unit = is_asked(query->unit), area = is_asked(query->area);
	int32_t row;
	int64_t count;
	struct query *q;
	*out = NULL;
	if (scope->all && !unit && !area)
		return true;
	if ((unit && !narrowed_to(b, "unit", query->unit, &row, err)) ||
		(area && !narrowed_to(b, "area", query->area, &row, err)))
		return false;
	const char *filter =
		arena_printf(a, "%s%s%s%s%s", unit ? "lead_unit:under:" : "", unit ? query->unit : "",
			unit && area ? ";" : "", area ? "area:under:" : "", area ? query->area : "");
	if (!query_parse_filter(a, b, board_table_named(b, "project"), filter, &q, err))
		return false;
	uint64_t *bits = query_bits(a, b, q, NULL, &count);
	for (int32_t word = 0; !scope->all && word <= (board_rows(t) - 1) / 64; word++)
		bits[word] &= scope->projects[word];
	*out = bits;
	return true;
}

/* What the board keeps of exactly these projects: of one unit or one area, for who sees all. NULL: nothing. */
static const struct rollup *kept_of(
	const struct board *b, const struct query_scope *scope, const struct wall_query *query)
{
	struct err ignored; /* it was found before */
	int32_t row;
	bool unit = is_asked(query->unit), area = is_asked(query->area);
	if (!scope->all || unit == area ||
		!narrowed_to(b, unit ? "unit" : "area", unit ? query->unit : query->area, &row, &ignored))
		return NULL;
	return rollup_get(b, unit ? DIMENSION_UNIT : DIMENSION_AREA, row);
}

/* The whole wall of the present is the same for all who see everything and may read the same registers. */
static uint32_t audience(const struct person *person)
{
	return person->system ? UINT32_MAX : person->roles;
}

static bool kept_wall(struct app *app, const struct person *person, struct str *out)
{
	pthread_mutex_lock(&app->wall_lock);
	bool fresh = app->wall_edition == app->board_edition &&
		app->wall_audience == audience(person) && app->wall.n;
	if (fresh)
		str_slice(out, str_view(&app->wall));
	pthread_mutex_unlock(&app->wall_lock);
	return fresh;
}

static void keep_wall(struct app *app, const struct person *person, struct slice text)
{
	pthread_mutex_lock(&app->wall_lock);
	str_clear(&app->wall);
	str_slice(&app->wall, text);
	app->wall_edition = app->board_edition;
	app->wall_audience = audience(person);
	pthread_mutex_unlock(&app->wall_lock);
}

bool app_wall_json(struct app *app, const struct person *person, const struct wall_query *query,
	struct str *out, struct err *err)
{
	const struct register_def *def;
	struct view view;
	if (!app_register_find(app, "project", &def, err) || !view_open(app, query->as_of, &view, err))
		return false;
	struct arena *a = arena_open();
	struct query_scope scope;
	struct wall wall = {app, person, &view, app->recent, NULL, NULL};
	bool done = may_list(view.board, a, person, VERB_READ, def, &scope, err) &&
		wall_rows_in_sight(view.board, a, &scope, query, &wall.bits, err);
	if (done && view.past) {
		struct recent *then = ARENA_NEW(a, struct recent);
		wall.recent = then;
		done = recent_load(then, app->store, view.past->journal, err);
	}
	if (done)
		wall.kept = kept_of(view.board, &scope, query);
	bool shared = done && !wall.bits && !view.past;
	if (done && !(shared && kept_wall(app, person, out))) {
		size_t from = out->n;
		wall_json(&wall, out);
		if (shared)
			keep_wall(app, person, (struct slice){out->s + from, out->n - from});
	}
	arena_close(a);
	view_close(app, &view);
	return done;
}
