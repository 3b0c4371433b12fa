/* The list of marks, text that is made to fit, and tiles. */
#include "report/draw.h"

#include "base/utf8.h"

void draw_page(struct draw *d, double width, double height)
{
	if (d->npages == d->room) {
		int room = d->room ? d->room * 2 : 8;
		d->pages = arena_grow(d->a, d->pages, (size_t)d->room, (size_t)room, sizeof *d->pages);
		d->room = room;
	}
	d->pages[d->npages++] = (struct page){.width = width, .height = height};
}

static struct mark *add(struct draw *d, enum mark_kind kind, int npoints, struct point_mm **points)
{
	assert(d->npages > 0);
	struct page *page = &d->pages[d->npages - 1];
	if (page->n == page->room) {
		int room = page->room ? page->room * 2 : 256;
		page->marks =
			arena_grow(d->a, page->marks, (size_t)page->room, (size_t)room, sizeof *page->marks);
		page->room = room;
	}
	struct mark *m = &page->marks[page->n++];
	*points = ARENA_ARRAY(d->a, struct point_mm, (size_t)(npoints ? npoints : 1));
	*m = (struct mark){.kind = kind, .points = *points, .npoints = npoints, .tag = d->tag};
	return m;
}

void draw_line(struct draw *d, double x1, double y1, double x2, double y2, struct look look)
{
	struct point_mm *p;
	struct mark *m = add(d, MARK_LINE, 2, &p);
	p[0] = (struct point_mm){x1, y1};
	p[1] = (struct point_mm){x2, y2};
	m->look = look;
}

void draw_polygon(struct draw *d, const struct point_mm *points, int n, struct look look)
{
	struct point_mm *p;
	struct mark *m = add(d, MARK_POLYGON, n, &p);
	memcpy(p, points, (size_t)n * sizeof *p);
	m->look = look;
}

void draw_box(struct draw *d, double x, double y, double width, double height, struct look look)
{
	const struct point_mm corners[] = {
		{x, y}, {x + width, y}, {x + width, y + height}, {x, y + height}};
	draw_polygon(d, corners, 4, look);
}

void draw_boxes(struct draw *d, const struct point_mm *corners, int n, struct look look)
{
	struct point_mm *p;
	struct mark *m = add(d, MARK_BOXES, n, &p);
	memcpy(p, corners, (size_t)n * sizeof *p);
	m->look = look;
}

void draw_circle(struct draw *d, double x, double y, double radius, struct look look)
{
	struct point_mm *p;
	struct mark *m = add(d, MARK_CIRCLE, 1, &p);
	p[0] = (struct point_mm){x, y};
	m->radius = radius;
	m->look = look;
}

double draw_text(struct draw *d, double x, double baseline, struct type type, const char *text)
{
	struct point_mm *p;
	double width = text_measure(d->ruler, type, text);
	struct mark *m = add(d, MARK_TEXT, 1, &p);
	p[0] = (struct point_mm){type.align == ALIGN_LEFT ? x
			: type.align == ALIGN_MIDDLE              ? x - width / 2
													  : x - width,
		baseline};
	m->type = type;
	m->type.align = ALIGN_LEFT;
	m->text = arena_strdup(d->a, text);
	m->width = width;
	return width;
}

static void draw_clip(struct draw *d, double x, double y, double width, double height)
{
	struct point_mm *p;
	add(d, MARK_CLIP, 2, &p);
	p[0] = (struct point_mm){x, y};
	p[1] = (struct point_mm){x + width, y + height};
}

static void draw_unclip(struct draw *d)
{
	struct point_mm *p;
	add(d, MARK_UNCLIP, 0, &p);
}

/* ---- grey ---- */

/* By the weights of ITU-R BT.709. */
static int32_t grey_of(int32_t colour)
{
	if (colour == NO_COLOUR)
		return NO_COLOUR;
	int32_t red = colour >> 16 & 255, green = colour >> 8 & 255, blue = colour & 255,
			light = (2126 * red + 7152 * green + 722 * blue + 5000) / 10000;
	return light << 16 | light << 8 | light;
}

void draw_grey(struct draw *d)
{
	for (int p = 0; p < d->npages; p++)
		for (int i = 0; i < d->pages[p].n; i++) {
			struct mark *m = &d->pages[p].marks[i];
			m->look.fill = grey_of(m->look.fill);
			m->look.line = grey_of(m->look.line);
			m->look.hatch_colour = grey_of(m->look.hatch_colour);
			m->type.colour = grey_of(m->type.colour);
		}
}

/* ---- text that fits ---- */

/* Closing marks do not begin a line, and Latin words and numbers stay whole. */
static bool may_break(uint32_t before, uint32_t after)
{
	static const char *const closing = "，。、；：？！）》”’％)],.;:%";
	bool narrow_before = before < 0x2e80 && before != ' ' && before != '-' && before != '/';
	bool narrow_after = after < 0x2e80 && after != ' ';
	struct slice marks = slice_of(closing);
	for (size_t at = 0; at < marks.n;)
		if (utf8_next(marks, &at) == after)
			return false;
	return !(narrow_before && narrow_after) && before != 0xff08 && before != '(' && after != ' ';
}

/* The longest beginning that fits; at least one character, whole words when there is one that fits. */
static size_t line_end(struct draw *d, struct type type, double width, struct slice text)
{
	size_t end = 0, fits = 0, at = 0;
	uint32_t before = 0;
	double used = 0;
	while (at < text.n) {
		size_t start = at;
		uint32_t c = utf8_next(text, &at);
		if (start && may_break(before, c))
			end = start;
		before = c;
		used += letter_measure(d->ruler, type, c);
		if (used > width && start)
			return end ? end : fits;
		fits = at;
	}
	return text.n;
}

static struct fitted lines_of(
	struct draw *d, struct type type, double width, int most, const char *text)
{
	struct slice rest = slice_of(text);
	struct fitted out = {.type = type, .line_height = type.size * 1.25};
	int room = 4;
	out.lines = ARENA_ARRAY(d->a, const char *, 4);
	do {
		size_t n = line_end(d, type, width, rest);
		if (out.n == room) {
			out.lines =
				arena_grow(d->a, out.lines, (size_t)room, (size_t)room * 2, sizeof *out.lines);
			room *= 2;
		}
		out.lines[out.n++] = arena_text(d->a, utf8_trim((struct slice){rest.s, n}));
		rest = (struct slice){rest.s + n, rest.n - n};
	} while (rest.n && out.n <= most);
	return out;
}

static bool fits(struct draw *d, const struct fitted *f, int most, double width, double height)
{
	if (f->n > most || f->n * f->line_height > height + 1e-6)
		return false;
	for (int i = 0; i < f->n; i++)
		if (text_measure(d->ruler, f->type, f->lines[i]) > width + 1e-6)
			return false;
	return true;
}

struct fitted text_fit(
	struct draw *d, struct type type, double least, double width, double height, const char *text)
{
	struct fitted f;
	type.align = ALIGN_LEFT;
	for (double size = type.size;; size *= 0.94) {
		struct arena_mark tried = arena_mark(d->a);
		type.size = size < least ? least : size;
		int most = (int)(height / (type.size * 1.25) + 1e-6);
		f = lines_of(d, type, width, most < 1 ? 1 : most, text);
		if (fits(d, &f, most < 1 ? 1 : most, width, height))
			return f;
		if (size <= least)
			return lines_of(d, type, width, 1000, text);
		arena_rewind(d->a, tried);
	}
}

void draw_fitted(
	struct draw *d, double x, double y, double width, double height, const struct fitted *text)
{
	double top = y + (height - text->n * text->line_height) / 2;
	(void)width;
	for (int i = 0; i < text->n; i++)
		draw_text(
			d, x, top + i * text->line_height + text->type.size * 0.98, text->type, text->lines[i]);
}

/* ---- tiles ---- */

static bool outside(const struct mark *m, double left, double top, double right, double bottom)
{
	double x0 = 1e9, y0 = 1e9, x1 = -1e9, y1 = -1e9, more = m->radius + m->look.width;
	if (m->kind == MARK_CLIP || m->kind == MARK_UNCLIP)
		return false;
	for (int i = 0; i < m->npoints; i++) {
		x0 = m->points[i].x < x0 ? m->points[i].x : x0;
		x1 = m->points[i].x > x1 ? m->points[i].x : x1;
		y0 = m->points[i].y < y0 ? m->points[i].y : y0;
		y1 = m->points[i].y > y1 ? m->points[i].y : y1;
	}
	if (m->kind == MARK_TEXT) {
		x1 += m->width;
		y0 -= m->type.size * 1.2;
		y1 += m->type.size * 0.4;
	}
	return x1 + more < left || x0 - more > right || y1 + more < top || y0 - more > bottom;
}

static void copy_marks(struct draw *out, const struct page *page, double left, double top,
	double width, double height, double margin)
{
	for (int i = 0; i < page->n; i++) {
		const struct mark *from = &page->marks[i];
		struct point_mm *points;
		if (outside(from, left, top, left + width, top + height))
			continue;
		struct mark *m = add(out, from->kind, from->npoints, &points);
		const struct point_mm *kept = m->points;
		*m = *from;
		m->points = kept;
		for (int k = 0; k < from->npoints; k++)
			points[k] = (struct point_mm){
				from->points[k].x - left + margin, from->points[k].y - top + margin};
	}
}

static void crop_marks(struct draw *d, double margin, double width, double height)
{
	const struct look thin = {.fill = NO_COLOUR, .width = 0.15};
	const double gap = margin * 0.2, end = margin * 0.9;
	for (int right = 0; right < 2; right++)
		for (int low = 0; low < 2; low++) {
			double x = right ? margin + width : margin, y = low ? margin + height : margin;
			double dx = right ? 1 : -1, dy = low ? 1 : -1;
			draw_line(d, x + dx * gap, y, x + dx * end, y, thin);
			draw_line(d, x, y + dy * gap, x, y + dy * end, thin);
		}
}

/* How many sheets it takes. */
static int sheets_for(double length, double inside, double overlap)
{
	int n = 1;
	while (n * (inside - overlap) + overlap < length)
		n++;
	return n;
}

double tiled_length(double length, double sheet, double margin, double overlap)
{
	const double inside = sheet - 2 * margin, least = 0.15;
	int fewer = sheets_for(length, inside, overlap) - 1;
	double shorter = fewer * (inside - overlap) + overlap;
	return fewer > 0 && length - shorter < inside * least ? shorter : length;
}

struct draw draw_tiled(
	const struct draw *d, double width, double height, double margin, double overlap)
{
	struct draw out = *d;
	double inside_x = width - 2 * margin, inside_y = height - 2 * margin;
	out.pages = NULL;
	out.npages = out.room = 0;
	assert(inside_x > overlap && inside_y > overlap);
	for (int p = 0; p < d->npages; p++) {
		const struct page *page = &d->pages[p];
		int across = sheets_for(page->width, inside_x, overlap),
			down = sheets_for(page->height, inside_y, overlap);
		for (int i = 0; i < across * down; i++) {
			double left = i % across * (inside_x - overlap),
				   top = i / across * (inside_y - overlap);
			draw_page(&out, width, height);
			draw_clip(&out, margin, margin, inside_x, inside_y);
			copy_marks(&out, page, left, top, inside_x, inside_y, margin);
			draw_unclip(&out);
			crop_marks(&out, margin, inside_x, inside_y);
			draw_text(&out, width / 2, margin * 0.65,
				(struct type){.size = margin * 0.35, .colour = 0x555555, .align = ALIGN_MIDDLE},
				arena_printf(
					out.a, "%d/%d  %c%d", p + 1, d->npages, 'A' + i / across % 26, i % across + 1));
		}
	}
	return out;
}
