/*
 * One element of MSPDI while it is written: its children, as the source had them. A setter leaves a child alone when it says
 * already what the plan says, and puts a new one where the schema wants it. `otherwise` is what the reader takes when there
 * is no such child. Texts live in the arena.
 */
#ifndef INTAKE_MSPDI_ELEMENT_H
#define INTAKE_MSPDI_ELEMENT_H

#include "base/str.h"
#include "model/plan.h"

struct child {
	const char *name, *xml;
};

struct element {
	struct arena *a;
	bool own;                 /* the plan came from MSPDI: what is kept counts */
	const char *const *order; /* of children, as the schema has it; ends with NULL */
	struct child *children;
	int32_t n, room;
};

void element_open(struct element *e, const struct keep *keep, const char *const *order);
const char *element_kept(const struct element *e, const char *name); /* "" when there is none */
/* Before which child one of that name belongs. */
int32_t element_place(const struct element *e, const char *name);
const char *element_escaped(struct element *e, const char *text);

void element_set_xml(
	struct element *e, const char *name, const char *xml); /* "" takes the child away */
void element_set_text(struct element *e, const char *name, const char *text);
void element_set_int(struct element *e, const char *name, int64_t value, int64_t otherwise);
void element_set_decimal(
	struct element *e, const char *name, int64_t value, int scale, int64_t otherwise);
void element_set_flag(struct element *e, const char *name, bool value, bool otherwise);
void element_set_moment(
	struct element *e, const char *name, struct moment m, struct moment otherwise);
void element_set_duration(struct element *e, const char *name, int64_t ticks, int64_t otherwise);
/* A reference the plan could not follow (NULL) stays as it was. */
void element_refer(struct element *e, const char *name, const char *id);

void element_put(const struct element *e, int32_t from, int32_t to, struct str *out);
void element_close(const struct element *e, const char *name, struct str *out);

#endif
