/* The chart on the wall (report/chart.h) as a file: of the projects of a query, or of one project's plan. */
#ifndef APP_CHARTING_H
#define APP_CHARTING_H

#include "app/app.h"
#include "app/person.h"
#include "app/reading.h"

enum { CHART_MOST_ROWS = 5000 };
enum chart_format { CHART_PDF, CHART_SVG, CHART_DOCX };

struct chart_ask {
	enum chart_format format;
	const char *paper;   /* "A0" to "A4", "A0-portrait"; NULL: A3; of a document A3 or A4 */
	const char *tile;    /* cut into sheets of this paper; NULL: not */
	bool grey;           /* without colours */
	const char *address; /* "http://host" for the codes; NULL: no codes */
};

/* query: filter, sort, group (default headquarters) and as_of count. */
MUST_USE bool app_chart(struct app *app, struct arena *a, const struct person *person,
	const struct query_text *query, const struct chart_ask *ask, struct str *out, struct err *err);
/* The tasks of its plan with the facts; of a project without a plan, its milestones. */
MUST_USE bool planning_chart(struct app *app, struct arena *a, const struct person *person,
	struct uuid project, const struct chart_ask *ask, struct str *out, struct err *err);

#endif
