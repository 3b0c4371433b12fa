/*
 * A whole XML document as a tree, for formats whose parts refer to each other (MSPDI, PMXML, GanttProject). Built by the
 * stream reader (xml.h), so its limits hold. Names are without prefix; text is joined and trimmed; mixed content is
 * not told apart. Everything is in the arena.
 */
#ifndef INTAKE_XML_TREE_H
#define INTAKE_XML_TREE_H

#include "base/arena.h"
#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct xml_node {
	const char *name;
	const char *const *attributes; /* name, value, ..., NULL */
	const char *text;              /* "" when there is none */
	size_t ntext;
	int32_t line;
	struct xml_node *child, *next; /* first child, next sibling */
};

MUST_USE bool xml_tree(
	struct arena *a, struct slice bytes, struct xml_node **root, struct err *err);

/* Is this the name (without prefix) of the first element? For telling formats apart by the beginning of a file. */
bool xml_root_is(struct slice head, const char *name);

/* First child of that name; NULL: none. node may be NULL. */
const struct xml_node *xml_child(const struct xml_node *node, const char *name);
/* The next sibling of the same name. */
const struct xml_node *xml_again(const struct xml_node *node);
int32_t xml_count(const struct xml_node *node, const char *name);
const char *xml_text(
	const struct xml_node *node, const char *name); /* text of that child; "" when there is none */
const char *xml_attr(const struct xml_node *node, const char *name); /* NULL: not there */
/* The inside of a node as XML again, for what travels along unread. */
void xml_inside(struct str *out, const struct xml_node *node);

#endif
