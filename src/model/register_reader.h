/* Reading the parts of one definition file; between register_parts.c, register_field.c and register_read.c. */
#ifndef MODEL_REGISTER_READER_H
#define MODEL_REGISTER_READER_H

#include "model/register_draft.h"

struct reader {
	struct drafts *all;
	const struct definition_source *source;
	struct draft *d;
	bool extends; /* adds to a register of an earlier source */
};

#define REFUSE(r, path, ...) REFUSE_AT((r)->all->err, part_at((r), (path)), __VA_ARGS__)

/* A JSON path of this file, and one below another. */
struct part_place part_at(const struct reader *r, const char *path);
const char *part_under(const struct reader *r, const char *path, const char *key);
const char *part_item(const struct reader *r, const char *path, int i);
/* Each part below: *out stays as it is when the key is missing; false names file, path and reason in all->err. */
MUST_USE bool part_keys(
	const struct reader *r, const struct json *object, const char *path, const char *const *keys);
MUST_USE bool part_text(const struct reader *r, const struct json *object, const char *path,
	const char *key, const char **out);
MUST_USE bool part_check_name(const struct reader *r, const char *path, const char *name);
MUST_USE bool part_name(const struct reader *r, const struct json *object, const char *path,
	const char *key, bool required, const char **out);
MUST_USE bool part_flag(const struct reader *r, const struct json *object, const char *path,
	const char *key, bool *out);
MUST_USE bool part_int(const struct reader *r, const struct json *object, const char *path,
	const char *key, int least, int most, int *out);
MUST_USE bool part_label(const struct reader *r, const struct json *object, const char *path,
	const char *key, struct label *out);
/* A thing without a label is called by its name. */
void part_default_label(struct label *label, const char *name);
/* Texts of an array, added to what is in the list already. names: each must be a name. */
MUST_USE bool part_texts(const struct reader *r, const struct json *object, const char *path,
	const char *key, bool names, const char *const **list, int *n);
MUST_USE bool part_span(const struct reader *r, const struct json *object, const char *path,
	const char *key, struct span *out);

/* May a field (or register) be named so? */
MUST_USE bool field_check_name(const struct reader *r, const char *path, const char *name);
/* One item of "fields" into the draft, whose array has room for it; fields before first_new stood there before. */
MUST_USE bool field_read(
	const struct reader *r, const struct json *j, const char *path, int first_new);

#endif
