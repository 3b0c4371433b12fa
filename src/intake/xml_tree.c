#include "intake/xml_tree.h"

#include <stdlib.h>

#include "base/utf8.h"
#include "intake/xml.h"

struct open_node {
	struct xml_node *node, *last_child;
	struct str text;
	struct open_node *above;
};

struct growing {
	struct arena *a;
	struct xml_reader *reader;
	struct open_node *open; /* innermost; freed as nodes end */
	struct xml_node *root;
};

static const char *const *copy_attributes(struct arena *a, const char *const *attributes)
{
	size_t n = 0;
	while (attributes[n])
		n++;
	const char **copy = ARENA_ARRAY(a, const char *, n + 1);
	for (size_t i = 0; i < n; i++)
		copy[i] = arena_strdup(a, attributes[i]);
	return copy;
}

static bool on_start(void *self, const char *name, const char *const *attributes, struct err *err)
{
	struct growing *g = self;
	struct xml_node *node = ARENA_NEW(g->a, struct xml_node);
	(void)err;
	node->name = arena_strdup(g->a, name);
	node->attributes = copy_attributes(g->a, attributes);
	node->text = "";
	node->line = (int32_t)xml_line(g->reader);
	if (!g->open)
		g->root = node;
	else if (g->open->last_child)
		g->open->last_child->next = node;
	else
		g->open->node->child = node;
	if (g->open)
		g->open->last_child = node;
	struct open_node *open = must_alloc(sizeof(*open));
	*open = (struct open_node){.node = node, .above = g->open};
	g->open = open;
	return true;
}

static void close_node(struct growing *g)
{
	struct open_node *open = g->open;
	struct slice text = utf8_trim(str_view(&open->text));
	if (text.n) {
		open->node->text = arena_text(g->a, text);
		open->node->ntext = text.n;
	}
	str_free(&open->text);
	g->open = open->above;
	free(open);
}

static bool on_end(void *self, const char *name, struct err *err)
{
	(void)name, (void)err;
	close_node(self);
	return true;
}

static bool on_text(void *self, const char *s, size_t n, struct err *err)
{
	struct growing *g = self;
	(void)err;
	if (g->open)
		str_add(&g->open->text, s, n);
	return true;
}

/*
 * expat reads UTF-8 and UTF-16. A file that declares another set we know (GBK, windows-1251) is decoded first and its
 * declaration blanked out, so that lines stay where they are.
 */
static bool decode_declared(struct arena *a, struct slice *bytes, struct err *err)
{
	const char *end = bytes->n > 5 && memcmp(bytes->s, "<?xml", 5) == 0
		? memmem(bytes->s, bytes->n < 200 ? bytes->n : 200, "?>", 2)
		: NULL;
	const char *at = end ? memmem(bytes->s, (size_t)(end - bytes->s), "encoding=", 9) : NULL;
	char name[32] = "";
	enum charset set;
	struct slice text;

	for (size_t i = 0; at && at + 10 + i < end && i + 1 < sizeof(name) && at[10 + i] != at[9]; i++)
		name[i] = at[10 + i];
	if (!name[0] || !charset_parse(name, &set) || set == CHARSET_UTF8 || set == CHARSET_UTF16LE ||
		set == CHARSET_UTF16BE)
		return true;
	size_t declaration = (size_t)(end + 2 - bytes->s);
	if (!charset_decode(a, set, *bytes, &text, NULL, err))
		return false;
	char *copy = arena_text(a, text);
	for (size_t i = 0; i < declaration; i++)
		if (copy[i] != '\n')
			copy[i] = ' ';
	*bytes = (struct slice){copy, text.n};
	return true;
}

bool xml_tree(struct arena *a, struct slice bytes, struct xml_node **root, struct err *err)
{
	static const struct xml_handlers handlers = {on_start, on_end, on_text};
	struct growing g = {.a = a};
	if (!decode_declared(a, &bytes, err))
		return false;
	g.reader = xml_open(&handlers, &g, NULL);
	bool done = xml_push(g.reader, bytes.s, bytes.n, true, err);
	while (g.open)
		close_node(&g);
	xml_close(g.reader);
	if (done)
		*root = g.root;
	return done;
}

bool xml_root_is(struct slice head, const char *name)
{
	const char *at = head.s, *end = head.s + head.n;

	while (at < end && (at = memchr(at, '<', (size_t)(end - at))) != NULL) {
		bool comment = end - at > 3 && memcmp(at, "<!--", 4) == 0;
		if (comment || (end - at > 1 && at[1] == '?')) {
			at = memmem(at, (size_t)(end - at), comment ? "-->" : "?>", comment ? 3 : 2);
			if (!at)
				return false;
			continue;
		}
		const char *word = ++at;
		while (at < end && !strchr(" \t\r\n/>", *at))
			if (*at++ == ':')
				word = at;
		return slice_is((struct slice){word, (size_t)(at - word)}, name);
	}
	return false;
}

const struct xml_node *xml_child(const struct xml_node *node, const char *name)
{
	for (const struct xml_node *c = node ? node->child : NULL; c; c = c->next)
		if (strcmp(c->name, name) == 0)
			return c;
	return NULL;
}

const struct xml_node *xml_again(const struct xml_node *node)
{
	for (const struct xml_node *c = node->next; c; c = c->next)
		if (strcmp(c->name, node->name) == 0)
			return c;
	return NULL;
}

int32_t xml_count(const struct xml_node *node, const char *name)
{
	int32_t n = 0;
	for (const struct xml_node *c = xml_child(node, name); c; c = xml_again(c))
		n++;
	return n;
}

const char *xml_text(const struct xml_node *node, const char *name)
{
	const struct xml_node *c = xml_child(node, name);
	return c ? c->text : "";
}

const char *xml_attr(const struct xml_node *node, const char *name)
{
	for (const char *const *at = node ? node->attributes : NULL; at && *at; at += 2)
		if (strcmp(at[0], name) == 0)
			return at[1];
	return NULL;
}

void xml_inside(struct str *out, const struct xml_node *node)
{
	str_xml(out, node->text);
	for (const struct xml_node *c = node->child; c; c = c->next) {
		str_printf(out, "<%s", c->name);
		for (const char *const *at = c->attributes; *at; at += 2) {
			str_printf(out, " %s=\"", at[0]);
			str_xml(out, at[1]);
			str_putc(out, '"');
		}
		str_putc(out, '>');
		xml_inside(out, c);
		str_printf(out, "</%s>", c->name);
	}
}
