/* The chart on the wall: labels that never touch, text that is never cut, sheets that lose nothing. */
#include "cmocka_all.h"
#include "report/chart.h"

#include <stdio.h>
#include <stdlib.h>

static struct date day(int year, int month, int d)
{
	return date_from_ymd(year, month, d);
}

/* ---- labels ---- */

static void assert_apart(const struct chart_label *labels, int n, double gap)
{
	for (int i = 0; i < n; i++)
		for (int k = 0; k < i; k++) {
			double wi = labels[i].is_brief ? labels[i].brief : labels[i].wide,
				   wk = labels[k].is_brief ? labels[k].brief : labels[k].wide;
			if (labels[i].lane == labels[k].lane)
				assert_true(labels[i].left >= labels[k].left + wk + gap - 1e-9 ||
					labels[k].left >= labels[i].left + wi + gap - 1e-9);
		}
}

static void labels_never_touch(void **state)
{
	unsigned seed = 7;
	(void)state;
	for (int round = 0; round < 3000; round++) {
		struct chart_label labels[24];
		int n = 1 + round % 24;
		double x = round % 5 ? 10 : 3; /* also from before the left edge */
		for (int i = 0; i < n; i++) {
			seed = seed * 1103515245u + 12345u;
			x += (seed >> 16) % (round % 3 ? 9 : 2);
			labels[i] = (struct chart_label){
				.x = x > 198 ? 198 : x, .wide = 3 + (seed >> 8) % 20, .brief = 1.6};
		}
		int lanes = chart_place(labels, n, 5, 205, 0.4);
		assert_apart(labels, n, 0.4);
		for (int i = 0; i < n; i++) {
			assert_in_range(labels[i].lane, 0, lanes - 1);
			assert_true(labels[i].left >= 5);
			assert_true(labels[i].left + (labels[i].is_brief ? 1.6 : labels[i].wide) <= 205 + 1e-9);
		}
	}
}

static void a_lone_label_keeps_its_name(void **state)
{
	struct chart_label labels[] = {{.x = 20, .wide = 15, .brief = 2},
		{.x = 60, .wide = 15, .brief = 2}, {.x = 198, .wide = 15, .brief = 2}};
	(void)state;
	assert_int_equal(chart_place(labels, 3, 5, 205, 0.4), 2);
	for (int i = 0; i < 3; i++)
		assert_false(labels[i].is_brief);
	assert_true(labels[0].left == 20);
	assert_true(labels[2].left == 190); /* pulled back from the edge */
}

/* ---- paper ---- */

static void papers_have_their_sizes(void **state)
{
	struct paper p;
	(void)state;
	assert_true(paper_named("A0", &p) && p.width == 1189 && p.height == 841);
	assert_true(paper_named("A4-portrait", &p) && p.width == 210 && p.height == 297);
	assert_false(paper_named("A5", &p) || paper_named("B4", &p) || paper_named("A3-x", &p) ||
		paper_named("", &p));
}

/* ---- a whole chart ---- */

static struct chart_row make_row(struct arena *a, int i, bool with_code)
{
	static const char *const names[] = {"取得施工许可", "主体完成", "竣工验收", "投产"};
	static const char *const brief[] = {"证", "建", "竣", "投"};
	struct chart_row r = {.number = arena_printf(a, "%d", i + 1),
		.title = i % 7 == 0
			? arena_printf(a,
				  "第%d号年产三十六万米特种线缆及配套智能化仓储物流中心技术改造扩建项目（二期）", i)
			: arena_printf(a, "第%d号项目", i),
		.note = "县发展和改革局 · 在建",
		.light = i % 5 - 1,
		.planned_start = day(2025, 1 + i % 12, 3),
		.planned_finish = day(2026, 1 + i % 12, 20),
		.baseline_start = day(2025, 1 + i % 12, 1),
		.baseline_finish = day(2026, 1 + i % 11, 9),
		.start = day(2025, 1 + i % 12, 8),
		.finish = day(2026, 2 + i % 11, 8),
		.float_until = DATE_NONE,
		.done = i * 97 % 10000,
		.started = i % 3 != 0,
		.url = with_code ? arena_printf(a, "http://guatu.test/#/project/%d", i) : NULL};
	r.npoints = 1 + i % 12;
	r.points = ARENA_ARRAY(a, struct chart_point, (size_t)r.npoints);
	for (int k = 0; k < r.npoints; k++)
		r.points[k] = (struct chart_point){.day = {day(2025, 3, 1).day + k * (i % 40)},
			.baseline = DATE_NONE,
			.computed = k % 3 ? DATE_NONE : day(2026, 6, 1),
			.name = names[k % 4],
			.sign = brief[k % 4],
			.done = k % 2};
	return r;
}

static struct chart make_chart(struct arena *a, int n, bool with_codes)
{
	struct chart_group *groups = ARENA_ARRAY(a, struct chart_group, 4);
	struct chart chart = {.office = "某县项目办",
		.title = "某县挂图",
		.subtitle = "共若干个项目",
		.today = day(2026, 3, 31),
		.journal = 4711,
		.hash = "00112233445566778899aabbccddeeff",
		.lights = true,
		.groups = groups,
		.ngroups = 4};
	for (int g = 0; g < 4; g++) {
		groups[g].title = g % 2 ? "工业项目指挥部" : "交通项目指挥部";
		groups[g].rows = ARENA_ARRAY(a, struct chart_row, (size_t)n);
		for (int i = g; i < n; i += 4)
			groups[g].rows[groups[g].n++] = make_row(a, i, with_codes);
	}
	return chart;
}

struct seen {
	struct str titles;
	int codes, labels;
};

/* Everything lies on the sheet; texts of rows and labels do not stand on one another. */
static void assert_page(const struct page *page, struct seen *seen)
{
	for (int i = 0; i < page->n; i++) {
		const struct mark *m = &page->marks[i];
		for (int k = 0; k < m->npoints; k++) {
			assert_true(m->points[k].x >= -1e-6 && m->points[k].x <= page->width + 1e-6);
			assert_true(m->points[k].y >= -1e-6 && m->points[k].y <= page->height + 1e-6);
		}
		if (m->kind == MARK_BOXES)
			seen->codes++;
		if (m->kind != MARK_TEXT)
			continue;
		assert_true(m->points[0].x + m->width <= page->width - 4);
		if (!m->tag)
			continue;
		if (strcmp(m->tag, "title") == 0)
			str_puts(&seen->titles, m->text);
		seen->labels += strcmp(m->tag, "label") == 0;
		for (int k = 0; k < i; k++) {
			const struct mark *o = &page->marks[k];
			if (o->kind != MARK_TEXT || !o->tag)
				continue;
			bool beside = m->points[0].x >= o->points[0].x + o->width - 1e-6 ||
				o->points[0].x >= m->points[0].x + m->width - 1e-6;
			double apart = m->points[0].y - o->points[0].y,
				   size = apart > 0 ? m->type.size : o->type.size;
			assert_true(beside || apart >= size * 0.9 || -apart >= size * 0.9);
		}
	}
}

static void check_chart(const char *paper_name, int n, bool codes, int most_pages)
{
	struct arena *a = arena_open();
	struct chart chart = make_chart(a, n, codes);
	struct seen seen = {STR_INIT, 0, 0};
	struct paper paper;
	struct draw d;
	struct err err;
	int points = 0;

	assert_true(paper_named(paper_name, &paper) && draw_open(a, &d, &err));
	chart_draw(&chart, paper, &d);
	assert_in_range(d.npages, 1, most_pages);
	for (int p = 0; p < d.npages; p++)
		assert_page(&d.pages[p], &seen);
	for (int g = 0; g < chart.ngroups; g++)
		for (int i = 0; i < chart.groups[g].n; i++) {
			assert_non_null(strstr(str_text(&seen.titles), chart.groups[g].rows[i].title));
			points += chart.groups[g].rows[i].npoints;
		}
	assert_int_equal(seen.labels, points);
	assert_int_equal(seen.codes, codes ? n : 0);
	str_free(&seen.titles);
	draw_close(&d);
	arena_close(a);
}

static void every_row_is_there_and_readable(void **state)
{
	(void)state;
	check_chart("A0", 320, true, 1);
	check_chart("A0-portrait", 320, true, 2);
	check_chart("A1", 120, true, 1);
	check_chart("A3", 40, false, 4);
	check_chart("A4", 40, true, 6);
	check_chart("A4-portrait", 3, true, 1);
	check_chart("A4", 0, false, 1);
}

/* ---- what is written ---- */

static void the_same_chart_is_the_same_bytes(void **state)
{
	struct str pdf[2] = {STR_INIT, STR_INIT}, svg = STR_INIT;
	(void)state;
	for (int i = 0; i < 2; i++) {
		struct arena *a = arena_open();
		struct chart chart = make_chart(a, 12, true);
		struct paper paper;
		struct draw d;
		struct err err;
		chart.title = "a <b> & \"c\"";
		assert_true(paper_named("A3", &paper) && draw_open(a, &d, &err));
		chart_draw(&chart, paper, &d);
		assert_true(draw_pdf(&d, &pdf[i], &err));
		if (i == 0)
			draw_svg(&d, &svg);
		draw_close(&d);
		arena_close(a);
	}
	assert_memory_equal(pdf[0].s, "%PDF-1.", 7);
	assert_int_equal(pdf[0].n, pdf[1].n);
	assert_memory_equal(pdf[0].s, pdf[1].s, pdf[0].n);
	assert_non_null(strstr(str_text(&svg), "<title>a &lt;b&gt; &amp; &quot;c&quot;</title>"));
	assert_non_null(strstr(str_text(&svg), "width=\"420mm\" height=\"297mm\""));
	str_free(&pdf[0]);
	str_free(&pdf[1]);
	str_free(&svg);
}

static void tiles_cover_the_sheet(void **state)
{
	struct arena *a = arena_open();
	struct chart chart = make_chart(a, 40, false);
	struct paper paper;
	struct draw d;
	struct err err;
	(void)state;
	assert_true(paper_named("A1", &paper) && draw_open(a, &d, &err));
	chart_draw(&chart, paper, &d);
	assert_int_equal(d.npages, 1);
	struct draw tiles = draw_tiled(&d, 420, 297, 10, 5);
	assert_int_equal(tiles.npages, 9); /* 841 x 594 in steps of 395 x 272 */
	for (int p = 0; p < tiles.npages; p++)
		assert_true(tiles.pages[p].width == 420 && tiles.pages[p].n > 4);
	for (int i = 0; i < d.pages[0].n;
		 i++) { /* each text is whole on one tile, or in parts on two */
		const struct mark *m = &d.pages[0].marks[i];
		int found = 0;
		for (int p = 0; m->kind == MARK_TEXT && p < tiles.npages; p++)
			for (int k = 0; k < tiles.pages[p].n; k++)
				found += tiles.pages[p].marks[k].text == m->text;
		assert_true(m->kind != MARK_TEXT || found >= 1);
	}
	draw_close(&d);
	arena_close(a);
}

static void a_sheet_that_would_hold_next_to_nothing_is_saved(void **state)
{
	(void)state;
	assert_true(tiled_length(841, 297, 10, 5) == 821); /* of the fourth sheet a strip of 20 mm */
	assert_true(tiled_length(1189, 420, 10, 5) == 1189);
	assert_true(tiled_length(841, 210, 10, 5) == 841); /* of the fifth half */
	assert_true(tiled_length(200, 297, 10, 5) == 200);
}

static void long_text_wraps_and_shrinks(void **state)
{
	struct arena *a = arena_open();
	const char *text = "年产36万米特种线缆（Special Cable 2026）及配套项目";
	struct draw d;
	struct err err;
	(void)state;
	assert_true(draw_open(a, &d, &err));
	struct fitted wide = text_fit(&d, (struct type){.size = 4}, 1.5, 500, 6, text);
	assert_int_equal(wide.n, 1);
	assert_true(wide.type.size == 4);
	struct fitted narrow = text_fit(&d, (struct type){.size = 4}, 1.5, 40, 9, text);
	assert_true(narrow.n >= 2 && narrow.n * narrow.line_height <= 9);
	struct str whole = STR_INIT, expected = STR_INIT;
	for (int i = 0; i < narrow.n; i++) {
		assert_true(text_measure(d.ruler, narrow.type, narrow.lines[i]) <= 40);
		str_puts(&whole, narrow.lines[i]);
	}
	for (const char *c = text; *c; c++)
		if (*c != ' ')
			str_putc(&expected, *c);
	char *kept = str_take(&whole), *to = kept;
	for (const char *c = kept; *c; c++)
		if (*c != ' ')
			*to++ = *c;
	*to = 0;
	assert_string_equal(kept, str_text(&expected));
	free(kept);
	str_free(&expected);
	struct fitted tiny = text_fit(&d, (struct type){.size = 4}, 1.5, 8, 2, text);
	assert_true(
		tiny.type.size == 1.5 && tiny.n * tiny.line_height > 2); /* more room is asked for */
	draw_close(&d);
	arena_close(a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(labels_never_touch),
		cmocka_unit_test(a_lone_label_keeps_its_name),
		cmocka_unit_test(papers_have_their_sizes),
		cmocka_unit_test(every_row_is_there_and_readable),
		cmocka_unit_test(the_same_chart_is_the_same_bytes),
		cmocka_unit_test(tiles_cover_the_sheet),
		cmocka_unit_test(a_sheet_that_would_hold_next_to_nothing_is_saved),
		cmocka_unit_test(long_text_wraps_and_shrinks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
