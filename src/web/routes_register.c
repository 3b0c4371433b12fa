/* Definitions of registers: to read, to extend, and the forms made from them. */
#include "app/registers.h"
#include "web/reply.h"

enum { IN_REGISTER };

/* clang-format off */
static const struct input template_inputs[] = {
	[IN_REGISTER] = {"register", IN_PATH, INPUT_TEXT, true, 1, 64, {"台账名称", "name of the register"}},
	{0},
};
/* clang-format on */

static void list_registers(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_registers_json(req->app, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void add_register(struct request *req, struct reply *rep)
{
	struct err err = {0};

	rep->status = 201;
	if (!app_register_add(req->app, req->a, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_template(struct request *req, struct reply *rep)
{
	const char *name = req->given[IN_REGISTER].text;
	struct err err = {0};

	if (!app_template_xlsx(req->app, req->person, name, &rep->body, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->type = req->route->answer;
	reply_header(
		rep, "Content-Disposition", arena_printf(req->a, "attachment; filename=\"%s.xlsx\"", name));
}

static void read_schema(struct request *req, struct reply *rep)
{
	rep->type = req->route->answer;
	app_register_schema(&rep->body);
}

/* clang-format off */
const struct route register_routes[] = {
	{METHOD_GET, "/api/registers", ACCESS_OWN, 0, BODY_NONE, 0,
		{"可以查看的台账定义", "The definitions that may be read"}, NULL, list_registers},
	{METHOD_POST, "/api/registers", ACCESS_GATE, 0, BODY_JSON, 0,
		{"新增或扩展台账", "Add a register, or extend one"}, NULL, add_register},
	{METHOD_GET, "/api/registers/{register}/template.xlsx", ACCESS_GATE, 0, BODY_NONE, 0,
		{"台账的 Excel 填报模板", "The Excel form of a register"}, template_inputs, read_template,
		"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
	{METHOD_GET, "/api/schema/register.json", ACCESS_OPEN, 0, BODY_NONE, 0,
		{"台账定义语言的 JSON Schema", "JSON Schema of the definition language"}, NULL, read_schema, "application/schema+json"},
	{0},
};
/* clang-format on */
