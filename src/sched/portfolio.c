#include "sched/portfolio.h"

#if defined(__x86_64__) && defined(__gnu_linux__) && !defined(__SANITIZE_ADDRESS__) &&             \
	!defined(__clang__)
#define EVERY_WIDTH                                                                                \
	__attribute__((target_clones("avx512f", "avx2", "default"))) /* whole numbers: the same bits */
#else
#define EVERY_WIDTH
#endif
#define INSIDE                                                                                     \
	static inline                                                                                  \
		__attribute__((always_inline)) /* so that it is compiled for every width as well */

bool portfolio_open(struct arena *a, int32_t ntasks, const struct portfolio_link *links,
	int32_t nlinks, int32_t nprojects, struct portfolio *out)
{
	struct portfolio p = {.ntasks = ntasks, .nlinks = nlinks, .nprojects = nprojects};
	int32_t waits[PORTFOLIO_MOST_TASKS] = {0}, n = 0;

	if (ntasks > PORTFOLIO_MOST_TASKS || nlinks > UINT16_MAX)
		return false;
	uint8_t *order = ARENA_ARRAY(a, uint8_t, (size_t)ntasks + 1);
	uint16_t *in_first = ARENA_ARRAY(a, uint16_t, (size_t)ntasks + 1);
	struct portfolio_link *sorted = ARENA_ARRAY(a, struct portfolio_link, (size_t)nlinks + 1);
	for (int32_t i = 0; i < nlinks; i++)
		waits[links[i].to]++;
	for (int32_t i = 0; i < ntasks; i++)
		if (waits[i] == 0)
			order[n++] = (uint8_t)i;
	for (int32_t at = 0; at < n; at++)
		for (int32_t i = 0; i < nlinks; i++)
			if (links[i].from == order[at] && --waits[links[i].to] == 0)
				order[n++] = links[i].to;
	if (n < ntasks)
		return false;
	for (int32_t at = 0, k = 0; at < ntasks; at++) {
		in_first[at] = (uint16_t)k;
		for (int32_t i = 0; i < nlinks; i++)
			if (links[i].to == order[at])
				sorted[k++] = links[i];
		in_first[at + 1] = (uint16_t)k;
	}
	p.order = order;
	p.in_first = in_first;
	p.links = sorted;
	p.nblocks = (nprojects + PORTFOLIO_LANES - 1) / PORTFOLIO_LANES;
	size_t cells = (size_t)p.nblocks * PORTFOLIO_LANES;
	p.duration = ARENA_ARRAY(a, int32_t, cells * (size_t)ntasks);
	p.lag = ARENA_ARRAY(a, int32_t, cells * (size_t)(nlinks ? nlinks : 1));
	p.early_start = ARENA_ARRAY(a, int32_t, cells * (size_t)ntasks);
	p.late_start = ARENA_ARRAY(a, int32_t, cells * (size_t)ntasks);
	p.finish = ARENA_ARRAY(a, int32_t, cells);
	*out = p;
	return true;
}

int32_t portfolio_link_place(const struct portfolio *p, struct portfolio_link link)
{
	for (int32_t i = 0; i < p->nlinks; i++)
		if (p->links[i].from == link.from && p->links[i].to == link.to &&
			p->links[i].type == link.type)
			return i;
	return -1;
}

/* One link's bound on the successor's start, or back on the predecessor's. `sign` 1 forward, -1 backward. */
INSIDE void add_bound(int32_t *restrict bound, const int32_t *restrict lag,
	const int32_t *restrict from_duration, const int32_t *restrict own, uint8_t type, int32_t sign)
{
	for (int i = 0; i < PORTFOLIO_LANES; i++)
		bound[i] += sign * lag[i];
	if (type == LINK_FS || type == LINK_FF)
		for (int i = 0; i < PORTFOLIO_LANES; i++)
			bound[i] += sign * from_duration[i];
	if (type == LINK_FF || type == LINK_SF)
		for (int i = 0; i < PORTFOLIO_LANES; i++)
			bound[i] -= sign * own[i];
}

INSIDE void forward_block(const struct portfolio *p, const int32_t *restrict duration,
	const int32_t *restrict lag, int32_t *restrict start, int32_t *restrict finish)
{
	memset(finish, 0, PORTFOLIO_LANES * sizeof(*finish));
	for (int32_t at = 0; at < p->ntasks; at++) {
		int32_t task = p->order[at], es[PORTFOLIO_LANES] = {0};
		const int32_t *own = duration + task * PORTFOLIO_LANES;
		for (int32_t k = p->in_first[at]; k < p->in_first[at + 1]; k++) {
			struct portfolio_link l = p->links[k];
			int32_t bound[PORTFOLIO_LANES];
			memcpy(bound, start + l.from * PORTFOLIO_LANES, sizeof(bound));
			add_bound(bound, lag + k * PORTFOLIO_LANES, duration + l.from * PORTFOLIO_LANES, own,
				l.type, 1);
			for (int i = 0; i < PORTFOLIO_LANES; i++)
				es[i] = bound[i] > es[i] ? bound[i] : es[i];
		}
		memcpy(start + task * PORTFOLIO_LANES, es, sizeof(es));
		for (int i = 0; i < PORTFOLIO_LANES; i++)
			finish[i] = es[i] + own[i] > finish[i] ? es[i] + own[i] : finish[i];
	}
}

INSIDE void backward_block(const struct portfolio *p, const int32_t *restrict duration,
	const int32_t *restrict lag, const int32_t *restrict finish, int32_t *restrict start)
{
	for (int32_t task = 0; task < p->ntasks; task++)
		for (int i = 0; i < PORTFOLIO_LANES; i++)
			start[task * PORTFOLIO_LANES + i] = finish[i] - duration[task * PORTFOLIO_LANES + i];
	for (int32_t at = p->ntasks - 1; at >= 0; at--) {
		int32_t task = p->order[at];
		for (int32_t k = p->in_first[at]; k < p->in_first[at + 1]; k++) {
			struct portfolio_link l = p->links[k];
			int32_t bound[PORTFOLIO_LANES], *before = start + l.from * PORTFOLIO_LANES;
			memcpy(bound, start + task * PORTFOLIO_LANES, sizeof(bound));
			add_bound(bound, lag + k * PORTFOLIO_LANES, duration + l.from * PORTFOLIO_LANES,
				duration + task * PORTFOLIO_LANES, l.type, -1);
			for (int i = 0; i < PORTFOLIO_LANES; i++)
				before[i] = bound[i] < before[i] ? bound[i] : before[i];
		}
	}
}

EVERY_WIDTH void portfolio_run(const struct portfolio *p, int32_t first_block, int32_t last_block)
{
	for (int32_t b = first_block; b < last_block; b++) {
		size_t tasks = (size_t)b * (size_t)p->ntasks * PORTFOLIO_LANES;
		const int32_t *duration = p->duration + tasks,
					  *lag = p->lag + (size_t)b * (size_t)p->nlinks * PORTFOLIO_LANES;
		int32_t *finish = p->finish + (size_t)b * PORTFOLIO_LANES;
		forward_block(p, duration, lag, p->early_start + tasks, finish);
		backward_block(p, duration, lag, finish, p->late_start + tasks);
	}
}

void portfolio_dates(const struct portfolio *p, int32_t project, const struct worktime *w,
	struct moment start, struct portfolio_dates *out)
{
	int32_t zero = worktime_at(w, start.tick);

	for (int32_t task = 0; task < p->ntasks; task++) {
		size_t at = portfolio_at(p, project, task);
		int32_t es = zero + p->early_start[at], ls = zero + p->late_start[at],
				length = p->duration[at];

		out[task] = (struct portfolio_dates){
			.early_start.tick = worktime_start(w, es),
			.early_finish.tick = length ? worktime_finish(w, es + length) : worktime_start(w, es),
			.late_start.tick = worktime_start(w, ls),
			.late_finish.tick = length ? worktime_finish(w, ls + length) : worktime_start(w, ls),
		};
	}
}
