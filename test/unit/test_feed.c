/* The live feed: who gets what, resuming, overflow, ending. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/feed.h"
#include "app_help.h"
#include "base/limits.h"

static void woken(void *self)
{
	__atomic_add_fetch((int *)self, 1, __ATOMIC_SEQ_CST);
}

static struct feed *subscribe(
	struct world *w, const struct person *person, int64_t from, int *wakes)
{
	struct feed *feed;
	struct err err;
	assert_true(feed_open(w->app, person, from, woken, wakes, &feed, &err));
	return feed;
}

static void a_change_reaches_those_who_may_read_it(void **state)
{
	struct world *w = world_open();
	int wakes[3] = {0};
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person north = world_person(w, "north", "town", w->bureau_a, w->north);
	struct person south = world_person(w, "south", "town", w->bureau_b, w->south);
	struct feed *all = subscribe(w, &office, -1, &wakes[0]),
				*mine = subscribe(w, &north, -1, &wakes[1]);
	struct feed *other = subscribe(w, &south, -1, &wakes[2]);
	struct feed_event event;
	assert_false(feed_take(all, &event));
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	assert_true(feed_take(all, &event));
	const struct json *data;
	struct err err;
	assert_true(json_parse(w->a, slice_of(event.data), NULL, &data, &err));
	assert_string_equal(json_text(json_get(data, "register"), ""), "project");
	assert_string_equal(json_text(json_get(data, "id"), ""), world_id(w, id));
	assert_string_equal(json_text(json_get(data, "title"), ""), "厂房");
	assert_string_equal(json_text(json_get(data, "step"), ""), "create");
	assert_int_equal(json_int(json_get(data, "no"), 0), event.no);
	assert_true(feed_take(mine, &event));
	assert_false(feed_take(other, &event));
	assert_true(wakes[0] >= 1 && wakes[1] >= 1);
	assert_int_equal(wakes[2], 0);
	feed_close(all);
	feed_close(mine);
	feed_close(other);
	assert_int_equal(feed_count(w->app), 0);
	world_close(w);
	(void)state;
}

static void must_take(
	struct world *w, struct feed *feed, enum feed_kind kind, const char *step, struct uuid id)
{
	struct feed_event event;
	struct err err;
	const struct json *data;
	assert_true(feed_take(feed, &event));
	assert_int_equal(event.kind, kind);
	assert_true(json_parse(w->a, slice_of(event.data), NULL, &data, &err));
	assert_string_equal(json_text(json_get(data, "id"), ""), world_id(w, id));
	assert_int_equal(json_int(json_get(data, "no"), 0), event.no);
	assert_string_equal(json_text(json_get(data, "step"), ""), step);
	if (kind == FEED_GONE)
		assert_null(strstr(event.data, "title"));
}

static void what_leaves_ones_sight_is_said_to_be_gone(void **state)
{
	struct world *w = world_open();
	int wakes = 0;
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person north = world_person(w, "north", "town", w->bureau_a, w->north);
	struct person south = world_person(w, "south", "town", w->bureau_b, w->south);
	struct person enterprise =
		world_person(w, "enterprise", "enterprise", w->office_a, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->office_a, w->north);
	struct feed *all = subscribe(w, &office, -1, &wakes), *mine = subscribe(w, &north, -1, &wakes);
	struct feed *other = subscribe(w, &south, -1, &wakes),
				*company = subscribe(w, &enterprise, -1, &wakes);
	struct feed_event event;
	struct submitted moved =
		world_update(w, &office, "project", id, "\"lead_unit\":\"%s\"", world_id(w, w->bureau_b));
	must_take(w, all, FEED_CHANGE, "update", id);
	must_take(w, mine, FEED_CHANGE, "update", id); /* still in his area */
	must_take(w, other, FEED_CHANGE, "update", id);
	must_take(w, company, FEED_GONE, "", id);
	world_update(
		w, &office, "project", id, "\"area\":\"%s\",\"address\":\"新址\"", world_id(w, w->south));
	must_take(w, all, FEED_CHANGE, "update", id);
	must_take(w, mine, FEED_GONE, "", id);
	must_take(w, other, FEED_CHANGE, "update", id);
	assert_false(feed_take(company, &event)); /* never again */
	world_update(w, &office, "project", id, "\"address\":\"旧址\"");
	must_take(w, all, FEED_CHANGE, "update", id);
	assert_false(feed_take(mine, &event));
	feed_close(mine);
	/* a page that comes back hears of it too */
	mine = subscribe(w, &north, moved.journal, &wakes);
	must_take(w, mine, FEED_GONE, "", id);
	assert_false(feed_take(mine, &event));
	/* a subtree that moves: those who do not see everything load afresh */
	world_update(w, &office, "unit", w->office_a, "\"parent\":\"%s\"", world_id(w, w->bureau_b));
	must_take(w, all, FEED_CHANGE, "update", w->office_a);
	assert_false(feed_take(all, &event));
	assert_true(feed_take(mine, &event));
	assert_int_equal(event.kind, FEED_RESET);
	feed_close(all);
	feed_close(mine);
	feed_close(other);
	feed_close(company);
	world_close(w);
	(void)state;
}

static void what_is_deleted_is_told_to_whom_it_was_in_sight(void **state)
{
	struct world *w = world_open();
	int wakes = 0;
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person north = world_person(w, "north", "town", w->bureau_a, w->north);
	struct person south = world_person(w, "south", "town", w->bureau_b, w->south);
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct feed *mine = subscribe(w, &north, -1, &wakes), *other = subscribe(w, &south, -1, &wakes);
	struct feed_event event;
	struct submitted made;
	struct err err;
	assert_true(app_delete(w->app, w->a, &office, "project", id, 1, NULL, &made, &err));
	must_take(w, mine, FEED_CHANGE, "delete", id);
	assert_false(feed_take(other, &event));
	feed_close(mine);
	feed_close(other);
	world_close(w);
	(void)state;
}

static void a_page_resumes_where_it_was(void **state)
{
	struct world *w = world_open();
	int wakes = 0;
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct person south = world_person(w, "south", "town", w->bureau_b, w->south);
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct submitted seen = world_update(w, &office, "project", id, "\"address\":\"一路\"");
	world_update(w, &office, "project", id, "\"address\":\"二路\"");
	world_update(w, &office, "project", id, "\"address\":\"三路\"");
	world_reopen(w); /* nothing of it is in memory any more */
	struct feed *feed = subscribe(w, &office, seen.journal, &wakes);
	assert_int_equal(feed_begun(feed), seen.journal + 2);
	struct feed_event event;
	for (int i = 1; i <= 2; i++) {
		assert_true(feed_take(feed, &event));
		assert_int_equal(event.kind, FEED_CHANGE);
		assert_int_equal(event.no, seen.journal + i);
	}
	assert_false(feed_take(feed, &event));
	feed_close(feed);
	feed = subscribe(w, &south, seen.journal, &wakes); /* not his */
	assert_false(feed_take(feed, &event));
	feed_close(feed);
	feed = subscribe(w, &office, seen.journal + 1000, &wakes); /* a number that never was */
	assert_true(feed_take(feed, &event));
	assert_int_equal(event.kind, FEED_RESET);
	feed_close(feed);
	world_close(w);
	(void)state;
}

static void a_slow_page_is_told_to_load_afresh(void **state)
{
	struct world *w = world_open();
	int wakes = 0;
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct uuid id = world_project(w, "厂房", w->bureau_a, w->north);
	struct feed *feed = subscribe(w, &office, -1, &wakes);
	for (int i = 0; i < LIMIT_STREAM_QUEUE + 10; i++)
		world_update(w, &office, "project", id, "\"address\":\"%d号\"", i);
	struct feed_event event;
	assert_true(feed_take(feed, &event));
	assert_int_equal(event.kind, FEED_RESET);
	assert_false(feed_take(feed, &event));
	world_update(w, &office, "project", id, "\"address\":\"终\"");
	assert_true(feed_take(feed, &event));
	assert_int_equal(event.kind, FEED_CHANGE);
	feed_close(feed);
	world_close(w);
	(void)state;
}

static void an_account_that_changes_comes_again(void **state)
{
	struct world *w = world_open();
	int wakes = 0;
	struct person system = person_system("cli");
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct feed *feed = subscribe(w, &office, -1, &wakes);
	assert_false(feed_ended(feed));
	world_update(w, &system, "account", office.account, "\"roles\":[\"auditor\"]");
	assert_true(feed_ended(feed));
	feed_close(feed);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_change_reaches_those_who_may_read_it),
		cmocka_unit_test(what_leaves_ones_sight_is_said_to_be_gone),
		cmocka_unit_test(what_is_deleted_is_told_to_whom_it_was_in_sight),
		cmocka_unit_test(a_page_resumes_where_it_was),
		cmocka_unit_test(a_slow_page_is_told_to_load_afresh),
		cmocka_unit_test(an_account_that_changes_comes_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
