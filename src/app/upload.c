/* What people upload: looked at, then handed to the store, which keeps bytes by their digest. A photo's own time and place
 * are read once, here. */
#include "app/upload.h"

#include <math.h>

#include "app/access.h"
#include "app/inside.h"
#include "base/hash.h"
#include "base/json.h"
#include "base/utf8.h"
#include "intake/exif.h"
#include "intake/sniff.h"
#include "store/file_rows.h"
#include "store/file_use.h"

#define NAME_BYTES 200

/* The last part of whatever path a browser sent, without control characters, at most NAME_BYTES. */
static const char *plain_name(struct arena *a, const char *name, const struct file_type *type)
{
	const char *last = name ? name : "";
	for (const char *p = last; *p; p++)
		if (*p == '/' || *p == '\\')
			last = p + 1;
	struct slice text = utf8_cut(utf8_trim(slice_of(last)), NAME_BYTES);
	char *plain = arena_text(a, text);
	for (char *p = plain; *p; p++)
		if ((unsigned char)*p < 32 || *p == 127)
			*p = ' ';
	return *plain && utf8_valid(text) ? plain : arena_printf(a, "file.%s", type->ending);
}

static void row_json(struct app *app, const struct file_row *row, struct json_writer *w)
{
	struct str taken = STR_INIT;
	char hex[DIGEST_BYTES * 2 + 1];
	hex_encode(row->sha256, DIGEST_BYTES, hex);
	if (row->taken_at.ms != INSTANT_NONE.ms)
		instant_format(&taken, row->taken_at, app->offset_minutes);
	jw_object(w);
	jw_kid(w, "id", row->id);
	jw_kt(w, "name", row->name);
	jw_kt(w, "type", row->type);
	jw_ki(w, "bytes", row->bytes);
	jw_kt(w, "sha256", hex);
	jw_kt(w, "taken_at", taken.n ? str_text(&taken) : NULL);
	jw_key(w, "point");
	if (row->has_point) {
		jw_object(w);
		jw_kt(w, "type", "Point");
		jw_key(w, "coordinates");
		jw_array(w);
		jw_decimal(w, row->longitude_e7, 7);
		jw_decimal(w, row->latitude_e7, 7);
		jw_array_end(w);
		jw_object_end(w);
	} else {
		jw_null(w);
	}
	jw_object_end(w);
	str_free(&taken);
}

static bool fits(
	const struct file_type *type, const char *accept, const char *name, struct err *err)
{
	if (!type)
		return err_set(err, ERR_INPUT, "file", "\"%s\" is not a kind of file that is kept here",
			name ? name : "");
	if (accept && strcmp(accept, "image") == 0 && !type->image)
		return err_set(err, ERR_INPUT, "file", "\"%s\" is not a picture", name ? name : "");
	if (accept && strcmp(accept, "document") == 0 && !type->document)
		return err_set(err, ERR_INPUT, "file", "\"%s\" is not a document", name ? name : "");
	return true;
}

bool upload_store(struct app *app, const struct person *person, const char *name,
	const char *accept, struct slice bytes, struct str *out, struct err *err)
{
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (person->read_only)
		return err_set(err, ERR_DENIED, NULL, "this token may only read");
	if (person_is(person, ROLE_AUDITOR))
		return err_set(err, ERR_DENIED, NULL, "you may not upload files");
	if (bytes.n > LIMIT_UPLOAD_BYTES)
		return err_set(err, ERR_LIMIT, "file", "a file has at most %d bytes", LIMIT_UPLOAD_BYTES);
	const struct file_type *type = sniff(bytes);
	if (!fits(type, accept, name, err))
		return false;
	struct arena *a = arena_open();
	struct file_row row = {
		.name = plain_name(a, name, type),
		.type = type->mime,
		.by = person->account,
		.at = app_now(app),
		.taken_at = INSTANT_NONE,
	};
	if (strcmp(type->ending, "jpg") == 0) {
		struct exif exif = exif_read(bytes, app->offset_minutes);
		row.taken_at = exif.taken_at;
		row.has_point = exif.has_point;
		row.longitude_e7 = (int32_t)lround(exif.longitude * 1e7);
		row.latitude_e7 = (int32_t)lround(exif.latitude * 1e7);
	}
	bool done = file_put(app->store, bytes, &row, err);
	if (done) {
		struct json_writer w = jw_start(out);
		row_json(app, &row, &w);
		jw_end(&w);
	}
	arena_close(a);
	return done;
}

bool upload_known(struct app *app, const struct person *person, const char *sha256, struct str *out,
	struct err *err)
{
	uint8_t digest[DIGEST_BYTES];
	struct file_row row;
	bool found;
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!hex_decode(slice_of(sha256), digest, sizeof digest))
		return err_set(err, ERR_INPUT, "sha256", "a SHA-256 is 64 hexadecimal digits");
	struct arena *a = arena_open();
	bool ok = file_find(app->store, a, person->account, digest, &found, &row, err);
	if (ok) {
		struct json_writer w = jw_start(out);
		jw_object(&w);
		jw_key(&w, "file");
		if (found)
			row_json(app, &row, &w);
		else
			jw_null(&w);
		jw_object_end(&w);
		jw_end(&w);
	}
	arena_close(a);
	return ok;
}

/* ---- who may see one ---- */

struct sighting {
	struct app *app;
	const struct person *person;
	bool seen, ok;
	struct err *err;
};

static bool used_by(void *self, const char *name, struct uuid record)
{
	struct sighting *s = self;
	const struct register_def *reg = catalogue_find(app_catalogue(s->app), name);
	struct record *r;
	struct err err;
	struct arena *a = arena_open();
	if (reg && store_get(s->app->store, a, reg, record, &r, &err)) {
		s->seen = may(s->app, s->person, VERB_READ, reg, r, NULL, NULL, &err);
	} else if (reg && err.code != ERR_MISSING) {
		*s->err = err;
		s->ok = false;
	}
	arena_close(a);
	return s->ok && !s->seen;
}

bool upload_may_see(
	struct app *app, const struct person *person, const struct file_row *row, struct err *err)
{
	struct sighting s = {
		app, person, person->system || uuid_equal(person->account, row->by), true, err};
	if (s.seen)
		return true;
	if (!file_users(app->store, row->id, used_by, &s, err) || !s.ok)
		return false;
	return s.seen || err_set(err, ERR_MISSING, "file", "there is no such file");
}

bool upload_find(struct app *app, struct arena *a, const struct person *person, const char *id,
	struct upload_found *out, struct err *err)
{
	struct uuid wanted;
	struct file_row row;
	char hex[DIGEST_BYTES * 2 + 1];
	if (!person)
		return err_set(err, ERR_LOGIN, NULL, "sign in first");
	if (!uuid_parse(slice_of(id), &wanted))
		return err_set(err, ERR_MISSING, "file", "there is no such file");
	if (!file_get(app->store, a, wanted, &row, err))
		return false;
	app_read_lock(app);
	bool may_see = upload_may_see(app, person, &row, err);
	app_unlock(app);
	if (!may_see)
		return false;
	hex_encode(row.sha256, DIGEST_BYTES, hex);
	*out = (struct upload_found){
		.path = file_path(app->store, a, &row),
		.name = row.name,
		.type = row.type,
		.sha256 = arena_strdup(a, hex),
		.bytes = row.bytes,
	};
	return true;
}
