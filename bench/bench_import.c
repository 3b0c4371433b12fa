/*
 * An Excel ledger of many rows: written, read, and mapped to the project register with every cell checked.
 *
 * usage: bench_import write FILE [ROWS]     a ledger of 20 columns, half of them text
 *        bench_import read FILE [TIMES]     prints the median milliseconds of reading and of mapping
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/num.h"
#include "base/os.h"
#include "intake/ledger.h"
#include "report/sheet.h"

static const char *const fields[] = {"title", "external_id", "former_codes", "description",
	"category", "nature", "industry_chain", "industry_tag", "zone", "address", "land_mu",
	"total_investment", "fixed_investment", "funds_loan", "funds_own", "prior_investment",
	"planned_start", "planned_finish", "stated_finish", "actual_start"};

enum { COLUMNS = sizeof fields / sizeof fields[0] };

static int fail(const struct err *err)
{
	struct str why = STR_INIT;
	err_say(err, LANG_EN, &why);
	fprintf(stderr, "%s\n", str_text(&why));
	str_free(&why);
	return 1;
}

static struct value cell_value(struct arena *a, const struct field *f, uint32_t *seed, int row)
{
	static const char *const words[] = {"高端装备", "新材料产业园", "城区道路改造提升",
		"污水处理厂扩建", "标准厂房", "冷链物流中心", "中学迁建", "水库除险加固"};
	*seed = *seed * 1664525 + 1013904223;
	uint32_t r = *seed >> 8;
	switch (f->type) {
	case FIELD_MONEY: return (struct value){.kind = VALUE_INT, .i = (int64_t)(r % 5000000) * 10000};
	case FIELD_QUANTITY: return (struct value){.kind = VALUE_INT, .i = r % 2000000};
	case FIELD_DATE: return (struct value){.kind = VALUE_INT, .i = 19000 + r % 3000};
	case FIELD_CHOICE:
		return (struct value){
			.kind = VALUE_TEXT, .text = slice_of(f->choices[r % (uint32_t)f->nchoices].name)};
	default: break;
	}
	const char *text = strcmp(f->name, "external_id") == 0
		? arena_printf(a, "B%07d", row)
		: arena_printf(a, "%s%s%u号", words[r % 8],
			  strcmp(f->name, "description") == 0 ? "，新建厂房及配套设施，建设道路与管网" : "",
			  r % 90000);
	return (struct value){.kind = VALUE_TEXT, .text = slice_of(text)};
}

static int write_ledger(const struct register_def *reg, const char *path, int rows)
{
	struct sheet_column columns[COLUMNS] = {0};
	struct sheet_table table = {
		.title = reg->label, .columns = columns, .ncolumns = COLUMNS, .lang = LANG_ZH};
	struct sheet_file *file;
	struct err err;
	uint32_t seed = 7;
	for (int c = 0; c < COLUMNS; c++)
		columns[c].field = register_field(reg, fields[c]);
	int64_t start = os_monotonic_us();
	if (!sheet_open(path, NULL, &table, NULL, NULL, &file, &err))
		return fail(&err);
	struct arena *a = arena_open();
	for (int row = 0; row < rows; row++) {
		struct arena_mark mark = arena_mark(a);
		struct value values[COLUMNS];
		for (int c = 0; c < COLUMNS; c++)
			values[c] = cell_value(a, columns[c].field, &seed, row);
		if (!sheet_add(file, values, &err))
			return fail(&err);
		arena_rewind(a, mark);
	}
	arena_close(a);
	if (!sheet_close(file, &err))
		return fail(&err);
	printf("write\t%lld\n", (long long)(os_monotonic_us() - start) / 1000);
	return 0;
}

static int by_size(const void *x, const void *y)
{
	int64_t a = *(const int64_t *)x, b = *(const int64_t *)y;
	return a < b ? -1 : a > b;
}

static int read_ledger(const struct register_def *reg, const char *path, int times)
{
	enum { MOST = 99 };
	int64_t reading[MOST], mapping[MOST], total[MOST];
	size_t rows = 0, problems = 0, held = 0;
	times = times < 1 ? 1 : times > MOST ? MOST : times;
	for (int i = 0; i < times; i++) {
		struct arena *a = arena_open();
		struct slice bytes;
		struct workbook book;
		struct ledger_result result;
		struct err err;
		struct ledger_options options = {
			.reg = reg, .today = date_from_ymd(2026, 3, 31), .sheet = -1, .header_row = -1};
		int64_t start = os_monotonic_us();
		if (!os_read_file(a, path, LIMIT_UPLOAD_BYTES, &bytes, &err) ||
			!workbook_read(a, bytes, NULL, &book, &err))
			return fail(&err);
		int64_t middle = os_monotonic_us();
		if (!ledger_read(a, &book, &options, &result, &err))
			return fail(&err);
		reading[i] = middle - start;
		mapping[i] = os_monotonic_us() - middle;
		total[i] = reading[i] + mapping[i];
		rows = result.fates[LEDGER_CREATE];
		problems = result.nproblems;
		held = arena_bytes(a);
		arena_close(a);
	}
	qsort(reading, (size_t)times, sizeof reading[0], by_size);
	qsort(mapping, (size_t)times, sizeof mapping[0], by_size);
	qsort(total, (size_t)times, sizeof total[0], by_size);
	printf("read\t%lld\nmap\t%lld\nboth\t%lld\nrows\t%zu\nproblems\t%zu\nmemory_mb\t%zu\n",
		(long long)reading[times / 2] / 1000, (long long)mapping[times / 2] / 1000,
		(long long)total[times / 2] / 1000, rows, problems, held >> 20);
	return 0;
}

int main(int argc, char **argv)
{
	const struct catalogue *catalogue;
	struct err err;
	int64_t number = 0;
	if (argc < 3 || (argc > 3 && !num_int(slice_of(argv[3]), &number))) {
		fprintf(stderr, "usage: bench_import write FILE [ROWS] | read FILE [TIMES]\n");
		return 2;
	}
	if (!catalogue_builtin(NULL, 0, 1, &catalogue, &err))
		return fail(&err);
	const struct register_def *reg = catalogue_find(catalogue, "project");
	int failed = strcmp(argv[1], "write") == 0
		? write_ledger(reg, argv[2], number ? (int)number : 100000)
		: read_ledger(reg, argv[2], number ? (int)number : 5);
	catalogue_close(catalogue);
	return failed;
}
