/* Crews of a plan: what they have to do day by day, where that is more than there is of them, and which tasks would wait. */
#include "app/planning_inside.h"
#include "intake/plan_results.h"
#include "sched/crew_load.h"
#include "sched/level.h"

enum { SCHEDULES = 2000 }; /* tried for the proposals: the same answer on any machine */

static void share_key(struct json_writer *w, const char *key, int32_t permille)
{
	jw_key(w, key);
	jw_decimal(w, permille, 3);
}

static void put_overuse(
	struct json_writer *w, const struct plan *plan, const struct crew_overuse *o)
{
	jw_object(w);
	plan_json_moment(w, "from", o->from);
	plan_json_moment(w, "to", o->to);
	share_key(w, "used", o->used_permille);
	share_key(w, "has", o->has_permille);
	jw_key(w, "tasks");
	jw_array(w);
	for (int32_t i = 0; i < o->ntasks; i++)
		jw_text(w, plan->tasks[o->tasks[i]].id);
	jw_array_end(w);
	jw_object_end(w);
}

static void put_crew(struct json_writer *w, const struct plan *plan, const struct crew_load *c)
{
	jw_object(w);
	jw_kt(w, "resource", plan->resources[c->resource].id);
	jw_kt(w, "name", plan->resources[c->resource].name);
	share_key(w, "capacity", c->capacity_permille);
	share_key(w, "peak", c->peak_permille);
	jw_key(w, "days");
	jw_array(w);
	for (int32_t i = 0; i < c->ndays; i++) {
		struct str day = STR_INIT;
		date_format(&day, c->days[i].day);
		jw_array(w);
		jw_text(w, str_text(&day));
		jw_decimal(w, c->days[i].used_permille, 3);
		jw_decimal(w, c->days[i].has_permille, 3);
		jw_array_end(w);
		str_free(&day);
	}
	jw_array_end(w);
	jw_key(w, "over");
	jw_array(w);
	for (int32_t i = 0; i < c->noveruses; i++)
		put_overuse(w, plan, &c->overuses[i]);
	jw_array_end(w);
	jw_object_end(w);
}

/* The tasks that wait for a crew themselves; what only follows them moves by the logic. */
static void put_proposals(
	struct json_writer *w, const struct plan *plan, const struct level_move *moves, int32_t n)
{
	jw_key(w, "proposals");
	jw_array(w);
	for (int32_t i = 0; i < n; i++) {
		const struct level_move *m = &moves[i];
		if (m->waits_for < 0)
			continue;
		jw_object(w);
		jw_kt(w, "task", plan->tasks[m->task].id);
		plan_json_moment(w, "start", m->from.start);
		plan_json_moment(w, "to", m->to.start);
		jw_key(w, "delay_h");
		jw_decimal(w, (int64_t)m->waits_work * 100 / TICKS_PER_HOUR, 2);
		jw_kt(w, "waits_for", plan->resources[m->waits_for].id);
		jw_kb(w, "holds_up", m->float_work < 0);
		jw_kb(w, "over", m->over);
		jw_object_end(w);
	}
	jw_array_end(w);
}

static bool put_levelled(struct arena *a, struct json_writer *w, const struct plan *plan,
	bool within_float, struct err *err)
{
	struct crew_options options = {.seed = 1, .schedules = SCHEDULES, .prove = true};
	struct findings found = {.arena = a};
	struct level_problem problem;
	struct crew_schedule order;
	struct levelled levelled;
	struct level_move *moves;

	if (!level_prepare(a, plan, &found, &problem, err) ||
		!crew_solve(a, &problem.crew, &options, &order, err))
		return false;
	level_apply(a, &problem, order.start, within_float, &levelled);
	int32_t n = level_moves(a, &problem, &levelled, level_dates_now(a, &problem), &moves);
	put_proposals(w, plan, moves, n);
	plan_json_moment(w, "finish", levelled.unlimited);
	plan_json_moment(w, "levelled_finish", levelled.finish);
	jw_ki(w, "still_over", levelled.nover);
	return true;
}

bool planning_crews(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, bool within_float, struct str *out, struct err *err)
{
	struct crew_loads loads;
	struct record *record;
	struct planned p;

	if (!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err))
		return false;
	crew_load(a, &p.plan, crew_dates_of(a, &p.schedule), &loads);
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "version", record->version);
	jw_key(&w, "crews");
	jw_array(&w);
	for (int32_t i = 0; i < loads.n; i++)
		put_crew(&w, &p.plan, &loads.crews[i]);
	jw_array_end(&w);
	bool fine = loads.n == 0 || put_levelled(a, &w, &p.plan, within_float, err);
	jw_object_end(&w);
	jw_end(&w);
	return fine;
}
