/* See app_help.h. */
#include "cmocka_all.h"

#include <stdio.h>
#include <unistd.h>

#include "app/reading.h"
#include "app/session.h"
#include "app_help.h"

static struct instant clock_of(void *self)
{
	return (struct instant){((const struct world *)self)->now_ms};
}

#define MUST(call, err)                                                                            \
	do {                                                                                           \
		if (!(call))                                                                               \
			fail_with(#call, (err));                                                               \
	} while (0)

static void fail_with(const char *call, const struct err *err)
{
	struct str text = STR_INIT;
	err_say(err, LANG_EN, &text);
	print_error("%s: %s\n", call, str_text(&text));
	str_free(&text);
	fail();
}

static void open_again(struct world *w)
{
	struct err err;
	struct app_options options = {
		.folder = w->folder, .clock = clock_of, .clock_self = w, .no_tick = true};
	MUST(app_open(&options, &w->app, &err), &err);
}

void world_day(struct world *w, int year, int month, int day)
{
	w->now_ms = date_instant(date_from_ymd(year, month, day), 9 * 60, OFFSET_CHINA).ms;
}

struct world *world_open_empty(void)
{
	struct world *w = must_alloc(sizeof(*w));
	w->a = arena_open();
	snprintf(w->folder, sizeof(w->folder), "/tmp/guatu-test-XXXXXX");
	assert_non_null(mkdtemp(w->folder));
	world_day(w, 2026, 3, 10);
	open_again(w);
	return w;
}

struct world *world_open(void)
{
	struct world *w = world_open_empty();
	struct person system = person_system("cli");
	w->root_area = world_create(
		w, &system, "area", "\"code\":\"220100\",\"name\":\"试县\",\"level\":\"county\"")
					   .id;
	w->north = world_create(w, &system, "area",
		"\"code\":\"220102\",\"name\":\"北镇\",\"level\":\"town\",\"parent\":\"%s\"",
		world_id(w, w->root_area))
				   .id;
	w->south = world_create(w, &system, "area",
		"\"code\":\"220103\",\"name\":\"南镇\",\"level\":\"town\",\"parent\":\"%s\"",
		world_id(w, w->root_area))
				   .id;
	w->bureau_a = world_create(w, &system, "unit", "\"name\":\"甲局\",\"kind\":\"department\"").id;
	w->bureau_b = world_create(w, &system, "unit", "\"name\":\"乙局\",\"kind\":\"department\"").id;
	w->office_a = world_create(w, &system, "unit",
		"\"name\":\"甲局一科\",\"kind\":\"department\",\"parent\":\"%s\"", world_id(w, w->bureau_a))
					  .id;
	return w;
}

void world_reopen(struct world *w)
{
	app_close(w->app);
	w->app = NULL;
	open_again(w);
}

void world_close(struct world *w)
{
	char command[128];
	app_close(w->app);
	arena_close(w->a);
	snprintf(command, sizeof(command), "rm -rf '%s'", w->folder);
	FILE *p = popen(command, "r");
	assert_non_null(p);
	assert_int_equal(pclose(p), 0);
	free(w);
}

const char *world_id(struct world *w, struct uuid id)
{
	char *text = arena_alloc(w->a, UUID_TEXT);
	uuid_format(id, text);
	return text;
}

static const struct json *body_of(struct world *w, const char *fields, va_list args)
{
	struct str text = STR_INIT;
	struct err err;
	const struct json *body;
	str_puts(&text, "{\"fields\":{");
	str_vprintf(&text, fields, args);
	str_puts(&text, "}}");
	MUST(json_parse(w->a, str_view(&text), "test", &body, &err), &err);
	str_free(&text);
	return body;
}

struct submitted world_create(
	struct world *w, const struct person *person, const char *reg, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	MUST(app_create(w->app, w->a, person, reg, body, NULL, &out, &err), &err);
	return out;
}

struct submitted world_update(struct world *w, const struct person *person, const char *reg,
	struct uuid id, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	MUST(app_update(w->app, w->a, person, reg, id, 0, body, NULL, &out, &err), &err);
	return out;
}

struct submitted world_step(struct world *w, const struct person *person, const char *reg,
	struct uuid id, const char *step, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	MUST(app_step(w->app, w->a, person, reg, id, step, 0, body, NULL, &out, &err), &err);
	return out;
}

static const char *refused(struct world *w, bool done, enum err_code code, const struct err *err)
{
	struct str text = STR_INIT;
	assert_false(done);
	err_say(err, LANG_EN, &text);
	const char *said = arena_strdup(w->a, str_text(&text));
	str_free(&text);
	if (err->code != code)
		print_error("%s\n", said);
	assert_int_equal(err->code, code);
	return said;
}

const char *world_create_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	return refused(w, app_create(w->app, w->a, person, reg, body, NULL, &out, &err), code, &err);
}

const char *world_update_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, struct uuid id, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	return refused(
		w, app_update(w->app, w->a, person, reg, id, 0, body, NULL, &out, &err), code, &err);
}

const char *world_step_refused(struct world *w, const struct person *person, enum err_code code,
	const char *reg, struct uuid id, const char *step, const char *fields, ...)
{
	struct submitted out;
	struct err err;
	va_list args;
	va_start(args, fields);
	const struct json *body = body_of(w, fields, args);
	va_end(args);
	return refused(
		w, app_step(w->app, w->a, person, reg, id, step, 0, body, NULL, &out, &err), code, &err);
}

struct person world_person(
	struct world *w, const char *login, const char *role, struct uuid unit, struct uuid area)
{
	struct person system = person_system("cli");
	const char *unit_text =
		uuid_is_nil(unit) ? "null" : arena_printf(w->a, "\"%s\"", world_id(w, unit));
	const char *area_text =
		uuid_is_nil(area) ? "null" : arena_printf(w->a, "\"%s\"", world_id(w, area));
	struct submitted made = world_create(w, &system, "account",
		"\"login\":\"%s\",\"name\":\"%s\",\"roles\":[\"%s\"],\"unit\":%s,\"area\":%s,\"active\":"
		"true",
		login, login, role, unit_text, area_text);
	return (struct person){.account = made.id,
		.login = arena_strdup(w->a, login),
		.name = arena_strdup(w->a, login),
		.roles = UINT32_C(1) << role_named(role),
		.unit = unit,
		.area = area,
		.via = "web",
		.lang = LANG_EN};
}

struct uuid world_project(struct world *w, const char *title, struct uuid unit, struct uuid area)
{
	struct person system = person_system("cli");
	return world_create(w, &system, "project",
		"\"title\":\"%s\",\"category\":\"industry\",\"lead_unit\":\"%s\",\"area\":\"%s\",\"total_"
		"investment\":1000000000",
		title, world_id(w, unit), world_id(w, area))
		.id;
}

const struct json *world_parse(struct world *w, struct str *text)
{
	const struct json *out;
	struct err err;
	MUST(json_parse(w->a, str_view(text), "answer", &out, &err), &err);
	str_free(text);
	return out;
}

const struct json *world_record(
	struct world *w, const struct person *person, const char *reg, struct uuid id)
{
	struct str out = STR_INIT;
	struct err err;
	int64_t version;
	MUST(app_record_json(w->app, person, reg, id, &out, &version, &err), &err);
	return world_parse(w, &out);
}
