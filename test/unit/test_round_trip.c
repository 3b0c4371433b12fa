/* An own register with a field of every kind, filled at random: what goes out as .xlsx or .csv comes in again as it was, into
 * the same office and into an empty one. */
#include "cmocka_all.h"

#include <stdio.h>

#include "app/importing.h"
#include "app/reading.h"
#include "app/registers.h"
#include "app_help.h"

#define ROWS 150

static const char definition[] =
	"{\"register\":\"sample\",\"label\":{\"zh\":\"样品\",\"en\":\"Sample\"},\"title\":\"name\","
	"\"number\":\"YP{yyyy}-{seq:3}\","
	"\"fields\":["
	"{\"name\":\"name\",\"type\":\"text\",\"required\":true,\"label\":{\"zh\":\"名称\",\"en\":"
	"\"Name\"}},"
	"{\"name\":\"remark\",\"type\":\"longtext\",\"label\":{\"zh\":\"说明\",\"en\":\"Remark\"}},"
	"{\"name\":\"pieces\",\"type\":\"integer\",\"label\":{\"zh\":\"件数\",\"en\":\"Pieces\"}},"
	"{\"name\":\"length\",\"type\":\"quantity\",\"scale\":3,\"unit\":{\"zh\":\"公里\",\"en\":"
	"\"km\"},"
	"\"label\":{\"zh\":\"长度\",\"en\":\"Length\"}},"
	"{\"name\":\"price\",\"type\":\"money\",\"label\":{\"zh\":\"价款\",\"en\":\"Price\"}},"
	"{\"name\":\"share\",\"type\":\"percent\",\"label\":{\"zh\":\"占比\",\"en\":\"Share\"}},"
	"{\"name\":\"made\",\"type\":\"date\",\"label\":{\"zh\":\"制作日期\",\"en\":\"Made on\"}},"
	"{\"name\":\"season\",\"type\":\"month\",\"label\":{\"zh\":\"所属月份\",\"en\":\"Month\"}},"
	"{\"name\":\"seen\",\"type\":\"instant\",\"label\":{\"zh\":\"查验时刻\",\"en\":\"Seen at\"}},"
	"{\"name\":\"whole\",\"type\":\"yesno\",\"label\":{\"zh\":\"完好\",\"en\":\"Whole\"}},"
	"{\"name\":\"grade\",\"type\":\"choice\",\"label\":{\"zh\":\"等级\",\"en\":\"Grade\"},"
	"\"choices\":["
	"{\"name\":\"one\",\"label\":{\"zh\":\"一级：甲、乙\",\"en\":\"1: A, B\"}},"
	"{\"name\":\"two\",\"label\":{\"zh\":\"二级（丙）\",\"en\":\"2 (C)\"}},"
	"{\"name\":\"none\",\"label\":{\"zh\":\"无\",\"en\":\"None\"}}]},"
	"{\"name\":\"marks\",\"type\":\"choices\",\"label\":{\"zh\":\"标记\",\"en\":\"Marks\"},"
	"\"choices\":["
	"{\"name\":\"red\",\"label\":{\"zh\":\"红、橙\",\"en\":\"Red, orange\"}},"
	"{\"name\":\"blue\",\"label\":{\"zh\":\"蓝/绿\",\"en\":\"Blue/green\"}},"
	"{\"name\":\"grey\",\"label\":{\"zh\":\"灰\",\"en\":\"Grey\"}}]},"
	"{\"name\":\"keeper\",\"type\":\"ref\",\"to\":\"unit\",\"label\":{\"zh\":\"保管单位\",\"en\":"
	"\"Keeper\"}},"
	"{\"name\":\"users\",\"type\":\"refs\",\"to\":\"unit\",\"label\":{\"zh\":\"使用单位\",\"en\":"
	"\"Users\"}},"
	"{\"name\":\"spot\",\"type\":\"point\",\"label\":{\"zh\":\"所在点\",\"en\":\"Spot\"}},"
	"{\"name\":\"way\",\"type\":\"line\",\"label\":{\"zh\":\"线路\",\"en\":\"Way\"}},"
	"{\"name\":\"ground\",\"type\":\"area\",\"label\":{\"zh\":\"地块\",\"en\":\"Ground\"}},"
	"{\"name\":\"region\",\"type\":\"code\",\"code\":\"area\",\"label\":{\"zh\":\"产地代码\","
	"\"en\":\"Region\"}},"
	"{\"name\":\"extra\",\"type\":\"json\",\"label\":{\"zh\":\"附加\",\"en\":\"Extra\"}}]}";

static struct world *office_with_samples(struct person *office)
{
	struct world *w = world_open();
	struct person admin =
		world_person(w, "admin2", "administrator", (struct uuid){{0}}, (struct uuid){{0}});
	struct str out = STR_INIT, said = STR_INIT;
	const struct json *body;
	struct err err;
	*office = world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	assert_true(json_parse(w->a, slice_of(definition), NULL, &body, &err));
	if (!app_register_add(w->app, w->a, &admin, body, &out, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	str_free(&out);
	return w;
}

/* ---- values ---- */

struct dice {
	uint64_t seed;
};

static uint32_t roll(struct dice *d, uint32_t sides)
{
	d->seed = d->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(d->seed >> 33) % sides;
}

/* What spreadsheets and importers like to take for something else. */
static const char *text_value(struct dice *d)
{
	static const char *const texts[] = {"007", "1e5", "=1+1", "+86 451", "-", "@名", "'引", "TRUE",
		"无", "/", "#N/A", "2026年5月", "2026-03-31", "3/4", "12.50", "1,234", "10%", "合计",
		"甲\"乙\"", "a,b;c", "两行\n文字", "制表\t符", "全角　空格", "二　　空", "😀𠮷",
		"<b>&amp;</b>", "_x000D_", "null", "一号厂房", "Straße №5", "90071992547409931"};
	return texts[roll(d, countof(texts))];
}

static void put_number(struct json_writer *w, struct dice *d, const char *key, int scale)
{
	int64_t value = (int64_t)roll(d, 2000000000) * (roll(d, 2) ? 1 : 500);
	jw_key(w, key);
	jw_decimal(w, roll(d, 4) ? value : -value, scale);
}

static void put_position(struct json_writer *w, struct dice *d)
{
	jw_array(w);
	jw_decimal(w, 1170000000 + roll(d, 100000000), 7);
	jw_decimal(w, 310000000 + roll(d, 100000000), 7);
	jw_array_end(w);
}

static void put_geometry(
	struct json_writer *w, struct dice *d, const char *key, const char *type, int points)
{
	jw_key(w, key);
	jw_object(w);
	jw_kt(w, "type", type);
	if (roll(d, 3) == 0)
		jw_kt(w, "entered_in", "gcj02");
	jw_key(w, "coordinates");
	if (points > 1)
		jw_array(w);
	if (points > 3)
		jw_array(w);
	for (int i = 0; i < points; i++)
		put_position(w, d);
	if (points > 3)
		jw_array_end(w);
	if (points > 1)
		jw_array_end(w);
	jw_object_end(w);
}

static void put_times(struct json_writer *w, struct dice *d)
{
	char text[40];
	int year = 1990 + (int)roll(d, 60), month = 1 + (int)roll(d, 12), day = 1 + (int)roll(d, 28);
	snprintf(text, sizeof(text), "%04d-%02d-%02d", year, month, day);
	jw_kt(w, "made", text);
	snprintf(text, sizeof(text), "%04d-%02d", year, month);
	jw_kt(w, "season", text);
	snprintf(text, sizeof(text), "%04d-%02d-%02dT%02d:%02d:%02d+08:00", year, month, day,
		(int)roll(d, 24), (int)roll(d, 60), (int)roll(d, 60));
	jw_kt(w, "seen", text);
}

static void put_choices(struct json_writer *w, struct dice *d)
{
	static const char *const grades[] = {"one", "two", "none"},
							 *const marks[] = {"red", "blue", "grey"};
	jw_kt(w, "grade", grades[roll(d, 3)]);
	jw_key(w, "marks");
	jw_array(w);
	for (uint32_t i = roll(d, 3); i < 3; i++)
		jw_text(w, marks[i]);
	jw_array_end(w);
}

static void put_refs(struct json_writer *w, struct dice *d, const struct world *world)
{
	const struct uuid units[] = {world->bureau_a, world->bureau_b, world->office_a};
	jw_kid(w, "keeper", units[roll(d, 3)]);
	jw_key(w, "users");
	jw_array(w);
	for (uint32_t i = roll(d, 3); i < 3; i++)
		jw_uuid(w, units[i]);
	jw_array_end(w);
}

/* Each group of fields is left out now and then. */
static void put_sample(struct json_writer *w, struct dice *d, const struct world *world, int i)
{
	char name[80];
	snprintf(name, sizeof(name), "%s %d", text_value(d), i);
	jw_kt(w, "name", roll(d, 4) ? name : text_value(d));
	if (roll(d, 5))
		jw_kt(w, "remark", text_value(d));
	if (roll(d, 5)) {
		put_number(w, d, "pieces", 0);
		put_number(w, d, "length", 3);
		put_number(w, d, "price", 0);
		jw_key(w, "share");
		jw_decimal(w, roll(d, 20000), 2);
	}
	if (roll(d, 5))
		put_times(w, d);
	if (roll(d, 5))
		jw_kb(w, "whole", roll(d, 2));
	if (roll(d, 5))
		put_choices(w, d);
	if (roll(d, 5))
		put_refs(w, d, world);
	if (roll(d, 3)) {
		put_geometry(w, d, "spot", "Point", 1);
		put_geometry(w, d, "way", "LineString", 3);
	}
	if (roll(d, 5))
		jw_kt(w, "region", roll(d, 2) ? "230102" : "110000");
	if (roll(d, 5)) {
		jw_key(w, "extra");
		jw_object(w);
		jw_kt(w, "a, \"b\"", text_value(d));
		jw_object_end(w);
	}
}

static void fill(struct world *w, const struct person *office, uint64_t seed)
{
	struct dice dice = {seed};
	for (int i = 0; i < ROWS; i++) {
		struct str fields = STR_INIT;
		struct json_writer writer = jw_start(&fields);
		jw_object(&writer);
		put_sample(&writer, &dice, w, i);
		jw_object_end(&writer);
		fields.s[fields.n - 1] = '\0';
		world_create(w, office, "sample", "%s", fields.s + 1);
		str_free(&fields);
	}
}

/* ---- out and in ---- */

static struct str export(struct world *w, const struct person *person, enum export_format format)
{
	struct str out = STR_INIT;
	struct err err;
	struct query_text query = {0};
	assert_true(app_export(w->app, person, "sample", &query, format, &out, &err));
	return out;
}

static const struct json *take(
	struct world *w, const struct person *person, const char *name, const struct str *file)
{
	struct str answer = STR_INIT, outcome = STR_INIT, said = STR_INIT;
	struct err err;
	if (!import_start(w->app, person, "sample", name, str_view(file), NULL, &answer, &err)) {
		err_say(&err, LANG_EN, &said);
		fail_msg("%s", str_text(&said));
	}
	const struct json *draft = world_parse(w, &answer);
	const struct json *problems = json_get(draft, "problems");
	if (json_count(problems))
		print_message("%s: %s \"%s\": %s\n", name,
			json_text(json_get(json_at(problems, 0), "heading"), ""),
			json_text(json_get(json_at(problems, 0), "value"), ""),
			json_text(json_get(json_at(problems, 0), "text"), ""));
	assert_true(
		import_confirm(w->app, person, json_text(json_get(draft, "import"), ""), &outcome, &err));
	return world_parse(w, &outcome);
}

/* Line by line, so that a failure shows the row. */
static void assert_same_lines(char *one, char *other)
{
	char *rest_one, *rest_other;
	char *a = strtok_r(one, "\n", &rest_one), *b = strtok_r(other, "\n", &rest_other);
	while (a && b) {
		assert_string_equal(a, b);
		a = strtok_r(NULL, "\n", &rest_one);
		b = strtok_r(NULL, "\n", &rest_other);
	}
	assert_true(!a && !b);
}

static void every_kind_of_field_comes_in_as_it_went_out(void **state)
{
	static const enum export_format formats[] = {EXPORT_CSV, EXPORT_XLSX};
	struct person office, other;
	struct world *w = office_with_samples(&office);
	fill(w, &office, 20260310);
	for (size_t f = 0; f < countof(formats); f++) {
		const char *name = formats[f] == EXPORT_CSV ? "out.csv" : "out.xlsx";
		struct str file = export(w, &office, formats[f]);
		const struct json *outcome = take(w, &office, name, &file);
		assert_int_equal(json_int(json_get(outcome, "unchanged"), -1), ROWS);
		struct world *empty = office_with_samples(&other);
		outcome = take(empty, &other, name, &file);
		assert_int_equal(json_int(json_get(outcome, "created"), -1), ROWS);
		struct str before = export(w, &office, EXPORT_CSV),
				   after = export(empty, &other, EXPORT_CSV);
		assert_same_lines(before.s, after.s);
		str_free(&file);
		str_free(&before);
		str_free(&after);
		world_close(empty);
	}
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_kind_of_field_comes_in_as_it_went_out)};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
