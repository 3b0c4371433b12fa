/*
 * Passwords: Argon2id by libsodium; this is its door. One hash takes 64 MiB and some 50 ms, so only a few run at a
 * time and the others wait their turn.
 */
#ifndef APP_PASSWORD_H
#define APP_PASSWORD_H

#include "base/base.h"
#include "base/err.h"

#define PASSWORD_HASH_TEXT 128
#define PASSWORD_LEAST 8  /* characters */
#define PASSWORD_MOST 200 /* bytes */

/* Long enough, not one character over and over, not the login. */
MUST_USE bool password_check(const char *password, const char *login, struct err *err);
MUST_USE bool password_hash(const char *password, char out[PASSWORD_HASH_TEXT], struct err *err);
/* False also for an unusable hash. `hash` NULL costs as much time as a wrong one: nobody learns which logins exist. */
bool password_matches(const char *password, const char *hash);

/* 32 random bytes as base64url: cookies, links, tokens. */
#define SECRET_TEXT 44
void secret_make(char out[SECRET_TEXT]);

#endif
