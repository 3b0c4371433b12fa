/*
 * Child elements of an XML tree as numbers, moments and flags. A value that cannot be read is refused once, with line and
 * element: `failed` is set, *err filled, and whoever holds the fields looks at `failed` when a part is done.
 */
#ifndef INTAKE_XML_FIELDS_H
#define INTAKE_XML_FIELDS_H

#include "intake/xml_tree.h"
#include "model/plan.h"

struct xml_fields {
	struct arena *a;
	struct err *err;
	bool failed;
};

/* The error is about this element. Returns false. */
bool xml_at(struct err *err, const struct xml_node *node);
/* The value is no date (or no number): refuses the file. */
void xml_refuse(struct xml_fields *f, const struct xml_node *node, bool date);
/* Of the child of that name; `otherwise` when it is absent or empty. */
int32_t xml_int(
	struct xml_fields *f, const struct xml_node *node, const char *name, int32_t otherwise);
int64_t xml_decimal(struct xml_fields *f, const struct xml_node *node, const char *name, int scale,
	int64_t otherwise);
/* Decimal hours as ticks. */
int32_t xml_hours(
	struct xml_fields *f, const struct xml_node *node, const char *name, int32_t otherwise);
int64_t xml_long_hours(
	struct xml_fields *f, const struct xml_node *node, const char *name, int64_t otherwise);
struct moment xml_moment(struct xml_fields *f, const struct xml_node *node, const char *name);
/* What somebody else computed is only compared: no refusal, NONE and INT32_MIN when it cannot be read. */
struct moment xml_computed_moment(const struct xml_node *node, const char *name);
int32_t xml_computed_hours(const struct xml_node *node, const char *name);
bool xml_flag(const struct xml_node *node, const char *name, bool otherwise);
/* All children but those of these names (NULL-ended), as columns and XML. */
struct keep xml_keep(
	struct arena *a, const char *table, const struct xml_node *node, const char *const *used);

#endif
