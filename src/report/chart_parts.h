/* What chart.c (where things stand) and chart_page.c (how they look) share. Not for others. */
#ifndef REPORT_CHART_PARTS_H
#define REPORT_CHART_PARTS_H

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
/* Where a day begins, from the panel's left edge. */
static inline double day_x(const struct measures *m, struct date d)
{
	return time_left(m) +
		time_width(m) * (d.day - m->from.day) / (double)(m->until.day + 1 - m->from.day);
}

void chart_page(struct draw *d, const struct layout *layout, int page);
/* Height of the legend for this width; draws it when `draw`. */
double chart_legend(
	struct draw *d, const struct layout *layout, double x, double y, double width, bool draw);

#endif
