/*
 * When and where a photo was taken, from the EXIF block of a JPEG (CIPA DC-008). Reads only what it needs, trusts
 * no offset, never fails: what cannot be read is not there. Pure.
 */
#ifndef INTAKE_EXIF_H
#define INTAKE_EXIF_H

#include "base/base.h"
#include "base/date.h"

struct exif {
	struct instant taken_at; /* INSTANT_NONE: not said */
	bool has_point;
	double longitude, latitude; /* WGS-84 degrees, east and north positive */
};

/* offset_minutes: the local time a photo without a time zone was taken in. */
struct exif exif_read(struct slice jpeg, int offset_minutes);

#endif
