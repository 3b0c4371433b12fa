/* Putting the parts together: check the question, bound it, search, prove; and the independent look at an answer. */
#include "crew/inside.h"

static bool question_is_sound(const struct crew_problem *p, struct err *err)
{
	for (int32_t r = 0; r < p->nresources; r++)
		if (p->capacity[r] < 0 || p->capacity[r] > CREW_MOST_DEMAND)
			return err_set(err, ERR_INPUT, NULL, "crew %d: capacity %d is not from 0 to %d", r + 1,
				p->capacity[r], CREW_MOST_DEMAND);
	int64_t horizon = 0;
	for (int32_t i = 0; i < p->n; i++) {
		if (p->duration[i] < 0)
			return err_set(err, ERR_INPUT, NULL, "activity %d: duration %d is negative", i + 1,
				p->duration[i]);
		horizon += p->duration[i];
		for (int32_t r = 0; r < p->nresources; r++) {
			int32_t demand = p->demand[i * p->nresources + r];
			if (demand < 0 || demand > CREW_MOST_DEMAND)
				return err_set(err, ERR_INPUT, NULL, "activity %d: demand %d is not from 0 to %d",
					i + 1, demand, CREW_MOST_DEMAND);
		}
	}
	for (int32_t l = 0; l < p->nlinks; l++) {
		const struct crew_link *link = &p->links[l];
		if (link->from < 0 || link->from >= p->n || link->to < 0 || link->to >= p->n)
			return err_set(
				err, ERR_INPUT, NULL, "link %d joins activities that are not there", l + 1);
		horizon += link->lag > 0 ? link->lag : -(int64_t)link->lag;
	}
	for (int32_t k = 0; k < p->nabsences; k++) {
		const struct crew_absence *x = &p->absences[k];
		if (x->crew < 0 || x->crew >= p->nresources || x->from < 0 || x->to < x->from ||
			x->units < 0)
			return err_set(err, ERR_INPUT, NULL, "absence %d cannot be", k + 1);
		horizon = x->to > horizon ? x->to + horizon : horizon;
	}
	for (int32_t c = 0; p->calendar && c < p->ncalendars; c++) {
		const struct crew_calendar *k = &p->calendars[c];
		bool sound = k->n >= 0 && k->before[0] == 0;
		for (int32_t t = 0; sound && t < k->n; t++)
			sound = k->before[t + 1] - k->before[t] == 0 || k->before[t + 1] - k->before[t] == 1;
		if (!sound)
			return err_set(err, ERR_INPUT, NULL, "calendar %d does not count slots up", c + 1);
		horizon = k->n > horizon ? k->n + horizon : horizon;
	}
	for (int32_t i = 0; p->calendar && i < p->n; i++)
		if (p->calendar[i] < -1 || p->calendar[i] >= p->ncalendars)
			return err_set(err, ERR_INPUT, NULL, "activity %d: there is no calendar %d", i + 1,
				p->calendar[i] + 1);
	if (horizon > 100000000)
		return err_set(err, ERR_LIMIT, NULL, "the plan spans more than %d slots", 100000000);
	return true;
}

/* An activity that needs more of a crew than there is: -1, or its number and the crew's. */
static int32_t too_large(const struct crew_problem *p, int32_t *crew)
{
	for (int32_t i = 0; i < p->n; i++)
		for (*crew = 0; *crew < p->nresources; ++*crew)
			if (p->duration[i] && p->demand[i * p->nresources + *crew] > p->capacity[*crew])
				return i;
	return -1;
}

bool crew_may_go_on(struct crew_best *best)
{
	if (!best->stopped && best->options->go_on &&
		!best->options->go_on(
			best->options->self, best->finish == INT32_MAX ? -1 : best->finish, best->bound))
		best->stopped = true;
	return !best->stopped;
}

/* Enough slots for every activity one after the other, with every lag between them. */
static int32_t horizon_of(const struct crew_problem *p)
{
	int64_t horizon = 1;
	for (int32_t i = 0; i < p->n; i++)
		horizon += p->duration[i];
	for (int32_t l = 0; l < p->nlinks; l++)
		if (p->links[l].lag > p->duration[p->links[l].from])
			horizon += p->links[l].lag - p->duration[p->links[l].from];
	int32_t away = 0;
	for (int32_t k = 0; k < p->nabsences; k++)
		away = p->absences[k].to > away ? p->absences[k].to : away;
	for (int32_t c = 0; p->calendar && c < p->ncalendars; c++)
		away = p->calendars[c].n > away ? p->calendars[c].n : away;
	horizon += away;
	const struct crew_problem *back = p;
	for (int32_t l = 0; l < back->nlinks; l++) /* room for the reversed lags as well */
		if (p->duration[p->links[l].to] > 0 && p->links[l].lag < p->duration[p->links[l].from])
			horizon += p->duration[p->links[l].to];
	return (int32_t)(horizon > 100000000 ? 100000000 : horizon);
}

int64_t crew_likely(const struct crew_problem *problem, double seconds)
{
	return (int64_t)(seconds * 3e7) / (problem->n + 1); /* measured; it only sizes the population */
}

/* How many failures to learn from after so many schedules: about as long where a proof may be near, else little. */
static int64_t failures_for(const struct crew_best *best, int64_t schedules)
{
	bool near = best->finish - best->bound <= best->bound / 25;
	int64_t failures = schedules / (near ? 20 : 160);
	return failures < 500 ? 500 : failures;
}

/* Turns of both methods, each longer than the last: easy problems are proved at once, hard ones keep improving. Where links
 * bind a start to a latest one nothing is built, only learned: conflicts count there as schedules do elsewhere. */
static enum crew_proof search_and_prove(struct arena *a, struct crew_best *best)
{
	const struct crew_options *options = best->options;
	int32_t horizon = horizon_of(best->problem);
	struct crew_line *forward = crew_line_new(a, best->problem, horizon);
	struct crew_line *backward =
		forward ? crew_line_new(a, crew_reversed(a, best->problem), horizon) : NULL;
	struct crew_search *search = forward ? crew_search_new(a, best, forward, backward) : NULL;
	struct learner *learner = NULL;
	enum crew_proof proof = PROOF_NONE;
	int64_t schedules = 1000;
	bool learns =
		(options->prove || !search) && !best->problem->calendar && (!best->problem->due || !search);

	if (forward && forward->rests) {
		int32_t bound = crew_resting_bound(a, forward);
		best->bound = bound > best->bound ? bound : best->bound;
	}
	for (;;) {
		int64_t left = options->schedules ? options->schedules - best->schedules : INT64_MAX;
		int64_t turn = schedules < left ? schedules : left;
		if (left <= 0 || (search && !crew_search_run(search, turn)))
			break;
		if (learns) {
			if (!learner)
				learner = crew_learner_new(a, best);
			proof = crew_learner_run(learner,
				search                   ? failures_for(best, schedules)
					: options->schedules ? turn
										 : 0);
		}
		if (!search)
			best->schedules = best->failures;
		if (proof != PROOF_NONE || best->stopped || (!search && !learns) || crew_good_enough(best))
			break;
		schedules *= 2;
	}
	crew_learner_free(learner);
	return proof;
}

bool crew_solve(struct arena *a, const struct crew_problem *problem,
	const struct crew_options *options, struct crew_schedule *out, struct err *err)
{
	if (!question_is_sound(problem, err))
		return false;
	struct crew_best best = {.problem = problem,
		.options = options,
		.finish = INT32_MAX,
		.start = ARENA_ARRAY(a, int32_t, (size_t)problem->n + 1)};
	bool impossible;
	int32_t crew, large = too_large(problem, &crew);
	best.bound = crew_lower_bound(a, problem, &impossible);
	struct label why = {0};
	if (large >= 0) {
		int need = problem->demand[large * problem->nresources + crew],
			has = problem->capacity[crew];
		why.en = arena_printf(
			a, "activity %d needs %d of crew %d, which has %d", large + 1, need, crew + 1, has);
		why.zh = arena_printf(
			a, "任务 %d 需要班组 %d 的 %d 个单位，而它只有 %d 个", large + 1, crew + 1, need, has);
	} else if (impossible) {
		why = (struct label){
			"逻辑关系成环，自相矛盾", "the links form a circle that contradicts itself"};
	}
	bool out_of_reach = options->enough > 0 && best.bound > options->enough;
	enum crew_proof proof = impossible || large >= 0 ? PROOF_IMPOSSIBLE
		: out_of_reach                               ? PROOF_NONE
													 : search_and_prove(a, &best);
	if (proof != PROOF_NONE && options->enough > 0 &&
		(best.finish == INT32_MAX || best.finish > options->enough)) {
		best.bound = options->enough + 1; /* only that much was proved */
		proof = PROOF_NONE;
	}
	*out = (struct crew_schedule){.finish = best.finish == INT32_MAX ? -1 : best.finish,
		.bound = best.bound,
		.start = best.finish == INT32_MAX ? NULL : best.start,
		.lateness = best.finish == INT32_MAX ? 0 : crew_lateness(problem, best.start),
		.schedules = best.schedules,
		.failures = best.failures};
	out->status = proof == PROOF_IMPOSSIBLE                                        ? CREW_IMPOSSIBLE
		: !out->start                                                              ? CREW_UNKNOWN
		: out->lateness == 0 && (proof == PROOF_BEST || best.finish <= best.bound) ? CREW_PROVED
																				   : CREW_FOUND;
	if (out->status == CREW_IMPOSSIBLE)
		out->why = why.en ? why
						  : (struct label){"逻辑关系与班组数量合在一起无解（已证明）",
								"links and crews together leave no schedule (proved)"};
	return true;
}

int64_t crew_lateness(const struct crew_problem *p, const int32_t *start)
{
	int64_t sum = 0;
	for (int32_t i = 0; p->due && i < p->n; i++) {
		int32_t late = p->due[i] < 0 ? 0 : crew_end(p, i, start[i]) - p->due[i];
		sum += p->due[i] >= 0 && late > 0 ? (int64_t)late * p->weight[i] : 0;
	}
	return sum;
}

/* What a link that holds an end counts from: the start that it would have without rests. */
static int32_t held(const struct crew_problem *p, int32_t l, int which, int32_t i, int32_t start)
{
	return p->calendar && (p->ends[l] & which) ? crew_end(p, i, start) - p->duration[i] : start;
}

static bool rests_at(const struct crew_problem *p, int32_t i, int32_t t)
{
	if (!p->calendar || p->calendar[i] < 0 || p->duration[i] == 0)
		return false;
	const struct crew_calendar *c = &p->calendars[p->calendar[i]];
	return t < c->n && c->before[t] == c->before[t + 1];
}

const char *crew_check(struct arena *a, const struct crew_problem *p, const int32_t *start)
{
	int32_t finish = 0;
	for (int32_t i = 0; i < p->n; i++) {
		if (start[i] < 0)
			return arena_printf(a, "activity %d starts at %d", i + 1, start[i]);
		if (rests_at(p, i, start[i]))
			return arena_printf(a, "activity %d starts at %d, where it rests", i + 1, start[i]);
		finish = crew_end(p, i, start[i]) > finish ? crew_end(p, i, start[i]) : finish;
	}
	for (int32_t l = 0; l < p->nlinks; l++) {
		const struct crew_link *link = &p->links[l];
		int32_t apart = held(p, l, CREW_TO_END, link->to, start[link->to]) -
			held(p, l, CREW_FROM_END, link->from, start[link->from]);
		if (apart < link->lag)
			return arena_printf(a, "activity %d starts %d after activity %d, not %d", link->to + 1,
				apart, link->from + 1, link->lag);
	}
	int64_t *used = ARENA_ARRAY(a, int64_t, (size_t)finish + 1);
	for (int32_t r = 0; r < p->nresources; r++) {
		memset(used, 0, sizeof(*used) * ((size_t)finish + 1));
		for (int32_t i = 0; i < p->n; i++)
			for (int32_t t = start[i]; t < crew_end(p, i, start[i]); t++)
				used[t] += p->demand[i * p->nresources + r];
		int64_t *away = ARENA_ARRAY(a, int64_t, (size_t)finish + 1);
		for (int32_t k = 0; k < p->nabsences; k++)
			for (int32_t t = p->absences[k].from;
				 p->absences[k].crew == r && t < p->absences[k].to && t < finish; t++)
				away[t] += p->absences[k].units;
		for (int32_t t = 0; t < finish; t++) {
			int64_t has = p->capacity[r] - away[t] > 0 ? p->capacity[r] - away[t] : 0;
			if (used[t] > has)
				return arena_printf(a, "crew %d has %lld but slot %d uses %lld", r + 1,
					(long long)has, t, (long long)used[t]);
		}
	}
	return NULL;
}
