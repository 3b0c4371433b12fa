/* Crews of a plan: what they have to do day by day, where that is more than there is of them, and which tasks would wait. */
#include "app/planning_inside.h"
#include "sched/crew_load.h"
#include "sched/level.h"
#include "sched/worktime.h"

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
	plan_moment_key(w, "from", o->from);
	plan_moment_key(w, "to", o->to);
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

/* Does it wait for a crew, and not only for what it follows? */
static bool waits_for_crew(const struct plan *plan, const struct worktime *const *calendars,
	const struct levelled *l, int32_t task)
{
	int32_t calendar = plan_task_calendar(plan, &plan->tasks[task]);
	const struct worktime *w = calendars[calendar >= 0 ? calendar : plan->ncalendars];
	bool has_crew = false;

	for (int32_t i = 0; i < plan->nassignments; i++)
		has_crew |= plan->assignments[i].task == task && plan->assignments[i].resource >= 0;
	for (int32_t i = 0; has_crew && i < plan->nlinks; i++) {
		const struct plan_link *k = &plan->links[i];
		if (k->to == task && k->from >= 0 && k->type == LINK_FS &&
			worktime_next(w, l->tasks[k->from].finish.tick) >= l->tasks[task].start.tick)
			return false;
	}
	return has_crew;
}

static void put_proposals(
	struct arena *a, struct json_writer *w, const struct planned *p, const struct levelled *l)
{
	const struct worktime **calendars = worktime_compile_all(a, &p->plan);

	jw_key(w, "proposals");
	jw_array(w);
	for (int32_t i = 0; i < p->plan.ntasks; i++) {
		const struct levelled_task *t = &l->tasks[i];
		if (t->delay_work <= 0 || moment_is_none(t->start) ||
			!waits_for_crew(&p->plan, calendars, l, i))
			continue;
		jw_object(w);
		jw_kt(w, "task", p->plan.tasks[i].id);
		plan_moment_key(w, "start", p->schedule.tasks[i].start);
		plan_moment_key(w, "to", t->start);
		jw_key(w, "delay_h");
		jw_decimal(w, (int64_t)t->delay_work * 100 / TICKS_PER_HOUR, 2);
		jw_kb(w, "over", t->over);
		jw_object_end(w);
	}
	jw_array_end(w);
	plan_moment_key(w, "finish", l->unlimited);
	plan_moment_key(w, "levelled_finish", l->finish);
	jw_ki(w, "still_over", l->nover);
}

static bool level(struct arena *a, const struct plan *plan, bool within_float, struct levelled *out,
	struct err *err)
{
	struct crew_options options = {.seed = 1, .schedules = SCHEDULES, .prove = true};
	struct findings found = {.arena = a};
	struct crew_schedule found_order;
	struct level_problem problem;

	if (!level_prepare(a, plan, &found, &problem, err) ||
		!crew_solve(a, &problem.crew, &options, &found_order, err))
		return false;
	level_apply(a, &problem, found_order.start, within_float, out);
	return true;
}

bool planning_crews(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, bool within_float, struct str *out, struct err *err)
{
	struct crew_loads loads;
	struct levelled levelled;
	struct record *record;
	struct planned p;

	if (!planned_of(app, a, person, project, &record, &p, err) || !plan_needed(record, err))
		return false;
	crew_load(a, &p.plan, crew_dates_of(a, &p.schedule), &loads);
	if (loads.n && !level(a, &p.plan, within_float, &levelled, err))
		return false;
	struct json_writer w = jw_start(out);
	jw_object(&w);
	jw_ki(&w, "version", record->version);
	jw_key(&w, "crews");
	jw_array(&w);
	for (int32_t i = 0; i < loads.n; i++)
		put_crew(&w, &p.plan, &loads.crews[i]);
	jw_array_end(&w);
	if (loads.n)
		put_proposals(a, &w, &p, &levelled);
	jw_object_end(&w);
	jw_end(&w);
	return true;
}
