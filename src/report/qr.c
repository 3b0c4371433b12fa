/* QR codes. The numbers of the tables and of the polynomials are those of ISO/IEC 18004. */
#include "report/qr.h"

#include <stdlib.h>

/* Level L: correction codewords a block, blocks, codewords in all. */
static const struct {
	int correction, blocks, all;
} versions[] = {{0}, {7, 1, 26}, {10, 1, 44}, {15, 1, 70}, {20, 1, 100}, {26, 1, 134}, {18, 2, 172},
	{20, 2, 196}, {24, 2, 242}, {30, 2, 292}, {18, 4, 346}};
static const uint8_t alignment[][3] = {{0}, {0}, {6, 18}, {6, 22}, {6, 26}, {6, 30}, {6, 34},
	{6, 22, 38}, {6, 24, 42}, {6, 26, 46}, {6, 28, 50}};

enum { ALL_MOST = 346, LEVEL_L = 1 };

struct canvas {
	struct qr qr;
	uint8_t fixed[QR_MOST_SIDE][QR_MOST_SIDE]; /* not data: patterns, format, version */
};

/* ---- codewords ---- */

static uint8_t times(uint8_t a, uint8_t b)
{
	unsigned product = 0;
	for (int i = 7; i >= 0; i--) {
		product = product << 1 ^ (product >> 7) * 0x11d;
		product ^= (b >> i & 1u) * a;
	}
	return (uint8_t)product;
}

void qr_correction(const uint8_t *data, int n, uint8_t *out, int nout)
{
	uint8_t generator[64] = {0};
	uint8_t root = 1;
	assert(nout < (int)sizeof generator);
	generator[nout - 1] = 1;
	for (int i = 0; i < nout; i++, root = times(root, 2))
		for (int k = 0; k < nout; k++) {
			generator[k] = times(generator[k], root);
			if (k + 1 < nout)
				generator[k] ^= generator[k + 1];
		}
	memset(out, 0, (size_t)nout);
	for (int i = 0; i < n; i++) {
		uint8_t factor = data[i] ^ out[0];
		memmove(out, out + 1, (size_t)nout - 1);
		out[nout - 1] = 0;
		for (int k = 0; k < nout; k++)
			out[k] ^= times(generator[k], factor);
	}
}

struct bits {
	uint8_t bytes[ALL_MOST];
	int n;
};

static void add_bits(struct bits *b, unsigned value, int count)
{
	for (int i = count - 1; i >= 0; i--, b->n++)
		b->bytes[b->n / 8] |= (uint8_t)((value >> i & 1u) << (7 - b->n % 8));
}

static int data_bytes(int version)
{
	return versions[version].all - versions[version].correction * versions[version].blocks;
}

static int count_bits(int version)
{
	return version < 10 ? 8 : 16;
}

static void data_of(struct slice text, int version, struct bits *out)
{
	int room = data_bytes(version) * 8;
	add_bits(out, 4, 4);
	add_bits(out, (unsigned)text.n, count_bits(version));
	for (size_t i = 0; i < text.n; i++)
		add_bits(out, (uint8_t)text.s[i], 8);
	add_bits(out, 0, room - out->n < 4 ? room - out->n : 4);
	add_bits(out, 0, (8 - out->n % 8) % 8);
	for (unsigned pad = 0xec; out->n < room; pad ^= 0xec ^ 0x11)
		add_bits(out, pad, 8);
}

/* Blocks side by side, first their data, then their correction. The later blocks may be one longer. */
static void interleave(const struct bits *data, int version, uint8_t out[ALL_MOST])
{
	int blocks = versions[version].blocks, ncorrection = versions[version].correction;
	int total = data_bytes(version), shorter = total / blocks, longer = total % blocks, n = 0;
	int starts[5] = {0};
	uint8_t correction[4][32];

	for (int b = 0; b < blocks; b++) {
		int length = shorter + (b >= blocks - longer);
		starts[b + 1] = starts[b] + length;
		qr_correction(data->bytes + starts[b], length, correction[b], ncorrection);
	}
	for (int i = 0; i <= shorter; i++)
		for (int b = 0; b < blocks; b++)
			if (starts[b] + i < starts[b + 1])
				out[n++] = data->bytes[starts[b] + i];
	for (int i = 0; i < ncorrection; i++)
		for (int b = 0; b < blocks; b++)
			out[n++] = correction[b][i];
	assert(n == versions[version].all);
}

/* ---- modules ---- */

static void put(struct canvas *c, int row, int column, bool dark)
{
	c->qr.dark[row][column] = dark;
	c->fixed[row][column] = 1;
}

static void put_finder(struct canvas *c, int row, int column)
{
	for (int dr = -4; dr <= 4; dr++)
		for (int dc = -4; dc <= 4; dc++) {
			int ring = abs(dr) > abs(dc) ? abs(dr) : abs(dc);
			int r = row + dr, k = column + dc;
			if (r >= 0 && r < c->qr.side && k >= 0 && k < c->qr.side)
				put(c, r, k, ring != 2 && ring != 4);
		}
}

static void put_alignment(struct canvas *c)
{
	const uint8_t *at = alignment[c->qr.version];
	int n = at[0] == 0 ? 0 : at[2] ? 3 : 2;
	for (int i = 0; i < n; i++)
		for (int k = 0; k < n; k++) {
			if ((i == 0 && k == 0) || (i == 0 && k == n - 1) || (i == n - 1 && k == 0))
				continue; /* a finder is there */
			for (int dr = -2; dr <= 2; dr++)
				for (int dc = -2; dc <= 2; dc++)
					put(c, at[i] + dr, at[k] + dc, (abs(dr) > abs(dc) ? abs(dr) : abs(dc)) != 1);
		}
}

static unsigned remainder_of(unsigned value, unsigned polynomial, int bits)
{
	unsigned rest = value;
	for (int i = 0; i < bits; i++)
		rest = rest << 1 ^ (rest >> (bits - 1)) * polynomial;
	return rest & ((1u << bits) - 1);
}

static void put_format(struct canvas *c, int mask)
{
	unsigned data = LEVEL_L << 3 | (unsigned)mask;
	unsigned word = (data << 10 | remainder_of(data, 0x537, 10)) ^ 0x5412;
	int side = c->qr.side;
	for (int i = 0; i < 15; i++) {
		bool dark = word >> i & 1;
		/* beside the upper left finder, then split between the other two */
		put(c, i < 6 ? i : i < 8 ? i + 1 : 8, i < 8 ? 8 : i == 8 ? 7 : 14 - i, dark);
		put(c, i < 8 ? 8 : side - 15 + i, i < 8 ? side - 1 - i : 8, dark);
	}
	put(c, side - 8, 8, true);
}

static void put_version(struct canvas *c)
{
	unsigned version = (unsigned)c->qr.version;
	unsigned word = version << 12 | remainder_of(version, 0x1f25, 12);
	for (int i = 0; c->qr.version >= 7 && i < 18; i++) {
		int far = c->qr.side - 11 + i % 3, near = i / 3;
		put(c, near, far, word >> i & 1);
		put(c, far, near, word >> i & 1);
	}
}

static void put_patterns(struct canvas *c)
{
	int side = c->qr.side;
	for (int i = 0; i < side; i++) {
		put(c, 6, i, i % 2 == 0);
		put(c, i, 6, i % 2 == 0);
	}
	put_finder(c, 3, 3);
	put_finder(c, 3, side - 4);
	put_finder(c, side - 4, 3);
	put_alignment(c);
	put_format(c, 0);
	put_version(c);
}

/* Two columns at a time from the right, up and down in turn. */
static void put_data(struct canvas *c, const uint8_t *bytes, int n)
{
	int side = c->qr.side, at = 0;
	for (int right = side - 1; right >= 1; right -= 2) {
		right -= right == 6;
		for (int step = 0; step < side; step++)
			for (int k = 0; k < 2; k++) {
				bool up = ((right + 1) & 2) == 0;
				int row = up ? side - 1 - step : step, column = right - k;
				if (c->fixed[row][column])
					continue;
				c->qr.dark[row][column] = at < n * 8 && (bytes[at / 8] >> (7 - at % 8) & 1);
				at++;
			}
	}
}

static bool masked(int mask, int row, int column)
{
	switch (mask) {
	case 0: return (row + column) % 2 == 0;
	case 1: return row % 2 == 0;
	case 2: return column % 3 == 0;
	case 3: return (row + column) % 3 == 0;
	case 4: return (row / 2 + column / 3) % 2 == 0;
	case 5: return row * column % 2 + row * column % 3 == 0;
	case 6: return (row * column % 2 + row * column % 3) % 2 == 0;
	default: return ((row + column) % 2 + row * column % 3) % 2 == 0;
	}
}

static void apply_mask(struct canvas *c, int mask)
{
	for (int row = 0; row < c->qr.side; row++)
		for (int column = 0; column < c->qr.side; column++)
			if (!c->fixed[row][column])
				c->qr.dark[row][column] ^= masked(mask, row, column);
}

static int line_penalty(const struct qr *qr, int line, bool down)
{
	int penalty = 0, run = 0, before = -1;
	unsigned last = 0;
	for (int i = 0; i < qr->side; i++) {
		int dark = down ? qr->dark[i][line] : qr->dark[line][i];
		run = dark == before ? run + 1 : 1;
		before = dark;
		penalty += run == 5 ? 3 : run > 5;
		last = (last << 1 | (unsigned)dark) & 0x7ff;
		if (i >= 10 &&
			(last == 0x05d || last == 0x5d0)) /* a finder's 1:1:3:1:1 with white beside it */
			penalty += 40;
	}
	return penalty;
}

static int penalty_of(const struct qr *qr)
{
	int penalty = 0, dark = 0, side = qr->side;
	for (int i = 0; i < side; i++)
		penalty += line_penalty(qr, i, false) + line_penalty(qr, i, true);
	for (int row = 0; row < side; row++)
		for (int column = 0; column < side; column++) {
			int here = qr->dark[row][column];
			dark += here;
			if (row && column && qr->dark[row - 1][column] == here &&
				qr->dark[row][column - 1] == here && qr->dark[row - 1][column - 1] == here)
				penalty += 3;
		}
	return penalty + abs(dark * 20 - side * side * 10) / (side * side) * 10;
}

bool qr_make(struct slice text, struct qr *out)
{
	struct canvas c = {0}, best = {0};
	struct bits data = {0};
	uint8_t bytes[ALL_MOST];
	int version = 1, least = -1;

	while (version <= 10 && 4 + count_bits(version) + (int)text.n * 8 > data_bytes(version) * 8)
		version++;
	if (version > 10 || text.n > QR_MOST_BYTES)
		return false;
	data_of(text, version, &data);
	interleave(&data, version, bytes);
	c.qr.version = version;
	c.qr.side = 17 + 4 * version;
	put_patterns(&c);
	put_data(&c, bytes, versions[version].all);
	for (int mask = 0; mask < 8; mask++) {
		struct canvas tried = c;
		apply_mask(&tried, mask);
		put_format(&tried, mask);
		int penalty = penalty_of(&tried.qr);
		if (least >= 0 && penalty >= least)
			continue;
		least = penalty;
		best = tried;
		best.qr.mask = mask;
	}
	*out = best.qr;
	return true;
}
