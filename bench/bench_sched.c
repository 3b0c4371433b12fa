/*
 * How fast the schedule engine is. Generated networks: layers of width sqrt(n), one or two
 * predecessors from the layer before, 80 % FS, 10 % SS, 10 % FF, a lag on every fifth link, fixed seed. Printed per size:
 * the passes alone (forward and backward, network compiled), the whole call (compile, passes, floats, paths), memory.
 *
 *	bench_sched [--json] [--least N] [--most N] [--dump FILE N]
 *
 * --dump writes a network as text for the peers of bench_sched.py: "n", durations in hours, then "from to type lag".
 */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "base/num.h"
#include "sched/cpm.h"
#include "sched/incremental.h"
#include "sched/portfolio.h"
#include "sched/sched.h"

static uint64_t next_random(uint64_t *s)
{
	uint64_t z = (*s += UINT64_C(0x9E3779B97F4A7C15));
	z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
	return z ^ z >> 31;
}

static int below(uint64_t *s, int n)
{
	return (int)(next_random(s) % (uint64_t)n);
}

static const struct shift office[] = {{480, 720}, {780, 1020}};
static const struct shift site[] = {{420, 1080}};
static const struct shift all_day[] = {{0, 1440}};
static const struct shift night[] = {{1200, 1800}};

static void make_calendars(struct arena *a, int n, struct plan *p)
{
	static const struct {
		const struct shift *shifts;
		int n, days;
	} kinds[] = {{office, 2, 5}, {site, 1, 6}, {all_day, 1, 7}, {night, 1, 5}};

	p->ncalendars = n;
	p->calendars = ARENA_ARRAY(a, struct plan_calendar, (size_t)n);
	for (int i = 0; i < n; i++) {
		struct plan_calendar *c = &p->calendars[i];
		*c = (struct plan_calendar){
			.id = "c", .name = "c", .base = -1, .stated = 0x7f, .provisional_from = DATE_NONE};
		for (int d = 0; d < kinds[i].days; d++)
			c->week[d] = (struct day_shifts){kinds[i].n, kinds[i].shifts};
		c->nexceptions = 30;
		c->exceptions = ARENA_ARRAY(a, struct calendar_exception, 30);
		for (int e = 0; e < 30; e++) { /* spring festival and national day, year after year */
			int day = date_from_ymd(2026 + e / 2, e % 2 ? 10 : 2, e % 2 ? 1 : 10).day;
			c->exceptions[e] = (struct calendar_exception){{day}, {day + 6}, {0, NULL}, NULL};
		}
	}
}

static void make_network(struct arena *a, int n, int ncalendars, struct plan *p)
{
	uint64_t seed = 20260302;
	int width = 1;

	while (width * width < n)
		width++;
	*p = (struct plan){.source = "bench", .nprojects = 1, .ntasks = n};
	p->projects = ARENA_NEW(a, struct plan_project);
	p->projects[0] = plan_project_default(PROFILE_P6);
	p->projects[0].start = moment_of(date_from_ymd(2026, 3, 2), 480);
	p->projects[0].calendar = 0;
	make_calendars(a, ncalendars, p);
	p->tasks = ARENA_ARRAY(a, struct plan_task, (size_t)n);
	p->links = ARENA_ARRAY(a, struct plan_link, (size_t)n * 2);
	for (int i = 0; i < n; i++) {
		struct plan_task *t = &p->tasks[i];
		*t = plan_task_default();
		t->id = t->code = t->name = "t";
		t->calendar = ncalendars > 1 ? below(&seed, ncalendars) : 0;
		t->duration_work = t->remaining_work = (8 + 8 * below(&seed, 10)) * TICKS_PER_HOUR;
		if (i < width)
			continue;
		for (int k = 1 + (below(&seed, 4) != 0); k > 0; k--) {
			int from = i / width * width - width + below(&seed, width), type = below(&seed, 10);
			struct plan_link *l = &p->links[p->nlinks++];
			*l = (struct plan_link){.from = from,
				.to = i,
				.type = type < 8 ? LINK_FS
					: type == 8  ? LINK_SS
								 : LINK_FF,
				.lag = below(&seed, 5) == 0 ? (4 + 4 * below(&seed, 6)) * TICKS_PER_HOUR : 0};
		}
	}
}

/* The core's time, not the clock on the wall: other work may share it. */
static int64_t worked_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static bool json;

static void report(const char *name, double value, const char *unit)
{
	if (json)
		printf("{\"bench\": \"sched\", \"what\": \"%s\", \"value\": %.6g, \"unit\": \"%s\"}\n",
			name, value, unit);
	else
		printf("  %-52s %12.4g %s\n", name, value, unit);
}

static void bench_size(int n, int ncalendars)
{
	struct arena *a = arena_open();
	struct sched_options none = {0};
	struct findings found = {.arena = a};
	struct network net;
	struct cpm c;
	struct plan p;
	struct schedule s;
	struct err err = {0};
	int rounds = n >= 100000 ? 5 : 2000000 / n > 2000 ? 2000 : 2000000 / n;
	int64_t best = INT64_MAX, reasons = INT64_MAX, filled = INT64_MAX, whole = INT64_MAX, began;
	char name[80];

	make_network(a, n, ncalendars, &p);
	struct link_dates *links = ARENA_ARRAY(a, struct link_dates, (size_t)p.nlinks);
	if (!network_build(a, &p, &none, &found, links, &net, &err))
		abort();
	cpm_open(a, &net, &c);
	int batch = n < 1000 ? 50 : n < 10000 ? 5 : 1;
	for (int i = 0; i < rounds; i += batch) {
		began = worked_us();
		for (int k = 0; k < batch; k++) {
			cpm_forward_dates(&c);
			cpm_backward_dates(&c);
		}
		int64_t took = worked_us() - began;
		best = took < best ? took : best;
		began = worked_us();
		for (int k = 0; k < batch; k++) {
			cpm_forward(&c);
			cpm_backward(&c);
		}
		took = worked_us() - began;
		reasons = took < reasons ? took : reasons;
	}
	sched_open(a, &p, &s);
	for (int i = 0; i < (rounds < 20 ? rounds : 20); i++) {
		struct arena *b = arena_open();
		began = worked_us();
		sched_fill(b, &c, true, &s);
		int64_t took = worked_us() - began;
		filled = took < filled ? took : filled;
		arena_close(b);
	}
	for (int i = 0; i < (rounds < 20 ? 3 : 20); i++) {
		struct arena *b = arena_open();
		began = worked_us();
		if (!sched_run(b, &p, NULL, &s, &err))
			abort();
		int64_t took = worked_us() - began;
		whole = took < whole ? took : whole;
		arena_close(b);
	}
	snprintf(name, sizeof(name), "%d activities, %d links, %d calendar%s: dates", n, p.nlinks,
		ncalendars, ncalendars > 1 ? "s" : "");
	report(name, (double)best / batch / 1000, "ms");
	snprintf(name, sizeof(name), "%d activities, %d calendar%s: dates and what drives them", n,
		ncalendars, ncalendars > 1 ? "s" : "");
	report(name, (double)reasons / batch / 1000, "ms");
	snprintf(name, sizeof(name), "%d activities, %d calendar%s: moments, floats, longest path", n,
		ncalendars, ncalendars > 1 ? "s" : "");
	report(name, (double)filled / 1000, "ms");
	snprintf(name, sizeof(name), "%d activities, %d calendar%s: whole call", n, ncalendars,
		ncalendars > 1 ? "s" : "");
	report(name, (double)whole / 1000, "ms");
	if (n >= 100000) {
		size_t bytes = (size_t)net.n *
				(sizeof(*net.nodes) + sizeof(*net.in_first) + sizeof(*net.out_first) +
					2 * (sizeof(*c.early) + sizeof(*c.early_at)) + sizeof(*c.outcome) +
					(c.duration ? sizeof(*c.duration) : 0)) +
			(size_t)net.nedges *
				(sizeof(*net.in) + sizeof(*net.out) + sizeof(*net.link) + sizeof(*c.edge)) +
			(size_t)net.nterms * sizeof(*net.terms);
		snprintf(name, sizeof(name), "%d activities: memory of the compiled network", n);
		report(name, (double)bytes / n, "bytes per activity");
	}
	arena_close(a);
}

static int by_time(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
	return (x > y) - (x < y);
}

/* One duration after the other on the large network; each answer equals a full run (test_sched_incremental). */
static void bench_edits(int n)
{
	enum { EDITS = 2000 };
	static int64_t took[EDITS];
	struct arena *a = arena_open();
	struct incremental inc;
	struct plan p;
	struct err err = {0};
	uint64_t seed = 7;
	int swept = 0;
	char name[80];

	make_network(a, n, 1, &p);
	if (!inc_open(a, &p, &inc, &err))
		abort();
	for (int i = 0; i < EDITS; i++) {
		int task = below(&seed, n);
		struct plan_task now = p.tasks[task];
		now.duration_work = now.remaining_work = (8 + 8 * below(&seed, 10)) * TICKS_PER_HOUR;
		int64_t began = worked_us();
		if (!inc_change(&inc, task, &now))
			abort();
		took[i] = worked_us() - began;
		swept += inc.swept;
	}
	qsort(took, EDITS, sizeof(*took), by_time);
	snprintf(name, sizeof(name), "edit of one duration in %d activities: median", n);
	report(name, (double)took[EDITS / 2], "us");
	snprintf(name, sizeof(name), "edit of one duration in %d activities: 99 of 100", n);
	report(name, (double)took[EDITS * 99 / 100], "us");
	snprintf(name, sizeof(name), "edit: %d of %d moved the finish, slowest", swept, EDITS);
	report(name, (double)took[EDITS - 1], "us");
	arena_close(a);
}

static int64_t clock_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* What one thread does of a portfolio: its blocks, then the four moments of each task of its projects. */
struct share {
	const struct portfolio *p;
	const struct worktime *w;
	struct moment start;
	int32_t first_block, last_block;
	int64_t sum; /* so that no moment can be left out */
};

static void *schedule_share(void *self)
{
	struct share *s = self;
	int32_t last = s->last_block * PORTFOLIO_LANES;

	portfolio_run(s->p, s->first_block, s->last_block);
	for (int32_t i = s->first_block * PORTFOLIO_LANES; i < last && i < s->p->nprojects; i++) {
		struct portfolio_dates d[20];
		portfolio_dates(s->p, i, s->w, s->start, d);
		for (int k = 0; k < 20; k++)
			s->sum += d[k].early_start.tick + d[k].early_finish.tick + d[k].late_start.tick +
				d[k].late_finish.tick;
	}
	return NULL;
}

/* Both halves at once; by the clock. The whole was done before, and gave the same moments. */
static int64_t schedule_halves(const struct share *whole)
{
	struct share halves[2] = {*whole, *whole};
	pthread_t other;
	int64_t began = clock_us();

	halves[0].last_block = halves[1].first_block = whole->last_block / 2;
	halves[0].sum = halves[1].sum = 0;
	if (pthread_create(&other, NULL, schedule_share, &halves[1]))
		abort();
	schedule_share(&halves[0]);
	pthread_join(other, NULL);
	if (halves[0].sum + halves[1].sum != whole->sum)
		abort();
	return clock_us() - began;
}

/* A county after the other: projects of twenty tasks of one template. */
static void bench_portfolio(int projects)
{
	enum { PASSES, MOMENTS, HALVES, FROM_FILE, MEASURES };
	static const char *const names[MEASURES] = {
		"1,000,000 projects of 20 in working time, one thread",
		"1,000,000 projects of 20, four moments a task, one thread",
		"1,000,000 projects of 20, four moments a task, two threads (clock)",
		"the same, durations read from a file first (clock)",
	};
	struct arena *a = arena_open();
	struct portfolio_link links[64];
	struct portfolio p;
	struct plan plan;
	uint64_t seed = 3;
	int nlinks = 0;
	int64_t best[MEASURES] = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};

	make_network(a, 20, 1, &plan);
	for (int i = 0; i < plan.nlinks; i++)
		links[nlinks++] = (struct portfolio_link){
			(uint8_t)plan.links[i].from, (uint8_t)plan.links[i].to, (uint8_t)plan.links[i].type};
	if (!portfolio_open(a, 20, links, nlinks, projects, &p))
		abort();
	const size_t durations = (size_t)p.nblocks * PORTFOLIO_LANES * 20;
	for (size_t i = 0; i < durations; i++)
		p.duration[i] = (8 + 8 * below(&seed, 10)) * TICKS_PER_HOUR;
	FILE *file = tmpfile();
	if (!file || fwrite(p.duration, sizeof(*p.duration), durations, file) != durations)
		abort();
	struct share whole = {
		&p, worktime_compile_all(a, &plan)[0], plan.projects[0].start, 0, p.nblocks, 0};
	for (int round = 0; round < 3; round++) {
		int64_t took[MEASURES], began = worked_us();
		portfolio_run(&p, 0, p.nblocks);
		took[PASSES] = worked_us() - began;
		began = worked_us();
		whole.sum = 0;
		schedule_share(&whole);
		took[MOMENTS] = worked_us() - began;
		took[HALVES] = schedule_halves(&whole);
		began = clock_us();
		rewind(file);
		if (fread(p.duration, sizeof(*p.duration), durations, file) != durations)
			abort();
		took[FROM_FILE] = clock_us() - began + schedule_halves(&whole);
		for (int i = 0; i < MEASURES; i++)
			best[i] = took[i] < best[i] ? took[i] : best[i];
	}
	for (int i = 0; i < MEASURES; i++)
		report(names[i], (double)best[i] / 1000 * 1e6 / projects, "ms");
	fclose(file);
	arena_close(a);
}

static void dump(const char *path, int n)
{
	struct arena *a = arena_open();
	struct plan p;
	FILE *f = fopen(path, "w");

	if (!f)
		abort();
	make_network(a, n, 1, &p);
	fprintf(f, "%d %d\n", p.ntasks, p.nlinks);
	for (int i = 0; i < p.ntasks; i++)
		fprintf(f, "%d\n", p.tasks[i].duration_work / TICKS_PER_HOUR);
	for (int i = 0; i < p.nlinks; i++)
		fprintf(f, "%d %d %s %d\n", p.links[i].from, p.links[i].to, link_type_name(p.links[i].type),
			p.links[i].lag / TICKS_PER_HOUR);
	fclose(f);
	arena_close(a);
}

static int number(const char *text)
{
	int64_t value;
	if (!num_int(slice_of(text), &value) || value < 1 || value > 10000000)
		abort();
	return (int)value;
}

int main(int argc, char **argv)
{
	static const int sizes[] = {20, 1000, 10000, 100000, 1000000};
	int least = 1, most = 1000000;

	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--json") == 0)
			json = true;
		else if (strcmp(argv[i], "--most") == 0 && i + 1 < argc)
			most = number(argv[++i]);
		else if (strcmp(argv[i], "--least") == 0 && i + 1 < argc)
			least = number(argv[++i]);
		else if (strcmp(argv[i], "--dump") == 0 && i + 2 < argc) {
			dump(argv[i + 1], number(argv[i + 2]));
			return 0;
		}
	}
	for (size_t i = 0; i < countof(sizes); i++)
		if (sizes[i] >= least && sizes[i] <= most) {
			bench_size(sizes[i], 1);
			bench_size(sizes[i], 4);
		}
	if (most >= 100000)
		bench_edits(most);
	bench_portfolio(most >= 1000000 ? 1000000 : 100000);
	return 0;
}
