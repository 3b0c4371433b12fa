/*
 * Imports that wait to be confirmed, for the files of importing.h alone: importing.c keeps them and holds what was chosen,
 * importing_read.c reads a ledger with the board at hand, importing_answer.c says what was read, importing_confirm.c stores it.
 * What was read serves the confirmation too, as long as nothing has changed: neither a choice, nor a record, nor the day.
 */
#ifndef APP_IMPORTING_DRAFTS_H
#define APP_IMPORTING_DRAFTS_H

#include "app/inside.h"
#include "app/lookup.h"
#include "app/person.h"
#include "base/map.h"
#include "intake/ledger.h"

struct drafts *drafts_open(void);    /* owned: drafts_close */
void drafts_close(struct drafts *d); /* accepts NULL */
/* Throws away those older than a day. */
void drafts_tidy(struct app *app, struct instant now);

/* What a person has chosen about a draft; a mapping that fails leaves it as it was. */
struct import_choices {
	const char *sheet, *key, *child; /* or NULL */
	int header_row;
	int64_t money_unit;
	bool keep_unknown, create_missing;
	struct ledger_choice *given;
	int ngiven;
	struct ledger_constant *constants;
	int nconstants;
};

struct reading_run;

struct import {
	struct uuid id, account;
	struct instant made;
	bool busy, gone;
	const char *reg, *name;
	struct arena *a; /* bytes and workbook */
	struct workbook book;
	struct arena *chosen; /* what `chose` points to */
	struct import_choices chose;
	struct reading_run *read; /* by the latest choices; or NULL */
	struct import *next;
};

/* Takes a person's own draft in hand; nobody else can until import_give_back(). */
MUST_USE bool import_take(struct app *app, const struct person *person, const char *id,
	struct import **out, struct err *err);
void import_give_back(struct app *app, struct import *i, bool done_with);
MUST_USE bool import_may(
	struct app *app, const struct person *person, const char *reg, struct err *err);

/* ---- importing_read.c ---- */

/* A unit or area that is not there: can be made along with the import. */
struct missing {
	const char *reg, *name, *nearest; /* names like it that are there, or NULL */
	struct uuid id;
	int rows;
};

struct finder {
	struct app *app;
	const struct import *import;
	struct arena *a;
	struct lookup *lookup;
	struct map *index; /* "unit:name" -> missing */
	struct missing *missing;
	int nmissing, room;
};

struct remembered {
	struct arena *a;
	const char *reg, *fingerprint;
	struct record *record;
	struct ledger_choice *choices;
	int n;
};

struct reading_run {
	struct arena *a;      /* itself, and all it points to but the workbook */
	struct finder finder; /* what was missing; its lookup is closed */
	struct remembered remembered;
	struct ledger_result result;
	/* as of when it was read */
	const struct catalogue *catalogue;
	int64_t journal;
	struct date today;
};

/* What the ledger says here and now: i->read when that is still true, else read afresh. Lasts until the next call, another
 * choice or import_forget(). */
MUST_USE bool import_read(
	struct app *app, struct import *i, const struct reading_run **out, struct err *err);
/* Lets go of what was read; it is read again when somebody asks. */
void import_forget(struct import *i);
/* Has nothing changed since? Under the read lock. */
bool import_read_stands(struct app *app, const struct import *i);
/* The sheet that was chosen; -1: none. */
int import_sheet(const struct import *i);

/* ---- importing_known.c ---- */

/* Under the read lock; it lasts as long as `a` and the lock. Owned: known_close(), which accepts NULL. */
struct known *known_open(struct app *app, struct arena *a, const struct ledger_result *r);
void known_close(struct known *known);
/* Does a row without an id say what a stored record says? Each stored record is that row once. */
bool known_row(struct known *known, const struct ledger_row *row);
/* The stored child of `parent` with the same key, each once and in order. */
bool known_child(
	struct known *known, struct uuid parent, const struct value *values, struct uuid *out);

/* ---- importing_answer.c ---- */

MUST_USE bool import_answer(struct app *app, const struct person *person, struct import *i,
	struct str *out, struct err *err);

#endif
