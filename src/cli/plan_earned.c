/* guatu plan earned FILE: earned value and earned schedule of each project at its data date, for the three series. */
#include <stdlib.h>

#include "cli/plan_parts.h"
#include "cli/text_table.h"
#include "sched/earned.h"

static const struct {
	const char *name;
	struct label label;
	int scale; /* decimals of what is stored */
} shown[SERIES_COUNT] = {
	[SERIES_INVESTMENT] = {"investment", {"投资", "investment"}, 2},
	[SERIES_WORK] = {"work", {"工作量（小时）", "work (hours)"}, 6},
	[SERIES_QUANTITY] = {"quantity", {"实物量", "quantity"}, 3},
};

/* In the unit that people read: money, hours, the task's unit; with its decimals. */
static int64_t in_unit(enum series series, int64_t value)
{
	return series == SERIES_WORK
		? value / TICKS_PER_HOUR * 1000000 + value % TICKS_PER_HOUR * 1000000 / TICKS_PER_HOUR
		: value;
}

static void json_index(struct json_writer *w, const char *key, int64_t permille)
{
	jw_key(w, key);
	if (permille == INDEX_NONE)
		jw_null(w);
	else
		jw_decimal(w, permille, 3);
}

static void json_series(
	struct json_writer *w, const struct plan_project *p, enum series series, const struct earned *e)
{
	const struct {
		const char *key;
		int64_t value;
	} values[] = {
		{"planned_total", e->planned_total}, {"planned", e->planned}, {"earned", e->earned}};

	jw_object(w);
	jw_kt(w, "project", p->code[0] ? p->code : p->id);
	jw_kt(w, "series", shown[series].name);
	for (size_t i = 0; i < countof(values); i++) {
		jw_key(w, values[i].key);
		jw_decimal(w, in_unit(series, values[i].value), shown[series].scale);
	}
	json_index(w, "spi", e->spi_permille);
	plan_json_hours(w, "earned_schedule_h", e->earned_work);
	plan_json_hours(w, "actual_time_h", e->actual_work);
	plan_json_hours(w, "planned_duration_h", e->planned_duration_work);
	json_index(w, "spi_t", e->spi_time_permille);
	json_index(w, "tspi", e->tspi_permille);
	plan_json_moment(w, "earned_until", e->earned_until);
	plan_json_moment(w, "forecast_finish", e->forecast_finish);
	jw_object_end(w);
}

static const char *decimal(struct arena *a, int64_t value, int scale, int places)
{
	struct str s = STR_INIT;

	for (; scale > places; scale--)
		value = (value + (value < 0 ? -5 : 5)) / 10;
	str_decimal(&s, value, scale);
	const char *text = arena_strdup(a, str_text(&s));
	str_free(&s);
	return text;
}

static const char *index_text(struct arena *a, int64_t permille)
{
	return permille == INDEX_NONE ? "—" : decimal(a, permille, 3, 3);
}

static const char *moment_of_day(struct arena *a, struct moment m)
{
	char text[20];
	return moment_is_none(m) ? "—"
							 : arena_printf(a, "%.16s", moment_text(m, text)); /* no seconds */
}

static void row(struct arena *a, struct table *t, const struct plan_project *p, enum series series,
	const struct earned *e)
{
	const int scale = shown[series].scale;

	table_add(t, p->code[0] ? p->code : p->id);
	table_add(t, label_in(shown[series].label, cli_lang()));
	table_add(t, decimal(a, in_unit(series, e->planned_total), scale, 2));
	table_add(t, decimal(a, in_unit(series, e->planned), scale, 2));
	table_add(t, decimal(a, in_unit(series, e->earned), scale, 2));
	table_add(t, index_text(a, e->spi_permille));
	table_add(t, index_text(a, e->spi_time_permille));
	table_add(t, moment_of_day(a, e->forecast_finish));
}

static struct table headed(void)
{
	static const struct label heads[] = {{"项目", "project"}, {"口径", "series"}, {"总计", "total"},
		{"应完成 PV", "planned PV"}, {"已完成 EV", "earned EV"}, {"SPI", "SPI"},
		{"SPI(t)", "SPI(t)"}, {"预计完成", "forecast finish"}};
	struct table t = {.ncolumns = countof(heads),
		.widest = {24},
		.right = {false, false, true, true, true, true, true, false}};

	for (size_t i = 0; i < countof(heads); i++)
		table_add(&t, label_in(heads[i], cli_lang()));
	return t;
}

int plan_earned_value(void)
{
	struct loaded l;
	struct schedule s;
	struct err err = {0};
	struct str out = STR_INIT;

	if (!plan_load(argument(1), &l, &err) || !sched_run(l.a, &l.plan, NULL, &s, &err)) {
		arena_close(l.a);
		return fail(&err);
	}
	struct table t = headed();
	struct json_writer w = jw_start(&out);
	w.pretty = true;
	jw_array(&w);
	for (int32_t i = 0; i < l.plan.nprojects; i++)
		for (int series = 0; series < SERIES_COUNT; series++) {
			const struct plan_project *p = &l.plan.projects[i];
			struct earned e;
			/* a project without dates has no plan, a series nobody planned no curve */
			if (!plan_earned(l.a, &s, i, (enum series)series, MOMENT_NONE, &e, &err) ||
				e.planned_total == 0)
				continue;
			json_series(&w, p, (enum series)series, &e);
			row(l.a, &t, p, (enum series)series, &e);
		}
	jw_array_end(&w);
	if (as_json()) {
		plan_print_json(&out, &w);
		free(t.cells);
	} else {
		str_free(&out);
		table_print(&t);
	}
	arena_close(l.a);
	return EXIT_DONE;
}
