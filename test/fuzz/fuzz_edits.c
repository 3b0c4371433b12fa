/*
 * A small plan and edits of it, one number a byte: after each edit the network that was kept says what a full run says. The
 * first two bytes choose what is in the plan and how it is calculated; besides what random_plan knows, tasks may be
 * summaries, spans, elapsed, by hand or idle, lags percents, and there may be two projects.
 */
#include <stdlib.h>

#include "test/unit/edit_check.h"
#include "test/unit/random_plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void add_project(struct arena *a, struct dice *dice, struct plan *p)
{
	struct plan_project *projects = ARENA_ARRAY(a, struct plan_project, 2);

	projects[0] = projects[1] = p->projects[0];
	projects[1].id = projects[1].code = projects[1].name = "Q";
	projects[1].start.tick += roll(dice, 40) * TICKS_PER_DAY;
	projects[1].must_finish = MOMENT_NONE;
	projects[0].options.float_to_project_finish = roll(dice, 2);
	projects[1].options.float_to_project_finish = roll(dice, 2);
	p->projects = projects;
	p->nprojects = 2;
	for (int32_t i = 0; i < p->ntasks; i++)
		p->tasks[i].project = roll(dice, 2);
}

static void make_strange(struct dice *dice, const struct plan *p, int32_t i)
{
	struct plan_task *t = &p->tasks[i];

	switch (roll(dice, 16)) {
	case 1: t->type = TASK_LEVEL_OF_EFFORT; break;
	case 2: t->type = TASK_SUMMARY; break;
	case 3: t->parent = roll(dice, i + 1) - 1; break;
	case 4: t->duration_elapsed = true; break;
	case 5: t->inactive = true; break;
	case 6:
		t->manual = true;
		t->manual_start = p->projects[0].start;
		t->manual_finish.tick = t->manual_start.tick + roll(dice, 20) * TICKS_PER_DAY;
		break;
	case 7:
		t->external_early_start.tick = p->projects[0].start.tick + roll(dice, 40) * TICKS_PER_DAY;
		break;
	case 8:
		t->external_late_finish.tick = p->projects[0].start.tick + roll(dice, 40) * TICKS_PER_DAY;
		break;
	default:;
	}
}

static void make_strange_lags(struct dice *dice, const struct plan *p)
{
	for (int32_t i = 0; i < p->nlinks; i++)
		if (roll(dice, 4) == 1) {
			p->links[i].lag_unit = (enum lag_unit)(1 + roll(dice, 3));
			if (p->links[i].lag_unit != LAG_ELAPSED)
				p->links[i].lag = (roll(dice, 40) - 10) * 1000;
		}
}

static void edit(struct arena *a, struct dice *dice, struct plan *p)
{
	struct incremental inc;
	struct err err = {0};

	if (!inc_open(a, p, &inc, &err) || edit_difference(&inc, p))
		abort();
	for (int left = 40; left && dice->bytes < dice->end; left--) {
		int32_t task = roll(dice, p->ntasks);
		struct plan_task now = p->tasks[task];
		rolled_edit(dice, p, &now);
		if (!inc_change(&inc, task, &now)) {
			p->tasks[task] = now;
			if (!inc_open(a, p, &inc, &err))
				abort();
		}
		if (edit_difference(&inc, p))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct dice dice = {.bytes = bytes, .end = bytes + n};
	struct arena *a = arena_open();
	unsigned kinds = (unsigned)roll(&dice, 32);
	int how = roll(&dice, 256);
	struct plan plan;

	rolled_plan(a, &dice, 16, kinds, &plan);
	if (how % 4 == 1)
		plan.projects[0].options.profile = PROFILE_MSPROJECT;
	if (how & 4)
		add_project(a, &dice, &plan);
	for (int32_t i = 0; how & 8 && i < plan.ntasks; i++)
		make_strange(&dice, &plan, i);
	if (how & 16)
		make_strange_lags(&dice, &plan);
	edit(a, &dice, &plan);
	arena_close(a);
	return 0;
}
