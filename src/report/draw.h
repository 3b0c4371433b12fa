/*
 * Drawings: pages of lines, areas and text, measured in millimetres from the upper left corner, written as PDF, SVG or PNG.
 *
 * What is drawn is kept as a list of marks, so that it can be looked at (tests), written twice, or cut into tiles. Text is
 * one line each, placed by its baseline; text_measure() tells how wide it will be, in PDF exactly; SVG carries the width
 * along (textLength), so that a viewer with another font keeps it.
 *
 * The font is the first there of Noto Sans CJK SC, Source Han Sans SC, WenQuanYi; PDF embeds the glyphs that are used.
 * Without any font that has Chinese, both fail with ERR_SYSTEM instead of drawing boxes. cairo and pango have one door,
 * draw_pdf.c. The same drawing gives the same bytes on the same machine.
 *
 * SVG has no pages: they stand below one another.
 */
#ifndef REPORT_DRAW_H
#define REPORT_DRAW_H

#include "base/arena.h"
#include "base/date.h"
#include "base/err.h"
#include "base/str.h"

#define NO_COLOUR (-1)

enum hatch { HATCH_NONE, HATCH_RISING, HATCH_FALLING, HATCH_CROSS, HATCH_UPRIGHT };
enum align { ALIGN_LEFT, ALIGN_MIDDLE, ALIGN_RIGHT };

struct point_mm {
	double x, y;
};

/* How an area or a line looks. Zero is black; say NO_COLOUR for none. */
struct look {
	int32_t fill, line; /* 0xRRGGBB or NO_COLOUR */
	enum hatch hatch;   /* over the fill, in hatch_colour */
	int32_t hatch_colour;
	double width;     /* of the line */
	double dash, gap; /* 0: solid */
};

struct type {
	double size; /* of an em, in mm */
	bool bold;
	int32_t colour;
	enum align align;
};

enum mark_kind {
	MARK_LINE,
	MARK_POLYGON,
	MARK_BOXES,
	MARK_CIRCLE,
	MARK_TEXT,
	MARK_CLIP,
	MARK_UNCLIP
};

struct mark {
	enum mark_kind kind;
	struct look look;
	struct type type;
	const struct point_mm
		*points; /* CIRCLE: centre; TEXT: left end of the baseline; CLIP, BOXES: two corners each */
	int npoints;
	double radius, width; /* of a circle; of a text */
	const char *text;
	const char
		*tag; /* what it stands for, for whoever looks at the list; NULL: nothing in particular */
};

struct page {
	double width, height;
	struct mark *marks;
	int n, room;
};

/* Lives in the arena it was made with. */
struct draw {
	struct arena *a;
	const char *title, *author;
	struct date day; /* written into the file */
	struct page *pages;
	int npages, room;
	const char *tag; /* given to the marks that follow */
	struct ruler *ruler;
};

/* ERR_SYSTEM: there is no font with Chinese. Owned: draw_close. */
MUST_USE bool draw_open(struct arena *a, struct draw *out, struct err *err);
void draw_close(struct draw *d); /* gives the fonts back; what was drawn stays in the arena */

void draw_page(struct draw *d, double width, double height);
void draw_line(struct draw *d, double x1, double y1, double x2, double y2, struct look look);
void draw_box(struct draw *d, double x, double y, double width, double height, struct look look);
void draw_polygon(struct draw *d, const struct point_mm *points, int n, struct look look);
/* Many boxes in one go, filled: n corners, two a box. */
void draw_boxes(struct draw *d, const struct point_mm *corners, int n, struct look look);
void draw_circle(struct draw *d, double x, double y, double radius, struct look look);
/* Returns the width. */
double draw_text(struct draw *d, double x, double baseline, struct type type, const char *text);

double text_measure(struct ruler *ruler, struct type type, const char *text);
/* Of one character, remembered: for breaking lines, where kerning does not matter. */
double letter_measure(struct ruler *ruler, struct type type, uint32_t letter);

/* Text in a box, never cut: on as few lines as its largest size allows, smaller until it fits, on more lines in the end. */
struct fitted {
	struct type type;
	const char **lines; /* in the arena */
	int n;
	double line_height;
};
/* least: the smallest size; when even that does not fit, n * line_height is larger than `height`. */
struct fitted text_fit(
	struct draw *d, struct type type, double least, double width, double height, const char *text);
/* In the middle of the height. */
void draw_fitted(
	struct draw *d, double x, double y, double width, double height, const struct fitted *text);

/* Every page cut into sheets of that size, row by row, each with crop marks and where it belongs. Sheets overlap by
 * `overlap`, so that they can be glued; `margin` stays white. */
struct draw draw_tiled(
	const struct draw *d, double width, double height, double margin, double overlap);

/* A length of paper to draw on that is to be cut so: a little shorter where the last sheet would hold next to nothing. */
double tiled_length(double length, double sheet, double margin, double overlap);

/* All colours as greys of the same lightness. */
void draw_grey(struct draw *d);

MUST_USE bool draw_pdf(const struct draw *d, struct str *out, struct err *err);
void draw_svg(const struct draw *d, struct str *out);
/* One page as a picture. */
MUST_USE bool draw_png(
	const struct draw *d, int page, double dots_per_inch, struct str *out, struct err *err);

/* What hatches are made of, for both writers: distance of the lines. */
#define HATCH_STEP 0.9

#endif
