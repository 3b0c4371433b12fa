/* Signing in and out, and what belongs to oneself: password and API tokens. */
#include "app/accounts.h"
#include "app/session.h"
#include "web/reply.h"
#include "web/server.h"

enum { COOKIE_SECONDS = SESSION_DAYS * 24 * 3600 };

enum { IN_LOGIN, IN_PASSWORD, IN_LINK };
enum { IN_OLD, IN_NEW };
enum { IN_TOKEN };
enum { IN_ACCOUNT };

/* clang-format off */
static const struct input sign_in_inputs[] = {
	[IN_LOGIN]    = {"login", IN_BODY, INPUT_TEXT, false, 1, 100, {"登录名", "login name"}},
	[IN_PASSWORD] = {"password", IN_BODY, INPUT_TEXT, false, 1, 200, {"密码", "password"}},
	[IN_LINK]     = {"link", IN_BODY, INPUT_TEXT, false, 1, 100,
		{"一次性登录链接中的代码，代替账号和密码", "the code of a one-time link, instead of both"}},
	{0},
};

static const struct input password_inputs[] = {
	[IN_OLD] = {"old", IN_BODY, INPUT_TEXT, false, 1, 200, {"原密码；通过一次性链接登录时不需要", "the old one; not after a one-time link"}},
	[IN_NEW] = {"new", IN_BODY, INPUT_TEXT, true, 1, 200, {"新密码", "the new one"}},
	{0},
};

/* app reads them from the whole body */
static const struct input create_token_inputs[] = {
	{"name", IN_BODY, INPUT_TEXT, true, 1, 60, {"令牌名称", "what it is for"}},
	{"scope", IN_BODY, INPUT_TEXT, false, 1, 8, {"read 只读，all 与本人相同", "`read`, or `all`: what its owner may"}},
	{"expires", IN_BODY, INPUT_DAY, false, 0, 0, {"最后有效日", "its last day"}},
	{0},
};
static const struct input token_inputs[] = {
	[IN_TOKEN] = {"id", IN_PATH, INPUT_TEXT, true, 1, 64, {"令牌标识", "id of the token"}},
	{0},
};

static const struct input account_inputs[] = {
	[IN_ACCOUNT] = {"id", IN_PATH, INPUT_ID, true, 0, 0, {"账号标识", "id of the account"}},
	{0},
};
/* clang-format on */

static const char *cookie_text(const struct request *req, const char *secret, int seconds)
{
	return arena_printf(req->a, "guatu=%s; Path=/; Max-Age=%d; HttpOnly; SameSite=Strict%s", secret,
		seconds, req->secure ? "; Secure" : "");
}

static void read_session(struct request *req, struct reply *rep)
{
	session_json(req->app, req->person, req->csrf, &rep->body);
}

static void sign_in(struct request *req, struct reply *rep)
{
	const struct given *login = &req->given[IN_LOGIN], *password = &req->given[IN_PASSWORD],
					   *link = &req->given[IN_LINK];
	struct session session;
	struct person *person;
	struct err err = {0};
	int wait_seconds = 0;
	bool done;

	if (link->has == (login->has || password->has) || login->has != password->has) {
		err_set(&err, ERR_INPUT, "body", "give login and password, or a link");
		reply_err(req, rep, &err);
		return;
	}
	if (link->has)
		done = session_use_link(
			req->app, req->a, link->text, req->from, &session, &person, &wait_seconds, &err);
	else
		done = session_login(req->app, req->a, login->text, password->text, req->from, &session,
			&person, &wait_seconds, &err);
	if (!done) {
		reply_problem(req, rep, &(struct problem){.err = &err, .wait_seconds = wait_seconds});
		return;
	}
	reply_header(rep, "Set-Cookie", cookie_text(req, session.cookie, COOKIE_SECONDS));
	session_json(req->app, person, session.csrf, &rep->body);
}

static void sign_out(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (req->cookie && !session_end(req->app, req->cookie, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	reply_header(rep, "Set-Cookie", cookie_text(req, "", 0));
}

static void set_password(struct request *req, struct reply *rep)
{
	const struct given *old = &req->given[IN_OLD];
	struct err err = {0};

	if (!session_set_password(req->app, req->person, old->has ? old->text : NULL,
			req->given[IN_NEW].text, req->cookie, &err))
		reply_err(req, rep, &err);
}

static void list_tokens(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!session_tokens_json(req->app, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void create_token(struct request *req, struct reply *rep)
{
	struct err err = {0};

	rep->status = 201;
	if (!session_token_create(req->app, req->person, req->json, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void delete_token(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!session_token_delete(req->app, req->person, req->given[IN_TOKEN].text, &err))
		reply_err(req, rep, &err);
}

static void list_accounts(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_accounts_json(req->app, req->person, &rep->body, &err))
		reply_err(req, rep, &err);
}

static void unlock_account(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_account_unlock(req->app, req->person, req->given[IN_ACCOUNT].id, &err))
		reply_err(req, rep, &err);
}

static void reset_account(struct request *req, struct reply *rep)
{
	struct err err = {0};

	if (!app_account_reset(req->app, req->person, req->given[IN_ACCOUNT].id, &err))
		reply_err(req, rep, &err);
}

static void link_account(struct request *req, struct reply *rep)
{
	struct err err = {0};

	rep->status = 201;
	if (!app_account_link(req->app, req->person, req->given[IN_ACCOUNT].id, &rep->body, &err))
		reply_err(req, rep, &err);
}

/* clang-format off */
const struct route session_routes[] = {
	{METHOD_GET, "/api/session", ACCESS_OPEN, ROUTE_QUICK, BODY_NONE, 0,
		{"当前登录的人和本单位的信息", "Who is signed in, and what this office is"}, NULL, read_session},
	{METHOD_POST, "/api/session", ACCESS_OPEN, ROUTE_NO_CSRF, BODY_JSON, 4096,
		{"用密码或一次性链接登录", "Sign in with a password or a one-time link"}, sign_in_inputs, sign_in},
	{METHOD_DELETE, "/api/session", ACCESS_OWN, ROUTE_NO_PASSWORD, BODY_NONE, 0,
		{"退出登录", "Sign out"}, NULL, sign_out},
	{METHOD_POST, "/api/session/password", ACCESS_OWN, ROUTE_NO_PASSWORD, BODY_JSON, 4096,
		{"设置自己的密码", "Set one's own password"}, password_inputs, set_password},
	{METHOD_GET, "/api/tokens", ACCESS_OWN, 0, BODY_NONE, 0,
		{"自己的接口令牌", "One's own API tokens"}, NULL, list_tokens},
	{METHOD_POST, "/api/tokens", ACCESS_OWN, 0, BODY_JSON, 4096,
		{"新建接口令牌；令牌内容只显示这一次", "Make an API token; its secret is shown this once"}, create_token_inputs, create_token},
	{METHOD_DELETE, "/api/tokens/{id}", ACCESS_OWN, 0, BODY_NONE, 0,
		{"停用自己的一个令牌", "End one of one's own tokens"}, token_inputs, delete_token},
	{METHOD_GET, "/api/accounts", ACCESS_GATE, 0, BODY_NONE, 0,
		{"账号及其状态", "The accounts with their state"}, NULL, list_accounts},
	{METHOD_POST, "/api/accounts/{id}/unlock", ACCESS_GATE, 0, BODY_MAYBE, 4096,
		{"解除密码错误造成的锁定", "Forgive wrong passwords"}, account_inputs, unlock_account},
	{METHOD_POST, "/api/accounts/{id}/reset", ACCESS_GATE, 0, BODY_MAYBE, 4096,
		{"清除密码，结束其全部会话、链接和令牌", "Take the password away; end sessions, links and tokens"}, account_inputs, reset_account},
	{METHOD_POST, "/api/accounts/{id}/link", ACCESS_GATE, 0, BODY_MAYBE, 4096,
		{"发一个新的一次性登录链接，旧的作废；记入日志", "A new one-time sign-in link; older ones are void; journalled"}, account_inputs, link_account},
	{0},
};
/* clang-format on */
