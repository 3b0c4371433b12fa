#include "base/hash.h"

#include <openssl/evp.h>
#include <stdlib.h>

#include "base/arena.h"

struct digest_run {
	EVP_MD_CTX *ctx;
};

/* OpenSSL fails here only when a provider is missing: a broken installation, nothing to carry on with. */
static void must(int done)
{
	if (done != 1)
		abort();
}

static const EVP_MD *method_of(enum digest kind)
{
	return kind == DIGEST_SM3 ? EVP_sm3() : EVP_sha256();
}

void digest_of(enum digest kind, const void *bytes, size_t n, uint8_t out[DIGEST_BYTES])
{
	must(EVP_Digest(bytes, n, out, NULL, method_of(kind), NULL));
}

struct digest_run *digest_open(enum digest kind)
{
	struct digest_run *run = must_alloc(sizeof(*run));
	run->ctx = EVP_MD_CTX_new();
	if (!run->ctx)
		abort();
	must(EVP_DigestInit_ex(run->ctx, method_of(kind), NULL));
	return run;
}

void digest_add(struct digest_run *run, const void *bytes, size_t n)
{
	must(EVP_DigestUpdate(run->ctx, bytes, n));
}

void digest_end(struct digest_run *run, uint8_t out[DIGEST_BYTES])
{
	must(EVP_DigestFinal_ex(run->ctx, out, NULL));
	must(EVP_DigestInit_ex(
		run->ctx, NULL, NULL)); /* named again, the method would be looked for again */
}

void digest_close(struct digest_run *run)
{
	if (!run)
		return;
	EVP_MD_CTX_free(run->ctx);
	free(run);
}

const char *digest_name(enum digest kind)
{
	return kind == DIGEST_SM3 ? "sm3" : "sha256";
}

bool digest_parse(const char *name, enum digest *out)
{
	for (enum digest kind = DIGEST_SM3; kind <= DIGEST_SHA256; kind++)
		if (strcmp(name, digest_name(kind)) == 0) {
			*out = kind;
			return true;
		}
	return false;
}

void hex_encode(const uint8_t *bytes, size_t n, char *out)
{
	static const char digits[] = "0123456789abcdef";
	for (size_t i = 0; i < n; i++) {
		*out++ = digits[bytes[i] >> 4];
		*out++ = digits[bytes[i] & 15];
	}
	*out = '\0';
}

static int hex_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool hex_decode(struct slice text, uint8_t *out, size_t n)
{
	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < n; i++) {
		int high = hex_value(text.s[2 * i]), low = hex_value(text.s[2 * i + 1]);
		if (high < 0 || low < 0)
			return false;
		out[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static uint64_t mix(uint64_t a, uint64_t b)
{
	unsigned __int128 product = (unsigned __int128)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

uint64_t hash_bytes(const void *bytes, size_t n, uint64_t seed)
{
	const uint8_t *p = bytes;
	uint64_t h = seed ^ UINT64_C(0x9E3779B97F4A7C15);
	size_t left = n;
	for (; left >= 8; left -= 8, p += 8) {
		uint64_t word;
		memcpy(&word, p, 8);
		h = mix(h ^ word, UINT64_C(0xD6E8FEB86659FD93));
	}
	uint64_t tail = 0;
	if (left)
		memcpy(&tail, p, left);
	return mix(h ^ tail ^ ((uint64_t)n << 56), UINT64_C(0xA0761D6478BD642F));
}
