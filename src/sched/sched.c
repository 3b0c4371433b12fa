/* One run: compile, forward, as late as possible, backward, then what the passes mean: floats, paths, reasons. */
#include "sched/sched.h"

#include "sched/cpm.h"
#include "sched/float_paths.h"
#include "sched/span.h"

static const char *const reasons[] = {"none", "project_start", "data_date", "link", "constraint",
	"second_constraint", "actual", "external", "expected_finish", "resume", "as_late_as_possible",
	"manual", "span", "project_finish", "must_finish", "deadline", "resource"};

const char *reason_name(enum reason reason)
{
	return reasons[reason];
}

static int32_t total_float(
	const struct plan_options *o, const struct node *nd, int32_t start, int32_t finish)
{
	if (nd->flags & NODE_ACTIVE)
		return finish;
	switch (o->float_type) {
	case FLOAT_FINISH: return finish;
	case FLOAT_START: return start;
	case FLOAT_SMALLEST: break;
	}
	return start < finish ? start : finish;
}

static bool finish_is_set(const struct plan_options *o, const struct plan_task *t)
{
	return t->constraint[0].kind == CONSTRAINT_MANDATORY_FINISH ||
		(o->use_expected_finish && !moment_is_none(t->expected_finish));
}

static void fill_floats(const struct cpm *c, int32_t node, struct task_dates *d)
{
	const struct node *nd = &c->net->nodes[node];
	const struct plan_options *o = c->net->options[nd->project];
	const struct four *w = &c->work[node];

	d->start_float = w->ls - w->es;
	d->finish_float = w->lf - w->ef;
	if (nd->flags & NODE_BY_RESOURCE) {
		const struct worktime *own = cpm_float_calendar(c, node), *clock = cpm_calendar(c, node);
		d->start_float = worktime_between(own, c->at[node].es, c->at[node].ls);
		d->finish_float = worktime_between(own, c->at[node].ef, worktime_start(clock, w->lf));
	}
	bool complete = nd->flags & NODE_COMPLETE;
	if (complete && o->profile != PROFILE_MSPROJECT)
		return;
	d->total_float = total_float(o, nd, d->start_float, d->finish_float);
	d->free_float = cpm_free_float(c, node);
	if (o->profile == PROFILE_MSPROJECT && (nd->flags & NODE_ALAP))
		d->total_float = 0;
	if ((nd->flags & NODE_RULES) && finish_is_set(o, &c->net->plan->tasks[nd->task]))
		d->free_float = 0;
	d->critical = !complete && d->total_float <= o->critical_float_work;
	d->near_critical = !d->critical && !complete &&
		d->total_float <= o->critical_float_work + o->near_critical_work;
	if (o->open_ends_critical && c->net->out_first[node] == c->net->out_first[node + 1])
		d->critical = true;
}

static int32_t link_of(const struct network *net, int32_t edge)
{
	return edge < 0 ? -1 : net->link[edge];
}

static void fill_task(const struct cpm *c, int32_t node, bool late, struct task_dates *d)
{
	const struct node *nd = &c->net->nodes[node];
	const struct four *at = &c->at[node];
	const struct outcome *outcome = &c->outcome[node];
	int32_t provisional = cpm_calendar(c, node)->provisional_from;

	d->early_start.tick = at->es;
	d->early_finish.tick = at->ef;
	d->early_reason = outcome->early_reason;
	d->early_reason_link = link_of(c->net, cpm_early_edge(c, node));
	d->provisional = at->ef > provisional;
	if (!late || outcome->late_unknown)
		return;
	bool started =
		(nd->flags & NODE_ACTIVE) && c->net->options[nd->project]->profile == PROFILE_MSPROJECT;
	d->late_start.tick = started ? at->es : at->ls;
	d->late_finish.tick = at->lf;
	d->late_reason = outcome->late_reason;
	d->late_reason_link = link_of(c->net, cpm_late_edge(c, node));
	d->provisional |= at->lf > provisional;
	fill_floats(c, node, d);
	if (nd->flags & NODE_COMPLETE)
		d->critical = false;
}

/* Back from the tasks that end last through the links that hold them. */
static void longest_path(struct arena *a, const struct cpm *c, struct task_dates *dates)
{
	const struct network *net = c->net;
	bool *on = ARENA_ARRAY(a, bool, (size_t)net->n);

	for (int32_t i = net->n - 1; i >= 0; i--) {
		const struct node *nd = &net->nodes[i];
		if (c->at[i].ef == c->project_finish[nd->project] && !(nd->flags & NODE_COMPLETE))
			on[i] = true;
		if (!on[i])
			continue;
		dates[nd->task].longest_path = true;
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++)
			if (c->edge[k] & EDGE_DRIVES)
				on[net->in[k].both ^ i] = true;
	}
}

static void fill_links(const struct cpm *c, struct schedule *s)
{
	const struct network *net = c->net;

	for (int32_t i = 0; i < s->plan->nlinks; i++)
		s->links[i] = (struct link_dates){.ignored = s->links[i].ignored, .float_work = FLOAT_NONE};
	for (int32_t i = 0; i < net->n; i++)
		for (int32_t k = net->in_first[i]; k < net->in_first[i + 1]; k++) {
			struct link_dates *l = &s->links[net->link[k]];
			int32_t f = cpm_link_float(c, k, i);
			bool drives = c->edge[k] & EDGE_DRIVES;
			l->driving |= drives;
			if (f != INT32_MAX && (l->float_work == FLOAT_NONE || f < l->float_work))
				l->float_work = f;
			if (drives)
				s->tasks[net->nodes[net->in[k].both ^ i].task].driving = true;
		}
}

static bool outside_years(const struct four *at)
{
	const int32_t low = PLAN_FIRST_DAY * TICKS_PER_DAY, high = (PLAN_LAST_DAY + 1) * TICKS_PER_DAY;
	return at->es < low || at->ef > high;
}

static void fill_tasks(struct arena *a, const struct cpm *c, bool late, struct schedule *s)
{
	const struct network *net = c->net;
	const struct plan *plan = net->plan;

	for (int32_t i = 0; i < plan->ntasks; i++)
		s->tasks[i] = (struct task_dates){
			.early_start = MOMENT_NONE,
			.early_finish = MOMENT_NONE,
			.late_start = MOMENT_NONE,
			.late_finish = MOMENT_NONE,
			.total_float = FLOAT_NONE,
			.free_float = FLOAT_NONE,
			.start_float = FLOAT_NONE,
			.finish_float = FLOAT_NONE,
			.early_reason_link = -1,
			.late_reason_link = -1,
		};
	for (int32_t i = 0; i < net->n; i++) {
		int32_t task = net->nodes[i].task;
		if (outside_years(&c->at[i]))
			finding_add(&s->findings, "P018", ON_TASK, task, plan->tasks[task].code, NULL, NULL);
		else
			fill_task(c, i, late, &s->tasks[task]);
	}
	span_dates(a, net, s->tasks);
	longest_path(a, c, s->tasks);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct plan_task *t = &plan->tasks[i];
		struct task_dates *d = &s->tasks[i];
		if (net->options[t->project]->critical_rule == CRITICAL_BY_LONGEST_PATH &&
			t->type != TASK_SUMMARY)
			d->critical = d->longest_path;
		if (d->longest_path && !d->driving)
			d->driving =
				net->node_of[i] >= 0 && d->early_finish.tick == c->project_finish[t->project];
	}
}

static void fill_projects(const struct cpm *c, struct schedule *s)
{
	const struct plan *plan = s->plan;

	for (int32_t p = 0; p < plan->nprojects; p++) {
		struct project_dates *d = &s->projects[p];
		*d = (struct project_dates){0};
		d->start =
			c->project_start[p] == INT32_MAX ? MOMENT_NONE : (struct moment){c->project_start[p]};
		d->finish =
			c->project_finish[p] == INT32_MIN ? MOMENT_NONE : (struct moment){c->project_finish[p]};
		d->late_target =
			moment_is_none(d->finish) ? MOMENT_NONE : (struct moment){c->late_target[p]};
	}
	for (int32_t i = 0; i < plan->ntasks; i++) {
		struct project_dates *d = &s->projects[plan->tasks[i].project];
		d->ntasks++;
		d->ndated += !moment_is_none(s->tasks[i].early_start);
		d->ncritical += s->tasks[i].critical;
	}
}

static void fill_order(struct arena *a, const struct network *net, struct schedule *s)
{
	int32_t n = 0;

	s->order = ARENA_ARRAY(a, int32_t, (size_t)net->plan->ntasks);
	for (int32_t i = 0; i < net->n; i++)
		s->order[n++] = net->nodes[i].task;
	for (int32_t i = 0; i < net->plan->ntasks; i++)
		if (net->node_of[i] < 0)
			s->order[n++] = i;
}

void sched_open(struct arena *a, const struct plan *plan, struct schedule *out)
{
	*out = (struct schedule){.plan = plan, .findings = {.arena = a}};
	out->links = ARENA_ARRAY(a, struct link_dates, (size_t)plan->nlinks);
	out->tasks = ARENA_ARRAY(a, struct task_dates, (size_t)plan->ntasks);
	out->projects = ARENA_ARRAY(a, struct project_dates, (size_t)plan->nprojects);
}

void sched_fill(struct arena *a, struct cpm *c, bool late, struct schedule *s)
{
	cpm_stamp(c, late);
	fill_tasks(a, c, late, s);
	fill_links(c, s);
	if (late)
		float_paths(a, c, s->tasks);
	fill_projects(c, s);
}

bool sched_run(struct arena *a, const struct plan *plan, const struct sched_options *opt,
	struct schedule *out, struct err *err)
{
	static const struct sched_options nothing = {0};
	struct schedule s;
	struct network net;
	struct cpm c;

	if (!opt)
		opt = &nothing;
	sched_open(a, plan, &s);
	if (!network_build(a, plan, opt, &s.findings, s.links, &net, err))
		return false;
	cpm_open(a, &net, &c);
	cpm_run(&c, !opt->early_only);
	sched_fill(a, &c, !opt->early_only, &s);
	fill_order(a, &net, &s);
	*out = s;
	return true;
}
