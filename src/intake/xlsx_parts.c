/* Shared strings and number formats. */
#include "intake/xlsx_parts.h"

#include <stdlib.h>

struct pump {
	struct xml_reader *reader;
};

static bool pour(void *self, const char *bytes, size_t n, bool last, struct err *err)
{
	struct pump *pump = self;
	return xml_push(pump->reader, bytes, n, last, err);
}

bool xlsx_parse(struct unzip *zip, const char *entry, const struct xml_handlers *handlers,
	void *self, struct err *err)
{
	struct pump pump = {xml_open(handlers, self, entry)};
	bool ok = unzip_entry(zip, entry, pour, &pump, err);
	xml_close(pump.reader);
	return ok;
}

/* ---- texts ---- */

static int hex4(const char *s)
{
	int value = 0;
	for (int i = 0; i < 4; i++) {
		char c = s[i];
		int digit = c >= '0' && c <= '9' ? c - '0'
			: c >= 'A' && c <= 'F'       ? c - 'A' + 10
			: c >= 'a' && c <= 'f'       ? c - 'a' + 10
										 : -1;
		if (digit < 0)
			return -1;
		value = value * 16 + digit;
	}
	return value;
}

size_t xlsx_unescape(char *s, size_t n)
{
	if (n < 7 || !memchr(s, '_', n))
		return n;
	size_t to = 0;
	for (size_t i = 0; i < n;) {
		int c =
			i + 7 <= n && s[i] == '_' && s[i + 1] == 'x' && s[i + 6] == '_' ? hex4(s + i + 2) : -1;
		if (c > 0 && (c < 0xD800 || c > 0xDFFF)) {
			to += (size_t)utf8_encode((uint32_t)c, s + to);
			i += 7;
		} else {
			s[to++] = s[i++];
		}
	}
	return to;
}

struct strings {
	struct xlsx_parts *parts;
	struct builder texts; /* only for its pool */
	struct str text;
	size_t room;
	struct slice *list;
	bool in_item, in_text;
	int phonetic;
};

static bool strings_start(
	void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct strings *s = self;
	if (strcmp(name, "si") == 0) {
		s->in_item = true;
		s->phonetic = 0;
		str_clear(&s->text);
	} else if (strcmp(name, "rPh") == 0) {
		s->phonetic++;
	} else if (strcmp(name, "t") == 0) {
		s->in_text = s->in_item && s->phonetic == 0;
	}
	return true;
}

static bool strings_end(void *self, const char *name, struct err *err)
{
	struct strings *s = self;
	if (strcmp(name, "t") == 0) {
		s->in_text = false;
	} else if (strcmp(name, "rPh") == 0) {
		s->phonetic--;
	} else if (strcmp(name, "si") == 0) {
		size_t n = s->parts->nstrings;
		if (n >= LIMIT_IMPORT_CELLS)
			return err_set(err, ERR_LIMIT, NULL, "more than %d shared strings", LIMIT_IMPORT_CELLS);
		if (s->text.full)
			return err_set(err, ERR_LIMIT, NULL, "shared string %zu is longer than %d bytes", n,
				LIMIT_IMPORT_CELL_BYTES);
		if (n == s->room) {
			s->room = s->room ? s->room * 2 : 256;
			s->list = must_realloc(s->list, s->room * sizeof *s->list);
		}
		size_t bytes = s->text.n ? xlsx_unescape(s->text.s, s->text.n) : 0;
		s->list[n] = (struct slice){builder_text(&s->texts, s->text.s, bytes), bytes};
		s->parts->nstrings++;
		s->in_item = false;
	}
	return true;
}

static bool strings_text(void *self, const char *text, size_t n, struct err *err)
{
	struct strings *s = self;
	if (s->in_text)
		str_add(&s->text, text, n);
	return true;
}

bool xlsx_strings(struct xlsx_parts *parts, const char *entry, struct err *err)
{
	static const struct xml_handlers handlers = {strings_start, strings_end, strings_text};
	struct strings s = {.parts = parts, .text = {.limit = LIMIT_IMPORT_CELL_BYTES}};
	builder_start(&s.texts, parts->a);
	bool ok = xlsx_parse(parts->zip, entry, &handlers, &s, err);
	parts->strings = ARENA_ARRAY(parts->a, struct slice, parts->nstrings);
	if (parts->nstrings)
		memcpy(parts->strings, s.list, parts->nstrings * sizeof *s.list);
	free(s.list);
	str_free(&s.text);
	return ok;
}

/* ---- number formats ---- */

enum format_kind xlsx_format_kind(const char *code)
{
	bool percent = false;
	if (strcmp(code, "General") == 0)
		return FORMAT_NUMBER;
	for (const char *p = code; *p; p++) {
		if (*p == '"') {
			while (p[1] && *++p != '"')
				;
		} else if (*p == '[') {
			while (p[1] && *++p != ']')
				;
		} else if (*p == '\\' || *p == '_' || *p == '*') {
			if (p[1])
				p++;
		} else if (strchr("yYmMdDhHsS", *p)) {
			return FORMAT_DATE;
		} else if (*p == '%') {
			percent = true;
		} else if (*p == ';') {
			break; /* the other sections are for negatives, zero and text */
		}
	}
	return percent ? FORMAT_PERCENT : FORMAT_NUMBER;
}

/* Formats 0 to 163 are fixed by the standard; 27-36 and 50-58 are dates in the East Asian editions. */
static enum format_kind fixed_format(int id)
{
	if (id == 9 || id == 10)
		return FORMAT_PERCENT;
	if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
		(id >= 50 && id <= 58))
		return FORMAT_DATE;
	return FORMAT_NUMBER;
}

enum { MOST_FORMATS = 65536 };

struct styles {
	struct xlsx_parts *parts;
	struct {
		int id;
		enum format_kind kind;
	} * own;
	size_t nown, own_room, formats_room;
	bool in_cells;
};

static bool own_format(struct styles *s, const char *const *attributes, struct err *err)
{
	const char *id = xml_attribute(attributes, "numFmtId"),
			   *code = xml_attribute(attributes, "formatCode");
	if (!id || !code)
		return true;
	if (s->nown >= MOST_FORMATS)
		return err_set(err, ERR_LIMIT, NULL, "more than %d number formats", MOST_FORMATS);
	if (s->nown == s->own_room) {
		s->own_room = s->own_room ? s->own_room * 2 : 32;
		s->own = must_realloc(s->own, s->own_room * sizeof *s->own);
	}
	s->own[s->nown].id = (int)strtol(id, NULL, 10);
	s->own[s->nown++].kind = xlsx_format_kind(code);
	return true;
}

static bool cell_style(struct styles *s, const char *const *attributes, struct err *err)
{
	struct xlsx_parts *parts = s->parts;
	const char *text = xml_attribute(attributes, "numFmtId");
	int id = text ? (int)strtol(text, NULL, 10) : 0;
	enum format_kind kind = fixed_format(id);
	for (size_t i = 0; i < s->nown; i++)
		if (s->own[i].id == id)
			kind = s->own[i].kind;
	if (parts->nformats >= MOST_FORMATS)
		return err_set(err, ERR_LIMIT, NULL, "more than %d cell styles", MOST_FORMATS);
	if (parts->nformats == s->formats_room) {
		size_t room = s->formats_room ? s->formats_room * 2 : 64;
		parts->formats = arena_grow(parts->a, parts->formats, s->formats_room, room, 1);
		s->formats_room = room;
	}
	parts->formats[parts->nformats++] = (uint8_t)kind;
	return true;
}

static bool styles_start(
	void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct styles *s = self;
	if (strcmp(name, "numFmt") == 0)
		return own_format(s, attributes, err);
	if (strcmp(name, "cellXfs") == 0)
		s->in_cells = true;
	else if (s->in_cells && strcmp(name, "xf") == 0)
		return cell_style(s, attributes, err);
	return true;
}

static bool styles_end(void *self, const char *name, struct err *err)
{
	struct styles *s = self;
	if (strcmp(name, "cellXfs") == 0)
		s->in_cells = false;
	return true;
}

bool xlsx_styles(struct xlsx_parts *parts, const char *entry, struct err *err)
{
	static const struct xml_handlers handlers = {styles_start, styles_end, NULL};
	struct styles s = {.parts = parts};
	bool ok = xlsx_parse(parts->zip, entry, &handlers, &s, err);
	free(s.own);
	return ok;
}
