/* Accounts as who looks after them sees them: may they sign in, have they a password, are they locked out, what do they
 * reach. The account itself is a record (register `account`). */
#ifndef APP_ACCOUNTS_H
#define APP_ACCOUNTS_H

#include "app/app.h"
#include "app/person.h"
#include "base/uuid.h"

/* {"accounts":[{"id","version","login","name","roles","unit","area","projects","scope_text","active","password",
 * "locked_seconds","sessions","tokens","last_seen","link_until"}]} by login; for who may read accounts. */
MUST_USE bool app_accounts_json(
	struct app *app, const struct person *person, struct str *out, struct err *err);
/* Forgives wrong passwords: the account may try again at once. */
MUST_USE bool app_account_unlock(
	struct app *app, const struct person *person, struct uuid id, struct err *err);
/* Takes the password away and ends sessions, links and tokens: a new link lets the person in again. */
MUST_USE bool app_account_reset(
	struct app *app, const struct person *person, struct uuid id, struct err *err);
/* A new one-time link in exchange for the older ones, for handing out: {"code","link","expires_at"}. Giving one stands in the
 * journal of the account; the code is told this once and kept as a digest only. */
MUST_USE bool app_account_link(
	struct app *app, const struct person *person, struct uuid id, struct str *out, struct err *err);

#endif
