/*
 * QR codes (ISO/IEC 18004, model 2): bytes in, a square of dark and light modules out.
 *
 * Byte mode, level L, versions 1 to 10 (up to 271 bytes), the smallest that holds the text and the mask with the least
 * penalty. Level L because modules that are larger in the same room are read better off a wall than smaller ones with more
 * correction. The quiet zone of four modules is the caller's.
 */
#ifndef REPORT_QR_H
#define REPORT_QR_H

#include "base/base.h"

enum { QR_MOST_BYTES = 271, QR_MOST_SIDE = 57 };

struct qr {
	int side, version, mask;
	uint8_t dark[QR_MOST_SIDE][QR_MOST_SIDE]; /* [row][column] */
};

MUST_USE bool qr_make(struct slice text, struct qr *out); /* false: more than QR_MOST_BYTES */
/* The Reed-Solomon remainder over GF(256), 0x11d, that follows `data`. */
void qr_correction(const uint8_t *data, int n, uint8_t *out, int nout);

#endif
