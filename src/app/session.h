/*
 * Signing in. Passwords are Argon2id (password.c); cookies, links and API tokens are 256 random bits of which the data
 * file holds only the SHA-256. Wrong passwords cost growing waits per account and per address; the answer does not
 * tell whether the account exists. One-time links open the first administrator's session and invite people.
 */
#ifndef APP_SESSION_H
#define APP_SESSION_H

#include "app/app.h"
#include "app/person.h"
#include "base/arena.h"
#include "base/json.h"

#define SESSION_SECRET_TEXT 44 /* 32 bytes as base64url, with NUL */
#define SESSION_DAYS 14        /* a session ends after so many days without use */
#define SESSION_LINK_HOURS 24

struct session {
	char cookie[SESSION_SECRET_TEXT];
	char csrf[SESSION_SECRET_TEXT];
};

/* ERR_LOGIN with *wait_seconds > 0: locked out for so long. `from` is the client's address. */
MUST_USE bool session_login(struct app *app, struct arena *a, const char *login,
	const char *password, const char *from, struct session *out, struct person **person,
	int *wait_seconds, struct err *err);
MUST_USE bool session_use_link(struct app *app, struct arena *a, const char *code, const char *from,
	struct session *out, struct person **person, int *wait_seconds, struct err *err);
/* Who this cookie is; ERR_LOGIN when it is unknown or too old. csrf gets the session's token. */
MUST_USE bool session_person(struct app *app, struct arena *a, const char *cookie, enum lang lang,
	struct person **out, char csrf[SESSION_SECRET_TEXT], struct err *err);
/* Who this API token is; ERR_LOGIN. */
MUST_USE bool session_token_person(struct app *app, struct arena *a, const char *token,
	enum lang lang, struct person **out, struct err *err);
/* A session that is over already is no error. */
MUST_USE bool session_end(struct app *app, const char *cookie, struct err *err);

/* The answer of GET /api/session; person NULL: nobody. csrf may be NULL. */
void session_json(struct app *app, const struct person *person, const char *csrf, struct str *out);

/* One's own password. `old` is not asked when the session came by a link. Ends the person's other sessions. */
MUST_USE bool session_set_password(struct app *app, const struct person *person, const char *old,
	const char *new_password, const char *keep_cookie, struct err *err);

MUST_USE bool session_tokens_json(
	struct app *app, const struct person *person, struct str *out, struct err *err);
/* body {"name","scope":"read"|"all","expires":"2027-01-31"|null}; the answer holds the secret, once. */
MUST_USE bool session_token_create(struct app *app, const struct person *person,
	const struct json *body, struct str *out, struct err *err);
MUST_USE bool session_token_delete(
	struct app *app, const struct person *person, const char *id, struct err *err);

/* ---- for the command line and first run ---- */

/* No account can sign in yet. */
bool session_first_run(struct app *app);
/* A one-time link for this login (NULL: the first administrator, made when there is none). Code in `a`. */
MUST_USE bool session_make_link(
	struct app *app, struct arena *a, const char *login, const char **code, struct err *err);
/* fields as for the register `account`; password NULL: none yet (use a link). */
MUST_USE bool session_add_account(struct app *app, struct arena *a, const struct person *by,
	const struct json *fields, const char *password, struct uuid *id, struct err *err);
MUST_USE bool session_reset_password(
	struct app *app, const char *login, const char *password, struct err *err);

#endif
