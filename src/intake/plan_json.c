/* Reading our own plan format. Every object's keys are checked against its list, so a misspelt key is found. */
#include "intake/plan_json.h"

#include <math.h>

#include "base/map.h"
#include "base/num.h"
#include "base/utf8.h"

#define DAY_MINUTES 480
#define WEEK_DAYS 5
#define DURATION_MAX (1000000 * TICKS_PER_HOUR)

struct reader {
	struct arena *a;
	struct plan plan;
	struct map *projects, *calendars, *tasks, *resources, *wbs;
	struct err *err;
	const char *list; /* "tasks", and which of them: the place for errors */
	int32_t index;
};

static bool at_place(struct reader *r, const char *key)
{
	if (r->list)
		return err_in(r->err, "%s[%d].%s", r->list, r->index, key);
	return err_in(r->err, "%s", key);
}

static bool bad(struct reader *r, const char *key, const char *value, const char *fmt)
{
	err_set(r->err, ERR_INPUT, NULL, fmt, value);
	return at_place(r, key);
}

static bool missing(struct reader *r, const char *key, const char *what)
{
	err_set(r->err, ERR_INPUT, NULL, what);
	return at_place(r, key);
}

static bool known_keys(
	struct reader *r, const struct json *object, const char *const *keys, size_t n)
{
	if (object->type != JSON_IS_OBJECT)
		return bad(r, "", "", "\"%s\" should be an object");
	for (int i = 0; i < object->nmembers; i++) {
		bool found = false;
		for (size_t k = 0; k < n && !found; k++)
			found = slice_is(object->members[i].key, keys[k]);
		if (!found)
			return bad(r, object->members[i].key.s, object->members[i].key.s,
				"there is no key \"%s\" here");
	}
	return true;
}

static bool take_moment(struct reader *r, const struct json *o, const char *key, struct moment *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	if (j->type != JSON_IS_TEXT || !moment_parse(j->text, out))
		return bad(r, key, json_text(j, "?"), "\"%s\" is not a date between 1900 and 2199");
	return true;
}

static bool take_date(struct reader *r, const struct json *o, const char *key, struct date *out)
{
	struct moment m = MOMENT_NONE;

	if (!take_moment(r, o, key, &m))
		return false;
	if (!moment_is_none(m))
		*out = moment_date(m);
	return true;
}

static const char *take_text(const struct json *o, const char *key, const char *otherwise)
{
	return json_text(json_get(o, key), otherwise);
}

static bool take_id(
	struct reader *r, const struct json *o, struct map *ids, int32_t i, const char **id)
{
	*id = take_text(o, "id", "");
	if (!**id)
		return missing(r, "id", "an id is missing");
	if (map_get(ids, slice_of(*id)) >= 0)
		return bad(r, "id", *id, "the id \"%s\" stands twice");
	map_put(ids, slice_of(*id), i);
	return true;
}

static bool take_reference(
	struct reader *r, const struct json *o, const char *key, const struct map *ids, int32_t *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	*out = j->type == JSON_IS_TEXT ? map_get(ids, j->text) : -1;
	return *out >= 0 || bad(r, key, json_text(j, "?"), "\"%s\" is not in the plan");
}

bool duration_parse(
	struct slice text, int32_t day_minutes, int32_t week_minutes, int32_t *ticks, bool *elapsed)
{
	int64_t thousandths, unit;
	size_t n = text.n;

	*elapsed = false;
	if (n < 2)
		return false;
	char c = text.s[n - 1];
	n--;
	if (text.s[n - 1] == 'e') {
		*elapsed = true;
		n--;
		day_minutes = MINUTES_PER_DAY;
		week_minutes = 7 * MINUTES_PER_DAY;
	}
	unit = c == 'm' ? 1 : c == 'h' ? 60 : c == 'd' ? day_minutes : c == 'w' ? week_minutes : 0;
	if (!unit || !num_decimal((struct slice){text.s, n}, 3, &thousandths, NULL))
		return false;
	int64_t value = num_muldiv(thousandths, unit * TICKS_PER_MINUTE, 1000);
	if (value > DURATION_MAX || value < -DURATION_MAX)
		return false;
	*ticks = (int32_t)value;
	return true;
}

static void calendar_lengths(const struct reader *r, int32_t calendar, int32_t *day, int32_t *week)
{
	*day = calendar >= 0 && r->plan.calendars[calendar].day_minutes
		? r->plan.calendars[calendar].day_minutes
		: DAY_MINUTES;
	*week = calendar >= 0 && r->plan.calendars[calendar].week_minutes
		? r->plan.calendars[calendar].week_minutes
		: *day * WEEK_DAYS;
}

static bool take_duration(struct reader *r, const struct json *o, const char *key, int32_t calendar,
	int32_t *out, bool *elapsed)
{
	const struct json *j = json_get(o, key);
	int32_t day, week;
	bool around = false;

	if (json_absent(j))
		return true;
	calendar_lengths(r, calendar, &day, &week);
	if (j->type != JSON_IS_TEXT || !duration_parse(j->text, day, week, out, &around))
		return bad(
			r, key, json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	if (elapsed)
		*elapsed = around;
	return true;
}

/* Hours or minutes of several units at once: more than a duration can be. */
static bool take_work(struct reader *r, const struct json *o, const char *key, int64_t *out)
{
	const struct json *j = json_get(o, key);
	int64_t thousandths;

	if (json_absent(j))
		return true;
	char unit = j->type == JSON_IS_TEXT && j->text.n > 1 ? j->text.s[j->text.n - 1] : 0;
	if ((unit != 'h' && unit != 'm') ||
		!num_decimal((struct slice){j->text.s, j->text.n - 1}, 3, &thousandths, NULL))
		return bad(
			r, key, json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	*out = num_muldiv(thousandths, unit == 'h' ? TICKS_PER_HOUR : TICKS_PER_MINUTE, 1000);
	return true;
}

/* A number times `scale`, kept where an int32 can hold it. */
static bool take_number(
	struct reader *r, const struct json *o, const char *key, int scale, int32_t *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	double value = json_double(j, NAN) * scale;
	if (!(value > -1e9 && value < 1e9))
		return bad(r, key, key, "\"%s\" is not a number, or is out of range");
	*out = (int32_t)(value < 0 ? value - 0.5 : value + 0.5);
	return true;
}

static bool take_choice(struct reader *r, const struct json *o, const char *key,
	const char *const *words, int n, int *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	for (int i = 0; j->type == JSON_IS_TEXT && i < n; i++)
		if (slice_is(j->text, words[i])) {
			*out = i;
			return true;
		}
	return bad(r, key, json_text(j, "?"), "\"%s\" is not one of the choices");
}

static bool each(struct reader *r, const struct json *root, const char *list,
	bool (*take)(struct reader *, const struct json *))
{
	const struct json *j = json_get(root, list);

	if (json_absent(j))
		return true;
	if (j->type != JSON_IS_ARRAY)
		return bad(r, list, list, "\"%s\" should be a list");
	r->list = list;
	for (r->index = 0; r->index < j->n; r->index++)
		if (!take(r, json_at(j, r->index)))
			return false;
	r->list = NULL;
	return true;
}

/* ---- Calendars ----------------------------------------------------------------------------------------------- */

static bool clock_minute(struct slice s, int32_t *out)
{
	if (s.n != 5 || s.s[2] != ':')
		return false;
	for (size_t i = 0; i < 5; i++)
		if (i != 2 && (s.s[i] < '0' || s.s[i] > '9'))
			return false;
	*out = ((s.s[0] - '0') * 10 + s.s[1] - '0') * 60 + (s.s[3] - '0') * 10 + s.s[4] - '0';
	return *out <= MINUTES_PER_DAY && (s.s[3] - '0') < 6;
}

/* "08:00-12:00 13:00-17:00"; "20:00-06:00" runs past midnight; "" is a free day. */
static bool take_shifts(struct reader *r, struct slice text, struct day_shifts *out)
{
	struct shift shifts[16];
	int32_t n = 0, last = -1;

	for (size_t at = 0; at < text.n;) {
		int32_t from, to;
		if (text.s[at] == ' ') {
			at++;
			continue;
		}
		if (n == (int32_t)countof(shifts) || at + 11 > text.n || text.s[at + 5] != '-' ||
			!clock_minute((struct slice){text.s + at, 5}, &from) ||
			!clock_minute((struct slice){text.s + at + 6, 5}, &to) || from < last)
			return false;
		if (to <= from)
			to += MINUTES_PER_DAY;
		shifts[n++] = (struct shift){(int16_t)from, (int16_t)to};
		last = to;
		at += 11;
	}
	struct shift *copy = ARENA_ARRAY(r->a, struct shift, (size_t)(n ? n : 1));
	memcpy(copy, shifts, (size_t)n * sizeof(*copy));
	*out = (struct day_shifts){n, copy};
	return true;
}

static int weekday(struct slice name)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	for (int i = 0; i < 7; i++)
		if (slice_is(name, days[i]))
			return i;
	return -1;
}

/* {"mon-fri": "...", "sat": "..."} */
static bool take_week(struct reader *r, const struct json *week, struct plan_calendar *c)
{
	if (json_absent(week))
		return true;
	if (week->type != JSON_IS_OBJECT)
		return bad(r, "week", "week", "\"%s\" should be an object");
	for (int i = 0; i < week->nmembers; i++) {
		struct slice name = week->members[i].key;
		int from, to;
		struct day_shifts day;
		from = to = weekday(name);
		if (name.n == 7 && name.s[3] == '-') {
			from = weekday((struct slice){name.s, 3});
			to = weekday((struct slice){name.s + 4, 3});
		}
		if (from < 0 || to < from)
			return bad(r, "week", name.s, "\"%s\" is not a weekday such as mon or mon-fri");
		if (!take_shifts(r, json_slice(&week->members[i].value), &day))
			return bad(r, "week", json_text(&week->members[i].value, "?"),
				"\"%s\" is not working time such as 08:00-12:00");
		for (int d = from; d <= to; d++) {
			c->week[d] = day;
			c->stated |= (uint8_t)(1 << d);
		}
	}
	return true;
}

static bool take_exception(struct reader *r, const struct json *o, struct calendar_exception *e)
{
	static const char *const keys[] = {"from", "to", "hours", "name"};

	*e = (struct calendar_exception){
		.from = DATE_NONE, .to = DATE_NONE, .name = take_text(o, "name", NULL)};
	if (!known_keys(r, o, keys, countof(keys)) || !take_date(r, o, "from", &e->from) ||
		!take_date(r, o, "to", &e->to))
		return false;
	if (date_is_none(e->from))
		return bad(r, "exceptions", "from", "an exception has no \"%s\"");
	if (date_is_none(e->to))
		e->to = e->from;
	if (!take_shifts(r, json_slice(json_get(o, "hours")), &e->day))
		return bad(r, "exceptions", take_text(o, "hours", "?"),
			"\"%s\" is not working time such as 08:00-12:00");
	return true;
}

/* Another week between two dates. */
static bool take_work_week(struct reader *r, const struct json *o, struct calendar_week *out)
{
	static const char *const keys[] = {"from", "to", "week", "name"};
	struct plan_calendar c = {0};

	*out = (struct calendar_week){
		.from = DATE_NONE, .to = DATE_NONE, .name = take_text(o, "name", NULL)};
	if (!known_keys(r, o, keys, countof(keys)) || !take_date(r, o, "from", &out->from) ||
		!take_date(r, o, "to", &out->to) || !take_week(r, json_get(o, "week"), &c))
		return false;
	if (date_is_none(out->from) || date_is_none(out->to))
		return bad(r, "weeks", "from", "an exception has no \"%s\"");
	out->stated = c.stated;
	memcpy(out->days, c.week, sizeof(out->days));
	return true;
}

static bool take_base(struct reader *r, const struct json *o)
{
	struct plan_calendar *c = &r->plan.calendars[r->index];
	if (!take_reference(r, o, "base", r->calendars, &c->base))
		return false;
	if (c->base < 0)
		c->stated = 0x7f;
	return true;
}

static bool take_calendar(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "base", "week", "weeks", "exceptions",
		"day_minutes", "week_minutes", "provisional_from"};
	struct plan_calendar *c = &r->plan.calendars[r->index];
	const struct json *list;

	if (!known_keys(r, o, keys, countof(keys)))
		return false;
	*c = (struct plan_calendar){.base = -1,
		.provisional_from = DATE_NONE,
		.day_minutes = (int32_t)json_int(json_get(o, "day_minutes"), 0),
		.week_minutes = (int32_t)json_int(json_get(o, "week_minutes"), 0)};
	if (c->day_minutes < 0 || c->day_minutes > MINUTES_PER_DAY || c->week_minutes < 0 ||
		c->week_minutes > 7 * MINUTES_PER_DAY)
		return missing(r, "day_minutes", "a day has 0 to 1440 minutes, a week at most seven days");
	if (!take_id(r, o, r->calendars, r->index, &c->id) || !take_week(r, json_get(o, "week"), c) ||
		!take_date(r, o, "provisional_from", &c->provisional_from))
		return false;
	c->name = take_text(o, "name", c->id);
	list = json_get(o, "weeks");
	c->weeks = ARENA_ARRAY(r->a, struct calendar_week, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++)
		if (!take_work_week(r, json_at(list, i), &c->weeks[c->nweeks++]))
			return false;
	list = json_get(o, "exceptions");
	c->exceptions = ARENA_ARRAY(r->a, struct calendar_exception, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++)
		if (!take_exception(r, json_at(list, i), &c->exceptions[c->nexceptions++]))
			return false;
	return true;
}

/* ---- Projects ------------------------------------------------------------------------------------------------ */

static const char *const profiles[] = {"own", "p6", "msproject"};
static const char *const progress_rules[] = {"retained_logic", "progress_override", "actual_dates"};
static const char *const lag_calendars[] = {"predecessor", "successor", "24h", "project"};
static const char *const float_types[] = {"finish", "start", "smallest"};
static const char *const critical_rules[] = {"float", "longest_path"};
static const char *const outside[] = {"both", "predecessors", "successors", "none"};

static bool take_options(
	struct reader *r, const struct json *o, int32_t calendar, struct plan_options *out)
{
	static const char *const keys[] = {"profile", "progress", "lag_calendar", "float_type",
		"critical_by", "critical_float", "near_critical", "start_lag_from_early_start",
		"use_expected_finish", "float_to_project_finish", "open_ends_critical",
		"honour_constraints", "split_in_progress", "multiple_critical_paths", "outside_links"};
	int profile = out->profile, progress, lag, type, rule, links;

	if (json_absent(o))
		return true;
	if (!known_keys(r, o, keys, countof(keys)) ||
		!take_choice(r, o, "profile", profiles, 3, &profile))
		return false;
	*out = plan_options_default((enum profile)profile);
	progress = out->progress, lag = out->lag_calendar, type = out->float_type,
	rule = out->critical_rule, links = out->outside_links;
	if (!take_choice(r, o, "progress", progress_rules, 3, &progress) ||
		!take_choice(r, o, "lag_calendar", lag_calendars, 4, &lag) ||
		!take_choice(r, o, "float_type", float_types, 3, &type) ||
		!take_choice(r, o, "critical_by", critical_rules, 2, &rule) ||
		!take_choice(r, o, "outside_links", outside, 4, &links) ||
		!take_duration(r, o, "critical_float", calendar, &out->critical_float_work, NULL) ||
		!take_duration(r, o, "near_critical", calendar, &out->near_critical_work, NULL))
		return false;
	out->progress = (enum progress_rule)progress;
	out->lag_calendar = (enum lag_calendar)lag;
	out->float_type = (enum float_type)type;
	out->critical_rule = (enum critical_rule)rule;
	out->outside_links = (enum outside_links)links;
	out->start_lag_from_early_start =
		json_bool(json_get(o, "start_lag_from_early_start"), out->start_lag_from_early_start);
	out->use_expected_finish =
		json_bool(json_get(o, "use_expected_finish"), out->use_expected_finish);
	out->float_to_project_finish =
		json_bool(json_get(o, "float_to_project_finish"), out->float_to_project_finish);
	out->open_ends_critical = json_bool(json_get(o, "open_ends_critical"), out->open_ends_critical);
	out->honour_constraints = json_bool(json_get(o, "honour_constraints"), out->honour_constraints);
	out->split_in_progress = json_bool(json_get(o, "split_in_progress"), out->split_in_progress);
	out->multiple_critical_paths =
		json_bool(json_get(o, "multiple_critical_paths"), out->multiple_critical_paths);
	return true;
}

static bool take_project(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "calendar", "start", "data_date",
		"must_finish", "status_date", "options"};
	struct plan_project *p = &r->plan.projects[r->index];

	*p = plan_project_default(PROFILE_OWN);
	if (!known_keys(r, o, keys, countof(keys)) || !take_id(r, o, r->projects, r->index, &p->id) ||
		!take_reference(r, o, "calendar", r->calendars, &p->calendar) ||
		!take_moment(r, o, "start", &p->start) || !take_moment(r, o, "data_date", &p->data_date) ||
		!take_moment(r, o, "must_finish", &p->must_finish) ||
		!take_moment(r, o, "status_date", &p->status_date) ||
		!take_options(r, json_get(o, "options"), p->calendar, &p->options))
		return false;
	p->options_stated = !json_absent(json_get(o, "options"));
	p->code = take_text(o, "code", p->id);
	p->name = take_text(o, "name", p->code);
	return true;
}

/* ---- Tasks and links ----------------------------------------------------------------------------------------- */

static bool take_constraint(
	struct reader *r, const struct json *o, const char *key, struct constraint *out)
{
	static const char *const keys[] = {"kind", "date"};
	const struct json *c = json_get(o, key);

	if (json_absent(c))
		return true;
	if (!known_keys(r, c, keys, countof(keys)) || !take_moment(r, c, "date", &out->date))
		return false;
	if (!constraint_parse(json_slice(json_get(c, "kind")), &out->kind))
		return bad(r, key, take_text(c, "kind", "?"), "\"%s\" is not a kind of constraint");
	if (moment_is_none(out->date) && out->kind != CONSTRAINT_AS_LATE_AS_POSSIBLE &&
		out->kind != CONSTRAINT_NONE)
		return bad(r, key, take_text(c, "kind", "?"), "constraint \"%s\" wants a date");
	return true;
}

static bool take_baselines(
	struct reader *r, const struct json *o, int32_t calendar, struct plan_task *t)
{
	static const char *const keys[] = {
		"number", "start", "finish", "duration", "cost_cents", "work"};
	const struct json *list = json_get(o, "baselines");

	t->baselines = ARENA_ARRAY(r->a, struct baseline, (size_t)json_count(list));
	for (int i = 0; i < json_count(list); i++) {
		const struct json *b = json_at(list, i);
		struct baseline *out = &t->baselines[t->nbaselines++];
		*out = (struct baseline){.number = (int8_t)json_int(json_get(b, "number"), 0),
			.start = MOMENT_NONE,
			.finish = MOMENT_NONE,
			.cost_cents = json_int(json_get(b, "cost_cents"), 0)};
		if (!known_keys(r, b, keys, countof(keys)) || !take_moment(r, b, "start", &out->start) ||
			!take_moment(r, b, "finish", &out->finish) ||
			!take_duration(r, b, "duration", calendar, &out->duration_work, NULL) ||
			!take_work(r, b, "work", &out->work))
			return false;
	}
	return true;
}

static bool take_dates(struct reader *r, const struct json *o, struct plan_task *t)
{
	return take_moment(r, o, "planned_start", &t->planned_start) &&
		take_moment(r, o, "planned_finish", &t->planned_finish) &&
		take_moment(r, o, "actual_start", &t->actual_start) &&
		take_moment(r, o, "actual_finish", &t->actual_finish) &&
		take_moment(r, o, "suspend", &t->suspend) && take_moment(r, o, "resume", &t->resume) &&
		take_moment(r, o, "expected_finish", &t->expected_finish) &&
		take_moment(r, o, "external_early_start", &t->external_early_start) &&
		take_moment(r, o, "external_late_finish", &t->external_late_finish) &&
		take_moment(r, o, "manual_start", &t->manual_start) &&
		take_moment(r, o, "manual_finish", &t->manual_finish) &&
		take_moment(r, o, "deadline", &t->deadline);
}

static const char *const states[] = {"not_started", "active", "complete"};
static const char *const percent_types[] = {"duration", "physical", "units", "scope"};

static bool take_task(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "project", "calendar", "type",
		"duration", "remaining", "percent", "parent", "wbs", "constraint", "constraint2",
		"planned_start", "planned_finish", "actual_start", "actual_finish", "suspend", "resume",
		"expected_finish", "external_early_start", "external_late_finish", "manual", "manual_start",
		"manual_finish", "deadline", "priority", "inactive", "baselines", "cost_cents", "quantity",
		"quantity_done", "quantity_unit", "state", "percent_type", "physical_percent", "actual",
		"estimated", "crew_calendar", "ignore_resource_calendar", "levelling_delay", "notes"};
	struct plan_task *t = &r->plan.tasks[r->index];
	const char *type = take_text(o, "type", NULL);

	*t = plan_task_default();
	t->project = 0;
	t->remaining_work = -1;
	if (!known_keys(r, o, keys, countof(keys)) || !take_id(r, o, r->tasks, r->index, &t->id) ||
		!take_reference(r, o, "project", r->projects, &t->project) ||
		!take_reference(r, o, "calendar", r->calendars, &t->calendar) ||
		!take_reference(r, o, "wbs", r->wbs, &t->wbs) || !take_dates(r, o, t) ||
		!take_constraint(r, o, "constraint", &t->constraint[0]) ||
		!take_constraint(r, o, "constraint2", &t->constraint[1]))
		return false;
	if (type && !task_type_parse(slice_of(type), &t->type))
		return bad(r, "type", type, "\"%s\" is not a type of task");
	if (!take_reference(r, o, "crew_calendar", r->calendars, &t->crew_calendar) ||
		!take_number(r, o, "percent", 100, &t->percent) ||
		!take_number(r, o, "physical_percent", 100, &t->physical_percent) ||
		!take_number(r, o, "priority", 1, &t->priority))
		return false;
	int32_t calendar = plan_task_calendar(&r->plan, t);
	if (!take_duration(r, o, "duration", calendar, &t->duration_work, &t->duration_elapsed) ||
		!take_duration(r, o, "remaining", calendar, &t->remaining_work, NULL) ||
		!take_duration(r, o, "actual", calendar, &t->actual_work, NULL) ||
		!take_duration(r, o, "levelling_delay", calendar, &t->levelling_delay_span, NULL) ||
		!take_baselines(r, o, calendar, t))
		return false;
	if (t->duration_work < 0)
		return bad(r, "duration", take_text(o, "duration", ""), "\"%s\" is negative");
	t->code = take_text(o, "code", t->id);
	t->name = take_text(o, "name", t->code);
	int state = !moment_is_none(t->actual_finish) ? TASK_COMPLETE
		: !moment_is_none(t->actual_start)        ? TASK_ACTIVE
												  : TASK_NOT_STARTED,
		percent_type = PERCENT_DURATION;
	if (!take_choice(r, o, "state", states, 3, &state) ||
		!take_choice(r, o, "percent_type", percent_types, 4, &percent_type))
		return false;
	t->state = (enum task_state)state;
	t->percent_type = (enum percent_type)percent_type;
	if (t->remaining_work < 0)
		t->remaining_work = t->state == TASK_COMPLETE
			? 0
			: (int32_t)num_muldiv(t->duration_work, 10000 - t->percent, 10000);
	t->inactive = json_bool(json_get(o, "inactive"), false);
	t->manual = json_bool(json_get(o, "manual"), !moment_is_none(t->manual_start));
	t->estimated = json_bool(json_get(o, "estimated"), false);
	t->ignore_resource_calendar = json_bool(json_get(o, "ignore_resource_calendar"), false);
	t->cost_cents = json_int(json_get(o, "cost_cents"), 0);
	t->quantity_planned = json_int(json_get(o, "quantity"), 0) * 1000;
	t->quantity_done = json_int(json_get(o, "quantity_done"), 0) * 1000;
	t->quantity_unit = take_text(o, "quantity_unit", NULL);
	return true;
}

static bool take_parent(struct reader *r, const struct json *o)
{
	return take_reference(r, o, "parent", r->tasks, &r->plan.tasks[r->index].parent);
}

static bool take_lag(struct reader *r, const struct json *o, struct plan_link *l)
{
	const struct json *j = json_get(o, "lag");
	int32_t day, week;
	bool elapsed = false;
	int64_t percent;
	size_t n = j && j->type == JSON_IS_TEXT ? j->text.n : 0;

	if (json_absent(j))
		return true;
	bool around = n > 2 && j->text.s[n - 2] == 'e';
	if (n > 1 && j->text.s[n - 1] == '%' &&
		num_decimal((struct slice){j->text.s, n - 1 - around}, 2, &percent, NULL) &&
		percent < 1000000 && percent > -1000000) {
		l->lag = (int32_t)percent;
		l->lag_unit = around ? LAG_PERCENT_ELAPSED : LAG_PERCENT;
		return true;
	}
	calendar_lengths(
		r, l->from >= 0 ? plan_task_calendar(&r->plan, &r->plan.tasks[l->from]) : -1, &day, &week);
	if (j->type != JSON_IS_TEXT || !duration_parse(j->text, day, week, &l->lag, &elapsed))
		return bad(
			r, "lag", json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	l->lag_unit = elapsed ? LAG_ELAPSED : LAG_WORK;
	return true;
}

static bool take_link(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "from", "to", "type", "lag"};
	struct plan_link *l = &r->plan.links[r->index];
	const char *type = take_text(o, "type", "FS");

	if (!known_keys(r, o, keys, countof(keys)))
		return false;
	*l = (struct plan_link){.id = take_text(o, "id", NULL),
		.from_id = take_text(o, "from", ""),
		.to_id = take_text(o, "to", "")};
	l->from = map_get(r->tasks, slice_of(l->from_id));
	l->to = map_get(r->tasks, slice_of(l->to_id));
	if (!link_type_parse(slice_of(type), &l->type))
		return bad(r, "type", type, "\"%s\" is not a link type: FS, SS, FF or SF");
	return take_lag(r, o, l);
}

static bool take_wbs(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "project", "parent"};
	struct plan_wbs *w = &r->plan.wbs[r->index];

	*w = (struct plan_wbs){.parent = -1};
	if (!known_keys(r, o, keys, countof(keys)) || !take_id(r, o, r->wbs, r->index, &w->id) ||
		!take_reference(r, o, "project", r->projects, &w->project))
		return false;
	w->code = take_text(o, "code", w->id);
	w->name = take_text(o, "name", w->code);
	return true;
}

static bool take_wbs_parent(struct reader *r, const struct json *o)
{
	return take_reference(r, o, "parent", r->wbs, &r->plan.wbs[r->index].parent);
}

static bool take_resource(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "code", "name", "kind", "calendar", "capacity"};
	static const char *const kinds[] = {"labour", "equipment", "material", "cost"};
	struct plan_resource *x = &r->plan.resources[r->index];
	int kind = 0;

	*x = (struct plan_resource){.calendar = -1};
	if (!known_keys(r, o, keys, countof(keys)) || !take_id(r, o, r->resources, r->index, &x->id) ||
		!take_reference(r, o, "calendar", r->calendars, &x->calendar) ||
		!take_choice(r, o, "kind", kinds, 4, &kind))
		return false;
	x->kind = (enum resource_kind)kind;
	x->code = take_text(o, "code", x->id);
	x->name = take_text(o, "name", x->code);
	x->capacity_permille = 1000;
	return take_number(r, o, "capacity", 1000, &x->capacity_permille);
}

static bool take_assignment(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {
		"task", "resource", "units", "planned", "remaining", "actual", "lag", "drives"};
	struct plan_assignment *x = &r->plan.assignments[r->index];

	*x = (struct plan_assignment){
		.task = -1, .resource = -1, .remaining_duration_work = -1, .drives = true};
	if (!known_keys(r, o, keys, countof(keys)) ||
		!take_reference(r, o, "task", r->tasks, &x->task) ||
		!take_reference(r, o, "resource", r->resources, &x->resource))
		return false;
	if (x->task < 0)
		return missing(r, "task", "an assignment wants a task");
	x->units_permille = 1000;
	x->drives = json_bool(json_get(o, "drives"), true);
	return take_number(r, o, "units", 1000, &x->units_permille) &&
		take_work(r, o, "planned", &x->planned_work) &&
		take_work(r, o, "remaining", &x->remaining_work) &&
		take_work(r, o, "actual", &x->actual_work) &&
		take_duration(r, o, "lag", x->resource >= 0 ? r->plan.resources[x->resource].calendar : -1,
			&x->lag_work, NULL);
}

static int32_t find_link(const struct plan *p, const struct json *o)
{
	const char *from = take_text(o, "from", ""), *to = take_text(o, "to", "");
	for (int32_t i = 0; i < p->nlinks; i++)
		if (strcmp(p->links[i].from_id, from) == 0 && strcmp(p->links[i].to_id, to) == 0)
			return i;
	return -1;
}

/* {"id": "six_day", "kind": "calendar", "calendar": "five_day", "instead": "six_day"} and its like */
static bool take_relaxation(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "kind", "task", "duration", "from", "to",
		"type", "lag", "calendar", "instead", "project", "date"};
	static const char *const kinds[] = {"duration", "link", "calendar", "finish"};
	struct plan_relaxation *x = &r->plan.relaxations[r->index];
	struct plan_link link = {.from = -1};
	int kind = -1;

	*x = (struct plan_relaxation){
		.subject = -1, .calendar = -1, .date = MOMENT_NONE, .id = take_text(o, "id", "")};
	x->name = take_text(o, "name", x->id);
	if (!known_keys(r, o, keys, countof(keys)) || !take_choice(r, o, "kind", kinds, 4, &kind))
		return false;
	if (kind < 0)
		return missing(r, "kind", "a relaxation wants a kind");
	x->kind = (enum relaxation_kind)kind;
	switch (x->kind) {
	case RELAX_DURATION:
		if (!take_reference(r, o, "task", r->tasks, &x->subject))
			return false;
		if (x->subject < 0)
			return missing(r, "task", "this relaxation names nothing it changes");
		return take_duration(r, o, "duration",
			plan_task_calendar(&r->plan, &r->plan.tasks[x->subject]), &x->work, NULL);
	case RELAX_LINK:
		x->subject = find_link(&r->plan, o);
		if (x->subject < 0)
			return missing(r, "from", "this relaxation names nothing it changes");
		link = r->plan.links[x->subject];
		if (!link_type_parse(slice_of(take_text(o, "type", link_type_name(link.type))), &x->type))
			return bad(
				r, "type", take_text(o, "type", ""), "\"%s\" is not a link type: FS, SS, FF or SF");
		link.lag = 0;
		if (!take_lag(r, o, &link))
			return false;
		x->lag = link.lag;
		return true;
	case RELAX_CALENDAR:
		if (!take_reference(r, o, "calendar", r->calendars, &x->subject) ||
			!take_reference(r, o, "instead", r->calendars, &x->calendar))
			return false;
		return (x->subject >= 0 && x->calendar >= 0) ||
			missing(r, "calendar", "this relaxation names nothing it changes");
	case RELAX_FINISH:
		x->subject = 0;
		return take_reference(r, o, "project", r->projects, &x->subject) &&
			take_moment(r, o, "date", &x->date);
	}
	return true;
}

static void size_lists(struct reader *r, const struct json *root)
{
	struct plan *p = &r->plan;

	p->ncalendars = json_count(json_get(root, "calendars"));
	p->calendars = ARENA_ARRAY(r->a, struct plan_calendar, (size_t)p->ncalendars);
	p->nprojects = json_count(json_get(root, "projects"));
	p->projects = ARENA_ARRAY(r->a, struct plan_project, (size_t)p->nprojects);
	p->nwbs = json_count(json_get(root, "wbs"));
	p->wbs = ARENA_ARRAY(r->a, struct plan_wbs, (size_t)p->nwbs);
	p->ntasks = json_count(json_get(root, "tasks"));
	p->tasks = ARENA_ARRAY(r->a, struct plan_task, (size_t)p->ntasks);
	p->nlinks = json_count(json_get(root, "links"));
	p->links = ARENA_ARRAY(r->a, struct plan_link, (size_t)p->nlinks);
	p->nresources = json_count(json_get(root, "resources"));
	p->resources = ARENA_ARRAY(r->a, struct plan_resource, (size_t)p->nresources);
	p->nrelaxations = json_count(json_get(root, "relaxations"));
	p->relaxations = ARENA_ARRAY(r->a, struct plan_relaxation, (size_t)p->nrelaxations);
	p->nassignments = json_count(json_get(root, "assignments"));
	p->assignments = ARENA_ARRAY(r->a, struct plan_assignment, (size_t)p->nassignments);
}

static bool take_all(struct reader *r, const struct json *root)
{
	static const char *const keys[] = {"guatu_plan", "name", "notes", "expect", "calendars",
		"projects", "wbs", "tasks", "links", "resources", "assignments", "relaxations"};

	if (!known_keys(r, root, keys, countof(keys)))
		return false;
	if (json_int(json_get(root, "guatu_plan"), 0) != 1)
		return bad(r, "guatu_plan", "guatu_plan", "\"%s\" should be 1, the version of the format");
	size_lists(r, root);
	if (r->plan.nprojects == 0)
		return bad(r, "projects", "projects", "\"%s\" should name at least one project");
	return each(r, root, "calendars", take_calendar) && each(r, root, "calendars", take_base) &&
		each(r, root, "projects", take_project) && each(r, root, "wbs", take_wbs) &&
		each(r, root, "wbs", take_wbs_parent) && each(r, root, "tasks", take_task) &&
		each(r, root, "tasks", take_parent) && each(r, root, "links", take_link) &&
		each(r, root, "resources", take_resource) &&
		each(r, root, "assignments", take_assignment) &&
		each(r, root, "relaxations", take_relaxation);
}

bool plan_json_from(struct arena *a, const struct json *root, struct plan *out, struct err *err)
{
	struct reader r = {.a = a, .err = err};
	bool fine;

	r.plan.source = "json";
	r.plan.encoding = "utf-8";
	r.projects = map_open();
	r.calendars = map_open();
	r.tasks = map_open();
	r.resources = map_open();
	r.wbs = map_open();
	fine = take_all(&r, root);
	map_close(r.projects);
	map_close(r.calendars);
	map_close(r.tasks);
	map_close(r.resources);
	map_close(r.wbs);
	if (fine)
		*out = r.plan;
	return fine;
}

bool plan_json_looks_like(struct slice bytes)
{
	struct slice text = utf8_trim(bytes);
	return text.n > 0 && text.s[0] == '{';
}

bool plan_json_read(struct arena *a, struct slice bytes, struct plan *out, struct err *err)
{
	const struct json *root;

	return json_parse(a, bytes, NULL, &root, err) && plan_json_from(a, root, out, err);
}
