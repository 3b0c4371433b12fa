/*
 * From a plan to MSPDI, element by element (mspdi_element.h). Plans of other programs become an outline: projects and WBS
 * nodes are summary tasks.
 */
#include "base/num.h"
#include "intake/calendar_days.h"
#include "intake/mspdi_element.h"
#include "intake/mspdi_inside.h"

struct writer {
	struct arena *a;
	const struct plan *plan;
	struct findings *found;
	struct str *out;
	bool own;
	struct element element;                                 /* the one in hand */
	int32_t *first_link, *next_link;                        /* by successor */
	int32_t *first_task, *next_task, *first_wbs, *next_wbs; /* of an outline; see index_outline */
};

/* clang-format off */
static const char *const project_order[] = {"SaveVersion", "UID", "Name", "Title", "ScheduleFromStart", "StartDate", "FinishDate",
	"CriticalSlackLimit", "CalendarUID", "MinutesPerDay", "MinutesPerWeek", "HonorConstraints", "MultipleCriticalPaths",
	"SplitsInProgressTasks", "StatusDate", NULL};
static const char *const task_order[] = {"UID", "ID", "Name", "Active", "Manual", "Type", "IsNull", "CreateDate", "WBS",
	"OutlineNumber", "OutlineLevel", "Priority", "Start", "Finish", "Duration", "ManualStart", "ManualFinish", "ManualDuration",
	"DurationFormat", "Work", "Stop", "Resume", "ResumeValid", "EffortDriven", "Estimated", "Milestone", "Summary", "Critical",
	"EarlyStart", "EarlyFinish", "LateStart", "LateFinish", "FreeSlack", "TotalSlack", "PercentComplete",
	"PercentWorkComplete", "Cost", "ActualStart", "ActualFinish", "ActualDuration", "ActualCost", "ActualWork",
	"RemainingDuration", "RemainingCost", "RemainingWork", "ConstraintType", "CalendarUID", "ConstraintDate", "Deadline",
	"LevelAssignments", "LevelingDelay", "LevelingDelayFormat", "IgnoreResourceCalendar", "Notes", "HideBar", "Rollup",
	"PhysicalPercentComplete", "EarnedValueMethod", "PredecessorLink", "ActualWorkProtected", "ActualOvertimeWorkProtected",
	"ExtendedAttribute", "Baseline", "OutlineCode", "IsPublished", "CommitmentType", "TimephasedData", NULL};
static const char *const link_order[] = {"PredecessorUID", "Type", "CrossProject", "CrossProjectName", "LinkLag", "LagFormat", NULL};
static const char *const baseline_order[] = {"TimephasedData", "Number", "Interim", "Start", "Finish", "Duration",
	"DurationFormat", "EstimatedDuration", "Work", "Cost", NULL};
static const char *const calendar_order[] = {"UID", "Name", "IsBaseCalendar", "IsBaselineCalendar", "BaseCalendarUID", "WeekDays",
	"Exceptions", "WorkWeeks", NULL};
static const char *const resource_order[] = {"UID", "ID", "Name", "Type", "IsNull", "MaxUnits", "PeakUnits", "CalendarUID", NULL};
static const char *const assignment_order[] = {"UID", "TaskUID", "ResourceUID", "ActualWork", "Delay", "Finish", "RemainingWork",
	"Start", "Units", "Work", NULL};
/* clang-format on */

static void note_loss(
	struct writer *w, enum finding_subject on, int32_t subject, const char *name, struct label what)
{
	char words[ERR_BOTH_ROOM];
	finding_add(w->found, "X004", on, subject, name, err_both(words, what), "MSPDI");
}

/* ---- Ids ----------------------------------------------------------------------------------------------------- */

static const char *number(struct writer *w, int64_t n)
{
	return arena_printf(w->a, "%lld", (long long)n);
}

static const char *calendar_id(struct writer *w, int32_t i)
{
	return i < 0 ? NULL : w->own ? w->plan->calendars[i].id : number(w, i + 1);
}

static const char *task_id(struct writer *w, int32_t i)
{
	return w->own ? w->plan->tasks[i].id : number(w, i + 1);
}

static const char *resource_id(struct writer *w, int32_t i)
{
	return w->own ? w->plan->resources[i].id : number(w, i + 1);
}

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

static void put_shifts(struct str *s, const struct day_shifts *day)
{
	str_printf(s, "<DayWorking>%d</DayWorking>", day->n > 0);
	if (day->n == 0)
		return;
	str_puts(s, "<WorkingTimes>");
	for (int32_t i = 0; i < day->n; i++) {
		int from = day->shifts[i].from % MINUTES_PER_DAY, to = day->shifts[i].to % MINUTES_PER_DAY;
		str_printf(s,
			"<WorkingTime><FromTime>%02d:%02d:00</FromTime><ToTime>%02d:%02d:00</ToTime></"
			"WorkingTime>",
			from / 60, from % 60, to / 60, to % 60);
	}
	str_puts(s, "</WorkingTimes>");
}

static void put_week(struct str *s, uint8_t stated, const struct day_shifts week[7])
{
	for (int d = 0; d < 7; d++) { /* 1 is Sunday */
		int weekday = (d + 6) % 7;
		if (!(stated >> weekday & 1))
			continue;
		str_printf(s, "<WeekDay><DayType>%d</DayType>", d + 1);
		put_shifts(s, &week[weekday]);
		str_puts(s, "</WeekDay>");
	}
}

static void put_period(struct str *s, struct date from, struct date to)
{
	str_puts(s, "<TimePeriod><FromDate>");
	date_format(s, from);
	str_puts(s, "T00:00:00</FromDate><ToDate>");
	date_format(s, to);
	str_puts(s, "T23:59:00</ToDate></TimePeriod>");
}

static const char *taken(struct writer *w, struct str *s)
{
	char *text = arena_text(w->a, str_view(s));
	str_clear(s);
	return text;
}

static void state_calendar(struct writer *w, const struct plan_calendar *c)
{
	struct str s = STR_INIT;

	put_week(&s, c->stated, c->week);
	element_set_xml(&w->element, "WeekDays", taken(w, &s));
	for (int32_t i = 0; i < c->nexceptions; i++) {
		const struct calendar_exception *e = &c->exceptions[i];
		str_puts(&s, "<Exception><EnteredByOccurrences>0</EnteredByOccurrences>");
		put_period(&s, e->from, e->to);
		str_printf(&s, "<Occurrences>%d</Occurrences><Name>%s</Name><Type>1</Type>",
			(int)(e->to.day - e->from.day + 1),
			element_escaped(&w->element, e->name ? e->name : ""));
		put_shifts(&s, &e->day);
		str_puts(&s, "</Exception>");
	}
	element_set_xml(&w->element, "Exceptions", taken(w, &s));
	for (int32_t i = 0; i < c->nweeks; i++) {
		const struct calendar_week *x = &c->weeks[i];
		str_puts(&s, "<WorkWeek>");
		put_period(&s, x->from, x->to);
		str_printf(
			&s, "<Name>%s</Name><WeekDays>", element_escaped(&w->element, x->name ? x->name : ""));
		put_week(&s, x->stated, x->days);
		str_puts(&s, "</WeekDays></WorkWeek>");
	}
	element_set_xml(&w->element, "WorkWeeks", taken(w, &s));
	str_free(&s);
}

static bool same_week(
	uint8_t s, const struct day_shifts x[7], uint8_t t, const struct day_shifts y[7])
{
	bool same = s == t;
	for (int d = 0; d < 7 && same; d++)
		same = day_shifts_equal(&x[d], &y[d]);
	return same;
}

/* Reads the kept children as the reader does: do they still say this calendar? */
static bool says_the_same(struct writer *w, const struct plan_calendar *c)
{
	struct err ignored = {0};
	struct mspdi m = {.f = {.a = w->a, .err = &ignored}};
	struct plan_calendar was = {0};
	struct xml_node *node;
	struct str s = STR_INIT;

	element_close(&w->element, "Calendar", &s);
	bool same = xml_tree(w->a, str_view(&s), &node, &ignored);
	str_free(&s);
	if (!same)
		return false;
	mspdi_read_working_time(&m, &was, node);
	same = same_week(was.stated, was.week, c->stated, c->week) &&
		was.nexceptions == c->nexceptions && was.nweeks == c->nweeks;
	for (int32_t i = 0; i < c->nexceptions && same; i++)
		same = was.exceptions[i].from.day == c->exceptions[i].from.day &&
			was.exceptions[i].to.day == c->exceptions[i].to.day &&
			day_shifts_equal(&was.exceptions[i].day, &c->exceptions[i].day);
	for (int32_t i = 0; i < c->nweeks && same; i++)
		same = was.weeks[i].from.day == c->weeks[i].from.day &&
			was.weeks[i].to.day == c->weeks[i].to.day &&
			same_week(was.weeks[i].stated, was.weeks[i].days, c->weeks[i].stated, c->weeks[i].days);
	return same;
}

static void put_calendars(struct writer *w)
{
	const struct plan *p = w->plan;

	str_puts(w->out, "<Calendars>\n");
	for (int32_t i = 0; i < p->ncalendars; i++) {
		const struct plan_calendar *c = &p->calendars[i];
		if (c->united && w->own)
			continue;
		element_open(&w->element, &c->keep, calendar_order);
		element_set_text(&w->element, "UID", calendar_id(w, i));
		element_set_text(&w->element, "Name", c->name);
		if (!w->own)
			element_set_xml(&w->element, "IsBaseCalendar", "1");
		element_refer(&w->element, "BaseCalendarUID", calendar_id(w, c->base));
		if (!w->own || !says_the_same(w, c))
			state_calendar(w, c);
		element_close(&w->element, "Calendar", w->out);
	}
	str_puts(w->out, "</Calendars>\n");
}

/* ---- Tasks --------------------------------------------------------------------------------------------------- */

static int constraint_number(enum constraint_kind kind)
{
	switch (kind) {
	case CONSTRAINT_AS_LATE_AS_POSSIBLE: return 1;
	case CONSTRAINT_MANDATORY_START:
	case CONSTRAINT_START_ON: return 2;
	case CONSTRAINT_MANDATORY_FINISH:
	case CONSTRAINT_FINISH_ON: return 3;
	case CONSTRAINT_START_NOT_EARLIER: return 4;
	case CONSTRAINT_START_NOT_LATER: return 5;
	case CONSTRAINT_FINISH_NOT_EARLIER: return 6;
	case CONSTRAINT_FINISH_NOT_LATER: return 7;
	case CONSTRAINT_NONE: break;
	}
	return 0;
}

static void put_links_of(struct writer *w, int32_t task)
{
	static const int types[] = {[LINK_FF] = 0, [LINK_FS] = 1, [LINK_SF] = 2, [LINK_SS] = 3};
	struct element e = {.a = w->a, .own = w->own};

	for (int32_t i = w->first_link[task]; i >= 0; i = w->next_link[i]) {
		const struct plan_link *l = &w->plan->links[i];
		bool percent = l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED;
		bool around = l->lag_unit == LAG_ELAPSED || l->lag_unit == LAG_PERCENT_ELAPSED;
		int32_t was_format = 7;
		element_open(&e, &l->keep, link_order);
		element_refer(&e, "PredecessorUID", l->from >= 0 ? task_id(w, l->from) : l->from_id);
		element_set_int(&e, "Type", types[l->type], 1);
		element_set_int(&e, "LinkLag", percent ? l->lag / 100 : l->lag, 0);
		mspdi_format_parse(element_kept(&e, "LagFormat"), &was_format);
		if (mspdi_percent_format(was_format) != percent ||
			mspdi_elapsed_format(was_format) != around || !w->own)
			element_set_int(&e, "LagFormat", percent ? around ? 20 : 19 : around ? 8 : 7, -1);
		element_close(&e, "PredecessorLink", w->out);
	}
}

static void put_baselines_of(struct writer *w, const struct plan_task *t)
{
	struct element e = {.a = w->a, .own = w->own};

	for (int32_t i = 0; i < t->nbaselines; i++) {
		const struct baseline *b = &t->baselines[i];
		element_open(&e, &b->keep, baseline_order);
		element_set_int(&e, "Number", b->number, 0);
		element_set_moment(&e, "Start", b->start, MOMENT_NONE);
		element_set_moment(&e, "Finish", b->finish, MOMENT_NONE);
		element_set_duration(&e, "Duration", b->duration_work, 0);
		if (!w->own)
			element_set_xml(&e, "DurationFormat", "7");
		element_set_duration(&e, "Work", b->work, 0);
		element_set_decimal(&e, "Cost", b->cost_cents, 0, 0);
		element_close(&e, "Baseline", w->out);
	}
}

static void set_progress(struct writer *w, const struct plan_task *t)
{
	element_set_int(&w->element, "PercentComplete", (t->percent + 50) / 100, 0);
	element_set_moment(&w->element, "ActualStart", t->actual_start,
		t->state != TASK_NOT_STARTED ? t->stored.start : MOMENT_NONE);
	element_set_moment(&w->element, "ActualFinish", t->actual_finish,
		t->state == TASK_COMPLETE ? t->stored.finish : MOMENT_NONE);
	if (t->actual_work >= 0)
		element_set_duration(&w->element, "ActualDuration", t->actual_work, -1);
	element_set_duration(&w->element, "RemainingDuration", t->remaining_work, t->duration_work);
	if (t->physical_percent >= 0)
		element_set_int(
			&w->element, "PhysicalPercentComplete", (t->physical_percent + 50) / 100, 0);
	if (!moment_is_none(t->suspend) || !moment_is_none(t->resume)) {
		element_set_moment(&w->element, "Stop", t->suspend, MOMENT_NONE);
		element_set_moment(&w->element, "Resume", t->resume, MOMENT_NONE);
		if (t->state != TASK_ACTIVE)
			element_set_flag(&w->element, "ResumeValid", true, false);
	}
}

static void set_kind(struct writer *w, const struct plan_task *t)
{
	bool summary = t->type == TASK_SUMMARY,
		 milestone = t->type == TASK_START_MILESTONE || t->type == TASK_FINISH_MILESTONE;

	element_set_flag(&w->element, "Summary", summary, false);
	if (!w->own || milestone)
		element_set_flag(&w->element, "Milestone", milestone, false);
	element_set_flag(&w->element, "Manual", t->manual, false);
	element_set_moment(&w->element, "ManualStart", t->manual_start, MOMENT_NONE);
	element_set_moment(&w->element, "ManualFinish", t->manual_finish, MOMENT_NONE);
	element_set_flag(&w->element, "Active", !t->inactive, true);
	element_set_flag(&w->element, "Estimated", t->estimated, false);
	element_set_flag(&w->element, "IgnoreResourceCalendar", t->ignore_resource_calendar, false);
}

static void set_dates(struct writer *w, const struct plan_task *t)
{
	if (!w->own) {
		struct moment start = !moment_is_none(t->actual_start) ? t->actual_start
			: !moment_is_none(t->stored.early_start)           ? t->stored.early_start
															   : t->planned_start;
		struct moment finish = !moment_is_none(t->actual_finish) ? t->actual_finish
			: !moment_is_none(t->stored.early_finish)            ? t->stored.early_finish
																 : t->planned_finish;
		element_set_moment(&w->element, "Start", start, MOMENT_NONE);
		element_set_moment(&w->element, "Finish", finish, MOMENT_NONE);
	}
	element_set_int(&w->element, "ConstraintType", constraint_number(t->constraint[0].kind), 0);
	element_set_moment(&w->element, "ConstraintDate", t->constraint[0].date, MOMENT_NONE);
	element_set_moment(&w->element, "Deadline", t->deadline, MOMENT_NONE);
}

static void note_task_losses(struct writer *w, int32_t i)
{
	const struct plan_task *t = &w->plan->tasks[i];
	if (t->constraint[1].kind != CONSTRAINT_NONE)
		note_loss(w, ON_TASK, i, t->code, (struct label){"第二约束", "second constraint"});
	if (t->type == TASK_LEVEL_OF_EFFORT)
		note_loss(w, ON_TASK, i, t->code, (struct label){"投入水平（LOE）", "level of effort"});
	if (t->type == TASK_BY_RESOURCE)
		note_loss(
			w, ON_TASK, i, t->code, (struct label){"资源驱动类型", "resource-dependent type"});
	if (!moment_is_none(t->expected_finish))
		note_loss(w, ON_TASK, i, t->code, (struct label){"期望完成", "expected finish"});
}

/* The reader falls back from WBS to the outline number to the UID. */
static void set_code(struct writer *w, const struct plan_task *t)
{
	const char *was = element_kept(&w->element, "WBS")[0] ? element_kept(&w->element, "WBS")
		: element_kept(&w->element, "OutlineNumber")[0] ? element_kept(&w->element, "OutlineNumber")
														: t->id;
	if (!w->own || strcmp(was, element_escaped(&w->element, t->code)) != 0)
		element_set_text(&w->element, "WBS", t->code);
}

static void put_task(struct writer *w, int32_t i, int32_t level)
{
	const struct plan_task *t = &w->plan->tasks[i];
	int32_t format = 7;

	element_open(&w->element, &t->keep, task_order);
	element_set_text(&w->element, "UID", task_id(w, i));
	if (!w->own)
		element_set_text(&w->element, "ID", task_id(w, i));
	element_set_text(&w->element, "Name", t->name);
	set_code(w, t);
	element_set_int(&w->element, "OutlineLevel", level, 1);
	element_set_int(&w->element, "Priority", t->priority, 500);
	element_set_duration(&w->element, "Duration", t->duration_work, 0);
	mspdi_format_parse(element_kept(&w->element, "DurationFormat"), &format);
	if (mspdi_elapsed_format(format) != t->duration_elapsed || !w->own)
		element_set_int(&w->element, "DurationFormat", t->duration_elapsed ? 8 : 7, -1);
	element_refer(&w->element, "CalendarUID", calendar_id(w, t->calendar));
	set_kind(w, t);
	set_dates(w, t);
	set_progress(w, t);
	element_set_int(&w->element, "LevelingDelay", t->levelling_delay_span, 0);
	element_set_decimal(&w->element, "Cost", t->cost_cents, 0, 0);
	if (!w->own)
		note_task_losses(w, i);
	/* Links and baselines are elements of their own: the children around their places go out in three parts. */
	int32_t links_at = element_place(&w->element, "PredecessorLink"),
			baselines_at = element_place(&w->element, "Baseline");
	if (baselines_at < links_at)
		baselines_at = links_at;
	str_puts(w->out, "<Task>");
	element_put(&w->element, 0, links_at, w->out);
	put_links_of(w, i);
	element_put(&w->element, links_at, baselines_at, w->out);
	put_baselines_of(w, t);
	element_put(&w->element, baselines_at, w->element.n, w->out);
	str_puts(w->out, "</Task>\n");
}

enum { MOST_LEVELS = 128 };

/* Plans of this format: tasks in their order. A level that leads to the right summary stays. */
static void put_own_tasks(struct writer *w)
{
	const struct plan *p = w->plan;
	int32_t above[MOST_LEVELS], *levels = ARENA_ARRAY(w->a, int32_t, (size_t)p->ntasks + 1);

	memset(above, 0xFF, sizeof(above));
	for (int32_t i = 0; i < p->ntasks; i++) {
		const struct plan_task *t = &p->tasks[i];
		const char *was = t->keep.columns ? keep_get(&t->keep, "OutlineLevel") : NULL;
		int64_t level = 1;
		if (was && was[0] && !num_plain(slice_of(was), 0, &level))
			level = 1;
		if (level < 0 || level >= MOST_LEVELS || (level ? above[level - 1] : -1) != t->parent)
			level = t->parent < 0 ? 0 : levels[t->parent] + 1;
		level = level < MOST_LEVELS ? level : MOST_LEVELS - 1;
		levels[i] = (int32_t)level;
		for (int64_t l = level; l < MOST_LEVELS; l++)
			above[l] = i;
		put_task(w, i, (int32_t)level);
	}
}

/* A project or WBS node as a summary. Its UID lies past the tasks'. */
static void put_node(
	struct writer *w, int32_t uid, const char *code, const char *name, int32_t level)
{
	static const struct keep none = {0};

	element_open(&w->element, &none, task_order);
	element_set_text(&w->element, "UID", number(w, uid));
	element_set_text(&w->element, "ID", number(w, uid));
	element_set_text(&w->element, "Name", name);
	element_set_text(&w->element, "WBS", code);
	element_set_int(&w->element, "OutlineLevel", level, -1);
	element_set_xml(&w->element, "Summary", "1");
	element_close(&w->element, "Task", w->out);
}

/* Who stands under whom: task heads, then WBS heads, each for [tasks][wbs][projects] as the node above. */
static void index_outline(struct writer *w)
{
	const struct plan *p = w->plan;
	int32_t nodes = p->ntasks + p->nwbs + p->nprojects;

	w->first_task = ARENA_ARRAY(w->a, int32_t, (size_t)nodes + 1);
	w->next_task = ARENA_ARRAY(w->a, int32_t, (size_t)p->ntasks + 1);
	w->first_wbs = ARENA_ARRAY(w->a, int32_t, (size_t)nodes + 1);
	w->next_wbs = ARENA_ARRAY(w->a, int32_t, (size_t)p->nwbs + 1);
	for (int32_t i = 0; i < nodes; i++)
		w->first_task[i] = w->first_wbs[i] = -1;
	for (int32_t i = p->ntasks - 1; i >= 0; i--) {
		const struct plan_task *t = &p->tasks[i];
		bool inside = t->parent >= 0 && p->tasks[t->parent].type == TASK_SUMMARY;
		int32_t node = inside ? t->parent
			: t->wbs >= 0     ? p->ntasks + t->wbs
							  : p->ntasks + p->nwbs + t->project;
		w->next_task[i] = w->first_task[node];
		w->first_task[node] = i;
	}
	for (int32_t i = p->nwbs - 1; i >= 0; i--) {
		const struct plan_wbs *x = &p->wbs[i];
		int32_t project = x->project >= 0 ? x->project : 0;
		int32_t node = x->parent >= 0 ? p->ntasks + x->parent : p->ntasks + p->nwbs + project;
		w->next_wbs[i] = w->first_wbs[node];
		w->first_wbs[node] = i;
	}
}

static void put_below(struct writer *w, int32_t node, int32_t level)
{
	const struct plan *p = w->plan;

	for (int32_t i = w->first_task[node]; i >= 0 && level < MOST_LEVELS; i = w->next_task[i]) {
		put_task(w, i, level);
		put_below(w, i, level + 1);
	}
	for (int32_t i = w->first_wbs[node]; i >= 0 && level < MOST_LEVELS; i = w->next_wbs[i]) {
		put_node(w, p->ntasks + p->nprojects + i + 1, p->wbs[i].code, p->wbs[i].name, level);
		put_below(w, p->ntasks + i, level + 1);
	}
}

static void put_outline(struct writer *w)
{
	const struct plan *p = w->plan;

	index_outline(w);
	for (int32_t i = 0; i < p->nprojects; i++) {
		bool node = p->nprojects > 1;
		if (node)
			put_node(w, p->ntasks + i + 1, p->projects[i].code, p->projects[i].name, 1);
		put_below(w, p->ntasks + p->nwbs + i, node ? 2 : 1);
	}
}

/* Links by their successor, in their order. */
static void index_links(struct writer *w)
{
	const struct plan *p = w->plan;

	w->first_link = ARENA_ARRAY(w->a, int32_t, (size_t)p->ntasks + 1);
	w->next_link = ARENA_ARRAY(w->a, int32_t, (size_t)p->nlinks + 1);
	for (int32_t i = 0; i < p->ntasks; i++)
		w->first_link[i] = -1;
	for (int32_t i = p->nlinks - 1; i >= 0; i--)
		if (p->links[i].to >= 0) {
			w->next_link[i] = w->first_link[p->links[i].to];
			w->first_link[p->links[i].to] = i;
		}
}

/* ---- Resources ----------------------------------------------------------------------------------------------- */

static void put_resources(struct writer *w)
{
	const struct plan *p = w->plan;

	str_puts(w->out, "<Resources>\n");
	for (int32_t i = 0; i < p->nresources; i++) {
		const struct plan_resource *r = &p->resources[i];
		element_open(&w->element, &r->keep, resource_order);
		element_set_text(&w->element, "UID", resource_id(w, i));
		element_set_text(&w->element, "ID", w->own ? r->code : number(w, i + 1));
		element_set_text(&w->element, "Name", r->name);
		element_set_int(&w->element, "Type",
			r->kind == RESOURCE_MATERIAL   ? 0
				: r->kind == RESOURCE_COST ? 2
										   : 1,
			1);
		element_set_decimal(&w->element, "MaxUnits", r->capacity_permille, 3, 1000);
		element_refer(&w->element, "CalendarUID", calendar_id(w, r->calendar));
		element_close(&w->element, "Resource", w->out);
	}
	str_puts(w->out, "</Resources>\n<Assignments>\n");
	for (int32_t i = 0; i < p->nassignments; i++) {
		const struct plan_assignment *x = &p->assignments[i];
		element_open(&w->element, &x->keep, assignment_order);
		if (!w->own)
			element_set_text(&w->element, "UID", number(w, i + 1));
		element_set_text(&w->element, "TaskUID", task_id(w, x->task));
		element_refer(&w->element, "ResourceUID",
			x->resource >= 0 ? resource_id(w, x->resource)
				: w->own     ? NULL
							 : "-65535");
		element_set_decimal(&w->element, "Units", x->units_permille, 3, 1000);
		element_set_duration(&w->element, "Work", x->planned_work, 0);
		element_set_duration(&w->element, "RemainingWork", x->remaining_work, 0);
		element_set_duration(&w->element, "ActualWork", x->actual_work, 0);
		element_set_int(&w->element, "Delay", x->lag_work, 0);
		element_close(&w->element, "Assignment", w->out);
	}
	str_puts(w->out, "</Assignments>\n");
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void put_project(struct writer *w)
{
	static const struct plan_project empty = {.id = "", .code = "", .name = "", .calendar = -1};
	const struct plan *p = w->plan;
	const struct plan_project *x = p->nprojects ? &p->projects[0] : &empty;
	const char *title = element_kept(&w->element, "Title");
	int64_t day = 480;

	element_open(&w->element, &x->keep, project_order);
	title = element_kept(&w->element, "Title")[0] ? element_kept(&w->element, "Title")
												  : element_kept(&w->element, "Name");
	if (strcmp(title, element_escaped(&w->element, x->name)) != 0)
		element_set_text(&w->element, "Title", x->name);
	if (!w->own)
		element_set_text(&w->element, "SaveVersion", "14");
	element_set_moment(&w->element, "StartDate", x->start, MOMENT_NONE);
	element_set_moment(
		&w->element, "StatusDate", w->own ? x->status_date : x->data_date, MOMENT_NONE);
	element_set_flag(&w->element, "ScheduleFromStart", !x->from_finish, true);
	if (x->from_finish || !w->own)
		element_set_moment(&w->element, "FinishDate", x->must_finish, MOMENT_NONE);
	element_refer(&w->element, "CalendarUID", calendar_id(w, x->calendar));
	if (!w->own && x->calendar >= 0 && p->calendars[x->calendar].day_minutes) {
		element_set_int(&w->element, "MinutesPerDay", p->calendars[x->calendar].day_minutes, -1);
		element_set_int(&w->element, "MinutesPerWeek", p->calendars[x->calendar].week_minutes, -1);
	}
	if (element_kept(&w->element, "MinutesPerDay")[0] &&
		(!num_plain(slice_of(element_kept(&w->element, "MinutesPerDay")), 0, &day) || day <= 0))
		day = 480;
	int64_t slack = 0;
	if (!num_plain(slice_of(element_kept(&w->element, "CriticalSlackLimit")), 0, &slack) ||
		slack * day * TICKS_PER_MINUTE != x->options.critical_float_work)
		element_set_int(&w->element, "CriticalSlackLimit",
			x->options.critical_float_work / (day * TICKS_PER_MINUTE), 0);
	element_set_flag(&w->element, "HonorConstraints", x->options.honour_constraints, true);
	element_set_flag(
		&w->element, "MultipleCriticalPaths", x->options.multiple_critical_paths, false);
	element_set_flag(&w->element, "SplitsInProgressTasks", x->options.split_in_progress, true);
	element_put(&w->element, 0, w->element.n, w->out);
}

bool mspdi_write(struct arena *a, const struct plan *plan, struct str *out, struct findings *found,
	struct err *err)
{
	struct writer w = {.a = a,
		.plan = plan,
		.found = found,
		.out = out,
		.own = strcmp(plan->source, "mspdi") == 0};

	w.element = (struct element){.a = a, .own = w.own};

	for (int32_t i = 0; i < plan->nlinks; i++)
		if (plan->links[i].to < 0)
			note_loss(&w, ON_LINK, i, plan->links[i].to_id ? plan->links[i].to_id : "",
				(struct label){"指向文件外的逻辑关系", "link to a task outside"});
	str_puts(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
		"<Project xmlns=\"http://schemas.microsoft.com/project\">\n");
	put_project(&w);
	put_calendars(&w);
	index_links(&w);
	str_puts(out, "<Tasks>\n");
	if (w.own)
		put_own_tasks(&w);
	else
		put_outline(&w);
	str_puts(out, "</Tasks>\n");
	put_resources(&w);
	str_puts(out, "</Project>\n");
	return true;
}
