/* The embedded UI, over the small folder ui_dist beside this file. */
#include "cmocka_all.h"

#include "base/arena.h"
#include "web/assets.h"
#include "web/compress.h"

static struct arena *a;
static struct reply rep;

static int open_arena(void **state)
{
	a = arena_open();
	return 0;
}

static int close_arena(void **state)
{
	reply_free(&rep);
	arena_close(a);
	return 0;
}

static const char *header(const char *name)
{
	for (int i = 0; i < rep.nheaders; i++)
		if (strcmp(rep.headers[i].name, name) == 0)
			return rep.headers[i].value;
	return NULL;
}

static void get(const char *path, struct pairs headers)
{
	struct request req = {.a = a, .headers = headers};
	struct slice query;
	struct err err;

	reply_free(&rep);
	assert_true(http_split_target(a, slice_of(path), req.segments, &req.nsegments, &query, &err));
	assets_reply(&req, &rep);
}

#define WITH(name, value)                                                                          \
	(struct pairs)                                                                                 \
	{                                                                                              \
		&(struct pair){SLICE(name), SLICE(value)}, 1                                               \
	}
#define PLAIN                                                                                      \
	(struct pairs)                                                                                 \
	{                                                                                              \
		NULL, 0                                                                                    \
	}

static void the_page_is_revalidated(void **state)
{
	get("/", PLAIN);
	assert_int_equal(rep.status, 200);
	assert_string_equal(rep.type, "text/html; charset=utf-8");
	assert_string_equal(header("Cache-Control"), "no-cache");
	assert_non_null(strstr(header("Content-Security-Policy"), "default-src 'self'"));
	assert_non_null(strstr(header("Content-Security-Policy"),
		"script-src 'self' 'wasm-unsafe-eval' "
		"'sha256-VW5tLN5dYEChraEznOTNG0EpHIJHb5sIowj0RvlG0mg=';"));
	assert_null(
		strstr(header("Content-Security-Policy"), "'unsafe-")); /* neither inline nor eval */
	assert_memory_equal(rep.fixed.s, "<!doctype html>", 15);
	const char *tag = header("ETag");
	assert_memory_equal(tag, "W/\"", 3);
	get("/index.html", (struct pairs){&(struct pair){SLICE("If-None-Match"), slice_of(tag)}, 1});
	assert_int_equal(rep.status, 304);
	assert_int_equal(rep.fixed.n, 0);
}

static void hashed_files_are_kept_for_ever(void **state)
{
	get("/assets/dot-3c4d.svg", PLAIN);
	assert_int_equal(rep.status, 200);
	assert_string_equal(header("Cache-Control"), "public, max-age=31536000, immutable");
	assert_string_equal(rep.type, "image/svg+xml");
	assert_string_equal(header("Content-Security-Policy"), "default-src 'self'");
}

static void the_best_encoding_is_sent(void **state)
{
	const struct asset *script = asset_find(SLICE("assets/app-1a2b.js"));

	assert_non_null(script);
	assert_non_null(script->gzip);
	assert_null(script->raw);
	get("/assets/app-1a2b.js", WITH("Accept-Encoding", "gzip, deflate"));
	assert_string_equal(header("Content-Encoding"), "gzip");
	assert_string_equal(header("Vary"), "Accept-Encoding");
	assert_int_equal(rep.fixed.n, script->gzip_bytes);
	get("/assets/app-1a2b.js", WITH("Accept-Encoding", "gzip, br"));
	assert_string_equal(header("Content-Encoding"), script->brotli ? "br" : "gzip");
	get("/assets/app-1a2b.js", WITH("Accept-Encoding", "gzip;q=0, identity"));
	assert_null(header("Content-Encoding"));
	assert_int_equal(rep.body.n, script->bytes);
	assert_non_null(strstr(str_text(&rep.body), "\"word 199\""));
}

static void addresses_of_the_ui_give_the_page_to_browsers_only(void **state)
{
	get("/projects/7", WITH("Accept", "text/html,*/*;q=0.8"));
	assert_int_equal(rep.status, 200);
	assert_string_equal(rep.type, "text/html; charset=utf-8");
	get("/projects/7", WITH("Accept", "application/json"));
	assert_int_equal(rep.status, 404);
	assert_non_null(strstr(str_text(&rep.body), "\"type\":\"/problems/missing\""));
	get("/assets/gone.js", WITH("Accept", "*/*"));
	assert_int_equal(rep.status, 404);
}

static void answers_are_compressed_when_it_pays(void **state)
{
	struct str plain = STR_INIT, back = STR_INIT;

	for (int i = 0; i < 1000; i++)
		str_printf(&plain, "{\"light\":%d},", i % 4);
	reply_free(&rep);
	str_slice(&rep.body, str_view(&plain));
	reply_pack(&rep, ENCODING_GZIP);
	assert_string_equal(header("Content-Encoding"), "gzip");
	assert_true(rep.body.n < plain.n / 4);
	assert_true(compress_gunzip(str_view(&rep.body), plain.n, &back));
	assert_int_equal(back.n, plain.n);
	assert_memory_equal(back.s, plain.s, plain.n);
	assert_false(compress_gunzip(str_view(&rep.body), plain.n - 1, &back));

	reply_free(&rep);
	str_puts(&rep.body, "{}");
	reply_pack(&rep, ENCODING_GZIP | ENCODING_BROTLI);
	assert_null(header("Content-Encoding"));
	reply_free(&rep);
	str_slice(&rep.body, str_view(&plain));
	reply_pack(&rep, ENCODING_GZIP | ENCODING_BROTLI);
	assert_string_equal(header("Content-Encoding"), "br");
	str_free(&plain);
	str_free(&back);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_page_is_revalidated),
		cmocka_unit_test(hashed_files_are_kept_for_ever),
		cmocka_unit_test(the_best_encoding_is_sent),
		cmocka_unit_test(addresses_of_the_ui_give_the_page_to_browsers_only),
		cmocka_unit_test(answers_are_compressed_when_it_pays),
	};

	rep = REPLY_INIT;
	return cmocka_run_group_tests(tests, open_arena, close_arena);
}
