/*
 * The one door to libmicrohttpd. Its event threads hand every request through the same stages:
 *
 *	URI line      an exchange is made, with an arena
 *	headers       checked, routed, admitted (session, CSRF, limits), before a byte of the body is taken
 *	body          collected (body.h), in memory or spooled to an unlinked file when it is an upload
 *	run           here when the route is quick, else on a worker while the connection is suspended
 *	answer        made into a response
 *
 * What the library forgives and we do not: see check_layout() and http_check_headers(). A refused
 * request with a body either has that body swallowed, if it is small, or the connection is closed after the answer.
 */
#include "web/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/log.h"
#include "base/os.h"
#include "web/assets.h"
#include "web/body.h"
#include "web/listen.h"
#include "web/metrics.h"
#include "web/reply.h"
#include "web/route.h"
#include "web/sse.h"
#include "web/worker.h"

enum {
	POOL_BYTES = 12 * 1024,      /* of a connection: request line and headers must fit */
	SWALLOW_BYTES = 1024 * 1024, /* of a refused body, to keep the connection */
	PING_SECONDS = 15,
	STOP_SECONDS = 5, /* for answers on their way when the server stops */
};

enum stage { STAGE_HEADERS, STAGE_BODY, STAGE_RUN, STAGE_READY };

struct exchange {
	struct web *web;
	struct MHD_Connection *connection;
	struct arena *arena;
	enum stage stage;
	bool answered;   /* the reply stands already, whatever the body is */
	int64_t swallow; /* bytes of the body still read then, so that the client hears the answer */
	bool last;       /* the server is stopping: the connection ends with this answer */
	struct slice target;
	const char *after_target; /* where the library's copy of it ends */
	enum method method;
	struct framing framing;
	struct request req;
	struct reply rep;
	unsigned encodings;
	struct body body;
	int64_t started_us;
	struct exchange *next, *before; /* open streams */
};

struct web {
	struct app *app;
	struct web_options options;
	struct MHD_Daemon *daemon;
	struct workers *workers;
	struct metrics *metrics;
	int port;
	pthread_mutex_t lock; /* of streams, exchanges and stopping */
	pthread_cond_t changed;
	struct exchange *streams;
	int exchanges;
	bool stopping;
	pthread_t pinger;
};

/* ---- the request ---- */

struct collected {
	struct pair *items;
	int n, room;
};

static enum MHD_Result collect(void *self, enum MHD_ValueKind kind, const char *key, size_t key_n,
	const char *value, size_t value_n)
{
	struct collected *c = self;

	if (c->n == c->room)
		return MHD_NO;
	c->items[c->n++] = (struct pair){{key, key_n}, {value ? value : "", value ? value_n : 0}};
	return MHD_YES;
}

/*
 * The library cuts a header at a NUL, joins folded lines and takes a bare LF for a line end, all without telling. But it
 * parses in place and puts two zero bytes where CR LF stood; so each header must begin right after the line end of the one
 * before. Where there is a gap, something was hidden.
 */
static bool check_layout(
	const char *after_target, const char *version, struct pairs headers, struct err *err)
{
#if MHD_VERSION < 0x00097700
	const char *expected = version + strlen(version) + 2;

	if (version != after_target + 1)
		return err_set(err, ERR_INPUT, "URL", "the address holds a zero byte");
	for (int i = 0; i < headers.n; i++) {
		const struct pair *h = &headers.items[i];
		const char *end = h->value.s + h->value.n;
		if (h->name.s != expected || end[0] || end[1])
			return err_set(err, ERR_INPUT, "headers",
				"a header is folded, holds a zero byte, or ends without CR LF");
		expected = end + 2;
	}
#else
	(void)after_target, (void)version, (void)headers,
		(void)err; /* later versions refuse these themselves */
#endif
	return true;
}

static bool read_headers(struct exchange *ex, const char *version, struct err *err)
{
	int n = MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, NULL, NULL);
	struct collected c = {.room = n <= LIMIT_HTTP_HEADERS ? n : LIMIT_HTTP_HEADERS + 1};

	c.items = ARENA_ARRAY(ex->arena, struct pair, (size_t)c.room);
	MHD_get_connection_values_n(ex->connection, MHD_HEADER_KIND, collect, &c);
	ex->req.headers = (struct pairs){c.items, c.n};
	ex->req.lang = http_language(http_header(ex->req.headers, "Accept-Language"));
	ex->encodings = http_encodings(http_header(ex->req.headers, "Accept-Encoding"));
	return http_check_headers(
			   ex->req.headers, strcmp(version, "HTTP/1.0") != 0, &ex->framing, err) &&
		check_layout(ex->after_target, version, ex->req.headers, err);
}

static void read_address(struct exchange *ex)
{
	const union MHD_ConnectionInfo *info =
		MHD_get_connection_info(ex->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
	char *text = arena_alloc(ex->arena, INET6_ADDRSTRLEN);
	const struct sockaddr *peer = info ? info->client_addr : NULL;

	if (peer && peer->sa_family == AF_INET) {
		const struct sockaddr_in *in = (const struct sockaddr_in *)(const void *)peer;
		inet_ntop(AF_INET, &in->sin_addr, text, INET6_ADDRSTRLEN);
		ex->req.loopback = (ntohl(in->sin_addr.s_addr) >> 24) == 127;
	} else if (peer && peer->sa_family == AF_INET6) {
		const struct sockaddr_in6 *in = (const struct sockaddr_in6 *)(const void *)peer;
		inet_ntop(AF_INET6, &in->sin6_addr, text, INET6_ADDRSTRLEN);
		ex->req.loopback =
			IN6_IS_ADDR_LOOPBACK(&in->sin6_addr) || strncmp(text, "::ffff:127.", 11) == 0;
	}
	ex->req.from = text;
	/* our own proxy tells who really asks, as the last address it appended */
	struct slice forwarded = http_header(ex->req.headers, "X-Forwarded-For");
	if (ex->web->options.behind_https && ex->req.loopback && forwarded.n) {
		size_t start = forwarded.n;
		while (start > 0 && forwarded.s[start - 1] != ',' && forwarded.s[start - 1] != ' ')
			start--;
		if (forwarded.n - start <= 45)
			ex->req.from =
				arena_text(ex->arena, (struct slice){forwarded.s + start, forwarded.n - start});
	}
}

static bool is_api(const struct request *req)
{
	return slice_is(req->segments[0], "api") || slice_is(req->segments[0], "metrics") ||
		slice_is(req->segments[0], "healthz");
}

static void refuse(struct exchange *ex, int status, const struct err *err)
{
	reply_status(&ex->req, &ex->rep, status, err);
	ex->rep.close = true;
	ex->answered = true;
}

/* Everything that the headers decide. */
static void begin(struct exchange *ex, const char *method, const char *version)
{
	struct request *req = &ex->req;
	struct slice query;
	struct err err = {0};

	ex->started_us = os_monotonic_us();
	ex->method = http_method(method);
	req->app = ex->web->app;
	req->a = ex->arena;
	req->metrics = ex->web->metrics;
	req->options = &ex->web->options;
	req->secure = ex->web->options.certificate || ex->web->options.behind_https;
	req->method = ex->method == METHOD_HEAD ? METHOD_GET : ex->method;
	if (!read_headers(ex, version, &err)) {
		refuse(ex, err.code == ERR_LIMIT ? 431 : 400, &err);
		return;
	}
	if (!http_split_target(ex->arena, ex->target, req->segments, &req->nsegments, &query, &err) ||
		!http_parse_query(ex->arena, query, &req->query, &err)) {
		refuse(ex, err.code == ERR_LIMIT ? 414 : 400, &err);
		return;
	}
	read_address(ex);
	if (!is_api(req) && req->method == METHOD_GET) {
		assets_reply(req, &ex->rep);
		ex->answered = true;
	} else if (!router_admit(req, &ex->framing, &ex->rep)) {
		ex->answered = true;
	} else if (req->route->body == BODY_FILE) {
		ex->body.folder = req->options->spool ? req->options->spool : "/tmp";
	}
}

/* ---- the body ---- */

static bool store_body(struct exchange *ex, const char *bytes, size_t n, struct err *err)
{
	int64_t limit = (int64_t)route_body_limit(ex->req.route);

	if (ex->body.bytes + (int64_t)n > limit)
		return err_set(err, ERR_LIMIT, "body", "more than the %lld bytes that are taken here",
			(long long)limit);
	return body_add(&ex->body, bytes, n, err);
}

/* False: the connection has to go. */
static bool take_body(struct exchange *ex, const char *bytes, size_t n)
{
	struct err err = {0};

	if (ex->answered) {
		ex->swallow -= (int64_t)n;
		return ex->swallow >= 0;
	}
	if (!store_body(ex, bytes, n, &err)) {
		reply_err(&ex->req, &ex->rep, &err);
		ex->answered = true;
		/* what was to be taken is no attack; what is past a limit may be */
		if (err.code != ERR_LIMIT)
			ex->swallow += (int64_t)route_body_limit(ex->req.route);
	}
	return true;
}

/* ---- the answer ---- */

static void park(void *connection)
{
	MHD_suspend_connection(connection);
}

static void wake(void *connection)
{
	MHD_resume_connection(connection);
}

static const struct stream_door door = {park, wake};

static ssize_t read_stream(void *self, uint64_t position, char *to, size_t room)
{
	struct exchange *ex = self;
	long n = stream_read(ex->rep.stream, to, room);

	return n < 0 ? MHD_CONTENT_READER_END_OF_STREAM : (ssize_t)n;
}

static struct MHD_Response *make_response(struct exchange *ex)
{
	struct reply *rep = &ex->rep;

	if (rep->stream) {
		stream_attach(rep->stream, &door, ex->connection);
		return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, 1024, read_stream, ex, NULL);
	}
	if (rep->file >= 0) {
		struct MHD_Response *response =
			MHD_create_response_from_fd64((uint64_t)rep->file_bytes, rep->file);
		if (response)
			rep->file = -1; /* the library closes it */
		return response;
	}
	if (rep->fixed.s)
		return MHD_create_response_from_buffer(
			rep->fixed.n, (void *)(uintptr_t)rep->fixed.s, MHD_RESPMEM_PERSISTENT);
	size_t n = rep->body.n;
	if (n == 0)
		return MHD_create_response_from_buffer(0, (void *)(uintptr_t) "", MHD_RESPMEM_PERSISTENT);
	return MHD_create_response_from_buffer(n, str_take(&rep->body), MHD_RESPMEM_MUST_FREE);
}

static bool has_header(const struct reply *rep, const char *name)
{
	for (int i = 0; i < rep->nheaders; i++)
		if (strcmp(rep->headers[i].name, name) == 0)
			return true;
	return false;
}

static void add_headers(const struct reply *rep, bool last, struct MHD_Response *response)
{
	for (int i = 0; i < rep->nheaders; i++)
		MHD_add_response_header(response, rep->headers[i].name, rep->headers[i].value);
	if (rep->status != 204 && rep->status != 304)
		MHD_add_response_header(
			response, "Content-Type", rep->type ? rep->type : "application/json");
	if (!has_header(rep, "Cache-Control"))
		MHD_add_response_header(response, "Cache-Control", "no-store");
	if (!has_header(rep, "Content-Security-Policy"))
		MHD_add_response_header(
			response, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
	MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
	MHD_add_response_header(response, "Referrer-Policy", "same-origin");
	MHD_add_response_header(response, "Cross-Origin-Resource-Policy", "same-origin");
	if (rep->close || last)
		MHD_add_response_header(response, "Connection", "close");
}

static void add_stream(struct exchange *ex)
{
	struct web *web = ex->web;

	pthread_mutex_lock(&web->lock);
	ex->next = web->streams;
	if (ex->next)
		ex->next->before = ex;
	web->streams = ex;
	if (web->stopping)
		stream_stop(ex->rep.stream);
	pthread_mutex_unlock(&web->lock);
}

static enum MHD_Result send_answer(struct exchange *ex)
{
	struct reply *rep = &ex->rep;
	int64_t us = os_monotonic_us() - ex->started_us;
	struct MHD_Response *response = make_response(ex);

	if (!response)
		return MHD_NO;
	add_headers(rep, ex->last, response);
	if (rep->stream)
		add_stream(ex);
	metrics_count(
		ex->web->metrics, ex->req.route ? route_index(ex->req.route) : -1, rep->status, us);
	if (ex->web->options.log_requests)
		log_line(LOG_LEVEL_INFO, "%s %.*s %d %lld us %s", http_method_name(ex->method),
			(int)ex->target.n, ex->target.s, rep->status, (long long)us,
			ex->req.from ? ex->req.from : "-");
	enum MHD_Result result = MHD_queue_response(ex->connection, (unsigned)rep->status, response);
	MHD_destroy_response(response);
	return result;
}

/* ---- stages ---- */

static void run(struct exchange *ex)
{
	struct err err = {0};

	if (!body_read(&ex->body, &ex->req.body, &err))
		reply_err(&ex->req, &ex->rep, &err);
	else
		router_run(&ex->req, &ex->rep);
	reply_pack(&ex->rep, ex->encodings);
}

static void do_job(void *job)
{
	struct exchange *ex = job;

	metrics_waiting(ex->web->metrics, -1);
	run(ex);
	ex->stage = STAGE_READY;
	MHD_resume_connection(ex->connection);
}

static bool is_quick(const struct request *req)
{
	for (int i = 0; i < req->query.n; i++)
		if (slice_is(req->query.items[i].name, "as_of"))
			return false;
	return req->route->flags & ROUTE_QUICK;
}

static enum MHD_Result start(struct exchange *ex)
{
	if (ex->answered)
		return send_answer(ex);
	/* while the server stops, the workers may be gone: what still comes is done here */
	if (is_quick(&ex->req) || ex->last) {
		run(ex);
		return send_answer(ex);
	}
	ex->stage = STAGE_RUN;
	MHD_suspend_connection(ex->connection);
	metrics_waiting(ex->web->metrics, +1);
	if (!workers_add(ex->web->workers, ex)) {
		struct err err = {0};
		metrics_waiting(ex->web->metrics, -1);
		err_set(&err, ERR_BUSY, NULL, "the server is stopping, or %d requests wait already",
			LIMIT_WORK_QUEUE);
		reply_err(&ex->req, &ex->rep, &err);
		ex->stage = STAGE_READY;
		MHD_resume_connection(ex->connection);
	}
	return MHD_YES;
}

static enum MHD_Result answer(void *self, struct MHD_Connection *connection, const char *url,
	const char *method, const char *version, const char *bytes, size_t *n, void **context)
{
	struct exchange *ex = *context;

	switch (ex->stage) {
	case STAGE_HEADERS:
		begin(ex, method, version);
		ex->stage = STAGE_BODY;
		/* what says too much, or says it wrongly, is not listened to */
		if (ex->answered && (ex->rep.close || ex->framing.body_bytes > SWALLOW_BYTES)) {
			ex->rep.close = true;
			return send_answer(ex);
		}
		return MHD_YES; /* answered at this point already, the library would close the connection */
	case STAGE_BODY:
		if (*n == 0)
			return start(ex);
		if (!take_body(ex, bytes, *n))
			return MHD_NO;
		*n = 0;
		return MHD_YES;
	case STAGE_RUN: return MHD_YES;
	case STAGE_READY: return send_answer(ex);
	}
	return MHD_NO;
}

static void *open_exchange(void *self, const char *uri, struct MHD_Connection *connection)
{
	struct web *web = self;
	struct arena *a = arena_open();
	struct exchange *ex = ARENA_NEW(a, struct exchange);

	ex->web = web;
	ex->connection = connection;
	ex->swallow = SWALLOW_BYTES;
	ex->arena = a;
	ex->body = BODY_INIT;
	ex->rep = REPLY_INIT;
	ex->target = slice_of(arena_strdup(a, uri)); /* the library decodes its own copy in place */
	ex->after_target = uri + ex->target.n;
	pthread_mutex_lock(&web->lock);
	web->exchanges++;
	ex->last = web->stopping;
	pthread_mutex_unlock(&web->lock);
	return ex;
}

static void close_exchange(void *self, struct MHD_Connection *connection, void **context,
	enum MHD_RequestTerminationCode code)
{
	struct exchange *ex = *context;
	struct web *web = self;

	if (!ex)
		return;
	*context = NULL;
	pthread_mutex_lock(&web->lock);
	if (ex->before)
		ex->before->next = ex->next;
	else if (web->streams == ex)
		web->streams = ex->next;
	if (ex->next)
		ex->next->before = ex->before;
	pthread_mutex_unlock(&web->lock);
	stream_close(ex->rep.stream);
	reply_free(&ex->rep);
	body_free(&ex->body);
	arena_close(ex->arena);
	pthread_mutex_lock(&web->lock);
	web->exchanges--;
	pthread_cond_broadcast(&web->changed);
	pthread_mutex_unlock(&web->lock);
}

/* ---- start and stop ---- */

static struct timespec after_seconds(int seconds)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += seconds;
	return t;
}

/* Comments keep proxies from closing quiet streams, and find peers that are gone. */
static void *ping_streams(void *self)
{
	struct web *web = self;

	pthread_mutex_lock(&web->lock);
	while (!web->stopping) {
		struct timespec until = after_seconds(PING_SECONDS);
		while (!web->stopping &&
			pthread_cond_timedwait(&web->changed, &web->lock, &until) != ETIMEDOUT)
			;
		for (struct exchange *ex = web->streams; ex && !web->stopping; ex = ex->next)
			stream_ping(ex->rep.stream);
	}
	pthread_mutex_unlock(&web->lock);
	return NULL;
}

static bool read_pem(struct arena *a, const struct web_options *options, const char **certificate,
	const char **key, struct err *err)
{
	struct slice text;

	if (!options->certificate != !options->key)
		return err_set(
			err, ERR_INPUT, NULL, "a certificate needs its key, and a key its certificate");
	if (!options->certificate)
		return true;
	if (MHD_is_feature_supported(MHD_FEATURE_TLS) != MHD_YES)
		return err_set(err, ERR_SYSTEM, NULL, "this libmicrohttpd was built without TLS");
	if (!os_read_file(a, options->certificate, LIMIT_BODY_BYTES, &text, err))
		return false;
	*certificate = arena_text(a, text);
	if (!os_read_file(a, options->key, LIMIT_BODY_BYTES, &text, err))
		return false;
	*key = arena_text(a, text);
	return true;
}

/* Nobody new once the server stops. (MHD_quiesce_daemon() is no help: its thread and ours may both take the listening
 * socket out of the epoll set, and the second of them ends the program.) */
static enum MHD_Result admit(void *self, const struct sockaddr *from, socklen_t n)
{
	struct web *web = self;

	pthread_mutex_lock(&web->lock);
	bool open = !web->stopping;
	pthread_mutex_unlock(&web->lock);
	return open ? MHD_YES : MHD_NO;
}

static void raise_descriptors(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur < limit.rlim_max) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

static bool start_daemon(struct web *web, struct err *err)
{
	const struct web_options *o = &web->options;
	struct arena *a = arena_open();
	const char *certificate = NULL, *key = NULL;
	int fd = -1;
	bool done = read_pem(a, o, &certificate, &key, err) &&
		listen_on(o->address ? o->address : "127.0.0.1", o->port, &fd, &web->port, err);

	if (done) {
		struct MHD_OptionItem tls[] = {
			{MHD_OPTION_HTTPS_MEM_CERT, 0, (void *)(uintptr_t)certificate},
			{MHD_OPTION_HTTPS_MEM_KEY, 0, (void *)(uintptr_t)key},
			{MHD_OPTION_END, 0, NULL},
		};
		struct MHD_OptionItem none[] = {{MHD_OPTION_END, 0, NULL}};
		unsigned flags = MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_SUSPEND_RESUME | MHD_USE_TURBO |
			(certificate ? MHD_USE_TLS : 0);
		web->daemon = MHD_start_daemon(flags, 0, admit, web, answer, web, MHD_OPTION_LISTEN_SOCKET,
			fd, MHD_OPTION_THREAD_POOL_SIZE, (unsigned)(o->event_threads ? o->event_threads : 2),
			MHD_OPTION_CONNECTION_LIMIT, (unsigned)(o->connections ? o->connections : 8192),
			MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)(o->timeout_seconds ? o->timeout_seconds : 30),
			MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)POOL_BYTES, MHD_OPTION_STRICT_FOR_CLIENT, 1,
			MHD_OPTION_URI_LOG_CALLBACK, open_exchange, web, MHD_OPTION_NOTIFY_COMPLETED,
			close_exchange, web, MHD_OPTION_ARRAY, certificate ? tls : none, MHD_OPTION_END);
		done = web->daemon != NULL;
		if (!done) {
			close(fd);
			err_set(
				err, ERR_SYSTEM, certificate ? o->certificate : NULL, "could not start the server");
		}
	}
	arena_close(a);
	return done;
}

static void free_web(struct web *web)
{
	workers_close(web->workers);
	metrics_close(web->metrics);
	pthread_cond_destroy(&web->changed);
	pthread_mutex_destroy(&web->lock);
	free(web);
}

bool web_serve(
	struct app *app, const struct web_options *options, struct web **out, struct err *err)
{
	struct web *web = must_alloc(sizeof *web);
	pthread_condattr_t attributes;

	web->app = app;
	web->options = *options;
	pthread_mutex_init(&web->lock, NULL);
	pthread_condattr_init(&attributes);
	pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
	pthread_cond_init(&web->changed, &attributes);
	pthread_condattr_destroy(&attributes);
	web->metrics = metrics_open();
	raise_descriptors();
	if (!workers_open(options->workers ? options->workers : 96, do_job, &web->workers, err) ||
		!start_daemon(web, err)) {
		free_web(web);
		return false;
	}
	if (pthread_create(&web->pinger, NULL, ping_streams, web) != 0) {
		MHD_stop_daemon(web->daemon);
		free_web(web);
		return err_set(err, ERR_SYSTEM, NULL, "could not start %d threads", 1);
	}
	*out = web;
	return true;
}

int web_port(const struct web *web)
{
	return web->port;
}

void web_stop(struct web *web)
{
	if (!web)
		return;
	pthread_mutex_lock(&web->lock);
	web->stopping = true;
	pthread_cond_broadcast(&web->changed);
	for (struct exchange *ex = web->streams; ex; ex = ex->next)
		stream_stop(ex->rep.stream);
	struct timespec until = after_seconds(STOP_SECONDS);
	while (web->exchanges && pthread_cond_timedwait(&web->changed, &web->lock, &until) != ETIMEDOUT)
		;
	pthread_mutex_unlock(&web->lock);
	pthread_join(web->pinger, NULL);
	/* a suspended connection must not meet the end of the daemon: let the last jobs wake theirs */
	workers_close(web->workers);
	web->workers = NULL;
	MHD_stop_daemon(web->daemon); /* closes the listening socket too */
	free_web(web);
}
