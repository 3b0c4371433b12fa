/* light: why a project has its colour. rules check: is a rule file sound. */
#include <stdio.h>

#include "app/lights.h"
#include "app/reading.h"
#include "base/json.h"
#include "base/os.h"
#include "cli/command.h"

/* As a filter's value: what separates terms, quoted. */
static const char *as_value(struct arena *a, const char *text)
{
	struct str out = STR_INIT;
	for (const char *c = text; *c; c++)
		if (strchr("%;,:", *c))
			str_printf(&out, "%%%02X", (unsigned char)*c);
		else
			str_putc(&out, *c);
	const char *value = arena_strdup(a, str_text(&out));
	str_free(&out);
	return value;
}

/* By the first of these fields that finds one; a nil id: none does. */
static bool record_named(struct app *app, const struct person *person, struct arena *a,
	const char *reg, const char *const fields[3], const char *text, struct uuid *id,
	struct err *err)
{
	if (uuid_parse(slice_of(text), id))
		return true;
	for (size_t i = 0; i < 3 && fields[i]; i++) {
		struct str answer = STR_INIT;
		const struct json *found;
		struct query_text query = {
			.filter = arena_printf(a, "%s:eq:%s", fields[i], as_value(a, text)),
			.columns = fields[i],
			.limit = "2"};
		bool done = app_query_json(app, person, reg, &query, &answer, err) &&
			json_parse(a, str_view(&answer), NULL, &found, err);
		str_free(&answer);
		if (!done)
			return false;
		if (json_int(json_get(found, "total"), 0) > 1)
			return err_set(
				err, ERR_CONFLICT, fields[i], "\"%s\" is not the only one of that name", text);
		if (json_int(json_get(found, "total"), 0) == 1)
			return uuid_parse(json_slice(json_at(json_at(json_get(found, "rows"), 0), 0)), id) ||
				err_set(err, ERR_SYSTEM, NULL, "the list answered without an id");
	}
	*id = (struct uuid){{0}};
	return true;
}

bool project_named(struct app *app, const struct person *person, struct arena *a, const char *text,
	struct uuid *id, struct err *err)
{
	static const char *const fields[3] = {"number", "project_code", "title"};
	return record_named(app, person, a, "project", fields, text, id, err) &&
		(!uuid_is_nil(*id) || err_set(err, ERR_MISSING, NULL, "there is no project \"%s\"", text));
}

bool area_named(struct app *app, const struct person *person, struct arena *a, const char *text,
	struct uuid *id, struct err *err)
{
	static const char *const fields[3] = {"code", "name"};
	return record_named(app, person, a, "area", fields, text, id, err) &&
		(!uuid_is_nil(*id) || err_set(err, ERR_MISSING, NULL, "there is no area \"%s\"", text));
}

static const char *in_lang(const struct json *label)
{
	if (label && label->type == JSON_IS_TEXT)
		return json_text(label, "");
	return json_text(json_get(label, cli_lang() == LANG_ZH ? "zh" : "en"), "");
}

static void print_light(const struct json *light)
{
	bool zh = cli_lang() == LANG_ZH;
	printf("\n%s / %s: %s\n", json_text(json_get(light, "ruleset"), ""),
		in_lang(json_get(light, "label")), in_lang(json_get(light, "word")));
	printf(zh ? "  规则：%s\n" : "  rule: %s\n", in_lang(json_get(light, "rule")));
	printf(zh ? "  来源：%s\n" : "  source: %s\n", in_lang(json_get(light, "source")));
	const struct json *inputs = json_get(light, "inputs");
	for (int i = 0; i < json_count(inputs); i++) {
		const struct json *input = json_at(inputs, i);
		printf("  %s = %s", in_lang(json_get(input, "label")), in_lang(json_get(input, "text")));
		const char *who = in_lang(json_get(json_get(input, "who"), "name")),
				   *at = json_text(json_get(input, "at"), "");
		if (!who[0])
			who = json_text(json_get(input, "who"), "");
		printf(at[0] ? "  (%s %s)\n" : "\n", who, at);
	}
	if (!json_absent(json_get(light, "to_green")))
		printf(zh ? "  转绿：%s\n" : "  turns green: %s\n", in_lang(json_get(light, "to_green")));
	if (!json_absent(json_get(light, "since")))
		printf(zh ? "  自 %s\n" : "  since %s\n", json_text(json_get(light, "since"), ""));
	const struct json *exemption = json_get(light, "exemption");
	if (!json_absent(exemption))
		printf(zh ? "  豁免：%s 至 %s，批准人 %s，%s\n"
				  : "  exempt from %s to %s, approved by %s: %s\n",
			json_text(json_get(exemption, "from"), ""), json_text(json_get(exemption, "to"), ""),
			in_lang(json_get(exemption, "approver")), in_lang(json_get(exemption, "reason")));
}

int run_light(const struct command *self)
{
	(void)self;
	struct arena *a = arena_open();
	struct app *app = NULL;
	struct err err;
	struct str answer = STR_INIT;
	struct uuid id;
	const struct json *lights;
	int code = EXIT_DONE;
	struct person person = person_system("cli");
	person.lang = cli_lang();
	if (!open_app((struct app_options){.no_tick = true, .read_only = true}, &app, &err) ||
		!project_named(app, &person, a, argument(0), &id, &err) ||
		!app_lights_json(app, &person, id, given("--as-of"), &answer, &err) ||
		!json_parse(a, str_view(&answer), NULL, &lights, &err)) {
		code = fail(&err);
	} else if (as_json()) {
		puts(str_text(&answer));
	} else {
		const struct json *list = json_get(lights, "lights");
		for (int i = 0; i < json_count(list); i++)
			print_light(json_at(list, i));
		if (json_count(list) == 0)
			puts(cli_lang() == LANG_ZH ? "没有适用于这个项目的规则，不亮灯"
									   : "no rule applies to this project: it has no light");
	}
	str_free(&answer);
	app_close(app);
	arena_close(a);
	return code;
}

static int check_file(const char *path)
{
	struct arena *a = arena_open();
	struct err err;
	struct slice text;
	struct str answer = STR_INIT;
	const struct json *j;
	int code = EXIT_DONE;
	if (!os_read_file(a, path, 1 << 20, &text, &err) ||
		!app_ruleset_check_json(text, path, &answer, &err) ||
		!json_parse(a, str_view(&answer), NULL, &j, &err)) {
		code = fail(&err);
	} else {
		const struct json *findings = json_get(j, "findings");
		for (int i = 0; !as_json() && i < json_count(findings); i++) {
			const struct json *finding = json_at(findings, i), *text_of = json_get(finding, "text");
			printf("%s: %s\n", path, in_lang(text_of));
		}
		if (as_json())
			puts(str_text(&answer));
		else if (json_count(findings) == 0)
			printf(cli_lang() == LANG_ZH ? "%s：完整，无重叠\n" : "%s: whole, nothing overlaps\n",
				path);
		code = json_count(findings) ? EXIT_FOUND : EXIT_DONE;
	}
	str_free(&answer);
	arena_close(a);
	return code;
}

int run_rules(const struct command *self)
{
	if (strcmp(argument(0), "check") != 0 || narguments() < 2) {
		fprintf(stderr, "guatu %s %s\n", self->name, self->arguments);
		return EXIT_USAGE;
	}
	int worst = EXIT_DONE;
	for (int i = 1; i < narguments(); i++) {
		int code = check_file(argument(i));
		worst = code > worst ? code : worst;
	}
	return worst;
}
