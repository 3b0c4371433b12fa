/* The foot of a sheet: what the signs mean, and the block of who, when and which state. */
#include "report/chart_parts.h"

struct legend {
	struct draw *d;
	const struct layout *l;
	double left, right, x, y;
	bool draw;
};

/* Room for a sample and its words, on the next line when this one is full; where the sample begins. */
static double entry(struct legend *g, double sample, const char *text)
{
	double size = g->l->m.legend,
		   width = sample + 1 + text_measure(g->d->ruler, type_sized(size, INK), text) + 4;
	if (g->x > g->left && g->x + width > g->right) {
		g->x = g->left;
		g->y += size * 1.9;
	}
	double at = g->x;
	if (g->draw)
		draw_text(g->d, at + sample + 1, g->y + size * 1.2, type_sized(size, INK), text);
	g->x += width;
	return at;
}

static void legend_bars(struct legend *g)
{
	const struct layout *l = g->l;
	double size = l->m.legend, wide = size * 4;
	struct chart_row real = {.started = true, .done = 5000}, reckoned = {.done = -1},
					 critical = {.started = true, .critical = true, .done = -1};
	const struct {
		int what;
		const char *text;
	} entries[] = {{0, chart_word(l, "计划", "planned")},
		{1,
			l->chart->dates ? chart_word(l, "进行中（深色为已完成部分）", "under way (dark: done)")
							: chart_word(l, "实际与预计（深色为已完成投资比例）",
								  "real and expected (dark: share of investment done)")},
		{2, chart_word(l, "尚未开始，推算", "not begun, computed")},
		{3, chart_word(l, "首次批准（基线）", "first approved (baseline)")},
		{4, chart_word(l, "关键任务", "critical")}, {5, chart_word(l, "时差", "float")}};
	for (size_t i = 0; i < countof(entries); i++) {
		if (entries[i].what >= 4 && !l->chart->dates)
			continue;
		double x = entry(g, wide, entries[i].text), y = g->y + size * 0.15;
		if (!g->draw)
			continue;
		switch (entries[i].what) {
		case 0: mark_planned(g->d, x, x + wide, y, size); break;
		case 1: mark_real(g->d, x, x + wide, y, size, &real); break;
		case 2: mark_real(g->d, x, x + wide, y, size, &reckoned); break;
		case 3: mark_ghost(g->d, x, x + wide, y + size / 2, size); break;
		case 4: mark_real(g->d, x, x + wide, y, size, &critical); break;
		default: draw_line(g->d, x, y + size / 2, x + wide, y + size / 2, look_outlined(PALE, 0.3));
		}
	}
}

static void legend_points(struct legend *g)
{
	const struct layout *l = g->l;
	double size = l->m.legend, radius = size * 0.5;
	const char *const texts[] = {chart_word(l, "节点已完成", "milestone reached"),
		chart_word(l, "节点未到期", "milestone to come"),
		chart_word(l, "节点逾期", "milestone late"),
		chart_word(l, "首次批准日期", "first approved"),
		chart_word(l, "预计移至", "expected to move to")};
	for (int i = 0; i < (int)countof(texts); i++) {
		double x = entry(g, size * 1.4, texts[i]) + radius, y = g->y + size * 0.75;
		if (!g->draw)
			continue;
		if (i < 3)
			mark_point(g->d, x, y, radius, (enum point_kind)i);
		else if (i == 3)
			mark_ghost_point(g->d, x, y, radius);
		else
			mark_computed(g->d, x - radius, x + radius, y, radius * 0.8);
	}
}

static void legend_rest(struct legend *g)
{
	const struct layout *l = g->l;
	double size = l->m.legend;
	const char *today = arena_printf(
		g->d->a, chart_word(l, "今天 %s", "today %s"), chart_day(g->d->a, l->chart->today));
	double x = entry(g, size, today);
	if (g->draw)
		draw_line(
			g->d, x + size / 2, g->y, x + size / 2, g->y + size * 1.5, look_outlined(LATE, 0.45));
	for (int winter = 0; l->chart->calendar && winter < 2; winter++) {
		x = entry(g, size * 2,
			winter ? chart_word(l, "冬季停工", "winter stop")
				   : chart_word(l, "节假日", "days off"));
		struct look look = {.fill = winter ? 0xf4f8fb : REST,
			.line = GRID,
			.width = 0.15,
			.hatch = winter ? HATCH_UPRIGHT : HATCH_NONE,
			.hatch_colour = WINTER};
		if (g->draw)
			draw_box(g->d, x, g->y + size * 0.1, size * 2, size * 1.3, look);
	}
	for (int i = 0; l->chart->lights && i < LIGHT_SIGNS; i++) {
		x = entry(g, size * 1.3, label_in(light_signs[i].word, l->chart->lang));
		if (g->draw)
			mark_light(g->d, x, g->y + size * 0.12, size * 1.25, light_signs[i].severity);
	}
	for (int i = 0; i < l->chart->nsigns; i++) {
		x = entry(g, size * 1.2, l->chart->signs[i].name);
		if (g->draw)
			draw_text(g->d, x, g->y + size * 1.2,
				(struct type){.size = size, .bold = true, .colour = INK}, l->chart->signs[i].sign);
	}
}

/* Who made it, of which day and which state of the journal; the code leads to the same on the screen. */
static double title_block(
	struct draw *d, const struct layout *l, double x, double y, double width, bool draw)
{
	const struct chart *c = l->chart;
	double size = l->m.legend, line = size * 1.5, code = c->url ? size * 8 : 0;
	double room = width - code - (c->url ? 2 : 0) - 2;
	const char *const lines[] = {c->office,
		arena_printf(d->a, chart_word(l, "数据截至 %s", "as of %s"), chart_day(d->a, c->today)),
		arena_printf(
			d->a, chart_word(l, "日志第 %lld 号", "journal no. %lld"), (long long)c->journal),
		c->hash};
	double at = y + 1;
	for (size_t i = 0; i < countof(lines); i++) {
		if (!lines[i])
			continue;
		struct fitted f = text_fit(d, (struct type){.size = size, .bold = i == 0, .colour = INK},
			size * 0.6, room, line * (i == 3 ? 2 : 1.4), lines[i]);
		double height = f.n * f.line_height > line ? f.n * f.line_height : line;
		if (draw)
			draw_fitted(d, x + 1, at, room, height, &f);
		at += height;
	}
	double height = at - y + 1 > code + 2 ? at - y + 1 : code + 2;
	if (draw) {
		draw_box(d, x, y, width, height, look_outlined(INK, 0.3));
		if (c->url)
			mark_code(d, x + width - code - 1, y + 1, code, c->url);
	}
	return height;
}

double chart_legend(
	struct draw *d, const struct layout *l, double x, double y, double width, bool draw)
{
	double block = l->chart->untitled     ? 0
		: l->m.legend * 36 < width * 0.45 ? l->m.legend * 36
										  : width * 0.45;
	struct legend g = {d, l, x, x + width - block - 4, x, y, draw};
	legend_bars(&g);
	legend_points(&g);
	legend_rest(&g);
	double left = g.y + l->m.legend * 1.9 - y;
	double right = l->chart->untitled ? 0 : title_block(d, l, x + width - block, y, block, draw);
	return left > right ? left : right;
}
