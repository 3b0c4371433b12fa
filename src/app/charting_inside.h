/* What the files about charts share. Not for others. */
#ifndef APP_CHARTING_INSIDE_H
#define APP_CHARTING_INSIDE_H

#include "app/access.h"
#include "app/calendars.h"
#include "app/charting.h"
#include "app/inside.h"
#include "report/chart.h"

void chart_project_row(const struct board *b, struct arena *a, const struct board_table *t,
	int32_t row, enum lang lang, const char *address, struct chart_row *out);
/* Office, day, and the journal's head when the day is today's. */
MUST_USE bool chart_head(struct app *app, struct arena *a, const struct person *person,
	struct date day, bool is_past, struct chart *out, struct err *err);
MUST_USE bool chart_write(struct arena *a, const struct chart *chart, const struct chart_ask *ask,
	struct str *out, struct err *err);

#endif
