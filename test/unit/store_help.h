/* A store in a folder of its own, with a register that has a field of every type, for the tests of the room store. */
#ifndef TEST_UNIT_STORE_HELP_H
#define TEST_UNIT_STORE_HELP_H

#include "store/store.h"

struct help {
	char folder[80]; /* under TMPDIR or /tmp; removed by help_close */
	const struct catalogue *catalogue;
	const struct register_def *thing;
	struct store *store;
	struct arena *a;
};

extern const char thing_json[]; /* the definition of "thing" */

void help_prepare(struct help *h); /* a new folder and the catalogue */
void help_open(struct help *h);    /* and an open and migrated store in it */
void help_reopen(struct help *h);
void help_close(struct help *h);
int help_begin(void **state); /* before and after one test: *state is an open help */
int help_end(void **state);
void help_must(bool ok, const struct err *err); /* fails the test with the message */
const struct field *help_field(const struct help *h, const char *name);

/* Values by field name. */
struct value help_text(const char *text);
struct value help_int(int64_t i);
struct value help_id(struct uuid id);

/* One write of one record with up to 8 fields: name, value, name, value ..., NULL. */
struct help_write {
	struct write write;
	const struct field *fields[8];
	struct value values[8];
};
void help_set(struct help *h, struct help_write *w, const char *field, struct value value);
struct help_write help_create(struct help *h, const char *title);
bool help_submit(
	struct help *h, const struct write *writes, int n, struct batch_result *out, struct err *err);
struct written help_one(struct help *h, struct help_write *w); /* must succeed */
struct record *help_get(struct help *h, struct uuid id);       /* must exist */
const struct value *help_value(struct help *h, const struct record *r, const char *field);
int help_found(struct help *h, const char *words);   /* records that a search finds, at most 100 */
bool help_count(void *self, const struct record *r); /* adds one to the int self: for store_scan */
struct instant help_at(void);                        /* 2026-03-31T08:00:00Z */
#define HELP_WHO ((struct uuid){{0xaa, 1}})

#endif
