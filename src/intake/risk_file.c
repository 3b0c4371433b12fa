/* Risks beside a plan (risk_file.h). One reader a kind of item, each with the keys it knows. */
#include "intake/risk_file.h"

#include "base/json.h"

struct reader {
	struct arena *a;
	const struct plan *plan;
	struct risk_model m;
	struct risk_range *ranges;
	struct risk_driver *drivers;
	struct risk_window *windows;
	const char *list;
	int index;
	struct err *err;
};

static const char *place(const struct reader *r)
{
	return r->list ? arena_printf(r->a, "%s[%d]", r->list, r->index) : "otherwise";
}

static bool known_keys(
	const struct reader *r, const struct json *o, const char *const *keys, size_t n)
{
	if (o->type != JSON_IS_OBJECT)
		return err_set(r->err, ERR_INPUT, place(r), "this should be an object");
	for (int k = 0; k < o->nmembers; k++) {
		bool known = slice_is(o->members[k].key, "notes");
		for (size_t i = 0; i < n && !known; i++)
			known = slice_is(o->members[k].key, keys[i]);
		if (!known)
			return err_set(r->err, ERR_INPUT, place(r), "the key \"%s\" is not known here",
				o->members[k].key.s);
	}
	return true;
}

/* Percent to permille. */
static bool take_share(
	const struct reader *r, const struct json *o, const char *key, double otherwise, int32_t *out)
{
	const struct json *j = json_get(o, key);
	double share = json_double(j, otherwise);

	if (j && j->type != JSON_IS_INT && j->type != JSON_IS_REAL)
		return err_set(r->err, ERR_INPUT, place(r), "\"%s\" should be a number of percent", key);
	if (!(share >= 0 && share <= 1600))
		return err_set(r->err, ERR_INPUT, place(r), "\"%s\" is from 0 to 1600 percent", key);
	*out = (int32_t)(share * 10 + 0.5);
	return true;
}

static bool take_points(const struct reader *r, const struct json *list, struct risk_spread *out)
{
	int32_t n = json_count(list), *points = ARENA_ARRAY(r->a, int32_t, (size_t)n + 1);

	for (int32_t k = 0; k < n; k++) {
		double share = json_double(json_at(list, k), -1);
		if (!(share >= 0 && share <= 1600))
			return err_set(
				r->err, ERR_INPUT, place(r), "\"%s\" is from 0 to 1600 percent", "points");
		int32_t v = (int32_t)(share * 10 + 0.5), at = k;
		for (; at > 0 && points[at - 1] > v; at--)
			points[at] = points[at - 1];
		points[at] = v;
	}
	out->points = points;
	out->npoints = n;
	return true;
}

static bool take_spread(const struct reader *r, const struct json *o, struct risk_spread *out)
{
	static const char *const shapes[] = {"fixed", "triangular", "pert", "lognormal", "points"};
	const char *shape = json_text(json_get(o, "shape"), "triangular");

	for (size_t k = 0; k < countof(shapes); k++)
		if (strcmp(shape, shapes[k]) == 0) {
			out->shape = (enum risk_shape)k;
			if (out->shape == RISK_POINTS)
				return take_points(r, json_get(o, "points"), out);
			return take_share(r, o, "low", 100, &out->low) &&
				take_share(r, o, "likely", 100, &out->likely) &&
				take_share(r, o, "high", 100, &out->high);
		}
	return err_set(r->err, ERR_INPUT, place(r),
		"\"%s\" is not a shape: fixed, triangular, pert, lognormal, points", shape);
}

static bool take_task(const struct reader *r, const char *name, int32_t *out)
{
	for (int32_t i = 0; i < r->plan->ntasks; i++)
		if (strcmp(r->plan->tasks[i].id, name) == 0 || strcmp(r->plan->tasks[i].code, name) == 0) {
			*out = i;
			return true;
		}
	return err_set(r->err, ERR_INPUT, place(r), "the plan has no task \"%s\"", name);
}

static bool take_calendar(
	const struct reader *r, const struct json *o, const char *key, int32_t *out)
{
	const char *name = json_text(json_get(o, key), "");

	for (int32_t i = 0; i < r->plan->ncalendars; i++)
		if (strcmp(r->plan->calendars[i].id, name) == 0 ||
			(r->plan->calendars[i].name && strcmp(r->plan->calendars[i].name, name) == 0)) {
			*out = i;
			return true;
		}
	return err_set(r->err, ERR_INPUT, place(r), "the plan has no calendar \"%s\"", name);
}

static bool take_range(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"task", "shape", "low", "likely", "high", "points"};
	struct risk_range *x = &r->ranges[r->index];

	return known_keys(r, o, keys, countof(keys)) &&
		take_task(r, json_text(json_get(o, "task"), ""), &x->task) && take_spread(r, o, &x->spread);
}

static bool take_driver(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {
		"id", "name", "probability", "shape", "low", "likely", "high", "points", "tasks"};
	struct risk_driver *d = &r->drivers[r->index];
	const struct json *tasks = json_get(o, "tasks");
	int32_t *list = ARENA_ARRAY(r->a, int32_t, (size_t)json_count(tasks) + 1);

	d->id = json_text(json_get(o, "id"), arena_printf(r->a, "driver %d", r->index + 1));
	d->name = json_text(json_get(o, "name"), d->id);
	d->tasks = list;
	if (!known_keys(r, o, keys, countof(keys)) ||
		!take_share(r, o, "probability", 100, &d->probability) || !take_spread(r, o, &d->factor))
		return false;
	for (int k = 0; k < json_count(tasks); k++)
		if (!take_task(r, json_text(json_at(tasks, k), ""), &list[d->ntasks++]))
			return false;
	return true;
}

static bool take_window(struct reader *r, const struct json *o)
{
	static const char *const keys[] = {"id", "name", "probability", "calendar", "instead"};
	struct risk_window *w = &r->windows[r->index];

	w->id = json_text(json_get(o, "id"), arena_printf(r->a, "window %d", r->index + 1));
	w->name = json_text(json_get(o, "name"), w->id);
	return known_keys(r, o, keys, countof(keys)) &&
		take_share(r, o, "probability", 100, &w->probability) &&
		take_calendar(r, o, "calendar", &w->calendar) &&
		take_calendar(r, o, "instead", &w->instead);
}

static bool each(struct reader *r, const struct json *root, const char *list,
	bool (*take)(struct reader *, const struct json *))
{
	const struct json *items = json_get(root, list);

	r->list = list;
	for (r->index = 0; r->index < json_count(items); r->index++)
		if (!take(r, json_at(items, r->index)))
			return false;
	r->list = NULL;
	return true;
}

bool risk_file_read(struct arena *a, struct slice bytes, const struct plan *plan,
	struct risk_model *out, struct err *err)
{
	static const char *const keys[] = {"guatu_risk", "otherwise", "ranges", "drivers", "windows"};
	static const char *const spread_keys[] = {"shape", "low", "likely", "high", "points"};
	const struct json *root;
	struct reader r = {.a = a, .plan = plan, .err = err};

	if (!json_parse(a, bytes, NULL, &root, err))
		return false;
	if (!known_keys(&r, root, keys, countof(keys)))
		return false;
	if (json_int(json_get(root, "guatu_risk"), 0) != 1)
		return err_set(err, ERR_INPUT, "guatu_risk", "this should be 1, the version of the format");
	const struct json *otherwise = json_get(root, "otherwise");
	if (otherwise &&
		(!known_keys(&r, otherwise, spread_keys, countof(spread_keys)) ||
			!take_spread(&r, otherwise, &r.m.otherwise)))
		return false;
	r.ranges = ARENA_ARRAY(a, struct risk_range, (size_t)json_count(json_get(root, "ranges")) + 1);
	r.drivers =
		ARENA_ARRAY(a, struct risk_driver, (size_t)json_count(json_get(root, "drivers")) + 1);
	r.windows =
		ARENA_ARRAY(a, struct risk_window, (size_t)json_count(json_get(root, "windows")) + 1);
	if (!each(&r, root, "ranges", take_range) || !each(&r, root, "drivers", take_driver) ||
		!each(&r, root, "windows", take_window))
		return false;
	*out = r.m;
	out->nranges = json_count(json_get(root, "ranges"));
	out->ndrivers = json_count(json_get(root, "drivers"));
	out->nwindows = json_count(json_get(root, "windows"));
	out->ranges = r.ranges;
	out->drivers = r.drivers;
	out->windows = r.windows;
	return true;
}
