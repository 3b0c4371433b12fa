/*
 * The chart on the wall (挂图): bars, milestones and lights of a portfolio or of one plan on paper from A4 to A0.
 *
 * A row is a project or a task: its words at the left, its time at the right, and a QR code to its page. Bars: planned (an
 * outline), real or computed (filled, with what is done in it), baseline (a dashed ghost). Everything is told by shape as
 * well as by colour, so a black-and-white print says the same.
 *
 * Layout. Nothing is ever cut: names wrap and shrink down to a size that can be read, and where that is not enough the row
 * grows; labels of milestones take a lane above or below the bar, become their kind's sign, or get a further lane, and
 * never touch another label. All rows stand on one sheet when they can be read there, in as many panels side by side as
 * the paper is wide; else the chart goes on over further sheets, each with the heading of its group.
 *
 * Pure: everything comes in, marks go out (draw.h). Lengths are millimetres.
 */
#ifndef REPORT_CHART_H
#define REPORT_CHART_H

#include "model/calendar.h"
#include "report/draw.h"

enum { CHART_NO_LIGHT = -100 };

/* A dated point on a row. */
struct chart_point {
	struct date day;      /* reached, or planned */
	struct date baseline; /* first approved; NONE or the same: not shown */
	struct date computed; /* when it will be, as far as is known; NONE or the same: not shown */
	const char *name,
		*sign; /* sign: of its kind, one character; NULL: the row's own words say it */
	bool done;
};

struct chart_row {
	const char *title, *note; /* note: number, unit, state; NULL: none */
	const char *number;       /* stands over its code; NULL: nothing */
	const char *url;          /* of its page; NULL: no code */
	int light;                /* severity (assess/ruleset.h), CHART_NO_LIGHT: none */
	struct date planned_start, planned_finish, baseline_start, baseline_finish;
	struct date start, finish; /* real where there is one, else computed */
	struct date float_until;   /* may end so late; NONE: not shown */
	int done;                  /* hundredths of a percent; -1: not known */
	bool started, finished, critical, summary;
	int indent;
	struct chart_point *points; /* by day */
	int npoints;
};

struct chart_group {
	const char *title; /* NULL: no heading */
	struct chart_row *rows;
	int n;
};

struct chart_sign {
	const char *sign, *name;
};

struct chart {
	const char *office, *title, *subtitle, *url;
	struct date today;
	int64_t journal;  /* the last entry that is in it */
	const char *hash; /* of that entry */
	enum lang lang;
	bool lights, dates;              /* a light a row; columns with start and finish */
	bool untitled;                   /* title and title block stand in the words around it */
	const struct calendar *calendar; /* days off and winter stop; NULL: not shaded */
	const struct chart_group *groups;
	int ngroups;
	const struct chart_sign *signs; /* what the points' signs mean */
	int nsigns;
};

const char *chart_light_word(int severity, enum lang lang); /* NULL: no severity */

struct paper {
	double width, height;
};
/* "A0" to "A4", lying; "A0-portrait" standing. */
MUST_USE bool paper_named(const char *name, struct paper *out);

/* Pages into `d`, which is open. */
void chart_draw(const struct chart *chart, struct paper paper, struct draw *d);

/* ---- labels in a row; for the tests too ---- */

struct chart_label {
	double x;           /* of the point */
	double wide, brief; /* widths of the name and of the sign */
	/* found: */
	int lane; /* 0 above, 1 below, then further below */
	double left;
	bool is_brief;
};
/* Places labels (by x) in lanes so that none touch, between left and right. Returns how many lanes it took. */
int chart_place(struct chart_label *labels, int n, double left, double right, double gap);

#endif
