/*
 * Secrets by their hash: sessions, one-time links, API tokens, and each account's credential
 * (password hash). The store knows neither cookie nor password, only digests and opaque bytes. None
 * of it is in the journal.
 */
#ifndef STORE_SECRETS_H
#define STORE_SECRETS_H

#include "store/store.h"

enum session_kind { SESSION_WEB, SESSION_LINK, SESSION_TOKEN };

struct session_row {
	uint8_t key[DIGEST_BYTES]; /* digest of the secret */
	enum session_kind kind;
	struct uuid id; /* to name it without its key (DELETE /api/tokens/{id}) */
	struct uuid account;
	struct instant created_at, used_at, expires_at; /* expires INSTANT_NONE: never */
	const char *name;                               /* of a token; or NULL */
	struct slice data;                              /* opaque, e.g. the CSRF value */
};

MUST_USE bool session_put(
	struct store *s, const struct session_row *row, struct err *err); /* inserts or replaces */
/* ERR_MISSING when there is none or it expired before `now`. */
MUST_USE bool session_get(struct store *s, struct arena *a, const uint8_t key[DIGEST_BYTES],
	struct instant now, struct session_row *out, struct err *err);
MUST_USE bool session_touch(struct store *s, const uint8_t key[DIGEST_BYTES],
	struct instant used_at, struct instant expires_at, struct err *err);
/* Takes it away; ERR_MISSING when it was not there: of two users of a one-time link one wins. */
MUST_USE bool session_remove(struct store *s, const uint8_t key[DIGEST_BYTES], struct err *err);
MUST_USE bool session_list(struct store *s, struct arena *a, struct uuid account,
	enum session_kind kind, struct session_row **out, int *n, struct err *err);
/* All of one kind of an account (a changed password signs out everywhere). */
MUST_USE bool session_remove_all(
	struct store *s, struct uuid account, enum session_kind kind, struct err *err);

/* The account's credential: opaque bytes (Argon2id text, counters of failed attempts). n 0: none. */
MUST_USE bool credential_get(
	struct store *s, struct arena *a, struct uuid account, struct slice *out, struct err *err);
MUST_USE bool credential_put(
	struct store *s, struct uuid account, struct slice data, struct err *err);

#endif
