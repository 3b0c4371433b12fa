/* Passwords and secrets; see password.h. What is left out on purpose: composition rules ("one digit, one capital") and
 * forced changes by date, which make passwords worse (NIST SP 800-63B, 5.1.1.2). */
#include "app/password.h"

#include <pthread.h>
#include <sodium.h>
#include <strings.h>

#include "base/hash.h"
#include "base/utf8.h"

#define HASHES_AT_ONCE 2
#define HASH_MEMORY_BYTES (64 * 1024 * 1024)
#define HASH_PASSES 2

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t turn = PTHREAD_COND_INITIALIZER;
static int running;

static void enter(void)
{
	pthread_mutex_lock(&lock);
	while (running >= HASHES_AT_ONCE)
		pthread_cond_wait(&turn, &lock);
	running++;
	pthread_mutex_unlock(&lock);
}

static void leave(void)
{
	pthread_mutex_lock(&lock);
	running--;
	pthread_cond_signal(&turn);
	pthread_mutex_unlock(&lock);
}

static void ready(void)
{
	int begun = sodium_init(); /* 1: was ready already; both calls are thread-safe */
	assert(begun >= 0);
}

static bool all_same(const char *s)
{
	for (const char *p = s; *p; p++)
		if (*p != *s)
			return false;
	return true;
}

bool password_check(const char *password, const char *login, struct err *err)
{
	struct slice text = slice_of(password);
	if (text.n > PASSWORD_MOST)
		return err_set(
			err, ERR_INPUT, "password", "a password has at most %d bytes", PASSWORD_MOST);
	if (!utf8_valid(text))
		return err_set(err, ERR_INPUT, "password", "the password is not valid text");
	if (utf8_length(text) < PASSWORD_LEAST)
		return err_set(
			err, ERR_INPUT, "password", "a password has at least %d characters", PASSWORD_LEAST);
	if (all_same(password))
		return err_set(
			err, ERR_INPUT, "password", "a password is more than one character repeated");
	if (login && strcasecmp(password, login) == 0)
		return err_set(err, ERR_INPUT, "password", "the password must not be the login name");
	return true;
}

bool password_hash(const char *password, char out[PASSWORD_HASH_TEXT], struct err *err)
{
	static_assert(crypto_pwhash_argon2id_STRBYTES <= PASSWORD_HASH_TEXT, "a hash must fit");
	ready();
	enter();
	memset(out, 0, PASSWORD_HASH_TEXT);
	int failed =
		crypto_pwhash_argon2id_str(out, password, strlen(password), HASH_PASSES, HASH_MEMORY_BYTES);
	leave();
	if (failed)
		return err_set(err, ERR_BUSY, NULL, "could not hash the password: not enough memory");
	return true;
}

bool password_matches(const char *password, const char *hash)
{
	/* of a random password nobody knows, made with the parameters above */
	static char nobody[PASSWORD_HASH_TEXT];
	static pthread_mutex_t once = PTHREAD_MUTEX_INITIALIZER;
	ready();
	pthread_mutex_lock(&once);
	if (!nobody[0] && !hash) {
		char secret[SECRET_TEXT];
		secret_make(secret);
		struct err ignored;
		if (!password_hash(secret, nobody, &ignored))
			nobody[0] = 0;
	}
	pthread_mutex_unlock(&once);
	enter();
	int failed =
		crypto_pwhash_argon2id_str_verify(hash ? hash : nobody, password, strlen(password));
	leave();
	return hash && !failed;
}

void secret_make(char out[SECRET_TEXT])
{
	static_assert(
		sodium_base64_ENCODED_LEN(32, sodium_base64_VARIANT_URLSAFE_NO_PADDING) == SECRET_TEXT,
		"fits");
	uint8_t bytes[32];
	ready();
	randombytes_buf(bytes, sizeof(bytes));
	sodium_bin2base64(
		out, SECRET_TEXT, bytes, sizeof(bytes), sodium_base64_VARIANT_URLSAFE_NO_PADDING);
}
