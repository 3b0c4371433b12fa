#include "slow_schedule.h"

#include <stdlib.h>

struct slow {
	const struct plan *plan;
	int first_day;
	bool works[8][SLOW_HOURS]; /* the last calendar is around the clock */
	struct slow_task *t;
	int duration[SLOW_TASKS];
	bool left; /* something left the horizon */
};

static int hour_of(const struct slow *s, struct moment m)
{
	return m.tick / TICKS_PER_HOUR - s->first_day * 24;
}

static void fill_day(struct slow *s, int c, int day, const struct day_shifts *shifts)
{
	for (int i = 0; i < shifts->n; i++)
		for (int m = shifts->shifts[i].from; m < shifts->shifts[i].to; m += 60)
			if (day * 24 + m / 60 >= 0 && day * 24 + m / 60 < SLOW_HOURS)
				s->works[c][day * 24 + m / 60] = true;
}

static void fill_calendars(struct slow *s)
{
	for (int c = 0; c < s->plan->ncalendars; c++)
		for (int day = -1; day < SLOW_DAYS; day++) {
			const struct plan_calendar *cal = &s->plan->calendars[c];
			struct date date = {s->first_day + day};
			const struct day_shifts *shifts = &cal->week[date_weekday(date) - 1];
			for (int i = 0; i < cal->nexceptions; i++)
				if (cal->exceptions[i].from.day <= date.day &&
					date.day <= cal->exceptions[i].to.day)
					shifts = &cal->exceptions[i].day;
			fill_day(s, c, day, shifts);
		}
	for (int h = 0; h < SLOW_HOURS; h++)
		s->works[s->plan->ncalendars][h] = true;
}

/* Worked hours from one moment to another, one by one. */
static int worked(const struct slow *s, int c, int from, int to)
{
	int n = 0;
	for (int h = from; h < to; h++)
		n += s->works[c][h];
	for (int h = to; h < from; h++)
		n -= s->works[c][h];
	return n;
}

static int next_work(struct slow *s, int c, int h)
{
	while (h >= 0 && h < SLOW_HOURS && !s->works[c][h])
		h++;
	s->left |= h < 0 || h >= SLOW_HOURS;
	return s->left ? 1 : h;
}

static int end_of_work(struct slow *s, int c, int h)
{
	while (h > 0 && h <= SLOW_HOURS && !s->works[c][h - 1])
		h--;
	s->left |= h <= 0 || h > SLOW_HOURS;
	return s->left ? 1 : h;
}

/* Where the work is done that starts at h; for nothing to do: h itself. */
static int after(struct slow *s, int c, int h, int hours)
{
	while (hours > 0 && h >= 0 && h < SLOW_HOURS)
		hours -= s->works[c][h++];
	s->left |= hours > 0;
	return s->left ? 1 : h;
}

static int before(struct slow *s, int c, int h, int hours)
{
	while (hours > 0 && h > 0 && h <= SLOW_HOURS)
		hours -= s->works[c][--h];
	s->left |= hours > 0;
	return s->left ? 1 : h;
}

/* A lag: that much work later, or earlier. */
static int shifted(struct slow *s, int c, int h, int lag)
{
	return lag > 0 ? after(s, c, h, lag) : lag < 0 ? before(s, c, h, -lag) : h;
}

/* Between two periods, neither at the end of one nor at the start of the other? */
static bool idle(const struct slow *s, int c, int h)
{
	return h > 0 && h < SLOW_HOURS && !s->works[c][h - 1] && !s->works[c][h];
}

static int calendar_of(const struct slow *s, int task)
{
	int c = plan_task_calendar(s->plan, &s->plan->tasks[task]);
	return c >= 0 ? c : s->plan->ncalendars;
}

static const struct plan_options *options(const struct slow *s)
{
	return &s->plan->projects[0].options;
}

static int data_date(const struct slow *s)
{
	const struct plan_project *p = &s->plan->projects[0];
	return hour_of(s, moment_is_none(p->data_date) ? p->start : p->data_date);
}

static int lag_calendar_of(const struct slow *s, const struct plan_link *l)
{
	int project = s->plan->projects[0].calendar;
	switch (options(s)->lag_calendar) {
	case LAG_CALENDAR_PREDECESSOR: return calendar_of(s, l->from);
	case LAG_CALENDAR_SUCCESSOR: return calendar_of(s, l->to);
	case LAG_CALENDAR_24_HOURS: return s->plan->ncalendars;
	case LAG_CALENDAR_PROJECT: break;
	}
	return project >= 0 ? project : s->plan->ncalendars;
}

static bool from_start(const struct plan_link *l)
{
	return l->type == LINK_SS || l->type == LINK_SF;
}

static bool to_finish(const struct plan_link *l)
{
	return l->type == LINK_FF || l->type == LINK_SF;
}

/* What is left of a lag when its predecessor has progress. */
static int lag_left(const struct slow *s, const struct plan_link *l)
{
	const struct plan_task *p = &s->plan->tasks[l->from];
	int lag = l->lag / TICKS_PER_HOUR, done = 0;

	if (lag <= 0)
		return lag;
	if (from_start(l) && p->state == TASK_ACTIVE)
		done = worked(s, calendar_of(s, l->from), hour_of(s, p->actual_start), data_date(s));
	if (!from_start(l) && p->state == TASK_COMPLETE)
		done = worked(s, lag_calendar_of(s, l), hour_of(s, p->actual_finish), data_date(s));
	done = done > 0 ? done : 0;
	return lag > done ? lag - done : 0;
}

static bool counts_from_actual_start(const struct slow *s, const struct plan_link *l)
{
	const struct plan_task *p = &s->plan->tasks[l->from];
	return from_start(l) && p->state != TASK_NOT_STARTED &&
		(p->state == TASK_COMPLETE || !options(s)->start_lag_from_early_start);
}

static int asked_early(struct slow *s, const struct plan_link *l)
{
	int h = from_start(l) ? s->t[l->from].es : s->t[l->from].ef, c = lag_calendar_of(s, l);

	if (counts_from_actual_start(s, l)) {
		int actual = shifted(
			s, c, hour_of(s, s->plan->tasks[l->from].actual_start), l->lag / TICKS_PER_HOUR);
		return actual > h ? actual : h;
	}
	if (l->type == LINK_SS && lag_left(s, l) == 0)
		return next_work(s, c, h);
	return shifted(s, c, h, lag_left(s, l));
}

static bool override_skips(const struct slow *s, const struct plan_link *l)
{
	return options(s)->progress != PROGRESS_RETAINED_LOGIC &&
		s->plan->tasks[l->to].state != TASK_NOT_STARTED &&
		(s->plan->tasks[l->to].state == TASK_COMPLETE || !to_finish(l));
}

/* Actual dates: what the successor did bounds what its predecessor has still to do. */
static bool actual_bounds(const struct slow *s, const struct plan_link *l)
{
	enum task_state from = s->plan->tasks[l->from].state;
	return options(s)->progress == PROGRESS_ACTUAL_DATES && override_skips(s, l) &&
		(from == TASK_NOT_STARTED || (from == TASK_ACTIVE && !from_start(l)));
}

static bool late_skips(const struct slow *s, const struct plan_link *l)
{
	return override_skips(s, l) && !actual_bounds(s, l);
}

static bool waits_for_finish(const struct slow *s, int task)
{
	for (int k = 0; k < s->plan->nlinks; k++)
		if (s->plan->links[k].to == task && to_finish(&s->plan->links[k]))
			return true;
	return false;
}

/* The earliest start that leaves no more than the duration's work before `finish`. */
static int start_for_finish(struct slow *s, int c, int finish, int hours)
{
	int h = end_of_work(s, c, finish);
	h = before(s, c, h, hours);
	return next_work(s, c, h);
}

static bool mandatory(enum constraint_kind kind)
{
	return kind == CONSTRAINT_MANDATORY_START || kind == CONSTRAINT_MANDATORY_FINISH;
}

/* Which of two starts is later in working time (equal instants: the first stays). */
static int later(const struct slow *s, int c, int a, int b)
{
	return worked(s, c, a, b) > 0 ? b : a;
}

static int constrained_start(
	struct slow *s, int task, int start, const struct constraint *k, bool *pinned)
{
	const struct plan_task *t = &s->plan->tasks[task];
	int c = calendar_of(s, task), now = next_work(s, c, data_date(s)), date;

	if (k->kind == CONSTRAINT_NONE || moment_is_none(k->date))
		return start;
	date = hour_of(s, k->date);
	switch (k->kind) {
	case CONSTRAINT_START_NOT_EARLIER:
	case CONSTRAINT_START_ON:
		return t->state == TASK_NOT_STARTED ? later(s, c, start, next_work(s, c, date)) : start;
	case CONSTRAINT_FINISH_NOT_EARLIER:
	case CONSTRAINT_FINISH_ON:
		return later(s, c, start, start_for_finish(s, c, date, s->duration[task]));
	case CONSTRAINT_MANDATORY_START:
	case CONSTRAINT_MANDATORY_FINISH:
		if (t->state != TASK_NOT_STARTED)
			return start;
		*pinned = true;
		return later(s, c, now,
			k->kind == CONSTRAINT_MANDATORY_START
				? next_work(s, c, date)
				: start_for_finish(s, c, date, s->duration[task]));
	default: return start;
	}
}

static void early_of_complete(struct slow *s, int task)
{
	int h = data_date(s);

	for (int k = 0; k < s->plan->nlinks; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->to == task && options(s)->progress == PROGRESS_RETAINED_LOGIC) {
			int asked = asked_early(s, l);
			h = asked > h ? asked : h;
		}
	}
	s->t[task].es = s->t[task].ef = h;
	if (options(s)->progress == PROGRESS_ACTUAL_DATES) {
		int start = hour_of(s, s->plan->tasks[task].actual_start),
			finish = hour_of(s, s->plan->tasks[task].actual_finish);
		s->t[task].es = start > h ? start : h;
		s->t[task].ef = finish > h ? finish : h;
	}
}

/* The moment a finish shows when the links that hold it say so themselves. */
static int held_finish(struct slow *s, int task, int start, int ef, bool by_links)
{
	int c = calendar_of(s, task), held = SLOW_NONE;
	bool milestone = s->plan->tasks[task].type == TASK_FINISH_MILESTONE;

	for (int k = 0; k < s->plan->nlinks && by_links; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->to != task || override_skips(s, l) || (!milestone && !to_finish(l)))
			continue;
		int asked = asked_early(s, l);
		int wants = to_finish(l) ? start_for_finish(s, c, asked, s->duration[task])
								 : next_work(s, c, asked);
		if (worked(s, c, start, wants) == 0)
			held = asked > held ? asked : held;
	}
	if (!by_links && milestone)
		held = data_date(s) > hour_of(s, s->plan->projects[0].start)
			? data_date(s)
			: hour_of(s, s->plan->projects[0].start);
	if (held == SLOW_NONE || worked(s, c, held, ef) != 0)
		return ef;
	return idle(s, c, held) ? next_work(s, c, held) : held;
}

static void early_of(struct slow *s, int task)
{
	const struct plan_task *t = &s->plan->tasks[task];
	const struct plan_project *p = &s->plan->projects[0];
	int c = calendar_of(s, task), now = data_date(s),
		floor = hour_of(s, p->start) > now ? hour_of(s, p->start) : now;
	int start = next_work(s, c, t->state == TASK_ACTIVE ? now : floor),
		hours = t->remaining_work / TICKS_PER_HOUR;
	bool pinned = false, by_links = false, by_rule = false;

	if (t->state == TASK_COMPLETE) {
		early_of_complete(s, task);
		return;
	}
	if (t->type == TASK_FINISH_MILESTONE || t->type == TASK_START_MILESTONE)
		hours = 0;
	s->duration[task] = hours;
	for (int k = 0; k < s->plan->nlinks; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->to != task || override_skips(s, l))
			continue;
		int asked = asked_early(s, l);
		int wants = to_finish(l) ? start_for_finish(s, c, asked, hours) : next_work(s, c, asked);
		if (worked(s, c, start, wants) > 0) {
			start = wants;
			by_links = true;
		}
	}
	int rule = start;
	if (t->state == TASK_ACTIVE && !moment_is_none(t->resume))
		rule = later(s, c, rule, next_work(s, c, hour_of(s, t->resume)));
	rule = constrained_start(s, task, rule, &t->constraint[0], &pinned);
	if (!mandatory(t->constraint[0].kind))
		rule = constrained_start(s, task, rule, &t->constraint[1], &pinned);
	by_rule = pinned || worked(s, c, start, rule) != 0;
	start = rule;
	if (pinned &&
		worked(s, c, next_work(s, c, now), start) ==
			0) /* the data date beat even the mandatory date */
		by_rule = by_links = false;
	bool milestone = t->type == TASK_FINISH_MILESTONE || t->type == TASK_START_MILESTONE;
	if (!moment_is_none(t->expected_finish) && options(s)->use_expected_finish && !milestone &&
		!waits_for_finish(s, task)) {
		int finish = hour_of(s, t->expected_finish), expected = worked(s, c, start, finish);
		if (worked(s, c, now, finish) >= 0 && expected > 0)
			s->duration[task] = hours = expected;
	}
	int ef = hours > 0                     ? after(s, c, start, hours)
		: t->type == TASK_FINISH_MILESTONE ? end_of_work(s, c, start)
										   : start;
	if (t->type == TASK_FINISH_MILESTONE && !by_rule)
		ef = held_finish(s, task, start, ef, by_links);
	else if (by_links && !by_rule && hours > 0)
		ef = held_finish(s, task, start, ef, true);
	s->t[task].es = t->type == TASK_FINISH_MILESTONE ? ef : start;
	s->t[task].ef = ef;
}

/* ---- Late ---------------------------------------------------------------------------------------------------- */

static int target(const struct slow *s)
{
	int latest = INT32_MIN;

	if (!moment_is_none(s->plan->projects[0].must_finish))
		return hour_of(s, s->plan->projects[0].must_finish);
	for (int i = 0; i < s->plan->ntasks; i++)
		latest = s->t[i].ef > latest ? s->t[i].ef : latest;
	return latest;
}

static int asked_late(struct slow *s, const struct plan_link *l)
{
	int h = to_finish(l) ? s->t[l->to].lf : s->t[l->to].ls;

	if (actual_bounds(s, l))
		h = hour_of(s,
			to_finish(l) ? s->plan->tasks[l->to].actual_finish
						 : s->plan->tasks[l->to].actual_start);
	return counts_from_actual_start(s, l) ? h
										  : shifted(s, lag_calendar_of(s, l), h, -lag_left(s, l));
}

static int earlier(const struct slow *s, int c, int a, int b)
{
	return worked(s, c, a, b) < 0 ? b : a;
}

/* The latest finish when the start may be as late as h: that much work after it, as a finish. */
static int finish_for_start(struct slow *s, int c, int h, int hours)
{
	if (hours == 0)
		return end_of_work(s, c, h);
	return after(s, c, next_work(s, c, h), hours);
}

static int constrained_finish(
	struct slow *s, int task, int finish, const struct constraint *k, bool *pinned)
{
	const struct plan_task *t = &s->plan->tasks[task];
	int c = calendar_of(s, task), date;

	if (k->kind == CONSTRAINT_NONE || moment_is_none(k->date))
		return finish;
	date = hour_of(s, k->date);
	switch (k->kind) {
	case CONSTRAINT_START_NOT_LATER:
	case CONSTRAINT_START_ON:
		return t->state == TASK_NOT_STARTED
			? earlier(s, c, finish, finish_for_start(s, c, date, s->duration[task]))
			: finish;
	case CONSTRAINT_FINISH_NOT_LATER:
	case CONSTRAINT_FINISH_ON: return earlier(s, c, finish, end_of_work(s, c, date));
	case CONSTRAINT_MANDATORY_START:
	case CONSTRAINT_MANDATORY_FINISH:
		if (t->state != TASK_NOT_STARTED)
			return finish;
		*pinned = true;
		return k->kind == CONSTRAINT_MANDATORY_START
			? finish_for_start(s, c, date, s->duration[task])
			: end_of_work(s, c, date);
	default: return finish;
	}
}

static int late_link_finish(struct slow *s, const struct plan_link *l, int task)
{
	int c = calendar_of(s, task);

	if (counts_from_actual_start(s, l) && s->plan->tasks[task].state == TASK_ACTIVE) {
		/* The room between the actual start and what the successor needs is room for the remaining work. */
		int h = to_finish(l) ? s->t[l->to].lf : s->t[l->to].ls;
		h = shifted(s, lag_calendar_of(s, l), h, -l->lag / TICKS_PER_HOUR);
		int room = worked(s, c, hour_of(s, s->plan->tasks[task].actual_start), h);
		int finish = end_of_work(s, c, s->t[task].ef);
		return room >= 0 ? end_of_work(s, c, after(s, c, finish, room))
						 : end_of_work(s, c, before(s, c, next_work(s, c, finish), -room));
	}
	int h = asked_late(s, l);
	return from_start(l) ? finish_for_start(s, c, h, s->duration[task]) : end_of_work(s, c, h);
}

static void late_of_complete(struct slow *s, int task)
{
	int h = target(s);

	for (int k = 0; k < s->plan->nlinks; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->from == task && !late_skips(s, l) && asked_late(s, l) < h)
			h = asked_late(s, l);
	}
	s->t[task].ls = s->t[task].lf = h;
}

static void late_of(struct slow *s, int task)
{
	const struct plan_task *t = &s->plan->tasks[task];
	int c = calendar_of(s, task), finish = end_of_work(s, c, target(s)), rule, shown = INT32_MAX;
	bool pinned = false, by_links = false;

	if (t->state == TASK_COMPLETE) {
		late_of_complete(s, task);
		return;
	}
	for (int k = 0; k < s->plan->nlinks; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->from != task || late_skips(s, l))
			continue;
		int wants = late_link_finish(s, l, task);
		if (worked(s, c, finish, wants) < 0) {
			finish = wants;
			by_links = true;
		}
	}
	rule = constrained_finish(s, task, finish, &t->constraint[0], &pinned);
	if (!mandatory(t->constraint[0].kind))
		rule = constrained_finish(s, task, rule, &t->constraint[1], &pinned);
	bool by_rule = pinned || worked(s, c, finish, rule) != 0;
	finish = rule;
	s->t[task].lf = finish;
	s->t[task].ls = s->duration[task] > 0 ? before(s, c, finish, s->duration[task]) : finish;
	if (s->duration[task] > 0 || t->type == TASK_FINISH_MILESTONE)
		return;
	/* A start milestone shows the very moment that bounds it; a rule of its own shows the next start. */
	for (int k = 0; k < s->plan->nlinks && by_links && !by_rule; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->from == task && !late_skips(s, l) && asked_late(s, l) < shown)
			shown = asked_late(s, l);
	}
	if (!by_links && !by_rule)
		shown = target(s);
	if (shown != INT32_MAX && worked(s, c, shown, finish) == 0)
		s->t[task].ls = s->t[task].lf = idle(s, c, shown) ? finish : shown;
	else
		s->t[task].ls = s->t[task].lf = next_work(s, c, finish);
}

/* ---- Floats and paths ---------------------------------------------------------------------------------------- */

static int link_room(struct slow *s, const struct plan_link *l)
{
	int to = to_finish(l) ? s->t[l->to].ef : s->t[l->to].es;

	if (counts_from_actual_start(s, l))
		return INT32_MAX;
	return worked(s, calendar_of(s, l->from), from_start(l) ? s->t[l->from].es : s->t[l->from].ef,
		shifted(s, lag_calendar_of(s, l), to, -lag_left(s, l)));
}

static void floats_of(struct slow *s, int task)
{
	const struct plan_task *t = &s->plan->tasks[task];
	int c = calendar_of(s, task), least = INT32_MAX, latest = INT32_MIN;
	struct slow_task *x = &s->t[task];

	x->total_float = x->free_float = SLOW_NONE;
	if (t->state == TASK_COMPLETE)
		return;
	int start = worked(s, c, x->es, x->ls), finish = worked(s, c, x->ef, x->lf);
	x->total_float = t->state == TASK_ACTIVE || options(s)->float_type == FLOAT_FINISH ? finish
		: options(s)->float_type == FLOAT_START                                        ? start
		: start < finish                                                               ? start
																					   : finish;
	for (int k = 0; k < s->plan->nlinks; k++) {
		const struct plan_link *l = &s->plan->links[k];
		if (l->from == task && !override_skips(s, l)) {
			int room = link_room(s, l);
			least = room < least ? room : least;
		}
	}
	for (int i = 0; i < s->plan->ntasks; i++)
		latest = s->t[i].ef > latest ? s->t[i].ef : latest;
	if (least == INT32_MAX)
		least = worked(s, c, x->ef, latest);
	x->free_float = least > 0 ? least : 0;
	if (t->constraint[0].kind == CONSTRAINT_MANDATORY_FINISH ||
		(options(s)->use_expected_finish && !moment_is_none(t->expected_finish)))
		x->free_float = 0;
}

static bool settle(struct slow *s, void (*step)(struct slow *, int))
{
	for (int round = 0; round < 3 * SLOW_TASKS; round++) {
		struct slow_task old[SLOW_TASKS];
		memcpy(old, s->t, (size_t)s->plan->ntasks * sizeof(*old));
		for (int i = 0; i < s->plan->ntasks; i++)
			step(s, i);
		if (s->left)
			return false;
		if (memcmp(old, s->t, (size_t)s->plan->ntasks * sizeof(*old)) == 0)
			return true;
	}
	return false;
}

bool slow_schedule(const struct plan *plan, int first_day, struct slow_task *out)
{
	struct slow *s = calloc(1, sizeof(*s));
	bool fine;

	s->plan = plan;
	s->first_day = first_day;
	s->t = out;
	memset(out, 0, (size_t)plan->ntasks * sizeof(*out));
	fill_calendars(s);
	for (int i = 0; i < plan->ntasks; i++)
		out[i].es = out[i].ef = data_date(s);
	fine = settle(s, early_of);
	for (int i = 0; fine && i < plan->ntasks; i++)
		out[i].ls = out[i].lf = target(s);
	fine = fine && settle(s, late_of);
	for (int i = 0; fine && i < plan->ntasks; i++)
		floats_of(s, i);
	fine = fine && !s->left;
	free(s);
	return fine;
}
