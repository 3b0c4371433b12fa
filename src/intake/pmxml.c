/*
 * From PMXML to a plan. Objects name each other by ObjectId, across projects; durations, lags and floats are decimal hours,
 * percentages are fractions of one. Calendars and resources may stand outside projects or inside.
 */
#include "intake/pmxml.h"

#include "base/map.h"
#include "base/num.h"
#include "intake/calendar_days.h"
#include "intake/crew_calendar.h"
#include "intake/xml_fields.h"

struct reader {
	struct xml_fields f;
	struct plan plan;
	struct findings *found;
	struct map *calendars, *tasks, *wbs, *resources; /* by ObjectId */
	struct map *strangers; /* activities of other files: position in stranger_names */
	const char **stranger_names;
	int32_t nstrangers;
};

struct word {
	const char *text;
	int value;
};

static int word(const struct xml_node *node, const char *name, const struct word *words, size_t n,
	int otherwise)
{
	const char *t = xml_text(node, name);
	for (size_t i = 0; i < n; i++)
		if (strcmp(t, words[i].text) == 0)
			return words[i].value;
	return otherwise;
}
#define WORD(node, name, words, otherwise) word(node, name, words, countof(words), otherwise)

static int32_t reference(const struct xml_node *node, const struct map *map, const char *name)
{
	const char *id = xml_text(node, name);
	return id[0] ? map_get(map, slice_of(id)) : -1;
}

/* How many elements of that name stand in the root and in its projects. */
static int32_t count_everywhere(const struct xml_node *root, const char *name)
{
	int32_t n = xml_count(root, name);
	for (const struct xml_node *p = xml_child(root, "Project"); p; p = xml_again(p))
		n += xml_count(p, name);
	return n;
}

/* A project that only lends its activities to links of others. */
static bool is_stranger(const struct xml_node *project)
{
	return !xml_child(project, "PlannedStartDate") && !xml_child(project, "DataDate");
}

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

static bool clock_minute(const char *text, int *out)
{
	struct slice t = slice_of(text);
	int64_t hour, minute;
	if (t.n < 5 || t.s[2] != ':' || !num_int((struct slice){t.s, 2}, &hour) ||
		!num_int((struct slice){t.s + 3, 2}, &minute) || hour < 0 || hour > 24 || minute < 0 ||
		minute > 59 || (hour == 24 && minute))
		return false;
	*out = (int)(hour * 60 + minute);
	return true;
}

/* P6 names the last minute worked, 11:59 for noon; other programs name the end. No shift ends at a minute 4 or 9. */
static int end_minute(int minute)
{
	return minute % 5 == 4 ? minute + 1 : minute;
}

static struct day_shifts shifts_of(struct reader *r, const struct xml_node *day)
{
	struct shift *shifts =
		ARENA_ARRAY(r->f.a, struct shift, (size_t)xml_count(day, "WorkTime") + 1);
	int32_t n = 0;

	for (const struct xml_node *t = xml_child(day, "WorkTime"); t; t = xml_again(t)) {
		int from, to;
		if (!t->child)
			continue;
		if (!clock_minute(xml_text(t, "Start"), &from) ||
			!clock_minute(xml_text(t, "Finish"), &to)) {
			if (!r->f.failed) {
				err_set(r->f.err, ERR_INPUT, NULL, "\"%s\" to \"%s\" is not working time",
					xml_text(t, "Start"), xml_text(t, "Finish"));
				xml_at(r->f.err, t);
			}
			r->f.failed = true;
			continue;
		}
		to = end_minute(to);
		if (to <= from)
			to += MINUTES_PER_DAY;
		if (n == 0 || from >= shifts[n - 1].to)
			shifts[n++] = (struct shift){(int16_t)from, (int16_t)to};
		else if (to > shifts[n - 1].to)
			shifts[n - 1].to = (int16_t)to;
	}
	return (struct day_shifts){n, shifts};
}

static int weekday_of(const char *name)
{
	static const char *const days[] = {
		"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
	for (int d = 0; d < 7; d++)
		if (strcmp(name, days[d]) == 0)
			return d;
	return -1;
}

static int32_t minutes_of(struct reader *r, const struct xml_node *node, const char *name)
{
	int64_t hundredths = xml_decimal(&r->f, node, name, 2, 0);
	return hundredths > 0 && hundredths < 1000000 ? (int32_t)(hundredths * 60 / 100) : 0;
}

static void read_calendar(struct reader *r, const struct xml_node *node)
{
	static const char *const used[] = {"ObjectId", "Name", "BaseCalendarObjectId",
		"StandardWorkWeek", "HolidayOrExceptions", "HoursPerDay", "HoursPerWeek", "HoursPerMonth",
		"HoursPerYear", NULL};
	struct plan_calendar *c = &r->plan.calendars[r->plan.ncalendars];
	const struct xml_node *days = xml_child(node, "HolidayOrExceptions");

	*c = (struct plan_calendar){.id = xml_text(node, "ObjectId"),
		.name = xml_text(node, "Name"),
		.base = -1,
		.provisional_from = DATE_NONE,
		.day_minutes = minutes_of(r, node, "HoursPerDay"),
		.week_minutes = minutes_of(r, node, "HoursPerWeek"),
		.month_minutes = minutes_of(r, node, "HoursPerMonth"),
		.year_minutes = minutes_of(r, node, "HoursPerYear"),
		.keep = xml_keep(r->f.a, "Calendar", node, used)};
	for (const struct xml_node *d =
			 xml_child(xml_child(node, "StandardWorkWeek"), "StandardWorkHours");
		 d; d = xml_again(d)) {
		int weekday = weekday_of(xml_text(d, "DayOfWeek"));
		if (weekday < 0)
			continue;
		c->stated |= (uint8_t)(1 << weekday);
		c->week[weekday] = shifts_of(r, d);
	}
	c->exceptions = ARENA_ARRAY(
		r->f.a, struct calendar_exception, (size_t)xml_count(days, "HolidayOrException") + 1);
	for (const struct xml_node *d = xml_child(days, "HolidayOrException"); d; d = xml_again(d)) {
		struct moment at = xml_moment(&r->f, d, "Date");
		if (!moment_is_none(at))
			c->exceptions[c->nexceptions++] = (struct calendar_exception){
				moment_date(at), moment_date(at), shifts_of(r, d), NULL};
	}
	map_put(r->calendars, slice_of(c->id), r->plan.ncalendars++);
}

static void read_calendars(struct reader *r, const struct xml_node *root)
{
	r->plan.calendars =
		ARENA_ARRAY(r->f.a, struct plan_calendar, (size_t)count_everywhere(root, "Calendar") + 1);
	const struct xml_node **nodes = ARENA_ARRAY(
		r->f.a, const struct xml_node *, (size_t)count_everywhere(root, "Calendar") + 1);
	int32_t n = 0;

	for (const struct xml_node *c = xml_child(root, "Calendar"); c; c = xml_again(c))
		nodes[n++] = c;
	for (const struct xml_node *p = xml_child(root, "Project"); p; p = xml_again(p))
		for (const struct xml_node *c = xml_child(p, "Calendar"); c; c = xml_again(c))
			nodes[n++] = c;
	for (int32_t i = 0; i < n; i++)
		read_calendar(r, nodes[i]);
	for (int32_t i = 0; i < n; i++) {
		int32_t base = reference(nodes[i], r->calendars, "BaseCalendarObjectId");
		struct plan_calendar *c = &r->plan.calendars[i];
		c->base = base == i ? -1 : base;
		/* Days nobody states are free; no day at all is a calendar that cannot be read. */
		if (c->stated == 0 && c->base < 0)
			calendar_assume_week(c, r->found, i);
	}
}

/* ---- Projects and options ------------------------------------------------------------------------------------ */

static const struct word progress_rules[] = {{"Retained Logic", PROGRESS_RETAINED_LOGIC},
	{"Progress Override", PROGRESS_OVERRIDE}, {"Actual Dates", PROGRESS_ACTUAL_DATES}};
static const struct word lag_calendars[] = {
	{"Predecessor Activity Calendar", LAG_CALENDAR_PREDECESSOR},
	{"Successor Activity Calendar", LAG_CALENDAR_SUCCESSOR},
	{"24 Hour Calendar", LAG_CALENDAR_24_HOURS},
	{"Project Default Calendar", LAG_CALENDAR_PROJECT}};
static const struct word float_types[] = {
	{"Finish Float = Late Finish - Early Finish", FLOAT_FINISH},
	{"Start Float = Late Start - Early Start", FLOAT_START},
	{"Smallest of Start Float and Finish Float", FLOAT_SMALLEST}};
static const struct word critical_rules[] = {
	{"Critical Float", CRITICAL_BY_FLOAT}, {"Longest Path", CRITICAL_BY_LONGEST_PATH}};

static void read_options(struct reader *r, const struct xml_node *node, struct plan_project *p)
{
	static const char *const used[] = {NULL};
	struct plan_options *o = &p->options;

	p->options_stated = true;
	p->keep_options = xml_keep(r->f.a, "ScheduleOptions", node, used);
	o->progress =
		(enum progress_rule)WORD(node, "OutOfSequenceScheduleType", progress_rules, o->progress);
	o->lag_calendar =
		(enum lag_calendar)WORD(node, "RelationshipLagCalendar", lag_calendars, o->lag_calendar);
	o->float_type =
		(enum float_type)WORD(node, "ComputeTotalFloatType", float_types, o->float_type);
	o->critical_rule = (enum critical_rule)WORD(
		node, "CriticalActivityPathType", critical_rules, o->critical_rule);
	o->critical_float_work =
		xml_hours(&r->f, node, "CriticalActivityFloatThreshold", o->critical_float_work);
	o->outside_links =
		xml_flag(node, "IgnoreOtherProjectRelationships", false) ? OUTSIDE_NONE : OUTSIDE_BOTH;
	o->start_lag_from_early_start =
		xml_flag(node, "StartToStartLagCalculationType", o->start_lag_from_early_start);
	o->use_expected_finish = xml_flag(node, "UseExpectedFinishDates", o->use_expected_finish);
	o->float_to_project_finish =
		xml_flag(node, "CalculateFloatBasedOnFinishDate", o->float_to_project_finish);
	o->open_ends_critical = xml_flag(node, "MakeOpenEndedActivitiesCritical", false);
	o->float_paths_by_total_float = xml_flag(node, "MultipleFloatPathsUseTotalFloat", true);
	if (xml_flag(node, "MultipleFloatPathsEnabled", false))
		o->float_paths = xml_int(&r->f, node, "MaximumMultipleFloatPaths", 10);
	o->float_path_task = reference(node, r->tasks, "MultipleFloatPathsEndingActivityObjectId");
	o->level.all_resources = xml_flag(node, "LevelAllResources", true);
	o->level.within_float = xml_flag(node, "LevelWithinFloat", false);
	o->level.keep_dates = xml_flag(node, "PreserveScheduledEarlyAndLateDates", true);
	o->level.outside_assignments = xml_flag(node, "IncludeExternalResAss", false);
	o->level.outside_priority = xml_int(&r->f, node, "ExternalProjectPriorityLimit", 5);
	o->level.over_allocation_percent =
		(int32_t)xml_decimal(&r->f, node, "OverAllocationPercentage", 0, 25);
	o->level.float_threshold_work = xml_hours(&r->f, node, "MinFloatToPreserve", 0);
	o->level.priorities = xml_text(node, "PriorityList");
}

/* The options of a project stand in it, or beside the projects with its ObjectId. */
static const struct xml_node *options_of(
	const struct xml_node *root, const struct xml_node *project)
{
	const struct xml_node *inside = xml_child(project, "ScheduleOptions");
	for (const struct xml_node *o = inside ? NULL : xml_child(root, "ScheduleOptions"); o;
		 o = xml_again(o))
		if (strcmp(xml_text(o, "ProjectObjectId"), xml_text(project, "ObjectId")) == 0)
			return o;
	return inside;
}

static void read_project(struct reader *r, const struct xml_node *node)
{
	static const char *const used[] = {"ObjectId", "Id", "Name", "PlannedStartDate", "DataDate",
		"MustFinishByDate", "ActivityDefaultCalendarObjectId", "CriticalActivityFloatLimit",
		"CriticalActivityPathType", "Calendar", "WBS", "Activity", "Relationship",
		"ResourceAssignment", "ScheduleOptions", NULL};
	struct plan_project *p = &r->plan.projects[r->plan.nprojects];

	*p = plan_project_default(PROFILE_P6);
	p->id = xml_text(node, "ObjectId")[0] ? xml_text(node, "ObjectId")
										  : arena_printf(r->f.a, "%d", (int)r->plan.nprojects + 1);
	p->code = xml_text(node, "Id")[0] ? xml_text(node, "Id") : xml_text(node, "Name");
	p->name = xml_text(node, "Name")[0] ? xml_text(node, "Name") : p->code;
	p->calendar = reference(node, r->calendars, "ActivityDefaultCalendarObjectId");
	p->start = xml_moment(&r->f, node, "PlannedStartDate");
	p->data_date = xml_moment(&r->f, node, "DataDate");
	p->must_finish = xml_moment(&r->f, node, "MustFinishByDate");
	p->options.critical_float_work = xml_hours(&r->f, node, "CriticalActivityFloatLimit", 0);
	p->options.critical_rule = (enum critical_rule)WORD(
		node, "CriticalActivityPathType", critical_rules, CRITICAL_BY_FLOAT);
	p->keep = xml_keep(r->f.a, "Project", node, used);
	r->plan.nprojects++;
}

static void read_wbs(struct reader *r, const struct xml_node *project)
{
	static const char *const used[] = {"ObjectId", "Code", "Name", "ParentObjectId", NULL};
	int32_t first = r->plan.nwbs;

	for (const struct xml_node *w = xml_child(project, "WBS"); w; w = xml_again(w)) {
		map_put(r->wbs, slice_of(xml_text(w, "ObjectId")), r->plan.nwbs);
		r->plan.wbs[r->plan.nwbs++] = (struct plan_wbs){.id = xml_text(w, "ObjectId"),
			.code = xml_text(w, "Code"),
			.name = xml_text(w, "Name"),
			.project = r->plan.nprojects - 1,
			.parent = -1,
			.keep = xml_keep(r->f.a, "WBS", w, used)};
	}
	for (const struct xml_node *w = xml_child(project, "WBS"); w; w = xml_again(w), first++) {
		int32_t parent = reference(w, r->wbs, "ParentObjectId");
		r->plan.wbs[first].parent = parent == first ? -1 : parent;
	}
}

/* ---- Activities ---------------------------------------------------------------------------------------------- */

static const struct word task_types[] = {{"Task Dependent", TASK_WORK},
	{"Resource Dependent", TASK_BY_RESOURCE}, {"Start Milestone", TASK_START_MILESTONE},
	{"Finish Milestone", TASK_FINISH_MILESTONE}, {"Level of Effort", TASK_LEVEL_OF_EFFORT},
	{"WBS Summary", TASK_SUMMARY}};
static const struct word task_states[] = {
	{"Not Started", TASK_NOT_STARTED}, {"In Progress", TASK_ACTIVE}, {"Completed", TASK_COMPLETE}};
static const struct word percent_types[] = {{"Duration", PERCENT_DURATION},
	{"Physical", PERCENT_PHYSICAL}, {"Units", PERCENT_UNITS}, {"Scope", PERCENT_SCOPE}};
static const struct word constraint_kinds[] = {{"Start On or After", CONSTRAINT_START_NOT_EARLIER},
	{"Start On or Before", CONSTRAINT_START_NOT_LATER},
	{"Finish On or After", CONSTRAINT_FINISH_NOT_EARLIER},
	{"Finish On or Before", CONSTRAINT_FINISH_NOT_LATER}, {"Start On", CONSTRAINT_START_ON},
	{"Finish On", CONSTRAINT_FINISH_ON}, {"Mandatory Start", CONSTRAINT_MANDATORY_START},
	{"Mandatory Finish", CONSTRAINT_MANDATORY_FINISH},
	{"As Late As Possible", CONSTRAINT_AS_LATE_AS_POSSIBLE}};
static const struct word priorities[] = {
	{"Top", 900}, {"High", 700}, {"Normal", 500}, {"Low", 300}, {"Lowest", 100}};

static const char *const task_elements[] = {"ObjectId", "Id", "Name", "Type", "Status",
	"PercentCompleteType", "PhysicalPercentComplete", "CalendarObjectId", "WBSObjectId",
	"PlannedDuration", "RemainingDuration", "ActualDuration", "PlannedStartDate",
	"PlannedFinishDate", "ActualStartDate", "ActualFinishDate", "SuspendDate", "ResumeDate",
	"ExpectedFinishDate", "ExternalEarlyStartDate", "ExternalLateFinishDate",
	"PrimaryConstraintType", "PrimaryConstraintDate", "SecondaryConstraintType",
	"SecondaryConstraintDate", "LevelingPriority", "RemainingEarlyStartDate",
	"RemainingEarlyFinishDate", "RemainingLateStartDate", "RemainingLateFinishDate", "TotalFloat",
	"FreeFloat", NULL};

static void read_stored(const struct xml_node *node, struct task_stored *s)
{
	s->early_start = xml_computed_moment(node, "RemainingEarlyStartDate");
	s->early_finish = xml_computed_moment(node, "RemainingEarlyFinishDate");
	s->late_start = xml_computed_moment(node, "RemainingLateStartDate");
	s->late_finish = xml_computed_moment(node, "RemainingLateFinishDate");
	s->start = xml_computed_moment(node, "StartDate");
	s->finish = xml_computed_moment(node, "FinishDate");
	s->total_float = xml_computed_hours(node, "TotalFloat");
	s->free_float = xml_computed_hours(node, "FreeFloat");
	s->critical = xml_text(node, "IsCritical")[0] ? xml_flag(node, "IsCritical", false) : -1;
	s->driving = xml_text(node, "IsLongestPath")[0] ? xml_flag(node, "IsLongestPath", false) : -1;
}

static void read_progress(struct reader *r, const struct xml_node *node, struct plan_task *t)
{
	enum task_state by_dates = !moment_is_none(t->actual_finish) ? TASK_COMPLETE
		: !moment_is_none(t->actual_start)                       ? TASK_ACTIVE
																 : TASK_NOT_STARTED;

	t->percent_type =
		(enum percent_type)WORD(node, "PercentCompleteType", percent_types, PERCENT_DURATION);
	t->physical_percent = (int32_t)xml_decimal(&r->f, node, "PhysicalPercentComplete", 4, -1);
	t->state = (enum task_state)WORD(node, "Status", task_states, (int)by_dates);
	t->duration_work = xml_hours(&r->f, node, "PlannedDuration", 0);
	if (t->duration_work < 0)
		t->duration_work = 0;
	t->remaining_work = xml_hours(
		&r->f, node, "RemainingDuration", t->state == TASK_COMPLETE ? 0 : t->duration_work);
	if (t->remaining_work < 0)
		t->remaining_work = 0;
	t->actual_work = xml_hours(&r->f, node, "ActualDuration", -1);
	t->percent = (int32_t)xml_decimal(&r->f, node, "PercentComplete", 4, 0);
}

static void read_task(struct reader *r, const struct xml_node *node, struct plan_task *t)
{
	*t = plan_task_default();
	t->id = xml_text(node, "ObjectId");
	t->code = xml_text(node, "Id");
	t->name = xml_text(node, "Name");
	t->project = r->plan.nprojects - 1;
	t->wbs = reference(node, r->wbs, "WBSObjectId");
	t->calendar = reference(node, r->calendars, "CalendarObjectId");
	t->type = (enum task_type)WORD(node, "Type", task_types, TASK_WORK);
	if (xml_text(node, "Type")[0] && WORD(node, "Type", task_types, -1) < 0)
		finding_add(r->found, "X002", ON_TASK, (int32_t)(t - r->plan.tasks), t->code,
			xml_text(node, "Type"), NULL);
	t->planned_start = xml_moment(&r->f, node, "PlannedStartDate");
	t->planned_finish = xml_moment(&r->f, node, "PlannedFinishDate");
	t->actual_start = xml_moment(&r->f, node, "ActualStartDate");
	t->actual_finish = xml_moment(&r->f, node, "ActualFinishDate");
	read_progress(r, node, t);
	t->suspend = xml_moment(&r->f, node, "SuspendDate");
	t->resume = xml_moment(&r->f, node, "ResumeDate");
	t->expected_finish = xml_moment(&r->f, node, "ExpectedFinishDate");
	t->external_early_start = xml_moment(&r->f, node, "ExternalEarlyStartDate");
	t->external_late_finish = xml_moment(&r->f, node, "ExternalLateFinishDate");
	t->constraint[0].kind = (enum constraint_kind)WORD(
		node, "PrimaryConstraintType", constraint_kinds, CONSTRAINT_NONE);
	t->constraint[0].date = xml_moment(&r->f, node, "PrimaryConstraintDate");
	t->constraint[1].kind = (enum constraint_kind)WORD(
		node, "SecondaryConstraintType", constraint_kinds, CONSTRAINT_NONE);
	t->constraint[1].date = xml_moment(&r->f, node, "SecondaryConstraintDate");
	t->priority = WORD(node, "LevelingPriority", priorities, 500);
	t->keep = xml_keep(r->f.a, "Activity", node, task_elements);
	read_stored(node, &t->stored);
}

static bool read_tasks(struct reader *r, const struct xml_node *project)
{
	for (const struct xml_node *node = xml_child(project, "Activity"); node;
		 node = xml_again(node)) {
		struct plan_task *t = &r->plan.tasks[r->plan.ntasks];
		read_task(r, node, t);
		if (map_get(r->tasks, slice_of(t->id)) >= 0) {
			err_set(r->f.err, ERR_INPUT, NULL, "activity ObjectId \"%s\" stands twice", t->id);
			return xml_at(r->f.err, node);
		}
		map_put(r->tasks, slice_of(t->id), r->plan.ntasks++);
	}
	return !r->f.failed;
}

static void meet_strangers(struct reader *r, const struct xml_node *project)
{
	for (const struct xml_node *node = xml_child(project, "Activity"); node;
		 node = xml_again(node)) {
		map_put(r->strangers, slice_of(xml_text(node, "ObjectId")), r->nstrangers);
		r->stranger_names[r->nstrangers++] =
			arena_printf(r->f.a, "%s.%s", xml_text(project, "Id"), xml_text(node, "Id"));
	}
}

/* ---- Links, resources, assignments --------------------------------------------------------------------------- */

static const char *end_name(const struct reader *r, const char *object_id)
{
	int32_t stranger = map_get(r->strangers, slice_of(object_id));
	return stranger >= 0 ? r->stranger_names[stranger] : object_id;
}

static void read_links(struct reader *r, const struct xml_node *parent)
{
	static const struct word types[] = {{"Finish to Start", LINK_FS}, {"Start to Start", LINK_SS},
		{"Finish to Finish", LINK_FF}, {"Start to Finish", LINK_SF}};
	static const char *const used[] = {"ObjectId", "PredecessorActivityObjectId",
		"SuccessorActivityObjectId", "Type", "Lag", NULL};

	for (const struct xml_node *node = xml_child(parent, "Relationship"); node;
		 node = xml_again(node)) {
		const char *from = xml_text(node, "PredecessorActivityObjectId"),
				   *to = xml_text(node, "SuccessorActivityObjectId");
		int type = WORD(node, "Type", types, -1);
		if (type < 0)
			finding_add(
				r->found, "X003", ON_LINK, r->plan.nlinks, from, to, xml_text(node, "Type"));
		r->plan.links[r->plan.nlinks++] = (struct plan_link){.id = xml_text(node, "ObjectId"),
			.from = map_get(r->tasks, slice_of(from)),
			.to = map_get(r->tasks, slice_of(to)),
			.from_id = end_name(r, from),
			.to_id = end_name(r, to),
			.type = type < 0 ? LINK_FS : (enum link_type)type,
			.lag = xml_hours(&r->f, node, "Lag", 0),
			.keep = xml_keep(r->f.a, "Relationship", node, used)};
	}
}

static void read_resources(struct reader *r, const struct xml_node *root)
{
	static const struct word kinds[] = {{"Labor", RESOURCE_LABOUR},
		{"Nonlabor", RESOURCE_EQUIPMENT}, {"Material", RESOURCE_MATERIAL}};
	static const char *const used[] = {
		"ObjectId", "Id", "Name", "ResourceType", "CalendarObjectId", "MaxUnitsPerTime", NULL};

	r->plan.resources =
		ARENA_ARRAY(r->f.a, struct plan_resource, (size_t)xml_count(root, "Resource") + 1);
	for (const struct xml_node *node = xml_child(root, "Resource"); node; node = xml_again(node)) {
		map_put(r->resources, slice_of(xml_text(node, "ObjectId")), r->plan.nresources);
		r->plan.resources[r->plan.nresources++] =
			(struct plan_resource){.id = xml_text(node, "ObjectId"),
				.code = xml_text(node, "Id"),
				.name = xml_text(node, "Name"),
				.kind = (enum resource_kind)WORD(node, "ResourceType", kinds, RESOURCE_LABOUR),
				.calendar = reference(node, r->calendars, "CalendarObjectId"),
				.capacity_permille = (int32_t)xml_decimal(&r->f, node, "MaxUnitsPerTime", 3, 1000),
				.keep = xml_keep(r->f.a, "Resource", node, used)};
	}
}

/* P6 rounds what an assignment has left to whole minutes. */
static int32_t remaining_minutes(struct reader *r, const struct xml_node *node)
{
	if (xml_hours(&r->f, node, "RemainingDuration", -1) < 0)
		return -1;
	return (int32_t)num_muldiv(xml_decimal(&r->f, node, "RemainingDuration", 6, 0), 60, 1000000) *
		TICKS_PER_MINUTE;
}

static void read_assignments(struct reader *r, const struct xml_node *parent)
{
	static const char *const used[] = {"ActivityObjectId", "ResourceObjectId",
		"PlannedUnitsPerTime", "PlannedUnits", "RemainingUnits", "ActualUnits", "RemainingDuration",
		"RemainingLag", "DrivingActivityDatesFlag", NULL};

	for (const struct xml_node *node = xml_child(parent, "ResourceAssignment"); node;
		 node = xml_again(node)) {
		int32_t task = reference(node, r->tasks, "ActivityObjectId");
		if (task < 0)
			continue;
		r->plan.assignments[r->plan.nassignments++] = (struct plan_assignment){.task = task,
			.resource = reference(node, r->resources, "ResourceObjectId"),
			.units_permille = (int32_t)xml_decimal(&r->f, node, "PlannedUnitsPerTime", 3, 1000),
			.planned_work = xml_long_hours(&r->f, node, "PlannedUnits", 0),
			.remaining_work = xml_long_hours(&r->f, node, "RemainingUnits", 0),
			.actual_work = xml_long_hours(&r->f, node, "ActualUnits", 0),
			.remaining_duration_work = remaining_minutes(r, node),
			.lag_work = xml_hours(&r->f, node, "RemainingLag", 0),
			.drives = xml_flag(node, "DrivingActivityDatesFlag", true),
			.keep = xml_keep(r->f.a, "ResourceAssignment", node, used)};
	}
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void size_lists(struct reader *r, const struct xml_node *root)
{
	struct plan *p = &r->plan;
	size_t activities = (size_t)count_everywhere(root, "Activity") + 1;

	p->projects = ARENA_ARRAY(r->f.a, struct plan_project, (size_t)xml_count(root, "Project") + 1);
	p->wbs = ARENA_ARRAY(r->f.a, struct plan_wbs, (size_t)count_everywhere(root, "WBS") + 1);
	p->tasks = ARENA_ARRAY(r->f.a, struct plan_task, activities);
	r->stranger_names = ARENA_ARRAY(r->f.a, const char *, activities);
	p->links =
		ARENA_ARRAY(r->f.a, struct plan_link, (size_t)count_everywhere(root, "Relationship") + 1);
	p->assignments = ARENA_ARRAY(
		r->f.a, struct plan_assignment, (size_t)count_everywhere(root, "ResourceAssignment") + 1);
}

static bool read_all(struct reader *r, const struct xml_node *root)
{
	int32_t project = 0;

	size_lists(r, root);
	read_calendars(r, root);
	read_resources(r, root);
	for (const struct xml_node *p = xml_child(root, "Project"); p; p = xml_again(p)) {
		if (is_stranger(p)) {
			meet_strangers(r, p);
			continue;
		}
		read_project(r, p);
		read_wbs(r, p);
		if (!read_tasks(r, p))
			return false;
	}
	/* Links may name activities of later projects. */
	read_links(r, root);
	for (const struct xml_node *p = xml_child(root, "Project"); p; p = xml_again(p)) {
		read_links(r, p);
		read_assignments(r, p);
		if (is_stranger(p))
			continue;
		const struct xml_node *options = options_of(root, p);
		if (options)
			read_options(r, options, &r->plan.projects[project]);
		project++;
	}
	if (r->plan.nprojects == 0 && !r->f.failed)
		return err_set(r->f.err, ERR_INPUT, NULL, "the file holds no project");
	return !r->f.failed && plan_find_crew_calendars(r->f.a, &r->plan, r->f.err);
}

bool pmxml_looks_like(struct slice head)
{
	return xml_root_is(head, "APIBusinessObjects");
}

bool pmxml_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	static const char *const used[] = {
		"Calendar", "Resource", "Project", "Relationship", "ScheduleOptions", NULL};
	struct reader r = {.f = {.a = a, .err = err}, .found = found};
	struct xml_node *root;

	if (!xml_tree(a, bytes, &root, err))
		return false;
	if (strcmp(root->name, "APIBusinessObjects") != 0)
		return err_set(err, ERR_INPUT, NULL, "the first element is \"%s\", not %s", root->name,
			"APIBusinessObjects");
	r.plan.source = "pmxml";
	r.plan.source_version = xml_attr(root, "xmlns") ? xml_attr(root, "xmlns") : "";
	r.plan.encoding = "utf-8";
	r.plan.keep = xml_keep(a, "APIBusinessObjects", root, used);
	r.calendars = map_open();
	r.tasks = map_open();
	r.wbs = map_open();
	r.resources = map_open();
	r.strangers = map_open();
	bool done = read_all(&r, root);
	map_close(r.calendars);
	map_close(r.tasks);
	map_close(r.wbs);
	map_close(r.resources);
	map_close(r.strangers);
	if (done)
		*out = r.plan;
	return done;
}
