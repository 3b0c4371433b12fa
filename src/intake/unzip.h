/*
 * Entries of a zip file in memory (libzip; zip.c is its door). The central directory is believed, local headers are not;
 * what it promises is checked against the limits before anything is inflated, and what comes out is counted again.
 */
#ifndef INTAKE_UNZIP_H
#define INTAKE_UNZIP_H

#include "base/base.h"
#include "base/err.h"

struct unzip;
MUST_USE bool unzip_open(struct slice bytes, struct unzip **out,
	struct err *err);              /* owned: unzip_close; borrows bytes */
void unzip_close(struct unzip *z); /* accepts NULL */
bool unzip_has(const struct unzip *z, const char *entry);

/* Gets an entry piece by piece; false stops with *err filled. */
typedef bool unzip_sink(void *self, const char *bytes, size_t n, bool last, struct err *err);
MUST_USE bool unzip_entry(
	struct unzip *z, const char *entry, unzip_sink *sink, void *self, struct err *err);

#endif
