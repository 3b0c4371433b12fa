#include "sched/quality.h"

#define DAYS_HIGH 44
#define DAYS_PUSH 600
#define LAG_DAYS_LONG 20

struct checker {
	struct arena *a;
	const struct schedule *s;
	const struct plan *plan;
	struct quality *q;
	int32_t *before, *after; /* [ntasks] links into and out of a task that count */
	bool *start_held, *finish_used;
	const struct worktime **calendars;
};

static int32_t day_work(const struct checker *c, const struct plan_task *t)
{
	return plan_day_work(c->plan, plan_task_calendar(c->plan, t));
}

static bool counts(const struct plan_task *t)
{
	return !t->inactive && t->type != TASK_SUMMARY && t->type != TASK_LEVEL_OF_EFFORT;
}

static bool milestone(const struct plan_task *t)
{
	return t->type == TASK_START_MILESTONE || t->type == TASK_FINISH_MILESTONE ||
		t->duration_work == 0;
}

/* The population of most points. */
static bool open_task(const struct plan_task *t)
{
	return counts(t) && t->state != TASK_COMPLETE && !milestone(t);
}

static struct moment data_date(const struct plan *plan, const struct plan_task *t)
{
	const struct plan_project *p = &plan->projects[t->project];
	return moment_is_none(p->data_date) ? p->start : p->data_date;
}

static const struct baseline *baseline_of(const struct plan_task *t)
{
	for (int32_t i = 0; i < t->nbaselines; i++)
		if (t->baselines[i].number == 0)
			return &t->baselines[i];
	return NULL;
}

static void add_subject(struct checker *c, struct quality_check *k, int32_t subject)
{
	int32_t *subjects = (int32_t *)k->subjects; /* ours until the check is handed out */
	if ((k->nsubjects & (k->nsubjects - 1)) == 0) {
		size_t room = k->nsubjects ? (size_t)k->nsubjects : 0;
		subjects = arena_grow(c->a, subjects, room, room ? room * 2 : 1, sizeof(*subjects));
	}
	subjects[k->nsubjects++] = subject;
	k->subjects = subjects;
	k->bad++;
}

static const char *number_text(struct arena *a, int64_t value, int scale)
{
	struct str s = STR_INIT;
	str_decimal(&s, value, scale);
	char *text = arena_strdup(a, str_text(&s));
	str_free(&s);
	return text;
}

static void judge_share(struct checker *c, struct quality_check *k, bool percent)
{
	if (k->of == 0)
		k->answer = QUALITY_UNANSWERED;
	else
		k->answer = (percent ? k->bad * 100 > k->limit * k->of : k->bad > k->limit)
			? QUALITY_FAILED
			: QUALITY_PASSED;
	if (k->answer == QUALITY_FAILED)
		finding_add(&c->q->findings, k->id, ON_PLAN, -1, number_text(c->a, k->bad, 0),
			number_text(c->a, k->of, 0), number_text(c->a, k->limit, 0));
}

typedef bool task_test(const struct checker *c, int32_t task);

static void check_tasks(struct checker *c, int point, const char *id, int32_t limit, bool percent,
	task_test *asked, task_test *bad)
{
	struct quality_check *k = &c->q->dcma[point - 1];

	*k = (struct quality_check){.id = id, .limit = limit, .on = ON_TASK};
	for (int32_t i = 0; i < c->plan->ntasks; i++)
		if (asked(c, i)) {
			k->of++;
			if (bad(c, i))
				add_subject(c, k, i);
		}
	judge_share(c, k, percent);
}

static bool is_open(const struct checker *c, int32_t i)
{
	return open_task(&c->plan->tasks[i]);
}
static bool is_dated(const struct checker *c, int32_t i)
{
	return open_task(&c->plan->tasks[i]) && c->s->tasks[i].total_float != FLOAT_NONE;
}
static bool is_counted(const struct checker *c, int32_t i)
{
	return counts(&c->plan->tasks[i]);
}

static bool lacks_logic(const struct checker *c, int32_t i)
{
	return c->before[i] == 0 || c->after[i] == 0;
}

static bool hard_constraint(const struct checker *c, int32_t i)
{
	for (int k = 0; k < 2; k++)
		switch (c->plan->tasks[i].constraint[k].kind) {
		case CONSTRAINT_MANDATORY_START:
		case CONSTRAINT_MANDATORY_FINISH:
		case CONSTRAINT_START_NOT_LATER:
		case CONSTRAINT_FINISH_NOT_LATER:
		case CONSTRAINT_START_ON:
		case CONSTRAINT_FINISH_ON: return true;
		default: break;
		}
	return false;
}

static bool high_float(const struct checker *c, int32_t i)
{
	return c->s->tasks[i].total_float > DAYS_HIGH * day_work(c, &c->plan->tasks[i]);
}
static bool negative_float(const struct checker *c, int32_t i)
{
	return c->s->tasks[i].total_float < 0;
}
static bool high_duration(const struct checker *c, int32_t i)
{
	return c->plan->tasks[i].duration_work > DAYS_HIGH * day_work(c, &c->plan->tasks[i]);
}

static bool invalid_date(const struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];
	struct moment now = data_date(c->plan, t);
	const struct task_dates *d = &c->s->tasks[i];

	if (moment_is_none(now))
		return false;
	return (!moment_is_none(t->actual_start) && t->actual_start.tick > now.tick) ||
		(!moment_is_none(t->actual_finish) && t->actual_finish.tick > now.tick) ||
		(t->state == TASK_NOT_STARTED && !moment_is_none(d->early_start) &&
			d->early_start.tick < now.tick);
}

static bool a_day_or_more(const struct checker *c, int32_t i)
{
	return c->plan->nresources > 0 && open_task(&c->plan->tasks[i]) &&
		c->plan->tasks[i].duration_work >= day_work(c, &c->plan->tasks[i]);
}

static bool no_resource(const struct checker *c, int32_t i)
{
	for (int32_t k = 0; k < c->plan->nassignments; k++)
		if (c->plan->assignments[k].task == i)
			return false;
	return true;
}

static bool was_due(const struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];
	const struct baseline *b = baseline_of(t);
	struct moment now = data_date(c->plan, t);
	return counts(t) && b && !moment_is_none(b->finish) && !moment_is_none(now) &&
		b->finish.tick <= now.tick;
}

static bool missed(const struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];
	return t->state != TASK_COMPLETE ||
		(!moment_is_none(t->actual_finish) && t->actual_finish.tick > baseline_of(t)->finish.tick);
}

typedef bool link_test(const struct plan_link *l);
static bool is_lead(const struct plan_link *l)
{
	return l->lag < 0;
}
static bool is_lag(const struct plan_link *l)
{
	return l->lag > 0;
}
static bool not_fs(const struct plan_link *l)
{
	return l->type != LINK_FS;
}

static void check_links(
	struct checker *c, int point, const char *id, int32_t limit, bool percent, link_test *bad)
{
	struct quality_check *k = &c->q->dcma[point - 1];

	*k = (struct quality_check){.id = id, .limit = limit, .on = ON_LINK};
	for (int32_t i = 0; i < c->plan->nlinks; i++) {
		const struct plan_link *l = &c->plan->links[i];
		if (c->s->links[i].ignored || c->plan->tasks[l->to].state == TASK_COMPLETE)
			continue;
		k->of++;
		if (bad(l))
			add_subject(c, k, i);
	}
	judge_share(c, k, percent);
}

/* ---- The points that are more than a count ------------------------------------------------------------------- */

/* 12: push one critical task by 600 days and see whether the finish moves as far. */
static bool critical_path_test(struct checker *c, struct err *err)
{
	struct quality_check *k = &c->q->dcma[11];
	struct sched_options early = {.early_only = true};
	struct plan pushed = *c->plan;
	struct schedule after;
	int32_t task = -1;

	*k = (struct quality_check){.id = "D12", .answer = QUALITY_UNANSWERED, .on = ON_TASK};
	for (int32_t i = 0; i < c->plan->ntasks && task < 0; i++)
		if (open_task(&c->plan->tasks[i]) && c->s->tasks[i].longest_path)
			task = i;
	if (task < 0)
		return true;
	const struct plan_task *t = &c->plan->tasks[task];
	int32_t calendar = plan_task_calendar(c->plan, t), push = DAYS_PUSH * day_work(c, t);
	const struct worktime *w = c->calendars[calendar >= 0 ? calendar : c->plan->ncalendars];
	pushed.tasks = ARENA_ARRAY(c->a, struct plan_task, (size_t)pushed.ntasks);
	memcpy(pushed.tasks, c->plan->tasks, (size_t)pushed.ntasks * sizeof(*pushed.tasks));
	pushed.tasks[task].duration_work += push;
	pushed.tasks[task].remaining_work += push;
	if (!sched_run(c->a, &pushed, &early, &after, err))
		return false;
	int32_t moved = worktime_between(
		w, c->s->projects[t->project].finish.tick, after.projects[t->project].finish.tick);
	add_subject(c, k, task);
	k->bad = moved / day_work(c, t);
	k->of = DAYS_PUSH;
	/* Another calendar at the end may round by a few days: the test asks whether the path is one. */
	k->answer = k->bad * 100 >= k->of * 99 ? QUALITY_PASSED : QUALITY_FAILED;
	if (k->answer == QUALITY_FAILED)
		finding_add(&c->q->findings, "D12", ON_TASK, task, number_text(c->a, k->of, 0),
			number_text(c->a, k->bad, 0), NULL);
	return true;
}

/* 13: (critical path length + total float) / length, against the required or baseline finish of the first project. */
static void length_index(struct checker *c)
{
	struct quality_check *k = &c->q->dcma[12];
	const struct plan_project *p = &c->plan->projects[0];
	struct moment finish = c->plan->nprojects ? c->s->projects[0].finish : MOMENT_NONE, due, now;

	*k = (struct quality_check){
		.id = "D13", .answer = QUALITY_UNANSWERED, .of = 1000, .limit = 950, .on = ON_PROJECT};
	if (moment_is_none(finish))
		return;
	due = p->must_finish;
	for (int32_t i = 0; moment_is_none(p->must_finish) && i < c->plan->ntasks; i++) {
		const struct baseline *b = baseline_of(&c->plan->tasks[i]);
		if (b && !moment_is_none(b->finish) && (moment_is_none(due) || b->finish.tick > due.tick))
			due = b->finish;
	}
	now = moment_is_none(p->data_date) ? p->start : p->data_date;
	if (moment_is_none(due) || moment_is_none(now))
		return;
	const struct worktime *w = c->calendars[p->calendar >= 0 ? p->calendar : c->plan->ncalendars];
	int64_t length = worktime_between(w, now.tick, finish.tick),
			spare = worktime_between(w, finish.tick, due.tick);
	if (length <= 0)
		return;
	k->bad = (length + spare) * 1000 / length;
	k->answer = k->bad < k->limit ? QUALITY_FAILED : QUALITY_PASSED;
	if (k->answer == QUALITY_FAILED)
		finding_add(&c->q->findings, "D13", ON_PROJECT, 0, number_text(c->a, k->bad, 3),
			number_text(c->a, k->limit, 3), NULL);
}

/* 14: tasks completed / tasks the baseline has completed by the data date. */
static void execution_index(struct checker *c)
{
	struct quality_check *k = &c->q->dcma[13];
	int64_t done = 0, due = 0;

	*k = (struct quality_check){
		.id = "D14", .answer = QUALITY_UNANSWERED, .of = 1000, .limit = 950, .on = ON_PLAN};
	for (int32_t i = 0; i < c->plan->ntasks; i++) {
		due += was_due(c, i);
		done += counts(&c->plan->tasks[i]) && baseline_of(&c->plan->tasks[i]) &&
			c->plan->tasks[i].state == TASK_COMPLETE;
	}
	if (due == 0)
		return;
	k->bad = done * 1000 / due;
	k->answer = k->bad < k->limit ? QUALITY_FAILED : QUALITY_PASSED;
	if (k->answer == QUALITY_FAILED)
		finding_add(&c->q->findings, "D14", ON_PLAN, -1, number_text(c->a, k->bad, 3),
			number_text(c->a, k->limit, 3), NULL);
}

/* ---- Our own ------------------------------------------------------------------------------------------------- */

/* As people know it: codes are often those of a template or of a contractor's system. */
static const char *name_of(const struct plan *plan, int32_t task)
{
	const struct plan_task *t = &plan->tasks[task];
	return t->name[0] ? t->name : plan_task_code(plan, task);
}

static void check_progress(struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];
	struct moment now = data_date(c->plan, t);
	struct findings *f = &c->q->findings;
	char text[20];

	if (!moment_is_none(t->actual_start) && !moment_is_none(now) && t->actual_start.tick > now.tick)
		finding_add(
			f, "P009", ON_TASK, i, name_of(c->plan, i), moment_text(t->actual_start, text), NULL);
	if (!moment_is_none(t->actual_finish) && !moment_is_none(now) &&
		t->actual_finish.tick > now.tick)
		finding_add(
			f, "P010", ON_TASK, i, name_of(c->plan, i), moment_text(t->actual_finish, text), NULL);
	if (t->state == TASK_COMPLETE && moment_is_none(t->actual_finish))
		finding_add(f, "P011", ON_TASK, i, name_of(c->plan, i), NULL, NULL);
	if (t->state != TASK_NOT_STARTED && moment_is_none(t->actual_start))
		finding_add(f, "P012", ON_TASK, i, name_of(c->plan, i), NULL, NULL);
	if (!moment_is_none(t->actual_start) && !moment_is_none(t->actual_finish) &&
		t->actual_finish.tick < t->actual_start.tick)
		finding_add(
			f, "P015", ON_TASK, i, name_of(c->plan, i), moment_text(t->actual_finish, text), NULL);
}

/* Stored dates that contradict the file itself: it was changed after it was last calculated. */
static void check_stale(struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];
	int32_t calendar = plan_task_calendar(c->plan, t);
	const struct worktime *w = c->calendars[calendar >= 0 ? calendar : c->plan->ncalendars];

	if (t->state == TASK_COMPLETE || moment_is_none(t->stored.early_start) ||
		moment_is_none(t->stored.early_finish) || t->type == TASK_BY_RESOURCE || milestone(t) ||
		w->never_works)
		return;
	if (worktime_between(w, t->stored.early_start.tick, t->stored.early_finish.tick) <
		t->remaining_work)
		finding_add(&c->q->findings, "P016", ON_TASK, i, name_of(c->plan, i), NULL, NULL);
}

static bool out_of_sequence(
	const struct plan_link *l, const struct plan_task *from, const struct plan_task *to)
{
	if (moment_is_none(to->actual_start))
		return false;
	if (l->type == LINK_FS)
		return from->state != TASK_COMPLETE ||
			(!moment_is_none(from->actual_finish) &&
				to->actual_start.tick < from->actual_finish.tick);
	if (l->type == LINK_SS)
		return moment_is_none(from->actual_start) ||
			to->actual_start.tick < from->actual_start.tick;
	return false;
}

static void check_link_habits(struct checker *c)
{
	struct findings *f = &c->q->findings;
	bool *told = ARENA_ARRAY(c->a, bool, (size_t)c->plan->ntasks);

	for (int32_t i = 0; i < c->plan->nlinks; i++) {
		const struct plan_link *l = &c->plan->links[i];
		if (c->s->links[i].ignored)
			continue;
		const struct plan_task *from = &c->plan->tasks[l->from], *to = &c->plan->tasks[l->to];
		const char *a = name_of(c->plan, l->from), *b = name_of(c->plan, l->to);
		if (l->type == LINK_SF)
			finding_add(f, "G03", ON_LINK, i, a, b, NULL);
		if (l->lag_unit == LAG_WORK && l->lag > LAG_DAYS_LONG * day_work(c, from))
			finding_add(f, "G05", ON_LINK, i, a, b,
				number_text(c->a, (int64_t)l->lag * 10 / day_work(c, from), 1));
		if (l->lag >= 0 && out_of_sequence(l, from, to) && !told[l->to]) {
			told[l->to] = true;
			finding_add(f, "G04", ON_TASK, l->to, b, NULL, NULL);
		}
		if (c->s->links[i].float_work != FLOAT_NONE && c->s->links[i].float_work < 0 &&
			to->state == TASK_NOT_STARTED &&
			(to->constraint[0].kind == CONSTRAINT_MANDATORY_START ||
				to->constraint[0].kind == CONSTRAINT_MANDATORY_FINISH) &&
			!told[l->to]) {
			told[l->to] = true;
			finding_add(f, "G07", ON_TASK, l->to, b, NULL, NULL);
		}
	}
}

static void check_codes(struct checker *c)
{
	int32_t size = 16;
	while (size < c->plan->ntasks * 2)
		size *= 2;
	int32_t *slots = ARENA_ARRAY(c->a, int32_t, (size_t)size);
	for (int32_t i = 0; i < c->plan->ntasks; i++) {
		const struct plan_task *t = &c->plan->tasks[i];
		uint32_t h = 2166136261u ^ (uint32_t)t->project;
		for (const char *s = t->code; *s; s++)
			h = (h ^ (uint8_t)*s) * 16777619u;
		if (!t->code[0])
			continue;
		uint32_t at = h & (uint32_t)(size - 1);
		for (; slots[at]; at = (at + 1) & (uint32_t)(size - 1)) {
			const struct plan_task *other = &c->plan->tasks[slots[at] - 1];
			if (other->project == t->project && strcmp(other->code, t->code) == 0)
				break;
		}
		if (slots[at])
			finding_add(&c->q->findings, "G06", ON_TASK, i, t->code,
				c->plan->projects[t->project].name, NULL);
		else
			slots[at] = i + 1;
	}
}

static void count_links(struct checker *c)
{
	for (int32_t i = 0; i < c->plan->nlinks; i++) {
		const struct plan_link *l = &c->plan->links[i];
		if (c->s->links[i].ignored)
			continue;
		c->before[l->to]++;
		c->after[l->from]++;
		c->start_held[l->to] |= l->type == LINK_FS || l->type == LINK_SS;
		c->finish_used[l->from] |= l->type == LINK_FS || l->type == LINK_FF;
	}
}

static void check_ends(struct checker *c, int32_t i)
{
	const struct plan_task *t = &c->plan->tasks[i];

	if (!open_task(t))
		return;
	if (c->before[i] > 0 && !c->start_held[i] && t->state == TASK_NOT_STARTED)
		finding_add(&c->q->findings, "G01", ON_TASK, i, name_of(c->plan, i), NULL, NULL);
	if (c->after[i] > 0 && !c->finish_used[i])
		finding_add(&c->q->findings, "G02", ON_TASK, i, name_of(c->plan, i), NULL, NULL);
}

bool plan_quality(struct arena *a, const struct schedule *s, struct quality *out, struct err *err)
{
	size_t n = (size_t)s->plan->ntasks;
	struct quality q = {.findings = {.arena = a}};
	struct checker c = {.a = a,
		.s = s,
		.plan = s->plan,
		.q = &q,
		.before = ARENA_ARRAY(a, int32_t, n),
		.after = ARENA_ARRAY(a, int32_t, n),
		.start_held = ARENA_ARRAY(a, bool, n),
		.finish_used = ARENA_ARRAY(a, bool, n),
		.calendars = worktime_compile_all(a, s->plan)};

	count_links(&c);
	check_tasks(&c, 1, "D01", 5, true, is_open, lacks_logic);
	check_links(&c, 2, "D02", 0, false, is_lead);
	check_links(&c, 3, "D03", 5, true, is_lag);
	check_links(&c, 4, "D04", 10, true, not_fs);
	check_tasks(&c, 5, "D05", 5, true, is_open, hard_constraint);
	check_tasks(&c, 6, "D06", 5, true, is_dated, high_float);
	check_tasks(&c, 7, "D07", 0, false, is_dated, negative_float);
	check_tasks(&c, 8, "D08", 5, true, is_open, high_duration);
	check_tasks(&c, 9, "D09", 0, false, is_counted, invalid_date);
	check_tasks(&c, 10, "D10", 0, false, a_day_or_more, no_resource);
	check_tasks(&c, 11, "D11", 5, true, was_due, missed);
	if (!critical_path_test(&c, err))
		return false;
	length_index(&c);
	execution_index(&c);
	for (int32_t i = 0; i < s->plan->ntasks; i++) {
		check_progress(&c, i);
		check_stale(&c, i);
		check_ends(&c, i);
	}
	check_link_habits(&c);
	check_codes(&c);
	*out = q;
	return true;
}
