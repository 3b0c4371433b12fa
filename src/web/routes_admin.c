/* Looking after the program: proofs, backups, monitoring, and the description of this interface. */
#include "app/admin.h"
#include "app/app.h"
#include "app/journal.h"
#include "app/office.h"
#include "app/proofs.h"
#include "base/os.h"
#include "web/metrics.h"
#include "web/openapi.h"
#include "web/reply.h"
#include "web/server.h"

enum { IN_NAME };
enum { IN_KIND, IN_BACKUP };
enum { IN_ZH, IN_EN };
enum { IN_REGISTER, IN_RECORD, IN_WHO, IN_DAY_FROM, IN_DAY_UNTIL, IN_BEFORE, IN_LIMIT };

/* clang-format off */
static const struct input backup_inputs[] = {
	[IN_NAME] = {"name", IN_PATH, INPUT_TEXT, true, 1, 100, {"备份名称", "name of the backup"}},
	{0},
};
static const struct input office_inputs[] = {
	[IN_ZH] = {"zh", IN_BODY, INPUT_TEXT, true, 0, 60, {"中文名称；空为本系统的名称", "the Chinese name; empty: that of the program"}},
	[IN_EN] = {"en", IN_BODY, INPUT_TEXT, true, 0, 60, {"英文名称；空为本系统的名称", "the English name; empty: that of the program"}},
	{0},
};
static const struct input proof_inputs[] = {
	[IN_KIND]   = {"kind", IN_BODY, INPUT_TEXT, true, 1, 20,
		{"chain 日志链，derived 派生数据，backup 备份", "chain: the journal; derived: what is computed; backup"}},
	[IN_BACKUP] = {"name", IN_BODY, INPUT_TEXT, false, 1, 100, {"哪一份备份", "which backup"}},
	{0},
};
static const struct input journal_inputs[] = {
	[IN_REGISTER]  = {"register", IN_QUERY, INPUT_TEXT, false, 1, 64, {"只看这个台账", "only this register"}},
	[IN_RECORD]    = {"record", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这条记录", "only this record"}},
	[IN_WHO]       = {"who", IN_QUERY, INPUT_ID, false, 0, 0, {"只看这个账号做的", "only what this account did"}},
	[IN_DAY_FROM]  = {"from", IN_QUERY, INPUT_DAY, false, 0, 0, {"自这一天", "from this day"}},
	[IN_DAY_UNTIL] = {"until", IN_QUERY, INPUT_DAY, false, 0, 0, {"至这一天（含）", "until this day, included"}},
	[IN_BEFORE]    = {"before", IN_QUERY, INPUT_INT, false, 0, INT64_MAX, {"早于这个日志号", "older than this journal number"}},
	[IN_LIMIT]     = {"limit", IN_QUERY, INPUT_INT, false, 1, 500, {"最多多少条", "most entries"}},
	{0},
};
/* clang-format on */

static void verify(struct request *req, struct reply *rep)
{
	struct err err = {0};
	bool whole = false;

	if (!app_verify_json(req->app, req->person, NULL, NULL, &rep->body, &whole, &err))
		reply_err(req, rep, &err);
}

static void check(struct request *req, struct reply *rep)
{
	struct err err = {0};
	bool whole = false;

	if (!app_fsck_json(req->app, req->person, NULL, NULL, &rep->body, &whole, &err))
		reply_err(req, rep, &err);
}

/* guatu-20260331-080000 in the folder for backups; where that is, is the server's business and not the caller's */
static const char *backup_name(struct request *req)
{
	struct instant now = app_now(req->app);
	int offset = app_offset_minutes(req->app);
	struct ymd day = date_ymd(instant_date(now, offset));
	int minute = instant_minute_of_day(now, offset);

	return arena_printf(req->a, "guatu-%04d%02d%02d-%02d%02d%02d", day.year, day.month, day.day,
		minute / 60, minute % 60, (int)(now.ms / 1000 % 60));
}

static void backup(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!req->options->backups) {
		err_set(&err, ERR_MISSING, NULL, "this server was started without a folder for backups");
		reply_err(req, rep, &err);
		return;
	}
	const char *name = backup_name(req);
	if (!app_backup(req->app, req->person,
			arena_printf(req->a, "%s/%s", req->options->backups, name), &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->status = 201;
	struct json_writer w = jw_start(&rep->body);
	jw_object(&w);
	jw_kt(&w, "name", name);
	jw_object_end(&w);
}

static bool has_backups(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (req->options->backups)
		return true;
	err_set(&err, ERR_MISSING, NULL, "this server was started without a folder for backups");
	reply_err(req, rep, &err);
	return false;
}

static void list_backups(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (has_backups(req, rep) &&
		!app_backups_json(req->app, req->person, req->options->backups, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void send_backup(struct request *req, struct reply *rep)
{
	const char *name = req->given[IN_NAME].text;
	struct err err = {0};

	if (!has_backups(req, rep))
		return;
	if (!app_backup_open(req->app, req->person, req->options->backups, name, &rep->file,
			&rep->file_bytes, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	rep->type = req->route->answer;
	reply_header(
		rep, "Content-Disposition", arena_printf(req->a, "attachment; filename=\"%s.tar\"", name));
}

static void list_proofs(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_proofs_json(req->app, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void start_proof(struct request *req, struct reply *rep)
{
	const struct given *name = &req->given[IN_BACKUP];
	const char *backup = NULL;
	struct err err = {0};

	if (name->has && app_backup_named(name->text)) {
		if (!has_backups(req, rep))
			return;
		backup = arena_printf(req->a, "%s/%s", req->options->backups, name->text);
	}
	rep->status = 202;
	if (!app_proof_start(req->app, req->person, req->given[IN_KIND].text, backup,
			backup ? name->text : NULL, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void read_journal(struct request *req, struct reply *rep)
{
	const struct given *g = req->given;
	struct err err = {0};
	struct journal_text asked = {
		.reg = g[IN_REGISTER].has ? g[IN_REGISTER].text : NULL,
		.from = g[IN_DAY_FROM].has ? g[IN_DAY_FROM].text : NULL,
		.until = g[IN_DAY_UNTIL].has ? g[IN_DAY_UNTIL].text : NULL,
		.record = g[IN_RECORD].id,
		.who = g[IN_WHO].id,
		.before = g[IN_BEFORE].i,
		.limit = (int)g[IN_LIMIT].i,
	};

	if (!app_journal_json(req->app, req->person, &asked, &rep->body, &err))
		reply_err(req, rep, &err);
}

static bool may_read_metrics(const struct request *req)
{
	const char *wanted = req->options->metrics_token;
	struct slice token = http_bearer(http_header(req->headers, "Authorization"));

	if (http_given(token) && wanted)
		return http_same_secret(token, wanted);
	return req->loopback && !http_given(http_header(req->headers, "X-Forwarded-For"));
}

static void read_metrics(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!may_read_metrics(req)) {
		err_set(&err, ERR_DENIED, NULL,
			"metrics are for this machine or for the bearer of their token");
		reply_err(req, rep, &err);
		return;
	}
	rep->type = req->route->answer;
	metrics_text(req->metrics, req->app, &rep->body);
}

static void read_health(struct request *req, struct reply *rep)
{
	rep->type = req->route->answer;
	if (app_healthy(req->app)) {
		str_puts(&rep->body, "ok\n");
		return;
	}
	rep->status = 503;
	str_puts(&rep->body, "the data file cannot be read\n");
}

static void rename_office(struct request *req, struct reply *rep)
{
	struct label name = {req->given[IN_ZH].text, req->given[IN_EN].text};
	struct err err = {0};

	if (!app_office_rename(req->app, req->person, name, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	name = office_name(req->app, req->a);
	struct json_writer w = jw_start(&rep->body);
	jw_object(&w);
	jw_label(&w, "name", name);
	jw_object_end(&w);
}

static void read_openapi(struct request *req, struct reply *rep)
{
	openapi_write(req->app, req->lang, &rep->body);
}

/* clang-format off */
const struct route admin_routes[] = {
	{METHOD_GET, "/api/openapi.json", ACCESS_OPEN, 0, BODY_NONE, 0,
		{"本接口的 OpenAPI 描述", "This interface as OpenAPI"}, NULL, read_openapi},
	{METHOD_GET, "/api/admin/verify", ACCESS_GATE, 0, BODY_NONE, 0,
		{"验证日志链", "Walk the chain of the journal"}, NULL, verify},
	{METHOD_GET, "/api/admin/check", ACCESS_GATE, 0, BODY_NONE, 0,
		{"重算派生数据并比较", "Recompute every derived thing and compare"}, NULL, check},
	{METHOD_POST, "/api/admin/backup", ACCESS_GATE, 0, BODY_NONE, 0,
		{"在服务器上做一份备份", "Make a backup on the server"}, NULL, backup},
	{METHOD_GET, "/api/admin/backups", ACCESS_GATE, 0, BODY_NONE, 0,
		{"服务器上的备份", "The backups on the server"}, NULL, list_backups},
	{METHOD_GET, "/api/admin/backups/{name}", ACCESS_GATE, 0, BODY_NONE, 0,
		{"下载一份备份", "Download a backup"}, backup_inputs, send_backup, "application/x-tar"},
	{METHOD_GET, "/api/admin/proofs", ACCESS_GATE, 0, BODY_NONE, 0,
		{"后台校验的进度和结果", "How far checks behind the answer are, and what they found"}, NULL, list_proofs},
	{METHOD_POST, "/api/admin/proofs", ACCESS_GATE, ROUTE_READS, BODY_JSON, 4096,
		{"在后台开始校验", "Start a check that runs behind the answer"}, proof_inputs, start_proof},
	{METHOD_PUT, "/api/admin/office", ACCESS_GATE, 0, BODY_JSON, 4096,
		{"单位名称：页眉、标题和打印件上用的", "What the office is called in headers, titles and prints"}, office_inputs, rename_office},
	{METHOD_GET, "/api/journal", ACCESS_GATE, 0, BODY_NONE, 0,
		{"全部日志，新的在前", "The whole journal, newest first"}, journal_inputs, read_journal},
	{METHOD_GET, "/metrics", ACCESS_OPEN, ROUTE_NO_SESSION, BODY_NONE, 0,
		{"监控指标", "Numbers for monitoring"}, NULL, read_metrics, "text/plain; version=0.0.4; charset=utf-8"},
	{METHOD_GET, "/healthz", ACCESS_OPEN, ROUTE_NO_SESSION | ROUTE_QUICK, BODY_NONE, 0,
		{"是否可用", "Ready to answer"}, NULL, read_health, "text/plain; charset=utf-8"},
	{0},
};
/* clang-format on */
