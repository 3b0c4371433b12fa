/* How one sheet of the chart looks: title, axes and rows. */
#include "report/chart_parts.h"

/* ---- the axis ---- */

static void shade(struct draw *d, const struct measures *m, double x, double y, double height,
	struct date from, struct date until, bool winter)
{
	double x0 = x + day_x(m, from), x1 = x + day_x(m, (struct date){until.day + 1});
	if (x1 - x0 < 0.35)
		return; /* thinner than a line of the grid: weekends on a span of years */
	struct look look = look_filled(REST);
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
	double widest = text_measure(d->ruler, type_sized(m->small, INK), "12") + 1;
	month = time_width(m) / (last.index - first.index + 1);
	int step = month >= widest ? 1 : month * 3 >= widest ? 3 : 12;
	for (struct month at = first; at.index <= last.index; at.index++) {
		struct date from = month_first(at);
		double x0 = x + day_x(m, from);
		bool year = month_number(at) == 1 || at.index == first.index;
		bool tick = (month_number(at) - 1) % step == 0;
		if (year || tick)
			draw_line(d, x0, y + (year ? 0 : line), x0, bottom,
				look_outlined(year ? PALE : GRID, year ? 0.3 : 0.12));
		if (tick && step < 12) {
			struct month end = {
				at.index + step - 1 > last.index ? last.index : at.index + step - 1};
			double x1 = x + day_x(m, (struct date){month_last(end).day + 1});
			struct type type = type_sized(m->small, INK);
			const char *text = arena_printf(d->a, "%d", month_number(at));
			type.align = ALIGN_MIDDLE;
			if (x1 - x0 >= widest - 1)
				draw_text(d, (x0 + x1) / 2, y + line + m->small * 1.2, type, text);
		}
		if (year) {
			int months = 12 - month_number(at) + 1;
			struct type type = type_sized(m->text, INK);
			const char *text = arena_printf(d->a, chart_word(l, "%d 年", "%d"), month_year(at));
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
	struct look line = look_outlined(LATE, 0.45);
	line.dash = 2.4;
	line.gap = 0.8;
	draw_line(d, at, y, at, bottom, line);
	draw_polygon(d, head, 3, look_filled(LATE));
}

static void draw_heads(struct draw *d, const struct layout *l, double x, double y)
{
	const struct measures *m = &l->m;
	double baseline = y + m->axis - m->small * 0.8, half = m->dates / 2;
	draw_text(d, x + 0.8, baseline, type_sized(m->small, INK),
		l->chart->dates ? chart_word(l, "任务", "Task") : chart_word(l, "项目", "Project"));
	if (l->chart->dates) {
		draw_text(d, x + m->words + 0.5, baseline, type_sized(m->small, INK),
			chart_word(l, "开始", "Start"));
		draw_text(d, x + m->words + half + 0.5, baseline, type_sized(m->small, INK),
			chart_word(l, "完成", "Finish"));
	}
}

/* ---- rows ---- */

static void draw_row_code(
	struct draw *d, const struct layout *l, const struct placed *item, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_row *r = item->row->row;
	double left = x + m->panel_width - m->codes + 1;
	if (!r->url || m->code <= 0)
		return;
	if (m->code_columns == 1) {
		mark_code(d, left, y + (item->row->height - m->code) / 2, m->code, r->url);
		return;
	}
	left += item->nth % 2 * (m->code + 1.2);
	struct type type = type_sized(m->small, INK);
	type.align = ALIGN_MIDDLE;
	d->tag = "number";
	if (r->number)
		draw_text(d, left + m->code / 2, y + m->small * 1.1, type, r->number);
	d->tag = NULL;
	mark_code(d, left, y + m->small * 1.25, m->code, r->url);
}

static void draw_words(
	struct draw *d, const struct layout *l, const struct placed_row *p, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_row *r = p->row;
	double at = x + 0.8 + r->indent * m->text * 0.8, middle = y + p->height / 2;
	if (l->chart->lights) {
		mark_light(d, at - 0.2, middle - m->text * 0.6, m->text * 1.2, r->light);
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
			draw_text(d, x + m->words + 0.5, baseline, type_sized(m->small, INK),
				chart_day(d->a, r->start));
		if (!date_is_none(r->finish))
			draw_text(d, x + m->words + half + 0.5, baseline, type_sized(m->small, INK),
				chart_day(d->a, r->finish));
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
		mark_summary(d, x + day_x(m, r->start), x + after(m, r->finish), y, m->bar);
		return;
	}
	if (both(r->planned_start, r->planned_finish))
		mark_planned(d, x + day_x(m, r->planned_start), x + after(m, r->planned_finish), y, m->bar);
	if (both(r->start, r->finish))
		mark_real(d, x + day_x(m, r->start), x + after(m, r->finish), y, m->bar, r);
	if (both(r->baseline_start, r->baseline_finish))
		mark_ghost(d, x + day_x(m, r->baseline_start), x + after(m, r->baseline_finish),
			y + m->bar * 1.12, m->bar);
	if (both(r->finish, r->float_until) && r->float_until.day > r->finish.day)
		draw_line(d, x + after(m, r->finish), y + m->bar / 2, x + after(m, r->float_until),
			y + m->bar / 2, look_outlined(PALE, 0.3));
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
			mark_ghost_point(d, x + day_x(m, p->baseline), y, radius);
		if (!date_is_none(p->computed) && p->computed.day != p->day.day)
			mark_computed(d, at, x + day_x(m, p->computed), y, radius * 0.8);
		mark_point(d, at, y, radius,
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
	double top = y + (p->height - lanes - bars_height(m)) / 2, bar = p->nlabels ? top + lane : top;

	draw_line(d, x, y + p->height, x + m->panel_width - m->codes, y + p->height,
		look_outlined(GRID, 0.15));
	draw_words(d, l, p, x, y);
	draw_bars(d, l, p->row, x, bar);
	draw_points(d, l, p->row, x, bar + m->bar / 2);
	d->tag = "label";
	for (int i = 0; i < p->nlabels; i++) {
		const struct chart_label *label = &p->labels[i];
		const struct chart_point *point = &p->row->points[p->points[i]];
		double baseline = label->lane == 0
			? top + m->label * 0.98
			: bar + bars_height(m) + (label->lane - 1) * lane + m->label * 1.02;
		draw_text(d, x + label->left, baseline, type_sized(m->label, INK),
			label->is_brief ? point->sign : point->name);
	}
	d->tag = NULL;
	draw_row_code(d, l, item, x, y);
}

static int lights_in(const struct chart_group *g, int severity)
{
	int n = 0;
	for (int i = 0; i < g->n; i++)
		n += g->rows[i].light == severity;
	return n;
}

/* The years again: the axis may be half a metre above. */
static void heading_years(
	struct draw *d, const struct layout *l, double x, double y, double from, double width)
{
	const struct measures *m = &l->m;
	struct type type = type_sized(m->small * 1.1, 0x5b6b7a);
	for (int year = date_ymd(m->from).year; year <= date_ymd(m->until).year; year++) {
		struct date first = date_from_ymd(year, 1, 1);
		const char *text = arena_printf(d->a, "%d", year);
		double at = x + day_x(m, first.day < m->from.day ? m->from : first) + 0.6;
		if (at >= from && at + text_measure(d->ruler, type, text) < x + width)
			draw_text(d, at, y + m->heading * 0.68, type, text);
	}
}

static void draw_heading(
	struct draw *d, const struct layout *l, const struct placed *item, double x, double y)
{
	const struct measures *m = &l->m;
	const struct chart_group *g = item->group;
	double width = m->panel_width - m->codes, at = x + 1, side = m->text * 1.1;
	struct type type = {.size = m->text * 1.1, .bold = true, .colour = INK};
	draw_box(d, x, y, width, m->heading, look_filled(BAND));
	const char *title = item->again
		? arena_printf(d->a, chart_word(l, "%s（续）", "%s (continued)"), g->title)
		: g->title;
	const char *count = arena_printf(d->a, chart_word(l, "%d 项", "%d"), g->n);
	struct fitted fitted = text_fit(d, type, 1.6, width * 0.6, m->heading, title);
	draw_fitted(d, at, y, width, m->heading, &fitted);
	double title_width = 0;
	for (int i = 0; i < fitted.n; i++) {
		double one = text_measure(d->ruler, fitted.type, fitted.lines[i]);
		title_width = one > title_width ? one : title_width;
	}
	at += title_width + 4;
	at += 2 + draw_text(d, at, y + m->heading * 0.68, type_sized(m->small * 1.1, INK), count);
	for (int i = 0; l->chart->lights && i < LIGHT_SIGNS; i++) {
		int n = lights_in(g, light_signs[i].severity);
		if (n == 0 || at + 12 > x + width)
			continue;
		mark_light(d, at, y + (m->heading - side) / 2, side, light_signs[i].severity);
		at += side + 0.6;
		at += 2 +
			draw_text(d, at, y + m->heading * 0.68, type_sized(m->small * 1.1, INK),
				arena_printf(d->a, "%d", n));
	}
	heading_years(d, l, x, y, at, width);
}

/* ---- the sheet ---- */

/* How many rows have which light, at the upper right (where the title would be, without one); only measured when not `draw`. */
static double draw_tally(struct draw *d, const struct layout *l, double size, bool draw)
{
	const struct measures *m = &l->m;
	const struct type type = {.size = size, .bold = true, .colour = INK};
	double width = draw ? draw_tally(d, l, size, false) : 0,
		   at = l->chart->untitled ? m->margin : m->paper.width - m->margin - width, begin = at;
	for (int i = 0; l->chart->lights && i < LIGHT_SIGNS; i++) {
		int n = 0;
		for (int g = 0; g < l->chart->ngroups; g++)
			n += lights_in(&l->chart->groups[g], light_signs[i].severity);
		if (n == 0)
			continue;
		const char *text =
			arena_printf(d->a, "%s %d", label_in(light_signs[i].word, l->chart->lang), n);
		if (draw) {
			mark_light(d, at, m->margin + m->top * 0.5 - size, size, light_signs[i].severity);
			draw_text(d, at + size * 1.25, m->margin + m->top * 0.5 - size * 0.14, type, text);
		}
		at += size * 2.1 + text_measure(d->ruler, type, text);
	}
	return at - begin;
}

static void draw_title(struct draw *d, const struct layout *l)
{
	const struct measures *m = &l->m;
	double size = m->top * 0.46, width = m->paper.width - 2 * m->margin,
		   tally = m->top * (l->chart->untitled ? 0.45 : 0.24),
		   beside = draw_tally(d, l, tally, false);
	if (beside > width * 0.6)
		tally *= width * 0.6 / beside;
	beside = draw_tally(d, l, tally, true);
	if (l->chart->untitled)
		return;
	struct fitted title = text_fit(d, (struct type){.size = size, .bold = true, .colour = INK}, 3,
		width - beside - 4, m->top * 0.6, l->chart->title);
	struct fitted below = text_fit(
		d, type_sized(m->top * 0.17, 0x33414f), 1.8, width, m->top * 0.26, l->chart->subtitle);
	draw_fitted(d, m->margin, m->margin, width, m->top * 0.6, &title);
	draw_fitted(d, m->margin, m->margin + m->top * 0.62, width, m->top * 0.26, &below);
}

static void draw_items(struct draw *d, const struct layout *l, int page)
{
	const struct measures *m = &l->m;
	for (int i = 0; i < l->n; i++) {
		const struct placed *item = &l->items[i];
		double x = m->margin + item->panel * (m->panel_width + m->panel_gap);
		double y = m->margin + m->top + m->axis + item->y;
		if (item->page != page)
			continue;
		if (item->row)
			draw_row(d, l, item, x, y);
		else
			draw_heading(d, l, item, x, y);
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
		draw_today(d, l, x, top + m->axis, low); /* under the words */
		draw_line(d, x, top + m->axis, x + m->panel_width - m->codes, top + m->axis,
			look_outlined(INK, 0.35));
	}
	draw_items(d, l, page);
	chart_legend(d, l, m->margin, bottom + 2, m->paper.width - 2 * m->margin, true);
	struct type number = type_sized(m->legend, INK);
	number.align = ALIGN_RIGHT;
	draw_text(d, m->paper.width - m->margin, m->margin + m->legend * 1.2, number,
		arena_printf(
			d->a, chart_word(l, "第 %d 页，共 %d 页", "sheet %d of %d"), page + 1, l->npages));
}
