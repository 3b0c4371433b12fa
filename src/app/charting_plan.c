/* What stands on the chart of one project: the tasks of its plan with the facts beside the approved baseline, or, where
 * there is no plan, its milestones. */
#include "app/charting_inside.h"
#include "app/detail.h"
#include "app/planning_inside.h"

#include <stdlib.h>

static struct date day_of(struct moment m)
{
	return moment_is_none(m) ? DATE_NONE : moment_date(m);
}

/* The last day something takes: what ends at midnight ends the day before. */
static struct date last_day(struct moment m)
{
	struct date d = day_of(m);
	if (!date_is_none(d) && m.tick % TICKS_PER_DAY == 0)
		d.day--;
	return d;
}

static void put_ghost(
	const struct planned_before *ghost, const char *id, struct date *start, struct date *finish)
{
	for (int32_t i = 0; ghost->plan && i < ghost->plan->ntasks; i++)
		if (strcmp(ghost->plan->tasks[i].id, id) == 0) {
			*start = day_of(ghost->schedule->tasks[i].start);
			*finish = last_day(ghost->schedule->tasks[i].finish);
			return;
		}
}

/* ---- tasks ---- */

static bool is_milestone(const struct plan_task *task)
{
	return task->type == TASK_START_MILESTONE || task->type == TASK_FINISH_MILESTONE;
}

/* Its code, where somebody gave it one. */
static const char *code_said(const struct plan_task *task)
{
	return task->code && *task->code && strcmp(task->code, task->name) != 0 &&
			strcmp(task->code, task->id) != 0
		? task->code
		: NULL;
}

static void task_row(struct arena *a, const struct planned *p, const struct planned_before *ghost,
	int32_t i, int indent, struct chart_row *out)
{
	const struct plan_task *task = &p->plan.tasks[i];
	const struct task_dates *d = &p->schedule.tasks[i];

	*out = (struct chart_row){.title = task->name,
		.note = code_said(task),
		.light = CHART_NO_LIGHT,
		.planned_start = DATE_NONE,
		.planned_finish = DATE_NONE,
		.baseline_start = DATE_NONE,
		.baseline_finish = DATE_NONE,
		.start = day_of(d->start),
		.finish = last_day(d->finish),
		.float_until = task->state == TASK_COMPLETE ? DATE_NONE : last_day(d->late_finish),
		.done = task->state == TASK_COMPLETE ? 10000 : task->percent,
		.started = task->state != TASK_NOT_STARTED,
		.finished = task->state == TASK_COMPLETE,
		.critical = d->critical && task->state != TASK_COMPLETE,
		.summary = task->type == TASK_SUMMARY,
		.indent = indent};
	put_ghost(ghost, task->id, &out->baseline_start, &out->baseline_finish);
	if (!is_milestone(task) || date_is_none(day_of(d->finish)))
		return;
	struct date day = day_of(d->finish);
	out->points = ARENA_NEW(a, struct chart_point);
	out->npoints = 1;
	out->points[0] = (struct chart_point){.day = day,
		.baseline = out->baseline_finish,
		.computed = DATE_NONE,
		.name = task->name,
		.done = task->state == TASK_COMPLETE};
	out->start = out->finish = day;
	out->float_until = out->baseline_start = out->baseline_finish = DATE_NONE;
	out->done = -1;
}

/* ---- the tree: work breakdown and outline as one, in the order of the plan, as on the page ---- */

struct branch {
	int32_t id, parent; /* a WBS element, or nwbs + a task; -1: the root */
	bool element;
	struct moment start, finish;
};

struct tree {
	const struct planned *planned;
	const struct planned_before *ghost;
	struct arena *a;
	struct branch *branches; /* by parent, when they are sorted; below one, tasks before elements */
	int32_t n;
	struct chart_group *group; /* that rows go into */
	int room;
};

static int by_parent(const void *x, const void *y)
{
	const struct branch *a = x, *b = y;
	if (a->parent != b->parent)
		return a->parent < b->parent ? -1 : 1;
	if (a->element != b->element)
		return a->element ? 1 : -1;
	return (a->id > b->id) - (a->id < b->id);
}

static void widen(struct branch *b, struct moment start, struct moment finish)
{
	if (moment_is_none(b->start) || (!moment_is_none(start) && start.tick < b->start.tick))
		b->start = start;
	if (moment_is_none(b->finish) || (!moment_is_none(finish) && finish.tick > b->finish.tick))
		b->finish = finish;
}

/* WBS elements that hold something last from their first task's start to the last one's finish. */
static void grow(struct tree *t)
{
	const struct plan *plan = &t->planned->plan;
	int32_t all = plan->nwbs + plan->ntasks;
	t->branches = ARENA_ARRAY(t->a, struct branch, (size_t)all + 1);
	for (int32_t w = 0; w < plan->nwbs; w++)
		t->branches[w] = (struct branch){w, plan->wbs[w].parent, true, MOMENT_NONE, MOMENT_NONE};
	t->n = plan->nwbs;
	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *task = &plan->tasks[i];
		const struct task_dates *d = &t->planned->schedule.tasks[i];
		if (task->inactive)
			continue;
		int32_t above = task->parent;
		while (above >= 0 && plan->tasks[above].inactive)
			above = plan->tasks[above].parent;
		t->branches[t->n++] = (struct branch){plan->nwbs + i,
			above >= 0 ? plan->nwbs + above : task->wbs, false, d->start, d->finish};
		for (int32_t w = task->wbs; w >= 0; w = plan->wbs[w].parent)
			widen(&t->branches[w], d->start, d->finish);
	}
	qsort(t->branches, (size_t)t->n, sizeof *t->branches, by_parent);
}

static int32_t first_of(const struct tree *t, int32_t parent)
{
	int32_t low = 0, high = t->n;
	while (low < high) {
		int32_t middle = low + (high - low) / 2;
		if (t->branches[middle].parent < parent)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_bare(const struct tree *t, const struct branch *b)
{
	return b->id < t->planned->plan.nwbs && moment_is_none(b->start) && moment_is_none(b->finish);
}

static struct chart_row *next_row(struct tree *t)
{
	struct chart_group *g = t->group;
	if (g->n == t->room) {
		int room = t->room ? t->room * 2 : 16;
		g->rows = arena_grow(t->a, g->rows, (size_t)t->room, (size_t)room, sizeof *g->rows);
		t->room = room;
	}
	return &g->rows[g->n++];
}

static void put_branch(struct tree *t, const struct branch *b, int indent)
{
	const struct plan *plan = &t->planned->plan;
	if (is_bare(t, b))
		return;
	struct chart_row *row = next_row(t);
	if (b->id >= plan->nwbs)
		task_row(t->a, t->planned, t->ghost, b->id - plan->nwbs, indent, row);
	else
		*row = (struct chart_row){.title = plan->wbs[b->id].name,
			.light = CHART_NO_LIGHT,
			.planned_start = DATE_NONE,
			.planned_finish = DATE_NONE,
			.baseline_start = DATE_NONE,
			.baseline_finish = DATE_NONE,
			.start = day_of(b->start),
			.finish = last_day(b->finish),
			.float_until = DATE_NONE,
			.done = -1,
			.summary = true,
			.indent = indent};
	for (int32_t i = first_of(t, b->id); i < t->n && t->branches[i].parent == b->id; i++)
		put_branch(t, &t->branches[i], indent + 1);
}

/* Where the headings stand: below elements that hold nothing but one other. */
static int32_t trunk(const struct tree *t)
{
	for (int32_t at = -1;;) {
		int32_t i = first_of(t, at), n = 0, only = -1;
		for (; i < t->n && t->branches[i].parent == at; i++)
			if (!is_bare(t, &t->branches[i])) {
				only = t->branches[i].id;
				n++;
			}
		if (n != 1 || only >= t->planned->plan.nwbs)
			return at;
		at = only;
	}
}

/* The elements at the trunk are headings; those deeper are rows with what they hold under them. */
static void plan_groups(
	struct arena *a, const struct planned *p, const struct planned_before *ghost, struct chart *out)
{
	const struct plan *plan = &p->plan;
	struct chart_group *groups = ARENA_ARRAY(a, struct chart_group, (size_t)plan->nwbs + 1);
	struct tree t = {.planned = p, .ghost = ghost, .a = a};

	grow(&t);
	int32_t root = trunk(&t), first = first_of(&t, root);
	out->groups = groups;
	t.group = groups; /* tasks without an element, under no heading */
	for (int32_t i = first; i < t.n && t.branches[i].parent == root; i++)
		if (t.branches[i].id >= plan->nwbs)
			put_branch(&t, &t.branches[i], 0);
	out->ngroups = groups[0].n > 0;
	for (int32_t i = first; i < t.n && t.branches[i].parent == root; i++) {
		const struct branch *b = &t.branches[i];
		if (b->id >= plan->nwbs || is_bare(&t, b))
			continue;
		t.group = &groups[out->ngroups++];
		t.group->title = plan->wbs[b->id].name;
		t.room = 0;
		for (int32_t k = first_of(&t, b->id); k < t.n && t.branches[k].parent == b->id; k++)
			put_branch(&t, &t.branches[k], 0);
	}
}

/* ---- no plan: the milestones ---- */

static void milestone_groups(
	struct arena *a, struct chart_point *points, int n, struct chart_row whole, struct chart *out)
{
	struct chart_group *group = ARENA_NEW(a, struct chart_group);
	group->n = n + 1;
	group->rows = ARENA_ARRAY(a, struct chart_row, (size_t)n + 1);
	whole.npoints = 0;
	whole.url = NULL;
	whole.note = NULL;
	group->rows[0] = whole;
	for (int i = 0; i < n; i++) {
		points[i].sign = NULL;
		group->rows[i + 1] = (struct chart_row){.title = points[i].name,
			.light = CHART_NO_LIGHT,
			.planned_start = DATE_NONE,
			.planned_finish = DATE_NONE,
			.baseline_start = DATE_NONE,
			.baseline_finish = DATE_NONE,
			.start = DATE_NONE,
			.finish = points[i].day,
			.float_until = DATE_NONE,
			.done = -1,
			.indent = 1,
			.points = &points[i],
			.npoints = 1};
	}
	out->groups = group;
	out->ngroups = 1;
}

struct gathered {
	struct record *plan;
	struct planned planned;
	struct planned_before ghost;
	struct chart_row whole;
	struct calendars *calendars;
	const struct calendar *calendar;
	int64_t journal;
};

/* Under the read lock. */
static bool gather(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct chart_ask *ask, struct gathered *out, struct err *err)
{
	const struct board *b = app->board;
	int table = board_table_named(b, "project");
	const struct board_table *t = board_table(b, table);
	int32_t row = board_row(t, project);
	struct plan body;

	chart_project_row(b, a, t, row, person->lang, ask->address, &out->whole);
	out->journal = board_journal(b);
	if (!plan_record_of(app, a, project, &out->plan, err) ||
		(out->plan &&
			(!planned_body(app, a, named_value(out->plan, "body")->text, &body, err) ||
				!planned_make(app, a, NULL, project, &body, &out->planned, err) ||
				!planned_before(app, a, project, &out->ghost, err))) ||
		!calendars_build(b, NULL, &out->calendars, err))
		return false;
	out->calendar = calendars_of_row(out->calendars, b, table, row);
	return true;
}

bool planning_chart(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct chart_ask *ask, struct str *out, struct err *err)
{
	bool en = person->lang == LANG_EN;
	const struct register_def *def;
	struct record *record;
	struct gathered g = {0};
	struct chart chart = {.dates = true};

	if (!record_to_read(app, a, person, "project", project, &def, &record, err))
		return false;
	app_read_lock(app);
	bool fine = gather(app, a, person, project, ask, &g, err);
	app_unlock(app);
	chart.journal = g.journal;
	fine = fine && chart_head(app, a, person, app_today(app), false, &chart, err);
	if (fine) {
		chart.calendar = g.calendar;
		chart.title = g.whole.title;
		chart.url = g.whole.url;
		chart.subtitle = arena_printf(a, "%s%s", g.whole.note ? g.whole.note : "",
			g.plan   ? ""
				: en ? " (milestones: there is no plan yet)"
					 : "（尚无计划，列出节点）");
		if (g.plan)
			plan_groups(a, &g.planned, &g.ghost, &chart);
		else
			milestone_groups(a, g.whole.points, g.whole.npoints, g.whole, &chart);
		fine = chart_write(a, &chart, ask, out, err);
	}
	calendars_close(g.calendars);
	return fine;
}
