/* A JPEG is a row of segments; APP1 with "Exif\0\0" holds a TIFF: a byte order, then directories of 12-byte entries.
 * Every read goes through take(), which refuses to leave the block. Directories are visited at most once each. */
#include "intake/exif.h"

#include "base/num.h"

struct tiff {
	const uint8_t *s;
	size_t n;
	bool big; /* byte order */
};

enum {
	TAG_EXIF_DIRECTORY = 0x8769,
	TAG_GPS_DIRECTORY = 0x8825,
	TAG_DATE_TIME = 0x0132,
	TAG_TAKEN = 0x9003,
	TAG_TAKEN_OFFSET = 0x9011,
	TAG_LATITUDE_REF = 1,
	TAG_LATITUDE = 2,
	TAG_LONGITUDE_REF = 3,
	TAG_LONGITUDE = 4,
};

struct entry {
	bool found;
	uint32_t type, count;
	uint32_t at; /* where its value stands in the TIFF */
};

static bool take(const struct tiff *t, size_t at, int bytes, uint32_t *out)
{
	if (at > t->n || t->n - at < (size_t)bytes)
		return false;
	uint32_t v = 0;
	for (int i = 0; i < bytes; i++)
		v = v << 8 | t->s[at + (size_t)(t->big ? i : bytes - 1 - i)];
	*out = v;
	return true;
}

static uint32_t type_bytes(uint32_t type)
{
	static const uint8_t bytes[] = {0, 1, 1, 2, 4, 8, 1, 1, 2, 4, 8, 4, 8};
	return type < countof(bytes) ? bytes[type] : 0;
}

static struct entry find(const struct tiff *t, uint32_t directory, uint32_t tag)
{
	struct entry e = {0};
	uint32_t n, got, value;
	if (directory == 0 || !take(t, directory, 2, &n))
		return e;
	for (uint32_t i = 0; i < n; i++) {
		size_t at = (size_t)directory + 2 + (size_t)i * 12;
		if (!take(t, at, 2, &got))
			return e;
		if (got != tag)
			continue;
		if (!take(t, at + 2, 2, &e.type) || !take(t, at + 4, 4, &e.count) ||
			!take(t, at + 8, 4, &value))
			return e;
		uint64_t bytes = (uint64_t)type_bytes(e.type) * e.count;
		e.at = bytes <= 4 ? (uint32_t)(at + 8) : value;
		e.found = bytes > 0 && e.at <= t->n && bytes <= t->n - e.at;
		return e;
	}
	return e;
}

static uint32_t sub_directory(const struct tiff *t, uint32_t directory, uint32_t tag)
{
	struct entry e = find(t, directory, tag);
	uint32_t at;
	return e.found && e.type == 4 && take(t, e.at, 4, &at) ? at : 0;
}

static bool digits(const uint8_t *s, int n, int *out)
{
	*out = 0;
	for (int i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		*out = *out * 10 + (s[i] - '0');
	}
	return true;
}

/* "2026:03:31 08:15:00", and its zone "+08:00" in another entry */
static struct instant taken(const struct tiff *t, uint32_t exif, uint32_t main, int offset_minutes)
{
	struct entry e = find(t, exif, TAG_TAKEN);
	if (!e.found)
		e = find(t, main, TAG_DATE_TIME);
	if (!e.found || e.type != 2 || e.count < 19)
		return INSTANT_NONE;
	const uint8_t *s = t->s + e.at;
	int year, month, day, hour, minute, second;
	if (!digits(s, 4, &year) || !digits(s + 5, 2, &month) || !digits(s + 8, 2, &day) ||
		!digits(s + 11, 2, &hour) || !digits(s + 14, 2, &minute) || !digits(s + 17, 2, &second))
		return INSTANT_NONE;
	if (!date_valid_ymd(year, month, day) || hour > 23 || minute > 59 || second > 59)
		return INSTANT_NONE;
	struct entry zone = find(t, exif, TAG_TAKEN_OFFSET);
	int zone_hour, zone_minute;
	if (zone.found && zone.type == 2 && zone.count >= 6) {
		const uint8_t *z = t->s + zone.at;
		if ((z[0] == '+' || z[0] == '-') && digits(z + 1, 2, &zone_hour) &&
			digits(z + 4, 2, &zone_minute) && zone_hour <= 14 && zone_minute <= 59)
			offset_minutes = (zone_hour * 60 + zone_minute) * (z[0] == '-' ? -1 : 1);
	}
	struct instant at =
		date_instant(date_from_ymd(year, month, day), hour * 60 + minute, offset_minutes);
	at.ms += second * 1000;
	return at;
}

/* three fractions: degrees, minutes, seconds */
static bool degrees(const struct tiff *t, struct entry e, double most, double *out)
{
	static const double parts[3] = {1, 60, 3600};
	if (!e.found || e.type != 5 || e.count < 3)
		return false;
	double sum = 0;
	for (uint32_t i = 0; i < 3; i++) {
		uint32_t over, under;
		if (!take(t, e.at + i * 8, 4, &over) || !take(t, e.at + i * 8 + 4, 4, &under))
			return false;
		if (under == 0 && over != 0)
			return false;
		sum += under ? over / (double)under / parts[i] : 0;
	}
	*out = sum;
	return sum <= most;
}

static void place(const struct tiff *t, uint32_t gps, struct exif *out)
{
	double latitude, longitude;
	if (!degrees(t, find(t, gps, TAG_LATITUDE), 90, &latitude) ||
		!degrees(t, find(t, gps, TAG_LONGITUDE), 180, &longitude))
		return;
	if (latitude == 0 && longitude == 0)
		return; /* a receiver without a fix writes zeros */
	struct entry north = find(t, gps, TAG_LATITUDE_REF), east = find(t, gps, TAG_LONGITUDE_REF);
	out->latitude = north.found && t->s[north.at] == 'S' ? -latitude : latitude;
	out->longitude = east.found && t->s[east.at] == 'W' ? -longitude : longitude;
	out->has_point = true;
}

static bool exif_block(struct slice jpeg, struct tiff *out)
{
	const uint8_t *s = (const uint8_t *)jpeg.s;
	size_t at = 2;
	while (at + 4 <= jpeg.n && s[at] == 0xff) {
		uint8_t marker = s[at + 1];
		size_t length = (size_t)s[at + 2] << 8 | s[at + 3];
		if (marker == 0xda || length < 2 || length > jpeg.n - at - 2)
			return false;
		if (marker == 0xe1 && length >= 8 + 8 && memcmp(s + at + 4, "Exif\0\0", 6) == 0) {
			*out = (struct tiff){.s = s + at + 10, .n = length - 8};
			return true;
		}
		at += 2 + length;
	}
	return false;
}

struct exif exif_read(struct slice jpeg, int offset_minutes)
{
	struct exif out = {.taken_at = INSTANT_NONE};
	struct tiff t;
	uint32_t magic, main;
	if (jpeg.n < 4 || !exif_block(jpeg, &t))
		return out;
	if (memcmp(t.s, "MM", 2) != 0 && memcmp(t.s, "II", 2) != 0)
		return out;
	t.big = t.s[0] == 'M';
	if (!take(&t, 2, 2, &magic) || magic != 42 || !take(&t, 4, 4, &main))
		return out;
	out.taken_at = taken(&t, sub_directory(&t, main, TAG_EXIF_DIRECTORY), main, offset_minutes);
	place(&t, sub_directory(&t, main, TAG_GPS_DIRECTORY), &out);
	return out;
}
