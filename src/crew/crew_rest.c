/*
 * Activities that rest: on a calendar, in slots that do not count, they stand still and keep their crews. Where one ends
 * depends on where it starts, so it is placed by counted slots: from a start on a slot that counts, to the slot in which
 * the last of its work is done, and past what clashes with it.
 */
#include "crew/inside.h"

/* The slots that count, both ways. */
struct counts {
	int32_t n;
	const int32_t *before; /* [n + 1] of a slot */
	const int32_t *slot;   /* [before[n]] of what is counted */
};

struct crew_rests {
	const int32_t *calendar;
	struct counts *counts;
};

int32_t crew_end(const struct crew_problem *p, int32_t i, int32_t start)
{
	int32_t left = p->duration[i], t = start;
	const struct crew_calendar *c =
		p->calendar && p->calendar[i] >= 0 ? &p->calendars[p->calendar[i]] : NULL;

	for (; c && left > 0 && t < c->n; t++)
		left -= c->before[t + 1] - c->before[t];
	return t + left;
}

struct crew_rests *crew_rests_new(struct arena *a, const struct crew_problem *p)
{
	struct crew_rests *rests = ARENA_NEW(a, struct crew_rests);

	rests->calendar = p->calendar;
	rests->counts = ARENA_ARRAY(a, struct counts, (size_t)p->ncalendars + 1);
	for (int32_t c = 0; c < p->ncalendars; c++) {
		const struct crew_calendar *from = &p->calendars[c];
		int32_t *slot = ARENA_ARRAY(a, int32_t, (size_t)from->before[from->n] + 1);
		for (int32_t t = 0; t < from->n; t++)
			if (from->before[t + 1] > from->before[t])
				slot[from->before[t]] = t;
		rests->counts[c] = (struct counts){from->n, from->before, slot};
	}
	return rests;
}

static int32_t counted(const struct counts *c, int32_t t)
{
	return t <= c->n ? c->before[t] : c->before[c->n] + t - c->n;
}

static int32_t slot_of(const struct counts *c, int32_t count)
{
	return count < c->before[c->n] ? c->slot[count] : c->n + count - c->before[c->n];
}

/* The first slot before `end` of a clash seen from the back, or -1. */
static int32_t clash(
	const struct crew_line *line, const uint64_t *use, int32_t i, int32_t t, int32_t end)
{
	const uint64_t *demand = &line->demand[i * line->words];

	for (int32_t k = end - 1; k >= t; k--)
		for (int32_t w = 0; w < line->words; w++)
			if ((use[k * line->words + w] + demand[w]) & CREW_GUARD)
				return k;
	return -1;
}

/* The first start at which links are respected. */
static bool earliest(const struct crew_line *line, const struct counts *c,
	const struct crew_draft *d, int32_t i, int32_t *out)
{
	int32_t t = 0, end = 0; /* not before; must not end before */

	for (int32_t k = line->first_before[i]; k < line->first_before[i + 1]; k++) {
		int32_t before = line->before[k];
		if (d->start[before] < 0)
			return false;
		int32_t at = line->before_lag[k] +
			(line->before_ends[k] & CREW_FROM_END ? d->end[before] - line->duration[before]
												  : d->start[before]);
		if (!(line->before_ends[k] & CREW_TO_END))
			t = at > t ? at : t;
		else if (at + line->duration[i] > end)
			end = at + line->duration[i];
	}
	if (end > 0) {
		bool rests = c && line->duration[i] > 0;
		int32_t first = (rests ? counted(c, end - 1) + 1 : end) - line->duration[i];
		int32_t at = first <= 0 ? 0 : rests ? slot_of(c, first) : first;
		t = at > t ? at : t;
	}
	*out = t;
	return true;
}

bool crew_place_resting(const struct crew_line *line, struct crew_draft *d, int32_t i)
{
	int32_t calendar = line->rests->calendar[i], duration = line->duration[i], t, end;
	const struct counts *c = calendar >= 0 ? &line->rests->counts[calendar] : NULL;

	if (!earliest(line, c, d, i, &t))
		return false;
	for (;;) {
		t = c && duration > 0 ? slot_of(c, counted(c, t)) : t;
		end = !c || duration == 0 ? t + duration : slot_of(c, counted(c, t) + duration - 1) + 1;
		int32_t k = clash(line, d->use, i, t, end);
		if (k < 0)
			break;
		t = k + 1;
	}
	for (int32_t k = t; k < end; k++)
		for (int32_t w = 0; w < line->words; w++)
			d->use[k * line->words + w] += line->demand[i * line->words + w];
	d->start[i] = t;
	d->end[i] = end;
	d->finish = end > d->finish ? end : d->finish;
	return true;
}

int32_t crew_resting_bound(struct arena *a, const struct crew_line *line)
{
	struct crew_line free = *line;

	struct crew_draft d = crew_draft_new(a, line);
	free.demand = ARENA_ARRAY(a, uint64_t, (size_t)(line->n * line->words));
	memcpy(d.list, line->order, sizeof(*d.list) * (size_t)line->n);
	crew_place(&free, &d, 1);
	return d.finish;
}
