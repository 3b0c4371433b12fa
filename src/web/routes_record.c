/* Records of every register: lists from the board, one record, its history and children, changes and steps. */
#include "app/bulk.h"
#include "app/places.h"
#include "app/reading.h"
#include "app/submit.h"
#include "app/undo.h"
#include "web/reply.h"

enum { MAX_PARAMETER = 8000 };

enum { IN_REGISTER, IN_ID, IN_STEP };
enum {
	Q_FILTER = 1,
	Q_SORT,
	Q_COLUMNS,
	Q_GROUP,
	Q_SUMS,
	Q_LIMIT,
	Q_AFTER,
	Q_AS_OF,
	Q_COUNT,
	Q_SKIP
};
enum { MAP_FILTER, MAP_AS_OF };
enum { IN_CHILD = 2, IN_AFTER, IN_LIMIT };
enum { IN_BEFORE = 2, IN_HISTORY_LIMIT };
enum { IN_WORDS = 1, IN_SEARCH_LIMIT };
enum { IN_WORK_AFTER, IN_WORK_LIMIT };

/* clang-format off */
#define REGISTER {"register", IN_PATH, INPUT_TEXT, true, 1, 64, {"台账名称", "name of the register"}}
#define ID {"id", IN_PATH, INPUT_ID, true, 0, 0, {"记录标识", "id of the record"}}
/* app reads these two from the whole body */
#define FIELDS {"fields", IN_BODY, INPUT_OBJECT, false, 0, 0, {"字段与值", "values by field"}}
#define REASON {"reason", IN_BODY, INPUT_TEXT, false, 0, 2000, {"理由，记入日志", "why; goes into the journal"}}

static const struct input query_inputs[] = {
	[IN_REGISTER] = REGISTER,
	[Q_FILTER]  = {"filter", IN_QUERY, INPUT_TEXT, false, 0, MAX_PARAMETER,
		{"筛选条件 字段:比较:值，用分号连接", "terms field:op:value joined by ;"}},
	[Q_SORT]    = {"sort", IN_QUERY, INPUT_TEXT, false, 0, 1000, {"排序字段，前加减号为降序", "fields to sort by; - descends"}},
	[Q_COLUMNS] = {"columns", IN_QUERY, INPUT_TEXT, false, 0, 4000, {"返回的列", "columns of the answer"}},
	[Q_GROUP]   = {"group", IN_QUERY, INPUT_TEXT, false, 0, 100, {"分组字段", "field to group by"}},
	[Q_SUMS]    = {"sums", IN_QUERY, INPUT_TEXT, false, 0, 1000, {"求和的列", "columns to add up"}},
	[Q_LIMIT]   = {"limit", IN_QUERY, INPUT_INT, false, 0, 1000, {"每页行数", "rows of a page"}},
	[Q_AFTER]   = {"after", IN_QUERY, INPUT_TEXT, false, 0, 1000, {"上一页的 next", "`next` of the page before"}},
	[Q_AS_OF]   = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	[Q_COUNT]   = {"count", IN_QUERY, INPUT_TEXT, false, 0, 4, {"only 表示只要行数", "`only`: no rows"}},
	[Q_SKIP]    = {"skip", IN_QUERY, INPUT_INT, false, 0, 2000000, {"略过的行数，用于跳到很下面", "rows left out before the page: a jump far down"}},
	{0},
};
static const struct input map_inputs[] = {
	[MAP_FILTER] = {"filter", IN_QUERY, INPUT_TEXT, false, 0, MAX_PARAMETER,
		{"筛选条件 字段:比较:值，用分号连接", "terms field:op:value joined by ;"}},
	[MAP_AS_OF] = {"as_of", IN_QUERY, INPUT_DAY, false, 0, 0, {"过去某日的情况", "as it stood at the end of that day"}},
	{0},
};
static const struct input create_inputs[] = { [IN_REGISTER] = REGISTER, FIELDS, REASON, {0} };
static const struct input bulk_inputs[] = { [IN_REGISTER] = REGISTER, {0} };
static const struct input record_inputs[] = { [IN_REGISTER] = REGISTER, [IN_ID] = ID, {0} };
static const struct input change_inputs[] = { [IN_REGISTER] = REGISTER, [IN_ID] = ID, FIELDS, REASON, {0} };
static const struct input delete_inputs[] = { [IN_REGISTER] = REGISTER, [IN_ID] = ID, REASON, {0} };
static const struct input step_inputs[] = {
	[IN_REGISTER] = REGISTER, [IN_ID] = ID,
	[IN_STEP] = {"step", IN_PATH, INPUT_TEXT, true, 1, 64, {"环节名称", "name of the step"}},
	FIELDS, REASON, {0},
};
static const struct input undo_inputs[] = {[IN_REGISTER] = REGISTER, [IN_ID] = ID, REASON, {0}};
static const struct input history_inputs[] = {
	[IN_REGISTER] = REGISTER, [IN_ID] = ID,
	[IN_BEFORE] = {"before", IN_QUERY, INPUT_INT, false, 0, INT64_MAX,
		{"只要这个日志号以前的", "entries older than this journal number"}},
	[IN_HISTORY_LIMIT] = {"limit", IN_QUERY, INPUT_INT, false, 1, 1000, {"条数", "how many"}},
	{0},
};
static const struct input children_inputs[] = {
	[IN_REGISTER] = REGISTER, [IN_ID] = ID,
	[IN_CHILD] = {"child", IN_PATH, INPUT_TEXT, true, 1, 64, {"下级台账名称", "register of the children"}},
	[IN_AFTER] = {"after", IN_QUERY, INPUT_ID, false, 0, 0, {"上一页最后一条的标识", "last id of the page before"}},
	[IN_LIMIT] = {"limit", IN_QUERY, INPUT_INT, false, 1, 1000, {"条数", "how many"}},
	{0},
};
static const struct input work_inputs[] = {
	[IN_WORK_AFTER] = {"after", IN_QUERY, INPUT_TEXT, false, 1, 200, {"上一页的 next", "next of the page before"}},
	[IN_WORK_LIMIT] = {"limit", IN_QUERY, INPUT_INT, false, 1, 500, {"条数，默认 500", "how many; 500 when not given"}},
	{0},
};
static const struct input search_inputs[] = {
	[IN_REGISTER] = REGISTER,
	[IN_WORDS] = {"words", IN_QUERY, INPUT_TEXT, true, 1, 200, {"要找的词", "words to find"}},
	[IN_SEARCH_LIMIT] = {"limit", IN_QUERY, INPUT_INT, false, 1, 1000, {"条数", "how many"}},
	{0},
};
/* clang-format on */

static const char *text(const struct request *req, int input)
{
	return req->given[input].has ? req->given[input].text : NULL;
}

static struct query_text query_of(const struct request *req)
{
	return (struct query_text){
		.filter = text(req, Q_FILTER),
		.sort = text(req, Q_SORT),
		.columns = text(req, Q_COLUMNS),
		.group = text(req, Q_GROUP),
		.sums = text(req, Q_SUMS),
		.after = text(req, Q_AFTER),
		.as_of = text(req, Q_AS_OF),
		.limit = text(req, Q_LIMIT),
		.count = text(req, Q_COUNT),
		.skip = text(req, Q_SKIP),
	};
}

static void list(struct request *req, struct reply *rep)
{
	struct query_text query = query_of(req);
	struct err err = {0};

	if (!app_query_json(req->app, req->person, text(req, IN_REGISTER), &query, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void export_as(
	struct request *req, struct reply *rep, enum export_format format, const char *ending)
{
	struct query_text query = query_of(req);
	struct err err = {0};

	if (!app_export(
			req->app, req->person, text(req, IN_REGISTER), &query, format, &rep->body, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->type = req->route->answer;
	reply_header(rep, "Content-Disposition",
		arena_printf(req->a, "attachment; filename=\"%s.%s\"", text(req, IN_REGISTER), ending));
}

static void export_xlsx(struct request *req, struct reply *rep)
{
	export_as(req, rep, EXPORT_XLSX, "xlsx");
}

static void export_csv(struct request *req, struct reply *rep)
{
	export_as(req, rep, EXPORT_CSV, "csv");
}

static void export_geojson(struct request *req, struct reply *rep)
{
	export_as(req, rep, EXPORT_GEOJSON, "geojson");
}

static void map(struct request *req, struct reply *rep)
{
	struct query_text query = {.filter = text(req, MAP_FILTER), .as_of = text(req, MAP_AS_OF)};
	struct err err = {0};

	if (!app_places_json(req->app, req->person, &query, &rep->body, &err))
		reply_err(req, rep, &err);
}

/* One writer for everything that answers with a record, so that reading and changing cannot drift apart. */
static void write_record(struct request *req, struct reply *rep, struct uuid id)
{
	struct err err = {0};
	int64_t version = 0;

	if (!app_record_json(
			req->app, req->person, text(req, IN_REGISTER), id, &rep->body, &version, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	reply_version(req, rep, version);
}

static void read_record(struct request *req, struct reply *rep)
{
	write_record(req, rep, req->given[IN_ID].id);
}

static void create(struct request *req, struct reply *rep)
{
	struct submitted what = {0};
	struct err err = {0};

	if (!app_create(req->app, req->a, req->person, text(req, IN_REGISTER), req->json, &req->once,
			&what, &err)) {
		reply_refused(req, rep, &what, &err);
		return;
	}
	rep->status = 201;
	char id[UUID_TEXT];
	uuid_format(what.id, id);
	reply_header(rep, "Location", arena_printf(req->a, "/api/r/%s/%s", text(req, IN_REGISTER), id));
	if (what.repeated)
		reply_header(rep, "Idempotency-Replayed", "true");
	write_record(req, rep, what.id);
}

static void update(struct request *req, struct reply *rep)
{
	struct submitted what = {0};
	struct err err = {0};

	if (!app_update(req->app, req->a, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			req->version, req->json, NULL, &what, &err))
		reply_refused(req, rep, &what, &err);
	else
		write_record(req, rep, what.id);
}

static void take_step(struct request *req, struct reply *rep)
{
	struct submitted what = {0};
	struct err err = {0};

	if (!app_step(req->app, req->a, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			text(req, IN_STEP), req->version, req->json, &req->once, &what, &err)) {
		reply_refused(req, rep, &what, &err);
		return;
	}
	if (what.repeated)
		reply_header(rep, "Idempotency-Replayed", "true");
	write_record(req, rep, what.id);
}

static void undo(struct request *req, struct reply *rep)
{
	struct submitted what = {0};
	struct err err = {0};

	if (!app_undo(req->app, req->a, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			req->version, req->json, &req->once, &what, &err)) {
		reply_refused(req, rep, &what, &err);
		return;
	}
	if (what.repeated)
		reply_header(rep, "Idempotency-Replayed", "true");
	write_record(req, rep, what.id);
}

static void bulk(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_bulk(req->app, req->a, req->person, text(req, IN_REGISTER), req->json, &req->once,
			&rep->body, &err))
		reply_err(req, rep, &err);
}

static void take_out(struct request *req, struct reply *rep)
{
	struct submitted what = {0};
	struct err err = {0};

	if (!app_delete(req->app, req->a, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			req->version, req->json, &what, &err))
		reply_refused(req, rep, &what, &err);
}

static void history(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_history_json(req->app, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			req->given[IN_BEFORE].i, (int)req->given[IN_HISTORY_LIMIT].i, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void children(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_children_json(req->app, req->person, text(req, IN_REGISTER), req->given[IN_ID].id,
			text(req, IN_CHILD), req->given[IN_AFTER].id, (int)req->given[IN_LIMIT].i, &rep->body,
			&err))
		reply_err(req, rep, &err);
}

static void search(struct request *req, struct reply *rep)
{
	struct err err = {0};
	const struct given *limit = &req->given[IN_SEARCH_LIMIT];

	if (!app_search_json(req->app, req->person, text(req, IN_REGISTER), text(req, IN_WORDS),
			limit->has ? (int)limit->i : 50, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void work(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_work_json(req->app, req->person, text(req, IN_WORK_AFTER),
			(int)req->given[IN_WORK_LIMIT].i, &rep->body, &err))
		reply_err(req, rep, &err);
}

/* clang-format off */
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
const struct route record_routes[] = {
	{METHOD_GET, "/api/r/{register}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"按条件查询台账", "Query a register: filter, group, sort, columns, as of"}, query_inputs, list},
	{METHOD_POST, "/api/r/{register}", ACCESS_GATE, ROUTE_ONCE, BODY_JSON, 0,
		{"新增一条记录", "Create a record"}, create_inputs, create},
	{METHOD_GET, "/api/r/{register}/{id}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"一条记录及可做的事", "One record, and what may be done with it"}, record_inputs, read_record},
	{METHOD_PATCH, "/api/r/{register}/{id}", ACCESS_GATE, ROUTE_VERSION, BODY_JSON, 0,
		{"修改记录的字段", "Change fields of a record"}, change_inputs, update},
	{METHOD_DELETE, "/api/r/{register}/{id}", ACCESS_GATE, ROUTE_VERSION, BODY_MAYBE, 0,
		{"移除记录，历史保留", "Take a record out of sight; its history stays"}, delete_inputs, take_out},
	{METHOD_POST, "/api/r/{register}/{id}/steps/{step}", ACCESS_GATE, ROUTE_VERSION | ROUTE_ONCE, BODY_MAYBE, 0,
		{"办理一个环节", "Take a step"}, step_inputs, take_step},
	{METHOD_POST, "/api/r/{register}/{id}/undo", ACCESS_GATE, ROUTE_VERSION | ROUTE_ONCE, BODY_MAYBE, 0,
		{"撤销最后办理的环节或恢复已删除的记录", "Take back the last step, or bring a deleted record back"}, undo_inputs, undo},
	{METHOD_GET, "/api/r/{register}/{id}/history", ACCESS_GATE, 0, BODY_NONE, 0,
		{"记录的变更历史，新的在前", "The history of a record, newest first"}, history_inputs, history},
	{METHOD_GET, "/api/r/{register}/{id}/children/{child}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"下级记录，新的在前", "Records hanging under it, newest first"}, children_inputs, children},
	{METHOD_POST, "/api/bulk/{register}", ACCESS_GATE, ROUTE_ONCE, BODY_JSON, 0,
		{"一次修改多条记录，可先预览", "Change many records at once, with a preview"}, bulk_inputs, bulk},
	{METHOD_GET, "/api/search/{register}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"全文搜索", "Full-text search"}, search_inputs, search},
	{METHOD_GET, "/api/export/{register}.xlsx", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询结果导出为 Excel", "The rows of a query as an Excel file"}, query_inputs, export_xlsx, XLSX},
	{METHOD_GET, "/api/export/{register}.csv", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询结果导出为 CSV", "The rows of a query as a CSV file"}, query_inputs, export_csv, "text/csv; charset=utf-8"},
	{METHOD_GET, "/api/export/{register}.geojson", ACCESS_GATE, 0, BODY_NONE, 0,
		{"把查询结果导出为地图要素", "The places of a query's rows, for maps"}, query_inputs, export_geojson, "application/geo+json"},
	{METHOD_GET, "/api/map", ACCESS_GATE, 0, BODY_NONE, 0,
		{"查询到的项目在哪里", "Where the projects of a query are, for a map"}, map_inputs, map},
	{METHOD_GET, "/api/work", ACCESS_OWN, 0, BODY_NONE, 0,
		{"轮到我办的事", "What is due for me"}, work_inputs, work},
	{0},
};
/* clang-format on */
