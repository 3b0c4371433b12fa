/*
 * What follows from a project's children: done this year, behind plan, next milestone ... One project at a time, from its
 * chained reports, plans, milestones and issues; nothing is looked up by id.
 *
 * Months: of one month the month report counts; without one the week reports do, without those the day reports: the same
 * money is never counted twice. A report without the period's figure but with the year's gives the difference.
 */
#include "base/num.h"
#include "board/table.h"

/* ---- small reads ---- */

static int64_t number(const struct board *b, int table, int column, int32_t row)
{
	return column < 0 ? NOTHING64 : column_number(&b->tables[table].columns[column], row);
}

static int32_t day(const struct board *b, int table, int column, int32_t row)
{
	return column < 0 ? NOTHING32 : cells32(&b->tables[table].columns[column])[row];
}

static int32_t state(const struct board *b, int table, int32_t row)
{
	return cells32(&b->tables[table].columns[COMMON_STATE])[row];
}

/* The next living child from `row` on; -1: none. */
static int32_t living(const struct board *b, int table, int32_t row)
{
	while (row >= 0 && !row_alive(&b->tables[table], row))
		row = b->tables[table].next[row];
	return row;
}

static int32_t first_of(const struct board *b, int32_t project, int table)
{
	return table < 0 ? -1 : living(b, table, board_first_child(b, b->at.project, project, table));
}

static int32_t next_of(const struct board *b, int table, int32_t row)
{
	return living(b, table, b->tables[table].next[row]);
}

bool report_counts_in(const struct register_def *reg, const char *state)
{
	return reg->nstates == 0 ||
		(state && (strcmp(state, "submitted") == 0 || strcmp(state, "verified") == 0));
}

static bool report_counts(const struct board *b, int32_t row)
{
	int32_t s = state(b, b->at.report, row);
	return b->tables[b->at.report].reg->nstates == 0 || s == b->at.report_submitted ||
		s == b->at.report_verified;
}

/* ---- money by month ---- */

#define SERIES_MONTHS 240 /* older reports count in the first month of the window */

struct month_money {
	int64_t sum, year; /* of the periods; the last year-to-date figure */
	int32_t year_at;   /* its day; NOTHING32: none */
	bool has_sum;
};

struct series {
	int first, n; /* months since year 0 */
	int64_t done[SERIES_MONTHS];
};

static int month_index(int32_t at)
{
	return month_of((struct date){at}).index;
}

/* Month of the oldest report that counts, January of `year` at the latest, and so that December still has a place. */
static int first_month(const struct board *b, int32_t project, int year)
{
	int first = year * 12, oldest = first + 12 - SERIES_MONTHS;
	for (int32_t r = first_of(b, project, b->at.report); r >= 0; r = next_of(b, b->at.report, r)) {
		int32_t at = day(b, b->at.report, b->at.r_period, r);
		if (at != NOTHING32 && report_counts(b, r) && month_index(at) < first)
			first = month_index(at);
	}
	return first < oldest ? oldest : first;
}

static void take_report(
	const struct board *b, int32_t row, int period, int year, struct month_money *m)
{
	int64_t sum = number(b, b->at.report, period, row), total = number(b, b->at.report, year, row);
	int32_t at = day(b, b->at.report, b->at.r_period, row);
	if (sum != NOTHING64) {
		m->sum += sum;
		m->has_sum = true;
	}
	if (total != NOTHING64 && (m->year_at == NOTHING32 || at >= m->year_at)) {
		m->year = total;
		m->year_at = at;
	}
}

static int cadence(const struct board *b, int32_t row)
{
	int32_t kind =
		b->at.r_kind < 0 ? -1 : cells32(&b->tables[b->at.report].columns[b->at.r_kind])[row];
	return kind == b->at.kinds[1] ? 1 : kind == b->at.kinds[2] ? 2 : 0;
}

/* The last day a report speaks of: its period's. */
static int32_t covered_until(const struct board *b, int32_t row)
{
	int32_t at = day(b, b->at.report, b->at.r_period, row);
	int kind = cadence(b, row);
	if (at == NOTHING32 || kind == 2)
		return at;
	return kind == 1 ? at + 6 : month_last(month_of((struct date){at})).day;
}

static int64_t month_done(const struct month_money cadences[3], int64_t year_so_far)
{
	for (int k = 0; k < 3; k++) {
		if (cadences[k].has_sum)
			return cadences[k].sum;
		if (cadences[k].year_at != NOTHING32)
			return cadences[k].year - year_so_far;
	}
	return 0;
}

/* What was done in each month up to December of `year`, from the columns of one series (dispatch or paid). */
static void month_series(const struct board *b, int32_t project, int year, int period_column,
	int year_column, struct series *s)
{
	struct month_money months[SERIES_MONTHS][3];
	int latest = year * 12 + 11;
	s->first = first_month(b, project, year);
	s->n = latest - s->first + 1;
	for (int m = 0; m < s->n; m++)
		for (int k = 0; k < 3; k++)
			months[m][k] = (struct month_money){.year_at = NOTHING32};
	for (int32_t r = first_of(b, project, b->at.report); r >= 0; r = next_of(b, b->at.report, r)) {
		int32_t at = day(b, b->at.report, b->at.r_period, r);
		if (at == NOTHING32 || !report_counts(b, r) || month_index(at) > latest)
			continue;
		int m = month_index(at) - s->first;
		take_report(b, r, period_column, year_column, &months[m < 0 ? 0 : m][cadence(b, r)]);
	}
	int64_t so_far = 0;
	for (int m = 0; m < s->n; m++) {
		if ((s->first + m) % 12 == 0)
			so_far = 0;
		s->done[m] = month_done(months[m], so_far);
		so_far += s->done[m];
	}
}

static int64_t series_of(const struct series *s, int from, int to) /* months, both included */
{
	int64_t sum = 0;
	for (int m = from < s->first ? s->first : from; m <= to && m < s->first + s->n; m++)
		sum += s->done[m - s->first];
	return sum;
}

/* ---- plans ---- */

static int32_t plan_of_year(const struct board *b, int32_t project, int year)
{
	int32_t found = -1;
	for (int32_t r = first_of(b, project, b->at.year_plan); r >= 0;
		 r = next_of(b, b->at.year_plan, r))
		if (number(b, b->at.year_plan, b->at.y_year, r) == year &&
			(found < 0 ||
				uuid_compare(
					b->tables[b->at.year_plan].ids[r], b->tables[b->at.year_plan].ids[found]) < 0))
			found = r;
	return found;
}

/* The plan by month. Without months it is the year's twelfth part, the remainders spread so that they add up. */
static bool plan_by_month(const struct board *b, int32_t plan, int64_t months[12])
{
	bool given = false;
	for (int m = 0; m < 12; m++) {
		int64_t money = plan < 0 ? NOTHING64 : number(b, b->at.year_plan, b->at.y_month[m], plan);
		given |= money != NOTHING64;
		months[m] = money == NOTHING64 ? 0 : money;
	}
	int64_t annual = plan < 0 ? NOTHING64 : number(b, b->at.year_plan, b->at.y_plan, plan);
	for (int m = 0; !given && annual != NOTHING64 && m < 12; m++)
		months[m] = annual / 12 * (m + 1) + annual % 12 * (m + 1) / 12 -
			(annual / 12 * m + annual % 12 * m / 12);
	return given;
}

void derive_months(const struct board *b, int32_t row, int64_t done[24], int64_t planned[24])
{
	int year = date_year(b->today);
	struct series s;
	month_series(b, row, year, b->at.r_investment, b->at.r_year, &s);
	for (int m = 0; m < 24; m++) {
		int at = (year - 1) * 12 + m;
		done[m] = at < s.first || at >= s.first + s.n ? 0 : s.done[at - s.first];
	}
	for (int y = 0; y < 2; y++)
		plan_by_month(b, plan_of_year(b, row, year - 1 + y), planned + y * 12);
}

/* ---- time ---- */

int months_ended(struct date today, const struct board_options *options)
{
	struct ymd d = date_ymd(today);
	if (options->close_day > 0)
		return d.day >= options->close_day ? d.month - 1 : d.month >= 2 ? d.month - 2 : 0;
	return d.day == month_days(d.year, d.month) ? d.month : d.month - 1;
}

static int year_days(int year)
{
	return date_from_ymd(year, 12, 31).day - date_from_ymd(year, 1, 1).day + 1;
}

void time_fraction(struct date today, const struct board_options *options, int *part, int *parts)
{
	int year = date_year(today);
	*parts = options->basis == TIME_BY_DAY ? year_days(year) : 12;
	*part = options->basis == TIME_BY_DAY ? today.day - date_from_ymd(year, 1, 1).day + 1
										  : months_ended(today, options);
}

int64_t time_progress(struct date today, const struct board_options *options)
{
	int part, parts;
	time_fraction(today, options, &part, &parts);
	return (int64_t)(part * 20000 + parts) / (2 * parts);
}

/* The parts that FACT_EXPECTED_PARTS counts in: 12, 365 or 366. */
static int time_parts(const struct board *b)
{
	int part, parts;
	time_fraction(b->today, &b->options, &part, &parts);
	return parts;
}

/* ---- the facts ---- */

static void set_fact(struct board *b, enum fact fact, int32_t row, int64_t value)
{
	struct column *c = fact_column(b, fact);
	if (c->kind == COLUMN_INT64)
		cells64(c)[row] = value;
	else if (c->kind == COLUMN_INT32)
		cells32(c)[row] = value == NOTHING64 ? NOTHING32 : (int32_t)value;
	else
		cells32(c)[row] = value == NOTHING64 ? -1 : (int32_t)value;
}

/* What should be done by now, times time_parts(): exact also where a twelfth is no whole 分. */
static int64_t expected_parts(
	const struct board *b, int64_t annual, bool by_month, const int64_t months[12])
{
	int part, parts;
	time_fraction(b->today, &b->options, &part, &parts);
	if (!by_month)
		return annual * part;
	struct ymd d = date_ymd(b->today);
	int ended = b->options.basis == TIME_BY_DAY ? d.month - 1 : part;
	int64_t sum = 0;
	for (int m = 0; m < ended; m++)
		sum += months[m];
	sum *= parts;
	if (b->options.basis == TIME_BY_DAY)
		sum += months[d.month - 1] * parts * d.day / month_days(d.year, d.month);
	return sum;
}

static void derive_plan(struct board *b, int32_t row, const struct series *s)
{
	int year = date_year(b->today), ended = months_ended(b->today, &b->options),
		parts = time_parts(b);
	int32_t plan = plan_of_year(b, row, year);
	int64_t months[12],
		annual = plan < 0 ? NOTHING64 : number(b, b->at.year_plan, b->at.y_plan, plan);
	bool by_month = plan_by_month(b, plan, months);
	int64_t done = series_of(s, year * 12, year * 12 + 11),
			to_month = series_of(s, year * 12, year * 12 + ended - 1);
	int64_t planned = 0;
	for (int m = 0; m < ended; m++)
		planned += months[m];
	set_fact(b, FACT_PLAN_ROW, row, plan < 0 ? NOTHING64 : plan);
	set_fact(b, FACT_PLAN, row, annual);
	set_fact(b, FACT_DONE, row, done);
	set_fact(b, FACT_DONE_TO_MONTH, row, to_month);
	set_fact(b, FACT_PLANNED_TO_MONTH, row, annual == NOTHING64 ? NOTHING64 : planned);
	set_fact(b, FACT_PAYMENT_PLAN, row,
		plan < 0 ? NOTHING64 : number(b, b->at.year_plan, b->at.y_payment, plan));
	set_fact(
		b, FACT_MONTH_PLAN, row, annual == NOTHING64 || ended == 0 ? NOTHING64 : months[ended - 1]);
	set_fact(b, FACT_MONTH_DONE, row,
		ended == 0 ? NOTHING64 : series_of(s, year * 12 + ended - 1, year * 12 + ended - 1));
	int missed = 0;
	while (missed < ended &&
		months[ended - 1 - missed] >
			series_of(s, year * 12 + ended - 1 - missed, year * 12 + ended - 1 - missed))
		missed++;
	set_fact(b, FACT_MONTHS_MISSED, row, annual == NOTHING64 ? NOTHING64 : missed);
	bool none = annual == NOTHING64 || annual == 0;
	int64_t expected = none ? NOTHING64 : expected_parts(b, annual, by_month, months);
	int64_t time = none || !by_month ? time_progress(b->today, &b->options)
									 : num_muldiv(expected, 10000, annual * parts);
	set_fact(b, FACT_EXPECTED_PARTS, row, expected);
	set_fact(b, FACT_TIME, row, time);
	set_fact(b, FACT_COMPLETION, row, share_percent(done, none ? 0 : annual));
	/* from the exact figures, not from the two rounded ones */
	set_fact(b, FACT_VARIANCE, row,
		none ? NOTHING64 : num_muldiv(done * parts - expected, 10000, annual * parts));
}

static void derive_reports(struct board *b, int32_t row)
{
	int year = date_year(b->today), table = b->at.report;
	struct series s;
	month_series(b, row, year, b->at.r_investment, b->at.r_year, &s);
	derive_plan(b, row, &s);
	int32_t last = -1, total_row = -1, finish_row = -1, production_row = -1;
	for (int32_t r = first_of(b, row, table); r >= 0; r = next_of(b, table, r)) {
		int32_t at = day(b, table, b->at.r_period, r);
		if (at == NOTHING32 || !report_counts(b, r))
			continue;
		int32_t *const slots[] = {&last, &total_row, &finish_row, &production_row};
		const bool has[] = {true, number(b, table, b->at.r_total, r) != NOTHING64,
			day(b, table, b->at.r_forecast_finish, r) != NOTHING32,
			day(b, table, b->at.r_forecast_production, r) != NOTHING32};
		for (int i = 0; i < 4; i++) {
			int32_t best = *slots[i],
					best_at = best < 0 ? NOTHING32 : day(b, table, b->at.r_period, best);
			if (has[i] &&
				(best < 0 || at > best_at ||
					(at == best_at &&
						uuid_compare(b->tables[table].ids[r], b->tables[table].ids[best]) > 0)))
				*slots[i] = r;
		}
	}
	int64_t prior = number(b, b->at.project, b->at.p_prior, row),
			sum = series_of(&s, s.first, year * 12 + 11);
	int64_t cumulative = (prior == NOTHING64 ? 0 : prior) + sum;
	if (total_row >= 0)
		cumulative = number(b, table, b->at.r_total, total_row) +
			series_of(
				&s, month_index(day(b, table, b->at.r_period, total_row)) + 1, year * 12 + 11);
	set_fact(b, FACT_CUMULATIVE, row, prior == NOTHING64 && last < 0 ? NOTHING64 : cumulative);
	int32_t at = last < 0 ? NOTHING32 : covered_until(b, last);
	if (at != NOTHING32 && at > b->today.day)
		at = b->today.day; /* filed before its period is over */
	set_fact(b, FACT_REPORT_ROW, row, last < 0 ? NOTHING64 : last);
	set_fact(b, FACT_LAST_REPORT, row, last < 0 ? NOTHING64 : at);
	set_fact(b, FACT_SILENCE, row, last < 0 ? NOTHING64 : b->today.day - at);
	int32_t finish = finish_row >= 0 ? day(b, table, b->at.r_forecast_finish, finish_row)
									 : day(b, b->at.project, b->at.p_stated_finish, row);
	int32_t production = production_row >= 0
		? day(b, table, b->at.r_forecast_production, production_row)
		: day(b, b->at.project, b->at.p_stated_production, row);
	set_fact(b, FACT_FORECAST_FINISH, row, finish == NOTHING32 ? NOTHING64 : finish);
	set_fact(b, FACT_FORECAST_PRODUCTION, row, production == NOTHING32 ? NOTHING64 : production);
	month_series(b, row, year, b->at.r_paid, b->at.r_paid_year, &s);
	set_fact(b, FACT_PAID, row, series_of(&s, year * 12, year * 12 + 11));
}

static bool milestone_finished(const struct board *b, int32_t row)
{
	int32_t s = state(b, b->at.milestone, row),
			actual = day(b, b->at.milestone, b->at.m_actual, row);
	return actual != NOTHING32 || s == b->at.milestone_done || s == b->at.milestone_verified;
}

static void derive_milestones(struct board *b, int32_t row)
{
	int table = b->at.milestone;
	int32_t n = 0, done = 0, late_n = 0, late = 0, late_finished = 0, late_row = -1, next = -1,
			next_due = NOTHING32;
	for (int32_t m = first_of(b, row, table); m >= 0; m = next_of(b, table, m)) {
		if (state(b, table, m) == b->at.milestone_cancelled && b->at.milestone_cancelled >= 0)
			continue;
		int32_t planned = day(b, table, b->at.m_planned, m),
				actual = day(b, table, b->at.m_actual, m);
		bool finished = milestone_finished(b, m);
		n++;
		done += finished;
		if (planned == NOTHING32)
			continue;
		if (finished) {
			if (actual != NOTHING32 && actual - planned > late_finished)
				late_finished = actual - planned;
			continue;
		}
		int32_t days = b->today.day - planned;
		late_n += days > 0;
		bool first_id = late_row >= 0 &&
			uuid_compare(b->tables[table].ids[m], b->tables[table].ids[late_row]) < 0;
		if (days > late || (days > 0 && days == late && first_id)) {
			late = days;
			late_row = m;
		}
		if (next < 0 || planned < next_due ||
			(planned == next_due &&
				uuid_compare(b->tables[table].ids[m], b->tables[table].ids[next]) < 0)) {
			next = m;
			next_due = planned;
		}
	}
	struct slice title = next < 0 ? (struct slice){0} : board_title(&b->tables[table], next);
	set_fact(b, FACT_MILESTONES, row, n);
	set_fact(b, FACT_MILESTONES_DONE, row, done);
	set_fact(b, FACT_MILESTONES_LATE, row, late_n);
	set_fact(b, FACT_DAYS_LATE, row, n == 0 ? NOTHING64 : late);
	set_fact(b, FACT_DAYS_LATE_FINISHED, row, n == 0 ? NOTHING64 : late_finished);
	set_fact(b, FACT_LATE_MILESTONE, row, late_row < 0 ? NOTHING64 : late_row);
	set_fact(b, FACT_NEXT_MILESTONE, row,
		title.s ? dictionary_put(fact_column(b, FACT_NEXT_MILESTONE)->words, title) : NOTHING64);
	set_fact(b, FACT_NEXT_DUE, row, next < 0 ? NOTHING64 : next_due);
}

static void derive_issues(struct board *b, int32_t row)
{
	int table = b->at.issue;
	int32_t open = 0, overdue = 0;
	int64_t day_begins = date_instant(b->today, 0, b->options.offset_minutes).ms;
	for (int32_t i = first_of(b, row, table); i >= 0; i = next_of(b, table, i)) {
		if (!row_open(&b->tables[table], i))
			continue;
		int64_t due = cells64(&b->tables[table].columns[COMMON_DUE])[i];
		open++;
		overdue += due != NOTHING64 && due < day_begins;
	}
	set_fact(b, FACT_ISSUES_OPEN, row, open);
	set_fact(b, FACT_ISSUES_OVERDUE, row, overdue);
}

static void derive_exemptions(struct board *b, int32_t row)
{
	int32_t n = 0;
	for (int32_t e = first_of(b, row, b->at.exemption); e >= 0;
		 e = next_of(b, b->at.exemption, e)) {
		int32_t from = day(b, b->at.exemption, b->at.e_from, e),
				until = day(b, b->at.exemption, b->at.e_until, e);
		n += state(b, b->at.exemption, e) == b->at.exemption_approved &&
			(from == NOTHING32 || from <= b->today.day) &&
			(until == NOTHING32 || until >= b->today.day);
	}
	set_fact(b, FACT_EXEMPTIONS, row, n);
}

/* 0: no slip is out; 1: one is and its deadline has not passed; 2: one expired, 3: two did, and so on. */
static void derive_slips(struct board *b, int32_t row)
{
	int32_t out = 0, expired = 0;
	for (int32_t s = first_of(b, row, b->at.slip); s >= 0; s = next_of(b, b->at.slip, s)) {
		int32_t due = day(b, b->at.slip, b->at.s_due, s), now = state(b, b->at.slip, s);
		if (now != b->at.slip_issued && now != b->at.slip_signed)
			continue; /* drafted, withdrawn, or answered */
		out = 1;
		expired += due != NOTHING32 && due < b->today.day;
	}
	set_fact(b, FACT_SLIP_LEVEL, row, b->at.slip < 0 ? NOTHING64 : out + expired);
}

static int derive_class(const struct board *b, int32_t row)
{
	int year = date_year(b->today);
	int32_t started = day(b, b->at.project, b->at.p_actual_start, row);
	int32_t start =
		started != NOTHING32 ? started : day(b, b->at.project, b->at.p_planned_start, row);
	int32_t finished = day(b, b->at.project, b->at.p_actual_finish, row);
	int32_t finish =
		finished != NOTHING32 ? finished : day(b, b->at.project, b->at.p_planned_finish, row);
	int finish_year = finish == NOTHING32 ? 9999 : date_year((struct date){finish});
	if (finished != NOTHING32 && finish_year < year)
		return -1; /* done before: in no class of this year */
	if (start == NOTHING32 || date_year((struct date){start}) > year)
		return CLASS_PREPARATORY;
	if (finish_year <= year)
		return CLASS_COMPLETION; /* also what should have been finished before and is not */
	return started != NOTHING32 && date_year((struct date){started}) < year ? CLASS_CARRYOVER
																			: CLASS_NEW_START;
}

void derive_project(struct board *b, int32_t row)
{
	if (!row_alive(&b->tables[b->at.project], row)) {
		for (int i = 0; i < FACT_LIGHT; i++) /* its lights go out with all the others */
			set_fact(b, (enum fact)i, row, NOTHING64);
		return;
	}
	derive_reports(b, row);
	derive_milestones(b, row);
	derive_issues(b, row);
	derive_exemptions(b, row);
	derive_slips(b, row);
	int class = derive_class(b, row);
	set_fact(b, FACT_CLASS, row, class < 0 ? NOTHING64 : class);
}

bool project_counts(const struct board *b, int32_t row)
{
	const struct board_table *t = &b->tables[b->at.project];
	return row_alive(t, row) && (row_open(t, row) || fact_number(b, FACT_PLAN, row) != NOTHING64);
}
