/* QR codes against the worked example and the tables of ISO/IEC 18004, and read back module by module. */
#include "cmocka_all.h"
#include "report/qr.h"

/* The correction of the standard's example, "01234567" in version 1-M. */
static void correction_is_the_standards(void **state)
{
	static const uint8_t data[] = {0x10, 0x20, 0x0c, 0x56, 0x61, 0x80, 0xec, 0x11, 0xec, 0x11, 0xec,
		0x11, 0xec, 0x11, 0xec, 0x11};
	static const uint8_t expected[] = {0xa5, 0x24, 0xd4, 0xc1, 0xed, 0x36, 0xc7, 0x87, 0x2c, 0x55};
	uint8_t found[10];
	(void)state;
	qr_correction(data, sizeof data, found, sizeof found);
	assert_memory_equal(found, expected, sizeof found);
}

static bool mask_bit(int mask, int r, int c)
{
	const bool bits[] = {(r + c) % 2 == 0, r % 2 == 0, c % 3 == 0, (r + c) % 3 == 0,
		(r / 2 + c / 3) % 2 == 0, (r * c) % 2 + (r * c) % 3 == 0,
		((r * c) % 2 + (r * c) % 3) % 2 == 0, ((r + c) % 2 + (r * c) % 3) % 2 == 0};
	return bits[mask];
}

/* Reads version 1 (no alignment pattern, one block): mask from the format bits, then bytes along the zigzag. */
static void version_1_is_read_back(void **state)
{
	const char *text = "guatu/320";
	static const unsigned formats[] = {
		0x77c4, 0x72f3, 0x7daa, 0x789d, 0x662f, 0x6318, 0x6c41, 0x6976}; /* level L, mask 0..7 */
	uint8_t bytes[26] = {0};
	unsigned format = 0;
	struct qr qr;
	int at = 0, mask = -1;
	(void)state;

	assert_true(qr_make(slice_of(text), &qr));
	assert_int_equal(qr.side, 21);
	for (int i = 0; i < 8; i++) /* from the right along row 8: bits 0 to 7 */
		format |= (unsigned)qr.dark[8][20 - i] << i;
	for (int i = 8; i < 15; i++)
		format |= (unsigned)qr.dark[6 + i][8] << i;
	for (int m = 0; m < 8; m++)
		if (formats[m] == format)
			mask = m;
	assert_int_equal(mask, qr.mask);
	for (int right = 20; right >= 1; right -= 2) {
		right = right == 6 ? 5 : right;
		for (int i = 0; i < 21; i++)
			for (int k = 0; k < 2; k++) {
				bool up = right > 6 ? (20 - right) / 2 % 2 == 0 : (right + 1) / 2 % 2 == 0;
				int r = up ? 20 - i : i, c = right - k;
				bool fixed = r == 6 || c == 6 || (r < 9 && (c < 9 || c > 12)) || (r > 12 && c < 9);
				if (fixed)
					continue;
				bytes[at / 8] |= (uint8_t)((qr.dark[r][c] ^ mask_bit(mask, r, c)) << (7 - at % 8));
				at++;
			}
	}
	assert_int_equal(at, 26 * 8);
	assert_int_equal(bytes[0], 0x40); /* bytes follow, nine of them */
	assert_int_equal(bytes[1] >> 4, 9);
	for (size_t i = 0; i < strlen(text); i++)
		assert_int_equal((uint8_t)(bytes[1 + i] << 4 | bytes[2 + i] >> 4), text[i]);
	uint8_t correction[7];
	qr_correction(bytes, 19, correction, 7);
	assert_memory_equal(correction, bytes + 19, 7);
}

static void sizes_follow_the_table(void **state)
{
	static const int most[] = {17, 32, 53, 78, 106, 134, 154, 192, 230, 271};
	char text[300];
	struct qr qr;
	(void)state;
	memset(text, 'x', sizeof text);
	for (int v = 1; v <= 10; v++) {
		assert_true(qr_make((struct slice){text, (size_t)most[v - 1]}, &qr));
		assert_int_equal(qr.version, v);
		assert_int_equal(qr.side, 17 + 4 * v);
		for (int i = 0; i < 7; i++) /* the finders' edges and the white around them */
			assert_true(qr.dark[0][i] && qr.dark[i][qr.side - 1] && qr.dark[qr.side - 1][i] &&
				!qr.dark[7][i] && !qr.dark[i][qr.side - 8]);
	}
	assert_false(qr_make((struct slice){text, 272}, &qr));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(correction_is_the_standards),
		cmocka_unit_test(version_1_is_read_back),
		cmocka_unit_test(sizes_follow_the_table),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
