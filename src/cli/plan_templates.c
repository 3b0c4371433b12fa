/* guatu plan template [NAME]: the plans there are to begin with, or one of them begun on a day. */
#include <stdlib.h>

#include "base/os.h"
#include "cli/plan_parts.h"
#include "intake/plan_json.h"
#include "intake/plan_template.h"

#define LOCAL_MINUTES 480 /* no data folder, no office: Beijing time says which day is today */

static int refused(struct arena *a, const struct err *err)
{
	arena_close(a);
	return fail(err);
}

int plan_template_list(void)
{
	struct arena *a = arena_open();
	int n;
	const char **names = plan_template_names(a, &n);
	struct table table = {.ncolumns = 3};

	for (int i = 0; i < n; i++) {
		struct plan_template t;
		struct err err = {0};
		if (!plan_template_load(a, names[i], cli_lang(), &t, &err)) {
			free(table.cells);
			return refused(a, &err);
		}
		table_add(&table, t.name);
		table_add(&table, label_in(t.label, cli_lang()));
		table_add(&table,
			arena_printf(a, cli_lang() == LANG_ZH ? "%d 项任务" : "%d tasks", t.plan.ntasks));
	}
	table_print(&table);
	arena_close(a);
	return EXIT_DONE;
}

static bool read_day(const char *option, struct date *out, struct err *err)
{
	const char *text = given(option);

	return !text || date_parse_iso(slice_of(text), out) ||
		err_set(err, ERR_INPUT, option, "\"%s\" is not a date such as 2026-03-31", text);
}

int plan_template_print(void)
{
	struct arena *a = arena_open();
	struct template_wish wish = {
		.start = instant_date(os_now(), LOCAL_MINUTES), .required_finish = DATE_NONE};
	int64_t percent = 100;
	struct plan_template t;
	struct plan plan;
	struct str out = STR_INIT;
	struct err err = {0};

	if (!given_number("--works", TEMPLATE_LEAST_PERCENT, TEMPLATE_MOST_PERCENT, &percent)) {
		arena_close(a);
		return EXIT_USAGE;
	}
	wish.works_percent = (int)percent;
	if (!read_day("--start", &wish.start, &err) ||
		!read_day("--finish", &wish.required_finish, &err) ||
		!calendar_builtin(a, NULL, 0, &wish.calendar, &err) ||
		!plan_template_load(a, argument(1), cli_lang(), &t, &err) ||
		!plan_template_fit(a, &t, &wish, &plan, &err))
		return refused(a, &err);
	plan_json_write(&plan, &out);
	str_putc(&out, '\n');
	fwrite(out.s, 1, out.n, stdout);
	str_free(&out);
	arena_close(a);
	return EXIT_DONE;
}
