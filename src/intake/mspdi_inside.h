/* What the files of the MSPDI reader share. Not for others. */
#ifndef INTAKE_MSPDI_INSIDE_H
#define INTAKE_MSPDI_INSIDE_H

#include "base/map.h"
#include "intake/mspdi.h"
#include "intake/xml_tree.h"

struct mspdi {
	struct arena *a;
	struct plan plan;
	struct findings *found;
	struct map *calendars, *tasks, *resources; /* by UID */
	struct err *err;
	bool failed;
};

/* Child elements as numbers and moments; a bad one is refused once, with line and element. */
int64_t mspdi_int(struct mspdi *m, const struct xml_node *node, const char *name, int64_t otherwise);
struct moment mspdi_moment(struct mspdi *m, const struct xml_node *node, const char *name);
bool mspdi_flag(const struct xml_node *node, const char *name, bool otherwise);
/* All children but those of these names (NULL-ended), as columns and XML. */
struct keep mspdi_keep(struct mspdi *m, const char *table, const struct xml_node *node, const char *const *used);
void mspdi_read_calendars(struct mspdi *m, const struct xml_node *root);

#endif
