#include "base/uuid.h"

#include "base/hash.h"

struct uuid uuid_v7(struct instant now, const uint8_t random[10])
{
	struct uuid id;
	uint64_t ms = (uint64_t)now.ms;
	for (int i = 0; i < 6; i++)
		id.b[i] = (uint8_t)(ms >> (40 - 8 * i));
	memcpy(id.b + 6, random, 10);
	id.b[6] = (uint8_t)(0x70 | (id.b[6] & 0x0F));
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3F));
	return id;
}

/* The random bits are counted on: 62 of them, then 12, then the milliseconds, past the marks of version and variant. */
struct uuid uuid_v7_after(struct uuid last, const uint8_t random[10])
{
	unsigned carry = 1; /* never the same one */
	for (int i = 15; i >= 0; i--) {
		unsigned bits = i == 8 ? 6 : i == 6 ? 4 : 8, mask = (1u << bits) - 1;
		unsigned sum = (last.b[i] & mask) + carry + (i >= 12 ? random[i - 12] : 0);
		last.b[i] = (uint8_t)((last.b[i] & ~mask) | (sum & mask));
		carry = sum >> bits;
	}
	return last;
}

struct uuid uuid_named(const char *space, struct slice name)
{
	uint8_t digest[DIGEST_BYTES];
	struct digest_run *run = digest_open(DIGEST_SHA256);
	digest_add(run, space, strlen(space) + 1);
	digest_add(run, name.s, name.n);
	digest_end(run, digest);
	digest_close(run);
	struct uuid id;
	memcpy(id.b, digest, 16);
	id.b[6] = (uint8_t)(0x80 | (id.b[6] & 0x0F));
	id.b[8] = (uint8_t)(0x80 | (id.b[8] & 0x3F));
	return id;
}

bool uuid_parse(struct slice text, struct uuid *out)
{
	if (text.n != 36)
		return false;
	struct uuid id;
	int byte = 0;
	for (size_t i = 0; i < 36;) {
		if (i == 8 || i == 13 || i == 18 || i == 23) {
			if (text.s[i++] != '-')
				return false;
			continue;
		}
		if (!hex_decode((struct slice){text.s + i, 2}, &id.b[byte++], 1))
			return false;
		i += 2;
	}
	*out = id;
	return true;
}

void uuid_format(struct uuid id, char out[UUID_TEXT])
{
	static const char digits[] = "0123456789abcdef";
	char *p = out;
	for (int i = 0; i < 16; i++) {
		if (i == 4 || i == 6 || i == 8 || i == 10)
			*p++ = '-';
		*p++ = digits[id.b[i] >> 4];
		*p++ = digits[id.b[i] & 15];
	}
	*p = '\0';
}
