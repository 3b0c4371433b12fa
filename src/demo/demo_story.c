/*
 * What will have happened: each project's life is settled from the seed and its number alone, then told as events. Work
 * follows an S-curve (3x^2 - 2x^3 of the total); the plan goes along it month by month, what is done goes along it at the
 * pace of the story's style, slower in winter.
 */
#include "demo/demo_inside.h"

#include <stdio.h>
#include <stdlib.h>

/* Thousandths of the total that are done when `at` thousandths of the time have passed. */
static int64_t curve(int64_t at)
{
	at = at < 0 ? 0 : at > 1000 ? 1000 : at;
	return at * at * (3000 - 2 * at) / 1000000;
}

static int64_t planned_by(const struct story *s, struct date day)
{
	int64_t span = s->planned_finish.day - s->planned_start.day;
	return s->total / 1000 * curve((int64_t)(day.day - s->planned_start.day) * 1000 / span);
}

static bool outdoors(const struct story *s)
{
	const char *c = demo_kinds[s->kind].category;
	return strcmp(c, "technical_upgrade") != 0 && strcmp(c, "energy") != 0;
}

/* Pace in thousandths of the plan's in that month. */
static int pace(const struct story *s, struct demo_dice *dice, struct month m, int months_in)
{
	static const int winter[12] = {
		620, 520, 980, 1130, 1200, 1150, 1050, 1050, 1180, 1220, 1080, 860};
	int base = s->style == STYLE_SLOW                            ? dice_between(dice, 700, 930)
		: s->style == STYLE_FAST                                 ? dice_between(dice, 1050, 1300)
		: s->style == STYLE_STALLED && months_in > s->months / 3 ? dice_between(dice, 0, 60)
																 : dice_between(dice, 960, 1120);
	return outdoors(s) ? base * winter[month_number(m) - 1] / 1000 : base;
}

/* Lives through the months: what is done by the end of each, and when it is finished. */
static void live(struct demo *demo, struct story *s, struct demo_dice *dice)
{
	s->done = ARENA_ARRAY(demo->a, int64_t, (size_t)demo->months + 2);
	s->finished = s->produced = DATE_NONE;
	if (date_is_none(s->started))
		return;
	int64_t passed = 0, span = (int64_t)s->months * 1000; /* thousandths of a planned month */
	int months_in = 0, first = month_of(demo->begin).index;
	for (struct month m = month_of(s->started); m.index <= month_of(demo->until).index;
		 m.index++, months_in++) {
		int64_t before = passed;
		if (passed < span)
			passed += m.index == month_of(s->started).index ? 500 : pace(s, dice, m, months_in);
		int64_t done = s->total / 1000 * curve(passed * 1000 / span);
		if (passed >= span && before < span) {
			s->finished = (struct date){month_first(m).day + dice_between(dice, 5, 24)};
			if (demo_kinds[s->kind].produces)
				s->produced = (struct date){s->finished.day + dice_between(dice, 30, 100)};
		}
		if (m.index < first)
			s->done_before = done;
		else
			s->done[m.index - first] = done;
	}
	for (int i = 1; i <= demo->months; i++) /* months after the last one lived through */
		if (s->done[i] < s->done[i - 1])
			s->done[i] = s->done[i - 1];
}

static enum style choose_style(struct demo_dice *dice)
{
	int roll = dice_between(dice, 0, 999);
	return roll < 640 ? STYLE_GOOD
		: roll < 770  ? STYLE_SLOW
		: roll < 830  ? STYLE_LATE_START
		: roll < 870  ? STYLE_STALLED
		: roll < 950  ? STYLE_FAST
					  : STYLE_SILENT;
}

static int choose_kind(struct demo_dice *dice)
{
	int roll = dice_between(dice, 0, 99), kind = 0;
	while (kind + 1 < ndemo_kinds && roll >= demo_kinds[kind].share) {
		roll -= demo_kinds[kind].share;
		kind++;
	}
	return kind;
}

static struct date after(struct date d, int days)
{
	return (struct date){d.day + days};
}

/* A date within the county's days, else none. */
static struct date if_by(const struct demo *demo, struct date d)
{
	return !date_is_none(d) && d.day <= demo->until.day ? d : DATE_NONE;
}

static void name_story(struct demo *demo, struct story *s, struct demo_dice *dice)
{
	const struct demo_kind *k = &demo_kinds[s->kind];
	const char *place =
		s->place < DEMO_TOWNS ? demo_towns[s->place] : demo_parks[s->place - DEMO_TOWNS];
	int titles = 0;
	while (k->titles[titles])
		titles++;
	const char *title = k->titles[dice_between(dice, 0, titles - 1)];
	bool private = strcmp(k->investor, "enterprise") == 0;
	char about[64];
	int number = dice_between(dice, 2, 40);
	if (private) {
		const char *firm = demo_firms[dice_between(dice, 0, ndemo_firms - 1)];
		static const char *const trades[] = {
			"科技", "新材料", "装备", "食品", "实业", "商贸", "能源", "生物"};
		s->firm = arena_printf(demo->a, "澜川%s%s有限公司（演示）", firm,
			trades[dice_between(dice, 0, (int)countof(trades) - 1)]);
		snprintf(about, sizeof(about), "%s", firm);
	} else {
		snprintf(about, sizeof(about), "%s", place);
	}
	/* the titles are our own constants with one %s and one %d, in this order */
	const char *percent_s = strstr(title, "%s"), *percent_d = strstr(title, "%d");
	s->title = arena_printf(demo->a, "%s%.*s%d%s%s", about, (int)(percent_d - percent_s - 2),
		percent_s + 2, number, percent_d + 2,
		s->number >= 640         ? arena_printf(demo->a, "（%d号）", s->number + 1)
			: s->number % 7 == 3 ? "（二期）"
								 : "");
}

static void add_node(struct demo *demo, struct story *s, const char *name, const char *kind,
	int weight, struct date planned, struct date actual)
{
	bool kept = !demo_is_vast(demo) || strcmp(kind, "start") == 0 || strcmp(kind, "finish") == 0;
	if (s->nnodes < DEMO_MILESTONES && kept)
		s->nodes[s->nnodes++] = (struct node){.name = name,
			.kind = kind,
			.weight = weight,
			.planned = planned,
			.actual = if_by(demo, actual)};
}

/* When so many thousandths of the work were done; none: not yet. */
static struct date done_share(
	const struct demo *demo, const struct story *s, int share, struct demo_dice *dice)
{
	if (date_is_none(s->started))
		return DATE_NONE;
	if (s->done_before >=
		s->total / 1000 * share) /* before the county's first day: about when it was planned */
		return after(demo->begin, -dice_between(dice, 10, 60));
	for (int i = 0; i <= demo->months; i++)
		if (s->done[i] >= s->total / 1000 * share)
			return after(month_first((struct month){month_of(demo->begin).index + i}),
				dice_between(dice, 3, 26));
	return DATE_NONE;
}

static void place_nodes(struct demo *demo, struct story *s, struct demo_dice *dice)
{
	bool produces = demo_kinds[s->kind].produces;
	int span = s->planned_finish.day - s->planned_start.day, slip = dice_between(dice, -6, 20);
	struct date none = DATE_NONE;
	add_node(demo, s, "立项批复", "approval", 5, after(s->planned_start, -100),
		date_is_none(s->approved) ? none : s->approved);
	add_node(demo, s, "用地手续", "land", 8, after(s->planned_start, -60),
		date_is_none(s->ready) ? none : after(s->ready, -dice_between(dice, 5, 20)));
	add_node(demo, s, "施工许可", "permit", 7, after(s->planned_start, -15),
		date_is_none(s->ready) ? none : s->ready);
	add_node(demo, s, "开工", "start", 10, s->planned_start, s->started);
	add_node(demo, s, "投资入统", "stat_entry", 5, after(s->planned_start, 30),
		date_is_none(s->started) ? none : after(s->started, 20 + slip));
	add_node(demo, s, "基础完成", "works", 15, after(s->planned_start, span / 4 + 25),
		done_share(demo, s, (int)curve(250), dice));
	add_node(demo, s, "主体完成", "works", 20, after(s->planned_start, span * 3 / 5 + 30),
		done_share(demo, s, (int)curve(600), dice));
	if (produces)
		add_node(demo, s, "设备安装完成", "equipment", 10,
			after(s->planned_start, span * 17 / 20 + 30),
			done_share(demo, s, (int)curve(850), dice));
	add_node(demo, s, "竣工验收", "finish", 15, s->planned_finish, s->finished);
	if (produces)
		add_node(demo, s, "投产", "production", 5, s->planned_production, s->produced);
}

static void place_troubles(struct demo *demo, struct story *s, struct demo_dice *dice)
{
	int chance = demo_is_vast(demo)                        ? 10
		: s->style == STYLE_GOOD || s->style == STYLE_FAST ? 350
														   : 800;
	int from = demo->begin.day > s->enters.day ? demo->begin.day : s->enters.day;
	for (int i = 0; i < DEMO_MOST_ISSUES; i++) {
		if (!dice_permille(dice, chance) || from >= demo->until.day)
			continue;
		bool recent = i == 0 && s->style != STYLE_GOOD;
		int least = recent && demo->until.day - 45 > from ? demo->until.day - 45 : from;
		struct date raised = {dice_between(dice, least, demo->until.day)};
		bool slow = dice_permille(dice, 120),
			 rests = raised.day > demo->until.day - 40 && dice_permille(dice, 350);
		s->troubles[s->ntroubles++] =
			(struct trouble){.what = dice_between(dice, 0, ndemo_issues - 1),
				.raised = raised,
				.pace = slow ? dice_between(dice, 8, 16) : dice_between(dice, 1, 3),
				.stops_at = rests ? dice_between(dice, 1, 4) : 99};
	}
}

static void write_story(struct demo *demo, struct story *s, int number)
{
	struct demo_dice dice = {
		demo->options.seed * UINT64_C(0x2545F4914F6CDD1D) + (uint64_t)number * 7919 + 1};
	s->number = number;
	s->kind = choose_kind(&dice);
	s->place =
		dice_permille(&dice, strcmp(demo_kinds[s->kind].investor, "enterprise") == 0 ? 550 : 120)
		? DEMO_TOWNS + dice_between(&dice, 0, DEMO_PARKS - 1)
		: dice_between(&dice, 0, DEMO_TOWNS - 1);
	s->officer = dice_between(&dice, 0, DEMO_OFFICERS - 1);
	s->style = choose_style(&dice);
	const struct demo_kind *k = &demo_kinds[s->kind];
	int low = k->least_wan / 100, high = k->most_wan / 100; /* small ones are more frequent */
	int64_t roll = dice_between(&dice, 0, 1000);
	s->total = (low + (high - low) * roll * roll / 1000000) * INT64_C(100000000);
	s->months = dice_between(&dice, k->least_months, k->most_months);
	s->planned_start = after(
		date_add_months(demo->until, -dice_between(&dice, -8, 30)), dice_between(&dice, -14, 14));
	s->planned_finish = date_add_months(s->planned_start, s->months);
	s->planned_production = after(s->planned_finish, k->produces ? 60 : 0);
	int slip = s->style == STYLE_LATE_START ? dice_between(&dice, 40, 160)
		: s->style == STYLE_GOOD            ? dice_between(&dice, -12, 6)
											: dice_between(&dice, -5, 25);
	struct date start = after(s->planned_start, slip);
	s->enters = after(s->planned_start, -dice_between(&dice, 150, 330));
	if (s->enters.day > demo->until.day - 10)
		s->enters = after(demo->until, -dice_between(&dice, 10, 80));
	s->early_bird = s->enters.day <= demo->begin.day;
	if (s->early_bird)
		s->enters = demo->begin;
	s->approved = if_by(demo, after(start, -dice_between(&dice, 80, 130)));
	s->ready = if_by(demo, after(start, -dice_between(&dice, 8, 25)));
	s->started = if_by(demo, start);
	name_story(demo, s, &dice);
	live(demo, s, &dice);
	if (!date_is_none(s->finished) &&
		s->finished.day < demo->begin.day + 20) { /* finished before anybody kept books */
		s->finished = after(demo->begin, dice_between(&dice, 20, 80));
		if (k->produces)
			s->produced = after(s->finished, dice_between(&dice, 30, 90));
	}
	place_nodes(demo, s, &dice);
	place_troubles(demo, s, &dice);
	s->exempt = s->style != STYLE_GOOD && dice_permille(&dice, 90);
	s->postponed = s->style != STYLE_GOOD && !date_is_none(s->started) && dice_permille(&dice, 220);
}

/* ---- events ---- */

/* Large counties write up once a week what happened in it. */
static struct date written_up(const struct demo *demo, struct date day)
{
	int weeks = (day.day - demo->begin.day + 6) / 7;
	int32_t on = demo->begin.day + weeks * 7;
	return !demo_is_large(demo) || day.day < demo->begin.day
		? day
		: (struct date){on < demo->until.day ? on : demo->until.day};
}

static void add_event(
	struct demo *demo, const struct story *s, enum event_kind kind, struct date day, int arg)
{
	if (date_is_none(day) || day.day > demo->until.day)
		return;
	if (demo->nevents == demo->events_room) {
		int64_t more = demo->events_room * 2 + 4096;
		demo->events = must_realloc(demo->events, (size_t)more * sizeof(*demo->events));
		demo->events_room = more;
	}
	int32_t first = s->enters.day > demo->begin.day ? s->enters.day : demo->begin.day;
	day = written_up(demo, (struct date){day.day > first ? day.day : first});
	demo->events[demo->nevents++] = (struct event){
		day.day, (int16_t)kind, (int16_t)s->place, (int32_t)(s - demo->stories), arg};
}

/* Reports of the months the project was building; silent ones leave out the last few. */
static void report_events(struct demo *demo, const struct story *s, struct demo_dice *dice)
{
	int first = month_of(demo->begin).index, last = month_of(demo->until).index;
	int silent_from = s->style == STYLE_SILENT ? last - dice_between(dice, 2, 4) : last;
	for (int m = first; m < last && m < silent_from; m++) {
		struct date end = month_last((struct month){m});
		if (date_is_none(s->started) || end.day < s->started.day || end.day < s->enters.day)
			continue;
		if (!date_is_none(s->finished) && month_of(s->finished).index < m)
			continue;
		struct date day = after(end, dice_between(dice, 1, 5));
		add_event(demo, s, EVENT_REPORT, day, m - first);
		if (!demo_is_vast(demo))
			add_event(demo, s, EVENT_SUBMIT, day, m - first);
		if (!demo_is_large(demo))
			add_event(demo, s, EVENT_VERIFY, after(day, dice_between(dice, 1, 4)), m - first);
	}
}

static void tell(struct demo *demo, struct story *s)
{
	struct demo_dice dice = {demo->options.seed + (uint64_t)s->number * 104729 + 7};
	bool early = s->early_bird;
	struct date begin = demo->begin;
	add_event(demo, s, EVENT_ENTER, s->enters, 0);
	add_event(demo, s, EVENT_NODES, s->enters, 0);
	/* some of the shorter ones are planned by tasks, and not all of these are approved */
	if (!demo_is_large(demo) && s->number % 11 < 3 && s->months <= 20) {
		add_event(demo, s, EVENT_SCHEDULE, s->enters, 0);
		if (s->number % 11 < 2) {
			add_event(demo, s, EVENT_SCHEDULE_SUBMIT, after(s->enters, 1), 0);
			add_event(demo, s, EVENT_SCHEDULE_APPROVE, after(s->enters, 4), 0);
		}
	}
	for (int year = date_year(begin); year <= date_year(demo->until); year++) {
		struct date day = date_from_ymd(year, 1, 12);
		if (day.day < s->enters.day)
			day = s->enters;
		bool over = !date_is_none(s->finished) && s->finished.day < day.day;
		if (date_year(day) == year && !over && planned_by(s, date_from_ymd(year, 12, 31)) > 0) {
			add_event(demo, s, EVENT_PLAN, day, year);
			if (!demo_is_vast(demo))
				add_event(demo, s, EVENT_PLAN_ISSUE, day, year);
		}
	}
	if (!date_is_none(s->approved) && !(early && s->approved.day <= begin.day))
		add_event(demo, s, EVENT_APPROVE, s->approved, 0);
	if (!date_is_none(s->ready) && !(early && s->ready.day <= begin.day))
		add_event(demo, s, EVENT_READY, s->ready, 0);
	if (!date_is_none(s->started) && !(early && s->started.day <= begin.day)) {
		add_event(demo, s, EVENT_START, s->started, 0);
		add_event(demo, s, EVENT_BUILD, after(s->started, 25), 0);
	}
	add_event(demo, s, EVENT_COMPLETE, s->finished, 0);
	add_event(demo, s, EVENT_PRODUCE, s->produced, 0);
	report_events(demo, s, &dice);
	for (int i = 0; i < s->nnodes; i++)
		if (!date_is_none(s->nodes[i].actual) && s->nodes[i].actual.day > s->enters.day) {
			add_event(demo, s, EVENT_NODE_DONE, s->nodes[i].actual, i);
			if (!demo_is_large(demo))
				add_event(demo, s, EVENT_NODE_VERIFY,
					after(s->nodes[i].actual, dice_between(&dice, 2, 5)), i);
		}
	for (int i = 0; i < s->ntroubles; i++) {
		struct date day = s->troubles[i].raised;
		add_event(demo, s, EVENT_ISSUE, day, i);
		for (int step = 0; step < 6 && step < s->troubles[i].stops_at; step++) {
			day = after(day, step < 2 ? 1 : s->troubles[i].pace);
			add_event(demo, s, EVENT_ISSUE_STEP, day, i * 16 + step);
		}
	}
	if (s->exempt) {
		add_event(demo, s, EVENT_EXEMPT, after(demo->until, -dice_between(&dice, 20, 60)), 0);
		add_event(demo, s, EVENT_EXEMPT_RULE, after(demo->until, -dice_between(&dice, 3, 18)), 0);
	}
	if (s->postponed) {
		add_event(demo, s, EVENT_CHANGE, after(demo->until, -dice_between(&dice, 40, 120)), 0);
		add_event(demo, s, EVENT_CHANGE_RULE, after(demo->until, -dice_between(&dice, 5, 35)), 0);
	}
}

static int by_time(const void *x, const void *y)
{
	const struct event *a = x, *b = y;
	if (a->day != b->day)
		return a->day < b->day ? -1 : 1;
	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->kind == EVENT_ISSUE_STEP && (a->arg & 15) != (b->arg & 15))
		return (a->arg & 15) < (b->arg & 15) ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	if (a->story != b->story)
		return a->story < b->story ? -1 : 1;
	return a->arg < b->arg ? -1 : a->arg > b->arg;
}

void demo_write_stories(struct demo *demo)
{
	size_t n = (size_t)demo->nstories;
	demo->stories = ARENA_ARRAY(demo->a, struct story, n);
	demo->reports = ARENA_ARRAY(demo->a, struct uuid, n);
	demo->exemptions = ARENA_ARRAY(demo->a, struct uuid, n);
	demo->changes = ARENA_ARRAY(demo->a, struct uuid, n);
	demo->plans = ARENA_ARRAY(demo->a, struct uuid, n);
	for (int i = 0; i < demo->nstories; i++) {
		write_story(demo, &demo->stories[i], i);
		tell(demo, &demo->stories[i]);
	}
	qsort(demo->events, (size_t)demo->nevents, sizeof(*demo->events), by_time);
}
