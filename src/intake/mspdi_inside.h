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

void mspdi_read_calendars(struct mspdi *m, const struct xml_node *root);

#endif
