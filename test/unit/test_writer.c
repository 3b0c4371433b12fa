/* The writer: in bulk, for many at once, one process alone, a journal whose instants do not go back. */
#include "test/unit/cmocka_all.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "store/care.h"
#include "store/clock_rows.h"
#include "test/unit/store_help.h"

static bool no_finding(void *self, const struct finding_row *finding)
{
	fail_msg("%s", finding->kind);
	return false;
}

static void test_bulk(void **state)
{
	struct help *h = *state;
	struct uuid project = {{5}};
	struct record **rows;
	struct err err;
	int n;
	help_must(store_bulk(h->store, true, &err), &err);
	for (int i = 0; i < 12; i++) {
		struct help_write w = help_create(h, "大批量");
		help_set(h, &w, "project", help_id(project));
		help_one(h, &w);
	}
	const struct field *ref = help_field(h, "project");
	struct uuid first = {{0}};
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, first, 100, &rows, &n, &err), &err);
	assert_int_equal(n, 12); /* committed, though no index leads there */
	help_must(store_bulk(h->store, false, &err), &err);
	assert_int_equal(help_found(h, "批量"), 12);
	struct help_write more = help_create(h, "之后");
	help_one(h, &more);
	help_reopen(h); /* nothing is left to be done */
	assert_int_equal(help_found(h, "批量"), 12);
	assert_int_equal(help_found(h, "之后"), 1);
	help_must(store_bulk(h->store, true, &err), &err);
	struct help_write last = help_create(h, "中途");
	help_one(h, &last);
	help_reopen(h); /* ended in the middle: the indexes come back, the search follows */
	help_must(
		store_children(h->store, h->a, h->thing, ref, project, first, 100, &rows, &n, &err), &err);
	assert_int_equal(n, 12);
	assert_int_equal(help_found(h, "中途"), 1);
	int64_t findings = -1;
	help_must(store_fsck(h->store, NULL, no_finding, NULL, &findings, &err), &err);
	assert_int_equal(findings, 0);
}

/* ---- many at once ---- */

struct client {
	struct help *h;
	int n;
	atomic_int *conflicts;
};

static void *client_run(void *self)
{
	struct client *c = self;
	struct arena *a = arena_open();
	for (int i = 0; i < c->n; i++) {
		struct err err;
		struct batch_result out;
		struct help_write w = help_create(c->h, "client");
		char code[32];
		snprintf(code, sizeof code, "%d", i); /* every client tries every code: one wins */
		help_set(c->h, &w, "code", help_text(code));
		w.write.fields = w.fields;
		w.write.values = w.values;
		struct batch b = {
			.who = HELP_WHO, .via = "test", .at = help_at(), .writes = &w.write, .n = 1};
		if (!store_submit(c->h->store, a, &b, &out, &err)) {
			assert_int_equal(err.code, ERR_CONFLICT);
			atomic_fetch_add(c->conflicts, 1);
		}
	}
	arena_close(a);
	return NULL;
}

struct order {
	int64_t last;
	int n;
	bool bad;
};

static void hook(void *self, const struct change *changes, int n)
{
	struct order *o = self;
	for (int i = 0; i < n; i++) {
		o->bad |= changes[i].no != o->last + 1;
		o->last = changes[i].no;
	}
	o->n += n;
}

static void test_concurrent(void **state)
{
	struct help *h = *state;
	pthread_t threads[8];
	atomic_int conflicts = 0;
	struct order order = {0};
	struct client c = {h, 50, &conflicts};
	int count = 0;
	struct err err;
	struct journal_head head;
	store_on_commit(h->store, hook, &order);
	for (size_t i = 0; i < countof(threads); i++)
		pthread_create(&threads[i], NULL, client_run, &c);
	for (size_t i = 0; i < countof(threads); i++)
		pthread_join(threads[i], NULL);
	help_must(store_scan(h->store, h->thing, help_count, &count, &err), &err);
	assert_int_equal(count, 50);
	assert_int_equal(conflicts, 7 * 50);
	help_must(journal_head(h->store, &head, &err), &err);
	assert_int_equal(head.no, 50);
	assert_int_equal(order.n, 50);
	assert_false(order.bad);
}

static void test_large_batch(void **state)
{
	struct help *h = *state;
	enum { N = 20000 };
	struct write *writes = ARENA_ARRAY(h->a, struct write, N);
	const struct field *title = help_field(h, "title");
	struct value *values = ARENA_ARRAY(h->a, struct value, N);
	struct batch_result out;
	struct err err;
	int count = 0;
	for (int i = 0; i < N; i++) {
		values[i] = help_text(arena_printf(h->a, "项目 %d", i));
		writes[i] = (struct write){.verb = WRITE_CREATE,
			.reg = h->thing,
			.state = "fresh",
			.n = 1,
			.fields = &title,
			.values = &values[i]};
	}
	help_must(help_submit(h, writes, N, &out, &err), &err);
	assert_string_equal(out.results[N - 1].number, "DX2026-20000");
	help_must(store_scan(h->store, h->thing, help_count, &count, &err), &err);
	assert_int_equal(count, N);
	assert_int_equal(help_found(h, "19999"), 2); /* a title and a number */
}

/* ---- one writer ---- */

static void test_one_process_writes(void **state)
{
	struct help *h = *state;
	struct store *second = NULL;
	struct err err;
	struct store_options options = {.folder = h->folder};
	struct help_write w = help_create(h, "seen");
	struct written made = help_one(h, &w);
	assert_false(store_open(&options, &second, &err));
	assert_int_equal(err.code, ERR_BUSY);
	options.read_only = true;
	help_must(store_open(&options, &second, &err), &err);
	help_must(store_migrate(second, h->catalogue, &err), &err);
	struct record *r;
	help_must(store_get(second, h->a, h->thing, made.id, &r, &err), &err);
	struct batch_result out;
	struct batch b = {.who = HELP_WHO, .via = "test", .at = help_at(), .writes = &w.write, .n = 1};
	assert_false(store_submit(second, h->a, &b, &out, &err));
	store_close(second);
}

static void submit_at(struct help *h, struct instant at, bool told)
{
	struct help_write w = help_create(h, "时");
	struct clock_row row = {.record = {{9}},
		.reg = "thing",
		.clock = "answer",
		.run = 1,
		.started = at,
		.due = {at.ms + 1},
		.warn_at = INSTANT_NONE,
		.stopped = INSTANT_NONE,
		.paused_at = INSTANT_NONE,
		.next_level_at = INSTANT_NONE,
		.next_at = INSTANT_NONE,
		.held_since = INSTANT_NONE};
	struct batch b = {.who = HELP_WHO,
		.via = "test",
		.at = at,
		.writes = &w.write,
		.n = 1,
		.clocks = &row,
		.nclocks = 1,
		.told = told};
	struct batch_result out;
	struct err err;
	w.write.fields = w.fields;
	w.write.values = w.values;
	help_must(store_submit(h->store, h->a, &b, &out, &err), &err);
}

static struct instant last_at(struct help *h)
{
	struct journal_head head;
	struct err err;
	help_must(journal_head(h->store, &head, &err), &err);
	return head.at;
}

static int64_t no_at(struct help *h, struct instant at)
{
	int64_t no;
	struct err err;
	help_must(journal_at(h->store, at, &no, &err), &err);
	return no;
}

/* A machine's clock that is set back a little: the journal does not go back, and neither do clocks that began with it. */
static void test_instants_do_not_go_back(void **state)
{
	struct help *h = *state;
	struct err err;
	struct clock_row *rows;
	int n;
	struct instant noon = help_at(), early = {noon.ms - 3600000},
				   wrong = {noon.ms - 3 * MS_PER_DAY};
	submit_at(h, noon, false);
	submit_at(h, early, false);
	assert_int_equal(last_at(h).ms, noon.ms);
	help_must(clock_rows_of(h->store, h->a, (struct uuid){{9}}, &rows, &n, &err), &err);
	assert_int_equal(rows[0].started.ms, noon.ms);
	assert_int_equal(no_at(h, noon), 2);
	assert_int_equal(no_at(h, (struct instant){noon.ms - 1}), 0);
	help_reopen(h); /* it is the journal that knows, not this run */
	submit_at(h, early, false);
	assert_int_equal(last_at(h).ms, noon.ms);
	submit_at(h, early, true); /* the demo tells of the past */
	assert_int_equal(last_at(h).ms, early.ms);
	submit_at(h, wrong, false); /* days back: it was wrong before */
	assert_int_equal(last_at(h).ms, wrong.ms);
	assert_int_equal(no_at(h, wrong), 5);
	assert_int_equal(no_at(h, early), 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, help_begin, help_end)
	const struct CMUnitTest tests[] = {
		TEST(test_bulk),
		TEST(test_concurrent),
		TEST(test_large_batch),
		TEST(test_one_process_writes),
		TEST(test_instants_do_not_go_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
