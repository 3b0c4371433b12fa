#include "base/num.h"

const int64_t num_pow10[19] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000,
	1000000000, 10000000000, 100000000000, 1000000000000, 10000000000000, 100000000000000,
	1000000000000000, 10000000000000000, 100000000000000000, 1000000000000000000};

bool num_add(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_add_overflow(a, b, out);
}

bool num_mul(int64_t a, int64_t b, int64_t *out)
{
	return !__builtin_mul_overflow(a, b, out);
}

bool num_int(struct slice text, int64_t *out)
{
	size_t i = 0;
	bool minus = text.n && text.s[0] == '-';
	if (minus || (text.n && text.s[0] == '+'))
		i++;
	if (i == text.n)
		return false;
	int64_t value = 0;
	for (; i < text.n; i++) {
		int digit = text.s[i] - '0';
		if (digit < 0 || digit > 9 || !num_mul(value, 10, &value) ||
			!num_add(value, minus ? -digit : digit, &value))
			return false;
	}
	*out = value;
	return true;
}

/* The exponent after 'e'; false when it is no small integer. */
static bool read_exponent(struct slice text, int *out)
{
	int64_t value;
	if (!num_int(text, &value) || value < -40 || value > 40)
		return false;
	*out = (int)value;
	return true;
}

bool num_decimal(struct slice text, int scale, int64_t *out, bool *exact)
{
	size_t i = 0, end = text.n;
	int exponent = 0, digits = 0, after_point = 0;
	for (size_t e = 0; e < text.n; e++)
		if (text.s[e] == 'e' || text.s[e] == 'E') {
			if (!read_exponent((struct slice){text.s + e + 1, text.n - e - 1}, &exponent))
				return false;
			end = e;
			break;
		}
	bool minus = end && text.s[0] == '-', point = false, lost = false;
	if (minus || (end && text.s[0] == '+'))
		i++;
	__int128 value = 0;
	int dropped = 0; /* digits that no longer fit, before the point */
	int first_dropped = -1;
	for (; i < end; i++) {
		char c = text.s[i];
		if (c == '.' && !point) {
			point = true;
			continue;
		}
		if (c == ',' && !point && digits)
			continue;
		if (c < '0' || c > '9')
			return false;
		digits++;
		if (value > ((__int128)1 << 120) / 10) { /* deep below any scale we keep */
			if (first_dropped < 0)
				first_dropped = c - '0';
			lost = lost || c != '0';
			if (!point)
				dropped++;
			continue;
		}
		value = value * 10 + (c - '0');
		if (point)
			after_point++;
	}
	if (digits == 0)
		return false;
	int shift = scale - after_point + exponent + dropped;
	for (; shift > 0 && value; shift--) {
		value *= 10;
		if (value > (__int128)INT64_MAX * 10)
			return false;
	}
	if (shift < -38)
		lost = lost || value != 0, value = 0, shift = 0;
	while (shift < -1) {
		lost = lost || value % 10 != 0;
		value /= 10;
		shift++;
	}
	if (shift == -1) {
		int last = (int)(value % 10);
		lost = lost || last != 0;
		value = value / 10 + (last >= 5);
	}
	if (value > INT64_MAX)
		return false;
	*out = minus ? -(int64_t)value : (int64_t)value;
	if (exact)
		*exact = !lost;
	return true;
}

bool num_plain(struct slice text, int scale, int64_t *out)
{
	char copy[64];
	char *comma;

	if (text.n == 0 || text.n >= sizeof(copy))
		return false;
	memcpy(copy, text.s, text.n);
	comma = memchr(copy, ',', text.n);
	if (comma)
		*comma = '.';
	return (!comma || !memchr(copy, ',', text.n)) &&
		num_decimal((struct slice){copy, text.n}, scale, out, NULL);
}

int64_t num_muldiv(int64_t a, int64_t b, int64_t c)
{
	assert(c != 0);
	__int128 product = (__int128)a * b;
	bool minus = (product < 0) != (c < 0);
	unsigned __int128 top = product < 0 ? -(unsigned __int128)product : (unsigned __int128)product;
	unsigned __int128 bottom = c < 0 ? -(unsigned __int128)c : (unsigned __int128)c;
	unsigned __int128 result = (top + bottom / 2) / bottom;
	if (result > INT64_MAX)
		return minus ? INT64_MIN : INT64_MAX;
	return minus ? -(int64_t)result : (int64_t)result;
}
