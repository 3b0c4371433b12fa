#include "sched/backward.h"

#define RUNS_MOST 200000 /* schedules of one search */

struct plan plan_relaxed(struct arena *a, const struct plan *plan, const int32_t *items, int32_t n)
{
	struct plan p = *plan;

	p.tasks = ARENA_ARRAY(a, struct plan_task, (size_t)p.ntasks);
	p.links = ARENA_ARRAY(a, struct plan_link, (size_t)p.nlinks);
	p.projects = ARENA_ARRAY(a, struct plan_project, (size_t)p.nprojects);
	memcpy(p.tasks, plan->tasks, (size_t)p.ntasks * sizeof(*p.tasks));
	memcpy(p.links, plan->links, (size_t)p.nlinks * sizeof(*p.links));
	memcpy(p.projects, plan->projects, (size_t)p.nprojects * sizeof(*p.projects));
	for (int32_t i = 0; i < n; i++) {
		const struct plan_relaxation *x = &plan->relaxations[items[i]];
		switch (x->kind) {
		case RELAX_DURATION: {
			struct plan_task *t = &p.tasks[x->subject];
			int32_t done = t->duration_work - t->remaining_work;
			if (x->work < t->duration_work)
				t->duration_work = x->work;
			int32_t left = t->state == TASK_NOT_STARTED ? x->work
				: x->work > done                        ? x->work - done
														: 0;
			if (left < t->remaining_work)
				t->remaining_work = left;
			break;
		}
		case RELAX_LINK:
			p.links[x->subject].type = x->type;
			p.links[x->subject].lag = x->lag;
			p.links[x->subject].lag_unit = LAG_WORK;
			break;
		case RELAX_CALENDAR:
			for (int32_t k = 0; k < p.ntasks; k++)
				if (plan_task_calendar(plan, &plan->tasks[k]) == x->subject)
					p.tasks[k].calendar = x->calendar;
			break;
		case RELAX_FINISH:
			if (x->date.tick > p.projects[x->subject].must_finish.tick)
				p.projects[x->subject].must_finish = x->date;
			break;
		}
	}
	return p;
}

struct search {
	struct arena *a;
	const struct plan *plan;
	int32_t project;
	struct moment required;
	const int32_t *alone; /* what each relaxation gains by itself */
	struct relaxation_set *sets;
	int32_t nsets, room;
	int64_t runs;
	struct err *err;
	bool failed, cut;
};

/* One run with a set: late by how much, and one chain that holds the finish (tasks, then links). */
struct outcome {
	struct moment finish, target;
	bool fits;
	int32_t ntasks, nlinks;
	int32_t *tasks, *links;
};

static void chain_of(struct arena *a, const struct schedule *s, int32_t project, struct outcome *o)
{
	int32_t at = -1;

	o->tasks = ARENA_ARRAY(a, int32_t, (size_t)s->plan->ntasks);
	o->links = ARENA_ARRAY(a, int32_t, (size_t)s->plan->ntasks);
	for (int32_t i = 0; i < s->plan->ntasks && at < 0; i++)
		if (s->plan->tasks[i].project == project && !moment_is_none(s->tasks[i].early_finish) &&
			s->tasks[i].early_finish.tick == s->projects[project].finish.tick &&
			s->tasks[i].early_reason != REASON_SPAN)
			at = i;
	while (at >= 0 && o->ntasks < s->plan->ntasks) {
		o->tasks[o->ntasks++] = at;
		if (s->tasks[at].early_reason != REASON_LINK || s->tasks[at].early_reason_link < 0)
			break;
		int32_t link = s->tasks[at].early_reason_link;
		o->links[o->nlinks++] = link;
		at = s->plan->links[link].from;
	}
}

static bool run_set(
	struct search *x, struct arena *a, const int32_t *items, int32_t n, struct outcome *o)
{
	struct plan p = plan_relaxed(a, x->plan, items, n);
	struct sched_options early = {.early_only = true};
	struct schedule s;

	x->runs++;
	if (!sched_run(a, &p, &early, &s, x->err))
		return false;
	*o = (struct outcome){.finish = s.projects[x->project].finish, .target = x->required};
	for (int32_t i = 0; i < n; i++) {
		const struct plan_relaxation *r = &x->plan->relaxations[items[i]];
		if (r->kind == RELAX_FINISH && r->subject == x->project && r->date.tick > o->target.tick)
			o->target = r->date;
	}
	o->fits = moment_is_none(o->finish) || o->finish.tick <= o->target.tick;
	chain_of(a, &s, x->project, o);
	return true;
}

static bool has(const int32_t *items, int32_t n, int32_t item)
{
	for (int32_t i = 0; i < n; i++)
		if (items[i] == item)
			return true;
	return false;
}

/* May this relaxation change the chain? When in doubt, yes: that costs a run, never a set. */
static bool touches(
	const struct search *x, const struct outcome *o, const struct plan_relaxation *r)
{
	const struct plan *plan = x->plan;

	switch (r->kind) {
	case RELAX_DURATION: return has(o->tasks, o->ntasks, r->subject);
	case RELAX_LINK: return has(o->links, o->nlinks, r->subject);
	case RELAX_CALENDAR:
		for (int32_t i = 0; i < o->ntasks; i++)
			if (plan_task_calendar(plan, &plan->tasks[o->tasks[i]]) == r->subject)
				return true;
		return false;
	case RELAX_FINISH: return r->subject == x->project;
	}
	return false;
}

static void keep_set(struct search *x, const int32_t *items, int32_t n, struct moment finish)
{
	int32_t *sorted = ARENA_ARRAY(x->a, int32_t, (size_t)(n ? n : 1));

	memcpy(sorted, items, (size_t)n * sizeof(*sorted));
	for (int32_t i = 1; i < n; i++)
		for (int32_t k = i; k > 0 && sorted[k] < sorted[k - 1]; k--) {
			int32_t swap = sorted[k];
			sorted[k] = sorted[k - 1];
			sorted[k - 1] = swap;
		}
	for (int32_t i = 0; i < x->nsets; i++)
		if (memcmp(x->sets[i].items, sorted, (size_t)n * sizeof(*sorted)) == 0)
			return;
	if (x->nsets == x->room) {
		int32_t room = x->room ? x->room * 2 : 8;
		x->sets = arena_grow(x->a, x->sets, (size_t)x->room, (size_t)room, sizeof(*x->sets));
		x->room = room;
	}
	x->sets[x->nsets++] = (struct relaxation_set){.n = n, .items = sorted, .finish = finish};
}

/* Adds relaxations that touch the chain until the set has `size`. */
static void deepen(struct search *x, int32_t *items, int32_t n, int32_t size)
{
	struct arena *scratch = arena_open();
	struct outcome o;

	if (x->runs >= RUNS_MOST)
		x->cut = true;
	if (x->cut || x->failed || !run_set(x, scratch, items, n, &o)) {
		x->failed |= !x->cut;
		arena_close(scratch);
		return;
	}
	if (o.fits) {
		if (n == size)
			keep_set(x, items, n, o.finish);
	} else if (n < size) {
		for (int32_t i = 0; i < x->plan->nrelaxations; i++) {
			if (has(items, n, i) || x->alone[i] < 0 || !touches(x, &o, &x->plan->relaxations[i]))
				continue;
			items[n] = i;
			deepen(x, items, n + 1, size);
		}
	}
	arena_close(scratch);
}

static const struct worktime *project_time(
	struct arena *a, const struct plan *plan, int32_t project)
{
	const struct worktime **all = worktime_compile_all(a, plan);
	int32_t c = plan->projects[project].calendar;
	return all[c >= 0 ? c : plan->ncalendars];
}

/* What each item of a set gains: the finish without it, less the finish with all. */
static bool set_gains(struct search *x, const struct worktime *w, struct relaxation_set *set)
{
	int32_t *gain = ARENA_ARRAY(x->a, int32_t, (size_t)(set->n ? set->n : 1));
	struct arena *scratch = arena_open();
	struct outcome o;
	bool fine = true;

	for (int32_t i = 0; fine && i < set->n; i++) {
		int32_t rest[BACKWARD_MOST_TOGETHER], n = 0;
		const struct plan_relaxation *r = &x->plan->relaxations[set->items[i]];
		for (int32_t k = 0; k < set->n; k++)
			if (k != i)
				rest[n++] = set->items[k];
		fine = run_set(x, scratch, rest, n, &o);
		if (fine)
			gain[i] = r->kind == RELAX_FINISH
				? worktime_between(w, x->required.tick, r->date.tick)
				: worktime_between(w, set->finish.tick, o.finish.tick);
	}
	set->gain_work = gain;
	arena_close(scratch);
	return fine;
}

static int64_t total_gain(const struct relaxation_set *set)
{
	int64_t sum = 0;
	for (int32_t i = 0; i < set->n; i++)
		sum += set->gain_work[i];
	return sum;
}

static void best_first(struct relaxation_set *sets, int32_t n)
{
	for (int32_t i = 1; i < n; i++)
		for (int32_t k = i; k > 0 && total_gain(&sets[k]) > total_gain(&sets[k - 1]); k--) {
			struct relaxation_set swap = sets[k];
			sets[k] = sets[k - 1];
			sets[k - 1] = swap;
		}
}

static bool gains_alone(
	struct search *x, const struct worktime *w, struct moment finish, struct backward_plan *out)
{
	int32_t *alone =
		ARENA_ARRAY(x->a, int32_t, (size_t)(x->plan->nrelaxations ? x->plan->nrelaxations : 1));

	for (int32_t i = 0; i < x->plan->nrelaxations; i++) {
		struct arena *scratch = arena_open();
		const struct plan_relaxation *r = &x->plan->relaxations[i];
		struct outcome o;
		bool fine = run_set(x, scratch, &i, 1, &o);
		arena_close(scratch);
		if (!fine)
			return false;
		alone[i] = r->kind == RELAX_FINISH ? worktime_between(w, x->required.tick, r->date.tick)
										   : worktime_between(w, o.finish.tick, finish.tick);
	}
	out->nalone = x->plan->nrelaxations;
	out->alone_work = x->alone = alone;
	return true;
}

static bool choose_project(struct arena *a, const struct plan *plan, struct moment required,
	int32_t *project, struct err *err)
{
	struct schedule s;

	*project = 0;
	if (plan->nprojects < 2)
		return true;
	if (moment_is_none(required)) {
		for (int32_t i = plan->nprojects - 1; i >= 0; i--)
			if (!moment_is_none(plan->projects[i].must_finish))
				*project = i;
		return true;
	}
	if (!sched_run(a, plan, NULL, &s, err))
		return false;
	for (int32_t i = 1; i < plan->nprojects; i++)
		if (!moment_is_none(s.projects[i].finish) &&
			(moment_is_none(s.projects[*project].finish) ||
				s.projects[i].finish.tick > s.projects[*project].finish.tick))
			*project = i;
	return true;
}

bool plan_backward(struct arena *a, const struct plan *plan, int32_t project,
	struct moment required, struct backward_plan *out, struct err *err)
{
	if (project < 0 && !choose_project(a, plan, required, &project, err))
		return false;
	struct search x = {.a = a, .plan = plan, .project = project, .required = required, .err = err};
	struct backward_plan result = {.project = project, .complete = true};
	int32_t items[BACKWARD_MOST_TOGETHER + 1];
	struct plan asked;

	if (moment_is_none(required))
		x.required = plan->projects[project].must_finish;
	if (moment_is_none(x.required))
		return err_set(err, ERR_INPUT, NULL,
			"no finish is required: give one, or a must-finish date in the plan");
	asked = plan_relaxed(a, plan, NULL, 0);
	asked.projects[project].must_finish = x.required;
	if (!sched_run(a, &asked, NULL, &result.late, err))
		return false;
	const struct worktime *w = project_time(a, plan, project);
	result.required = x.required;
	result.finish = result.late.projects[project].finish;
	if (moment_is_none(result.finish))
		return err_set(err, ERR_INPUT, NULL, "nothing in this project has a date");
	result.shortage_work = worktime_between(w, x.required.tick, result.finish.tick);
	if (!gains_alone(&x, w, result.finish, &result))
		return false;
	if (result.finish.tick > x.required.tick) {
		for (int32_t size = 1;
			 size <= BACKWARD_MOST_TOGETHER && x.nsets == 0 && !x.failed && !x.cut; size++)
			deepen(&x, items, 0, size);
		if (x.failed)
			return false;
		for (int32_t i = 0; i < x.nsets; i++)
			if (!set_gains(&x, w, &x.sets[i]))
				return false;
		best_first(x.sets, x.nsets);
	}
	result.nsets = x.nsets;
	result.sets = x.sets;
	result.complete = !x.cut;
	result.runs = x.runs;
	*out = result;
	return true;
}
