/* From a parsed message to a handler and back. Everything a route's row promises is enforced here, so that handlers hold no
 * checks. The order of refusals: no such route, wrong method, too large, wrong site, nobody signed in, no CSRF token,
 * no version; then, with the body there, its inputs. */
#include <pthread.h>

#include "app/session.h"
#include "base/num.h"
#include "base/utf8.h"
#include "web/reply.h"
#include "web/route.h"

#define MAX_ROUTES 128

struct pattern {
	const struct route *route;
	struct slice segments[LIMIT_HTTP_SEGMENTS];
	int n;
};

static struct pattern patterns[MAX_ROUTES];
static int npatterns;
static pthread_once_t patterns_once = PTHREAD_ONCE_INIT;

static void add_table(const struct route *table)
{
	for (; table->path; table++) {
		assert(npatterns < MAX_ROUTES);
		struct pattern *p = &patterns[npatterns++];
		p->route = table;
		const char *at = table->path + 1;
		for (;;) {
			const char *end = strchr(at, '/');
			p->segments[p->n++] = (struct slice){at, end ? (size_t)(end - at) : strlen(at)};
			if (!end)
				break;
			at = end + 1;
		}
	}
}

static void add_tables(void)
{
	add_table(session_routes);
	add_table(wall_routes);
	add_table(record_routes);
	add_table(register_routes);
	add_table(import_routes);
	add_table(plan_routes);
	add_table(admin_routes);
}

int route_count(void)
{
	pthread_once(&patterns_once, add_tables);
	return npatterns;
}

const struct route *route_at(int i)
{
	assert(i >= 0 && i < route_count());
	return patterns[i].route;
}

int route_index(const struct route *route)
{
	for (int i = 0; i < route_count(); i++)
		if (patterns[i].route == route)
			return i;
	return -1;
}

size_t route_body_limit(const struct route *route)
{
	if (route->body == BODY_NONE)
		return 0;
	if (route->body_bytes)
		return route->body_bytes;
	return route->body == BODY_FILE ? LIMIT_UPLOAD_BYTES : LIMIT_BODY_BYTES;
}

/* "{register}.xlsx" against "project.xlsx": *value is what the name stands for. A literal has no value. */
static bool match_segment(
	struct slice pattern, struct slice given, struct slice *name, struct slice *value)
{
	*name = (struct slice){NULL, 0};
	if (pattern.n == 0 || pattern.s[0] != '{')
		return slice_equal(pattern, given);
	const char *close = memchr(pattern.s, '}', pattern.n);
	size_t head = (size_t)(close - pattern.s) + 1;
	struct slice tail = {pattern.s + head, pattern.n - head};
	if (given.n <= tail.n || memcmp(given.s + given.n - tail.n, tail.s, tail.n) != 0)
		return false;
	*name = (struct slice){pattern.s + 1, head - 2};
	*value = (struct slice){given.s, given.n - tail.n};
	return true;
}

static bool match_path(const struct pattern *p, const struct request *req)
{
	struct slice name, value;

	if (p->n != req->nsegments)
		return false;
	for (int i = 0; i < p->n; i++)
		if (!match_segment(p->segments[i], req->segments[i], &name, &value))
			return false;
	return true;
}

bool route_find(const struct request *req, const struct route **out, struct str *allow)
{
	int n = route_count();

	for (int i = 0; i < n; i++) {
		if (!match_path(&patterns[i], req))
			continue;
		enum method method = patterns[i].route->method;
		if (method == req->method) {
			*out = patterns[i].route;
			return true;
		}
		str_printf(allow, "%s%s", allow->n ? ", " : "",
			method == METHOD_GET ? "GET, HEAD" : http_method_name(method));
	}
	return false;
}

static void reply_no_route(struct request *req, struct reply *rep, struct str *allow)
{
	struct err err = {0};

	if (allow->n == 0) {
		err_set(&err, ERR_MISSING, "URL", "there is nothing at this address");
		reply_err(req, rep, &err);
		return;
	}
	err_set(&err, ERR_INPUT, "method", "this address does not take that method");
	reply_status(req, rep, 405, &err);
	reply_header(rep, "Allow", arena_text(req->a, str_view(allow)));
}

/* A page of another site must not make a browser act here, whatever cookies it holds. */
static bool check_site(const struct request *req, struct err *err)
{
	struct slice origin = http_header(req->headers, "Origin");
	struct slice site = http_header(req->headers, "Sec-Fetch-Site");

	if (http_given(origin) && !http_same_origin(origin, http_header(req->headers, "Host")))
		return err_set(err, ERR_DENIED, "Origin", "the request comes from another site");
	if (http_given(site) && !slice_is(site, "same-origin") && !slice_is(site, "none"))
		return err_set(err, ERR_DENIED, "Sec-Fetch-Site", "the request comes from another site");
	return true;
}

static bool find_person(struct request *req, struct err *err)
{
	struct slice authorization = http_header(req->headers, "Authorization");
	struct slice cookie = http_cookie(http_header(req->headers, "Cookie"), "guatu");
	struct err why = {0};

	if (http_given(authorization)) {
		struct slice token = http_bearer(authorization);
		if (!http_given(token) && (req->route->flags & ROUTE_BASIC))
			token = http_basic_password(req->a, authorization);
		if (!http_given(token))
			return err_set(err, ERR_LOGIN, "Authorization", "only \"Bearer\" is understood");
		return session_token_person(
			req->app, req->a, arena_text(req->a, token), req->lang, &req->person, err);
	}
	if (!http_given(cookie) || cookie.n >= SESSION_SECRET_TEXT)
		return true;
	char *csrf = arena_alloc(req->a, SESSION_SECRET_TEXT);
	char *text = arena_text(req->a, cookie);
	if (session_person(req->app, req->a, text, req->lang, &req->person, csrf, &why)) {
		req->cookie = text;
		req->csrf = csrf;
		return true;
	}
	req->person = NULL;
	if (why.code == ERR_LOGIN)
		return true;
	*err = why;
	return false;
}

static bool admit_person(struct request *req, struct err *err)
{
	const struct route *route = req->route;
	bool changes = !http_safe(route->method);

	if (changes && !check_site(req, err))
		return false;
	if (!(route->flags & ROUTE_NO_SESSION) && !find_person(req, err))
		return false;
	if (route->access != ACCESS_OPEN && !req->person)
		return err_set(err, ERR_LOGIN, NULL, "nobody is signed in");
	if (route->access != ACCESS_OPEN && req->person->must_set_password &&
		!(route->flags & ROUTE_NO_PASSWORD))
		return err_set(err, ERR_DENIED, NULL, "set a password first");
	if (changes && req->person && req->person->read_only && !(route->flags & ROUTE_READS))
		return err_set(err, ERR_DENIED, NULL, "this token may only read");
	if (changes && req->cookie && !(route->flags & ROUTE_NO_CSRF) &&
		!http_same_secret(http_header(req->headers, "X-CSRF-Token"), req->csrf))
		return err_set(
			err, ERR_DENIED, "X-CSRF-Token", "the token of the session is missing or wrong");
	return true;
}

static bool admit_headers(struct request *req, struct reply *rep)
{
	struct err err = {0};
	struct slice match = http_header(req->headers, "If-Match");
	struct slice key = http_header(req->headers, "Idempotency-Key");

	if (req->route->flags & ROUTE_VERSION) {
		if (!http_given(match)) {
			err_set(&err, ERR_INPUT, "If-Match", "the version you saw is needed");
			reply_status(req, rep, 428, &err);
			return false;
		}
		if (!http_version_tag(match, &req->version) || req->version < 1) {
			err_set(&err, ERR_INPUT, "If-Match", "this is not a version like \"7\"");
			reply_err(req, rep, &err);
			return false;
		}
	}
	if ((req->route->flags & ROUTE_ONCE) && http_given(key)) {
		if (key.n == 0 || key.n > 64) {
			err_set(&err, ERR_INPUT, "Idempotency-Key", "this must have 1 to 64 characters");
			reply_err(req, rep, &err);
			return false;
		}
		req->once.key = key;
	}
	return true;
}

bool router_admit(struct request *req, const struct framing *framing, struct reply *rep)
{
	struct str allow = STR_INIT;
	struct err err = {0};
	bool found = route_find(req, &req->route, &allow);

	if (!found)
		reply_no_route(req, rep, &allow);
	str_free(&allow);
	if (!found)
		return false;
	size_t limit = route_body_limit(req->route);
	if (framing->body_bytes > (int64_t)limit) {
		err_set(&err, ERR_LIMIT, "body", "%lld bytes, but at most %zu are taken here",
			(long long)framing->body_bytes, limit);
		reply_err(req, rep, &err);
		return false;
	}
	if (!admit_person(req, &err)) {
		reply_err(req, rep, &err);
		if (err.code == ERR_LOGIN && (req->route->flags & ROUTE_BASIC))
			reply_header(rep, "WWW-Authenticate", "Basic realm=\"guatu\", charset=\"UTF-8\"");
		return false;
	}
	return admit_headers(req, rep);
}

/* ---- inputs ---- */

static bool check_bounds(const struct input *in, int64_t i, struct err *err)
{
	if (i >= in->least && i <= in->most)
		return true;
	return err_set(err, ERR_INPUT, in->name, "must be from %lld to %lld", (long long)in->least,
		(long long)in->most);
}

static bool take_text(struct request *req, const struct input *in, struct slice text,
	struct given *out, struct err *err)
{
	struct date day;

	out->text = arena_text(req->a, text);
	switch (in->type) {
	case INPUT_TEXT: {
		int64_t n = (int64_t)utf8_length(text);
		if (n < in->least)
			return err_set(err, ERR_INPUT, in->name, "must have at least %lld characters",
				(long long)in->least);
		if (n > in->most)
			return err_set(
				err, ERR_INPUT, in->name, "longer than %lld characters", (long long)in->most);
		return true;
	}
	case INPUT_INT:
		return num_int(text, &out->i)
			? check_bounds(in, out->i, err)
			: err_set(err, ERR_INPUT, in->name, "\"%s\" is not a whole number", out->text);
	case INPUT_ID:
		if (!uuid_parse(text, &out->id))
			return err_set(err, ERR_INPUT, in->name, "\"%s\" is not an id", out->text);
		return true;
	case INPUT_DAY:
		if (!date_parse_iso(text, &day))
			return err_set(
				err, ERR_INPUT, in->name, "\"%s\" is not a date like 2026-03-31", out->text);
		return true;
	case INPUT_FLAG:
	case INPUT_OBJECT:
	case INPUT_LIST: break;
	}
	return err_set(err, ERR_INPUT, in->name, "cannot be given as text");
}

static const struct input *find_input(
	const struct route *route, enum place place, struct slice name, int *index)
{
	for (int i = 0; route->inputs && route->inputs[i].name; i++)
		if (route->inputs[i].place == place && slice_is(name, route->inputs[i].name)) {
			*index = i;
			return &route->inputs[i];
		}
	return NULL;
}

static bool take_path(struct request *req, struct err *err)
{
	const struct pattern *p = &patterns[route_index(req->route)];
	struct slice name, value;
	int index = 0;

	for (int i = 0; i < p->n; i++) {
		if (!match_segment(p->segments[i], req->segments[i], &name, &value) || !name.s)
			continue;
		const struct input *in = find_input(req->route, IN_PATH, name, &index);
		assert(in);
		/* an address with a malformed id names nothing */
		if (!take_text(req, in, value, &req->given[index], err)) {
			err->code = ERR_MISSING;
			return false;
		}
		req->given[index].has = true;
	}
	return true;
}

static bool take_query(struct request *req, struct err *err)
{
	int index = 0;

	for (int i = 0; i < req->query.n; i++) {
		struct pair p = req->query.items[i];
		const struct input *in = find_input(req->route, IN_QUERY, p.name, &index);
		if (!in)
			return err_set(err, ERR_INPUT, arena_text(req->a, utf8_cut(p.name, 100)),
				"there is no such parameter here");
		if (p.value.n == 0 && !in->required) /* ?as_of= is the same as leaving it out */
			continue;
		if (!take_text(req, in, p.value, &req->given[index], err))
			return false;
		req->given[index].has = true;
	}
	return true;
}

static bool take_member(struct request *req, const struct input *in, const struct json *value,
	struct given *out, struct err *err)
{
	out->json = value;
	if (in->type == INPUT_FLAG) {
		if (value->type != JSON_IS_TRUE && value->type != JSON_IS_FALSE)
			return err_set(err, ERR_INPUT, in->name, "must be true or false");
		out->i = value->type == JSON_IS_TRUE;
		return true;
	}
	if (in->type == INPUT_OBJECT)
		return value->type == JSON_IS_OBJECT ||
			err_set(err, ERR_INPUT, in->name, "must be an object");
	if (in->type == INPUT_LIST)
		return value->type == JSON_IS_ARRAY || err_set(err, ERR_INPUT, in->name, "must be a list");
	if (in->type == INPUT_INT) {
		if (value->type != JSON_IS_INT)
			return err_set(err, ERR_INPUT, in->name, "must be a whole number");
		out->i = value->i;
		return check_bounds(in, out->i, err);
	}
	if (value->type != JSON_IS_TEXT)
		return err_set(err, ERR_INPUT, in->name, "must be text");
	return take_text(req, in, value->text, out, err);
}

static bool has_members(const struct route *route)
{
	for (int i = 0; route->inputs && route->inputs[i].name; i++)
		if (route->inputs[i].place == IN_BODY)
			return true;
	return false;
}

static bool take_members(struct request *req, struct err *err)
{
	int index = 0;

	if (!req->json || !has_members(req->route))
		return true;
	for (int i = 0; i < req->json->nmembers; i++) {
		const struct json_member *m = &req->json->members[i];
		const struct input *in = find_input(req->route, IN_BODY, m->key, &index);
		if (!in)
			return err_set(err, ERR_INPUT, arena_text(req->a, utf8_cut(m->key, 100)),
				"there is no such member here");
		if (json_absent(&m->value) && !in->required)
			continue;
		if (!take_member(req, in, &m->value, &req->given[index], err))
			return false;
		req->given[index].has = true;
	}
	return true;
}

static bool take_required(const struct request *req, struct err *err)
{
	for (int i = 0; req->route->inputs && req->route->inputs[i].name; i++)
		if (req->route->inputs[i].required && !req->given[i].has)
			return err_set(err, ERR_INPUT, req->route->inputs[i].name, "this is needed");
	return true;
}

static bool take_json(struct request *req, struct err *err)
{
	if (!json_parse(req->a, req->body, "body", &req->json, err))
		return false;
	if (req->json->type != JSON_IS_OBJECT)
		return err_set(err, ERR_INPUT, "body", "must be a JSON object");
	return true;
}

static bool take_file(struct request *req, struct err *err)
{
	struct part *parts;
	int n, files = 0;

	if (!multipart_parse(
			req->a, http_header(req->headers, "Content-Type"), req->body, &parts, &n, err))
		return false;
	for (int i = 0; i < n; i++) {
		if (!slice_is(parts[i].name, "file"))
			return err_set(err, ERR_INPUT, arena_text(req->a, utf8_cut(parts[i].name, 100)),
				"only the part \"file\" is taken");
		req->file = parts[i];
		files++;
	}
	if (files != 1 || !req->file.filename.s)
		return err_set(err, ERR_INPUT, "file", "exactly one file is needed");
	return true;
}

/* False: the media type is not what the route takes. */
static bool right_type(const struct request *req)
{
	struct slice type = http_header(req->headers, "Content-Type");

	if (req->route->body == BODY_FILE)
		return http_is_type(type, "multipart/form-data");
	return http_is_type(type, "application/json");
}

static bool take_body(struct request *req, struct err *err)
{
	switch (req->route->body) {
	case BODY_NONE: return true;
	case BODY_MAYBE:
		if (req->body.n == 0)
			return true;
		return take_json(req, err);
	case BODY_JSON: return take_json(req, err);
	case BODY_FILE: return take_file(req, err);
	}
	return true;
}

void router_run(struct request *req, struct reply *rep)
{
	struct err err = {0};
	bool has_body =
		req->route->body != BODY_NONE && (req->body.n || req->route->body != BODY_MAYBE);

	if (has_body && !right_type(req)) {
		err_set(&err, ERR_INPUT, "Content-Type", "this must be %s",
			req->route->body == BODY_FILE ? "multipart/form-data" : "application/json");
		reply_status(req, rep, 415, &err);
		return;
	}
	req->once.body = req->body;
	if (!take_path(req, &err) || !take_query(req, &err) || !take_body(req, &err) ||
		!take_members(req, &err) || !take_required(req, &err)) {
		reply_err(req, rep, &err);
		return;
	}
	req->route->handler(req, rep);
	if (rep->status == 0)
		rep->status = rep->body.n || rep->fixed.n || rep->file >= 0 || rep->stream ? 200 : 204;
}
