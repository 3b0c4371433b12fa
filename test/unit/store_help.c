#include "test/unit/cmocka_all.h"

#include "test/unit/store_help.h"

#include <ftw.h>
#include <stdio.h>
#include <unistd.h>

/* clang-format off */
#define LABEL(word) "\"label\":{\"zh\":\"" word "\",\"en\":\"" word "\"}"
#define FIELD(name, type, more) "{\"name\":\"" name "\",\"type\":\"" type "\"," more LABEL(name) "}"
#define AB "\"choices\":[{\"name\":\"a\"," LABEL("a") "},{\"name\":\"b\"," LABEL("b") "}],"

const char thing_json[] =
	"{\"register\":\"thing\"," LABEL("thing") ",\"number\":\"DX{yyyy}-{seq:4}\",\"title\":\"title\","
	"\"of\":\"project\",\"fields\":["
	FIELD("title", "text", "\"required\":true,") ","
	FIELD("note", "longtext", "") ","
	FIELD("code", "text", "\"unique\":true,") ","
	FIELD("project", "ref", "\"to\":\"project\",") ","
	FIELD("helpers", "refs", "\"to\":\"unit\",") ","
	FIELD("count", "integer", "") ","
	FIELD("length", "quantity", "\"scale\":3,\"unit\":{\"zh\":\"km\",\"en\":\"km\"},") ","
	FIELD("cost", "money", "") ","
	FIELD("share", "percent", "") ","
	FIELD("day", "date", "") ","
	FIELD("month", "month", "") ","
	FIELD("moment", "instant", "") ","
	FIELD("good", "yesno", "") ","
	FIELD("kind", "choice", AB) ","
	FIELD("tags", "choices", AB) ","
	FIELD("spot", "point", "") ","
	FIELD("place", "integer", "")
	"],\"key\":[\"day\",\"place\"],"
	"\"states\":[{\"name\":\"fresh\",\"open\":true," LABEL("fresh") "},{\"name\":\"done\"," LABEL("done") "}],"
	"\"steps\":[{\"name\":\"finish\",\"from\":[\"fresh\"],\"to\":\"done\",\"by\":[\"office\"],"
	LABEL("finish") "}]}";
/* clang-format on */

void help_must(bool ok, const struct err *err)
{
	struct str said = STR_INIT;
	if (ok)
		return;
	err_say(err, LANG_EN, &said);
	fail_msg("%s", str_text(&said));
}

void help_reopen(struct help *h)
{
	struct err err;
	struct store_options options = {.folder = h->folder};
	store_close(h->store);
	h->store = NULL;
	help_must(store_open(&options, &h->store, &err), &err);
	help_must(store_migrate(h->store, h->catalogue, &err), &err);
}

void help_prepare(struct help *h)
{
	struct err err;
	const char *parent = getenv("TMPDIR");
	struct definition_source own = {"definition 1", slice_of(thing_json), false};
	*h = (struct help){.a = arena_open()};
	snprintf(h->folder, sizeof h->folder, "%.40s/guatu-test-XXXXXX", parent ? parent : "/tmp");
	assert_non_null(mkdtemp(h->folder));
	help_must(catalogue_builtin(&own, 1, 2, &h->catalogue, &err), &err);
	h->thing = catalogue_find(h->catalogue, "thing");
	assert_non_null(h->thing);
}

void help_open(struct help *h)
{
	help_prepare(h);
	help_reopen(h);
}

static int remove_one(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
	return remove(path);
}

void help_close(struct help *h)
{
	store_close(h->store);
	catalogue_close(h->catalogue);
	arena_close(h->a);
	nftw(h->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

const struct field *help_field(const struct help *h, const char *name)
{
	const struct field *f = register_field(h->thing, name);
	assert_non_null(f);
	return f;
}

struct value help_text(const char *text)
{
	return (struct value){.kind = VALUE_TEXT, .text = slice_of(text)};
}

struct value help_int(int64_t i)
{
	return (struct value){.kind = VALUE_INT, .i = i};
}

struct value help_id(struct uuid id)
{
	return (struct value){.kind = VALUE_ID, .id = id};
}

void help_set(struct help *h, struct help_write *w, const char *field, struct value value)
{
	assert_true(w->write.n < (int)countof(w->fields));
	w->fields[w->write.n] = help_field(h, field);
	w->values[w->write.n++] = value;
}

struct help_write help_create(struct help *h, const char *title)
{
	struct help_write w = {.write = {.verb = WRITE_CREATE, .reg = h->thing, .state = "fresh"}};
	help_set(h, &w, "title", help_text(title));
	return w;
}

struct instant help_at(void)
{
	return date_instant(date_from_ymd(2026, 3, 31), 480, 0);
}

bool help_submit(
	struct help *h, const struct write *writes, int n, struct batch_result *out, struct err *err)
{
	struct batch batch = {
		.who = HELP_WHO, .via = "test", .at = help_at(), .writes = writes, .n = n};
	return store_submit(h->store, h->a, &batch, out, err);
}

struct written help_one(struct help *h, struct help_write *w)
{
	struct batch_result out;
	struct err err;
	w->write.fields = w->fields;
	w->write.values = w->values;
	help_must(help_submit(h, &w->write, 1, &out, &err), &err);
	return out.results[0];
}

int help_begin(void **state)
{
	struct help *h = calloc(1, sizeof *h);
	assert_non_null(h);
	help_open(h);
	*state = h;
	return 0;
}

int help_end(void **state)
{
	help_close(*state);
	free(*state);
	return 0;
}

struct record *help_get(struct help *h, struct uuid id)
{
	struct record *r = NULL;
	struct err err;
	help_must(store_get(h->store, h->a, h->thing, id, &r, &err), &err);
	return r;
}

const struct value *help_value(struct help *h, const struct record *r, const char *field)
{
	return &r->values[help_field(h, field)->index];
}

int help_found(struct help *h, const char *words)
{
	struct uuid *ids;
	struct err err;
	int n;
	help_must(store_search(h->store, h->a, h->thing, slice_of(words), 100, &ids, &n, &err), &err);
	return n;
}

bool help_count(void *self, const struct record *r)
{
	++*(int *)self;
	return true;
}
