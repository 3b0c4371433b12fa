/*
 * Fonts, and a drawing as PDF or PNG: the door to cairo and pango. Text is shaped without hinting, so widths grow with the size
 * and what was measured is what is drawn.
 */
#include "report/draw.h"

#include "base/utf8.h"

#include <pango/pangocairo.h>
#include <cairo-pdf.h>
#include <math.h>
#include <stdlib.h>

#define POINTS_PER_MM (72 / 25.4)
#define FAMILIES                                                                                   \
	"Noto Sans CJK SC,Source Han Sans SC,Source Han Sans CN,WenQuanYi Micro Hei,sans-serif"
#define MEASURE_MM 10.0 /* widths are measured at this size and scaled */

struct ruler {
	PangoFontMap *fonts;
	PangoContext *context;
	PangoLayout *layout;
	PangoFontDescription *face[2]; /* regular, bold */
	float letters[2][0x10000];     /* widths at MEASURE_MM; 0: not measured yet */
};

static struct ruler *ruler_open(void)
{
	struct ruler *r = must_alloc(sizeof *r);
	cairo_font_options_t *options = cairo_font_options_create();

	r->fonts = pango_cairo_font_map_new();
	pango_cairo_font_map_set_resolution(PANGO_CAIRO_FONT_MAP(r->fonts), 72);
	r->context = pango_font_map_create_context(r->fonts);
	cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(r->context, options);
	pango_context_set_round_glyph_positions(r->context, FALSE);
	pango_context_set_language(r->context, pango_language_from_string("zh-cn"));
	cairo_font_options_destroy(options);
	r->layout = pango_layout_new(r->context);
	for (int bold = 0; bold < 2; bold++) {
		r->face[bold] = pango_font_description_from_string(FAMILIES);
		pango_font_description_set_absolute_size(r->face[bold], MEASURE_MM * PANGO_SCALE);
		pango_font_description_set_weight(
			r->face[bold], bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	}
	return r;
}

static void ruler_close(struct ruler *r)
{
	if (!r)
		return;
	pango_font_description_free(r->face[0]);
	pango_font_description_free(r->face[1]);
	g_object_unref(r->layout);
	g_object_unref(r->context);
	g_object_unref(r->fonts);
	free(r);
}

static void set_text(struct ruler *r, bool bold, const char *text)
{
	pango_layout_set_font_description(r->layout, r->face[bold]);
	pango_layout_set_text(r->layout, text, -1);
}

double text_measure(struct ruler *r, struct type type, const char *text)
{
	int width;
	set_text(r, type.bold, text);
	pango_layout_get_size(r->layout, &width, NULL);
	return (double)width / PANGO_SCALE * type.size / MEASURE_MM;
}

double letter_measure(struct ruler *r, struct type type, uint32_t letter)
{
	const struct type whole = {.size = MEASURE_MM, .bold = type.bold};
	char text[5] = {0};
	float *known = letter < 0x10000 ? &r->letters[type.bold][letter] : NULL;
	double width = known ? (double)*known : 0;
	if (width <= 0) {
		utf8_encode(letter, text);
		width = text_measure(r, whole, text);
		if (known)
			*known = (float)width;
	}
	return width * type.size / MEASURE_MM;
}

bool draw_open(struct arena *a, struct draw *out, struct err *err)
{
	struct ruler *r = ruler_open();
	set_text(r, false, "挂图");
	if (pango_layout_get_unknown_glyphs_count(r->layout) > 0) {
		ruler_close(r);
		return err_set(err, ERR_SYSTEM, NULL,
			"there is no font with Chinese characters: install the package fonts-noto-cjk");
	}
	*out = (struct draw){.a = a, .day = DATE_NONE, .ruler = r};
	return true;
}

void draw_close(struct draw *d)
{
	ruler_close(d->ruler);
	d->ruler = NULL;
}

/* ---- PDF ---- */

static void set_colour(cairo_t *cr, int32_t colour)
{
	cairo_set_source_rgb(
		cr, (colour >> 16 & 255) / 255.0, (colour >> 8 & 255) / 255.0, (colour & 255) / 255.0);
}

static void path_of(cairo_t *cr, const struct mark *m)
{
	cairo_new_path(cr);
	if (m->kind == MARK_CIRCLE) {
		cairo_arc(cr, m->points[0].x, m->points[0].y, m->radius, 0, 2 * G_PI);
		return;
	}
	for (int i = 0; m->kind == MARK_BOXES && i + 1 < m->npoints; i += 2)
		cairo_rectangle(cr, m->points[i].x, m->points[i].y, m->points[i + 1].x - m->points[i].x,
			m->points[i + 1].y - m->points[i].y);
	for (int i = 0; m->kind != MARK_BOXES && i < m->npoints; i++)
		cairo_line_to(cr, m->points[i].x, m->points[i].y);
	if (m->kind == MARK_POLYGON)
		cairo_close_path(cr);
}

/* Lines clipped by the shape: a tiling pattern would become a picture in some printers. */
static void hatch(cairo_t *cr, const struct mark *m)
{
	double x0, y0, x1, y1, step = HATCH_STEP;
	cairo_save(cr);
	path_of(cr, m);
	cairo_path_extents(cr, &x0, &y0, &x1, &y1);
	cairo_clip(cr);
	cairo_new_path(cr);
	double height = y1 - y0, from = floor((x0 - height) / step) * step;
	for (double x = from; x <= x1 + height; x += step) {
		if (m->look.hatch == HATCH_RISING) {
			cairo_move_to(cr, x, y1);
			cairo_line_to(cr, x + height, y0);
		} else if (m->look.hatch == HATCH_FALLING) {
			cairo_move_to(cr, x, y0);
			cairo_line_to(cr, x + height, y1);
		} else {
			cairo_move_to(cr, x, y0);
			cairo_line_to(cr, x, y1);
		}
	}
	for (double y = y0 + step / 2; m->look.hatch == HATCH_CROSS && y < y1; y += step) {
		cairo_move_to(cr, x0, y);
		cairo_line_to(cr, x1, y);
	}
	set_colour(cr, m->look.hatch_colour);
	cairo_set_line_width(cr, 0.18);
	cairo_set_dash(cr, NULL, 0, 0);
	cairo_stroke(cr);
	cairo_restore(cr);
}

static void paint_shape(cairo_t *cr, const struct mark *m)
{
	const struct look *look = &m->look;
	if (m->kind != MARK_LINE && look->fill != NO_COLOUR) {
		path_of(cr, m);
		set_colour(cr, look->fill);
		cairo_fill(cr);
	}
	if (look->hatch != HATCH_NONE)
		hatch(cr, m);
	if (look->line != NO_COLOUR && look->width > 0) {
		const double dashes[] = {look->dash, look->gap};
		path_of(cr, m);
		set_colour(cr, look->line);
		cairo_set_line_width(cr, look->width);
		cairo_set_dash(cr, dashes, look->dash > 0 ? 2 : 0, 0);
		cairo_stroke(cr);
	}
}

static void paint_text(cairo_t *cr, struct ruler *r, const struct mark *m)
{
	double scale = m->type.size / MEASURE_MM;
	set_text(r, m->type.bold, m->text);
	cairo_save(cr);
	cairo_translate(cr, m->points[0].x, m->points[0].y);
	cairo_scale(cr, scale, scale);
	set_colour(cr, m->type.colour);
	cairo_move_to(cr, 0, -(double)pango_layout_get_baseline(r->layout) / PANGO_SCALE);
	pango_cairo_show_layout(cr, r->layout);
	cairo_restore(cr);
}

static void paint(cairo_t *cr, struct ruler *r, const struct mark *m)
{
	switch (m->kind) {
	case MARK_TEXT: paint_text(cr, r, m); break;
	case MARK_CLIP:
		cairo_save(cr);
		cairo_rectangle(cr, m->points[0].x, m->points[0].y, m->points[1].x - m->points[0].x,
			m->points[1].y - m->points[0].y);
		cairo_clip(cr);
		break;
	case MARK_UNCLIP: cairo_restore(cr); break;
	default: paint_shape(cr, m);
	}
}

static void paint_page(
	cairo_t *cr, const struct draw *d, const struct page *page, double dots_per_mm)
{
	cairo_save(cr);
	cairo_scale(cr, dots_per_mm, dots_per_mm);
	/* A PDF keeps the region that was drawn on; as one rectangle from the start it costs nothing. */
	cairo_set_source_rgb(cr, 1, 1, 1);
	cairo_rectangle(
		cr, 0, 0, page->width + 1, page->height + 1); /* a picture's last dots as well */
	cairo_fill(cr);
	for (int i = 0; i < page->n; i++)
		paint(cr, d->ruler, &page->marks[i]);
	cairo_restore(cr);
}

static cairo_status_t take_bytes(void *self, const unsigned char *bytes, unsigned n)
{
	str_add(self, bytes, n);
	return CAIRO_STATUS_SUCCESS;
}

static void describe(cairo_surface_t *surface, const struct draw *d)
{
	struct str day = STR_INIT;
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, d->title ? d->title : "");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, d->author ? d->author : "");
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "guatu " GUATU_VERSION);
	if (!date_is_none(d->day)) {
		date_format(&day, d->day);
		str_puts(&day, "T00:00:00Z");
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE, str_text(&day));
	}
	str_free(&day);
}

bool draw_pdf(const struct draw *d, struct str *out, struct err *err)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(take_bytes, out, 100, 100);
	cairo_t *cr = cairo_create(surface);

	describe(surface, d);
	for (int p = 0; p < d->npages; p++) {
		const struct page *page = &d->pages[p];
		cairo_pdf_surface_set_size(
			surface, page->width * POINTS_PER_MM, page->height * POINTS_PER_MM);
		paint_page(cr, d, page, POINTS_PER_MM);
		cairo_show_page(cr);
	}
	cairo_surface_finish(surface);
	cairo_status_t status =
		cairo_status(cr) != CAIRO_STATUS_SUCCESS ? cairo_status(cr) : cairo_surface_status(surface);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS ||
		err_set(
			err, ERR_SYSTEM, NULL, "could not write the PDF: %s", cairo_status_to_string(status));
}

bool draw_png(
	const struct draw *d, int page, double dots_per_inch, struct str *out, struct err *err)
{
	const struct page *p = &d->pages[page];
	double scale = dots_per_inch / 25.4;
	cairo_surface_t *surface = cairo_image_surface_create(
		CAIRO_FORMAT_RGB24, (int)ceil(p->width * scale), (int)ceil(p->height * scale));
	cairo_t *cr = cairo_create(surface);

	paint_page(cr, d, p, scale);
	cairo_status_t status = cairo_status(cr);
	if (status == CAIRO_STATUS_SUCCESS)
		status = cairo_surface_write_to_png_stream(surface, take_bytes, out);
	cairo_destroy(cr);
	cairo_surface_destroy(surface);
	return status == CAIRO_STATUS_SUCCESS ||
		err_set(err, ERR_SYSTEM, NULL, "could not draw the picture: %s",
			cairo_status_to_string(status));
}
