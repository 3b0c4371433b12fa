/*
 * The fixed tables, brought to the newest form by numbered steps: sql/NNN_name.sql, in order, each
 * in one transaction of its own together with its row in the table `migration`. A released step is
 * frozen: when an applied one reads otherwise than its recorded SHA-256, the program refuses to go
 * on. NNN_name.pg.sql is for the other engine.
 */
#ifndef STORE_MIGRATE_H
#define STORE_MIGRATE_H

#include "base/hash.h"
#include "store/db.h"

struct migration {
	int no;
	const char *name;
	struct slice sql;
};
struct migrations {
	const struct migration *steps;
	int n;
};

struct migrations migrate_builtin(void); /* from the program itself; static */
/* Applies what is missing. `digest` is the journal's when the data file is new. */
MUST_USE bool migrate_run(
	struct db *db, struct migrations all, enum digest digest, struct err *err);
/* Whether exactly these are applied. */
MUST_USE bool migrate_check(struct db *db, struct migrations all, struct err *err);

#endif
