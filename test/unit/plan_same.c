#include "plan_same.h"

#include "intake/calendar_days.h"

#define DIFFER(...) return arena_printf(a, __VA_ARGS__)
#define TEXT_SAME(field, what)                                                                     \
	if (strcmp(x->field ? x->field : "", y->field ? y->field : "") != 0)                           \
	DIFFER("%s %d: " #field " \"%s\" became \"%s\"", what, (int)i, x->field ? x->field : "",       \
		y->field ? y->field : "")
#define NUMBER_SAME(field, what)                                                                   \
	if (x->field != y->field)                                                                      \
	DIFFER("%s %d: " #field " %lld became %lld", what, (int)i, (long long)x->field,                \
		(long long)y->field)
#define MOMENT_SAME(field, what)                                                                   \
	if (x->field.tick != y->field.tick) {                                                          \
		char b[2][20];                                                                             \
		DIFFER("%s %d: " #field " %s became %s", what, (int)i, moment_text(x->field, b[0]),        \
			moment_text(y->field, b[1]));                                                          \
	}

static const char *keep_difference(
	struct arena *a, const struct keep *x, const struct keep *y, const char *what, int32_t i)
{
	int32_t n = x->columns ? x->columns->n : 0, m = y->columns ? y->columns->n : 0;
	if (n != m)
		DIFFER("%s %d keeps %d columns instead of %d", what, (int)i, (int)m, (int)n);
	for (int32_t c = 0; c < n; c++) {
		const char *was = x->values[c] ? x->values[c] : "", *is = y->values[c] ? y->values[c] : "";
		if (strcmp(x->columns->names[c], y->columns->names[c]) != 0 || strcmp(was, is) != 0)
			DIFFER("%s %d: kept %s \"%s\" became %s \"%s\"", what, (int)i, x->columns->names[c],
				was, y->columns->names[c], is);
	}
	return NULL;
}

static const char *calendar_difference(
	struct arena *a, const struct plan *p, const struct plan *q, int32_t i, struct sameness how)
{
	const struct plan_calendar *x = &p->calendars[i], *y = &q->calendars[i];
	struct day_shifts w[2][7];
	int32_t n, m;

	if (how.ids)
		TEXT_SAME(id, "calendar");
	TEXT_SAME(name, "calendar");
	NUMBER_SAME(day_minutes, "calendar");
	NUMBER_SAME(week_minutes, "calendar");
	if (!how.days) {
		NUMBER_SAME(follows, "calendar");
		NUMBER_SAME(base, "calendar");
		NUMBER_SAME(stated, "calendar");
		NUMBER_SAME(nexceptions, "calendar");
		NUMBER_SAME(nweeks, "calendar");
	}
	calendar_week_of(p, i, w[0]);
	calendar_week_of(q, i, w[1]);
	for (int d = 0; d < 7; d++)
		if (!day_shifts_equal(&w[0][d], &w[1][d]))
			DIFFER("calendar %d: weekday %d differs", (int)i, d);
	const struct day_span *s[2] = {
		calendar_spans(a, p, &i, 1, &n), calendar_spans(a, q, &i, 1, &m)};
	for (int side = 0; side < 2; side++)
		for (int32_t k = 0; k < (side ? m : n); k++)
			for (struct date at = s[side][k].from; at.day <= s[side][k].to.day; at.day++) {
				int weekday = date_weekday(at) - 1;
				struct day_shifts u = calendar_day(p, i, at, weekday),
								  v = calendar_day(q, i, at, weekday);
				if (!day_shifts_equal(&u, &v))
					DIFFER("calendar %d: day %d differs", (int)i, (int)at.day);
			}
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "calendar", i) : NULL;
}

static const char *project_difference(struct arena *a, const struct plan_project *x,
	const struct plan_project *y, int32_t i, struct sameness how)
{
	const char *d;

	if (how.ids) {
		TEXT_SAME(id, "project");
		TEXT_SAME(code, "project");
	}
	TEXT_SAME(name, "project");
	NUMBER_SAME(calendar, "project");
	MOMENT_SAME(start, "project");
	MOMENT_SAME(data_date, "project");
	MOMENT_SAME(status_date, "project");
	MOMENT_SAME(must_finish, "project");
	NUMBER_SAME(from_finish, "project");
	NUMBER_SAME(options.profile, "project");
	NUMBER_SAME(options.progress, "project");
	NUMBER_SAME(options.float_paths, "project");
	NUMBER_SAME(options.lag_calendar, "project");
	NUMBER_SAME(options.float_type, "project");
	NUMBER_SAME(options.critical_rule, "project");
	NUMBER_SAME(options.outside_links, "project");
	NUMBER_SAME(options.critical_float_work, "project");
	NUMBER_SAME(options.near_critical_work, "project");
	NUMBER_SAME(options.start_lag_from_early_start, "project");
	NUMBER_SAME(options.use_expected_finish, "project");
	NUMBER_SAME(options.float_to_project_finish, "project");
	NUMBER_SAME(options.open_ends_critical, "project");
	NUMBER_SAME(options.honour_constraints, "project");
	NUMBER_SAME(options.split_in_progress, "project");
	NUMBER_SAME(options.multiple_critical_paths, "project");
	if (!how.keeps)
		return NULL;
	d = keep_difference(a, &x->keep, &y->keep, "project", i);
	return d ? d : keep_difference(a, &x->keep_options, &y->keep_options, "options", i);
}

static const char *baseline_difference(
	struct arena *a, const struct baseline *x, const struct baseline *y, int32_t i)
{
	NUMBER_SAME(number, "baseline of task");
	MOMENT_SAME(start, "baseline of task");
	MOMENT_SAME(finish, "baseline of task");
	NUMBER_SAME(duration_work, "baseline of task");
	NUMBER_SAME(cost_cents, "baseline of task");
	return NULL;
}

static const char *task_difference(struct arena *a, const struct plan_task *x,
	const struct plan_task *y, int32_t i, struct sameness how)
{
	const char *d;

	if (how.ids)
		TEXT_SAME(id, "task");
	TEXT_SAME(code, "task");
	TEXT_SAME(name, "task");
	NUMBER_SAME(project, "task");
	NUMBER_SAME(parent, "task");
	NUMBER_SAME(wbs, "task");
	NUMBER_SAME(calendar, "task");
	NUMBER_SAME(crew_calendar, "task");
	NUMBER_SAME(type, "task");
	NUMBER_SAME(state, "task");
	NUMBER_SAME(percent_type, "task");
	NUMBER_SAME(duration_elapsed, "task");
	NUMBER_SAME(manual, "task");
	NUMBER_SAME(inactive, "task");
	NUMBER_SAME(ignore_resource_calendar, "task");
	NUMBER_SAME(estimated, "task");
	NUMBER_SAME(duration_work, "task");
	NUMBER_SAME(remaining_work, "task");
	NUMBER_SAME(actual_work, "task");
	NUMBER_SAME(percent, "task");
	NUMBER_SAME(physical_percent, "task");
	MOMENT_SAME(planned_start, "task");
	MOMENT_SAME(planned_finish, "task");
	MOMENT_SAME(actual_start, "task");
	MOMENT_SAME(actual_finish, "task");
	MOMENT_SAME(suspend, "task");
	MOMENT_SAME(resume, "task");
	MOMENT_SAME(expected_finish, "task");
	MOMENT_SAME(external_early_start, "task");
	MOMENT_SAME(external_late_finish, "task");
	MOMENT_SAME(manual_start, "task");
	MOMENT_SAME(manual_finish, "task");
	MOMENT_SAME(deadline, "task");
	for (int c = 0; c < 2; c++) {
		NUMBER_SAME(constraint[c].kind, "task");
		MOMENT_SAME(constraint[c].date, "task");
	}
	NUMBER_SAME(priority, "task");
	NUMBER_SAME(levelling_delay_span, "task");
	NUMBER_SAME(cost_cents, "task");
	NUMBER_SAME(quantity_planned, "task");
	NUMBER_SAME(quantity_done, "task");
	TEXT_SAME(quantity_unit, "task");
	NUMBER_SAME(nbaselines, "task");
	for (int32_t b = 0; b < x->nbaselines; b++)
		if ((d = baseline_difference(a, &x->baselines[b], &y->baselines[b], i)))
			return d;
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "task", i) : NULL;
}

static const char *link_difference(struct arena *a, const struct plan_link *x,
	const struct plan_link *y, int32_t i, struct sameness how)
{
	if (how.ids) {
		TEXT_SAME(from_id, "link");
		TEXT_SAME(to_id, "link");
	}
	NUMBER_SAME(from, "link");
	NUMBER_SAME(to, "link");
	NUMBER_SAME(type, "link");
	NUMBER_SAME(lag_unit, "link");
	NUMBER_SAME(lag, "link");
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "link", i) : NULL;
}

static const char *assignment_difference(struct arena *a, const struct plan_assignment *x,
	const struct plan_assignment *y, int32_t i, struct sameness how)
{
	NUMBER_SAME(task, "assignment");
	NUMBER_SAME(resource, "assignment");
	NUMBER_SAME(units_permille, "assignment");
	NUMBER_SAME(planned_work, "assignment");
	NUMBER_SAME(remaining_work, "assignment");
	NUMBER_SAME(actual_work, "assignment");
	NUMBER_SAME(lag_work, "assignment");
	NUMBER_SAME(remaining_duration_work, "assignment");
	NUMBER_SAME(drives, "assignment");
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "assignment", i) : NULL;
}

static const char *resource_difference(struct arena *a, const struct plan_resource *x,
	const struct plan_resource *y, int32_t i, struct sameness how)
{
	TEXT_SAME(code, "resource");
	TEXT_SAME(name, "resource");
	NUMBER_SAME(kind, "resource");
	NUMBER_SAME(calendar, "resource");
	NUMBER_SAME(capacity_permille, "resource");
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "resource", i) : NULL;
}

static const char *wbs_difference(struct arena *a, const struct plan_wbs *x,
	const struct plan_wbs *y, int32_t i, struct sameness how)
{
	TEXT_SAME(code, "wbs");
	TEXT_SAME(name, "wbs");
	NUMBER_SAME(project, "wbs");
	NUMBER_SAME(parent, "wbs");
	return how.keeps ? keep_difference(a, &x->keep, &y->keep, "wbs", i) : NULL;
}

static const char *kept_difference(struct arena *a, const struct plan *p, const struct plan *q)
{
	if (p->nkept != q->nkept)
		DIFFER("%d kept tables became %d", (int)p->nkept, (int)q->nkept);
	for (int32_t i = 0; i < p->nkept; i++) {
		const struct keep_table *x = &p->kept[i], *y = &q->kept[i];
		TEXT_SAME(columns.table, "kept table");
		NUMBER_SAME(nrows, "kept table");
		for (int32_t r = 0; r < x->nrows; r++) {
			struct keep u = {&x->columns, x->rows[r]}, v = {&y->columns, y->rows[r]};
			const char *d = keep_difference(a, &u, &v, x->columns.table, r);
			if (d)
				return d;
		}
	}
	return keep_difference(a, &p->keep, &q->keep, "head", 0);
}

#define COUNT_SAME(n)                                                                              \
	if (x->n != y->n)                                                                              \
	DIFFER(#n " %d became %d", (int)x->n, (int)y->n)
#define ALL_SAME(n, list, what)                                                                    \
	for (int32_t i = 0; i < x->n; i++)                                                             \
		if ((d = what##_difference(a, &x->list[i], &y->list[i], i, how)))                          \
	return d

const char *plan_difference(
	struct arena *a, const struct plan *x, const struct plan *y, struct sameness how)
{
	const char *d;

	COUNT_SAME(nprojects);
	COUNT_SAME(nwbs);
	COUNT_SAME(ncalendars);
	COUNT_SAME(ntasks);
	COUNT_SAME(nlinks);
	COUNT_SAME(nresources);
	COUNT_SAME(nassignments);
	for (int32_t i = 0; i < x->ncalendars; i++)
		if ((d = calendar_difference(a, x, y, i, how)))
			return d;
	ALL_SAME(nprojects, projects, project);
	ALL_SAME(nwbs, wbs, wbs);
	ALL_SAME(ntasks, tasks, task);
	ALL_SAME(nlinks, links, link);
	ALL_SAME(nresources, resources, resource);
	ALL_SAME(nassignments, assignments, assignment);
	return how.keeps ? kept_difference(a, x, y) : NULL;
}
