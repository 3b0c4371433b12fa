/* What reports and nodes say, laid over plans. Every date was counted by hand on a calendar: five days a week, no holidays. */
#include <stdio.h>

#include "cmocka_all.h"

#include "intake/plan_json.h"
#include "sched/progress.h"
#include "sched/sched.h"

#define PLAN                                                                                       \
	"{\"guatu_plan\":1,\"calendars\":[{\"id\":\"c\",\"week\":{\"mon-fri\":\"08:00-12:00 "          \
	"13:00-17:00\"}}],\"projects\":[{\"id\":\"P\",\"start\":\"2026-03-02\",\"calendar\":\"c\"}],"

/* piling 10 days, foundation 10 days, structure 20 days, the finish */
static const char row[] = PLAN
	"\"tasks\":[{\"id\":\"A\",\"duration\":\"10d\",\"stage\":\"piling\",\"quantity\":20,\"quantity_"
	"unit\":\"%\"},{\"id\":\"B\",\"duration\":\"10d\",\"stage\":\"foundation\",\"quantity\":30,"
	"\"quantity_unit\":\"%\"},{\"id\":\"C\",\"duration\":\"20d\",\"stage\":\"structure\","
	"\"quantity\":50,\"quantity_unit\":\"%\"},{\"id\":\"F\",\"type\":\"finish_milestone\"}],"
	"\"links\":[{\"from\":\"A\",\"to\":\"B\"},{\"from\":\"B\",\"to\":\"C\"},{\"from\":\"C\",\"to\":"
	"\"F\"}]}";

static struct arena *a;

static struct plan plan_of(const char *text)
{
	struct err err = {0};
	struct plan plan;
	if (!plan_json_read(a, slice_of(text), &plan, &err))
		fail_msg("%s does not read", text);
	return plan;
}

static struct date day(const char *text)
{
	struct date d;
	assert_true(date_parse_iso(slice_of(text), &d));
	return d;
}

/* "2026-03-31", "2026-03-31 piling", "2026-03-31 piling 35": percent of all works; "120 m": a quantity instead */
static struct site_report report(const char *text)
{
	struct site_report r = {.percent = -1, .quantity = -1};
	char until[11] = "", *stage = arena_alloc(a, 32), *unit = arena_alloc(a, 8);
	int n = 0;
	int got = sscanf(text, "%10s %31s %d %7s", until, stage, &n, unit);
	r.until = day(until);
	r.stage = got > 1 && strcmp(stage, "-") != 0 ? stage : NULL;
	if (got == 3)
		r.percent = n * 100;
	else if (got == 4) {
		r.quantity = n * 1000;
		r.unit = unit;
	}
	return r;
}

static struct schedule dated(const char *text, const struct reached *reached, int32_t nreached,
	int32_t nreports, const char *const *reports)
{
	struct plan plan = plan_of(text);
	struct site_report list[8];
	struct schedule s;
	struct err err = {0};

	for (int32_t i = 0; i < nreports; i++)
		list[i] = report(reports[i]);
	struct plan *with = arena_alloc(a, sizeof(*with));
	*with = plan_with_progress(a, &plan,
		&(struct site_facts){
			.reached = reached, .nreached = nreached, .reports = list, .nreports = nreports});
	assert_true(sched_run(a, with, NULL, &s, &err));
	return s;
}
#define REPORTS(...)                                                                               \
	(int32_t)(sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *)), (const char *const[])  \
	{                                                                                              \
		__VA_ARGS__                                                                                \
	}

static void expect_at(
	const struct schedule *s, const char *id, const char *start, const char *finish, int line)
{
	char from[20], to[20];
	for (int32_t i = 0; i < s->plan->ntasks; i++)
		if (strcmp(s->plan->tasks[i].id, id) == 0) {
			moment_text(s->tasks[i].start, from);
			moment_text(s->tasks[i].finish, to);
			if (strncmp(from, start, strlen(start)) != 0 ||
				strncmp(to, finish, strlen(finish)) != 0)
				fail_msg("line %d: %s stands at %s .. %s", line, id, from, to);
			return;
		}
	fail_msg("line %d: no task %s", line, id);
}
#define EXPECT(id, start, finish) expect_at(&s, id, start, finish, __LINE__)

static void test_no_stage_named(void **state)
{
	struct schedule s = dated(row, NULL, 0, REPORTS("2026-03-31"));
	EXPECT("A", "2026-04-01", "2026-04-14");
	EXPECT("C", "2026-04-29", "2026-05-26");
	(void)state;
}

static void test_a_stage_begins_its_task(void **state)
{
	/* the first report: its own day, a Tuesday; nine days are left */
	struct schedule s = dated(row, NULL, 0, REPORTS("2026-03-31 piling"));
	EXPECT("A", "2026-03-31", "2026-04-13");
	EXPECT("B", "2026-04-14", "2026-04-27");
	/* after another report: the day after it, a Sunday, so Monday; its time is up, so a day is left */
	s = dated(row, NULL, 0, REPORTS("2026-02-28", "2026-03-31 piling"));
	EXPECT("A", "2026-03-02", "2026-04-01");
	EXPECT("B", "2026-04-02", "2026-04-15");
	EXPECT("C", "2026-04-16", "2026-05-13");
	(void)state;
}

static void test_what_leads_up_to_it_is_complete(void **state)
{
	struct schedule s =
		dated(row, NULL, 0, REPORTS("2026-02-28", "2026-03-31 piling", "2026-04-30 foundation"));
	EXPECT("A", "2026-03-02", "2026-03-31T17:00"); /* it went on while it was named */
	EXPECT("B", "2026-04-01", "2026-05-01");
	EXPECT("C", "2026-05-04", "2026-05-29");
	/* never named, it takes its ten days before what follows */
	s = dated(row, NULL, 0, REPORTS("2026-03-31", "2026-04-30 foundation"));
	EXPECT("A", "2026-03-18", "2026-04-01T08:00");
	assert_int_equal(s.plan->tasks[0].state, TASK_COMPLETE);
	(void)state;
}

static void test_what_is_under_a_summary_is_complete(void **state)
{
	static const char outline[] =
		"{\"guatu_plan\":1,\"calendars\":[{\"id\":\"c\",\"week\":{\"mon-fri\":\"08:00-12:00 "
		"13:00-17:00\"}}],"
		"\"projects\":[{\"id\":\"P\",\"start\":\"2026-03-02\",\"calendar\":\"c\"}],\"tasks\":["
		"{\"id\":\"before\",\"duration\":\"2d\"},{\"id\":\"S\",\"type\":\"summary\"},"
		"{\"id\":\"P1\",\"parent\":\"S\",\"duration\":\"3d\"},{\"id\":\"T\",\"parent\":\"S\","
		"\"type\":\"summary\"},"
		"{\"id\":\"P2\",\"parent\":\"T\",\"duration\":\"5d\"},"
		"{\"id\":\"F\",\"duration\":\"10d\",\"stage\":\"foundation\"},{\"id\":\"other\","
		"\"duration\":\"4d\"}],"
		"\"links\":[{\"from\":\"before\",\"to\":\"S\"},{\"from\":\"S\",\"to\":\"F\"},"
		"{\"from\":\"S\",\"to\":\"other\",\"type\":\"SS\"}]}";
	struct schedule s = dated(outline, NULL, 0, REPORTS("2026-03-31", "2026-04-30 foundation"));
	static const enum task_state states[] = {TASK_COMPLETE, TASK_NOT_STARTED, TASK_COMPLETE,
		TASK_NOT_STARTED, TASK_COMPLETE, TASK_ACTIVE, TASK_NOT_STARTED};
	for (int32_t i = 0; i < s.plan->ntasks; i++)
		if (s.plan->tasks[i].type != TASK_SUMMARY)
			assert_int_equal(s.plan->tasks[i].state, states[i]);
	EXPECT("P1", "2026-03-27", "2026-04-01T08:00"); /* three days before what follows */
	EXPECT("P2", "2026-03-25", "2026-04-01T08:00");
	EXPECT("before", "2026-03-23", "2026-03-25");
	(void)state;
}

static void test_a_report_says_how_far(void **state)
{
	/* piling takes its ten days; 35 of 100 are done, 20 of them piling: half of the foundation */
	struct schedule s =
		dated(row, NULL, 0, REPORTS("2026-03-31 piling", "2026-04-30 foundation 35"));
	EXPECT("B", "2026-04-14", "2026-05-07");
	EXPECT("C", "2026-05-08", "2026-06-04");
	/* less than what is complete before it: nothing of it */
	s = dated(row, NULL, 0, REPORTS("2026-03-31 piling", "2026-04-30 foundation 10"));
	EXPECT("B", "2026-04-14", "2026-05-14");
	/* 40 of 120 metres are two thirds to go */
	static const char pipe[] =
		PLAN "\"tasks\":[{\"id\":\"A\",\"duration\":\"30d\",\"stage\":\"piling\",\"quantity\":120,"
			 "\"quantity_unit\":\"m\"}]}";
	s = dated(pipe, NULL, 0, REPORTS("2026-03-31 piling 40 m"));
	EXPECT("A", "2026-03-31", "2026-04-28");
	(void)state;
}

static void test_tasks_of_one_stage_in_a_row(void **state)
{
	static const char low_high[] = PLAN
		"\"tasks\":[{\"id\":\"L\",\"duration\":\"10d\",\"stage\":\"structure\"},{\"id\":\"H\","
		"\"duration\":\"10d\",\"stage\":\"structure\"}],\"links\":[{\"from\":\"L\",\"to\":\"H\"}]}";
	/* thirteen days since the first of April: ten below, three above */
	struct schedule s = dated(low_high, NULL, 0, REPORTS("2026-03-31", "2026-04-17 structure"));
	EXPECT("L", "2026-04-01", "2026-04-14T17:00");
	EXPECT("H", "2026-04-15", "2026-04-28");
	(void)state;
}

static void test_behind_a_third(void **state)
{
	static const char road[] = PLAN
		"\"tasks\":[{\"id\":\"E\",\"duration\":\"10d\",\"stage\":\"subgrade\"},{\"id\":\"X\","
		"\"duration\":\"10d\",\"stage\":\"bridge_tunnel\"},{\"id\":\"G\",\"duration\":\"10d\","
		"\"stage\":\"subgrade\"}],\"links\":[{\"from\":\"E\",\"to\":\"X\"},{\"from\":\"X\",\"to\":"
		"\"G\"}]}";
	struct schedule s = dated(road, NULL, 0, REPORTS("2026-03-31 subgrade"));
	EXPECT("E", "2026-03-31", "2026-04-13");
	EXPECT("X", "2026-04-14", "2026-04-27");
	assert_int_equal(s.plan->tasks[2].state, TASK_NOT_STARTED);
	(void)state;
}

static void test_a_stage_no_longer_named(void **state)
{
	static const char beside[] =
		PLAN "\"tasks\":[{\"id\":\"P\",\"duration\":\"5d\",\"stage\":\"piling\"},{\"id\":\"Q\","
			 "\"duration\":\"20d\",\"stage\":\"structure\"},{\"id\":\"S\",\"duration\":\"30d\"}],"
			 "\"links\":[{\"from\":\"S\",\"to\":\"Q\",\"type\":\"SS\"}]}";
	struct schedule s =
		dated(beside, NULL, 0, REPORTS("2026-03-13 piling", "2026-04-10 structure"));
	EXPECT("P", "2026-03-13", "2026-03-19T17:00");
	EXPECT("Q", "2026-03-16", "2026-04-13");
	/* what it begins with has begun with it: twenty days done, ten left */
	EXPECT("S", "2026-03-16", "2026-04-24");
	(void)state;
}

static void test_nodes(void **state)
{
	static const char node[] = PLAN
		"\"tasks\":[{\"id\":\"S\",\"type\":\"summary\"},{\"id\":\"A\",\"duration\":\"10d\","
		"\"parent\":\"S\"},{\"id\":\"M\",\"type\":\"finish_milestone\",\"parent\":\"S\"},{\"id\":"
		"\"B\",\"duration\":\"10d\"}],\"links\":[{\"from\":\"A\",\"to\":\"M\"},{\"from\":\"M\","
		"\"to\":\"B\"}]}";
	struct reached reached = {2, DATE_NONE, day("2026-03-20")};
	struct schedule s = dated(node, &reached, 1, REPORTS("2026-04-30"));
	EXPECT("A", "2026-03-09", "2026-03-20T17:00");
	EXPECT("S", "2026-03-09", "2026-03-20T17:00"); /* not from the data date on */
	EXPECT("B", "2026-05-01", "2026-05-14");
	/* not before the plan began */
	reached.finished = day("2026-03-06");
	s = dated(node, &reached, 1, REPORTS("2026-04-30"));
	EXPECT("A", "2026-03-02", "2026-03-06T17:00");
	/* begun and not finished: at least a day is left */
	reached = (struct reached){3, day("2026-03-09"), DATE_NONE};
	s = dated(node, &reached, 1, REPORTS("2026-04-30"));
	EXPECT("B", "2026-03-09", "2026-05-01");
	EXPECT("A", "2026-03-02", "2026-03-09T08:00");
	(void)state;
}

/* Nobody reports, and yet a node was reached: what is left lies after it, not where the plan once drew it. */
static void test_a_node_moves_the_data_date(void **state)
{
	static const char beside[] =
		PLAN "\"tasks\":[{\"id\":\"M\",\"type\":\"finish_milestone\"},{\"id\":\"B\",\"duration\":"
			 "\"10d\"},"
			 "{\"id\":\"C\",\"duration\":\"5d\"}],\"links\":[{\"from\":\"M\",\"to\":\"B\"}]}";
	struct reached reached = {0, DATE_NONE, day("2026-04-15")};
	struct schedule s = dated(beside, &reached, 1, 0, NULL);
	EXPECT("B", "2026-04-16", "2026-04-29");
	EXPECT("C", "2026-04-16", "2026-04-22");
	s = dated(beside, &reached, 1, REPORTS("2026-03-31"));
	EXPECT("C", "2026-04-16", "2026-04-22");
	s = dated(beside, &reached, 1, REPORTS("2026-04-30"));
	EXPECT("C", "2026-05-01", "2026-05-07");
	(void)state;
}

/* What two things follow was complete before the earlier of them. */
static void test_before_both(void **state)
{
	static const char fork[] = PLAN
		"\"tasks\":[{\"id\":\"S\",\"type\":\"start_milestone\"},{\"id\":\"A\",\"duration\":"
		"\"5d\"},{\"id\":\"B\",\"duration\":\"10d\"},{\"id\":\"M\",\"type\":"
		"\"finish_milestone\"}],\"links\":[{\"from\":\"S\",\"to\":\"A\"},{\"from\":\"S\",\"to\":"
		"\"B\"},{\"from\":\"A\",\"to\":\"M\"},{\"from\":\"B\",\"to\":\"M\"}]}";
	struct reached reached = {3, DATE_NONE, day("2026-03-27")};
	struct schedule s = dated(fork, &reached, 1, 0, NULL);
	EXPECT("A", "2026-03-23", "2026-03-27");
	EXPECT("B", "2026-03-16", "2026-03-27");
	EXPECT("S", "2026-03-16T08:00", "2026-03-16T08:00");
	(void)state;
}

/* A stage that began before what it waits for was complete, by the reports: it began the day after. */
static void test_after_a_node(void **state)
{
	static const char node[] =
		PLAN "\"tasks\":[{\"id\":\"M\",\"type\":\"finish_milestone\"},{\"id\":\"B\",\"duration\":"
			 "\"10d\",\"stage\":\"piling\"}],\"links\":[{\"from\":\"M\",\"to\":\"B\"}]}";
	struct reached reached = {0, DATE_NONE, day("2026-04-15")};
	struct schedule s = dated(node, &reached, 1, REPORTS("2026-03-31", "2026-04-21 piling"));
	EXPECT("B", "2026-04-16", "2026-04-29"); /* four days done, six left from the 22nd */
	(void)state;
}

static int open_arena(void **state)
{
	(void)state;
	a = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	(void)state;
	arena_close(a);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test(test_no_stage_named),
		cmocka_unit_test(test_a_stage_begins_its_task),
		cmocka_unit_test(test_what_leads_up_to_it_is_complete),
		cmocka_unit_test(test_what_is_under_a_summary_is_complete),
		cmocka_unit_test(test_a_report_says_how_far),
		cmocka_unit_test(test_tasks_of_one_stage_in_a_row), cmocka_unit_test(test_behind_a_third),
		cmocka_unit_test(test_a_stage_no_longer_named), cmocka_unit_test(test_nodes),
		cmocka_unit_test(test_a_node_moves_the_data_date), cmocka_unit_test(test_before_both),
		cmocka_unit_test(test_after_a_node)};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
