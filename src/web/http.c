/* Small hand-written readers, each a single pass. Left out on purpose: obs-fold, comments in fields, weights with
 * more than three digits: nobody honest sends them. */
#include "web/http.h"

#include <stdlib.h>
#include <strings.h>

#include "base/num.h"
#include "base/utf8.h"

static const char *const method_names[] = {
	"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "other"};

enum method http_method(const char *name)
{
	for (int i = 0; i < METHOD_OTHER; i++)
		if (strcmp(name, method_names[i]) == 0)
			return (enum method)i;
	return METHOD_OTHER;
}

const char *http_method_name(enum method method)
{
	return method_names[method];
}

bool http_safe(enum method method)
{
	return method == METHOD_GET || method == METHOD_HEAD;
}

static bool same_word(struct slice a, const char *b)
{
	return a.n == strlen(b) && strncasecmp(a.s, b, a.n) == 0;
}

static bool is_token_char(unsigned char c)
{
	return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
		(c && strchr("!#$%&'*+-.^_`|~", c));
}

static struct slice trim(struct slice s)
{
	while (s.n && (s.s[0] == ' ' || s.s[0] == '\t'))
		s.s++, s.n--;
	while (s.n && (s.s[s.n - 1] == ' ' || s.s[s.n - 1] == '\t'))
		s.n--;
	return s;
}

/* Cuts the part before `mark` off *rest and trims it. False: nothing left. */
static bool next_part(struct slice *rest, char mark, struct slice *part)
{
	if (!rest->s)
		return false;
	const char *end = rest->n ? memchr(rest->s, mark, rest->n) : NULL;
	size_t n = end ? (size_t)(end - rest->s) : rest->n;
	*part = trim((struct slice){rest->s, n});
	if (end)
		*rest = (struct slice){end + 1, rest->n - n - 1};
	else
		*rest = (struct slice){NULL, 0};
	return true;
}

struct slice http_header(struct pairs headers, const char *name)
{
	for (int i = 0; i < headers.n; i++)
		if (same_word(headers.items[i].name, name))
			return headers.items[i].value;
	return (struct slice){NULL, 0};
}

static bool check_name(struct slice name, struct err *err)
{
	if (name.n == 0)
		return err_set(err, ERR_INPUT, "headers", "a header has no name");
	for (size_t i = 0; i < name.n; i++)
		if (!is_token_char((unsigned char)name.s[i]))
			return err_set(
				err, ERR_INPUT, "headers", "a header's name has a character that is not allowed");
	return true;
}

static bool check_value(struct slice value, struct err *err)
{
	for (size_t i = 0; i < value.n; i++) {
		unsigned char c = (unsigned char)value.s[i];
		if ((c < 32 && c != '\t') || c == 127)
			return err_set(err, ERR_INPUT, "headers", "a header's value holds a control character");
	}
	return true;
}

static bool check_host(struct slice host, struct err *err)
{
	for (size_t i = 0; i < host.n; i++) {
		unsigned char c = (unsigned char)host.s[i];
		bool fine = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
			strchr(".-_:[]", c);
		if (!fine)
			return err_set(err, ERR_INPUT, "Host", "this is not a host name");
	}
	if (host.n == 0 || host.n > 255)
		return err_set(err, ERR_INPUT, "Host", "this is not a host name");
	return true;
}

bool http_check_headers(struct pairs headers, bool needs_host, struct framing *out, struct err *err)
{
	int hosts = 0, lengths = 0, encodings = 0;
	struct framing framing = {.body_bytes = -1};

	if (headers.n > LIMIT_HTTP_HEADERS)
		return err_set(err, ERR_LIMIT, "headers", "more than %d headers", LIMIT_HTTP_HEADERS);
	for (int i = 0; i < headers.n; i++) {
		struct pair h = headers.items[i];
		if (!check_name(h.name, err) || !check_value(h.value, err))
			return false;
		if (same_word(h.name, "host")) {
			hosts++;
			if (!check_host(h.value, err))
				return false;
		} else if (same_word(h.name, "content-length")) {
			lengths++;
			/* num_int takes a sign; a length has none */
			if (h.value.n == 0 || h.value.s[0] < '0' || h.value.s[0] > '9' ||
				!num_int(h.value, &framing.body_bytes))
				return err_set(err, ERR_INPUT, "Content-Length", "this is not a length");
		} else if (same_word(h.name, "transfer-encoding")) {
			encodings++;
			if (!same_word(h.value, "chunked"))
				return err_set(
					err, ERR_INPUT, "Transfer-Encoding", "only \"chunked\" is understood");
			framing.chunked = true;
		}
	}
	if (hosts > 1 || (needs_host && hosts == 0))
		return err_set(err, ERR_INPUT, "Host", "exactly one Host header is needed");
	if (lengths > 1 || encodings > 1 || (lengths && encodings))
		return err_set(err, ERR_INPUT, "headers", "the length of the body is given more than once");
	*out = framing;
	return true;
}

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* "a%20b" -> "a b" in `a`. Refuses broken escapes, NUL and what is not UTF-8. `plus`: + is a space. */
static bool http_decode(
	struct arena *a, struct slice text, bool plus, struct slice *out, struct err *err)
{
	char *to = arena_alloc(a, text.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];
		if (c == '%') {
			int high = i + 2 < text.n ? hex_digit(text.s[i + 1]) : -1;
			int low = i + 2 < text.n ? hex_digit(text.s[i + 2]) : -1;
			if (high < 0 || low < 0)
				return err_set(
					err, ERR_INPUT, "URL", "a %% is not followed by two hexadecimal digits");
			c = (char)(high << 4 | low);
			i += 2;
		} else if (plus && c == '+') {
			c = ' ';
		}
		if (c == 0)
			return err_set(err, ERR_INPUT, "URL", "the address holds a zero byte");
		to[n++] = c;
	}
	if (!utf8_valid((struct slice){to, n}))
		return err_set(err, ERR_INPUT, "URL", "the address is not UTF-8");
	*out = (struct slice){to, n};
	return true;
}

bool http_split_target(struct arena *a, struct slice target,
	struct slice segments[LIMIT_HTTP_SEGMENTS], int *nsegments, struct slice *query,
	struct err *err)
{
	if (target.n > LIMIT_URL_BYTES)
		return err_set(err, ERR_LIMIT, "URL", "longer than %d bytes", LIMIT_URL_BYTES);
	if (target.n == 0 || target.s[0] != '/')
		return err_set(err, ERR_INPUT, "URL", "the address does not begin with /");
	const char *mark = memchr(target.s, '?', target.n);
	struct slice path = {target.s + 1, (mark ? (size_t)(mark - target.s) : target.n) - 1};
	*query = mark ? (struct slice){mark + 1, target.n - path.n - 2} : (struct slice){"", 0};

	struct slice rest = path, part;
	int n = 0;
	while (next_part(&rest, '/', &part)) {
		struct slice decoded;
		if (n == LIMIT_HTTP_SEGMENTS)
			return err_set(err, ERR_LIMIT, "URL", "more than %d parts", LIMIT_HTTP_SEGMENTS);
		if (!http_decode(a, part, false, &decoded, err))
			return false;
		if ((decoded.n == 0 && rest.s) || slice_is(decoded, ".") || slice_is(decoded, ".."))
			return err_set(err, ERR_INPUT, "URL", "a part of the address is empty or dots");
		segments[n++] = decoded;
	}
	*nsegments = n;
	return true;
}

bool http_parse_query(struct arena *a, struct slice query, struct pairs *out, struct err *err)
{
	size_t room = 1;
	for (size_t i = 0; i < query.n; i++)
		room += query.s[i] == '&';
	struct pair *items =
		ARENA_ARRAY(a, struct pair, room < LIMIT_HTTP_QUERY_PAIRS ? room : LIMIT_HTTP_QUERY_PAIRS);
	struct slice rest = query.n ? query : (struct slice){NULL, 0}, part;
	int n = 0;

	while (next_part(&rest, '&', &part)) {
		if (part.n == 0)
			continue;
		if (n == LIMIT_HTTP_QUERY_PAIRS)
			return err_set(
				err, ERR_LIMIT, "URL", "more than %d parameters", LIMIT_HTTP_QUERY_PAIRS);
		const char *mark = memchr(part.s, '=', part.n);
		size_t name_n = mark ? (size_t)(mark - part.s) : part.n;
		struct slice value =
			mark ? (struct slice){mark + 1, part.n - name_n - 1} : (struct slice){"", 0};
		struct pair *p = &items[n];
		if (!http_decode(a, (struct slice){part.s, name_n}, true, &p->name, err) ||
			!http_decode(a, value, true, &p->value, err))
			return false;
		for (int i = 0; i < n; i++)
			if (slice_equal(items[i].name, p->name))
				return err_set(
					err, ERR_INPUT, arena_text(a, p->name), "this parameter is given twice");
		n++;
	}
	*out = (struct pairs){items, n};
	return true;
}

struct slice http_cookie(struct slice header, const char *name)
{
	struct slice found = {NULL, 0}, rest = header, part;
	size_t n = strlen(name);

	while (next_part(&rest, ';', &part)) {
		if (part.n <= n || memcmp(part.s, name, n) != 0 || part.s[n] != '=')
			continue;
		if (found.s)
			return (struct slice){NULL, 0};
		found = (struct slice){part.s + n + 1, part.n - n - 1};
	}
	return found;
}

struct slice http_bearer(struct slice authorization)
{
	if (authorization.n < 8 || strncasecmp(authorization.s, "Bearer ", 7) != 0)
		return (struct slice){NULL, 0};
	return trim((struct slice){authorization.s + 7, authorization.n - 7});
}

struct slice http_basic_password(struct arena *a, struct slice authorization)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const struct slice none = {NULL, 0};

	if (authorization.n < 7 || strncasecmp(authorization.s, "Basic ", 6) != 0)
		return none;
	struct slice text = trim((struct slice){authorization.s + 6, authorization.n - 6});
	while (text.n > 0 && text.s[text.n - 1] == '=')
		text.n--;
	char *plain = arena_alloc(a, text.n + 1);
	size_t n = 0;
	unsigned bits = 0, have = 0;
	for (size_t i = 0; i < text.n; i++) {
		const char *digit = memchr(digits, text.s[i], 64);
		if (!digit)
			return none;
		bits = (bits << 6 | (unsigned)(digit - digits)) & 0xffff;
		have += 6;
		if (have >= 8) {
			have -= 8;
			plain[n++] = (char)(bits >> have & 0xff);
		}
	}
	char *colon = memchr(plain, ':', n);
	return colon ? (struct slice){colon + 1, n - (size_t)(colon + 1 - plain)} : none;
}

/* The weight of "gzip;q=0.5" in thousandths; *part becomes what stands before it. */
static int weight(struct slice *part)
{
	struct slice rest = *part, parameter;
	int64_t q = 1000;

	if (!next_part(&rest, ';', part))
		return 0;
	while (next_part(&rest, ';', &parameter))
		if (parameter.n > 2 && (parameter.s[0] == 'q' || parameter.s[0] == 'Q') &&
			parameter.s[1] == '=')
			if (!num_decimal((struct slice){parameter.s + 2, parameter.n - 2}, 3, &q, NULL))
				q = 0;
	return q < 0 ? 0 : q > 1000 ? 1000 : (int)q;
}

unsigned http_encodings(struct slice accept_encoding)
{
	struct slice rest = accept_encoding, part;
	int gzip = -1, brotli = -1, any = 0;

	while (next_part(&rest, ',', &part)) {
		int q = weight(&part);
		if (same_word(part, "gzip") || same_word(part, "x-gzip"))
			gzip = q;
		else if (same_word(part, "br"))
			brotli = q;
		else if (same_word(part, "*"))
			any = q;
	}
	return ((gzip < 0 ? any : gzip) > 0 ? ENCODING_GZIP : 0u) |
		((brotli < 0 ? any : brotli) > 0 ? ENCODING_BROTLI : 0u);
}

enum lang http_language(struct slice accept_language)
{
	struct slice rest = accept_language, part;
	int zh = 0, en = 0;

	while (next_part(&rest, ',', &part)) {
		int q = weight(&part);
		bool two = part.n == 2 || (part.n > 2 && part.s[2] == '-');
		if (two && strncasecmp(part.s, "zh", 2) == 0 && q > zh)
			zh = q;
		else if (two && strncasecmp(part.s, "en", 2) == 0 && q > en)
			en = q > zh ? q : 0; /* equal weights: the first one named */
	}
	return en > zh ? LANG_EN : LANG_ZH;
}

bool http_accepts_html(struct slice accept)
{
	struct slice rest = accept, part;

	while (next_part(&rest, ',', &part))
		if (weight(&part) > 0 && same_word(part, "text/html"))
			return true;
	return false;
}

static struct slice without_weak(struct slice tag)
{
	if (tag.n > 2 && tag.s[0] == 'W' && tag.s[1] == '/')
		return (struct slice){tag.s + 2, tag.n - 2};
	return tag;
}

bool http_none_match(struct slice header, struct slice tag)
{
	struct slice rest = header, part;

	while (next_part(&rest, ',', &part))
		if (slice_is(part, "*") || slice_equal(without_weak(part), without_weak(tag)))
			return true;
	return false;
}

bool http_version_tag(struct slice header, int64_t *version)
{
	struct slice tag = trim(header);

	if (tag.n < 3 || tag.s[0] != '"' || tag.s[tag.n - 1] != '"' || tag.s[1] < '0' || tag.s[1] > '9')
		return false;
	return num_int((struct slice){tag.s + 1, tag.n - 2}, version);
}

bool http_same_origin(struct slice origin, struct slice host)
{
	struct slice name = {NULL, 0};
	struct slice plain = SLICE("http://"), secure = SLICE("https://");

	if (origin.n > plain.n && strncasecmp(origin.s, plain.s, plain.n) == 0)
		name = (struct slice){origin.s + plain.n, origin.n - plain.n};
	else if (origin.n > secure.n && strncasecmp(origin.s, secure.s, secure.n) == 0)
		name = (struct slice){origin.s + secure.n, origin.n - secure.n};
	return name.n && name.n == host.n && strncasecmp(name.s, host.s, name.n) == 0;
}

bool http_is_type(struct slice content_type, const char *type)
{
	struct slice rest = content_type, part;

	return next_part(&rest, ';', &part) && same_word(part, type);
}

struct slice http_parameter(struct arena *a, struct slice field, const char *name)
{
	size_t n = strlen(name);
	size_t i = 0;

	/* walks over quoted strings, so that a ; or a name inside quotes is text */
	while (i < field.n && field.s[i] != ';')
		i++;
	while (i < field.n) {
		while (i < field.n && (field.s[i] == ';' || field.s[i] == ' ' || field.s[i] == '\t'))
			i++;
		size_t start = i;
		while (i < field.n && field.s[i] != '=' && field.s[i] != ';')
			i++;
		bool wanted = i - start == n && strncasecmp(field.s + start, name, n) == 0;
		if (i == field.n || field.s[i] == ';')
			continue;
		i++;
		char *value = arena_alloc(a, field.n - i + 1);
		size_t used = 0;
		if (i < field.n && field.s[i] == '"') {
			for (i++; i < field.n && field.s[i] != '"'; i++) {
				if (field.s[i] == '\\' && i + 1 < field.n &&
					(field.s[i + 1] == '"' || field.s[i + 1] == '\\'))
					i++;
				value[used++] = field.s[i];
			}
			if (i == field.n)
				return (struct slice){NULL, 0};
			i++;
		} else {
			while (i < field.n && field.s[i] != ';' && field.s[i] != ' ' && field.s[i] != '\t')
				value[used++] = field.s[i++];
		}
		if (wanted)
			return (struct slice){value, used};
	}
	return (struct slice){NULL, 0};
}

bool http_same_secret(struct slice given, const char *secret)
{
	size_t n = strlen(secret);
	unsigned char differ = given.n != n || n == 0;

	for (size_t i = 0; i < n; i++)
		differ |= (unsigned char)(secret[i] ^ (given.n ? given.s[i % given.n] : 0));
	return !differ;
}
