/* Rollups: figures per unit with what is below it, area, headquarters, category and programme; age of data; and that a part
 * of the projects gives the same figures as a board that holds only that part. */
#include "test/unit/cmocka_all.h"

#include <stdio.h>

#include "board/rollup.h"
#include "test/unit/board_help.h"

static struct date d(int year, int month, int day)
{
	return date_from_ymd(year, month, day);
}

static const struct rollup *of_unit(const struct office *o, struct uuid unit)
{
	return rollup_get(o->board, DIMENSION_UNIT,
		board_row(board_table(o->board, board_table_named(o->board, "unit")), unit));
}

static struct uuid project(
	struct office *o, struct uuid unit, const char *more, int plan, int done, const char *period)
{
	struct uuid id = office_create(o, "project", "building",
		arena_printf(
			o->a, "{\"title\":\"项目\",\"lead_unit\":\"%s\"%s}", office_id(o, unit), more));
	if (plan)
		office_create(o, "year_plan", "in_force",
			arena_printf(o->a, "{\"project\":\"%s\",\"year\":2026,\"annual_plan_investment\":%d}",
				office_id(o, id), plan));
	if (period)
		office_create(o, "report", "submitted",
			arena_printf(o->a,
				"{\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"%s\",\"investment\":%"
				"d}",
				office_id(o, id), period, done));
	return id;
}

static void test_tree(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid county =
		office_create(o, "unit", NULL, "{\"name\":\"县\",\"kind\":\"department\"}");
	struct uuid town = office_create(o, "unit", NULL,
		arena_printf(
			o->a, "{\"name\":\"镇\",\"kind\":\"town\",\"parent\":\"%s\"}", office_id(o, county)));
	struct uuid park = office_create(o, "unit", NULL, "{\"name\":\"园\",\"kind\":\"park\"}");
	project(o, town,
		",\"category\":\"water\",\"programmes\":[\"county\",\"national\"],\"total_investment\":500",
		1200, 300, "2026-03-31");
	struct uuid moving = project(o, town, ",\"category\":\"water\"", 600, 50, "2026-05-31");
	struct uuid silent = project(o, park, ",\"category\":\"industry\"", 0, 0, NULL);
	board_settle(o->board, d(2026, 6, 1));
	assert_int_equal(of_unit(o, town)->count, 2);
	assert_int_equal(of_unit(o, county)->count, 2);
	assert_int_equal(of_unit(o, county)->annual_plan_investment, 1800);
	assert_int_equal(of_unit(o, county)->completed_investment, 350);
	assert_int_equal(of_unit(o, county)->planned_to_month, 750);
	assert_int_equal(of_unit(o, county)->done[12 + 2], 300);
	assert_int_equal(rollup_get(o->board, DIMENSION_ALL, -1)->count, 3);
	struct age_of_data age = rollup_age(o->board, DIMENSION_UNIT, 0);
	assert_int_equal(age.oldest.day, d(2026, 3, 31).day);
	assert_int_equal(age.newest.day, d(2026, 5, 31).day);
	assert_int_equal(age.silent, 1);
	assert_int_equal(rollup_age(o->board, DIMENSION_ALL, -1).never, 1);
	/* tags: a project counts in each of its own; none is a group as well */
	int64_t tagged = 0;
	for (int32_t key = 0; key < rollup_keys(o->board, DIMENSION_PROGRAMME) - 1; key++) {
		const struct rollup *r = rollup_get(o->board, DIMENSION_PROGRAMME, key);
		tagged += r ? r->count : 0;
	}
	assert_int_equal(tagged, 2);
	assert_int_equal(rollup_get(o->board, DIMENSION_PROGRAMME, -1)->count, 2);
	/* the project goes to the park: out of town and county, into the park */
	office_update(
		o, moving, NULL, arena_printf(o->a, "{\"lead_unit\":\"%s\"}", office_id(o, park)));
	assert_false(board_settle(o->board, d(2026, 6, 1)).all);
	assert_int_equal(of_unit(o, county)->count, 1);
	assert_int_equal(of_unit(o, park)->count, 2);
	assert_int_equal(of_unit(o, park)->completed_investment, 50);
	assert_int_equal(rollup_age(o->board, DIMENSION_UNIT, 0).newest.day, d(2026, 3, 31).day);
	/* the park comes under the county */
	office_update(o, park, NULL, arena_printf(o->a, "{\"parent\":\"%s\"}", office_id(o, county)));
	board_settle(o->board, d(2026, 6, 1));
	assert_int_equal(of_unit(o, county)->count, 3);
	/* archived and without a plan of the year: counts no longer */
	office_update(o, silent, "archived", "{}");
	board_settle(o->board, d(2026, 6, 1));
	assert_int_equal(of_unit(o, county)->count, 2);
	office_close(o);
}

static void test_lights(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid town = office_create(o, "unit", NULL, "{\"name\":\"镇\",\"kind\":\"town\"}");
	struct uuid id = project(o, town, "", 1200, 300, "2026-03-31");
	board_settle(o->board, d(2026, 6, 1));
	int32_t row = board_row(board_projects(o->board), id);
	assert_int_equal(of_unit(o, town)->lights[SLOT_OUTSIDE], 1);
	board_set_light(o->board, row, 3, d(2026, 6, 1));
	assert_int_equal(of_unit(o, town)->lights[SLOT_SERIOUS], 1);
	assert_int_equal(of_unit(o, town)->lights[SLOT_OUTSIDE], 0);
	board_set_light(o->board, row, -1, d(2026, 6, 2));
	assert_int_equal(of_unit(o, town)->lights[SLOT_NONE], 1);
	/* a change of the project keeps its light where it is until it is judged again */
	office_update(o, id, NULL, "{\"title\":\"改名\"}");
	board_settle(o->board, d(2026, 6, 1));
	assert_int_equal(of_unit(o, town)->lights[SLOT_NONE], 1);
	rollup_recount_lights(o->board);
	assert_int_equal(of_unit(o, town)->lights[SLOT_NONE], 1);
	assert_int_equal(rollup_get(o->board, DIMENSION_ALL, -1)->lights[SLOT_NONE], 1);
	office_delete(o, id);
	board_settle(o->board, d(2026, 6, 1));
	assert_null(of_unit(o, town));
	office_close(o);
}

static void test_part(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid town = office_create(o, "unit", NULL, "{\"name\":\"镇\",\"kind\":\"town\"}"),
				ids[6];
	for (int i = 0; i < 6; i++)
		ids[i] = project(o, town, i % 2 ? ",\"category\":\"water\"" : ",\"category\":\"energy\"",
			100 * (i + 1), 10 * i, "2026-02-28");
	board_settle(o->board, d(2026, 6, 1));
	uint64_t bits[1] = {0};
	for (int i = 0; i < 6; i += 2)
		bits[0] |= UINT64_C(1) << board_row(board_projects(o->board), ids[i]);
	const struct rollup_set *part = rollup_over(o->board, bits, NULL);
	for (int i = 1; i < 6; i += 2)
		office_delete(o, ids[i]);
	board_settle(o->board, d(2026, 6, 1));
	for (int dim = 0; dim < DIMENSION_COUNT; dim++)
		for (int32_t key = -1; key < rollup_keys_in(part, (enum dimension)dim) - 1; key++) {
			const struct rollup *x = rollup_in(part, (enum dimension)dim, key),
								*y = rollup_get(o->board, (enum dimension)dim, key);
			assert_int_equal(x != NULL, y != NULL);
			if (x)
				assert_memory_equal(x, y, sizeof(*x));
			assert_int_equal(rollup_age_in(part, (enum dimension)dim, key).silent,
				rollup_age(o->board, (enum dimension)dim, key).silent);
		}
	rollup_set_close(part);
	/* the months of a group that is kept are taken from it: here, of the town that leads all that are left */
	memset(bits, 0, sizeof(bits));
	for (int i = 0; i < 6; i += 2)
		bits[0] |= UINT64_C(1) << board_row(board_projects(o->board), ids[i]);
	int32_t row = board_row(board_table(o->board, board_table_named(o->board, "unit")), town);
	const struct rollup *kept = rollup_get(o->board, DIMENSION_UNIT, row);
	part = rollup_over(o->board, bits, kept);
	assert_int_equal(kept->count, 3);
	assert_memory_equal(rollup_in(part, DIMENSION_ALL, -1), kept, sizeof(*kept));
	rollup_set_close(part);
	office_close(o);
}

/* A figure that is wrong is found and named. */
static void test_check(void **state)
{
	struct office *o = office_open(NULL);
	struct uuid id =
		project(o, office_create(o, "unit", NULL, "{\"name\":\"镇\",\"kind\":\"town\"}"), "", 1200,
			300, "2026-03-31");
	board_settle(o->board, d(2026, 6, 1));
	const char **findings;
	int n;
	assert_int_equal(board_check(o->board, o->a, 10, &findings, &n), 0);
	int column = board_column_named(board_projects(o->board), "days_without_report");
	board_set_int32(o->board, board_table_named(o->board, "project"), column,
		board_row(board_projects(o->board), id), 5);
	assert_int_equal(board_check(o->board, o->a, 10, &findings, &n), 1);
	assert_non_null(strstr(findings[0], "days_without_report is 5, should be 62"));
	office_close(o);
}

static void test_share(void **state)
{
	assert_int_equal(share_percent(361, 1000), 3610);
	assert_int_equal(share_percent(5, 0), NOTHING64);
	assert_int_equal(share_percent(206640, 900000), 2296); /* 广东 2022 Q1: 23.0 % */
	assert_int_equal(share_percent(5841, 10000), 5841);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tree),
		cmocka_unit_test(test_lights),
		cmocka_unit_test(test_part),
		cmocka_unit_test(test_check),
		cmocka_unit_test(test_share),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
