/* Looking after the program: proofs, backups, monitoring, and the description of this interface. */
#include "app/admin.h"
#include "app/app.h"
#include "base/os.h"
#include "web/metrics.h"
#include "web/openapi.h"
#include "web/reply.h"
#include "web/server.h"

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
	{METHOD_GET, "/metrics", ACCESS_OPEN, ROUTE_NO_SESSION, BODY_NONE, 0,
		{"监控指标", "Numbers for monitoring"}, NULL, read_metrics, "text/plain; version=0.0.4; charset=utf-8"},
	{METHOD_GET, "/healthz", ACCESS_OPEN, ROUTE_NO_SESSION | ROUTE_QUICK, BODY_NONE, 0,
		{"是否可用", "Ready to answer"}, NULL, read_health, "text/plain; charset=utf-8"},
	{0},
};
/* clang-format on */
