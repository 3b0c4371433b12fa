/*
 * MSPDI to a plan. Durations are ISO 8601 (PT8H0M0S) in working time, lags and slack in tenths of a minute: our tick.
 * Left out: time-phased data, custom field definitions and views, which travel along as XML.
 */
#include "intake/mspdi.h"

#include "base/num.h"
#include "intake/crew_calendar.h"
#include "intake/mspdi_inside.h"

#define MOST_WORK INT64_C(1000000000000000)

bool mspdi_duration_parse(const char *s, int64_t *out)
{
	bool minus = *s == '-', time = false;
	int64_t ticks = 0;

	if (s[minus] != 'P')
		return false;
	for (s += minus + 1; *s; s++) {
		if (*s == 'T') {
			time = true;
			continue;
		}
		size_t n = strspn(s, "0123456789.");
		int64_t value;
		if (n == 0 || n >= 16 || !num_decimal((struct slice){s, n}, 3, &value, NULL))
			return false;
		s += n;
		int64_t unit = *s == 'H' ? TICKS_PER_HOUR
			: *s == 'M' && time  ? TICKS_PER_MINUTE
			: *s == 'D'          ? TICKS_PER_DAY
								 : 0;
		if (*s == 'S')
			ticks += num_muldiv(value, TICKS_PER_MINUTE, 60000);
		else if (unit)
			ticks += num_muldiv(value, unit, 1000);
		else
			return false;
		if (ticks > MOST_WORK)
			return false;
	}
	*out = minus ? -ticks : ticks;
	return true;
}

/* Work of many units at once may be longer than any duration. */
static int64_t work(
	struct mspdi *m, const struct xml_node *node, const char *name, int64_t otherwise)
{
	const struct xml_node *c = xml_child(node, name);
	int64_t ticks;

	if (!c || !c->ntext)
		return otherwise;
	if (mspdi_duration_parse(c->text, &ticks))
		return ticks;
	xml_refuse(&m->f, c, false);
	return otherwise;
}

static int32_t duration(
	struct mspdi *m, const struct xml_node *node, const char *name, int32_t otherwise)
{
	int64_t ticks = work(m, node, name, otherwise);

	if (ticks >= INT32_MAX || ticks <= INT32_MIN) {
		xml_refuse(&m->f, xml_child(node, name), false);
		return otherwise;
	}
	return (int32_t)ticks;
}

/* ---- Tasks --------------------------------------------------------------------------------------------------- */

static const enum constraint_kind constraint_kinds[] = {CONSTRAINT_NONE,
	CONSTRAINT_AS_LATE_AS_POSSIBLE, CONSTRAINT_MANDATORY_START, CONSTRAINT_MANDATORY_FINISH,
	CONSTRAINT_START_NOT_EARLIER, CONSTRAINT_START_NOT_LATER, CONSTRAINT_FINISH_NOT_EARLIER,
	CONSTRAINT_FINISH_NOT_LATER};

/* Formats of durations and lags: even codes from 4 on run around the clock ("ed", "ew"); 35.. are the estimated ones. */
bool mspdi_elapsed_format(int32_t format)
{
	if (format >= 35 && format <= 52)
		format -= 32;
	return format >= 4 && format <= 12 && format % 2 == 0;
}

void mspdi_format_parse(const char *text, int32_t *format)
{
	int64_t value;
	if (text[0] && num_plain(slice_of(text), 0, &value) && value >= 0 && value < 1000)
		*format = (int32_t)value;
}

bool mspdi_percent_format(int32_t format)
{
	return format == 19 || format == 20 || format == 51 || format == 52;
}

static void read_stored(struct mspdi *m, const struct xml_node *node, struct task_stored *s)
{
	s->early_start = xml_moment(&m->f, node, "EarlyStart");
	s->early_finish = xml_moment(&m->f, node, "EarlyFinish");
	s->late_start = xml_moment(&m->f, node, "LateStart");
	s->late_finish = xml_moment(&m->f, node, "LateFinish");
	s->start = xml_moment(&m->f, node, "Start");
	s->finish = xml_moment(&m->f, node, "Finish");
	s->total_float = xml_int(&m->f, node, "TotalSlack", INT32_MIN);
	s->free_float = xml_int(&m->f, node, "FreeSlack", INT32_MIN);
	s->critical = xml_child(node, "Critical") ? xml_flag(node, "Critical", false) : -1;
	s->driving = -1;
}

/* These are lists of their own, with what they keep. */
static const char *const task_lists[] = {"PredecessorLink", "Baseline", NULL};
static const char *const nothing[] = {NULL};

static void read_baselines(struct mspdi *m, const struct xml_node *node, struct plan_task *t)
{
	t->baselines = ARENA_ARRAY(m->f.a, struct baseline, (size_t)xml_count(node, "Baseline") + 1);
	for (const struct xml_node *b = xml_child(node, "Baseline"); b; b = xml_again(b))
		t->baselines[t->nbaselines++] =
			(struct baseline){.number = (int8_t)xml_int(&m->f, b, "Number", 0),
				.start = xml_moment(&m->f, b, "Start"),
				.finish = xml_moment(&m->f, b, "Finish"),
				.duration_work = duration(m, b, "Duration", 0),
				.cost_cents = xml_decimal(&m->f, b, "Cost", 0, 0),
				.work = work(m, b, "Work", 0),
				.keep = xml_keep(m->f.a, "Baseline", b, nothing)};
}

static void read_progress(struct mspdi *m, const struct xml_node *node, struct plan_task *t)
{
	t->percent = (int32_t)xml_decimal(&m->f, node, "PercentComplete", 2, 0);
	t->physical_percent = (int32_t)xml_decimal(&m->f, node, "PhysicalPercentComplete", 2, -1);
	t->actual_start = xml_moment(&m->f, node, "ActualStart");
	t->actual_finish = xml_moment(&m->f, node, "ActualFinish");
	t->actual_work = duration(m, node, "ActualDuration", -1);
	t->remaining_work = duration(m, node, "RemainingDuration", t->duration_work);
	t->state = !moment_is_none(t->actual_finish) || t->percent >= 10000 ? TASK_COMPLETE
		: !moment_is_none(t->actual_start) || t->percent > 0            ? TASK_ACTIVE
																		: TASK_NOT_STARTED;
	if (t->state != TASK_NOT_STARTED && moment_is_none(t->actual_start))
		t->actual_start = t->stored.start;
	if (t->state == TASK_COMPLETE && moment_is_none(t->actual_finish))
		t->actual_finish = t->stored.finish;
	if (xml_flag(node, "ResumeValid", false) || t->state == TASK_ACTIVE) {
		t->suspend = xml_moment(&m->f, node, "Stop");
		t->resume = xml_moment(&m->f, node, "Resume");
	}
}

static void read_task(struct mspdi *m, const struct xml_node *node, struct plan_task *t)
{
	int64_t kind = xml_int(&m->f, node, "ConstraintType", 0);
	*t = plan_task_default();
	t->id = xml_text(node, "UID");
	t->code = xml_text(node, "WBS")[0] ? xml_text(node, "WBS") : xml_text(node, "OutlineNumber");
	if (!t->code[0])
		t->code = t->id;
	t->name = xml_text(node, "Name");
	t->project = 0;
	t->calendar = map_get(m->calendars, slice_of(xml_text(node, "CalendarUID")));
	read_stored(m, node, &t->stored);
	t->duration_elapsed = mspdi_elapsed_format(xml_int(&m->f, node, "DurationFormat", 7));
	t->duration_work = duration(m, node, "Duration", 0);
	if (t->duration_work < 0)
		t->duration_work = 0;
	t->estimated = xml_flag(node, "Estimated", false);
	t->type = xml_flag(node, "Summary", false)                        ? TASK_SUMMARY
		: xml_flag(node, "Milestone", false) && t->duration_work == 0 ? TASK_FINISH_MILESTONE
																	  : TASK_WORK;
	t->manual = xml_flag(node, "Manual", false);
	t->manual_start = xml_moment(&m->f, node, "ManualStart");
	t->manual_finish = xml_moment(&m->f, node, "ManualFinish");
	t->inactive = !xml_flag(node, "Active", true);
	t->ignore_resource_calendar = xml_flag(node, "IgnoreResourceCalendar", false);
	t->constraint[0].kind = kind >= 0 && kind < (int64_t)countof(constraint_kinds)
		? constraint_kinds[kind]
		: CONSTRAINT_NONE;
	t->constraint[0].date = xml_moment(&m->f, node, "ConstraintDate");
	t->deadline = xml_moment(&m->f, node, "Deadline");
	t->priority = xml_int(&m->f, node, "Priority", 500);
	t->levelling_delay_span = xml_int(&m->f, node, "LevelingDelay", 0);
	t->cost_cents = xml_decimal(&m->f, node, "Cost", 0, 0);
	read_progress(m, node, t);
	read_baselines(m, node, t);
	t->keep = xml_keep(m->f.a, "Task", node, task_lists);
}

static bool real_task(const struct xml_node *node)
{
	return !xml_flag(node, "IsNull", false);
}

static bool read_tasks(struct mspdi *m, const struct xml_node *root)
{
	const struct xml_node *tasks = xml_child(root, "Tasks");
	enum { MOST_LEVELS = 128 };
	int32_t above[MOST_LEVELS];
	memset(above, 0xFF, sizeof(above));
	m->plan.tasks = ARENA_ARRAY(m->f.a, struct plan_task, (size_t)xml_count(tasks, "Task") + 1);
	for (const struct xml_node *node = xml_child(tasks, "Task"); node; node = xml_again(node)) {
		if (!real_task(node))
			continue;
		int32_t i = m->plan.ntasks;
		struct plan_task *t = &m->plan.tasks[m->plan.ntasks++];
		read_task(m, node, t);
		if (map_get(m->tasks, slice_of(t->id)) >= 0) {
			err_set(m->f.err, ERR_INPUT, NULL, "task UID \"%s\" stands twice", t->id);
			return xml_at(m->f.err, node);
		}
		map_put(m->tasks, slice_of(t->id), i);
		int64_t level = xml_int(&m->f, node, "OutlineLevel", 1);
		if (level < 0 || level >= MOST_LEVELS) {
			err_set(m->f.err, ERR_LIMIT, NULL, "outline level %lld is not from 0 to %d",
				(long long)level, MOST_LEVELS - 1);
			return xml_at(m->f.err, node);
		}
		t->parent = level ? above[level - 1] : -1;
		for (int64_t l = level; l < MOST_LEVELS; l++)
			above[l] = i;
	}
	return !m->f.failed;
}

static void read_links(struct mspdi *m, const struct xml_node *root)
{
	static const enum link_type types[] = {LINK_FF, LINK_FS, LINK_SF, LINK_SS};
	const struct xml_node *tasks = xml_child(root, "Tasks");
	int32_t n = 0;
	for (const struct xml_node *t = xml_child(tasks, "Task"); t; t = xml_again(t))
		n += xml_count(t, "PredecessorLink");
	m->plan.links = ARENA_ARRAY(m->f.a, struct plan_link, (size_t)n + 1);
	for (const struct xml_node *t = xml_child(tasks, "Task"); t; t = xml_again(t))
		for (const struct xml_node *l = real_task(t) ? xml_child(t, "PredecessorLink") : NULL; l;
			 l = xml_again(l)) {
			int32_t type = xml_int(&m->f, l, "Type", 1), format = xml_int(&m->f, l, "LagFormat", 7);
			int64_t lag = xml_int(&m->f, l, "LinkLag", 0);
			bool percent = mspdi_percent_format(format),
				 around = percent ? format % 2 == 0 : mspdi_elapsed_format(format);
			if (lag > INT32_MAX / 2 || lag < INT32_MIN / 2)
				xml_refuse(&m->f, xml_child(l, "LinkLag"), false);
			m->plan.links[m->plan.nlinks++] =
				(struct plan_link){.from_id = xml_text(l, "PredecessorUID"),
					.to_id = xml_text(t, "UID"),
					.from = map_get(m->tasks, slice_of(xml_text(l, "PredecessorUID"))),
					.to = map_get(m->tasks, slice_of(xml_text(t, "UID"))),
					.type = type >= 0 && type < 4 ? types[type] : LINK_FS,
					.lag_unit = percent ? (around ? LAG_PERCENT_ELAPSED : LAG_PERCENT)
						: around        ? LAG_ELAPSED
										: LAG_WORK,
					/* a percentage is a whole number of percent */
					.lag = (int32_t)(percent ? lag * 100 : lag),
					.keep = xml_keep(m->f.a, "PredecessorLink", l, nothing)};
		}
}

/* ---- Resources ----------------------------------------------------------------------------------------------- */

static void read_resources(struct mspdi *m, const struct xml_node *root)
{
	static const enum resource_kind kinds[] = {RESOURCE_MATERIAL, RESOURCE_LABOUR, RESOURCE_COST};
	const struct xml_node *resources = xml_child(root, "Resources");
	m->plan.resources =
		ARENA_ARRAY(m->f.a, struct plan_resource, (size_t)xml_count(resources, "Resource") + 1);
	for (const struct xml_node *node = xml_child(resources, "Resource"); node;
		 node = xml_again(node)) {
		int64_t kind = xml_int(&m->f, node, "Type", 1);
		map_put(m->resources, slice_of(xml_text(node, "UID")), m->plan.nresources);
		m->plan.resources[m->plan.nresources++] =
			(struct plan_resource){.id = xml_text(node, "UID"),
				.code = xml_text(node, "ID"),
				.name = xml_text(node, "Name"),
				.kind = kind >= 0 && kind < (int64_t)countof(kinds) ? kinds[kind] : RESOURCE_LABOUR,
				.calendar = map_get(m->calendars, slice_of(xml_text(node, "CalendarUID"))),
				.capacity_permille = (int32_t)xml_decimal(&m->f, node, "MaxUnits", 3, 1000),
				.keep = xml_keep(m->f.a, "Resource", node, nothing)};
	}
}

static void read_assignments(struct mspdi *m, const struct xml_node *root)
{
	const struct xml_node *assignments = xml_child(root, "Assignments");
	m->plan.assignments = ARENA_ARRAY(
		m->f.a, struct plan_assignment, (size_t)xml_count(assignments, "Assignment") + 1);
	for (const struct xml_node *node = xml_child(assignments, "Assignment"); node;
		 node = xml_again(node)) {
		int32_t task = map_get(m->tasks, slice_of(xml_text(node, "TaskUID")));
		if (task < 0)
			continue;
		m->plan.assignments[m->plan.nassignments++] = (struct plan_assignment){.task = task,
			.resource = map_get(m->resources, slice_of(xml_text(node, "ResourceUID"))),
			.units_permille = (int32_t)xml_decimal(&m->f, node, "Units", 3, 1000),
			.planned_work = work(m, node, "Work", 0),
			.remaining_work = work(m, node, "RemainingWork", 0),
			.actual_work = work(m, node, "ActualWork", 0),
			.remaining_duration_work = -1,
			.lag_work = xml_int(&m->f, node, "Delay", 0),
			.keep = xml_keep(m->f.a, "Assignment", node, nothing)};
	}
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void read_project(struct mspdi *m, const struct xml_node *root)
{
	static const char *const used[] = {"Calendars", "Tasks", "Resources", "Assignments", NULL};
	struct plan_project *p = ARENA_NEW(m->f.a, struct plan_project);
	*p = plan_project_default(PROFILE_MSPROJECT);
	p->id = xml_text(root, "UID")[0] ? xml_text(root, "UID") : "0";
	p->code = p->name =
		xml_text(root, "Title")[0] ? xml_text(root, "Title") : xml_text(root, "Name");
	p->calendar = map_get(m->calendars, slice_of(xml_text(root, "CalendarUID")));
	p->start = xml_moment(&m->f, root, "StartDate");
	p->status_date = xml_moment(&m->f, root, "StatusDate");
	p->from_finish = !xml_flag(root, "ScheduleFromStart", true);
	if (p->from_finish)
		p->must_finish = xml_moment(&m->f, root, "FinishDate");
	p->options_stated = true;
	int64_t critical = (int64_t)xml_int(&m->f, root, "CriticalSlackLimit", 0) *
		xml_int(&m->f, root, "MinutesPerDay", 480);
	if (critical > INT32_MAX / TICKS_PER_MINUTE || critical < 0)
		xml_refuse(&m->f,
			xml_child(root, "CriticalSlackLimit") ? xml_child(root, "CriticalSlackLimit") : root,
			false);
	p->options.critical_float_work = (int32_t)critical * TICKS_PER_MINUTE;
	p->options.honour_constraints = xml_flag(root, "HonorConstraints", true);
	p->options.multiple_critical_paths = xml_flag(root, "MultipleCriticalPaths", false);
	p->options.split_in_progress = xml_flag(root, "SplitsInProgressTasks", true);
	p->keep = xml_keep(m->f.a, "Project", root, used);
	m->plan.projects = p;
	m->plan.nprojects = 1;
	for (int32_t i = 0; i < m->plan.ncalendars; i++) {
		m->plan.calendars[i].day_minutes = xml_int(&m->f, root, "MinutesPerDay", 0);
		m->plan.calendars[i].week_minutes = xml_int(&m->f, root, "MinutesPerWeek", 0);
	}
}

bool mspdi_looks_like(struct slice head)
{
	return xml_root_is(head, "Project");
}

bool mspdi_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	struct mspdi m = {.f = {.a = a, .err = err}, .found = found};
	struct xml_node *root;
	if (!xml_tree(a, bytes, &root, err))
		return false;
	if (strcmp(root->name, "Project") != 0)
		return err_set(
			err, ERR_INPUT, NULL, "the first element is \"%s\", not %s", root->name, "Project");
	m.calendars = map_open();
	m.tasks = map_open();
	m.resources = map_open();
	m.plan.source = "mspdi";
	m.plan.source_version = xml_text(root, "SaveVersion");
	m.plan.encoding = "utf-8";
	mspdi_read_calendars(&m, root);
	read_project(&m, root);
	bool done = !m.f.failed && read_tasks(&m, root);
	if (done) {
		read_links(&m, root);
		read_resources(&m, root);
		read_assignments(&m, root);
		done = !m.f.failed && plan_find_crew_calendars(a, &m.plan, err);
	}
	map_close(m.calendars);
	map_close(m.tasks);
	map_close(m.resources);
	if (done)
		*out = m.plan;
	return done;
}
