/*
 * How long a full relight takes: bench_relight PROJECTS FOLDER. An invented board with one plan
 * and one report a project; the
 * four lights of Yinchuan and their worst. Writes FOLDER/facts.csv and FOLDER/lights.csv, so that
 * the same rule as SQL can be
 * held against it (bench_relight.py). Prints medians in ms, one "name value" a line.
 */
#include <stdio.h>
#include <stdlib.h>

#include "assess/light.h"
#include "base/arena.h"
#include "base/num.h"
#include "base/os.h"
#include "board/query.h"
#include "board/rollup.h"

#define ROUNDS 9
#define TODAY_YEAR 2026

static uint64_t seed = 42;

static uint32_t random_below(uint32_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)((seed >> 33) % n);
}

static void die(const struct err *err)
{
	struct str s = STR_INIT;
	err_say(err, LANG_EN, &s);
	fprintf(stderr, "bench_relight: %s\n", str_text(&s));
	exit(1);
}

static void set(struct record *r, const char *field, struct value v)
{
	r->values[register_field(r->reg, field)->index] = v;
}

static struct value number(int64_t i)
{
	return (struct value){.kind = VALUE_INT, .i = i};
}

static struct uuid next_id(uint8_t kind)
{
	static uint64_t n;
	struct uuid id = {{0}};
	uint64_t serial = ++n;
	for (int i = 7; i >= 0; i--, serial >>= 8)
		id.b[i] = (uint8_t)serial;
	id.b[8] = kind;
	return id;
}

struct makers {
	struct record *unit, *project, *plan, *report;
};

static void put_project(
	struct board *b, const struct makers *m, const struct uuid *units, int nunits)
{
	static const char *const categories[] = {"industry", "transport", "water", "social", "energy"};
	struct date jan1 = date_from_ymd(TODAY_YEAR, 1, 1);
	int64_t plan = random_below(50) == 0 ? 0 : (int64_t)(1 + random_below(100000)) * 1000000;
	int32_t planned = jan1.day - 300 + (int32_t)random_below(600);
	bool started = planned < jan1.day + 120 && random_below(4);
	bool entered = started && random_below(2);
	struct record *p = m->project;
	p->id = next_id(1);
	const char *category = categories[random_below(5)];
	set(p, "category", (struct value){.kind = VALUE_TEXT, .text = slice_of(category)});
	set(p, "lead_unit",
		(struct value){.kind = VALUE_ID, .id = units[random_below((uint32_t)nunits)]});
	set(p, "planned_start", number(planned));
	set(p, "actual_start", started ? number(planned + (int32_t)random_below(60)) : VALUE_NONE);
	set(p, "stat_entered_on", entered ? number(planned + 40) : VALUE_NONE);
	set(p, "total_investment", number(plan * 3));
	board_put(b, p);
	struct value parent = {.kind = VALUE_ID, .id = p->id};
	struct record *y = m->plan, *r = m->report;
	y->id = next_id(2);
	set(y, "project", parent);
	set(y, "year", number(TODAY_YEAR));
	set(y, "annual_plan_investment", number(plan));
	board_put(b, y);
	r->id = next_id(3);
	set(r, "project", parent);
	set(r, "period_kind", (struct value){.kind = VALUE_TEXT, .text = SLICE("month")});
	set(r, "period", number(date_from_ymd(TODAY_YEAR, 4 + (int)random_below(3), 30).day));
	set(r, "investment", number(plan / 10000 * random_below(9000)));
	board_put(b, r);
}

static int compare(const void *x, const void *y)
{
	const double *a = x, *b = y;
	return (*a > *b) - (*a < *b);
}

static double median(double *times)
{
	qsort(times, ROUNDS, sizeof(*times), compare);
	return times[ROUNDS / 2];
}

static double ms_since(int64_t start)
{
	return (double)(os_monotonic_us() - start) / 1000;
}

static void bench_queries(const struct board *b)
{
	static const struct {
		const char *name;
		struct query_params params;
	} queries[] = {
		{"list_by_light_ms",
			{.filter = "light:ge:2",
				.sort = "-light,-annual_plan_investment",
				.columns = "number,title"}},
		{"list_filtered_ms",
			{.filter = "category:in:water,energy;annual_plan_investment:ge:50000000000;planned_"
					   "start:lt:2026-03-01",
				.sort = "-changed_at",
				.columns = "number"}},
		{"list_by_plan_ms", {.sort = "annual_plan_investment", .columns = "number"}},
		{"count_and_sums_ms",
			{.filter = "category:eq:water",
				.sums = "annual_plan_investment,completed_investment",
				.columns = "number"}},
		{"group_by_unit_ms", {.group = "lead_unit", .sums = "annual_plan_investment"}},
	};
	for (size_t i = 0; i < countof(queries); i++) {
		double times[ROUNDS];
		for (int round = 0; round < ROUNDS; round++) {
			struct arena *a = arena_open();
			struct query *q;
			struct err err;
			int64_t start = os_monotonic_us();
			if (!query_parse(a, b, board_table_named(b, "project"), &queries[i].params, &q, &err))
				die(&err);
			query_run(a, b, q, NULL, false);
			times[round] = ms_since(start);
			arena_close(a);
		}
		printf("%s %.3f\n", queries[i].name, median(times));
	}
}

static void write_csv(const struct board *b, const char *folder, const int32_t *lights)
{
	static const char *const names[] = {"annual_plan_investment", "completed_investment",
		"planned_start", "actual_start", "stat_entered_on"};
	const struct board_table *t = board_projects(b);
	char path[1000];
	snprintf(path, sizeof(path), "%s/facts.csv", folder);
	FILE *facts = fopen(path, "w");
	snprintf(path, sizeof(path), "%s/lights.csv", folder);
	FILE *out = fopen(path, "w");
	if (!facts || !out) {
		perror(path);
		exit(1);
	}
	fputs("id,plan,done,planned_start,actual_start,stat_entered,class\n", facts);
	int columns[5], class = board_column_named(t, "class");
	for (int i = 0; i < 5; i++)
		columns[i] = board_column_named(t, names[i]);
	for (int32_t row = 0; row < board_rows(t); row++) {
		fprintf(facts, "%d", row);
		for (int i = 0; i < 5; i++) {
			int64_t v = column_number(board_column(t, columns[i]), row);
			if (v == NOTHING64)
				fputc(',', facts);
			else
				fprintf(facts, ",%lld", (long long)v);
		}
		struct slice word = column_word(board_column(t, class), row);
		fprintf(facts, ",%.*s\n", (int)word.n, word.s ? word.s : "");
		fprintf(out, "%d,%d\n", row, lights[row] == SEVERITY_OUTSIDE ? -4 : lights[row]);
	}
	fclose(facts);
	fclose(out);
}

static void bench_one_project(struct board *b, struct lights *l, struct date today)
{
	const struct light_change *changes;
	int n;
	double times[ROUNDS];
	int table = board_table_named(b, "project");
	const struct board_table *t = board_projects(b);
	const struct field *title = register_field(board_register(t), "title");
	for (int round = 0; round < ROUNDS; round++) {
		struct value before = VALUE_NONE, after = {.kind = VALUE_TEXT, .text = SLICE("new title")};
		struct change c = {.no = round + 1,
			.reg = board_register(t),
			.id = board_id(board_table(b, table), 1000 + round),
			.version = 2,
			.step = "update",
			.n = 1,
			.fields = &title,
			.before = &before,
			.after = &after};
		int64_t start = os_monotonic_us();
		board_apply(b, &c);
		lights_refresh(l, b, board_settle(b, today), &changes, &n);
		times[round] = ms_since(start);
	}
	printf("relight_one_project_ms %.4f\n", median(times));
}

int main(int argc, char **argv)
{
	int64_t projects = 1000000;
	if (argc > 1 && !num_int(slice_of(argv[1]), &projects))
		return 2;
	int n = (int)projects;
	const struct catalogue *catalogue;
	struct err err;
	struct arena *a = arena_open();
	if (!catalogue_builtin(NULL, 0, 1, &catalogue, &err))
		die(&err);
	struct board_options options = {.offset_minutes = OFFSET_CHINA, .basis = TIME_BY_MONTH};
	struct board *b = board_open(catalogue, &options);
	struct makers m = {record_new(a, catalogue_find(catalogue, "unit")),
		record_new(a, catalogue_find(catalogue, "project")),
		record_new(a, catalogue_find(catalogue, "year_plan")),
		record_new(a, catalogue_find(catalogue, "report"))};
	struct uuid units[200];
	m.project->state = "building";
	m.plan->state = "in_force";
	m.report->state = "submitted";
	for (int i = 0; i < 200; i++) {
		m.unit->id = units[i] = next_id(0);
		board_put(b, m.unit);
	}
	int64_t start = os_monotonic_us();
	for (int i = 0; i < n; i++)
		put_project(b, &m, units, 200);
	printf("put_ms %.0f\n", ms_since(start));
	struct date today = date_from_ymd(TODAY_YEAR, 6, 30);
	start = os_monotonic_us();
	board_settle(b, today);
	printf("settle_all_ms %.0f\nboard_mb %.0f\n", ms_since(start), (double)board_bytes(b) / 1e6);
	struct ruleset *sets;
	int nsets;
	const struct ruleset *yinchuan = NULL;
	if (!ruleset_builtin(a, &sets, &nsets, &err))
		die(&err);
	for (int i = 0; i < nsets; i++)
		if (strcmp(sets[i].name, "yinchuan") == 0)
			yinchuan = &sets[i];
	struct lights *l;
	if (!lights_open(b, &yinchuan, 1, &l, &err))
		die(&err);
	lights_attach(l, b);
	int32_t *overall = must_alloc((size_t)board_rows(board_projects(b)) * sizeof(*overall));
	double times[ROUNDS], refresh[ROUNDS];
	const struct light_change *changes;
	int nchanges;
	lights_refresh(l, b, (struct touched){.all = true, .n = n}, &changes, &nchanges);
	for (int round = 0; round < ROUNDS; round++) {
		start = os_monotonic_us();
		lights_judge(l, b, overall);
		times[round] = ms_since(start);
		start = os_monotonic_us();
		lights_refresh(l, b, (struct touched){.all = true, .n = n}, &changes, &nchanges);
		refresh[round] = ms_since(start);
	}
	printf("relight_ms %.2f\nrelight_with_rollups_ms %.2f\n", median(times), median(refresh));
	bench_one_project(b, l, today);
	bench_queries(b);
	if (argc > 2)
		write_csv(b, argv[2], overall);
	lights_close(l);
	board_close(b);
	free(overall);
	catalogue_close(catalogue);
	arena_close(a);
	return 0;
}
