/* Accounts from the command line, for the first hour and for lost passwords. */
#include <stdio.h>

#include "app/reading.h"
#include "app/session.h"
#include "base/json.h"
#include "cli/command.h"
#include "cli/text_table.h"

static bool read_password(char *out, size_t room, struct err *err)
{
	if (!fgets(out, (int)room, stdin))
		return err_set(
			err, ERR_INPUT, "--password-stdin", "there is no password on standard input");
	out[strcspn(out, "\r\n")] = '\0';
	return true;
}

static bool print_link(struct app *app, struct arena *a, const char *login, struct err *err)
{
	const char *code;
	if (!session_make_link(app, a, login, &code, err))
		return false;
	printf(cli_lang() == LANG_ZH
			? "一次性登录链接（接在服务地址后，%d 小时内有效）：/#/link/%s\n"
			: "one-time sign-in link (after the server's address, good for %d hours): /#/link/%s\n",
		SESSION_LINK_HOURS, code);
	return true;
}

static void add_rows(struct table *table, struct arena *a, const struct json *rows)
{
	for (int i = 0; i < json_count(rows); i++) {
		const struct json *row = json_at(rows, i), *roles = json_at(row, 3);
		struct str names = STR_INIT;
		for (int r = 0; r < json_count(roles); r++)
			str_printf(&names, r ? " %s" : "%s", json_text(json_at(roles, r), ""));
		table_add(table, arena_strdup(a, json_text(json_at(row, 1), "")));
		table_add(table, arena_strdup(a, json_text(json_at(row, 2), "")));
		table_add(table, arena_strdup(a, str_text(&names)));
		table_add(table,
			json_bool(json_at(row, 4), true) ? ""
				: cli_lang() == LANG_ZH      ? "停用"
											 : "off");
		str_free(&names);
	}
}

static bool list_users(
	struct app *app, const struct person *person, struct arena *a, struct err *err)
{
	struct str answer = STR_INIT;
	const struct json *j;
	struct table table = {.ncolumns = 4};
	struct query_text query = {
		.columns = "login,name,roles,active", .sort = "login", .limit = "1000"};
	bool done = true;
	do { /* page after page */
		str_clear(&answer);
		done = app_query_json(app, person, "account", &query, &answer, err) &&
			json_parse(a, str_view(&answer), NULL, &j, err);
		if (done && as_json())
			puts(str_text(&answer));
		else if (done)
			add_rows(&table, a, json_get(j, "rows"));
		query.after = done ? json_text(json_get(j, "next"), NULL) : NULL;
	} while (query.after);
	table_print(&table);
	str_free(&answer);
	return done;
}

static bool add_user(struct app *app, const struct person *person, struct arena *a,
	const char *login, struct err *err)
{
	char password[512];
	bool with_password = given("--password-stdin") != NULL;
	if (with_password && !read_password(password, sizeof(password), err))
		return false;
	struct str text = STR_INIT;
	struct json_writer w = jw_start(&text);
	jw_object(&w);
	jw_kt(&w, "login", login);
	jw_kt(&w, "name", given("--name") ? given("--name") : login);
	jw_key(&w, "roles");
	jw_array(&w);
	for (const char *roles = given("--roles") ? given("--roles") : "auditor"; *roles;) {
		size_t n = strcspn(roles, ",");
		jw_slice(&w, (struct slice){roles, n});
		roles += n + (roles[n] == ',');
	}
	jw_array_end(&w);
	jw_kb(&w, "active", true);
	jw_object_end(&w);
	const struct json *fields;
	struct uuid id;
	bool done = json_parse(a, str_view(&text), NULL, &fields, err) &&
		session_add_account(app, a, person, fields, with_password ? password : NULL, &id, err);
	str_free(&text);
	return done && (with_password || print_link(app, a, login, err));
}

static bool set_password(struct app *app, const char *login, struct err *err)
{
	char password[512];
	if (!given("--password-stdin"))
		return err_set(
			err, ERR_INPUT, NULL, "say --password-stdin and give the new password there");
	return read_password(password, sizeof(password), err) &&
		session_reset_password(app, login, password, err);
}

int run_user(const struct command *self)
{
	const char *verb = argument(0), *login = argument(1);
	bool list = strcmp(verb, "list") == 0;
	if ((!list && !login) ||
		(!list && strcmp(verb, "add") && strcmp(verb, "link") && strcmp(verb, "password"))) {
		fprintf(stderr, "guatu %s %s\n", self->name, self->arguments);
		return EXIT_USAGE;
	}
	struct arena *a = arena_open();
	struct app *app = NULL;
	struct err err;
	struct person person = person_system("cli");
	person.lang = cli_lang();
	bool rows =
		list || strcmp(verb, "add") == 0; /* looks at other accounts, which are rows of the board */
	bool done = open_app(
		(struct app_options){.no_tick = true, .no_board = !rows, .read_only = list}, &app, &err);
	if (done && list)
		done = list_users(app, &person, a, &err);
	else if (done && strcmp(verb, "add") == 0)
		done = add_user(app, &person, a, login, &err);
	else if (done && strcmp(verb, "link") == 0)
		done = print_link(app, a, login, &err);
	else if (done)
		done = set_password(app, login, &err);
	app_close(app);
	arena_close(a);
	return done ? EXIT_DONE : fail(&err);
}
