/* Types by signature, from the formats' own specifications. Text is the last resort: valid UTF-8 or GB18030 without
 * control bytes and without markup that a browser would run. */
#include "intake/sniff.h"

#include <strings.h>

#include "base/utf8.h"

static const struct file_type jpeg = {"image/jpeg", "jpg", .image = true};
static const struct file_type png = {"image/png", "png", .image = true};
static const struct file_type webp = {"image/webp", "webp", .image = true};
static const struct file_type heic = {"image/heic", "heic", .image = true};
static const struct file_type pdf = {"application/pdf", "pdf", .document = true};
static const struct file_type docx = {
	"application/vnd.openxmlformats-officedocument.wordprocessingml.document", "docx",
	.document = true};
static const struct file_type xlsx = {
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx", .document = true};
static const struct file_type ole = {
	"application/x-ole-storage", "doc", .document = true}; /* .doc, .xls, .wps */
static const struct file_type ofd = {"application/ofd", "ofd", .document = true}; /* GB/T 33190 */
static const struct file_type zip = {"application/zip", "zip", .document = true};
static const struct file_type dwg = {"image/vnd.dwg", "dwg", .document = true};
static const struct file_type text = {"text/plain", "txt", .document = true};

static bool starts(struct slice b, const char *magic, size_t n)
{
	return b.n >= n && memcmp(b.s, magic, n) == 0;
}
#define STARTS(bytes, literal) starts((bytes), (literal), sizeof(literal) - 1)

/* Whether `word` stands in the local headers' part or the directory of a zip: names are stored plainly there. */
static bool holds(struct slice b, const char *word)
{
	return memmem(b.s, b.n, word, strlen(word)) != NULL;
}

static const struct file_type *zip_kind(struct slice b)
{
	if (holds(b, "word/document.xml"))
		return &docx;
	if (holds(b, "xl/workbook.xml"))
		return &xlsx;
	if (holds(b, "OFD.xml"))
		return &ofd;
	return &zip;
}

/* ISO/IEC 14496-12: a size, "ftyp", the major brand. */
static const struct file_type *media_kind(struct slice b)
{
	static const char brands[][5] = {"heic", "heix", "hevc", "heim", "heis", "mif1", "msf1"};
	for (size_t i = 0; i < countof(brands); i++)
		if (memcmp(b.s + 8, brands[i], 4) == 0)
			return &heic;
	return NULL;
}

static bool is_plain_text(struct slice b)
{
	if (b.n == 0)
		return false;
	for (size_t i = 0; i < b.n; i++) {
		unsigned char c = (unsigned char)b.s[i];
		if (c < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f')
			return false;
	}
	struct slice head = utf8_trim((struct slice){b.s, b.n < 512 ? b.n : 512});
	if (head.n && head.s[0] == '<')
		return false; /* HTML, SVG, XML: a browser might run it */
	if (head.n > 1 && head.s[0] == '#' && head.s[1] == '!')
		return false;
	return utf8_valid(b) || charset_guess(b) == CHARSET_GB18030;
}

const struct file_type *sniff(struct slice b)
{
	if (STARTS(b, "\xff\xd8\xff"))
		return &jpeg;
	if (STARTS(b, "\x89PNG\r\n\x1a\n"))
		return &png;
	if (b.n >= 16 && STARTS(b, "RIFF") && memcmp(b.s + 8, "WEBP", 4) == 0)
		return &webp;
	if (b.n >= 12 && memcmp(b.s + 4, "ftyp", 4) == 0)
		return media_kind(b);
	if (STARTS(b, "%PDF-"))
		return &pdf;
	if (STARTS(b, "PK\x03\x04"))
		return zip_kind(b);
	if (STARTS(b, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))
		return &ole;
	if (STARTS(b, "AC10") && b.n > 6)
		return &dwg;
	return is_plain_text(b) ? &text : NULL;
}
