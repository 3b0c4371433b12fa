/*
 * What a stranger can send before anybody is signed in. The first byte chooses the reader, the rest is its input. Besides
 * not crashing, each must keep its promise: decoded text is UTF-8 without NUL, slices lie inside their input.
 */
#include "base/arena.h"
#include "base/utf8.h"
#include "web/http.h"
#include "web/multipart.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void expect_text(struct slice s)
{
	assert(utf8_valid(s));
	assert(s.n == 0 || !memchr(s.s, 0, s.n));
}

static void expect_inside(struct slice part, struct slice whole)
{
	if (part.n)
		assert(part.s >= whole.s && part.s + part.n <= whole.s + whole.n);
}

/* name, 0, value, 0, ... */
static void headers(struct arena *a, struct slice in)
{
	struct pair items[LIMIT_HTTP_HEADERS + 2];
	struct framing framing;
	struct err err;
	int n = 0;

	while (in.n && n < LIMIT_HTTP_HEADERS + 2) {
		struct slice words[2] = {{in.s, 0}, {in.s, 0}};
		for (int i = 0; i < 2; i++) {
			const char *end = in.n ? memchr(in.s, 0, in.n) : NULL;
			words[i] = (struct slice){in.s, end ? (size_t)(end - in.s) : in.n};
			in = end ? (struct slice){end + 1, in.n - words[i].n - 1}
					 : (struct slice){in.s + in.n, 0};
		}
		items[n++] = (struct pair){words[0], words[1]};
	}
	struct pairs all = {items, n};
	if (!http_check_headers(all, true, &framing, &err))
		return;
	assert(framing.body_bytes >= -1);
	assert(!(framing.chunked && framing.body_bytes >= 0));
	assert(http_given(http_header(all, "host")));
	(void)http_parameter(a, http_header(all, "host"), "x");
}

static void target(struct arena *a, struct slice in)
{
	struct slice segments[LIMIT_HTTP_SEGMENTS], query;
	struct pairs pairs;
	struct err err;
	int n = 0;

	if (!http_split_target(a, in, segments, &n, &query, &err))
		return;
	assert(n >= 1 && n <= LIMIT_HTTP_SEGMENTS);
	for (int i = 0; i < n; i++)
		expect_text(segments[i]);
	expect_inside(query, in);
	if (!http_parse_query(a, query, &pairs, &err))
		return;
	assert(pairs.n <= LIMIT_HTTP_QUERY_PAIRS);
	for (int i = 0; i < pairs.n; i++) {
		expect_text(pairs.items[i].name);
		expect_text(pairs.items[i].value);
	}
}

static void fields(struct arena *a, struct slice in)
{
	int64_t version = 0;

	expect_inside(http_cookie(in, "guatu"), in);
	expect_inside(http_bearer(in), in);
	assert(http_basic_password(a, in).n <= in.n);
	assert(http_encodings(in) <= (ENCODING_GZIP | ENCODING_BROTLI));
	(void)http_language(in);
	(void)http_accepts_html(in);
	(void)http_none_match(in, SLICE("\"abc\""));
	if (http_version_tag(in, &version))
		assert(version >= 0);
	(void)http_same_origin(in, SLICE("a:8420"));
	(void)http_same_secret(in, "secret");
	(void)http_is_type(in, "application/json");
	struct slice parameter = http_parameter(a, in, "boundary");
	assert(parameter.n <= in.n);
}

static void multipart(struct arena *a, struct slice in)
{
	struct part *parts;
	struct err err;
	int n = 0;

	if (!multipart_parse(a, SLICE("multipart/form-data; boundary=XX"), in, &parts, &n, &err))
		return;
	assert(n <= LIMIT_MULTIPART_PARTS);
	for (int i = 0; i < n; i++) {
		expect_inside(parts[i].bytes, in);
		expect_text(parts[i].name);
		expect_text(parts[i].filename);
		assert(!parts[i].filename.n || !memchr(parts[i].filename.s, '/', parts[i].filename.n));
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	static void (*const readers[])(struct arena *, struct slice) = {
		headers, target, fields, multipart};

	if (n == 0)
		return 0;
	struct arena *a = arena_open();
	readers[bytes[0] % countof(readers)](a, (struct slice){(const char *)bytes + 1, n - 1});
	arena_close(a);
	return 0;
}
