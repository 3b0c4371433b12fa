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
#include "cli/text_table.h"

static const char *file_name(const char *path)
{
	const char *slash = strrchr(path, '/');
	return slash ? slash + 1 : path;
}

/* "3=title,4=area" as {"2":"title","3":"area"}: columns count from 1 for people. */
static bool pairs(struct arena *a, struct json_writer *w, const char *option, const char *name,
	bool columns, struct err *err)
{
	const char *p = given(option);
	if (!p)
		return true;
	jw_key(w, name);
	jw_object(w);
	while (*p) {
		size_t n = strcspn(p, ",");
		const char *equals = memchr(p, '=', n);
		struct slice left = {p, equals ? (size_t)(equals - p) : 0};
		int64_t column = 1;
		if (!equals || left.n == 0 || (columns && (!num_int(left, &column) || column < 1)))
			return err_set(err, ERR_INPUT, option,
				columns ? "\"%s\" should be COLUMN=FIELD" : "\"%s\" should be FIELD=TEXT",
				arena_text(a, (struct slice){p, n}));
		jw_key(w, columns ? arena_printf(a, "%lld", (long long)column - 1) : arena_text(a, left));
		jw_slice(w, (struct slice){equals + 1, n - left.n - 1});
		p += n + (p[n] == ',');
	}
	jw_object_end(w);
	return true;
}

/* The body of PATCH /api/import/{id}, from the options; empty when none is given. */
static bool mapping_body(
	struct arena *a, int64_t header_row, const struct json **body, struct err *err)
{
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	if (given("--sheet"))
		jw_kt(&w, "sheet", given("--sheet"));
	if (given("--money-unit"))
		jw_kt(&w, "money_unit", given("--money-unit"));
	jw_kb(&w, "keep_unknown", given("--drop-unknown") == NULL);
	if (header_row)
		jw_ki(&w, "header_row", header_row);
	if (given("--key"))
		jw_kt(&w, "key", given("--key"));
	if (given("--child"))
		jw_kt(&w, "child", given("--child"));
	if (given("--known-only"))
		jw_kb(&w, "create_missing", false);
	if (!pairs(a, &w, "--map", "columns", true, err) ||
		!pairs(a, &w, "--set", "constants", false, err)) {
		str_free(&text);
		return false;
	}
	jw_object_end(&w);
	bool done = json_parse(a, str_view(&text), NULL, body, err);
	str_free(&text);
	return done;
}

static const char *number_text(struct arena *a, const struct json *j)
{
	return arena_printf(a, "%lld", (long long)json_int(j, 0));
}

static const char *how_said(const char *how)
{
	static const struct {
		const char *how, *zh;
	} said[] = {{"none", "—"}, {"given", "指定"}, {"remembered", "记住的"}, {"name", "字段名"},
		{"label", "名称"}, {"synonym", "同义词"}, {"guessed", "推测"}};
	for (size_t i = 0; cli_lang() == LANG_ZH && i < countof(said); i++)
		if (strcmp(said[i].how, how) == 0)
			return said[i].zh;
	return how;
}

static void print_columns(struct arena *a, const struct json *columns)
{
	bool zh = cli_lang() == LANG_ZH;
	struct table t = {.ncolumns = 5, .widest = {0, 36, 28, 0, 44}, .right = {true}};
	const char *const head[] = {zh ? "列" : "col", zh ? "表头" : "heading", zh ? "字段" : "field",
		zh ? "依据" : "how", zh ? "样例" : "sample"};
	for (size_t i = 0; i < countof(head); i++)
		table_add(&t, head[i]);
	for (int c = 0; c < json_count(columns); c++) {
		const struct json *column = json_at(columns, c);
		const char *proposal = json_text(json_get(column, "proposal"), NULL);
		if (!json_text(json_get(column, "heading"), "")[0] &&
			json_int(json_get(column, "filled"), 0) == 0)
			continue;
		table_add(&t,
			json_bool(json_get(column, "outside"), false)
				? "*"
				: arena_printf(a, "%lld", (long long)json_int(json_get(column, "index"), 0) + 1));
		table_add(&t, json_text(json_get(column, "heading"), ""));
		table_add(&t,
			json_text(
				json_get(column, "field"), proposal ? arena_printf(a, "+ %s", proposal) : "-"));
		table_add(&t, how_said(json_text(json_get(column, "how"), "")));
		table_add(&t, json_text(json_at(json_get(column, "sample"), 0), ""));
	}
	table_print(&t);
}

static const char *level_said(const char *level)
{
	bool zh = cli_lang() == LANG_ZH;
	if (strcmp(level, "error") == 0)
		return zh ? "错误" : "error";
	if (strcmp(level, "warning") == 0)
		return zh ? "警告" : "warning";
	return zh ? "已修正" : "repaired";
}

/* One line for the same trouble of a column, with the first places. */
static void print_problems(struct arena *a, const struct json *draft)
{
	bool zh = cli_lang() == LANG_ZH;
	const struct json *groups = json_get(draft, "groups");
	for (int i = 0; i < json_count(groups); i++) {
		const struct json *g = json_at(groups, i), *rows = json_get(g, "rows");
		long long count = json_int(json_get(g, "count"), 0);
		struct str place = STR_INIT;
		str_puts(&place, json_text(json_get(g, "sheet"), ""));
		for (int k = 0; k < json_count(rows); k++)
			str_printf(&place, "%s%s%s", k ? zh ? "、" : ", " : "!",
				json_text(json_get(g, "column"), ""), number_text(a, json_at(rows, k)));
		if (json_count(rows) == 0 && json_text(json_get(g, "column"), NULL))
			str_printf(&place, "!%s", json_text(json_get(g, "column"), ""));
		if (count > json_count(rows) && json_count(rows))
			str_puts(&place, " …");
		printf(count > 1 ? "%s ×%lld  " : "%s  ", level_said(json_text(json_get(g, "level"), "")),
			count);
		printf("%s  %s\n", str_text(&place), json_text(json_get(g, "text"), ""));
		if (json_text(json_get(g, "advice"), NULL))
			printf("    → %s\n", json_text(json_get(g, "advice"), ""));
		str_free(&place);
	}
}

static void print_missing(struct arena *a, const struct json *draft)
{
	bool zh = cli_lang() == LANG_ZH;
	const struct json *missing = json_get(draft, "missing");
	struct table t = {.ncolumns = 4, .widest = {0, 44, 0, 50}, .right = {false, false, true}};
	if (json_count(missing) == 0)
		return;
	puts(given("--known-only") ? zh ? "没有登记、将留空的单位和区划："
									: "units and areas that are not there (left empty):"
			: zh               ? "没有登记、将新建的单位和区划："
							   : "units and areas that are not there (will be created):");
	for (int i = 0; i < json_count(missing) && i < 40; i++) {
		const struct json *m = json_at(missing, i);
		const char *near = json_text(json_get(m, "nearest"), NULL);
		table_add(&t, json_text(json_get(m, "register"), ""));
		table_add(&t, json_text(json_get(m, "name"), ""));
		table_add(&t,
			arena_printf(
				a, zh ? "%lld 行" : "%lld rows", (long long)json_int(json_get(m, "rows"), 0)));
		table_add(&t, near ? arena_printf(a, zh ? "相近：%s" : "like: %s", near) : "");
	}
	table_print(&t);
	if (json_count(missing) > 40)
		printf(zh ? "  另有 %d 个\n" : "  and %d more\n", json_count(missing) - 40);
}

static void print_draft(struct arena *a, const struct json *draft)
{
	bool zh = cli_lang() == LANG_ZH;
	const struct json *sheets = json_get(draft, "sheets");
	for (int s = 0; s < json_count(sheets); s++) {
		const struct json *sheet = json_at(sheets, s), *columns = json_get(sheet, "columns");
		if (!json_bool(json_get(sheet, "chosen"), false)) {
			printf(zh ? "工作表 %s：不读\n" : "sheet %s: not read\n",
				json_text(json_get(sheet, "name"), ""));
			continue;
		}
		printf(zh ? "工作表 %s：表头第 %lld 行，%lld 行数据\n"
				  : "sheet %s: header in row %lld, %lld rows of data\n",
			json_text(json_get(sheet, "name"), ""),
			(long long)json_int(json_get(sheet, "header_row"), 0),
			(long long)json_int(json_get(sheet, "rows"), 0));
		if (columns)
			print_columns(a, columns);
	}
	print_problems(a, draft);
	print_missing(a, draft);
	printf(zh ? "%lld 行，其中可用 %lld 行\n" : "%lld rows, %lld of them good\n",
		(long long)json_int(json_get(draft, "rows"), 0),
		(long long)json_int(json_get(draft, "good"), 0));
	if (json_text(json_get(draft, "suggested_key"), NULL))
		printf(zh ? "如果各行是历次填报：加 --key %s --child report\n"
				  : "if the rows are reports over time: add --key %s --child report\n",
			json_text(json_get(draft, "suggested_key"), ""));
}

/* Refused rows, those of one reason on one line. */
static void print_refused(struct arena *a, const struct json *rows)
{
	enum { MOST = 200, FIRST = 8 };
	bool zh = cli_lang() == LANG_ZH;
	const char **reasons = ARENA_ARRAY(a, const char *, MOST);
	struct str *places = ARENA_ARRAY(a, struct str, MOST);
	long long *counts = ARENA_ARRAY(a, long long, MOST), beyond = 0;
	int n = 0;
	for (int i = 0; i < json_count(rows); i++) {
		const struct json *row = json_at(rows, i);
		const char *why = json_text(json_get(row, "text"), "");
		if (strcmp(json_text(json_get(row, "result"), ""), "refused") != 0)
			continue;
		int at = 0;
		while (at < n && strcmp(reasons[at], why) != 0)
			at++;
		if (at == MOST) {
			beyond++;
			continue;
		}
		n += at == n;
		reasons[at] = why;
		if (++counts[at] <= FIRST)
			str_printf(&places[at], "%s%s!%lld", places[at].n ? zh ? "、" : ", " : "",
				json_text(json_get(row, "sheet"), ""),
				(long long)json_int(json_get(row, "row"), 0));
	}
	for (int at = 0; at < n; at++) {
		printf(zh ? "未导入 %lld 行（%s%s）：%s\n" : "%lld rows refused (%s%s): %s\n", counts[at],
			str_text(&places[at]), counts[at] > FIRST ? " …" : "", reasons[at]);
		str_free(&places[at]);
	}
	if (beyond)
		printf(zh ? "另有 %lld 行因其他原因未导入\n" : "%lld more rows refused for other reasons\n",
			beyond);
}

static int print_outcome(struct arena *a, const struct json *outcome)
{
	bool zh = cli_lang() == LANG_ZH;
	const struct json *child = json_get(outcome, "child");
	long long refused = json_int(json_get(outcome, "refused"), 0);
	print_refused(a, json_get(outcome, "rows"));
	printf(zh ? "新建 %lld，更新 %lld，未变 %lld，未导入 %lld\n"
			  : "%lld created, %lld updated, %lld unchanged, %lld refused\n",
		(long long)json_int(json_get(outcome, "created"), 0),
		(long long)json_int(json_get(outcome, "updated"), 0),
		(long long)json_int(json_get(outcome, "unchanged"), 0), refused);
	if (child)
		printf(zh ? "其中 %s 记录：新建 %lld，更新 %lld，未变 %lld，未导入 %lld\n"
				  : "records of %s: %lld created, %lld updated, %lld unchanged, %lld refused\n",
			json_text(json_get(child, "register"), ""),
			(long long)json_int(json_get(child, "created"), 0),
			(long long)json_int(json_get(child, "updated"), 0),
			(long long)json_int(json_get(child, "unchanged"), 0),
			(long long)json_int(json_get(child, "refused"), 0));
	return refused || json_int(json_get(child, "refused"), 0) ? EXIT_FOUND : EXIT_DONE;
}

static bool map_as_told(struct app *app, struct arena *a, const struct person *person,
	struct slice bytes, const struct json *mapping, const struct json **draft, struct str *answer,
	struct err *err)
{
	const char *reg = given("--register") ? given("--register") : "project";
	if (!import_start(app, person, reg, file_name(argument(0)), bytes, mapping, answer, err))
		return err_in(err, "%s", argument(0));
	return json_parse_own(a, str_view(answer), draft, err);
}

static bool take_in(struct app *app, struct arena *a, struct slice bytes,
	const struct json *mapping, int *code, struct err *err)
{
	struct person person = person_system("import");
	person.lang = cli_lang();
	struct str answer = STR_INIT;
	struct label what = {"导入", "importing"};
	const struct json *draft, *outcome;
	bool done = false;
	if (!map_as_told(app, a, &person, bytes, mapping, &draft, &answer, err))
		goto out;
	const char *id = json_text(json_get(draft, "import"), "");
	bool all_good = json_int(json_get(draft, "good"), 0) == json_int(json_get(draft, "rows"), 0);
	if (!as_json())
		print_draft(a, draft);
	if (given("--preview")) {
		if (as_json())
			puts(str_text(&answer));
		*code = all_good ? EXIT_DONE : EXIT_FOUND;
		done = import_cancel(app, &person, id, err);
		goto out;
	}
	fflush(stdout); /* what was found stands above the bar */
	str_clear(&answer);
	struct import_watch watch = {progress_bar, &what, .refused_only = !as_json()};
	if (!import_confirm_watched(app, &person, id, &watch, &answer, err))
		goto out;
	if (as_json()) {
		puts(str_text(&answer));
		*code = watch.refused ? EXIT_FOUND : EXIT_DONE;
	} else {
		if (!json_parse_own(a, str_view(&answer), &outcome, err))
			goto out;
		*code = print_outcome(a, outcome);
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
	const struct json *mapping;
	int64_t header_row = 0;
	int code = EXIT_DONE;
	if (!given_number("--header-row", 1, LIMIT_IMPORT_ROWS, &header_row))
		code = EXIT_USAGE;
	else if (!mapping_body(a, header_row, &mapping, &err) ||
		!os_read_file(a, argument(0), LIMIT_UPLOAD_BYTES, &bytes, &err) ||
		!open_app((struct app_options){.no_tick = true}, &app, &err) ||
		!take_in(app, a, bytes, mapping, &code, &err))
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
		fprintf(stderr,
			cli_lang() == LANG_ZH ? "guatu: 文件名“%s”应以 .xlsx 或 .csv 结尾\n"
								  : "guatu: \"%s\" should end in .xlsx or .csv\n",
			path);
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
	struct query_text query = {.filter = given("--filter"),
		.sort = given("--sort"),
		.columns = given("--columns"),
		.as_of = given("--as-of")};
	if (!app_export(app, &person, given("--register") ? given("--register") : "project", &query,
			format, &out, &err) ||
		!os_write_file(path, str_view(&out), &err))
		code = fail(&err);
	str_free(&out);
	app_close(app);
	return code;
}
