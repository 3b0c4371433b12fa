/* Where things stand on the chart: the span of time, the height of rows, the lanes of labels, panels and sheets. */
#include "report/chart_parts.h"

enum { LANES_MOST = 64 };

bool paper_named(const char *name, struct paper *out)
{
	static const double sides[] = {1189, 841, 594, 420, 297, 210};
	size_t n = strlen(name);
	if (n < 2 || (name[0] != 'A' && name[0] != 'a') || name[1] < '0' || name[1] > '4')
		return false;
	double longer = sides[name[1] - '0'], shorter = sides[name[1] - '0' + 1];
	if (n == 2) {
		*out = (struct paper){longer, shorter};
		return true;
	}
	*out = (struct paper){shorter, longer};
	return strcmp(name + 2, "-portrait") == 0;
}

/* ---- labels ---- */

struct lane {
	double end; /* of what stands in it, from the left */
};

/* Where a label of that width may begin in a lane: at its point, or at most `slide` after it. */
static bool free_at(const struct lane *lane, double x, double width, double left, double right,
	double gap, double slide, double *out)
{
	x = x + width > right ? right - width : x;
	x = x < left ? left : x;
	double begin = x;
	if (begin < lane->end + gap)
		begin = lane->end + gap;
	*out = begin;
	return begin <= x + 1e-9 ? true : begin - x <= slide && begin + width <= right;
}

static void take(struct chart_label *l, struct lane *lane, int which, double begin, bool is_brief)
{
	l->lane = which;
	l->left = begin;
	l->is_brief = is_brief;
	lane->end = begin + (is_brief ? l->brief : l->wide);
}

int chart_place(struct chart_label *labels, int n, double left, double right, double gap)
{
	struct lane lanes[LANES_MOST];
	int used = 2;
	for (int i = 0; i < LANES_MOST; i++)
		lanes[i].end = left - gap;
	for (int i = 0; i < n; i++) {
		struct chart_label *l = &labels[i];
		double begin;
		bool placed = false;
		/* the whole name, unless it would stand where the one after next belongs */
		double next = i + 2 < n ? labels[i + 2].x : right + gap;
		for (int k = 0; k < 2 && !placed; k++) {
			int lane = (i + k) % 2;
			if (free_at(&lanes[lane], l->x, l->wide, left, right, gap, gap * 2, &begin) &&
				(begin + l->wide + gap <= next || l->wide <= l->brief)) {
				take(l, &lanes[lane], lane, begin, false);
				placed = true;
			}
		}
		for (int lane = 0; lane < LANES_MOST && !placed; lane++)
			if (free_at(&lanes[lane], l->x, l->brief, left, right, gap, l->brief * 1.3, &begin)) {
				take(l, &lanes[lane], lane, begin, true);
				placed = true;
			}
		if (!placed) /* more than LANES_MOST on one day: one after the other, past its day */
			take(l, &lanes[LANES_MOST - 1], LANES_MOST - 1, lanes[LANES_MOST - 1].end + gap, true);
		used = l->lane + 1 > used ? l->lane + 1 : used;
	}
	return used;
}

/* ---- the span of time ---- */

static void span_day(struct measures *m, struct date d)
{
	if (date_is_none(d))
		return;
	if (date_is_none(m->from) || d.day < m->from.day)
		m->from = d;
	if (date_is_none(m->until) || d.day > m->until.day)
		m->until = d;
}

static void span_of(struct measures *m, const struct chart *chart)
{
	m->from = m->until = DATE_NONE;
	span_day(m, chart->today);
	for (int g = 0; g < chart->ngroups; g++)
		for (int i = 0; i < chart->groups[g].n; i++) {
			const struct chart_row *r = &chart->groups[g].rows[i];
			const struct date days[] = {r->planned_start, r->planned_finish, r->baseline_start,
				r->baseline_finish, r->start, r->finish, r->float_until};
			for (size_t k = 0; k < countof(days); k++)
				span_day(m, days[k]);
			for (int k = 0; k < r->npoints; k++) {
				span_day(m, r->points[k].day);
				span_day(m, r->points[k].baseline);
				span_day(m, r->points[k].computed);
			}
		}
	m->from = month_first(month_of(m->from));
	m->until = month_last(month_of(m->until));
}

/* ---- sizes ---- */

static double between(double least, double value, double most)
{
	return value < least ? least : value > most ? most : value;
}

static bool has_codes(const struct chart *chart)
{
	for (int g = 0; g < chart->ngroups; g++)
		for (int i = 0; i < chart->groups[g].n; i++)
			if (chart->groups[g].rows[i].url)
				return true;
	return false;
}

static void sizes(struct draw *d, struct layout *l, int panels, double row)
{
	struct measures *m = &l->m;
	double inside = m->paper.width - 2 * m->margin;
	m->panels = panels;
	m->row = row;
	m->panel_gap = 6;
	m->panel_width = (inside - (panels - 1) * m->panel_gap) / panels;
	m->text = between(1.9, row * 0.36, 4.2);
	m->small = between(1.5, row * 0.25, 3.0);
	m->label = between(1.55, row * 0.24, 2.8);
	m->bar = between(1.5, row * 0.24, 3.2);
	m->heading = m->text * 1.9;
	m->axis = m->text * 3.2;
	m->code_columns = !has_codes(l->chart) ? 0 : row < 11 ? 2 : 1;
	m->code = m->code_columns == 0 ? 0
		: m->code_columns == 1     ? between(0, row - 0.8, 16)
								   : between(0, 2 * row - 1.2 - m->small, 16);
	m->codes = m->code_columns * (m->code + 1.2);
	m->dates = l->chart->dates
		? 2 * (text_measure(d->ruler, (struct type){.size = m->small}, "2026-12-31") + 1.5)
		: 0;
	m->words = between(52, (m->panel_width - m->codes) * 0.3, 40 * m->text);
}

/* ---- rows ---- */

static int by_x(const struct chart_label *a, const struct chart_label *b)
{
	return a->x < b->x ? -1 : a->x > b->x;
}

static void label_row(struct draw *d, const struct layout *l, struct placed_row *p)
{
	const struct measures *m = &l->m;
	const struct chart_row *r = p->row;
	const struct type type = {.size = m->label};
	p->labels = ARENA_ARRAY(d->a, struct chart_label, (size_t)r->npoints + 1);
	p->points = ARENA_ARRAY(d->a, int, (size_t)r->npoints + 1);
	for (int i = 0; i < r->npoints; i++) {
		if (!r->points[i].sign)
			continue;
		struct chart_label label = {.x = day_x(m, r->points[i].day) - m->label * 0.45,
			.wide = text_measure(d->ruler, type, r->points[i].name),
			.brief = text_measure(d->ruler, type, r->points[i].sign)};
		int at = p->nlabels++;
		for (; at > 0 && by_x(&label, &p->labels[at - 1]) < 0; at--) {
			p->labels[at] = p->labels[at - 1];
			p->points[at] = p->points[at - 1];
		}
		p->labels[at] = label;
		p->points[at] = i;
	}
}

/* Its words fitted, its labels in lanes, and so its height. */
static struct placed_row *place_row(
	struct draw *d, const struct layout *l, const struct chart_row *r)
{
	const struct measures *m = &l->m;
	struct placed_row *p = ARENA_NEW(d->a, struct placed_row);
	double light = l->chart->lights ? m->text * 1.5 : 0,
		   width = m->words - light - 2 - r->indent * m->text * 0.8;
	struct type title = {.size = m->text, .bold = r->summary};
	const double least = 1.7;

	p->row = r;
	width = width < m->words * 0.4 ? m->words * 0.4 : width;
	p->title = text_fit(d, title, least, width, m->row * (r->note ? 0.6 : 0.94), r->title);
	double words = p->title.n * p->title.line_height;
	if (r->note) {
		p->note = text_fit(d, (struct type){.size = m->small, .colour = 0x444444}, 1.45, width,
			m->row * 0.38, r->note);
		words += p->note.n * p->note.line_height;
	}
	label_row(d, l, p);
	int lanes = chart_place(
		p->labels, p->nlabels, time_left(m) + 0.3, time_left(m) + time_width(m), m->label * 0.25);
	double time = bars_height(m) + (p->nlabels ? lanes * m->label * 1.2 : 0) + 0.6;
	p->height = m->row;
	if (words + 0.4 > p->height)
		p->height = words + 0.4;
	if (time > p->height)
		p->height = time;
	return p;
}

/* ---- panels and sheets ---- */

static double room_of(const struct measures *m)
{
	double code = m->code_columns == 2 ? m->row : 0; /* the last code reaches past its row */
	return m->paper.height - 2 * m->margin - m->top - m->bottom - m->axis - code;
}

struct flow {
	struct layout *l;
	struct draw *d;
	int page, panel, nth, room;
	double y;
};

static void put(struct flow *f, struct placed item)
{
	struct layout *l = f->l;
	if (l->n == f->room) {
		int room = f->room ? f->room * 2 : 128;
		l->items = arena_grow(f->d->a, l->items, (size_t)f->room, (size_t)room, sizeof *l->items);
		f->room = room;
	}
	item.page = f->page;
	item.panel = f->panel;
	item.y = f->y;
	item.nth = f->nth;
	l->items[l->n++] = item;
}

static void next_panel(struct flow *f)
{
	f->y = 0;
	f->nth = 0;
	if (++f->panel == f->l->m.panels) {
		f->panel = 0;
		f->page++;
	}
}

static void flow_rows(struct flow *f, struct placed_row *const *rows)
{
	const struct chart *chart = f->l->chart;
	const struct measures *m = &f->l->m;
	double room = room_of(m);
	for (int g = 0; g < chart->ngroups; g++) {
		const struct chart_group *group = &chart->groups[g];
		double heading = group->title ? m->heading : 0;
		for (int i = 0; i < group->n; i++) {
			struct placed_row *row = *rows++;
			bool begins = i == 0;
			if (f->y > 0 && f->y + (begins ? heading : 0) + row->height > room) {
				next_panel(f);
				begins = true;
			}
			if (begins && group->title) {
				put(f, (struct placed){.group = group, .again = i > 0});
				f->y += heading;
			}
			put(f, (struct placed){.row = row});
			f->y += row->height;
			f->nth++;
		}
	}
	f->l->npages = f->page + 1;
}

static int count_rows(const struct chart *chart)
{
	int n = 0;
	for (int g = 0; g < chart->ngroups; g++)
		n += chart->groups[g].n;
	return n;
}

static void flow(struct draw *d, struct layout *l)
{
	const struct chart *chart = l->chart;
	struct placed_row **rows =
		ARENA_ARRAY(d->a, struct placed_row *, (size_t)count_rows(chart) + 1);
	struct flow f = {.l = l, .d = d};
	int n = 0;
	l->n = 0;
	l->items = NULL;
	for (int g = 0; g < chart->ngroups; g++)
		for (int i = 0; i < chart->groups[g].n; i++)
			rows[n++] = place_row(d, l, &chart->groups[g].rows[i]);
	flow_rows(&f, rows);
}

/* The largest row that puts all on one sheet, if every row were as low as it can be; 0: none that can be read. */
static double row_for(struct draw *d, struct layout *l, int panels)
{
	int n = count_rows(l->chart);
	for (double row = 14; row >= 6.2; row -= 0.2) {
		sizes(d, l, panels, row);
		double need = n * row + (l->chart->ngroups + panels) * l->m.heading + panels * row;
		if (need <= room_of(&l->m) * panels)
			return row;
	}
	return 0;
}

static int panels_most(const struct measures *m)
{
	int most = (int)((m->paper.width - 2 * m->margin) / 270);
	return most < 1 ? 1 : most;
}

static void choose(struct draw *d, struct layout *l)
{
	double best = 0;
	int panels = 1;
	for (int k = 1; k <= panels_most(&l->m); k++) {
		double row = row_for(d, l, k);
		/* another panel must be worth the width it takes */
		if (row > best * 1.2) {
			best = row;
			panels = k;
		}
	}
	for (double row = best; row >= 6.2; row *= 0.96) {
		sizes(d, l, panels, row);
		flow(d, l);
		if (l->npages == 1)
			return;
	}
	int wide = (int)((l->m.paper.width - 2 * l->m.margin) / 360);
	sizes(d, l, wide < 1 ? 1 : wide, 7.4);
	flow(d, l);
}

void chart_draw(const struct chart *chart, struct paper paper, struct draw *d)
{
	struct layout l = {.chart = chart, .m = {.paper = paper}};
	double shorter = paper.width < paper.height ? paper.width : paper.height;
	l.m.margin = between(7, shorter * 0.018, 14);
	l.m.top = chart->untitled ? between(6, shorter * 0.025, 18) : between(13, shorter * 0.05, 36);
	l.m.legend = between(2.0, shorter * 0.0055, 4.2);
	span_of(&l.m, chart);
	sizes(d, &l, 1, 8);
	l.m.bottom = chart_legend(d, &l, 0, 0, paper.width - 2 * l.m.margin, false) + 2;
	choose(d, &l);
	d->title = arena_strdup(d->a, chart->title);
	d->author = arena_strdup(d->a, chart->office);
	d->day = chart->today;
	for (int p = 0; p < l.npages; p++) {
		draw_page(d, paper.width, paper.height);
		chart_page(d, &l, p);
	}
}
