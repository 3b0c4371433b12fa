/* What the files of the MSPDI reader share. Not for others. */
#ifndef INTAKE_MSPDI_INSIDE_H
#define INTAKE_MSPDI_INSIDE_H

#include "base/map.h"
#include "intake/mspdi.h"
#include "intake/xml_fields.h"

struct mspdi {
	struct xml_fields f;
	struct plan plan;
	struct findings *found;
	struct map *calendars, *tasks, *resources; /* by UID */
};

/* PT12H30M0S as ticks; also days (P1DT2H), which some writers use. */
bool mspdi_duration_parse(const char *text, int64_t *out);
/* Codes of duration and lag formats: do they run around the clock, are they percentages? Leaves *format when text is none. */
void mspdi_format_parse(const char *text, int32_t *format);
bool mspdi_elapsed_format(int32_t format);
bool mspdi_percent_format(int32_t format);
/* The week, exceptions and work weeks of one calendar element. */
void mspdi_read_working_time(struct mspdi *m, struct plan_calendar *c, const struct xml_node *node);
void mspdi_read_calendars(struct mspdi *m, const struct xml_node *root);

#endif
