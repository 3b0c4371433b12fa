/* chart: the chart on the wall as a file, the same as the server's. */
#include <stdio.h>

#include "app/charting.h"
#include "base/os.h"
#include "cli/command.h"

/* By --format, else by how the file's name ends. */
static bool format_of(const char *path, enum chart_format *out, struct err *err)
{
	static const char *const names[] = {"pdf", "svg", "docx"}; /* as in enum chart_format */
	const char *dot = strrchr(path, '.'), *name = given("--format");
	name = name ? name : dot ? dot + 1 : "";
	for (size_t i = 0; i < countof(names); i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (enum chart_format)i;
			return true;
		}
	return err_set(err, ERR_INPUT, path, "a chart is written as .pdf, .svg or .docx");
}

int run_chart(const struct command *self)
{
	const char *path = given("-o");
	struct chart_ask ask = {.paper = given("--paper"),
		.tile = given("--tile"),
		.address = given("--address"),
		.grey = given("--grey") != NULL};
	struct query_text query = {.filter = given("--filter"),
		.sort = given("--sort"),
		.group = given("--group"),
		.as_of = given("--as-of")};
	struct person person = person_system("cli");
	struct arena *a = arena_open();
	struct str out = STR_INIT;
	struct app *app = NULL;
	struct uuid project;
	struct err err;
	int code = EXIT_DONE;

	(void)self;
	person.lang = cli_lang();
	bool fine = path ||
		err_set(&err, ERR_INPUT, "-o", "which file the chart is to be written to is missing");
	fine = fine && format_of(path, &ask.format, &err) &&
		open_app((struct app_options){.no_tick = true, .read_only = true}, &app, &err);
	if (fine && given("--project"))
		fine = project_named(app, &person, a, given("--project"), &project, &err) &&
			planning_chart(app, a, &person, project, &ask, &out, &err);
	else
		fine = fine && app_chart(app, a, &person, &query, &ask, &out, &err);
	if (!fine || !os_write_file(path, str_view(&out), &err))
		code = fail(&err);
	str_free(&out);
	app_close(app);
	arena_close(a);
	return code;
}
