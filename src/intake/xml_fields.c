#include "intake/xml_fields.h"

#include "base/num.h"

#define HOURS_MOST 1000000

bool xml_at(struct err *err, const struct xml_node *node)
{
	return err_in(err, "line %d, element %s", node->line, node->name);
}

void xml_refuse(struct xml_fields *f, const struct xml_node *node, bool date)
{
	if (f->failed)
		return;
	f->failed = true;
	char *shown = arena_text(f->a, (struct slice){node->text, strnlen(node->text, 60)});
	if (date)
		err_set(f->err, ERR_INPUT, NULL, "\"%s\" is not a date between 1900 and 2199", shown);
	else
		err_set(f->err, ERR_INPUT, NULL, "\"%s\" is not a number, or is out of range", shown);
	xml_at(f->err, node);
}

static struct slice text_of(const struct xml_node *c)
{
	return c ? (struct slice){c->text, c->ntext} : (struct slice){0};
}

int64_t xml_decimal(struct xml_fields *f, const struct xml_node *node, const char *name, int scale,
	int64_t otherwise)
{
	const struct xml_node *c = xml_child(node, name);
	int64_t value;

	if (!c || !c->ntext)
		return otherwise;
	if (!num_plain(text_of(c), scale, &value)) {
		xml_refuse(f, c, false);
		return otherwise;
	}
	return value;
}

int32_t xml_int(
	struct xml_fields *f, const struct xml_node *node, const char *name, int32_t otherwise)
{
	int64_t value = xml_decimal(f, node, name, 0, otherwise);

	if (value > INT32_MAX || value < INT32_MIN) {
		xml_refuse(f, xml_child(node, name), false);
		return otherwise;
	}
	return (int32_t)value;
}

int64_t xml_long_hours(
	struct xml_fields *f, const struct xml_node *node, const char *name, int64_t otherwise)
{
	const struct xml_node *c = xml_child(node, name);

	if (!c || !c->ntext)
		return otherwise;
	return num_muldiv(xml_decimal(f, node, name, 6, 0), TICKS_PER_HOUR, 1000000);
}

int32_t xml_hours(
	struct xml_fields *f, const struct xml_node *node, const char *name, int32_t otherwise)
{
	const int64_t most = (int64_t)HOURS_MOST * TICKS_PER_HOUR;
	int64_t ticks = xml_long_hours(f, node, name, otherwise);

	if (ticks != otherwise && (ticks > most || ticks < -most)) {
		xml_refuse(f, xml_child(node, name), false);
		return otherwise;
	}
	return (int32_t)ticks;
}

struct moment xml_moment(struct xml_fields *f, const struct xml_node *node, const char *name)
{
	const struct xml_node *c = xml_child(node, name);
	struct moment at = MOMENT_NONE;

	if (!c || !c->ntext || strcmp(c->text, "NA") == 0)
		return at;
	if (!moment_parse(text_of(c), &at)) {
		int64_t year; /* some programs write year 1 or 9999 for none */
		if (c->ntext < 4 || !num_int((struct slice){c->text, 4}, &year) ||
			(year > 1 && year < 9999))
			xml_refuse(f, c, true);
		return MOMENT_NONE;
	}
	return at;
}

struct moment xml_computed_moment(const struct xml_node *node, const char *name)
{
	struct moment m;
	return moment_parse(text_of(xml_child(node, name)), &m) ? m : MOMENT_NONE;
}

int32_t xml_computed_hours(const struct xml_node *node, const char *name)
{
	const int64_t most = (int64_t)HOURS_MOST * 1000000;
	struct slice text = text_of(xml_child(node, name));
	int64_t millionths;

	if (!text.n || !num_plain(text, 6, &millionths) || millionths > most || millionths < -most)
		return INT32_MIN;
	return (int32_t)num_muldiv(millionths, TICKS_PER_HOUR, 1000000);
}

bool xml_flag(const struct xml_node *node, const char *name, bool otherwise)
{
	const char *t = xml_text(node, name);
	return t[0] ? strcmp(t, "1") == 0 || strcmp(t, "true") == 0 : otherwise;
}

struct keep xml_keep(
	struct arena *a, const char *table, const struct xml_node *node, const char *const *used)
{
	int32_t n = 0, most = 0;
	for (const struct xml_node *c = node->child; c; c = c->next)
		most++;
	const char **names = ARENA_ARRAY(a, const char *, (size_t)most + 1);
	const char **values = ARENA_ARRAY(a, const char *, (size_t)most + 1);
	for (const struct xml_node *c = node->child; c; c = c->next) {
		bool ours = false;
		for (const char *const *u = used; *u && !ours; u++)
			ours = strcmp(c->name, *u) == 0;
		if (ours)
			continue;
		struct str xml = STR_INIT;
		xml_inside(&xml, c);
		names[n] = c->name;
		values[n++] = arena_text(a, str_view(&xml));
		str_free(&xml);
	}
	struct keep_columns *columns = ARENA_NEW(a, struct keep_columns);
	*columns = (struct keep_columns){table, n, names};
	return (struct keep){columns, values};
}
