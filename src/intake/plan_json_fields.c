/* The fields of our own plan format, one by one. */
#include "intake/plan_json_parts.h"

#include <math.h>

#include "base/num.h"
#include "base/utf8.h"

#define DAY_MINUTES 480
#define WEEK_DAYS 5
#define DURATION_MAX (1000000 * TICKS_PER_HOUR)

static bool at_place(struct pj_reader *r, const char *key)
{
	if (r->list)
		return err_in(r->err, "%s[%d].%s", r->list, r->index, key);
	return err_in(r->err, "%s", key);
}

bool pj_bad(struct pj_reader *r, const char *key, const char *value, const char *fmt)
{
	err_set(r->err, ERR_INPUT, NULL, fmt, value);
	return at_place(r, key);
}

bool pj_missing(struct pj_reader *r, const char *key, const char *what)
{
	return pj_bad(r, key, "", what);
}

bool pj_known_keys(
	struct pj_reader *r, const struct json *object, const char *const *keys, size_t n)
{
	if (object->type != JSON_IS_OBJECT)
		return pj_bad(r, "", "", "\"%s\" should be an object");
	for (int i = 0; i < object->nmembers; i++) {
		bool found = false;
		for (size_t k = 0; k < n && !found; k++)
			found = slice_is(object->members[i].key, keys[k]);
		if (!found)
			return pj_bad(r, object->members[i].key.s, object->members[i].key.s,
				"there is no key \"%s\" here");
	}
	return true;
}

bool pj_moment(struct pj_reader *r, const struct json *o, const char *key, struct moment *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	if (j->type != JSON_IS_TEXT || !moment_parse(j->text, out))
		return pj_bad(r, key, json_text(j, "?"), "\"%s\" is not a date between 1900 and 2199");
	return true;
}

bool pj_date(struct pj_reader *r, const struct json *o, const char *key, struct date *out)
{
	struct moment m = MOMENT_NONE;

	if (!pj_moment(r, o, key, &m))
		return false;
	if (!moment_is_none(m))
		*out = moment_date(m);
	return true;
}

const char *pj_text(const struct json *o, const char *key, const char *otherwise)
{
	return json_text(json_get(o, key), otherwise);
}

bool pj_id(struct pj_reader *r, const struct json *o, struct map *ids, int32_t i, const char **id)
{
	*id = pj_text(o, "id", "");
	if (!**id)
		return pj_missing(r, "id", "an id is missing");
	if (map_get(ids, slice_of(*id)) >= 0)
		return pj_bad(r, "id", *id, "the id \"%s\" stands twice");
	map_put(ids, slice_of(*id), i);
	return true;
}

bool pj_reference(
	struct pj_reader *r, const struct json *o, const char *key, const struct map *ids, int32_t *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	*out = j->type == JSON_IS_TEXT ? map_get(ids, j->text) : -1;
	return *out >= 0 || pj_bad(r, key, json_text(j, "?"), "\"%s\" is not in the plan");
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

void pj_calendar_lengths(const struct pj_reader *r, int32_t calendar, int32_t *day, int32_t *week)
{
	*day = calendar >= 0 && r->plan.calendars[calendar].day_minutes
		? r->plan.calendars[calendar].day_minutes
		: DAY_MINUTES;
	*week = calendar >= 0 && r->plan.calendars[calendar].week_minutes
		? r->plan.calendars[calendar].week_minutes
		: *day * WEEK_DAYS;
}

bool pj_duration(struct pj_reader *r, const struct json *o, const char *key, int32_t calendar,
	int32_t *out, bool *elapsed)
{
	const struct json *j = json_get(o, key);
	int32_t day, week;
	bool around = false;

	if (json_absent(j))
		return true;
	pj_calendar_lengths(r, calendar, &day, &week);
	if (j->type != JSON_IS_TEXT || !duration_parse(j->text, day, week, out, &around))
		return pj_bad(
			r, key, json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	if (elapsed)
		*elapsed = around;
	return true;
}

/* Hours or minutes of several units at once: more than a duration can be. */
bool pj_work(struct pj_reader *r, const struct json *o, const char *key, int64_t *out)
{
	const struct json *j = json_get(o, key);
	int64_t thousandths;

	if (json_absent(j))
		return true;
	char unit = j->type == JSON_IS_TEXT && j->text.n > 1 ? j->text.s[j->text.n - 1] : 0;
	if ((unit != 'h' && unit != 'm') ||
		!num_decimal((struct slice){j->text.s, j->text.n - 1}, 3, &thousandths, NULL))
		return pj_bad(
			r, key, json_text(j, "?"), "\"%s\" is not a duration such as 3d, 4h, 30m or 2ed");
	*out = num_muldiv(thousandths, unit == 'h' ? TICKS_PER_HOUR : TICKS_PER_MINUTE, 1000);
	return true;
}

/* A number times `scale`, kept where an int32 can hold it. */
bool pj_number(struct pj_reader *r, const struct json *o, const char *key, int scale, int32_t *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	double value = json_double(j, NAN) * scale;
	if (!(value > -1e9 && value < 1e9))
		return pj_bad(r, key, key, "\"%s\" is not a number, or is out of range");
	*out = (int32_t)(value < 0 ? value - 0.5 : value + 0.5);
	return true;
}

bool pj_choice(struct pj_reader *r, const struct json *o, const char *key, const char *const *words,
	int n, int *out)
{
	const struct json *j = json_get(o, key);

	if (json_absent(j))
		return true;
	for (int i = 0; j->type == JSON_IS_TEXT && i < n; i++)
		if (slice_is(j->text, words[i])) {
			*out = i;
			return true;
		}
	return pj_bad(r, key, json_text(j, "?"), "\"%s\" is not one of the choices");
}

bool pj_each(struct pj_reader *r, const struct json *root, const char *list,
	bool (*take)(struct pj_reader *, const struct json *))
{
	const struct json *j = json_get(root, list);

	if (json_absent(j))
		return true;
	if (j->type != JSON_IS_ARRAY)
		return pj_bad(r, list, list, "\"%s\" should be a list");
	r->list = list;
	for (r->index = 0; r->index < j->n; r->index++)
		if (!take(r, json_at(j, r->index)))
			return false;
	r->list = NULL;
	return true;
}
