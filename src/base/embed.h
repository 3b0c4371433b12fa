/* The files the program carries: registers/, rules/, sql/, facts/, templates/ as they stand in the tree. */
#ifndef BASE_EMBED_H
#define BASE_EMBED_H

#include "base/base.h"

struct embedded {
	const char *path; /* "registers/project.json" */
	const uint8_t *bytes;
	size_t n;
};

const struct embedded *embed_find(const char *path); /* NULL: not there */
/* All whose path starts with prefix, in path order: *n of them from the returned one on. */
const struct embedded *embed_under(const char *prefix, int *n);

static inline struct slice embed_text(const struct embedded *e)
{
	return (struct slice){(const char *)e->bytes, e->n};
}

#endif
