/* The parts of a .docx: what kinds there are, who refers to whom, the text. Fonts are named, not carried along. */
#include "report/docx.h"

#include "base/arena.h"
#include "base/zip.h"

#define HEAD "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n"
#define PACKAGE "http://schemas.openxmlformats.org/package/2006/"
#define OFFICE "http://schemas.openxmlformats.org/officeDocument/2006/"
#define DRAWING "http://schemas.openxmlformats.org/drawingml/2006/"

static const char types[] =
	HEAD "<Types xmlns=\"" PACKAGE "content-types\"><Default Extension=\"rels\" ContentType=\""
		 "application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"png\" "
		 "ContentType=\"image/png\"/><Override PartName=\"/word/document.xml\" ContentType=\""
		 "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml\"/>"
		 "<Override PartName=\"/docProps/core.xml\" ContentType=\""
		 "application/vnd.openxmlformats-package.core-properties+xml\"/></Types>";
static const char whole[] =
	HEAD "<Relationships xmlns=\"" PACKAGE "relationships\"><Relationship Id=\"r1\" Type=\"" OFFICE
		 "relationships/officeDocument\" Target=\"word/document.xml\"/><Relationship Id=\"r2\" "
		 "Type=\"" PACKAGE
		 "relationships/metadata/core-properties\" Target=\"docProps/core.xml\"/></Relationships>";

static int twips(double mm)
{
	return (int)(mm * 1440 / 25.4 + 0.5);
}

static long long emus(double mm)
{
	return (long long)(mm * 36000 + 0.5);
}

static void put_properties(struct str *out, const struct docx *d)
{
	str_puts(out,
		HEAD "<cp:coreProperties xmlns:cp=\"" PACKAGE
			 "metadata/core-properties\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\" "
			 "xmlns:dcterms=\"http://purl.org/dc/terms/\" "
			 "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"><dc:title>");
	str_xml(out, d->title);
	str_puts(out, "</dc:title><dc:creator>");
	str_xml(out, d->author);
	str_puts(out, "</dc:creator><dcterms:created xsi:type=\"dcterms:W3CDTF\">");
	date_format(out, d->day);
	str_puts(out, "T00:00:00Z</dcterms:created></cp:coreProperties>");
}

static void put_relations(struct str *out, int npictures)
{
	str_puts(out, HEAD "<Relationships xmlns=\"" PACKAGE "relationships\">");
	for (int i = 0; i < npictures; i++)
		str_printf(out,
			"<Relationship Id=\"p%d\" Type=\"" OFFICE
			"relationships/image\" Target=\"media/%d.png\"/>",
			i + 1, i + 1);
	str_puts(out, "</Relationships>");
}

/* half_points: the size of the type. */
static void put_line(struct str *out, const char *text, const char *font, int half_points)
{
	str_printf(out,
		"<w:p><w:pPr><w:spacing w:before=\"0\" w:after=\"40\"/></w:pPr><w:r><w:rPr><w:rFonts "
		"w:ascii=\"%s\" w:hAnsi=\"%s\" w:eastAsia=\"%s\"/><w:sz w:val=\"%d\"/></w:rPr><w:t "
		"xml:space=\"preserve\">",
		font, font, font, half_points);
	str_xml(out, text);
	str_puts(out, "</w:t></w:r></w:p>");
}

static void put_picture(struct str *out, const struct docx_picture *p, int number)
{
	long long width = emus(p->width), height = emus(p->height);
	str_printf(out,
		"<w:p><w:pPr>%s<w:spacing w:before=\"0\" w:after=\"0\"/></w:pPr><w:r><w:drawing><wp:inline "
		"distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"%lld\" cy=\"%lld\"/>"
		"<wp:docPr id=\"%d\" name=\"%d\" descr=\"",
		number > 1 ? "<w:pageBreakBefore/>" : "", width, height, number, number);
	str_xml(out, p->words);
	str_printf(out,
		"\"/><a:graphic><a:graphicData uri=\"" DRAWING
		"picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"%d\" name=\"%d\"/><pic:cNvPicPr/>"
		"</pic:nvPicPr><pic:blipFill><a:blip r:embed=\"p%d\"/><a:stretch><a:fillRect/></a:stretch>"
		"</pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"%lld\" cy=\"%lld\"/>"
		"</a:xfrm><a:prstGeom prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic>"
		"</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>",
		number, number, number, width, height);
}

static void put_document(struct str *out, const struct docx *d)
{
	str_puts(out,
		HEAD "<w:document xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" "
			 "xmlns:r=\"" OFFICE "relationships\" xmlns:wp=\"" DRAWING
			 "wordprocessingDrawing\" xmlns:a=\"" DRAWING "main\" xmlns:pic=\"" DRAWING
			 "picture\"><w:body>");
	put_line(out, d->title, "SimHei", 32);
	for (int i = 0; i < d->nlines; i++)
		put_line(out, d->lines[i], "SimSun", 18);
	for (int i = 0; i < d->npictures; i++)
		put_picture(out, &d->pictures[i], i + 1);
	int margin = twips(d->margin);
	str_printf(out,
		"<w:sectPr><w:pgSz w:w=\"%d\" w:h=\"%d\"%s/><w:pgMar w:top=\"%d\" w:right=\"%d\" "
		"w:bottom=\"%d\" w:left=\"%d\" w:header=\"0\" w:footer=\"0\" w:gutter=\"0\"/></w:sectPr>"
		"</w:body></w:document>",
		twips(d->width), twips(d->height), d->width > d->height ? " w:orient=\"landscape\"" : "",
		margin, margin, margin, margin);
}

bool docx_write(const struct docx *d, struct str *out, struct err *err)
{
	enum { PARTS = 5 };
	struct str properties = STR_INIT, relations = STR_INIT, text = STR_INIT;
	struct arena *a = arena_open();
	struct zip_entry *entries = ARENA_ARRAY(a, struct zip_entry, (size_t)(PARTS + d->npictures));

	put_properties(&properties, d);
	put_relations(&relations, d->npictures);
	put_document(&text, d);
	entries[0] = (struct zip_entry){"[Content_Types].xml", slice_of(types)};
	entries[1] = (struct zip_entry){"_rels/.rels", slice_of(whole)};
	entries[2] = (struct zip_entry){"docProps/core.xml", str_view(&properties)};
	entries[3] = (struct zip_entry){"word/document.xml", str_view(&text)};
	entries[4] = (struct zip_entry){"word/_rels/document.xml.rels", str_view(&relations)};
	for (int i = 0; i < d->npictures; i++)
		entries[PARTS + i] =
			(struct zip_entry){arena_printf(a, "word/media/%d.png", i + 1), d->pictures[i].png};
	bool fine = zip_write(entries, PARTS + d->npictures, out, err);
	str_free(&properties);
	str_free(&relations);
	str_free(&text);
	arena_close(a);
	return fine;
}
