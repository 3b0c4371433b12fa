/* How one sheet of the chart looks: title, axes, rows, and the legend with the block of who, when and which state. */
#include "assess/ruleset.h"
#include "report/chart_parts.h"
#include "report/qr.h"

enum {
	INK = 0x1c2733,
	PALE = 0x8a97a3,
	GRID = 0xd5dbe1,
	REAL = 0x3f78b5,
	DONE = 0x12355b,
	LATE = 0xb3261e,
	BASE = 0x7a5c00,
	REST = 0xf0f1f3,
	WINTER = 0x9db4c8,
	BAND = 0xe3e9ef,
};

static struct look filled(int32_t colour)
{
	return (struct look){.fill = colour, .line = NO_COLOUR};
}

static struct look outlined(int32_t colour, double width)
{
	return (struct look){.fill = NO_COLOUR, .line = colour, .width = width};
}

static struct type words(double size, int32_t colour)
{
	return (struct type){.size = size, .colour = colour};
}

static const char *in(const struct layout *l, const char *zh, const char *en)
{
	return l->chart->lang == LANG_EN ? en : zh;
}

static const char *day_text(struct arena *a, struct date d)
{
	struct ymd y = date_ymd(d);
	return arena_printf(a, "%04d-%02d-%02d", y.year, y.month, y.day);
}

/* ---- lights ---- */

static const struct light_sign {
	int severity, n;
	int32_t colour;
	struct label word;
	struct point_mm points[8]; /* in a box of 16 */
} light_signs[] = {
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

static void draw_light(struct draw *d, double x, double y, double side, int severity)
{
	double k = side / 16;
	for (size_t i = 0; i < countof(light_signs); i++) {
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
		outlined(PALE, side * 0.1));
}

/* ---- bars and points: also drawn as samples in the legend ---- */

static void planned_bar(struct draw *d, double x0, double x1, double y, double height)
{
	draw_box(d, x0, y, x1 - x0, height,
		(struct look){.fill = 0xffffff, .line = INK, .width = height * 0.08});
}

static void real_bar(
	struct draw *d, double x0, double x1, double y, double height, const struct chart_row *r)
{
	struct look look = filled(r->critical ? LATE : REAL);
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
		draw_box(d, x0, y + height * 0.36, (x1 - x0) * share, height * 0.28, filled(DONE));
	}
}

static void ghost_bar(struct draw *d, double x0, double x1, double y, double height)
{
	struct look dashed = outlined(BASE, 0.22);
	dashed.dash = 0.9;
	dashed.gap = 0.6;
	draw_line(d, x0, y, x1, y, dashed);
	draw_line(d, x0, y - height * 0.18, x0, y + height * 0.18, outlined(BASE, 0.25));
	draw_line(d, x1, y - height * 0.18, x1, y + height * 0.18, outlined(BASE, 0.25));
}

static void summary_bar(struct draw *d, double x0, double x1, double y, double height)
{
	double low = y + height * 0.75,
		   tip = height * 0.45 < (x1 - x0) / 2 ? height * 0.45 : (x1 - x0) / 2;
	const struct point_mm points[] = {{x0, y + height * 0.25}, {x1, y + height * 0.25},
		{x1, low + height * 0.25}, {x1 - tip, low - height * 0.2}, {x0 + tip, low - height * 0.2},
		{x0, low + height * 0.25}};
	draw_polygon(d, points, 6, filled(INK));
}

static void diamond(struct draw *d, double x, double y, double radius, struct look look)
{
	const struct point_mm points[] = {
		{x, y - radius}, {x + radius, y}, {x, y + radius}, {x - radius, y}};
	draw_polygon(d, points, 4, look);
}

enum point_kind { POINT_DONE, POINT_TO_COME, POINT_LATE };

static void draw_point(struct draw *d, double x, double y, double radius, enum point_kind kind)
{
	struct look look = {.fill = kind == POINT_DONE ? INK : 0xffffff,
		.line = kind == POINT_LATE ? LATE : INK,
		.width = radius * 0.22};
	diamond(d, x, y, radius, look);
	if (kind == POINT_LATE) {
		double arm = radius * 0.42;
		draw_line(d, x - arm, y - arm, x + arm, y + arm, outlined(LATE, radius * 0.24));
		draw_line(d, x - arm, y + arm, x + arm, y - arm, outlined(LATE, radius * 0.24));
	}
}

static void ghost_point(struct draw *d, double x, double y, double radius)
{
	struct look dashed = outlined(BASE, 0.18);
	dashed.dash = 0.4;
	dashed.gap = 0.3;
	diamond(d, x, y, radius, dashed);
}

/* Where it will be by what is known: an arrow from the planned day. */
static void computed_point(struct draw *d, double from, double to, double y, double radius)
{
	double way = to < from ? -1 : 1;
	const struct point_mm head[] = {
		{to, y}, {to - way * radius, y - radius * 0.6}, {to - way * radius, y + radius * 0.6}};
	draw_line(d, from, y, to, y, outlined(LATE, 0.18));
	draw_polygon(d, head, 3, filled(LATE));
}

/* ---- the axis ---- */

static void shade(struct draw *d, const struct measures *m, double x, double y, double height,
	struct date from, struct date until, bool winter)
{
	double x0 = x + day_x(m, from), x1 = x + day_x(m, (struct date){until.day + 1});
	if (x1 - x0 < 0.35)
		return; /* thinner than a line of the grid: weekends on a span of years */
	struct look look = filled(REST);
	if (winter) {
		look.fill = 0xf4f8fb;
		look.hatch = HATCH_UPRIGHT;
		look.hatch_colour = WINTER;
	}
	d->tag = "shade";
	draw_box(d, x0, y, x1 - x0, height, look);
	d->tag = NULL;
}

/* Runs of days off and the winter stop; single weekends only where a day is wide. */
static void draw_shades(struct draw *d, const struct layout *l, double x, double y, double height)
{
	const struct measures *m = &l->m;
	const struct calendar *c = l->chart->calendar;
	double day = time_width(m) / (m->until.day + 1 - m->from.day);
	for (int32_t at = m->from.day; c && at <= m->until.day;) {
		struct date first = {at};
		bool winter = calendar_in_winter_stop(c, first);
		bool off = !winter && !calendar_is_workday(c, COUNT_OFFICE, first);
		int32_t end = at;
		while (end <= m->until.day && (winter || off) &&
			calendar_in_winter_stop(c, (struct date){end}) == winter &&
			(winter || !calendar_is_workday(c, COUNT_OFFICE, (struct date){end})))
			end++;
		if (winter || (off && (end - at >= 3 || day >= 0.7)))
			shade(d, m, x, y, height, first, (struct date){end - 1}, winter);
		at = end > at ? end : at + 1;
	}
}

static void draw_months(struct draw *d, const struct layout *l, double x, double y, double bottom)
{
	const struct measures *m = &l->m;
	double line = m->axis / 2, month = 0;
	struct month first = month_of(m->from), last = month_of(m->until);
	double widest = text_measure(d->ruler, words(m->small, INK), "12") + 1;
	month = time_width(m) / (last.index - first.index + 1);
	int step = month >= widest ? 1 : month * 3 >= widest ? 3 : 12;
	for (struct month at = first; at.index <= last.index; at.index++) {
		struct date from = month_first(at);
		double x0 = x + day_x(m, from);
		bool year = month_number(at) == 1 || at.index == first.index;
		bool tick = (month_number(at) - 1) % step == 0;
		if (year || tick)
			draw_line(d, x0, y + (year ? 0 : line), x0, bottom,
				outlined(year ? PALE : GRID, year ? 0.3 : 0.12));
		if (tick && step < 12) {
			struct month end = {
				at.index + step - 1 > last.index ? last.index : at.index + step - 1};
			double x1 = x + day_x(m, (struct date){month_last(end).day + 1});
			struct type type = words(m->small, INK);
			const char *text = arena_printf(d->a, "%d", month_number(at));
			type.align = ALIGN_MIDDLE;
			if (x1 - x0 >= widest - 1)
				draw_text(d, (x0 + x1) / 2, y + line + m->small * 1.2, type, text);
		}
		if (year) {
			int months = 12 - month_number(at) + 1;
			struct type type = words(m->text, INK);
			const char *text = arena_printf(d->a, in(l, "%d 年", "%d"), month_year(at));
			if (last.index - at.index + 1 < months)
				months = last.index - at.index + 1;
			if (month * months < text_measure(d->ruler, type, text) + 1)
				text = arena_printf(d->a, "%02d", month_year(at) % 100);
			if (month * months >= text_measure(d->ruler, type, text))
				draw_text(d, x0 + 0.6, y + line - m->text * 0.4, type, text);
		}
	}
}

static void draw_today(struct draw *d, const struct layout *l, double x, double y, double bottom)
{
	const struct measures *m = &l->m;
	double at = x + day_x(m, l->chart->today);
	const struct point_mm head[] = {{at - 1.2, y - 1.6}, {at + 1.2, y - 1.6}, {at, y}};
	struct look line = outlined(LATE, 0.45);
	line.dash = 2.4;
	line.gap = 0.8;
	draw_line(d, at, y, at, bottom, line);
	draw_polygon(d, head, 3, filled(LATE));
}

static void draw_heads(struct draw *d, const struct layout *l, double x, double y)
{
	const struct measures *m = &l->m;
	double baseline = y + m->axis - m->small * 0.8, half = m->dates / 2;
	draw_text(d, x + 0.8, baseline, words(m->small, INK),
		l->chart->dates ? in(l, "任务", "Task") : in(l, "项目", "Project"));
	if (l->chart->dates) {
		draw_text(d, x + m->words + 0.5, baseline, words(m->small, INK), in(l, "开始", "Start"));
		draw_text(
			d, x + m->words + half + 0.5, baseline, words(m->small, INK), in(l, "完成", "Finish"));
	}
}

/* ---- rows ---- */

static void draw_code(struct draw *d, double x, double y, double side, const char *url)
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
	draw_box(d, x, y, side, side, filled(0xffffff));
	draw_boxes(d, boxes, n, filled(0x000000));
	d->tag = NULL;
}

static void draw_row_code(
	struct draw *d, const struct layout *l, const struct placed *item, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_row *r = item->row->row;
	double left = x + m->panel_width - m->codes + 1;
	if (!r->url || m->code <= 0)
		return;
	if (m->code_columns == 1) {
		draw_code(d, left, y + (item->row->height - m->code) / 2, m->code, r->url);
		return;
	}
	left += item->nth % 2 * (m->code + 1.2);
	struct type type = words(m->small, INK);
	type.align = ALIGN_MIDDLE;
	d->tag = "number";
	if (r->number)
		draw_text(d, left + m->code / 2, y + m->small * 1.1, type, r->number);
	d->tag = NULL;
	draw_code(d, left, y + m->small * 1.25, m->code, r->url);
}

static void draw_words(
	struct draw *d, const struct layout *l, const struct placed_row *p, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_row *r = p->row;
	double at = x + 0.8 + r->indent * m->text * 0.8, middle = y + p->height / 2;
	if (l->chart->lights) {
		draw_light(d, at - 0.2, middle - m->text * 0.6, m->text * 1.2, r->light);
		at += m->text * 1.5;
	}
	double title = p->title.n * p->title.line_height, note = p->note.n * p->note.line_height;
	double top = y + (p->height - title - note) / 2;
	d->tag = "title";
	draw_fitted(d, at, top, 0, title, &p->title);
	d->tag = "note";
	draw_fitted(d, at, top + title, 0, note, &p->note);
	d->tag = NULL;
	if (l->chart->dates) {
		double half = m->dates / 2, baseline = middle + m->small * 0.36;
		d->tag = "date";
		if (!date_is_none(r->start))
			draw_text(
				d, x + m->words + 0.5, baseline, words(m->small, INK), day_text(d->a, r->start));
		if (!date_is_none(r->finish))
			draw_text(d, x + m->words + half + 0.5, baseline, words(m->small, INK),
				day_text(d->a, r->finish));
		d->tag = NULL;
	}
}

static double after(const struct measures *m, struct date d)
{
	return day_x(m, (struct date){d.day + 1});
}

static bool both(struct date from, struct date until)
{
	return !date_is_none(from) && !date_is_none(until) && from.day <= until.day;
}

static void draw_bars(
	struct draw *d, const struct layout *l, const struct chart_row *r, double x, double y)
{
	const struct measures *m = &l->m;
	if (r->summary && both(r->start, r->finish)) {
		summary_bar(d, x + day_x(m, r->start), x + after(m, r->finish), y, m->bar);
		return;
	}
	if (both(r->planned_start, r->planned_finish))
		planned_bar(d, x + day_x(m, r->planned_start), x + after(m, r->planned_finish), y, m->bar);
	if (both(r->start, r->finish))
		real_bar(d, x + day_x(m, r->start), x + after(m, r->finish), y, m->bar, r);
	if (both(r->baseline_start, r->baseline_finish))
		ghost_bar(d, x + day_x(m, r->baseline_start), x + after(m, r->baseline_finish),
			y + m->bar * 1.12, m->bar);
	if (both(r->finish, r->float_until) && r->float_until.day > r->finish.day)
		draw_line(d, x + after(m, r->finish), y + m->bar / 2, x + after(m, r->float_until),
			y + m->bar / 2, outlined(PALE, 0.3));
}

static void draw_points(
	struct draw *d, const struct layout *l, const struct chart_row *r, double x, double y)
{
	const struct measures *m = &l->m;
	double radius = m->bar * 0.52;
	for (int i = 0; i < r->npoints; i++) {
		const struct chart_point *p = &r->points[i];
		double at = x + day_x(m, p->day);
		if (!date_is_none(p->baseline) && p->baseline.day != p->day.day)
			ghost_point(d, x + day_x(m, p->baseline), y, radius);
		if (!date_is_none(p->computed) && p->computed.day != p->day.day)
			computed_point(d, at, x + day_x(m, p->computed), y, radius * 0.8);
		draw_point(d, at, y, radius,
			p->done                                ? POINT_DONE
				: p->day.day < l->chart->today.day ? POINT_LATE
												   : POINT_TO_COME);
	}
}

static void draw_row(
	struct draw *d, const struct layout *l, const struct placed *item, double x, double y)
{
	const struct measures *m = &l->m;
	const struct placed_row *p = item->row;
	int below = 0;
	for (int i = 0; i < p->nlabels; i++)
		below = p->labels[i].lane > below ? p->labels[i].lane : below;
	double lane = m->label * 1.2, lanes = p->nlabels ? (below > 1 ? below + 1 : 2) * lane : 0;
	double top = y + (p->height - lanes - m->bar) / 2, bar = p->nlabels ? top + lane : top;

	draw_line(
		d, x, y + p->height, x + m->panel_width - m->codes, y + p->height, outlined(GRID, 0.15));
	draw_words(d, l, p, x, y);
	draw_bars(d, l, p->row, x, bar);
	draw_points(d, l, p->row, x, bar + m->bar / 2);
	d->tag = "label";
	for (int i = 0; i < p->nlabels; i++) {
		const struct chart_label *label = &p->labels[i];
		const struct chart_point *point = &p->row->points[p->points[i]];
		double baseline = label->lane == 0
			? top + m->label * 0.98
			: bar + m->bar + (label->lane - 1) * lane + m->label * 1.02;
		draw_text(d, x + label->left, baseline, words(m->label, INK),
			label->is_brief ? point->sign : point->name);
	}
	d->tag = NULL;
	draw_row_code(d, l, item, x, y);
}

static void draw_heading(
	struct draw *d, const struct layout *l, const struct placed *item, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_group *g = item->group;
	double width = m->panel_width - m->codes, at = x + 1, side = m->text * 1.1;
	struct type type = {.size = m->text * 1.1, .bold = true, .colour = INK};
	draw_box(d, x, y, width, m->heading, filled(BAND));
	const char *title =
		item->again ? arena_printf(d->a, in(l, "%s（续）", "%s (continued)"), g->title) : g->title;
	const char *count = arena_printf(d->a, in(l, "%d 项", "%d"), g->n);
	struct fitted fitted = text_fit(d, type, 1.6, width * 0.6, m->heading, title);
	draw_fitted(d, at, y, width, m->heading, &fitted);
	double title_width = 0;
	for (int i = 0; i < fitted.n; i++) {
		double one = text_measure(d->ruler, fitted.type, fitted.lines[i]);
		title_width = one > title_width ? one : title_width;
	}
	at += title_width + 4;
	at += 2 + draw_text(d, at, y + m->heading * 0.68, words(m->small * 1.1, INK), count);
	for (size_t i = 0; l->chart->lights && i < countof(light_signs); i++) {
		int n = 0;
		for (int k = 0; k < g->n; k++)
			n += g->rows[k].light == light_signs[i].severity;
		if (n == 0 || at + 12 > x + width)
			continue;
		draw_light(d, at, y + (m->heading - side) / 2, side, light_signs[i].severity);
		at += side + 0.6;
		at += 2 +
			draw_text(d, at, y + m->heading * 0.68, words(m->small * 1.1, INK),
				arena_printf(d->a, "%d", n));
	}
}

/* ---- the sheet ---- */

static void draw_title(struct draw *d, const struct layout *l)
{
	const struct measures *m = &l->m;
	double size = m->top * 0.46, width = m->paper.width - 2 * m->margin;
	struct fitted title = text_fit(d, (struct type){.size = size, .bold = true, .colour = INK}, 3,
		width, m->top * 0.6, l->chart->title);
	struct fitted below =
		text_fit(d, words(m->top * 0.17, 0x33414f), 1.8, width, m->top * 0.26, l->chart->subtitle);
	draw_fitted(d, m->margin, m->margin, width, m->top * 0.6, &title);
	draw_fitted(d, m->margin, m->margin + m->top * 0.62, width, m->top * 0.26, &below);
}

static void draw_items(struct draw *d, const struct layout *l, int page, bool headings)
{
	const struct measures *m = &l->m;
	for (int i = 0; i < l->n; i++) {
		const struct placed *item = &l->items[i];
		double x = m->margin + item->panel * (m->panel_width + m->panel_gap);
		double y = m->margin + m->top + m->axis + item->y;
		if (item->page != page || headings != (item->row == NULL))
			continue;
		if (headings)
			draw_heading(d, l, item, x, y);
		else
			draw_row(d, l, item, x, y);
	}
}

void chart_page(struct draw *d, const struct layout *l, int page)
{
	const struct measures *m = &l->m;
	double top = m->margin + m->top, bottom = m->paper.height - m->margin - m->bottom;
	bool used[16] = {false};
	double end[16];

	draw_title(d, l);
	for (int i = 0; i < l->n; i++) {
		const struct placed *item = &l->items[i];
		assert(item->panel < 16);
		if (item->page != page)
			continue;
		used[item->panel] = true;
		end[item->panel] = top + m->axis + item->y + (item->row ? item->row->height : m->heading);
	}
	for (int k = 0; k < m->panels; k++) {
		double x = m->margin + k * (m->panel_width + m->panel_gap);
		if (!used[k] && !(k == 0 && l->n == 0))
			continue;
		double low = l->n == 0 ? bottom : end[k];
		draw_shades(d, l, x, top + m->axis, low - top - m->axis);
		draw_heads(d, l, x, top);
		draw_months(d, l, x, top, low);
		draw_line(
			d, x, top + m->axis, x + m->panel_width - m->codes, top + m->axis, outlined(INK, 0.35));
	}
	draw_items(d, l, page, false);
	for (int k = 0; k < m->panels; k++)
		if (used[k])
			draw_today(
				d, l, m->margin + k * (m->panel_width + m->panel_gap), top + m->axis, end[k]);
	draw_items(d, l, page, true); /* headings cover the line */
	chart_legend(d, l, m->margin, bottom + 2, m->paper.width - 2 * m->margin, true);
	struct type number = words(m->legend, INK);
	number.align = ALIGN_RIGHT;
	draw_text(d, m->paper.width - m->margin, m->margin + m->legend * 1.2, number,
		arena_printf(d->a, in(l, "第 %d 页，共 %d 页", "sheet %d of %d"), page + 1, l->npages));
}

/* ---- legend ---- */

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
		   width = sample + 1 + text_measure(g->d->ruler, words(size, INK), text) + 4;
	if (g->x > g->left && g->x + width > g->right) {
		g->x = g->left;
		g->y += size * 1.9;
	}
	double at = g->x;
	if (g->draw)
		draw_text(g->d, at + sample + 1, g->y + size * 1.2, words(size, INK), text);
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
	} entries[] = {{0, in(l, "计划", "planned")},
		{1,
			l->chart->dates ? in(l, "进行中（深色为已完成部分）", "under way (dark: done)")
							: in(l, "实际与预计（深色为已完成投资比例）",
								  "real and expected (dark: share of investment done)")},
		{2, in(l, "尚未开始，推算", "not begun, computed")},
		{3, in(l, "首次批准（基线）", "first approved (baseline)")},
		{4, in(l, "关键任务", "critical")}, {5, in(l, "时差", "float")}};
	for (size_t i = 0; i < countof(entries); i++) {
		if (entries[i].what >= 4 && !l->chart->dates)
			continue;
		double x = entry(g, wide, entries[i].text), y = g->y + size * 0.15;
		if (!g->draw)
			continue;
		switch (entries[i].what) {
		case 0: planned_bar(g->d, x, x + wide, y, size); break;
		case 1: real_bar(g->d, x, x + wide, y, size, &real); break;
		case 2: real_bar(g->d, x, x + wide, y, size, &reckoned); break;
		case 3: ghost_bar(g->d, x, x + wide, y + size / 2, size); break;
		case 4: real_bar(g->d, x, x + wide, y, size, &critical); break;
		default: draw_line(g->d, x, y + size / 2, x + wide, y + size / 2, outlined(PALE, 0.3));
		}
	}
}

static void legend_points(struct legend *g)
{
	const struct layout *l = g->l;
	double size = l->m.legend, radius = size * 0.5;
	const char *const texts[] = {in(l, "节点已完成", "milestone reached"),
		in(l, "节点未到期", "milestone to come"), in(l, "节点逾期", "milestone late"),
		in(l, "首次批准日期", "first approved"), in(l, "预计移至", "expected to move to")};
	for (int i = 0; i < (int)countof(texts); i++) {
		double x = entry(g, size * 1.4, texts[i]) + radius, y = g->y + size * 0.75;
		if (!g->draw)
			continue;
		if (i < 3)
			draw_point(g->d, x, y, radius, (enum point_kind)i);
		else if (i == 3)
			ghost_point(g->d, x, y, radius);
		else
			computed_point(g->d, x - radius, x + radius, y, radius * 0.8);
	}
}

static void legend_rest(struct legend *g)
{
	const struct layout *l = g->l;
	double size = l->m.legend;
	const char *today =
		arena_printf(g->d->a, in(l, "今天 %s", "today %s"), day_text(g->d->a, l->chart->today));
	double x = entry(g, size, today);
	if (g->draw)
		draw_line(g->d, x + size / 2, g->y, x + size / 2, g->y + size * 1.5, outlined(LATE, 0.45));
	for (int winter = 0; l->chart->calendar && winter < 2; winter++) {
		x = entry(
			g, size * 2, winter ? in(l, "冬季停工", "winter stop") : in(l, "节假日", "days off"));
		struct look look = {.fill = winter ? 0xf4f8fb : REST,
			.line = GRID,
			.width = 0.15,
			.hatch = winter ? HATCH_UPRIGHT : HATCH_NONE,
			.hatch_colour = WINTER};
		if (g->draw)
			draw_box(g->d, x, g->y + size * 0.1, size * 2, size * 1.3, look);
	}
	for (size_t i = 0; l->chart->lights && i < countof(light_signs); i++) {
		x = entry(g, size * 1.3, label_in(light_signs[i].word, l->chart->lang));
		if (g->draw)
			draw_light(g->d, x, g->y + size * 0.12, size * 1.25, light_signs[i].severity);
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
		arena_printf(d->a, in(l, "数据截至 %s", "as of %s"), day_text(d->a, c->today)),
		arena_printf(d->a, in(l, "日志第 %lld 号", "journal no. %lld"), (long long)c->journal),
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
		draw_box(d, x, y, width, height, outlined(INK, 0.3));
		if (c->url)
			draw_code(d, x + width - code - 1, y + 1, code, c->url);
	}
	return height;
}

double chart_legend(
	struct draw *d, const struct layout *l, double x, double y, double width, bool draw)
{
	double block = l->m.legend * 36 < width * 0.45 ? l->m.legend * 36 : width * 0.45;
	struct legend g = {d, l, x, x + width - block - 4, x, y, draw};
	legend_bars(&g);
	legend_points(&g);
	legend_rest(&g);
	double left = g.y + l->m.legend * 1.9 - y;
	double right = title_block(d, l, x + width - block, y, block, draw);
	return left > right ? left : right;
}
