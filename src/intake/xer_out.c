/*
 * From a plan to XER tables. Each table is built as rows of texts over the source's columns followed by the ones P6 wants; a
 * setter leaves a kept text alone when it already says what the plan says. Added columns that stay empty are not written.
 */
#include "intake/xer_out.h"

#include "base/num.h"
#include "base/utf8.h"
#include "intake/calendar_days.h"
#include "intake/xer.h"
#include "intake/xer_words.h"

struct table {
	const char *name;
	int32_t ncolumns, nsource; /* the first nsource stood in the source */
	const char **columns;
	int32_t nrows;
	const char ***rows;
};

enum { NTABLES = 8 };

struct writer {
	struct arena *a;
	const struct plan *plan;
	struct findings *found;
	bool own;      /* the plan came from an XER file */
	bool numbered; /* its ids are numbers that P6 gave */
	struct table tables[NTABLES];
	int ntables;
	struct table *t; /* the one in hand */
	const char **row;
};

/* ---- Rows and cells ------------------------------------------------------------------------------------------ */

static int32_t column_of(const struct table *t, const char *name)
{
	for (int32_t i = 0; i < t->ncolumns; i++)
		if (strcmp(t->columns[i], name) == 0)
			return i;
	return -1;
}

static void open_table(struct writer *w, const char *name, const struct keep_columns *source,
	const char *const *wanted, int32_t nwanted, int32_t nrows)
{
	struct table *t = w->t = &w->tables[w->ntables++];
	int32_t nsource = w->own && source ? source->n : 0;

	*t = (struct table){.name = name,
		.columns = ARENA_ARRAY(w->a, const char *, (size_t)(nsource + nwanted)),
		.rows = ARENA_ARRAY(w->a, const char **, (size_t)nrows + 1)};
	for (int32_t i = 0; i < nsource; i++)
		t->columns[t->ncolumns++] = source->names[i];
	t->nsource = nsource;
	for (int32_t i = 0; i < nwanted; i++)
		if (column_of(t, wanted[i]) < 0)
			t->columns[t->ncolumns++] = wanted[i];
}
#define OPEN_TABLE(w, name, source, wanted, nrows)                                                 \
	open_table(w, name, source, wanted, (int32_t)countof(wanted), nrows)

static void open_row(struct writer *w, const struct keep *keep)
{
	w->row = ARENA_ARRAY(w->a, const char *, (size_t)w->t->ncolumns);
	w->t->rows[w->t->nrows++] = w->row;
	for (int32_t i = 0; w->own && keep->columns && i < keep->columns->n; i++) {
		int32_t c = keep->values[i] ? column_of(w->t, keep->columns->names[i]) : -1;
		if (c >= 0)
			w->row[c] = keep->values[i];
	}
}

static const char *kept(const struct writer *w, const char *column)
{
	int32_t c = column_of(w->t, column);
	return c >= 0 && w->row[c] ? w->row[c] : "";
}

/* Tabs and line ends would break the table. */
static void set(struct writer *w, const char *column, const char *text)
{
	int32_t c = column_of(w->t, column);
	char *copy;

	if (c < 0 || strcmp(kept(w, column), text) == 0)
		return;
	copy = arena_strdup(w->a, text);
	for (char *s = copy; *s; s++)
		if (*s == '\t' || *s == '\n' || *s == '\r')
			*s = ' ';
	w->row[c] = copy;
}

/* For columns P6 wants filled but that mean nothing here. */
static void fill(struct writer *w, const char *column, const char *text)
{
	if (!w->own)
		set(w, column, text);
}

static void set_moment(struct writer *w, const char *column, struct moment m)
{
	struct moment was = MOMENT_NONE;
	char text[20];

	if (!moment_parse(slice_of(kept(w, column)), &was))
		was = MOMENT_NONE;
	if (was.tick == m.tick)
		return;
	moment_text(m, text);
	if (text[0])
		text[10] = ' ';
	set(w, column, text);
}

static const char *decimal_text(struct writer *w, int64_t value, int scale)
{
	struct str s = STR_INIT;
	str_decimal(&s, value, scale);
	char *text = arena_text(w->a, str_view(&s));
	str_free(&s);
	return text;
}

/* otherwise: what an empty column means. */
static void set_hours(struct writer *w, const char *column, int64_t ticks, int64_t otherwise)
{
	const char *was = kept(w, column);
	int64_t millionths = 0;

	if (!was[0] ? ticks == otherwise && w->own
				: num_plain(slice_of(was), 6, &millionths) &&
				num_muldiv(millionths, TICKS_PER_HOUR, 1000000) == ticks)
		return;
	set(w, column, decimal_text(w, num_muldiv(ticks, 1000000, TICKS_PER_HOUR), 6));
}

static void set_decimal(
	struct writer *w, const char *column, int64_t value, int scale, int64_t otherwise)
{
	const char *was = kept(w, column);
	int64_t before = 0;

	if (!was[0] ? value == otherwise && w->own
				: num_plain(slice_of(was), scale, &before) && before == value)
		return;
	set(w, column, decimal_text(w, value, scale));
}

static void set_word(
	struct writer *w, const char *column, struct xer_words words, int value, int otherwise)
{
	if (!w->own || xer_word_value(words, slice_of(kept(w, column)), otherwise) != value)
		set(w, column, xer_word_text(words, value));
}

static void set_flag(struct writer *w, const char *column, bool value, bool otherwise)
{
	const char *was = kept(w, column);
	bool before = was[0] ? strcmp(was, "Y") == 0 : otherwise;

	if (w->own && before == value)
		return;
	set(w, column, value ? "Y" : "N");
}

static void note_loss(
	struct writer *w, enum finding_subject on, int32_t subject, const char *name, const char *what)
{
	finding_add(w->found, "X004", on, subject, name, what, "XER");
}

/* ---- Ids ----------------------------------------------------------------------------------------------------- */

static const char *number(struct writer *w, int64_t n)
{
	return arena_printf(w->a, "%lld", (long long)n);
}

static const char *project_id(struct writer *w, int32_t i)
{
	return w->numbered ? w->plan->projects[i].id : number(w, i + 1);
}

static const char *calendar_id(struct writer *w, int32_t i)
{
	return w->numbered && !w->plan->calendars[i].united ? w->plan->calendars[i].id
														: number(w, 100001 + i);
}

static const char *task_id(struct writer *w, int32_t i)
{
	return w->numbered ? w->plan->tasks[i].id : number(w, 1001 + i);
}

static const char *resource_id(struct writer *w, int32_t i)
{
	return w->numbered ? w->plan->resources[i].id : number(w, i + 1);
}

/* Nodes of the breakdown: the project itself, then its WBS, then outline summaries. */
static const char *wbs_id(struct writer *w, int32_t project, int32_t wbs, int32_t summary)
{
	const struct plan *p = w->plan;
	if (summary >= 0)
		return number(w, 300001 + p->nprojects + p->nwbs + summary);
	return wbs >= 0 ? w->numbered ? p->wbs[wbs].id : number(w, 300001 + p->nprojects + wbs)
					: number(w, 300001 + project);
}

/* A reference the plan could not follow keeps the text it had. */
static void refer(struct writer *w, const char *column, const char *id)
{
	if (id && id[0])
		set(w, column, id);
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
	if (w->own && (!kept(w, column)[0] || num_plain(slice_of(kept(w, column)), 2, &hundredths)) &&
		hundredths * 60 / 100 == minutes)
		return;
	set(w, column, decimal_text(w, num_muldiv(minutes, 100, 60), 2));
}

static void put_calendars(struct writer *w)
{
	static const char *const wanted[] = {"clndr_id", "default_flag", "clndr_name", "proj_id",
		"base_clndr_id", "clndr_type", "day_hr_cnt", "week_hr_cnt", "month_hr_cnt", "year_hr_cnt",
		"clndr_data"};
	const struct plan *p = w->plan;

	OPEN_TABLE(
		w, "CALENDAR", p->ncalendars ? p->calendars[0].keep.columns : NULL, wanted, p->ncalendars);
	for (int32_t i = 0; i < p->ncalendars; i++) {
		const struct plan_calendar *c = &p->calendars[i];
		open_row(w, &c->keep);
		set(w, "clndr_id", calendar_id(w, i));
		set(w, "clndr_name", c->name);
		fill(w, "default_flag", i == 0 ? "Y" : "N");
		fill(w, "clndr_type", "CA_Base");
		set_length(w, "day_hr_cnt", c->day_minutes, 480);
		set_length(w, "week_hr_cnt", c->week_minutes, 2400);
		set_length(w, "month_hr_cnt", c->month_minutes, 10320);
		set_length(w, "year_hr_cnt", c->year_minutes, 120000);
		if (w->own && c->base >= 0)
			refer(w, "base_clndr_id", calendar_id(w, c->base));
		if (!w->own || !c->keep.columns || !says_the_same(w, c, kept(w, "clndr_data")))
			set(w, "clndr_data", xer_calendar_text(w->a, p, i));
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

	OPEN_TABLE(
		w, "PROJECT", p->nprojects ? p->projects[0].keep.columns : NULL, wanted, p->nprojects);
	for (int32_t i = 0; i < p->nprojects && !only_assumed(w); i++) {
		const struct plan_project *x = &p->projects[i];
		open_row(w, &x->keep);
		set(w, "proj_id", project_id(w, i));
		set(w, "proj_short_name", x->code[0] ? x->code : project_id(w, i));
		refer(w, "clndr_id", x->calendar >= 0 ? calendar_id(w, x->calendar) : NULL);
		set_moment(w, "plan_start_date", x->start);
		set_moment(w, "last_recalc_date",
			w->own || !moment_is_none(x->data_date) ? x->data_date : x->start);
		set_moment(w, "plan_end_date", x->must_finish);
		set_hours(w, "critical_drtn_hr_cnt", x->options.critical_float_work, 0);
		if (x->options.critical_rule !=
				(strcmp(kept(w, "critical_path_type"), "CT_DrivPath") == 0
						? CRITICAL_BY_LONGEST_PATH
						: CRITICAL_BY_FLOAT) ||
			!w->own)
			set(w, "critical_path_type",
				x->options.critical_rule == CRITICAL_BY_LONGEST_PATH ? "CT_DrivPath"
																	 : "CT_TotFloat");
		fill(w, "project_flag", "Y");
	}
}

static void put_levelling(struct writer *w, const struct plan_options *o)
{
	set_flag(w, "level_all_rsrc_flag", o->level.all_resources, true);
	set_flag(w, "level_within_float_flag", o->level.within_float, false);
	set_flag(w, "level_keep_sched_date_flag", o->level.keep_dates, true);
	set_flag(w, "level_outer_assign_flag", o->level.outside_assignments, false);
	set_decimal(w, "level_outer_assign_priority", o->level.outside_priority, 0, 5);
	set_decimal(w, "level_over_alloc_pct", o->level.over_allocation_percent, 0, 25);
	set_hours(w, "level_float_thrs_cnt", o->level.float_threshold_work, 0);
	if (o->level.priorities)
		set(w, "LevelPriorityList", o->level.priorities);
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
	OPEN_TABLE(w, "SCHEDOPTIONS", source, wanted, p->nprojects);
	for (int32_t i = 0; i < p->nprojects; i++) {
		const struct plan_options *o = &p->projects[i].options;
		if (w->own && !p->projects[i].options_stated)
			continue;
		open_row(w, &p->projects[i].keep_options);
		fill(w, "schedoptions_id", number(w, i + 1));
		set(w, "proj_id", project_id(w, i));
		set_word(w, "sched_outer_depend_type", xer_outside, (int)o->outside_links, OUTSIDE_BOTH);
		set_flag(w, "sched_open_critical_flag", o->open_ends_critical, false);
		set_flag(w, "sched_lag_early_start_flag", o->start_lag_from_early_start, true);
		set_flag(w, "sched_progress_override", o->progress == PROGRESS_OVERRIDE, false);
		if (o->progress != PROGRESS_OVERRIDE || !w->own)
			set_flag(w, "sched_retained_logic", o->progress == PROGRESS_RETAINED_LOGIC, true);
		fill(w, "sched_setplantoforecast", "N");
		set_word(w, "sched_float_type", xer_float_types, (int)o->float_type, FLOAT_FINISH);
		set_word(w, "sched_calendar_on_relationship_lag", xer_lag_calendars, (int)o->lag_calendar,
			LAG_CALENDAR_PREDECESSOR);
		set_flag(w, "sched_use_expect_end_flag", o->use_expected_finish, true);
		set_flag(w, "sched_use_project_end_date_for_float", o->float_to_project_finish, true);
		set_flag(w, "enable_multiple_longest_path_calc", o->float_paths > 0, false);
		if (o->float_paths)
			set_decimal(w, "max_multiple_longest_path", o->float_paths, 0, 10);
		set_flag(w, "use_total_float_multiple_longest_paths", o->float_paths_by_total_float, true);
		refer(w, "key_activity_for_multiple_longest_paths",
			o->float_path_task >= 0 ? task_id(w, o->float_path_task) : NULL);
		put_levelling(w, o);
	}
}

static void put_node(struct writer *w, const char *id, int32_t project, const char *code,
	const char *name, const char *parent, bool top)
{
	set(w, "wbs_id", id);
	refer(w, "proj_id", project >= 0 ? project_id(w, project) : NULL);
	set(w, "wbs_short_name", code);
	set(w, "wbs_name", name);
	refer(w, "parent_wbs_id", parent);
	fill(w, "proj_node_flag", top ? "Y" : "N");
	fill(w, "status_code", "WS_Open");
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
	return !w->numbered && w->plan->tasks[task].type == TASK_SUMMARY;
}

static void put_wbs(struct writer *w)
{
	static const char *const wanted[] = {"wbs_id", "proj_id", "obs_id", "seq_num", "proj_node_flag",
		"status_code", "wbs_short_name", "wbs_name", "parent_wbs_id"};
	const struct keep none = {0};
	const struct plan *p = w->plan;

	OPEN_TABLE(w, "PROJWBS", p->nwbs ? p->wbs[0].keep.columns : NULL, wanted,
		p->nprojects + p->nwbs + p->ntasks);
	for (int32_t i = 0; i < p->nprojects && !w->own; i++) {
		open_row(w, &none);
		put_node(w, wbs_id(w, i, -1, -1), i,
			p->projects[i].code[0] ? p->projects[i].code : project_id(w, i), p->projects[i].name,
			NULL, true);
	}
	for (int32_t i = 0; i < p->nwbs; i++) {
		const struct plan_wbs *x = &p->wbs[i];
		open_row(w, &x->keep);
		/* The name of a project is that of its top node. */
		put_node(w, wbs_id(w, x->project, i, -1), x->project, x->code, x->name,
			x->parent >= 0 ? wbs_id(w, x->project, x->parent, -1)
				: w->own   ? NULL
						   : wbs_id(w, x->project, -1, -1),
			false);
	}
	for (int32_t i = 0; i < p->ntasks; i++)
		if (is_outline_summary(w, i)) {
			open_row(w, &none);
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
	set_moment(w, "target_start_date", start);
	set_moment(w, "target_end_date", finish);
	set_moment(w, "act_start_date", t->actual_start);
	set_moment(w, "act_end_date", t->actual_finish);
	set_moment(w, "suspend_date", t->suspend);
	set_moment(w, "resume_date", t->resume);
	set_moment(w, "expect_end_date", t->expected_finish);
	set_moment(w, "external_early_start_date", t->external_early_start);
	set_moment(w, "external_late_end_date", t->external_late_finish);
	for (int i = 0; i < 2; i++) {
		set_word(w, columns[i].kind, xer_constraints, (int)t->constraint[i].kind, CONSTRAINT_NONE);
		set_moment(w, columns[i].date, t->constraint[i].date);
	}
}

static void note_task_losses(struct writer *w, int32_t i)
{
	const struct plan_task *t = &w->plan->tasks[i];
	if (t->manual)
		note_loss(w, ON_TASK, i, t->code, "manual scheduling");
	if (t->inactive)
		note_loss(w, ON_TASK, i, t->code, "inactive");
	if (!moment_is_none(t->deadline))
		note_loss(w, ON_TASK, i, t->code, "deadline");
	if (t->duration_elapsed)
		note_loss(w, ON_TASK, i, t->code, "elapsed duration");
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

	open_row(w, &t->keep);
	set(w, "task_id", task_id(w, i));
	set(w, "task_code", t->code);
	set(w, "task_name", t->name);
	if (!only_assumed(w) && (t->project || kept(w, "proj_id")[0] == 0 || !w->own))
		refer(w, "proj_id", project_id(w, t->project));
	refer(w, "wbs_id",
		t->wbs >= 0 && w->numbered ? w->plan->wbs[t->wbs].id
			: w->own               ? NULL
								   : node_above(w, i));
	refer(w, "clndr_id", calendar >= 0 ? calendar_id(w, calendar) : NULL);
	set_word(w, "task_type", xer_task_types, (int)t->type, TASK_WORK);
	set_word(w, "complete_pct_type", xer_percent_types, (int)t->percent_type, PERCENT_DURATION);
	set_word(w, "status_code", xer_task_states, (int)t->state,
		!moment_is_none(t->actual_finish)      ? TASK_COMPLETE
			: !moment_is_none(t->actual_start) ? TASK_ACTIVE
											   : TASK_NOT_STARTED);
	fill(w, "duration_type", "DT_FixedDUR2");
	set_decimal(w, "phys_complete_pct", t->physical_percent < 0 ? 0 : t->physical_percent, 2, 0);
	set_hours(w, "target_drtn_hr_cnt", t->duration_work, 0);
	set_hours(w, "remain_drtn_hr_cnt", t->remaining_work, remaining);
	set_word(w, "priority_type", xer_priorities, priority_band(t->priority), 500);
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

	OPEN_TABLE(w, "TASK", p->ntasks ? p->tasks[0].keep.columns : NULL, wanted, p->ntasks);
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
		note_loss(w, ON_LINK, i, l->to_id ? l->to_id : "", "elapsed or percent lag");
	if (l->lag_unit == LAG_PERCENT || l->lag_unit == LAG_PERCENT_ELAPSED)
		lag = from ? (int32_t)num_muldiv(from->duration_work, lag, 10000) : 0;
	open_row(w, &l->keep);
	fill(w, "task_pred_id", number(w, i + 1));
	refer(w, "task_id", to ? task_id(w, l->to) : l->to_id);
	refer(w, "pred_task_id", from ? task_id(w, l->from) : l->from_id);
	if (!w->own) {
		refer(w, "proj_id", to ? project_id(w, to->project) : NULL);
		refer(w, "pred_proj_id", from ? project_id(w, from->project) : NULL);
	}
	set_word(w, "pred_type", xer_link_types, (int)l->type, LINK_FS);
	set_hours(w, "lag_hr_cnt", lag, 0);
}

static void put_links(struct writer *w)
{
	static const char *const wanted[] = {"task_pred_id", "task_id", "pred_task_id", "proj_id",
		"pred_proj_id", "pred_type", "lag_hr_cnt"};
	const struct plan *p = w->plan;

	OPEN_TABLE(w, "TASKPRED", p->nlinks ? p->links[0].keep.columns : NULL, wanted, p->nlinks);
	for (int32_t i = 0; i < p->nlinks; i++) {
		const struct plan_link *l = &p->links[i];
		if ((l->from >= 0 && is_outline_summary(w, l->from)) ||
			(l->to >= 0 && is_outline_summary(w, l->to)))
			note_loss(w, ON_LINK, i, l->to >= 0 ? p->tasks[l->to].code : "", "link of a summary");
		else
			put_link(w, i);
	}
}

static void put_resources(struct writer *w)
{
	static const char *const wanted[] = {
		"rsrc_id", "clndr_id", "rsrc_name", "rsrc_short_name", "def_qty_per_hr", "rsrc_type"};
	const struct plan *p = w->plan;

	OPEN_TABLE(
		w, "RSRC", p->nresources ? p->resources[0].keep.columns : NULL, wanted, p->nresources);
	for (int32_t i = 0; i < p->nresources; i++) {
		const struct plan_resource *x = &p->resources[i];
		open_row(w, &x->keep);
		set(w, "rsrc_id", resource_id(w, i));
		set(w, "rsrc_short_name", x->code);
		set(w, "rsrc_name", x->name);
		refer(w, "clndr_id", x->calendar >= 0 ? calendar_id(w, x->calendar) : NULL);
		set_word(w, "rsrc_type", xer_resource_kinds, (int)x->kind, RESOURCE_LABOUR);
		set_decimal(w, "def_qty_per_hr", x->capacity_permille, 3, 1000);
	}
}

static void put_assignments(struct writer *w)
{
	static const char *const wanted[] = {"taskrsrc_id", "task_id", "proj_id", "rsrc_id",
		"remain_qty", "target_qty", "target_qty_per_hr", "act_reg_qty", "relag_drtn_hr_cnt",
		"rollup_dates_flag"};
	const struct plan *p = w->plan;

	OPEN_TABLE(w, "TASKRSRC", p->nassignments ? p->assignments[0].keep.columns : NULL, wanted,
		p->nassignments);
	for (int32_t i = 0; i < p->nassignments; i++) {
		const struct plan_assignment *x = &p->assignments[i];
		if (is_outline_summary(w, x->task))
			continue;
		open_row(w, &x->keep);
		fill(w, "taskrsrc_id", number(w, i + 1));
		set(w, "task_id", task_id(w, x->task));
		if (!w->own)
			set(w, "proj_id", project_id(w, p->tasks[x->task].project));
		refer(w, "rsrc_id", x->resource >= 0 ? resource_id(w, x->resource) : NULL);
		set_decimal(w, "target_qty_per_hr", x->units_permille, 3, 1000);
		set_hours(w, "target_qty", x->planned_work, 0);
		set_hours(w, "remain_qty", x->remaining_work, 0);
		set_hours(w, "act_reg_qty", x->actual_work, 0);
		if (!kept(w, "relag_drtn_hr_cnt")[0] && kept(w, "target_lag_drtn_hr_cnt")[0])
			set_hours(w, "target_lag_drtn_hr_cnt", x->lag_work, 0);
		else
			set_hours(w, "relag_drtn_hr_cnt", x->lag_work, 0);
		set_flag(w, "rollup_dates_flag", x->drives, true);
	}
}

/* ---- The file ------------------------------------------------------------------------------------------------ */

static void print_row(
	struct str *s, const char *mark, const char *const *values, int32_t n, const bool *shown)
{
	str_puts(s, mark);
	for (int32_t i = 0; i < n; i++)
		if (!shown || shown[i]) {
			str_putc(s, '\t');
			str_puts(s, values[i] ? values[i] : "");
		}
	str_puts(s, "\r\n");
}

static void print_table(struct writer *w, struct str *s, const struct table *t)
{
	bool *shown = ARENA_ARRAY(w->a, bool, (size_t)t->ncolumns);

	if (t->nrows == 0)
		return;
	for (int32_t c = 0; c < t->ncolumns; c++) {
		shown[c] = c < t->nsource || !w->own;
		for (int32_t i = 0; i < t->nrows && !shown[c]; i++)
			shown[c] = t->rows[i][c] && t->rows[i][c][0];
	}
	str_printf(s, "%%T\t%s\r\n", t->name);
	print_row(s, "%F", t->columns, t->ncolumns, shown);
	for (int32_t i = 0; i < t->nrows; i++)
		print_row(s, "%R", t->rows[i], t->ncolumns, shown);
}

static void print_head(const struct writer *w, struct str *s)
{
	static const char *const head[] = {
		"22.12", "", "Project", "admin", "admin", "dbxDatabaseNoName", "Project Management", "CNY"};
	const struct keep *k = &w->plan->keep;
	const char *values[countof(head)];
	char date[20];

	if (w->own && k->columns) {
		print_row(s, "ERMHDR", k->values, k->columns->n, NULL);
		return;
	}
	memcpy(values, head, sizeof(head));
	moment_text(w->plan->nprojects ? w->plan->projects[0].start : MOMENT_NONE, date);
	if (date[0])
		date[10] = 0;
	values[1] = date;
	print_row(s, "ERMHDR", values, (int32_t)countof(head), NULL);
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
		for (; place < k->place && next < w->ntables; place++)
			print_table(w, s, &w->tables[next++]);
		str_printf(s, "%%T\t%s\r\n", k->columns.table);
		if (k->columns.n)
			print_row(s, "%F", k->columns.names, k->columns.n, NULL);
		for (int32_t row = 0; row < k->nrows; row++)
			print_row(s, "%R", k->rows[row], k->columns.n, NULL);
		place++;
	}
	while (next < w->ntables)
		print_table(w, s, &w->tables[next++]);
	str_puts(s, "%E\r\n");
}

bool xer_write(struct arena *a, const struct plan *plan, struct str *out, struct findings *found,
	struct err *err)
{
	struct writer w = {
		.a = a, .plan = plan, .found = found, .own = strcmp(plan->source, "xer") == 0};
	enum charset set = CHARSET_UTF8;
	struct str text = STR_INIT;

	w.numbered = w.own;
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
