/* Which milestone of the project each task of a new plan stands for: by what the plan before said, by name, by kind. */
#include <stdlib.h>

#include "app/planning_inside.h"

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

static void tie_name(struct arena *a, struct plan_task *task, struct mark *marks, int n)
{
	for (int k = 0; k < n && !task->milestone; k++)
		if (!marks[k].taken && slice_is(marks[k].name, task->name))
			tie(a, task, &marks[k]);
}

/* ---- A template ---------------------------------------------------------------------------------------------- */

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

void plan_tie_template(struct app *app, struct arena *a, struct uuid project,
	const struct plan_template *t, struct plan *plan)
{
	int n;
	struct mark *marks = marks_of(app, a, project, &n);

	for (int32_t i = 0; i < plan->ntasks; i++)
		if (is_open(t, plan, i, NULL))
			tie_name(a, &plan->tasks[i], marks, n);
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (is_open(t, plan, i, NULL))
			tie_kind(a, t, plan, t->tasks[i].node, marks, n);
}

/* ---- A file -------------------------------------------------------------------------------------------------- */

static int by_code(const void *left, const void *right)
{
	const struct plan_task *const *l = left, *const *r = right;
	return strcmp((*l)->code, (*r)->code);
}

/* What schedule files do not know stays with the task of the same code. */
static void carry(struct arena *a, const struct plan *before, struct plan *plan)
{
	const struct plan_task **known =
		ARENA_ARRAY(a, const struct plan_task *, (size_t)before->ntasks + 1);

	for (int32_t i = 0; i < before->ntasks; i++)
		known[i] = &before->tasks[i];
	qsort(known, (size_t)before->ntasks, sizeof(*known), by_code);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		struct plan_task *task = &plan->tasks[i];
		const struct plan_task *const *found = bsearch(&(const struct plan_task *){task}, known,
			(size_t)before->ntasks, sizeof(*known), by_code);
		if (!found)
			continue;
		task->milestone = task->milestone ? task->milestone : (*found)->milestone;
		task->stage = task->stage ? task->stage : (*found)->stage;
		task->unit = task->unit ? task->unit : (*found)->unit;
	}
}

void plan_tie_file(struct app *app, struct arena *a, struct uuid project, const struct plan *before,
	struct plan *plan)
{
	int n;
	struct mark *marks = marks_of(app, a, project, &n);
	struct uuid id;

	if (before)
		carry(a, before, plan);
	for (int32_t i = 0; i < plan->ntasks; i++)
		for (int k = 0; k < n && plan->tasks[i].milestone; k++)
			if (uuid_parse(slice_of(plan->tasks[i].milestone), &id) && uuid_equal(id, marks[k].id))
				marks[k].taken = true;
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (plan_is_node(&plan->tasks[i]))
			tie_name(a, &plan->tasks[i], marks, n);
}
