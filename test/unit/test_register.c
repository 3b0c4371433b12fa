/* The definition language: what is shipped, what an office may add, and what is refused with which words. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/embed.h"
#include "base/os.h"
#include "model/register.h"
#include "test/unit/json_schema.h"

static const struct catalogue *builtin(void)
{
	const struct catalogue *c = NULL;
	struct err err;
	struct str said = STR_INIT;
	if (!catalogue_builtin(NULL, 0, 1, &c, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	return c;
}

static const struct catalogue *with(const char *text)
{
	const struct catalogue *c = NULL;
	struct err err;
	struct str said = STR_INIT;
	struct definition_source own = {"definition 1", slice_of(text), false};
	if (!catalogue_builtin(&own, 1, 2, &c, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	return c;
}

static void test_builtin(void **state)
{
	static const char *const names[] = {"project", "unit", "area", "year_plan", "milestone", "plan",
		"baseline", "report", "issue", "slip", "exemption", "unit_exemption", "change_request",
		"account", "definition", "ruleset", "calendar_day", "mapping", "view", "map_layer"};
	const struct catalogue *c = builtin();
	assert_int_equal(c->n, countof(names));
	for (size_t i = 0; i < countof(names); i++)
		assert_string_equal(c->registers[i].name, names[i]);
	for (int i = 0; i < c->n; i++) {
		const struct register_def *reg = &c->registers[i];
		assert_true(reg->builtin);
		assert_int_equal(reg->index, i);
		assert_int_equal(reg->internal, i >= 13);
		assert_non_null(register_field(reg, reg->title));
		for (int k = 0; k < reg->nfields; k++)
			assert_int_equal(reg->fields[k].index, k);
	}
	catalogue_close(c);
}

static void check_label(const char *reg, const char *part, struct label label, bool must_differ)
{
	if (!label.zh || !label.en || (must_differ && strcmp(label.zh, label.en) == 0))
		fail_msg("%s.%s has not both labels", reg, part);
}

/* Every part that people see is named in both languages. Symbols (km) are the same in both. */
static void test_labels(void **state)
{
	const struct catalogue *c = builtin();
	for (int i = 0; i < c->n; i++) {
		const struct register_def *r = &c->registers[i];
		check_label(r->name, "label", r->label, true);
		check_label(r->name, "help", r->help, true);
		for (int k = 0; k < r->nfields; k++) {
			check_label(r->name, r->fields[k].name, r->fields[k].label, true);
			for (int m = 0; m < r->fields[k].nchoices; m++)
				check_label(
					r->name, r->fields[k].choices[m].name, r->fields[k].choices[m].label, false);
		}
		for (int k = 0; k < r->nstates; k++)
			check_label(r->name, r->states[k].name, r->states[k].label, true);
		for (int k = 0; k < r->nsteps; k++)
			check_label(r->name, r->steps[k].name, r->steps[k].label, true);
		for (int k = 0; k < r->nclocks; k++)
			check_label(r->name, r->clocks[k].name, r->clocks[k].label, true);
	}
	catalogue_close(c);
}

/* From the first state every state can be reached, and every open state can be left. */
static void test_states_connected(void **state)
{
	const struct catalogue *c = builtin();
	for (int i = 0; i < c->n; i++) {
		const struct register_def *r = &c->registers[i];
		bool reached[64] = {0};
		assert_true(r->nstates < 64);
		reached[0] = true;
		for (int round = 0; round < r->nstates; round++)
			for (int k = 0; k < r->nsteps; k++)
				for (int f = 0; f < r->steps[k].nfrom; f++)
					if (r->steps[k].to && reached[register_state_index(r, r->steps[k].from[f])])
						reached[register_state_index(r, r->steps[k].to)] = true;
		for (int s = 0; s < r->nstates; s++) {
			bool left = !r->states[s].open;
			for (int k = 0; k < r->nsteps; k++)
				for (int f = 0; f < r->steps[k].nfrom; f++)
					left = left ||
						(r->steps[k].to && strcmp(r->steps[k].from[f], r->states[s].name) == 0);
			if (!reached[s] || !left)
				fail_msg(
					"%s: state %s is a dead end or cannot be reached", r->name, r->states[s].name);
		}
	}
	catalogue_close(c);
}

/* The published problem loop (P1): same day, 3 and 7 working days, objection within 1, extension asked 1 before. */
static void test_issue_clocks(void **state)
{
	const struct catalogue *c = builtin();
	const struct register_def *issue = catalogue_find(c, "issue");
	static const struct {
		const char *clock;
		int limit;
	} want[] = {{"accept", 1}, {"objection", 1}, {"ruling", 1}, {"support", 3}, {"answer", 7}};
	for (size_t i = 0; i < countof(want); i++) {
		bool found = false;
		for (int k = 0; k < issue->nclocks; k++)
			if (strcmp(issue->clocks[k].name, want[i].clock) == 0) {
				found = true;
				assert_int_equal(issue->clocks[k].limit.n, want[i].limit);
				assert_int_equal(issue->clocks[k].limit.unit, SPAN_WORKDAYS);
			}
		assert_true(found);
	}
	assert_string_equal(register_step(issue, "object")->within, "objection");
	catalogue_close(c);
}

static void test_extension(void **state)
{
	const struct catalogue *c =
		with("{\"register\":\"project\",\"extends\":true,"
			 "\"groups\":[{\"name\":\"bonds\",\"label\":{\"zh\":\"债券\",\"en\":\"Bonds\"}}],"
			 "\"fields\":[{\"name\":\"bond_batch\",\"type\":\"text\",\"label\":{\"zh\":"
			 "\"债券批次\"},\"group\":\"bonds\"},"
			 "{\"name\":\"category\",\"choices\":[{\"name\":\"low_altitude\",\"label\":{\"zh\":"
			 "\"低空经济\",\"en\":\"Low altitude\"}}]},"
			 "{\"name\":\"title\",\"synonyms\":[\"项目全称\"],\"label\":{\"zh\":\"项目全称\","
			 "\"en\":\"Full name\"}}],"
			 "\"steps\":[{\"name\":\"start\",\"asks\":[\"bond_batch\"]}]}");
	const struct catalogue *before = builtin();
	const struct register_def *p = catalogue_find(c, "project"),
							  *old = catalogue_find(before, "project");
	const struct field *batch = register_field(p, "bond_batch"),
					   *category = register_field(p, "category");
	assert_non_null(batch);
	assert_false(batch->builtin);
	assert_string_equal(batch->label.en, "债券批次");
	/* what stood before keeps its place */
	assert_int_equal(batch->index, old->nfields);
	for (int i = 0; i < old->nfields; i++)
		assert_string_equal(p->fields[i].name, old->fields[i].name);
	assert_int_equal(category->nchoices, register_field(old, "category")->nchoices + 1);
	assert_string_equal(field_choice(category, "low_altitude")->label.zh, "低空经济");
	assert_string_equal(register_field(p, "title")->label.zh, "项目全称");
	assert_true(register_field(p, "title")->required);
	const struct step *start = register_step(p, "start");
	assert_ptr_equal(start->asks[start->nasks - 1], batch);
	assert_int_equal(c->edition, 2);
	catalogue_close(before);
	catalogue_close(c);
}

/* The example of the design page, as it stands there. */
static void test_own_register(void **state)
{
	const struct catalogue *c = with(
		"{ \"register\": \"complaint\", \"label\": {\"zh\": \"投诉\", \"en\": \"Complaint\"},"
		"\"of\": \"project\", \"number\": \"TS{yyyy}-{seq:4}\", \"fields\": ["
		"{\"name\": \"project\", \"type\": \"ref\", \"to\": \"project\", \"required\": true},"
		"{\"name\": \"title\", \"type\": \"text\", \"max\": 200, \"required\": true, \"label\": "
		"{\"zh\": \"问题描述\", \"en\": \"Problem\"}},"
		"{\"name\": \"lead_unit\", \"type\": \"ref\", \"to\": \"unit\"},"
		"{\"name\": \"photos\", \"type\": \"files\", \"accept\": \"image\", \"evidence\": true} ],"
		"\"states\": [\"reported\", \"assigned\", \"answered\", \"closed\"],"
		"\"steps\": [ {\"name\": \"assign\", \"from\": [\"reported\"], \"to\": \"assigned\", "
		"\"by\": [\"office\"], \"asks\": [\"lead_unit\"]} ],"
		"\"clocks\": [ {\"name\": \"answer\", \"start\": \"assigned\", \"stop\": \"answered\", "
		"\"limit\": \"7wd\", \"warn\": \"1wd\", \"ladder\": \"issue\"} ] }");
	const struct register_def *r = catalogue_find(c, "complaint");
	assert_int_equal(r->index, c->n - 1);
	assert_false(r->builtin);
	assert_string_equal(r->title, "title");
	assert_true(register_state(r, "assigned")->open);
	assert_false(register_state(r, "closed")->open);
	assert_int_equal(r->allow[VERB_READ].n, 1);
	assert_string_equal(r->allow[VERB_READ].roles[0], "anyone");
	assert_int_equal(r->allow[VERB_UPDATE].n, 2);
	catalogue_close(c);
}

static void test_bounds(void **state)
{
	const struct catalogue *c =
		with("{\"register\":\"probe\",\"fields\":[{\"name\":\"share\",\"type\":\"percent\","
			 "\"least\":-0.5,"
			 "\"most\":36.1},{\"name\":\"length\",\"type\":\"quantity\",\"scale\":3,\"most\":12."
			 "345,\"unit\":\"km\"},"
			 "{\"name\":\"day\",\"type\":\"date\",\"least\":\"1970-01-11\"}],\"title\":\"day\"}");
	const struct register_def *r = catalogue_find(c, "probe");
	assert_int_equal(r->fields[0].least, -50);
	assert_int_equal(r->fields[0].most, 3610);
	assert_int_equal(r->fields[1].most, 12345);
	assert_int_equal(r->fields[2].least, 10);
	assert_false(r->fields[2].has_most);
	catalogue_close(c);
}

/* The JSON for the UI parses, and says what the definition said. */
static void test_json(void **state)
{
	struct arena *a = arena_open();
	const struct catalogue *c = builtin();
	struct err err;
	for (int i = 0; i < c->n; i++) {
		struct str text = STR_INIT;
		struct json_writer w = jw_start(&text);
		register_to_json(&w, &c->registers[i]);
		jw_end(&w);
		const struct json *j;
		assert_true(json_parse(a, str_view(&text), "register", &j, &err));
		assert_string_equal(json_text(json_get(j, "register"), ""), c->registers[i].name);
		assert_int_equal(json_count(json_get(j, "fields")), c->registers[i].nfields);
		assert_int_equal(json_count(json_get(j, "steps")), c->registers[i].nsteps);
		assert_int_equal(json_count(json_get(j, "clocks")), c->registers[i].nclocks);
		str_free(&text);
	}
	catalogue_close(c);
	arena_close(a);
}

static void test_span(void **state)
{
	static const struct {
		const char *text;
		int n;
		enum span_unit unit;
	} good[] = {{"7wd", 7, SPAN_WORKDAYS}, {"1d", 1, SPAN_DAYS}, {"24h", 24, SPAN_HOURS},
		{"3mo", 3, SPAN_MONTHS}, {"0wd", 0, SPAN_WORKDAYS}};
	static const char *const bad[] = {
		"", "7", "wd", "7 wd", "-1d", "7wdx", "1m", "999999d", "1.5d"};
	for (size_t i = 0; i < countof(good); i++) {
		struct span span;
		struct str back = STR_INIT;
		assert_true(span_parse(slice_of(good[i].text), &span));
		assert_int_equal(span.n, good[i].n);
		assert_int_equal(span.unit, good[i].unit);
		span_format(&back, span);
		assert_string_equal(str_text(&back), good[i].text);
		str_free(&back);
	}
	for (size_t i = 0; i < countof(bad); i++) {
		struct span span;
		assert_false(span_parse(slice_of(bad[i]), &span));
	}
}

/* Every file of test/golden/registers/bad is refused with the line of its .err file. */
static void test_bad(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const char *folder = arena_printf(a, "%s/test/golden/registers/bad", getenv("GUATU_SOURCE"));
	const char *const *names;
	int n, wrong = 0;
	assert_true(os_list_folder(a, folder, ".json", &names, &n, &err));
	assert_true(n >= 50);
	for (int i = 0; i < n; i++) {
		struct slice text, want;
		struct str said = STR_INIT;
		const struct catalogue *c = NULL;
		const char *path = arena_printf(a, "%s/%s", folder, names[i]);
		assert_true(os_read_file(a, path, 1 << 20, &text, &err));
		char *expect = arena_strdup(a, path);
		memcpy(strrchr(expect, '.'), ".err", 5);
		assert_true(os_read_file(a, expect, 1 << 20, &want, &err));
		struct definition_source own = {names[i], text, false};
		if (catalogue_builtin(&own, 1, 2, &c, &err)) {
			print_error("%s was accepted\n", names[i]);
			wrong++;
			catalogue_close(c);
			continue;
		}
		err_say(&err, LANG_EN, &said);
		str_putc(&said, '\n');
		if (!slice_equal(str_view(&said), want)) {
			print_error("%s says: %swanted:  %.*s", names[i], str_text(&said), (int)want.n, want.s);
			wrong++;
		}
		assert_int_equal(err.code, ERR_INPUT);
		str_free(&said);
	}
	assert_int_equal(wrong, 0);
	arena_close(a);
}

/* The page names every register, field, step and clock, in either language. */
static void test_reference(void **state)
{
	const struct catalogue *c = builtin();
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct str page = STR_INIT;
		register_reference(&page, c, (enum lang)lang);
		for (int i = 0; i < c->n; i++) {
			const struct register_def *r = &c->registers[i];
			struct str part = STR_INIT;
			str_printf(&part, "\n## %s `%s`\n", label_in(r->label, (enum lang)lang), r->name);
			assert_non_null(strstr(str_text(&page), str_text(&part)));
			for (int k = 0; k < r->nfields + r->nsteps + r->nclocks; k++) {
				int s = k - r->nfields, m = s - r->nsteps;
				str_clear(&part);
				str_printf(&part, "\n| `%s` | ",
					s < 0       ? r->fields[k].name
						: m < 0 ? r->steps[s].name
								: r->clocks[m].name);
				assert_non_null(strstr(str_text(&page), str_text(&part)));
			}
			str_free(&part);
		}
		str_free(&page);
	}
	catalogue_close(c);
}

static const struct json *schema_in(struct arena *a)
{
	const struct json *schema;
	struct err err;
	assert_true(
		json_parse(a, embed_text(embed_find("registers/schema.json")), NULL, &schema, &err));
	return schema;
}

/* Every example of the manual page loads as it stands there, and fits the schema. */
static void test_manual(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	struct slice page;
	const struct json *schema = schema_in(a), *def;
	int examples = 0;
	assert_true(os_read_file(
		a, arena_printf(a, "%s/docs/registers.md", getenv("GUATU_SOURCE")), 1 << 20, &page, &err));
	for (char *from = strstr(arena_text(a, page), "```json\n"); from;
		 from = strstr(from, "```json\n"), examples++) {
		char *text = from + strlen("```json\n"), *end = strstr(text, "```");
		assert_non_null(end);
		*end = '\0';
		catalogue_close(with(text));
		assert_true(json_parse(a, slice_of(text), NULL, &def, &err));
		assert_true(json_fits(schema, schema, def, NULL));
		from = end + 1;
	}
	assert_int_equal(examples, 2);
	arena_close(a);
}

/* Every definition that is shipped fits the schema, and it lists the types there are. */
static void test_schema(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const struct json *schema = schema_in(a), *def,
					  *types = json_get(json_get(json_get(schema, "$defs"), "type"), "enum");
	int n, wrong = 0;
	assert_int_equal(json_count(types), FIELD_DERIVED + 1);
	for (int t = 0; t <= FIELD_DERIVED; t++)
		assert_string_equal(json_text(json_at(types, t), ""), field_type_name((enum field_type)t));
	const struct embedded *files = embed_under("registers/", &n);
	for (int i = 0; i < n; i++) {
		struct str where = STR_INIT;
		if (strcmp(files[i].path, "registers/schema.json") == 0)
			continue;
		assert_true(json_parse(a, embed_text(&files[i]), NULL, &def, &err));
		if (!json_fits(schema, schema, def, &where)) {
			print_error("%s: %s\n", files[i].path, str_text(&where));
			wrong++;
		}
		str_free(&where);
	}
	assert_int_equal(wrong, 0);
	arena_close(a);
}

/* The schema refuses every bad definition too, but for those that only name what is not there: beyond_schema.txt. */
static void test_schema_refuses(void **state)
{
	struct arena *a = arena_open();
	struct err err;
	const struct json *schema = schema_in(a), *def;
	const char *folder = arena_printf(a, "%s/test/golden/registers/bad", getenv("GUATU_SOURCE"));
	const char *const *names;
	struct slice text, beyond;
	int n, wrong = 0;
	assert_true(os_list_folder(a, folder, ".json", &names, &n, &err));
	assert_true(
		os_read_file(a, arena_printf(a, "%s/beyond_schema.txt", folder), 1 << 16, &beyond, &err));
	for (int i = 0; i < n; i++) {
		const char *line = arena_printf(a, "\n%s\n", names[i]);
		bool listed = strstr(arena_text(a, beyond), line);
		assert_true(
			os_read_file(a, arena_printf(a, "%s/%s", folder, names[i]), 1 << 20, &text, &err));
		bool refused =
			!json_parse(a, text, NULL, &def, &err) || !json_fits(schema, schema, def, NULL);
		if (refused == listed) {
			print_error("%s: %s\n", names[i],
				listed ? "the schema refuses it, take it off the list" : "the schema takes it");
			wrong++;
		}
	}
	assert_int_equal(wrong, 0);
	arena_close(a);
}

/* docs/reference.*.md are what the program prints. GUATU_REWRITE=1 writes them anew. */
static void test_reference_files(void **state)
{
	static const char *const suffix[] = {[LANG_ZH] = "zh", [LANG_EN] = "en"};
	const struct catalogue *c = builtin();
	struct arena *a = arena_open();
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct str page = STR_INIT;
		struct slice committed;
		struct err err;
		const char *path =
			arena_printf(a, "%s/docs/reference.%s.md", getenv("GUATU_SOURCE"), suffix[lang]);
		register_reference(&page, c, (enum lang)lang);
		if (getenv("GUATU_REWRITE"))
			assert_true(os_write_file(path, str_view(&page), &err));
		assert_true(os_read_file(a, path, 1 << 20, &committed, &err));
		if (!slice_equal(committed, str_view(&page)))
			fail_msg("%s is not what the definitions say: GUATU_REWRITE=1 writes it anew", path);
		str_free(&page);
	}
	catalogue_close(c);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_builtin),
		cmocka_unit_test(test_labels),
		cmocka_unit_test(test_states_connected),
		cmocka_unit_test(test_issue_clocks),
		cmocka_unit_test(test_extension),
		cmocka_unit_test(test_own_register),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_json),
		cmocka_unit_test(test_span),
		cmocka_unit_test(test_reference),
		cmocka_unit_test(test_reference_files),
		cmocka_unit_test(test_schema),
		cmocka_unit_test(test_schema_refuses),
		cmocka_unit_test(test_manual),
		cmocka_unit_test(test_bad),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
