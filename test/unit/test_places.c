/* Where projects are, packed for a map: unpacked again it is what was entered, for whoever may see it. */
#include "cmocka_all.h"

#include "app/inside.h"
#include "app/places.h"
#include "app/submit.h"
#include "app_help.h"

static const struct json *places(struct world *w, const struct person *person)
{
	struct str out = STR_INIT;
	struct err err;
	struct query_text query = {0};
	assert_true(app_places_json(w->app, person, &query, &out, &err));
	return world_parse(w, &out);
}

/* The coordinate of point i in hundred-thousandths of a degree. */
static int64_t coordinate(const struct json *answer, const char *axis, int i)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
	const struct json *packed = json_get(answer, axis);
	int width = (int)json_int(json_get(packed, "letters"), 0);
	const char *text = json_text(json_get(packed, "text"), "");
	int64_t value = 0;
	for (int k = 0; k < width; k++)
		value = value * 64 + (strchr(letters, text[i * width + k]) - letters);
	return value + json_int(json_get(packed, "least"), 0);
}

/* The running number at the end of point i's; each but the first is a step from the one before. */
static int64_t running(const struct json *answer, int i)
{
	const struct json *numbers = json_get(answer, "numbers");
	const char *first = json_text(json_at(numbers, 0), "");
	int64_t n = strtol(strrchr(first, '-') + 1, NULL, 10);
	for (int k = 1; k <= i; k++)
		n += json_int(json_at(numbers, k), 0);
	return n;
}

static void put(struct world *w, const struct person *by, int i, struct uuid area)
{
	world_create(w, by, "project",
		"\"title\":\"%d\",\"category\":\"industry\",\"lead_unit\":\"%s\",\"area\":\"%s\",\"place\":"
		"{"
		"\"type\":\"Point\",\"coordinates\":[%s,%s]}",
		i, world_id(w, w->bureau_a), world_id(w, area),
		arena_printf(w->a, "%.6f", 121.5 + i * 0.0137),
		arena_printf(w->a, "%.6f", 31.2 - i * 0.25));
}

static void points_come_back_as_they_were(void **state)
{
	enum { PROJECTS = 13, GONE = 9 }; /* running numbers over a ten, with a gap */
	struct world *w = world_open();
	struct uuid none = {{0}};
	struct person office = world_person(w, "office", "office", none, none);
	struct person town = world_person(w, "town", "town", none, w->north);
	struct submitted out;
	struct err err;

	for (int i = 1; i <= PROJECTS; i++) {
		if (i == GONE) {
			struct uuid gone = world_project(w, "没有位置", w->bureau_a, w->south);
			assert_true(app_delete(w->app, w->a, &office, "project", gone, 0, NULL, &out, &err));
		} else {
			put(w, &office, i, i % 2 ? w->north : w->south);
		}
	}
	world_project(w, "也没有位置", w->bureau_a, w->south);

	const struct json *all = places(w, &office);
	assert_int_equal(json_count(json_get(all, "numbers")), PROJECTS - 1);
	assert_int_equal(strlen(json_text(json_get(all, "lights"), "")), PROJECTS - 1);
	assert_int_equal(json_int(json_get(all, "nowhere"), -1), 1);
	for (int i = 1, at = 0; i <= PROJECTS; i++) {
		if (i == GONE)
			continue;
		assert_int_equal(running(all, at), i);
		assert_int_equal(coordinate(all, "east", at), 12150000 + i * 1370);
		assert_int_equal(coordinate(all, "north", at), 3120000 - i * 25000);
		at++;
	}

	const struct json *own = places(w, &town); /* the odd ones, of the north */
	assert_int_equal(json_count(json_get(own, "numbers")), PROJECTS / 2);
	assert_int_equal(json_int(json_get(own, "nowhere"), -1), 0);
	assert_int_equal(coordinate(own, "east", PROJECTS / 2 - 1), 12150000 + PROJECTS * 1370);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(points_come_back_as_they_were),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
