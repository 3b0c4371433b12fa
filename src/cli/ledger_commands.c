/* import and export: the same calls as the web page's, with the answer as a table. */
#include <stdio.h>
#include <stdlib.h>

#include "app/importing.h"
#include "app/reading.h"
#include "base/json.h"
#include "base/limits.h"
#include "base/num.h"
#include "base/os.h"
#include "cli/command.h"

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* The body of PATCH /api/import/{id}, from the options; empty when none is given. */
static bool mapping_body(struct arena *a, const struct json **body, struct err *err)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	if (given("--sheet"))
		jw_kt(&w, "sheet", given("--sheet"));
	if (given("--money-unit"))
		jw_kt(&w, "money_unit", given("--money-unit"));
	jw_kb(&w, "keep_unknown", given("--drop-unknown") == NULL);
	const char *map = given("--map");
	if (map) {
		jw_key(&w, "columns");
		jw_object(&w);
		while (*map) {
			size_t n = strcspn(map, ",");
			const char *equals = memchr(map, '=', n);
			int64_t column;
			if (!equals || !num_int((struct slice){map, (size_t)(equals - map)}, &column) || column < 1) {
				str_free(&text);
				return err_set(err, ERR_INPUT, "--map", "\"%s\" should be COLUMN=FIELD", arena_text(a, (struct slice){map, n}));
			}
			char *key = arena_printf(a, "%lld", (long long)column - 1);
			jw_key(&w, key);
			jw_slice(&w, (struct slice){equals + 1, n - (size_t)(equals + 1 - map)});
			map += n + (map[n] == ',');
		}
		jw_object_end(&w);
	}
	jw_object_end(&w);
	bool done = json_parse(a, str_view(&text), NULL, body, err);
	str_free(&text);
	return done;
}

static void print_problems(const struct json *draft)
{
	const struct json *problems = json_get(draft, "problems");
	for (int i = 0; i < json_count(problems); i++) {
		const struct json *p = json_at(problems, i);
		printf("  %s %s!%s%lld  %s", json_text(json_get(p, "level"), ""), json_text(json_get(p, "sheet"), ""),
			json_text(json_get(p, "column"), ""), (long long)json_int(json_get(p, "row"), 0), json_text(json_get(p, "text"), ""));
		const char *advice = json_text(json_get(p, "advice"), "");
		printf(advice[0] ? " — %s\n" : "%s\n", advice);
	}
}

static void print_draft(const struct json *draft)
{
	bool zh = cli_lang() == LANG_ZH;
	const struct json *sheets = json_get(draft, "sheets");
	for (int s = 0; s < json_count(sheets); s++) {
		const struct json *sheet = json_at(sheets, s), *columns = json_get(sheet, "columns");
		printf(zh ? "工作表 %s：表头第 %lld 行，%lld 行数据\n" : "sheet %s: header in row %lld, %lld rows of data\n",
			json_text(json_get(sheet, "name"), ""), (long long)json_int(json_get(sheet, "header_row"), 0),
			(long long)json_int(json_get(sheet, "rows"), 0));
		for (int c = 0; c < json_count(columns); c++) {
			const struct json *column = json_at(columns, c);
			printf("  %3lld  %-36s -> %-28s %s\n", (long long)json_int(json_get(column, "index"), 0) + 1,
				json_text(json_get(column, "heading"), ""), json_text(json_get(column, "field"), "-"),
				json_text(json_get(column, "how"), ""));
		}
	}
	print_problems(draft);
	printf(zh ? "%lld 行，其中可用 %lld 行\n" : "%lld rows, %lld of them good\n", (long long)json_int(json_get(draft, "rows"), 0),
		(long long)json_int(json_get(draft, "good"), 0));
}

static int print_outcome(const struct json *outcome)
{
	bool zh = cli_lang() == LANG_ZH;
	long long refused = json_int(json_get(outcome, "refused"), 0);
	const struct json *rows = json_get(outcome, "rows");
	for (int i = 0; i < json_count(rows); i++) {
		const struct json *row = json_at(rows, i);
		const char *result = json_text(json_get(row, "result"), "");
		if (strcmp(result, "refused") == 0)
			printf(zh ? "  第 %lld 行未导入：%s\n" : "  row %lld was refused: %s\n", (long long)json_int(json_get(row, "row"), 0),
				json_text(json_get(row, "text"), ""));
	}
	printf(zh ? "新建 %lld，更新 %lld，未变 %lld，未导入 %lld\n" : "%lld created, %lld updated, %lld unchanged, %lld refused\n",
		(long long)json_int(json_get(outcome, "created"), 0), (long long)json_int(json_get(outcome, "updated"), 0),
		(long long)json_int(json_get(outcome, "unchanged"), 0), refused);
	return refused ? EXIT_FOUND : EXIT_DONE;
}

static bool take_in(struct app *app, struct arena *a, struct slice bytes, int *code, struct err *err)
{
	struct person person = person_system("import");
	person.lang = cli_lang();
	struct str answer = STR_INIT;
	const struct json *body, *draft, *outcome;
	const char *reg = given("--register") ? given("--register") : "project";
	bool done = false;
	if (!mapping_body(a, &body, err) || !import_start(app, &person, reg, file_name(argument(0)), bytes, &answer, err) ||
		!json_parse_own(a, str_view(&answer), &draft, err))
		goto out;
	const char *id = json_text(json_get(draft, "import"), "");
	str_clear(&answer);
	if (!import_map(app, &person, id, body, &answer, err) || !json_parse_own(a, str_view(&answer), &draft, err))
		goto out;
	if (!as_json())
		print_draft(draft);
	if (given("--preview")) {
		if (as_json())
			puts(str_text(&answer));
		done = import_cancel(app, &person, id, err);
		goto out;
	}
	str_clear(&answer);
	if (!import_confirm(app, &person, id, &answer, err) || !json_parse_own(a, str_view(&answer), &outcome, err))
		goto out;
	if (as_json()) {
		puts(str_text(&answer));
		*code = json_int(json_get(outcome, "refused"), 0) ? EXIT_FOUND : EXIT_DONE;
	} else {
		*code = print_outcome(outcome);
	}
	done = true;
out:
	str_free(&answer);
	return done;
}

int run_import(const struct command *self)
{
	(void)self;
	struct arena *a = arena_open();
	struct app *app = NULL;
	struct err err;
	struct slice bytes;
	int code = EXIT_DONE;
	if (!os_read_file(a, argument(0), LIMIT_UPLOAD_BYTES, &bytes, &err) ||
		!open_app((struct app_options){.no_tick = true}, &app, &err) || !take_in(app, a, bytes, &code, &err))
		code = fail(&err);
	app_close(app);
	arena_close(a);
	return code;
}

int run_export(const struct command *self)
{
	(void)self;
	const char *path = argument(0), *dot = strrchr(path, '.');
	enum export_format format = EXPORT_XLSX;
	if (dot && strcmp(dot, ".csv") == 0) {
		format = EXPORT_CSV;
	} else if (!dot || strcmp(dot, ".xlsx") != 0) {
		fprintf(stderr, cli_lang() == LANG_ZH ? "guatu: 文件名“%s”应以 .xlsx 或 .csv 结尾\n" :
			"guatu: \"%s\" should end in .xlsx or .csv\n", path);
		return EXIT_USAGE;
	}
	struct app *app;
	struct err err;
	struct str out = STR_INIT;
	int code = EXIT_DONE;
	if (!open_app((struct app_options){.no_tick = true, .read_only = true}, &app, &err))
		return fail(&err);
	struct person person = person_system("cli");
	person.lang = cli_lang();
	struct query_text query = {.filter = given("--filter"), .sort = given("--sort"), .columns = given("--columns"),
		.as_of = given("--as-of")};
	if (!app_export(app, &person, given("--register") ? given("--register") : "project", &query, format, &out, &err) ||
		!os_write_file(path, str_view(&out), &err))
		code = fail(&err);
	str_free(&out);
	app_close(app);
	return code;
}
