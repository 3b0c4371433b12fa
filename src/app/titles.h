/* The names of records that an answer refers to: collected while it is written, printed once at its end. */
#ifndef APP_TITLES_H
#define APP_TITLES_H

#include "app/inside.h"
#include "base/map.h"

struct titles {
	const struct board *b;
	struct arena *a;
	struct idmap *seen;
	struct {
		int table;
		int32_t row;
	} * rows;
	int n, room;
};

struct titles titles_begin(const struct board *b, struct arena *a);
void titles_row(struct titles *t, int table, int32_t row);
void titles_value(struct titles *t, const struct field *field, const struct value *v);
/* Every ref of a board row's column. */
void titles_cell(struct titles *t, const struct column *c, int32_t row);
/* "titles":{...}; and lets go of what it held. */
void titles_end(struct titles *t, struct json_writer *w);

/* {"id","title"} or null */
void ref_json(struct json_writer *w, const struct board *b, const char *reg, struct uuid id);

#endif
