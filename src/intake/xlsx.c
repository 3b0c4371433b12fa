/*
 * The package around the sheets: relationships say where the workbook lies, the workbook lists its sheets, and its own
 * relationships say where they, the shared strings and the styles lie.
 */
#include "intake/xlsx.h"

#include <stdio.h>
#include <stdlib.h>

#include "intake/xlsx_parts.h"

enum { MOST_LINKS = 4096 };

/* One <Relationship>: id, last word of its type, and the entry it points at. */
struct link {
	const char *id, *type, *entry;
};

struct package {
	struct xlsx_parts parts;
	struct link *links;
	int nlinks, links_room;
	const char *folder;   /* of the part that owns the relationships being read */
	const char *workbook; /* entry */
	struct {
		const char *name, *id;
		bool hidden;
	} * sheets;
	int nsheets, sheets_room;
};

static const char *last_word(const char *type)
{
	const char *slash = strrchr(type, '/');
	return slash ? slash + 1 : type;
}

/* "../sheet1.xml" seen from "xl/worksheets" is "xl/sheet1.xml"; "/xl/a.xml" is absolute. */
static const char *resolve(struct arena *a, const char *folder, const char *target)
{
	if (target[0] == '/')
		return arena_strdup(a, target + 1);
	size_t keep = strlen(folder);
	for (;;) {
		if (strncmp(target, "./", 2) == 0) {
			target += 2;
		} else if (strncmp(target, "../", 3) == 0) {
			target += 3;
			while (keep > 0 && folder[keep - 1] != '/')
				keep--;
			keep -= keep > 0;
		} else {
			break;
		}
	}
	return arena_printf(a, "%.*s%s%s", (int)keep, folder, keep ? "/" : "", target);
}

static bool links_start(
	void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct package *p = self;
	const char *mode = xml_attribute(attributes, "TargetMode");
	if (strcmp(name, "Relationship") != 0 || (mode && strcmp(mode, "External") == 0))
		return true;
	const char *id = xml_attribute(attributes, "Id"), *type = xml_attribute(attributes, "Type");
	const char *target = xml_attribute(attributes, "Target");
	if (!id || !type || !target)
		return err_set(err, ERR_INPUT, NULL, "relationship without id, type or target");
	if (p->nlinks >= MOST_LINKS)
		return err_set(err, ERR_LIMIT, NULL, "more than %d relationships", MOST_LINKS);
	if (p->nlinks == p->links_room) {
		int room = p->links_room ? p->links_room * 2 : 32;
		p->links =
			arena_grow(p->parts.a, p->links, (size_t)p->links_room, (size_t)room, sizeof *p->links);
		p->links_room = room;
	}
	p->links[p->nlinks++] = (struct link){arena_strdup(p->parts.a, id),
		arena_strdup(p->parts.a, last_word(type)), resolve(p->parts.a, p->folder, target)};
	return true;
}

static bool read_links(struct package *p, const char *entry, const char *folder, struct err *err)
{
	static const struct xml_handlers handlers = {links_start, NULL, NULL};
	p->nlinks = 0;
	p->folder = folder;
	return xlsx_parse(p->parts.zip, entry, &handlers, p, err);
}

static const char *link_of_type(const struct package *p, const char *type)
{
	for (int i = 0; i < p->nlinks; i++)
		if (strcmp(p->links[i].type, type) == 0)
			return p->links[i].entry;
	return NULL;
}

static bool workbook_start(
	void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct package *p = self;
	if (strcmp(name, "workbookPr") == 0) {
		const char *from_1904 = xml_attribute(attributes, "date1904");
		p->parts.from_1904 =
			from_1904 && (strcmp(from_1904, "1") == 0 || strcmp(from_1904, "true") == 0);
	} else if (strcmp(name, "sheet") == 0) {
		/* the prefix r: is cut off, so "id" is the relationship and "sheetId" the number */
		const char *title = xml_attribute(attributes, "name"),
				   *id = xml_attribute(attributes, "id");
		const char *state = xml_attribute(attributes, "state");
		if (!title || !id)
			return err_set(err, ERR_INPUT, NULL, "sheet without name or relationship");
		if (p->nsheets >= LIMIT_IMPORT_SHEETS)
			return err_set(err, ERR_LIMIT, NULL, "more than %d sheets", LIMIT_IMPORT_SHEETS);
		if (p->nsheets == p->sheets_room) {
			int room = p->sheets_room ? p->sheets_room * 2 : 8;
			p->sheets = arena_grow(
				p->parts.a, p->sheets, (size_t)p->sheets_room, (size_t)room, sizeof *p->sheets);
			p->sheets_room = room;
		}
		p->sheets[p->nsheets].name = arena_strdup(p->parts.a, title);
		p->sheets[p->nsheets].id = arena_strdup(p->parts.a, id);
		p->sheets[p->nsheets++].hidden = state && strcmp(state, "visible") != 0;
	}
	return true;
}

static bool find_workbook(struct package *p, struct err *err)
{
	if (unzip_has(p->parts.zip, "xl/workbook.bin"))
		return err_set(err, ERR_INPUT, NULL, "a binary workbook (.xlsb); save it as .xlsx");
	if (unzip_has(p->parts.zip, "word/document.xml"))
		return err_set(err, ERR_INPUT, NULL, "a text document (.docx), not a workbook");
	if (unzip_has(p->parts.zip, "content.xml"))
		return err_set(err, ERR_INPUT, NULL, "an OpenDocument file; save it as .xlsx");
	if (!unzip_has(p->parts.zip, "_rels/.rels"))
		return err_set(err, ERR_INPUT, NULL, "a zip file, but not a workbook");
	if (!read_links(p, "_rels/.rels", "", err))
		return false;
	p->workbook = link_of_type(p, "officeDocument");
	if (!p->workbook)
		return err_set(err, ERR_INPUT, "_rels/.rels", "the file names no workbook");
	return true;
}

static bool read_sheets(struct package *p, struct workbook *out, struct err *err)
{
	struct sheet *sheets = ARENA_ARRAY(p->parts.a, struct sheet, p->nsheets);
	int n = 0;
	for (int i = 0; i < p->nsheets; i++) {
		const struct link *link = NULL;
		for (int k = 0; k < p->nlinks; k++)
			if (strcmp(p->links[k].id, p->sheets[i].id) == 0)
				link = &p->links[k];
		if (!link)
			return err_set(err, ERR_INPUT, p->sheets[i].name,
				"sheet refers to \"%s\", which does not exist", p->sheets[i].id);
		if (strcmp(link->type, "worksheet") != 0)
			continue; /* a chart sheet or a macro sheet */
		if (!xlsx_sheet(
				&p->parts, link->entry, p->sheets[i].name, p->sheets[i].hidden, &sheets[n], err))
			return false;
		n++;
	}
	if (n == 0)
		return err_set(err, ERR_INPUT, NULL, "the workbook has no sheet with cells");
	out->format = WORKBOOK_XLSX;
	out->sheets = sheets;
	out->nsheets = n;
	return true;
}

static bool read_package(struct package *p, struct workbook *out, struct err *err)
{
	static const struct xml_handlers handlers = {workbook_start, NULL, NULL};
	if (!find_workbook(p, err) || !xlsx_parse(p->parts.zip, p->workbook, &handlers, p, err))
		return false;
	const char *slash = strrchr(p->workbook, '/'), *base = slash ? slash + 1 : p->workbook;
	char *folder =
		arena_printf(p->parts.a, "%.*s", slash ? (int)(slash - p->workbook) : 0, p->workbook);
	const char *links =
		arena_printf(p->parts.a, "%s%s_rels/%s.rels", folder, *folder ? "/" : "", base);
	if (!read_links(p, links, folder, err))
		return false;
	const char *strings = link_of_type(p, "sharedStrings"), *styles = link_of_type(p, "styles");
	if (strings && !xlsx_strings(&p->parts, strings, err))
		return false;
	if (styles && !xlsx_styles(&p->parts, styles, err))
		return false;
	return read_sheets(p, out, err);
}

bool xlsx_read(struct arena *a, struct slice bytes, struct workbook *out, struct err *err)
{
	struct package p = {.parts = {.a = a}};
	struct workbook book = {0};
	if (!unzip_open(bytes, &p.parts.zip, err))
		return false;
	bool ok = read_package(&p, &book, err);
	unzip_close(p.parts.zip);
	if (ok)
		*out = book;
	return ok;
}
