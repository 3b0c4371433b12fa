#include "intake/plan_file.h"

#include "intake/gan.h"
#include "intake/mspdi.h"
#include "intake/plan_json.h"
#include "intake/pmxml.h"
#include "intake/xer.h"
#include "intake/xer_out.h"

enum { HEAD = 8192 };

/* The beginning of the file without byte order mark and zero bytes: ASCII words show whatever the encoding is. */
static struct slice sniff(struct slice bytes, char head[HEAD])
{
	size_t n = 0;

	for (size_t i = 0; i < bytes.n && n < HEAD; i++) {
		unsigned char c = (unsigned char)bytes.s[i];
		if (c && !(i < 3 && (c >= 0xFE || c == 0xEF || c == 0xBB || c == 0xBF)))
			head[n++] = bytes.s[i];
	}
	return (struct slice){head, n};
}

static bool starts(struct slice bytes, const char *with, size_t n)
{
	return bytes.n >= n && memcmp(bytes.s, with, n) == 0;
}

bool plan_file_read(
	struct arena *a, struct slice bytes, struct plan *out, struct findings *found, struct err *err)
{
	char buffer[HEAD];
	struct slice head = sniff(bytes, buffer);

	if (bytes.n == 0)
		return err_set(err, ERR_INPUT, NULL, "the file is empty");
	if (starts(bytes, "\xD0\xCF\x11\xE0", 4))
		return err_set(
			err, ERR_INPUT, NULL, "this is a Microsoft Project file (.mpp); save it as XML there");
	if (xer_looks_like(head))
		return xer_read(a, bytes, out, found, err);
	if (pmxml_looks_like(head))
		return pmxml_read(a, bytes, out, found, err);
	if (mspdi_looks_like(head))
		return mspdi_read(a, bytes, out, found, err);
	if (gan_looks_like(head))
		return gan_read(a, bytes, out, found, err);
	if (plan_json_looks_like(bytes))
		return plan_json_read(a, bytes, out, err);
	return err_set(err, ERR_INPUT, NULL,
		"this is no plan we know: XER, P6 XML, Project XML, GanttProject or a plan of ours");
}

bool plan_format_of(const char *path, enum plan_format *out, struct err *err)
{
	static const struct {
		const char *ending;
		enum plan_format format;
	} formats[] = {{".json", PLAN_AS_JSON}, {".xer", PLAN_AS_XER}, {".xml", PLAN_AS_MSPDI}};
	const char *dot = strrchr(path, '.');

	for (size_t i = 0; dot && i < countof(formats); i++)
		if (strcmp(dot, formats[i].ending) == 0) {
			*out = formats[i].format;
			return true;
		}
	return err_set(err, ERR_INPUT, NULL,
		"cannot write \"%s\": plans are written as .json, .xer or .xml (Microsoft Project)", path);
}

bool plan_file_write(struct arena *a, const struct plan *plan, enum plan_format format,
	struct str *out, struct findings *found, struct err *err)
{
	switch (format) {
	case PLAN_AS_XER: return xer_write(a, plan, out, found, err);
	case PLAN_AS_MSPDI: return mspdi_write(a, plan, out, found, err);
	case PLAN_AS_JSON: break;
	}
	plan_json_write(plan, out);
	return true;
}
