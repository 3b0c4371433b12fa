#include "sched/progress.h"

#include "sched/worktime.h"

#define MORNING (8 * 60)
#define EVENING                                                                                    \
	(17 * 60) /* minutes of the day at which work that is only known by its date began and ended */

static void complete(struct plan_task *t, struct moment started, struct moment finished)
{
	t->state = TASK_COMPLETE;
	t->remaining_work = 0;
	t->percent = 10000;
	t->actual_finish = finished;
	if (moment_is_none(t->actual_start))
		t->actual_start = moment_is_none(started) ? finished : started;
	if (t->actual_start.tick > finished.tick)
		t->actual_start = finished;
}

static void start(
	const struct plan *plan, struct plan_task *t, const struct worktime *w, struct moment started)
{
	struct moment now = plan->projects[t->project].data_date;
	int32_t done = moment_is_none(now) ? 0 : worktime_between(w, started.tick, now.tick);

	t->state = TASK_ACTIVE;
	t->actual_start = started;
	t->remaining_work = done <= 0 ? t->duration_work
		: done < t->duration_work ? t->duration_work - done
								  : 0;
}

/* Backwards from the tasks whose node was reached, through the links from finishes. What the plan itself says of others stays. */
static void complete_predecessors(
	struct arena *a, const struct plan *plan, const struct reached *reached, int32_t n)
{
	int32_t *first = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks + 2);
	int32_t *into = ARENA_ARRAY(a, int32_t, (size_t)plan->nlinks);
	int32_t *queue = ARENA_ARRAY(a, int32_t, (size_t)plan->ntasks * 2), head = 0, tail = 0;

	for (int32_t i = 0; i < plan->nlinks; i++)
		if (plan->links[i].to >= 0 && plan->links[i].from >= 0)
			first[plan->links[i].to + 2]++;
	for (int32_t i = 0; i < plan->ntasks; i++)
		first[i + 2] += first[i + 1];
	for (int32_t i = 0; i < plan->nlinks; i++)
		if (plan->links[i].to >= 0 && plan->links[i].from >= 0)
			into[first[plan->links[i].to + 1]++] = i;
	for (int32_t i = 0; i < n && tail < plan->ntasks; i++)
		if (!date_is_none(reached[i].finished))
			queue[tail++] = reached[i].task;
	while (head < tail) {
		int32_t at = queue[head++];
		for (int32_t k = first[at]; k < first[at + 1]; k++) {
			const struct plan_link *l = &plan->links[into[k]];
			struct plan_task *from = &plan->tasks[l->from];
			bool by_start = l->type == LINK_FS;
			if (l->type == LINK_SS || l->type == LINK_SF || from->state == TASK_COMPLETE ||
				from->type == TASK_SUMMARY)
				continue;
			complete(from, MOMENT_NONE,
				by_start ? plan->tasks[at].actual_start : plan->tasks[at].actual_finish);
			queue[tail++] = l->from;
		}
	}
}

struct plan plan_with_progress(struct arena *a, const struct plan *plan,
	const struct reached *reached, int32_t n, struct date until)
{
	struct plan p = *plan;
	const struct worktime **calendars;

	p.tasks = ARENA_ARRAY(a, struct plan_task, (size_t)p.ntasks);
	memcpy(p.tasks, plan->tasks, (size_t)p.ntasks * sizeof(*p.tasks));
	p.projects = ARENA_ARRAY(a, struct plan_project, (size_t)p.nprojects);
	memcpy(p.projects, plan->projects, (size_t)p.nprojects * sizeof(*p.projects));
	for (int32_t i = 0; !date_is_none(until) && i < p.nprojects; i++) {
		struct moment now = moment_of((struct date){until.day + 1}, 0);
		if (moment_is_none(p.projects[i].data_date) || p.projects[i].data_date.tick < now.tick)
			p.projects[i].data_date = now;
	}
	calendars = worktime_compile_all(a, &p);
	for (int32_t i = 0; i < n; i++) {
		struct plan_task *t = &p.tasks[reached[i].task];
		struct moment started =
			date_is_none(reached[i].started) ? MOMENT_NONE : moment_of(reached[i].started, MORNING);
		int32_t calendar = plan_task_calendar(&p, t);
		if (!date_is_none(reached[i].finished))
			complete(t, started, moment_of(reached[i].finished, EVENING));
		else if (!moment_is_none(started) && t->state != TASK_COMPLETE)
			start(&p, t, calendars[calendar >= 0 ? calendar : p.ncalendars], started);
	}
	complete_predecessors(a, &p, reached, n);
	return p;
}
