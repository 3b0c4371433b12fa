/* Plans of projects. */
#include "app/charting.h"
#include "app/planning.h"
#include "web/reply.h"

#define ANSWER_DOCX "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

enum { IN_PROJECT, IN_VERSION };
enum { IN_FILE_PROJECT, IN_FORMAT };
enum { IN_TEMPLATE };
enum { IN_REGISTER, IN_ID };
enum { IN_YEAR, IN_SHARE };
enum { IN_CREWS_PROJECT, IN_WITHIN };
enum { IN_PAPER, IN_TILE, IN_INK, IN_LANG, IN_OF };
enum { IN_FILTER = IN_OF, IN_GROUP, IN_SORT, IN_AS_OF };

/* clang-format off */
static const struct input project_inputs[] = {
	[IN_PROJECT] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	[IN_VERSION] = {"version", IN_QUERY, INPUT_INT, false, 0, INT64_MAX, {"已有计划的版本，没有计划时不写", "version of the plan there is; left out when there is none"}},
	{0},
};
static const struct input file_inputs[] = {
	[IN_FILE_PROJECT] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	[IN_FORMAT] = {"format", IN_PATH, INPUT_TEXT, true, 3, 4, {"json、xer 或 xml", "json, xer or xml"}},
	{0},
};
static const struct input template_inputs[] = {
	[IN_TEMPLATE] = {"template", IN_PATH, INPUT_TEXT, true, 1, 64, {"模板名", "name of the template"}},
	{0},
};
static const struct input calendar_inputs[] = {
	[IN_REGISTER] = {"register", IN_PATH, INPUT_TEXT, true, 1, 64, {"project 或 unit", "project or unit"}},
	[IN_ID] = {"id", IN_PATH, INPUT_ID, true, 0, 0, {"记录标识", "id of the record"}},
	{0},
};
static const struct input only_project_inputs[] = {
	[IN_PROJECT] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	{0},
};
static const struct input year_inputs[] = {
	[IN_YEAR] = {"year", IN_QUERY, INPUT_INT, false, 1990, 2199, {"年度，默认今年", "the year; this one if not given"}},
	[IN_SHARE] = {"share", IN_QUERY, INPUT_INT, false, 1, 100, {"目标：年度节点按期的百分比，默认 90", "the target: percent of the year's nodes; 90 if not given"}},
	{0},
};
static const struct input crews_inputs[] = {
	[IN_CREWS_PROJECT] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	[IN_WITHIN] = {"within_float", IN_QUERY, INPUT_INT, false, 0, 1, {"1：只在时差内推迟", "1: nothing waits beyond its float"}},
	{0},
};
#define PAPERS \
	[IN_PAPER] = {"paper", IN_QUERY, INPUT_TEXT, false, 2, 11, {"纸张 A0 至 A4，竖放 A0-portrait；默认 A3", "A0 to A4, upright A0-portrait; A3 if not given"}}, \
	[IN_TILE] = {"tile", IN_QUERY, INPUT_TEXT, false, 2, 11, {"切成这种小纸，带裁切标记", "cut into sheets of this paper, with crop marks"}}, \
	[IN_INK] = {"ink", IN_QUERY, INPUT_TEXT, false, 1, 10, {"grey 为不用颜色", "grey: without colours"}}, \
	[IN_LANG] = {"lang", IN_QUERY, INPUT_TEXT, false, 2, 2, {"语言 zh 或 en，默认同 Accept-Language", "language, zh or en; as Accept-Language if not given"}}
static const struct input chart_inputs[] = {
	PAPERS,
	[IN_FILTER] = {"filter", IN_QUERY, INPUT_TEXT, false, 0, 4000, {"筛选条件 字段:比较:值，用分号连接", "terms field:op:value joined by ;"}},
	[IN_GROUP] = {"group", IN_QUERY, INPUT_TEXT, false, 0, 100, {"分组字段，默认 headquarters", "field to group by; headquarters if not given"}},
	[IN_SORT] = {"sort", IN_QUERY, INPUT_TEXT, false, 0, 1000, {"组内排序字段，前加减号为降序", "order within a group; - descends"}},
	[IN_AS_OF] = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	{0},
};
static const struct input project_chart_inputs[] = {
	PAPERS,
	[IN_OF] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	{0},
};
/* clang-format on */

static struct uuid project_of(const struct request *req)
{
	return req->given[IN_PROJECT].id;
}

static int64_t version_of(const struct request *req)
{
	return req->given[IN_VERSION].has ? req->given[IN_VERSION].i : 0;
}

static void replayed(struct reply *rep, const struct submitted *done)
{
	if (done->repeated)
		reply_header(rep, "Idempotency-Replayed", "true");
}

static void kept(struct request *req, struct reply *rep, const struct submitted *done)
{
	struct json_writer w = jw_start(&rep->body);
	jw_object(&w);
	jw_kid(&w, "id", done->id);
	jw_ki(&w, "version", done->version);
	jw_ki(&w, "journal", done->journal);
	jw_object_end(&w);
	jw_end(&w);
	replayed(rep, done);
}

static void read_plan(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_read(req->app, req->a, req->person, project_of(req), &rep->body, &err))
		reply_err(req, rep, &err);
}

static void save_plan(struct request *req, struct reply *rep)
{
	struct submitted done = {0};
	struct err err = {0};

	if (planning_save(req->app, req->a, req->person, project_of(req), version_of(req), req->json,
			&req->once, &done, &err))
		kept(req, rep, &done);
	else
		reply_refused(req, rep, &done, &err);
}

static void import_plan(struct request *req, struct reply *rep)
{
	struct submitted done = {0};
	struct err err = {0};

	if (!planning_import(req->app, req->a, req->person, project_of(req), version_of(req),
			arena_text(req->a, req->file.filename), req->file.bytes, req->once.key, &rep->body,
			&done, &err))
		reply_refused(req, rep, &done, &err);
	else
		replayed(rep, &done);
}

static void make_nodes(struct request *req, struct reply *rep)
{
	struct submitted done = {0};
	struct err err = {0};

	if (planning_nodes(req->app, req->a, req->person, project_of(req), version_of(req), &req->once,
			&done, &err))
		kept(req, rep, &done);
	else
		reply_err(req, rep, &err);
}

static void list_templates(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_templates(req->a, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_template(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_template(req->a, req->person, req->given[IN_TEMPLATE].text, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void from_template(struct request *req, struct reply *rep)
{
	struct submitted done = {0};
	struct err err = {0};

	if (planning_from_template(req->app, req->a, req->person, project_of(req), version_of(req),
			req->json, &req->once, &done, &err))
		kept(req, rep, &done);
	else
		reply_refused(req, rep, &done, &err);
}

static void plan_back(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_back(req->app, req->a, req->person, project_of(req), req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void plan_try(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_try(req->app, req->a, req->person, project_of(req), req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void plan_risk(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_risk(req->app, req->a, req->person, project_of(req), &rep->body, &err))
		reply_err(req, rep, &err);
}

static void year_risk(struct request *req, struct reply *rep)
{
	const struct given *g = req->given;
	struct err err = {0};

	if (!planning_year_risk(req->app, req->a, req->person, g[IN_YEAR].has ? (int)g[IN_YEAR].i : 0,
			g[IN_SHARE].has ? (int)g[IN_SHARE].i : 90, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void plan_crews(struct request *req, struct reply *rep)
{
	const struct given *g = req->given;
	struct err err = {0};

	if (!planning_crews(req->app, req->a, req->person, g[IN_CREWS_PROJECT].id,
			g[IN_WITHIN].has && g[IN_WITHIN].i, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void plan_file(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_file(req->app, req->a, req->person, project_of(req), req->given[IN_FORMAT].text,
			&rep->body, &rep->type, &err))
		reply_err(req, rep, &err);
	else
		reply_header(rep, "Content-Disposition",
			arena_printf(req->a, "attachment; filename=\"plan.%s\"", req->given[IN_FORMAT].text));
}

/* Codes and links lead to where the reader came from. */
static const char *address_of(const struct request *req)
{
	const char *host = arena_text(req->a, http_header(req->headers, "Host"));
	return arena_printf(req->a, "%s://%s", req->secure ? "https" : "http", host);
}

static void calendar(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!planning_calendar(req->app, req->a, req->person, req->given[IN_REGISTER].text,
			req->given[IN_ID].id, address_of(req), &rep->body, &err))
		reply_err(req, rep, &err);
	else
		rep->type = "text/calendar; charset=utf-8";
}

static enum chart_format format_of(const struct route *route)
{
	return strcmp(route->answer, "image/svg+xml") == 0 ? CHART_SVG
		: strcmp(route->answer, ANSWER_DOCX) == 0      ? CHART_DOCX
													   : CHART_PDF;
}

/* One of two words; left out, the first. */
static bool second_of(const struct given *g, const char *input, const char *first,
	const char *second, bool *out, struct err *err)
{
	*out = g->has && strcmp(g->text, second) == 0;
	return !g->has || *out || strcmp(g->text, first) == 0 ||
		err_set(
			err, ERR_INPUT, input, "\"%s\" is neither \"%s\" nor \"%s\"", g->text, first, second);
}

static bool ask_of(
	const struct request *req, struct chart_ask *out, struct person *reader, struct err *err)
{
	const struct given *g = req->given;
	bool english = false;

	*out = (struct chart_ask){.format = format_of(req->route),
		.paper = g[IN_PAPER].has ? g[IN_PAPER].text : NULL,
		.tile = g[IN_TILE].has ? g[IN_TILE].text : NULL,
		.address = address_of(req)};
	*reader = *req->person;
	if (!second_of(&g[IN_INK], "ink", "colour", "grey", &out->grey, err) ||
		!second_of(&g[IN_LANG], "lang", "zh", "en", &english, err))
		return false;
	if (g[IN_LANG].has)
		reader->lang = english ? LANG_EN : LANG_ZH;
	return true;
}

static void chart(struct request *req, struct reply *rep)
{
	const struct given *g = req->given;
	struct query_text query = {.filter = g[IN_FILTER].has ? g[IN_FILTER].text : NULL,
		.group = g[IN_GROUP].has ? g[IN_GROUP].text : NULL,
		.sort = g[IN_SORT].has ? g[IN_SORT].text : NULL,
		.as_of = g[IN_AS_OF].has ? g[IN_AS_OF].text : NULL};
	struct chart_ask ask;
	struct person reader;
	struct err err = {0};

	if (!ask_of(req, &ask, &reader, &err) ||
		!app_chart(req->app, req->a, &reader, &query, &ask, &rep->body, &err))
		reply_err(req, rep, &err);
	else
		rep->type = req->route->answer;
}

static void project_chart(struct request *req, struct reply *rep)
{
	struct chart_ask ask;
	struct person reader;
	struct err err = {0};

	if (!ask_of(req, &ask, &reader, &err) ||
		!planning_chart(req->app, req->a, &reader, req->given[IN_OF].id, &ask, &rep->body, &err))
		reply_err(req, rep, &err);
	else
		rep->type = req->route->answer;
}

/* clang-format off */
const struct route plan_routes[] = {
	{METHOD_GET, "/api/plans/{project}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"项目的计划、推算日期和检查发现", "A project's plan with its dates and findings"}, project_inputs, read_plan},
	{METHOD_PUT, "/api/plans/{project}", ACCESS_GATE, ROUTE_ONCE, BODY_JSON, 8 << 20,
		{"保存计划", "Keep the plan"}, project_inputs, save_plan},
	{METHOD_POST, "/api/plans/{project}/file", ACCESS_GATE, ROUTE_ONCE, BODY_FILE, 0,
		{"导入进度计划文件", "Read the plan from a schedule file"}, project_inputs, import_plan},
	{METHOD_GET, "/api/plans/{project}/file/{format}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"导出计划文件", "The plan as a schedule file"}, file_inputs, plan_file, "application/octet-stream"},
	{METHOD_POST, "/api/plans/{project}/nodes", ACCESS_GATE, ROUTE_ONCE, BODY_MAYBE, 4096,
		{"为计划的里程碑建立节点", "Make records of the plan's milestones"}, project_inputs, make_nodes},
	{METHOD_GET, "/api/plan-templates", ACCESS_GATE, 0, BODY_NONE, 0,
		{"计划模板", "Plans to begin with"}, NULL, list_templates},
	{METHOD_GET, "/api/plan-templates/{template}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一个模板的手续、工序和出处", "Permits, works and sources of one template"}, template_inputs, read_template},
	{METHOD_POST, "/api/plans/{project}/template", ACCESS_GATE, ROUTE_ONCE, BODY_JSON, 65536,
		{"用模板建立计划", "Make the plan from a template"}, project_inputs, from_template},
	{METHOD_POST, "/api/plans/{project}/back", ACCESS_GATE, ROUTE_READS, BODY_JSON, 65536,
		{"倒排工期，不入库", "Plan backwards from a finish; nothing is stored"}, project_inputs, plan_back},
	{METHOD_POST, "/api/plans/{project}/try", ACCESS_GATE, ROUTE_READS, BODY_JSON, 0,
		{"按项目所在区划的日历排一份计划，不入库", "Schedule a plan on the project's working calendar; nothing is stored"}, project_inputs, plan_try},
	{METHOD_GET, "/api/plans/{project}/risk", ACCESS_GATE, 0, BODY_NONE, 0,
		{"计划日期的把握：P50、P80 和影响最大的任务", "How sure the plan's dates are: P50, P80 and what moves the finish most"}, only_project_inputs, plan_risk},
	{METHOD_GET, "/api/plans/{project}/crews", ACCESS_GATE, 0, BODY_NONE, 0,
		{"班组负荷、超用和错开的建议", "Load of the crews, over-use, and which tasks to move"}, crews_inputs, plan_crews},
	{METHOD_GET, "/api/portfolio/risk", ACCESS_GATE, 0, BODY_NONE, 0,
		{"年度节点目标的把握，以及影响最大的五个项目", "Chance of the year's nodes, and the five projects that move it most"}, year_inputs, year_risk},
	{METHOD_GET, "/api/chart.pdf", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询到的项目画成挂图（PDF）", "The projects of a query as a wall chart, PDF"}, chart_inputs, chart, "application/pdf"},
	{METHOD_GET, "/api/chart.svg", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询到的项目画成挂图（SVG）", "The projects of a query as a wall chart, SVG"}, chart_inputs, chart, "image/svg+xml"},
	{METHOD_GET, "/api/chart.docx", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询到的项目画成挂图（文档）", "The projects of a query as a wall chart, a document with pictures"}, chart_inputs, chart, ANSWER_DOCX},
	{METHOD_GET, "/api/plans/{project}/chart.pdf", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一个项目的计划挂图（PDF）", "A project's plan as a wall chart, PDF"}, project_chart_inputs, project_chart, "application/pdf"},
	{METHOD_GET, "/api/plans/{project}/chart.svg", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一个项目的计划挂图（SVG）", "A project's plan as a wall chart, SVG"}, project_chart_inputs, project_chart, "image/svg+xml"},
	{METHOD_GET, "/api/plans/{project}/chart.docx", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一个项目的计划挂图（文档）", "A project's plan as a wall chart, a document with pictures"}, project_chart_inputs, project_chart, ANSWER_DOCX},
	{METHOD_GET, "/api/calendar/{register}/{id}.ics", ACCESS_GATE, ROUTE_BASIC, BODY_NONE, 0,
		{"节点日历订阅", "Milestones as an iCalendar feed"}, calendar_inputs, calendar, "text/calendar"},
	{0},
};
/* clang-format on */
