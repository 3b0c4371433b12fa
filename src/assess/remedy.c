/* What would turn a light green, as a sentence with the number in it. `goal` is the nearest exact
 * value of the green band. */
#include "assess/kernels.h"
#include "base/num.h"

static int64_t cell(
	const struct board *b, const struct indicator_bound *bound, int input, int32_t row)
{
	int column = bound->columns[input];
	return column < 0 ? NOTHING64 : column_number(board_column(board_projects(b), column), row);
}

static int64_t number_named(const struct board *b, const char *column, int32_t row)
{
	const struct board_table *t = board_projects(b);
	int at = board_column_named(t, column);
	return at < 0 ? NOTHING64 : column_number(board_column(t, at), row);
}

static void two(struct str *zh, struct str *en, const char *zh_before, const char *en_before,
	int64_t money, const char *zh_after, const char *en_after)
{
	str_puts(zh, zh_before);
	money_format(zh, money, LANG_ZH);
	str_puts(zh, zh_after);
	str_puts(en, en_before);
	money_format(en, money, LANG_EN);
	str_puts(en, en_after);
}

static __int128 ceil_div(__int128 a, __int128 b)
{
	__int128 q = a / b;
	return q * b < a ? q + 1 : q;
}

static bool invest(int64_t more, struct str *zh, struct str *en)
{
	if (more <= 0)
		return false;
	/* shown in hundredths of 万元, 10,000 分: never say less than what is needed */
	more = (more + 9999) / 10000 * 10000;
	two(zh, en, "再完成投资 ", "complete ", more, "", " more of investment");
	return true;
}

/* done * parts / expected >= goal % */
bool remedy_invest_ratio(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t done = cell(b, bound, 1, row), expected = cell(b, bound, 2, row);
	if (done == NOTHING64 || expected == NOTHING64)
		return false;
	__int128 needed =
		ceil_div((__int128)expected * goal, (__int128)100 * EXACT_PERCENT * bound->parts);
	return invest((int64_t)(needed - done), zh, en);
}

/* (expected - done * parts) / (plan * parts) <= goal points */
bool remedy_invest_points(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t plan = cell(b, bound, 0, row), done = cell(b, bound, 1, row),
			expected = cell(b, bound, 2, row);
	if (done == NOTHING64 || expected == NOTHING64)
		return false;
	__int128 unit = (__int128)100 * EXACT_PERCENT;
	__int128 needed = ceil_div(
		(__int128)expected * unit - (__int128)plan * bound->parts * goal, unit * bound->parts);
	return invest((int64_t)(needed - done), zh, en);
}

bool remedy_pay(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t plan = cell(b, bound, 0, row), paid = cell(b, bound, 1, row);
	__int128 unit = (__int128)100 * EXACT_PERCENT;
	__int128 needed =
		ceil_div((__int128)plan * bound->part * unit - (__int128)plan * bound->parts * goal,
			unit * bound->parts);
	int64_t more = (int64_t)(needed - paid);
	if (more <= 0)
		return false;
	two(zh, en, "再支付 ", "pay ", (more + 9999) / 10000 * 10000, "", " more");
	return true;
}

/* A month that is over cannot be caught up; the next one can. */
bool remedy_next_month(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	const struct board_table *projects = board_projects(b);
	int plan_column = board_column_named(projects, "current_plan"),
		ended = months_ended(board_today(b), board_options(b));
	int table = board_table_named(b, "year_plan");
	int32_t plan =
		plan_column < 0 ? -1 : ((const int32_t *)board_column(projects, plan_column)->cells)[row];
	if (plan < 0 || table < 0 || ended >= 12)
		return false;
	const struct board_table *plans = board_table(b, table);
	char name[] = {'m', 'o', 'n', 't', 'h', '_', (char)('0' + (ended + 1) / 10),
		(char)('0' + (ended + 1) % 10), 0};
	int column = board_column_named(plans, name);
	int64_t money = column < 0 ? NOTHING64 : column_number(board_column(plans, column), plan);
	int64_t annual = number_named(b, "annual_plan_investment", row);
	if (money == NOTHING64)
		money = annual / 12;
	str_printf(zh, "完成 %d 月计划 ", ended + 1);
	money_format(zh, money, LANG_ZH);
	str_printf(en, "complete the plan of month %d, ", ended + 1);
	money_format(en, money, LANG_EN);
	return true;
}

bool remedy_milestone(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t late = number_named(b, "milestones_late", row);
	const struct board_table *projects = board_projects(b);
	int column = board_column_named(projects, "late_milestone"),
		table = board_table_named(b, "milestone");
	int32_t milestone =
		column < 0 ? -1 : ((const int32_t *)board_column(projects, column)->cells)[row];
	if (late == NOTHING64 || late <= 0 || milestone < 0 || table < 0)
		return false;
	struct slice title = board_title(board_table(b, table), milestone);
	str_printf(zh, "完成节点“%.*s”", (int)title.n, title.s ? title.s : "");
	str_printf(en, "finish the milestone \"%.*s\"", (int)title.n, title.s ? title.s : "");
	if (late > 1) {
		str_printf(zh, "等 %d 个逾期节点", (int)late);
		str_printf(en, " and %d more that are late", (int)late - 1);
	}
	return true;
}

bool remedy_start(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	str_puts(zh, "开工并填报实际开工时间");
	str_puts(en, "start, and enter the actual start");
	return true;
}

bool remedy_stat_entry(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	str_puts(zh, "完成入库纳统并填报入统时间");
	str_puts(en, "complete the statistics entry, and enter its date");
	return true;
}

bool remedy_report(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	str_puts(zh, "上报一次进度");
	str_puts(en, "submit a report");
	return true;
}

bool remedy_issues(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t overdue = cell(b, bound, 0, row), more = overdue - goal / EXACT_WHOLE;
	if (overdue == NOTHING64 || more <= 0)
		return false;
	str_printf(zh, "办结 %d 件逾期问题", (int)more);
	str_printf(en, "settle %d overdue issue%s", (int)more, more == 1 ? "" : "s");
	return true;
}

bool remedy_slip(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	str_puts(zh, "答复未答复的督办单");
	str_puts(en, "answer the slips that are out");
	return true;
}

/* Days by which a finish is to come forward. Where the last day that is still green has gone by, no plan can do that: what
 * remains true is when it will finish, how late, and that another day is given by ruling. */
static bool finish_forward(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, int64_t *gain, struct str *zh, struct str *en)
{
	int64_t planned = cell(b, bound, 0, row), finish = cell(b, bound, 1, row);
	*gain = 0;
	if (planned == NOTHING64 || finish == NOTHING64)
		return false;
	int64_t latest = planned + goal / EXACT_WHOLE;
	if (finish <= latest)
		return false;
	if (latest >= board_today(b).day) {
		*gain = finish - latest;
		return true;
	}
	struct date due = {(int32_t)planned}, then = {(int32_t)finish};
	int late = (int)(finish - planned);
	str_puts(zh, "只有按程序申请并批准改期：计划竣工 ");
	date_format(zh, due);
	str_puts(zh, " 已过，预计 ");
	date_format(zh, then);
	str_printf(zh, " 完成，晚 %d 天", late);
	str_puts(en, "only with a new date, which needs a request and its ruling: the planned finish ");
	date_format(en, due);
	str_puts(en, " has passed, and it is expected to finish on ");
	date_format(en, then);
	str_printf(en, ", %d day%s late", late, late == 1 ? "" : "s");
	return true;
}

bool remedy_computed(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t gain;
	if (!finish_forward(b, bound, row, goal, &gain, zh, en))
		return false;
	if (gain) {
		str_printf(zh, "把计划压缩 %d 天，或按程序调整计划竣工日期", (int)gain);
		str_printf(en, "shorten the plan by %d day%s, or move the planned finish by a ruling",
			(int)gain, gain == 1 ? "" : "s");
	}
	return true;
}

bool remedy_forecast(const struct board *b, const struct indicator_bound *bound, int32_t row,
	int64_t goal, struct str *zh, struct str *en)
{
	int64_t gain;
	if (!finish_forward(b, bound, row, goal, &gain, zh, en))
		return false;
	if (gain) {
		str_printf(zh, "把预测竣工提前 %d 天", (int)gain);
		str_printf(
			en, "bring the forecast finish forward by %d day%s", (int)gain, gain == 1 ? "" : "s");
	}
	return true;
}
