/*
 * Inverse distribution functions as tables of straight pieces: 16 cells of 1/512 at either end, where the functions bend,
 * and 30 of 1/32 between. Made once per range, in floating point; what samples use of it are whole numbers.
 */
#include <math.h>

#include "risk/inside.h"

enum { USED_CELLS = 62, GRID = 4096 };

static double cell_start(int cell)
{
	return cell < 16 ? cell / 512.0
		: cell < 46  ? (cell - 15) / 32.0
					 : 31 / 32.0 + (cell - 46) / 512.0;
}

static double triangular(const struct risk_spread *s, double u)
{
	double low = s->low, peak = s->likely, high = s->high, width = high - low;

	if (width <= 0)
		return low;
	double turn = (peak - low) / width;
	return u < turn ? low + sqrt(u * width * (peak - low))
					: high - sqrt((1 - u) * width * (high - peak));
}

/* The beta distribution with mean (low + 4 likely + high) / 6: shares of each of GRID strips, then their sums. */
static void beta_sums(const struct risk_spread *s, double sums[GRID + 1])
{
	double width = s->high - s->low, turn = width > 0 ? (s->likely - s->low) / width : 0;
	double alpha = 4 * turn, beta = 4 * (1 - turn);

	sums[0] = 0;
	for (int k = 0; k < GRID; k++) {
		double x = (k + 0.5) / GRID;
		sums[k + 1] = sums[k] + pow(x, alpha) * pow(1 - x, beta);
	}
	for (int k = 0; k <= GRID; k++)
		sums[k] /= sums[GRID];
}

static double pert(const struct risk_spread *s, const double sums[GRID + 1], double u)
{
	int low = 0, high = GRID - 1;

	while (low < high) {
		int mid = (low + high + 1) / 2;
		if (sums[mid] <= u)
			low = mid;
		else
			high = mid - 1;
	}
	double share = sums[low + 1] > sums[low] ? (u - sums[low]) / (sums[low + 1] - sums[low]) : 0;
	return s->low + (s->high - s->low) * (low + (share > 1 ? 1 : share)) / GRID;
}

/* The normal quantile by bisection on erfc: slow, and right to the last tick. */
static double normal(double u)
{
	double low = -8, high = 8;

	for (int k = 0; k < 60; k++) {
		double mid = (low + high) / 2;
		if (0.5 * erfc(-mid / sqrt(2)) < u)
			low = mid;
		else
			high = mid;
	}
	return (low + high) / 2;
}

/* Cut off at one in a thousand on both sides: a table has ends. */
static double lognormal(const struct risk_spread *s, double u)
{
	double low = log(s->low), high = log(s->high), middle = (low + high) / 2;
	double wide = (high - low) / 2 / normal(0.9);

	return exp(middle + wide * normal(u < 0.001 ? 0.001 : u > 0.999 ? 0.999 : u));
}

static double points(const struct risk_spread *s, double u)
{
	double at = u * (s->npoints - 1);
	int k = (int)at;

	if (k >= s->npoints - 1)
		return s->points[s->npoints - 1];
	return s->points[k] + (at - k) * (s->points[k + 1] - s->points[k]);
}

static double quantile(const struct risk_spread *s, const double *sums, double u)
{
	switch (s->shape) {
	case RISK_FIXED: break;
	case RISK_TRIANGULAR: return triangular(s, u);
	case RISK_PERT: return pert(s, sums, u);
	case RISK_LOGNORMAL: return lognormal(s, u);
	case RISK_POINTS: return points(s, u);
	}
	return s->likely;
}

void table_make(struct arena *a, const struct risk_spread *spread, struct table *out)
{
	int32_t value[USED_CELLS + 1], most = 0;
	struct arena_mark mark = arena_mark(a);
	double *sums = NULL;

	if (spread->shape == RISK_PERT)
		beta_sums(spread, sums = ARENA_ARRAY(a, double, GRID + 1));
	for (int k = 0; k <= USED_CELLS; k++) {
		double v = quantile(spread, sums, k == USED_CELLS ? 1 : cell_start(k)) * 65.536 + 0.5;
		value[k] = v < 0 ? 0 : v > (1 << 20) - 1 ? (1 << 20) - 1 : (int32_t)v;
		if (k > 0 && value[k] - value[k - 1] > most)
			most = value[k] - value[k - 1];
	}
	int32_t coarse = 0;
	while (most >> coarse >= 1 << 18)
		coarse++;
	*out = (struct table){.shift = 12 - coarse};
	for (int k = 0; k < USED_CELLS; k++) {
		out->base[k] = value[k];
		out->step[k] = (value[k + 1] - value[k]) >> coarse;
		out->pair[2 * k] = out->base[k];
		out->pair[2 * k + 1] = out->step[k];
	}
	out->median = (int32_t)(quantile(spread, sums, 0.5) * 65.536 + 0.5);
	arena_rewind(a, mark);
}

bool spread_is_sound(const struct risk_spread *s, const char *what, struct err *err)
{
	if (s->shape == RISK_POINTS) {
		if (s->npoints < 2)
			return err_set(err, ERR_INPUT, NULL, "%s: own history wants two values or more", what);
		for (int32_t k = 0; k < s->npoints; k++)
			if (s->points[k] < 0 || s->points[k] > 16000 ||
				(k > 0 && s->points[k] < s->points[k - 1]))
				return err_set(
					err, ERR_INPUT, NULL, "%s: values go up from 0 to at most 16 times", what);
		return true;
	}
	int32_t likely = s->shape == RISK_LOGNORMAL || s->shape == RISK_FIXED ? s->low : s->likely;
	if (s->shape != RISK_FIXED &&
		(s->low < 0 || likely < s->low || s->high < likely || s->high > 16000))
		return err_set(err, ERR_INPUT, NULL,
			"%s: low, likely and high go up from 0 to at most 16 times", what);
	if (s->shape == RISK_LOGNORMAL && s->low < 1)
		return err_set(err, ERR_INPUT, NULL, "%s: a lognormal range starts above nothing", what);
	return true;
}
