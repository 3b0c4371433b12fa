/* Accounts as records, read into a person. */
#ifndef APP_ACCOUNT_H
#define APP_ACCOUNT_H

#include "app/inside.h"
#include "app/person.h"

/* A person from the account's record; via and lang are the caller's. In `a`. */
struct person *person_from(
	struct arena *a, const struct record *account, const char *via, enum lang lang);
/* By id or by login; ERR_MISSING. An account that may not sign in is found as well: account_active() tells. */
MUST_USE bool account_get(
	struct app *app, struct arena *a, struct uuid id, struct record **out, struct err *err);
MUST_USE bool account_named(
	struct app *app, struct arena *a, const char *login, struct record **out, struct err *err);
bool account_active(const struct record *account);
/* Name of an account for people, from the board; NULL: nobody (the system) or not known. Under the read lock; in `a`. */
const char *account_name(const struct board *b, struct arena *a, struct uuid id);
/* What a person reaches, in words of his language: "everything", or units, areas, assigned projects. Under the read lock. */
void person_scope_text(const struct board *b, const struct person *person, struct str *out);

#endif
