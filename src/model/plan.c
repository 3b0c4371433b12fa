/* Defaults, names and moments of plans. Leaves out every rule: those are sched's. */
#include "model/plan.h"

const char *keep_get(const struct keep *keep, const char *name)
{
	if (!keep->columns)
		return NULL;
	for (int32_t i = 0; i < keep->columns->n; i++)
		if (strcmp(keep->columns->names[i], name) == 0)
			return keep->values[i];
	return NULL;
}

struct plan_options plan_options_default(enum profile profile)
{
	struct plan_options o = {
		.profile = profile,
		.progress = PROGRESS_RETAINED_LOGIC,
		.lag_calendar = LAG_CALENDAR_PREDECESSOR,
		.float_type = FLOAT_FINISH,
		.start_lag_from_early_start = true,
		.use_expected_finish = true,
		.float_to_project_finish = true,
		.float_path_task = -1,
		.level = {.all_resources = true,
			.keep_dates = true,
			.outside_priority = 5,
			.over_allocation_percent = 25},
	};

	if (profile == PROFILE_MSPROJECT) {
		o.lag_calendar = LAG_CALENDAR_SUCCESSOR;
		o.float_type = FLOAT_SMALLEST;
		o.use_expected_finish = false;
		o.honour_constraints = true;
	}
	return o;
}

struct plan_task plan_task_default(void)
{
	return (struct plan_task){
		.id = "",
		.code = "",
		.name = "",
		.parent = -1,
		.wbs = -1,
		.calendar = -1,
		.crew_calendar = -1,
		.actual_work = -1,
		.physical_percent = -1,
		.planned_start = MOMENT_NONE,
		.planned_finish = MOMENT_NONE,
		.actual_start = MOMENT_NONE,
		.actual_finish = MOMENT_NONE,
		.suspend = MOMENT_NONE,
		.resume = MOMENT_NONE,
		.expected_finish = MOMENT_NONE,
		.external_early_start = MOMENT_NONE,
		.external_late_finish = MOMENT_NONE,
		.manual_start = MOMENT_NONE,
		.manual_finish = MOMENT_NONE,
		.deadline = MOMENT_NONE,
		.constraint = {{CONSTRAINT_NONE, MOMENT_NONE}, {CONSTRAINT_NONE, MOMENT_NONE}},
		.priority = 500,
		.stored = {MOMENT_NONE, MOMENT_NONE, MOMENT_NONE, MOMENT_NONE, MOMENT_NONE, MOMENT_NONE,
			INT32_MIN, INT32_MIN, -1, -1},
	};
}

struct plan_project plan_project_default(enum profile profile)
{
	return (struct plan_project){
		.id = "",
		.code = "",
		.name = "",
		.calendar = -1,
		.start = MOMENT_NONE,
		.data_date = MOMENT_NONE,
		.status_date = MOMENT_NONE,
		.must_finish = MOMENT_NONE,
		.options = plan_options_default(profile),
	};
}

bool plan_task_below(const struct plan *plan, int32_t task, int32_t summary)
{
	for (int32_t steps = 0; task >= 0 && task != summary && steps <= plan->ntasks; steps++)
		task = plan->tasks[task].parent;
	return task == summary;
}

int32_t plan_task_calendar(const struct plan *plan, const struct plan_task *task)
{
	return task->calendar >= 0     ? task->calendar
		: task->crew_calendar >= 0 ? task->crew_calendar
								   : plan->projects[task->project].calendar;
}

int32_t plan_day_work(const struct plan *plan, int32_t calendar)
{
	int32_t minutes = calendar >= 0 ? plan->calendars[calendar].day_minutes : MINUTES_PER_DAY;
	return minutes > 0 ? minutes * TICKS_PER_MINUTE : 8 * TICKS_PER_HOUR;
}

static const char *const link_types[] = {"FS", "SS", "FF", "SF"};
static const char *const constraints[] = {"none", "start_not_earlier", "start_not_later",
	"finish_not_earlier", "finish_not_later", "start_on", "finish_on", "mandatory_start",
	"mandatory_finish", "as_late_as_possible"};
static const char *const task_types[] = {
	"work", "by_resource", "start_milestone", "finish_milestone", "level_of_effort", "summary"};

const char *plan_follows_name(enum plan_follows follows)
{
	static const char *const names[] = {NULL, "office", "site"};
	return names[follows];
}

const char *link_type_name(enum link_type type)
{
	return link_types[type];
}

const char *constraint_name(enum constraint_kind kind)
{
	return constraints[kind];
}

const char *task_type_name(enum task_type type)
{
	return task_types[type];
}

static bool find_word(struct slice word, const char *const *words, size_t n, int *out)
{
	for (size_t i = 0; i < n; i++)
		if (slice_is(word, words[i])) {
			*out = (int)i;
			return true;
		}
	return false;
}

bool constraint_parse(struct slice name, enum constraint_kind *out)
{
	int i;
	if (!find_word(name, constraints, countof(constraints), &i))
		return false;
	*out = (enum constraint_kind)i;
	return true;
}

bool task_type_parse(struct slice name, enum task_type *out)
{
	int i;
	if (!find_word(name, task_types, countof(task_types), &i))
		return false;
	*out = (enum task_type)i;
	return true;
}

bool link_type_parse(struct slice name, enum link_type *out)
{
	int i;
	if (!find_word(name, link_types, countof(link_types), &i))
		return false;
	*out = (enum link_type)i;
	return true;
}

static char *put_digits(char *at, int value, int digits)
{
	for (int i = digits - 1; i >= 0; i--, value /= 10)
		at[i] = (char)('0' + value % 10);
	return at + digits;
}

char *moment_text(struct moment m, char out[20])
{
	char *at = out;

	if (moment_is_none(m)) {
		out[0] = 0;
		return out;
	}
	struct ymd d = date_ymd(moment_date(m));
	int tick = moment_tick_of_day(m);
	at = put_digits(at, d.year, 4);
	*at++ = '-';
	at = put_digits(at, d.month, 2);
	*at++ = '-';
	at = put_digits(at, d.day, 2);
	*at++ = 'T';
	at = put_digits(at, tick / TICKS_PER_HOUR, 2);
	*at++ = ':';
	at = put_digits(at, tick / TICKS_PER_MINUTE % 60, 2);
	if (tick % TICKS_PER_MINUTE) {
		*at++ = ':';
		at = put_digits(at, tick % TICKS_PER_MINUTE * 6, 2);
	}
	*at = 0;
	return out;
}

static bool two_digits(struct slice text, size_t at, int max, int *out)
{
	if (at + 2 > text.n || text.s[at] < '0' || text.s[at] > '9' || text.s[at + 1] < '0' ||
		text.s[at + 1] > '9')
		return false;
	*out = (text.s[at] - '0') * 10 + text.s[at + 1] - '0';
	return *out <= max;
}

bool moment_parse(struct slice text, struct moment *out)
{
	struct date day;
	int hour = 0, minute = 0, second = 0;

	if (text.n < 10 || !date_parse_iso((struct slice){text.s, 10}, &day))
		return false;
	if (day.day < PLAN_FIRST_DAY || day.day > PLAN_LAST_DAY)
		return false;
	if (text.n > 10) {
		if ((text.s[10] != 'T' && text.s[10] != ' ') || !two_digits(text, 11, 24, &hour))
			return false;
		if (text.n < 16 || text.s[13] != ':' || !two_digits(text, 14, 59, &minute))
			return false;
		if (text.n > 16 &&
			(text.s[16] != ':' || !two_digits(text, 17, 59, &second) || text.n != 19))
			return false;
		if (hour == 24 && (minute || second))
			return false;
	}
	out->tick = moment_of(day, hour * 60 + minute).tick + (second + 3) / 6;
	return true;
}
