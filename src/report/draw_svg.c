/* A drawing as SVG 1.1: one user unit is a millimetre. Hatches are patterns, clips are named after their place. */
#include "report/draw.h"

static void put_number(struct str *out, double mm)
{
	str_decimal(out, (int64_t)(mm * 1000 + (mm < 0 ? -0.5 : 0.5)), 3);
}

static void put_pair(struct str *out, const char *name, double mm)
{
	str_printf(out, " %s=\"", name);
	put_number(out, mm);
	str_putc(out, '"');
}

static void put_colour(struct str *out, const char *name, int32_t colour)
{
	if (colour == NO_COLOUR)
		str_printf(out, " %s=\"none\"", name);
	else
		str_printf(out, " %s=\"#%06x\"", name, (unsigned)colour);
}

static void put_line_look(struct str *out, const struct look *look)
{
	put_colour(out, "stroke", look->line);
	if (look->line == NO_COLOUR)
		return;
	put_pair(out, "stroke-width", look->width);
	if (look->dash > 0) {
		str_puts(out, " stroke-dasharray=\"");
		put_number(out, look->dash);
		str_putc(out, ' ');
		put_number(out, look->gap);
		str_putc(out, '"');
	}
}

static void put_box(struct str *out, struct point_mm from, struct point_mm to)
{
	str_putc(out, 'M');
	put_number(out, from.x);
	str_putc(out, ' ');
	put_number(out, from.y);
	str_putc(out, 'H');
	put_number(out, to.x);
	str_putc(out, 'V');
	put_number(out, to.y);
	str_putc(out, 'H');
	put_number(out, from.x);
	str_putc(out, 'Z');
}

static void put_path(struct str *out, const struct mark *m)
{
	for (int i = 0; m->kind == MARK_BOXES && i + 1 < m->npoints; i += 2)
		put_box(out, m->points[i], m->points[i + 1]);
	if (m->kind == MARK_BOXES)
		return;
	for (int i = 0; i < m->npoints; i++) {
		str_putc(out, i ? 'L' : 'M');
		put_number(out, m->points[i].x);
		str_putc(out, ' ');
		put_number(out, m->points[i].y);
	}
	str_puts(out, m->kind == MARK_POLYGON ? "Z" : "");
}

static void put_shape(struct str *out, const struct mark *m)
{
	if (m->kind == MARK_CIRCLE) {
		str_puts(out, "<circle");
		put_pair(out, "cx", m->points[0].x);
		put_pair(out, "cy", m->points[0].y);
		put_pair(out, "r", m->radius);
		return;
	}
	str_puts(out, "<path d=\"");
	put_path(out, m);
	str_putc(out, '"');
}

static const char *const hatch_paths[] = {
	[HATCH_RISING] = "M-.1 1L1 -.1M.8 1.1L1.1 .8M-.2 .1L.1 -.2",
	[HATCH_FALLING] = "M-.1 -.1L1 1M.8 -.2L1.1 .1M-.2 .8L.1 1.1",
	[HATCH_CROSS] = "M0 .45H.9M.45 0V.9",
	[HATCH_UPRIGHT] = "M.45 0V.9"};

static void put_hatch(struct str *out, const struct mark *m, int *patterns)
{
	int n = ++*patterns;
	str_printf(out,
		"<pattern id=\"h%d\" width=\".9\" height=\".9\" patternUnits=\"userSpaceOnUse\"><path "
		"d=\"%s\" stroke=\"#%06x\" stroke-width=\".18\" fill=\"none\"/></pattern>",
		n, hatch_paths[m->look.hatch], (unsigned)m->look.hatch_colour);
	put_shape(out, m);
	str_printf(out, " fill=\"url(#h%d)\"/>\n", n);
}

static void put_text(struct str *out, const struct mark *m)
{
	str_puts(out, "<text");
	put_pair(out, "x", m->points[0].x);
	put_pair(out, "y", m->points[0].y);
	put_pair(out, "font-size", m->type.size);
	if (m->width > 0)
		put_pair(out, "textLength", m->width);
	put_colour(out, "fill", m->type.colour);
	str_puts(out, m->type.bold ? " font-weight=\"bold\">" : ">");
	str_xml(out, m->text);
	str_puts(out, "</text>\n");
}

static void put_mark(struct str *out, const struct mark *m, int *patterns, int *clips)
{
	switch (m->kind) {
	case MARK_TEXT: put_text(out, m); return;
	case MARK_UNCLIP: str_puts(out, "</g>\n"); return;
	case MARK_CLIP:
		str_printf(out, "<clipPath id=\"c%d\"><path d=\"", ++*clips);
		put_box(out, m->points[0], m->points[1]);
		str_printf(out, "\"/></clipPath><g clip-path=\"url(#c%d)\">\n", *clips);
		return;
	default: break;
	}
	put_shape(out, m);
	put_colour(out, "fill", m->kind == MARK_LINE ? NO_COLOUR : m->look.fill);
	put_line_look(out, &m->look);
	str_puts(out, "/>\n");
	if (m->look.hatch != HATCH_NONE)
		put_hatch(out, m, patterns);
}

void draw_svg(const struct draw *d, struct str *out)
{
	double width = 0, height = 0, y = 0;
	int patterns = 0, clips = 0;

	for (int p = 0; p < d->npages; p++) {
		width = d->pages[p].width > width ? d->pages[p].width : width;
		height += d->pages[p].height;
	}
	str_puts(out,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" "
		"width=\"");
	put_number(out, width);
	str_puts(out, "mm\" height=\"");
	put_number(out, height);
	str_puts(out, "mm\" viewBox=\"0 0 ");
	put_number(out, width);
	str_putc(out, ' ');
	put_number(out, height);
	str_puts(out,
		"\" font-family=\"'Noto Sans CJK SC','Source Han Sans SC','Microsoft YaHei','WenQuanYi "
		"Micro "
		"Hei',sans-serif\">\n<title>");
	str_xml(out, d->title ? d->title : "");
	str_puts(out, "</title>\n");
	for (int p = 0; p < d->npages; p++) {
		str_puts(out, "<g transform=\"translate(0 ");
		put_number(out, y);
		str_puts(out, ")\"><path fill=\"#ffffff\" d=\"M0 0H");
		put_number(out, d->pages[p].width);
		str_putc(out, 'V');
		put_number(out, d->pages[p].height);
		str_puts(out, "H0Z\"/>\n");
		for (int i = 0; i < d->pages[p].n; i++)
			put_mark(out, &d->pages[p].marks[i], &patterns, &clips);
		str_puts(out, "</g>\n");
		y += d->pages[p].height;
	}
	str_puts(out, "</svg>\n");
}
