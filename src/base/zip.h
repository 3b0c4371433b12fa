/*
 * Zip files in memory (libzip; zip.c is its door). Reading: the central directory is believed, local headers are not; what it
 * promises is checked against the limits before anything is inflated, and what comes out is counted again. Writing: the same
 * entries give the same bytes.
 */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H

#include "base/base.h"
#include "base/err.h"
#include "base/str.h"

struct unzip;
MUST_USE bool unzip_open(struct slice bytes, struct unzip **out,
	struct err *err);              /* owned: unzip_close; borrows bytes */
void unzip_close(struct unzip *z); /* accepts NULL */
bool unzip_has(const struct unzip *z, const char *entry);

/* Gets an entry piece by piece; false stops with *err filled. */
typedef bool unzip_sink(void *self, const char *bytes, size_t n, bool last, struct err *err);
MUST_USE bool unzip_entry(
	struct unzip *z, const char *entry, unzip_sink *sink, void *self, struct err *err);

struct zip_entry {
	const char *name;
	struct slice bytes;
};
/* In this order, dated 1980-01-01: a zip file knows no earlier day. */
MUST_USE bool zip_write(const struct zip_entry *entries, int n, struct str *out, struct err *err);

#endif
