/*
 * From a .gan tree to a plan. Tasks are nested; a link stands in its predecessor and names the successor by id; its lag
 * counts working days. Holidays without a year return every year and are spelled out for the years around the plan.
 */
#include "intake/gan.h"

#include "base/map.h"
#include "base/num.h"
#include "intake/calendar_days.h"
#include "intake/xml_fields.h"

enum {
	DAY_STARTS = 480,
	DAY_ENDS = 1020,
	DAY_WORK = 480 * TICKS_PER_MINUTE,
	MOST_DAYS = 100000,
	YEARS_AHEAD = 30, /* of holidays that return */
	DEPTH_MAX = 60,
};

struct reader {
	struct arena *a;
	struct plan plan;
	struct findings *found;
	struct map *tasks, *resources;
	struct err *err;
	bool failed;
	bool *pulled; /* [tasks] a strong link holds its start */
};

static void refuse(
	struct reader *r, const struct xml_node *node, const char *name, const char *value, bool date)
{
	if (r->failed)
		return;
	r->failed = true;
	if (date)
		err_set(r->err, ERR_INPUT, NULL, "\"%.60s\" is not a date between 1900 and 2199", value);
	else
		err_set(r->err, ERR_INPUT, NULL, "\"%.60s\" is not a number, or is out of range", value);
	err_in(r->err, "attribute %s", name);
	xml_at(r->err, node);
}

static const char *text(const struct xml_node *node, const char *name)
{
	const char *s = xml_attr(node, name);
	return s ? s : "";
}

static int32_t whole(struct reader *r, const struct xml_node *node, const char *name, int32_t least,
	int32_t most, int32_t otherwise)
{
	const char *s = text(node, name);
	int64_t value;

	if (!s[0])
		return otherwise;
	if (!num_plain(slice_of(s), 0, &value) || value < least || value > most) {
		refuse(r, node, name, s, false);
		return otherwise;
	}
	return (int32_t)value;
}

static struct date day(struct reader *r, const struct xml_node *node, const char *name)
{
	const char *s = text(node, name);
	struct moment m;

	if (!s[0])
		return DATE_NONE;
	if (!moment_parse(slice_of(s), &m)) {
		refuse(r, node, name, s, true);
		return DATE_NONE;
	}
	return moment_date(m);
}

static int32_t count_all(const struct xml_node *node, const char *name)
{
	int32_t n = 0;
	for (const struct xml_node *c = node ? node->child : NULL; c; c = c->next)
		n += (strcmp(c->name, name) == 0) + count_all(c, name);
	return n;
}

/* ---- The calendar -------------------------------------------------------------------------------------------- */

static const struct shift workday[] = {{DAY_STARTS, 720}, {780, DAY_ENDS}};

static void read_week(struct plan_calendar *c, const struct xml_node *calendars)
{
	static const char *const days[] = {"mon", "tue", "wed", "thu", "fri", "sat", "sun"};
	const struct xml_node *week = xml_child(xml_child(calendars, "day-types"), "default-week");

	c->stated = 0x7f;
	for (int d = 0; d < 7; d++) { /* type 1 is a day off */
		bool off = week ? strcmp(text(week, days[d]), "1") == 0 : d >= 5;
		c->week[d] = off ? (struct day_shifts){0} : (struct day_shifts){countof(workday), workday};
	}
}

static void add_day(struct plan_calendar *c, struct date at, bool works, const char *name)
{
	if (date_is_none(at) || at.day < PLAN_FIRST_DAY || at.day > PLAN_LAST_DAY)
		return;
	c->exceptions[c->nexceptions++] = (struct calendar_exception){at, at,
		works ? (struct day_shifts){countof(workday), workday} : (struct day_shifts){0}, name};
}

static void read_calendar(struct reader *r, const struct xml_node *root, int first_year)
{
	const struct xml_node *calendars = xml_child(root, "calendars");
	struct plan_calendar *c = r->plan.calendars = ARENA_NEW(r->a, struct plan_calendar);
	size_t dates = (size_t)xml_count(calendars, "date");

	r->plan.ncalendars = 1;
	*c = (struct plan_calendar){.id = "calendar",
		.name = "calendar",
		.base = -1,
		.provisional_from = DATE_NONE,
		.day_minutes = 480};
	read_week(c, calendars);
	for (int d = 0; d < 7; d++)
		c->week_minutes += c->week[d].n ? 480 : 0;
	c->exceptions = ARENA_ARRAY(r->a, struct calendar_exception, dates * (YEARS_AHEAD + 2) + 1);
	for (const struct xml_node *d = xml_child(calendars, "date"); d; d = xml_again(d)) {
		int32_t month = whole(r, d, "month", 1, 12, 1), date = whole(r, d, "date", 1, 31, 1);
		int32_t year = whole(r, d, "year", 1900, 2199, 0);
		bool works = strcmp(text(d, "type"), "WORKING_DAY") == 0;
		for (int y = year ? year : first_year - 1; y <= (year ? year : first_year + YEARS_AHEAD);
			 y++)
			if (y > 0 && date <= month_days(y, month))
				add_day(c, date_from_ymd(y, month, date), works, d->text);
	}
}

/* ---- Tasks --------------------------------------------------------------------------------------------------- */

static int priority_of(int32_t word)
{
	static const int values[] = {300, 500, 700, 100, 900}; /* low, normal, high, lowest, highest */
	return word >= 0 && word < (int32_t)countof(values) ? values[word] : 500;
}

/* The last of `days` working days from `start` on. */
static struct moment end_of(const struct plan *plan, struct date start, int32_t days)
{
	struct date at = start;
	int32_t left = days;

	for (; at.day < PLAN_LAST_DAY; at.day++)
		if (calendar_day(plan, 0, at, date_weekday(at) - 1).n && --left <= 0)
			break;
	return moment_of(at, DAY_ENDS);
}

static void read_progress(struct reader *r, const struct xml_node *node, struct plan_task *t,
	struct date start, int32_t days)
{
	int32_t complete = whole(r, node, "complete", 0, 100, 0);

	t->percent = complete * 100;
	t->remaining_work = (int32_t)num_muldiv(t->duration_work, 100 - complete, 100);
	t->state = complete == 100 ? TASK_COMPLETE : complete > 0 ? TASK_ACTIVE : TASK_NOT_STARTED;
	if (t->type == TASK_SUMMARY || date_is_none(start) || complete == 0)
		return;
	t->actual_start = moment_of(start, DAY_STARTS);
	if (complete == 100)
		t->actual_finish = t->duration_work ? end_of(&r->plan, start, days) : t->actual_start;
}

static void read_task(
	struct reader *r, const struct xml_node *node, int32_t parent, struct plan_task *t)
{
	static const char *const used[] = {"task", "depend", NULL};
	bool milestone = strcmp(text(node, "meeting"), "true") == 0;
	int32_t days = whole(r, node, "duration", 0, MOST_DAYS, 0);
	struct date start = day(r, node, "start"), earliest = day(r, node, "thirdDate");
	int64_t cost = 0;

	*t = plan_task_default();
	t->id = t->code = text(node, "id");
	t->name = text(node, "name");
	t->project = 0;
	t->parent = parent;
	t->type = xml_child(node, "task") ? TASK_SUMMARY
		: milestone || days == 0      ? TASK_START_MILESTONE
									  : TASK_WORK;
	if (t->type == TASK_WORK)
		t->duration_work = days * DAY_WORK;
	t->priority = priority_of(whole(r, node, "priority", 0, 4, 1));
	t->planned_start = date_is_none(start) ? MOMENT_NONE : moment_of(start, DAY_STARTS);
	t->stored.start = t->planned_start;
	if (whole(r, node, "thirdDate-constraint", 0, 1, 0) == 1 && !date_is_none(earliest))
		t->constraint[1] =
			(struct constraint){CONSTRAINT_START_NOT_EARLIER, moment_of(earliest, DAY_STARTS)};
	if (num_plain(slice_of(text(node, "cost-manual-value")), 2, &cost))
		t->cost_cents = cost;
	read_progress(r, node, t, start, days);
	t->keep = xml_keep(r->a, "task", node, used);
}

static bool read_tasks(struct reader *r, const struct xml_node *above, int32_t parent, int depth)
{
	for (const struct xml_node *node = xml_child(above, "task"); node && !r->failed;
		 node = xml_again(node)) {
		int32_t i = r->plan.ntasks;
		read_task(r, node, parent, &r->plan.tasks[r->plan.ntasks++]);
		const char *id = r->plan.tasks[i].id;
		if (map_get(r->tasks, slice_of(id)) >= 0) {
			err_set(r->err, ERR_INPUT, NULL, "task id \"%s\" stands twice", id);
			return xml_at(r->err, node);
		}
		map_put(r->tasks, slice_of(id), i);
		if (depth < DEPTH_MAX && !read_tasks(r, node, i, depth + 1))
			return false;
	}
	return !r->failed;
}

static void read_links(struct reader *r, const struct xml_node *above)
{
	static const enum link_type types[] = {LINK_FS, LINK_SS, LINK_FS, LINK_FF, LINK_SF};

	for (const struct xml_node *node = xml_child(above, "task"); node; node = xml_again(node)) {
		for (const struct xml_node *d = xml_child(node, "depend"); d; d = xml_again(d)) {
			struct plan_link *l = &r->plan.links[r->plan.nlinks++];
			*l = (struct plan_link){.from_id = text(node, "id"),
				.to_id = text(d, "id"),
				.from = map_get(r->tasks, slice_of(text(node, "id"))),
				.to = map_get(r->tasks, slice_of(text(d, "id"))),
				.type = types[whole(r, d, "type", 1, 4, 2)],
				.lag = whole(r, d, "difference", -MOST_DAYS, MOST_DAYS, 0) * DAY_WORK};
			if (l->to >= 0 && strcmp(text(d, "hardness"), "Rubber") != 0)
				r->pulled[l->to] = true;
		}
		read_links(r, node);
	}
}

/* What nothing pulls stays where its planner put it. */
static void hold_starts(struct reader *r)
{
	for (int32_t i = 0; i < r->plan.ntasks; i++) {
		struct plan_task *t = &r->plan.tasks[i];
		struct constraint earliest = t->constraint[1];
		bool holds = t->type != TASK_SUMMARY && !r->pulled[i] && !moment_is_none(t->planned_start);
		t->constraint[1] = (struct constraint){CONSTRAINT_NONE, MOMENT_NONE};
		if (earliest.kind == CONSTRAINT_NONE ||
			(holds && t->planned_start.tick > earliest.date.tick))
			earliest = holds ? (struct constraint){CONSTRAINT_START_NOT_EARLIER, t->planned_start}
							 : t->constraint[1];
		t->constraint[0] = earliest;
	}
}

/* ---- Resources and the file ---------------------------------------------------------------------------------- */

static void read_resources(struct reader *r, const struct xml_node *root)
{
	const struct xml_node *resources = xml_child(root, "resources"),
						  *allocations = xml_child(root, "allocations");
	struct plan *p = &r->plan;

	p->resources =
		ARENA_ARRAY(r->a, struct plan_resource, (size_t)xml_count(resources, "resource") + 1);
	for (const struct xml_node *n = xml_child(resources, "resource"); n; n = xml_again(n)) {
		map_put(r->resources, slice_of(text(n, "id")), p->nresources);
		p->resources[p->nresources++] = (struct plan_resource){.id = text(n, "id"),
			.code = text(n, "id"),
			.name = text(n, "name"),
			.kind = RESOURCE_LABOUR,
			.calendar = -1,
			.capacity_permille = 1000};
	}
	p->assignments =
		ARENA_ARRAY(r->a, struct plan_assignment, (size_t)xml_count(allocations, "allocation") + 1);
	for (const struct xml_node *n = xml_child(allocations, "allocation"); n; n = xml_again(n)) {
		int32_t task = map_get(r->tasks, slice_of(text(n, "task-id")));
		int64_t load = 1000;
		if (text(n, "load")[0] &&
			(!num_plain(slice_of(text(n, "load")), 1, &load) || load < 0 || load > 1000000))
			refuse(r, n, "load", text(n, "load"), false);
		if (task >= 0)
			p->assignments[p->nassignments++] = (struct plan_assignment){.task = task,
				.resource = map_get(r->resources, slice_of(text(n, "resource-id"))),
				.units_permille = (int32_t)load,
				.planned_work = num_muldiv(p->tasks[task].duration_work, load, 1000),
				.remaining_duration_work = -1,
				.drives = true};
	}
}

static struct date first_start(struct reader *r, const struct xml_node *above)
{
	struct date first = DATE_NONE;

	for (const struct xml_node *n = xml_child(above, "task"); n; n = xml_again(n)) {
		struct date own = day(r, n, "start"), below = first_start(r, n);
		if (!date_is_none(own) && (date_is_none(first) || own.day < first.day))
			first = own;
		if (!date_is_none(below) && (date_is_none(first) || below.day < first.day))
			first = below;
	}
	return first;
}

static bool read_all(struct reader *r, const struct xml_node *root)
{
	const struct xml_node *tasks = xml_child(root, "tasks");
	static const char *const used[] = {"calendars", "tasks", "resources", "allocations", NULL};
	struct plan_project *p = r->plan.projects = ARENA_NEW(r->a, struct plan_project);
	struct date start = first_start(r, tasks);
	int32_t ntasks = count_all(tasks, "task");

	if (date_is_none(start))
		start = day(r, root, "view-date");
	if (r->failed)
		return false;
	*p = plan_project_default(PROFILE_MSPROJECT);
	r->plan.nprojects = 1;
	p->id = "0";
	p->code = p->name = text(root, "name");
	p->calendar = 0;
	p->start = date_is_none(start) ? MOMENT_NONE : moment_of(start, DAY_STARTS);
	p->keep = xml_keep(r->a, "project", root, used);
	read_calendar(r, root, date_is_none(start) ? 2000 : date_ymd(start).year);
	r->plan.tasks = ARENA_ARRAY(r->a, struct plan_task, (size_t)ntasks + 1);
	r->pulled = ARENA_ARRAY(r->a, bool, (size_t)ntasks + 1);
	r->plan.links = ARENA_ARRAY(r->a, struct plan_link, (size_t)count_all(tasks, "depend") + 1);
	if (r->failed || !read_tasks(r, tasks, -1, 0))
		return false;
	read_links(r, tasks);
	hold_starts(r);
	read_resources(r, root);
	return !r->failed;
}

bool gan_looks_like(struct slice head)
{
	return xml_root_is(head, "project");
}

bool gan_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	struct reader r = {.a = a, .found = found, .err = err};
	struct xml_node *root;

	if (!xml_tree(a, bytes, &root, err))
		return false;
	if (strcmp(root->name, "project") != 0)
		return err_set(
			err, ERR_INPUT, NULL, "the first element is \"%s\", not %s", root->name, "project");
	r.plan.source = "gan";
	r.plan.source_version = text(root, "version");
	r.plan.encoding = "utf-8";
	r.tasks = map_open();
	r.resources = map_open();
	bool done = read_all(&r, root);
	map_close(r.tasks);
	map_close(r.resources);
	if (done)
		*out = r.plan;
	return done;
}
