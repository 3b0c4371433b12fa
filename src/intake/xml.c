/* The door of expat. */
#include "intake/xml.h"

#include <expat.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/arena.h"

struct xml_reader {
	XML_Parser parser;
	const struct xml_handlers *handlers;
	void *self;
	const char *where;
	int depth;
	bool stopped; /* `why` holds the reason */
	struct err why;
};

static const char *local_name(const char *name)
{
	const char *colon = strchr(name, ':');
	return colon ? colon + 1 : name;
}

static void stop(struct xml_reader *x)
{
	x->stopped = true;
	XML_StopParser(x->parser, XML_FALSE);
}

/* As UTF-8 an element is twice as long as in the file at most (from Latin-1), so only long ones are counted. */
static bool attributes_fit(const struct xml_reader *x, const char *const *attributes)
{
	size_t bytes = 0;
	if (XML_GetCurrentByteCount(x->parser) <= LIMIT_XML_ATTRIBUTE_BYTES / 2)
		return true;
	for (int i = 0; attributes[i]; i++)
		bytes += strlen(attributes[i]);
	return bytes <= LIMIT_XML_ATTRIBUTE_BYTES;
}

static void on_start(void *user, const char *name, const char **attributes)
{
	struct xml_reader *x = user;
	if (x->stopped)
		return;
	bool ok = true;
	if (++x->depth > LIMIT_XML_DEPTH)
		ok =
			err_set(&x->why, ERR_LIMIT, NULL, "elements nested more than %d deep", LIMIT_XML_DEPTH);
	else if (!attributes_fit(x, (const char *const *)attributes))
		ok = err_set(&x->why, ERR_LIMIT, NULL, "element with more than %d bytes of attributes",
			LIMIT_XML_ATTRIBUTE_BYTES);
	else if (x->handlers->start)
		ok =
			x->handlers->start(x->self, local_name(name), (const char *const *)attributes, &x->why);
	if (!ok)
		stop(x);
}

static void on_end(void *user, const char *name)
{
	struct xml_reader *x = user;
	if (x->stopped)
		return;
	x->depth--;
	if (x->handlers->end && !x->handlers->end(x->self, local_name(name), &x->why))
		stop(x);
}

static void on_text(void *user, const char *s, int n)
{
	struct xml_reader *x = user;
	if (!x->stopped && !x->handlers->text(x->self, s, (size_t)n, &x->why))
		stop(x);
}

static void on_doctype(
	void *user, const char *name, const char *system, const char *public, int internal)
{
	struct xml_reader *x = user;
	if (x->stopped)
		return;
	err_set(&x->why, ERR_INPUT, NULL,
		"document type declarations are not read (entities could be hostile)");
	stop(x);
}

struct xml_reader *xml_open(const struct xml_handlers *handlers, void *self, const char *where)
{
	struct xml_reader *x = must_alloc(sizeof *x);
	x->parser = XML_ParserCreate(NULL);
	assert(x->parser);
	x->handlers = handlers;
	x->self = self;
	x->where = where;
	XML_SetUserData(x->parser, x);
	XML_SetElementHandler(x->parser, on_start, on_end);
	if (handlers->text)
		XML_SetCharacterDataHandler(x->parser, on_text);
	XML_SetStartDoctypeDeclHandler(x->parser, on_doctype);
	return x;
}

/* What is wrong with it, in both languages; what is rare only in the parser's words. */
static const char *damage(enum XML_Error code, char out[ERR_BOTH_ROOM])
{
	static const struct {
		enum XML_Error code;
		struct label label;
	} known[] = {
		{XML_ERROR_SYNTAX, {"不合 XML 的写法", "not written as XML"}},
		{XML_ERROR_NO_ELEMENTS, {"没有内容", "nothing in it"}},
		{XML_ERROR_INVALID_TOKEN,
			{"此处的字符不合 XML 的写法", "a character that XML does not have here"}},
		{XML_ERROR_UNCLOSED_TOKEN, {"标签没有写完", "a tag is cut off"}},
		{XML_ERROR_PARTIAL_CHAR, {"字符没有写完", "a character is cut off"}},
		{XML_ERROR_TAG_MISMATCH, {"结束标签与开始标签不符", "a tag ends that did not begin"}},
		{XML_ERROR_DUPLICATE_ATTRIBUTE, {"属性重复", "an attribute stands twice"}},
		{XML_ERROR_JUNK_AFTER_DOC_ELEMENT, {"结尾之后还有内容", "something stands after its end"}},
		{XML_ERROR_UNDEFINED_ENTITY, {"实体没有定义", "an entity that is not defined"}},
		{XML_ERROR_BAD_CHAR_REF, {"字符编号不存在", "a number of a character that does not exist"}},
		{XML_ERROR_UNKNOWN_ENCODING, {"编码不认识", "an unknown encoding"}},
		{XML_ERROR_INCORRECT_ENCODING, {"编码与声明不符", "not in the encoding that it names"}},
		{XML_ERROR_UNCLOSED_CDATA_SECTION, {"CDATA 没有写完", "a CDATA section is cut off"}},
	};
	const char *said = XML_ErrorString(code);

	for (size_t i = 0; i < countof(known); i++)
		if (known[i].code == code)
			return err_both(out, known[i].label);
	return err_both(out, (struct label){said, said});
}

bool xml_push(struct xml_reader *x, const char *bytes, size_t n, bool last, struct err *err)
{
	assert(n <= INT32_MAX);
	char word[ERR_BOTH_ROOM];
	bool ok = XML_Parse(x->parser, bytes, (int)n, last) == XML_STATUS_OK;
	if (ok && !x->stopped)
		return true;
	if (x->stopped)
		*err = x->why;
	else
		err_set(err, ERR_INPUT, NULL, "damaged XML: %s", damage(XML_GetErrorCode(x->parser), word));
	/* A handler that named its own place (a cell) is not helped by a line of XML that nobody sees. */
	if (err->nplaces == 0) {
		err_in(err, "line %zu", xml_line(x));
		if (x->where)
			err_in(err, "%s", x->where);
	}
	return false;
}

size_t xml_line(const struct xml_reader *x)
{
	return XML_GetCurrentLineNumber(x->parser);
}

void xml_close(struct xml_reader *x)
{
	if (!x)
		return;
	XML_ParserFree(x->parser);
	free(x);
}

const char *xml_attribute(const char *const *attributes, const char *name)
{
	for (int i = 0; attributes[i]; i += 2)
		if (strcmp(local_name(attributes[i]), name) == 0)
			return attributes[i + 1];
	return NULL;
}
