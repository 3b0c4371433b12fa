/*
 * XML as a stream of start, end and text (expat; xml.c is its door). Every DOCTYPE is refused, so there are no entities
 * of the file's own; depth and attribute bytes are limited. Namespace prefixes are cut off: <x:row> is "row".
 */
#ifndef INTAKE_XML_H
#define INTAKE_XML_H

#include "base/base.h"
#include "base/err.h"

/* Each may be NULL; false stops the reading with *err filled. attributes: name, value, name, value, NULL. */
struct xml_handlers {
	bool (*start)(void *self, const char *name, const char *const *attributes, struct err *err);
	bool (*end)(void *self, const char *name, struct err *err);
	bool (*text)(void *self, const char *s, size_t n, struct err *err); /* in pieces */
};

struct xml_reader;
/* where: put before "line n" in errors; borrowed as long as the reader lives. */
struct xml_reader *xml_open(
	const struct xml_handlers *handlers, void *self, const char *where); /* owned: xml_close */
MUST_USE bool xml_push(
	struct xml_reader *x, const char *bytes, size_t n, bool last, struct err *err);
void xml_close(struct xml_reader *x); /* accepts NULL */
size_t xml_line(const struct xml_reader *x);

/* The value of an attribute by its name without prefix; NULL: not there. */
const char *xml_attribute(const char *const *attributes, const char *name);

#endif
