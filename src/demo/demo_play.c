/*
 * Telling the stories to the app, day by day. Events of one kind, day and place go into one batch by the person whose job it
 * is. Nothing is written past the gate: what a town may not do, the demo cannot do either.
 */
#include "demo/demo_inside.h"

#include <stdio.h>
#include <stdlib.h>

static const struct person *office_of(const struct demo *demo)
{
	return demo->office;
}

static struct date month_start(const struct demo *demo, int month)
{
	return month_first((struct month){month_of(demo->begin).index + month});
}

/* ---- entering ---- */

static const char *state_on_entry(const struct demo *demo, const struct story *s)
{
	int32_t day = demo->begin.day;
	if (!s->early_bird)
		return "preparatory";
	if (!date_is_none(s->started) && s->started.day <= day)
		return s->started.day + 25 <= day ? "building" : "started";
	if (!date_is_none(s->ready) && s->ready.day <= day)
		return "ready";
	return !date_is_none(s->approved) && s->approved.day <= day ? "approved" : "preparatory";
}

static void write_code(struct pen *pen, struct draft *d, const struct story *s, struct date on)
{
	char code[40];
	struct ymd at = date_ymd(on);
	snprintf(code, sizeof(code), "%02d%02d-%s-04-%02d-%05d%d", at.year % 100, at.month,
		DEMO_COUNTY_CODE, 1 + s->number / 100000, s->number % 100000, s->number % 10);
	pen_text(pen, d, "project_code", code);
}

static void enter_tags(struct pen *pen, struct draft *d, const struct story *s)
{
	static const char *const levels[] = {"county", "county", "municipal", "provincial"};
	struct value tags[3];
	int n = 0;
	tags[n++] = (struct value){.kind = VALUE_TEXT, .text = slice_of(levels[s->number % 4])};
	if (s->number % 5 == 0)
		tags[n++] = (struct value){.kind = VALUE_TEXT, .text = slice_of("joint_start")};
	if (!s->firm && s->number % 3 == 0)
		tags[n++] = (struct value){.kind = VALUE_TEXT,
			.text = slice_of(s->number % 2 ? "special_bond" : "central_budget")};
	pen_list(pen, d, "programmes", tags, n);
}

static void enter_place(struct demo *demo, struct pen *pen, struct draft *d, const struct story *s)
{
	/* off the borders, which stray (demo_map.c) */
	struct demo_dice dice = {(uint64_t)s->number * 31 + 5};
	int lon = DEMO_WEST + s->place % DEMO_ACROSS * DEMO_WIDE + dice_between(&dice, 130, 670),
		lat = DEMO_SOUTH + s->place / DEMO_ACROSS * DEMO_HIGH + dice_between(&dice, 130, 570);
	struct str point = STR_INIT;
	str_puts(&point, "{\"type\":\"Point\",\"coordinates\":[");
	str_decimal(&point, lon, 4);
	str_putc(&point, ',');
	str_decimal(&point, lat, 4);
	str_puts(&point, "]}");
	pen_text(pen, d, "place", str_text(&point));
	str_free(&point);
	pen_id(pen, d, "area", demo->areas[s->place]);
	if (s->place >= DEMO_TOWNS)
		pen_id(pen, d, "park", demo->places[s->place]);
}

static void enter_project(struct demo *demo, struct pen *pen, struct story *s)
{
	const struct demo_kind *k = &demo_kinds[s->kind];
	const char *state = state_on_entry(demo, s);
	struct draft *d = pen_create(pen, "project", state);
	s->id = d->id;
	pen_text(pen, d, "title", s->title);
	pen_text(pen, d, "category", k->category);
	pen_text(pen, d, "nature", k->nature);
	pen_text(pen, d, "investor_kind", k->investor);
	pen_text(pen, d, "approval_kind", k->approval);
	pen_text(pen, d, "industry_code", k->industry);
	pen_text(pen, d, "stock", strcmp(k->nature, "new") == 0 ? "increment" : "stock");
	enter_tags(pen, d, s);
	enter_place(demo, pen, d, s);
	pen_id(pen, d, "owner_unit", s->owner);
	pen_int(pen, d, "total_investment", s->total);
	pen_int(pen, d, "fixed_investment", s->total / 10 * 8);
	if (!s->firm)
		pen_int(pen, d, "funds_local", s->total / 10 * 4);
	else
		pen_int(pen, d, "funds_own", s->total / 10 * 6);
	if (s->done_before)
		pen_int(pen, d, "prior_investment", s->done_before);
	pen_date(pen, d, "planned_start", s->planned_start);
	pen_date(pen, d, "planned_finish", s->planned_finish);
	if (k->produces)
		pen_date(pen, d, "planned_production", s->planned_production);
	pen_id(pen, d, "lead_unit", demo->departments[k->department]);
	struct value support = {.kind = VALUE_ID, .id = demo->places[s->place]};
	pen_list(pen, d, "support_units", &support, 1);
	pen_id(pen, d, "competent_dept", demo->departments[k->department]);
	pen_id(pen, d, "headquarters", demo->headquarters[k->headquarters]);
	pen_id(pen, d, "task_force", demo->task_forces[s->number % DEMO_TASK_FORCES]);
	pen_text(pen, d, "commander", demo_person(demo, 100u + (uint32_t)k->headquarters));
	pen_id(pen, d, "commander_account", demo->commanders[k->headquarters]->account);
	pen_text(pen, d, "pledge_leader", demo_person(demo, 300u + (uint32_t)s->place));
	pen_text(pen, d, "service_officer", demo_person(demo, 200u + (uint32_t)s->officer));
	pen_id(pen, d, "service_officer_account", demo->officers[s->officer]->account);
	if (strcmp(state, "preparatory") != 0) {
		write_code(pen, d, s, date_is_none(s->approved) ? s->enters : s->approved);
		pen_date(pen, d, "approved_on", s->approved);
	}
	if (strcmp(state, "started") == 0 || strcmp(state, "building") == 0)
		pen_date(pen, d, "actual_start", s->started);
	for (int i = 0; i < s->nnodes; i++)
		if (strcmp(s->nodes[i].kind, "stat_entry") == 0 && !date_is_none(s->nodes[i].actual) &&
			s->nodes[i].actual.day <= s->enters.day)
			pen_date(pen, d, "stat_entered_on", s->nodes[i].actual);
	demo->result->projects++;
}

/* Firms first: projects refer to them. */
static bool enter_firms(struct demo *demo, const struct event *e, int64_t n, struct err *err)
{
	struct pen pen;
	pen_take(&pen, demo, office_of(demo), (struct date){e->day}, 8 * 60 + 30);
	for (int64_t i = 0; i < n; i++) {
		struct story *s = &demo->stories[e[i].story];
		s->owner = demo->departments[demo_kinds[s->kind].department];
		if (s->firm)
			demo_firm(demo, &pen, s->firm, &s->owner);
	}
	return pen_send(&pen, err);
}

static void enter_nodes(struct demo *demo, struct pen *pen, struct story *s)
{
	for (int i = 0; i < s->nnodes; i++) {
		struct node *node = &s->nodes[i];
		bool past = !date_is_none(node->actual) && node->actual.day <= s->enters.day;
		struct draft *d = pen_create(pen, "milestone", past ? "verified" : NULL);
		node->id = d->id;
		pen_id(pen, d, "project", s->id);
		pen_text(pen, d, "name", node->name);
		pen_text(pen, d, "kind", node->kind);
		pen_int(pen, d, "weight", node->weight);
		pen_int(pen, d, "sequence", i + 1);
		pen_date(pen, d, "planned", node->planned);
		pen_id(pen, d, "responsible_unit",
			i < 3 ? demo->departments[demo_kinds[s->kind].department] : demo->places[s->place]);
		if (past)
			pen_date(pen, d, "actual", node->actual);
		demo->result->milestones++;
	}
}

static bool finish_node(
	struct pen *pen, const struct story *s, const struct node *node, struct err *err)
{
	struct draft *d = pen_step(pen, "milestone", node->id, "finish", err);
	if (!d)
		return false;
	pen_date(pen, d, "actual", node->actual);
	if (strcmp(node->kind, "stat_entry") != 0)
		return true;
	d = pen_update(pen, "project", s->id, err);
	if (d)
		pen_date(pen, d, "stat_entered_on", node->actual);
	return d != NULL;
}

/* ---- plans ---- */

/* Money that the plan from first to last has spent by that day. */
static int64_t planned_through(const struct story *s, struct date day)
{
	int64_t span = s->planned_finish.day - s->planned_start.day,
			at = (int64_t)(day.day - s->planned_start.day) * 1000 / span;
	at = at < 0 ? 0 : at > 1000 ? 1000 : at;
	return s->total / 1000 * (at * at * (3000 - 2 * at) / 1000000);
}

/* What is done by the end of the year before. */
static int64_t done_before_year(const struct demo *demo, const struct story *s, int year)
{
	int month = year * 12 - 1 - month_of(demo->begin).index;
	return month < 0            ? s->done_before
		: month <= demo->months ? s->done[month]
								: s->done[demo->months];
}

/* The year's task: to stand at its end where the plan from first to last stands, whatever was left behind before. */
static void write_plan(struct demo *demo, struct pen *pen, struct story *s, int year)
{
	static const int season[12] = {
		5, 4, 8, 9, 9, 9, 9, 9, 10, 10, 9, 9}; /* a hundredth part each */
	struct draft *d = pen_create(pen, "year_plan", demo_is_vast(demo) ? "in_force" : NULL);
	int64_t wan = 1000000,
			task =
				planned_through(s, date_from_ymd(year, 12, 31)) - done_before_year(demo, s, year);
	int64_t least = s->total / 50, sum = 0;
	int first = s->planned_start.day > date_from_ymd(year, 1, 1).day
		? date_ymd(s->planned_start).month
		: 1,
		parts = 0;
	int64_t remaining = s->total - done_before_year(demo, s, year);
	task = task > least ? task : least;
	task = (task < remaining ? task : remaining) / wan * wan;
	demo->plans[s - demo->stories] = d->id;
	pen_id(pen, d, "project", s->id);
	pen_int(pen, d, "year", year);
	for (int m = first; m <= 12; m++)
		parts += season[m - 1];
	for (int m = 1; m <= 12 && s->number % 2 == 0;
		 m++) { /* every other project is planned month by month, the rest evenly */
		int64_t part = m < first ? 0
			: m == 12            ? task - sum
								 : task / wan * season[m - 1] / parts * wan;
		char name[16];
		sum += part;
		snprintf(name, sizeof(name), "month_%02d", m);
		pen_int(pen, d, name, part);
	}
	pen_int(pen, d, "annual_plan_investment", task);
	pen_int(pen, d, "payment_plan", task / 10 * 9);
	pen_text(pen, d, "planned_content",
		s->number % 3 ? "完成年度建设任务" : "完成主体工程，开展设备安装");
}

/* ---- reports ---- */

static const char *stage_of(const struct story *s, int64_t done)
{
	const char *const *stages = demo_kinds[s->kind].stages;
	int n = 0;
	while (stages[n])
		n++;
	int at = (int)(done / (s->total / 1000 + 1) * n / 1000);
	return stages[at < n ? at : n - 1];
}

static struct date forecast_of(
	const struct demo *demo, const struct story *s, int month, int64_t done)
{
	struct date day = month_last((struct month){month_of(demo->begin).index + month});
	if (!date_is_none(s->finished))
		return s->finished;
	int64_t planned = planned_through(s, day);
	int late = planned > done
		? (int)((planned - done) / (s->total / 1000 + 1)) * s->months * 30 / 1000
		: 0;
	return (struct date){s->planned_finish.day + late};
}

static void write_report(struct demo *demo, struct pen *pen, struct story *s, int month)
{
	int first_of_year = month_of(demo->begin).index + month,
		january = first_of_year - first_of_year % 12 - month_of(demo->begin).index;
	int64_t done = s->done[month], before = month ? s->done[month - 1] : s->done_before;
	int64_t at_new_year = january > 0 ? s->done[january - 1] : s->done_before, wan = 1000000;
	struct demo_dice dice = {(uint64_t)s->number * 131 + (uint64_t)month * 17 + 3};
	if (before > done || before == 0)
		before = before > done ? done : before;
	struct draft *d = pen_create(pen, "report", demo_is_vast(demo) ? "verified" : NULL);
	demo->reports[s - demo->stories] = d->id;
	pen_id(pen, d, "project", s->id);
	pen_text(pen, d, "period_kind", "month");
	pen_date(pen, d, "period", month_last(month_of(month_start(demo, month))));
	pen_int(pen, d, "investment", (done - before) / wan * wan);
	pen_int(pen, d, "investment_year", (done - at_new_year) / wan * wan);
	pen_int(pen, d, "investment_total", done / wan * wan);
	pen_int(pen, d, "paid", (done - before) / 10 * 8 / wan * wan);
	pen_int(pen, d, "work_completed", done / (s->total / 10000 + 1));
	pen_text(pen, d, "stage", stage_of(s, done));
	pen_int(pen, d, "people_on_site",
		done > before ? dice_between(&dice, 15, 160) : dice_between(&dice, 0, 6));
	pen_int(pen, d, "machines_on_site", done > before ? dice_between(&dice, 2, 24) : 0);
	pen_date(pen, d, "forecast_finish", forecast_of(demo, s, month, done));
	pen_text(pen, d, "visual_progress",
		arena_printf(pen->a, "累计完成总量的%lld%%，%s", (long long)(done * 100 / s->total),
			done > before ? "现场正常施工" : "现场基本停工"));
	if (s->style == STYLE_STALLED || s->style == STYLE_SLOW)
		pen_text(pen, d, "problems",
			s->style == STYLE_SLOW ? "施工力量不足，进度滞后" : "资金未落实，现场停滞");
	pen_text(pen, d, "self_light",
		s->style == STYLE_STALLED                     ? "late"
			: s->style == STYLE_SLOW && s->number % 2 ? "slow"
													  : "normal");
	demo->result->reports++;
}

/* ---- issues ---- */

static void raise_issue(struct demo *demo, struct pen *pen, struct story *s, struct trouble *t)
{
	const struct demo_issue *what = &demo_issues[t->what];
	struct draft *d = pen_create(pen, "issue", NULL);
	t->id = d->id;
	pen_id(pen, d, "project", s->id);
	pen_text(pen, d, "title", what->title);
	pen_text(pen, d, "kind", what->kind);
	pen_text(pen, d, "cause", what->cause);
	pen_text(pen, d, "source", s->number % 3 ? "report" : "visit");
	pen_text(pen, d, "severity",
		s->style == STYLE_STALLED    ? "blocking"
			: s->style == STYLE_GOOD ? "normal"
									 : "serious");
	pen_date(pen, d, "raised_on", t->raised);
	demo->result->issues++;
}

static bool step_issue(
	struct demo *demo, struct pen *pen, const struct story *s, int arg, struct err *err)
{
	static const char *const steps[] = {"accept", "assign", "take_up", "answer", "verify", "close"};
	const struct trouble *t = &s->troubles[arg / 16];
	const struct demo_issue *what = &demo_issues[t->what];
	struct draft *d = pen_step(pen, "issue", t->id, steps[arg & 15], err);
	if (!d)
		return false;
	switch (arg & 15) {
	case 1:
		pen_id(pen, d, "lead_unit", demo->departments[what->department]);
		pen_text(pen, d, "arrangement", what->arrangement);
		break;
	case 3: pen_text(pen, d, "answer", what->answer); break;
	case 5: pen_text(pen, d, "satisfaction", s->number % 6 ? "satisfied" : "fair"); break;
	default: break;
	}
	return true;
}

/* ---- rulings ---- */

static void ask_exemption(struct demo *demo, struct pen *pen, struct story *s)
{
	struct draft *d = pen_create(pen, "exemption", NULL);
	demo->exemptions[s - demo->stories] = d->id;
	pen_id(pen, d, "project", s->id);
	pen_text(pen, d, "reason_kind", s->number % 2 ? "approval_pending" : "force_majeure");
	pen_text(pen, d, "reason",
		s->number % 2 ? "上级审批事项待批，已附受理通知" : "持续强降雨致现场停工，气象证明附后");
	pen_date(pen, d, "valid_from", month_first(month_of(demo->until)));
	pen_date(pen, d, "valid_until", (struct date){demo->until.day + 60});
}

static void ask_change(struct demo *demo, struct pen *pen, struct story *s)
{
	char id[UUID_TEXT];
	struct draft *d = pen_create(pen, "change_request", NULL);
	demo->changes[s - demo->stories] = d->id;
	uuid_format(s->id, id);
	pen_id(pen, d, "project", s->id);
	pen_text(pen, d, "target_register", "project");
	pen_text(pen, d, "target_record", id);
	pen_text(pen, d, "target_field", "planned_finish");
	pen_date(pen, d, "old_date", s->planned_finish);
	pen_date(pen, d, "new_date", (struct date){s->planned_finish.day + 30 + s->number % 90});
	pen_text(pen, d, "reason_kind", s->number % 2 ? "land" : "design");
	pen_text(pen, d, "reason", s->number % 2 ? "征地拆迁交付晚于计划" : "设计方案优化调整");
}

static bool rule_on(
	struct demo *demo, struct pen *pen, struct story *s, bool change, struct err *err)
{
	bool agree = s->number % 5 != 0;
	struct draft *d = pen_step(pen, change ? "change_request" : "exemption",
		(change ? demo->changes : demo->exemptions)[s - demo->stories],
		agree ? "approve" : "refuse", err);
	if (!d)
		return false;
	if (!change && agree)
		pen_text(pen, d, "approver", "县领导（演示）");
	pen_text(pen, d, "ruling", agree ? "情况属实，同意" : "理由不充分，不予同意");
	return true;
}

/* ---- steps of the project ---- */

static bool move_project(
	struct pen *pen, const struct story *s, enum event_kind kind, struct date day, struct err *err)
{
	const char *const step = kind == EVENT_APPROVE ? "approve"
		: kind == EVENT_READY                      ? "make_ready"
		: kind == EVENT_START                      ? "start"
		: kind == EVENT_BUILD                      ? "build"
		: kind == EVENT_COMPLETE                   ? "complete"
												   : "produce";
	struct draft *d = pen_step(pen, "project", s->id, step, err);
	if (!d)
		return false;
	if (kind == EVENT_APPROVE) {
		write_code(pen, d, s, day);
		pen_date(pen, d, "approved_on", day);
	} else if (kind == EVENT_START) {
		pen_date(pen, d, "actual_start", day);
	} else if (kind == EVENT_COMPLETE) {
		pen_date(pen, d, "actual_finish", day);
	} else if (kind == EVENT_PRODUCE) {
		pen_date(pen, d, "actual_production", day);
	}
	return true;
}

/* ---- playing ---- */

/* Whose job it is. */
static const struct person *who_does(const struct demo *demo, const struct event *e)
{
	static const int first_checker = 2;
	if (demo_is_large(demo))
		return e->kind == EVENT_VERIFY || e->kind == EVENT_NODE_VERIFY ||
				e->kind == EVENT_EXEMPT_RULE || e->kind == EVENT_CHANGE_RULE ||
				(e->kind == EVENT_ISSUE_STEP && (e->arg & 15) >= 4)
			? demo->office_two
			: demo->office;
	switch ((enum event_kind)e->kind) {
	case EVENT_REPORT:
	case EVENT_SUBMIT:
	case EVENT_NODE_DONE:
	case EVENT_ISSUE:
	case EVENT_EXEMPT:
	case EVENT_CHANGE: return demo->by_place[e->place];
	case EVENT_ISSUE_STEP:
		return (e->arg & 15) < first_checker ? demo->office
			: (e->arg & 15) < 4
			? demo->by_department[demo_issues[demo->stories[e->story].troubles[e->arg / 16].what]
									  .department]
			: demo->office_two;
	case EVENT_EXEMPT_RULE:
	case EVENT_CHANGE_RULE:
	case EVENT_SCHEDULE_APPROVE: return demo->leader;
	case EVENT_VERIFY:
	case EVENT_NODE_VERIFY: return demo->office_two;
	default: return demo->office;
	}
}

static bool play_one(struct demo *demo, struct pen *pen, const struct event *e, struct err *err)
{
	struct story *s = &demo->stories[e->story];
	struct date day = {e->day};
	switch ((enum event_kind)e->kind) {
	case EVENT_ENTER: enter_project(demo, pen, s); return true;
	case EVENT_NODES: enter_nodes(demo, pen, s); return true;
	case EVENT_SCHEDULE: return demo_schedule(demo, pen, s, err);
	case EVENT_SCHEDULE_SUBMIT: return pen_step(pen, "plan", s->schedule, "submit", err) != NULL;
	case EVENT_SCHEDULE_APPROVE: return pen_step(pen, "plan", s->schedule, "approve", err) != NULL;
	case EVENT_PLAN: write_plan(demo, pen, s, e->arg); return true;
	case EVENT_PLAN_ISSUE:
		return pen_step(pen, "year_plan", demo->plans[e->story], "issue", err) != NULL;
	case EVENT_REPORT: write_report(demo, pen, s, e->arg); return true;
	case EVENT_SUBMIT:
		return pen_step(pen, "report", demo->reports[e->story], "submit", err) != NULL;
	case EVENT_VERIFY:
		return pen_step(pen, "report", demo->reports[e->story], "verify", err) != NULL;
	case EVENT_NODE_DONE: return finish_node(pen, s, &s->nodes[e->arg], err);
	case EVENT_NODE_VERIFY:
		return pen_step(pen, "milestone", s->nodes[e->arg].id, "verify", err) != NULL;
	case EVENT_ISSUE: raise_issue(demo, pen, s, &s->troubles[e->arg]); return true;
	case EVENT_ISSUE_STEP: return step_issue(demo, pen, s, e->arg, err);
	case EVENT_EXEMPT: ask_exemption(demo, pen, s); return true;
	case EVENT_CHANGE: ask_change(demo, pen, s); return true;
	case EVENT_EXEMPT_RULE: return rule_on(demo, pen, s, false, err);
	case EVENT_CHANGE_RULE: return rule_on(demo, pen, s, true, err);
	default: return move_project(pen, s, (enum event_kind)e->kind, day, err);
	}
}

/* How many events from here go into one batch: same day, kind and person, and not too many records. */
static int64_t run_length(const struct demo *demo, int64_t at)
{
	const struct event *e = &demo->events[at];
	int64_t n = 0, records = 0, most = demo_is_large(demo) ? PEN_MOST_LARGE : PEN_MOST;
	while (at + n < demo->nevents && e[n].day == e->day && e[n].kind == e->kind &&
		who_does(demo, &e[n]) == who_does(demo, e) &&
		(e->kind != EVENT_ISSUE_STEP || (e[n].arg & 15) == (e->arg & 15))) {
		records += e->kind == EVENT_NODES ? demo->stories[e[n].story].nnodes
			: e->kind == EVENT_NODE_DONE  ? 2
										  : 1;
		if (records > most)
			break;
		n++;
	}
	return n;
}

static bool live_through(struct demo *demo, struct date day, int64_t *told_day, struct err *err)
{
	if (*told_day == day.day ||
		(demo->nstories > 2000 && date_ymd(day).day != 1 && day.day != demo->until.day))
		return true;
	*told_day = day.day;
	demo_wait(demo, date_instant(day, 7 * 60, demo->app->offset_minutes));
	return app_tick(demo->app, err); /* clocks ring, the day's lights are made */
}

bool demo_play(struct demo *demo, app_progress *progress, void *self, struct err *err)
{
	int64_t told_day = 0;
	for (int64_t at = 0; at < demo->nevents;) {
		const struct event *e = &demo->events[at];
		int64_t n = run_length(demo, at);
		struct pen pen;
		if (!live_through(demo, (struct date){e->day}, &told_day, err) ||
			(e->kind == EVENT_ENTER && !enter_firms(demo, e, n, err)))
			return false;
		pen_take(&pen, demo, who_does(demo, e), (struct date){e->day}, 9 * 60 + e->kind * 20);
		bool done = true;
		for (int64_t i = 0; i < n && done; i++)
			done = play_one(demo, &pen, &e[i], err);
		if (!done) {
			arena_close(pen.a);
			return false;
		}
		if (!pen_send(&pen, err))
			return err_in(err, "event %d, %s", e->kind, demo->stories[e->story].title);
		at += n;
		if (progress && !progress(self, at, demo->nevents))
			return err_set(err, ERR_BUSY, NULL, "stopped");
	}
	free(demo->events);
	demo_wait(demo, date_instant(demo->until, 18 * 60, demo->app->offset_minutes));
	return app_tick(demo->app, err);
}
