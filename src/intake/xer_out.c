/* From a plan to XER: each table row by row (xer_cells.h), then the file around them. */
#include "intake/xer_out.h"

#include "base/num.h"
#include "base/utf8.h"
#include "intake/calendar_days.h"
#include "intake/xer.h"
#include "intake/xer_cells.h"

struct writer {
	struct arena *a;
	const struct plan *plan;
	struct findings *found;
	bool own; /* the plan came from an XER file, so its ids are numbers that P6 gave */
	struct cells cells;
};

static void note_loss(
	struct writer *w, enum finding_subject on, int32_t subject, const char *name, struct label what)
{
	char words[ERR_BOTH_ROOM];
	finding_add(w->found, "X004", on, subject, name, err_both(words, what), "XER");
}

/* ---- Ids ----------------------------------------------------------------------------------------------------- */

static const char *number(struct writer *w, int64_t n)
{
	return arena_printf(w->a, "%lld", (long long)n);
}

static const char *project_id(struct writer *w, int32_t i)
{
	return w->own ? w->plan->projects[i].id : number(w, i + 1);
}

static const char *calendar_id(struct writer *w, int32_t i)
{
	return w->own && !w->plan->calendars[i].united ? w->plan->calendars[i].id
												   : number(w, 100001 + i);
}

static const char *task_id(struct writer *w, int32_t i)
{
	return w->own ? w->plan->tasks[i].id : number(w, 1001 + i);
}

static const char *resource_id(struct writer *w, int32_t i)
{
	return w->own ? w->plan->resources[i].id : number(w, i + 1);
}

/* Nodes of the breakdown: the project itself, then its WBS, then outline summaries. */
static const char *wbs_id(struct writer *w, int32_t project, int32_t wbs, int32_t summary)
{
	const struct plan *p = w->plan;
	if (summary >= 0)
		return number(w, 300001 + p->nprojects + p->nwbs + summary);
	return wbs >= 0 ? w->own ? p->wbs[wbs].id : number(w, 300001 + p->nprojects + wbs)
					: number(w, 300001 + project);
}

/* ---- Tables -------------------------------------------------------------------------------------------------- */

/* Does the kept text already say this calendar? Read as the reader reads it. */
static bool says_the_same(struct writer *w, const struct plan_calendar *c, const char *text)
{
	struct plan_calendar was = {.base = c->base};
	struct findings ignored = {.arena = w->a};

	if (!xer_calendar_parse(w->a, slice_of(text), &was) || (!was.stated && c->base < 0))
		calendar_assume_week(&was, &ignored, 0);
	if (was.stated != c->stated || was.nexceptions != c->nexceptions || c->nweeks)
		return false;
	for (int d = 0; d < 7; d++)
		if (!day_shifts_equal(&was.week[d], &c->week[d]))
			return false;
	for (int32_t i = 0; i < c->nexceptions; i++)
		if (was.exceptions[i].from.day != c->exceptions[i].from.day ||
			was.exceptions[i].to.day != c->exceptions[i].to.day ||
			!day_shifts_equal(&was.exceptions[i].day, &c->exceptions[i].day))
			return false;
	return true;
}

/* Hours of a day, week, month, year; `usual` for plans of other programs that do not say. */
static void set_length(struct writer *w, const char *column, int32_t minutes, int32_t usual)
{
	int64_t hundredths = 0;

	if (!w->own && minutes == 0)
		minutes = usual;
	if (w->own &&
		(!cells_kept(&w->cells, column)[0] ||
			num_plain(slice_of(cells_kept(&w->cells, column)), 2, &hundredths)) &&
		hundredths * 60 / 100 == minutes)
		return;
	cells_set(&w->cells, column, cells_decimal(&w->cells, num_muldiv(minutes, 100, 60), 2));
}

static void put_calendars(struct writer *w)
{
	static const char *const wanted[] = {"clndr_id", "default_flag", "clndr_name", "proj_id",
		"base_clndr_id", "clndr_type", "day_hr_cnt", "week_hr_cnt", "month_hr_cnt", "year_hr_cnt",
		"clndr_data"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(&w->cells, "CALENDAR", p->ncalendars ? p->calendars[0].keep.columns : NULL,
		wanted, p->ncalendars);
	for (int32_t i = 0; i < p->ncalendars; i++) {
		const struct plan_calendar *c = &p->calendars[i];
		cells_open_row(&w->cells, &c->keep);
		cells_set(&w->cells, "clndr_id", calendar_id(w, i));
		cells_set(&w->cells, "clndr_name", c->name);
		cells_fill(&w->cells, "default_flag", i == 0 ? "Y" : "N");
		cells_fill(&w->cells, "clndr_type", "CA_Base");
		set_length(w, "day_hr_cnt", c->day_minutes, 480);
		set_length(w, "week_hr_cnt", c->week_minutes, 2400);
		set_length(w, "month_hr_cnt", c->month_minutes, 10320);
		set_length(w, "year_hr_cnt", c->year_minutes, 120000);
		if (w->own && c->base >= 0)
			cells_refer(&w->cells, "base_clndr_id", calendar_id(w, c->base));
		if (!w->own || !c->keep.columns ||
			!says_the_same(w, c, cells_kept(&w->cells, "clndr_data")))
			cells_set(&w->cells, "clndr_data", xer_calendar_text(w->a, p, i));
	}
}

/* The one project a piece of a file was given has no row of its own. */
static bool only_assumed(const struct writer *w)
{
	return w->own && w->plan->nprojects == 1 && !w->plan->projects[0].keep.columns;
}

static void put_projects(struct writer *w)
{
	static const char *const wanted[] = {"proj_id", "proj_short_name", "clndr_id",
		"plan_start_date", "last_recalc_date", "plan_end_date", "critical_drtn_hr_cnt",
		"critical_path_type", "project_flag", "guid"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(&w->cells, "PROJECT", p->nprojects ? p->projects[0].keep.columns : NULL,
		wanted, p->nprojects);
	for (int32_t i = 0; i < p->nprojects && !only_assumed(w); i++) {
		const struct plan_project *x = &p->projects[i];
		cells_open_row(&w->cells, &x->keep);
		cells_set(&w->cells, "proj_id", project_id(w, i));
		cells_set(&w->cells, "proj_short_name", x->code[0] ? x->code : project_id(w, i));
		cells_refer(&w->cells, "clndr_id", x->calendar >= 0 ? calendar_id(w, x->calendar) : NULL);
		cells_set_moment(&w->cells, "plan_start_date", x->start);
		cells_set_moment(&w->cells, "last_recalc_date",
			w->own || !moment_is_none(x->data_date) ? x->data_date : x->start);
		cells_set_moment(&w->cells, "plan_end_date", x->must_finish);
		cells_set_hours(&w->cells, "critical_drtn_hr_cnt", x->options.critical_float_work, 0);
		if (x->options.critical_rule !=
				(strcmp(cells_kept(&w->cells, "critical_path_type"), "CT_DrivPath") == 0
						? CRITICAL_BY_LONGEST_PATH
						: CRITICAL_BY_FLOAT) ||
			!w->own)
			cells_set(&w->cells, "critical_path_type",
				x->options.critical_rule == CRITICAL_BY_LONGEST_PATH ? "CT_DrivPath"
																	 : "CT_TotFloat");
		cells_fill(&w->cells, "project_flag", "Y");
	}
}

static void put_levelling(struct writer *w, const struct plan_options *o)
{
	cells_set_flag(&w->cells, "level_all_rsrc_flag", o->level.all_resources, true);
	cells_set_flag(&w->cells, "level_within_float_flag", o->level.within_float, false);
	cells_set_flag(&w->cells, "level_keep_sched_date_flag", o->level.keep_dates, true);
	cells_set_flag(&w->cells, "level_outer_assign_flag", o->level.outside_assignments, false);
	cells_set_decimal(&w->cells, "level_outer_assign_priority", o->level.outside_priority, 0, 5);
	cells_set_decimal(&w->cells, "level_over_alloc_pct", o->level.over_allocation_percent, 0, 25);
	cells_set_hours(&w->cells, "level_float_thrs_cnt", o->level.float_threshold_work, 0);
	if (o->level.priorities)
		cells_set(&w->cells, "LevelPriorityList", o->level.priorities);
}

static void put_options(struct writer *w)
{
	static const char *const wanted[] = {"schedoptions_id", "proj_id", "sched_outer_depend_type",
		"sched_open_critical_flag", "sched_lag_early_start_flag", "sched_retained_logic",
		"sched_setplantoforecast", "sched_float_type", "sched_calendar_on_relationship_lag",
		"sched_use_expect_end_flag", "sched_progress_override", "level_float_thrs_cnt",
		"level_outer_assign_flag", "level_outer_assign_priority", "level_over_alloc_pct",
		"level_within_float_flag", "level_keep_sched_date_flag", "level_all_rsrc_flag",
		"sched_use_project_end_date_for_float", "enable_multiple_longest_path_calc",
		"max_multiple_longest_path", "use_total_float_multiple_longest_paths",
		"key_activity_for_multiple_longest_paths", "LevelPriorityList"};
	const struct plan *p = w->plan;
	const struct keep_columns *source = NULL;

	for (int32_t i = 0; i < p->nprojects && !source; i++)
		source = p->projects[i].keep_options.columns;
	CELLS_OPEN_TABLE(&w->cells, "SCHEDOPTIONS", source, wanted, p->nprojects);
	for (int32_t i = 0; i < p->nprojects; i++) {
		const struct plan_options *o = &p->projects[i].options;
		if (w->own && !p->projects[i].options_stated)
			continue;
		cells_open_row(&w->cells, &p->projects[i].keep_options);
		cells_fill(&w->cells, "schedoptions_id", number(w, i + 1));
		cells_set(&w->cells, "proj_id", project_id(w, i));
		cells_set_word(
			&w->cells, "sched_outer_depend_type", xer_outside, (int)o->outside_links, OUTSIDE_BOTH);
		cells_set_flag(&w->cells, "sched_open_critical_flag", o->open_ends_critical, false);
		cells_set_flag(
			&w->cells, "sched_lag_early_start_flag", o->start_lag_from_early_start, true);
		cells_set_flag(
			&w->cells, "sched_progress_override", o->progress == PROGRESS_OVERRIDE, false);
		if (o->progress != PROGRESS_OVERRIDE || !w->own)
			cells_set_flag(
				&w->cells, "sched_retained_logic", o->progress == PROGRESS_RETAINED_LOGIC, true);
		cells_fill(&w->cells, "sched_setplantoforecast", "N");
		cells_set_word(
			&w->cells, "sched_float_type", xer_float_types, (int)o->float_type, FLOAT_FINISH);
		cells_set_word(&w->cells, "sched_calendar_on_relationship_lag", xer_lag_calendars,
			(int)o->lag_calendar, LAG_CALENDAR_PREDECESSOR);
		cells_set_flag(&w->cells, "sched_use_expect_end_flag", o->use_expected_finish, true);
		cells_set_flag(
			&w->cells, "sched_use_project_end_date_for_float", o->float_to_project_finish, true);
		cells_set_flag(&w->cells, "enable_multiple_longest_path_calc", o->float_paths > 0, false);
		if (o->float_paths)
			cells_set_decimal(&w->cells, "max_multiple_longest_path", o->float_paths, 0, 10);
		cells_set_flag(&w->cells, "use_total_float_multiple_longest_paths",
			o->float_paths_by_total_float, true);
		cells_refer(&w->cells, "key_activity_for_multiple_longest_paths",
			o->float_path_task >= 0 ? task_id(w, o->float_path_task) : NULL);
		put_levelling(w, o);
	}
}

static void put_node(struct writer *w, const char *id, int32_t project, const char *code,
	const char *name, const char *parent, bool top)
{
	cells_set(&w->cells, "wbs_id", id);
	cells_refer(&w->cells, "proj_id", project >= 0 ? project_id(w, project) : NULL);
	cells_set(&w->cells, "wbs_short_name", code);
	cells_set(&w->cells, "wbs_name", name);
	cells_refer(&w->cells, "parent_wbs_id", parent);
	cells_fill(&w->cells, "proj_node_flag", top ? "Y" : "N");
	cells_fill(&w->cells, "status_code", "WS_Open");
}

/* A summary of an outline, or the project when there is none. */
static const char *node_above(struct writer *w, int32_t task)
{
	const struct plan_task *t = &w->plan->tasks[task];
	for (int32_t up = t->parent, depth = 0; up >= 0 && depth < 256;
		 up = w->plan->tasks[up].parent, depth++)
		if (w->plan->tasks[up].type == TASK_SUMMARY)
			return wbs_id(w, t->project, -1, up);
	return wbs_id(w, t->project, t->wbs, -1);
}

static bool is_outline_summary(const struct writer *w, int32_t task)
{
	return !w->own && w->plan->tasks[task].type == TASK_SUMMARY;
}

static void put_wbs(struct writer *w)
{
	static const char *const wanted[] = {"wbs_id", "proj_id", "obs_id", "seq_num", "proj_node_flag",
		"status_code", "wbs_short_name", "wbs_name", "parent_wbs_id"};
	const struct keep none = {0};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(&w->cells, "PROJWBS", p->nwbs ? p->wbs[0].keep.columns : NULL, wanted,
		p->nprojects + p->nwbs + p->ntasks);
	for (int32_t i = 0; i < p->nprojects && !w->own; i++) {
		cells_open_row(&w->cells, &none);
		put_node(w, wbs_id(w, i, -1, -1), i,
			p->projects[i].code[0] ? p->projects[i].code : project_id(w, i), p->projects[i].name,
			NULL, true);
	}
	for (int32_t i = 0; i < p->nwbs; i++) {
		const struct plan_wbs *x = &p->wbs[i];
		cells_open_row(&w->cells, &x->keep);
		/* The name of a project is that of its top node. */
		put_node(w, wbs_id(w, x->project, i, -1), x->project, x->code, x->name,
			x->parent >= 0 ? wbs_id(w, x->project, x->parent, -1)
				: w->own   ? NULL
						   : wbs_id(w, x->project, -1, -1),
			false);
	}
	for (int32_t i = 0; i < p->ntasks; i++)
		if (is_outline_summary(w, i)) {
			cells_open_row(&w->cells, &none);
			put_node(w, wbs_id(w, 0, -1, i), p->tasks[i].project, p->tasks[i].code,
				p->tasks[i].name, node_above(w, i), false);
		}
}

static void put_task_dates(struct writer *w, const struct plan_task *t)
{
	static const struct {
		const char *kind, *date;
	} columns[2] = {{"cstr_type", "cstr_date"}, {"cstr_type2", "cstr_date2"}};
	struct moment start = t->planned_start, finish = t->planned_finish;

	if (!w->own) { /* P6 wants target dates */
		start = !moment_is_none(start)         ? start
			: !moment_is_none(t->stored.start) ? t->stored.start
											   : w->plan->projects[t->project].start;
		finish = !moment_is_none(finish)        ? finish
			: !moment_is_none(t->stored.finish) ? t->stored.finish
												: start;
	}
	cells_set_moment(&w->cells, "target_start_date", start);
	cells_set_moment(&w->cells, "target_end_date", finish);
	cells_set_moment(&w->cells, "act_start_date", t->actual_start);
	cells_set_moment(&w->cells, "act_end_date", t->actual_finish);
	cells_set_moment(&w->cells, "suspend_date", t->suspend);
	cells_set_moment(&w->cells, "resume_date", t->resume);
	cells_set_moment(&w->cells, "expect_end_date", t->expected_finish);
	cells_set_moment(&w->cells, "external_early_start_date", t->external_early_start);
	cells_set_moment(&w->cells, "external_late_end_date", t->external_late_finish);
	for (int i = 0; i < 2; i++) {
		cells_set_word(&w->cells, columns[i].kind, xer_constraints, (int)t->constraint[i].kind,
			CONSTRAINT_NONE);
		cells_set_moment(&w->cells, columns[i].date, t->constraint[i].date);
	}
}

static void note_task_losses(struct writer *w, int32_t i)
{
	const struct plan_task *t = &w->plan->tasks[i];
	if (t->manual)
		note_loss(w, ON_TASK, i, t->code, (struct label){"手动安排", "manual scheduling"});
	if (t->inactive)
		note_loss(w, ON_TASK, i, t->code, (struct label){"停用", "inactive"});
	if (!moment_is_none(t->deadline))
		note_loss(w, ON_TASK, i, t->code, (struct label){"期限", "deadline"});
	if (t->duration_elapsed)
		note_loss(w, ON_TASK, i, t->code, (struct label){"按日历天的工期", "elapsed duration"});
}

static int priority_band(int32_t priority)
{
	return priority >= 800 ? 900
		: priority >= 600  ? 700
		: priority >= 400  ? 500
		: priority >= 200  ? 300
						   : 100;
}

static void put_task(struct writer *w, int32_t i)
{
	const struct plan_task *t = &w->plan->tasks[i];
	int32_t calendar = w->own ? t->calendar : plan_task_calendar(w->plan, t);
	int32_t remaining = t->state == TASK_COMPLETE ? 0 : t->duration_work;

	cells_open_row(&w->cells, &t->keep);
	cells_set(&w->cells, "task_id", task_id(w, i));
	cells_set(&w->cells, "task_code", t->code);
	cells_set(&w->cells, "task_name", t->name);
	if (!only_assumed(w) && (t->project || cells_kept(&w->cells, "proj_id")[0] == 0 || !w->own))
		cells_refer(&w->cells, "proj_id", project_id(w, t->project));
	cells_refer(&w->cells, "wbs_id",
		!w->own           ? node_above(w, i)
			: t->wbs >= 0 ? w->plan->wbs[t->wbs].id
						  : NULL);
	cells_refer(&w->cells, "clndr_id", calendar >= 0 ? calendar_id(w, calendar) : NULL);
	cells_set_word(&w->cells, "task_type", xer_task_types, (int)t->type, TASK_WORK);
	cells_set_word(
		&w->cells, "complete_pct_type", xer_percent_types, (int)t->percent_type, PERCENT_DURATION);
	cells_set_word(&w->cells, "status_code", xer_task_states, (int)t->state,
		!moment_is_none(t->actual_finish)      ? TASK_COMPLETE
			: !moment_is_none(t->actual_start) ? TASK_ACTIVE
											   : TASK_NOT_STARTED);
	cells_fill(&w->cells, "duration_type", "DT_FixedDUR2");
	cells_set_decimal(
		&w->cells, "phys_complete_pct", t->physical_percent < 0 ? 0 : t->physical_percent, 2, 0);
	cells_set_hours(&w->cells, "target_drtn_hr_cnt", t->duration_work, 0);
	cells_set_hours(&w->cells, "remain_drtn_hr_cnt", t->remaining_work, remaining);
	cells_set_word(&w->cells, "priority_type", xer_priorities, priority_band(t->priority), 500);
	put_task_dates(w, t);
	note_task_losses(w, i);
}

static void put_tasks(struct writer *w)
{
	static const char *const wanted[] = {"task_id", "proj_id", "wbs_id", "clndr_id",
		"phys_complete_pct", "complete_pct_type", "task_type", "duration_type", "status_code",
		"task_code", "task_name", "remain_drtn_hr_cnt", "target_drtn_hr_cnt", "cstr_date",
		"act_start_date", "act_end_date", "expect_end_date", "target_start_date", "target_end_date",
		"cstr_type", "priority_type", "suspend_date", "resume_date", "cstr_date2", "cstr_type2",
		"external_early_start_date", "external_late_end_date"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(
		&w->cells, "TASK", p->ntasks ? p->tasks[0].keep.columns : NULL, wanted, p->ntasks);
	for (int32_t i = 0; i < p->ntasks; i++)
		if (!is_outline_summary(w, i))
			put_task(w, i);
}

static void put_link(struct writer *w, int32_t i)
{
	const struct plan_link *l = &w->plan->links[i];
	const struct plan_task *from = l->from >= 0 ? &w->plan->tasks[l->from] : NULL,
						   *to = l->to >= 0 ? &w->plan->tasks[l->to] : NULL;
	int32_t lag = l->lag;

	if (l->lag_unit != LAG_WORK && lag)
		note_loss(w, ON_LINK, i, l->to_id ? l->to_id : "",
			(struct label){"按日历天或百分比的延时", "elapsed or percent lag"});
	if (l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED)
		lag = from ? (int32_t)num_muldiv(from->duration_work, lag, 10000) : 0;
	cells_open_row(&w->cells, &l->keep);
	cells_fill(&w->cells, "task_pred_id", number(w, i + 1));
	cells_refer(&w->cells, "task_id", to ? task_id(w, l->to) : l->to_id);
	cells_refer(&w->cells, "pred_task_id", from ? task_id(w, l->from) : l->from_id);
	if (!w->own) {
		cells_refer(&w->cells, "proj_id", to ? project_id(w, to->project) : NULL);
		cells_refer(&w->cells, "pred_proj_id", from ? project_id(w, from->project) : NULL);
	}
	cells_set_word(&w->cells, "pred_type", xer_link_types, (int)l->type, LINK_FS);
	cells_set_hours(&w->cells, "lag_hr_cnt", lag, 0);
}

static void put_links(struct writer *w)
{
	static const char *const wanted[] = {"task_pred_id", "task_id", "pred_task_id", "proj_id",
		"pred_proj_id", "pred_type", "lag_hr_cnt"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(
		&w->cells, "TASKPRED", p->nlinks ? p->links[0].keep.columns : NULL, wanted, p->nlinks);
	for (int32_t i = 0; i < p->nlinks; i++) {
		const struct plan_link *l = &p->links[i];
		if ((l->from >= 0 && is_outline_summary(w, l->from)) ||
			(l->to >= 0 && is_outline_summary(w, l->to)))
			note_loss(w, ON_LINK, i, l->to >= 0 ? p->tasks[l->to].code : "",
				(struct label){"摘要任务的逻辑关系", "link of a summary"});
		else
			put_link(w, i);
	}
}

static void put_resources(struct writer *w)
{
	static const char *const wanted[] = {
		"rsrc_id", "clndr_id", "rsrc_name", "rsrc_short_name", "def_qty_per_hr", "rsrc_type"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(&w->cells, "RSRC", p->nresources ? p->resources[0].keep.columns : NULL, wanted,
		p->nresources);
	for (int32_t i = 0; i < p->nresources; i++) {
		const struct plan_resource *x = &p->resources[i];
		cells_open_row(&w->cells, &x->keep);
		cells_set(&w->cells, "rsrc_id", resource_id(w, i));
		cells_set(&w->cells, "rsrc_short_name", x->code);
		cells_set(&w->cells, "rsrc_name", x->name);
		cells_refer(&w->cells, "clndr_id", x->calendar >= 0 ? calendar_id(w, x->calendar) : NULL);
		cells_set_word(&w->cells, "rsrc_type", xer_resource_kinds, (int)x->kind, RESOURCE_LABOUR);
		cells_set_decimal(&w->cells, "def_qty_per_hr", x->capacity_permille, 3, 1000);
	}
}

static void put_assignments(struct writer *w)
{
	static const char *const wanted[] = {"taskrsrc_id", "task_id", "proj_id", "rsrc_id",
		"remain_qty", "remain_qty_per_hr", "target_qty", "target_qty_per_hr", "act_reg_qty",
		"relag_drtn_hr_cnt", "rollup_dates_flag"};
	const struct plan *p = w->plan;

	CELLS_OPEN_TABLE(&w->cells, "TASKRSRC", p->nassignments ? p->assignments[0].keep.columns : NULL,
		wanted, p->nassignments);
	for (int32_t i = 0; i < p->nassignments; i++) {
		const struct plan_assignment *x = &p->assignments[i];
		if (is_outline_summary(w, x->task))
			continue;
		cells_open_row(&w->cells, &x->keep);
		cells_fill(&w->cells, "taskrsrc_id", number(w, i + 1));
		cells_set(&w->cells, "task_id", task_id(w, x->task));
		if (!w->own)
			cells_set(&w->cells, "proj_id", project_id(w, p->tasks[x->task].project));
		cells_refer(&w->cells, "rsrc_id", x->resource >= 0 ? resource_id(w, x->resource) : NULL);
		cells_set_decimal(&w->cells, "target_qty_per_hr", x->units_permille, 3, 1000);
		cells_set_hours(&w->cells, "target_qty", x->planned_work, 0);
		cells_set_hours(&w->cells, "remain_qty", x->remaining_work, 0);
		if (!w->own && x->remaining_duration_work > 0)
			cells_set_decimal(&w->cells, "remain_qty_per_hr",
				num_muldiv(x->remaining_work, 1000000, x->remaining_duration_work), 6, 0);
		cells_set_hours(&w->cells, "act_reg_qty", x->actual_work, 0);
		if (!cells_kept(&w->cells, "relag_drtn_hr_cnt")[0] &&
			cells_kept(&w->cells, "target_lag_drtn_hr_cnt")[0])
			cells_set_hours(&w->cells, "target_lag_drtn_hr_cnt", x->lag_work, 0);
		else
			cells_set_hours(&w->cells, "relag_drtn_hr_cnt", x->lag_work, 0);
		cells_set_flag(&w->cells, "rollup_dates_flag", x->drives, true);
	}
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void print_head(const struct writer *w, struct str *s)
{
	static const char *const head[] = {
		"22.12", "", "Project", "admin", "admin", "dbxDatabaseNoName", "Project Management", "CNY"};
	const struct keep *k = &w->plan->keep;
	const char *values[countof(head)];
	char date[20];

	if (w->own && k->columns) {
		cells_print_row(s, "ERMHDR", k->values, k->columns->n, NULL);
		return;
	}
	memcpy(values, head, sizeof(head));
	moment_text(w->plan->nprojects ? w->plan->projects[0].start : MOMENT_NONE, date);
	if (date[0])
		date[10] = 0;
	values[1] = date;
	cells_print_row(s, "ERMHDR", values, (int32_t)countof(head), NULL);
}

/* Kept tables stand at their places, the modelled ones fill the gaps. */
static void print_all(struct writer *w, struct str *s)
{
	const struct plan *p = w->plan;
	int next = 0;
	int32_t place = 0;

	print_head(w, s);
	for (int32_t i = 0; w->own && i < p->nkept; i++) {
		const struct keep_table *k = &p->kept[i];
		for (; place < k->place && next < w->cells.ntables; place++)
			cells_print_table(&w->cells, s, &w->cells.tables[next++]);
		str_printf(s, "%%T\t%s\r\n", k->columns.table);
		if (k->columns.n)
			cells_print_row(s, "%F", k->columns.names, k->columns.n, NULL);
		for (int32_t row = 0; row < k->nrows; row++)
			cells_print_row(s, "%R", k->rows[row], k->columns.n, NULL);
		place++;
	}
	while (next < w->cells.ntables)
		cells_print_table(&w->cells, s, &w->cells.tables[next++]);
	str_puts(s, "%E\r\n");
}

bool xer_write(struct arena *a, const struct plan *plan, struct str *out, struct findings *found,
	struct err *err)
{
	struct writer w = {
		.a = a, .plan = plan, .found = found, .own = strcmp(plan->source, "xer") == 0};
	enum charset set = CHARSET_UTF8;
	struct str text = STR_INIT;

	w.cells = (struct cells){.a = a, .own = w.own};
	put_projects(&w);
	put_calendars(&w);
	put_options(&w);
	put_wbs(&w);
	put_resources(&w);
	put_tasks(&w);
	put_links(&w);
	put_assignments(&w);
	print_all(&w, &text);
	if (w.own && !charset_parse(plan->encoding, &set))
		set = CHARSET_UTF8;
	bool done = charset_encode(set, str_view(&text), true, out, NULL, err);
	str_free(&text);
	return done;
}
