/* The inner loop for three kinds of machines out of one source, and the parts that go through moments one by one. */
#if !defined(__clang__)
#pragma GCC optimize("O3")
#endif
#pragma GCC diagnostic ignored "-Wpsabi" /* no vector crosses a function that is not inlined */
#include "risk/inside.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

static const struct worktime *lane_calendar(
	const struct risk_engine *e, const struct risk_tally *t, int32_t calendar, int lane)
{
	for (int32_t k = 0; k < e->nwindows; k++)
		if (e->windows[k].calendar == calendar && t->struck[RISK_LANES * (e->ndrivers + k) + lane])
			return e->net.calendars[e->windows[k].instead];
	return e->net.calendars[calendar];
}

static int32_t shown_start(
	const struct point *p, const struct worktime *w, int32_t start, int32_t finish)
{
	return p->flags & POINT_FINISH_MILESTONE ? worktime_finish(w, finish)
											 : worktime_start(w, start);
}

static int32_t shown_finish(
	const struct point *p, const struct worktime *w, int32_t start, int32_t finish)
{
	return finish > start || (p->flags & POINT_FINISH_MILESTONE) ? worktime_finish(w, finish)
																 : worktime_start(w, start);
}

/* The moment that an arc gives what follows, as cpm.c does. */
static int32_t arc_moment(
	const struct risk_engine *e, const struct arc *arc, const struct risk_tally *t, int lane)
{
	const struct point *from = &e->points[arc->from];
	const struct worktime *w = e->net.calendars[from->calendar];
	int32_t start = t->start[RISK_LANES * (arc->from) + lane],
			finish = t->finish[RISK_LANES * (arc->from) + lane];
	int32_t tick = from->flags & POINT_WINDOW ? (arc->flags & ARC_FROM_FINISH ? finish : start)
		: arc->flags & ARC_FROM_FINISH        ? shown_finish(from, w, start, finish)
											  : shown_start(from, w, start, finish);

	if (arc->lag != 0)
		return cpm_moved(lane_calendar(e, t, arc->lag_calendar, lane), tick, arc->lag);
	return arc->flags & ARC_SNAP ? worktime_next(lane_calendar(e, t, arc->lag_calendar, lane), tick)
								 : tick;
}

void foreign_arc(const struct risk_engine *e, const struct arc *arc, const struct point *to,
	const struct risk_tally *t, int32_t out[RISK_LANES])
{
	for (int lane = 0; lane < RISK_LANES; lane++)
		out[lane] = worktime_at(e->net.calendars[to->calendar], arc_moment(e, arc, t, lane));
}

static int32_t work_or_none(const struct worktime *w, int32_t tick)
{
	return tick == INT32_MIN ? INT32_MIN : worktime_at(w, tick);
}

void window_point(const struct risk_engine *e, int32_t point, struct risk_tally *t)
{
	const struct point *p = &e->points[point];

	for (int lane = 0; lane < RISK_LANES; lane++) {
		const struct worktime *w = lane_calendar(e, t, p->calendar, lane);
		int32_t d = t->drawn[RISK_LANES * point + lane], at = work_or_none(w, p->earliest),
				finish = work_or_none(w, p->earliest_finish);
		bool pinned = p->flags & POINT_PINNED;
		for (int32_t k = p->first_arc; k < p->first_arc + p->narcs && !pinned; k++) {
			int32_t work = worktime_at(w, arc_moment(e, &e->arcs[k], t, lane));
			work -= e->arcs[k].flags & ARC_TO_FINISH ? d : 0;
			at = work > at ? work : at;
		}
		if (finish != INT32_MIN && finish - d > at)
			at = finish - d;
		t->start[RISK_LANES * point + lane] = shown_start(p, w, at, at + d);
		t->finish[RISK_LANES * point + lane] = shown_finish(p, w, at, at + d);
	}
}

void window_held(const struct risk_engine *e, int32_t point, const struct arc *arc,
	const struct risk_tally *t, int32_t out[RISK_LANES])
{
	for (int lane = 0; lane < RISK_LANES; lane++) {
		const struct worktime *w = lane_calendar(e, t, e->points[point].calendar, lane);
		int32_t held = arc->flags & ARC_TO_FINISH ? t->finish[RISK_LANES * point + lane]
												  : t->start[RISK_LANES * point + lane];
		out[lane] = -(worktime_at(w, arc_moment(e, arc, t, lane)) >= worktime_at(w, held));
	}
}

void group_moments(const struct risk_engine *e, int32_t group, struct risk_tally *t)
{
	const struct group *g = &e->groups[group];
	const struct worktime *w = e->net.calendars[g->calendar];

	if (g->flags & POINT_WINDOW) {
		memcpy(&t->group_ends[RISK_LANES * group], &t->group_latest[RISK_LANES * group],
			sizeof(int32_t) * RISK_LANES);
		return;
	}
	for (int lane = 0; lane < RISK_LANES; lane++) {
		int32_t work = t->group_latest[RISK_LANES * group + lane];
		t->group_ends[RISK_LANES * group + lane] =
			g->flags & POINT_AT_START ? worktime_start(w, work) : worktime_finish(w, work);
	}
}

/* WIDE bytes a vector. A look-up takes numbers one by one; on AVX-512 64 cells are four registers. */
#define LOOKUP_EACH(t, cell, to_base, to_step)                                                     \
	for (int l_ = 0; l_ < WIDE / 4; l_++) {                                                        \
		(to_base)[l_] = (t)->base[(cell)[l_]];                                                     \
		(to_step)[l_] = (t)->step[(cell)[l_]];                                                     \
	}

/* Gathering is slower than loading base and step of a cell together and sorting them afterwards. */
#define LOOKUP_PAIRS(t, cell, to_base, to_step)                                                    \
	{                                                                                              \
		const long long *p_ = (const long long *)(t)->pair;                                        \
		uint64_t c_[4];                                                                            \
		_mm256_storeu_si256((__m256i *)c_, (__m256i)(cell));                                       \
		__m256 x_ = (__m256)_mm256_set_epi64x(                                                     \
			p_[c_[2] >> 32], p_[(uint32_t)c_[2]], p_[c_[0] >> 32], p_[(uint32_t)c_[0]]);           \
		__m256 y_ = (__m256)_mm256_set_epi64x(                                                     \
			p_[c_[3] >> 32], p_[(uint32_t)c_[3]], p_[c_[1] >> 32], p_[(uint32_t)c_[1]]);           \
		(to_base) = (NAME(vec))_mm256_shuffle_ps(x_, y_, 0x88);                                    \
		(to_step) = (NAME(vec))_mm256_shuffle_ps(x_, y_, 0xDD);                                    \
	}

/* How many of the lanes are -1. */
#define LOOKUP LOOKUP_EACH
#define COUNT(mask) (-((mask)[0] + (mask)[1] + (mask)[2] + (mask)[3]))
#define NAME(word) word##_scalar
#define WIDE 16
#include "risk/lanes.inc"
#undef NAME
#undef WIDE
#undef LOOKUP
#undef COUNT

#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#pragma GCC push_options
#pragma GCC target("avx2,popcnt")
#define LOOKUP LOOKUP_PAIRS
#define COUNT(mask) __builtin_popcount((unsigned)_mm256_movemask_ps((__m256)(mask)))
#define NAME(word) word##_avx2
#define WIDE 32
#include "risk/lanes.inc"
#undef NAME
#undef WIDE
#undef LOOKUP
#undef COUNT
#pragma GCC pop_options

#pragma GCC push_options
#pragma GCC target("avx512f,avx512bw,avx512dq,avx512vl,popcnt,prefer-vector-width=512")
#define COUNT(mask) __builtin_popcount((unsigned)_mm512_movepi32_mask((__m512i)(mask)))
#define LOOKUP_HALVES(t, cell, to_base, to_step)                                                   \
	{                                                                                              \
		const NAME(vec) *b_ = (const NAME(vec) *)(t)->base, *s_ = (const NAME(vec) *)(t)->step;    \
		NAME(vec) upper_ = (cell) > 31;                                                            \
		(to_base) = (__builtin_shuffle(b_[0], b_[1], cell) & ~upper_) |                            \
			(__builtin_shuffle(b_[2], b_[3], cell) & upper_);                                      \
		(to_step) = (__builtin_shuffle(s_[0], s_[1], cell) & ~upper_) |                            \
			(__builtin_shuffle(s_[2], s_[3], cell) & upper_);                                      \
	}
#define LOOKUP LOOKUP_HALVES
#define NAME(word) word##_avx512
#define WIDE 64
#include "risk/lanes.inc"
#undef NAME
#undef WIDE
#pragma GCC pop_options

enum risk_machine risk_best_machine(void)
{
	if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
		__builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl"))
		return RISK_AVX512;
	return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("popcnt") ? RISK_AVX2
																			  : RISK_SCALAR;
}
#else
enum risk_machine risk_best_machine(void)
{
	return RISK_SCALAR;
}
#endif

void risk_run(const struct risk_engine *e, uint64_t seed, int64_t first_block, int64_t nblocks,
	bool causes, enum risk_machine machine, struct risk_samples *samples, struct risk_tally *t)
{
	for (int64_t block = first_block; block < first_block + nblocks; block++) {
		switch (machine) {
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
		case RISK_AVX512: block_avx512(e, seed, block, causes, samples, t); break;
		case RISK_AVX2: block_avx2(e, seed, block, causes, samples, t); break;
#endif
		default: block_scalar(e, seed, block, causes, samples, t);
		}
		if (causes && ++t->since_harvest == HARVEST_EVERY)
			harvest(e, t);
	}
	if (causes)
		harvest(e, t);
}
