/*
 * Indicators of units, from the rollups' figures by month: the same function gives the value at the end of any past
 * month of this year and the last, so months running need no memory.
 */
#include "assess/kernels.h"

static const struct rollup *figures(const struct unit_view *view, int32_t unit)
{
	return rollup_get(view->b, DIMENSION_UNIT, unit);
}

/* Index into done[] and planned[] of the month `back` before the last ended one; -1: before the year before. */
static int month_at(const struct unit_view *view, int back)
{
	return 11 + view->ended - back;
}

/* Sums from January of that month's year through it. */
static int64_t cumulative(const int64_t months[24], int at)
{
	int64_t sum = 0;
	for (int m = at >= 12 ? 12 : 0; m <= at; m++)
		sum += months[m];
	return sum;
}

int64_t unit_months_missed(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	const struct rollup *r = figures(view, unit);
	if (!r || r->annual_plan_investment == 0)
		return NOTHING64;
	int64_t missed = 0;
	for (int m = month_at(view, back); m >= 0 && r->planned[m] > r->done[m]; m--)
		missed++;
	return missed * EXACT_WHOLE;
}

/* This year's and last year's done through the same month; false: nothing to compare with. */
static bool compare_years(
	const struct unit_view *view, const struct rollup *r, int back, int64_t *now, int64_t *before)
{
	int at = month_at(view, back);
	if (!r || at < 12)
		return false; /* the year before the last is not kept */
	*now = cumulative(r->done, at);
	*before = cumulative(r->done, at - 12);
	return *before > 0;
}

int64_t unit_growth(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	int64_t now, before;
	if (!compare_years(view, figures(view, unit), back, &now, &before))
		return NOTHING64;
	return exact_percent(now - before, before);
}

static int64_t planned_growth(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit)
{
	const struct board_table *t = board_table(view->b, board_table_named(view->b, "unit"));
	int column = board_column_named(t, bound->rule->param_text[1]);
	int64_t own = column < 0 ? NOTHING64 : column_number(board_column(t, column), unit);
	return own == NOTHING64 ? bound->rule->params[0] * EXACT_PERCENT : own * (EXACT_PERCENT / 100);
}

int64_t unit_growth_level(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	int64_t now, before, all_now, all_before;
	if (!compare_years(view, figures(view, unit), back, &now, &before) ||
		!compare_years(view, rollup_get(view->b, DIMENSION_ALL, -1), back, &all_now, &all_before))
		return NOTHING64;
	int64_t growth = exact_percent(now - before, before);
	/* against the mean without rounding: now / before >= all_now / all_before */
	bool mean = (__int128)now * all_before >= (__int128)all_now * before;
	if (mean && growth >= planned_growth(view, bound, unit))
		return 2 * EXACT_WHOLE;
	return (now > before ? 1 : now == before ? 0 : -1) * EXACT_WHOLE;
}

int64_t unit_bond_ratio(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	if (!view->bond_expected || back > 0 || view->bond_expected[unit] == NOTHING64)
		return NOTHING64;
	if (view->bond_expected[unit] == 0)
		return 100 * EXACT_PERCENT;
	return exact_percent(view->bond_paid[unit], view->bond_expected[unit]);
}

/* ---- places ---- */

struct standing {
	int64_t done, planned;
};

static bool standing_of(const struct unit_view *view, int32_t unit, int back, struct standing *out)
{
	const struct rollup *r = figures(view, unit);
	int at = month_at(view, back);
	if (!r || at < 0 || !(view->eligible[unit >> 6] >> (unit & 63) & 1))
		return false;
	*out = (struct standing){cumulative(r->done, at), cumulative(r->planned, at)};
	return out->planned > 0;
}

/* -1: a is behind b */
static int compare_standings(struct standing a, struct standing b)
{
	__int128 x = (__int128)a.done * b.planned, y = (__int128)b.done * a.planned;
	return (x > y) - (x < y);
}

/* 1 + how many of the same group are ahead (sign 1) or behind (sign -1); equals share a place. 0: takes no part. */
static int32_t place(const struct unit_view *view, int32_t unit, int back, int sign)
{
	struct standing own, other;
	if (!standing_of(view, unit, back, &own))
		return 0;
	int32_t n = 1;
	for (int32_t u = 0; u < view->units; u++)
		if (u != unit && (!view->groups || view->groups[u] == view->groups[unit]) &&
			standing_of(view, u, back, &other) && compare_standings(other, own) == sign)
			n++;
	return n;
}

static int64_t whole_or_nothing(int32_t place)
{
	return place == 0 ? NOTHING64 : (int64_t)place * EXACT_WHOLE;
}

int64_t unit_place(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	return whole_or_nothing(place(view, unit, back, 1));
}

int64_t unit_place_from_bottom(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	return whole_or_nothing(place(view, unit, back, -1));
}

int64_t unit_honour(
	const struct unit_view *view, const struct indicator_bound *bound, int32_t unit, int back)
{
	struct standing own;
	if (!standing_of(view, unit, back, &own))
		return NOTHING64;
	if (own.done > own.planned && place(view, unit, back, 1) <= bound->rule->params[0])
		return 1 * EXACT_WHOLE;
	if (own.done < own.planned && place(view, unit, back, -1) <= bound->rule->params[1])
		return -1 * EXACT_WHOLE;
	return 0;
}
