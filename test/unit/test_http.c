/* The grammar of messages: what is taken, what is refused, and where it must say so. */
#include "cmocka_all.h"
#include "err_check.h"

#include "base/arena.h"
#include "web/http.h"
#include "web/multipart.h"

static struct arena *a;
static struct err err;

static int open_arena(void **state)
{
	a = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	arena_close(a);
	return 0;
}

#define PAIR(name, value)                                                                          \
	{                                                                                              \
		SLICE(name), SLICE(value)                                                                  \
	}
#define CHECK(...)                                                                                 \
	check((struct pair[]){__VA_ARGS__}, sizeof((struct pair[]){__VA_ARGS__}) / sizeof(struct pair))

static struct framing framing;

static bool check(const struct pair *items, size_t n)
{
	return http_check_headers((struct pairs){items, (int)n}, true, &framing, &err);
}

static void framing_is_said_once(void **state)
{
	assert_true(CHECK(PAIR("Host", "a")));
	assert_int_equal(framing.body_bytes, -1);
	assert_true(CHECK(PAIR("host", "a:8420"), PAIR("CONTENT-LENGTH", "12")));
	assert_int_equal(framing.body_bytes, 12);
	assert_true(CHECK(PAIR("Host", "[::1]:8420"), PAIR("Transfer-Encoding", "Chunked")));
	assert_true(framing.chunked);

	assert_false(
		CHECK(PAIR("Host", "a"), PAIR("Content-Length", "1"), PAIR("content-length", "1")));
	assert_false(CHECK(
		PAIR("Host", "a"), PAIR("Content-Length", "1"), PAIR("Transfer-Encoding", "chunked")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Transfer-Encoding", "chunked"),
		PAIR("Transfer-Encoding", "chunked")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Transfer-Encoding", "xchunked")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Transfer-Encoding", "gzip, chunked")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Content-Length", "+3")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Content-Length", "-3")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Content-Length", "3, 3")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Content-Length", "")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Content-Length", "99999999999999999999")));
}

static void exactly_one_host(void **state)
{
	assert_false(CHECK(PAIR("Accept", "a")));
	assert_place(&err, "Host", NULL);
	assert_false(CHECK(PAIR("Host", "a"), PAIR("Host", "a")));
	assert_false(CHECK(PAIR("Host", "")));
	assert_false(CHECK(PAIR("Host", "a/b")));
	assert_false(CHECK(PAIR("Host", "a@b")));
	assert_false(CHECK(PAIR("Host", "a b")));
}

static void headers_hold_no_control_characters(void **state)
{
	assert_true(CHECK(PAIR("Host", "a"), PAIR("X", "tab\tand 中文")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("X", "a\rb")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("X", "a\nb")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("X", "a\0b")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("X ", "a")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("", "a")));
	assert_false(CHECK(PAIR("Host", "a"), PAIR("X\0", "a")));
}

static void headers_are_counted(void **state)
{
	struct pair many[LIMIT_HTTP_HEADERS + 1];

	for (int i = 0; i <= LIMIT_HTTP_HEADERS; i++)
		many[i] = (struct pair){SLICE("X"), SLICE("a")};
	assert_false(check(many, LIMIT_HTTP_HEADERS + 1));
	assert_int_equal(err.code, ERR_LIMIT);
}

static struct slice segments[LIMIT_HTTP_SEGMENTS], query;
static int nsegments;

static bool split(const char *target)
{
	return http_split_target(a, slice_of(target), segments, &nsegments, &query, &err);
}

static void targets_are_split_then_decoded(void **state)
{
	assert_true(split("/api/r/project?x=1&y=2"));
	assert_int_equal(nsegments, 3);
	assert_true(slice_is(segments[2], "project"));
	assert_true(slice_is(query, "x=1&y=2"));
	assert_true(split("/"));
	assert_int_equal(nsegments, 1);
	assert_int_equal(segments[0].n, 0);
	assert_true(split("/a%2Fb/%E6%8C%82"));
	assert_true(slice_is(segments[0], "a/b"));
	assert_true(slice_is(segments[1], "挂"));
	assert_true(split("/a/"));

	assert_false(split("a"));
	assert_false(split("*"));
	assert_false(split("//a"));
	assert_false(split("/a/../b"));
	assert_false(split("/a/%2e%2E/b"));
	assert_false(split("/a/./b"));
	assert_false(split("/%zz"));
	assert_false(split("/%2"));
	assert_false(split("/%"));
	assert_false(split("/%00"));
	assert_false(split("/%ff"));
	assert_false(split("/1/2/3/4/5/6/7/8/9/10/11/12/13"));
}

static void queries_name_each_parameter_once(void **state)
{
	struct pairs q;

	assert_true(
		http_parse_query(a, SLICE("filter=light:ge:2%3Barea&sort=-light&&a+b=c+d&e"), &q, &err));
	assert_int_equal(q.n, 4);
	assert_true(slice_is(q.items[0].value, "light:ge:2;area"));
	assert_true(slice_is(q.items[2].name, "a b"));
	assert_true(slice_is(q.items[2].value, "c d"));
	assert_true(slice_is(q.items[3].value, ""));
	assert_true(http_parse_query(a, SLICE(""), &q, &err));
	assert_int_equal(q.n, 0);
	assert_false(http_parse_query(a, SLICE("x=1&x=2"), &q, &err));
	assert_place(&err, "x", NULL);
	assert_false(http_parse_query(a, SLICE("x=%"), &q, &err));
}

static void cookies(void **state)
{
	assert_true(slice_is(http_cookie(SLICE("a=1; guatu=x=y; b=2"), "guatu"), "x=y"));
	assert_true(slice_is(http_cookie(SLICE("guatu="), "guatu"), ""));
	assert_null(http_cookie(SLICE("xguatu=1; guatux=2"), "guatu").s);
	assert_null(http_cookie(SLICE("guatu=1; guatu=2"), "guatu").s);
	assert_null(http_cookie((struct slice){NULL, 0}, "guatu").s);
	assert_true(slice_is(http_bearer(SLICE("bearer  abc ")), "abc"));
	assert_null(http_bearer(SLICE("Basic abc")).s);
}

static void basic_passwords(void **state)
{
	assert_true(slice_is(http_basic_password(a, SLICE("Basic bmFtZTpzZWNyZXQ=")), "secret"));
	assert_true(slice_is(http_basic_password(a, SLICE("basic  eDpnXzE6Lw==")), "g_1:/"));
	assert_true(slice_is(http_basic_password(a, SLICE("Basic Og")), ""));
	assert_null(http_basic_password(a, SLICE("Basic bmFtZQ==")).s); /* a name alone */
	assert_null(http_basic_password(a, SLICE("Basic bm-tZTpz")).s);
	assert_null(http_basic_password(a, SLICE("Basic ")).s);
	assert_null(http_basic_password(a, SLICE("Bearer bmFtZTpzZWNyZXQ=")).s);
	assert_null(http_basic_password(a, (struct slice){NULL, 0}).s);
}

static void preferences(void **state)
{
	assert_int_equal(http_encodings(SLICE("gzip, deflate, br")), ENCODING_GZIP | ENCODING_BROTLI);
	assert_int_equal(http_encodings(SLICE("gzip, br;q=0")), ENCODING_GZIP);
	assert_int_equal(http_encodings(SLICE("*;q=0.1, gzip;q=0.0")), ENCODING_BROTLI);
	assert_int_equal(http_encodings(SLICE("identity")), 0);
	assert_int_equal(http_encodings((struct slice){NULL, 0}), 0);
	assert_int_equal(http_encodings(SLICE("gzip;q=x")), 0);

	assert_int_equal(http_language((struct slice){NULL, 0}), LANG_ZH);
	assert_int_equal(http_language(SLICE("en")), LANG_EN);
	assert_int_equal(http_language(SLICE("en-GB,en;q=0.9,zh;q=0.8")), LANG_EN);
	assert_int_equal(http_language(SLICE("zh-CN,zh;q=0.9,en;q=0.8")), LANG_ZH);
	assert_int_equal(http_language(SLICE("zh,en")), LANG_ZH);
	assert_int_equal(http_language(SLICE("fr")), LANG_ZH);
	assert_int_equal(http_language(SLICE("fr, en;q=0.3")), LANG_EN);
	assert_int_equal(http_language(SLICE("en;q=0")), LANG_ZH);

	assert_true(http_accepts_html(SLICE("application/xhtml+xml,text/html;q=0.9")));
	assert_false(http_accepts_html(SLICE("*/*")));
	assert_false(http_accepts_html(SLICE("text/html;q=0")));
}

static void versions(void **state)
{
	int64_t version = 0;

	assert_true(http_version_tag(SLICE("\"12\""), &version));
	assert_int_equal(version, 12);
	assert_false(http_version_tag(SLICE("12"), &version));
	assert_false(http_version_tag(SLICE("W/\"12\""), &version));
	assert_false(http_version_tag(SLICE("\"12\", \"13\""), &version));
	assert_false(http_version_tag(SLICE("\"+12\""), &version));
	assert_false(http_version_tag(SLICE("*"), &version));
	assert_false(http_version_tag(SLICE("\"\""), &version));
	assert_true(http_none_match(SLICE("\"a\", W/\"b\""), SLICE("\"b\"")));
	assert_true(http_none_match(SLICE("*"), SLICE("\"b\"")));
	assert_false(http_none_match(SLICE("\"a\""), SLICE("\"b\"")));
}

static void origins(void **state)
{
	assert_true(http_same_origin(SLICE("http://a:8420"), SLICE("a:8420")));
	assert_true(http_same_origin(SLICE("https://Chart.Example"), SLICE("chart.example")));
	assert_false(http_same_origin(SLICE("http://a:8421"), SLICE("a:8420")));
	assert_false(http_same_origin(SLICE("null"), SLICE("null")));
	assert_false(http_same_origin(SLICE("http://a:8420.evil"), SLICE("a:8420")));
	assert_false(http_same_origin(SLICE("ftp://a"), SLICE("a")));
	assert_false(http_same_origin(SLICE("http://"), SLICE("")));
	assert_true(http_same_secret(SLICE("abc"), "abc"));
	assert_false(http_same_secret(SLICE("abcd"), "abc"));
	assert_false(http_same_secret(SLICE("ab"), "abc"));
	assert_false(http_same_secret(SLICE(""), ""));
}

static void parameters_of_a_field(void **state)
{
	struct slice field = SLICE("form-data; name=\"a;b\"; filename=\"x\\\"y.csv\" ;flag; size=3");

	assert_true(slice_is(http_parameter(a, field, "name"), "a;b"));
	assert_true(slice_is(http_parameter(a, field, "FILENAME"), "x\"y.csv"));
	assert_true(slice_is(http_parameter(a, field, "size"), "3"));
	assert_null(http_parameter(a, field, "flag").s);
	assert_null(http_parameter(a, field, "b").s);
	assert_null(http_parameter(a, SLICE("form-data; name=\"open"), "name").s);
}

/* ---- multipart ---- */

#define TYPE SLICE("multipart/form-data; boundary=XX")
static struct part *parts;
static int nparts;

static bool parse(const char *body)
{
	return multipart_parse(a, TYPE, slice_of(body), &parts, &nparts, &err);
}

static void parts_are_slices_of_the_body(void **state)
{
	assert_true(parse(
		"--XX\r\nContent-Disposition: form-data; name=\"file\"; "
		"filename=\"C:\\\\台账\\\\一.csv\"\r\n"
		"Content-Type: "
		"text/csv\r\n\r\na,b\r\n1,2\r\n--XX\r\ncontent-disposition:form-data;name=x\r\n\r\n\r\n"
		"--XX--\r\nepilogue"));
	assert_int_equal(nparts, 2);
	assert_true(slice_is(parts[0].name, "file"));
	assert_true(slice_is(parts[0].filename, "一.csv"));
	assert_true(slice_is(parts[0].type, "text/csv"));
	assert_true(slice_is(parts[0].bytes, "a,b\r\n1,2"));
	assert_true(slice_is(parts[1].name, "x"));
	assert_null(parts[1].filename.s);
	assert_int_equal(parts[1].bytes.n, 0);
}

static void a_part_may_be_nothing_but_its_boundary(void **state)
{
	assert_true(parse("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\n--XX--"));
	assert_int_equal(nparts, 1);
	assert_int_equal(parts[0].bytes.n, 0);
	assert_true(parse("--XX--"));
	assert_int_equal(nparts, 0);
}

static void broken_bodies_are_refused(void **state)
{
	assert_false(parse(""));
	assert_false(parse("nothing"));
	assert_false(parse("--XX"));
	assert_false(parse("--XX\r\n"));
	assert_false(parse("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nabc"));
	assert_false(parse("--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nabc\r\n--XX"));
	assert_false(parse("--XX\r\nContent-Disposition: form-data\r\n\r\nabc\r\n--XX--"));
	assert_false(parse("--XX\r\nContent-Disposition: attachment; name=a\r\n\r\nabc\r\n--XX--"));
	assert_false(parse("--XX\r\nno colon\r\n\r\nabc\r\n--XX--"));
	assert_false(
		parse("--XX\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\nabc\r\n--XX--"));
	assert_false(multipart_parse(
		a, SLICE("text/plain; boundary=XX"), SLICE("--XX--"), &parts, &nparts, &err));
	assert_false(
		multipart_parse(a, SLICE("multipart/form-data"), SLICE("--XX--"), &parts, &nparts, &err));
}

static void parts_and_their_headers_are_limited(void **state)
{
	struct str body = STR_INIT;

	for (int i = 0; i <= LIMIT_MULTIPART_PARTS; i++)
		str_puts(&body, "--XX\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n");
	str_puts(&body, "--XX--");
	assert_false(parse(str_text(&body)));
	assert_int_equal(err.code, ERR_LIMIT);
	str_clear(&body);
	str_puts(&body, "--XX\r\nX: ");
	for (int i = 0; i < LIMIT_MULTIPART_HEADER_BYTES; i++)
		str_putc(&body, 'x');
	str_puts(&body, "\r\n\r\n--XX--");
	assert_false(parse(str_text(&body)));
	assert_int_equal(err.code, ERR_LIMIT);
	str_free(&body);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(framing_is_said_once),
		cmocka_unit_test(exactly_one_host),
		cmocka_unit_test(headers_hold_no_control_characters),
		cmocka_unit_test(headers_are_counted),
		cmocka_unit_test(targets_are_split_then_decoded),
		cmocka_unit_test(queries_name_each_parameter_once),
		cmocka_unit_test(cookies),
		cmocka_unit_test(basic_passwords),
		cmocka_unit_test(preferences),
		cmocka_unit_test(versions),
		cmocka_unit_test(origins),
		cmocka_unit_test(parameters_of_a_field),
		cmocka_unit_test(parts_are_slices_of_the_body),
		cmocka_unit_test(a_part_may_be_nothing_but_its_boundary),
		cmocka_unit_test(broken_bodies_are_refused),
		cmocka_unit_test(parts_and_their_headers_are_limited),
	};
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
