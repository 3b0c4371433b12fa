/* Tables out: what goes out as .xlsx or .csv comes in again as the same values, for every type of field. */
#include "test/unit/cmocka_all.h"
#include "test/unit/err_check.h"

#include <stdio.h>
#include <unistd.h>

#include "base/os.h"
#include "intake/csv.h"
#include "intake/ledger.h"
#include "report/sheet.h"

static const struct catalogue *catalogue;
static const struct register_def *reg;
static const char *folder;
static struct arena *keep;

static const char definition[] =
	"{\"register\":\"specimen\",\"label\":{\"zh\":\"样本\",\"en\":\"Specimen\"},\"title\":"
	"\"title\",\"number\":\"YB{seq:4}\",\"fields\":["
	"{\"name\":\"title\",\"type\":\"text\",\"max\":200,\"required\":true,\"label\":{\"zh\":"
	"\"名称\",\"en\":\"Name\"}},"
	"{\"name\":\"story\",\"type\":\"longtext\",\"label\":{\"zh\":\"说明\",\"en\":\"Story\"}},"
	"{\"name\":\"people\",\"type\":\"integer\",\"least\":-100,\"label\":{\"zh\":\"人数\",\"en\":"
	"\"People\"}},"
	"{\"name\":\"length\",\"type\":\"quantity\",\"scale\":3,\"unit\":{\"zh\":\"公里\",\"en\":"
	"\"km\"},\"label\":{\"zh\":\"长度\",\"en\":\"Length\"}},"
	"{\"name\":\"cost\",\"type\":\"money\",\"label\":{\"zh\":\"造价\",\"en\":\"Cost\"}},"
	"{\"name\":\"share\",\"type\":\"percent\",\"label\":{\"zh\":\"占比\",\"en\":\"Share\"}},"
	"{\"name\":\"day\",\"type\":\"date\",\"label\":{\"zh\":\"日期\",\"en\":\"Day\"}},"
	"{\"name\":\"month\",\"type\":\"month\",\"label\":{\"zh\":\"月份\",\"en\":\"Month\"}},"
	"{\"name\":\"moment\",\"type\":\"instant\",\"label\":{\"zh\":\"时刻\",\"en\":\"Moment\"}},"
	"{\"name\":\"open\",\"type\":\"yesno\",\"label\":{\"zh\":\"公开\",\"en\":\"Open\"}},"
	"{\"name\":\"kind\",\"type\":\"choice\",\"label\":{\"zh\":\"种类\",\"en\":\"Kind\"},"
	"\"choices\":[{\"name\":\"road\",\"label\":{\"zh\":\"路\",\"en\":\"Road\"}},"
	"{\"name\":\"bridge\",\"label\":{\"zh\":\"桥\",\"en\":\"Bridge\"}}]},"
	"{\"name\":\"tags\",\"type\":\"choices\",\"label\":{\"zh\":\"标签\",\"en\":\"Tags\"},"
	"\"choices\":[{\"name\":\"one\",\"label\":{\"zh\":\"甲类\",\"en\":\"First\"}},"
	"{\"name\":\"two\",\"label\":{\"zh\":\"乙类\",\"en\":\"Second\"}}]},"
	"{\"name\":\"keeper\",\"type\":\"ref\",\"to\":\"unit\",\"label\":{\"zh\":\"负责单位\",\"en\":"
	"\"Keeper\"}},"
	"{\"name\":\"helpers\",\"type\":\"refs\",\"to\":\"unit\",\"label\":{\"zh\":\"协助单位\",\"en\":"
	"\"Helpers\"}},"
	"{\"name\":\"spot\",\"type\":\"point\",\"label\":{\"zh\":\"点位\",\"en\":\"Spot\"}},"
	"{\"name\":\"uscc\",\"type\":\"code\",\"code\":\"uscc\",\"label\":{\"zh\":\"信用代码\",\"en\":"
	"\"Credit code\"}},"
	"{\"name\":\"extra\",\"type\":\"text\",\"label\":{\"zh\":\"说明\",\"en\":\"Story\"}}],"
	"\"states\":[{\"name\":\"fresh\",\"label\":{\"zh\":\"新到\",\"en\":\"Fresh\"},\"open\":true},{"
	"\"name\":\"old\",\"label\":{\"zh\":\"旧有\",\"en\":\"Old\"}}],"
	"\"allow\":{\"read\":[\"anyone\"],\"create\":[\"office\"]}}";

static int load(void **state)
{
	const struct definition_source own = {"specimen.json", SLICE(definition), false};
	struct err err;
	char name[] = "/tmp/guatu-sheet-XXXXXX";
	keep = arena_open();
	folder = arena_strdup(keep, mkdtemp(name));
	if (!catalogue_builtin(&own, 1, 1, &catalogue, &err)) {
		struct str why = STR_INIT;
		err_say(&err, LANG_EN, &why);
		print_error("%s\n", str_text(&why));
		str_free(&why);
		return -1;
	}
	reg = catalogue_find(catalogue, "specimen");
	return 0;
}

static int drop(void **state)
{
	rmdir(folder);
	catalogue_close(catalogue);
	arena_close(keep);
	return 0;
}

static struct value whole(int64_t i)
{
	return (struct value){.kind = VALUE_INT, .i = i};
}
static struct value words(const char *s)
{
	return (struct value){.kind = VALUE_TEXT, .text = slice_of(s)};
}

static const char *const units[] = {"发改局", "=HYPERLINK(\"x\")", "住建局；一科"};

static const char *title_of(void *self, const struct field *field, struct uuid id)
{
	for (size_t i = 0; i < countof(units); i++)
		if (uuid_equal(id, uuid_named("unit", slice_of(units[i]))))
			return units[i];
	return NULL;
}

static bool find_ref(void *self, struct arena *a, const struct field *field, struct slice text,
	struct uuid *out, const char **nearest)
{
	for (size_t i = 0; i < countof(units); i++)
		if (slice_is(text, units[i])) {
			*out = uuid_named("unit", text);
			return true;
		}
	return false;
}

enum { ROWS = 4, EXTRA = 3 };

/* Values at their edges: the smallest and largest figures, texts that look like formulas, quotes, lines, hostile starts. */
static void fill(struct value rows[ROWS][64])
{
	static struct value tags[2], helpers[2];
	memset(rows, 0, sizeof(struct value[ROWS][64]));
	tags[0] = words("one");
	tags[1] = words("two");
	helpers[0] = (struct value){.kind = VALUE_ID, .id = uuid_named("unit", slice_of(units[0]))};
	helpers[1] = (struct value){.kind = VALUE_ID, .id = uuid_named("unit", slice_of(units[1]))};
	const struct value full[ROWS][17] = {
		{words("东环路"), words("第一行\n第二行，有逗号,和\"引号\""), whole(12), whole(12345),
			whole(123456789), whole(3610), whole(date_from_ymd(2026, 3, 31).day),
			whole(2026 * 12 + 2), whole(INT64_C(1767225600123)), whole(1), words("bridge"),
			{.kind = VALUE_LIST, .items = tags, .n = 2}, helpers[0],
			{.kind = VALUE_LIST, .items = helpers, .n = 2},
			words("{\"type\":\"Point\",\"coordinates\":[117.28,31.86]}"),
			words("91350100M000100Y43"), words("另")},
		{words("=1+1"), words("@SUM(A1)"), whole(-7), whole(-1), whole(-1), whole(-12345),
			whole(date_from_ymd(1899, 12, 31).day), whole(1890 * 12), whole(-1), whole(0),
			words("road"), VALUE_NONE, helpers[1], VALUE_NONE, VALUE_NONE, VALUE_NONE,
			words("'quoted")},
		{words("-3度"), words("'=x"), whole(INT64_C(900719925474099)),
			whole(INT64_C(999999999999999)), whole(INT64_C(9223372036854775807)), whole(1),
			whole(date_from_ymd(9999, 12, 31).day), whole(9999 * 12 + 11), whole(0), VALUE_NONE,
			VALUE_NONE, {.kind = VALUE_LIST, .items = tags + 1, .n = 1}, VALUE_NONE, VALUE_NONE,
			VALUE_NONE, VALUE_NONE, words("007")},
		{words("_x0041_ & <b>"), words("+86 10"), whole(0), whole(0), whole(0), whole(0),
			whole(date_from_ymd(1900, 3, 1).day), VALUE_NONE, VALUE_NONE, VALUE_NONE, VALUE_NONE,
			VALUE_NONE, VALUE_NONE, VALUE_NONE, VALUE_NONE, VALUE_NONE, words("1;2|3\t4")},
	};
	for (int r = 0; r < ROWS; r++) {
		static const char *const ids[] = {"01890f3e-7b1a-7000-8000-000000000001",
			"01890f3e-7b1a-7000-8000-000000000002", "01890f3e-7b1a-7000-8000-000000000003",
			"01890f3e-7b1a-7000-8000-000000000004"};
		static const char *const numbers[] = {"YB0001", "YB0002", "YB0003", "YB0004"};
		rows[r][0] = words(ids[r]);
		rows[r][1] = words(numbers[r]);
		rows[r][2] = words(r % 2 ? "旧有" : "Fresh");
		for (int i = 0; i < 17; i++)
			rows[r][EXTRA + i] = full[r][i];
	}
}

static struct sheet_table table_for(struct sheet_column columns[64], enum lang lang)
{
	static const char *const specials[] = {LEDGER_ID, LEDGER_NUMBER, LEDGER_STATE};
	struct sheet_table table = {
		.title = {"样本/一览", "Specimens: list"}, .columns = columns, .lang = lang};
	memset(columns, 0, sizeof(struct sheet_column[64]));
	for (int i = 0; i < EXTRA; i++)
		columns[table.ncolumns++].name = specials[i];
	for (int i = 0; i < reg->nfields; i++)
		columns[table.ncolumns++].field = &reg->fields[i];
	columns[0].hidden = true;
	return table;
}

static void same_again(struct arena *a, struct slice bytes, struct value rows[ROWS][64])
{
	struct workbook book;
	struct ledger_result r;
	struct err err;
	struct str why = STR_INIT;
	if (!workbook_read(a, bytes, NULL, &book, &err))
		goto bad;
	struct ledger_options o = {.reg = reg,
		.today = date_from_ymd(2026, 3, 31),
		.sheet = -1,
		.header_row = -1,
		.find_ref = find_ref};
	if (!ledger_read(a, &book, &o, &r, &err))
		goto bad;
	assert_int_equal(r.sheet, 0);
	assert_int_equal(r.nrows, ROWS);
	for (size_t i = 0; i < r.nproblems; i++) {
		str_printf(&why, "%u, %d: ", r.problems[i].row, r.problems[i].column);
		ledger_problem_text(&why, &r.problems[i], LANG_EN);
		str_puts(&why, "\n");
		/* what a figure looks like beside the others is not about reading it */
		if (!strstr(r.problems[i].text, "other amounts"))
			fail_msg("%s", str_text(&why));
	}
	for (size_t row = 0; row < ROWS; row++) {
		char id[UUID_TEXT];
		uuid_format(r.rows[row].id, id);
		assert_true(slice_is(rows[row][0].text, id));
		assert_int_equal(r.rows[row].fate, LEDGER_UPDATE);
		assert_true(slice_is(rows[row][1].text, r.rows[row].number));
		assert_string_equal(r.rows[row].state, row % 2 ? "old" : "fresh");
		for (int f = 0; f < reg->nfields; f++) {
			int slot = -1;
			for (int i = 0; i < r.nfields; i++)
				if (r.fields[i] == &reg->fields[f])
					slot = i;
			assert_true(slot >= 0);
			if (!value_equal(&r.rows[row].values[slot], &rows[row][EXTRA + f]))
				fail_msg("row %zu, field %s is not what went out (kind %d, %lld)", row,
					reg->fields[f].name, (int)r.rows[row].values[slot].kind,
					(long long)r.rows[row].values[slot].i);
		}
	}
	str_free(&why);
	return;
bad:
	err_say(&err, LANG_EN, &why);
	fail_msg("%s", str_text(&why));
}

static void every_type_goes_out_and_comes_in(void **state)
{
	struct sheet_column columns[64];
	static struct value rows[ROWS][64];
	fill(rows);
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		struct arena *a = arena_open();
		struct sheet_table table = table_for(columns, (enum lang)lang);
		struct str csv = STR_INIT;
		sheet_csv_header(&csv, &table, lang == LANG_ZH);
		for (int r = 0; r < ROWS; r++)
			sheet_csv_row(&csv, &table, rows[r], title_of, NULL);
		same_again(a, str_view(&csv), rows);

		const char *path = arena_printf(a, "%s/out.xlsx", folder);
		struct sheet_file *file;
		struct slice bytes;
		struct err err;
		assert_true(sheet_open(path, folder, &table, title_of, NULL, &file, &err));
		for (int r = 0; r < ROWS; r++)
			assert_true(sheet_add(file, rows[r], &err));
		assert_true(sheet_close(file, &err));
		assert_true(os_read_file(a, path, 1 << 20, &bytes, &err));
		same_again(a, bytes, rows);
		unlink(path);
		str_free(&csv);
		arena_close(a);
	}
}

/* LibreOffice opens our workbook and writes it anew, with shared strings and styles of its own: the same values. */
static void libreoffice_reads_and_writes_the_same(void **state)
{
	struct sheet_column columns[64];
	static struct value rows[ROWS][64];
	struct arena *a = arena_open();
	const char *path = arena_printf(a, "%s/ours.xlsx", folder),
			   *again = arena_printf(a, "%s/theirs", folder);
	struct sheet_table table = table_for(columns, LANG_ZH);
	struct sheet_file *file;
	struct slice bytes;
	struct err err;
	if (system("command -v soffice >/dev/null 2>&1") != 0) {
		print_message("LibreOffice is not installed\n");
		arena_close(a);
		skip();
	}
	fill(rows);
	assert_true(sheet_open(path, folder, &table, title_of, NULL, &file, &err));
	for (int r = 0; r < ROWS; r++)
		assert_true(sheet_add(file, rows[r], &err));
	assert_true(sheet_close(file, &err));
	assert_int_equal(system(arena_printf(a,
						 "soffice -env:UserInstallation=file://%s/profile --headless --convert-to "
						 "xlsx --outdir %s %s >/dev/null 2>&1",
						 folder, again, path)),
		0);
	assert_true(os_read_file(a, arena_printf(a, "%s/ours.xlsx", again), 1 << 20, &bytes, &err));
	assert_int_equal(system(arena_printf(a, "rm -r %s/profile %s %s", folder, again, path)), 0);
	same_again(a, bytes, rows);
	arena_close(a);
}

static void headings_tell_columns_apart(void **state)
{
	struct sheet_column columns[64];
	struct sheet_table table = table_for(columns, LANG_ZH);
	static const struct {
		int column;
		const char *zh;
	} cases[] = {{0, "记录标识"}, {EXTRA + 0, "名称"}, {EXTRA + 1, "说明 [story]"},
		{EXTRA + 3, "长度（公里）"}, {EXTRA + 4, "造价（万元）"}, {EXTRA + 16, "说明 [extra]"}};
	for (size_t i = 0; i < countof(cases); i++) {
		struct str heading = STR_INIT;
		sheet_heading(&heading, &table, cases[i].column);
		assert_string_equal(str_text(&heading), cases[i].zh);
		str_free(&heading);
	}
}

static void a_spreadsheet_runs_none_of_our_cells(void **state)
{
	const struct sheet_column columns[] = {{.name = "x", .label = {"甲", "A"}}};
	const struct sheet_table table = {
		.title = {"t", "t"}, .columns = columns, .ncolumns = 1, .lang = LANG_ZH};
	static const struct {
		const char *text, *want;
	} cases[] = {{"=1", "\"'=1\"\r\n"}, {"+1", "\"'+1\"\r\n"}, {"-1", "\"'-1\"\r\n"},
		{"@x", "\"'@x\"\r\n"}, {"\tx", "\"'\tx\"\r\n"}, {"plain", "plain\r\n"},
		{"a,b", "\"a,b\"\r\n"}, {"say \"x\"", "\"say \"\"x\"\"\"\r\n"}};
	for (size_t i = 0; i < countof(cases); i++) {
		struct str out = STR_INIT;
		struct value v = words(cases[i].text);
		sheet_csv_row(&out, &table, &v, NULL, NULL);
		assert_string_equal(str_text(&out), cases[i].want);
		str_free(&out);
	}
}

static const char *const *names_of(void *self, const struct field *field, int *n)
{
	*n = countof(units);
	return units;
}

/* The form of the largest register: every heading in it is found again as its own field, and filling it in works. */
static void the_form_is_read_back(void **state)
{
	struct arena *a = arena_open();
	const struct register_def *project = catalogue_find(catalogue, "project");
	const char *path = arena_printf(a, "%s/form.xlsx", folder);
	struct slice bytes, sheet;
	struct workbook book;
	struct err err;
	for (int lang = LANG_ZH; lang <= LANG_EN; lang++) {
		assert_true(sheet_template(path, folder, project, (enum lang)lang, names_of, NULL, &err));
		assert_true(os_read_file(a, path, 1 << 20, &bytes, &err));
		unlink(path);
		assert_true(workbook_read(a, bytes, NULL, &book, &err));
		assert_int_equal(book.nsheets, 3);
		assert_true(book.sheets[2].hidden);
		/* the head of the form, with a row under it */
		struct str text = STR_INIT;
		const struct sheet_row *head = &book.sheets[0].rows[0];
		for (uint32_t c = 0; c < head->n; c++)
			str_printf(
				&text, "%s\"%.*s\"", c ? "," : "", (int)head->cells[c].n, head->cells[c].text);
		str_puts(&text, "\n甲\n");
		assert_true(csv_read(a, str_view(&text), NULL, &book, &err));
		struct ledger_options o = {
			.reg = project, .today = date_from_ymd(2026, 3, 31), .sheet = -1, .header_row = -1};
		struct ledger_result r;
		assert_true(ledger_read(a, &book, &o, &r, &err));
		int k = 0;
		for (int i = 0; i < project->nfields; i++) {
			const struct field *f = &project->fields[i];
			if (!field_is_stored(f) || f->retired || f->type == FIELD_FILE ||
				f->type == FIELD_FILES || f->type == FIELD_JSON)
				continue;
			if (r.columns[k].field != f)
				fail_msg("heading \"%s\" of %s goes to %s", r.columns[k].heading, f->name,
					r.columns[k].target ? r.columns[k].target : "nothing");
			k++;
		}
		assert_int_equal(k, r.ncolumns);
		str_free(&text);
	}
	(void)sheet;
	arena_close(a);
}

static void what_cannot_be_written_is_said(void **state)
{
	const struct sheet_column columns[] = {{.name = "x", .label = {"甲", "A"}}};
	const struct sheet_table table = {
		.title = {"t", "t"}, .columns = columns, .ncolumns = 1, .lang = LANG_ZH};
	struct arena *a = arena_open();
	struct sheet_file *file;
	struct err err;
	assert_true(sheet_open(arena_printf(a, "%s/no/such/folder.xlsx", folder), folder, &table, NULL,
		NULL, &file, &err));
	assert_false(sheet_close(file, &err));
	assert_int_equal(err.code, ERR_SYSTEM);
	char *large = arena_alloc(a, 40001);
	memset(large, 'x', 40000);
	struct value v = words(large);
	assert_true(sheet_open(
		arena_printf(a, "%s/large.xlsx", folder), folder, &table, NULL, NULL, &file, &err));
	assert_false(sheet_add(file, &v, &err));
	assert_int_equal(err.code, ERR_LIMIT);
	assert_place(&err, "row 2, column A", "第 2 行“甲”列");
	sheet_drop(file);
	unlink(arena_printf(a, "%s/large.xlsx", folder));
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_type_goes_out_and_comes_in),
		cmocka_unit_test(libreoffice_reads_and_writes_the_same),
		cmocka_unit_test(headings_tell_columns_apart),
		cmocka_unit_test(a_spreadsheet_runs_none_of_our_cells),
		cmocka_unit_test(the_form_is_read_back),
		cmocka_unit_test(what_cannot_be_written_is_said),
	};
	return cmocka_run_group_tests(tests, load, drop);
}
