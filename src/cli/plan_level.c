/*
 * guatu plan level FILE: when can everything start if crews are limited? Takes the public crew problems and plans of any
 * format we read. The search runs on islands: with --schedules there are always four of them, each with its own seed and
 * a quarter of the count, so the answer is the same for any number of threads; with --seconds there is one a thread.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <strings.h>
#include <unistd.h>

#include "base/os.h"
#include "cli/plan_parts.h"
#include "crew/crew.h"
#include "intake/plan_file.h"
#include "intake/rcpsp.h"
#include "sched/level.h"

enum { ISLANDS = 4, MOST_THREADS = 64, DEFAULT_SECONDS = 5 };

enum goal { GOAL_FINISH, GOAL_LATENESS, GOAL_PEAK };

/* What is asked: the problem, its modes if it has any, or the smallest crews. */
struct question {
	const struct crew_problem *problem;
	const struct crew_modes *modes; /* NULL: none */
	enum goal goal;
};

struct team;

struct island {
	int number;
	struct team *team;
	struct arena *a;
	bool draws, solved; /* draws: on the main thread, so it may draw the bar */
	struct crew_schedule out;
	int32_t *extra; /* the modes chosen [n], or the smallest crews [nresources] */
	struct err err;
};

struct team {
	struct question question;
	int64_t seed, schedules, began_us, seconds, threads;
	int n;
	atomic_int next, proved; /* the next island to take; the first one with a proof */
	struct island islands[MOST_THREADS];
};

/* With a count, an island may be stopped only by one before it: then the first best one is the same in any case. */
static bool go_on(void *self, int32_t best, int32_t bound)
{
	static const struct label searching = {"正在排队伍", "planning crews"};
	const struct island *i = self;
	const struct team *t = i->team;
	int64_t spent = os_monotonic_us() - t->began_us, proved = atomic_load(&t->proved);

	(void)best, (void)bound;
	if (proved < (t->schedules ? i->number : MOST_THREADS) ||
		(!t->schedules && spent >= t->seconds * 1000000))
		return false;
	if (i->draws && !t->schedules)
		return progress_bar((void *)&searching, spent / 1000, t->seconds * 1000);
	return i->draws ? progress_bar((void *)&searching, spent / 1000, 0) : !stopped();
}

static void note_proof(struct team *t, int number)
{
	int before = atomic_load(&t->proved);

	while (number < before && !atomic_compare_exchange_weak(&t->proved, &before, number))
		;
}

static bool answer(struct island *i, const struct question *q, const struct crew_options *options)
{
	i->extra = ARENA_ARRAY(i->a, int32_t, (size_t)(q->problem->n + q->problem->nresources) + 1);
	if (q->goal == GOAL_PEAK)
		return crew_smallest(i->a, q->problem, 0, options, &i->out, i->extra, &i->err);
	return q->modes ? crew_solve_modes(i->a, q->modes, options, &i->out, i->extra, &i->err)
					: crew_solve(i->a, q->problem, options, &i->out, &i->err);
}

/* Smaller is better: lateness, then the finish; for the smallest crews all hands together. */
static int64_t cost(const struct team *t, const struct island *i)
{
	int64_t hands = 0;

	if (t->question.goal != GOAL_PEAK)
		return i->out.lateness * (INT64_C(1) << 27) + i->out.finish;
	for (int32_t r = 0; r < t->question.problem->nresources; r++)
		hands += i->extra[r];
	return hands;
}

static void run_islands(struct team *t, bool draws)
{
	for (int at = atomic_fetch_add(&t->next, 1); at < t->n; at = atomic_fetch_add(&t->next, 1)) {
		struct island *i = &t->islands[at];
		i->draws = draws;
		/* on a clock one island proves and the others search; with a count all do both */
		struct crew_options options = {.seed = (uint64_t)t->seed * MOST_THREADS + (uint64_t)at,
			.likely = crew_likely(t->question.problem, (double)t->seconds),
			.schedules = t->schedules ? (t->schedules + ISLANDS - 1) / ISLANDS : 0,
			.prove = at == 0 || t->schedules,
			.go_on = go_on,
			.self = i};
		i->solved = answer(i, &t->question, &options);
		if (i->solved && (i->out.status == CREW_PROVED || i->out.status == CREW_IMPOSSIBLE))
			note_proof(t, at);
	}
}

static void *run_thread(void *team)
{
	run_islands(team, false);
	return NULL;
}

/* The best of the islands, the first of equals. */
static bool gather(struct arena *a, const struct team *t, struct crew_schedule *out,
	int32_t **extra, struct err *err)
{
	int proved = atomic_load(&t->proved);
	const struct island *best = NULL;
	int32_t bound = 0;

	for (int k = 0; k < t->n && (k <= proved || !t->schedules); k++) {
		const struct island *i = &t->islands[k];
		if (!i->solved) {
			*err = i->err;
			return false;
		}
		bound = i->out.bound > bound ? i->out.bound : bound;
		if (!best || i->out.status == CREW_IMPOSSIBLE ||
			(i->out.start && (!best->out.start || cost(t, i) < cost(t, best))))
			best = i;
	}
	*out = best->out;
	out->bound = bound;
	if (proved < MOST_THREADS && t->question.goal != GOAL_PEAK)
		out->status = t->islands[proved].out.status;
	else if (out->start && t->question.goal == GOAL_FINISH)
		out->status = out->finish <= out->bound ? CREW_PROVED : CREW_FOUND;
	if (out->status == CREW_PROVED)
		out->bound = out->finish;
	*extra = ARENA_ARRAY(
		a, int32_t, (size_t)(t->question.problem->n + t->question.problem->nresources) + 1);
	memcpy(*extra, best->extra,
		sizeof(**extra) * (size_t)(t->question.problem->n + t->question.problem->nresources));
	if (!out->start)
		return true;
	int32_t *start = ARENA_ARRAY(a, int32_t, (size_t)t->question.problem->n + 1);
	memcpy(start, out->start, sizeof(*start) * (size_t)t->question.problem->n);
	out->start = start;
	return true;
}

static bool solve(
	struct arena *a, struct team *t, struct crew_schedule *out, int32_t **extra, struct err *err)
{
	pthread_t thread[MOST_THREADS];
	int started = 0;

	t->began_us = os_monotonic_us();
	t->n = t->schedules ? ISLANDS : (int)t->threads;
	atomic_init(&t->proved, MOST_THREADS);
	for (int k = 0; k < t->n; k++)
		t->islands[k] = (struct island){.number = k, .team = t, .a = arena_open()};
	while (started + 1 < t->threads && started + 1 < t->n &&
		pthread_create(&thread[started], NULL, run_thread, t) == 0)
		started++;
	run_islands(t, true);
	for (int k = 0; k < started; k++)
		pthread_join(thread[k], NULL);
	progress_end();
	bool done = gather(a, t, out, extra, err);
	for (int k = 0; k < t->n; k++)
		arena_close(t->islands[k].a);
	return done;
}

/* ---- The public crew problems ---------------------------------------------------------------------------------- */

static void json_head(struct json_writer *w, const struct crew_schedule *s)
{
	static const char *const names[] = {"found", "proved", "impossible", "unknown"};

	jw_kt(w, "status", names[s->status]);
	jw_kb(w, "proved", s->status == CREW_PROVED || s->status == CREW_IMPOSSIBLE);
	if (s->status == CREW_IMPOSSIBLE)
		jw_kt(w, "why", label_in(s->why, cli_lang()));
}

static void print_problem_json(const struct crew_problem *p, const struct crew_schedule *s)
{
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	jw_object(&w);
	jw_key(&w, "finish");
	if (s->start)
		jw_int(&w, s->finish);
	else
		jw_null(&w);
	json_head(&w, s);
	jw_key(&w, "bound");
	if (s->status == CREW_IMPOSSIBLE)
		jw_null(&w);
	else
		jw_int(&w, s->bound);
	jw_key(&w, "start");
	if (s->start) {
		jw_array(&w);
		for (int32_t i = 0; i < p->n; i++)
			jw_int(&w, s->start[i]);
		jw_array_end(&w);
	} else {
		jw_null(&w);
	}
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

static void print_problem(const struct crew_problem *p, const struct crew_schedule *s)
{
	bool zh = cli_lang() == LANG_ZH;

	if (!s->start) {
		printf("%s\n",
			s->status == CREW_IMPOSSIBLE ? label_in(s->why, cli_lang())
				: zh                     ? "时间内没有找到可行的安排"
										 : "no schedule was found in the time given");
		return;
	}
	printf(zh ? "完成于 %d%s，下界 %d\n" : "finish %d%s, bound %d\n", s->finish,
		s->status != CREW_PROVED ? ""
			: zh                 ? "（已证明最短）"
								 : " (proved shortest)",
		s->bound);
	printf("%s\n", zh ? "  工作   开始   完成" : "activity  start finish");
	for (int32_t i = 0; i < p->n; i++)
		printf("%8d %6d %6d\n", i + 1, s->start[i], s->start[i] + p->duration[i]);
}

static bool goal_parse(enum goal *out, struct err *err)
{
	static const char *const names[] = {"finish", "lateness", "peak"};
	const char *text = given("--goal");

	*out = GOAL_FINISH;
	for (int k = 0; text && k < 3; k++)
		if (strcmp(text, names[k]) == 0) {
			*out = (enum goal)k;
			return true;
		}
	return !text ||
		err_set(err, ERR_INPUT, "--goal", "\"%s\" is not finish, lateness or peak", text);
}

static bool level_problem_file(
	struct arena *a, struct slice bytes, struct team *team, struct err *err)
{
	struct crew_problem p;
	struct crew_schedule s;
	int32_t *extra;

	if (!rcpsp_read(a, bytes, &p, err))
		return false;
	if (team->question.goal != GOAL_FINISH)
		return err_set(err, ERR_INPUT, NULL, "a goal other than finish is for plans");
	team->question.problem = &p;
	if (!solve(a, team, &s, &extra, err))
		return false;
	if (as_json())
		print_problem_json(&p, &s);
	else
		print_problem(&p, &s);
	return true;
}

/* ---- Plans ----------------------------------------------------------------------------------------------------- */

static void json_crews(struct json_writer *w, const struct level_problem *p)
{
	const struct plan *plan = p->net->plan;

	jw_key(w, "crews");
	jw_array(w);
	for (int32_t r = 0; r < plan->nresources; r++) {
		if (p->crew_of[r] < 0)
			continue;
		jw_object(w);
		jw_kt(w, "id", plan->resources[r].id);
		jw_key(w, "capacity");
		jw_decimal(w, plan->resources[r].capacity_permille, 3);
		jw_key(w, "planned_with");
		jw_decimal(w, p->capacity_permille[r], 3);
		jw_object_end(w);
	}
	jw_array_end(w);
}

/* Against the dates without limits: the moves, and how the crews are loaded before and after them. */
static void json_proposals(
	struct json_writer *w, struct arena *a, const struct level_problem *p, const struct levelled *l)
{
	struct level_move *moves;
	struct crew_loads loads;
	struct crew_dates *now = level_dates_now(a, p), *then = level_dates_then(a, p, l);
	int32_t n = level_moves(a, p, l, now, &moves);

	jw_key(w, "moves");
	level_moves_json(w, p->given, moves, n);
	crew_load(a, p->given, now, &loads);
	jw_key(w, "load");
	crew_loads_json(w, p->given, &loads);
	crew_load(a, p->given, then, &loads);
	jw_key(w, "levelled_load");
	crew_loads_json(w, p->given, &loads);
}

/* Working hours past what is due, each times its task's priority, summed up. */
static int64_t lateness_tenths(const struct level_problem *p, const struct crew_schedule *s)
{
	return s->lateness * p->slot_work * 10 / TICKS_PER_HOUR;
}

static void print_plan_json(struct arena *a, const struct level_problem *p,
	const struct crew_schedule *s, const struct levelled *l)
{
	const struct plan *plan = p->net->plan;
	struct str out = STR_INIT;
	struct json_writer w = jw_start(&out);

	w.pretty = true;
	jw_object(&w);
	plan_json_moment(&w, "finish", l->finish);
	json_head(&w, s);
	plan_json_moment(&w, "bound", s->status == CREW_PROVED ? l->finish : l->unlimited);
	jw_key(&w, "start");
	jw_array(&w);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		char text[20];
		jw_text(
			&w, moment_is_none(l->tasks[i].start) ? NULL : moment_text(l->tasks[i].start, text));
	}
	jw_array_end(&w);
	if (p->crew.due && s->start) {
		jw_key(&w, "weighted_lateness");
		jw_decimal(&w, lateness_tenths(p, s), 1);
	}
	json_crews(&w, p);
	json_proposals(&w, a, p, l);
	jw_key(&w, "tasks");
	jw_array(&w);
	for (int32_t i = 0; i < plan->ntasks; i++) {
		jw_object(&w);
		jw_kt(&w, "id", plan->tasks[i].id);
		plan_json_moment(&w, "start", l->tasks[i].start);
		plan_json_moment(&w, "finish", l->tasks[i].finish);
		plan_json_hours(&w, "delay_h", l->tasks[i].delay_work);
		if (l->tasks[i].mode >= 0)
			jw_kt(&w, "mode", plan->modes[l->tasks[i].mode].id);
		jw_kb(&w, "over_allocated", l->tasks[i].over);
		jw_object_end(&w);
	}
	jw_array_end(&w);
	jw_object_end(&w);
	plan_print_json(&out, &w);
}

/* How the task is done, and whether its crews are too small for it. */
static const char *remarks(
	struct arena *a, const struct plan *plan, const struct levelled_task *t, bool zh)
{
	const char *mode =
		t->mode >= 0 ? arena_printf(a, zh ? "做法：%s " : "as %s ", plan->modes[t->mode].name) : "";
	return arena_printf(a, "%s%s", mode, !t->over ? "" : zh ? "队伍超额" : "over-allocated");
}

static void print_levelled(
	struct arena *a, const struct level_problem *p, const struct levelled *l, bool zh)
{
	static const struct label heads[] = {
		{"开始", "start"}, {"完成", "finish"}, {"推迟(小时)", "later (h)"}, {"", ""}};
	struct table t = plan_table(heads, countof(heads));

	t.right[4] = true;
	for (int32_t i = 0; i < p->net->plan->ntasks; i++) {
		plan_add_task(&t, p->net->plan, i);
		plan_add_moment(&t, a, l->tasks[i].start);
		plan_add_moment(&t, a, l->tasks[i].finish);
		plan_add_hours(&t, a, l->tasks[i].delay_work > 0 ? l->tasks[i].delay_work : FLOAT_NONE);
		table_add(&t, remarks(a, p->net->plan, &l->tasks[i], zh));
	}
	table_print(&t);
}

static void print_plan(struct arena *a, const struct level_problem *p,
	const struct crew_schedule *s, const struct levelled *l)
{
	const struct plan *plan = p->net->plan;
	bool zh = cli_lang() == LANG_ZH;
	char x[20], y[20];

	if (moment_is_none(l->finish)) {
		printf("%s\n", zh ? "计划中没有算得出日期的任务" : "no task of the plan has a date");
		return;
	}
	printf(zh ? "完成 %s%s；不限队伍时 %s；推迟 %d 项\n"
			  : "finish %s%s; %s if crews were not limited; tasks delayed: %d\n",
		moment_text(l->finish, x),
		s->status != CREW_PROVED ? ""
			: zh                 ? "（已证明最早）"
								 : " (proved earliest)",
		moment_text(l->unlimited, y), l->ndelayed);
	if (p->crew.due && s->start)
		printf(zh ? "加权逾期 %.1f（各项逾期的工作小时乘以优先级之和）\n"
				  : "weighted lateness %.1f (working hours late times priority, summed up)\n",
			(double)lateness_tenths(p, s) / 10);
	for (int32_t r = 0; r < plan->nresources; r++)
		if (p->capacity_permille[r] != plan->resources[r].capacity_permille)
			printf(zh ? "%s：%g 即可，现有 %g\n" : "%s: %g will do, there are %g\n",
				plan->resources[r].name, p->capacity_permille[r] / 1000.0,
				plan->resources[r].capacity_permille / 1000.0);
	print_levelled(a, p, l, zh);
}

static bool level_plan_file(struct arena *a, struct slice bytes, struct team *team, struct err *err)
{
	struct question *q = &team->question;
	struct plan plan;
	struct findings found = {.arena = a};
	struct level_problem p;
	struct crew_schedule s;
	struct levelled l;
	int32_t *extra;

	if (!plan_file_read(a, bytes, &plan, &found, err) || !level_prepare(a, &plan, &found, &p, err))
		return false;
	q->problem = &p.crew;
	if (q->goal == GOAL_LATENESS)
		level_by_lateness(a, &p);
	if (q->goal != GOAL_PEAK && p.modes.first)
		q->modes = &p.modes;
	if (!solve(a, team, &s, &extra, err))
		return false;
	if (q->modes && s.start)
		level_choose(&p, extra);
	if (q->goal == GOAL_PEAK && s.start)
		level_limit(&p, extra);
	level_apply(a, &p, s.start, given("--within-float") != NULL, &l);
	if (s.status == CREW_PROVED && (!p.exact || l.nover))
		s.status = CREW_FOUND; /* what was proved about slots is not proved about this plan */
	if (q->goal == GOAL_FINISH && s.start && !l.nover && l.finish.tick <= l.unlimited.tick)
		s.status = CREW_PROVED; /* without limits it is no earlier either */
	if (as_json())
		print_plan_json(a, &p, &s, &l);
	else
		print_plan(a, &p, &s, &l);
	plan_print_findings(&plan, &found, stderr);
	return true;
}

/* By its name; else PSPLIB starts with stars, Patterson and ProGen/max with a number, and no plan format does. */
static bool is_crew_problem(const char *path, struct slice bytes)
{
	static const char *const endings[] = {".sm", ".rcp", ".sch"};
	const char *ending = strrchr(path, '.');
	size_t at = 0;

	for (size_t i = 0; ending && i < countof(endings); i++)
		if (strcasecmp(ending, endings[i]) == 0)
			return true;

	while (at < bytes.n &&
		(bytes.s[at] == ' ' || bytes.s[at] == '\t' || bytes.s[at] == '\r' || bytes.s[at] == '\n'))
		at++;
	return at < bytes.n && (bytes.s[at] == '*' || (bytes.s[at] >= '0' && bytes.s[at] <= '9'));
}

static bool read_numbers(struct team *t)
{
	int64_t threads = sysconf(_SC_NPROCESSORS_ONLN);

	*t = (struct team){.seed = 1,
		.seconds = DEFAULT_SECONDS,
		.threads = threads < 1       ? 1
			: threads > MOST_THREADS ? MOST_THREADS
									 : threads};
	return given_number("--seconds", 1, 86400, &t->seconds) &&
		given_number("--threads", 1, MOST_THREADS, &t->threads) &&
		given_number("--seed", 0, INT32_MAX, &t->seed) &&
		given_number("--schedules", 1, INT64_C(1000000000000), &t->schedules);
}

int plan_level(void)
{
	struct team team;
	const char *path = argument(1);
	struct slice bytes;
	struct err err = {0};
	int code = EXIT_DONE;

	if (!read_numbers(&team))
		return EXIT_USAGE;
	if (!goal_parse(&team.question.goal, &err))
		return fail(&err);
	if (given("--seconds") && team.schedules) {
		err_set(&err, ERR_INPUT, NULL, "give --seconds or --schedules, not both");
		return fail(&err);
	}
	struct arena *a = arena_open();
	if (!os_read_file(a, path, LIMIT_UPLOAD_BYTES, &bytes, &err) ||
		!((is_crew_problem(path, bytes) ? level_problem_file(a, bytes, &team, &err)
										: level_plan_file(a, bytes, &team, &err)) ||
			err_in(&err, "%s", path)))
		code = fail(&err);
	else if (stopped())
		code = EXIT_STOPPED;
	arena_close(a);
	return code;
}
