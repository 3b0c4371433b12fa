#include "intake/mspdi_element.h"

#include "base/num.h"
#include "intake/mspdi_inside.h"

static void add_child(struct element *e, int32_t at, const char *name, const char *xml)
{
	if (e->n == e->room) {
		int32_t more = e->room * 2 + 64;
		e->children =
			arena_grow(e->a, e->children, (size_t)e->room, (size_t)more, sizeof(*e->children));
		e->room = more;
	}
	memmove(e->children + at + 1, e->children + at, (size_t)(e->n - at) * sizeof(*e->children));
	e->children[at] = (struct child){name, xml};
	e->n++;
}

void element_open(struct element *e, const struct keep *keep, const char *const *order)
{
	e->order = order;
	e->n = 0;
	for (int32_t i = 0; e->own && keep->columns && i < keep->columns->n; i++)
		add_child(e, e->n, keep->columns->names[i], keep->values[i]);
}

static int32_t find(const struct element *e, const char *name)
{
	for (int32_t i = 0; i < e->n; i++)
		if (strcmp(e->children[i].name, name) == 0)
			return i;
	return -1;
}

const char *element_kept(const struct element *e, const char *name)
{
	int32_t i = find(e, name);
	return i >= 0 ? e->children[i].xml : "";
}

static int32_t rank(const struct element *e, const char *name)
{
	for (int32_t i = 0; e->order[i]; i++)
		if (strcmp(e->order[i], name) == 0)
			return i;
	return -1;
}

/* After the last child that the schema has before it. */
int32_t element_place(const struct element *e, const char *name)
{
	int32_t mine = rank(e, name), at = 0;
	for (int32_t i = 0; i < e->n; i++) {
		int32_t r = rank(e, e->children[i].name);
		if (r >= 0 && r <= mine)
			at = i + 1;
	}
	return at;
}

void element_set_xml(struct element *e, const char *name, const char *xml)
{
	int32_t i = find(e, name);

	if (i >= 0 && (xml[0] || !e->children[i].xml[0]))
		e->children[i].xml = xml;
	else if (i >= 0) {
		memmove(
			e->children + i, e->children + i + 1, (size_t)(e->n - i - 1) * sizeof(*e->children));
		e->n--;
	} else if (xml[0])
		add_child(e, element_place(e, name), name, xml);
}

const char *element_escaped(struct element *e, const char *text)
{
	struct str s = STR_INIT;
	str_xml(&s, text);
	char *xml = arena_text(e->a, str_view(&s));
	str_free(&s);
	return xml;
}

void element_set_text(struct element *e, const char *name, const char *text)
{
	element_set_xml(e, name, element_escaped(e, text));
}

void element_set_int(struct element *e, const char *name, int64_t value, int64_t otherwise)
{
	const char *was = element_kept(e, name);
	int64_t before = otherwise;

	if (was[0] && !num_plain(slice_of(was), 0, &before))
		before = INT64_MIN;
	if (before != value || (!e->own && !was[0]))
		element_set_xml(e, name, arena_printf(e->a, "%lld", (long long)value));
}

void element_set_decimal(
	struct element *e, const char *name, int64_t value, int scale, int64_t otherwise)
{
	const char *was = element_kept(e, name);
	int64_t before = otherwise;
	struct str s = STR_INIT;

	if (was[0] && !num_plain(slice_of(was), scale, &before))
		before = INT64_MIN;
	if (before == value && (e->own || was[0]))
		return;
	str_decimal(&s, value, scale);
	element_set_xml(e, name, arena_text(e->a, str_view(&s)));
	str_free(&s);
}

void element_set_flag(struct element *e, const char *name, bool value, bool otherwise)
{
	const char *was = element_kept(e, name);
	bool before = was[0] ? strcmp(was, "1") == 0 || strcmp(was, "true") == 0 : otherwise;
	if (before != value || (!e->own && !was[0]))
		element_set_xml(e, name, value ? "1" : "0");
}

static const char *moment_xml(struct element *e, struct moment m)
{
	char text[20];
	moment_text(m, text);
	return text[0] && strlen(text) == 16 ? arena_printf(e->a, "%s:00", text)
										 : arena_strdup(e->a, text);
}

void element_set_moment(
	struct element *e, const char *name, struct moment m, struct moment otherwise)
{
	const char *was = element_kept(e, name);
	struct moment before = MOMENT_NONE;

	if (!was[0]                                    ? m.tick == otherwise.tick
			: moment_parse(slice_of(was), &before) ? before.tick == m.tick
												   : moment_is_none(m))
		return;
	element_set_xml(e, name, moment_xml(e, m));
}

static const char *duration_xml(struct element *e, int64_t ticks)
{
	int64_t all = ticks < 0 ? -ticks : ticks;
	return arena_printf(e->a, "%sPT%lldH%dM%dS", ticks < 0 ? "-" : "",
		(long long)(all / TICKS_PER_HOUR), (int)(all / TICKS_PER_MINUTE % 60),
		(int)(all % TICKS_PER_MINUTE * 6));
}

void element_set_duration(struct element *e, const char *name, int64_t ticks, int64_t otherwise)
{
	const char *was = element_kept(e, name);
	int64_t before = otherwise;

	if (was[0] && !mspdi_duration_parse(was, &before))
		before = INT64_MIN;
	if (before != ticks || (!e->own && !was[0]))
		element_set_xml(e, name, duration_xml(e, ticks));
}

void element_refer(struct element *e, const char *name, const char *id)
{
	if (id && id[0])
		element_set_text(e, name, id);
}

void element_put(const struct element *e, int32_t from, int32_t to, struct str *out)
{
	for (int32_t i = from; i < to; i++)
		str_printf(
			out, "<%s>%s</%s>\n", e->children[i].name, e->children[i].xml, e->children[i].name);
}

void element_close(const struct element *e, const char *name, struct str *out)
{
	str_printf(out, "<%s>", name);
	element_put(e, 0, e->n, out);
	str_printf(out, "</%s>\n", name);
}
