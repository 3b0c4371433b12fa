/*
 * The door of libzip. Reading: a bomb is met three times: by what its directory promises, by the sum of all promises, and by
 * counting what is really inflated. Nothing is written to disk, so names with ".." or a leading slash are only names.
 */
#include "base/zip.h"

#include <stdlib.h>
#include <zip.h>

#include "base/arena.h"

enum { PIECE = 64 * 1024, RATIO_FROM = 1024 * 1024 };

struct unzip {
	zip_t *zip;
	int64_t inflated; /* of all entries read so far */
};

static bool failed(struct err *err, const char *where, zip_error_t *why)
{
	return err_set(err, ERR_INPUT, where, "damaged zip file: %s", zip_error_strerror(why));
}

static bool check_promises(zip_t *zip, struct err *err)
{
	zip_int64_t n = zip_get_num_entries(zip, 0);
	if (n > LIMIT_ZIP_ENTRIES)
		return err_set(err, ERR_LIMIT, NULL, "zip file with %lld entries; at most %d are read",
			(long long)n, LIMIT_ZIP_ENTRIES);
	uint64_t total = 0;
	for (zip_int64_t i = 0; i < n; i++) {
		zip_stat_t stat;
		if (zip_stat_index(zip, (zip_uint64_t)i, 0, &stat) != 0)
			return failed(err, NULL, zip_get_error(zip));
		if (!(stat.valid & ZIP_STAT_SIZE) || !(stat.valid & ZIP_STAT_COMP_SIZE))
			continue;
		const char *name = stat.valid & ZIP_STAT_NAME ? stat.name : "?";
		if (stat.valid & ZIP_STAT_ENCRYPTION_METHOD && stat.encryption_method != ZIP_EM_NONE)
			return err_set(
				err, ERR_INPUT, name, "encrypted entry; save the file without a password");
		if (stat.size > RATIO_FROM && stat.size / LIMIT_ZIP_RATIO > stat.comp_size)
			return err_set(
				err, ERR_LIMIT, name, "zip entry inflates more than %d times", LIMIT_ZIP_RATIO);
		if (stat.size > (uint64_t)LIMIT_ZIP_BYTES ||
			(total += stat.size) > (uint64_t)LIMIT_ZIP_BYTES)
			return err_set(err, ERR_LIMIT, name, "zip file inflates to more than %lld bytes",
				(long long)LIMIT_ZIP_BYTES);
	}
	return true;
}

bool unzip_open(struct slice bytes, struct unzip **out, struct err *err)
{
	zip_error_t why;
	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(bytes.s, bytes.n, 0, &why);
	if (!source) {
		failed(err, NULL, &why);
		zip_error_fini(&why);
		return false;
	}
	zip_t *zip = zip_open_from_source(source, ZIP_RDONLY, &why);
	if (!zip) {
		failed(err, NULL, &why);
		zip_source_free(source);
		zip_error_fini(&why);
		return false;
	}
	zip_error_fini(&why);
	if (!check_promises(zip, err)) {
		zip_discard(zip);
		return false;
	}
	struct unzip *z = must_alloc(sizeof *z);
	z->zip = zip;
	*out = z;
	return true;
}

void unzip_close(struct unzip *z)
{
	if (!z)
		return;
	zip_discard(z->zip);
	free(z);
}

bool unzip_has(const struct unzip *z, const char *entry)
{
	return zip_name_locate(z->zip, entry, ZIP_FL_NOCASE) >= 0;
}

static bool read_all(struct unzip *z, zip_file_t *file, const char *entry, unzip_sink *sink,
	void *self, struct err *err)
{
	char piece[PIECE];
	for (;;) {
		zip_int64_t got = zip_fread(file, piece, sizeof piece);
		if (got < 0)
			return failed(err, entry, zip_file_get_error(file));
		z->inflated += got;
		if (z->inflated > LIMIT_ZIP_BYTES)
			return err_set(err, ERR_LIMIT, entry, "zip file inflates to more than %lld bytes",
				(long long)LIMIT_ZIP_BYTES);
		if (!sink(self, piece, (size_t)got, got == 0, err))
			return false;
		if (got == 0)
			return true;
	}
}

bool unzip_entry(struct unzip *z, const char *entry, unzip_sink *sink, void *self, struct err *err)
{
	zip_int64_t index = zip_name_locate(z->zip, entry, ZIP_FL_NOCASE);
	if (index < 0)
		return err_set(err, ERR_INPUT, entry, "the file has no such part");
	zip_file_t *file = zip_fopen_index(z->zip, (zip_uint64_t)index, 0);
	if (!file)
		return failed(err, entry, zip_get_error(z->zip));
	bool ok = read_all(z, file, entry, sink, self, err);
	zip_fclose(file);
	return ok;
}

/* ---- writing ---- */

static bool put_entries(zip_t *zip, const struct zip_entry *entries, int n)
{
	for (int i = 0; i < n; i++) {
		zip_source_t *source = zip_source_buffer(zip, entries[i].bytes.s, entries[i].bytes.n, 0);
		zip_int64_t at = source ? zip_file_add(zip, entries[i].name, source, ZIP_FL_ENC_UTF_8) : -1;
		if (at < 0) {
			zip_source_free(source);
			return false;
		}
		/* 1980-01-01 00:00 as the format writes it */
		if (zip_file_set_dostime(zip, (zip_uint64_t)at, 0, 1 << 5 | 1, 0) != 0)
			return false;
	}
	return true;
}

static bool take_all(zip_source_t *source, struct str *out)
{
	char piece[PIECE];
	zip_int64_t got = -1;
	if (zip_source_open(source) != 0)
		return false;
	while ((got = zip_source_read(source, piece, sizeof piece)) > 0)
		str_add(out, piece, (size_t)got);
	zip_source_close(source);
	return got == 0;
}

bool zip_write(const struct zip_entry *entries, int n, struct str *out, struct err *err)
{
	zip_error_t why;
	zip_error_init(&why);
	zip_source_t *source = zip_source_buffer_create(NULL, 0, 0, &why);
	zip_t *zip = source ? zip_open_from_source(source, ZIP_TRUNCATE, &why) : NULL;
	bool fine = zip != NULL;
	if (fine) {
		zip_source_keep(source); /* closing writes into it and would free it */
		fine = put_entries(zip, entries, n) && zip_close(zip) == 0;
		if (!fine)
			zip_discard(zip);
	}
	fine = fine && take_all(source, out);
	zip_source_free(source);
	zip_error_fini(&why);
	return fine || err_set(err, ERR_SYSTEM, NULL, "could not write the zip file");
}
