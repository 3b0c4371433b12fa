/*
 * The table of indicators and the kernels of those that look at one project. What looks at a unit is in unit_indicator.c,
 * what would help in remedy.c.
 */
#include "assess/indicator.h"

#include <math.h>

#include "assess/kernels.h"
#include "base/num.h"

/* ---- exact quotients ---- */

#define EXACT_FACTOR (100 * 10000) /* percent, times 10^EXACT_SCALE */
#define EXACT_CEILING (INT64_MAX / 4)

static int64_t wide_percent(int64_t a, int64_t b)
{
	__int128 n = (__int128)a * EXACT_FACTOR, q = n / b, r = n % b;
	if (r < 0) {
		q--;
		r += b;
	}
	if (q > EXACT_CEILING)
		return EXACT_CEILING * 2;
	if (q < -EXACT_CEILING)
		return -EXACT_CEILING * 2;
	return (int64_t)q * 2 + (r != 0);
}

#define NARROW_MOST (INT64_MAX / EXACT_FACTOR)

int64_t exact_percent(int64_t a, int64_t b)
{
	if (a > NARROW_MOST || a < -NARROW_MOST)
		return wide_percent(a, b);
	int64_t n = a * EXACT_FACTOR, q = n / b, r = n % b;
	q -= r < 0;
	return q * 2 + (r != 0);
}

/* ---- kernels: a run of projects ---- */

static const int64_t *wide(
	const struct board *b, const struct indicator_bound *bound, int input, int32_t from)
{
	int column = bound->columns[input];
	return column < 0 ? NULL
					  : (const int64_t *)board_column(board_projects(b), column)->cells + from;
}

static const int32_t *narrow(
	const struct board *b, const struct indicator_bound *bound, int input, int32_t from)
{
	int column = bound->columns[input];
	return column < 0 ? NULL
					  : (const int32_t *)board_column(board_projects(b), column)->cells + from;
}

static void fill(int64_t *out, int32_t n, int64_t value)
{
	for (int32_t i = 0; i < n; i++)
		out[i] = value;
}

/* done / expected. Nothing is due before the first month of the year has ended: then everybody is at 100 %. */
static void progress_ratio(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int64_t *plan = wide(b, bound, 0, from), *done = wide(b, bound, 1, from),
				  *expected = wide(b, bound, 2, from);
	for (int32_t i = 0; i < n; i++) {
		if (plan[i] == NOTHING64 || plan[i] == 0 || done[i] == NOTHING64)
			out[i] = NOTHING64;
		else if (expected[i] <= 0)
			out[i] = 100 * EXACT_PERCENT;
		else
			out[i] = exact_percent(done[i] * bound->parts, expected[i]);
	}
}

static void points_behind(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int64_t *plan = wide(b, bound, 0, from), *done = wide(b, bound, 1, from),
				  *expected = wide(b, bound, 2, from);
	for (int32_t i = 0; i < n; i++)
		out[i] = plan[i] == NOTHING64 || plan[i] == 0 || done[i] == NOTHING64
			? NOTHING64
			: exact_percent(expected[i] - done[i] * bound->parts, plan[i] * bound->parts);
}

static void month_ratio(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int64_t *annual = wide(b, bound, 0, from), *plan = wide(b, bound, 1, from),
				  *done = wide(b, bound, 2, from);
	for (int32_t i = 0; i < n; i++) {
		if (annual[i] == NOTHING64 || annual[i] == 0)
			out[i] = NOTHING64;
		else if (plan[i] == NOTHING64 || plan[i] <= 0)
			out[i] = 100 * EXACT_PERCENT; /* nothing was due that month */
		else
			out[i] = exact_percent(done[i] == NOTHING64 ? 0 : done[i], plan[i]);
	}
}

/* A column of whole numbers as it stands. */
static void whole(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int32_t *cells = narrow(b, bound, 0, from);
	if (!cells) {
		fill(out, n, NOTHING64);
		return;
	}
	for (int32_t i = 0; i < n; i++)
		out[i] = cells[i] == NOTHING32 ? NOTHING64 : (int64_t)cells[i] * EXACT_WHOLE;
}

/* 0: started, or due in a later month; 1: due this month and not started; 2: since last month ... */
static void months_not_started(const struct board *b, const struct indicator_bound *bound,
	int32_t from, int32_t n, int64_t *out)
{
	const int32_t *planned = narrow(b, bound, 0, from), *actual = narrow(b, bound, 1, from);
	int now = month_of(board_today(b)).index;
	for (int32_t i = 0; i < n; i++) {
		if (actual && actual[i] != NOTHING32 && actual[i] <= board_today(b).day)
			out[i] = 0;
		else if (!planned || planned[i] == NOTHING32)
			out[i] = NOTHING64;
		else {
			int due = month_of((struct date){planned[i]}).index;
			out[i] = due > now ? 0 : (int64_t)(now - due + 1) * EXACT_WHOLE;
		}
	}
}

static void stat_entry_days(const struct board *b, const struct indicator_bound *bound,
	int32_t from, int32_t n, int64_t *out)
{
	const int32_t *started = narrow(b, bound, 0, from), *entered = narrow(b, bound, 1, from);
	int32_t today = board_today(b).day;
	for (int32_t i = 0; i < n; i++) {
		if (!started || started[i] == NOTHING32)
			out[i] = NOTHING64;
		else if ((entered && entered[i] != NOTHING32 && entered[i] <= today) || started[i] > today)
			out[i] = 0;
		else
			out[i] = (int64_t)(today - started[i]) * EXACT_WHOLE;
	}
}

/* Money paid against the payment plan's even share of the year. */
static void payment_behind(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int64_t *plan = wide(b, bound, 0, from), *paid = wide(b, bound, 1, from);
	for (int32_t i = 0; i < n; i++)
		out[i] = plan[i] == NOTHING64 || plan[i] == 0 || paid[i] == NOTHING64
			? NOTHING64
			: exact_percent(plan[i] * bound->part - paid[i] * bound->parts, plan[i] * bound->parts);
}

static void finish_slip(const struct board *b, const struct indicator_bound *bound, int32_t from,
	int32_t n, int64_t *out)
{
	const int32_t *planned = narrow(b, bound, 0, from), *forecast = narrow(b, bound, 1, from);
	for (int32_t i = 0; i < n; i++)
		out[i] = !planned || planned[i] == NOTHING32 || forecast[i] == NOTHING32
			? NOTHING64
			: (int64_t)(forecast[i] - planned[i]) * EXACT_WHOLE;
}

/* ---- the table ---- */

#define PLAN                                                                                       \
	{                                                                                              \
		"annual_plan_investment", INPUT_PLAN, true                                                 \
	}
#define BOND_PARAMS                                                                                \
	{                                                                                              \
		{"issued", {"债券发行额字段", "field of bond issued"}, true, 0, "bond_issued"},            \
			{"issued_on", {"债券发行日期字段", "field of issue date"}, true, 0, "bond_issued_on"}, \
		{                                                                                          \
			"paid", {"债券支出字段", "field of bond spent"}, true, 0, "bond_paid"                  \
		}                                                                                          \
	}
#define GROUP_PARAM                                                                                \
	{                                                                                              \
		"group", {"分组字段", "field of groups"}, true, 0, ""                                      \
	}

/* clang-format off */
const struct indicator indicators[] = {
	{"progress_ratio", {"投资完成与时序之比", "Investment done against time"}, SUBJECT_PROJECT, UNIT_PERCENT, EXACT_LEAST,
		{"本年完成投资 ÷ 应完成投资（年度计划 × 时序进度，或分月计划之和）；年度计划为零或没有则无数据，一月末以前视为 100 %",
		 "done this year ÷ expected by now (annual plan × time progress, or the sum of the plan by month); no "
			"data without a plan; 100 % before the end of January"},
		"L1, L3, L5", {PLAN, {"completed_investment", INPUT_REPORT, true}, {"expected_parts", INPUT_COMPUTED, false}},
		{{0}}, progress_ratio, NULL, remedy_invest_ratio},
	{"points_behind", {"落后时序的百分点", "Points behind time"}, SUBJECT_PROJECT, UNIT_POINTS, EXACT_LEAST,
		{"时序进度 − 本年完成投资 ÷ 年度计划投资，单位百分点；负数为超前",
		 "time progress − done this year ÷ annual plan, in percentage points; negative is ahead"},
		"L2", {PLAN, {"completed_investment", INPUT_REPORT, true}, {"expected_parts", INPUT_COMPUTED, false}},
		{{0}}, points_behind, NULL, remedy_invest_points},
	{"month_ratio", {"当月任务完成率", "Share of the month's task"}, SUBJECT_PROJECT, UNIT_PERCENT, EXACT_LEAST,
		{"最近一个已结束月份的完成投资 ÷ 该月计划（无分月计划则为年度计划的十二分之一）；该月没有计划视为 100 %",
		 "done in the last ended month ÷ that month's plan (a twelfth of the annual plan without a plan by "
			"month); 100 % when nothing was planned"},
		"L5", {PLAN, {"month_plan", INPUT_PLAN, false}, {"month_completed", INPUT_REPORT, false}},
		{{0}}, month_ratio, NULL, remedy_next_month},
	{"months_missed", {"连续未完成月度任务的月数", "Months running below the month's task"}, SUBJECT_PROJECT, UNIT_MONTHS, 0,
		{"从最近一个已结束月份往前数，完成投资低于当月计划的连续月数（当年内）",
		 "counted back from the last ended month: months running in which less than the month's plan was done (this year)"},
		"L3, L6", {{"months_missed", INPUT_COMPUTED, true}, {"month_plan", INPUT_PLAN, false},
			{"month_completed", INPUT_REPORT, false}},
		{{0}}, whole, NULL, remedy_next_month},
	{"days_late", {"节点逾期天数", "Days a milestone is late"}, SUBJECT_PROJECT, UNIT_DAYS, 0,
		{"未完成节点中，今天 − 计划日期 的最大值；没有逾期为 0，没有节点无数据",
		 "today − planned date, the largest over unfinished milestones; 0 when none is late, no data without milestones"},
		"L16", {{"days_late", INPUT_MILESTONE, true}, {"milestones_late", INPUT_COMPUTED, false}},
		{{0}}, whole, NULL, remedy_milestone},
	{"months_not_started", {"应开工未开工月数", "Months due and not started"}, SUBJECT_PROJECT, UNIT_MONTHS, 0,
		{"计划开工月起至本月的月数（当月为 1），已开工或未到期为 0",
		 "months from the month of planned start to this one (1 in that month); 0 when started or not yet due"},
		"L2", {{"planned_start", INPUT_PROJECT, true}, {"actual_start", INPUT_PROJECT, false}},
		{{0}}, months_not_started, NULL, remedy_start},
	{"stat_entry_days", {"开工后未入统天数", "Days since start without statistics entry"}, SUBJECT_PROJECT, UNIT_DAYS, 0,
		{"今天 − 实际开工日期；已入统为 0，未开工无数据",
		 "today − actual start; 0 when entered, no data when not started"},
		"L2, 2.6", {{"actual_start", INPUT_PROJECT, true}, {"stat_entered_on", INPUT_PROJECT, false}},
		{{0}}, stat_entry_days, NULL, remedy_stat_entry},
	{"payment_behind", {"支付落后的百分点", "Points payment is behind"}, SUBJECT_PROJECT, UNIT_POINTS, EXACT_LEAST,
		{"时序进度 − 本年支付 ÷ 年度支付计划，单位百分点", "time progress − paid this year ÷ planned payment, in percentage points"},
		"L2", {{"payment_plan", INPUT_PLAN, true}, {"paid_this_year", INPUT_REPORT, true}},
		{{0}}, payment_behind, NULL, remedy_pay},
	{"days_without_report", {"未填报天数", "Days without report"}, SUBJECT_PROJECT, UNIT_DAYS, 0,
		{"今天 − 最近一次已上报的期间末日；从未填报无数据", "today − last day of the latest submitted report; no data when there never was one"},
		"2.5", {{"days_without_report", INPUT_REPORT, true}, {"last_report", INPUT_REPORT, false}},
		{{0}}, whole, NULL, remedy_report},
	{"issues_overdue", {"逾期未办结问题", "Overdue issues"}, SUBJECT_PROJECT, UNIT_COUNT, 0,
		{"未办结且时限已过的问题数", "open issues whose running clock has passed its deadline"},
		"2.4", {{"issues_overdue", INPUT_COMPUTED, true}, {"issues_open", INPUT_COMPUTED, false}},
		{{0}}, whole, NULL, remedy_issues},
	{"slip_level", {"督办单级别", "Slip level"}, SUBJECT_PROJECT, UNIT_LEVEL, 0,
		{"0 没有未答复的督办单；1 有且未到期；2 一张已过期；3 两张已过期",
		 "0 no unanswered slip; 1 one is out and not yet due; 2 one expired; 3 two expired"},
		"L7", {{"slip_level", INPUT_COMPUTED, true}},
		{{0}}, whole, NULL, remedy_slip},
	{"finish_slip", {"预测竣工晚于计划天数", "Days the forecast finish is late"}, SUBJECT_PROJECT, UNIT_DAYS, EXACT_LEAST,
		{"最新预测竣工 − 计划竣工", "latest forecast finish − planned finish"},
		"000, 1A 8", {{"planned_finish", INPUT_PROJECT, true}, {"forecast_finish", INPUT_REPORT, true}},
		{{0}}, finish_slip, NULL, remedy_forecast},
	{"computed_slip", {"推算完成晚于计划天数", "Days the computed finish is late"}, SUBJECT_PROJECT, UNIT_DAYS, EXACT_LEAST,
		{"由计划和填报推算的完成日期 − 计划竣工", "finish worked out from the plan and the reports − planned finish"},
		"000", {{"planned_finish", INPUT_PROJECT, true}, {"computed_finish", INPUT_PROJECT, true}},
		{{0}}, finish_slip, NULL, remedy_computed},
	{"unit_months_missed", {"单位连续未完成月度任务的月数", "Months running a unit is below its task"}, SUBJECT_UNIT, UNIT_MONTHS, 0,
		{"单位所辖项目当月完成投资之和低于当月计划之和的连续月数", "months running in which the unit's projects together did less than planned"},
		"L3, L6", {{0}}, {{0}}, NULL, unit_months_missed, NULL},
	{"unit_growth", {"单位投资累计增速", "Growth of a unit's investment"}, SUBJECT_UNIT, UNIT_PERCENT, EXACT_LEAST,
		{"年初至最近已结束月份的完成投资，比上年同期增长的百分比；上年同期为零无数据",
		 "done from January through the last ended month, growth over the same months of the year before; no "
			"data when that was zero"},
		"L4", {{0}}, {{0}}, NULL, unit_growth, NULL},
	{"unit_growth_level", {"增速与预期和平均的比较", "Growth against plan and mean"}, SUBJECT_UNIT, UNIT_LEVEL, -1 * EXACT_WHOLE,
		{"2 不低于预期且不低于全部单位合计增速；1 正增长但低于其一；0 零增长；-1 负增长。先判 2",
		 "2 at least the plan and at least the growth of the whole place; 1 positive but below either; 0 no "
			"growth; -1 negative. 2 is asked first"},
		"L4", {{0}}, {{"plan", {"预期增速（百分比）", "planned growth in percent"}, false, 0, NULL},
			{"plan_field", {"单位的预期增速字段，优先", "field of the unit with its planned growth; comes first"}, true, 0,
				"growth_target"}},
		NULL, unit_growth_level, NULL},
	{"unit_bond_ratio", {"专项债支出与应支出之比", "Bonds spent against expected"}, SUBJECT_UNIT, UNIT_PERCENT, EXACT_LEAST,
		{"已支出 ÷ 应支出；每批自发行次月起六个月内均匀支出。字段由办公室添加",
		 "spent ÷ expected; each issue is to be spent evenly over six months from the month after it. The "
			"office adds the fields"},
		"L4", {{0}}, BOND_PARAMS, NULL, unit_bond_ratio, NULL},
	{"unit_honour", {"达标排名", "Rank with target"}, SUBJECT_UNIT, UNIT_LEVEL, -1 * EXACT_WHOLE,
		{"1 超额完成（完成 > 计划）且名次在前 top；-1 未完成（完成 < 计划）且名次在后 bottom；其余 0。名次按年初以来完成 ÷ 计划，并列同名次",
		 "1 beat the plan and among the first `top`; -1 missed it and among the last `bottom`; else 0. Ranked "
			"by done ÷ planned since January, equals share a place"},
		"L10", {{0}}, {{"top", {"前几名", "first places"}, false, 5, NULL}, {"bottom", {"后几名", "last places"},
			false, 4, NULL}, GROUP_PARAM},
		NULL, unit_honour, NULL},
	{"unit_place", {"名次", "Place"}, SUBJECT_UNIT, UNIT_PLACE, 1 * EXACT_WHOLE,
		{"年初以来完成 ÷ 计划从高到低的名次，1 为第一，并列同名次", "place by done ÷ planned since January, 1 is the best, equals share a place"},
		"L11, L14", {{0}}, {GROUP_PARAM}, NULL, unit_place, NULL},
	{"unit_place_from_bottom", {"倒数名次", "Place from the bottom"}, SUBJECT_UNIT, UNIT_PLACE, 1 * EXACT_WHOLE,
		{"年初以来完成 ÷ 计划从低到高的名次，1 为最后", "place by done ÷ planned since January counted from the bottom, 1 is the last"},
		"L11, L14", {{0}}, {GROUP_PARAM}, NULL, unit_place_from_bottom, NULL},
};
/* clang-format on */
const int indicators_count = countof(indicators);

const struct indicator *indicator_named(const char *name)
{
	for (int i = 0; i < indicators_count; i++)
		if (strcmp(indicators[i].name, name) == 0)
			return &indicators[i];
	return NULL;
}

int indicator_scale(const struct indicator *indicator)
{
	return indicator->unit == UNIT_PERCENT || indicator->unit == UNIT_POINTS ? EXACT_SCALE : 0;
}

int64_t exact_of(const struct indicator *indicator, double value)
{
	return llround(value * (double)num_pow10[indicator_scale(indicator)]) * 2;
}

struct indicator_bound indicator_bind(const struct board *b, const struct light_rule *rule)
{
	struct indicator_bound bound = {.indicator = rule->indicator, .rule = rule};
	const struct board_table *projects = board_projects(b);
	for (int i = 0; i < INDICATOR_INPUTS; i++) {
		const char *name = rule->indicator->inputs[i].column;
		bound.columns[i] = name && projects ? board_column_named(projects, name) : -1;
	}
	indicator_set_day(b, &bound);
	return bound;
}

void indicator_set_day(const struct board *b, struct indicator_bound *bound)
{
	struct date today = board_today(b);
	if (!date_is_none(today))
		time_fraction(today, board_options(b), &bound->part, &bound->parts);
}

/* ---- words ---- */

static void separated(struct str *out, int64_t number)
{
	char digits[32];
	int n = 0;
	uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
	do {
		digits[n++] = (char)('0' + rest % 10);
		rest /= 10;
	} while (rest);
	if (number < 0)
		str_putc(out, '-');
	while (n--) {
		str_putc(out, digits[n]);
		if (n && n % 3 == 0)
			str_putc(out, ',');
	}
}

void money_format(struct str *out, int64_t money, enum lang lang)
{
	if (lang == LANG_EN) {
		separated(out, num_muldiv(money, 1, 100));
		str_puts(out, " yuan");
		return;
	}
	int64_t hundredths = num_muldiv(money, 1, 10000), rest = hundredths % 100;
	if (hundredths < 0 && hundredths > -100)
		str_putc(out, '-');
	separated(out, hundredths / 100);
	rest = rest < 0 ? -rest : rest;
	if (rest)
		str_printf(out, rest % 10 ? ".%02d" : ".%d", (int)(rest % 10 ? rest : rest / 10));
	str_puts(out, " 万元");
}

const char *indicator_unit(const struct indicator *indicator, enum lang lang)
{
	static const struct label units[] = {
		[UNIT_PERCENT] = {" %", " %"},
		[UNIT_POINTS] = {" 个百分点", " points"},
		[UNIT_DAYS] = {" 天", " days"},
		[UNIT_MONTHS] = {" 个月", " months"},
		[UNIT_COUNT] = {" 件", ""},
		[UNIT_PLACE] = {" 名", ""},
		[UNIT_LEVEL] = {"", ""},
	};
	return label_in(units[indicator->unit], lang);
}

void indicator_format(
	struct str *out, const struct indicator *indicator, int64_t value, enum lang lang)
{
	if (value == NOTHING64) {
		str_puts(out, "—");
		return;
	}
	if (indicator_scale(indicator) == 0)
		str_int(out, value / EXACT_WHOLE);
	else
		str_decimal(out, num_muldiv(value, 1, EXACT_PERCENT / 100), 2);
	str_puts(out, indicator_unit(indicator, lang));
}

struct label indicator_said(struct arena *a, const struct indicator *indicator, int64_t value)
{
	struct str zh = STR_INIT, en = STR_INIT;
	indicator_format(&zh, indicator, value, LANG_ZH);
	indicator_format(&en, indicator, value, LANG_EN);
	struct label label = {arena_strdup(a, str_text(&zh)), arena_strdup(a, str_text(&en))};
	str_free(&zh);
	str_free(&en);
	return label;
}
