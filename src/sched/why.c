#include "sched/why.h"

#include "base/say.h"

#define STEPS_TOLD 4 /* links told in full; a longer chain names its root */

/* Of what a summary spans, the task that gives it this end; -1: it is no summary. The first in the plan, of several. */
static int32_t part_that_ends(const struct schedule *s, int32_t summary, bool late, bool finish)
{
	const struct plan *plan = s->plan;
	const struct task_dates *all = &s->tasks[summary];
	struct moment end = late ? finish ? all->late_finish : all->late_start
							 : (finish ? all->early_finish : all->early_start);

	for (int32_t i = 0; i < plan->ntasks; i++) {
		const struct task_dates *d = &s->tasks[i];
		struct moment its = late ? finish ? d->late_finish : d->late_start
								 : (finish ? d->early_finish : d->early_start);
		if (its.tick == end.tick && d->early_reason != REASON_SPAN &&
			plan_task_below(plan, i, summary))
			return i;
	}
	return -1;
}

/* Whether a link, followed back (on, if late), comes to the finish of its other task. */
static bool comes_to_finish(const struct plan_link *l, bool late)
{
	return late ? l->type == LINK_FF || l->type == LINK_SF
				: l->type == LINK_FS || l->type == LINK_FF;
}

const struct why_step *why_steps(
	struct arena *a, const struct schedule *s, int32_t task, bool late, int32_t *n)
{
	struct why_step *steps = NULL;
	int32_t room = 0;

	*n = 0;
	while (*n <= s->plan->ntasks) {
		const struct task_dates *d = &s->tasks[task];
		struct moment start = late ? d->late_start : d->early_start;
		if (moment_is_none(start))
			break;
		if (*n == room) {
			int32_t more = room ? room * 2 : 8;
			steps = arena_grow(a, steps, (size_t)room, (size_t)more, sizeof(*steps));
			room = more;
		}
		int32_t link = late ? d->late_reason_link : d->early_reason_link;
		steps[(*n)++] = (struct why_step){task, start, late ? d->late_finish : d->early_finish,
			(enum reason)(late ? d->late_reason : d->early_reason), link};
		if (steps[*n - 1].reason == REASON_SPAN && *n > 1) {
			const struct plan_link *l = &s->plan->links[steps[*n - 2].link];
			if ((task = part_that_ends(s, task, late, comes_to_finish(l, late))) < 0)
				break;
			continue;
		}
		if (steps[*n - 1].reason != REASON_LINK || link < 0)
			break;
		task = late ? s->plan->links[link].to : s->plan->links[link].from;
	}
	return steps;
}

/* As people know it; with its code where another task has the same name. */
static const char *task_name(struct arena *a, const struct plan *plan, int32_t task)
{
	const struct plan_task *t = &plan->tasks[task];
	const char *code = plan_task_code(plan, task);

	if (!t->name[0])
		return code;
	for (int32_t i = 0; i < plan->ntasks; i++)
		if (i != task && strcmp(plan->tasks[i].name, t->name) == 0)
			return arena_printf(a, "%s (%s)", t->name, code);
	return t->name;
}

static void tell(struct str *out, enum lang lang, const char *english, const char *a, const char *b,
	const char *c)
{
	const char *args[] = {a, b, c};
	say_args(out, say(lang, english), c ? 3 : b ? 2 : a ? 1 : 0, args);
}

/* "4 h" of working time or around the clock, "50 %" of the predecessor. */
static const char *lag_text(struct arena *a, const struct plan_link *l, enum lang lang)
{
	struct str text = STR_INIT, number = STR_INIT;
	int32_t lag = l->lag < 0 ? -l->lag : l->lag;

	if (l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED) {
		str_decimal(&number, lag, 2);
		tell(&text, lang, "%s %%", str_text(&number), NULL, NULL);
	} else {
		str_decimal(&number, (int64_t)lag * 100 / TICKS_PER_HOUR, 2);
		tell(&text, lang, l->lag_unit == LAG_ELAPSED ? "%s h around the clock" : "%s h",
			str_text(&number), NULL, NULL);
	}
	char *out = arena_strdup(a, str_text(&text));
	str_free(&text);
	str_free(&number);
	return out;
}

static void tell_link(struct arena *a, const struct schedule *s, const struct why_step *next,
	int32_t link, bool late, enum lang lang, struct str *out)
{
	const struct plan_link *l = &s->plan->links[link];
	bool start = !comes_to_finish(l, late);
	char date[20];

	moment_text(start ? next->start : next->finish, date);
	tell(out, lang,
		late        ? start ? ", because %s must start by %s" : ", because %s must finish by %s"
			: start ? ", because %s starts %s"
					: ", because %s finishes %s",
		task_name(a, s->plan, next->task), date, NULL);
	if (l->lag > 0)
		tell(out, lang, " with %s in between", lag_text(a, l, lang), NULL, NULL);
	else if (l->lag < 0)
		tell(out, lang, " and may be overlapped by %s", lag_text(a, l, lang), NULL, NULL);
}

static void tell_root(const struct schedule *s, const struct why_step *step, bool late,
	enum lang lang, struct str *out)
{
	const struct plan_task *t = &s->plan->tasks[step->task];
	const struct plan_project *p = &s->plan->projects[t->project];
	const struct constraint *c = &t->constraint[step->reason == REASON_SECOND_CONSTRAINT];
	char date[20];

	switch (step->reason) {
	case REASON_PROJECT_START:
		tell(out, lang, ", because the project starts %s", moment_text(p->start, date), NULL, NULL);
		return;
	case REASON_DATA_DATE:
		tell(out, lang, ", because open work starts no earlier than the data date %s",
			moment_text(moment_is_none(p->data_date) ? p->start : p->data_date, date), NULL, NULL);
		return;
	case REASON_CONSTRAINT:
	case REASON_SECOND_CONSTRAINT:
		tell(out, lang, ", because somebody set the constraint \"%s\" %s",
			say(lang, constraint_name(c->kind)), moment_text(c->date, date), NULL);
		return;
	case REASON_ACTUAL:
		tell(out, lang, ", because that is what happened", NULL, NULL, NULL);
		return;
	case REASON_EXTERNAL:
		tell(out, lang, ", because a link out of this plan gives %s",
			moment_text(late ? t->external_late_finish : t->external_early_start, date), NULL,
			NULL);
		return;
	case REASON_EXPECTED_FINISH:
		tell(out, lang, ", because it is expected to finish %s",
			moment_text(t->expected_finish, date), NULL, NULL);
		return;
	case REASON_RESUME:
		tell(out, lang, ", because suspended work resumes %s", moment_text(t->resume, date), NULL,
			NULL);
		return;
	case REASON_AS_LATE_AS_POSSIBLE:
		tell(out, lang, ", because it is to be as late as it can without delaying others", NULL,
			NULL, NULL);
		return;
	case REASON_MANUAL:
		tell(out, lang, ", because its dates were set by hand", NULL, NULL, NULL);
		return;
	case REASON_SPAN:
		tell(out, lang, ", because it spans what belongs to it", NULL, NULL, NULL);
		return;
	case REASON_PROJECT_FINISH:
		tell(out, lang, ", because the plan ends %s",
			moment_text(s->projects[t->project].late_target, date), NULL, NULL);
		return;
	case REASON_MUST_FINISH:
		tell(out, lang, ", because the project must finish by %s",
			moment_text(p->must_finish, date), NULL, NULL);
		return;
	case REASON_DEADLINE:
		tell(out, lang, ", because its deadline is %s", moment_text(t->deadline, date), NULL, NULL);
		return;
	case REASON_RESOURCE:
		tell(out, lang, ", because its crew works then", NULL, NULL, NULL);
		return;
	case REASON_NONE:
	case REASON_LINK: return;
	}
}

void why_say(struct arena *a, const struct schedule *s, int32_t task, bool late, enum lang lang,
	struct str *out)
{
	int32_t n, told;
	const struct why_step *steps = why_steps(a, s, task, late, &n);
	char date[20];

	if (n == 0)
		return;
	if (late)
		tell(out, lang, "%s must finish by %s", task_name(a, s->plan, task),
			moment_text(steps[0].finish, date), NULL);
	else
		tell(out, lang, "%s starts %s", task_name(a, s->plan, task),
			moment_text(steps[0].start, date), NULL);
	told = n - 1 <= STEPS_TOLD ? n - 1 : STEPS_TOLD - 1;
	for (int32_t i = 0; i < told; i++)
		if (steps[i].reason == REASON_SPAN)
			tell(out, lang, ", which is when its part %s does",
				task_name(a, s->plan, steps[i + 1].task), NULL, NULL);
		else
			tell_link(a, s, &steps[i + 1], steps[i].link, late, lang, out);
	if (told < n - 1) {
		char count[12];
		struct str number = STR_INIT;
		str_int(&number, n - 1 - told);
		memcpy(count, str_text(&number), number.n + 1);
		str_free(&number);
		tell(out, lang,
			late ? ", and so on over %s more tasks to %s, which must finish by %s"
				 : ", and so on over %s more tasks back to %s, which starts %s",
			count, task_name(a, s->plan, steps[n - 1].task),
			moment_text(late ? steps[n - 1].finish : steps[n - 1].start, date));
	}
	tell_root(s, &steps[n - 1], late, lang, out);
}
