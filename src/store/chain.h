/*
 * One journal entry as it is stored, and its hash: a digest over a canonical encoding of every
 * column but `hash` itself, in the table's order. Each column is its type (N, I, T, B), its length
 * as eight bytes and its bytes, so no two rows encode alike.
 */
#ifndef STORE_CHAIN_H
#define STORE_CHAIN_H

#include "base/hash.h"
#include "model/record.h"
#include "store/db.h"
#include "store/tables.h"

enum entry_column {
	ENTRY_NO,
	ENTRY_AT,
	ENTRY_WHO,
	ENTRY_VIA,
	ENTRY_REGISTER,
	ENTRY_RECORD,
	ENTRY_VERSION,
	ENTRY_STEP,
	ENTRY_CHANGE,
	ENTRY_REASON,
	ENTRY_PREV,
	ENTRY_HASH,
	ENTRY_COLUMNS
};
#define ENTRY_SELECT "no, at, who, via, register, record, version, step, change, reason, prev, hash"

struct entry {
	int64_t no, version;
	const char *at, *via, *reg, *step, *reason;
	struct uuid who, record;
	struct slice change; /* JSON */
	uint8_t prev[DIGEST_BYTES];
};

/* `room` is for the encoding and is cleared first. */
void entry_hash(
	struct digest_run *run, struct str *room, const struct entry *entry, uint8_t out[DIGEST_BYTES]);
/* Of a row of SELECT ENTRY_SELECT, whatever its columns hold. */
void row_hash(
	struct digest_run *run, struct str *room, struct db_statement *st, uint8_t out[DIGEST_BYTES]);
MUST_USE bool entry_insert(
	struct db *db, const struct entry *entry, const uint8_t hash[DIGEST_BYTES], struct err *err);
/* Decodes such a row with that schema, in `a`. *out NULL: its register is not defined any more. */
MUST_USE bool row_change(struct arena *a, const struct schema *schema, struct db_statement *st,
	struct change **out, struct err *err);

/* The change's JSON. after: by number of the field; before NULL: all none. */
void spell_change(struct str *out, const struct change *change);
/* The "fields" member alone, for a create: it can be made before the rest is known. */
void spell_created_fields(
	struct str *out, int n, const struct field *const *fields, const struct value *values);
/* The whole change of a create around it. */
void spell_created(struct str *out, const char *number, const char *state, struct slice fields);

#endif
