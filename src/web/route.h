/*
 * Routes as tables. A row says everything about a route: method, path, who may call it, its inputs with types and
 * limits, how large a body may be, and one sentence for people. The router enforces the row before the handler runs;
 * OpenAPI, the access matrix and the tests walk the same rows. A handler reads its inputs, makes one app call, and
 * replies. If a handler needs an `if` about the business, that `if` belongs in app/.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include "app/app.h"
#include "app/person.h"
#include "app/submit.h"
#include "base/json.h"
#include "base/uuid.h"
#include "web/http.h"
#include "web/multipart.h"

struct reply;
struct metrics;
struct web_options;

enum access {
	ACCESS_OPEN, /* anybody */
	ACCESS_OWN,  /* whoever is signed in, about himself */
	ACCESS_GATE, /* signed in; may() in app decides on the object */
};

enum place { IN_PATH, IN_QUERY, IN_BODY };

enum input_type {
	INPUT_TEXT,   /* least..most characters */
	INPUT_INT,    /* least..most */
	INPUT_ID,     /* a uuid */
	INPUT_DAY,    /* 2026-03-31, handed on as text */
	INPUT_FLAG,   /* body: true/false */
	INPUT_OBJECT, /* body: a JSON object that app reads */
	INPUT_LIST,   /* body: a JSON array that app reads */
};

struct input {
	const char *name;
	enum place place;
	enum input_type type;
	bool required;
	int64_t least, most;
	struct label about;
};

enum body_kind {
	BODY_NONE,
	BODY_JSON, /* an object; members are the IN_BODY inputs when there are any, else app reads it whole */
	BODY_MAYBE, /* the same, or nothing */
	BODY_FILE,  /* multipart/form-data with one part `file` */
};

enum {
	/* answered on the event thread: never waits for a disk, a sort of everything, or a password. A past day is never
	 * quick, whatever the route: its board may have to be built */
	ROUTE_QUICK = 1,
	ROUTE_VERSION = 2,     /* needs If-Match */
	ROUTE_ONCE = 4,        /* heeds Idempotency-Key */
	ROUTE_NO_CSRF = 8,     /* there is no session yet; Origin is still checked */
	ROUTE_NO_SESSION = 16, /* does not look who asks; an Authorization header is its own business */
	ROUTE_NO_PASSWORD =
		32,            /* also for somebody who came by a one-time link and has no password yet */
	ROUTE_READS = 64,  /* no GET, and yet it changes nothing: also for a token that may only read */
	ROUTE_BASIC = 128, /* a program that knows only names and passwords may give a token as one */
};

#define ROUTE_INPUTS 12

/* One input as the router found it; what it holds is told by its type. */
struct given {
	bool has;
	int64_t i;
	const char *text;
	struct uuid id;
	const struct json *json;
};

struct request {
	struct app *app;
	struct metrics *metrics;
	const struct web_options *options;
	struct arena *a;    /* lives until the answer is sent */
	enum method method; /* GET also for HEAD */
	struct slice segments[LIMIT_HTTP_SEGMENTS];
	int nsegments;
	struct pairs headers, query;
	const char *from; /* the client's address */
	bool loopback, secure;
	enum lang lang;
	const struct route *route;
	struct person *person; /* NULL: nobody is signed in */
	const char *cookie;    /* NULL: none, or a token was used */
	const char *csrf;      /* of the session */
	struct given given[ROUTE_INPUTS];
	struct slice body;       /* as it came */
	const struct json *json; /* BODY_JSON: the object; BODY_MAYBE: or NULL */
	struct part file;        /* BODY_FILE */
	int64_t version;         /* ROUTE_VERSION */
	struct once once;        /* ROUTE_ONCE */
};

typedef void handler(struct request *req, struct reply *rep);

struct route {
	enum method method;
	const char
		*path; /* "/api/r/{register}/{id}"; the last part may end in a literal: {register}.xlsx */
	enum access access;
	unsigned flags;
	enum body_kind body;
	size_t body_bytes; /* 0: LIMIT_BODY_BYTES */
	struct label about;
	const struct input *inputs; /* ends with a row without name; NULL: none */
	handler *handler;
	const char *answer; /* media type of success; NULL: application/json */
};

/* The tables, one per resource; each ends with a row without path. */
extern const struct route session_routes[], register_routes[], record_routes[], wall_routes[],
	import_routes[], plan_routes[], admin_routes[];

int route_count(void);
const struct route *route_at(int i);
int route_index(const struct route *route);

/* Finds the route of req->method and req->segments. False: *allow has the methods of the other routes at this path, or ""
 * when there is none. */
bool route_find(const struct request *req, const struct route **out, struct str *allow);

/* Before the body: route, session, CSRF, version, declared length. False: *rep is the answer. */
bool router_admit(struct request *req, const struct framing *framing, struct reply *rep);
/* With the body: inputs, then the handler. */
void router_run(struct request *req, struct reply *rep);
size_t route_body_limit(const struct route *route);

#endif
