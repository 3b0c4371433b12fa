/*
 * From a plan to MSPDI. An element is a list of children, as the source had them; a setter leaves a child alone when it says
 * already what the plan says, and puts a new one where the schema wants it. Plans of other programs become an outline:
 * projects and WBS nodes are summary tasks.
 */
#include "base/num.h"
#include "intake/calendar_days.h"
#include "intake/mspdi_inside.h"

struct child {
	const char *name, *xml;
};

struct writer {
	struct arena *a;
	const struct plan *plan;
	struct findings *found;
	struct str *out;
	bool own;
	const char *const *order; /* of the element in hand, as the schema has it */
	struct child *children;
	int32_t n, room;
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

/* ---- Elements ------------------------------------------------------------------------------------------------ */

static void add_child(struct writer *w, int32_t at, const char *name, const char *xml)
{
	if (w->n == w->room) {
		int32_t more = w->room * 2 + 64;
		w->children =
			arena_grow(w->a, w->children, (size_t)w->room, (size_t)more, sizeof(*w->children));
		w->room = more;
	}
	memmove(w->children + at + 1, w->children + at, (size_t)(w->n - at) * sizeof(*w->children));
	w->children[at] = (struct child){name, xml};
	w->n++;
}

static void open_element(struct writer *w, const struct keep *keep, const char *const *order)
{
	w->order = order;
	w->n = 0;
	for (int32_t i = 0; w->own && keep->columns && i < keep->columns->n; i++)
		add_child(w, w->n, keep->columns->names[i], keep->values[i]);
}

static int32_t find(const struct writer *w, const char *name)
{
	for (int32_t i = 0; i < w->n; i++)
		if (strcmp(w->children[i].name, name) == 0)
			return i;
	return -1;
}

static const char *kept(const struct writer *w, const char *name)
{
	int32_t i = find(w, name);
	return i >= 0 ? w->children[i].xml : "";
}

static int32_t rank(const struct writer *w, const char *name)
{
	for (int32_t i = 0; w->order[i]; i++)
		if (strcmp(w->order[i], name) == 0)
			return i;
	return -1;
}

/* After the last child that the schema has before it. */
static int32_t place_for(const struct writer *w, const char *name)
{
	int32_t mine = rank(w, name), at = 0;
	for (int32_t i = 0; i < w->n; i++) {
		int32_t r = rank(w, w->children[i].name);
		if (r >= 0 && r <= mine)
			at = i + 1;
	}
	return at;
}

/* Empty text takes the child away. */
static void set_xml(struct writer *w, const char *name, const char *xml)
{
	int32_t i = find(w, name);

	if (i >= 0 && (xml[0] || !w->children[i].xml[0]))
		w->children[i].xml = xml;
	else if (i >= 0) {
		memmove(
			w->children + i, w->children + i + 1, (size_t)(w->n - i - 1) * sizeof(*w->children));
		w->n--;
	} else if (xml[0])
		add_child(w, place_for(w, name), name, xml);
}

/* XML 1.0 has no control characters. */
static const char *escaped(struct writer *w, const char *text)
{
	struct str s = STR_INIT;
	char *copy = arena_strdup(w->a, text);
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < ' ' && *c != '\n' && *c != '\r' && *c != '\t')
			*c = ' ';
	xml_escape(&s, copy);
	char *xml = arena_text(w->a, str_view(&s));
	str_free(&s);
	return xml;
}

static void set_text(struct writer *w, const char *name, const char *text)
{
	set_xml(w, name, escaped(w, text));
}

static void set_int(struct writer *w, const char *name, int64_t value, int64_t otherwise)
{
	const char *was = kept(w, name);
	int64_t before = otherwise;

	if (was[0] && !num_plain(slice_of(was), 0, &before))
		before = INT64_MIN;
	if (before != value || (!w->own && !was[0]))
		set_xml(w, name, arena_printf(w->a, "%lld", (long long)value));
}

static void set_decimal(
	struct writer *w, const char *name, int64_t value, int scale, int64_t otherwise)
{
	const char *was = kept(w, name);
	int64_t before = otherwise;
	struct str s = STR_INIT;

	if (was[0] && !num_plain(slice_of(was), scale, &before))
		before = INT64_MIN;
	if (before == value && (w->own || was[0]))
		return;
	str_decimal(&s, value, scale);
	set_xml(w, name, arena_text(w->a, str_view(&s)));
	str_free(&s);
}

static void set_flag(struct writer *w, const char *name, bool value, bool otherwise)
{
	const char *was = kept(w, name);
	bool before = was[0] ? strcmp(was, "1") == 0 || strcmp(was, "true") == 0 : otherwise;
	if (before != value || (!w->own && !was[0]))
		set_xml(w, name, value ? "1" : "0");
}

static const char *moment_xml(struct writer *w, struct moment m)
{
	char text[20];
	moment_text(m, text);
	return text[0] && strlen(text) == 16 ? arena_printf(w->a, "%s:00", text)
										 : arena_strdup(w->a, text);
}

/* otherwise: what the reader takes when there is none. */
static void set_moment(struct writer *w, const char *name, struct moment m, struct moment otherwise)
{
	const char *was = kept(w, name);
	struct moment before = MOMENT_NONE;

	if (!was[0]                                    ? m.tick == otherwise.tick
			: moment_parse(slice_of(was), &before) ? before.tick == m.tick
												   : moment_is_none(m))
		return;
	set_xml(w, name, moment_xml(w, m));
}

static const char *duration_xml(struct writer *w, int64_t ticks)
{
	int64_t all = ticks < 0 ? -ticks : ticks;
	return arena_printf(w->a, "%sPT%lldH%dM%dS", ticks < 0 ? "-" : "",
		(long long)(all / TICKS_PER_HOUR), (int)(all / TICKS_PER_MINUTE % 60),
		(int)(all % TICKS_PER_MINUTE * 6));
}

static void set_duration(struct writer *w, const char *name, int64_t ticks, int64_t otherwise)
{
	const char *was = kept(w, name);
	int64_t before = otherwise;

	if (was[0] && !mspdi_duration_parse(was, &before))
		before = INT64_MIN;
	if (before != ticks || (!w->own && !was[0]))
		set_xml(w, name, duration_xml(w, ticks));
}

/* A reference the plan could not follow stays as it was. */
static void refer(struct writer *w, const char *name, const char *id)
{
	if (id && id[0])
		set_text(w, name, id);
}

static void close_element(struct writer *w, const char *name)
{
	str_printf(w->out, "<%s>", name);
	for (int32_t i = 0; i < w->n; i++)
		str_printf(
			w->out, "<%s>%s</%s>\n", w->children[i].name, w->children[i].xml, w->children[i].name);
	str_printf(w->out, "</%s>\n", name);
}

static void note_loss(
	struct writer *w, enum finding_subject on, int32_t subject, const char *name, const char *what)
{
	finding_add(w->found, "X004", on, subject, name, what, "MSPDI");
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
	set_xml(w, "WeekDays", taken(w, &s));
	for (int32_t i = 0; i < c->nexceptions; i++) {
		const struct calendar_exception *e = &c->exceptions[i];
		str_puts(&s, "<Exception><EnteredByOccurrences>0</EnteredByOccurrences>");
		put_period(&s, e->from, e->to);
		str_printf(&s, "<Occurrences>%d</Occurrences><Name>%s</Name><Type>1</Type>",
			(int)(e->to.day - e->from.day + 1), escaped(w, e->name ? e->name : ""));
		put_shifts(&s, &e->day);
		str_puts(&s, "</Exception>");
	}
	set_xml(w, "Exceptions", taken(w, &s));
	for (int32_t i = 0; i < c->nweeks; i++) {
		const struct calendar_week *x = &c->weeks[i];
		str_puts(&s, "<WorkWeek>");
		put_period(&s, x->from, x->to);
		str_printf(&s, "<Name>%s</Name><WeekDays>", escaped(w, x->name ? x->name : ""));
		put_week(&s, x->stated, x->days);
		str_puts(&s, "</WeekDays></WorkWeek>");
	}
	set_xml(w, "WorkWeeks", taken(w, &s));
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

	str_puts(&s, "<Calendar>");
	for (int32_t i = 0; i < w->n; i++)
		str_printf(&s, "<%s>%s</%s>", w->children[i].name, w->children[i].xml, w->children[i].name);
	str_puts(&s, "</Calendar>");
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
		open_element(w, &c->keep, calendar_order);
		set_text(w, "UID", calendar_id(w, i));
		set_text(w, "Name", c->name);
		if (!w->own)
			set_xml(w, "IsBaseCalendar", "1");
		refer(w, "BaseCalendarUID", calendar_id(w, c->base));
		if (!w->own || !says_the_same(w, c))
			state_calendar(w, c);
		close_element(w, "Calendar");
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
	struct str s = STR_INIT;

	for (int32_t i = w->first_link[task]; i >= 0; i = w->next_link[i]) {
		const struct plan_link *l = &w->plan->links[i];
		struct writer inner = *w;
		bool percent = l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED;
		bool around = l->lag_unit == LAG_ELAPSED || l->lag_unit == LAG_PERCENT_ELAPSED;
		int32_t was_format = 7;
		inner.children = NULL;
		inner.room = 0;
		inner.out = &s;
		open_element(&inner, &l->keep, link_order);
		refer(&inner, "PredecessorUID", l->from >= 0 ? task_id(w, l->from) : l->from_id);
		set_int(&inner, "Type", types[l->type], 1);
		set_int(&inner, "LinkLag", percent ? l->lag / 100 : l->lag, 0);
		mspdi_format_parse(kept(&inner, "LagFormat"), &was_format);
		if (mspdi_percent_format(was_format) != percent ||
			mspdi_elapsed_format(was_format) != around || !w->own)
			set_int(&inner, "LagFormat", percent ? around ? 20 : 19 : around ? 8 : 7, -1);
		close_element(&inner, "PredecessorLink");
	}
	str_slice(w->out, str_view(&s));
	str_free(&s);
}

static void put_baselines_of(struct writer *w, const struct plan_task *t)
{
	for (int32_t i = 0; i < t->nbaselines; i++) {
		const struct baseline *b = &t->baselines[i];
		struct writer inner = *w;
		inner.children = NULL;
		inner.room = 0;
		open_element(&inner, &b->keep, baseline_order);
		set_int(&inner, "Number", b->number, 0);
		set_moment(&inner, "Start", b->start, MOMENT_NONE);
		set_moment(&inner, "Finish", b->finish, MOMENT_NONE);
		set_duration(&inner, "Duration", b->duration_work, 0);
		if (!w->own)
			set_xml(&inner, "DurationFormat", "7");
		set_duration(&inner, "Work", b->work, 0);
		set_decimal(&inner, "Cost", b->cost_cents, 0, 0);
		close_element(&inner, "Baseline");
	}
}

static void set_progress(struct writer *w, const struct plan_task *t)
{
	set_int(w, "PercentComplete", (t->percent + 50) / 100, 0);
	set_moment(w, "ActualStart", t->actual_start,
		t->state != TASK_NOT_STARTED ? t->stored.start : MOMENT_NONE);
	set_moment(w, "ActualFinish", t->actual_finish,
		t->state == TASK_COMPLETE ? t->stored.finish : MOMENT_NONE);
	if (t->actual_work >= 0)
		set_duration(w, "ActualDuration", t->actual_work, -1);
	set_duration(w, "RemainingDuration", t->remaining_work, t->duration_work);
	if (t->physical_percent >= 0)
		set_int(w, "PhysicalPercentComplete", (t->physical_percent + 50) / 100, 0);
	if (!moment_is_none(t->suspend) || !moment_is_none(t->resume)) {
		set_moment(w, "Stop", t->suspend, MOMENT_NONE);
		set_moment(w, "Resume", t->resume, MOMENT_NONE);
		if (t->state != TASK_ACTIVE)
			set_flag(w, "ResumeValid", true, false);
	}
}

static void set_kind(struct writer *w, const struct plan_task *t)
{
	bool summary = t->type == TASK_SUMMARY,
		 milestone = t->type == TASK_START_MILESTONE || t->type == TASK_FINISH_MILESTONE;

	set_flag(w, "Summary", summary, false);
	if (!w->own || milestone)
		set_flag(w, "Milestone", milestone, false);
	set_flag(w, "Manual", t->manual, false);
	set_moment(w, "ManualStart", t->manual_start, MOMENT_NONE);
	set_moment(w, "ManualFinish", t->manual_finish, MOMENT_NONE);
	set_flag(w, "Active", !t->inactive, true);
	set_flag(w, "Estimated", t->estimated, false);
	set_flag(w, "IgnoreResourceCalendar", t->ignore_resource_calendar, false);
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
		set_moment(w, "Start", start, MOMENT_NONE);
		set_moment(w, "Finish", finish, MOMENT_NONE);
	}
	set_int(w, "ConstraintType", constraint_number(t->constraint[0].kind), 0);
	set_moment(w, "ConstraintDate", t->constraint[0].date, MOMENT_NONE);
	set_moment(w, "Deadline", t->deadline, MOMENT_NONE);
}

static void note_task_losses(struct writer *w, int32_t i)
{
	const struct plan_task *t = &w->plan->tasks[i];
	if (t->constraint[1].kind != CONSTRAINT_NONE)
		note_loss(w, ON_TASK, i, t->code, "second constraint");
	if (t->type == TASK_LEVEL_OF_EFFORT || t->type == TASK_BY_RESOURCE)
		note_loss(w, ON_TASK, i, t->code, task_type_name(t->type));
	if (!moment_is_none(t->expected_finish))
		note_loss(w, ON_TASK, i, t->code, "expected finish");
}

/* The reader falls back from WBS to the outline number to the UID. */
static void set_code(struct writer *w, const struct plan_task *t)
{
	const char *was = kept(w, "WBS")[0] ? kept(w, "WBS")
		: kept(w, "OutlineNumber")[0]   ? kept(w, "OutlineNumber")
										: t->id;
	if (!w->own || strcmp(was, escaped(w, t->code)) != 0)
		set_text(w, "WBS", t->code);
}

static void put_task(struct writer *w, int32_t i, int32_t level)
{
	const struct plan_task *t = &w->plan->tasks[i];
	int32_t format = 7;

	open_element(w, &t->keep, task_order);
	set_text(w, "UID", task_id(w, i));
	if (!w->own)
		set_text(w, "ID", task_id(w, i));
	set_text(w, "Name", t->name);
	set_code(w, t);
	set_int(w, "OutlineLevel", level, 1);
	set_int(w, "Priority", t->priority, 500);
	set_duration(w, "Duration", t->duration_work, 0);
	mspdi_format_parse(kept(w, "DurationFormat"), &format);
	if (mspdi_elapsed_format(format) != t->duration_elapsed || !w->own)
		set_int(w, "DurationFormat", t->duration_elapsed ? 8 : 7, -1);
	refer(w, "CalendarUID", calendar_id(w, t->calendar));
	set_kind(w, t);
	set_dates(w, t);
	set_progress(w, t);
	set_int(w, "LevelingDelay", t->levelling_delay_span, 0);
	set_decimal(w, "Cost", t->cost_cents, 0, 0);
	if (!w->own)
		note_task_losses(w, i);
	/* Links and baselines are elements of their own: the children around their places go out in three parts. */
	int32_t n = w->n, links_at = place_for(w, "PredecessorLink"),
			baselines_at = place_for(w, "Baseline");
	struct child *all = w->children;
	if (baselines_at < links_at)
		baselines_at = links_at;
	str_puts(w->out, "<Task>");
	for (int32_t k = 0; k <= n; k++) {
		if (k == links_at)
			put_links_of(w, i);
		if (k == baselines_at)
			put_baselines_of(w, t);
		if (k < n)
			str_printf(w->out, "<%s>%s</%s>\n", all[k].name, all[k].xml, all[k].name);
	}
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

	open_element(w, &none, task_order);
	set_text(w, "UID", number(w, uid));
	set_text(w, "ID", number(w, uid));
	set_text(w, "Name", name);
	set_text(w, "WBS", code);
	set_int(w, "OutlineLevel", level, -1);
	set_xml(w, "Summary", "1");
	close_element(w, "Task");
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
		open_element(w, &r->keep, resource_order);
		set_text(w, "UID", resource_id(w, i));
		set_text(w, "ID", w->own ? r->code : number(w, i + 1));
		set_text(w, "Name", r->name);
		set_int(w, "Type", r->kind == RESOURCE_MATERIAL ? 0 : r->kind == RESOURCE_COST ? 2 : 1, 1);
		set_decimal(w, "MaxUnits", r->capacity_permille, 3, 1000);
		refer(w, "CalendarUID", calendar_id(w, r->calendar));
		close_element(w, "Resource");
	}
	str_puts(w->out, "</Resources>\n<Assignments>\n");
	for (int32_t i = 0; i < p->nassignments; i++) {
		const struct plan_assignment *x = &p->assignments[i];
		open_element(w, &x->keep, assignment_order);
		if (!w->own)
			set_text(w, "UID", number(w, i + 1));
		set_text(w, "TaskUID", task_id(w, x->task));
		refer(w, "ResourceUID",
			x->resource >= 0 ? resource_id(w, x->resource)
				: w->own     ? NULL
							 : "-65535");
		set_decimal(w, "Units", x->units_permille, 3, 1000);
		set_duration(w, "Work", x->planned_work, 0);
		set_duration(w, "RemainingWork", x->remaining_work, 0);
		set_duration(w, "ActualWork", x->actual_work, 0);
		set_int(w, "Delay", x->lag_work, 0);
		close_element(w, "Assignment");
	}
	str_puts(w->out, "</Assignments>\n");
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void put_project(struct writer *w)
{
	static const struct plan_project empty = {.id = "", .code = "", .name = "", .calendar = -1};
	const struct plan *p = w->plan;
	const struct plan_project *x = p->nprojects ? &p->projects[0] : &empty;
	const char *title = kept(w, "Title");
	int64_t day = 480;

	open_element(w, &x->keep, project_order);
	title = kept(w, "Title")[0] ? kept(w, "Title") : kept(w, "Name");
	if (strcmp(title, escaped(w, x->name)) != 0)
		set_text(w, "Title", x->name);
	if (!w->own)
		set_text(w, "SaveVersion", "14");
	set_moment(w, "StartDate", x->start, MOMENT_NONE);
	set_moment(w, "StatusDate", w->own ? x->status_date : x->data_date, MOMENT_NONE);
	set_flag(w, "ScheduleFromStart", !x->from_finish, true);
	if (x->from_finish || !w->own)
		set_moment(w, "FinishDate", x->must_finish, MOMENT_NONE);
	refer(w, "CalendarUID", calendar_id(w, x->calendar));
	if (!w->own && x->calendar >= 0 && p->calendars[x->calendar].day_minutes) {
		set_int(w, "MinutesPerDay", p->calendars[x->calendar].day_minutes, -1);
		set_int(w, "MinutesPerWeek", p->calendars[x->calendar].week_minutes, -1);
	}
	if (kept(w, "MinutesPerDay")[0] &&
		(!num_plain(slice_of(kept(w, "MinutesPerDay")), 0, &day) || day <= 0))
		day = 480;
	int64_t slack = 0;
	if (!num_plain(slice_of(kept(w, "CriticalSlackLimit")), 0, &slack) ||
		slack * day * TICKS_PER_MINUTE != x->options.critical_float_work)
		set_int(
			w, "CriticalSlackLimit", x->options.critical_float_work / (day * TICKS_PER_MINUTE), 0);
	set_flag(w, "HonorConstraints", x->options.honour_constraints, true);
	set_flag(w, "MultipleCriticalPaths", x->options.multiple_critical_paths, false);
	set_flag(w, "SplitsInProgressTasks", x->options.split_in_progress, true);
	for (int32_t i = 0; i < w->n; i++)
		str_printf(
			w->out, "<%s>%s</%s>\n", w->children[i].name, w->children[i].xml, w->children[i].name);
}

bool mspdi_write(struct arena *a, const struct plan *plan, struct str *out, struct findings *found,
	struct err *err)
{
	struct writer w = {.a = a,
		.plan = plan,
		.found = found,
		.out = out,
		.own = strcmp(plan->source, "mspdi") == 0};

	for (int32_t i = 0; i < plan->nlinks; i++)
		if (plan->links[i].to < 0)
			note_loss(&w, ON_LINK, i, plan->links[i].to_id ? plan->links[i].to_id : "",
				"link to a task outside");
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
