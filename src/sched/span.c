#include "sched/span.h"

struct four {
	int32_t es, ef, ls, lf;
};

/* Computed dates and, beside them, those that are shown: of what has happened the actual ones. */
struct span {
	struct four at;
	struct moment start, finish;
};

static void hull(struct span *span, bool *any, const struct task_dates *d)
{
	struct four *all = &span->at;

	if (moment_is_none(d->early_start))
		return;
	if (!*any || d->early_start.tick < all->es)
		all->es = d->early_start.tick;
	if (!*any || d->early_finish.tick > all->ef)
		all->ef = d->early_finish.tick;
	if (!*any || d->start.tick < span->start.tick)
		span->start = d->start;
	if (!*any || d->finish.tick > span->finish.tick)
		span->finish = d->finish;
	if (!moment_is_none(d->late_start)) {
		if (all->ls == INT32_MIN || d->late_start.tick < all->ls)
			all->ls = d->late_start.tick;
		if (d->late_finish.tick > all->lf)
			all->lf = d->late_finish.tick;
	}
	*any = true;
}

static void show(
	const struct plan_task *t, struct moment start, struct moment finish, struct task_dates *d)
{
	d->start = moment_is_none(t->actual_start) ? start : t->actual_start;
	d->finish =
		t->state == TASK_COMPLETE && !moment_is_none(t->actual_finish) ? t->actual_finish : finish;
}

void span_show(const struct plan_task *t, struct task_dates *d)
{
	show(t, d->early_start, d->early_finish, d);
}

static void set_span(
	const struct network *net, int32_t task, const struct span *span, struct task_dates *d)
{
	const struct four *all = &span->at;
	const struct plan_task *t = &net->plan->tasks[task];
	int32_t calendar = plan_task_calendar(net->plan, t);
	const struct worktime *w = net->calendars[calendar >= 0 ? calendar : net->plan->ncalendars];

	d->early_start.tick = all->es;
	d->early_finish.tick = all->ef;
	d->early_reason = d->late_reason = REASON_SPAN;
	show(t, span->start, span->finish, d);
	if (all->ls == INT32_MIN)
		return;
	d->late_start.tick = all->ls;
	d->late_finish.tick = all->lf;
	d->start_float = worktime_between(w, all->es, all->ls);
	d->finish_float = worktime_between(w, all->ef, all->lf);
	d->total_float = d->finish_float;
}

static int32_t link_moment(
	const struct network *net, const struct plan_link *l, int32_t tick, int32_t sign)
{
	int32_t calendar = plan_task_calendar(net->plan, &net->plan->tasks[l->from]);
	return cpm_moved(
		net->calendars[calendar >= 0 ? calendar : net->plan->ncalendars], tick, sign * l->lag);
}

/* A level of effort starts with what it is linked to before it, and ends with what it is linked to after it. */
static void efforts(struct arena *a, const struct network *net, struct task_dates *dates)
{
	const struct plan *plan = net->plan;
	struct four *all = ARENA_ARRAY(a, struct four, (size_t)plan->ntasks);

	for (int32_t i = 0; i < plan->ntasks; i++)
		all[i] = (struct four){INT32_MAX, INT32_MIN, INT32_MAX, INT32_MIN};
	for (int32_t k = 0; k < plan->nlinks; k++) {
		const struct plan_link *l = &plan->links[k];
		if (l->from < 0 || l->to < 0 || l->from == l->to)
			continue;
		bool into = plan->tasks[l->to].type == TASK_LEVEL_OF_EFFORT;
		bool out = plan->tasks[l->from].type == TASK_LEVEL_OF_EFFORT;
		if (into == out)
			continue;
		int32_t effort = into ? l->to : l->from;
		const struct task_dates *d = &dates[into ? l->from : l->to];
		if (moment_is_none(d->early_start))
			continue;
		bool their_finish = into ? l->type == LINK_FS || l->type == LINK_FF
								 : l->type == LINK_FF || l->type == LINK_SF;
		bool our_finish = into ? l->type == LINK_FF || l->type == LINK_SF
							   : l->type == LINK_FS || l->type == LINK_FF;
		int32_t early = link_moment(
			net, l, their_finish ? d->early_finish.tick : d->early_start.tick, into ? 1 : -1);
		int32_t late = moment_is_none(d->late_start)
			? INT32_MIN
			: link_moment(
				  net, l, their_finish ? d->late_finish.tick : d->late_start.tick, into ? 1 : -1);
		struct four *x = &all[effort];
		if (our_finish) {
			x->ef = early > x->ef ? early : x->ef;
			x->lf = late > x->lf ? late : x->lf;
		} else {
			x->es = early < x->es ? early : x->es;
			if (late != INT32_MIN)
				x->ls = late < x->ls ? late : x->ls;
		}
	}
	for (int32_t i = 0; i < plan->ntasks; i++) {
		if (plan->tasks[i].type != TASK_LEVEL_OF_EFFORT || plan->tasks[i].inactive)
			continue;
		const struct plan_task *t = &plan->tasks[i];
		int32_t calendar = plan_task_calendar(plan, t), floor = net->floor[t->project];
		const struct worktime *w = net->calendars[calendar >= 0 ? calendar : plan->ncalendars];
		struct four x = all[i];
		if (w->never_works)
			continue;
		if (x.es == INT32_MAX || x.es < floor)
			x.es = floor;
		x.es = worktime_next(w, x.es);
		x.ef = x.ef == INT32_MIN ? x.es : worktime_previous(w, x.ef);
		if (x.ef < x.es)
			x.ef = x.es;
		if (x.ls == INT32_MAX)
			x.ls = x.lf == INT32_MIN ? INT32_MIN : x.es;
		if (x.lf == INT32_MIN)
			x.lf = x.ls;
		set_span(net, i, &(struct span){x, {x.es}, {x.ef}}, &dates[i]);
		if (t->state == TASK_COMPLETE)
			dates[i].total_float = FLOAT_NONE;
	}
}

void span_dates(struct arena *a, const struct network *net, struct task_dates *dates)
{
	const struct plan *plan = net->plan;
	const size_t n = (size_t)plan->ntasks, nwbs = (size_t)plan->nwbs;
	bool summaries = false, outlines = false;

	if (!net->some_span)
		return;
	for (int32_t i = 0; i < plan->ntasks; i++) {
		summaries |= plan->tasks[i].type == TASK_SUMMARY;
		outlines |= plan->tasks[i].parent >= 0;
	}
	efforts(a, net, dates);
	if (!summaries)
		return;
	struct span *by_task = ARENA_ARRAY(a, struct span, n),
				*by_wbs = ARENA_ARRAY(a, struct span, nwbs);
	bool *any_task = ARENA_ARRAY(a, bool, n), *any_wbs = ARENA_ARRAY(a, bool, nwbs);
	for (size_t i = 0; i < n; i++)
		by_task[i].at.ls = by_task[i].at.lf = INT32_MIN;
	for (size_t i = 0; i < nwbs; i++)
		by_wbs[i].at.ls = by_wbs[i].at.lf = INT32_MIN;
	for (int32_t i = 0; i < plan->ntasks; i++) {
		if (plan->tasks[i].type == TASK_SUMMARY || plan->tasks[i].inactive)
			continue;
		int32_t steps = 0;
		for (int32_t up = plan->tasks[i].parent; outlines && up >= 0 && steps++ <= plan->ntasks;
			 up = plan->tasks[up].parent)
			hull(&by_task[up], &any_task[up], &dates[i]);
		steps = 0;
		for (int32_t up = plan->tasks[i].wbs; up >= 0 && steps++ <= plan->nwbs;
			 up = plan->wbs[up].parent)
			hull(&by_wbs[up], &any_wbs[up], &dates[i]);
	}
	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		if (t->type != TASK_SUMMARY || t->inactive)
			continue;
		if (any_task[i])
			set_span(net, i, &by_task[i], &dates[i]);
		else if (t->wbs >= 0 && any_wbs[t->wbs])
			set_span(net, i, &by_wbs[t->wbs], &dates[i]);
	}
}
