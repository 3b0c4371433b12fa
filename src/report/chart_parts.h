/* What chart.c (where things stand), chart_page.c (how a sheet looks), chart_marks.c (its signs) and chart_legend.c share. Not
 * for others. */
#ifndef REPORT_CHART_PARTS_H
#define REPORT_CHART_PARTS_H

#include "assess/ruleset.h"
#include "report/chart.h"

/* Sizes that follow from the paper and from how high a row is. */
struct measures {
	struct paper paper;
	double margin, top, bottom; /* title above, legend below */
	double legend;              /* type of the legend, by the paper */
	int panels;
	double panel_width, panel_gap, axis; /* axis: height of the years and months */
	double row, heading;                 /* least height of a row; of a group's heading */
	double words, dates, codes;          /* widths of the columns; what is left is for time */
	double text, small, label;           /* sizes of type */
	double bar, code;                    /* height of the bar; side of a QR code, 0: none */
	int code_columns;
	struct date from, until;
};

/* A row with its words and labels in place. */
struct placed_row {
	const struct chart_row *row;
	double height;
	struct fitted title, note;
	struct chart_label *labels; /* of the points that have a sign */
	int *points;                /* which points these are */
	int nlabels;
};

/* One thing of a panel: a heading or a row. */
struct placed {
	int page, panel;
	double y;
	const struct chart_group *group; /* a heading */
	bool again;                      /* the group goes on here */
	const struct placed_row *row;
	int nth; /* row of its panel, from 0 */
};

struct layout {
	const struct chart *chart;
	struct measures m;
	struct placed *items;
	int n, npages;
};

static inline double time_left(const struct measures *m)
{
	return m->words + m->dates;
}
static inline double time_width(const struct measures *m)
{
	return m->panel_width - m->words - m->dates - m->codes;
}
/* The bar with its ghost below. */
static inline double bars_height(const struct measures *m)
{
	return m->bar * 1.32;
}
/* Where a day begins, from the panel's left edge. */
static inline double day_x(const struct measures *m, struct date d)
{
	return time_left(m) +
		time_width(m) * (d.day - m->from.day) / (double)(m->until.day + 1 - m->from.day);
}

/* ---- signs: chart_marks.c ---- */

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

struct look look_filled(int32_t colour);
struct look look_outlined(int32_t colour, double width);
struct type type_sized(double size, int32_t colour);
const char *chart_word(const struct layout *l, const char *zh, const char *en);
const char *chart_day(struct arena *a, struct date d);

enum { LIGHT_SIGNS = 7 };
extern const struct light_sign {
	int severity, n;
	int32_t colour;
	struct label word;
	struct point_mm points[8]; /* in a box of 16; none: a circle */
} light_signs[LIGHT_SIGNS];    /* the worst first */
void mark_light(struct draw *d, double x, double y, double side, int severity);

/* Bars from x0 to x1, `y` their top. */
void mark_planned(struct draw *d, double x0, double x1, double y, double height);
void mark_real(
	struct draw *d, double x0, double x1, double y, double height, const struct chart_row *r);
void mark_ghost(struct draw *d, double x0, double x1, double y, double height);
void mark_summary(struct draw *d, double x0, double x1, double y, double height);

enum point_kind { POINT_DONE, POINT_TO_COME, POINT_LATE };
void mark_point(struct draw *d, double x, double y, double radius, enum point_kind kind);
void mark_ghost_point(struct draw *d, double x, double y, double radius);
void mark_computed(struct draw *d, double from, double to, double y, double radius);
void mark_code(struct draw *d, double x, double y, double side, const char *url);

/* ---- sheets ---- */

void chart_page(struct draw *d, const struct layout *layout, int page);
/* Height of the legend for this width; draws it when `draw`. */
double chart_legend(
	struct draw *d, const struct layout *layout, double x, double y, double width, bool draw);

#endif
