/*
 * Placing by the clock: the parallel schedule generation scheme (Kelley 1963). Time goes from one end of an activity to the
 * next, and what can start does. No crew stands idle that has something to do, which makes good schedules of poor orders;
 * but not every best schedule can be built so, and crew_place.c builds all others.
 */
#include "crew/inside.h"

struct crew_clock {
	uint64_t *use;    /* [words] what runs now */
	int32_t *waiting; /* [n] links from what has not started */
	int32_t *turn;    /* [n] place in the list */
	int32_t *
		open; /* [nopen] wait for nothing but their time and crews, by turn; start[] is their time */
	int32_t *running; /* [nrunning] */
	int32_t nopen, nrunning, now;
};

struct crew_clock *crew_clock_new(struct arena *a, const struct crew_line *line)
{
	struct crew_clock *c = ARENA_NEW(a, struct crew_clock);
	*c = (struct crew_clock){.use = ARENA_ARRAY(a, uint64_t, (size_t)line->words),
		.waiting = ARENA_ARRAY(a, int32_t, (size_t)line->n),
		.turn = ARENA_ARRAY(a, int32_t, (size_t)line->n),
		.open = ARENA_ARRAY(a, int32_t, (size_t)line->n),
		.running = ARENA_ARRAY(a, int32_t, (size_t)line->n)};
	return c;
}

static bool fits(const struct crew_clock *c, const struct crew_line *line, int32_t i)
{
	uint64_t over = 0;
	for (int32_t w = 0; line->duration[i] && w < line->words; w++)
		over |= (c->use[w] + line->demand[i * line->words + w]) & CREW_GUARD;
	return over == 0;
}

/* Returns where among the open ones. */
static int32_t open_up(
	struct crew_clock *c, const struct crew_line *line, int32_t i, int32_t *start)
{
	int32_t at = c->nopen++;
	for (; at > 0 && c->turn[c->open[at - 1]] > c->turn[i]; at--)
		c->open[at] = c->open[at - 1];
	c->open[at] = i;
	start[i] = 0;
	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++) {
		int32_t earliest = start[line->before[k]] + line->before_lag[k];
		start[i] = earliest > start[i] ? earliest : start[i];
	}
	return at;
}

/* Starts the one that is open at `at`. Returns where to look on: what it lets start may come before the next. */
static int32_t begin(struct crew_clock *c, const struct crew_line *line,
	const struct crew_line *reverse, int32_t at, int32_t *start)
{
	int32_t i = c->open[at], next = at;
	memmove(&c->open[at], &c->open[at + 1], sizeof(*c->open) * (size_t)(--c->nopen - at));
	start[i] = c->now;
	if (line->duration[i]) {
		c->running[c->nrunning++] = i;
		for (int32_t w = 0; w < line->words; w++)
			c->use[w] += line->demand[i * line->words + w];
	}
	for (int32_t k = reverse->first_before[i]; k < reverse->first_before[i + 1]; k++) {
		int32_t after = reverse->before[k];
		if (--c->waiting[after])
			continue;
		int32_t place = open_up(c, line, after, start);
		if (place <= next)
			next = start[after] <= c->now ? place : next + 1;
	}
	return next;
}

/* Goes on to when something ends, or an open one's time comes. */
static void tick(struct crew_clock *c, const struct crew_line *line, const int32_t *start)
{
	int32_t next = INT32_MAX, kept = 0;
	for (int32_t k = 0; k < c->nrunning; k++) {
		int32_t end = start[c->running[k]] + line->duration[c->running[k]];
		next = end < next ? end : next;
	}
	for (int32_t k = 0; k < c->nopen; k++)
		if (start[c->open[k]] > c->now && start[c->open[k]] < next)
			next = start[c->open[k]];
	for (int32_t k = 0; k < c->nrunning; k++) {
		int32_t i = c->running[k];
		if (start[i] + line->duration[i] > next) {
			c->running[kept++] = i;
			continue;
		}
		for (int32_t w = 0; w < line->words; w++)
			c->use[w] -= line->demand[i * line->words + w];
	}
	c->nrunning = kept;
	c->now = next;
}

void crew_clock_place(struct crew_clock *c, const struct crew_line *line,
	const struct crew_line *reverse, struct crew_draft *d)
{
	int32_t n = line->n, *start = d->start;
	memcpy(c->use, line->empty, sizeof(*c->use) * (size_t)line->words);
	memset(c->waiting, 0, sizeof(*c->waiting) * (size_t)n);
	for (int32_t k = 0; k < reverse->first_before[n]; k++)
		c->waiting[reverse->before[k]]++;
	c->nopen = c->nrunning = c->now = 0;
	for (int32_t at = 0; at < n; at++)
		c->turn[d->list[at]] = at;
	for (int32_t at = 0; at < n; at++)
		if (c->waiting[d->list[at]] == 0)
			(void)open_up(c, line, d->list[at], start);
	while (c->nopen) {
		for (int32_t at = 0; at < c->nopen;) {
			int32_t i = c->open[at];
			at = start[i] <= c->now && fits(c, line, i) ? begin(c, line, reverse, at, start)
														: at + 1;
		}
		if (c->nopen)
			tick(c, line, start);
	}
	d->finish = 0;
	for (int32_t i = 0; i < n; i++) {
		int32_t end = start[i] + line->duration[i];
		d->finish = end > d->finish ? end : d->finish;
	}
}
