/*
 * One reader of numbers with line count, three layouts. In .sm and .rcp links are finish to start; in .SCH a link carries its
 * own lag in brackets and jobs count from 0.
 */
#include "intake/rcpsp.h"

#include <stdio.h>

#define MOST_JOBS 100000
#define MOST_CREWS 64

struct reader {
	struct slice text;
	size_t at;
	int line;
	struct arena *a;
	struct err *err;
};

PRINTF_LIKE(2, 0) static bool bad(struct reader *r, const char *fmt, const char *word)
{
	err_set(r->err, ERR_INPUT, NULL, fmt, word);
	return err_in(r->err, "line %d", r->line);
}

/* The next whole number; brackets around it are skipped. `fmt` says what was expected; it may take one word. */
PRINTF_LIKE(4, 0)
static bool number_of(
	struct reader *r, int32_t least, int32_t most, const char *fmt, const char *word, int32_t *out)
{
	while (r->at < r->text.n && strchr(" \t\r\n[]", r->text.s[r->at]))
		r->line += r->text.s[r->at++] == '\n';
	bool minus = r->at < r->text.n && r->text.s[r->at] == '-';
	size_t at = r->at + minus, first = at;
	int64_t value = 0;
	for (; at < r->text.n && r->text.s[at] >= '0' && r->text.s[at] <= '9' && value <= INT32_MAX;
		 at++)
		value = value * 10 + (r->text.s[at] - '0');
	value = minus ? -value : value;
	if (at == first || value < least || value > most)
		return bad(r, fmt, word);
	r->at = at;
	*out = (int32_t)value;
	return true;
}

PRINTF_LIKE(4, 0)
static bool number(
	struct reader *r, int32_t least, int32_t most, const char *expected, int32_t *out)
{
	return number_of(r, least, most, expected, NULL, out);
}

/* Moves to the line after the one that starts with `word`. */
static bool skip_to(struct reader *r, const char *word)
{
	size_t n = strlen(word);
	while (r->at < r->text.n) {
		size_t end = r->at;
		while (end < r->text.n && r->text.s[end] != '\n')
			end++;
		size_t start = r->at;
		while (start < end && r->text.s[start] == ' ')
			start++;
		bool found = end - start >= n && memcmp(r->text.s + start, word, n) == 0;
		r->at = end < r->text.n ? end + 1 : end;
		r->line++;
		if (found)
			return true;
	}
	return bad(r, "no line begins with \"%s\" from here on", word);
}

/* Room for everything once the counts are known. */
struct making {
	int32_t *duration, *demand, *capacity;
	struct crew_link *links;
	int32_t nlinks, room;
};

static void make_room(struct arena *a, int32_t n, int32_t crews, struct making *m)
{
	m->duration = ARENA_ARRAY(a, int32_t, (size_t)n);
	m->demand = ARENA_ARRAY(a, int32_t, (size_t)n * (size_t)crews + 1);
	m->capacity = ARENA_ARRAY(a, int32_t, (size_t)crews + 1);
	m->room = 4 * n + 16;
	m->links = ARENA_ARRAY(a, struct crew_link, (size_t)m->room);
}

static void add_link(struct arena *a, struct making *m, int32_t from, int32_t to, int32_t lag)
{
	if (m->nlinks == m->room) {
		m->links = arena_grow(a, m->links, (size_t)m->room, 2 * (size_t)m->room, sizeof(*m->links));
		m->room *= 2;
	}
	m->links[m->nlinks++] = (struct crew_link){from, to, lag};
}

static void finish_to_start(struct making *m)
{
	for (int32_t l = 0; l < m->nlinks; l++)
		m->links[l].lag = m->duration[m->links[l].from];
}

static void hand_over(const struct making *m, int32_t n, int32_t crews, struct crew_problem *out)
{
	*out = (struct crew_problem){.n = n,
		.nresources = crews,
		.nlinks = m->nlinks,
		.duration = m->duration,
		.demand = m->demand,
		.capacity = m->capacity,
		.links = m->links};
}

/* The number after the colon of a header line such as "jobs (incl. supersource/sink ):  32". */
static bool header_number(struct reader *r, const char *word, int32_t most, int32_t *out)
{
	size_t from = r->at;
	int line = r->line;
	if (!skip_to(r, word))
		return false;
	size_t end = r->at;
	r->line--;
	while (end > from && r->text.s[end - 1] != ':')
		end--;
	r->at = end;
	if (!number_of(r, 0, most, "expected a number behind \"%s\"", word, out))
		return false;
	r->at = from;
	r->line = line;
	return true;
}

static bool read_sm(struct reader *r, struct crew_problem *out)
{
	int32_t n, crews, ignored;
	struct making m = {0};
	if (!header_number(r, "jobs", MOST_JOBS, &n) ||
		!header_number(r, "- renewable", MOST_CREWS, &crews))
		return false;
	make_room(r->a, n, crews, &m);
	if (!skip_to(r, "PRECEDENCE RELATIONS") || !skip_to(r, "jobnr"))
		return false;
	for (int32_t i = 0; i < n; i++) {
		int32_t job, modes, successors, to;
		if (!number(r, i + 1, i + 1, "expected the next job's number", &job) ||
			!number(r, 1, 1, "expected 1: a job has one mode here", &modes) ||
			!number(r, 0, n, "expected a count of successors", &successors))
			return false;
		for (int32_t k = 0; k < successors; k++) {
			if (!number(r, 1, n, "expected a successor's number", &to))
				return false;
			add_link(r->a, &m, i, to - 1, 0);
		}
	}
	if (!skip_to(r, "REQUESTS/DURATIONS") || !skip_to(r, "---"))
		return false;
	for (int32_t i = 0; i < n; i++) {
		if (!number(r, i + 1, i + 1, "expected the next job's number", &ignored) ||
			!number(r, 1, 1, "expected 1: a job has one mode here", &ignored) ||
			!number(r, 0, 1000000, "expected a duration from 0 to 1000000", &m.duration[i]))
			return false;
		for (int32_t c = 0; c < crews; c++)
			if (!number(r, 0, CREW_MOST_DEMAND, "expected a demand for a crew",
					&m.demand[i * crews + c]))
				return false;
	}
	if (!skip_to(r, "RESOURCEAVAILABILITIES") || !skip_to(r, "R"))
		return false;
	for (int32_t c = 0; c < crews; c++)
		if (!number(r, 0, CREW_MOST_DEMAND, "expected a crew's capacity", &m.capacity[c]))
			return false;
	finish_to_start(&m);
	hand_over(&m, n, crews, out);
	return true;
}

static bool read_rcp(struct reader *r, struct crew_problem *out)
{
	int32_t n, crews;
	struct making m = {0};
	if (!number(r, 1, MOST_JOBS, "expected a count of jobs", &n) ||
		!number(r, 0, MOST_CREWS, "expected a count of crews", &crews))
		return false;
	make_room(r->a, n, crews, &m);
	for (int32_t c = 0; c < crews; c++)
		if (!number(r, 0, CREW_MOST_DEMAND, "expected a crew's capacity", &m.capacity[c]))
			return false;
	for (int32_t i = 0; i < n; i++) {
		int32_t successors, to;
		if (!number(r, 0, 1000000, "expected a duration from 0 to 1000000", &m.duration[i]))
			return false;
		for (int32_t c = 0; c < crews; c++)
			if (!number(r, 0, CREW_MOST_DEMAND, "expected a demand for a crew",
					&m.demand[i * crews + c]))
				return false;
		if (!number(r, 0, n, "expected a count of successors", &successors))
			return false;
		for (int32_t k = 0; k < successors; k++) {
			if (!number(r, 1, n, "expected a successor's number", &to))
				return false;
			add_link(r->a, &m, i, to - 1, 0);
		}
	}
	finish_to_start(&m);
	hand_over(&m, n, crews, out);
	return true;
}

static bool read_sch(struct reader *r, struct crew_problem *out)
{
	int32_t jobs, crews, ignored;
	struct making m = {0};
	if (!number(r, 1, MOST_JOBS, "expected a count of jobs", &jobs) ||
		!number(r, 0, MOST_CREWS, "expected a count of crews", &crews) ||
		!number(r, 0, INT32_MAX, "expected a whole number, not negative", &ignored) ||
		!number(r, 0, INT32_MAX, "expected a whole number, not negative", &ignored))
		return false;
	int32_t n = jobs + 2; /* a source and a sink besides */
	make_room(r->a, n, crews, &m);
	for (int32_t i = 0; i < n; i++) {
		int32_t successors;
		if (!number(r, i, i, "expected the next job's number", &ignored) ||
			!number(r, 1, 1, "expected 1: a job has one mode here", &ignored) ||
			!number(r, 0, n, "expected a count of successors", &successors))
			return false;
		int32_t first = m.nlinks, value;
		for (int32_t k = 0; k < successors; k++) {
			if (!number(r, 0, n - 1, "expected a successor's number", &value))
				return false;
			add_link(r->a, &m, i, value, 0);
		}
		for (int32_t k = 0; k < successors; k++)
			if (!number(r, -1000000, 1000000, "expected a lag from -1000000 to 1000000",
					&m.links[first + k].lag))
				return false;
	}
	for (int32_t i = 0; i < n; i++) {
		if (!number(r, i, i, "expected the next job's number", &ignored) ||
			!number(r, 1, 1, "expected 1: a job has one mode here", &ignored) ||
			!number(r, 0, 1000000, "expected a duration from 0 to 1000000", &m.duration[i]))
			return false;
		for (int32_t c = 0; c < crews; c++)
			if (!number(r, 0, CREW_MOST_DEMAND, "expected a demand for a crew",
					&m.demand[i * crews + c]))
				return false;
	}
	for (int32_t c = 0; c < crews; c++)
		if (!number(r, 0, CREW_MOST_DEMAND, "expected a crew's capacity", &m.capacity[c]))
			return false;
	hand_over(&m, n, crews, out);
	return true;
}

bool rcpsp_read(struct arena *a, struct slice text, struct crew_problem *out, struct err *err)
{
	struct reader r = {.text = text, .line = 1, .a = a, .err = err};
	if (memmem(text.s, text.n, "PRECEDENCE RELATIONS", 20))
		return read_sm(&r, out);
	/* .SCH starts with four numbers on its first line and has lags in brackets; .rcp starts with two */
	size_t end = 0;
	int words = 0;
	for (bool inside = false; end < text.n && text.s[end] != '\n'; end++) {
		bool blank = strchr(" \t\r", text.s[end]) != NULL;
		words += !blank && !inside;
		inside = !blank;
	}
	return words >= 4 ? read_sch(&r, out) : read_rcp(&r, out);
}
