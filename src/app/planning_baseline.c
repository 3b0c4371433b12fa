/* A plan beside what was approved: the newest baseline, and what is earned of it. */
#include "app/planning_inside.h"
#include "base/map.h"
#include "intake/plan_results.h"

bool planned_before(struct app *app, struct arena *a, struct uuid project,
	struct planned_before *out, struct err *err)
{
	const struct board *b = app->board;
	int projects = board_table_named(b, "project"), table = board_table_named(b, "baseline");
	const struct board_table *t = board_table(b, table);
	int32_t row = board_row(board_table(b, projects), project);
	struct uuid newest = {{0}};
	struct record *record;

	*out = (struct planned_before){0};
	for (int32_t r = row < 0 ? -1 : board_first_child(b, projects, row, table); r >= 0;
		 r = board_next_child(b, table, r)) {
		struct uuid id = board_id(t, r); /* ids are in the order of time */
		if (board_alive(t, r) && uuid_compare(id, newest) > 0)
			newest = id;
	}
	if (uuid_is_nil(newest))
		return true;
	struct plan *plan = ARENA_NEW(a, struct plan);
	struct schedule *schedule = ARENA_NEW(a, struct schedule);
	if (!store_get(
			app->store, a, catalogue_find(app_catalogue(app), "baseline"), newest, &record, err) ||
		!planned_body(app, a, named_value(record, "body")->text, plan, err) ||
		!sched_run(a, plan, NULL, schedule, err))
		return false;
	*out = (struct planned_before){record, plan, schedule};
	return true;
}

/* The plan with the facts, its tasks measured by what the baseline promised of them; tasks that it did not know by what is
 * planned now. */
static struct plan measured(
	struct arena *a, const struct planned *now, const struct planned_before *then)
{
	const struct plan *was = then->plan;
	struct plan plan = now->plan;
	struct map *ids = map_open();

	plan.tasks = ARENA_ARRAY(a, struct plan_task, (size_t)plan.ntasks);
	for (int32_t i = 0; i < was->ntasks; i++)
		map_put(ids, slice_of(was->tasks[i].id), i);
	for (int32_t i = 0; i < plan.ntasks; i++) {
		struct plan_task *task = &plan.tasks[i];
		*task = now->plan.tasks[i];
		int32_t before = map_get(ids, slice_of(task->id));
		task->nbaselines = before >= 0;
		if (before < 0)
			continue;
		const struct plan_task *promised = &was->tasks[before];
		task->baselines = ARENA_NEW(a, struct baseline);
		*task->baselines = (struct baseline){.start = then->schedule->tasks[before].start,
			.finish = then->schedule->tasks[before].finish,
			.duration_work = promised->duration_work,
			.cost_cents = promised->cost_cents};
		if (promised->quantity_unit && task->quantity_unit &&
			strcmp(promised->quantity_unit, task->quantity_unit) == 0)
			task->quantity_planned = promised->quantity_planned;
	}
	map_close(ids);
	return plan;
}

void planning_put_earned(struct json_writer *w, struct arena *a, const struct planned *now,
	const struct planned_before *then)
{
	struct plan plan = then->plan ? measured(a, now, then) : now->plan;
	struct schedule schedule = now->schedule;
	struct earned series[SERIES_COUNT];

	schedule.plan = &plan;
	int n = plan.nprojects > 0 ? plan_earned_series(a, &schedule, 0, series) : 0;
	jw_key(w, "earned");
	jw_object(w);
	jw_kt(w, "baseline",
		then->record ? arena_text(a, named_value(then->record, "title")->text) : NULL);
	jw_kd(w, "until", now->data_date);
	jw_key(w, "series");
	jw_array(w);
	for (int k = 0; k < n; k++) {
		jw_object(w);
		earned_members_json(w, &series[k]);
		jw_object_end(w);
	}
	jw_array_end(w);
	jw_object_end(w);
}
