/*
 * The smallest crews that can still finish in time: levelling in the planners' sense. From a schedule in time, each crew is
 * asked in turn to do with one less while no other gets more; the answer is a shorter list of hands, a proof that it cannot
 * be, or neither yet, and then it is asked again with more patience. In the end no crew can do with one less unless
 * another gets one more. Which crew gives first is the order of the problem: name the scarcest first.
 */
#include "crew/inside.h"

static void find_peaks(
	struct arena *a, const struct crew_problem *p, const int32_t *start, int32_t *peak)
{
	int32_t finish = 0;
	for (int32_t i = 0; i < p->n; i++)
		finish = crew_end(p, i, start[i]) > finish ? crew_end(p, i, start[i]) : finish;
	int32_t *use = ARENA_ARRAY(a, int32_t, (size_t)finish + 2);
	for (int32_t r = 0; r < p->nresources; r++) {
		memset(use, 0, sizeof(*use) * ((size_t)finish + 2));
		for (int32_t i = 0; i < p->n; i++) {
			use[start[i]] += p->demand[i * p->nresources + r];
			use[crew_end(p, i, start[i])] -= p->demand[i * p->nresources + r];
		}
		for (int32_t k = 0; k < p->nabsences; k++) { /* who is away was counted on as well */
			const struct crew_absence *x = &p->absences[k];
			if (x->crew == r && x->from <= finish) {
				use[x->from] += x->units;
				use[x->to < finish + 1 ? x->to : finish + 1] -= x->units;
			}
		}
		int32_t running = 0;
		peak[r] = 0;
		for (int32_t t = 0; t <= finish; t++) {
			running += use[t];
			peak[r] = running > peak[r] ? running : peak[r];
		}
	}
}

/* One less for crew r: 1 found, -1 proved that it cannot be, 0 not known. */
static int ask_less(struct arena *a, const struct crew_problem *p, int32_t r, int64_t schedules,
	const struct crew_options *options, struct crew_schedule *best, int32_t *peak)
{
	struct crew_options turn = *options;
	struct crew_problem less = *p;
	struct crew_schedule got;
	struct err err;
	int32_t *capacity = ARENA_ARRAY(a, int32_t, (size_t)p->nresources);

	memcpy(capacity, peak, sizeof(*capacity) * (size_t)p->nresources);
	capacity[r]--;
	less.capacity = capacity;
	less.due = NULL;
	turn.schedules = schedules;
	turn.prove = true;
	if (!crew_solve(a, &less, &turn, &got, &err))
		return -1; /* fewer than none */
	best->schedules += got.schedules;
	best->failures += got.failures;
	if (got.start && got.finish <= options->enough) {
		memcpy(best->start, got.start, sizeof(*best->start) * (size_t)p->n);
		best->finish = got.finish;
		find_peaks(a, p, best->start, peak);
		return 1;
	}
	return got.status == CREW_IMPOSSIBLE || got.bound > options->enough ? -1 : 0;
}

bool crew_smallest(struct arena *a, const struct crew_problem *problem, int32_t last,
	const struct crew_options *given, struct crew_schedule *out, int32_t *peak, struct err *err)
{
	struct crew_options options = *given;
	struct crew_problem open = *problem;
	int32_t *plenty = ARENA_ARRAY(a, int32_t, (size_t)problem->nresources + 1);

	options.enough = last; /* 0: the shortest */
	for (int32_t r = 0; r < problem->nresources; r++)
		plenty[r] = CREW_MOST_DEMAND;
	open.capacity = plenty;
	open.due = NULL;
	if (!crew_solve(a, &open, &options, out, err))
		return false;
	if (out->start && last == 0)
		options.enough = last = out->finish;
	if (!out->start || out->finish > last)
		return true;
	find_peaks(a, problem, out->start, peak);
	bool *settled = ARENA_ARRAY(a, bool, (size_t)problem->nresources + 1);
	int32_t unsettled = problem->nresources;
	bool going = true;
	for (int64_t patience = 200; going && unsettled > 0; patience *= 4)
		for (int32_t r = 0; r < problem->nresources && going; r++)
			while (!settled[r] && going) {
				struct arena *scratch = arena_open();
				int answer = peak[r] == 0
					? -1
					: ask_less(scratch, problem, r, patience, &options, out, peak);
				arena_close(scratch);
				settled[r] = answer < 0;
				unsettled -= settled[r];
				going = (!given->go_on || given->go_on(given->self, out->finish, last)) &&
					(!given->schedules || out->schedules < given->schedules);
				if (answer == 0)
					break;
			}
	out->status = unsettled == 0 ? CREW_PROVED : CREW_FOUND;
	return true;
}
