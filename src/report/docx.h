/*
 * A document for word processors (.docx, ISO/IEC 29500): a title, lines of text, pictures. Pages lie or stand as the paper
 * says. The same contents give the same bytes. Lengths are millimetres.
 */
#ifndef REPORT_DOCX_H
#define REPORT_DOCX_H

#include "base/date.h"
#include "base/err.h"
#include "base/str.h"

struct docx_picture {
	struct slice png;
	double width, height;
	const char *words; /* what it shows, for those who cannot see it */
};

struct docx {
	const char *title, *author;
	struct date day;          /* written into the file */
	const char *const *lines; /* under the title */
	int nlines;
	const struct docx_picture *pictures; /* each from the second on a page of its own */
	int npictures;
	double width, height, margin; /* of the paper */
};

MUST_USE bool docx_write(const struct docx *document, struct str *out, struct err *err);

#endif
