/*
 * From XER tables to a plan. Each table has its function; a column is found by name once per table. Left out: P6's units
 * of display, roles, risks, documents and notes, which travel as kept tables.
 */
#include "intake/xer.h"

#include "base/map.h"
#include "base/num.h"
#include "intake/calendar_days.h"
#include "intake/xer_tables.h"
#include "intake/xer_words.h"

#define HOURS_MOST 1000000

struct reader {
	struct arena *a;
	struct xer_file file;
	struct plan plan;
	struct findings *found;
	struct map *projects, *calendars, *tasks, *wbs, *resources;
	const struct xer_table *table; /* the one in hand */
	const struct xer_row *row;
	struct err *err;
	bool failed;
};

static struct slice field(struct reader *r, const char *name)
{
	int32_t i = xer_column(r->table, name);
	const char *s = i >= 0 ? r->row->values[i] : NULL;
	return s ? slice_of(s) : (struct slice){0};
}

static const char *text(struct reader *r, const char *name)
{
	struct slice s = field(r, name);
	return s.s ? s.s : "";
}

static bool flag(struct reader *r, const char *name, bool otherwise)
{
	struct slice s = field(r, name);
	return s.n ? slice_is(s, "Y") : otherwise;
}

static void refuse(struct reader *r, const char *column, struct slice value, const char *what)
{
	if (r->failed)
		return;
	r->failed = true;
	char *shown = arena_text(r->a, value.n > 60 ? (struct slice){value.s, 60} : value);
	if (what[0] == 'd')
		err_set(r->err, ERR_INPUT, NULL, "\"%s\" is not a date between 1900 and 2199", shown);
	else
		err_set(r->err, ERR_INPUT, NULL, "\"%s\" is not a number, or is out of range", shown);
	err_in(r->err, "table %s, line %d, column %s", r->table->columns.table, r->row->line, column);
}

static struct moment moment(struct reader *r, const char *name)
{
	struct slice s = field(r, name);
	struct moment m = MOMENT_NONE;
	if (s.n && !moment_parse(s, &m))
		refuse(r, name, s, "date");
	return m;
}

/* A date P6 computed: only compared, so one that cannot be read is none. */
static struct moment computed_moment(struct reader *r, const char *name)
{
	struct moment m = MOMENT_NONE;
	return moment_parse(field(r, name), &m) ? m : MOMENT_NONE;
}

static int32_t computed_hours(struct reader *r, const char *name)
{
	int64_t millionths;
	if (!num_plain(field(r, name), 6, &millionths) || millionths > INT64_C(1000000000000) ||
		millionths < INT64_C(-1000000000000))
		return INT32_MIN;
	return (int32_t)num_muldiv(millionths, TICKS_PER_HOUR, 1000000);
}

/* Decimal hours to ticks, once, with rounding: 13.333333 h are 8000 ticks. */
static int32_t hours(struct reader *r, const char *name, int32_t otherwise)
{
	const int64_t most = (int64_t)HOURS_MOST * 1000000;
	struct slice s = field(r, name);
	int64_t millionths;

	if (!s.n)
		return otherwise;
	if (!num_plain(s, 6, &millionths) || millionths > most || millionths < -most) {
		refuse(r, name, s, "number");
		return otherwise;
	}
	return (int32_t)num_muldiv(millionths, TICKS_PER_HOUR, 1000000);
}

static int64_t decimal(struct reader *r, const char *name, int scale, int64_t otherwise)
{
	struct slice s = field(r, name);
	int64_t value;

	if (!s.n)
		return otherwise;
	if (!num_plain(s, scale, &value)) {
		refuse(r, name, s, "number");
		return otherwise;
	}
	return value;
}

static int32_t reference(struct reader *r, const struct map *map, const char *name)
{
	struct slice s = field(r, name);
	return s.n ? map_get(map, s) : -1;
}

static int word(struct reader *r, const char *name, struct xer_words words, int otherwise)
{
	return xer_word_value(words, field(r, name), otherwise);
}

static struct keep keep_row(struct reader *r)
{
	return (struct keep){&r->table->columns, r->row->values};
}

static int32_t open_table(struct reader *r, const char *name)
{
	r->table = xer_table(&r->file, name);
	return r->table ? r->table->nrows : 0;
}

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

static void read_calendars(struct reader *r)
{
	int32_t n = open_table(r, "CALENDAR");

	r->plan.ncalendars = n;
	r->plan.calendars = ARENA_ARRAY(r->a, struct plan_calendar, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		struct plan_calendar *c = &r->plan.calendars[i];
		r->row = &r->table->rows[i];
		*c = (struct plan_calendar){
			.id = text(r, "clndr_id"),
			.name = text(r, "clndr_name"),
			.base = -1,
			.provisional_from = DATE_NONE,
			.day_minutes = (int32_t)(decimal(r, "day_hr_cnt", 2, 0) * 60 / 100),
			.week_minutes = (int32_t)(decimal(r, "week_hr_cnt", 2, 0) * 60 / 100),
			.month_minutes = (int32_t)(decimal(r, "month_hr_cnt", 2, 0) * 60 / 100),
			.year_minutes = (int32_t)(decimal(r, "year_hr_cnt", 2, 0) * 60 / 100),
			.keep = keep_row(r),
		};
		map_put(r->calendars, slice_of(c->id), i);
		if (!xer_calendar_parse(r->a, field(r, "clndr_data"), c) ||
			(!c->stated && !field(r, "base_clndr_id").n))
			calendar_assume_week(c, r->found, i);
	}
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		int32_t base = reference(r, r->calendars, "base_clndr_id");
		if (base != i)
			r->plan.calendars[i].base = base;
	}
}

/* ---- Projects ------------------------------------------------------------------------------------------------ */

static void read_projects(struct reader *r)
{
	int32_t n = open_table(r, "PROJECT");

	r->plan.projects = ARENA_ARRAY(r->a, struct plan_project, (size_t)n + 1);
	r->plan.nprojects = n;
	for (int32_t i = 0; i < n; i++) {
		struct plan_project *p = &r->plan.projects[i];
		r->row = &r->table->rows[i];
		*p = plan_project_default(PROFILE_P6);
		p->id = text(r, "proj_id");
		p->code = p->name = text(r, "proj_short_name");
		p->calendar = reference(r, r->calendars, "clndr_id");
		p->start = moment(r, "plan_start_date");
		p->data_date = moment(r, "last_recalc_date");
		p->must_finish = moment(r, "plan_end_date");
		p->options.critical_float_work = hours(r, "critical_drtn_hr_cnt", 0);
		p->options.critical_rule = slice_is(field(r, "critical_path_type"), "CT_DrivPath")
			? CRITICAL_BY_LONGEST_PATH
			: CRITICAL_BY_FLOAT;
		p->keep = keep_row(r);
		map_put(r->projects, slice_of(p->id), i);
	}
	if (n == 0) { /* a piece of a file: tasks still have somewhere to belong */
		r->plan.projects[0] = plan_project_default(PROFILE_P6);
		r->plan.projects[0].id = r->plan.projects[0].code = "1"; /* findings name it */
		r->plan.nprojects = 1;
	}
}

static void read_options(struct reader *r)
{
	int32_t n = open_table(r, "SCHEDOPTIONS");

	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		int32_t project = reference(r, r->projects, "proj_id");
		if (project < 0)
			continue;
		struct plan_project *p = &r->plan.projects[project];
		struct plan_options *o = &p->options;
		p->options_stated = true;
		p->keep_options = keep_row(r);
		o->progress = flag(r, "sched_progress_override", false) ? PROGRESS_OVERRIDE
			: flag(r, "sched_retained_logic", true)             ? PROGRESS_RETAINED_LOGIC
																: PROGRESS_ACTUAL_DATES;
		o->lag_calendar = (enum lag_calendar)word(
			r, "sched_calendar_on_relationship_lag", xer_lag_calendars, LAG_CALENDAR_PREDECESSOR);
		o->float_type = (enum float_type)word(r, "sched_float_type", xer_float_types, FLOAT_FINISH);
		o->outside_links =
			(enum outside_links)word(r, "sched_outer_depend_type", xer_outside, OUTSIDE_BOTH);
		o->start_lag_from_early_start = flag(r, "sched_lag_early_start_flag", true);
		o->use_expected_finish = flag(r, "sched_use_expect_end_flag", true);
		o->open_ends_critical = flag(r, "sched_open_critical_flag", false);
		o->float_to_project_finish = flag(r, "sched_use_project_end_date_for_float", true);
		o->float_paths_by_total_float = flag(r, "use_total_float_multiple_longest_paths", true);
		if (flag(r, "enable_multiple_longest_path_calc", false))
			o->float_paths = (int32_t)decimal(r, "max_multiple_longest_path", 0, 10);
		o->float_path_task = reference(r, r->tasks, "key_activity_for_multiple_longest_paths");
		o->level.all_resources = flag(r, "level_all_rsrc_flag", true);
		o->level.within_float = flag(r, "level_within_float_flag", false);
		o->level.keep_dates = flag(r, "level_keep_sched_date_flag", true);
		o->level.outside_assignments = flag(r, "level_outer_assign_flag", false);
		o->level.outside_priority = (int32_t)decimal(r, "level_outer_assign_priority", 0, 5);
		o->level.over_allocation_percent = (int32_t)decimal(r, "level_over_alloc_pct", 0, 25);
		o->level.float_threshold_work = hours(r, "level_float_thrs_cnt", 0);
		o->level.priorities = text(r, "LevelPriorityList");
	}
}

static void read_wbs(struct reader *r)
{
	int32_t n = open_table(r, "PROJWBS");

	r->plan.nwbs = n;
	r->plan.wbs = ARENA_ARRAY(r->a, struct plan_wbs, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		r->plan.wbs[i] = (struct plan_wbs){.id = text(r, "wbs_id"),
			.code = text(r, "wbs_short_name"),
			.name = text(r, "wbs_name"),
			.project = reference(r, r->projects, "proj_id"),
			.parent = -1,
			.keep = keep_row(r)};
		map_put(r->wbs, slice_of(r->plan.wbs[i].id), i);
		if (flag(r, "proj_node_flag", false) && r->plan.wbs[i].project >= 0)
			r->plan.projects[r->plan.wbs[i].project].name = r->plan.wbs[i].name;
	}
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		int32_t parent = reference(r, r->wbs, "parent_wbs_id");
		if (parent != i)
			r->plan.wbs[i].parent = parent;
	}
}

/* ---- Tasks --------------------------------------------------------------------------------------------------- */

static void read_stored(struct reader *r, struct task_stored *s)
{
	s->early_start = computed_moment(r, "early_start_date");
	s->early_finish = computed_moment(r, "early_end_date");
	s->late_start = computed_moment(r, "late_start_date");
	s->late_finish = computed_moment(r, "late_end_date");
	s->total_float = computed_hours(r, "total_float_hr_cnt");
	s->free_float = computed_hours(r, "free_float_hr_cnt");
	s->driving = field(r, "driving_path_flag").n ? flag(r, "driving_path_flag", false) : -1;
}

static enum task_state state_from_dates(const struct plan_task *t)
{
	return !moment_is_none(t->actual_finish) ? TASK_COMPLETE
		: !moment_is_none(t->actual_start)   ? TASK_ACTIVE
											 : TASK_NOT_STARTED;
}

static void read_task(struct reader *r, struct plan_task *t)
{
	*t = plan_task_default();
	t->id = text(r, "task_id");
	t->code = text(r, "task_code");
	t->name = text(r, "task_name");
	t->project = reference(r, r->projects, "proj_id");
	if (t->project < 0)
		t->project = 0;
	t->wbs = reference(r, r->wbs, "wbs_id");
	t->calendar = reference(r, r->calendars, "clndr_id");
	t->type = (enum task_type)word(r, "task_type", xer_task_types, -1);
	if ((int)t->type == -1) {
		t->type = TASK_WORK;
		if (field(r, "task_type").n)
			finding_add(r->found, "X002", ON_TASK, (int32_t)(t - r->plan.tasks), t->code,
				text(r, "task_type"), NULL);
	}
	t->percent_type =
		(enum percent_type)word(r, "complete_pct_type", xer_percent_types, PERCENT_DURATION);
	t->physical_percent = (int32_t)decimal(r, "phys_complete_pct", 2, -1);
	t->actual_start = moment(r, "act_start_date");
	t->actual_finish = moment(r, "act_end_date");
	t->state = (enum task_state)word(r, "status_code", xer_task_states, (int)state_from_dates(t));
	t->duration_work = hours(r, "target_drtn_hr_cnt", 0);
	t->remaining_work =
		hours(r, "remain_drtn_hr_cnt", t->state == TASK_COMPLETE ? 0 : t->duration_work);
	if (t->duration_work < 0)
		t->duration_work = 0;
	if (t->remaining_work < 0)
		t->remaining_work = 0;
	if (t->percent_type == PERCENT_PHYSICAL && t->physical_percent >= 0)
		t->percent = t->physical_percent;
	else if (t->state == TASK_COMPLETE)
		t->percent = 10000;
	else if (t->duration_work > t->remaining_work)
		t->percent =
			(int32_t)num_muldiv(t->duration_work - t->remaining_work, 10000, t->duration_work);
	t->planned_start = moment(r, "target_start_date");
	t->planned_finish = moment(r, "target_end_date");
	t->suspend = moment(r, "suspend_date");
	t->resume = moment(r, "resume_date");
	t->expected_finish = moment(r, "expect_end_date");
	t->external_early_start = moment(r, "external_early_start_date");
	t->external_late_finish = moment(r, "external_late_end_date");
	t->constraint[0].kind =
		(enum constraint_kind)word(r, "cstr_type", xer_constraints, CONSTRAINT_NONE);
	t->constraint[0].date = moment(r, "cstr_date");
	t->constraint[1].kind =
		(enum constraint_kind)word(r, "cstr_type2", xer_constraints, CONSTRAINT_NONE);
	t->constraint[1].date = moment(r, "cstr_date2");
	t->priority = word(r, "priority_type", xer_priorities, 500);
	t->keep = keep_row(r);
	read_stored(r, &t->stored);
}

static bool read_tasks(struct reader *r)
{
	int32_t n = open_table(r, "TASK");

	r->plan.ntasks = n;
	r->plan.tasks = ARENA_ARRAY(r->a, struct plan_task, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		read_task(r, &r->plan.tasks[i]);
		struct slice id = slice_of(r->plan.tasks[i].id);
		if (map_get(r->tasks, id) >= 0 && !r->failed) {
			r->failed = true;
			err_set(r->err, ERR_INPUT, NULL, "task_id \"%s\" stands twice", id.s);
			return err_in(r->err, "table %s, line %d", r->table->columns.table, r->row->line);
		}
		map_put(r->tasks, id, i);
	}
	return !r->failed;
}

static void read_links(struct reader *r)
{
	int32_t n = open_table(r, "TASKPRED");

	r->plan.nlinks = n;
	r->plan.links = ARENA_ARRAY(r->a, struct plan_link, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		int type = word(r, "pred_type", xer_link_types, -1);
		if (type < 0) {
			type = LINK_FS;
			finding_add(r->found, "X003", ON_LINK, i, text(r, "pred_task_id"), text(r, "task_id"),
				text(r, "pred_type"));
		}
		r->plan.links[i] = (struct plan_link){.id = text(r, "task_pred_id"),
			.from = reference(r, r->tasks, "pred_task_id"),
			.to = reference(r, r->tasks, "task_id"),
			.from_id = text(r, "pred_task_id"),
			.to_id = text(r, "task_id"),
			.type = (enum link_type)type,
			.lag = hours(r, "lag_hr_cnt", 0),
			.keep = keep_row(r)};
	}
}

/* P6 does not write it: the units that are left, at their pace, in whole minutes. */
static int32_t remaining_duration(struct reader *r)
{
	int64_t units = decimal(r, "remain_qty", 6, 0), pace = decimal(r, "remain_qty_per_hr", 6, 0);
	int64_t minutes = pace > 0 && units >= 0 ? num_muldiv(units, 60, pace) : -1;

	if (minutes > (int64_t)HOURS_MOST * 60)
		refuse(r, "remain_qty", field(r, "remain_qty"), "number");
	return minutes < 0 ? -1 : (int32_t)(minutes * TICKS_PER_MINUTE);
}

static void read_resources(struct reader *r)
{
	int32_t n = open_table(r, "RSRC");

	r->plan.nresources = n;
	r->plan.resources = ARENA_ARRAY(r->a, struct plan_resource, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		r->plan.resources[i] = (struct plan_resource){.id = text(r, "rsrc_id"),
			.code = text(r, "rsrc_short_name"),
			.name = text(r, "rsrc_name"),
			.calendar = reference(r, r->calendars, "clndr_id"),
			.kind = (enum resource_kind)word(r, "rsrc_type", xer_resource_kinds, RESOURCE_LABOUR),
			.capacity_permille = (int32_t)num_muldiv(decimal(r, "def_qty_per_hr", 3, 1000), 1, 1),
			.keep = keep_row(r)};
		map_put(r->resources, slice_of(r->plan.resources[i].id), i);
	}
	n = open_table(r, "TASKRSRC");
	r->plan.assignments = ARENA_ARRAY(r->a, struct plan_assignment, (size_t)n);
	for (int32_t i = 0; i < n; i++) {
		r->row = &r->table->rows[i];
		int32_t task = reference(r, r->tasks, "task_id");
		if (task < 0)
			continue;
		r->plan.assignments[r->plan.nassignments++] = (struct plan_assignment){.task = task,
			.resource = reference(r, r->resources, "rsrc_id"),
			.units_permille = (int32_t)decimal(r, "target_qty_per_hr", 3, 1000),
			.planned_work = num_muldiv(decimal(r, "target_qty", 6, 0), TICKS_PER_HOUR, 1000000),
			.remaining_work = num_muldiv(decimal(r, "remain_qty", 6, 0), TICKS_PER_HOUR, 1000000),
			.actual_work = num_muldiv(decimal(r, "act_reg_qty", 6, 0), TICKS_PER_HOUR, 1000000),
			.remaining_duration_work = remaining_duration(r),
			.lag_work = hours(r, "relag_drtn_hr_cnt", hours(r, "target_lag_drtn_hr_cnt", 0)),
			.drives = flag(r, "rollup_dates_flag", true),
			.keep = keep_row(r)};
	}
}

/* ---- The rest ------------------------------------------------------------------------------------------------ */

static void keep_others(struct reader *r)
{
	static const char *const modelled[] = {
		"CALENDAR", "PROJECT", "SCHEDOPTIONS", "PROJWBS", "TASK", "TASKPRED", "RSRC", "TASKRSRC"};

	r->plan.kept = ARENA_ARRAY(r->a, struct keep_table, (size_t)r->file.ntables);
	for (int32_t i = 0; i < r->file.ntables; i++) {
		const struct xer_table *t = &r->file.tables[i];
		bool ours = false;
		for (size_t k = 0; k < countof(modelled); k++)
			ours |= strcmp(t->columns.table, modelled[k]) == 0;
		if (ours)
			continue;
		const char *const **rows = arena_array(r->a, (size_t)t->nrows, sizeof(*rows));
		for (int32_t k = 0; k < t->nrows; k++)
			rows[k] = t->rows[k].values;
		r->plan.kept[r->plan.nkept++] = (struct keep_table){t->columns, t->nrows, rows, i};
	}
}

static bool read_all(struct reader *r)
{
	read_calendars(r);
	read_projects(r);
	read_wbs(r);
	if (r->failed || !read_tasks(r))
		return false;
	read_options(r);
	read_links(r);
	read_resources(r);
	keep_others(r);
	return !r->failed;
}

bool xer_looks_like(struct slice bytes)
{
	if (bytes.n >= 3 && memcmp(bytes.s, "\xEF\xBB\xBF", 3) == 0)
		bytes = (struct slice){bytes.s + 3, bytes.n - 3};
	return bytes.n >= 6 && memcmp(bytes.s, "ERMHDR", 6) == 0;
}

bool xer_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	struct reader r = {.a = a, .found = found, .err = err};
	bool fine;

	if (!xer_parse(a, bytes, &r.file, err))
		return false;
	r.plan.source = "xer";
	r.plan.source_version = r.file.nhead ? r.file.head[0] : "";
	r.plan.encoding = r.file.encoding;
	struct keep_columns *head = ARENA_NEW(a, struct keep_columns);
	*head = (struct keep_columns){"ERMHDR", r.file.nhead, r.file.head};
	r.plan.keep = (struct keep){head, r.file.head};
	r.projects = map_open();
	r.calendars = map_open();
	r.tasks = map_open();
	r.wbs = map_open();
	r.resources = map_open();
	fine = read_all(&r);
	if (fine && !r.file.ended)
		finding_add(
			found, "X005", ON_PLAN, -1, arena_printf(a, "%d", (int)r.file.nlines), NULL, NULL);
	map_close(r.projects);
	map_close(r.calendars);
	map_close(r.tasks);
	map_close(r.wbs);
	map_close(r.resources);
	if (fine)
		*out = r.plan;
	return fine;
}
