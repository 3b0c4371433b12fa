/* What a file is, by its bytes. Pure. */
#ifndef INTAKE_SNIFF_H
#define INTAKE_SNIFF_H

#include "base/base.h"

struct file_type {
	const char *mime;   /* "image/jpeg" */
	const char *ending; /* "jpg" */
	bool image;
	bool document; /* what people call a document: pdf, Office, drawing, text */
};

/* NULL: none of the types an office needs here. Programs, scripts and HTML are never among them. */
const struct file_type *sniff(struct slice bytes);

#endif
