/* The wall, lights with their reasons, rule sets, and the live stream. */
#include "app/calendar_change.h"
#include "app/calendar_year.h"
#include "app/lights.h"
#include "app/trend.h"
#include "app/wall.h"
#include "base/num.h"
#include "web/reply.h"
#include "web/sse.h"

enum { WALL_AS_OF, WALL_AREA, WALL_UNIT };
enum { TREND_AREA, TREND_UNIT };
enum { IN_PROJECT, IN_AS_OF };
enum { IN_UNITS_AS_OF };
enum { IN_FROM };
enum { IN_NAME };
enum { IN_YEAR, IN_CALENDAR_AREA, IN_CALENDAR_FROM, IN_CALENDAR_DAYS };

/* clang-format off */
static const struct input wall_inputs[] = {
	[WALL_AS_OF] = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	[WALL_AREA]  = {"area", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这个区划", "only this area and below"}},
	[WALL_UNIT]  = {"unit", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这个单位", "only this unit and below"}},
	{0},
};
static const struct input trend_inputs[] = {
	[TREND_AREA] = {"area", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这个区划", "only this area and below"}},
	[TREND_UNIT] = {"unit", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这个单位", "only this unit and below"}},
	{0},
};
static const struct input lights_inputs[] = {
	[IN_PROJECT] = {"project", IN_PATH, INPUT_ID, true, 0, 0, {"项目标识", "id of the project"}},
	[IN_AS_OF]   = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	{0},
};
static const struct input unit_lights_inputs[] = {
	[IN_UNITS_AS_OF] = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	{0},
};
static const struct input ruleset_inputs[] = {
	[IN_NAME] = {"name", IN_PATH, INPUT_TEXT, true, 1, 60, {"规则集名称", "name of the rule set"}},
	{0},
};
/* app reads these from the whole body */
#define RULESET {"ruleset", IN_BODY, INPUT_OBJECT, false, 0, 0, {"规则集本身", "the rule set itself"}}
#define NAME {"name", IN_BODY, INPUT_TEXT, false, 1, 64, {"已有规则集的名称", "name of one that is there"}}
static const struct input set_inputs[] = {
	RULESET, NAME,
	{"active", IN_BODY, INPUT_FLAG, false, 0, 0, {"启用或停用", "in use or not"}},
	{"reason", IN_BODY, INPUT_TEXT, false, 0, 2000, {"理由，记入日志", "why; goes into the journal"}},
	{0},
};
static const struct input check_inputs[] = { RULESET, {0} };
static const struct input preview_inputs[] = {
	RULESET, NAME,
	{"active", IN_BODY, INPUT_FLAG, false, 0, 0, {"false：看停用它会怎样", "false: what it would be like without it"}},
	{0},
};
static const struct input calendar_inputs[] = {
	[IN_YEAR] = {"year", IN_QUERY, INPUT_INT, true, 1950, 2200, {"年份", "the year"}},
	[IN_CALENDAR_AREA] = {"area", IN_QUERY, INPUT_ID, false, 0, 0, {"这个区划的日历；不填为全域", "the calendar of this area; without: everywhere's"}},
	[IN_CALENDAR_FROM] = {"from", IN_QUERY, INPUT_DAY, false, 0, 0, {"从这天起数 days 个工作日", "count `days` working days from this day on"}},
	[IN_CALENDAR_DAYS] = {"days", IN_QUERY, INPUT_INT, false, 1, 10000, {"几个工作日，不填为 1", "how many; 1 if not given"}},
	{0},
};
static const struct input change_inputs[] = {
	{"changes", IN_BODY, INPUT_LIST, true, 0, 0, {"新增 {fields}、修改 {id,version,fields}、删除 {id,version,delete}", "entries: new {fields}, changed {id,version,fields}, taken out {id,version,delete}"}},
	{"preview", IN_BODY, INPUT_FLAG, false, 0, 0, {"只看哪些计划会变，不存", "only say which plans would move; stores nothing"}},
	{"reason", IN_BODY, INPUT_TEXT, false, 0, 2000, {"理由，记入日志", "why; goes into the journal"}},
	{0},
};
static const struct input notice_inputs[] = {
	{"text", IN_BODY, INPUT_TEXT, true, 1, 65536, {"国务院通知的正文", "the text of the State Council's notice"}},
	{"year", IN_BODY, INPUT_INT, false, 1950, 2200, {"哪一年；不填取正文里的", "of which year; the text's if not given"}},
	{0},
};
static const struct input stream_inputs[] = {
	[IN_FROM] = {"from", IN_QUERY, INPUT_INT, false, 0, INT64_MAX, {"从这个日志号之后继续", "resume after this journal number"}},
	{0},
};
/* clang-format on */

static const char *text(const struct request *req, int input)
{
	return req->given[input].has ? req->given[input].text : NULL;
}

static void read_wall(struct request *req, struct reply *rep)
{
	struct wall_query query = {
		.as_of = text(req, WALL_AS_OF), .area = text(req, WALL_AREA), .unit = text(req, WALL_UNIT)};
	struct err err = {0};

	if (!app_wall_json(req->app, req->person, &query, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_trend(struct request *req, struct reply *rep)
{
	struct wall_query query = {.area = text(req, TREND_AREA), .unit = text(req, TREND_UNIT)};
	struct err err = {0};

	if (!app_trend_json(req->app, req->person, &query, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_lights(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_lights_json(req->app, req->person, req->given[IN_PROJECT].id, text(req, IN_AS_OF),
			&rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_unit_lights(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_unit_lights_json(req->app, req->person, text(req, IN_UNITS_AS_OF), &rep->body, &err))
		reply_err(req, rep, &err);
}

static void list_rulesets(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_rulesets_json(req->app, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void set_ruleset(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_ruleset_set(req->app, req->a, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void preview_ruleset(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_ruleset_preview_json(req->app, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_ruleset(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_ruleset_json(req->app, req->person, text(req, IN_NAME), &rep->body, &err))
		reply_err(req, rep, &err);
}

static void check_ruleset(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_ruleset_check(req->app, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_calendar(struct request *req, struct reply *rep)
{
	struct err err = {0};
	const char *from = text(req, IN_CALENDAR_FROM);
	struct calendar_wish wish = {.year = (int)req->given[IN_YEAR].i,
		.area = req->given[IN_CALENDAR_AREA].id,
		.from = DATE_NONE,
		.days = req->given[IN_CALENDAR_DAYS].has ? (int)req->given[IN_CALENDAR_DAYS].i : 1};

	if (from && !date_parse_iso(slice_of(from), &wish.from))
		err_set(&err, ERR_INPUT, "from", "\"%s\" is not a date like 2026-03-31", from);
	else if (app_calendar_json(req->app, req->person, &wish, &rep->body, &err))
		return;
	reply_err(req, rep, &err);
}

static void change_calendar(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_calendar_change(
			req->app, req->a, req->person, req->json, &req->once, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_notice(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_calendar_notice(req->app, req->a, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void open_stream(struct request *req, struct reply *rep)
{
	struct slice last = http_header(req->headers, "Last-Event-ID");
	int64_t from = req->given[IN_FROM].has ? req->given[IN_FROM].i : -1;
	struct err err = {0};

	/* what the browser saw last is newer than the address it was opened with */
	if (last.n && (!num_int(last, &from) || from < 0)) {
		err_set(&err, ERR_INPUT, "Last-Event-ID", "this is not a journal number");
		reply_err(req, rep, &err);
		return;
	}
	if (!stream_open(req->app, req->person, from, &rep->stream, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->type = req->route->answer;
}

/* clang-format off */
const struct route wall_routes[] = {
	{METHOD_GET, "/api/wall", ACCESS_GATE, ROUTE_QUICK, BODY_NONE, 0,
		{"全景墙", "The wall"}, wall_inputs, read_wall},
	{METHOD_GET, "/api/wall/trend", ACCESS_GATE, 0, BODY_NONE, 0,
		{"过去十一个月末的亮灯", "The lights at the last eleven month ends"}, trend_inputs, read_trend},
	{METHOD_GET, "/api/lights/{project}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一个项目的亮灯及原因", "The lights of a project, with reasons"}, lights_inputs, read_lights},
	{METHOD_GET, "/api/unit-lights", ACCESS_GATE, 0, BODY_NONE, 0,
		{"单位的亮灯、红黑榜", "The lights of units: places and lists"}, unit_lights_inputs, read_unit_lights},
	{METHOD_GET, "/api/rulesets", ACCESS_OWN, 0, BODY_NONE, 0,
		{"亮灯规则", "The rule sets"}, NULL, list_rulesets},
	{METHOD_POST, "/api/rulesets", ACCESS_GATE, 0, BODY_JSON, 0,
		{"新增、替换、启用或停用规则", "Add, replace, switch on or off a rule set"}, set_inputs, set_ruleset},
	{METHOD_GET, "/api/rulesets/{name}", ACCESS_OWN, 0, BODY_NONE, 0,
		{"一套规则的全文和可用的指标", "One rule set as it is written, and the indicators there are"}, ruleset_inputs, read_ruleset},
	{METHOD_POST, "/api/rulesets/check", ACCESS_GATE, ROUTE_READS, BODY_JSON, 0,
		{"检查一套规则：断档、重叠，不入库", "How a rule set would be read: gaps and overlaps; stores nothing"}, check_inputs, check_ruleset},
	{METHOD_POST, "/api/rulesets/preview", ACCESS_GATE, ROUTE_READS, BODY_JSON, 0,
		{"用这套规则重算过去二十四个月", "The last 24 months under that rule set"}, preview_inputs, preview_ruleset},
	{METHOD_GET, "/api/calendar", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一年的工作日历及出处", "A year of the working calendar, and by whose word"}, calendar_inputs, read_calendar},
	{METHOD_POST, "/api/calendar", ACCESS_GATE, ROUTE_ONCE, BODY_JSON, 0,
		{"一起改日历的若干天，可先看影响", "Change days of the calendar together; as a preview, say what moves"}, change_inputs, change_calendar},
	{METHOD_POST, "/api/calendar/notice", ACCESS_OWN, 0, BODY_JSON, 0,
		{"读国务院放假通知的正文，不入库", "Read the text of a notice on holidays; stores nothing"}, notice_inputs, read_notice},
	{METHOD_GET, "/api/stream", ACCESS_OWN, 0, BODY_NONE, 0,
		{"实时变更流", "The live stream of changes"}, stream_inputs, open_stream, "text/event-stream"},
	{0},
};
/* clang-format on */
