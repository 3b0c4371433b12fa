/* guatu plan earned FILE: earned value and earned schedule of each project at its data date, for the three series. */
#include <stdlib.h>

#include "cli/plan_parts.h"
#include "cli/text_table.h"
#include "intake/plan_results.h"

static const struct label names[SERIES_COUNT] = {
	[SERIES_INVESTMENT] = {"投资", "investment"},
	[SERIES_WORK] = {"工作量（小时）", "work (hours)"},
	[SERIES_QUANTITY] = {"实物量", "quantity"},
};

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

static const char *value_text(struct arena *a, enum series series, int64_t value)
{
	int decimals;
	int64_t shown = earned_value(series, value, &decimals);
	return decimal(a, shown, decimals, 2);
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

static void row(
	struct arena *a, struct table *t, const struct plan_project *p, const struct earned *e)
{
	const char *series = label_in(names[e->series], cli_lang());

	table_add(t, plan_project_code(p));
	table_add(t, e->unit && *e->unit ? arena_printf(a, "%s (%s)", series, e->unit) : series);
	table_add(t, value_text(a, e->series, e->planned_total));
	table_add(t, value_text(a, e->series, e->planned));
	table_add(t, value_text(a, e->series, e->earned));
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
	for (int32_t i = 0; i < l.plan.nprojects; i++) {
		const struct plan_project *p = &l.plan.projects[i];
		struct earned series[SERIES_COUNT];
		int n = plan_earned_series(l.a, &s, i, series);
		for (int k = 0; k < n; k++) {
			jw_object(&w);
			jw_kt(&w, "project", plan_project_code(p));
			earned_members_json(&w, &series[k]);
			jw_object_end(&w);
			row(l.a, &t, p, &series[k]);
		}
	}
	jw_array_end(&w);
	if (as_json()) {
		plan_print_json(&out, &w);
		free(t.cells);
	} else {
		str_free(&out);
		table_print(&t);
	}
	plan_print_findings(&l.plan, &s.findings, stderr);
	arena_close(l.a);
	return EXIT_DONE;
}
