/* The signs of the chart, drawn the same in its rows and as samples in its legend: lights, bars, points, codes. Each is told by
 * its shape as well as by its colour. */
#include "report/chart_parts.h"
#include "report/qr.h"

struct look look_filled(int32_t colour)
{
	return (struct look){.fill = colour, .line = NO_COLOUR};
}

struct look look_outlined(int32_t colour, double width)
{
	return (struct look){.fill = NO_COLOUR, .line = colour, .width = width};
}

struct type type_sized(double size, int32_t colour)
{
	return (struct type){.size = size, .colour = colour};
}

const char *chart_word(const struct layout *l, const char *zh, const char *en)
{
	return l->chart->lang == LANG_EN ? en : zh;
}

const char *chart_day(struct arena *a, struct date d)
{
	struct ymd y = date_ymd(d);
	return arena_printf(a, "%04d-%02d-%02d", y.year, y.month, y.day);
}

/* ---- lights ---- */

const struct light_sign light_signs[LIGHT_SIGNS] = {
	{SEVERITY_SERIOUS, 8, 0xc62828, {"严重", "serious"},
		{{5, 1.2}, {11, 1.2}, {14.8, 5}, {14.8, 11}, {11, 14.8}, {5, 14.8}, {1.2, 11}, {1.2, 5}}},
	{SEVERITY_WARN, 4, 0xe06c00, {"预警", "warning"}, {{8, .8}, {15.2, 8}, {8, 15.2}, {.8, 8}}},
	{SEVERITY_WATCH, 3, 0xe0b000, {"关注", "watch"}, {{8, 1.6}, {15, 14}, {1, 14}}},
	{SEVERITY_GREEN, 0, 0x2e8b57, {"正常", "green"}, {{0}}},
	{SEVERITY_NO_DATA, 0, NO_COLOUR, {"无数据", "no data"}, {{0}}},
	{SEVERITY_UNDEFINED, 4, NO_COLOUR, {"规则未定", "undefined"},
		{{2, 2}, {14, 2}, {14, 14}, {2, 14}}},
	{SEVERITY_EXEMPT, 4, 0x5b6b7a, {"豁免", "exempt"},
		{{1.5, 5.5}, {14.5, 5.5}, {14.5, 10.5}, {1.5, 10.5}}},
};

const char *chart_light_word(int severity, enum lang lang)
{
	for (int i = 0; i < LIGHT_SIGNS; i++)
		if (light_signs[i].severity == severity)
			return label_in(light_signs[i].word, lang);
	return NULL;
}

void mark_light(struct draw *d, double x, double y, double side, int severity)
{
	double k = side / 16;
	for (int i = 0; i < LIGHT_SIGNS; i++) {
		const struct light_sign *s = &light_signs[i];
		struct look look = {.fill = s->colour, .line = INK, .width = side * 0.05};
		struct point_mm points[8];
		if (s->severity != severity)
			continue;
		if (s->colour == NO_COLOUR)
			look.width = side * 0.14;
		for (int p = 0; p < s->n; p++)
			points[p] = (struct point_mm){x + s->points[p].x * k, y + s->points[p].y * k};
		if (s->n)
			draw_polygon(d, points, s->n, look);
		else
			draw_circle(d, x + side / 2, y + side / 2, side * 0.4, look);
		return;
	}
	draw_line(d, x + side * 0.25, y + side / 2, x + side * 0.75, y + side / 2,
		look_outlined(PALE, side * 0.1));
}

/* ---- bars and points ---- */

void mark_planned(struct draw *d, double x0, double x1, double y, double height)
{
	draw_box(d, x0, y, x1 - x0, height,
		(struct look){.fill = 0xffffff, .line = INK, .width = height * 0.08});
}

void mark_real(
	struct draw *d, double x0, double x1, double y, double height, const struct chart_row *r)
{
	struct look look = look_filled(r->critical ? LATE : REAL);
	double inset = height * 0.18;
	if (!r->started) /* only reckoned: pale and hatched */
		look = (struct look){.fill = 0xdce6f1,
			.line = r->critical ? LATE : REAL,
			.width = height * 0.06,
			.hatch = HATCH_RISING,
			.hatch_colour = r->critical ? LATE : REAL};
	else if (r->critical) {
		look.hatch = HATCH_FALLING;
		look.hatch_colour = 0xffffff;
	}
	draw_box(d, x0, y + inset, x1 - x0, height - 2 * inset, look);
	if (r->done > 0) {
		double share = r->done > 10000 ? 1 : r->done / 10000.0;
		draw_box(d, x0, y + height * 0.36, (x1 - x0) * share, height * 0.28, look_filled(DONE));
	}
}

void mark_ghost(struct draw *d, double x0, double x1, double y, double height)
{
	struct look dashed = look_outlined(BASE, 0.22);
	dashed.dash = 0.9;
	dashed.gap = 0.6;
	draw_line(d, x0, y, x1, y, dashed);
	draw_line(d, x0, y - height * 0.18, x0, y + height * 0.18, look_outlined(BASE, 0.25));
	draw_line(d, x1, y - height * 0.18, x1, y + height * 0.18, look_outlined(BASE, 0.25));
}

void mark_summary(struct draw *d, double x0, double x1, double y, double height)
{
	double low = y + height * 0.75,
		   tip = height * 0.45 < (x1 - x0) / 2 ? height * 0.45 : (x1 - x0) / 2;
	const struct point_mm points[] = {{x0, y + height * 0.25}, {x1, y + height * 0.25},
		{x1, low + height * 0.25}, {x1 - tip, low - height * 0.2}, {x0 + tip, low - height * 0.2},
		{x0, low + height * 0.25}};
	draw_polygon(d, points, 6, look_filled(INK));
}

static void diamond(struct draw *d, double x, double y, double radius, struct look look)
{
	const struct point_mm points[] = {
		{x, y - radius}, {x + radius, y}, {x, y + radius}, {x - radius, y}};
	draw_polygon(d, points, 4, look);
}

void mark_point(struct draw *d, double x, double y, double radius, enum point_kind kind)
{
	struct look look = {.fill = kind == POINT_DONE ? INK : 0xffffff,
		.line = kind == POINT_LATE ? LATE : INK,
		.width = radius * 0.22};
	diamond(d, x, y, radius, look);
	if (kind == POINT_LATE) {
		double arm = radius * 0.42;
		draw_line(d, x - arm, y - arm, x + arm, y + arm, look_outlined(LATE, radius * 0.24));
		draw_line(d, x - arm, y + arm, x + arm, y - arm, look_outlined(LATE, radius * 0.24));
	}
}

void mark_ghost_point(struct draw *d, double x, double y, double radius)
{
	struct look dashed = look_outlined(BASE, 0.18);
	dashed.dash = 0.4;
	dashed.gap = 0.3;
	diamond(d, x, y, radius, dashed);
}

/* Where it will be by what is known: an arrow from the planned day, red where that is later. */
void mark_computed(struct draw *d, double from, double to, double y, double radius)
{
	double way = to < from ? -1 : 1;
	const struct point_mm head[] = {
		{to, y}, {to - way * radius, y - radius * 0.6}, {to - way * radius, y + radius * 0.6}};
	int32_t colour = to < from ? REAL : LATE;
	draw_line(d, from, y, to, y, look_outlined(colour, 0.18));
	draw_polygon(d, head, 3, look_filled(colour));
}

/* ---- codes ---- */

void mark_code(struct draw *d, double x, double y, double side, const char *url)
{
	struct qr qr;
	struct point_mm *boxes;
	int n = 0;
	if (!qr_make(slice_of(url), &qr))
		return; /* an address of more than 271 bytes: the legend still says where */
	double module =
		side / (qr.side + 4); /* two of the quiet zone's four; the paper gives the rest */
	boxes = ARENA_ARRAY(d->a, struct point_mm, (size_t)(qr.side * qr.side * 2));
	for (int r = 0; r < qr.side; r++)
		for (int c = 0; c < qr.side; c++) {
			int end = c;
			while (end < qr.side && qr.dark[r][end])
				end++;
			if (end == c)
				continue;
			boxes[n++] = (struct point_mm){x + (c + 2) * module, y + (r + 2) * module};
			boxes[n++] = (struct point_mm){x + (end + 2) * module, y + (r + 3) * module};
			c = end;
		}
	d->tag = "code";
	draw_box(d, x, y, side, side, look_filled(0xffffff));
	draw_boxes(d, boxes, n, look_filled(0x000000));
	d->tag = NULL;
}
