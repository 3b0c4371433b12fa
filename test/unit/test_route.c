/* The route tables keep what they promise, and an address finds its row. */
#include "cmocka_all.h"

#include <stdio.h>

#include "base/arena.h"
#include "web/reply.h"
#include "web/route.h"

static const struct input *input_named(
	const struct route *route, enum place place, const char *name, size_t n)
{
	for (const struct input *in = route->inputs; in && in->name; in++)
		if (in->place == place && strlen(in->name) == n && memcmp(in->name, name, n) == 0)
			return in;
	return NULL;
}

static void every_row_is_whole(void **state)
{
	for (int i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		assert_int_equal(route_index(r), i);
		assert_true(r->path[0] == '/');
		assert_non_null(r->handler);
		assert_true(r->about.zh && r->about.zh[0] && r->about.en && r->about.en[0]);
		int n = 0;
		for (const struct input *in = r->inputs; in && in->name; in++, n++) {
			assert_true(in->about.zh && in->about.en);
			if (in->place != IN_BODY)
				assert_true(in->type != INPUT_FLAG && in->type != INPUT_OBJECT);
			if (in->place == IN_PATH)
				assert_true(in->required);
			if (in->place == IN_BODY)
				assert_true(r->body == BODY_JSON || r->body == BODY_MAYBE);
			if (in->type == INPUT_TEXT)
				assert_true(in->most > 0);
		}
		assert_true(n <= ROUTE_INPUTS);
	}
}

static void every_variable_of_a_path_is_an_input(void **state)
{
	for (int i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		int variables = 0, inputs = 0;
		for (const char *at = strchr(r->path, '{'); at; at = strchr(at + 1, '{'), variables++)
			if (!input_named(r, IN_PATH, at + 1, strcspn(at + 1, "}")))
				fail_msg("%s: a variable is not among its inputs", r->path);
		for (const struct input *in = r->inputs; in && in->name; in++)
			inputs += in->place == IN_PATH;
		assert_int_equal(variables, inputs);
	}
}

static void reading_changes_nothing_and_changing_is_guarded(void **state)
{
	for (int i = 0; i < route_count(); i++) {
		const struct route *r = route_at(i);
		if (r->method == METHOD_GET) {
			assert_int_equal(r->body, BODY_NONE);
			assert_false(r->flags & (ROUTE_VERSION | ROUTE_ONCE | ROUTE_NO_CSRF));
		} else {
			/* a durable write waits for the disk: never on an event thread */
			assert_false(r->flags & ROUTE_QUICK);
		}
		if (r->flags & ROUTE_NO_CSRF)
			assert_string_equal(r->path, "/api/session");
		for (int j = 0; j < i; j++)
			assert_false(
				route_at(j)->method == r->method && strcmp(route_at(j)->path, r->path) == 0);
	}
}

static const struct route *find(enum method method, const char *path, char *allow, size_t room)
{
	struct arena *a = arena_open();
	struct request req = {.a = a, .method = method};
	const struct route *route = NULL;
	struct str other = STR_INIT;
	struct slice query;
	struct err err;

	assert_true(http_split_target(a, slice_of(path), req.segments, &req.nsegments, &query, &err));
	if (!route_find(&req, &route, &other))
		snprintf(allow, room, "%s", str_text(&other));
	str_free(&other);
	arena_close(a);
	return route;
}

static void addresses_find_their_row(void **state)
{
	char allow[200] = "";

	assert_string_equal(
		find(METHOD_GET, "/api/r/project", allow, sizeof allow)->path, "/api/r/{register}");
	assert_string_equal(find(METHOD_GET, "/api/export/project.csv", allow, sizeof allow)->path,
		"/api/export/{register}.csv");
	assert_string_equal(find(METHOD_GET, "/api/export/project.xlsx", allow, sizeof allow)->path,
		"/api/export/{register}.xlsx");
	assert_string_equal(find(METHOD_POST, "/api/rulesets/preview", allow, sizeof allow)->path,
		"/api/rulesets/preview");
	assert_null(find(METHOD_GET, "/api/export/.csv", allow, sizeof allow));
	assert_string_equal(allow, "");
	assert_null(find(METHOD_GET, "/api/r/project/", allow, sizeof allow));
	assert_null(find(METHOD_GET, "/api/R/project", allow, sizeof allow));
	assert_null(find(METHOD_DELETE, "/api/wall", allow, sizeof allow));
	assert_string_equal(allow, "GET, HEAD");
	assert_null(find(METHOD_OTHER, "/api/r/project/x", allow, sizeof allow));
	assert_string_equal(allow, "GET, HEAD, PATCH, DELETE");
}

static void bodies_have_limits(void **state)
{
	char allow[200];

	assert_int_equal(route_body_limit(find(METHOD_GET, "/api/wall", allow, sizeof allow)), 0);
	assert_int_equal(route_body_limit(find(METHOD_POST, "/api/r/project", allow, sizeof allow)),
		LIMIT_BODY_BYTES);
	assert_int_equal(
		route_body_limit(find(METHOD_POST, "/api/files", allow, sizeof allow)), LIMIT_UPLOAD_BYTES);
	assert_int_equal(
		route_body_limit(find(METHOD_POST, "/api/session", allow, sizeof allow)), 4096);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_row_is_whole),
		cmocka_unit_test(every_variable_of_a_path_is_an_input),
		cmocka_unit_test(reading_changes_nothing_and_changing_is_guarded),
		cmocka_unit_test(addresses_find_their_row),
		cmocka_unit_test(bodies_have_limits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
