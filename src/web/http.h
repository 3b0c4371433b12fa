/*
 * The grammar of HTTP messages, as far as we read it ourselves: header checks that the server library leaves out,
 * paths, queries, cookies, preferences, versions. Pure functions over bytes; an outsider chooses every one of them.
 *
 * Method: RFC 9110 (fields, preferences, ETag), RFC 9112 section 6 (framing; what may hide a second request is
 * refused), RFC 3986 (percent-encoding), RFC 6265 (cookies). Failure: ERR_INPUT unless said otherwise.
 */
#ifndef WEB_HTTP_H
#define WEB_HTTP_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"

enum method {
	METHOD_GET,
	METHOD_HEAD,
	METHOD_POST,
	METHOD_PUT,
	METHOD_PATCH,
	METHOD_DELETE,
	METHOD_OTHER
};

struct pair {
	struct slice name, value;
};

struct pairs {
	const struct pair *items;
	int n;
};

/* What the framing headers say. */
struct framing {
	bool chunked;
	int64_t body_bytes; /* -1: not said */
};

#define LIMIT_HTTP_HEADERS 100
#define LIMIT_HTTP_QUERY_PAIRS 64
#define LIMIT_HTTP_SEGMENTS 12

enum method http_method(const char *name); /* case matters */
const char *http_method_name(enum method method);
bool http_safe(enum method method); /* GET and HEAD change nothing */

/* Refuses what could be read in two ways: two Host or Content-Length fields, both framings at once, an unknown
 * Transfer-Encoding, NUL, CR or LF in a value, a name that is not a token. */
MUST_USE bool http_check_headers(
	struct pairs headers, bool needs_host, struct framing *out, struct err *err);

/* The first field of that name in any case; .s NULL: not there. */
struct slice http_header(struct pairs headers, const char *name);

/* "/api/r/project?x=1": the decoded segments of the path, and the query undecoded. Refuses empty and dot segments
 * except an empty last one. */
MUST_USE bool http_split_target(struct arena *a, struct slice target,
	struct slice segments[LIMIT_HTTP_SEGMENTS], int *nsegments, struct slice *query,
	struct err *err);
/* Names and values decoded. A name given twice is refused: which one counts would be a guess. */
MUST_USE bool http_parse_query(
	struct arena *a, struct slice query, struct pairs *out, struct err *err);

/* The value of one cookie; .s NULL when it is not there, or there twice. */
struct slice http_cookie(struct slice header, const char *name);
struct slice http_bearer(struct slice authorization); /* .s NULL: another scheme */
/* What stands after the name in "Basic bmFtZTpzZWNyZXQ="; .s NULL: another scheme, or not such a text. */
struct slice http_basic_password(struct arena *a, struct slice authorization);

enum { ENCODING_GZIP = 1, ENCODING_BROTLI = 2 };
unsigned http_encodings(struct slice accept_encoding); /* those acceptable besides identity */
enum lang http_language(
	struct slice accept_language); /* Chinese unless English is asked for before it */
bool http_accepts_html(struct slice accept);
/* Is the tag among those of If-None-Match? Weak comparison. */
bool http_none_match(struct slice header, struct slice tag);
/* If-Match: "12" -> 12. False: not one strong tag with a version. */
MUST_USE bool http_version_tag(struct slice header, int64_t *version);
/* Does Origin (https://host:port) name the host of this request? */
bool http_same_origin(struct slice origin, struct slice host);
/* Is it this media type, whatever its parameters? */
bool http_is_type(struct slice content_type, const char *type);
/* A parameter of a field: boundary of multipart/form-data; boundary="x". Unquoted in `a`. */
struct slice http_parameter(struct arena *a, struct slice field, const char *name);

/* Equal, in a time that does not tell where they differ. An empty secret equals nothing. */
bool http_same_secret(struct slice given, const char *secret);

static inline bool http_given(struct slice s)
{
	return s.s != NULL;
}

#endif
