#include "sched/progress.h"

#include "base/num.h"
#include "sched/worktime.h"

/* minutes of the day at which work that is only known by its date began and ended */
#define MORNING (8 * 60)
#define EVENING (17 * 60)
#define MOST_SPREAD 200000 /* links that the links of summaries stand for */

struct site {
	struct arena *a;
	struct plan p;
	const struct plan_task *drawn;
	const struct site_facts *facts;
	const struct worktime **calendars;
	struct plan_link *links; /* of the plan; those of a summary as links of what is under it */
	int32_t nlinks;
	int32_t *first, *into;  /* links into a task: into[first[task]] .. into[first[task + 1] - 1] */
	int32_t *order, norder; /* tasks, each after those it is linked from; without those in rings */
	bool *touched;          /* by the facts: what leads up to it follows */
	bool *inferred;         /* complete because of what follows it */
	struct moment *begun;   /* of tasks whose stage was named; MOMENT_NONE */
};

/* ---- The plan as a graph -------------------------------------------------------------------------------------- */

static bool joins(const struct plan_link *l)
{
	return l->from >= 0 && l->to >= 0;
}

/* Tasks under each summary, at any depth: tasks[first[s]] .. tasks[first[s + 1] - 1]. */
struct parts {
	int32_t *first, *tasks;
};

static int32_t above(const struct plan *p, int32_t task)
{
	return p->tasks[task].parent;
}

static struct parts parts_of(struct arena *a, const struct plan *p)
{
	struct parts out = {.first = ARENA_ARRAY(a, int32_t, (size_t)p->ntasks + 2)};

	for (int pass = 0; pass < 2; pass++) {
		for (int32_t i = 0; i < p->ntasks; i++)
			for (int32_t up = p->tasks[i].type == TASK_SUMMARY ? -1 : above(p, i), steps = 0;
				 up >= 0 && steps <= p->ntasks; up = above(p, up), steps++) {
				if (pass)
					out.tasks[out.first[up + 1]++] = i;
				else
					out.first[up + 2]++;
			}
		for (int32_t i = 0; !pass && i < p->ntasks; i++)
			out.first[i + 2] += out.first[i + 1];
		if (!pass)
			out.tasks = ARENA_ARRAY(a, int32_t, (size_t)out.first[p->ntasks + 1] + 1);
	}
	return out;
}

static int32_t ends_at(
	const struct plan *p, const struct parts *parts, const int32_t *task, const int32_t **out)
{
	bool spans = p->tasks[*task].type == TASK_SUMMARY;

	*out = spans ? parts->tasks + parts->first[*task] : task;
	return spans ? parts->first[*task + 1] - parts->first[*task] : 1;
}

/* Which part of a summary starts first nobody knows here: a link from its start is left out, and so are more than so many. */
static int32_t spread_link(const struct site *s, const struct parts *parts,
	const struct plan_link *l, int32_t n, struct plan_link *out)
{
	const int32_t *from, *to;
	int32_t nfrom = ends_at(&s->p, parts, &l->from, &from),
			nto = ends_at(&s->p, parts, &l->to, &to);
	bool starts = l->type == LINK_SS || l->type == LINK_SF;

	if ((starts && s->p.tasks[l->from].type == TASK_SUMMARY) ||
		n + (int64_t)nfrom * nto > s->p.nlinks + MOST_SPREAD)
		return 0;
	for (int32_t i = 0; out && i < nfrom; i++)
		for (int32_t k = 0; k < nto; k++, out++) {
			*out = *l;
			out->from = from[i];
			out->to = to[k];
		}
	return nfrom * nto;
}

static void spread_links(struct site *s)
{
	const struct plan *p = &s->p;
	struct parts parts = parts_of(s->a, p);
	int32_t n = 0;

	for (int32_t i = 0; i < p->nlinks; i++)
		if (joins(&p->links[i]))
			n += spread_link(s, &parts, &p->links[i], n, NULL);
	s->links = ARENA_ARRAY(s->a, struct plan_link, (size_t)n + 1);
	for (int32_t i = 0; i < p->nlinks; i++)
		if (joins(&p->links[i]))
			s->nlinks += spread_link(s, &parts, &p->links[i], s->nlinks, s->links + s->nlinks);
}

static void link_up(struct site *s)
{
	const struct plan *p = &s->p;

	spread_links(s);
	s->first = ARENA_ARRAY(s->a, int32_t, (size_t)p->ntasks + 2);
	s->into = ARENA_ARRAY(s->a, int32_t, (size_t)s->nlinks + 1);
	for (int32_t i = 0; i < s->nlinks; i++)
		s->first[s->links[i].to + 2]++;
	for (int32_t i = 0; i < p->ntasks; i++)
		s->first[i + 2] += s->first[i + 1];
	for (int32_t i = 0; i < s->nlinks; i++)
		s->into[s->first[s->links[i].to + 1]++] = i;
}

/* Depth first along the links into a task. 1: on the way down, 2: placed. */
static void put_in_order(struct site *s)
{
	int32_t *stack = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks + 1);
	int32_t *next = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks + 1);
	uint8_t *mark = ARENA_ARRAY(s->a, uint8_t, (size_t)s->p.ntasks + 1);

	s->order = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks + 1);
	for (int32_t root = 0; root < s->p.ntasks; root++) {
		int32_t depth = 0;
		if (mark[root])
			continue;
		stack[depth++] = root;
		mark[root] = 1;
		next[root] = s->first[root];
		while (depth) {
			int32_t at = stack[depth - 1];
			if (next[at] == s->first[at + 1]) {
				mark[at] = 2;
				s->order[s->norder++] = at;
				depth--;
				continue;
			}
			int32_t from = s->links[s->into[next[at]++]].from;
			if (!mark[from]) {
				mark[from] = 1;
				next[from] = s->first[from];
				stack[depth++] = from;
			}
		}
	}
}

static const struct worktime *calendar_of(const struct site *s, const struct plan_task *t)
{
	int32_t calendar = t->duration_elapsed ? -1 : plan_task_calendar(&s->p, t);
	return s->calendars[calendar >= 0 ? calendar : s->p.ncalendars];
}

static int32_t day_of_work(const struct site *s, const struct plan_task *t)
{
	return plan_day_work(&s->p, plan_task_calendar(&s->p, t));
}

/* ---- Tasks ---------------------------------------------------------------------------------------------------- */

/* Before what nobody reported cannot have begun: the plan's start, and what is known to have been complete before it. */
static struct moment no_earlier(const struct site *s, int32_t task)
{
	struct moment floor = s->p.projects[s->p.tasks[task].project].start;

	for (int32_t k = s->first[task]; k < s->first[task + 1]; k++) {
		const struct plan_link *l = &s->links[s->into[k]];
		const struct plan_task *from = &s->p.tasks[l->from];
		if (l->type == LINK_FS && from->state == TASK_COMPLETE && !s->inferred[l->from] &&
			(moment_is_none(floor) || from->actual_finish.tick > floor.tick))
			floor = from->actual_finish;
	}
	return floor;
}

static void complete(struct site *s, int32_t task, struct moment started, struct moment finished)
{
	struct plan_task *t = &s->p.tasks[task];
	const struct worktime *w = calendar_of(s, t);
	struct moment floor = no_earlier(s, task);

	if (moment_is_none(t->actual_start) && !moment_is_none(started))
		t->actual_start = started;
	if (moment_is_none(t->actual_start) && s->begun[task].tick < finished.tick)
		t->actual_start = s->begun[task];
	if (moment_is_none(t->actual_start) && t->duration_work > 0) {
		int32_t from = worktime_at(w, finished.tick) - t->duration_work,
				least = moment_is_none(floor) ? from : worktime_at(w, floor.tick);
		t->actual_start.tick = worktime_start(w, from > least ? from : least);
	}
	if (moment_is_none(t->actual_start) || t->actual_start.tick > finished.tick)
		t->actual_start = finished;
	t->state = TASK_COMPLETE;
	t->remaining_work = 0;
	t->percent = 10000;
	t->actual_finish = finished;
	s->touched[task] = true;
}

static void begin(struct site *s, int32_t task, struct moment started, int32_t remaining)
{
	struct plan_task *t = &s->p.tasks[task];

	t->state = TASK_ACTIVE;
	t->actual_start = started;
	t->remaining_work = remaining;
	t->percent = t->duration_work > 0
		? (int32_t)num_muldiv(t->duration_work - remaining, 10000, t->duration_work)
		: 0;
	s->touched[task] = true;
}

/* What is left of it after the working time since then: at least a day, for nobody said that it is complete. */
static void begin_since(struct site *s, int32_t task, struct moment started)
{
	const struct plan_task *t = &s->p.tasks[task];
	struct moment now = s->p.projects[t->project].data_date;
	int32_t done = moment_is_none(now)
		? 0
		: worktime_between(calendar_of(s, t), started.tick, now.tick),
			least = day_of_work(s, t);

	if (done < 0)
		done = 0;
	if (t->duration_work - done > least)
		least = t->duration_work - done;
	begin(s, task, started, least < t->duration_work ? least : t->duration_work);
}

/* Complete no later than what follows it, the earliest of that. */
static void infer(struct site *s, int32_t task, struct moment by)
{
	struct plan_task *t = &s->p.tasks[task];

	if (t->state == TASK_COMPLETE && (!s->inferred[task] || t->actual_finish.tick <= by.tick))
		return;
	t->actual_start = s->drawn[task].actual_start;
	s->inferred[task] = true;
	complete(s, task, MOMENT_NONE, by);
}

/* Backwards from the touched tasks. What the plan itself says of others stays. */
static void take_along(struct site *s)
{
	for (int32_t i = s->norder - 1; i >= 0; i--) {
		const struct plan_task *t = &s->p.tasks[s->order[i]];
		for (int32_t k = s->first[s->order[i]];
			 s->touched[s->order[i]] && k < s->first[s->order[i] + 1]; k++) {
			const struct plan_link *l = &s->links[s->into[k]];
			const struct plan_task *from = &s->p.tasks[l->from];
			if (l->type == LINK_FS)
				infer(s, l->from, t->actual_start);
			else if (l->type == LINK_FF && t->state == TASK_COMPLETE)
				infer(s, l->from, t->actual_finish);
			else if (l->type == LINK_SS && from->state == TASK_NOT_STARTED)
				begin_since(s, l->from, t->actual_start);
		}
	}
}

static void take_nodes(struct site *s)
{
	for (int32_t i = 0; i < s->facts->nreached; i++) {
		const struct reached *r = &s->facts->reached[i];
		struct moment started =
			date_is_none(r->started) ? MOMENT_NONE : moment_of(r->started, MORNING);
		if (!date_is_none(r->finished))
			complete(s, r->task, started, moment_of(r->finished, EVENING));
		else if (!moment_is_none(started) && s->p.tasks[r->task].state != TASK_COMPLETE)
			begin_since(s, r->task, started);
	}
}

/* ---- Stages --------------------------------------------------------------------------------------------------- */

static bool is_stage(const struct plan_task *t, const char *stage)
{
	return t->stage && strcmp(t->stage, stage) == 0;
}

/* The tasks of a stage that can have begun: not those that wait for another of it through a third that is open. */
static void find_body(const struct site *s, const char *stage, bool *in)
{
	bool *behind = ARENA_ARRAY(s->a, bool, (size_t)s->p.ntasks);

	for (int32_t i = 0; i < s->norder; i++) {
		int32_t at = s->order[i];
		const struct plan_task *t = &s->p.tasks[at];
		bool mine = is_stage(t, stage);
		for (int32_t k = s->first[at]; k < s->first[at + 1]; k++) {
			const struct plan_link *l = &s->links[s->into[k]];
			if (l->type == LINK_FS && s->p.tasks[l->from].state != TASK_COMPLETE)
				behind[at] |= behind[l->from] || (in[l->from] && !mine);
		}
		in[at] = mine && !behind[at] && t->type != TASK_SUMMARY && t->duration_work > 0;
	}
}

/* The report that names it first; nreports: none does. */
static int32_t first_named(const struct site_facts *facts, const char *stage)
{
	int32_t r = 0;
	while (r < facts->nreports &&
		!(facts->reports[r].stage && strcmp(facts->reports[r].stage, stage) == 0))
		r++;
	return r;
}

static struct moment stage_start(const struct site *s, int32_t report, const bool *in)
{
	const struct site_report *r = &s->facts->reports[report];
	struct date day = report ? (struct date){r[-1].until.day + 1} : r->until;

	for (int32_t i = 0; i < s->nlinks; i++) {
		const struct plan_link *l = &s->links[i];
		if (l->type != LINK_FS || !in[l->to] || in[l->from] ||
			s->p.tasks[l->from].state != TASK_COMPLETE)
			continue;
		struct date after = {moment_date(s->p.tasks[l->from].actual_finish).day + 1};
		day = after.day > day.day ? after : day;
	}
	return moment_of(day.day > r->until.day ? r->until : day, MORNING);
}

/* Of all works, in thousandths of a percent of their own sum: what is complete, and the begun share of the others. */
static int64_t done_elsewhere(const struct site *s, const bool *in, int64_t *all, int64_t *mine)
{
	int64_t done = 0;

	*all = *mine = 0;
	for (int32_t i = 0; i < s->p.ntasks; i++) {
		const struct plan_task *t = &s->p.tasks[i];
		if (!t->quantity_unit || strcmp(t->quantity_unit, "%") != 0)
			continue;
		*all += t->quantity_planned;
		if (in[i])
			*mine += t->quantity_planned;
		else if (t->state == TASK_COMPLETE)
			done += t->quantity_planned;
		else if (t->state == TASK_ACTIVE && t->duration_work > 0)
			done += num_muldiv(
				t->quantity_planned, t->duration_work - t->remaining_work, t->duration_work);
	}
	return done;
}

/* How far the body of work is by the last report, in millionths; -1: it does not say. */
static int64_t share_said(const struct site *s, const struct site_report *last, const bool *in)
{
	int64_t planned = 0, all, mine, share = -1;

	for (int32_t i = 0; i < s->p.ntasks && last->unit && last->quantity >= 0; i++)
		if (in[i] && s->p.tasks[i].quantity_unit &&
			strcmp(s->p.tasks[i].quantity_unit, last->unit) == 0)
			planned += s->p.tasks[i].quantity_planned;
	if (planned > 0) {
		share = num_muldiv(last->quantity, 1000000, planned);
	} else if (last->percent >= 0) {
		int64_t done = done_elsewhere(s, in, &all, &mine);
		if (mine > 0)
			share = num_muldiv(num_muldiv(all, last->percent, 10000) - done, 1000000, mine);
		share = mine > 0 && share < 0 ? 0 : share;
	}
	return share > 1000000 ? 1000000 : share;
}

/* Where each task of the body lies in it, from the beginnings: from[] and to[] in working ticks. Gives its length. */
static int32_t lay_out(const struct site *s, const bool *in, int32_t *from, int32_t *to)
{
	int32_t length = 0;

	for (int32_t i = 0; i < s->norder; i++) {
		int32_t at = s->order[i];
		for (int32_t k = s->first[at]; in[at] && k < s->first[at + 1]; k++) {
			const struct plan_link *l = &s->links[s->into[k]];
			if (l->type == LINK_FS && in[l->from] && to[l->from] > from[at])
				from[at] = to[l->from];
		}
		to[at] = in[at] ? from[at] + s->p.tasks[at].duration_work : 0;
		length = to[at] > length ? to[at] : length;
	}
	return length;
}

/* The moment at which so much of the elapsed time had passed, on the task's calendar; no later than the data date. */
static struct moment passed(
	const struct site *s, int32_t task, struct moment started, int64_t work, bool ends)
{
	const struct plan_task *t = &s->p.tasks[task];
	const struct worktime *w = calendar_of(s, t);
	int32_t at = worktime_at(w, started.tick) + (int32_t)work,
			tick = ends ? worktime_finish(w, at) : worktime_start(w, at),
			now = s->p.projects[t->project].data_date.tick;
	return (struct moment){tick < now ? tick : now};
}

/* The body of work stands at `at` of its length after `elapsed` of working time: its tasks are complete, begun or to come. */
static void go_through(struct site *s, const bool *in, const int32_t *from, const int32_t *to,
	struct moment started, int32_t elapsed, int32_t at)
{
	for (int32_t i = 0; i < s->norder; i++) {
		int32_t task = s->order[i];
		if (!in[task] || (from[task] > 0 && from[task] >= at))
			continue;
		struct moment start =
			passed(s, task, started, from[task] ? num_muldiv(elapsed, from[task], at) : 0, false);
		if (to[task] <= at)
			complete(
				s, task, start, passed(s, task, started, num_muldiv(elapsed, to[task], at), true));
		else
			begin(s, task, start, to[task] - at);
	}
}

static int32_t elapsed_until(
	const struct site *s, int32_t task, struct moment started, struct moment now)
{
	int32_t elapsed = worktime_between(calendar_of(s, &s->p.tasks[task]), started.tick, now.tick);
	return elapsed > 0 ? elapsed : 0;
}

static struct date last_named(const struct site_facts *facts, const char *stage)
{
	int32_t r = facts->nreports - 1;
	while (!facts->reports[r].stage || strcmp(facts->reports[r].stage, stage) != 0)
		r--;
	return facts->reports[r].until;
}

/* `last`: the last report that names a stage, if it names this one; else NULL. */
static void take_stage(
	struct site *s, const char *stage, int32_t report, const struct site_report *last)
{
	bool *in = ARENA_ARRAY(s->a, bool, (size_t)s->p.ntasks);
	int32_t *from = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks);
	int32_t *to = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks), head = -1;

	find_body(s, stage, in);
	for (int32_t i = 0; i < s->p.ntasks; i++) {
		in[i] = in[i] && s->p.tasks[i].state == TASK_NOT_STARTED;
		head = in[i] && head < 0 ? i : head;
	}
	if (head < 0)
		return;
	struct moment started = stage_start(s, report, in),
				  now = s->p.projects[s->p.tasks[head].project].data_date;
	int32_t length = lay_out(s, in, from, to), most = length,
			elapsed = elapsed_until(s, head, started, now);
	int64_t share = -1;
	if (last) {
		most -= day_of_work(s, &s->p.tasks[head]);
		share = share_said(s, last, in);
	} else { /* it went on while it was named, and until its time was up */
		struct date until = last_named(s->facts, stage);
		int32_t named = elapsed_until(s, head, started, moment_of((struct date){until.day + 1}, 0));
		elapsed = elapsed < length ? elapsed : length;
		elapsed = elapsed > named ? elapsed : named;
	}
	int32_t at = share >= 0 ? (int32_t)num_muldiv(length, share, 1000000) : elapsed;
	at = at < most ? at : most;
	go_through(s, in, from, to, started, elapsed, at > 0 ? at : 0);
	take_along(s);
}

/* When the first tasks of each stage began, for those that turn out complete. */
static void note_begun(struct site *s)
{
	for (int32_t i = 0; i < s->p.ntasks; i++)
		s->begun[i] = MOMENT_NONE;
	for (int32_t r = 0; r < s->facts->nreports; r++) {
		const char *stage = s->facts->reports[r].stage;
		if (!stage || first_named(s->facts, stage) != r)
			continue;
		bool *in = ARENA_ARRAY(s->a, bool, (size_t)s->p.ntasks);
		int32_t *from = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks);
		int32_t *to = ARENA_ARRAY(s->a, int32_t, (size_t)s->p.ntasks);
		find_body(s, stage, in);
		lay_out(s, in, from, to);
		for (int32_t i = 0; i < s->p.ntasks; i++)
			if (in[i] && from[i] == 0)
				s->begun[i] = stage_start(s, r, in);
	}
}

/* In the order in which the reports name them; the one that stands comes last: it is measured by what the others leave. */
static void take_stages(struct site *s)
{
	const struct site_report *reports = s->facts->reports, *last = NULL;

	for (int32_t r = 0; r < s->facts->nreports; r++)
		last = reports[r].stage ? &reports[r] : last;
	for (int32_t r = 0; r < s->facts->nreports; r++)
		if (reports[r].stage && first_named(s->facts, reports[r].stage) == r &&
			strcmp(reports[r].stage, last->stage) != 0)
			take_stage(s, reports[r].stage, r, NULL);
	if (last)
		take_stage(s, last->stage, first_named(s->facts, last->stage), last);
}

static struct date later(struct date a, struct date b)
{
	return date_is_none(a) || (!date_is_none(b) && b.day > a.day) ? b : a;
}

/* The last day of which anything is known. */
static struct date last_fact(const struct site_facts *facts)
{
	struct date last = DATE_NONE;

	for (int32_t i = 0; i < facts->nreached; i++)
		last = later(later(last, facts->reached[i].started), facts->reached[i].finished);
	return facts->nreports ? later(last, facts->reports[facts->nreports - 1].until) : last;
}

struct plan plan_with_progress(
	struct arena *a, const struct plan *plan, const struct site_facts *facts)
{
	struct site s = {.a = a, .p = *plan, .drawn = plan->tasks, .facts = facts};
	struct plan *p = &s.p;

	p->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)p->ntasks);
	memcpy(p->tasks, plan->tasks, (size_t)p->ntasks * sizeof(*p->tasks));
	p->projects = ARENA_ARRAY(a, struct plan_project, (size_t)p->nprojects);
	memcpy(p->projects, plan->projects, (size_t)p->nprojects * sizeof(*p->projects));
	struct date last = last_fact(facts);
	for (int32_t i = 0; !date_is_none(last) && i < p->nprojects; i++) {
		struct moment now = moment_of((struct date){last.day + 1}, 0);
		if (moment_is_none(p->projects[i].data_date) || p->projects[i].data_date.tick < now.tick)
			p->projects[i].data_date = now;
	}
	s.calendars = worktime_compile_all(a, p);
	s.touched = ARENA_ARRAY(a, bool, (size_t)p->ntasks);
	s.inferred = ARENA_ARRAY(a, bool, (size_t)p->ntasks);
	s.begun = ARENA_ARRAY(a, struct moment, (size_t)p->ntasks);
	link_up(&s);
	put_in_order(&s);
	note_begun(&s);
	take_nodes(&s);
	take_along(&s);
	take_stages(&s);
	return s.p;
}
