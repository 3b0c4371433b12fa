/* Clocks and steps, played through on the shipped definitions: the problem loop of 泉州 2022, a milestone, late starts. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "model/clock.h"
#include "model/step.h"

static struct arena *a;
static const struct catalogue *catalogue;
static struct ladder_set ladders;
static struct clock_context ctx;

static struct date day(const char *iso)
{
	struct date d;
	assert_true(date_parse_iso(slice_of(iso), &d));
	return d;
}

/* "2026-03-02 09:00", Chinese time */
static struct instant at(const char *text)
{
	char iso[32];
	struct instant t;
	snprintf(iso, sizeof(iso), "%.10sT%s:00+08:00", text, text + 11);
	assert_true(instant_parse_iso(slice_of(iso), OFFSET_CHINA, &t));
	return t;
}

static int setup(void **state)
{
	struct err err;
	a = arena_open();
	assert_true(catalogue_builtin(NULL, 0, 1, &catalogue, &err));
	assert_true(ladder_builtin(a, &ladders, &err));
	ctx = (struct clock_context){NULL, &ladders, OFFSET_CHINA};
	assert_true(calendar_builtin(a, NULL, 0, &ctx.calendar, &err));
	return 0;
}

static int teardown(void **state)
{
	catalogue_close(catalogue);
	arena_close(a);
	return 0;
}

/* One record with all its clocks, moved by steps as the app moves it. */
struct play {
	struct record *record;
	struct clock_row rows[16];
	struct clock_events events;
};

static struct uuid person(int i)
{
	return (struct uuid){{(uint8_t)i}};
}

static void set(struct play *p, const char *field, struct value v)
{
	const struct field *f = register_field(p->record->reg, field);
	assert_non_null(f);
	p->record->values[f->index] = v;
}

static void change(struct play *p, const char *before, const char *step, const char *when)
{
	const struct register_def *reg = p->record->reg;
	p->events.n = 0;
	for (int i = 0; i < reg->nclocks; i++)
		clock_change(
			&ctx, &reg->clocks[i], p->record, before, step, at(when), &p->rows[i], &p->events);
}

static struct play begin(const char *reg, const char *first, const char *when)
{
	struct play p = {.record = record_new(a, catalogue_find(catalogue, reg))};
	p.record->id = person(99);
	p.record->created_by = p.record->changed_by = person(1);
	p.record->state = first ? first : step_first_state(p.record->reg);
	for (int i = 0; i < p.record->reg->nclocks; i++)
		p.rows[i] = clock_row_new(p.record->reg, &p.record->reg->clocks[i], p.record->id);
	return p;
}

static struct clock_row *row(struct play *p, const char *clock)
{
	for (int i = 0; i < p->record->reg->nclocks; i++)
		if (strcmp(p->record->reg->clocks[i].name, clock) == 0)
			return &p->rows[i];
	fail_msg("no clock %s", clock);
	return NULL;
}

static const struct clock_def *def(struct play *p, const char *clock)
{
	return &p->record->reg->clocks[row(p, clock) - p->rows];
}

static bool ask(struct play *p, const char *step, const char *role, int who, const char *when,
	struct step_outcome *out, struct err *err)
{
	const char *roles[] = {role};
	struct step_request q = {.reg = p->record->reg,
		.record = p->record,
		.step = register_step(p->record->reg, step),
		.roles = roles,
		.nroles = 1,
		.maker = step_maker(p->record, person(who)),
		.now = at(when),
		.clocks = p->rows,
		.nclocks = p->record->reg->nclocks,
		.ctx = &ctx,
		.offset_minutes = OFFSET_CHINA};
	assert_non_null(q.step);
	return step_take(&q, out, err);
}

static void take(struct play *p, const char *step, const char *role, int who, const char *when)
{
	struct step_outcome out;
	struct err err;
	struct str said = STR_INIT;
	if (!ask(p, step, role, who, when, &out, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s: %s", step, str_text(&said));
	}
	const char *before = p->record->state;
	p->record->state = out.state;
	p->record->changed_by = person(who);
	if (out.stamp)
		p->record->values[out.stamp->index] = out.stamp_value;
	change(p, before, step, when);
}

static void refused(struct play *p, const char *step, const char *role, int who, const char *when,
	enum err_code code)
{
	struct step_outcome out = {0};
	struct err err;
	assert_false(ask(p, step, role, who, when, &out, &err));
	assert_int_equal(err.code, code);
	assert_null(out.state);
}

static void check_at(struct instant got, const char *want)
{
	struct str text = STR_INIT;
	if (got.ms == INSTANT_NONE.ms) {
		assert_string_equal("none", want);
		return;
	}
	instant_format(&text, got, OFFSET_CHINA);
	assert_string_equal(str_text(&text), want);
	str_free(&text);
}

static struct value text_value(const char *s)
{
	return (struct value){.kind = VALUE_TEXT, .text = slice_of(s)};
}
static struct value id_value(int i)
{
	return (struct value){.kind = VALUE_ID, .id = person(i)};
}
static struct value date_value(const char *iso)
{
	return (struct value){.kind = VALUE_INT, .i = day(iso).day};
}

/* From report to closing without a hitch. */
static void loop_in_time(void **state)
{
	struct play p = begin("issue", NULL, NULL);
	change(&p, NULL, NULL, "2026-03-02 09:00");
	check_at(row(&p, "accept")->due, "2026-03-03T23:59:59.999+08:00");
	assert_false(clock_running(row(&p, "answer")));
	take(&p, "accept", "office", 2, "2026-03-02 10:00");
	assert_false(clock_running(row(&p, "accept")));
	assert_false(row(&p, "accept")->overdue);
	refused(&p, "assign", "office", 2, "2026-03-02 11:00", ERR_INPUT);
	set(&p, "lead_unit", id_value(7));
	take(&p, "assign", "office", 2, "2026-03-02 11:00");
	check_at(row(&p, "answer")->due, "2026-03-11T23:59:59.999+08:00");
	check_at(row(&p, "answer")->warn_at, "2026-03-11T00:00:00+08:00");
	check_at(row(&p, "answer")->next_at, "2026-03-11T00:00:00+08:00");
	assert_true(uuid_equal(row(&p, "answer")->holder, person(7)));
	take(&p, "take_up", "department", 3, "2026-03-03 09:00");
	assert_int_equal(p.record->values[register_field(p.record->reg, "started_at")->index].i,
		at("2026-03-03 09:00").ms);
	assert_int_equal(
		clock_days_left(&ctx, def(&p, "answer"), row(&p, "answer"), at("2026-03-03 09:00")), 6);
	set(&p, "answer", text_value("水电已接通"));
	take(&p, "answer", "department", 3, "2026-03-11 17:00");
	assert_false(clock_running(row(&p, "answer")));
	assert_false(row(&p, "answer")->overdue);
	check_at(row(&p, "answer")->next_at, "none");
	/* nobody checks what he made himself */
	refused(&p, "verify", "office", 3, "2026-03-12 09:00", ERR_DENIED);
	refused(&p, "verify", "department", 4, "2026-03-12 09:00", ERR_DENIED);
	take(&p, "verify", "office", 2, "2026-03-12 09:00");
	set(&p, "satisfaction", text_value("satisfied"));
	take(&p, "close", "office", 2, "2026-03-12 15:00");
	assert_int_equal(p.record->values[register_field(p.record->reg, "closed_on")->index].i,
		day("2026-03-12").day);
	for (int i = 0; i < p.record->reg->nclocks; i++)
		assert_false(clock_running(&p.rows[i]));
	/* reopened: the clocks run again */
	set(&p, "reopen_reason", text_value("又停水"));
	take(&p, "reopen", "office", 2, "2026-03-20 09:00");
	take(&p, "assign", "office", 2, "2026-03-20 10:00");
	assert_int_equal(row(&p, "answer")->run, 2);
	check_at(row(&p, "answer")->due, "2026-03-31T23:59:59.999+08:00");
}

/* An objection stops the clock until it is ruled; it is heard only on the first working day. */
static void objection(void **state)
{
	struct play p = begin("issue", "accepted", NULL);
	set(&p, "lead_unit", id_value(7));
	change(&p, NULL, NULL, "2026-03-02 09:00");
	take(&p, "assign", "office", 2, "2026-03-02 11:00");
	set(&p, "objection_reason", text_value("不属本单位职责"));
	struct play late = p;
	take(&p, "object", "department", 3, "2026-03-03 16:00");
	check_at(row(&p, "answer")->next_at, "none");
	assert_true(row(&p, "answer")->paused_at.ms == at("2026-03-03 16:00").ms);
	assert_false(
		clock_tick(&ctx, def(&p, "answer"), at("2026-04-30 00:00"), row(&p, "answer"), NULL));
	set(&p, "lead_unit", id_value(8));
	set(&p, "objection_ruling", text_value("改派住建局"));
	take(&p, "reassign", "office", 2, "2026-03-05 09:00");
	check_at(row(&p, "answer")->due, "2026-03-13T23:59:59.999+08:00"); /* two working days later */
	assert_int_equal(row(&p, "answer")->run, 1);
	assert_int_equal(row(&p, "answer")->handed_on, 1);
	assert_true(row(&p, "answer")->held_since.ms == at("2026-03-05 09:00").ms);
	assert_int_equal(
		row(&p, "answer")->paused_ms, at("2026-03-05 09:00").ms - at("2026-03-03 16:00").ms);
	check_at(
		row(&p, "objection")->due, "2026-03-06T23:59:59.999+08:00"); /* the new unit has its own */
	refused(&late, "object", "department", 3, "2026-03-04 00:00", ERR_CONFLICT);
}

/* Asked for a working day before expiry, granted by somebody else, to a date. */
static void extension(void **state)
{
	struct play p = begin("issue", "accepted", NULL);
	set(&p, "lead_unit", id_value(7));
	change(&p, NULL, NULL, "2026-03-02 09:00");
	take(&p, "assign", "office", 2, "2026-03-02 11:00"); /* due on Wednesday the 11th */
	take(&p, "take_up", "department", 3, "2026-03-03 09:00");
	set(&p, "extension_reason", text_value("设备未到"));
	set(&p, "extension_wanted", date_value("2026-03-20"));
	refused(&p, "ask_extension", "department", 3, "2026-03-11 00:00", ERR_CONFLICT);
	take(&p, "ask_extension", "department", 3, "2026-03-10 23:59");
	set(&p, "extension_until", date_value("2026-03-18"));
	refused(&p, "grant_extension", "office", 3, "2026-03-11 09:00", ERR_DENIED);
	take(&p, "grant_extension", "office", 2, "2026-03-11 09:00");
	check_at(row(&p, "answer")->due, "2026-03-18T23:59:59.999+08:00");
	assert_int_equal(row(&p, "answer")->extensions, 1);
	assert_false(row(&p, "answer")->warned);
	assert_string_equal(p.record->state, "handling");
	/* an earlier date is no extension */
	set(&p, "extension_until", date_value("2026-03-12"));
	take(&p, "ask_extension", "department", 3, "2026-03-13 09:00");
	take(&p, "grant_extension", "office", 2, "2026-03-13 10:00");
	check_at(row(&p, "answer")->due, "2026-03-18T23:59:59.999+08:00");
}

/* The ladder, ticked every minute and ticked once after a long sleep: the same row, one rise in the second case. */
static void ladder_climbs(void **state)
{
	struct play p = begin("issue", "accepted", NULL);
	set(&p, "lead_unit", id_value(7));
	change(&p, NULL, NULL, "2026-03-02 09:00");
	take(&p, "assign", "office", 2, "2026-03-02 11:00");
	struct clock_row awake = *row(&p, "answer"), asleep = awake;
	const struct clock_def *clock = def(&p, "answer");
	int warned = 0, overdue = 0, raised = 0;
	/* the last instant of its day is in time, the next one is not */
	struct clock_row edge = awake;
	clock_tick(&ctx, clock, awake.due, &edge, NULL);
	assert_false(edge.overdue);
	clock_tick(&ctx, clock, (struct instant){awake.due.ms + 1}, &edge, NULL);
	assert_true(edge.overdue);
	for (int64_t t = at("2026-03-02 11:00").ms; t <= at("2026-03-20 00:00").ms; t += 60000) {
		struct clock_events e = {0};
		bool due = awake.next_at.ms != INSTANT_NONE.ms && t >= awake.next_at.ms;
		assert_int_equal(clock_tick(&ctx, clock, (struct instant){t}, &awake, &e), due);
		for (int i = 0; i < e.n; i++) {
			warned += e.event[i].kind == CLOCK_WARNED;
			overdue += e.event[i].kind == CLOCK_OVERDUE;
			raised += e.event[i].kind == CLOCK_RAISED;
		}
	}
	assert_int_equal(warned, 1);
	assert_int_equal(overdue, 1);
	assert_int_equal(raised, 4);
	assert_int_equal(awake.level, 4);
	struct clock_events e = {0};
	assert_true(clock_tick(&ctx, clock, at("2026-03-20 00:00"), &asleep, &e));
	assert_int_equal(e.n, 2);
	assert_int_equal(e.event[0].kind, CLOCK_OVERDUE);
	assert_int_equal(e.event[1].kind, CLOCK_RAISED);
	assert_int_equal(e.event[1].level_before, 0);
	assert_int_equal(e.event[1].level_after, 4);
	assert_string_equal(e.event[1].rung->to, "top");
	assert_int_equal(asleep.level, awake.level);
	assert_true(asleep.overdue && awake.overdue && asleep.warned && awake.warned);
	assert_true(asleep.next_at.ms == awake.next_at.ms);
	assert_false(clock_tick(&ctx, clock, at("2026-03-21 00:00"), &asleep, &e));
	assert_int_equal(clock_days_left(&ctx, clock, &asleep, at("2026-03-18 09:00")), -5);
	/* rungs: at once, 1, 3 and 5 working days after Wednesday the 11th */
	static const struct {
		const char *when;
		int level;
	} rungs[] = {{"2026-03-11 23:59", 0}, {"2026-03-12 00:00", 1}, {"2026-03-12 23:59", 1},
		{"2026-03-13 00:00", 2}, {"2026-03-16 23:59", 2}, {"2026-03-17 00:00", 3},
		{"2026-03-19 00:00", 4}};
	for (size_t i = 0; i < countof(rungs); i++) {
		struct clock_row r = *row(&p, "answer");
		clock_tick(&ctx, clock, at(rungs[i].when), &r, NULL);
		assert_int_equal(r.level, rungs[i].level);
	}
}

/* A late stop knows that it was late, tick or no tick. */
static void stopped_late(void **state)
{
	struct play p = begin("issue", "handling", NULL);
	set(&p, "lead_unit", id_value(7));
	change(&p, NULL, NULL, "2026-03-02 09:00");
	set(&p, "answer", text_value("办结"));
	take(&p, "answer", "department", 3, "2026-03-13 09:00");
	assert_true(row(&p, "answer")->overdue);
	assert_int_equal(row(&p, "answer")->level, 2);
	check_at(row(&p, "answer")->next_at, "none");
	/* rejected: handled again, with a new clock */
	set(&p, "reject_reason", text_value("照片不清"));
	take(&p, "reject", "office", 2, "2026-03-16 09:00");
	assert_int_equal(row(&p, "answer")->run, 2);
	assert_false(row(&p, "answer")->overdue);
}

/* A deadline that is a date of the record moves with it. */
static void milestone_date(void **state)
{
	struct play p = begin("milestone", NULL, NULL);
	change(&p, NULL, NULL, "2026-03-02 09:00");
	struct clock_row *r = row(&p, "finish");
	assert_true(clock_running(r));
	check_at(r->due, "none");
	check_at(r->next_at, "none");
	set(&p, "planned", date_value("2026-03-31"));
	change(&p, "planned", NULL, "2026-03-03 09:00");
	check_at(r->due, "2026-03-31T23:59:59.999+08:00");
	check_at(r->next_at, "2026-03-25T00:00:00+08:00");
	assert_true(clock_tick(&ctx, def(&p, "finish"), at("2026-04-02 00:00"), r, NULL));
	assert_int_equal(r->level, 1);
	set(&p, "planned", date_value("2026-06-30"));
	change(&p, "planned", NULL, "2026-04-02 09:00");
	assert_false(r->overdue);
	assert_int_equal(r->level, 0);
	assert_false(clock_drop(row(&p, "verify"), at("2026-04-03 00:00")));
	assert_true(clock_drop(r, at("2026-04-03 00:00")));
	assert_false(clock_running(r));
	check_at(r->next_at, "none");
}

static void refusals(void **state)
{
	struct play p = begin("project", "ready", NULL);
	change(&p, NULL, NULL, "2026-03-02 09:00");
	refused(&p, "complete", "office", 2, "2026-03-02 10:00", ERR_CONFLICT);
	refused(&p, "start", "auditor", 2, "2026-03-02 10:00", ERR_DENIED);
	refused(&p, "start", "town", 2, "2026-03-02 10:00", ERR_INPUT);
	set(&p, "actual_start", date_value("2026-03-01"));
	take(&p, "start", "town", 2, "2026-03-02 10:00");
	assert_string_equal(p.record->state, "started");
}

static void ladders_are_checked(void **state)
{
	static const struct {
		const char *text, *want;
	} bad[] = {
		{"{\"ladder\":\"x\",\"label\":{\"zh\":\"一\",\"en\":\"x\"},\"source\":\"s\",\"rungs\":[]}",
			"x.json, $.rungs: must be a list"},
		{"{\"ladder\":\"x\",\"label\":{\"zh\":\"一\",\"en\":\"x\"},\"source\":\"s\",\"rungs\":[{"
		 "\"after\":\"1wd\",\"to\":\"holder\","
		 "\"action\":\"urge\",\"label\":{\"zh\":\"一\",\"en\":\"x\"}},{\"after\":\"1d\",\"to\":"
		 "\"top\",\"action\":\"slip\","
		 "\"label\":{\"zh\":\"一\",\"en\":\"x\"}}]}",
			"x.json, $.rungs[1]: is not later than the rung before it"},
		{"{\"ladder\":\"x\",\"label\":{\"zh\":\"一\",\"en\":\"x\"},\"rungs\":[]}",
			"x.json, $: has no \"source\""},
		{"{\"ladder\":\"x\",\"level\":1}", "x.json, $: unknown key \"level\""}};
	struct err err;
	assert_true(ladder_check(&ladders, catalogue, &err));
	assert_int_equal(ladders.n, 6);
	for (size_t i = 0; i < countof(bad); i++) {
		struct ladder ladder = {0};
		struct str said = STR_INIT;
		assert_false(ladder_load(a, slice_of(bad[i].text), "x.json", &ladder, &err));
		err_say(&err, LANG_EN, &said);
		assert_string_equal(str_text(&said), bad[i].want);
		str_free(&said);
	}
	struct ladder_set none = {NULL, 0};
	assert_false(ladder_check(&none, catalogue, &err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(loop_in_time),
		cmocka_unit_test(objection),
		cmocka_unit_test(extension),
		cmocka_unit_test(ladder_climbs),
		cmocka_unit_test(stopped_late),
		cmocka_unit_test(milestone_date),
		cmocka_unit_test(refusals),
		cmocka_unit_test(ladders_are_checked),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
