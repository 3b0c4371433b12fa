/* The derived columns of projects by name, type and label, and where what they follow from stands. What is in them is
 * reckoned in derive.c. */
#include "board/table.h"

/* in the order of enum project_class */
static const struct choice classes[] = {
	{"carryover", {"续建", "Carried over"}, false},
	{"new_start", {"新开工", "New start"}, false},
	{"completion", {"竣工投产", "Completion"}, false},
	{"preparatory", {"预备", "Preparatory"}, false},
};

/* clang-format off */
static const struct fact_def {
	enum column_kind kind;
	struct field field;
} facts[FACT_COUNT] = {
	[FACT_PLAN] = {COLUMN_INT64, {.name = "annual_plan_investment", .type = FIELD_MONEY,
		.label = {"年度计划投资", "Annual plan"}}},
	[FACT_DONE] = {COLUMN_INT64, {.name = "completed_investment", .type = FIELD_MONEY,
		.label = {"本年完成投资", "Done this year"}}},
	[FACT_COMPLETION] = {COLUMN_INT64, {.name = "plan_completion", .type = FIELD_PERCENT,
		.label = {"计划完成率", "Plan completion"}}},
	[FACT_TIME] = {COLUMN_INT32, {.name = "time_progress", .type = FIELD_PERCENT, .label = {"时序进度", "Time progress"}}},
	[FACT_VARIANCE] = {COLUMN_INT64, {.name = "time_variance", .type = FIELD_PERCENT,
		.label = {"超欠序时（百分点）", "Ahead or behind (points)"}}},
	[FACT_EXPECTED_PARTS] = {COLUMN_INT64, {.name = "expected_parts", .type = FIELD_INTEGER,
		.label = {"截至目前应完成投资（份数）", "Expected so far, in parts"}}},
	[FACT_CUMULATIVE] = {COLUMN_INT64, {.name = "cumulative_investment", .type = FIELD_MONEY,
		.label = {"累计完成投资", "Done since start"}}},
	[FACT_MONTH_PLAN] = {COLUMN_INT64, {.name = "month_plan", .type = FIELD_MONEY,
		.label = {"上月计划投资", "Plan of the last ended month"}}},
	[FACT_MONTH_DONE] = {COLUMN_INT64, {.name = "month_completed", .type = FIELD_MONEY,
		.label = {"上月完成投资", "Done in the last ended month"}}},
	[FACT_MONTHS_MISSED] = {COLUMN_INT32, {.name = "months_missed", .type = FIELD_INTEGER,
		.label = {"连续未完成月数", "Months running below plan"}}},
	[FACT_DONE_TO_MONTH] = {COLUMN_INT64, {.name = "completed_to_month", .type = FIELD_MONEY,
		.label = {"截至上月完成投资", "Done through the last ended month"}}},
	[FACT_PLANNED_TO_MONTH] = {COLUMN_INT64, {.name = "planned_to_month", .type = FIELD_MONEY,
		.label = {"截至上月计划投资", "Planned through the last ended month"}}},
	[FACT_PAYMENT_PLAN] = {COLUMN_INT64, {.name = "payment_plan", .type = FIELD_MONEY,
		.label = {"年度支付计划", "Planned payment"}}},
	[FACT_PAID] = {COLUMN_INT64, {.name = "paid_this_year", .type = FIELD_MONEY, .label = {"本年支付", "Paid this year"}}},
	[FACT_LAST_REPORT] = {COLUMN_INT32, {.name = "last_report", .type = FIELD_DATE, .label = {"最近填报", "Last report"}}},
	[FACT_SILENCE] = {COLUMN_INT32, {.name = "days_without_report", .type = FIELD_INTEGER,
		.label = {"未填报天数", "Days without report"}}},
	[FACT_NEXT_MILESTONE] = {COLUMN_TEXT, {.name = "next_milestone", .type = FIELD_TEXT,
		.label = {"下一节点", "Next milestone"}}},
	[FACT_NEXT_DUE] = {COLUMN_INT32, {.name = "next_milestone_due", .type = FIELD_DATE,
		.label = {"下一节点时限", "Next milestone due"}}},
	[FACT_DAYS_LATE] = {COLUMN_INT32, {.name = "days_late", .type = FIELD_INTEGER, .label = {"逾期天数", "Days late"}}},
	[FACT_DAYS_LATE_FINISHED] = {COLUMN_INT32, {.name = "days_late_finished", .type = FIELD_INTEGER,
		.label = {"已完成节点最大逾期天数", "Days late of finished milestones"}}},
	[FACT_LATE_MILESTONE] = {COLUMN_REF, {.name = "late_milestone", .type = FIELD_REF, .to = "milestone",
		.label = {"逾期节点", "Latest milestone"}}},
	[FACT_MILESTONES] = {COLUMN_INT32, {.name = "milestones", .type = FIELD_INTEGER, .label = {"节点数", "Milestones"}}},
	[FACT_MILESTONES_DONE] = {COLUMN_INT32, {.name = "milestones_done", .type = FIELD_INTEGER,
		.label = {"已完成节点", "Milestones done"}}},
	[FACT_MILESTONES_LATE] = {COLUMN_INT32, {.name = "milestones_late", .type = FIELD_INTEGER,
		.label = {"逾期节点数", "Milestones late"}}},
	[FACT_ISSUES_OPEN] = {COLUMN_INT32, {.name = "issues_open", .type = FIELD_INTEGER, .label = {"未办结问题", "Open issues"}}},
	[FACT_ISSUES_OVERDUE] = {COLUMN_INT32, {.name = "issues_overdue", .type = FIELD_INTEGER,
		.label = {"逾期问题", "Overdue issues"}}},
	[FACT_CLASS] = {COLUMN_CHOICE, {.name = "class", .type = FIELD_CHOICE,
		.label = {"年度分类", "Class of the year"}, .choices = classes, .nchoices = countof(classes)}},
	[FACT_FORECAST_FINISH] = {COLUMN_INT32, {.name = "forecast_finish", .type = FIELD_DATE,
		.label = {"最新预计竣工", "Forecast finish"}}},
	[FACT_FORECAST_PRODUCTION] = {COLUMN_INT32, {.name = "forecast_production", .type = FIELD_DATE,
		.label = {"最新预计投产", "Forecast production"}}},
	[FACT_EXEMPTIONS] = {COLUMN_INT32, {.name = "exemptions", .type = FIELD_INTEGER,
		.label = {"有效豁免", "Exemptions in force"}}},
	[FACT_SLIP_LEVEL] = {COLUMN_INT32, {.name = "slip_level", .type = FIELD_INTEGER, .label = {"督办单级别", "Slip level"}}},
	[FACT_REPORT_ROW] = {COLUMN_REF, {.name = "latest_report", .type = FIELD_REF, .to = "report",
		.label = {"最近填报记录", "Latest report"}}},
	[FACT_PLAN_ROW] = {COLUMN_REF, {.name = "current_plan", .type = FIELD_REF, .to = "year_plan",
		.label = {"本年计划记录", "Plan of the year"}}},
	[FACT_LIGHT] = {COLUMN_INT32, {.name = "light", .type = FIELD_INTEGER, .label = {"亮灯", "Light"}}},
	[FACT_LIGHT_SINCE] = {COLUMN_INT32, {.name = "light_since", .type = FIELD_DATE, .label = {"亮灯起始", "Light since"}}},
};
/* clang-format on */

void derive_add_columns(struct board *b)
{
	int project = board_table_named(b, "project");
	if (project < 0)
		return;
	struct board_table *t = &b->tables[project];
	for (int i = 0; i < FACT_COUNT; i++) {
		int at = -1;
		for (int c = 0; at < 0 && c < t->ncolumns; c++)
			if (t->columns[c].derived &&
				strcmp(t->columns[c].field->name, facts[i].field.name) == 0)
				at = c;
		if (at < 0)
			at = table_add_column(t, &facts[i].field, facts[i].kind, true);
		struct column *c = &t->columns[at];
		if (facts[i].field.to)
			c->target = board_table_named(b, facts[i].field.to);
		for (int choice = 0; choice < facts[i].field.nchoices; choice++)
			dictionary_put(c->words, slice_of(facts[i].field.choices[choice].name));
		b->at.facts[i] = at;
	}
}

static int column_named(const struct board *b, int table, const char *name)
{
	if (table < 0)
		return -1;
	const struct board_table *t = &b->tables[table];
	const struct field *f = register_field(t->reg, name);
	return f ? t->field_columns[f->index] : -1;
}

static int state_number(const struct board *b, int table, const char *state)
{
	return table < 0
		? -1
		: dictionary_find(b->tables[table].columns[COMMON_STATE].words, slice_of(state));
}

static void bind_states(struct board *b)
{
	struct bindings *at = &b->at;
	at->report_submitted = state_number(b, at->report, "submitted");
	at->report_verified = state_number(b, at->report, "verified");
	at->milestone_done = state_number(b, at->milestone, "done");
	at->milestone_verified = state_number(b, at->milestone, "verified");
	at->milestone_cancelled = state_number(b, at->milestone, "cancelled");
	at->exemption_approved = state_number(b, at->exemption, "approved");
	at->slip_issued = state_number(b, at->slip, "issued");
	at->slip_signed = state_number(b, at->slip, "signed");
	static const char *const cadences[3] = {"month", "week", "day"};
	for (int i = 0; i < 3; i++)
		at->kinds[i] = at->r_kind < 0
			? -1
			: dictionary_find(
				  b->tables[at->report].columns[at->r_kind].words, slice_of(cadences[i]));
}

void derive_bind(struct board *b)
{
	struct bindings *at = &b->at;
	const struct {
		int *table;
		const char *name;
	} tables[] = {
		{&at->unit, "unit"},
		{&at->area, "area"},
		{&at->project, "project"},
		{&at->year_plan, "year_plan"},
		{&at->report, "report"},
		{&at->milestone, "milestone"},
		{&at->issue, "issue"},
		{&at->exemption, "exemption"},
		{&at->slip, "slip"},
	};
	for (size_t i = 0; i < countof(tables); i++)
		*tables[i].table = board_table_named(b, tables[i].name);
	const struct {
		int *column;
		int table;
		const char *name;
	} columns[] = {
		{&at->p_unit, at->project, "lead_unit"},
		{&at->p_area, at->project, "area"},
		{&at->p_headquarters, at->project, "headquarters"},
		{&at->p_category, at->project, "category"},
		{&at->p_programmes, at->project, "programmes"},
		{&at->p_total, at->project, "total_investment"},
		{&at->p_prior, at->project, "prior_investment"},
		{&at->p_planned_start, at->project, "planned_start"},
		{&at->p_planned_finish, at->project, "planned_finish"},
		{&at->p_actual_start, at->project, "actual_start"},
		{&at->p_actual_finish, at->project, "actual_finish"},
		{&at->p_stated_finish, at->project, "stated_finish"},
		{&at->p_stated_production, at->project, "stated_production"},
		{&at->y_year, at->year_plan, "year"},
		{&at->y_plan, at->year_plan, "annual_plan_investment"},
		{&at->y_payment, at->year_plan, "payment_plan"},
		{&at->r_kind, at->report, "period_kind"},
		{&at->r_period, at->report, "period"},
		{&at->r_investment, at->report, "investment"},
		{&at->r_year, at->report, "investment_year"},
		{&at->r_total, at->report, "investment_total"},
		{&at->r_paid, at->report, "paid"},
		{&at->r_paid_year, at->report, "paid_year"},
		{&at->r_forecast_finish, at->report, "forecast_finish"},
		{&at->r_forecast_production, at->report, "forecast_production"},
		{&at->m_planned, at->milestone, "planned"},
		{&at->m_actual, at->milestone, "actual"},
		{&at->e_from, at->exemption, "valid_from"},
		{&at->e_until, at->exemption, "valid_until"},
		{&at->s_due, at->slip, "due"},
	};
	for (size_t i = 0; i < countof(columns); i++)
		*columns[i].column = column_named(b, columns[i].table, columns[i].name);
	for (int m = 0; m < 12; m++) {
		char name[] = {'m', 'o', 'n', 't', 'h', '_', (char)('0' + (m + 1) / 10),
			(char)('0' + (m + 1) % 10), 0};
		at->y_month[m] = column_named(b, at->year_plan, name);
	}
	bind_states(b);
}
