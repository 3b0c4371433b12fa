/* The catalogue of findings on plans. Ids are never reused; a rule that goes leaves a gap. */
#include "model/finding.h"

/* clang-format off */
static const struct finding_kind kinds[] = {
	{ "P001", FINDING_ERROR,   "task %s is part of a loop of links: %s", "sched/graph.h" },
	{ "P002", FINDING_ERROR,   "link from %s to %s names a task that is not in the plan", "sched/graph.h" },
	{ "P003", FINDING_WARNING, "link from %s to %s is stated twice", "sched/graph.h" },
	{ "P004", FINDING_ERROR,   "task %s is linked to itself", "sched/graph.h" },
	{ "P005", FINDING_ERROR,   "calendar %s has no working time", "sched/worktime.h" },
	{ "P006", FINDING_ERROR,   "task %s has no date: it waits for a task without one", "sched/sched.h" },
	{ "P009", FINDING_WARNING, "task %s: actual start %s lies after the data date", "DCMA 14 no. 9" },
	{ "P010", FINDING_WARNING, "task %s: actual finish %s lies after the data date", "DCMA 14 no. 9" },
	{ "P011", FINDING_WARNING, "task %s is complete but has no actual finish", "DCMA 14 no. 9" },
	{ "P012", FINDING_WARNING, "task %s has started but has no actual start", "DCMA 14 no. 9" },
	{ "P013", FINDING_ERROR,   "project %s has no start date", "sched/sched.h" },
	{ "P015", FINDING_WARNING, "task %s: finish %s lies before its start", "sched/sched.h" },
	{ "P016", FINDING_WARNING,
	  "task %s: stored dates are shorter than its remaining duration: the file was changed after it was "
	  "last calculated",
	  "sched/quality.h" },
	{ "P017", FINDING_ERROR,   "task %s has no date: its calendar %s has no working time", "sched/worktime.h" },
	{ "P018", FINDING_ERROR,   "task %s has no date: it runs past the year 2199", "sched/sched.h" },
	{ "P020", FINDING_ERROR,   "task %s is linked with its own summary %s: the link is left out", "sched/graph.h" },
	{ "D01", FINDING_WARNING,
	  "missing logic: %s of %s open tasks have no predecessor or no successor (at most %s %%)",
	  "DCMA 14 no. 1" },
	{ "D02", FINDING_WARNING, "leads: %s of %s links have a negative lag (at most %s)", "DCMA 14 no. 2" },
	{ "D03", FINDING_WARNING, "lags: %s of %s links have a lag (at most %s %%)", "DCMA 14 no. 3" },
	{ "D04", FINDING_WARNING, "link types: %s of %s links are not finish to start (at most %s %%)", "DCMA 14 no. 4" },
	{ "D05", FINDING_WARNING, "hard constraints: on %s of %s open tasks (at most %s %%)", "DCMA 14 no. 5" },
	{ "D06", FINDING_WARNING,
	  "high float: %s of %s open tasks have more than 44 working days (at most %s %%)",
	  "DCMA 14 no. 6" },
	{ "D07", FINDING_WARNING, "negative float: %s of %s open tasks (at most %s)", "DCMA 14 no. 7" },
	{ "D08", FINDING_WARNING,
	  "high duration: %s of %s open tasks take more than 44 working days (at most %s %%)",
	  "DCMA 14 no. 8" },
	{ "D09", FINDING_WARNING,
	  "invalid dates: %s of %s tasks have actual dates after the data date or planned ones before it (at "
	  "most %s)",
	  "DCMA 14 no. 9" },
	{ "D10", FINDING_WARNING,
	  "resources: %s of %s open tasks of a day or more have none (at most %s)",
	  "DCMA 14 no. 10" },
	{ "D11", FINDING_WARNING,
	  "missed tasks: %s of %s tasks due by the data date finished late or not at all (at most %s %%)",
	  "DCMA 14 no. 11" },
	{ "D12", FINDING_WARNING, "critical path test: a delay of %s days moves the finish by %s days", "DCMA 14 no. 12" },
	{ "D13", FINDING_WARNING, "critical path length index %s is below %s", "DCMA 14 no. 13" },
	{ "D14", FINDING_WARNING, "baseline execution index %s is below %s", "DCMA 14 no. 14" },
	{ "G01", FINDING_WARNING, "task %s: nothing holds its start", "GAO-16-89G practice 2" },
	{ "G02", FINDING_WARNING, "task %s: nothing waits for its finish", "GAO-16-89G practice 2" },
	{ "G03", FINDING_NOTE,    "link from %s to %s is start to finish: is it meant?", "DCMA 14 no. 4" },
	{ "G04", FINDING_WARNING, "task %s started before its predecessors allow", "GAO-16-89G practice 9" },
	{ "G05", FINDING_WARNING,
	  "link from %s to %s has a lag of %s days, longer than 20: is it a task?",
	  "GAO-16-89G practice 2" },
	{ "G06", FINDING_WARNING, "the code %s is used by more than one task of project %s", "sched/quality.h" },
	{ "G07", FINDING_WARNING, "task %s: its mandatory date breaks the logic before it", "sched/cpm.h" },
	{ "X001", FINDING_WARNING,
	  "calendar %s is missing its working time or it cannot be read: Monday to Friday 08:00-16:00 is assumed",
	  "intake/xer.h" },
	{ "X002", FINDING_WARNING, "task %s has the unknown type %s and counts as ordinary work", "intake/xer.h" },
	{ "X003", FINDING_WARNING,
	  "link from %s to %s has the unknown type %s and counts as finish to start",
	  "intake/xer.h" },
	{ "X004", FINDING_NOTE,    "%s: %s has no place in a file of %s and is left out", "docs/plans.md" },
	{ "X005", FINDING_WARNING, "the file ends after line %s without its closing mark: it may have been cut off", "intake/xer.h" },
	{ "L001", FINDING_WARNING, "task %s needs more of %s than there is: it is planned with all there is", "sched/level.h" },
	{ "L002", FINDING_WARNING, "task %s finds its crews busy and may not move: it stays where it is", "sched/level.h" },
	{ "L003", FINDING_WARNING, "task %s and %s never work at the same time: it is planned as if they did", "sched/level.h" },
};
/* clang-format on */

static const struct finding_kind *finding_kind(const char *id)
{
	for (size_t i = 0; i < countof(kinds); i++)
		if (strcmp(kinds[i].id, id) == 0)
			return &kinds[i];
	return NULL;
}

void finding_add(struct findings *f, const char *id, enum finding_subject on, int32_t subject,
	const char *arg0, const char *arg1, const char *arg2)
{
	const char *args[3] = {arg0, arg1, arg2};
	struct finding *item;

	if (f->n == f->room) {
		int32_t room = f->room ? f->room * 2 : 16;
		f->items = arena_grow(f->arena, f->items, (size_t)f->room, (size_t)room, sizeof(*f->items));
		f->room = room;
	}
	item = &f->items[f->n++];
	*item = (struct finding){.kind = finding_kind(id), .on = on, .subject = subject};
	assert(item->kind);
	while (item->nargs < 3 && args[item->nargs]) {
		item->args[item->nargs] = arena_strdup(f->arena, args[item->nargs]);
		item->nargs++;
	}
}

bool finding_has(const struct findings *f, const char *id)
{
	for (int32_t i = 0; i < f->n; i++)
		if (strcmp(f->items[i].kind->id, id) == 0)
			return true;
	return false;
}

const char *finding_weight_name(enum finding_weight weight)
{
	static const char *const names[] = {"note", "warning", "error"};
	return names[weight];
}
