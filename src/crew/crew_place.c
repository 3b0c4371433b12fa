/*
 * Placing activities: the serial schedule generation scheme on a packed profile. This is the inner loop of everything. A
 * slot holds for four crews, 16 bits each, the use plus what is missing to 0x7FFF: adding a demand sets a guard bit exactly
 * where it does not fit. With wide registers 32 slots are looked at together and a run of free ones is found by
 * shifting; every kind of machine finds the same places.
 */
#include "crew/inside.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

#define ALWAYS_INLINE inline __attribute__((always_inline))

/* The first slot from `t` on where the demand fits for the whole duration; takes it. `steps`: see crew_steps(). */
typedef int32_t fit_function(
	uint64_t *use, int32_t t, int32_t duration, uint64_t demand, uint32_t steps);

static ALWAYS_INLINE int32_t fit_plain(
	uint64_t *use, int32_t t, int32_t duration, uint64_t demand, uint32_t steps)
{
	(void)steps;
	for (int32_t k = t + duration - 1; k >= t;
		 k--) /* from the back: a clash moves the start past it */
		if ((use[k] + demand) & CREW_GUARD) {
			t = k + 1;
			k = t + duration;
		}
	for (int32_t k = t; k < t + duration; k++)
		use[k] += demand;
	return t;
}

uint32_t crew_steps(int32_t duration)
{
	uint32_t steps = 0;
	int32_t missing = duration - 1;
	for (int32_t at = 0, known = 1; at < 4 && missing > 0; at++, known *= 2) {
		int32_t step = known < missing ? known : missing;
		steps |= (uint32_t)step << 8 * at;
		missing -= step;
	}
	return missing > 0 ? 0 : steps;
}

/* Where as many set bits as the steps add up to, and one more, begin in a row. */
static ALWAYS_INLINE uint64_t runs(uint64_t bits, uint32_t steps)
{
	bits &= bits >> (steps & 63);
	bits &= bits >> (steps >> 8 & 63);
	bits &= bits >> (steps >> 16 & 63);
	return bits & bits >> (steps >> 24 & 63);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,bmi"))) static ALWAYS_INLINE int32_t fit_512(
	uint64_t *use, int32_t t, int32_t duration, uint64_t demand, uint32_t steps)
{
	if (duration > 16)
		return fit_plain(use, t, duration, demand, steps);
	__m512i guard = _mm512_set1_epi64((long long)CREW_GUARD),
			more = _mm512_set1_epi64((long long)demand);
	for (;;) {
		uint64_t fits = 0;
#pragma GCC unroll 4
		for (int k = 0; k < 32; k += 8) {
			__m512i sum = _mm512_add_epi64(_mm512_loadu_si512(use + t + k), more);
			fits |= (uint64_t)_mm512_testn_epi64_mask(sum, guard) << k;
		}
		uint64_t starts = runs(fits, steps);
		if (starts) {
			t += (int32_t)__builtin_ctzll(starts);
			break;
		}
		t += 32 - duration + 1;
	}
	__mmask16 all = (__mmask16)((1U << duration) - 1);
	__m512i low = _mm512_loadu_si512(use + t), high = _mm512_loadu_si512(use + t + 8);
	_mm512_mask_storeu_epi64(use + t, (__mmask8)all, _mm512_add_epi64(low, more));
	if (duration > 8)
		_mm512_mask_storeu_epi64(use + t + 8, (__mmask8)(all >> 8), _mm512_add_epi64(high, more));
	return t;
}

__attribute__((target("avx2,bmi"))) static ALWAYS_INLINE int32_t fit_256(
	uint64_t *use, int32_t t, int32_t duration, uint64_t demand, uint32_t steps)
{
	if (duration > 16)
		return fit_plain(use, t, duration, demand, steps);
	__m256i guard = _mm256_set1_epi64x((long long)CREW_GUARD),
			more = _mm256_set1_epi64x((long long)demand), none = _mm256_setzero_si256();
	for (;;) {
		uint64_t fits = 0;
#pragma GCC unroll 8
		for (int k = 0; k < 32; k += 4) {
			__m256i sum = _mm256_add_epi64(
				_mm256_loadu_si256((const __m256i *)(const void *)(use + t + k)), more);
			__m256i free = _mm256_cmpeq_epi64(_mm256_and_si256(sum, guard), none);
			fits |= (uint64_t)(unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(free)) << k;
		}
		uint64_t starts = runs(fits, steps);
		if (starts) {
			t += (int32_t)__builtin_ctzll(starts);
			break;
		}
		t += 32 - duration + 1;
	}
	for (int32_t k = t; k < t + duration; k++)
		use[k] += demand;
	return t;
}
#endif

/* The same for more than four crews; takes the capacity. */
static int32_t fit_many(struct crew_line *line, int32_t i, int32_t t)
{
	const uint64_t *demand = &line->demand[i * line->words];
	int32_t duration = line->duration[i], words = line->words;
	for (int32_t k = t + duration - 1; k >= t; k--)
		for (int32_t w = 0; w < words; w++)
			if ((line->use[k * words + w] + demand[w]) & CREW_GUARD) {
				t = k + 1;
				k = t + duration;
				break;
			}
	for (int32_t k = t; k < t + duration; k++)
		for (int32_t w = 0; w < words; w++)
			line->use[k * words + w] += demand[w];
	return t;
}

static ALWAYS_INLINE int32_t fit_one(
	struct crew_line *line, int32_t i, int32_t t, fit_function *fit)
{
	uint64_t demand = line->demand[i], *use = line->use;
	int32_t duration = line->duration[i];
	if (demand == 0 || duration == 0)
		return t;
	return fit(use, t, duration, demand, line->steps[i]);
}

/* Places i if all before it are placed; false if not. */
static ALWAYS_INLINE bool place_one(
	struct crew_line *line, int32_t i, int32_t *start, fit_function *fit)
{
	int32_t t = 0;
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++) {
		int32_t before = line->before[k];
		if (line->done[before] != line->round)
			return false;
		int32_t earliest = start[before] + line->before_lag[k];
		t = earliest > t ? earliest : t;
	}
	t = line->words == 1 ? fit_one(line, i, t, fit) : fit_many(line, i, t);
	start[i] = t;
	line->done[i] = line->round;
	line->used = t + line->duration[i] > line->used ? t + line->duration[i] : line->used;
	return true;
}

/* i and whatever must stand before it, in order. The way back is short: lists nearly respect the links. */
static void place_after(struct crew_line *line, int32_t i, int32_t *start)
{
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++)
		if (line->done[line->before[k]] != line->round)
			place_after(line, line->before[k], start);
	(void)(line->rests ? crew_place_resting(line, i, start) : place_one(line, i, start, fit_plain));
}

static void place_resting(struct crew_line *line, const int32_t *list, int32_t *start)
{
	for (int32_t at = 0; at < line->n; at++)
		if (line->done[list[at]] != line->round && !crew_place_resting(line, list[at], start))
			place_after(line, list[at], start);
}

static ALWAYS_INLINE void place_all(
	struct crew_line *line, const int32_t *list, int32_t *start, fit_function *fit)
{
	for (int32_t at = 0; at < line->n; at++) {
		int32_t i = list[at];
		if (line->done[i] != line->round && !place_one(line, i, start, fit))
			place_after(line, i, start);
	}
}

static void place_plain(struct crew_line *line, const int32_t *list, int32_t *start)
{
	place_all(line, list, start, fit_plain);
}

#if defined(__x86_64__)
__attribute__((target("avx512f,bmi"))) static void place_512(
	struct crew_line *line, const int32_t *list, int32_t *start)
{
	place_all(line, list, start, fit_512);
}
__attribute__((target("avx2,bmi"))) static void place_256(
	struct crew_line *line, const int32_t *list, int32_t *start)
{
	place_all(line, list, start, fit_256);
}
#endif

crew_place_function *crew_place_for(const struct crew_line *line)
{
	if (line->rests)
		return place_resting;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512f"))
		return place_512;
	if (__builtin_cpu_supports("avx2"))
		return place_256;
#endif
	return place_plain;
}

int32_t crew_place(struct crew_line *line, const int32_t *list, int32_t *start)
{
	if (line->words == 1)
		for (int32_t k = 0; k < line->used; k++)
			line->use[k] = line->empty[0];
	for (int32_t k = 0; k < line->used && line->words > 1; k++)
		memcpy(
			&line->use[k * line->words], line->empty, sizeof(*line->empty) * (size_t)line->words);
	if (line->away)
		memcpy(line->use, line->away,
			sizeof(*line->away) * (size_t)line->away_slots * (size_t)line->words);
	line->round++;
	line->used = 0;
	line->place(line, list, start);
	return line->used;
}
