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

enum { LONGEST_RUN = 16 }; /* that is looked for by shifting */

/* The first slot from `t` on where the demand fits for the whole duration; takes it. */
typedef int32_t fit_function(
	const struct crew_line *line, const struct crew_activity *x, uint64_t *use, int32_t t);

static int32_t fit_many(
	const struct crew_line *line, const struct crew_activity *x, uint64_t *use, int32_t t)
{
	int32_t duration = x->duration, words = line->words;
	const uint64_t *demand = &line->demand[(x - line->activity) * words];
	for (int32_t k = t + duration - 1; k >= t;
		 k--) /* from the back: a clash moves the start past it */
		for (int32_t w = 0; w < words; w++)
			if ((use[k * words + w] + demand[w]) & CREW_GUARD) {
				t = k + 1;
				k = t + duration;
				break;
			}
	for (int32_t k = t; k < t + duration; k++)
		for (int32_t w = 0; w < words; w++)
			use[k * words + w] += demand[w];
	return t;
}

/* The same for at most four crews, as is all that follows. */
static ALWAYS_INLINE int32_t fit_plain(
	const struct crew_line *line, const struct crew_activity *x, uint64_t *use, int32_t t)
{
	int32_t duration = x->duration;
	uint64_t demand = x->demand;
	(void)line;
	for (int32_t k = t + duration - 1; k >= t; k--)
		if ((use[k] + demand) & CREW_GUARD) {
			t = k + 1;
			k = t + duration;
		}
	for (int32_t k = t; k < t + duration; k++)
		use[k] += demand;
	return t;
}

#if defined(__x86_64__)
/* Where as many set bits as the steps add up to, and one more, begin in a row. */
static ALWAYS_INLINE uint64_t runs(uint64_t bits, const uint8_t steps[4])
{
	bits &= bits >> (steps[0] & 63);
	bits &= bits >> (steps[1] & 63);
	bits &= bits >> (steps[2] & 63);
	return bits & bits >> (steps[3] & 63);
}

__attribute__((target("avx512bw,bmi,bmi2"))) static ALWAYS_INLINE int32_t fit_512(
	const struct crew_line *line, const struct crew_activity *x, uint64_t *use, int32_t t)
{
	if (x->duration > LONGEST_RUN)
		return fit_plain(line, x, use, t);
	__m512i guard = _mm512_set1_epi64((long long)CREW_GUARD),
			more = _mm512_set1_epi64((long long)x->demand);
	for (;;) {
		__mmask8 fits[4];
#pragma GCC unroll 4
		for (int k = 0; k < 4; k++) {
			__m512i sum = _mm512_add_epi64(_mm512_loadu_si512(use + t + 8 * k), more);
			fits[k] = _mm512_testn_epi64_mask(sum, guard);
		}
		__mmask16 low = _mm512_kunpackb(fits[1], fits[0]), high = _mm512_kunpackb(fits[3], fits[2]);
		uint64_t starts = runs(_cvtmask32_u32(_mm512_kunpackw(high, low)), x->steps);
		if (starts) {
			t += (int32_t)__builtin_ctzll(starts);
			break;
		}
		t += 32 - x->duration + 1;
	}
	uint32_t all = (1U << x->duration) - 1;
	__m512i low = _mm512_loadu_si512(use + t), high = _mm512_loadu_si512(use + t + 8);
	_mm512_storeu_si512(use + t, _mm512_mask_add_epi64(low, (__mmask8)all, low, more));
	_mm512_storeu_si512(use + t + 8, _mm512_mask_add_epi64(high, (__mmask8)(all >> 8), high, more));
	return t;
}

__attribute__((target("avx2,bmi,bmi2"))) static ALWAYS_INLINE int32_t fit_256(
	const struct crew_line *line, const struct crew_activity *x, uint64_t *use, int32_t t)
{
	if (x->duration > LONGEST_RUN)
		return fit_plain(line, x, use, t);
	__m256i guard = _mm256_set1_epi64x((long long)CREW_GUARD),
			more = _mm256_set1_epi64x((long long)x->demand), none = _mm256_setzero_si256();
	for (;;) {
		uint64_t fits = 0;
#pragma GCC unroll 8
		for (int k = 0; k < 32; k += 4) {
			__m256i sum = _mm256_add_epi64(
				_mm256_loadu_si256((const __m256i *)(const void *)(use + t + k)), more);
			__m256i free = _mm256_cmpeq_epi64(_mm256_and_si256(sum, guard), none);
			fits |= (uint64_t)(unsigned)_mm256_movemask_pd(_mm256_castsi256_pd(free)) << k;
		}
		uint64_t starts = runs(fits, x->steps);
		if (starts) {
			t += (int32_t)__builtin_ctzll(starts);
			break;
		}
		t += 32 - x->duration + 1;
	}
	static const int64_t taken[2 * LONGEST_RUN] = {
		-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
	const int64_t *mask = taken + LONGEST_RUN - x->duration;
#pragma GCC unroll 4
	for (int k = 0; k < LONGEST_RUN; k += 4) {
		__m256i *at = (__m256i *)(void *)(use + t + k);
		__m256i part = _mm256_loadu_si256((const __m256i *)(const void *)(mask + k));
		_mm256_storeu_si256(
			at, _mm256_add_epi64(_mm256_loadu_si256(at), _mm256_and_si256(part, more)));
	}
	return t;
}
#endif

/* Places i if all before it are placed; false if not. */
static ALWAYS_INLINE bool place_one(
	const struct crew_line *line, struct crew_draft *d, int32_t i, fit_function *fit)
{
	const struct crew_activity *x = &line->activity[i];
	int32_t t = 0, placed = 0; /* below 0 if a start is */
	for (int k = 0; k < CREW_FEW; k++) {
		int32_t start = d->start[x->before[k]], earliest = start + x->lag[k];
		placed |= start;
		t = earliest > t ? earliest : t;
	}
	for (int32_t k = x->more; k < x->end; k++) {
		int32_t start = d->start[line->before[k]], earliest = start + line->before_lag[k];
		placed |= start;
		t = earliest > t ? earliest : t;
	}
	if (placed < 0)
		return false;
	if (x->busy)
		t = fit(line, x, d->use, t);
	d->start[i] = t;
	d->finish = t + x->duration > d->finish ? t + x->duration : d->finish;
	return true;
}

/* i and whatever must stand before it, in order. The way back is short: lists nearly respect the links. */
static void place_after(
	const struct crew_line *line, struct crew_draft *d, int32_t i, fit_function *fit)
{
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++)
		if (d->start[line->before[k]] < 0)
			place_after(line, d, line->before[k], fit);
	(void)(line->rests ? crew_place_resting(line, d, i) : place_one(line, d, i, fit));
}

/*
 * Side by side: with wide registers a placing is one long calculation without a branch that waits for the one before it in
 * the same schedule; that of another schedule fills the time.
 */
static ALWAYS_INLINE void place_all(
	const struct crew_line *line, struct crew_draft *drafts, int32_t count, fit_function *fit)
{
	for (int32_t at = 0; at < line->n; at++)
		for (struct crew_draft *d = drafts; d < drafts + count; d++) {
			int32_t i = d->list[at];
			if (d->start[i] < 0 && !place_one(line, d, i, fit))
				place_after(line, d, i, fit);
		}
}

#if defined(__x86_64__)
__attribute__((target("avx512bw,bmi,bmi2"))) static void place_512(
	const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	place_all(line, drafts, count, fit_512);
}

__attribute__((target("avx2,bmi,bmi2"))) static void place_256(
	const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	place_all(line, drafts, count, fit_256);
}
#endif

/* One by one, as are those below: loops whose ends cannot be foreseen only disturb each other. */
static void place_plain(const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	for (struct crew_draft *d = drafts; d < drafts + count; d++)
		place_all(line, d, 1, fit_plain);
}

static void place_many(const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	for (struct crew_draft *d = drafts; d < drafts + count; d++)
		place_all(line, d, 1, fit_many);
}

static void place_resting(const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	for (struct crew_draft *d = drafts; d < drafts + count; d++)
		for (int32_t at = 0; at < line->n; at++)
			if (d->start[d->list[at]] < 0 && !crew_place_resting(line, d, d->list[at]))
				place_after(line, d, d->list[at], NULL);
}

static crew_place_function *place_for(const struct crew_line *line)
{
	if (line->rests)
		return place_resting;
	if (line->words > 1)
		return place_many;
#if defined(__x86_64__)
	if (__builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("bmi2"))
		return place_512;
	if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2"))
		return place_256;
#endif
	return place_plain;
}

/* Each step as long as what is known to be free by then, or what is missing. */
static void find_steps(int32_t duration, uint8_t steps[4])
{
	int32_t missing = duration == 0 || duration > LONGEST_RUN ? 0 : duration - 1;
	for (int32_t at = 0, known = 1; at < 4; at++, known *= 2) {
		steps[at] = (uint8_t)(known < missing ? known : missing);
		missing -= steps[at];
	}
}

void crew_place_prepare(struct arena *a, struct crew_line *line)
{
	struct crew_activity *activity = ARENA_ARRAY(a, struct crew_activity, (size_t)line->n);
	for (int32_t i = 0; i < line->n; i++) {
		struct crew_activity *x = &activity[i];
		const uint64_t *demand = &line->demand[i * line->words];
		x->demand = demand[0];
		x->duration = line->duration[i];
		for (int32_t w = 0; w < line->words; w++)
			x->busy |= demand[w] && x->duration;
		find_steps(x->duration, x->steps);
		x->more = line->first_before[i];
		x->end = line->first_before[i + 1];
		for (int k = 0; k < CREW_FEW; k++) {
			x->before[k] = x->more < x->end ? line->before[x->more] : line->n;
			x->lag[k] = x->more < x->end ? line->before_lag[x->more++] : 0;
		}
	}
	line->activity = activity;
	line->place = place_for(line);
}

struct crew_draft crew_draft_new(struct arena *a, const struct crew_line *line)
{
	size_t n = (size_t)line->n, words = crew_profile_words(line);
	struct crew_draft d = {.list = ARENA_ARRAY(a, int32_t, n),
		.start = ARENA_ARRAY(a, int32_t, n + 1),
		.end = ARENA_ARRAY(a, int32_t, n),
		.use = ARENA_ARRAY(a, uint64_t, words)};
	memcpy(d.use, line->empty, sizeof(*d.use) * words);
	return d;
}

void crew_place(const struct crew_line *line, struct crew_draft *drafts, int32_t count)
{
	for (struct crew_draft *d = drafts; d < drafts + count; d++) {
		memset(d->start, 0xFF, sizeof(*d->start) * (size_t)line->n);
		d->finish = 0;
	}
	line->place(line, drafts, count);
	for (struct crew_draft *d = drafts; d < drafts + count; d++)
		memcpy(d->use, line->empty, sizeof(*d->use) * (size_t)d->finish * (size_t)line->words);
}
