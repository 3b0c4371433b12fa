/* Plans follow the working calendar: days that are entered, moved or taken back move the plans of where they count. */
#include "app/calendars.h"
#include "app/planning_inside.h"
#include "intake/office_days.h"

/* Where the days of the batch count: rows of register area, -1 for everywhere. */
struct reach {
	const struct board *b;
	const struct board_table *areas;
	int32_t *rows;
	int n;
};

static void reach_to(struct reach *r, const struct record *day)
{
	const struct value *area = day ? record_value(day, "area") : NULL;
	if (day)
		r->rows[r->n++] = area && area->kind == VALUE_ID ? board_row(r->areas, area->id) : -1;
}

static struct reach reach_of(const struct work *w)
{
	const struct board *b = w->app->board;
	struct reach r = {.b = b, .areas = board_table(b, board_table_named(b, "area"))};
	r.rows = ARENA_ARRAY(w->a, int32_t, (size_t)w->n * 2 + 1);
	for (int i = 0; i < w->n; i++) {
		const struct draft *d = &w->drafts[i];
		if (strcmp(d->reg->name, "calendar_day") != 0)
			continue;
		reach_to(&r, d->before);
		reach_to(&r, d->verb == WRITE_DELETE ? NULL : d->after);
	}
	return r;
}

/* Is one of them the area or above it? */
static bool reaches(const struct reach *r, int32_t area)
{
	for (int i = 0; i < r->n; i++) {
		int32_t at = area;
		for (int depth = 0; at >= 0 && at != r->rows[i] && depth < 32; depth++)
			at = board_tree_parent(r->areas, at);
		if (r->rows[i] < 0 || at == r->rows[i])
			return true;
	}
	return false;
}

static bool replan(struct work *w, struct arena *a, const struct register_def *reg, struct uuid id,
	struct err *err)
{
	struct record *plan;
	struct planned planned;
	struct plan body;

	if (!store_get(w->app->store, w->a, reg, id, &plan, err))
		return false;
	const struct value *file = named_value(plan, "body"), *project = named_value(plan, "project");
	if (file->kind != VALUE_TEXT || project->kind != VALUE_ID || strcmp(plan->state, "closed") == 0)
		return true;
	if (!planned_body(w->app, a, file->text, &body, err))
		return false;
	if (!plan_follows_office(&body))
		return true;
	w->replanned++;
	return planned_make(w->app, a, w, project->id, &body, &planned, err) &&
		planning_follow(w, project->id, plan, &planned, err);
}

static bool replan_all(struct work *w, struct err *err)
{
	const struct board *b = w->app->board;
	int plans = board_table_named(b, "plan");
	const struct board_table *t = board_table(b, plans);
	struct reach reach = reach_of(w);
	bool done = true;

	for (int32_t row = 0; done && row < board_rows(t); row++) {
		if (!board_alive(t, row) || !reaches(&reach, calendars_place_of_row(b, plans, row)))
			continue;
		struct arena *a = arena_open();
		done = replan(w, a, board_register(t), board_id(t, row), err);
		arena_close(a);
	}
	return done;
}

bool planning_new_days(struct work *w, struct err *err)
{
	struct calendars *fresh;
	if (!calendars_build(w->app->board, w, &fresh, err))
		return false;
	w->calendars = fresh;
	w->replanned = 0;
	bool done = replan_all(w, err);
	w->calendars = NULL;
	calendars_close(fresh);
	return done;
}
