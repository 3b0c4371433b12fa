/* What a file is, and when and where a photo was taken; damaged photos are read as far as they go. */
#include "cmocka_all.h"

#include <math.h>

#include "app/upload.h"
#include "app_help.h"
#include "intake/exif.h"
#include "intake/sniff.h"

static void put(struct str *s, uint32_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		str_putc(s, (char)(value >> (8 * i))); /* little endian */
}

static void entry(struct str *s, uint32_t tag, uint32_t type, uint32_t count, uint32_t value)
{
	put(s, tag, 2);
	put(s, type, 2);
	put(s, count, 4);
	put(s, value, 4);
}

/* A JPEG of nothing but an EXIF block: taken 2026-03-31 08:15:30, at 44°30'36" N, 126°12'0" E. */
static struct str photo(void)
{
	struct str tiff = STR_INIT, jpeg = STR_INIT;
	str_puts(&tiff, "II");
	put(&tiff, 42, 2);
	put(&tiff, 8, 4);
	put(&tiff, 2, 2); /* at 8: the main directory */
	entry(&tiff, 0x8769, 4, 1, 38);
	entry(&tiff, 0x8825, 4, 1, 76);
	put(&tiff, 0, 4); /* ends at 38 */
	put(&tiff, 1, 2);
	entry(&tiff, 0x9003, 2, 20, 56);
	put(&tiff, 0, 4);                          /* ends at 56 */
	str_add(&tiff, "2026:03:31 08:15:30", 20); /* ends at 76 */
	put(&tiff, 4, 2);
	entry(&tiff, 1, 2, 2, 'N');
	entry(&tiff, 2, 5, 3, 130);
	entry(&tiff, 3, 2, 2, 'E');
	entry(&tiff, 4, 5, 3, 154);
	put(&tiff, 0, 4); /* ends at 130 */
	static const uint32_t degrees[] = {44, 1, 30, 1, 36, 1, 126, 1, 12, 1, 0, 1};
	for (size_t i = 0; i < countof(degrees); i++)
		put(&tiff, degrees[i], 4);
	str_add(&jpeg, "\xff\xd8\xff\xe1", 4);
	str_putc(&jpeg, (char)((tiff.n + 8) >> 8));
	str_putc(&jpeg, (char)(tiff.n + 8));
	str_add(&jpeg, "Exif\0\0", 6);
	str_slice(&jpeg, str_view(&tiff));
	str_add(&jpeg, "\xff\xd9", 2);
	str_free(&tiff);
	return jpeg;
}

static void a_photo_tells_time_and_place(void **state)
{
	struct str jpeg = photo();
	struct exif exif = exif_read(str_view(&jpeg), OFFSET_CHINA);
	struct instant wanted = date_instant(date_from_ymd(2026, 3, 31), 8 * 60 + 15, OFFSET_CHINA);
	assert_true(exif.taken_at.ms == wanted.ms + 30000);
	assert_true(exif.has_point);
	assert_true(fabs(exif.latitude - 44.51) < 1e-9);
	assert_true(fabs(exif.longitude - 126.2) < 1e-9);
	/* cut anywhere, with any byte turned: no read leaves the block (the sanitizers watch) */
	for (size_t n = 0; n < jpeg.n; n++)
		(void)exif_read((struct slice){jpeg.s, n}, OFFSET_CHINA);
	for (size_t i = 0; i < jpeg.n; i++)
		for (int turn = 1; turn < 256; turn += 51) {
			char kept = jpeg.s[i];
			jpeg.s[i] = (char)(kept ^ turn);
			(void)exif_read(str_view(&jpeg), OFFSET_CHINA);
			jpeg.s[i] = kept;
		}
	str_free(&jpeg);
	(void)state;
}

static const char *type_of(const char *bytes, size_t n)
{
	const struct file_type *type = sniff((struct slice){bytes, n});
	return type ? type->ending : "none";
}
#define TYPE(literal) type_of((literal), sizeof(literal) - 1)

static void types_are_what_the_bytes_say(void **state)
{
	assert_string_equal(TYPE("\xff\xd8\xff\xe0xx"), "jpg");
	assert_string_equal(TYPE("\x89PNG\r\n\x1a\nxx"), "png");
	assert_string_equal(TYPE("RIFF\1\1\1\1WEBPVP8 "), "webp");
	assert_string_equal(TYPE("\0\0\0\x18"
							 "ftypheic\0\0"),
		"heic");
	assert_string_equal(TYPE("%PDF-1.7"), "pdf");
	assert_string_equal(TYPE("PK\3\4....word/document.xml"), "docx");
	assert_string_equal(TYPE("PK\3\4....xl/workbook.xml"), "xlsx");
	assert_string_equal(TYPE("PK\3\4...."), "zip");
	assert_string_equal(TYPE("会议纪要"), "txt");
	assert_string_equal(TYPE("<html><script>"), "none");
	assert_string_equal(TYPE("  <svg onload="), "none");
	assert_string_equal(TYPE("#!/bin/sh"), "none");
	assert_string_equal(TYPE("\x7f"
							 "ELF\2\1\1"),
		"none");
	assert_string_equal(TYPE("MZ\x90\0"), "none");
	assert_string_equal(TYPE(""), "none");
	(void)state;
}

static void an_upload_is_kept_and_linked_by_its_kind(void **state)
{
	struct world *w = world_open();
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct str jpeg = photo(), out = STR_INIT;
	struct err err;
	assert_true(
		upload_store(w->app, &town, "C:\\photos\\工地.jpg", "image", str_view(&jpeg), &out, &err));
	const struct json *made = world_parse(w, &out);
	assert_string_equal(json_text(json_get(made, "name"), ""), "工地.jpg");
	assert_int_equal(
		strncmp(json_text(json_get(made, "taken_at"), ""), "2026-03-31T08:15:30", 19), 0);
	const char *id = json_text(json_get(made, "id"), "");
	assert_true(upload_store(w->app, &town, "x.txt", NULL, SLICE("会议纪要"), &out, &err));
	const char *text_id = json_text(json_get(world_parse(w, &out), "id"), "");
	assert_false(upload_store(w->app, &town, "x.jpg", "image", SLICE("会议纪要"), &out, &err));
	assert_int_equal(err.code, ERR_INPUT);
	assert_false(upload_store(w->app, &town, "x.html", NULL, SLICE("<html>"), &out, &err));
	const char *project = world_id(w, world_project(w, "厂房", w->bureau_a, w->north));
	world_create(w, &town, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"photos\":[\"%"
		"s\"]",
		project, id);
	world_create_refused(w, &town, ERR_INPUT, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-01-31\",\"photos\":[\"%"
		"s\"]",
		project, text_id);
	struct upload_found found;
	assert_true(upload_find(w->app, w->a, &town, id, &found, &err));
	assert_string_equal(found.type, "image/jpeg");
	assert_int_equal(found.bytes, (int)jpeg.n);
	str_free(&jpeg);
	world_close(w);
	(void)state;
}

static bool readable(struct world *w, const struct person *person, const char *id)
{
	struct upload_found found;
	struct err err;
	bool yes = upload_find(w->app, w->a, person, id, &found, &err);
	assert_true(yes || err.code == ERR_MISSING); /* as if it were not there */
	return yes;
}

static void a_file_is_seen_by_whoever_sees_a_record_that_names_it(void **state)
{
	struct world *w = world_open();
	struct person town = world_person(w, "town", "town", w->bureau_a, w->north);
	struct person other = world_person(w, "other", "town", w->bureau_b, w->south);
	struct person office =
		world_person(w, "office", "office", (struct uuid){{0}}, (struct uuid){{0}});
	struct str jpeg = photo(), out = STR_INIT;
	struct err err;
	assert_true(upload_store(w->app, &town, "a.jpg", "image", str_view(&jpeg), &out, &err));
	const char *id = arena_strdup(w->a, json_text(json_get(world_parse(w, &out), "id"), ""));
	assert_true(readable(w, &town, id));
	assert_false(readable(w, &other, id)); /* named by nothing yet: the uploader's alone */
	assert_false(readable(w, &office, id));
	struct uuid theirs = world_project(w, "别处", w->bureau_b, w->south);
	const char *foreign = world_id(w, theirs),
			   *own = world_id(w, world_project(w, "厂房", w->bureau_a, w->north));
	/* naming it in a record of one's own gives no sight of it */
	world_create_refused(w, &other, ERR_INPUT, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"photos\":[\"%"
		"s\"]",
		foreign, id);
	assert_false(readable(w, &other, id));
	struct submitted report = world_create(w, &town, "report",
		"\"project\":\"%s\",\"period_kind\":\"month\",\"period\":\"2026-02-28\",\"photos\":[\"%"
		"s\"]",
		own, id);
	assert_true(readable(w, &office, id));
	assert_false(readable(w, &other, id));
	/* a history that is read shows it too */
	world_update(w, &town, "report", report.id, "\"photos\":[]");
	assert_true(readable(w, &office, id));
	world_reopen(w);
	assert_true(readable(w, &office, id));
	assert_false(readable(w, &other, id));
	str_free(&jpeg);
	world_close(w);
	(void)state;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_photo_tells_time_and_place),
		cmocka_unit_test(types_are_what_the_bytes_say),
		cmocka_unit_test(an_upload_is_kept_and_linked_by_its_kind),
		cmocka_unit_test(a_file_is_seen_by_whoever_sees_a_record_that_names_it),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
